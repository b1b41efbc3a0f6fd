/* routes_desk_test.c: the desk for estates and organisations over real sockets. */
#include "civic/home/lane_test.h"
#include "civic/place/place_module.h"
#include "civic/service/service.h"

static const struct module *const modules[] = {&lane_module, &home_module, &place_module, &place_estates_module,
                                               &place_organisations_module};
static struct services services;

static enum result put_login(struct db *db, void *arg)
{
    (void)arg;
    return sql_person_login_put(db, STR("stranger"), lane.stranger);
}

static int setup(void **state)
{
    (void)state;
    lane_open(modules, sizeof modules / sizeof *modules, NULL);
    test_write(t, put_login, NULL);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    test_app_close(t);
    return 0;
}

#define path(...) test_path(t, __VA_ARGS__)

#define assert_str(value, expected) assert_string_equal(str_cstr(t->arena, (value)), (expected))
#define LL(n) ((long long)(n))

/* ---- estates ------------------------------------------------------------------------------------------------------------ */

static void estates_are_the_committees(void **state)
{
    static const char *const pages[] = {"/desk/places/310113007011", "/desk/places", "/desk/places/dwellings.csv"};
    struct browser *cadre = lane_browser(lane.cadre);
    struct reply r;
    (void)state;

    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(test_get(lane_browser(0), pages[i]).status, 303);
        assert_int_equal(test_get(lane_browser(lane.resident), pages[i]).status, 403);
        assert_int_equal(test_get(lane_browser(lane.handler), pages[i]).status, 403);
    }
    assert_int_equal(test_get(cadre, "/desk/places/310113007012").status, 403); /* the neighbours' */
    assert_int_equal(test_get(cadre, "/desk/places/999999999999").status, 404);
    r = test_get(cadre, "/desk/places");
    assert_str(r.location, "/desk/places/310113007011");
    r = test_get(cadre, "/desk/places/310113007011");
    assert_int_equal(r.status, 200);
    assert_true(reply_has(r, "海江路小区"));
    assert_true(reply_has(r, "共 4 户"));
    r = test_get(lane_browser(lane.officer), "/desk/places"); /* the street's office: both communities */
    assert_true(reply_has(r, "/desk/places/310113007011"));
    assert_true(reply_has(r, "/desk/places/310113007012"));
    assert_int_equal(
        test_post(lane_browser(lane.resident), "/desk/places/310113007011/estates", "estate_name=x").status, 403);
}

static void estates_buildings_and_dwellings_by_hand(void **state)
{
    struct browser *b = lane_browser(lane.cadre);
    const char *estate;
    struct reply r;
    (void)state;

    r = test_post(b, "/desk/places/310113007011/estates", "estate_name=海江路小区&address=");
    assert_int_equal(r.status, 422);
    assert_true(reply_has(r, "已经有同名的小区了"));
    assert_true(reply_has(r, "value=\"海江路小区\""));
    assert_int_equal(test_post(b, "/desk/places/310113007011/estates", "estate_name=").status, 422);
    r = test_post(b, "/desk/places/310113007011/estates", "estate_name=<b>新村</b>&address=新村路 2 弄");
    assert_int_equal(r.status, 303);
    estate = str_cstr(t->arena, r.location);
    r = test_get(b, estate);
    assert_int_equal(r.status, 200);
    assert_true(reply_has(r, "&lt;b&gt;新村&lt;/b&gt;"));
    assert_true(reply_has(r, "/code.svg"));

    r = test_post(b, path("%s/buildings", estate), "building_name=7号楼");
    assert_int_equal(r.status, 303);
    const char *chosen = str_cstr(t->arena, r.location);
    assert_int_equal(test_post(b, path("%s/buildings", estate), "building_name=7 号").status,
                     422); /* the same by another name */
    r = test_get_json(b, chosen);
    const char *building = str_cstr(t->arena, reply_json(t, r, "buildings.0.building"));
    assert_int_equal(
        test_post(b, path("%s/dwellings", estate), path("building=%s&room=301室&area=80.5", building)).status, 303);
    r = test_post(b, path("%s/dwellings", estate), path("building=%s&room=301", building));
    assert_int_equal(r.status, 422);
    assert_true(reply_has(r, "这一室已经有了"));
    assert_int_equal(
        test_post(b, path("%s/dwellings", estate), path("building=%lld&room=1", LL(lane.building.id))).status, 422);
    assert_int_equal(test_post(b, path("%s/dwellings", estate), path("building=%s&room=1&area=-3", building)).status,
                     422);
    r = test_get_json(b, chosen);
    assert_str(reply_json(t, r, "dwellings.0.room"), "301室");
    r = test_post_json(b, "/desk/places/310113007011/estates", "{\"estate_name\":\"第三村\"}");
    assert_true(r.status == 200 || r.status == 201);
    r = test_post_json(b, "/desk/places/310113007011/estates", "{\"estate_name\":\"第三村\"}");
    assert_int_equal(r.status, 422);
    assert_str(reply_json(t, r, "errors.0.field"), "estate_name");
}

static void a_new_code_voids_the_old_one(void **state)
{
    struct browser *b = lane_browser(lane.cadre);
    const char *old = path("/q/%.*s", (int)lane.estate.qr_code.len, lane.estate.qr_code.ptr);
    struct reply r = test_post(b, path("/desk/places/310113007011/estate/%lld/code", LL(lane.estate.id)), "");
    (void)state;

    assert_int_equal(r.status, 303);
    assert_int_equal(test_get(b, old).status, 410);
    r = test_get_json(b, str_cstr(t->arena, r.location));
    assert_int_equal(test_get(b, path("/q/%s", str_cstr(t->arena, reply_json(t, r, "code")))).status, 200);
    assert_int_equal(test_post(lane_browser(lane.resident),
                               path("/desk/places/310113007011/estate/%lld/code", LL(lane.estate.id)), "")
                         .status,
                     403);
    assert_int_equal(test_get(b, path("/desk/places/310113007012/estate/%lld", LL(lane.estate.id))).status,
                     404); /* not there */
}

static struct reply import(struct browser *b, const char *kind, struct str csv)
{
    const char *fields[] = {"kind", kind, NULL};
    struct test_file file = {"file", "houses.csv", "text/csv", csv};

    return test_upload(b, "/desk/places/310113007011/import", fields, &file, 1);
}

static void a_table_is_taken_whole_or_not_at_all(void **state)
{
    struct browser *b = lane_browser(lane.cadre);
    struct reply r;
    (void)state;

    r = import(
        b, "dwellings",
        STR("小区,楼栋,楼组,室号,面积\n海江路小区,9号楼,,101室,70\n海江路小区,9号楼,,102室,siebzig\n海江路小区,9号楼,,,70\n"));
    assert_int_equal(r.status, 422);
    assert_true(reply_has(r, "第 3 行"));
    assert_true(reply_has(r, "面积要写平方米数"));
    assert_true(reply_has(r, "第 4 行"));
    r = test_get_json(b, "/desk/places/310113007011");
    assert_str(reply_json(t, r, "households"), "4"); /* not even the good line */
    r = import(b, "dwellings",
               STR("小区,楼栋,楼组,室号,面积\n海江路小区,9号楼,,101室,70\n海江路小区,9号楼,,102室,71\n"));
    assert_int_equal(r.status, 200);
    assert_true(reply_has(r, "导入完成，共 2 行"));
    r = test_get_json(b, "/desk/places/310113007011");
    assert_str(reply_json(t, r, "households"), "6");
    r = import(b, "estates", STR("小区,地址\n东村,东路 1 弄\n"));
    assert_int_equal(r.status, 200);
    r = import(b, "estates", STR("\xFF\xFE\x00\x01 nonsense"));
    assert_int_equal(r.status, 422);
    r = import(b, "estates", STR(""));
    assert_int_equal(r.status, 422);
    r = test_get(b, "/desk/places/dwellings.csv");
    assert_true(reply_has(r, "小区,楼栋,楼组,室号,面积"));
}

/* ---- organisations ------------------------------------------------------------------------------------------------------- */

static void organisations_of_ones_own_place(void **state)
{
    struct browser *secretary = lane_browser(lane.secretary), *officer = lane_browser(lane.officer);
    struct reply r;
    (void)state;

    assert_int_equal(test_get(lane_browser(lane.cadre), "/desk/organisations").status, 403);
    assert_int_equal(test_get(lane_browser(lane.resident), "/desk/organisations").status, 403);
    r = test_get(secretary, "/desk/organisations");
    assert_int_equal(r.status, 200);
    assert_true(reply_has(r, path("href=\"/desk/organisations/%lld\"", LL(lane.property.id))));
    assert_true(reply_has(r, "吴淞派出所")); /* serves it, and is the street's to edit */
    assert_false(reply_has(r, path("href=\"/desk/organisations/%lld\"", LL(lane.police.id))));
    assert_int_equal(test_get(secretary, path("/desk/organisations/%lld", LL(lane.police.id))).status, 403);
    assert_int_equal(test_post(secretary, path("/desk/organisations/%lld/end", LL(lane.police.id)), "").status, 403);
    assert_int_equal(test_get(secretary, "/desk/organisations/12345").status, 404);
    r = test_get(officer, "/desk/organisations");
    assert_true(reply_has(r, path("href=\"/desk/organisations/%lld\"", LL(lane.police.id))));
    assert_true(reply_has(r, path("href=\"/desk/organisations/%lld\"", LL(lane.property.id))));
}

static void nobody_rises_by_founding_an_office(void **state)
{
    struct browser *b = lane_browser(lane.secretary);
    (void)state;

    assert_int_equal(test_post(b, "/desk/organisations", "name=自家办事处&kind=subdistrict_office").status, 422);
    assert_int_equal(test_post(b, "/desk/organisations", "name=别家物业&kind=property_company&at=310113007012").status,
                     422);
    assert_int_equal(test_post(b, "/desk/organisations", "name=街道物业&kind=property_company&at=310113007000").status,
                     422);
    assert_int_equal(test_post(b, "/desk/organisations", "name=什么&kind=royal_court").status, 422);
    assert_int_equal(
        test_post(b, path("/desk/organisations/%lld/posts", LL(lane.committee.id)), "who=stranger&role=administrator")
            .status,
        422);
    assert_int_equal(
        test_post(b, path("/desk/organisations/%lld/posts", LL(lane.committee.id)), "who=stranger&role=street_officer")
            .status,
        422);
    assert_int_equal(
        test_post(b, path("/desk/organisations/%lld/serve", LL(lane.property.id)), "serve_at=310113007012&serves=yes")
            .status,
        422);
}

static void a_credit_code_is_asked_about_once_more(void **state)
{
    struct browser *b = lane_browser(lane.secretary);
    struct reply r;
    (void)state;

    r = test_post(b, "/desk/organisations",
                  "name=好邻居公司&kind=property_company&phone=021-5600 1111&credit_code=12345");
    assert_int_equal(r.status, 422);
    assert_true(reply_has(r, "value=\"好邻居公司\""));
    r = test_post(b, "/desk/organisations", "name=好邻居公司&kind=property_company&credit_code=91350100M000100Y44");
    assert_int_equal(r.status, 422);
    assert_true(reply_has(r, "校验位对不上"));
    r = test_post(b, "/desk/organisations",
                  "name=好邻居公司&kind=property_company&credit_code=91350100M000100Y44&credit_sure=1");
    assert_int_equal(r.status, 303);
    r = test_post(b, "/desk/organisations", "name=又一家公司&kind=property_company&credit_code=91350100m000100y43");
    assert_int_equal(r.status, 303);
    r = test_get_json(b, str_cstr(t->arena, r.location));
    assert_str(reply_json(t, r, "credit_code"), "91350100M000100Y43");
    assert_int_equal(test_post(b, "/desk/organisations", "name=x&kind=property_company&phone=ring mich an").status,
                     422);
}

static void an_organisation_is_changed_and_ended(void **state)
{
    struct browser *b = lane_browser(lane.secretary);
    const char *at = path("/desk/organisations/%lld", LL(lane.property.id));
    struct reply r;
    (void)state;

    r = test_post(b, at, "name=海江物业服务&phone=021-5600 2222&credit_code=");
    assert_int_equal(r.status, 303);
    r = test_get(b, at);
    assert_true(reply_has(r, "海江物业服务"));
    assert_true(reply_has(r, "021-5600 2222"));
    assert_int_equal(test_post(b, at, "name=").status, 422);
    assert_int_equal(test_post(b, path("/desk/organisations/%lld/end", LL(lane.committee.id)), "").status,
                     409); /* one's own */
    assert_int_equal(test_post(b, path("%s/end", at), "").status, 303);
    assert_int_equal(test_post(b, path("%s/end", at), "").status, 409);
    assert_int_equal(test_post(b, at, "name=noch einmal").status, 409);
    assert_int_equal(test_post(b, path("%s/posts", at), "who=stranger&role=handler").status, 409);
    assert_false(reply_has(test_get(b, "/desk/organisations"), "海江物业服务"));
}

static void posts_are_given_and_taken(void **state)
{
    struct browser *b = lane_browser(lane.secretary), *stranger = lane_browser(lane.stranger);
    const char *posts = path("/desk/organisations/%lld/posts", LL(lane.committee.id)), *post;
    struct reply r;
    (void)state;

    assert_int_equal(test_get(stranger, "/desk/places/310113007011").status, 403);
    r = test_post(b, posts, "who=nobody.here&role=cadre");
    assert_int_equal(r.status, 422);
    assert_true(reply_has(r, "没有找到这个账号"));
    assert_false(reply_has(r, "nobody.here")); /* may be a number: not given back */
    assert_int_equal(test_post(b, posts, "who=13800138000&role=cadre").status, 422);
    r = test_post(b, posts, "who=stranger&role=cadre&title=条线干部");
    assert_int_equal(r.status, 303);
    assert_int_equal(test_post(b, posts, "who=stranger&role=cadre").status, 422);  /* has it */
    assert_int_equal(test_get(stranger, "/desk/places/310113007011").status, 303); /* has to sign in anew */
    stranger = lane_browser(lane.stranger);
    assert_int_equal(test_get(stranger, "/desk/places/310113007011").status, 200);
    r = test_get_json(b, path("/desk/organisations/%lld", LL(lane.committee.id)));
    post = str_cstr(t->arena, reply_json(t, r, "posts.2.post"));
    assert_str(reply_json(t, r, "posts.2.title"), "条线干部");
    assert_int_equal(test_post(b, path("/desk/organisations/%lld/posts/%s/end", LL(lane.property.id), post), "").status,
                     404);
    assert_int_equal(test_post(b, path("%s/%s/end", posts, post), "").status, 303);
    assert_int_equal(test_post(b, path("%s/%s/end", posts, post), "").status, 409);
    stranger = lane_browser(lane.stranger);
    assert_int_equal(test_get(stranger, "/desk/places/310113007011").status, 403);
    post = str_cstr(t->arena, reply_json(t, r, "posts.0.post")); /* the secretary's own */
    assert_int_equal(test_post(b, path("%s/%s/end", posts, post), "").status, 409);
}

/* Two have the same page open: the second one sees what the first has written before it is lost. */
static void an_edit_does_not_overwrite_another(void **state)
{
    struct browser *first = lane_browser(lane.secretary), *second = lane_browser(lane.secretary);
    const char *at = path("/desk/organisations/%lld", LL(lane.property.id));
    struct str mark = STR("name=\"_version\" value=\""), version, page = test_get(second, at).body;
    struct reply r;
    (void)state;

    assert_true(str_find(page, mark) != SIZE_MAX);
    version = str_sub(page, str_find(page, mark) + mark.len, 32);
    assert_int_equal(test_post(first, at, path("name=海江物业服务&_version=" STR_FMT, STR_ARG(version))).status, 303);
    r = test_post(second, at, path("name=海江物业公司&_version=" STR_FMT, STR_ARG(version)));
    assert_int_equal(r.status, 412);
    assert_true(reply_has(r, "value=\"海江物业公司\"")); /* as typed */
    assert_true(reply_has(r, "海江物业服务</p>"));       /* as it is */
    assert_int_equal(test_post(second, path("%s/end", at), path("_version=" STR_FMT, STR_ARG(version))).status, 412);
    r = test_get_json(second, at);
    assert_true(reply_header(r, "ETag").len > 0);
    assert_true(str_eq(reply_json(t, r, "name"), STR("海江物业服务")));
    assert_true(reply_has(test_get(second, at), "name=\"credit_code\"")); /* not ended: the form is there */
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(estates_are_the_committees),
        TEST(estates_buildings_and_dwellings_by_hand),
        TEST(a_new_code_voids_the_old_one),
        TEST(a_table_is_taken_whole_or_not_at_all),
        TEST(organisations_of_ones_own_place),
        TEST(nobody_rises_by_founding_an_office),
        TEST(a_credit_code_is_asked_about_once_more),
        TEST(an_organisation_is_changed_and_ended),
        TEST(an_edit_does_not_overwrite_another),
        TEST(posts_are_given_and_taken),
    };

    services.keys = crypto_keys_for_test();
    lane_services = &services;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
