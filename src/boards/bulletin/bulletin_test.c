/* bulletin_test.c: a notice from its draft to its end: who sees it when, and where it must not be. */
#include "boards/bulletin/bulletin_world_test.h"
#include "civic/home/lane_test.h"

#define FOUND HOME "/search?q=%E5%86%85%E5%AE%B9" /* 内容 */

/* Everywhere that a resident or a guest could meet it. */
static bool shows(int64_t person, const char *board, const char *one, const char *canary)
{
    struct browser *b = lane_browser(person);
    const char *const pages[] = {HOME,
                                 board,
                                 path("%s/feed.atom", board),
                                 FOUND,
                                 one,
                                 path("%s/print", one),
                                 "/messages",
                                 path("%s?state=draft", board),
                                 path("%s?state=scheduled", board),
                                 path("%s?state=waiting", board),
                                 path("%s?state=withdrawn", board),
                                 path("%s/history", one),
                                 path("%s/code.svg", one)};
    bool there = false;

    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++)
        there = there || reply_has(test_get(b, pages[i]), canary) || reply_has(test_get_json(b, pages[i]), canary);
    return there || test_get(b, one).status == 200;
}

static void nobody_meets(const char *board, const char *one, const char *canary)
{
    assert_false(shows(0, board, one, canary));
    assert_false(shows(lane.resident, board, one, canary));
    assert_false(shows(lane.officer, board, one, canary)); /* of the street: does not run this board */
    assert_false(reply_has(test_get(lane_browser(lane.resident), HOME), "class=\"unread\""));
}

static void from_draft_to_withdrawn(void **state)
{
    struct browser *cadre = lane_browser(lane.cadre);
    const char *one = written(cadre, NEWS, "canary停水通知", "draft");
    (void)state;

    nobody_meets(NEWS, one, "canary");
    assert_true(reply_has(test_get(cadre, NEWS "?state=draft"), "canary"));
    assert_int_equal(act(cadre, one, "return", "x").status, 409); /* it does not wait */
    assert_int_equal(act(cadre, one, "publish", "").status, 303);
    assert_int_equal(act(cadre, one, "publish", "").status, 409);
    assert_true(shows(0, NEWS, one, "canary") && shows(lane.resident, NEWS, one, "canary"));
    assert_true(reply_has(test_get(lane_browser(0), NEWS "/feed.atom"), "canary停水通知"));
    assert_true(reply_has(test_get(lane_browser(lane.resident), HOME), "class=\"unread\""));
    assert_true(reply_has(test_get(lane_browser(0), one), "<strong>内容</strong>"));
    /* pinned, and back */
    assert_int_equal(act(cadre, one, "pin", "").status, 303);
    assert_true(reply_has(test_get(lane_browser(0), NEWS), "canary"));
    assert_true(reply_has(test_get(lane_browser(0), NEWS "/feed.atom"), "canary停水通知"));
    assert_int_equal(test_sql_int(&t->db, "SELECT pinned FROM entry"), 1);
    assert_int_equal(act(cadre, one, "unpin", "").status, 303);
    assert_int_equal(test_sql_int(&t->db, "SELECT pinned FROM entry"), 0);
    /* withdrawn: with a reason, and gone */
    assert_int_equal(act(cadre, one, "withdraw", "").status, 422);
    assert_int_equal(act(cadre, one, "withdraw", "日子写错了").status, 303);
    nobody_meets(NEWS, one, "canary");
    assert_true(reply_has(test_get(cadre, one), "日子写错了"));
    assert_int_equal(act(cadre, one, "publish", "").status, 409);
    /* each step is in the ledger */
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM ledger WHERE subject_kind = 'entry' AND verb IN"
                                          " ('written', 'published', 'pinned', 'unpinned', 'withdrawn')"),
                     5);
}

static void another_pair_of_eyes(void **state)
{
    struct browser *cadre = lane_browser(lane.cadre), *secretary = lane_browser(lane.secretary);
    const char *one = written(cadre, CHECKED, "canary换届公告", "send");
    struct reply r;
    (void)state;

    nobody_meets(CHECKED, one, "canary");
    assert_int_equal(act(cadre, one, "publish", "").status, 403); /* not one's own */
    assert_true(reply_has(test_get(secretary, "/desk/bulletin"), "canary"));
    assert_false(reply_has(test_get(lane_browser(lane.officer), "/desk/bulletin"), "canary"));
    assert_int_equal(test_get(lane_browser(lane.resident), "/desk/bulletin").status, 403);
    assert_int_equal(act(secretary, one, "return", "").status, 422);
    assert_int_equal(act(secretary, one, "return", "少了日期").status, 303);
    assert_true(reply_has(test_get(cadre, one), "少了日期"));
    r = send(cadre, path("%s/edit", one), "canary换届公告 11月30日", "send", "version", "1");
    assert_int_equal(r.status, 303);
    nobody_meets(CHECKED, one, "canary");
    /* what waits cannot be changed under the eyes of who reviews */
    assert_int_equal(send(cadre, path("%s/edit", one), "canary别的", "draft", "version", "2").status, 409);
    assert_int_equal(act(secretary, one, "publish", "").status, 303);
    assert_true(shows(0, CHECKED, one, "canary"));
    /* changed while it is out: looked at again first, and not by who changed it */
    assert_int_equal(send(secretary, path("%s/edit", one), "canary换届公告 12月1日", "draft", "version", "2").status,
                     303);
    nobody_meets(CHECKED, one, "canary");
    assert_int_equal(act(secretary, one, "publish", "").status, 403);
    assert_true(reply_has(test_get(secretary, path("%s/history", one)), "11月30日"));
    assert_int_equal(test_get(lane_browser(lane.resident), path("%s/history", one)).status, 404);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM entry_version"), 3);
}

static void at_its_hour(void **state)
{
    struct browser *cadre = lane_browser(lane.cadre);
    int64_t at = time_now() + TIME_HOUR;
    struct reply r = send(cadre, NEWS "/new", "canary定时", "send", "publish_at",
                          str_cstr(t->arena, time_rfc3339(t->arena, at)));
    const char *one, *late;
    (void)state;

    assert_int_equal(r.status, 303);
    one = str_cstr(t->arena, r.location);
    nobody_meets(NEWS, one, "canary");
    assert_true(reply_has(test_get(cadre, NEWS "?state=scheduled"), "canary"));
    late = written(cadre, NEWS, "在它之后写的", "send");
    assert_int_equal(
        test_post(lane_browser(lane.resident), NEWS "/seen", path("entry=%s", strrchr(late, '/') + 1)).status, 303);
    assert_int_equal(bulletin_publish_due(t->db.database, job_arena, at - 1), OK);
    nobody_meets(NEWS, one, "canary");
    assert_int_equal(bulletin_publish_due(t->db.database, job_arena, at), OK);
    assert_int_equal(bulletin_publish_due(t->db.database, job_arena, at), OK); /* twice is once */
    assert_true(shows(0, NEWS, one, "canary"));
    /* what came out last stands first, and is new, though it was written before */
    r = test_get(lane_browser(lane.resident), NEWS);
    assert_true(str_find(r.body, STR("canary")) < str_find(r.body, STR("在它之后写的")));
    assert_true(reply_has(test_get(lane_browser(lane.resident), HOME), "class=\"unread\""));
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM ledger WHERE verb = 'published'"), 2);
    /* over on its day */
    test_sql(&t->db, "UPDATE entry SET ends_at = %lld WHERE title LIKE 'canary%%'", (long long)at + 1);
    assert_int_equal(bulletin_end_over(t->db.database, job_arena, at), OK);
    assert_true(shows(0, NEWS, one, "canary"));
    assert_int_equal(bulletin_end_over(t->db.database, job_arena, at + 1), OK);
    assert_false(shows(0, NEWS, one, "canary"));
    assert_true(reply_has(test_get(cadre, NEWS "?state=expired"), "canary"));
}

static void only_for_some_places(void **state)
{
    struct browser *officer = lane_browser(lane.officer), *here = lane_browser(lane.resident),
                   *near = lane_browser(near_resident);
    struct reply r = send(officer, STREET_NEWS "/new", "canary只给隔壁", "send", "places", "310113007012");
    const char *one;
    (void)state;

    assert_int_equal(r.status, 303);
    assert_false(reply_has(test_get(here, NEWS), "canary") || reply_has(test_get(here, HOME), "canary") ||
                 reply_has(test_get(here, NEWS "/feed.atom"), "canary") || reply_has(test_get(here, FOUND), "canary") ||
                 reply_has(test_get_json(here, NEWS), "canary"));
    assert_false(reply_has(test_get(here, HOME), "class=\"unread\""));
    assert_true(reply_has(test_get(near, "/p/310113007012/bulletin/news"), "canary"));
    assert_true(reply_has(test_get(near, "/p/310113007012"), "class=\"unread\""));
    assert_int_equal(send(officer, STREET_NEWS "/new", "别处", "send", "places", "310113008011").status, 422);
    /* on a board for residents the address itself is nothing for those who live elsewhere */
    r = send(officer, "/p/310113007000/bulletin/inside/new", "canary内部", "send", "places", "310113007012");
    assert_int_equal(r.status, 303);
    one = str_cstr(t->arena, r.location);
    assert_int_equal(test_get(near, one).status, 200);
    assert_int_equal(test_get(here, one).status, 404);
    assert_int_equal(test_get(here, path("%s/print", one)).status, 404);
    assert_int_equal(test_get(lane_browser(0), one).status, 404);
    assert_int_equal(test_get(here, INSIDE "/feed.atom").status, 404); /* and no feed of it at all */
    assert_int_equal(test_get(lane_browser(lane.cadre), one).status, 404);
}

static void bad_forms(void **state)
{
    struct browser *cadre = lane_browser(lane.cadre), *zhou = lane_browser(lane.resident);
    struct reply r;
    (void)state;

    assert_int_equal(send(cadre, NEWS "/new", "", "draft", "sure", "0").status, 422);
    r = send(cadre, NEWS "/new", "明天结束的昨天", "send", "last_day", "2020-01-01");
    assert_int_equal(r.status, 422);
    assert_true(reply_has(r, "明天结束的昨天")); /* what was typed is still there */
    assert_int_equal(send(cadre, NEWS "/new", "太远", "send", "publish_at", "2090-01-01T00:00").status, 422);
    assert_int_equal(send(cadre, NEWS "/new", "错", "send", "publish_at", "gestern").status, 422);
    assert_int_equal(send(cadre, NEWS "/new", "错", "fly", "sure", "0").status, 422);
    assert_int_equal(send(cadre, NEWS "/new", "请打 13800138000", "send", "sure", "0").status, 422);
    assert_int_equal(send(cadre, NEWS "/new", "请打 13800138000", "send", "sure", "1").status, 303);
    assert_int_equal(send(zhou, NEWS "/new", "居民写的", "send", "sure", "0").status, 403);
    assert_int_equal(test_get(zhou, NEWS "/new").status, 403);
    assert_int_equal(test_get(cadre, NEWS "/77").status, 404);
    /* what comes again after a tap is the whole page */
    {
        const char *one = written(cadre, NEWS, "评论空白", "send");

        r = test_post(zhou, path("%s/comment", one), "body=");
        assert_int_equal(r.status, 422);
        assert_true(reply_has(r, "评论空白"));
        r = act(cadre, one, "withdraw", "");
        assert_int_equal(r.status, 422);
        assert_true(reply_has(r, "请写明原因"));
    }
    /* no HTML comes through */
    const char *const html[] = {"title", "<b>粗</b>", "body", "<script>alert(1)</script> [x](javascript:alert(1))",
                                "then",  "send",      NULL};
    r = test_upload(cadre, NEWS "/new", html, NULL, 0);
    assert_int_equal(r.status, 303);
    r = test_get(cadre, str_cstr(t->arena, r.location));
    assert_false(reply_has(r, "<script>alert") || reply_has(r, "href=\"javascript:") || reply_has(r, "<b>粗"));
    r = test_get(cadre, NEWS "/feed.atom");
    assert_false(reply_has(r, "<script>") || reply_has(r, "<b>粗"));
    assert_true(reply_has(r, "&lt;b&gt;粗"));
}

static void accounts_of_each_quarter(void **state)
{
    struct browser *cadre = lane_browser(lane.cadre), *guest = lane_browser(0);
    int64_t last = bulletin_period_before(bulletin_period_of(time_now()));
    struct reply r;
    (void)state;

    assert_int_equal(bulletin_period_of(time_at(2026, 1, 1, 0, 0)), 20261);
    assert_int_equal(bulletin_period_of(time_at(2026, 12, 31, 23, 59)), 20264);
    assert_int_equal(bulletin_period_before(20261), 20254);
    assert_int_equal(bulletin_period_due(20264), day_from_ymd(2027, 1, 15));
    assert_int_equal(bulletin_period_due(20261), day_from_ymd(2026, 4, 15));
    bulletin_board(5, "open_affairs", "everybody", "none");
    assert_int_equal(test_get(guest, NEWS "/calendar").status, 404);
    r = send(cadre, HOME "/bulletin/open_affairs/new", "canary账目", "draft", "period", path("%lld", (long long)last));
    assert_int_equal(r.status, 303);
    assert_int_equal(send(cadre, HOME "/bulletin/open_affairs/new", "错", "draft", "period", "20265").status, 422);
    assert_false(reply_has(test_get_json(guest, HOME "/bulletin/open_affairs/calendar"),
                           "canary")); /* a draft makes nothing public */
    assert_int_equal(act(cadre, str_cstr(t->arena, r.location), "publish", "").status, 303);
    r = test_get_json(guest, HOME "/bulletin/open_affairs/calendar");
    assert_true(reply_has(r, "canary账目") && reply_has(r, "accounts_late")); /* the quarters before it are not there */
}

/* A reader of feeds that looks at the head alone would never fetch the new text. */
static void the_feed_says_when_a_text_was_changed(void **state)
{
    const char *one = written(lane_browser(lane.cadre), NEWS, "停水通知", "send");
    struct browser *cadre;
    struct reply r;
    (void)state;

    test_clock_add(TIME_HOUR);
    cadre = lane_browser(lane.cadre); /* the session at the desk has ended by now */
    r = send(cadre, path("%s/edit", one), "停水通知（改到周五）", "draft", "version", "1");
    assert_int_equal(r.status, 303);
    assert_int_equal(test_sql_int(&t->db, "SELECT MAX(version) FROM entry_version"), 2);
    r = test_get(lane_browser(0), NEWS "/feed.atom");
    assert_int_equal(
        reply_times(r,
                    path("<updated>" STR_FMT "</updated>",
                         STR_ARG(time_rfc3339(t->arena, test_sql_int(&t->db, "SELECT MAX(at) FROM entry_version"))))),
        2);
    /* who lives there keeps the ways home on what the street shows; nobody else is led to where they do not live */
    assert_true(reply_has(test_get(lane_browser(lane.resident), STREET_NEWS), "class=\"tabbar\""));
    assert_false(reply_has(test_get(lane_browser(0), STREET_NEWS), "class=\"tabbar\""));
    assert_false(reply_has(test_get(lane_browser(lane.stranger), STREET_NEWS), "class=\"tabbar\""));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, bulletin_setup, bulletin_teardown)
    const struct CMUnitTest tests[] = {
        TEST(from_draft_to_withdrawn),
        TEST(another_pair_of_eyes),
        TEST(at_its_hour),
        TEST(only_for_some_places),
        TEST(bad_forms),
        TEST(accounts_of_each_quarter),
        TEST(the_feed_says_when_a_text_was_changed), /* its clock runs ahead: last */
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
