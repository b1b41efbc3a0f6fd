/* open.c: opening hours: reading what was typed, and whether it is open. Pure. */
#include "boards/service/rules.h"

#include "engine/base/buf.h"

enum { DAY_MINUTES = 24 * 60, LOOK_AHEAD = 14 };

/* Full-width digits and signs are what a Chinese keyboard gives: to ASCII; 至, 到, ~ and the dashes are all a '-'; 、 and ； are a ','. */
static struct str plain(struct arena *a, struct str s)
{
    static const struct {
        const char *from;
        char to;
    } signs[] = {
        {"：", ':'}, {"－", '-'}, {"–", '-'},  {"—", '-'},  {"～", '-'}, {"至", '-'},
        {"到", '-'}, {"，", ','}, {"、", ','}, {"；", ','}, {"　", ' '},
    };
    struct buf b;

    buf_init(&b, a, s.len + 1, s.len + 1);
    for (size_t i = 0; i < s.len;) {
        struct str rest = str_sub(s, i, SIZE_MAX);
        size_t took = 0;

        for (size_t k = 0; k < sizeof(signs) / sizeof(signs[0]) && took == 0; k++)
            if (str_starts(rest, str_from_cstr(signs[k].from))) {
                buf_putc(&b, signs[k].to);
                took = str_from_cstr(signs[k].from).len;
            }
        if (took == 0 && rest.len >= 3 && (unsigned char)rest.ptr[0] == 0xEF && (unsigned char)rest.ptr[1] == 0xBC &&
            (unsigned char)rest.ptr[2] >= 0x90 && (unsigned char)rest.ptr[2] <= 0x99) { /* ０ … ９ */
            buf_putc(&b, (char)('0' + ((unsigned char)rest.ptr[2] - 0x90)));
            took = 3;
        }
        if (took == 0) {
            buf_putc(&b, rest.ptr[0] == '~' ? '-' : rest.ptr[0]);
            took = 1;
        }
        i += took;
    }
    return str_trim(buf_str(&b));
}

/* One or two digits. */
static bool number_of(struct str s, int *ret_n)
{
    if (s.len < 1 || s.len > 2)
        return false;
    *ret_n = 0;
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] < '0' || s.ptr[i] > '9')
            return false;
        *ret_n = *ret_n * 10 + (s.ptr[i] - '0');
    }
    return true;
}

/* "9:00" -> 540, up to 24:00. */
static bool minute_of(struct str s, int *ret_minute)
{
    struct str rest = str_trim(s), hour;
    int h, m;

    if (!str_cut(&rest, ':', &hour) || rest.len != 2 || !number_of(hour, &h) || !number_of(rest, &m))
        return false;
    if (m > 59 || h * 60 + m > DAY_MINUTES)
        return false;
    *ret_minute = h * 60 + m;
    return true;
}

/* The spans of one day; -1: it is no day. */
static int spans_of(struct str text, struct open_span *spans)
{
    struct str rest = text, one, from;
    int n = 0, last = -1;

    while (str_cut(&rest, ',', &one)) {
        struct open_span span;

        if (!str_cut(&one, '-', &from) || !minute_of(from, &span.from) || !minute_of(one, &span.to))
            return -1;
        if (n == OPEN_SPANS || span.from <= last || span.to <= span.from)
            return -1;
        last = span.to;
        spans[n++] = span;
    }
    return n;
}

enum result open_day_parse(struct arena *a, struct str typed, struct str *ret_text)
{
    struct open_span span[OPEN_SPANS];
    int n = spans_of(plain(a, typed), span);
    struct buf b;

    if (n < 0)
        return E_INVALID;
    buf_init(&b, a, 48, 48);
    for (int i = 0; i < n; i++)
        buf_printf(&b, "%s%02d:%02d-%02d:%02d", i ? "," : "", span[i].from / 60, span[i].from % 60, span[i].to / 60,
                   span[i].to % 60);
    *ret_text = buf_str(&b);
    return OK;
}

struct str open_day_of(struct str hours, int weekday)
{
    struct str rest = hours, part = STR_NONE;

    for (int i = 0; i < weekday; i++) {
        size_t at = str_find(rest, STR(";")); /* not str_cut(): an empty day is a day too */

        part = at == SIZE_MAX ? rest : str_sub(rest, 0, at);
        rest = at == SIZE_MAX ? STR_NONE : str_sub(rest, at + 1, SIZE_MAX);
    }
    return part;
}

struct open_hours open_hours_of(const struct sql_provider_get *row)
{
    struct open_hours h = {
        .on_holidays = row->on_holidays, .shut_from = (int32_t)row->shut_from, .shut_to = (int32_t)row->shut_to};

    for (int d = 0; d < 7; d++) {
        int n = spans_of(open_day_of(row->hours, d + 1), h.day[d].span);

        h.day[d].n = n < 0 ? 0 : n;
    }
    return h;
}

bool open_ever(const struct open_hours *h)
{
    for (int d = 0; d < 7; d++)
        if (h->day[d].n)
            return true;
    return false;
}

/* A public holiday is a day from Monday to Friday on which nobody works; on weekends the hours say themselves whether it is open. */
static bool shut_on(const struct open_hours *h, int32_t day)
{
    if (h->shut_from && day >= h->shut_from && day <= h->shut_to)
        return true;
    return !h->on_holidays && day_weekday(day) <= 5 && !calendar_is_workday(calendar_now(), day);
}

bool open_at(const struct open_hours *h, int64_t t, int64_t *ret_until)
{
    int32_t today = day_of(t);

    *ret_until = 0;
    for (int32_t day = today; day <= today + LOOK_AHEAD; day++) {
        int weekday = day_weekday(day) - 1;

        if (shut_on(h, day))
            continue;
        for (int i = 0; i < h->day[weekday].n; i++) {
            int64_t from = day_start(day) + h->day[weekday].span[i].from * TIME_MINUTE,
                    to = day_start(day) + h->day[weekday].span[i].to * TIME_MINUTE;

            if (t >= to)
                continue;
            *ret_until = t >= from ? to : from;
            return t >= from;
        }
    }
    return false;
}
