/* store_test.c: the table of holidays in the database, and how a new notice reaches a running process. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "civic/calendar/official.h"
#include "support/test_sql.h"

static struct test_db t;

static int setup(void **state)
{
    (void)state;
    test_db_open(&t);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    test_db_close(&t);
    return 0;
}

static enum result seed(struct db *db, void *arg)
{
    (void)arg;
    return calendar_seed(db, time_at(2026, 1, 1, 0, 0));
}

static enum result import(struct db *db, void *arg)
{
    struct calendar_days days;
    struct str why;

    assert_int_equal(calendar_parse(db_arena(db), *(struct str *)arg, &days, &why), OK);
    return calendar_import(db, &days, time_at(2026, 11, 5, 0, 0));
}

static enum result refresh(struct db *db, void *arg)
{
    (void)arg;
    return calendar_refresh(db);
}

static void a_new_notice(void **state)
{
    struct str csv = STR("date,kind,name\n2027-01-01,holiday,元旦\n2027-01-03,workday,元旦\n");
    struct str mended = STR("date,kind,name\n2027-01-01,holiday,元旦\n2027-01-02,workday,元旦\n");
    const struct calendar *before = calendar_now();
    (void)state;

    assert_int_equal(db_write_wait(t.database, t.arena, seed, NULL), OK);
    assert_int_equal(test_sql_int(&t, "SELECT COUNT(*) FROM holiday"), 72);
    assert_int_equal(db_write_wait(t.database, t.arena, seed, NULL), OK); /* again: nothing */
    assert_int_equal(test_sql_int(&t, "SELECT COUNT(*) FROM holiday"), 72);
    assert_int_equal(db_write_wait(t.database, t.arena, refresh, NULL), OK);
    assert_true(calendar_now() != before && calendar_now()->version > 0);
    assert_false(calendar_is_workday(calendar_now(), day_from_ymd(2026, 2, 23)));
    assert_true(calendar_is_workday(calendar_now(), day_from_ymd(2027, 1, 1)));

    assert_int_equal(db_write_wait(t.database, t.arena, import, &csv), OK);
    assert_true(calendar_is_workday(calendar_now(), day_from_ymd(2027, 1, 1))); /* not before it is refreshed */
    assert_int_equal(db_write_wait(t.database, t.arena, refresh, NULL), OK);
    assert_false(calendar_is_workday(calendar_now(), day_from_ymd(2027, 1, 1)));
    assert_true(calendar_is_workday(calendar_now(), day_from_ymd(2027, 1, 3)));
    assert_true(calendar_knows_year(calendar_now(), 2027));

    assert_int_equal(db_write_wait(t.database, t.arena, import, &mended), OK); /* the whole year is replaced */
    assert_int_equal(test_sql_int(&t, "SELECT COUNT(*) FROM holiday"), 74);
    assert_int_equal(db_write_wait(t.database, t.arena, refresh, NULL), OK);
    assert_true(calendar_is_workday(calendar_now(), day_from_ymd(2027, 1, 2)));
    assert_false(calendar_is_workday(calendar_now(), day_from_ymd(2027, 1, 3)));

    const struct calendar *now = calendar_now();
    assert_int_equal(db_write_wait(t.database, t.arena, refresh, NULL), OK); /* nothing new: the same one */
    assert_ptr_equal(now, calendar_now());
    assert_true(calendar_is_workday(before, day_from_ymd(2027, 1, 1))); /* who counts by the old one goes on doing so */

    struct work_hours hours = {8 * 60, 12 * 60, 13 * 60, 17 * 60};
    calendar_use_hours(hours);
    assert_int_equal(calendar_day_work_ms(calendar_now()), 8 * TIME_HOUR);
    assert_true(calendar_is_workday(calendar_now(), day_from_ymd(2027, 1, 2)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_new_notice)};

    return cmocka_run_group_tests_name("calendar store", tests, setup, teardown);
}
