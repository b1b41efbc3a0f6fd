/* calendar_test.c: time limits over the Spring Festival of 2026 and elsewhere. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "civic/calendar/official.h"

static const struct calendar *cal(void)
{
    return calendar_now();
}

static void assert_time(int64_t t, int64_t expected)
{
    if (t != expected) {
        struct civil c = time_civil(t), e = time_civil(expected);
        fail_msg("%04d-%02d-%02d %02d:%02d:%02d, not %04d-%02d-%02d %02d:%02d:%02d", c.year, c.month, c.day, c.hour,
                 c.minute, c.second, e.year, e.month, e.day, e.hour, e.minute, e.second);
    }
}

static void the_notice_of_2026(void **state)
{
    static const struct {
        int month, day;
        bool work;
    } days[] = {
        {1, 1, false},  {1, 2, false},  {1, 3, false},  {1, 4, true}, /* a Sunday that is worked */
        {1, 5, true},   {1, 10, false}, {2, 13, true},  {2, 14, true},   {2, 15, false}, {2, 16, false},
        {2, 20, false}, {2, 23, false}, {2, 24, true},  {2, 28, true},   {3, 1, false},  {4, 3, true},
        {4, 6, false},  {4, 7, true},   {5, 1, false},  {5, 5, false},   {5, 6, true},   {5, 9, true},
        {6, 19, false}, {6, 22, true},  {9, 20, true},  {9, 25, false},  {9, 28, true},  {10, 1, false},
        {10, 7, false}, {10, 8, true},  {10, 10, true}, {10, 11, false}, {12, 31, true},
    };
    int off = 0, work = 0;
    (void)state;

    for (size_t i = 0; i < sizeof days / sizeof *days; i++)
        if (calendar_is_workday(cal(), day_from_ymd(2026, days[i].month, days[i].day)) != days[i].work)
            fail_msg("2026-%02d-%02d", days[i].month, days[i].day);
    for (int32_t d = day_from_ymd(2026, 1, 1); d < day_from_ymd(2027, 1, 1); d++)
        *(calendar_is_workday(cal(), d) ? &work : &off) += 1;
    assert_int_equal(work, 248); /* 261 weekdays of the year, 19 of them off, 6 weekend days worked */
    assert_int_equal(off, 117);

    /* 2025 stands beside it, and does not run into it */
    assert_true(calendar_is_workday(cal(), day_from_ymd(2025, 1, 26)));
    assert_false(calendar_is_workday(cal(), day_from_ymd(2025, 10, 8)));
    assert_true(calendar_is_workday(cal(), day_from_ymd(2025, 12, 31)));
    assert_true(calendar_knows_year(cal(), 2026));
    assert_false(calendar_knows_year(cal(), 2024));
}

static void unknown_years_have_weekends_and_are_flagged_once(void **state)
{
    struct calendar c = *cal();
    _Atomic uint64_t flagged = 0;
    (void)state;

    c.flagged = &flagged;
    assert_false(calendar_is_workday(&c, day_from_ymd(2031, 1, 4)));
    assert_true(calendar_is_workday(&c, day_from_ymd(2031, 1, 1)));
    assert_true(flagged == UINT64_C(1) << 11);
    calendar_is_workday(&c, day_from_ymd(2032, 12, 31));
    calendar_is_workday(&c, day_from_ymd(2033, 1, 1));
    calendar_is_workday(&c, day_from_ymd(2024, 2, 29));
    assert_true(flagged == (UINT64_C(7) << 11 | UINT64_C(1) << 4));
    assert_int_equal(day_from_ymd(2080, 1, 1) - day_from_ymd(2020, 1, 1), CALENDAR_DAYS);
    for (int year = 2020; year < 2080; year++) { /* each day asks for its own year and no other */
        c.known = UINT64_C(1) << (year - 2020);
        flagged = 0;
        for (int32_t d = day_from_ymd(year, 1, 1); d < day_from_ymd(year + 1, 1, 1); d++)
            calendar_is_workday(&c, d);
        assert_true(flagged == 0);
    }
    assert_false(calendar_is_workday(&c, day_from_ymd(2019, 12, 29))); /* before the table, and after it */
    assert_true(calendar_is_workday(&c, day_from_ymd(2101, 5, 2)));
}

static void work_hours_over_the_spring_festival(void **state)
{
    static const struct {
        int64_t h;
        int m1, d1, H1, M1, m2, d2, H2, M2;
    } rows[] = {
        {2, 2, 13, 16, 0, 2, 14, 9, 30},   /* Friday afternoon into the swapped Saturday */
        {2, 2, 14, 16, 0, 2, 24, 9, 30},   /* over the nine days off */
        {1, 2, 14, 16, 30, 2, 14, 17, 30}, /* ends with the day, not at the next one's opening */
        {2, 2, 14, 12, 0, 2, 14, 15, 0},   /* starts at lunch */
        {2, 2, 13, 23, 40, 2, 14, 11, 0},  /* starts in the night */
        {2, 2, 18, 3, 0, 2, 24, 11, 0},    /* starts in the holiday */
        {3, 2, 14, 10, 0, 2, 14, 14, 30},  /* over lunch */
        {7, 2, 14, 9, 0, 2, 14, 17, 30},   /* a whole day */
        {8, 2, 27, 9, 0, 2, 28, 10, 0},    /* Friday into the Saturday that is worked */
        {14, 2, 28, 13, 0, 3, 3, 11, 30},  /* 4.5 on Saturday, Sunday off, Monday 7, Tuesday 2.5 */
        {1, 2, 14, 17, 30, 2, 24, 10, 0},  /* starts at the very end */
    };
    (void)state;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_time(calendar_add(cal(), time_at(2026, rows[i].m1, rows[i].d1, rows[i].H1, rows[i].M1), LIMIT_WORK_HOUR,
                                 rows[i].h),
                    time_at(2026, rows[i].m2, rows[i].d2, rows[i].H2, rows[i].M2));
}

static void days_and_clock_hours(void **state)
{
    int64_t t = time_at(2026, 2, 13, 15, 0);
    (void)state;

    assert_time(calendar_add(cal(), t, LIMIT_WORK_DAY, 1), time_at(2026, 2, 14, 17, 30));
    assert_time(calendar_add(cal(), t, LIMIT_WORK_DAY, 2), time_at(2026, 2, 24, 17, 30));
    assert_time(calendar_add(cal(), t, LIMIT_WORK_DAY, 6), time_at(2026, 2, 28, 17, 30));
    assert_time(calendar_add(cal(), t, LIMIT_WORK_DAY, 7), time_at(2026, 3, 2, 17, 30));
    assert_time(calendar_add(cal(), time_at(2026, 2, 17, 0, 0), LIMIT_WORK_DAY, 1), time_at(2026, 2, 24, 17, 30));
    assert_time(calendar_add(cal(), t, LIMIT_CALENDAR_DAY, 7), time_at(2026, 2, 21, 0, 0) - 1);
    assert_time(calendar_add(cal(), t, LIMIT_CLOCK_HOUR, 30), time_at(2026, 2, 14, 21, 0));
    for (enum limit_unit u = LIMIT_WORK_HOUR; u <= LIMIT_CLOCK_HOUR; u++) {
        assert_time(calendar_add(cal(), time_at(2026, 2, 17, 3, 21), u, 0), time_at(2026, 2, 17, 3, 21));
        assert_int_equal(calendar_between(cal(), u, t, t), 0);
    }
    /* 248 work days of 2026, from the last day of 2025 */
    assert_time(calendar_add(cal(), time_at(2025, 12, 31, 9, 0), LIMIT_WORK_DAY, 248), time_at(2026, 12, 31, 17, 30));
    assert_int_equal(calendar_work_ms(cal(), time_at(2026, 1, 1, 0, 0), time_at(2027, 1, 1, 0, 0)),
                     248 * 7 * TIME_HOUR);
    assert_int_equal(calendar_work_ms(cal(), time_at(2026, 2, 24, 10, 0), time_at(2026, 2, 14, 17, 0)),
                     -90 * TIME_MINUTE);
    assert_int_equal(calendar_between(cal(), LIMIT_WORK_HOUR, time_at(2026, 2, 24, 10, 0), time_at(2026, 2, 14, 17, 0)),
                     -2);
}

static uint64_t rng = 88172645463325252u;

static int64_t roll(int64_t below)
{
    rng ^= rng << 13;
    rng ^= rng >> 7;
    rng ^= rng << 17;
    return (int64_t)(rng >> 1) % below;
}

/* What was added is found again by measuring; more time never ends sooner; minutes counted one by one agree. */
static void adding_then_measuring_gives_back(void **state)
{
    int64_t from = time_at(2025, 1, 1, 0, 0), span = time_at(2027, 6, 1, 0, 0) - from;
    (void)state;

    for (int i = 0; i < 20000; i++) {
        int64_t t = from + roll(span), n = 1 + roll(i % 50 ? 30 : 800);
        for (enum limit_unit u = LIMIT_WORK_HOUR; u <= LIMIT_CLOCK_HOUR; u++) {
            int64_t due = calendar_add(cal(), t, u, n);
            assert_int_equal(calendar_between(cal(), u, t, due), n);
            assert_true(due > t && calendar_add(cal(), t, u, n + 1) > due);
            assert_int_equal(calendar_add(cal(), t + 1, u, n) >= due, 1);
            int64_t now = t + roll(due - t);
            assert_time(calendar_resume(cal(), u, now, calendar_left(cal(), u, now, due)), due);
            assert_true(calendar_resume(cal(), u, now, calendar_left(cal(), u, now, now - 1 - roll(TIME_DAY * 9))) <=
                        now);
        }
        int64_t ms = 1 + roll(40 * TIME_HOUR), end = calendar_add_work_ms(cal(), t, ms);
        assert_int_equal(calendar_work_ms(cal(), t, end), ms);
        assert_int_equal(calendar_work_ms(cal(), t, end - 1), ms - 1); /* the earliest such moment */
    }
    for (int i = 0; i < 200; i++) {
        int64_t t = from + roll(span) / TIME_MINUTE * TIME_MINUTE, minutes = roll(20 * 1440), n = 0;
        for (int64_t m = 0; m < minutes; m++)
            n += calendar_is_work_time(cal(), t + m * TIME_MINUTE);
        assert_int_equal(calendar_work_ms(cal(), t, t + minutes * TIME_MINUTE), n * TIME_MINUTE);
    }
}

static void other_hours(void **state)
{
    struct calendar c = *cal();
    (void)state;

    assert_int_equal(work_hours_parse(STR("08:30-12:00,14:00-18:00"), &c.hours), OK);
    assert_int_equal(calendar_day_work_ms(&c), 7 * TIME_HOUR + 30 * TIME_MINUTE);
    assert_time(calendar_add(&c, time_at(2026, 2, 14, 17, 0), LIMIT_WORK_HOUR, 2), time_at(2026, 2, 24, 9, 30));
    assert_int_equal(work_hours_parse(STR("08:30-12:00, 12:00-24:00"), &c.hours),
                     OK); /* without a break, to midnight */
    assert_time(calendar_add(&c, time_at(2026, 2, 14, 23, 0), LIMIT_WORK_HOUR, 1), time_at(2026, 2, 15, 0, 0));
    static const char *const wrong[] = {"",
                                        "9:00-11:30,13:00-17:30",
                                        "09:00-11:30",
                                        "09:00-13:30,13:00-17:30",
                                        "11:30-09:00,13:00-17:30",
                                        "09:00-11:30,13:00-17:30,",
                                        "09:00-11:30,13:00-25:00",
                                        "09:00-11:30,13:00-17:60",
                                        "0a:00-11:30,13:00-17:30",
                                        "09:00-11:30,13:00-17:30,18:00-19:00"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        if (work_hours_parse(str_from_cstr(wrong[i]), &c.hours) == OK && i != 5)
            fail_msg("\"%s\" is taken", wrong[i]);
}

static void units_have_words(void **state)
{
    (void)state;
    for (enum limit_unit u = LIMIT_WORK_HOUR; u <= LIMIT_CLOCK_HOUR; u++)
        assert_int_equal(limit_unit_from_word(str_from_cstr(limit_unit_word(u))), u);
    assert_int_equal(limit_unit_from_word(STR("fortnight")), LIMIT_NONE);
    assert_int_equal(limit_unit_from_word(STR("")), LIMIT_NONE);
}

/* The shipped notices against themselves: a swapped workday is a Saturday or a Sunday, near its holiday; and what is free beyond the weekends is
 * what was swapped and the thirteen statutory days, so that no day is missing and none is too many. */
static void the_notices_add_up(void **state)
{
    struct arena *a = arena_open(1 << 20);
    struct calendar_days days;
    struct str why = STR_NONE, csv;
    int year;
    (void)state;

    for (size_t i = 0; i < calendar_embedded(i, &year, &csv); i++) {
        int free_days = 0, swapped = 0;

        assert_int_equal(calendar_parse(a, csv, &days, &why), OK);
        for (size_t k = 0; k < days.n; k++) {
            bool weekend = day_weekday(days.day[k].day) >= 6, near = false;

            assert_true(days.day[k].name.len > 0);
            if (k)
                assert_true(days.day[k].day > days.day[k - 1].day);
            if (days.day[k].kind == CALENDAR_HOLIDAY) {
                free_days += !weekend;
                continue;
            }
            assert_true(weekend);
            swapped++;
            for (size_t h = 0; h < days.n; h++)
                near |= days.day[h].kind == CALENDAR_HOLIDAY && str_eq(days.day[h].name, days.day[k].name) &&
                        abs(days.day[h].day - days.day[k].day) <= 15;
            assert_true(near);
        }
        assert_int_equal(free_days - swapped, 13);
    }
    arena_close(a);
}

static void the_csv_of_a_year(void **state)
{
    static const struct {
        const char *text, *why;
    } wrong[] = {
        {"", "the first line must be date,kind,name"},
        {"date,kind\n2026-01-01,holiday\n", "the first line must be date,kind,name"},
        {"date,kind,name\n", "there is no day in the file"},
        {"date,kind,name\n2026-01-01,off,x\n", "line 2: kind is holiday or workday"},
        {"date,kind,name\n2027-01-01,holiday,x\n2027-02-30,holiday,x\n",
         "line 3: date is a day of 2020 to 2079, like 2026-02-17"},
        {"date,kind,name\n1999-01-01,holiday,x\n", "line 2: date is a day of 2020 to 2079, like 2026-02-17"},
        {"date,kind,name\n2027-01-04,workday,x\n", "line 2: a swapped workday is a Saturday or a Sunday"},
        {"date,kind,name\n2027-01-01,holiday,x\n2027-01-01,holiday,x\n", "line 3: this date is there twice"},
        {"date,kind,name\n2027-01-01,holiday\n", "line 2: quotes or number of fields are wrong"},
    };
    struct arena *a = arena_open(1 << 20);
    struct calendar_days days;
    struct calendar c;
    struct str why = STR_NONE, csv;
    int year;
    (void)state;

    for (size_t i = 0; i < calendar_embedded(i, &year, &csv); i++) {
        assert_int_equal(calendar_parse(a, csv, &days, &why), OK);
        assert_int_equal(days.first_year, year);
        assert_int_equal(days.last_year, year);
        assert_int_equal(days.n, year == 2026 ? 39 : 33);
    }
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_int_not_equal(calendar_parse(a, str_from_cstr(wrong[i].text), &days, &why), OK);
        if (!str_eq(why, str_from_cstr(wrong[i].why)))
            fail_msg("%.*s", STR_ARG(why));
    }
    /* GBK, with Chinese heads: 日期,类型,名称 / 2027-01-01,休,元旦 */
    assert_int_equal(
        calendar_parse(
            a, STR("\xC8\xD5\xC6\xDA,\xC0\xE0\xD0\xCD,\xC3\xFB\xB3\xC6\r\n2027-01-01,\xD0\xDD,\xD4\xAA\xB5\xA9\r\n"),
            &days, &why),
        OK);
    assert_true(str_eq(days.day[0].name, STR("元旦")));

    /* a year that comes again replaces the whole of what it was */
    calendar_init(&c, work_hours_usual);
    calendar_set(&c, (struct calendar_day[]){{day_from_ymd(2026, 3, 3), CALENDAR_HOLIDAY, STR("x")}}, 1);
    assert_false(calendar_is_workday(&c, day_from_ymd(2026, 3, 3)));
    calendar_set(&c, (struct calendar_day[]){{day_from_ymd(2026, 3, 7), CALENDAR_WORKDAY, STR("x")}}, 1);
    assert_true(calendar_is_workday(&c, day_from_ymd(2026, 3, 3)));
    assert_true(calendar_is_workday(&c, day_from_ymd(2026, 3, 7)));
    arena_close(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_notice_of_2026),
        cmocka_unit_test(unknown_years_have_weekends_and_are_flagged_once),
        cmocka_unit_test(work_hours_over_the_spring_festival),
        cmocka_unit_test(days_and_clock_hours),
        cmocka_unit_test(adding_then_measuring_gives_back),
        cmocka_unit_test(other_hours),
        cmocka_unit_test(units_have_words),
        cmocka_unit_test(the_notices_add_up),
        cmocka_unit_test(the_csv_of_a_year),
    };
    return cmocka_run_group_tests_name("calendar", tests, NULL, NULL);
}
