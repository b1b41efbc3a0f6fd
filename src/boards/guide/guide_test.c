/* guide_test.c: the guide through HTTP: what is found and shown, versions, votes that add up, and help that stays between two. */
#include <stdio.h>

#include "boards/guide/rules.h"
#include "civic/home/home.h"
#include "civic/home/lane_test.h"
#include "civic/search/search_page.h"

#define CITY INT64_C(310000000000)
#define HOME "/p/310113007011"
#define BOARD HOME "/guide/guide"
#define OF_CITY "/p/310000000000/guide/guide"

static const struct module *const modules[] = {&lane_module,      &home_module,       &board_module,  &guide_module,
                                               &guide_run_module, &guide_help_module, &notify_module, &search_module};
static const struct search_finder *const finders[] = {&entry_finder};
static const struct search_adviser *const advisers[] = {&guide_adviser};
static const struct board_kind *const kinds[] = {&lane_report, &guide_kind};
static const struct ledger_listener *const listeners[] = {&statistics_listener, &entry_listener};
static const struct measure_table *const measures[] = {&guide_measures};
static int64_t neighbour; /* of the next flat */

static enum result more_people(struct db *db, void *arg)
{
    int64_t id = id_new();

    (void)arg;
    LANE_TRY(lane_person(db, "吴先生", &neighbour));
    LANE_TRY(sql_residence_put(db, HERE, id, neighbour, lane.estate.id, lane.building.id, lane.dwelling[2].id,
                               STR("tenant"), STR("verified"), time_now(), time_now(), 0));
    return sql_person_residence_put(db, neighbour, HERE, id);
}

static enum result load(struct db *db, void *arg)
{
    struct import_report rep = {0};

    (void)arg;
    return guide_import(db, CITY, guide_embedded(), time_now(), &rep);
}

#define path(...) test_path(t, __VA_ARGS__)

static int setup(void **state)
{
    (void)state;
    lane_open(modules, sizeof(modules) / sizeof(modules[0]), NULL);
    board_use_kinds(kinds, 2);
    ledger_listen(listeners, 2);
    statistics_use(measures, 1);
    home_use(NULL, 0);
    test_sql(
        &t->db,
        "INSERT INTO board (id, word, kind, name, name_en, lead, lead_en, icon, place, organisation, owner_kind, readers, writers,"
        " review, position, state, created_at, changed_at) VALUES (3, 'guide', 'guide', '办事指南', 'How to', '', '',"
        " 'guide', 310000000000, 0, '', 'everybody', 'staff', 'none', 20, 'open', 0, 0)");
    test_sql(&t->db, "INSERT INTO board_place (board, place) VALUES (3, 310000000000)");
    test_write(t, more_people, NULL);
    test_write(t, load, NULL);
    search_use(finders, 1);
    search_use_advisers(advisers, 1);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    search_use(NULL, 0);
    search_use_advisers(NULL, 0);
    test_app_close(t);
    return 0;
}

static const char *matter(const char *code)
{
    return path(OF_CITY "/%lld", (long long)test_sql_int(&t->db, "SELECT id FROM guide_item WHERE code = '%s'", code));
}

static int64_t unread_of(int64_t person)
{
    return test_sql_int(&t->db, "SELECT COUNT(*) FROM notification WHERE person = %lld AND read_at = 0",
                        (long long)person);
}

/* Asks for help and gives its address. */
static const char *asked(struct browser *b, const char *form)
{
    struct reply r = test_post(b, BOARD "/help/new", form);

    assert_int_equal(r.status, 303);
    return str_cstr(t->arena, r.location);
}

static void words_of_the_lane_find_it(void **state)
{
    struct browser *guest = lane_browser(0);
    struct reply r;
    (void)state;

    r = test_get(guest, BOARD "?q=%E5%B0%8F%E5%AD%A9%E4%B8%8A%E6%88%B7%E5%8F%A3"); /* 小孩上户口 */
    assert_int_equal(r.status, 200);
    r = test_get_json(guest, BOARD "?q=%E5%B0%8F%E5%AD%A9%E4%B8%8A%E6%88%B7%E5%8F%A3");
    assert_true(str_ends(reply_json(t, r, "rows.0.url"), str_from_cstr(matter("newborn_registration"))));
    r = test_get(guest, matter("newborn_registration"));
    assert_true(reply_has(r, "出生医学证明") && reply_has(r, "原件"));
    assert_true(reply_has(r, "尚未") ||
                reply_has(r, "核对")); /* nobody of the office has confirmed it, and the page says so */
    r = test_get(guest, BOARD "?q=zzzz");
    assert_int_equal(r.status, 200); /* nothing: who to call */
    assert_int_equal(test_get(guest, BOARD "?theme=medical").status, 200);
    assert_int_equal(test_get(guest, BOARD "?theme=dragons").status, 422);
    /* it is looked up; it is no news */
    assert_true(reply_has(test_get_json(guest, HOME), "\"newest\":[]"));
}

#define CHILD "%E5%B0%8F%E5%AD%A9%E4%B8%8A%E6%88%B7%E5%8F%A3" /* 小孩上户口: its matter says 新生儿户口登记 */

static size_t times(struct reply r, const char *what)
{
    struct str rest = r.body;
    size_t n = 0;

    for (size_t at; (at = str_find(rest, str_from_cstr(what))) != SIZE_MAX; n++)
        rest = str_sub(rest, at + 1, SIZE_MAX);
    return n;
}

/* On the search page too, once, first, and for whoever may read it there. */
static void the_search_page_understands_them(void **state)
{
    struct browser *guest = test_browser(t), *zhou = lane_browser(lane.resident);
    const char *one;
    struct reply r;
    (void)state;

    one = matter("newborn_registration");
    r = test_get_json(guest, HOME "/search?q=" CHILD);
    assert_int_equal(r.status, 200);
    assert_int_equal(times(r, one), 1);
    assert_int_equal(times(test_get(zhou, HOME "/search?q=" CHILD), one), 1);
    assert_int_equal(times(test_get(guest, HOME "/search?kind=guide&q=" CHILD), one), 1);
    assert_int_equal(times(test_get(guest, HOME "/search?kind=report&q=" CHILD), one), 0);
    assert_int_equal(times(test_get(guest, HOME "/search?part=texts&q=" CHILD), one), 0); /* not on every page */
    assert_int_equal(times(test_get(guest, HOME "/search?q=zzzz"), "/guide/guide/"), 0);  /* no guesses */
    assert_int_equal(times(test_get(guest, HOME "/search?q=!!"), "/guide/guide/"), 0);
    /* by its own words it is in the index as well: shown once all the same */
    r = test_get_json(guest, HOME "/search?q=%E6%88%B7%E5%8F%A3%E7%99%BB%E8%AE%B0"); /* 户口登记 */
    assert_int_equal(times(r, one), 1);
    /* hidden, a draft, for others, a board that is off or not shown, or for residents alone */
    test_sql(&t->db,
             "UPDATE entry SET hidden = 1 WHERE id IN (SELECT id FROM guide_item WHERE code = 'newborn_registration')");
    assert_int_equal(times(test_get(guest, HOME "/search?q=" CHILD), one), 0);
    test_sql(
        &t->db,
        "UPDATE entry SET hidden = 0, listed = 0 WHERE id IN (SELECT id FROM guide_item WHERE code = 'newborn_registration')");
    assert_int_equal(times(test_get(guest, HOME "/search?q=" CHILD), one), 0);
    test_sql(
        &t->db,
        "UPDATE entry SET listed = 1, audience = ',310106000000' WHERE id IN (SELECT id FROM guide_item WHERE code = 'newborn_registration')");
    assert_int_equal(times(test_get(guest, HOME "/search?q=" CHILD), one), 0);
    test_sql(
        &t->db,
        "UPDATE entry SET audience = '' WHERE id IN (SELECT id FROM guide_item WHERE code = 'newborn_registration')");
    assert_int_equal(times(test_get(guest, HOME "/search?q=" CHILD), one), 1);
    test_sql(&t->db, "UPDATE board SET readers = 'residents' WHERE id = 3");
    assert_int_equal(times(test_get(guest, HOME "/search?q=" CHILD), one), 0);
    assert_int_equal(times(test_get_json(guest, HOME "/search?q=" CHILD), one), 0);
    assert_int_equal(times(test_get(zhou, HOME "/search?q=" CHILD), one), 1);
    test_sql(&t->db, "UPDATE board SET state = 'off' WHERE id = 3");
    assert_int_equal(times(test_get(zhou, HOME "/search?q=" CHILD), one), 0);
}

static void votes_add_up(void **state)
{
    struct browser *zhou = lane_browser(lane.resident), *wu = lane_browser(neighbour), *guest = lane_browser(0);
    const char *one = matter("medical_card");
    int64_t bad = -1;
    (void)state;

    assert_int_equal(test_post(guest, path("%s/useful", one), "useful=yes").status, 303); /* to the sign-in */
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM guide_vote"), 0);
    assert_int_equal(test_post(zhou, path("%s/useful", one), "useful=yes").status, 303);
    assert_int_equal(test_post(zhou, path("%s/useful", one), "useful=yes").status, 303); /* once is once */
    assert_int_equal(test_post(wu, path("%s/useful", one), "useful=no&words=地址不对了").status, 303);
    assert_int_equal(test_post(zhou, path("%s/useful", one), "useful=maybe").status, 422);
    assert_int_equal(test_sql_int(&t->db, "SELECT useful * 10 + useless FROM guide_item WHERE code = 'medical_card'"),
                     11);
    assert_int_equal(test_post(wu, path("%s/useful", one), "useful=yes").status, 303); /* has changed his mind */
    assert_int_equal(test_sql_int(&t->db, "SELECT useful * 10 + useless FROM guide_item WHERE code = 'medical_card'"),
                     20);
    assert_int_equal(test_post(wu, path("%s/useful", one), "useful=no&words=地址不对了").status, 303);
    assert_false(reply_has(test_get(zhou, one), "地址不对了")); /* for staff alone */
    assert_int_equal(test_get(zhou, OF_CITY "/figures").status, 403);
    {
        struct db *db;

        assert_int_equal(db_read_begin(t->db.database, t->arena, &db), OK);
        assert_int_equal(guide_recount(db, CITY, &bad), OK);
        db_read_end(db);
    }
    assert_int_equal(bad, 0);
}

#define FACTS "theme=other&reach=community&materials=身份证&counter=居委会&steps=来一趟"

static void a_committee_keeps_its_own(void **state)
{
    struct browser *cadre = lane_browser(lane.cadre), *zhou = lane_browser(lane.resident);
    const char *one;
    struct reply r;
    (void)state;

    assert_int_equal(test_post(zhou, BOARD "/new", "name=借梯子&" FACTS).status, 403);
    assert_int_equal(test_post(cadre, BOARD "/new", "name=&" FACTS).status, 422);
    r = test_post(cadre, BOARD "/new", "name=借梯子&theme=other&reach=community&materials=身份证|羊皮纸");
    assert_true(r.status == 422 && reply_has(r, "羊皮纸")); /* what was typed is still there */
    assert_int_equal(test_post(cadre, BOARD "/new", "name=借梯子&valid_from=2001-01-01&" FACTS).status, 422);
    r = test_post(cadre, BOARD "/new", "name=借梯子&said=要个梯子&" FACTS);
    assert_int_equal(r.status, 303);
    one = str_cstr(t->arena, r.location);
    assert_true(reply_has(test_get(zhou, BOARD), "借梯子"));
    assert_true(reply_has(test_get(zhou, BOARD "?q=%E8%A6%81%E4%B8%AA%E6%A2%AF%E5%AD%90"), "借梯子")); /* 要个梯子 */
    assert_true(reply_has(test_get(zhou, HOME "/search?q=%E8%A6%81%E4%B8%AA%E6%A2%AF%E5%AD%90"), "借梯子"));
    assert_false(reply_has(test_get(zhou, HOME "/search?q=%E7%94%B5%E6%A2%AF"), "借梯子")); /* 电梯 */
    /* one place's own is not the neighbours' */
    assert_false(reply_has(test_get(zhou, "/p/310113007012/guide/guide"), "借梯子"));
    /* a new version says what is different; the old one stays to be read */
    assert_int_equal(test_post(cadre, path("%s/edit", one), "name=借人字梯&version=1&" FACTS).status, 422);
    assert_int_equal(test_post(cadre, path("%s/edit", one), "name=借人字梯&version=1&changes=换了新的&" FACTS).status,
                     303);
    assert_int_equal(test_post(cadre, path("%s/edit", one), "name=旧梯子&version=1&changes=x&" FACTS).status,
                     409); /* another wrote meanwhile */
    r = test_get(zhou, one);
    assert_true(reply_has(r, "借人字梯") && reply_has(r, "换了新的"));
    assert_true(reply_has(test_get(zhou, path("%s?version=1", one)), "借梯子"));
    assert_int_equal(test_get(zhou, path("%s?version=9", one)).status, 404);
    /* taken down it is nowhere */
    assert_int_equal(test_post(cadre, path("%s/publish", one), "published=no").status, 303);
    assert_int_equal(test_get(zhou, one).status, 404);
    assert_int_equal(test_get_json(zhou, one).status, 404);
    assert_false(reply_has(test_get(zhou, BOARD), "人字梯"));
    assert_false(reply_has(test_get(zhou, BOARD "?q=%E8%A6%81%E4%B8%AA%E6%A2%AF%E5%AD%90"), "人字梯"));
    assert_int_equal(
        test_sql_int(&t->db,
                     "SELECT COUNT(*) FROM search_entry WHERE subject_kind = 'entry' AND community = 310113007011"),
        0);
}

static enum result tomorrow(struct db *db, void *arg)
{
    int64_t n;
    enum result r = guide_take_effect(db, time_now() + 2 * TIME_DAY, 100, &n);

    *(int64_t *)arg = n;
    return r;
}

static void a_version_of_a_later_day_waits_for_it(void **state)
{
    struct browser *cadre = lane_browser(lane.cadre), *zhou = lane_browser(lane.resident);
    struct reply r = test_post(cadre, BOARD "/new", "name=借梯子&" FACTS);
    const char *one = str_cstr(t->arena, r.location), *day;
    struct civil next = time_civil(day_start(day_of(time_now()) + 1));
    int64_t n = 0;
    (void)state;

    assert_int_equal(r.status, 303);
    day = path("%04d-%02d-%02d", next.year, next.month, next.day);
    assert_int_equal(
        test_post(cadre, path("%s/edit", one), path("name=金丝雀&version=1&changes=明天起&valid_from=%s&" FACTS, day))
            .status,
        303);
    assert_true(reply_has(test_get(zhou, one), "借梯子"));
    assert_false(reply_has(test_get(zhou, BOARD), "金丝雀"));
    test_write(t, tomorrow, &n);
    assert_int_equal(n, 1);
    assert_true(reply_has(test_get(zhou, BOARD), "金丝雀"));
    test_write(t, tomorrow, &n);
    assert_int_equal(n, 0);
}

/* From asking to a confirmed yes, and nobody else learns of it. */
static void help_between_two(void **state)
{
    struct browser *zhou = lane_browser(lane.resident), *wu = lane_browser(neighbour),
                   *cadre = lane_browser(lane.cadre), *handler = lane_browser(lane.handler);
    const char *one;
    struct reply r;
    int64_t item = test_sql_int(&t->db, "SELECT id FROM guide_item WHERE code = 'elderly_card'");
    (void)state;

    assert_int_equal(test_post(lane_browser(lane.stranger), BOARD "/help/new", "title=x").status, 403);
    assert_int_equal(test_post(zhou, BOARD "/help/new", "title=&wish=home").status, 422);
    struct reply wrong = test_post(zhou, BOARD "/help/new", "title=x&wish=home&phone=%E6%88%91%E5%AE%B6");
    assert_int_equal(wrong.status, 422); /* a number that nobody can call */
    assert_true(str_find(wrong.body, text(LANG_ZH_CN, T_guide_help_phone_wrong)) != SIZE_MAX);
    one = asked(zhou, path("item=%lld&of=310000000000&wish=home&phone=021-5511&body=金丝雀膝盖不好", (long long)item));
    assert_true(unread_of(lane.cadre) == 1 && unread_of(lane.resident) == 0);
    r = test_get(cadre, one);
    assert_true(reply_has(r, "金丝雀") && reply_has(r, "021-5511") && reply_has(r, "3号楼"));
    assert_true(reply_has(test_get(cadre, "/desk/guide/help"), "周女士"));
    /* to a neighbour and to another organisation there is no such thing */
    for (size_t i = 0; i < 2; i++) {
        struct browser *b = i ? handler : wu;

        assert_int_equal(test_get(b, one).status, 404);
        assert_int_equal(test_get_json(b, one).status, 404);
        assert_int_equal(test_post(b, path("%s/act", one), "act=say&words=x").status, 404);
        assert_false(reply_has(test_get(b, BOARD), "金丝雀") || reply_has(test_get(b, HOME), "金丝雀"));
    }
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM search_entry WHERE text LIKE '%%金丝雀%%'"), 0);
    assert_int_equal(
        test_sql_int(&t->db, "SELECT COUNT(*) FROM notification WHERE args LIKE '%%金丝雀%%' OR args LIKE '%%敬老%%'"),
        0);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM ledger WHERE detail LIKE '%%金丝雀%%'"), 0);

    assert_int_equal(test_post(zhou, path("%s/act", one), "act=take").status, 403); /* not by who asked */
    assert_int_equal(test_post(cadre, path("%s/act", one), "act=take").status, 303);
    assert_int_equal(test_post(cadre, path("%s/act", one), "act=take").status, 409);
    assert_int_equal(test_post(cadre, path("%s/act", one), "act=meet").status, 422);
    assert_int_equal(test_post(cadre, path("%s/act", one), "act=meet&meet_at=2001-01-01T10:00&meet_where=home").status,
                     422); /* it has passed */
    assert_int_equal(test_post(cadre, path("%s/act", one), "act=meet&meet_at=2099-01-01T10:00&meet_where=home").status,
                     303);
    assert_int_equal(test_post(cadre, path("%s/act", one), "act=finish").status, 422);
    assert_int_equal(test_post(cadre, path("%s/act", one), "act=finish&words=卡办好了").status, 303);
    assert_true(reply_has(test_get(zhou, HOME), "class=\"unread\"")); /* it waits for her word */
    assert_int_equal(test_post(zhou, path("%s/act", one), "act=again").status, 422);
    assert_int_equal(test_post(zhou, path("%s/act", one), "act=again&words=名字写错了").status, 303);
    assert_int_equal(test_post(cadre, path("%s/act", one), "act=finish&words=改好了").status, 303);
    assert_int_equal(test_post(cadre, path("%s/act", one), "act=confirm").status, 403);
    assert_int_equal(test_post(zhou, path("%s/act", one), "act=confirm").status, 303);
    assert_int_equal(test_post(zhou, path("%s/act", one), "act=withdraw").status, 409);
    assert_true(reply_has(test_get(zhou, "/me/help"), "敬老") || reply_has(test_get(zhou, "/me/help"), "老年"));
    assert_false(reply_has(test_get(wu, "/me/help"), "金丝雀"));
    assert_int_equal(
        test_sql_int(&t->db, "SELECT COUNT(*) FROM clock WHERE subject_kind = 'guide_help' AND stopped_at = 0"), 0);
}

/* An estate that goes to another committee takes what is open with it. */
static enum result move_estate(struct db *db, void *arg)
{
    (void)arg;
    return guide_mover.move(db, HERE, INT64_C(310113007012), lane.estate.id, time_now());
}

static void what_is_open_goes_with_the_estate(void **state)
{
    struct browser *zhou = lane_browser(lane.resident);
    const char *open = asked(zhou, "title=想办送餐"), *over = asked(zhou, "title=改主意了");
    (void)state;

    assert_int_equal(test_post(zhou, path("%s/act", over), "act=withdraw").status, 303);
    test_write(t, move_estate, NULL);
    assert_int_equal(
        test_sql_int(&t->db, "SELECT COUNT(*) FROM guide_help WHERE community = 310113007012 AND state = 'asked'"), 1);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM guide_help_step WHERE community = 310113007012"), 1);
    assert_int_equal(
        test_sql_int(&t->db, "SELECT COUNT(*) FROM guide_help WHERE community = 310113007011 AND state = 'withdrawn'"),
        1);
    assert_int_equal(
        test_sql_int(&t->db,
                     "SELECT COUNT(*) FROM clock WHERE subject_kind = 'guide_help' AND community = 310113007012"),
        1);
    assert_int_equal(test_get(zhou, open).status, 404); /* under the old address */
}

/* What the committee has written goes where the committee goes when its community ends. */
static void matters_go_with_the_committee(void **state)
{
    static const struct place_mover *const movers[] = {&person_mover, &entry_mover, &guide_mover};
    struct browser *cadre = lane_browser(lane.cadre), *zhou = lane_browser(lane.resident);
    const char *one, *help = asked(zhou, "title=想办送餐");
    struct reply r;
    (void)state;

    r = test_post(cadre, BOARD "/new", "name=借梯子&said=要个梯子&" FACTS);
    assert_int_equal(r.status, 303);
    one = str_cstr(t->arena, r.location);
    assert_int_equal(
        test_post(cadre, path("%s/edit", one), "name=借人字梯&said=要个梯子&version=1&changes=换了新的&" FACTS).status,
        303);
    assert_int_equal(test_post(zhou, path("%s/useful", one), "useful=yes").status, 303);

    lane_merge(movers, 3);

    assert_int_equal(lane_rows_at("guide_item", HERE) + lane_rows_at("guide_version", HERE) +
                         lane_rows_at("guide_material", HERE) + lane_rows_at("guide_synonym", HERE) +
                         lane_rows_at("guide_vote", HERE) + lane_rows_at("entry", HERE),
                     0);
    lane_leads(lane_browser(0), one, JOINED);
    lane_leads(zhou, help, JOINED);
    r = test_get(zhou, lane_at(JOINED, one));
    assert_true(reply_has(r, "借人字梯") && reply_has(r, "换了新的"));
    assert_true(reply_has(test_get(zhou, path("%s?version=1", lane_at(JOINED, one))), "借梯子"));
    assert_true(
        reply_has(test_get(zhou, lane_at(JOINED, BOARD "?q=%E8%A6%81%E4%B8%AA%E6%A2%AF%E5%AD%90")), "借人字梯"));
    assert_int_equal(test_sql_int(&t->db, "SELECT useful FROM guide_item WHERE community = %lld", (long long)JOINED),
                     1);
    /* its committee goes on with it */
    assert_int_equal(
        test_post(cadre, path("%s/edit", lane_at(JOINED, one)), "name=借木梯&version=2&changes=又换了&" FACTS).status,
        303);
    lane_adds_up(guide_recount);
    lane_adds_up(entry_recount);
    lane_is_whole();
}

static void the_same_file_twice_changes_nothing(void **state)
{
    int64_t before = test_sql_int(&t->db, "SELECT COUNT(*) FROM guide_version");
    (void)state;

    test_write(t, load, NULL);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM guide_version"), before);
    assert_true(before >= 30);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(words_of_the_lane_find_it),
        TEST(the_search_page_understands_them),
        TEST(votes_add_up),
        TEST(a_committee_keeps_its_own),
        TEST(a_version_of_a_later_day_waits_for_it),
        TEST(help_between_two),
        TEST(what_is_open_goes_with_the_estate),
        TEST(matters_go_with_the_committee),
        TEST(the_same_file_twice_changes_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
