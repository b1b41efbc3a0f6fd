/* arena.h: memory that goes away in one piece. Handlers never call free(). */
#ifndef LILONG_BASE_ARENA_H
#define LILONG_BASE_ARENA_H

#include <setjmp.h>
#include <stddef.h>

struct arena;

/* Creates an arena that hands out at most `ceiling` bytes. NULL when memory is out. */
struct arena *arena_open(size_t ceiling);
void arena_close(struct arena *a); /* NULL does nothing */

/* Runs the cleanups (newest first), forgets everything, keeps the first block for the next use. */
void arena_reset(struct arena *a);

/* n * size zeroed bytes. Never returns NULL: past the ceiling, or when memory is out, control goes to the
 * escape (below) with longjmp, or the process aborts where none is set. n * size is overflow-checked. */
void *arena_alloc(struct arena *a, size_t n, size_t size, size_t align)
    __attribute__((malloc, alloc_size(2, 3), returns_nonnull, warn_unused_result));

/* n bytes for text that the caller writes at once: not zeroed. */
char *arena_bytes(struct arena *a, size_t n) __attribute__((malloc, alloc_size(2), returns_nonnull, warn_unused_result));

/* Makes the object at p, handed out with `from` bytes, `to` bytes long where it stands, the new bytes not zeroed, and returns p:
 * for what grows at the end, as struct buf. NULL when it is not the newest object or has no room there; nothing has
 * changed then. */
void *arena_extend(struct arena *a, void *p, size_t from, size_t to) __attribute__((alloc_size(4), warn_unused_result));

/* Takes the escape: for a limit of one's own that ends the work as exhausted memory does. */
void arena_exhausted(struct arena *a) __attribute__((noreturn));

/* fn(arg) runs at reset and close. Newest first. For what is not memory: descriptors, library objects. The note itself is
 * memory: when that is out, the escape is taken and fn will not run, so note first what must not be lost, then open it. */
void arena_on_reset(struct arena *a, void (*fn)(void *), void *arg);

/* Where to go when memory is out. Set by the pipeline, by the writer around a job, by tests. Returns the old one. */
jmp_buf *arena_escape(struct arena *a, jmp_buf *to);

size_t arena_used(const struct arena *a); /* bytes asked for since the last reset */

#define arena_new(a, type) ((type *)arena_alloc((a), 1, sizeof(type), _Alignof(type)))
#define arena_array(a, type, n) ((type *)arena_alloc((a), (n), sizeof(type), _Alignof(type)))

#endif
