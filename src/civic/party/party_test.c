/* party_test.c: who is a member is known to nobody who need not know it; what members do is counted once. */
#include <stdio.h>

#include "civic/home/lane_test.h"
#include "civic/moderation/moderation.h"
#include "civic/party/figures.h"
#include "civic/party/party.h"
#include "civic/party/party.sql.h"
#include "civic/person/account.h"
#include "civic/service/service.h"

#define PAGE "/p/310113007011/party"

/* ---- a board whose things can be taken up ------------------------------------------------------------------------------ */

static struct {
    int64_t author;
    bool hidden, closed;
} thing;

static enum result get_thing(struct db *db, int64_t community, int64_t id, struct party_thing *ret)
{
    if (id != 77 && id != 78)
        return E_NOT_FOUND;
    if (community != HERE)
        return E_NOT_FOUND;
    *ret = (struct party_thing){
        .author = thing.author,
        .title = STR("楼道的灯不亮"),
        .url = url_path(db_arena(db), "/p/%" PRId64 "/report/%" PRId64, community, id),
        .shows = !thing.hidden,
        .between = !thing.hidden,
        .open = !thing.closed,
    };
    return OK;
}

static const struct party_kind test_kind[] = {
    {.word = "report", .name = T_party_kind_report, .here = true, .get = get_thing}};
static const struct party_kinds test_kinds = {.kind = test_kind, .n = 1};
static const struct party_kinds *const test_tables[] = {&test_kinds};
static const struct moderation_kinds *const test_moderated[] = {&party_moderated};
static const struct me_table *const test_mes[] = {&party_me};
static const struct place_mover *const test_movers[] = {&person_mover, &party_mover};
static const struct module *const modules[] = {
    &lane_module,  &home_module,     &board_module,      &notify_module,     &me_module,
    &party_module, &party_me_module, &party_desk_module, &moderation_module, &moderation_desk_module};

/* ---- people --------------------------------------------------------------------------------------------------------------- */

enum { CROWD = 7 };
static int64_t crowd[CROWD]; /* neighbours, verified */
static int64_t branch;

static enum result people(struct db *db, void *arg)
{
    (void)arg;
    for (int i = 0; i < CROWD; i++) {
        int64_t id = id_new();

        LANE_TRY(lane_person(db, str_cstr(t->arena, str_printf(t->arena, "邻居%d号", i)), &crowd[i]));
        LANE_TRY(sql_residence_put(db, HERE, id, crowd[i], lane.estate.id, lane.building.id, lane.dwelling[2].id,
                                   STR("tenant"), STR("verified"), time_now(), time_now(), 0));
        LANE_TRY(sql_person_residence_put(db, crowd[i], HERE, id));
    }
    return OK;
}

static const char *format(const char *f, ...) __attribute__((format(printf, 1, 2)));
static const char *format(const char *f, ...)
{
    va_list ap;
    struct str s;

    va_start(ap, f);
    s = str_vprintf(t->arena, f, ap);
    va_end(ap);
    return str_cstr(t->arena, s);
}

static struct services services;

static int setup(void **state)
{
    (void)state;
    services = (struct services){.keys = crypto_keys_for_test()};
    lane_services = &services;
    lane_open(modules, sizeof(modules) / sizeof(modules[0]), NULL);
    party_use(test_tables, 1);
    moderation_use(test_moderated, 1);
    me_use(test_mes, 1);
    place_move_with(test_movers, 2);
    test_write(t, people, NULL);
    memset(&thing, 0, sizeof thing);
    thing.author = lane.resident;
    assert_int_equal(test_post(lane_browser(lane.secretary), "/desk/party/branch", "name=海江路党支部").status, 303);
    branch = test_sql_int(&t->db, "SELECT MIN(id) FROM party_branch");
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    moderation_use(NULL, 0);
    me_use(NULL, 0);
    party_use(NULL, 0);
    place_move_with(NULL, 0);
    test_app_close(t);
    crypto_keys_close(services.keys);
    lane_services = NULL;
    return 0;
}

static int say(int64_t person)
{
    return test_post(lane_browser(person), "/me/party/ask", format("where=%lld", (long long)branch)).status;
}

static int64_t member_of(int64_t person)
{
    return test_sql_int(&t->db, "SELECT COALESCE(MAX(id), 0) FROM party_member WHERE person = %lld", (long long)person);
}

static int confirm(int64_t person)
{
    return test_post(lane_browser(lane.secretary), PAGE "/decide",
                     format("member=%lld&answer=yes&branch=%lld", (long long)member_of(person), (long long)branch))
        .status;
}

/* Somebody who shows it; gives the address of their page. */
static const char *shown(int64_t person)
{
    assert_int_equal(say(person), 303);
    assert_int_equal(confirm(person), 303);
    assert_int_equal(test_post(lane_browser(person), "/me/party/show", "agree=1").status, 303);
    return format(PAGE "/%lld", (long long)member_of(person));
}

static bool badge(int64_t person)
{
    return test_sql_int(&t->db, "SELECT CAST(party_badge AS BIGINT) FROM person WHERE id = %lld", (long long)person) ==
           1;
}

static enum result count_run(struct db *db, void *arg)
{
    return party_recount(db, HERE, arg);
}
static int64_t bad_one(void)
{
    int64_t bad = -1;

    test_read(t, count_run, &bad);
    return bad;
}

static struct str iso(int32_t day)
{
    struct str s = time_rfc3339(t->arena, day_start(day));

    return (struct str){s.ptr, 10};
}

static int64_t commit(int64_t person, const char *words)
{
    char day[16];
    struct str s = iso(day_of(time_now()) + 30);

    snprintf(day, sizeof day, "%.*s", (int)s.len, s.ptr);
    assert_int_equal(test_post(lane_browser(person), "/me/party/commit", format("words=%s&due=%s", words, day)).status,
                     303);
    return test_sql_int(&t->db, "SELECT MAX(id) FROM party_commitment");
}

/* ---- who sees what ------------------------------------------------------------------------------------------------------------ */

static bool seen_anywhere(int64_t viewer, const char *name, int64_t person)
{
    struct browser *b = lane_browser(viewer);
    bool seen = reply_has(test_get(b, PAGE), name) || reply_has(test_get_json(b, PAGE), name) ||
                test_get(b, format(PAGE "/%lld", (long long)member_of(person))).status == 200;

    return seen || (viewer == lane.secretary && reply_has(test_get(b, PAGE "/csv"), name));
}

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

/* ---- going to another branch ---------------------------------------------------------------------------------------------------------- */

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
        TEST(shown_only_after_both),
        TEST(taken_back_is_gone_at_once),
        TEST(leaving_erases),
        TEST(an_account_that_closes_takes_it_along),
        TEST(only_neighbours_and_staff_read_it),
        TEST(only_a_secretary_confirms),
        TEST(a_no_has_a_reason_that_is_read),
        TEST(a_branch_has_its_own_secretary),
        TEST(who_neither_lives_nor_works_here_is_none),
        TEST(a_member_goes_to_another_branch),
        TEST(whoever_was_the_secretary_is_not_any_more),
        TEST(a_secretary_sees_how_many_wait),
        TEST(a_member_goes_to_another_community),
        TEST(commitments_are_read_and_thanked_for),
        TEST(commitments_have_bounds),
        TEST(a_hidden_commitment_is_read_by_its_author_alone),
        TEST(lending_a_hand),
        TEST(giving_back_is_not_held_against_anybody),
        TEST(few_are_not_told),
        TEST(figures_of_few_stand_nowhere),
        TEST(tampering_is_found),
        TEST(a_merger_takes_them_along),
        TEST(a_merger_takes_a_wish_along),
        TEST(what_was_kept_goes_along_when_a_community_ends),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
