/* postgres_test.c: what only PostgreSQL does: connections that go away, deadlocks. On SQLite there is nothing to run. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>
#include <pthread.h>

#include "support/test_sql.h"
#include "support/test_thing.h"

static void end_all_connections(struct test_db *t)
{
    test_sql(
        t,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");
}

static void idle_connections_come_back(void **state)
{
    struct test_db *t = *state;
    int64_t id = 1;

    assert_int_equal(db_write_wait(t->database, t->arena, thing_put_one, &id), OK);
    assert_int_equal(thing_count_now(t, 3), 1);
    end_all_connections(t);
    assert_int_equal(thing_count_now(t, 3), 1); /* nothing had begun: nobody notices */
    for (id = 2; id < 10; id++)
        assert_int_equal(db_write_wait(t->database, t->arena, thing_put_one, &id), OK);
    assert_int_equal(thing_count_now(t, 3), 9);
    assert_true(database_healthy(t->database));
}

static enum result lose_it_in_the_middle(struct db *db, void *arg)
{
    struct test_db *t = arg;
    enum result r = thing_put(db, 4, 1, STR("a"), false, 0, STR_NONE);

    if (r != OK)
        return r;
    end_all_connections(t);
    r = thing_put(db, 4, 2, STR("a"), false, 0, STR_NONE);
    return r == OK ? E_INVALID : OK; /* a job that overlooks it */
}

static enum result lose_it_before_the_commit(struct db *db, void *arg)
{
    enum result r = thing_put(db, 4, 3, STR("a"), false, 0, STR_NONE);

    end_all_connections(arg);
    return r;
}

static void a_lost_transaction_is_not_acknowledged(void **state)
{
    struct test_db *t = *state;
    struct db *db;
    int64_t id = 1;

    assert_int_equal(db_write_wait(t->database, t->arena, lose_it_in_the_middle, t), E_BUSY);
    assert_int_equal(thing_count_now(t, 4), 0);
    assert_int_equal(db_write_wait(t->database, t->arena, lose_it_before_the_commit, t), E_BUSY);
    assert_int_equal(thing_count_now(t, 4), 0);
    assert_int_equal(db_read_begin(t->database, t->arena, &db), OK);
    assert_int_equal(thing_count(db, 4), 0);
    end_all_connections(t);
    assert_int_equal(thing_count(db, 4), -1); /* its snapshot is gone: no silent second one */
    db_read_end(db);
    assert_int_equal(thing_count_now(t, 4), 0);
    assert_int_equal(db_write_wait(t->database, t->arena, thing_put_one, &id), OK);
}

struct opposite {
    struct test_db *t;
    int64_t first, second;
    atomic_int *met;
    enum result result;
};

static enum result retitle(struct db *db, int64_t id)
{
    const union db_value v[] = {{.i = 3}, {.i = id}, {.s = STR("new")}};
    struct thing thing;

    return db_one(db, THING_RETITLE, v, &thing);
}

static enum result retitle_both(struct db *db, void *arg)
{
    struct opposite *o = arg;
    enum result r = retitle(db, o->first);

    ++*o->met;
    for (int i = 0; i < 200 && *o->met < 2; i++)
        usleep(1000);
    return r == OK ? retitle(db, o->second) : r;
}

static void *in_a_thread(void *arg)
{
    struct opposite *o = arg;
    struct arena *a = arena_open(1 << 20);

    o->result = db_write_wait(o->t->database, a, retitle_both, o);
    arena_close(a);
    return NULL;
}

static void a_deadlock_is_tried_again(void **state)
{
    struct test_db *t = *state;
    atomic_int met = 0;
    struct opposite one = {t, 1, 2, &met, E_IO}, two = {t, 2, 1, &met, E_IO};
    pthread_t threads[2];

    for (int64_t id = 1; id <= 2; id++)
        assert_int_equal(db_write_wait(t->database, t->arena, thing_put_one, &id), OK);
    pthread_create(&threads[0], NULL, in_a_thread, &one);
    pthread_create(&threads[1], NULL, in_a_thread, &two);
    pthread_join(threads[0], NULL);
    pthread_join(threads[1], NULL);
    assert_int_equal(one.result, OK);
    assert_int_equal(two.result, OK);
    assert_true(met > 2); /* one of them ran twice */
}

int main(void)
{
#define EACH(fn) cmocka_unit_test_setup_teardown(fn, thing_setup, thing_teardown)
    const struct CMUnitTest tests[] = {
        EACH(idle_connections_come_back),
        EACH(a_lost_transaction_is_not_acknowledged),
        EACH(a_deadlock_is_tried_again),
    };

    return test_db_postgres() ? cmocka_run_group_tests(tests, NULL, NULL) : 0;
}
