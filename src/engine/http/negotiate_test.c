#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "engine/http/negotiate.h"

static const struct str types[] = {{"text/html", 9}, {"application/json", 16}};
static const struct str languages[] = {{"zh-CN", 5}, {"en", 2}};
static const struct str codings[] = {{"br", 2}, {"gzip", 4}};

static const struct {
    const char *field;
    size_t want;
} type_rows[] =
    {
        {"", 0},
        {"*/*", 0},
        {"application/json", 1},
        {"text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8", 0},
        {"application/json, text/html", 0},
        {"application/json, text/html;q=0.9", 1},
        {"application/*, text/html;q=0.2", 1},
        {"text/html;q=0, */*", 1},
        {"text/html;q=0.000, application/json;q=0.001", 1},
        {"TEXT/HTML;q=0.5,Application/JSON;Q=0.6", 1},
        {"image/png", SIZE_MAX},
        {"text/html;q=0", SIZE_MAX},
        {"text/html;q=2, application/json;q=0.1", 1},
        {"text/html;q=1.001, application/json;q=0.1", 1},
        {"text/html ; level=1 ; q=0.1 , application/json ; q=0.2", 1},
        {",,;q=1,", SIZE_MAX},
},
  language_rows[] =
      {
          {"", 0},
          {"zh-CN,zh;q=0.9,en;q=0.8", 0},
          {"en-US,en;q=0.9,zh-CN;q=0.8", 1},
          {"en", 1},
          {"zh-Hans-SG", 0},
          {"zh-TW,en;q=0.5", 0},
          {"fr", 0},
          {"fr,*;q=0.1", 0},
          {"zh-CN;q=0,*", 1},
},
  coding_rows[] = {
      {"", SIZE_MAX},   {"gzip, deflate, br", 0}, {"gzip, deflate", 1},
      {"br;q=0, *", 1}, {"identity", SIZE_MAX},   {"br;q=0.1, gzip;q=0.2", 1},
};

static void choosers(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(type_rows) / sizeof(type_rows[0]); i++)
        if (negotiate_type(str_from_cstr(type_rows[i].field), types, 2) != type_rows[i].want)
            fail_msg("type: %s", type_rows[i].field);
    for (size_t i = 0; i < sizeof(language_rows) / sizeof(language_rows[0]); i++)
        if (negotiate_language(str_from_cstr(language_rows[i].field), languages, 2) != language_rows[i].want)
            fail_msg("language: %s", language_rows[i].field);
    for (size_t i = 0; i < sizeof(coding_rows) / sizeof(coding_rows[0]); i++)
        if (negotiate_encoding(str_from_cstr(coding_rows[i].field), codings, 2) != coding_rows[i].want)
            fail_msg("coding: %s", coding_rows[i].field);
}

static void entity_tags(void **state)
{
    (void)state;
    assert_true(etag_in(STR("\"a\""), STR("\"a\"")));
    assert_true(etag_in(STR("\"x\", W/\"a\""), STR("\"a\"")));
    assert_true(etag_in(STR("\"a,b\",\"c\""), STR("W/\"a,b\"")));
    assert_true(etag_in(STR(" * "), STR("\"a\"")));
    assert_false(etag_in(STR("\"b\""), STR("\"a\"")));
    assert_false(etag_in(STR("a"), STR("\"a\"")));
    assert_false(etag_in(STR("\"a"), STR("\"a\"")));
    assert_false(etag_in(STR(""), STR("\"a\"")));
    assert_false(etag_in_strong(STR("W/\"a\""), STR("\"a\"")));
    assert_false(etag_in_strong(STR("\"a\""), STR("W/\"a\"")));
    assert_true(etag_in_strong(STR("W/\"a\", \"a\""), STR("\"a\"")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(choosers), cmocka_unit_test(entity_tags)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
