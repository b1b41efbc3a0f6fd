/* rules_test.c: what residents, committees and handlers rely on, without HTTP. */
#include "boards/report/rules_world_test.h"

static void tables_are_sound(void **state)
{
    struct arena *a = arena_open(1 << 20);
    struct str why = STR_NONE;

    (void)state;
    if (flow_check(&report_flow, a, &why) != OK)
        fail_msg(STR_FMT, STR_ARG(why));
    if (flow_check(&order_flow, a, &why) != OK)
        fail_msg(STR_FMT, STR_ARG(why));
    arena_close(a);
}

static void the_story(void **state)
{
    struct world *w = *state;

    begin(w);
    assert_state(w, "reported");
    assert_int_equal(now_it(w).answer_due, time_at(2026, 3, 16, 13, 30)); /* two work hours, with the noon between */
    w->now += 10 * TIME_MINUTE;
    assert_int_equal(act(w, hand_off_both), OK);
    assert_state(w, "handling");
    assert_int_equal(now_it(w).lead_handler, SQUAD_ORG);
    assert_int_equal(now_it(w).first_asked_by, COMMITTEE_ORG);
    assert_int_equal(act(w, squad_accepts), OK);
    assert_int_equal(act(w, squad_done), OK);
    assert_state(w, "handling"); /* the property company is not done yet */
    assert_int_equal(act(w, property_done), OK);
    assert_state(w, "checking");
    assert_int_equal(act(w, check_passes), OK);
    assert_state(w, "confirming");
    assert_order(w, orders[0], "passed");
    assert_int_equal(act(w, neighbour_confirms), E_DENIED); /* only who reported it */
    assert_int_equal(act(w, author_confirms), OK);
    assert_state(w, "closed");
    assert_int_equal(now_it(w).rating, 5);
    assert_int_equal(act(w, author_confirms), E_CONFLICT);
    assert_int_equal(figure(w, "report_reported"), 1);
    assert_int_equal(figure(w, "report_answered_in_time"), 1);
    assert_int_equal(figure(w, "report_solved"), 1);
    assert_int_equal(figure(w, "report_closed_late"), 0);
}

static void rejected_goes_back_to_the_same_handlers(void **state)
{
    struct world *w = *state;

    begin(w);
    assert_int_equal(act(w, hand_off_both), OK);
    assert_int_equal(act(w, squad_done), OK); /* done without saying "accepted" first is accepted too */
    assert_int_equal(act(w, property_done), OK);
    assert_int_equal(act(w, check_passes), OK);
    assert_int_equal(act(w, author_rejects), OK);
    assert_state(w, "handling");
    assert_order(w, orders[0], "accepted");
    assert_order(w, orders[1], "accepted");
    assert_int_equal(now_it(w).reopened, 1);
    assert_int_equal(order_now(w, orders[0]).rework, 1);
    assert_true(order_now(w, orders[0]).due_at > w->now);
    assert_int_equal(figure(w, "report_reopened"), 1);
}

static void failed_check_is_rework(void **state)
{
    struct world *w = *state;

    begin(w);
    assert_int_equal(act(w, hand_off_both), OK);
    assert_int_equal(act(w, squad_done), OK);
    assert_int_equal(act(w, property_done), OK);
    assert_int_equal(act(w, check_fails), OK);
    assert_state(w, "handling");
    assert_order(w, orders[1], "accepted");
    assert_int_equal(figure(w, "order_reworked"), 2);
}

static enum result squad_sends_back(struct db *db, struct world *w)
{
    struct report_actor actor = AS_SQUAD;
    return order_send_back(db, &actor, COMMUNITY, orders[0], STR("不在我们辖区。"));
}
static enum result withdraw_squad(struct db *db, struct world *w)
{
    struct report_actor actor = AS_COMMITTEE;
    return order_withdraw(db, &actor, COMMUNITY, orders[0], STR("由物业一并处理。"));
}
static enum result property_sends_back(struct db *db, struct world *w)
{
    struct report_actor actor = AS_PROPERTY;
    return order_send_back(db, &actor, COMMUNITY, orders[1], STR("人手不够。"));
}

static void sent_back_is_the_committees_again(void **state)
{
    struct world *w = *state;

    begin(w);
    assert_int_equal(act(w, hand_off_both), OK);
    assert_int_equal(act(w, squad_sends_back), OK);
    assert_int_equal(now_it(w).lead_handler, 0); /* 首问负责 */
    assert_int_equal(act(w, property_done), OK);
    assert_state(w, "handling"); /* the missing part is open */
    assert_int_equal(act(w, withdraw_squad), OK);
    assert_state(w, "checking");

    begin(w);
    assert_int_equal(act(w, hand_off_both), OK);
    assert_int_equal(act(w, squad_sends_back), OK);
    assert_int_equal(act(w, property_sends_back), OK);
    assert_state(w, "answered"); /* nobody has it: the committee, with a clock */
    assert_true(now_it(w).due_at > w->now);
}

static enum result property_accepts_others(struct db *db, struct world *w)
{
    struct report_actor actor = AS_PROPERTY;
    return order_accept(db, &actor, COMMUNITY, orders[0]);
}
static enum result resident_answers(struct db *db, struct world *w)
{
    struct report_actor actor = AS_RESIDENT;
    return report_answer(db, &actor, COMMUNITY, report, STR("我来回应"));
}
static enum result hand_off_without_lead(struct db *db, struct world *w)
{
    struct report_actor actor = AS_COMMITTEE;
    struct report_hand_off h = {
        .to = {{.organisation = SQUAD_ORG, .task = STR("看看")}}, .n = 1, .text = STR("已转。")};
    return report_hand_off(db, &actor, COMMUNITY, report, &h);
}
static enum result hand_off_without_answer(struct db *db, struct world *w)
{
    struct report_actor actor = AS_COMMITTEE;
    struct report_hand_off h = {.to = {{.organisation = SQUAD_ORG, .task = STR("看看"), .lead = true}}, .n = 1};
    return report_hand_off(db, &actor, COMMUNITY, report, &h);
}
static enum result elsewhere(struct db *db, struct world *w)
{
    struct report_actor actor = AS_COMMITTEE;
    return report_answer(db, &actor, COMMUNITY + 1, report, STR("走错了"));
}

static void nobody_does_what_is_not_theirs(void **state)
{
    struct world *w = *state;

    begin(w);
    assert_int_equal(act(w, resident_answers), E_DENIED);
    assert_int_equal(act(w, elsewhere), E_NOT_FOUND);
    assert_int_equal(act(w, hand_off_without_lead), E_INVALID);
    assert_int_equal(act(w, hand_off_without_answer), E_INVALID);
    assert_int_equal(act(w, hand_off_both), OK);
    assert_int_equal(act(w, property_accepts_others), E_DENIED);
    assert_int_equal(act(w, hand_off_both), E_CONFLICT); /* twice to the same */
    assert_int_equal(act(w, check_passes), E_CONFLICT);
}

static void rejected_without_handlers_is_the_committees(void **state)
{
    struct world *w = *state;

    begin(w);
    assert_int_equal(act(w, answer_it), OK);
    assert_int_equal(act(w, solve_it), OK);
    assert_int_equal(act(w, author_rejects), OK);
    assert_state(w, "answered");
    assert_true(now_it(w).due_at > w->now);
}

static enum result join_it(struct db *db, struct world *w)
{
    struct report_actor actor = AS_NEIGHBOUR;
    return report_join(db, &actor, COMMUNITY, report, 9002);
}
static enum result join_own(struct db *db, struct world *w)
{
    struct report_actor actor = AS_RESIDENT;
    return report_join(db, &actor, COMMUNITY, report, 9001);
}
static enum result thumb_it(struct db *db, struct world *w)
{
    struct report_actor actor = AS_NEIGHBOUR;
    return report_thumb(db, &actor, COMMUNITY, report, true);
}
static enum result comment_it(struct db *db, struct world *w)
{
    struct report_actor actor = AS_NEIGHBOUR;
    int64_t id;
    return report_comment(db, &actor, COMMUNITY, report, STR("我家也看到了。"), &id);
}
static enum result recount_it(struct db *db, struct world *w)
{
    int64_t bad;
    enum result r = report_recount(db, COMMUNITY, &bad);

    (void)w;
    return r == OK && bad ? E_CONFLICT : r;
}

static void a_tap_counts_once(void **state)
{
    struct world *w = *state;

    begin(w);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(act(w, join_it), OK);
        assert_int_equal(act(w, thumb_it), OK);
        assert_int_equal(act(w, join_own), OK);
    }
    assert_int_equal(act(w, comment_it), OK);
    assert_int_equal(now_it(w).joined, 1);
    assert_int_equal(now_it(w).thumbs, 1);
    assert_int_equal(now_it(w).comments, 1);
    assert_int_equal(act(w, recount_it), OK);
}

static int64_t first;
static enum result merge_it(struct db *db, struct world *w)
{
    struct report_actor actor = AS_COMMITTEE;
    return report_merge(db, &actor, COMMUNITY, report, first);
}
static enum result write_second(struct db *db, struct world *w)
{
    struct report_actor actor = AS_NEIGHBOUR;
    struct report_draft draft = {.community = COMMUNITY,
                                 .dwelling = 9002,
                                 .title = STR("广场种菜"),
                                 .body = STR("同上"),
                                 .category = STR("06045"),
                                 .committee = COMMITTEE_ORG};
    return report_write(db, &actor, &draft, &report);
}

static void a_merged_report_joins_the_leading_one(void **state)
{
    struct world *w = *state;

    begin(w);
    first = report;
    assert_int_equal(act(w, write_second), OK);
    assert_int_equal(act(w, merge_it), OK);
    assert_state(w, "merged");
    report = first;
    assert_int_equal(now_it(w).joined, 1);
    assert_int_equal(act(w, merge_it), E_INVALID); /* into itself */
}

static enum result redact_it(struct db *db, struct world *w)
{
    struct report_actor actor = AS_RESIDENT;
    return report_redact(db, &actor, COMMUNITY, report, STR("广场变菜园"), STR("（已删去电话）"), STR("广场"));
}

static void private_data_can_be_taken_out(void **state)
{
    struct world *w = *state;

    begin(w);
    assert_int_equal(act(w, redact_it), OK);
    assert_true(str_eq(now_it(w).body, STR("（已删去电话）")));
    assert_true(str_eq(now_it(w).original_body, STR("有人把广场的绿地挖了种菜。")));
    assert_int_equal(act(w, redact_it), OK); /* the first original stays */
    assert_true(str_eq(now_it(w).original_body, STR("有人把广场的绿地挖了种菜。")));
}

static int64_t estate_id;
static enum result found_estate(struct db *db, struct world *w)
{
    struct estate e = {.community = COMMUNITY, .name = STR("海江路小区"), .address = STR("海江路 1 号")};
    enum result r = estate_create(db, &e, w->now, 0);

    estate_id = e.id;
    return r;
}
static enum result merge_communities(struct db *db, struct world *w)
{
    static const int64_t from[] = {COMMUNITY};
    const struct place_new to[] = {{COMMUNITY + 1, STR_NONE}};
    const struct place_change change = {.from = from, .n_from = 1, .to = to, .n_to = 1, .at = w->now};

    return place_succeed(db, &change);
}
static enum result answer_in_successor(struct db *db, struct world *w)
{
    struct report_actor actor = AS_COMMITTEE;
    return report_answer(db, &actor, COMMUNITY + 1, report, STR("新居委会接着办。"));
}

static enum result join_in_successor(struct db *db, struct world *w)
{
    struct report_actor actor = AS_NEIGHBOUR, other = as(NEIGHBOUR + 1, 0, WHO_RESIDENT, w->now);
    enum result r = report_join(db, &actor, COMMUNITY + 1, report, 9002);

    return r == OK ? report_join(db, &other, COMMUNITY + 1, report, 9003) : r;
}

static void what_is_open_follows_a_merger(void **state)
{
    struct world *w = *state;
    struct sql_report_get row;
    struct db *db;
    int64_t rung;

    test_sql(
        &w->t,
        "INSERT INTO place (code, level, parent, name, valid_from, valid_to) VALUES"
        " (310000000000, 1, 0, '上海市', 0, 0), (310113000000, 2, 310000000000, '宝山区', 0, 0),"
        " (310113007000, 3, 310113000000, '吴淞街道', 0, 0), (310113007011, 4, 310113007000, '吴淞新城居委会', 0, 0),"
        " (310113007012, 4, 310113007000, '另一居委会', 0, 0)");
    assert_int_equal(act(w, found_estate), OK);
    begin(w);
    assert_int_equal(act(w, join_it), OK);
    assert_int_equal(act(w, redact_it), OK);
    assert_int_equal(act(w, merge_communities), OK);
    assert_int_equal(
        test_sql_int(&w->t, "SELECT COUNT(*) FROM report_version WHERE community = %lld", (long long)COMMUNITY), 0);
    assert_int_equal(test_sql_int(&w->t, "SELECT COUNT(*) FROM report_version WHERE community = %lld AND report = %lld",
                                  (long long)COMMUNITY + 1, (long long)report),
                     1);                              /* what stood there before goes along */
    assert_int_equal(act(w, answer_it), E_NOT_FOUND); /* not with the old one any more */
    w->now = time_at(2026, 3, 16, 15, 0);
    assert_int_equal(clock_ring(w->t.database, w->t.arena, &report_bell, w->now, &rung),
                     OK); /* the promised limit still runs */
    assert_int_equal(rung, 1);
    assert_int_equal(act(w, answer_in_successor), OK);
    assert_int_equal(db_read_begin(w->t.database, w->t.arena, &db), OK);
    assert_int_equal(sql_report_get(db, COMMUNITY + 1, report, &row), OK);
    db_read_end(db);
    assert_true(row.late);
    assert_true(str_eq(row.state, STR("answered")));
    assert_int_equal(row.joined, 1);
    assert_int_equal(act(w, join_in_successor),
                     OK); /* the household that had met it before the merger, and another one */
    assert_int_equal(test_sql_int(&w->t, "SELECT joined FROM report WHERE id = %lld", (long long)report), 2);
    assert_int_equal(figure(w, "report_reported"), 1); /* stays counted where it happened, once */
}

static const struct figure_item *item_of(const char *word)
{
    for (size_t i = 0; i < report_figures.n; i++)
        if (strcmp(report_figures.item[i].word, word) == 0)
            return &report_figures.item[i];
    fail_msg("no figure %s", word);
    return NULL;
}

/* Of a week in which one came more than before: "1 report more", not "1 reports". */
static void one_of_a_figure_is_one(void **state)
{
    struct arena *a = ((struct world *)*state)->t.arena;
    const struct figure_item *count = item_of("reported");

    assert_true(str_eq(figure_unit(a, LANG_EN, count, STR("1")), STR("report")));
    assert_true(str_eq(figure_unit(a, LANG_EN, count, STR("0")), STR("reports")));
    assert_true(str_eq(figure_unit(a, LANG_EN, count, STR("21")), STR("reports")));
    assert_true(str_eq(figure_unit(a, LANG_ZH_CN, count, STR("1")), STR("件")));
    assert_true(str_eq(figure_unit(a, LANG_EN, item_of("closing_rate"), STR("1")), STR_NONE));
}

/* 天门 2016-12: 应结案 972, 结案 911, 按期 737. The 174 that were closed after their limit are no longer on the pile. */
static void rates_are_those_of_the_standard(void **state)
{
    struct figure counted[] = {{STR("report_closed"), 1, 911, 0, false},
                               {STR("report_closed_on_time"), 1, 737, 0, false},
                               {STR("report_overdue"), 1, 235, 0, false},
                               {STR("report_overdue_settled"), 1, 174, 0, false}};
    const struct figures figures = {counted, 4};
    struct figure_value v = figure_value_of(item_of("closing_rate"), &figures, 1);

    (void)state;
    assert_int_equal(v.of, 972);
    assert_int_equal((int)(v.value * 100 + 0.5), 9372);
    v = figure_value_of(item_of("on_time_closing_rate"), &figures, 1);
    assert_int_equal(v.of, 972);
    assert_int_equal((int)(v.value * 100 + 0.5), 7582);

    counted[2].n = 10; /* a month in which an old pile was worked off: everything that was to be closed, no more */
    v = figure_value_of(item_of("closing_rate"), &figures, 1);
    assert_true(v.known && v.value == 100.0);
}

/* Of the days from..to; -1 when unknown. */
static int percent(struct world *w, const char *word, int32_t from, int32_t to)
{
    struct figure_value v;
    struct figures figures;
    struct db *db;

    assert_int_equal(db_read_begin(w->t.database, w->t.arena, &db), OK);
    assert_int_equal(statistics_read(db, COMMUNITY, from, to, PERIOD_ALL, &figures), OK);
    db_read_end(db);
    v = figure_value_of(item_of(word), &figures, from);
    return v.known ? (int)(v.value + 0.5) : -1;
}

static enum result void_it(struct db *db, struct world *w)
{
    struct report_actor actor = AS_COMMITTEE;
    return report_void(db, &actor, COMMUNITY, report, STR("重复登记。"));
}

static void what_was_to_be_closed(void **state)
{
    struct world *w = *state;
    struct statistics_verdict verdict;
    struct arena *a = arena_open(64 << 20);
    int32_t week_1 = day_from_ymd(2026, 3, 16), week_2 = week_1 + 7;
    int64_t late_one;

    begin(w); /* the first week: one that is not done in time */
    assert_int_equal(act(w, answer_it), OK);
    late_one = report;
    assert_int_equal(percent(w, "closing_rate", week_1, week_1 + 6), -1); /* nothing was to be closed yet */
    w->now = now_it(w).due_at + TIME_MINUTE;
    ring(w);
    ring(w);
    assert_int_equal(figure(w, "report_overdue"), 1);
    assert_int_equal(percent(w, "closing_rate", week_1, week_1 + 6), 0);

    w->now = time_at(2026, 3, 23, 9, 0); /* the second: it is made good, and a new one is done at once */
    assert_int_equal(act(w, solve_it), OK);
    assert_int_equal(act(w, author_confirms), OK);
    assert_int_equal(act(w, write_it), OK);
    assert_int_equal(act(w, answer_it), OK);
    assert_int_equal(act(w, solve_it), OK);
    assert_int_equal(act(w, author_confirms), OK);
    assert_int_equal(percent(w, "closing_rate", week_2, week_2 + 6), 100); /* two closed, one reported: not 200 */
    assert_int_equal(percent(w, "closing_rate", week_1, week_2 + 6), 100);
    assert_int_equal(percent(w, "on_time_closing_rate", week_2, week_2 + 6), 100);
    assert_int_equal(percent(w, "on_time_closing_rate", week_1, week_2 + 6), 50);
    assert_int_equal(percent(w, "solving_rate", week_1, week_2 + 6), 100);

    /* A late answer alone is not a matter that was not done; one that is voided leaves the pile. */
    assert_int_equal(act(w, write_it), OK);
    assert_true(report != late_one);
    w->now = now_it(w).answer_due + TIME_MINUTE;
    ring(w);
    assert_int_equal(figure(w, "report_overdue"), 1);
    assert_int_equal(act(w, answer_it), OK);
    w->now = now_it(w).due_at + TIME_MINUTE;
    ring(w);
    assert_int_equal(percent(w, "closing_rate", week_2, week_2 + 6), 100); /* one came onto the pile, one left it */
    assert_int_equal(percent(w, "closing_rate", week_1, week_2 + 6), 67);
    assert_int_equal(act(w, void_it), OK);
    assert_int_equal(percent(w, "closing_rate", week_1, week_2 + 6), 100);

    assert_int_equal(statistics_recount(w->t.database, a, COMMUNITY, &verdict), OK);
    assert_false(verdict.differs);
    arena_close(a);
}

static void handed_on_counts_a_report_once(void **state)
{
    struct world *w = *state;

    begin(w);
    assert_int_equal(act(w, hand_off_both), OK); /* to two at once, without an answer before */
    assert_int_equal(figure(w, "report_handed_off"), 1);
    assert_int_equal(act(w, write_it), OK);
    assert_int_equal(act(w, answer_it), OK);
    assert_int_equal(act(w, hand_off_both), OK);
    assert_int_equal(figure(w, "report_handed_off"), 2);
    assert_int_equal(figure(w, "order_handed"), 4);
}

static void figures_equal_a_recount(void **state)
{
    struct world *w = *state;
    struct statistics_verdict verdict;
    struct arena *a = arena_open(64 << 20);

    begin(w);
    assert_int_equal(act(w, hand_off_both), OK);
    assert_int_equal(act(w, squad_done), OK);
    assert_int_equal(act(w, property_done), OK);
    assert_int_equal(act(w, check_passes), OK);
    assert_int_equal(act(w, author_confirms), OK);
    assert_int_equal(statistics_recount(w->t.database, a, COMMUNITY, &verdict), OK);
    assert_false(verdict.differs);
    arena_close(a);
}

int main(void)
{
#define WITH_WORLD(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tables_are_sound),
        WITH_WORLD(the_story),
        WITH_WORLD(rejected_goes_back_to_the_same_handlers),
        WITH_WORLD(failed_check_is_rework),
        WITH_WORLD(sent_back_is_the_committees_again),
        WITH_WORLD(nobody_does_what_is_not_theirs),
        WITH_WORLD(rejected_without_handlers_is_the_committees),
        WITH_WORLD(a_tap_counts_once),
        WITH_WORLD(a_merged_report_joins_the_leading_one),
        WITH_WORLD(private_data_can_be_taken_out),
        WITH_WORLD(what_is_open_follows_a_merger),
        WITH_WORLD(one_of_a_figure_is_one),
        cmocka_unit_test(rates_are_those_of_the_standard),
        WITH_WORLD(what_was_to_be_closed),
        WITH_WORLD(handed_on_counts_a_report_once),
        WITH_WORLD(figures_equal_a_recount),
    };

    return cmocka_run_group_tests_name("report rules", tests, NULL, NULL);
}
