/* jobs.c: scheduled work. Each process looks when a job is due; whoever moves its lease in the table runs it. While it runs another
 * thread extends the lease; a process that dies leaves one that ends by itself, soon. */
#include <errno.h>
#include <stdlib.h>

#include "engine/app/app.sql.h"
#include "engine/app/internal.h"
#include "engine/base/ids.h"
#include "engine/base/log.h"

#define LEASE (90 * TIME_SECOND)
#define EXTEND_EVERY (20 * TIME_SECOND)
enum { JOB_ARENA = 64 << 20, CALL_ARENA = 64 * 1024 };

struct call {
    const char *name;
    int64_t due, now, lease_until, holder, next_at, failed, ms;
    int64_t changed;
};

static enum result put(struct db *db, void *arg)
{
    struct call *c = arg;

    return sql_job_put(db, str_from_cstr(c->name));
}

static enum result claim(struct db *db, void *arg)
{
    struct call *c = arg;

    return sql_job_claim(db, str_from_cstr(c->name), c->due, c->now, c->lease_until, c->holder, &c->changed);
}

static enum result done(struct db *db, void *arg)
{
    struct call *c = arg;

    return sql_job_done(db, str_from_cstr(c->name), c->holder, c->next_at, c->failed, c->now, c->ms);
}

static enum result extend(struct db *db, void *arg)
{
    struct call *c = arg;

    return sql_job_extend(db, str_from_cstr(c->name), c->holder, c->lease_until);
}

/* A write in an arena of its own; memory that is out is an error like others. */
static enum result call(struct app *app, enum result (*run)(struct db *, void *), struct call *c)
{
    struct arena *a = arena_open(CALL_ARENA);

    if (!a)
        return E_BUSY;
    enum result r = db_write_wait(app_database(app), a, run, c);
    arena_close(a);
    return r;
}

static enum result run_in_arena(struct app *app, const struct job_kind *kind)
{
    struct arena *a = arena_open(JOB_ARENA);
    enum result r = E_BUSY;
    jmp_buf here;

    if (!a)
        return E_BUSY;
    arena_escape(a, &here);
    if (setjmp(here) == 0)
        r = kind->run(app, a);
    arena_close(a);
    return r;
}

static void set_job_now(struct app *app, const char *name)
{
    pthread_mutex_lock(&app->job_lock);
    app->job_now = name;
    pthread_mutex_unlock(&app->job_lock);
}

static bool run_one(struct app *app, struct scheduled *s, bool force)
{
    struct call c = {.name = s->kind->name, .now = time_now(), .holder = app->holder};

    c.due = force ? INT64_MAX : c.now;
    c.lease_until = c.now + LEASE;
    if (!s->kind->each && (call(app, claim, &c) != OK || !c.changed))
        return false;
    int64_t from = time_monotonic();
    set_job_now(app, s->kind->each ? NULL : s->kind->name);
    enum result r = run_in_arena(app, s->kind);
    set_job_now(app, NULL);
    c.now = time_now();
    c.ms = time_monotonic() - from;
    c.next_at = c.now + s->kind->every_ms;
    c.failed = r != OK;
    atomic_fetch_add(&s->runs, 1);
    atomic_store(&s->last_ms, c.ms);
    if (r != OK) {
        atomic_fetch_add(&s->failures, 1);
        log_error("job.failed", LOG_CSTR("job", s->kind->name), LOG_CSTR("result", result_name(r)),
                  LOG_INT("ms", c.ms));
    } else {
        log_debug("job.done", LOG_CSTR("job", s->kind->name), LOG_INT("ms", c.ms));
    }
    if (!s->kind->each && call(app, done, &c) != OK)
        log_warn("job.lease_kept", LOG_CSTR("job", s->kind->name)); /* it ends by itself */
    return true;
}

size_t jobs_run(struct app *app, bool force)
{
    size_t ran = 0;

    for (size_t i = 0; i < app->n_jobs && !atomic_load(&app->stopping); i++) {
        struct scheduled *s = &app->jobs[i];
        int64_t now = time_monotonic();
        if (!force && now < s->look_at)
            continue;
        /* Every second for what is due more often than each ten seconds, else a tenth of its period, a minute at most. */
        int64_t wait = s->kind->each ? s->kind->every_ms : s->kind->every_ms / 10;
        s->look_at = now + (wait < TIME_SECOND ? TIME_SECOND : wait > TIME_MINUTE ? TIME_MINUTE : wait);
        ran += run_one(app, s, force);
    }
    return ran;
}

size_t app_run_jobs(struct app *app)
{
    return jobs_run(app, true);
}

static void *job_loop(void *arg)
{
    struct app *app = arg;

    while (!atomic_load(&app->stopping)) {
        jobs_run(app, false);
        struct timespec until;
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec += 1;
        pthread_mutex_lock(&app->job_lock);
        while (!atomic_load(&app->stopping) &&
               pthread_cond_timedwait(&app->job_wake, &app->job_lock, &until) != ETIMEDOUT)
            ;
        pthread_mutex_unlock(&app->job_lock);
    }
    return NULL;
}

static void *lease_loop(void *arg)
{
    struct app *app = arg;

    pthread_mutex_lock(&app->job_lock);
    while (!atomic_load(&app->stopping)) {
        struct timespec until;
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec += EXTEND_EVERY / TIME_SECOND;
        while (!atomic_load(&app->stopping) &&
               pthread_cond_timedwait(&app->job_wake, &app->job_lock, &until) != ETIMEDOUT)
            ;
        struct call c = {.name = app->job_now, .holder = app->holder, .lease_until = time_now() + LEASE};
        if (!c.name)
            continue;
        pthread_mutex_unlock(&app->job_lock);
        if (call(app, extend, &c) != OK)
            log_warn("job.lease_not_extended", LOG_CSTR("job", c.name));
        pthread_mutex_lock(&app->job_lock);
    }
    pthread_mutex_unlock(&app->job_lock);
    return NULL;
}

enum result jobs_open(struct app *app)
{
    app->holder = id_new();
    for (size_t i = 0; i < app->n_jobs; i++) {
        struct call c = {.name = app->jobs[i].kind->name};
        if (app->jobs[i].kind->each)
            continue;
        enum result r = call(app, put, &c);
        if (r != OK)
            return r;
    }
    return OK;
}

void jobs_start(struct app *app)
{
    if (app->n_jobs && pthread_create(&app->job_thread, NULL, job_loop, app) == 0)
        app->job_thread_runs = true;
    if (app->job_thread_runs && pthread_create(&app->lease_thread, NULL, lease_loop, app) == 0)
        app->lease_thread_runs = true;
    share_start(app);
}

void jobs_stop(struct app *app)
{
    pthread_mutex_lock(&app->job_lock);
    atomic_store(&app->stopping, true);
    pthread_cond_broadcast(&app->job_wake);
    pthread_mutex_unlock(&app->job_lock);
    if (app->job_thread_runs)
        pthread_join(app->job_thread, NULL);
    if (app->lease_thread_runs)
        pthread_join(app->lease_thread, NULL);
    app->job_thread_runs = app->lease_thread_runs = false;
    share_stop(app);
}
