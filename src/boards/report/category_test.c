/* category_test.c: the categories in memory are those of the database, for everybody, at each moment. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "boards/report/category.h"
#include "boards/report/rules.h"
#include "civic/place/place_import.h"
#include "support/test_db.h"

static struct test_db t;

static enum result seed(struct db *db, void *arg)
{
    (void)arg;
    return report_seed_categories(db);
}

static int setup(void **state)
{
    (void)state;
    test_db_open(&t);
    assert_int_equal(db_write_wait(t.database, t.arena, seed, NULL), OK);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    test_db_close(&t);
    return 0;
}

static struct db *reading(void)
{
    struct db *db;

    assert_int_equal(db_read_begin(t.database, t.arena, &db), OK);
    return db;
}

static const struct categories *now(struct db *db)
{
    const struct categories *all;

    assert_int_equal(categories_now(db, &all), OK);
    return all;
}

static struct str suggested(const char *title, const char *body)
{
    struct db *db = reading();
    struct str code;

    assert_int_equal(category_suggest(db, str_from_cstr(title), str_from_cstr(body), &code), OK);
    db_read_end(db);
    return code;
}

static void words_suggest_one(void **state)
{
    static const struct {
        const char *title, *body, *name;
    } cases[] = {
        {"一楼门口的绿地成了菜园", "", "毁绿占绿"},
        {"井盖松动", "踩上去会翘", "井盖缺损"},
        {"请看照片", "电瓶车又停在楼道里充电", "非机动车乱停放"},
        {"楼下味道不好", "湿垃圾混投，也没人管", "垃圾未分类"},
    };
    struct db *db = reading();
    const struct categories *all = now(db);

    (void)state;
    db_read_end(db);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct str code = suggested(cases[i].title, cases[i].body);

        if (!str_eq(category_name(all, LANG_ZH_CN, code), str_from_cstr(cases[i].name)))
            fail_msg("%s: " STR_FMT, cases[i].title, STR_ARG(category_name(all, LANG_ZH_CN, code)));
    }
    assert_true(str_eq(suggested("", ""), STR("other")));
    assert_true(str_eq(suggested("qqq \xff", "\xf0\x9f"), STR("other"))); /* nothing of it, broken text too */
    assert_true(str_eq(suggested("着火了", ""), STR("other")));           /* an emergency is not guessed this way */
}

static struct str changed_to; /* the new name */

static enum result change(struct db *db, void *arg)
{
    struct str csv = str_printf(db_arena(db),
                                "code,name,name_en,words,grade,limit_amount,limit_unit\n"
                                "06045," STR_FMT ",Lawns,花坛 草坪,2,5,work_day\n",
                                STR_ARG(changed_to));
    struct import_report rep;
    enum result r = report_import_categories(db, csv, &rep);
    const struct categories *all;

    if (r == OK && arg) { /* looked at before it is undone */
        assert_int_equal(categories_now(db, &all), OK);
        assert_true(str_eq(category_name(all, LANG_ZH_CN, STR("06045")), changed_to));
        return E_CONFLICT;
    }
    return r;
}

static void an_import_is_seen_by_who_comes_after_it(void **state)
{
    struct db *older = reading(), *db;
    const struct categories *before = now(older), *after;
    struct str name = category_name(before, LANG_ZH_CN, STR("06045"));
    int undone = 1;

    (void)state;
    assert_ptr_equal(now(older), before);
    changed_to = STR("不算数");
    assert_int_equal(db_write_wait(t.database, t.arena, change, &undone), E_CONFLICT);
    db = reading();
    assert_true(str_eq(category_name(now(db), LANG_ZH_CN, STR("06045")), name)); /* nothing of what was undone */
    db_read_end(db);
    changed_to = STR("草坪花坛");
    assert_int_equal(db_write_wait(t.database, t.arena, change, NULL), OK);
    if (!db_is_postgres(older))
        assert_ptr_equal(now(older), before); /* its snapshot is older */
    db_read_end(older);
    db = reading();
    after = now(db);
    assert_true(str_eq(category_name(after, LANG_ZH_CN, STR("06045")), changed_to));
    assert_true(str_eq(category_name(after, LANG_EN, STR("06045")), STR("Lawns")));
    assert_int_equal(category_find(after, STR("06045"))->limit_amount, 5);
    assert_null(category_find(after, STR("99999")));
    assert_true(str_eq(category_name(after, LANG_EN, STR("99999")), STR("99999")));
    db_read_end(db);
    assert_true(str_eq(suggested("花坛里没有花", ""), STR("06045")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(words_suggest_one, setup, teardown),
        cmocka_unit_test_setup_teardown(an_import_is_seen_by_who_comes_after_it, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
