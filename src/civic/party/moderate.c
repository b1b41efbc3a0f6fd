/* moderate.c: commitments as something that can be flagged and hidden; what of this room may leave the app. */
#include "civic/moderation/moderation.h"

#include "civic/notify/notify.h"
#include "civic/party/room.h"
#include "civic/person/person.h"
#include "civic/place/place.h"

static enum result get_member(struct db *db, int64_t community, int64_t id, void *ret)
{
    return sql_party_member_get(db, community, id, ret);
}

/* A commitment that was kept stays where it was kept while that community goes on, also when its member has gone along with an estate. */
static enum result get_commitment(struct db *db, int64_t community, int64_t id, struct moderation_thing *ret)
{
    struct sql_party_commitment_get c = {0};
    struct sql_party_member_get m;
    int64_t lives = community;
    enum result r = sql_party_commitment_get(db, community, id, &c);

    if (r == OK)
        r = sql_party_member_get(db, community, c.member, &m);
    if (r == E_NOT_FOUND && c.member)
        r = place_follow(db, community, c.member, get_member, &m, &lives);
    if (r != OK)
        return r;
    *ret = (struct moderation_thing){
        .community = community,
        .id = id,
        .author = c.author,
        .kind = STR("party_commitment"),
        .title = text(LANG_ZH_CN, T_party_commitment),
        .body = c.body,
        .hidden = c.hidden,
        .at = c.made_at,
        .others = m.shown && !str_eq(c.state, STR("dropped")),
        .url = m.shown ? party_member_url(db_arena(db), lives, c.member) : url_path(db_arena(db), "/me/party"),
    };
    return OK;
}

static bool may_see(struct request *rq, const struct moderation_thing *thing)
{
    const struct subject_scope scope = {
        .place = thing->community, .board = true, .of_place = true, .readers = READERS_RESIDENTS};

    return thing->others && access_allowed(viewer_of(rq), CAP_BOARD_READ, thing->community, &scope);
}

static enum result hide(struct db *db, const struct moderation_thing *thing, int64_t person, int64_t organisation,
                        bool hidden, struct str reason, int64_t now)
{
    const struct party_actor actor = {.person = person, .organisation = organisation, .now = now};

    return party_commitment_hide(db, &actor, thing->community, thing->id, hidden, reason);
}

static enum result set_reason(struct db *db, const struct moderation_thing *thing, struct str reason)
{
    return sql_party_commitment_set_reason(db, thing->community, thing->id, reason);
}

static const struct moderation_kind kinds[] = {
    {.word = "party_commitment",
     .name = T_party_commitment,
     .get = get_commitment,
     .may_see = may_see,
     .hide = hide,
     .reason = set_reason},
};
const struct moderation_kinds party_moderated = {kinds, 1};

/* Nothing that leaves the app says what it is about: a lock screen is read by others. */
static const struct notice_kind notices[] = {
    /* clang-format off */
    {T_party_tell_confirmed,          TOPIC_MINE,  WAY_DIGEST, false, T_notify_away_progress},
    {T_party_tell_refused,            TOPIC_MINE,  WAY_DIGEST, false, T_notify_away_progress},
    {T_party_tell_transferred,        TOPIC_MINE,  WAY_DIGEST, false, T_notify_away_progress},
    {T_party_tell_not_transferred,    TOPIC_MINE,  WAY_DIGEST, false, T_notify_away_progress},
    {T_party_tell_moved_out,          TOPIC_MINE,  WAY_DIGEST, false, T_notify_away_progress},
    {T_party_tell_taken,              TOPIC_MINE,  WAY_DIGEST, false, T_notify_away_progress},
    {T_party_tell_done,               TOPIC_MINE,  WAY_DIGEST, false, T_notify_away_progress},
    {T_party_tell_thanked,            TOPIC_REPLY, WAY_APP,    false, T_notify_away_reply},
    {T_party_tell_thanked_commitment, TOPIC_REPLY, WAY_APP,    false, T_notify_away_reply},
    /* clang-format on */
};
const struct notice_table party_notices = {notices, PARTY_COUNT(notices)};
