/* board_test.c: a department gets its boards in the console; who may read, write and run one follows from its row. */
#include <stdio.h>

#include "civic/board/board.h"
#include "civic/home/lane_test.h"

/* ---- a kind of boards that only says who may do what ------------------------------------------------------------------- */

static enum result answer_ok(struct request *rq)
{
    return respond_bytes(rq, 200, STR("text/plain; charset=utf-8"), board_name(board_of(rq), rq->lang));
}

#define OF_BOARD(method, tail, name, cap, f)                                                                   \
    {                                                                                                          \
        method, "/p/{place}/bulletin/{board:word}" tail, name, .handle = answer_ok, .subject = &board_subject, \
                                                               .need = cap, .flags = f                         \
    }
static const struct route kind_routes[] = {
    OF_BOARD(HTTP_GET, "", "bulletin.read", CAP_BOARD_READ, 0),
    OF_BOARD(HTTP_GET, "/write", "bulletin.write", CAP_BOARD_WRITE, 0),
    OF_BOARD(HTTP_GET, "/take-part", "bulletin.take_part", CAP_BOARD_TAKE_PART, 0),
    OF_BOARD(HTTP_GET, "/run", "bulletin.run", CAP_BOARD_RUN, 0),
};
static const struct module kind_module = {.name = "bulletin", .routes = kind_routes, .n_routes = 4};
static const struct board_kind bulletin = {
    .word = "bulletin", .name = T_frame_report, .lead = T_frame_report, .icon = "news"};
static const struct board_kind *const kinds[] = {&lane_report, &bulletin};
static const struct module *const modules[] = {&lane_module, &home_module, &board_module, &kind_module};

static int setup(void **state)
{
    (void)state;
    lane_open(modules, 4, NULL);
    board_use_kinds(kinds, 2);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    test_app_close(t);
    return 0;
}

#define path(...) test_path(t, __VA_ARGS__)

/* The form of the console, filled in. */
#define FORM(name, name_en, more)    \
    "name=" name "&name_en=" name_en \
    "&lead=一句话&kind=bulletin&icon=people&readers=everybody&writers=staff&review=none" more

static int64_t id_of(struct reply r)
{
    int64_t id = 0;
    size_t slash = r.location.len;

    while (slash && r.location.ptr[slash - 1] != '/')
        slash--;
    assert_int_equal(str_int64(str_sub(r.location, slash, SIZE_MAX), 1, INT64_MAX, &id), OK);
    return id;
}

/* Made by the street's office and switched on. */
static int64_t open_board(const char *form)
{
    struct browser *b = lane_browser(lane.officer);
    struct reply r = test_post(b, "/desk/boards", form);
    int64_t id;

    assert_int_equal(r.status, 303);
    id = id_of(r);
    assert_int_equal(test_post(b, path("/desk/boards/%" PRId64 "/state", id), "open=yes").status, 303);
    return id;
}

static int status_of(int64_t person, int64_t place, const char *word, const char *tail)
{
    return test_get(lane_browser(person), path("/p/%" PRId64 "/bulletin/%s%s", place, word, tail)).status;
}

/* ---- the console ------------------------------------------------------------------------------------------------------------- */

static void a_federation_joins_by_the_console(void **state)
{
    struct browser *office = lane_browser(lane.officer), *guest = lane_browser(0);
    struct reply r;
    int64_t id;
    (void)state;

    assert_int_equal(test_get(office, "/desk/boards/new").status, 200);
    r = test_post(office, "/desk/boards", FORM("妇联之家", "Women's Federation", ""));
    assert_int_equal(r.status, 303);
    id = id_of(r);
    /* not open yet: residents do not see it, who made it has a preview */
    assert_false(reply_has(test_get(guest, "/p/310113007011"), "妇联之家"));
    assert_int_equal(status_of(0, HERE, "womens_federation", ""), 404);
    assert_int_equal(status_of(lane.officer, STREET, "womens_federation", ""), 200);

    assert_int_equal(test_post(office, path("/desk/boards/%" PRId64 "/state", id), "open=yes").status, 303);
    r = test_get(guest, "/p/310113007011");
    assert_true(reply_has(r, "妇联之家") && reply_has(r, "/p/310113007011/bulletin/womens_federation"));
    assert_true(reply_has(test_get(guest, "/p/310113007012"), "妇联之家"));
    assert_int_equal(status_of(0, HERE, "womens_federation", ""), 200);
    guest->language = "en";
    assert_true(reply_has(test_get(guest, "/p/310113007011"), "Women&#39;s Federation"));

    /* a second board of that name gets an address of its own */
    assert_int_equal(test_post(office, "/desk/boards", FORM("妇联活动", "Women's Federation", "")).status, 303);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM board WHERE word = 'womens_federation_2'"), 1);

    /* switched off: gone from the home page, and nobody reads it; the row stays */
    assert_int_equal(test_post(office, path("/desk/boards/%" PRId64 "/state", id), "open=no").status, 303);
    guest->language = NULL;
    assert_false(reply_has(test_get(guest, "/p/310113007011"), "妇联之家"));
    assert_int_equal(status_of(0, HERE, "womens_federation", ""), 404);
    assert_int_equal(
        test_sql_int(&t->db, "SELECT COUNT(*) FROM board WHERE id = %lld AND state = 'off'", (long long)id), 1);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM ledger WHERE subject = %lld", (long long)id), 3);
}

static void changed_in_the_console(void **state)
{
    struct browser *office = lane_browser(lane.officer);
    int64_t id = open_board(FORM("工会", "Union", ""));
    struct reply r;
    (void)state;

    /* only in one of its communities from now on, for residents */
    r = test_post(office, path("/desk/boards/%" PRId64, id),
                  "name=工会之窗&name_en=Union window&icon=star&readers=residents&writers=residents&review=before"
                  "&places=310113007012");
    assert_int_equal(r.status, 303);
    assert_int_equal(status_of(lane.resident, HERE, "union", ""), 404);
    assert_int_equal(status_of(0, THERE, "union", ""), 303); /* to the sign-in page */
    assert_int_equal(status_of(lane.officer, THERE, "union", ""), 200);
    r = test_get(office, path("/desk/boards/%" PRId64, id));
    assert_true(reply_has(r, "aria-label=\"星星\"") &&
                !reply_has(r, "aria-label=\"star\"")); /* in words of the page's language */
    assert_true(reply_has(r, "value=\"工会之窗\"") && reply_has(r, "value=\"310113007012\" checked"));
}

static void wrong_input_is_named(void **state)
{
    struct browser *office = lane_browser(lane.officer);
    static const struct {
        const char *form, *field;
    } wrong[] = {
        {"name=&name_en=X&icon=people&kind=bulletin&readers=everybody&writers=staff&review=none", "name"},
        {"name=甲乙丙丁戊己庚辛壬癸子丑寅&name_en=X&icon=people&kind=bulletin&readers=everybody&writers=staff&review=none",
         "name"},
        {"name=甲&name_en=&icon=people&kind=bulletin&readers=everybody&writers=staff&review=none", "name_en"},
        {"name=甲&name_en=X&icon=../x&kind=bulletin&readers=everybody&writers=staff&review=none", "icon"},
        {"name=甲&name_en=X&icon=people&kind=casino&readers=everybody&writers=staff&review=none", "kind"},
        {"name=甲&name_en=X&icon=people&kind=report&readers=everybody&writers=staff&review=none", "kind"},
        {"name=甲&name_en=X&icon=people&kind=bulletin&readers=some&writers=staff&review=none", "readers"},
        {"name=甲&name_en=X&icon=people&kind=bulletin&readers=everybody&writers=all&review=none", "writers"},
        {"name=甲&name_en=X&icon=people&kind=bulletin&readers=everybody&writers=staff&review=never", "review"},
        {"name=甲&name_en=X&icon=people&kind=bulletin&readers=everybody&writers=staff&review=none&owner=id:1", "owner"},
        {"name=甲&name_en=X&icon=people&kind=bulletin&readers=everybody&writers=staff&review=none&owner=kind:mafia",
         "owner"},
        {"name=甲&name_en=X&icon=people&kind=bulletin&readers=everybody&writers=staff&review=none&places=310105001001",
         "places"},
        {"name=甲&name_en=X&icon=people&kind=talk&readers=everybody&writers=staff&review=none&accounts=1", "accounts"},
    };
    (void)state;

    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        struct reply r = test_post(office, "/desk/boards", wrong[i].form);

        if (r.status != 422 ||
            !reply_has(r, str_cstr(t->arena, str_printf(t->arena, "id=\"%s-error\"", wrong[i].field))))
            fail_msg("%s: %d, no word about %s", wrong[i].form, r.status, wrong[i].field);
    }
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM board"), 1); /* the world's own */
}

/* 村务公开: whoever makes it says that it is one. */
static void a_board_of_accounts(void **state)
{
    int64_t id = open_board(FORM("村务公开", "Village affairs", "&accounts=1"));
    (void)state;

    assert_int_equal(
        test_sql_int(&t->db, "SELECT COUNT(*) FROM board WHERE id = %" PRId64 " AND word = 'open_affairs_village_aff'",
                     id),
        1);
    assert_int_equal(status_of(0, HERE, "open_affairs_village_aff", ""), 200);
}

static void the_console_is_for_those_above(void **state)
{
    int64_t id = open_board(FORM("工会", "Union", ""));
    const int64_t others[] = {0, lane.resident, lane.stranger, lane.handler, lane.cadre, lane.secretary};
    (void)state;

    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        struct browser *b = lane_browser(others[i]);
        int refused = others[i] ? 403 : 303;

        assert_int_equal(test_get(b, "/desk/boards/new").status, refused);
        assert_int_equal(test_get(b, path("/desk/boards/%" PRId64, id)).status, refused);
        assert_int_equal(test_post(b, "/desk/boards", FORM("我的", "Mine", "")).status, refused);
        assert_int_equal(test_post(b, path("/desk/boards/%" PRId64 "/state", id), "open=no").status, refused);
    }
    /* the street's office has nothing to say about a board of the district's */
    test_sql(&t->db, "UPDATE board SET place = 310113000000 WHERE id = %lld", (long long)id);
    assert_int_equal(test_get(lane_browser(lane.officer), path("/desk/boards/%" PRId64, id)).status, 403);
}

/* ---- a committee's order ------------------------------------------------------------------------------------------------------- */

static size_t where(struct reply r, const char *word)
{
    return str_find(r.body, str_printf(t->arena, "class=\"board\" href=\"/p/310113007011/%s\"", word));
}

static void the_committee_orders_its_home_page(void **state)
{
    struct browser *cadre = lane_browser(lane.cadre), *guest = lane_browser(0);
    int64_t first = open_board(FORM("工会", "Union", "")), second = open_board(FORM("妇联", "Women", ""));
    struct reply r = test_get(guest, "/p/310113007011");
    (void)state;

    assert_true(where(r, "bulletin/union") < where(r, "bulletin/women"));
    assert_int_equal(test_post(cadre, "/desk/boards/order", path("board=%" PRId64 "&do=up", second)).status, 303);
    r = test_get(guest, "/p/310113007011");
    assert_true(where(r, "bulletin/women") < where(r, "bulletin/union"));
    assert_int_equal(test_post(cadre, "/desk/boards/order", path("board=%" PRId64 "&do=hide", first)).status, 303);
    r = test_get(guest, "/p/310113007011");
    assert_true(where(r, "bulletin/union") == SIZE_MAX && where(r, "bulletin/women") != SIZE_MAX);
    assert_true(reply_has(test_get(guest, "/p/310113007012"), "bulletin/union")); /* elsewhere nothing has changed */
    assert_int_equal(status_of(0, HERE, "union", ""), 200);                       /* put away is not switched off */
    assert_int_equal(test_post(cadre, "/desk/boards/order", path("board=%" PRId64 "&do=show", first)).status, 303);
    assert_true(reply_has(test_get(guest, "/p/310113007011"), "bulletin/union"));
    assert_int_equal(test_post(cadre, "/desk/boards/order", "board=77&do=up").status, 422);
}

/* Whoever makes a board says where it stands; a committee that has arranged its page keeps its own order. */
static void the_maker_says_where_it_stands(void **state)
{
    struct browser *office = lane_browser(lane.officer), *guest = lane_browser(0);
    int64_t union_id = open_board(FORM("工会", "Union", "")), women, youth;
    struct reply r;
    (void)state;

    women = open_board(FORM("妇联", "Women", "&after=first"));
    youth = open_board(test_path(t, FORM("青年", "Youth", "&after=%" PRId64), women));
    r = test_get(guest, "/p/310113007011");
    assert_true(where(r, "bulletin/women") < where(r, "bulletin/youth"));
    assert_true(where(r, "bulletin/youth") < where(r, "report") && where(r, "report") < where(r, "bulletin/union"));
    /* the form says where it stands, and saved again it stays there */
    r = test_get(office, path("/desk/boards/%" PRId64, youth));
    assert_true(reply_has(r, path("value=\"%" PRId64 "\" selected", women)));
    assert_int_equal(test_post(office, path("/desk/boards/%" PRId64, youth),
                               test_path(t, FORM("青年", "Youth", "&after=%" PRId64), women))
                         .status,
                     303);
    assert_int_equal(test_post(office, path("/desk/boards/%" PRId64, youth), FORM("青年", "Youth", "")).status, 303);
    r = test_get(guest, "/p/310113007011");
    assert_true(where(r, "bulletin/women") < where(r, "bulletin/youth") &&
                where(r, "bulletin/youth") < where(r, "report"));
    /* moved to the end */
    assert_int_equal(
        test_post(office, path("/desk/boards/%" PRId64, women), FORM("妇联", "Women", "&after=last")).status, 303);
    r = test_get(guest, "/p/310113007011");
    assert_true(where(r, "bulletin/union") < where(r, "bulletin/women"));
    /* behind what is not there, or behind itself */
    r = test_post(office, path("/desk/boards/%" PRId64, women), FORM("妇联", "Women", "&after=77"));
    assert_true(r.status == 422 && reply_has(r, "id=\"after-error\""));
    r = test_post(office, path("/desk/boards/%" PRId64, women),
                  test_path(t, FORM("妇联", "Women", "&after=%" PRId64), women));
    assert_int_equal(r.status, 422);
    assert_int_equal(test_post(office, "/desk/boards", FORM("别的", "Other", "&after=x")).status, 422);
    /* a committee's own order stands above it */
    assert_int_equal(
        test_post(lane_browser(lane.cadre), "/desk/boards/order", path("board=%" PRId64 "&do=up", union_id)).status,
        303);
    assert_int_equal(
        test_post(office, path("/desk/boards/%" PRId64, union_id), FORM("工会", "Union", "&after=last")).status, 303);
    r = test_get(guest, "/p/310113007011");
    assert_true(where(r, "bulletin/union") < where(r, "report"));
}

/* ---- who may do what ---------------------------------------------------------------------------------------------------------------- */

static void rights_follow_from_the_row(void **state)
{
    static const char *const tails[] = {"", "/write", "/take-part", "/run"};
    const int64_t people[] = {lane.stranger, lane.waiting, lane.resident, lane.cadre, lane.officer, lane.handler};
    static const struct {
        const char *what, *form, *word;
        /* a column a person, a row a right: read, write, take part, run */
        const char *rights[4];
    } boards[] = {
        {"the committee's, for all", FORM("公告", "Notes", ""), "notes", {"++++++", "---+--", "--++--", "---+--"}},
        {"the property company's",
         FORM("物业", "Property", "&owner=kind:property_company"),
         "property",
         {"++++++", "-----+", "--+--+", "-----+"}},
    };
    (void)state;

    for (size_t k = 0; k < sizeof(boards) / sizeof(boards[0]); k++) {
        open_board(boards[k].form);
        for (int right = 0; right < 4; right++) {
            for (int who = 0; who < 6; who++) {
                int status = status_of(people[who], HERE, boards[k].word, tails[right]);

                if (status != (boards[k].rights[right][who] == '+' ? 200 : 403))
                    fail_msg("%s: %s of person %d answered %d", boards[k].what, tails[right], who, status);
            }
        }
    }
    /* neighbours write, only neighbours read */
    open_board("name=聊聊&name_en=Talk&kind=bulletin&icon=talk&readers=residents&writers=residents&review=none");
    assert_int_equal(status_of(lane.resident, HERE, "talk", ""), 200);
    assert_int_equal(status_of(lane.resident, HERE, "talk", "/write"), 200);
    assert_int_equal(status_of(lane.resident, THERE, "talk", ""), 403);  /* lives next door */
    assert_int_equal(status_of(lane.resident, STREET, "talk", ""), 200); /* lives in the street */
    assert_int_equal(status_of(lane.waiting, HERE, "talk", ""), 403);
    assert_int_equal(status_of(lane.stranger, HERE, "talk", ""), 403);
    assert_int_equal(status_of(0, HERE, "talk", ""), 303);
    assert_int_equal(status_of(lane.cadre, HERE, "talk", "/write"), 200);
    assert_int_equal(status_of(lane.cadre, THERE, "talk", "/run"), 403);
    /* a board of one kind has no address among those of another, and a made-up place none at all */
    assert_int_equal(status_of(lane.resident, HERE, "report", ""), 404);
    assert_int_equal(status_of(lane.resident, INT64_C(310113007099), "talk", ""), 404);
}

static enum result seed(struct db *db, void *arg)
{
    (void)arg;
    return board_seed(db, CITY, time_now());
}

static enum result another_district(struct db *db, void *arg)
{
    (void)arg;
    return place_found(db, INT64_C(310109000000), STR("虹口区"), time_now(), 0);
}

static void seeding_twice_changes_nothing(void **state)
{
    int64_t n;
    (void)state;

    test_write(t, seed, NULL);
    n = test_sql_int(&t->db, "SELECT COUNT(*) FROM board");
    assert_true(n >= 5);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM board WHERE kind NOT IN ('report', 'bulletin')"), 0);
    test_sql(&t->db, "UPDATE board SET name = '我们的公告', state = 'off' WHERE word = 'announcement'");
    test_write(t, seed, NULL);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM board"), n);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM board WHERE name = '我们的公告' AND state = 'off'"), 1);
}

/* The news of Baoshan have the name that the district gave them; the other districts' do not. */
static void news_are_called_as_the_district_calls_them(void **state)
{
    (void)state;
    test_write(t, another_district, NULL);
    test_write(t, seed, NULL);
    test_write(t, seed, NULL);
    assert_int_equal(
        test_sql_int(&t->db,
                     "SELECT COUNT(*) FROM board WHERE word = 'i_baoshan' AND name = 'i宝山' AND place = 310113000000"),
        1);
    assert_true(reply_has(test_get(lane_browser(lane.resident), "/p/310113000000"), "i宝山"));
    assert_false(reply_has(test_get(lane_browser(lane.resident), "/p/310113000000"), "区里的事"));
    assert_true(reply_has(test_get(lane_browser(lane.resident), "/p/310109000000"), "区里的事"));
    assert_false(reply_has(test_get(lane_browser(lane.resident), "/p/310109000000"), "i宝山"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_federation_joins_by_the_console, setup, teardown),
        cmocka_unit_test_setup_teardown(changed_in_the_console, setup, teardown),
        cmocka_unit_test_setup_teardown(wrong_input_is_named, setup, teardown),
        cmocka_unit_test_setup_teardown(the_console_is_for_those_above, setup, teardown),
        cmocka_unit_test_setup_teardown(the_committee_orders_its_home_page, setup, teardown),
        cmocka_unit_test_setup_teardown(the_maker_says_where_it_stands, setup, teardown),
        cmocka_unit_test_setup_teardown(a_board_of_accounts, setup, teardown),
        cmocka_unit_test_setup_teardown(rights_follow_from_the_row, setup, teardown),
        cmocka_unit_test_setup_teardown(seeding_twice_changes_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(news_are_called_as_the_district_calls_them, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
