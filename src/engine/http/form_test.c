#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>

#include "engine/http/cookie.h"
#include "engine/http/http.h"

static struct arena *arena;

static int open_arena(void **state)
{
    (void)state;
    arena = arena_open(16 << 20);
    return arena ? 0 : -1;
}

static int close_arena(void **state)
{
    (void)state;
    arena_close(arena);
    return 0;
}

static struct str s(const char *text)
{
    return str_from_cstr(text);
}

static void check_str(struct str got, const char *want)
{
    if (!str_eq(got, s(want)))
        fail_msg("got '" STR_FMT "', want '%s'", STR_ARG(got), want);
}

static void urlencoded(void **state)
{
    struct form f;

    (void)state;
    assert_int_equal(form_parse_urlencoded(arena, s("a=1&b=%E4%B8%AD+%2B&c&&=x&d==&a=2"), &f), OK);
    assert_int_equal(f.n, 6);
    check_str(f.field[1].value, "中 +");
    assert_null(form_get(&f, STR("a")));
    assert_int_equal(form_count(&f, STR("a")), 2);
    check_str(form_get(&f, STR("c"))->value, "");
    check_str(form_get(&f, STR("d"))->value, "=");
    assert_null(form_get(&f, STR("e")));
    assert_int_equal(form_parse_urlencoded(arena, s(""), &f), OK);
    assert_int_equal(f.n, 0);
    assert_int_equal(form_parse_urlencoded(arena, s("a=%"), &f), E_INVALID);
    assert_int_equal(form_parse_urlencoded(arena, s("a=%4"), &f), E_INVALID);
    assert_int_equal(form_parse_urlencoded(arena, s("a=%g0"), &f), E_INVALID);
    assert_int_equal(form_parse_urlencoded(arena, s("a=%00"), &f), E_INVALID);
    assert_int_equal(form_parse_urlencoded(arena, s("a=%1b"), &f), E_INVALID);
    assert_int_equal(form_parse_urlencoded(arena, s("a=%ff"), &f), E_INVALID);
    assert_int_equal(form_parse_urlencoded(arena, s("%c0%80=1"), &f), E_INVALID);
    assert_int_equal(form_parse_urlencoded(arena, s("a=1%0D%0A%092"), &f), OK);
    check_str(f.field[0].value, "1\r\n\t2");
}

static void urlencoded_limits(void **state)
{
    char text[2 * 257 + 1];
    struct form f;

    (void)state;
    for (int i = 0; i < 257; i++)
        memcpy(text + 2 * i, "a&", 2);
    assert_int_equal(form_parse_urlencoded(arena, (struct str){text, 2 * 256}, &f), OK);
    assert_int_equal(f.n, 256);
    assert_int_equal(form_parse_urlencoded(arena, (struct str){text, 2 * 257}, &f), E_TOO_LARGE);
}

#define TYPE "multipart/form-data; boundary=B"
#define PART(head, content) "--B\r\n" head "\r\n\r\n" content "\r\n"
#define FIELD(name, content) PART("Content-Disposition: form-data; name=\"" name "\"", content)
#define FILE_(name, file, content) \
    PART("Content-Disposition: form-data; name=\"" name "\"; filename=\"" file "\"\r\nContent-Type: image/png", content)

static void multipart(void **state)
{
    static const char body[] = FIELD("title", "路灯不亮")
        FILE_("photo", "C:\\图\\灯 \\\"1\\\".png", "\x89PNG\0\r\n--A\r\n--C") FILE_("photo", "", "") FIELD("empty", "")
            FILE_("zero", "z", "") FIELD("a%22b\\\"c%zz", "\r\n") "--B--\r\n";
    struct form f;

    (void)state;
    assert_int_equal(form_parse_multipart(arena, s(TYPE), (struct str){body, sizeof(body) - 1}, 2, &f), OK);
    assert_int_equal(f.n, 5);
    check_str(form_get(&f, STR("title"))->value, "路灯不亮");
    assert_false(f.field[0].is_file);
    assert_true(f.field[1].is_file);
    check_str(f.field[1].filename, "灯 \"1\".png");
    check_str(f.field[1].type, "image/png");
    assert_int_equal(f.field[1].value.len, 15);
    assert_memory_equal(f.field[1].value.ptr, "\x89PNG\0\r\n--A\r\n--C", 15);
    assert_ptr_equal(f.field[1].value.ptr, memmem(body, sizeof(body), "\x89PNG", 4)); /* a slice, no copy */
    check_str(form_get(&f, STR("empty"))->value, "");
    check_str(form_get(&f, STR("zero"))->filename, "z");
    check_str(f.field[4].name, "a\"b\"c%zz");
    check_str(f.field[4].value, "\r\n");
    assert_int_equal(form_parse_multipart(arena, s(TYPE), (struct str){body, sizeof(body) - 1}, 1, &f), E_TOO_LARGE);
}

static void multipart_types(void **state)
{
    static const struct {
        const char *type;
        enum result want;
    } rows[] = {
        {"multipart/form-data; boundary=B", OK},
        {"Multipart/Form-Data;BOUNDARY=\"B\"", OK},
        {"multipart/form-data; charset=utf-8; boundary=B;", OK},
        {"multipart/form-data", E_INVALID},
        {"multipart/form-data; boundary=", E_INVALID},
        {"multipart/form-data; boundary=\"\"", E_INVALID},
        {"multipart/form-data; boundary=\"B", E_INVALID},
        {"multipart/form-data; boundary=B; boundary=B", E_INVALID},
        {"multipart/form-data; boundary=\"B \"", E_INVALID},
        {"multipart/form-data; boundary=b", E_INVALID},
        {"multipart/form-data; boundary=B\x01", E_INVALID},
        {"multipart/mixed; boundary=B", E_INVALID},
        {"multipart/form-data boundary=B", E_INVALID},
        {"", E_INVALID},
    };
    struct form f;

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (form_parse_multipart(arena, s(rows[i].type), s(FIELD("a", "1") "--B--"), 0, &f) != rows[i].want)
            fail_msg("%s", rows[i].type);
}

static void multipart_broken(void **state)
{
    static const char *const rows[] = {
        "",
        "--B",
        "--B\r\n",
        "x\r\n" FIELD("a", "1") "--B--\r\n", /* a preamble */
        FIELD("a", "1"),                     /* no end */
        FIELD("a", "1") "--B",
        FIELD("a", "1") "--B-",
        FIELD("a", "1") "--B--\r\nx", /* an epilogue */
        FIELD("a", "1") "--Bx--\r\n",
        "--B\nContent-Disposition: form-data; name=a\n\n1\n--B--\n",
        "--B\r\nContent-Disposition: form-data; name=a\r\n\r\n--B--\r\n", /* no CRLF of the content */
        PART("Content-Disposition: form-data", "1") "--B--",
        PART("Content-Disposition: form-data; name=\"\"", "1") "--B--",
        PART("Content-Disposition: form-data; name=\"a", "1") "--B--",
        PART("Content-Disposition: form-data; name=a; name=b", "1") "--B--",
        PART("Content-Disposition: form-data; name=a\r\nContent-Disposition: form-data; name=b", "1") "--B--",
        PART("Content-Disposition: attachment; name=a", "1") "--B--",
        PART("Content-Disposition: form-data; name=a; filename=b; filename=c", "1") "--B--",
        PART("Content-Disposition: form-data; name=a\r\nContent-Transfer-Encoding: base64", "1") "--B--",
        PART("Content-Disposition: form-data; name=a\r\n folded: x", "1") "--B--",
        PART("Content-Disposition form-data; name=a", "1") "--B--",
        PART("Content-Type: text/plain", "1") "--B--",
        FIELD("a\xff", "1") "--B--",
        FIELD("a", "\xff") "--B--",
        FIELD("a", "\x01") "--B--",
        FIELD("a%0Ab", "1") "--B--",
        FILE_("a", "b\xff", "1") "--B--",
    };
    struct form f;

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (form_parse_multipart(arena, s(TYPE), s(rows[i]), 9, &f) != E_INVALID)
            fail_msg("row %zu was taken: %s", i, rows[i]);
}

static void multipart_limits(void **state)
{
    struct form f;
    size_t each = strlen(FIELD("a", "1")), n = 257;
    char *body = malloc(n * each + 8);

    (void)state;
    assert_non_null(body);
    for (size_t i = 0; i < n; i++)
        memcpy(body + i * each, FIELD("a", "1"), each);
    memcpy(body + 256 * each, "--B--", 5);
    assert_int_equal(form_parse_multipart(arena, s(TYPE), (struct str){body, 256 * each + 5}, 0, &f), OK);
    assert_int_equal(f.n, 256);
    memcpy(body + 256 * each, FIELD("a", "1"), each);
    memcpy(body + 257 * each, "--B--", 5);
    assert_int_equal(form_parse_multipart(arena, s(TYPE), (struct str){body, 257 * each + 5}, 0, &f), E_TOO_LARGE);
    free(body);
}

static void cookies(void **state)
{
    struct str v;

    (void)state;
    assert_true(cookie_find(STR("a=1; __Host-s=x=y; a=2"), STR("a"), &v));
    check_str(v, "1");
    assert_true(cookie_find(STR("a=1; __Host-s=x=y; a=2"), STR("__Host-s"), &v));
    check_str(v, "x=y");
    assert_false(cookie_find(STR("a=1; __Host-s=x=y"), STR("s"), &v));
    assert_false(cookie_find(STR("A=1"), STR("a"), &v));
    assert_false(cookie_find(STR("a; b"), STR("a"), &v));
    assert_true(cookie_find(STR("b;a=\"q\" ;"), STR("a"), &v));
    check_str(v, "q");
    assert_true(cookie_find(STR("a="), STR("a"), &v));
    check_str(v, "");
    assert_false(cookie_find(STR(""), STR("a"), &v));
    assert_false(cookie_find(STR("xa=1"), STR("a"), &v));
}

static void encoding(void **state)
{
    (void)state;
    check_str(url_encode(arena, STR("a/中-._~ +&")), "a%2F%E4%B8%AD-._~%20%2B%26");
    check_str(url_encode(arena, STR("")), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(urlencoded),      cmocka_unit_test(urlencoded_limits), cmocka_unit_test(multipart),
        cmocka_unit_test(multipart_types), cmocka_unit_test(multipart_broken),  cmocka_unit_test(multipart_limits),
        cmocka_unit_test(cookies),         cmocka_unit_test(encoding),
    };

    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
