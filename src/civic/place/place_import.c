/* place_import.c: files from offices into the tree and below it. First everything is looked at, then everything is written. */
#include "civic/place/place_import.h"

#include <stdlib.h>

#include "civic/ledger/ledger.h"
#include "civic/place/place.sql.h"
#include "engine/base/csv.h"

#define FAULTS_MAX 100
#define ROWS_MAX 1000000

/* The file under data/ as it is. The assembler finds it by the compiler's -I of the source folder. */
__asm__(".section .rodata\n"
        "lilong_divisions:\n.incbin \"data/divisions-shanghai.csv\"\nlilong_divisions_end:\n"
        ".previous\n");
extern const char lilong_divisions[], lilong_divisions_end[];

struct str place_embedded_tree(void)
{
    return (struct str){lilong_divisions, (size_t)(lilong_divisions_end - lilong_divisions)};
}

static void fault(struct db *db, struct import_report *rep, size_t line, const char *why, struct str what)
{
    if (!rep->fault)
        rep->fault = arena_array(db_arena(db), struct import_fault, FAULTS_MAX);
    if (rep->n_faults < FAULTS_MAX)
        rep->fault[rep->n_faults] = (struct import_fault){line, why, what};
    if (rep->n_faults < FAULTS_MAX)
        rep->n_faults++;
}

/* Opens the text of a file; a wrong head is a fault of its own. */
static bool open_file(struct db *db, struct str bytes, struct csv *csv, struct import_report *rep)
{
    struct str text;

    memset(rep, 0, sizeof *rep);
    if (csv_text(db_arena(db), bytes, &text) != OK)
        fault(db, rep, 0, "the file is neither UTF-8 nor GBK text", STR_NONE);
    else if (csv_open(db_arena(db), text, csv) != OK)
        fault(db, rep, csv->line,
              csv->fault == CSV_COLUMN_TWICE ? "a column is there twice" : "the first line must name the columns",
              csv->fault_column);
    return !rep->n_faults;
}

static bool need(struct db *db, struct csv *csv, const char *names, size_t *ret_column, struct import_report *rep)
{
    if (csv_need(csv, names, ret_column) == OK)
        return true;
    fault(db, rep, 1, "a column is missing", csv->fault_column);
    return false;
}

/* The next row; false at the end. Rows that are no rows become faults. */
static bool next(struct db *db, struct csv *csv, struct import_report *rep)
{
    for (;;) {
        enum result r = csv_next(csv);
        if (r == E_NOT_FOUND)
            return false;
        if (++rep->rows > ROWS_MAX) {
            fault(db, rep, csv->line, "more than a million rows: give it in parts", STR_NONE);
            return false;
        }
        if (r == OK)
            return true;
        fault(db, rep, csv->line,
              csv->fault == CSV_TOO_FEW    ? "too few fields"
              : csv->fault == CSV_TOO_MANY ? "too many fields"
                                           : "quotes are wrong",
              STR_NONE);
    }
}

/* ---- the tree ------------------------------------------------------------------------------------------------------------- */

struct tree_row {
    int64_t code;
    struct str name;
    size_t line;
};

static int by_code(const void *a, const void *b)
{
    const struct tree_row *x = a, *y = b;

    return x->code < y->code ? -1 : x->code > y->code;
}

/* 市辖区: a formal level between city and district. */
static bool formal_level(int64_t code)
{
    return code % 100000000 == 0 && code / 100000000 % 100 != 0;
}

static const struct tree_row *find_row(const struct tree_row *rows, size_t n, int64_t code)
{
    struct tree_row key = {code, STR_NONE, 0};

    return n ? bsearch(&key, rows, n, sizeof *rows, by_code) : NULL;
}

enum result place_import_tree(struct db *db, struct str bytes, int64_t at, struct import_report *rep)
{
    struct arena *a = db_arena(db);
    size_t code_column, name_column, parent_column, n = 0, room = 8192, n_have;
    struct sql_place_in_force_rows have;
    struct tree_row *rows = arena_array(a, struct tree_row, room), *old;
    struct csv csv;
    enum result r;

    if (!open_file(db, bytes, &csv, rep) || !need(db, &csv, "code,代码", &code_column, rep) ||
        !need(db, &csv, "name,名称", &name_column, rep))
        return E_INVALID;
    parent_column = csv_column(&csv, "parent,上级代码");
    while (next(db, &csv, rep)) {
        struct str code_text = csv_field(&csv, code_column), name = csv_field(&csv, name_column),
                   parent = csv_field(&csv, parent_column);
        int64_t code, parent_code;

        if (code_text.len != 12 || str_int64(code_text, 1, INT64_C(999999999999), &code) != OK) {
            fault(db, rep, csv.line, "a code has twelve digits", code_text);
            continue;
        }
        if (formal_level(code))
            continue;
        if (place_level_of(code) == PLACE_NONE)
            fault(db, rep, csv.line, "this is not the code of a place", code_text);
        else if (!name.len || str_utf8_count(name) > 100)
            fault(db, rep, csv.line, "a name has 1 to 100 characters", name);
        else if (parent.len && (str_int64(parent, 1, INT64_C(999999999999), &parent_code) != OK ||
                                (parent_code != place_parent(code) && !formal_level(parent_code))))
            fault(db, rep, csv.line, "the parent does not fit the code", parent);
        if (n == room) {
            struct tree_row *more = arena_array(a, struct tree_row, room * 2);
            memcpy(more, rows, n * sizeof *rows);
            rows = more;
            room *= 2;
        }
        rows[n++] = (struct tree_row){code, name, csv.line};
    }
    if (n)
        qsort(rows, n, sizeof *rows, by_code);

    r = sql_place_in_force(db, &have);
    if (r != OK)
        return r;
    n_have = have.n;
    old = arena_array(a, struct tree_row, n_have + 1);
    for (size_t i = 0; i < n_have; i++)
        old[i] = (struct tree_row){have.row[i].code, have.row[i].name, 0};
    for (size_t i = 0; i < n; i++) {
        if (i && rows[i].code == rows[i - 1].code)
            fault(db, rep, rows[i].line, "this code is there twice", rows[i].name);
        int64_t parent = place_parent(rows[i].code);
        if (parent && !find_row(rows, n, parent) && !find_row(old, n_have, parent))
            fault(db, rep, rows[i].line, "the place above is not there", rows[i].name);
    }
    if (!n && !rep->n_faults)
        fault(db, rep, 0, "there is no place in the file", STR_NONE);
    if (rep->n_faults)
        return E_INVALID;

    rep->rows = n;
    for (size_t i = 0; i < n && r == OK; i++) {
        const struct tree_row *was = find_row(old, n_have, rows[i].code);
        int64_t done = 0;
        if (was && str_eq(was->name, rows[i].name)) {
            rep->same++;
        } else if (was) {
            r = place_rename(db, rows[i].code, rows[i].name, at, 0);
            rep->changed++;
        } else {
            r = sql_place_put(db, rows[i].code, place_level_of(rows[i].code), place_parent(rows[i].code), rows[i].name,
                              at, &done);
            if (r == OK && !done) {
                fault(db, rep, rows[i].line, "this code has ended: it is not given out again", rows[i].name);
                return E_INVALID;
            }
            rep->added++;
        }
    }
    for (size_t i = 0; i < n_have; i++)
        rep->gone += !find_row(rows, n, old[i].code);
    if (r == OK && rep->added) { /* one event for all: thousands of foundings at once say nothing */
        struct ledger_event e = {.community = rows[0].code,
                                 .at = at,
                                 .verb = STR("imported"),
                                 .subject_kind = STR("place"),
                                 .subject = rows[0].code,
                                 .amount = (int64_t)rep->added,
                                 .detail = str_printf(a, "{\"added\":%zu,\"renamed\":%zu,\"missing\":%zu}", rep->added,
                                                      rep->changed, rep->gone)};
        r = ledger_append(db, &e);
    }
    return r;
}

/* ---- below a community ----------------------------------------------------------------------------------------------------- */

/* The community of a row: of its own column, or the given one; 0 after a fault. */
static int64_t community_of(struct db *db, const struct csv *csv, size_t column, int64_t given,
                            struct import_report *rep)
{
    struct str s = csv_field(csv, column);
    int64_t code = given;

    if (s.len && place_parse(s, &code) != OK)
        code = 0;
    if (place_level_of(code) != PLACE_COMMUNITY) {
        fault(db, rep, csv->line, "which community? its twelve digits are needed", s);
        return 0;
    }
    if (given && code != given) {
        fault(db, rep, csv->line, "this row belongs to another community", s);
        return 0;
    }
    return code;
}

static enum result known_community(struct db *db, int64_t code, int64_t *last_known, size_t line,
                                   struct import_report *rep)
{
    struct place place;
    enum result r;

    if (code == *last_known)
        return OK;
    r = place_get(db, code, &place);
    if (r == E_NOT_FOUND || (r == OK && place.valid_to)) {
        fault(db, rep, line, "there is no such community", str_printf(db_arena(db), "%lld", (long long)code));
        return OK;
    }
    *last_known = code;
    return r;
}

struct estate_row {
    int64_t community;
    struct str name, address;
};

enum result place_import_estates(struct db *db, int64_t community, struct str bytes, int64_t at, int64_t actor,
                                 struct import_report *rep)
{
    struct arena *a = db_arena(db);
    size_t name_column, address_column, community_column, n = 0, room = 256;
    struct estate_row *rows = arena_array(a, struct estate_row, room);
    int64_t known = 0;
    struct csv csv;
    enum result r = OK;

    if (!open_file(db, bytes, &csv, rep) || !need(db, &csv, "estate,小区,小区名称", &name_column, rep))
        return E_INVALID;
    address_column = csv_column(&csv, "address,地址");
    community_column = csv_column(&csv, "community,居村代码,居委会代码");
    while (r == OK && next(db, &csv, rep)) {
        struct estate_row e = {0, csv_field(&csv, name_column), csv_field(&csv, address_column)};
        e.community = community_of(db, &csv, community_column, community, rep);
        if (!e.community)
            continue;
        r = known_community(db, e.community, &known, csv.line, rep);
        if (!e.name.len || str_utf8_count(e.name) > 60)
            fault(db, rep, csv.line, "the name of an estate has 1 to 60 characters", e.name);
        else if (str_utf8_count(e.address) > 200)
            fault(db, rep, csv.line, "an address has at most 200 characters", STR_NONE);
        if (n == room) {
            struct estate_row *more = arena_array(a, struct estate_row, room * 2);
            memcpy(more, rows, n * sizeof *rows);
            rows = more;
            room *= 2;
        }
        rows[n++] = e;
    }
    if (r != OK || rep->n_faults)
        return r != OK ? r : E_INVALID;

    for (size_t i = 0; i < n && r == OK; i++) {
        struct sql_estate_by_name have;
        struct str key = place_estate_key(a, rows[i].name);
        r = sql_estate_by_name(db, rows[i].community, key, &have);
        if (r == E_NOT_FOUND) {
            struct estate e = {.community = rows[i].community, .name = rows[i].name, .address = rows[i].address};
            r = estate_create(db, &e, at, actor);
            rep->added++;
        } else if (r == OK && rows[i].address.len) {
            int64_t changed;
            r = sql_estate_rename(db, rows[i].community, have.id, rows[i].name, key, rows[i].address, &changed);
            rep->changed += changed != 0;
            rep->same += changed == 0;
        } else {
            rep->same++;
        }
    }
    return r;
}

struct dwelling_row {
    int64_t community;
    struct str estate, building, staircase, room;
    double area;
    bool has_area;
};

/* "89.57": digits with at most two decimals. */
static bool area_parse(struct str s, double *ret_area)
{
    double v = 0, unit = 0;

    if (str_ends(s, STR("㎡")) || str_ends(s, STR("m²")))
        s = str_trim(str_sub(s, 0, s.len - 3));
    if (!s.len || s.len > 9)
        return false;
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] == '.' && unit == 0 && i > 0) {
            unit = 1;
        } else if (s.ptr[i] >= '0' && s.ptr[i] <= '9') {
            v = v * 10 + (s.ptr[i] - '0');
            unit *= 10;
        } else {
            return false;
        }
    }
    *ret_area = unit > 0 ? v / unit : v;
    return *ret_area <= 100000 && s.ptr[s.len - 1] != '.';
}

/* The estate and the building of the row before: files are sorted, so that most rows ask nothing of the database. */
struct last {
    int64_t community, estate, building;
    struct str estate_name, building_name;
};

static enum result estate_of(struct db *db, const struct dwelling_row *row, struct last *last, int64_t at,
                             int64_t actor)
{
    struct sql_estate_by_name have;
    enum result r;

    if (last->community == row->community && str_eq(last->estate_name, row->estate))
        return OK;
    r = sql_estate_by_name(db, row->community, place_estate_key(db_arena(db), row->estate), &have);
    if (r == E_NOT_FOUND) {
        struct estate e = {.community = row->community, .name = row->estate};
        r = estate_create(db, &e, at, actor);
        have.id = e.id;
    }
    if (r == OK)
        *last = (struct last){row->community, have.id, 0, row->estate, STR_NONE};
    return r;
}

static enum result building_of(struct db *db, const struct dwelling_row *row, struct last *last)
{
    struct building b;
    enum result r;

    if (last->building && str_eq(last->building_name, row->building))
        return OK;
    r = building_find(db, row->community, last->estate, row->building, &b);
    if (r == E_NOT_FOUND) {
        b = (struct building){.community = row->community, .estate = last->estate, .name = row->building};
        r = building_create(db, &b);
    }
    if (r == OK) {
        last->building = b.id;
        last->building_name = row->building;
    }
    return r;
}

enum result place_import_dwellings(struct db *db, int64_t community, struct str bytes, int64_t at, int64_t actor,
                                   struct import_report *rep)
{
    struct arena *a = db_arena(db);
    size_t estate_column, building_column, staircase_column, room_column, area_column, community_column, n = 0,
                                                                                                         room = 1024;
    struct dwelling_row *rows = arena_array(a, struct dwelling_row, room);
    struct last last = {0};
    int64_t known = 0;
    struct csv csv;
    enum result r = OK;

    if (!open_file(db, bytes, &csv, rep) || !need(db, &csv, "estate,小区,小区名称", &estate_column, rep) ||
        !need(db, &csv, "building,楼栋,楼号,幢", &building_column, rep) ||
        !need(db, &csv, "room,室号,房号,室", &room_column, rep))
        return E_INVALID;
    staircase_column = csv_column(&csv, "staircase,楼组,单元,门洞");
    area_column = csv_column(&csv, "area,面积,专有部分面积,建筑面积");
    community_column = csv_column(&csv, "community,居村代码,居委会代码");
    while (r == OK && next(db, &csv, rep)) {
        struct dwelling_row d = {.estate = csv_field(&csv, estate_column),
                                 .building = csv_field(&csv, building_column),
                                 .staircase = csv_field(&csv, staircase_column),
                                 .room = csv_field(&csv, room_column)};
        struct str area = csv_field(&csv, area_column);
        d.community = community_of(db, &csv, community_column, community, rep);
        if (!d.community)
            continue;
        r = known_community(db, d.community, &known, csv.line, rep);
        d.has_area = area.len > 0;
        if (!d.estate.len || str_utf8_count(d.estate) > 60)
            fault(db, rep, csv.line, "the name of an estate has 1 to 60 characters", d.estate);
        else if (!d.building.len || str_utf8_count(d.building) > 30)
            fault(db, rep, csv.line, "the name of a building has 1 to 30 characters", d.building);
        else if (!d.room.len || str_utf8_count(d.room) > 30)
            fault(db, rep, csv.line, "a room has 1 to 30 characters", d.room);
        else if (str_utf8_count(d.staircase) > 30)
            fault(db, rep, csv.line, "a staircase has at most 30 characters", d.staircase);
        else if (d.has_area && !area_parse(area, &d.area))
            fault(db, rep, csv.line, "an area is square metres, like 89.57", area);
        if (n == room) {
            struct dwelling_row *more = arena_array(a, struct dwelling_row, room * 2);
            memcpy(more, rows, n * sizeof *rows);
            rows = more;
            room *= 2;
        }
        rows[n++] = d;
    }
    if (r != OK || rep->n_faults)
        return r != OK ? r : E_INVALID;

    for (size_t i = 0; i < n && r == OK; i++) {
        struct dwelling d = {.community = rows[i].community,
                             .staircase = rows[i].staircase,
                             .room = rows[i].room,
                             .exclusive_area = rows[i].area};
        r = estate_of(db, &rows[i], &last, at, actor);
        if (r == OK)
            r = building_of(db, &rows[i], &last);
        if (r != OK)
            break;
        d.estate = last.estate;
        d.building = last.building;
        r = dwelling_create(db, &d);
        if (r == OK) {
            rep->added++;
        } else if (r == E_CONFLICT) {
            struct dwelling have;
            int64_t changed = 0;
            struct str full = d.staircase.len ? str_printf(a, STR_FMT "-" STR_FMT,
                                                           STR_ARG(place_name_key(a, d.staircase)), STR_ARG(d.room))
                                              : d.room;
            r = dwelling_find(db, d.community, d.building, full, &have);
            if (r == OK)
                r = sql_dwelling_change(db, d.community, have.id, d.staircase,
                                        rows[i].has_area ? d.exclusive_area : have.exclusive_area, &changed);
            rep->changed += changed != 0;
            rep->same += changed == 0;
        }
    }
    return r;
}
