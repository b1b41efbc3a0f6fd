/* categories.c: the city's classes of problems, their limits and the words that suggest them; a table, embedded from data/. */
#include "boards/report/report.sql.h"
#include "boards/report/rules.h"
#include "civic/place/place_import.h"
#include "engine/base/csv.h"
#include "engine/base/ids.h"

__asm__(".section .rodata\n"
        "lilong_report_categories:\n.incbin \"data/report-categories.csv\"\nlilong_report_categories_end:\n"
        ".previous\n");
extern const char lilong_report_categories[], lilong_report_categories_end[];

enum { CODE, NAME, NAME_EN, WORDS, GRADE, AMOUNT, UNIT, COLUMNS };
static const char *const heads[COLUMNS] = {"code", "name", "name_en", "words", "grade", "limit_amount", "limit_unit"};

enum { NAME_MAX_CHARACTERS = 60, WORDS_MAX = 1000, CODE_MAX = 40, FAULTS_MAX = 100 };

struct category_row {
    struct str code, name, name_en, words, unit;
    int64_t grade, amount;
};

static void fault(struct db *db, struct import_report *rep, size_t line, const char *why, struct str what)
{
    if (!rep->fault)
        rep->fault = arena_array(db_arena(db), struct import_fault, FAULTS_MAX);
    if (rep->n_faults < FAULTS_MAX)
        rep->fault[rep->n_faults++] = (struct import_fault){line, why, what};
}

/* Codes stand in addresses and in figures: digits of the national classes, or a word of our own. */
static bool code_good(struct str code)
{
    for (size_t i = 0; i < code.len; i++)
        if (!((code.ptr[i] >= '0' && code.ptr[i] <= '9') || (code.ptr[i] >= 'a' && code.ptr[i] <= 'z') ||
              code.ptr[i] == '_'))
            return false;
    return code.len > 0 && code.len <= CODE_MAX;
}

static bool name_good(struct str name)
{
    return name.len > 0 && str_utf8_text(name) && str_find(name, STR("\n")) == SIZE_MAX &&
           str_utf8_count(name) <= NAME_MAX_CHARACTERS;
}

/* One row, or what is wrong with it. */
static const char *read_row(const struct csv *csv, const size_t *column, struct category_row *ret, struct str *ret_what)
{
    *ret = (struct category_row){
        .code = *ret_what = csv_field(csv, column[CODE]),
        .name = csv_field(csv, column[NAME]),
        .name_en = csv_field(csv, column[NAME_EN]),
        .words = csv_field(csv, column[WORDS]),
        .unit = csv_field(csv, column[UNIT]),
    };
    if (!code_good(ret->code))
        return "a code has digits, small letters and _ alone, at most 40";
    if (!name_good(*ret_what = ret->name) || !name_good(*ret_what = ret->name_en))
        return "a name has 1 to 60 characters, in both languages";
    if (ret->words.len > WORDS_MAX || !str_utf8_text(*ret_what = ret->words))
        return "the words are longer than 1000 bytes";
    if (str_int64(*ret_what = csv_field(csv, column[GRADE]), 0, 3, &ret->grade) != OK)
        return "the grade is 0 (emergency), 1 (the committee), 2 (handed on) or 3 (a case)";
    if (str_int64(*ret_what = csv_field(csv, column[AMOUNT]), 1, 1000, &ret->amount) != OK)
        return "the limit is a whole number from 1 to 1000";
    if (limit_unit_from_word(*ret_what = ret->unit) == LIMIT_NONE)
        return "the unit of the limit is work_hour, work_day, calendar_day or clock_hour";
    return NULL;
}

static bool seen_before(const struct category_row *rows, size_t n, struct str code)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(rows[i].code, code))
            return true;
    return false;
}

/* Reads all rows; faults go into rep. */
static enum result read_rows(struct db *db, struct str bytes, struct category_row *rows, struct import_report *rep)
{
    size_t column[COLUMNS];
    struct str text, what;
    struct csv csv;
    enum result r;

    if (csv_text(db_arena(db), bytes, &text) != OK || csv_open(db_arena(db), text, &csv) != OK) {
        fault(db, rep, 0, "the file is neither UTF-8 nor GBK text with a first line of names", STR_NONE);
        return E_INVALID;
    }
    for (size_t i = 0; i < COLUMNS; i++)
        if (csv_need(&csv, heads[i], &column[i]) != OK)
            fault(db, rep, 1, "a column is missing", str_from_cstr(heads[i]));
    if (rep->n_faults)
        return E_INVALID;
    while ((r = csv_next(&csv)) != E_NOT_FOUND) {
        struct category_row *row = &rows[rep->rows];
        const char *why;

        what = STR_NONE;
        if (r != OK)
            why = csv.fault == CSV_TOO_FEW  ? "too few fields"
                : csv.fault == CSV_TOO_MANY ? "too many fields"
                                            : "quotes are wrong";
        else if (rep->rows == REPORT_CATEGORIES_MAX)
            why = "there are more than 500 categories";
        else if (!(why = read_row(&csv, column, row, &what)) && seen_before(rows, rep->rows, what = row->code))
            why = "this code stands in the file twice";
        if (!why) {
            rep->rows++;
            continue;
        }
        fault(db, rep, csv.line, why, what);
        if (rep->rows == REPORT_CATEGORIES_MAX || csv.fault == CSV_QUOTE_OPEN || csv.fault == CSV_QUOTE_STRAY)
            break;
    }
    return rep->n_faults ? E_INVALID : OK;
}

static bool as_it_was(const struct sql_report_category_all *is, const struct category_row *row, int64_t position)
{
    return str_eq(is->name, row->name) && str_eq(is->name_en, row->name_en) && str_eq(is->words, row->words) &&
           is->grade == row->grade && is->limit_amount == row->amount && str_eq(is->limit_unit, row->unit) &&
           is->position == position;
}

enum result report_import_categories(struct db *db, struct str bytes, struct import_report *ret)
{
    struct category_row *rows = arena_array(db_arena(db), struct category_row, REPORT_CATEGORIES_MAX + 1);
    struct sql_report_category_all_rows all;
    int64_t above = 0;
    size_t found = 0;
    bool whole;
    enum result r;

    *ret = (struct import_report){0};
    if ((r = read_rows(db, bytes, rows, ret)) != OK || (r = sql_report_category_all(db, &all)) != OK)
        return r;
    for (size_t k = 0; k < all.n; k++)
        found += seen_before(rows, ret->rows, all.row[k].code);
    ret->gone = all.n - found;
    whole = ret->gone == 0; /* then the file also says the order; else a new one comes behind the one above it */
    for (size_t i = 0; r == OK && i < ret->rows; i++) {
        const struct sql_report_category_all *is = NULL;
        int64_t position;

        for (size_t k = 0; k < all.n && !is; k++)
            if (str_eq(all.row[k].code, rows[i].code))
                is = &all.row[k];
        position = whole ? (int64_t)i + 1 : is ? is->position : above;
        above = position;
        if (is && as_it_was(is, &rows[i], position)) {
            ret->same++;
            continue;
        }
        *(is ? &ret->changed : &ret->added) += 1;
        r = sql_report_category_put(db, rows[i].code, rows[i].name, rows[i].name_en, rows[i].words, rows[i].grade,
                                    rows[i].amount, rows[i].unit, position);
    }
    return r == OK && ret->changed + ret->added ? sql_report_category_version_set(db, id_new()) : r;
}

enum result report_seed_categories(struct db *db)
{
    struct str text = {lilong_report_categories, (size_t)(lilong_report_categories_end - lilong_report_categories)};
    struct import_report rep;

    return report_import_categories(db, text, &rep);
}
