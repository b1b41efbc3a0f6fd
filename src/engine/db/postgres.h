/* postgres.h: what the files postgres*.c share. */
#ifndef LILONG_DB_POSTGRES_H
#define LILONG_DB_POSTGRES_H

#include <libpq-fe.h>

#include "engine/db/private.h"

struct owed { /* an answer that is not read yet: to the PREPARE of a statement, or to its call */
    unsigned statement;
    bool prepare;
    struct asked *asked; /* whose answer it is; NULL: nobody wants it */
};

struct postgres_link {      /* a connection, in libpq's pipeline mode */
    PGconn *conn;
    bool *prepared;         /* of the catalogue; each is prepared together with its first call */
    bool begun;             /* BEGIN has been sent: it goes together with the first statement */
    bool ending;            /* COMMIT of a read has been sent, and its answer not been read */
    bool again;             /* a deadlock or the like: the same work may succeed when it is run again */
    int64_t replayed;       /* a replica's: what it had when it was asked last */
    struct owed owed[64];   /* of what db_send and db_ahead have sent, in its order */
    size_t n_owed;
    PGresult *result;       /* what has not been cleared: a job may leave by longjmp */
};

struct postgres_shared {
    _Atomic int64_t timeline;    /* the highest of a primary that was seen: a promotion begins a new one */
    char *replica;               /* its address; NULL: there is none */
    int64_t lag_ms;
    atomic_bool good;            /* the replica answers, and follows the primary */
    _Atomic int64_t floor;       /* what the primary had lag_ms ago */
    pthread_t watcher;
    bool watches;
    pthread_mutex_t lock;        /* guards stopping */
    pthread_cond_t wake;
    bool stopping;
};

static inline struct postgres_shared *postgres_shared_of(const struct database *d)
{
    return d->shared;
}

/* Commands without rows that anybody wants; also none, as a schema step of the other engine alone. */
bool postgres_run(PGconn *conn, const char *sql);

/* postgres_hosts.c: which server is the primary */

/* A connection to the server that takes writes, never to one that was the primary before the last promotion that this process has
 * seen. Never NULL but for memory; look at PQstatus. */
PGconn *postgres_connect_primary(struct database *d);
void postgres_look_at_hosts(struct database *d); /* of several hosts, who has the highest timeline? Once, at the start */
bool postgres_timeline(PGconn *conn, int64_t *ret_timeline);

/* postgres_replica.c */

enum result postgres_watch(struct database *d) MUST_USE; /* starts the thread that knows how the replica is */
void postgres_watch_end(struct database *d);
bool postgres_replica_there(struct database *d);
bool postgres_replica_reached(struct db *db, int64_t position);

void *postgres_writer(void *database);
enum result postgres_start(struct database *d, bool migrate, struct arena *a, struct str *ret_why);
enum result postgres_open(struct database *d, struct db *db);
void postgres_close(struct db *db);
void postgres_release(struct db *db);

enum result postgres_commit(struct db *db) MUST_USE; /* E_BUSY when nobody knows whether it happened */
void postgres_rollback(struct db *db);

/* host NULL: as the URL says; otherwise that one of it. Never NULL but for memory; look at PQstatus. */
PGconn *postgres_connect(const char *url, const char *host, const char *port, bool primary);
bool postgres_send_prepare(PGconn *conn, const struct db_statement *s);
PGresult *postgres_next(PGconn *conn);      /* the answer to one command of the pipeline; NULL: none came in time */
PGresult *postgres_next_within(PGconn *conn, int ms);
enum { ANSWER_MS = 75000, COMMIT_MS = 20000 }; /* a server that is up and says nothing is as good as gone */
void postgres_take_ending(struct db *db);   /* reads the answer to the COMMIT of the read before */

enum { OID_INT8 = 20, OID_INT2 = 21, OID_TEXT = 25, OID_BYTEA = 17, OID_FLOAT8 = 701 };
unsigned postgres_oid(char type);

#endif
