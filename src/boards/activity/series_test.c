/* series_test.c: dates of a series, calendars, and that what is kept back is nowhere. */
#include "boards/activity/activity_world_test.h"
#include "boards/activity/calendar.h"
#include "boards/activity/rules.h"
#include "civic/home/lane_test.h"

static const struct module *const modules[] = {&lane_module,     &home_module,         &board_module,
                                               &activity_module, &activity_run_module, &activity_mine_module,
                                               &notify_module,   &hours_module,        &search_module};

static int setup(void **state)
{
    (void)state;
    activity_open(modules, sizeof(modules) / sizeof(modules[0]));
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    home_use(NULL, 0);
    search_use(NULL, 0);
    test_app_close(t);
    lane_services = NULL;
    return 0;
}

/* ---- dates ----------------------------------------------------------------------------------------------------------- */

static void dates_of_a_series(void **state)
{
    int64_t last = time_at(2026, 1, 31, 9, 30), second = time_at(2026, 3, 14, 9, 0), fifth = time_at(2026, 1, 31, 9, 0);
    (void)state;

    assert_int_equal(repeat_at(REPEAT_WEEKLY, second, 3), time_at(2026, 4, 4, 9, 0));
    assert_int_equal(repeat_at(REPEAT_FORTNIGHTLY, second, 2), time_at(2026, 4, 11, 9, 0));
    assert_int_equal(repeat_at(REPEAT_MONTHLY, last, 1), time_at(2026, 2, 28, 9, 30)); /* no 31st in February */
    assert_int_equal(repeat_at(REPEAT_MONTHLY, last, 2), time_at(2026, 3, 31, 9, 30)); /* and it does not stick */
    assert_int_equal(repeat_at(REPEAT_MONTHLY, last, 25), time_at(2028, 2, 29, 9, 30));
    assert_int_equal(repeat_at(REPEAT_WEEKDAY, second, 1), time_at(2026, 4, 11, 9, 0)); /* the second Saturday */
    assert_int_equal(repeat_at(REPEAT_WEEKDAY, second, 10), time_at(2027, 1, 9, 9, 0));
    assert_int_equal(repeat_at(REPEAT_WEEKDAY, fifth, 1), time_at(2026, 2, 28, 9, 0)); /* no fifth: the last */
    assert_int_equal(repeat_at(REPEAT_WEEKDAY, fifth, 4), time_at(2026, 5, 30, 9, 0));
    assert_int_equal(repeat_at(REPEAT_NONE, fifth, 4), fifth);
}

static int64_t of_state(const char *state)
{
    return test_sql_int(&t->db, "SELECT COUNT(*) FROM entry WHERE state = '%s'", state);
}

static const char *nth(int n)
{
    return path(BOARD "/%lld",
                (long long)test_sql_int(&t->db, "SELECT entry FROM activity ORDER BY starts_at LIMIT 1 OFFSET %d", n));
}

static void a_series_one_by_one(void **state)
{
    struct browser *cadre = lane_browser(lane.cadre), *wu = lane_browser(people[0]);
    const char *first = announced(cadre, "智能手机课", "5",
                                  (const char *const[]){"repeat", "weekly", "times", "4", NULL});
    const char *fields[] = {"title",     "智能手机课",
                            "spot",      "三楼教室",
                            "starts_at", "2026-03-14T14:00",
                            "ends_at",   "2026-03-14T15:00",
                            "capacity",  "6",
                            "version",   "1",
                            "rest",      "1",
                            NULL};
    (void)state;

    assert_string_equal(first, nth(0));
    assert_int_equal(of_state("open"), 1);
    assert_int_equal(of_state("planned"), 3);
    /* what is planned is nowhere for residents */
    assert_int_equal(test_get(wu, nth(1)).status, 404);
    assert_false(reply_has(test_get(wu, BOARD), "3月14日") ||
                 reply_has(test_get(wu, BOARD "?show=planned"), "3月14日"));
    assert_false(reply_has(test_get_json(wu, first), nth(1)));
    assert_int_equal(sign(people[0], nth(1), 1), 404);
    assert_true(reply_has(test_get(cadre, BOARD "?show=planned"), "3月14日"));
    /* this one and the rest are moved and changed, the first stays as it was */
    assert_int_equal(test_upload(cadre, path("%s/edit", nth(1)), fields, NULL, 0).status, 303);
    assert_int_equal(column(nth(0), "starts_at"), time_at(2026, 3, 7, 9, 0));
    assert_int_equal(column(nth(1), "starts_at"), time_at(2026, 3, 14, 14, 0));
    assert_int_equal(column(nth(3), "starts_at"), time_at(2026, 3, 28, 14, 0));
    assert_int_equal(column(nth(3), "ends_at"), time_at(2026, 3, 28, 15, 0));
    assert_int_equal(column(nth(3), "capacity"), 6);
    assert_int_equal(column(nth(0), "capacity"), 5);
    /* one is changed alone */
    {
        const char *alone[] = {"title",   "智能手机课",       "spot",     "居委会", "starts_at", "2026-03-22T10:00",
                               "ends_at", "2026-03-22T11:00", "capacity", "6",      "version",   "2",
                               NULL};

        assert_int_equal(test_upload(cadre, path("%s/edit", nth(2)), alone, NULL, 0).status, 303);
    }
    assert_int_equal(column(nth(2), "starts_at"), time_at(2026, 3, 22, 10, 0));
    assert_int_equal(column(nth(3), "starts_at"), time_at(2026, 3, 28, 14, 0));
    /* the clock opens the next when the one before begins */
    app_run_jobs(t->app);
    assert_int_equal(of_state("open"), 1);
    test_clock(time_at(2026, 3, 7, 14, 1));
    app_run_jobs(t->app);
    assert_int_equal(of_state("open"), 2);
    wu = lane_browser(people[0]);
    cadre = lane_browser(lane.cadre);
    assert_true(reply_has(test_get(wu, BOARD), "三楼教室"));
    assert_int_equal(sign(people[0], nth(1), 1), 303);
    /* the third is called off alone; then the second and all that come */
    assert_int_equal(test_post(cadre, path("%s/cancel", nth(2)), "reason=老师请假").status, 303);
    assert_int_equal(of_state("cancelled"), 1);
    assert_int_equal(test_get(wu, nth(2)).status, 404); /* it never was open: nobody needs to hear of it */
    assert_int_equal(test_post(cadre, path("%s/cancel", nth(1)), "reason=教室装修&rest=1").status, 303);
    assert_int_equal(of_state("cancelled"), 3);
    assert_int_equal(told(people[0], "tell_cancelled"), 1);
    test_clock(time_at(2026, 4, 7, 14, 1));
    app_run_jobs(t->app);
    assert_int_equal(of_state("cancelled"), 3); /* nothing opens again */
}

static void residents_are_reviewed_as_a_series(void **state)
{
    const char *first, *second;
    struct browser *zhou = lane_browser(lane.resident), *cadre = lane_browser(lane.cadre),
                   *wu = lane_browser(people[0]);
    (void)state;

    test_sql(&t->db, "UPDATE board SET writers = 'residents', review = 'before'");
    first = announced(zhou, "金丝雀读书会", "5", (const char *const[]){"repeat", "monthly", "times", "3", NULL});
    assert_int_equal(of_state("waiting"), 3);
    assert_int_equal(test_get(wu, first).status, 404);
    assert_false(reply_has(test_get(wu, BOARD), "金丝雀") || reply_has(test_get(wu, HOME), "金丝雀") ||
                 reply_has(test_get_json(wu, BOARD "?show=waiting"), "金丝雀") ||
                 reply_has(test_get(wu, HOME "/search?q=金丝雀"), first));
    assert_int_equal(sign(people[0], first, 1), 404);
    assert_int_equal(test_get(wu, path("%s/calendar.ics", first)).status, 404);
    assert_true(reply_has(test_get(cadre, BOARD "?show=waiting"), "金丝雀"));
    assert_int_equal(test_post(zhou, path("%s/review", first), "accept=yes").status, 403);
    assert_int_equal(test_post(cadre, path("%s/review", first), "accept=no").status, 422);
    assert_int_equal(test_post(cadre, path("%s/review", first), "accept=yes").status, 303);
    assert_int_equal(test_post(cadre, path("%s/review", first), "accept=yes").status, 409);
    assert_int_equal(of_state("open"), 1);
    assert_int_equal(of_state("planned"), 2);
    assert_int_equal(told(lane.resident, "tell_accepted"), 1);
    assert_true(reply_has(test_get(wu, HOME "/search?q=金丝雀"), first));
    second = announced(zhou, "推销会", "5", NULL);
    assert_int_equal(test_post(cadre, path("%s/review", second), "accept=no&reason=不做买卖").status, 303);
    assert_int_equal(test_get(wu, second).status, 404);
    assert_true(reply_has(test_get(zhou, second), "不做买卖"));
}

/* ---- what is hidden is nowhere --------------------------------------------------------------------------------------------- */

static const char *feed_of(struct browser *b)
{
    struct str feed;

    assert_int_equal(test_post(b, HOME "/activities/feed", "").status, 303);
    feed = reply_json(t, test_get_json(b, HOME "/activities"), "feed");
    return str_cstr(t->arena, str_sub(feed, str_find(feed, STR("/calendar/")), feed.len));
}

static void what_is_hidden_is_nowhere(void **state)
{
    struct browser *cadre = lane_browser(lane.cadre), *wu = lane_browser(people[0]), *guest = lane_browser(0);
    const char *one = announced(cadre, "金丝雀", "5", NULL), *feed;
    (void)state;

    assert_int_equal(sign(people[0], one, 1), 303);
    feed = feed_of(wu);
    assert_true(reply_has(test_get(wu, HOME), "金丝雀") && reply_has(test_get(guest, feed), "金丝雀"));
    assert_int_equal(test_post(cadre, path("%s/hide", one), "hide=yes&reason=有人举报").status, 303);
    for (int i = 0; i < 2; i++) {
        struct browser *b = i ? lane_browser(0) : lane_browser(people[0]);

        assert_int_equal(test_get(b, one).status, 404);
        assert_int_equal(test_get(b, path("%s/calendar.ics", one)).status, 404);
        assert_false(reply_has(test_get(b, BOARD), "金丝雀") || reply_has(test_get_json(b, BOARD), "金丝雀"));
        assert_false(reply_has(test_get(b, HOME), "金丝雀") || reply_has(test_get_json(b, HOME), "金丝雀"));
        assert_false(reply_has(test_get(b, HOME "/search?q=金丝雀"), path("%lld", (long long)id_of(one))));
    }
    assert_false(reply_has(test_get(wu, HOME "/activities"), "金丝雀") || reply_has(test_get(guest, feed), "金丝雀"));
    assert_int_equal(sign(people[1], one, 1), 404);
    assert_int_equal(sign(people[0], one, 0), 404);
    test_clock(time_at(2026, 3, 6, 10, 0));
    app_run_jobs(t->app);
    assert_int_equal(told(people[0], "tell_tomorrow"), 0);
    cadre = lane_browser(lane.cadre);
    assert_int_equal(test_post(cadre, path("%s/hide", one), "hide=no").status, 303);
    assert_true(reply_has(test_get(guest, feed), "金丝雀"));
}

/* ---- calendars ------------------------------------------------------------------------------------------------------------------ */

static void one_for_the_calendar(void **state)
{
    struct browser *cadre = lane_browser(lane.cadre);
    const char *one = announced(cadre, "包粽子; 一起,来", "5", NULL);
    struct reply r = test_get(lane_browser(0), path("%s/calendar.ics", one));
    (void)state;

    assert_int_equal(r.status, 200);
    assert_true(str_starts(r.type, STR("text/calendar")));
    assert_true(str_starts(r.body, STR("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")) &&
                str_ends(r.body, STR("END:VCALENDAR\r\n")));
    assert_true(reply_has(r, "DTSTART:20260307T010000Z\r\n") &&
                reply_has(r, "DTEND:20260307T030000Z\r\n")); /* 9:00 in Shanghai */
    assert_true(reply_has(r, "SUMMARY:包粽子\\; 一起\\,来\r\n") && reply_has(r, "STATUS:CONFIRMED"));
    assert_true(reply_has(r, path("UID:activity-310113007011-%lld@lilong", (long long)id_of(one))));
    assert_false(reply_has(r, "ORGANIZER") || reply_has(r, "ATTENDEE"));
}

static void lines_are_folded_between_characters(void **state)
{
    struct arena *a = t->arena;
    struct str body = STR(
        "这是一段很长的说明，超过七十五个字节就要折行，而且不能把一个汉字从中间切开。\n第二行\r\nEND:VEVENT\x01");
    const struct calendar_event e = {
        .community = 1, .entry = 2, .starts_at = 0, .ends_at = 1, .title = STR("x"), .body = body};
    struct str rest = calendar_write(a, STR_NONE, &e, 1), line;
    int ends = 0;
    (void)state;

    assert_true(str_utf8_text(rest) || rest.len > 0);
    while (str_cut(&rest, '\n', &line)) {
        assert_true(line.len && line.ptr[line.len - 1] == '\r');
        line.len--;
        assert_true(line.len <= 75);
        assert_true(str_find(line, STR("\r")) == SIZE_MAX && str_find(line, STR("\x01")) == SIZE_MAX);
        for (struct str s = line; s.len;)
            assert_int_not_equal(str_utf8_next(&s), 0xFFFD);
        ends += str_eq(line, STR("END:VEVENT"));
    }
    assert_int_equal(ends, 1); /* a text cannot end the event */
}

static void a_feed_is_nobody_elses(void **state)
{
    struct browser *wu = lane_browser(people[0]), *zhou = lane_browser(people[1]), *guest = lane_browser(0);
    const char *mine = announced(lane_browser(lane.cadre), "我报的", "1", NULL);
    const char *others = announced(lane_browser(lane.cadre), "别人报的", "5", NULL);
    const char *feed, *theirs, *renewed, *forged;
    struct reply r;
    (void)state;

    assert_int_equal(sign(people[0], mine, 1), 303);
    assert_int_equal(sign(people[1], others, 1), 303);
    assert_int_equal(sign(people[1], mine, 1), 303); /* waits */
    assert_false(
        reply_has(test_get(wu, HOME "/activities"), "/calendar/")); /* there is none before somebody wants one */
    feed = feed_of(wu);
    theirs = feed_of(zhou);
    r = test_get(guest, feed); /* a phone's calendar has no session */
    assert_true(r.status == 200 && reply_has(r, "我报的") && !reply_has(r, "别人报的"));
    assert_true(reply_has(r, "STATUS:CONFIRMED"));
    assert_true(str_eq(reply_header(r, "Cache-Control"), STR("no-store")));
    r = test_get(zhou, feed); /* whoever is signed in: it stays the owner's */
    assert_true(reply_has(r, "我报的") && !reply_has(r, "别人报的"));
    r = test_get(guest, theirs);
    assert_true(reply_has(r, "别人报的") && reply_has(r, "STATUS:TENTATIVE"));
    /* one's number with another's signature, a changed letter, a shorter one, none */
    forged = path("/calendar/%lld%s", (long long)people[1], strchr(feed, '_'));
    assert_int_equal(test_get(guest, forged).status, 404);
    assert_int_equal(test_get(guest, path("/calendar/%lld_/lilong.ics", (long long)people[0])).status, 404);
    assert_int_equal(test_get(guest, path("/calendar/%lld/lilong.ics", (long long)people[0])).status, 404);
    assert_int_equal(test_get(guest, path("/calendar/%lld_0000000000000000000000000000000000000000/lilong.ics",
                                          (long long)people[0]))
                         .status,
                     404);
    assert_int_equal(test_get(guest, path("/calendar/%lld_0000000000000000000000000000000000000000/lilong.ics",
                                          (long long)people[5]))
                         .status,
                     404);
    /* nobody else sees the address */
    assert_false(reply_has(test_get(zhou, HOME "/activities"), path("%lld_", (long long)people[0])));
    assert_int_equal(test_get(lane_browser(lane.stranger), HOME "/activities").status, 403);
    assert_int_equal(test_post(lane_browser(lane.stranger), HOME "/activities/feed", "").status, 403);
    /* renewed: the old one ends at once */
    renewed = feed_of(wu);
    assert_int_equal(test_get(guest, feed).status, 404);
    assert_true(reply_has(test_get(guest, renewed), "我报的"));
    /* a board that is for residents only, and a home that has ended: nothing comes any more */
    test_sql(&t->db, "UPDATE board SET readers = 'residents'");
    assert_true(reply_has(test_get(guest, renewed), "我报的"));
    test_sql(&t->db, "UPDATE residence SET state = 'ended' WHERE person = %lld", (long long)people[0]);
    assert_false(reply_has(test_get(guest, renewed), "我报的"));
    test_sql(&t->db, "UPDATE person SET state = 'closed' WHERE id = %lld", (long long)people[0]);
    assert_int_equal(test_get(guest, renewed).status, 404);
}

/* Of the street: for all below it; hours are written where the helper lives. */
static void from_above(void **state)
{
    struct browser *officer = lane_browser(lane.officer);
    const char *const fields[] = {"title",       "街道运动会", "spot", "体育场",      "starts_at", SATURDAY, "ends_at",
                                  SATURDAY_NOON, "capacity",   "9",    "gives_hours", "1",         NULL};
    struct reply r = test_upload(officer, "/p/310113007000/activity/days/new", fields, NULL, 0);
    const char *one;
    (void)state;

    assert_int_equal(r.status, 303);
    one = str_cstr(t->arena, r.location);
    assert_true(reply_has(test_get(lane_browser(people[0]), BOARD), "街道运动会"));
    assert_true(reply_has(test_get(lane_browser(people[0]), HOME), "街道运动会"));
    assert_int_equal(sign(people[0], one, 1), 303);
    assert_true(reply_has(test_get(lane_browser(people[0]), HOME "/activities"), "街道运动会"));
    assert_int_equal(test_get(lane_browser(lane.cadre), path("%s/roll", one)).status, 403); /* the street's */
    test_clock(time_at(2026, 3, 7, 9, 30));
    officer = lane_browser(lane.officer);
    assert_int_equal(
        test_post(officer, path("%s/roll", one), path("person=%lld&act=check_in", (long long)people[0])).status, 303);
    assert_int_equal(test_post(officer, path("%s/close", one), "minutes=45").status, 303);
    assert_int_equal(test_sql_int(&t->db, "SELECT minutes FROM hours WHERE community = %lld AND helper = %lld",
                                  (long long)HERE, (long long)people[0]),
                     45);
    assert_true(reply_has(test_get(lane_browser(people[0]), HOME "/hours"), "街道运动会"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(dates_of_a_series),         TEST(a_series_one_by_one),  TEST(residents_are_reviewed_as_a_series),
        TEST(what_is_hidden_is_nowhere), TEST(one_for_the_calendar), TEST(lines_are_folded_between_characters),
        TEST(a_feed_is_nobody_elses),    TEST(from_above),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
