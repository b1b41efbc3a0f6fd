/* words.c: moments, days and figures as people say them. */
#include "engine/base/time.h"
#include "engine/page/page.h"

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

/* The parts of a date: which of them show is decided by the text (`{month}{day}日 {weekday}`). */
static struct str date_words(struct arena *a, enum lang lang, enum text key, struct civil c)
{
    char clock[] = {(char)('0' + c.hour / 10), (char)('0' + c.hour % 10), ':', (char)('0' + c.minute / 10),
                    (char)('0' + c.minute % 10)};

    return text_format(a, lang, key, TEXT_INT("year", c.year), TEXT_STR("month", text(lang, month_text[c.month])),
                       TEXT_INT("day", c.day), TEXT_STR("weekday", text(lang, weekday_text[c.weekday])),
                       TEXT_STR("time", ((struct str){clock, sizeof(clock)})));
}

struct str time_words(struct arena *a, enum lang lang, int64_t now, int64_t t)
{
    struct civil c, today;
    int32_t days;

    if (t == 0)
        return STR_NONE;
    if (t <= now && now - t < TIME_MINUTE)
        return text(lang, T_engine_time_just_now);
    if (t <= now && now - t < TIME_HOUR)
        return text_format(a, lang, T_engine_time_minutes_ago, TEXT_INT("n", (now - t) / TIME_MINUTE));
    c = time_civil(t);
    today = time_civil(now);
    days = day_of(t) - day_of(now);
    if (days >= -1 && days <= 1) {
        static const enum text near[] = {T_engine_time_yesterday, T_engine_time_today, T_engine_time_tomorrow};
        return date_words(a, lang, near[days + 1], c);
    }
    if (c.year == today.year)
        return date_words(a, lang, T_engine_time_date, c);
    /* What lies ahead has its hour, in whatever year: it is a deadline or an appointment. */
    return date_words(a, lang, t > now ? T_engine_time_exact : T_engine_time_year, c);
}

struct str time_exact_words(struct arena *a, enum lang lang, int64_t t)
{
    if (t == 0)
        return STR_NONE;
    return date_words(a, lang, T_engine_time_exact, time_civil(t));
}

struct str day_words(struct arena *a, enum lang lang, int64_t now, int32_t day)
{
    static const enum text near[] = {T_engine_day_yesterday, T_engine_day_today, T_engine_day_tomorrow};
    int32_t days = day - day_of(now);
    struct civil c;

    if (day == 0)
        return STR_NONE;
    if (days >= -1 && days <= 1)
        return text(lang, near[days + 1]);
    c = time_civil(day_start(day));
    return date_words(a, lang, c.year == time_civil(now).year ? T_engine_day_date : T_engine_day_year, c);
}

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
