/* arena.c: blocks in a list, a pointer that moves up.
 *
 * The first block stays for the next use; later ones grow, so that a big page needs few of them. In sanitizer builds
 * everything that is not handed out is poisoned, and a gap behind each object stays so. */
#include "engine/base/arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__)
#define ARENA_POISONS 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_POISONS 1
#endif
#endif

#ifdef ARENA_POISONS
#include <sanitizer/asan_interface.h>
enum { GAP = 32 };
#define poison(p, n) ASAN_POISON_MEMORY_REGION((p), (n))
#define unpoison(p, n) ASAN_UNPOISON_MEMORY_REGION((p), (n))
#else
enum { GAP = 0 };
#define poison(p, n) ((void)(p), (void)(n))
#define unpoison(p, n) ((void)(p), (void)(n))
#endif

enum { FIRST_BLOCK = 32 * 1024, LARGEST_BLOCK = 1024 * 1024 };

struct block {
    struct block *older;
    size_t room, used; /* of the bytes behind this header */
    _Alignas(max_align_t) char bytes[];
};

struct cleanup {
    struct cleanup *older;
    void (*fn)(void *);
    void *arg;
};

struct arena {
    struct block *block; /* the newest; the last of the list is the first, which stays */
    struct cleanup *cleanups;
    jmp_buf *escape;
    size_t ceiling, used, next_block;
};

static struct block *block_open(size_t room)
{
    struct block *b = malloc(sizeof(*b) + room);

    if (!b)
        return NULL;
    b->older = NULL;
    b->room = room;
    b->used = 0;
    poison(b->bytes, room);
    return b;
}

static void block_close(struct block *b)
{
    unpoison(b->bytes, b->room);
    free(b);
}

struct arena *arena_open(size_t ceiling)
{
    struct arena *a = calloc(1, sizeof(*a));

    if (!a)
        return NULL;
    a->ceiling = ceiling;
    a->next_block = FIRST_BLOCK * 2;
    a->block = block_open(FIRST_BLOCK);
    if (!a->block) {
        free(a);
        return NULL;
    }
    return a;
}

void arena_reset(struct arena *a)
{
    /* A cleanup may register another one: take them off one by one. */
    while (a->cleanups) {
        struct cleanup *c = a->cleanups;

        a->cleanups = c->older;
        c->fn(c->arg);
    }
    while (a->block->older) {
        struct block *b = a->block;

        a->block = b->older;
        block_close(b);
    }
    a->block->used = 0;
    poison(a->block->bytes, a->block->room);
    a->used = 0;
    a->next_block = FIRST_BLOCK * 2;
}

void arena_close(struct arena *a)
{
    if (!a)
        return;
    arena_reset(a);
    block_close(a->block);
    free(a);
}

void arena_exhausted(struct arena *a)
{
    if (!a->escape) {
        fputs("lilong: an arena is exhausted and has no escape\n", stderr);
        abort();
    }
    longjmp(*a->escape, 1);
}

/* Where n bytes fit into the newest block, or NULL. */
static char *place(const struct block *b, size_t n, size_t align)
{
    uintptr_t at = (uintptr_t)(b->bytes + b->used);
    size_t skip = (size_t)(-at & (align - 1));
    size_t left = b->room - b->used;

    if (skip > left || n > left - skip)
        return NULL;
    return (char *)b->bytes + b->used + skip;
}

/* As it comes. */
static void *take_slowly(struct arena *a, size_t bytes, size_t align)
{
    size_t room;
    char *p;

    if (bytes > a->ceiling - a->used || __builtin_add_overflow(bytes, align + GAP, &room) ||
        room > PTRDIFF_MAX - sizeof(struct block))
        arena_exhausted(a);

    p = place(a->block, bytes + GAP, align);
    if (!p) {
        struct block *b;

        if (room < a->next_block)
            room = a->next_block;
        if (a->next_block < LARGEST_BLOCK)
            a->next_block *= 2;
        b = block_open(room);
        if (!b)
            arena_exhausted(a);
        b->older = a->block;
        a->block = b;
        p = place(b, bytes + GAP, align);
    }
    a->block->used = (size_t)(p - a->block->bytes) + bytes + GAP;
    a->used += bytes;
    unpoison(p, bytes);
    return p;
}

/* Nearly always the newest block has room. */
static inline void *take(struct arena *a, size_t bytes, size_t align)
{
    struct block *b = a->block;
    size_t from = (b->used + align - 1) & ~(align - 1), need; /* the block's bytes begin where anything may stand */

    if (align > _Alignof(max_align_t) || bytes > a->ceiling - a->used || __builtin_add_overflow(bytes, GAP, &need) ||
        from > b->room || need > b->room - from)
        return take_slowly(a, bytes, align);
    b->used = from + need;
    a->used += bytes;
    unpoison(b->bytes + from, bytes);
    return b->bytes + from;
}

void *arena_alloc(struct arena *a, size_t n, size_t size, size_t align)
{
    size_t bytes;

    if (align == 0 || __builtin_mul_overflow(n, size, &bytes))
        arena_exhausted(a);
    return memset(take(a, bytes, align), 0, bytes);
}

char *arena_bytes(struct arena *a, size_t n)
{
    return take(a, n, 1);
}

void *arena_extend(struct arena *a, void *p, size_t from, size_t to)
{
    struct block *b = a->block;
    char *end = b->bytes + b->used;
    size_t more;

    if (to < from || (char *)p + from + GAP != end)
        return NULL;
    more = to - from;
    if (more > a->ceiling - a->used || more > b->room - b->used)
        return NULL;
    unpoison(end - GAP, more);
    b->used += more;
    a->used += more;
    return p;
}

void arena_on_reset(struct arena *a, void (*fn)(void *), void *arg)
{
    struct cleanup *c = arena_new(a, struct cleanup);

    c->fn = fn;
    c->arg = arg;
    c->older = a->cleanups;
    a->cleanups = c;
}

jmp_buf *arena_escape(struct arena *a, jmp_buf *to)
{
    jmp_buf *old = a->escape;

    a->escape = to;
    return old;
}

size_t arena_used(const struct arena *a)
{
    return a->used;
}
