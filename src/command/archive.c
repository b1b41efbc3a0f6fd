/* archive.c: tar, sums, and a sealed stream around them. */
#include "command/archive.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/base/buf.h"
#include "engine/base/time.h"

enum {
    BLOCK = 512,
    CHUNK = 64 * 1024,
    SEALED = CHUNK + crypto_secretstream_xchacha20poly1305_ABYTES,
    NAME_ROOM = 100, /* of a tar head; ours are shorter */
    MANIFEST_MAX = 1 << 30,
    READ_MAX = 1 << 28,
};
static const char magic[8] = {'L', 'I', 'L', 'O', 'N', 'G', 'B', '1'};
static const char manifest_name[] = "MANIFEST";

struct archive {
    struct arena *arena;
    int fd;
    const char *path, *part; /* part: writing */
    bool sealed;
    crypto_secretstream_xchacha20poly1305_state state;
    unsigned char plain[CHUNK], cipher[SEALED];
    size_t n, at; /* of plain: bytes in it, and read so far */
    bool end;     /* reading: the last chunk has been seen */
    struct buf manifest;
    int64_t entries, left; /* left: bytes of the entry that are not read yet */
    struct str name;
    bool hashed; /* the entry that was named last has been read */
    const char *why;
};

const char *archive_why(const struct archive *ar)
{
    return ar->why ? ar->why : "";
}

int64_t archive_entries(const struct archive *ar)
{
    return ar->entries;
}

/* ---- bytes out ----------------------------------------------------------------------------------------------------------- */

static enum result write_all(int fd, const void *bytes, size_t n)
{
    const char *p = bytes;

    while (n) {
        ssize_t done = write(fd, p, n);

        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return E_IO;
        p += done;
        n -= (size_t)done;
    }
    return OK;
}

static enum result flush_chunk(struct archive *ar, bool last)
{
    unsigned long long len = 0;
    size_t n = ar->n;

    ar->n = 0;
    if (!ar->sealed)
        return write_all(ar->fd, ar->plain, n);
    crypto_secretstream_xchacha20poly1305_push(&ar->state, ar->cipher, &len, ar->plain, n, NULL, 0,
                                               last ? crypto_secretstream_xchacha20poly1305_TAG_FINAL : 0);
    return write_all(ar->fd, ar->cipher, (size_t)len);
}

static enum result put(struct archive *ar, const void *bytes, size_t n)
{
    const char *p = bytes;
    enum result r = OK;

    while (n && r == OK) {
        size_t room = CHUNK - ar->n, take = n < room ? n : room;

        memcpy(ar->plain + ar->n, p, take);
        ar->n += take;
        p += take;
        n -= take;
        if (ar->n == CHUNK)
            r = flush_chunk(ar, false);
    }
    return r;
}

static enum result pad(struct archive *ar, int64_t size)
{
    static const char zero[BLOCK];

    return put(ar, zero, (size_t)((BLOCK - size % BLOCK) % BLOCK));
}

/* ---- bytes in -------------------------------------------------------------------------------------------------------------- */

static enum result damaged(struct archive *ar, const char *why)
{
    ar->why = why;
    return E_INVALID;
}

static enum result read_full(int fd, void *bytes, size_t n, size_t *ret_n)
{
    char *p = bytes;
    size_t got = 0;

    while (got < n) {
        ssize_t done = read(fd, p + got, n - got);

        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            return E_IO;
        if (done == 0)
            break;
        got += (size_t)done;
    }
    *ret_n = got;
    return OK;
}

static enum result fill(struct archive *ar)
{
    unsigned long long len = 0;
    unsigned char tag = 0;
    size_t n;
    enum result r;

    ar->at = ar->n = 0;
    if (ar->end)
        return damaged(ar, "it ends too early");
    r = read_full(ar->fd, ar->sealed ? ar->cipher : ar->plain, ar->sealed ? SEALED : CHUNK, &n);
    if (r != OK)
        return r;
    if (!ar->sealed) {
        ar->n = n;
        ar->end = n < CHUNK;
        return n ? OK : damaged(ar, "it ends too early");
    }
    if (crypto_secretstream_xchacha20poly1305_pull(&ar->state, ar->plain, &len, &tag, ar->cipher, n, NULL, 0) != 0)
        return damaged(ar, "a part of it was changed, or it ends too early");
    ar->n = (size_t)len;
    ar->end = tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL;
    if (!ar->end && n < SEALED)
        return damaged(ar, "it ends too early");
    return ar->n ? OK : damaged(ar, "it ends too early");
}

static enum result get(struct archive *ar, void *bytes, size_t n)
{
    char *p = bytes;
    enum result r = OK;

    while (n && r == OK) {
        size_t have = ar->n - ar->at, take = n < have ? n : have;

        memcpy(p, ar->plain + ar->at, take);
        ar->at += take;
        p += take;
        n -= take;
        if (n)
            r = fill(ar);
    }
    return r;
}

/* ---- the key out of a passphrase --------------------------------------------------------------------------------------------- */

static enum result derive(struct str passphrase, const unsigned char *salt, unsigned char *ret_key)
{
    return crypto_pwhash(ret_key, crypto_secretstream_xchacha20poly1305_KEYBYTES, passphrase.ptr, passphrase.len, salt,
                         crypto_pwhash_OPSLIMIT_MODERATE, crypto_pwhash_MEMLIMIT_MODERATE,
                         crypto_pwhash_ALG_ARGON2ID13) == 0
             ? OK
             : E_BUSY;
}

/* ---- heads ------------------------------------------------------------------------------------------------------------------------ */

struct head { /* POSIX ustar */
    char name[NAME_ROOM], mode[8], uid[8], gid[8], size[12], mtime[12], sum[8], type, link[100], ustar[6], version[2],
        user[32], group[32], major[8], minor[8], prefix[155], rest[12];
};

static unsigned head_sum(const struct head *h)
{
    const unsigned char *p = (const unsigned char *)h;
    unsigned sum = 0;

    for (size_t i = 0; i < BLOCK; i++)
        sum += i >= offsetof(struct head, sum) && i < offsetof(struct head, sum) + sizeof(h->sum) ? ' ' : p[i];
    return sum;
}

static enum result put_head(struct archive *ar, const char *name, int64_t size)
{
    struct head h = {0};

    _Static_assert(sizeof(struct head) == BLOCK, "a head is a block");
    if (strlen(name) >= sizeof(h.name))
        return E_TOO_LARGE;
    memcpy(h.name, name, strlen(name));
    memcpy(h.mode, "0000600", 8);
    memcpy(h.uid, "0000000", 8);
    memcpy(h.gid, "0000000", 8);
    if (size < INT64_C(1) << 33) {
        snprintf(h.size, sizeof(h.size), "%011llo", (unsigned long long)size);
    } else { /* GNU's way for 8 GiB and more: the number itself, with the highest bit set */
        h.size[0] = (char)0x80;
        for (int i = 0; i < 8; i++)
            h.size[4 + i] = (char)(size >> (56 - 8 * i));
    }
    snprintf(h.mtime, sizeof(h.mtime), "%011llo", (unsigned long long)(time_now() / 1000));
    h.type = '0';
    memcpy(h.ustar, "ustar", 6);
    memcpy(h.version, "00", 2);
    snprintf(h.sum, sizeof(h.sum), "%06o", head_sum(&h));
    h.sum[7] = ' ';
    return put(ar, &h, BLOCK);
}

static bool octal(const char *s, size_t n, int64_t *ret)
{
    int64_t v = 0;
    size_t i = 0;

    if ((unsigned char)s[0] == 0x80 && n == 12) {
        for (i = 4; i < 12; i++)
            v = (int64_t)((uint64_t)v << 8 | (unsigned char)s[i]);
        *ret = v;
        return v >= 0;
    }
    for (; i < n && s[i] >= '0' && s[i] <= '7'; i++)
        v = v * 8 + (s[i] - '0');
    *ret = v;
    return i > 0 && (i == n || s[i] == '\0' || s[i] == ' ');
}

/* ---- writing ----------------------------------------------------------------------------------------------------------------------- */

static struct archive *archive_new(struct arena *a, const char *path)
{
    struct archive *ar = arena_new(a, struct archive);

    ar->arena = a;
    ar->fd = -1;
    ar->path = path;
    buf_init(&ar->manifest, a, 4096, MANIFEST_MAX);
    return ar;
}

enum result archive_create(struct arena *a, const char *path, struct str passphrase, struct archive **ret)
{
    struct archive *ar = archive_new(a, path);
    unsigned char salt[crypto_pwhash_SALTBYTES], key[crypto_secretstream_xchacha20poly1305_KEYBYTES];
    unsigned char header[crypto_secretstream_xchacha20poly1305_HEADERBYTES];
    enum result r = OK;

    if (access(path, F_OK) == 0)
        return E_CONFLICT;
    ar->part = str_cstr(a, str_printf(a, "%s.part", path));
    ar->fd = open(ar->part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (ar->fd < 0)
        return E_IO;
    ar->sealed = passphrase.len > 0;
    if (ar->sealed) {
        crypto_random(salt, sizeof(salt));
        r = derive(passphrase, salt, key);
        if (r == OK) {
            crypto_secretstream_xchacha20poly1305_init_push(&ar->state, header, key);
            r = write_all(ar->fd, magic, sizeof(magic));
        }
        if (r == OK)
            r = write_all(ar->fd, salt, sizeof(salt));
        if (r == OK)
            r = write_all(ar->fd, header, sizeof(header));
        crypto_wipe(key, sizeof(key));
    }
    if (r != OK) {
        archive_abandon(ar);
        return r;
    }
    *ret = ar;
    return OK;
}

enum result archive_put_file(struct archive *ar, const char *name, const char *from)
{
    int fd = open(from, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    struct hasher hasher;
    struct hash hash;
    struct stat st;
    int64_t left;
    char bytes[16 * 1024];
    enum result r = OK;

    if (fd < 0)
        return errno == ENOENT ? E_NOT_FOUND : E_IO;
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        close(fd);
        return E_IO;
    }
    r = put_head(ar, name, st.st_size);
    hash_init(&hasher);
    for (left = st.st_size; r == OK && left > 0;) {
        size_t want = left < (int64_t)sizeof(bytes) ? (size_t)left : sizeof(bytes), n = 0;

        r = read_full(fd, bytes, want, &n);
        if (r == OK && n != want)
            r = E_IO; /* it shrank while it was read */
        if (r != OK)
            break;
        hash_put(&hasher, (struct str){bytes, n});
        r = put(ar, bytes, n);
        left -= (int64_t)n;
    }
    close(fd);
    hash = hash_end(&hasher);
    if (r == OK)
        r = pad(ar, st.st_size);
    buf_put(&ar->manifest, str_hex(ar->arena, hash_str(&hash)));
    buf_printf(&ar->manifest, "  %s\n", name);
    ar->entries++;
    return r;
}

enum result archive_put_bytes(struct archive *ar, const char *name, struct str bytes)
{
    struct hash hash = hash_of(bytes);
    enum result r = put_head(ar, name, (int64_t)bytes.len);

    if (r == OK)
        r = put(ar, bytes.ptr, bytes.len);
    if (r == OK)
        r = pad(ar, (int64_t)bytes.len);
    buf_put(&ar->manifest, str_hex(ar->arena, hash_str(&hash)));
    buf_printf(&ar->manifest, "  %s\n", name);
    ar->entries++;
    return r;
}

enum result archive_finish(struct archive *ar)
{
    static const char zero[2 * BLOCK];
    enum result r = put_head(ar, manifest_name, (int64_t)ar->manifest.len);

    if (r == OK)
        r = put(ar, ar->manifest.ptr, ar->manifest.len);
    if (r == OK)
        r = pad(ar, (int64_t)ar->manifest.len);
    if (r == OK)
        r = put(ar, zero, sizeof(zero));
    if (r == OK)
        r = flush_chunk(ar, true);
    if (r == OK && fsync(ar->fd) != 0)
        r = E_IO;
    if (close(ar->fd) != 0)
        r = r == OK ? E_IO : r;
    ar->fd = -1;
    if (r == OK && rename(ar->part, ar->path) != 0)
        r = E_IO;
    if (r == OK) { /* the name too is on stable storage */
        const char *slash = strrchr(ar->path, '/');
        const char *folder = !slash ? "."
                           : slash == ar->path
                               ? "/"
                               : str_cstr(ar->arena, (struct str){ar->path, (size_t)(slash - ar->path)});
        int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

        if (fd >= 0) {
            r = fsync(fd) == 0 ? OK : E_IO;
            close(fd);
        }
    }
    if (r != OK)
        archive_abandon(ar);
    return r;
}

void archive_abandon(struct archive *ar)
{
    if (!ar)
        return;
    if (ar->fd >= 0)
        close(ar->fd);
    ar->fd = -1;
    unlink(ar->part);
}

/* ---- reading -------------------------------------------------------------------------------------------------------------------------- */

enum result archive_open(struct arena *a, const char *path, struct str passphrase, struct archive **ret)
{
    struct archive *ar = archive_new(a, path);
    unsigned char salt[crypto_pwhash_SALTBYTES], key[crypto_secretstream_xchacha20poly1305_KEYBYTES];
    unsigned char header[crypto_secretstream_xchacha20poly1305_HEADERBYTES];
    char first[sizeof(magic)];
    size_t n = 0, n_salt = 0, n_header = 0;
    enum result r;

    ar->fd = open(path, O_RDONLY | O_CLOEXEC);
    if (ar->fd < 0)
        return errno == ENOENT ? E_NOT_FOUND : E_IO;
    r = read_full(ar->fd, first, sizeof(first), &n);
    ar->sealed = r == OK && n == sizeof(first) && memcmp(first, magic, sizeof(magic)) == 0;
    if (r == OK && ar->sealed) {
        r = read_full(ar->fd, salt, sizeof(salt), &n_salt);
        if (r == OK)
            r = read_full(ar->fd, header, sizeof(header), &n_header);
        if (r == OK && (n_salt != sizeof(salt) || n_header != sizeof(header)))
            r = E_INVALID;
        if (r == OK && passphrase.len == 0)
            r = E_DENIED;
        if (r == OK)
            r = derive(passphrase, salt, key);
        if (r == OK && crypto_secretstream_xchacha20poly1305_init_pull(&ar->state, header, key) != 0)
            r = E_INVALID;
        crypto_wipe(key, sizeof(key));
        if (r == OK && fill(ar) != OK) /* the first chunk opens with the right key only */
            r = E_DENIED;
    } else if (r == OK) {
        memcpy(ar->plain, first, n);
        ar->n = n;
    }
    if (r != OK) {
        close(ar->fd);
        return r;
    }
    *ret = ar;
    return OK;
}

/* Both lists have a line each in the same order. */
static enum result compare_manifest(struct archive *ar, int64_t size)
{
    char *text;

    if (size != (int64_t)ar->manifest.len) /* also so that a few bytes of a head cannot ask for a gigabyte */
        return damaged(ar, "the sums of its manifest do not fit the files in it");
    text = arena_array(ar->arena, char, (size_t)size + 1);
    enum result r = get(ar, text, (size_t)size);
    if (r != OK)
        return r;
    if (!str_eq((struct str){text, (size_t)size}, buf_str(&ar->manifest)))
        return damaged(ar, "the sums of its manifest do not fit the files in it");
    return E_NOT_FOUND;
}

static enum result skip_rest(struct archive *ar)
{
    char bytes[BLOCK];
    enum result r = OK;

    while (r == OK && ar->left > 0) {
        size_t n = ar->left < BLOCK ? (size_t)ar->left : BLOCK;

        r = get(ar, bytes, n);
        ar->left -= (int64_t)n;
    }
    return r;
}

enum result archive_next(struct archive *ar, struct str *ret_name, int64_t *ret_size)
{
    struct head h;
    int64_t size, sum;
    enum result r = ar->name.len && !ar->hashed ? damaged(ar, "an entry was not read") : skip_rest(ar);

    if (r == OK)
        r = get(ar, &h, BLOCK);
    if (r != OK)
        return r;
    if (memcmp(h.ustar, "ustar", 5) != 0 || !octal(h.sum, sizeof(h.sum), &sum) || (unsigned)sum != head_sum(&h) ||
        !octal(h.size, sizeof(h.size), &size) || (h.type != '0' && h.type != '\0') || h.prefix[0] ||
        memchr(h.name, '\0', sizeof(h.name)) == NULL)
        return damaged(ar, "it is no backup of Lilong, or it is damaged");
    ar->name = str_dup(ar->arena, str_from_cstr(h.name));
    if (str_eq(ar->name, str_from_cstr(manifest_name)))
        return compare_manifest(ar, size);
    ar->left = size;
    ar->hashed = false;
    *ret_name = ar->name;
    *ret_size = size;
    return OK;
}

enum result archive_extract(struct archive *ar, const char *to)
{
    int fd = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    int64_t size = ar->left;
    struct hasher hasher;
    struct hash hash;
    char bytes[16 * 1024];
    enum result r = OK;

    if (fd < 0)
        return E_IO;
    hash_init(&hasher);
    while (r == OK && ar->left > 0) {
        size_t n = ar->left < (int64_t)sizeof(bytes) ? (size_t)ar->left : sizeof(bytes);

        r = get(ar, bytes, n);
        if (r != OK)
            break;
        hash_put(&hasher, (struct str){bytes, n});
        r = write_all(fd, bytes, n);
        ar->left -= (int64_t)n;
    }
    if (r == OK && fsync(fd) != 0)
        r = E_IO;
    if (close(fd) != 0 && r == OK)
        r = E_IO;
    hash = hash_end(&hasher);
    if (r != OK)
        return r;
    ar->left = (BLOCK - size % BLOCK) % BLOCK;
    ar->hashed = true;
    buf_put(&ar->manifest, str_hex(ar->arena, hash_str(&hash)));
    buf_printf(&ar->manifest, "  " STR_FMT "\n", STR_ARG(ar->name));
    ar->entries++;
    return OK;
}

enum result archive_read(struct archive *ar, char **memory, size_t *room, struct str *ret_bytes)
{
    int64_t size = ar->left;
    struct hash hash;
    enum result r;

    if (size < 0 || size > READ_MAX)
        return damaged(ar, "a part of it is larger than any that a backup has");
    if ((size_t)size > *room) {
        char *more = realloc(*memory, (size_t)size);
        if (!more)
            return E_BUSY;
        *memory = more;
        *room = (size_t)size;
    }
    r = get(ar, *memory, (size_t)size);
    if (r != OK)
        return r;
    *ret_bytes = (struct str){*memory, (size_t)size};
    hash = hash_of(*ret_bytes);
    ar->left = (BLOCK - size % BLOCK) % BLOCK;
    ar->hashed = true;
    buf_put(&ar->manifest, str_hex(ar->arena, hash_str(&hash)));
    buf_printf(&ar->manifest, "  " STR_FMT "\n", STR_ARG(ar->name));
    ar->entries++;
    return OK;
}

void archive_close(struct archive *ar)
{
    if (ar && ar->fd >= 0)
        close(ar->fd);
}
