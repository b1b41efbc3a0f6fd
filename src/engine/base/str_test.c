/* str_test.c: slices, numbers and UTF-8 at their limits. */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "engine/base/arena.h"
#include "engine/base/str.h"

static void compares(void **state)
{
    (void)state;
    assert_true(str_eq(STR_NONE, STR("")));
    assert_false(str_eq(STR("a"), STR("b")));
    assert_true(str_eq_ci(STR("Content-TYPE"), STR("content-type")));
    assert_false(str_eq_ci(STR("@"), STR("`"))); /* 0x20 apart, but no letters */
    assert_false(str_eq_ci(STR("a"), STR("ab")));
    assert_true(str_cmp(STR("a"), STR("ab")) < 0);
    assert_true(str_cmp(STR("\xFF"), STR("a")) > 0); /* unsigned */
    assert_int_equal(str_cmp(STR_NONE, STR_NONE), 0);
    assert_true(str_starts(STR("abc"), STR("ab")));
    assert_false(str_starts(STR("a"), STR("ab")));
    assert_true(str_starts(STR_NONE, STR_NONE));
    assert_true(str_ends(STR("abc"), STR("bc")));
    assert_false(str_ends(STR("c"), STR("bc")));
    assert_int_equal(str_from_cstr(NULL).len, 0);
}

static void trims_and_cuts(void **state)
{
    (void)state;
    struct str rest = STR("a,,b,"), head;

    assert_true(str_eq(str_trim(STR(" \t\r\n\v\f\xE3\x80\x80 x y \xE3\x80\x80\xE3\x80\x80 ")), STR("x y")));
    assert_int_equal(str_trim(STR(" \xE3\x80\x80 ")).len, 0);
    assert_true(str_eq(str_trim(STR("\xE3\x80\x81")), STR("\xE3\x80\x81")));
    assert_int_equal(str_trim(STR_NONE).len, 0);

    assert_true(str_eq(str_sub(STR("abc"), 1, 1), STR("b")));
    assert_true(str_eq(str_sub(STR("abc"), 1, SIZE_MAX), STR("bc")));
    assert_int_equal(str_sub(STR("abc"), SIZE_MAX, 1).len, 0);
    assert_int_equal(str_sub(STR_NONE, 1, 1).len, 0);

    assert_int_equal(str_find(STR("abcabd"), STR("abd")), 3);
    assert_int_equal(str_find(STR("abc"), STR("")), 0);
    assert_int_equal(str_find(STR("ab"), STR("abc")), SIZE_MAX);
    assert_int_equal(str_find(STR_NONE, STR("a")), SIZE_MAX);

    assert_true(str_cut(&rest, ',', &head) && str_eq(head, STR("a")));
    assert_true(str_cut(&rest, ',', &head) && head.len == 0);
    assert_true(str_cut(&rest, ',', &head) && str_eq(head, STR("b")));
    assert_false(str_cut(&rest, ',', &head)); /* nothing behind the last separator is the end */
    rest = STR("k");
    assert_true(str_cut(&rest, '=', &head) && str_eq(head, STR("k")) && rest.len == 0);
}

static void parses_numbers(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t min, max;
        enum result result;
        int64_t value;
    } cases[] = {
        {"0", 0, 9, OK, 0},
        {"-9223372036854775808", INT64_MIN, INT64_MAX, OK, INT64_MIN},
        {"9223372036854775807", INT64_MIN, INT64_MAX, OK, INT64_MAX},
        {"9223372036854775808", INT64_MIN, INT64_MAX, E_INVALID, 0},
        {"-9223372036854775809", INT64_MIN, INT64_MAX, E_INVALID, 0},
        {"99999999999999999999999999", INT64_MIN, INT64_MAX, E_INVALID, 0},
        {"-1", -1, 1, OK, -1},
        {"-2", -1, 1, E_INVALID, 0},
        {"2", -1, 1, E_INVALID, 0},
        {"10", 0, 100, OK, 10},
        {"00", 0, 9, E_INVALID, 0},
        {"01", 0, 9, E_INVALID, 0},
        {"-0", -9, 9, E_INVALID, 0},
        {"-01", -9, 9, E_INVALID, 0},
        {"+1", 0, 9, E_INVALID, 0},
        {" 1", 0, 9, E_INVALID, 0},
        {"1 ", 0, 9, E_INVALID, 0},
        {"1\n", 0, 9, E_INVALID, 0},
        {"", 0, 9, E_INVALID, 0},
        {"-", -9, 9, E_INVALID, 0},
        {"--1", -9, 9, E_INVALID, 0},
        {"1e3", 0, 9999, E_INVALID, 0},
        {"0x1", 0, 9, E_INVALID, 0},
        {"1.0", 0, 9, E_INVALID, 0},
        {"\xEF\xBC\x91", 0, 9, E_INVALID, 0}, /* a full-width 1 */
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        int64_t value = 77;

        if (str_int64(str_from_cstr(cases[i].text), cases[i].min, cases[i].max, &value) != cases[i].result)
            fail_msg("'%s'", cases[i].text);
        assert_int_equal(value, cases[i].result == OK ? cases[i].value : 77);
    }
    int64_t value;
    assert_int_equal(str_int64((struct str){"1\0", 2}, 0, 9, &value), E_INVALID);
    assert_int_equal(str_int64(STR_NONE, 0, 9, &value), E_INVALID);
}

static void copies_and_prints(void **state)
{
    (void)state;
    struct arena *a = arena_open(1 << 20);
    struct str bytes;

    assert_string_equal(str_cstr(a, STR("abc")), "abc");
    assert_string_equal(str_cstr(a, STR_NONE), "");
    assert_true(str_eq(str_dup(a, STR("abc")), STR("abc")));
    assert_true(str_eq(str_printf(a, "%s-%d", "x", 12), STR("x-12")));
    assert_true(str_eq(str_hex(a, (struct str){"\x00\xFF\x1a", 3}), STR("00ff1a")));
    assert_int_equal(str_hex(a, STR_NONE).len, 0);
    assert_int_equal(str_unhex(a, STR("00Ff1A"), &bytes), OK);
    assert_true(str_eq(bytes, (struct str){"\x00\xFF\x1a", 3}));
    assert_int_equal(str_unhex(a, STR("0"), &bytes), E_INVALID);
    assert_int_equal(str_unhex(a, STR("0g"), &bytes), E_INVALID);
    assert_int_equal(str_unhex(a, STR("@0"), &bytes), E_INVALID);
    assert_int_equal(str_unhex(a, STR(""), &bytes), OK);
    assert_int_equal(bytes.len, 0);
    arena_close(a);
}

static void knows_utf8(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool valid;
        size_t count;
    } cases[] = {
        {"", true, 0},
        {"abc", true, 3},
        {"\xE9\x87\x8C\xE5\xBC\x84", true, 2},     /* 里弄 */
        {"\xF0\x9F\x98\x80", true, 1},             /* outside the basic plane */
        {"\xC2\xA0\xDF\xBF\xE0\xA0\x80", true, 3}, /* the smallest of their lengths */
        {"\xED\x9F\xBF\xEE\x80\x80", true, 2},     /* around the surrogates */
        {"\xF4\x8F\xBF\xBF", true, 1},             /* U+10FFFF */
        {"\t\n", true, 2},
        {"\r", false, 1},
        {"\x01", false, 1},
        {"\x7F", false, 1},
        {"\xC2\x80", false, 1}, /* a C1 control character */
        {"\xC2\x9F", false, 1},
        {"\xC0\xAF", false, 2}, /* overlong */
        {"\xC1\xBF", false, 2},
        {"\xE0\x9F\xBF", false, 3},
        {"\xF0\x8F\xBF\xBF", false, 4},
        {"\xED\xA0\x80", false, 3}, /* surrogate */
        {"\xED\xBF\xBF", false, 3},
        {"\xF4\x90\x80\x80", false, 4}, /* past U+10FFFF */
        {"\xF5\x80\x80\x80", false, 4},
        {"\x80", false, 1},     /* alone */
        {"\xE9\x87", false, 1}, /* cut off: one broken character */
        {"\xE9\x87zz", false, 3},
        {"\xF0\x9F\x98", false, 1},
        {"\xFE\xFF", false, 2},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct str s = str_from_cstr(cases[i].text);

        if (str_utf8_text(s) != cases[i].valid || str_utf8_count(s) != cases[i].count)
            fail_msg("case %zu", i);
    }
    assert_false(str_utf8_text((struct str){"a\0b", 3}));
    assert_true(str_utf8_text(STR_NONE));
}

static void takes_code_points_off(void **state)
{
    (void)state;
    struct str s = STR("a\xE9\x87\x8C\xF0\x9F\x98\x80\xFFz");

    assert_int_equal(str_utf8_cut(s, 0).len, 0);
    assert_int_equal(str_utf8_cut(s, 2).len, 4);
    assert_int_equal(str_utf8_cut(s, 3).len, 8);
    assert_int_equal(str_utf8_cut(s, 99).len, s.len);
    assert_int_equal(str_utf8_cut(STR_NONE, 9).len, 0);
    assert_int_equal(str_utf8_next(&s), 'a');
    assert_int_equal(str_utf8_next(&s), 0x91CC);
    assert_int_equal(str_utf8_next(&s), 0x1F600);
    assert_int_equal(str_utf8_next(&s), 0xFFFD);
    assert_int_equal(str_utf8_next(&s), 'z');
    assert_int_equal(s.len, 0);
    assert_int_equal(str_utf8_next(&s), 0xFFFD);
}

static struct str by_library(struct arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));
static struct str by_library(struct arena *a, const char *format, ...)
{
    char *p = arena_bytes(a, 1000);
    va_list ap;

    va_start(ap, format);
    int n = vsnprintf(p, 1000, format, ap);
    va_end(ap);
    return (struct str){p, (size_t)n};
}

/* Our own printing is the C library's to the byte: with the forms that it knows, and those that it passes on. */
static void prints_as_the_library_does(void **state)
{
    static const int64_t numbers[] = {0, 1, -1, 9, 10, -10, 999, INT32_MAX, INT32_MIN, INT64_MAX, INT64_MIN};
    struct arena *a = arena_open(1 << 20);

    (void)state;
#define SAME(...) assert_true(str_eq(str_printf(a, __VA_ARGS__), by_library(a, __VA_ARGS__)))
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        int64_t n = numbers[i];

        SAME("%lld|%ld|%d|%i|%zu|%jd", (long long)n, (long)n, (int)n, (int)n, (size_t)n, (intmax_t)n);
        SAME("%02d|%04d|%3d|%08x|%016lx|%x|%u|%llu", (int)n, (int)n, (int)n, (unsigned)n, (unsigned long)n, (unsigned)n,
             (unsigned)n, (unsigned long long)n);
        SAME("/p/%" PRId64 "/x/%" PRIu64 "%%", n, (uint64_t)n);
        SAME("%.1f %-6d %+d % d %#x %5.2e %hhd %hd %.3d %o %X", (double)n, (int)n, (int)n, (int)n, (unsigned)n,
             (double)n, (signed char)n, (short)n, (int)n, (unsigned)n, (unsigned)n);
    }
    SAME("%s|%10s|%.2s|%.*s|%c|%3c|%-5s|", "里弄", "abc", "abcdef", 3, "abcdef", 'x', 'y', "z");
    SAME("%s", "");
    SAME("plain");
    SAME("100%%");
    SAME("%p", (void *)a);
    for (size_t n = 0; n < 600; n += 50) { /* around the size that is printed without asking for room first */
        char text[600];

        memset(text, 'a', sizeof(text));
        SAME("%.*s-%d", (int)n, text, 7);
    }
#undef SAME
    arena_close(a);
}

static void names_results(void **state)
{
    (void)state;
    assert_string_equal(result_name(OK), "ok");
    assert_string_equal(result_name(E_IO), "io");
    assert_string_equal(result_name((enum result)99), "unknown");
    assert_string_equal(result_name((enum result) - 1), "unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(compares),       cmocka_unit_test(trims_and_cuts),
        cmocka_unit_test(parses_numbers), cmocka_unit_test(copies_and_prints),
        cmocka_unit_test(knows_utf8),     cmocka_unit_test(takes_code_points_off),
        cmocka_unit_test(names_results),  cmocka_unit_test(prints_as_the_library_does),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
