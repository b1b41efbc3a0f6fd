/* daily_test.c: the morning's figures say what happened the day before, once, to the street; and are for staff alone. */
#include <stdio.h>

#include "civic/daily/daily.h"
#include "civic/entry/entry.h"
#include "civic/home/lane_test.h"
#include "civic/statistics/statistics_figures.h"

static const struct module *const modules[] = {&lane_module,    &home_module,  &board_module,
                                               &figures_module, &daily_module, &notify_module};
static const struct desk_table *const desks[] = {&daily_desk};

static int setup(void **state)
{
    (void)state;
    lane_open(modules, sizeof(modules) / sizeof(modules[0]), NULL);
    frame_use_desk(desks, 1);
    test_sql(
        &t->db,
        "INSERT INTO board (id, word, kind, name, name_en, lead, lead_en, icon, place, organisation, owner_kind, readers, writers,"
        " review, position, state, created_at, changed_at) VALUES (2, 'lane', 'talk', '弄堂里', 'In the lane', '', '',"
        " 'talk', 310000000000, 0, '', 'residents', 'residents', 'none', 20, 'open', 0, 0)");
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    frame_use_desk(NULL, 0);
    test_app_close(t);
    return 0;
}

static const struct board lane_board = {.id = 2, .word = {"lane", 4}, .kind = {"talk", 4}};

static enum result write_one(struct db *db, int64_t person, const char *title, bool listed)
{
    const struct entry_actor actor = {.person = person, .now = time_now()};
    const struct entry_new what = {.board = &lane_board,
                                   .community = HERE,
                                   .title = str_from_cstr(title),
                                   .body = STR("x"),
                                   .state = STR("published"),
                                   .listed = listed};
    int64_t id;

    return entry_write(db, &actor, &what, &id);
}

/* Two entries that stand, by one resident, and one that waits. */
static enum result yesterday(struct db *db, void *arg)
{
    (void)arg;
    LANE_TRY(write_one(db, lane.resident, "桂花开了", true));
    LANE_TRY(write_one(db, lane.resident, "香得很", true));
    return write_one(db, lane.resident, "草稿", false);
}

static int64_t count(void)
{
    struct arena *a = arena_open((size_t)8 << 20);
    int64_t streets = -1;

    assert_int_equal(coverage_count(t->db.database, a, time_now()), OK);
    assert_int_equal(daily_count(t->db.database, a, time_now(), &streets), OK);
    arena_close(a);
    return streets;
}

static void the_street_reads_of_the_day_before(void **state)
{
    struct browser *officer;
    int64_t before = test_sql_int(&t->db, "SELECT COUNT(*) FROM notification WHERE person = %lld",
                                  (long long)lane.officer),
            bound, households;
    struct reply r;
    (void)state;

    test_write(t, yesterday, NULL);
    lane_happen(.community = HERE, .verb = "reported", .n = 3, .at = time_now());
    test_clock_add(TIME_DAY);
    assert_true(count() > 0);
    assert_int_equal(count(), 0); /* once */
    assert_int_equal(
        test_sql_int(&t->db, "SELECT COUNT(*) FROM notification WHERE person = %lld", (long long)lane.officer),
        before + 1);
    households = test_sql_int(&t->db, "SELECT COUNT(*) FROM dwelling WHERE community = %lld AND valid_to = 0",
                              (long long)HERE);
    bound = test_sql_int(&t->db,
                         "SELECT COUNT(DISTINCT dwelling) FROM residence WHERE community = %lld AND state = 'verified'",
                         (long long)HERE);
    assert_int_equal(
        test_sql_int(
            &t->db,
            "SELECT households * 1000000 + bound * 10000 + active * 100 + entries FROM daily_count WHERE community = %lld",
            (long long)HERE),
        households * 1000000 + bound * 10000 + 1 * 100 + 2);
    officer = lane_browser(lane.officer);
    r = test_get_json(officer, "/desk/daily");
    assert_true(str_eq(reply_json(t, r, "places.rows.0.place"), STR("310113007011")));
    assert_true(str_eq(reply_json(t, r, "boards.0.n"), STR("2")));
    assert_true(reply_has(test_get(officer, "/desk/daily"), "弄堂里"));
    /* the board of reports is one of them */
    assert_true(str_eq(reply_json(t, r, "boards.1.name"), STR("身边事")) &&
                str_eq(reply_json(t, r, "boards.1.n"), STR("3")));
    assert_true(str_eq(reply_json(t, r, "places.rows.0.cells.3.value"), STR("5"))); /* new entries on all boards */
    r = test_get(officer, "/desk/daily.csv");
    assert_true(reply_has(r, "新内容,弄堂里,身边事,") && reply_has(r, ",1,5,2,3,"));
    /* a committee reads its own line */
    r = test_get_json(lane_browser(lane.cadre), "/desk/daily");
    assert_true(str_eq(reply_json(t, r, "places.rows.0.place"), STR("310113007011")));
    /* a week later there is something to compare with */
    test_clock_add(7 * TIME_DAY);
    count();
    officer = lane_browser(lane.officer);
    r = test_get_json(officer, "/desk/daily");
    assert_true(str_eq(reply_json(t, r, "places.rows.0.cells.1.value"), STR("+0.0")));
    assert_int_equal(test_get(officer, "/desk/daily?day=yesterday").status, 422);
    assert_true(reply_has(test_get(officer, "/desk/daily?day=2001-01-01"), "没有简报"));
}

static void nobody_else_reads_them(void **state)
{
    (void)state;
    assert_int_equal(test_get(lane_browser(0), "/desk/daily").status, 303);
    assert_int_equal(test_get(lane_browser(lane.resident), "/desk/daily").status, 403);
    assert_int_equal(test_get(lane_browser(lane.handler), "/desk/daily").status, 403);
    assert_int_equal(test_get(lane_browser(lane.handler), "/desk/daily.csv").status, 403);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {TEST(the_street_reads_of_the_day_before), TEST(nobody_else_reads_them)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
