/* categories.c: the city's classes of problems, their limits and the words that suggest them; a table, embedded from data/. */
#include "boards/report/rules.h"
#include "engine/base/csv.h"

__asm__(".section .rodata\n"
        "lilong_report_categories:\n.incbin \"data/report-categories.csv\"\nlilong_report_categories_end:\n"
        ".previous\n");
extern const char lilong_report_categories[], lilong_report_categories_end[];

enum { CODE, NAME, NAME_EN, WORDS, GRADE, AMOUNT, UNIT, COLUMNS };
static const char *const heads[COLUMNS] = {"code", "name", "name_en", "words", "grade", "limit_amount", "limit_unit"};

enum result report_seed_categories(struct db *db)
{
    struct str text = {lilong_report_categories, (size_t)(lilong_report_categories_end - lilong_report_categories)};
    size_t column[COLUMNS];
    struct csv csv;
    int64_t position = 0;
    enum result r = csv_open(db_arena(db), text, &csv);

    for (size_t i = 0; r == OK && i < COLUMNS; i++)
        r = csv_need(&csv, heads[i], &column[i]);
    while (r == OK && (r = csv_next(&csv)) == OK) {
        int64_t grade, amount;

        r = str_int64(csv_field(&csv, column[GRADE]), 0, 3, &grade);
        if (r == OK)
            r = str_int64(csv_field(&csv, column[AMOUNT]), 1, 1000, &amount);
        if (r == OK && limit_unit_from_word(csv_field(&csv, column[UNIT])) == LIMIT_NONE)
            r = E_INVALID;
        if (r == OK)
            r = sql_report_category_put(db, csv_field(&csv, column[CODE]), csv_field(&csv, column[NAME]),
                                        csv_field(&csv, column[NAME_EN]), csv_field(&csv, column[WORDS]), grade, amount,
                                        csv_field(&csv, column[UNIT]), ++position);
    }
    return r == E_NOT_FOUND ? OK : r;
}
