/* emit_html.c: the tree of a view becomes the C function that writes its HTML.
 *
 * Every path is looked up here, so that a misspelt field is reported with the line of the view and not as an error in
 * generated C; every value is written by the function that its type and its place ask for. */
#include "views.h"

struct scope {
    struct type type;      /* of the item: a record, a view's data or a scalar */
    struct str expression; /* C: pointer for structs, value for scalars */
    int number;            /* of the loop; 0 the view itself */
    struct str count;      /* C: how many items */
    const struct scope *outer;
};

struct writer {
    struct tool *tool;
    struct view *view;
    struct buf *out;
    struct buf fixed; /* literal bytes that wait to be written in one piece */
    int indent, loops;
    struct str present[32]; /* optional structs that an {{#if}} around has found */
    size_t n_present;
};

/* A value that a path leads to. */
struct value {
    struct type type;
    struct str c;   /* C expression; for structs a pointer */
    struct str has; /* C condition for int? and real? */
    struct str doc;
};

/* Reports a mistake at node n: the message has one "%.*s" for the str. */
#define bad(w, n, message, what) fail((w)->tool, (w)->view->file, (n)->line, message, STR_ARG(what))

static void flush(struct writer *w)
{
    if (w->fixed.len == 0)
        return;
    put(w->out, "%*shtml_raw(h, STR(", w->indent, "");
    put_c_string(w->out, buf_str(&w->fixed), w->indent + 4);
    buf_put(w->out, STR("));\n"));
    w->fixed.len = 0;
}

static void code(struct writer *w, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void code(struct writer *w, const char *format, ...)
{
    va_list ap;

    flush(w);
    put(w->out, "%*s", w->indent, "");
    va_start(ap, format);
    vput(w->out, format, ap);
    va_end(ap);
    buf_putc(w->out, '\n');
}

#define NEW(w, ...) str_printf((w)->tool->arena, __VA_ARGS__)

static bool is_present(const struct writer *w, struct str c)
{
    for (size_t i = 0; i < w->n_present; i++)
        if (str_eq(w->present[i], c))
            return true;
    return false;
}

static struct value value_of(struct writer *w, const struct scope *s, const struct node *n, struct str path)
{
    struct str rest = path, part;
    struct value v;

    while (str_starts(rest, STR("../"))) {
        if (!s->outer)
            bad(w, n, "`%.*s` leads out of the view: ../ is for what is around an {{#each}}", path);
        s = s->outer;
        rest = str_sub(rest, 3, rest.len);
    }
    v = (struct value){.type = s->type, .c = s->expression};
    if (rest.len && rest.ptr[0] == '@') {
        if (!s->number)
            bad(w, n, "`%.*s` is for items of an {{#each}}", path);
        v.type = (struct type){.kind = KIND_BOOL};
        if (str_eq(rest, STR("@first")))
            v.c = NEW(w, "(i%d == 0)", s->number);
        else if (str_eq(rest, STR("@last")))
            v.c = NEW(w, "(i%d + 1 == " STR_FMT ")", s->number, STR_ARG(s->count));
        else if (str_eq(rest, STR("@number"))) {
            v.c = NEW(w, "(int64_t)(i%d + 1)", s->number);
            v.type.kind = KIND_INT;
        } else
            bad(w, n, "there is no `%.*s`: @number, @first, @last", rest);
        return v;
    }
    if (str_eq(rest, STR("."))) {
        if (record_of(&v.type))
            bad(w, n, "`%.*s` is a struct here: name one of its fields", path);
        return v;
    }
    if (rest.len == 0)
        bad(w, n, "`%.*s` names no field", path);
    while (str_cut(&rest, '.', &part)) {
        const struct record *r = record_of(&v.type);
        if (!r)
            fail(w->tool, w->view->file, n->line, "`%.*s`: a %s has no fields%s", STR_ARG(path), type_word(&v.type),
                 v.type.kind == KIND_LIST ? "; {{#each}} goes through it" : "");
        if (v.type.optional && !is_present(w, v.c))
            bad(w, n, "`%.*s`: what leads there may be absent; an {{#if}} around must ask for it", path);
        const struct field *f = record_field(r, part);
        if (!f && s->outer)
            fail(w->tool, w->view->file, n->line,
                 "unknown field `%.*s` in an item of this {{#each}} (../ leads to what is around)", STR_ARG(part));
        if (!f)
            bad(w, n, "unknown field `%.*s`", part);
        v.type = f->type;
        struct str field = NEW(w, STR_FMT "->" STR_FMT, STR_ARG(v.c), STR_ARG(f->name));
        bool structure = record_of(&f->type) != NULL;
        v.has = STR_NONE;
        if (f->type.optional && (f->type.kind == KIND_INT || f->type.kind == KIND_REAL))
            v.has = NEW(w, STR_FMT "->has_" STR_FMT, STR_ARG(v.c), STR_ARG(f->name));
        v.c = structure && !f->type.optional ? NEW(w, "(&" STR_FMT ")", STR_ARG(field)) : field;
    }
    return v;
}

/* C condition: is there something? */
static struct str condition(struct writer *w, const struct node *n, const struct value *v)
{
    if (v->has.len)
        return v->has;
    switch (v->type.kind) {
    case KIND_BOOL: return v->c;
    case KIND_TEXT: return NEW(w, STR_FMT ".len != 0", STR_ARG(v->c));
    case KIND_URL:
    case KIND_HTML: return NEW(w, STR_FMT ".s.len != 0", STR_ARG(v->c));
    case KIND_LIST: return NEW(w, STR_FMT ".n != 0", STR_ARG(v->c));
    case KIND_WORD: return NEW(w, STR_FMT " != T_none", STR_ARG(v->c));
    case KIND_TIME:
    case KIND_DAY:
    case KIND_ID:
    case KIND_INT:
    case KIND_REAL: return NEW(w, STR_FMT " != 0", STR_ARG(v->c));
    case KIND_VIEW:
    case KIND_RECORD:
        if (v->type.optional)
            return NEW(w, STR_FMT " != NULL", STR_ARG(v->c));
    }
    bad(w, n, "{{#if}} on a struct that is always there: `%.*s`", n->arg[0]);
}

static bool is_url_attribute(struct str a)
{
    static const char *const names[] = {"href",       "src",         "action",      "formaction",     "poster",
                                        "cite",       "data",        "srcset",      "ping",           "manifest",
                                        "background", "xlink:href",  "hx-get",      "hx-post",        "hx-put",
                                        "hx-patch",   "hx-delete",   "hx-push-url", "hx-replace-url", "sse-connect",
                                        "ws-connect", "imagesrcset", "longdesc",    "usemap"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_eq(a, str_from_cstr(names[i])))
            return true;
    return false;
}

/* Attributes whose value htmx or the browser reads as a program: no field may stand there. */
static bool is_code_attribute(struct str a)
{
    return str_eq(a, STR("style")) || str_starts(a, STR("on")) || str_starts(a, STR("hx-on")) ||
           str_eq(a, STR("srcdoc")) || str_eq(a, STR("hx-vals")) || str_eq(a, STR("hx-headers")) ||
           str_eq(a, STR("hx-vars")) || str_eq(a, STR("hx-request")) || str_eq(a, STR("hx-trigger")) ||
           str_eq(a, STR("http-equiv")) || str_eq(a, STR("integrity")) || str_eq(a, STR("sandbox"));
}

/* Attributes that a program reads: a word stands there by its key, not by its translation. */
static bool is_name_attribute(struct str a)
{
    return str_eq(a, STR("class")) || str_eq(a, STR("id")) || str_eq(a, STR("name")) || str_eq(a, STR("for")) ||
           str_eq(a, STR("value")) || str_starts(a, STR("data-"));
}

/* Refuses what may not stand in the attribute of n. */
static void check_attribute(struct writer *w, const struct node *n, enum kind kind, struct str what)
{
    struct str a = n->spot.attribute;

    if (n->spot.place != PLACE_ATTRIBUTE)
        return;
    if (is_code_attribute(a))
        fail(w->tool, w->view->file, n->line, "`%.*s`: nothing dynamic may stand in the attribute `%.*s`",
             STR_ARG(what), STR_ARG(a));
    if (is_url_attribute(a)) {
        bool begun = n->spot.before.len > 0 || n->spot.value_begun;
        if (kind == KIND_URL || ((kind == KIND_INT || kind == KIND_ID) && begun))
            return;
        fail(w->tool, w->view->file, n->line, "`%.*s`: in `%.*s` only a url may stand (or a number, after a beginning)",
             STR_ARG(what), STR_ARG(a));
    }
    if (kind == KIND_WORD && is_name_attribute(a))
        fail(w->tool, w->view->file, n->line, "`%.*s`: in `%.*s` a word stands by its key: {{key %.*s}}", STR_ARG(what),
             STR_ARG(a), STR_ARG(what));
}

static void emit_value(struct writer *w, const struct node *n, const struct value *v, struct str what)
{
    bool text = n->spot.place == PLACE_TEXT;
    struct str a = n->spot.attribute;
    bool machine = str_eq(a, STR("datetime"));
    bool input = str_eq(a, STR("value")) || str_eq(a, STR("min")) || str_eq(a, STR("max"));

    if (n->spot.place == PLACE_TAG)
        bad(w, n, "`%.*s` stands in a tag, outside of a quoted attribute", what);
    check_attribute(w, n, v->type.kind, what);
    struct str test = v->has;
    if (v->type.kind == KIND_ID && v->type.optional)
        test = NEW(w, STR_FMT " != 0", STR_ARG(v->c));
    if (test.len) {
        code(w, "if (" STR_FMT ")", STR_ARG(test));
        w->indent += 4;
    }
    switch (v->type.kind) {
    case KIND_TEXT: code(w, "html_text(h, " STR_FMT ");", STR_ARG(v->c)); break;
    case KIND_URL: code(w, "html_url(h, " STR_FMT ");", STR_ARG(v->c)); break;
    case KIND_WORD: code(w, "html_word(h, " STR_FMT ");", STR_ARG(v->c)); break;
    case KIND_TIME:
        code(w, "%s(h, " STR_FMT ");",
             text      ? "html_time"
             : machine ? "html_time_machine"
             : input   ? "html_time_input"
                       : "html_time_words",
             STR_ARG(v->c));
        break;
    case KIND_DAY:
        code(w, "%s(h, " STR_FMT ");",
             text               ? "html_day"
             : machine || input ? "html_day_machine"
                                : "html_day_words",
             STR_ARG(v->c));
        break;
    case KIND_ID:
    case KIND_INT: code(w, "html_int(h, " STR_FMT ");", STR_ARG(v->c)); break;
    case KIND_REAL: code(w, "html_real(h, " STR_FMT ");", STR_ARG(v->c)); break;
    case KIND_HTML:
        if (!text)
            bad(w, n, "`%.*s` is html: it stands between tags only", what);
        code(w, "html_safe(h, " STR_FMT ");", STR_ARG(v->c));
        break;
    case KIND_BOOL: bad(w, n, "`%.*s` is a bool: {{#if}} asks for it", what);
    case KIND_LIST: bad(w, n, "`%.*s` is a list: {{#each}} goes through it", what);
    case KIND_VIEW: bad(w, n, "`%.*s` is the data of a view: {{> view field}} shows it", what);
    case KIND_RECORD: bad(w, n, "`%.*s` is a struct: name one of its fields", what);
    }
    if (test.len)
        w->indent -= 4;
}

static struct text_entry *key_of(struct writer *w, const struct node *n, struct str key)
{
    struct text_entry *e = catalogue_lookup(w->tool, key);

    if (!e)
        bad(w, n, "unknown key `%.*s`: it is in no file of i18n", key);
    e->used = true;
    return e;
}

/* `name=path`, `name="text"`, `name=12` from arg 1 on -> the elements of an array of struct text_arg. */
static struct str text_args(struct writer *w, const struct scope *s, const struct node *n, const struct text_entry *e)
{
    struct buf b;
    bool given[8] = {0};

    buf_init(&b, w->tool->arena, 256, TOOL_BUF_MAX);
    for (size_t i = 1; i < n->n_args; i++) {
        struct str rest = n->arg[i], name;
        str_cut(&rest, '=', &name);
        if (name.len == n->arg[i].len || rest.len == 0)
            bad(w, n, "an argument is written name=field, `%.*s` is not", n->arg[i]);
        size_t k = 0;
        while (k < e->n_params && !str_eq(e->param[k].name, name))
            k++;
        if (k == e->n_params)
            fail(w->tool, w->view->file, n->line, "`%.*s` has no argument {%.*s}", STR_ARG(e->key), STR_ARG(name));
        if (given[k])
            bad(w, n, "the argument `%.*s` is given twice", name);
        given[k] = true;
        bool is_number = true;
        if (i > 1)
            buf_put(&b, STR(", "));
        int64_t number;
        if (rest.ptr[0] == '"') {
            is_number = false;
            if (rest.len < 2 || rest.ptr[rest.len - 1] != '"')
                bad(w, n, "a \" without its other one: `%.*s`", n->arg[i]);
            put(&b, "TEXT_STR(\"%.*s\", STR(", STR_ARG(name));
            put_c_string(&b, str_sub(rest, 1, rest.len - 2), w->indent + 8);
            buf_put(&b, STR("))"));
        } else if (str_int64(rest, INT32_MIN, INT32_MAX, &number) == OK) {
            put(&b, "TEXT_INT(\"%.*s\", %lld)", STR_ARG(name), (long long)number);
        } else {
            struct value v = value_of(w, s, n, rest);
            is_number = v.type.kind == KIND_INT || v.type.kind == KIND_LIST;
            switch (v.type.kind) {
            case KIND_INT:
            case KIND_ID: put(&b, "TEXT_INT(\"%.*s\", %.*s)", STR_ARG(name), STR_ARG(v.c)); break;
            case KIND_LIST: put(&b, "TEXT_INT(\"%.*s\", (int64_t)%.*s.n)", STR_ARG(name), STR_ARG(v.c)); break;
            case KIND_TEXT: put(&b, "TEXT_STR(\"%.*s\", %.*s)", STR_ARG(name), STR_ARG(v.c)); break;
            case KIND_URL: put(&b, "TEXT_STR(\"%.*s\", %.*s.s)", STR_ARG(name), STR_ARG(v.c)); break;
            case KIND_WORD: put(&b, "TEXT_STR(\"%.*s\", text(h->lang, %.*s))", STR_ARG(name), STR_ARG(v.c)); break;
            case KIND_TIME:
                put(&b, "TEXT_STR(\"%.*s\", time_words(h->buf.arena, h->lang, h->now, %.*s))", STR_ARG(name),
                    STR_ARG(v.c));
                break;
            case KIND_DAY:
                put(&b, "TEXT_STR(\"%.*s\", day_words(h->buf.arena, h->lang, h->now, %.*s))", STR_ARG(name),
                    STR_ARG(v.c));
                break;
            case KIND_REAL:
                put(&b, "TEXT_STR(\"%.*s\", real_words(h->buf.arena, %.*s))", STR_ARG(name), STR_ARG(v.c));
                break;
            default:
                fail(w->tool, w->view->file, n->line, "a %s cannot stand in a text: `%.*s`", type_word(&v.type),
                     STR_ARG(n->arg[i]));
            }
        }
        if (e->param[k].plural && !is_number)
            fail(w->tool, w->view->file, n->line, "{%.*s} of `%.*s` picks a form by number: give an int or a list",
                 STR_ARG(name), STR_ARG(e->key));
    }
    for (size_t k = 0; k < e->n_params; k++)
        if (!given[k])
            fail(w->tool, w->view->file, n->line, "`%.*s` asks for the argument {%.*s}", STR_ARG(e->key),
                 STR_ARG(e->param[k].name));
    return buf_str(&b);
}

/* A form's field or option: a literal word, or =field. Gives a C expression of type struct str. */
static struct str name_arg(struct writer *w, const struct scope *s, const struct node *n, struct str arg)
{
    if (arg.ptr[0] == '=') {
        struct value v = value_of(w, s, n, str_sub(arg, 1, arg.len));
        switch (v.type.kind) {
        case KIND_TEXT: return v.c;
        case KIND_WORD: return NEW(w, "text_word(" STR_FMT ")", STR_ARG(v.c));
        case KIND_INT:
        case KIND_ID: return NEW(w, "str_printf(h->buf.arena, \"%%\" PRId64, " STR_FMT ")", STR_ARG(v.c));
        case KIND_URL: return NEW(w, STR_FMT ".s", STR_ARG(v.c));
        case KIND_BOOL: return NEW(w, "(" STR_FMT " ? STR(\"1\") : STR(\"0\"))", STR_ARG(v.c));
        default: bad(w, n, "`%.*s` cannot be the value of a form", arg);
        }
    }
    struct str bare = arg;
    if (arg.len > 1 && arg.ptr[0] == '"')
        bare = str_sub(arg, 1, arg.len - 2);
    else {
        for (size_t i = 0; i < arg.len; i++)
            if (!(arg.ptr[i] == '_' || arg.ptr[i] == '-' || arg.ptr[i] == ':' ||
                  (arg.ptr[i] >= '0' && arg.ptr[i] <= '9') || (arg.ptr[i] >= 'a' && arg.ptr[i] <= 'z') ||
                  (arg.ptr[i] >= 'A' && arg.ptr[i] <= 'Z')))
                bad(w, n, "`%.*s`: a word, a \"text\" or =field", arg);
        const struct record *r = record_of(&s->type);
        if (r && n->n_args > 1 && str_eq(arg, n->arg[1]) && record_field(r, arg))
            fail(w->tool, w->view->file, n->line,
                 "`%.*s` is a field here: write =%.*s for its value, or \"%.*s\" for the word", STR_ARG(arg),
                 STR_ARG(arg), STR_ARG(arg));
    }
    struct buf b;
    buf_init(&b, w->tool->arena, bare.len + 16, TOOL_BUF_MAX);
    buf_put(&b, STR("STR("));
    put_c_string(&b, bare, w->indent + 8);
    buf_putc(&b, ')');
    return buf_str(&b);
}

static void want_place(struct writer *w, const struct node *n, enum place place, const char *where)
{
    if (n->spot.place != place)
        fail(w->tool, w->view->file, n->line, "{{%.*s}} stands %s", STR_ARG(n->text), where);
}

static void want_args(struct writer *w, const struct node *n, size_t least, size_t most)
{
    if (n->n_args < least || n->n_args > most)
        fail(w->tool, w->view->file, n->line, "{{%.*s}} has %zu word%s after it here", STR_ARG(n->text), n->n_args,
             n->n_args == 1 ? "" : "s");
}

static void fixed_escaped(struct writer *w, struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] == '&')
            buf_put(&w->fixed, STR("&amp;"));
        else
            buf_putc(&w->fixed, s.ptr[i]);
}

static void emit_t(struct writer *w, const struct scope *s, const struct node *n)
{
    struct text_entry *e = key_of(w, n, n->arg[0]);
    struct str args = text_args(w, s, n, e);

    if (n->spot.place == PLACE_TAG)
        bad(w, n, "the text `%.*s` stands in a tag, outside of a quoted attribute", n->arg[0]);
    check_attribute(w, n, KIND_TEXT, n->arg[0]);
    if (e->n_params == 0)
        code(w, "html_word(h, " STR_FMT ");", STR_ARG(e->c_name));
    else
        code(w, "html_text_format(h, " STR_FMT ", " STR_FMT ");", STR_ARG(e->c_name), STR_ARG(args));
}

static void emit_icon(struct writer *w, const struct scope *s, const struct node *n)
{
    want_args(w, n, 1, 1);
    want_place(w, n, PLACE_TEXT, "between tags");
    if (n->arg[0].ptr[0] == '=') {
        code(w, "html_icon(h, " STR_FMT ");", STR_ARG(name_arg(w, s, n, n->arg[0])));
        return;
    }
    const struct asset_name *icon = asset_lookup(w->tool, STR("icon"), n->arg[0]);
    if (!icon)
        bad(w, n, "there is no icon `%.*s` in assets/icons", n->arg[0]);
    buf_put(&w->fixed, STR("<svg class=\"icon\" aria-hidden=\"true\" focusable=\"false\"><use href=\""));
    fixed_escaped(w, icon->path);
    buf_put(&w->fixed, STR("\"></use></svg>"));
}

static void emit_errors(struct writer *w)
{
    size_t n;
    struct str labels = field_labels(w->tool, w->view, &n);

    if (n)
        code(w, "html_form_errors(h, (const struct form_label[]){" STR_FMT "}, %zu);", STR_ARG(labels), n);
    else
        code(w, "html_form_errors(h, NULL, 0);");
}

static void emit_call(struct writer *w, const struct scope *s, const struct node *n)
{
    struct str name = n->text;

    if (str_eq(name, STR("t"))) {
        emit_t(w, s, n);
    } else if (str_eq(name, STR("asset"))) {
        want_args(w, n, 1, 1);
        want_place(w, n, PLACE_ATTRIBUTE, "in a quoted attribute");
        const struct asset_name *asset = asset_lookup(w->tool, STR("file"), n->arg[0]);
        if (!asset)
            bad(w, n, "there is no asset `%.*s`", n->arg[0]);
        fixed_escaped(w, asset->path);
    } else if (str_eq(name, STR("icon"))) {
        emit_icon(w, s, n);
    } else if (str_eq(name, STR("key"))) {
        want_args(w, n, 1, 1);
        struct value v = value_of(w, s, n, n->arg[0]);
        if (v.type.kind != KIND_WORD)
            bad(w, n, "{{key}} is for a word: `%.*s`", n->arg[0]);
        if (n->spot.place != PLACE_ATTRIBUTE || is_url_attribute(n->spot.attribute) ||
            is_code_attribute(n->spot.attribute))
            bad(w, n, "{{key %.*s}} stands in quoted attributes like class, value and data-", n->arg[0]);
        code(w, "html_text(h, text_word(" STR_FMT "));", STR_ARG(v.c));
    } else if (str_eq(name, STR("lines"))) {
        want_args(w, n, 1, 1);
        want_place(w, n, PLACE_TEXT, "between tags");
        struct value v = value_of(w, s, n, n->arg[0]);
        if (v.type.kind != KIND_TEXT)
            bad(w, n, "{{lines}} is for a text: `%.*s`", n->arg[0]);
        code(w, "html_lines(h, " STR_FMT ");", STR_ARG(v.c));
    } else if (str_eq(name, STR("exact"))) {
        want_args(w, n, 1, 1);
        struct value v = value_of(w, s, n, n->arg[0]);
        if (v.type.kind != KIND_TIME)
            bad(w, n, "{{exact}} is for a time: `%.*s`", n->arg[0]);
        if (n->spot.place == PLACE_TAG)
            bad(w, n, "`%.*s` stands in a tag, outside of a quoted attribute", n->arg[0]);
        check_attribute(w, n, KIND_TIME, n->arg[0]);
        code(w, "html_time_exact(h, " STR_FMT ");", STR_ARG(v.c));
    } else if (str_eq(name, STR("csrf"))) {
        want_place(w, n, PLACE_TEXT, "between tags, in a <form>");
        code(w, "html_csrf(h);");
    } else if (str_eq(name, STR("errors"))) {
        want_place(w, n, PLACE_TEXT, "between tags");
        emit_errors(w);
    } else if (str_eq(name, STR("error"))) {
        want_args(w, n, 1, 1);
        want_place(w, n, PLACE_TEXT, "between tags");
        code(w, "html_form_error(h, " STR_FMT ");", STR_ARG(name_arg(w, s, n, n->arg[0])));
    } else if (str_eq(name, STR("invalid"))) {
        want_args(w, n, 1, 1);
        want_place(w, n, PLACE_TAG, "in a tag, between attributes");
        code(w, "html_form_invalid(h, " STR_FMT ");", STR_ARG(name_arg(w, s, n, n->arg[0])));
    } else if (str_eq(name, STR("value"))) {
        want_args(w, n, 1, 2);
        if (n->spot.place != PLACE_RCDATA &&
            !(n->spot.place == PLACE_ATTRIBUTE &&
              (str_eq(n->spot.attribute, STR("value")) || str_starts(n->spot.attribute, STR("data-")))))
            bad(w, n, "{{value %.*s}} stands in value=\"…\" or in a <textarea>", n->arg[0]);
        struct str other = STR("STR_NONE");
        if (n->n_args == 2)
            other = name_arg(w, s, n, n->arg[1]);
        code(w, "html_form_value(h, " STR_FMT ", " STR_FMT ");", STR_ARG(name_arg(w, s, n, n->arg[0])), STR_ARG(other));
    } else if (str_eq(name, STR("checked")) || str_eq(name, STR("selected"))) {
        want_args(w, n, 2, 2);
        want_place(w, n, PLACE_TAG, "in a tag, between attributes");
        code(w, "html_form_chosen(h, " STR_FMT ", " STR_FMT ", STR(\" %.*s\"));", STR_ARG(name_arg(w, s, n, n->arg[0])),
             STR_ARG(name_arg(w, s, n, n->arg[1])), STR_ARG(name));
    } else if (str_eq(name, STR("page_title"))) {
        if (n->spot.place != PLACE_TEXT && n->spot.place != PLACE_RCDATA)
            check_attribute(w, n, KIND_TEXT, name);
        code(w, "html_page_title(h);");
    } else if (str_eq(name, STR("content"))) {
        want_place(w, n, PLACE_TEXT, "between tags");
        code(w, "h->content(h, h->content_view);");
    }
}

static void emit_partial(struct writer *w, const struct scope *s, const struct node *n)
{
    const struct view *part = view_lookup(w->tool, n->text);

    if (!part)
        bad(w, n, "there is no view `%.*s`", n->text);
    want_place(w, n, PLACE_TEXT, "between tags");
    if (part->has_content)
        bad(w, n, "`%.*s` is a layout: the header's line `layout` names it", n->text);
    if (part->of.len) {
        if (n->n_args)
            bad(w, n, "`%.*s` shows the data of the frame: no field stands after it", n->text);
        if (str_eq(part->of, w->view->of))
            code(w, "%.*s_part(h, v0);", STR_ARG(n->text));
        else
            code(w, "if (h->frame)\n%*s%.*s_part(h, h->frame);", w->indent + 4, "", STR_ARG(n->text));
        return;
    }
    if (n->n_args == 0 && part->record.n == 0) {
        code(w, "%.*s_part(h, &(const struct %.*s_view){0});", STR_ARG(n->text), STR_ARG(n->text));
        return;
    }
    struct value v = {.type = s->type, .c = s->expression};
    if (n->n_args)
        v = value_of(w, s, n, n->arg[0]);
    if (v.type.kind != KIND_VIEW || v.type.view != part) {
        if (n->n_args)
            fail(w->tool, w->view->file, n->line, "{{> %.*s %.*s}}: the field is not of the type %.*s",
                 STR_ARG(n->text), STR_ARG(n->arg[0]), STR_ARG(n->text));
        fail(w->tool, w->view->file, n->line,
             "{{> %.*s}} stands in an {{#each}} over a list [%.*s], or names a field: {{> %.*s field}}",
             STR_ARG(n->text), STR_ARG(n->text), STR_ARG(n->text));
    }
    if (v.type.optional && !is_present(w, v.c))
        code(w, "if (" STR_FMT ")\n%*s%.*s_part(h, " STR_FMT ");", STR_ARG(v.c), w->indent + 4, "", STR_ARG(n->text),
             STR_ARG(v.c));
    else
        code(w, "%.*s_part(h, " STR_FMT ");", STR_ARG(n->text), STR_ARG(v.c));
}

static void emit_nodes(struct writer *w, const struct scope *s, const struct node *n);

static void emit_branch(struct writer *w, const struct scope *s, const struct node *n, struct str present)
{
    size_t before = w->n_present;

    if (present.len && w->n_present < 32)
        w->present[w->n_present++] = present;
    w->indent += 4;
    emit_nodes(w, s, n);
    flush(w);
    w->indent -= 4;
    w->n_present = before;
}

static void emit_if(struct writer *w, const struct scope *s, const struct node *n)
{
    if (n->n_args == 0)
        bad(w, n, "{{#if}} asks for %.*s", STR("a field"));
    struct value v = value_of(w, s, n, n->arg[0]);
    struct str test, present = STR_NONE;

    if (n->n_args == 3 && str_eq(n->arg[1], STR("is"))) {
        if (v.type.kind != KIND_WORD)
            bad(w, n, "{{#if field is key}} is for a word: `%.*s`", n->arg[0]);
        test = NEW(w, STR_FMT " == " STR_FMT, STR_ARG(v.c), STR_ARG(key_of(w, n, n->arg[2])->c_name));
    } else {
        if (n->n_args != 1)
            bad(w, n, "{{#if field}} or {{#if field is key}}: `%.*s`", n->arg[0]);
        test = condition(w, n, &v);
        if (record_of(&v.type))
            present = v.c;
    }
    if (n->negated)
        code(w, "if (!(" STR_FMT ")) {", STR_ARG(test));
    else
        code(w, "if (" STR_FMT ") {", STR_ARG(test));
    emit_branch(w, s, n->then, n->negated ? STR_NONE : present);
    if (n->otherwise) {
        code(w, "} else {");
        emit_branch(w, s, n->otherwise, n->negated ? present : STR_NONE);
    }
    code(w, "}");
}

static void emit_each(struct writer *w, const struct scope *s, const struct node *n)
{
    if (n->n_args != 1)
        bad(w, n, "{{#each}} names one %.*s", STR("list"));
    struct value v = value_of(w, s, n, n->arg[0]);
    if (v.type.kind != KIND_LIST)
        fail(w->tool, w->view->file, n->line, "{{#each}} goes through a list: `%.*s` is a %s", STR_ARG(n->arg[0]),
             type_word(&v.type));
    int number = ++w->loops;
    struct scope inner = {
        .type = *v.type.item, .number = number, .count = NEW(w, STR_FMT ".n", STR_ARG(v.c)), .outer = s};
    bool structure = record_of(v.type.item) != NULL;

    inner.expression = NEW(w, structure ? "v%d" : "(*v%d)", number);
    code(w, "for (size_t i%d = 0; i%d < " STR_FMT "; i%d++) {", number, number, STR_ARG(inner.count), number);
    w->indent += 4;
    code(w, "const __typeof__(*" STR_FMT ".v) *v%d = &" STR_FMT ".v[i%d];", STR_ARG(v.c), number, STR_ARG(v.c), number);
    code(w, "(void)v%d;", number);
    w->indent -= 4;
    emit_branch(w, &inner, n->then, STR_NONE);
    code(w, "}");
    if (n->otherwise) {
        code(w, "if (" STR_FMT " == 0) {", STR_ARG(inner.count));
        emit_branch(w, s, n->otherwise, STR_NONE);
        code(w, "}");
    }
}

static void emit_nodes(struct writer *w, const struct scope *s, const struct node *n)
{
    for (; n; n = n->next)
        switch (n->kind) {
        case NODE_LITERAL: buf_put(&w->fixed, n->text); break;
        case NODE_FIELD: {
            struct value v = value_of(w, s, n, n->arg[0]);
            emit_value(w, n, &v, n->arg[0]);
            break;
        }
        case NODE_CALL: emit_call(w, s, n); break;
        case NODE_PARTIAL: emit_partial(w, s, n); break;
        case NODE_IF: emit_if(w, s, n); break;
        case NODE_EACH: emit_each(w, s, n); break;
        }
}

static void emit_title(struct writer *w, const struct scope *s, const struct node *n)
{
    if (n->arg[0].ptr[0] == '=') {
        want_args(w, n, 1, 1);
        struct value v = value_of(w, s, n, str_sub(n->arg[0], 1, n->arg[0].len));
        if (v.type.kind == KIND_TEXT)
            code(w, "h->title_text = " STR_FMT ";", STR_ARG(v.c));
        else if (v.type.kind == KIND_WORD)
            code(w, "h->title = " STR_FMT ";", STR_ARG(v.c));
        else
            bad(w, n, "a title is a text or a word: `%.*s`", n->arg[0]);
        return;
    }
    struct text_entry *e = key_of(w, n, n->arg[0]);
    struct str args = text_args(w, s, n, e);
    if (e->n_params)
        code(w, "h->title_text = text_format(h->buf.arena, h->lang, " STR_FMT ", " STR_FMT ");", STR_ARG(e->c_name),
             STR_ARG(args));
    else
        code(w, "h->title = " STR_FMT ";", STR_ARG(e->c_name));
}

/* Views that {{> …}} shows and whose header is not among those of the folder. */
static void emit_includes(struct writer *w, const struct node *n)
{
    for (; n; n = n->next) {
        const struct view *part = n->kind == NODE_PARTIAL ? view_lookup(w->tool, n->text) : NULL;
        if (part)
            put(w->out, "#include \"%.*s/%.*s.html.h\"\n", STR_ARG(part->dir), STR_ARG(n->text));
        emit_includes(w, n->then);
        emit_includes(w, n->otherwise);
    }
}

void emit_html(struct tool *t, struct view *v, struct buf *b)
{
    struct writer w = {.tool = t, .view = v, .out = b};
    struct scope s = {.expression = STR("v0")};
    struct str name = v->name, data = v->of.len ? v->of : v->name;

    s.type = (struct type){.kind = KIND_VIEW, .view = v};
    if (v->of.len)
        s.type.view = view_lookup(t, v->of);
    buf_init(&w.fixed, t->arena, 4096, TOOL_BUF_MAX);
    buf_putc(b, '\n');
    emit_includes(&w, v->body);
    if (v->layout.len)
        put(b, "#include \"%.*s/%.*s.html.h\"\n", STR_ARG(view_lookup(t, v->layout)->dir), STR_ARG(v->layout));
    put(b, "void %.*s_part(struct html *h, const struct %.*s_view *v0)\n{\n", STR_ARG(name), STR_ARG(data));
    w.indent = 4;
    code(&w, "(void)h, (void)v0;");
    emit_nodes(&w, &s, v->body);
    flush(&w);
    buf_put(b, STR("}\n\n"));
    if (v->of.len)
        return;
    if (!v->layout.len) {
        put(b, "void %.*s_html(struct html *h, const struct %.*s_view *v0)\n{\n    %.*s_part(h, v0);\n}\n",
            STR_ARG(name), STR_ARG(name), STR_ARG(name));
        return;
    }
    const struct view *layout = view_lookup(t, v->layout);
    if (!layout->has_content)
        fail(t, v->file, 1, "the layout `%.*s` has no {{content}}", STR_ARG(v->layout));
    put(b, "static void %.*s_content(struct html *h, const void *v0)\n{\n    %.*s_part(h, v0);\n}\n\n", STR_ARG(name),
        STR_ARG(name));
    put(b, "void %.*s_html(struct html *h, const struct %.*s_view *v0)\n{\n", STR_ARG(name), STR_ARG(name));
    if (v->title)
        emit_title(&w, &s, v->title);
    code(&w, "if (h->bare || !h->frame) {\n        %.*s_part(h, v0);\n        return;\n    }", STR_ARG(name));
    code(&w, "h->content = %.*s_content;\n    h->content_view = v0;\n    %.*s_part(h, h->frame);", STR_ARG(name),
         STR_ARG(v->layout));
    buf_put(b, STR("}\n"));
}
