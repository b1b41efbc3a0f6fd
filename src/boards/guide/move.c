/* move.c: open requests for help follow their estate into another community, so that a committee still answers for them. */
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

const struct place_mover guide_mover = {.name = "guide", .move = move};
