/* postgres.h: what postgres.c, postgres_start.c and postgres_writer.c share. */
#ifndef LILONG_DB_POSTGRES_H
#define LILONG_DB_POSTGRES_H

#include <libpq-fe.h>

#include "engine/db/private.h"

struct postgres_link {      /* a connection, in libpq's pipeline mode */
    PGconn *conn;
    bool *prepared;         /* of the catalogue; each is prepared together with its first call */
    bool begun;             /* BEGIN has been sent: it goes together with the first statement */
    bool ending;            /* COMMIT of a read has been sent, and its answer not been read */
    bool again;             /* a deadlock or the like: the same work may succeed when it is run again */
    PGresult *result;       /* what has not been cleared: a job may leave by longjmp */
};

void *postgres_writer(void *database);
enum result postgres_start(struct database *d, bool migrate, struct arena *a, struct str *ret_why);
enum result postgres_open(struct database *d, struct db *db);
void postgres_close(struct db *db);
void postgres_release(struct db *db);

enum result postgres_commit(struct db *db) MUST_USE; /* E_BUSY when nobody knows whether it happened */
void postgres_rollback(struct db *db);

PGconn *postgres_connect(const char *url);  /* never NULL but for memory; look at PQstatus */
bool postgres_send_prepare(PGconn *conn, const struct db_statement *s);
PGresult *postgres_next(PGconn *conn);      /* the answer to one command of the pipeline */

enum { OID_INT8 = 20, OID_INT2 = 21, OID_TEXT = 25, OID_BYTEA = 17, OID_FLOAT8 = 701 };
unsigned postgres_oid(char type);

#endif
