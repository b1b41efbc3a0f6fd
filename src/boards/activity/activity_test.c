/* activity_test.c: places: taken, waited for, given back; ten who want the last one; check-in, closing and hours; calling off. */
#include "boards/activity/activity_world_test.h"
#include "civic/home/lane_test.h"
#include "civic/moderation/moderation.h"

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

static void announced_and_read(void **state)
{
    struct browser *cadre = lane_browser(lane.cadre), *zhou = lane_browser(lane.resident), *guest = lane_browser(0);
    const char *one = announced(cadre, "包粽子", "3", NULL);
    struct reply r = test_get(zhou, BOARD);
    (void)state;

    assert_true(reply_has(r, "包粽子") && reply_has(r, "二楼活动室") && reply_has(r, "还有 3 个名额（共 3 个）"));
    assert_true(reply_has(test_get(zhou, HOME), "包粽子"));
    r = test_get(guest, one);
    assert_true(r.status == 200 && reply_has(r, "登录后报名") && !reply_has(r, "value=\"1\""));
    r = test_get_json(zhou, one);
    assert_true(str_eq(reply_json(t, r, "state"), STR("open")) && str_eq(reply_json(t, r, "capacity"), STR("3")));
    assert_true(str_eq(reply_json(t, r, "starts"), STR("2026-03-07T09:00:00.000+08:00")));
    assert_int_equal(announce(zhou, "我也来办", "3", NULL).status, 403); /* the board is staff's */
    assert_int_equal(announce(lane_browser(lane.waiting), "x", "3", NULL).status, 403);
    test_sql(&t->db, "UPDATE board SET writers = 'residents'");
    assert_int_equal(announce(zhou, "邻居下棋", "3", NULL).status, 303);
    assert_int_equal(announce(lane_browser(lane.waiting), "没认证的人", "3", NULL).status, 403);
}

static void what_is_wrong_is_said(void **state)
{
    static const struct {
        const char *field, *value;
    } bad[] = {
        {"starts_at", "2026-03-01T09:00"},
        {"starts_at", "2028-03-01T09:00"},
        {"starts_at", "morgen"},
        {"ends_at", "2026-03-07T08:00"},
        {"ends_at", "2026-04-07T08:00"},
        {"signs_until", "2026-03-07T09:01"},
        {"cancels_until", "2026-03-07T10:00"},
        {"capacity", "-1"},
        {"capacity", "2001"},
        {"capacity", "viele"},
        {"spot", ""},
        {"title", ""},
        {"repeat", "yearly"},
        {"times", "27"},
        {"times", "1"},
    };
    struct browser *cadre = lane_browser(lane.cadre);
    struct reply r;
    (void)state;

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        const char *fields[] = {"title",       "名字还在", "spot", "活动室", "starts_at", SATURDAY, "ends_at",
                                SATURDAY_NOON, "capacity", "3",    NULL,     NULL,        NULL};
        bool there = false;

        for (size_t k = 0; k < 10; k += 2)
            if (strcmp(fields[k], bad[i].field) == 0) {
                fields[k + 1] = bad[i].value;
                there = true;
            }
        if (!there) {
            fields[10] = bad[i].field;
            fields[11] = bad[i].value;
        }
        r = test_upload(cadre, BOARD "/new", fields, NULL, 0);
        if (r.status != 422)
            print_message("%s=%s\n", bad[i].field, bad[i].value);
        assert_int_equal(r.status, 422);
        assert_true(strcmp(bad[i].field, "title") == 0 || reply_has(r, "名字还在"));
        assert_true(reply_has(r, path("href=\"#%s\"", bad[i].field)));
    }
    /* a series without a number */
    r = announce(cadre, "每周读报", "3", (const char *const[]){"repeat", "weekly", NULL});
    assert_true(r.status == 422 && reply_has(r, "请填一共几次"));
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM activity"), 0);
}

static void places_and_the_line(void **state)
{
    const char *one = announced(lane_browser(lane.cadre), "包粽子", "2", NULL);
    struct reply r;
    (void)state;

    assert_int_equal(sign(people[0], one, 1), 303);
    assert_int_equal(sign(people[0], one, 1), 409);
    assert_int_equal(sign(people[1], one, 1), 303);
    for (int i = 2; i < 5; i++)
        assert_int_equal(sign(people[i], one, 1), 303);
    assert_int_equal(column(one, "taken"), 2);
    assert_int_equal(column(one, "waits"), 3);
    r = test_get_json(lane_browser(people[3]), one);
    assert_true(str_eq(reply_json(t, r, "mine"), STR("waiting")) && str_eq(reply_json(t, r, "line"), STR("2")));
    /* somebody who waits goes: nobody moves up, the line closes */
    assert_int_equal(sign(people[2], one, 0), 303);
    assert_true(str_eq(reply_json(t, test_get_json(lane_browser(people[3]), one), "line"), STR("1")));
    assert_int_equal(column(one, "taken"), 2);
    /* a place is given back: the first in line has it and is told, the next is not */
    assert_int_equal(sign(people[0], one, 0), 303);
    assert_true(str_eq(reply_json(t, test_get_json(lane_browser(people[3]), one), "mine"), STR("in")));
    assert_int_equal(told(people[3], "tell_moved_up"), 1);
    assert_int_equal(told(people[4], "tell_moved_up"), 0);
    /* who comes again stands at the end */
    assert_int_equal(sign(people[0], one, 1), 303);
    assert_true(str_eq(reply_json(t, test_get_json(lane_browser(people[0]), one), "line"), STR("2")));
    assert_int_equal(sign(people[0], one, 0), 303);
    assert_int_equal(sign(people[0], one, 0), 409);
    counters_are_right();
    /* nobody who does not live here */
    assert_int_equal(sign(lane.stranger, one, 1), 403);
    assert_int_equal(sign(lane.waiting, one, 1), 403);
    /* not after it has closed; and a place cannot be given back at the last moment, a wait can */
    test_clock(time_at(2026, 3, 7, 8, 30));
    assert_int_equal(sign(people[1], one, 0), 409);
    assert_true(reply_has(test_get(lane_browser(people[1]), one), "请打电话"));
    assert_int_equal(sign(people[4], one, 0), 303);
    test_clock(time_at(2026, 3, 7, 9, 0));
    assert_int_equal(sign(people[5], one, 1), 409);
    counters_are_right();
}

/* ---- at once ----------------------------------------------------------------------------------------------------------- */

/* Ten people want the last place at the same moment: one has it, nine stand in line, each at a place of their own. */
static void ten_for_the_last_place(void **state)
{
    const char *one = announced(lane_browser(lane.cadre), "包粽子", "2", NULL);
    struct browser *b[10];
    struct reply r[10];
    struct test_request q = {.method = "POST",
                             .path = path("%s/sign", one),
                             .accept = "application/json",
                             .type = "application/json",
                             .site = "same-origin",
                             .body = STR("{\"on\":true}")};
    bool at[10] = {false};
    int in = 0;
    (void)state;

    assert_int_equal(sign(lane.resident, one, 1), 303);
    for (int i = 0; i < 10; i++)
        b[i] = lane_browser(people[i]);
    test_send_each(b, &q, 10, r);
    for (int i = 0; i < 10; i++) {
        struct reply mine = test_get_json(b[i], one);

        assert_true(r[i].status < 300);
        if (str_eq(reply_json(t, mine, "mine"), STR("in"))) {
            in++;
        } else {
            int64_t line = 0;

            assert_int_equal(str_int64(reply_json(t, mine, "line"), 1, 9, &line), OK);
            assert_false(at[line]);
            at[line] = true;
        }
    }
    assert_int_equal(in, 1);
    assert_int_equal(column(one, "taken"), 2);
    assert_int_equal(column(one, "waits"), 9);
    /* and all ten give it back at once: whoever had the place, the line moves up or goes; nobody is left over */
    q.body = STR("{\"on\":false}");
    test_send_each(b, &q, 10, r);
    assert_int_equal(column(one, "taken"), 1);
    assert_int_equal(column(one, "waits"), 0);
    assert_int_equal(signed_in_state(one, "out"), 10);
    counters_are_right();
}

/* ---- who sees whom --------------------------------------------------------------------------------------------------------- */

static void only_the_organiser_sees_who(void **state)
{
    const char *one, *roll;
    (void)state;

    test_sql(&t->db, "UPDATE board SET writers = 'residents'");
    one = announced(lane_browser(lane.resident), "邻居下棋", "5", NULL);
    roll = path("%s/roll", one);
    assert_int_equal(sign(people[3], one, 1), 303);
    assert_true(reply_has(test_get(lane_browser(lane.resident), roll), "居民3")); /* who announced it */
    assert_true(reply_has(test_get(lane_browser(lane.cadre), roll), "居民3"));    /* and the committee */
    assert_int_equal(test_get(lane_browser(people[3]), roll).status, 403);
    assert_int_equal(test_get(lane_browser(people[4]), roll).status, 403);
    assert_int_equal(test_get(lane_browser(lane.officer), roll).status, 403);
    assert_int_equal(test_get(lane_browser(lane.handler), roll).status, 403);
    assert_int_equal(test_get(lane_browser(0), roll).status, 303);
    for (int i = 0; i < 3; i++) { /* others see the number */
        struct browser *b = i == 0 ? lane_browser(0) : i == 1 ? lane_browser(people[4]) : lane_browser(lane.officer);

        assert_false(reply_has(test_get(b, one), "居民3") || reply_has(test_get_json(b, one), "居民3"));
        assert_false(reply_has(test_get_json(b, BOARD), "居民3"));
        assert_true(reply_has(test_get_json(b, one), "\"taken\":1"));
    }
    assert_int_equal(test_post(lane_browser(people[4]), path("%s/cancel", one), "reason=x").status, 403);
    assert_int_equal(
        test_post(lane_browser(people[4]), roll, path("person=%lld&act=take_off", (long long)people[3])).status, 403);
    assert_int_equal(column(one, "taken"), 1);
    assert_int_equal(told(lane.resident, "tell_signed"), 1); /* the organiser knows of it */
}

/* ---- on site ------------------------------------------------------------------------------------------------------------------ */

static const char *code_now(const char *one)
{
    struct str address = reply_json(t, test_get_json(lane_browser(lane.cadre), path("%s/code", one)), "address");
    size_t at = str_find(address, STR("code="));

    assert_true(at != SIZE_MAX);
    return str_cstr(t->arena, str_sub(address, at + 5, address.len));
}

static void checked_in_by_the_code(void **state)
{
    const char *one = announced(lane_browser(lane.cadre), "擦扶手", "2",
                                (const char *const[]){"gives_hours", "1", NULL});
    const char *other = announced(lane_browser(lane.cadre), "别的活动", "2", NULL), *code;
    struct browser *first;
    (void)state;

    assert_int_equal(sign(people[0], one, 1), 303);
    assert_int_equal(test_get(lane_browser(lane.cadre), path("%s/code", one)).status, 409); /* five days before */
    test_clock(time_at(2026, 3, 7, 8, 50));
    first = lane_browser(people[0]);
    assert_int_equal(test_get(lane_browser(people[0]), path("%s/code", one)).status, 403);
    code = code_now(one);
    assert_true(reply_has(test_get(lane_browser(lane.cadre), path("%s/code.svg", one)), "<svg"));
    /* a guest is sent to sign in and comes back; a look checks nobody in */
    assert_int_equal(test_get(lane_browser(0), path("%s/here?code=%s", one, code)).status, 303);
    assert_true(reply_has(test_get(first, path("%s/here?code=%s", one, code)), "我到了，签到"));
    assert_int_equal(column(one, "came"), 0);
    assert_int_equal(test_post(first, path("%s/here", one), path("code=%s", code)).status, 303);
    assert_int_equal(test_post(first, path("%s/here", one), path("code=%s", code)).status, 409);
    /* not with another's code, a changed one, none; not by somebody from elsewhere */
    assert_int_equal(test_post(first, path("%s/here", other), path("code=%s", code)).status, 409);
    assert_int_equal(test_post(lane_browser(people[1]), path("%s/here", one), "code=1-00").status, 409);
    assert_int_equal(test_post(lane_browser(people[1]), path("%s/here", one), "code=").status, 409);
    assert_int_equal(test_post(lane_browser(people[1]), path("%s/here", one), path("code=9%s", code)).status, 409);
    assert_int_equal(test_post(lane_browser(lane.stranger), path("%s/here", one), path("code=%s", code)).status, 403);
    /* who has not signed up gets the place that is left; the next does not */
    assert_int_equal(test_post(lane_browser(people[1]), path("%s/here", one), path("code=%s", code)).status, 303);
    assert_int_equal(test_post(lane_browser(people[2]), path("%s/here", one), path("code=%s", code)).status, 409);
    assert_int_equal(column(one, "came"), 2);
    /* ten minutes later it is worth nothing */
    test_clock_add(10 * TIME_MINUTE);
    assert_true(reply_has(test_get(lane_browser(people[2]), path("%s/here?code=%s", one, code)), "已经过期"));
    assert_int_equal(test_post(lane_browser(people[2]), path("%s/here", one), path("code=%s", code)).status, 409);
    counters_are_right();
}

static void the_list_closing_and_hours(void **state)
{
    const char *one = announced(lane_browser(lane.cadre), "擦扶手", "5",
                                (const char *const[]){"gives_hours", "1", NULL});
    const char *roll = path("%s/roll", one), *close = path("%s/close", one);
    struct browser *cadre = lane_browser(lane.cadre);
    int64_t minutes;
    (void)state;

    for (int i = 0; i < 3; i++)
        assert_int_equal(sign(people[i], one, 1), 303);
    assert_int_equal(test_post(cadre, close, "minutes=90").status, 409); /* not before it has begun */
    test_clock(time_at(2026, 3, 7, 9, 30));
    cadre = lane_browser(lane.cadre);
    for (int i = 0; i < 2; i++) /* without a phone: by the organiser */
        assert_int_equal(test_post(cadre, roll, path("person=%lld&act=check_in", (long long)people[i])).status, 303);
    assert_int_equal(test_post(cadre, roll, path("person=%lld&act=undo", (long long)people[1])).status, 303);
    assert_int_equal(test_post(cadre, roll, path("person=%lld&act=undo", (long long)people[1])).status, 409);
    assert_int_equal(test_post(cadre, roll, path("person=%lld&act=check_in", (long long)people[1])).status, 303);
    assert_int_equal(test_post(cadre, roll, path("person=%lld&act=check_in", (long long)people[7])).status, 409);
    assert_int_equal(test_post(cadre, roll, "person=abc&act=check_in").status, 422);
    assert_int_equal(test_post(cadre, roll, path("person=%lld&act=dance", (long long)people[0])).status, 422);
    test_clock(time_at(2026, 3, 7, 11, 10));
    cadre = lane_browser(lane.cadre);
    assert_true(reply_has(test_get(cadre, HOME), "请点名收尾"));
    assert_int_equal(test_post(cadre, close, "").status, 422);
    assert_int_equal(test_post(cadre, close, "minutes=2000").status, 422);
    assert_int_equal(test_post(lane_browser(people[0]), close, "minutes=90").status, 403);
    assert_int_equal(test_post(cadre, close, "minutes=90").status, 303);
    assert_int_equal(test_post(cadre, close, "minutes=90").status, 409); /* once and for all */
    assert_int_equal(test_post(cadre, roll, path("person=%lld&act=undo", (long long)people[0])).status, 409);
    minutes = test_sql_int(&t->db, "SELECT SUM(minutes) FROM hours WHERE subject_kind = 'activity' AND subject = %lld",
                           (long long)id_of(one));
    assert_int_equal(minutes, 180);
    assert_int_equal(test_sql_int(&t->db, "SELECT given FROM hours_sum WHERE person = %lld", (long long)people[0]), 90);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM hours_sum WHERE person = %lld", (long long)people[2]),
                     0);
    assert_true(reply_has(test_get(lane_browser(people[0]), HOME "/hours"), "擦扶手"));
    assert_int_equal(told(people[0], "tell_hours"), 1);
    assert_int_equal(told(people[2], "tell_hours"), 0);
    assert_int_equal(signed_in_state(one, "missed"), 1);
    assert_true(reply_has(test_get(lane_browser(people[2]), one), "没有到场"));
    assert_false(reply_has(test_get(cadre, HOME), "请点名收尾"));
    counters_are_right();
}

static void nobody_confirms_their_own_hours(void **state)
{
    const char *one;
    struct browser *zhou = lane_browser(lane.resident);
    (void)state;

    test_sql(&t->db, "UPDATE board SET writers = 'residents'");
    one = announced(zhou, "捡垃圾", "5", (const char *const[]){"gives_hours", "1", NULL});
    assert_int_equal(sign(lane.resident, one, 1), 303);
    assert_int_equal(sign(people[0], one, 1), 303);
    test_clock(time_at(2026, 3, 7, 9, 30));
    zhou = lane_browser(lane.resident);
    assert_int_equal(
        test_post(zhou, path("%s/roll", one), path("person=%lld&act=check_in", (long long)lane.resident)).status, 303);
    assert_int_equal(
        test_post(zhou, path("%s/roll", one), path("person=%lld&act=check_in", (long long)people[0])).status, 303);
    assert_true(reply_has(test_follow(zhou, test_post(zhou, path("%s/close", one), "minutes=60")), "要由别的同事确认"));
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM hours"), 1);
}

/* ---- calling off, changing, reminding -------------------------------------------------------------------------------------------- */

static void called_off_and_everyone_told(void **state)
{
    const char *one = announced(lane_browser(lane.cadre), "游园", "1", NULL);
    struct browser *cadre = lane_browser(lane.cadre);
    struct reply r;
    (void)state;

    assert_int_equal(sign(people[0], one, 1), 303);
    assert_int_equal(sign(people[1], one, 1), 303);
    assert_int_equal(test_post(cadre, path("%s/cancel", one), "reason=").status, 422);
    assert_int_equal(test_post(cadre, path("%s/cancel", one), "reason=预报有暴雨").status, 303);
    assert_int_equal(told(people[0], "tell_cancelled"), 1);
    assert_int_equal(told(people[1], "tell_cancelled"), 1); /* who waits too */
    assert_int_equal(told(people[2], "tell_cancelled"), 0);
    r = test_get(lane_browser(people[2]), one);
    assert_true(r.status == 200 && reply_has(r, "活动取消了") && reply_has(r, "预报有暴雨"));
    assert_true(reply_has(test_get(lane_browser(0), BOARD), "已取消"));
    assert_int_equal(sign(people[2], one, 1), 409);
    assert_int_equal(test_post(cadre, path("%s/cancel", one), "reason=再来").status, 409);
    assert_true(reply_has(test_get(lane_browser(0), path("%s/calendar.ics", one)), "STATUS:CANCELLED"));
    counters_are_right();
}

static struct reply change(struct browser *b, const char *one, const char *version, const char *spot,
                           const char *starts, const char *ends, const char *capacity, bool rest)
{
    const char *fields[] = {"title",    "读报会", "spot",    spot,    "starts_at",          starts, "ends_at", ends,
                            "capacity", capacity, "version", version, rest ? "rest" : NULL, "1",    NULL};

    return test_upload(b, path("%s/edit", one), fields, NULL, 0);
}

static void changed_and_told(void **state)
{
    struct browser *cadre = lane_browser(lane.cadre);
    const char *one = announced(cadre, "读报会", "1", NULL);
    (void)state;

    assert_int_equal(sign(people[0], one, 1), 303);
    assert_int_equal(sign(people[1], one, 1), 303);
    assert_int_equal(sign(people[2], one, 1), 303);
    /* one more place: the first in line moves up; time and place are the same, so nobody else is told */
    assert_int_equal(change(cadre, one, "1", "二楼活动室", SATURDAY, SATURDAY_NOON, "2", false).status, 303);
    assert_int_equal(column(one, "taken"), 2);
    assert_int_equal(told(people[1], "tell_moved_up"), 1);
    assert_int_equal(told(people[0], "tell_changed"), 0);
    assert_int_equal(column(one, "sequence"), 0);
    /* fewer than have signed up: no */
    assert_int_equal(change(cadre, one, "2", "二楼活动室", SATURDAY, SATURDAY_NOON, "1", false).status, 422);
    /* another place: all are told, calendars see a new sequence */
    assert_int_equal(change(cadre, one, "2", "大礼堂", SATURDAY, SATURDAY_NOON, "2", false).status, 303);
    assert_int_equal(told(people[0], "tell_changed"), 1);
    assert_int_equal(told(people[2], "tell_changed"), 1);
    assert_int_equal(column(one, "sequence"), 1);
    /* somebody who read it before is told that it has changed */
    assert_int_equal(change(cadre, one, "2", "操场", SATURDAY, SATURDAY_NOON, "2", false).status, 409);
    counters_are_right();
}

static void reminded_on_the_day_before(void **state)
{
    const char *one = announced(lane_browser(lane.cadre), "读报会", "1", NULL);
    (void)state;

    assert_int_equal(sign(people[0], one, 1), 303);
    assert_int_equal(sign(people[1], one, 1), 303); /* waits */
    test_clock(time_at(2026, 3, 6, 8, 50));
    app_run_jobs(t->app);
    assert_int_equal(told(people[0], "tell_tomorrow"), 0);
    test_clock(time_at(2026, 3, 6, 9, 1));
    app_run_jobs(t->app);
    app_run_jobs(t->app);
    assert_int_equal(told(people[0], "tell_tomorrow"), 1); /* once */
    assert_int_equal(told(people[1], "tell_tomorrow"), 0);
    assert_true(reply_has(test_get(lane_browser(people[0]), HOME), "读报会"));
}

static enum result mute_zhou(struct db *db, void *arg)
{
    const struct moderation_actor actor = {lane.cadre, lane.committee.id, time_now()};

    (void)arg;
    return moderation_mute(db, &actor, HERE, lane.resident, 2, STR("请冷静几天"));
}

/* Whoever may not write for a time says nothing about an activity either; they may come. */
static void a_mute_ends(void **state)
{
    const char *one = announced(lane_browser(lane.cadre), "包粽子", "3", NULL), *comment = path("%s/comment", one);
    struct browser *zhou = lane_browser(lane.resident);
    struct reply r;
    (void)state;

    assert_int_equal(test_post(zhou, comment, "body=要带什么").status, 303);
    test_write(t, mute_zhou, NULL);
    r = test_post(zhou, comment, "body=内容不能丢");
    assert_int_equal(r.status, 422);
    assert_true(reply_has(r, "请冷静几天") && reply_has(r, "内容不能丢"));
    assert_true(reply_has(r, str_cstr(t->arena, time_exact_words(t->arena, LANG_ZH_CN, time_now() + 2 * TIME_DAY))));
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM entry_comment"), 1);
    assert_int_equal(sign(lane.resident, one, 1), 303);
    test_clock_add(2 * TIME_DAY - TIME_MINUTE);
    assert_int_equal(test_post(lane_browser(lane.resident), comment, "body=x").status, 422);
    test_clock_add(2 * TIME_MINUTE);
    assert_int_equal(test_post(lane_browser(lane.resident), comment, "body=冷静了").status, 303);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(announced_and_read),
        TEST(a_mute_ends),
        TEST(what_is_wrong_is_said),
        TEST(places_and_the_line),
        TEST(ten_for_the_last_place),
        TEST(only_the_organiser_sees_who),
        TEST(checked_in_by_the_code),
        TEST(the_list_closing_and_hours),
        TEST(nobody_confirms_their_own_hours),
        TEST(called_off_and_everyone_told),
        TEST(changed_and_told),
        TEST(reminded_on_the_day_before),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
