/* clock_test.c: deadlines that run, stop, pause, are extended and ring, over a Spring Festival. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "civic/flow/clock.h"
#include "support/test_sql.h"

#define A INT64_C(310113007011)
#define KIND STR("toy")
#define ANSWER STR("answer")
#define AT(m, d, h, min) time_at(2026, m, d, h, min)

static struct test_db t;

/* One call inside a write transaction, as data. */
struct call {
    enum { START, STOP, STOP_ALL, PAUSE, RESUME, EXTEND, GET } what;
    int64_t subject, now, due;
    enum limit_unit unit;
    int64_t amount;
    int warn;
    bool late;
    struct clock clock;
    int64_t promised; /* another time than the limit's */
};

static enum result run(struct db *db, void *arg)
{
    struct call *c = arg;
    const struct calendar *cal = calendar_now();

    switch (c->what) {
    case START:
        return clock_start(
            db, cal,
            &(struct clock_start){A, KIND, c->subject, ANSWER, c->unit, c->amount, c->promised, c->warn, c->now},
            &c->due);
    case STOP: return clock_stop(db, A, KIND, c->subject, ANSWER, c->now, &c->late);
    case STOP_ALL: return clock_stop_all(db, A, KIND, c->subject, c->now);
    case PAUSE: return clock_pause(db, cal, A, KIND, c->subject, ANSWER, c->now);
    case RESUME: return clock_resume(db, cal, A, KIND, c->subject, ANSWER, c->now, &c->due);
    case EXTEND: return clock_extend(db, A, KIND, c->subject, ANSWER, c->due, c->now);
    case GET: return clock_get(db, A, KIND, c->subject, ANSWER, &c->clock);
    }
    return E_INVALID;
}

static enum result call(struct call *c)
{
    return db_write_wait(t.database, t.arena, run, c);
}

static int64_t soon_n, late_n, last_subject, fail_subject;

static enum result soon(struct db *db, const struct clock *c, int64_t now)
{
    (void)db;
    assert_true(c->warned_at == now && str_eq(c->stage, ANSWER));
    soon_n++;
    return OK;
}

static enum result late(struct db *db, const struct clock *c, int64_t now)
{
    (void)db;
    assert_true(c->escalated_at == now && c->due_at <= now);
    last_subject = c->subject;
    if (c->subject == fail_subject)
        return E_DENIED;
    late_n++;
    return OK;
}

static const struct clock_bell bell = {"toy", soon, late};

static int64_t ring(int64_t now)
{
    struct arena *a = arena_open(1 << 20);
    int64_t n = -1;

    assert_int_equal(clock_ring(t.database, a, &bell, now, &n), OK);
    arena_close(a);
    return n;
}

static int setup(void **state)
{
    (void)state;
    test_db_open(&t);
    soon_n = late_n = fail_subject = 0;
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    test_db_close(&t);
    return 0;
}

static void warned_once_late_once(void **state)
{
    struct call c = {START, 1, AT(2, 14, 16, 30), 0, LIMIT_WORK_HOUR, 2, 50, false, {0}};
    (void)state;

    assert_int_equal(call(&c), OK);
    assert_int_equal(c.due, AT(2, 24, 10, 0)); /* nine days off between */
    assert_int_equal(ring(AT(2, 14, 17, 29)), 0);
    assert_int_equal(ring(AT(2, 14, 17, 30)), 1);
    assert_int_equal(soon_n, 1);
    assert_int_equal(ring(AT(2, 20, 12, 0)), 0);
    assert_int_equal(ring(AT(2, 24, 9, 59)), 0);
    assert_int_equal(ring(AT(2, 24, 10, 0)), 1);
    assert_true(late_n == 1 && last_subject == 1);
    assert_int_equal(ring(AT(3, 24, 10, 0)), 0);
    c.what = STOP, c.now = AT(2, 24, 11, 0);
    assert_int_equal(call(&c), OK);
    assert_true(c.late);
    assert_int_equal(call(&c), E_NOT_FOUND);
}

static void stopped_in_time_it_never_rings(void **state)
{
    struct call c = {START, 2, AT(3, 2, 9, 0), 0, LIMIT_WORK_DAY, 1, 0, false, {0}};
    (void)state;

    assert_int_equal(call(&c), OK);
    assert_int_equal(c.due, AT(3, 3, 17, 30));
    c.what = STOP, c.now = AT(3, 3, 17, 30);
    assert_int_equal(call(&c), OK);
    assert_false(c.late); /* on the minute is in time */
    assert_int_equal(ring(AT(4, 1, 0, 0)), 0);
    /* asked again: a second clock; a start while one runs replaces it */
    c.what = START, c.now = AT(3, 9, 9, 0);
    assert_int_equal(call(&c), OK);
    c.now = AT(3, 10, 9, 0);
    assert_int_equal(call(&c), OK);
    assert_int_equal(test_sql_int(&t, "SELECT COUNT(*) FROM clock WHERE stopped_at = 0"), 1);
    assert_int_equal(test_sql_int(&t, "SELECT COUNT(*) FROM clock"), 3);
    c.what = STOP_ALL;
    assert_int_equal(call(&c), OK);
    assert_int_equal(ring(AT(4, 1, 0, 0)), 0);
}

static void pausing_keeps_what_is_left(void **state)
{
    struct call c = {START, 3, AT(3, 2, 9, 0), 0, LIMIT_WORK_HOUR, 4, 75, false, {0}};
    (void)state;

    assert_int_equal(call(&c), OK);
    assert_int_equal(c.due, AT(3, 2, 14, 30));
    c.what = PAUSE, c.now = AT(3, 2, 10, 0);
    assert_int_equal(call(&c), OK);
    assert_int_equal(call(&c), E_CONFLICT);
    assert_int_equal(ring(AT(3, 9, 0, 0)), 0);
    c.what = EXTEND, c.due = AT(3, 9, 9, 0);
    assert_int_equal(call(&c), E_CONFLICT);
    c.what = RESUME, c.now = AT(3, 9, 16, 30);
    assert_int_equal(call(&c), OK);
    assert_int_equal(c.due, AT(3, 10, 11, 0)); /* three hours: one today, two tomorrow */
    assert_int_equal(call(&c), E_CONFLICT);
    assert_int_equal(ring(AT(3, 10, 10, 59)), 1);
    assert_int_equal(soon_n, 1);
    assert_int_equal(ring(AT(3, 10, 11, 0)), 1);
    assert_int_equal(late_n, 1);
}

static void an_extension_lets_it_be_late_again(void **state)
{
    struct call c = {START, 4, AT(3, 2, 9, 0), 0, LIMIT_CLOCK_HOUR, 2, 0, false, {0}};
    (void)state;

    assert_int_equal(call(&c), OK);
    assert_int_equal(ring(AT(3, 2, 11, 0)), 1);
    c.what = EXTEND, c.now = AT(3, 2, 12, 0), c.due = AT(3, 2, 11, 0);
    assert_int_equal(call(&c), E_INVALID);
    c.due = AT(3, 2, 12, 0);
    assert_int_equal(call(&c), E_INVALID);
    c.due = AT(3, 4, 12, 0);
    assert_int_equal(call(&c), OK);
    c.what = GET;
    assert_int_equal(call(&c), OK);
    assert_true(c.clock.extended == 1 && c.clock.due_at == AT(3, 4, 12, 0) && c.clock.unit == LIMIT_CLOCK_HOUR);
    assert_int_equal(ring(AT(3, 4, 11, 59)), 0);
    assert_int_equal(ring(AT(3, 4, 12, 0)), 1);
    assert_int_equal(late_n, 2);
}

static void a_promise_rings_at_its_own_time(void **state)
{
    /* five work days would be the 9th; it was promised for the next noon, and for the week after */
    struct call sooner = {START, 5, AT(3, 2, 9, 0), 0, LIMIT_WORK_DAY, 5, 50, .promised = AT(3, 3, 12, 0)};
    struct call later = {START, 6, AT(3, 2, 9, 0), 0, LIMIT_WORK_DAY, 1, 50, .promised = AT(3, 12, 9, 0)};
    struct call past = {START, 7, AT(3, 2, 9, 0), 0, LIMIT_WORK_DAY, 1, 50, .promised = AT(3, 2, 9, 0)};
    (void)state;

    assert_int_equal(call(&sooner), OK);
    assert_int_equal(sooner.due, AT(3, 3, 12, 0));
    assert_int_equal(call(&later), OK);
    assert_int_equal(call(&past), E_INVALID);
    assert_int_equal(ring(AT(3, 2, 22, 29)), 0);
    assert_int_equal(ring(AT(3, 2, 22, 30)), 1); /* half of the 27 hours */
    assert_int_equal(soon_n, 1);
    assert_int_equal(ring(AT(3, 3, 11, 59)), 0);
    assert_int_equal(ring(AT(3, 3, 12, 0)), 1);
    assert_true(late_n == 1 && last_subject == 5);
    assert_int_equal(ring(AT(3, 7, 8, 59)), 0); /* not when the limit would have been over */
    assert_int_equal(ring(AT(3, 7, 9, 0)), 1);
    assert_int_equal(ring(AT(3, 12, 9, 0)), 1);
    assert_true(late_n == 2 && last_subject == 6);
}

static void an_extension_warns_again(void **state)
{
    struct call c = {START, 8, AT(3, 2, 8, 0), 0, LIMIT_CLOCK_HOUR, 4, 75, false, {0}};
    (void)state;

    assert_int_equal(call(&c), OK);
    assert_int_equal(ring(AT(3, 2, 11, 0)), 1);
    c.what = EXTEND, c.now = AT(3, 2, 11, 30), c.due = AT(3, 3, 12, 0);
    assert_int_equal(call(&c), OK);
    assert_int_equal(ring(AT(3, 3, 10, 59)), 0);
    assert_int_equal(ring(AT(3, 3, 11, 0)), 1); /* an hour before, as the first time */
    assert_int_equal(soon_n, 2);
    assert_int_equal(ring(AT(3, 3, 12, 0)), 1);
    assert_int_equal(late_n, 1);
}

static void one_that_fails_does_not_hold_up_the_others(void **state)
{
    (void)state;
    for (int i = 0; i < 250; i++) {
        struct call c = {START, 1000 + i, AT(3, 2, 9, 0) + i, 0, LIMIT_CLOCK_HOUR, 1, 0, false, {0}};
        assert_int_equal(call(&c), OK);
    }
    fail_subject = 1000;
    assert_int_equal(ring(AT(3, 3, 9, 0)), 249);
    fail_subject = 0;
    assert_int_equal(ring(AT(3, 3, 9, 1)), 1); /* what failed was undone, so it rings again */
    assert_int_equal(last_subject, 1000);
    struct call wrong = {START, 9, AT(3, 2, 9, 0), 0, LIMIT_NONE, 1, 0, false, {0}};
    assert_int_equal(call(&wrong), E_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(warned_once_late_once, setup, teardown),
        cmocka_unit_test_setup_teardown(stopped_in_time_it_never_rings, setup, teardown),
        cmocka_unit_test_setup_teardown(pausing_keeps_what_is_left, setup, teardown),
        cmocka_unit_test_setup_teardown(an_extension_lets_it_be_late_again, setup, teardown),
        cmocka_unit_test_setup_teardown(a_promise_rings_at_its_own_time, setup, teardown),
        cmocka_unit_test_setup_teardown(an_extension_warns_again, setup, teardown),
        cmocka_unit_test_setup_teardown(one_that_fails_does_not_hold_up_the_others, setup, teardown),
    };
    return cmocka_run_group_tests_name("clock", tests, NULL, NULL);
}
