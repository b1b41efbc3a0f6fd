/* estate.c: estates, buildings and dwellings of a community, and how people name them. */
#include <sodium.h>

#include "civic/ledger/ledger.h"
#include "civic/place/place.h"
#include "civic/place/place.sql.h"
#include "engine/base/buf.h"
#include "engine/base/ids.h"

/* ---- names --------------------------------------------------------------------------------------------------------------- */

/* Half width, lower case, no blanks. */
struct str place_estate_key(struct arena *a, struct str name)
{
    struct buf b;

    buf_init(&b, a, name.len + 1, name.len + 1);
    while (name.len) {
        const char *at = name.ptr;
        uint32_t c = str_utf8_next(&name);
        if (c >= 0xFF01 && c <= 0xFF5E)
            c -= 0xFEE0;
        if (c == ' ' || c == '\t' || c == 0x3000 || c == 0xA0)
            continue;
        if (c >= 'A' && c <= 'Z')
            c += 'a' - 'A';
        if (c < 0x80)
            buf_putc(&b, (char)c);
        else
            buf_put(&b, (struct str){at, (size_t)(name.ptr - at)});
    }
    return buf_str(&b);
}

struct str place_name_key(struct arena *a, struct str name)
{
    static const char *const ends[] = {"号楼", "单元", "号", "幢", "栋", "座", "楼", "门", "室"};
    struct str key = place_estate_key(a, name);

    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        struct str end = str_from_cstr(ends[i]);
        if (str_ends(key, end) && key.len > end.len)
            return str_sub(key, 0, key.len - end.len);
    }
    return key;
}

/* The first number in a name, for the order of lists: 12号楼 after 3号楼, and names without a number last. */
static int64_t first_number(struct str key)
{
    int64_t n = 0;
    size_t i = 0, digits = 0;

    while (i < key.len && (key.ptr[i] < '0' || key.ptr[i] > '9'))
        i++;
    for (; i < key.len && key.ptr[i] >= '0' && key.ptr[i] <= '9' && digits < 9; i++, digits++)
        n = n * 10 + key.ptr[i] - '0';
    return digits ? n : 1000000000;
}

/* ---- estates -------------------------------------------------------------------------------------------------------------- */

#define ESTATE_OF(row)                                                                                      \
    ((struct estate){(row).community, (row).id, (row).name, (row).address, (row).qr_code, (row).valid_from, \
                     (row).valid_to})

/* Eight signs of an alphabet without look-alikes: 31^8, so that nobody finds an estate by trying. */
static enum result new_code(struct db *db, int64_t community, int64_t estate, int64_t at, struct str *ret_code)
{
    static const char alphabet[] = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";
    char *code = arena_array(db_arena(db), char, 9);
    int64_t added = 0;

    for (int tries = 0; tries < 5 && !added; tries++) {
        for (int i = 0; i < 8; i++)
            code[i] = alphabet[randombytes_uniform(sizeof alphabet - 1)];
        enum result r = sql_estate_code_put(db, (struct str){code, 8}, community, estate, at, &added);
        if (r != OK)
            return r;
    }
    if (!added)
        return E_BUSY;
    *ret_code = (struct str){code, 8};
    return OK;
}

static enum result tell(struct db *db, const struct estate *e, struct str verb, int64_t at, int64_t actor)
{
    struct ledger_event event = {.community = e->community,
                                 .at = at,
                                 .actor = actor,
                                 .verb = verb,
                                 .subject_kind = STR("estate"),
                                 .subject = e->id};

    return ledger_append(db, &event);
}

enum result estate_create(struct db *db, struct estate *e, int64_t at, int64_t actor)
{
    struct place place;
    int64_t added;
    enum result r;

    e->name = str_trim(e->name);
    if (!e->name.len || str_utf8_count(e->name) > 60 || str_utf8_count(e->address) > 200)
        return E_INVALID;
    r = place_get(db, e->community, &place);
    if (r != OK)
        return r;
    if (place.level != PLACE_COMMUNITY || place.valid_to)
        return E_INVALID;
    e->id = id_new();
    e->valid_from = at;
    e->valid_to = 0;
    r = sql_estate_put(db, e->community, e->id, e->name, place_estate_key(db_arena(db), e->name), e->address, at,
                       &added);
    if (r == OK && !added)
        return E_CONFLICT;
    if (r == OK)
        r = new_code(db, e->community, e->id, at, &e->qr_code);
    return r == OK ? tell(db, e, STR("created"), at, actor) : r;
}

enum result estate_get(struct db *db, int64_t community, int64_t id, struct estate *ret)
{
    struct sql_estate_get row;
    enum result r = sql_estate_get(db, community, id, &row);

    if (r == OK)
        *ret = ESTATE_OF(row);
    return r;
}

void estate_name_ahead(struct db *db, int64_t community, int64_t id)
{
    sql_estate_name_get_ahead(db, community, id);
}

void estate_names_ahead(struct db *db, int64_t community)
{
    sql_estate_name_list_ahead(db, community);
}

enum result estate_name(struct db *db, int64_t community, int64_t id, struct str *ret_name)
{
    struct sql_estate_name_get row;
    enum result r = sql_estate_name_get(db, community, id, &row);

    if (r == OK)
        *ret_name = row.name;
    return r;
}

enum result estate_names(struct db *db, int64_t community, struct estate_names *ret)
{
    struct sql_estate_name_list_rows rows;
    enum result r = sql_estate_name_list(db, community, &rows);

    if (r != OK)
        return r;
    ret->estate = arena_array(db_arena(db), struct estate_name, rows.n);
    ret->n = rows.n;
    for (size_t i = 0; i < rows.n; i++)
        ret->estate[i] = (struct estate_name){rows.row[i].id, rows.row[i].name};
    return OK;
}

enum result estate_list(struct db *db, int64_t community, struct estates *ret)
{
    struct sql_estate_list_rows rows;
    enum result r = sql_estate_list(db, community, &rows);

    if (r != OK)
        return r;
    ret->estate = arena_array(db_arena(db), struct estate, rows.n);
    ret->n = rows.n;
    for (size_t i = 0; i < rows.n; i++)
        ret->estate[i] = ESTATE_OF(rows.row[i]);
    return OK;
}

enum result estate_by_code(struct db *db, struct str qr_code, struct estate *ret_estate)
{
    struct sql_estate_code_get row;
    char code[8];
    enum result r;

    if (qr_code.len != sizeof code)
        return E_NOT_FOUND;
    for (size_t i = 0; i < sizeof code; i++)
        code[i] = qr_code.ptr[i] >= 'a' && qr_code.ptr[i] <= 'z' ? (char)(qr_code.ptr[i] - 32) : qr_code.ptr[i];
    r = sql_estate_code_get(db, (struct str){code, sizeof code}, &row);
    return r == OK ? estate_get(db, row.community, row.estate, ret_estate) : r;
}

enum result estate_renew_code(struct db *db, int64_t community, int64_t id, int64_t at, int64_t actor,
                              struct str *ret_code)
{
    struct estate e;
    int64_t n;
    enum result r = estate_get(db, community, id, &e);

    if (r == OK && e.valid_to)
        r = E_CONFLICT;
    if (r == OK)
        r = sql_estate_code_void(db, community, id, at, &n);
    if (r == OK)
        r = new_code(db, community, id, at, ret_code);
    return r == OK ? tell(db, &e, STR("code_renewed"), at, actor) : r;
}

/* ---- buildings -------------------------------------------------------------------------------------------------------------- */

#define BUILDING_OF(row) ((struct building){(row).community, (row).id, (row).estate, (row).name, (row).position})

enum result building_create(struct db *db, struct building *b)
{
    struct str key;
    int64_t added;
    enum result r;

    b->name = str_trim(b->name);
    if (!b->name.len || str_utf8_count(b->name) > 30)
        return E_INVALID;
    key = place_name_key(db_arena(db), b->name);
    b->id = id_new();
    if (!b->position)
        b->position = first_number(key);
    r = sql_building_put(db, b->community, b->id, b->estate, b->name, key, b->position, &added);
    return r == OK && !added ? E_CONFLICT : r;
}

enum result building_get(struct db *db, int64_t community, int64_t id, struct building *ret)
{
    struct sql_building_get row;
    enum result r = sql_building_get(db, community, id, &row);

    if (r == OK)
        *ret = BUILDING_OF(row);
    return r;
}

enum result building_list(struct db *db, int64_t community, int64_t estate, struct buildings *ret)
{
    struct sql_building_list_rows rows;
    enum result r = sql_building_list(db, community, estate, &rows);

    if (r != OK)
        return r;
    ret->building = arena_array(db_arena(db), struct building, rows.n);
    ret->n = rows.n;
    for (size_t i = 0; i < rows.n; i++)
        ret->building[i] = BUILDING_OF(rows.row[i]);
    return OK;
}

enum result building_find(struct db *db, int64_t community, int64_t estate, struct str name, struct building *ret)
{
    struct sql_building_by_name row;
    enum result r = sql_building_by_name(db, community, estate, place_name_key(db_arena(db), name), &row);

    if (r == OK)
        *ret = BUILDING_OF(row);
    return r;
}

/* ---- dwellings ---------------------------------------------------------------------------------------------------------------- */

#define DWELLING_OF(row)                                                                                     \
    ((struct dwelling){(row).community, (row).id, (row).estate, (row).building, (row).staircase, (row).room, \
                       (row).exclusive_area})

/* A key without what people put between staircase and room: 1单元502 and 1-502 are the same. */
static struct str loose(struct arena *a, struct str key)
{
    struct buf b;

    buf_init(&b, a, key.len + 1, key.len + 1);
    for (struct str rest = key; rest.len;) {
        if (str_starts(rest, STR("单元")) || str_starts(rest, STR("号楼"))) {
            buf_putc(&b, '-');
            rest = str_sub(rest, 6, rest.len - 6);
        } else if (str_starts(rest, STR("门")) || str_starts(rest, STR("号"))) {
            buf_putc(&b, '-');
            rest = str_sub(rest, 3, rest.len - 3);
        } else {
            buf_putc(&b, rest.ptr[0]);
            rest = str_sub(rest, 1, rest.len - 1);
        }
    }
    return buf_str(&b);
}

/* 502, or 1-502 where the building has several staircases. */
static struct str room_key(struct arena *a, struct str staircase, struct str room)
{
    struct str key = loose(a, place_name_key(a, room));

    if (!staircase.len)
        return key;
    struct str stairs = place_name_key(a, staircase);
    return str_printf(a, STR_FMT "-" STR_FMT, STR_ARG(stairs), STR_ARG(key));
}

enum result dwelling_create(struct db *db, struct dwelling *d)
{
    int64_t added;
    enum result r;

    d->room = str_trim(d->room);
    d->staircase = str_trim(d->staircase);
    if (!d->room.len || str_utf8_count(d->room) > 30 || str_utf8_count(d->staircase) > 30 || !(d->exclusive_area >= 0))
        return E_INVALID;
    d->id = id_new();
    r = sql_dwelling_put(db, d->community, d->id, d->estate, d->building, d->staircase, d->room,
                         room_key(db_arena(db), d->staircase, d->room), d->exclusive_area, &added);
    return r == OK && !added ? E_CONFLICT : r;
}

enum result dwelling_get(struct db *db, int64_t community, int64_t id, struct dwelling *ret)
{
    struct sql_dwelling_get row;
    enum result r = sql_dwelling_get(db, community, id, &row);

    if (r == OK)
        *ret = DWELLING_OF(row);
    return r;
}

enum result dwelling_list(struct db *db, int64_t community, int64_t building, struct dwellings *ret)
{
    struct sql_dwelling_list_rows rows;
    enum result r = sql_dwelling_list(db, community, building, &rows);

    if (r != OK)
        return r;
    ret->dwelling = arena_array(db_arena(db), struct dwelling, rows.n);
    ret->n = rows.n;
    for (size_t i = 0; i < rows.n; i++)
        ret->dwelling[i] = DWELLING_OF(rows.row[i]);
    return OK;
}

enum result dwelling_find(struct db *db, int64_t community, int64_t building, struct str room, struct dwelling *ret)
{
    struct arena *a = db_arena(db);
    struct sql_dwelling_by_room row;
    struct sql_dwelling_list_rows rows;
    struct str key = loose(a, place_name_key(a, room));
    size_t found = SIZE_MAX;
    enum result r = sql_dwelling_by_room(db, community, building, key, &row);

    if (r == OK)
        *ret = DWELLING_OF(row);
    if (r != E_NOT_FOUND)
        return r;
    /* Perhaps the staircase was left out, and only one of them has that room. */
    r = sql_dwelling_list(db, community, building, &rows);
    if (r != OK)
        return r;
    for (size_t i = 0; i < rows.n; i++)
        if (rows.row[i].staircase.len && str_eq(loose(a, place_name_key(a, rows.row[i].room)), key)) {
            if (found != SIZE_MAX)
                return E_CONFLICT;
            found = i;
        }
    if (found == SIZE_MAX)
        return E_NOT_FOUND;
    *ret = DWELLING_OF(rows.row[found]);
    return OK;
}

enum result dwelling_count(struct db *db, int64_t place, int64_t *ret_n)
{
    struct sql_dwelling_count row;
    int64_t low, high;
    enum result r;

    place_range(place, &low, &high);
    r = sql_dwelling_count(db, low, high, &row);
    if (r == OK)
        *ret_n = row.n;
    return r;
}
