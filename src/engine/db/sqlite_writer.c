/* sqlite_writer.c: the one thread that commits, checkpoints and copies, and the one that syncs beside it.
 *
 * While the disk takes a commit the next jobs are run already: the writer commits with the sync put off (sqlite_gather.c), hands the jobs to the syncing thread,
 * and goes on. That one syncs, and only then tells anybody. Nothing more is committed, and the log not written back, before it is done: on the disk stands
 * what it would be if each commit had waited, and of two syncs neither can hide the failure of the other. When nobody waits, the writer syncs by itself. */
#include "engine/db/sqlite.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "engine/base/log.h"

enum {
    CHECKPOINT_PAGES = 8000, /* how much the log grows between two checkpoints */
    CHECKPOINT_QUIET =
        1000, /* the same when few wait: many short ones, so that who comes then does not wait for a long one */
    FEW = 12,
    CHECKPOINT_REMADE =
        262144, /* the same where nobody waits and nobody reads: pages that are written again and again are moved once */
    LOG_MAX_BYTES = 128 << 20, /* past this the log is emptied, waiting a moment for readers */
    LOG_WAIT_MS = 200,
    BUSY_MS = 5000,
    BATCH_US = 10000, /* a batch whose jobs have run this long commits what it has */
    COPY_PAGES = 512, /* between two batches */
    CAREFUL = 16,     /* batches with a savepoint for each job, after one in which a job failed */
};

/* The thread that syncs what the writer has committed. */
struct syncer {
    struct database *d;
    pthread_t thread;
    bool runs;
    pthread_mutex_t lock;
    pthread_cond_t wake, rest;
    bool asked, syncing, stop; /* it has jobs; they are not on the disk yet; no more will come */
    sqlite3_file *log;
    struct db_job *jobs;
    size_t n;
    int64_t number; /* of the commit, among those that are shown first */
};

struct copying {
    sqlite3 *to;
    sqlite3_backup *backup;
    char *part;
};

static void job_result(struct database *d, struct db_job *first, size_t n, enum result all, bool each)
{
    while (n--) {
        struct db_job *next = first->next; /* done() may free the job */

        job_done(d, first, each ? first->result : all);
        first = next;
    }
}

static void *sync_thread(void *arg)
{
    struct syncer *s = arg;
    struct database *d = s->d;

    pthread_setname_np(pthread_self(), "db-sync");
    for (;;) {
        pthread_mutex_lock(&s->lock);
        while (!s->asked && !s->stop)
            pthread_cond_wait(&s->wake, &s->lock);
        bool asked = s->asked;
        pthread_mutex_unlock(&s->lock);
        if (!asked)
            return NULL;
        int64_t began = monotonic_us();
        bool kept = sqlite_log_sync(s->log) == SQLITE_OK;
        if (!kept)
            database_fail(d, STR("a sync of the log has failed: nothing more can be kept safely. Look at the disk"));
        d->commit_us_total += monotonic_us() - began;
        pthread_mutex_lock(&s->lock);
        s->syncing = false; /* the writer commits from here on; the jobs are ours until all have been told */
        pthread_cond_signal(&s->rest);
        pthread_mutex_unlock(&s->lock);
        database_settle(d, s->number, kept);
        job_result(d, s->jobs, s->n, E_IO, kept);
        pthread_mutex_lock(&s->lock);
        s->asked = false;
        pthread_cond_signal(&s->rest);
        pthread_mutex_unlock(&s->lock);
    }
}

static void syncer_start(struct syncer *s, struct database *d)
{
    *s = (struct syncer){.d = d};
    pthread_mutex_init(&s->lock, NULL);
    pthread_cond_init(&s->wake, NULL);
    pthread_cond_init(&s->rest, NULL);
    s->runs = pthread_create(&s->thread, NULL, sync_thread, s) == 0;
}

static void syncer_stop(struct syncer *s)
{
    if (s->runs) {
        pthread_mutex_lock(&s->lock);
        s->stop = true;
        pthread_cond_signal(&s->wake);
        pthread_mutex_unlock(&s->lock);
        pthread_join(s->thread, NULL);
    }
    pthread_mutex_destroy(&s->lock);
    pthread_cond_destroy(&s->wake);
    pthread_cond_destroy(&s->rest);
}

/* Until what has been committed is on the disk. */
static void wait_synced(struct syncer *s)
{
    pthread_mutex_lock(&s->lock);
    while (s->syncing)
        pthread_cond_wait(&s->rest, &s->lock);
    pthread_mutex_unlock(&s->lock);
}

static void hand_over(struct syncer *s, sqlite3_file *log, struct db_job *jobs, size_t n, int64_t number)
{
    pthread_mutex_lock(&s->lock);
    while (s->asked)
        pthread_cond_wait(&s->rest, &s->lock);
    s->asked = s->syncing = true;
    s->log = log;
    s->jobs = jobs;
    s->n = n;
    s->number = number;
    pthread_cond_signal(&s->wake);
    pthread_mutex_unlock(&s->lock);
}

/* Runs one job in its savepoint. False when the transaction is lost with it. */
static bool run_in_savepoint(struct db *db, struct db_job *job)
{
    struct sqlite_link *link = db->link;

    if (sqlite_fixed(db, FIXED_SAVEPOINT) != OK)
        return false;
    job->result = job_run(db, job);
    if (db->trouble != TROUBLE_NONE || sqlite3_get_autocommit(link->handle))
        return false;
    if (job->result != OK && sqlite_fixed(db, FIXED_ROLLBACK_TO) != OK)
        return false;
    return sqlite_fixed(db, FIXED_RELEASE) == OK;
}

/* Runs one job as it stands. A savepoint keeps every page that the job touches as it was before, and each statement that is undone or returns rows walks over what
 * is kept: a fifth of the writer's time, for jobs that hardly ever fail. False when the transaction is lost with it. */
static bool run_trusting(struct db *db, struct db_job *job)
{
    struct sqlite_link *link = db->link;

    job->result = job_run(db, job);
    return db->trouble == TROUBLE_NONE && !sqlite3_get_autocommit(link->handle);
}

static bool begin_again(struct db *db)
{
    return sqlite_fixed(db, FIXED_ROLLBACK) == OK && sqlite_fixed(db, FIXED_BEGIN_IMMEDIATE) == OK;
}

/* Nothing of the batch stays. */
static void give_up(struct database *d, struct db *db, struct db_job *jobs, size_t n)
{
    struct sqlite_link *link = db->link;
    enum trouble trouble = db->trouble;

    if (!sqlite3_get_autocommit(link->handle) && sqlite_fixed(db, FIXED_ROLLBACK) != OK)
        trouble = TROUBLE_FATAL;
    db->trouble = TROUBLE_NONE;
    if (trouble == TROUBLE_FATAL) {
        database_fail(
            d,
            STR("the disk or the database file fails: nothing more can be kept safely. Look at the disk; when it is sound, the file "
                "is damaged, and the last good backup goes into a new folder: lilong restore --data NEW-FOLDER --from BACKUP-FILE"));
        job_result(d, jobs, n, E_IO, false);
    } else {
        log_warn("db.undone", LOG_INT("jobs", (int64_t)n),
                 LOG_CSTR("text", "the disk is full or the database is busy"));
        job_result(d, jobs, n, E_BUSY, false);
    }
}

static size_t count_jobs(const struct db_job *jobs)
{
    size_t n = 0;

    for (; jobs; jobs = jobs->next)
        n++;
    return n;
}

/* Runs the jobs of the list inside the transaction, or as many as take BATCH_US (one where what is written can be made again). *ret_n: how many, the one that lost the
 * transaction with it. Until one fails they run without savepoints; when one does, nothing has been told to anybody yet, so all are undone and run again, each in its
 * savepoint, and so are those of the next batches: whoever sends what fails, again and again, makes the work of others by a sixteenth more. */
static bool run_jobs(struct database *d, struct db *db, struct db_job *jobs, size_t *ret_n)
{
    struct sqlite_link *link = db->link;
    int64_t began = monotonic_us();
    bool careful = link->careful > 0;
    struct db_job *job = jobs;
    size_t n = 0;

    if (careful)
        link->careful--;
    while (job && (n == 0 || (!d->options.remade && monotonic_us() - began < BATCH_US))) {
        bool held = careful ? run_in_savepoint(db, job) : run_trusting(db, job);

        n++;
        if (held && !careful && (job->result != OK || d->options.twice)) {
            held = begin_again(db);
            if (n > 1 || d->options.twice) {
                link->careful = d->options.twice ? 0 : CAREFUL;
                careful = true;
                began = monotonic_us();
                n = 0;
            }
        }
        if (!held) {
            *ret_n = n ? n : 1;
            return false;
        }
        job = n ? job->next : jobs;
    }
    *ret_n = n;
    return true;
}

static size_t waiting(struct database *d)
{
    pthread_mutex_lock(&d->lock);
    size_t n = d->queued;
    pthread_mutex_unlock(&d->lock);
    return n;
}

/* Commits what n jobs have done and sees to it that they are told. `more`: others wait, so the sync may take place while they are run. */
static void commit(struct database *d, struct db *db, struct syncer *s, struct db_job *jobs, size_t n, bool more)
{
    struct sqlite_link *link = db->link;
    int64_t began = monotonic_us(), number = 0;

    if (more && s->runs && sqlite_log_defer(link->handle, true)) {
        number = atomic_load(&d->shown) + 1;
        atomic_store(&d->shown, number); /* before anybody can see it */
    }
    enum result r = sqlite_fixed(db, FIXED_COMMIT);
    bool owed = number && sqlite_log_defer(link->handle, false);

    if (r != OK) {
        give_up(d, db, jobs, n);
        if (number)
            database_settle(d, number, database_healthy(d));
        return;
    }
    d->commits++;
    d->commit_us_total += monotonic_us() - began;
    if ((int64_t)n > d->batch_max)
        d->batch_max = (int64_t)n;
    if (owed) {
        hand_over(s, sqlite_log_file(link->handle), jobs, n, number);
        return;
    }
    if (number)
        database_settle(d, number, true);
    job_result(d, jobs, n, OK, true);
}

/* Runs and commits the jobs of the list, or as many as run_jobs takes. Returns those that are left. */
static struct db_job *run_batch(struct database *d, struct db *db, struct syncer *s, struct db_job *jobs)
{
    size_t n;

    if (!database_healthy(d)) {
        job_result(d, jobs, count_jobs(jobs), E_IO, false);
        return NULL;
    }
    if (sqlite_fixed(db, FIXED_BEGIN_IMMEDIATE) != OK) {
        give_up(d, db, jobs, count_jobs(jobs));
        return NULL;
    }
    bool held = run_jobs(d, db, jobs, &n);
    struct db_job *job = jobs;
    for (size_t i = 0; i < n; i++)
        job = job->next;
    if (!held) {
        give_up(d, db, jobs, n);
        return job;
    }
    size_t left = n;
    bool kept = true;
    for (struct db_job *done = jobs; left && kept; left--, done = done->next)
        kept = done->result != OK || (job_run_late(db, done) == OK && db->trouble == TROUBLE_NONE);
    if (!kept) {
        give_up(d, db, jobs, n);
        return job;
    }
    wait_synced(s);
    if (!database_healthy(d)) { /* the sync before has failed: nothing is built on it */
        (void)!sqlite_fixed(db, FIXED_ROLLBACK);
        job_result(d, jobs, n, E_IO, false);
        return job;
    }
    commit(d, db, s, jobs, n, job || waiting(d) > 0);
    return job;
}

/* ---- the log */

static int note_log(void *arg, sqlite3 *handle, const char *name, int pages)
{
    struct db *db = arg;
    struct sqlite_link *link = db->link;

    (void)handle;
    (void)name;
    if (pages < link->wal_tried)
        link->wal_tried = 0; /* it has begun again at its start */
    link->wal_pages = pages;
    atomic_store_explicit(&db->database->wal_pages, pages, memory_order_relaxed);
    return SQLITE_OK;
}

/* quiet: no job of the last batch is left. */
static void checkpoint(struct database *d, struct db *db, struct syncer *s, int page_size, bool quiet)
{
    struct sqlite_link *link = db->link;
    int in_log = 0, moved = 0, grown = link->wal_pages - link->wal_tried;
    int enough = d->options.remade                                      ? CHECKPOINT_REMADE
               : grown >= CHECKPOINT_QUIET && quiet && waiting(d) < FEW ? CHECKPOINT_QUIET
                                                                        : CHECKPOINT_PAGES;

    if (grown < enough)
        return;
    wait_synced(s);
    if (!database_healthy(d))
        return;
    bool large = (int64_t)link->wal_pages * page_size > LOG_MAX_BYTES;
    if (large)
        sqlite3_busy_timeout(link->handle, LOG_WAIT_MS);
    int rc = sqlite3_wal_checkpoint_v2(link->handle, "main",
                                       large ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE, &in_log, &moved);
    if (large)
        sqlite3_busy_timeout(link->handle, BUSY_MS);
    link->wal_tried = link->wal_pages;
    d->checkpoints++;
    if (rc == SQLITE_OK && large) {
        link->wal_pages = link->wal_tried = 0;
        d->wal_pages = 0;
    }
    if (rc == SQLITE_OK || rc == SQLITE_BUSY)
        return;
    (void)!sqlite_result(db, rc, NULL);
    bool fatal = db->trouble == TROUBLE_FATAL;
    db->trouble = TROUBLE_NONE;
    if (fatal)
        database_fail(d, STR("the log cannot be written back: the disk or the database file fails"));
    else
        log_warn("db.checkpoint", LOG_INT("code", rc));
}

/* ---- copies */

static void sync_folder(const char *path)
{
    char folder[4096];
    const char *slash = strrchr(path, '/');

    snprintf(folder, sizeof(folder), "%.*s", slash ? (int)(slash - path) + 1 : 1, slash ? path : ".");
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        (void)!fsync(fd);
        close(fd);
    }
}

static void finish_copy(struct database *d, struct copying *c, enum result r)
{
    if (c->backup && sqlite3_backup_finish(c->backup) != SQLITE_OK)
        r = E_IO;
    if (c->to && sqlite3_close(c->to) != SQLITE_OK)
        r = E_IO;
    if (r == OK && rename(c->part, d->copy->to) != 0)
        r = E_IO;
    if (r == OK)
        sync_folder(d->copy->to);
    else if (c->part)
        unlink(c->part);
    pthread_mutex_lock(&d->lock);
    d->copy->result = r;
    d->copy->done = true;
    d->copy = NULL;
    pthread_cond_broadcast(&d->copied);
    pthread_mutex_unlock(&d->lock);
    free(c->part);
    *c = (struct copying){NULL, NULL, NULL};
}

static void begin_copy(struct database *d, struct db *db, struct copying *c)
{
    struct sqlite_link *link = db->link;
    size_t len = strlen(d->copy->to) + 6;

    if (access(d->copy->to, F_OK) == 0) {
        finish_copy(d, c, E_CONFLICT);
        return;
    }
    c->part = malloc(len);
    if (!c->part) {
        finish_copy(d, c, E_BUSY);
        return;
    }
    snprintf(c->part, len, "%s.part", d->copy->to);
    int fd = open(c->part, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd >= 0)
        close(fd);
    if (fd < 0 || sqlite3_open_v2(c->part, &c->to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK ||
        sqlite3_exec(c->to, "PRAGMA synchronous = FULL; PRAGMA journal_mode = MEMORY", NULL, NULL, NULL) != SQLITE_OK ||
        !(c->backup = sqlite3_backup_init(c->to, "main", link->handle, "main"))) {
        log_error("db.copy", LOG_CSTR("text", c->to ? sqlite3_errmsg(c->to) : "the file cannot be made"));
        finish_copy(d, c, E_IO);
    }
}

static void step_copy(struct database *d, struct copying *c)
{
    int rc = sqlite3_backup_step(c->backup, COPY_PAGES);

    if (rc == SQLITE_OK || rc == SQLITE_BUSY || rc == SQLITE_LOCKED)
        return;
    if (rc != SQLITE_DONE)
        log_error("db.copy", LOG_INT("code", rc), LOG_CSTR("text", sqlite3_errstr(rc)));
    finish_copy(d, c, rc == SQLITE_DONE ? OK : E_IO);
}

enum result sqlite_copy_reading(struct database *d, const char *to_path)
{
    struct sqlite_shared *shared = d->shared;
    struct sqlite_link *link = shared->writer.link;
    char part[4096];
    sqlite3 *to = NULL;
    sqlite3_backup *backup = NULL;
    enum result r = E_IO;
    int fd;

    if (access(to_path, F_OK) == 0)
        return E_CONFLICT;
    if ((size_t)snprintf(part, sizeof(part), "%s.part", to_path) >= sizeof(part))
        return E_TOO_LARGE;
    fd = open(part, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return E_IO;
    close(fd);
    if (sqlite3_open_v2(part, &to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) == SQLITE_OK &&
        sqlite3_exec(to, "PRAGMA synchronous = FULL; PRAGMA journal_mode = MEMORY", NULL, NULL, NULL) == SQLITE_OK)
        backup = sqlite3_backup_init(to, "main", link->handle, "main");
    if (backup) { /* all pages in one step: one snapshot, and what is written meanwhile does not begin it anew */
        int rc = sqlite3_backup_step(backup, -1);

        r = sqlite3_backup_finish(backup) == SQLITE_OK && rc == SQLITE_DONE ? OK : E_IO;
    }
    if (r != OK)
        log_error("db.copy", LOG_CSTR("text", to ? sqlite3_errmsg(to) : "the file cannot be made"));
    if (sqlite3_close(to) != SQLITE_OK)
        r = E_IO;
    if (r == OK && rename(part, to_path) != 0)
        r = E_IO;
    if (r == OK)
        sync_folder(to_path);
    else
        unlink(part);
    return r;
}

/* ---- the thread */

void *sqlite_writer(void *database)
{
    struct database *d = database;
    struct sqlite_shared *shared = d->shared;
    struct db *db = &shared->writer;
    struct sqlite_link *link = db->link;
    struct copying copy = {NULL, NULL, NULL};
    struct db_job *jobs = NULL;
    struct syncer syncer;
    sqlite3_stmt *st = NULL;
    int page_size = 4096;
    bool stop = false;

    pthread_setname_np(pthread_self(), "db-writer");
    if (sqlite3_prepare_v2(link->handle, "PRAGMA page_size", -1, &st, NULL) == SQLITE_OK &&
        sqlite3_step(st) == SQLITE_ROW)
        page_size = sqlite3_column_int(st, 0);
    sqlite3_finalize(st);
    sqlite3_wal_hook(link->handle, note_log, db);
    syncer_start(&syncer, d);
    for (;;) {
        if (!jobs)
            queue_take(d, BATCH_MAX, !copy.backup, &jobs, &stop);
        if (jobs)
            jobs = run_batch(d, db, &syncer, jobs);
        checkpoint(d, db, &syncer, page_size, !jobs);
        if (copy.backup) {
            step_copy(d, &copy);
            continue;
        }
        pthread_mutex_lock(&d->lock);
        bool wanted = d->copy != NULL;
        pthread_mutex_unlock(&d->lock);
        if (wanted)
            begin_copy(d, db, &copy);
        else if (stop && !jobs)
            break;
    }
    syncer_stop(&syncer);
    return NULL;
}
