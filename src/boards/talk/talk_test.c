/* talk_test.c: neighbours talk: who reads and writes, what is hidden stays hidden everywhere, what is reviewed waits. */
#include "boards/talk/talk_world_test.h"
#include "civic/home/lane_test.h"
#include "civic/search/search.h"

static const struct module *const modules[] = {&lane_module, &home_module, &board_module, &talk_module, &notify_module};
static int64_t neighbour; /* of the next flat */

static enum result more_people(struct db *db, void *arg)
{
    (void)arg;
    return talk_neighbour(db, &neighbour);
}

static int setup(void **state)
{
    (void)state;
    talk_open(modules, 5);
    home_use(NULL, 0);
    test_write(t, more_people, NULL);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    home_use(NULL, 0);
    test_app_close(t);
    return 0;
}

static int64_t found(const char *words, enum search_visibility visibility)
{
    const struct search_question q = {
        .words = str_from_cstr(words), .place = HERE, .visibility = visibility, .limit = 10};
    struct search_hits hits;
    struct db *db;

    assert_int_equal(db_read_begin(t->db.database, t->arena, &db), OK);
    assert_int_equal(search_find(db, &q, &hits), OK);
    db_read_end(db);
    return (int64_t)hits.n;
}

static int64_t unread_of(int64_t person)
{
    return test_sql_int(&t->db, "SELECT COUNT(*) FROM notification WHERE person = %lld AND read_at = 0",
                        (long long)person);
}

static void neighbours_talk(void **state)
{
    struct browser *zhou = lane_browser(lane.resident), *wu = lane_browser(neighbour);
    const char *one = written(zhou, "桂花开了", "3号楼门口，香得很");
    struct reply r;
    (void)state;

    r = test_get(wu, BOARD);
    assert_true(reply_has(r, "桂花开了") && reply_has(r, "周女士") && reply_has(r, "3号楼"));
    assert_true(reply_has(test_get(wu, HOME), "桂花开了")); /* and on the home page */
    assert_int_equal(test_post(wu, path("%s/comment", one), "body=前年种的").status, 303);
    assert_int_equal(test_post(wu, path("%s/thumb", one), "on=1").status, 303);
    assert_int_equal(test_post(wu, path("%s/thumb", one), "on=1").status, 303); /* once is once */
    r = test_get(zhou, one);
    assert_true(reply_has(r, "前年种的") && reply_has(r, "吴先生"));
    r = test_get_json(zhou, one);
    assert_true(str_eq(reply_json(t, r, "talk.thumbs"), STR("1")) && str_eq(reply_json(t, r, "talk.total"), STR("1")));
    assert_int_equal(unread_of(lane.resident), 1); /* of the comment; nobody is told of their own */
    assert_int_equal(unread_of(neighbour), 0);

    /* an answer to the comment names whom it answers, and reaches them */
    assert_int_equal(
        test_post(zhou, path("%s/comment", one),
                  path("body=谢谢&reply_to=%lld", (long long)test_sql_int(&t->db, "SELECT MAX(id) FROM entry_comment")))
            .status,
        303);
    assert_true(reply_has(test_get(wu, one), "回复吴先生"));
    assert_int_equal(unread_of(neighbour), 1);
    assert_int_equal(test_post(zhou, path("%s/comment", one), "body=x&reply_to=77").status, 422);
    assert_int_equal(found("桂花", SEARCH_RESIDENTS), 1);
    assert_int_equal(found("桂花", SEARCH_PUBLIC), 0); /* of a board for residents guests find nothing */
}

static void only_neighbours_read_and_write(void **state)
{
    const char *one = written(lane_browser(lane.resident), "只给邻居看", "内容");
    const struct {
        int64_t person;
        int read, write;
    } who[] = {{0, 303, 303},         {lane.stranger, 403, 403}, {lane.waiting, 403, 403}, {lane.handler, 403, 403},
               {neighbour, 200, 200}, {lane.cadre, 200, 200},    {lane.officer, 200, 403}};
    (void)state;

    for (size_t i = 0; i < sizeof(who) / sizeof(who[0]); i++) {
        struct browser *b = lane_browser(who[i].person);
        struct reply home = test_get(b, HOME);

        assert_int_equal(test_get(b, one).status, who[i].read);
        assert_int_equal(test_get(b, BOARD).status, who[i].read);
        assert_int_equal(test_get(b, BOARD "/new").status, who[i].write);
        assert_true(reply_has(home, "只给邻居看") ==
                    (who[i].read == 200)); /* the home page tells no more than the board */
        if (who[i].read != 200)
            assert_int_equal(test_post(b, path("%s/comment", one), "body=x").status, who[i].read);
    }
    /* under the address of another community it is nowhere */
    assert_int_equal(test_get(lane_browser(lane.officer), path("/p/310113007012%s", one + strlen(HOME))).status, 404);
    /* nobody changes, hides or reviews what is not theirs */
    assert_int_equal(test_get(lane_browser(neighbour), path("%s/edit", one)).status, 403);
    assert_int_equal(test_post(lane_browser(neighbour), path("%s/withdraw", one), "").status, 403);
    assert_int_equal(test_post(lane_browser(neighbour), path("%s/hide", one), "hide=yes&reason=x").status, 403);
    assert_int_equal(test_post(lane_browser(neighbour), path("%s/review", one), "accept=yes").status, 403);
}

static void what_is_hidden_is_nowhere(void **state)
{
    struct browser *zhou = lane_browser(lane.resident), *wu = lane_browser(neighbour),
                   *cadre = lane_browser(lane.cadre);
    const char *one = written(zhou, "骂人的话", "难听的内容");
    struct reply r;
    (void)state;

    assert_int_equal(test_post(wu, path("%s/comment", one), "body=更难听的").status, 303);
    /* a comment: gone for the others, its author reads why */
    assert_int_equal(test_post(cadre, path("%s/comment/hide", one),
                               path("hide=yes&reason=请文明用语&comment=%lld",
                                    (long long)test_sql_int(&t->db, "SELECT MAX(id) FROM entry_comment")))
                         .status,
                     303);
    r = test_get(zhou, one);
    assert_false(reply_has(r, "更难听的") || reply_has(r, "请文明用语"));
    assert_true(str_eq(reply_json(t, test_get_json(zhou, one), "talk.total"), STR("0")));
    assert_true(reply_has(test_get(wu, one), "请文明用语"));
    /* the entry */
    assert_int_equal(test_post(cadre, path("%s/hide", one), "hide=yes").status, 422);
    assert_int_equal(test_post(cadre, path("%s/hide", one), "hide=yes&reason=请文明用语").status, 303);
    assert_int_equal(test_get(wu, one).status, 404);
    assert_int_equal(test_get_json(wu, one).status, 404);
    assert_false(reply_has(test_get(wu, BOARD), "骂人的话") || reply_has(test_get(wu, HOME), "骂人的话"));
    assert_int_equal(found("骂人", SEARCH_STAFF), 0);
    r = test_get(zhou, one);
    assert_true(r.status == 200 && reply_has(r, "请文明用语"));
    assert_int_equal(test_post(wu, path("%s/comment", one), "body=x").status, 404);
    /* an edit does not bring it back */
    assert_int_equal(send(zhou, path("%s/edit", one), "好好说话", "新内容").status, 303);
    assert_int_equal(test_get(wu, one).status, 404);
    assert_int_equal(found("好好", SEARCH_STAFF), 0);
    assert_int_equal(test_post(cadre, path("%s/hide", one), "hide=no").status, 303);
    assert_true(reply_has(test_get(wu, BOARD), "好好说话"));
    assert_int_equal(found("好好", SEARCH_RESIDENTS), 1);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM entry_version"), 2); /* both texts are kept */
}

static void reviewed_first(void **state)
{
    struct browser *zhou = lane_browser(lane.resident), *wu = lane_browser(neighbour),
                   *cadre = lane_browser(lane.cadre);
    const char *good, *bad;
    (void)state;

    test_sql(&t->db, "UPDATE board SET review = 'before' WHERE id = 2");
    good = written(zhou, "想办个读书会", "每周六下午");
    bad = written(zhou, "便宜卖茶叶", "加我微信");
    assert_false(reply_has(test_get(wu, BOARD), "读书会") || reply_has(test_get(wu, HOME), "读书会"));
    assert_int_equal(test_get(wu, good).status, 404);
    assert_int_equal(found("读书", SEARCH_STAFF), 0);
    assert_true(reply_has(test_get(cadre, BOARD "?state=waiting"), "读书会"));
    assert_int_equal(test_get(zhou, good).status, 200);
    assert_false(reply_has(test_get(zhou, BOARD "?state=waiting"),
                           "便宜卖茶叶")); /* the list of what waits is not for residents */
    assert_int_equal(test_post(cadre, path("%s/review", good), "accept=yes").status, 303);
    assert_true(reply_has(test_get(wu, BOARD), "读书会"));
    assert_int_equal(found("读书", SEARCH_RESIDENTS), 1);
    assert_int_equal(test_post(cadre, path("%s/review", bad), "accept=no").status, 422);
    assert_int_equal(test_post(cadre, path("%s/review", bad), "accept=no&reason=这里不做买卖").status, 303);
    assert_int_equal(test_post(cadre, path("%s/review", bad), "accept=yes").status, 409); /* settled */
    assert_int_equal(test_get(wu, bad).status, 404);
}

static void private_numbers_are_asked_about(void **state)
{
    struct browser *zhou = lane_browser(lane.resident);
    const char *const sure[] = {"title", "团购群", "body", "电话13800138000", "sure", "1", NULL};
    struct reply r = send(zhou, BOARD "/new", "团购群", "电话13800138000");
    (void)state;

    assert_int_equal(r.status, 422);
    assert_true(reply_has(r, "电话13800138000") && reply_has(r, "name=\"sure\"")); /* what was typed is still there */
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM entry"), 0);
    assert_int_equal(test_upload(zhou, BOARD "/new", sure, NULL, 0).status, 303);
    assert_int_equal(send(zhou, BOARD "/new", "", "x").status, 422);
}

static void two_who_change_it_at_once(void **state)
{
    struct browser *zhou = lane_browser(lane.resident);
    const char *one = written(zhou, "团购", "第一版");
    const char *const first[] = {"title", "团购", "body", "第二版", "version", "1", NULL};
    const char *const late[] = {"title", "团购", "body", "旧的", "version", "1", NULL};
    (void)state;

    assert_int_equal(test_upload(zhou, path("%s/edit", one), first, NULL, 0).status, 303);
    assert_int_equal(test_upload(zhou, path("%s/edit", one), late, NULL, 0).status, 409);
    assert_true(reply_has(test_get(zhou, one), "第二版"));
    assert_int_equal(found("第二版", SEARCH_RESIDENTS), 1);
    assert_int_equal(test_post(zhou, path("%s/withdraw", one), "").status, 303);
    assert_int_equal(test_get(lane_browser(neighbour), one).status, 404);
    assert_int_equal(found("第二版", SEARCH_RESIDENTS), 0);
    assert_int_equal(send(zhou, path("%s/edit", one), "团购", "再来").status, 409);
}

static void from_above_and_for_some(void **state)
{
    struct browser *officer = lane_browser(lane.officer), *zhou = lane_browser(lane.resident);
    struct reply r = send(officer, "/p/310113007000/talk/lane/new", "街道的活动", "欢迎来");
    (void)state;

    assert_int_equal(r.status, 303);
    assert_true(reply_has(test_get(zhou, BOARD), "街道的活动"));
    assert_true(reply_has(test_get(zhou, BOARD), "吴淞街道办事处"));
    assert_int_equal(test_get(zhou, str_cstr(t->arena, r.location)).status, 200); /* lives in the street */
    /* only for next door */
    test_sql(&t->db, "UPDATE entry SET audience = ',310113007012'");
    assert_false(reply_has(test_get(zhou, BOARD), "街道的活动"));
    test_sql(&t->db, "UPDATE entry SET audience = ',310113007012,310113007011'");
    assert_true(reply_has(test_get(zhou, BOARD), "街道的活动"));
}

static enum result count_again(struct db *db, void *arg)
{
    return entry_recount(db, HERE, arg);
}

static void counters_equal_a_recount(void **state)
{
    struct browser *zhou = lane_browser(lane.resident), *wu = lane_browser(neighbour);
    int64_t bad = -1;
    (void)state;

    for (int i = 0; i < 3; i++) {
        const char *one = written(zhou, path("第%d条", i), "x");

        for (int k = 0; k <= i; k++)
            assert_int_equal(test_post(wu, path("%s/comment", one), "body=好").status, 303);
        assert_int_equal(test_post(wu, path("%s/thumb", one), "on=1").status, 303);
        assert_int_equal(test_post(wu, path("%s/thumb", one), path("on=%d", i % 2)).status, 303);
    }
    test_write(t, count_again, &bad);
    assert_int_equal(bad, 0);
    test_sql(&t->db, "UPDATE entry SET comments = comments + 1 WHERE id = (SELECT MAX(id) FROM entry)");
    test_write(t, count_again, &bad);
    assert_int_equal(bad, test_sql_int(&t->db, "SELECT MAX(id) FROM entry"));
    /* the mark on the home page: what is new since one has looked */
    assert_true(reply_has(test_get(wu, HOME), "class=\"unread\""));
    assert_int_equal(test_post(wu, BOARD "/seen", path("entry=%lld", (long long)bad)).status, 303);
    assert_false(reply_has(test_get(wu, HOME), "class=\"unread\""));
}

/* Forty boards more: each has its own mark and stands among the newest, and nothing of those for residents is on a guest's page. */
static void a_home_with_many_boards(void **state)
{
    struct browser *wu = lane_browser(neighbour), *zhou = lane_browser(lane.resident), *guest = lane_browser(0);
    struct reply r;
    (void)state;

    for (int i = 0; i < 40; i++) {
        test_sql(
            &t->db,
            "INSERT INTO board (id, word, kind, name, name_en, lead, lead_en, icon, place, organisation, owner_kind, readers, writers, review, position, state, created_at, "
            "changed_at) SELECT 1000 + %d, 'lane_%d', kind, '版块%d', 'Board %d', lead, lead_en, icon, place, organisation, owner_kind, '%s', writers, review, 100 + %d, state, 0, 0 "
            "FROM board WHERE id = 2",
            i, i, i, i, i % 2 ? "residents" : "everybody", i);
        test_sql(&t->db,
                 "INSERT INTO board_place (board, place) SELECT 1000 + %d, place FROM board_place WHERE board = 2", i);
    }
    assert_int_equal(send(zhou, HOME "/talk/lane_38/new", "公开的事", "x").status, 303);
    test_clock_add(1000);
    assert_int_equal(send(zhou, HOME "/talk/lane_39/new", "金丝雀", "x").status, 303);
    r = test_get_json(wu, HOME);
    assert_true(str_eq(reply_json(t, r, "newest.0.title"), STR("金丝雀")));
    assert_true(str_eq(reply_json(t, r, "newest.0.board"), STR("版块39")));
    assert_true(str_eq(reply_json(t, r, "newest.1.title"), STR("公开的事")));
    assert_true(str_eq(reply_json(t, r, "boards.40.unread"), STR("1")) &&
                str_eq(reply_json(t, r, "boards.41.unread"), STR("1")));
    assert_true(str_eq(reply_json(t, r, "boards.39.unread"), STR("0")));
    r = test_get(guest, HOME);
    assert_false(reply_has(r, "金丝雀"));
    assert_true(reply_has(r, "公开的事"));
    r = test_get(lane_browser(lane.stranger), HOME); /* an account without a home here */
    assert_false(reply_has(r, "金丝雀") || reply_has(r, "版块39"));
    assert_true(reply_has(r, "版块38"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(neighbours_talk),         TEST(only_neighbours_read_and_write),  TEST(what_is_hidden_is_nowhere),
        TEST(reviewed_first),          TEST(private_numbers_are_asked_about), TEST(two_who_change_it_at_once),
        TEST(from_above_and_for_some), TEST(counters_equal_a_recount),        TEST(a_home_with_many_boards),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
