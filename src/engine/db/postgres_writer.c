/* postgres_writer.c: a thread that runs jobs on PostgreSQL, one transaction each. The server puts the commits of many together. */
#include "engine/db/postgres.h"

#include <stdlib.h>
#include <unistd.h>

#include "engine/base/log.h"

enum { TRIES = 5, PAUSE_US = 2000 };

/* One try. *ret_again: a deadlock or the like, and nothing has been kept. */
static enum result run_once(struct database *d, struct db *db, struct db_job *job, bool *ret_again)
{
    enum result r = OK;

    *ret_again = false;
    if (!db->link)
        r = postgres_open(d, db);
    atomic_store(&d->healthy, r == OK);
    if (r != OK)
        return r;
    ((struct postgres_link *)db->link)->again = false;
    r = job_run(db, job);
    if (r == OK && db->trouble == TROUBLE_NONE)
        r = job_run_late(db, job);
    struct postgres_link *link = db->link; /* the connection may be another one now */
    if (!link || db->trouble != TROUBLE_NONE) {
        postgres_close(db);
        return r == OK ? E_BUSY : r;
    }
    if (r == OK) {
        int64_t began = monotonic_us();
        r = postgres_commit(db);
        job->position = db->position;
        d->commits++;
        d->commit_us_total += monotonic_us() - began;
    } else {
        postgres_rollback(db);
    }
    *ret_again = link->again;
    if (db->trouble != TROUBLE_NONE) {
        /* Lost in the COMMIT: it may have happened. It is not acknowledged; the key of the form makes a second try safe. */
        log_warn("db.lost", LOG_CSTR("text", "the connection to PostgreSQL was lost"));
        postgres_close(db);
    }
    return r;
}

void *postgres_writer(void *database)
{
    struct database *d = database;
    struct db db = {.database = d, .write = true};
    struct db_job *job;
    bool stop = false;

    pthread_setname_np(pthread_self(), "db-writer");
    d->batch_max = 1;
    while (!stop) {
        if (queue_take(d, 1, true, &job, &stop) == 0)
            continue;
        bool again = true;
        enum result r = E_BUSY;
        for (int i = 0; i < TRIES && again; i++) {
            if (i)
                usleep((useconds_t)(PAUSE_US * i + random() % PAUSE_US));
            r = run_once(d, &db, job, &again);
        }
        job_done(d, job, r);
    }
    postgres_close(&db);
    free(db.rows);
    return NULL;
}
