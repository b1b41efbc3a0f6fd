/* html.c: what compiled views call to write HTML. */
#include "engine/base/sixteen.h"
#include "engine/base/time.h"
#include "engine/page/asset_table.h"
#include "engine/page/page.h"

void html_init(struct html *h, struct arena *a, enum lang lang, int64_t now)
{
    *h = (struct html){.lang = lang, .now = now, .today = day_of(now), .year = time_civil(now).year};
    buf_init(&h->buf, a, 32 << 10, HTML_MAX); /* a page is 10 to 25 KiB: seldom copied */
}

/* 0: stands for itself */
static const unsigned char escape_of[256] = {['&'] = 1, ['<'] = 2, ['>'] = 3, ['"'] = 4, ['\''] = 5};
static const struct str escape[] = {
    {"", 0}, {"&amp;", 5}, {"&lt;", 4}, {"&gt;", 4}, {"&quot;", 6}, {"&#39;", 5},
};

/* Whether one of the bytes is escaped. */
static inline sixteen escaped(sixteen s)
{
    return (sixteen)(((s | 1) == '\'') | ((s | 2) == '>') | (s == '"')); /* & and ', < and >: a bit apart */
}
_Static_assert(('&' | 1) == '\'' && ('\'' | 1) == '\'' && ('<' | 2) == '>' && ('>' | 2) == '>',
               "what escaped() looks for");

/* Nearly all that is shown has nothing to escape. */
static bool all_stand(struct str s)
{
    size_t i = 0;

    if (s.len <= 16)
        return sixteen_none(escaped(sixteen_of(s.ptr, s.len)));
    for (; i + 16 <= s.len; i += 16)
        if (!sixteen_none(escaped(sixteen_at(s.ptr + i))))
            return false;
    return sixteen_none(escaped(sixteen_at(s.ptr + s.len - 16)));
}

__attribute__((noinline, cold)) static void put_escaped(struct html *h, struct str s)
{
    size_t from = 0;

    for (size_t i = 0; i < s.len;) {
        size_t end = s.len - i < 16 ? s.len : i + 16;

        if (end == i + 16 && sixteen_none(escaped(sixteen_at(s.ptr + i)))) {
            i = end;
            continue;
        }
        for (; i < end; i++) {
            unsigned char e = escape_of[(unsigned char)s.ptr[i]];

            if (!e)
                continue;
            buf_put(&h->buf, (struct str){s.ptr + from, i - from});
            buf_put(&h->buf, escape[e]);
            from = i + 1;
        }
    }
    buf_put(&h->buf, (struct str){s.ptr + from, s.len - from});
}

void html_text(struct html *h, struct str s)
{
    if (s.len == 0)
        return;
    if (all_stand(s))
        buf_put(&h->buf, s);
    else
        put_escaped(h, s);
}

void html_lines(struct html *h, struct str s)
{
    struct str rest = s, line;
    bool first = true;

    while (str_cut(&rest, '\n', &line)) {
        if (!first)
            html_raw(h, STR("<br>"));
        first = false;
        if (line.len && line.ptr[line.len - 1] == '\r')
            line.len--;
        html_text(h, line);
    }
}

void html_safe(struct html *h, struct safe_html html)
{
    buf_put(&h->buf, html.s);
}

void html_url(struct html *h, struct url url)
{
    html_text(h, url.s);
}

void html_word(struct html *h, enum text key)
{
    buf_put(&h->buf, text_safe(h->lang, key));
}

void html_int(struct html *h, int64_t n)
{
    buf_int(&h->buf, n);
}

void html_real(struct html *h, double d)
{
    html_text(h, real_words(h->buf.arena, d));
}

void html_icon(struct html *h, struct str name)
{
    size_t low = 0, high = asset_icon_table_n;

    while (low < high) {
        size_t middle = (low + high) / 2;
        int c = str_cmp(asset_icon_table[middle], name);
        if (c == 0) {
            html_raw(h, STR("<svg class=\"icon\" aria-hidden=\"true\" focusable=\"false\"><use href=\""));
            html_text(h, asset_icon_path);
            html_raw(h, STR("#"));
            html_text(h, name);
            html_raw(h, STR("\"></use></svg>"));
            return;
        }
        if (c < 0)
            low = middle + 1;
        else
            high = middle;
    }
}

void html_page_title(struct html *h)
{
    if (h->title_text.len)
        html_text(h, h->title_text);
    else
        html_word(h, h->title);
}
