/* files_test.c: pictures of what is given, lent, sold: who may read the entry sees them, and nobody once it is hidden, taken back or over. */
#include "boards/exchange/exchange_world_test.h"
#include "civic/home/lane_test.h"
#include "civic/media/files_world_test.h"

static const struct media_guards *const guards[] = {&entry_guards};

static int setup(void **state)
{
    files_open();
    return exchange_setup(state) == 0 ? files_ready(guards, 1) : -1;
}

static int teardown(void **state)
{
    files_close();
    return exchange_teardown(state);
}

static const char *put_up_with(struct browser *b, const char *board, const char *sort, const char *title,
                               const struct test_file *files, size_t n)
{
    const char *const fields[] = {"sort", sort, "title", title, "body", "细说", NULL};
    struct reply r = test_upload(b, path("%s/new", board), fields, files, n);

    if (r.status != 303)
        print_message(STR_FMT "\n", STR_ARG(r.body));
    assert_int_equal(r.status, 303);
    return str_cstr(t->arena, r.location);
}

static const char *picture_of(struct browser *b, const char *one)
{
    return member(test_get_json(b, one), "files.photos.0.full");
}

static bool others_fetch(const char *picture)
{
    return files_fetched(0, picture, NULL) || files_fetched(lane.stranger, picture, NULL) ||
           files_fetched(lane.waiting, picture, NULL) || files_fetched(lane.handler, picture, NULL);
}

static void for_neighbours_while_it_is_there(void **state)
{
    struct browser *zhou = lane_browser(lane.resident);
    const struct test_file files[] = {photo(40), photo(80)};
    const char *one = put_up_with(zhou, IDLE, "give", "送一把椅子", files, 2), *picture = picture_of(zhou, one);
    (void)state;

    assert_true(files_fetched(lane.resident, picture, NULL) && files_fetched(wu, picture, NULL) &&
                files_fetched(lane.cadre, picture, NULL));
    assert_false(others_fetch(picture));
    assert_true(reply_has(test_get(lane_browser(wu), one), picture));
    assert_true(reply_has(test_get(lane_browser(wu), IDLE), path("%s/thumb", picture))); /* the first, in the list */
    /* hidden by who runs the board, and shown again */
    assert_int_equal(act(lane_browser(lane.cadre), one, "hide", "hide=yes&reason=x"), 303);
    assert_false(files_fetched(wu, picture, NULL) || others_fetch(picture));
    assert_true(files_fetched(lane.resident, picture, NULL) && files_fetched(lane.cadre, picture, NULL));
    assert_int_equal(act(lane_browser(lane.cadre), one, "hide", "hide=no"), 303);
    assert_true(files_fetched(wu, picture, NULL));
    /* taken back */
    assert_int_equal(act(zhou, one, "withdraw", ""), 303);
    assert_false(files_fetched(wu, picture, NULL) || others_fetch(picture));
    assert_true(files_fetched(lane.resident, picture, NULL));
    all_adds_up();
}

static void not_before_review(void **state)
{
    struct browser *zhou = lane_browser(lane.resident);
    const struct test_file file = photo(40);
    const char *one = put_up_with(zhou, WISH, "wish", "想要一本字典", &file, 1), *picture = picture_of(zhou, one);
    (void)state;

    assert_false(files_fetched(wu, picture, NULL) || others_fetch(picture));
    assert_true(files_fetched(lane.cadre, picture, NULL));
    assert_int_equal(act(lane_browser(lane.cadre), one, "review", "accept=yes"), 303);
    assert_true(files_fetched(wu, picture, NULL));
}

static void changed_by_its_author(void **state)
{
    struct browser *zhou = lane_browser(lane.resident);
    const struct test_file files[] = {photo(40), photo(80)}, more = photo(120);
    const char *one = put_up_with(zhou, IDLE, "give", "送一把椅子", files, 2), *picture = picture_of(zhou, one);
    const char *id = member(test_get_json(zhou, path("%s/edit", one)), "attach.photos.0.id");
    const char *const fields[] = {"sort", "give", "title", "送两把椅子", "version", "1", "drop", id, NULL};
    const struct test_file paper = pdf("a.pdf", test_pdf(t->arena, 1, 595, 842, "One"));
    (void)state;

    assert_int_equal(test_upload(lane_browser(wu), path("%s/edit", one), fields, &more, 1).status, 403);
    assert_int_equal(test_upload(zhou, path("%s/edit", one), fields, &more, 1).status, 303);
    assert_false(files_fetched(lane.resident, picture, NULL) || files_fetched(wu, picture, NULL) ||
                 files_fetched(lane.cadre, picture, NULL));
    assert_int_equal(test_sql_int(&t->db, "SELECT photos FROM entry"), 2);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM media"), 2);
    /* what is no picture is refused, and a thing has no documents */
    const struct test_file bad = {"photos", "a.jpg", "image/jpeg", STR("nothing")};
    const char *const again[] = {"sort", "give", "title", "送三把椅子", "version", "2", NULL};
    struct reply r = test_upload(zhou, path("%s/edit", one), again, &bad, 1);
    assert_true(r.status == 422 && reply_has(r, "送三把椅子"));
    (void)test_upload(zhou, path("%s/edit", one), again, &paper, 1);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM document"), 0);
}

int main(int argc, char **argv)
{
    FILES_WORKER(argc, argv);
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(for_neighbours_while_it_is_there),
        TEST(not_before_review),
        TEST(changed_by_its_author),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
