/* private.h: what the files of this folder share.
 *
 * database.c has what both engines do alike: the queue, the pool of readers, the counters. sqlite.c and postgres.c run statements;
 * sqlite_writer.c and postgres_writer.c commit jobs. An engine is the table of functions below. */
#ifndef LILONG_DB_PRIVATE_H
#define LILONG_DB_PRIVATE_H

#include <pthread.h>
#include <stdatomic.h>

#include "engine/db/statement.h"

enum trouble {
    TROUBLE_NONE,
    TROUBLE_UNDONE, /* the engine has given the whole transaction up: nothing of it may be acknowledged, others go on */
    TROUBLE_LOST,   /* PostgreSQL: the connection is gone */
    TROUBLE_FATAL,  /* SQLite: the disk lies or fails. The process stops */
};

/* What a read has asked for ahead, and its answer once it is here. */
struct asked {
    unsigned statement;
    const union db_value *values; /* in the arena, texts too */
    bool sent, here;
    struct db_rows rows;          /* when here: in the arena; of a :one one row or none */
    void *answer;                 /* the engine's, until it is rows */
};
enum { ASKED_MAX = 48 };

struct db {
    struct database *database;
    struct arena *arena;       /* of the transaction that runs */
    struct db_job *job;        /* of a write */
    bool write;
    bool replica;              /* reads from one */
    int64_t position;          /* where the last commit stands in PostgreSQL's log; 0: not asked for */
    enum result spoiled;       /* the first failure of a write; OK while there is none */
    enum trouble trouble;
    void *link;                /* struct sqlite_link or struct postgres_link */
    char *rows;                /* where db_many collects, kept for the next time */
    size_t rows_room;
    struct asked asked[ASKED_MAX]; /* of the read that runs */
    size_t n_asked;
    struct db *next;           /* in the pool of readers */
};

struct db_late { /* of db_put_off */
    enum result (*run)(struct db *db, void *arg);
    void *arg;
    struct db_late *next;
};

struct engine {
    const char *name;
    bool postgres;
    /* Opens what all connections share and brings the schema up to date; *ret_why in the arena. */
    enum result (*start)(struct database *d, bool migrate, struct arena *a, struct str *ret_why);
    void (*stop)(struct database *d);                 /* after all threads and readers are gone */
    enum result (*open_reader)(struct database *d, struct db *db); /* sets db->link; of a replica when db->replica */
    bool (*replica_there)(struct database *d);         /* NULL: the engine has none */
    bool (*replica_reached)(struct db *db, int64_t position); /* after begin_read, before any statement */
    void (*close_link)(struct db *db);
    enum result (*begin_read)(struct db *db);
    void (*end_read)(struct db *db);
    void (*release)(struct db *db);                   /* drops what a statement holds that did not come to its end */
    void *(*writer)(void *database);                  /* a thread's main function */
    enum result (*exec)(struct db *db, unsigned statement, const union db_value *values, int64_t *ret_changed);
    enum result (*send)(struct db *db, unsigned statement, const union db_value *values); /* NULL: exec does it */
    enum result (*one)(struct db *db, unsigned statement, const union db_value *values, void *ret_row);
    enum result (*many)(struct db *db, unsigned statement, const union db_value *values, struct db_rows *ret_rows);
    /* Both NULL: nothing is won by asking ahead. ahead() sends it, and sets `sent`, if it can. answer() waits for what was sent, and makes it rows. */
    void (*ahead)(struct db *db, struct asked *asked);
    enum result (*answer)(struct db *db, struct asked *asked);
};
extern const struct engine engine_sqlite, engine_postgres;

struct copy { /* a copy that database_copy waits for */
    const char *to;
    enum result result;
    bool done;
};

struct database {
    const struct engine *engine;
    struct db_catalogue catalogue;
    struct db_options options;
    char *path;                          /* SQLite: the file. PostgreSQL: the address */
    void *shared;                        /* struct sqlite_shared, struct postgres_shared */
    void (*fatal)(void *arg, struct str why);
    void *fatal_arg;
    atomic_bool healthy;

    pthread_mutex_t lock;                /* guards the queue, stopping and copy */
    pthread_cond_t wake, copied;
    struct db_job *head, **tail;
    size_t queued;
    bool stopping;
    struct copy *copy;
    pthread_t *threads;
    unsigned n_threads;

    /* Commits that are shown before they are on the disk, by their number; settle_lock guards the list. */
    _Atomic int64_t shown, settled;
    pthread_mutex_t settle_lock;
    pthread_cond_t settle_wake;
    struct db_settle *settling;

    pthread_mutex_t pool_lock;
    struct readers {
        struct db *pool;                 /* those that nobody uses */
        unsigned open;                   /* all */
    } readers[2];                        /* [1]: of the replica */

    _Atomic int64_t commits, jobs, jobs_failed, batch_max, wal_pages, checkpoints, commit_us_total, replica_reads;
};

enum { MAX_READERS = 128, BATCH_MAX = 256, DEFAULT_QUEUE = 4096, DEFAULT_WRITERS = 8 };

/* ---- database.c */

static inline const struct db_statement *statement_of(const struct db *db, unsigned statement)
{
    return db->database->catalogue.statements[statement];
}

/* Takes up to `most` jobs from the queue, waiting for the first unless there is other work. Returns 0 when the
 * database stops and the queue is empty, or when there is a copy to begin; *ret_stop tells which. */
size_t queue_take(struct database *d, size_t most, bool wait, struct db_job **ret_jobs, bool *ret_stop);

/* Runs a job with its arena as the place of rows; memory that is out gives E_BUSY. The caller undoes what is not OK. */
enum result job_run(struct db *db, struct db_job *job);
enum result job_run_late(struct db *db, struct db_job *job); /* what it has put off */
void job_done(struct database *d, struct db_job *job, enum result result); /* counts, and calls done */

/* The commit of this number is on the disk, or will never be: whoever waits for it is called. */
void database_settle(struct database *d, int64_t number, bool kept);

/* Marks the database unhealthy and calls the hook, which by default ends the process with 70. */
void database_fail(struct database *d, struct str why);

void *rows_room(struct db *db, size_t bytes);                  /* NULL when memory is out */
int64_t monotonic_us(void);

/* ---- migrate.c */

struct applied {
    int version;
    struct str name, sha;
};
/* What is still to be done: the migrations from *ret_first on. Refuses a newer, a changed, or an unknown schema, and with
 * `migrate` false an old one. */
enum result migrate_plan(const struct db_catalogue *catalogue, bool postgres, const struct applied *applied, size_t n, bool migrate,
                         struct arena *a, size_t *ret_first, struct str *ret_why) MUST_USE;

#endif
