/* time_test.c: days, the wall clock and RFC 3339. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/base/arena.h"
#include "engine/base/ids.h"
#include "engine/base/time.h"

static void counts_days(void **state)
{
    (void)state;
    assert_int_equal(day_from_ymd(1970, 1, 1), 0);
    assert_int_equal(day_from_ymd(1969, 12, 31), -1);
    assert_int_equal(day_from_ymd(2000, 3, 1), 11017);
    assert_int_equal(day_from_ymd(2100, 3, 1) - day_from_ymd(2100, 2, 28), 1);
    assert_int_equal(day_from_ymd(2096, 3, 1) - day_from_ymd(2096, 2, 28), 2);
    assert_int_equal(day_from_ymd(9999, 12, 31), 2932896);
    assert_int_equal(day_from_ymd(1, 1, 1), -719162);
    assert_int_equal(day_weekday(0), 4); /* Thursday */
    assert_int_equal(day_weekday(-4), 7);
    assert_int_equal(day_weekday(day_from_ymd(2026, 2, 17)), 2); /* the New Year of the Horse, a Tuesday */
    assert_int_equal(day_weekday(day_from_ymd(1, 1, 1)), 1);
}

static void every_day_comes_back(void **state)
{
    (void)state;
    struct civil before = time_civil(day_start(day_from_ymd(1, 1, 1)));

    for (int32_t day = day_from_ymd(1, 1, 2); day <= day_from_ymd(9999, 12, 31);
         day += day > 60000 || day < -30000 ? 13 : 1) {
        struct civil c = time_civil(day_start(day));

        assert_int_equal(day_from_ymd(c.year, c.month, c.day), day);
        assert_true(c.month >= 1 && c.month <= 12 && c.day >= 1 && c.day <= 31);
        assert_true(c.year * 400 + c.month * 32 + c.day > before.year * 400 + before.month * 32 + before.day);
        before = c;
    }
}

static void shanghai_is_eight_hours_ahead(void **state)
{
    (void)state;
    int64_t t = time_at(2026, 2, 17, 9, 30);
    struct civil c;

    assert_int_equal(t, INT64_C(1771291800000)); /* 2026-02-17T01:30:00Z */
    c = time_civil(t + 1234);
    assert_int_equal(c.year, 2026);
    assert_int_equal(c.month, 2);
    assert_int_equal(c.day, 17);
    assert_int_equal(c.hour, 9);
    assert_int_equal(c.minute, 30);
    assert_int_equal(c.second, 1);
    assert_int_equal(c.ms, 234);
    assert_int_equal(c.weekday, 2);
    assert_int_equal(time_from_civil(c), t + 1234);
    assert_int_equal(day_of(time_at(2026, 2, 17, 0, 0)), day_from_ymd(2026, 2, 17));
    assert_int_equal(day_of(time_at(2026, 2, 17, 0, 0) - 1), day_from_ymd(2026, 2, 16));
    assert_int_equal(day_start(day_of(t)), time_at(2026, 2, 17, 0, 0));
    c = time_civil(-1); /* before 1970 */
    assert_int_equal(c.day, 1);
    assert_int_equal(c.hour, 7);
    assert_int_equal(c.ms, 999);
    assert_int_equal(time_civil(INT64_MIN).year, 1);
    assert_int_equal(time_civil(INT64_MAX).year, 9999);
    assert_int_equal(day_of(INT64_MAX), day_from_ymd(9999, 12, 31));
}

static void parses_days(void **state)
{
    (void)state;
    static const char *const good[] = {"2024-02-29", "2000-02-29", "0001-01-01", "9999-12-31", "2026-02-17"};
    static const char *const bad[] = {"2023-02-29",  "2100-02-29",  "1900-02-29", "0000-01-01", "2026-00-10",
                                      "2026-13-10",  "2026-04-31",  "2026-01-00", "2026-1-01",  "2026-01-1",
                                      "2026-01-011", " 2026-01-01", "2026/01/01", "20260101",   "",
                                      "-026-01-01",  "2026-+1-01",  "+026-01-01", "2026-01-0a"};
    int32_t day = 5;

    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
        assert_int_equal(day_parse(str_from_cstr(good[i]), &day), OK);
    assert_int_equal(day, day_from_ymd(2026, 2, 17));
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        if (day_parse(str_from_cstr(bad[i]), &day) != E_INVALID)
            fail_msg("'%s'", bad[i]);
    assert_int_equal(day, day_from_ymd(2026, 2, 17));
    assert_int_equal(day_parse(STR_NONE, &day), E_INVALID);
}

static void parses_moments(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t t; /* -1: E_INVALID */
    } cases[] = {
        {"2026-02-17T09:30:00+08:00", INT64_C(1771291800000)},
        {"2026-02-17T01:30:00Z", INT64_C(1771291800000)},
        {"2026-02-17t01:30:00z", INT64_C(1771291800000)},
        {"2026-02-16T20:00:00.5-05:30", INT64_C(1771291800500)},
        {"2026-02-17T01:30:00.123456789Z", INT64_C(1771291800123)},
        {"2026-02-17T01:30:00.12Z", INT64_C(1771291800120)},
        {"2026-02-17T01:30:00-00:00", INT64_C(1771291800000)},
        {"2024-02-29T23:59:59.999+00:00", INT64_C(1709251199999)},
        {"2026-02-17 01:30:00Z", -1},
        {"2026-02-17T01:30:00", -1},
        {"2026-02-17T01:30Z", -1},
        {"2026-02-17T01:30:00.Z", -1},
        {"2026-02-17T01:30:00.5", -1},
        {"2026-02-17T01:30:60Z", -1},
        {"2026-02-17T24:00:00Z", -1},
        {"2026-02-17T01:60:00Z", -1},
        {"2026-02-17T01:30:00+24:00", -1},
        {"2026-02-17T01:30:00+08:60", -1},
        {"2026-02-17T01:30:00+0800", -1},
        {"2026-02-17T01:30:00+08:00 ", -1},
        {"2026-02-17T01:30:00ZZ", -1},
        {"2026-02-17T01:30:00+08", -1},
        {"2026-02-30T01:30:00Z", -1},
        {"", -1},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        int64_t t = -1;
        enum result r = time_parse(str_from_cstr(cases[i].text), &t);

        if ((r == OK) != (cases[i].t >= 0) || t != cases[i].t)
            fail_msg("'%s'", cases[i].text);
    }
}

static void round_trips(void **state)
{
    (void)state;
    struct arena *a = arena_open(1 << 24);

    assert_true(str_eq(time_rfc3339(a, INT64_C(1771291800000)), STR("2026-02-17T09:30:00.000+08:00")));
    for (int64_t t = -INT64_C(2208988800000); t < INT64_C(4200000000000); t += INT64_C(1234567891)) {
        int64_t back = 0;

        assert_int_equal(time_parse(time_rfc3339(a, t), &back), OK);
        assert_int_equal(back, t);
        assert_int_equal(time_from_civil(time_civil(t)), t);
    }
    arena_close(a);
}

static void the_clock_can_be_frozen(void **state)
{
    (void)state;
    int64_t real = time_now();

    assert_true(real > time_at(2024, 1, 1, 0, 0));
    time_set(time_at(2026, 2, 17, 9, 30));
    assert_int_equal(time_now(), time_at(2026, 2, 17, 9, 30));
    time_set(0);
    assert_true(time_now() >= real);
    assert_true(time_monotonic() > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_days),
        cmocka_unit_test(every_day_comes_back),
        cmocka_unit_test(shanghai_is_eight_hours_ahead),
        cmocka_unit_test(parses_days),
        cmocka_unit_test(parses_moments),
        cmocka_unit_test(round_trips),
        cmocka_unit_test(the_clock_can_be_frozen),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
