/* db_open_test.c: opening, the schema's steps, copies, and what a killed process leaves. On the engine of LILONG_TEST_ENGINE. */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <pthread.h>

#include "support/test_thing.h"

/* ---- opening */

static void acknowledged_writes_survive_a_kill(void **state)
{
    struct test_db *t = *state;
    int pipes[2];
    int64_t last = 0;

    database_close(t->database);
    t->database = NULL;
    assert_int_equal(pipe(pipes), 0);
    pid_t child = fork();
    if (child == 0) { /* writes, tells each acknowledged one, and ends without a word while it goes on */
        struct str why;
        close(pipes[0]);
        if (database_open_catalogue(&t->options, &thing_catalogue, true, t->arena, &t->database, &why) != OK)
            _exit(3);
        for (int64_t id = 1;; id++) {
            if (db_write_wait(t->database, t->arena, thing_put_one, &id) != OK ||
                write(pipes[1], &id, sizeof(id)) != sizeof(id))
                _exit(4);
        }
    }
    close(pipes[1]);
    while (last < 200)
        assert_int_equal(read(pipes[0], &last, sizeof(last)), sizeof(last));
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    int64_t more;
    while (read(pipes[0], &more, sizeof(more)) == sizeof(more))
        last = more;
    close(pipes[0]);
    test_db_reopen(t, &thing_catalogue);
    int64_t n = thing_count_now(t, 3);
    assert_true(n == last || n == last + 1); /* the last may be committed and not yet told */
}

static void second_process_is_refused(void **state)
{
    struct test_db *t = *state;
    struct database *other;
    struct str why = STR_NONE;

    if (test_db_postgres())
        return; /* many processes are its purpose */
    assert_int_equal(database_open_catalogue(&t->options, &thing_catalogue, true, t->arena, &other, &why), E_IO);
    assert_true(str_find(why, STR("another process")) != SIZE_MAX);
}

static void schema_is_guarded(void **state)
{
    struct test_db *t = *state;
    struct str why = STR_NONE;
    struct database *other;
    struct db_migration changed[3];

    database_close(t->database);
    t->database = NULL;
    struct db_catalogue older = thing_catalogue;
    older.n_migrations = 2;
    assert_int_equal(database_open_catalogue(&t->options, &older, true, t->arena, &other, &why), E_INVALID);
    assert_true(str_find(why, STR("0004_more")) != SIZE_MAX);

    memcpy(changed, thing_migrations, sizeof(changed));
    changed[1].sqlite_sha = changed[1].postgres_sha = "zz";
    struct db_catalogue edited = thing_catalogue;
    edited.migrations = changed;
    assert_int_equal(database_open_catalogue(&t->options, &edited, true, t->arena, &other, &why), E_INVALID);
    assert_true(str_find(why, STR("0002_thing was changed")) != SIZE_MAX);

    struct db_migration newer[4];
    memcpy(newer, thing_migrations, sizeof(thing_migrations));
    newer[3] = (struct db_migration){5,    "0005_last", "CREATE TABLE late (a BIGINT)", "CREATE TABLE late (a BIGINT)",
                                     "ad", "bd"};
    struct db_catalogue next = {thing_catalogue.statements, THING_STATEMENTS, newer, 4};
    assert_int_equal(database_open_catalogue(&t->options, &next, false, t->arena, &other, &why), E_INVALID);
    assert_true(str_find(why, STR("0005_last")) != SIZE_MAX);
    test_db_reopen(t, &next); /* brought up to date, with what was in it */
    assert_int_equal(thing_count_now(t, 1), 0);

    struct db_migration gap[4];
    memcpy(gap, newer, sizeof(gap));
    gap[2] = (struct db_migration){3,    "0003_late", "CREATE TABLE l (a BIGINT)", "CREATE TABLE l (a BIGINT)",
                                   "ae", "be"};
    struct db_catalogue torn = {thing_catalogue.statements, THING_STATEMENTS, gap, 4};
    database_close(t->database);
    t->database = NULL;
    assert_int_equal(database_open_catalogue(&t->options, &torn, true, t->arena, &other, &why), E_INVALID);
    test_db_reopen(t, &next);
}

static void a_failing_step_leaves_nothing(void **state)
{
    struct test_db *t = *state;
    struct str why = STR_NONE;
    struct database *other;
    struct db_migration more[4];

    database_close(t->database);
    t->database = NULL;
    memcpy(more, thing_migrations, sizeof(thing_migrations));
    more[3] = (struct db_migration){5,
                                    "0005_bad",
                                    "CREATE TABLE half (a BIGINT); CREATE TABLE half (a BIGINT)",
                                    "CREATE TABLE half (a BIGINT); CREATE TABLE half (a BIGINT)",
                                    "ad",
                                    "bd"};
    struct db_catalogue next = {thing_catalogue.statements, THING_STATEMENTS, more, 4};
    assert_int_equal(database_open_catalogue(&t->options, &next, true, t->arena, &other, &why), E_IO);
    assert_true(str_find(why, STR("0005_bad")) != SIZE_MAX);
    more[3].sqlite = more[3].postgres = "CREATE TABLE half (a BIGINT)";
    test_db_reopen(t, &next);
}

static void a_bad_statement_refuses_the_start(void **state)
{
    struct test_db *t = *state;
    struct str why = STR_NONE;
    struct database *other;
    struct db_statement bad = thing_statements[THING_COUNT];
    const struct db_statement *some[] = {&bad};
    struct db_catalogue wrong = {some, 1, thing_migrations, 3};

    database_close(t->database);
    t->database = NULL;
    bad.sqlite = bad.postgres = "SELECT nothing FROM thing";
    assert_int_equal(database_open_catalogue(&t->options, &wrong, true, t->arena, &other, &why), E_INVALID);
    assert_true(str_find(why, STR("statement count")) != SIZE_MAX);
    bad.sqlite = "SELECT id, title FROM thing WHERE community = ?1";
    bad.postgres = "SELECT COUNT(*) + 0.5 AS n FROM thing WHERE community = $1"; /* a numeric */
    assert_int_equal(database_open_catalogue(&t->options, &wrong, true, t->arena, &other, &why), E_INVALID);
    assert_true(str_find(why, STR("statement count")) != SIZE_MAX);
    test_db_reopen(t, &thing_catalogue);
}

/* ---- copies */

struct stream {
    struct test_db *t;
    atomic_bool stop;
    _Atomic int64_t written;
};

static void *write_on(void *arg)
{
    struct stream *s = arg;
    struct arena *a = arena_open(1 << 20);

    for (int64_t id = 1; !s->stop; id++) {
        if (db_write_wait(s->t->database, a, thing_put_one, &id) == OK)
            s->written = id;
        arena_reset(a);
    }
    arena_close(a);
    return NULL;
}

static void copy_while_writes_go_on(void **state)
{
    struct test_db *t = *state;
    struct stream s = {.t = t};
    char to[600];
    pthread_t thread;

    if (test_db_postgres()) {
        assert_int_equal(database_copy(t->database, "/nowhere"), E_INVALID);
        return;
    }
    assert_int_equal(db_write_wait(t->database, t->arena, thing_put_many_big, NULL), OK);
    snprintf(to, sizeof(to), "%s.copy", t->place);
    assert_int_equal(pthread_create(&thread, NULL, write_on, &s), 0);
    usleep(20000);
    int64_t before = s.written;
    assert_int_equal(database_copy(t->database, to), OK);
    int64_t after = s.written;
    assert_int_equal(database_copy(t->database, to), E_CONFLICT); /* never over a file that is there */
    assert_int_equal(database_copy(t->database, "/nowhere/at/all"), E_IO);
    s.stop = true;
    pthread_join(thread, NULL);
    assert_true(before > 0 && s.written >= after);

    struct db_options options = {.sqlite_path = to};
    struct database *copy;
    struct str why;
    struct db *db;
    assert_int_equal(database_open_catalogue(&options, &thing_catalogue, false, t->arena, &copy, &why), OK);
    assert_int_equal(db_read_begin(copy, t->arena, &db), OK);
    int64_t n = thing_count(db, 3);
    assert_int_equal(thing_count(db, 9), 10);
    db_read_end(db);
    database_close(copy);
    assert_true(n >= before && n <= after + 1);
}

static void memory_database(void **state)
{
    struct test_db *t = *state;
    struct db_options options = {.sqlite_path = ":memory:"};
    struct database *one, *two;
    struct str why;
    int64_t id = 1;
    struct db *db;

    assert_int_equal(database_open_catalogue(&options, &thing_catalogue, true, t->arena, &one, &why), OK);
    assert_int_equal(database_open_catalogue(&options, &thing_catalogue, true, t->arena, &two, &why), OK);
    assert_int_equal(db_write_wait(one, t->arena, thing_put_one, &id), OK);
    assert_int_equal(db_read_begin(one, t->arena, &db), OK);
    assert_int_equal(thing_count(db, 3), 1);
    db_read_end(db);
    assert_int_equal(db_read_begin(two, t->arena, &db), OK);
    assert_int_equal(thing_count(db, 3), 0);
    db_read_end(db);
    database_close(one);
    database_close(two);
}

/* The program's own schema and statements, as they are: every one prepares on the engine in use. */
static void the_program_opens(void **state)
{
    struct test_db own;
    struct database *again;
    struct str why = STR_NONE;

    (void)state;
    test_db_open(&own);
    database_close(own.database);
    own.database = NULL;
    assert_int_equal(database_open(&own.options, false, own.arena, &again, &why), OK); /* nothing is left to do */
    own.database = again;
    test_db_close(&own);
}

int main(void)
{
#define EACH(fn) cmocka_unit_test_setup_teardown(fn, thing_setup, thing_teardown)
    const struct CMUnitTest tests[] = {
        EACH(acknowledged_writes_survive_a_kill),
        EACH(second_process_is_refused),
        EACH(schema_is_guarded),
        EACH(a_failing_step_leaves_nothing),
        EACH(a_bad_statement_refuses_the_start),
        EACH(copy_while_writes_go_on),
        EACH(memory_database),
        cmocka_unit_test(the_program_opens),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
