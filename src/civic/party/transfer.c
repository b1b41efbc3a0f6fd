/* transfer.c: 组织关系转移: a member goes to another branch. Nothing changes until its secretary has taken them in; then the figures change on that day, and what
 * somebody has done stays where it was done and with them. */
#include "civic/notify/notify.h"
#include "civic/party/room.h"
#include "civic/person/person.h"
#include "engine/base/ids.h"

enum result party_transfer_of(struct db *db, int64_t person, int64_t *ret_community, int64_t *ret_id,
                              struct sql_party_transfer_hold *ret)
{
    struct sql_party_transfer_last_rows last;
    enum result r = sql_party_transfer_last(db, person, &last);

    if (r == OK && (last.n == 0 || !str_eq(last.row[0].state, STR("asked"))))
        r = E_NOT_FOUND;
    if (r == OK)
        r = sql_party_transfer_hold(db, last.row[0].community, last.row[0].id, ret);
    if (r == OK && !str_eq(ret->state, STR("asked"))) /* it was decided at this moment */
        r = E_NOT_FOUND;
    if (r == OK) {
        *ret_community = last.row[0].community;
        *ret_id = last.row[0].id;
    }
    return r;
}

static enum result has_tie(struct db *db, int64_t community, int64_t person, int64_t now, bool *ret)
{
    struct sql_party_tie tie;
    enum result r = sql_party_tie(db, community, person, now, &tie);

    *ret = r == OK && (tie.homes || tie.posts);
    return r;
}

enum result party_transfer_ask(struct db *db, const struct party_actor *actor, int64_t community, int64_t branch,
                               int64_t *ret_id)
{
    struct sql_party_transfer_hold waits;
    struct sql_party_member_hold m;
    int64_t from, id = id_new(), other, other_id;
    bool tie;
    enum result r = party_hold(db, actor->person, &from, &m);

    if (r == E_NOT_FOUND || (r == OK && !str_eq(m.state, STR("confirmed"))))
        return E_DENIED;
    if (r == OK)
        r = has_tie(db, community, actor->person, actor->now, &tie);
    if (r == OK && !tie)
        return E_DENIED;
    if (r == OK)
        r = from == community && branch == m.branch ? E_INVALID : party_branch_stands(db, community, branch);
    if (r != OK)
        return r;
    r = party_transfer_of(db, actor->person, &other, &other_id, &waits);
    if (r != E_NOT_FOUND)
        return r == OK ? E_CONFLICT : r;
    r = sql_party_transfer_put(db, community, id, actor->person, branch, from, m.branch, actor->now);
    if (r == OK)
        r = party_record(db, actor, community, "party_transfer", id, "asked", 0, STR_NONE);
    if (r == OK)
        *ret_id = id;
    return r;
}

/* It has come to nothing. Who lives and works in the old community no more was kept there for this alone. */
static enum result ends_without(struct db *db, const struct party_actor *actor, int64_t community, int64_t id,
                                int64_t person, const char *state, struct str reason)
{
    struct sql_party_member_get m;
    int64_t changed, at;
    enum result r = sql_party_transfer_decide(db, community, id, str_from_cstr(state), reason, actor->person,
                                              actor->now, &changed);

    if (r == OK && changed == 0)
        return E_CONFLICT;
    if (r == OK)
        r = party_record(db, actor, community, "party_transfer", id, state, 0, reason);
    if (r == OK)
        r = party_of(db, person, &at, &m);
    return r == OK ? party_moved_out(db, person, at, actor->now) : r;
}

enum result party_transfer_withdraw(struct db *db, const struct party_actor *actor)
{
    struct sql_party_transfer_hold waits;
    int64_t community, id;
    enum result r = party_transfer_of(db, actor->person, &community, &id, &waits);

    return r == OK ? ends_without(db, actor, community, id, actor->person, "withdrawn", STR_NONE) : r;
}

/* ---- the day of the change --------------------------------------------------------------------------------------------------- */

/* The secretary of the branch that they leave; where it has none, whoever confirms members there. They read at their own page who it was. */
static enum result tell_old(struct db *db, const struct party_actor *actor, int64_t from, int64_t secretary,
                            int64_t member)
{
    struct person_posts posts;
    enum result r;

    if (secretary)
        return secretary == actor->person
                 ? OK
                 : party_tell(db, actor, secretary, from, T_party_tell_moved_out, STR_NONE, party_own_url(db), member);
    r = person_posts_at(db, from, actor->now, &posts);
    for (size_t i = 0; r == OK && i < posts.n; i++)
        if (role_has((enum role)posts.post[i].role, CAP_MEMBERSHIP) && posts.post[i].person != actor->person)
            r = party_tell(db, actor, posts.post[i].person, from, T_party_tell_moved_out, STR_NONE,
                           url_path(db_arena(db), "/desk/party"), member);
    return r;
}

/* Another branch of the same community: the same membership goes on. */
static enum result turn(struct db *db, const struct sql_party_member_hold *m, int64_t community, int64_t branch)
{
    enum result r = sql_party_member_branch(db, community, m->id, branch);

    return r == OK ? sql_party_commitments_turn(db, community, m->id, branch) : r;
}

/* Another community: this membership stays as it is, a new one begins. What is promised goes along; what was taken up is done where it is. */
static enum result cross(struct db *db, const struct party_actor *actor, const struct sql_party_member_hold *m,
                         int64_t from, int64_t to, int64_t branch, int64_t *ret_member)
{
    struct person_label label;
    int64_t id = id_new();
    enum result r = person_label(db, m->person, to, &label);

    if (r == OK)
        r = sql_party_member_arrive(db, to, id, m->person, label.from, branch, STR("confirmed"), m->asked_at,
                                    actor->now, actor->person, m->shown);
    if (r == OK)
        r = party_move_commitments(db, from, to, m->id, id, branch);
    if (r == OK)
        r = sql_party_member_moved(db, from, m->id, actor->now);
    if (r == OK)
        r = sql_party_person_put(db, m->person, to, id);
    if (r == OK)
        r = party_record(db, actor, from, "party_member", m->id, "transferred_out", 0, STR_NONE);
    *ret_member = id;
    return r;
}

static enum result take_in(struct db *db, const struct party_actor *actor, int64_t community, int64_t id,
                           const struct sql_party_transfer_hold *t)
{
    struct sql_party_member_hold m;
    struct sql_party_branch_get old;
    int64_t from, member, secretary;
    enum result r = party_hold(db, t->person, &from, &m);

    if (r == OK && !str_eq(m.state, STR("confirmed")))
        r = E_NOT_FOUND;
    if (r == OK)
        r = sql_party_branch_get(db, from, m.branch, &old);
    if (r != OK)
        return r;
    member = m.id;
    secretary = old.secretary == m.person ? 0 : old.secretary;
    if (from == community && m.branch == t->branch) /* the two have become one meanwhile */
        return sql_party_transfer_from(db, community, id, from, m.branch);
    r = sql_party_branch_count(db, from, m.branch, -1, -(int64_t)m.shown, 0, 0, 0, 0, 0);
    if (r == OK)
        r = sql_party_branch_count(db, community, t->branch, 1, m.shown, 0, 0, 0, 0, 0);
    if (r == OK)
        r = sql_party_branch_unname(db, from, m.person);
    if (r == OK)
        r = from == community ? turn(db, &m, community, t->branch)
                              : cross(db, actor, &m, from, community, t->branch, &member);
    if (r == OK)
        r = sql_party_transfer_from(db, community, id, from, m.branch);
    if (r == OK)
        r = party_record(db, actor, community, "party_member", member, "transferred", 0, STR_NONE);
    return r == OK ? tell_old(db, actor, from, secretary, m.id) : r;
}

enum result party_transfer_decide(struct db *db, const struct party_actor *actor, int64_t community, int64_t transfer,
                                  bool yes, struct str reason)
{
    struct sql_party_transfer_hold t;
    int64_t changed;
    bool tie;
    enum result r = sql_party_transfer_hold(db, community, transfer, &t);

    if (r != OK)
        return r;
    if (t.person == actor->person && actor->organisation == 0) /* as with party_decide() */
        return E_DENIED;
    if (!str_eq(t.state, STR("asked")))
        return E_CONFLICT;
    if (!yes && (reason.len == 0 || str_utf8_count(reason) > PARTY_REASON_MAX))
        return E_INVALID;
    if (yes) {
        r = party_branch_stands(db, community, t.branch);
        if (r == OK)
            r = has_tie(db, community, t.person, actor->now, &tie);
        if (r == OK && !tie)
            r = E_INVALID;
        if (r == OK)
            r = sql_party_transfer_decide(db, community, transfer, STR("accepted"), STR_NONE, actor->person, actor->now,
                                          &changed);
        if (r == OK)
            r = take_in(db, actor, community, transfer, &t);
        if (r == OK)
            r = party_record(db, actor, community, "party_transfer", transfer, "accepted", 0, STR_NONE);
    } else
        r = ends_without(db, actor, community, transfer, t.person, "refused", reason);
    return r == OK
             ? party_tell(db, actor, t.person, community, yes ? T_party_tell_transferred : T_party_tell_not_transferred,
                          STR_NONE, party_own_url(db), transfer)
             : r;
}
