/* difference_test.c: what was changed is told as people would say it, and nothing of either text is lost. */
#include "civic/moderation/difference.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct arena *arena;

static int setup(void **state)
{
    (void)state;
    arena = arena_open(64 << 20);
    return arena ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    arena_close(arena);
    return 0;
}

/* [-gone-] and {+new+}, and all the rest as it is. */
static const char *told(const char *before, const char *after)
{
    static const char *const marks[][2] = {
        [PART_SAME] = {"", ""}, [PART_REMOVED] = {"[-", "-]"}, [PART_ADDED] = {"{+", "+}"}};
    struct str was = STR_NONE, is = STR_NONE, all = STR_NONE;
    struct text_parts parts;

    text_difference(arena, str_from_cstr(before), str_from_cstr(after), &parts);
    for (size_t i = 0; i < parts.n; i++) {
        const struct text_part *p = &parts.part[i];

        assert_true(p->text.len > 0);
        all = str_printf(arena, STR_FMT "%s" STR_FMT "%s", STR_ARG(all), marks[p->kind][0], STR_ARG(p->text),
                         marks[p->kind][1]);
        if (p->kind != PART_ADDED)
            was = str_printf(arena, STR_FMT STR_FMT, STR_ARG(was), STR_ARG(p->text));
        if (p->kind != PART_REMOVED)
            is = str_printf(arena, STR_FMT STR_FMT, STR_ARG(is), STR_ARG(p->text));
    }
    assert_true(str_eq(was, str_from_cstr(before)));
    assert_true(str_eq(is, str_from_cstr(after)));
    return str_cstr(arena, all);
}

static void said_by_words(void **state)
{
    (void)state;
    assert_string_equal(told("", ""), "");
    assert_string_equal(told("一样", "一样"), "一样");
    assert_string_equal(told("", "新的"), "{+新的+}");
    assert_string_equal(told("没了", ""), "[-没了-]");
    assert_string_equal(told("邻居张三乱扔垃圾", "邻居乱扔垃圾"), "邻居[-张三-]乱扔垃圾");
    assert_string_equal(told("请打 13800001111 找我", "请打电话找我"), "请打[- 13800001111 -]{+电话+}找我");
    assert_string_equal(told("at 8 am", "at 10 am"), "at [-8-]{+10+} am"); /* a number is changed as a whole */
    assert_string_equal(told("周日下午两点在广场集合", "周六下午三点在广场东侧集合"),
                        "周[-日-]{+六+}下午[-两-]{+三+}点在广场{+东侧+}集合");
    assert_string_equal(told("我的书", "他的车"), "[-我的书-]{+他的车+}"); /* one 的 in common helps nobody */
}

static void said_by_lines(void **state)
{
    (void)state;
    assert_string_equal(told("先交表格\n再等通知\n最后领取\n", "先交表格\n最后领取\n拿好收据\n"),
                        "先交表格\n[-再等通知\n-]最后领取{+\n拿好收据+}\n");
    /* broken bytes lose nothing either */
    (void)told("a\xff\xfe"
               "b",
               "a\xff"
               "b");
}

/* Ten thousand characters each, line by line; and where not even lines are few, as a whole. */
static void long_ones_end(void **state)
{
    struct str before = STR_NONE, after = STR_NONE;
    char *x = malloc(20001), *y = malloc(20001);
    (void)state;

    for (int i = 0; i < 400; i++) {
        before = str_printf(arena, STR_FMT "第 %d 行是原来写的一些话\n", STR_ARG(before), i);
        after = str_printf(arena, STR_FMT "第 %d 行是%s写的一些话\n", STR_ARG(after), i,
                           i % 100 == 7 ? "后来" : "原来");
    }
    const char *all = told(str_cstr(arena, before), str_cstr(arena, after));

    assert_non_null(strstr(all, "第 107 行是[-原-]{+后+}来写的一些话"));
    for (int i = 0; i < 20000; i++) {
        x[i] = (char)("ab,;"[(i * 7 + i / 3) % 4]);
        y[i] = (char)("cd.:"[(i * 5 + i / 7) % 4]);
    }
    x[20000] = y[20000] = '\0';
    (void)told(x, y);
    free(x);
    free(y);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(said_by_words, setup, teardown),
        cmocka_unit_test_setup_teardown(said_by_lines, setup, teardown),
        cmocka_unit_test_setup_teardown(long_ones_end, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
