/* routes_me_test.c: what is mine: the household, devices, the password, my data, and the end of the account. */
#include "civic/person/people_test.h"

static void the_household(void **state)
{
    struct browser *a = to_consent(PHONE_ZHOU, "周小兰", ID_ZHOU, "502"), *b, *cadre = staff("limei");
    int64_t first = ask(a);
    struct reply r;
    (void)state;

    assert_location(test_post(cadre, path_of("/desk/residents/%" PRId64 "/verify", first), ""), "/desk/residents");
    b = to_consent(PHONE_LI, "李国强", ID_LI, "502");
    int64_t second = ask(b);
    r = test_get(b, "/me/household"); /* who only says that they live here learns nothing */
    assert_shows(r, 200, T_person_household_not_verified);
    assert_false(reply_has(r, "周女士"));
    r = test_get(a, "/me/household");
    assert_true(reply_has(r, "周女士") && reply_has(r, "李先生"));
    assert_int_equal(test_post(a, path_of("/desk/residents/%" PRId64 "/verify", second), "").status, 403);
    /* nobody ends another's residence */
    assert_int_equal(
        test_post(a, "/me/residence/end", path_of("community=%" PRId64 "&residence=%" PRId64, HERE, second)).status,
        404);
    assert_location(
        test_post(b, "/me/residence/end", path_of("community=%" PRId64 "&residence=%" PRId64, HERE, second)),
        "/me/identity");
    assert_false(reply_has(test_get(a, "/me/household"), "李先生"));
}

static void passwords_and_devices(void **state)
{
    struct browser *a = by_phone(PHONE_ZHOU), *b, *c = test_browser(t);
    struct reply r;
    (void)state;

    assert_shows(test_post(a, "/me/password", "password=1234567"), 422, T_person_password_short);
    assert_shows(test_post(a, "/me/password", "password=12345678"), 422, T_person_password_common);
    assert_shows(test_post(a, "/me/password", "password=Password1"), 422, T_person_password_common);
    assert_shows(test_post(a, "/me/password", "password=my" PHONE_ZHOU), 422, T_person_password_own);
    assert_location(test_post(a, "/me/password", path_of("password=%s", good_password)), "/me");
    test_clock_add(2 * TIME_MINUTE);
    b = by_phone(PHONE_ZHOU);
    assert_location(
        test_post(c, "/sign-in/password", path_of("login=" PHONE_ZHOU "&password=%s&next=/me", good_password)), "/me");
    r = test_get_json(a, "/me/sessions");
    assert_true(reply_json_has(t, r, "sessions.2.id"));
    assert_shows(test_post(a, "/me/password", "now=wrong-wrong&password=Another road 17"), 422,
                 T_person_password_now_wrong);
    assert_location(test_post(a, "/me/password", path_of("now=%s&password=Another road 17", good_password)), "/me");
    assert_int_equal(test_get(a, "/me").status, 200);
    assert_int_equal(test_get(b, "/me").status, 303); /* all other devices are out */
    assert_int_equal(test_get(c, "/me").status, 303);

    test_clock_add(2 * TIME_MINUTE);
    b = by_phone(PHONE_ZHOU);
    int64_t session = test_sql_int(&t->db, "SELECT MAX(id) FROM session WHERE person <> 0");
    assert_int_equal(test_post(by_phone(PHONE_LI), "/me/sessions/end", path_of("session=%" PRId64, session)).status,
                     404);
    assert_location(test_post(a, "/me/sessions/end", path_of("session=%" PRId64, session)), "/me/sessions");
    assert_int_equal(test_get(b, "/me").status, 303);
}

static void my_data_and_the_end(void **state)
{
    struct browser *b = to_consent(PHONE_ZHOU, "周小兰", ID_ZHOU, "502");
    struct reply r;
    int64_t person;
    (void)state;

    ask(b);
    person = test_sql_int(&t->db, "SELECT person FROM residence");
    test_post(b, "/me/correct", "words=电话变了");
    r = test_get(b, "/me/data/json");
    assert_true(reply_has(r, ID_ZHOU) && reply_has(r, PHONE_ZHOU) && reply_has(r, "周小兰") &&
                reply_has(r, "电话变了"));
    assert_true(str_starts(reply_header(r, "Content-Disposition"), STR("attachment")));
    assert_true(str_eq(reply_header(r, "Cache-Control"), STR("no-store")));
    r = test_get(b, "/me/data/csv");
    assert_true(reply_has(r, ID_ZHOU) && str_starts(r.body, STR("\xef\xbb\xbf")));
    assert_location(test_post(b, "/me/consent/withdraw", ""), "/me/data");
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM residence WHERE state = 'ended'"), 1);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM consent WHERE withdrawn_at > 0"), 1);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM person_document"), 0);

    assert_shows(test_get(b, "/me/close"), 200, T_person_close_first);
    assert_shows(test_post(b, "/me/close", ""), 422, T_person_close_tick_needed);
    assert_location(test_post(b, "/me/close", "sure=1"), "/");
    assert_int_equal(test_get(b, "/me").status, 303);
    assert_int_equal(
        test_sql_int(
            &t->db,
            "SELECT COUNT(*) FROM person WHERE id = %lld AND state = 'closed' AND shown_name = '' AND "
            "LENGTH(name_sealed) = 0 AND LENGTH(document_sealed) = 0 AND LENGTH(phone_sealed) = 0 AND birth_day = 0",
            (long long)person),
        1);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM person_phone WHERE person = %lld", (long long)person),
                     0);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM notification WHERE person = %lld", (long long)person),
                     0);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM correction WHERE LENGTH(words) > 0"), 0);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM session WHERE person = %lld", (long long)person), 0);
    test_clock_add(TIME_HOUR);
    b = by_phone(PHONE_ZHOU); /* the phone is free: another account */
    assert_true(test_sql_int(&t->db, "SELECT person FROM person_phone") != person);

    b = staff("limei"); /* who has a post is let go first */
    assert_int_equal(test_post(b, "/me/close", "sure=1").status, 409);
    assert_int_equal(test_get(b, "/me").status, 200);
}

static void display(void **state)
{
    struct browser *b = test_browser(t);
    struct reply r;
    (void)state;

    assert_false(reply_has(test_get(b, "/settings"), "data-mode=\"care\""));
    r = test_post(b, "/settings/text", "");
    assert_location(r, "/settings");
    assert_true(reply_has(test_get(b, "/sign-in"), "data-mode=\"care\""));
    assert_location(test_post(b, "/sign-in/phone", "phone=" PHONE_ZHOU "&next=/me"), "/sign-in/code");
    assert_location(test_post(b, "/sign-in/code", path_of("code=%s", last_code())), "/me");
    assert_true(reply_has(test_get(b, "/me"), "data-mode=\"care\"")); /* and stays */
    assert_location(test_post(b, "/settings", "mode=usual&theme=dark&lang=en"), "/settings");
    r = test_get(b, "/me");
    assert_true(reply_has(r, "data-theme=\"dark\"") && reply_has(r, "lang=\"en\"") && reply_has(r, "Sign out"));
    assert_false(reply_has(r, "data-mode"));
    assert_int_equal(test_post(b, "/settings", "mode=huge&theme=dark&lang=en").status, 422);
    r = test_send(b, &(struct test_request){.method = "POST",
                                            .path = "/settings/text",
                                            .type = "application/x-www-form-urlencoded",
                                            .csrf = test_csrf(b),
                                            .more = "Referer: https://evil.example/x\r\n"});
    assert_location(r, "/settings");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_household, people_open, people_close),
        cmocka_unit_test_setup_teardown(passwords_and_devices, people_open, people_close),
        cmocka_unit_test_setup_teardown(my_data_and_the_end, people_open, people_close),
        cmocka_unit_test_setup_teardown(display, people_open, people_close),
    };

    return cmocka_run_group_tests_name("routes_me", tests, NULL, NULL);
}
