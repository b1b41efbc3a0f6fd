/* worker.h: work on bytes that nobody trusts, done by a process that can do nothing else.
 *
 * The program starts itself again as `lilong worker KIND`. That process never looks at the bytes: for each call it
 * forks, and the child shuts itself into the kind's sandbox, reads its request from sealed memory, writes its reply into
 * memory of fixed size, and ends. So a decoder that is taken over sees one person's bytes, can open nothing, and is
 * gone after them; a crash or an endless loop costs that call only. A worker process ends by itself after a quiet minute. */
#ifndef LILONG_BASE_WORKER_H
#define LILONG_BASE_WORKER_H

#include "engine/base/arena.h"
#include "engine/base/sandbox.h"
#include "engine/base/str.h"

struct worker_kind {
    const char *name;        /* "image" */
    struct sandbox sandbox;
    size_t reply_max;        /* bytes */
    unsigned timeout_ms;     /* of one call, on the wall clock */
    /* In the sandboxed child. `head` and `body` are the caller's; writes at most `room` bytes to out. Returns the code
     * that the caller gets, 0 or more. */
    int (*run)(struct str head, struct str body, char *out, size_t room, size_t *ret_len);
};

enum { WORKER_CRASHED = -1, WORKER_TOO_SLOW = -2 };

struct worker_pool;

/* `workers` calls run at once, `queue_max` more may wait. Nothing is started before the first call. `program` is the file to
 * run, NULL for this very program. E_BUSY when memory is out. */
enum result worker_pool_open(const struct worker_kind *kind, unsigned workers, unsigned queue_max, const char *program,
                             struct worker_pool **ret_pool) MUST_USE;
void worker_pool_close(struct worker_pool *pool); /* no call may be under way; NULL does nothing */

/* Blocks: for the slow pool and commands. OK: *ret_code is what run() returned, or WORKER_CRASHED, WORKER_TOO_SLOW; the
 * reply is a copy in the arena. E_BUSY: the queue is full. E_IO: no worker could be started. The reply may come from a
 * process that was taken over: check it like any input. */
enum result worker_call(struct worker_pool *pool, struct str head, struct str body, struct arena *a, int *ret_code,
                        struct str *ret_reply) MUST_USE;

/* The hidden command: `lilong worker KIND`. Returns the exit code. */
int worker_main(const struct worker_kind *const *kinds, size_t n, const char *name);

#endif
