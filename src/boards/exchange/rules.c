/* rules.c: an exchange from its first word to the last thanks. See rules.h. */
#include "boards/exchange/rules.h"

#include "boards/exchange/room.h"
#include "civic/ledger/ledger.h"
#include "engine/base/ids.h"
#include "engine/base/time.h"

/* ---- what it is ------------------------------------------------------------------------------------------------------- */

static const char *const sort_words[SORT_COUNT] = {
    [SORT_ASK] = "ask",   [SORT_OFFER] = "offer", [SORT_GIVE] = "give", [SORT_LEND] = "lend",
    [SORT_SWAP] = "swap", [SORT_SELL] = "sell",   [SORT_WISH] = "wish",
};

const char *exchange_sort_word(enum exchange_sort sort)
{
    return sort_words[sort];
}

enum exchange_sort exchange_sort_of(struct str word)
{
    for (int i = 0; i < SORT_COUNT; i++)
        if (str_eq(word, str_from_cstr(sort_words[i])))
            return (enum exchange_sort)i;
    return SORT_COUNT;
}

uint32_t exchange_sorts_on(const struct board *board)
{
    static const struct {
        const char *board;
        uint32_t sorts;
    } usual[] = {
        {"mutual_help", 1U << SORT_ASK | 1U << SORT_OFFER},
        {"idle_item", 1U << SORT_GIVE | 1U << SORT_LEND | 1U << SORT_SWAP | 1U << SORT_SELL},
        {"small_wish", 1U << SORT_WISH},
    };

    for (size_t i = 0; i < sizeof(usual) / sizeof(usual[0]); i++)
        if (str_eq(board->word, str_from_cstr(usual[i].board)))
            return usual[i].sorts;
    return (1U << SORT_COUNT) - 1;
}

enum exchange_state exchange_state(const struct exchange *x)
{
    return (enum exchange_state)flow_state_of(&exchange_flow, x->entry.state);
}

static enum turn_state turn_state(const struct sql_exchange_turn_get *turn)
{
    return (enum turn_state)flow_state_of(&turn_flow, turn->state);
}

static bool is_listed(int state)
{
    return state >= X_OPEN && state <= X_RETURNING;
}

static enum result fill(struct db *db, struct exchange *x, const struct sql_exchange_hold *row)
{
    enum result r = board_get(db, x->entry.board, &x->board);

    x->sort = exchange_sort_of(row->sort);
    x->price = row->price;
    x->minutes = row->minutes;
    x->days = row->days;
    x->spot = row->spot;
    x->until = row->until;
    x->queue = row->queue;
    x->due_at = row->due_at;
    x->return_at = row->return_at;
    x->turn = (struct sql_exchange_turn_get){0};
    if (r == OK && row->turn)
        r = sql_exchange_turn_get(db, x->entry.community, row->turn, &x->turn);
    return r;
}
_Static_assert(sizeof(struct sql_exchange_hold) == sizeof(struct sql_exchange_get),
               "exchange_hold has the columns of exchange_get");

enum result exchange_read(struct db *db, int64_t community, int64_t id, struct exchange *ret)
{
    struct sql_exchange_get row;
    struct sql_exchange_hold same;
    enum result r = sql_exchange_get(db, community, id, &row);

    if (r == OK)
        r = entry_get(db, community, id, &ret->entry);
    if (r != OK)
        return r;
    same = (struct sql_exchange_hold){row.sort,  row.price, row.minutes, row.days,   row.spot,
                                      row.until, row.turn,  row.queue,   row.due_at, row.return_at};
    return fill(db, ret, &same);
}

uint32_t exchange_roles(const struct exchange *x, int64_t person, const struct sql_exchange_turn_of *mine)
{
    if (person == 0)
        return 0;
    if (person == x->entry.author)
        return BY_AUTHOR;
    if (x->turn.id && x->turn.person == person) {
        enum turn_state s = turn_state(&x->turn);

        return s == T_ASKED ? BY_ASKED : s == T_HOLDING || s == T_DONE ? BY_TAKER : BY_NEIGHBOUR;
    }
    if (mine->id && str_eq(mine->state, STR("waiting")))
        return BY_QUEUED;
    return BY_NEIGHBOUR;
}

/* Takes its row, then reads it: how it stands now, and stays until the end of the transaction. */
enum result exchange_open(struct db *db, const struct entry_actor *actor, int64_t community, int64_t id,
                          struct exchange *x, uint32_t *ret_roles)
{
    struct sql_exchange_hold row;
    struct sql_exchange_turn_of mine = {0};
    enum result r = sql_exchange_hold(db, community, id, &row);

    if (r == OK)
        r = entry_get(db, community, id, &x->entry);
    if (r == OK)
        r = fill(db, x, &row);
    if (r == OK && actor->person) {
        r = sql_exchange_turn_of(db, community, id, actor->person, &mine);
        if (r == E_NOT_FOUND)
            r = OK;
    }
    if (r == OK)
        *ret_roles = actor->person == 0 ? BY_CLOCK
                                        : exchange_roles(x, actor->person, &mine) | (actor->runs ? BY_RUNNER : 0);
    return r;
}

enum result exchange_save(struct db *db, const struct exchange *x)
{
    return sql_exchange_set(db, x->entry.community, x->entry.id, x->turn.id, x->queue, x->due_at, x->return_at,
                            x->until);
}

/* ---- steps ------------------------------------------------------------------------------------------------------------ */

/* What moves no state of the entry: its queue, words, reminders. */
enum result exchange_record(struct db *db, const struct entry_actor *actor, const struct exchange *x, const char *verb,
                            int64_t turn, struct str before, struct str after, struct str words)
{
    int64_t id = id_new();
    struct ledger_event e = {
        .community = x->entry.community,
        .id = id,
        .at = actor->now,
        .actor = actor->person,
        .organisation = actor->organisation,
        .verb = str_from_cstr(verb),
        .subject_kind = turn ? STR("exchange_turn") : STR("entry"),
        .subject = turn ? turn : x->entry.id,
        .before = before,
        .after = after,
        .detail = str_printf(db_arena(db), "{\"entry\":\"%lld\"}", (long long)x->entry.id),
        .text_hash = words.len ? ledger_text_hash(db_arena(db), id, words) : STR_NONE,
    };

    enum result r = ledger_append(db, &e);

    if (r != OK || turn == 0)
        return r;
    return exchange_party_turn(db, x, x->turn.id == turn ? x->turn.person : actor->person, before, after, actor->now);
}

enum result exchange_start_clock(struct db *db, struct exchange *x, int stage, int64_t now)
{
    struct clock_start c = {
        .community = x->entry.community,
        .subject_kind = STR("exchange"),
        .subject = x->entry.id,
        .now = now,
    };

    if (stage == XS_RETURN && x->return_at <= now)
        stage = XS_OVERDUE;
    c.stage = str_from_cstr(exchange_flow.stage[stage].name);
    c.unit = exchange_flow.stage[stage].unit;
    c.amount = exchange_flow.stage[stage].amount;
    c.warn_percent = exchange_flow.stage[stage].warn_percent;
    if (stage == XS_OFFER) { /* what comes back into the lists stays there for a week at least */
        c.due_at = x->until > now + 7 * TIME_DAY ? x->until : now + 7 * TIME_DAY;
        x->until = c.due_at;
    }
    if (stage == XS_RETURN) { /* the borrower is reminded when a day is left */
        int64_t days = (x->return_at - now) / TIME_DAY;

        c.due_at = x->return_at;
        c.warn_percent = days > 0 ? (int)(days * 100 / (days + 1)) : 0;
    }
    return clock_start(db, calendar_now(), &c, &x->due_at);
}

static enum result clocks(struct db *db, struct exchange *x, const struct flow_step *step, int64_t now)
{
    enum result r = OK;

    if (step->stops)
        x->due_at = 0;
    for (int i = 0; r == OK && i < exchange_flow.n_stages; i++)
        if (step->stops & 1U << i) {
            r = clock_stop(db, x->entry.community, STR("exchange"), x->entry.id,
                           str_from_cstr(exchange_flow.stage[i].name), now, NULL);
            if (r == E_NOT_FOUND)
                r = OK;
        }
    for (int i = 0; r == OK && i < exchange_flow.n_stages; i++)
        if (step->starts & 1U << i)
            r = exchange_start_clock(db, x, i, now);
    return r;
}

/* One step of the flow: the entry's state, its event, its clocks. What else belongs to it the caller saves. */
enum result exchange_step(struct db *db, const struct entry_actor *actor, struct exchange *x, int action,
                          uint32_t roles, uint32_t given, const char *verb, struct str words)
{
    const struct flow_step *s;
    struct str to;
    enum result r = flow_take(&exchange_flow, exchange_state(x), action, roles, given, &s, NULL);

    if (r != OK)
        return r;
    to = str_from_cstr(exchange_flow.state[s->to].name);
    r = entry_move(db, actor, &x->board, &x->entry, verb, to, is_listed(s->to), words);
    x->entry.state = to;
    x->entry.listed = is_listed(s->to) && !x->entry.hidden;
    return r == OK ? clocks(db, x, s, actor->now) : r;
}

static enum result move_turn(struct db *db, const struct entry_actor *actor, const struct exchange *x, int64_t turn,
                             struct str from, int action, uint32_t roles, struct str *ret_state)
{
    const struct flow_step *s;
    struct str to;
    int64_t changed;
    enum result r = flow_take(&turn_flow, flow_state_of(&turn_flow, from), action, roles, 0, &s, NULL);

    if (r != OK)
        return r;
    to = str_from_cstr(turn_flow.state[s->to].name);
    r = sql_exchange_turn_move(db, x->entry.community, turn, from, to, s->to == T_ASKED ? actor->now : 0,
                               s->to == T_HOLDING ? actor->now : 0, turn_flow.state[s->to].final ? actor->now : 0,
                               &changed);
    if (r == OK && changed == 0)
        return E_CONFLICT;
    if (ret_state)
        *ret_state = to;
    return r == OK ? exchange_record(db, actor, x, turn_flow.action[action].name, turn, from, to, STR_NONE) : r;
}

/* The turn that it is now. */
enum result exchange_end_turn(struct db *db, const struct entry_actor *actor, struct exchange *x, int action,
                              uint32_t roles)
{
    return move_turn(db, actor, x, x->turn.id, x->turn.state, action, roles, &x->turn.state);
}

/* Whose turn it was is out: the next in the queue is asked, or everybody may take it up. */
enum result exchange_pass(struct db *db, const struct entry_actor *actor, struct exchange *x, uint32_t roles,
                          const char *verb)
{
    struct sql_exchange_turn_next next;
    enum result r = sql_exchange_turn_next(db, x->entry.community, x->entry.id, &next);

    x->return_at = 0;
    if (r == E_NOT_FOUND) {
        x->turn = (struct sql_exchange_turn_get){0};
        r = exchange_step(db, actor, x, XA_FREE, roles, 0, verb, STR_NONE);
        return r == OK ? exchange_save(db, x) : r;
    }
    if (r == OK)
        r = move_turn(db, actor, x, next.id, next.state, TA_ASK, roles, NULL);
    if (r == OK)
        r = sql_exchange_turn_get(db, x->entry.community, next.id, &x->turn);
    x->queue--;
    if (r == OK)
        r = exchange_step(db, actor, x, XA_PASS, roles, 0, verb, STR_NONE);
    if (r == OK)
        r = exchange_save(db, x);
    return r == OK ? exchange_tell(db, x, x->turn.person, T_exchange_tell_asked, actor->now) : r;
}

/* It is over: whoever still waits is told. */
enum result exchange_dismiss(struct db *db, const struct entry_actor *actor, struct exchange *x, uint32_t roles,
                             enum text words)
{
    struct sql_exchange_turns_waiting_rows rows;
    enum result r = sql_exchange_turns_waiting(db, x->entry.community, x->entry.id, &rows);

    for (size_t i = 0; r == OK && i < rows.n; i++) {
        r = move_turn(db, actor, x, rows.row[i].id, STR("waiting"), TA_GONE, roles, NULL);
        if (r == OK)
            r = exchange_tell(db, x, rows.row[i].person, words, actor->now);
    }
    x->queue = 0;
    return r;
}

/* ---- what the author does ------------------------------------------------------------------------------------------------ */

static bool terms_fit(const struct exchange_new *what)
{
    if (str_utf8_count(what->spot) > EXCHANGE_SPOT_MAX || str_utf8_count(what->title) > EXCHANGE_TITLE_MAX ||
        str_utf8_count(what->body) > EXCHANGE_BODY_MAX)
        return false;
    if (what->sort == SORT_SELL ? !in_range(what->price, 1, EXCHANGE_PRICE_MAX) : what->price != 0)
        return false;
    if (what->sort == SORT_LEND ? !in_range(what->days, 1, EXCHANGE_LEND_MAX) : what->days != 0)
        return false;
    return sort_is_help(what->sort) ? in_range(what->minutes, 0, EXCHANGE_MINUTES_MAX) : what->minutes == 0;
}

enum result exchange_write(struct db *db, const struct entry_actor *actor, const struct exchange_new *what,
                           int64_t *ret_id)
{
    bool reviewed = what->board->review == BOARD_REVIEW_BEFORE && !actor->runs;
    struct entry_actor author = *actor;
    struct exchange x;
    const struct entry_new entry = {
        .board = what->board,
        .community = what->community,
        .title = what->title,
        .body = what->body,
        .state = str_from_cstr(exchange_flow.state[reviewed ? X_WAITING : X_OPEN].name),
        .listed = !reviewed,
        .photos = what->photos,
    };
    int64_t id;
    enum result r;

    if (what->sort >= SORT_COUNT || !(exchange_sorts_on(what->board) & 1U << what->sort) || !terms_fit(what) ||
        !in_range(what->until_days, 1, EXCHANGE_UNTIL_MAX))
        return E_INVALID;
    author.extra = exchange_goods();
    r = entry_write(db, &author, &entry, &id);
    if (r == OK)
        r = sql_exchange_put(db, what->community, id, str_from_cstr(sort_words[what->sort]), what->price, what->minutes,
                             what->days, what->spot, day_start(day_of(actor->now) + 1 + (int32_t)what->until_days) - 1);
    if (r == OK)
        r = exchange_read(db, what->community, id, &x);
    if (r == OK && !reviewed)
        r = exchange_start_clock(db, &x, XS_OFFER, actor->now);
    if (r == OK)
        r = exchange_save(db, &x);
    if (r == OK)
        *ret_id = id;
    return r;
}

enum result exchange_edit(struct db *db, const struct entry_actor *actor, int64_t community, int64_t id,
                          int64_t version, const struct exchange_new *what)
{
    struct entry_actor author = *actor;
    struct exchange x;
    uint32_t roles;
    enum result r = exchange_open(db, actor, community, id, &x, &roles);

    if (r != OK)
        return r;
    if (!(roles & BY_AUTHOR))
        return E_DENIED;
    if (exchange_state(&x) != X_OPEN && exchange_state(&x) != X_WAITING)
        return E_CONFLICT;
    if (what->sort != x.sort || !terms_fit(what))
        return E_INVALID;
    author.extra = exchange_goods();
    r = entry_edit(db, &author, &x.board, &x.entry, version, what->title, what->body);
    return r == OK ? sql_exchange_set_terms(db, community, id, what->price, what->minutes, what->days, what->spot) : r;
}

enum result exchange_review(struct db *db, const struct entry_actor *actor, int64_t community, int64_t id, bool accept,
                            struct str reason)
{
    struct exchange x;
    uint32_t roles;
    enum result r = exchange_open(db, actor, community, id, &x, &roles);

    if (r == OK)
        r = exchange_step(db, actor, &x, accept ? XA_ACCEPT : XA_DECLINE, roles & BY_RUNNER,
                          reason.len ? NEEDS_REASON : 0, accept ? "published" : "declined", accept ? STR_NONE : reason);
    if (r == OK)
        r = exchange_save(db, &x);
    return r == OK ? exchange_tell(db, &x, x.entry.author,
                                   accept ? T_exchange_tell_published : T_exchange_tell_declined, actor->now)
                   : r;
}

enum result exchange_withdraw(struct db *db, const struct entry_actor *actor, int64_t community, int64_t id)
{
    struct exchange x = {0};
    uint32_t roles;
    int64_t holder = 0;
    enum result r = exchange_open(db, actor, community, id, &x, &roles);

    if (r == OK)
        r = exchange_step(db, actor, &x, XA_WITHDRAW, roles & BY_AUTHOR, 0, "withdrawn", STR_NONE);
    if (r == OK && x.turn.id && !turn_flow.state[turn_state(&x.turn)].final) {
        holder = x.turn.person;
        r = exchange_end_turn(db, actor, &x, TA_GONE, BY_AUTHOR);
    }
    if (r == OK && holder)
        r = exchange_tell(db, &x, holder, T_exchange_tell_withdrawn, actor->now);
    if (r == OK)
        r = exchange_dismiss(db, actor, &x, BY_AUTHOR, T_exchange_tell_withdrawn);
    x.turn.id = holder ? 0 : x.turn.id;
    return r == OK ? exchange_save(db, &x) : r;
}

enum result exchange_again(struct db *db, const struct entry_actor *actor, int64_t community, int64_t id)
{
    struct exchange x;
    uint32_t roles;
    enum result r = exchange_open(db, actor, community, id, &x, &roles);

    if (r != OK)
        return r;
    /* What is gone is gone: only help that is offered, and what came back, can be offered once more. */
    if (exchange_state(&x) == X_DONE && x.sort != SORT_OFFER && x.sort != SORT_LEND)
        return E_CONFLICT;
    x.until = day_start(day_of(actor->now) + 1 + (int32_t)exchange_flow.stage[XS_OFFER].amount) - 1;
    x.turn = (struct sql_exchange_turn_get){0};
    r = exchange_step(db, actor, &x, XA_AGAIN, roles & BY_AUTHOR, 0, "put_up_again", STR_NONE);
    return r == OK ? exchange_save(db, &x) : r;
}

enum result exchange_release(struct db *db, const struct entry_actor *actor, int64_t community, int64_t id)
{
    struct exchange x;
    uint32_t roles;
    int64_t holder;
    enum result r = exchange_open(db, actor, community, id, &x, &roles);

    if (r != OK)
        return r;
    if (exchange_state(&x) != X_TAKEN)
        return E_CONFLICT;
    holder = x.turn.person;
    r = exchange_end_turn(db, actor, &x, TA_RELEASE, roles & BY_AUTHOR);
    if (r == OK)
        r = exchange_pass(db, actor, &x, roles & BY_AUTHOR, "released");
    return r == OK ? exchange_tell(db, &x, holder, T_exchange_tell_released, actor->now) : r;
}

enum result exchange_extend(struct db *db, const struct entry_actor *actor, int64_t community, int64_t id, int32_t day)
{
    struct exchange x;
    uint32_t roles;
    enum result r = exchange_open(db, actor, community, id, &x, &roles);

    if (r != OK)
        return r;
    if (exchange_state(&x) == X_LENT && (day <= day_of(actor->now) || day > day_of(actor->now) + EXCHANGE_LEND_MAX))
        return E_INVALID;
    x.return_at = day_start(day + 1) - 1;
    r = exchange_step(db, actor, &x, XA_EXTEND, roles & BY_AUTHOR, 0, "extended", STR_NONE);
    if (r == OK)
        r = exchange_save(db, &x);
    return r == OK ? exchange_tell(db, &x, x.turn.person, T_exchange_tell_extended, actor->now) : r;
}

/* ---- what the neighbours do ------------------------------------------------------------------------------------------------ */

/* A new turn; E_CONFLICT: the person has one already. */
static enum result put_turn(struct db *db, const struct entry_actor *actor, struct exchange *x, enum turn_state state,
                            int64_t *ret_id)
{
    struct str word = str_from_cstr(turn_flow.state[state].name);
    int64_t id = id_new(), made;
    enum result r = sql_exchange_turn_put(db, x->entry.community, id, x->entry.id, actor->person, actor->from, word,
                                          actor->now, state == T_HOLDING ? actor->now : 0, &made);

    if (r == OK && made == 0)
        return E_CONFLICT;
    if (r == OK)
        *ret_id = id;
    return r == OK ? exchange_record(db, actor, x, state == T_HOLDING ? "take" : "queue", id, STR_NONE, word, STR_NONE)
                   : r;
}

enum result exchange_take_up(struct db *db, const struct entry_actor *actor, int64_t community, int64_t id)
{
    struct exchange x;
    uint32_t roles;
    int64_t turn;
    enum result r = exchange_open(db, actor, community, id, &x, &roles);

    if (r == OK)
        r = exchange_step(db, actor, &x, XA_TAKE, roles & BY_NEIGHBOUR, 0, "taken_up", STR_NONE);
    if (r == OK)
        r = put_turn(db, actor, &x, T_HOLDING, &turn);
    if (r == OK)
        r = sql_exchange_turn_get(db, community, turn, &x.turn);
    if (r == OK)
        r = exchange_save(db, &x);
    return r == OK ? exchange_tell(db, &x, x.entry.author, T_exchange_tell_taken, actor->now) : r;
}

enum result exchange_queue(struct db *db, const struct entry_actor *actor, int64_t community, int64_t id)
{
    struct exchange x;
    uint32_t roles;
    int64_t turn;
    enum result r = exchange_open(db, actor, community, id, &x, &roles);

    if (r != OK)
        return r;
    if (exchange_state(&x) < X_ASKED || exchange_state(&x) > X_RETURNING)
        return E_CONFLICT;
    if (!(roles & BY_NEIGHBOUR)) /* stands in it already, or has it */
        return roles & BY_AUTHOR ? E_DENIED : E_CONFLICT;
    if (x.queue >= EXCHANGE_QUEUE_MAX)
        return E_TOO_LARGE;
    r = put_turn(db, actor, &x, T_WAITING, &turn);
    x.queue++;
    return r == OK ? exchange_save(db, &x) : r;
}

enum result exchange_answer_turn(struct db *db, const struct entry_actor *actor, int64_t community, int64_t id,
                                 bool yes)
{
    struct exchange x;
    uint32_t roles;
    enum result r = exchange_open(db, actor, community, id, &x, &roles);

    if (r != OK)
        return r;
    if (!(roles & BY_ASKED)) /* the time was over a moment ago, or was never theirs */
        return E_CONFLICT;
    r = exchange_end_turn(db, actor, &x, yes ? TA_AGREE : TA_DECLINE, BY_ASKED);
    if (r != OK || !yes)
        return r == OK ? exchange_pass(db, actor, &x, BY_ASKED, "passed_on") : r;
    r = exchange_step(db, actor, &x, XA_AGREE, BY_ASKED, 0, "taken_up", STR_NONE);
    if (r == OK)
        r = exchange_save(db, &x);
    return r == OK ? exchange_tell(db, &x, x.entry.author, T_exchange_tell_taken, actor->now) : r;
}

enum result exchange_leave(struct db *db, const struct entry_actor *actor, int64_t community, int64_t id)
{
    struct sql_exchange_turn_of mine;
    struct exchange x;
    uint32_t roles;
    enum result r = exchange_open(db, actor, community, id, &x, &roles);

    if (r != OK)
        return r;
    if (roles & BY_QUEUED) {
        r = sql_exchange_turn_of(db, community, id, actor->person, &mine);
        if (r == OK)
            r = move_turn(db, actor, &x, mine.id, mine.state, TA_LEAVE, BY_QUEUED, NULL);
        x.queue--;
        return r == OK ? exchange_save(db, &x) : r;
    }
    if (exchange_state(&x) != X_TAKEN) /* once it is handed over it is brought back, not left */
        return E_CONFLICT;
    r = exchange_end_turn(db, actor, &x, TA_LEAVE, roles & BY_TAKER);
    if (r == OK)
        r = exchange_pass(db, actor, &x, BY_TAKER, "given_back");
    return r == OK ? exchange_tell(db, &x, x.entry.author, T_exchange_tell_given_back, actor->now) : r;
}
