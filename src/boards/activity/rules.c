/* rules.c: an activity from its announcement to its end. */
#include "boards/activity/rules.h"

#include "boards/activity/room.h"
#include "civic/hours/hours.h"
#include "civic/ledger/ledger.h"
#include "civic/moderation/moderation.h"
#include "engine/base/ids.h"
#include "engine/base/time.h"

static struct str state_word(int state)
{
    return str_from_cstr(activity_flow.state[state].name);
}

const char *activity_wrong(struct activity_what *w, int64_t now)
{
    if (w->starts_at <= now || w->starts_at > now + ACTIVITY_AHEAD)
        return "starts_at";
    if (w->ends_at <= w->starts_at || w->ends_at > w->starts_at + ACTIVITY_LONGEST)
        return "ends_at";
    if (w->signs_until == 0)
        w->signs_until = w->starts_at;
    if (w->signs_until > w->starts_at)
        return "signs_until";
    if (w->cancels_until == 0)
        w->cancels_until = w->starts_at - TIME_DAY < w->signs_until ? w->starts_at - TIME_DAY : w->signs_until;
    if (w->cancels_until > w->starts_at)
        return "cancels_until";
    return w->capacity < 0 || w->capacity > ACTIVITY_MOST ? "capacity" : NULL;
}

/* ---- what every action leaves ------------------------------------------------------------------------------------- */

static enum result record(struct db *db, const struct entry_actor *actor, const struct sql_activity_get *a,
                          const char *verb, int64_t amount, struct str words)
{
    int64_t id = id_new();
    struct ledger_event e = {
        .community = a->community,
        .id = id,
        .at = actor->now,
        .actor = actor->person,
        .organisation = actor->organisation,
        .verb = str_from_cstr(verb),
        .subject_kind = STR("activity"),
        .subject = a->entry,
        .amount = amount,
        .detail = str_printf(db_arena(db), "{\"series\":\"%" PRId64 "\"}", a->series),
        .text_hash = words.len ? ledger_text_hash(db_arena(db), id, words) : STR_NONE,
    };

    return ledger_append(db, &e);
}

/* What has been open stays to be read: that it was called off, what it was like. */
static bool is_listed(int from, int to)
{
    return to == ACTIVITY_OPEN || to == ACTIVITY_DONE || (to == ACTIVITY_CANCELLED && from == ACTIVITY_OPEN);
}

static enum result move(struct db *db, const struct entry_actor *actor, const struct board *board,
                        const struct entry *entry, int action, uint32_t roles, const char *verb, struct str words)
{
    const struct flow_step *step;
    enum result r = flow_take(&activity_flow, activity_state(entry), action, roles, words.len ? NEEDS_REASON : 0, &step,
                              NULL);

    return r == OK
             ? entry_move(db, actor, board, entry, verb, state_word(step->to), is_listed(step->from, step->to), words)
             : r;
}

static uint32_t roles_of(const struct entry_actor *actor, const struct entry *entry)
{
    return (entry->author == actor->person ? BY_ORGANISER : 0) | (actor->runs ? BY_RUNNER : 0);
}

/* When the clock looks at one that is open: the day before. Announced later than that, nobody needs to be reminded. */
static int64_t remind_at(int64_t starts_at, int64_t now)
{
    return starts_at - ACTIVITY_REMIND > now ? starts_at - ACTIVITY_REMIND : 0;
}

/* ---- announcing ------------------------------------------------------------------------------------------------------- */

struct series {
    const struct board *board;
    int64_t community;
    const struct activity_what *what;
    enum repeat repeat;
    int times;
    bool review;
    int64_t first; /* entry; 0: not yet written */
};

/* What people read of it beside title and text. Returns how many. */
static size_t texts_of(struct activity_what *w, struct str *ret[ENTRY_MORE_MAX])
{
    size_t n = 0;

    ret[n++] = &w->spot;
    ret[n++] = &w->limits;
    for (size_t i = 0; i < w->n_names && n < ENTRY_MORE_MAX; i++)
        ret[n++] = w->names[i];
    return n;
}

static enum result announce_one(struct db *db, const struct entry_actor *actor, struct series *s, int i)
{
    struct activity_what w = *s->what;
    int64_t starts_at = repeat_at(s->repeat, w.starts_at, i), later = starts_at - w.starts_at, id;
    int64_t opens_at = i ? repeat_at(s->repeat, w.starts_at, i - 1) : 0;
    int state = s->review ? ACTIVITY_WAITING : i ? ACTIVITY_PLANNED : ACTIVITY_OPEN;
    int64_t next_at = state == ACTIVITY_PLANNED ? opens_at
                    : state == ACTIVITY_OPEN    ? remind_at(starts_at, actor->now)
                                                : 0;
    struct str *more[ENTRY_MORE_MAX];
    const struct entry_new entry = {
        .board = s->board,
        .community = s->community,
        .title = w.title,
        .body = w.body,
        .state = state_word(state),
        .listed = state == ACTIVITY_OPEN,
        .photos = w.photos,
        .more = more,
        .n_more = texts_of(&w, more),
    };
    struct sql_activity_get a;
    enum result r = entry_write(db, actor, &entry, &id);

    if (r == OK && s->first == 0)
        s->first = id;
    if (r == OK)
        r = sql_activity_put(db, s->community, id, starts_at, w.ends_at + later, w.signs_until + later,
                             w.cancels_until + later, w.spot, w.capacity, w.limits, w.gives_hours,
                             s->times > 1 ? s->first : 0, opens_at, next_at);
    if (r == OK)
        r = sql_activity_get(db, s->community, id, &a);
    return r == OK ? record(db, actor, &a, "announced", 0, STR_NONE) : r;
}

enum result activity_announce(struct db *db, const struct entry_actor *actor, const struct board *board,
                              int64_t community, const struct activity_what *what, enum repeat repeat, int times,
                              bool review, int64_t *ret_id)
{
    struct series s = {board, community, what, repeat, repeat == REPEAT_NONE ? 1 : times, review, 0};
    enum result r = s.times >= 1 && s.times <= ACTIVITY_TIMES_MOST ? OK : E_INVALID;

    for (int i = 0; r == OK && i < s.times; i++)
        r = announce_one(db, actor, &s, i);
    if (r == OK)
        *ret_id = s.first;
    return r;
}

/* ---- one, and the later ones of its series ----------------------------------------------------------------------------- */

typedef enum result (*each)(struct db *db, const struct entry_actor *actor, const struct board *board,
                            const struct entry *entry, void *arg);

/* Whatever of the series is not over, and begins at from_start or later; but not `entry` itself. */
static enum result for_others(struct db *db, const struct entry_actor *actor, const struct board *board,
                              const struct entry *entry, const struct sql_activity_get *a, int64_t from_start, each run,
                              void *arg)
{
    struct sql_activity_of_series_rows rows;
    enum result r;

    if (a->series == 0)
        return OK;
    r = sql_activity_of_series(db, a->community, a->series, from_start, ACTIVITY_TIMES_MOST, &rows);
    for (size_t i = 0; r == OK && i < rows.n; i++) {
        struct entry other;

        if (rows.row[i].entry == entry->id ||
            activity_flow.state[flow_state_of(&activity_flow, rows.row[i].state)].final)
            continue;
        r = entry_get(db, a->community, rows.row[i].entry, &other);
        if (r == OK)
            r = run(db, actor, board, &other, arg);
    }
    return r;
}

/* ---- changing ------------------------------------------------------------------------------------------------------------ */

/* Puts the new words and times over one that was at `a`. */
static enum result change_one(struct db *db, const struct entry_actor *actor, const struct board *board,
                              const struct entry *entry, int64_t version, const struct activity_what *what,
                              struct sql_activity_get *a, int64_t opens_at)
{
    struct activity_what w = *what;
    struct str *more[ENTRY_MORE_MAX];
    int state = activity_state(entry);
    bool moved = w.starts_at != a->starts_at || w.ends_at != a->ends_at || !str_eq(w.spot, a->spot);
    int64_t next_at = state == ACTIVITY_PLANNED ? opens_at
                    : state == ACTIVITY_OPEN    ? remind_at(w.starts_at, actor->now)
                                                : 0;
    struct entry now = *entry;
    enum result r = entry_edit_more(db, actor, board, entry, version, w.title, w.body, more, texts_of(&w, more));

    if (r == OK)
        r = sql_activity_change(db, a->community, a->entry, w.starts_at, w.ends_at, w.signs_until, w.cancels_until,
                                w.spot, w.capacity, w.limits, w.gives_hours, opens_at, next_at, moved);
    if (r == OK)
        r = sql_activity_get(db, a->community, a->entry, a);
    if (r == OK)
        r = record(db, actor, a, "changed", 0, STR_NONE);
    now.title = w.title;
    if (r == OK && moved && state == ACTIVITY_OPEN)
        r = activity_tell_all(db, &now, a, T_activity_tell_changed, actor->person, true, actor->now);
    return r == OK && state == ACTIVITY_OPEN ? activity_move_up(db, &now, a, actor->now) : r;
}

struct changing {
    const struct activity_what *what;
    int64_t later; /* by how much they move */
};

static enum result change_other(struct db *db, const struct entry_actor *actor, const struct board *board,
                                const struct entry *entry, void *arg)
{
    const struct changing *c = arg;
    struct activity_what w = *c->what;
    struct sql_activity_get a;
    int64_t shift;
    enum result r = activity_take(db, entry->community, entry->id, &a);

    if (r != OK)
        return r;
    shift = a.starts_at + c->later - w.starts_at;
    w.starts_at += shift;
    w.ends_at += shift;
    w.signs_until += shift;
    w.cancels_until += shift;
    if (w.capacity && w.capacity < a.taken)
        w.capacity = a.taken; /* nobody loses a place that they have */
    return change_one(db, actor, board, entry, entry->version, &w, &a, a.opens_at + c->later);
}

enum result activity_change(struct db *db, const struct entry_actor *actor, const struct board *board,
                            const struct entry *entry, int64_t version, const struct activity_what *what, bool rest,
                            const char **ret_field)
{
    struct changing c = {.what = what};
    struct sql_activity_get a, before;
    enum result r = activity_take(db, entry->community, entry->id, &a);

    *ret_field = NULL;
    if (r != OK)
        return r;
    if (activity_flow.state[activity_state(entry)].final || a.ends_at <= actor->now)
        return E_CONFLICT;
    if (what->capacity && what->capacity < a.taken) {
        *ret_field = "capacity";
        return E_INVALID;
    }
    before = a;
    c.later = what->starts_at - a.starts_at;
    r = change_one(db, actor, board, entry, version, what, &a, a.opens_at);
    return r == OK && rest ? for_others(db, actor, board, entry, &before, before.starts_at + 1, change_other, &c) : r;
}

/* ---- reviewing ------------------------------------------------------------------------------------------------------------- */

struct reviewing {
    bool accept;
    struct str reason;
};

static enum result review_one(struct db *db, const struct entry_actor *actor, const struct board *board,
                              const struct entry *entry, void *arg)
{
    const struct reviewing *v = arg;
    struct sql_activity_get a;
    bool opens;
    int64_t next_at;
    enum result r = activity_take(db, entry->community, entry->id, &a);

    if (r != OK || activity_state(entry) != ACTIVITY_WAITING)
        return r;
    opens = a.opens_at <= actor->now;
    next_at = opens ? remind_at(a.starts_at, actor->now) : a.opens_at;
    if (v->accept)
        r = move(db, actor, board, entry, opens ? ACTIVITY_ACCEPT : ACTIVITY_PLAN, BY_RUNNER, "accepted", STR_NONE);
    else
        r = move(db, actor, board, entry, ACTIVITY_DECLINE, BY_RUNNER, "declined", v->reason);
    if (r == OK)
        r = v->accept ? sql_activity_next(db, a.community, a.entry, next_at)
                      : sql_activity_end(db, a.community, a.entry, 0, v->reason);
    return r;
}

enum result activity_review(struct db *db, const struct entry_actor *actor, const struct board *board,
                            const struct entry *entry, bool accept, struct str reason)
{
    struct reviewing v = {.accept = accept, .reason = reason};
    struct sql_activity_get a;
    enum result r = activity_take(db, entry->community, entry->id, &a);

    if (r == OK && activity_state(entry) != ACTIVITY_WAITING)
        return E_CONFLICT;
    if (r == OK)
        r = review_one(db, actor, board, entry, &v);
    if (r == OK)
        r = for_others(db, actor, board, entry, &a, 0, review_one, &v);
    if (r == OK)
        r = sql_activity_get(db, a.community, a.entry, &a);
    if (r == OK && entry->author != actor->person)
        r = activity_tell(db, entry, &a, entry->author, accept ? T_activity_tell_accepted : T_activity_tell_declined,
                          actor->now);
    return r;
}

/* ---- calling off -------------------------------------------------------------------------------------------------------------- */

static enum result cancel_one(struct db *db, const struct entry_actor *actor, const struct board *board,
                              const struct entry *entry, void *arg)
{
    const struct str *reason = arg;
    struct sql_activity_get a;
    enum result r = activity_take(db, entry->community, entry->id, &a);

    if (r == OK)
        r = move(db, actor, board, entry, ACTIVITY_CANCEL, roles_of(actor, entry), "cancelled", *reason);
    if (r == OK)
        r = sql_activity_end(db, a.community, a.entry, 0, *reason);
    a.reason = *reason;
    if (r == OK)
        r = record(db, actor, &a, "called_off", a.taken + a.waits, *reason);
    return r == OK ? activity_tell_all(db, entry, &a, T_activity_tell_cancelled, actor->person, true, actor->now) : r;
}

enum result activity_cancel(struct db *db, const struct entry_actor *actor, const struct board *board,
                            const struct entry *entry, struct str reason, bool rest)
{
    const struct moderation_writer writer = {.rq = actor->rq,
                                             .community = entry->community,
                                             .person = actor->person,
                                             .organisation = actor->organisation,
                                             .now = actor->now};
    struct str *const texts[] = {&reason};
    struct sql_activity_get a;
    bool review;
    enum result r;

    if (reason.len == 0)
        return E_INVALID;
    if ((r = moderation_gate(db, &writer, texts, 1, &review)) != OK)
        return r;
    if (review) /* everybody is told at once: there is no time in which staff could look first */
        return E_INVALID;
    r = activity_take(db, entry->community, entry->id, &a);
    if (r == OK && activity_state(entry) == ACTIVITY_OPEN && a.ends_at <= actor->now)
        return E_CONFLICT; /* it has been: it is closed, not called off */
    if (r == OK)
        r = cancel_one(db, actor, board, entry, &reason);
    return r == OK && rest ? for_others(db, actor, board, entry, &a, a.starts_at + 1, cancel_one, &reason) : r;
}

/* ---- closing -------------------------------------------------------------------------------------------------------------------- */

static enum result give_hours(struct db *db, const struct entry_actor *actor, const struct entry *entry,
                              const struct sql_activity_get *a, int64_t minutes, bool *ret_left)
{
    struct sql_activity_signups_rows rows;
    struct person_ids helped = {NULL, 0};
    enum result r = sql_activity_signups(db, a->community, a->entry, signup_word(SIGNUP_CAME), &rows);

    if (r == OK)
        helped.id = arena_array(db_arena(db), int64_t, rows.n ? rows.n : 1);
    for (size_t i = 0; r == OK && i < rows.n; i++) {
        const struct hours_new hours = {
            .community = rows.row[i].home,
            .helper = rows.row[i].person,
            .organisation = entry->organisation,
            .confirmed_by = actor->person,
            .minutes = minutes,
            .day = day_of(a->starts_at),
            .what = entry->title,
            .subject_kind = STR("activity"),
            .subject = entry->id,
        };
        int64_t line;

        if (rows.row[i].person == actor->person) {
            *ret_left = true;
            continue;
        }
        r = hours_add(db, &hours, actor->now, &line);
        helped.id[helped.n++] = rows.row[i].person;
    }
    return r == OK ? activity_tell_people(db, entry, a, &helped, T_activity_tell_hours, actor->now) : r;
}

enum result activity_close(struct db *db, const struct entry_actor *actor, const struct board *board,
                           const struct entry *entry, int64_t minutes, bool *ret_left)
{
    struct sql_activity_get a;
    enum result r = activity_take(db, entry->community, entry->id, &a);

    *ret_left = false;
    if (r != OK)
        return r;
    if (!activity_begun(&a, actor->now))
        return E_CONFLICT;
    if (minutes < 0 || minutes > HOURS_LINE_MAX || (minutes && !a.gives_hours))
        return E_INVALID;
    r = move(db, actor, board, entry, ACTIVITY_CLOSE, roles_of(actor, entry), "held", STR_NONE);
    if (r == OK)
        r = activity_missed(db, actor, &a);
    if (r == OK)
        r = sql_activity_end(db, a.community, a.entry, minutes, STR_NONE);
    if (r == OK)
        r = record(db, actor, &a, "closed", a.came, STR_NONE);
    return r == OK && minutes ? give_hours(db, actor, entry, &a, minutes, ret_left) : r;
}

/* ---- what the clock does ------------------------------------------------------------------------------------------------------------ */

struct tick {
    int64_t community, entry, now;
};

static enum result tick_one(struct db *db, void *arg)
{
    const struct tick *t = arg;
    const struct entry_actor clock = {.now = t->now};
    struct sql_activity_get a;
    struct entry entry;
    struct board board;
    enum result r = activity_take(db, t->community, t->entry, &a);

    if (r != OK || a.next_at == 0 || a.next_at > t->now) /* another process was here */
        return r;
    r = entry_get(db, t->community, t->entry, &entry);
    if (r == OK)
        r = board_get(db, entry.board, &board);
    if (r == OK && activity_state(&entry) == ACTIVITY_PLANNED) {
        r = move(db, &clock, &board, &entry, ACTIVITY_BEGIN, BY_CLOCK, "opened", STR_NONE);
        return r == OK ? sql_activity_next(db, a.community, a.entry, remind_at(a.starts_at, t->now)) : r;
    }
    if (r == OK && activity_state(&entry) == ACTIVITY_OPEN && !entry.hidden && !activity_begun(&a, t->now)) {
        r = activity_tell_all(db, &entry, &a, T_activity_tell_tomorrow, 0, false, t->now);
        if (r == OK)
            r = record(db, &clock, &a, "reminded", a.taken, STR_NONE);
    }
    return r == OK ? sql_activity_next(db, a.community, a.entry, 0) : r;
}

enum result activity_tick(struct database *database, struct arena *a, int64_t now, int64_t most, bool *ret_left)
{
    struct sql_activity_due_rows rows;
    struct db *db;
    enum result r = db_read_begin(database, a, &db), first = OK;

    if (r != OK)
        return r;
    r = sql_activity_due(db, now, most, &rows);
    db_read_end(db);
    if (r != OK)
        return r;
    *ret_left = (int64_t)rows.n == most;
    for (size_t i = 0; i < rows.n; i++) { /* each by itself: one that fails does not hold the others up */
        struct tick t = {rows.row[i].community, rows.row[i].entry, now};

        r = db_write_wait(database, a, tick_one, &t);
        if (r != OK && first == OK)
            first = r;
    }
    return first;
}
