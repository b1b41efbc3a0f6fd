/* move_test.c: two communities become one, and one is divided, while neighbours talk. */
#include "boards/talk/rules.h"
#include "boards/talk/talk_world_test.h"
#include "civic/home/lane_test.h"
#include "civic/moderation/moderation.h"
#include "civic/search/search_page.h"

static const struct module *const modules[] = {&lane_module, &home_module,        &board_module,
                                               &talk_module, &talk_groups_module, &search_module};
static const struct place_mover *const movers[] = {&person_mover, &moderation_mover, &entry_mover, &talk_mover,
                                                   &board_mover};
static const struct search_finder *const finders[] = {&entry_finder};
static struct lane_elsewhere far;
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
    search_use(finders, 1);
    test_write(t, more_people, NULL);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    search_use(NULL, 0);
    test_app_close(t);
    return 0;
}

static void counted(void)
{
    lane_adds_up(entry_recount);
    lane_adds_up(talk_group_recount);
    lane_is_whole();
}

static struct reply say(struct browser *b, const char *board, const char *title, const char *name, const char *value)
{
    const char *const fields[] = {"title", title, "body", "内容", name, value, NULL};
    struct reply r = test_upload(b, path("%s/new", board), fields, NULL, 0);

    assert_int_equal(r.status, 303);
    return r;
}

static const char *group_of_zhou(struct browser *zhou)
{
    struct reply r = test_post(zhou, BOARD "/groups/new", "name=象棋角&about=每周六上午在花园");
    const char *at = str_cstr(t->arena, r.location);

    assert_int_equal(test_post(lane_browser(lane.cadre), path("%s/decide", at), "accept=yes").status, 303);
    return at;
}

static void two_become_one(void **state)
{
    const char *there = path("/p/%lld/talk/lane", (long long)THERE), *group, *one, *two, *said, *committee;
    struct browser *zhou = lane_browser(lane.resident), *wu = lane_browser(neighbour), *he;
    struct reply r;
    (void)state;

    far = (struct lane_elsewhere){.community = THERE, .estate_name = "三营房小区", .person_name = "何阿婆"};
    lane_live_elsewhere(&far);
    he = lane_browser(far.person);
    test_sql(
        &t->db,
        "INSERT INTO talk_topic (community, id, board, name, closed, created_at) VALUES (%lld, 71, 2, '养花', 0, 0), (%lld, 72, 2, '遛狗', 0, 0),"
        " (%lld, 73, 2, '养花', 0, 0)",
        (long long)HERE, (long long)HERE, (long long)THERE);
    test_sql(
        &t->db,
        "INSERT INTO talk_rules (community, board, version, body, written_at, written_by) VALUES (%lld, 2, 3, '好好说话', 0, 0)",
        (long long)HERE);
    test_sql(
        &t->db,
        "INSERT INTO talk_accepted (community, board, person, rules_place, version, at) SELECT %lld, 2, id, %lld, 3, 0 FROM person",
        (long long)HERE, (long long)HERE);
    one = str_cstr(t->arena, say(zhou, BOARD, "月季开了", "topic", "71").location);
    two = str_cstr(t->arena, say(he, there, "茉莉也开了", "topic", "73").location);
    committee = str_cstr(t->arena, say(lane_browser(lane.cadre), BOARD, "居委会也来聊聊", NULL, NULL).location);
    assert_int_equal(test_post(wu, path("%s/comment", one), "body=真好看").status, 303);
    assert_int_equal(test_post(wu, path("%s/thumb", one), "on=1").status, 303);
    assert_int_equal(test_post(wu, path("%s/follow", one), "on=1").status, 303);
    group = group_of_zhou(zhou);
    assert_int_equal(test_post(wu, path("%s/join", group), "on=1").status, 303);
    said = str_cstr(t->arena, say(wu, BOARD, "周六照旧", "group", strrchr(group, '/') + 1).location);
    counted();

    lane_merge(movers, 5);

    assert_int_equal(lane_rows_at("entry", HERE) + lane_rows_at("entry", THERE), 0);
    assert_int_equal(lane_rows_at("entry", JOINED), 4);
    assert_int_equal(lane_rows_at("entry_comment", JOINED), 1);
    assert_int_equal(lane_rows_at("entry_follow", HERE), 0);
    assert_int_equal(lane_rows_at("entry_version", HERE), 0);
    counted();
    /* of two topics of one name one is left, with the entries of both */
    assert_int_equal(lane_rows_at("talk_topic", JOINED), 2);
    assert_int_equal(lane_rows_at("talk_topic", HERE) + lane_rows_at("talk_topic", THERE), 0);
    r = test_get(he, path("/p/%lld/talk/lane?topic=%lld", (long long)JOINED,
                          (long long)test_sql_int(&t->db, "SELECT id FROM talk_topic WHERE name = '养花'")));
    assert_true(reply_has(r, "月季开了") && reply_has(r, "茉莉也开了"));
    /* old addresses */
    lane_leads(wu, one, JOINED);
    lane_leads(wu, two, JOINED);
    lane_leads(wu, committee, JOINED);
    lane_leads(wu, said, JOINED);
    lane_leads(wu, group, JOINED);
    lane_leads(wu, BOARD, JOINED);
    lane_leads(wu, BOARD "?topic=71", JOINED);
    assert_int_equal(test_get(lane_browser(0), one).status, 303); /* whoever has to sign in does so there */
    /* the conversation goes on, between the people of both; the group has its members */
    r = test_get(he, lane_at(JOINED, one));
    assert_true(reply_has(r, "真好看"));
    assert_int_equal(test_post(he, lane_at(JOINED, path("%s/comment", one)), "body=我家的也开了&rules=1").status, 303);
    assert_true(str_eq(reply_json(t, test_get_json(wu, lane_at(JOINED, group)), "members"), STR("2")));
    assert_int_equal(test_post(he, lane_at(JOINED, path("%s/join", group)), "on=1").status, 303);
    assert_true(reply_has(test_get(wu, path("/p/%lld/search?q=茉莉", (long long)JOINED)), "也开了"));
    /* rules go on, and everybody says yes once */
    assert_int_equal(lane_rows_at("talk_rules", JOINED), 1);
    assert_true(reply_has(test_get(zhou, path("/p/%lld/talk/lane/new", (long long)JOINED)), "好好说话"));
    counted();
}

static void one_is_divided(void **state)
{
    struct browser *zhou = lane_browser(lane.resident), *wu = lane_browser(neighbour), *he;
    const char *group, *hers, *mine, *in_group;
    (void)state;

    far = (struct lane_elsewhere){.community = HERE, .estate_name = "淞兴苑", .person_name = "何阿婆"};
    lane_live_elsewhere(&far);
    he = lane_browser(far.person);
    test_sql(
        &t->db,
        "INSERT INTO talk_topic (community, id, board, name, closed, created_at) VALUES (%lld, 71, 2, '养花', 0, 0), (%lld, 72, 2, '遛狗', 0, 0)",
        (long long)HERE, (long long)HERE);
    group = group_of_zhou(zhou);
    assert_int_equal(test_post(he, path("%s/join", group), "on=1").status, 303);
    assert_int_equal(test_post(wu, path("%s/join", group), "on=1").status, 303);
    in_group = str_cstr(t->arena, say(he, BOARD, "棋盘我带", "group", strrchr(group, '/') + 1).location);
    hers = str_cstr(t->arena, say(he, BOARD, "茉莉开了", "topic", "71").location);
    mine = str_cstr(t->arena, say(zhou, BOARD, "月季开了", "topic", "72").location);

    lane_divide(movers, 5, far.estate.id);

    lane_leads(he, hers, APART);
    assert_int_equal(test_get(zhou, mine).status, 200);
    assert_int_equal(lane_rows_at("talk_topic", HERE), 2);
    assert_int_equal(lane_rows_at("talk_topic", APART), 1); /* only what somebody has brought along */
    /* the group is where its host is, with what was written in it; whoever lives elsewhere is no member any more */
    assert_int_equal(test_get(zhou, in_group).status, 200);
    assert_true(str_eq(reply_json(t, test_get_json(wu, group), "members"), STR("2")));
    assert_int_equal(test_get(he, in_group).status, 403);
    counted();
}

/* A mute belongs to the person. */
static void nobody_is_rid_of_a_mute(void **state)
{
    const char *const fields[] = {"title", "又来了", "body", "内容", NULL};
    (void)state;

    far = (struct lane_elsewhere){.community = THERE, .estate_name = "三营房小区", .person_name = "何阿婆"};
    lane_live_elsewhere(&far);
    test_sql(
        &t->db,
        "INSERT INTO moderation_measure (community, id, kind, thing_kind, thing, person, reason, by_person, at, ends_at, state, appeal, appealed_at,"
        " answer_due, answer, answered_at, answered_by) VALUES (%lld, 5, 'muted', '', 0, %lld, '骂人', 1, 0, %lld, 'standing', '', 0, 0, '', 0, 0)",
        (long long)HERE, (long long)neighbour, (long long)time_now() + TIME_DAY);
    assert_int_equal(test_upload(lane_browser(neighbour), BOARD "/new", fields, NULL, 0).status, 422);
    lane_merge(movers, 5);
    assert_int_equal(
        test_upload(lane_browser(neighbour), path("/p/%lld/talk/lane/new", (long long)JOINED), fields, NULL, 0).status,
        422);
    assert_int_equal(
        test_upload(lane_browser(far.person), path("/p/%lld/talk/lane/new", (long long)JOINED), fields, NULL, 0).status,
        303);
}

/* A board that one committee had for itself is on the home page of the new one; what a street wrote for one of them is for all. */
static void boards_and_audiences_follow(void **state)
{
    struct browser *he;
    (void)state;

    far = (struct lane_elsewhere){.community = THERE, .estate_name = "三营房小区", .person_name = "何阿婆"};
    lane_live_elsewhere(&far);
    test_sql(
        &t->db,
        "INSERT INTO board (id, word, kind, name, name_en, lead, lead_en, icon, place, organisation, owner_kind, readers, writers,"
        " review, position, state, created_at, changed_at) VALUES (3, 'women', 'talk', '女工之家', 'Women', '', '',"
        " 'talk', %lld, 0, '', 'residents', 'residents', 'none', 30, 'open', 0, 0)",
        (long long)HERE);
    test_sql(&t->db, "INSERT INTO board_place (board, place) VALUES (3, %lld)", (long long)HERE);
    test_sql(&t->db, "INSERT INTO board_order (community, board, position, hidden) VALUES (%lld, 3, 1, 0)",
             (long long)HERE);
    test_sql(
        &t->db,
        "INSERT INTO entry (community, id, board, kind, author, organisation, author_from, dwelling, title, body, version, audience, state, listed,"
        " pinned, created_at, published_at, ends_at, comments, thumbs, photos, hidden, hidden_reason, changed_at, would_list) VALUES (%lld, 900, 2, 'talk', 1,"
        " %lld, '街道', 0, '停水两天', '内容', 1, ',%lld', 'published', 1, 0, 1, 1, 0, 0, 0, 0, 0, '', 1, 1)",
        (long long)STREET, (long long)lane.office.id, (long long)HERE);
    he = lane_browser(far.person);
    assert_false(reply_has(test_get(he, path("/p/%lld", (long long)THERE)), "女工之家"));
    assert_false(reply_has(test_get(he, path("/p/%lld/talk/lane", (long long)THERE)), "停水两天"));

    lane_merge(movers, 5);

    assert_true(reply_has(test_get(he, path("/p/%lld", (long long)JOINED)), "女工之家"));
    assert_true(reply_has(test_get(he, path("/p/%lld/talk/lane", (long long)JOINED)), "停水两天"));
    assert_int_equal(lane_rows_at("board_order", JOINED), 1);
    lane_leads(he, HOME "/talk/women", JOINED);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {TEST(two_become_one), TEST(one_is_divided), TEST(nobody_is_rid_of_a_mute),
                                       TEST(boards_and_audiences_follow)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
