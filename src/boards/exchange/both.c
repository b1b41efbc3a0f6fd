/* both.c: what the two between whom it is do: hand over, confirm, bring back, write to each other, thank; and what happens when they keep silent. */
#include "boards/exchange/room.h"
#include "boards/exchange/rules.h"
#include "civic/hours/hours.h"
#include "engine/base/ids.h"
#include "engine/base/time.h"

static int64_t other_of(const struct exchange *x, uint32_t roles)
{
    return roles & BY_AUTHOR ? x->turn.person : x->entry.author;
}

static enum result say_done(struct db *db, struct exchange *x, int64_t author_at, int64_t taker_at, int64_t minutes)
{
    x->turn.author_at = author_at;
    x->turn.taker_at = taker_at;
    x->turn.minutes = minutes;
    return sql_exchange_turn_say(db, x->entry.community, x->turn.id, author_at, taker_at, minutes);
}

/* Whose hours they are: of who helped. What staff offer in their office is their work, no volunteering. */
static enum result write_hours(struct db *db, const struct exchange *x, int64_t now)
{
    bool offered = x->sort == SORT_OFFER;
    struct hours_new line = {
        .community = x->entry.community,
        .helper = offered ? x->entry.author : x->turn.person,
        .helped = offered ? x->turn.person : x->entry.author,
        .confirmed_by = offered ? x->turn.person : x->entry.author,
        .minutes = x->turn.minutes,
        .day = day_of(now),
        .what = text(LANG_ZH_CN, x->sort == SORT_WISH ? T_exchange_hours_wish : T_exchange_hours_help),
        .subject_kind = STR("exchange"),
        .subject = x->turn.id,
    };
    int64_t id;

    if (x->entry.organisation && offered)
        return OK;
    if (x->entry.organisation) { /* the committee asked, for somebody or for all */
        line.helped = 0;
        line.organisation = x->entry.organisation;
    }
    return hours_add(db, &line, now, &id);
}

/* Both have said so, or the other has kept silent long enough. */
static enum result finish(struct db *db, const struct entry_actor *actor, struct exchange *x, uint32_t roles)
{
    bool both = x->turn.author_at && x->turn.taker_at;
    enum result r;

    if (x->sort == SORT_LEND) {
        x->return_at = day_start(day_of(actor->now) + (int32_t)x->days + 1) - 1;
        r = exchange_step(db, actor, x, XA_LEND, roles, 0, "lent", STR_NONE);
        if (r == OK)
            r = exchange_save(db, x);
        return r == OK ? exchange_tell(db, x, x->turn.person, T_exchange_tell_lent, actor->now) : r;
    }
    r = exchange_step(db, actor, x, XA_FINISH, roles, 0, "exchanged", STR_NONE);
    if (r == OK)
        r = exchange_end_turn(db, actor, x, TA_FINISH, roles);
    if (r == OK && both && sort_is_help(x->sort) && x->turn.minutes)
        r = write_hours(db, x, actor->now);
    if (r == OK)
        r = exchange_dismiss(db, actor, x, roles, T_exchange_tell_gone);
    if (r == OK)
        r = exchange_save(db, x);
    if (r == OK && x->entry.author != actor->person)
        r = exchange_tell(db, x, x->entry.author, T_exchange_tell_done, actor->now);
    if (r == OK && x->turn.person != actor->person)
        r = exchange_tell(db, x, x->turn.person, T_exchange_tell_done, actor->now);
    return r;
}

enum result exchange_confirm(struct db *db, const struct entry_actor *actor, int64_t community, int64_t id,
                             int64_t minutes, bool *ret_done)
{
    struct exchange x;
    uint32_t roles;
    bool mine, help;
    enum result r = exchange_open(db, actor, community, id, &x, &roles);

    if (r != OK)
        return r;
    *ret_done = false;
    roles &= BY_AUTHOR | BY_TAKER;
    help = sort_is_help(x.sort);
    if (!help)
        minutes = 0;
    if (!in_range(minutes, 0, EXCHANGE_MINUTES_MAX))
        return E_INVALID;
    if (exchange_state(&x) == X_TAKEN) {
        r = exchange_step(db, actor, &x, XA_CONFIRM, roles, 0, "confirmed", STR_NONE);
        if (r == OK)
            r = say_done(db, &x, roles & BY_AUTHOR ? actor->now : 0, roles & BY_TAKER ? actor->now : 0, minutes);
        if (r == OK)
            r = exchange_save(db, &x);
        return r == OK ? exchange_tell(db, &x, other_of(&x, roles), T_exchange_tell_confirm, actor->now) : r;
    }
    if (exchange_state(&x) != X_HALF)
        return E_CONFLICT;
    if (roles == 0)
        return E_DENIED;
    mine = (roles & BY_AUTHOR ? x.turn.author_at : x.turn.taker_at) != 0;
    if (mine) /* now it is for the other to say */
        return E_CONFLICT;
    if (help && minutes != x.turn.minutes) {
        r = exchange_step(db, actor, &x, XA_CORRECT, roles, 0, "corrected", STR_NONE);
        if (r == OK)
            r = say_done(db, &x, roles & BY_AUTHOR ? actor->now : 0, roles & BY_TAKER ? actor->now : 0, minutes);
        if (r == OK)
            r = exchange_save(db, &x);
        return r == OK ? exchange_tell(db, &x, other_of(&x, roles), T_exchange_tell_minutes, actor->now) : r;
    }
    r = say_done(db, &x, roles & BY_AUTHOR ? actor->now : x.turn.author_at,
                 roles & BY_TAKER ? actor->now : x.turn.taker_at, minutes);
    if (r == OK)
        r = finish(db, actor, &x, roles);
    *ret_done = r == OK;
    return r;
}

/* Through the gate, then kept. */
static enum result put_word(struct db *db, const struct entry_actor *actor, const struct exchange *x, int64_t turn,
                            bool thanks, bool shown, struct str body, bool *ret_held)
{
    const struct moderation_writer writer = {.rq = actor->rq,
                                             .community = x->entry.community,
                                             .person = actor->person,
                                             .organisation = actor->organisation,
                                             .now = actor->now};
    struct str *const texts[] = {&body};
    int64_t id = id_new(), made;
    enum result r;

    if (body.len == 0 || str_utf8_count(body) > EXCHANGE_WORD_MAX)
        return E_INVALID;
    r = moderation_gate(db, &writer, texts, 1, ret_held);
    if (r == OK)
        r = sql_exchange_word_put(db, x->entry.community, id, x->entry.id, turn, actor->person, thanks, shown, body,
                                  actor->now, *ret_held, &made);
    if (r == OK && made == 0)
        return E_CONFLICT;
    if (r == OK && *ret_held)
        r = moderation_hold(db, &writer, "exchange_word", id);
    return r == OK ? exchange_record(db, actor, x, thanks ? "thanks" : "said", turn, STR_NONE, STR_NONE, body) : r;
}

enum result exchange_deny(struct db *db, const struct entry_actor *actor, int64_t community, int64_t id,
                          struct str reason)
{
    struct exchange x;
    uint32_t roles;
    bool held;
    enum result r = exchange_open(db, actor, community, id, &x, &roles);

    if (r != OK)
        return r;
    roles &= BY_AUTHOR | BY_TAKER;
    r = exchange_step(db, actor, &x, XA_DENY, roles, reason.len ? NEEDS_REASON : 0, "denied", reason);
    if (r == OK && exchange_state(&x) == X_TAKEN)
        r = say_done(db, &x, 0, 0, 0);
    if (r == OK)
        r = exchange_save(db, &x);
    if (r == OK) /* the other reads why, where the two write to each other */
        r = put_word(db, actor, &x, x.turn.id, false, false, reason, &held);
    return r == OK ? exchange_tell(db, &x, other_of(&x, roles), T_exchange_tell_denied, actor->now) : r;
}

/* It is back: the next in the queue may have it, or it is done. */
static enum result take_back(struct db *db, const struct entry_actor *actor, struct exchange *x, uint32_t roles)
{
    int64_t borrower = x->turn.person;
    enum result r = exchange_end_turn(db, actor, x, TA_FINISH, roles);

    if (r == OK && x->queue)
        r = exchange_pass(db, actor, x, roles, "returned");
    else if (r == OK) {
        x->return_at = 0;
        r = exchange_step(db, actor, x, XA_BACK, roles, 0, "exchanged", STR_NONE);
        if (r == OK)
            r = exchange_save(db, x);
    }
    return r == OK ? exchange_tell(db, x, borrower, T_exchange_tell_back, actor->now) : r;
}

enum result exchange_back(struct db *db, const struct entry_actor *actor, int64_t community, int64_t id)
{
    struct exchange x;
    uint32_t roles;
    enum result r = exchange_open(db, actor, community, id, &x, &roles);

    if (r != OK)
        return r;
    roles &= BY_AUTHOR | BY_TAKER;
    if (exchange_state(&x) != X_LENT && exchange_state(&x) != X_RETURNING)
        return E_CONFLICT;
    if (roles & BY_AUTHOR)
        return take_back(db, actor, &x, roles);
    r = exchange_step(db, actor, &x, XA_CONFIRM, roles, 0, "brought_back", STR_NONE);
    if (r == OK)
        r = exchange_save(db, &x);
    return r == OK ? exchange_tell(db, &x, x.entry.author, T_exchange_tell_returned, actor->now) : r;
}

enum result exchange_say(struct db *db, const struct entry_actor *actor, int64_t community, int64_t id, struct str body,
                         bool *ret_held)
{
    struct exchange x;
    uint32_t roles;
    enum result r = exchange_open(db, actor, community, id, &x, &roles);

    if (r != OK)
        return r;
    roles &= BY_AUTHOR | BY_TAKER;
    if (exchange_state(&x) < X_TAKEN || exchange_state(&x) > X_DONE)
        return E_CONFLICT;
    if (roles == 0)
        return E_DENIED;
    r = put_word(db, actor, &x, x.turn.id, false, false, body, ret_held);
    return r == OK && !*ret_held ? exchange_tell(db, &x, other_of(&x, roles), T_exchange_tell_word, actor->now) : r;
}

enum result exchange_thank(struct db *db, const struct entry_actor *actor, int64_t community, int64_t id,
                           struct str body, bool shown)
{
    struct exchange x;
    uint32_t roles;
    bool held;
    enum result r = exchange_open(db, actor, community, id, &x, &roles);

    if (r != OK)
        return r;
    roles &= BY_AUTHOR | BY_TAKER;
    r = exchange_step(db, actor, &x, XA_THANK, roles, 0, "thanked", STR_NONE);
    if (r == OK)
        r = put_word(db, actor, &x, x.turn.id, true, shown, body, &held);
    return r == OK && !held ? exchange_tell(db, &x, other_of(&x, roles), T_exchange_tell_thanked, actor->now) : r;
}

/* ---- what happens by itself ---------------------------------------------------------------------------------------------------- */

static enum result opened_by_clock(struct db *db, int64_t community, int64_t id, int64_t now,
                                   struct entry_actor *ret_actor, struct exchange *x)
{
    uint32_t roles;

    *ret_actor = (struct entry_actor){.now = now};
    return exchange_open(db, ret_actor, community, id, x, &roles);
}

enum result exchange_expire(struct db *db, int64_t community, int64_t id, int64_t now)
{
    struct entry_actor clock;
    struct exchange x;
    enum result r = opened_by_clock(db, community, id, now, &clock, &x);

    if (r == OK)
        r = exchange_step(db, &clock, &x, XA_EXPIRE, BY_CLOCK, 0, "expired", STR_NONE);
    if (r == OK)
        r = exchange_save(db, &x);
    return r == OK ? exchange_tell(db, &x, x.entry.author, T_exchange_tell_expired, now) : r;
}

enum result exchange_pass_on(struct db *db, int64_t community, int64_t id, int64_t now)
{
    struct entry_actor clock;
    struct exchange x;
    int64_t person;
    bool asked;
    enum result r = opened_by_clock(db, community, id, now, &clock, &x);

    if (r != OK)
        return r;
    asked = exchange_state(&x) == X_ASKED;
    if (!asked && exchange_state(&x) != X_TAKEN)
        return E_CONFLICT;
    person = x.turn.person;
    r = exchange_end_turn(db, &clock, &x, asked ? TA_EXPIRE : TA_RELEASE, BY_CLOCK);
    if (r == OK)
        r = exchange_pass(db, &clock, &x, BY_CLOCK, asked ? "passed_on" : "released");
    if (r == OK)
        r = exchange_tell(db, &x, person, asked ? T_exchange_tell_turn_over : T_exchange_tell_handing_over, now);
    return r == OK && !asked ? exchange_tell(db, &x, x.entry.author, T_exchange_tell_given_back, now) : r;
}

enum result exchange_settle(struct db *db, int64_t community, int64_t id, int64_t now)
{
    struct entry_actor clock;
    struct exchange x;
    enum result r = opened_by_clock(db, community, id, now, &clock, &x);

    if (r != OK)
        return r;
    if (exchange_state(&x) == X_RETURNING)
        return take_back(db, &clock, &x, BY_CLOCK);
    return exchange_state(&x) == X_HALF ? finish(db, &clock, &x, BY_CLOCK) : E_CONFLICT;
}

enum result exchange_remind(struct db *db, int64_t community, int64_t id, struct str stage, bool late, int64_t now)
{
    struct entry_actor clock;
    struct exchange x;
    enum result r = opened_by_clock(db, community, id, now, &clock, &x);
    int which = flow_stage_of(&exchange_flow, stage);

    if (r != OK)
        return r;
    r = exchange_record(db, &clock, &x, "reminded", 0, STR_NONE, STR_NONE, STR_NONE);
    if (r != OK)
        return r;
    switch (which) {
    case XS_OFFER: return exchange_tell(db, &x, x.entry.author, T_exchange_tell_offer_soon, now);
    case XS_ANSWER: return exchange_tell(db, &x, x.turn.person, T_exchange_tell_asked, now);
    case XS_CONFIRM: {
        bool author = exchange_state(&x) == X_RETURNING || x.turn.author_at == 0;

        return exchange_tell(db, &x, author ? x.entry.author : x.turn.person,
                             exchange_state(&x) == X_RETURNING ? T_exchange_tell_returned : T_exchange_tell_confirm,
                             now);
    }
    case XS_HANDING:
        r = exchange_tell(db, &x, x.entry.author, T_exchange_tell_handing_soon, now);
        return r == OK ? exchange_tell(db, &x, x.turn.person, T_exchange_tell_handing_soon, now) : r;
    default: break;
    }
    if (!late)
        return exchange_tell(db, &x, x.turn.person, T_exchange_tell_return_soon, now);
    r = exchange_start_clock(db, &x, XS_OVERDUE, now);
    x.due_at = x.return_at;
    if (r == OK)
        r = exchange_save(db, &x);
    if (r == OK)
        r = exchange_tell(db, &x, x.turn.person, T_exchange_tell_return_late, now);
    return r == OK ? exchange_tell(db, &x, x.entry.author, T_exchange_tell_return_late_yours, now) : r;
}
