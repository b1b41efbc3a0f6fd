#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "engine/base/time.h"
#include "engine/page/page.h"

static struct arena *a;

static int open_arena(void **state)
{
    (void)state;
    a = arena_open(1 << 20);
    return a ? 0 : -1;
}

static int close_arena(void **state)
{
    (void)state;
    arena_close(a);
    return 0;
}

#define SAYS(s, expected) assert_string_equal(str_cstr(a, (s)), (expected))

static void times_near(void **state)
{
    int64_t now = time_at(2026, 11, 25, 17, 30); /* a Wednesday */

    (void)state;
    SAYS(time_words(a, LANG_ZH_CN, now, 0), "");
    SAYS(time_words(a, LANG_ZH_CN, now, now), "刚刚");
    SAYS(time_words(a, LANG_ZH_CN, now, now - 59 * TIME_SECOND), "刚刚");
    SAYS(time_words(a, LANG_ZH_CN, now, now - TIME_MINUTE), "1 分钟前");
    SAYS(time_words(a, LANG_EN, now, now - TIME_MINUTE), "1 minute ago");
    SAYS(time_words(a, LANG_EN, now, now - 5 * TIME_MINUTE), "5 minutes ago");
    SAYS(time_words(a, LANG_ZH_CN, now, now - TIME_HOUR + 1), "59 分钟前");
    SAYS(time_words(a, LANG_ZH_CN, now, now - TIME_HOUR), "今天 16:30");
    SAYS(time_words(a, LANG_ZH_CN, now, now + 1), "今天 17:30");
    SAYS(time_words(a, LANG_EN, now, time_at(2026, 11, 24, 9, 12)), "yesterday 09:12");
    SAYS(time_words(a, LANG_ZH_CN, now, time_at(2026, 11, 24, 9, 12)), "昨天 09:12");
    SAYS(time_words(a, LANG_ZH_CN, now, time_at(2026, 11, 26, 12, 0)), "明天 12:00");
    SAYS(time_words(a, LANG_ZH_CN, now, time_at(2026, 11, 23, 23, 59)), "11月23日 周一 23:59");
    SAYS(time_words(a, LANG_EN, now, time_at(2026, 11, 27, 15, 0)), "Fri 27 Nov, 15:00");
    SAYS(time_words(a, LANG_ZH_CN, now, time_at(2025, 11, 25, 15, 0)), "2025年11月25日");
    SAYS(time_words(a, LANG_EN, now, time_at(2025, 11, 25, 15, 0)), "25 Nov 2025");
    SAYS(time_exact_words(a, LANG_ZH_CN, now), "2026年11月25日 周三 17:30");
    SAYS(time_exact_words(a, LANG_EN, now), "Wed 25 Nov 2026, 17:30");
}

static void times_around_midnight_and_new_year(void **state)
{
    int64_t now = time_at(2027, 1, 1, 0, 2);

    (void)state;
    SAYS(time_words(a, LANG_ZH_CN, now, time_at(2026, 12, 31, 23, 57)), "5 分钟前");
    SAYS(time_words(a, LANG_ZH_CN, now, time_at(2026, 12, 31, 23, 2)), "昨天 23:02");
    SAYS(time_words(a, LANG_ZH_CN, now, time_at(2026, 12, 31, 0, 0)), "昨天 00:00");
    SAYS(time_words(a, LANG_ZH_CN, now, time_at(2026, 12, 31, 0, 0) - 1), "2026年12月30日");
    SAYS(time_words(a, LANG_ZH_CN, now, time_at(2027, 1, 2, 0, 0)), "明天 00:00");
    SAYS(time_words(a, LANG_ZH_CN, now, time_at(2027, 1, 2, 23, 59)), "明天 23:59");
    SAYS(time_words(a, LANG_ZH_CN, now, time_at(2027, 1, 3, 0, 0)), "1月3日 周日 00:00");
    now = time_at(2026, 12, 30, 23, 59);
    SAYS(time_words(a, LANG_ZH_CN, now, time_at(2026, 12, 31, 0, 0)), "明天 00:00");
    /* a deadline next year keeps its hour */
    SAYS(time_words(a, LANG_ZH_CN, now, time_at(2027, 1, 4, 17, 0)), "2027年1月4日 周一 17:00");
    SAYS(time_words(a, LANG_EN, now, time_at(2027, 1, 4, 17, 0)), "Mon 4 Jan 2027, 17:00");
    now = time_at(2026, 12, 31, 12, 0);
    SAYS(time_words(a, LANG_EN, now, time_at(2027, 1, 1, 9, 0)), "tomorrow 09:00");
}

static void days(void **state)
{
    int64_t now = time_at(2026, 12, 31, 23, 59);

    (void)state;
    SAYS(day_words(a, LANG_ZH_CN, now, 0), "");
    SAYS(day_words(a, LANG_ZH_CN, now, day_from_ymd(2026, 12, 31)), "今天");
    SAYS(day_words(a, LANG_EN, now, day_from_ymd(2027, 1, 1)), "tomorrow");
    SAYS(day_words(a, LANG_ZH_CN, now, day_from_ymd(2026, 12, 30)), "昨天");
    SAYS(day_words(a, LANG_ZH_CN, now, day_from_ymd(2026, 2, 17)), "2月17日 周二");
    SAYS(day_words(a, LANG_EN, now, day_from_ymd(2028, 2, 29)), "29 Feb 2028");
    SAYS(day_iso(a, day_from_ymd(2026, 2, 7)), "2026-02-07");
    SAYS(time_input(a, time_at(2026, 2, 7, 8, 5)), "2026-02-07T08:05");
    SAYS(real_words(a, 12.34), "12.3");
}

static void time_tag(void **state)
{
    int64_t now = time_at(2026, 11, 25, 17, 30);
    struct html h;

    (void)state;
    html_init(&h, a, LANG_ZH_CN, now);
    html_time(&h, time_at(2026, 11, 25, 9, 0));
    SAYS(buf_str(&h.buf),
         "<time datetime=\"2026-11-25T09:00:00.000+08:00\" title=\"2026年11月25日 周三 09:00\">今天 09:00</time>");
    html_init(&h, a, LANG_EN, now);
    html_time(&h, 0);
    html_day(&h, 0);
    SAYS(buf_str(&h.buf), "");
    html_day(&h, day_from_ymd(2026, 11, 30));
    SAYS(buf_str(&h.buf), "<time datetime=\"2026-11-30\">Mon 30 Nov</time>");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(times_near, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(times_around_midnight_and_new_year, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(days, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(time_tag, open_arena, close_arena),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
