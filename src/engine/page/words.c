/* words.c: moments, days and figures as people say them. */
#include "engine/base/time.h"
#include "engine/page/page.h"
#include "engine/page/text_table.h"

static const enum text weekday_text[] = {
    T_none,
    T_engine_weekday_1,
    T_engine_weekday_2,
    T_engine_weekday_3,
    T_engine_weekday_4,
    T_engine_weekday_5,
    T_engine_weekday_6,
    T_engine_weekday_7,
};

static const enum text month_text[] = {
    T_none,
    T_engine_month_1,
    T_engine_month_2,
    T_engine_month_3,
    T_engine_month_4,
    T_engine_month_5,
    T_engine_month_6,
    T_engine_month_7,
    T_engine_month_8,
    T_engine_month_9,
    T_engine_month_10,
    T_engine_month_11,
    T_engine_month_12,
};

/* Dates stand in every row of every list: their texts are put together here, by the names of the five parts, instead of by text_format.
 * Which of them show is decided by the text (`{month}{day}日 {weekday}`). h NULL: into a string. */
static void put_date(struct html *h, struct buf *b, enum lang lang, enum text key, const struct civil *c)
{
    const struct text_piece *end, *p = text_pieces(lang, key, &end);
    const char clock[] = {(char)('0' + c->hour / 10), (char)('0' + c->hour % 10), ':', (char)('0' + c->minute / 10),
                          (char)('0' + c->minute % 10)};

    if (p == end) /* 今天 */
        buf_put(b, h ? text_safe(lang, key) : text(lang, key));
    for (; p < end; p++) {
        struct str words = {p->ptr, p->len};
        enum text word = T_none;

        if (p->kind == TEXT_PIECE_ARG) {
            if (str_eq(words, STR("day"))) {
                buf_int(b, c->day);
                continue;
            }
            if (str_eq(words, STR("year"))) {
                buf_int(b, c->year);
                continue;
            }
            if (str_eq(words, STR("month")))
                word = month_text[c->month];
            else if (str_eq(words, STR("weekday")))
                word = weekday_text[c->weekday];
            if (word)
                words = h ? text_safe(lang, word) : text(lang, word);
            else if (str_eq(words, STR("time")))
                words = (struct str){clock, sizeof(clock)};
        }
        if (h && p->kind == TEXT_PIECE_TEXT)
            html_text(h, words);
        else
            buf_put(b, words);
    }
}

static struct str date_words(struct arena *a, enum lang lang, enum text key, const struct civil *c)
{
    struct buf b;

    buf_init(&b, a, text(lang, key).len + 32, 1 << 10);
    put_date(NULL, &b, lang, key, c);
    return buf_str(&b);
}

/* Which text says a moment; of those that count minutes, how many. `year` and `today` are those of now. */
static enum text time_key(int64_t now, int year, int32_t today, int64_t t, const struct civil *c, int64_t *ret_minutes)
{
    static const enum text near[] = {T_engine_time_yesterday, T_engine_time_today, T_engine_time_tomorrow};
    int32_t days;

    if (t <= now && now - t < TIME_MINUTE)
        return T_engine_time_just_now;
    if (t <= now && now - t < TIME_HOUR) {
        *ret_minutes = (now - t) / TIME_MINUTE;
        return T_engine_time_minutes_ago;
    }
    days = day_of(t) - today;
    if (days >= -1 && days <= 1)
        return near[days + 1];
    if (c->year == year)
        return T_engine_time_date;
    /* What lies ahead has its hour, in whatever year: it is a deadline or an appointment. */
    return t > now ? T_engine_time_exact : T_engine_time_year;
}

struct str time_words(struct arena *a, enum lang lang, int64_t now, int64_t t)
{
    struct civil c = time_civil(t), today = time_civil(now);
    int64_t minutes = 0;
    enum text key;

    if (t == 0)
        return STR_NONE;
    key = time_key(now, today.year, day_of(now), t, &c, &minutes);
    if (key == T_engine_time_minutes_ago)
        return text_format(a, lang, key, TEXT_INT("n", minutes));
    return date_words(a, lang, key, &c);
}

struct str time_exact_words(struct arena *a, enum lang lang, int64_t t)
{
    struct civil c = time_civil(t);

    if (t == 0)
        return STR_NONE;
    return date_words(a, lang, T_engine_time_exact, &c);
}

static enum text day_key(int year, int32_t today, int32_t day, const struct civil *c)
{
    static const enum text near[] = {T_engine_day_yesterday, T_engine_day_today, T_engine_day_tomorrow};
    int32_t days = day - today;

    if (days >= -1 && days <= 1)
        return near[days + 1];
    return c->year == year ? T_engine_day_date : T_engine_day_year;
}

struct str day_words(struct arena *a, enum lang lang, int64_t now, int32_t day)
{
    struct civil c = time_civil(day_start(day));

    if (day == 0)
        return STR_NONE;
    return date_words(a, lang, day_key(time_civil(now).year, day_of(now), day, &c), &c);
}

/* ---- the same in a page, without a string between ---- */

static void put_time(struct html *h, int64_t t, const struct civil *c)
{
    int64_t minutes = 0;
    enum text key = time_key(h->now, h->year, h->today, t, c, &minutes);

    if (key == T_engine_time_minutes_ago)
        html_text_format(h, key, TEXT_INT("n", minutes));
    else
        put_date(h, &h->buf, h->lang, key, c);
}

void html_time(struct html *h, int64_t t)
{
    struct civil c = time_civil(t);
    char machine[TIME_TEXT];

    if (t == 0)
        return;
    html_raw(h, STR("<time datetime=\""));
    buf_put(&h->buf, (struct str){machine, time_print_civil(machine, &c)}); /* digits and marks: nothing to escape */
    html_raw(h, STR("\" title=\""));
    put_date(h, &h->buf, h->lang, T_engine_time_exact, &c);
    html_raw(h, STR("\">"));
    put_time(h, t, &c);
    html_raw(h, STR("</time>"));
}

void html_time_words(struct html *h, int64_t t)
{
    struct civil c = time_civil(t);

    if (t)
        put_time(h, t, &c);
}

void html_time_exact(struct html *h, int64_t t)
{
    struct civil c = time_civil(t);

    if (t)
        put_date(h, &h->buf, h->lang, T_engine_time_exact, &c);
}

void html_time_machine(struct html *h, int64_t t)
{
    char machine[TIME_TEXT];

    if (t)
        buf_put(&h->buf, (struct str){machine, time_print(machine, t)});
}

void html_time_input(struct html *h, int64_t t)
{
    html_text(h, time_input(h->buf.arena, t));
}

void html_day_words(struct html *h, int32_t day)
{
    struct civil c = time_civil(day_start(day));

    if (day)
        put_date(h, &h->buf, h->lang, day_key(h->year, h->today, day, &c), &c);
}

void html_day_machine(struct html *h, int32_t day)
{
    html_text(h, day_iso(h->buf.arena, day));
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

/* ---- for machines, and figures ---- */

struct str day_iso(struct arena *a, int32_t day)
{
    struct civil c;

    if (day == 0)
        return STR_NONE;
    c = time_civil(day_start(day));
    return str_printf(a, "%04d-%02d-%02d", c.year, c.month, c.day);
}

struct str time_input(struct arena *a, int64_t t)
{
    struct civil c;

    if (t == 0)
        return STR_NONE;
    c = time_civil(t);
    return str_printf(a, "%04d-%02d-%02dT%02d:%02d", c.year, c.month, c.day, c.hour, c.minute);
}

struct str real_words(struct arena *a, double d)
{
    return str_printf(a, "%.1f", d);
}
