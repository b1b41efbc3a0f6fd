/* signup.c: places: taken, given back, waited for, and who really came. */
#include "boards/activity/room.h"

#include "engine/base/ids.h"
#include "engine/base/time.h"

/* The activity with its row taken: from here on nobody else moves it. */
enum result activity_take(struct db *db, int64_t community, int64_t entry, struct sql_activity_get *ret)
{
    int64_t changed;
    enum result r = sql_activity_hold(db, community, entry, &changed);

    return r == OK ? sql_activity_get(db, community, entry, ret) : r;
}

static bool has_room(const struct sql_activity_get *a)
{
    return a->taken < (a->capacity ? a->capacity : ACTIVITY_MOST);
}

bool activity_begun(const struct sql_activity_get *a, int64_t now)
{
    return now >= a->starts_at;
}

/* Which counters a state counts in. */
static void counts_in(int state, int64_t *ret_taken, int64_t *ret_waits, int64_t *ret_came)
{
    *ret_taken = state == SIGNUP_IN || state == SIGNUP_CAME || state == SIGNUP_MISSED;
    *ret_waits = state == SIGNUP_WAITING;
    *ret_came = state == SIGNUP_CAME;
}

static enum result count(struct db *db, struct sql_activity_get *a, int from, int to)
{
    int64_t taken[2], waits[2], came[2];

    counts_in(from, &taken[0], &waits[0], &came[0]);
    counts_in(to, &taken[1], &waits[1], &came[1]);
    a->taken += taken[1] - taken[0];
    a->waits += waits[1] - waits[0];
    a->came += came[1] - came[0];
    return sql_activity_count(db, a->community, a->entry, taken[1] - taken[0], waits[1] - waits[0], came[1] - came[0]);
}

static enum result record(struct db *db, const struct entry_actor *actor, const struct sql_activity_get *a,
                          const char *verb, int64_t person, int from, int to)
{
    struct ledger_event e = {
        .community = a->community,
        .at = actor->now,
        .actor = actor->person,
        .organisation = actor->organisation,
        .verb = str_from_cstr(verb),
        .subject_kind = STR("activity"),
        .subject = a->entry,
        .before = signup_word(from),
        .after = signup_word(to),
        .detail = str_printf(db_arena(db), "{\"person\":\"%" PRId64 "\"}", person),
    };

    return ledger_append(db, &e);
}

/* One step of somebody's place by the flow, with its counters and its event. */
static enum result step(struct db *db, const struct entry_actor *actor, struct sql_activity_get *a, int64_t person,
                        int from, int action, uint32_t roles, const char *verb)
{
    const struct flow_step *next;
    int64_t changed;
    enum result r = flow_take(&signup_flow, from, action, roles, 0, &next, NULL);

    if (r == OK)
        r = sql_activity_signup_move(db, a->community, a->entry, person, signup_word(from), signup_word(next->to),
                                     next->to == SIGNUP_CAME ? actor->now : 0, &changed);
    if (r == OK && changed == 0)
        return E_CONFLICT;
    if (r == OK)
        r = count(db, a, from, next->to);
    return r == OK ? record(db, actor, a, verb, person, from, next->to) : r;
}

/* SIGNUP_OUT without a row. */
static enum result state_of(struct db *db, const struct sql_activity_get *a, int64_t person, int *ret_state)
{
    struct sql_activity_signup_get row;
    enum result r = sql_activity_signup_get(db, a->community, a->entry, person, &row);

    *ret_state = r == OK ? flow_state_of(&signup_flow, row.state) : SIGNUP_OUT;
    return r == E_NOT_FOUND ? OK : r;
}

static enum result no(enum activity_no why, enum activity_no *ret_no)
{
    *ret_no = why;
    return E_CONFLICT;
}

static enum result come_in(struct db *db, const struct entry_actor *actor, struct sql_activity_get *a, int64_t person,
                           int64_t home, bool waits)
{
    const struct flow_step *next;
    enum result r = flow_take(&signup_flow, SIGNUP_OUT, waits ? SIGNUP_QUEUE : SIGNUP_TAKE, BY_PERSON, 0, &next, NULL);

    if (r == OK)
        r = sql_activity_signup_put(db, a->community, a->entry, person, id_new(), home ? home : a->community,
                                    actor->from, signup_word(next->to), actor->now);
    if (r == OK)
        r = count(db, a, SIGNUP_OUT, next->to);
    return r == OK ? record(db, actor, a, waits ? "queued" : "signed_up", person, SIGNUP_OUT, next->to) : r;
}

enum result activity_sign_up(struct db *db, const struct entry_actor *actor, const struct entry *entry, int64_t home,
                             int *ret_state, enum activity_no *ret_no)
{
    struct sql_activity_get a;
    int state;
    bool waits;
    enum result r = activity_take(db, entry->community, entry->id, &a);

    *ret_no = ACTIVITY_YES;
    if (r == OK)
        r = state_of(db, &a, actor->person, &state);
    if (r != OK)
        return r;
    if (state != SIGNUP_OUT)
        return no(NO_ALREADY, ret_no);
    if (activity_state(entry) != ACTIVITY_OPEN || !entry->listed || actor->now >= a.signs_until ||
        activity_begun(&a, actor->now))
        return no(NO_CLOSED, ret_no);
    waits = a.waits > 0 || !has_room(&a); /* nobody goes past those who wait */
    if (waits && a.waits >= ACTIVITY_WAITS_MOST)
        return no(NO_FULL, ret_no);
    r = come_in(db, actor, &a, actor->person, home, waits);
    if (r == OK)
        *ret_state = waits ? SIGNUP_WAITING : SIGNUP_IN;
    if (r == OK && entry->author != actor->person)
        r = activity_tell(db, entry, &a, entry->author, T_activity_tell_signed, actor->now);
    return r;
}

enum result activity_move_up(struct db *db, const struct entry *entry, struct sql_activity_get *a, int64_t now)
{
    const struct entry_actor clock = {.now = now};
    enum result r = OK;

    while (r == OK && a->waits > 0 && has_room(a) && !activity_begun(a, now)) {
        struct sql_activity_first_waiting first;

        r = sql_activity_first_waiting(db, a->community, a->entry, &first);
        if (r == OK)
            r = step(db, &clock, a, first.person, SIGNUP_WAITING, SIGNUP_MOVE_UP, BY_CLOCK, "moved_up");
        if (r == OK)
            r = activity_tell(db, entry, a, first.person, T_activity_tell_moved_up, now);
    }
    return r;
}

enum result activity_leave(struct db *db, const struct entry_actor *actor, const struct board *board,
                           const struct entry *entry, int64_t person, uint32_t roles, enum activity_no *ret_no)
{
    struct sql_activity_get a;
    int state;
    enum result r = activity_take(db, entry->community, entry->id, &a);

    (void)board;
    *ret_no = ACTIVITY_YES;
    if (r == OK)
        r = state_of(db, &a, person, &state);
    if (r != OK)
        return r;
    if (state != SIGNUP_IN && state != SIGNUP_WAITING)
        return no(NO_NOT_IN, ret_no);
    if (activity_state(entry) != ACTIVITY_OPEN)
        return no(NO_CLOSED, ret_no);
    /* Who waits may go at any time; a place is given back in time, so that somebody else can still come. */
    if (state == SIGNUP_IN && !(roles & BY_ORGANISER) && actor->now >= a.cancels_until)
        return no(NO_LATE, ret_no);
    r = step(db, actor, &a, person, state, SIGNUP_LEAVE, roles, "left");
    if (r == OK && person != actor->person)
        r = activity_tell(db, entry, &a, person, T_activity_tell_taken_off, actor->now);
    return r == OK ? activity_move_up(db, entry, &a, actor->now) : r;
}

enum result activity_check_in(struct db *db, const struct entry_actor *actor, const struct entry *entry, int64_t person,
                              int64_t home, uint32_t roles, enum activity_no *ret_no)
{
    struct sql_activity_get a;
    int state;
    enum result r = activity_take(db, entry->community, entry->id, &a);

    *ret_no = ACTIVITY_YES;
    if (r == OK)
        r = state_of(db, &a, person, &state);
    if (r != OK)
        return r;
    if (activity_state(entry) != ACTIVITY_OPEN)
        return no(NO_CLOSED, ret_no);
    if (actor->now < a.starts_at - ACTIVITY_DOOR_OPENS)
        return no(NO_TOO_EARLY, ret_no);
    if (state == SIGNUP_CAME)
        return no(NO_ALREADY, ret_no);
    if (state == SIGNUP_OUT && (roles & BY_ORGANISER))
        return no(NO_NOT_IN, ret_no); /* the list has who signed up; a place is taken by the person */
    if (state != SIGNUP_IN && !has_room(&a))
        return no(NO_FULL, ret_no);
    if (state == SIGNUP_OUT)
        r = come_in(db, actor, &a, person, home, false);
    else if (state == SIGNUP_WAITING)
        r = step(db, actor, &a, person, SIGNUP_WAITING, SIGNUP_MOVE_UP, BY_CLOCK, "moved_up");
    return r == OK ? step(db, actor, &a, person, SIGNUP_IN, SIGNUP_CHECK_IN, roles, "checked_in") : r;
}

enum result activity_check_in_undo(struct db *db, const struct entry_actor *actor, const struct entry *entry,
                                   int64_t person, enum activity_no *ret_no)
{
    struct sql_activity_get a;
    int state;
    enum result r = activity_take(db, entry->community, entry->id, &a);

    *ret_no = ACTIVITY_YES;
    if (r == OK)
        r = state_of(db, &a, person, &state);
    if (r != OK)
        return r;
    if (activity_state(entry) != ACTIVITY_OPEN)
        return no(NO_CLOSED, ret_no);
    if (state != SIGNUP_CAME)
        return no(NO_NOT_IN, ret_no);
    return step(db, actor, &a, person, SIGNUP_CAME, SIGNUP_UNDO, BY_ORGANISER, "check_in_undone");
}

enum result activity_missed(struct db *db, const struct entry_actor *actor, struct sql_activity_get *a)
{
    struct sql_activity_signups_rows rows;
    enum result r = sql_activity_signups(db, a->community, a->entry, signup_word(SIGNUP_IN), &rows);

    for (size_t i = 0; r == OK && i < rows.n; i++)
        r = step(db, actor, a, rows.row[i].person, SIGNUP_IN, SIGNUP_MISS, BY_ORGANISER, "missed");
    return r;
}

enum result activity_recount(struct db *db, int64_t community, int64_t *ret_bad)
{
    struct sql_activity_recount_rows rows;
    enum result r = sql_activity_recount(db, community, &rows);

    *ret_bad = 0;
    for (size_t i = 0; r == OK && i < rows.n && *ret_bad == 0; i++) {
        const struct sql_activity_recount *a = &rows.row[i];

        if (a->taken != a->real_taken || a->waits != a->real_waits || a->came != a->real_came ||
            (a->capacity && a->real_taken > a->capacity))
            *ret_bad = a->entry;
    }
    return r;
}
