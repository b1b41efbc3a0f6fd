/* receipts_test.c: who has read what everybody must read: counted by households, equal to a recount, told to nobody who need not know. */
#include "boards/bulletin/bulletin_world_test.h"
#include "civic/home/lane_test.h"

#include <pthread.h>
#include <stdlib.h>

static long long households(int64_t community)
{
    return test_sql_int(&t->db, "SELECT COALESCE(SUM(households), 0) FROM bulletin_reach WHERE community = %lld",
                        (long long)community);
}

static enum result count_again(struct db *db, void *arg)
{
    int64_t *bad = arg, one;

    for (int64_t c = HERE; c < HERE + 40; c++) {
        enum result r = bulletin_recount(db, c, &one);

        if (r != OK)
            return r;
        if (one)
            *bad = one;
    }
    return OK;
}

static int64_t wrong_counts(void)
{
    int64_t bad = 0;

    test_write(t, count_again, &bad);
    return bad;
}

static long long messages(int64_t person, const char *key)
{
    return test_sql_int(&t->db, "SELECT COUNT(*) FROM notification WHERE person = %lld AND text_key = '%s'",
                        (long long)person, key);
}

static void read_once_a_household(void **state)
{
    struct browser *zhou = lane_browser(lane.resident), *with_her = lane_browser(partner),
                   *wu = lane_browser(neighbour), *cadre = lane_browser(lane.cadre);
    const char *one = must_read(cadre, NEWS, "canary停水"), *read = path("%s/read", one), *desk;
    struct reply r;
    (void)state;

    assert_true(reply_has(test_get(zhou, HOME), "必读")); /* 今天要紧 */
    assert_true(reply_has(test_get(zhou, one), "我已读"));
    assert_false(reply_has(test_get(cadre, one), "我已读"));
    assert_int_equal(test_post(zhou, read, "").status, 303);
    assert_int_equal(test_post(zhou, read, "").status, 303); /* twice is once */
    assert_int_equal(households(HERE), 1);
    assert_false(reply_has(test_get(zhou, HOME), "class=\"badge badge-amber\">必读"));
    assert_true(reply_has(test_get(zhou, one), "您已读"));
    assert_int_equal(test_post(with_her, read, "").status, 303); /* of the same household */
    assert_int_equal(households(HERE), 1);
    assert_int_equal(test_sql_int(&t->db, "SELECT people FROM bulletin_reach"), 2);
    assert_int_equal(test_post(wu, read, "").status, 303);
    assert_int_equal(households(HERE), 2);
    assert_int_equal(wrong_counts(), 0);
    /* who is not asked: a guest, who waits for the check, another community, staff as staff */
    assert_int_equal(test_post(lane_browser(0), read, "").status, 303); /* to sign in */
    assert_int_equal(test_post(lane_browser(lane.waiting), read, "").status, 403);
    assert_int_equal(test_post(lane_browser(near_resident), read, "").status, 403);
    assert_int_equal(test_post(cadre, read, "").status, 403);
    assert_int_equal(households(HERE), 2);
    /* who sees it: doors, for the committee; nobody's name */
    desk = path("/desk/bulletin/310113007011/%s", strrchr(one, '/') + 1);
    r = test_get(cadre, path("%s?read=yes", desk));
    assert_int_equal(r.status, 200);
    assert_true(reply_has(r, "101室") && reply_has(r, "301室") && !reply_has(r, "周女士"));
    assert_true(reply_has(test_get_json(cadre, desk), "\"households\":2"));
    assert_true(reply_has(test_get_json(cadre, path("%s/readers", one)), "\"households\":2"));
    assert_true(reply_has(test_get(cadre, "/desk/bulletin?list=reading"), "canary"));
    assert_int_equal(test_get(zhou, desk).status, 403);
    assert_int_equal(test_get(lane_browser(lane.officer), desk).status, 403); /* shares, not doors */
    assert_int_equal(test_get(zhou, path("%s/readers", one)).status, 403);
    assert_int_equal(test_get(cadre, "/desk/bulletin/310113007012/77").status, 404);
    /* a wrong counter is found */
    test_sql(&t->db, "UPDATE bulletin_reach SET households = households + 1");
    assert_true(wrong_counts() != 0);
}

static void a_plain_one_asks_for_nothing(void **state)
{
    const char *one = written(lane_browser(lane.cadre), NEWS, "一般的", "send");
    (void)state;

    assert_int_equal(test_post(lane_browser(lane.resident), path("%s/read", one), "").status, 409);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM bulletin_reach"), 0);
}

static enum result has_two_homes(struct db *db, void *arg)
{
    (void)arg;
    return bulletin_lives(db, neighbour, HERE, lane.estate.id, lane.building.id, lane.dwelling[1].id);
}

static void people_are_told_and_reminded(void **state)
{
    struct browser *cadre = lane_browser(lane.cadre);
    const char *one, *desk;
    (void)state;

    test_write(t, has_two_homes, NULL);
    one = must_read(cadre, NEWS, "canary体检");
    tell_all();
    tell_all(); /* nobody is told twice */
    assert_int_equal(messages(lane.resident, "bulletin.tell_new"), 1);
    assert_int_equal(messages(partner, "bulletin.tell_new"), 1);
    assert_int_equal(messages(neighbour, "bulletin.tell_new"), 1); /* in two households: the same message once */
    assert_int_equal(test_sql_int(&t->db, "SELECT MAX(count) FROM notification WHERE text_key = 'bulletin.tell_new'"),
                     1);
    assert_int_equal(messages(near_resident, "bulletin.tell_new"), 0);
    assert_int_equal(messages(lane.waiting, "bulletin.tell_new"), 0);
    assert_true(reply_has(test_get(lane_browser(lane.resident), "/messages"), "canary体检"));
    assert_int_equal(test_post(lane_browser(partner), path("%s/read", one), "").status, 303);
    desk = path("/desk/bulletin/310113007011/%s", strrchr(one, '/') + 1);
    assert_int_equal(test_post(lane_browser(lane.resident), path("%s/remind", desk), "").status, 403);
    assert_int_equal(test_post(cadre, path("%s/remind", desk), "").status, 303);
    assert_int_equal(test_post(cadre, path("%s/remind", desk), "").status, 409); /* once a day */
    tell_all();
    assert_int_equal(messages(lane.resident, "bulletin.tell_remind"), 0); /* somebody of the household has read it */
    assert_int_equal(messages(neighbour, "bulletin.tell_remind"), 1);
    assert_int_equal(test_post(cadre, path("%s/remind", desk), "").status, 409);
    /* withdrawn: what people were told of it is gone as well */
    assert_int_equal(act(cadre, one, "withdraw", "取消").status, 303);
    assert_int_equal(test_post(lane_browser(neighbour), path("%s/read", one), "").status, 404);
    assert_false(reply_has(test_get(lane_browser(neighbour), HOME), "canary"));
    tell_all();
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM notification WHERE args LIKE '%%canary%%'"), 0);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM notify_away"), 0);
    assert_false(reply_has(test_get(lane_browser(neighbour), "/messages"), "canary"));
    assert_false(reply_has(test_get(cadre, "/desk/bulletin?list=reading"), "canary"));
    assert_int_equal(test_post(cadre, path("%s/remind", desk), "").status, 409);
    assert_int_equal(wrong_counts(), 0);
}

static void hidden_is_nowhere(void **state)
{
    struct browser *cadre = lane_browser(lane.cadre);
    const char *one = must_read(cadre, NEWS, "canary收起");
    (void)state;

    assert_int_equal(test_post(cadre, path("%s/hide", one), "hide=yes&reason=不妥").status, 303);
    tell_all();
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM notification WHERE text_key LIKE 'bulletin%%'"), 0);
    assert_false(reply_has(test_get(lane_browser(lane.resident), HOME), "canary"));
    assert_int_equal(test_post(lane_browser(lane.resident), path("%s/read", one), "").status, 404);
    assert_false(reply_has(test_get(cadre, "/desk/bulletin?list=reading"), "canary"));
}

/* ---- one notice for many places ------------------------------------------------------------------------------------ */

enum { COMMITTEES = 28, HOMES = 3 };
static int64_t reader[COMMITTEES][HOMES];

static enum result many_places(struct db *db, void *arg)
{
    (void)arg;
    for (int c = 0; c < COMMITTEES; c++) {
        int64_t code = 310113007000 + 101 + c;
        struct estate e = {.community = code, .name = STR("小区"), .address = STR("路 1 弄")};
        struct building b;

        LANE_TRY(place_found(db, code, str_printf(t->arena, "第%d居委会", c), time_now() - TIME_DAY, 0));
        LANE_TRY(estate_create(db, &e, time_now() - TIME_DAY, 0));
        b = (struct building){.community = code, .estate = e.id, .name = STR("1号楼"), .position = 1};
        LANE_TRY(building_create(db, &b));
        for (int h = 0; h < HOMES; h++) {
            struct dwelling d = {
                .community = code, .estate = e.id, .building = b.id, .room = str_printf(t->arena, "%d01室", h + 1)};

            LANE_TRY(dwelling_create(db, &d));
            LANE_TRY(lane_person(db, "居民", &reader[c][h]));
            LANE_TRY(bulletin_lives(db, reader[c][h], code, e.id, b.id, d.id));
        }
    }
    return OK;
}

static enum result recount_all(struct db *db, void *arg)
{
    for (int c = 0; c < COMMITTEES; c++) {
        int64_t bad;
        enum result r = bulletin_recount(db, 310113007000 + 101 + c, &bad);

        if (r != OK)
            return r;
        if (bad)
            *(int64_t *)arg = bad;
    }
    return OK;
}

static void for_28_committees(void **state)
{
    const char *fields[2 * (4 + COMMITTEES) + 1] = {"title",  "canary街道体检", "body", "内容",
                                                    "weight", "must_read",      "then", "send"};
    struct browser *officer = lane_browser(lane.officer);
    struct reply r;
    int64_t bad = 0;
    const char *one;
    long long have = 0;
    (void)state;

    test_write(t, many_places, NULL);
    for (int c = 0; c < COMMITTEES; c++) {
        fields[8 + 2 * c] = "places";
        fields[9 + 2 * c] = path("%lld", 310113007101LL + c);
    }
    r = test_upload(officer, STREET_NEWS "/new", fields, NULL, 0);
    assert_int_equal(r.status, 303);
    one = str_cstr(t->arena, r.location);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM bulletin_reach"), COMMITTEES);
    /* the two communities that it is not for know nothing of it */
    assert_false(reply_has(test_get(lane_browser(lane.resident), HOME), "canary") ||
                 reply_has(test_get(lane_browser(lane.resident), NEWS), "canary"));
    assert_int_equal(test_post(lane_browser(lane.resident), path("%s/read", one), "").status, 403);
    for (int c = 0; c < COMMITTEES; c++)
        for (int h = 0; h < c % (HOMES + 1); h++, have++)
            assert_int_equal(test_post(lane_browser(reader[c][h]), path("%s/read", one), "").status, 303);
    assert_int_equal(test_sql_int(&t->db, "SELECT SUM(households) FROM bulletin_reach"), have);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM bulletin_receipt"), have);
    test_write(t, recount_all, &bad);
    assert_int_equal(bad, 0);
    r = test_get_json(officer, path("%s/readers", one));
    assert_true(reply_has(r, path("\"households\":%lld", have)) && reply_has(r, path("\"of\":%d", COMMITTEES * HOMES)));
    /* a community where nobody is registered is no row of 0 / 0: it is said that there is one */
    assert_true(reply_has(r, path("\"empty\":%d", 0)));
    test_sql(&t->db, "UPDATE residence SET state = 'moved' WHERE community = 310113007101");
    r = test_get_json(officer, path("%s/readers", one));
    assert_true(reply_has(r, "\"empty\":1") && reply_has(r, path("\"of\":%d", (COMMITTEES - 1) * HOMES)));
    assert_false(reply_has(r, "\"of\":0") || reply_has(r, "\"community\":\"310113007101\""));
    assert_true(reply_has(test_get(officer, path("%s/readers", one)), "另有 1 个居村还没有登记的住户"));
    test_sql(&t->db, "UPDATE residence SET state = 'verified' WHERE community = 310113007101");
    /* all are told, in their own communities */
    tell_all();
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM notification WHERE text_key = 'bulletin.tell_new'"),
                     COMMITTEES * HOMES - have);
    /* who wrote it reminds the rest in all of them with one tap; what a committee has reminded of already is passed by */
    assert_true(reply_has(test_get(officer, path("%s/readers", one)), "提醒还没看的户"));
    test_sql(&t->db, "UPDATE bulletin_reach SET reminded_at = %lld WHERE community = 310113007101",
             (long long)time_now());
    assert_int_equal(test_post(lane_browser(reader[1][0]), path("%s/remind", one), "").status, 403);
    assert_int_equal(test_post(lane_browser(lane.cadre), path("%s/remind", one), "").status, 403);
    assert_int_equal(test_post(officer, path("%s/remind", one), "").status, 303);
    assert_int_equal(test_post(officer, path("%s/remind", one), "").status, 409); /* once a day */
    assert_false(reply_has(test_get(officer, path("%s/readers", one)), "提醒还没看的户"));
    tell_all();
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM notification WHERE text_key = 'bulletin.tell_remind'"),
                     COMMITTEES * HOMES - have - HOMES); /* nobody of the first committee has read it */
    assert_int_equal(
        test_sql_int(&t->db, "SELECT COUNT(*) FROM ledger WHERE subject_kind = 'bulletin' AND verb = 'reminded'"),
        COMMITTEES - 1);
    /* over: nobody is reminded any more */
    test_sql(&t->db, "UPDATE bulletin_reach SET reminded_at = 0");
    assert_int_equal(act(officer, one, "withdraw", "改期").status, 303);
    assert_int_equal(test_post(officer, path("%s/remind", one), "").status, 409);
}

/* ---- races -------------------------------------------------------------------------------------------------------------- */

struct race {
    pthread_t thread;
    struct arena *arena;
    int64_t person, entry;
    bool publish;
    enum result result;
};

static enum result race_step(struct db *db, void *arg)
{
    const struct race *race = arg;
    const struct viewer_residence home = {.community = HERE, .dwelling = lane.dwelling[0].id, .verified = true};
    const struct viewer viewer = {.person = race->person, .residence = &home, .n_residences = 1};
    const struct entry_actor actor = {.person = race->person, .runs = race->publish, .now = time_now()};
    struct board board;
    struct entry entry;
    struct bulletin b;

    LANE_TRY(entry_get(db, HERE, race->entry, &entry));
    LANE_TRY(board_get(db, entry.board, &board));
    LANE_TRY(bulletin_load(db, &entry, &b));
    return race->publish
             ? bulletin_act(db, &actor, &board, &b, BULLETIN_PUBLISH, BULLETIN_BY_RUNNER | BULLETIN_BY_FREE, STR_NONE)
             : bulletin_read(db, &actor, &viewer, &b);
}

static void *race_run(void *arg)
{
    struct race *race = arg;

    race->result = db_write_wait(t->db.database, race->arena, race_step, race);
    return NULL;
}

/* How many of ten said yes. */
static int ten_run(int64_t entry, bool publish)
{
    struct race race[10];
    int yes = 0;

    for (int i = 0; i < 10; i++) {
        race[i] = (struct race){.arena = arena_open(4 << 20),
                                .person = publish ? lane.cadre
                                        : i % 2   ? lane.resident
                                                  : partner,
                                .entry = entry,
                                .publish = publish};
        assert_int_equal(pthread_create(&race[i].thread, NULL, race_run, &race[i]), 0);
    }
    for (int i = 0; i < 10; i++) {
        pthread_join(race[i].thread, NULL);
        yes += race[i].result == OK;
        arena_close(race[i].arena);
    }
    return yes;
}

static void ten_at_once(void **state)
{
    struct browser *cadre = lane_browser(lane.cadre);
    const char *one = must_read(cadre, NEWS, "抢读"), *draft = written(cadre, NEWS, "抢发", "draft");
    (void)state;

    assert_int_equal(ten_run(atoll(strrchr(one, '/') + 1), false), 10); /* twice is once: nobody is refused */
    assert_int_equal(households(HERE), 1);
    assert_int_equal(test_sql_int(&t->db, "SELECT people FROM bulletin_reach"), 2);
    assert_int_equal(wrong_counts(), 0);
    assert_int_equal(ten_run(atoll(strrchr(draft, '/') + 1), true), 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, bulletin_setup, bulletin_teardown)
    const struct CMUnitTest tests[] = {
        TEST(read_once_a_household),
        TEST(a_plain_one_asks_for_nothing),
        TEST(people_are_told_and_reminded),
        TEST(hidden_is_nowhere),
        TEST(for_28_committees),
        TEST(ten_at_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
