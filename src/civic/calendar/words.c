/* words.c: deadlines as people say them. */
#include "civic/calendar/words.h"

static struct str n_words(struct arena *a, enum lang lang, enum text key, int64_t n)
{
    return text_format(a, lang, key, TEXT_INT("n", n));
}

/* 17:30, in a sentence. */
static struct str by_hour(struct arena *a, enum lang lang, enum text key, int64_t t)
{
    struct civil c = time_civil(t);

    return text_format(a, lang, key, TEXT_STR("time", str_printf(a, "%d:%02d", c.hour, c.minute)));
}

/* Late is late on the wall, but a work-day limit that is late over a holiday is said in work days. */
static struct str late_words(struct arena *a, enum lang lang, const struct calendar *c, int64_t now, int64_t due,
                             enum limit_unit unit)
{
    int64_t ms = now - due, days;

    if (ms < TIME_MINUTE)
        return text(lang, T_calendar_late_now);
    if (ms < TIME_HOUR)
        return n_words(a, lang, T_calendar_late_minutes, ms / TIME_MINUTE);
    if (ms < TIME_DAY)
        return n_words(a, lang, T_calendar_late_hours, ms / TIME_HOUR);
    days = calendar_work_days(c, due, now);
    if (unit == LIMIT_WORK_DAY && days > 0)
        return n_words(a, lang, T_calendar_late_work_days, days);
    return n_words(a, lang, T_calendar_late_days, ms / TIME_DAY);
}

struct str calendar_deadline_words(struct arena *a, enum lang lang, const struct calendar *c, int64_t now, int64_t due,
                                   enum limit_unit unit)
{
    int32_t days = day_of(due) - day_of(now);
    int64_t left = due - now, work_days;

    if (left < 0)
        return late_words(a, lang, c, now, due, unit);
    if (left < TIME_MINUTE)
        return text(lang, T_calendar_due_now);
    if (left < TIME_HOUR)
        return n_words(a, lang, T_calendar_left_minutes, left / TIME_MINUTE);
    if (days == 0)
        return by_hour(a, lang, T_calendar_today, due);
    if (days == 1)
        return by_hour(a, lang, T_calendar_tomorrow, due);
    work_days = calendar_work_days(c, now, due);
    if ((unit == LIMIT_WORK_DAY || unit == LIMIT_WORK_HOUR) && work_days > 0)
        return n_words(a, lang, T_calendar_left_work_days, work_days);
    if (unit == LIMIT_CLOCK_HOUR && left < 72 * TIME_HOUR)
        return n_words(a, lang, T_calendar_left_hours, left / TIME_HOUR);
    return n_words(a, lang, T_calendar_left_days, days);
}

struct str calendar_limit_words(struct arena *a, enum lang lang, enum limit_unit unit, int64_t amount)
{
    static const enum text keys[] = {
        [LIMIT_WORK_HOUR] = T_calendar_limit_work_hours,
        [LIMIT_WORK_DAY] = T_calendar_limit_work_days,
        [LIMIT_CALENDAR_DAY] = T_calendar_limit_days,
        [LIMIT_CLOCK_HOUR] = T_calendar_limit_hours,
    };

    return unit < LIMIT_WORK_HOUR || unit > LIMIT_CLOCK_HOUR ? STR_NONE : n_words(a, lang, keys[unit], amount);
}

struct str calendar_span_words(struct arena *a, enum lang lang, int64_t ms)
{
    if (ms < 100 * TIME_MINUTE) /* 90 minutes are better known as 90 minutes than as one hour */
        return n_words(a, lang, T_calendar_span_minutes, ms / TIME_MINUTE);
    if (ms < 2 * TIME_DAY)
        return n_words(a, lang, T_calendar_span_hours, (ms + TIME_HOUR / 2) / TIME_HOUR);
    return n_words(a, lang, T_calendar_span_days, (ms + TIME_DAY / 2) / TIME_DAY);
}
