/* files_test.c: pictures and documents of an activity: with its announcement, and pictures of how it was, by its organiser and by staff. */
#include "boards/activity/activity_world_test.h"
#include "civic/home/lane_test.h"
#include "civic/media/files_world_test.h"

static const struct module *const modules[] = {&lane_module,         &home_module,    &board_module, &activity_module,
                                               &activity_run_module, &notify_module,  &hours_module, &search_module,
                                               &media_module,        &document_module};
static const struct media_guards *const guards[] = {&entry_guards};

static int setup(void **state)
{
    (void)state;
    files_open();
    activity_open(modules, sizeof(modules) / sizeof(modules[0]));
    return files_ready(guards, 1);
}

static int teardown(void **state)
{
    (void)state;
    home_use(NULL, 0);
    search_use(NULL, 0);
    files_close();
    test_app_close(t);
    return 0;
}

static struct reply announce_with(struct browser *b, const char *title, const char *repeat, const char *times,
                                  const struct test_file *files, size_t n)
{
    const char *const fields[] = {
        "title",       title,    "spot", "二楼活动室",           "starts_at", SATURDAY, "ends_at",
        SATURDAY_NOON, "repeat", repeat, times ? "times" : NULL, times,       NULL};

    return test_upload(b, BOARD "/new", fields, files, n);
}

static struct reply send_after(struct browser *b, const char *one, const char *drop, const struct test_file *files,
                               size_t n)
{
    const char *const fields[] = {drop ? "drop" : NULL, drop, NULL};

    return test_upload(b, path("%s/photos", one), fields, files, n);
}

static void before_it_and_after(void **state)
{
    struct browser *cadre = lane_browser(lane.cadre), *host = lane_browser(lane.resident), *guest = lane_browser(0);
    const struct test_file files[] = {photo(40), pdf("报名须知.pdf", test_pdf(t->arena, 2, 595, 842, "How"))};
    const struct test_file day[] = {photo(90), photo(120)}, late = photo(150);
    struct reply r;
    (void)state;

    test_sql(&t->db, "UPDATE board SET writers = 'residents'");
    r = announce_with(host, "邻居下棋", "none", NULL, files, 2);
    assert_int_equal(r.status, 303);
    const char *one = str_cstr(t->arena, r.location);
    r = test_get_json(guest, one);
    const char *picture = member(r, "files.photos.0.full"), *document = member(r, "files.documents.0.url");
    assert_true(files_fetched(0, picture, document)); /* everybody reads the board */
    assert_true(reply_has(test_get(guest, one), "报名须知.pdf"));
    /* no pictures of what has not begun */
    assert_int_equal(send_after(host, one, NULL, day, 2).status, 409);
    test_clock(time_at(2026, 3, 7, 9, 30)); /* who came on Monday signs in anew */
    host = lane_browser(lane.resident);
    cadre = lane_browser(lane.cadre);
    assert_int_equal(send_after(lane_browser(people[0]), one, NULL, day, 1).status, 403);
    assert_int_equal(send_after(guest, one, NULL, day, 1).status, 303); /* to sign in */
    r = send_after(host, one, NULL, NULL, 0);
    assert_true(r.status == 422 && reply_has(r, "请先选照片"));
    assert_int_equal(send_after(host, one, NULL, day, 2).status, 303);    /* by the host */
    assert_int_equal(send_after(cadre, one, NULL, &late, 1).status, 303); /* and by staff */
    assert_int_equal(test_sql_int(&t->db, "SELECT photos FROM entry"), 4);
    r = test_get_json(guest, one);
    assert_true(reply_json(t, r, "after.2.full").len &&
                reply_has(r, path("\"photos\":[{\"full\":\"%s\",\"thumb\":\"%s/thumb\",\"page\":\"%s/photo\"}]",
                                  picture, picture, picture))); /* apart from them, the one of before alone */
    const char *how = member(r, "after.0.full");
    assert_true(files_fetched(lane.handler, how, NULL));
    /* somebody in a picture does not want it: it is gone */
    r = test_get_json(host, path("%s/roll", one));
    assert_int_equal(send_after(host, one, member(r, "attach.photos.0.id"), NULL, 0).status, 303);
    assert_false(files_fetched(0, how, NULL) || files_fetched(lane.resident, how, NULL) ||
                 files_fetched(lane.cadre, how, NULL));
    assert_int_equal(test_sql_int(&t->db, "SELECT photos FROM entry"), 3);
    /* hidden: with all that belongs to it */
    how = member(test_get_json(guest, one), "after.0.full");
    assert_int_equal(test_post(cadre, path("%s/hide", one), "hide=yes&reason=x").status, 303);
    assert_false(files_fetched(0, picture, document) || files_fetched(people[0], picture, document) ||
                 files_fetched(0, how, NULL));
    assert_true(files_fetched(lane.resident, picture, document) && files_fetched(lane.cadre, how, NULL));
}

static void waits_with_its_activity(void **state)
{
    struct browser *host = lane_browser(lane.resident);
    const struct test_file files[] = {photo(40), pdf("一.pdf", test_pdf(t->arena, 1, 595, 842, "One"))};
    struct reply r;
    (void)state;

    test_sql(&t->db, "UPDATE board SET writers = 'residents', review = 'before'");
    r = announce_with(host, "等一等", "none", NULL, files, 2);
    assert_int_equal(r.status, 303);
    const char *one = str_cstr(t->arena, r.location);
    r = test_get_json(host, one);
    const char *picture = member(r, "files.photos.0.full"), *document = member(r, "files.documents.0.url");
    assert_false(files_fetched(0, picture, document) || files_fetched(people[0], picture, document));
    assert_true(files_fetched(lane.cadre, picture, document));
    assert_int_equal(test_post(lane_browser(lane.cadre), path("%s/review", one), "accept=yes").status, 303);
    assert_true(files_fetched(people[0], picture, document));
}

static void each_date_has_them(void **state)
{
    struct browser *cadre = lane_browser(lane.cadre);
    const struct test_file files[] = {photo(40), pdf("课表.pdf", test_pdf(t->arena, 1, 595, 842, "Plan"))};
    const struct test_file more = pdf("新课表.pdf", test_pdf(t->arena, 2, 595, 842, "New"));
    struct reply r = announce_with(cadre, "每周读报", "weekly", "3", files, 2);
    (void)state;

    assert_int_equal(r.status, 303);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM document"), 3);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(DISTINCT subject) FROM document"), 3);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM entry WHERE photos = 1"), 3);
    /* planned dates are not out, nor are their files */
    int64_t planned = test_sql_int(&t->db, "SELECT MAX(id) FROM document");
    assert_int_equal(test_get(lane_browser(0), path("/document/310113007011/%lld", (long long)planned)).status, 404);
    assert_int_equal(test_get(cadre, path("/document/310113007011/%lld", (long long)planned)).status, 200);
    /* one is changed: the others keep theirs */
    const char *one = str_cstr(t->arena, r.location);
    const char *gone = member(test_get_json(cadre, path("%s/edit", one)), "attach.documents.0.id");
    const char *const fields[] = {"title",       "每周读报", "spot", "二楼活动室", "starts_at", SATURDAY, "ends_at",
                                  SATURDAY_NOON, "version",  "1",    "drop",       gone,        NULL};
    assert_int_equal(test_upload(cadre, path("%s/edit", one), fields, &more, 1).status, 303);
    assert_true(reply_has(test_get(lane_browser(0), one), "新课表.pdf"));
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM document WHERE name = '课表.pdf'"), 2);
    /* wrong ones come back with the form */
    const struct test_file bad = pdf("a.pdf", STR("nothing")), phone = pdf("13800138000.pdf", more.bytes);
    r = announce_with(cadre, "名字还在", "none", NULL, &bad, 1);
    assert_true(r.status == 422 && reply_has(r, "不是 PDF") && reply_has(r, "名字还在"));
    test_sql(&t->db, "UPDATE board SET writers = 'residents'");
    assert_int_equal(announce_with(lane_browser(lane.resident), "名字里有号码", "none", NULL, &phone, 1).status, 422);
}

int main(int argc, char **argv)
{
    FILES_WORKER(argc, argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(before_it_and_after, setup, teardown),
        cmocka_unit_test_setup_teardown(waits_with_its_activity, setup, teardown),
        cmocka_unit_test_setup_teardown(each_date_has_them, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
