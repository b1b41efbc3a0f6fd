/* media.h: pictures that people attach to what they write.
 *
 * An upload goes through the sandboxed worker (media_process), its result into the store (media_store_put), its full and thumb, and then a row into the
 * table, in the transaction of whatever it belongs to (media_attach). Files come before rows, so a row never points to a
 * missing file; files whose row never came are swept a day later. Who may see a picture is decided by the caller. */
#ifndef LILONG_CIVIC_MEDIA_H
#define LILONG_CIVIC_MEDIA_H

#include "civic/media/store.h"
#include "engine/base/worker.h"
#include "engine/db/db.h"

/* ---- from an upload to two clean JPEGs ------------------------------------------------------------------ */

/* The kind for worker_main(): the hidden command `lilong worker image`. */
extern const struct worker_kind media_worker_kind;

struct media_workers;
struct media_options { /* 0 and NULL: the default */
    unsigned workers;    /* pictures at a time; 2 */
    unsigned queue_max;  /* more that may wait; 32 */
    int64_t bytes_max;   /* of one upload; 12 MiB. The setting media.max_bytes */
    int64_t pixels_max;  /* of one upload; 40 million. The setting media.max_pixels */
    const char *program; /* what is run as the worker; this very program */
    const char *pdf;     /* what is run for documents (civic/media/media_document.h); lilong-pdf beside this program, or in ../lib/lilong */
};
/* Starts no process yet. */
enum result media_workers_open(const struct media_options *options, struct media_workers **ret) MUST_USE;
void media_workers_close(struct media_workers *workers); /* NULL does nothing */

enum media_refusal {
    MEDIA_FINE,
    MEDIA_EMPTY,
    MEDIA_BYTES,    /* larger than bytes_max */
    MEDIA_UNKNOWN,  /* not a picture */
    MEDIA_HEIC,     /* the phone can be told to send JPEG */
    MEDIA_FORMAT,   /* GIF, SVG, BMP, TIFF … */
    MEDIA_ANIMATED,
    MEDIA_PIXELS,   /* more than pixels_max */
    MEDIA_BROKEN,   /* damaged, did not arrive whole, or made the worker fail */
    MEDIA_REFUSALS
};

struct media_picture {
    enum media_refusal refusal; /* MEDIA_FINE, or why there is no picture */
    int64_t width, height;
    struct str full, thumb;     /* JPEG, upright, no metadata; longest side 1600 and 320 */
};

/* Blocks for some 50-300 ms: from route.before and commands only. OK with a picture; E_INVALID (E_TOO_LARGE for MEDIA_BYTES) with
 * ret_picture->refusal set; E_BUSY when the queue is full or memory is short; E_IO when no worker can be started. */
enum result media_process(struct media_workers *workers, struct str upload, struct arena *a,
                          struct media_picture *ret_picture) MUST_USE;

/* ---- rows --------------------------------------------------------------------------------------------------- */

enum media_stage { MEDIA_STAGE_NONE, MEDIA_STAGE_BEFORE, MEDIA_STAGE_AFTER, MEDIA_STAGE_PROOF, MEDIA_STAGE_REFERENCE };
const char *media_stage_word(enum media_stage stage);          /* "before", "after", "proof", "reference"; "" */
enum media_stage media_stage_from_word(struct str word);       /* MEDIA_STAGE_NONE when unknown */

struct media {
    int64_t community, id;
    struct str subject_kind; /* "report" */
    int64_t subject;
    enum media_stage stage;
    int64_t position;        /* order within subject and stage */
    struct str hash;
    int64_t width, height, bytes;
    int64_t author;          /* person */
    int64_t created_at;
    bool hidden;             /* taken back: staff with the right see it, nobody else */
};
struct media_list { struct media *media; size_t n; };

/* Adds a row for a picture that media_store_put() has stored; fills in id, when 0. E_INVALID: no stage, no subject, no hash. */
enum result media_attach(struct db *db, struct media *media) MUST_USE;
enum result media_get(struct db *db, int64_t community, int64_t id, struct media *ret_media) MUST_USE;
/* By stage, then position. Hidden ones are in the list: the caller leaves them out for those who must not see them. */
enum result media_of_subject(struct db *db, int64_t community, struct str subject_kind, int64_t subject,
                             struct media_list *ret_list) MUST_USE;
/* The first picture that is not hidden of each of at most MEDIA_COVERS_MAX subjects, for lists. In no order. */
#define MEDIA_COVERS_MAX 24
struct media_cover { int64_t subject, id; };
struct media_covers { struct media_cover cover[MEDIA_COVERS_MAX]; size_t n; };
enum result media_covers(struct db *db, int64_t community, struct str subject_kind, const int64_t *subjects, size_t n,
                         struct media_covers *ret_covers) MUST_USE;
/* All pictures of each of at most MEDIA_COVERS_MAX subjects, by stage and position within each. */
enum result media_of_subjects(struct db *db, int64_t community, struct str subject_kind, const int64_t *subjects,
                              size_t n, struct media_list *ret_list) MUST_USE;
enum result media_set_hidden(struct db *db, int64_t community, int64_t id, bool hidden) MUST_USE; /* E_NOT_FOUND */
/* The picture belongs to another subject from now on: a draft has been sent. E_NOT_FOUND. */
enum result media_move(struct db *db, int64_t community, int64_t id, struct str subject_kind, int64_t subject) MUST_USE;
/* What they belong to, documents too, has gone to another community (a merger). */
enum result media_carry(struct db *db, int64_t from, int64_t to, struct str subject_kind, int64_t subject) MUST_USE;
/* Erasure by law: the row goes now, the file with the next sweep when no other row has it. E_NOT_FOUND. */
enum result media_remove(struct db *db, int64_t community, int64_t id) MUST_USE;

/* Deletes files older than a day that no row has. For a daily job; the arena is the caller's own and is reset. */
enum result media_sweep(struct database *database, struct media_store *store, struct arena *a, int64_t now,
                        int64_t *ret_deleted) MUST_USE;

/* Looks whether every row of the community (0: of all), of documents too, has its files, and whether the full one is what was stored. OK also when not: then
 * ret->id is the first bad row. The arena is the caller's own and is reset. */
struct media_verdict {
    int64_t community, id; /* id 0: all is well */
    bool damaged;          /* the file is there, and is another one; false: it is missing */
    int64_t pictures, documents; /* looked at */
};
enum result media_verify(struct database *database, struct media_store *store, struct arena *a, int64_t community,
                         struct media_verdict *ret) MUST_USE;

#endif
