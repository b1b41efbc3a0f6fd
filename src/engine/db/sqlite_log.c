/* sqlite_log.c: is the log that a fall has left damaged, or only unfinished?
 *
 * SQLite takes a log up to the first frame whose sum is wrong and drops the rest without a word: right for an end that was being written when the
 * power went, wrong for a flipped bit in the middle, behind which acknowledged work stands. The two can be told apart, because a commit is synced
 * before the next one is written: what was not on the disk is one transaction at most. So when a frame is wrong, and behind it a commit stands,
 * and behind that a frame that follows it by its sum, then the wrong frame had been safely on the disk.
 *
 * A frame's sum goes on from the one before it, as it is stored; so the frames behind a damaged one can still be checked. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "engine/db/sqlite.h"

enum { HEAD = 32, FRAME = 24, MAGIC = 0x377f0682 };

struct sum {
    uint32_t a, b;
};

static uint32_t big(const unsigned char *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static uint32_t little(const unsigned char *p)
{
    return (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

static struct sum sum_on(struct sum s, const unsigned char *p, size_t n, bool big_end)
{
    for (size_t i = 0; i + 8 <= n; i += 8) {
        s.a += (big_end ? big(p + i) : little(p + i)) + s.b;
        s.b += (big_end ? big(p + i + 4) : little(p + i + 4)) + s.a;
    }
    return s;
}

static bool read_all(int fd, unsigned char *to, size_t n)
{
    while (n) {
        ssize_t got = read(fd, to, n);
        if (got <= 0)
            return false;
        to += got;
        n -= (size_t)got;
    }
    return true;
}

static bool damaged_behind(int fd, const unsigned char *head, unsigned char *frame, size_t page)
{
    bool big_end = big(head) == MAGIC + 1, committed = false;
    struct sum before = sum_on((struct sum){0, 0}, head, HEAD - 8, big_end);
    bool wrong = before.a != big(head + 24) || before.b != big(head + 28);
    unsigned char salt[8];

    memcpy(salt, head + 16, sizeof(salt));
    before = (struct sum){big(head + 24), big(head + 28)};
    for (bool first = true; read_all(fd, frame, FRAME + page); first = false) {
        if (first && wrong) /* the salt of the head may be what is damaged */
            memcpy(salt, frame + 8, sizeof(salt));
        struct sum s = sum_on(sum_on(before, frame, 8, big_end), frame + FRAME, page, big_end);
        before = (struct sum){big(frame + 16), big(frame + 20)};
        bool good = memcmp(salt, frame + 8, sizeof(salt)) == 0 && s.a == before.a && s.b == before.b;
        if (good && wrong && committed)
            return true;
        wrong = wrong || !good;
        committed = good && wrong && big(frame + 4) != 0;
    }
    return false;
}

bool sqlite_log_damaged(const char *path)
{
    unsigned char head[HEAD];
    char name[4096];
    bool damaged = false;

    if ((size_t)snprintf(name, sizeof(name), "%s-wal", path) >= sizeof(name))
        return false;
    int fd = open(name, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    if (read_all(fd, head, sizeof(head))) {
        uint32_t page = big(head + 8);
        if (page < 512 || page > 65536 || (page & (page - 1)))
            page = 4096;
        unsigned char *frame = malloc(FRAME + page);
        damaged = frame && damaged_behind(fd, head, frame, page);
        free(frame);
    }
    close(fd);
    return damaged;
}
