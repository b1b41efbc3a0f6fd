/* party_test.c: who is a member is known to nobody who need not know it; what members do is counted once. */
#include "civic/home/lane_test.h"
#include "civic/party/party_world_test.h"

static void shown_only_after_both(void **state)
{
    struct browser *zero = lane_browser(crowd[0]);
    (void)state;

    assert_int_equal(say(crowd[0]), 303);
    assert_false(badge(crowd[0]) || seen_anywhere(crowd[1], "邻居0号", crowd[0]));
    assert_int_equal(test_post(zero, "/me/party/show", "agree=1").status, 403); /* nobody has confirmed it */
    assert_int_equal(confirm(crowd[0]), 303);
    assert_false(badge(crowd[0]) || seen_anywhere(crowd[1], "邻居0号", crowd[0]));
    assert_int_equal(test_sql_int(&t->db, "SELECT members FROM party_branch"), 1); /* counts, unnamed */
    assert_int_equal(test_post(zero, "/me/party/show", "").status, 422);           /* without the tick */
    assert_false(badge(crowd[0]));
    assert_int_equal(test_post(zero, "/me/party/show", "agree=1").status, 303);
    assert_true(badge(crowd[0]) && seen_anywhere(crowd[1], "邻居0号", crowd[0]));
    assert_int_equal(
        test_sql_int(&t->db,
                     "SELECT COUNT(*) FROM consent WHERE kind = 'party_badge' AND version = '" PARTY_CONSENT_VERSION
                     "' AND given_at > 0 AND withdrawn_at = 0"),
        1);
    assert_true(reply_has(test_get(zero, "/me/party"), "年 11 月版") &&
                !reply_has(test_get(zero, "/me/party"), PARTY_CONSENT_VERSION));
    assert_int_equal(bad_one(), 0);
}

static void taken_back_is_gone_at_once(void **state)
{
    (void)state;
    shown(crowd[0]);
    commit(crowd[0], "每周六教老人用手机");
    assert_int_equal(test_post(lane_browser(crowd[0]), "/me/party/hide", "").status, 303);
    assert_false(badge(crowd[0]) || seen_anywhere(crowd[1], "邻居0号", crowd[0]) ||
                 seen_anywhere(lane.secretary, "邻居0号", crowd[0]));
    assert_int_equal(
        test_sql_int(&t->db, "SELECT COUNT(*) FROM consent WHERE kind = 'party_badge' AND withdrawn_at > 0"), 1);
    assert_int_equal(test_sql_int(&t->db, "SELECT members FROM party_branch"), 1);
    assert_int_equal(test_sql_int(&t->db, "SELECT shown FROM party_branch"), 0);
    /* no message of anybody else's says it either */
    assert_int_equal(
        test_sql_int(&t->db, "SELECT COUNT(*) FROM notification WHERE person <> %lld", (long long)crowd[0]), 0);
    /* again, as often as they like: a consent of its own each time */
    assert_int_equal(test_post(lane_browser(crowd[0]), "/me/party/show", "agree=1").status, 303);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM consent WHERE kind = 'party_badge'"), 2);
    assert_true(seen_anywhere(crowd[1], "每周六教老人用手机", crowd[0]) || badge(crowd[0]));
    assert_int_equal(bad_one(), 0);
}

static void leaving_erases(void **state)
{
    (void)state;
    shown(crowd[0]);
    commit(crowd[0], "每周六教老人用手机");
    assert_int_equal(test_post(lane_browser(crowd[0]), PAGE "/take", "kind=report&subject=77").status, 303);
    assert_int_equal(test_post(lane_browser(crowd[0]), "/me/party/leave", "").status, 303);
    assert_false(badge(crowd[0]) || seen_anywhere(crowd[1], "邻居0号", crowd[0]));
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM party_commitment WHERE body <> ''"), 0);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM party_task WHERE state = 'taken'"), 0);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM party_person"), 0);
    assert_int_equal(test_sql_int(&t->db, "SELECT members + shown + taken FROM party_branch"), 0);
    assert_int_equal(test_post(lane_browser(crowd[0]), "/me/party/leave", "").status,
                     303);                /* nothing to leave: nothing happens */
    assert_int_equal(say(crowd[0]), 303); /* and may come again */
    assert_int_equal(bad_one(), 0);
}

struct gone {
    int64_t person;
};
static enum result close_run(struct db *db, void *arg)
{
    return account_close(db, ((struct gone *)arg)->person, time_now());
}

static void an_account_that_closes_takes_it_along(void **state)
{
    (void)state;
    shown(crowd[0]);
    test_write(t, close_run, &(struct gone){crowd[0]});
    assert_false(badge(crowd[0]));
    assert_int_equal(
        test_sql_int(&t->db, "SELECT CAST(party_member AS BIGINT) FROM person WHERE id = %lld", (long long)crowd[0]),
        0);
    assert_int_equal(test_sql_int(&t->db, "SELECT members FROM party_branch"), 0);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM party_person"), 0);
    assert_false(seen_anywhere(crowd[1], "邻居0号", crowd[0]));
    assert_int_equal(bad_one(), 0);
}

static void only_neighbours_and_staff_read_it(void **state)
{
    const char *one;
    (void)state;
    one = shown(crowd[0]);
    assert_int_equal(test_get(lane_browser(0), PAGE).status, 303); /* signs in first */
    assert_int_equal(test_get(lane_browser(0), one).status, 303);
    assert_int_equal(test_get(lane_browser(lane.stranger), PAGE).status, 403);
    assert_int_equal(test_get(lane_browser(lane.waiting), PAGE).status, 403);
    assert_int_equal(test_get(lane_browser(lane.handler), one).status, 403);
    assert_int_equal(test_get(lane_browser(lane.officer), PAGE).status, 200);
    assert_int_equal(test_get(lane_browser(crowd[1]), one).status, 200);
    assert_int_equal(test_get(lane_browser(crowd[1]), PAGE "/csv").status, 403);
    assert_int_equal(test_get(lane_browser(crowd[1]), "/p/310113007012/party").status, 403);
    assert_int_equal(test_get(lane_browser(crowd[1]), "/p/310113007099/party").status, 404);
    /* the home page leads there: whoever may read it */
    assert_true(reply_has(test_get(lane_browser(crowd[1]), "/p/310113007011"), PAGE));
    assert_false(reply_has(test_get(lane_browser(0), "/p/310113007011"), PAGE));
    assert_false(reply_has(test_get(lane_browser(lane.stranger), "/p/310113007011"), PAGE));
}

/* ---- confirming ------------------------------------------------------------------------------------------------------------------ */

static void only_a_secretary_confirms(void **state)
{
    const char *yes;
    (void)state;
    assert_int_equal(say(crowd[0]), 303);
    yes = format("member=%lld&answer=yes&branch=%lld", (long long)member_of(crowd[0]), (long long)branch);
    assert_int_equal(test_post(lane_browser(lane.cadre), PAGE "/decide", yes).status, 403);
    assert_int_equal(test_post(lane_browser(lane.officer), PAGE "/decide", yes).status, 403);
    assert_int_equal(test_post(lane_browser(crowd[0]), PAGE "/decide", yes).status, 403);
    assert_int_equal(test_post(lane_browser(0), PAGE "/decide", yes).status, 303);
    assert_int_equal(test_get(lane_browser(lane.cadre), "/desk/party").status, 403);
    assert_int_equal(test_get(lane_browser(lane.officer), "/desk/party").status, 403);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM party_member WHERE state = 'asked'"), 1);
    assert_true(reply_has(test_get(lane_browser(lane.secretary), "/desk/party"), "邻居0号"));
    assert_int_equal(confirm(crowd[0]), 303);
    assert_int_equal(confirm(crowd[0]), 409); /* it was decided */
}

static void a_no_has_a_reason_that_is_read(void **state)
{
    struct browser *secretary = lane_browser(lane.secretary);
    const char *no;
    (void)state;
    assert_int_equal(say(crowd[0]), 303);
    assert_int_equal(say(crowd[0]), 409);
    no = format("member=%lld&answer=no", (long long)member_of(crowd[0]));
    assert_int_equal(test_post(secretary, PAGE "/decide", no).status, 409);
    assert_int_equal(test_post(secretary, PAGE "/decide", format("%s&reason=组织关系不在这里", no)).status, 303);
    assert_true(reply_has(test_get(lane_browser(crowd[0]), "/me/party"), "组织关系不在这里"));
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM notification WHERE person = %lld", (long long)crowd[0]),
                     1);
    assert_int_equal(say(crowd[0]), 303); /* once more */
    assert_int_equal(test_sql_int(&t->db, "SELECT members FROM party_branch"), 0);
}

static void a_branch_has_its_own_secretary(void **state)
{
    struct browser *boss = lane_browser(lane.secretary), *own;
    int64_t other;
    (void)state;
    assert_int_equal(test_post(boss, "/desk/party/branch", "name=第二党支部").status, 303);
    other = test_sql_int(&t->db, "SELECT MAX(id) FROM party_branch");
    shown(crowd[0]);
    assert_int_equal(test_post(boss, "/desk/party/branch",
                               format("branch=%lld&name=第二党支部&secretary=%lld", (long long)other,
                                      (long long)member_of(crowd[0])))
                         .status,
                     409); /* of another branch */
    assert_int_equal(test_post(boss, "/desk/party/branch",
                               format("branch=%lld&name=海江路党支部&secretary=%lld", (long long)branch,
                                      (long long)member_of(crowd[0])))
                         .status,
                     303);
    own = lane_browser(crowd[0]);
    assert_int_equal(say(crowd[1]), 303);
    assert_int_equal(test_post(lane_browser(crowd[2]), "/me/party/ask", format("where=%lld", (long long)other)).status,
                     303);
    assert_true(reply_has(test_get(own, "/me/party"), "邻居1号") && !reply_has(test_get(own, "/me/party"), "邻居2号"));
    assert_int_equal(
        test_post(own, PAGE "/decide", format("member=%lld&answer=yes", (long long)member_of(crowd[2]))).status, 404);
    assert_int_equal(
        test_post(own, PAGE "/decide", format("member=%lld&answer=yes", (long long)member_of(crowd[1]))).status, 303);
    assert_int_equal(test_get(own, "/desk/party").status, 403);
    /* whoever leaves is secretary no more */
    assert_int_equal(test_post(own, "/me/party/leave", "").status, 303);
    assert_int_equal(
        test_post(own, PAGE "/decide", format("member=%lld&answer=yes", (long long)member_of(crowd[2]))).status, 403);
    /* nobody sees who the secretary is who does not show it */
    assert_int_equal(
        test_post(boss, "/desk/party/branch", format("branch=%lld&name=海江路党支部&end=1", (long long)branch)).status,
        409);
    assert_int_equal(
        test_post(boss, "/desk/party/branch", format("branch=%lld&name=第二党支部&end=1", (long long)other)).status,
        303);
    assert_int_equal(bad_one(), 0);
}

static void who_neither_lives_nor_works_here_is_none(void **state)
{
    const char *where = format("where=%lld", (long long)HERE);
    (void)state;
    assert_int_equal(test_post(lane_browser(lane.waiting), "/me/party/ask", where).status, 422);
    assert_int_equal(test_post(lane_browser(lane.stranger), "/me/party/ask", where).status, 422);
    assert_int_equal(test_post(lane_browser(lane.officer), "/me/party/ask", where).status, 422); /* works above */
    assert_int_equal(test_post(lane_browser(lane.cadre), "/me/party/ask", where).status, 303);
    assert_int_equal(test_post(lane_browser(crowd[0]), "/me/party/ask", "where=310113007012").status, 422);
    assert_int_equal(test_post(lane_browser(crowd[0]), "/me/party/ask", "where=x").status, 422);
    assert_int_equal(test_post(lane_browser(crowd[0]), "/me/party/ask", "").status, 422);
    assert_int_equal(test_post(lane_browser(0), "/me/party/ask", where).status, 303);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM party_member"), 1);
}

/* ---- commitments ------------------------------------------------------------------------------------------------------------------------ */

static void commitments_are_read_and_thanked_for(void **state)
{
    const char *one = shown(crowd[0]), *thanks;
    int64_t id = commit(crowd[0], "每周六教老人用手机");
    struct browser *zero = lane_browser(crowd[0]), *next = lane_browser(crowd[1]);
    (void)state;

    assert_true(reply_has(test_get(next, one), "每周六教老人用手机"));
    thanks = format("commitment=%lld&stars=4", (long long)id);
    assert_int_equal(test_post(zero, PAGE "/thank", thanks).status, 403); /* not oneself */
    assert_int_equal(test_post(next, PAGE "/thank", format("commitment=%lld&stars=6", (long long)id)).status, 422);
    assert_int_equal(test_post(next, PAGE "/thank", "commitment=1&stars=4").status, 404);
    assert_int_equal(test_post(lane_browser(lane.stranger), PAGE "/thank", thanks).status, 403);
    assert_int_equal(test_post(next, PAGE "/thank", thanks).status, 303);
    assert_int_equal(test_post(next, PAGE "/thank", thanks).status, 409); /* once */
    assert_int_equal(test_post(lane_browser(crowd[2]), PAGE "/thank", format("commitment=%lld", (long long)id)).status,
                     303);
    assert_int_equal(test_sql_int(&t->db, "SELECT thanks * 100 + ratings * 10 + stars FROM party_branch"), 214);
    assert_true(str_eq(reply_json(t, test_get_json(next, one), "mean"), STR("4.0")));
    assert_int_equal(
        test_post(lane_browser(crowd[1]), "/me/party/kept", format("commitment=%lld", (long long)id)).status, 404);
    assert_int_equal(test_post(zero, "/me/party/kept", format("commitment=%lld", (long long)id)).status, 303);
    assert_int_equal(test_post(zero, "/me/party/kept", format("commitment=%lld", (long long)id)).status, 409);
    assert_int_equal(bad_one(), 0);
}

static void commitments_have_bounds(void **state)
{
    struct browser *zero = lane_browser(crowd[0]);
    const char *day, *late, *far;
    (void)state;

    day = str_cstr(t->arena, iso(day_of(time_now()) + 3));
    late = str_cstr(t->arena, iso(day_of(time_now()) - 1));
    far = str_cstr(t->arena, iso(day_of(time_now()) + 400));
    assert_int_equal(test_post(zero, "/me/party/commit", format("words=带头清理楼道&due=%s", day)).status, 403);
    shown(crowd[0]);
    assert_int_equal(test_post(zero, "/me/party/commit", format("words=&due=%s", day)).status, 422);
    assert_int_equal(test_post(zero, "/me/party/commit", format("words=清&due=%s", day)).status, 422);
    assert_int_equal(test_post(zero, "/me/party/commit", format("words=带头清理楼道&due=%s", late)).status, 422);
    assert_int_equal(test_post(zero, "/me/party/commit", format("words=带头清理楼道&due=%s", far)).status, 422);
    assert_int_equal(test_post(zero, "/me/party/commit", "words=带头清理楼道&due=soon").status, 422);
    assert_int_equal(test_post(zero, "/me/party/commit", "words=带头清理楼道").status, 422);
    for (int i = 0; i < PARTY_COMMITMENTS_OPEN; i++)
        commit(crowd[0], "带头清理楼道");
    assert_int_equal(test_post(zero, "/me/party/commit", format("words=再来一项&due=%s", day)).status, 409);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM party_commitment"), PARTY_COMMITMENTS_OPEN);
}

static void a_hidden_commitment_is_read_by_its_author_alone(void **state)
{
    const char *one = shown(crowd[0]);
    int64_t id = commit(crowd[0], "加我微信买保健品");
    struct browser *next = lane_browser(crowd[1]);
    struct url flag;
    (void)state;

    flag = moderation_flag_url(t->arena, HERE, "party_commitment", id);
    assert_int_equal(test_get(next, str_cstr(t->arena, flag.s)).status, 200);
    assert_int_equal(test_post(next, str_cstr(t->arena, flag.s), "reason=advertising").status, 303);
    test_sql(&t->db, "UPDATE party_commitment SET hidden = 1, hidden_reason = '广告'");
    assert_false(reply_has(test_get(next, one), "保健品") || reply_has(test_get_json(next, one), "保健品"));
    assert_false(reply_has(test_get(lane_browser(crowd[0]), one), "保健品"));
    assert_true(reply_has(test_get(lane_browser(crowd[0]), "/me/party"), "广告"));
    assert_int_equal(test_post(next, PAGE "/thank", format("commitment=%lld", (long long)id)).status, 404);
}

/* ---- tasks -------------------------------------------------------------------------------------------------------------------------------- */

static void lending_a_hand(void **state)
{
    const char *one = shown(crowd[0]), *task;
    struct browser *zero = lane_browser(crowd[0]), *asker = lane_browser(lane.resident);
    int64_t id;
    (void)state;

    assert_int_equal(test_post(lane_browser(crowd[1]), PAGE "/take", "kind=report&subject=77").status,
                     403); /* no member */
    assert_int_equal(test_post(zero, PAGE "/take", "kind=report&subject=99").status, 404);
    assert_int_equal(test_post(zero, PAGE "/take", "kind=wish&subject=77").status, 422); /* by its own board */
    thing.closed = true;
    assert_int_equal(test_post(zero, PAGE "/take", "kind=report&subject=77").status, 409);
    thing.closed = false;
    thing.hidden = true;
    assert_int_equal(test_post(zero, PAGE "/take", "kind=report&subject=77").status, 404);
    thing.hidden = false;
    assert_int_equal(test_post(zero, PAGE "/take", "kind=report&subject=77").status, 303);
    assert_int_equal(test_post(zero, PAGE "/take", "kind=report&subject=77").status, 409);
    id = test_sql_int(&t->db, "SELECT MAX(id) FROM party_task");
    task = format("task=%lld", (long long)id);
    /* the one who asked is told, and not that the neighbour is a member */
    assert_int_equal(
        test_sql_int(&t->db, "SELECT COUNT(*) FROM notification WHERE person = %lld", (long long)lane.resident), 1);
    assert_int_equal(test_post(asker, PAGE "/task/thank", format("%s&stars=5", task)).status, 409); /* not done yet */
    assert_int_equal(test_post(lane_browser(crowd[1]), "/me/party/done", task).status, 404);
    assert_int_equal(test_post(zero, "/me/party/done", task).status, 303);
    assert_int_equal(test_post(zero, "/me/party/done", task).status, 409);
    assert_int_equal(test_post(lane_browser(crowd[1]), PAGE "/task/thank", format("%s&stars=5", task)).status, 404);
    assert_int_equal(test_post(zero, PAGE "/task/thank", format("%s&stars=5", task)).status, 404);
    assert_int_equal(test_post(asker, PAGE "/task/thank", format("%s&stars=0", task)).status, 422);
    assert_int_equal(test_post(asker, PAGE "/task/thank", format("%s&stars=5", task)).status, 303);
    assert_int_equal(test_post(asker, PAGE "/task/thank", format("%s&stars=1", task)).status, 409); /* once */
    assert_int_equal(test_sql_int(&t->db, "SELECT taken * 1000 + done * 100 + thanks * 10 + stars FROM party_branch"),
                     1115);
    assert_true(reply_has(test_get(lane_browser(crowd[1]), one), "楼道的灯不亮"));
    thing.hidden = true; /* by moderation, afterwards */
    assert_false(reply_has(test_get(lane_browser(crowd[1]), one), "楼道的灯不亮") ||
                 reply_has(test_get_json(lane_browser(crowd[1]), one), "楼道的灯不亮") ||
                 reply_has(test_get(zero, "/me/party"), "楼道的灯不亮"));
    assert_int_equal(bad_one(), 0);
}

static void giving_back_is_not_held_against_anybody(void **state)
{
    struct browser *zero = lane_browser(crowd[0]);
    (void)state;
    shown(crowd[0]);
    assert_int_equal(test_post(zero, PAGE "/take", "kind=report&subject=77").status, 303);
    assert_int_equal(test_post(zero, "/me/party/give-back",
                               format("task=%lld", (long long)test_sql_int(&t->db, "SELECT MAX(id) FROM party_task")))
                         .status,
                     303);
    assert_int_equal(test_sql_int(&t->db, "SELECT taken FROM party_branch"), 0);
    assert_int_equal(test_post(zero, PAGE "/take", "kind=report&subject=77").status, 303);
    assert_int_equal(bad_one(), 0);
}

/* ---- figures ------------------------------------------------------------------------------------------------------------------------------ */

static void few_are_not_told(void **state)
{
    static const struct {
        int64_t members[4];
        size_t n;
        bool whole;
        const char *shown; /* + shown, - not */
    } cases[] = {
        {{10, 20, 30}, 3, false, "+++"}, {{4, 20, 30}, 3, false, "--+"}, /* one alone would follow from the sum */
        {{0, 20, 30}, 3, false, "--+"},  {{1, 2, 30}, 3, false, "---"},  /* two, but of fewer than 5 together */
        {{3, 4, 30}, 3, false, "--+"},   {{4}, 1, false, "-"},           {{7}, 1, false, "+"},
        {{4, 9}, 2, false, "--"},        {{10, 20}, 2, true, "--"}, /* what is not told above is not told below */
    };
    (void)state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        bool withheld[4];

        party_withhold(cases[i].members, cases[i].n, cases[i].whole, withheld);
        for (size_t k = 0; k < cases[i].n; k++)
            if (withheld[k] != (cases[i].shown[k] == '-'))
                fail_msg("case %zu, row %zu", i, k);
    }
}

static void figures_of_few_stand_nowhere(void **state)
{
    struct browser *boss = lane_browser(lane.secretary), *officer = lane_browser(lane.officer);
    (void)state;

    for (int i = 0; i < 4; i++)
        shown(crowd[i]);
    assert_true(str_eq(reply_json(t, test_get_json(boss, PAGE), "withheld"), STR("true")));
    assert_true(str_eq(reply_json(t, test_get_json(boss, PAGE), "members_total"), STR_NONE));
    assert_true(str_eq(reply_json(t, test_get_json(boss, PAGE), "rows.0.members"), STR_NONE));
    assert_false(reply_has(test_get(boss, PAGE "/csv"), ",4"));
    assert_true(str_eq(reply_json(t, test_get_json(officer, "/p/310113007000/party"), "withheld"), STR("true")));
    shown(crowd[4]);
    assert_true(str_eq(reply_json(t, test_get_json(boss, PAGE), "members_total"), STR("5")));
    assert_true(str_eq(reply_json(t, test_get_json(officer, "/p/310113007000/party"), "members_total"), STR("5")));
    /* a second community with few: its figures, and with them the first one's, go; the street's stay */
    test_sql(
        &t->db,
        "INSERT INTO party_branch (community, id, name, secretary, created_at, ended_at, members, shown, taken, done, thanks, ratings, stars)"
        " VALUES (%lld, 9, 'x', 0, 0, 0, 2, 0, 0, 0, 0, 0, 0)",
        (long long)THERE);
    assert_true(str_eq(reply_json(t, test_get_json(officer, "/p/310113007000/party"), "members_total"), STR("7")));
    assert_true(str_eq(reply_json(t, test_get_json(officer, "/p/310113007000/party"), "rows.0.members"), STR_NONE));
    assert_true(str_eq(reply_json(t, test_get_json(officer, "/p/310113007000/party"), "rows.1.members"), STR_NONE));
    assert_true(str_eq(reply_json(t, test_get_json(boss, PAGE), "members_total"), STR_NONE)); /* nor on its own page */
    assert_false(reply_has(test_get(officer, "/p/310113007000/party/csv"), ",2,0,") ||
                 reply_has(test_get(officer, "/p/310113007000/party/csv"), ",5,5,"));
}

static void tampering_is_found(void **state)
{
    (void)state;
    shown(crowd[0]);
    assert_int_equal(bad_one(), 0);
    test_sql(&t->db, "UPDATE party_branch SET members = members + 1");
    assert_int_equal(bad_one(), branch);
    test_sql(&t->db, "UPDATE party_branch SET members = members - 1");
    test_sql(&t->db, "UPDATE person SET party_badge = 0 WHERE id = %lld", (long long)crowd[0]);
    assert_int_equal(bad_one(), member_of(crowd[0]));
    test_sql(&t->db, "UPDATE person SET party_badge = 1 WHERE id = %lld", (long long)crowd[0]);
    test_sql(&t->db, "UPDATE consent SET withdrawn_at = 1 WHERE kind = 'party_badge'"); /* shown without consent */
    assert_int_equal(bad_one(), member_of(crowd[0]));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(shown_only_after_both),
        TEST(taken_back_is_gone_at_once),
        TEST(leaving_erases),
        TEST(an_account_that_closes_takes_it_along),
        TEST(only_neighbours_and_staff_read_it),
        TEST(only_a_secretary_confirms),
        TEST(a_no_has_a_reason_that_is_read),
        TEST(a_branch_has_its_own_secretary),
        TEST(who_neither_lives_nor_works_here_is_none),
        TEST(commitments_are_read_and_thanked_for),
        TEST(commitments_have_bounds),
        TEST(a_hidden_commitment_is_read_by_its_author_alone),
        TEST(lending_a_hand),
        TEST(giving_back_is_not_held_against_anybody),
        TEST(few_are_not_told),
        TEST(figures_of_few_stand_nowhere),
        TEST(tampering_is_found),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
