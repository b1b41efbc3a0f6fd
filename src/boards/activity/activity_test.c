/* activity_test.c: places: taken, waited for, given back; ten who want the last one; check-in, closing and hours; calling off. */
#include "boards/activity/activity_world_test.h"
#include "civic/home/lane_test.h"

#include <pthread.h>

static const struct module *const modules[] = {&lane_module,     &home_module,          &board_module,
                                               &activity_module, &activity_run_module,  &activity_mine_module,
                                               &notify_module,   &hours_module,         &search_module};

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
        {"starts_at", "2026-03-01T09:00"},   {"starts_at", "2028-03-01T09:00"},     {"starts_at", "morgen"},
        {"ends_at", "2026-03-07T08:00"},     {"ends_at", "2026-04-07T08:00"},       {"signs_until", "2026-03-07T09:01"},
        {"cancels_until", "2026-03-07T10:00"}, {"capacity", "-1"},                  {"capacity", "2001"},
        {"capacity", "viele"},               {"spot", ""},                          {"title", ""},
        {"repeat", "yearly"},                {"times", "27"},                       {"times", "1"},
    };
    struct browser *cadre = lane_browser(lane.cadre);
    struct reply r;
    (void)state;

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        const char *fields[] = {"title",   "名字还在",    "spot",     "活动室", "starts_at", SATURDAY,
                                "ends_at", SATURDAY_NOON, "capacity", "3",      NULL,        NULL,
                                NULL};
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

struct one_of_ten {
    struct browser *browser;
    const char *path;
    pthread_barrier_t *start;
    int status;
};

/* Ten people, each in a browser of their own, at the same moment. The test's browsers share an arena, so what is sent is made ready before: each sends
 * by a helper that sends one request many times, here once. */
static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;
