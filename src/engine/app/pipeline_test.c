/* pipeline_test.c: the rules of a request's life, over real sockets. */
#include "engine/app/tiny_test.h"

static struct test_app *t;

static int open_app(void **state)
{
    (void)state;
    t = tiny_open(NULL);
    make_calls = 0;
    return 0;
}

static int close_app(void **state)
{
    (void)state;
    test_app_close(t);
    return 0;
}

#define MAKE "/p/310113007011/thing"

/* ---- routing and negotiation ---------------------------------------------------------------------------------- */

static void pages_and_json(void **state)
{
    struct browser *b = test_browser(t);
    (void)state;

    struct reply r = test_get(b, "/");
    assert_int_equal(r.status, 200);
    assert_true(str_eq(r.type, STR("text/html; charset=utf-8")));
    assert_true(reply_has(r, "home of 0 lang zh-CN"));
    assert_true(reply_has(r, "name=\"_csrf\""));
    assert_true(reply_has(r, "name=\"_key\""));

    r = test_get_json(b, "/");
    assert_int_equal(r.status, 200);
    assert_true(str_eq(r.type, STR("application/json")));
    assert_true(str_eq(reply_json(t, r, "title"), STR("home of 0 lang zh-CN")));

    r = test_get(b, "/p/310113007011/thing/55");
    assert_true(reply_has(r, "thing 55 at 310113007011"));
    assert_true(reply_has(test_get(b, "/q/Ab-9_x"), "word Ab-9_x"));
    assert_int_equal(test_get(b, "/q/a.b").status, 404);
    assert_int_equal(test_get(b, "/p/310113007011/thing/055").status, 404);
    assert_int_equal(test_get(b, "/p/310113007011/thing/0").status, 404);
    assert_int_equal(test_get(b, "/p/310113007011/thing/404").status, 404);
    assert_int_equal(test_get(b, "/demo").status, 404);

    r = test_get(b, "/p/310113007011/thing/55/?a=1");
    assert_int_equal(r.status, 308);
    assert_true(str_eq(r.location, STR("/p/310113007011/thing/55?a=1")));
}

static void languages(void **state)
{
    struct browser *b = test_browser(t);
    (void)state;

    b->language = "en-GB,en;q=0.8,zh;q=0.5";
    assert_true(reply_has(test_get(b, "/"), "lang en"));
    b->language = "zh-Hans-CN,en;q=0.5";
    assert_true(reply_has(test_get(b, "/"), "lang zh-CN"));
    b->language = "fr";
    assert_true(reply_has(test_get(b, "/"), "lang zh-CN"));
    struct reply r = test_post(b, "/language", "language=en&next=/q/abc");
    assert_int_equal(r.status, 303);
    assert_true(str_eq(r.location, STR("/q/abc")));
    assert_true(reply_has(test_get(b, "/"), "lang en"));
    r = test_post(b, "/language", "language=zh-CN&next=//evil.example");
    assert_true(str_eq(r.location, STR("/")));
    b = signed_in(t, "person=8"); /* who has a setting keeps it on any device, and in errors */
    b->language = "zh-CN";
    assert_true(reply_has(test_get(b, "/"), "lang en"));
    assert_true(reply_has(test_get(b, "/nowhere"), "Page not found"));
}

static void fragments(void **state)
{
    struct browser *b = test_browser(t);
    struct test_request q = {.path = "/", .accept = "text/html", .more = "HX-Request: true\r\n"};
    (void)state;

    assert_true(reply_has(test_send(b, &q), "data-flash=\"\"")); /* no frame was made */
    q.more = "HX-Request: true\r\nHX-Boosted: true\r\n";
    assert_true(reply_has(test_send(b, &q), "data-flash=\"-\""));
}

static void refusals(void **state)
{
    struct browser *b = test_browser(t);
    struct str large = {arena_array(t->arena, char, 70000), 70000};
    (void)state;

    memset((char *)(uintptr_t)large.ptr, 'a', large.len);
    struct reply r = test_send(b, &(struct test_request){.method = "POST",
                                                         .path = "/echo",
                                                         .accept = "text/html",
                                                         .type = "application/x-www-form-urlencoded",
                                                         .body = large});
    assert_int_equal(r.status, 413);
    assert_true(reply_has(r, "内容太大"));
    assert_true(reply_has(r, "Too large"));
}

static void methods(void **state)
{
    struct browser *b = test_browser(t);
    (void)state;

    struct reply r = test_send(b, &(struct test_request){.method = "DELETE", .path = "/"});
    assert_int_equal(r.status, 405);
    assert_true(str_eq(reply_header(r, "Allow"), STR("GET, HEAD, OPTIONS")));
    r = test_send(b, &(struct test_request){.method = "OPTIONS", .path = "/note"});
    assert_int_equal(r.status, 204);
    assert_true(str_eq(reply_header(r, "Allow"), STR("GET, HEAD, POST, OPTIONS")));
    r = test_send(b, &(struct test_request){.method = "HEAD", .path = "/"});
    assert_int_equal(r.status, 200);
    assert_int_equal(r.body.len, 0);
    assert_true(reply_header(r, "Content-Length").len > 2);
    r = test_get_json(b, "/nowhere");
    assert_int_equal(r.status, 404);
    assert_true(str_eq(r.type, STR("application/problem+json")));
    assert_true(str_eq(reply_json(t, r, "status"), STR("404")));
    assert_true(str_starts(reply_json(t, r, "instance"), STR("urn:lilong:request:")));
    r = test_get(b, "/nowhere");
    assert_int_equal(r.status, 404);
    assert_true(reply_has(r, "layout 404"));
}

static void headers(void **state)
{
    struct browser *b = test_browser(t);
    (void)state;

    struct reply r = test_get(b, "/");
    assert_true(str_find(reply_header(r, "Content-Security-Policy"), STR("frame-ancestors 'none'")) != SIZE_MAX);
    assert_true(str_eq(reply_header(r, "X-Content-Type-Options"), STR("nosniff")));
    assert_true(str_eq(reply_header(r, "Cross-Origin-Opener-Policy"), STR("same-origin")));
    assert_true(str_eq(reply_header(r, "Referrer-Policy"), STR("same-origin")));
    assert_true(reply_header(r, "Permissions-Policy").len > 0);
    assert_int_equal(reply_header(r, "X-Request-Id").len, 16);
    assert_true(str_eq(reply_header(r, "Vary"), STR("Accept, Accept-Language, Cookie, HX-Request")));
    assert_int_equal(reply_header(r, "Strict-Transport-Security").len, 0);
    assert_true(str_eq(reply_header(r, "Cache-Control"), STR("no-store"))); /* it sets the cookie */
    r = test_get(b, "/");
    assert_true(str_eq(reply_header(r, "Cache-Control"), STR("private, no-cache")));
    b = signed_in(t, "person=5");
    assert_true(str_eq(reply_header(test_get(b, "/mine"), "Cache-Control"), STR("no-store")));
}

static void etags(void **state)
{
    struct browser *b = test_browser(t);
    (void)state;

    struct reply r = test_get_json(b, MAKE "/55");
    struct str etag = reply_header(r, "ETag");
    assert_true(etag.len > 10);
    const char *more = str_cstr(t->arena, str_printf(t->arena, "If-None-Match: " STR_FMT "\r\n", STR_ARG(etag)));
    r = test_send(b, &(struct test_request){.path = MAKE "/55", .accept = "application/json", .more = more});
    assert_int_equal(r.status, 304);
    assert_int_equal(r.body.len, 0);
    /* The same version as a page, and of another thing, is something else. */
    r = test_send(b, &(struct test_request){.path = MAKE "/55", .accept = "text/html", .more = more});
    assert_int_equal(r.status, 200);
    r = test_send(b, &(struct test_request){.path = MAKE "/56", .accept = "application/json", .more = more});
    assert_int_equal(r.status, 200);
}

/* ---- access ------------------------------------------------------------------------------------------------------ */

static void access_rules(void **state)
{
    struct browser *guest = test_browser(t), *member = signed_in(t, "person=5");
    (void)state;

    struct reply r = test_get(guest, "/mine?from=singlemessage");
    assert_int_equal(r.status, 303);
    assert_true(str_eq(r.location, STR("/sign-in?next=%2Fmine%3Ffrom%3Dsinglemessage")));
    r = test_get_json(guest, "/mine");
    assert_int_equal(r.status, 401);
    assert_true(reply_header(r, "WWW-Authenticate").len > 0);
    r = test_post(guest, MAKE, "title=hello");
    assert_int_equal(r.status, 303);
    assert_true(str_eq(r.location, STR("/sign-in?next=%2F"))); /* the address has no page of its own */
    assert_int_equal(things(t), 0);
    /* Who may not, learns nothing about the fields. */
    r = test_post(guest, MAKE, "title=x&nonsense=1");
    assert_int_equal(r.status, 303);

    assert_int_equal(test_get(member, "/mine").status, 200);
    r = test_get(member, "/manage");
    assert_int_equal(r.status, 403);
    assert_true(reply_has(r, "layout 403"));
    assert_int_equal(test_get_json(member, "/manage").status, 403);
    assert_int_equal(test_get(member, MAKE "/40").status, 404); /* its existence is secret */
    assert_int_equal(test_get(member, MAKE "/41").status, 403);
    assert_int_equal(test_get(signed_in(t, "person=9"), "/manage").status, 200);
    /* An account that was closed while its session lives is a guest. */
    assert_int_equal(test_get(signed_in(t, "person=66"), "/mine").status, 303);
}

/* ---- forgery ------------------------------------------------------------------------------------------------------- */

static struct str form_body(struct browser *b, struct str csrf)
{
    return str_printf(b->t->arena, "title=hello&_key=k%u%s" STR_FMT, b->keys++, csrf.len ? "&_csrf=" : "",
                      STR_ARG(csrf));
}

static void forgery(void **state)
{
    struct browser *b = signed_in(t, "person=5"), *other = signed_in(t, "person=6");
    struct test_request q = {
        .method = "POST", .path = MAKE, .accept = "text/html", .type = "application/x-www-form-urlencoded"};
    (void)state;

    q.body = form_body(b, test_csrf(b));
    q.site = "same-origin";
    assert_int_equal(test_send(b, &q).status, 303);
    q.site = NULL; /* an old browser says nothing */
    q.body = form_body(b, test_csrf(b));
    assert_int_equal(test_send(b, &q).status, 303);

    q.body = form_body(b, STR_NONE);
    assert_int_equal(test_send(b, &q).status, 403);
    q.body = form_body(b, test_csrf(other));
    assert_int_equal(test_send(b, &q).status, 403);
    q.body = form_body(b, STR("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"));
    assert_int_equal(test_send(b, &q).status, 403);

    q.body = form_body(b, test_csrf(b));
    q.site = "cross-site";
    assert_int_equal(test_send(b, &q).status, 403);
    q.site = "same-site";
    assert_int_equal(test_send(b, &q).status, 403);
    q.site = NULL;
    q.origin = "https://evil.example";
    assert_int_equal(test_send(b, &q).status, 403);
    q.origin = "null";
    assert_int_equal(test_send(b, &q).status, 403);
    q.origin = NULL;
    /* The token counts in the body only, never in the address, which others get to see. */
    q.body = form_body(b, STR_NONE);
    q.path = str_cstr(t->arena, str_printf(t->arena, MAKE "?_csrf=" STR_FMT, STR_ARG(test_csrf(b))));
    assert_int_equal(test_send(b, &q).status, 403);
    assert_int_equal(things(t), 2);

    /* Programs: with a cookie they need the token; without one they are nobody, and need none. */
    q = (struct test_request){.method = "POST",
                              .path = "/echo",
                              .accept = "application/json",
                              .type = "application/json",
                              .body = STR("{\"title\":\"hello\"}")};
    assert_int_equal(test_send(b, &q).status, 403);
    q.csrf = test_csrf(b);
    assert_int_equal(test_send(b, &q).status, 200);
    q.csrf = STR_NONE;
    q.no_cookies = true;
    assert_int_equal(test_send(b, &q).status, 200);
    q.site = "cross-site";
    assert_int_equal(test_send(b, &q).status, 403);
    /* A foreign page can send text/plain without asking: that is no JSON. */
    q.site = NULL;
    q.type = "text/plain";
    assert_int_equal(test_send(b, &q).status, 415);

    assert_int_equal(
        test_send(b,
                  &(struct test_request){.method = "POST", .path = "/hook", .type = "text/xml", .body = STR("<xml/>")})
            .status,
        200);
}

/* ---- wrong input ------------------------------------------------------------------------------------------------------- */

static void form_again(void **state)
{
    struct browser *b = signed_in(t, "person=5");
    (void)state;

    assert_true(reply_has(test_get(b, MAKE "/new"), "value=\"a default\""));
    struct reply r = test_post(b, MAKE, "title=much too long a title <b>&password=hunter22&count=77");
    assert_int_equal(r.status, 422);
    assert_true(str_starts(r.type, STR("text/html")));
    assert_true(reply_has(r, "new thing"));
    assert_true(reply_has(r, "value=\"much too long a title &lt;b&gt;\""));
    assert_false(reply_has(r, "hunter22"));
    assert_false(reply_has(r, "a default"));
    assert_true(reply_has(r, "#title"));
    assert_true(reply_has(r, "#count"));
    assert_int_equal(make_calls, 0);

    /* A rule of the handler: undone, and the form again, from inside the writer. */
    r = test_post(b, MAKE, "title=taken");
    assert_int_equal(r.status, 422);
    assert_true(reply_has(r, "value=\"taken\""));
    assert_true(reply_has(r, "#title"));
    assert_int_equal(things(t), 0);

    r = test_post(b, MAKE, "title=closed");
    assert_int_equal(r.status, 409);
    assert_true(reply_has(r, "layout 409"));
    assert_true(reply_has(r, "已经过期或已撤下"));
    assert_int_equal(things(t), 0);

    /* Refused, but the work is kept. */
    r = test_post(b, MAKE, "title=counted");
    assert_int_equal(r.status, 422);
    assert_true(reply_has(r, "value=\"counted\""));
    assert_int_equal(things(t), 1);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM kept_answer"), 0);

    /* And then it works. */
    r = test_post(b, MAKE, "title=fine");
    assert_int_equal(r.status, 303);
    assert_true(str_starts(r.location, STR(MAKE "/")));
    assert_int_equal(things(t), 2);
    r = test_follow(b, r);
    assert_int_equal(r.status, 200);
    assert_true(reply_has(r, "data-flash=\"app.home\""));
    assert_true(reply_has(test_get(b, "/"), "data-flash=\"-\"")); /* shown once */
}

static void problems(void **state)
{
    struct browser *b = signed_in(t, "person=5");
    (void)state;

    struct reply r = test_post_json(b, MAKE, "{\"title\":\"x\",\"count\":\"7\",\"nonsense\":1}");
    assert_int_equal(r.status, 422);
    assert_true(str_eq(r.type, STR("application/problem+json")));
    assert_true(str_eq(reply_json(t, r, "type"), STR("urn:lilong:problem:invalid")));
    assert_true(str_eq(reply_json(t, r, "errors.0.field"), STR("title")));
    assert_true(str_eq(reply_json(t, r, "errors.0.code"), STR("app.field.too_short")));
    assert_true(str_eq(reply_json(t, r, "errors.1.code"), STR("app.field.range")));
    assert_true(str_eq(reply_json(t, r, "errors.2.field"), STR("nonsense")));
    assert_true(str_eq(reply_json(t, r, "errors.2.code"), STR("app.field.unknown")));
    assert_false(reply_json_has(t, r, "errors.3"));
    r = test_post_json(b, MAKE, "{\"title\":\"taken\"}");
    assert_int_equal(r.status, 422);
    assert_true(str_eq(reply_json(t, r, "errors.0.field"), STR("title")));
    r = test_post_json(b, MAKE, "{\"title\":\"closed\"}");
    assert_int_equal(r.status, 409);
    assert_int_equal(test_post_json(b, MAKE, "{\"title\":").status, 400);
    assert_int_equal(test_post_json(b, MAKE, "[1]").status, 400);
    assert_int_equal(test_post_json(b, MAKE, "{\"title\":\"ab\",\"title\":\"cd\"}").status, 400);
    assert_int_equal(test_post_json(b, MAKE, "{\"title\":{\"a\":1}}").status, 400);
    r = test_post_json(b, MAKE, "{\"title\":\"fine\"}");
    assert_int_equal(r.status, 201);
    assert_true(str_eq(r.location, reply_json(t, r, "location")));
    assert_true(str_ends(r.location, reply_json(t, r, "id")));
    assert_int_equal(things(t), 1);
}

static void kinds(void **state)
{
    struct browser *b = test_browser(t);
    (void)state;

    struct reply r = test_post(
        b, "/echo",
        "title= 灯 坏了 &text=a%0D%0Ab&count=-3&other=9007199254740993&yes=on&kind=blue&day=2026-02-17"
        "&time=2026-02-17T09:30&share=0.5&ids=3&ids=4");
    assert_int_equal(r.status, 200);
    assert_string_equal(
        str_cstr(t->arena, r.body),
        "[灯 坏了][a\nb] count=-3 other=9007199254740993 yes=1 kind=2 day=20501 time=1771291800000 share=0.50 ids=3,4,");
    r = test_post_json(
        b, "/echo",
        "{\"title\":\"灯坏\",\"text\":\"a\\nb\",\"count\":-3,\"other\":\"9007199254740993\",\"yes\":true,\"kind\":\"blue\","
        "\"day\":\"2026-02-17\",\"time\":\"2026-02-17T01:30:00Z\",\"share\":0.5,\"ids\":[\"3\",4],\"password\":null}");
    assert_int_equal(r.status, 200);
    assert_string_equal(
        str_cstr(t->arena, r.body),
        "[灯坏][a\nb] count=-3 other=9007199254740993 yes=1 kind=2 day=20501 time=1771291800000 share=0.50 ids=3,4,");

    static const struct {
        const char *form, *field, *code;
    } wrong[] = {
        {"count=1", "title", "app.field.required"},
        {"title=  ", "title", "app.field.required"},
        {"title=a%0Ab", "title", "app.field.line"},
        {"title=灯", "title", "app.field.too_short"},
        {"title=一二三四五六七八九十一", "title", "app.field.too_long"},
        {"title=ab&count=6", "count", "app.field.range"},
        {"title=ab&count=%2B1", "count", "app.field.number"},
        {"title=ab&count=0x1", "count", "app.field.number"},
        {"title=ab&count=1.0", "count", "app.field.number"},
        {"title=ab&other=0", "other", "app.field.id"},
        {"title=ab&other=99999999999999999999", "other", "app.field.id"},
        {"title=ab&yes=maybe", "yes", "app.field.bool"},
        {"title=ab&kind=yellow", "kind", "app.field.choice"},
        {"title=ab&day=2026-02-30", "day", "app.field.date"},
        {"title=ab&time=2026-02-17T25:00", "time", "app.field.time"},
        {"title=ab&time=tomorrow", "time", "app.field.time"},
        {"title=ab&share=1.5", "share", "app.field.range"},
        {"title=ab&share=nan", "share", "app.field.real"},
        {"title=ab&share=1e0", "share", "app.field.real"},
        {"title=ab&ids=3&ids=x", "ids", "app.field.list"},
        {"title=ab&ids=1&ids=2&ids=3&ids=4", "ids", "app.field.too_many"},
        {"title=ab&nothing=1", "nothing", "app.field.unknown"},
    };
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        struct str body = str_printf(t->arena, "_csrf=" STR_FMT "&%s", STR_ARG(test_csrf(b)), wrong[i].form);
        r = test_send(b, &(struct test_request){.method = "POST",
                                                .path = "/echo",
                                                .accept = "application/json",
                                                .type = "application/x-www-form-urlencoded",
                                                .body = body});
        if (r.status != 422 || !str_eq(reply_json(t, r, "errors.0.field"), str_from_cstr(wrong[i].field)) ||
            !str_eq(reply_json(t, r, "errors.0.code"), str_from_cstr(wrong[i].code)))
            fail_msg("%s: %d " STR_FMT, wrong[i].form, r.status, STR_ARG(r.body));
    }
    /* Twice the same field is no answer to a question: refused as a whole, before anybody picks one of the two. */
    r = test_post_json(b, "/echo?title=ab", "{\"title\":\"cd\"}");
    assert_int_equal(r.status, 400);
    assert_true(str_eq(reply_json(t, r, "errors.0.field"), STR("title")));
    assert_true(str_eq(reply_json(t, r, "errors.0.code"), STR("app.field.duplicate")));
    assert_int_equal(test_post(b, "/echo", "title=ab&title=cd").status, 400);
    assert_int_equal(test_post(b, "/echo", "title=%FF%FE").status, 400);
    assert_int_equal(test_post(b, "/echo", "title=a%00b").status, 400);
    /* Fields of an address count as well; what WeChat hangs on a link does not. */
    b = signed_in(t, "person=5");
    assert_int_equal(test_get(b, MAKE "/new?hint=3&from=timeline&isappinstalled=0").status, 200);
    assert_int_equal(test_get(b, MAKE "/new?hint=33").status, 422);
    assert_int_equal(test_get(b, MAKE "/new?hint=3&other=1").status, 422);
}

static void uploads(void **state)
{
    struct browser *b = test_browser(t);
    struct test_file two[] = {{"photo", "a.jpg", "image/jpeg", STR("12345")},
                              {"photo", "b.jpg", "image/jpeg", STR("\xff\xd8")}};
    struct test_file three[] = {two[0], two[1], two[0]};
    const char *fields[] = {"title", "一张", NULL};
    char large[1001];
    (void)state;

    memset(large, 'x', sizeof(large));
    struct reply r = test_upload(b, "/upload", fields, two, 2);
    assert_int_equal(r.status, 200);
    assert_true(reply_has(r, "2 files 7 bytes"));
    assert_true(reply_has(test_upload(b, "/upload", fields, NULL, 0), "0 files 0 bytes"));
    r = test_upload(b, "/upload", fields, three, 3);
    assert_true(r.status == 413 || r.status == 422);
    three[0].bytes = (struct str){large, sizeof(large)};
    assert_int_equal(test_upload(b, "/upload", fields, three, 1).status, 422);
    three[0].field = "title";
    assert_int_equal(test_upload(b, "/upload", NULL, three, 1).status, 422);
}

/* ---- the same key acts once ------------------------------------------------------------------------------------------------ */

static struct test_request with_key(struct browser *b, const char *key, const char *json)
{
    return (struct test_request){.method = "POST",
                                 .path = MAKE,
                                 .accept = "application/json",
                                 .type = "application/json",
                                 .csrf = test_csrf(b),
                                 .key = key,
                                 .body = str_from_cstr(json)};
}

static void same_key(void **state)
{
    struct browser *b = signed_in(t, "person=5"), *other = signed_in(t, "person=6");
    (void)state;

    struct test_request q = with_key(b, "k1", "{\"title\":\"one\"}");
    struct reply first = test_send(b, &q), again = test_send(b, &q);
    assert_int_equal(first.status, 201);
    assert_int_equal(again.status, 201);
    assert_true(str_eq(first.location, again.location));
    assert_true(str_eq(first.body, again.body));
    assert_true(str_eq(first.type, again.type));
    assert_true(str_eq(reply_header(again, "Idempotency-Replayed"), STR("true")));
    assert_int_equal(things(t), 1);
    assert_int_equal(make_calls, 1);

    q = with_key(b, "k1", "{\"title\":\"two\"}"); /* another body under the key */
    assert_int_equal(test_send(b, &q).status, 422);
    q = with_key(other, "k1", "{\"title\":\"one\"}"); /* another person's key of the same name */
    assert_int_equal(test_send(other, &q).status, 201);
    assert_int_equal(things(t), 2);

    /* A failure is not kept: the next try may succeed. */
    q = with_key(b, "k2", "{\"title\":\"taken\"}");
    assert_int_equal(test_send(b, &q).status, 422);
    q = with_key(b, "k2", "{\"title\":\"free\"}");
    assert_int_equal(test_send(b, &q).status, 201);

    /* The form of a browser: sent twice, it lands at the same place, with its flash. */
    struct str body = str_printf(t->arena, "title=form&_key=k3&_csrf=" STR_FMT, STR_ARG(test_csrf(b)));
    q = (struct test_request){.method = "POST",
                              .path = MAKE,
                              .accept = "text/html",
                              .site = "same-origin",
                              .type = "application/x-www-form-urlencoded",
                              .body = body};
    first = test_send(b, &q);
    again = test_send(b, &q);
    assert_int_equal(first.status, 303);
    assert_int_equal(again.status, 303);
    assert_true(str_eq(first.location, again.location));
    assert_true(reply_has(test_follow(b, again), "data-flash=\"app.home\""));
    assert_int_equal(things(t), 4);
    q.body = str_printf(t->arena, "title=form&_csrf=" STR_FMT, STR_ARG(test_csrf(b)));
    assert_int_equal(test_send(b, &q).status, 400); /* a form without a key was cut */

    /* Kept for two days, then swept. */
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM kept_answer"), 4);
    test_clock_add(47 * TIME_HOUR);
    app_run_jobs(t->app);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM kept_answer"), 4);
    test_clock_add(2 * TIME_HOUR);
    app_run_jobs(t->app);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM kept_answer"), 0);
}

static void same_key_at_once(void **state)
{
    struct browser *b = signed_in(t, "person=5");
    struct reply r[10];
    (void)state;

    struct test_request q = with_key(b, "k1", "{\"title\":\"one\"}");
    test_send_parallel(b, &q, 10, r);
    for (size_t i = 0; i < 10; i++) {
        assert_int_equal(r[i].status, 201);
        assert_true(str_eq(r[i].body, r[0].body));
    }
    assert_int_equal(things(t), 1);
    assert_int_equal(make_calls, 1);
}

/* A page's script sends a form and asks for JSON: the page that it goes to then says what has happened, once. */
static void sent_by_script(void **state)
{
    struct browser *b = signed_in(t, "person=5");
    struct str body = str_printf(t->arena, "title=form&_key=k1&_csrf=" STR_FMT, STR_ARG(test_csrf(b)));
    struct test_request q = {.method = "POST",
                             .path = MAKE,
                             .accept = "application/json",
                             .site = "same-origin",
                             .type = "application/x-www-form-urlencoded",
                             .body = body};
    (void)state;

    struct reply r = test_send(b, &q);
    assert_int_equal(r.status, 201);
    struct reply part = test_send(b, &(struct test_request){.path = "/", .more = "HX-Request: true\r\n"});
    assert_int_equal(part.status, 200); /* a part of a page does not use the message up */
    struct reply page = test_get(b, str_cstr(t->arena, reply_json(t, r, "location")));
    assert_true(reply_has(page, "data-flash=\"app.home\""));
    assert_true(reply_has(test_get(b, "/"), "data-flash=\"-\""));
    assert_int_equal(test_send(b, &q).status, 201); /* the second press, too */
    assert_true(reply_has(test_get(b, "/"), "data-flash=\"app.home\""));

    /* A program that speaks JSON has no next page. */
    q = with_key(b, "k2", "{\"title\":\"api\"}");
    r = test_send(b, &q);
    assert_int_equal(r.status, 201);
    assert_int_equal(reply_header(r, "Set-Cookie").len, 0);
}

/* ---- two people edit the same ------------------------------------------------------------------------------------------------- */

static struct str version_in(struct reply page)
{
    struct str mark = STR("name=\"_version\" value=\"");
    size_t at = str_find(page.body, mark);

    assert_true(at != SIZE_MAX);
    return str_dup(t->arena, str_sub(page.body, at + mark.len, 32));
}

static void edits_do_not_overwrite(void **state)
{
    struct browser *b = signed_in(t, "person=5"), *other = signed_in(t, "person=6");
    struct str mine, etag;
    struct reply r;
    (void)state;

    snprintf(edited_name, sizeof(edited_name), "first");
    mine = version_in(test_get(b, "/edit"));
    r = test_get_json(b, "/edit");
    etag = reply_header(r, "ETag");
    assert_true(str_eq(etag, str_printf(t->arena, "\"" STR_FMT "\"", STR_ARG(mine))));
    assert_int_equal(test_get(b, "/").status, 200);
    assert_int_equal(reply_header(test_get(b, "/mine"), "ETag").len, 0);

    /* a form: somebody else was quicker; what was typed is kept, what stands there now is shown, and the second try counts */
    r = test_post(other, "/edit",
                  str_cstr(t->arena, str_printf(t->arena, "title=theirs&_version=" STR_FMT, STR_ARG(mine))));
    assert_int_equal(r.status, 303);
    r = test_post(b, "/edit", str_cstr(t->arena, str_printf(t->arena, "title=ours&_version=" STR_FMT, STR_ARG(mine))));
    assert_int_equal(r.status, 412);
    assert_string_equal(edited_name, "theirs");
    assert_true(reply_has(r, "value=\"ours\""));
    assert_true(reply_has(r, "id=\"title-error\""));
    assert_true(reply_has(r, "theirs</p>"));
    assert_true(reply_has(r, "role=\"alert\""));
    assert_false(str_eq(version_in(r), mine));
    /* a mistake in between does not take the newer version along unseen */
    r = test_post(b, "/edit", str_cstr(t->arena, str_printf(t->arena, "title=x&_version=" STR_FMT, STR_ARG(mine))));
    assert_int_equal(r.status, 422);
    assert_true(str_eq(version_in(r), mine));
    r = test_post(b, "/edit",
                  str_cstr(t->arena, str_printf(t->arena, "title=ours&_version=" STR_FMT,
                                                STR_ARG(version_in(test_get(b, "/edit"))))));
    assert_int_equal(r.status, 303);
    assert_string_equal(edited_name, "ours");

    /* a program: If-Match */
    struct test_request q = {
        .method = "POST",
        .path = "/edit",
        .accept = "application/json",
        .type = "application/json",
        .csrf = test_csrf(b),
        .body = STR("{\"title\":\"by program\"}"),
        .more = str_cstr(t->arena, str_printf(t->arena, "If-Match: " STR_FMT "\r\n", STR_ARG(etag)))};
    r = test_send(b, &q);
    assert_int_equal(r.status, 412);
    assert_true(str_eq(r.type, STR("application/problem+json")));
    assert_true(reply_has(r, "urn:lilong:problem:changed"));
    assert_string_equal(edited_name, "ours");
    etag = reply_header(test_get_json(b, "/edit"), "ETag");
    q.more = str_cstr(t->arena, str_printf(t->arena, "If-Match: \"other\", " STR_FMT "\r\n", STR_ARG(etag)));
    assert_int_equal(test_send(b, &q).status, 200);
    assert_string_equal(edited_name, "by program");
    q.more = "If-Match: *\r\n";
    assert_int_equal(test_send(b, &q).status, 200);
    q.more = NULL; /* who asks for nothing, overwrites */
    assert_int_equal(test_send(b, &q).status, 200);
}

/* ---- when something is out --------------------------------------------------------------------------------------------------- */

static void memory_out(void **state)
{
    struct browser *b = signed_in(t, "person=5");
    (void)state;

    struct reply r = test_get(b, "/hungry");
    assert_int_equal(r.status, 503);
    assert_true(reply_header(r, "Retry-After").len > 0);
    assert_true(reply_has(r, "系统繁忙"));
    r = test_get_json(b, "/hungry");
    assert_int_equal(r.status, 503);
    assert_true(str_eq(r.type, STR("application/problem+json")));
    r = test_post(b, MAKE, "title=huge"); /* inside the writer */
    assert_int_equal(r.status, 503);
    assert_int_equal(things(t), 0);
    assert_int_equal(test_post(b, MAKE, "title=fine").status, 303);
    assert_int_equal(test_get(b, "/").status, 200);
}

static void our_own_mistakes(void **state)
{
    struct browser *b = signed_in(t, "person=5");
    (void)state;

    struct reply r = test_get(b, "/silent"); /* OK without an answer */
    assert_int_equal(r.status, 500);
    assert_true(reply_has(r, str_cstr(t->arena, reply_header(r, "X-Request-Id"))));
    r = test_post(b, MAKE, "title=broken");
    assert_int_equal(r.status, 500);
    assert_int_equal(things(t), 0);
}

static void slow_work(void **state)
{
    struct browser *b = signed_in(t, "person=5");
    (void)state;

    assert_int_equal(test_post(b, "/slow-write", "ms=1").status, 303);
    assert_int_equal(things(t), 1);
    assert_int_equal(test_post(b, "/slow-write", "ms=x").status, 422);
    assert_true(reply_has(test_get(b, "/slow?ms=1"), "slow"));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, open_app, close_app)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(pages_and_json),
        TEST(languages),
        TEST(fragments),
        TEST(refusals),
        TEST(methods),
        TEST(headers),
        TEST(etags),
        TEST(access_rules),
        TEST(forgery),
        TEST(form_again),
        TEST(problems),
        TEST(kinds),
        TEST(uploads),
        TEST(same_key),
        TEST(same_key_at_once),
        TEST(sent_by_script),
        TEST(edits_do_not_overwrite),
        TEST(memory_out),
        TEST(our_own_mistakes),
        TEST(slow_work),
    };
    return cmocka_run_group_tests_name("pipeline", tests, NULL, NULL);
}
