/* transfer_test.c: a member goes to another branch, by their own wish or with a community that ends; nothing is lost, and nothing counted twice. */
#include "civic/home/lane_test.h"
#include "civic/party/party_world_test.h"

static enum result merge_run(struct db *db, void *arg)
{
    static const int64_t from[] = {HERE};
    static const struct place_new to[] = {{THERE, {NULL, 0}}};
    const struct place_change change = {.from = from, .n_from = 1, .to = to, .n_to = 1, .at = time_now(), .actor = 0};

    (void)arg;
    return place_succeed(db, &change);
}

static enum result count_there(struct db *db, void *arg)
{
    return party_recount(db, THERE, arg);
}

static int64_t boss_there;
static enum result found_there(struct db *db, void *arg)
{
    struct organisation *committee = arg;

    LANE_TRY(lane_organisation(db, THERE, "residents_committee", "三营房居民委员会", "", committee));
    LANE_TRY(lane_person(db, "方书记", &boss_there));
    return lane_post(db, boss_there, committee, "party_secretary", "书记");
}

/* crowd[0] has a home there too. */
static enum result live_there(struct db *db, void *arg)
{
    const struct lane_elsewhere *far = arg;
    int64_t id = id_new();

    LANE_TRY(sql_residence_put(db, THERE, id, crowd[0], far->estate.id, far->dwelling.building, far->dwelling.id,
                               STR("tenant"), STR("verified"), time_now(), time_now(), 0));
    return sql_person_residence_put(db, crowd[0], THERE, id);
}

static enum result moved_out(struct db *db, void *arg)
{
    return party_moved_out(db, *(int64_t *)arg, HERE, time_now());
}

static int64_t branch_made(const char *name)
{
    assert_int_equal(test_post(lane_browser(lane.secretary), "/desk/party/branch", format("name=%s", name)).status,
                     303);
    return test_sql_int(&t->db, "SELECT MAX(id) FROM party_branch");
}

static void names_secretary(int64_t of, const char *name, int64_t person)
{
    assert_int_equal(
        test_post(lane_browser(lane.secretary), "/desk/party/branch",
                  format("branch=%lld&name=%s&secretary=%lld", (long long)of, name, (long long)member_of(person)))
            .status,
        303);
}

static int64_t wish_of(int64_t person)
{
    return test_sql_int(&t->db, "SELECT COALESCE(MAX(id), 0) FROM party_transfer WHERE person = %lld",
                        (long long)person);
}

static int64_t figure(int64_t of, const char *what)
{
    return test_sql_int(&t->db, "SELECT %s FROM party_branch WHERE id = %lld", what, (long long)of);
}

static const char *takes_in(int64_t person, const char *answer)
{
    return format("transfer=%lld&answer=%s", (long long)wish_of(person), answer);
}

static void a_member_goes_to_another_branch(void **state)
{
    int64_t other = branch_made("第二党支部"), promise;
    const char *one = shown(crowd[0]), *where;
    struct browser *zero = lane_browser(crowd[0]), *old, *new, *next = lane_browser(crowd[1]);
    struct reply r;
    (void)state;

    /* both branches have a secretary of their own */
    assert_int_equal(say(crowd[2]), 303);
    assert_int_equal(confirm(crowd[2]), 303);
    names_secretary(branch, "海江路党支部", crowd[2]);
    assert_int_equal(test_post(lane_browser(crowd[3]), "/me/party/ask", format("where=%lld", (long long)other)).status,
                     303);
    assert_int_equal(
        test_post(lane_browser(lane.secretary), PAGE "/decide",
                  format("member=%lld&answer=yes&branch=%lld", (long long)member_of(crowd[3]), (long long)other))
            .status,
        303);
    names_secretary(other, "第二党支部", crowd[3]);
    old = lane_browser(crowd[2]);
    new = lane_browser(crowd[3]);
    promise = commit(crowd[0], "每周六教老人用手机");
    assert_int_equal(test_post(next, PAGE "/thank", format("commitment=%lld&stars=5", (long long)promise)).status, 303);
    assert_int_equal(test_post(zero, PAGE "/take", "kind=report&subject=77").status, 303);

    /* asking changes nothing */
    where = format("to=%lld", (long long)other);
    assert_int_equal(test_post(zero, "/me/party/transfer", format("to=%lld", (long long)branch)).status, 422);
    assert_int_equal(test_post(zero, "/me/party/transfer", format("to=%lld", (long long)HERE)).status, 422);
    assert_int_equal(test_post(next, "/me/party/transfer", where).status, 403); /* no member */
    assert_int_equal(test_post(zero, "/me/party/transfer", where).status, 303);
    assert_int_equal(test_post(zero, "/me/party/transfer", where).status, 409);
    assert_true(reply_has(test_get(zero, "/me/party"), "等第二党支部接收"));
    assert_int_equal(figure(branch, "members * 10 + shown"), 21);
    assert_true(badge(crowd[0]) && reply_has(test_get(next, one), "海江路党支部"));
    assert_int_equal(bad_one(), 0);

    /* it waits for the new branch's secretary, and for the community's; not for the old one's */
    r = test_get(new, "/me/party");
    assert_true(reply_has(r, "邻居0号") && reply_has(r, "来自吴淞新城"));
    assert_true(str_eq(reply_json(t, test_get_json(new, "/me/party"), "coming.0.name"), STR("邻居0号")));
    assert_true(reply_has(test_get_json(old, "/me/party"), "\"coming\":[]"));
    assert_true(reply_has(test_get(lane_browser(lane.secretary), "/desk/party"), "申请转入：第二党支部"));
    assert_int_equal(test_post(old, PAGE "/transfer", takes_in(crowd[0], "yes")).status, 404);
    assert_int_equal(test_post(zero, PAGE "/transfer", takes_in(crowd[0], "yes")).status, 403);
    assert_int_equal(test_post(lane_browser(lane.cadre), PAGE "/transfer", takes_in(crowd[0], "yes")).status, 403);
    assert_int_equal(test_post(new, PAGE "/transfer", takes_in(crowd[0], "no")).status, 409); /* without a reason */

    /* a no is read, and all is as before */
    assert_int_equal(
        test_post(new, PAGE "/transfer", format("%s&reason=请先办介绍信", takes_in(crowd[0], "no"))).status, 303);
    assert_true(reply_has(test_get(zero, "/me/party"), "请先办介绍信"));
    assert_true(reply_has(test_get(zero, "/messages"), "您还在原来的支部"));
    assert_int_equal(figure(branch, "members * 10 + shown"), 21);
    /* taken back, and asked again */
    assert_int_equal(test_post(zero, "/me/party/transfer", where).status, 303);
    assert_int_equal(test_post(zero, "/me/party/transfer/withdraw", "").status, 303);
    assert_int_equal(test_post(new, PAGE "/transfer", takes_in(crowd[0], "yes")).status, 409);
    assert_int_equal(test_post(zero, "/me/party/transfer", where).status, 303);
    assert_int_equal(test_post(new, PAGE "/transfer", takes_in(crowd[0], "yes")).status, 303);
    assert_int_equal(test_post(new, PAGE "/transfer", takes_in(crowd[0], "yes")).status, 409);

    /* from today they count there; what was thanked for and taken up before counts where it was */
    assert_int_equal(figure(branch, "members * 10 + shown"), 10);
    assert_int_equal(figure(other, "members * 10 + shown"), 21);
    assert_int_equal(figure(branch, "taken * 10 + thanks"), 11);
    assert_int_equal(
        test_post(lane_browser(crowd[4]), PAGE "/thank", format("commitment=%lld", (long long)promise)).status, 303);
    assert_int_equal(figure(branch, "thanks"), 1);
    assert_int_equal(figure(other, "thanks"), 1);
    assert_int_equal(test_post(zero, "/me/party/done",
                               format("task=%lld", (long long)test_sql_int(&t->db, "SELECT MAX(id) FROM party_task")))
                         .status,
                     303);
    assert_int_equal(figure(branch, "done"), 1);
    assert_int_equal(bad_one(), 0);
    /* badge, promise and record are theirs as before, under the new branch */
    assert_true(badge(crowd[0]));
    r = test_get(next, one);
    assert_true(reply_has(r, "第二党支部") && reply_has(r, "每周六教老人用手机") && reply_has(r, "楼道的灯不亮"));
    assert_true(str_eq(reply_json(t, test_get_json(next, one), "thanks"), STR("2")));
    /* the old secretary is told, without a name, and reads it on the page */
    assert_true(reply_has(test_get(old, "/messages"), "组织关系转走了") &&
                !reply_has(test_get(old, "/messages"), "邻居0号"));
    assert_true(reply_has(test_get(old, "/me/party"), "邻居0号") &&
                reply_has(test_get(old, "/me/party"), "转到第二党支部"));
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM ledger WHERE verb = 'transferred'"), 1);
    /* who leaves is named nowhere */
    assert_int_equal(test_post(zero, "/me/party/leave", "").status, 303);
    assert_false(reply_has(test_get(old, "/me/party"), "邻居0号"));
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM party_transfer"), 0);
    assert_int_equal(bad_one(), 0);
}

static void whoever_was_the_secretary_is_not_any_more(void **state)
{
    int64_t other = branch_made("第二党支部");
    struct browser *boss = lane_browser(lane.secretary);
    (void)state;

    shown(crowd[0]);
    names_secretary(branch, "海江路党支部", crowd[0]);
    assert_int_equal(
        test_post(lane_browser(crowd[0]), "/me/party/transfer", format("to=%lld", (long long)other)).status, 303);
    /* nobody takes themselves in */
    test_sql(&t->db, "UPDATE party_branch SET secretary = %lld WHERE id = %lld", (long long)crowd[0], (long long)other);
    assert_int_equal(test_post(lane_browser(crowd[0]), PAGE "/transfer", takes_in(crowd[0], "yes")).status, 403);
    test_sql(&t->db, "UPDATE party_branch SET secretary = 0 WHERE id = %lld", (long long)other);
    assert_int_equal(test_post(boss, PAGE "/transfer", takes_in(crowd[0], "yes")).status, 303);
    assert_int_equal(figure(branch, "secretary"), 0);
    assert_int_equal(bad_one(), 0);
}

/* The number in the desk's left column, and on a secretary's own page. */
static void a_secretary_sees_how_many_wait(void **state)
{
    static const struct desk_table *const desks[] = {&party_desk};
    int64_t other = branch_made("第二党支部");
    struct browser *boss = lane_browser(lane.secretary);
    const char *two = "党员和党支部</span><b>2</b>", *mine = "党员亮身份</span><span class=\"cell-side\">2</span>";
    (void)state;

    shown(crowd[0]);
    names_secretary(branch, "海江路党支部", crowd[0]);
    assert_int_equal(test_post(lane_browser(crowd[1]), "/me/party/ask", format("where=%lld", (long long)other)).status,
                     303);
    assert_int_equal(
        test_post(boss, PAGE "/decide",
                  format("member=%lld&answer=yes&branch=%lld", (long long)member_of(crowd[1]), (long long)other))
            .status,
        303);
    frame_use_desk(desks, 1);
    assert_true(
        reply_has(test_get(lane_browser(crowd[0]), "/me"), "党员亮身份</span><span class=\"cell-side\">0</span>"));
    assert_int_equal(
        test_post(lane_browser(crowd[1]), "/me/party/transfer", format("to=%lld", (long long)branch)).status, 303);
    assert_int_equal(say(crowd[2]), 303);
    assert_true(reply_has(test_get(boss, "/desk/party"), two));
    assert_true(reply_has(test_get(lane_browser(crowd[0]), "/me"), mine));
    assert_false(reply_has(test_get(lane_browser(crowd[1]), "/me"),
                           "党员亮身份</span><span class=\"cell-side\">")); /* for nobody else */
    frame_use_desk(NULL, 0);
}

/* Into another community: the old membership stays there with what was done, the new one begins. */
static void a_member_goes_to_another_community(void **state)
{
    struct lane_elsewhere far = {.community = THERE, .estate_name = "三营房小区", .person_name = "何阿婆"};
    int64_t there, promise, kept, bad = -1;
    struct browser *zero = lane_browser(crowd[0]), *boss, *near = lane_browser(crowd[1]), *neighbour;
    const char *home, *old_page = shown(crowd[0]);
    struct organisation committee;
    (void)state;

    /* a branch there, and somebody who confirms */
    test_write(t, found_there, &committee);
    boss = lane_browser(boss_there);
    assert_int_equal(test_post(boss, "/desk/party/branch", "name=三营房党支部").status, 303);
    there = test_sql_int(&t->db, "SELECT MAX(id) FROM party_branch");
    promise = commit(crowd[0], "每周六教老人用手机");
    kept = commit(crowd[0], "带头清理楼道");
    assert_int_equal(test_post(zero, "/me/party/kept", format("commitment=%lld", (long long)kept)).status, 303);
    assert_int_equal(test_post(near, PAGE "/thank", format("commitment=%lld&stars=4", (long long)kept)).status, 303);
    assert_int_equal(test_post(zero, PAGE "/take", "kind=report&subject=77").status, 303);

    /* not without a home there */
    assert_int_equal(test_post(zero, "/me/party/transfer", format("to=%lld", (long long)there)).status, 422);
    lane_live_elsewhere(&far);
    neighbour = lane_browser(far.person);
    test_write(t, live_there, &far);
    zero = lane_browser(crowd[0]);
    assert_int_equal(test_post(zero, "/me/party/transfer", format("to=%lld", (long long)there)).status, 303);
    assert_true(reply_has(test_get(boss, "/desk/party"), "来自吴淞新城"));
    assert_int_equal(
        test_post(lane_browser(lane.secretary), "/p/310113007012/party/transfer", takes_in(crowd[0], "yes")).status,
        403);

    /* the old home ends while it waits: they stay a member */
    test_sql(&t->db, "UPDATE residence SET state = 'ended' WHERE community = %lld AND person = %lld", (long long)HERE,
             (long long)crowd[0]);
    test_write(t, moved_out, &crowd[0]);
    assert_true(badge(crowd[0]));
    assert_int_equal(figure(branch, "members"), 1);

    assert_int_equal(test_post(boss, "/p/310113007012/party/transfer", takes_in(crowd[0], "yes")).status, 303);
    assert_int_equal(figure(branch, "members * 10 + shown"), 0);
    assert_int_equal(figure(there, "members * 10 + shown"), 11);
    assert_int_equal(figure(branch, "taken * 10 + thanks"), 11); /* what was done stays where it was done */
    assert_true(badge(crowd[0]));
    assert_int_equal(bad_one(), 0);
    test_read(t, count_there, &bad);
    assert_int_equal(bad, 0);
    /* the promise goes along, with its thanks from now on; what was kept is read where it was kept */
    home = format("/p/310113007012/party/%lld", (long long)member_of(crowd[0]));
    assert_true(reply_has(test_get(neighbour, home), "每周六教老人用手机"));
    assert_true(str_eq(reply_json(t, test_get_json(neighbour, home), "thanks"), STR("1"))); /* theirs, wherever */
    assert_int_equal(
        test_post(neighbour, "/p/310113007012/party/thank", format("commitment=%lld", (long long)promise)).status, 303);
    assert_int_equal(figure(there, "thanks"), 1);
    assert_true(reply_has(test_get(near, old_page), "带头清理楼道") &&
                !reply_has(test_get(near, old_page), "每周六教老人用手机"));
    assert_true(reply_has(test_get(near, old_page), "组织关系已转到别的党支部"));
    assert_false(reply_has(test_get(near, PAGE), "邻居0号")); /* no member here any more */
    assert_true(reply_has(test_get(zero, "/me/party"), "带头清理楼道") &&
                reply_has(test_get(zero, "/me/party"), "楼道的灯不亮"));
    /* what was taken up there is done there */
    assert_int_equal(test_post(zero, "/me/party/done",
                               format("task=%lld", (long long)test_sql_int(&t->db, "SELECT MAX(id) FROM party_task")))
                         .status,
                     303);
    assert_int_equal(figure(branch, "done"), 1);
    assert_true(reply_has(test_get(lane_browser(lane.secretary), "/desk/party"), "转到三营房党支部"));
    /* taken back is gone everywhere at once, on the old page too */
    assert_int_equal(test_post(zero, "/me/party/hide", "").status, 303);
    assert_int_equal(test_get(near, old_page).status, 404);
    assert_int_equal(test_post(zero, "/me/party/show", "agree=1").status, 303);
    assert_int_equal(test_get(near, old_page).status, 200);
    /* whoever leaves takes the words of all of them along */
    assert_int_equal(test_post(zero, "/me/party/leave", "").status, 303);
    assert_int_equal(test_get(near, old_page).status, 404);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM party_commitment WHERE body <> ''"), 0);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM party_member WHERE state IN ('confirmed', 'moved')"),
                     0);
    assert_false(reply_has(test_get(lane_browser(lane.secretary), "/desk/party"), "邻居0号"));
    assert_int_equal(bad_one(), 0);
}

/* What was asked for goes on being asked for, where the branch is now. */
static void a_merger_takes_a_wish_along(void **state)
{
    int64_t other = branch_made("第二党支部"), bad = -1;
    (void)state;

    shown(crowd[0]);
    assert_int_equal(
        test_post(lane_browser(crowd[0]), "/me/party/transfer", format("to=%lld", (long long)other)).status, 303);
    test_write(t, merge_run, NULL);
    assert_true(reply_has(test_get(lane_browser(crowd[0]), "/me/party"), "等第二党支部接收"));
    assert_int_equal(
        test_post(lane_browser(lane.secretary), "/p/310113007012/party/transfer", takes_in(crowd[0], "yes")).status,
        303);
    assert_int_equal(test_sql_int(&t->db, "SELECT members FROM party_branch WHERE community = %lld AND id = %lld",
                                  (long long)THERE, (long long)other),
                     1);
    assert_int_equal(bad_one(), 0);
    test_read(t, count_there, &bad);
    assert_int_equal(bad, 0);
}

/* ---- a merger -------------------------------------------------------------------------------------------------------------------------------- */

static void a_merger_takes_them_along(void **state)
{
    int64_t bad = -1, held;
    struct url flag;
    (void)state;
    shown(crowd[0]);
    commit(crowd[0], "每周六教老人用手机");
    held = commit(crowd[0], "加我微信买保健品");
    flag = moderation_flag_url(t->arena, HERE, "party_commitment", held);
    assert_int_equal(test_post(lane_browser(crowd[2]), str_cstr(t->arena, flag.s), "reason=advertising").status, 303);
    assert_int_equal(say(crowd[1]), 303); /* still asked */
    shown(lane.cadre);                    /* works here, and lives elsewhere */
    assert_int_equal(test_post(lane_browser(crowd[0]), PAGE "/take", "kind=report&subject=77").status, 303);
    test_write(t, merge_run, NULL);
    assert_true(badge(crowd[0]));
    assert_int_equal(
        test_sql_int(&t->db, "SELECT members * 10 + shown FROM party_branch WHERE community = %lld", (long long)THERE),
        22);
    assert_int_equal(
        test_sql_int(&t->db, "SELECT members + shown FROM party_branch WHERE community = %lld", (long long)HERE), 0);
    assert_int_equal(test_sql_int(&t->db,
                                  "SELECT COUNT(*) FROM party_member WHERE community = %lld AND state = 'asked'",
                                  (long long)THERE),
                     1);
    assert_true(reply_has(
        test_get(lane_browser(crowd[1]), format("/p/310113007012/party/%lld", (long long)member_of(crowd[0]))),
        "每周六教老人用手机"));
    assert_true(reply_has(test_get(lane_browser(crowd[0]), "/me/party"), "每周六教老人用手机"));
    /* who answers there now decides what was flagged */
    assert_int_equal(
        test_sql_int(&t->db,
                     "SELECT COUNT(*) FROM moderation_case WHERE community = %lld AND thing = %lld AND state = 'open'",
                     (long long)THERE, (long long)held),
        1);
    assert_int_equal(test_sql_int(&t->db,
                                  "SELECT COUNT(*) FROM moderation_flag WHERE community = %lld AND thing = %lld",
                                  (long long)THERE, (long long)held),
                     1);
    assert_int_equal(
        test_sql_int(&t->db, "SELECT COUNT(*) FROM moderation_case WHERE community = %lld", (long long)HERE), 0);
    assert_true(reply_has(test_get(lane_browser(lane.secretary), "/desk/moderation"), "加我微信买保健品"));
    /* the report stayed, so did what was taken up of it */
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM party_task WHERE community = %lld AND state = 'taken'",
                                  (long long)HERE),
                     1);
    assert_int_equal(test_post(lane_browser(crowd[0]), "/me/party/hide", "").status, 303);
    assert_false(badge(crowd[0]));
    assert_int_equal(bad_one(), 0);
    test_read(t, count_there, &bad);
    assert_int_equal(bad, 0);
}

/* What somebody promised and kept is theirs: with its thanks, and with what neighbours have flagged. Its old community answers for nothing any more. */
static void what_was_kept_goes_along_when_a_community_ends(void **state)
{
    const char *there, *one;
    int64_t bad = -1, kept;
    struct url flag;
    (void)state;

    shown(crowd[0]);
    kept = commit(crowd[0], "每周六教老人用手机");
    assert_int_equal(
        test_post(lane_browser(crowd[1]), PAGE "/thank", format("commitment=%lld&stars=4", (long long)kept)).status,
        303);
    assert_int_equal(
        test_post(lane_browser(crowd[0]), "/me/party/kept", format("commitment=%lld", (long long)kept)).status, 303);
    flag = moderation_flag_url(t->arena, HERE, "party_commitment", kept);
    assert_int_equal(test_post(lane_browser(crowd[2]), str_cstr(t->arena, flag.s), "reason=advertising").status, 303);
    assert_int_equal(test_sql_int(&t->db, "SELECT SUM(thanks * 100 + ratings * 10 + stars) FROM party_branch"), 114);
    test_write(t, merge_run, NULL);
    assert_int_equal(
        test_sql_int(&t->db, "SELECT COUNT(*) FROM party_commitment WHERE community = %lld", (long long)HERE), 0);
    assert_int_equal(test_sql_int(&t->db,
                                  "SELECT COUNT(*) FROM moderation_case WHERE community = %lld AND state = 'open'",
                                  (long long)THERE),
                     1);
    there = format("/p/%lld/party/%lld", (long long)THERE, (long long)member_of(crowd[0]));
    assert_true(reply_has(test_get(lane_browser(crowd[1]), there), "每周六教老人用手机"));
    /* thanked for once and counted once, where it is now */
    assert_int_equal(test_post(lane_browser(crowd[1]), format("/p/%lld/party/thank", (long long)THERE),
                               format("commitment=%lld&stars=1", (long long)kept))
                         .status,
                     409);
    assert_int_equal(
        test_sql_int(&t->db, "SELECT SUM(thanks * 100 + ratings * 10 + stars) FROM party_branch WHERE community = %lld",
                     (long long)THERE),
        114);
    assert_int_equal(test_sql_int(&t->db,
                                  "SELECT SUM(thanks + ratings + stars) FROM party_branch WHERE community = %lld",
                                  (long long)HERE),
                     0);
    /* the heir's desk has what was flagged, and its links lead somewhere */
    assert_true(reply_has(test_get(lane_browser(lane.secretary), "/desk/moderation"), "每周六教老人用手机"));
    one = format("/desk/moderation/%lld", (long long)test_sql_int(&t->db, "SELECT id FROM moderation_case"));
    assert_true(reply_has(test_get(lane_browser(lane.secretary), one), there));
    assert_int_equal(bad_one(), 0);
    test_read(t, count_there, &bad);
    assert_int_equal(bad, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_member_goes_to_another_branch),
        TEST(whoever_was_the_secretary_is_not_any_more),
        TEST(a_secretary_sees_how_many_wait),
        TEST(a_member_goes_to_another_community),
        TEST(a_merger_takes_them_along),
        TEST(a_merger_takes_a_wish_along),
        TEST(what_was_kept_goes_along_when_a_community_ends),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
