/* organisation.c: bodies that have posts, attached to a place of any level. */
#include "civic/ledger/ledger.h"
#include "civic/place/place.h"
#include "civic/place/place.sql.h"
#include "civic/place/place_words.h"
#include "engine/base/ids.h"

static const char *const kinds[] = {
    "residents_committee",
    "villagers_committee",
    "party_organisation",
    "owners_committee",
    "property_company",
    "urban_management",
    "community_police",
    "family_doctor",
    "social_organisation",
    "charity",
    "subdistrict_office",
    "street_office",
    "street_centre",
    "grid_centre",
    "affairs_centre",
    "community_station",
    "department",
    "mass_organisation",
    "district_government",
    "city_government",
    "other",
};

const char *organisation_kind_word(size_t i)
{
    return i < sizeof kinds / sizeof *kinds ? kinds[i] : NULL;
}

bool organisation_kind_known(struct str kind)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (str_eq(kind, str_from_cstr(kinds[i])))
            return true;
    return false;
}

#define ORGANISATION_OF(row)                                                                              \
    ((struct organisation){(row).id, (row).place, (row).kind, (row).name, (row).credit_code, (row).phone, \
                           (row).valid_from, (row).valid_to})

#define ORGANISATIONS(db, rows, ret)                                                    \
    do {                                                                                \
        (ret)->organisation = arena_array(db_arena(db), struct organisation, (rows).n); \
        (ret)->n = (rows).n;                                                            \
        for (size_t i_ = 0; i_ < (rows).n; i_++)                                        \
            (ret)->organisation[i_] = ORGANISATION_OF((rows).row[i_]);                  \
    } while (0)

static enum result tell(struct db *db, int64_t place, struct str verb, int64_t id, int64_t at, int64_t actor)
{
    struct ledger_event e = {
        .community = place, .at = at, .actor = actor, .verb = verb, .subject_kind = STR("organisation"), .subject = id};

    return ledger_append(db, &e);
}

static bool well_formed(const struct organisation *o)
{
    return o->name.len && str_utf8_count(o->name) <= 100 && o->credit_code.len <= 18 && str_utf8_count(o->phone) <= 40;
}

enum result organisation_create(struct db *db, struct organisation *o, int64_t at, int64_t actor)
{
    struct place place;
    enum result r;

    if (!organisation_kind_known(o->kind) || !well_formed(o))
        return E_INVALID;
    r = place_get(db, o->place, &place);
    if (r == E_NOT_FOUND || (r == OK && place.valid_to))
        return E_INVALID;
    if (r != OK)
        return r;
    o->id = id_new();
    o->valid_from = at;
    o->valid_to = 0;
    r = sql_organisation_put(db, o->id, o->place, o->kind, o->name, o->credit_code, o->phone, at);
    return r == OK ? tell(db, o->place, STR("created"), o->id, at, actor) : r;
}

enum result organisation_get(struct db *db, int64_t id, struct organisation *ret)
{
    struct sql_organisation_get row;
    enum result r = sql_organisation_get(db, id, &row);

    if (r == OK)
        *ret = ORGANISATION_OF(row);
    return r;
}

enum result organisation_update(struct db *db, const struct organisation *o, int64_t at, int64_t actor)
{
    struct organisation was;
    int64_t changed;
    enum result r;

    if (!well_formed(o))
        return E_INVALID;
    r = organisation_get(db, o->id, &was);
    if (r == OK && was.valid_to)
        r = E_CONFLICT;
    if (r == OK)
        r = sql_organisation_change(db, o->id, o->name, o->credit_code, o->phone, &changed);
    return r == OK ? tell(db, was.place, STR("changed"), o->id, at, actor) : r;
}

enum result organisation_end(struct db *db, int64_t id, int64_t at, int64_t actor)
{
    struct organisation was;
    int64_t changed;
    enum result r = organisation_get(db, id, &was);

    if (r == OK)
        r = sql_organisation_end(db, id, at, &changed);
    if (r == OK && !changed)
        r = E_CONFLICT;
    return r == OK ? tell(db, was.place, STR("ended"), id, at, actor) : r;
}

enum result organisation_list(struct db *db, int64_t place, struct organisations *ret)
{
    struct sql_organisation_list_rows rows;
    enum result r = sql_organisation_list(db, place, &rows);

    if (r == OK)
        ORGANISATIONS(db, rows, ret);
    return r;
}

enum result organisation_below(struct db *db, int64_t place, int64_t after_id, int64_t limit, struct organisations *ret)
{
    struct sql_organisation_below_rows rows;
    int64_t low, high;
    enum result r;

    place_range(place, &low, &high);
    r = sql_organisation_below(db, low, high, after_id, limit, &rows);
    if (r == OK)
        ORGANISATIONS(db, rows, ret);
    return r;
}

enum result organisation_for(struct db *db, int64_t community, struct organisations *ret)
{
    struct sql_organisation_for_rows rows;
    int64_t chain[4] = {0};
    enum result r;

    if (!place_chain(community, chain))
        return E_NOT_FOUND;
    r = sql_organisation_for(db, chain[0], chain[1], chain[2], chain[3], &rows);
    if (r == OK)
        ORGANISATIONS(db, rows, ret);
    return r;
}

enum result organisation_serve(struct db *db, int64_t id, int64_t place, bool serves)
{
    int64_t n;

    return serves ? sql_organisation_serve(db, id, place, &n) : sql_organisation_serve_no_more(db, id, place, &n);
}

enum result organisation_head_of(struct db *db, int64_t place, struct organisation *ret)
{
    static const char *const heads[][2] = {
        [PLACE_NONE] = {"", ""},
        [PLACE_CITY] = {"city_government", "city_government"},
        [PLACE_DISTRICT] = {"district_government", "district_government"},
        [PLACE_STREET] = {"subdistrict_office", "subdistrict_office"},
        [PLACE_COMMUNITY] = {"residents_committee", "villagers_committee"},
    };
    const char *const *kind = heads[place_level_of(place)];
    struct sql_organisation_head row;
    enum result r = sql_organisation_head(db, place, str_from_cstr(kind[0]), str_from_cstr(kind[1]), &row);

    if (r == OK)
        *ret = ORGANISATION_OF(row);
    return r;
}
