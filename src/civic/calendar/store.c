/* store.c: the table of holidays in the database, and bringing it into this process. */
#include "civic/calendar/calendar.sql.h"
#include "civic/calendar/official.h"
#include "engine/base/ids.h"
#include "engine/base/log.h"
#include "engine/db/db.h"

enum result calendar_refresh(struct db *db)
{
    struct sql_holiday_version newest;
    struct sql_holiday_all_rows rows;
    struct calendar_day *days;
    struct calendar *c;
    enum result r = sql_holiday_version(db, &newest);

    if (r != OK || newest.version <= calendar_now()->version)
        return r;
    r = sql_holiday_all(db, &rows);
    if (r != OK)
        return r;
    c = calendar_copy();
    if (!c)
        return E_BUSY;
    days = arena_array(db_arena(db), struct calendar_day, rows.n);
    for (size_t i = 0; i < rows.n; i++)
        days[i] = (struct calendar_day){(int32_t)rows.row[i].day,
                                        rows.row[i].kind ? CALENDAR_WORKDAY : CALENDAR_HOLIDAY, rows.row[i].name};
    calendar_set(c, days, rows.n);
    c->version = newest.version;
    calendar_publish(c);
    log_info("calendar.loaded", LOG_INT("days", (int64_t)rows.n), LOG_INT("version", newest.version));
    return OK;
}

enum result calendar_import(struct db *db, const struct calendar_days *days, int64_t now)
{
    int64_t version = id_new();
    enum result r = OK;

    for (int year = days->first_year; year <= days->last_year && r == OK; year++) {
        bool have = false;
        for (size_t i = 0; i < days->n; i++)
            have |= time_civil(day_start(days->day[i].day)).year == year;
        if (!have)
            continue;
        r = sql_holiday_clear(db, day_from_ymd(year, 1, 1), day_from_ymd(year + 1, 1, 1) - 1);
        if (r == OK)
            r = sql_holiday_year_put(db, year, now, version);
    }
    for (size_t i = 0; i < days->n && r == OK; i++)
        r = sql_holiday_put(db, days->day[i].day, days->day[i].kind, days->day[i].name);
    return r;
}

enum result calendar_seed(struct db *db, int64_t now)
{
    struct sql_holiday_years_rows have;
    enum result r = sql_holiday_years(db, &have);
    struct str csv, why;
    int year;

    for (size_t i = 0; r == OK && i < calendar_embedded(i, &year, &csv); i++) {
        struct calendar_days days;
        bool there = false;
        for (size_t k = 0; k < have.n; k++)
            there |= have.row[k].year == year;
        if (there)
            continue;
        r = calendar_parse(db_arena(db), csv, &days, &why);
        if (r == OK)
            r = calendar_import(db, &days, now);
    }
    return r;
}
