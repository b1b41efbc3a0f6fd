/* store.c: where the files are. A driver is a row of functions; the folder is the one there is.
 *
 * DATA/media/<aa>/<hash>.jpg and <hash>.thumb.jpg, or <hash>.pdf; <aa> being the hash's first two digits. A file is complete when its name is there:
 * it is written under another name, fsynced, renamed, and the folder is fsynced. A put and a sweep exclude each other by a lock
 * on DATA/media/.lock, so that the sweep never takes away what a put has just found to be there already. */
#include "civic/media/store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/base/buf.h"
#include "engine/base/ids.h"
#include "engine/base/time.h"

enum form { FULL, THUMB, DOCUMENT, FORMS };

struct media_driver {
    /* Those that are not empty, the last one last. */
    enum result (*put)(struct media_store *store, struct str hash, const struct str bytes[FORMS]);
    enum result (*get)(struct media_store *store, struct arena *a, struct str hash, enum form form,
                       struct str *ret_jpeg);
    enum result (*map)(struct media_store *store, struct str hash, enum form form, struct str *ret_mapped);
    enum result (*delete)(struct media_store *store, struct str hash);
    enum result (*sweep)(struct media_store *store, int prefix, int64_t before,
                         bool (*wanted)(void *ctx, struct str hash), void *ctx, int64_t *ret_deleted);
    void (*close)(struct media_store *store);
};

struct media_store {
    const struct media_driver *driver;
    int root; /* the folder */
};

/* ---- names -------------------------------------------------------------------------------------------------- */

#define NAME_MAX_LEN 128

static bool hash_good(struct str hash)
{
    if (hash.len != MEDIA_HASH_LEN)
        return false;
    for (size_t i = 0; i < hash.len; i++) {
        if (!((hash.ptr[i] >= '0' && hash.ptr[i] <= '9') || (hash.ptr[i] >= 'a' && hash.ptr[i] <= 'f')))
            return false;
    }
    return true;
}

static const char *const endings[FORMS] = {[FULL] = ".jpg", [THUMB] = ".thumb.jpg", [DOCUMENT] = ".pdf"};

static void name_of(char name[NAME_MAX_LEN], struct str hash, enum form form)
{
    snprintf(name, NAME_MAX_LEN, "%c%c/" STR_FMT "%s", hash.ptr[0], hash.ptr[1], STR_ARG(hash), endings[form]);
}

static enum result hash_of(struct arena *a, struct str jpeg, struct str *ret_hash)
{
    unsigned char bytes[MEDIA_HASH_LEN / 2];
    if (crypto_generichash(bytes, sizeof(bytes), (const unsigned char *)jpeg.ptr, jpeg.len, NULL, 0) != 0)
        return E_IO;
    *ret_hash = str_hex(a, (struct str){(const char *)bytes, sizeof(bytes)});
    return OK;
}

/* ---- the folder ------------------------------------------------------------------------------------------------ */

static bool write_file(int fd, struct str s)
{
    while (s.len) {
        ssize_t n = write(fd, s.ptr, s.len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        s = (struct str){s.ptr + n, s.len - (size_t)n};
    }
    return fsync(fd) == 0;
}

/* The folder of two digits, made and made durable when it was not there. -1 on failure. */
static int open_shelf(struct media_store *store, struct str hash)
{
    char name[3] = {hash.ptr[0], hash.ptr[1], 0};
    if (mkdirat(store->root, name, 0700) == 0) {
        if (fsync(store->root) != 0)
            return -1;
    } else if (errno != EEXIST) {
        return -1;
    }
    return openat(store->root, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static enum result put_file(int shelf, const char *name, struct str bytes)
{
    char temporary[NAME_MAX_LEN];
    snprintf(temporary, sizeof(temporary), ".new-%llx", (unsigned long long)id_new());
    int fd = openat(shelf, temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return result_of_errno(errno);
    bool good = write_file(fd, bytes);
    int why = errno;
    good = close(fd) == 0 && good;
    if (good && renameat(shelf, temporary, shelf, name) == 0)
        return OK;
    unlinkat(shelf, temporary, 0);
    /* A full disk is for the person to come again, and heals; anything else is for the operator. */
    return result_of_errno(why);
}

/* Already there and of this length? Then it is the same: the name is its hash. Its time is renewed for the sweep. */
static bool is_there(int shelf, const char *name, size_t len)
{
    struct stat st;
    return fstatat(shelf, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(st.st_mode) && st.st_size == (off_t)len &&
           utimensat(shelf, name, NULL, AT_SYMLINK_NOFOLLOW) == 0;
}

static int lock(struct media_store *store, int how)
{
    int fd = openat(store->root, ".lock", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    while (fd >= 0 && flock(fd, how) != 0) {
        if (errno != EINTR) {
            close(fd);
            fd = -1;
        }
    }
    return fd;
}

static enum result folder_put(struct media_store *store, struct str hash, const struct str bytes[FORMS])
{
    /* The full picture last: a thumbnail alone is nothing. */
    static const enum form order[FORMS] = {THUMB, FULL, DOCUMENT};
    int locked = lock(store, LOCK_SH), shelf = open_shelf(store, hash);
    enum result r = locked >= 0 && shelf >= 0 ? OK : result_of_errno(errno);
    for (int i = 0; i < FORMS && r == OK; i++) {
        char name[NAME_MAX_LEN];
        struct str one = bytes[order[i]];
        name_of(name, hash, order[i]);
        if (one.len && !is_there(shelf, name + 3, one.len))
            r = put_file(shelf, name + 3, one);
    }
    if (r == OK && fsync(shelf) != 0)
        r = E_IO;
    if (shelf >= 0)
        close(shelf);
    if (locked >= 0)
        close(locked);
    return r;
}

static enum result folder_get(struct media_store *store, struct arena *a, struct str hash, enum form form,
                              struct str *ret_jpeg)
{
    char name[NAME_MAX_LEN];
    struct stat st;
    name_of(name, hash, form);
    /* The memory is taken before the file is opened: taking it may end the request. */
    if (fstatat(store->root, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
        return errno == ENOENT ? E_NOT_FOUND : result_of_errno(errno);
    if (!S_ISREG(st.st_mode) || st.st_size > 16 * 1024 * 1024)
        return E_IO;
    size_t len = (size_t)st.st_size, got = 0;
    char *bytes = arena_array(a, char, len);
    int fd = openat(store->root, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return errno == ENOENT ? E_NOT_FOUND : result_of_errno(errno);
    while (got < len) {
        ssize_t n = read(fd, bytes + got, len - got);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            break;
        got += (size_t)n;
    }
    close(fd);
    if (got != len)
        return E_IO;
    *ret_jpeg = (struct str){bytes, len};
    return OK;
}

/* A file is only read, renamed into its place and unlinked, never cut: a mapping of it stays whole. */
static enum result folder_map(struct media_store *store, struct str hash, enum form form, struct str *ret_mapped)
{
    char name[NAME_MAX_LEN];
    struct stat st;
    name_of(name, hash, form);
    int fd = openat(store->root, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return errno == ENOENT ? E_NOT_FOUND : result_of_errno(errno);
    enum result r = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0 ? OK : E_IO;
    void *at = r == OK ? mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED, fd, 0) : MAP_FAILED;
    if (r == OK && at == MAP_FAILED)
        r = result_of_errno(errno);
    close(fd);
    if (r == OK)
        *ret_mapped = (struct str){at, (size_t)st.st_size};
    return r;
}

static enum result folder_delete(struct media_store *store, struct str hash)
{
    /* The thumbnail first: as long as the full picture is there, the sweep sees that something is left. */
    static const enum form order[FORMS] = {THUMB, FULL, DOCUMENT};
    enum result r = E_NOT_FOUND;
    for (int i = 0; i < FORMS; i++) {
        char name[NAME_MAX_LEN];
        name_of(name, hash, order[i]);
        if (unlinkat(store->root, name, 0) == 0)
            r = order[i] == THUMB ? r : OK;
        else if (errno != ENOENT)
            return E_IO;
    }
    return r;
}

static int64_t changed_at(const struct stat *st)
{
    return (int64_t)st->st_mtim.tv_sec * 1000 + st->st_mtim.tv_nsec / 1000000;
}

/* E_CONFLICT: it has been put again since it was looked at. */
static enum result delete_old(struct media_store *store, struct str hash, enum form form, int64_t before)
{
    char name[NAME_MAX_LEN];
    struct stat st;
    name_of(name, hash, form);
    int locked = lock(store, LOCK_EX);
    if (locked < 0)
        return E_IO;
    enum result r = E_NOT_FOUND;
    if (fstatat(store->root, name, &st, AT_SYMLINK_NOFOLLOW) == 0)
        r = changed_at(&st) < before ? folder_delete(store, hash) : E_CONFLICT;
    close(locked);
    return r;
}

static enum result folder_sweep(struct media_store *store, int prefix, int64_t before,
                                bool (*wanted)(void *ctx, struct str hash), void *ctx, int64_t *ret_deleted)
{
    char name[3];
    snprintf(name, sizeof(name), "%02x", (unsigned)prefix & 0xff);
    *ret_deleted = 0;
    int fd = openat(store->root, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return errno == ENOENT ? OK : E_IO;
    DIR *shelf = fdopendir(fd);
    if (shelf == NULL) {
        close(fd);
        return E_IO;
    }
    enum result r = OK;
    const struct dirent *entry;
    while (r == OK && (entry = readdir(shelf)) != NULL) {
        struct stat st;
        struct str s = str_from_cstr(entry->d_name), hash = str_sub(s, 0, MEDIA_HASH_LEN);
        if (fstatat(fd, entry->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0 || changed_at(&st) >= before ||
            !S_ISREG(st.st_mode))
            continue;
        if (str_starts(s, STR(".new-"))) {
            unlinkat(fd, entry->d_name, 0);
        } else if (s.len == MEDIA_HASH_LEN + 4 && hash_good(hash) && !wanted(ctx, hash) &&
                   (str_ends(s, STR(".jpg")) || str_ends(s, STR(".pdf")))) {
            r = delete_old(store, hash, str_ends(s, STR(".pdf")) ? DOCUMENT : FULL, before);
            *ret_deleted += r == OK;
            r = r == E_CONFLICT || r == E_NOT_FOUND ? OK : r;
        }
    }
    closedir(shelf);
    return r;
}

static void folder_close(struct media_store *store)
{
    close(store->root);
}

static const struct media_driver folder = {folder_put,    folder_get,   folder_map,
                                           folder_delete, folder_sweep, folder_close};

/* ---- the store ---------------------------------------------------------------------------------------------------- */

enum result media_store_open(const char *data_dir, struct media_store **ret_store)
{
    if (sodium_init() < 0)
        return E_IO;
    int data = open(data_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (data < 0)
        return errno == ENOENT ? E_NOT_FOUND : E_IO;
    bool made = mkdirat(data, "media", 0700) == 0;
    int root = made || errno == EEXIST ? openat(data, "media", O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    if (made && fsync(data) != 0 && root >= 0) {
        close(root);
        root = -1;
    }
    close(data);
    struct media_store *store = root >= 0 ? calloc(1, sizeof(*store)) : NULL;
    if (store == NULL) {
        if (root >= 0)
            close(root);
        return root >= 0 ? E_BUSY : E_IO;
    }
    *store = (struct media_store){&folder, root};
    *ret_store = store;
    return OK;
}

void media_store_close(struct media_store *store)
{
    if (store == NULL)
        return;
    store->driver->close(store);
    free(store);
}

enum result media_store_put(struct media_store *store, struct arena *a, struct str full, struct str thumb,
                            struct str *ret_hash)
{
    struct str hash;
    if (full.len == 0 || thumb.len == 0)
        return E_INVALID;
    enum result r = hash_of(a, full, &hash);
    if (r == OK)
        r = store->driver->put(store, hash, (const struct str[FORMS]){[FULL] = full, [THUMB] = thumb});
    if (r == OK)
        *ret_hash = hash;
    return r;
}

enum result media_store_get(struct media_store *store, struct arena *a, struct str hash, bool thumb,
                            struct str *ret_jpeg)
{
    return hash_good(hash) ? store->driver->get(store, a, hash, thumb ? THUMB : FULL, ret_jpeg) : E_NOT_FOUND;
}

enum result media_store_put_document(struct media_store *store, struct arena *a, struct str pdf, struct str *ret_hash)
{
    struct str hash;
    if (pdf.len == 0)
        return E_INVALID;
    enum result r = hash_of(a, pdf, &hash);
    if (r == OK)
        r = store->driver->put(store, hash, (const struct str[FORMS]){[DOCUMENT] = pdf});
    if (r == OK)
        *ret_hash = hash;
    return r;
}

enum result media_store_map_document(struct media_store *store, struct str hash, struct str *ret_mapped)
{
    return hash_good(hash) ? store->driver->map(store, hash, DOCUMENT, ret_mapped) : E_NOT_FOUND;
}

enum result media_store_delete(struct media_store *store, struct str hash)
{
    return hash_good(hash) ? store->driver->delete (store, hash) : E_NOT_FOUND;
}

enum result media_store_sweep(struct media_store *store, int prefix, int64_t before,
                              bool (*wanted)(void *ctx, struct str hash), void *ctx, int64_t *ret_deleted)
{
    return store->driver->sweep(store, prefix, before, wanted, ctx, ret_deleted);
}
