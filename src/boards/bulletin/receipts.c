/* receipts.c: who has read what everybody must read. Receipts lie with the community of the reader, and so do their counts. */
#include "boards/bulletin/rules.h"

#include "civic/ledger/ledger.h"
#include "civic/person/person.h"
#include "engine/base/time.h"

static enum result record(struct db *db, const struct entry_actor *actor, int64_t community, int64_t entry,
                          const char *verb)
{
    struct ledger_event e = {
        .community = community,
        .at = actor->now,
        .actor = actor->person,
        .organisation = actor->organisation,
        .verb = str_from_cstr(verb),
        .subject_kind = STR("bulletin"),
        .subject = entry,
    };

    return ledger_append(db, &e);
}

/* One receipt for each person and household, one household for all of its receipts. */
static enum result read_at_home(struct db *db, const struct entry_actor *actor, int64_t community, int64_t dwelling,
                                const struct entry *entry)
{
    int64_t person_new, household_new = 0;
    enum result r = sql_bulletin_receipt_put(db, community, entry->id, dwelling, actor->person, entry->version,
                                             actor->now, &person_new);

    if (r != OK || person_new == 0)
        return r;
    r = sql_bulletin_household_put(db, community, entry->id, dwelling, actor->now, &household_new);
    if (r == OK)
        r = sql_bulletin_reach_count(db, community, entry->id, household_new, 1);
    return r == OK ? record(db, actor, community, entry->id, "read") : r;
}

enum result bulletin_asks(struct db *db, int64_t community, int64_t entry, int64_t estate, bool *ret_asked)
{
    struct sql_bulletin_reach_get reach;
    struct sql_bulletin_reach_estate among;
    enum result r = sql_bulletin_reach_get(db, community, entry, &reach);

    *ret_asked = r == OK;
    if (r == E_NOT_FOUND) /* a community that was founded after the notice came out */
        return OK;
    if (r != OK || !reach.partly)
        return r;
    r = sql_bulletin_reach_estate(db, community, entry, estate, &among);
    *ret_asked = r == OK && among.n > 0;
    return r;
}

enum result bulletin_read(struct db *db, const struct entry_actor *actor, const struct viewer *viewer,
                          const struct bulletin *b)
{
    bool at_home = false;

    if (!b->entry.listed || b->weight == BULLETIN_PLAIN)
        return E_CONFLICT;
    for (size_t i = 0; i < viewer->n_residences; i++) {
        const struct viewer_residence *home = &viewer->residence[i];
        bool asked;
        enum result r;

        if (!home->verified || !entry_is_for(&b->entry, home->community))
            continue;
        r = bulletin_asks(db, home->community, b->entry.id, home->estate, &asked);
        if (r == OK && !asked)
            continue;
        if (r == OK)
            r = read_at_home(db, actor, home->community, home->dwelling, &b->entry);
        if (r != OK)
            return r;
        at_home = true;
    }
    return at_home ? OK : E_DENIED;
}

enum result bulletin_remind(struct db *db, const struct entry_actor *actor, int64_t community, int64_t entry)
{
    int64_t changed;
    enum result r = sql_bulletin_remind(db, community, entry, actor->now, actor->now - TIME_DAY, &changed);

    if (r == OK && changed == 0)
        return E_CONFLICT;
    return r == OK ? record(db, actor, community, entry, "reminded") : r;
}

enum result bulletin_remind_all(struct db *db, const struct entry_actor *actor, const struct entry *entry)
{
    struct sql_bulletin_reach_of_rows rows;
    int64_t first, last;
    bool any = false;
    enum result r;

    if (!actor->runs)
        return E_DENIED;
    if (!entry->listed)
        return E_CONFLICT;
    place_range(entry->community, &first, &last);
    r = sql_bulletin_reach_of(db, entry->id, first, last, &rows);
    for (size_t i = 0; r == OK && i < rows.n; i++) {
        r = bulletin_remind(db, actor, rows.row[i].community, entry->id);
        any |= r == OK;
        if (r == E_CONFLICT) /* over there, or reminded already by its committee */
            r = OK;
    }
    return r == OK && !any ? E_CONFLICT : r;
}

enum result bulletin_recount(struct db *db, int64_t community, int64_t *ret_bad)
{
    struct sql_bulletin_rows_recount_rows rows;
    enum result r = sql_bulletin_rows_recount(db, community, &rows);

    *ret_bad = 0;
    for (size_t i = 0; r == OK && i < rows.n && *ret_bad == 0; i++)
        if (rows.row[i].households != rows.row[i].real_households || rows.row[i].people != rows.row[i].real_people ||
            rows.row[i].kept_households != rows.row[i].real_households)
            *ret_bad = rows.row[i].entry;
    return r;
}
