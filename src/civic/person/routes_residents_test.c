/* routes_residents_test.c: the committee's desk: the queue, looks, the roster, people without a phone; and what it must not see. */
#include <unistd.h>

#include "civic/person/people_test.h"

static void the_queue(void **state)
{
    struct browser *b = to_consent(PHONE_ZHOU, "周小兰", ID_ZHOU, "502"), *cadre = staff("limei"),
                   *other = staff("sunqiang");
    int64_t id = ask(b);
    struct reply r = test_get(cadre, "/desk/residents");
    const char *one = path_of("/desk/residents/%" PRId64, id);
    (void)state;

    assert_shows(r, 200, T_person_hint_none_room);
    assert_true(reply_has(r, "周小兰") && reply_has(r, "310113********0321") && reply_has(r, "138****8000"));
    assert_false(reply_has(r, ID_ZHOU) || reply_has(r, PHONE_ZHOU));
    assert_true(
        str_eq(reply_json(t, test_get_json(cadre, "/desk/residents"), "total"), STR("1"))); /* as in the left column */
    assert_true(reply_has(r, "<b>1</b>"));

    r = test_get(cadre, one);
    assert_int_equal(r.status, 200);
    assert_false(reply_has(r, ID_ZHOU));
    r = test_post(cadre, path_of("%s/look", one), "reason=check");
    assert_shows(r, 200, T_person_residents_looked);
    assert_true(reply_has(r, ID_ZHOU));
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM ledger WHERE verb = 'looked' AND actor = %lld",
                                  (long long)people.cadre),
                     1);
    assert_int_equal(
        test_sql_int(&t->db, "SELECT COUNT(*) FROM kept_answer WHERE CAST(body AS TEXT) LIKE '%%" ID_ZHOU "%%'"), 0);
    assert_int_equal(test_post(cadre, path_of("%s/look", one), "").status, 422);

    /* another committee, a resident, a guest */
    assert_true(str_eq(reply_json(t, test_get_json(other, "/desk/residents"), "total"), STR("0")));
    assert_int_equal(test_get(other, one).status, 404);
    assert_int_equal(test_post(other, path_of("%s/verify", one), "").status, 404);
    assert_int_equal(test_post(other, path_of("%s/look", one), "reason=check").status, 404);
    assert_int_equal(test_get(b, "/desk/residents").status, 403);
    assert_int_equal(test_post(b, path_of("%s/verify", one), "").status,
                     403); /* nobody verifies themselves, or the family */
    assert_int_equal(test_get(test_browser(t), "/desk/residents").status, 303);
    assert_int_equal(test_get_json(test_browser(t), one).status, 401);

    assert_location(test_post(cadre, path_of("%s/verify", one), ""), "/desk/residents");
    assert_shows(test_get(cadre, "/desk/residents?list=verified"), 200, T_person_residents_tab_verified);
    assert_true(reply_has(test_get(cadre, path_of("/desk/people?building=%" PRId64 "&room=502室", people.building.id)),
                          "周女士"));
    assert_false(reply_has(test_get(cadre, path_of("/desk/people?building=%" PRId64 "&room=601", people.building.id)),
                           "周女士"));
}

static void without_a_phone(void **state)
{
    struct browser *cadre = staff("limei");
    const char *form = path_of("name=周小兰&kind=resident_id&number=%s&building=%" PRId64 "&room=502&relation=family",
                               ID_CHILD, people.building.id);
    struct reply r;
    (void)state;

    assert_shows(test_post(cadre, "/desk/residents/new", form), 422, T_person_new_seen_needed);
    r = test_post(cadre, "/desk/residents/new", path_of("%s&seen=1", form)); /* a child too: a parent is there */
    assert_int_equal(r.status, 303);
    assert_true(str_starts(r.location, STR("/desk/residents/")));
    assert_int_equal(test_sql_int(&t->db,
                                  "SELECT COUNT(*) FROM residence WHERE state = 'verified' AND decided_by = %lld",
                                  (long long)people.cadre),
                     1);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM ledger WHERE verb = 'verified' AND actor = %lld",
                                  (long long)people.cadre),
                     1);
    assert_shows(test_post(cadre, "/desk/residents/new", path_of("%s&seen=1", form)), 422, T_person_join_fault_already);
    assert_shows(test_post(cadre, "/desk/residents/new", path_of("%s&seen=1&phone=12", form)), 422,
                 T_person_phone_wrong);
}

static struct reply upload(struct browser *b, struct str bytes)
{
    static const char *const none[] = {NULL};
    struct test_file file = {"file", "名册.csv", "text/csv", bytes};

    return test_upload(b, "/desk/roster", none, &file, 1);
}

static void the_roster(void **state)
{
    struct browser *b = to_consent(PHONE_ZHOU, "周小兰", ID_ZHOU, "502"), *cadre = staff("limei");
    /* 小区,楼栋,室号,姓名,证件号,手机号,关系 / 海江路小区,3,601,李国强,,13900139000,租户 in GBK */
    static const char gbk[] =
        "\xd0\xa1\xc7\xf8,\xc2\xa5\xb6\xb0,\xca\xd2\xba\xc5,\xd0\xd5\xc3\xfb,\xd6\xa4\xbc\xfe\xba\xc5,\xca\xd6\xbb\xfa\xba\xc5,\xb9\xd8\xcf\xb5\r\n"
        "\xba\xa3\xbd\xad\xc2\xb7\xd0\xa1\xc7\xf8,3,601,\xc0\xee\xb9\xfa\xc7\xbf,," PHONE_LI ",\xd7\xe2\xbb\xa7\r\n";
    static const char utf8[] =
        "\xef\xbb\xbf小区,楼栋,室号,姓名,证件号,手机号,关系\r\n海江路小区,3号楼,502,周小兰," ID_ZHOU ",,业主\r\n"
        "没有的小区,1,1,王五," ID_LI ",,业主\r\n海江路小区,3,9902,王五," ID_LI ",,业主\r\n"
        "海江路小区,3,502,<script>," ID_LI
        ",,业主\r\n海江路小区,3,502,王五,123,,业主\r\n海江路小区,3,502,王五,,,业主\r\n太少\r\n";
    struct reply r;
    (void)state;

    ask(b);
    r = upload(cadre, str_from_cstr(utf8));
    assert_shows(r, 200, T_person_roster_result);
    assert_shows(r, 200, T_person_roster_no_estate);
    assert_shows(r, 200, T_person_roster_no_room);
    assert_shows(r, 200, T_person_roster_bad_name);
    assert_shows(r, 200, T_person_roster_bad_document);
    assert_shows(r, 200, T_person_roster_no_proof);
    assert_shows(r, 200, T_person_roster_bad_row);
    assert_true(reply_has(r, "第 3 行") && reply_has(r, "第 8 行"));
    assert_false(reply_has(r, "<script>,") || reply_has(r, "王五"));
    assert_shows(test_get(b, "/join/waiting"), 200, T_person_join_verified_title); /* who waited is verified with it */
    r = upload(cadre, str_from_cstr(gbk));
    assert_shows(r, 200, T_person_roster_all_well);
    assert_shows(upload(cadre, STR("a,b\n1,2\n")), 422, T_person_roster_bad_file);
    assert_shows(upload(cadre, STR("\xff\xfe\x00\x01")), 422, T_person_roster_bad_file);

    r = test_get(cadre, "/desk/roster");
    assert_true(reply_has(r, "周**") && reply_has(r, "3号楼 601室"));
    assert_false(reply_has(r, "周小兰"));
    r = test_post(cadre, "/desk/roster/export", "");
    assert_int_equal(r.status, 200);
    assert_true(reply_has(r, "周小兰") && str_starts(r.body, STR("\xef\xbb\xbf")));
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM ledger WHERE verb = 'roster_exported'"), 1);
    assert_true(reply_has(test_get(cadre, "/desk/roster/template"), "小区,楼栋"));
    assert_int_equal(test_post(b, "/desk/roster/export", "").status, 403);
    assert_true(str_eq(reply_json(t, test_get_json(staff("sunqiang"), "/desk/roster"), "total"), STR("0")));
}

static void several_posts(void **state)
{
    struct browser *b = staff("zhaoping"), *c = to_consent(PHONE_ZHOU, "周小兰", ID_ZHOU, "502");
    int64_t there = test_sql_int(&t->db, "SELECT id FROM post WHERE person = %lld AND organisation = %lld",
                                 (long long)people.two_posts, (long long)people.other_committee.id);
    (void)state;

    ask(c);
    assert_true(str_eq(reply_json(t, test_get_json(b, "/desk/residents"), "total"), STR("1")));
    assert_location(test_post(b, "/desk/posts", path_of("post=%" PRId64, there)), "/desk");
    assert_true(str_eq(reply_json(t, test_get_json(b, "/desk/residents"), "total"), STR("0")));
    int64_t seen = test_sql_int(&t->db, "SELECT MAX(seen_at) FROM session");
    test_clock_add(55 * TIME_MINUTE);
    assert_int_equal(test_get(b, "/desk/posts").status, 200);
    for (int i = 0; i < 500 && test_sql_int(&t->db, "SELECT MAX(seen_at) FROM session") == seen; i++)
        usleep(10000);                /* that somebody was there is written some time later */
    test_clock_add(20 * TIME_MINUTE); /* longer than the notes of a form */
    assert_true(str_eq(reply_json(t, test_get_json(b, "/desk/residents"), "total"), STR("0")));
    assert_int_equal(test_post(b, "/desk/posts", "post=77").status, 404);
}

static void corrections(void **state)
{
    struct browser *b = to_consent(PHONE_ZHOU, "周小蓝", ID_ZHOU, "502"), *cadre = staff("limei");
    struct reply r;
    (void)state;

    ask(b);
    assert_location(test_post(b, "/me/correct", "words=我的名字应该是周小兰"), "/me/identity");
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM correction WHERE CAST(words AS TEXT) LIKE '%%小兰%%'"),
                     0); /* sealed */
    r = test_get(cadre, "/desk/corrections");
    assert_true(reply_has(r, "我的名字应该是周小兰"));
    int64_t id = test_sql_int(&t->db, "SELECT id FROM correction");
    assert_int_equal(
        test_post(staff("sunqiang"), "/desk/corrections", path_of("id=%" PRId64 "&decision=done&answer=好", id)).status,
        404);
    assert_location(
        test_post(cadre, "/desk/corrections", path_of("id=%" PRId64 "&decision=done&name=周小兰&answer=已改", id)),
        "/desk/corrections");
    assert_int_equal(
        test_post(cadre, "/desk/corrections", path_of("id=%" PRId64 "&decision=done&answer=好", id)).status, 409);
    r = test_get(b, "/me/data");
    assert_true(reply_has(r, "已改") && reply_has(r, "<dd>周小兰</dd>"));
    assert_int_equal(
        test_sql_int(&t->db, "SELECT COUNT(*) FROM notification WHERE text_key = 'person.notice.correction'"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_queue, people_open, people_close),
        cmocka_unit_test_setup_teardown(without_a_phone, people_open, people_close),
        cmocka_unit_test_setup_teardown(the_roster, people_open, people_close),
        cmocka_unit_test_setup_teardown(several_posts, people_open, people_close),
        cmocka_unit_test_setup_teardown(corrections, people_open, people_close),
    };

    return cmocka_run_group_tests_name("routes_residents", tests, NULL, NULL);
}
