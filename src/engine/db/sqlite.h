/* sqlite.h: what sqlite.c and sqlite_writer.c share. */
#ifndef LILONG_DB_SQLITE_H
#define LILONG_DB_SQLITE_H

#include <sqlite3.h>

#include "engine/db/private.h"

enum fixed { FIXED_BEGIN, FIXED_BEGIN_IMMEDIATE, FIXED_COMMIT, FIXED_ROLLBACK, FIXED_SAVEPOINT, FIXED_RELEASE, FIXED_ROLLBACK_TO, FIXED_COUNT };

struct sqlite_link { /* a connection */
    sqlite3 *handle;
    sqlite3_stmt *fixed[FIXED_COUNT];
    sqlite3_stmt **statement; /* of the catalogue; each is prepared when it is first called, and kept */
    sqlite3_stmt *active;     /* what has not been reset: a job may leave by longjmp */
    int wal_pages;            /* in the log after the last commit */
    int wal_tried;            /* in the log when it was last checkpointed */
    int careful;              /* batches that are still to run with a savepoint for each job */
};

struct sqlite_shared {
    int lock_fd;
    char *folder;             /* of a database that goes away; NULL otherwise */
    struct db writer;
};

void *sqlite_writer(void *database);

/* SQLite's code as ours. Notes in db->trouble what ends the transaction or the process. `s` may be NULL. */
enum result sqlite_result(struct db *db, int rc, const struct db_statement *s) MUST_USE;
enum result sqlite_fixed(struct db *db, enum fixed which) MUST_USE;

/* The name of the layer below a connection that writes and syncs each commit (sqlite_gather.c); NULL when there is none. */
const char *sqlite_gather(void);
/* From now on the syncs of the log are put off, or they are not any more. True: they can be; when switched off, one was, and is owed. */
bool sqlite_log_defer(sqlite3 *handle, bool on);
sqlite3_file *sqlite_log_file(sqlite3 *handle); /* NULL: there is no such layer */
/* Does the sync that is owed; from any thread, while nothing else is written to the log. An SQLite code. */
int sqlite_log_sync(sqlite3_file *log) MUST_USE;

/* The log beside the file `path`, which nobody has open: is something wrong in the middle of what had been committed? (sqlite_log.c) */
bool sqlite_log_damaged(const char *path) MUST_USE;

/* database_copy() of a database that is open for reading only: in the caller's thread, one snapshot. */
enum result sqlite_copy_reading(struct database *d, const char *to_path) MUST_USE;

/* database_dump() of an embedded one that nobody writes to. `take` has words of its own for what it refuses. */
enum result sqlite_dump(struct database *database, struct arena *a, db_take_piece take, void *arg, struct str *ret_why) MUST_USE;

#endif
