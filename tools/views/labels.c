/* labels.c: what the summary of mistakes calls the fields of a page: the texts that stand where a field's label does. */
#include "views.h"

struct label {
    struct str field;
    struct text_entry *text; /* NULL: several forms of the page have it, each with words of its own */
    size_t errors;           /* how often {{error field}} stands there: once for each form */
    bool has_id;             /* something on the page has the field's name as its id */
};
struct labels {
    struct label label[192];
    size_t n;
};

static struct label *label_of(struct labels *labels, struct str field)
{
    for (size_t i = 0; i < labels->n; i++)
        if (str_eq(labels->label[i].field, field))
            return &labels->label[i];
    if (labels->n == sizeof labels->label / sizeof *labels->label)
        return NULL;
    labels->label[labels->n] = (struct label){.field = field};
    return &labels->label[labels->n++];
}

/* The last `begin…"` of the bytes, when nothing but `end` follows it: <label for="title">. */
static bool ends_with_name(struct str s, struct str begin, struct str end, struct str *ret_name)
{
    size_t at = SIZE_MAX, next, from = 0;

    while ((next = str_find(str_sub(s, from, SIZE_MAX), begin)) != SIZE_MAX) {
        at = from + next;
        from = at + begin.len;
    }
    if (at == SIZE_MAX)
        return false;
    struct str rest = str_sub(s, at + begin.len, SIZE_MAX);
    return str_cut(&rest, '"', ret_name) && str_eq(rest, end);
}

/* `id="hide-reason" name="reason"`: another form of the page has the field under its own name. */
static void note_namesakes(struct str s, struct labels *labels)
{
    size_t at;

    while ((at = str_find(s, STR(" id=\""))) != SIZE_MAX) {
        struct str id, name;

        s = str_sub(s, at + 5, SIZE_MAX);
        if (!str_cut(&s, '"', &id))
            continue;
        struct label *own = label_of(labels, id);

        if (own)
            own->has_id = true;
        if (!str_starts(s, STR(" name=\"")))
            continue;
        s = str_sub(s, 7, SIZE_MAX);
        if (str_cut(&s, '"', &name) && !str_eq(id, name)) {
            struct label *of = label_of(labels, name);

            if (of)
                of->errors += 2;
        }
    }
}

/* Texts that stand where the label of a field does; those that take arguments are not known here. */
static void gather_labels(const struct tool *t, const struct node *n, struct labels *labels)
{
    static const struct {
        struct str begin, end;
    } forms[] = {
        {STR("<label for=\""), STR(">")},
        {STR("<fieldset class=\"field\" id=\""), STR("><legend>")},
        {STR("<div class=\"field\" id=\""), STR("><span class=\"label\">")},
    };
    struct str before = STR_NONE;

    for (; n; n = n->next) {
        struct label *of;

        if (n->kind == NODE_CALL && str_eq(n->text, STR("t"))) {
            struct text_entry *e = catalogue_lookup(t, n->arg[0]);
            struct str name;

            for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
                if (ends_with_name(before, forms[i].begin, forms[i].end, &name) && (of = label_of(labels, name)))
                    of->text = e && e->n_params == 0 ? e : NULL;
        } else if (n->kind == NODE_CALL && str_eq(n->text, STR("error")) && (of = label_of(labels, n->arg[0]))) {
            of->errors++;
        } else if (n->kind == NODE_LITERAL) {
            note_namesakes(n->text, labels);
        }
        before = n->kind == NODE_LITERAL ? n->text : STR_NONE;
        gather_labels(t, n->then, labels);
        gather_labels(t, n->otherwise, labels);
    }
}

struct str field_labels(struct tool *t, const struct view *v, size_t *ret_n)
{
    struct labels labels = {.n = 0};
    struct buf b;

    *ret_n = 0;
    gather_labels(t, v->body, &labels);
    buf_init(&b, t->arena, 256, TOOL_BUF_MAX);
    for (size_t i = 0; i < labels.n; i++)
        if (labels.label[i].text && labels.label[i].errors == 1 && labels.label[i].has_id)
            buf_printf(&b, "%s{\"%.*s\", %.*s}", (*ret_n)++ ? ", " : "", STR_ARG(labels.label[i].field),
                       STR_ARG(labels.label[i].text->c_name));
        else if (labels.label[i].errors > 1 || (labels.label[i].errors && !labels.label[i].has_id))
            /* one of several forms, or of a list: its words say what it is, and have an id of their own */
            buf_printf(&b, "%s{\"%.*s\", T_none}", (*ret_n)++ ? ", " : "", STR_ARG(labels.label[i].field));
    return buf_str(&b);
}
