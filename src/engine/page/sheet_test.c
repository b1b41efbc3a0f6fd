/* sheet_test.c: a document of A4 pages, drawn in the sandbox. LILONG_SHEET=FILE keeps it, to be looked at. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "engine/page/poster.h"
#include "engine/page/sheet.h"

static struct arena *a;
static struct worker_pool *pool;

static int setup(void **state)
{
    (void)state;
    a = arena_open(16 << 20);
    return worker_pool_open(&poster_worker_kind, 1, 1, NULL, &pool) == OK ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    worker_pool_close(pool);
    arena_close(a);
    return 0;
}

static struct sheet example(size_t n)
{
    struct sheet_row *row = arena_array(a, struct sheet_row, n + 1);

    for (size_t i = 0; i < n; i++)
        row[i] = (struct sheet_row){{STR("2026-11-08"),
                                     i % 7 ? STR("陪同就医") : STR("社区活动：小区花坛整理，和邻居一起"),
                                     STR("1 小时 30 分钟")}};
    return (struct sheet){
        .language = STR("zh-CN"),
        .title = STR("志愿服务证明"),
        .number = STR("编号 310113007011-K7M4-PXQ2-9RTV"),
        .lead = STR("兹证明周小芬于 2026年1月1日 至 2026年11月25日 在吴淞新城居民区参加志愿服务，共 16 小时 30 分钟。"),
        .fact = {{STR("姓名"), STR("周小芬")}, {STR("记录单位"), STR("吴淞新城居民委员会")}},
        .head = {{STR("日期"), STR("内容"), STR("时长")}},
        .row = row,
        .n_rows = n,
        .total_label = STR("合计"),
        .total = STR("16 小时 30 分钟"),
        .url = STR("https://lilong.example.cn/certificate?number=310113007011-K7M4-PXQ2-9RTV"),
        .scan = STR("扫码核对这张证明"),
        .by = STR("吴淞新城居民委员会"),
        .on = STR("2026年11月26日"),
        .foot = STR("依据《志愿服务条例》，无偿、如实出具。"),
    };
}

static size_t pages_of(struct str pdf)
{
    size_t n = 0, at;

    /* The objects of pages stand packed; the number of the root does not when there is one page. So: count what cannot be packed. */
    while ((at = str_find(pdf, STR("/Contents "))) != SIZE_MAX) {
        n++;
        pdf = str_sub(pdf, at + 1, SIZE_MAX);
    }
    return n;
}

static void long_tables_go_over_pages(void **state)
{
    struct sheet sheet = example(12);
    struct str one, many;
    (void)state;

    assert_int_equal(sheet_pdf(pool, &sheet, a, &one), OK);
    assert_true(str_starts(one, STR("%PDF-1.")) && one.len > 8000 && one.len < 400 * 1024);
    sheet = example(SHEET_ROWS_MAX);
    assert_int_equal(sheet_pdf(pool, &sheet, a, &many), OK);
    assert_true(many.len > one.len);
    if (pages_of(one)) {
        assert_true(pages_of(one) <= 2);
        assert_true(pages_of(many) > 5);
    }
    if (getenv("LILONG_SHEET")) {
        FILE *f = fopen(getenv("LILONG_SHEET"), "wb");

        assert_non_null(f);
        fwrite(getenv("LILONG_SHEET_LONG") ? many.ptr : one.ptr, 1, getenv("LILONG_SHEET_LONG") ? many.len : one.len,
               f);
        fclose(f);
    }
    sheet = example(0);
    assert_int_equal(sheet_pdf(pool, &sheet, a, &one), OK);
}

static void refuses_what_makes_no_sheet(void **state)
{
    struct sheet sheet = example(2);
    struct str pdf;
    (void)state;

    sheet.title = STR_NONE;
    assert_int_equal(sheet_pdf(pool, &sheet, a, &pdf), E_INVALID);
    sheet = example(2);
    sheet.url = STR_NONE;
    assert_int_equal(sheet_pdf(pool, &sheet, a, &pdf), E_INVALID);
    sheet = example(2);
    sheet.lead = STR("\xff\xfe");
    assert_int_equal(sheet_pdf(pool, &sheet, a, &pdf), E_INVALID);
    sheet = example(SHEET_ROWS_MAX + 1);
    assert_int_equal(sheet_pdf(pool, &sheet, a, &pdf), E_INVALID);
}

int main(int argc, char **argv)
{
    static const struct worker_kind *const kinds[] = {&poster_worker_kind};
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(long_tables_go_over_pages, setup, teardown),
        cmocka_unit_test_setup_teardown(refuses_what_makes_no_sheet, setup, teardown),
    };

    if (argc == 3 && strcmp(argv[1], "worker") == 0)
        return worker_main(kinds, 1, argv[2]);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
