/* poster_test.c: a poster is one A4 page of PDF, drawn in the sandbox. LILONG_POSTER=FILE keeps it, to be looked at. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "engine/page/poster.h"

static struct poster example(void)
{
    return (struct poster){
        .language = STR("zh-CN"),
        .subtitle = STR("吴淞新城居民委员会"),
        .title = STR("海江路小区"),
        .lead = STR("家门口的事，拍张照就能报；谁在办、哪天办好，大家都看得见。"),
        .url = STR("https://lilong.example.cn/q/K7M4PXQ2"),
        .call = STR("微信扫一扫，有事随手报"),
        .step = {STR("打开微信，点右上角「＋」，选「扫一扫」"), STR("对准上面的二维码，不用下载别的软件"),
                 STR("按提示登记，居委会核对后就能用")},
        .phone_label = STR("不会用手机？打居委会电话，我们上门帮您"),
        .phone = STR("021-5656 1234"),
        .foot = STR("扫码先看到公开内容，不登记也能看。"),
    };
}

static void draws_one_page(void **state)
{
    (void)state;
    struct arena *a = arena_open(16 << 20);
    struct worker_pool *pool = NULL;
    enum result r = worker_pool_open(&poster_worker_kind, 1, 1, NULL, &pool);
    assert_int_equal(r, OK);
    struct poster poster = example();
    struct str pdf = STR_NONE;
    assert_int_equal(poster_pdf(pool, &poster, a, &pdf), OK);
    assert_true(str_starts(pdf, STR("%PDF-1.")));
    assert_true(str_find(pdf, STR("/MediaBox [ 0 0 595.2")) != SIZE_MAX || str_find(pdf, STR("%%EOF")) != SIZE_MAX);
    assert_true(pdf.len > 8000 && pdf.len < 400 * 1024); /* fonts are in, but only the letters that are used */
    if (getenv("LILONG_POSTER")) {
        FILE *f = fopen(getenv("LILONG_POSTER"), "wb");
        assert_non_null(f);
        fwrite(pdf.ptr, 1, pdf.len, f);
        fclose(f);
    }
    /* Names that do not fit shrink, and end in dots: still a poster. */
    poster.title = STR("上海市宝山区友谊路街道宝林六村第三居民区北块（含沿街商铺与人才公寓）及周边共管区域");
    poster.phone = STR_NONE;
    poster.step[1] = STR_NONE;
    assert_int_equal(poster_pdf(pool, &poster, a, &pdf), OK);
    worker_pool_close(pool);
    arena_close(a);
}

static void refuses_what_makes_no_poster(void **state)
{
    (void)state;
    struct arena *a = arena_open(1 << 20);
    struct worker_pool *pool = NULL;
    enum result r = worker_pool_open(&poster_worker_kind, 1, 1, NULL, &pool);
    assert_int_equal(r, OK);
    struct str pdf;
    struct poster poster = example();
    poster.url = STR_NONE;
    assert_int_equal(poster_pdf(pool, &poster, a, &pdf), E_INVALID);
    poster = example();
    poster.title = STR_NONE;
    assert_int_equal(poster_pdf(pool, &poster, a, &pdf), E_INVALID);
    poster = example();
    poster.lead = STR("\xff\xfe");
    assert_int_equal(poster_pdf(pool, &poster, a, &pdf), E_INVALID);
    worker_pool_close(pool);
    arena_close(a);
}

int main(int argc, char **argv)
{
    static const struct worker_kind *const kinds[] = {&poster_worker_kind};
    if (argc == 3 && strcmp(argv[1], "worker") == 0)
        return worker_main(kinds, 1, argv[2]);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(draws_one_page),
        cmocka_unit_test(refuses_what_makes_no_poster),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
