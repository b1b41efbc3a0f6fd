/* rules.h: what can happen to an activity and to a place in it, without HTTP. Each rule runs inside the caller's transaction, takes the activity's row first
 * (so that the last place is given once, also where writes run side by side), goes by the flow, and leaves an event of the ledger. */
#ifndef LILONG_BOARDS_ACTIVITY_RULES_H
#define LILONG_BOARDS_ACTIVITY_RULES_H

#include "boards/activity/activity.h"
#include "boards/activity/activity.sql.h"
#include "civic/entry/entry.h"
#include "civic/flow/flow.h"
#include "civic/media/media_document.h"

enum { ACTIVITY_WAITING, ACTIVITY_PLANNED, ACTIVITY_OPEN, ACTIVITY_DONE, ACTIVITY_CANCELLED, ACTIVITY_DECLINED };
enum { ACTIVITY_ACCEPT, ACTIVITY_PLAN, ACTIVITY_DECLINE, ACTIVITY_BEGIN, ACTIVITY_CANCEL, ACTIVITY_CLOSE };
enum { SIGNUP_OUT, SIGNUP_WAITING, SIGNUP_IN, SIGNUP_CAME, SIGNUP_MISSED };
enum { SIGNUP_TAKE, SIGNUP_QUEUE, SIGNUP_MOVE_UP, SIGNUP_LEAVE, SIGNUP_CHECK_IN, SIGNUP_UNDO, SIGNUP_MISS };
enum { BY_ORGANISER = 1, BY_RUNNER = 2, BY_PERSON = 4, BY_CLOCK = 8 };
enum { NEEDS_REASON = 1 };

enum {
    ACTIVITY_MOST = 2000,        /* places, and rows of one list */
    ACTIVITY_WAITS_MOST = 500,   /* on the waiting list */
    ACTIVITY_TIMES_MOST = 26,    /* dates of a series: half a year of weeks */
    ACTIVITY_SPOT_MAX = 60,
    ACTIVITY_LIMITS_MAX = 120,
    ACTIVITY_REASON_MAX = 200,
};
#define ACTIVITY_LONGEST (14 * TIME_DAY)      /* from its beginning to its end */
#define ACTIVITY_AHEAD (400 * TIME_DAY)       /* how far ahead somebody may plan */
#define ACTIVITY_DOOR_OPENS (2 * TIME_HOUR)   /* check-in before the beginning */
#define ACTIVITY_REMIND (24 * TIME_HOUR)      /* before the beginning */

enum repeat { REPEAT_NONE, REPEAT_WEEKLY, REPEAT_FORTNIGHTLY, REPEAT_MONTHLY, REPEAT_WEEKDAY };
#define REPEAT_WORDS "none,weekly,fortnightly,monthly,weekday"
/* The i-th date of a series (0: the first), ms: the same time of day. Monthly: the same day of the month, the last one where the month is too short.
 * Weekday: the same weekday of the month (the second Saturday), the last one where there is no fifth. */
int64_t repeat_at(enum repeat repeat, int64_t first, int i);

struct activity_what {
    struct str title, body, spot, limits;
    int64_t starts_at, ends_at;
    int64_t signs_until, cancels_until;  /* 0: the beginning; a day before it, or when sign-up closes where that is earlier */
    int64_t capacity;
    bool gives_hours;
    int64_t photos;
    struct str *names[DOCUMENTS_MAX]; /* of the documents that come with it: as entry_new.more */
    size_t n_names;
};
/* Fills in what is 0. NULL, or the name of the field that is wrong: starts_at, ends_at, signs_until, cancels_until, capacity. */
const char *activity_wrong(struct activity_what *what, int64_t now);

/* Announces it, `times` of them in a series. With `review` it waits for who runs the board; later dates of a series are planned, and open when the date
 * before them begins. ret_id: the first. */
enum result activity_announce(struct db *db, const struct entry_actor *actor, const struct board *board, int64_t community,
                              const struct activity_what *what, enum repeat repeat, int times, bool review, int64_t *ret_id) MUST_USE;
/* A new version on top of `version`; rest: the later dates of its series too, moved by as much. Whoever has a place is told when time or place are other
 * ones. E_CONFLICT: over, or changed meanwhile; E_INVALID with *ret_field (NULL: a text was refused): fewer places than are taken. */
enum result activity_change(struct db *db, const struct entry_actor *actor, const struct board *board, const struct entry *entry, int64_t version,
                            const struct activity_what *what, bool rest, const char **ret_field) MUST_USE;
/* Of the whole series at once. */
enum result activity_review(struct db *db, const struct entry_actor *actor, const struct board *board, const struct entry *entry, bool accept,
                            struct str reason) MUST_USE;
/* Called off, with a reason that everybody reads who has a place or waits for one. */
enum result activity_cancel(struct db *db, const struct entry_actor *actor, const struct board *board, const struct entry *entry,
                            struct str reason, bool rest) MUST_USE;
/* It has taken place: who was not there has missed it, who was is given the minutes where it gives hours, once and for all. *ret_left: the closer's own
 * time was left out, because nobody confirms their own. E_CONFLICT: not begun yet, or closed already. */
enum result activity_close(struct db *db, const struct entry_actor *actor, const struct board *board, const struct entry *entry, int64_t minutes,
                           bool *ret_left) MUST_USE;

enum activity_no { ACTIVITY_YES, NO_CLOSED, NO_FULL, NO_ALREADY, NO_LATE, NO_NOT_IN, NO_TOO_EARLY }; /* why not: with E_CONFLICT */
/* home: where the actor lives; 0: the place of the activity. *ret_state: SIGNUP_IN or SIGNUP_WAITING. */
enum result activity_sign_up(struct db *db, const struct entry_actor *actor, const struct entry *entry, int64_t home, int *ret_state,
                             enum activity_no *ret_no) MUST_USE;
/* Gives the place of `person` back: their own, or taken off the list by the organiser. The first in line moves up, and is told. */
enum result activity_leave(struct db *db, const struct entry_actor *actor, const struct board *board, const struct entry *entry, int64_t person,
                           uint32_t roles, enum activity_no *ret_no) MUST_USE;
/* On site. Who has not signed up gets a place where one is free. */
enum result activity_check_in(struct db *db, const struct entry_actor *actor, const struct entry *entry, int64_t person, int64_t home,
                              uint32_t roles, enum activity_no *ret_no) MUST_USE;
enum result activity_check_in_undo(struct db *db, const struct entry_actor *actor, const struct entry *entry, int64_t person,
                                   enum activity_no *ret_no) MUST_USE;

/* What the clock does: opens the planned, reminds on the day before. At most `most`; *ret_left: there may be more. */
enum result activity_tick(struct database *database, struct arena *a, int64_t now, int64_t most, bool *ret_left) MUST_USE;

static inline int activity_state(const struct entry *entry)
{
    return flow_state_of(&activity_flow, entry->state);
}
struct str signup_word(int state);
bool activity_begun(const struct sql_activity_get *a, int64_t now);

#endif
