/* sqlite.c: the embedded database: connections and statements. Who commits is in sqlite_writer.c.
 *
 * SQLite before 3.51.3 can corrupt a file when a checkpoint runs while another connection commits and resets the log. Here
 * that cannot happen: one connection of one thread does every commit and every checkpoint, all others are READONLY, a lock
 * file keeps a second process out. No mmap, where a failing disk would be a signal and not an error. */
#include "engine/db/sqlite.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/base/log.h"
#include "engine/base/time.h"
#include "engine/db/planner.h"

enum {
    BUSY_MS = 5000,
    READER_CACHE_KIB = 4096,
    WRITER_CACHE_KIB = 131072, /* fills only where there is so much: the leaves that a district writes to in a day */
    REMADE_CACHE_KIB = 524288,
    ROWS_KEEP = 1 << 18
};

static const char *const fixed_text[FIXED_COUNT] = {
    [FIXED_BEGIN] = "BEGIN",
    [FIXED_BEGIN_IMMEDIATE] = "BEGIN IMMEDIATE",
    [FIXED_COMMIT] = "COMMIT",
    [FIXED_ROLLBACK] = "ROLLBACK",
    [FIXED_SAVEPOINT] = "SAVEPOINT job",
    [FIXED_RELEASE] = "RELEASE job",
    [FIXED_ROLLBACK_TO] = "ROLLBACK TO job",
};

static struct sqlite_link *link_of(const struct db *db)
{
    return db->link;
}

/* ---- errors */

enum result sqlite_result(struct db *db, int rc, const struct db_statement *s)
{
    sqlite3 *handle = link_of(db)->handle;
    int extended = rc == SQLITE_OK ? rc : sqlite3_extended_errcode(handle);

    if ((extended & 0xff) != (rc & 0xff))
        extended = rc;
    switch (rc & 0xff) {
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE: return OK;
    case SQLITE_CONSTRAINT:
        if (extended == SQLITE_CONSTRAINT_UNIQUE || extended == SQLITE_CONSTRAINT_PRIMARYKEY ||
            extended == SQLITE_CONSTRAINT_ROWID || extended == SQLITE_CONSTRAINT_FOREIGNKEY)
            return E_CONFLICT;
        log_warn("db.constraint", LOG_CSTR("statement", s ? s->name : ""), LOG_INT("code", extended));
        return E_INVALID;
    case SQLITE_TOOBIG: return E_TOO_LARGE;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_NOMEM: return E_BUSY;
    case SQLITE_FULL: db->trouble = TROUBLE_UNDONE; return E_BUSY;
    case SQLITE_IOERR:
        if (extended == SQLITE_IOERR_NOMEM)
            return E_BUSY;
        /* No room for the index of the log: on a full disk, or in memory. The log itself is sound. */
        if (extended == SQLITE_IOERR_SHMSIZE || extended == SQLITE_IOERR_SHMMAP) {
            db->trouble = TROUBLE_UNDONE;
            return E_BUSY;
        }
        break;
    case SQLITE_CANTOPEN: /* the log and its index are opened with the first statement: descriptors may be out */
        if (result_of_errno(sqlite3_system_errno(handle)) == E_BUSY) {
            db->trouble = db->write ? TROUBLE_UNDONE : TROUBLE_LOST;
            return E_BUSY;
        }
        break;
    default: break;
    }
    log_error("db.sqlite", LOG_CSTR("statement", s ? s->name : ""), LOG_INT("code", extended),
              LOG_CSTR("text", sqlite3_errstr(extended)));
    int kind = rc & 0xff;
    if (kind == SQLITE_IOERR || kind == SQLITE_CORRUPT || kind == SQLITE_NOTADB || kind == SQLITE_CANTOPEN)
        db->trouble = TROUBLE_FATAL;
    return E_IO;
}

enum result sqlite_fixed(struct db *db, enum fixed which)
{
    struct sqlite_link *link = link_of(db);
    sqlite3_stmt *st = link->fixed[which];

    if (!st) {
        int rc = sqlite3_prepare_v3(link->handle, fixed_text[which], -1, SQLITE_PREPARE_PERSISTENT, &st, NULL);
        if (rc != SQLITE_OK)
            return sqlite_result(db, rc, NULL);
        link->fixed[which] = st;
    }
    int rc = sqlite3_step(st);
    enum result r = sqlite_result(db, rc, NULL);
    sqlite3_reset(st);
    return r;
}

/* ---- statements */

static void reset_active(struct db *db)
{
    struct sqlite_link *link = link_of(db);

    if (link->active) {
        sqlite3_reset(link->active);
        link->active = NULL;
    }
}

static int bind(sqlite3_stmt *st, int at, char type, const union db_value *v)
{
    const char *ptr = v->s.ptr && v->s.len ? v->s.ptr : "";

    switch (type) {
    case 'i': return sqlite3_bind_int64(st, at, v->i);
    case 'b': return sqlite3_bind_int64(st, at, v->i != 0);
    case 'r': return sqlite3_bind_double(st, at, v->r);
    case 't': return sqlite3_bind_text64(st, at, ptr, v->s.len, SQLITE_STATIC, SQLITE_UTF8);
    default: return sqlite3_bind_blob64(st, at, ptr, v->s.len, SQLITE_STATIC);
    }
}

/* The statement, prepared and bound, and noted as active. */
static enum result begin_statement(struct db *db, unsigned statement, const union db_value *values,
                                   sqlite3_stmt **ret_st)
{
    struct sqlite_link *link = link_of(db);
    const struct db_statement *s = statement_of(db, statement);
    sqlite3_stmt *st = link->statement[statement];
    int rc;

    if (!st) {
        rc = sqlite3_prepare_v3(link->handle, s->sqlite, -1, SQLITE_PREPARE_PERSISTENT, &st, NULL);
        if (rc != SQLITE_OK)
            return sqlite_result(db, rc, s);
        link->statement[statement] = st;
    }
    for (int i = 0; i < s->n_params; i++) {
        /* PostgreSQL's text has no NUL: neither has ours. */
        if (s->params[i] == 't' && values[i].s.len && memchr(values[i].s.ptr, 0, values[i].s.len))
            return E_INVALID;
        rc = bind(st, i + 1, s->params[i], &values[i]);
        if (rc != SQLITE_OK)
            return sqlite_result(db, rc, s);
    }
    link->active = st;
    *ret_st = st;
    return OK;
}

static enum result run_to_end(struct db *db, sqlite3_stmt *st, const struct db_statement *s)
{
    int rc;

    do
        rc = sqlite3_step(st);
    while (rc == SQLITE_ROW);
    return sqlite_result(db, rc, s);
}

static enum result sqlite_exec(struct db *db, unsigned statement, const union db_value *values, int64_t *ret_changed)
{
    const struct db_statement *s = statement_of(db, statement);
    sqlite3_stmt *st = NULL;
    enum result r = begin_statement(db, statement, values, &st);

    if (r != OK)
        return r;
    r = run_to_end(db, st, s);
    if (r == OK && ret_changed)
        *ret_changed = sqlite3_changes64(link_of(db)->handle);
    reset_active(db);
    return r;
}

/* Bytes of a column into the arena. Past the arena's ceiling this leaves by longjmp: reset_active() comes later then. */
static struct str take_bytes(struct db *db, const void *ptr, int len)
{
    if (!ptr || len <= 0)
        return STR_NONE;
    return str_dup(db->arena, (struct str){ptr, (size_t)len});
}

static void take_row(struct db *db, sqlite3_stmt *st, const struct db_statement *s, char *row)
{
    for (int i = 0; i < s->n_columns; i++) {
        void *to = row + s->columns[i].offset;
        const void *ptr;

        switch (s->columns[i].type) {
        case 'i': *(int64_t *)to = sqlite3_column_int64(st, i); break;
        case 'b': *(bool *)to = sqlite3_column_int64(st, i) != 0; break;
        case 'r': *(double *)to = sqlite3_column_double(st, i); break;
        case 't':
            ptr = sqlite3_column_text(st, i);
            *(struct str *)to = take_bytes(db, ptr, sqlite3_column_bytes(st, i));
            break;
        default:
            ptr = sqlite3_column_blob(st, i);
            *(struct str *)to = take_bytes(db, ptr, sqlite3_column_bytes(st, i));
            break;
        }
    }
}

static enum result sqlite_one(struct db *db, unsigned statement, const union db_value *values, void *ret_row)
{
    const struct db_statement *s = statement_of(db, statement);
    sqlite3_stmt *st = NULL;
    enum result r = begin_statement(db, statement, values, &st);

    if (r != OK)
        return r;
    int rc = sqlite3_step(st);
    if (rc == SQLITE_ROW) {
        take_row(db, st, s, ret_row);
        if (s->writes)
            r = run_to_end(db, st, s);
    } else {
        r = rc == SQLITE_DONE ? E_NOT_FOUND : sqlite_result(db, rc, s);
    }
    reset_active(db);
    return r;
}

static enum result sqlite_many(struct db *db, unsigned statement, const union db_value *values,
                               struct db_rows *ret_rows)
{
    const struct db_statement *s = statement_of(db, statement);
    struct db_rows rows = {NULL, 0};
    sqlite3_stmt *st = NULL;
    int rc;
    enum result r = begin_statement(db, statement, values, &st);

    if (r != OK)
        return r;
    while ((rc = sqlite3_step(st)) == SQLITE_ROW) {
        char *all = rows_room(db, (rows.n + 1) * s->row_size);
        if (!all) {
            r = E_BUSY;
            break;
        }
        take_row(db, st, s, all + rows.n * s->row_size);
        rows.n++;
    }
    if (r == OK)
        r = sqlite_result(db, rc, s);
    reset_active(db);
    if (r != OK)
        return r;
    if (rows.n) {
        rows.row = arena_alloc(db->arena, rows.n, s->row_size, _Alignof(max_align_t));
        memcpy(rows.row, db->rows, rows.n * s->row_size);
    }
    if (db->rows_room > ROWS_KEEP) { /* one long list is no reason to hold its room for good */
        free(db->rows);
        db->rows = NULL;
        db->rows_room = 0;
    }
    *ret_rows = rows;
    return OK;
}

/* ---- connections */

static void sqlite_close_link(struct db *db)
{
    struct sqlite_link *link = link_of(db);

    if (!link)
        return;
    for (size_t i = 0; i < FIXED_COUNT; i++)
        sqlite3_finalize(link->fixed[i]);
    for (size_t i = 0; link->statement && i < db->database->catalogue.n_statements; i++)
        sqlite3_finalize(link->statement[i]);
    if (link->handle && sqlite3_close(link->handle) != SQLITE_OK)
        log_error("db.close", LOG_CSTR("text", sqlite3_errmsg(link->handle)));
    free(link->statement);
    free(link);
    db->link = NULL;
}

static void configure_once(void)
{
    /* Figures of memory that nobody reads cost a mutex at each allocation. Refused when SQLite is already at work: no harm. */
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
}

static int pragma(sqlite3 *handle, const char *format, ...) __attribute__((format(printf, 2, 3)));
static int pragma(sqlite3 *handle, const char *format, ...)
{
    char text[256];
    va_list ap;

    va_start(ap, format);
    vsnprintf(text, sizeof(text), format, ap);
    va_end(ap);
    return sqlite3_exec(handle, text, NULL, NULL, NULL);
}

/* Each commit is synced before anybody is told. Not so a database that goes away with the process, or one that can be made again. */
static bool waits_for_disk(const struct database *d)
{
    const struct sqlite_shared *shared = d->shared;

    return !shared->folder && !d->options.remade;
}

/* Opens a connection into db->link; after a failure *ret_code is SQLite's. */
static enum result open_link(struct database *d, struct db *db, bool write, int *ret_code)
{
    struct sqlite_link *link = calloc(1, sizeof(*link));
    int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE |
                (write ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY);

    db->link = link;
    *ret_code = SQLITE_NOMEM;
    if (!link)
        return E_BUSY;
    link->statement = calloc(d->catalogue.n_statements + 1, sizeof(sqlite3_stmt *));
    if (!link->statement) {
        sqlite_close_link(db);
        return E_BUSY;
    }
    int rc = sqlite3_open_v2(d->path, &link->handle, flags, write && waits_for_disk(d) ? sqlite_gather() : NULL);
    if (rc == SQLITE_OK) {
        sqlite3_extended_result_codes(link->handle, 1);
        sqlite3_busy_timeout(link->handle, BUSY_MS);
        sqlite3_db_config(link->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
        sqlite3_db_config(link->handle, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
        sqlite3_db_config(link->handle, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
        sqlite3_db_config(link->handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
        rc = pragma(
            link->handle,
            "PRAGMA cache_size = -%d; PRAGMA temp_store = MEMORY; PRAGMA mmap_size = 0; PRAGMA foreign_keys = ON;"
            "PRAGMA case_sensitive_like = ON; PRAGMA wal_autocheckpoint = 0;",
            !write              ? READER_CACHE_KIB
            : d->options.remade ? REMADE_CACHE_KIB
                                : WRITER_CACHE_KIB);
    }
    if (rc == SQLITE_OK)
        return OK;
    *ret_code = link->handle ? sqlite3_extended_errcode(link->handle) : rc;
    bool room = (rc & 0xff) == SQLITE_NOMEM ||
                (link->handle && result_of_errno(sqlite3_system_errno(link->handle)) == E_BUSY);
    sqlite_close_link(db);
    return room ? E_BUSY : E_IO;
}

static enum result sqlite_open_reader(struct database *d, struct db *db)
{
    int code;
    enum result r = open_link(d, db, false, &code);

    if (r != OK)
        log_error("db.open_reader", LOG_INT("code", code), LOG_CSTR("text", sqlite3_errstr(code)));
    return r;
}

static enum result sqlite_begin_read(struct db *db)
{
    return sqlite_fixed(db, FIXED_BEGIN);
}

static void sqlite_end_read(struct db *db)
{
    struct sqlite_link *link = link_of(db);

    if (!sqlite3_get_autocommit(link->handle) && sqlite_fixed(db, FIXED_COMMIT) != OK)
        db->trouble = TROUBLE_LOST; /* its connection is not used again */
}

/* ---- starting */

/* What to do is said where somebody stands in front of it. */
static struct str damaged(struct arena *a, const char *path, const char *why)
{
    return str_printf(
        a,
        "the database %s is damaged (%s). Nothing has been changed in it: keep the folder as it is, and bring the last good "
        "backup into a new one: lilong restore --data NEW-FOLDER --from BACKUP-FILE",
        path, why);
}

static bool means_damage(int code)
{
    return (code & 0xff) == SQLITE_CORRUPT || (code & 0xff) == SQLITE_NOTADB;
}

static int lock_file(const char *path, struct arena *a, struct str *ret_why)
{
    const char *name = str_cstr(a, str_printf(a, "%s.lock", path));
    int fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    char pid[32] = "";

    if (fd < 0) {
        *ret_why = str_printf(a, "%s cannot be opened: %s", name, strerror(errno));
        return -1;
    }
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        ssize_t n = read(fd, pid, sizeof(pid) - 1);
        if (errno == EWOULDBLOCK)
            *ret_why = str_printf(a, "another process%s%s uses the database %s: stop it first", n > 0 ? " " : "",
                                  n > 0 ? pid : "", path);
        else
            *ret_why = str_printf(a, "%s cannot be locked: %s", name, strerror(errno));
        close(fd);
        return -1;
    }
    int n = snprintf(pid, sizeof(pid), "%ld", (long)getpid());
    if (ftruncate(fd, 0) != 0 || pwrite(fd, pid, (size_t)n, 0) != n)
        log_warn("db.lock", LOG_CSTR("text", "the lock file takes no number"));
    return fd;
}

static void sqlite_stop(struct database *d)
{
    struct sqlite_shared *shared = d->shared;

    if (!shared)
        return;
    sqlite_close_link(&shared->writer);
    free(shared->writer.rows);
    if (shared->folder) {
        char name[512];
        static const char *const files[] = {"db", "db-wal", "db-shm"};
        for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
            snprintf(name, sizeof(name), "%s/%s", shared->folder, files[i]);
            unlink(name);
        }
        rmdir(shared->folder);
        free(shared->folder);
    }
    if (shared->lock_fd >= 0)
        close(shared->lock_fd);
    free(shared);
    d->shared = NULL;
}

/* ":memory:" is a file that goes away, so that tests meet the same snapshots and locks as the real thing. */
static bool temporary_path(struct database *d, struct sqlite_shared *shared)
{
    char folder[] = "/dev/shm/lilong-XXXXXX", other[] = "/tmp/lilong-XXXXXX", name[64];
    char *made = mkdtemp(folder);

    if (!made)
        made = mkdtemp(other);
    if (!made)
        return false;
    shared->folder = strdup(made);
    snprintf(name, sizeof(name), "%s/db", made);
    free(d->path);
    d->path = strdup(name);
    return shared->folder && d->path;
}

static enum result read_applied(sqlite3 *handle, struct arena *a, struct applied **ret_applied, size_t *ret_n)
{
    sqlite3_stmt *st = NULL;
    size_t n = 0, room = 64;
    int rc = sqlite3_prepare_v2(handle, "SELECT COUNT(*) FROM sqlite_master WHERE name = 'schema_version'", -1, &st,
                                NULL);

    *ret_n = 0;
    *ret_applied = arena_array(a, struct applied, room);
    if (rc == SQLITE_OK)
        rc = sqlite3_step(st);
    bool there = rc == SQLITE_ROW && sqlite3_column_int(st, 0) > 0;
    sqlite3_finalize(st);
    if (rc != SQLITE_ROW || !there)
        return rc == SQLITE_ROW ? OK : E_IO;
    rc = sqlite3_prepare_v2(handle, "SELECT version, name, sha FROM schema_version ORDER BY version", -1, &st, NULL);
    while (rc == SQLITE_OK && (rc = sqlite3_step(st)) == SQLITE_ROW) {
        if (n == room) {
            struct applied *more = arena_array(a, struct applied, room *= 2);
            memcpy(more, *ret_applied, n * sizeof(*more));
            *ret_applied = more;
        }
        (*ret_applied)[n].version = sqlite3_column_int(st, 0);
        (*ret_applied)[n].name = str_dup(a, str_from_cstr((const char *)sqlite3_column_text(st, 1)));
        (*ret_applied)[n].sha = str_dup(a, str_from_cstr((const char *)sqlite3_column_text(st, 2)));
        n++;
        rc = SQLITE_OK;
    }
    sqlite3_finalize(st);
    *ret_n = n;
    return rc == SQLITE_DONE ? OK : E_IO;
}

static int apply(sqlite3 *handle, const struct db_migration *m)
{
    sqlite3_stmt *st = NULL;
    int rc = sqlite3_exec(handle, m->sqlite, NULL, NULL, NULL);

    if (rc == SQLITE_OK)
        rc = sqlite3_prepare_v2(handle,
                                "INSERT INTO schema_version (version, name, applied_at, sha) VALUES (?1, ?2, ?3, ?4)",
                                -1, &st, NULL);
    if (rc == SQLITE_OK) {
        sqlite3_bind_int(st, 1, m->version);
        sqlite3_bind_text(st, 2, m->name, -1, SQLITE_STATIC);
        sqlite3_bind_int64(st, 3, time_now());
        sqlite3_bind_text(st, 4, m->sqlite_sha, -1, SQLITE_STATIC);
        rc = sqlite3_step(st) == SQLITE_DONE ? SQLITE_OK : sqlite3_errcode(handle);
    }
    sqlite3_finalize(st);
    return rc;
}

/* All steps or none: after an upgrade that was cut off the older program finds its database as it left it. */
static enum result apply_all(struct database *d, sqlite3 *handle, size_t first, bool tell, struct arena *a,
                             struct str *ret_why)
{
    const char *step = "";
    int rc = pragma(handle, "BEGIN IMMEDIATE");

    for (size_t i = first; i < d->catalogue.n_migrations && rc == SQLITE_OK; i++) {
        step = d->catalogue.migrations[i].name;
        rc = apply(handle, &d->catalogue.migrations[i]);
    }
    if (rc == SQLITE_OK)
        rc = pragma(handle, "COMMIT");
    if (rc != SQLITE_OK) {
        *ret_why = str_printf(a, "schema step %s fails: %s", step, sqlite3_errmsg(handle));
        return E_IO;
    }
    for (size_t i = first; i < d->catalogue.n_migrations && tell; i++)
        log_info("db.migrate", LOG_CSTR("step", d->catalogue.migrations[i].name));
    return OK;
}

static enum result bring_up_to_date(struct database *d, bool migrate, struct arena *a, struct str *ret_why)
{
    struct sqlite_shared *shared = d->shared;
    sqlite3 *handle = link_of(&shared->writer)->handle;
    struct applied *applied;
    size_t n, first;

    if (read_applied(handle, a, &applied, &n) != OK) {
        int code = sqlite3_extended_errcode(handle);
        *ret_why = means_damage(code) ? damaged(a, d->path, sqlite3_errstr(code))
                                      : str_printf(a, "%s cannot be read: %s", d->path, sqlite3_errstr(code));
        return E_IO;
    }
    enum result r = migrate_plan(&d->catalogue, false, applied, n, migrate, a, &first, ret_why);
    if (r != OK)
        return r;
    return first < d->catalogue.n_migrations ? apply_all(d, handle, first, n > 0, a, ret_why) : OK;
}

/* The planner's figures (planner.h), written anew when the schema has moved. This connection and all later ones plan by them. */
static enum result tell_planner(struct database *d, struct arena *a, struct str *ret_why)
{
    struct sqlite_shared *shared = d->shared;
    sqlite3 *handle = link_of(&shared->writer)->handle;
    sqlite3_stmt *st = NULL;
    int rc = pragma(handle, "ANALYZE sqlite_schema"); /* makes sqlite_stat1 where there is none */

    if (rc == SQLITE_OK)
        rc = sqlite3_prepare_v2(handle,
                                "WITH want AS (" PLANNER_ROWS ") SELECT EXISTS (SELECT * FROM want EXCEPT SELECT tbl, "
                                "idx, stat FROM sqlite_stat1) OR EXISTS (SELECT tbl, idx, stat FROM sqlite_stat1 "
                                "EXCEPT SELECT * FROM want)",
                                -1, &st, NULL);
    bool differs = rc == SQLITE_OK && sqlite3_step(st) == SQLITE_ROW && sqlite3_column_int(st, 0);
    sqlite3_finalize(st);
    if (rc == SQLITE_OK && differs)
        rc = sqlite3_exec(handle,
                          "BEGIN IMMEDIATE; DELETE FROM sqlite_stat1; INSERT INTO sqlite_stat1 (tbl, idx, "
                          "stat) " PLANNER_ROWS "; COMMIT; ANALYZE sqlite_schema",
                          NULL, NULL, NULL);
    if (rc == SQLITE_OK)
        return OK;
    *ret_why = str_printf(a, "%s cannot be written: %s", d->path, sqlite3_errmsg(handle));
    return E_IO;
}

/* Every statement once, so that none first fails in front of a resident. */
static enum result check_statements(struct database *d, struct arena *a, struct str *ret_why)
{
    struct sqlite_shared *shared = d->shared;
    sqlite3 *handle = link_of(&shared->writer)->handle;

    for (size_t i = 0; i < d->catalogue.n_statements; i++) {
        const struct db_statement *s = d->catalogue.statements[i];
        sqlite3_stmt *st = NULL;
        if (sqlite3_prepare_v2(handle, s->sqlite, -1, &st, NULL) != SQLITE_OK) {
            *ret_why = means_damage(sqlite3_extended_errcode(handle))
                         ? damaged(a, d->path, sqlite3_errmsg(handle))
                         : str_printf(a, "%s:%d: statement %s: %s", s->file, s->line, s->name, sqlite3_errmsg(handle));
            return E_INVALID;
        }
        bool same = sqlite3_column_count(st) == s->n_columns;
        sqlite3_finalize(st);
        if (!same) {
            *ret_why = str_printf(a, "%s:%d: statement %s gives other columns than at build time", s->file, s->line,
                                  s->name);
            return E_INVALID;
        }
    }
    return OK;
}

static enum result prepare_file(struct database *d, struct arena *a, struct str *ret_why)
{
    struct sqlite_shared *shared = d->shared;
    int code;

    if (strcmp(d->path, ":memory:") == 0) {
        if (temporary_path(d, shared))
            return OK;
        *ret_why = STR("no folder for a temporary database");
        return E_IO;
    }
    if (d->options.read_only) {
        if (access(d->path, R_OK) == 0)
            return OK;
        *ret_why = str_printf(a, "%s cannot be read: %s", d->path, strerror(errno));
        return errno == ENOENT ? E_NOT_FOUND : E_IO;
    }
    shared->lock_fd = lock_file(d->path, a, ret_why);
    if (shared->lock_fd < 0)
        return E_IO;
    code = open(d->path, O_RDWR | O_CREAT | O_CLOEXEC, 0600); /* SQLite would let the group read it */
    if (code < 0) {
        *ret_why = str_printf(a, "%s cannot be opened: %s", d->path, strerror(errno));
        return E_IO;
    }
    close(code);
    if (sqlite_log_damaged(d->path)) {
        *ret_why = damaged(a, d->path,
                           "a frame in the middle of its log is wrong; work that was acknowledged stands behind it");
        return E_IO;
    }
    return OK;
}

/* A log is left over after a fall. When it was a failed sync that ended the process, the log may read well and not be on the disk: the
 * system gives a failed page up, calls it clean, and the next sync says that all is good. So the log is written back into the file and
 * emptied before anything is built on it: those are new writes, which the system does bring to the disk. */
static bool settle_log(struct database *d)
{
    struct sqlite_shared *shared = d->shared;
    char name[4096];
    struct stat st;

    if ((size_t)snprintf(name, sizeof(name), "%s-wal", d->path) >= sizeof(name) || stat(name, &st) != 0 ||
        st.st_size == 0)
        return true;
    int rc = sqlite3_wal_checkpoint_v2(link_of(&shared->writer)->handle, "main", SQLITE_CHECKPOINT_TRUNCATE, NULL,
                                       NULL);
    if (rc == SQLITE_OK) {
        log_info("db.settled", LOG_INT("log_bytes", (int64_t)st.st_size));
        return true;
    }
    if (rc == SQLITE_BUSY || rc == SQLITE_FULL) { /* somebody reads beside us, or the disk is full: later, as always */
        log_warn("db.checkpoint", LOG_INT("code", rc));
        return true;
    }
    return false;
}

static enum result sqlite_start(struct database *d, bool migrate, struct arena *a, struct str *ret_why)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    struct sqlite_shared *shared = calloc(1, sizeof(*shared));
    int code;

    pthread_once(&once, configure_once);
    if (!shared) {
        *ret_why = STR("no memory for the database");
        return E_BUSY;
    }
    d->shared = shared;
    shared->lock_fd = -1;
    shared->writer.database = d;
    shared->writer.write = true;
    enum result r = prepare_file(d, a, ret_why);
    if (r == OK && (r = open_link(d, &shared->writer, !d->options.read_only, &code)) != OK)
        *ret_why = means_damage(code) ? damaged(a, d->path, sqlite3_errstr(code))
                                      : str_printf(a, "%s cannot be opened: %s", d->path, sqlite3_errstr(code));
    if (r == OK && !d->options.read_only) {
        sqlite3 *handle = link_of(&shared->writer)->handle;
        if (pragma(handle, "PRAGMA journal_mode = WAL; PRAGMA synchronous = %s; PRAGMA journal_size_limit = 67108864;",
                   waits_for_disk(d) ? "FULL"
                   : shared->folder  ? "OFF"
                                     : "NORMAL") != SQLITE_OK ||
            !settle_log(d)) {
            code = sqlite3_extended_errcode(handle);
            *ret_why = means_damage(code) ? damaged(a, d->path, sqlite3_errstr(code))
                                          : str_printf(a, "%s cannot be used: %s", d->path, sqlite3_errstr(code));
            r = E_IO;
        }
    }
    if (r == OK)
        r = bring_up_to_date(d, migrate, a, ret_why);
    if (r == OK && !d->options.read_only)
        r = tell_planner(d, a, ret_why);
    if (r == OK)
        r = check_statements(d, a, ret_why);
    if (r != OK) {
        sqlite_stop(d);
        return r;
    }
    if (sqlite3_libversion_number() < 3051003)
        log_debug(
            "db.wal_race", LOG_CSTR("sqlite", sqlite3_libversion()),
            LOG_CSTR("text", "this SQLite has the race of the log's reset; one writing connection keeps it away"));
    return OK;
}

const struct engine engine_sqlite = {
    .name = "sqlite",
    .start = sqlite_start,
    .stop = sqlite_stop,
    .open_reader = sqlite_open_reader,
    .close_link = sqlite_close_link,
    .begin_read = sqlite_begin_read,
    .end_read = sqlite_end_read,
    .release = reset_active,
    .writer = sqlite_writer,
    .exec = sqlite_exec,
    .one = sqlite_one,
    .many = sqlite_many,
};
