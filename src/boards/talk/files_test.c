/* files_test.c: pictures and documents of an entry: sent with it, shown with it, seen by who may see it and by nobody else. */
#include "boards/talk/talk_world_test.h"
#include "civic/home/lane_test.h"
#include "civic/media/files_world_test.h"

static const struct module *const modules[] = {&lane_module,   &home_module,  &board_module,   &talk_module,
                                               &notify_module, &media_module, &document_module};
static const struct media_guards *const guards[] = {&entry_guards};
static int64_t neighbour; /* of the next flat */

static enum result more_people(struct db *db, void *arg)
{
    (void)arg;
    return talk_neighbour(db, &neighbour);
}

static int setup(void **state)
{
    (void)state;
    files_open();
    talk_open(modules, sizeof(modules) / sizeof(modules[0]));
    home_use(NULL, 0);
    test_write(t, more_people, NULL);
    return files_ready(guards, 1);
}

static int teardown(void **state)
{
    (void)state;
    home_use(NULL, 0);
    files_close();
    test_app_close(t);
    return 0;
}

static struct reply send_files(struct browser *b, const char *title, const struct test_file *files, size_t n)
{
    const char *const fields[] = {"title", title, "body", "请看文件", NULL};

    return test_upload(b, BOARD "/new", fields, files, n);
}

static bool header_is(struct reply r, const char *name, const char *value)
{
    return str_eq(reply_header(r, name), str_from_cstr(value));
}

static void is_shown_and_saved(void **state)
{
    struct browser *zhou = lane_browser(lane.resident), *wu = lane_browser(neighbour);
    struct str bytes = test_pdf(t->arena, 3, 595, 842, "加装电梯");
    struct test_file files[] = {photo(40), pdf("加装电梯 公示.PDF", bytes), photo(90)};
    struct reply r = send_files(zhou, "电梯的公示", files, 3), page;
    const char *one;
    (void)state;

    assert_int_equal(r.status, 303);
    one = str_cstr(t->arena, r.location);
    page = test_get(wu, one);
    assert_true(reply_has(page, "加装电梯 公示.pdf") && reply_has(page, "PDF，3 页") && reply_has(page, "的第一页"));
    r = test_get_json(wu, one);
    assert_true(str_eq(reply_json(t, r, "files.documents.0.pages"), STR("3")));
    assert_int_equal(strtol(member(r, "files.documents.0.bytes"), NULL, 10), (long)bytes.len);
    const char *file = member(r, "files.documents.0.url"), *first = member(r, "files.documents.0.first"),
               *thumb = member(r, "files.documents.0.thumb"), *picture = member(r, "files.photos.0.full"),
               *large = member(r, "files.photos.0.page");

    /* the file is what was sent, to be saved, and can do nothing */
    r = test_get(wu, file);
    assert_true(r.status == 200 && str_eq(r.body, bytes) && str_eq(r.type, STR("application/pdf")));
    assert_true(str_starts(reply_header(r, "Content-Disposition"), STR("attachment; filename=\"document-")));
    assert_true(str_ends(reply_header(r, "Content-Disposition"),
                         STR("filename*=UTF-8''%E5%8A%A0%E8%A3%85%E7%94%B5%E6%A2%AF%20%E5%85%AC%E7%A4%BA.pdf")));
    assert_true(header_is(r, "X-Content-Type-Options", "nosniff"));
    assert_true(str_starts(reply_header(r, "Content-Security-Policy"), STR("sandbox; default-src 'none'")));
    assert_true(str_starts(reply_header(r, "Cache-Control"), STR("private")));
    assert_true(image_is_plain_jpeg_within(test_get(wu, thumb).body, 320));
    assert_true(image_is_plain_jpeg_within(test_get(wu, first).body, 1600));

    /* the large view works without script: next, previous, back */
    r = test_get_json(wu, large);
    assert_true(str_eq(reply_json(t, r, "number"), STR("1")) && str_eq(reply_json(t, r, "total"), STR("2")));
    assert_true(str_eq(reply_json(t, r, "back"), str_from_cstr(one)));
    assert_true(str_eq(reply_json(t, test_get_json(wu, member(r, "next")), "number"), STR("2")));
    assert_true(str_eq(reply_json(t, r, "next"), reply_json(t, r, "previous"))); /* of two */
    page = test_get(wu, large);
    assert_true(reply_has(page, "第 1 张，共 2 张") && reply_has(page, picture) && reply_has(page, "下一张"));

    /* whom it is not for, it is not there for */
    const char *const all[] = {file, first, thumb, picture, large};
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(test_get(lane_browser(lane.stranger), all[i]).status, 404);
        assert_int_equal(test_get(lane_browser(lane.waiting), all[i]).status, 404);
        assert_true(test_get(lane_browser(0), all[i]).status != 200);
        assert_int_equal(test_get(lane_browser(lane.cadre), all[i]).status, 200);
    }
    assert_int_equal(test_get(wu, path("/document/310113007012/%s", strrchr(file, '/') + 1)).status, 404);
    assert_int_equal(test_get(wu, path("/document/310113007011/77")).status, 404);
    /* hidden, it is there for its author and for who runs the board; taken back, too */
    assert_int_equal(test_post(lane_browser(lane.cadre), path("%s/hide", one), "hide=yes&reason=x").status, 303);
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(test_get(wu, all[i]).status, 404);
        assert_int_equal(test_get(zhou, all[i]).status, 200);
    }
}

static void waits_with_its_entry(void **state)
{
    struct browser *zhou = lane_browser(lane.resident), *wu = lane_browser(neighbour);
    struct test_file file = pdf("canary.pdf", test_pdf(t->arena, 1, 595, 842, "Canary"));
    (void)state;

    test_sql(&t->db, "UPDATE board SET review = 'before' WHERE id = 2");
    struct reply r = send_files(zhou, "等一等", &file, 1);
    assert_int_equal(r.status, 303);
    const char *one = str_cstr(t->arena, r.location);
    const char *at = member(test_get_json(zhou, one), "files.documents.0.url");
    assert_int_equal(test_get(wu, at).status, 404);
    assert_int_equal(test_get(zhou, at).status, 200);
    assert_int_equal(test_post(lane_browser(lane.cadre), path("%s/review", one), "accept=yes").status, 303);
    assert_int_equal(test_get(wu, at).status, 200);
}

/* One of each goes, others come: what is gone is gone for everybody. */
static void changes_with_its_entry(void **state)
{
    struct browser *zhou = lane_browser(lane.resident);
    struct test_file files[] = {photo(40), photo(90), pdf("一.pdf", test_pdf(t->arena, 1, 595, 842, "One")),
                                pdf("二.pdf", test_pdf(t->arena, 2, 595, 842, "Two"))};
    struct reply r = send_files(zhou, "两张两份", files, 4);
    (void)state;

    assert_int_equal(r.status, 303);
    const char *one = str_cstr(t->arena, r.location);
    r = test_get_json(zhou, path("%s/edit", one));
    const char *photo_id = member(r, "attach.photos.0.id"), *pdf_id = member(r, "attach.documents.0.id");
    r = test_get_json(zhou, one);
    const char *picture = member(r, "files.photos.0.full"), *document = member(r, "files.documents.0.url");
    assert_true(files_fetched(neighbour, picture, document));
    const char *const fields[] = {"title", "改了", "body", "", "version", "1", "drop", photo_id, "drop", pdf_id, NULL};
    struct test_file more[] = {photo(140), pdf("三.pdf", test_pdf(t->arena, 3, 595, 842, "Three"))};
    assert_int_equal(test_upload(zhou, path("%s/edit", one), fields, more, 2).status, 303);
    assert_false(files_fetched(lane.resident, picture, document) || files_fetched(lane.cadre, picture, document));
    r = test_get_json(zhou, one);
    assert_true(reply_has(r, "二.pdf") && reply_has(r, "三.pdf") && !reply_has(r, "一.pdf"));
    assert_true(str_eq(reply_json(t, r, "files.documents.1.pages"), STR("3")));
    assert_int_equal(test_sql_int(&t->db, "SELECT photos FROM entry"), 2);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM media"), 2);
    /* files of somebody else's entry are not taken away by their numbers */
    struct test_file other = photo(200);
    r = send_files(lane_browser(neighbour), "别人的", &other, 1);
    const char *theirs = member(test_get_json(lane_browser(neighbour), path("%s/edit", str_cstr(t->arena, r.location))),
                                "attach.photos.0.id");
    const char *const steal[] = {"title", "改了", "body", "", "version", "2", "drop", theirs, NULL};
    assert_int_equal(test_upload(zhou, path("%s/edit", one), steal, NULL, 0).status, 303);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM media"), 3);
    assert_int_equal(test_sql_int(&t->db, "SELECT photos FROM entry WHERE title = '改了'"), 2);
    /* more than fit: nothing is changed, and the form says why */
    struct test_file many[3] = {pdf("4.pdf", more[1].bytes), pdf("5.pdf", more[1].bytes)};
    const char *const again[] = {"title", "太多", "body", "", "version", "3", NULL};
    r = test_upload(zhou, path("%s/edit", one), again, many, 2);
    assert_true(r.status == 422 && reply_has(r, "最多放 3 个文件") && reply_has(r, "已有的文件"));
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM document"), 2);
    struct test_file photos[8];
    for (size_t i = 0; i < 8; i++)
        photos[i] = photo((uint8_t)i);
    r = test_upload(zhou, path("%s/edit", one), again, photos, 8);
    assert_true(r.status == 422 && reply_has(r, "照片太多了"));
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM media"), 3);
}

static void is_refused_with_a_reason(void **state)
{
    struct browser *zhou = lane_browser(lane.resident);
    struct str good = test_pdf(t->arena, 1, 595, 842, "Good");
    char *large = arena_array(t->arena, char, DOCUMENT_BYTES_MAX + 1);
    const struct {
        struct test_file file;
        const char *words;
    } cases[] = {
        {pdf("a.pdf", STR("not one")), "不是 PDF"},
        {pdf("a.pdf", photo(10).bytes), "不是 PDF"},
        {pdf("a.pdf", str_sub(good, 0, 300)), "打不开"},
        {pdf("a.pdf", test_pdf_raw(t->arena, "/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>", TEST_PDF_A4, "", "")),
         "脚本"},
        {pdf("电话13800138000.pdf", good), "邻居都会看到"},
    };
    (void)state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct reply r = send_files(zhou, "题目还在", &cases[i].file, 1);
        assert_int_equal(r.status, 422);
        assert_true(reply_has(r, cases[i].words) && reply_has(r, "题目还在"));
    }
    memset(large, ' ', DOCUMENT_BYTES_MAX + 1);
    memcpy(large, good.ptr, good.len);
    struct test_file heavy = pdf("a.pdf", (struct str){large, DOCUMENT_BYTES_MAX + 1});
    assert_int_equal(send_files(zhou, "太大", &heavy, 1).status, 422);
    struct test_file many[4] = {pdf("1.pdf", good), pdf("2.pdf", good), pdf("3.pdf", good), pdf("4.pdf", good)};
    assert_int_equal(send_files(zhou, "太多", many, 4).status, 422);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM entry"), 0);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM document"), 0);
    assert_int_equal(send_files(zhou, "正好", many, 3).status, 303);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM document"), 3);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(DISTINCT hash) FROM document"), 1); /* one file in the store */
}

int main(int argc, char **argv)
{
    FILES_WORKER(argc, argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(is_shown_and_saved, setup, teardown),
        cmocka_unit_test_setup_teardown(waits_with_its_entry, setup, teardown),
        cmocka_unit_test_setup_teardown(changes_with_its_entry, setup, teardown),
        cmocka_unit_test_setup_teardown(is_refused_with_a_reason, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
