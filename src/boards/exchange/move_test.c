/* move_test.c: two communities become one, and one is divided, while neighbours have something to do with each other. */
#include "boards/exchange/exchange.h"
#include "boards/exchange/exchange_world_test.h"
#include "civic/home/lane_test.h"

static const struct place_mover *const movers[] = {&person_mover, &moderation_mover, &entry_mover, &exchange_mover};

static void counted(void)
{
    lane_adds_up(exchange_recount);
    lane_adds_up(entry_recount);
    lane_adds_up(hours_recount);
    lane_is_whole();
}

static void two_become_one(void **state)
{
    struct lane_elsewhere far = {.community = THERE, .estate_name = "三营房小区", .person_name = "何阿婆"};
    struct browser *zhou = lane_browser(lane.resident), *a = lane_browser(wu), *b = lane_browser(crowd[0]), *he;
    const char *lent, *help, *theirs, *there;
    struct reply r;
    (void)state;

    lane_live_elsewhere(&far);
    he = lane_browser(far.person);
    lent = made(zhou, IDLE, "lend", "梯子借您用", "days", "5");
    assert_int_equal(act(a, lent, "take", ""), 303);
    assert_int_equal(act(b, lent, "queue", ""), 303);
    assert_int_equal(act(zhou, lent, "comment", "body=请轻拿轻放"), 303);
    assert_int_equal(act(b, lent, "thumb", "on=1"), 303);
    help = made(zhou, HELP, "ask", "帮忙搬一张桌子", "minutes", "30");
    assert_int_equal(act(a, help, "take", ""), 303);
    assert_int_equal(act(zhou, help, "confirm", "minutes=30"), 303);
    assert_int_equal(act(a, help, "confirm", "minutes=30"), 303);
    assert_int_equal(test_sql_int(&t->db, "SELECT CAST(SUM(minutes) AS BIGINT) FROM hours"), 30);
    there = path("/p/%lld/exchange/idle_item", (long long)THERE);
    theirs = made(he, there, "give", "送一盆吊兰", "spot", "门口");
    counted();

    lane_merge(movers, 4);

    /* nothing is left, nothing is twice */
    assert_int_equal(lane_rows_at("entry", HERE) + lane_rows_at("entry", THERE), 0);
    assert_int_equal(lane_rows_at("entry", JOINED), 3);
    assert_int_equal(lane_rows_at("exchange_turn", JOINED), 3);
    assert_int_equal(lane_rows_at("entry_comment", JOINED), 1);
    assert_int_equal(lane_rows_at("entry_thumb", JOINED), 1);
    assert_int_equal(lane_rows_at("search_entry", HERE), 0);
    assert_int_equal(test_sql_int(&t->db,
                                  "SELECT COUNT(*) FROM clock WHERE community = %lld AND subject_kind = 'exchange'",
                                  (long long)HERE),
                     0);
    counted();

    /* both committees' things stand on one board, for the people of both */
    r = test_get(he, lane_at(JOINED, IDLE));
    assert_true(reply_has(r, "梯子借您用") && reply_has(r, "送一盆吊兰"));
    assert_true(reply_has(test_get(zhou, path("/p/%lld/search?q=吊兰", (long long)JOINED)), "吊兰"));
    assert_int_equal(test_get(lane_browser(lane.stranger), lane_at(JOINED, lent)).status, 403);

    /* old addresses lead there: of one, of what is between the two, of the list, of the hours */
    lane_leads(a, lent, JOINED);
    lane_leads(zhou, theirs, JOINED);
    lane_leads(a, IDLE, JOINED);
    lane_leads(a, HOME "/hours", JOINED);
    assert_int_equal(act(a, lent, "confirm", ""), 404); /* an old form is not acted on elsewhere */
    assert_int_equal(test_get(a, HOME "/exchange/idle_item/77").status, 303);
    assert_int_equal(test_get(a, path("/p/%lld/exchange/idle_item/77", (long long)JOINED)).status, 404);

    /* and it goes on: handed over, back, the next is asked */
    lent = lane_at(JOINED, lent);
    assert_true(reply_has(test_get(b, lent), "您排在第 1 位"));
    assert_int_equal(act(zhou, lent, "confirm", ""), 303);
    assert_int_equal(act(a, lent, "confirm", ""), 303);
    assert_int_equal(act(a, lent, "back", ""), 303);
    assert_int_equal(act(zhou, lent, "back", ""), 303);
    assert_int_equal(told(crowd[0], "exchange.tell_asked"), 1);
    counted();

    /* hours stand where the help was given, and are read where the helper lives */
    assert_int_equal(lane_rows_at("hours", HERE), 1);
    r = test_get_json(a, path("/p/%lld/hours", (long long)JOINED));
    assert_true(str_eq(reply_json(t, r, "given"), STR("30")) && reply_has(r, "邻里互助"));
    /* what is given from now on is in the new book, and both add up */
    help = made(he, lane_at(JOINED, HELP), "ask", "帮忙换灯泡", "minutes", "20");
    assert_int_equal(act(a, help, "take", ""), 303);
    assert_int_equal(act(he, help, "confirm", "minutes=20"), 303);
    assert_int_equal(act(a, help, "confirm", "minutes=20"), 303);
    assert_int_equal(lane_rows_at("hours", JOINED), 1);
    assert_true(str_eq(reply_json(t, test_get_json(a, path("/p/%lld/hours", (long long)JOINED)), "given"), STR("50")));
    counted();
}

/* Whoever lives in the estate that leaves takes their things along; what others have up stays. The two are still two. */
static void one_is_divided(void **state)
{
    struct lane_elsewhere far = {.community = HERE, .estate_name = "淞兴苑", .person_name = "何阿婆"};
    struct browser *zhou = lane_browser(lane.resident), *he;
    const char *mine, *hers;
    (void)state;

    lane_live_elsewhere(&far);
    he = lane_browser(far.person);
    mine = made(zhou, IDLE, "give", "送一台电扇", "spot", "3号楼门口");
    hers = made(he, IDLE, "give", "送一盆吊兰", "spot", "门口");
    assert_int_equal(act(zhou, hers, "take", ""), 303);

    lane_divide(movers, 4, far.estate.id);

    assert_int_equal(lane_rows_at("entry", HERE), 1);
    assert_int_equal(lane_rows_at("entry", APART), 1);
    counted();
    assert_int_equal(test_get(zhou, mine).status, 200);
    assert_false(reply_has(test_get(zhou, IDLE), "吊兰"));
    lane_leads(he, hers, APART);
    assert_true(reply_has(test_get(he, lane_at(APART, IDLE)), "吊兰"));
    /* who has taken it up still reads it and says so */
    lane_leads(zhou, hers, APART);
    assert_int_equal(test_get(zhou, lane_at(APART, hers)).status, 200);
    assert_int_equal(test_get(zhou, lane_at(APART, IDLE)).status, 403); /* that, and nothing else */
    assert_int_equal(test_get(lane_browser(wu), lane_at(APART, hers)).status, 403);
    assert_int_equal(act(zhou, lane_at(APART, hers), "confirm", ""), 303);
    assert_int_equal(act(he, lane_at(APART, hers), "confirm", ""), 303);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM exchange_turn WHERE state = 'done'"), 1);
    counted();
}

/* What was hidden stays hidden, and its author can still appeal to somebody. */
static void what_is_hidden_stays_so(void **state)
{
    struct browser *zhou = lane_browser(lane.resident), *a = lane_browser(wu), *cadre = lane_browser(lane.cadre);
    const char *one = made(zhou, IDLE, "give", "金丝雀笼子", "spot", "门口");
    (void)state;

    assert_int_equal(act(cadre, one, "hide", "hide=yes&reason=不合适"), 303);
    lane_merge(movers, 4);
    assert_int_equal(lane_rows_at("moderation_measure", JOINED), 1);
    assert_int_equal(lane_rows_at("moderation_measure", HERE), 0);
    assert_int_equal(test_get(a, lane_at(JOINED, one)).status, 404);
    assert_false(reply_has(test_get(a, lane_at(JOINED, IDLE)), "金丝雀") ||
                 reply_has(test_get(a, path("/p/%lld/search?q=金丝雀", (long long)JOINED)), "笼子"));
    assert_int_equal(test_get(zhou, lane_at(JOINED, one)).status, 200);
    counted();
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, exchange_setup, exchange_teardown)
    const struct CMUnitTest tests[] = {TEST(two_become_one), TEST(one_is_divided), TEST(what_is_hidden_stays_so)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
