/* body.c: the text of a view becomes a tree of nodes, each with its line and its place in the HTML. */
#include "markup.h"

struct parser {
    struct tool *tool;
    struct view *view;
    struct str text;
    size_t at;
    int line;
    struct markup markup;
    int depth;
};

/* What stands between {{ and }}, cut into words. "quoted words" keep their quotes. */
struct tag {
    int line;
    struct str *word;
    size_t n;
};

static int lines_in(struct str s)
{
    int n = 0;

    for (size_t i = 0; i < s.len; i++)
        n += s.ptr[i] == '\n';
    return n;
}

static struct node *node_new(struct parser *p, enum node_kind kind, int line)
{
    struct node *n = arena_new(p->tool->arena, struct node);

    n->kind = kind;
    n->line = line;
    return n;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

/* Takes the tag at p->at. Comments are skipped by the caller. */
static struct tag tag_read(struct parser *p)
{
    struct tag tag = {.line = p->line, .word = arena_array(p->tool->arena, struct str, 16)};
    size_t i = p->at + 2;

    for (;;) {
        while (i < p->text.len && is_blank(p->text.ptr[i]))
            i++;
        if (i + 1 >= p->text.len)
            fail(p->tool, p->view->file, tag.line, "a {{ without its }}");
        if (p->text.ptr[i] == '}' && p->text.ptr[i + 1] == '}')
            break;
        size_t from = i;
        bool quoted = false;
        while (i < p->text.len &&
               (quoted || !(is_blank(p->text.ptr[i]) || str_starts(str_sub(p->text, i, 2), STR("}}"))))) {
            if (p->text.ptr[i] == '"')
                quoted = !quoted;
            if (quoted && p->text.ptr[i] == '\n')
                fail(p->tool, p->view->file, tag.line, "a \" without its other one");
            i++;
        }
        if (tag.n == 16)
            fail(p->tool, p->view->file, tag.line, "too many words in one tag");
        tag.word[tag.n++] = str_sub(p->text, from, i - from);
    }
    p->line += lines_in(str_sub(p->text, p->at, i + 2 - p->at));
    p->at = i + 2;
    if (tag.n == 0)
        fail(p->tool, p->view->file, tag.line, "an empty {{}}");
    /* {{>name}} and {{#if}} without a blank are written the same way as with one */
    if (tag.word[0].ptr[0] == '>' && tag.word[0].len > 1 && tag.n < 16) {
        memmove(tag.word + 2, tag.word + 1, (tag.n - 1) * sizeof *tag.word);
        tag.word[1] = str_sub(tag.word[0], 1, tag.word[0].len);
        tag.word[0].len = 1;
        tag.n++;
    }
    return tag;
}

static struct node *nodes_parse(struct parser *p, struct str until, int opened, struct tag *ret_end);

static struct markup markup_copy(struct parser *p)
{
    struct markup m = p->markup;

    /* the two branches must not write into one another's buffer */
    buf_init(&m.before, p->tool->arena, p->markup.before.len + 64, 1 << 16);
    buf_put(&m.before, buf_str(&p->markup.before));
    return m;
}

static struct node *block_parse(struct parser *p, struct tag *tag)
{
    struct str word = str_sub(tag->word[0], 1, tag->word[0].len);
    bool each = str_eq(word, STR("each"));
    struct node *n = node_new(p, each ? NODE_EACH : NODE_IF, tag->line);
    struct markup before = markup_copy(p), first;
    struct tag end = {0};

    if (!each && !str_eq(word, STR("if")) && !str_eq(word, STR("unless")))
        fail(p->tool, p->view->file, tag->line, "there is no {{#%.*s}}: #if, #unless, #each", STR_ARG(word));
    if (p->depth >= 32)
        fail(p->tool, p->view->file, tag->line, "more than 32 blocks in one another");
    n->negated = str_eq(word, STR("unless"));
    n->arg = tag->word + 1;
    n->n_args = tag->n - 1;
    n->spot = markup_spot(&p->markup, p->tool->arena);
    if (n->spot.place == PLACE_BAD)
        fail(p->tool, p->view->file, tag->line, "{{#%.*s}} cannot stand %s", STR_ARG(word), n->spot.why);
    if (each)
        p->markup.after_block = p->markup.after_space = false; /* before it may stand the end of another item */
    p->depth++;
    n->then = nodes_parse(p, word, tag->line, &end);
    first = markup_copy(p);
    p->markup = before;
    if (str_eq(end.word[0], STR("else"))) {
        n->otherwise = nodes_parse(p, word, tag->line, &end);
        if (str_eq(end.word[0], STR("else")))
            fail(p->tool, p->view->file, end.line, "a second {{else}}");
    }
    p->depth--;
    const char *why = markup_differs(&first, &p->markup);
    if (why)
        fail(p->tool, p->view->file, tag->line, "the ways through {{#%.*s}} differ: %s", STR_ARG(word), why);
    if (each) {
        why = markup_differs(&first, &before);
        if (why)
            fail(p->tool, p->view->file, tag->line, "an item of {{#each}} ends elsewhere than it began: %s", why);
    }
    p->markup.after_block = p->markup.after_block && first.after_block;
    p->markup.after_space = p->markup.after_space && first.after_space;
    p->markup.value_begun = true;
    return n;
}

static bool is_builtin(const struct tag *tag)
{
    static const char *const alone[] = {"content", "csrf", "errors", "page_title"};
    static const char *const with_words[] = {"t",       "asset", "icon",  "value", "checked", "selected",
                                             "invalid", "error", "title", "key",   "lines",   "exact"};

    if (tag->n == 1)
        for (size_t i = 0; i < sizeof alone / sizeof *alone; i++)
            if (str_eq(tag->word[0], str_from_cstr(alone[i])))
                return true;
    if (tag->n > 1)
        for (size_t i = 0; i < sizeof with_words / sizeof *with_words; i++)
            if (str_eq(tag->word[0], str_from_cstr(with_words[i])))
                return true;
    return false;
}

/* Built-ins that show something which is a block: white space after it shows nowhere. */
static struct node *tag_parse(struct parser *p, struct tag *tag)
{
    struct node *n;
    struct str first = tag->word[0];

    if (first.ptr[0] == '#')
        return block_parse(p, tag);
    if (first.ptr[0] == '>') {
        n = node_new(p, NODE_PARTIAL, tag->line);
        if (tag->n < 2 || tag->n > 3)
            fail(p->tool, p->view->file, tag->line, "{{> name}} or {{> name field}}");
        n->text = tag->word[1];
        n->arg = tag->word + 2;
        n->n_args = tag->n - 2;
    } else if (is_builtin(tag)) {
        n = node_new(p, NODE_CALL, tag->line);
        n->text = first;
        n->arg = tag->word + 1;
        n->n_args = tag->n - 1;
    } else {
        if (tag->n != 1)
            fail(p->tool, p->view->file, tag->line, "`%.*s` is not a built-in, and a field has nothing after it",
                 STR_ARG(first));
        n = node_new(p, NODE_FIELD, tag->line);
        n->arg = tag->word;
        n->n_args = 1;
    }
    n->spot = markup_spot(&p->markup, p->tool->arena);
    if (n->spot.place == PLACE_BAD)
        fail(p->tool, p->view->file, tag->line, "{{%.*s}} cannot stand %s", STR_ARG(first), n->spot.why);
    return n;
}

static bool is_end(struct str word, struct str until)
{
    return word.len == until.len + 1 && word.ptr[0] == '/' && str_eq(str_sub(word, 1, word.len), until);
}

/* Up to {{/until}} or {{else}}, which goes to ret_end; up to the end of the view where until is empty. */
static struct node *nodes_parse(struct parser *p, struct str until, int opened, struct tag *ret_end)
{
    struct node *head = NULL, **tail = &head;

    for (;;) {
        size_t next = str_find(str_sub(p->text, p->at, p->text.len), STR("{{"));
        bool end = next == SIZE_MAX;
        struct str fixed = str_sub(p->text, p->at, end ? p->text.len : next);

        if (fixed.len) {
            struct node *n = node_new(p, NODE_LITERAL, p->line);
            struct buf out;
            buf_init(&out, p->tool->arena, fixed.len + 16, TOOL_BUF_MAX);
            markup_text(p->tool, p->view, &p->markup, fixed, p->line, end, &out);
            n->text = buf_str(&out);
            if (n->text.len) {
                *tail = n;
                tail = &n->next;
            }
            p->line += lines_in(fixed);
            p->at += fixed.len;
        }
        if (end) {
            if (until.len)
                fail(p->tool, p->view->file, opened, "{{#%.*s}} is not closed", STR_ARG(until));
            return head;
        }
        if (str_starts(str_sub(p->text, p->at, 3), STR("{{!"))) {
            size_t close = str_find(str_sub(p->text, p->at, p->text.len), STR("}}"));
            if (close == SIZE_MAX)
                fail(p->tool, p->view->file, p->line, "a {{! without its }}");
            p->line += lines_in(str_sub(p->text, p->at, close + 2));
            p->at += close + 2;
            continue;
        }
        struct tag tag = tag_read(p);
        if (str_eq(tag.word[0], STR("else")) || tag.word[0].ptr[0] == '/') {
            if (tag.n != 1)
                fail(p->tool, p->view->file, tag.line, "nothing stands after {{%.*s", STR_ARG(tag.word[0]));
            if (!until.len)
                fail(p->tool, p->view->file, tag.line, "{{%.*s}} outside of any block", STR_ARG(tag.word[0]));
            if (!str_eq(tag.word[0], STR("else")) && !is_end(tag.word[0], until))
                fail(p->tool, p->view->file, tag.line, "{{%.*s}} where {{/%.*s}} is due (opened in line %d)",
                     STR_ARG(tag.word[0]), STR_ARG(until), opened);
            *ret_end = tag;
            return head;
        }
        struct node *n = tag_parse(p, &tag);
        if (n->kind == NODE_CALL && str_eq(n->text, STR("title"))) {
            if (until.len || p->view->title || p->view->of.len || !p->view->layout.len)
                fail(p->tool, p->view->file, tag.line,
                     "{{title …}} stands once, outside of blocks, in a view that has a layout");
            p->view->title = n;
            continue; /* shows nothing here */
        }
        if (n->kind == NODE_CALL && str_eq(n->text, STR("content"))) {
            if (!p->view->of.len || p->view->has_content)
                fail(p->tool, p->view->file, tag.line,
                     "{{content}} stands once, in a layout: a view with a line `of frame`");
            p->view->has_content = true;
        }
        if (n->kind == NODE_FIELD || n->kind == NODE_CALL || n->kind == NODE_PARTIAL)
            markup_dynamic(&p->markup);
        *tail = n;
        tail = &n->next;
    }
}

void body_parse(struct tool *t, struct view *v, size_t from)
{
    struct parser p = {.tool = t, .view = v, .text = v->source, .at = from};
    struct tag none = {0};

    buf_init(&p.markup.before, t->arena, 256, 1 << 16);
    p.markup.after_block = true;
    p.line = 1 + lines_in(str_sub(v->source, 0, from));
    v->body = nodes_parse(&p, STR(""), 0, &none);
    if (p.markup.state != MARKUP_TEXT)
        fail(t, v->file, p.line, "the view ends inside a tag, a value or a comment");
    if (p.markup.n_open)
        fail(t, v->file, p.line, "<%.*s> is not closed", STR_ARG(p.markup.open[p.markup.n_open - 1]));
}
