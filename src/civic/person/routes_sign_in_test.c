/* routes_sign_in_test.c: every way in, over real sockets, and what keeps others out. */
#include "civic/person/people_test.h"

#define SET "UPDATE person SET totp_sealed = "

static struct str cookie(const struct browser *b)
{
    return str_dup(t->arena, browser_cookie(b, "lilong"));
}

static struct str secret_of(struct browser *b)
{
    struct reply r = test_get(b, "/sign-in/setup");
    size_t from = str_find(r.body, STR("<p class=\"text\"><b>"));
    struct str rest, bytes;

    assert_int_equal(r.status, 200);
    assert_true(from != SIZE_MAX);
    rest = str_sub(r.body, from + strlen("<p class=\"text\"><b>"), 39);
    assert_int_equal(base32_decode(t->arena, rest, &bytes), OK);
    return bytes;
}

static const char *code_at(struct str secret, int64_t now)
{
    return path_of("code=%06u", hotp(secret, (uint64_t)(now / TOTP_STEP_MS), TOTP_DIGITS));
}

/* Signs wang in with a new second factor; gives back its secret, and the page with the recovery codes. */
static struct str set_up(struct browser *b, struct reply *ret_page)
{
    struct str secret;

    assert_location(test_post(b, "/sign-in/password", path_of("login=wang&password=%s", good_password)),
                    "/sign-in/setup");
    assert_location(test_get(b, "/me"), "/sign-in?next=%2Fme"); /* nothing works before */
    secret = secret_of(b);
    assert_shows(test_post(b, "/sign-in/setup", "code=000000"), 422, T_person_second_wrong);
    *ret_page = test_post(b, "/sign-in/setup", code_at(secret, time_now()));
    assert_shows(*ret_page, 200, T_person_recovery_once);
    assert_int_equal(test_get(b, "/me").status, 200);
    return secret;
}

static void resident_by_code(void **state)
{
    struct browser *b = test_browser(t), *c;
    struct str before;
    (void)state;

    assert_shows(test_get(b, "/sign-in"), 200, T_person_sign_in_title);
    before = cookie(b);
    assert_shows(test_post(b, "/sign-in/phone", "phone=12"), 422, T_person_phone_wrong);
    assert_location(test_post(b, "/sign-in/phone", "phone=138 0013 8000&next=/me"), "/sign-in/code");
    assert_true(reply_has(test_get(b, "/sign-in/code"), "138****8000"));
    assert_false(reply_has(test_get(b, "/sign-in/code"), last_code()));
    assert_location(test_post(b, "/sign-in/code", path_of("code=%s", last_code())), "/me");
    assert_false(str_eq(before, cookie(b))); /* what was planted before is worth nothing */
    c = test_browser(t);
    browser_set_cookie(c, "lilong", before);
    assert_int_equal(test_get(c, "/me").status, 303);
    assert_int_equal(test_get(b, "/me").status, 200);
    assert_location(test_get(b, "/sign-in"), "/me");

    assert_location(test_post(b, "/sign-out", ""), "/");
    assert_int_equal(test_get(b, "/me").status, 303);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM person_phone"), 1);
    test_clock_add(TIME_HOUR);
    by_phone(PHONE_ZHOU); /* the same account again */
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM person_phone"), 1);
}

static void codes_are_guarded(void **state)
{
    struct browser *b = test_browser(t), *c = test_browser(t);
    const char *code, *wrong;
    (void)state;

    assert_location(test_get(b, "/sign-in/code"), "/sign-in");
    assert_int_equal(test_post(b, "/sign-in/code", "code=123456").status, 410);
    assert_location(test_post(b, "/sign-in/phone", "phone=" PHONE_ZHOU "&next=/me"), "/sign-in/code");
    code = last_code();
    wrong = path_of("code=%06ld", (strtol(code, NULL, 10) + 1) % 1000000);
    assert_shows(test_post(b, "/sign-in/phone", "phone=" PHONE_ZHOU), 422, T_person_code_too_soon);
    for (int i = 0; i < 4; i++)
        assert_shows(test_post(b, "/sign-in/code", wrong), 422, T_person_code_wrong);
    for (int i = 0; i < 16; i++)
        assert_shows(test_post(b, "/sign-in/code", wrong), 422, T_person_code_tries);
    assert_shows(test_post(b, "/sign-in/code", path_of("code=%s", code)), 422,
                 T_person_code_tries); /* right, too late */

    test_clock_add(2 * TIME_MINUTE);
    assert_location(test_post(b, "/sign-in/code/again", ""), "/sign-in/code");
    code = last_code();
    test_clock_add(6 * TIME_MINUTE);
    assert_shows(test_post(b, "/sign-in/code", path_of("code=%s", code)), 422, T_person_code_expired);

    assert_location(test_post(b, "/sign-in/code/again", ""), "/sign-in/code");
    assert_location(test_post(c, "/sign-in/phone", "phone=" PHONE_LI "&next=/me"), "/sign-in/code");
    code = last_code();
    assert_shows(test_post(b, "/sign-in/code", path_of("code=%s", code)), 422,
                 T_person_code_wrong); /* of another phone */
    assert_location(test_post(c, "/sign-in/code", path_of("code=%s", code)), "/me");
    assert_location(test_post(c, "/sign-out", ""), "/");
    assert_int_equal(test_post(c, "/sign-in/code", path_of("code=%s", code)).status, 410);

    for (int i = 0; i < 10; i++) {
        test_clock_add(2 * TIME_MINUTE);
        test_post(b, "/sign-in/code/again", "");
    }
    test_clock_add(2 * TIME_MINUTE);
    assert_shows(test_post(b, "/sign-in/code/again", ""), 422, T_person_code_too_many);
    test_clock_add(TIME_DAY);
    assert_location(test_post(test_browser(t), "/sign-in/phone", "phone=" PHONE_ZHOU), "/sign-in/code");
}

static void with_limits(struct config *c)
{
    c->sms.driver = SMS_CONSOLE;
    c->http.limits_percent = 100;
}

static int people_open_limited(void **state)
{
    (void)state;
    t = people_open_with(false, with_limits);
    return 0;
}

/* Twenty tries a minute from one address, whatever phone or browser; then a clear answer that says when to come again. */
static void twenty_tries_a_minute(void **state)
{
    struct browser *b = test_browser(t);
    struct reply r;
    int refused = 0;
    (void)state;

    assert_location(test_post(b, "/sign-in/phone", "phone=" PHONE_ZHOU), "/sign-in/code");
    for (int i = 0; i < 20; i++)
        refused += test_post(b, "/sign-in/code", "code=000000").status == 422;
    assert_int_equal(refused, 20);
    r = test_post(b, "/sign-in/code", path_of("code=%s", last_code()));
    assert_shows(r, 429, T_app_limited_text);
    assert_true(reply_header(r, "Retry-After").len > 0);
    r = test_post(test_browser(t), "/sign-in/password", "login=wang&password=x");
    assert_int_equal(r.status, 429);
    assert_int_equal(test_get(b, "/sign-in").status, 200); /* reading goes on */
}

static void staff_need_both(void **state)
{
    struct browser *b = test_browser(t), *c = test_browser(t);
    struct reply page;
    struct str secret, rest, recovery;
    (void)state;

    secret = set_up(b, &page);
    test_clock_add(TIME_MINUTE);
    assert_location(test_post(c, "/sign-in/password", path_of("login=WANG&password=%s&next=/settings", good_password)),
                    "/sign-in/second");
    assert_int_equal(test_get(c, "/me").status, 303);
    assert_shows(test_post(c, "/sign-in/second", "code=123456"), 422, T_person_second_wrong);
    assert_location(test_post(c, "/sign-in/second", code_at(secret, time_now())), "/settings");
    assert_int_equal(test_get(c, "/me").status, 200);

    c = test_browser(t); /* the same code once more */
    assert_location(test_post(c, "/sign-in/password", path_of("login=wang&password=%s", good_password)),
                    "/sign-in/second");
    assert_shows(test_post(c, "/sign-in/second", code_at(secret, time_now())), 422, T_person_second_wrong);
    /* a recovery code works, once */
    rest = str_sub(page.body, str_find(page.body, STR("<li><b>")) + 7, 9);
    recovery = str_dup(t->arena, rest);
    assert_location(test_post(c, "/sign-in/second", path_of("code=" STR_FMT, STR_ARG(recovery))), "/desk");
    c = test_browser(t);
    assert_location(test_post(c, "/sign-in/password", path_of("login=wang&password=%s", good_password)),
                    "/sign-in/second");
    assert_shows(test_post(c, "/sign-in/second", path_of("code=" STR_FMT, STR_ARG(recovery))), 422,
                 T_person_second_wrong);
    /* guessing has its waits, whatever browser it comes from */
    for (int i = 0; i < 5; i++)
        test_post(c, "/sign-in/second", "code=123456");
    assert_shows(test_post(c, "/sign-in/second", "code=123456"), 422, T_person_sign_in_wait);
}

/* What a cell of the page with recovery codes says. */
static const char *recovery_in(struct reply page, int which)
{
    struct str rest = page.body;

    for (int i = 0; i <= which; i++) {
        size_t at = str_find(rest, STR("<li><b>"));
        assert_true(at != SIZE_MAX);
        rest = str_sub(rest, at + 7, rest.len);
    }
    return path_of("code=" STR_FMT, STR_ARG(str_sub(rest, 0, 9)));
}

static void a_password_set_by_somebody_else_is_changed_first(void **state)
{
    static const char *const shut[] = {"/desk", "/me", "/me/household", "/messages", "/desk/residents", "/me/second"};
    struct browser *b = test_browser(t);
    struct str secret;
    struct reply page;
    (void)state;

    secret = set_up(b, &page);
    test_sql(&t->db, "UPDATE person SET password_at = 0 WHERE id = %lld", (long long)people.secretary);
    b = test_browser(t);
    test_clock_add(TIME_MINUTE);
    assert_location(test_post(b, "/sign-in/password", path_of("login=wang&password=%s", good_password)),
                    "/sign-in/second");
    assert_location(test_post(b, "/sign-in/second", code_at(secret, time_now())), "/me/password");
    for (size_t i = 0; i < PERSON_COUNT(shut); i++) {
        page = test_get(b, shut[i]);
        if (page.status != 404) /* /desk and /messages belong to modules that are not in this test */
            assert_location(page, "/me/password");
        page = test_get_json(b, shut[i]);
        assert_true(page.status == 403 || page.status == 404);
    }
    assert_location(test_post(b, "/me/correct", "words=名字里有一个字不对"), "/me/password");
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM correction"), 0);
    assert_shows(test_get(b, "/me/password"), 200, T_person_password_title);
    assert_shows(test_post(b, "/me/password", path_of("now=%s&password=%s", good_password, good_password)), 422,
                 T_person_password_same);
    assert_location(test_get(b, "/me"), "/me/password");
    assert_location(test_post(b, "/me/password", path_of("now=%s&password=Songbin-lu 99!", good_password)), "/me");
    assert_int_equal(test_get(b, "/me").status, 200);
    assert_int_equal(test_get(b, "/desk/residents").status, 200);
}

static void a_session_without_the_second_factor_has_no_desk(void **state)
{
    struct browser *b = by_phone(PHONE_ZHOU);
    int64_t person = test_sql_int(&t->db, "SELECT person FROM person_phone");
    (void)state;

    /* A post that comes into the table past post_give(), which would end the session. */
    test_sql(
        &t->db,
        "INSERT INTO post (id, person, organisation, role, title, valid_from, valid_to) VALUES (5, %lld, %lld, 'cadre', '', 1, 0)",
        (long long)person, (long long)people.committee.id);
    assert_int_equal(test_get(b, "/me").status, 200);
    assert_int_equal(test_get(b, "/desk/residents").status, 403);
    /* and one with the password alone has none at all */
    b = test_browser(t);
    assert_location(test_post(b, "/sign-in/password", path_of("login=limei&password=%s", good_password)),
                    "/sign-in/setup");
    assert_location(test_get(b, "/desk/residents"), "/sign-in?next=%2Fdesk%2Fresidents");
}

static void the_second_factor_is_renewed(void **state)
{
    struct browser *b = test_browser(t), *other = test_browser(t);
    struct str secret, fresh, rest;
    struct reply page, more;
    (void)state;

    secret = set_up(b, &page);
    test_clock_add(TIME_MINUTE);
    assert_location(test_post(other, "/sign-in/password", path_of("login=wang&password=%s", good_password)),
                    "/sign-in/second");
    assert_location(test_post(other, "/sign-in/second", code_at(secret, time_now())), "/desk");

    /* new recovery codes: the old ones are worth nothing, and one works once */
    assert_true(str_eq(reply_json(t, test_get_json(b, "/me/second"), "left"), STR("10")));
    assert_shows(test_post(b, "/me/second/codes", "code=000000"), 422, T_person_second_wrong);
    more = test_post(b, "/me/second/codes", recovery_in(page, 0));
    assert_shows(more, 200, T_person_recovery_once);
    assert_shows(test_post(b, "/me/second/renew", recovery_in(page, 1)), 422, T_person_second_wrong);
    assert_location(test_post(b, "/me/second/renew", recovery_in(more, 0)), "/me/second/new");
    assert_shows(test_post(b, "/me/second/renew", recovery_in(more, 0)), 422, T_person_second_wrong);
    assert_true(str_eq(reply_json(t, test_get_json(b, "/me/second"), "left"), STR("9")));

    /* another phone: the old one works until the new one has been shown to work */
    page = test_get(b, "/me/second/new");
    assert_int_equal(page.status, 200);
    assert_int_equal(test_get(b, "/me/second/new/qr").status, 200);
    rest = str_sub(page.body, str_find(page.body, STR("<p class=\"text\"><b>")) + strlen("<p class=\"text\"><b>"), 39);
    assert_int_equal(base32_decode(t->arena, rest, &fresh), OK);
    assert_shows(test_post(b, "/me/second/new", code_at(secret, time_now())), 422, T_person_second_wrong);
    assert_int_equal(test_get(other, "/me").status, 200);
    more = test_post(b, "/me/second/new", code_at(fresh, time_now()));
    assert_shows(more, 200, T_person_recovery_once);
    assert_int_equal(test_get(other, "/me").status, 303); /* the other browser is out */
    assert_int_equal(test_get(b, "/me").status, 200);

    other = test_browser(t);
    test_clock_add(TIME_MINUTE);
    assert_location(test_post(other, "/sign-in/password", path_of("login=wang&password=%s", good_password)),
                    "/sign-in/second");
    assert_shows(test_post(other, "/sign-in/second", code_at(secret, time_now())), 422, T_person_second_wrong);
    assert_location(test_post(other, "/sign-in/second", code_at(fresh, time_now())), "/desk");
    other = by_phone(PHONE_ZHOU);
    assert_int_equal(test_get(other, "/me/second").status, 404); /* who has none, has no such page */
}

static void staff_cannot_come_by_code(void **state)
{
    struct browser *b = by_phone(PHONE_ZHOU), *c = test_browser(t);
    int64_t person = test_sql_int(&t->db, "SELECT person FROM person_phone");
    (void)state;

    test_clock_add(TIME_HOUR);
    test_sql(
        &t->db,
        "INSERT INTO post (id, person, organisation, role, title, valid_from, valid_to) VALUES (5, %lld, %lld, 'cadre', '', 1, 0)",
        (long long)person, (long long)people.committee.id);
    assert_location(test_post(c, "/sign-in/phone", "phone=" PHONE_ZHOU), "/sign-in/code");
    assert_shows(test_post(c, "/sign-in/code", path_of("code=%s", last_code())), 422, T_person_sign_in_staff_only);
    (void)b;
}

static void passwords_are_guarded(void **state)
{
    struct browser *b = test_browser(t);
    const char *known = "login=limei&password=wrong-wrong", *unknown = "login=nobody&password=wrong-wrong";
    struct reply r;
    (void)state;

    for (int i = 0; i < 5; i++) { /* known and unknown names hear the same */
        assert_shows(test_post(b, "/sign-in/password", known), 422, T_person_sign_in_wrong);
        assert_shows(test_post(b, "/sign-in/password", unknown), 422, T_person_sign_in_wrong);
    }
    assert_shows(test_post(b, "/sign-in/password", known), 422, T_person_sign_in_wait);
    assert_shows(test_post(b, "/sign-in/password", unknown), 422, T_person_sign_in_wait);
    r = test_post(b, "/sign-in/password", path_of("login=limei&password=%s", good_password));
    assert_shows(r, 422, T_person_sign_in_wait);
    assert_false(reply_has(r, good_password)); /* never given back */

    /* counters are in the database: another process of the same installation knows them */
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM sign_in_failure WHERE failures >= 5"), 3);
    test_clock_add(20 * TIME_MINUTE);
    assert_location(test_post(b, "/sign-in/password", path_of("login=limei&password=%s", good_password)),
                    "/sign-in/setup");
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM sign_in_failure WHERE failures >= 5"), 2);
}

static void open_redirects_are_refused(void **state)
{
    struct browser *b = test_browser(t);
    struct reply r;
    (void)state;

    assert_location(test_post(b, "/sign-in/phone", "phone=" PHONE_ZHOU "&next=//evil.example"), "/sign-in/code");
    r = test_post(b, "/sign-in/code", path_of("code=%s", last_code()));
    assert_location(r, "/me");
    assert_int_equal(test_get(b, "/demo").status, 404); /* no demo world */
    assert_int_equal(test_post(b, "/demo", path_of("person=%" PRId64, people.secretary)).status, 404);
}

static void demo_world(void **state)
{
    struct browser *b = test_browser(t);
    struct reply r = test_get(b, "/demo");
    (void)state;

    assert_true(reply_has(r, "吴淞新城居委会"));
    assert_true(reply_has(r, "王先生"));
    assert_false(reply_has(r, "王建国"));
    assert_location(test_post(b, "/demo", path_of("person=%" PRId64, people.secretary)), "/desk");
    assert_int_equal(test_get(b, "/me").status, 200);
    assert_int_equal(test_post(b, "/demo", "person=99").status, 404);
    /* what the console's links lead to: one person, one button */
    r = test_get(b, path_of("/demo?person=%" PRId64, people.secretary));
    assert_int_equal(r.status, 200);
    assert_true(reply_has(r, path_of("name=\"person\" value=\"%" PRId64 "\"", people.secretary)));
    assert_false(reply_has(r, path_of("name=\"person\" value=\"%" PRId64 "\"", people.stranger)));
    assert_int_equal(test_get(b, path_of("/demo?person=%" PRId64, people.stranger)).status, 200);
    assert_int_equal(test_get(b, "/demo?person=99").status, 404);
    b = test_browser(t);
    assert_location(test_post(b, "/sign-in/phone", "phone=" PHONE_ZHOU), "/sign-in/code");
    r = test_get(b, "/sign-in/code");
    assert_shows(r, 200, T_person_demo_code);
    assert_location(test_post(b, "/sign-in/password", path_of("login=wang&password=%s", good_password)), "/desk");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(resident_by_code, people_open, people_close),
        cmocka_unit_test_setup_teardown(codes_are_guarded, people_open, people_close),
        cmocka_unit_test_setup_teardown(twenty_tries_a_minute, people_open_limited, people_close),
        cmocka_unit_test_setup_teardown(staff_need_both, people_open, people_close),
        cmocka_unit_test_setup_teardown(a_password_set_by_somebody_else_is_changed_first, people_open, people_close),
        cmocka_unit_test_setup_teardown(a_session_without_the_second_factor_has_no_desk, people_open, people_close),
        cmocka_unit_test_setup_teardown(the_second_factor_is_renewed, people_open, people_close),
        cmocka_unit_test_setup_teardown(staff_cannot_come_by_code, people_open, people_close),
        cmocka_unit_test_setup_teardown(passwords_are_guarded, people_open, people_close),
        cmocka_unit_test_setup_teardown(open_redirects_are_refused, people_open, people_close),
        cmocka_unit_test_setup_teardown(demo_world, people_open_demo, people_close),
    };

    return cmocka_run_group_tests_name("routes_sign_in", tests, NULL, NULL);
}
