/* statistics.h: figures of a place over a time. Counters per (community, day, measure) kept by the ledger's events in the same
 * transaction, equal at any time to a recount of the ledger. Knows nothing of reports: the boards say what to count.
 *
 * A place above reads the communities of its range for the days that are still open, and for days that are closed the sums that a job
 * has made for streets, districts and the city; so a city's year is a page as quick as a community's.
 *
 * Medians come from a histogram of minutes: exact to the minute below 128 minutes, to 1/64 of the value above. Figures of fewer
 * than 20 are flagged: a share of 3 says nothing, and may point at a person. */
#ifndef LILONG_CIVIC_STATISTICS_H
#define LILONG_CIVIC_STATISTICS_H

#include "civic/ledger/ledger.h"

enum measure_take {
    MEASURE_COUNT,      /* n + 1 */
    MEASURE_SUM,        /* n + 1, total + amount */
    MEASURE_MINUTES,    /* the same, and the amount (minutes) goes into the histogram, for medians */
};

struct measure_rule {
    const char *measure;       /* "report_answered": as stored; several rules may feed one measure */
    const char *subject_kind;
    const char *verb;
    const char *after;         /* only when the event's after is this; NULL: any */
    enum measure_take take;
    /* Only when it says so; depends on nothing but the event, or a recount would differ. NULL: always. */
    bool (*when)(const struct ledger_event *e);
};

struct measure_table { const struct measure_rule *rule; size_t n; };

/* Set once at start from the list of boards, before the first thread. The tables must live for ever. */
void statistics_use(const struct measure_table *const *tables, size_t n);
extern const struct ledger_listener statistics_listener; /* for ledger_listen() */

struct figure {
    struct str measure;
    int32_t day;        /* first day of the period */
    int64_t n, total;
    bool small;         /* n < 20 */
};
struct figures { struct figure *figure; size_t n; };

enum figure_period { PERIOD_DAY, PERIOD_WEEK, PERIOD_MONTH, PERIOD_ALL };

/* Figures of a place of any level, days from..to (both in), by measure and period; in db_arena(db). Periods and measures without
 * anything have no row. Weeks begin on Monday. */
enum result statistics_read(struct db *db, int64_t place, int32_t from, int32_t to, enum figure_period period, struct figures *ret) MUST_USE;
/* n of that measure in the period that begins at `day`; 0 when there is none. */
const struct figure *figure_find(const struct figures *figures, struct str measure, int32_t day); /* NULL when there is none */
int64_t figure_n(const struct figures *figures, struct str measure, int32_t day);
/* The events that a measure has counted in a community on the days from..to, the newest first: as many as its n says. At most
 * limit; before_seq 0: from the end. */
enum result statistics_events(struct db *db, int64_t community, struct str measure, int32_t from, int32_t to, int64_t before_seq,
                              size_t limit, struct ledger_events *ret_events) MUST_USE;
/* The first day of the period that `day` is in. */
int32_t period_start(enum figure_period period, int32_t day);
int32_t period_next(enum figure_period period, int32_t start);

/* The (lower) median of a MEASURE_MINUTES over the days, in minutes; E_NOT_FOUND when there is nothing. */
enum result statistics_median(struct db *db, int64_t place, struct str measure, int32_t from, int32_t to, int64_t *ret_minutes,
                              int64_t *ret_n) MUST_USE;

/* The job: adds up the days that ended more than ten minutes before now for the levels above, at most `max` of them. */
enum result statistics_close_days(struct database *database, struct arena *a, int64_t now, int max, int64_t *ret_closed) MUST_USE;
/* Days from this one on are open again: before events are written with a time in the past (import, demo). */
enum result statistics_open_from(struct db *db, int32_t day) MUST_USE;

/* Counts the ledger of a community again and compares. OK also when they differ: see ret->differs. The arena is reset between
 * batches: it must be the caller's own. */
struct statistics_verdict {
    bool differs;
    int64_t community, day; /* of the first difference; community 0: the sums of the levels above */
    char measure[64];
    int64_t stored_n, counted_n, stored_total, counted_total;
    int64_t rows;           /* events that were counted */
};
enum result statistics_recount(struct database *database, struct arena *a, int64_t community, struct statistics_verdict *ret) MUST_USE;
enum result statistics_check_levels(struct db *db, struct statistics_verdict *ret) MUST_USE;
/* Writes the recount into the counters (after a release with new measures) and opens all days again. */
enum result statistics_rebuild(struct database *database, struct arena *a, int64_t community) MUST_USE;

/* Minutes to the bucket of the histogram, and the least minutes of a bucket. */
int64_t minutes_bucket(int64_t minutes);
int64_t bucket_minutes(int64_t bucket);

struct module; /* engine/app */
extern const struct module statistics_module; /* its jobs */

#endif
