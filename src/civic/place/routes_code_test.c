/* routes_code_test.c: what a scanned code leads to. */
#include "civic/home/lane_test.h"
#include "civic/place/place_module.h"
#include "civic/service/service.h"
#include "engine/page/poster.h"
#include "engine/page/qr.h"

static const struct module *const modules[] = {&lane_module, &home_module, &place_module};
static struct services services;

static int setup(void **state)
{
    (void)state;
    lane_open(modules, 3, NULL);
    return 0;
}

static void public_address(struct config *c)
{
    c->http.limits_percent = 0;
    c->listen.public_url = STR("https://lilong.example.cn");
}

static int setup_public(void **state)
{
    (void)state;
    lane_open(modules, 3, public_address);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    test_app_close(t);
    return 0;
}

static const char *at(const char *tail)
{
    return str_cstr(t->arena, str_printf(t->arena, "/q/" STR_FMT "%s", STR_ARG(lane.estate.qr_code), tail));
}

#define assert_str(value, expected) assert_string_equal(str_cstr(t->arena, (value)), (expected))

static void the_landing_page_names_the_estate(void **state)
{
    struct browser *guest = lane_browser(0);
    struct reply r = test_get(guest, at(""));
    char lower[16] = {0};
    (void)state;

    assert_int_equal(r.status, 200);
    assert_true(reply_has(r, "海江路小区"));
    assert_true(reply_has(r, "吴淞街道 吴淞新城居委会"));
    assert_true(reply_has(r, "href=\"/p/310113007011\""));
    assert_true(reply_has(r, "/join?estate="));
    assert_true(reply_has(r, "021-5000 0000"));
    assert_false(reply_has(r, "poster.pdf"));
    r = test_get_json(guest, at(""));
    assert_str(reply_json(t, r, "place"), "310113007011");
    for (size_t i = 0; i < lane.estate.qr_code.len; i++)
        lower[i] = lane.estate.qr_code.ptr[i] >= 'A' ? (char)(lane.estate.qr_code.ptr[i] + 32)
                                                     : lane.estate.qr_code.ptr[i];
    assert_int_equal(test_get(guest, str_cstr(t->arena, str_printf(t->arena, "/q/%s", lower))).status, 200);
    assert_false(reply_has(test_get(lane_browser(lane.resident), at("")), "/join?estate="));
    assert_true(reply_has(test_get(lane_browser(lane.cadre), at("")), "poster.pdf"));
}

static enum result renew(struct db *db, void *arg)
{
    struct str code;
    (void)arg;

    return estate_renew_code(db, HERE, lane.estate.id, time_now(), lane.cadre, &code);
}

static void codes_that_lead_nowhere_say_so(void **state)
{
    struct browser *guest = lane_browser(0);
    struct reply r = test_get(guest, "/q/XXXXXXXX");
    (void)state;

    assert_int_equal(r.status, 404);
    assert_true(reply_has(r, "没有这个二维码"));
    assert_int_equal(test_get(guest, "/q/XXXXXXXX/code.png").status, 404);
    assert_int_equal(test_get(guest, "/q/%3Cb%3E").status, 404);
    test_write(t, renew, NULL);
    r = test_get(guest, at(""));
    assert_int_equal(r.status, 410);
    assert_true(reply_has(r, "换了新的二维码"));
    assert_int_equal(test_get(guest, at("/code.svg")).status, 404);
}

static void the_code_holds_where_the_page_is(void **state)
{
    struct browser *guest = lane_browser(0);
    struct str address = str_printf(t->arena, "http://127.0.0.1:%u%s", t->port, at("")), png, svg;
    struct reply r = test_get(guest, at("/code.png"));
    (void)state;

    assert_int_equal(r.status, 200);
    assert_str(r.type, "image/png");
    assert_int_equal(qr_png(t->arena, address, 16, &png), OK);
    assert_true(str_eq(png, r.body));
    r = test_get(guest, at("/code.svg"));
    assert_str(r.type, "image/svg+xml");
    assert_int_equal(qr_svg(t->arena, address, &svg), OK);
    assert_true(str_eq(svg, r.body));
    r = test_send(guest, &(struct test_request){.path = at("/code.svg"), .host = "other.example.cn"});
    assert_int_equal(qr_svg(t->arena, str_printf(t->arena, "http://other.example.cn%s", at("")), &svg), OK);
    assert_true(str_eq(svg, r.body));
}

static void the_setting_goes_before_the_host(void **state)
{
    struct str svg;
    struct reply r = test_get(lane_browser(0), at("/code.svg"));
    (void)state;

    assert_int_equal(qr_svg(t->arena, str_printf(t->arena, "https://lilong.example.cn%s", at("")), &svg), OK);
    assert_true(str_eq(svg, r.body));
}

static void the_poster_is_the_staffs(void **state)
{
    struct reply r;
    (void)state;

    assert_true(test_get(lane_browser(0), at("/poster.pdf")).status >= 300);
    assert_int_equal(test_get(lane_browser(lane.resident), at("/poster.pdf")).status, 403);
    assert_int_equal(test_get(lane_browser(lane.handler), at("/poster.pdf")).status, 403);
    assert_int_equal(test_get(lane_browser(lane.cadre), at("/poster.pdf")).status, 503); /* nothing here draws */

    test_app_close(t);
    assert_int_equal(worker_pool_open(&poster_worker_kind, 1, 1, NULL, &services.posters), OK);
    setup(NULL);
    r = test_get(lane_browser(lane.cadre), at("/poster.pdf"));
    assert_int_equal(r.status, 200);
    assert_str(r.type, "application/pdf");
    assert_true(str_starts(r.body, STR("%PDF-")));
    assert_true(r.body.len > 5000);
    test_app_close(t);
    worker_pool_close(services.posters);
    services.posters = NULL;
    setup(NULL);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_landing_page_names_the_estate, setup, teardown),
        cmocka_unit_test_setup_teardown(codes_that_lead_nowhere_say_so, setup, teardown),
        cmocka_unit_test_setup_teardown(the_code_holds_where_the_page_is, setup, teardown),
        cmocka_unit_test_setup_teardown(the_setting_goes_before_the_host, setup_public, teardown),
        cmocka_unit_test_setup_teardown(the_poster_is_the_staffs, setup, teardown),
    };
    static const struct worker_kind *const kinds[] = {&poster_worker_kind};

    if (argc == 3 && strcmp(argv[1], "worker") == 0)
        return worker_main(kinds, 1, argv[2]);
    lane_services = &services;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
