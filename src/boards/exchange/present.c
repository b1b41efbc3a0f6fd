/* present.c: see present.h. */
#include "boards/exchange/present.h"

#include "boards/exchange/views/exchange_show.html.h"
#include "civic/calendar/words.h"
#include "civic/media/media.h"
#include "civic/person/person.h"
#include "engine/base/time.h"

/* ---- words ------------------------------------------------------------------------------------------------------------ */

static const struct {
    enum text name, take;
} sorts[SORT_COUNT] = {
    [SORT_ASK] = {T_exchange_sort_ask, T_exchange_take_ask},
    [SORT_OFFER] = {T_exchange_sort_offer, T_exchange_take_offer},
    [SORT_GIVE] = {T_exchange_sort_give, T_exchange_take_give},
    [SORT_LEND] = {T_exchange_sort_lend, T_exchange_take_lend},
    [SORT_SWAP] = {T_exchange_sort_swap, T_exchange_take_swap},
    [SORT_SELL] = {T_exchange_sort_sell, T_exchange_take_sell},
    [SORT_WISH] = {T_exchange_sort_wish, T_exchange_take_wish},
};
static const struct {
    enum text word;
    const char *mark;
} states[] = {
    [X_WAITING] = {T_exchange_state_waiting, "wait"},      [X_OPEN] = {T_exchange_state_open, "open"},
    [X_ASKED] = {T_exchange_state_asked, "wait"},          [X_TAKEN] = {T_exchange_state_taken, "doing"},
    [X_HALF] = {T_exchange_state_half, "doing"},           [X_LENT] = {T_exchange_state_lent, "doing"},
    [X_RETURNING] = {T_exchange_state_returning, "doing"}, [X_DONE] = {T_exchange_state_done, "done"},
    [X_DECLINED] = {T_exchange_state_declined, "shut"},    [X_WITHDRAWN] = {T_exchange_state_withdrawn, "shut"},
    [X_EXPIRED] = {T_exchange_state_expired, "shut"},
};

enum text exchange_sort_text(enum exchange_sort sort)
{
    return sorts[sort].name;
}

enum text exchange_take_text(enum exchange_sort sort)
{
    return sorts[sort].take;
}

enum text exchange_state_text(enum exchange_state state)
{
    return states[state].word;
}

const char *exchange_state_mark(enum exchange_state state)
{
    return states[state].mark;
}

struct str exchange_note(struct request *rq, enum exchange_sort sort, int64_t price, int64_t queue)
{
    struct str words = sort == SORT_SELL ? text_format(rq->arena, rq->lang, T_exchange_yuan,
                                                       TEXT_STR("n", exchange_price_words(rq->arena, price)))
                                         : text(rq->lang, sorts[sort].name);

    return queue ? str_printf(rq->arena, STR_FMT " · " STR_FMT, STR_ARG(words),
                              STR_ARG(text_format(rq->arena, rq->lang, T_exchange_n_wait, TEXT_INT("n", queue))))
                 : words;
}

/* ---- the subject ------------------------------------------------------------------------------------------------------ */

/* Whoever has a part in it sees it also when it has left the lists. What was hidden has lost its words for them: see exchange_show(). */
enum result exchange_load(struct request *rq)
{
    struct exchange_subject *s = arena_new(rq->arena, struct exchange_subject);
    const struct viewer *viewer = viewer_of(rq);
    enum result r = entry_load(rq, &s->of);
    bool part;

    s->mine = (struct sql_exchange_turn_of){0};
    if (r == OK)
        r = exchange_read(rq->db, s->of.entry.community, s->of.entry.id, &s->x);
    if (r == OK && viewer->person) {
        r = sql_exchange_turn_of(rq->db, s->of.entry.community, s->of.entry.id, viewer->person, &s->mine);
        if (r == E_NOT_FOUND)
            r = OK;
    }
    if (r != OK)
        return r;
    s->roles = exchange_roles(&s->x, viewer->person, &s->mine);
    part = (s->roles & (BY_TAKER | BY_ASKED | BY_QUEUED)) || (s->mine.id && str_eq(s->mine.state, STR("done")));
    if (!part && !entry_shows(rq, &s->of))
        return E_NOT_FOUND;
    if (s->mine.id) /* also when it is over for them: then the rules say so */
        s->of.of.scope.party = viewer->person;
    s->of.of.scope.shared = s->roles & (BY_TAKER | BY_ASKED | BY_QUEUED);
    rq->subject = s;
    return OK;
}

const struct subject_kind exchange_subject = {"exchange", exchange_load};

/* ---- what is between the two -------------------------------------------------------------------------------------------- */

enum { WORDS = 50 };

static enum result fill_words(struct request *rq, int64_t turn, int64_t before, struct exchange_deal_view *view)
{
    struct sql_exchange_words_rows rows;
    struct exchange_deal_words *to;
    enum result r = sql_exchange_words(rq->db, rq->place, turn, before ? before : INT64_MAX, WORDS + 1, &rows);

    if (r != OK)
        return r;
    if (rows.n > WORDS) {
        rows.n = WORDS;
        view->older = url_add(rq->arena, entry_url(rq->arena, board_of(rq), rq->place, entry_of(rq)->id), "words",
                              str_printf(rq->arena, "%" PRId64, rows.row[WORDS - 1].id));
    }
    to = arena_array(rq->arena, struct exchange_deal_words, rows.n + 1);
    for (size_t i = 0; i < rows.n; i++) { /* oldest first, as people talk */
        const struct sql_exchange_words *row = &rows.row[rows.n - 1 - i];
        bool mine = row->author == rq->person;

        to[i] = (struct exchange_deal_words){
            .id = row->id,
            .author = row->shown_name,
            .body = row->hidden ? STR_NONE : row->body,
            .at = row->at,
            .mine = mine,
            .thanks = row->thanks,
            .hidden = row->hidden,
            .initial = entry_initial(row->shown_name),
        };
        if (!mine && !row->hidden)
            to[i].flag = moderation_flag_url(rq->arena, rq->place, "exchange_word", row->id);
    }
    view->words.v = to;
    view->words.n = rows.n;
    return OK;
}

static enum result other_person(struct request *rq, struct exchange_deal_view *view, int64_t person, struct str from)
{
    struct person_label label;
    enum result r = person_label(rq->db, person, rq->place, &label);

    if (r == E_NOT_FOUND) /* the account is closed */
        return OK;
    view->other = label.name;
    view->other_from = from.len ? from : label.from;
    return r;
}

/* What stands to be done, by whom it is, in words and buttons. */
static void fill_now(struct request *rq, struct exchange_deal_view *view, bool author)
{
    const struct exchange_subject *s = exchange_of(rq);
    const struct exchange *x = &s->x;
    struct url self = entry_url(rq->arena, board_of(rq), rq->place, x->entry.id);
    bool help = sort_is_help(x->sort), said = author ? x->turn.author_at != 0 : x->turn.taker_at != 0;

    view->mark = STR("wait");
    view->help = help;
    switch (exchange_state(x)) {
    case X_TAKEN:
        view->now = help ? T_exchange_now_help : author ? T_exchange_now_hand_over : T_exchange_now_fetch;
        view->confirm = url_below(rq->arena, self, "/confirm");
        view->confirm_word = help ? T_exchange_confirm_help : author ? T_exchange_confirm_gave : T_exchange_confirm_got;
        if (author)
            view->release = url_below(rq->arena, self, "/release");
        else {
            view->leave = url_below(rq->arena, self, "/leave");
            view->leave_word = T_exchange_give_back;
        }
        break;
    case X_HALF:
        view->now = said ? T_exchange_now_wait : help ? T_exchange_now_confirm_help : T_exchange_now_confirm;
        view->said = x->turn.minutes;
        view->has_said = help;
        if (!said) {
            view->confirm = url_below(rq->arena, self, "/confirm");
            view->confirm_word = T_exchange_confirm_yes;
        }
        view->deny = url_below(rq->arena, self, "/deny");
        break;
    case X_LENT:
        view->now = author ? T_exchange_now_lent : T_exchange_now_borrowed;
        view->back = url_below(rq->arena, self, "/back");
        view->back_word = author ? T_exchange_back_got : T_exchange_back_brought;
        if (author)
            view->extend = url_below(rq->arena, self, "/extend");
        view->mark = x->return_at && x->return_at < rq->now ? STR("late") : STR("wait");
        view->late = x->return_at && x->return_at < rq->now;
        view->return_at = x->return_at;
        break;
    case X_RETURNING:
        view->now = author ? T_exchange_now_returned : T_exchange_now_wait;
        if (author) {
            view->back = url_below(rq->arena, self, "/back");
            view->back_word = T_exchange_back_got;
            view->deny = url_below(rq->arena, self, "/deny");
        }
        break;
    default: break;
    }
    if (!x->due_at || exchange_state(x) == X_LENT)
        return;
    view->due = x->due_at;
    view->due_words = calendar_deadline_words(rq->arena, rq->lang, calendar_now(), rq->now, x->due_at,
                                              LIMIT_CALENDAR_DAY);
}

static enum result fill_both(struct request *rq, int64_t before, struct exchange_deal_view *view, bool author,
                             int64_t turn)
{
    const struct exchange *x = &exchange_of(rq)->x;
    struct url self = entry_url(rq->arena, board_of(rq), rq->place, x->entry.id);
    bool current = turn == x->turn.id;
    enum result r = author ? other_person(rq, view, x->turn.person, x->turn.person_from)
                           : other_person(rq, view, x->entry.author, x->entry.author_from);

    if (r == OK)
        r = fill_words(rq, turn, before, view);
    if (r != OK)
        return r;
    if (!current || exchange_state(x) == X_DONE) {
        bool thanked = false;

        for (size_t i = 0; i < view->words.n; i++)
            thanked |= view->words.v[i].thanks && view->words.v[i].mine;
        view->now = T_exchange_now_done;
        view->mark = STR("done");
        view->said = x->turn.minutes;
        view->has_said = current && x->turn.minutes && x->turn.author_at && x->turn.taker_at;
        if (current) {
            view->say = url_below(rq->arena, self, "/say");
            if (!thanked)
                view->thank = url_below(rq->arena, self, "/thank");
        }
        return OK;
    }
    fill_now(rq, view, author);
    view->say = url_below(rq->arena, self, "/say");
    return OK;
}

/* How many stand before somebody. */
static enum result place_in_queue(struct request *rq, int64_t turn, int64_t *ret_place)
{
    struct sql_exchange_turns_waiting_rows rows;
    enum result r = sql_exchange_turns_waiting(rq->db, rq->place, entry_of(rq)->id, &rows);

    *ret_place = 1;
    for (size_t i = 0; r == OK && i < rows.n && rows.row[i].id != turn; i++)
        (*ret_place)++;
    return r;
}

enum result exchange_deal_fill(struct request *rq, int64_t before, const struct exchange_deal_view **ret_deal)
{
    const struct exchange_subject *s = exchange_of(rq);
    const struct exchange *x = &s->x;
    struct url self = entry_url(rq->arena, board_of(rq), rq->place, x->entry.id);
    struct exchange_deal_view *view = arena_new(rq->arena, struct exchange_deal_view);
    enum exchange_state state = exchange_state(x);
    enum result r = OK;

    *view = (struct exchange_deal_view){.mark = STR("wait")};
    *ret_deal = NULL;
    if (s->roles & BY_AUTHOR) {
        if (x->turn.id == 0 || state < X_ASKED || state > X_DONE)
            return OK;
        view->role = T_exchange_role_author;
        *ret_deal = view;
        if (state != X_ASKED) {
            r = fill_both(rq, before, view, true, x->turn.id);
            view->acts = view->confirm.s.len || view->back.s.len || view->deny.s.len || view->release.s.len;
            return r;
        }
        view->now = T_exchange_now_asking;
        view->due = x->due_at;
        view->due_words = calendar_deadline_words(rq->arena, rq->lang, calendar_now(), rq->now, x->due_at,
                                                  LIMIT_CLOCK_HOUR);
        return OK;
    }
    if (s->roles & BY_ASKED) {
        view->role = T_exchange_role_asked;
        view->now = T_exchange_now_asked;
        view->answer = url_below(rq->arena, self, "/answer");
        view->due = x->due_at;
        view->due_words = calendar_deadline_words(rq->arena, rq->lang, calendar_now(), rq->now, x->due_at,
                                                  LIMIT_CLOCK_HOUR);
    } else if (s->roles & BY_QUEUED) {
        view->role = T_exchange_role_queued;
        view->now = T_exchange_now_queued;
        view->leave = url_below(rq->arena, self, "/leave");
        view->leave_word = T_exchange_leave;
        r = place_in_queue(rq, s->mine.id, &view->place);
        view->has_place = true;
    } else if (s->roles & BY_TAKER) {
        view->role = T_exchange_role_taker;
        r = fill_both(rq, before, view, false, x->turn.id);
    } else if (s->mine.id && str_eq(s->mine.state, STR("done"))) {
        view->role = T_exchange_role_taker;
        r = fill_both(rq, before, view, false, s->mine.id);
    } else
        return OK;
    *ret_deal = view;
    view->acts = view->answer.s.len || view->confirm.s.len || view->back.s.len || view->deny.s.len ||
                 view->release.s.len || view->leave.s.len;
    return r;
}
