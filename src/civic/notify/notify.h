/* notify.h: what people are told in the app. A notification belongs to a person.
 *
 * What is stored is a key of the catalogue and its arguments, so that everybody reads it in their own language. Several of the same about
 * the same thing that have not been read are one row with a count ("3 new comments"). */
#ifndef LILONG_CIVIC_NOTIFY_H
#define LILONG_CIVIC_NOTIFY_H

#include "engine/app/app.h"
#include "engine/db/db.h"
#include "engine/page/page.h"

struct notice {
    int64_t person;
    int64_t community;
    enum text text;               /* its arguments below; {n} is the count of what is bundled */
    const struct text_arg *arg;
    size_t n_args;
    struct url url;               /* where it leads */
    struct str subject_kind;
    int64_t subject;              /* 0: about nothing that it could be bundled with */
};
/* In the transaction of what happened. Read ones of this person that are older than half a year go. E_INVALID: no person or text. */
enum result notify_put(struct db *db, const struct notice *notice, int64_t now) MUST_USE;

struct notification {
    int64_t id;
    int64_t community;
    struct str words;             /* in the language asked for */
    struct url url;
    struct str subject_kind;
    int64_t subject, count, created_at, read_at; /* read_at 0: not yet */
};
struct notifications {
    struct notification *notification;
    size_t n;
};
/* Newest first; only ids below `before` (0: from the newest). */
enum result notify_list(struct db *db, int64_t person, enum lang lang, int64_t before, int64_t limit,
                        struct notifications *ret_list) MUST_USE;

/* How many rows are not read, at most NOTIFY_UNREAD_MAX: shown as "99+". */
#define NOTIFY_UNREAD_MAX 100
enum result notify_unread(struct db *db, int64_t person, int64_t *ret_count) MUST_USE;

enum result notify_mark_read(struct db *db, int64_t person, int64_t id, int64_t now) MUST_USE; /* E_NOT_FOUND: not of this person */
/* All up to the id that the person has seen (what came since stays unread). */
enum result notify_mark_all_read(struct db *db, int64_t person, int64_t up_to, int64_t now) MUST_USE;
/* The person has opened what they are about. */
enum result notify_mark_subject_read(struct db *db, int64_t person, struct str subject_kind, int64_t subject, int64_t now) MUST_USE;

extern const struct module notify_module; /* /messages */

/* Erasure by law. */
enum result notify_forget(struct db *db, int64_t person) MUST_USE;

#endif
