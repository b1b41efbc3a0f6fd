/* markdown.c: what people write becomes HTML that can hurt nobody.
 *
 * md4c finds the structure; this file writes the tags. HTML in the input is text (MD_FLAG_NOHTML). md4c allocates with
 * malloc and must be left by its own way out, not by the arena's longjmp: so the first run only counts, the arena gives
 * the room, and the second run writes. */
#include <md4c.h>
#include <stdio.h>

#include "engine/page/page.h"

enum { MARKDOWN_MAX = 256 << 10, OPEN_MAX = 64 };

/* md4c 0.4.8 does not always leave the spans that it has entered, nor in order: what is open is kept here, so that the
 * HTML is balanced whatever md4c says. */
struct span {
    MD_SPANTYPE type;
    bool written; /* its tag stands in the output; not that of a refused link, nor of anything in a picture's text */
};

struct writer {
    char *ptr; /* NULL: count only */
    size_t len, room;
    struct span open[OPEN_MAX];
    unsigned n_open, pictures; /* pictures: how many of the open spans are ![…] */
};

static void put(struct writer *w, struct str s)
{
    if (s.len && w->len + s.len <= w->room)
        memcpy(w->ptr + w->len, s.ptr, s.len);
    w->len += s.len;
}

static void put_escaped(struct writer *w, struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        switch (s.ptr[i]) {
        case '&': put(w, STR("&amp;")); break;
        case '<': put(w, STR("&lt;")); break;
        case '>': put(w, STR("&gt;")); break;
        case '"': put(w, STR("&quot;")); break;
        case '\'': put(w, STR("&#39;")); break;
        default: put(w, str_sub(s, i, 1));
        }
}

/* ---- addresses ---- */

enum { ADDRESS_MAX = 2000 };

/* An address as the author meant it: &amp; and numbers are decoded; other entities stay letters, and so cannot spell
 * a scheme that the check below does not see. */
static bool address_read(const MD_ATTRIBUTE *from, char out[ADDRESS_MAX], size_t *ret_len)
{
    size_t n = 0;

    for (int i = 0; from->text && from->substr_offsets[i] < from->size; i++) {
        struct str s = {from->text + from->substr_offsets[i], from->substr_offsets[i + 1] - from->substr_offsets[i]};
        char utf8[4] = {'&'};
        if (from->substr_types[i] == MD_TEXT_NULLCHAR)
            return false;
        if (from->substr_types[i] == MD_TEXT_ENTITY) {
            if (str_eq(s, STR("&amp;"))) {
                s = (struct str){utf8, 1};
            } else if (s.len > 3 && s.ptr[1] == '#') {
                uint32_t c = 0;
                bool hex = s.ptr[2] == 'x' || s.ptr[2] == 'X';
                for (size_t k = hex ? 3 : 2; k + 1 < s.len && c < 0x110000; k++) {
                    char d = s.ptr[k];
                    c = c * (hex ? 16 : 10) + (uint32_t)(d <= '9' ? d - '0' : (d | 32) - 'a' + 10);
                }
                if (c < 0x21 || c > 0x7E) /* nothing in an address needs to be spelt so */
                    return false;
                utf8[0] = (char)c;
                s = (struct str){utf8, 1};
            }
        }
        if (n + s.len > ADDRESS_MAX)
            return false;
        memcpy(out + n, s.ptr, s.len);
        n += s.len;
    }
    *ret_len = n;
    return n > 0;
}

static bool starts_ci(struct str s, struct str with)
{
    return s.len >= with.len && str_eq_ci(str_sub(s, 0, with.len), with);
}

static bool is_good_link(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.ptr[i] <= 0x20 || s.ptr[i] == 0x7F || s.ptr[i] == '\\')
            return false;
    if (starts_ci(s, STR("http://")) || starts_ci(s, STR("https://")) || starts_ci(s, STR("mailto:")))
        return true;
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] == '/' || s.ptr[i] == '?' || s.ptr[i] == '#')
            return true;
        if (s.ptr[i] == ':')
            return false;
    }
    return true;
}

/* /media/… in plain letters, with no way out of that folder. */
static bool is_good_picture(struct str s)
{
    if (!str_starts(s, STR("/media/")) || str_find(s, STR("..")) != SIZE_MAX || str_find(s, STR("//")) != SIZE_MAX)
        return false;
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || strchr("/._-", c)))
            return false;
    }
    return true;
}

static void put_address(struct writer *w, struct str s)
{
    static const char digits[] = "0123456789ABCDEF";

    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        if (c <= 0x20 || c >= 0x7F || strchr("\"<>\\^`{|}", c)) {
            char code[3] = {'%', digits[c >> 4], digits[c & 15]};
            put(w, (struct str){code, 3});
        } else {
            put_escaped(w, str_sub(s, i, 1));
        }
    }
}

/* ---- blocks and spans ---- */

static struct str block_tag(MD_BLOCKTYPE type, void *detail, bool end)
{
    static const struct {
        MD_BLOCKTYPE type;
        struct str open, close;
    } tags[] = {
        {MD_BLOCK_QUOTE, {"<blockquote>", 12}, {"</blockquote>", 13}},
        {MD_BLOCK_UL, {"<ul>", 4}, {"</ul>", 5}},
        {MD_BLOCK_LI, {"<li>", 4}, {"</li>", 5}},
        {MD_BLOCK_HR, {"<hr>", 4}, {"", 0}},
        {MD_BLOCK_CODE, {"<pre><code>", 11}, {"</code></pre>", 13}},
        {MD_BLOCK_P, {"<p>", 3}, {"</p>", 4}},
        {MD_BLOCK_TABLE, {"<div class=\"table\"><table>", 26}, {"</table></div>", 14}},
        {MD_BLOCK_THEAD, {"<thead>", 7}, {"</thead>", 8}},
        {MD_BLOCK_TBODY, {"<tbody>", 7}, {"</tbody>", 8}},
        {MD_BLOCK_TR, {"<tr>", 4}, {"</tr>", 5}},
        {MD_BLOCK_TH, {"<th scope=\"col\">", 16}, {"</th>", 5}},
        {MD_BLOCK_TD, {"<td>", 4}, {"</td>", 5}},
    };
    static const struct str heading[2][4] = {
        {{"<h3>", 4}, {"<h4>", 4}, {"<h5>", 4}, {"<h6>", 4}},
        {{"</h3>", 5}, {"</h4>", 5}, {"</h5>", 5}, {"</h6>", 5}},
    };

    if (type == MD_BLOCK_H) { /* the page has its <h1>, its sections their <h2> */
        unsigned level = ((MD_BLOCK_H_DETAIL *)detail)->level;
        return heading[end][level >= 4 ? 3 : level - 1];
    }
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++)
        if (tags[i].type == type)
            return end ? tags[i].close : tags[i].open;
    return STR_NONE;
}

static struct str span_end(MD_SPANTYPE type)
{
    switch (type) {
    case MD_SPAN_EM: return STR("</em>");
    case MD_SPAN_STRONG: return STR("</strong>");
    case MD_SPAN_CODE: return STR("</code>");
    case MD_SPAN_DEL: return STR("</del>");
    case MD_SPAN_A: return STR("</a>");
    case MD_SPAN_IMG: return STR("\">");
    default: return STR_NONE;
    }
}

/* Closes spans until `left` are open. */
static void close_spans(struct writer *w, unsigned left)
{
    while (w->n_open > left) {
        struct span *s = &w->open[--w->n_open];
        if (s->written)
            put(w, span_end(s->type));
        if (s->type == MD_SPAN_IMG)
            w->pictures--;
    }
}

static int enter_block(MD_BLOCKTYPE type, void *detail, void *ctx)
{
    struct writer *w = ctx;

    close_spans(w, 0);
    if (type == MD_BLOCK_OL) {
        unsigned start = ((MD_BLOCK_OL_DETAIL *)detail)->start;
        char text[32];
        int n = start == 1 ? snprintf(text, sizeof text, "<ol>")
                           : snprintf(text, sizeof text, "<ol start=\"%u\">", start);
        put(w, (struct str){text, (size_t)n});
        return 0;
    }
    put(w, block_tag(type, detail, false));
    return 0;
}

static int leave_block(MD_BLOCKTYPE type, void *detail, void *ctx)
{
    close_spans(ctx, 0);
    put(ctx, type == MD_BLOCK_OL ? STR("</ol>") : block_tag(type, detail, true));
    return 0;
}

static bool open_link(struct writer *w, const MD_SPAN_A_DETAIL *detail)
{
    char address[ADDRESS_MAX];
    size_t n = 0;

    for (unsigned i = 0; i < w->n_open; i++)
        if (w->open[i].type == MD_SPAN_A) /* HTML knows no link in a link */
            return false;
    if (!address_read(&detail->href, address, &n) || !is_good_link((struct str){address, n}))
        return false;
    put(w, STR("<a href=\""));
    put_address(w, (struct str){address, n});
    put(w, STR("\" rel=\"nofollow noopener\">"));
    return true;
}

/* A picture from elsewhere is not shown: its text is. */
static bool open_picture(struct writer *w, const MD_SPAN_IMG_DETAIL *detail)
{
    char address[ADDRESS_MAX];
    size_t n = 0;

    if (!address_read(&detail->src, address, &n) || !is_good_picture((struct str){address, n}))
        return false;
    put(w, STR("<img src=\""));
    put_address(w, (struct str){address, n});
    put(w, STR("\" loading=\"lazy\" alt=\""));
    return true;
}

static int enter_span(MD_SPANTYPE type, void *detail, void *ctx)
{
    struct writer *w = ctx;
    struct span span = {.type = type};

    if (w->n_open == OPEN_MAX)
        return 0;
    if (w->pictures == 0) {
        span.written = true;
        switch (type) {
        case MD_SPAN_EM: put(w, STR("<em>")); break;
        case MD_SPAN_STRONG: put(w, STR("<strong>")); break;
        case MD_SPAN_CODE: put(w, STR("<code>")); break;
        case MD_SPAN_DEL: put(w, STR("<del>")); break;
        case MD_SPAN_A: span.written = open_link(w, detail); break;
        case MD_SPAN_IMG: span.written = open_picture(w, detail); break;
        default: span.written = false;
        }
    }
    if (type == MD_SPAN_IMG)
        w->pictures++;
    w->open[w->n_open++] = span;
    return 0;
}

static int leave_span(MD_SPANTYPE type, void *detail, void *ctx)
{
    struct writer *w = ctx;

    (void)detail;
    for (unsigned i = w->n_open; i > 0; i--)
        if (w->open[i - 1].type == type) {
            close_spans(w, i - 1);
            break;
        }
    return 0;
}

static int write_text(MD_TEXTTYPE type, const MD_CHAR *text, MD_SIZE size, void *ctx)
{
    struct writer *w = ctx;
    struct str s = {text, size};

    switch (type) {
    case MD_TEXT_NULLCHAR: put(w, STR("\xEF\xBF\xBD")); break;
    case MD_TEXT_BR: put(w, w->pictures ? STR(" ") : STR("<br>")); break;
    case MD_TEXT_SOFTBR: put(w, w->pictures ? STR(" ") : STR("\n")); break;
    case MD_TEXT_ENTITY: /* &copy; &#20013;: a browser reads them as the author meant; quotes and brackets stay escaped */
        put(w, s);
        break;
    default: put_escaped(w, s);
    }
    return 0;
}

/* ---- the words alone ---- */

enum { LISTS_MAX = 16 };

struct plain {
    char *ptr; /* as long as the text and two for each of its signs: more than one block or cell cannot begin there */
    size_t len, room;
    unsigned list, next[LISTS_MAX]; /* of each open list what its next line is numbered; 0: it is not numbered */
};

static void put_plain(struct plain *p, struct str s)
{
    for (size_t i = 0; i < s.len && p->len < p->room; i++) {
        char c = s.ptr[i] == '\n' || s.ptr[i] == '\r' || s.ptr[i] == '\t' ? ' ' : s.ptr[i];

        if (c != ' ' || (p->len && p->ptr[p->len - 1] != ' '))
            p->ptr[p->len++] = c;
    }
}

static int plain_enter_block(MD_BLOCKTYPE type, void *detail, void *ctx)
{
    struct plain *p = ctx;
    unsigned *next = p->list && p->list <= LISTS_MAX ? &p->next[p->list - 1] : NULL;

    put_plain(p, STR(" "));
    if (type == MD_BLOCK_UL || type == MD_BLOCK_OL) {
        if (p->list < LISTS_MAX)
            p->next[p->list] = type == MD_BLOCK_OL ? ((MD_BLOCK_OL_DETAIL *)detail)->start : 0;
        p->list++;
    }
    if (type == MD_BLOCK_LI && next && *next) {
        char number[16];
        int n = snprintf(number, sizeof number, "%u. ", *next);

        put_plain(p, (struct str){number, (size_t)n});
        ++*next;
    }
    return 0;
}

static int plain_leave_block(MD_BLOCKTYPE type, void *detail, void *ctx)
{
    struct plain *p = ctx;

    (void)detail;
    if ((type == MD_BLOCK_UL || type == MD_BLOCK_OL) && p->list)
        p->list--;
    put_plain(p, STR(" "));
    return 0;
}

static int plain_span(MD_SPANTYPE type, void *detail, void *ctx)
{
    (void)type;
    (void)detail;
    (void)ctx;
    return 0;
}

static int plain_text(MD_TEXTTYPE type, const MD_CHAR *text, MD_SIZE size, void *ctx)
{
    static const struct {
        struct str name, sign;
    } entities[] = {
        {{"&amp;", 5}, {"&", 1}},   {{"&lt;", 4}, {"<", 1}},   {{"&gt;", 4}, {">", 1}},
        {{"&quot;", 6}, {"\"", 1}}, {{"&nbsp;", 6}, {" ", 1}},
    };
    struct str s = {text, size};

    if (type == MD_TEXT_BR || type == MD_TEXT_SOFTBR)
        s = STR(" ");
    if (type == MD_TEXT_NULLCHAR)
        s = STR_NONE;
    for (size_t i = 0; type == MD_TEXT_ENTITY && i < sizeof entities / sizeof *entities; i++)
        if (str_eq(s, entities[i].name))
            s = entities[i].sign;
    put_plain(ctx, s);
    return 0;
}

struct str markdown_plain(struct arena *a, struct str markdown)
{
    MD_PARSER parser = {
        .flags = MD_FLAG_NOHTML | MD_FLAG_TABLES | MD_FLAG_STRIKETHROUGH,
        .enter_block = plain_enter_block,
        .leave_block = plain_leave_block,
        .enter_span = plain_span,
        .leave_span = plain_span,
        .text = plain_text,
    };
    struct str s = str_utf8_cut(markdown, MARKDOWN_MAX);
    struct plain p = {.room = s.len * 2 + 16};

    s.ptr = str_cstr(a, s);
    p.ptr = arena_array(a, char, p.room);
    if (s.len == 0 || md_parse(s.ptr, (MD_SIZE)s.len, &parser, &p) != 0)
        return STR_NONE;
    return str_trim((struct str){p.ptr, p.len});
}

struct safe_html markdown_render(struct arena *a, struct str markdown)
{
    MD_PARSER parser = {
        .flags = MD_FLAG_NOHTML | MD_FLAG_TABLES | MD_FLAG_STRIKETHROUGH | MD_FLAG_PERMISSIVEURLAUTOLINKS,
        .enter_block = enter_block,
        .leave_block = leave_block,
        .enter_span = enter_span,
        .leave_span = leave_span,
        .text = write_text,
    };
    struct str s = str_utf8_cut(markdown, MARKDOWN_MAX);
    struct writer count = {0}, w = {0};

    s.ptr = str_cstr(a, s); /* md4c 0.4.8 looks for line ends with strcspn(), whatever the size says */
    if (s.len == 0 || md_parse(s.ptr, (MD_SIZE)s.len, &parser, &count) != 0)
        return (struct safe_html){STR_NONE};
    w.ptr = arena_array(a, char, count.len + 1);
    w.room = count.len;
    if (md_parse(s.ptr, (MD_SIZE)s.len, &parser, &w) != 0 ||
        w.len != count.len) /* memory is out: show nothing rather than half */
        return (struct safe_html){STR_NONE};
    return (struct safe_html){{w.ptr, w.len}};
}
