/* open_test.c: opening hours as people type them, and whether it is open. */
#include "boards/service/rules.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct arena *a;

static int setup(void **state)
{
    (void)state;
    a = arena_open(1 << 20);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_close(a);
    return 0;
}

static void what_people_type(void **state)
{
    static const struct {
        const char *typed, *stored;
    } days[] = {
        {"", ""},
        {"9:00-17:30", "09:00-17:30"},
        {" 09:00 - 11:30 , 13:00-17:30 ", "09:00-11:30,13:00-17:30"},
        {"9：00－11：30，13：00～17：30", "09:00-11:30,13:00-17:30"},
        {"８:００至１２:００", "08:00-12:00"},
        {"0:00-24:00", "00:00-24:00"},
        {"9:00到12:00、13:00到18:00", "09:00-12:00,13:00-18:00"},
        {"9-17", NULL},
        {"17:00-9:00", NULL},
        {"9:00-9:00", NULL},
        {"9:00-12:00,11:00-13:00", NULL},
        {"9:00-25:00", NULL},
        {"9:60-10:00", NULL},
        {"9:00-24:01", NULL},
        {"x", NULL},
        {"-", NULL},
        {":-:", NULL},
        {"9:00-10:00,,11:00-12:00", NULL},
        {"9:00", NULL},
        {"9:0-10:00", NULL},
        {"1:00-2:00,3:00-4:00,5:00-6:00,7:00-8:00", NULL},
        {"999:00-1000:00", NULL},
        {"－", NULL},
        {"\xEF\xBC", NULL},
    };
    (void)state;

    for (size_t i = 0; i < sizeof(days) / sizeof(days[0]); i++) {
        struct str stored;
        enum result r = open_day_parse(a, str_from_cstr(days[i].typed), &stored);

        assert_int_equal(r, days[i].stored ? OK : E_INVALID);
        if (r == OK)
            assert_true(str_eq(stored, str_from_cstr(days[i].stored)));
    }
}

static bool is_open(const struct open_hours *h, int64_t at, int64_t until)
{
    int64_t said;
    bool open = open_at(h, at, &said);

    assert_true(said == until);
    return open;
}

static void open_now(void **state)
{
    const struct sql_provider_get row = {
        .hours = STR("09:00-11:30,13:00-17:30;;09:00-24:00;;09:00-17:00;10:00-12:00;")};
    struct open_hours h = open_hours_of(&row);
    (void)state;

    /* 2026-03-02 is a Monday */
    assert_false(is_open(&h, time_at(2026, 3, 2, 8, 59), time_at(2026, 3, 2, 9, 0)));
    assert_true(is_open(&h, time_at(2026, 3, 2, 9, 0), time_at(2026, 3, 2, 11, 30)));
    assert_false(is_open(&h, time_at(2026, 3, 2, 11, 30), time_at(2026, 3, 2, 13, 0))); /* the end is not in it */
    assert_true(is_open(&h, time_at(2026, 3, 2, 17, 29), time_at(2026, 3, 2, 17, 30)));
    assert_false(is_open(&h, time_at(2026, 3, 2, 17, 30), time_at(2026, 3, 4, 9, 0)));
    assert_true(is_open(&h, time_at(2026, 3, 4, 23, 59), time_at(2026, 3, 5, 0, 0)));
    assert_true(is_open(&h, time_at(2026, 3, 7, 10, 0), time_at(2026, 3, 7, 12, 0))); /* Saturday */
    assert_false(is_open(&h, time_at(2026, 3, 8, 10, 0), time_at(2026, 3, 9, 9, 0))); /* Sunday */
    /* National Day 2026 is a Thursday, the Friday after it a holiday as well */
    assert_false(is_open(&h, time_at(2026, 10, 2, 10, 0), time_at(2026, 10, 3, 10, 0)));
    h.on_holidays = true;
    assert_true(is_open(&h, time_at(2026, 10, 2, 10, 0), time_at(2026, 10, 2, 17, 0)));
    /* shut for once */
    h.shut_from = day_of(time_at(2026, 3, 2, 0, 0));
    h.shut_to = day_of(time_at(2026, 3, 5, 0, 0));
    assert_false(is_open(&h, time_at(2026, 3, 4, 10, 0), time_at(2026, 3, 6, 9, 0)));
    h.shut_to += 100;
    assert_false(is_open(&h, time_at(2026, 3, 4, 10, 0), 0));
    assert_true(open_ever(&h));
}

static void never(void **state)
{
    static const char *const rows[] = {"", ";;;;;;", "rubbish;;;", "9;9;9;9;9;9;9;9;9;9"};
    (void)state;

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct sql_provider_get row = {.hours = str_from_cstr(rows[i])};
        struct open_hours h = open_hours_of(&row);

        assert_false(open_ever(&h));
        assert_false(is_open(&h, time_at(2026, 3, 4, 10, 0), 0));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_people_type),
        cmocka_unit_test(open_now),
        cmocka_unit_test(never),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
