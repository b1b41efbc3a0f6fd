/* files_test.c: pictures and documents in a private thread: the two sides fetch them and nobody else does, before and after the question is public. */
#include "boards/inquiry/inquiry_world_test.h"
#include "civic/home/lane_test.h"
#include "civic/media/files_world_test.h"

static int setup(void **state)
{
    files_open();
    return inquiry_setup(state) == 0 ? files_ready(inquiry_guarded, 2) : -1;
}

static int teardown(void **state)
{
    files_close();
    return inquiry_teardown(state);
}

static bool others_fetch(const char *picture, const char *document)
{
    const int64_t others[] = {0,          neighbour,    lane.stranger, lane.waiting, lane.secretary,
                              lane.cadre, lane.officer, lane.handler,  far_officer,  admin};
    bool got = false;

    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        got |= files_fetched(others[i], picture, document);
    return got;
}

static void stay_between_the_two(void **state)
{
    struct browser *zhou = lane_browser(lane.resident), *chen = lane_browser(officer);
    const struct test_file files[] = {photo(40), pdf("报案材料.pdf", test_pdf(t->arena, 2, 595, 842, "Asked"))};
    const struct test_file said[] = {photo(60), pdf("补充.pdf", test_pdf(t->arena, 1, 595, 842, "Said"))};
    const struct test_file back[] = {photo(90), pdf("受案回执.pdf", test_pdf(t->arena, 1, 595, 842, "Answered"))};
    const char *const ask_it[] = {"title", "车丢了", "body", CANARY, NULL},
                      *const say_it[] = {"text", "还有一份", NULL}, *const answer_it[] = {"text", "收到了", NULL};
    struct reply r = test_upload(zhou, BOARD "/new", ask_it, files, 2);
    (void)state;

    assert_int_equal(r.status, 303);
    const char *mine = str_cstr(t->arena, r.location), *one = at_desk(mine);
    assert_int_equal(test_upload(chen, path("%s/answer", one), answer_it, back, 2).status, 303);
    assert_int_equal(test_upload(zhou, path("%s/say", mine), say_it, said, 2).status, 303);
    r = test_get(chen, one);
    assert_true(reply_has(r, "报案材料.pdf") && reply_has(r, "受案回执.pdf") && reply_has(r, "补充.pdf") &&
                reply_has(r, "PDF，2 页"));
    assert_true(reply_has(test_get(zhou, mine), "受案回执.pdf"));
    const char *picture[3], *document[3];
    size_t n = 0;
    r = test_get_json(zhou, mine);
    for (int i = 0; i < 12 && n < 3; i++) { /* lines without files are steps */
        const char *verb = member(r, path("thread.lines.%d.verb", i));
        if (strcmp(verb, "asked") && strcmp(verb, "answered") && strcmp(verb, "said"))
            continue;
        picture[n] = member(r, path("thread.lines.%d.files.photos.0.full", i));
        document[n++] = member(r, path("thread.lines.%d.files.documents.0.url", i));
    }
    assert_int_equal(n, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_true(files_fetched(lane.resident, picture[i], document[i]) &&
                    files_fetched(officer, picture[i], document[i]) &&
                    files_fetched(colleague, picture[i], document[i])); /* of the same house */
        assert_false(others_fetch(picture[i], document[i]));
    }
    /* the large view leads back to each one's own page */
    assert_true(reply_has(test_get(zhou, path("%s/photo", picture[0])), path("href=\"%s\"", mine)));
    assert_true(reply_has(test_get(chen, path("%s/photo", picture[0])), path("href=\"%s\"", one)));

    /* public, without a name and without a file */
    assert_int_equal(
        test_post(chen, path("%s/propose", one), "title=公开的问题&question=怎么办&public_answer=这样办").status, 303);
    assert_int_equal(test_post(zhou, path("%s/wording", mine), "do=agree").status, 303);
    const char *open = path("/p/310113007011/inquiry/line/%lld",
                            (long long)test_sql_int(&t->db, "SELECT id FROM entry"));
    r = test_get(lane_browser(neighbour), open);
    assert_true(r.status == 200 && reply_has(r, "这样办"));
    assert_false(reply_has(r, ".pdf") || reply_has(r, "/document/") || reply_has(r, "/media/"));
    assert_false(reply_has(test_get_json(lane_browser(neighbour), open), ".pdf"));
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM document WHERE subject_kind = 'entry'"), 0);
    assert_int_equal(test_sql_int(&t->db, "SELECT photos FROM entry"), 0);
    for (size_t i = 0; i < 3; i++)
        assert_false(others_fetch(picture[i], document[i]));

    /* handed on: from then on the other house has them, and this one has not */
    assert_int_equal(
        test_post(chen, path("%s/transfer", one), path("to=%lld&reason=物业的事", (long long)lane.property.id)).status,
        303);
    for (size_t i = 0; i < 3; i++) {
        assert_true(files_fetched(lane.handler, picture[i], document[i]) &&
                    files_fetched(lane.resident, picture[i], document[i]));
        assert_false(files_fetched(officer, picture[i], document[i]));
    }
}

static void wrong_ones_come_back(void **state)
{
    struct browser *zhou = lane_browser(lane.resident);
    const struct test_file bad = pdf("a.pdf", STR("nothing")),
                           no_photo = {"photos", "a.jpg", "image/jpeg", STR("nothing")};
    const char *const fields[] = {"title", "名字还在", "body", "x", NULL};
    struct reply r = test_upload(zhou, BOARD "/new", fields, &bad, 1);
    (void)state;

    assert_true(r.status == 422 && reply_has(r, "不是 PDF") && reply_has(r, "名字还在"));
    assert_int_equal(test_upload(zhou, BOARD "/new", fields, &no_photo, 1).status, 422);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM inquiry"), 0);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM document"), 0);
}

int main(int argc, char **argv)
{
    FILES_WORKER(argc, argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(stay_between_the_two, setup, teardown),
        cmocka_unit_test_setup_teardown(wrong_ones_come_back, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
