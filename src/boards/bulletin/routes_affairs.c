/* routes_affairs.c: open affairs (居务公开, 村务公开): the calendar of accounts, what residents ask about them, and the desk's list of what waits for an answer. */
#include "boards/bulletin/routes.h"

#include "boards/bulletin/views/bulletin_calendar.html.h"
#include "boards/bulletin/views/bulletin_show.html.h"
#include "boards/bulletin/views/desk_bulletin.html.h"
#include "civic/entry/entry_present.h"
#include "civic/moderation/moderation.h"
#include "civic/person/person.h"
#include "engine/base/time.h"

enum { QUESTIONS = 50, BEGINNING = 120 };

/* ---- the calendar ------------------------------------------------------------------------------------------------------ */

enum { QUARTERS = 6, FORMER = 12 };

struct account_book {
    struct sql_bulletin_accounts_rows accounts;
    struct sql_bulletin_questions_counted_rows counted;
    int64_t since, last;
};

/* The first accounts of a quarter that became public: those of the place itself (former 0), or of one that has ended. */
static const struct sql_bulletin_accounts *accounts_of(const struct account_book *c, int64_t former, int64_t period)
{
    for (size_t i = 0; i < c->accounts.n; i++)
        if (c->accounts.row[i].period == period && c->accounts.row[i].former == former)
            return &c->accounts.row[i];
    return NULL;
}

static struct bulletin_quarter_view quarter(struct request *rq, const struct account_book *c, int64_t former,
                                            int64_t period)
{
    const struct board_subject *s = rq->subject;
    const struct sql_bulletin_accounts *first = accounts_of(c, former, period);
    int32_t due = bulletin_period_due(period);
    struct bulletin_quarter_view to = {.period = period, .name = bulletin_period_words(rq, period), .due = due};
    bool late = day_of(first ? first->published_at : rq->now) > due;

    for (size_t k = 0; k < c->counted.n; k++) {
        const struct sql_bulletin_questions_counted *n = &c->counted.row[k];

        if (n->period == period && n->former == former) {
            to.questions = n->asked;
            to.in_time = n->in_time;
            to.late = n->late;
            to.unanswered = n->unanswered;
        }
    }
    if (first) {
        to.state = late && former == 0 ? T_bulletin_accounts_public_late : T_bulletin_accounts_public;
        to.mark = STR("done");
        to.at = first->published_at;
        to.title = first->title;
        to.url = entry_url(rq->arena, &s->board, rq->place, first->id);
    } else {
        to.state = late ? T_bulletin_accounts_late : T_bulletin_accounts_due;
        to.mark = late ? STR("late") : STR("wait");
    }
    return to;
}

/* A community that was founded out of others owes none for the time before it was there. */
static enum result owes_since(struct request *rq, int64_t *ret_period)
{
    struct place place;
    int64_t at = 0;
    enum result r = place_get(rq->db, rq->place, &place);

    if (r == OK)
        r = place_came_of_others(rq->db, &place, &at);
    *ret_period = at ? bulletin_period_of(at) : 0;
    return r;
}

/* What the communities that have ended made public stands below their own names: nobody owes what they did not. */
static enum result fill_former(struct request *rq, const struct account_book *c, struct bulletin_calendar_view *view)
{
    struct bulletin_calendar_former *to = arena_array(rq->arena, struct bulletin_calendar_former, FORMER);
    enum result r = OK;

    for (size_t i = 0; r == OK && i < c->accounts.n && view->former.n < FORMER; i++) {
        int64_t code = c->accounts.row[i].former;
        struct bulletin_quarter_view *row;
        struct place place;
        size_t n = 0;
        bool done = code == 0;

        for (size_t k = 0; k < view->former.n && !done; k++)
            done = to[k].place == code;
        if (done)
            continue;
        r = place_get(rq->db, code, &place);
        row = arena_array(rq->arena, struct bulletin_quarter_view, QUARTERS);
        for (int64_t p = c->last; r == OK && p >= c->since; p = bulletin_period_before(p))
            if (accounts_of(c, code, p))
                row[n++] = quarter(rq, c, code, p);
        to[view->former.n] = (struct bulletin_calendar_former){.place = code, .name = place.name};
        to[view->former.n].rows.v = row;
        to[view->former.n++].rows.n = n;
    }
    view->former.v = to;
    return r;
}

/* The quarter that runs is left out: its accounts cannot be there. */
enum result bulletin_calendar(struct request *rq)
{
    const struct board_subject *s = rq->subject;
    struct bulletin_calendar_view view = {.board = board_name(&s->board, rq->lang),
                                          .list = board_url(rq->arena, &s->board, rq->place)};
    struct bulletin_quarter_view *to = arena_array(rq->arena, struct bulletin_quarter_view, QUARTERS);
    struct account_book c = {.last = bulletin_period_before(bulletin_period_of(rq->now))};
    int64_t owed;
    enum result r;

    if (!bulletin_is_open_affairs(&s->board))
        return E_NOT_FOUND;
    c.since = c.last;
    for (int i = 1; i < QUARTERS; i++)
        c.since = bulletin_period_before(c.since);
    r = sql_bulletin_accounts(rq->db, rq->place, s->board.id, c.since, &c.accounts);
    if (r == OK)
        r = sql_bulletin_questions_counted(rq->db, rq->place, s->board.id, c.since, rq->now, &c.counted);
    if (r == OK)
        r = owes_since(rq, &owed);
    if (r == OK)
        r = fill_former(rq, &c, &view);
    if (r != OK)
        return r;
    for (int64_t p = c.last; p >= c.since; p = bulletin_period_before(p))
        if (p >= owed || accounts_of(&c, 0, p))
            to[view.rows.n++] = quarter(rq, &c, 0, p);
    view.rows.v = to;
    return respond_view(rq, bulletin_calendar, &view);
}

/* ---- on the notice ------------------------------------------------------------------------------------------------------ */

/* How it stands with a question: in words and with its mark. answered_at 0: not yet. */
static struct str standing(struct request *rq, int64_t due, int64_t answered_at, struct str *ret_mark)
{
    int64_t left = day_of(due - 1) - day_of(answered_at ? answered_at : rq->now);
    bool late = left < 0;

    *ret_mark = answered_at ? STR("done") : late ? STR("late") : STR("wait");
    if (answered_at)
        return late ? text_format(rq->arena, rq->lang, T_bulletin_question_answered_late, TEXT_INT("n", -left))
                    : text(rq->lang, T_bulletin_question_answered);
    if (late)
        return text_format(rq->arena, rq->lang, T_bulletin_question_late, TEXT_INT("n", -left));
    return left ? text_format(rq->arena, rq->lang, T_bulletin_question_left, TEXT_INT("n", left))
                : text(rq->lang, T_bulletin_question_today);
}

/* What stands in the section of questions stands there alone, and not among the comments once more. */
static void leave_out(struct entry_talk_view *talk, const struct sql_bulletin_questions_rows *questions)
{
    struct entry_talk_comments *c = (struct entry_talk_comments *)talk->comments.v;
    size_t n = 0;

    for (size_t i = 0; i < talk->comments.n; i++) {
        bool there = false;

        for (size_t k = 0; k < questions->n && !there; k++)
            there = c[i].id == questions->row[k].id ||
                    (questions->row[k].answered_at && c[i].id == questions->row[k].answer);
        if (!there)
            c[n++] = c[i];
    }
    talk->comments.n = n;
    for (size_t k = 0; k < questions->n; k++)
        talk->total -= questions->row[k].answered_at ? 2 : 1;
}

enum result bulletin_questions_fill(struct request *rq, struct bulletin_show_view *view)
{
    const struct bulletin *b = bulletin_of(rq);
    const struct board_subject *of = rq->subject;
    struct bulletin_show_questions *to;
    struct sql_bulletin_questions_rows rows;
    enum result r;

    if (b->row.period == 0 || !bulletin_is_open_affairs(board_of(rq)))
        return OK;
    r = sql_bulletin_questions(rq->db, b->entry.community, b->entry.id, QUESTIONS, &rows);
    if (r != OK)
        return r;
    bool part = b->entry.listed && access_allowed(viewer_of(rq), CAP_BOARD_TAKE_PART, rq->place, &of->scope);
    view->accounts = true;
    if (part && !entry_actor_of(rq).runs)
        view->ask = bulletin_here(rq, "/ask");
    if (part && entry_actor_of(rq).runs)
        view->answer = bulletin_here(rq, "/comment");
    bool flags = view->talk.may && access_allowed(viewer_of(rq), CAP_BOARD_TAKE_PART, rq->place,
                                                  &(struct subject_scope){.place = rq->place, .board = true});
    leave_out(&view->talk, &rows);
    to = arena_array(rq->arena, struct bulletin_show_questions, rows.n ? rows.n : 1);
    for (size_t i = 0; i < rows.n; i++) {
        const struct sql_bulletin_questions *q = &rows.row[i];

        to[i] = (struct bulletin_show_questions){
            .id = q->id,
            .author = q->shown_name,
            .from = q->author_from,
            .text = q->body,
            .at = q->created_at,
            .due = day_of(q->due - 1),
            .late = q->answered_at ? q->answered_at >= q->due : rq->now >= q->due,
            .answer = q->answer_body,
            .answer_from = q->answer_from,
            .answered = q->answered_at,
            .answer_id = q->answered_at ? q->answer : 0,
        };
        if (flags && q->author != rq->person)
            to[i].flag = moderation_flag_url(rq->arena, rq->place, "entry_comment", q->id);
        if (flags && q->answered_at)
            to[i].flag_answer = moderation_flag_url(rq->arena, rq->place, "entry_comment", q->answer);
        to[i].standing = standing(rq, q->due, q->answered_at, &to[i].mark);
    }
    view->questions.v = to;
    view->questions.n = rows.n;
    return OK;
}

const struct param bulletin_ask_params[1] = {
    {.name = "question",
     .kind = PARAM_LINES,
     .required = true,
     .min = 2,
     .max = ENTRY_COMMENT_MAX,
     .doc = "The question"},
};

enum result bulletin_ask_it(struct request *rq)
{
    struct entry_actor actor = entry_actor_of(rq);
    int64_t id;
    enum result r = bulletin_ask(rq->db, &actor, bulletin_of(rq), param_text(rq, 0), &id);

    if (r == E_CONFLICT)
        return request_refuse(rq, r, T_bulletin_question_not_here);
    if (r == E_DENIED)
        return request_refuse(rq, r, T_bulletin_question_not_you);
    return r == OK ? respond_see_other(
                         rq, bulletin_here(rq, str_cstr(rq->arena, str_printf(rq->arena, "#question-%" PRId64, id))),
                         T_bulletin_question_sent)
                   : r;
}

/* A reply of who runs the board may be an answer. */
enum result bulletin_comment(struct request *rq)
{
    enum { REPLY_TO = 1 };
    struct entry_actor actor = entry_actor_of(rq);
    struct bulletin b;
    enum result r = OK;

    if (actor.runs && param_given(rq, REPLY_TO)) {
        r = bulletin_load(rq->db, entry_of(rq), &b);
        if (r == OK)
            r = bulletin_answered(rq->db, &actor, board_of(rq), &b, param_int(rq, REPLY_TO));
    }
    return r == OK ? entry_post_comment(rq) : r;
}

/* ---- at the desk ---------------------------------------------------------------------------------------------------------- */

enum result bulletin_questions_waiting(struct request *rq, int64_t place, int64_t after, size_t max,
                                       struct desk_bulletin_rows *to, size_t *ret_n, int64_t *ret_late,
                                       int64_t *ret_last)
{
    enum { LOOK = 100 };
    size_t n = 0;

    *ret_late = 0;
    *ret_last = after;
    for (bool more = true; more && n < max;) {
        struct sql_bulletin_questions_open_rows rows;
        enum result r = sql_bulletin_questions_open(rq->db, place, *ret_last, LOOK, &rows);

        if (r != OK)
            return r;
        more = rows.n == LOOK;
        for (size_t i = 0; i < rows.n && n < max; i++) {
            const struct sql_bulletin_questions_open *q = &rows.row[i];
            struct board board;

            *ret_last = q->id;
            if (!bulletin_runs_board(rq, q->board, place, &board))
                continue;
            *ret_late += q->due <= rq->now;
            if (to) {
                to[n] = (struct desk_bulletin_rows){
                    .title = str_utf8_cut(q->body, BEGINNING),
                    .board = q->title,
                    .who = str_printf(rq->arena, STR_FMT " · " STR_FMT, STR_ARG(q->shown_name),
                                      STR_ARG(q->author_from)),
                    .at = q->created_at,
                    .url = url_below(rq->arena, entry_url(rq->arena, &board, place, q->entry),
                                     str_cstr(rq->arena, str_printf(rq->arena, "#question-%" PRId64, q->id))),
                };
                to[n].standing = standing(rq, q->due, 0, &to[n].mark);
            }
            n++;
        }
    }
    *ret_n = n;
    return OK;
}
