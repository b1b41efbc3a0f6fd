/* time.c: moments, calendar days and the wall clock of Shanghai. */
#include "engine/base/time.h"

#include <stdatomic.h>
#include <stdio.h>
#include <time.h>

#include "engine/base/arena.h"

enum { OFFSET = 8 * 60 * 60 * 1000, DAYS_400 = 146097, DAYS_4 = 1461, EPOCH = 719468 };

static _Atomic int64_t frozen; /* 0: the real clock. The one global that this file's header names. */

int64_t time_now(void)
{
    int64_t t = atomic_load_explicit(&frozen, memory_order_relaxed);
    struct timespec ts;

    if (t)
        return t;
    clock_gettime(CLOCK_REALTIME, &ts);
    return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

void time_set(int64_t now)
{
    atomic_store(&frozen, now);
}

int64_t time_monotonic(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static bool is_leap(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int days_in(int year, int month)
{
    static const signed char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

/* The year is counted from March, so that the leap day is its last; eras of 400 years repeat exactly. */
int32_t day_from_ymd(int year, int month, int day)
{
    int y = month <= 2 ? year - 1 : year;
    int era = (y >= 0 ? y : y - 399) / 400;
    int of_era = y - era * 400;
    int of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

    return era * DAYS_400 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - EPOCH;
}

static void ymd_from_day(int32_t day, struct civil *c)
{
    int z = day + EPOCH;
    int era = (z >= 0 ? z : z - (DAYS_400 - 1)) / DAYS_400;
    int of_era = z - era * DAYS_400;
    int y = (of_era - of_era / (DAYS_4 - 1) + of_era / 36524 - of_era / (DAYS_400 - 1)) / 365;
    int of_year = of_era - (365 * y + y / 4 - y / 100);
    int m = (5 * of_year + 2) / 153;

    c->day = of_year - (153 * m + 2) / 5 + 1;
    c->month = m < 10 ? m + 3 : m - 9;
    c->year = y + era * 400 + (c->month <= 2);
}

/* The wall clock's milliseconds since 1970-01-01 00:00, kept within the years 1 to 9999. */
static int64_t wall(int64_t t)
{
    static const int64_t first = INT64_C(-62135596800000), last = INT64_C(253402300799999);

    if (t < first - OFFSET)
        return first;
    if (t > last - OFFSET)
        return last;
    return t + OFFSET;
}

static int64_t floor_div(int64_t n, int64_t by)
{
    return n / by - (n % by < 0);
}

struct civil time_civil(int64_t t)
{
    int64_t w = wall(t);
    int32_t day = (int32_t)floor_div(w, TIME_DAY);
    int in_day = (int)(w - day * TIME_DAY);
    struct civil c;

    ymd_from_day(day, &c);
    c.hour = in_day / (60 * 60 * 1000);
    c.minute = in_day / (60 * 1000) % 60;
    c.second = in_day / 1000 % 60;
    c.ms = in_day % 1000;
    c.weekday = day_weekday(day);
    return c;
}

int64_t time_from_civil(struct civil c)
{
    return day_start(day_from_ymd(c.year, c.month, c.day)) + c.hour * TIME_HOUR + c.minute * TIME_MINUTE +
           c.second * TIME_SECOND + c.ms;
}

int64_t time_at(int year, int month, int day, int hour, int minute)
{
    return day_start(day_from_ymd(year, month, day)) + hour * TIME_HOUR + minute * TIME_MINUTE;
}

int32_t day_of(int64_t t)
{
    return (int32_t)floor_div(wall(t), TIME_DAY);
}

int64_t day_start(int32_t day)
{
    return day * TIME_DAY - OFFSET;
}

int day_weekday(int32_t day)
{
    int w = (day % 7 + 10) % 7; /* 1970-01-01 was a Thursday */

    return w + 1;
}

/* Exactly n digits at s[from]; -1 when it is anything else. */
static int digits(struct str s, size_t from, size_t n)
{
    int value = 0;

    if (from > s.len || n > s.len - from)
        return -1;
    for (size_t i = from; i < from + n; i++) {
        if (s.ptr[i] < '0' || s.ptr[i] > '9')
            return -1;
        value = value * 10 + (s.ptr[i] - '0');
    }
    return value;
}

enum result day_parse(struct str iso, int32_t *ret_day)
{
    int year = digits(iso, 0, 4), month = digits(iso, 5, 2), day = digits(iso, 8, 2);

    if (iso.len != 10 || iso.ptr[4] != '-' || iso.ptr[7] != '-')
        return E_INVALID;
    if (year < 1 || month < 1 || month > 12 || day < 1 || day > days_in(year, month))
        return E_INVALID;
    *ret_day = day_from_ymd(year, month, day);
    return OK;
}

/* Two digits, and what stands behind them. */
static char *put_two(char *at, int n, char behind)
{
    at[0] = (char)('0' + n / 10);
    at[1] = (char)('0' + n % 10);
    at[2] = behind;
    return at + 3;
}

size_t time_print_civil(char out[TIME_TEXT], const struct civil *c)
{
    char *at = out;

    if (c->year < 0 || c->year > 9999) { /* five digits, or a sign: not of this world, but never wrong */
        int n = snprintf(out, TIME_TEXT, "%04d-%02d-%02dT%02d:%02d:%02d.%03d+08:00", c->year, c->month, c->day, c->hour,
                         c->minute, c->second, c->ms);
        return n < 0 ? 0 : (size_t)n;
    }
    *at++ = (char)('0' + c->year / 1000);
    *at++ = (char)('0' + c->year / 100 % 10);
    at = put_two(at, c->year % 100, '-');
    at = put_two(at, c->month, '-');
    at = put_two(at, c->day, 'T');
    at = put_two(at, c->hour, ':');
    at = put_two(at, c->minute, ':');
    at = put_two(at, c->second, '.');
    *at++ = (char)('0' + c->ms / 100);
    at = put_two(at, c->ms % 100, '+');
    memcpy(at, "08:00", 6);
    return (size_t)(at - out) + 5;
}

size_t time_print(char out[TIME_TEXT], int64_t t)
{
    struct civil c = time_civil(t);

    return time_print_civil(out, &c);
}

struct str time_rfc3339(struct arena *a, int64_t t)
{
    char text[TIME_TEXT];

    return str_dup(a, (struct str){text, time_print(text, t)});
}

enum result time_parse(struct str s, int64_t *ret_t)
{
    int hour = digits(s, 11, 2), minute = digits(s, 14, 2), second = digits(s, 17, 2);
    int ms = 0, offset = 0;
    size_t at = 19;
    int32_t day;

    if (s.len < 20 || (s.ptr[10] != 'T' && s.ptr[10] != 't') || s.ptr[13] != ':' || s.ptr[16] != ':')
        return E_INVALID;
    if (day_parse(str_sub(s, 0, 10), &day) != OK)
        return E_INVALID;
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59)
        return E_INVALID;

    if (s.ptr[at] == '.') {
        size_t from = ++at;

        for (int weight = 100; at < s.len && s.ptr[at] >= '0' && s.ptr[at] <= '9'; at++, weight /= 10)
            ms += (s.ptr[at] - '0') * weight;
        if (at == from)
            return E_INVALID;
    }
    if (at == s.len)
        return E_INVALID;
    if (s.ptr[at] == '+' || s.ptr[at] == '-') {
        int h = digits(s, at + 1, 2), m = digits(s, at + 4, 2);

        if (s.len != at + 6 || s.ptr[at + 3] != ':' || h < 0 || h > 23 || m < 0 || m > 59)
            return E_INVALID;
        offset = (h * 60 + m) * (s.ptr[at] == '+' ? 1 : -1);
    } else if (s.len != at + 1 || (s.ptr[at] != 'Z' && s.ptr[at] != 'z')) {
        return E_INVALID;
    }
    *ret_t = day * TIME_DAY + hour * TIME_HOUR + (minute - offset) * TIME_MINUTE + second * TIME_SECOND + ms;
    return OK;
}
