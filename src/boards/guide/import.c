/* import.c: matters from a file, and those that are in the binary. */
#include <jansson.h>

#include "boards/guide/rules.h"
#include "civic/place/place.h"
#include "engine/base/csv.h"
#include "engine/base/ids.h"

__asm__(".section .rodata\n"
        "lilong_guide_matters:\n.incbin \"data/guide-matters.csv\"\nlilong_guide_matters_end:\n"
        ".previous\n");
extern const char lilong_guide_matters[], lilong_guide_matters_end[];

struct str guide_embedded(void)
{
    return (struct str){lilong_guide_matters, (size_t)(lilong_guide_matters_end - lilong_guide_matters)};
}

enum column {
    CODE,
    NAME,
    THEME,
    SAID,
    WHO,
    MATERIALS,
    COUNTER,
    ADDRESS,
    HOURS,
    PHONE,
    ONLINE,
    STEPS,
    PROMISED,
    LEGAL,
    FEE,
    BASIS,
    REACH,
    RELATED,
    CHECKED,
    COLUMNS
};
static const char *const heads[COLUMNS] = {
    [CODE] = "code",           [NAME] = "name",       [THEME] = "theme",       [SAID] = "said",       [WHO] = "who",
    [MATERIALS] = "materials", [COUNTER] = "counter", [ADDRESS] = "address",   [HOURS] = "hours",     [PHONE] = "phone",
    [ONLINE] = "online",       [STEPS] = "steps",     [PROMISED] = "promised", [LEGAL] = "legal",     [FEE] = "fee",
    [BASIS] = "basis",         [REACH] = "reach",     [RELATED] = "related",   [CHECKED] = "checked",
};
enum { ROWS_MAX = 500, FAULTS_MAX = 100, FILE_MAX_BYTES = 4 << 20 };

struct row {
    struct str field[COLUMNS];
    size_t line;
    struct guide_facts facts;
    struct guide_material material[GUIDE_MATERIALS_MAX];
    bool unchecked;
    int64_t id; /* once it is in */
};

static void fault(struct db *db, struct import_report *rep, size_t line, const char *why, struct str what)
{
    if (!rep->fault)
        rep->fault = arena_array(db_arena(db), struct import_fault, FAULTS_MAX);
    if (rep->n_faults < FAULTS_MAX)
        rep->fault[rep->n_faults++] = (struct import_fault){line, why, what};
}

/* ---- the file --------------------------------------------------------------------------------------------------------- */

static enum result read_csv(struct db *db, struct str text, struct row *rows, size_t *ret_n, struct import_report *rep)
{
    size_t column[COLUMNS], n = 0;
    struct csv csv;
    enum result r;

    if (csv_open(db_arena(db), text, &csv) != OK) {
        fault(db, rep, 1, "the first line has no names of columns", STR_NONE);
        return E_INVALID;
    }
    for (size_t i = 0; i < COLUMNS; i++) {
        column[i] = csv_column(&csv, heads[i]);
        if (column[i] == SIZE_MAX && (i == CODE || i == NAME || i == THEME || i == REACH))
            fault(db, rep, 1, "a column is missing", str_from_cstr(heads[i]));
    }
    while (rep->n_faults == 0 && (r = csv_next(&csv)) != E_NOT_FOUND) {
        if (r != OK) {
            fault(db, rep, csv.line,
                  csv.fault == CSV_TOO_FEW    ? "too few fields"
                  : csv.fault == CSV_TOO_MANY ? "too many fields"
                                              : "quotes are wrong",
                  STR_NONE);
            break;
        }
        if (n == ROWS_MAX) {
            fault(db, rep, csv.line, "there are more than 500 matters", STR_NONE);
            break;
        }
        rows[n] = (struct row){.line = csv.line};
        for (size_t i = 0; i < COLUMNS; i++)
            rows[n].field[i] = str_dup(db_arena(db), csv_field(&csv, column[i]));
        n++;
    }
    *ret_n = n;
    return rep->n_faults ? E_INVALID : OK;
}

/* A text, a number, or a list of texts, which become lines. */
static bool json_words(struct arena *a, const json_t *value, struct str *ret)
{
    struct buf b;
    size_t i;
    json_t *item;

    if (json_is_string(value))
        *ret = str_trim(str_dup(a, (struct str){json_string_value(value), json_string_length(value)}));
    else if (json_is_integer(value))
        *ret = str_printf(a, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    else if (json_is_array(value)) {
        buf_init(&b, a, 256, 1 << 16);
        json_array_foreach(value, i, item)
        {
            if (!json_is_string(item))
                return false;
            buf_put(&b, (struct str){json_string_value(item), json_string_length(item)});
            buf_putc(&b, '\n');
        }
        *ret = str_trim(buf_str(&b));
    } else {
        return false;
    }
    return str_utf8_text(*ret);
}

static enum result read_json(struct db *db, struct str text, struct row *rows, size_t *ret_n, struct import_report *rep)
{
    json_error_t error;
    json_t *all = json_loadb(text.ptr, text.len, JSON_REJECT_DUPLICATES, &error), *one;
    size_t n, i;

    if (!json_is_array(all)) {
        fault(db, rep, all ? 1 : (size_t)error.line, "this is not a JSON array of objects", STR_NONE);
        json_decref(all);
        return E_INVALID;
    }
    n = json_array_size(all);
    if (n > ROWS_MAX)
        fault(db, rep, 0, "there are more than 500 matters", STR_NONE);
    json_array_foreach(all, i, one)
    {
        const char *key;
        json_t *value;

        if (rep->n_faults)
            break;
        rows[i] = (struct row){.line = i + 1};
        if (!json_is_object(one))
            fault(db, rep, i + 1, "a matter is an object", STR_NONE);
        json_object_foreach(one, key, value)
        {
            size_t c = 0;

            while (c < COLUMNS && strcmp(heads[c], key) != 0)
                c++;
            if (c == COLUMNS)
                fault(db, rep, i + 1, "there is no such field", str_dup(db_arena(db), str_from_cstr(key)));
            else if (!json_words(db_arena(db), value, &rows[i].field[c]))
                fault(db, rep, i + 1, "a field is a text, a number, or a list of texts", str_from_cstr(heads[c]));
        }
    }
    json_decref(all);
    *ret_n = n;
    return rep->n_faults ? E_INVALID : OK;
}

/* ---- what a row says ------------------------------------------------------------------------------------------------------ */

static bool code_good(struct str code)
{
    for (size_t i = 0; i < code.len; i++)
        if (!((code.ptr[i] >= '0' && code.ptr[i] <= '9') || (code.ptr[i] >= 'a' && code.ptr[i] <= 'z') ||
              code.ptr[i] == '_'))
            return false;
    return code.len > 0 && code.len <= 40;
}

/* "5 work_day", "30 calendar_day", "0" or nothing: at once. */
static bool read_limit(struct str words, int64_t *ret_amount, struct str *ret_unit)
{
    struct str amount, rest = words;

    *ret_amount = 0;
    *ret_unit = STR("work_day");
    if (words.len == 0 || !str_cut(&rest, ' ', &amount) || str_int64(amount, 0, 1000, ret_amount) != OK)
        return words.len == 0;
    rest = str_trim(rest);
    if (*ret_amount && !str_eq(rest, STR("work_day")) && !str_eq(rest, STR("calendar_day")))
        return false;
    if (rest.len)
        *ret_unit = rest;
    return true;
}

static const char *read_row(struct db *db, struct row *row, int64_t now, struct str *ret_what)
{
    struct guide_facts *f = &row->facts;
    size_t line = 0;

    *ret_what = row->field[CODE];
    if (!code_good(row->field[CODE]))
        return "a code has digits, small letters and _ alone, at most 40";
    *ret_what = row->field[THEME];
    if (guide_word_text(guide_themes, guide_themes_n, row->field[THEME]) == T_none)
        return "the theme is register, insurance, medical, elderly, family, relief, disabled, work, housing, education or other";
    *ret_what = row->field[REACH];
    if (guide_word_text(guide_reaches, guide_reaches_n, row->field[REACH]) == T_none)
        return "reach is city, district, street or community";
    *ret_what = row->field[NAME];
    if (row->field[NAME].len == 0 || str_utf8_count(row->field[NAME]) > GUIDE_NAME_MAX ||
        str_find(row->field[NAME], STR("\n")) != SIZE_MAX)
        return "a name has 1 to 40 characters";
    *f = (struct guide_facts){
        .name = row->field[NAME],
        .who = row->field[WHO],
        .counter = row->field[COUNTER],
        .address = row->field[ADDRESS],
        .hours = row->field[HOURS],
        .phone = row->field[PHONE],
        .online = row->field[ONLINE],
        .steps = row->field[STEPS],
        .fee = row->field[FEE],
        .basis = row->field[BASIS],
        .reach = row->field[REACH],
        .valid_from = day_of(now),
        .material = row->material,
    };
    *ret_what = row->field[PROMISED];
    if (!read_limit(row->field[PROMISED], &f->promised_amount, &f->promised_unit))
        return "a limit is a number and work_day or calendar_day: 5 work_day";
    *ret_what = row->field[LEGAL];
    if (!read_limit(row->field[LEGAL], &f->legal_amount, &f->legal_unit))
        return "a limit is a number and work_day or calendar_day: 30 calendar_day";
    *ret_what = row->field[MATERIALS];
    if (guide_materials_parse(db_arena(db), row->field[MATERIALS], row->material, &f->n_materials, &line) != OK)
        return "materials are lines of name|original, copy, both or filled|how many|note";
    for (size_t i = WHO; i < COLUMNS; i++) {
        bool lines = i == WHO || i == MATERIALS || i == STEPS || i == BASIS || i == SAID;

        *ret_what = str_from_cstr(heads[i]);
        if (!str_utf8_text(row->field[i]) || str_utf8_count(row->field[i]) > (lines ? GUIDE_LINES_MAX : GUIDE_LINE_MAX))
            return "a field is too long";
    }
    row->unchecked = !str_eq(row->field[CHECKED], STR("yes"));
    return NULL;
}

/* ---- into the guide --------------------------------------------------------------------------------------------------------- */

static bool same_materials(const struct guide_facts *a, const struct guide_facts *b)
{
    if (a->n_materials != b->n_materials)
        return false;
    for (size_t i = 0; i < a->n_materials; i++)
        if (!str_eq(a->material[i].name, b->material[i].name) || !str_eq(a->material[i].form, b->material[i].form) ||
            a->material[i].copies != b->material[i].copies || !str_eq(a->material[i].note, b->material[i].note))
            return false;
    return true;
}

static bool same_facts(const struct guide_facts *a, const struct guide_facts *b)
{
    const struct str x[] = {a->name,  a->who,           a->counter,    a->address, a->hours, a->phone, a->online,
                            a->steps, a->promised_unit, a->legal_unit, a->fee,     a->basis, a->reach};
    const struct str y[] = {b->name,  b->who,           b->counter,    b->address, b->hours, b->phone, b->online,
                            b->steps, b->promised_unit, b->legal_unit, b->fee,     b->basis, b->reach};

    for (size_t i = 0; i < sizeof(x) / sizeof(x[0]); i++)
        if (!str_eq(x[i], y[i]))
            return false;
    return a->promised_amount == b->promised_amount && a->legal_amount == b->legal_amount && same_materials(a, b);
}

static enum result put_said(struct db *db, int64_t place, const struct row *row)
{
    struct str rest = row->field[SAID], one;
    enum result r = sql_guide_synonym_clear(db, place, row->id);

    while (r == OK && str_cut(&rest, '\n', &one)) {
        one = str_trim(one);
        if (one.len && str_utf8_count(one) <= GUIDE_NAME_MAX)
            r = sql_guide_synonym_put(db, place, id_new(), one, row->id, STR_NONE);
    }
    return r;
}

static enum result put_row(struct db *db, const struct entry_actor *actor, const struct board *board, int64_t place,
                           struct row *row, struct import_report *rep)
{
    struct sql_guide_item_by_code at;
    struct sql_guide_item_get item;
    struct guide_facts is;
    struct entry entry;
    enum result r = sql_guide_item_by_code(db, place, row->field[CODE], &at);

    if (r == E_NOT_FOUND) {
        const struct guide_new what = {.board = board,
                                       .place = place,
                                       .code = row->field[CODE],
                                       .theme = row->field[THEME],
                                       .published = true,
                                       .unchecked = row->unchecked,
                                       .facts = &row->facts};

        rep->added++;
        r = guide_write(db, actor, &what, &row->id);
        return r == OK ? put_said(db, place, row) : r;
    }
    row->id = at.id;
    if (r == OK)
        r = sql_guide_item_get(db, place, at.id, &item);
    if (r == OK)
        r = guide_facts_get(db, place, at.id, item.newest, &is);
    if (r == OK)
        r = entry_get(db, place, at.id, &entry);
    if (r != OK)
        return r;
    row->facts.related = is.related;
    if (same_facts(&is, &row->facts) && str_eq(item.theme, row->field[THEME])) {
        rep->same++;
        return OK;
    }
    rep->changed++;
    row->facts.changes = text(LANG_ZH_CN, T_guide_changes_import);
    if (row->facts.valid_from < is.valid_from)
        row->facts.valid_from = is.valid_from;
    r = guide_revise(db, actor, board, &entry, item.newest, row->field[THEME], row->unchecked, &row->facts);
    return r == OK ? put_said(db, place, row) : r;
}

/* Codes of the file become numbers, now that all of them have one. */
static enum result put_related(struct db *db, int64_t place, const struct row *rows, size_t n)
{
    enum result r = OK;

    for (size_t i = 0; r == OK && i < n; i++) {
        struct str rest = rows[i].field[RELATED], code;
        struct sql_guide_item_get item;
        struct buf b;

        if (rest.len == 0)
            continue;
        buf_init(&b, db_arena(db), 128, 4096);
        while (str_cut(&rest, ' ', &code))
            for (size_t k = 0; k < n; k++)
                if (k != i && str_eq(rows[k].field[CODE], code))
                    buf_printf(&b, ",%" PRId64, rows[k].id);
        r = sql_guide_item_get(db, place, rows[i].id, &item);
        if (r == OK)
            r = sql_guide_version_related(db, place, rows[i].id, item.newest, buf_str(&b));
    }
    return r;
}

enum result guide_import(struct db *db, int64_t place, struct str bytes, int64_t now, struct import_report *ret)
{
    struct entry_actor actor = {.runs = true, .now = now};
    struct organisation head;
    struct row *rows = arena_array(db_arena(db), struct row, ROWS_MAX + 1);
    struct board board;
    struct str text;
    size_t n = 0;
    enum result r;

    *ret = (struct import_report){0};
    if (bytes.len > FILE_MAX_BYTES || csv_text(db_arena(db), bytes, &text) != OK) {
        fault(db, ret, 0, "the file is neither UTF-8 nor GBK text, or larger than 4 MiB", STR_NONE);
        return E_INVALID;
    }
    text = str_trim(text);
    r = str_starts(text, STR("[")) ? read_json(db, text, rows, &n, ret) : read_csv(db, text, rows, &n, ret);
    for (size_t i = 0; r == OK && i < n; i++) {
        struct str what = STR_NONE;
        const char *why = read_row(db, &rows[i], now, &what);

        for (size_t k = 0; !why && k < i; k++)
            if (str_eq(rows[k].field[CODE], rows[i].field[CODE])) {
                what = rows[i].field[CODE];
                why = "this code stands in the file twice";
            }
        if (why)
            fault(db, ret, rows[i].line, why, what);
    }
    if (r != OK || ret->n_faults)
        return r == OK ? E_INVALID : r;
    if ((r = board_by_word(db, STR("guide"), &board)) != OK)
        return r;
    r = organisation_head_of(db, place, &head);
    if (r == OK) {
        actor.organisation = head.id;
        actor.from = head.name;
    } else if (r == E_NOT_FOUND) { /* a place without an office yet */
        r = OK;
    }
    for (size_t i = 0; r == OK && i < n; i++)
        r = put_row(db, &actor, &board, place, &rows[i], ret);
    ret->rows = n;
    return r == OK ? put_related(db, place, rows, n) : r;
}
