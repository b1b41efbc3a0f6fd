/* words_test.c: what stands on the clock card. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "civic/calendar/words.h"

#define AT(m, d, h, min) time_at(2026, m, d, h, min)

static void as_people_say_it(void **state)
{
    const struct {
        int64_t now, due;
        enum limit_unit unit;
        const char *zh, *en;
    } rows[] = {
        {AT(3, 2, 9, 0), AT(3, 2, 17, 0), LIMIT_WORK_HOUR, "今天 17:00 前", "today by 17:00"},
        {AT(3, 2, 9, 0), AT(3, 3, 12, 0), LIMIT_WORK_DAY, "明天 12:00 前", "tomorrow by 12:00"},
        {AT(3, 2, 16, 40), AT(3, 2, 17, 0), LIMIT_WORK_HOUR, "还剩 20 分钟", "20 minutes left"},
        {AT(3, 2, 16, 59), AT(3, 2, 17, 0), LIMIT_WORK_HOUR, "还剩 1 分钟", "1 minute left"},
        {AT(3, 2, 16, 59) + 30000, AT(3, 2, 17, 0), LIMIT_WORK_HOUR, "马上到时限", "due any minute"},
        {AT(3, 2, 9, 0), AT(3, 4, 17, 30), LIMIT_WORK_DAY, "还剩 2 个工作日", "2 work days left"},
        {AT(2, 14, 18, 0), AT(2, 24, 10, 0), LIMIT_WORK_HOUR, "还剩 1 个工作日",
         "1 work day left"}, /* over the Spring Festival */
        {AT(3, 2, 9, 0), AT(3, 9, 9, 0), LIMIT_CALENDAR_DAY, "还剩 7 天", "7 days left"},
        {AT(3, 2, 9, 0), AT(3, 4, 9, 0), LIMIT_CLOCK_HOUR, "还剩 48 小时", "48 hours left"},
        {AT(3, 2, 17, 0) + 1, AT(3, 2, 17, 0), LIMIT_WORK_HOUR, "刚刚超时", "just overdue"},
        {AT(3, 2, 17, 5), AT(3, 2, 17, 0), LIMIT_WORK_HOUR, "已超时 5 分钟", "5 minutes late"},
        {AT(3, 2, 20, 30), AT(3, 2, 17, 0), LIMIT_WORK_HOUR, "已超时 3 小时", "3 hours late"},
        {AT(3, 4, 20, 30), AT(3, 2, 17, 0), LIMIT_WORK_DAY, "已超时 2 个工作日", "2 work days late"},
        {AT(2, 16, 20, 30), AT(2, 14, 17, 30), LIMIT_WORK_DAY, "已超时 2 天",
         "2 days late"}, /* no work day has passed since */
        {AT(3, 4, 20, 30), AT(3, 2, 17, 0), LIMIT_CLOCK_HOUR, "已超时 2 天", "2 days late"},
    };
    struct arena *a = arena_open(1 << 16);
    (void)state;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct str zh = calendar_deadline_words(a, LANG_ZH_CN, calendar_now(), rows[i].now, rows[i].due, rows[i].unit);
        struct str en = calendar_deadline_words(a, LANG_EN, calendar_now(), rows[i].now, rows[i].due, rows[i].unit);
        if (!str_eq(zh, str_from_cstr(rows[i].zh)) || !str_eq(en, str_from_cstr(rows[i].en)))
            fail_msg(STR_FMT " / " STR_FMT ", not %s / %s", STR_ARG(zh), STR_ARG(en), rows[i].zh, rows[i].en);
    }
    assert_true(str_eq(calendar_limit_words(a, LANG_ZH_CN, LIMIT_WORK_HOUR, 2), STR("2 个工作小时")));
    assert_true(str_eq(calendar_limit_words(a, LANG_EN, LIMIT_WORK_DAY, 1), STR("1 work day")));
    assert_true(str_eq(calendar_limit_words(a, LANG_EN, LIMIT_NONE, 1), STR("")));
    assert_true(str_eq(calendar_span_words(a, LANG_EN, 95 * TIME_MINUTE), STR("95 minutes")));
    assert_true(str_eq(calendar_span_words(a, LANG_ZH_CN, 5 * TIME_HOUR), STR("5 小时")));
    assert_true(str_eq(calendar_span_words(a, LANG_EN, 60 * TIME_HOUR), STR("3 days")));
    arena_close(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(as_people_say_it)};

    return cmocka_run_group_tests_name("calendar words", tests, NULL, NULL);
}
