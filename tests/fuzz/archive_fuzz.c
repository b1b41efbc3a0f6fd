/* archive_fuzz.c: a backup from who knows where: it is read to its end, or said to be damaged; as it came, and with the sums of its
 * heads put right, so that what lies behind them is reached. */
#include "fuzz.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command/archive.h"

enum { BLOCK = 512, SUM_AT = 148, SUM = 8 };

static char folder[64], extracted[80];

static void remove_folder(void)
{
    unlink(extracted);
    rmdir(folder);
}

static void make_folder(void)
{
    snprintf(folder, sizeof(folder), "%s/lilong-archive-fuzz-XXXXXX",
             access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    FUZZ_CHECK(mkdtemp(folder) != NULL);
    snprintf(extracted, sizeof(extracted), "%s/file", folder);
    atexit(remove_folder);
}

static void put_sums_right(uint8_t *bytes, size_t size)
{
    for (size_t at = 0; at + BLOCK <= size; at += BLOCK) {
        unsigned sum = 0;

        if (memcmp(bytes + at + 257, "ustar", 5) != 0)
            continue;
        for (size_t i = 0; i < BLOCK; i++)
            sum += i >= SUM_AT && i < SUM_AT + SUM ? ' ' : bytes[at + i];
        snprintf((char *)bytes + at + SUM_AT, SUM, "%06o", sum);
        bytes[at + SUM_AT + 7] = ' ';
    }
}

static void read_all(struct arena *a, const uint8_t *bytes, size_t size)
{
    int fd = memfd_create("backup", MFD_CLOEXEC);
    struct str path = str_printf(a, "/proc/self/fd/%d", fd), name;
    struct archive *ar = NULL;
    int64_t entries = 0, length;
    enum result r;

    FUZZ_CHECK(fd >= 0 && write(fd, bytes, size) == (ssize_t)size && lseek(fd, 0, SEEK_SET) == 0);
    /* Without a passphrase: a sealed one is refused before the slow work on its key begins. */
    r = archive_open(a, str_cstr(a, path), STR_NONE, &ar);
    FUZZ_CHECK(r == OK || r == E_INVALID || r == E_DENIED);
    if (r == OK) {
        while ((r = archive_next(ar, &name, &length)) == OK) {
            struct stat st;

            FUZZ_CHECK(name.len < 100 && length >= 0);
            if ((r = archive_extract(ar, extracted)) != OK)
                break;
            FUZZ_CHECK(stat(extracted, &st) == 0 && st.st_size == length);
            FUZZ_CHECK(unlink(extracted) == 0);
            entries++;
        }
        unlink(extracted);
        FUZZ_CHECK(r == E_NOT_FOUND || (r == E_INVALID && archive_why(ar)[0]));
        FUZZ_CHECK(archive_entries(ar) == entries);
        archive_close(ar);
    }
    close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_open(64 << 20);
    uint8_t *bytes = malloc(size + 1);
    jmp_buf full;

    if (!folder[0])
        make_folder();
    if (a && bytes && size <= 1 << 18) {
        if (setjmp(full) != 0)
            abort(); /* a few bytes must not ask for more memory than a restore has */
        arena_escape(a, &full);
        read_all(a, data, size);
        memcpy(bytes, data, size);
        put_sums_right(bytes, size);
        read_all(a, bytes, size);
    }
    free(bytes);
    arena_close(a);
    return 0;
}
