/* poster.h: one A4 page to hang up, as PDF: large title, a QR code, how to scan it, whom to call.
 *
 * Drawn in a sandboxed worker process that may read fonts and nothing else (engine/base/worker.h). All words are the caller's. */
#ifndef LILONG_PAGE_POSTER_H
#define LILONG_PAGE_POSTER_H

#include "engine/base/worker.h"

#define POSTER_STEPS 3

struct poster {
    struct str language;           /* "zh-CN", "en": picks the shapes of the letters */
    struct str subtitle;           /* above the title, smaller: the community */
    struct str title;              /* the estate; made smaller until it fits on two lines */
    struct str lead;               /* one sentence: what it is for */
    struct str url;                /* in the QR code, and printed below it */
    struct str call;               /* one line in large letters, for those who read no more than one */
    struct str step[POSTER_STEPS]; /* how to scan; empty ones are left out */
    struct str phone_label, phone; /* may be empty */
    struct str foot;               /* small, last line; may be empty */
};

/* The kind for worker_main(): the hidden command `lilong worker poster`. */
extern const struct worker_kind poster_worker_kind;

/* The pool of posters: opened with poster_worker_kind by worker_pool_open(). Blocks for about 300 ms. E_INVALID: the words do not make a
 * poster (no title, no address, too long). E_BUSY: too many at once. E_IO: the drawing failed. */
enum result poster_pdf(struct worker_pool *pool, const struct poster *poster, struct arena *a, struct str *ret_pdf) MUST_USE;

#endif
