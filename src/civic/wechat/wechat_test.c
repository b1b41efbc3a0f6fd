/* wechat_test.c: signing in, binding and messages against a server on this machine that answers as the platform's documentation says, errors
 * included; over real sockets on both sides. */
#include "civic/home/lane_test.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "civic/outbox/outbox.h"
#include "civic/service/service.h"
#include "civic/wechat/wechat.h"

/* ---- the platform ------------------------------------------------------------------------------------------------ */

enum { ASKED_MAX = 16 };
static struct platform {
    int fd;
    uint16_t port;
    pthread_t thread;
    struct {
        int status;
        const char *body;
        int delay_ms;
    } says[ASKED_MAX]; /* one after the other */
    int n_says, n_asked;
    char asked[ASKED_MAX][8192];
} p;

static void *platform_run(void *arg)
{
    (void)arg;
    for (;;) {
        int c = accept(p.fd, NULL, NULL), i = __atomic_load_n(&p.n_asked, __ATOMIC_SEQ_CST);
        size_t len = 0;
        char answer[90000];

        if (c < 0)
            return NULL;
        if (i >= p.n_says) {
            close(c);
            continue;
        }
        while (len < sizeof(p.asked[i]) - 1) {
            ssize_t n = read(c, p.asked[i] + len, sizeof(p.asked[i]) - 1 - len);
            const char *end, *at;

            if (n <= 0)
                break;
            len += (size_t)n;
            p.asked[i][len] = 0;
            end = strstr(p.asked[i], "\r\n\r\n");
            at = strstr(p.asked[i], "Content-Length: ");
            if (end && len >= (size_t)(end + 4 - p.asked[i]) + (size_t)(at ? strtol(at + 16, NULL, 10) : 0))
                break;
        }
        __atomic_store_n(&p.n_asked, i + 1, __ATOMIC_SEQ_CST);
        if (p.says[i].delay_ms)
            usleep((useconds_t)p.says[i].delay_ms * 1000);
        int n = snprintf(
            answer, sizeof answer,
            "HTTP/1.1 %d X\r\nContent-Length: %zu\r\nLocation: http://127.0.0.1:1/\r\nConnection: close\r\n\r\n%s",
            p.says[i].status, strlen(p.says[i].body), p.says[i].body);
        if (send(c, answer, (size_t)n, MSG_NOSIGNAL) < 0)
            n = 0;
        close(c);
    }
}

static void platform_open(void)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof at;

    memset(&p, 0, sizeof p);
    p.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(p.fd, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(listen(p.fd, 16), 0);
    assert_int_equal(getsockname(p.fd, (struct sockaddr *)&at, &size), 0);
    p.port = ntohs(at.sin_port);
    assert_int_equal(pthread_create(&p.thread, NULL, platform_run, NULL), 0);
}

static void says(int status, const char *body)
{
    p.says[p.n_says].status = status;
    p.says[p.n_says++].body = body;
}
static void platform_close(void)
{
    shutdown(p.fd, SHUT_RDWR);
    pthread_join(p.thread, NULL);
    close(p.fd);
}

/* ---- the application ----------------------------------------------------------------------------------------------- */

static const struct module *const modules[] = {&lane_module, &home_module, &person_module, &wechat_module,
                                               &notify_module};
static struct services services;
static struct arena *own;
static const struct notice_carrier *const carriers[] = {&wechat_carrier};
static const struct notice_kind kinds[] = {{T_entry_tell_commented, TOPIC_REPLY, WAY_NOW, false, T_notify_away_reply}};
static const struct notice_table table = {kinds, 1};
static const struct notice_table *const tables[] = {&table};

static void configure(struct config *c)
{
    c->http.limits_percent = 0;
    c->listen.public_url = STR("https://lilong.example.cn");
}

static int setup(void **state)
{
    static char api[64];
    struct config c;
    struct str why = STR_NONE;
    (void)state;

    platform_open();
    own = arena_open(8 << 20);
    assert_int_equal(crypto_start(), OK);
    config_defaults(&c);
    snprintf(api, sizeof api, "http://127.0.0.1:%u", p.port);
    c.wechat.app_id = STR("wx0123456789abcdef");
    c.wechat.secret = STR("hush-hush");
    c.wechat.api_url = str_from_cstr(api);
    c.wechat.message = WECHAT_MESSAGE_TEMPLATE;
    c.wechat.template_id = STR("T1");
    c.wechat.timeout_ms = 400;
    c.listen.public_url = STR("https://lilong.example.cn");
    memset(&services, 0, sizeof services);
    services.keys = crypto_keys_for_test();
    assert_int_equal(wechat_open(&c, own, &services.wechat, &why), OK);
    assert_true(wechat_sends(services.wechat));
    notify_use_carriers(carriers, 1);
    notify_use_limits(&notice_limits_usual);
    assert_int_equal(notify_use(tables, 1, own, &why), OK);
    lane_services = &services;
    lane_open(modules, 5, configure);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    test_app_close(t);
    platform_close();
    wechat_close(services.wechat);
    crypto_keys_close(services.keys);
    arena_close(own);
    return 0;
}

/* The value of a parameter of the address that the browser is sent to. */
static const char *parameter(struct str address, const char *name)
{
    struct str key = str_printf(t->arena, "%s=", name);
    size_t at = str_find(address, key);

    assert_true(at != SIZE_MAX);
    struct str rest = str_sub(address, at + key.len, SIZE_MAX), value = rest;
    for (size_t i = 0; i < rest.len; i++)
        if (rest.ptr[i] == '&' || rest.ptr[i] == '#') {
            value = str_sub(rest, 0, i);
            break;
        }
    return str_cstr(t->arena, value);
}

static const char *form(const char *format, ...) __attribute__((format(printf, 1, 2)));
static const char *form(const char *format, ...)
{
    va_list ap;
    struct str s;

    va_start(ap, format);
    s = str_vprintf(t->arena, format, ap);
    va_end(ap);
    return str_cstr(t->arena, s);
}

static const char *leaves(struct browser *b, const char *path)
{
    struct reply r = test_get(b, path);

    assert_int_equal(r.status, 303);
    assert_true(str_starts(
        r.location,
        STR("https://open.weixin.qq.com/connect/oauth2/authorize?appid=wx0123456789abcdef&redirect_uri=https%3A%2F%2Flilong.example.cn%2F")));
    assert_true(str_ends(r.location, STR("#wechat_redirect")));
    return parameter(r.location, "state");
}

static void binds_as(struct browser *b, const char *openid)
{
    static char said[4][200];
    static int n;
    char *json = said[n++ % 4];
    const char *state = leaves(b, "/me/wechat/go");

    snprintf(
        json, sizeof said[0],
        "{\"access_token\":\"A\",\"expires_in\":7200,\"refresh_token\":\"R\",\"openid\":\"%s\",\"scope\":\"snsapi_base\"}",
        openid);
    says(200, json);
    struct reply r = test_post(b, "/me/wechat", form("code=C%d&state=%s&agree=1", n, state));
    assert_int_equal(r.status, 303);
    assert_true(str_eq(r.location, STR("/me/wechat")));
}
static bool is_bound(struct browser *b)
{
    return reply_has(test_get(b, "/me/wechat"), "/me/wechat/unbind");
}

#define IDENTITY \
    "{\"access_token\":\"A\",\"expires_in\":7200,\"refresh_token\":\"R\",\"openid\":\"o-zhou\",\"scope\":\"snsapi_base\"}"

static void a_bound_account_is_signed_in(void **state)
{
    struct browser *owner = lane_browser(lane.resident), *phone = lane_browser(0);
    struct reply r;
    const char *s;
    (void)state;

    assert_false(is_bound(owner));
    binds_as(owner, "o-zhou");
    assert_true(is_bound(owner));
    assert_non_null(strstr(
        p.asked[0],
        "GET /sns/oauth2/access_token?appid=wx0123456789abcdef&secret=hush-hush&code=C1&grant_type=authorization_code "));

    s = leaves(phone, "/sign-in/wechat?next=/messages");
    r = test_get(phone, form("/sign-in/wechat/back?code=C9&state=%s", s));
    assert_int_equal(r.status, 200);
    assert_true(reply_has(r, "value=\"C9\""));
    assert_int_equal(test_get(phone, "/messages").status, 303); /* following the link alone signs nobody in */
    says(200, IDENTITY);
    r = test_post(phone, "/sign-in/wechat", form("code=C9&state=%s", s));
    assert_int_equal(r.status, 303);
    assert_true(str_eq(r.location, STR("/messages")));
    phone->csrf = STR_NONE;
    assert_int_equal(test_get(phone, "/messages").status, 200);

    assert_int_equal(test_post(owner, "/me/wechat/unbind", "").status, 303);
    assert_false(is_bound(owner));
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM wechat_account"), 0);
}

static void the_state_is_of_this_browser_and_this_purpose(void **state)
{
    struct browser *mine = lane_browser(0), *other = lane_browser(0), *owner = lane_browser(lane.resident);
    const char *s = leaves(mine, "/sign-in/wechat");
    struct reply r;
    (void)state;

    r = test_post(other, "/sign-in/wechat", form("code=C&state=%s", s)); /* has no cookie of the trip */
    assert_true(str_eq(r.location, STR("/sign-in")));
    r = test_post(mine, "/sign-in/wechat", form("code=C&state=%s0", s));
    assert_true(str_eq(r.location, STR("/sign-in")));
    s = leaves(mine, "/sign-in/wechat");
    browser_set_cookie(owner, "wechat", browser_cookie(mine, "wechat"));
    r = test_post(owner, "/me/wechat", form("code=C&state=%s&agree=1", s)); /* a trip to sign in binds nothing */
    assert_false(is_bound(owner));
    s = leaves(mine, "/sign-in/wechat");
    test_clock_add(11 * TIME_MINUTE);
    r = test_post(mine, "/sign-in/wechat", form("code=C&state=%s", s)); /* too long ago */
    assert_true(str_eq(r.location, STR("/sign-in")));
    assert_int_equal(p.n_asked, 0); /* and the platform was never asked */
}

static void binding_needs_consent_and_takes_nobody_elses(void **state)
{
    struct browser *owner = lane_browser(lane.resident), *other = lane_browser(lane.stranger);
    const char *s = leaves(owner, "/me/wechat/go");
    struct reply r;
    (void)state;

    says(200, IDENTITY);
    r = test_post(owner, "/me/wechat", form("code=C&state=%s", s));
    assert_int_equal(r.status, 303);
    assert_false(is_bound(owner));
    binds_as(owner, "o-zhou");
    binds_as(other, "o-zhou"); /* the same WeChat: refused */
    assert_true(is_bound(owner));
    assert_false(is_bound(other));
    binds_as(owner, "o-zhou-new"); /* one's own: the new one replaces the old */
    binds_as(other, "o-zhou");
    assert_true(is_bound(other));
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM wechat_account"), 2);
}

static void what_the_platform_refuses_signs_nobody_in(void **state)
{
    static const struct {
        int status;
        const char *body;
        const char *words;
    } cases[] = {
        {200, "{\"errcode\":40029,\"errmsg\":\"invalid code\"}", "已经用过或过期"},
        {200, "{\"errcode\":40163,\"errmsg\":\"code been used\"}", "已经用过或过期"},
        {200, "{\"access_token\":\"A\",\"openid\":\"o\",\"is_snapshotuser\":1}", "快照页"},
        {200, "{\"errcode\":40125,\"errmsg\":\"invalid appsecret\"}", "微信没有同意"},
        {200, "{\"errcode\":-1,\"errmsg\":\"system error\"}", "没有回应"},
        {502, "{\"openid\":\"o-zhou\"}", "没有回应"},
        {302, "{\"openid\":\"o-zhou\"}", "没有回应"}, /* leads elsewhere: not followed */
        {200, "<html>gateway</html>", "没有回应"},
        {200, "{\"openid\":\"o-zhou\"", "没有回应"},
        {200, "[1]", "没有回应"},
        {200, "{\"openid\":17}", "没有回应"},
        {200, "{\"openid\":\"o zhou\\n\"}", "没有回应"},
    };
    struct browser *b = lane_browser(0);
    struct reply r;
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *s = leaves(b, "/sign-in/wechat");

        says(cases[i].status, cases[i].body);
        r = test_post(b, "/sign-in/wechat", form("code=C&state=%s", s));
        assert_int_equal(r.status, 303);
        assert_true(str_eq(r.location, STR("/sign-in")));
        r = test_follow(b, r);
        if (!reply_has(r, cases[i].words))
            fail_msg("case %zu does not say %s", i, cases[i].words);
        assert_int_equal(test_get(b, "/messages").status, 303);
    }
    assert_int_equal(p.n_asked, (int)(sizeof cases / sizeof *cases)); /* each asked once */
}

static void a_platform_that_hangs_holds_nobody_up(void **state)
{
    struct browser *b = lane_browser(0);
    const char *s = leaves(b, "/sign-in/wechat");
    int64_t start = time_monotonic();
    static char huge[80000];
    (void)state;

    says(200, IDENTITY);
    p.says[0].delay_ms = 900;
    assert_true(str_eq(test_post(b, "/sign-in/wechat", form("code=C&state=%s", s)).location, STR("/sign-in")));
    assert_true(time_monotonic() - start < 850);
    usleep(600 * 1000);
    memset(huge, ' ', sizeof huge - 1);
    memcpy(huge, IDENTITY, strlen(IDENTITY));
    says(200, huge); /* more than anybody has to say */
    s = leaves(b, "/sign-in/wechat");
    assert_true(str_eq(test_post(b, "/sign-in/wechat", form("code=C&state=%s", s)).location, STR("/sign-in")));
}

static enum result bind_run(struct db *db, void *arg)
{
    return wechat_bind(db, services.keys, wechat_app(services.wechat), *(int64_t *)arg, STR("o-zhou"), time_now());
}

static void staff_still_need_their_second_factor(void **state)
{
    struct browser *b = lane_browser(0);
    const char *s;
    struct reply r;
    (void)state;

    test_write(t, bind_run, &lane.cadre);
    s = leaves(b, "/sign-in/wechat");
    says(200, IDENTITY);
    r = test_post(b, "/sign-in/wechat", form("code=C&state=%s", s));
    assert_true(str_eq(r.location, STR("/sign-in/password"))); /* none yet: it is set up behind the password only */
    test_sql(&t->db, "UPDATE person SET totp_sealed = %s WHERE id = %lld",
             test_db_postgres() ? "'\\x01'::bytea" : "x'01'", (long long)lane.cadre);
    s = leaves(b, "/sign-in/wechat");
    says(200, IDENTITY);
    r = test_post(b, "/sign-in/wechat", form("code=C&state=%s", s));
    assert_true(str_eq(r.location, STR("/sign-in/second")));
    assert_int_equal(test_get(b, "/messages").status, 303);
}

static void an_unknown_wechat_makes_no_account(void **state)
{
    struct browser *b = lane_browser(0);
    const char *s = leaves(b, "/sign-in/wechat?next=/messages");
    struct reply r;
    int64_t before = test_sql_int(&t->db, "SELECT COUNT(*) FROM person");
    (void)state;

    says(200, IDENTITY);
    r = test_post(b, "/sign-in/wechat", form("code=C&state=%s", s));
    assert_true(str_starts(r.location, STR("/sign-in?next=")));
    assert_true(reply_has(test_follow(b, r), "这个微信还没绑定"));
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM person"), before);
    r = test_get(b, "/sign-in/wechat/back?state=x"); /* refused on WeChat's own page: no code */
    assert_true(reply_has(r, "没有成功"));
}

/* ---- messages ------------------------------------------------------------------------------------------------------- */

static enum result put_run(struct db *db, void *arg)
{
    struct away_letter letter = {
        .person = *(int64_t *)arg, .words = STR("您有 2 条新回复"), .url = {STR("/messages")}, .now = time_now()};

    return wechat_carrier.put(db, &services, &letter);
}
static void writes(void)
{
    test_write(t, put_run, &lane.resident);
}
static struct outbox_round round_now(void)
{
    struct outbox_round r;

    assert_int_equal(wechat_deliver(t->db.database, &services, own, STR("https://lilong.example.cn"), time_now(), &r),
                     OK);
    return r;
}

static void messages_share_one_token(void **state)
{
    (void)state;

    test_write(t, bind_run, &lane.resident);
    writes();
    writes();
    says(200, "{\"access_token\":\"T-1\",\"expires_in\":7200}");
    says(200, "{\"errcode\":0,\"errmsg\":\"ok\",\"msgid\":1}");
    says(200, "{\"errcode\":0,\"errmsg\":\"ok\",\"msgid\":2}");
    assert_int_equal(round_now().delivered, 2);
    assert_int_equal(p.n_asked, 3);
    assert_non_null(strstr(p.asked[0], "POST /cgi-bin/stable_token "));
    assert_non_null(strstr(p.asked[0], "\"force_refresh\":false"));
    assert_non_null(strstr(p.asked[1], "POST /cgi-bin/message/template/send?access_token=T-1 "));
    assert_non_null(strstr(
        p.asked[1], "\"touser\":\"o-zhou\",\"template_id\":\"T1\",\"url\":\"https://lilong.example.cn/messages\""));
    assert_non_null(strstr(p.asked[1], "\"thing1\":{\"value\":\"您有 2 条新回复\"}"));
    test_clock_add(7200 * TIME_SECOND - 4 * TIME_MINUTE); /* near its end */
    writes();
    says(200, "{\"access_token\":\"T-2\",\"expires_in\":7200}");
    says(200, "{\"errcode\":0}");
    assert_int_equal(round_now().delivered, 1);
    assert_non_null(strstr(p.asked[4], "access_token=T-2 "));
}

static void a_token_that_is_refused_is_renewed_once(void **state)
{
    static const char *const refusals[] = {"{\"errcode\":40001}", "{\"errcode\":42001}"};
    (void)state;

    test_write(t, bind_run, &lane.resident);
    says(200, "{\"access_token\":\"T-0\",\"expires_in\":7200}");
    for (int i = 0; i < 2; i++) {
        writes();
        says(200, refusals[i]);
        says(200,
             i ? "{\"access_token\":\"T-2\",\"expires_in\":7200}" : "{\"access_token\":\"T-1\",\"expires_in\":7200}");
        says(200, "{\"errcode\":0}");
        assert_int_equal(round_now().delivered, 1);
    }
    writes(); /* the platform gives the refused one again: forced; refused again: later, not for ever now */
    says(200, "{\"errcode\":40001}");
    says(200, "{\"access_token\":\"T-2\",\"expires_in\":7200}");
    says(200, "{\"access_token\":\"T-3\",\"expires_in\":7200}");
    says(200, "{\"errcode\":40001}");
    int before = p.n_asked;
    assert_int_equal(round_now().again, 1);
    assert_int_equal(p.n_asked - before, 4);
    assert_non_null(strstr(p.asked[before + 2], "\"force_refresh\":true"));
}

static void who_refuses_is_left_alone(void **state)
{
    static const char *const refusals[] = {"{\"errcode\":43101}", "{\"errcode\":43004}"};
    (void)state;

    test_write(t, bind_run, &lane.resident);
    says(200, "{\"access_token\":\"T-1\",\"expires_in\":7200}");
    for (int i = 0; i < 2; i++) {
        writes();
        says(200, refusals[i]);
        assert_int_equal(round_now().nobody, 1);
        assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM notify_off WHERE channel = 'wechat'"), 1);
        assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM outbox"), 0); /* no dead letter */
        test_sql(&t->db, "DELETE FROM notify_off");
    }
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM notification WHERE text_key = 'notify.off_wechat'"), 2);
}

static void others_wait_or_become_dead_letters(void **state)
{
    (void)state;

    test_write(t, bind_run, &lane.resident);
    writes();
    says(200, "{\"access_token\":\"T-1\",\"expires_in\":7200}");
    says(200, "{\"errcode\":45047,\"errmsg\":\"out of response count limit\"}");
    assert_int_equal(round_now().again, 1);
    test_clock_add(TIME_MINUTE);
    says(503, "");
    assert_int_equal(round_now().again, 1);
    test_clock_add(2 * TIME_MINUTE);
    says(200, "not json");
    assert_int_equal(round_now().again, 1);
    test_clock_add(4 * TIME_MINUTE);
    says(200, "{\"errcode\":40037,\"errmsg\":\"invalid template_id\"}");
    assert_int_equal(round_now().dead, 1); /* staff see it */
    writes();                              /* unbound meanwhile: nothing is sent, nothing is asked */
    test_sql(&t->db, "DELETE FROM wechat_account");
    int before = p.n_asked;
    assert_int_equal(round_now().delivered, 1);
    assert_int_equal(p.n_asked, before);
}

/* ---- whom it never speaks to ------------------------------------------------------------------------------------------ */

static void only_the_open_internet_is_asked(void **state)
{
    static const char *const inside[] = {"127.0.0.1",      "10.1.2.3",        "172.16.0.1", "172.31.255.255",
                                         "192.168.1.1",    "169.254.169.254", "100.64.0.1", "0.0.0.0",
                                         "224.0.0.1",      "255.255.255.255", "::1",        "::",
                                         "fe80::1",        "fc00::1",         "ff02::1",    "::ffff:10.0.0.1",
                                         "64:ff9b::a00:1", "198.18.0.1",      "nonsense"};
    static const char *const outside[] = {"109.244.144.1", "172.32.0.1", "8.8.8.8", "2402:4e00::1", "::ffff:8.8.8.8"};
    struct config c;
    struct str why;
    (void)state;

    for (size_t i = 0; i < sizeof inside / sizeof *inside; i++)
        if (wechat_address_public(inside[i]))
            fail_msg("%s", inside[i]);
    for (size_t i = 0; i < sizeof outside / sizeof *outside; i++)
        if (!wechat_address_public(outside[i]))
            fail_msg("%s", outside[i]);
    config_defaults(&c);
    c.wechat.app_id = STR("wx1");
    assert_int_equal(config_check(&c, own, &why), E_INVALID);
    c.wechat.secret = STR("s");
    c.listen.public_url = STR("https://lilong.example.cn");
    assert_int_equal(config_check(&c, own, &why), OK);
    c.wechat.api_url = STR("http://10.0.0.1");
    assert_int_equal(config_check(&c, own, &why), E_INVALID);
}

static void without_settings_there_is_none(void **state)
{
    struct wechat *on = services.wechat;
    struct browser *b = lane_browser(lane.resident);
    (void)state;

    services.wechat = NULL;
    assert_int_equal(test_get(b, "/me/wechat").status, 404);
    assert_int_equal(test_get(lane_browser(0), "/sign-in/wechat").status, 404);
    assert_int_equal(test_post(b, "/me/wechat", "code=C&state=x").status, 404);
    assert_false(reply_has(test_get(lane_browser(0), "/sign-in"), "/sign-in/wechat"));
    services.wechat = on;
    assert_true(reply_has(test_get(lane_browser(0), "/sign-in"), "/sign-in/wechat"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_bound_account_is_signed_in, setup, teardown),
        cmocka_unit_test_setup_teardown(the_state_is_of_this_browser_and_this_purpose, setup, teardown),
        cmocka_unit_test_setup_teardown(binding_needs_consent_and_takes_nobody_elses, setup, teardown),
        cmocka_unit_test_setup_teardown(what_the_platform_refuses_signs_nobody_in, setup, teardown),
        cmocka_unit_test_setup_teardown(a_platform_that_hangs_holds_nobody_up, setup, teardown),
        cmocka_unit_test_setup_teardown(staff_still_need_their_second_factor, setup, teardown),
        cmocka_unit_test_setup_teardown(an_unknown_wechat_makes_no_account, setup, teardown),
        cmocka_unit_test_setup_teardown(messages_share_one_token, setup, teardown),
        cmocka_unit_test_setup_teardown(a_token_that_is_refused_is_renewed_once, setup, teardown),
        cmocka_unit_test_setup_teardown(who_refuses_is_left_alone, setup, teardown),
        cmocka_unit_test_setup_teardown(others_wait_or_become_dead_letters, setup, teardown),
        cmocka_unit_test_setup_teardown(only_the_open_internet_is_asked, setup, teardown),
        cmocka_unit_test_setup_teardown(without_settings_there_is_none, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
