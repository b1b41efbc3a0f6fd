/* routes.c: /p/{place}/inquiry/{board}: asking, one's own threads, what is published. */
#include "boards/inquiry/room.h"
#include "boards/inquiry/views/inquiry_list.html.h"
#include "boards/inquiry/views/inquiry_mine.html.h"
#include "boards/inquiry/views/inquiry_new.html.h"
#include "boards/inquiry/views/inquiry_public.html.h"
#include "boards/inquiry/views/me_inquiries.html.h"
#include "civic/calendar/words.h"
#include "civic/entry/entry_present.h"
#include "civic/entry/entry_files.h"
#include "civic/media/media_form.h"
#include "civic/notify/notify.h"

enum { PAGE = 20 };

/* ---- the board ------------------------------------------------------------------------------------------------------------ */

enum { LIST_BEFORE, LIST_PARAMS };
static const struct param list_params[LIST_PARAMS] = {
    [LIST_BEFORE] = {.name = "before", .kind = PARAM_ID, .doc = "Paging: entries older than this id"},
};

static bool lives_here(const struct viewer *viewer, int64_t community)
{
    const struct viewer_residence *home = viewer_residence_in(viewer, community);

    return home && home->verified;
}

static enum result fill_mine(struct request *rq, const struct board *board, struct inquiry_list_view *view)
{
    struct sql_inquiry_of_asker_rows rows;
    struct inquiry_list_mine *mine;
    enum result r = sql_inquiry_of_asker(rq->db, rq->place, rq->person, board->id, INT64_MAX, PAGE, &rows);

    if (r != OK)
        return r;
    mine = arena_array(rq->arena, struct inquiry_list_mine, rows.n ? rows.n : 1);
    for (size_t i = 0; i < rows.n; i++) {
        const struct sql_inquiry_of_asker *row = &rows.row[i];
        struct inquiry_mark m = inquiry_mark(rq, row->state, row->asker_last, row->answered_at, row->answer_due);

        mine[i] = (struct inquiry_list_mine){
            .id = row->id,
            .title = row->title,
            .state = m.word,
            .mark = m.mark,
            .clock = m.clock,
            .organisation = row->organisation_name,
            .at = row->asked_at,
            .proposed = str_eq(row->sharing, STR("proposed")),
            .url = inquiry_url(rq->arena, board, row->community, row->id),
        };
    }
    view->mine.v = mine;
    view->mine.n = rows.n;
    return OK;
}

static enum result fill_office(struct request *rq, const struct board *board, bool *ret_answered,
                               struct str *ret_office, struct officer_cards *ret_cards)
{
    struct organisations offices;
    enum result r = inquiry_offices(rq, board, rq->place, &offices);

    if (r != OK)
        return r;
    *ret_answered = offices.n > 0;
    *ret_office = offices.n ? offices.organisation[0].name : STR_NONE;
    return officer_cards_fill(rq, rq->place, &offices, ret_cards);
}

static enum result list(struct request *rq)
{
    const struct board_subject *s = rq->subject;
    const struct viewer *viewer = viewer_of(rq);
    struct url here = board_url(rq->arena, &s->board, rq->place);
    int64_t before = param_given(rq, LIST_BEFORE) ? param_int(rq, LIST_BEFORE) : INT64_MAX;
    struct officer_cards cards = {0};
    struct inquiry_list_view view = {
        .place = rq->place,
        .name = board_name(&s->board, rq->lang),
        .lead = board_lead(&s->board, rq->lang),
        .limit = calendar_limit_words(rq->arena, rq->lang, LIMIT_WORK_HOUR, ANSWER_WORK_HOURS),
        .community = s->place.level == PLACE_COMMUNITY,
        .here = here,
        .seen = url_below(rq->arena, here, "/seen"),
    };
    struct entry_rows rows;
    struct entry_row_view *row;
    enum result r = entry_page(rq->db, &s->board, rq->place, false, before, PAGE + 1, &rows);

    if (r == OK && view.community)
        r = fill_office(rq, &s->board, &view.answered, &view.office, &cards);
    if (r == OK && viewer->person && before == INT64_MAX)
        r = fill_mine(rq, &s->board, &view);
    if (r != OK)
        return r;
    if (rows.n > PAGE) {
        rows.n = PAGE;
        view.more = url_add(rq->arena, here, "before", str_printf(rq->arena, "%" PRId64, rows.row[PAGE - 1].id));
    }
    if (rows.n && viewer->person && before == INT64_MAX)
        view.newest = rows.row[0].id;
    if ((r = entry_rows_fill(rq, &s->board, &rows, &row)) != OK)
        return r;
    view.rows.v = row;
    view.rows.n = rows.n;
    view.officers.v = cards.v;
    view.officers.n = cards.n;
    if (view.answered && lives_here(viewer, rq->place))
        view.ask = url_below(rq->arena, here, "/new");
    return respond_view(rq, inquiry_list, &view);
}

/* ---- asking ------------------------------------------------------------------------------------------------------------------ */

enum { NEW_TITLE, NEW_BODY, NEW_TO, NEW_PHOTOS, NEW_DOCUMENTS, NEW_PARAMS };
static const struct param new_params[NEW_PARAMS] = {
    [NEW_TITLE] =
        {.name = "title", .kind = PARAM_TEXT, .required = true, .min = 2, .max = TITLE_MAX, .doc = "In one sentence"},
    [NEW_BODY] = {.name = "body", .kind = PARAM_LINES, .max = TEXT_MAX, .doc = "More about it"},
    [NEW_TO] = {.name = "to", .kind = PARAM_ID, .doc = "Whom to ask, where several answer; else the first"},
    [NEW_PHOTOS] = ENTRY_PARAM_PHOTOS,
    [NEW_DOCUMENTS] = ENTRY_PARAM_DOCUMENTS,
};

static enum result form_new(struct request *rq)
{
    const struct board_subject *s = rq->subject;
    struct url here = board_url(rq->arena, &s->board, rq->place);
    struct organisations offices;
    struct officer_cards cards;
    struct inquiry_new_offices *to;
    struct inquiry_new_view view = {
        .board = board_name(&s->board, rq->lang),
        .limit = calendar_limit_words(rq->arena, rq->lang, LIMIT_WORK_HOUR, ANSWER_WORK_HOURS),
        .action = url_below(rq->arena, here, "/new"),
        .back = here,
    };
    enum result r = inquiry_offices(rq, &s->board, rq->place, &offices);

    if (r == OK)
        r = officer_cards_fill(rq, rq->place, &offices, &cards);
    if (r != OK)
        return r;
    to = arena_array(rq->arena, struct inquiry_new_offices, offices.n ? offices.n : 1);
    for (size_t i = 0; i < offices.n; i++)
        to[i] = (struct inquiry_new_offices){offices.organisation[i].id, offices.organisation[i].name};
    view.offices.v = to;
    view.offices.n = offices.n;
    view.several = offices.n > 1;
    view.officers.v = cards.v;
    view.officers.n = cards.n;
    if (offices.n) {
        view.office = offices.organisation[0].name;
        form_default(rq, "to", str_printf(rq->arena, "%" PRId64, offices.organisation[0].id));
    }
    r = entry_files_form(rq, NULL, MEDIA_STAGE_REFERENCE, &view.attach);
    return r == OK ? respond_view(rq, inquiry_new, &view) : r;
}

/* What came with the form belongs to what was said: the two sides see it, and nobody else. */
enum result inquiry_attach(struct request *rq, int64_t message)
{
    enum result r = media_photos_attach(rq, rq->prepared, STR("inquiry_message"), message, MEDIA_STAGE_REFERENCE, 0);

    return r == OK ? media_documents_attach(rq, rq->prepared, STR("inquiry_message"), message, 0) : r;
}

static enum result ask(struct request *rq)
{
    const struct board_subject *s = rq->subject;
    const struct viewer_residence *home = viewer_residence_in(viewer_of(rq), rq->place);
    const struct inquiry_actor actor = {.person = rq->person, .now = rq->now, .rq = rq};
    struct organisations offices;
    struct inquiry_new what = {
        .board = &s->board,
        .community = rq->place,
        .title = param_text(rq, NEW_TITLE),
        .body = param_text(rq, NEW_BODY),
    };
    int64_t id, message;
    enum result r = home ? inquiry_offices(rq, &s->board, rq->place, &offices) : E_DENIED;

    if (r != OK)
        return r;
    if (offices.n == 0)
        return request_refuse(rq, E_CONFLICT, T_inquiry_nobody_answers);
    for (size_t i = 0; i < offices.n; i++)
        if (param_given(rq, NEW_TO) ? offices.organisation[i].id == param_int(rq, NEW_TO) : i == 0)
            what.organisation = offices.organisation[i].id;
    if (what.organisation == 0)
        return request_invalid(rq, "to", T_inquiry_to_whom);
    what.from = home->building_name;
    what.dwelling = home->dwelling;
    what.estate = home->estate;
    r = inquiry_ask(rq->db, &actor, &what, &id, &message);
    if (r == E_CONFLICT)
        return request_refuse(rq, r, T_inquiry_too_many);
    if (r == OK)
        r = inquiry_attach(rq, message);
    return r == OK ? respond_created(rq, inquiry_url(rq->arena, &s->board, rq->place, id), id, T_inquiry_sent) : r;
}

/* ---- one's own thread ----------------------------------------------------------------------------------------------------------- */

enum { MINE_BEFORE, MINE_PARAMS };
static const struct param mine_params[MINE_PARAMS] = {
    [MINE_BEFORE] = {.name = "before", .kind = PARAM_ID, .doc = "Paging: lines older than this id"},
};

static enum result show_mine(struct request *rq)
{
    const struct inquiry_subject *s = inquiry_of(rq);
    const struct sql_inquiry_get *row = &s->row;
    struct url self = inquiry_url(rq->arena, &s->board, row->community, row->id);
    const struct inquiry_face face = inquiry_face(rq, row);
    struct organisations offices;
    struct officer_cards cards;
    struct organisation organisation;
    struct inquiry_mine_view view = {
        INQUIRY_FACE(face, row),
        .board = board_name(&s->board, rq->lang),
        .self = self,
        .list = board_url(rq->arena, &s->board, row->community),
    };
    enum result r = organisation_get(rq->db, row->organisation, &organisation);

    if (r == OK)
        r = inquiry_thread_fill(rq, row, false, rq->route->handle == show_mine ? param_int(rq, MINE_BEFORE) : 0, self,
                                &view.thread);
    offices = (struct organisations){&organisation, 1};
    if (r == OK)
        r = officer_cards_fill(rq, row->community, &offices, &cards);
    if (r == OK)
        r = entry_files_form(rq, NULL, MEDIA_STAGE_REFERENCE, &view.attach);
    if (r != OK)
        return r;
    view.organisation = organisation.name;
    view.officers.v = cards.v;
    view.officers.n = cards.n;
    if (view.proposed || view.reworded || view.is_public) {
        view.public_title = row->public_title;
        view.public_question = row->public_question;
        view.public_answer = row->public_answer;
        form_default(rq, "title", row->public_title);
        form_default(rq, "question", row->public_question);
    }
    if (view.is_public)
        view.public_url = entry_url(rq->arena, &s->board, row->community, row->entry);
    return respond_view(rq, inquiry_mine, &view);
}

static struct inquiry_actor asker(struct request *rq)
{
    return (struct inquiry_actor){.person = rq->person, .now = rq->now, .rq = rq};
}

static enum result done(struct request *rq, enum result r, enum text flash)
{
    const struct inquiry_subject *s = inquiry_of(rq);

    if (r == E_CONFLICT)
        return request_refuse(rq, r, T_inquiry_moved_on);
    return r == OK ? respond_see_other(rq, inquiry_url(rq->arena, &s->board, s->row.community, s->row.id), flash) : r;
}

enum { SAY_TEXT, SAY_PHOTOS, SAY_DOCUMENTS, SAY_PARAMS };
static const struct param say_params[SAY_PARAMS] = {
    [SAY_TEXT] = {.name = "text", .kind = PARAM_LINES, .required = true, .max = TEXT_MAX, .doc = "What is said"},
    [SAY_PHOTOS] = ENTRY_PARAM_PHOTOS,
    [SAY_DOCUMENTS] = ENTRY_PARAM_DOCUMENTS,
};

static enum result say(struct request *rq)
{
    const struct sql_inquiry_get *row = &inquiry_of(rq)->row;
    const struct inquiry_actor actor = asker(rq);
    int64_t message;
    enum result r = inquiry_say(rq->db, &actor, row->community, row->id, param_text(rq, SAY_TEXT), &message);

    if (r == OK)
        r = inquiry_attach(rq, message);
    return done(rq, r, T_inquiry_said);
}

static enum result close_mine(struct request *rq)
{
    const struct sql_inquiry_get *row = &inquiry_of(rq)->row;
    const struct inquiry_actor actor = asker(rq);

    return done(rq, inquiry_close(rq->db, &actor, row->community, row->id, STR_NONE), T_inquiry_closed);
}

static const struct param reopen_params[] = {
    {.name = "again", .kind = PARAM_LINES, .required = true, .max = TEXT_MAX, .doc = "What is still open"},
};

static enum result reopen(struct request *rq)
{
    const struct sql_inquiry_get *row = &inquiry_of(rq)->row;
    const struct inquiry_actor actor = asker(rq);

    return done(rq, inquiry_reopen(rq->db, &actor, row->community, row->id, param_text(rq, 0)), T_inquiry_reopened);
}

enum { RATE_STARS, RATE_TEXT, RATE_PARAMS };
static const struct param rate_params[RATE_PARAMS] = {
    [RATE_STARS] = {.name = "rating", .kind = PARAM_INT, .required = true, .min = 1, .max = 5, .doc = "Stars"},
    [RATE_TEXT] = {.name = "words",
                   .kind = PARAM_TEXT,
                   .max = REASON_MAX,
                   .doc = "A few words; the organisation reads them"},
};

static enum result rate(struct request *rq)
{
    const struct sql_inquiry_get *row = &inquiry_of(rq)->row;
    const struct inquiry_actor actor = asker(rq);

    return done(
        rq, inquiry_rate(rq->db, &actor, row->community, row->id, param_int(rq, RATE_STARS), param_text(rq, RATE_TEXT)),
        T_inquiry_rated);
}

enum { WORDING_DO, WORDING_TITLE, WORDING_QUESTION, WORDING_PARAMS };
enum { DO_AGREE, DO_REFUSE, DO_EDIT };
static const struct param wording_params[WORDING_PARAMS] = {
    [WORDING_DO] = {.name = "do",
                    .kind = PARAM_CHOICE,
                    .choices = "agree,refuse,edit",
                    .required = true,
                    .doc = "Agrees to the public wording, refuses, or changes it"},
    [WORDING_TITLE] = {.name = "title",
                       .kind = PARAM_TEXT,
                       .min = 2,
                       .max = TITLE_MAX,
                       .doc = "The question in one sentence, as everybody may read it"},
    [WORDING_QUESTION] = {.name = "question",
                          .kind = PARAM_LINES,
                          .max = TEXT_MAX,
                          .doc = "The question, as everybody may read it"},
};

static enum result wording(struct request *rq)
{
    const struct sql_inquiry_get *row = &inquiry_of(rq)->row;
    const struct inquiry_actor actor = asker(rq);

    switch (param_int(rq, WORDING_DO)) {
    case DO_AGREE: return done(rq, inquiry_agree(rq->db, &actor, row->community, row->id), T_inquiry_agreed);
    case DO_REFUSE: return done(rq, inquiry_refuse(rq->db, &actor, row->community, row->id), T_inquiry_refused);
    default: break;
    }
    if (param_text(rq, WORDING_TITLE).len == 0)
        return request_invalid(rq, "title", T_inquiry_wording_needed);
    if (param_text(rq, WORDING_QUESTION).len == 0)
        return request_invalid(rq, "question", T_inquiry_wording_needed);
    return done(rq,
                inquiry_reword(rq->db, &actor, row->community, row->id, param_text(rq, WORDING_TITLE),
                               param_text(rq, WORDING_QUESTION)),
                T_inquiry_reworded);
}

static enum result withdraw(struct request *rq)
{
    const struct sql_inquiry_get *row = &inquiry_of(rq)->row;
    const struct inquiry_actor actor = asker(rq);

    return done(rq, inquiry_withdraw(rq->db, &actor, row->community, row->id), T_inquiry_withdrawn);
}

/* ---- all of one's own ------------------------------------------------------------------------------------------------------------- */

static enum result my_inquiries(struct request *rq)
{
    int64_t before = param_given(rq, MINE_BEFORE) ? param_int(rq, MINE_BEFORE) : INT64_MAX;
    struct sql_inquiry_of_person_rows rows;
    struct me_inquiries_rows *out;
    struct me_inquiries_view view = {0};
    enum result r = sql_inquiry_of_person(rq->db, rq->person, before, PAGE + 1, &rows);

    if (r != OK)
        return r;
    if (rows.n > PAGE) {
        rows.n = PAGE;
        view.more = url_add(rq->arena, url_path(rq->arena, "/me/inquiries"), "before",
                            str_printf(rq->arena, "%" PRId64, rows.row[PAGE - 1].id));
    }
    out = arena_array(rq->arena, struct me_inquiries_rows, rows.n ? rows.n : 1);
    for (size_t i = 0; i < rows.n; i++) {
        const struct sql_inquiry_of_person *row = &rows.row[i];
        struct inquiry_mark m = inquiry_mark(rq, row->state, row->asker_last, row->answered_at, row->answer_due);
        struct board board;

        if ((r = board_get(rq->db, row->board, &board)) != OK)
            return r;
        out[i] = (struct me_inquiries_rows){
            .id = row->id,
            .title = row->title,
            .board = board_name(&board, rq->lang),
            .organisation = row->organisation_name,
            .state = m.word,
            .mark = m.mark,
            .clock = m.clock,
            .at = row->asked_at,
            .url = inquiry_url(rq->arena, &board, row->community, row->id),
        };
    }
    view.rows.v = out;
    view.rows.n = rows.n;
    return respond_view(rq, me_inquiries, &view);
}

/* ---- what is published --------------------------------------------------------------------------------------------------------------- */

static enum result show_public(struct request *rq)
{
    const struct entry_subject *s = rq->subject;
    const struct entry *e = &s->entry;
    struct url self = entry_url(rq->arena, &s->of.board, rq->place, e->id);
    struct sql_inquiry_public_get words;
    struct entry_talk_view talk;
    struct inquiry_public_view view = {
        .id = e->id,
        .title = e->title,
        .board = board_name(&s->of.board, rq->lang),
        .organisation = e->author_from,
        .at = e->published_at,
        .thumbs = e->thumbs,
        .hidden = e->hidden,
        .reason = e->hidden_reason,
        .thumb = url_below(rq->arena, self, "/thumb"),
        .list = board_url(rq->arena, &s->of.board, rq->place),
    };
    enum result r = sql_inquiry_public_get(rq->db, rq->place, e->id, &words); /* E_NOT_FOUND: has been taken back */

    if (r == OK)
        r = entry_talk_fill(rq, 0, 0, &talk);
    if (r != OK)
        return r;
    view.question = words.question;
    view.answer = words.answer;
    view.may = talk.may;
    view.has_thumb = talk.has_thumb;
    view.flag = talk.flag;
    if (talk.runs)
        view.hide = url_below(rq->arena, self, "/hide");
    return respond_view(rq, inquiry_public, &view);
}

#define BOARD "/p/{place}/inquiry/{board:word}"
#define MINE BOARD "/mine/{id}"
#define OWN_WRITE \
    .subject = &inquiry_mine_subject, .need = CAP_OWN, .flags = ROUTE_WRITE, .rate = RATE_WRITE, .again = show_mine

static const struct route routes[] =
    {{HTTP_GET, BOARD, "inquiry.list", .handle = list, .subject = &board_subject, .need = CAP_BOARD_READ,
      PARAMS(list_params), .view = &inquiry_list_info,
      .doc = "Who answers here, one's own questions, and what has been published"},
     {HTTP_GET, BOARD "/new", "inquiry.new", .handle = form_new, .subject = &board_subject, .need = CAP_RESIDENT,
      .flags = ROUTE_PERSONAL, .view = &inquiry_new_info, .doc = "The form for a question"},
     {HTTP_POST, BOARD "/new", "inquiry.ask", .handle = ask, .before = entry_files_prepare, .subject = &board_subject,
      .need = CAP_RESIDENT, PARAMS(new_params), .flags = ROUTE_WRITE | ROUTE_UPLOAD, .rate = RATE_UPLOAD,
      .again = form_new, .doc = "Asks; only the organisation reads it"},
     {HTTP_GET, MINE, "inquiry.mine", .handle = show_mine, .subject = &inquiry_mine_subject, .need = CAP_OWN,
      PARAMS(mine_params), .flags = ROUTE_PERSONAL, .view = &inquiry_mine_info,
      .doc = "One's own question with everything that was said"},
     {HTTP_POST, MINE "/say", "inquiry.say", .handle = say, .before = entry_files_prepare,
      .subject = &inquiry_mine_subject, .need = CAP_OWN, PARAMS(say_params), .flags = ROUTE_WRITE | ROUTE_UPLOAD,
      .rate = RATE_UPLOAD, .again = show_mine, .doc = "Says more"},
     {HTTP_POST, MINE "/close", "inquiry.close", .handle = close_mine, OWN_WRITE, .doc = "Ends one's own question"},
     {HTTP_POST, MINE "/reopen", "inquiry.reopen", .handle = reopen, PARAMS(reopen_params), OWN_WRITE,
      .doc = "Asks on"},
     {HTTP_POST, MINE "/rate", "inquiry.rate", .handle = rate, PARAMS(rate_params), OWN_WRITE,
      .doc = "Rates the answer, once"},
     {HTTP_POST, MINE "/wording", "inquiry.wording", .handle = wording, PARAMS(wording_params), OWN_WRITE,
      .doc = "Agrees to the public wording, refuses it, or changes it"},
     {HTTP_POST, MINE "/withdraw", "inquiry.withdraw", .handle = withdraw, OWN_WRITE,
      .doc = "Takes the consent back: what was published is gone"},
     {HTTP_GET, "/me/inquiries", "me.inquiries", .handle = my_inquiries, .need = CAP_SIGNED_IN, PARAMS(mine_params),
      .flags = ROUTE_PERSONAL, .view = &me_inquiries_info, .doc = "All of one's own questions"},
     {HTTP_GET, BOARD "/{id}", "inquiry.show", .handle = show_public, .subject = &entry_subject, .need = CAP_BOARD_READ,
      .view = &inquiry_public_info, .doc = "A published question with its answer"},
     ENTRY_TAP("inquiry", "thumb", "thumb", CAP_BOARD_TAKE_PART, entry_on_params, 1, show_public,
               "Thumbs up, or takes it back"),
     .handle = entry_post_thumb},
                          ENTRY_TAP("inquiry", "hide", "hide", CAP_BOARD_RUN, entry_hide_params, 2, show_public,
                                    "Hides it with a reason, or shows it again"),
                          .handle = entry_post_hide
}
,
    {HTTP_POST,
     BOARD "/seen",
     "inquiry.seen",
     .handle = entry_post_seen,
     .subject = &board_subject,
     .need = CAP_BOARD_READ,
     .params = entry_seen_params,
     .n_params = 1,
     .flags = ROUTE_WRITE | ROUTE_NO_KEY,
     .rate = RATE_WRITE,
     .doc = "The viewer has looked at the board up to this entry"},
}
;

static enum result ring(struct app *app, struct arena *a)
{
    int64_t rung;

    return clock_ring(app_database(app), a, &inquiry_bell, time_now(), &rung);
}

static const struct job_kind jobs[] = {{"inquiry.clocks", 30 * TIME_SECOND, ring}};

const struct module inquiry_module = {
    .name = "inquiry", .routes = routes, .n_routes = sizeof(routes) / sizeof(routes[0]), .jobs = jobs, .n_jobs = 1};
