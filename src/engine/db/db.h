/* db.h: one interface over SQLite and PostgreSQL.
 *
 * A `struct db` is a connection inside a transaction: what a handler, a rule and every generated statement
 * function gets. Nobody else sees a connection, and nobody writes SQL outside a .sql file (docs/statements.md).
 *
 * SQLite: one reader connection (READONLY) for each thread that reads; exactly one read-write connection, on one
 * thread, that does every commit and every checkpoint. It takes all jobs that wait, runs them inside one transaction (when one
 * fails, all again, each in a savepoint), commits, and calls their `done` only when that is on the disk; while it is written, the jobs that wait are run. PostgreSQL: `writers` threads, each with its own
 * connection and one transaction a job. The callers cannot tell the difference. */
#ifndef LILONG_DB_H
#define LILONG_DB_H

#include "engine/base/arena.h"
#include "engine/base/result.h"
#include "engine/base/str.h"

struct database; /* the whole: connections, writer, queue */
struct db;       /* one connection in a transaction; db_arena() is where its rows go */

struct db_options {
    const char *sqlite_path;  /* a file, or ":memory:" for tests (then readers share the writer's connection) */
    const char *postgres_url; /* takes precedence when not NULL. May name several hosts: the one that takes writes is used */
    const char *replica_url;  /* a streaming replica that reads may go to; NULL: none */
    int64_t replica_lag_ms;   /* no read sees less than what was there so long ago; 0 means 2000 */
    unsigned writers;         /* PostgreSQL only; 0 means 8 */
    size_t queue_max;         /* jobs that may wait; 0 means 4096 */
    bool remade;              /* what is written can be made again (lilong generate): the embedded database does not wait for the disk at each commit. A kill
                               * loses nothing; a power cut may take the last commits back, none by half */
    bool twice;               /* tests, embedded database only: each write is run, undone and run again, as it is when another of its batch fails */
    bool read_only;           /* to look beside a running server: no lock is taken, nothing is written, every db_write gives E_DENIED */
};

/* Opens the database, takes the lock file, brings the schema up to date (or, with `migrate` false, refuses an old
 * one), prepares every statement once so that none can first fail in front of a resident, and starts the writer.
 * On failure ret_why says what and what to do (static or in the arena `a`). Refuses a schema newer than this binary. */
enum result database_open(const struct db_options *options, bool migrate, struct arena *a,
                          struct database **ret_database, struct str *ret_why) MUST_USE;
void database_close(struct database *database); /* runs what is queued, then stops */

/* A read: one snapshot. Rows and texts go to the arena. Every begin has its end. */
enum result db_read_begin(struct database *database, struct arena *a, struct db **ret_db) MUST_USE;
void db_read_end(struct db *db);

/* The embedded database shows a commit to readers while the disk still writes it, for about a millisecond under load: what a read has seen may not be told to
 * anybody before that is over, for a power cut could take it back. db_read_end() waits. A thread that serves many ends its reads with
 * db_read_end_seen() instead, which tells what was seen, and has itself called when it may be told. 0: all of it may. */
int64_t db_read_end_seen(struct db *db);
bool db_settled(struct database *database, int64_t seen);
struct db_settle {
    void (*settled)(void *arg, bool kept); /* on another thread. Not kept: the disk has failed, nothing of it is true */
    void *arg;
    int64_t seen;           /* private */
    struct db_settle *next; /* private */
};
/* False: it is settled already, and nobody is called. */
bool db_when_settled(struct database *database, int64_t seen, struct db_settle *settle) MUST_USE;

/* A read that a replica may answer, when there is one that has what stood at `position` (of a db_job; 0: anything that is not too old)
 * and is not behind replica_lag_ms. Otherwise, and while no replica answers, the same as db_read_begin. */
enum result db_read_begin_near(struct database *database, struct arena *a, int64_t position, struct db **ret_db) MUST_USE;
bool db_is_replica(const struct db *db);

/* A statement that fails in a write (E_CONFLICT from a unique key above all) spoils its transaction, on both engines: every later
 * statement gives the same result and the work is undone, whatever run returns. To go on where a row may be there already, say
 * ON CONFLICT DO NOTHING in a :count statement. E_NOT_FOUND spoils nothing.
 *
 * run may be called again (after a deadlock; when another job of the same transaction failed), so it begins from its arguments each time.
 *
 * A write. `run` executes on a writer thread inside a transaction with its rows in `arena`: OK keeps its work, anything
 * else undoes it (and only it). `done` is called after the commit is on stable storage, with run's result, or with
 * E_IO / E_BUSY when the commit failed. The memory of the job is the caller's and must live until done. When arena memory is
 * out inside run, the work is undone and done gets E_BUSY. */
struct db_late;
struct db_job {
    enum result (*run)(struct db *db, void *arg);
    void (*done)(void *arg, enum result result);
    void *arg;
    struct arena *arena;
    int64_t position;    /* set before done where there is a replica: a read at it sees this write; 0: none */
    struct db_job *next; /* private */
    enum result result;  /* private */
    struct db_late *late, **late_end; /* private: what it has put off */
};
enum result db_write(struct database *database, struct db_job *job) MUST_USE; /* E_BUSY at once when the queue is full */

/* In a write: puts work off to the end of the transaction, behind the work of all jobs that are committed together, in the order in which it was put off. For what
 * costs less when many do it at once: the index of words writes its pages once then, and not once a job. It is not run when the job is undone; when it
 * fails, everything that would have been committed with it is undone (E_BUSY), so it holds nothing that may be refused. `arg` lives in the job's arena. */
void db_put_off(struct db *db, enum result (*run)(struct db *db, void *arg), void *arg);

/* db_write, waiting: for commands, scheduled work and tests. Never from a thread that serves requests. */
enum result db_write_wait(struct database *database, struct arena *a, enum result (*run)(struct db *db, void *arg),
                          void *arg) MUST_USE;

struct arena *db_arena(const struct db *db);
bool db_is_postgres(const struct db *db);
bool db_is_write(const struct db *db);

/* Online copy of the embedded database into a new file, taken by the writer's connection; of one that is open for reading only, by its own. */
enum result database_copy(struct database *database, const char *to_path) MUST_USE;

/* Every table as of one moment, in pieces of some megabytes as COPY of PostgreSQL writes them, each table's from 0 on, its columns in the first line; what was
 * acknowledged before the call is in it. The first is schema_version. Of an embedded database, without what that engine keeps in a form of its own
 * (the index of words). ret_why has words, but for what `take` refuses. */
typedef enum result (*db_take_piece)(void *arg, struct str table, int64_t piece, struct str bytes);
enum result database_dump(struct database *database, struct arena *a, db_take_piece take, void *arg, struct str *ret_why) MUST_USE;

struct buf;
void db_copy_text(struct buf *b, struct str text); /* a value of such a piece */

/* The pieces in the same order into an empty database, in one transaction: nothing is there until database_load_end with keep.
 * E_CONFLICT: it is not empty. */
struct db_loader;
enum result database_load_begin(const char *postgres_url, struct arena *a, struct db_loader **ret, struct str *ret_why) MUST_USE;
enum result database_load_piece(struct db_loader *l, struct str table, int64_t piece, struct str bytes, struct str *ret_why) MUST_USE;
enum result database_load_end(struct db_loader *l, bool keep, struct str *ret_why) MUST_USE; /* always, also after a failure */

/* Rows of an embedded database as they are stored, for whoever makes many of one (demo/city.c): all of a table, or those with that number in a column. */
enum db_type { DB_NULL, DB_INT, DB_REAL, DB_TEXT, DB_BYTES };
struct db_cell {
    enum db_type type;
    int64_t n;
    double real;
    struct str s;
};
struct db_raw {
    struct str table;
    const struct str *name;  /* of the columns */
    size_t columns, n;
    struct db_cell *value;  /* n * columns; row after row, in the order of the key */
};
struct db_source;
enum result db_source_open(const char *path, struct db_source **ret) MUST_USE;
enum result db_source_rows(struct db_source *s, struct arena *a, struct str table, struct str column, int64_t number, struct db_raw *ret) MUST_USE;
void db_source_close(struct db_source *s);

/* The tables one after the other; false after the last. */
struct db_table { struct str name; bool by_community; /* the primary key begins with the community */ };
bool db_table_at(size_t i, struct db_table *ret);

/* A PostgreSQL database that is filled from nothing, in chunks that are committed one by one. Keys and indexes come at the end, when all rows are there. Until then
 * no server opens it: its schema has no version. */
struct db_fill;
/* mark: whose filling it is. ret_done: chunks that are there, from a run that was stopped; -1: all of it. E_CONFLICT: it is not empty, and not of that mark. */
enum result db_fill_begin(const char *postgres_url, struct str mark, struct arena *a, struct db_fill **ret, int64_t *ret_done, struct str *ret_why) MUST_USE;
/* Rows of one table into the chunk that is open (the first opens it): columns with commas between, rows as COPY writes them. */
enum result db_fill_rows(struct db_fill *f, struct str table, struct str columns, struct str rows, struct str *ret_why) MUST_USE;
enum result db_fill_chunk(struct db_fill *f, int64_t done, struct str *ret_why) MUST_USE; /* the chunk is whole: committed, with how many there are */
/* Keys, indexes, statistics; each by itself, so that a run that was stopped goes on. `said` is told before each: for a bar. */
enum result db_fill_end(struct db_fill *f, void (*said)(void *arg, int64_t left), void *arg, struct str *ret_why) MUST_USE;
void db_fill_close(struct db_fill *f);
void db_put_cell(struct buf *b, const struct db_cell *value); /* as COPY writes it */

/* Very much has been written: PostgreSQL looks at its tables now (ANALYZE), and not when it next comes by; until then its pages are two to three times as slow. That it
 * cannot is logged, and does no harm. Nothing on the embedded database, whose planner has fixed figures. */
void database_look_over(struct database *database);

/* Makes or drops a database beside the one of the URL, for a rehearsal. The name is of small letters, digits and '_'. */
enum result database_scratch(const char *postgres_url, const char *name, bool create, struct arena *a, struct str *ret_why) MUST_USE;

/* Spreads the tables of a PostgreSQL database over the machines of Citus (schema/distribution.txt), each that is not spread yet. Every call
 * is said before it is made. E_NOT_FOUND: there is no Citus; ret_why has words for it. Nothing is connected to in a dry run. */
struct db_distribute {
    bool dry_run;
    void (*say)(void *arg, struct str sql);
    void *arg;
};
enum result database_distribute(const char *postgres_url, const struct db_distribute *how, struct arena *a, struct str *ret_why) MUST_USE;

struct db_counters { /* for /metrics and the bench; whole process life */
    int64_t commits, jobs, jobs_failed, batch_max, queue_now, wal_pages, checkpoints, commit_us_total, replica_reads;
};
void database_counters(struct database *database, struct db_counters *ret);
bool database_healthy(struct database *database); /* the writer works and its last commit did not fail */

/* What happens when the disk fails under the embedded database. After it nothing is acknowledged any more: writes give E_IO.
 * The default ends the process with status 70; the log has the reason. Runs on the thread that commits or the one that syncs. Set it right after opening. */
void database_on_fatal(struct database *database, void (*fatal)(void *arg, struct str why), void *arg);

#endif
