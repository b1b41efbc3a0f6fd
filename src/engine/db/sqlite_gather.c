/* sqlite_gather.c: the log's frames go out together.
 *
 * SQLite writes each frame of the log in two calls, its head and its page: a commit of many jobs is hundreds of small writes, which took longer than the sync
 * behind them. This layer below the writer's connection (a VFS) keeps what is written to the log one behind the other in memory, and writes it in large pieces, the last before
 * anything else happens to that file: a sync, a reading, a truncation, a write elsewhere. So the file is at each sync what it would have been, and a write that fails
 * fails the sync, before anybody is told anything. Others learn of new frames from the index of the log, which SQLite changes after the sync; so this is only for
 * a connection that syncs each commit (synchronous = FULL). Nothing but the log passes through here.
 *
 * A commit's sync may be left to another thread (sqlite_log_defer): then SQLite shows the commit to readers before it is on the disk, and who commits sees to it that
 * nobody is told of it, and nothing else is committed, before sqlite_log_sync() has been. The sync behind the log's head, when the log begins again, is never
 * put off: frames of a new log behind the head of the old one would bring back pages as they once were. */
#include <stdlib.h>

#include "engine/db/sqlite.h"

enum { GATHER_BYTES = 1 << 16 }; /* the layer of SQLite's own below takes less than 128 KiB at once */

struct gathered { /* the real file lies behind it */
    sqlite3_file base;
    sqlite3_file *real;
    char *bytes;      /* GATHER_BYTES; NULL: there was no memory, each write goes out by itself */
    sqlite3_int64 at; /* where they belong */
    int n;
    int flags;        /* of the sync that was put off */
    bool defer, owed; /* syncs are put off; one was */
    bool head;        /* the log's head was written since the last sync */
};

static sqlite3_vfs *real_vfs;

static struct gathered *of(sqlite3_file *file)
{
    return (struct gathered *)file;
}

static int write_out(struct gathered *g)
{
    int n = g->n;

    g->n = 0; /* what fails is not written again: the transaction fails with it */
    return n ? g->real->pMethods->xWrite(g->real, g->bytes, n, g->at) : SQLITE_OK;
}

static int gather_close(sqlite3_file *file)
{
    struct gathered *g = of(file);
    int rc = write_out(g), closed = g->real->pMethods->xClose(g->real);

    free(g->bytes);
    g->bytes = NULL;
    return rc == SQLITE_OK ? closed : rc;
}

static int gather_read(sqlite3_file *file, void *to, int n, sqlite3_int64 at)
{
    int rc = write_out(of(file));

    return rc == SQLITE_OK ? of(file)->real->pMethods->xRead(of(file)->real, to, n, at) : rc;
}

static int gather_write(sqlite3_file *file, const void *from, int n, sqlite3_int64 at)
{
    struct gathered *g = of(file);

    g->head |= at == 0;
    if (g->n && (at != g->at + g->n || n > GATHER_BYTES - g->n)) {
        int rc = write_out(g);
        if (rc != SQLITE_OK)
            return rc;
    }
    if (!g->bytes || n > GATHER_BYTES)
        return g->real->pMethods->xWrite(g->real, from, n, at);
    if (!g->n)
        g->at = at;
    memcpy(g->bytes + g->n, from, (size_t)n);
    g->n += n;
    return SQLITE_OK;
}

static int gather_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    int rc = write_out(of(file));

    return rc == SQLITE_OK ? of(file)->real->pMethods->xTruncate(of(file)->real, size) : rc;
}

static int gather_sync(sqlite3_file *file, int flags)
{
    struct gathered *g = of(file);
    int rc = write_out(g);

    if (rc != SQLITE_OK)
        return rc;
    if (g->defer && !g->head) {
        g->owed = true;
        g->flags = flags;
        return SQLITE_OK;
    }
    g->head = false;
    return g->real->pMethods->xSync(g->real, flags);
}

static int gather_size(sqlite3_file *file, sqlite3_int64 *ret_size)
{
    int rc = write_out(of(file));

    return rc == SQLITE_OK ? of(file)->real->pMethods->xFileSize(of(file)->real, ret_size) : rc;
}

static int gather_lock(sqlite3_file *file, int level)
{
    return of(file)->real->pMethods->xLock(of(file)->real, level);
}

static int gather_unlock(sqlite3_file *file, int level)
{
    return of(file)->real->pMethods->xUnlock(of(file)->real, level);
}

static int gather_reserved(sqlite3_file *file, int *ret_locked)
{
    return of(file)->real->pMethods->xCheckReservedLock(of(file)->real, ret_locked);
}

static int gather_control(sqlite3_file *file, int what, void *arg)
{
    return of(file)->real->pMethods->xFileControl(of(file)->real, what, arg);
}

static int gather_sector(sqlite3_file *file)
{
    return of(file)->real->pMethods->xSectorSize(of(file)->real);
}

static int gather_traits(sqlite3_file *file)
{
    return of(file)->real->pMethods->xDeviceCharacteristics(of(file)->real);
}

static const sqlite3_io_methods gather_methods = {
    .iVersion = 1,
    .xClose = gather_close,
    .xRead = gather_read,
    .xWrite = gather_write,
    .xTruncate = gather_truncate,
    .xSync = gather_sync,
    .xFileSize = gather_size,
    .xLock = gather_lock,
    .xUnlock = gather_unlock,
    .xCheckReservedLock = gather_reserved,
    .xFileControl = gather_control,
    .xSectorSize = gather_sector,
    .xDeviceCharacteristics = gather_traits,
};

static int gather_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *ret_flags)
{
    struct gathered *g = of(file);

    (void)vfs;
    if (!(flags & SQLITE_OPEN_WAL))
        return real_vfs->xOpen(real_vfs, name, file, flags, ret_flags);
    *g = (struct gathered){.real = (sqlite3_file *)(g + 1)};
    int rc = real_vfs->xOpen(real_vfs, name, g->real, flags, ret_flags);
    if (rc != SQLITE_OK) {
        if (g->real->pMethods)
            g->real->pMethods->xClose(g->real);
        return rc;
    }
    g->bytes = malloc(GATHER_BYTES);
    g->base.pMethods = &gather_methods;
    return SQLITE_OK;
}

static sqlite3_vfs layer;

static void register_layer(void)
{
    sqlite3_vfs *below = sqlite3_vfs_find(NULL);

    if (!below)
        return;
    layer = *below;
    layer.zName = "lilong-gather";
    layer.pNext = NULL;
    layer.szOsFile += (int)sizeof(struct gathered);
    layer.xOpen = gather_open;
    if (sqlite3_vfs_register(&layer, 0) == SQLITE_OK)
        real_vfs = below;
}

const char *sqlite_gather(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, register_layer);
    return real_vfs ? layer.zName : NULL;
}

static struct gathered *log_of(sqlite3 *handle)
{
    sqlite3_file *file = NULL;

    if (sqlite3_file_control(handle, "main", SQLITE_FCNTL_JOURNAL_POINTER, &file) != SQLITE_OK || !file ||
        file->pMethods != &gather_methods)
        return NULL;
    return of(file);
}

bool sqlite_log_defer(sqlite3 *handle, bool on)
{
    struct gathered *g = log_of(handle);
    bool owed;

    if (!g)
        return false;
    owed = g->owed;
    g->defer = on;
    g->owed = false;
    return on || owed;
}

struct sqlite3_file *sqlite_log_file(sqlite3 *handle)
{
    struct gathered *g = log_of(handle);

    return g ? &g->base : NULL;
}

int sqlite_log_sync(sqlite3_file *log)
{
    struct gathered *g = of(log);

    return g->real->pMethods->xSync(g->real, g->flags);
}
