/* crypto_keys.c: the file secret.key.
 *
 *     lilong-keys 1
 *     key NUMBER ALGORITHM SECRET CHECK
 *
 * One line a key, the newest last; SECRET is 64 hexadecimal digits, CHECK the first 8 of its hash, so that a damaged file is
 * found at start and not when the first phone does not open. Everything else is derived from the secrets. */
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/base/buf.h"
#include "engine/base/crypto_private.h"

enum { FILE_MAX = 16 * 1024, CHECK_BYTES = 4 };
enum subkey { SUBKEY_SEAL = 1, SUBKEY_BLIND = 2, SUBKEY_MAC = 3 };

static const char first_line[] = "lilong-keys 1";

static void derive(unsigned char out[KEY_BYTES], enum subkey which, const unsigned char secret[KEY_BYTES])
{
    crypto_kdf_derive_from_key(out, KEY_BYTES, which, "lilong_1", secret);
}

static struct crypto_keys *keys_new(void)
{
    struct crypto_keys *keys = sodium_malloc(sizeof(*keys)); /* own pages, locked in memory, left out of core files */

    if (keys)
        sodium_memzero(keys, sizeof(*keys));
    return keys;
}

static void add(struct crypto_keys *keys, unsigned char number, unsigned char algorithm,
                const unsigned char secret[KEY_BYTES])
{
    struct crypto_key *key = &keys->key[keys->n];

    key->number = number;
    key->algorithm = algorithm;
    derive(key->seal, SUBKEY_SEAL, secret);
    if (keys->n == 0) {
        derive(keys->blind, SUBKEY_BLIND, secret);
        derive(keys->mac, SUBKEY_MAC, secret);
    }
    keys->n++;
}

void crypto_keys_close(struct crypto_keys *keys)
{
    sodium_free(keys); /* wipes first */
}

struct crypto_keys *crypto_keys_for_test(void)
{
    static const unsigned char secret[KEY_BYTES] = "fixed, for tests and benches 01";
    struct crypto_keys *keys = crypto_start() == OK ? keys_new() : NULL;

    if (!keys)
        sodium_misuse();
    add(keys, 1, ALGORITHM_XCHACHA20_POLY1305, secret);
    return keys;
}

/* ---- reading --------------------------------------------------------------------------------------------------- */

static struct hash check_of(const unsigned char secret[KEY_BYTES])
{
    return hash_of((struct str){(const char *)secret, KEY_BYTES});
}

/* One line "key 1 1 SECRET CHECK" into keys. */
static enum result read_key(struct crypto_keys *keys, struct arena *a, struct str line)
{
    struct str word, number_text, algorithm_text, secret_hex, secret, check;
    int64_t number, algorithm;
    enum result r = E_INVALID;
    struct hash expected;

    if (!str_cut(&line, ' ', &word) || !str_eq(word, STR("key")) || !str_cut(&line, ' ', &number_text) ||
        !str_cut(&line, ' ', &algorithm_text) || !str_cut(&line, ' ', &secret_hex))
        return E_INVALID;
    if (str_int64(number_text, 1, 255, &number) != OK ||
        str_int64(algorithm_text, ALGORITHM_XCHACHA20_POLY1305, ALGORITHM_XCHACHA20_POLY1305, &algorithm) != OK)
        return E_INVALID;
    if (str_unhex(a, secret_hex, &secret) != OK || secret.len != KEY_BYTES || str_unhex(a, line, &check) != OK ||
        check.len != CHECK_BYTES)
        return E_INVALID;
    expected = check_of((const unsigned char *)secret.ptr);
    if (memcmp(expected.bytes, check.ptr, CHECK_BYTES) == 0 && keys->n < KEYS_MAX &&
        (keys->n == 0 || number > keys->key[keys->n - 1].number)) {
        add(keys, (unsigned char)number, (unsigned char)algorithm, (const unsigned char *)secret.ptr);
        r = OK;
    }
    crypto_wipe((char *)secret.ptr, secret.len);
    return r;
}

static enum result read_keys(struct crypto_keys *keys, struct arena *a, struct str text)
{
    struct str line;
    bool first = true;

    while (str_cut(&text, '\n', &line)) {
        if (line.len == 0 || line.ptr[0] == '#')
            continue;
        if (first && !str_eq(line, str_from_cstr(first_line)))
            return E_INVALID;
        if (!first && read_key(keys, a, line) != OK)
            return E_INVALID;
        first = false;
    }
    return keys->n ? OK : E_INVALID;
}

/* The text of the file; E_NOT_FOUND, E_DENIED when others may read it, E_IO. Whoever reads wipes the text. */
static enum result read_file(const char *path, char *out, size_t room, size_t *ret_len)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    struct stat st;
    size_t len = 0;
    ssize_t n = 0;

    if (fd < 0)
        return errno == ENOENT ? E_NOT_FOUND : E_IO;
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        close(fd);
        return E_IO;
    }
    if (st.st_mode & (S_IRWXG | S_IRWXO)) {
        close(fd);
        return E_DENIED;
    }
    while (len < room && (n = read(fd, out + len, room - len)) > 0)
        len += (size_t)n;
    close(fd);
    if (n < 0 || len == room)
        return E_IO;
    *ret_len = len;
    return OK;
}

/* ---- writing --------------------------------------------------------------------------------------------------- */

static enum result sync_folder(const char *dir)
{
    int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    enum result r = fd >= 0 && fsync(fd) == 0 ? OK : E_IO;

    if (fd >= 0)
        close(fd);
    return r;
}

static enum result write_all(int fd, struct str text)
{
    while (text.len) {
        ssize_t n = write(fd, text.ptr, text.len);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return E_IO;
        text = str_sub(text, (size_t)n, SIZE_MAX);
    }
    return fsync(fd) == 0 ? OK : E_IO;
}

/* Writes the file beside and puts it in place in one step. With `fresh`, E_CONFLICT when another process was first. */
static enum result write_file(const char *dir, const char *path, bool fresh, struct arena *a, struct str text)
{
    char *beside = str_cstr(a, str_printf(a, "%s.%ld.new", path, (long)getpid()));
    int fd = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR);
    enum result r;

    if (fd < 0)
        return E_IO;
    r = write_all(fd, text);
    if (close(fd) != 0)
        r = E_IO;
    if (r == OK && fresh && link(beside, path) != 0)
        r = errno == EEXIST ? E_CONFLICT : E_IO;
    if (r == OK && !fresh && rename(beside, path) != 0)
        r = E_IO;
    if (r != OK || fresh)
        unlink(beside);
    return r == OK ? sync_folder(dir) : r;
}

static void put_key(struct buf *b, struct arena *a, int number)
{
    unsigned char secret[KEY_BYTES];
    struct hash check;

    randombytes_buf(secret, sizeof(secret));
    check = check_of(secret);
    buf_printf(b, "key %d %d ", number, ALGORITHM_XCHACHA20_POLY1305);
    buf_put(b, str_hex(a, (struct str){(const char *)secret, sizeof(secret)}));
    buf_putc(b, ' ');
    buf_put(b, str_hex(a, (struct str){(const char *)check.bytes, CHECK_BYTES}));
    buf_putc(b, '\n');
    sodium_memzero(secret, sizeof(secret));
}

static struct str fresh_text(struct arena *a)
{
    struct buf b;

    buf_init(&b, a, 1024, FILE_MAX);
    buf_put(
        &b,
        STR("# The data keys of this installation. Without this file phones and ID numbers in the database cannot be read any\n"
            "# more: keep a copy, apart from the backups of the data. Nobody but the service may read it.\n"));
    buf_printf(&b, "%s\n", first_line);
    put_key(&b, a, 1);
    return buf_str(&b);
}

static struct str why(struct arena *a, const char *path, enum result r)
{
    const char *text =
        r == E_NOT_FOUND
            ? "is not there: bring it back from where its copy is kept; without it personal data cannot be read"
        : r == E_DENIED  ? "may be read by others: chmod 600 it, and think about who has seen it"
        : r == E_INVALID ? "is damaged: bring it back from where its copy is kept"
        : r == E_BUSY    ? "cannot be held: memory is out"
                         : "cannot be read or written";

    return str_printf(a, "%s %s", path, text);
}

enum result crypto_keys_open(const char *data_dir, bool create, struct arena *a, struct crypto_keys **ret_keys,
                             struct str *ret_why)
{
    char *path = str_cstr(a, str_printf(a, "%s/secret.key", data_dir));
    struct crypto_keys *keys = NULL;
    char text[FILE_MAX];
    size_t len = 0;
    enum result r;

    r = read_file(path, text, sizeof(text), &len);
    if (r == E_NOT_FOUND && create) {
        r = write_file(data_dir, path, true, a, fresh_text(a));
        if (r == OK || r == E_CONFLICT)
            r = read_file(path, text, sizeof(text), &len);
    }
    if (r == OK) {
        keys = keys_new();
        r = keys ? read_keys(keys, a, (struct str){text, len}) : E_BUSY;
    }
    sodium_memzero(text, sizeof(text));
    if (r != OK) {
        crypto_keys_close(keys);
        *ret_why = why(a, path, r);
        return r;
    }
    *ret_keys = keys;
    return OK;
}

enum result crypto_keys_rotate(const char *data_dir, struct arena *a, struct str *ret_why)
{
    char *path = str_cstr(a, str_printf(a, "%s/secret.key", data_dir));
    struct crypto_keys *keys = keys_new();
    char text[FILE_MAX];
    size_t len = 0;
    enum result r;

    if (!keys)
        r = E_BUSY;
    else
        r = read_file(path, text, sizeof(text), &len);
    if (r == OK)
        r = read_keys(keys, a, (struct str){text, len});
    if (r == OK && (keys->n == KEYS_MAX || keys->key[keys->n - 1].number == 255)) {
        *ret_why = str_printf(a, "%s has no room for another key", path);
        r = E_TOO_LARGE;
    } else if (r == OK) {
        struct buf b;

        buf_init(&b, a, FILE_MAX, 2 * FILE_MAX);
        buf_put(&b, (struct str){text, len});
        if (len && text[len - 1] != '\n')
            buf_putc(&b, '\n');
        put_key(&b, a, keys->key[keys->n - 1].number + 1);
        r = write_file(data_dir, path, false, a, buf_str(&b));
    }
    sodium_memzero(text, sizeof(text));
    crypto_keys_close(keys);
    if (r != OK && r != E_TOO_LARGE)
        *ret_why = why(a, path, r);
    return r;
}
