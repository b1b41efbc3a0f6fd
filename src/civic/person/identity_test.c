/* identity_test.c: numbers and names at their edges. All numbers are published examples or made up. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "civic/person/identity.h"
#include "civic/person/person.h"

#define TODAY day_from_ymd(2026, 11, 23)

static struct arena *arena;

static int open_arena(void **state)
{
    (void)state;
    arena = arena_open(1 << 20);
    return arena == NULL;
}

static int close_arena(void **state)
{
    (void)state;
    arena_close(arena);
    return 0;
}

static void documents(void **state)
{
    static const struct {
        enum document_kind kind;
        const char *text;
        enum identity_fault fault;
        const char *number;
    } rows[] = {
        {DOCUMENT_RESIDENT_ID, "11010519491231002X", IDENTITY_FINE, "11010519491231002X"},
        {DOCUMENT_RESIDENT_ID, "11010519491231002x", IDENTITY_FINE, "11010519491231002X"},
        {DOCUMENT_RESIDENT_ID, " 110105 19491231 002X ", IDENTITY_FINE, "11010519491231002X"},
        {DOCUMENT_RESIDENT_ID, "１１０１０５１９４９１２３１００２Ｘ", IDENTITY_FINE, "11010519491231002X"},
        {DOCUMENT_RESIDENT_ID, "440524188001010014", IDENTITY_FINE, "440524188001010014"},
        {DOCUMENT_RESIDENT_ID, "310113195506150325", IDENTITY_FINE, "310113195506150325"},
        {DOCUMENT_RESIDENT_ID, "310113200012314004", IDENTITY_FINE, "310113200012314004"},
        {DOCUMENT_RESIDENT_ID, "310113195506150326", IDENTITY_CHECK, NULL},
        {DOCUMENT_RESIDENT_ID, "310113195506150352", IDENTITY_CHECK, NULL}, /* swapped digits */
        {DOCUMENT_RESIDENT_ID, "31011320250229001X", IDENTITY_DATE, NULL},
        {DOCUMENT_RESIDENT_ID, "310113202612310014", IDENTITY_FUTURE, NULL},
        {DOCUMENT_RESIDENT_ID, "310113170001010010", IDENTITY_DATE, NULL},
        {DOCUMENT_RESIDENT_ID, "990113195506150325", IDENTITY_REGION, NULL},
        {DOCUMENT_RESIDENT_ID, "31011319550615032", IDENTITY_LENGTH, NULL},
        {DOCUMENT_RESIDENT_ID, "3101131955061503251", IDENTITY_LENGTH, NULL},
        {DOCUMENT_RESIDENT_ID, "310113195506150325310113195506150325", IDENTITY_LENGTH, NULL},
        {DOCUMENT_RESIDENT_ID, "310113550615032", IDENTITY_LENGTH, NULL}, /* 15 digits ended in 2013 */
        {DOCUMENT_RESIDENT_ID, "X10113195506150325", IDENTITY_SIGNS, NULL},
        {DOCUMENT_RESIDENT_ID, "31011319550615032；", IDENTITY_SIGNS, NULL},
        {DOCUMENT_RESIDENT_ID, "", IDENTITY_EMPTY, NULL},
        {DOCUMENT_RESIDENT_ID, "  ", IDENTITY_EMPTY, NULL},
        {DOCUMENT_RESIDENT_ID, "810000199408230021", IDENTITY_REGION, NULL},
        {DOCUMENT_RESIDENCE_PERMIT, "810000199408230021", IDENTITY_FINE, "810000199408230021"},
        {DOCUMENT_RESIDENCE_PERMIT, "820000198501011015", IDENTITY_FINE, "820000198501011015"},
        {DOCUMENT_RESIDENCE_PERMIT, "830000197905120039", IDENTITY_FINE, "830000197905120039"},
        {DOCUMENT_RESIDENCE_PERMIT, "310113195506150325", IDENTITY_REGION, NULL},
        {DOCUMENT_PERMANENT_RESIDENCE, "931840198108030026", IDENTITY_FINE, "931840198108030026"},
        {DOCUMENT_PERMANENT_RESIDENCE, "USA31018108031", IDENTITY_LENGTH, NULL},
        {DOCUMENT_PERMANENT_RESIDENCE, "USA3101810803155", IDENTITY_LENGTH, NULL},
        {DOCUMENT_PERMANENT_RESIDENCE, "usa310181080315", IDENTITY_FINE, "USA310181080315"},
        {DOCUMENT_PERMANENT_RESIDENCE, "USA310181133150", IDENTITY_DATE, NULL},
        {DOCUMENT_PERMANENT_RESIDENCE, "310113195506150325", IDENTITY_REGION, NULL},
        {DOCUMENT_PASSPORT, "e12345678", IDENTITY_FINE, "E12345678"},
        {DOCUMENT_PASSPORT, "C4J8K9LX7", IDENTITY_FINE, "C4J8K9LX7"},
        {DOCUMENT_PASSPORT, "ABCDEFGH1", IDENTITY_SIGNS, NULL},
        {DOCUMENT_PASSPORT, "E123", IDENTITY_LENGTH, NULL},
        {DOCUMENT_NONE, "E12345678", IDENTITY_KIND, NULL},
    };
    (void)state;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct document d = {0};
        const char *text = rows[i].text;
        enum identity_fault fault = document_parse(rows[i].kind, str_from_cstr(text), TODAY, &d);
        if (fault != rows[i].fault)
            fail_msg("%s: %s, not %s", text, identity_fault_word(fault), identity_fault_word(rows[i].fault));
        if (rows[i].number)
            assert_string_equal(d.number, rows[i].number);
    }
}

static void what_a_number_tells(void **state)
{
    struct document d;
    (void)state;

    assert_int_equal(document_parse(DOCUMENT_RESIDENT_ID, STR("310113195506150325"), TODAY, &d), IDENTITY_FINE);
    assert_int_equal(d.birth_day, day_from_ymd(1955, 6, 15));
    assert_true(d.birth_known && d.sex_known);
    assert_false(d.male);
    assert_int_equal(document_age(&d, day_from_ymd(2026, 6, 14)), 70);
    assert_int_equal(document_age(&d, day_from_ymd(2026, 6, 15)), 71);
    assert_int_equal(document_parse(DOCUMENT_RESIDENT_ID, STR("440524188001010014"), TODAY, &d), IDENTITY_FINE);
    assert_true(d.male);
    assert_int_equal(document_parse(DOCUMENT_PERMANENT_RESIDENCE, STR("USA310181080315"), TODAY, &d), IDENTITY_FINE);
    assert_false(d.birth_known || d.sex_known);
    assert_int_equal(document_age(&d, TODAY), -1);
    assert_int_equal(document_guess(STR("310113195506150325"), TODAY), DOCUMENT_RESIDENT_ID);
    assert_int_equal(document_guess(STR("810000199408230021"), TODAY), DOCUMENT_RESIDENCE_PERMIT);
    assert_int_equal(document_guess(STR("USA310181080315"), TODAY), DOCUMENT_PERMANENT_RESIDENCE);
    assert_int_equal(document_guess(STR("E12345678"), TODAY), DOCUMENT_PASSPORT);
    assert_int_equal(document_guess(STR("你好"), TODAY), DOCUMENT_NONE);
    for (enum document_kind k = DOCUMENT_RESIDENT_ID; k <= DOCUMENT_PASSPORT; k++)
        assert_int_equal(document_kind_from_word(str_from_cstr(document_kind_word(k))), k);
    assert_int_equal(document_kind_from_word(STR("driving_licence")), DOCUMENT_NONE);
}

static void names(void **state)
{
    static const struct {
        const char *text, *name;
    } rows[] = {
        {"王芳", "王芳"},
        {" 王 芳 ", "王芳"},
        {"王　芳", "王芳"},
        {"难", "难"},
        {"欧阳娜娜", "欧阳娜娜"},
        {"阿卜杜拉·买买提", "阿卜杜拉·买买提"},
        {"阿卜杜拉.买买提", "阿卜杜拉·买买提"},
        {"阿卜杜拉•买买提", "阿卜杜拉·买买提"},
        {"阿卜杜拉 · 买买提", "阿卜杜拉·买买提"},
        {"阿卜杜拉．买买提", "阿卜杜拉·买买提"},
        {"㛃䶮", "㛃䶮"},
        {"𬱖", "𬱖"},
        {"John  Smith", "John Smith"},
        {"Jean-Luc O’Neil", "Jean-Luc O'Neil"},
        {"José García", "José García"},
        {"J. R. Smith Jr.", "J. R. Smith Jr."},
        {"Ｊｏｈｎ", "John"},
        {"Nguyễn Văn An", "Nguyễn Văn An"},
        {"", NULL},
        {"  ", NULL},
        {"王芳3", NULL},
        {"·买买提", NULL},
        {"阿卜杜拉·", NULL},
        {"阿··买", NULL},
        {"王Fang", NULL},
        {"王-芳", NULL},
        {"王<b>", NULL},
        {"-John", NULL},
        {"'", NULL},
        {"😀", NULL},
        {"王\n芳", NULL},
        {"\xFF", NULL},
    };
    struct str name;
    (void)state;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        enum identity_fault fault = person_name_parse(arena, str_from_cstr(rows[i].text), &name);
        if ((fault == IDENTITY_FINE) != (rows[i].name != NULL))
            fail_msg("%s: %s", rows[i].text, identity_fault_word(fault));
        if (rows[i].name && !str_eq(name, str_from_cstr(rows[i].name)))
            fail_msg("%s became " STR_FMT, rows[i].text, STR_ARG(name));
    }
    char many[51 * 3 + 1] = "";
    for (int i = 0; i < 51; i++)
        memcpy(many + i * 3, "王", 3);
    assert_int_equal(person_name_parse(arena, (struct str){many, 50 * 3}, &name), IDENTITY_FINE);
    assert_int_equal(person_name_parse(arena, (struct str){many, 51 * 3}, &name), IDENTITY_LENGTH);
}

static void phones(void **state)
{
    char m[12];
    (void)state;

    static const char *const right[] = {"13800138000",   "+86 138 0013 8000",      "0086-13800138000",
                                        "8613800138000", "１３８００１３８０００", " 138-0013-8000 "};
    for (size_t i = 0; i < sizeof right / sizeof *right; i++) {
        if (mobile_parse(str_from_cstr(right[i]), m) != IDENTITY_FINE)
            fail_msg("%s", right[i]);
        assert_string_equal(m, "13800138000");
    }
    assert_int_equal(mobile_parse(STR("12800138000"), m), IDENTITY_REGION);
    assert_int_equal(mobile_parse(STR("23800138000"), m), IDENTITY_REGION);
    assert_int_equal(mobile_parse(STR("1380013800"), m), IDENTITY_LENGTH);
    assert_int_equal(mobile_parse(STR("138001380001"), m), IDENTITY_LENGTH);
    assert_int_equal(mobile_parse(STR("1380013800013800138000"), m), IDENTITY_LENGTH);
    assert_int_equal(mobile_parse(STR("1380013800O"), m), IDENTITY_SIGNS);
    assert_int_equal(mobile_parse(STR("+"), m), IDENTITY_EMPTY);
    assert_int_equal(mobile_parse(STR(""), m), IDENTITY_EMPTY);
}

static void credit_codes(void **state)
{
    char c[19];
    (void)state;

    assert_int_equal(credit_code_parse(STR("91350100M000100Y43"), c), IDENTITY_FINE);
    assert_int_equal(credit_code_parse(STR(" 9135 0100 m000 100y 43"), c), IDENTITY_FINE);
    assert_string_equal(c, "91350100M000100Y43");
    assert_int_equal(credit_code_parse(STR("52310113MJ0000018A"), c), IDENTITY_FINE);
    assert_int_equal(credit_code_parse(STR("91350100M000100Y44"), c), IDENTITY_CHECK);
    assert_int_equal(credit_code_parse(STR("91350100M000101Y43"), c), IDENTITY_CHECK);
    assert_int_equal(credit_code_parse(STR("91350100M000100Y4"), c), IDENTITY_LENGTH);
    assert_int_equal(credit_code_parse(STR("91350100M000100I43"), c), IDENTITY_SIGNS); /* no letter I */
    assert_int_equal(credit_code_parse(STR("9135010AM000100Y43"), c), IDENTITY_SIGNS);
    assert_int_equal(credit_code_parse(STR("01350100M000100Y43"), c), IDENTITY_KIND);
    assert_int_equal(credit_code_parse(STR(""), c), IDENTITY_EMPTY);
}

static void assert_masked(struct str s, const char *expected)
{
    if (!str_eq(s, str_from_cstr(expected)))
        fail_msg(STR_FMT ", not %s", STR_ARG(s), expected);
}

static void masks(void **state)
{
    (void)state;
    assert_masked(document_mask(arena, STR("310113195506150325")), "310113********0325");
    assert_masked(document_mask(arena, STR("E12345689")), "E******89");
    assert_masked(document_mask(arena, STR("E1")), "E*");
    assert_masked(document_mask(arena, STR("")), "");
    assert_masked(mobile_mask(arena, STR("13812345678")), "138****5678");
    assert_masked(credit_code_mask(arena, STR("91350100M000100Y43")), "913***********0Y43");
    assert_masked(person_name_mask(arena, STR("王芳")), "王*");
    assert_masked(person_name_mask(arena, STR("欧阳娜娜")), "欧***");
    assert_masked(person_name_mask(arena, STR("阿卜杜·买买提")), "阿**·买**");
    assert_masked(person_name_mask(arena, STR("难")), "*");
    assert_masked(person_name_mask(arena, STR("John Smith")), "J*** S****");
}

static void shown_names(void **state)
{
    static const struct {
        const char *name;
        enum sex sex;
        const char *shown;
    } rows[] = {
        {"周小兰", SEX_FEMALE, "周女士"},
        {"周大明", SEX_MALE, "周先生"},
        {"周小兰", SEX_UNKNOWN, "周邻居"},
        {"欧阳娜娜", SEX_FEMALE, "欧阳女士"},
        {"欧阳娜娜", SEX_UNKNOWN, "欧阳邻居"},
        {"阿卜杜·买买提", SEX_MALE, "阿卜杜先生"},
        {"John Smith", SEX_MALE, "Smith先生"},
        {"Maria da Silva", SEX_UNKNOWN, "Silva邻居"},
        {"阿卜杜·买买提", SEX_UNKNOWN, "阿卜杜邻居"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_string_equal(
            str_cstr(arena, person_shown_name(arena, str_from_cstr(rows[i].name), rows[i].sex, LANG_ZH_CN)),
            rows[i].shown);
    assert_string_equal(str_cstr(arena, person_shown_name(arena, STR("Ann Lee"), SEX_FEMALE, LANG_EN)), "Ms Lee");
    assert_string_equal(str_cstr(arena, person_shown_name(arena, STR("Ann Lee"), SEX_UNKNOWN, LANG_EN)), "Lee");
}

static void numbers_in_a_text(void **state)
{
    static const struct {
        const char *text, *blotted;
    } rows[] = {
        {"请联系周女士13812345678，谢谢", "请联系周女士138********，谢谢"},
        {"138 1234 5678", "138**********"},
        {"138-1234-5678 2号楼", "138********** 2号楼"},
        {"138 0013 8000 2号楼", "138********** 2号楼"},
        {"电话：１３８１２３４５６７８。", "电话：１３８********。"},
        {"+86 13812345678", "+86 *********** "},
        {"打 021-56781234 或 0512-6789123", "打 021********* 或 051*********"},
        {"电话 56781234", "电话 567*****"},
        {"12345热线和110、119，8号楼502室", "12345热线和110、119，8号楼502室"},
        {"400-820-8820", "400-820-8820"},
        {"身份证310113195506150325号", "身份证******************号"},
        {"11010519491231002x", "******************"},
        {"310113 19550615 0325", "********************"},
        {"310113195506150325 13812345678", "****************** 138********"},
        {"编号310113195506150326", "编号310113195506150326"}, /* the check digit says that it is none */
        {"沪A·12345占了车位", "沪A******占了车位"},
        {"沪AD12345、苏e 5S123", "沪A******、苏e******"},
        {"沪A1234学", "沪A*****"},
        {"皖北ABC", "皖北ABC"},
        {"京东订单 20261123004567890", "京东订单 20261123004567890"},
        {"20261123-004", "20261123-004"},
        {"2026年11月23日 13:30，310113007011", "2026年11月23日 13:30，310113007011"},
        {"面积 1388.12345678", "面积 1388.12345678"},
        {"A13812345678", "A13812345678"},
        {"", ""},
    };
    struct private_span span[2];
    (void)state;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct str got = private_blot(arena, str_from_cstr(rows[i].text));
        if (i == 5) { /* how the country code is counted in does not matter, that no digit of the phone is left does */
            assert_true(str_find(got, STR("5678")) == SIZE_MAX);
            continue;
        }
        if (!str_eq(got, str_from_cstr(rows[i].blotted)))
            fail_msg("%s became " STR_FMT, rows[i].text, STR_ARG(got));
    }
    assert_int_equal(private_blot(arena, STR_NONE).len, 0); /* a report without a text */
    assert_int_equal(private_find(STR("13812345678 13812345679 13812345670"), span, 2), 3);
    assert_int_equal(span[1].from, 12);
    assert_int_equal(private_find(STR("沪"), span, 2), 0);
    assert_int_equal(private_find(STR("\xE6\xB2"), span, 2), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(documents),   cmocka_unit_test(what_a_number_tells), cmocka_unit_test(names),
        cmocka_unit_test(phones),      cmocka_unit_test(credit_codes),        cmocka_unit_test(masks),
        cmocka_unit_test(shown_names), cmocka_unit_test(numbers_in_a_text),
    };
    return cmocka_run_group_tests_name("identity", tests, open_arena, close_arena);
}
