/* rules_world_test.h: a report and who deals with it, without HTTP: for rules_test.c and clocks_test.c. The clock is chosen: Monday 2026-03-16, 10:00. */
#ifndef LILONG_RULES_WORLD_TEST_H
#define LILONG_RULES_WORLD_TEST_H

#include "boards/report/rules.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "boards/report/figures.h"
#include "civic/place/place.h"
#include "engine/base/crypto.h"
#include "support/test_db.h"
#include "support/test_sql.h"

#define COMMUNITY INT64_C(310113007011)
enum { RESIDENT = 101, NEIGHBOUR = 102, SECRETARY = 201, CITY_SQUAD = 301, PROPERTY = 302, OFFICER = 303 };
enum { COMMITTEE_ORG = 11, SQUAD_ORG = 12, PROPERTY_ORG = 13, GRID_ORG = 14 };

struct world {
    struct test_db t;
    int64_t now;
};

static const struct ledger_listener *const listeners[] = {&statistics_listener};
static const struct measure_table *const measures[] = {&report_measures};
static const struct place_mover *const movers[] = {&report_mover};

static inline int setup(void **state)
{
    struct world *w = calloc(1, sizeof *w);

    assert_int_equal(crypto_start(), OK);
    ledger_listen(listeners, 1);
    statistics_use(measures, 1);
    place_move_with(movers, 1);
    test_db_open(&w->t);
    w->now = time_at(2026, 3, 16, 10, 0);
    for (int org = COMMITTEE_ORG; org <= GRID_ORG; org++)
        test_sql(&w->t,
                 "INSERT INTO organisation (id, place, kind, name, credit_code, phone, valid_from, valid_to)"
                 " VALUES (%d, 310113007011, 'other', 'Organisation %d', '', '', 0, 0)",
                 org, org);
    *state = w;
    return 0;
}

static inline int teardown(void **state)
{
    struct world *w = *state;

    test_db_close(&w->t);
    free(w);
    return 0;
}

static inline enum result seed(struct db *db, void *arg)
{
    (void)arg;
    return report_seed_categories(db);
}

/* One call of a rule in a transaction of its own. */
struct call {
    struct world *w;
    enum result (*rule)(struct db *db, struct world *w);
};
static inline enum result run(struct db *db, void *arg)
{
    struct call *call = arg;

    return call->rule(db, call->w);
}
static inline enum result act(struct world *w, enum result (*rule)(struct db *db, struct world *w))
{
    struct call call = {w, rule};

    return db_write_wait(w->t.database, w->t.arena, run, &call);
}

static inline struct report_actor as(int64_t person, int64_t organisation, uint32_t who, int64_t now)
{
    return (struct report_actor){person, organisation, who, now};
}
#define AS_RESIDENT as(RESIDENT, 0, WHO_RESIDENT | WHO_AUTHOR, w->now)
#define AS_NEIGHBOUR as(NEIGHBOUR, 0, WHO_RESIDENT | WHO_AUTHOR, w->now)
#define AS_COMMITTEE as(SECRETARY, COMMITTEE_ORG, WHO_COMMITTEE, w->now)
#define AS_SQUAD as(CITY_SQUAD, SQUAD_ORG, WHO_HANDLER, w->now)
#define AS_PROPERTY as(PROPERTY, PROPERTY_ORG, WHO_HANDLER, w->now)

static int64_t report, orders[3];

static inline enum result write_it(struct db *db, struct world *w)
{
    struct report_actor actor = AS_RESIDENT;
    struct report_draft draft = {
        .community = COMMUNITY,
        .dwelling = 9001,
        .title = STR("广场变菜园"),
        .body = STR("有人把广场的绿地挖了种菜。"),
        .category = STR("06045"),
        .spot = STR("广场东侧"),
        .committee = COMMITTEE_ORG,
        .photos = 2,
    };

    return report_write(db, &actor, &draft, &report);
}

static inline enum result answer_it(struct db *db, struct world *w)
{
    struct report_actor actor = AS_COMMITTEE;
    return report_answer(db, &actor, COMMUNITY, report, STR("收到，马上去看。"));
}

static inline enum result hand_off_both(struct db *db, struct world *w)
{
    struct report_actor actor = AS_COMMITTEE;
    struct report_hand_off h = {
        .to = {{.organisation = SQUAD_ORG, .task = STR("劝离并清理"), .lead = true},
               {.organisation = PROPERTY_ORG, .task = STR("补种绿化")}},
        .n = 2,
        .text = STR("已请城管和物业处理。"),
    };
    struct sql_work_order_of_report_rows rows;
    enum result r = report_hand_off(db, &actor, COMMUNITY, report, &h);

    if (r == OK)
        r = sql_work_order_of_report(db, COMMUNITY, report, &rows);
    for (size_t i = 0; r == OK && i < rows.n; i++)
        orders[i] = rows.row[i].id;
    return r;
}

static inline struct sql_report_get now_it(struct world *w)
{
    struct sql_report_get row;
    struct db *db;

    assert_int_equal(db_read_begin(w->t.database, w->t.arena, &db), OK);
    assert_int_equal(sql_report_get(db, COMMUNITY, report, &row), OK);
    db_read_end(db);
    return row;
}

static inline struct sql_work_order_get order_now(struct world *w, int64_t id)
{
    struct sql_work_order_get row;
    struct db *db;

    assert_int_equal(db_read_begin(w->t.database, w->t.arena, &db), OK);
    assert_int_equal(sql_work_order_get(db, COMMUNITY, id, &row), OK);
    db_read_end(db);
    return row;
}

#define assert_state(w, word) assert_true(str_eq(now_it(w).state, STR(word)))
#define assert_order(w, id, word) assert_true(str_eq(order_now(w, id).state, STR(word)))

static inline int64_t figure(struct world *w, const char *measure)
{
    struct figures figures;
    struct db *db;
    int64_t n = 0;

    assert_int_equal(db_read_begin(w->t.database, w->t.arena, &db), OK);
    assert_int_equal(statistics_read(db, COMMUNITY, day_of(w->now) - 60, day_of(w->now) + 60, PERIOD_ALL, &figures),
                     OK);
    db_read_end(db);
    for (size_t i = 0; i < figures.n; i++)
        if (str_eq(figures.figure[i].measure, str_from_cstr(measure)))
            n += figures.figure[i].n;
    return n;
}

static inline enum result squad_accepts(struct db *db, struct world *w)
{
    struct report_actor actor = AS_SQUAD;
    return order_accept(db, &actor, COMMUNITY, orders[0]);
}
static inline enum result squad_done(struct db *db, struct world *w)
{
    struct report_actor actor = AS_SQUAD;
    return order_done(db, &actor, COMMUNITY, orders[0], STR("已清理。"), 1, NULL);
}
static inline enum result property_done(struct db *db, struct world *w)
{
    struct report_actor actor = AS_PROPERTY;
    return order_done(db, &actor, COMMUNITY, orders[1], STR("草皮已补。"), 1, NULL);
}
static inline enum result check_passes(struct db *db, struct world *w)
{
    struct report_actor actor = AS_COMMITTEE;
    return report_check(db, &actor, COMMUNITY, report, true, STR_NONE);
}
static inline enum result check_fails(struct db *db, struct world *w)
{
    struct report_actor actor = AS_COMMITTEE;
    return report_check(db, &actor, COMMUNITY, report, false, STR("还有一角没清。"));
}
static inline enum result author_confirms(struct db *db, struct world *w)
{
    struct report_actor actor = AS_RESIDENT;
    return report_confirm(db, &actor, COMMUNITY, report, 5, STR("谢谢！"));
}
static inline enum result author_rejects(struct db *db, struct world *w)
{
    struct report_actor actor = AS_RESIDENT;
    return report_reject(db, &actor, COMMUNITY, report, STR("第二天又种上了。"));
}
static inline enum result neighbour_confirms(struct db *db, struct world *w)
{
    struct report_actor actor = AS_NEIGHBOUR;
    return report_confirm(db, &actor, COMMUNITY, report, 1, STR_NONE);
}
static inline enum result solve_it(struct db *db, struct world *w)
{
    struct report_actor actor = AS_COMMITTEE;
    return report_solve(db, &actor, COMMUNITY, report, STR("居委会已处理。"), false, NULL);
}

static inline void ring(struct world *w)
{
    int64_t rung;

    assert_int_equal(clock_ring(w->t.database, w->t.arena, &report_bell, w->now, &rung), OK);
    assert_int_equal(clock_ring(w->t.database, w->t.arena, &order_bell, w->now, &rung), OK);
}

static inline void begin(struct world *w)
{
    assert_int_equal(db_write_wait(w->t.database, w->t.arena, seed, NULL), OK);
    assert_int_equal(act(w, write_it), OK);
}

#endif
