/* clock.h: the deadlines that run. One row per subject and stage; a job looks at what is due and calls the board back. */
#ifndef LILONG_CIVIC_CLOCK_H
#define LILONG_CIVIC_CLOCK_H

#include "civic/calendar/calendar.h"
#include "engine/db/db.h"

struct clock {
    int64_t community, id;
    struct str subject_kind;  /* "report", "work_order" */
    int64_t subject;
    struct str stage;         /* name of the flow's stage */
    enum limit_unit unit;
    int64_t amount;           /* as set when it was started, extensions added */
    int64_t started_at, due_at;
    int64_t warn_at;          /* 0: no warning */
    int64_t warned_at;        /* 0: not yet */
    int64_t escalated_at;     /* when it was found late and the board was told; 0: not yet */
    int64_t stopped_at;       /* 0: runs */
    int64_t paused_at;        /* 0: runs */
    int64_t left;             /* while paused: see calendar_left() */
    int64_t extended;         /* how often */
};
struct clocks { struct clock *clock; size_t n; };

/* Starts the clock of a stage and gives its due time. One that runs already for this subject and stage is stopped first.
 * Somebody may promise another time than the limit says, earlier or later: due_at, after now (E_INVALID otherwise). The warning, lateness and
 * what follows go by it; the unit stays, in which people are told how much is left. */
struct clock_start {
    int64_t community;
    struct str subject_kind;
    int64_t subject;
    struct str stage;
    enum limit_unit unit;
    int64_t amount;
    int64_t due_at;           /* 0: from unit and amount */
    int warn_percent;         /* 0: no warning */
    int64_t now;
    bool fresh;               /* the subject has just come to be: no clock of it can be running */
};
enum result clock_start(struct db *db, const struct calendar *c, const struct clock_start *start, int64_t *ret_due) MUST_USE;

/* Stops it. E_NOT_FOUND when none runs; ret_late says whether it was over its time. ret_late may be NULL. */
enum result clock_stop(struct db *db, int64_t community, struct str subject_kind, int64_t subject, struct str stage, int64_t now,
                       bool *ret_late) MUST_USE;
enum result clock_stop_all(struct db *db, int64_t community, struct str subject_kind, int64_t subject, int64_t now) MUST_USE;

/* Pausing keeps what is left in the clock's own unit. E_CONFLICT when it is paused already, or is not. */
enum result clock_pause(struct db *db, const struct calendar *c, int64_t community, struct str subject_kind, int64_t subject,
                        struct str stage, int64_t now) MUST_USE;
enum result clock_resume(struct db *db, const struct calendar *c, int64_t community, struct str subject_kind, int64_t subject,
                         struct str stage, int64_t now, int64_t *ret_due) MUST_USE;

/* A new deadline, later than the old one (E_INVALID otherwise). A late one that is extended past now may be late again. */
enum result clock_extend(struct db *db, int64_t community, struct str subject_kind, int64_t subject, struct str stage, int64_t due,
                         int64_t now) MUST_USE;

enum result clock_of_subject(struct db *db, int64_t community, struct str subject_kind, int64_t subject, struct clocks *ret) MUST_USE;
enum result clock_get(struct db *db, int64_t community, struct str subject_kind, int64_t subject, struct str stage,
                      struct clock *ret) MUST_USE; /* the one that runs; E_NOT_FOUND */

/* The subject goes to another community (a merger): its clocks go along, with the limits that were promised. */
enum result clock_carry(struct db *db, int64_t from, int64_t to, struct str subject_kind, int64_t subject) MUST_USE;

/* What a board does when a clock rings; each in a write transaction of its own, after the clock has been marked. Anything but OK undoes both,
 * and it rings again at the next round. */
struct clock_bell {
    const char *subject_kind;
    enum result (*soon)(struct db *db, const struct clock *clock, int64_t now); /* may be NULL */
    enum result (*late)(struct db *db, const struct clock *clock, int64_t now);
};
/* Rings for all that is due. A board calls it from a job_kind of its own (every 30 s or so). The arena is reset between batches. */
enum result clock_ring(struct database *database, struct arena *a, const struct clock_bell *bell, int64_t now, int64_t *ret_rung) MUST_USE;

#endif
