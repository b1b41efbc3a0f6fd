/* search_test.c: what is put is found by the right people at the right places; the same on both engines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "civic/search/search.h"
#include "support/test_db.h"

static const int64_t here = 310113007011, next_door = 310113007012, other_street = 310113008001,
                     other_district = 310106011003;
static const int64_t street = 310113007000, district = 310113000000, city = 310000000000;

static int setup(void **state)
{
    struct test_db *t = calloc(1, sizeof(*t));
    test_db_open(t);
    *state = t;
    return 0;
}

static int teardown(void **state)
{
    test_db_close(*state);
    free(*state);
    return 0;
}

static enum result put(struct db *db, void *arg)
{
    return search_put(db, arg);
}

static enum result take_away(struct db *db, void *arg)
{
    const struct search_entry *e = arg;
    return search_remove(db, e->community, e->subject);
}

static void add(struct test_db *t, int64_t community, const char *kind, int64_t subject, const char *title,
                const char *text, enum search_visibility visibility)
{
    struct search_entry e = {community,           str_from_cstr(kind), subject, str_from_cstr(title),
                             str_from_cstr(text), visibility};
    assert_int_equal(db_write_wait(t->database, t->arena, put, &e), OK);
}

/* The ids that are found, with blanks. */
static struct str found(struct test_db *t, struct search_question q)
{
    struct db *db;
    struct search_hits hits = {NULL, 0};
    struct str ids = STR("");
    q.limit = q.limit ? q.limit : 50;
    assert_int_equal(db_read_begin(t->database, t->arena, &db), OK);
    enum result r = search_find(db, &q, &hits);
    db_read_end(db);
    if (r != OK)
        return str_from_cstr(result_name(r));
    for (size_t i = 0; i < hits.n; i++)
        ids = str_printf(t->arena, STR_FMT "%s%lld", STR_ARG(ids), i ? " " : "", (long long)hits.hit[i].subject);
    return ids;
}

static void assert_found(struct test_db *t, struct search_question q, const char *want)
{
    struct str got = found(t, q);
    if (!str_eq(got, str_from_cstr(want)))
        fail_msg("'" STR_FMT "': '" STR_FMT "', not '%s'", STR_ARG(q.words), STR_ARG(got), want);
}

static void finds_words(void **state)
{
    struct test_db *t = *state;
    add(t, here, "report", 1, "广场变菜园", "有人在小区广场上种菜，请城管处理", SEARCH_PUBLIC);
    add(t, here, "report", 2, "3号楼电梯坏了", "电梯停在 5 层，门打不开。ＷＩＦＩ 也断了", SEARCH_PUBLIC);
    add(t, here, "announcement", 3, "电梯检修通知", "Lift maintenance on Monday", SEARCH_PUBLIC);
    static const struct {
        struct str words;
        const char *want;
    } cases[] = {
        {STR("电梯"), "3 2"},    {STR("菜园"), "1"},       {STR("变菜园"), "1"},     {STR("广场变菜园"), "1"},
        {STR("广场菜园"), ""},                            /* in order, without a gap */
        {STR("菜园广场"), ""},   {STR("广场 菜园"), "1"}, /* both, anywhere */
        {STR("电梯 菜园"), ""},  {STR("菜"), "1"},        /* one character, also at the end of a run */
        {STR("了"), "2"},        {STR("３号楼"), "2"},     {STR("wifi"), "2"},       {STR("LIFT"), "3"},
        {STR("maint"), "3"},     {STR("种菜请"), ""}, /* a comma lies between */
        {STR("园有人"), ""},                          /* a title ends where a text begins */
        {STR("没有这样"), ""},   {STR("\"电梯\""), "3 2"}, {STR("tokens:电梯"), ""}, {STR("电梯*"), "3 2"},
        {STR("NEAR(电梯)"), ""}, {STR("' OR 1=1 --"), ""}, {STR("?!。"), "invalid"}, {STR(""), "invalid"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_found(t, (struct search_question){.words = cases[i].words, .place = here}, cases[i].want);
    assert_found(t, (struct search_question){.words = STR("电梯"), .place = here, .subject_kind = STR("report")}, "2");
    assert_found(t, (struct search_question){.words = STR("电梯"), .place = here, .subject_kind = STR("work_order")},
                 "");
}

static void finds_at_the_place_and_for_the_right_people(void **state)
{
    struct test_db *t = *state;
    add(t, here, "report", 11, "漏水", "", SEARCH_PUBLIC);
    add(t, here, "report", 12, "漏水", "", SEARCH_RESIDENTS);
    add(t, here, "report", 13, "漏水", "", SEARCH_STAFF);
    add(t, next_door, "report", 14, "漏水", "", SEARCH_PUBLIC);
    add(t, other_street, "report", 15, "漏水", "", SEARCH_PUBLIC);
    add(t, other_district, "report", 16, "漏水", "", SEARCH_PUBLIC);
    assert_found(t, (struct search_question){.words = STR("漏水"), .place = here}, "11");
    assert_found(t, (struct search_question){.words = STR("漏水"), .place = here, .visibility = SEARCH_RESIDENTS},
                 "12 11");
    assert_found(t, (struct search_question){.words = STR("漏水"), .place = here, .visibility = SEARCH_STAFF},
                 "13 12 11");
    assert_found(t, (struct search_question){.words = STR("漏水"), .place = street}, "14 11");
    assert_found(t, (struct search_question){.words = STR("漏水"), .place = district}, "15 14 11");
    assert_found(t, (struct search_question){.words = STR("漏水"), .place = city}, "16 15 14 11");
    assert_found(t, (struct search_question){.words = STR("漏水"), .place = city, .limit = 2}, "16 15");
    assert_found(t, (struct search_question){.words = STR("漏水"), .place = city, .limit = 2, .before = 15}, "14 11");
    assert_found(t, (struct search_question){.words = STR("漏水"), .place = 310100000000}, "invalid");
    assert_found(t, (struct search_question){.words = STR("漏水"), .place = city, .limit = 101}, "invalid");
}

static void forgets_what_changed(void **state)
{
    struct test_db *t = *state;
    add(t, here, "report", 21, "路灯不亮", "晚上看不见", SEARCH_PUBLIC);
    add(t, here, "report", 22, "路灯太亮", "", SEARCH_PUBLIC);
    add(t, here, "report", 21, "水管爆了", "马上来人", SEARCH_STAFF);
    assert_found(t, (struct search_question){.words = STR("路灯"), .place = here, .visibility = SEARCH_STAFF}, "22");
    assert_found(t, (struct search_question){.words = STR("水管"), .place = here, .visibility = SEARCH_STAFF}, "21");
    assert_found(t, (struct search_question){.words = STR("水管"), .place = here}, "");
    struct search_entry e = {.community = here, .subject = 22}, elsewhere = {.community = next_door, .subject = 21};
    assert_int_equal(db_write_wait(t->database, t->arena, take_away, &e), OK);
    assert_int_equal(db_write_wait(t->database, t->arena, take_away, &e), OK);
    assert_int_equal(db_write_wait(t->database, t->arena, take_away, &elsewhere), OK);
    assert_found(t, (struct search_question){.words = STR("路灯"), .place = here, .visibility = SEARCH_STAFF}, "");
    assert_found(t, (struct search_question){.words = STR("水管"), .place = here, .visibility = SEARCH_STAFF}, "21");
}

/* The two parts together are everything, each newest first; nothing stands in both. */
static void tells_titles_from_texts(void **state)
{
    struct test_db *t = *state;
    static const struct {
        struct str words;
        const char *title, *text;
    } cases[] = {
        {STR("电梯"), "41", "43 42"},   {STR("电梯 停"), "", "43 42 41"}, /* one word here, one there */
        {STR("电梯 检修"), "41", "43"},                                   /* apart in the title, apart in the text */
        {STR("梯"), "41", "43 42"},                                       /* one character */
        {STR("lif"), "44", "43"},                                         /* how a word begins */
        {STR("检修通知"), "41", ""},    {STR("修通"), "41", ""},
        {STR("知电"), "", ""},         /* the end of a title and the begin of what comes behind it */
        {STR("¶电梯"), "41", "43 42"}, /* the sign is for the index alone */
        {STR("没有这样"), "", ""},      {STR("!?"), "invalid", "invalid"},
    };
    add(t, here, "announcement", 41, "电梯检修通知", "电梯停两天", SEARCH_PUBLIC);
    add(t, here, "report", 42, "请快来人", "三号楼的电梯又停了", SEARCH_PUBLIC);
    add(t, here, "report", 43, "谁知道", "电梯停了，检修到几号？liftoff", SEARCH_PUBLIC);
    add(t, here, "report", 44, "Lift", "", SEARCH_PUBLIC);
    add(t, here, "report", 45, "电梯", "", SEARCH_STAFF);
    add(t, next_door, "report", 46, "电梯", "", SEARCH_PUBLIC);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct search_question q = {.words = cases[i].words, .place = here, .part = SEARCH_BY_TITLE};

        assert_found(t, q, cases[i].title);
        q.part = SEARCH_BY_TEXT;
        assert_found(t, q, cases[i].text);
    }
    assert_found(t, (struct search_question){.words = STR("电梯"), .place = here, .part = SEARCH_BY_TEXT, .limit = 1},
                 "43");
    assert_found(t, (struct search_question){.words = STR("电梯"), .place = here, .part = SEARCH_BY_TEXT, .before = 43},
                 "42");
    assert_found(t,
                 (struct search_question){
                     .words = STR("电梯"), .place = here, .part = SEARCH_BY_TEXT, .subject_kind = STR("announcement")},
                 "");
    assert_found(t, (struct search_question){.words = STR("电梯"), .place = street, .part = SEARCH_BY_TITLE}, "46 41");
    assert_found(
        t, (struct search_question){.words = STR("电梯"), .place = street, .part = SEARCH_BY_TITLE, .own = true}, "");
    add(t, here, "announcement", 41, "通知", "电梯停两天", SEARCH_PUBLIC); /* the title has changed */
    assert_found(t, (struct search_question){.words = STR("电梯"), .place = here, .part = SEARCH_BY_TITLE}, "");
    assert_found(t, (struct search_question){.words = STR("电梯"), .place = here, .part = SEARCH_BY_TEXT}, "43 42 41");
}

static void keeps_long_texts_within_bounds(void **state)
{
    struct test_db *t = *state;
    char *text = arena_array(t->arena, char, 40000 + 1);
    for (size_t i = 0; i < 10000; i++)
        memcpy(text + i * 3, i == 4990 ? "甲" : i == 4991 ? "乙" : i == 9000 ? "丙" : i == 9001 ? "丁" : "字", 3);
    add(t, here, "report", 31, "", text, SEARCH_PUBLIC);
    assert_found(t, (struct search_question){.words = STR("甲乙"), .place = here}, "31");
    assert_found(t, (struct search_question){.words = STR("丙丁"), .place = here}, ""); /* past SEARCH_TEXT_MAX */
    add(t, street, "bulletin", 32, "停水", "街道的通知",
        SEARCH_PUBLIC); /* written for the street: found there, and above */
    assert_found(t, (struct search_question){.words = STR("停水"), .place = street}, "32");
    assert_found(t, (struct search_question){.words = STR("停水"), .place = here}, "");
    struct search_entry bad[] = {{INT64_C(310100000000), STR("report"), 1, STR("x"), STR(""), SEARCH_PUBLIC},
                                 {here, STR(""), 1, STR("x"), STR(""), SEARCH_PUBLIC},
                                 {here, STR("report"), 0, STR("x"), STR(""), SEARCH_PUBLIC}};
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(db_write_wait(t->database, t->arena, put, &bad[i]), E_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(finds_words, setup, teardown),
        cmocka_unit_test_setup_teardown(finds_at_the_place_and_for_the_right_people, setup, teardown),
        cmocka_unit_test_setup_teardown(forgets_what_changed, setup, teardown),
        cmocka_unit_test_setup_teardown(tells_titles_from_texts, setup, teardown),
        cmocka_unit_test_setup_teardown(keeps_long_texts_within_bounds, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
