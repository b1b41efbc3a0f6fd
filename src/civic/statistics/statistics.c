/* statistics.c: counting as events are appended, and reading. Recounting is in recount.c. */
#include "civic/statistics/statistics.h"

#include <stdlib.h>

#include "civic/place/place.h"
#include "civic/statistics/rules.h"
#include "civic/statistics/statistics.sql.h"
#include "engine/base/time.h"

static const struct measure_table *const *tables; /* set once at start */
static size_t n_tables;

void statistics_use(const struct measure_table *const *list, size_t n)
{
    tables = list;
    n_tables = n;
}

/* ---- histogram: exact below 128 minutes, then 64 buckets for each doubling ------------------------------------------ */

int64_t minutes_bucket(int64_t minutes)
{
    int shift = 0;

    if (minutes < 128)
        return minutes < 0 ? 0 : minutes;
    while (minutes >> (shift + 1) >= 64)
        shift++;
    return 128 + (shift - 1) * 64 + ((minutes >> shift) - 64);
}

int64_t bucket_minutes(int64_t bucket)
{
    if (bucket < 128)
        return bucket;
    return ((bucket - 128) % 64 + 64) << ((bucket - 128) / 64 + 1);
}

/* ---- counting ------------------------------------------------------------------------------------------------------------ */

enum result statistics_apply(const struct ledger_event *e,
                             enum result (*hit)(void *arg, const struct measure_rule *rule), void *arg)
{
    enum result r = OK;

    for (size_t t = 0; t < n_tables; t++)
        for (size_t i = 0; i < tables[t]->n && r == OK; i++) {
            const struct measure_rule *rule = &tables[t]->rule[i];
            if (str_eq(e->verb, str_from_cstr(rule->verb)) &&
                str_eq(e->subject_kind, str_from_cstr(rule->subject_kind)) &&
                (!rule->after || str_eq(e->after, str_from_cstr(rule->after))) && (!rule->when || rule->when(e)))
                r = hit(arg, rule);
        }
    return r;
}

struct counting {
    struct db *db;
    const struct ledger_event *e;
    bool any;
};

static enum result count(void *arg, const struct measure_rule *rule)
{
    struct counting *c = arg;
    struct str measure = str_from_cstr(rule->measure);
    int32_t day = day_of(c->e->at);
    enum result r = sql_counter_add(c->db, c->e->community, day, measure,
                                    rule->take == MEASURE_COUNT ? 0 : c->e->amount);

    if (r == OK && rule->take == MEASURE_MINUTES)
        r = sql_counter_minutes_add(c->db, c->e->community, day, measure, minutes_bucket(c->e->amount));
    c->any = true;
    return r;
}

/* Late for a day that is added up already, because the clock was put back: the day and those after it are added up again. */
static enum result reopen(struct db *db, int32_t day)
{
    struct sql_counter_closed closed;
    enum result r = sql_counter_closed(db, &closed);

    return r == OK && closed.day >= day ? statistics_open_from(db, day) : r;
}

static enum result appended(struct db *db, const struct ledger_event *e)
{
    struct counting c = {.db = db, .e = e};
    enum result r = statistics_apply(e, count, &c);

    return r == OK && c.any ? reopen(db, day_of(e->at)) : r;
}

const struct ledger_listener statistics_listener = {"statistics", appended};

/* ---- periods --------------------------------------------------------------------------------------------------------------- */

int32_t period_start(enum figure_period period, int32_t day)
{
    struct civil c;

    switch (period) {
    case PERIOD_WEEK: return day - (day_weekday(day) - 1);
    case PERIOD_MONTH: c = time_civil(day_start(day)); return day_from_ymd(c.year, c.month, 1);
    case PERIOD_DAY:
    case PERIOD_ALL: break;
    }
    return day;
}

int32_t period_next(enum figure_period period, int32_t start)
{
    return period == PERIOD_WEEK  ? start + 7
         : period == PERIOD_MONTH ? period_start(PERIOD_MONTH, start + 31)
                                  : start + 1;
}

/* ---- what was counted ------------------------------------------------------------------------------------------------------- */

static int newest_first(const void *a, const void *b)
{
    const struct ledger_event *x = a, *y = b;

    return x->seq > y->seq ? -1 : x->seq < y->seq;
}

/* Of one rule: reads on until enough events have met its condition. */
static enum result events_of_rule(struct db *db, int64_t community, const struct measure_rule *rule, int32_t from,
                                  int32_t to, int64_t before, size_t limit, struct ledger_event *ret, size_t *ret_n)
{
    enum { BATCH = 200 };
    enum result r;

    *ret_n = 0;
    for (;;) {
        struct ledger_events rows;

        r = ledger_between(db, community, str_from_cstr(rule->subject_kind), str_from_cstr(rule->verb), from, to,
                           before, BATCH, &rows);
        for (size_t i = 0; r == OK && i < rows.n && *ret_n < limit; i++) {
            const struct ledger_event *e = &rows.event[i];

            before = e->seq;
            if ((!rule->after || str_eq(e->after, str_from_cstr(rule->after))) && (!rule->when || rule->when(e)))
                ret[(*ret_n)++] = *e;
        }
        if (r != OK || rows.n < BATCH || *ret_n == limit)
            return r;
    }
}

enum result statistics_events(struct db *db, int64_t community, struct str measure, int32_t from, int32_t to,
                              int64_t before_seq, size_t limit, struct ledger_events *ret_events)
{
    struct ledger_event *event = NULL;
    size_t n = 0;

    for (size_t t = 0; t < n_tables; t++)
        for (size_t i = 0; i < tables[t]->n; i++) {
            const struct measure_rule *rule = &tables[t]->rule[i];
            struct ledger_event *more;
            size_t n_more;
            enum result r;

            if (!str_eq(measure, str_from_cstr(rule->measure)))
                continue;
            more = arena_array(db_arena(db), struct ledger_event, n + limit);
            r = events_of_rule(db, community, rule, from, to, before_seq, limit, more + n, &n_more);
            if (r != OK)
                return r;
            if (n)
                memcpy(more, event, n * sizeof *more);
            event = more;
            n += n_more;
        }
    if (n)
        qsort(event, n, sizeof *event, newest_first);
    *ret_events = (struct ledger_events){event, n < limit ? n : limit};
    return OK;
}

/* ---- reading ------------------------------------------------------------------------------------------------------------------ */

#define SMALL 20

static int by_measure_and_day(const void *a, const void *b)
{
    const struct figure *x = a, *y = b;
    int c = str_cmp(x->measure, y->measure);

    return c ? c : x->day < y->day ? -1 : x->day > y->day;
}

/* Up to which day (in) the sums of the levels above are read for this place; 0 for a community, which has none. */
static enum result closed_for(struct db *db, int64_t place, int64_t *ret_day)
{
    struct sql_counter_closed closed;
    enum result r;

    *ret_day = 0;
    if (place_level_of(place) == PLACE_COMMUNITY)
        return OK;
    r = sql_counter_closed(db, &closed);
    if (r == OK)
        *ret_day = closed.day;
    return r;
}

_Static_assert(sizeof(struct sql_counter_days) == sizeof(struct sql_counter_figures) &&
                   offsetof(struct sql_counter_days, total) == offsetof(struct sql_counter_figures, total),
               "counter_days has the columns of counter_figures");

/* The front page of every community asks for its week: the days of one community need no adding up. */
static enum result read_below(struct db *db, int64_t low, int64_t high, int64_t first, int64_t last,
                              struct sql_counter_figures_rows *ret)
{
    struct sql_counter_days_rows days;
    enum result r;

    if (low != high)
        return sql_counter_figures(db, low, high, first, last, ret);
    r = sql_counter_days(db, low, first, last, &days);
    *ret = (struct sql_counter_figures_rows){(struct sql_counter_figures *)days.row, days.n};
    return r;
}

enum result statistics_read(struct db *db, int64_t place, int32_t from, int32_t to, enum figure_period period,
                            struct figures *ret)
{
    struct sql_counter_level_figures_rows above = {NULL, 0};
    struct sql_counter_figures_rows below = {NULL, 0};
    int64_t low, high, closed;
    enum result r = closed_for(db, place, &closed);

    place_range(place, &low, &high);
    if (r == OK && closed >= from)
        r = sql_counter_level_figures(db, place, from, closed < to ? closed : to, &above);
    if (r == OK && closed < to)
        r = read_below(db, low, high, closed >= from ? closed + 1 : from, to, &below);
    if (r != OK)
        return r;

    struct figure *f = arena_array(db_arena(db), struct figure, above.n + below.n + 1);
    size_t n = 0, kept = 0;
    for (size_t i = 0; i < above.n; i++)
        f[n++] = (struct figure){above.row[i].measure, (int32_t)above.row[i].day, above.row[i].n, above.row[i].total,
                                 false};
    for (size_t i = 0; i < below.n; i++)
        f[n++] = (struct figure){below.row[i].measure, (int32_t)below.row[i].day, below.row[i].n, below.row[i].total,
                                 false};
    for (size_t i = 0; i < n; i++)
        f[i].day = period == PERIOD_ALL ? from : period_start(period, f[i].day);
    if (n)
        qsort(f, n, sizeof *f, by_measure_and_day);
    for (size_t i = 0; i < n; i++)
        if (kept && by_measure_and_day(&f[kept - 1], &f[i]) == 0) {
            f[kept - 1].n += f[i].n;
            f[kept - 1].total += f[i].total;
        } else {
            f[kept++] = f[i];
        }
    for (size_t i = 0; i < kept; i++)
        f[i].small = f[i].n < SMALL;
    ret->figure = f;
    ret->n = kept;
    return OK;
}

const struct figure *figure_find(const struct figures *figures, struct str measure, int32_t day)
{
    for (size_t i = 0; i < figures->n; i++)
        if (figures->figure[i].day == day && str_eq(figures->figure[i].measure, measure))
            return &figures->figure[i];
    return NULL;
}

int64_t figure_n(const struct figures *figures, struct str measure, int32_t day)
{
    const struct figure *f = figure_find(figures, measure, day);

    return f ? f->n : 0;
}

enum result statistics_median(struct db *db, int64_t place, struct str measure, int32_t from, int32_t to,
                              int64_t *ret_minutes, int64_t *ret_n)
{
    struct sql_counter_level_buckets_rows above = {NULL, 0};
    struct sql_counter_buckets_rows below = {NULL, 0};
    int64_t low, high, closed, n = 0, seen = 0;
    enum result r = closed_for(db, place, &closed);

    place_range(place, &low, &high);
    if (r == OK && closed >= from)
        r = sql_counter_level_buckets(db, place, from, closed < to ? closed : to, measure, &above);
    if (r == OK && closed < to)
        r = sql_counter_buckets(db, low, high, closed >= from ? closed + 1 : from, to, measure, &below);
    if (r != OK)
        return r;
    for (size_t i = 0; i < above.n; i++)
        n += above.row[i].n;
    for (size_t i = 0; i < below.n; i++)
        n += below.row[i].n;
    if (!n)
        return E_NOT_FOUND;

    /* Both lists rise by bucket: walk them side by side to the middle. */
    for (size_t i = 0, k = 0; i < above.n || k < below.n;) {
        int64_t bucket = i < above.n && (k == below.n || above.row[i].bucket <= below.row[k].bucket)
                           ? above.row[i].bucket
                           : below.row[k].bucket;
        if (i < above.n && above.row[i].bucket == bucket)
            seen += above.row[i++].n;
        if (k < below.n && below.row[k].bucket == bucket)
            seen += below.row[k++].n;
        if (seen * 2 >= n) {
            *ret_minutes = bucket_minutes(bucket);
            *ret_n = n;
            break;
        }
    }
    return OK;
}

/* ---- closing days for the levels above ------------------------------------------------------------------------------------------ */

struct closing {
    int32_t last;
    int max;
    int64_t closed;
};

static enum result close_days(struct db *db, void *arg)
{
    static const struct {
        int64_t size, above;
    } levels[] = {{1000, 1000000}, {1000000, INT64_C(10000000000)}, {INT64_C(10000000000), INT64_C(1000000000000)}};
    struct closing *c = arg;
    struct sql_counter_closed closed;
    struct sql_counter_first_day first;
    int64_t done;
    enum result r = sql_counter_closed(db, &closed);

    c->closed = 0;
    if (r == OK)
        r = sql_counter_first_day(db, &first);
    if (r != OK || !first.day)
        return r;
    for (int64_t day = closed.day ? closed.day + 1 : first.day; day <= c->last && c->closed < c->max && r == OK;
         day++) {
        r = sql_counter_level_clear(db, day);
        if (r == OK)
            r = sql_counter_level_minutes_clear(db, day);
        for (size_t i = 0; i < sizeof levels / sizeof *levels && r == OK; i++) {
            r = sql_counter_level_sum(db, day, levels[i].size, levels[i].above);
            if (r == OK)
                r = sql_counter_level_minutes_sum(db, day, levels[i].size, levels[i].above);
        }
        if (r == OK)
            r = sql_counter_close_day(db, day, &done);
        c->closed++;
    }
    return r;
}

enum result statistics_close_days(struct database *database, struct arena *a, int64_t now, int max, int64_t *ret_closed)
{
    struct closing c = {day_of(now - 10 * TIME_MINUTE) - 1, max, 0};
    enum result r = db_write_wait(database, a, close_days, &c);

    if (r == OK)
        *ret_closed = c.closed;
    return r;
}

enum result statistics_open_from(struct db *db, int32_t day)
{
    int64_t opened;

    return sql_counter_open_from(db, day, &opened);
}
