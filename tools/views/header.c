/* header.c: {{view NAME …}}: the data of a view, and the C structs for them. */
#include "views.h"

struct reader {
    struct tool *tool;
    struct view *view;
    struct str text; /* of the header, without {{view and }} */
    size_t at;
    int line;
};

static const struct {
    const char *word;
    enum kind kind;
    const char *c;
    bool may_be_absent;
} scalars[] = {
    {"text", KIND_TEXT, "struct str", true}, {"word", KIND_WORD, "enum text", true},
    {"time", KIND_TIME, "int64_t", true},    {"day", KIND_DAY, "int32_t", true},
    {"id", KIND_ID, "int64_t", true},        {"int", KIND_INT, "int64_t", true},
    {"real", KIND_REAL, "double", true},     {"bool", KIND_BOOL, "bool", false},
    {"url", KIND_URL, "struct url", true},   {"html", KIND_HTML, "struct safe_html", true},
};

static const char *const reserved[] = {"content", "csrf", "errors", "page_title", "else"};

const char *type_word(const struct type *type)
{
    for (size_t i = 0; i < sizeof scalars / sizeof *scalars; i++)
        if (scalars[i].kind == type->kind)
            return scalars[i].word;
    return type->kind == KIND_LIST ? "list" : "struct";
}

const struct record *record_of(const struct type *type)
{
    if (type->kind == KIND_VIEW)
        return &type->view->record;
    return type->kind == KIND_RECORD ? type->record : NULL;
}

struct field *record_field(const struct record *r, struct str name)
{
    for (size_t i = 0; i < r->n; i++)
        if (str_eq(r->field[i].name, name))
            return &r->field[i];
    return NULL;
}

static int peek(const struct reader *r)
{
    return r->at < r->text.len ? (unsigned char)r->text.ptr[r->at] : -1;
}

/* Skips blanks, and line ends and comments where these may stand. A comment belongs to the field before it. */
static void skip(struct reader *r, bool lines, struct str *doc)
{
    for (;;) {
        int c = peek(r);
        if (c == ' ' || c == '\t' || c == '\r') {
            r->at++;
        } else if (c == '\n' && lines) {
            r->at++;
            r->line++;
        } else if (c == '#' && lines) {
            size_t from = ++r->at;
            while (peek(r) != -1 && peek(r) != '\n')
                r->at++;
            if (doc && !doc->len)
                *doc = str_trim(str_sub(r->text, from, r->at - from));
        } else {
            return;
        }
    }
}

/* The comment after a field, on its line. */
static struct str doc_read(struct reader *r)
{
    struct str doc = STR_NONE;

    skip(r, false, NULL);
    if (peek(r) == '#') {
        size_t from = ++r->at;
        while (peek(r) != -1 && peek(r) != '\n')
            r->at++;
        doc = str_trim(str_sub(r->text, from, r->at - from));
    }
    return doc;
}

static struct str word_read(struct reader *r)
{
    size_t from = r->at;

    while (peek(r) != -1 && !strchr(" \t\r\n:?[]{}#", peek(r)))
        r->at++;
    return str_sub(r->text, from, r->at - from);
}

static struct field *field_add(struct reader *r, struct record *record, struct str name)
{
    if (!is_name(name))
        fail(r->tool, r->view->file, r->line, "`%.*s` is not the name of a field: snake_case", STR_ARG(name));
    if (record_field(record, name))
        fail(r->tool, r->view->file, r->line, "the field `%.*s` stands twice", STR_ARG(name));
    for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++)
        if (str_eq(name, str_from_cstr(reserved[i])))
            fail(r->tool, r->view->file, r->line, "`%s` is a word of the templates and cannot name a field",
                 reserved[i]);
    if (record->n == record->room) {
        struct field *more = arena_array(r->tool->arena, struct field, record->room * 2 + 8);
        if (record->n)
            memcpy(more, record->field, record->n * sizeof *more);
        record->field = more;
        record->room = record->room * 2 + 8;
    }
    struct field *f = &record->field[record->n++];
    *f = (struct field){.name = name, .line = r->line};
    return f;
}

static struct type type_read(struct reader *r, struct str path);

/* The fields of an inline struct, up to `end`. path: "report_show_tabs". */
static struct record *record_read(struct reader *r, struct str path, char end)
{
    struct record *record = arena_new(r->tool->arena, struct record);
    int opened = r->line;

    record->c_name = path;
    for (;;) {
        struct str doc = STR_NONE;
        skip(r, true, &doc);
        if (doc.len && record->n)
            record->field[record->n - 1].doc = doc;
        if (peek(r) == -1)
            fail(r->tool, r->view->file, opened, "the bracket that is opened here is not closed by %c", end);
        if (peek(r) == end) {
            r->at++;
            break;
        }
        bool hidden = peek(r) == '-';
        if (hidden)
            r->at++;
        struct str name = word_read(r);
        size_t number = record->n;
        field_add(r, record, name)->hidden = hidden;
        if (peek(r) != ':')
            fail(r->tool, r->view->file, r->line, "in brackets a field is written name:type, `%.*s` is not",
                 STR_ARG(name));
        r->at++;
        struct type type = type_read(r, str_printf(r->tool->arena, STR_FMT "_" STR_FMT, STR_ARG(path), STR_ARG(name)));
        record->field[number].type = type;
    }
    if (record->n == 0)
        fail(r->tool, r->view->file, opened, "an empty struct");
    struct view *v = r->view;
    if (v->n_inner == v->room_inner) {
        struct record **more = arena_array(r->tool->arena, struct record *, v->room_inner * 2 + 4);
        if (v->n_inner)
            memcpy(more, v->inner, v->n_inner * sizeof *more);
        v->inner = more;
        v->room_inner = v->room_inner * 2 + 4;
    }
    v->inner[v->n_inner++] = record;
    return record;
}

static struct type type_read(struct reader *r, struct str path)
{
    struct type type = {0};

    skip(r, false, NULL);
    if (peek(r) == '{') {
        r->at++;
        type.kind = KIND_RECORD;
        type.record = record_read(r, path, '}');
    } else if (peek(r) == '[') {
        size_t at = ++r->at;
        int line = r->line;
        type.kind = KIND_LIST;
        type.item = arena_new(r->tool->arena, struct type);
        skip(r, true, NULL);
        word_read(r);
        skip(r, false, NULL);
        bool single = peek(r) == ']' || peek(r) == '?';
        r->at = at;
        r->line = line;
        if (single) { /* [photo_tile], [text] */
            skip(r, true, NULL);
            *type.item = type_read(r, path);
            skip(r, true, NULL);
            if (type.item->optional)
                fail(r->tool, r->view->file, r->line, "the items of a list are never absent");
            r->at++;
        } else {
            type.item->kind = KIND_RECORD;
            type.item->record = record_read(r, path, ']');
            type.item->record->listed = true;
        }
    } else {
        struct str word = word_read(r);
        bool known = false;
        for (size_t i = 0; i < sizeof scalars / sizeof *scalars && !known; i++)
            if (str_eq(word, str_from_cstr(scalars[i].word))) {
                type.kind = scalars[i].kind;
                known = true;
            }
        if (!known) {
            if (!is_name(word))
                fail(r->tool, r->view->file, r->line, "a type is expected here, not `%.*s`", STR_ARG(word));
            type.kind = KIND_VIEW;
            type.view_name = word;
        }
    }
    if (peek(r) == '?') {
        if (type.kind == KIND_BOOL || type.kind == KIND_LIST)
            fail(r->tool, r->view->file, r->line, "a %s is never absent", type_word(&type));
        type.optional = true;
        r->at++;
    }
    return type;
}

/* Where the header's }} stands: braces of inline structs may come before it. */
static size_t header_end(struct tool *t, struct view *v, size_t from)
{
    size_t depth = 0;

    for (size_t i = from; i < v->source.len; i++) {
        char c = v->source.ptr[i];
        if (c == '#') {
            while (i < v->source.len && v->source.ptr[i] != '\n')
                i++;
        } else if (c == '{') {
            depth++;
        } else if (c == '}' && depth > 0) {
            depth--;
        } else if (c == '}' && i + 1 < v->source.len && v->source.ptr[i + 1] == '}') {
            return i;
        }
    }
    fail(t, v->file, 1, "the header {{view …}} is not closed");
}

size_t header_parse(struct tool *t, struct view *v)
{
    struct str open = STR("{{view ");
    bool has_layout = false;

    v->record.c_name = str_printf(t->arena, STR_FMT "_view", STR_ARG(v->name));
    if (v->source.len > 1 << 20)
        fail(t, v->file, 1, "a view of more than 1 MiB");
    if (!str_utf8_text(v->source))
        fail(t, v->file, 1, "not valid UTF-8, or control characters in it");
    if (!str_starts(v->source, open))
        fail(t, v->file, 1, "a view begins with {{view %.*s", STR_ARG(v->name));
    size_t end = header_end(t, v, open.len);
    struct reader r = {t, v, str_sub(v->source, open.len, end - open.len), 0, 1};

    skip(&r, false, NULL);
    struct str name = word_read(&r);
    if (!str_eq(name, v->name))
        fail(t, v->file, 1, "the view is named %.*s, its file %.*s.html", STR_ARG(name), STR_ARG(v->name));
    v->doc = doc_read(&r);
    for (;;) {
        skip(&r, true, NULL);
        if (peek(&r) == -1)
            break;
        bool hidden = peek(&r) == '-';
        if (hidden)
            r.at++;
        struct str word = word_read(&r);
        int line = r.line;
        if (word.len == 0)
            fail(t, v->file, line, "a field is expected here: name type");
        if (peek(&r) == ':')
            fail(t, v->file, line, "a field of the header is written `name type`, without a colon");
        skip(&r, false, NULL);
        if (!hidden && !has_layout && str_eq(word, STR("layout"))) {
            struct str layout = word_read(&r);
            has_layout = true;
            if (!str_eq(layout, STR("none")))
                v->layout = layout;
            if (layout.len == 0)
                fail(t, v->file, line, "layout NAME, or layout none");
            doc_read(&r);
        } else if (!hidden && !v->of.len && v->record.n == 0 && str_eq(word, STR("of"))) {
            v->of = word_read(&r);
            doc_read(&r);
        } else if (!hidden && str_eq(word, STR("mail")) && (peek(&r) == '\n' || peek(&r) == '#' || peek(&r) == -1)) {
            v->mail = true;
            doc_read(&r);
        } else {
            size_t number = v->record.n;
            field_add(&r, &v->record, word)->hidden = hidden;
            struct type type = type_read(&r,
                                         str_printf(t->arena, STR_FMT "_" STR_FMT, STR_ARG(v->name), STR_ARG(word)));
            v->record.field[number].type = type;
            struct str doc = doc_read(&r);
            if (doc.len)
                v->record.field[number].doc = doc;
            if (peek(&r) != -1 && peek(&r) != '\n')
                fail(t, v->file, r.line, "one field a line; what follows `%.*s` is not understood", STR_ARG(word));
        }
    }
    if (!has_layout && !v->of.len)
        fail(t, v->file, 1,
             "the header names a layout: `layout NAME`, or `layout none` for a part, a fragment or a mail");
    if (v->of.len && (v->layout.len || v->record.n))
        fail(t, v->file, 1, "a view `of %.*s` has no layout and no fields of its own", STR_ARG(v->of));
    return end + 2;
}

static void type_resolve(struct tool *t, struct view *v, int line, struct type *type)
{
    if (type->kind == KIND_LIST)
        type_resolve(t, v, line, type->item);
    if (type->kind == KIND_RECORD)
        for (size_t i = 0; i < type->record->n; i++)
            type_resolve(t, v, type->record->field[i].line, &type->record->field[i].type);
    if (type->kind == KIND_VIEW) {
        type->view = view_lookup(t, type->view_name);
        if (!type->view || type->view->of.len)
            fail(t, v->file, line, "unknown type `%.*s`: neither a type nor a view with data",
                 STR_ARG(type->view_name));
    }
}

void header_resolve(struct tool *t, struct view *v)
{
    for (size_t i = 0; i < v->record.n; i++)
        type_resolve(t, v, v->record.field[i].line, &v->record.field[i].type);
    if (v->layout.len) {
        struct view *layout = view_lookup(t, v->layout);
        if (!layout || !layout->of.len)
            fail(t, v->file, 1, "there is no layout `%.*s`: a view with a line `of frame` and {{content}} in it",
                 STR_ARG(v->layout));
    }
    if (v->of.len) {
        struct view *data = view_lookup(t, v->of);
        if (!data || data->of.len)
            fail(t, v->file, 1, "there is no view `%.*s` whose data this one could show", STR_ARG(v->of));
        v->record = data->record;
    }
}

static void scalar_write(struct buf *b, const struct type *type)
{
    switch (type->kind) {
    case KIND_VIEW: put(b, "struct %.*s_view ", STR_ARG(type->view_name)); return;
    case KIND_RECORD: put(b, "struct %.*s ", STR_ARG(type->record->c_name)); return;
    default:
        for (size_t i = 0; i < sizeof scalars / sizeof *scalars; i++)
            if (scalars[i].kind == type->kind)
                put(b, "%s ", scalars[i].c);
    }
}

static void record_write(struct buf *b, const struct record *r)
{
    put(b, "struct %.*s {\n", STR_ARG(r->c_name));
    for (size_t i = 0; i < r->n; i++) {
        const struct field *f = &r->field[i];
        bool structure = f->type.kind == KIND_VIEW || f->type.kind == KIND_RECORD;
        buf_put(b, STR("    "));
        if (f->type.kind == KIND_LIST) {
            buf_put(b, STR("struct { const "));
            scalar_write(b, f->type.item);
            put(b, "*v; size_t n; } %.*s;", STR_ARG(f->name));
        } else if (f->type.optional && structure) {
            buf_put(b, STR("const "));
            scalar_write(b, &f->type);
            put(b, "*%.*s; /* NULL: absent */", STR_ARG(f->name));
        } else {
            scalar_write(b, &f->type);
            put(b, "%.*s;", STR_ARG(f->name));
            if (f->type.optional && (f->type.kind == KIND_INT || f->type.kind == KIND_REAL))
                put(b, " bool has_%.*s;", STR_ARG(f->name));
            else if (f->type.optional)
                buf_put(b, STR(" /* nothing: absent */"));
        }
        buf_putc(b, '\n');
    }
    if (r->n == 0)
        buf_put(b, STR("    char nothing; /* C has no empty structs */\n"));
    buf_put(b, STR("};\n\n"));
}

static void include_write(struct buf *b, const struct record *r)
{
    for (size_t i = 0; i < r->n; i++) {
        const struct type *type = &r->field[i].type;
        if (type->kind == KIND_LIST)
            type = type->item;
        if (type->kind == KIND_VIEW)
            put(b, "#include \"%.*s/%.*s.html.h\"\n", STR_ARG(type->view->dir), STR_ARG(type->view_name));
        if (type->kind == KIND_RECORD)
            include_write(b, type->record);
    }
}

void header_write(struct tool *t, struct view *v)
{
    struct buf b;
    struct str name = v->name;

    buf_init(&b, t->arena, 4096, TOOL_BUF_MAX);
    put(&b,
        "/* Made by tools/views from src/%.*s/%.*s.html. */\n#ifndef VIEW_%.*s_H\n#define VIEW_%.*s_H\n\n"
        "#include \"engine/page/page.h\"\n",
        STR_ARG(v->dir), STR_ARG(name), STR_ARG(name), STR_ARG(name));
    if (v->of.len) {
        put(&b,
            "#include \"%.*s/%.*s.html.h\"\n\n/* A part of pages: it shows the data of %.*s. */\n"
            "void %.*s_part(struct html *h, const struct %.*s_view *view);\n",
            STR_ARG(view_lookup(t, v->of)->dir), STR_ARG(v->of), STR_ARG(v->of), STR_ARG(name), STR_ARG(v->of));
    } else {
        include_write(&b, &v->record);
        buf_putc(&b, '\n');
        for (size_t i = 0; i < v->n_inner; i++)
            record_write(&b, v->inner[i]);
        record_write(&b, &v->record);
        put(&b,
            "void %.*s_html(struct html *h, const struct %.*s_view *view); /* with its layout, if it has one */\n"
            "void %.*s_part(struct html *h, const struct %.*s_view *view); /* without */\n"
            "void %.*s_json(struct json *j, const struct %.*s_view *view);\n"
            "extern const struct view_info %.*s_info;\n",
            STR_ARG(name), STR_ARG(name), STR_ARG(name), STR_ARG(name), STR_ARG(name), STR_ARG(name), STR_ARG(name));
    }
    buf_put(&b, STR("\n#endif\n"));
    write_changed(
        t, str_cstr(t->arena, str_printf(t->arena, STR_FMT "/" STR_FMT ".html.h", STR_ARG(v->dir), STR_ARG(name))),
        buf_str(&b));
}
