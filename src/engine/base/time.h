/* time.h: moments are UTC milliseconds since 1970 in an int64_t; people see Asia/Shanghai.
 *
 * Shanghai has been UTC+8 without daylight saving since 1991-09-15; what Lilong records is younger. */
#ifndef LILONG_BASE_TIME_H
#define LILONG_BASE_TIME_H

#include <stddef.h>
#include <stdint.h>

#include "engine/base/str.h"

#define TIME_SECOND INT64_C(1000)
#define TIME_MINUTE (60 * TIME_SECOND)
#define TIME_HOUR (60 * TIME_MINUTE)
#define TIME_DAY (24 * TIME_HOUR)

struct civil {                 /* a moment on the wall clock of Shanghai */
    int year, month, day;      /* 2026, 1-12, 1-31 */
    int hour, minute, second, ms;
    int weekday;               /* 1 Monday ... 7 Sunday (ISO 8601) */
};

/* Now by the real-time clock, or what a test or the demo world has set. */
int64_t time_now(void);
void time_set(int64_t now);    /* freezes the clock; 0 lets it run again. Tests, demo and replay only. */
int64_t time_monotonic(void);  /* ms of CLOCK_MONOTONIC: for time-outs, never stored */

/* Years 1 to 9999 are exact; moments outside read as the first or the last of them. */
struct civil time_civil(int64_t t);
int64_t time_from_civil(struct civil c);                       /* weekday is ignored */
int64_t time_at(int year, int month, int day, int hour, int minute); /* the same, written out */

/* A calendar day of Shanghai as a number: days since 1970-01-01. day_parse takes real days of the years 1 to 9999. */
int32_t day_of(int64_t t);
int64_t day_start(int32_t day);                                 /* its 00:00 in Shanghai */
int day_weekday(int32_t day);                                   /* 1 Monday ... 7 Sunday */
int32_t day_from_ymd(int year, int month, int day);
enum result day_parse(struct str iso, int32_t *ret_day) MUST_USE; /* "2026-02-17" */

enum { TIME_TEXT = 40 };
size_t time_print(char out[TIME_TEXT], int64_t t);              /* the same without an arena: the length, NUL behind */
size_t time_print_civil(char out[TIME_TEXT], const struct civil *c);
struct str time_rfc3339(struct arena *a, int64_t t);            /* "2026-02-17T09:30:00.000+08:00" */

/* RFC 3339 with 'T' and an offset; digits past milliseconds are cut off, a second 60 is E_INVALID. */
enum result time_parse(struct str rfc3339, int64_t *ret_t) MUST_USE;

#endif
