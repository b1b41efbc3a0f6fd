/* party.c: branches, who is a member, and who shows it. */
#include "civic/ledger/ledger.h"
#include "civic/notify/notify.h"
#include "civic/party/room.h"
#include "civic/person/person.h"
#include "engine/base/ids.h"

/* ---- what every step leaves ------------------------------------------------------------------------------------------ */

enum result party_record(struct db *db, const struct party_actor *actor, int64_t community, const char *kind,
                         int64_t subject, const char *verb, int64_t amount, struct str words)
{
    struct ledger_event e = {
        .community = community,
        .at = actor->now,
        .actor = actor->person,
        .organisation = actor->organisation,
        .verb = str_from_cstr(verb),
        .subject_kind = str_from_cstr(kind),
        .subject = subject,
        .amount = amount,
    };

    return ledger_append_words(db, &e, words);
}

/* No message says of anybody but its reader that they are a member: it would stay behind when the consent is taken back. */
enum result party_tell(struct db *db, const struct party_actor *actor, int64_t person, int64_t community,
                       enum text words, struct str title, struct url url, int64_t subject)
{
    const struct text_arg args[] = {TEXT_STR("title", title)};
    const struct notice notice = {
        .person = person,
        .community = community,
        .text = words,
        .arg = args,
        .n_args = title.len ? 1 : 0,
        .url = url,
        .subject_kind = STR("party"),
        .subject = subject,
    };

    return actor->quiet || person == 0 ? OK : notify_put(db, &notice, actor->now);
}

struct url party_own_url(struct db *db)
{
    return url_path(db_arena(db), "/me/party");
}

/* ---- branches ------------------------------------------------------------------------------------------------------------ */

static bool name_fits(struct str name)
{
    return name.len && str_utf8_count(name) <= PARTY_NAME_MAX;
}

enum result party_branch_add(struct db *db, const struct party_actor *actor, int64_t community, struct str name,
                             int64_t *ret_id)
{
    int64_t id = id_new(), made;
    enum result r;

    if (!name_fits(name))
        return E_INVALID;
    r = sql_party_branch_put(db, community, id, name, actor->now, &made);
    if (r == OK && made == 0)
        return E_CONFLICT;
    if (r == OK)
        r = party_record(db, actor, community, "party_branch", id, "founded", 0, name);
    if (r == OK)
        *ret_id = id;
    return r;
}

enum result party_branch_save(struct db *db, const struct party_actor *actor, int64_t community, int64_t branch,
                              struct str name, int64_t secretary)
{
    struct sql_party_branch_of_name other;
    struct sql_party_branch_get b;
    struct sql_party_member_get m = {0};
    enum result r = sql_party_branch_get(db, community, branch, &b);

    if (r == OK && b.ended_at)
        return E_CONFLICT;
    if (r == OK && !name_fits(name))
        return E_INVALID;
    if (r == OK && secretary) {
        r = sql_party_member_get(db, community, secretary, &m);
        if (r == OK && (!str_eq(m.state, STR("confirmed")) || m.branch != branch))
            return E_INVALID;
    }
    if (r != OK)
        return r;
    r = sql_party_branch_of_name(db, community, name, &other);
    if (r == OK && other.id != branch)
        return E_CONFLICT;
    if (r != OK && r != E_NOT_FOUND)
        return r;
    r = sql_party_branch_name_set(db, community, branch, name, m.person);
    return r == OK ? party_record(db, actor, community, "party_branch", branch, "changed", 0, name) : r;
}

enum result party_branch_end(struct db *db, const struct party_actor *actor, int64_t community, int64_t branch)
{
    int64_t changed;
    enum result r = sql_party_branch_end(db, community, branch, actor->now, &changed);

    if (r == OK && changed == 0)
        return E_CONFLICT;
    return r == OK ? party_record(db, actor, community, "party_branch", branch, "ended", 0, STR_NONE) : r;
}

enum result party_branch_stands(struct db *db, int64_t community, int64_t branch)
{
    struct sql_party_branch_get b;
    enum result r = sql_party_branch_get(db, community, branch, &b);

    return r == E_NOT_FOUND || (r == OK && b.ended_at) ? E_INVALID : r;
}

/* ---- being a member -------------------------------------------------------------------------------------------------------- */

enum result party_of(struct db *db, int64_t person, int64_t *ret_community, struct sql_party_member_get *ret)
{
    struct sql_party_person_get at;
    enum result r = sql_party_person_get(db, person, &at);

    if (r == OK)
        r = sql_party_member_get(db, at.community, at.member, ret);
    if (r == OK)
        *ret_community = at.community;
    return r;
}

enum result party_hold(struct db *db, int64_t person, int64_t *ret_community, struct sql_party_member_hold *ret)
{
    struct sql_party_person_get at;
    enum result r = sql_party_person_get(db, person, &at);

    if (r == OK)
        r = sql_party_member_hold(db, at.community, at.member, ret);
    if (r == OK)
        *ret_community = at.community;
    return r;
}

enum result party_shown_of(struct db *db, int64_t person, int64_t *ret_community, struct sql_party_member_hold *ret)
{
    enum result r = party_hold(db, person, ret_community, ret);

    return r == E_NOT_FOUND || (r == OK && (!ret->shown || !str_eq(ret->state, STR("confirmed")))) ? E_DENIED : r;
}

enum result party_ask(struct db *db, const struct party_actor *actor, int64_t community, int64_t branch,
                      int64_t *ret_member)
{
    struct sql_party_member_get last;
    struct sql_party_tie tie;
    struct person_label label = {0};
    int64_t id = id_new(), where;
    enum result r = sql_party_tie(db, community, actor->person, actor->now, &tie);

    if (r == OK && tie.homes == 0 && tie.posts == 0)
        return E_DENIED;
    if (r == OK && branch)
        r = party_branch_stands(db, community, branch);
    if (r != OK)
        return r;
    r = party_of(db, actor->person, &where, &last);
    if (r == OK && (str_eq(last.state, STR("asked")) || str_eq(last.state, STR("confirmed"))))
        return E_CONFLICT;
    if (r == OK || r == E_NOT_FOUND)
        r = person_label(db, actor->person, community, &label);
    if (r == OK)
        r = sql_party_member_put(db, community, id, actor->person, label.from, branch, actor->now);
    if (r == OK)
        r = sql_party_person_put(db, actor->person, community, id);
    if (r == OK)
        r = party_record(db, actor, community, "party_member", id, "asked", 0, STR_NONE);
    if (r == OK)
        *ret_member = id;
    return r;
}

static enum result confirm(struct db *db, int64_t community, const struct sql_party_member_hold *m, int64_t branch)
{
    enum result r = party_branch_stands(db, community, branch);

    if (r == OK)
        r = sql_party_branch_count(db, community, branch, 1, 0, 0, 0, 0, 0, 0);
    return r == OK ? person_party_set(db, m->person, true, false) : r;
}

enum result party_decide(struct db *db, const struct party_actor *actor, int64_t community, int64_t member, bool yes,
                         int64_t branch, struct str reason)
{
    struct sql_party_member_hold m;
    enum result r = sql_party_member_hold(db, community, member, &m);

    if (r != OK)
        return r;
    if (m.person == actor->person &&
        actor->organisation == 0) /* a branch's secretary; the community's may, being it by office */
        return E_DENIED;
    if (!str_eq(m.state, STR("asked")))
        return E_CONFLICT;
    if (yes ? branch == 0 : reason.len == 0 || str_utf8_count(reason) > PARTY_REASON_MAX)
        return E_INVALID;
    if (yes)
        r = confirm(db, community, &m, branch);
    if (r == OK)
        r = sql_party_member_decide(db, community, member, yes ? STR("confirmed") : STR("refused"),
                                    yes ? branch : m.branch, yes ? STR_NONE : reason, actor->person, actor->now);
    if (r == OK)
        r = party_record(db, actor, community, "party_member", member, yes ? "confirmed" : "refused", 0,
                         yes ? STR_NONE : reason);
    return r == OK ? party_tell(db, actor, m.person, community, yes ? T_party_tell_confirmed : T_party_tell_refused,
                                STR_NONE, party_own_url(db), member)
                   : r;
}

/* ---- where somebody was a member before ---------------------------------------------------------------------------------------- */

enum result party_stays(struct db *db, int64_t person, int64_t community, int64_t member, struct party_stays *ret)
{
    struct sql_party_past_rows rows;
    enum result r = sql_party_past(db, person, &rows);

    ret->n = 0;
    if (member)
        ret->stay[ret->n++] = (struct party_stay){community, member};
    for (size_t i = 0; r == OK && i < rows.n && ret->n < PARTY_STAYS_MAX; i++)
        ret->stay[ret->n++] = (struct party_stay){rows.row[i].community, rows.row[i].id};
    return r;
}

enum result party_sums(struct db *db, const struct party_stays *stays, struct sql_party_sums *ret)
{
    enum result r = OK;

    *ret = (struct sql_party_sums){0};
    for (size_t i = 0; r == OK && i < stays->n; i++) {
        struct sql_party_sums s;

        r = sql_party_sums(db, stays->stay[i].community, stays->stay[i].member, &s);
        if (r != OK)
            break;
        ret->taken += s.taken;
        ret->done += s.done;
        ret->task_thanks += s.task_thanks;
        ret->task_ratings += s.task_ratings;
        ret->task_stars += s.task_stars;
        ret->own_thanks += s.own_thanks;
        ret->own_ratings += s.own_ratings;
        ret->own_stars += s.own_stars;
    }
    return r;
}

/* Those of before say the same as the one that stands. */
static enum result show_in_all(struct db *db, const struct sql_party_member_hold *m, int64_t community, bool shown)
{
    struct party_stays stays;
    enum result r = party_stays(db, m->person, community, m->id, &stays);

    for (size_t i = 0; r == OK && i < stays.n; i++)
        r = sql_party_member_show(db, stays.stay[i].community, stays.stay[i].member, shown);
    return r;
}

/* ---- showing it ---------------------------------------------------------------------------------------------------------------- */

static enum result hide_badge(struct db *db, int64_t community, const struct sql_party_member_hold *m, int64_t now)
{
    enum result r = person_consent_end(db, m->person, STR("party_badge"), now);

    if (r == OK)
        r = show_in_all(db, m, community, false);
    if (r == OK)
        r = sql_party_branch_count(db, community, m->branch, 0, -1, 0, 0, 0, 0, 0);
    return r == OK ? person_party_set(db, m->person, true, false) : r;
}

enum result party_show(struct db *db, const struct party_actor *actor, bool show, enum lang lang)
{
    struct sql_party_member_hold m;
    int64_t community;
    enum result r = party_hold(db, actor->person, &community, &m);

    if (r == E_NOT_FOUND || (r == OK && !str_eq(m.state, STR("confirmed"))))
        return E_DENIED;
    if (r != OK || m.shown == show)
        return r;
    if (!show)
        r = hide_badge(db, community, &m, actor->now);
    else {
        r = person_consent_give(db, actor->person, STR("party_badge"), STR(PARTY_CONSENT_VERSION), actor->now);
        if (r == OK)
            r = show_in_all(db, &m, community, true);
        if (r == OK)
            r = sql_party_branch_count(db, community, m.branch, 0, 1, 0, 0, 0, 0, 0);
        if (r == OK)
            r = person_party_set(db, actor->person, true, true);
    }
    return r == OK
             ? party_record(db, actor, community, "party_member", m.id, show ? "consent_given" : "consent_withdrawn", 0,
                            show ? text(lang, T_party_consent_text) : STR_NONE)
             : r;
}

/* Of one membership nothing stays that names them, and nothing that waits for them. */
static enum result end_stay(struct db *db, const struct party_stay *stay, int64_t now)
{
    enum result r = party_give_back_all(db, stay->community, stay->member, now);

    if (r == OK)
        r = sql_party_commitment_erase(db, stay->community, stay->member);
    return r == OK ? sql_party_member_end(db, stay->community, stay->member, STR("left"), now) : r;
}

enum result party_leave(struct db *db, int64_t person, int64_t now)
{
    const struct party_actor actor = {.person = person, .now = now};
    struct sql_party_member_hold m;
    struct party_stays stays;
    int64_t community;
    bool confirmed;
    enum result r = party_hold(db, person, &community, &m);

    if (r != OK)
        return r == E_NOT_FOUND ? OK : r;
    confirmed = str_eq(m.state, STR("confirmed"));
    if (confirmed && m.shown)
        r = hide_badge(db, community, &m, now);
    if (r == OK && confirmed)
        r = sql_party_branch_count(db, community, m.branch, -1, 0, 0, 0, 0, 0, 0);
    if (r == OK)
        r = party_stays(db, person, community, m.id, &stays);
    for (size_t i = 0; r == OK && i < stays.n; i++)
        r = end_stay(db, &stays.stay[i], now);
    if (r == OK)
        r = sql_party_branch_unname(db, community, person);
    if (r == OK)
        r = sql_party_transfers_forget(db, person);
    if (r == OK)
        r = person_party_set(db, person, false, false);
    if (r == OK)
        r = sql_party_person_drop(db, person);
    return r == OK ? party_record(db, &actor, community, "party_member", m.id, "left", 0, STR_NONE) : r;
}

enum result party_moved_out(struct db *db, int64_t person, int64_t community, int64_t now)
{
    struct sql_party_transfer_hold transfer;
    struct sql_party_member_get m;
    struct sql_party_tie tie;
    int64_t where, to, id;
    enum result r = party_of(db, person, &where, &m);

    if (r != OK || where != community)
        return r == E_NOT_FOUND ? OK : r;
    r = party_transfer_of(db, person, &to, &id, &transfer);
    if (r != E_NOT_FOUND) /* asks for another branch: the old membership stands until that is decided */
        return r;
    r = sql_party_tie(db, community, person, now, &tie);
    return r == OK && tie.homes == 0 && tie.posts == 0 ? party_leave(db, person, now) : r;
}
