/* probe.c: fills the probe's view with hostile data and prints what comes out. Compiled and run by
 * tools/views/views_test.c, which compares the output with golden.txt. The JSON is checked against its own schema. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "engine/base/time.h"
#include "engine/page/asset_table.h"
#include "probe/views/probe.html.h"
#include "probe/views/frame.html.h"

const struct asset asset_table[] = {{{NULL, 0}}};
const size_t asset_table_n = 0;
const struct str asset_icon_table[] = {{"bell", 4}};
const size_t asset_icon_table_n = 1;
const struct str asset_icon_path = {"/assets/icons.1.svg", 19};

#define CANARY "<script>x('&\")</script>"

static void complain(const char *where, const char *what)
{
    printf("BROKEN: %s: %s\n", where, what);
    exit(1);
}

static bool type_allows(const json_t *type, const json_t *value)
{
    static const char *const names[] = {"object", "array", "string", "integer", "number", "boolean", "boolean", "null"};

    if (json_is_array(type)) {
        size_t i;
        json_t *one;
        json_array_foreach(type, i, one) if (type_allows(one, value)) return true;
        return false;
    }
    const char *is = names[json_typeof(value)], *wants = json_string_value(type);
    return strcmp(is, wants) == 0 || (json_is_integer(value) && strcmp(wants, "number") == 0);
}

/* As much of JSON Schema as the compiler writes. */
static void check(const json_t *schema, const json_t *value, const char *where)
{
    const char *key;
    json_t *item, *sub;
    size_t i;

    if (!type_allows(json_object_get(schema, "type"), value))
        complain(where, "type");
    if (json_is_object(value)) {
        json_t *properties = json_object_get(schema, "properties"), *required = json_object_get(schema, "required");
        if (json_object_size(value) != json_array_size(required) ||
            json_object_size(properties) != json_object_size(value))
            complain(where, "number of properties");
        json_array_foreach(required, i, item) if (!json_object_get(value, json_string_value(item)))
            complain(where, json_string_value(item));
        json_object_foreach((json_t *)(uintptr_t)value, key, item)
        {
            sub = json_object_get(properties, key);
            if (!sub)
                complain(where, key);
            check(sub, item, key);
        }
    }
    if (json_is_array(value))
        json_array_foreach(value, i, item) check(json_object_get(schema, "items"), item, where);
}

int main(void)
{
    struct arena *a = arena_open(8 << 20);
    const int64_t now = time_at(2026, 11, 25, 17, 30);
    const struct str tags[] = {STR(CANARY), STR("two")};
    const int64_t numbers[] = {1, -2};
    const struct tile_view tiles[] = {{url_path(a, "/media/1"), STR(CANARY)},
                                      {url_add(a, url_path(a, "/m"), "q", STR(CANARY)), STR("b")}};
    const struct probe_tabs_kids kids[] = {{STR("k1")}, {STR(CANARY)}};
    const struct probe_tabs tabs[] = {
        {.label = T_probe_state_new, .url = url_path(a, "/new"), .active = true, .kids = {kids, 2}},
        {.label = T_probe_state_done, .url = url_path(a, "/done"), .when = now - 5 * TIME_MINUTE},
    };
    const struct frame_view frame = {
        .site = STR("里弄 & co"), .unread = 3, .home = url_path(a, "/p/%" PRId64, INT64_C(310113007011))};
    const struct form_error errors[] = {{STR("title"), T_probe_none}};
    const struct form_value values[] = {{STR("t"), STR("</textarea>" CANARY)},
                                        {STR("agree"), STR("1")},
                                        {STR("state"), STR("new")},
                                        {STR("s"), STR("9007199254740993")}};
    const struct form_state form = {STR("csrf" CANARY), STR("key"), errors, 1, values, 4};
    const struct probe_view view = {
        .head = {url_path(a, "/media/0"), STR("head")},
        .cover = &tiles[0],
        .id = 9007199254740993, /* JavaScript cannot count so far */
        .title = STR(CANARY),
        .state = T_probe_state_new,
        .raised = time_at(2026, 11, 24, 9, 12),
        .from = day_from_ymd(2026, 11, 30),
        .body = markdown_render(a, STR("**bold** <b>" CANARY)),
        .share = 12.34,
        .zero = 0,
        .has_zero = true,
        .count = 2,
        .home = url_path(a, "/home?a=1&b=2"),
        .tags = {tags, 2},
        .numbers = {numbers, 2},
        .tiles = {tiles, 2},
        .tabs = {tabs, 2},
        .place = {STR(CANARY), url_path(a, "/place")},
        .note = STR("one <b>\ntwo"),
    };

    for (enum lang lang = 0; lang < LANG_COUNT; lang++) {
        struct html h;
        html_init(&h, a, lang, now);
        h.frame = &frame;
        h.form = &form;
        probe_html(&h, &view);
        printf("== HTML %s ==\n" STR_FMT "\n", lang_tag(lang), STR_ARG(buf_str(&h.buf)));
        if (str_find(buf_str(&h.buf), STR("<script")) != SIZE_MAX)
            complain("HTML", "a script came through");
    }
    const struct probe_view nothing = {.state = T_probe_state_done};
    struct html bare;
    html_init(&bare, a, LANG_EN, now);
    bare.frame = &frame;
    bare.bare = true;
    probe_html(&bare, &nothing);
    printf("== bare ==\n" STR_FMT "\n", STR_ARG(buf_str(&bare.buf)));

    json_t *schema = json_loads(probe_info.schema, JSON_REJECT_DUPLICATES, NULL);
    if (!schema)
        complain("schema", "not JSON");
    const struct probe_view *both[] = {&view, &nothing};
    for (size_t i = 0; i < 2; i++) {
        struct json j;
        json_error_t error;
        json_init(&j, a);
        probe_json(&j, both[i]);
        printf("== JSON ==\n" STR_FMT "\n", STR_ARG(buf_str(&j.buf)));
        json_t *value = json_loadb(j.buf.ptr, j.buf.len, JSON_REJECT_DUPLICATES, &error);
        if (!value)
            complain("JSON", error.text);
        if (i == 0)
            check(schema, value, "probe");
        if (json_object_get(value, "note"))
            complain("JSON", "a hidden field came through");
        json_decref(value);
    }
    printf("== schema ==\n%s\n", probe_info.schema);
    json_decref(schema);
    printf("views: %zu, first %s\n", views_all_n, views_all[0]->name);
    arena_close(a);
    return 0;
}
