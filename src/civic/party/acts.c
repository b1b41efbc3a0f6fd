/* acts.c: what members do who show it: commitments, tasks; and how neighbours thank them. */
#include "civic/moderation/moderation.h"
#include "civic/notify/notify.h"
#include "civic/party/room.h"
#include "civic/place/place.h"
#include "engine/base/ids.h"
#include "engine/base/time.h"

static const struct party_kinds *const *tables;
static size_t n_tables;

void party_use(const struct party_kinds *const *kinds, size_t n)
{
    tables = kinds;
    n_tables = n;
}

const struct party_kind *party_kind_of(struct str word)
{
    for (size_t t = 0; t < n_tables; t++)
        for (size_t i = 0; i < tables[t]->n; i++)
            if (str_eq(word, str_from_cstr(tables[t]->kind[i].word)))
                return &tables[t]->kind[i];
    return NULL;
}

enum result party_attended(struct db *db, int64_t community, int64_t person, size_t max, struct party_deed *ret,
                           size_t *ret_n)
{
    size_t n = 0;
    enum result r = OK;

    for (size_t t = 0; r == OK && t < n_tables && n < max; t++)
        if (tables[t]->attended) {
            size_t more = 0;

            r = tables[t]->attended(db, community, person, max - n, &ret[n], &more);
            n += more;
        }
    *ret_n = n;
    return r;
}

enum result party_thing_of(struct db *db, int64_t community, struct str kind, int64_t subject, struct party_thing *ret)
{
    const struct party_kind *k = party_kind_of(kind);
    enum result r = k ? k->get(db, community, subject, ret) : E_NOT_FOUND;

    if (r == E_NOT_FOUND)
        *ret = (struct party_thing){0};
    return r == E_NOT_FOUND ? OK : r;
}

static bool stars_fit(int64_t stars)
{
    return stars >= 0 && stars <= 5;
}

/* ---- commitments --------------------------------------------------------------------------------------------------------- */

enum result party_commit(struct db *db, const struct party_actor *actor, struct str body, int32_t due, int64_t *ret_id,
                         bool *ret_held)
{
    struct sql_party_commitment_open open;
    struct sql_party_member_hold m;
    struct str *const texts[] = {&body};
    int64_t community, id = id_new();
    enum result r = party_shown_of(db, actor->person, &community, &m);

    if (r != OK)
        return r;
    if (body.len == 0 || str_utf8_count(body) > PARTY_COMMITMENT_MAX || due < day_of(actor->now) ||
        due > day_of(actor->now) + PARTY_COMMITMENT_DAYS)
        return E_INVALID;
    if ((r = sql_party_commitment_open(db, community, m.id, &open)) != OK)
        return r;
    if (open.n >= PARTY_COMMITMENTS_OPEN)
        return E_TOO_LARGE;
    const struct moderation_writer writer = {
        .rq = actor->rq, .community = community, .person = actor->person, .now = actor->now};
    r = moderation_gate(db, &writer, texts, 1, ret_held);
    if (r == OK)
        r = sql_party_commitment_put(db, community, id, m.id, m.branch, actor->person, body, due, actor->now,
                                     *ret_held);
    if (r == OK && *ret_held)
        r = moderation_hold(db, &writer, "party_commitment", id);
    if (r == OK)
        r = party_record(db, actor, community, "party_commitment", id, "committed", 0, body);
    if (r == OK)
        *ret_id = id;
    return r;
}

enum result party_commitment_end(struct db *db, const struct party_actor *actor, int64_t commitment, bool kept)
{
    struct sql_party_commitment_get c;
    struct sql_party_member_get m;
    int64_t community, changed;
    enum result r = party_of(db, actor->person, &community, &m);

    if (r == OK)
        r = sql_party_commitment_get(db, community, commitment, &c);
    if (r != OK)
        return r;
    if (c.author != actor->person) /* somebody else's: no word about it */
        return E_NOT_FOUND;
    r = sql_party_commitment_move(db, community, commitment, kept ? STR("kept") : STR("dropped"), kept ? actor->now : 0,
                                  &changed);
    if (r == OK && changed == 0)
        return E_CONFLICT;
    if (r == OK && !kept)
        r = sql_party_commitment_drop(db, community, commitment);
    return r == OK ? party_record(db, actor, community, "party_commitment", commitment, kept ? "kept" : "dropped", 0,
                                  STR_NONE)
                   : r;
}

/* Of somebody who shows the badge, as neighbours read it. */
static enum result shown_commitment(struct db *db, int64_t community, int64_t id, struct sql_party_commitment_get *ret)
{
    struct sql_party_member_get m;
    enum result r = sql_party_commitment_get(db, community, id, ret);

    if (r == OK)
        r = sql_party_member_get(db, community, ret->member, &m);
    return r == OK && (ret->hidden || !m.shown || str_eq(ret->state, STR("dropped"))) ? E_NOT_FOUND : r;
}

enum result party_commitment_thank(struct db *db, const struct party_actor *actor, int64_t community,
                                   int64_t commitment, int64_t stars)
{
    struct sql_party_commitment_get c;
    int64_t made;
    enum result r = shown_commitment(db, community, commitment, &c);

    if (r != OK)
        return r;
    if (c.author == actor->person)
        return E_DENIED;
    if (!stars_fit(stars))
        return E_INVALID;
    r = sql_party_thanks_put(db, community, commitment, actor->person, c.branch, stars, actor->now, &made);
    if (r == OK && made == 0)
        return E_CONFLICT;
    if (r == OK)
        r = sql_party_branch_count(db, community, c.branch, 0, 0, 0, 0, 1, stars > 0, stars);
    if (r == OK)
        r = party_record(db, actor, community, "party_commitment", commitment, "thanked", stars, STR_NONE);
    return r == OK ? party_tell(db, actor, c.author, community, T_party_tell_thanked_commitment, STR_NONE,
                                url_path(db_arena(db), "/me/party"), commitment)
                   : r;
}

enum result party_commitment_hide(struct db *db, const struct party_actor *actor, int64_t community, int64_t commitment,
                                  bool hidden, struct str reason)
{
    const struct moderation_actor by = {actor->person, actor->organisation, actor->now};
    struct sql_party_commitment_get c;
    int64_t changed;
    enum result r = sql_party_commitment_get(db, community, commitment, &c);

    if (r == OK)
        r = sql_party_commitment_hide(db, community, commitment, hidden, reason, &changed);
    if (r != OK)
        return r;
    if (changed == 0)
        return E_CONFLICT;
    r = party_record(db, actor, community, "party_commitment", commitment, hidden ? "hidden" : "shown", 0, reason);
    return r == OK ? moderation_hid(db, &by, community, "party_commitment", commitment, c.author, hidden, reason) : r;
}

/* ---- tasks ---------------------------------------------------------------------------------------------------------------- */

static enum result put_task(struct db *db, const struct party_actor *actor, int64_t community,
                            const struct sql_party_member_hold *m, const char *kind, int64_t subject)
{
    int64_t id = id_new(), made;
    enum result r = sql_party_task_put(db, community, id, m->id, m->branch, m->person, str_from_cstr(kind), subject,
                                       actor->now, &made);

    if (r == OK && made == 0)
        return E_CONFLICT;
    if (r == OK)
        r = sql_party_branch_count(db, community, m->branch, 0, 0, 1, 0, 0, 0, 0);
    return r == OK ? party_record(db, actor, community, "party_task", id, "taken_up", 0, STR_NONE) : r;
}

enum result party_take(struct db *db, const struct party_actor *actor, int64_t community, const char *kind,
                       int64_t subject)
{
    const struct party_kind *k = party_kind_of(str_from_cstr(kind));
    struct sql_party_member_hold m;
    struct party_thing thing;
    int64_t where;
    enum result r = k ? party_shown_of(db, actor->person, &where, &m) : E_INVALID;

    if (r == OK && (where != community || !k->here))
        return E_DENIED;
    if (r == OK)
        r = k->get(db, community, subject, &thing);
    if (r == OK && !thing.shows)
        return E_NOT_FOUND;
    if (r != OK)
        return r;
    if (thing.author == actor->person)
        return E_DENIED;
    if (!thing.open)
        return E_CONFLICT;
    r = put_task(db, actor, community, &m, kind, subject);
    return r == OK ? party_tell(db, actor, thing.author, community, T_party_tell_taken, thing.title, thing.url, subject)
                   : r;
}

enum result party_end_task(struct db *db, const struct party_actor *actor, int64_t community, int64_t task,
                           int64_t branch, bool done)
{
    int64_t changed;
    enum result r = sql_party_task_move(db, community, task, done ? STR("done") : STR("dropped"), actor->now, &changed);

    if (r == OK && changed == 0)
        return E_CONFLICT;
    if (r == OK)
        r = sql_party_branch_count(db, community, branch, 0, 0, done ? 0 : -1, done, 0, 0, 0);
    return r == OK ? party_record(db, actor, community, "party_task", task, done ? "done" : "given_back", 0, STR_NONE)
                   : r;
}

/* Where they are a member, or were before: what was taken up there is done there. */
static enum result own_task(struct db *db, int64_t person, int64_t task, int64_t *ret_community,
                            struct sql_party_task_get *ret)
{
    struct sql_party_member_get m;
    struct party_stays stays;
    int64_t community;
    enum result r = party_of(db, person, &community, &m);

    if (r == OK)
        r = party_stays(db, person, community, m.id, &stays);
    if (r != OK)
        return r;
    r = E_NOT_FOUND;
    for (size_t i = 0; r == E_NOT_FOUND && i < stays.n; i++) {
        *ret_community = stays.stay[i].community;
        r = sql_party_task_get(db, *ret_community, task, ret);
    }
    return r;
}

enum result party_task_end(struct db *db, const struct party_actor *actor, int64_t task, bool done)
{
    const struct party_kind *k;
    struct sql_party_task_get t;
    struct party_thing thing;
    int64_t community;
    enum result r = own_task(db, actor->person, task, &community, &t);

    if (r != OK)
        return r;
    if (t.person != actor->person)
        return E_NOT_FOUND;
    k = party_kind_of(t.kind);
    if (k == NULL || !k->here) /* its board says how it goes on */
        return E_CONFLICT;
    r = party_end_task(db, actor, community, task, t.branch, done);
    if (r == OK)
        r = party_thing_of(db, community, t.kind, t.subject, &thing);
    if (r != OK || !done || !thing.shows)
        return r;
    return party_tell(db, actor, thing.author, community, T_party_tell_done, thing.title, thing.url, t.subject);
}

enum result party_task_thank(struct db *db, const struct party_actor *actor, int64_t community, int64_t task,
                             int64_t stars)
{
    struct sql_party_task_get t;
    struct sql_party_member_get m;
    struct party_thing thing;
    int64_t changed;
    enum result r = sql_party_task_get(db, community, task, &t);

    if (r == OK)
        r = sql_party_member_get(db, community, t.member, &m);
    if (r == OK)
        r = party_thing_of(db, community, t.kind, t.subject, &thing);
    if (r != OK)
        return r;
    if (thing.author != actor->person || !m.shown || str_eq(t.state, STR("dropped")))
        return E_NOT_FOUND;
    if (stars < 1 || !stars_fit(stars))
        return E_INVALID;
    r = sql_party_task_thank(db, community, task, actor->person, stars, actor->now, &changed);
    if (r == OK && changed == 0)
        return E_CONFLICT;
    if (r == OK)
        r = sql_party_branch_count(db, community, t.branch, 0, 0, 0, 0, 1, 1, stars);
    if (r == OK)
        r = party_record(db, actor, community, "party_task", task, "thanked", stars, STR_NONE);
    return r == OK ? party_tell(db, actor, t.person, community, T_party_tell_thanked, thing.title,
                                url_path(db_arena(db), "/me/party"), task)
                   : r;
}

enum result party_task_now(struct db *db, int64_t community, const char *kind, int64_t subject, int64_t person,
                           int64_t *ret_task)
{
    struct sql_party_task_of t;
    enum result r = sql_party_task_of(db, community, str_from_cstr(kind), subject, person, &t);

    if (r == OK)
        *ret_task = t.id;
    return r;
}

enum result party_taken(struct db *db, int64_t community, const char *kind, int64_t subject, int64_t person,
                        int64_t now)
{
    const struct party_actor actor = {.person = person, .now = now};
    struct sql_party_member_hold m;
    int64_t where;
    enum result r = party_shown_of(db, person, &where, &m);

    if (r != OK || where != community)
        return r == E_DENIED ? OK : r;
    r = put_task(db, &actor, community, &m, kind, subject);
    return r == E_CONFLICT ? OK : r;
}

enum result party_ended(struct db *db, int64_t community, const char *kind, int64_t subject, int64_t person, bool done,
                        int64_t now)
{
    const struct party_actor actor = {.person = person, .now = now};
    struct sql_party_task_of t;
    enum result r = sql_party_task_of(db, community, str_from_cstr(kind), subject, person, &t);

    if (r != OK || !str_eq(t.state, STR("taken")))
        return r == E_NOT_FOUND ? OK : r;
    return party_end_task(db, &actor, community, t.id, t.branch, done);
}

enum result party_give_back_all(struct db *db, int64_t community, int64_t member, int64_t now)
{
    const struct party_actor clock = {.now = now};
    struct sql_party_tasks_open_rows rows;
    enum result r = sql_party_tasks_open(db, community, member, &rows);

    for (size_t i = 0; r == OK && i < rows.n; i++)
        r = party_end_task(db, &clock, community, rows.row[i].id, rows.row[i].branch, false);
    return r;
}
