/* files_test.c: pictures and documents of a notice: hidden until it is out, shown, printed and fed with it, gone with it. */
#include "boards/bulletin/bulletin_world_test.h"
#include "civic/home/lane_test.h"
#include "civic/media/files_world_test.h"

static const struct media_guards *const guards[] = {&entry_guards};

static int setup(void **state)
{
    files_open();
    return bulletin_setup(state) == 0 ? files_ready(guards, 1) : -1;
}

static int teardown(void **state)
{
    files_close();
    return bulletin_teardown(state);
}

static struct reply send_files(struct browser *b, const char *board, const char *title, const char *then,
                               const char *name, const char *value, const struct test_file *files, size_t n)
{
    const char *const fields[] = {"title", title, "body", "请看附件", "weight", "plain",
                                  "then",  then,  name,   value,      NULL};

    return test_upload(b, path("%s/new", board), fields, files, n);
}

static struct reply change(struct browser *b, const char *one, const char *version, const char *drop,
                           const struct test_file *file, size_t n)
{
    const char *const fields[] = {"title", "canary换届公告", "body", "请看附件", "weight", "plain", "then",
                                  "send",  "drop",           drop,   "version",  version,  NULL};

    return test_upload(b, path("%s/edit", one), fields, file, n);
}

/* The addresses of the first picture and the first document, as who runs the board reads them. */
static const char *picture, *document;
static void look(struct browser *b, const char *one)
{
    struct reply r = test_get_json(b, one);

    picture = member(r, "files.photos.0.full");
    document = member(r, "files.documents.0.url");
}

static bool anybody_fetches(void)
{
    return files_fetched(0, picture, document) || files_fetched(lane.resident, picture, document) ||
           files_fetched(near_resident, picture, document) || files_fetched(lane.officer, picture, document) ||
           files_fetched(lane.handler, picture, document);
}

static bool named_anywhere(const char *board, const char *one, const char *canary)
{
    const int64_t people[] = {0, lane.resident, lane.officer};
    const char *const pages[] = {
        HOME, board, path("%s/feed.atom", board), one, path("%s/print", one), path("%s/history", one)};
    bool found = false;

    for (size_t i = 0; i < 3; i++)
        for (size_t k = 0; k < sizeof(pages) / sizeof(pages[0]); k++)
            found |= reply_has(test_get(lane_browser(people[i]), pages[k]), canary) ||
                     reply_has(test_get_json(lane_browser(people[i]), pages[k]), canary);
    return found;
}

static void come_out_and_go_with_it(void **state)
{
    struct browser *cadre = lane_browser(lane.cadre), *guest = lane_browser(0);
    struct str bytes = test_pdf(t->arena, 3, 595, 842, "Notice");
    const struct test_file files[] = {photo(40), pdf("canary附件.pdf", bytes)};
    struct reply r = send_files(cadre, NEWS, "停水通知", "draft", "sure", "0", files, 2);
    (void)state;

    assert_int_equal(r.status, 303);
    const char *one = str_cstr(t->arena, r.location);
    look(cadre, one);
    assert_true(files_fetched(lane.cadre, picture, document) && files_fetched(lane.secretary, picture, document));
    assert_false(anybody_fetches() || named_anywhere(NEWS, one, "canary附件"));
    assert_int_equal(act(cadre, one, "publish", "").status, 303);
    assert_true(files_fetched(0, picture, document) && files_fetched(lane.resident, picture, document));
    /* on its page with the first page of the document, on paper by name, in the feed as enclosures */
    r = test_get(guest, one);
    assert_true(reply_has(r, "canary附件.pdf") && reply_has(r, "PDF，3 页") &&
                reply_has(r, path("%s/first", document)));
    r = test_get(guest, path("%s/print", one));
    assert_true(reply_has(r, "canary附件.pdf") && reply_has(r, "3 页") && reply_has(r, "一张照片") == false &&
                reply_has(r, "1 张照片"));
    r = test_get(guest, NEWS "/feed.atom");
    assert_true(
        reply_has(r, path("<link rel=\"enclosure\" type=\"application/pdf\" length=\"%zu\" href=\"", bytes.len)) &&
        reply_has(r, path("%s\" title=\"canary附件.pdf\"/>", document)) &&
        reply_has(r, "<link rel=\"enclosure\" type=\"image/jpeg\" length=\"") && reply_has(r, path("%s\"/>", picture)));
    assert_true(str_eq(test_get(guest, document).body, bytes));
    /* withdrawn, and hidden: gone for all who do not run the board */
    assert_int_equal(act(cadre, one, "withdraw", "写错了").status, 303);
    assert_false(anybody_fetches() || named_anywhere(NEWS, one, "canary附件"));
    assert_true(files_fetched(lane.cadre, picture, document));
}

static void wait_for_review(void **state)
{
    struct browser *cadre = lane_browser(lane.cadre), *secretary = lane_browser(lane.secretary);
    const struct test_file files[] = {photo(40), pdf("一.pdf", test_pdf(t->arena, 1, 595, 842, "One"))};
    const struct test_file more = pdf("二.pdf", test_pdf(t->arena, 2, 595, 842, "Two"));
    struct reply r = send_files(cadre, CHECKED, "canary换届公告", "send", "sure", "0", files, 2);
    (void)state;

    assert_int_equal(r.status, 303);
    const char *one = str_cstr(t->arena, r.location);
    look(cadre, one);
    assert_false(anybody_fetches());
    assert_true(files_fetched(lane.secretary, picture, document)); /* who reviews sees what goes out */
    assert_int_equal(act(secretary, one, "publish", "").status, 303);
    assert_true(files_fetched(0, picture, document));
    /* another file is a change like another word: looked at again first, and not by who made it */
    const char *first = member(test_get_json(secretary, path("%s/edit", one)), "attach.documents.0.id");
    assert_int_equal(change(secretary, one, "1", first, &more, 1).status, 303);
    assert_false(files_fetched(lane.cadre, NULL, document)); /* taken away */
    assert_false(files_fetched(0, picture, NULL));
    assert_int_equal(act(secretary, one, "publish", "").status, 403);
    assert_int_equal(change(cadre, one, "2", "", &more, 1).status, 409);      /* waits */
    assert_int_equal(act(cadre, one, "publish", "").status, 403);             /* wrote the first text */
    test_sql(&t->db, "UPDATE entry SET author = %lld", (long long)neighbour); /* as if somebody else had */
    test_sql(&t->db, "UPDATE entry_version SET person = %lld WHERE version = 1", (long long)neighbour);
    assert_int_equal(act(cadre, one, "publish", "").status, 303);
    look(lane_browser(0), one);
    assert_true(files_fetched(0, picture, document));
    assert_true(reply_has(test_get(lane_browser(0), one), "二.pdf"));
    assert_int_equal(change(cadre, one, "1", "", &more, 1).status,
                     409); /* somebody else was faster: nothing is added */
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM document"), 1);
    assert_int_equal(test_sql_int(&t->db, "SELECT photos FROM entry"), 1);
}

static void only_for_some_places(void **state)
{
    const struct test_file files[] = {photo(40), pdf("一.pdf", test_pdf(t->arena, 1, 595, 842, "One"))};
    struct reply r = send_files(lane_browser(lane.officer), "/p/310113007000/bulletin/inside", "内部", "send", "places",
                                "310113007012", files, 2);
    (void)state;

    assert_int_equal(r.status, 303);
    look(lane_browser(lane.officer), str_cstr(t->arena, r.location));
    assert_true(files_fetched(near_resident, picture, document));
    assert_false(files_fetched(0, picture, document) || files_fetched(lane.resident, picture, document) ||
                 files_fetched(lane.cadre, picture, document));
}

static void wrong_files(void **state)
{
    struct browser *cadre = lane_browser(lane.cadre);
    struct str good = test_pdf(t->arena, 1, 595, 842, "Good");
    const struct {
        struct test_file file;
        const char *words;
    } cases[] = {{pdf("a.pdf", STR("not one")), "不是 PDF"},
                 {pdf("a.pdf", str_sub(good, 0, 300)), "打不开"},
                 {{"photos", "a.jpg", "image/jpeg", STR("GIF89a")}, "照片"},
                 {pdf("电话13800138000.pdf", good), "手机号"}};
    (void)state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct reply r = send_files(cadre, NEWS, "题目还在", "send", "sure", "0", &cases[i].file, 1);
        assert_true(r.status == 422 && reply_has(r, cases[i].words) && reply_has(r, "题目还在"));
    }
    struct test_file many[4] = {pdf("1.pdf", good), pdf("2.pdf", good), pdf("3.pdf", good), pdf("4.pdf", good)};
    assert_int_equal(send_files(cadre, NEWS, "太多", "send", "sure", "0", many, 4).status, 422);
    assert_int_equal(send_files(lane_browser(lane.resident), NEWS, "不行", "send", "sure", "0", many, 1).status, 403);
    assert_int_equal(send_files(cadre, NEWS, "错", "send", "drop", "x", many, 1).status, 422);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM entry"), 0);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM document"), 0);
}

int main(int argc, char **argv)
{
    FILES_WORKER(argc, argv);
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(come_out_and_go_with_it),
        TEST(wait_for_review),
        TEST(only_for_some_places),
        TEST(wrong_files),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
