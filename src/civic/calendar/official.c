/* official.c: the yearly notice as CSV, the years that are in the binary, and the calendar that this process goes by. */
#include "civic/calendar/official.h"

#include <pthread.h>
#include <stdlib.h>

#include "engine/base/csv.h"

/* The files under data/ as they are. The assembler finds them by the compiler's -I of the source folder. */
__asm__(".section .rodata\n"
        "lilong_holidays_2025:\n.incbin \"data/holidays-2025.csv\"\nlilong_holidays_2025_end:\n"
        "lilong_holidays_2026:\n.incbin \"data/holidays-2026.csv\"\nlilong_holidays_2026_end:\n"
        ".previous\n");
extern const char lilong_holidays_2025[], lilong_holidays_2025_end[], lilong_holidays_2026[],
    lilong_holidays_2026_end[];

static const struct {
    int year;
    const char *from, *to;
} embedded[] = {
    {2025, lilong_holidays_2025, lilong_holidays_2025_end},
    {2026, lilong_holidays_2026, lilong_holidays_2026_end},
};

size_t calendar_embedded(size_t i, int *ret_year, struct str *ret_csv)
{
    size_t n = sizeof embedded / sizeof *embedded;

    if (i < n) {
        *ret_year = embedded[i].year;
        *ret_csv = (struct str){embedded[i].from, (size_t)(embedded[i].to - embedded[i].from)};
    }
    return n;
}

enum result calendar_parse(struct arena *a, struct str bytes, struct calendar_days *ret_days, struct str *ret_why)
{
    struct calendar_days days = {NULL, 0, 9999, 0};
    struct csv csv;
    struct str text, kind;
    size_t date_column, kind_column, name_column, room = 64;
    enum result r;

    if (csv_text(a, bytes, &text) != OK) {
        *ret_why = STR("the file is neither UTF-8 nor GBK text");
        return E_INVALID;
    }
    if (csv_open(a, text, &csv) != OK || csv_need(&csv, "date,日期", &date_column) != OK ||
        csv_need(&csv, "kind,类型", &kind_column) != OK || csv_need(&csv, "name,名称,节日", &name_column) != OK) {
        *ret_why = STR("the first line must be date,kind,name");
        return E_INVALID;
    }
    days.day = arena_array(a, struct calendar_day, room);
    while ((r = csv_next(&csv)) == OK) {
        struct calendar_day d = {.name = csv_field(&csv, name_column)};
        kind = csv_field(&csv, kind_column);
        if (str_eq(kind, STR("holiday")) || str_eq(kind, STR("休")) || str_eq(kind, STR("放假")))
            d.kind = CALENDAR_HOLIDAY;
        else if (str_eq(kind, STR("workday")) || str_eq(kind, STR("班")) || str_eq(kind, STR("上班")))
            d.kind = CALENDAR_WORKDAY;
        else {
            *ret_why = str_printf(a, "line %zu: kind is holiday or workday", csv.line);
            return E_INVALID;
        }
        int year = 0;
        if (day_parse(csv_field(&csv, date_column), &d.day) == OK)
            year = time_civil(day_start(d.day)).year;
        if (year < CALENDAR_FIRST_YEAR || year > CALENDAR_LAST_YEAR) {
            *ret_why = str_printf(a, "line %zu: date is a day of %d to %d, like 2026-02-17", csv.line,
                                  CALENDAR_FIRST_YEAR, CALENDAR_LAST_YEAR);
            return E_INVALID;
        }
        if (d.kind == CALENDAR_WORKDAY && day_weekday(d.day) < 6) {
            *ret_why = str_printf(a, "line %zu: a swapped workday is a Saturday or a Sunday", csv.line);
            return E_INVALID;
        }
        for (size_t i = 0; i < days.n; i++)
            if (days.day[i].day == d.day) {
                *ret_why = str_printf(a, "line %zu: this date is there twice", csv.line);
                return E_INVALID;
            }
        if (days.n == 1000) {
            *ret_why = STR("more than 1000 days: give one year at a time");
            return E_TOO_LARGE;
        }
        if (days.n == room) {
            struct calendar_day *more = arena_array(a, struct calendar_day, room * 2);
            memcpy(more, days.day, room * sizeof *more);
            days.day = more;
            room *= 2;
        }
        days.day[days.n++] = d;
        days.first_year = year < days.first_year ? year : days.first_year;
        days.last_year = year > days.last_year ? year : days.last_year;
    }
    if (r != E_NOT_FOUND) {
        *ret_why = str_printf(a, "line %zu: quotes or number of fields are wrong", csv.line);
        return E_INVALID;
    }
    if (!days.n) {
        *ret_why = STR("there is no day in the file");
        return E_INVALID;
    }
    *ret_days = days;
    return OK;
}

/* ---- the calendar of this process: like the clock, one for all ---------------------------------------------- */

static pthread_once_t once = PTHREAD_ONCE_INIT;
static _Atomic uint64_t flagged;
static struct calendar built_in;
static const struct calendar *_Atomic current;

static void build_in(void)
{
    struct arena *a = arena_open(1 << 20);
    struct calendar_days days;
    struct str why;

    calendar_init(&built_in, work_hours_usual);
    built_in.flagged = &flagged;
    for (size_t i = 0; a && i < sizeof embedded / sizeof *embedded; i++)
        if (calendar_parse(a, (struct str){embedded[i].from, (size_t)(embedded[i].to - embedded[i].from)}, &days,
                           &why) == OK)
            calendar_set(&built_in, days.day, days.n);
    arena_close(a);
    atomic_store(&current, &built_in);
}

const struct calendar *calendar_now(void)
{
    pthread_once(&once, build_in);
    return atomic_load(&current);
}

/* A copy to change and publish; the old one stays: somebody may be counting by it. Some kilobytes, once a year. */
struct calendar *calendar_copy(void)
{
    struct calendar *c = malloc(sizeof *c);

    if (c) {
        const struct calendar *now = calendar_now();
        *c = *now;
        c->before = now;
    }
    return c;
}

void calendar_publish(const struct calendar *c)
{
    calendar_now();
    atomic_store(&current, c);
}

void calendar_use_hours(struct work_hours hours)
{
    struct calendar *c = calendar_copy();

    if (c) {
        c->hours = hours;
        calendar_publish(c);
    }
}
