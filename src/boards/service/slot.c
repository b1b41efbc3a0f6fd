/* slot.c: times with so many places. Whatever changes who has one takes the row of the slot first, so that of two at the same moment one comes after the other:
 * no place is given twice, and who waits moves up in the order of the numbers. */
#include "boards/service/rules.h"

#include "civic/hours/hours.h"
#include "civic/ledger/ledger.h"
#include "civic/notify/notify.h"
#include "civic/person/person.h"
#include "civic/statistics/statistics.h"
#include "engine/base/ids.h"

static const struct flow_state states[] = {
    [BOOK_WAITING] = {"waiting", false}, [BOOK_BOOKED] = {"booked", false}, [BOOK_CANCELLED] = {"cancelled", true},
    [BOOK_CAME] = {"came", true},        [BOOK_MISSED] = {"missed", true},  [BOOK_CALLED_OFF] = {"called_off", true},
};
static const struct flow_action actions[] = {[BOOK_MOVE_UP] = {"move_up"},
                                             [BOOK_CANCEL] = {"cancel"},
                                             [BOOK_COME] = {"come"},
                                             [BOOK_MISS] = {"miss"},
                                             [BOOK_CALL_OFF] = {"call_off"}};
static const struct flow_step steps[] = {
    /* clang-format off */
    {BOOK_WAITING, BOOK_MOVE_UP,  BOOK_BOOKED,     BOOK_BY_CLOCK,                   0, 0, 0},
    {BOOK_WAITING, BOOK_CANCEL,   BOOK_CANCELLED,  BOOK_BY_HOLDER | BOOK_BY_RUNNER, 0, 0, 0},
    {BOOK_WAITING, BOOK_CALL_OFF, BOOK_CALLED_OFF, BOOK_BY_RUNNER,                  0, 0, 0},
    {BOOK_BOOKED,  BOOK_CANCEL,   BOOK_CANCELLED,  BOOK_BY_HOLDER | BOOK_BY_RUNNER, 0, 0, 0},
    {BOOK_BOOKED,  BOOK_CALL_OFF, BOOK_CALLED_OFF, BOOK_BY_RUNNER,                  0, 0, 0},
    {BOOK_BOOKED,  BOOK_COME,     BOOK_CAME,       BOOK_BY_RUNNER,                  0, 0, 0},
    {BOOK_BOOKED,  BOOK_MISS,     BOOK_MISSED,     BOOK_BY_RUNNER,                  0, 0, 0},
    {BOOK_CAME,    BOOK_MISS,     BOOK_MISSED,     BOOK_BY_RUNNER,                  0, 0, 0}, /* marked wrongly */
    {BOOK_MISSED,  BOOK_COME,     BOOK_CAME,       BOOK_BY_RUNNER,                  0, 0, 0},
    /* clang-format on */
};
#define COUNT(table) (int)(sizeof(table) / sizeof((table)[0]))
const struct flow booking_flow = {
    .name = "booking",
    .first = BOOK_WAITING,
    .state = states,
    .n_states = COUNT(states),
    .action = actions,
    .n_actions = COUNT(actions),
    .step = steps,
    .n_steps = COUNT(steps),
};

static struct str word(int state)
{
    return str_from_cstr(states[state].name);
}

/* ---- what every step leaves ---------------------------------------------------------------------------------------------- */

static enum result record(struct db *db, const struct entry_actor *actor, int64_t community, const char *kind,
                          int64_t subject, const char *verb, struct str before, struct str after, int64_t slot,
                          struct str words)
{
    int64_t id = id_new();
    struct ledger_event e = {
        .community = community,
        .id = id,
        .at = actor->now,
        .actor = actor->person,
        .organisation = actor->organisation,
        .verb = str_from_cstr(verb),
        .subject_kind = str_from_cstr(kind),
        .subject = subject,
        .before = before,
        .after = after,
        .detail = str_printf(db_arena(db), "{\"slot\":\"%" PRId64 "\"}", slot),
        .text_hash = words.len ? ledger_text_hash(db_arena(db), id, words) : STR_NONE,
    };

    return ledger_append(db, &e);
}

static enum result tell_people(struct db *db, const struct entry *entry, const struct sql_slot_hold *slot,
                               const struct person_ids *people, enum text words, struct str reason, int64_t now)
{
    const struct civil at = time_civil(slot->starts_at);
    struct board board;
    const struct text_arg args[] = {
        TEXT_STR("title", entry->title),
        TEXT_STR("when", str_printf(db_arena(db), "%02d-%02d %02d:%02d", at.month, at.day, at.hour,
                                    at.minute)), /* in any language */
        TEXT_STR("reason", reason),
    };
    const struct notice notice = {
        .community = entry->community,
        .text = words,
        .arg = args,
        .n_args = words == T_service_tell_called_off ? 3 : 2,
        .subject_kind = STR("booking"),
        .subject = slot->id,
    };
    struct notice sent = notice;
    enum result r = board_get(db, entry->board, &board);

    if (r != OK)
        return r;
    sent.url = entry_url(db_arena(db), &board, entry->community, entry->id);
    return notify_people(db, &sent, people->id, people->n, now);
}

static enum result tell(struct db *db, const struct entry *entry, const struct sql_slot_hold *slot, int64_t person,
                        enum text words, struct str reason, int64_t now)
{
    return tell_people(db, entry, slot, &(struct person_ids){&person, 1}, words, reason, now);
}

/* From the state that it is in; E_CONFLICT when it has moved on. */
static enum result move(struct db *db, const struct entry_actor *actor, int64_t community, int64_t slot,
                        int64_t booking, struct str from, int action, uint32_t who, const char *verb)
{
    const struct flow_step *step;
    int64_t changed;
    enum result r = flow_take(&booking_flow, flow_state_of(&booking_flow, from), action, who, 0, &step, NULL);

    if (r == OK)
        r = sql_booking_move(db, community, booking, from, word(step->to), actor->now, &changed);
    if (r == OK && changed == 0)
        return E_CONFLICT;
    return r == OK ? record(db, actor, community, "booking", booking, verb, from, word(step->to), slot, STR_NONE) : r;
}

/* Places that are free go to who has waited longest. The slot's row is held. */
static enum result fill_up(struct db *db, const struct entry_actor *actor, const struct entry *entry,
                           const struct sql_slot_hold *slot, int64_t free, int64_t waiting)
{
    const struct entry_actor clock = {.now = actor->now};
    enum result r = OK;

    for (; r == OK && free > 0 && waiting > 0 && slot->starts_at > actor->now; free--, waiting--) {
        struct sql_booking_first_waiting first;

        r = sql_booking_first_waiting(db, entry->community, slot->id, &first);
        if (r == OK)
            r = move(db, &clock, entry->community, slot->id, first.id, word(BOOK_WAITING), BOOK_MOVE_UP, BOOK_BY_CLOCK,
                     "moved_up");
        if (r == OK)
            r = sql_slot_count(db, entry->community, slot->id, 1, -1);
        if (r == OK)
            r = tell(db, entry, slot, first.person, T_service_tell_moved_up, STR_NONE, actor->now);
    }
    return r;
}

/* ---- making ---------------------------------------------------------------------------------------------------------------- */

enum result slot_make(struct db *db, const struct entry_actor *actor, const struct slot_new *what, int64_t *ret_id)
{
    enum { WEEK = 7 };
    enum result r = OK;

    if (!actor->runs)
        return E_DENIED;
    if (what->capacity < 1 || what->capacity > SLOT_CAPACITY_MAX || what->ends_at <= what->starts_at ||
        what->ends_at - what->starts_at > SLOT_HOURS_MAX * TIME_HOUR || what->starts_at <= actor->now ||
        what->starts_at > actor->now + SLOT_AHEAD_DAYS * TIME_DAY || what->cancel_hours < 0 ||
        what->cancel_hours > 168 || what->weeks < 1 || what->weeks > SLOT_REPEAT_MAX)
        return E_INVALID;
    for (int64_t w = 0; r == OK && w < what->weeks; w++) {
        int64_t id = id_new(), later = w * WEEK * TIME_DAY; /* Shanghai has no summer time */

        r = sql_slot_put(db, what->community, id, what->provider, what->title, what->starts_at + later,
                         what->ends_at + later, what->capacity,
                         what->starts_at + later - what->cancel_hours * TIME_HOUR, actor->person, actor->now);
        if (r == OK)
            r = record(db, actor, what->community, "slot", id, "slot_made", STR_NONE, STR("open"), id, what->title);
        if (w == 0)
            *ret_id = id;
    }
    return r;
}

/* ---- booking ----------------------------------------------------------------------------------------------------------------- */

enum result slot_book(struct db *db, const struct entry_actor *actor, const struct entry *entry, int64_t slot_id,
                      int64_t home, struct str note, bool *ret_waits)
{
    struct sql_slot_hold slot;
    struct sql_booking_count_open open;
    int64_t id = id_new(), made;
    bool waits;
    enum result r;

    if (!entry->listed || home == 0)
        return E_CONFLICT;
    if (str_utf8_count(note) > SLOT_NOTE_MAX)
        return E_INVALID;
    r = sql_slot_hold(db, entry->community, slot_id, &slot);
    if (r == OK)
        r = sql_booking_count_open(db, entry->community, actor->person, actor->now, &open);
    if (r != OK)
        return r;
    if (slot.provider != entry->id)
        return E_NOT_FOUND;
    if (!str_eq(slot.state, STR("open")) || slot.starts_at <= actor->now)
        return E_CONFLICT;
    if (open.n >= BOOKINGS_OPEN_MAX) /* nobody keeps all the places */
        return E_BUSY;
    waits = slot.taken >= slot.capacity || slot.waiting > 0;
    r = sql_booking_put(db, entry->community, id, slot_id, entry->id, actor->person, home, slot.numbers, note,
                        word(waits ? BOOK_WAITING : BOOK_BOOKED), actor->now, &made);
    if (r == OK && made == 0)
        return E_CONFLICT;
    if (r == OK)
        r = sql_slot_count(db, entry->community, slot_id, waits ? 0 : 1, waits ? 1 : 0);
    if (r == OK)
        r = record(db, actor, entry->community, "booking", id, waits ? "queued" : "booked", STR_NONE,
                   word(waits ? BOOK_WAITING : BOOK_BOOKED), slot_id, note);
    if (r == OK)
        *ret_waits = waits;
    return r;
}

/* The booking of a slot that is held. */
static enum result booking_of(struct db *db, const struct entry *entry, int64_t slot, int64_t booking,
                              struct sql_booking_get *ret)
{
    enum result r = sql_booking_get(db, entry->community, booking, ret);

    return r == OK && (ret->slot != slot || ret->provider != entry->id) ? E_NOT_FOUND : r;
}

enum result slot_cancel(struct db *db, const struct entry_actor *actor, const struct entry *entry, int64_t slot_id,
                        int64_t booking_id, bool by_runner)
{
    struct sql_slot_hold slot;
    struct sql_booking_get booking;
    bool had;
    enum result r = sql_slot_hold(db, entry->community, slot_id, &slot);

    if (r == OK)
        r = booking_of(db, entry, slot_id, booking_id, &booking);
    if (r != OK)
        return r;
    had = str_eq(booking.state, word(BOOK_BOOKED));
    if (!by_runner && (booking.person != actor->person || (had && actor->now > slot.cancel_until)))
        return E_DENIED;
    if (by_runner && !actor->runs)
        return E_DENIED;
    r = move(db, actor, entry->community, slot_id, booking_id, booking.state, BOOK_CANCEL,
             by_runner ? BOOK_BY_RUNNER : BOOK_BY_HOLDER, "cancelled");
    if (r == OK)
        r = sql_slot_count(db, entry->community, slot_id, had ? -1 : 0, had ? 0 : -1);
    if (r == OK && by_runner)
        r = tell(db, entry, &slot, booking.person, T_service_tell_cancelled, STR_NONE, actor->now);
    if (r == OK && had)
        r = fill_up(db, actor, entry, &slot, slot.capacity - slot.taken + 1, slot.waiting);
    return r;
}

enum result slot_resize(struct db *db, const struct entry_actor *actor, const struct entry *entry, int64_t slot_id,
                        int64_t capacity)
{
    struct sql_slot_hold slot;
    enum result r;

    if (!actor->runs)
        return E_DENIED;
    if (capacity < 1 || capacity > SLOT_CAPACITY_MAX)
        return E_INVALID;
    r = sql_slot_hold(db, entry->community, slot_id, &slot);
    if (r != OK)
        return r;
    if (slot.provider != entry->id)
        return E_NOT_FOUND;
    if (!str_eq(slot.state, STR("open")) || capacity < slot.taken)
        return E_CONFLICT;
    r = sql_slot_set_capacity(db, entry->community, slot_id, capacity);
    if (r == OK)
        r = record(db, actor, entry->community, "slot", slot_id, "slot_resized", STR_NONE, STR_NONE, slot_id, STR_NONE);
    return r == OK ? fill_up(db, actor, entry, &slot, capacity - slot.taken, slot.waiting) : r;
}

enum result slot_off(struct db *db, const struct entry_actor *actor, const struct entry *entry, int64_t slot_id,
                     struct str reason)
{
    struct sql_booking_of_slot_rows rows;
    struct person_ids people;
    struct sql_slot_hold slot;
    enum result r;

    if (!actor->runs)
        return E_DENIED;
    if (reason.len == 0 || str_utf8_count(reason) > SLOT_NOTE_MAX)
        return E_INVALID;
    r = sql_slot_hold(db, entry->community, slot_id, &slot);
    if (r == OK)
        r = sql_booking_of_slot(db, entry->community, slot_id, &rows);
    if (r != OK)
        return r;
    if (slot.provider != entry->id)
        return E_NOT_FOUND;
    if (!str_eq(slot.state, STR("open")) || slot.starts_at <= actor->now)
        return E_CONFLICT;
    people = (struct person_ids){arena_array(db_arena(db), int64_t, rows.n ? rows.n : 1), 0};
    r = sql_slot_call_off(db, entry->community, slot_id, reason);
    for (size_t i = 0; r == OK && i < rows.n; i++) {
        const struct sql_booking_of_slot *b = &rows.row[i];

        if (!str_eq(b->state, word(BOOK_WAITING)) && !str_eq(b->state, word(BOOK_BOOKED)))
            continue;
        r = move(db, actor, entry->community, slot_id, b->id, b->state, BOOK_CALL_OFF, BOOK_BY_RUNNER,
                 "booking_called_off");
        people.id[people.n++] = b->person;
    }
    if (r == OK)
        r = tell_people(db, entry, &slot, &people, T_service_tell_called_off, reason, actor->now);
    return r == OK ? record(db, actor, entry->community, "slot", slot_id, "slot_called_off", STR("open"),
                            STR("called_off"), slot_id, reason)
                   : r;
}

/* ---- who came ------------------------------------------------------------------------------------------------------------------ */

/* A shift of a charity's project counts as hours of who served it (志愿服务条例 19), where they live. */
static enum result write_hours(struct db *db, const struct entry_actor *actor, const struct entry *entry,
                               const struct sql_slot_hold *slot, const struct sql_booking_get *booking, bool came)
{
    int64_t minutes = (slot->ends_at - slot->starts_at) / TIME_MINUTE, line = 0;
    const struct hours_new what = {
        .community = booking->home,
        .helper = booking->person,
        .organisation = actor->organisation,
        .confirmed_by = actor->person,
        .minutes = minutes > HOURS_LINE_MAX ? HOURS_LINE_MAX : minutes,
        .day = day_of(slot->starts_at),
        .what = str_utf8_cut(entry->title, HOURS_WHAT_MAX / 4),
        .subject_kind = STR("service"),
        .subject = booking->id,
    };
    enum result r;

    if (booking->hours_line == 0) {
        if (!came)
            return OK;
        r = hours_add(db, &what, actor->now, &line);
        return r == OK ? sql_booking_set_hours(db, entry->community, booking->id, line) : r;
    }
    r = hours_correct(db, booking->home, booking->hours_line, came ? what.minutes : 0,
                      text(LANG_ZH_CN, came ? T_service_hours_came : T_service_hours_missed), actor->person,
                      actor->organisation, actor->now);
    return r == E_CONFLICT ? OK : r; /* it says so already */
}

enum result slot_mark(struct db *db, const struct entry_actor *actor, const struct entry *entry, int64_t slot_id,
                      int64_t booking_id, bool came)
{
    struct sql_provider_get provider;
    struct sql_slot_hold slot;
    struct sql_booking_get booking;
    enum result r;

    if (!actor->runs)
        return E_DENIED;
    r = sql_slot_hold(db, entry->community, slot_id, &slot);
    if (r == OK)
        r = booking_of(db, entry, slot_id, booking_id, &booking);
    if (r == OK)
        r = sql_provider_get(db, entry->community, entry->id, &provider);
    if (r != OK)
        return r;
    if (slot.starts_at > actor->now) /* nobody can have missed what has not begun */
        return E_CONFLICT;
    if (booking.person == actor->person && str_eq(provider.sort, STR("project")))
        return E_DENIED; /* nobody confirms their own hours */
    r = move(db, actor, entry->community, slot_id, booking_id, booking.state, came ? BOOK_COME : BOOK_MISS,
             BOOK_BY_RUNNER, came ? "came" : "missed");
    if (r == OK && str_eq(provider.sort, STR("project")))
        r = write_hours(db, actor, entry, &slot, &booking, came);
    return r;
}

/* ---- the clock -------------------------------------------------------------------------------------------------------------------- */

enum result slot_remind(struct db *db, int64_t now, int64_t *ret_n)
{
    enum { BEFORE_HOURS = 24, JUST_BOOKED_HOURS = 2, ROUND = 200 };
    struct sql_booking_to_remind_rows rows;
    enum result r = sql_booking_to_remind(db, now, now + BEFORE_HOURS * TIME_HOUR, now - JUST_BOOKED_HOURS * TIME_HOUR,
                                          ROUND, &rows);

    *ret_n = 0;
    for (size_t i = 0; r == OK && i < rows.n; i++) {
        const struct sql_booking_to_remind *row = &rows.row[i];
        const struct sql_slot_hold slot = {.id = row->slot, .starts_at = row->starts_at};
        struct entry entry;
        int64_t changed;

        r = sql_booking_set_reminded(db, row->community, row->id, now, &changed);
        if (r == OK && changed)
            r = entry_get(db, row->community, row->provider, &entry);
        if (r == OK && changed)
            r = tell(db, &entry, &slot, row->person, T_service_tell_soon, STR_NONE, now);
        if (r == OK)
            *ret_n += changed;
    }
    return r;
}

enum result slot_recount(struct db *db, int64_t community, int64_t *ret_bad)
{
    struct sql_slot_recount_rows rows;
    enum result r = sql_slot_recount(db, community, &rows);

    *ret_bad = 0;
    for (size_t i = 0; r == OK && i < rows.n && *ret_bad == 0; i++)
        if (rows.row[i].taken != rows.row[i].real_taken || rows.row[i].waiting != rows.row[i].real_waiting ||
            rows.row[i].taken > rows.row[i].capacity)
            *ret_bad = rows.row[i].id;
    return r;
}

static const struct measure_rule rules[] = {
    {"bookings", "booking", "booked", NULL, MEASURE_COUNT, NULL},
    {"bookings_came", "booking", "came", NULL, MEASURE_COUNT, NULL},
    {"bookings_missed", "booking", "missed", NULL, MEASURE_COUNT, NULL},
};
const struct measure_table slot_measures = {rules, sizeof(rules) / sizeof(rules[0])};

static const struct notice_kind kinds[] = {
    {T_service_tell_soon, TOPIC_MINE, WAY_NOW, false, T_service_away_soon},
    {T_service_tell_moved_up, TOPIC_MINE, WAY_NOW, true, T_service_away_booking},
    {T_service_tell_called_off, TOPIC_MINE, WAY_NOW, true, T_service_away_booking},
    {T_service_tell_cancelled, TOPIC_MINE, WAY_NOW, true, T_service_away_booking},
};
const struct notice_table slot_notices = {kinds, sizeof(kinds) / sizeof(kinds[0])};
