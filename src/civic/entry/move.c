/* move.c: entries go to another community.
 *
 * What a resident wrote is theirs: it goes with their estate, with all that neighbours added, and under the same number, so that the conversation is found on
 * the board where they write from now on, and whoever kept the old address is led there. What the committee wrote stays with the committee: it goes only
 * when the community ends. Each kind decides which of its entries go, and takes its own rows along; the figures do not move, because they are counted from the
 * ledger, and that stays where things happened. */
#include "civic/entry/entry.h"

#include "civic/entry/move.sql.h"
#include "civic/ledger/ledger.h"
#include "civic/media/media.h"
#include "civic/moderation/moderation.h"
#include "civic/place/place.h"
#include "civic/search/search.h"
#include "engine/base/ids.h"

enum result entry_of_estate(struct db *db, int64_t community, const char *kind, int64_t estate, struct entry_ids *ret)
{
    struct sql_entry_ids_of_estate_rows rows;
    enum result r = sql_entry_ids_of_estate(db, community, str_from_cstr(kind), estate, &rows);

    ret->n = r == OK ? rows.n : 0;
    ret->id = arena_array(db_arena(db), int64_t, ret->n + 1);
    for (size_t i = 0; i < ret->n; i++)
        ret->id[i] = rows.row[i].id;
    return r;
}

enum result entry_of_community(struct db *db, int64_t community, const char *kind, struct entry_ids *ret)
{
    struct sql_entry_ids_of_community_rows rows;
    enum result r = sql_entry_ids_of_community(db, community, str_from_cstr(kind), &rows);

    ret->n = r == OK ? rows.n : 0;
    ret->id = arena_array(db_arena(db), int64_t, ret->n + 1);
    for (size_t i = 0; i < ret->n; i++)
        ret->id[i] = rows.row[i].id;
    return r;
}

/* The entry itself is the last: what hangs on it is found by it. */
static const struct place_part parts[] = {
    {sql_entry_versions_move, sql_entry_versions_moved}, {sql_entry_comments_move, sql_entry_comments_moved},
    {sql_entry_thumbs_move, sql_entry_thumbs_moved},     {sql_entry_follows_move, sql_entry_follows_moved},
    {sql_entry_row_move, sql_entry_row_moved},
};

static enum result carry_moderation(struct db *db, int64_t from, int64_t to, int64_t id)
{
    struct sql_entry_comments_moderated_rows comments;
    enum result r = moderation_carry(db, from, to, "entry", id);

    if (r == OK)
        r = sql_entry_comments_moderated(db, from, id, &comments);
    for (size_t i = 0; r == OK && i < comments.n; i++)
        r = moderation_carry(db, from, to, "entry_comment", comments.row[i].id);
    return r;
}

enum result entry_carry(struct db *db, int64_t from, int64_t to, int64_t id, int64_t at)
{
    struct ledger_event event = {
        .community = to,
        .id = id_new(),
        .at = at,
        .verb = STR("moved"),
        .subject_kind = STR("entry"),
        .subject = id,
        .detail = str_printf(db_arena(db), "{\"from\":\"%" PRId64 "\",\"to\":\"%" PRId64 "\"}", from, to),
    };
    enum result r = carry_moderation(db, from, to, id);

    if (r == OK)
        r = media_carry(db, from, to, STR("entry"), id);
    if (r == OK)
        r = search_carry(db, from, to, id);
    if (r == OK)
        r = place_carry(db, from, to, id, parts, sizeof(parts) / sizeof(parts[0]));
    return r == OK ? ledger_append(db, &event) : r;
}

static enum result carry_all(struct db *db, int64_t from, int64_t to, const struct entry_ids *ids, int64_t at,
                             entry_carrier *carry)
{
    enum result r = OK;

    for (size_t i = 0; r == OK && i < ids->n; i++)
        r = carry(db, from, to, ids->id[i], at);
    return r;
}

enum result entry_carry_estate(struct db *db, int64_t from, int64_t to, const char *kind, int64_t estate, int64_t at,
                               entry_carrier *carry)
{
    struct entry_ids ids;
    enum result r = entry_of_estate(db, from, kind, estate, &ids);

    return r == OK ? carry_all(db, from, to, &ids, at, carry) : r;
}

enum result entry_carry_rest(struct db *db, int64_t from, int64_t heir, const char *kind, int64_t at,
                             entry_carrier *carry)
{
    struct entry_ids ids = {0};
    enum result r = heir ? entry_of_community(db, from, kind, &ids) : OK;

    return r == OK ? carry_all(db, from, heir, &ids, at, carry) : r;
}

/* ---- what places above wrote for it ---- */

static enum result settle(struct db *db, int64_t from, int64_t heir, int64_t at)
{
    struct str old = str_printf(db_arena(db), ",%" PRId64, from);
    const int64_t *after;
    int64_t chain[4];
    size_t n, levels = place_chain(from, chain);
    enum result r = place_after(db, from, &after, &n);

    (void)at;
    (void)heir;
    for (size_t i = 0; r == OK && i < n; i++)
        for (size_t k = 0; r == OK && k + 1 < levels; k++)
            r = sql_entry_audience_follows(db, chain[k], old, str_printf(db_arena(db), ",%" PRId64, after[i]));
    return r;
}

const struct place_mover entry_mover = {.name = "entry", .settle = settle};
