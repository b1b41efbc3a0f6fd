/* share.c: processes on one PostgreSQL tell each other what was taken of the limits that answer 429 (limit.c).
 *
 * Each of them says some times a second, in one write, what it has taken of the buckets that are worth it, and hears what all have taken. A bucket in the table is the moment at
 * which it will be full again: taking adds time to it. Alone, a process only says every other second that it is there. SQLite has one process: nothing runs. */
#include <errno.h>
#include <sodium.h>

#include "engine/app/app.sql.h"
#include "engine/app/internal.h"
#include "engine/base/log.h"

enum { ROUND_MS = 200, SEEN_EVERY = 2000, SEEN_HOLDS = 7000, PURGE_EVERY = 60000, SHARE_ARENA = 1 << 20 };

struct talk {
    struct app *app;
    struct limit_due due[LIMIT_DUE_MAX];
    size_t n;
    int64_t now, processes;
    bool first, seen, purge, needless;
    unsigned char secret[LIMIT_SECRET];
};

static enum result know_the_secret(struct db *db, struct talk *t)
{
    struct sql_rate_secret_get row;
    unsigned char drawn[LIMIT_SECRET];

    randombytes_buf(drawn, sizeof(drawn));
    enum result r = sql_rate_secret_put(db, (struct str){(const char *)drawn, sizeof(drawn)});
    if (r == OK)
        r = sql_rate_secret_get(db, &row);
    if (r == OK && row.secret.len != LIMIT_SECRET)
        r = E_INVALID;
    if (r == OK)
        memcpy(t->secret, row.secret.ptr, LIMIT_SECRET);
    return r;
}

static enum result say_and_hear(struct db *db, void *arg)
{
    struct talk *t = arg;
    struct sql_rate_process_count count;
    enum result r = OK;

    t->needless = !db_is_postgres(db);
    if (t->needless)
        return OK;
    if (t->first)
        r = know_the_secret(db, t);
    if (r == OK && t->seen)
        r = sql_rate_process_put(db, t->app->holder, t->now);
    if (r == OK && t->seen)
        r = sql_rate_process_count(db, t->now - SEEN_HOLDS, &count);
    if (r == OK && t->seen)
        t->processes = count.n;
    for (size_t i = 0; r == OK && i < t->n; i++) {
        struct limit_due *d = &t->due[i];
        struct sql_rate_take row;
        r = sql_rate_take(db, (int64_t)d->key, t->now * 1000, (int64_t)(d->taken * d->cost_us), &row);
        if (r == OK)
            d->full_at = row.full_at;
    }
    if (r == OK && t->purge)
        r = sql_rate_purge(db, (t->now - PURGE_EVERY) * 1000);
    return r == OK && t->purge ? sql_rate_process_drop(db, 0, t->now - PURGE_EVERY) : r;
}

enum result limits_exchange(struct app *app, bool *ret_needless)
{
    struct arena *a = arena_open(SHARE_ARENA);
    int64_t now = time_monotonic();
    enum result r;

    if (!a)
        return E_BUSY;
    struct talk *t = arena_new(a, struct talk);
    t->app = app;
    t->now = time_now();
    t->first = !app->share_knows;
    t->seen = t->first || now >= app->share_seen_at + SEEN_EVERY;
    t->purge = now >= app->share_purged_at + PURGE_EVERY;
    t->n = t->first ? 0 : limits_collect(app->limits, t->due, now);
    r = t->n || t->seen || t->purge ? db_write_wait(app_database(app), a, say_and_hear, t) : OK;
    *ret_needless = t->needless;
    if (r == OK && t->first && !t->needless) {
        limits_use_secret(app->limits, t->secret);
        app->share_knows = true;
    }
    if (r == OK && t->seen && !t->needless) {
        limits_use_processes(app->limits, t->processes, time_monotonic());
        app->share_seen_at = now;
    }
    if (r == OK && t->purge)
        app->share_purged_at = now;
    limits_settle(app->limits, t->due, t->n, r == OK, time_monotonic(), time_now() * 1000);
    arena_close(a);
    return r;
}

static enum result leave(struct db *db, void *arg)
{
    struct app *app = arg;

    return sql_rate_process_drop(db, app->holder, 0);
}

static void *share_loop(void *arg)
{
    struct app *app = arg;
    bool needless = false;

    while (!needless && !atomic_load(&app->stopping)) {
        enum result r = limits_exchange(app, &needless);
        if (r != OK)
            log_debug("limits.alone", LOG_CSTR("result", result_name(r)));
        struct timespec until;
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += ROUND_MS * 1000000L;
        until.tv_sec += until.tv_nsec / 1000000000L;
        until.tv_nsec %= 1000000000L;
        pthread_mutex_lock(&app->job_lock);
        while (!atomic_load(&app->stopping) &&
               pthread_cond_timedwait(&app->job_wake, &app->job_lock, &until) != ETIMEDOUT)
            ;
        pthread_mutex_unlock(&app->job_lock);
    }
    return NULL;
}

void share_start(struct app *app)
{
    if (app->settings.rate_scale > 0 && pthread_create(&app->share_thread, NULL, share_loop, app) == 0)
        app->share_thread_runs = true;
}

/* After app->stopping. */
void share_stop(struct app *app)
{
    struct arena *a;

    if (!app->share_thread_runs)
        return;
    pthread_join(app->share_thread, NULL);
    app->share_thread_runs = false;
    if (app->share_knows && (a = arena_open(SHARE_ARENA))) {
        (void)!db_write_wait(app_database(app), a, leave, app);
        arena_close(a);
    }
}
