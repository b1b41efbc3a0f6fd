/* sqlite_fault_test.c: a disk that fails or is full. A layer below SQLite (a VFS) fails the n-th write, sync or truncation.
 * What has been acknowledged must be there afterwards, whatever failed and whenever. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "support/test_db.h"

/* ---- the layer */

enum fault { FAULT_NONE, FAULT_FULL, FAULT_ERROR };
static atomic_int fault_after; /* operations that still succeed; -1: no fault */
static atomic_int fault_kind;
static atomic_bool fault_stays;
static atomic_int operations;

struct file { /* the real file lies behind it */
    sqlite3_file base;
    sqlite3_file *real;
};
static sqlite3_vfs *real_vfs;

static int fault(int error)
{
    operations++;
    if (fault_kind == FAULT_NONE)
        return SQLITE_OK;
    if (fault_after > 0) {
        fault_after--;
        return SQLITE_OK;
    }
    if (!fault_stays)
        fault_kind = FAULT_NONE;
    return error;
}

static int file_error(int error)
{
    return fault_kind == FAULT_FULL ? SQLITE_FULL : error;
}

#define REAL(f) (((struct file *)(f))->real)
static int f_close(sqlite3_file *f)
{
    int rc = REAL(f)->pMethods ? REAL(f)->pMethods->xClose(REAL(f)) : SQLITE_OK;
    return rc;
}
static int f_read(sqlite3_file *f, void *to, int n, sqlite3_int64 at)
{
    return REAL(f)->pMethods->xRead(REAL(f), to, n, at);
}
static int f_write(sqlite3_file *f, const void *from, int n, sqlite3_int64 at)
{
    int rc = fault(file_error(SQLITE_IOERR_WRITE));

    return rc == SQLITE_OK ? REAL(f)->pMethods->xWrite(REAL(f), from, n, at) : rc;
}
static int f_truncate(sqlite3_file *f, sqlite3_int64 size)
{
    int rc = fault(file_error(SQLITE_IOERR_TRUNCATE));

    return rc == SQLITE_OK ? REAL(f)->pMethods->xTruncate(REAL(f), size) : rc;
}
static int f_sync(sqlite3_file *f, int flags)
{
    int rc = fault_kind == FAULT_FULL ? SQLITE_OK : fault(SQLITE_IOERR_FSYNC);

    return rc == SQLITE_OK ? REAL(f)->pMethods->xSync(REAL(f), flags) : rc;
}
static int f_size(sqlite3_file *f, sqlite3_int64 *size)
{
    return REAL(f)->pMethods->xFileSize(REAL(f), size);
}
static int f_lock(sqlite3_file *f, int level)
{
    return REAL(f)->pMethods->xLock(REAL(f), level);
}
static int f_unlock(sqlite3_file *f, int level)
{
    return REAL(f)->pMethods->xUnlock(REAL(f), level);
}
static int f_reserved(sqlite3_file *f, int *out)
{
    return REAL(f)->pMethods->xCheckReservedLock(REAL(f), out);
}
static int f_control(sqlite3_file *f, int op, void *arg)
{
    return REAL(f)->pMethods->xFileControl(REAL(f), op, arg);
}
static int f_sector(sqlite3_file *f)
{
    return REAL(f)->pMethods->xSectorSize(REAL(f));
}
static int f_traits(sqlite3_file *f)
{
    return REAL(f)->pMethods->xDeviceCharacteristics(REAL(f));
}
static int f_map(sqlite3_file *f, int region, int size, int extend, void volatile **out)
{
    return REAL(f)->pMethods->xShmMap(REAL(f), region, size, extend, out);
}
static int f_shm_lock(sqlite3_file *f, int offset, int n, int flags)
{
    return REAL(f)->pMethods->xShmLock(REAL(f), offset, n, flags);
}
static void f_barrier(sqlite3_file *f)
{
    REAL(f)->pMethods->xShmBarrier(REAL(f));
}
static int f_unmap(sqlite3_file *f, int remove)
{
    return REAL(f)->pMethods->xShmUnmap(REAL(f), remove);
}
static const sqlite3_io_methods methods = {2,          f_close,   f_read,     f_write,   f_truncate, f_sync,   f_size,
                                           f_lock,     f_unlock,  f_reserved, f_control, f_sector,   f_traits, f_map,
                                           f_shm_lock, f_barrier, f_unmap,    NULL,      NULL};

static int vfs_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *f, int flags, int *out)
{
    struct file *file = (struct file *)f;

    (void)vfs;
    file->real = (sqlite3_file *)(file + 1);
    int rc = real_vfs->xOpen(real_vfs, name, file->real, flags, out);
    file->base.pMethods = rc == SQLITE_OK ? &methods : NULL;
    return rc;
}

static sqlite3_vfs layer;

static void layer_on(void)
{
    real_vfs = sqlite3_vfs_find("unix");
    layer = *real_vfs;
    layer.zName = "faulty";
    layer.pNext = NULL;
    layer.szOsFile += (int)sizeof(struct file);
    layer.xOpen = vfs_open;
    assert_int_equal(sqlite3_vfs_register(&layer, 1), SQLITE_OK);
}

static void break_after(int n, enum fault kind, bool stays)
{
    fault_after = n;
    fault_stays = stays;
    fault_kind = kind;
}

/* ---- what runs on it */

static const struct db_statement put_statement = {
    "put", "INSERT INTO thing (id, text) VALUES (?1, ?2)", NULL, "it", NULL, 2, 0, 0, true, "fault", 1};
struct row {
    int64_t n;
};
static const struct db_column columns[] = {{'i', offsetof(struct row, n)}};
static const struct db_statement get_statement = {
    "get", "SELECT id FROM thing WHERE id = ?1", NULL, "i", columns, 1, 1, sizeof(struct row), false, "fault", 2};
static const struct db_statement check_statement = {
    "check", "SELECT integrity_check = 'ok' FROM pragma_integrity_check",
    NULL,    "",
    columns, 0,
    1,       sizeof(struct row),
    false,   "fault",
    3};
static const struct db_statement *const list[] = {&put_statement, &get_statement, &check_statement};
static const struct db_migration migrations[] = {
    {1, "0001_fault",
     "CREATE TABLE schema_version (version BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL, applied_at BIGINT NOT NULL, sha TEXT NOT NULL);"
     "CREATE TABLE thing (id BIGINT NOT NULL PRIMARY KEY, text TEXT NOT NULL);",
     "", "a", "b"}};
static const struct db_catalogue catalogue = {list, 3, migrations, 1};

static enum result put(struct db *db, void *arg)
{
    static const char text[3000];
    char *filled = memset(arena_array(db_arena(db), char, sizeof(text)), 'x', sizeof(text));
    const union db_value v[] = {{.i = *(int64_t *)arg}, {.s = {filled, sizeof(text)}}};

    return db_exec(db, 0, v, NULL);
}

static void note_fatal(void *arg, struct str why)
{
    (void)why;
    *(bool *)arg = true;
}

static bool is_there(struct test_db *t, int64_t id)
{
    struct db *db;
    struct row row;
    const union db_value v[] = {{.i = id}};

    assert_int_equal(db_read_begin(t->database, t->arena, &db), OK);
    enum result r = db_one(db, 1, v, &row);
    db_read_end(db);
    assert_true(r == OK || r == E_NOT_FOUND);
    return r == OK;
}

static bool is_whole(struct test_db *t)
{
    struct db *db;
    struct row row = {0};

    assert_int_equal(db_read_begin(t->database, t->arena, &db), OK);
    assert_int_equal(db_one(db, 2, NULL, &row), OK);
    db_read_end(db);
    return row.n == 1;
}

static enum result put_thousand(struct db *db, void *arg)
{
    int64_t first = *(int64_t *)arg;

    for (int64_t id = first; id < first + 1000; id++) {
        enum result r = put(db, &id);
        if (r != OK)
            return r;
    }
    return OK;
}

static void a_full_disk_heals(void **state)
{
    struct test_db t;
    static const int writes[] = {0, 1, 7, 40}; /* that still succeed: a thousand rows go out in some sixty */
    int64_t id = 1;

    (void)state;
    test_db_open_catalogue(&t, &catalogue);
    assert_int_equal(db_write_wait(t.database, t.arena, put, &id), OK);
    for (size_t i = 0; i < sizeof(writes) / sizeof(writes[0]); i++) {
        break_after(writes[i], FAULT_FULL, true);
        id = 2;
        assert_int_equal(db_write_wait(t.database, t.arena, put_thousand, &id), E_BUSY);
        assert_true(database_healthy(t.database));
        assert_true(is_there(&t, 1));
        assert_false(is_there(&t, 2) || is_there(&t, 1001));
    }
    break_after(0, FAULT_NONE, false);
    assert_int_equal(db_write_wait(t.database, t.arena, put_thousand, &id), OK);
    assert_true(is_there(&t, 2) && is_there(&t, 1001));
    assert_true(is_whole(&t));
    test_db_close(&t);
}

static void a_failing_sync_stops_everything(void **state)
{
    struct test_db t;
    int64_t id = 1;
    bool stopped = false;

    (void)state;
    test_db_open_catalogue(&t, &catalogue);
    database_on_fatal(t.database, note_fatal, &stopped);
    assert_int_equal(db_write_wait(t.database, t.arena, put, &id), OK);
    break_after(1, FAULT_ERROR, true); /* a small commit is one write and one sync */
    id = 2;
    assert_int_equal(db_write_wait(t.database, t.arena, put, &id), E_IO);
    assert_true(stopped);
    assert_false(database_healthy(t.database));
    break_after(0, FAULT_NONE, false);
    id = 3;
    assert_int_equal(db_write_wait(t.database, t.arena, put, &id), E_IO); /* it does not try again on its own */
    test_db_reopen(&t, &catalogue);
    assert_true(is_there(&t, 1));
    assert_false(is_there(&t, 3));
    assert_true(is_whole(&t));
    test_db_close(&t);
}

/* Every single operation fails once, then from it on for good; full and broken. */
static void every_fault_keeps_what_was_acknowledged(void **state)
{
    enum { ROWS = 12 };

    (void)state;
    for (int kind = FAULT_FULL; kind <= FAULT_ERROR; kind++)
        for (int stays = 0; stays < 2; stays++)
            for (int n = 0, reached = 1; reached; n += n < 12 ? 1 : 5) {
                struct test_db t;
                bool acknowledged[ROWS + 1] = {false}, stopped = false;

                test_db_open_catalogue(&t, &catalogue);
                database_on_fatal(t.database, note_fatal, &stopped);
                operations = 0;
                break_after(n, (enum fault)kind, stays);
                for (int64_t id = 1; id <= ROWS; id++) {
                    enum result r = db_write_wait(t.database, t.arena, put, &id);
                    acknowledged[id] = r == OK;
                    assert_true(r == OK || r == E_BUSY || r == E_IO);
                    if (kind == FAULT_FULL)
                        assert_true(r != E_IO && !stopped);
                }
                reached = n < operations && n < 400;
                break_after(0, FAULT_NONE, false);
                test_db_reopen(&t, &catalogue);
                for (int64_t id = 1; id <= ROWS; id++)
                    if (acknowledged[id])
                        assert_true(is_there(&t, id));
                assert_true(is_whole(&t));
                test_db_close(&t);
            }
}

/* The log is long enough here for checkpoints: a fault in one of them takes nothing back either. */
static void faults_while_the_log_is_written_back(void **state)
{
    int all = 0;

    (void)state;
    for (int round = 0; round < 10; round++) {
        struct test_db t;
        bool stopped = false;
        unsigned acknowledged = 0;
        struct db_counters counters;

        test_db_open_catalogue(&t, &catalogue);
        database_on_fatal(t.database, note_fatal, &stopped);
        operations = 0;
        if (round) /* the first one counts */
            break_after(all * round / 10, round % 2 ? FAULT_ERROR : FAULT_FULL, round % 3 == 0);
        for (int64_t id = 1; id < 16000; id += 1000) {
            if (db_write_wait(t.database, t.arena, put_thousand, &id) == OK)
                acknowledged |= 1U << (id / 1000);
            arena_reset(t.arena);
        }
        database_counters(t.database, &counters);
        if (round == 0) {
            all = operations;
            assert_true(counters.checkpoints > 0 && acknowledged == 0xffff);
        }
        break_after(0, FAULT_NONE, false);
        test_db_reopen(&t, &catalogue);
        for (int64_t id = 1; id < 16000; id += 1000)
            if (acknowledged & 1U << (id / 1000))
                assert_true(is_there(&t, id) && is_there(&t, id + 999));
        assert_true(is_whole(&t));
        test_db_close(&t);
    }
}

static int setup(void **state)
{
    (void)state;
    if (!test_db_postgres())
        layer_on();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_full_disk_heals),
        cmocka_unit_test(a_failing_sync_stops_everything),
        cmocka_unit_test(every_fault_keeps_what_was_acknowledged),
        cmocka_unit_test(faults_while_the_log_is_written_back),
    };

    if (test_db_postgres()) /* its server looks after the disk */
        return 0;
    return cmocka_run_group_tests(tests, setup, NULL);
}
