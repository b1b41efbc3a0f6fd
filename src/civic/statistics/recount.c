/* recount.c: counts the ledger again, in memory, and compares with the counters, or replaces them. */
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include "civic/statistics/rules.h"
#include "civic/statistics/statistics.sql.h"
#include "engine/base/time.h"

#define BATCH 1000
#define MEMORY ((size_t)512 << 20)

/* One counter or one bucket of a histogram (bucket -1: the counter). */
struct cell {
    int64_t day, bucket, n, total;
    struct str measure; /* a name of a rule: lives for ever; or of a row */
    bool matched;
};

/* An open-addressing hash table in an arena of its own. */
struct recount {
    struct arena *arena;
    struct cell *cell;
    size_t n, room; /* room is a power of two */
    const struct ledger_event *e;
    int64_t seq, rows;
};

static uint64_t cell_hash(int64_t day, int64_t bucket, struct str measure)
{
    uint64_t h = 0xcbf29ce484222325u ^ (uint64_t)day * 0x9E3779B97F4A7C15u ^ (uint64_t)bucket * 0xC2B2AE3D27D4EB4Fu;

    for (size_t i = 0; i < measure.len; i++)
        h = (h ^ (unsigned char)measure.ptr[i]) * 0x100000001b3u;
    return h ^ h >> 29;
}

static struct cell *find(struct recount *c, int64_t day, int64_t bucket, struct str measure)
{
    for (size_t i = cell_hash(day, bucket, measure);; i++) {
        struct cell *cell = &c->cell[i & (c->room - 1)];
        if (!cell->measure.ptr || (cell->day == day && cell->bucket == bucket && str_eq(cell->measure, measure)))
            return cell;
    }
}

static struct cell *take(struct recount *c, int64_t day, int64_t bucket, struct str measure)
{
    struct cell *cell;

    if (c->n * 2 >= c->room) {
        struct cell *old = c->cell;
        size_t old_room = c->room;
        c->room = old_room ? old_room * 2 : 1024;
        c->cell = arena_array(c->arena, struct cell, c->room);
        for (size_t i = 0; i < old_room; i++)
            if (old[i].measure.ptr)
                *find(c, old[i].day, old[i].bucket, old[i].measure) = old[i];
    }
    cell = find(c, day, bucket, measure);
    if (!cell->measure.ptr) {
        *cell = (struct cell){.day = day, .bucket = bucket, .measure = measure};
        c->n++;
    }
    return cell;
}

static enum result hit(void *arg, const struct measure_rule *rule)
{
    struct recount *c = arg;
    int32_t day = day_of(c->e->at);
    struct str measure = str_from_cstr(rule->measure);
    struct cell *cell = take(c, day, -1, measure);

    cell->n++;
    cell->total += rule->take == MEASURE_COUNT ? 0 : c->e->amount;
    if (rule->take == MEASURE_MINUTES)
        take(c, day, minutes_bucket(c->e->amount), measure)->n++;
    return OK;
}

/* Counts the next batch. *ret_end: that was the last. */
static enum result count_on(struct recount *c, struct db *db, int64_t community, bool *ret_end)
{
    struct ledger_events events;
    enum result r = ledger_since(db, community, c->seq, BATCH, &events);

    for (size_t i = 0; r == OK && i < events.n; i++) {
        c->e = &events.event[i];
        c->seq = c->e->seq;
        c->rows++;
        r = statistics_apply(c->e, hit, c);
    }
    if (r == OK)
        *ret_end = events.n < BATCH;
    return r;
}

static void differs(struct statistics_verdict *v, int64_t community, int64_t day, struct str measure, int64_t stored_n,
                    int64_t counted_n, int64_t stored_total, int64_t counted_total)
{
    if (v->differs && day >= v->day) /* the earliest day is the most useful to know */
        return;
    v->differs = true;
    v->community = community;
    v->day = day;
    snprintf(v->measure, sizeof v->measure, STR_FMT, STR_ARG(measure));
    v->stored_n = stored_n;
    v->counted_n = counted_n;
    v->stored_total = stored_total;
    v->counted_total = counted_total;
}

static enum result compare(struct recount *c, struct db *db, int64_t community, struct statistics_verdict *v)
{
    struct sql_counter_all_rows rows;
    struct sql_counter_minutes_all_rows buckets;
    struct cell *cell;
    enum result r = sql_counter_all(db, community, &rows);

    if (r == OK)
        r = sql_counter_minutes_all(db, community, &buckets);
    if (r != OK)
        return r;
    take(c, INT64_MIN, -1, STR("")); /* so that the table is there */
    for (size_t i = 0; i < rows.n; i++) {
        cell = find(c, rows.row[i].day, -1, rows.row[i].measure);
        if (!cell->measure.ptr || cell->n != rows.row[i].n || cell->total != rows.row[i].total)
            differs(v, community, rows.row[i].day, rows.row[i].measure, rows.row[i].n, cell->n, rows.row[i].total,
                    cell->total);
        cell->matched = true;
    }
    for (size_t i = 0; i < buckets.n; i++) {
        cell = find(c, buckets.row[i].day, buckets.row[i].bucket, buckets.row[i].measure);
        if (!cell->measure.ptr || cell->n != buckets.row[i].n)
            differs(v, community, buckets.row[i].day, buckets.row[i].measure, buckets.row[i].n, cell->n, 0, 0);
        cell->matched = true;
    }
    for (size_t i = 0; i < c->room; i++)
        if (c->cell[i].measure.ptr && !c->cell[i].matched && c->cell[i].n)
            differs(v, community, c->cell[i].day, c->cell[i].measure, 0, c->cell[i].n, 0, c->cell[i].total);
    return OK;
}

static enum result recount_one(struct database *database, struct arena *a, int64_t community,
                               struct statistics_verdict *v)
{
    struct recount c = {.arena = arena_open(MEMORY)};
    enum result r = c.arena ? OK : E_BUSY;
    jmp_buf out;

    if (!c.arena)
        return r;
    if (setjmp(out)) {
        arena_close(c.arena);
        return E_BUSY;
    }
    arena_escape(c.arena, &out);
    for (bool end = false; !end && r == OK;) {
        struct db *db;
        r = db_read_begin(database, a, &db);
        if (r != OK)
            break;
        r = count_on(&c, db, community, &end);
        if (r == OK && end) /* in the snapshot of the last batch, or a write in between would look like a difference */
            r = compare(&c, db, community, v);
        db_read_end(db);
        arena_reset(a);
    }
    v->rows += c.rows;
    arena_close(c.arena);
    return r;
}

enum result statistics_recount(struct database *database, struct arena *a, int64_t community,
                               struct statistics_verdict *ret)
{
    struct statistics_verdict v = {0};
    enum result r = OK;
    int64_t at = community ? community : INT64_MIN;

    if (community) {
        r = recount_one(database, a, community, &v);
    } else {
        while (r == OK && !v.differs) {
            struct db *db;
            r = db_read_begin(database, a, &db);
            if (r != OK)
                break;
            r = ledger_next_community(db, at, &at);
            if (r == E_NOT_FOUND)
                r = statistics_check_levels(db, &v), at = 0;
            db_read_end(db);
            arena_reset(a);
            if (r != OK || !at)
                break;
            r = recount_one(database, a, at, &v);
        }
    }
    if (r == OK)
        *ret = v;
    return r;
}

enum result statistics_check_levels(struct db *db, struct statistics_verdict *ret)
{
    struct sql_counter_level_wrong_rows wrong;
    enum result r = sql_counter_level_wrong(db, &wrong);

    if (r == OK && wrong.n)
        differs(ret, 0, 0, wrong.row[0].measure, wrong.row[0].n, wrong.row[0].counted, 0, 0);
    return r;
}

/* ---- rebuilding ---------------------------------------------------------------------------------------------------------- */

static enum result rebuild(struct db *db, void *arg)
{
    int64_t community = *(int64_t *)arg;
    struct recount c = {.arena = db_arena(db)};
    bool end = false;
    enum result r = OK;

    while (!end && r == OK)
        r = count_on(&c, db, community, &end);
    if (r == OK)
        r = sql_counter_clear(db, community);
    if (r == OK)
        r = sql_counter_minutes_clear(db, community);
    for (size_t i = 0; i < c.room && r == OK; i++) {
        const struct cell *cell = &c.cell[i];
        if (!cell->measure.ptr)
            continue;
        r = cell->bucket < 0 ? sql_counter_set(db, community, cell->day, cell->measure, cell->n, cell->total)
                             : sql_counter_minutes_set(db, community, cell->day, cell->measure, cell->bucket, cell->n);
    }
    return r == OK ? statistics_open_from(db, 0) : r;
}

enum result statistics_rebuild(struct database *database, struct arena *a, int64_t community)
{
    return db_write_wait(database, a, rebuild, &community);
}
