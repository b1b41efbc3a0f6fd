/* files_test.c: pictures and documents of who offers something, and of the property company's accounts. */
#include "boards/service/property.h"
#include "boards/service/service_world_test.h"
#include "civic/home/lane_test.h"
#include "civic/media/files_world_test.h"

#define WINDOW HOME "/service/window"

static const struct module *const modules[] = {&lane_module,     &home_module,  &board_module,
                                               &provider_module, &slot_module,  &property_module,
                                               &notify_module,   &media_module, &document_module};
static const struct media_guards *const guards[] = {&entry_guards};

static int setup(void **state)
{
    (void)state;
    files_open();
    service_open(modules, sizeof(modules) / sizeof(modules[0]));
    service_board(3, "window", "property_company", "residents");
    return files_ready(guards, 1);
}

static int teardown(void **state)
{
    (void)state;
    files_close();
    test_app_close(t);
    return 0;
}

static struct reply offer(struct browser *b, const char *to, const char *title, const char *name, const char *value,
                          const struct test_file *files, size_t n)
{
    const char *const fields[] = {"title", title, "offers", "理发 10 元", "monday", "9:00-11:30", name, value, NULL};

    return test_upload(b, to, fields, files, n);
}

static void of_who_offers_something(void **state)
{
    struct browser *cadre = lane_browser(lane.cadre);
    const struct test_file files[] = {photo(40), pdf("价目表.pdf", test_pdf(t->arena, 2, 595, 842, "Prices"))};
    const struct test_file more[] = {photo(90), pdf("新价目表.pdf", test_pdf(t->arena, 1, 595, 842, "New"))};
    struct reply r = offer(cadre, BOARD "/new", "理发店", "draft", "1", files, 2);
    (void)state;

    assert_int_equal(r.status, 303);
    const char *one = str_cstr(t->arena, r.location);
    r = test_get_json(cadre, one);
    const char *picture = member(r, "files.photos.0.full"), *document = member(r, "files.documents.0.url");
    assert_false(files_fetched(0, picture, document) || files_fetched(lane.resident, picture, document)); /* a draft */
    assert_int_equal(test_post(cadre, path("%s/move", one), "action=publish").status, 303);
    assert_true(files_fetched(0, picture, document));
    assert_true(reply_has(test_get(lane_browser(0), one), "价目表.pdf"));
    /* changed: the old price list goes, a new one comes */
    const char *gone = member(test_get_json(cadre, path("%s/edit", one)), "attach.documents.0.id");
    assert_int_equal(offer(lane_browser(lane.resident), path("%s/edit", one), "理发店", "drop", gone, more, 2).status,
                     403);
    assert_int_equal(offer(cadre, path("%s/edit", one), "理发店", "drop", gone, more, 2).status, 303);
    assert_false(files_fetched(0, NULL, document) || files_fetched(lane.cadre, NULL, document));
    r = test_get(lane_browser(0), one);
    assert_true(reply_has(r, "新价目表.pdf"));
    assert_int_equal(test_sql_int(&t->db, "SELECT photos FROM entry"), 2);
    document = member(test_get_json(cadre, one), "files.documents.0.url");
    /* ended */
    assert_int_equal(test_post(cadre, path("%s/move", one), "action=end").status, 303);
    assert_false(files_fetched(0, picture, document) || files_fetched(lane.resident, picture, document));
    /* what is none */
    const struct test_file bad = pdf("a.pdf", STR("nothing"));
    r = offer(cadre, BOARD "/new", "名字还在", "draft", "0", &bad, 1);
    assert_true(r.status == 422 && reply_has(r, "不是 PDF") && reply_has(r, "名字还在"));
}

static void of_accounts(void **state)
{
    struct browser *handler = lane_browser(lane.handler);
    const char *const fields[] = {"account", "fund-20252", "opening", "1000",     "came", "利息 12.5",
                                  "spent",   "屋面 200",   "notes",   "说明文字", NULL};
    const struct test_file files[] = {photo(40), pdf("审计报告.pdf", test_pdf(t->arena, 12, 595, 842, "Audit"))};
    struct reply r = test_upload(handler, WINDOW "/accounts/new", fields, files, 2);
    (void)state;

    assert_int_equal(r.status, 303);
    const char *one = str_cstr(t->arena, r.location);
    r = test_get_json(lane_browser(lane.resident), one);
    const char *picture = member(r, "files.photos.0.full"), *document = member(r, "files.documents.0.url");
    assert_true(files_fetched(lane.resident, picture, document));
    assert_false(files_fetched(0, picture, document) ||
                 files_fetched(lane.stranger, picture, document)); /* for residents */
    assert_true(reply_has(test_get(lane_browser(lane.resident), one), "审计报告.pdf"));
    /* recalled by the company: its papers go with it */
    assert_int_equal(test_post(handler, path("%s/recall", one), "reason=x").status, 303);
    bool listed = test_sql_int(&t->db, "SELECT listed FROM entry") == 1;
    assert_true(files_fetched(lane.resident, picture, document) == listed);
    /* hidden by who runs the board */
    test_sql(&t->db, "UPDATE entry SET listed = 0, hidden = 1");
    assert_false(files_fetched(lane.resident, picture, document));
    const struct test_file bad = pdf("a.pdf", STR("nothing"));
    r = test_upload(handler, WINDOW "/accounts/new", fields, &bad, 1);
    assert_true(r.status == 422 && reply_has(r, "不是 PDF"));
}

int main(int argc, char **argv)
{
    FILES_WORKER(argc, argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(of_who_offers_something, setup, teardown),
        cmocka_unit_test_setup_teardown(of_accounts, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
