/* markup.c: the HTML around the {{tags}}. Not a browser's parser: it refuses what a careful author does not write
 * (unquoted values, tags left open, inline scripts and styles), and so always knows where it is. */
#include "markup.h"

static bool one_of(struct str s, const char *list)
{
    struct str rest = str_from_cstr(list), word;

    while (str_cut(&rest, ' ', &word))
        if (str_eq(word, s))
            return true;
    return false;
}

static bool is_void(struct str element)
{
    return one_of(element, "area base br col embed hr img input link meta source track wbr");
}

/* White space beside these shows nowhere. */
static bool is_block(struct str element)
{
    return one_of(
        element,
        "html head body title meta link script base main header footer nav section article aside div p ul ol li "
        "dl dt dd h1 h2 h3 h4 h5 h6 hgroup table caption colgroup col thead tbody tfoot tr th td form "
        "fieldset legend figure figcaption blockquote hr pre details summary dialog address search "
        "option optgroup noscript template datalist");
}

static bool is_space(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static struct str lower(struct arena *a, struct str s)
{
    char *p = str_cstr(a, s);

    for (size_t i = 0; i < s.len; i++)
        if (p[i] >= 'A' && p[i] <= 'Z')
            p[i] = (char)(p[i] + 32);
    return (struct str){p, s.len};
}

/* The name of the tag that begins at s, or nothing. */
static struct str tag_name(struct arena *a, struct str s)
{
    size_t from = 1, end;

    if (s.len < 2 || s.ptr[0] != '<')
        return STR_NONE;
    if (s.ptr[1] == '/')
        from = 2;
    for (end = from;
         end < s.len && (is_letter(s.ptr[end]) || (s.ptr[end] >= '0' && s.ptr[end] <= '9') || s.ptr[end] == '-'); end++)
        ;
    return lower(a, str_sub(s, from, end - from));
}

static void close_tag(struct tool *t, struct view *v, struct markup *m, int line)
{
    struct str e = m->element;

    m->after_block = is_block(e);
    m->after_space = false;
    m->state = MARKUP_TEXT;
    if (m->closing) {
        if (is_void(e))
            fail(t, v->file, line, "</%.*s> closes nothing: <%.*s> has no end", STR_ARG(e), STR_ARG(e));
        if (m->n_open == 0)
            fail(t, v->file, line, "</%.*s> closes nothing", STR_ARG(e));
        if (!str_eq(m->open[m->n_open - 1], e))
            fail(t, v->file, line, "</%.*s> where </%.*s> is due", STR_ARG(e), STR_ARG(m->open[m->n_open - 1]));
        m->n_open--;
        if (str_eq(e, STR("pre")) && m->pre)
            m->pre--;
        return;
    }
    if (m->self_closed && !is_void(e)) {
        bool drawing = str_eq(e, STR("svg"));
        for (size_t i = 0; i < m->n_open; i++)
            drawing |= str_eq(m->open[i], STR("svg"));
        if (!drawing)
            fail(t, v->file, line, "<%.*s/>: HTML does not know it; write <%.*s></%.*s>", STR_ARG(e), STR_ARG(e),
                 STR_ARG(e));
    }
    if (is_void(e) || m->self_closed)
        return;
    if (m->n_open == MARKUP_DEPTH)
        fail(t, v->file, line, "more than %d elements in one another", MARKUP_DEPTH);
    m->open[m->n_open++] = e;
    if (str_eq(e, STR("pre")))
        m->pre++;
    if (str_eq(e, STR("script"))) {
        if (!m->has_src)
            fail(t, v->file, line,
                 "no inline script: the content security policy refuses it. A file in assets/js does it");
        m->state = MARKUP_RAW;
    } else if (str_eq(e, STR("style"))) {
        if (!v->mail)
            fail(t, v->file, line,
                 "no inline <style>: the content security policy refuses it. assets/css is the place");
        m->state = MARKUP_RAW;
    } else if (str_eq(e, STR("title")) || str_eq(e, STR("textarea"))) {
        /* <title> of an SVG is RCDATA here too: nobody puts tags in it. */
        m->state = MARKUP_RCDATA;
    }
}

static void begin_value(struct markup *m, char quote)
{
    m->quote = quote;
    m->before.len = 0;
    m->value_begun = false;
}

static void check_attribute_name(struct tool *t, struct view *v, struct markup *m, int line)
{
    struct str a = m->attribute;

    if (str_starts(a, STR("on")) || str_starts(a, STR("hx-on")))
        fail(t, v->file, line, "no `%.*s`: the content security policy refuses scripts in attributes", STR_ARG(a));
    if (str_eq(a, STR("style")) && !v->mail)
        fail(t, v->file, line, "no `style`: the content security policy refuses it. assets/css is the place");
    if (str_eq(a, STR("srcdoc")))
        fail(t, v->file, line, "no `srcdoc`");
    if (str_eq(a, STR("src")))
        m->has_src = true;
}

static void end_value(struct tool *t, struct view *v, struct markup *m, int line)
{
    struct str value = lower(t->arena, str_trim(buf_str(&m->before)));

    if (str_starts(value, STR("javascript:")) || str_starts(value, STR("vbscript:")))
        fail(t, v->file, line, "no script in an address");
}

/* The name of an attribute is collected in `attribute`, byte by byte. */
static void name_byte(struct tool *t, struct view *v, struct markup *m, char c, int line, bool first)
{
    if (first)
        m->attribute = STR_NONE;
    if (m->attribute.len >= 64)
        fail(t, v->file, line, "the name of an attribute has more than 64 letters");
    m->attribute = lower(t->arena, str_printf(t->arena, STR_FMT "%c", STR_ARG(m->attribute), c));
}

void markup_text(struct tool *t, struct view *v, struct markup *m, struct str s, int line, bool end, struct buf *out)
{
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        struct str here = str_sub(s, i, s.len);

        switch (m->state) {
        case MARKUP_TEXT:
            if (str_starts(here, STR("<!--"))) {
                m->state = MARKUP_COMMENT;
            } else if (c == '<' && here.len > 1 && (is_letter(here.ptr[1]) || here.ptr[1] == '/')) {
                m->element = tag_name(t->arena, here);
                m->closing = here.ptr[1] == '/';
                m->self_closed = m->has_src = false;
                m->state = MARKUP_TAG_NAME;
                if (m->closing) {
                    buf_putc(out, '<');
                    c = '/';
                    i++;
                }
                if (m->element.len == 0)
                    fail(t, v->file, line, "a tag without a name");
                buf_putc(out, c);
            } else if (c == '<' && here.len > 1 && here.ptr[1] == '!') {
                m->state = MARKUP_DECLARATION;
                buf_putc(out, c);
            } else if (c == '<') {
                fail(t, v->file, line, "a < that begins no tag: write &lt;");
            } else if (is_space(c) && !m->pre) {
                size_t next = i;
                while (next < s.len && is_space(s.ptr[next])) {
                    if (s.ptr[next] == '\n' && next > i)
                        line++;
                    next++;
                }
                struct str name = tag_name(t->arena, str_sub(s, next, s.len));
                bool ends = next == s.len && end;
                if (!m->after_block && !m->after_space && !ends && !(name.len && is_block(name))) {
                    buf_putc(out, ' ');
                    m->after_space = true;
                }
                i = next - 1;
            } else {
                buf_putc(out, c);
                m->after_block = m->after_space = false;
            }
            break;
        case MARKUP_TAG_NAME:
        case MARKUP_TAG:
            if (c == '>') {
                buf_putc(out, c);
                close_tag(t, v, m, line);
            } else if (is_space(c)) {
                if (i + 1 < s.len ? !is_space(s.ptr[i + 1]) && s.ptr[i + 1] != '>' : true)
                    buf_putc(out, ' ');
                m->state = MARKUP_TAG;
            } else if (c == '/') {
                m->self_closed = true;
                m->state = MARKUP_TAG;
                buf_putc(out, c);
            } else if (m->state == MARKUP_TAG) {
                if (m->closing || c == '<' || c == '"' || c == '\'' || c == '=')
                    fail(t, v->file, line, "a %c that has no place in the tag <%.*s>", c, STR_ARG(m->element));
                name_byte(t, v, m, c, line, true);
                m->self_closed = false;
                m->state = MARKUP_ATTRIBUTE;
                buf_putc(out, c);
            } else {
                buf_putc(out, c);
            }
            break;
        case MARKUP_ATTRIBUTE:
            if (c == '=') {
                check_attribute_name(t, v, m, line);
                m->state = MARKUP_BEFORE_VALUE;
                buf_putc(out, c);
            } else if (c == '>' || c == '/' || is_space(c)) {
                check_attribute_name(t, v, m, line);
                m->state = MARKUP_TAG;
                i--;
                continue;
            } else if (c == '"' || c == '\'' || c == '<') {
                fail(t, v->file, line, "a %c in the name of an attribute", c);
            } else {
                name_byte(t, v, m, c, line, false);
                buf_putc(out, c);
            }
            break;
        case MARKUP_AFTER_ATTRIBUTE:
            if (c != '>' && c != '/' && !is_space(c))
                fail(t, v->file, line, "a blank is due after the value of `%.*s`", STR_ARG(m->attribute));
            m->state = MARKUP_TAG;
            i--;
            continue;
        case MARKUP_BEFORE_VALUE:
            if (c == '"' || c == '\'') {
                begin_value(m, c);
                m->state = MARKUP_VALUE;
                buf_putc(out, c);
            } else if (is_space(c) || c == '>') {
                fail(t, v->file, line,
                     "the value of `%.*s` stands in quotes, right after the =", STR_ARG(m->attribute));
            } else {
                begin_value(m, ' ');
                m->state = MARKUP_UNQUOTED;
                i--;
                continue;
            }
            break;
        case MARKUP_VALUE:
            buf_putc(out, c);
            if (c == m->quote) {
                end_value(t, v, m, line);
                m->state = MARKUP_AFTER_ATTRIBUTE;
            } else if (c == '<') {
                fail(t, v->file, line, "a < in the value of `%.*s`: is a quote missing?", STR_ARG(m->attribute));
            } else {
                buf_putc(&m->before, c);
            }
            break;
        case MARKUP_UNQUOTED:
            if (is_space(c) || c == '>') {
                end_value(t, v, m, line);
                m->state = MARKUP_TAG;
                i--;
                continue;
            }
            buf_putc(&m->before, c);
            buf_putc(out, c);
            break;
        case MARKUP_RCDATA:
        case MARKUP_RAW:
            if (c == '<' && here.len > 1 && here.ptr[1] == '/' && str_eq(tag_name(t->arena, here), m->element)) {
                buf_put(out, STR("</"));
                i++;
                m->closing = true;
                m->state = MARKUP_TAG_NAME;
            } else {
                if (m->state == MARKUP_RAW && str_eq(m->element, STR("script")) && !is_space(c))
                    fail(t, v->file, line, "no inline script: a file in assets/js does it");
                buf_putc(out, c);
            }
            break;
        case MARKUP_COMMENT:
            if (str_starts(here, STR("-->"))) {
                m->state = MARKUP_TEXT;
                i += 2;
            }
            break;
        case MARKUP_DECLARATION:
            buf_putc(out, c);
            if (c == '>') {
                m->state = MARKUP_TEXT;
                m->after_block = true;
            }
            break;
        }
        if (c == '\n')
            line++;
    }
    /* What follows is a {{tag}} or the end: a name that has been read is complete. */
    if (m->state == MARKUP_TAG_NAME)
        m->state = MARKUP_TAG;
    if (m->state == MARKUP_ATTRIBUTE) {
        check_attribute_name(t, v, m, line);
        m->state = MARKUP_TAG;
    }
}

struct spot markup_spot(const struct markup *m, struct arena *a)
{
    struct spot spot = {.place = PLACE_BAD};

    switch (m->state) {
    case MARKUP_TEXT: spot.place = PLACE_TEXT; break;
    case MARKUP_RCDATA: spot.place = PLACE_RCDATA; break;
    case MARKUP_VALUE:
        spot.place = PLACE_ATTRIBUTE;
        spot.attribute = m->attribute;
        spot.before = str_dup(a, buf_str(&m->before));
        spot.value_begun = m->value_begun;
        break;
    case MARKUP_TAG:
    case MARKUP_TAG_NAME:
    case MARKUP_ATTRIBUTE:
    case MARKUP_AFTER_ATTRIBUTE: spot.place = PLACE_TAG; break;
    case MARKUP_BEFORE_VALUE:
    case MARKUP_UNQUOTED: spot.why = "in an attribute without quotes"; break;
    case MARKUP_RAW: spot.why = str_eq(m->element, STR("script")) ? "in a <script>" : "in a <style>"; break;
    case MARKUP_COMMENT: spot.why = "in a comment"; break;
    case MARKUP_DECLARATION: spot.why = "in a declaration"; break;
    }
    return spot;
}

void markup_dynamic(struct markup *m)
{
    m->after_block = m->after_space = false;
    m->value_begun = true;
}

const char *markup_differs(const struct markup *a, const struct markup *b)
{
    enum markup_state sa = a->state == MARKUP_AFTER_ATTRIBUTE ? MARKUP_TAG : a->state;
    enum markup_state sb = b->state == MARKUP_AFTER_ATTRIBUTE ? MARKUP_TAG : b->state;

    if (sa != sb)
        return "one ends inside a tag or a value, the other does not";
    if (sa == MARKUP_VALUE && (!str_eq(a->attribute, b->attribute) || a->quote != b->quote))
        return "they end in different attributes";
    if (sa == MARKUP_TAG && !str_eq(a->element, b->element))
        return "they end in different tags";
    if (a->n_open != b->n_open)
        return "an element is opened or closed in one of them only";
    for (size_t i = 0; i < a->n_open; i++)
        if (!str_eq(a->open[i], b->open[i]))
            return "different elements are open at their ends";
    return NULL;
}
