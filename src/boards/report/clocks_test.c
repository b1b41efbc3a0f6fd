/* clocks_test.c: limits, holidays, extensions and what happens when nobody does anything. */
#include "boards/report/rules_world_test.h"

static void late_is_said_in_the_open(void **state)
{
    struct world *w = *state;

    begin(w);
    w->now = time_at(2026, 3, 16, 13, 31);
    ring(w);
    assert_true(now_it(w).late);
    assert_true(now_it(w).escalated_at > 0);
    assert_int_equal(figure(w, "report_escalated"), 1);
    ring(w); /* once */
    assert_int_equal(figure(w, "report_escalated"), 1);
    assert_int_equal(act(w, answer_it), OK);
    assert_int_equal(figure(w, "report_answered_in_time"), 0);
    assert_true(now_it(w).late); /* for ever */

    assert_int_equal(act(w, hand_off_both), OK);
    w->now = order_now(w, orders[0]).due_at + TIME_MINUTE;
    ring(w);
    assert_true(order_now(w, orders[0]).late);
}

static int64_t escalations_in_public(struct world *w)
{
    return test_sql_int(&w->t,
                        "SELECT COUNT(*) FROM report_step WHERE verb = 'escalated' AND public = 1 AND report = %lld",
                        (long long)report);
}

/* 2026: Saturday 14 February is a workday, the 15th to the 23rd are free, and Saturday the 28th is a workday again. */
static void limits_wait_for_the_spring_festival(void **state)
{
    struct world *w = *state;

    /* reported on the eve, an hour before closing time: the second hour is that after the holiday */
    w->now = time_at(2026, 2, 14, 16, 30);
    begin(w);
    assert_int_equal(now_it(w).answer_due, time_at(2026, 2, 24, 10, 0));
    w->now = time_at(2026, 2, 23, 23, 59);
    ring(w);
    assert_false(now_it(w).late);
    w->now = time_at(2026, 2, 24, 9, 50);
    assert_int_equal(act(w, answer_it), OK);
    assert_int_equal(figure(w, "report_answered_in_time"), 1);
    assert_int_equal(now_it(w).due_at, time_at(2026, 2, 27, 17, 30)); /* three work days for the committee itself */
    ring(w);
    assert_int_equal(escalations_in_public(w), 0);

    /* another one that nobody answers goes to the street, as a step that everybody reads, the morning after */
    w->now = time_at(2026, 2, 14, 17, 0);
    assert_int_equal(act(w, write_it), OK);
    assert_int_equal(now_it(w).answer_due, time_at(2026, 2, 24, 10, 30));
    w->now = time_at(2026, 2, 24, 10, 29);
    ring(w);
    assert_int_equal(escalations_in_public(w), 0);
    w->now = time_at(2026, 2, 24, 10, 31);
    ring(w);
    assert_int_equal(escalations_in_public(w), 1);
    assert_true(now_it(w).late && now_it(w).escalated_at == w->now);
    assert_true(str_eq(now_it(w).state, STR("reported"))); /* and stays the committee's to answer */
}

static enum result grant_it(struct db *db, struct world *w);
static enum result ask_until_march(struct db *db, struct world *w)
{
    struct report_actor actor = AS_SQUAD;
    return order_ask_extension(db, &actor, COMMUNITY, orders[0], time_at(2026, 3, 3, 17, 30), STR("要等花苗。"));
}

static void work_orders_wait_for_the_spring_festival(void **state)
{
    struct world *w = *state;

    w->now = time_at(2026, 2, 14, 9, 0);
    begin(w);
    w->now = time_at(2026, 2, 14, 16, 0);
    assert_int_equal(act(w, hand_off_both), OK);
    assert_int_equal(order_now(w, orders[0]).accept_due, time_at(2026, 2, 24, 17, 30)); /* one work day */
    assert_int_equal(order_now(w, orders[0]).due_at, time_at(2026, 2, 26, 17, 30));     /* three */
    w->now = time_at(2026, 2, 23, 12, 0);
    ring(w);
    assert_int_equal(escalations_in_public(w), 0);
    w->now = time_at(2026, 2, 24, 17, 0);
    assert_int_equal(act(w, squad_accepts), OK);
    w->now = time_at(2026, 2, 24, 17, 31); /* the property company has not */
    ring(w);
    assert_int_equal(escalations_in_public(w), 1);
    assert_true(order_now(w, orders[1]).late);
    assert_false(order_now(w, orders[0]).late);

    w->now = time_at(2026, 2, 26, 9, 0);
    assert_int_equal(act(w, ask_until_march), OK);
    assert_int_equal(act(w, grant_it), OK);
    w->now = time_at(2026, 2, 28, 12, 0); /* the swapped Saturday: an ordinary day */
    ring(w);
    assert_false(order_now(w, orders[0]).late);
    assert_int_equal(escalations_in_public(w), 2); /* the property company's limit to do it */
    w->now = time_at(2026, 3, 3, 17, 31);
    ring(w);
    assert_true(order_now(w, orders[0]).late);
    assert_int_equal(escalations_in_public(w), 3);
}

static void silence_of_seven_days_closes(void **state)
{
    struct world *w = *state;

    begin(w);
    assert_int_equal(act(w, answer_it), OK);
    assert_int_equal(act(w, solve_it), OK);
    assert_state(w, "confirming");
    w->now = now_it(w).confirm_due - TIME_MINUTE;
    ring(w);
    assert_state(w, "confirming");
    w->now = now_it(w).confirm_due + 1;
    ring(w);
    assert_state(w, "closed");
    assert_int_equal(figure(w, "report_by_committee"), 1);
}

static enum result ask_extension(struct db *db, struct world *w)
{
    struct report_actor actor = AS_SQUAD;
    return order_ask_extension(db, &actor, COMMUNITY, orders[0], time_at(2026, 4, 10, 17, 0), STR("要等花苗。"));
}
static enum result grant_it(struct db *db, struct world *w)
{
    struct report_actor actor = AS_COMMITTEE;
    return order_decide_extension(db, &actor, COMMUNITY, orders[0], true, STR_NONE);
}

static void an_extension_moves_the_limit(void **state)
{
    struct world *w = *state;
    int64_t before;

    begin(w);
    assert_int_equal(act(w, hand_off_both), OK);
    assert_int_equal(act(w, grant_it), E_CONFLICT); /* not accepted, nothing asked */
    assert_int_equal(act(w, squad_accepts), OK);
    assert_int_equal(act(w, grant_it), E_CONFLICT); /* nothing asked */
    before = order_now(w, orders[0]).due_at;
    assert_int_equal(act(w, ask_extension), OK);
    assert_int_equal(order_now(w, orders[0]).due_at, before);
    assert_int_equal(act(w, grant_it), OK);
    assert_int_equal(order_now(w, orders[0]).due_at, time_at(2026, 4, 10, 17, 0));
    assert_int_equal(now_it(w).due_at, time_at(2026, 4, 10, 17, 0)); /* the lead's limit is the public one */
    w->now = before + TIME_HOUR;
    ring(w);
    assert_false(order_now(w, orders[0]).late);
}

static int64_t promised;
static enum result hand_off_promised(struct db *db, struct world *w)
{
    struct report_actor actor = AS_COMMITTEE;
    struct report_hand_off h = {
        .to = {{.organisation = SQUAD_ORG, .task = STR("劝离并清理"), .due_at = promised, .lead = true}},
        .n = 1,
        .text = STR("已请城管处理。"),
        .due_reason = STR("明天上午有领导来看。"),
    };
    struct sql_work_order_of_report_rows rows;
    enum result r = report_hand_off(db, &actor, COMMUNITY, report, &h);

    if (r == OK)
        r = sql_work_order_of_report(db, COMMUNITY, report, &rows);
    if (r == OK)
        orders[0] = rows.row[0].id;
    return r;
}

static void another_deadline_moves_the_handlers_clock(void **state)
{
    struct world *w = *state;

    begin(w);
    promised = time_at(2026, 3, 16, 17, 0); /* today; the category would give days, and a day to accept */
    assert_int_equal(act(w, hand_off_promised), OK);
    assert_int_equal(order_now(w, orders[0]).due_at, promised);
    assert_int_equal(order_now(w, orders[0]).accept_due, promised);
    assert_int_equal(now_it(w).due_at, promised);
    w->now = promised - TIME_MINUTE;
    ring(w);
    assert_false(order_now(w, orders[0]).late);
    assert_int_equal(test_sql_int(&w->t, "SELECT COUNT(*) FROM ledger WHERE verb = 'reminded'"), 2);
    w->now = promised + TIME_MINUTE;
    ring(w);
    assert_true(order_now(w, orders[0]).late);
    assert_int_equal(figure(w, "order_escalated"), 2); /* not accepted, not done */

    w->now = time_at(2026, 3, 16, 10, 0);
    begin(w);
    promised = time_at(2026, 6, 1, 12, 0); /* long after the category's */
    assert_int_equal(act(w, hand_off_promised), OK);
    assert_int_equal(act(w, squad_accepts), OK);
    w->now = promised - TIME_MINUTE;
    ring(w);
    assert_false(order_now(w, orders[0]).late);
    w->now = promised + TIME_MINUTE;
    ring(w);
    assert_true(order_now(w, orders[0]).late);
}

int main(void)
{
#define WITH_WORLD(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        WITH_WORLD(late_is_said_in_the_open),
        WITH_WORLD(limits_wait_for_the_spring_festival),
        WITH_WORLD(work_orders_wait_for_the_spring_festival),
        WITH_WORLD(silence_of_seven_days_closes),
        WITH_WORLD(an_extension_moves_the_limit),
        WITH_WORLD(another_deadline_moves_the_handlers_clock),
    };

    return cmocka_run_group_tests_name("report clocks", tests, NULL, NULL);
}
