/* private_test.c: what is between the two is nowhere else; what is hidden, of another place, or not published is nowhere at all. */
#include "boards/exchange/exchange_world_test.h"
#include "civic/home/lane_test.h"

static enum result mute_them(struct db *db, void *arg)
{
    const struct moderation_actor actor = {lane.cadre, lane.committee.id, time_now()};
    const int64_t *what = arg;

    return moderation_mute(db, &actor, HERE, what[0], what[1], STR("请冷静几天"));
}
static void mute(int64_t person, int64_t days)
{
    int64_t what[] = {person, days};

    test_write(t, mute_them, what);
}

/* Every page on which somebody could meet it, as HTML and as JSON. */
static void nowhere(struct browser *b, const char *one, const char *canary)
{
    const char *const pages[] = {HOME,
                                 IDLE,
                                 HELP,
                                 IDLE "?sort=give",
                                 IDLE "?state=waiting",
                                 path("%s", one),
                                 path(HOME "/search?q=%s", canary),
                                 HOME "/exchanges",
                                 HOME "/exchanges?list=taken",
                                 HOME "/exchanges?list=return",
                                 "/messages",
                                 "/desk/moderation"};

    for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
        struct reply page = test_get(b, pages[i]), json = test_get_json(b, pages[i]);

        if (i == 6) { /* the search page says again what was asked, and must have found nothing */
            assert_true(reply_has(json, "\"rows\":[]"));
            assert_false(reply_has(page, "<mark>"));
        } else if (reply_has(json, canary) || reply_has(page, canary)) {
            fail_msg("%s says %s", pages[i], canary);
        }
    }
}

static void between_the_two(void **state)
{
    struct browser *zhou = lane_browser(lane.resident), *a = lane_browser(wu), *third = lane_browser(crowd[0]),
                   *cadre = lane_browser(lane.cadre), *waits = lane_browser(crowd[1]);
    const char *one = made(zhou, IDLE, "give", "送一台电扇", "spot", "3号楼门口");
    struct reply r;
    (void)state;

    assert_int_equal(act(a, one, "say", "word=x"), 403); /* before it is taken up there is nobody to write to */
    assert_int_equal(act(a, one, "take", ""), 303);
    assert_int_equal(act(waits, one, "queue", ""), 303);
    assert_int_equal(act(a, one, "say", "word=canaryword 我住602"), 303);
    assert_int_equal(act(zhou, one, "say", "word=好的"), 303);
    assert_int_equal(told(lane.resident, "exchange.tell_word"), 1);
    assert_true(reply_has(test_get(zhou, one), "canaryword") && reply_has(test_get(a, one), "好的"));
    assert_true(str_eq(reply_json(t, test_get_json(zhou, one), "deal.other"), STR("吴先生")));
    for (int i = 0; i < 4; i++) {
        struct browser *const others[] = {third, cadre, waits, lane_browser(lane.officer)};

        nowhere(others[i], one, "canaryword");
        nowhere(others[i], one, "吴先生"); /* nor who took it up */
        r = test_get_json(others[i], one);
        assert_true(r.status == 200 && (i == 2 || reply_has(r, "\"deal\":null")));
    }
    assert_int_equal(act(third, one, "say", "word=x"), 403);
    assert_int_equal(act(waits, one, "say", "word=x"), 403);
    assert_int_equal(act(cadre, one, "say", "word=x"), 403);
    /* nobody flags what they cannot read */
    const char *flag = path(HOME "/flag/exchange_word/%lld",
                            (long long)test_sql_int(&t->db, "SELECT MIN(id) FROM exchange_word"));
    assert_int_equal(test_post(third, flag, "reason=insult").status, 404);
    assert_int_equal(test_post(a, flag, "reason=insult").status, 403); /* one's own */
    /* one of the two flags it: now staff read it, and hide it with a reason */
    assert_int_equal(test_post(zhou, flag, "reason=insult&words=x").status, 303);
    r = test_get(cadre,
                 path("/desk/moderation/%lld", (long long)test_sql_int(&t->db, "SELECT MAX(id) FROM moderation_case")));
    assert_true(reply_has(r, "canaryword"));
    assert_int_equal(test_post(cadre,
                               path("/desk/moderation/%lld/hide",
                                    (long long)test_sql_int(&t->db, "SELECT MAX(id) FROM moderation_case")),
                               "reason=请文明用语")
                         .status,
                     303);
    assert_false(reply_has(test_get(zhou, one), "canaryword") || reply_has(test_get_json(zhou, one), "canaryword"));
    /* thanks that were not meant for all stay between them; the others name who wrote them alone */
    assert_int_equal(act(zhou, one, "confirm", ""), 303);
    assert_int_equal(act(a, one, "confirm", ""), 303);
    assert_int_equal(act(a, one, "thank", "thanks=canarythanks"), 303);
    nowhere(cadre, one, "canarythanks");
    assert_int_equal(act(zhou, one, "thank", "thanks=谢谢好邻居&shown=1"), 303);
    r = test_get(cadre, one);
    assert_true(reply_has(r, "谢谢好邻居"));
    assert_false(reply_has(r, "吴先生"));
    all_adds_up();
}

static void what_is_hidden_is_nowhere(void **state)
{
    struct browser *zhou = lane_browser(lane.resident), *a = lane_browser(wu), *third = lane_browser(crowd[0]),
                   *cadre = lane_browser(lane.cadre);
    const char *one = made(zhou, IDLE, "lend", "canarythings", "days", "3");
    struct reply r;
    (void)state;

    assert_false(reply_has(test_get_json(third, path(HOME "/search?q=%s", "canarythings")), "\"rows\":[]"));
    assert_int_equal(act(a, one, "take", ""), 303);
    test_sql(&t->db, "DELETE FROM notification");
    assert_int_equal(test_post(cadre, path("%s/hide", one), "hide=yes&reason=不能转让").status, 303);
    assert_int_equal(test_get(third, one).status, 404);
    nowhere(third, one, "canarythings");
    /* whoever took it up still gets on with it, without its words */
    r = test_get(a, one);
    assert_true(r.status == 200 && reply_has(r, "/confirm"));
    nowhere(a, one, "canarythings");
    nowhere(a, one, "细说");
    assert_int_equal(act(zhou, one, "confirm", ""), 303);
    assert_int_equal(act(a, one, "confirm", ""), 303);
    nowhere(a, one, "canarythings");                         /* not in what they were told either */
    assert_true(reply_has(test_get(zhou, one), "不能转让")); /* its author reads why */
    all_adds_up();
}

static void of_other_places(void **state)
{
    struct browser *zhou = lane_browser(lane.resident);
    const char *one = made(zhou, IDLE, "give", "canarythings", "spot", "x"), *tail = one + strlen(HOME);
    const struct {
        int64_t person;
        int status;
    } who[] = {{0, 303}, {lane.stranger, 403}, {lane.waiting, 403}, {lane.handler, 403}};
    (void)state;

    for (size_t i = 0; i < sizeof(who) / sizeof(who[0]); i++) {
        struct browser *b = lane_browser(who[i].person);

        assert_int_equal(test_get(b, one).status, who[i].status);
        assert_int_equal(test_get(b, IDLE).status, who[i].status);
        assert_int_equal(act(b, one, "take", ""), who[i].status);
        assert_int_equal(act(b, one, "say", "word=x"), who[i].status);
        assert_false(reply_has(test_get(b, HOME), "canarythings"));
        assert_true(reply_has(test_get_json(b, path(HOME "/search?q=%s", "canarythings")), "\"rows\":[]"));
    }
    /* under the address of another community it is nowhere */
    assert_int_equal(test_get(lane_browser(lane.officer), path("/p/310113007012%s", tail)).status, 404);
    /* nor on another board of the kind */
    assert_int_equal(test_get(zhou, path(HELP "%s", strrchr(one, '/'))).status, 404);
}

static void watched_words_hold_private_ones_back(void **state)
{
    struct browser *zhou = lane_browser(lane.resident), *a = lane_browser(wu);
    const char *one = made(zhou, IDLE, "give", "旧书", "spot", "x");
    (void)state;

    test_sql(
        &t->db,
        "INSERT INTO watched_word (id, place, word, action, made_by, made_at) VALUES (77, %lld, '集资', 'review', 0, 0)",
        (long long)HERE);
    test_sql(&t->db, "UPDATE watched_version SET version = version + 1");
    assert_int_equal(act(a, one, "take", ""), 303);
    assert_int_equal(act(a, one, "say", "word=一起集资吧"), 303);
    assert_false(reply_has(test_get(zhou, one), "一起集资吧"));
    assert_int_equal(told(lane.resident, "exchange.tell_word"), 0);
    assert_true(reply_has(
        test_get(lane_browser(lane.cadre),
                 path("/desk/moderation/%lld", (long long)test_sql_int(&t->db, "SELECT MAX(id) FROM moderation_case"))),
        "一起集资吧"));
}

/* Whoever may not write for a time puts nothing up and says nothing, until it ends. */
static void a_mute_ends(void **state)
{
    struct browser *zhou = lane_browser(lane.resident), *a = lane_browser(wu);
    const char *one = made(zhou, IDLE, "give", "旧书", "spot", "x");
    struct reply r;
    (void)state;

    assert_int_equal(act(a, one, "take", ""), 303);
    assert_int_equal(act(a, one, "say", "word=我要"), 303);
    mute(wu, 2);
    r = put_up(a, IDLE, "give", "我也送", "spot", "x");
    assert_int_equal(r.status, 422);
    assert_true(reply_has(r, "请冷静几天") && reply_has(r, "我也送"));
    assert_true(reply_has(r, str_cstr(t->arena, time_exact_words(t->arena, LANG_ZH_CN, time_now() + 2 * TIME_DAY))));
    assert_int_equal(act(a, one, "say", "word=x"), 422);
    assert_int_equal(act(a, one, "comment", "body=x"), 422);
    assert_int_equal(act(zhou, one, "say", "word=好的"), 303); /* the other is not meant */
    test_clock_add(2 * TIME_DAY + TIME_MINUTE);
    a = lane_browser(wu);
    assert_int_equal(act(a, one, "say", "word=冷静了"), 303);
    (void)made(a, IDLE, "give", "我也送", "spot", "x");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, exchange_setup, exchange_teardown)
    const struct CMUnitTest tests[] = {
        TEST(between_the_two), TEST(what_is_hidden_is_nowhere),
        TEST(of_other_places), TEST(watched_words_hold_private_ones_back),
        TEST(a_mute_ends),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
