/* result.h: what a function that can fail returns. Leaf code returns it and does not log it. */
#ifndef LILONG_BASE_RESULT_H
#define LILONG_BASE_RESULT_H

enum result {
    OK = 0,
    E_NOT_FOUND, /* there is no such row, file, key                                  -> 404 */
    E_DENIED,    /* it exists, and this person may not                               -> 403 (404 where existence is secret) */
    E_INVALID,   /* what came in is wrong; request_error() says which field          -> 422 */
    E_CONFLICT,  /* somebody else was first, or the state does not allow it any more -> 409 */
    E_CHANGED,   /* it is not any more what it was when the edit began               -> 412 */
    E_GONE,      /* it was there and has expired                                     -> 410 */
    E_TOO_LARGE, /* past a documented limit                                          -> 413 */
    E_LIMITED,   /* too often                                                        -> 429 */
    E_BUSY,      /* a queue is full or memory is out: come again                     -> 503 */
    E_IO,        /* disk, database or network failed                                 -> 500, or the process stops */
};

#define MUST_USE __attribute__((warn_unused_result))

/* The name of a result for logs: "ok", "not_found". Static storage. */
const char *result_name(enum result r);

/* What a failed call of the system means: E_BUSY when room, descriptors, processes or memory are out, which passes by itself; else E_IO. */
enum result result_of_errno(int error);

#endif
