/* routes_desk.c: the desk's lists, one report with everything that staff need, and the answer templates. */
#include "boards/report/desk.h"

#include "boards/report/views/desk_list.html.h"
#include "boards/report/views/desk_report.html.h"
#include "boards/report/views/desk_templates.html.h"
#include "civic/calendar/words.h"
#include "civic/media/media.h"
#include "civic/search/search.h"
#include "engine/base/csv.h"
#include "engine/base/ids.h"

enum { DESK_ROWS = 200 };

/* ---- GET /desk ---- */

enum { LIST_LIST, LIST_PARAMS };
static const struct param list_params[LIST_PARAMS] = {
    [LIST_LIST] =
        {.name = "list",
         .kind = PARAM_CHOICE,
         .choices = "today,answer,own,handling,checking,confirming,late",
         .doc =
             "Which list: all that is open, to answer, done by the committee, handed on, to check, waiting for the reporter, late"},
};
enum list { L_TODAY, L_ANSWER, L_OWN, L_HANDLING, L_CHECKING, L_CONFIRMING, L_LATE, L_COUNT };
static const char *const list_words[L_COUNT] = {"today", "answer", "own", "handling", "checking", "confirming", "late"};
static const struct {
    const char *state;
    enum text heading;
} lists[L_COUNT] = {
    [L_TODAY] = {"", T_desk_list_today},
    [L_ANSWER] = {"reported", T_desk_list_answer},
    [L_OWN] = {"answered", T_desk_list_own},
    [L_HANDLING] = {"handling", T_desk_list_handling},
    [L_CHECKING] = {"checking", T_desk_list_checking},
    [L_CONFIRMING] = {"confirming", T_desk_list_confirming},
    [L_LATE] = {"", T_desk_list_late},
};

static struct url desk_url(struct arena *a, int64_t community, int64_t id)
{
    return url_path(a, "/desk/report/%" PRId64 "/%" PRId64, community, id);
}

static struct url anchor(struct arena *a, struct url base, const char *name)
{
    return url_below(a, base, str_cstr(a, str_printf(a, "#%s", name)));
}

/* Whose turn it is, in a few words: 待回应 · 5 户; 海江物业：未接单; 退回，等您安排. */
static struct str whose_turn(struct request *rq, const struct sql_report_desk *row)
{
    enum text key = T_desk_turn_answer;

    if (str_eq(row->state, STR("answered")))
        key = T_desk_turn_own;
    else if (str_eq(row->state, STR("handling")))
        key = row->sent_back    ? T_desk_turn_sent_back
            : row->extensions   ? T_desk_turn_extension
            : row->not_accepted ? T_desk_turn_not_accepted
                                : T_desk_turn_handling;
    else if (str_eq(row->state, STR("checking")))
        key = T_desk_turn_check;
    else if (str_eq(row->state, STR("confirming")))
        key = T_desk_turn_confirm;
    return text_format(rq->arena, rq->lang, key, TEXT_STR("who", row->lead_name), TEXT_INT("n", row->joined));
}

static enum result committee_list(struct request *rq, const struct viewer_post *post, enum list list,
                                  struct desk_list_view *view)
{
    struct sql_report_desk_rows rows;
    struct desk_row_view *out;
    size_t n = 0;
    enum result r = sql_report_desk(rq->db, post->place, DESK_ROWS, &rows);

    if (r != OK)
        return r;
    out = arena_array(rq->arena, struct desk_row_view, rows.n ? rows.n : 1);
    for (size_t i = 0; i < rows.n; i++) {
        const struct sql_report_desk *row = &rows.row[i];
        struct report_times times = {row->state,       STR_NONE, row->answer_due, row->due_at,
                                     row->confirm_due, 0,        row->reported_at};
        struct report_mark m = report_mark(rq, &times);
        struct url url = desk_url(rq->arena, post->place, row->id);

        if (lists[list].state[0] && !str_eq(row->state, str_from_cstr(lists[list].state)))
            continue;
        if (list == L_LATE && !m.late)
            continue;
        out[n] = (struct desk_row_view){
            .id = row->id,
            .place = post->place,
            .url = url,
            .number = row->number,
            .title = row->title,
            .mark = m.mark,
            .late = m.late,
            .state = m.clock.len ? m.clock : text(rq->lang, m.word),
            .who = whose_turn(rq, row),
        };
        if (str_eq(row->state, STR("reported")))
            out[n].answer = anchor(rq->arena, url, "ans");
        if (str_eq(row->state, STR("reported")) || str_eq(row->state, STR("answered")) || row->sent_back)
            out[n].hand_off = anchor(rq->arena, url, "ho");
        if (str_eq(row->state, STR("checking")))
            out[n].check = anchor(rq->arena, url, "check");
        n++;
    }
    view->rows.v = out;
    view->rows.n = n;
    return OK;
}

static enum result handler_list(struct request *rq, const struct viewer_post *post, struct desk_list_view *view)
{
    struct sql_work_order_desk_rows rows;
    struct desk_row_view *out;
    enum result r = sql_work_order_desk(rq->db, post->organisation, DESK_ROWS, &rows);

    if (r != OK)
        return r;
    out = arena_array(rq->arena, struct desk_row_view, rows.n ? rows.n : 1);
    for (size_t i = 0; i < rows.n; i++) {
        const struct sql_work_order_desk *row = &rows.row[i];
        bool handed = str_eq(row->state, STR("handed"));
        int64_t due = handed && row->accept_due < row->due_at ? row->accept_due : row->due_at;

        out[i] = (struct desk_row_view){
            .id = row->report,
            .place = row->community,
            .url = desk_url(rq->arena, row->community, row->report),
            .number = row->number,
            .title = row->title,
            .late = rq->now > due,
            .mark = rq->now > due                 ? STR("late")
                  : due - rq->now < 8 * TIME_HOUR ? STR("wait")
                                                  : STR("doing"),
            .state = calendar_deadline_words(rq->arena, rq->lang, calendar_now(), rq->now, due, LIMIT_WORK_DAY),
            .who = text_format(rq->arena, rq->lang,
                               handed      ? T_desk_turn_accept
                               : row->lead ? T_desk_turn_do_lead
                                           : T_desk_turn_do,
                               TEXT_STR("where", row->spot)),
        };
    }
    view->rows.v = out;
    view->rows.n = rows.n;
    return OK;
}

static enum result supervisor_list(struct request *rq, const struct viewer_post *post, struct desk_list_view *view)
{
    struct sql_report_desk_below_rows rows;
    struct desk_row_view *out;
    int64_t from, to;
    enum result r;

    place_range(post->place, &from, &to);
    if ((r = sql_report_desk_below(rq->db, from, to, rq->now, DESK_ROWS, &rows)) != OK)
        return r;
    out = arena_array(rq->arena, struct desk_row_view, rows.n ? rows.n : 1);
    for (size_t i = 0; i < rows.n; i++) {
        const struct sql_report_desk_below *row = &rows.row[i];
        struct report_times times = {row->state, STR_NONE, row->answer_due, row->due_at, 0, 0, row->reported_at};
        struct report_mark m = report_mark(rq, &times);
        struct place place = {0};

        if ((r = place_get(rq->db, row->community, &place)) != OK && r != E_NOT_FOUND)
            return r;
        /* District and city see what everybody sees: who is behind a report is the business of those who handle it. */
        out[i] = (struct desk_row_view){
            .id = row->id,
            .place = row->community,
            .url = access_allowed(viewer_of(rq), CAP_REPORT_STAFF, row->community, NULL)
                     ? desk_url(rq->arena, row->community, row->id)
                     : report_url(rq->arena, row->community, row->id),
            .number = row->number,
            .title = row->title,
            .late = m.late,
            .mark = m.mark,
            .state = m.clock.len ? m.clock : text(rq->lang, m.word),
            .who = place_short_name(place.name),
        };
    }
    view->rows.v = out;
    view->rows.n = rows.n;
    return OK;
}

static enum result list_rows(struct request *rq, const struct viewer_post *post, enum list list,
                             struct desk_list_view *view)
{
    switch (post->role) {
    case ROLE_PARTY_SECRETARY:
    case ROLE_CADRE: return committee_list(rq, post, list, view);
    case ROLE_GRID_OPERATOR:
        if (list == L_LATE)
            return supervisor_list(rq, post, view);
        view->heading = T_desk_list_orders;
        return handler_list(rq, post, view);
    case ROLE_HANDLER:
    case ROLE_COMMUNITY_POLICE: view->heading = T_desk_list_orders; return handler_list(rq, post, view);
    case ROLE_STREET_OFFICER:
    case ROLE_DISTRICT_OFFICER:
    case ROLE_CITY_OFFICER: view->heading = T_desk_list_late; return supervisor_list(rq, post, view);
    default: /* administrators and auditors have no reports */ return OK;
    }
}

/* The list that one came from, for the way back from a report. */
static enum list list_kept(const struct request *rq)
{
    struct str kept = http_cookie(rq->x, STR("desk_list"));

    for (int i = 0; i < L_COUNT; i++)
        if (str_eq(kept, str_from_cstr(list_words[i])))
            return (enum list)i;
    return L_TODAY;
}

static struct url list_url(struct request *rq, const char *path, enum list list)
{
    struct url url = url_path(rq->arena, "/%s", path + 1);

    return list == L_TODAY ? url : url_add(rq->arena, url, "list", str_from_cstr(list_words[list]));
}

static enum list list_asked(const struct request *rq)
{
    return param_given(rq, LIST_LIST) ? (enum list)param_int(rq, LIST_LIST) : L_TODAY;
}

static enum result desk_home(struct request *rq)
{
    const struct viewer_post *post = desk_post(rq);
    enum list list = list_asked(rq);
    struct desk_list_view view = {.heading = lists[list].heading};
    enum result r;

    if (post == NULL)
        return E_DENIED;
    if ((r = list_rows(rq, post, list, &view)) != OK)
        return r;
    view.total = (int64_t)view.rows.n;
    if (view.rows.n)
        view.export = list_url(rq, "/desk/list.csv", list);
    if (list_kept(rq) != list)
        respond_header(rq, STR("Set-Cookie"),
                       str_printf(rq->arena, "desk_list=%s; Path=/desk; HttpOnly; SameSite=Lax%s", list_words[list],
                                  rq->x->secure ? "; Secure" : ""));
    return respond_view(rq, desk_list, &view);
}

/* What is seen, as it is seen: the same rows in the same order. */
static enum result desk_export(struct request *rq)
{
    static const enum text heads[] = {T_desk_csv_number, T_desk_csv_title, T_desk_csv_state, T_desk_csv_who,
                                      T_desk_csv_late};
    const struct viewer_post *post = desk_post(rq);
    struct desk_list_view view = {0};
    struct buf b;
    enum result r;

    if (post == NULL)
        return E_DENIED;
    if ((r = list_rows(rq, post, list_asked(rq), &view)) != OK)
        return r;
    buf_init(&b, rq->arena, 4096, 1 << 20);
    csv_begin(&b);
    for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
        csv_put(&b, text(rq->lang, heads[i]), i == 0);
    csv_end_row(&b);
    for (size_t i = 0; i < view.rows.n; i++) {
        const struct desk_row_view *row = &view.rows.v[i];

        csv_put(&b, row->number, true);
        csv_put(&b, row->title, false);
        csv_put(&b, row->state, false);
        csv_put(&b, row->who, false);
        csv_put(&b, row->late ? text(rq->lang, T_desk_csv_is_late) : STR_NONE, false);
        csv_end_row(&b);
    }
    respond_header(rq, STR("Content-Disposition"), STR("attachment; filename=\"desk.csv\""));
    return respond_bytes(rq, 200, STR("text/csv; charset=utf-8"), buf_str(&b));
}

/* ---- the left column: the numbers of the lists ---- */

static enum result counts(struct request *rq, const struct viewer_post *post, struct sql_report_desk_counts *ret)
{
    return sql_report_desk_counts(rq->db, post->place, rq->now, ret);
}

#define COUNT_OF(NAME, WAITING, LATE)                                                                 \
    static enum result NAME(struct request *rq, const struct viewer_post *post, int64_t *ret_waiting, \
                            int64_t *ret_late)                                                        \
    {                                                                                                 \
        struct sql_report_desk_counts c;                                                              \
        enum result r = counts(rq, post, &c);                                                         \
                                                                                                      \
        if (r == OK) {                                                                                \
            *ret_waiting = WAITING;                                                                   \
            *ret_late = LATE;                                                                         \
        }                                                                                             \
        return r;                                                                                     \
    }
COUNT_OF(count_today, c.to_answer + c.answered + c.handling + c.checking + c.confirming, 0)
COUNT_OF(count_answer, c.to_answer, c.to_answer_late)
COUNT_OF(count_own, c.answered, 0)
COUNT_OF(count_handling, c.handling, 0)
COUNT_OF(count_checking, c.checking, 0)
COUNT_OF(count_confirming, c.confirming, 0)
COUNT_OF(count_late, c.late + c.to_answer_late, c.late + c.to_answer_late)

static enum result count_orders(struct request *rq, const struct viewer_post *post, int64_t *ret_waiting,
                                int64_t *ret_late)
{
    struct sql_work_order_desk_counts c;
    enum result r = sql_work_order_desk_counts(rq->db, post->organisation, rq->now, &c);

    if (r == OK) {
        *ret_waiting = c.to_accept + c.accepted;
        *ret_late = c.late;
    }
    return r;
}

static enum result count_below(struct request *rq, const struct viewer_post *post, int64_t *ret_waiting,
                               int64_t *ret_late)
{
    struct sql_report_desk_below_rows rows;
    int64_t from, to;
    enum result r;

    place_range(post->place, &from, &to);
    r = sql_report_desk_below(rq->db, from, to, rq->now, DESK_ROWS, &rows);
    if (r == OK) {
        *ret_waiting = (int64_t)rows.n;
        *ret_late = (int64_t)rows.n;
    }
    return r;
}

static const struct desk_item items[] = {
    {T_desk_list_today, T_desk_group_today, "/desk", CAP_REPORT_ANSWER, count_today},
    {T_desk_list_answer, T_desk_group_today, "/desk?list=answer", CAP_REPORT_ANSWER, count_answer},
    {T_desk_list_own, T_desk_group_today, "/desk?list=own", CAP_REPORT_ANSWER, count_own},
    {T_desk_list_handling, T_desk_group_today, "/desk?list=handling", CAP_REPORT_ANSWER, count_handling},
    {T_desk_list_checking, T_desk_group_today, "/desk?list=checking", CAP_REPORT_ANSWER, count_checking},
    {T_desk_list_confirming, T_desk_group_today, "/desk?list=confirming", CAP_REPORT_ANSWER, count_confirming},
    {T_desk_list_late, T_desk_group_today, "/desk?list=late", CAP_REPORT_ANSWER, count_late},
    {T_desk_list_orders, T_desk_group_today, "/desk", CAP_REPORT_HANDLE, count_orders},
    {T_desk_list_late, T_desk_group_today, "/desk?list=late", CAP_REPORT_SUPERVISE, count_below},
    {T_desk_templates, T_desk_group_words, "/desk/templates", CAP_TEMPLATE_EDIT, NULL},
};
const struct desk_table report_desk = {items, sizeof(items) / sizeof(items[0])};

/* ---- GET /desk/report/{place}/{id} ---- */

static enum result fill_orders(struct request *rq, const struct report_subject *subject, uint32_t who,
                               struct desk_report_view *view)
{
    const struct viewer *viewer = viewer_of(rq);
    struct sql_work_order_of_report_rows rows;
    struct desk_report_orders *order;
    size_t n = 0;
    enum result r = sql_work_order_of_report(rq->db, rq->place, subject->report.id, &rows);

    if (r != OK)
        return r;
    order = arena_array(rq->arena, struct desk_report_orders, rows.n ? rows.n : 1);
    for (size_t i = 0; i < rows.n; i++) {
        const struct sql_work_order_of_report *row = &rows.row[i];
        const struct viewer_post *post = viewer_post_in(viewer, row->organisation);
        bool handles = post && access_allowed(&(struct viewer){.person = viewer->person, .post = post, .n_posts = 1},
                                              CAP_REPORT_HANDLE, rq->place, &subject->scope);
        uint32_t roles = (who & (WHO_COMMITTEE | WHO_SUPERVISOR)) | (handles ? WHO_HANDLER : 0);
        int state = flow_state_of(&order_flow, row->state);
        const struct flow_step *steps[B_REWORK + 1];
        size_t legal = flow_legal(&order_flow, state, roles, steps, B_REWORK + 1);
        struct desk_report_orders *o = &order[n];

        *o = (struct desk_report_orders){
            .id = row->id,
            .organisation = row->organisation_name,
            .task = row->task,
            .mine = handles,
            .until = row->extension_until,
            .why = row->extension_reason,
            .base = url_path(rq->arena, "/desk/report/%" PRId64 "/%" PRId64 "/order/%" PRId64, rq->place,
                             subject->report.id, row->id),
        };
        for (size_t k = 0; k < legal; k++)
            switch (steps[k]->action) {
            case B_ACCEPT: o->accept = true; break;
            case B_DONE: o->finish = true; break;
            case B_SEND_BACK: o->send_back = true; break;
            case B_ASK_EXTENSION: o->ask = row->extension_until == 0; break;
            case B_GRANT: o->decide = row->extension_until != 0; break;
            case B_WITHDRAW: o->withdraw = true; break;
            case B_PRESS: o->press = true; break;
            default: break;
            }
        n += o->accept || o->finish || o->decide || o->withdraw || o->press;
    }
    view->orders.v = order;
    view->orders.n = n;
    return OK;
}

static enum result fill_lists(struct request *rq, const struct report_subject *subject, struct desk_report_view *view)
{
    const struct sql_report_get *report = &subject->report;
    struct sql_report_of_place_rows past = {0};
    struct sql_report_notes_rows notes;
    struct sql_answer_templates_rows templates;
    struct organisations organisations;
    const struct categories *categories;
    struct media_list media;
    enum result r;

    if ((r = sql_report_notes(rq->db, rq->place, report->id, &notes)) != OK ||
        (r = sql_answer_templates(rq->db, rq->place, &templates)) != OK ||
        (r = organisation_for(rq->db, rq->place, &organisations)) != OK ||
        (r = categories_now(rq->db, &categories)) != OK ||
        (r = media_of_subject(rq->db, rq->place, STR("report"), report->id, &media)) != OK)
        return r;
    if (report->building || report->estate)
        if ((r = sql_report_of_place(rq->db, rq->place, report->estate, report->building, report->id, 5, &past)) != OK)
            return r;
    {
        struct desk_report_notes *v = arena_array(rq->arena, struct desk_report_notes, notes.n ? notes.n : 1);
        for (size_t i = 0; i < notes.n; i++)
            v[i] = (struct desk_report_notes){notes.row[i].shown_name, notes.row[i].organisation_name,
                                              notes.row[i].created_at, notes.row[i].body};
        view->notes.v = v;
        view->notes.n = notes.n;
    }
    {
        struct desk_report_templates *v = arena_array(rq->arena, struct desk_report_templates,
                                                      templates.n ? templates.n : 1);
        for (size_t i = 0; i < templates.n; i++)
            v[i] = (struct desk_report_templates){
                templates.row[i].name,
                url_add(rq->arena, view->base, "template", str_printf(rq->arena, "%" PRId64, templates.row[i].id))};
        view->templates.v = v;
        view->templates.n = templates.n;
    }
    {
        struct desk_report_organisations *v = arena_array(rq->arena, struct desk_report_organisations,
                                                          organisations.n ? organisations.n : 1);
        size_t n = 0;
        for (size_t i = 0; i < organisations.n; i++) {
            const struct organisation *o = &organisations.organisation[i];
            bool open = false;

            if (o->id == report->first_asked_by || str_eq(o->kind, STR("residents_committee")) ||
                str_eq(o->kind, STR("villagers_committee")))
                continue;
            for (size_t k = 0; k < view->orders.n; k++)
                open |= str_eq(view->orders.v[k].organisation, o->name);
            v[n++] = (struct desk_report_organisations){o->id, o->name, open};
        }
        view->organisations.v = v;
        view->organisations.n = n;
    }
    {
        struct desk_report_categories *v = arena_array(rq->arena, struct desk_report_categories,
                                                       categories->n ? categories->n : 1);
        for (size_t i = 0; i < categories->n; i++)
            v[i] = (struct desk_report_categories){categories->category[i].code,
                                                   category_name_in(&categories->category[i], rq->lang)};
        view->categories.v = v;
        view->categories.n = categories->n;
        view->category = category_name(categories, rq->lang, report->category);
    }
    {
        struct desk_report_history *v = arena_array(rq->arena, struct desk_report_history, past.n ? past.n : 1);
        for (size_t i = 0; i < past.n; i++) {
            struct report_times times = {.state = past.row[i].state, .closed_at = past.row[i].closed_at};

            v[i] = (struct desk_report_history){past.row[i].title, desk_url(rq->arena, rq->place, past.row[i].id),
                                                past.row[i].reported_at, report_mark(rq, &times).word};
        }
        view->history.v = v;
        view->history.n = past.n;
    }
    {
        struct desk_report_photos *v = arena_array(rq->arena, struct desk_report_photos, media.n ? media.n : 1);
        for (size_t i = 0; i < media.n; i++)
            v[i] = (struct desk_report_photos){
                url_path(rq->arena, "/media/%" PRId64 "/%" PRId64, rq->place, media.media[i].id),
                url_path(rq->arena, "/media/%" PRId64 "/%" PRId64 "/thumb", rq->place, media.media[i].id)};
        view->photos.v = v;
        view->photos.n = media.n;
    }
    return OK;
}

enum { SHOW_TEMPLATE, SHOW_PARAMS };
static const struct param show_params[SHOW_PARAMS] = {
    [SHOW_TEMPLATE] = {.name = "template", .kind = PARAM_ID, .doc = "Begin the answer with this template"},
};

enum result desk_report_page(struct request *rq)
{
    const struct report_subject *subject = rq->subject;
    const struct sql_report_get *report = &subject->report;
    const struct viewer *viewer = viewer_of(rq);
    struct report_actor actor = report_actor_of(rq, &subject->scope);
    struct report_times times = {report->state,       report->outcome,   report->answer_due, report->due_at,
                                 report->confirm_due, report->closed_at, report->reported_at};
    struct report_mark m = report_mark(rq, &times);
    const struct flow_step *steps[A_TAKE_BACK + 1];
    size_t legal = flow_legal(&report_flow, flow_state_of(&report_flow, report->state),
                              actor.who & (WHO_COMMITTEE | WHO_SUPERVISOR), steps, A_TAKE_BACK + 1);
    struct person_label author = {0};
    struct place place;
    struct desk_report_view view = {
        .id = report->id,
        .place = rq->place,
        .number = report->number,
        .title = report->title,
        .body = report->body,
        .from = report->author_from,
        .reported = report->reported_at,
        .where = report->spot,
        .state = m.word,
        .mark = m.mark,
        .late = m.late,
        .joined = report->joined,
        .hidden = report->hidden,
        .category_code = report->category,
        .public_url = report_url(rq->arena, rq->place, report->id),
        .base = desk_url(rq->arena, rq->place, report->id),
        .list = list_url(rq, "/desk", list_kept(rq)),
        .texts = moderation_history_url(rq, rq->place, "report", report->id),
        .can_look = access_allowed(viewer, CAP_PERSON_LOOK, rq->place, &subject->scope),
        .can_hide = access_allowed(viewer, CAP_MODERATE, rq->place, &subject->scope),
        .first_answer = str_eq(report->state, STR("reported")),
        .need_lead = report->lead_handler == 0,
    };
    enum result r;

    if (subject->moved)
        return respond_see_other(rq, view.base, T_none);
    if (report->original_title.len && !(actor.who & WHO_HANDLER && !(actor.who & (WHO_COMMITTEE | WHO_SUPERVISOR))))
        view.original = str_printf(rq->arena, STR_FMT "\n" STR_FMT, STR_ARG(report->original_title),
                                   STR_ARG(report->original_body));
    if ((r = person_label(rq->db, report->author, rq->place, &author)) != OK && r != E_NOT_FOUND)
        return r;
    view.author = author.name.len ? author.name : text(rq->lang, T_report_somebody);
    if ((r = place_get(rq->db, rq->place, &place)) != OK)
        return r;
    view.place_name = place_short_name(place.name);
    for (size_t i = 0; i < legal; i++)
        switch (steps[i]->action) {
        case A_ANSWER: view.can_answer = true; break;
        case A_HAND_OFF: view.can_hand_off = true; break;
        case A_SOLVE: view.can_solve = true; break;
        case A_PASS: view.can_check = true; break;
        case A_VOID: view.can_void = true; break;
        case A_MERGE: view.can_merge = true; break;
        default: break;
        }
    view.can_answer |= (actor.who & (WHO_COMMITTEE | WHO_HANDLER | WHO_SUPERVISOR)) !=
                       0; /* a note is always possible */
    view.can_sort = actor.who & WHO_COMMITTEE;
    if ((r = fill_orders(rq, subject, actor.who, &view)) != OK || (r = fill_lists(rq, subject, &view)) != OK ||
        (r = report_timeline_fill(rq, rq->place, report->id, true, &view.timeline)) != OK)
        return r;
    report_clock_fill(rq, report, &subject->orders, &view.clock);
    form_default(rq, "category", report->category);
    if (rq->route->params == show_params && param_given(rq, SHOW_TEMPLATE)) {
        struct sql_answer_templates_rows templates;

        if ((r = sql_answer_templates(rq->db, rq->place, &templates)) != OK)
            return r;
        for (size_t i = 0; i < templates.n; i++)
            if (templates.row[i].id == param_int(rq, SHOW_TEMPLATE))
                form_default(rq, "answer", templates.row[i].body);
    }
    return respond_view(rq, desk_report, &view);
}

/* ---- GET /desk/search ---- */

enum { SEARCH_Q, SEARCH_PARAMS };
static const struct param search_params[SEARCH_PARAMS] = {
    [SEARCH_Q] = {.name = "q", .kind = PARAM_TEXT, .required = true, .max = 60, .doc = "A number, or words"},
};

/* At the post's place, and behind it at those that have ended and that it stands for. */
static enum result find_words(struct request *rq, const struct viewer_post *post, struct str words,
                              struct search_hits *ret)
{
    enum { MOST = 100 };
    enum result r = OK;

    *ret = (struct search_hits){arena_array(rq->arena, struct search_entry, MOST * (post->n_stands_for + 1)), 0};
    for (size_t i = 0; r == OK && i <= post->n_stands_for; i++) {
        struct search_hits hits = {0};

        r = search_find(rq->db,
                        &(struct search_question){.words = words,
                                                  .place = i ? post->stands_for[i - 1] : post->place,
                                                  .visibility = SEARCH_STAFF,
                                                  .subject_kind = STR("report"),
                                                  .limit = MOST},
                        &hits);
        for (size_t k = 0; r == OK && k < hits.n; k++)
            ret->hit[ret->n++] = hits.hit[k];
    }
    return r == E_INVALID ? OK : r; /* nothing to look for is nothing found */
}

static enum result find_number(struct request *rq, const struct viewer_post *post, struct str number,
                               struct url *ret_url)
{
    struct sql_report_by_number exact;
    enum result r = E_NOT_FOUND;

    if (place_level_of(post->place) != PLACE_COMMUNITY)
        return E_NOT_FOUND;
    for (size_t i = 0; r == E_NOT_FOUND && i <= post->n_stands_for; i++) {
        int64_t place = i ? post->stands_for[i - 1] : post->place;

        r = sql_report_by_number(rq->db, place, number, &exact);
        if (r == OK)
            *ret_url = desk_url(rq->arena, place, exact.id);
    }
    return r;
}

static enum result desk_search(struct request *rq)
{
    const struct viewer_post *post = desk_post(rq);
    struct str words = param_text(rq, SEARCH_Q);
    struct desk_list_view view = {.heading = T_desk_list_found, .query = words};
    struct search_hits hits = {0};
    struct desk_row_view *out;
    struct url url;
    size_t n = 0;
    enum result r;

    if (post == NULL)
        return E_DENIED;
    if (find_number(rq, post, words, &url) == OK)
        return respond_see_other(rq, url, T_none);
    if ((r = find_words(rq, post, words, &hits)) != OK)
        return r;
    out = arena_array(rq->arena, struct desk_row_view, hits.n ? hits.n : 1);
    for (size_t i = 0; i < hits.n; i++) {
        struct sql_report_get row;
        struct report_times times;
        struct report_mark m;
        struct subject_scope scope = {.place = hits.hit[i].community};
        struct place place = {0};

        if (!access_allowed(viewer_of(rq), CAP_REPORT_STAFF, hits.hit[i].community, &scope))
            continue;
        if ((r = sql_report_get(rq->db, hits.hit[i].community, hits.hit[i].subject, &row)) == E_NOT_FOUND)
            continue;
        if (r != OK || ((r = place_get(rq->db, hits.hit[i].community, &place)) != OK && r != E_NOT_FOUND))
            return r;
        times = (struct report_times){row.state,       row.outcome,   row.answer_due, row.due_at,
                                      row.confirm_due, row.closed_at, row.reported_at};
        m = report_mark(rq, &times);
        out[n++] = (struct desk_row_view){
            .id = row.id,
            .place = hits.hit[i].community,
            .url = desk_url(rq->arena, hits.hit[i].community, row.id),
            .number = row.number,
            .title = row.title,
            .state = text(rq->lang, m.word),
            .mark = m.mark,
            .late = m.late,
            .who = place_short_name(place.name),
        };
    }
    view.rows.v = out;
    view.rows.n = n;
    view.total = (int64_t)n;
    return respond_view(rq, desk_list, &view);
}

/* ---- templates ---- */

static enum result templates_page(struct request *rq)
{
    struct sql_answer_templates_rows rows;
    struct desk_templates_rows *v;
    struct desk_templates_view view = {.add = url_path(rq->arena, "/desk/templates")};
    enum result r = sql_answer_templates(rq->db, rq->place, &rows);

    if (r != OK)
        return r;
    v = arena_array(rq->arena, struct desk_templates_rows, rows.n ? rows.n : 1);
    for (size_t i = 0; i < rows.n; i++)
        v[i] = (struct desk_templates_rows){rows.row[i].id, rows.row[i].name, rows.row[i].body, rows.row[i].used,
                                            url_path(rq->arena, "/desk/templates/%" PRId64 "/drop", rows.row[i].id)};
    view.rows.v = v;
    view.rows.n = rows.n;
    return respond_view(rq, desk_templates, &view);
}

enum { TEMPLATE_NAME, TEMPLATE_BODY, TEMPLATE_PARAMS };
static const struct param template_params[TEMPLATE_PARAMS] = {
    [TEMPLATE_NAME] = {.name = "name", .kind = PARAM_TEXT, .required = true, .max = 20},
    [TEMPLATE_BODY] = {.name = "body", .kind = PARAM_LINES, .required = true, .max = 500},
};

static enum result template_add(struct request *rq)
{
    enum result r = sql_answer_template_put(rq->db, rq->place, id_new(), param_text(rq, TEMPLATE_NAME),
                                            param_text(rq, TEMPLATE_BODY));

    return r == OK ? respond_see_other(rq, url_path(rq->arena, "/desk/templates"), T_desk_flash_template) : r;
}

static enum result template_drop(struct request *rq)
{
    int64_t changed;
    enum result r = sql_answer_template_drop(rq->db, rq->place, rq->path_id[0], &changed);

    if (r == OK && changed == 0)
        r = E_NOT_FOUND;
    return r == OK ? respond_see_other(rq, url_path(rq->arena, "/desk/templates"), T_desk_flash_template_gone) : r;
}

#define PARAMS(table) .params = table, .n_params = sizeof(table) / sizeof((table)[0])

const struct route report_desk_routes[REPORT_DESK_ROUTES] = {
    {HTTP_GET, "/desk", "desk", desk_home, .need = CAP_DESK, PARAMS(list_params), .flags = ROUTE_PERSONAL,
     .view = &desk_list_info, .doc = "What waits for the post that one works as, most urgent first"},
    {HTTP_GET, "/desk/list.csv", "desk.export", desk_export, .need = CAP_DESK, PARAMS(list_params),
     .flags = ROUTE_PERSONAL, .rate = RATE_EXPORT, .doc = "The same list as a table for a spreadsheet"},
    {HTTP_GET, "/desk/search", "desk.search", desk_search, .need = CAP_DESK, PARAMS(search_params),
     .flags = ROUTE_PERSONAL, .view = &desk_list_info,
     .doc = "Reports by number or words, where one has a right to see them"},
    {HTTP_GET, "/desk/report/{place}/{id}", "desk.report", desk_report_page, .subject = &report_subject,
     .need = CAP_REPORT_STAFF, PARAMS(show_params), .flags = ROUTE_PERSONAL, .view = &desk_report_info,
     .doc = "One report with what staff need"},
    {HTTP_GET, "/desk/templates", "desk.templates", templates_page, .subject = &place_of_post,
     .need = CAP_TEMPLATE_EDIT, .flags = ROUTE_PERSONAL, .view = &desk_templates_info,
     .doc = "Answer templates of the community"},
    {HTTP_POST, "/desk/templates", "desk.template.add", template_add, .subject = &place_of_post,
     .need = CAP_TEMPLATE_EDIT, PARAMS(template_params), .flags = ROUTE_WRITE, .rate = RATE_WRITE,
     .again = templates_page, .doc = "Adds a template"},
    {HTTP_POST, "/desk/templates/{id}/drop", "desk.template.drop", template_drop, .subject = &place_of_post,
     .need = CAP_TEMPLATE_EDIT, .flags = ROUTE_WRITE, .rate = RATE_WRITE, .doc = "Removes a template"},
};
