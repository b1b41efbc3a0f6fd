/* repeat.c: the dates of a series. Pure. */
#include "boards/activity/rules.h"

#include "engine/base/time.h"

static int days_in_month(int year, int month)
{
    return month == 12 ? 31 : (int)(day_from_ymd(year, month + 1, 1) - day_from_ymd(year, month, 1));
}

int64_t repeat_at(enum repeat repeat, int64_t first, int i)
{
    struct civil c = time_civil(first);
    int months = c.month - 1 + i, nth = (c.day - 1) / 7, last;

    if (i == 0 || repeat == REPEAT_NONE)
        return first;
    if (repeat == REPEAT_WEEKLY || repeat == REPEAT_FORTNIGHTLY)
        return first + (int64_t)i * (repeat == REPEAT_WEEKLY ? 7 : 14) * TIME_DAY;
    c.year += months / 12;
    c.month = months % 12 + 1;
    last = days_in_month(c.year, c.month);
    if (repeat == REPEAT_WEEKDAY) {
        int to = (c.weekday - day_weekday(day_from_ymd(c.year, c.month, 1)) + 7) % 7;

        c.day = 1 + to + 7 * nth;
        if (c.day > last)
            c.day -= 7;
    } else if (c.day > last) {
        c.day = last;
    }
    return time_from_civil(c);
}
