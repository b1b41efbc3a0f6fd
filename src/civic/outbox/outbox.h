/* outbox.h: what must happen outside (SMS, WeChat, webhook) is written down in the transaction that wants it, and delivered by a job.
 *
 * At least once: a letter whose delivery was cut off is tried again, with the same id, by which the other side can tell. What cannot be
 * delivered becomes a dead letter that staff see and can send again. Payloads are sealed in the database. */
#ifndef LILONG_CIVIC_OUTBOX_H
#define LILONG_CIVIC_OUTBOX_H

#include "engine/base/crypto.h"
#include "engine/db/db.h"

struct outbox_letter {
    int64_t id;
    struct str kind;
    struct str payload; /* the kind's own, usually JSON */
    int64_t created_at, expires_at;
    int64_t tries;      /* this one included */
};

/* Writes a letter, in the transaction of db. expires_at 0: it never gets too old. ret_id may be NULL. */
enum result outbox_put(struct db *db, const struct crypto_keys *keys, struct str kind, struct str payload, int64_t now,
                       int64_t expires_at, int64_t *ret_id) MUST_USE;

enum outbox_verdict {
    OUTBOX_DELIVERED,
    OUTBOX_AGAIN,   /* later: no connection, the other side is busy */
    OUTBOX_REFUSED, /* never: it is dead at once */
    OUTBOX_NOBODY,  /* nor anything else to this address: there is nobody, or they do not want it. Not a dead letter: it goes, after `nobody` */
};

struct outbox_kind {
    const char *name;
    int64_t tries_max;
    int64_t first_wait_ms; /* before the second try; doubled each time, at most 6 hours */
    /* Outside of any transaction. ret_reason: for the log and for staff, no personal data; static or in the arena: a word, and behind a blank what it was told,
     * for example "gateway 400". The desk has a text for each word (civic/notify/routes_letters.c): expired, sealed, no_message, unreachable, gateway, busy,
     * no_token, platform, no_answer. */
    enum outbox_verdict (*deliver)(void *ctx, struct arena *a, const struct outbox_letter *letter, struct str *ret_reason);
    void *ctx;
    /* For OUTBOX_NOBODY, in the transaction in which the letter goes. May be NULL. */
    enum result (*nobody)(struct db *db, void *ctx, const struct outbox_letter *letter, int64_t now);
};

struct outbox_round {
    int64_t taken, delivered, again, dead, nobody;
};
/* Delivers what is due, at most OUTBOX_BATCH letters: call it again while taken == OUTBOX_BATCH. From one job a kind; it blocks. */
#define OUTBOX_BATCH 32
enum result outbox_deliver(struct database *database, const struct crypto_keys *keys, const struct outbox_kind *kind,
                           struct arena *a, int64_t now, struct outbox_round *ret_round) MUST_USE;

/* For staff and for /metrics. */
struct outbox_figures {
    int64_t waiting, dead, oldest_at; /* of what waits; 0: nothing waits */
};
enum result outbox_figures(struct db *db, struct outbox_figures *ret_figures) MUST_USE;

struct outbox_dead {
    int64_t id;
    struct str kind, reason;
    int64_t created_at, tries;
};
struct outbox_dead_list {
    struct outbox_dead *letter;
    size_t n;
};
enum result outbox_dead(struct db *db, int64_t before, int64_t limit, struct outbox_dead_list *ret_list) MUST_USE; /* newest first */
enum result outbox_retry(struct db *db, int64_t id, int64_t now) MUST_USE;  /* E_NOT_FOUND: there is no such dead letter */
enum result outbox_forget(struct db *db, int64_t id) MUST_USE;              /* E_NOT_FOUND */
/* Dead letters older than `before` go, payload and all. For a daily job. */
enum result outbox_sweep(struct db *db, int64_t before, int64_t *ret_gone) MUST_USE;

#endif
