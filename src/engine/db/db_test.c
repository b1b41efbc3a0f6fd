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

#include "engine/db/private.h"
#include "support/test_thing.h"

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
    enum result r = thing_put(db, t->community, t->id, STR("a"), true, 1, STR("b"));

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
        *k = (struct task){
            .community = 1, .id = i + 1, .lock = &c->lock, .wake = &c->wake, .left = &c->left, .order = &c->order};
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

static enum result put_all_types(struct db *db, void *arg)
{
    (void)arg;
    assert_true(db_is_write(db));
    assert_int_equal(thing_put(db, 7, INT64_MAX, STR("里弄 ‘quoted’ '' $1"), true, 0.1, STR("\0a\0\xff")), OK);
    assert_int_equal(thing_put(db, 7, INT64_MIN, STR_NONE, false, 1e300, STR_NONE), OK);
    assert_int_equal(thing_put(db, 7, 0, thing_big_text(db_arena(db)), false, 0, thing_big_text(db_arena(db))), OK);
    return OK;
}

static void types_round_trip(void **state)
{
    struct test_db *t = *state;
    struct db *db;
    struct thing row;
    struct db_rows rows;

    assert_int_equal(db_write_wait(t->database, t->arena, put_all_types, NULL), OK);
    assert_int_equal(db_read_begin(t->database, t->arena, &db), OK);
    assert_false(db_is_write(db));
    assert_int_equal(thing_get(db, 7, INT64_MAX, &row), OK);
    assert_true(row.id == INT64_MAX && row.open && row.area == 0.1);
    assert_true(str_eq(row.title, STR("里弄 ‘quoted’ '' $1")));
    assert_true(str_eq(row.photo, STR("\0a\0\xff")));
    assert_int_equal(thing_get(db, 7, INT64_MIN, &row), OK);
    assert_true(row.id == INT64_MIN && !row.open && row.area == 1e300 && row.title.len == 0 && row.photo.len == 0);
    assert_int_equal(thing_get(db, 7, 1, &row), E_NOT_FOUND);
    const union db_value v[] = {{.i = 7}, {.i = 10}};
    assert_int_equal(db_many(db, THING_LIST, v, &rows), OK);
    assert_int_equal(rows.n, 3);
    assert_true(((struct thing *)rows.row)[0].id == INT64_MIN && ((struct thing *)rows.row)[2].id == INT64_MAX);
    assert_true(str_eq(((struct thing *)rows.row)[1].title, thing_big_text(t->arena)));
    const union db_value none[] = {{.i = 8}, {.i = 10}};
    assert_int_equal(db_many(db, THING_LIST, none, &rows), OK);
    assert_int_equal(rows.n, 0);
    memset(&row, 0xff, sizeof(row));
    assert_int_equal(db_one(db, THING_OF_NULL, NULL, &row), OK);
    assert_true(row.id == 0 && row.title.len == 0 && !row.open && row.area == 0 && row.photo.len == 0);
    db_read_end(db);
}

static enum result changes(struct db *db, void *arg)
{
    struct thing row;
    int64_t changed = -1;
    const union db_value open[] = {{.i = 1}, {.i = true}};
    const union db_value title[] = {{.i = 1}, {.i = 2}, {.s = STR("new")}};
    const union db_value nobody[] = {{.i = 1}, {.i = 99}, {.s = STR("new")}};
    const union db_value quiet[] = {{.i = 1}, {.i = 2}};

    (void)arg;
    for (int64_t i = 1; i <= 3; i++)
        assert_int_equal(thing_put(db, 1, i, STR("t"), i == 1, 0, STR_NONE), OK);
    assert_int_equal(db_exec(db, THING_OPEN, open, &changed), OK);
    assert_int_equal(changed, 2);
    assert_int_equal(db_exec(db, THING_OPEN, open, &changed), OK);
    assert_int_equal(changed, 0);
    assert_int_equal(db_one(db, THING_RETITLE, title, &row), OK);
    assert_true(row.id == 2 && str_eq(row.title, STR("new")));
    assert_int_equal(db_one(db, THING_RETITLE, nobody, &row), E_NOT_FOUND);
    assert_int_equal(db_exec(db, THING_PUT_QUIET, quiet, &changed), OK);
    assert_int_equal(changed, 0);
    assert_int_equal(thing_count(db, 1), 3); /* a write sees its own work */
    return OK;
}

static void counts_and_returning(void **state)
{
    struct test_db *t = *state;

    assert_int_equal(db_write_wait(t->database, t->arena, changes, NULL), OK);
    assert_int_equal(thing_count_now(t, 1), 3);
}

/* ---- what goes wrong */

static enum result put_twice(struct db *db, void *arg)
{
    struct thing row;

    (void)arg;
    assert_int_equal(thing_put(db, 2, 1, STR("a"), false, 0, STR_NONE), OK);
    assert_int_equal(thing_put(db, 2, 1, STR("b"), false, 0, STR_NONE), E_CONFLICT);
    assert_int_equal(thing_get(db, 2, 1, &row), E_CONFLICT); /* spoiled, on both engines */
    return OK;                                               /* does not help */
}

static enum result put_orphan(struct db *db, void *arg)
{
    const union db_value v[] = {{.i = 2}, {.i = 1}, {.i = 77}};

    (void)arg;
    return db_exec(db, THING_PUT_CHILD, v, NULL);
}

static enum result put_negative(struct db *db, void *arg)
{
    (void)arg;
    return thing_put(db, 2, 5, STR("a"), false, -1, STR_NONE);
}

static enum result put_nul(struct db *db, void *arg)
{
    (void)arg;
    return thing_put(db, 2, 5, STR("a\0b"), false, 0, STR_NONE);
}

static enum result refuse(struct db *db, void *arg)
{
    (void)arg;
    assert_int_equal(thing_put(db, 2, 9, STR("a"), false, 0, STR_NONE), OK);
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
    assert_int_equal(thing_count_now(t, 2), 0);
    assert_true(database_healthy(t->database));
}

/* ---- what nobody waits for */

static enum result send_thing(struct db *db, int64_t id)
{
    const union db_value v[] = {{.i = 2}, {.i = id}, {.s = STR("a")}, {.i = 0}, {.r = 0}, {.s = STR_NONE}};

    return db_send(db, THING_PUT, v);
}

static enum result send_many(struct db *db, void *arg)
{
    struct thing row;
    enum result r = OK;

    (void)arg;
    for (int64_t id = 1; r == OK && id <= 200; id++)
        r = send_thing(db, id);
    return r == OK ? thing_get(db, 2, 200, &row) : r; /* what was sent is there for whoever reads behind it */
}

static enum result send_wrong_last(struct db *db, void *arg)
{
    enum result r = send_thing(db, 301);

    (void)arg;
    return r == OK ? send_thing(db, 301) : r;
}

/* Behind one that fails: another statement for the first time on this connection, and a read that is told. */
static enum result send_wrong_first(struct db *db, void *arg)
{
    const union db_value v[] = {{.i = 2}, {.i = 303}, {.s = STR("b")}};
    struct thing row;

    (void)arg;
    (void)!send_thing(db, 302);
    (void)!send_thing(db, 302);
    (void)!db_send(db, THING_RETITLE, v);
    assert_int_equal(thing_get(db, 2, 302, &row), E_CONFLICT);
    return OK;
}

static enum result send_and_refuse(struct db *db, void *arg)
{
    (void)!send_thing(db, 304);
    if (arg)
        (void)!send_thing(db, 304);
    return E_DENIED;
}

static void what_nobody_waits_for(void **state)
{
    struct test_db *t = *state;
    bool wrong = true;

    for (int i = 0; i < 6; i++) { /* each writer's connection meets it, and is good for work again */
        assert_int_equal(db_write_wait(t->database, t->arena, send_wrong_last, NULL), E_CONFLICT);
        assert_int_equal(db_write_wait(t->database, t->arena, send_wrong_first, NULL), E_CONFLICT);
        assert_int_equal(db_write_wait(t->database, t->arena, send_and_refuse, NULL), E_DENIED);
        assert_int_equal(db_write_wait(t->database, t->arena, send_and_refuse, &wrong), E_DENIED);
    }
    assert_int_equal(thing_count_now(t, 2), 0);
    assert_int_equal(db_write_wait(t->database, t->arena, send_many, NULL), OK);
    assert_int_equal(thing_count_now(t, 2), 200);
    assert_int_equal(db_write_wait(t->database, t->arena, send_many, NULL), E_CONFLICT);
    assert_int_equal(thing_count_now(t, 2), 200);
    assert_true(database_healthy(t->database));
}

static void no_write_in_a_read(void **state)
{
    struct test_db *t = *state;
    struct db *db;

    assert_int_equal(db_read_begin(t->database, t->arena, &db), OK);
    assert_int_equal(thing_put(db, 1, 1, STR("a"), false, 0, STR_NONE), E_IO);
    db_read_end(db);
    assert_int_equal(thing_count_now(t, 1), 0);
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
    return thing_put(db, task->community, task->id, STR("again"), false, 0, STR_NONE);
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
    assert_int_equal(thing_count_now(t, 1), 63);
    database_counters(t->database, &counters);
    assert_int_equal(counters.jobs, 64);
    assert_int_equal(counters.jobs_failed, 1);
    assert_int_equal(counters.queue_now, 0);
    if (!test_db_postgres())
        assert_true(counters.batch_max >= 32 && counters.commits < 32);
    crowd_free(c);
}

static enum result late(struct db *db, void *arg)
{
    const struct task *task = arg;

    return thing_put(db, 2, task->id, STR("late"), false, 0, STR_NONE);
}

static enum result put_off(struct db *db, struct task *task)
{
    db_put_off(db, late, task);
    return task->id == 21 ? E_DENIED : OK;
}

/* What is put off is committed with the rest, and undone with the job that wanted it. */
static void work_that_is_put_off(void **state)
{
    struct test_db *t = *state;
    struct crowd *c = crowd_new(t, 64);

    for (unsigned i = 0; i < 64; i++)
        c->task[i].extra = i ? put_off : hold;
    crowd_send(t, c, 64);
    crowd_wait(c);
    for (unsigned i = 0; i < 64; i++)
        assert_int_equal(c->task[i].result, i == 20 ? E_DENIED : OK);
    assert_int_equal(thing_count_now(t, 1), 63);
    assert_int_equal(thing_count_now(t, 2), 62);
    crowd_free(c);
}

static enum result late_twice(struct db *db, struct task *task)
{
    db_put_off(db, late, task);
    db_put_off(db, late, task);
    return OK;
}

/* Nothing is acknowledged of a transaction whose end fails. */
static void what_is_put_off_and_fails(void **state)
{
    struct test_db *t = *state;
    struct crowd *c = crowd_new(t, 1);

    c->task[0].extra = late_twice;
    crowd_send(t, c, 1);
    crowd_wait(c);
    assert_int_not_equal(c->task[0].result, OK);
    assert_int_equal(thing_count_now(t, 1), 0);
    assert_int_equal(thing_count_now(t, 2), 0);
    assert_true(database_healthy(t->database));
    crowd_free(c);
}

static void full_queue_refuses(void **state)
{
    struct test_db *t = *state;
    struct crowd *c = crowd_new(t, 64);
    unsigned sent = 0, refused = 0;

    t->options.queue_max = 8;
    t->options.writers = 1;
    test_db_reopen(t, &thing_catalogue);
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
    assert_int_equal(thing_count_now(t, 1), sent);
    crowd_free(c);
}

static enum result exhaust(struct db *db, struct task *task)
{
    (void)task;
    /* In the middle of a statement's rows: the longest text does not fit into the job's arena. */
    struct db_rows rows;
    const union db_value v[] = {{.i = 9}, {.i = 100}};
    enum result r = db_many(db, THING_LIST, v, &rows);
    fail();
    return r;
}

static void memory_out_inside_a_job(void **state)
{
    struct test_db *t = *state;
    struct crowd *c = crowd_new(t, 10);

    assert_int_equal(db_write_wait(t->database, t->arena, thing_put_many_big, NULL), OK);
    c->task[0].extra = hold;
    c->task[5].extra = exhaust;
    crowd_send(t, c, 10);
    crowd_wait(c);
    for (unsigned i = 0; i < 10; i++)
        assert_int_equal(c->task[i].result, i == 5 ? E_BUSY : OK);
    assert_int_equal(thing_count_now(t, 1), 9);
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

    assert_int_equal(db_write_wait(t->database, t->arena, thing_put_many_big, NULL), OK);
    assert_int_equal(db_read_begin(t->database, small, &db), OK);
    arena_escape(small, &here);
    if (setjmp(here) == 0) {
        (void)!db_many(db, THING_LIST, v, &rows);
        fail();
    }
    db_read_end(db);
    arena_close(small);
    assert_int_equal(thing_count_now(t, 9), 10); /* the same connection, none the worse */
}

/* ---- isolation */

static void a_read_is_one_snapshot(void **state)
{
    struct test_db *t = *state;
    struct db *db, *later;
    int64_t id = 1;

    assert_int_equal(db_write_wait(t->database, t->arena, thing_put_one, &id), OK);
    assert_int_equal(db_read_begin(t->database, t->arena, &db), OK);
    assert_int_equal(thing_count(db, 3), 1);
    for (id = 2; id < 5; id++)
        assert_int_equal(db_write_wait(t->database, t->arena, thing_put_one, &id), OK);
    assert_int_equal(thing_count(db, 3), 1);
    assert_int_equal(db_read_begin(t->database, t->arena, &later), OK);
    assert_int_equal(thing_count(later, 3), 4);
    db_read_end(later);
    assert_int_equal(thing_count(db, 3), 1);
    db_read_end(db);
    assert_int_equal(thing_count_now(t, 3), 4);
}

/* ---- what is shown before it is on the disk */

static void note_settled(void *arg, bool kept)
{
    *(int *)arg = kept ? 1 : -1;
}

static void nobody_is_told_of_what_may_be_taken_back(void **state)
{
    struct test_db *t = *state;
    struct database *d = t->database;
    int second = 0, third = 0, fourth = 0;
    struct db_settle two = {.settled = note_settled, .arg = &second}, three = {.settled = note_settled, .arg = &third},
                     four = {.settled = note_settled, .arg = &fourth};
    struct db *db;

    assert_true(db_settled(d, 0));
    atomic_store(&d->shown, 3);
    assert_int_equal(db_read_begin(d, t->arena, &db), OK);
    assert_int_equal(db_read_end_seen(db), 3);
    assert_false(db_settled(d, 3));
    assert_true(db_when_settled(d, 3, &three));
    assert_true(db_when_settled(d, 2, &two));
    database_settle(d, 2, true);
    assert_int_equal(second, 1);
    assert_int_equal(third, 0);
    database_settle(d, 3, true);
    assert_int_equal(third, 1);
    database_settle(d, 2, true); /* who comes behind takes nothing back */
    assert_true(db_settled(d, 3));
    assert_false(db_when_settled(d, 3, &three));
    atomic_store(&d->shown, 4);
    assert_true(db_when_settled(d, 4, &four));
    database_settle(d, 4, false);
    assert_int_equal(fourth, -1); /* the disk has failed: it hears of it */
    atomic_store(&d->shown, 0);
}

/* ---- asked ahead */

static void ahead_get(struct db *db, int64_t community, int64_t id)
{
    const union db_value v[] = {{.i = community}, {.i = id}};

    db_ahead(db, THING_GET, v);
}

static void ahead_list(struct db *db, int64_t community, int64_t limit)
{
    const union db_value v[] = {{.i = community}, {.i = limit}};

    db_ahead(db, THING_LIST, v);
}

static enum result ahead_in_a_write(struct db *db, void *arg)
{
    const union db_value v[] = {{.i = 3}};
    int64_t id = 100;

    (void)arg;
    assert_int_equal(thing_count(db, 3), 2);
    db_ahead(db, THING_COUNT, v);
    assert_int_equal(thing_count(db, 3), 2);
    assert_int_equal(thing_put_one(db, &id), OK);
    assert_int_equal(thing_count(db, 3), 3); /* its own work is seen */
    return E_DENIED;
}

static void what_is_asked_ahead(void **state)
{
    struct test_db *t = *state;
    struct db *db;
    struct thing row;
    struct db_rows rows, again;
    const union db_value all[] = {{.i = 3}, {.i = 10}}, few[] = {{.i = 3}, {.i = 1}};

    for (int64_t id = 1; id < 3; id++)
        assert_int_equal(db_write_wait(t->database, t->arena, thing_put_one, &id), OK);

    /* Asked ahead, or asked for and not asked ahead: the same, as often as somebody asks. */
    for (int first = 0; first < 2; first++) {
        assert_int_equal(db_read_begin(t->database, t->arena, &db), OK);
        if (first)
            assert_int_equal(thing_count(db, 3), 2);
        ahead_get(db, 3, 1);
        ahead_get(db, 3, 1);
        ahead_get(db, 3, 77);
        ahead_list(db, 3, 10);
        for (int i = 0; i < 2; i++) {
            assert_int_equal(thing_get(db, 3, 2, &row), OK);
            assert_int_equal(row.id, 2);
            assert_int_equal(thing_get(db, 3, 77, &row), E_NOT_FOUND);
            assert_int_equal(db_many(db, THING_LIST, all, &rows), OK);
            assert_int_equal(rows.n, 2);
            assert_int_equal(db_many(db, THING_LIST, few, &again), OK);
            assert_int_equal(again.n, 1);
            assert_int_equal(thing_get(db, 3, 1, &row), OK);
            assert_int_equal(row.id, 1);
            assert_true(str_eq(row.title, ((struct thing *)rows.row)[0].title));
        }
        /* What nobody takes is for nobody: the next read on this connection begins anew. */
        ahead_get(db, 3, 2);
        ahead_list(db, 3, 5);
        db_read_end(db);
    }
    for (int64_t id = 3; id < 5; id++) {
        assert_int_equal(db_read_begin(t->database, t->arena, &db), OK);
        assert_int_equal(thing_count(db, 3), id - 1);
        ahead_list(db, 3, 10);
        db_read_end(db);
        assert_int_equal(db_write_wait(t->database, t->arena, thing_put_one, &id), OK);
    }
    assert_int_equal(db_read_begin(t->database, t->arena, &db), OK);
    assert_int_equal(thing_count(db, 3), 4);
    ahead_list(db, 3, 10);
    assert_int_equal(db_many(db, THING_LIST, all, &rows), OK);
    assert_int_equal(rows.n, 4);
    for (int64_t id = 0; id < 200; id++) /* far more than there is room for */
        ahead_get(db, 3, id);
    for (int64_t id = 0; id < 200; id++)
        assert_int_equal(thing_get(db, 3, id, &row), id >= 1 && id <= 4 ? OK : E_NOT_FOUND);
    db_read_end(db);
}

static void asking_ahead_in_a_write_is_nothing(void **state)
{
    struct test_db *t = *state;

    for (int64_t id = 1; id < 3; id++)
        assert_int_equal(db_write_wait(t->database, t->arena, thing_put_one, &id), OK);
    assert_int_equal(db_write_wait(t->database, t->arena, ahead_in_a_write, NULL), E_DENIED);
    assert_int_equal(thing_count_now(t, 3), 2);
}

/* Memory that is out while the answer is taken, and a statement that the server refuses: the read fails, the connection is none the worse. */
static void what_is_asked_ahead_and_fails(void **state)
{
    struct test_db *t = *state;
    struct arena *small = arena_open(1 << 20);
    const union db_value big[] = {{.i = 9}, {.i = 100}};
    struct db *db;
    struct db_rows rows;
    struct thing row;
    jmp_buf here;

    assert_int_equal(db_write_wait(t->database, t->arena, thing_put_many_big, NULL), OK);
    assert_int_equal(db_read_begin(t->database, small, &db), OK);
    arena_escape(small, &here);
    if (setjmp(here) == 0) {
        assert_int_equal(thing_count(db, 9), 10);
        ahead_list(db, 9, 100);
        ahead_get(db, 9, 1);
        (void)!db_many(db, THING_LIST, big, &rows);
        fail();
    }
    db_read_end(db);
    arena_close(small);
    assert_int_equal(thing_count_now(t, 9), 10);

    assert_int_equal(db_read_begin(t->database, t->arena, &db), OK);
    assert_int_equal(thing_count(db, 9), 10);
    ahead_get(db, 9, 1);
    ahead_list(db, 9, -1); /* SQLite: no limit; PostgreSQL: an error */
    ahead_get(db, 9, 2);
    assert_int_equal(thing_get(db, 9, 3, &row), db_is_postgres(db) ? E_IO : OK);
    db_read_end(db);
    assert_int_equal(thing_count_now(t, 9), 10);
}

/* ---- many at once */

struct stream {
    struct test_db *t;
    atomic_bool stop;
    _Atomic int64_t written;
};

static void *read_on(void *arg)
{
    struct stream *s = arg;
    struct arena *a = arena_open(1 << 20);
    int64_t last = 0;

    while (!s->stop) {
        struct db *db;
        assert_int_equal(db_read_begin(s->t->database, a, &db), OK);
        int64_t n = thing_count(db, 3);
        assert_true(n >= last && n == thing_count(db, 3));
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
        assert_int_equal(db_write_wait(t->database, t->arena, thing_put_one, &id), OK);
    reads.stop = true;
    for (size_t i = 0; i < 3; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(thing_count_now(t, 3), 300);
}

int main(void)
{
#define EACH(fn) cmocka_unit_test_setup_teardown(fn, thing_setup, thing_teardown)
    const struct CMUnitTest tests[] = {
        EACH(types_round_trip),
        EACH(counts_and_returning),
        EACH(failures_undo),
        EACH(what_nobody_waits_for),
        EACH(no_write_in_a_read),
        EACH(one_bad_job_among_many),
        EACH(work_that_is_put_off),
        EACH(what_is_put_off_and_fails),
        EACH(full_queue_refuses),
        EACH(memory_out_inside_a_job),
        EACH(memory_out_inside_a_read),
        EACH(nobody_is_told_of_what_may_be_taken_back),
        EACH(a_read_is_one_snapshot),
        EACH(what_is_asked_ahead),
        EACH(what_is_asked_ahead_and_fails),
        EACH(asking_ahead_in_a_write_is_nothing),
        EACH(reads_beside_writes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
