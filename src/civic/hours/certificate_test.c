/* certificate_test.c: certificates say the truth or are void; corrections are seen, contested, and answered by somebody else; nobody works on their own. */
#include "civic/hours/hours_world_test.h"
#include "engine/page/poster.h"

static enum result more_lines(struct db *db, void *arg)
{
    struct hours_new second = hours_of_help(), own = second;
    int64_t id;

    (void)arg;
    second.minutes = 45;
    second.day -= 40;
    second.subject = 2;
    second.what = STR("楼道清洁");
    own.helper = lane.cadre;
    own.subject = 3;
    LANE_TRY(hours_add(db, &second, time_now(), &id));
    return hours_add(db, &own, time_now(), &id);
}

static int setup(void **state)
{
    int r = hours_setup(state);

    test_write(t, more_lines, NULL);
    return r;
}

static int certify(struct browser *b, int from, int to)
{
    int32_t today = day_of(time_now());

    return test_post(b, "/me/hours",
                     words("place=%lld&from=" STR_FMT "&to=" STR_FMT, (long long)HERE,
                           STR_ARG(day_iso(t->arena, today + from)), STR_ARG(day_iso(t->arena, today + to))))
        .status;
}

static const char *number(void)
{
    return str_cstr(t->arena, reply_json(t, test_get_json(zhou, "/me/hours"), "certificates.0.number"));
}

static struct reply check(const char *n)
{
    return test_get(lane_browser(0), words("/certificate?number=%s", n));
}

static int64_t counter(void)
{
    return test_sql_int(&t->db, "SELECT COALESCE(MAX(id), 0) FROM hours WHERE corrects > 0");
}

static int correct(struct browser *b, int64_t line, const char *form)
{
    return test_post(b, words("/desk/hours/%lld/correct", (long long)line), form).status;
}

static void anybody_can_check_a_number(void **state)
{
    struct reply r;
    const char *n;
    (void)state;

    assert_int_equal(certify(zhou, -7, 0), 303);
    n = number();
    assert_int_equal(strlen(n), 27);
    r = check(n);
    assert_int_equal(r.status, 200);
    assert_true(reply_has(r, "有效") && reply_has(r, "1 小时 30 分钟") && reply_has(r, "周**"));
    assert_false(reply_has(r, "周小芬") || reply_has(r, "小芬") || reply_has(r, "陪同就医") || reply_has(r, "3号楼"));
    /* as people type it */
    r = check(words("%%20%.12s%.4s%%20%.4s%%E3%%80%%80%s", n, n + 13, n + 18, n + 23));
    assert_true(r.status == 200 && reply_has(r, "1 小时 30 分钟"));
    assert_int_equal(check("310113007011-2222-2222-2222").status, 404);
    assert_int_equal(check("1").status, 404);
    assert_int_equal(check("%27%20OR%201=1").status, 404);
    assert_int_equal(test_get(lane_browser(0), "/certificate").status, 200);
    /* the same code of another place is no number */
    assert_int_equal(check(words("310113007012%s", n + 12)).status, 404);
    assert_true(str_eq(reply_json(t, test_get_json(lane_browser(0), words("/certificate?number=%s", n)), "minutes"),
                       STR("90")));
}

static void only_true_periods(void **state)
{
    (void)state;
    assert_int_equal(certify(zhou, 0, -1), 422);
    assert_int_equal(certify(zhou, 0, 1), 422);
    assert_int_equal(certify(zhou, -30, -20), 422); /* nothing then */
    assert_int_equal(test_post(zhou, "/me/hours", "place=310113007012&from=2020-01-01&to=2026-03-01").status,
                     409); /* nobody there to certify */
    assert_int_equal(test_post(zhou, "/me/hours", "place=x&from=yesterday&to=").status, 422);
    assert_int_equal(
        test_post(lane_browser(lane.stranger), "/me/hours", "place=310113007011&from=2026-01-01&to=2026-03-01").status,
        409);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM hours_certificate"), 0);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM hours_certificate_line"), 0);
    assert_int_equal(certify(zhou, -60, 0), 303);
    assert_int_equal(test_sql_int(&t->db, "SELECT minutes FROM hours_certificate"), 135);
}

static void the_paper_is_its_owners(void **state)
{
    struct reply r;
    const char *pdf;
    (void)state;

    assert_int_equal(certify(zhou, -7, 0), 303);
    pdf = str_cstr(t->arena, reply_json(t, test_get_json(zhou, "/me/hours"), "certificates.0.pdf"));
    assert_int_equal(test_get(zhou, pdf).status, 503); /* nothing here draws */
    assert_int_equal(worker_pool_open(&poster_worker_kind, 1, 1, NULL, &hours_services.posters), OK);
    r = test_get(zhou, pdf);
    assert_int_equal(r.status, 200);
    assert_true(str_starts(r.body, STR("%PDF-")) && str_eq(r.type, STR("application/pdf")));
    assert_int_equal(test_get(wang, pdf).status, 404);
    assert_int_equal(test_get(lane_browser(0), pdf).status, 303);
    assert_int_equal(test_post(wang,
                               words("/me/hours/%lld/%lld/revoke", (long long)HERE,
                                     (long long)test_sql_int(&t->db, "SELECT id FROM hours_certificate")),
                               "")
                         .status,
                     404);
    worker_pool_close(hours_services.posters);
    hours_services.posters = NULL;
}

static void void_is_void(void **state)
{
    const char *n, *revoke;
    struct reply r;
    (void)state;

    assert_int_equal(certify(zhou, -7, 0), 303);
    n = number();
    revoke = str_cstr(t->arena, reply_json(t, test_get_json(zhou, "/me/hours"), "certificates.0.revoke"));
    assert_int_equal(test_post(zhou, revoke, "").status, 303);
    assert_int_equal(test_post(zhou, revoke, "").status, 409);
    r = check(n);
    assert_true(r.status == 200 && reply_has(r, "已作废"));
    assert_false(reply_has(r, "周**") || reply_has(r, "1 小时 30 分钟"));
    /* by staff of the place, with a reason; not with another place's number */
    assert_int_equal(certify(zhou, -7, 0), 303);
    n = number();
    assert_int_equal(test_post(zhou, "/desk/hours/revoke", words("number=%s&why=冒用", n)).status, 403);
    assert_int_equal(test_post(wang, "/desk/hours/revoke", words("number=%s&why=", n)).status, 422);
    assert_int_equal(test_post(wang, "/desk/hours/revoke", words("number=310113007012%s&why=冒用", n + 12)).status,
                     422);
    assert_int_equal(test_post(wang, "/desk/hours/revoke", words("number=%s&why=冒用", n)).status, 303);
    assert_true(reply_has(check(n), "已作废"));
    assert_true(reply_has(test_get(zhou, "/me/hours"), "冒用"));
    assert_true(reply_has(test_get(zhou, "/messages"), n));
}

static void a_correction_is_seen_and_contested(void **state)
{
    int64_t line = help_line, first;
    const char *n, *contest, *answer;
    struct reply r;
    (void)state;

    assert_int_equal(certify(zhou, -7, 0), 303);
    assert_int_equal(certify(zhou, -60, -20), 303); /* without that line */
    n = str_cstr(t->arena, reply_json(t, test_get_json(zhou, "/me/hours"), "certificates.1.number"));
    r = test_get(wang, "/desk/hours");
    assert_true(r.status == 200 && reply_has(r, "陪同就医"));
    assert_false(reply_has(r, "李先生")); /* whom they helped */
    assert_int_equal(correct(wang, line, "minutes=30&reason="), 422);
    assert_int_equal(correct(wang, line, "minutes=-1&reason=少了"), 422);
    assert_int_equal(correct(wang, line, "minutes=1441&reason=多了"), 422);
    assert_int_equal(correct(wang, line, "minutes=90&reason=一样"), 422);
    assert_int_equal(correct(wang, line, "minutes=30&reason=双方说是半小时"), 303);
    first = counter();
    assert_true(reply_has(check(n), "已作废")); /* it said otherwise */
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM hours_certificate WHERE revoked_at = 0"), 1);
    assert_true(reply_has(test_get(zhou, "/messages"), "陪同就医"));
    r = test_get(zhou, "/me/hours");
    assert_true(reply_has(r, "双方说是半小时"));
    contest = words("/me/hours/%lld/%lld/contest", (long long)HERE, (long long)first);
    assert_int_equal(test_post(wang, contest, "words=不对不对").status, 404);
    assert_int_equal(test_post(zhou, contest, "words=").status, 422);
    assert_int_equal(
        test_post(zhou, words("/me/hours/%lld/%lld/contest", (long long)HERE, (long long)line), "words=不对不对")
            .status,
        404);
    assert_int_equal(test_post(zhou, contest, "words=那天确实陪了一个半小时").status, 303);
    assert_int_equal(test_post(zhou, contest, "words=再说一次").status, 409);
    assert_true(reply_has(test_get(song, "/desk/contests"), "一个半小时"));
    answer = words("/desk/contests/%lld/%lld", (long long)HERE, (long long)first);
    assert_true(reply_has(test_get(song, words("/desk/hours/%lld", (long long)line)), answer));
    /* not by who has made it */
    assert_false(reply_has(test_get(wang, "/desk/contests"), "一个半小时"));
    assert_false(reply_has(test_get(wang, words("/desk/hours/%lld", (long long)line)), answer));
    assert_int_equal(test_post(wang, answer, "decision=keep&words=就是").status, 403);
    assert_int_equal(test_post(zhou, answer, "decision=restore&words=是的").status, 403);
    assert_int_equal(test_post(song, answer, "decision=keep&words=").status, 422);
    assert_int_equal(
        test_post(song, words("/desk/contests/%lld/%lld", (long long)HERE, (long long)line), "decision=keep&words=核对")
            .status,
        404); /* no correction */
    assert_int_equal(test_post(song, answer, "decision=restore&words=已和医院核对").status, 303);
    assert_int_equal(test_post(song, answer, "decision=keep&words=又变了").status, 409);
    r = test_get(song, answer);
    assert_true(r.status == 200 && reply_has(r, "已改回") && reply_has(r, "已和医院核对"));
    assert_false(reply_has(test_get(song, "/desk/contests"), "一个半小时"));
    assert_int_equal(test_sql_int(&t->db, "SELECT given FROM hours_sum WHERE person = %lld", (long long)lane.resident),
                     135);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM hours WHERE corrects = %lld", (long long)line),
                     2); /* all of it stays */
    r = test_get(zhou, "/me/hours");
    assert_true(reply_has(r, "已改回") && reply_has(r, "已和医院核对"));
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM ledger WHERE subject_kind = 'hours_contest'"), 2);
    assert_int_equal(
        test_sql_int(&t->db, "SELECT COUNT(*) FROM ledger WHERE detail LIKE '%%医院%%' OR detail LIKE '%%一个半%%'"),
        0);
}

static void nobody_works_on_their_own(void **state)
{
    int64_t own = test_sql_int(&t->db, "SELECT id FROM hours WHERE helper = %lld", (long long)lane.cadre);
    (void)state;

    assert_int_equal(correct(wang, own, "minutes=600&reason=多帮了"), 403);
    assert_int_equal(correct(song, own, "minutes=60&reason=核对过"), 303);
    /* nor those of whom they were helped by */
    test_sql(&t->db, "UPDATE hours SET helped = %lld WHERE id = %lld", (long long)lane.cadre, (long long)help_line);
    assert_int_equal(correct(wang, help_line, "minutes=600&reason=谢谢"), 403);
}

static void others_have_no_book(void **state)
{
    struct browser *others[] = {zhou, lane_browser(lane.officer), lane_browser(lane.handler),
                                lane_browser(lane.stranger)};
    (void)state;

    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        assert_int_equal(test_get(others[i], "/desk/hours").status, 403);
        assert_int_equal(test_get(others[i], "/desk/contests").status,
                         i == 1 ? 200 : 403); /* the street's: its own queue */
        assert_int_equal(test_get(others[i], words("/desk/hours/%lld", (long long)help_line)).status == 200, false);
        assert_true(correct(others[i], help_line, "minutes=30&reason=改一改") >= 400);
    }
    assert_int_equal(counter(), 0);
    /* of another community: a line of another place is no line */
    test_sql(&t->db, "UPDATE organisation SET place = 310113007012 WHERE id = %lld", (long long)lane.committee.id);
    assert_int_equal(test_get(wang, words("/desk/hours/%lld", (long long)help_line)).status, 404);
    assert_false(reply_has(test_get(wang, "/desk/hours"), "陪同就医"));
}

static enum result end_account(struct db *db, void *arg)
{
    (void)arg;
    return account_close(db, lane.resident, time_now());
}

static void ones_data_and_its_end(void **state)
{
    const char *n;
    struct reply r;
    (void)state;

    assert_int_equal(certify(zhou, -60, 0), 303);
    assert_int_equal(correct(wang, help_line, "minutes=30&reason=双方说是半小时"), 303);
    assert_int_equal(test_post(zhou, words("/me/hours/%lld/%lld/contest", (long long)HERE, (long long)counter()),
                               "words=我不同意这样改")
                         .status,
                     303);
    assert_int_equal(certify(zhou, -60, 0), 303);
    n = number();
    r = test_get(zhou, "/me/data/csv");
    assert_true(reply_has(r, n) && reply_has(r, "陪同就医") && reply_has(r, "楼道清洁"));
    assert_false(reply_has(test_get(wang, "/me/data/csv"), "楼道清洁"));
    test_write(t, end_account, NULL);
    r = check(n);
    assert_true(r.status == 200 && reply_has(r, "已作废"));
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM hours_certificate WHERE name_masked <> ''"), 0);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM hours_contest WHERE words <> ''"), 0);
}

int main(int argc, char **argv)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, hours_teardown)
    static const struct worker_kind *const kinds[] = {&poster_worker_kind};
    const struct CMUnitTest tests[] = {
        TEST(anybody_can_check_a_number),
        TEST(only_true_periods),
        TEST(the_paper_is_its_owners),
        TEST(void_is_void),
        TEST(a_correction_is_seen_and_contested),
        TEST(nobody_works_on_their_own),
        TEST(others_have_no_book),
        TEST(ones_data_and_its_end),
    };

    if (argc == 3 && strcmp(argv[1], "worker") == 0)
        return worker_main(kinds, 1, argv[2]);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
