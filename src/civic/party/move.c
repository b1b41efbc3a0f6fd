/* move.c: members go along when their estate goes to another community: with their branch, their badge, their open commitments, and the tasks whose
 * report goes along too. What was done stays where it was done, so that the levels above count it once; but when a community ends, nobody answers there any
 * more for what somebody promised and kept: that goes to where the member lives now, with its thanks, what they count, and what moderation knows of it. */
#include "civic/moderation/moderation.h"
#include "civic/party/room.h"
#include "civic/place/place.h"
#include "engine/base/ids.h"

enum { EVERYBODY = 10000 };

/* The branch under its name at the other community; where another branch has that name, with the name of where it comes from in front. */
static enum result branch_there(struct db *db, int64_t from, int64_t to, int64_t branch, int64_t at, int64_t *ret)
{
    struct sql_party_branch_get old, there;
    struct place place;
    int64_t made;
    enum result r = sql_party_branch_get(db, to, branch, &there);

    *ret = branch;
    if (r == OK && there.ended_at)
        return sql_party_branch_reopen(db, to, branch);
    if (r != E_NOT_FOUND)
        return r;
    if ((r = sql_party_branch_get(db, from, branch, &old)) != OK)
        return r;
    r = sql_party_branch_put(db, to, branch, old.name, at, &made);
    if (r == OK && made == 0 && (r = place_get(db, from, &place)) == OK) {
        struct str name = str_printf(db_arena(db), STR_FMT STR_FMT, STR_ARG(place_short_name(place.name)),
                                     STR_ARG(old.name));

        r = sql_party_branch_put(db, to, branch, name, at, &made);
        if (r == OK && made == 0)
            r = E_CONFLICT;
    }
    if (r == OK && old.secretary)
        r = sql_party_branch_name_set(db, from, branch, old.name, 0);
    return r == OK && old.secretary ? sql_party_branch_secretary(db, to, branch, old.secretary) : r;
}

/* What was taken up of something that has gone along. */
static enum result carry_task(struct db *db, int64_t from, int64_t to, int64_t task, int64_t branch, int64_t at)
{
    struct sql_party_task_get t;
    int64_t made;
    enum result r = sql_party_task_get(db, from, task, &t);

    if (r == OK)
        r = sql_party_task_put(db, to, t.id, t.member, branch, t.person, t.kind, t.subject, at, &made);
    if (r == OK)
        r = sql_party_branch_count(db, to, branch, 0, 0, made, 0, 0, 0, 0);
    if (r == OK)
        r = sql_party_task_gone(db, from, task);
    return r == OK ? sql_party_branch_count(db, from, t.branch, 0, 0, -1, 0, 0, 0, 0) : r;
}

static enum result is_at(struct db *db, int64_t community, struct str word, int64_t subject, bool *ret)
{
    const struct party_kind *kind = party_kind_of(word);
    struct party_thing thing;
    enum result r = kind ? kind->get(db, community, subject, &thing) : E_NOT_FOUND;

    *ret = r == OK;
    return r == E_NOT_FOUND ? OK : r;
}

static enum result move_tasks(struct db *db, int64_t from, int64_t to, const struct sql_party_movers *m, int64_t branch,
                              int64_t at)
{
    struct sql_party_tasks_open_rows rows;
    enum result r = sql_party_tasks_open(db, from, m->id, &rows);

    for (size_t i = 0; r == OK && i < rows.n; i++) {
        bool there;

        r = is_at(db, to, rows.row[i].kind, rows.row[i].subject, &there);
        if (r == OK && there) /* else it stays where it is, and so does what was taken up of it */
            r = carry_task(db, from, to, rows.row[i].id, branch, at);
    }
    return r;
}

/* What moderation knows of a commitment goes with it: whoever answers there decides, and an appeal is heard there. */
enum result party_move_commitments(struct db *db, int64_t from, int64_t to, int64_t member, int64_t as_member,
                                   int64_t branch)
{
    struct sql_party_commitments_open_rows rows;
    enum result r = sql_party_commitments_open(db, from, member, &rows);

    for (size_t i = 0; r == OK && i < rows.n; i++)
        r = moderation_carry(db, from, to, "party_commitment", rows.row[i].id);
    if (r == OK)
        r = sql_party_commitment_arrive(db, to, from, member, branch, as_member);
    return r == OK ? sql_party_commitment_gone(db, from, member) : r;
}

static enum result move_member(struct db *db, int64_t from, int64_t to, const struct sql_party_movers *m, int64_t at)
{
    bool confirmed = str_eq(m->state, STR("confirmed"));
    int64_t branch = m->branch;
    enum result r = branch ? branch_there(db, from, to, branch, at, &branch) : OK;

    if (r == OK)
        r = sql_party_member_arrive(db, to, m->id, m->person, m->person_from, branch, m->state, m->asked_at,
                                    m->decided_at, m->decided_by, m->shown);
    if (r == OK && confirmed)
        r = sql_party_branch_count(db, to, branch, 1, m->shown, 0, 0, 0, 0, 0);
    if (r == OK)
        r = move_tasks(db, from, to, m, branch, at);
    if (r == OK)
        r = party_move_commitments(db, from, to, m->id, m->id, branch);
    if (r == OK && confirmed)
        r = sql_party_branch_count(db, from, m->branch, -1, -(int64_t)m->shown, 0, 0, 0, 0, 0);
    if (r == OK)
        r = sql_party_member_gone(db, from, m->id);
    return r == OK ? sql_party_person_put(db, m->person, to, m->id) : r;
}

static enum result move(struct db *db, int64_t from, int64_t to, int64_t estate, int64_t at)
{
    struct sql_party_movers_rows rows;
    enum result r = sql_party_movers(db, from, &rows);

    for (size_t i = 0; r == OK && i < rows.n; i++) {
        struct sql_party_lives lives;

        r = sql_party_lives(db, to, estate, rows.row[i].person, &lives);
        if (r == OK && lives.homes)
            r = move_member(db, from, to, &rows.row[i], at);
    }
    return r;
}

/* Open tasks whose thing is not here any more: with the member who has gone where it has, else given back. */
static enum result settle_tasks(struct db *db, int64_t from, int64_t at)
{
    const struct party_actor clock = {.now = at};
    struct sql_party_tasks_left_rows rows;
    enum result r = sql_party_tasks_left(db, from, &rows);

    for (size_t i = 0; r == OK && i < rows.n; i++) {
        const struct sql_party_tasks_left *t = &rows.row[i];
        struct sql_party_member_get m;
        int64_t community = 0;
        bool here = false, there = false;

        if ((r = is_at(db, from, t->kind, t->subject, &here)) != OK || here)
            continue;
        r = party_of(db, t->person, &community, &m);
        if (r == OK && community != from)
            r = is_at(db, community, t->kind, t->subject, &there);
        if (r == E_NOT_FOUND)
            r = OK;
        if (r == OK)
            r = there ? carry_task(db, from, community, t->id, m.branch, at)
                      : party_end_task(db, &clock, from, t->id, t->branch, false);
    }
    return r;
}

/* Whoever has asked for one of the branches goes on asking, where it is now. */
static enum result settle_transfers(struct db *db, int64_t from, int64_t heir, int64_t at)
{
    struct sql_party_transfers_open_rows rows;
    enum result r = sql_party_transfers_open(db, from, EVERYBODY, &rows);

    for (size_t i = 0; r == OK && i < rows.n; i++) {
        int64_t branch;

        r = branch_there(db, from, heir, rows.row[i].branch, at, &branch);
        if (r == OK)
            r = sql_party_transfer_carry(db, from, rows.row[i].id, heir);
        if (r == OK)
            r = sql_party_transfer_gone(db, from, rows.row[i].id);
    }
    return r;
}

static enum result carry_kept(struct db *db, int64_t from, int64_t to, int64_t id, int64_t branch)
{
    struct sql_party_commitment_thanks_rows thanks;
    enum result r = sql_party_commitment_thanks(db, from, id, &thanks);

    for (size_t i = 0; r == OK && i < thanks.n; i++) {
        const struct sql_party_commitment_thanks *k = &thanks.row[i];

        r = sql_party_branch_count(db, from, k->branch, 0, 0, 0, 0, -k->thanks, -k->ratings, -k->stars);
        if (r == OK)
            r = sql_party_branch_count(db, to, branch, 0, 0, 0, 0, k->thanks, k->ratings, k->stars);
    }
    if (r == OK)
        r = moderation_carry(db, from, to, "party_commitment", id);
    if (r == OK)
        r = sql_party_thanks_move_to(db, to, from, id, branch);
    if (r == OK)
        r = sql_party_thanks_moved(db, from, id);
    if (r == OK)
        r = sql_party_commitment_move_to(db, to, from, id, branch);
    return r == OK ? sql_party_commitment_moved(db, from, id) : r;
}

/* Kept commitments, with the member to where they belong by now. */
static enum result settle_kept(struct db *db, int64_t from)
{
    struct sql_party_commitments_left_rows rows;
    enum result r = sql_party_commitments_left(db, from, &rows);

    for (size_t i = 0; r == OK && i < rows.n; i++) {
        struct sql_party_member_get m;
        int64_t community = 0;

        r = party_of(db, rows.row[i].author, &community, &m);
        if (r == OK && community != from && m.id == rows.row[i].member && m.branch)
            r = carry_kept(db, from, community, rows.row[i].id, m.branch);
        else if (r == E_NOT_FOUND)
            r = OK;
    }
    return r;
}

/* Who works for the committee and lives elsewhere goes where it goes. */
static enum result settle(struct db *db, int64_t from, int64_t heir, int64_t at)
{
    struct sql_party_movers_rows rows = {0};
    enum result r = heir ? sql_party_movers(db, from, &rows) : OK;

    for (size_t i = 0; r == OK && i < rows.n; i++)
        r = move_member(db, from, heir, &rows.row[i], at);
    if (r == OK && heir)
        r = settle_transfers(db, from, heir, at);
    if (r == OK && heir)
        r = sql_party_branches_end(db, from, at);
    if (r == OK && heir)
        r = settle_kept(db, from);
    return r == OK ? settle_tasks(db, from, at) : r;
}

const struct place_mover party_mover = {"party", move, settle};
