/* html.c: what compiled views call to write HTML. */
#include "engine/base/time.h"
#include "engine/page/asset_table.h"
#include "engine/page/page.h"

void html_init(struct html *h, struct arena *a, enum lang lang, int64_t now)
{
    *h = (struct html){.lang = lang, .now = now};
    buf_init(&h->buf, a, 32 << 10, HTML_MAX); /* a page is 10 to 25 KiB: seldom copied */
}

/* 0: stands for itself */
static const unsigned char escape_of[256] = {['&'] = 1, ['<'] = 2, ['>'] = 3, ['"'] = 4, ['\''] = 5};
static const struct str escape[] = {
    {"", 0}, {"&amp;", 5}, {"&lt;", 4}, {"&gt;", 4}, {"&quot;", 6}, {"&#39;", 5},
};

/* Whether none of the next 8 bytes is escaped, seen at once: what is escaped lies below 0x40, letters and Chinese text above. */
static bool eight_stand(const char *p)
{
    uint64_t bytes;

    memcpy(&bytes, p, sizeof(bytes));
    return ((bytes | bytes << 1) & UINT64_C(0x8080808080808080)) == UINT64_C(0x8080808080808080);
}

void html_text(struct html *h, struct str s)
{
    size_t from = 0;

    for (size_t i = 0; i < s.len;) {
        size_t end = s.len - i < 8 ? s.len : i + 8;

        if (end == i + 8 && eight_stand(s.ptr + i)) {
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
    if (from < s.len)
        buf_put(&h->buf, (struct str){s.ptr + from, s.len - from});
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

void html_time(struct html *h, int64_t t)
{
    char machine[TIME_TEXT];

    if (t == 0)
        return;
    html_raw(h, STR("<time datetime=\""));
    buf_put(&h->buf, (struct str){machine, time_print(machine, t)}); /* digits and marks: nothing to escape */
    html_raw(h, STR("\" title=\""));
    html_time_exact(h, t);
    html_raw(h, STR("\">"));
    html_time_words(h, t);
    html_raw(h, STR("</time>"));
}

void html_time_words(struct html *h, int64_t t)
{
    html_text(h, time_words(h->buf.arena, h->lang, h->now, t));
}

void html_time_exact(struct html *h, int64_t t)
{
    html_text(h, time_exact_words(h->buf.arena, h->lang, t));
}

void html_time_machine(struct html *h, int64_t t)
{
    char machine[TIME_TEXT];

    if (t)
        html_text(h, (struct str){machine, time_print(machine, t)});
}

void html_time_input(struct html *h, int64_t t)
{
    html_text(h, time_input(h->buf.arena, t));
}

void html_day(struct html *h, int32_t day)
{
    if (day == 0)
        return;
    html_raw(h, STR("<time datetime=\""));
    html_day_machine(h, day);
    html_raw(h, STR("\">"));
    html_day_words(h, day);
    html_raw(h, STR("</time>"));
}

void html_day_words(struct html *h, int32_t day)
{
    html_text(h, day_words(h->buf.arena, h->lang, h->now, day));
}

void html_day_machine(struct html *h, int32_t day)
{
    html_text(h, day_iso(h->buf.arena, day));
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
