/* move.c: notices, when the places change: a community that is founded later is asked too to read what must be read; when an estate goes to another community,
 * its receipts of what is asked for there as well go along, and both counts with them. What the committee itself has made known stays with the committee: when
 * its community ends, notices, drafts, accounts and what was asked about them go where the committee goes, with the receipts of the households that go there
 * too. It is asked there only of those who came along (bulletin_asks), and accounts stay those of the community that they are of (bulletin.former). */
#include "boards/bulletin/move.sql.h"
#include "boards/bulletin/rules.h"
#include "civic/ledger/ledger.h"
#include "civic/place/place.h"

/* ---- founded later ---------------------------------------------------------------------------------------------------- */

static enum result ask_too(struct db *db, int64_t place, int64_t id, int64_t community)
{
    struct bulletin b;
    int64_t made;
    enum result r = bulletin_get(db, place, id, &b, NULL);

    if (r != OK || !entry_is_for(&b.entry, community))
        return r;
    return sql_bulletin_reach_put(db, community, id, place, b.weight == BULLETIN_EMERGENCY, STR("new"), &made);
}

static enum result appended(struct db *db, const struct ledger_event *e)
{
    int64_t chain[4];
    size_t n;
    enum result r = OK;

    if (!str_eq(e->subject_kind, STR("place")) || !str_eq(e->verb, STR("founded")) ||
        place_level_of(e->subject) != PLACE_COMMUNITY)
        return OK;
    n = place_chain(e->subject, chain);
    for (size_t i = 0; r == OK && i < n; i++) {
        struct sql_bulletin_asked_at_rows rows;

        r = sql_bulletin_asked_at(db, chain[i], &rows);
        for (size_t k = 0; r == OK && k < rows.n; k++)
            r = ask_too(db, chain[i], rows.row[k].id, e->subject);
    }
    return r;
}

const struct ledger_listener bulletin_listener = {.name = "bulletin", .appended = appended};

/* ---- an estate moves ---------------------------------------------------------------------------------------------------- */

static enum result move_one(struct db *db, int64_t from, int64_t to, int64_t entry, int64_t estate, int64_t at)
{
    int64_t people = 0, homes = 0, people_gone = 0, homes_gone = 0;
    enum result r = sql_bulletin_receipts_move_to(db, from, to, entry, estate, &people);

    if (r == OK)
        r = sql_bulletin_households_move_to(db, from, to, entry, estate, &homes);
    if (r == OK)
        r = sql_bulletin_receipts_moved(db, from, entry, estate, &people_gone);
    if (r == OK)
        r = sql_bulletin_households_moved(db, from, entry, estate, &homes_gone);
    if (r == OK && (people || homes))
        r = sql_bulletin_reach_count(db, to, entry, homes, people);
    if (r == OK && (people_gone || homes_gone))
        r = sql_bulletin_reach_count(db, from, entry, -homes_gone, -people_gone);
    if (r != OK || people == 0)
        return r;
    struct ledger_event e = {
        .community = to,
        .at = at,
        .verb = STR("receipts_moved"),
        .subject_kind = STR("bulletin"),
        .subject = entry,
        .detail = str_printf(db_arena(db),
                             "{\"from\":\"%" PRId64 "\",\"to\":\"%" PRId64 "\",\"people\":%" PRId64
                             ",\"households\":%" PRId64 "}",
                             from, to, people, homes),
    };
    return ledger_append(db, &e);
}

/* One that is asked for in the old community. */
static enum result follow(struct db *db, int64_t from, int64_t to, const struct sql_bulletin_reach_open *old,
                          int64_t estate, int64_t at)
{
    struct sql_bulletin_reach_get there;
    int64_t made;
    bool asked;
    enum result r = bulletin_asks(db, from, old->entry, estate, &asked);

    if (r != OK || !asked)
        return r;
    r = sql_bulletin_reach_get(db, to, old->entry, &there);
    if (r == E_NOT_FOUND && place_contains(old->place, to)) {
        /* It named the old community: entries of places above follow to its successors (civic/entry/move.c), and so does this. */
        r = sql_bulletin_reach_put(db, to, old->entry, old->place, old->emergency, STR("new"), &made);
        if (r == OK)
            r = sql_bulletin_reach_of_some(db, to, old->entry);
        there.is_open = there.partly = true;
    }
    if (r == OK && there.is_open && there.partly)
        r = sql_bulletin_reach_estate_put(db, to, old->entry, estate);
    if (r == OK && there.is_open)
        r = move_one(db, from, to, old->entry, estate, at);
    return r == E_NOT_FOUND ? OK : r;
}

static enum result move(struct db *db, int64_t from, int64_t to, int64_t estate, int64_t at)
{
    enum { AT_ONCE = 200 };
    int64_t after = 0;
    enum result r = OK;

    for (bool more = true; r == OK && more;) {
        struct sql_bulletin_reach_open_rows rows;

        r = sql_bulletin_reach_open(db, from, after, AT_ONCE, &rows);
        more = r == OK && rows.n == AT_ONCE;
        for (size_t i = 0; r == OK && i < rows.n; i++) {
            after = rows.row[i].entry;
            r = follow(db, from, to, &rows.row[i], estate, at);
        }
    }
    return r;
}

/* ---- a community ends --------------------------------------------------------------------------------------------------- */

/* The estates that have gone from the one to the other. */
static enum result estates_of_both(struct db *db, int64_t from, int64_t to, struct entry_ids *ret)
{
    struct sql_bulletin_estates_rows rows;
    enum result r = sql_bulletin_estates(db, from, &rows);

    ret->id = arena_array(db_arena(db), int64_t, (r == OK ? rows.n : 0) + 1);
    ret->n = 0;
    for (size_t i = 0; r == OK && i < rows.n; i++) {
        struct estate there;

        r = estate_get(db, to, rows.row[i].id, &there);
        if (r == OK)
            ret->id[ret->n++] = rows.row[i].id;
        if (r == E_NOT_FOUND)
            r = OK;
    }
    return r;
}

static enum result carry_reach(struct db *db, int64_t from, int64_t to, int64_t entry, const struct entry_ids *estates,
                               int64_t at)
{
    int64_t asked;
    enum result r = sql_bulletin_reach_follow(db, from, to, entry, &asked);

    if (r != OK || asked == 0)
        return r;
    for (size_t i = 0; r == OK && i < estates->n; i++) {
        bool of_it;

        r = bulletin_asks(db, from, entry, estates->id[i], &of_it);
        if (r == OK && of_it)
            r = sql_bulletin_reach_estate_put(db, to, entry, estates->id[i]);
        if (r == OK)
            r = move_one(db, from, to, entry, estates->id[i], at);
    }
    if (r == OK)
        r = sql_bulletin_reach_estates_gone(db, from, entry);
    if (r == OK)
        r = sql_bulletin_reach_left(db, from, entry, to);
    return r == OK ? sql_bulletin_reach_empty(db, from, entry) : r;
}

/* As many are pinned as a page shows: of those that come to a full board, it is a notice like the others. */
static enum result keep_pins(struct db *db, int64_t place, int64_t id, int64_t at)
{
    const struct entry_actor itself = {.now = at, .runs = true};
    struct sql_bulletin_pinned pinned;
    struct bulletin b;
    struct board board;
    enum result r = bulletin_get(db, place, id, &b, &board);

    if (r != OK || b.state != BULLETIN_PINNED)
        return r;
    r = sql_bulletin_pinned(db, place, b.entry.board, &pinned);
    if (r != OK || pinned.n <= BULLETIN_PINNED_MAX)
        return r;
    return bulletin_act(db, &itself, &board, &b, BULLETIN_UNPIN, BULLETIN_BY_RUNNER, STR_NONE);
}

static enum result carry(struct db *db, int64_t from, int64_t to, int64_t id, const struct entry_ids *estates,
                         int64_t at)
{
    static const struct place_part parts[] = {
        {sql_bulletin_row_move, sql_bulletin_row_moved},
        {sql_bulletin_questions_move, sql_bulletin_questions_moved},
    };
    enum result r = place_carry(db, from, to, id, parts, sizeof(parts) / sizeof(parts[0]));

    if (r == OK)
        r = carry_reach(db, from, to, id, estates, at);
    if (r == OK)
        r = entry_carry(db, from, to, id, at);
    return r == OK ? keep_pins(db, to, id, at) : r;
}

static enum result settle(struct db *db, int64_t from, int64_t heir, int64_t at)
{
    struct entry_ids ids = {0}, estates;
    enum result r = heir ? entry_of_community(db, from, "bulletin", &ids) : OK;

    if (r == OK && heir)
        r = estates_of_both(db, from, heir, &estates);
    for (size_t i = 0; r == OK && i < ids.n; i++)
        r = carry(db, from, heir, ids.id[i], &estates, at);
    return r;
}

const struct place_mover bulletin_mover = {"bulletin", move, settle};
