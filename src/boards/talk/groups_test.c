/* groups_test.c: groups of interest, topics and house rules: who opens, joins, hides; what is not there for others; whose telephone stays quiet at night. */
#include <stdlib.h>

#include "boards/talk/rules.h"
#include "boards/talk/talk_world_test.h"
#include "civic/home/lane_test.h"
#include "civic/service/service.h"

static const struct module *const modules[] = {&lane_module, &home_module,        &board_module,
                                               &talk_module, &talk_groups_module, &notify_module};
static int64_t neighbour; /* of the next flat */

static enum result more_people(struct db *db, void *arg)
{
    (void)arg;
    return talk_neighbour(db, &neighbour);
}

static int setup(void **state)
{
    (void)state;
    talk_open(modules, 6);
    home_use(NULL, 0);
    test_write(t, more_people, NULL);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    test_clock(0);
    test_app_close(t);
    return 0;
}

static int64_t one(const char *sql)
{
    return test_sql_int(&t->db, "%s", sql);
}

/* Zhou has asked for a group; the committee has agreed. */
static const char *opened(struct browser *zhou, const char *name)
{
    struct reply r = test_post(zhou, BOARD "/groups/new", path("name=%s&about=每周六上午在花园", name));
    const char *at;

    assert_int_equal(r.status, 303);
    at = str_cstr(t->arena, r.location);
    assert_int_equal(test_post(lane_browser(lane.cadre), path("%s/decide", at), "accept=yes").status, 303);
    return at;
}

static struct reply say_in(struct browser *b, const char *group, const char *title)
{
    const char *const fields[] = {"title", title, "body", "内容", "group", strrchr(group, '/') + 1, NULL};

    return test_upload(b, BOARD "/new", fields, NULL, 0);
}

static void what_waits_is_nowhere(void **state)
{
    struct browser *zhou = lane_browser(lane.resident), *wu = lane_browser(neighbour),
                   *cadre = lane_browser(lane.cadre);
    struct reply r = test_post(zhou, BOARD "/groups/new", "name=金丝雀小组&about=养鸟的邻居");
    const char *at = str_cstr(t->arena, r.location);
    (void)state;

    assert_int_equal(r.status, 303);
    assert_int_equal(test_get(wu, at).status, 404);
    assert_false(reply_has(test_get(wu, BOARD "/groups"), "金丝雀"));
    assert_false(reply_has(test_get_json(wu, BOARD "/groups"), "金丝雀"));
    assert_false(reply_has(test_get(wu, BOARD), "金丝雀") || reply_has(test_get(wu, HOME), "金丝雀"));
    assert_int_equal(test_post(wu, path("%s/join", at), "on=1").status, 404);
    assert_int_equal(say_in(zhou, at, "还没开").status, 404);
    assert_true(reply_has(test_get(zhou, BOARD "/groups"), "金丝雀") && test_get(zhou, at).status == 200);
    assert_true(reply_has(test_get(cadre, BOARD "/groups"), "金丝雀"));
    assert_int_equal(test_post(zhou, path("%s/decide", at), "accept=yes").status, 403);
    assert_int_equal(test_post(cadre, path("%s/decide", at), "accept=no").status, 422); /* not without a reason */
    assert_int_equal(test_post(cadre, path("%s/decide", at), "accept=no&reason=小区里不养鸟").status, 303);
    assert_int_equal(test_post(cadre, path("%s/decide", at), "accept=yes").status, 409);
    assert_int_equal(test_get(wu, at).status, 404);
    assert_true(reply_has(test_get(zhou, at), "小区里不养鸟"));
    assert_int_equal(one("SELECT COUNT(*) FROM notification WHERE text_key = 'talk_groups.tell_declined'"), 1);
}

static void members_write_and_are_told(void **state)
{
    struct browser *zhou = lane_browser(lane.resident), *wu = lane_browser(neighbour);
    const char *at = opened(zhou, "象棋角");
    struct reply r;
    (void)state;

    assert_int_equal(say_in(wu, at, "我也来").status, 403); /* members only */
    assert_int_equal(test_post(wu, path("%s/join", at), "on=1").status, 303);
    assert_int_equal(test_post(wu, path("%s/join", at), "on=1").status, 303); /* twice is once */
    assert_true(str_eq(reply_json(t, test_get_json(wu, at), "members"), STR("2")));
    r = say_in(zhou, at, "周六照旧");
    assert_int_equal(r.status, 303);
    assert_true(reply_has(test_get(wu, at), "周六照旧"));
    assert_true(reply_has(test_get(wu, str_cstr(t->arena, r.location)), "象棋角"));
    assert_int_equal(one("SELECT COUNT(*) FROM notification WHERE text_key = 'talk_groups.tell_new'"), 1);
    assert_int_equal(
        test_sql_int(&t->db,
                     "SELECT COUNT(*) FROM notification WHERE person = %lld AND text_key = 'talk_groups.tell_new'",
                     (long long)neighbour),
        1);
    assert_int_equal(test_post(wu, path("%s/notices", at), "on=0").status, 303);
    test_sql(&t->db, "DELETE FROM notification");
    assert_int_equal(say_in(zhou, at, "改到周日").status, 303);
    assert_int_equal(one("SELECT COUNT(*) FROM notification WHERE text_key = 'talk_groups.tell_new'"), 0);
    assert_int_equal(test_post(wu, path("%s/join", at), "on=0").status, 303);
    assert_int_equal(test_post(wu, path("%s/notices", at), "on=1").status, 403);
    assert_int_equal(test_post(lane_browser(lane.stranger), path("%s/join", at), "on=1").status, 403);
}

static void the_host_keeps_order(void **state)
{
    struct browser *zhou = lane_browser(lane.resident), *wu = lane_browser(neighbour),
                   *cadre = lane_browser(lane.cadre);
    const char *at = opened(zhou, "种花"), *one_of, *other;
    (void)state;

    assert_int_equal(test_post(wu, path("%s/join", at), "on=1").status, 303);
    one_of = str_cstr(t->arena, say_in(wu, at, "金丝雀广告").location);
    other = written(wu, "不在小组里", "x");
    assert_int_equal(
        test_post(wu, path("%s/hide", at), path("entry=%s&hide=yes&reason=x", strrchr(one_of, '/') + 1)).status, 403);
    assert_int_equal(
        test_post(zhou, path("%s/hide", at), path("entry=%s&hide=yes&reason=x", strrchr(other, '/') + 1)).status, 404);
    assert_int_equal(test_post(zhou, path("%s/hide", at), path("entry=%s&hide=yes", strrchr(one_of, '/') + 1)).status,
                     422);
    assert_int_equal(
        test_post(zhou, path("%s/hide", at), path("entry=%s&hide=yes&reason=不是种花的事", strrchr(one_of, '/') + 1))
            .status,
        303);
    assert_int_equal(test_get(lane_browser(lane.resident), one_of).status, 404);
    assert_false(reply_has(test_get(cadre, at), "金丝雀") || reply_has(test_get(cadre, BOARD), "金丝雀"));
    assert_true(reply_has(test_get(wu, one_of), "不是种花的事"));        /* the author reads why */
    assert_int_equal(one("SELECT COUNT(*) FROM moderation_measure"), 1); /* and can appeal */
    assert_true(reply_has(test_get(zhou, at), "金丝雀"));
    assert_int_equal(test_post(zhou, path("%s/hide", at), path("entry=%s&hide=no", strrchr(one_of, '/') + 1)).status,
                     303);
    assert_int_equal(test_get(zhou, one_of).status, 200);
    /* what the committee has hidden is not the host's to show */
    assert_int_equal(test_post(cadre, path("%s/hide", one_of), "hide=yes&reason=广告").status, 303);
    assert_int_equal(test_post(zhou, path("%s/hide", at), path("entry=%s&hide=no", strrchr(one_of, '/') + 1)).status,
                     409);
    assert_false(reply_has(test_get(zhou, at), "金丝雀"));

    /* the role is passed on before the host leaves */
    assert_int_equal(test_post(zhou, path("%s/join", at), "on=0").status, 409);
    assert_int_equal(test_post(zhou, path("%s/host", at), path("person=%lld", (long long)lane.stranger)).status, 422);
    assert_int_equal(test_post(wu, path("%s/host", at), path("person=%lld", (long long)neighbour)).status, 403);
    assert_int_equal(test_post(zhou, path("%s/host", at), path("person=%lld", (long long)neighbour)).status, 303);
    assert_int_equal(test_post(zhou, path("%s/join", at), "on=0").status, 303);
    assert_int_equal(test_post(zhou, path("%s/close", at), "reason=x").status, 403);
    assert_int_equal(test_post(wu, path("%s/close", at), "").status, 422);
    assert_int_equal(test_post(wu, path("%s/close", at), "reason=人都搬走了").status, 303);
    assert_int_equal(test_post(zhou, path("%s/join", at), "on=1").status, 409);
    assert_true(reply_has(test_get(zhou, at), "人都搬走了"));
    assert_int_equal(test_post(cadre, path("%s/end", at), "reason=x").status, 409);
}

static enum result count_again(struct db *db, void *arg)
{
    return talk_group_recount(db, HERE, arg);
}

struct joins {
    int64_t group, person;
};
static enum result join_once(struct db *db, void *arg)
{
    const struct joins *j = arg;
    struct entry_actor actor = {.person = j->person, .now = time_now()};
    talk_group group;
    enum result r = sql_talk_group_get(db, HERE, j->group, &group);

    return r == OK ? talk_group_join(db, &actor, &group, true) : r;
}

static void members_equal_a_recount(void **state)
{
    const char *at = opened(lane_browser(lane.resident), "跳操");
    struct joins j = {strtoll(strrchr(at, '/') + 1, NULL, 10), neighbour};
    int64_t bad = -1;
    (void)state;

    for (int i = 0; i < 10; i++) /* ten taps of the same person */
        test_write(t, join_once, &j);
    assert_int_equal(one("SELECT members FROM talk_group"), 2);
    assert_int_equal(one("SELECT COUNT(*) FROM ledger WHERE verb = 'joined'"), 1);
    test_write(t, count_again, &bad);
    assert_int_equal(bad, 0);
    test_sql(&t->db, "UPDATE talk_group SET members = 7");
    test_write(t, count_again, &bad);
    assert_int_equal(bad, j.group);
}

static void topics_filter(void **state)
{
    struct browser *zhou = lane_browser(lane.resident), *cadre = lane_browser(lane.cadre);
    int64_t id;
    (void)state;

    assert_int_equal(test_post(zhou, BOARD "/topics", "name=花草").status, 403);
    assert_int_equal(test_post(cadre, BOARD "/topics", "name=").status, 422);
    assert_int_equal(test_post(cadre, BOARD "/topics", "name=一二三四五六七八九十一").status, 422);
    assert_int_equal(test_post(cadre, BOARD "/topics", "name=花草").status, 303);
    assert_int_equal(test_post(cadre, BOARD "/topics", "name=花草").status, 422);
    id = one("SELECT id FROM talk_topic");
    const char *const fields[] = {"title", "月季开了", "body", "好看", "topic", path("%lld", (long long)id), NULL};
    const char *const none[] = {"title", "月季开了", "body", "好看", "topic", "77", NULL};
    assert_int_equal(test_upload(zhou, BOARD "/new", none, NULL, 0).status, 422);
    assert_int_equal(test_upload(zhou, BOARD "/new", fields, NULL, 0).status, 303);
    written(zhou, "停车的事", "x");
    assert_true(reply_has(test_get(zhou, path(BOARD "?topic=%lld", (long long)id)), "月季开了"));
    assert_false(reply_has(test_get(zhou, path(BOARD "?topic=%lld", (long long)id)), "停车的事"));
    assert_int_equal(test_get(zhou, BOARD "?topic=77").status, 404);
    test_sql(&t->db, "UPDATE entry SET listed = 0 WHERE title = '月季开了'"); /* hidden: not by topic either */
    assert_false(reply_has(test_get(zhou, path(BOARD "?topic=%lld", (long long)id)), "月季开了"));
    assert_int_equal(test_post(cadre, BOARD "/topics/close", path("topic=%lld&closed=yes", (long long)id)).status, 303);
    assert_int_equal(test_upload(zhou, BOARD "/new", fields, NULL, 0).status, 422);
    assert_false(reply_has(test_get(zhou, BOARD "/new"), "花草"));
    for (int i = 0; i < TALK_TOPICS_OPEN_MAX; i++)
        assert_int_equal(test_post(cadre, BOARD "/topics", path("name=话题%d", i)).status, 303);
    assert_int_equal(test_post(cadre, BOARD "/topics", "name=多了").status, 422);
}

static void house_rules_are_agreed_to_once(void **state)
{
    struct browser *zhou = lane_browser(lane.resident), *cadre = lane_browser(lane.cadre);
    const char *before = written(zhou, "还没有约定", "x");
    const char *const first[] = {"title", "第一条", "body", "x", "rules", "1", NULL};
    const char *const second[] = {"title", "第二条", "body", "x", "rules", "2", NULL};
    struct reply r;
    (void)state;

    assert_int_equal(test_post(zhou, BOARD "/rules", "body=x").status, 403);
    assert_int_equal(test_post(cadre, BOARD "/rules", "body=有话好好说").status, 303);
    assert_int_equal(test_post(cadre, BOARD "/rules", "body=有话好好说").status,
                     422); /* nobody is asked twice for the same */
    r = send(zhou, BOARD "/new", "没点同意", "写好的话");
    assert_int_equal(r.status, 422);
    assert_true(reply_has(r, "写好的话") && reply_has(r, "有话好好说"));
    r = test_post(zhou, path("%s/comment", before), "body=评论也要");
    assert_int_equal(r.status, 422);
    assert_true(reply_has(r, "评论也要") && reply_has(r, "name=\"rules\""));
    assert_int_equal(test_post(zhou, BOARD "/groups/new", "name=小组&about=x").status, 422);
    assert_int_equal(test_upload(zhou, BOARD "/new", second, NULL, 0).status, 422); /* a version that is not there */
    assert_int_equal(test_upload(zhou, BOARD "/new", first, NULL, 0).status, 303);
    assert_int_equal(send(zhou, BOARD "/new", "不再问", "x").status, 303);
    assert_int_equal(test_post(zhou, path("%s/comment", before), "body=好").status, 303);
    assert_false(reply_has(test_get(zhou, BOARD "/new"), "name=\"rules\""));
    /* a new version asks again; whoever runs the board is not asked */
    assert_int_equal(test_post(cadre, BOARD "/rules", "body=有话好好说，不做广告").status, 303);
    assert_int_equal(test_upload(zhou, BOARD "/new", first, NULL, 0).status, 422);
    assert_int_equal(test_upload(zhou, BOARD "/new", second, NULL, 0).status, 303);
    assert_int_equal(send(cadre, BOARD "/new", "居委会写", "x").status, 303);
    assert_int_equal(one("SELECT COUNT(*) FROM talk_rules"), 2); /* every version stays */
    assert_true(reply_has(test_get(zhou, BOARD "/rules"), "不做广告"));
}

/* ---- quiet hours: nothing of talk leaves the app in them ------------------------------------------------------------------- */

static int sent; /* letters that have left */

static bool works(const struct services *services)
{
    (void)services;
    return true;
}

static enum result leave(struct db *db, const struct services *services, const struct away_letter *letter)
{
    (void)db;
    (void)services;
    (void)letter;
    sent++;
    return OK;
}

static int sent_at(int64_t now)
{
    static const struct notice_carrier carrier = {"wechat", works, leave};
    static const struct notice_carrier *const carriers[] = {&carrier};
    struct services services = {.keys = crypto_keys_for_test()};
    struct notify_round round;

    sent = 0;
    test_clock(now);
    notify_use_carriers(carriers, 1);
    assert_int_equal(notify_send(t->db.database, &services, t->arena, STR("https://x.cn"), now, &round), OK);
    notify_use_carriers(NULL, 0);
    crypto_keys_close(services.keys);
    return sent;
}

static enum result all_of_it(struct db *db, void *arg)
{
    struct notice_choice c = {
        .away = AWAY_ALL, .quiet_from = 21, .quiet_to = 8, .digest_hour = 18, .urgent_passes = true};

    for (size_t i = 0; i < TOPIC_COUNT; i++) {
        c.has_topic[i] = true;
        c.topic[i] = WAY_NOW;
    }
    return notify_choose(db, *(int64_t *)arg, &c, time_now());
}

static void the_night_is_quiet(void **state)
{
    static const struct notice_table *const tables[] = {&entry_notices, &talk_notices};
    int64_t night = day_start(day_of(time_now()) + 1) + 22 * TIME_HOUR;
    struct browser *zhou, *wu;
    const char *at, *mine;
    struct str why;
    (void)state;

    assert_int_equal(notify_use(tables, 2, t->arena, &why), OK);
    notify_use_limits(&notice_limits_usual);
    test_clock(night - 2 * TIME_HOUR);
    zhou = lane_browser(lane.resident);
    wu = lane_browser(neighbour);
    at = opened(zhou, "夜跑");
    test_write(t, all_of_it, &lane.resident);
    test_write(t, all_of_it, &neighbour);
    assert_int_equal(test_post(wu, path("%s/join", at), "on=1").status, 303);
    mine = written(wu, "谁家的钥匙", "x");
    test_sql(&t->db, "DELETE FROM notify_away");
    test_clock(night);
    zhou = lane_browser(lane.resident); /* a session that nobody used for two hours has ended */
    assert_int_equal(test_post(zhou, path("%s/comment", mine), "body=我家的").status, 303); /* wu: a reply */
    assert_int_equal(say_in(zhou, at, "明早六点").status, 303);                             /* wu: news of the group */
    assert_int_equal(test_post(zhou, path("%s/host", at), path("person=%lld", (long long)neighbour)).status, 303);
    assert_true(one("SELECT COUNT(*) FROM notify_away") >= 3);
    for (int64_t h = 0; h < 10; h++) /* 22:00 to 7:59 */
        assert_int_equal(sent_at(night + h * TIME_HOUR - (h ? TIME_MINUTE : 0)), 0);
    assert_true(sent_at(night + 10 * TIME_HOUR + 10 * TIME_MINUTE) > 0);
    assert_int_equal(notify_use(NULL, 0, t->arena, &why), OK);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(what_waits_is_nowhere), TEST(members_write_and_are_told),
        TEST(the_host_keeps_order),  TEST(members_equal_a_recount),
        TEST(topics_filter),         TEST(house_rules_are_agreed_to_once),
        TEST(the_night_is_quiet),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
