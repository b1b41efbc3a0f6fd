/* people_found_test.c: staff find the people of their own place, which is written down, and nobody else finds anybody. */
#include "civic/home/lane_test.h"
#include "civic/person/person.h"
#include "civic/search/search_page.h"

static const struct module *const modules[] = {&lane_module,   &home_module,   &board_module,
                                               &notify_module, &search_module, &residents_module};
static int64_t wang, near_cadre, home_of_wang;

static enum result lives(struct db *db, const char *name, int64_t community, int dwelling, const char *state,
                         int64_t *ret_person, int64_t *ret_home)
{
    *ret_home = id_new();
    LANE_TRY(lane_person(db, name, ret_person));
    LANE_TRY(sql_residence_put(db, community, *ret_home, *ret_person, lane.estate.id, lane.building.id,
                               lane.dwelling[dwelling].id, STR("tenant"), str_from_cstr(state), time_now(), time_now(),
                               0));
    return sql_person_residence_put(db, *ret_person, community, *ret_home);
}

static enum result more_people(struct db *db, void *arg)
{
    struct organisation near;
    int64_t other, home;

    (void)arg;
    LANE_TRY(lives(db, "Canary_Wang先生", HERE, 2, "verified", &wang, &home_of_wang));
    LANE_TRY(lives(db, "canarywaits女士", HERE, 2, "waiting", &other, &home));
    LANE_TRY(lives(db, "canaryended女士", HERE, 2, "ended", &other, &home));
    LANE_TRY(lane_organisation(db, THERE, "residents_committee", "三营房居民委员会", "021-5000 0001", &near));
    LANE_TRY(lane_person(db, "隔壁干部", &near_cadre));
    return lane_post(db, near_cadre, &near, "cadre", "干部");
}

static int setup(void **state)
{
    (void)state;
    lane_open(modules, sizeof(modules) / sizeof(modules[0]), NULL);
    test_write(t, more_people, NULL);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    test_app_close(t);
    return 0;
}

static struct reply search(int64_t person, int64_t place, const char *rest)
{
    return test_get(lane_browser(person), test_path(t, "/p/%lld/search?q=%s", (long long)place, rest));
}

static struct reply find(int64_t person, const char *words)
{
    return test_post(lane_browser(person), "/desk/people", test_path(t, "q=%s", words));
}

static long long searches(void)
{
    return test_sql_int(&t->db, "SELECT COUNT(*) FROM ledger WHERE verb = 'searched'");
}

static bool leads_to_wang(struct reply r)
{
    return reply_has(r, test_path(t, "/desk/residents/%lld\"", (long long)home_of_wang));
}

static bool finds_wang(const char *words)
{
    struct reply r = find(lane.cadre, words);

    assert_int_equal(r.status, 200);
    return leads_to_wang(r);
}

static void by_name_building_and_room(void **state)
{
    static const char *const found[] = {"canary_wang", "WANG",       "先生",  "3号楼",      "3",         "301",
                                        "301室",       "3号楼301室", "3-301", "wang+3号楼", "wang++301", "wang+3+301"};
    static const char *const not_found[] = {"canaryXwang", "canary%25", "%25",      "_",          "!",    "wang+201",
                                            "2号楼",       "201",       "3号楼201", "wang+a+b+c", "停水", "室"};
    struct reply r;
    (void)state;

    for (size_t i = 0; i < sizeof(found) / sizeof(found[0]); i++)
        if (!finds_wang(found[i]))
            fail_msg("%s finds nobody", found[i]);
    for (size_t i = 0; i < sizeof(not_found) / sizeof(not_found[0]); i++)
        if (i != 3 && finds_wang(not_found[i])) /* "_" is in the name */
            fail_msg("%s finds somebody", not_found[i]);
    assert_true(finds_wang("_"));
    r = find(lane.secretary, "canary");
    assert_true(leads_to_wang(r) && reply_has(r, "Canary_Wang先生") && reply_has(r, "海江路小区 3号楼 301室"));
    assert_false(reply_has(r, "canarywaits") || reply_has(r, "canaryended")); /* verified residents only */
    assert_true(str_eq(reply_header(r, "Cache-Control"), STR("no-store")));
    assert_int_equal(find(lane.secretary, "").status, 422);
    test_sql(&t->db, "UPDATE residence SET state = 'ended' WHERE id = %lld", (long long)home_of_wang);
    assert_false(finds_wang("wang"));
}

/* Each time one event: who, for which office, how many; the words as a hash. Looking at a page writes nothing. */
static void each_time_is_written_down(void **state)
{
    struct reply r;
    (void)state;

    r = search(lane.cadre, HERE, "wang");
    assert_true(reply_has(r, "action=\"/desk/people\"") && reply_has(r, "name=\"q\" value=\"wang\""));
    assert_false(reply_has(r, "Canary_Wang"));
    assert_int_equal(test_get(lane_browser(lane.cadre), "/desk/people").status, 200);
    assert_int_equal(searches(), 0);
    assert_true(finds_wang("wang"));
    assert_int_equal(searches(), 1);
    assert_int_equal(test_sql_int(&t->db,
                                  "SELECT COUNT(*) FROM ledger WHERE verb = 'searched' AND subject_kind = 'residents'"
                                  " AND community = %lld AND subject = %lld AND actor = %lld AND organisation <> 0"
                                  " AND amount = 1 AND LENGTH(text_hash) = 32",
                                  (long long)HERE, (long long)HERE, (long long)lane.cadre),
                     1);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM ledger WHERE detail LIKE '%%ang%%'"), 0);
    assert_false(finds_wang("nobody")); /* to have looked for somebody who is not there is known too */
    assert_int_equal(searches(), 2);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM ledger WHERE verb = 'searched' AND amount = 0"), 1);
    assert_int_equal(find(lane.cadre, "").status, 422);
    assert_int_equal(find(lane.cadre, "+").status, 422);
    assert_int_equal(searches(), 2);
}

static void nobody_else_finds_anybody(void **state)
{
    const int64_t others[] = {0,         lane.resident, lane.waiting, wang, lane.officer, lane.stranger, lane.handler,
                              near_cadre};
    const char *const words[] = {"canary", "wang", "先生", "3号楼", "301", "3-301"};
    struct reply r;
    (void)state;

    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        for (size_t k = 0; k < sizeof(words) / sizeof(words[0]); k++) {
            struct browser *b = lane_browser(others[i]);

            r = test_get(b, test_path(t, "/p/%lld/search?q=%s", (long long)HERE, words[k]));
            assert_int_equal(r.status, 200);
            assert_false(reply_has(r, "Canary_Wang") || reply_has(r, "/desk/residents") ||
                         reply_has(r, "/desk/people"));
            assert_true(reply_has(r, str_cstr(t->arena, text(LANG_ZH_CN, T_search_none))));
            r = test_get_json(b, test_path(t, "/p/%lld/search?q=%s", (long long)HERE, words[k]));
            assert_false(reply_has(r, "Canary_Wang") || reply_has(r, "people"));
            r = find(others[i], words[k]);
            assert_false(reply_has(r, "Canary_Wang") || reply_has(r, "/desk/residents/"));
            assert_true(others[i] == near_cadre ? r.status == 200 : r.status != 200); /* among their own */
        }
    assert_int_equal(searches(), sizeof(words) / sizeof(words[0])); /* of the neighbouring cadre */
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM ledger WHERE verb = 'searched' AND community = %lld",
                                  (long long)HERE),
                     0);
    /* another place's search does not offer it; nor does the form for programs, to staff either */
    assert_false(reply_has(search(lane.cadre, THERE, "wang"), "/desk/people"));
    assert_false(reply_has(search(lane.cadre, STREET, "wang"), "/desk/people"));
    assert_false(reply_has(search(lane.officer, STREET, "wang"), "/desk/people"));
    r = test_get_json(lane_browser(lane.cadre), test_path(t, "/p/%lld/search?q=wang", (long long)HERE));
    assert_true(r.status == 200 && reply_has(r, "\"rows\":[]"));
    assert_false(reply_has(r, "Wang") || reply_has(r, "/desk/"));
    r = test_post_json(lane_browser(lane.cadre), "/desk/people", "{\"q\":\"wang\"}");
    assert_false(reply_has(r, "Canary_Wang"));
    /* whoever worked here does not find them any more */
    test_sql(&t->db, "UPDATE post SET valid_to = 1 WHERE person = %lld", (long long)lane.cadre);
    assert_false(leads_to_wang(find(lane.cadre, "wang")));
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM ledger WHERE verb = 'looked'"),
                     0); /* a shown name is no look behind it */
}

/* Ten, and that there are more. */
static enum result a_full_house(struct db *db, void *arg)
{
    (void)arg;
    for (int i = 0; i < 12; i++) {
        int64_t person, home;

        LANE_TRY(lives(db, "孙女士", HERE, 3, "verified", &person, &home));
    }
    return OK;
}
static void ten_at_most(void **state)
{
    struct reply r;
    struct str rest;
    int n = 0;
    (void)state;

    test_write(t, a_full_house, NULL);
    r = find(lane.cadre, "孙");
    rest = r.body;
    for (size_t at; (at = str_find(rest, STR("/desk/residents/"))) != SIZE_MAX; n++)
        rest = str_sub(rest, at + 1, SIZE_MAX);
    assert_int_equal(n, 10);
    assert_true(reply_has(r, str_cstr(t->arena, text(LANG_ZH_CN, T_person_find_more))));
    assert_false(reply_has(find(lane.cadre, "wang"), str_cstr(t->arena, text(LANG_ZH_CN, T_person_find_more))));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(by_name_building_and_room),
        TEST(each_time_is_written_down),
        TEST(nobody_else_finds_anybody),
        TEST(ten_at_most),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
