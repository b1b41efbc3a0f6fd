/* found_test.c: the search page finds what everybody may read, and nothing else, on every way around it. */
#include "boards/talk/talk_world_test.h"
#include "civic/home/lane_test.h"
#include "civic/search/search_page.h"

static const struct module *const modules[] = {&lane_module, &home_module,   &board_module,
                                               &talk_module, &notify_module, &search_module};
static const struct search_finder *const finders[] = {&entry_finder};

#define FIND "/p/310113007011/search?q=%E6%A1%82%E8%8A%B1" /* 桂花 */

static int setup(void **state)
{
    (void)state;
    talk_open(modules, 6);
    search_use(finders, 1);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    search_use(NULL, 0);
    test_app_close(t);
    return 0;
}

static void write_one(int64_t person, const char *to, const char *title)
{
    assert_int_equal(send(lane_browser(person), to, title, "桂花开了，香得很").status, 303);
}

static bool finds(int64_t person, const char *canary)
{
    struct browser *b = lane_browser(person);
    struct reply page = test_get(b, FIND), json = test_get_json(b, FIND);

    assert_int_equal(page.status, 200);
    assert_int_equal(json.status, 200);
    assert_true(reply_has(page, canary) == reply_has(json, canary));
    return reply_has(page, canary);
}

static void only_what_one_may_read(void **state)
{
    (void)state;
    write_one(lane.resident, BOARD "/new", "canaryown");
    write_one(lane.officer, "/p/310113007000/talk/lane/new", "canaryabove");
    assert_true(finds(lane.resident, "canaryown"));
    assert_true(finds(lane.resident, "canaryabove")); /* what the street wrote for it */
    assert_true(finds(lane.cadre, "canaryown"));
    assert_false(finds(0, "canaryown"));
    assert_false(finds(lane.stranger, "canaryown"));
    assert_false(finds(lane.waiting, "canaryown"));
    assert_false(finds(lane.stranger, "canaryabove"));
    assert_true(reply_has(test_get(lane_browser(lane.resident), FIND), "<mark>桂花</mark>"));
    /* for next door only */
    test_sql(&t->db, "UPDATE entry SET audience = ',310113007012' WHERE title = 'canaryabove'");
    assert_false(finds(lane.resident, "canaryabove"));
    /* the index is older than the row: the row counts */
    test_sql(&t->db, "UPDATE entry SET hidden = 1 WHERE title = 'canaryown'");
    assert_false(finds(lane.resident, "canaryown"));
    test_sql(&t->db, "UPDATE entry SET hidden = 0, listed = 0 WHERE title = 'canaryown'");
    assert_false(finds(lane.resident, "canaryown"));
    test_sql(&t->db, "UPDATE entry SET listed = 1 WHERE title = 'canaryown'");
    assert_true(finds(lane.resident, "canaryown"));
    test_sql(&t->db, "UPDATE board SET state = 'off' WHERE id = 2");
    assert_false(finds(lane.resident, "canaryown"));
}

static void the_community_next_door_is_elsewhere(void **state)
{
    (void)state;
    write_one(lane.resident, BOARD "/new", "canaryhere");
    assert_false(
        reply_has(test_get(lane_browser(lane.resident), "/p/310113007012/search?q=%E6%A1%82%E8%8A%B1"), "canaryhere"));
    /* the page of the street has what the street wrote, not what neighbours say below it */
    assert_false(
        reply_has(test_get(lane_browser(lane.officer), "/p/310113007000/search?q=%E6%A1%82%E8%8A%B1"), "canaryhere"));
}

static void page_after_page(void **state)
{
    struct browser *b = lane_browser(lane.resident);
    const char *path = FIND;
    int pages = 0, rows = 0;
    (void)state;

    for (int i = 0; i < 50; i++)
        write_one(lane.resident, BOARD "/new", "一样的");
    while (path && pages < 10) {
        struct reply r = test_get_json(b, path);
        struct str more = reply_json(t, r, "more"), rest = r.body;

        for (size_t at; (at = str_find(rest, STR("\"board\""))) != SIZE_MAX; rest = str_sub(rest, at + 1, SIZE_MAX))
            rows++;
        path = more.len && more.ptr[0] == '/' ? str_cstr(t->arena, more) : NULL;
        pages++;
    }
    assert_int_equal(rows, 50);
    assert_true(pages >= 3);
}

static size_t where(struct reply r, const char *what)
{
    return str_find(r.body, str_from_cstr(what));
}

/* A title with the words stands before a text with them, however old; within each the newest is first, page after page. */
static void titles_first(void **state)
{
    struct browser *b = lane_browser(lane.resident);
    struct reply first, second;
    struct str more;
    (void)state;

    assert_int_equal(send(b, BOARD "/new", "桂花树下oldtitle", "来坐坐").status, 303);
    assert_int_equal(send(b, BOARD "/new", "桂花树下newtitle", "来坐坐").status, 303);
    write_one(lane.resident, BOARD "/new", "firsttext");
    for (int i = 0; i < 18; i++) /* 20 on a page: two by title, 18 by text */
        write_one(lane.resident, BOARD "/new", "一样的");
    first = test_get_json(b, FIND);
    assert_true(where(first, "newtitle") < where(first, "oldtitle"));
    assert_true(where(first, "oldtitle") < where(first, "一样的"));
    assert_false(reply_has(first, "firsttext"));
    more = reply_json(t, first, "more");
    assert_true(str_find(more, STR("part=texts")) != SIZE_MAX);
    second = test_get_json(b, str_cstr(t->arena, more));
    assert_true(reply_has(second, "firsttext"));
    assert_false(reply_has(second, "oldtitle"));
    assert_false(reply_has(second, "newtitle"));
    assert_false(reply_has(second, "一样的"));
}

/* A page that ends with the last title leads on to the texts, and only when there are any. */
static void between_the_parts(void **state)
{
    struct browser *b = lane_browser(lane.resident);
    struct reply first, second;
    (void)state;

    for (int i = 0; i < 20; i++)
        assert_int_equal(send(b, BOARD "/new", "桂花又开了", "来坐坐").status, 303);
    assert_false(reply_has(test_get(b, FIND), "part=texts"));
    assert_false(reply_has(test_get(b, FIND), "before="));
    write_one(lane.resident, BOARD "/new", "onlytext");
    first = test_get_json(b, FIND);
    assert_false(reply_has(first, "onlytext"));
    second = test_get_json(b, str_cstr(t->arena, reply_json(t, first, "more")));
    assert_true(reply_has(second, "onlytext"));
    assert_false(reply_has(second, "又开了"));
}

static void bad_questions(void **state)
{
    struct browser *b = lane_browser(0);
    (void)state;

    assert_int_equal(test_get(b, "/p/310113007011/search").status, 200);
    assert_int_equal(test_get(b, "/p/310113007011/search?q=!!!").status, 200);
    assert_int_equal(test_get(b, "/p/310113007011/search?q=a&kind=rubbish").status, 200);
    assert_int_equal(test_get(b, "/p/310113007011/search?q=a&before=x").status, 422);
    assert_int_equal(test_get(b, "/p/310113007011/search?q=a&part=rubbish").status, 422);
    assert_int_equal(test_get(b, "/p/310113007011/search?q=a&part=texts&before=1").status, 200);
    assert_int_equal(test_get(b, "/p/999999999999/search?q=a").status, 404);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(only_what_one_may_read), TEST(the_community_next_door_is_elsewhere),
        TEST(page_after_page),        TEST(titles_first),
        TEST(between_the_parts),      TEST(bad_questions),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
