/* routes_desk.c: the desk of an organisation that is asked: its lists, one thread with everything that staff do, and its answer templates. */
#include "boards/inquiry/room.h"
#include "boards/inquiry/views/desk_inquiries.html.h"
#include "boards/inquiry/views/desk_inquiry.html.h"
#include "boards/inquiry/views/desk_inquiry_templates.html.h"
#include "civic/entry/entry.h"
#include "civic/frame/frame.h"
#include "civic/entry/entry_files.h"
#include "civic/person/person_staff.h"
#include "engine/base/ids.h"

enum { DESK_ROWS = 50, ASKED_MAX = 1000 };

/* ---- the organisation of the post that one works by ---------------------------------------------------------------------------- */

struct office_subject {
    struct subject_scope scope; /* first: see access.h */
    int64_t organisation, place;
};

static enum result load_office(struct request *rq)
{
    const struct viewer_post *post = desk_post(rq);
    struct office_subject *s = arena_new(rq->arena, struct office_subject);

    if (post == NULL)
        return E_DENIED;
    s->organisation = post->organisation;
    s->place = post->place;
    s->scope = (struct subject_scope){.place = post->place, .organisation = &s->organisation, .n_organisations = 1};
    rq->place = post->place;
    rq->subject = s;
    return OK;
}
const struct subject_kind inquiry_office_subject = {"inquiry_office", load_office};

/* ---- the lists --------------------------------------------------------------------------------------------------------------------- */

enum { LIST_LIST, LIST_BEFORE, LIST_PARAMS };
static const struct param list_params[LIST_PARAMS] = {
    [LIST_LIST] = {.name = "list",
                   .kind = PARAM_CHOICE,
                   .choices = "asked,talking,closed",
                   .doc = "Waiting for the first answer, in conversation, closed"},
    [LIST_BEFORE] = {.name = "before", .kind = PARAM_ID, .doc = "Paging: questions older than this id"},
};

/* Both statements have the same columns. */
_Static_assert(sizeof(struct sql_inquiry_desk) == sizeof(struct sql_inquiry_desk_asked),
               "the lists have the same columns");

static enum result desk_list(struct request *rq)
{
    static const enum text headings[] = {T_inquiry_desk_asked, T_inquiry_desk_talking, T_inquiry_desk_closed};
    static const char *const states[] = {"asked", "talking", "closed"};
    const struct office_subject *s = rq->subject;
    size_t list = param_given(rq, LIST_LIST) ? (size_t)param_int(rq, LIST_LIST) : 0;
    int64_t before = param_given(rq, LIST_BEFORE) ? param_int(rq, LIST_BEFORE) : INT64_MAX;
    struct desk_inquiries_view view = {.heading = headings[list]};
    struct sql_inquiry_desk_counts counts;
    struct sql_inquiry_desk_rows rows;
    struct sql_inquiry_desk_asked_rows asked;
    struct desk_inquiries_rows *out;
    struct place place;
    enum result r = sql_inquiry_desk_counts(rq->db, s->organisation, rq->now, &counts);

    if (r == OK && list == 0) {
        r = sql_inquiry_desk_asked(rq->db, s->organisation, ASKED_MAX, &asked);
        rows.row = (struct sql_inquiry_desk *)asked.row;
        rows.n = asked.n;
    } else if (r == OK) {
        r = sql_inquiry_desk(rq->db, s->organisation, str_from_cstr(states[list]), before, DESK_ROWS + 1, &rows);
    }
    if (r != OK)
        return r;
    if (list && rows.n > DESK_ROWS) {
        rows.n = DESK_ROWS;
        view.more = url_add(
            rq->arena, url_add(rq->arena, url_path(rq->arena, "/desk/inquiry"), "list", str_from_cstr(states[list])),
            "before", str_printf(rq->arena, "%" PRId64, rows.row[DESK_ROWS - 1].id));
    }
    view.total = list == 0 ? counts.asked : list == 1 ? counts.talking : counts.closed;
    out = arena_array(rq->arena, struct desk_inquiries_rows, rows.n ? rows.n : 1);
    for (size_t i = 0; i < rows.n; i++) {
        const struct sql_inquiry_desk *row = &rows.row[i];
        struct inquiry_mark m = inquiry_mark(rq, row->state, row->asker_last, row->answered_at, row->answer_due);

        if ((r = place_get(rq->db, row->community, &place)) != OK)
            return r;
        out[i] = (struct desk_inquiries_rows){
            .id = row->id,
            .place = row->community,
            .title = row->title,
            .state = m.clock.len ? m.clock : text(rq->lang, m.word),
            .mark = m.mark,
            .late = m.late || row->late,
            .who = str_printf(rq->arena, STR_FMT " · " STR_FMT " · " STR_FMT, STR_ARG(row->shown_name),
                              STR_ARG(row->asker_from), STR_ARG(place_short_name(place.name))),
            .url = inquiry_desk_url(rq->arena, row->community, row->id),
        };
    }
    view.rows.v = out;
    view.rows.n = rows.n;
    return respond_view(rq, desk_inquiries, &view);
}

#define COUNT_OF(NAME, WAITING, LATE)                                                                 \
    static enum result NAME(struct request *rq, const struct viewer_post *post, int64_t *ret_waiting, \
                            int64_t *ret_late)                                                        \
    {                                                                                                 \
        struct sql_inquiry_desk_counts c;                                                             \
        enum result r = sql_inquiry_desk_counts(rq->db, post->organisation, rq->now, &c);             \
                                                                                                      \
        if (r == OK) {                                                                                \
            *ret_waiting = WAITING;                                                                   \
            *ret_late = LATE;                                                                         \
        }                                                                                             \
        return r;                                                                                     \
    }
COUNT_OF(count_asked, c.asked, c.asked_late)
COUNT_OF(count_talking, c.talking, 0)
COUNT_OF(count_closed, c.closed, 0)

static const struct desk_item desk_items[] = {
    {T_inquiry_desk_asked, T_inquiry_desk_group, "/desk/inquiry", CAP_INQUIRY_ANSWER, count_asked},
    {T_inquiry_desk_talking, T_inquiry_desk_group, "/desk/inquiry?list=talking", CAP_INQUIRY_ANSWER, count_talking},
    {T_inquiry_desk_closed, T_inquiry_desk_group, "/desk/inquiry?list=closed", CAP_INQUIRY_ANSWER, count_closed},
    {T_inquiry_officers, T_inquiry_desk_group, "/desk/officers", CAP_INQUIRY_ANSWER, NULL},
    {T_inquiry_templates, T_inquiry_desk_group, "/desk/inquiry/templates", CAP_INQUIRY_ANSWER, NULL},
};
const struct desk_table inquiry_desk = {desk_items, sizeof(desk_items) / sizeof(desk_items[0])};

/* ---- one thread -------------------------------------------------------------------------------------------------------------------- */

enum { SHOW_TEMPLATE, SHOW_BEFORE, SHOW_PARAMS };
static const struct param show_params[SHOW_PARAMS] = {
    [SHOW_TEMPLATE] = {.name = "template", .kind = PARAM_ID, .doc = "Begin the answer with this template"},
    [SHOW_BEFORE] = {.name = "before", .kind = PARAM_ID, .doc = "Paging: lines older than this id"},
};

/* Where the templates of an organisation stand. */
static enum result templates_of(struct request *rq, int64_t organisation, struct organisation *ret_o,
                                struct sql_inquiry_templates_rows *ret)
{
    enum result r = organisation_get(rq->db, organisation, ret_o);

    return r == OK ? sql_inquiry_templates(rq->db, ret_o->place, organisation, ret) : r;
}

static enum result fill_lists(struct request *rq, const struct sql_inquiry_get *row, struct desk_inquiry_view *view)
{
    bool showing = rq->route->params == show_params;
    struct sql_inquiry_templates_rows templates;
    struct organisations there;
    struct organisation own;
    struct desk_inquiry_templates *t;
    struct desk_inquiry_organisations *o;
    size_t n = 0;
    enum result r = templates_of(rq, row->organisation, &own, &templates);

    if (r == OK)
        r = organisation_for(rq->db, row->community, &there);
    if (r != OK)
        return r;
    t = arena_array(rq->arena, struct desk_inquiry_templates, templates.n ? templates.n : 1);
    for (size_t i = 0; i < templates.n; i++) {
        t[i] = (struct desk_inquiry_templates){
            templates.row[i].name,
            url_add(rq->arena, view->base, "template", str_printf(rq->arena, "%" PRId64, templates.row[i].id))};
        if (showing && templates.row[i].id == param_int(rq, SHOW_TEMPLATE)) {
            form_default(rq, "text", templates.row[i].body);
            view->used = templates.row[i].id;
        }
    }
    view->templates.v = t;
    view->templates.n = templates.n;
    o = arena_array(rq->arena, struct desk_inquiry_organisations, there.n ? there.n : 1);
    for (size_t i = 0; i < there.n; i++) {
        struct person_ids readers;

        if (there.organisation[i].id == row->organisation)
            continue;
        if ((r = inquiry_readers(rq->db, there.organisation[i].id, rq->now, &readers)) != OK)
            return r;
        if (readers.n)
            o[n++] = (struct desk_inquiry_organisations){there.organisation[i].id, there.organisation[i].name};
    }
    view->organisations.v = o;
    view->organisations.n = n;
    return OK;
}

static enum result desk_show(struct request *rq)
{
    const struct inquiry_subject *s = inquiry_of(rq);
    const struct sql_inquiry_get *row = &s->row;
    const struct inquiry_face face = inquiry_face(rq, row);
    struct person_label asker = {0};
    struct place place;
    struct desk_inquiry_view view = {
        INQUIRY_FACE(face, row),
        .place = row->community,
        .from = row->asker_from,
        .asked = row->asked_at,
        .board = board_name(&s->board, rq->lang),
        .may_close = str_eq(row->state, STR("talking")),
        .may_propose = row->answered_at &&
                       (face.sharing == S_PRIVATE || face.sharing == S_PROPOSED || face.sharing == S_REWORDED),
        .refused = face.sharing == S_REFUSED,
        .public_title = row->public_title,
        .public_question = row->public_question,
        .public_answer = row->public_answer,
        .base = inquiry_desk_url(rq->arena, row->community, row->id),
        .list = url_path(rq->arena, "/desk/inquiry"),
    };
    enum result r = person_label(rq->db, row->asker, row->community, &asker);

    if (r == OK || r == E_NOT_FOUND)
        r = place_get(rq->db, row->community, &place);
    if (r == OK)
        r = inquiry_thread_fill(rq, row, true, rq->route->params == show_params ? param_int(rq, SHOW_BEFORE) : 0,
                                view.base, &view.thread);
    if (r == OK)
        r = fill_lists(rq, row, &view);
    if (r == OK)
        r = entry_files_form(rq, NULL, MEDIA_STAGE_REFERENCE, &view.attach);
    if (r != OK)
        return r;
    view.asker = asker.name;
    view.place_name = place_short_name(place.name);
    if (view.is_public)
        view.public_url = entry_url(rq->arena, &s->board, row->community, row->entry);
    form_default(rq, "title", row->public_title.len ? row->public_title : row->title);
    form_default(rq, "question", row->public_question);
    form_default(rq, "public_answer", row->public_answer);
    return respond_view(rq, desk_inquiry, &view);
}

static struct inquiry_actor office(struct request *rq)
{
    return (struct inquiry_actor){
        .person = rq->person, .organisation = inquiry_of(rq)->row.organisation, .now = rq->now, .rq = rq};
}

static enum result done(struct request *rq, enum result r, struct url to, enum text flash)
{
    if (r == E_CONFLICT)
        return request_refuse(rq, r, T_inquiry_moved_on);
    return r == OK ? respond_see_other(rq, to, flash) : r;
}

static struct url here(struct request *rq)
{
    return inquiry_desk_url(rq->arena, inquiry_of(rq)->row.community, inquiry_of(rq)->row.id);
}

enum { ANSWER_TEXT, ANSWER_USED, ANSWER_PHOTOS, ANSWER_DOCUMENTS, ANSWER_PARAMS };
static const struct param answer_params[ANSWER_PARAMS] = {
    [ANSWER_TEXT] = {.name = "text",
                     .kind = PARAM_LINES,
                     .required = true,
                     .max = TEXT_MAX,
                     .doc = "The answer; the resident reads it"},
    [ANSWER_USED] = {.name = "used", .kind = PARAM_ID, .doc = "The template that it began with"},
    [ANSWER_PHOTOS] = ENTRY_PARAM_PHOTOS,
    [ANSWER_DOCUMENTS] = ENTRY_PARAM_DOCUMENTS,
};

static enum result answer(struct request *rq)
{
    const struct sql_inquiry_get *row = &inquiry_of(rq)->row;
    const struct inquiry_actor actor = office(rq);
    struct organisation own;
    int64_t message;
    enum result r = inquiry_answer(rq->db, &actor, row->community, row->id, param_text(rq, ANSWER_TEXT), &message);

    if (r == OK)
        r = inquiry_attach(rq, message);
    if (r == OK && param_given(rq, ANSWER_USED)) {
        r = organisation_get(rq->db, row->organisation, &own);
        if (r == OK)
            r = sql_inquiry_template_use(rq->db, own.place, param_int(rq, ANSWER_USED), own.id);
    }
    return done(rq, r, here(rq), T_inquiry_answered);
}

enum { TRANSFER_TO, TRANSFER_REASON, TRANSFER_PARAMS };
static const struct param transfer_params[TRANSFER_PARAMS] = {
    [TRANSFER_TO] = {.name = "to", .kind = PARAM_ID, .required = true, .doc = "The organisation"},
    [TRANSFER_REASON] = {.name = "reason",
                         .kind = PARAM_TEXT,
                         .required = true,
                         .min = 2,
                         .max = REASON_MAX,
                         .doc = "Why; the resident reads it"},
};

static enum result transfer(struct request *rq)
{
    const struct sql_inquiry_get *row = &inquiry_of(rq)->row;
    const struct inquiry_actor actor = office(rq);
    enum result r = inquiry_transfer(rq->db, &actor, row->community, row->id, param_int(rq, TRANSFER_TO),
                                     param_text(rq, TRANSFER_REASON));

    if (r == E_INVALID)
        return request_invalid(rq, "to", T_inquiry_not_to_them);
    return done(rq, r, url_path(rq->arena, "/desk/inquiry"), T_inquiry_transferred); /* it is not ours any more */
}

static const struct param close_params[] = {
    {.name = "closing", .kind = PARAM_LINES, .max = TEXT_MAX, .doc = "A last word; the resident reads it"},
};

static enum result close_it(struct request *rq)
{
    const struct sql_inquiry_get *row = &inquiry_of(rq)->row;
    const struct inquiry_actor actor = office(rq);

    return done(rq, inquiry_close(rq->db, &actor, row->community, row->id, param_text(rq, 0)), here(rq),
                T_inquiry_closed);
}

enum { PROPOSE_TITLE, PROPOSE_QUESTION, PROPOSE_ANSWER, PROPOSE_PARAMS };
static const struct param propose_params[PROPOSE_PARAMS] = {
    [PROPOSE_TITLE] = {.name = "title",
                       .kind = PARAM_TEXT,
                       .required = true,
                       .min = 2,
                       .max = TITLE_MAX,
                       .doc = "The question in one sentence, as everybody may read it"},
    [PROPOSE_QUESTION] = {.name = "question",
                          .kind = PARAM_LINES,
                          .required = true,
                          .max = TEXT_MAX,
                          .doc = "The question, as everybody may read it"},
    [PROPOSE_ANSWER] = {.name = "public_answer",
                        .kind = PARAM_LINES,
                        .required = true,
                        .max = TEXT_MAX,
                        .doc = "The answer, as everybody may read it"},
};

static enum result propose(struct request *rq)
{
    const struct sql_inquiry_get *row = &inquiry_of(rq)->row;
    const struct inquiry_actor actor = office(rq);
    const struct wording w = {param_text(rq, PROPOSE_TITLE), param_text(rq, PROPOSE_QUESTION),
                              param_text(rq, PROPOSE_ANSWER)};

    return done(rq, inquiry_propose(rq->db, &actor, row->community, row->id, &w), here(rq), T_inquiry_proposed_flash);
}

static enum result recall(struct request *rq)
{
    const struct sql_inquiry_get *row = &inquiry_of(rq)->row;
    const struct inquiry_actor actor = office(rq);

    return done(rq, inquiry_recall(rq->db, &actor, row->community, row->id), here(rq), T_inquiry_recalled);
}

static enum result publish(struct request *rq)
{
    const struct sql_inquiry_get *row = &inquiry_of(rq)->row;
    const struct inquiry_actor actor = office(rq);

    return done(rq, inquiry_accept(rq->db, &actor, row->community, row->id), here(rq), T_inquiry_agreed);
}

/* ---- templates ----------------------------------------------------------------------------------------------------------------------- */

static enum result templates_page(struct request *rq)
{
    const struct office_subject *s = rq->subject;
    struct sql_inquiry_templates_rows rows;
    struct desk_inquiry_templates_rows *v;
    struct desk_inquiry_templates_view view = {.add = url_path(rq->arena, "/desk/inquiry/templates")};
    enum result r = sql_inquiry_templates(rq->db, s->place, s->organisation, &rows);

    if (r != OK)
        return r;
    v = arena_array(rq->arena, struct desk_inquiry_templates_rows, rows.n ? rows.n : 1);
    for (size_t i = 0; i < rows.n; i++)
        v[i] = (struct desk_inquiry_templates_rows){
            rows.row[i].id, rows.row[i].name, rows.row[i].body, rows.row[i].used,
            url_path(rq->arena, "/desk/inquiry/templates/%" PRId64 "/drop", rows.row[i].id)};
    view.rows.v = v;
    view.rows.n = rows.n;
    return respond_view(rq, desk_inquiry_templates, &view);
}

enum { TEMPLATE_NAME, TEMPLATE_BODY, TEMPLATE_PARAMS };
static const struct param template_params[TEMPLATE_PARAMS] = {
    [TEMPLATE_NAME] = {.name = "name", .kind = PARAM_TEXT, .required = true, .max = 20, .doc = "What it is chosen by"},
    [TEMPLATE_BODY] = {.name = "body", .kind = PARAM_LINES, .required = true, .max = 500, .doc = "The words"},
};

static enum result template_add(struct request *rq)
{
    const struct office_subject *s = rq->subject;
    enum result r = sql_inquiry_template_put(rq->db, s->place, id_new(), s->organisation, param_text(rq, TEMPLATE_NAME),
                                             param_text(rq, TEMPLATE_BODY));

    return r == OK ? respond_see_other(rq, url_path(rq->arena, "/desk/inquiry/templates"), T_inquiry_template_added)
                   : r;
}

static enum result template_drop(struct request *rq)
{
    const struct office_subject *s = rq->subject;
    int64_t changed;
    enum result r = sql_inquiry_template_drop(rq->db, s->place, rq->path_id[0], s->organisation, &changed);

    if (r == OK && changed == 0)
        r = E_NOT_FOUND;
    return r == OK ? respond_see_other(rq, url_path(rq->arena, "/desk/inquiry/templates"), T_inquiry_template_gone) : r;
}

#define ONE "/desk/inquiry/{place}/{id}"
#define STAFF_WRITE                                                                                         \
    .subject = &inquiry_desk_subject, .need = CAP_INQUIRY_ANSWER, .flags = ROUTE_WRITE, .rate = RATE_WRITE, \
    .again = desk_show
#define OFFICE .subject = &inquiry_office_subject, .need = CAP_INQUIRY_ANSWER

static const struct route routes[] = {
    {HTTP_GET, "/desk/inquiry", "desk.inquiries", .handle = desk_list, OFFICE, PARAMS(list_params),
     .flags = ROUTE_PERSONAL, .view = &desk_inquiries_info,
     .doc = "What the organisation of one's post has been asked"},
    {HTTP_GET, ONE, "desk.inquiry", .handle = desk_show, .subject = &inquiry_desk_subject, .need = CAP_INQUIRY_ANSWER,
     PARAMS(show_params), .flags = ROUTE_PERSONAL, .view = &desk_inquiry_info,
     .doc = "One question with everything that staff need"},
    {HTTP_POST, ONE "/answer", "desk.inquiry.answer", .handle = answer, .before = entry_files_prepare,
     .subject = &inquiry_desk_subject, .need = CAP_INQUIRY_ANSWER, PARAMS(answer_params),
     .flags = ROUTE_WRITE | ROUTE_UPLOAD, .rate = RATE_UPLOAD, .again = desk_show,
     .doc = "Answers; only the resident reads it"},
    {HTTP_POST, ONE "/transfer", "desk.inquiry.transfer", .handle = transfer, PARAMS(transfer_params), STAFF_WRITE,
     .doc = "Hands it to another organisation, with a reason that the resident reads"},
    {HTTP_POST, ONE "/close", "desk.inquiry.close", .handle = close_it, PARAMS(close_params), STAFF_WRITE,
     .doc = "Ends the conversation"},
    {HTTP_POST, ONE "/propose", "desk.inquiry.propose", .handle = propose, PARAMS(propose_params), STAFF_WRITE,
     .doc = "Proposes a public wording to the resident, who agrees or not"},
    {HTTP_POST, ONE "/recall", "desk.inquiry.recall", .handle = recall, STAFF_WRITE, .doc = "Takes the proposal back"},
    {HTTP_POST, ONE "/publish", "desk.inquiry.publish", .handle = publish, STAFF_WRITE,
     .doc = "Publishes the wording that the resident has changed"},
    {HTTP_GET, "/desk/inquiry/templates", "desk.inquiry.templates", .handle = templates_page, OFFICE,
     .flags = ROUTE_PERSONAL, .view = &desk_inquiry_templates_info, .doc = "Answer templates of the organisation"},
    {HTTP_POST, "/desk/inquiry/templates", "desk.inquiry.template.add", .handle = template_add, OFFICE,
     PARAMS(template_params), .flags = ROUTE_WRITE, .rate = RATE_WRITE, .again = templates_page,
     .doc = "Adds a template"},
    {HTTP_POST, "/desk/inquiry/templates/{id}/drop", "desk.inquiry.template.drop", .handle = template_drop, OFFICE,
     .flags = ROUTE_WRITE, .rate = RATE_WRITE, .doc = "Removes a template"},
};
const struct module inquiry_desk_module = {
    .name = "inquiry.desk", .routes = routes, .n_routes = sizeof(routes) / sizeof(routes[0])};
