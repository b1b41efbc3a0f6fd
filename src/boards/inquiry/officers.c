/* officers.c: who of an organisation is responsible for which communities. */
#include "boards/inquiry/rules.h"

#include "civic/ledger/ledger.h"
#include "civic/media/media.h"
#include "civic/person/person.h"
#include "engine/base/ids.h"

enum result officer_places(struct db *db, int64_t organisation, struct sql_officer_places_rows *ret)
{
    struct organisation o;
    int64_t from, to;
    enum result r = organisation_get(db, organisation, &o);

    if (r != OK)
        return r;
    place_range(o.place, &from, &to);
    return sql_officer_places(db, organisation, from, to, ret);
}

enum result officer_open(struct db *db, int64_t organisation, int64_t person, int64_t now, int64_t *ret_id,
                         int64_t *ret_place)
{
    struct sql_officer_get row;
    struct organisation o;
    struct person_ids readers;
    struct person_label label;
    bool works = false;
    enum result r = inquiry_readers(db, organisation, now, &readers);

    for (size_t i = 0; r == OK && i < readers.n; i++)
        works |= readers.id[i] == person;
    if (r == OK && !works)
        return E_INVALID;
    if (r == OK)
        r = sql_officer_get(db, organisation, person, &row);
    if (r == OK) {
        *ret_id = row.id;
        *ret_place = row.place;
        return OK;
    }
    if (r == E_NOT_FOUND)
        r = organisation_get(db, organisation, &o);
    if (r == OK)
        r = person_label(db, person, o.place, &label);
    if (r != OK)
        return r;
    *ret_id = id_new();
    *ret_place = o.place;
    return sql_officer_put(db, organisation, person, *ret_id, o.place, label.name, STR_NONE, 0, now);
}

static bool badge_fits(struct str badge)
{
    if (badge.len > OFFICER_BADGE_MAX)
        return false;
    for (size_t i = 0; i < badge.len; i++) {
        char c = badge.ptr[i];

        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-'))
            return false;
    }
    return true;
}

static bool has(const int64_t *ids, size_t n, int64_t id)
{
    for (size_t i = 0; i < n; i++)
        if (ids[i] == id)
            return true;
    return false;
}

static enum result wrong(const char **ret_field, const char *field)
{
    *ret_field = field;
    return E_INVALID;
}

enum result officer_set(struct db *db, const struct inquiry_actor *actor, const struct officer_set *set,
                        const char **ret_field)
{
    struct sql_officer_places_rows places;
    struct sql_officer_communities_rows now;
    struct sql_officer_get row;
    struct ledger_event e;
    int64_t id, place, changed;
    size_t came = 0, went = 0;
    enum result r;

    *ret_field = "name";
    if (set->name.len == 0 || str_utf8_count(set->name) > OFFICER_NAME_MAX)
        return wrong(ret_field, "name");
    if (!badge_fits(set->badge))
        return wrong(ret_field, "badge");
    if ((r = officer_open(db, set->organisation, set->person, actor->now, &id, &place)) != OK ||
        (r = officer_places(db, set->organisation, &places)) != OK ||
        (r = sql_officer_get(db, set->organisation, set->person, &row)) != OK ||
        (r = sql_officer_communities(db, set->organisation, &now)) != OK)
        return r;
    for (size_t i = 0; i < set->n; i++) {
        bool known = false;

        for (size_t k = 0; k < places.n; k++)
            known |= places.row[k].code == set->communities[i];
        if (!known)
            return wrong(ret_field, "communities");
        r = sql_officer_community_put(db, set->communities[i], set->organisation, set->person, actor->now, &changed);
        if (r != OK)
            return r;
        came += changed != 0;
    }
    for (size_t i = 0; r == OK && i < now.n; i++)
        if (now.row[i].person == set->person && !has(set->communities, set->n, now.row[i].community)) {
            r = sql_officer_community_drop(db, now.row[i].community, set->organisation, set->person, &changed);
            went++;
        }
    if (r == OK && set->photo && row.photo) /* the face before is gone */
        r = media_remove(db, place, row.photo);
    if (r == E_NOT_FOUND)
        r = OK;
    if (r == OK)
        r = sql_officer_put(db, set->organisation, set->person, id, place, set->name, set->badge,
                            set->photo ? set->photo : row.photo, actor->now);
    if (r != OK)
        return r;
    e = (struct ledger_event){
        .community = place,
        .at = actor->now,
        .actor = actor->person,
        .organisation = actor->organisation,
        .verb = STR("officer_set"),
        .subject_kind = STR("officer"),
        .subject = id,
        .detail = str_printf(db_arena(db), "{\"person\":\"%" PRId64 "\",\"communities\":%zu,\"came\":%zu,\"went\":%zu}",
                             set->person, set->n, came, went),
    };
    return ledger_append(db, &e);
}
