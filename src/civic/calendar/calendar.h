/* calendar.h: which days are worked, and what a time limit means on them.
 *
 * Pure functions over a `struct calendar`: the official table of holidays with its swapped workdays (调休), and the hours of a
 * work day. A year that is not in the table counts weekends only; that is said once in the log.
 *
 * What a limit means (民法典 201, 203): the day of the start does not count, the last day ends with the end of business.
 *   work_hour     runs only in work hours: 2 hours from Friday 17:00 end on Monday 10:30
 *   work_day      ends at the end of business of the n-th work day after the day of the start
 *   calendar_day  ends at 23:59:59.999 of the n-th day after the day of the start
 *   clock_hour    runs through nights and holidays (紧急工作时)
 * An amount of 0 is the moment itself. */
#ifndef LILONG_CIVIC_CALENDAR_H
#define LILONG_CIVIC_CALENDAR_H

#include <stdatomic.h>

#include "engine/base/arena.h"
#include "engine/base/time.h"

struct db;

enum limit_unit { LIMIT_NONE, LIMIT_WORK_HOUR, LIMIT_WORK_DAY, LIMIT_CALENDAR_DAY, LIMIT_CLOCK_HOUR };

const char *limit_unit_word(enum limit_unit unit);           /* "work_hour"; "" for LIMIT_NONE */
enum limit_unit limit_unit_from_word(struct str word);       /* LIMIT_NONE when unknown */

struct work_hours { /* minutes of the day */
    int morning_from, morning_to, afternoon_from, afternoon_to;
};
extern const struct work_hours work_hours_usual; /* 9:00-11:30, 13:00-17:30 */
/* "09:00-11:30,13:00-17:30" (a setting). E_INVALID unless both rise and do not overlap. */
enum result work_hours_parse(struct str setting, struct work_hours *ret_hours) MUST_USE;

#define CALENDAR_FIRST_YEAR 2020
#define CALENDAR_LAST_YEAR 2079
#define CALENDAR_DAYS 21915 /* 2020-01-01 to 2079-12-31 */

struct calendar {
    struct work_hours hours;
    int64_t version;                            /* of the table in the database; 0: embedded */
    uint64_t off[(CALENDAR_DAYS + 63) / 64];    /* one bit a day since 2020-01-01: nobody works */
    uint64_t known;                             /* one bit a year since 2020: the official table has it */
    _Atomic uint64_t *flagged;                  /* years that the log has been told of; may be NULL */
    const struct calendar *before;              /* the one that it replaced: kept, since somebody may be counting by it */
};

enum calendar_kind { CALENDAR_HOLIDAY, CALENDAR_WORKDAY };
struct calendar_day {
    int32_t day;
    enum calendar_kind kind;
    struct str name;
};

/* Weekends only, then the given days over them. */
void calendar_init(struct calendar *c, struct work_hours hours);
void calendar_set(struct calendar *c, const struct calendar_day *days, size_t n);

bool calendar_is_workday(const struct calendar *c, int32_t day);
bool calendar_knows_year(const struct calendar *c, int year);
bool calendar_is_work_time(const struct calendar *c, int64_t t);
int64_t calendar_day_work_ms(const struct calendar *c);      /* work time of one work day */

/* When a limit that starts at t ends. amount >= 0. */
int64_t calendar_add(const struct calendar *c, int64_t t, enum limit_unit unit, int64_t amount);
/* The moment at which `work_ms` of work time have passed since t; the earliest one. */
int64_t calendar_add_work_ms(const struct calendar *c, int64_t t, int64_t work_ms);
/* How much of the unit lies between two moments: whole units, down; negative when to < from. calendar_add(t, u, n) is n from t. */
int64_t calendar_between(const struct calendar *c, enum limit_unit unit, int64_t from, int64_t to);
int64_t calendar_work_ms(const struct calendar *c, int64_t from, int64_t to); /* work time between; negative when to < from */
int64_t calendar_work_days(const struct calendar *c, int64_t from, int64_t to); /* work days after the day of from, up to that of to */

/* What is left of a limit when it is stopped for a while, and when it ends once it goes on: work time for work hours and clock
 * time for clock hours in ms, days for days. calendar_resume(now, calendar_left(now, due)) is due. */
int64_t calendar_left(const struct calendar *c, enum limit_unit unit, int64_t now, int64_t due);
int64_t calendar_resume(const struct calendar *c, enum limit_unit unit, int64_t now, int64_t left);

/* The CSV of a year's notice: date,kind(holiday|workday),name. What is wrong is named: line and reason, in ret_why. */
struct calendar_days { struct calendar_day *day; size_t n; int first_year, last_year; };
enum result calendar_parse(struct arena *a, struct str bytes, struct calendar_days *ret_days, struct str *ret_why) MUST_USE;

/* The calendar in force in this process. Like the clock it is one for the whole process; it begins with the embedded years, and
 * calendar_refresh() puts a newer table in its place when the database has one. What it returned stays valid for ever. */
const struct calendar *calendar_now(void);
void calendar_use_hours(struct work_hours hours);            /* at start, from the configuration */
enum result calendar_refresh(struct db *db) MUST_USE;        /* at start, after an import, and by a job */

/* Writes the days of whole years into the table, replacing what it had of these years. In a write transaction. */
enum result calendar_import(struct db *db, const struct calendar_days *days, int64_t now) MUST_USE;
/* The embedded years, where the table has none of them. At `lilong init`. */
enum result calendar_seed(struct db *db, int64_t now) MUST_USE;

struct module; /* engine/app */
extern const struct module calendar_module; /* its jobs */

#endif
