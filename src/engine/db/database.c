/* database.c: what both engines do alike: opening, the queue of jobs, the pool of readers, counters. */
#include <errno.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "engine/base/log.h"
#include "engine/db/private.h"
#include "engine/db/sqlite.h"

int64_t monotonic_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* ---- opening and closing */

static void default_fatal(void *arg, struct str why)
{
    (void)arg;
    (void)why;
    _exit(70);
}

static void database_free(struct database *d)
{
    pthread_mutex_destroy(&d->lock);
    pthread_mutex_destroy(&d->pool_lock);
    pthread_mutex_destroy(&d->settle_lock);
    pthread_cond_destroy(&d->settle_wake);
    pthread_cond_destroy(&d->wake);
    pthread_cond_destroy(&d->copied);
    free(d->threads);
    free(d->path);
    free(d);
}

static struct database *database_new(const struct db_options *options, const struct db_catalogue *catalogue)
{
    struct database *d = calloc(1, sizeof(*d));

    if (!d)
        return NULL;
    d->engine = options->postgres_url ? &engine_postgres : &engine_sqlite;
    d->catalogue = *catalogue;
    d->options = *options;
    d->options.queue_max = options->queue_max ? options->queue_max : DEFAULT_QUEUE;
    d->n_threads = options->read_only   ? 0
                 : !d->engine->postgres ? 1
                 : options->writers     ? options->writers
                                        : DEFAULT_WRITERS;
    d->fatal = default_fatal;
    d->tail = &d->head;
    atomic_store(&d->healthy, true);
    pthread_mutex_init(&d->lock, NULL);
    pthread_mutex_init(&d->pool_lock, NULL);
    pthread_mutex_init(&d->settle_lock, NULL);
    pthread_cond_init(&d->settle_wake, NULL);
    pthread_cond_init(&d->wake, NULL);
    pthread_cond_init(&d->copied, NULL);
    d->path = strdup(options->postgres_url ? options->postgres_url : options->sqlite_path);
    d->threads = calloc(d->n_threads + 1, sizeof(*d->threads)); /* one more: calloc(0) may be NULL */
    if (!d->path || !d->threads) {
        database_free(d);
        return NULL;
    }
    return d;
}

static void stop_threads(struct database *d, unsigned n)
{
    pthread_mutex_lock(&d->lock);
    d->stopping = true;
    pthread_cond_broadcast(&d->wake);
    pthread_mutex_unlock(&d->lock);
    for (unsigned i = 0; i < n; i++)
        pthread_join(d->threads[i], NULL);
}

enum result database_open_catalogue(const struct db_options *options, const struct db_catalogue *catalogue,
                                    bool migrate, struct arena *a, struct database **ret_database, struct str *ret_why)
{
    if (!options->postgres_url && !options->sqlite_path) {
        *ret_why = STR("no database is named");
        return E_INVALID;
    }
    struct database *d = database_new(options, catalogue);
    if (!d) {
        *ret_why = STR("no memory for the database");
        return E_BUSY;
    }
    enum result r = d->engine->start(d, migrate && !options->read_only, a, ret_why);
    if (r != OK) {
        database_free(d);
        return r;
    }
    for (unsigned i = 0; i < d->n_threads; i++) {
        if (pthread_create(&d->threads[i], NULL, d->engine->writer, d) == 0)
            continue;
        stop_threads(d, i);
        d->engine->stop(d);
        database_free(d);
        *ret_why = STR("the writer's thread does not start");
        return E_BUSY;
    }
    log_info("db.open", LOG_CSTR("engine", d->engine->name), LOG_INT("statements", (int64_t)catalogue->n_statements));
    *ret_database = d;
    return OK;
}

enum result database_open(const struct db_options *options, bool migrate, struct arena *a,
                          struct database **ret_database, struct str *ret_why)
{
    const struct db_catalogue all = {db_statements, db_statements_n, db_migrations, db_migrations_n};

    return database_open_catalogue(options, &all, migrate, a, ret_database, ret_why);
}

void database_close(struct database *d)
{
    if (!d)
        return;
    stop_threads(d, d->n_threads);
    for (int i = 0; i < 2; i++)
        while (d->readers[i].pool) {
            struct db *db = d->readers[i].pool;

            d->readers[i].pool = db->next;
            d->engine->close_link(db);
            free(db->rows);
            free(db);
        }
    d->engine->stop(d);
    database_free(d);
}

void database_on_fatal(struct database *d, void (*fatal)(void *arg, struct str why), void *arg)
{
    d->fatal = fatal;
    d->fatal_arg = arg;
}

void database_fail(struct database *d, struct str why)
{
    atomic_store(&d->healthy, false);
    log_error("db.fatal", LOG_STR("why", why));
    d->fatal(d->fatal_arg, why);
}

bool database_healthy(struct database *d)
{
    return atomic_load(&d->healthy);
}

void database_counters(struct database *d, struct db_counters *ret)
{
    pthread_mutex_lock(&d->lock);
    ret->queue_now = (int64_t)d->queued;
    pthread_mutex_unlock(&d->lock);
    ret->commits = d->commits;
    ret->jobs = d->jobs;
    ret->jobs_failed = d->jobs_failed;
    ret->batch_max = d->batch_max;
    ret->wal_pages = d->wal_pages;
    ret->checkpoints = d->checkpoints;
    ret->commit_us_total = d->commit_us_total;
    ret->replica_reads = d->replica_reads;
}

/* ---- the queue */

enum result db_write(struct database *d, struct db_job *job)
{
    enum result r = OK;

    if (d->options.read_only)
        return E_DENIED;
    job->next = NULL;
    job->position = 0;
    pthread_mutex_lock(&d->lock);
    if (!d->engine->postgres && !atomic_load(&d->healthy)) { /* a lost server comes back, a lost disk does not */
        r = E_IO;
    } else if (d->stopping || d->queued >= d->options.queue_max) {
        r = E_BUSY;
    } else {
        *d->tail = job;
        d->tail = &job->next;
        /* A writer that is at work looks at the queue before it sleeps. */
        if (d->queued++ == 0 || d->engine->postgres)
            pthread_cond_signal(&d->wake);
    }
    pthread_mutex_unlock(&d->lock);
    return r;
}

size_t queue_take(struct database *d, size_t most, bool wait, struct db_job **ret_jobs, bool *ret_stop)
{
    size_t n = 0;

    pthread_mutex_lock(&d->lock);
    while (wait && !d->head && !d->stopping && !d->copy)
        pthread_cond_wait(&d->wake, &d->lock);
    *ret_stop = d->stopping && !d->head;
    *ret_jobs = d->head;
    struct db_job **end = &d->head;
    while (*end && n < most) {
        end = &(*end)->next;
        n++;
    }
    if (n) {
        struct db_job *rest = *end;

        *end = NULL;
        d->head = rest;
        if (!rest)
            d->tail = &d->head;
        d->queued -= n;
    }
    pthread_mutex_unlock(&d->lock);
    return n;
}

static enum result run_guarded(struct db *db, struct db_job *job, enum result (*run)(struct db *db, struct db_job *job))
{
    jmp_buf here;
    jmp_buf *before = arena_escape(job->arena, &here);
    volatile enum result r = E_BUSY;

    db->arena = job->arena;
    db->job = job;
    db->spoiled = OK;
    if (setjmp(here) == 0)
        r = run(db, job);
    else
        db->database->engine->release(db);
    arena_escape(job->arena, before);
    db->arena = NULL;
    db->job = NULL;
    return r == OK ? db->spoiled : r;
}

static enum result run_now(struct db *db, struct db_job *job)
{
    return job->run(db, job->arg);
}

enum result job_run(struct db *db, struct db_job *job)
{
    job->late = NULL;
    job->late_end = &job->late;
    return run_guarded(db, job, run_now);
}

static enum result run_late(struct db *db, struct db_job *job)
{
    enum result r = OK;

    for (struct db_late *l = job->late; l && r == OK; l = l->next)
        r = l->run(db, l->arg);
    return r;
}

enum result job_run_late(struct db *db, struct db_job *job)
{
    return job->late ? run_guarded(db, job, run_late) : OK;
}

void db_put_off(struct db *db, enum result (*run)(struct db *db, void *arg), void *arg)
{
    struct db_late *l = arena_new(db->arena, struct db_late);

    *l = (struct db_late){run, arg, NULL};
    *db->job->late_end = l;
    db->job->late_end = &l->next;
}

void job_done(struct database *d, struct db_job *job, enum result result)
{
    atomic_fetch_add_explicit(&d->jobs, 1, memory_order_relaxed);
    if (result != OK)
        atomic_fetch_add_explicit(&d->jobs_failed, 1, memory_order_relaxed);
    job->done(job->arg, result);
}

struct waiting {
    enum result (*run)(struct db *db, void *arg);
    void *arg;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool done;
    enum result result;
};

static enum result wait_run(struct db *db, void *arg)
{
    struct waiting *w = arg;

    return w->run(db, w->arg);
}

static void wait_done(void *arg, enum result result)
{
    struct waiting *w = arg;

    pthread_mutex_lock(&w->lock);
    w->done = true;
    w->result = result;
    pthread_cond_signal(&w->wake);
    pthread_mutex_unlock(&w->lock);
}

enum result db_write_wait(struct database *d, struct arena *a, enum result (*run)(struct db *db, void *arg), void *arg)
{
    struct waiting w = {.run = run, .arg = arg, .result = E_BUSY};
    struct db_job job = {.run = wait_run, .done = wait_done, .arg = &w, .arena = a};

    pthread_mutex_init(&w.lock, NULL);
    pthread_cond_init(&w.wake, NULL);
    enum result r = db_write(d, &job);
    if (r == OK) {
        pthread_mutex_lock(&w.lock);
        while (!w.done)
            pthread_cond_wait(&w.wake, &w.lock);
        pthread_mutex_unlock(&w.lock);
        r = w.result;
    }
    pthread_cond_destroy(&w.wake);
    pthread_mutex_destroy(&w.lock);
    return r;
}

enum result database_copy(struct database *d, const char *to_path)
{
    struct copy copy = {.to = to_path, .result = E_IO};

    if (d->engine->postgres)
        return E_INVALID; /* pg_basebackup and pg_dump do that */
    if (d->options.read_only)
        return sqlite_copy_reading(d, to_path);
    pthread_mutex_lock(&d->lock);
    if (d->stopping || d->copy) {
        pthread_mutex_unlock(&d->lock);
        return E_BUSY;
    }
    d->copy = &copy;
    pthread_cond_signal(&d->wake);
    while (!copy.done)
        pthread_cond_wait(&d->copied, &d->lock);
    pthread_mutex_unlock(&d->lock);
    return copy.result;
}

/* ---- reads */

static enum result reader_begin(struct database *d, struct arena *a, bool replica, struct db **ret_db)
{
    struct readers *readers = &d->readers[replica];
    enum result r = OK;

    pthread_mutex_lock(&d->pool_lock);
    struct db *db = readers->pool;
    bool open = false;
    if (db) {
        readers->pool = db->next;
    } else if (readers->open < MAX_READERS) {
        readers->open++;
        open = true;
    }
    pthread_mutex_unlock(&d->pool_lock);
    if (open) {
        db = calloc(1, sizeof(*db));
        r = E_BUSY;
        if (db) {
            db->database = d;
            db->replica = replica;
            r = d->engine->open_reader(d, db);
        }
        if (r != OK) {
            free(db);
            pthread_mutex_lock(&d->pool_lock);
            readers->open--;
            pthread_mutex_unlock(&d->pool_lock);
            return r;
        }
    }
    if (!db)
        return E_BUSY;
    db->arena = a;
    db->n_asked = 0;
    r = d->engine->begin_read(db);
    if (r != OK) {
        (void)db_read_end_seen(db);
        return r;
    }
    *ret_db = db;
    return OK;
}

enum result db_read_begin(struct database *d, struct arena *a, struct db **ret_db)
{
    return reader_begin(d, a, false, ret_db);
}

enum result db_read_begin_near(struct database *d, struct arena *a, int64_t position, struct db **ret_db)
{
    struct db *db;

    if (d->engine->replica_there && d->engine->replica_there(d) && reader_begin(d, a, true, &db) == OK) {
        if (d->engine->replica_reached(db, position)) {
            atomic_fetch_add_explicit(&d->replica_reads, 1, memory_order_relaxed);
            *ret_db = db;
            return OK;
        }
        (void)db_read_end_seen(db);
    }
    return reader_begin(d, a, false, ret_db);
}

/* ---- what is shown before it is on the disk */

bool db_settled(struct database *d, int64_t seen)
{
    return seen <= atomic_load(&d->settled);
}

bool db_when_settled(struct database *d, int64_t seen, struct db_settle *settle)
{
    bool wait;

    settle->seen = seen;
    pthread_mutex_lock(&d->settle_lock);
    wait = !db_settled(d, seen);
    if (wait) {
        settle->next = d->settling;
        d->settling = settle;
    }
    pthread_mutex_unlock(&d->settle_lock);
    return wait;
}

void database_settle(struct database *d, int64_t number, bool kept)
{
    struct db_settle *over = NULL, **at;

    pthread_mutex_lock(&d->settle_lock);
    if (number > atomic_load(&d->settled)) /* who syncs may come here behind the writer with a later one */
        atomic_store(&d->settled, number);
    for (at = &d->settling; *at;) {
        struct db_settle *s = *at;

        if (s->seen > number) {
            at = &s->next;
            continue;
        }
        *at = s->next;
        s->next = over;
        over = s;
    }
    pthread_cond_broadcast(&d->settle_wake);
    pthread_mutex_unlock(&d->settle_lock);
    while (over) {
        struct db_settle *next = over->next; /* settled() may free it */

        over->settled(over->arg, kept);
        over = next;
    }
}

static void wait_until_settled(struct database *d, int64_t seen)
{
    if (db_settled(d, seen))
        return;
    pthread_mutex_lock(&d->settle_lock);
    while (!db_settled(d, seen))
        pthread_cond_wait(&d->settle_wake, &d->settle_lock);
    pthread_mutex_unlock(&d->settle_lock);
}

void db_read_end(struct db *db)
{
    struct database *d = db->database;

    wait_until_settled(d, db_read_end_seen(db));
}

int64_t db_read_end_seen(struct db *db)
{
    struct database *d = db->database;
    struct readers *readers = &d->readers[db->replica];
    int64_t seen;
    bool keep;

    d->engine->release(db);
    d->engine->end_read(db);
    db->n_asked = 0;
    db->arena = NULL;
    /* Taken behind the last statement: it may be one more than was seen, never one less. */
    seen = atomic_load(&d->shown);
    keep = db->trouble == TROUBLE_NONE;
    if (!keep) {
        d->engine->close_link(db);
        free(db->rows);
        free(db);
    }
    pthread_mutex_lock(&d->pool_lock);
    if (keep) {
        db->next = readers->pool;
        readers->pool = db;
    } else {
        readers->open--;
    }
    pthread_mutex_unlock(&d->pool_lock);
    return seen;
}

/* ---- statements */

/* What a statement may not do, or what has already gone wrong in this transaction. */
static inline enum result may_run(const struct db *db, const struct db_statement *s)
{
    if (db->spoiled != OK)
        return db->spoiled;
    if (s->writes && !db->write) {
        log_error("db.write_in_read", LOG_CSTR("statement", s->name));
        return E_IO;
    }
    return OK;
}

static inline enum result finish(struct db *db, const struct db_statement *s, enum result r)
{
    if (r == OK || r == E_NOT_FOUND || !db->write)
        return r;
    db->spoiled = r;
    log_debug("db.spoiled", LOG_CSTR("statement", s->name), LOG_CSTR("result", result_name(r)));
    return r;
}

enum result db_exec(struct db *db, unsigned statement, const union db_value *values, int64_t *ret_changed)
{
    const struct db_statement *s = statement_of(db, statement);
    enum result r = may_run(db, s);

    return r != OK ? r : finish(db, s, db->database->engine->exec(db, statement, values, ret_changed));
}

enum result db_send(struct db *db, unsigned statement, const union db_value *values)
{
    const struct db_statement *s = statement_of(db, statement);
    const struct engine *engine = db->database->engine;
    enum result r = may_run(db, s);

    if (r != OK)
        return r;
    return finish(db, s,
                  engine->send ? engine->send(db, statement, values) : engine->exec(db, statement, values, NULL));
}

/* ---- asked ahead */

static bool same_values(const struct db_statement *s, const union db_value *a, const union db_value *b)
{
    for (int i = 0; i < s->n_params; i++)
        switch (s->params[i]) {
        case 't':
        case 'y':
            if (!str_eq(a[i].s, b[i].s))
                return false;
            break;
        default: /* all bits, of a double too */
            if (a[i].i != b[i].i)
                return false;
            break;
        }
    return true;
}

static struct asked *asked_of(struct db *db, unsigned statement, const union db_value *values)
{
    for (size_t i = 0; i < db->n_asked; i++)
        if (db->asked[i].statement == statement &&
            same_values(statement_of(db, statement), db->asked[i].values, values))
            return &db->asked[i];
    return NULL;
}

void db_ahead(struct db *db, unsigned statement, const union db_value *values)
{
    const struct db_statement *s = statement_of(db, statement);
    const struct engine *engine = db->database->engine;
    union db_value *kept;

    if (db->write || s->writes || db->n_asked == ASKED_MAX || asked_of(db, statement, values))
        return;
    kept = arena_array(db->arena, union db_value, s->n_params ? s->n_params : 1);
    for (int i = 0; i < s->n_params; i++) {
        kept[i] = values[i];
        if (s->params[i] == 't' || s->params[i] == 'y')
            kept[i].s = str_dup(db->arena, values[i].s);
    }
    db->asked[db->n_asked] = (struct asked){.statement = statement, .values = kept};
    if (engine->ahead)
        engine->ahead(db, &db->asked[db->n_asked]);
    db->n_asked++;
}

/* Its rows, from what was sent ahead or, the first time, by asking now. */
static enum result answer(struct db *db, struct asked *e, bool one)
{
    const struct db_statement *s = statement_of(db, e->statement);
    const struct engine *engine = db->database->engine;
    enum result r = OK;

    if (!e->here && e->sent)
        r = engine->answer(db, e);
    if (r != OK || e->here)
        return r;
    if (one) {
        void *row = arena_alloc(db->arena, 1, s->row_size, _Alignof(max_align_t));

        r = engine->one(db, e->statement, e->values, row);
        e->rows = (struct db_rows){row, r == OK};
        if (r == E_NOT_FOUND)
            r = OK;
    } else {
        r = engine->many(db, e->statement, e->values, &e->rows);
    }
    e->here = r == OK;
    return r;
}

enum result db_one(struct db *db, unsigned statement, const union db_value *values, void *ret_row)
{
    const struct db_statement *s = statement_of(db, statement);
    struct asked *e = db->n_asked ? asked_of(db, statement, values) : NULL;
    enum result r = may_run(db, s);

    if (r != OK)
        return r;
    if (e == NULL)
        return finish(db, s, db->database->engine->one(db, statement, values, ret_row));
    r = answer(db, e, true);
    if (r == OK && e->rows.n == 0)
        r = E_NOT_FOUND;
    if (r == OK)
        memcpy(ret_row, e->rows.row, s->row_size);
    return finish(db, s, r);
}

enum result db_many(struct db *db, unsigned statement, const union db_value *values, struct db_rows *ret_rows)
{
    const struct db_statement *s = statement_of(db, statement);
    struct asked *e = db->n_asked ? asked_of(db, statement, values) : NULL;
    enum result r = may_run(db, s);

    if (r != OK)
        return r;
    if (e == NULL)
        return finish(db, s, db->database->engine->many(db, statement, values, ret_rows));
    r = answer(db, e, false);
    if (r == OK)
        *ret_rows = e->rows;
    return finish(db, s, r);
}

void *rows_room(struct db *db, size_t bytes)
{
    if (bytes <= db->rows_room)
        return db->rows;
    size_t room = db->rows_room ? db->rows_room : 4096;
    while (room < bytes)
        room *= 2;
    char *more = realloc(db->rows, room);
    if (!more)
        return NULL;
    db->rows = more;
    db->rows_room = room;
    return more;
}

struct arena *db_arena(const struct db *db)
{
    return db->arena;
}

bool db_is_postgres(const struct db *db)
{
    return db->database->engine->postgres;
}

bool db_is_replica(const struct db *db)
{
    return db->replica;
}

bool db_is_write(const struct db *db)
{
    return db->write;
}
