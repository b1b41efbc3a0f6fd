/* tell_test.c: who finds which message after each step, by the rows of the table. */
#include "boards/report/rules.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "civic/notify/notify.h"
#include "engine/base/crypto.h"
#include "support/test_db.h"
#include "support/test_sql.h"

#define COMMUNITY INT64_C(310113007011)
#define STREET INT64_C(310113007000)
enum {
    AUTHOR = 101,
    NEIGHBOUR = 102,
    STRANGER = 103,
    SECRETARY = 201,
    CADRE = 202,
    SQUAD = 301,
    PROPERTY = 302,
    GRID = 303
};
enum { COMMITTEE_ORG = 11, SQUAD_ORG = 12, PROPERTY_ORG = 13, GRID_ORG = 14 };

struct world {
    struct test_db t;
    int64_t now, report, orders[2];
};

static const struct ledger_listener *const listeners[] = {&report_listener};

static enum result seed(struct db *db, void *arg)
{
    (void)arg;
    return report_seed_categories(db);
}

static void organisation(struct world *w, int id, int64_t place, const char *kind)
{
    test_sql(&w->t,
             "INSERT INTO organisation (id, place, kind, name, credit_code, phone, valid_from, valid_to)"
             " VALUES (%d, %lld, '%s', 'Organisation %d', '', '', 0, 0)",
             id, (long long)place, kind, id);
}

static void person(struct world *w, int id, int organisation)
{
    test_sql(
        &w->t,
        "INSERT INTO person (id, shown_name, name_sealed, document_kind, document_sealed, phone_sealed, sex, birth_day, password_hash,"
        " totp_sealed, totp_step, state, party_member, party_badge, language, mode, theme, created_at, created_by, closed_at)"
        " VALUES (%d, 'P%d', '', '', '', '', 0, 0, '', '', 0, 'active', 0, 0, '', '', '', 0, 0, 0)",
        id, id);
    if (organisation)
        test_sql(&w->t,
                 "INSERT INTO post (id, person, organisation, role, title, valid_from, valid_to)"
                 " VALUES (%d, %d, %d, 'cadre', '', 0, 0)",
                 id, id, organisation);
}

static enum result write_it(struct db *db, struct world *w)
{
    struct report_actor actor = {AUTHOR, 0, WHO_RESIDENT | WHO_AUTHOR, w->now};
    struct report_draft draft = {.community = COMMUNITY,
                                 .dwelling = 9001,
                                 .title = STR("广场变菜园"),
                                 .category = STR("06045"),
                                 .spot = STR("广场东侧"),
                                 .committee = COMMITTEE_ORG};

    return report_write(db, &actor, &draft, &w->report);
}

static enum result neighbour_follows(struct db *db, struct world *w)
{
    struct report_actor actor = {NEIGHBOUR, 0, WHO_RESIDENT, w->now};
    return report_follow(db, &actor, COMMUNITY, w->report, true);
}

struct call {
    struct world *w;
    enum result (*rule)(struct db *db, struct world *w);
};
static enum result run(struct db *db, void *arg)
{
    struct call *call = arg;
    return call->rule(db, call->w);
}
static void act(struct world *w, enum result (*rule)(struct db *db, struct world *w))
{
    struct call call = {w, rule};
    assert_int_equal(db_write_wait(w->t.database, w->t.arena, run, &call), OK);
}

/* A report that a neighbour follows; whatever was told up to here is forgotten. */
static int setup(void **state)
{
    struct world *w = calloc(1, sizeof *w);

    assert_int_equal(crypto_start(), OK);
    ledger_listen(listeners, 1);
    test_db_open(&w->t);
    w->now = time_at(2026, 3, 16, 10, 0);
    organisation(w, COMMITTEE_ORG, COMMUNITY, "residents_committee");
    organisation(w, SQUAD_ORG, STREET, "urban_management");
    organisation(w, PROPERTY_ORG, COMMUNITY, "property_company");
    organisation(w, GRID_ORG, STREET, "grid_centre");
    person(w, AUTHOR, 0);
    person(w, NEIGHBOUR, 0);
    person(w, STRANGER, 0);
    person(w, SECRETARY, COMMITTEE_ORG);
    person(w, CADRE, COMMITTEE_ORG);
    person(w, SQUAD, SQUAD_ORG);
    person(w, PROPERTY, PROPERTY_ORG);
    person(w, GRID, GRID_ORG);
    assert_int_equal(db_write_wait(w->t.database, w->t.arena, seed, NULL), OK);
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    struct world *w = *state;

    test_db_close(&w->t);
    free(w);
    return 0;
}

/* How many the message of that key has bundled for the person; 0: not told. */
static int64_t told(struct world *w, int person, const char *key)
{
    return test_sql_int(&w->t,
                        "SELECT count FROM notification WHERE person = %d AND text_key = 'tell.%s' AND read_at = 0",
                        person, key);
}

static int64_t rows(struct world *w, int person)
{
    return test_sql_int(&w->t, "SELECT COUNT(*) FROM notification WHERE person = %d", person);
}

static void forget(struct world *w)
{
    test_sql(&w->t, "DELETE FROM notification");
}

static void begin(struct world *w)
{
    act(w, write_it);
    act(w, neighbour_follows);
    forget(w);
}

static enum result answer(struct db *db, struct world *w)
{
    struct report_actor actor = {SECRETARY, COMMITTEE_ORG, WHO_COMMITTEE, w->now};
    return report_answer(db, &actor, COMMUNITY, w->report, STR("收到，马上去看。"));
}

static enum result solve(struct db *db, struct world *w)
{
    struct report_actor actor = {SECRETARY, COMMITTEE_ORG, WHO_COMMITTEE, w->now};
    return report_solve(db, &actor, COMMUNITY, w->report, STR("清理好了。"), false, NULL);
}

static enum result hand_off(struct db *db, struct world *w)
{
    struct report_actor actor = {SECRETARY, COMMITTEE_ORG, WHO_COMMITTEE, w->now};
    struct report_hand_off h = {.to = {{.organisation = SQUAD_ORG, .task = STR("劝离"), .lead = true},
                                       {.organisation = PROPERTY_ORG, .task = STR("补种")}},
                                .n = 2,
                                .text = STR("已请城管和物业。")};
    struct sql_work_order_of_report_rows orders;
    enum result r = report_hand_off(db, &actor, COMMUNITY, w->report, &h);

    if (r == OK)
        r = sql_work_order_of_report(db, COMMUNITY, w->report, &orders);
    for (size_t i = 0; r == OK && i < orders.n; i++)
        w->orders[i] = orders.row[i].id;
    return r;
}

static enum result both_done(struct db *db, struct world *w)
{
    struct report_actor squad = {SQUAD, SQUAD_ORG, WHO_HANDLER, w->now},
                        property = {PROPERTY, PROPERTY_ORG, WHO_HANDLER, w->now};
    enum result r = order_done(db, &squad, COMMUNITY, w->orders[0], STR("清了"), 1, NULL);

    return r == OK ? order_done(db, &property, COMMUNITY, w->orders[1], STR("种了"), 1, NULL) : r;
}

static enum result check_passes(struct db *db, struct world *w)
{
    struct report_actor actor = {SECRETARY, COMMITTEE_ORG, WHO_COMMITTEE, w->now};
    return report_check(db, &actor, COMMUNITY, w->report, true, STR_NONE);
}

static enum result rejects(struct db *db, struct world *w)
{
    struct report_actor actor = {AUTHOR, 0, WHO_AUTHOR, w->now};
    return report_reject(db, &actor, COMMUNITY, w->report, STR("又种上了"));
}

static enum result three_comments(struct db *db, struct world *w)
{
    struct report_actor actor = {NEIGHBOUR, 0, WHO_RESIDENT, w->now};
    int64_t id;
    enum result r = OK;

    for (int i = 0; r == OK && i < 3; i++)
        r = report_comment(db, &actor, COMMUNITY, w->report, STR("我也看到了"), &id);
    return r;
}

static enum result hide(struct db *db, struct world *w)
{
    struct report_actor actor = {SECRETARY, COMMITTEE_ORG, WHO_COMMITTEE, w->now};
    return report_hide(db, &actor, COMMUNITY, w->report, true, STR("有别人的照片"));
}

static void ring(struct world *w)
{
    int64_t rung;

    assert_int_equal(clock_ring(w->t.database, w->t.arena, &report_bell, w->now, &rung), OK);
    assert_int_equal(clock_ring(w->t.database, w->t.arena, &order_bell, w->now, &rung), OK);
}

static void a_new_report_is_the_committees(void **state)
{
    struct world *w = *state;

    act(w, write_it);
    assert_int_equal(told(w, SECRETARY, "reported"), 1);
    assert_int_equal(told(w, CADRE, "reported"), 1);
    assert_int_equal(rows(w, AUTHOR), 0);
    assert_int_equal(rows(w, GRID), 0);
}

static void an_answer_reaches_reporter_and_followers(void **state)
{
    struct world *w = *state;

    begin(w);
    act(w, answer);
    assert_int_equal(told(w, AUTHOR, "answered_yours"), 1);
    assert_int_equal(told(w, NEIGHBOUR, "answered"), 1);
    assert_int_equal(rows(w, AUTHOR), 1);
    assert_int_equal(rows(w, STRANGER), 0);
    assert_int_equal(rows(w, CADRE), 0);
    forget(w);
    act(w, solve);
    assert_int_equal(told(w, AUTHOR, "please_confirm"), 1);
    assert_int_equal(told(w, NEIGHBOUR, "solved"), 1);
}

static void handing_off_is_one_message(void **state)
{
    struct world *w = *state;

    begin(w);
    act(w, hand_off);
    assert_int_equal(rows(w, AUTHOR), 1); /* the answer is in it */
    assert_int_equal(told(w, AUTHOR, "handed_off"), 2);
    assert_int_equal(told(w, NEIGHBOUR, "handed_off"), 2);
    assert_int_equal(told(w, SQUAD, "handed_to_you"), 1);
    assert_int_equal(told(w, PROPERTY, "handed_to_you"), 1);
    assert_int_equal(rows(w, SECRETARY), 0); /* did it */
    forget(w);
    act(w, both_done);
    assert_int_equal(told(w, AUTHOR, "done"), 2);
    assert_int_equal(told(w, SECRETARY, "all_done"), 1);
    assert_int_equal(told(w, CADRE, "all_done"), 1);
    forget(w);
    act(w, check_passes);
    assert_int_equal(told(w, AUTHOR, "please_confirm"), 1);
    forget(w);
    act(w, rejects);
    assert_int_equal(rows(w, AUTHOR), 0);
    assert_int_equal(told(w, NEIGHBOUR, "reopened"), 1);
    assert_int_equal(told(w, CADRE, "reopened_desk"), 1);
    assert_int_equal(told(w, SQUAD, "reworked"), 1);
    assert_int_equal(told(w, PROPERTY, "reworked"), 1);
}

static void comments_are_bundled(void **state)
{
    struct world *w = *state;

    begin(w);
    act(w, hand_off);
    forget(w);
    act(w, three_comments);
    assert_int_equal(told(w, AUTHOR, "commented_yours"), 3);
    assert_int_equal(rows(w, AUTHOR), 1);
    assert_int_equal(told(w, SQUAD, "commented"), 3);
    assert_int_equal(rows(w, NEIGHBOUR), 0);
}

static void late_goes_to_the_grid_centre(void **state)
{
    struct world *w = *state;

    begin(w);
    w->now += TIME_HOUR;
    ring(w); /* half of two work hours */
    assert_int_equal(told(w, SECRETARY, "remind_answer"), 1);
    assert_int_equal(rows(w, AUTHOR), 0);
    w->now += TIME_DAY;
    ring(w);
    assert_int_equal(told(w, GRID, "escalated_grid"), 1);
    assert_int_equal(told(w, SECRETARY, "escalated_desk"), 1);
    assert_int_equal(told(w, AUTHOR, "escalated"), 1);
    forget(w);
    act(w, hand_off);
    forget(w);
    w->now += 30 * TIME_DAY;
    ring(w);
    assert_true(told(w, GRID, "order_late_desk") > 0);
    assert_true(told(w, SQUAD, "order_late") > 0);
}

static void closed_accounts_and_hidden_reports_are_silent(void **state)
{
    struct world *w = *state;

    begin(w);
    test_sql(&w->t, "UPDATE person SET state = 'closed' WHERE id IN (%d, %d)", AUTHOR, CADRE);
    act(w, answer);
    assert_int_equal(rows(w, AUTHOR), 0);
    assert_int_equal(told(w, NEIGHBOUR, "answered"), 1);
    act(w, solve);
    assert_int_equal(rows(w, CADRE), 0);
    test_sql(&w->t, "UPDATE person SET state = 'active'");
    forget(w);
    act(w, hide);
    assert_int_equal(told(w, AUTHOR, "hidden"), 1);
    act(w, rejects);
    assert_int_equal(rows(w, NEIGHBOUR), 0);
    assert_int_equal(told(w, CADRE, "reopened_desk"), 1);
}

static enum result read_words(struct db *db, struct world *w)
{
    struct notifications list;
    enum result r = notify_list(db, NEIGHBOUR, LANG_ZH_CN, 0, 10, &list);

    (void)w;
    assert_int_equal(r, OK);
    assert_int_equal(list.n, 1);
    assert_true(str_find(list.notification[0].words, STR("「广场变菜园」")) != SIZE_MAX);
    assert_true(str_find(list.notification[0].words, STR("2 家单位")) != SIZE_MAX);
    assert_true(str_starts(list.notification[0].url.s, STR("/p/310113007011/report/")));
    r = notify_list(db, SQUAD, LANG_EN, 0, 10, &list);
    assert_int_equal(r, OK);
    assert_true(str_starts(list.notification[0].url.s, STR("/desk/report/310113007011/")));
    return r;
}

static void words_name_the_report(void **state)
{
    struct world *w = *state;

    begin(w);
    act(w, hand_off);
    act(w, read_words);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(a_new_report_is_the_committees), T(an_answer_reaches_reporter_and_followers),
        T(handing_off_is_one_message),     T(comments_are_bundled),
        T(late_goes_to_the_grid_centre),   T(closed_accounts_and_hidden_reports_are_silent),
        T(words_name_the_report),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
