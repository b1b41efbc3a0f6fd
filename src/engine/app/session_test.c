/* session_test.c: cookies, sign-in and sign-out, expiry, lists of devices, notes. */
#include "engine/app/tiny_test.h"

static struct test_app *t;

static int open_app(void **state)
{
    (void)state;
    t = tiny_open(NULL);
    return 0;
}

static int close_app(void **state)
{
    (void)state;
    test_app_close(t);
    return 0;
}

static bool is_signed_in(struct browser *b)
{
    return test_get(b, "/mine").status == 200;
}

static void cookies(void **state)
{
    struct browser *b = test_browser(t);
    (void)state;

    struct reply r = test_get(b, "/");
    struct str cookie = reply_header(r, "Set-Cookie");
    assert_true(str_starts(cookie, STR("lilong=")));
    assert_true(str_find(cookie, STR("; Path=/")) != SIZE_MAX);
    assert_true(str_find(cookie, STR("; HttpOnly")) != SIZE_MAX);
    assert_true(str_find(cookie, STR("; SameSite=Lax")) != SIZE_MAX);
    assert_true(str_find(cookie, STR("Max-Age")) == SIZE_MAX);
    assert_int_equal(browser_cookie(b, "lilong").len, 43);
    assert_int_equal(reply_header(test_get(b, "/"), "Set-Cookie").len, 0);                    /* not again */
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM session"), 0);                /* a guest costs no row */
    assert_int_equal(reply_header(test_get_json(test_browser(t), "/"), "Set-Cookie").len, 0); /* data has no forms */

    r = test_post(b, "/sign-in", "person=5");
    cookie = reply_header(r, "Set-Cookie");
    assert_true(str_find(cookie, STR("; Max-Age=15552000")) != SIZE_MAX);
    r = test_post(test_browser(t), "/sign-in", "person=9&staff=on");
    cookie = reply_header(r, "Set-Cookie");
    assert_true(str_find(cookie, STR("Max-Age")) == SIZE_MAX);
    /* The token is nowhere in the database. */
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM session WHERE length(token_hash) = 32"), 2);
}

static void behind_tls(void **state)
{
    struct browser *b = test_browser(t);
    (void)state;

    struct reply r = test_send(b, &(struct test_request){.path = "/",
                                                         .accept = "text/html",
                                                         .more = "X-Forwarded-Proto: https\r\n"
                                                                 "X-Forwarded-For: 198.51.100.7\r\n"});
    struct str cookie = reply_header(r, "Set-Cookie");
    assert_true(str_starts(cookie, STR("__Host-lilong=")));
    assert_true(str_find(cookie, STR("; Secure")) != SIZE_MAX);
    assert_true(str_eq(reply_header(r, "Strict-Transport-Security"), STR("max-age=31536000; includeSubDomains")));
}

static void trust_loopback(struct config *c)
{
    c->http.limits_percent = 0;
    c->listen.trusted_proxies = STR("127.0.0.1");
}

static int open_behind_proxy(void **state)
{
    (void)state;
    t = tiny_open(trust_loopback);
    return 0;
}

/* Somebody plants a token before the sign-in, and has it afterwards: it must be worth nothing. */
static void fixation(void **state)
{
    struct browser *b = test_browser(t), *thief = test_browser(t);
    (void)state;

    test_get(b, "/");
    struct str planted = browser_cookie(b, "lilong");
    assert_int_equal(test_post(b, "/note", "value=before").status, 303); /* even with a row */
    assert_int_equal(test_post(b, "/sign-in", "person=5").status, 303);
    assert_false(str_eq(browser_cookie(b, "lilong"), planted));
    assert_true(is_signed_in(b));
    browser_set_cookie(thief, "lilong", planted);
    assert_false(is_signed_in(thief));

    /* Signing in again ends the session before. */
    struct str old = browser_cookie(b, "lilong");
    assert_int_equal(test_post(b, "/sign-in", "person=6").status, 303);
    browser_set_cookie(thief, "lilong", old);
    assert_false(is_signed_in(thief));
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM session"), 1);

    /* And signing out is done by the server. */
    old = browser_cookie(b, "lilong");
    struct reply r = test_post(b, "/sign-out", NULL);
    assert_int_equal(r.status, 303);
    assert_true(str_eq(reply_header(r, "Clear-Site-Data"), STR("\"cache\"")));
    assert_false(is_signed_in(b));
    browser_set_cookie(thief, "lilong", old);
    assert_false(is_signed_in(thief));
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM session"), 0);
}

static void nonsense_cookies(void **state)
{
    static const char *const values[] = {"x", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "%00",
                                         "' OR 1=1 --------------------------------"};
    struct browser *b = test_browser(t);
    (void)state;

    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        browser_set_cookie(b, "lilong", str_from_cstr(values[i]));
        browser_set_cookie(b, "lilong-flash", str_from_cstr(values[i]));
        browser_set_cookie(b, "lilong-lang", str_from_cstr(values[i]));
        assert_int_equal(test_get(b, "/").status, 200);
        assert_false(is_signed_in(b));
    }
    browser_set_cookie(b, "lilong-flash", STR("app.home~0000000000000000")); /* words that we did not send */
    assert_true(reply_has(test_get(b, "/"), "data-flash=\"-\""));
}

/* The write of seen_at is nobody's business: it comes some time later. */
static void wait_seen(struct browser *b, int64_t at)
{
    for (int i = 0; i < 500; i++) {
        if (test_sql_int(&t->db, "SELECT MAX(seen_at) FROM session") == at)
            return;
        usleep(10000);
    }
    (void)b;
    fail_msg("seen_at was not refreshed");
}

static void expiry(void **state)
{
    struct browser *b = signed_in(t, "person=5"), *staff = signed_in(t, "person=9&staff=on");
    int64_t start = time_now();
    (void)state;

    test_clock(start + 4 * TIME_MINUTE);
    assert_true(is_signed_in(b));
    usleep(50000);
    assert_int_equal(test_sql_int(&t->db, "SELECT MAX(seen_at) FROM session"), start); /* not for each request */
    test_clock(start + 59 * TIME_MINUTE);
    assert_true(is_signed_in(staff));
    wait_seen(staff, start + 59 * TIME_MINUTE);
    test_clock(start + 118 * TIME_MINUTE);
    assert_true(is_signed_in(staff)); /* seen within the hour */
    wait_seen(staff, start + 118 * TIME_MINUTE);
    test_clock(start + 178 * TIME_MINUTE);
    assert_false(is_signed_in(staff)); /* an hour of nothing */

    assert_true(is_signed_in(b));
    wait_seen(b, start + 178 * TIME_MINUTE);
    for (int day = 29; day <= 174; day += 29) { /* a regular visitor, until the absolute limit */
        test_clock(start + day * TIME_DAY);
        assert_true(is_signed_in(b));
        wait_seen(b, start + day * TIME_DAY);
    }
    test_clock(start + 180 * TIME_DAY);
    assert_false(is_signed_in(b));

    app_run_jobs(t->app);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM session"), 0);
}

static void idle_resident(void **state)
{
    struct browser *b = signed_in(t, "person=5");
    (void)state;

    test_clock_add(30 * TIME_DAY);
    assert_false(is_signed_in(b));
    /* The form's protection still works for whom the session has left. */
    assert_int_equal(test_post(b, "/sign-in", "person=5").status, 303);
    assert_true(is_signed_in(b));
}

static void devices(void **state)
{
    struct browser *phone = signed_in(t, "person=5"), *pc = test_browser(t), *other = signed_in(t, "person=6");
    (void)state;

    pc->agent = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0";
    assert_int_equal(test_post(pc, "/sign-in", "person=5").status, 303);
    struct reply r = test_get(pc, "/sessions");
    assert_true(reply_has(r, "*Edge · Windows\n"));
    assert_true(reply_has(r, " WeChat · iPhone\n"));
    assert_int_equal(test_post(pc, "/others-out", NULL).status, 303);
    assert_false(is_signed_in(phone));
    assert_true(is_signed_in(pc));
    assert_true(is_signed_in(other));
}

static void notes(void **state)
{
    struct browser *b = test_browser(t), *other = test_browser(t);
    (void)state;

    assert_true(reply_has(test_get(b, "/note"), "none"));
    assert_int_equal(test_post(b, "/note", "value=138 在路上").status, 303);
    assert_true(reply_has(test_get(b, "/note"), "138 在路上"));
    assert_false(is_signed_in(b)); /* still a guest */
    assert_true(reply_has(test_get(other, "/note"), "none"));
    assert_int_equal(test_post(b, "/note", "value=two").status, 303);
    assert_true(reply_has(test_get(b, "/note"), "two"));
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM session"), 1);
    assert_int_equal(test_post(b, "/note", "value=").status, 303);
    assert_true(reply_has(test_get(b, "/note"), "none"));
    assert_int_equal(test_post(b, "/note", "value=three").status, 303);
    test_clock_add(61 * TIME_MINUTE);
    assert_true(reply_has(test_get(b, "/note"), "none"));
    app_run_jobs(t->app);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM session_note"), 0);
}

static void words(void **state)
{
    static const struct {
        const char *agent, *words;
    } agents[] = {
        {"", ""},
        {"curl/8.0", "curl"},
        {"Mozilla/5.0 (Linux; Android 14; HarmonyOS) Chrome/99 Mobile MicroMessenger/8.0", "WeChat · HarmonyOS"},
        {"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605 Version/17 Safari/605", "Safari · Mac"},
        {"Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0", "Firefox · Linux"},
    };
    (void)state;

    for (size_t i = 0; i < sizeof(agents) / sizeof(agents[0]); i++) {
        struct str s = session_device(t->arena, str_from_cstr(agents[i].agent));
        assert_true(str_eq(s, str_from_cstr(agents[i].words)));
    }
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, open_app, close_app)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(cookies),  cmocka_unit_test_setup_teardown(behind_tls, open_behind_proxy, close_app),
        TEST(fixation), TEST(nonsense_cookies),
        TEST(expiry),   TEST(idle_resident),
        TEST(devices),  TEST(notes),
        TEST(words),
    };
    return cmocka_run_group_tests_name("session", tests, NULL, NULL);
}
