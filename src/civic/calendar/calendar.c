/* calendar.c: work time as pure arithmetic over one bit a day. See calendar.h for what a limit means. */
#include "civic/calendar/calendar.h"

#include "engine/base/log.h"

const struct work_hours work_hours_usual = {9 * 60, 11 * 60 + 30, 13 * 60, 17 * 60 + 30};

static const char *const unit_words[] = {"", "work_hour", "work_day", "calendar_day", "clock_hour"};

const char *limit_unit_word(enum limit_unit unit)
{
    return (size_t)unit < sizeof unit_words / sizeof *unit_words ? unit_words[unit] : "";
}

enum limit_unit limit_unit_from_word(struct str word)
{
    for (int i = 1; i < (int)(sizeof unit_words / sizeof *unit_words); i++)
        if (str_eq(word, str_from_cstr(unit_words[i])))
            return (enum limit_unit)i;
    return LIMIT_NONE;
}

/* "09:00" as minutes of the day. */
static enum result minutes_parse(struct str s, int *ret_minutes)
{
    int digit[4];

    s = str_trim(s);
    if (s.len != 5 || s.ptr[2] != ':')
        return E_INVALID;
    for (int i = 0, at = 0; i < 4; i++, at = i + (i > 1)) {
        if (s.ptr[at] < '0' || s.ptr[at] > '9')
            return E_INVALID;
        digit[i] = s.ptr[at] - '0';
    }
    int hour = digit[0] * 10 + digit[1], minute = digit[2] * 10 + digit[3];
    if (hour > 24 || minute > 59 || hour * 60 + minute > 24 * 60)
        return E_INVALID;
    *ret_minutes = hour * 60 + minute;
    return OK;
}

enum result work_hours_parse(struct str setting, struct work_hours *ret_hours)
{
    struct work_hours h;
    struct str rest = setting, half, from;
    int *at[2][2] = {{&h.morning_from, &h.morning_to}, {&h.afternoon_from, &h.afternoon_to}};

    for (int i = 0; i < 2; i++) {
        if (!str_cut(&rest, ',', &half) || !str_cut(&half, '-', &from))
            return E_INVALID;
        if (minutes_parse(from, at[i][0]) != OK || minutes_parse(half, at[i][1]) != OK)
            return E_INVALID;
    }
    if (rest.len || h.morning_from >= h.morning_to || h.morning_to > h.afternoon_from ||
        h.afternoon_from >= h.afternoon_to)
        return E_INVALID;
    *ret_hours = h;
    return OK;
}

/* ---- the table ------------------------------------------------------------------------------------------ */

static int32_t first_day(void)
{
    return day_from_ymd(CALENDAR_FIRST_YEAR, 1, 1);
}

static int year_of(int32_t day)
{
    return time_civil(day_start(day)).year;
}

static bool weekend(int32_t day)
{
    return day_weekday(day) >= 6;
}

static void put_bit(struct calendar *c, int32_t day, bool off)
{
    int64_t i = (int64_t)day - first_day();

    if (i < 0 || i >= CALENDAR_DAYS)
        return;
    if (off)
        c->off[i / 64] |= UINT64_C(1) << (i % 64);
    else
        c->off[i / 64] &= ~(UINT64_C(1) << (i % 64));
}

void calendar_init(struct calendar *c, struct work_hours hours)
{
    int32_t first = first_day();

    memset(c, 0, sizeof *c);
    c->hours = hours;
    for (int32_t i = 0; i < CALENDAR_DAYS; i++)
        put_bit(c, first + i, weekend(first + i));
}

void calendar_set(struct calendar *c, const struct calendar_day *days, size_t n)
{
    uint64_t years = 0;

    for (size_t i = 0; i < n; i++) {
        int year = year_of(days[i].day);
        if (year < CALENDAR_FIRST_YEAR || year > CALENDAR_LAST_YEAR || years >> (year - CALENDAR_FIRST_YEAR) & 1)
            continue;
        years |= UINT64_C(1) << (year - CALENDAR_FIRST_YEAR);
        for (int32_t d = day_from_ymd(year, 1, 1); d < day_from_ymd(year + 1, 1, 1); d++)
            put_bit(c, d, weekend(d));
    }
    c->known |= years;
    for (size_t i = 0; i < n; i++)
        put_bit(c, days[i].day, days[i].kind == CALENDAR_HOLIDAY);
}

bool calendar_knows_year(const struct calendar *c, int year)
{
    return year >= CALENDAR_FIRST_YEAR && year <= CALENDAR_LAST_YEAR && c->known >> (year - CALENDAR_FIRST_YEAR) & 1;
}

/* Once a year and process: people shall learn that the notice has not been imported. */
static void tell_unknown_year(const struct calendar *c, int year)
{
    uint64_t bit = UINT64_C(1) << (year - CALENDAR_FIRST_YEAR);

    if (c->flagged && !(atomic_fetch_or(c->flagged, bit) & bit))
        log_warn("calendar.year_unknown", LOG_INT("year", year));
}

/* Which year since 2020 the i-th day is in. 2020 is a leap year, and 2100 is out of reach: four years have 1461 days. */
static int year_index(int64_t i)
{
    int64_t in_four = i % 1461;

    return (int)(i / 1461 * 4 + (in_four < 366 ? 0 : 1 + (in_four - 366) / 365));
}

bool calendar_is_workday(const struct calendar *c, int32_t day)
{
    int64_t i = (int64_t)day - first_day();

    if (i < 0 || i >= CALENDAR_DAYS)
        return !weekend(day);
    int year = year_index(i);
    if (!(c->known >> year & 1))
        tell_unknown_year(c, CALENDAR_FIRST_YEAR + year);
    return !(c->off[i / 64] >> (i % 64) & 1);
}

/* ---- work time ---------------------------------------------------------------------------------------------- */

struct span {
    int64_t from, to;
};

/* The two halves of a work day. */
static void halves(const struct calendar *c, int32_t day, struct span half[2])
{
    int64_t start = day_start(day);

    half[0] = (struct span){start + c->hours.morning_from * TIME_MINUTE, start + c->hours.morning_to * TIME_MINUTE};
    half[1] = (struct span){start + c->hours.afternoon_from * TIME_MINUTE, start + c->hours.afternoon_to * TIME_MINUTE};
}

int64_t calendar_day_work_ms(const struct calendar *c)
{
    const struct work_hours *h = &c->hours;

    return (h->morning_to - h->morning_from + h->afternoon_to - h->afternoon_from) * TIME_MINUTE;
}

bool calendar_is_work_time(const struct calendar *c, int64_t t)
{
    struct span half[2];
    int32_t day = day_of(t);

    halves(c, day, half);
    return calendar_is_workday(c, day) &&
           ((t >= half[0].from && t < half[0].to) || (t >= half[1].from && t < half[1].to));
}

int64_t calendar_add_work_ms(const struct calendar *c, int64_t t, int64_t work_ms)
{
    if (work_ms <= 0)
        return t;
    for (int32_t day = day_of(t);; day++) {
        struct span half[2];
        if (!calendar_is_workday(c, day))
            continue;
        halves(c, day, half);
        for (int i = 0; i < 2; i++) {
            int64_t from = t > half[i].from ? t : half[i].from;
            if (from >= half[i].to)
                continue;
            if (work_ms <= half[i].to - from)
                return from + work_ms;
            work_ms -= half[i].to - from;
        }
    }
}

int64_t calendar_work_ms(const struct calendar *c, int64_t from, int64_t to)
{
    int64_t sum = 0;

    if (to < from)
        return -calendar_work_ms(c, to, from);
    for (int32_t day = day_of(from), last = day_of(to); day <= last; day++) {
        struct span half[2];
        if (!calendar_is_workday(c, day))
            continue;
        halves(c, day, half);
        for (int i = 0; i < 2; i++) {
            int64_t a = from > half[i].from ? from : half[i].from, b = to < half[i].to ? to : half[i].to;
            sum += b > a ? b - a : 0;
        }
    }
    return sum;
}

int64_t calendar_work_days(const struct calendar *c, int64_t from, int64_t to)
{
    int64_t n = 0;

    if (to < from)
        return -calendar_work_days(c, to, from);
    for (int32_t day = day_of(from) + 1, last = day_of(to); day <= last; day++)
        n += calendar_is_workday(c, day);
    return n;
}

/* The end of business of the first work day at or after `day`. */
static int64_t end_of_business(const struct calendar *c, int32_t day)
{
    while (!calendar_is_workday(c, day))
        day++;
    return day_start(day) + c->hours.afternoon_to * TIME_MINUTE;
}

static int64_t end_of_day(int32_t day)
{
    return day_start(day + 1) - 1;
}

static int64_t add_work_days(const struct calendar *c, int32_t day, int64_t n)
{
    while (n > 0)
        n -= calendar_is_workday(c, ++day);
    return day_start(day) + c->hours.afternoon_to * TIME_MINUTE;
}

int64_t calendar_add(const struct calendar *c, int64_t t, enum limit_unit unit, int64_t amount)
{
    if (amount <= 0)
        return t;
    switch (unit) {
    case LIMIT_WORK_HOUR: return calendar_add_work_ms(c, t, amount * TIME_HOUR);
    case LIMIT_WORK_DAY: return add_work_days(c, day_of(t), amount);
    case LIMIT_CALENDAR_DAY: return end_of_day(day_of(t) + (int32_t)amount);
    case LIMIT_CLOCK_HOUR: return t + amount * TIME_HOUR;
    case LIMIT_NONE: break;
    }
    return t;
}

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

int64_t calendar_between(const struct calendar *c, enum limit_unit unit, int64_t from, int64_t to)
{
    switch (unit) {
    case LIMIT_WORK_HOUR: return floor_div(calendar_work_ms(c, from, to), TIME_HOUR);
    case LIMIT_WORK_DAY: return calendar_work_days(c, from, to);
    case LIMIT_CALENDAR_DAY: return day_of(to) - day_of(from);
    case LIMIT_CLOCK_HOUR: return floor_div(to - from, TIME_HOUR);
    case LIMIT_NONE: break;
    }
    return 0;
}

int64_t calendar_left(const struct calendar *c, enum limit_unit unit, int64_t now, int64_t due)
{
    switch (unit) {
    case LIMIT_WORK_HOUR: return calendar_work_ms(c, now, due);
    case LIMIT_WORK_DAY: return due < now ? -1 : calendar_work_days(c, now, due);
    case LIMIT_CALENDAR_DAY: return due < now ? -1 : day_of(due) - day_of(now);
    case LIMIT_CLOCK_HOUR:
    case LIMIT_NONE: break;
    }
    return due - now;
}

/* What was late stays late: it is due at once. */
int64_t calendar_resume(const struct calendar *c, enum limit_unit unit, int64_t now, int64_t left)
{
    int64_t end;

    if (left < 0)
        return now;
    switch (unit) {
    case LIMIT_WORK_HOUR: return calendar_add_work_ms(c, now, left);
    case LIMIT_WORK_DAY:
        if (left > 0)
            return add_work_days(c, day_of(now), left);
        end = end_of_business(c, day_of(now)); /* it was due on the day itself: that day is given once more */
        return end > now ? end : end_of_business(c, day_of(now) + 1);
    case LIMIT_CALENDAR_DAY: return end_of_day(day_of(now) + (int32_t)left);
    case LIMIT_CLOCK_HOUR:
    case LIMIT_NONE: break;
    }
    return now + left;
}
