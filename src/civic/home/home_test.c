/* home_test.c: the front door, homes, level pages and their figures, over real sockets. */
#include <stdio.h>

#include "civic/home/lane_test.h"

static const struct module *const modules[] = {&lane_module, &home_module, &figures_module};

static int setup(void **state)
{
    (void)state;
    lane_open(modules, 3, NULL);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    test_app_close(t);
    return 0;
}

#define path(...) test_path(t, __VA_ARGS__)

#define assert_str(value, expected) assert_string_equal(str_cstr(t->arena, (value)), (expected))

/* ---- the front door -------------------------------------------------------------------------------------------------- */

static void everybody_comes_in_where_they_belong(void **state)
{
    struct reply r;
    (void)state;

    r = test_get(lane_browser(lane.resident), "/");
    assert_int_equal(r.status, 303);
    assert_str(r.location, "/p/310113007011");
    r = test_get(lane_browser(lane.waiting), "/");
    assert_str(r.location, "/p/310113007011");
    r = test_get(lane_browser(lane.cadre), "/");
    assert_str(r.location, "/desk");
    r = test_get(lane_browser(0), "/");
    assert_int_equal(r.status, 200);
    assert_true(reply_has(r, "宝山区"));
    assert_true(reply_has(r, "扫小区门口的二维码"));
}

static void a_guest_finds_the_community(void **state)
{
    struct browser *b = lane_browser(0);
    struct reply r;
    (void)state;

    r = test_get(b, "/?q=海江"); /* by the estate */
    assert_int_equal(r.status, 200);
    assert_true(reply_has(r, "海江路小区"));
    assert_true(reply_has(r, "href=\"/p/310113007011\""));
    r = test_get(b, "/?q=三营房"); /* by the committee */
    assert_true(reply_has(r, "href=\"/p/310113007012\""));
    r = test_get(b, "/?q=%25"); /* a sign of LIKE is a sign */
    assert_false(reply_has(r, "海江路小区"));
    r = test_get(b, "/?q=不存在的地方");
    assert_int_equal(r.status, 200);
    assert_true(reply_has(r, "没有找到"));
    r = test_get(b, "/?q=<script>alert(1)</script>");
    assert_false(reply_has(r, "<script>alert"));
    r = test_get(b, "/?place=310113000000"); /* or step by step, without a script */
    assert_true(reply_has(r, "/?place=310113007000"));
    r = test_get(b, "/?place=310113007000");
    assert_true(reply_has(r, "href=\"/p/310113007011\""));
    assert_int_equal(test_get(b, "/?place=310113999000").status, 404);
    r = test_get_json(b, "/?q=海江");
    assert_str(reply_json(t, r, "found.0.url"), "/p/310113007011");
}

/* ---- homes ------------------------------------------------------------------------------------------------------------- */

static struct notice notice;
static enum result put_notice(struct db *db, void *arg)
{
    (void)arg;
    return notify_put(db, &notice, time_now());
}

static void a_home_shows_boards_people_and_what_waits(void **state)
{
    struct reply r;
    (void)state;

    r = test_get(lane_browser(0), "/p/310113007011");
    assert_int_equal(r.status, 200);
    assert_true(reply_has(r, "<h1 class=\"sr\">吴淞新城</h1>"));
    assert_true(reply_has(r, "href=\"/p/310113007011/report\""));
    assert_true(reply_has(r, "action=\"/p/310113007011/report\""));
    assert_true(reply_has(r, "aria-label=\"搜一搜\"")); /* of everything, not of the reports alone */
    assert_true(reply_has(r, "021-5000 0000"));
    assert_true(reply_has(r, "宋书记"));
    assert_true(reply_has(r, path("/join?estate=%.*s", (int)lane.estate.qr_code.len, lane.estate.qr_code.ptr)));
    assert_false(reply_has(r, "id=\"today\""));

    notice = (struct notice){.person = lane.resident,
                             .community = HERE,
                             .text = T_frame_report,
                             .url = {STR("/p/310113007011/report")},
                             .subject_kind = STR("report"),
                             .subject = 7};
    test_write(t, put_notice, NULL);
    r = test_get(lane_browser(lane.resident), "/p/310113007011");
    assert_true(reply_has(r, "您有 1 条消息还没看"));
    assert_true(reply_has(r, "<b class=\"count\">1</b>")); /* the badge of the frame */
    assert_false(reply_has(r, "/join?estate="));
    r = test_get_json(lane_browser(lane.resident), "/p/310113007011");
    assert_str(reply_json(t, r, "place"), "310113007011");
    assert_str(reply_json(t, r, "boards.0.url"), "/p/310113007011/report");
    assert_str(reply_json(t, r, "today.0.url"), "/messages");
}

static void codes_that_are_no_place(void **state)
{
    static const char *const wrong[] = {
        "/p/999999999999",  "/p/310113007099",        "/p/1", "/p/310100000000", "/p/0", "/p/abc",
        "/p/310113007011x", "/p/99999999999999999999"};
    struct browser *b = lane_browser(0);
    (void)state;

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_int_equal(test_get(b, wrong[i]).status, 404);
        assert_int_equal(test_get(b, path("%s/figures", wrong[i])).status, 404);
        assert_int_equal(test_get(b, path("%s/figures.csv", wrong[i])).status, 404);
    }
}

static enum result merge(struct db *db, void *arg)
{
    const int64_t from[] = {THERE};
    const struct place_new to[] = {{HERE, STR_NONE}};
    const struct place_change change = {.from = from, .n_from = 1, .to = to, .n_to = 1, .at = time_now(), .actor = 0};
    (void)arg;

    return place_succeed(db, &change);
}

static void a_merged_community_shows_its_successor(void **state)
{
    struct browser *b = lane_browser(0);
    struct reply r;
    (void)state;

    lane_happen(.community = THERE, .verb = "reported", .n = 5, .at = time_now());
    test_write(t, merge, NULL);
    r = test_get(b, "/p/310113007012");
    assert_int_equal(r.status, 200);
    assert_true(reply_has(r, "href=\"/p/310113007011\""));
    assert_true(reply_has(r, "三营房"));
    r = test_get_json(b, "/p/310113007012");
    assert_str(reply_json(t, r, "successors.0.place"), "310113007011");
    r = test_get_json(b, "/p/310113007012/figures"); /* what was counted there stays there */
    assert_str(reply_json(t, r, "figures.0.n"), "5");
    r = test_get_json(b, "/p/310113007000/figures"); /* and counts once above */
    assert_str(reply_json(t, r, "figures.0.n"), "5");
    assert_str(reply_json(t, r, "places.rows.1.place"), "310113007012");
}

/* ---- levels --------------------------------------------------------------------------------------------------------------- */

/* Monday 2 March is today. */
static void some_weeks(void)
{
    lane_happen(.community = HERE, .verb = "reported", .n = 30, .at = time_at(2026, 2, 24, 9, 0));
    lane_happen(.community = HERE, .verb = "answered", .n = 30, .in_time = 24, .amount = 80,
                .at = time_at(2026, 2, 24, 12, 0));
    lane_happen(.community = THERE, .verb = "reported", .n = 10, .at = time_at(2026, 2, 25, 9, 0));
    lane_happen(.community = THERE, .verb = "answered", .n = 10, .in_time = 10, .amount = 30,
                .at = time_at(2026, 2, 25, 12, 0));
    lane_happen(.community = HERE, .verb = "reported", .n = 25, .at = time_at(2026, 2, 17, 9, 0));
    lane_happen(.community = HERE, .verb = "answered", .n = 25, .in_time = 25, .amount = 60,
                .at = time_at(2026, 2, 17, 12, 0));
    lane_happen(.community = HERE, .verb = "reported", .n = 3, .at = time_at(2026, 3, 2, 9, 0));
    lane_happen(.community = HERE, .verb = "rated", .n = 4, .amount = 5, .at = time_at(2026, 3, 2, 9, 0));
}

static void check_levels(void)
{
    static const int64_t level[] = {CITY, DISTRICT, STREET};
    struct browser *b = lane_browser(0);
    struct reply r;

    for (size_t i = 0; i < 3; i++) {
        r = test_get_json(b, path("/p/%lld/figures?period=week&from=2026-02-26", (long long)level[i]));
        assert_int_equal(r.status, 200);
        assert_str(reply_json(t, r, "first"), "2026-02-23");
        assert_str(reply_json(t, r, "last"), "2026-03-01");
        assert_str(reply_json(t, r, "figures.0.n"), "40");
        assert_str(reply_json(t, r, "figures.1.n"), "34");
        assert_str(reply_json(t, r, "figures.1.of"), "40");
        assert_str(reply_json(t, r, "figures.1.value"), "85.0");
        assert_str(reply_json(t, r, "figures.1.change"), "比上周低 15.0 个百分点");
        assert_str(reply_json(t, r, "more.0.value"), "1 小时 20 分钟"); /* the median of 30 × 80 and 10 × 30 minutes */
        assert_str(reply_json(t, r, "trend.points.11.values.0"), "40");
        assert_str(reply_json(t, r, "trend.points.10.values.0"), "25");
        assert_str(reply_json(t, r, "trend.points.10.first"), "2026-02-16");
    }
    r = test_get_json(b, "/p/310113007000/figures?from=2026-02-26");
    assert_str(reply_json(t, r, "places.rows.0.cells.0.value"), "30");
    assert_str(reply_json(t, r, "places.rows.0.cells.1.value"), "80.0%");
    assert_str(reply_json(t, r, "places.rows.1.cells.0.value"), "10");
    assert_str(reply_json(t, r, "places.rows.1.cells.1.small"), "true");
    r = test_get_json(b, "/p/310000000000/figures?period=month&from=2026-02-01");
    assert_str(reply_json(t, r, "first"), "2026-02-01");
    assert_str(reply_json(t, r, "last"), "2026-02-28");
    assert_str(reply_json(t, r, "figures.0.n"), "65");
    assert_str(reply_json(t, r, "places.rows.0.cells.0.value"), "65");
}

static void levels_add_up_before_and_after_their_days_are_closed(void **state)
{
    struct arena *a = arena_open(16 << 20);
    int64_t closed = 0;
    (void)state;

    some_weeks();
    check_levels();
    assert_int_equal(statistics_close_days(t->db.database, a, time_at(2026, 2, 25, 12, 0), 100, &closed), OK);
    assert_true(closed > 0);
    check_levels(); /* half of them closed */
    assert_int_equal(statistics_close_days(t->db.database, a, time_now(), 100, &closed), OK);
    check_levels();
    arena_close(a);
}

static void a_period_that_goes_on_is_compared_with_as_many_days(void **state)
{
    struct reply r;
    (void)state;

    some_weeks();
    lane_happen(.community = HERE, .verb = "reported", .n = 1, .at = time_at(2026, 2, 23, 9, 0)); /* last Monday */
    r = test_get_json(lane_browser(0), "/p/310113007011/figures");
    assert_str(reply_json(t, r, "first"), "2026-03-02");
    assert_str(reply_json(t, r, "running"), "true");
    assert_str(reply_json(t, r, "figures.0.n"), "3");
    assert_str(reply_json(t, r, "figures.0.change"), "比上周同期多 2 月");
    assert_str(reply_json(t, r, "figures.0.list"), "/p/310113007011/figures/reported?period=week&from=2026-03-02");
}

/* Behind each figure stands what it counts, down to the events; the sums are those of the page that it was opened from. */
static void a_figure_opens_what_it_counts(void **state)
{
    struct browser *b = lane_browser(0);
    struct reply r;
    int64_t before = 0, seen = 0;
    (void)state;

    some_weeks();
    r = test_get_json(b, "/p/310113007000/figures?from=2026-02-26");
    assert_str(reply_json(t, r, "figures.0.list"), "/p/310113007000/figures/reported?period=week&from=2026-02-23");
    r = test_get_json(b, "/p/310113007000/figures/reported?period=week&from=2026-02-23");
    assert_str(reply_json(t, r, "total"), "40");
    assert_str(reply_json(t, r, "places.0.place"), "310113007011");
    assert_str(reply_json(t, r, "places.0.n"), "30");
    assert_str(reply_json(t, r, "places.1.n"), "10");
    for (;;) { /* by pages */
        r = test_get_json(b, before ? path("/p/310113007011/figures/reported?period=month&from=2026-02-01&before=%lld",
                                           (long long)before)
                                    : path("/p/310113007011/figures/reported?period=month&from=2026-02-01"));
        assert_int_equal(r.status, 200);
        assert_str(reply_json(t, r, "total"), "55");
        for (int64_t i = 0; reply_json_has(t, r, path("rows.%lld.title", (long long)i)); i++)
            seen++;
        struct str more = reply_json(t, r, "more");
        size_t at = str_find(more, STR("before="));
        if (at == SIZE_MAX)
            break;
        assert_int_equal(str_int64(str_sub(more, at + 7, more.len - at - 7), 1, INT64_MAX, &before), OK);
    }
    assert_int_equal(seen, 55);
    assert_int_equal(test_get(b, "/p/310113007011/figures/first_answer").status, 404); /* no list is declared for it */
    assert_int_equal(test_get(b, "/p/310113007011/figures/nonsense").status, 404);
    assert_int_equal(test_get(b, "/p/310113007011/figures/reported").status, 200);
}

static void pages_of_levels(void **state)
{
    struct browser *guest = lane_browser(0), *officer = lane_browser(lane.officer);
    struct reply r;
    (void)state;

    some_weeks();
    r = test_get(guest, "/p/310113007000");
    assert_int_equal(r.status, 200);
    assert_true(reply_has(r, "<h1>吴淞街道</h1>"));
    assert_true(reply_has(r, "2 个居村"));
    assert_true(reply_has(r, "href=\"/p/310113000000\""));
    assert_true(reply_has(r, "吴淞街道办事处"));
    assert_false(reply_has(r, "id=\"late\"")); /* by name for staff only */
    assert_true(reply_has(test_get(officer, "/p/310113007000"), "id=\"late\""));
    assert_true(reply_has(r, "id=\"trend\""));
    r = test_get(guest, "/p/310113007000/figures");
    assert_true(reply_has(r, "id=\"trend\""));
    assert_true(reply_has(r, "class=\"few\""));
    r = test_get(guest, "/p/310000000000");
    assert_true(reply_has(r, "1 个区"));
    assert_int_equal(test_get(guest, "/p/310113007000/figures?period=year").status, 422);
    assert_int_equal(test_get(guest, "/p/310113007000/figures?from=gestern").status, 422);
    assert_int_equal(test_get(guest, "/p/310113007000/figures?from=2999-01-01").status, 200); /* the future is today */
}

static void the_table_as_csv(void **state)
{
    struct reply r;
    (void)state;

    some_weeks();
    r = test_get(lane_browser(0), "/p/310113007000/figures.csv?from=2026-02-26");
    assert_int_equal(r.status, 200);
    assert_true(str_starts(r.type, STR("text/csv")));
    assert_true(str_starts(r.body, STR("\xEF\xBB\xBF")));
    assert_true(reply_has(r, "310113007000,吴淞街道,2026-02-23,2026-03-01,40,85.0,40,80,"));
    assert_true(reply_has(r, "\r\n310113007011,吴淞新城居委会,2026-02-23,2026-03-01,30,80.0,30,,"));
    assert_true(reply_has(r, "\r\n310113007012,三营房居委会,2026-02-23,2026-03-01,10,100.0,10,,"));
}

static enum result rename_place(struct db *db, void *arg)
{
    (void)arg;
    return place_rename(db, THERE, STR("=1+1居委会"), time_now(), 0);
}

static void a_name_is_no_formula(void **state)
{
    struct reply r;
    (void)state;

    test_write(t, rename_place, NULL);
    r = test_get(lane_browser(0), "/p/310113007000/figures.csv");
    assert_true(reply_has(r, "'=1+1"));
    assert_false(reply_has(r, ",=1+1"));
}

static void coverage_counts_households(void **state)
{
    struct reply r;
    (void)state;

    app_run_jobs(t->app);
    r = test_get_json(lane_browser(0), "/p/310113000000/figures"); /* 1 of 4: who waits does not count */
    assert_str(reply_json(t, r, "more.2.figure"), "coverage");
    assert_str(reply_json(t, r, "more.2.n"), "1");
    assert_str(reply_json(t, r, "more.2.of"), "4");
    r = test_get_json(lane_browser(0), "/p/310113007000/figures");
    assert_str(reply_json(t, r, "places.rows.0.cells.2.value"), "25.0%");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(everybody_comes_in_where_they_belong),
        TEST(a_guest_finds_the_community),
        TEST(a_home_shows_boards_people_and_what_waits),
        TEST(codes_that_are_no_place),
        TEST(a_merged_community_shows_its_successor),
        TEST(levels_add_up_before_and_after_their_days_are_closed),
        TEST(a_period_that_goes_on_is_compared_with_as_many_days),
        TEST(a_figure_opens_what_it_counts),
        TEST(pages_of_levels),
        TEST(the_table_as_csv),
        TEST(a_name_is_no_formula),
        TEST(coverage_counts_households),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
