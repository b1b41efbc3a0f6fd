/* buf.c: growing, and printing numbers. */
#include "engine/base/buf.h"

#include <inttypes.h>

#include "engine/base/format.h"

enum { SMALLEST = 64 };

void buf_init(struct buf *b, struct arena *a, size_t room, size_t max)
{
    if (room > max)
        room = max;
    *b = (struct buf){.arena = a, .max = max};
    if (room > 0) {
        b->ptr = arena_bytes(a, room);
        b->room = room;
    }
}

void buf_grow(struct buf *b, size_t more)
{
    size_t need, room;
    char *ptr;

    if (b->room - b->len >= more)
        return;
    if (__builtin_add_overflow(b->len, more, &need) || need > b->max)
        arena_exhausted(b->arena);
    room = b->room > b->max / 2 ? b->max : b->room * 2;
    if (room < SMALLEST)
        room = SMALLEST < b->max ? SMALLEST : b->max;
    if (room < need)
        room = need;
    ptr = b->ptr ? arena_extend(b->arena, b->ptr, b->room, room) : NULL;
    if (!ptr) {
        ptr = arena_bytes(b->arena, room);
        if (b->ptr && b->len)
            memcpy(ptr, b->ptr, b->len);
    }
    b->ptr = ptr;
    b->room = room;
}

void buf_int(struct buf *b, int64_t n)
{
    char digits[FORMAT_DIGITS + 1], *end = digits + sizeof(digits); /* -9223372036854775808 */
    char *at = format_digits(end, n < 0 ? -(uint64_t)n : (uint64_t)n);

    if (n < 0)
        *--at = '-';
    buf_put(b, (struct str){at, (size_t)(end - at)});
}

void buf_printf(struct buf *b, const char *format, ...)
{
    size_t left = b->room - b->len, n;
    va_list ap;

    va_start(ap, format);
    n = format_any(b->ptr ? b->ptr + b->len : NULL, left, format, ap);
    va_end(ap);
    if (n == SIZE_MAX)
        arena_exhausted(b->arena);
    if (n < left) {
        b->len += n;
        return;
    }

    /* It did not fit with the NUL that printing adds and we do not keep: print it beside and put it behind. */
    va_start(ap, format);
    struct str s = str_vprintf(b->arena, format, ap);
    va_end(ap);
    buf_put(b, s);
}
