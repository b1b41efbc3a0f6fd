/* move.c: open requests for help follow their estate into another community, so that a committee still answers for them; the matters
 * that it has written itself go where it goes when its community ends. */
#include "boards/guide/move.sql.h"
#include "boards/guide/rules.h"
#include "civic/ledger/ledger.h"
#include "civic/place/place.h"
#include "engine/base/ids.h"

static enum result record(struct db *db, int64_t from, int64_t to, const struct sql_guide_help_of_estate *row,
                          int64_t committee, int64_t at)
{
    struct ledger_event e = {
        .community = to,
        .id = id_new(),
        .at = at,
        .organisation = committee,
        .verb = STR("moved"),
        .subject_kind = STR("guide_help"),
        .subject = row->id,
        .before = row->state,
        .after = row->state,
        .detail = str_printf(db_arena(db), "{\"from\":\"%" PRId64 "\",\"to\":\"%" PRId64 "\"}", from, to),
    };

    return ledger_append(db, &e);
}

static enum result move(struct db *db, int64_t from, int64_t to, int64_t estate, int64_t at)
{
    struct sql_guide_help_of_estate_rows rows;
    struct organisation committee = {0};
    enum result r = sql_guide_help_of_estate(db, from, estate, &rows);

    if (r == OK && rows.n)
        r = organisation_head_of(db, to, &committee);
    if (r == E_NOT_FOUND) /* a committee that is yet to be written down: whoever is in charge of the place sees them */
        r = OK;
    for (size_t i = 0; r == OK && i < rows.n; i++) {
        int64_t id = rows.row[i].id;

        r = clock_carry(db, from, to, STR("guide_help"), id);
        if (r == OK)
            r = sql_guide_help_move_to(db, from, to, id, committee.id);
        if (r == OK)
            r = sql_guide_help_moved(db, from, id);
        if (r == OK)
            r = sql_guide_help_steps_move_to(db, from, to, id);
        if (r == OK)
            r = sql_guide_help_steps_moved(db, from, id);
        if (r == OK)
            r = record(db, from, to, &rows.row[i], committee.id, at);
    }
    return r;
}

/* ---- the committee's own matters ---- */

static const struct place_part parts[] = {
    {sql_guide_versions_move, sql_guide_versions_moved},
    {sql_guide_materials_move, sql_guide_materials_moved},
    {sql_guide_votes_move, sql_guide_votes_moved},
    {sql_guide_said_move, sql_guide_said_moved},
};

/* A file of matters names each once: a code that the heir uses itself stays with its own matter. */
static enum result carry_item(struct db *db, int64_t from, int64_t to, int64_t id)
{
    struct sql_guide_item_get item;
    struct sql_guide_item_by_code own;
    enum result r = sql_guide_item_get(db, from, id, &item);

    if (r == OK && item.code.len) {
        r = sql_guide_item_by_code(db, to, item.code, &own);
        if (r == OK)
            item.code = STR_NONE;
        if (r == E_NOT_FOUND)
            r = OK;
    }
    if (r == OK)
        r = sql_guide_item_move(db, from, to, id, item.code);
    return r == OK ? sql_guide_item_moved(db, from, id) : r;
}

static enum result carry_meanings(struct db *db, int64_t from, int64_t to)
{
    struct sql_guide_meanings_rows rows;
    enum result r = sql_guide_meanings(db, from, &rows);

    for (size_t i = 0; r == OK && i < rows.n; i++) {
        struct sql_guide_meaning_there there;

        r = sql_guide_meaning_there(db, to, rows.row[i].said, rows.row[i].means, &there);
        if (r == OK && there.n == 0)
            r = sql_guide_synonym_put(db, to, rows.row[i].id, rows.row[i].said, 0, rows.row[i].means);
    }
    return r == OK ? sql_guide_meanings_moved(db, from) : r;
}

static enum result settle(struct db *db, int64_t from, int64_t heir, int64_t at)
{
    struct entry_ids ids = {0};
    enum result r = heir ? entry_of_community(db, from, "guide", &ids) : OK;

    for (size_t i = 0; r == OK && i < ids.n; i++) {
        r = place_carry(db, from, heir, ids.id[i], parts, sizeof(parts) / sizeof(parts[0]));
        if (r == OK)
            r = carry_item(db, from, heir, ids.id[i]);
        if (r == OK)
            r = entry_carry(db, from, heir, ids.id[i], at);
    }
    return r == OK && heir ? carry_meanings(db, from, heir) : r;
}

const struct place_mover guide_mover = {"guide", move, settle};
