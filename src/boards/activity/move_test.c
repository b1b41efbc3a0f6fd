/* move_test.c: activities, their lists and their hours when two communities become one. */
#include "boards/activity/activity_world_test.h"
#include "boards/activity/rules.h"
#include "civic/home/lane_test.h"
#include "civic/hours/hours.h"
#include "civic/moderation/moderation.h"

static const struct module *const modules[] = {&lane_module,     &home_module,         &board_module,
                                               &activity_module, &activity_run_module, &activity_mine_module,
                                               &notify_module,   &hours_module,        &search_module};
static const struct place_mover *const movers[] = {&person_mover, &moderation_mover, &entry_mover, &activity_mover};

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

static void counted(void)
{
    lane_adds_up(activity_recount);
    lane_adds_up(entry_recount);
    lane_adds_up(hours_recount);
    lane_is_whole();
}

static void two_become_one(void **state)
{
    struct lane_elsewhere far = {.community = THERE, .estate_name = "三营房小区", .person_name = "何阿婆"};
    const char *one, *series;
    struct browser *he;
    (void)state;

    lane_live_elsewhere(&far);
    one = announced(lane_browser(lane.cadre), "清洁家园", "2", (const char *const[]){"gives_hours", "1", NULL});
    series = announced(lane_browser(lane.cadre), "手机课", "5",
                       (const char *const[]){"repeat", "weekly", "times", "3", NULL});
    assert_int_equal(sign(people[0], one, 1), 303);
    assert_int_equal(sign(people[1], one, 1), 303);
    assert_int_equal(sign(people[2], one, 1), 303); /* waits */
    counted();

    lane_merge(movers, 4);

    assert_int_equal(lane_rows_at("activity", HERE), 0);
    assert_int_equal(lane_rows_at("activity", JOINED), 4);
    assert_int_equal(lane_rows_at("activity_signup", JOINED), 3);
    counted();
    lane_leads(lane_browser(people[0]), one, JOINED);
    lane_leads(lane_browser(people[0]), path("%s/here", one), JOINED); /* the QR code on the wall */
    lane_leads(lane_browser(people[0]), BOARD, JOINED);
    one = lane_at(JOINED, one);
    he = lane_browser(far.person);
    assert_true(reply_has(test_get(he, lane_at(JOINED, BOARD)), "清洁家园"));
    /* a place that is given back goes to who has waited; the people of the other community stand behind them */
    assert_int_equal(sign(far.person, one, 1), 303);
    assert_int_equal(sign(people[0], one, 0), 303);
    assert_int_equal(signed_in_state(one, "in"), 2);
    assert_int_equal(signed_in_state(one, "waiting"), 1);
    assert_int_equal(told(people[2], "tell_moved_up"), 1);
    /* the dates of a series stay together, and open by themselves */
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM activity WHERE community = %lld AND series = %lld",
                                  (long long)JOINED, (long long)id_of(series)),
                     3);
    /* closed: hours are written in the book of today, for whoever signed up from a community that is no more */
    test_clock_add(5 * TIME_DAY);
    assert_int_equal(test_post(lane_browser(lane.cadre), path("%s/roll", one),
                               path("person=%lld&act=check_in", (long long)people[1]))
                         .status,
                     303);
    assert_int_equal(test_post(lane_browser(lane.cadre), path("%s/close", one), "minutes=120").status, 303);
    assert_int_equal(lane_rows_at("hours", HERE), 0);
    assert_int_equal(test_sql_int(&t->db, "SELECT minutes FROM hours WHERE community = %lld", (long long)JOINED), 120);
    counted();
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test_setup_teardown(two_become_one, setup, teardown)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
