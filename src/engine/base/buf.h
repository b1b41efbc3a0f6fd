/* buf.h: a text that grows in an arena and knows its maximum. */
#ifndef LILONG_BASE_BUF_H
#define LILONG_BASE_BUF_H

#include <stdarg.h>
#include <stdint.h>

#include "engine/base/arena.h"
#include "engine/base/str.h"

struct buf {
    struct arena *arena;
    char *ptr;
    size_t len, room, max;
};

/* An empty buffer. Past max bytes the arena's escape is taken, as for any memory that is out. */
void buf_init(struct buf *b, struct arena *a, size_t room, size_t max);
void buf_grow(struct buf *b, size_t more); /* room for `more` bytes after len */

static inline void buf_put(struct buf *b, struct str s)
{
    if (b->room - b->len < s.len)
        buf_grow(b, s.len);
    if (s.len && b->ptr)
        memcpy(b->ptr + b->len, s.ptr, s.len);
    b->len += s.len;
}

static inline void buf_putc(struct buf *b, char c)
{
    if (b->room == b->len)
        buf_grow(b, 1);
    b->ptr[b->len++] = c;
}

void buf_int(struct buf *b, int64_t n);
void buf_printf(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));

static inline struct str buf_str(const struct buf *b)
{
    return (struct str){b->ptr, b->len};
}

#endif
