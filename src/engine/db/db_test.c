/* db_test.c: the database layer on the engine of LILONG_TEST_ENGINE, with a small schema of its own. */
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

#include "support/test_db.h"

/* ---- a catalogue as tools/statements would write it */

struct row {
    int64_t id;
    struct str title;
    bool open;
    double area;
    struct str photo;
};
static const struct db_column row_columns[] = {
    {'i', offsetof(struct row, id)},  {'t', offsetof(struct row, title)}, {'b', offsetof(struct row, open)},
    {'r', offsetof(struct row, area)}, {'y', offsetof(struct row, photo)},
};
struct total {
    int64_t n;
};
static const struct db_column total_columns[] = {{'i', offsetof(struct total, n)}};

enum { PUT, GET, LIST, COUNT, OPEN, RETITLE, PUT_QUIET, PUT_CHILD, TITLE_OF_NULL, N_STATEMENTS };
static const struct db_statement statements[N_STATEMENTS] = {
    [PUT] = {"put", "INSERT INTO thing (community, id, title, open, area, photo) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
             "INSERT INTO thing (community, id, title, open, area, photo) VALUES ($1, $2, $3, $4, $5, $6)", "iitbry", NULL, 6, 0, 0, true,
             "db_test.c", __LINE__},
    [GET] = {"get", "SELECT id, title, open, area, photo FROM thing WHERE community = ?1 AND id = ?2",
             "SELECT id, title, open, area, photo FROM thing WHERE community = $1 AND id = $2", "ii", row_columns, 2, 5, sizeof(struct row), false,
             "db_test.c", __LINE__},
    [LIST] = {"list", "SELECT id, title, open, area, photo FROM thing WHERE community = ?1 ORDER BY id LIMIT ?2",
              "SELECT id, title, open, area, photo FROM thing WHERE community = $1 ORDER BY id LIMIT $2", "ii", row_columns, 2, 5,
              sizeof(struct row), false, "db_test.c", __LINE__},
    [COUNT] = {"count", "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM thing WHERE community = ?1",
               "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM thing WHERE community = $1", "i", total_columns, 1, 1, sizeof(struct total), false,
               "db_test.c", __LINE__},
    [OPEN] = {"open", "UPDATE thing SET open = ?2 WHERE community = ?1 AND open <> ?2",
              "UPDATE thing SET open = $2 WHERE community = $1 AND open <> $2", "ib", NULL, 2, 0, 0, true, "db_test.c", __LINE__},
    [RETITLE] = {"retitle", "UPDATE thing SET title = ?3 WHERE community = ?1 AND id = ?2 RETURNING id, title, open, area, photo",
                 "UPDATE thing SET title = $3 WHERE community = $1 AND id = $2 RETURNING id, title, open, area, photo", "iit", row_columns, 3, 5,
                 sizeof(struct row), true, "db_test.c", __LINE__},
    [PUT_QUIET] = {"put_quiet",
                   "INSERT INTO thing (community, id, title, open, area, photo) VALUES (?1, ?2, '', 0, 0, '') ON CONFLICT DO NOTHING",
                   "INSERT INTO thing (community, id, title, open, area, photo) VALUES ($1, $2, '', 0, 0, '') ON CONFLICT DO NOTHING", "ii",
                   NULL, 2, 0, 0, true, "db_test.c", __LINE__},
    [PUT_CHILD] = {"put_child", "INSERT INTO child (community, id, thing) VALUES (?1, ?2, ?3)",
                   "INSERT INTO child (community, id, thing) VALUES ($1, $2, $3)", "iii", NULL, 3, 0, 0, true, "db_test.c", __LINE__},
    [TITLE_OF_NULL] = {"title_of_null",
                       "SELECT CAST(NULL AS BIGINT) AS id, CAST(NULL AS TEXT) AS title, CAST(NULL AS SMALLINT) AS open, "
                       "CAST(NULL AS DOUBLE PRECISION) AS area, CAST(NULL AS BLOB) AS photo",
                       "SELECT CAST(NULL AS BIGINT) AS id, CAST(NULL AS TEXT) AS title, CAST(NULL AS SMALLINT) AS open, "
                       "CAST(NULL AS DOUBLE PRECISION) AS area, CAST(NULL AS BYTEA) AS photo",
                       "", row_columns, 0, 5, sizeof(struct row), false, "db_test.c", __LINE__},
};
static const struct db_statement *list[N_STATEMENTS];

#define VERSION_TABLE "CREATE TABLE schema_version (version BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL, applied_at BIGINT NOT NULL, sha TEXT NOT NULL);"
#define THING(bytes) "CREATE TABLE thing (community BIGINT NOT NULL, id BIGINT NOT NULL, title TEXT NOT NULL, open SMALLINT NOT NULL, " \
                     "area DOUBLE PRECISION NOT NULL, photo " bytes " NOT NULL, CHECK (area >= 0), PRIMARY KEY (community, id));" \
                     "CREATE TABLE child (community BIGINT NOT NULL, id BIGINT NOT NULL, thing BIGINT NOT NULL, " \
                     "FOREIGN KEY (community, thing) REFERENCES thing (community, id), PRIMARY KEY (community, id));"
static const struct db_migration migrations[] = {
    {1, "0001_engine", VERSION_TABLE, VERSION_TABLE, "aa", "ba"},
    {2, "0002_thing", THING("BLOB"), THING("BYTEA"), "ab", "bb"},
    {4, "0004_more", "ALTER TABLE thing ADD COLUMN more TEXT NOT NULL DEFAULT ''", "ALTER TABLE thing ADD COLUMN more TEXT NOT NULL DEFAULT ''",
     "ac", "bc"},
};
static struct db_catalogue catalogue = {list, N_STATEMENTS, migrations, 3};

static enum result put(struct db *db, int64_t community, int64_t id, struct str title, bool open, double area, struct str photo)
{
    const union db_value v[] = {{.i = community}, {.i = id}, {.s = title}, {.i = open}, {.r = area}, {.s = photo}};

    return db_exec(db, PUT, v, NULL);
}

static enum result get(struct db *db, int64_t community, int64_t id, struct row *ret_row)
{
    const union db_value v[] = {{.i = community}, {.i = id}};

    return db_one(db, GET, v, ret_row);
}

static int64_t count_in(struct db *db, int64_t community)
{
    const union db_value v[] = {{.i = community}};
    struct total t = {-1};

    assert_int_equal(db_one(db, COUNT, v, &t), OK);
    return t.n;
}

static int64_t count_now(struct test_db *t, int64_t community)
{
    struct db *db;

    assert_int_equal(db_read_begin(t->database, t->arena, &db), OK);
    int64_t n = count_in(db, community);
    db_read_end(db);
    return n;
}

static int setup(void **state)
{
    struct test_db *t = calloc(1, sizeof(*t));

    for (size_t i = 0; i < N_STATEMENTS; i++)
        list[i] = &statements[i];
    test_db_open_catalogue(t, &catalogue);
    *state = t;
    return 0;
}

static int teardown(void **state)
{
    test_db_close(*state);
    free(*state);
    return 0;
}

/* ---- jobs */

struct task { /* puts one row, and what a test wants beyond */
    struct db_job job;
    int64_t community, id;
    enum result (*extra)(struct db *db, struct task *task);
    pthread_mutex_t *lock;
    pthread_cond_t *wake;
    unsigned *left, *order;
    unsigned done_as; /* which done it was */
    enum result result;
    bool finished;
};

static enum result task_run(struct db *db, void *arg)
{
    struct task *t = arg;
    enum result r = put(db, t->community, t->id, STR("a"), true, 1, STR("b"));

    return r == OK && t->extra ? t->extra(db, t) : r;
}

static void task_done(void *arg, enum result result)
{
    struct task *t = arg;

    pthread_mutex_lock(t->lock);
    t->result = result;
    t->finished = true;
    t->done_as = (*t->order)++;
    if (--*t->left == 0)
        pthread_cond_signal(t->wake);
    pthread_mutex_unlock(t->lock);
}

struct crowd { /* jobs that are queued together and waited for together */
    struct task task[128];
    pthread_mutex_t lock;
    pthread_cond_t wake;
    unsigned left, order;
};

static struct crowd *crowd_new(struct test_db *t, unsigned n)
{
    struct crowd *c = calloc(1, sizeof(*c));

    pthread_mutex_init(&c->lock, NULL);
    pthread_cond_init(&c->wake, NULL);
    for (unsigned i = 0; i < n; i++) {
        struct task *k = &c->task[i];
        *k = (struct task){.community = 1, .id = i + 1, .lock = &c->lock, .wake = &c->wake, .left = &c->left, .order = &c->order};
        k->job = (struct db_job){.run = task_run, .done = task_done, .arg = k, .arena = arena_open(1 << 20)};
        assert_non_null(k->job.arena);
    }
    (void)t;
    return c;
}

static void crowd_send(struct test_db *t, struct crowd *c, unsigned n)
{
    c->left = n;
    for (unsigned i = 0; i < n; i++)
        assert_int_equal(db_write(t->database, &c->task[i].job), OK);
}

static void crowd_wait(struct crowd *c)
{
    pthread_mutex_lock(&c->lock);
    while (c->left)
        pthread_cond_wait(&c->wake, &c->lock);
    pthread_mutex_unlock(&c->lock);
}

static void crowd_free(struct crowd *c)
{
    for (size_t i = 0; i < 128; i++)
        arena_close(c->task[i].job.arena);
    free(c);
}

/* ---- types */

static struct str big_text(struct arena *a)
{
    char *p = arena_array(a, char, 300000);

    memset(p, 'x', 300000);
    return (struct str){p, 300000};
}

static enum result put_all_types(struct db *db, void *arg)
{
    (void)arg;
    assert_true(db_is_write(db));
    assert_int_equal(put(db, 7, INT64_MAX, STR("里弄 ‘quoted’ '' $1"), true, 0.1, STR("\0a\0\xff")), OK);
    assert_int_equal(put(db, 7, INT64_MIN, STR_NONE, false, 1e300, STR_NONE), OK);
    assert_int_equal(put(db, 7, 0, big_text(db_arena(db)), false, 0, big_text(db_arena(db))), OK);
    return OK;
}

static void types_round_trip(void **state)
{
    struct test_db *t = *state;
    struct db *db;
    struct row row;
    struct db_rows rows;

    assert_int_equal(db_write_wait(t->database, t->arena, put_all_types, NULL), OK);
    assert_int_equal(db_read_begin(t->database, t->arena, &db), OK);
    assert_false(db_is_write(db));
    assert_int_equal(get(db, 7, INT64_MAX, &row), OK);
    assert_true(row.id == INT64_MAX && row.open && row.area == 0.1);
    assert_true(str_eq(row.title, STR("里弄 ‘quoted’ '' $1")));
    assert_true(str_eq(row.photo, STR("\0a\0\xff")));
    assert_int_equal(get(db, 7, INT64_MIN, &row), OK);
    assert_true(row.id == INT64_MIN && !row.open && row.area == 1e300 && row.title.len == 0 && row.photo.len == 0);
    assert_int_equal(get(db, 7, 1, &row), E_NOT_FOUND);
    const union db_value v[] = {{.i = 7}, {.i = 10}};
    assert_int_equal(db_many(db, LIST, v, &rows), OK);
    assert_int_equal(rows.n, 3);
    assert_true(((struct row *)rows.row)[0].id == INT64_MIN && ((struct row *)rows.row)[2].id == INT64_MAX);
    assert_true(str_eq(((struct row *)rows.row)[1].title, big_text(t->arena)));
    const union db_value none[] = {{.i = 8}, {.i = 10}};
    assert_int_equal(db_many(db, LIST, none, &rows), OK);
    assert_int_equal(rows.n, 0);
    memset(&row, 0xff, sizeof(row));
    assert_int_equal(db_one(db, TITLE_OF_NULL, NULL, &row), OK);
    assert_true(row.id == 0 && row.title.len == 0 && !row.open && row.area == 0 && row.photo.len == 0);
    db_read_end(db);
}

static enum result changes(struct db *db, void *arg)
{
    struct row row;
    int64_t changed = -1;
    const union db_value open[] = {{.i = 1}, {.i = true}};
    const union db_value title[] = {{.i = 1}, {.i = 2}, {.s = STR("new")}};
    const union db_value nobody[] = {{.i = 1}, {.i = 99}, {.s = STR("new")}};
    const union db_value quiet[] = {{.i = 1}, {.i = 2}};

    (void)arg;
    for (int64_t i = 1; i <= 3; i++)
        assert_int_equal(put(db, 1, i, STR("t"), i == 1, 0, STR_NONE), OK);
    assert_int_equal(db_exec(db, OPEN, open, &changed), OK);
    assert_int_equal(changed, 2);
    assert_int_equal(db_exec(db, OPEN, open, &changed), OK);
    assert_int_equal(changed, 0);
    assert_int_equal(db_one(db, RETITLE, title, &row), OK);
    assert_true(row.id == 2 && str_eq(row.title, STR("new")));
    assert_int_equal(db_one(db, RETITLE, nobody, &row), E_NOT_FOUND);
    assert_int_equal(db_exec(db, PUT_QUIET, quiet, &changed), OK);
    assert_int_equal(changed, 0);
    assert_int_equal(count_in(db, 1), 3); /* a write sees its own work */
    return OK;
}

static void counts_and_returning(void **state)
{
    struct test_db *t = *state;

    assert_int_equal(db_write_wait(t->database, t->arena, changes, NULL), OK);
    assert_int_equal(count_now(t, 1), 3);
}

/* ---- what goes wrong */

static enum result put_twice(struct db *db, void *arg)
{
    struct row row;

    (void)arg;
    assert_int_equal(put(db, 2, 1, STR("a"), false, 0, STR_NONE), OK);
    assert_int_equal(put(db, 2, 1, STR("b"), false, 0, STR_NONE), E_CONFLICT);
    assert_int_equal(get(db, 2, 1, &row), E_CONFLICT); /* spoiled, on both engines */
    return OK;                                         /* does not help */
}

static enum result put_orphan(struct db *db, void *arg)
{
    const union db_value v[] = {{.i = 2}, {.i = 1}, {.i = 77}};

    (void)arg;
    return db_exec(db, PUT_CHILD, v, NULL);
}

static enum result put_negative(struct db *db, void *arg)
{
    (void)arg;
    return put(db, 2, 5, STR("a"), false, -1, STR_NONE);
}

static enum result put_nul(struct db *db, void *arg)
{
    (void)arg;
    return put(db, 2, 5, STR("a\0b"), false, 0, STR_NONE);
}

static enum result refuse(struct db *db, void *arg)
{
    (void)arg;
    assert_int_equal(put(db, 2, 9, STR("a"), false, 0, STR_NONE), OK);
    return E_DENIED;
}

static void failures_undo(void **state)
{
    struct test_db *t = *state;

    assert_int_equal(db_write_wait(t->database, t->arena, put_twice, NULL), E_CONFLICT);
    assert_int_equal(db_write_wait(t->database, t->arena, put_orphan, NULL), E_CONFLICT);
    assert_int_equal(db_write_wait(t->database, t->arena, put_negative, NULL), E_INVALID);
    assert_int_equal(db_write_wait(t->database, t->arena, put_nul, NULL), E_INVALID);
    assert_int_equal(db_write_wait(t->database, t->arena, refuse, NULL), E_DENIED);
    assert_int_equal(count_now(t, 2), 0);
    assert_true(database_healthy(t->database));
}

static void no_write_in_a_read(void **state)
{
    struct test_db *t = *state;
    struct db *db;

    assert_int_equal(db_read_begin(t->database, t->arena, &db), OK);
    assert_int_equal(put(db, 1, 1, STR("a"), false, 0, STR_NONE), E_IO);
    db_read_end(db);
    assert_int_equal(count_now(t, 1), 0);
}

static enum result hold(struct db *db, struct task *task)
{
    (void)db;
    (void)task;
    usleep(20000); /* the others gather behind it */
    return OK;
}

static enum result again(struct db *db, struct task *task)
{
    return put(db, task->community, task->id, STR("again"), false, 0, STR_NONE);
}

static void one_bad_job_among_many(void **state)
{
    struct test_db *t = *state;
    struct crowd *c = crowd_new(t, 64);
    struct db_counters counters;

    c->task[0].extra = hold;
    c->task[20].extra = again;
    crowd_send(t, c, 64);
    crowd_wait(c);
    for (unsigned i = 0; i < 64; i++) {
        assert_int_equal(c->task[i].result, i == 20 ? E_CONFLICT : OK);
        if (!test_db_postgres())
            assert_int_equal(c->task[i].done_as, i); /* in the order of the queue */
    }
    assert_int_equal(count_now(t, 1), 63);
    database_counters(t->database, &counters);
    assert_int_equal(counters.jobs, 64);
    assert_int_equal(counters.jobs_failed, 1);
    assert_int_equal(counters.queue_now, 0);
    if (!test_db_postgres())
        assert_true(counters.batch_max >= 32 && counters.commits < 32);
    crowd_free(c);
}

static void full_queue_refuses(void **state)
{
    struct test_db *t = *state;
    struct crowd *c = crowd_new(t, 64);
    unsigned sent = 0, refused = 0;

    t->options.queue_max = 8;
    t->options.writers = 1;
    test_db_reopen(t, &catalogue);
    c->left = 64;
    for (unsigned i = 0; i < 64; i++) {
        c->task[i].extra = hold;
        enum result r = db_write(t->database, &c->task[i].job);
        if (r == OK) {
            sent++;
            continue;
        }
        assert_int_equal(r, E_BUSY);
        refused++;
        pthread_mutex_lock(&c->lock);
        c->left--;
        pthread_mutex_unlock(&c->lock);
    }
    crowd_wait(c);
    assert_true(sent >= 8 && refused >= 30);
    assert_int_equal(count_now(t, 1), sent);
    crowd_free(c);
}

static enum result exhaust(struct db *db, struct task *task)
{
    (void)task;
    /* In the middle of a statement's rows: the longest text does not fit into the job's arena. */
    struct db_rows rows;
    const union db_value v[] = {{.i = 9}, {.i = 100}};
    enum result r = db_many(db, LIST, v, &rows);
    fail();
    return r;
}

static enum result put_many_big(struct db *db, void *arg)
{
    (void)arg;
    for (int64_t i = 1; i <= 10; i++)
        assert_int_equal(put(db, 9, i, big_text(db_arena(db)), false, 0, STR_NONE), OK);
    return OK;
}

static void memory_out_inside_a_job(void **state)
{
    struct test_db *t = *state;
    struct crowd *c = crowd_new(t, 10);

    assert_int_equal(db_write_wait(t->database, t->arena, put_many_big, NULL), OK);
    c->task[0].extra = hold;
    c->task[5].extra = exhaust;
    crowd_send(t, c, 10);
    crowd_wait(c);
    for (unsigned i = 0; i < 10; i++)
        assert_int_equal(c->task[i].result, i == 5 ? E_BUSY : OK);
    assert_int_equal(count_now(t, 1), 9);
    crowd_free(c);
}

static void memory_out_inside_a_read(void **state)
{
    struct test_db *t = *state;
    struct arena *small = arena_open(1 << 20);
    struct db *db;
    struct db_rows rows;
    const union db_value v[] = {{.i = 9}, {.i = 100}};
    jmp_buf here;

    assert_int_equal(db_write_wait(t->database, t->arena, put_many_big, NULL), OK);
    assert_int_equal(db_read_begin(t->database, small, &db), OK);
    arena_escape(small, &here);
    if (setjmp(here) == 0) {
        (void)!db_many(db, LIST, v, &rows);
        fail();
    }
    db_read_end(db);
    arena_close(small);
    assert_int_equal(count_now(t, 9), 10); /* the same connection, none the worse */
}

/* ---- isolation */

static enum result put_one(struct db *db, void *arg)
{
    return put(db, 3, *(int64_t *)arg, STR("a"), false, 0, STR_NONE);
}

static void a_read_is_one_snapshot(void **state)
{
    struct test_db *t = *state;
    struct db *db, *later;
    int64_t id = 1;

    assert_int_equal(db_write_wait(t->database, t->arena, put_one, &id), OK);
    assert_int_equal(db_read_begin(t->database, t->arena, &db), OK);
    assert_int_equal(count_in(db, 3), 1);
    for (id = 2; id < 5; id++)
        assert_int_equal(db_write_wait(t->database, t->arena, put_one, &id), OK);
    assert_int_equal(count_in(db, 3), 1);
    assert_int_equal(db_read_begin(t->database, t->arena, &later), OK);
    assert_int_equal(count_in(later, 3), 4);
    db_read_end(later);
    assert_int_equal(count_in(db, 3), 1);
    db_read_end(db);
    assert_int_equal(count_now(t, 3), 4);
}

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
        if (database_open_catalogue(&t->options, &catalogue, true, t->arena, &t->database, &why) != OK)
            _exit(3);
        for (int64_t id = 1;; id++) {
            if (db_write_wait(t->database, t->arena, put_one, &id) != OK || write(pipes[1], &id, sizeof(id)) != sizeof(id))
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
    test_db_reopen(t, &catalogue);
    int64_t n = count_now(t, 3);
    assert_true(n == last || n == last + 1); /* the last may be committed and not yet told */
}

static void second_process_is_refused(void **state)
{
    struct test_db *t = *state;
    struct database *other;
    struct str why = STR_NONE;

    if (test_db_postgres())
        return; /* many processes are its purpose */
    assert_int_equal(database_open_catalogue(&t->options, &catalogue, true, t->arena, &other, &why), E_IO);
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
    struct db_catalogue older = catalogue;
    older.n_migrations = 2;
    assert_int_equal(database_open_catalogue(&t->options, &older, true, t->arena, &other, &why), E_INVALID);
    assert_true(str_find(why, STR("0004_more")) != SIZE_MAX);

    memcpy(changed, migrations, sizeof(changed));
    changed[1].sqlite_sha = changed[1].postgres_sha = "zz";
    struct db_catalogue edited = catalogue;
    edited.migrations = changed;
    assert_int_equal(database_open_catalogue(&t->options, &edited, true, t->arena, &other, &why), E_INVALID);
    assert_true(str_find(why, STR("0002_thing was changed")) != SIZE_MAX);

    struct db_migration newer[4];
    memcpy(newer, migrations, sizeof(migrations));
    newer[3] = (struct db_migration){5, "0005_last", "CREATE TABLE late (a BIGINT)", "CREATE TABLE late (a BIGINT)", "ad", "bd"};
    struct db_catalogue next = {list, N_STATEMENTS, newer, 4};
    assert_int_equal(database_open_catalogue(&t->options, &next, false, t->arena, &other, &why), E_INVALID);
    assert_true(str_find(why, STR("0005_last")) != SIZE_MAX);
    test_db_reopen(t, &next); /* brought up to date, with what was in it */
    assert_int_equal(count_now(t, 1), 0);

    struct db_migration gap[4];
    memcpy(gap, newer, sizeof(gap));
    gap[2] = (struct db_migration){3, "0003_late", "CREATE TABLE l (a BIGINT)", "CREATE TABLE l (a BIGINT)", "ae", "be"};
    struct db_catalogue torn = {list, N_STATEMENTS, gap, 4};
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
    memcpy(more, migrations, sizeof(migrations));
    more[3] = (struct db_migration){5, "0005_bad", "CREATE TABLE half (a BIGINT); CREATE TABLE half (a BIGINT)",
                                    "CREATE TABLE half (a BIGINT); CREATE TABLE half (a BIGINT)", "ad", "bd"};
    struct db_catalogue next = {list, N_STATEMENTS, more, 4};
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
    struct db_statement bad = statements[COUNT];
    const struct db_statement *some[] = {&bad};
    struct db_catalogue wrong = {some, 1, migrations, 3};

    database_close(t->database);
    t->database = NULL;
    bad.sqlite = bad.postgres = "SELECT nothing FROM thing";
    assert_int_equal(database_open_catalogue(&t->options, &wrong, true, t->arena, &other, &why), E_INVALID);
    assert_true(str_find(why, STR("statement count")) != SIZE_MAX);
    bad.sqlite = "SELECT id, title FROM thing WHERE community = ?1";
    bad.postgres = "SELECT COUNT(*) + 0.5 AS n FROM thing WHERE community = $1"; /* a numeric */
    assert_int_equal(database_open_catalogue(&t->options, &wrong, true, t->arena, &other, &why), E_INVALID);
    assert_true(str_find(why, STR("statement count")) != SIZE_MAX);
    test_db_reopen(t, &catalogue);
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
        if (db_write_wait(s->t->database, a, put_one, &id) == OK)
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
    assert_int_equal(db_write_wait(t->database, t->arena, put_many_big, NULL), OK);
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
    assert_int_equal(database_open_catalogue(&options, &catalogue, false, t->arena, &copy, &why), OK);
    assert_int_equal(db_read_begin(copy, t->arena, &db), OK);
    int64_t n = count_in(db, 3);
    assert_int_equal(count_in(db, 9), 10);
    db_read_end(db);
    database_close(copy);
    assert_true(n >= before && n <= after + 1);
}

/* ---- many at once */

static void *read_on(void *arg)
{
    struct stream *s = arg;
    struct arena *a = arena_open(1 << 20);
    int64_t last = 0;

    while (!s->stop) {
        struct db *db;
        assert_int_equal(db_read_begin(s->t->database, a, &db), OK);
        int64_t n = count_in(db, 3);
        assert_true(n >= last && n == count_in(db, 3));
        last = n;
        db_read_end(db);
        arena_reset(a);
    }
    arena_close(a);
    return NULL;
}

static void reads_beside_writes(void **state)
{
    struct test_db *t = *state;
    struct stream reads = {.t = t};
    pthread_t threads[3];

    for (size_t i = 0; i < 3; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, read_on, &reads), 0);
    for (int64_t id = 1; id <= 300; id++)
        assert_int_equal(db_write_wait(t->database, t->arena, put_one, &id), OK);
    reads.stop = true;
    for (size_t i = 0; i < 3; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(count_now(t, 3), 300);
}

static void memory_database(void **state)
{
    struct test_db *t = *state;
    struct db_options options = {.sqlite_path = ":memory:"};
    struct database *one, *two;
    struct str why;
    int64_t id = 1;
    struct db *db;

    assert_int_equal(database_open_catalogue(&options, &catalogue, true, t->arena, &one, &why), OK);
    assert_int_equal(database_open_catalogue(&options, &catalogue, true, t->arena, &two, &why), OK);
    assert_int_equal(db_write_wait(one, t->arena, put_one, &id), OK);
    assert_int_equal(db_read_begin(one, t->arena, &db), OK);
    assert_int_equal(count_in(db, 3), 1);
    db_read_end(db);
    assert_int_equal(db_read_begin(two, t->arena, &db), OK);
    assert_int_equal(count_in(db, 3), 0);
    db_read_end(db);
    database_close(one);
    database_close(two);
}

int main(void)
{
#define EACH(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
    const struct CMUnitTest tests[] = {
        EACH(types_round_trip),
        EACH(counts_and_returning),
        EACH(failures_undo),
        EACH(no_write_in_a_read),
        EACH(one_bad_job_among_many),
        EACH(full_queue_refuses),
        EACH(memory_out_inside_a_job),
        EACH(memory_out_inside_a_read),
        EACH(a_read_is_one_snapshot),
        EACH(acknowledged_writes_survive_a_kill),
        EACH(second_process_is_refused),
        EACH(schema_is_guarded),
        EACH(a_failing_step_leaves_nothing),
        EACH(a_bad_statement_refuses_the_start),
        EACH(copy_while_writes_go_on),
        EACH(reads_beside_writes),
        EACH(memory_database),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
