/* csv_test.c: what offices send, and what they must not be able to send. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/base/csv.h"

static int open_arena(void **state)
{
    *state = arena_open(4 << 20);
    return *state == NULL;
}

static int close_arena(void **state)
{
    arena_close(*state);
    return 0;
}

static void assert_str(struct str s, const char *expected)
{
    assert_int_equal(s.len, strlen(expected));
    assert_memory_equal(s.ptr ? s.ptr : "", expected, s.len);
}

static void quotes_commas_and_line_ends(void **state)
{
    struct csv csv;
    size_t name, note;

    assert_int_equal(csv_open(*state, STR("name,note\r\n\"a,\"\"b\"\"\",\"two\nlines\"\r\n\r\n,,\n"), &csv), OK);
    assert_int_equal(csv_need(&csv, "姓名,name", &name), OK);
    assert_int_equal(csv_need(&csv, "NOTE", &note), OK);
    assert_int_equal(csv_next(&csv), OK);
    assert_int_equal(csv.line, 2);
    assert_str(csv_field(&csv, name), "a,\"b\"");
    assert_str(csv_field(&csv, note), "two\nlines");
    assert_str(csv_field(&csv, SIZE_MAX), "");
    assert_int_equal(csv_next(&csv), E_NOT_FOUND); /* wholly empty rows do not count, however many commas they have */

    assert_int_equal(csv_open(*state, STR("a,b\nlast,row"), &csv), OK);
    assert_int_equal(csv_next(&csv), OK);
    assert_str(csv_field(&csv, 1), "row");
    assert_int_equal(csv_next(&csv), E_NOT_FOUND);
}

static void faults_are_named_with_their_line(void **state)
{
    struct csv csv;

    assert_int_equal(csv_open(*state, STR(""), &csv), E_INVALID);
    assert_int_equal(csv.fault, CSV_EMPTY);
    assert_int_equal(csv_open(*state, STR("a,b,A\n"), &csv), E_INVALID);
    assert_int_equal(csv.fault, CSV_COLUMN_TWICE);

    assert_int_equal(csv_open(*state, STR("a,b\n1\n1,2\n1,2,3\n\"x\ny\",2\nq\"r,2\n1,2\n"), &csv), OK);
    assert_int_equal(csv_next(&csv), E_INVALID);
    assert_int_equal(csv.fault, CSV_TOO_FEW);
    assert_int_equal(csv_next(&csv), OK);
    assert_int_equal(csv_next(&csv), E_INVALID);
    assert_int_equal(csv.fault, CSV_TOO_MANY);
    assert_int_equal(csv.line, 4);
    assert_int_equal(csv_next(&csv), OK);
    assert_int_equal(csv.line, 5);
    assert_int_equal(csv_next(&csv), E_INVALID);
    assert_int_equal(csv.fault, CSV_QUOTE_STRAY);
    assert_int_equal(csv.line, 7);
    assert_int_equal(csv_next(&csv), E_NOT_FOUND);

    assert_int_equal(csv_open(*state, STR("a\n\"open"), &csv), OK);
    assert_int_equal(csv_next(&csv), E_INVALID);
    assert_int_equal(csv.fault, CSV_QUOTE_OPEN);
    assert_int_equal(csv_open(*state, STR("a\n\"x\"y\n"), &csv), OK);
    assert_int_equal(csv_next(&csv), E_INVALID);
    assert_int_equal(csv.fault, CSV_QUOTE_STRAY);
    size_t column;
    assert_int_equal(csv_need(&csv, "room,室号", &column), E_INVALID);
    assert_int_equal(csv.fault, CSV_NO_COLUMN);
}

static void encodings(void **state)
{
    struct str text;

    assert_int_equal(csv_text(*state, STR("\xEF\xBB\xBF小区"), &text), OK);
    assert_str(text, "小区");
    assert_int_equal(csv_text(*state, STR("\xD0\xA1\xC7\xF8"), &text), OK); /* GBK */
    assert_str(text, "小区");
    assert_int_equal(csv_text(*state, STR("\xFF\xFE\x0F\x5C\x3A\x53"), &text), OK); /* UTF-16 of a spreadsheet */
    assert_str(text, "小区");
    assert_int_equal(csv_text(*state, STR("a\0b"), &text), E_INVALID);
    assert_int_equal(csv_text(*state, STR("\xFF\xFF\xFF"), &text), E_INVALID);
}

static void writing_survives_reading_and_runs_no_formula(void **state)
{
    static const char *const words[] = {"plain", "with,comma", "say \"yes\"", "two\nlines", "周女士", "", "x=1"};
    struct buf b;
    struct csv csv;
    struct str text;

    buf_init(&b, *state, 64, 1 << 16);
    csv_begin(&b);
    for (size_t i = 0; i < 7; i++)
        csv_put(&b, str_printf(*state, "column%zu", i), i == 0);
    csv_end_row(&b);
    for (size_t i = 0; i < 7; i++)
        csv_put(&b, str_from_cstr(words[i]), i == 0);
    csv_end_row(&b);
    assert_int_equal(csv_text(*state, buf_str(&b), &text), OK);
    assert_int_equal(csv_open(*state, text, &csv), OK);
    assert_int_equal(csv_next(&csv), OK);
    for (size_t i = 0; i < 7; i++)
        assert_str(csv_field(&csv, i), words[i]);

    buf_init(&b, *state, 64, 1 << 16);
    csv_put(&b, STR("=HYPERLINK(\"x\")"), true);
    csv_put(&b, STR("@SUM(1)"), false);
    csv_put(&b, STR("-1+2"), false);
    csv_put_int(&b, -5, false);
    csv_put_real(&b, 93.724, 2, false);
    csv_end_row(&b);
    assert_str(buf_str(&b), "\"'=HYPERLINK(\"\"x\"\")\",\"'@SUM(1)\",\"'-1+2\",-5,93.72\r\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(quotes_commas_and_line_ends, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(faults_are_named_with_their_line, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(encodings, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(writing_survives_reading_and_runs_no_formula, open_arena, close_arena),
    };
    return cmocka_run_group_tests_name("csv", tests, NULL, NULL);
}
