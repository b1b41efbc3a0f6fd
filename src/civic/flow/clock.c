/* clock.c: starting, stopping and ringing. See clock.h. */
#include "civic/flow/clock.h"

#include "civic/flow/clock.sql.h"
#include "engine/base/ids.h"
#include "engine/base/log.h"

#define BATCH 100

#define CLOCK_OF(row)                                                                                         \
    ((struct clock){(row).community, (row).id, (row).subject_kind, (row).subject, (row).stage,                \
                    (enum limit_unit)(row).unit, (row).amount, (row).started_at, (row).due_at, (row).warn_at, \
                    (row).warned_at, (row).escalated_at, (row).stopped_at, (row).paused_at, (row).remaining,  \
                    (row).extended})

/* When so much of the time has passed: of the work time for work hours, of the time on the wall for the others. */
static int64_t warn_at(const struct calendar *c, enum limit_unit unit, int64_t from, int64_t due, int percent)
{
    if (percent <= 0 || due <= from)
        return 0;
    if (unit == LIMIT_WORK_HOUR)
        return calendar_add_work_ms(c, from, calendar_work_ms(c, from, due) * percent / 100);
    return from + (due - from) / 100 * percent;
}

/* When the job has to look at it next. */
static int64_t next_at(int64_t warn, int64_t warned, int64_t due, int64_t escalated)
{
    if (warn && !warned && warn < due)
        return warn;
    return escalated ? 0 : due;
}

enum result clock_get(struct db *db, int64_t community, struct str subject_kind, int64_t subject, struct str stage,
                      struct clock *ret)
{
    struct sql_clock_running row;
    enum result r = sql_clock_running(db, community, subject, subject_kind, stage, &row);

    if (r == OK)
        *ret = CLOCK_OF(row);
    return r;
}

enum result clock_start(struct db *db, const struct calendar *c, const struct clock_start *s, int64_t *ret_due)
{
    struct clock old;
    int64_t due = s->due_at ? s->due_at : calendar_add(c, s->now, s->unit, s->amount), warn, n;
    enum result r;

    if (s->unit < LIMIT_WORK_HOUR || s->unit > LIMIT_CLOCK_HOUR || s->amount < 0 || !s->subject_kind.len ||
        !s->stage.len || (s->due_at && s->due_at <= s->now))
        return E_INVALID;
    r = s->fresh ? E_NOT_FOUND : clock_get(db, s->community, s->subject_kind, s->subject, s->stage, &old);
    if (r == OK)
        r = sql_clock_stop(db, old.community, old.id, s->now, &n);
    if (r != OK && r != E_NOT_FOUND)
        return r;
    warn = warn_at(c, s->unit, s->now, due, s->warn_percent);
    r = sql_clock_put(db, s->community, id_new(), s->subject_kind, s->subject, s->stage, s->unit, s->amount, s->now,
                      due, warn, next_at(warn, 0, due, 0));
    if (r == OK)
        *ret_due = due;
    return r;
}

enum result clock_stop(struct db *db, int64_t community, struct str subject_kind, int64_t subject, struct str stage,
                       int64_t now, bool *ret_late)
{
    struct clock clock;
    int64_t n;
    enum result r = clock_get(db, community, subject_kind, subject, stage, &clock);

    if (r == OK)
        r = sql_clock_stop(db, community, clock.id, now, &n);
    if (r == OK && ret_late) /* while it is paused nobody is late */
        *ret_late = clock.paused_at ? clock.escalated_at != 0 : now > clock.due_at || clock.escalated_at;
    return r;
}

enum result clock_stop_all(struct db *db, int64_t community, struct str subject_kind, int64_t subject, int64_t now)
{
    int64_t n;

    return sql_clock_stop_all(db, community, subject, subject_kind, now, &n);
}

enum result clock_pause(struct db *db, const struct calendar *c, int64_t community, struct str subject_kind,
                        int64_t subject, struct str stage, int64_t now)
{
    struct clock clock;
    int64_t n;
    enum result r = clock_get(db, community, subject_kind, subject, stage, &clock);

    if (r != OK)
        return r;
    if (clock.paused_at)
        return E_CONFLICT;
    r = sql_clock_pause(db, community, clock.id, now, calendar_left(c, clock.unit, now, clock.due_at), &n);
    return r == OK && !n ? E_CONFLICT : r;
}

enum result clock_resume(struct db *db, const struct calendar *c, int64_t community, struct str subject_kind,
                         int64_t subject, struct str stage, int64_t now, int64_t *ret_due)
{
    struct clock clock;
    int64_t n, due, warn;
    enum result r = clock_get(db, community, subject_kind, subject, stage, &clock);

    if (r != OK)
        return r;
    if (!clock.paused_at)
        return E_CONFLICT;
    due = calendar_resume(c, clock.unit, now, clock.left);
    warn = clock.warn_at && !clock.warned_at ? (clock.warn_at > now ? clock.warn_at + (due - clock.due_at) : now)
                                             : clock.warn_at;
    r = sql_clock_set_due(db, community, clock.id, due, warn, clock.warned_at, clock.escalated_at, clock.extended,
                          next_at(warn, clock.warned_at, due, clock.escalated_at), &n);
    if (r == OK)
        *ret_due = due;
    return r;
}

enum result clock_extend(struct db *db, int64_t community, struct str subject_kind, int64_t subject, struct str stage,
                         int64_t due, int64_t now)
{
    struct clock clock;
    int64_t n, warn, warned;
    enum result r = clock_get(db, community, subject_kind, subject, stage, &clock);

    if (r != OK)
        return r;
    if (clock.paused_at)
        return E_CONFLICT;
    if (due <= clock.due_at || due <= now)
        return E_INVALID;
    /* The warning stands as long before the new deadline as before the old one, and is given again. It may be late again, too. */
    warn = clock.warn_at ? due - (clock.due_at - clock.warn_at) : 0;
    warned = warn > now ? 0 : clock.warned_at;
    return sql_clock_set_due(db, community, clock.id, due, warn, warned, 0, clock.extended + 1,
                             next_at(warn, warned, due, 0), &n);
}

enum result clock_of_subject(struct db *db, int64_t community, struct str subject_kind, int64_t subject,
                             struct clocks *ret)
{
    struct sql_clock_of_subject_rows rows;
    enum result r = sql_clock_of_subject(db, community, subject, subject_kind, &rows);

    if (r != OK)
        return r;
    ret->clock = arena_array(db_arena(db), struct clock, rows.n);
    ret->n = rows.n;
    for (size_t i = 0; i < rows.n; i++)
        ret->clock[i] = CLOCK_OF(rows.row[i]);
    return OK;
}

/* ---- ringing ---------------------------------------------------------------------------------------------------------------- */

struct ring {
    const struct clock_bell *bell;
    struct clock clock;
    int64_t now;
    bool rang;
};

/* Marks the clock, then calls the board. Somebody may have stopped it since the list was read, or another process rung it. */
static enum result ring(struct db *db, void *arg)
{
    struct ring *job = arg;
    struct clock *c = &job->clock;
    bool late = c->due_at <= job->now;
    int64_t n;
    enum result r = late ? sql_clock_escalated(db, c->community, c->id, job->now, &n)
                         : sql_clock_warned(db, c->community, c->id, job->now, c->due_at, &n);

    job->rang = r == OK && n;
    if (!job->rang)
        return r;
    if (late)
        c->escalated_at = job->now;
    else
        c->warned_at = job->now;
    if (late)
        return job->bell->late(db, c, job->now);
    return job->bell->soon ? job->bell->soon(db, c, job->now) : OK;
}

enum result clock_ring(struct database *database, struct arena *a, const struct clock_bell *bell, int64_t now,
                       int64_t *ret_rung)
{
    struct str kind = str_from_cstr(bell->subject_kind);
    int64_t rung = 0, last_rung;

    do {
        struct sql_clock_due_rows due;
        struct db *db;
        struct ring *jobs;
        enum result r = db_read_begin(database, a, &db);
        if (r != OK)
            return r;
        r = sql_clock_due(db, kind, now, BATCH, &due);
        jobs = arena_array(a, struct ring, due.n);
        for (size_t i = 0; r == OK && i < due.n; i++)
            jobs[i] = (struct ring){bell, CLOCK_OF(due.row[i]), now, false};
        db_read_end(db);
        if (r != OK)
            return r;
        last_rung = rung;
        for (size_t i = 0; i < due.n; i++) {
            /* One that fails must not hold up the others; it rings again at the next round. */
            r = db_write_wait(database, a, ring, &jobs[i]);
            if (r == E_BUSY || r == E_IO)
                return r;
            if (r != OK)
                log_warn("clock.ring_failed", LOG_CSTR("kind", bell->subject_kind),
                         LOG_INT("subject", jobs[i].clock.subject), LOG_CSTR("result", result_name(r)));
            rung += r == OK && jobs[i].rang;
        }
        arena_reset(a);
        if (due.n < BATCH)
            break;
    } while (rung > last_rung); /* a batch of nothing but failures ends the round */
    *ret_rung = rung;
    return OK;
}

enum result clock_carry(struct db *db, int64_t from, int64_t to, struct str subject_kind, int64_t subject)
{
    enum result r = sql_clock_carry(db, from, to, subject_kind, subject);

    return r == OK ? sql_clock_carried(db, from, subject_kind, subject) : r;
}
