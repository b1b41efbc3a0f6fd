/* body.c: request bodies: small ones in memory that grows as bytes arrive, large ones in a file without a name. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "engine/base/log.h"
#include "engine/http/private.h"

/* Large bodies together may fill this many times bodies_max on the disk. */
enum { SPOOL_SHARE = 16 };

static bool count(atomic_size_t *total, size_t max, size_t more, struct body *b)
{
    if (atomic_fetch_add(total, more) + more > max) {
        atomic_fetch_sub(total, more);
        return false;
    }
    b->counted += more;
    return true;
}

static int spool_open(const struct http_server *s)
{
    char name[4096];
    int fd = open(s->spool_dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

    if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != ENOENT))
        return fd;
    if ((size_t)snprintf(name, sizeof(name), "%s/lilong-body-XXXXXX", s->spool_dir) >= sizeof(name))
        return -1;
    fd = mkostemp(name, O_CLOEXEC);
    if (fd >= 0)
        unlink(name);
    return fd;
}

static bool write_all(int fd, const char *data, size_t n)
{
    while (n) {
        ssize_t done = write(fd, data, n);

        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return false;
        data += done;
        n -= (size_t)done;
    }
    return true;
}

static int spool(struct http_server *s, struct body *b, const char *data, size_t n)
{
    if (b->fd < 0) {
        size_t in_memory = b->counted;

        b->fd = spool_open(s);
        if (b->fd < 0 || !write_all(b->fd, b->ptr, b->len)) {
            log_error("http.spool", LOG_CSTR("dir", s->spool_dir), LOG_INT("errno", errno));
            return 503;
        }
        free(b->ptr);
        b->ptr = NULL;
        atomic_fetch_sub(&s->body_bytes, in_memory);
        b->counted = 0;
        if (!count(&s->spool_bytes, s->options.bodies_max * SPOOL_SHARE, b->len, b))
            return 503;
    }
    if (!count(&s->spool_bytes, s->options.bodies_max * SPOOL_SHARE, n, b))
        return 503;
    if (!write_all(b->fd, data, n)) {
        log_error("http.spool", LOG_CSTR("dir", s->spool_dir), LOG_INT("errno", errno));
        return 503;
    }
    b->len += n;
    return 0;
}

/* `expected` is the announced length, 0 when it is not known. */
int body_append(struct http_server *s, struct body *b, const char *data, size_t n, size_t expected)
{
    if (b->fd >= 0 || b->len + n > BODY_SPOOL_FROM)
        return spool(s, b, data, n);
    if (b->room - b->len < n) {
        size_t room = b->room ? b->room * 2 : expected && expected < BODY_FIRST ? expected : BODY_FIRST;
        char *grown;

        while (room < b->len + n)
            room *= 2;
        if (!count(&s->body_bytes, s->options.bodies_max, room - b->room, b))
            return 503;
        grown = realloc(b->ptr, room);
        if (!grown)
            return 503;
        b->ptr = grown;
        b->room = room;
    }
    memcpy(b->ptr + b->len, data, n);
    b->len += n;
    return 0;
}

int body_finish(struct body *b, struct str *ret_text)
{
    if (b->fd >= 0) {
        void *at = mmap(NULL, b->len, PROT_READ, MAP_PRIVATE | MAP_POPULATE, b->fd, 0);

        if (at == MAP_FAILED)
            return 503;
        close(b->fd); /* the mapping keeps the file */
        b->fd = -1;
        b->ptr = at;
        b->mapped = true;
    }
    *ret_text = b->len ? (struct str){b->ptr, b->len} : STR_NONE;
    return 0;
}

void body_free(struct http_server *s, struct body *b)
{
    bool spooled = b->fd >= 0 || b->mapped;

    if (b->mapped)
        munmap(b->ptr, b->len);
    else
        free(b->ptr);
    if (b->fd >= 0)
        close(b->fd);
    if (b->counted)
        atomic_fetch_sub(spooled ? &s->spool_bytes : &s->body_bytes, b->counted);
    *b = (struct body){.fd = -1};
}
