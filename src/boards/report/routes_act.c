/* routes_act.c: what staff do with a report and its work orders. */
#include "boards/report/desk.h"

#include "civic/media/media_form.h"
#include "boards/report/views/desk_person.html.h"

static const struct report_subject *subject_of(const struct request *rq)
{
    return rq->subject;
}

static struct url desk_report_url(struct request *rq)
{
    return url_path(rq->arena, "/desk/report/%" PRId64 "/%" PRId64, rq->place, subject_of(rq)->report.id);
}

/* Every action ends here: back to the report, or words for why it could not be. */
static enum result done(struct request *rq, enum result r, enum text flash)
{
    if (r == E_CONFLICT)
        return request_refuse(rq, r, T_desk_moved_on);
    return r == OK ? respond_see_other(rq, desk_report_url(rq), flash) : r;
}

static struct report_actor actor_of(struct request *rq)
{
    return report_actor_of(rq, &subject_of(rq)->scope);
}

/* ---- the report ---- */

enum { ANSWER_ANSWER, ANSWER_KIND, ANSWER_PARAMS };
static const struct param answer_params[ANSWER_PARAMS] = {
    [ANSWER_ANSWER] = {.name = "answer", .kind = PARAM_LINES, .required = true, .max = 1000, .doc = "The words"},
    [ANSWER_KIND] = {.name = "kind",
                     .kind = PARAM_CHOICE,
                     .choices = "public,solved,explained,note",
                     .doc = "A public answer, solved by the committee, explained, or a note among staff"},
};

static enum result answer(struct request *rq)
{
    struct report_actor actor = actor_of(rq);
    int64_t id = subject_of(rq)->report.id;
    struct str words = param_text(rq, ANSWER_ANSWER);

    switch (param_given(rq, ANSWER_KIND) ? param_int(rq, ANSWER_KIND) : 0) {
    case 1: return done(rq, report_solve(rq->db, &actor, rq->place, id, words, false, NULL), T_desk_flash_solved);
    case 2: return done(rq, report_solve(rq->db, &actor, rq->place, id, words, true, NULL), T_desk_flash_explained);
    case 3: return done(rq, report_note(rq->db, &actor, rq->place, id, words), T_desk_flash_noted);
    default: return done(rq, report_answer(rq->db, &actor, rq->place, id, words), T_desk_flash_answered);
    }
}

enum { HAND_LEAD, HAND_WITH, HAND_TASK, HAND_TEXT, HAND_DUE, HAND_DUE_REASON, HAND_FAST, HAND_PARAMS };
static const struct param hand_params[HAND_PARAMS] = {
    [HAND_LEAD] = {.name = "lead", .kind = PARAM_ID, .doc = "The organisation that answers for the whole"},
    [HAND_WITH] = {.name = "with", .kind = PARAM_LIST, .max = 8, .doc = "Further organisations"},
    [HAND_TASK] = {.name = "task", .kind = PARAM_LINES, .required = true, .max = 500, .doc = "What is asked of them"},
    [HAND_TEXT] = {.name = "text",
                   .kind = PARAM_LINES,
                   .max = 1000,
                   .doc = "The public answer; needed while nothing has been answered"},
    [HAND_DUE] = {.name = "due", .kind = PARAM_TIME, .doc = "Deadline; the category's when left out"},
    [HAND_DUE_REASON] = {.name = "due_reason",
                         .kind = PARAM_TEXT,
                         .max = 200,
                         .doc = "Why the deadline is not the category's"},
    [HAND_FAST] = {.name = "fast_track", .kind = PARAM_BOOL, .doc = "Straight to a department (直通快办)"},
};

static bool may_be_handed(const struct organisations *organisations, int64_t id)
{
    for (size_t i = 0; i < organisations->n; i++)
        if (organisations->organisation[i].id == id)
            return true;
    return false;
}

static enum result hand_off(struct request *rq)
{
    const struct sql_report_get *report = &subject_of(rq)->report;
    struct report_actor actor = actor_of(rq);
    struct report_hand_off h = {.text = param_text(rq, HAND_TEXT), .due_reason = param_text(rq, HAND_DUE_REASON)};
    struct organisations organisations;
    const int64_t *with = NULL;
    size_t n_with = param_list(rq, HAND_WITH, &with);
    int64_t lead = param_given(rq, HAND_LEAD) ? param_int(rq, HAND_LEAD) : 0;
    enum result r = organisation_for(rq->db, rq->place, &organisations);

    if (r != OK)
        return r;
    if (lead)
        h.to[h.n++].organisation = lead;
    for (size_t i = 0; i < n_with; i++)
        if (with[i] != lead && h.n < 8)
            h.to[h.n++].organisation = with[i];
    if (h.n == 0)
        return request_invalid(rq, "lead", T_desk_choose_lead);
    if (lead == 0 && report->lead_handler == 0)
        return request_invalid(rq, "lead", T_desk_choose_lead);
    if (report->answered_at == 0 && h.text.len == 0)
        return request_invalid(rq, "text", T_desk_answer_first);
    if (param_given(rq, HAND_DUE) && param_int(rq, HAND_DUE) <= rq->now)
        return request_invalid(rq, "due", T_desk_due_past);
    if (param_given(rq, HAND_DUE) && h.due_reason.len == 0)
        return request_invalid(rq, "due_reason", T_desk_due_why);
    for (size_t i = 0; i < h.n; i++) {
        if (!may_be_handed(&organisations, h.to[i].organisation))
            return request_invalid(rq, "with", T_desk_not_for_you);
        h.to[i].task = param_text(rq, HAND_TASK);
        h.to[i].due_at = param_given(rq, HAND_DUE) ? param_int(rq, HAND_DUE) : 0;
        h.to[i].lead = h.to[i].organisation == lead;
        h.to[i].fast_track = param_int(rq, HAND_FAST);
    }
    return done(rq, report_hand_off(rq->db, &actor, rq->place, report->id, &h), T_desk_flash_handed);
}

enum { CHECK_PASSED, CHECK_TEXT, CHECK_PARAMS };
static const struct param check_params[CHECK_PARAMS] = {
    [CHECK_PASSED] =
        {.name = "passed", .kind = PARAM_CHOICE, .choices = "yes,no", .required = true, .doc = "Is it done?"},
    [CHECK_TEXT] = {.name = "text",
                    .kind = PARAM_TEXT,
                    .max = 300,
                    .doc = "What was found; needed when it is not done"},
};

static enum result check(struct request *rq)
{
    struct report_actor actor = actor_of(rq);
    bool passed = param_int(rq, CHECK_PASSED) == 0;

    if (!passed && param_text(rq, CHECK_TEXT).len == 0)
        return request_invalid(rq, "text", T_desk_need_reason);
    return done(rq,
                report_check(rq->db, &actor, rq->place, subject_of(rq)->report.id, passed, param_text(rq, CHECK_TEXT)),
                passed ? T_desk_flash_passed : T_desk_flash_failed);
}

enum { MERGE_INTO, MERGE_PARAMS };
static const struct param merge_params[MERGE_PARAMS] = {
    [MERGE_INTO] =
        {.name = "into", .kind = PARAM_TEXT, .required = true, .max = 20, .doc = "Number of the leading report"},
};

static enum result merge(struct request *rq)
{
    struct report_actor actor = actor_of(rq);
    struct sql_report_by_number into;
    enum result r = sql_report_by_number(rq->db, rq->place, param_text(rq, MERGE_INTO), &into);

    if (r == E_NOT_FOUND)
        return request_invalid(rq, "into", T_desk_no_such_number);
    if (r == OK)
        r = report_merge(rq->db, &actor, rq->place, subject_of(rq)->report.id, into.id);
    if (r == E_INVALID)
        return request_invalid(rq, "into", T_desk_not_into_that);
    return done(rq, r, T_desk_flash_merged);
}

enum { REASON_REASON, REASON_PARAMS };
static const struct param reason_params[REASON_PARAMS] = {
    [REASON_REASON] = {.name = "reason", .kind = PARAM_TEXT, .required = true, .max = 300, .doc = "Why"},
};

static enum result void_it(struct request *rq)
{
    struct report_actor actor = actor_of(rq);

    return done(rq, report_void(rq->db, &actor, rq->place, subject_of(rq)->report.id, param_text(rq, REASON_REASON)),
                T_desk_flash_voided);
}

enum { HIDE_HIDDEN, HIDE_REASON, HIDE_PARAMS };
static const struct param hide_params[HIDE_PARAMS] = {
    [HIDE_HIDDEN] = {.name = "hidden", .kind = PARAM_BOOL, .doc = "1 hides, 0 shows again"},
    [HIDE_REASON] = {.name = "reason", .kind = PARAM_TEXT, .max = 300, .doc = "Why: the author reads it"},
};

static enum result hide(struct request *rq)
{
    struct report_actor actor = actor_of(rq);
    bool hidden = param_int(rq, HIDE_HIDDEN);

    if (hidden && param_text(rq, HIDE_REASON).len == 0)
        return request_invalid(rq, "reason", T_desk_need_reason);
    return done(rq,
                report_hide(rq->db, &actor, rq->place, subject_of(rq)->report.id, hidden, param_text(rq, HIDE_REASON)),
                hidden ? T_desk_flash_hidden : T_desk_flash_shown);
}

enum { HIDE_COMMENT, HIDE_COMMENT_HIDDEN, HIDE_COMMENT_REASON, HIDE_COMMENT_PARAMS };
static const struct param hide_comment_params[HIDE_COMMENT_PARAMS] = {
    [HIDE_COMMENT] = {.name = "comment", .kind = PARAM_ID, .required = true},
    [HIDE_COMMENT_HIDDEN] = {.name = "hidden", .kind = PARAM_BOOL},
    [HIDE_COMMENT_REASON] = {.name = "reason", .kind = PARAM_TEXT, .max = 300},
};

static enum result hide_comment(struct request *rq)
{
    struct report_actor actor = actor_of(rq);
    bool hidden = param_int(rq, HIDE_COMMENT_HIDDEN);

    if (hidden && param_text(rq, HIDE_COMMENT_REASON).len == 0)
        return request_invalid(rq, "reason", T_desk_need_reason);
    return done(rq,
                report_comment_hide(rq->db, &actor, rq->place, subject_of(rq)->report.id, param_int(rq, HIDE_COMMENT),
                                    hidden, param_text(rq, HIDE_COMMENT_REASON)),
                hidden ? T_desk_flash_hidden : T_desk_flash_shown);
}

enum { CATEGORY_CATEGORY, CATEGORY_PARAMS };
static const struct param category_params[CATEGORY_PARAMS] = {
    [CATEGORY_CATEGORY] =
        {.name = "category", .kind = PARAM_TEXT, .required = true, .max = 40, .doc = "Code of the category"},
};

static enum result recategorise(struct request *rq)
{
    const struct sql_report_get *report = &subject_of(rq)->report;
    struct report_actor actor = actor_of(rq);
    const struct category *category;
    struct report_event event = {.verb = "recategorised", .report = report->id, .staff = true, .silent = true};
    enum result r = category_get(rq->db, param_text(rq, CATEGORY_CATEGORY), &category);

    if (r == E_NOT_FOUND)
        return request_invalid(rq, "category", T_report_write_category_unknown);
    if (r != OK)
        return r;
    event.detail = str_printf(rq->arena, "{\"from\":\"" STR_FMT "\",\"to\":\"" STR_FMT "\"}", STR_ARG(report->category),
                              STR_ARG(category->code));
    r = sql_report_set_category(rq->db, rq->place, report->id, category->code,
                                report->grade > category->grade ? report->grade : category->grade);
    if (r == OK)
        r = report_record(rq->db, &actor, rq->place, &event, NULL);
    return done(rq, r, T_desk_flash_sorted);
}

enum { LOOK_WHY, LOOK_PARAMS };
static const struct param look_params[LOOK_PARAMS] = {
    [LOOK_WHY] = {.name = "why",
                  .kind = PARAM_TEXT,
                  .required = true,
                  .min = 2,
                  .max = 100,
                  .doc = "Why the person behind the name is looked at"},
};

/* A look is a write: it goes to the ledger, and is shown only when it stands there. */
static enum result look(struct request *rq)
{
    struct person_identity identity = {0};
    struct desk_person_view view = {.reason = param_text(rq, LOOK_WHY), .back = desk_report_url(rq)};
    enum result r = person_look(rq, subject_of(rq)->report.author, rq->place, param_text(rq, LOOK_WHY), &identity);

    if (r != OK)
        return r;
    view.name = identity.name;
    view.phone = identity.phone;
    if (identity.phone.len)
        view.call = url_tel(rq->arena, identity.phone);
    return respond_view(rq, desk_person, &view);
}

/* ---- work orders: /desk/report/{place}/{id}/order/{order}/… ---- */

/* The viewer acts for the organisation of the order where it has a post there, else as the committee or those above. */
static enum result order_actor(struct request *rq, struct report_actor *ret_actor)
{
    struct sql_work_order_get order;
    const struct viewer_post *post;
    struct report_actor actor = actor_of(rq);
    enum result r = sql_work_order_get(rq->db, rq->place, rq->path_id[2], &order);

    if (r != OK)
        return r;
    if (order.report != subject_of(rq)->report.id)
        return E_NOT_FOUND;
    post = viewer_post_in(viewer_of(rq), order.organisation);
    actor.who &= ~(uint32_t)WHO_HANDLER;
    if (post) {
        const struct viewer one = {.person = rq->person, .post = post, .n_posts = 1};

        if (access_allowed(&one, CAP_REPORT_HANDLE, rq->place, &subject_of(rq)->scope)) {
            actor.organisation = order.organisation;
            actor.who |= WHO_HANDLER;
        }
    }
    *ret_actor = actor;
    return OK;
}

static enum result accept_order(struct request *rq)
{
    struct report_actor actor;
    enum result r = order_actor(rq, &actor);

    return done(rq, r == OK ? order_accept(rq->db, &actor, rq->place, rq->path_id[2]) : r, T_desk_flash_accepted);
}

static enum result send_back(struct request *rq)
{
    struct report_actor actor;
    enum result r = order_actor(rq, &actor);

    return done(rq,
                r == OK ? order_send_back(rq->db, &actor, rq->place, rq->path_id[2], param_text(rq, REASON_REASON)) : r,
                T_desk_flash_sent_back);
}

enum { EXTENSION_UNTIL, EXTENSION_REASON, EXTENSION_PARAMS };
static const struct param extension_params[EXTENSION_PARAMS] = {
    [EXTENSION_UNTIL] = {.name = "until", .kind = PARAM_TIME, .required = true, .doc = "The new deadline"},
    [EXTENSION_REASON] = {.name = "reason", .kind = PARAM_TEXT, .required = true, .max = 300, .doc = "Why"},
};

static enum result ask_extension(struct request *rq)
{
    struct report_actor actor;
    enum result r = order_actor(rq, &actor);

    if (r == OK)
        r = order_ask_extension(rq->db, &actor, rq->place, rq->path_id[2], param_int(rq, EXTENSION_UNTIL),
                                param_text(rq, EXTENSION_REASON));
    if (r == E_INVALID)
        return request_invalid(rq, "until", T_desk_until_later);
    return done(rq, r, T_desk_flash_asked);
}

enum { DECIDE_GRANTED, DECIDE_REASON, DECIDE_PARAMS };
static const struct param decide_params[DECIDE_PARAMS] = {
    [DECIDE_GRANTED] = {.name = "granted", .kind = PARAM_CHOICE, .choices = "yes,no", .required = true},
    [DECIDE_REASON] = {.name = "reason", .kind = PARAM_TEXT, .max = 300, .doc = "Why not"},
};

static enum result decide_extension(struct request *rq)
{
    struct report_actor actor;
    bool granted = param_int(rq, DECIDE_GRANTED) == 0;
    enum result r = order_actor(rq, &actor);

    if (!granted && param_text(rq, DECIDE_REASON).len == 0)
        return request_invalid(rq, "reason", T_desk_need_reason);
    if (r == OK)
        r = order_decide_extension(rq->db, &actor, rq->place, rq->path_id[2], granted, param_text(rq, DECIDE_REASON));
    return done(rq, r, granted ? T_desk_flash_granted : T_desk_flash_refused);
}

enum { DONE_TEXT, DONE_PHOTOS, DONE_PARAMS };
static const struct param done_params[DONE_PARAMS] = {
    [DONE_TEXT] = {.name = "text", .kind = PARAM_LINES, .required = true, .max = 1000, .doc = "What was done"},
    [DONE_PHOTOS] =
        {.name = "photos", .kind = PARAM_FILE, .required = true, .max = 9, .max_bytes = 12 << 20, .doc = "Proof"},
};

static enum result prepare_proof(struct request *rq)
{
    return media_photos_prepare(rq, DONE_PHOTOS);
}

static enum result finish_order(struct request *rq)
{
    const struct media_photos *photos = rq->prepared;
    struct report_actor actor;
    int64_t step;
    enum result r = order_actor(rq, &actor);

    if (r == OK)
        r = order_done(rq->db, &actor, rq->place, rq->path_id[2], param_text(rq, DONE_TEXT),
                       photos ? (int64_t)photos->n : 0, &step);
    if (r == OK)
        r = media_photos_attach(rq, photos, STR("report_step"), step, MEDIA_STAGE_PROOF, 0);
    return done(rq, r, T_desk_flash_done);
}

static enum result withdraw_order(struct request *rq)
{
    struct report_actor actor;
    enum result r = order_actor(rq, &actor);

    return done(rq,
                r == OK ? order_withdraw(rq->db, &actor, rq->place, rq->path_id[2], param_text(rq, REASON_REASON)) : r,
                T_desk_flash_withdrawn);
}

static enum result press_order(struct request *rq)
{
    struct report_actor actor;
    enum result r = order_actor(rq, &actor);

    return done(rq, r == OK ? order_press(rq->db, &actor, rq->place, rq->path_id[2], STR_NONE) : r,
                T_desk_flash_pressed);
}

#define PARAMS(table) .params = table, .n_params = sizeof(table) / sizeof((table)[0])
#define STAFF_WRITE .subject = &report_subject, .flags = ROUTE_WRITE, .rate = RATE_WRITE, .again = desk_report_page
#define BASE "/desk/report/{place}/{id}"
#define ORDER BASE "/order/{order}"

const struct route report_act_routes[REPORT_ACT_ROUTES] = {
    {HTTP_POST, BASE "/answer", "desk.report.answer", answer, .need = CAP_REPORT_STAFF, PARAMS(answer_params),
     STAFF_WRITE, .doc = "Answers in public, solves, explains, or leaves a note: each as the flow allows"},
    {HTTP_POST, BASE "/hand-off", "desk.report.hand_off", hand_off, .need = CAP_REPORT_STAFF, PARAMS(hand_params),
     STAFF_WRITE, .doc = "Hands on to a lead and further organisations"},
    {HTTP_POST, BASE "/check", "desk.report.check", check, .need = CAP_REPORT_ANSWER, PARAMS(check_params), STAFF_WRITE,
     .doc = "The committee has looked at what was done"},
    {HTTP_POST, BASE "/merge", "desk.report.merge", merge, .need = CAP_REPORT_ANSWER, PARAMS(merge_params), STAFF_WRITE,
     .doc = "The same matter as another report"},
    {HTTP_POST, BASE "/void", "desk.report.void", void_it, .need = CAP_REPORT_ANSWER, PARAMS(reason_params),
     STAFF_WRITE, .doc = "Not handled any more, with a reason that everybody reads"},
    {HTTP_POST, BASE "/hide", "desk.report.hide", hide, .need = CAP_MODERATE, PARAMS(hide_params), STAFF_WRITE,
     .doc = "Hides, or shows again"},
    {HTTP_POST, BASE "/hide-comment", "desk.comment.hide", hide_comment, .need = CAP_MODERATE,
     PARAMS(hide_comment_params), STAFF_WRITE, .doc = "Hides a comment, or shows it again"},
    {HTTP_POST, BASE "/category", "desk.report.category", recategorise, .need = CAP_REPORT_ANSWER,
     PARAMS(category_params), STAFF_WRITE, .doc = "Puts the report under another category"},
    /* Without a key: the answer shows a name and a phone, and must not lie about among kept answers. */
    {HTTP_POST, BASE "/look", "desk.report.look", look, .need = CAP_PERSON_LOOK, PARAMS(look_params),
     .subject = &report_subject, .flags = ROUTE_WRITE | ROUTE_NO_KEY | ROUTE_PERSONAL, .rate = RATE_WRITE,
     .again = desk_report_page, .view = &desk_person_info, .doc = "The person behind the name; the look is logged"},
    {HTTP_POST, ORDER "/accept", "desk.order.accept", accept_order, .need = CAP_REPORT_HANDLE, STAFF_WRITE,
     .doc = "Accepts a work order"},
    {HTTP_POST, ORDER "/send-back", "desk.order.send_back", send_back, .need = CAP_REPORT_HANDLE, PARAMS(reason_params),
     STAFF_WRITE, .doc = "Sends a work order back"},
    {HTTP_POST, ORDER "/extension", "desk.order.extension", ask_extension, .need = CAP_REPORT_HANDLE,
     PARAMS(extension_params), STAFF_WRITE, .doc = "Asks for more time"},
    {HTTP_POST, ORDER "/decide", "desk.order.decide", decide_extension, .need = CAP_REPORT_STAFF, PARAMS(decide_params),
     STAFF_WRITE, .doc = "Grants or refuses more time"},
    {HTTP_POST, ORDER "/done", "desk.order.done", finish_order, .before = prepare_proof, .need = CAP_REPORT_HANDLE,
     PARAMS(done_params), .subject = &report_subject, .flags = ROUTE_WRITE | ROUTE_UPLOAD, .rate = RATE_UPLOAD,
     .again = desk_report_page, .doc = "Done, with proof"},
    {HTTP_POST, ORDER "/withdraw", "desk.order.withdraw", withdraw_order, .need = CAP_REPORT_ANSWER,
     PARAMS(reason_params), STAFF_WRITE, .doc = "Takes a work order back"},
    {HTTP_POST, ORDER "/press", "desk.order.press", press_order, .need = CAP_REPORT_STAFF, STAFF_WRITE,
     .doc = "Presses (催办)"},
};
