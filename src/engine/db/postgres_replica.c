/* postgres_replica.c: reads from a streaming replica, never behind what they have to see.
 *
 * A thread asks primary and replica four times a second where they stand in the log. `floor` is where the primary was lag_ms ago: a replica
 * that has not come so far gives no answers, and neither does one on another timeline, whose log goes its own way. Each connection
 * remembers how far its server was when it was asked last; only when that is not enough for a read is it asked again. While the primary
 * cannot be reached nothing new is written by it, so the floor stays and reading goes on. */
#include "engine/db/postgres.h"

#include <endian.h>
#include <errno.h>
#include <time.h>

#include "engine/base/log.h"

enum { EVERY_MS = 250, HISTORY = 512 };

struct mark {
    int64_t at, position;
};

struct watch {
    struct database *d;
    PGconn *primary, *replica;
    struct mark mark[HISTORY];
    size_t n;
    int64_t timeline;
};

static bool ask(PGconn *conn, const char *sql, int64_t *ret_first, int64_t *ret_second)
{
    PGresult *res = PQexec(conn, sql);
    bool ok = PQresultStatus(res) == PGRES_TUPLES_OK && PQntuples(res) == 1 && !PQgetisnull(res, 0, 0) &&
              str_int64(str_from_cstr(PQgetvalue(res, 0, 0)), 0, INT64_MAX, ret_first) == OK &&
              str_int64(str_from_cstr(PQgetvalue(res, 0, 1)), 0, INT64_MAX, ret_second) == OK;

    PQclear(res);
    return ok;
}

static void drop(PGconn **conn)
{
    PQfinish(*conn);
    *conn = NULL;
}

static void watch_primary(struct watch *w)
{
    struct postgres_shared *shared = postgres_shared_of(w->d);
    int64_t position, timeline = 0, now = monotonic_us() / 1000, floor = 0;

    if (!w->primary) {
        w->primary = postgres_connect_primary(w->d);
        w->n = 0; /* another server, perhaps: its log begins anew for us */
    }
    /* The timeline as it is in the control file: the same that the replica is asked for. */
    if (!ask(
            w->primary,
            "SELECT CAST(pg_current_wal_insert_lsn() - '0/0' AS BIGINT), (SELECT timeline_id FROM pg_control_checkpoint())",
            &position, &timeline)) {
        drop(&w->primary);
        return;
    }
    w->timeline = timeline;
    if (w->n == HISTORY)
        memmove(w->mark, w->mark + 1, --w->n * sizeof(w->mark[0]));
    w->mark[w->n++] = (struct mark){now, position};
    size_t old = 0;
    for (size_t i = 0; i < w->n && w->mark[i].at <= now - shared->lag_ms; i++) {
        floor = w->mark[i].position;
        old = i;
    }
    if (old) {
        memmove(w->mark, w->mark + old, (w->n - old) * sizeof(w->mark[0]));
        w->n -= old;
    }
    /* Before there is a mark that old, the oldest one counts: that is stricter. */
    atomic_store(&shared->floor, floor ? floor : w->mark[0].position);
}

static void watch_replica(struct watch *w)
{
    struct postgres_shared *shared = postgres_shared_of(w->d);
    int64_t position = 0, timeline = 0;

    if (!w->replica)
        w->replica = postgres_connect(shared->replica, NULL, NULL, false);
    bool there = ask(
        w->replica,
        "SELECT CAST(pg_last_wal_replay_lsn() - '0/0' AS BIGINT), (SELECT timeline_id FROM pg_control_checkpoint())",
        &position, &timeline);
    if (!there)
        drop(&w->replica);
    there = there && w->timeline && timeline == w->timeline;
    if (atomic_exchange(&shared->good, there) != there) {
        if (there)
            log_info("db.replica", LOG_CSTR("text", "reads go to the replica"));
        else
            log_warn("db.replica", LOG_CSTR("text", "reads go to the primary"), LOG_INT("timeline", timeline));
    }
}

static void *watch_loop(void *database)
{
    struct watch w = {.d = database};
    struct postgres_shared *shared = postgres_shared_of(w.d);

    pthread_setname_np(pthread_self(), "db-replica");
    pthread_mutex_lock(&shared->lock);
    while (!shared->stopping) {
        struct timespec until;

        pthread_mutex_unlock(&shared->lock);
        watch_primary(&w);
        watch_replica(&w);
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += EVERY_MS * 1000000L;
        until.tv_sec += until.tv_nsec / 1000000000L;
        until.tv_nsec %= 1000000000L;
        pthread_mutex_lock(&shared->lock);
        while (!shared->stopping && pthread_cond_timedwait(&shared->wake, &shared->lock, &until) != ETIMEDOUT)
            ;
    }
    pthread_mutex_unlock(&shared->lock);
    drop(&w.primary);
    drop(&w.replica);
    return NULL;
}

enum result postgres_watch(struct database *d)
{
    struct postgres_shared *shared = postgres_shared_of(d);

    if (!shared->replica)
        return OK;
    if (pthread_create(&shared->watcher, NULL, watch_loop, d) != 0)
        return E_BUSY;
    shared->watches = true;
    return OK;
}

void postgres_watch_end(struct database *d)
{
    struct postgres_shared *shared = postgres_shared_of(d);

    if (!shared->watches)
        return;
    pthread_mutex_lock(&shared->lock);
    shared->stopping = true;
    pthread_cond_broadcast(&shared->wake);
    pthread_mutex_unlock(&shared->lock);
    pthread_join(shared->watcher, NULL);
    shared->watches = false;
}

bool postgres_replica_there(struct database *d)
{
    struct postgres_shared *shared = postgres_shared_of(d);

    return shared->replica && atomic_load_explicit(&shared->good, memory_order_relaxed);
}

bool postgres_replica_reached(struct db *db, int64_t position)
{
    struct postgres_link *link = db->link;
    int64_t need = atomic_load_explicit(&postgres_shared_of(db->database)->floor, memory_order_relaxed);
    uint64_t big;

    need = position > need ? position : need;
    if (link->replayed >= need)
        return true;
    /* Asked in a transaction of its own, before the snapshot of the read is taken: what has been replayed by now is in that one. */
    if (PQsendQueryParams(link->conn, "SELECT CAST(pg_last_wal_replay_lsn() - '0/0' AS BIGINT)", 0, NULL, NULL, NULL,
                          NULL, 1) != 1 ||
        PQpipelineSync(link->conn) != 1) {
        db->trouble = TROUBLE_LOST;
        return false;
    }
    postgres_take_ending(db);
    PGresult *res = postgres_next(link->conn), *sync = postgres_next(link->conn);
    if (res && PQresultStatus(res) == PGRES_TUPLES_OK && PQgetlength(res, 0, 0) == 8) {
        memcpy(&big, PQgetvalue(res, 0, 0), 8);
        link->replayed = (int64_t)be64toh(big);
    }
    if (!sync || PQresultStatus(sync) != PGRES_PIPELINE_SYNC)
        db->trouble = TROUBLE_LOST;
    PQclear(res);
    PQclear(sync);
    return db->trouble == TROUBLE_NONE && link->replayed >= need;
}
