/* page_test.c: the writers by themselves. What compiled views make of them is tested by tools/views/views_test.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>

#include "engine/base/time.h"
#include "engine/page/page.h"

static struct arena *a;

static int open_arena(void **state)
{
    (void)state;
    a = arena_open(8 << 20);
    return a ? 0 : -1;
}

static int close_arena(void **state)
{
    (void)state;
    arena_close(a);
    return 0;
}

#define SAYS(s, expected) assert_string_equal(str_cstr(a, (s)), (expected))

static void html_is_escaped(void **state)
{
    struct html h;

    (void)state;
    html_init(&h, a, LANG_EN, 0);
    html_text(&h, STR("<a b=\"c\" d='e'> & 居委会"));
    html_text(&h, STR_NONE);
    html_lines(&h, STR("1<2\r\n\n3"));
    html_url(&h, url_add(a, url_path(a, "/x"), "q", STR("a&b\"c 中")));
    html_icon(&h, STR("no such <icon>"));
    SAYS(buf_str(&h.buf), "&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt; &amp; 居委会"
                          "1&lt;2<br><br>3/x?q=a%26b%22c%20%E4%B8%AD");
}

/* Each byte at each place of texts of each length: it is looked at sixteen of them at once. */
static void html_is_escaped_everywhere(void **state)
{
    static const char *const escaped[256] = {
        ['&'] = "&amp;", ['<'] = "&lt;", ['>'] = "&gt;", ['"'] = "&quot;", ['\''] = "&#39;"};

    (void)state;
    for (size_t len = 1; len <= 35; len++)
        for (size_t at = 0; at < len; at++)
            for (int byte = 1; byte < 256; byte++) {
                char raw[36] = "", expected[64] = "", one[2] = {(char)byte, 0};
                struct html h;

                memset(raw, byte & 1 ? 'x' : '7', len);
                snprintf(expected, sizeof(expected), "%.*s%s%s", (int)at, raw, escaped[byte] ? escaped[byte] : one,
                         raw + at + 1);
                raw[at] = (char)byte;
                h = (struct html){.lang = LANG_EN};
                buf_init(&h.buf, a, 64, 256);
                html_text(&h, str_dup(a, (struct str){raw, len}));
                SAYS(buf_str(&h.buf), expected);
                arena_reset(a);
            }
}

static void text_and_plural(void **state)
{
    struct html h;
    enum text key = T_none;

    (void)state;
    SAYS(text(LANG_ZH_CN, T_engine_day_today), "今天");
    SAYS(text(LANG_EN, T_engine_day_today), "today");
    SAYS(text(LANG_EN, T_none), "");
    SAYS(text(LANG_EN, (enum text)99999), "");
    SAYS(text_key(T_engine_day_today), "engine.day.today");
    SAYS(text_word(T_engine_day_today), "today");
    SAYS(text_word(T_none), "");
    assert_int_equal(text_lookup(STR("engine.day.today"), &key), OK);
    assert_int_equal(key, T_engine_day_today);
    assert_int_equal(text_lookup(STR("engine.day.toda"), &key), E_NOT_FOUND);
    assert_int_equal(text_lookup(STR(""), &key), E_NOT_FOUND);
    for (size_t i = 1; i < TEXT_COUNT; i++) {
        assert_int_equal(text_lookup(text_key((enum text)i), &key), OK);
        assert_int_equal(key, i);
    }
    SAYS(text_format(a, LANG_EN, T_engine_time_minutes_ago, TEXT_INT("n", 1)), "1 minute ago");
    SAYS(text_format(a, LANG_EN, T_engine_time_minutes_ago, TEXT_INT("n", 0)), "0 minutes ago");
    SAYS(text_format(a, LANG_EN, T_engine_time_minutes_ago, TEXT_INT("n", 21)), "21 minutes ago");
    SAYS(text_format(a, LANG_EN, T_engine_time_today, TEXT_STR("other", STR("x"))), "today {time}");
    SAYS(text_format(a, LANG_EN, T_engine_time_minutes_ago, TEXT_STR("n", STR("no number"))), "no number minutes ago");
    SAYS(text_format(a, LANG_ZH_CN, T_engine_time_minutes_ago, TEXT_INT("minutes", 1), TEXT_INT("n", 1)), "1 分钟前");
    SAYS(text_format(a, LANG_EN, T_bulletin_questions_counted, TEXT_INT("in_time", 3), TEXT_INT("n", 4)),
         "4 questions, 3 answered in time");
    SAYS(text_format(a, LANG_EN, T_engine_day_today, TEXT_INT("n", 1)), "today");
    SAYS(text_format(a, LANG_EN, T_none, TEXT_INT("n", 1)), "");
    SAYS(text_format(a, LANG_EN, (enum text)99999, TEXT_INT("n", 1)), "");
    html_init(&h, a, LANG_EN, 0);
    html_text_format(&h, T_engine_time_today, TEXT_STR("time", STR("<b>{time}")));
    SAYS(buf_str(&h.buf), "today &lt;b&gt;{time}");
    html_init(&h, a, LANG_EN, 0);
    html_text_format(&h, T_engine_day_today, TEXT_INT("n", 1));
    html_text_format(&h, T_none, TEXT_INT("n", 1));
    SAYS(buf_str(&h.buf), "today");
}

static void json_is_valid(void **state)
{
    static const char all[] = "\0\x01\b\t\n\f\r\x1f \"\\/ \x7f 中\xF0\x9F\x98\x80";
    struct json j;
    json_t *root;

    (void)state;
    json_init(&j, a);
    json_open(&j, '{');
    json_key(&j, STR("text \"x\""));
    json_str(&j, (struct str){all, sizeof all - 1});
    json_key(&j, STR("list"));
    json_open(&j, '[');
    json_int(&j, INT64_MIN);
    json_id(&j, INT64_MAX);
    json_double(&j, 0.1);
    json_double(&j, NAN);
    json_bool(&j, true);
    json_none(&j);
    json_open(&j, '[');
    json_close(&j, ']');
    json_close(&j, ']');
    json_key(&j, STR("at"));
    json_time(&j, time_at(2026, 2, 17, 9, 30));
    json_key(&j, STR("never"));
    json_time(&j, 0);
    json_key(&j, STR("day"));
    json_day(&j, day_from_ymd(2026, 2, 17));
    json_close(&j, '}');
    struct str s = buf_str(&j.buf);
    root = json_loadb(s.ptr, s.len, JSON_ALLOW_NUL, NULL);
    assert_non_null(root);
    json_t *text = json_object_get(root, "text \"x\"");
    assert_int_equal(json_string_length(text), sizeof all - 1);
    assert_memory_equal(json_string_value(text), all, sizeof all - 1);
    assert_int_equal(json_array_size(json_object_get(root, "list")), 7);
    assert_string_equal(json_string_value(json_array_get(json_object_get(root, "list"), 1)), "9223372036854775807");
    assert_true(json_real_value(json_array_get(json_object_get(root, "list"), 2)) == 0.1);
    assert_string_equal(json_string_value(json_object_get(root, "at")), "2026-02-17T09:30:00.000+08:00");
    assert_string_equal(json_string_value(json_object_get(root, "day")), "2026-02-17");
    json_decref(root);
}

static void addresses(void **state)
{
    struct url u;

    (void)state;
    SAYS(url_path(a, "/p/%" PRId64, INT64_C(310113007011)).s, "/p/310113007011");
    SAYS(url_path(a, "/p/%" PRId64 "/x/%" PRId64 "/thumb", INT64_MIN, INT64_MAX).s,
         "/p/-9223372036854775808/x/9223372036854775807/thumb");
    SAYS(url_path(a, "/%.*s/%s/%" PRId64 "/%.*s", 2, "abc", "", INT64_C(7), 3, "xyz").s, "/ab//7/xyz");
    SAYS(url_number(a, url_path(a, "/p/%" PRId64, INT64_C(1)), INT64_MIN, "").s, "/p/1/-9223372036854775808");
    SAYS(url_number(a, url_path(a, "/media"), 7, "/thumb").s, "/media/7/thumb");
    SAYS(url_path(a, "/%s/%" PRId64 "?b=%d%%", "a", INT64_C(0), 7).s, "/a/0?b=7%");
    for (size_t len = 1; len <= 200;
         len += len < 40 ? 1 : 40) { /* each byte at each place: looked at sixteen at once */
        char raw[201] = "", expected[210], in_hex[4];

        for (size_t at = 0; at < len; at++)
            for (int byte = 1; byte < 256; byte += len < 40 ? 1 : 29) {
                bool stands = byte > 0x20 && byte < 0x7F && !strchr("\"<>\\^`{|}", byte);

                memset(raw, 'x', len);
                snprintf(in_hex, sizeof(in_hex), stands ? "%c" : "%%%02X", byte);
                snprintf(expected, sizeof(expected), "/%.*s%s%s", (int)at, raw, in_hex, raw + at + 1);
                raw[at] = (char)byte;
                if (byte != '/' || at) /* "//x" is no address of ours */
                    SAYS(url_path(a, "/%s", raw).s, expected);
                arena_reset(a);
            }
    }
    SAYS(url_path(a, "/g/%s?x=1#y", "a b\"<中").s, "/g/a%20b%22%3C%E4%B8%AD?x=1#y");
    SAYS(url_path(a, "/%s", "/evil.example").s, "/evil.example");
    SAYS(url_path(a, "/%s", "\\evil.example").s, "/%5Cevil.example");
    SAYS(url_add(a, url_path(a, "/x?a=1#top"), "b", STR("c d#")).s, "/x?a=1&b=c%20d%23#top");
    SAYS(url_tel(a, STR("+86 (21) 5612-3456")).s, "tel:+862156123456");
    SAYS(url_tel(a, STR("javascript:")).s, "");
    SAYS(url_mail(a, STR("a@b.cn")).s, "mailto:a@b.cn");
    SAYS(url_mail(a, STR("a@b.cn?bcc=x")).s, "mailto:a@b.cn%3Fbcc%3Dx");
    SAYS(url_mail(a, STR("nobody")).s, "");
    SAYS(url_web(a, STR(" HTTPS://sh.gov.cn/中?a=\"b\" ")).s, "https://sh.gov.cn/%E4%B8%AD?a=%22b%22");
    SAYS(url_web(a, STR("javascript:alert(1)")).s, "");
    SAYS(url_web(a, STR("https://")).s, "");
    SAYS(url_web(a, STR("https:///evil")).s, "");
    SAYS(url_web(a, STR("/local")).s, "");
    assert_int_equal(url_local(a, STR("/p/1?x=2"), &u), OK);
    SAYS(u.s, "/p/1?x=2");
    assert_int_equal(url_local(a, STR("//evil.example"), &u), E_INVALID);
    assert_int_equal(url_local(a, STR("/\\evil.example"), &u), E_INVALID);
    assert_int_equal(url_local(a, STR("/\t/evil.example"), &u), E_INVALID);
    assert_int_equal(url_local(a, STR("https://evil.example"), &u), E_INVALID);
    assert_int_equal(url_local(a, STR(""), &u), E_INVALID);
}

static void forms(void **state)
{
    const struct form_error error[] = {{STR("ti<tle"), T_engine_day_today}, {STR_NONE, T_engine_day_tomorrow}};
    const struct form_value value[] = {{STR("a"), STR("\"><script>")}, {STR("l"), STR("1")}, {STR("l"), STR("3")}};
    const struct form_state form = {STR("tok\"en"), STR("k"), error, 2, value, 3};
    struct html h;

    (void)state;
    html_init(&h, a, LANG_EN, 0);
    html_csrf(&h);
    html_form_errors(&h, NULL, 0);
    html_form_error(&h, STR("a"));
    html_form_value(&h, STR("a"), STR("default"));
    html_form_chosen(&h, STR("a"), STR("x"), STR(" checked"));
    SAYS(buf_str(&h.buf), "default");

    html_init(&h, a, LANG_EN, 0);
    h.form = &form;
    html_csrf(&h);
    html_form_value(&h, STR("a"), STR("default"));
    html_form_value(&h, STR("b"), STR("<d>"));
    html_form_chosen(&h, STR("l"), STR("3"), STR(" checked"));
    html_form_chosen(&h, STR("l"), STR("2"), STR(" selected"));
    html_form_invalid(&h, STR("ti<tle"));
    html_form_invalid(&h, STR("a"));
    html_form_error(&h, STR("ti<tle"));
    SAYS(
        buf_str(&h.buf),
        "<input type=\"hidden\" name=\"_csrf\" value=\"tok&quot;en\"><input type=\"hidden\" name=\"_key\" value=\"k-1\">"
        "&quot;&gt;&lt;script&gt;&lt;d&gt; checked aria-invalid=\"true\" aria-describedby=\"ti&lt;tle-error\""
        "<p class=\"field-error\" id=\"ti&lt;tle-error\">today</p>");
    html_init(&h, a, LANG_EN, 0);
    h.form = &form;
    html_form_errors(&h, NULL, 0);
    SAYS(buf_str(&h.buf),
         "<div class=\"errors\" role=\"alert\" tabindex=\"-1\" id=\"errors\"><h2>2 things need another look</h2><ul>"
         "<li><a href=\"#ti&lt;tle\">today</a></li><li>tomorrow</li></ul></div>");
}

/* Somebody else was quicker: the field says what stands there now, unless that is what was typed. */
static void newer_text_is_shown(void **state)
{
    const struct form_value value[] = {{STR("a"), STR("mine")}, {STR("b"), STR("one\r\ntwo")}, {STR("c"), STR("gone")}};
    const struct form_value now[] = {{STR("c"), STR("")}};
    const struct form_state form = {.csrf = STR("t"),
                                    .value = value,
                                    .n_values = 3,
                                    .version = STR("v2"),
                                    .changed = true,
                                    .current = now,
                                    .n_current = 1};
    struct html h;

    (void)state;
    html_init(&h, a, LANG_EN, 0);
    h.form = &form;
    html_csrf(&h);
    html_form_value(&h, STR("a"), STR("<theirs>"));
    html_form_invalid(&h, STR("a"));
    html_form_error(&h, STR("a"));
    html_form_value(&h, STR("b"), STR("one\ntwo"));
    html_form_error(&h, STR("b"));
    html_form_value(&h, STR("c"), STR_NONE);
    html_form_error(&h, STR("c"));
    SAYS(
        buf_str(&h.buf),
        "<input type=\"hidden\" name=\"_version\" value=\"v2\"><input type=\"hidden\" name=\"_csrf\" value=\"t\">"
        "mine aria-invalid=\"true\" aria-describedby=\"a-error\"<p class=\"field-error\" id=\"a-error\">Now it says: &lt;theirs&gt;</p>"
        "one\r\ntwogone<p class=\"field-error\" id=\"c-error\">Now it is empty</p>");
}

/* Several forms of a page have a field of one name: only the one that was sent says what was wrong with it, and it is open. */
static void only_the_sent_form_says_it(void **state)
{
    const struct form_error error[] = {{.field = STR("reason"), .words = STR("why?")}};
    const struct form_value value[] = {{STR("reason"), STR("because")}};
    struct form_state form = {.csrf = STR("t"),
                              .key = STR("k"),
                              .error = error,
                              .n_errors = 1,
                              .value = value,
                              .n_values = 1,
                              .sent_to = STR("/e/1/hide")};
    const struct form_label label[] = {{"reason", T_none}};
    const char *const action[] = {"/e/1/review", "/e/1/hide", "/e/1/hide?list=2"};
    struct html h;

    (void)state;
    for (int64_t sent_as = 0; sent_as < 4; sent_as++) {
        form.sent_as = sent_as;
        html_init(&h, a, LANG_EN, 0);
        h.form = &form;
        for (int i = 0; i < 3; i++) {
            html_raw(&h, STR("<details>x</details><details class=\"card\"><summary>y</summary><form action=\""));
            html_raw(&h, str_from_cstr(action[i]));
            html_raw(&h, STR("\">"));
            html_csrf(&h);
            html_raw(&h, STR("<input value=\""));
            html_form_value(&h, STR("reason"), STR("-"));
            html_raw(&h, STR("\""));
            html_form_invalid(&h, STR("reason"));
            html_raw(&h, STR(">"));
            html_form_error(&h, STR("reason"));
            html_raw(&h, STR("</form></details>\n"));
        }
        struct str rest = buf_str(&h.buf), line;
        for (int64_t i = 1; str_cut(&rest, '\n', &line); i++) {
            bool sent = i > 1 && (sent_as == 0 || sent_as == i);

            assert_int_equal(str_find(line, STR("<details open class=\"card\">")) != SIZE_MAX, sent);
            assert_int_equal(str_find(line, STR("<details>x")) != SIZE_MAX, true);
            assert_int_equal(str_find(line, STR("<input value=\"because\" aria-invalid=\"true\"")) != SIZE_MAX, sent);
            assert_int_equal(str_find(line, STR("why?</p>")) != SIZE_MAX, sent);
            assert_int_equal(str_find(line, STR("<input value=\"-\">")) != SIZE_MAX, !sent);
            if (i == 3)
                break;
        }
        assert_int_equal(h.sent_met, sent_as != 1);
    }
    /* The summary leads to the words beside the field: its id differs from form to form. */
    html_init(&h, a, LANG_EN, 0);
    h.form = &form;
    html_form_errors(&h, label, 1);
    assert_true(str_find(buf_str(&h.buf), STR("<a href=\"#reason-error\">why?</a>")) != SIZE_MAX);
}

static void schemas_are_json(void **state)
{
    (void)state;
    for (size_t i = 0; i < views_all_n; i++) {
        json_t *schema = json_loads(views_all[i]->schema, 0, NULL);
        assert_non_null(schema);
        assert_string_equal(json_string_value(json_object_get(schema, "title")), views_all[i]->name);
        assert_string_equal(json_string_value(json_object_get(schema, "type")), "object");
        json_decref(schema);
    }
    assert_null(views_all[views_all_n]);
}

static void assets_are_found(void **state)
{
    const struct asset *css = asset_named(STR("style.css"));

    (void)state;
    assert_null(asset_find(STR("/assets/none.css")));
    assert_null(asset_named(STR("none.css")));
    if (css) {
        assert_ptr_equal(asset_find(css->path), css);
        assert_true(css->brotli.len > 0 && css->brotli.len < css->gzip.len && css->gzip.len < css->plain.len);
        SAYS(css->type, "text/css; charset=utf-8");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(html_is_escaped, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(html_is_escaped_everywhere, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(text_and_plural, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(json_is_valid, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(addresses, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(forms, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(newer_text_is_shown, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(only_the_sent_form_says_it, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(schemas_are_json, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(assets_are_found, open_arena, close_arena),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
