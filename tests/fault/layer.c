/* layer.c: a layer between a program and its disk, for tests: LD_PRELOAD=liblayer.so.
 *
 * LILONG_LAYER_FOLDER   the folder that is looked at; files elsewhere are left alone
 * LILONG_LAYER_RECORD   a file that gets every write, truncation, sync, renaming and removal in that folder, and what is sent
 *                       to clients, in the order in which it happened (tests/fault/power.mjs reads it)
 * LILONG_LAYER_CONTROL  a file of sixteen int32 (enum slot) that the test changes while the program runs: the n-th operation of a
 *                       kind fails, or the process ends in front of it or behind it
 *
 * Children of fork() are left alone: they are workers that open nothing. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum slot {
    SLOT_ACTION,
    SLOT_OPS,
    SLOT_ERRNO,
    SLOT_AFTER,
    SLOT_TIMES,
    SLOT_HITS,
    SLOT_FILES,
    SLOT_PERCENT,
    SLOT_SEEN,
    SLOT_COUNT = 16
};
enum action { ACTION_NONE, ACTION_FAIL, ACTION_KILL_BEFORE, ACTION_KILL_AFTER, ACTION_SHORT, ACTION_COUNT };
enum op { OP_WRITE = 1, OP_SYNC = 2, OP_TRUNCATE = 4, OP_NAME = 8, OP_SEND = 16, OP_CREATE = 32 };
enum files { FILES_ANY, FILES_LOG, FILES_DATABASE, FILES_MEDIA };

static _Atomic int32_t *control;
static const char *folder;
static size_t folder_len;
static int record_fd = -1;
static bool sends;
static _Atomic uint32_t rounds;
static pthread_mutex_t record_lock = PTHREAD_MUTEX_INITIALIZER;
static bool off; /* in children */

/* ---- the real ones */

#define REAL(name) ((__typeof__(&name))real(#name))
static void *real(const char *name)
{
    enum { KNOWN = 32 };
    static struct {
        const char *_Atomic name;
        void *_Atomic is;
    } known[KNOWN];
    size_t i = 0;

    for (; i < KNOWN && known[i].name; i++)
        if (known[i].name == name) {
            void *is = known[i].is;
            if (is)
                return is;
            break;
        }
    void *is = dlsym(RTLD_NEXT, name);
    if (!is) {
        static const char words[] = "layer: a function of libc is not there\n";
        (void)!syscall(1, 2, words, sizeof(words) - 1);
        _exit(99);
    }
    const char *none = NULL;
    if (i < KNOWN && atomic_compare_exchange_strong(&known[i].name, &none, name))
        known[i].is = is;
    return is;
}

static void in_child(void)
{
    off = true;
}

__attribute__((constructor)) static void begin(void)
{
    const char *name = getenv("LILONG_LAYER_CONTROL"), *record = getenv("LILONG_LAYER_RECORD");

    folder = getenv("LILONG_LAYER_FOLDER");
    if (!folder) {
        off = true;
        return;
    }
    folder_len = strlen(folder);
    pthread_atfork(NULL, NULL, in_child);
    if (name) {
        int fd = open(name, O_RDWR | O_CLOEXEC);
        void *at = fd >= 0 ? mmap(NULL, SLOT_COUNT * sizeof(int32_t), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0)
                           : MAP_FAILED;

        if (at == MAP_FAILED) {
            perror("layer: control");
            _exit(99);
        }
        control = at;
        close(fd);
    }
    if (record) {
        record_fd = open(record, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
        if (record_fd < 0) {
            perror("layer: record");
            _exit(99);
        }
        sends = true;
    }
}

/* ---- names */

enum { NAME_LEN = 512 };

/* The name of an open file below the folder; false when it is elsewhere. */
static bool name_of(int fd, char name[NAME_LEN])
{
    char link[64];

    if (off || fd <= 2 || fd == record_fd)
        return false;
    snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, name, NAME_LEN - 1);
    if (n <= 0)
        return false;
    name[n] = '\0';
    if ((size_t)n < folder_len || strncmp(name, folder, folder_len) != 0 ||
        (name[folder_len] != '/' && name[folder_len] != '\0'))
        return false;
    memmove(name, name + folder_len, (size_t)n - folder_len + 1);
    return true;
}

static bool name_at(int dir, const char *path, char name[NAME_LEN])
{
    char base[NAME_LEN] = "";

    if (off)
        return false;
    if (path[0] == '/') {
        if (strncmp(path, folder, folder_len) != 0 || path[folder_len] != '/')
            return false;
        snprintf(name, NAME_LEN, "%s", path + folder_len);
        return true;
    }
    if (dir == AT_FDCWD || !name_of(dir, base))
        return false;
    return (size_t)snprintf(name, NAME_LEN, "%s/%s", base, path) < NAME_LEN;
}

static bool chosen(const char *name)
{
    size_t len = name ? strlen(name) : 0;

    switch (control[SLOT_FILES]) {
    case FILES_LOG: return len > 4 && strcmp(name + len - 4, "-wal") == 0;
    case FILES_DATABASE: return len > 3 && strcmp(name + len - 3, ".db") == 0;
    case FILES_MEDIA: return len && strncmp(name, "/media", 6) == 0;
    default: return !name || !strstr(name, ".lock");
    }
}

/* ---- what is to happen */

static enum action due(enum op op, const char *name)
{
    if (!control || off || control[SLOT_ACTION] == ACTION_NONE || !(control[SLOT_OPS] & (int)op) || !chosen(name))
        return ACTION_NONE;
    enum action action = (enum action)control[SLOT_ACTION];
    atomic_fetch_add(&control[SLOT_SEEN], 1);
    if (action == ACTION_COUNT || atomic_fetch_sub(&control[SLOT_AFTER], 1) > 0)
        return ACTION_NONE;
    if (control[SLOT_PERCENT]) { /* xorshift of a counter: at random, without a state that threads would share */
        uint32_t r = atomic_fetch_add(&rounds, 0x9e3779b9u) + 0x9e3779b9u;
        r ^= r << 13, r ^= r >> 17, r ^= r << 5;
        if ((int)(r % 100) >= control[SLOT_PERCENT])
            return ACTION_NONE;
    }
    if (control[SLOT_TIMES] == 0)
        return ACTION_NONE;
    if (control[SLOT_TIMES] > 0)
        atomic_fetch_sub(&control[SLOT_TIMES], 1);
    atomic_fetch_add(&control[SLOT_HITS], 1);
    if (action == ACTION_KILL_BEFORE)
        kill(getpid(), SIGKILL);
    if (action == ACTION_FAIL)
        errno = control[SLOT_ERRNO];
    return action;
}

static void after(enum action action)
{
    if (action == ACTION_KILL_AFTER)
        kill(getpid(), SIGKILL);
}

/* ---- what is recorded: 'kind', length of the name, number, number, length of the bytes; the name; the bytes */

static uint64_t record(char kind, const char *name, uint64_t a, uint64_t b, const void *bytes, size_t len)
{
    static uint64_t serial;
    struct __attribute__((packed)) {
        char kind;
        uint16_t name_len;
        uint64_t a, b;
        uint32_t len;
    } head = {kind, (uint16_t)strlen(name), a, b, (uint32_t)len};
    struct iovec parts[3] = {
        {&head, sizeof(head)}, {(void *)(uintptr_t)name, head.name_len}, {(void *)(uintptr_t)bytes, len}};

    if (kind == 'F') /* a sync has a number of its own: its end names its beginning */
        head.a = (uint64_t)getpid() << 24 | ++serial;
    (void)!REAL(writev)(record_fd, parts, 3);
    return head.a;
}

static void lock(void)
{
    if (record_fd >= 0)
        pthread_mutex_lock(&record_lock);
}

static void unlock(void)
{
    if (record_fd >= 0)
        pthread_mutex_unlock(&record_lock);
}

/* ---- writes */

static ssize_t put(int fd, const void *from, size_t n, off_t at, bool positioned)
{
    char name[NAME_LEN];

    if (!name_of(fd, name))
        return positioned ? REAL(pwrite)(fd, from, n, at) : REAL(write)(fd, from, n);
    enum action action = due(OP_WRITE, name);
    if (action == ACTION_FAIL)
        return -1;
    if (action == ACTION_SHORT)
        n = n / 2 / 512 * 512;
    lock();
    if (!positioned)
        at = lseek(fd, 0, SEEK_CUR);
    ssize_t done = positioned ? REAL(pwrite)(fd, from, n, at) : REAL(write)(fd, from, n);
    if (record_fd >= 0 && done > 0)
        record('W', name, (uint64_t)at, 0, from, (size_t)done);
    unlock();
    after(action);
    if (action == ACTION_SHORT && !n) {
        errno = ENOSPC;
        return -1;
    }
    return done;
}

ssize_t pwrite(int fd, const void *from, size_t n, off_t at)
{
    return put(fd, from, n, at, true);
}

ssize_t pwrite64(int fd, const void *from, size_t n, off64_t at)
{
    return put(fd, from, n, at, true);
}

ssize_t write(int fd, const void *from, size_t n)
{
    return put(fd, from, n, 0, false);
}

static int cut(int fd, off_t size)
{
    char name[NAME_LEN];

    if (!name_of(fd, name))
        return REAL(ftruncate)(fd, size);
    enum action action = due(OP_TRUNCATE, name);
    if (action == ACTION_FAIL)
        return -1;
    lock();
    int r = REAL(ftruncate)(fd, size);
    if (record_fd >= 0 && r == 0)
        record('T', name, (uint64_t)size, 0, "", 0);
    unlock();
    after(action);
    return r;
}

int ftruncate(int fd, off_t size)
{
    return cut(fd, size);
}

int ftruncate64(int fd, off64_t size)
{
    return cut(fd, size);
}

/* ---- syncs: what was written before one began is on the disk when it has ended */

static int sync_file(int fd, int (*how)(int))
{
    char name[NAME_LEN];
    uint64_t number = 0;

    if (!name_of(fd, name))
        return how(fd);
    enum action action = due(OP_SYNC, name);
    if (action == ACTION_FAIL) {
        if (record_fd >= 0) {
            lock();
            record('X', name, 0, 0, "", 0);
            unlock();
            errno = control[SLOT_ERRNO];
        }
        return -1;
    }
    if (record_fd >= 0) {
        lock();
        number = record('F', name, 0, 0, "", 0);
        unlock();
    }
    int r = how(fd);
    int kept = errno;
    if (record_fd >= 0 && r == 0) {
        lock();
        record('E', name, number, 0, "", 0);
        unlock();
    }
    after(action);
    errno = kept;
    return r;
}

int fsync(int fd)
{
    return sync_file(fd, REAL(fsync));
}

int fdatasync(int fd)
{
    return sync_file(fd, REAL(fdatasync));
}

/* ---- names of files */

static int renamed(int from_dir, const char *from, int to_dir, const char *to)
{
    char a[NAME_LEN], b[NAME_LEN];

    if (!name_at(from_dir, from, a) || !name_at(to_dir, to, b))
        return REAL(renameat)(from_dir, from, to_dir, to);
    enum action action = due(OP_NAME, b);
    if (action == ACTION_FAIL)
        return -1;
    lock();
    int r = REAL(renameat)(from_dir, from, to_dir, to);
    if (record_fd >= 0 && r == 0)
        record('R', a, strlen(b), 0, b, strlen(b));
    unlock();
    after(action);
    return r;
}

int rename(const char *from, const char *to)
{
    return renamed(AT_FDCWD, from, AT_FDCWD, to);
}

int renameat(int from_dir, const char *from, int to_dir, const char *to)
{
    return renamed(from_dir, from, to_dir, to);
}

static int removed(int dir, const char *path, int flags)
{
    char name[NAME_LEN];

    if (flags || !name_at(dir, path, name))
        return REAL(unlinkat)(dir, path, flags);
    enum action action = due(OP_NAME, name);
    if (action == ACTION_FAIL)
        return -1;
    lock();
    int r = REAL(unlinkat)(dir, path, flags);
    if (record_fd >= 0 && r == 0)
        record('U', name, 0, 0, "", 0);
    unlock();
    after(action);
    return r;
}

int unlink(const char *path)
{
    return removed(AT_FDCWD, path, 0);
}

int unlinkat(int dir, const char *path, int flags)
{
    return removed(dir, path, flags);
}

static int made(int dir, const char *path, mode_t mode)
{
    char name[NAME_LEN];

    if (!name_at(dir, path, name))
        return REAL(mkdirat)(dir, path, mode);
    lock();
    int r = REAL(mkdirat)(dir, path, mode);
    int kept = errno;
    if (record_fd >= 0 && r == 0)
        record('D', name, 0, 0, "", 0);
    unlock();
    errno = kept;
    return r;
}

int mkdir(const char *path, mode_t mode)
{
    return made(AT_FDCWD, path, mode);
}

int mkdirat(int dir, const char *path, mode_t mode)
{
    return made(dir, path, mode);
}

/* ---- new files: only so that making one can fail */

static bool may_create(int dir, const char *path, int flags)
{
    char name[NAME_LEN];

    return !(flags & O_CREAT) || !control || !name_at(dir, path, name) || due(OP_CREATE, name) != ACTION_FAIL;
}

#define OPENER(NAME, ARGS, DIR, PATH, CALL)              \
    int NAME ARGS;                                       \
    int NAME ARGS                                        \
    {                                                    \
        mode_t mode = 0;                                 \
        if (flags & (O_CREAT | O_TMPFILE)) {             \
            va_list ap;                                  \
            va_start(ap, flags);                         \
            mode = va_arg(ap, mode_t);                   \
            va_end(ap);                                  \
        }                                                \
        return may_create(DIR, PATH, flags) ? CALL : -1; \
    }

OPENER(open, (const char *path, int flags, ...), AT_FDCWD, path, REAL(open)(path, flags, mode))
OPENER(open64, (const char *path, int flags, ...), AT_FDCWD, path, REAL(open64)(path, flags, mode))
OPENER(openat, (int dir, const char *path, int flags, ...), dir, path, REAL(openat)(dir, path, flags, mode))
OPENER(openat64, (int dir, const char *path, int flags, ...), dir, path, REAL(openat64)(dir, path, flags, mode))

/* ---- answers: what a client has been told */

static enum action before_send(const struct iovec *part, size_t n)
{
    if (off || !n)
        return ACTION_NONE;
    if (sends) {                                 /* in front of the sending: what is told is true from here on */
        static _Thread_local char text[1 << 15]; /* a list with all that it names */
        size_t len = 0;

        for (size_t i = 0; i < n && len < sizeof(text); i++) {
            size_t take = part[i].iov_len < sizeof(text) - len ? part[i].iov_len : sizeof(text) - len;
            memcpy(text + len, part[i].iov_base, take);
            len += take;
        }
        lock();
        record('S', "", 0, 0, text, len);
        unlock();
    }
    return due(OP_SEND, NULL);
}

static bool is_answer(const struct iovec *part, size_t n)
{
    return n && part[0].iov_len > 12 && memcmp(part[0].iov_base, "HTTP/1.1 2", 10) == 0;
}

ssize_t send(int fd, const void *from, size_t n, int flags)
{
    struct iovec part = {(void *)(uintptr_t)from, n};
    enum action action = is_answer(&part, 1) ? before_send(&part, 1) : ACTION_NONE;
    ssize_t r = REAL(send)(fd, from, n, flags);

    after(action);
    return r;
}

ssize_t sendmsg(int fd, const struct msghdr *message, int flags)
{
    enum action action = is_answer(message->msg_iov, message->msg_iovlen)
                           ? before_send(message->msg_iov, message->msg_iovlen)
                           : ACTION_NONE;
    ssize_t r = REAL(sendmsg)(fd, message, flags);

    after(action);
    return r;
}

ssize_t writev(int fd, const struct iovec *part, int n)
{
    enum action action = n > 0 && is_answer(part, (size_t)n) ? before_send(part, (size_t)n) : ACTION_NONE;
    ssize_t r = REAL(writev)(fd, part, n);

    after(action);
    return r;
}
