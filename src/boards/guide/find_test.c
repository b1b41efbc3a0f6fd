/* find_test.c: what people type finds the matter that they mean, first; with the matters and the words that are in the binary. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "boards/guide/rules.h"
#include "engine/base/csv.h"

enum { MOST = 100 };
static struct guide_candidate candidate[MOST];
static struct str code[MOST];
static size_t n;
static struct arena *a;

static int setup(void **state)
{
    struct csv csv;
    size_t at[4];

    (void)state;
    a = arena_open((size_t)64 << 20);
    assert_int_equal(csv_open(a, guide_embedded(), &csv), OK);
    at[0] = csv_column(&csv, "code");
    at[1] = csv_column(&csv, "name");
    at[2] = csv_column(&csv, "said");
    at[3] = csv_column(&csv, "who");
    for (n = 0; csv_next(&csv) == OK; n++) {
        struct str *said = arena_array(a, struct str, GUIDE_SYNONYMS_MAX), rest = str_dup(a, csv_field(&csv, at[2])),
                   one;
        size_t m = 0;

        while (str_cut(&rest, '\n', &one))
            said[m++] = one;
        code[n] = str_dup(a, csv_field(&csv, at[0]));
        candidate[n] = (struct guide_candidate){.id = (int64_t)n + 1,
                                                .name = str_dup(a, csv_field(&csv, at[1])),
                                                .text = str_dup(a, csv_field(&csv, at[3])),
                                                .said = said,
                                                .n_said = m};
    }
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_close(a);
    return 0;
}

/* The first answer, or "" when nothing fits. */
static struct str first(const char *question)
{
    static const struct guide_meaning meaning[] = {{{"小囡", 6}, {"小孩", 6}}};

    guide_rank(a, str_from_cstr(question), meaning, 1, candidate, n);
    return candidate[0].score >= GUIDE_FITS ? code[candidate[0].id - 1] : STR("");
}

static void everyday_words_find_it_first(void **state)
{
    static const char *const asked[][2] = {
        {"小孩上户口", "newborn_registration"},
        {"小孩上户口怎么办", "newborn_registration"},
        {"宝宝落户需要什么材料", "newborn_registration"},
        {"小囡上户口", "newborn_registration"},
        {"医保卡丢了", "medical_card"},
        {"医保卡掉了去哪里补", "medical_card"},
        {"身份证过期了怎么办", "child_id"},
        {"敬老卡", "elderly_card"},
        {"65岁老人卡怎么申请", "elderly_card"},
        {"长护险", "elderly_assessment"},
        {"请护工有补贴吗", "elderly_assessment"},
        {"领结婚证要带什么", "marriage"},
        {"准生证", "birth_service"},
        {"生育津贴怎么领", "maternity_allowance"},
        {"怎么申请低保", "minimum_allowance"},
        {"失业金", "unemployment"},
        {"被辞退了怎么办", "unemployment"},
        {"公租房", "public_rental"},
        {"廉租房申请", "low_rent"},
        {"残疾证", "disability_card"},
        {"残疾人补贴", "disability_subsidy"},
        {"看病报销", "medical_refund"},
        {"去外地看病", "remote_medical"},
        {"居住证续签", "residence_permit"},
        {"幼升小", "school_registration"},
        {"老人去世销户口", "death_registration"},
        {"丧葬费怎么领", "funeral_subsidy"},
        {"自己交社保", "flexible_insurance"},
        {"老人送饭", "elderly_meal"},
        {"独生子女费", "only_child"},
        {"病历本用完了", "medical_book"},
    };
    int wrong = 0;

    (void)state;
    for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]); i++) {
        struct str got = first(asked[i][0]);

        if (!str_eq(got, str_from_cstr(asked[i][1]))) {
            fprintf(stderr, "%s: %s, not " STR_FMT " (%.2f)\n", asked[i][0], asked[i][1], STR_ARG(got),
                    candidate[0].score);
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
}

static void a_wrong_sign_costs_no_answer(void **state)
{
    static const char *const asked[][2] = {
        {"小孩上沪口", "newborn_registration"},
        {"新生儿户囗登记", "newborn_registration"},
        {"医保卡丟了", "medical_card"},
        {"残疾正", "disability_card"},
        {"失业保险今", "unemployment"},
        {"公租放申请", "public_rental"},
        {"最低生活保障今申请", "minimum_allowance"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]); i++) {
        guide_rank(a, str_from_cstr(asked[i][0]), NULL, 0, candidate, n);
        assert_true(candidate[0].score >= GUIDE_NEAR);
        if (!str_eq(code[candidate[0].id - 1], str_from_cstr(asked[i][1])))
            fprintf(stderr, "%s gave " STR_FMT "\n", asked[i][0], STR_ARG(code[candidate[0].id - 1]));
        assert_true(str_eq(code[candidate[0].id - 1], str_from_cstr(asked[i][1])));
    }
}

static void what_is_not_there_gets_no_answer(void **state)
{
    static const char *const asked[] = {"zzzz", "汽车年检", "养狗", "1", "。。。", "", "开演唱会"};

    (void)state;
    for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]); i++)
        if (first(asked[i]).len)
            fail_msg("%s: " STR_FMT " %.2f", asked[i], STR_ARG(code[candidate[0].id - 1]), candidate[0].score);
    guide_rank(a, STR("x"), NULL, 0, candidate, 0); /* an empty guide */
}

static void materials_are_read_line_by_line(void **state)
{
    struct guide_material m[GUIDE_MATERIALS_MAX];
    size_t count = 0, line = 0;

    (void)state;
    assert_int_equal(
        guide_materials_parse(a, STR("身份证｜原件｜1｜验看后退还\n\n 户口簿 | both | 2 \n照片"), m, &count, &line),
        OK);
    assert_int_equal(count, 3);
    assert_true(str_eq(m[0].note, STR("验看后退还")) && str_eq(m[1].form, STR("both")) && m[1].copies == 2 &&
                str_eq(m[2].form, STR("original")));
    assert_int_equal(guide_materials_parse(a, STR("身份证\n户口簿|羊皮纸|1"), m, &count, &line), E_INVALID);
    assert_int_equal(line, 2);
    assert_int_equal(guide_materials_parse(a, STR("身份证|原件|0"), m, &count, &line), E_INVALID);
    assert_int_equal(guide_materials_parse(a, STR("|原件|1"), m, &count, &line), E_INVALID);
    /* what is shown in the form can be sent again */
    assert_int_equal(guide_materials_parse(a, guide_materials_words(a, LANG_EN, m, 1), m, &count, &line), OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(everyday_words_find_it_first, setup, teardown),
        cmocka_unit_test_setup_teardown(a_wrong_sign_costs_no_answer, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_not_there_gets_no_answer, setup, teardown),
        cmocka_unit_test_setup_teardown(materials_are_read_line_by_line, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
