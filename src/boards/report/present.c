/* present.c: from rows to what people read. */
#include "boards/report/present.h"

#include "civic/access/access.h"
#include "civic/calendar/words.h"
#include "civic/media/media.h"
#include "civic/person/person.h"
#include "civic/place/place.h"

/* ---- the state in words, colour and shape ---- */

#define WORD(lit)               \
    {                           \
        "" lit, sizeof(lit) - 1 \
    } /* STR is no constant */
static const struct {
    struct str state;
    enum text word;
    struct str mark, card;
} states[] = {
    {WORD("reported"), T_report_state_reported, WORD("open"), WORD("doing")},
    {WORD("answered"), T_report_state_answered, WORD("doing"), WORD("doing")},
    {WORD("handling"), T_report_state_handling, WORD("doing"), WORD("doing")},
    {WORD("checking"), T_report_state_checking, WORD("doing"), WORD("doing")},
    {WORD("confirming"), T_report_state_confirming, WORD("wait"), WORD("wait")},
    {WORD("closed"), T_report_state_closed, WORD("done"), WORD("done")},
    {WORD("voided"), T_report_state_voided, WORD("shut"), WORD("shut")},
    {WORD("merged"), T_report_state_merged, WORD("shut"), WORD("shut")},
};

struct report_mark report_mark(struct request *rq, const struct report_times *t)
{
    struct report_mark m = {.word = T_report_state_reported, .mark = STR("open"), .card = STR("doing")};
    bool unanswered = str_eq(t->state, STR("reported")), confirming = str_eq(t->state, STR("confirming"));

    for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++)
        if (str_eq(t->state, states[i].state)) {
            m.word = states[i].word;
            m.mark = states[i].mark;
            m.card = states[i].card;
            break;
        }
    if (str_eq(t->outcome, STR("explained")) && t->closed_at)
        m.word = T_report_state_explained;
    if (t->closed_at)
        return m;
    m.due = unanswered ? t->answer_due : confirming ? t->confirm_due : t->due_at;
    if (m.due == 0)
        return m;
    m.clock = calendar_deadline_words(rq->arena, rq->lang, calendar_now(), rq->now, m.due,
                                      unanswered   ? LIMIT_WORK_HOUR
                                      : confirming ? LIMIT_CALENDAR_DAY
                                                   : LIMIT_WORK_DAY);
    if (!confirming && rq->now > m.due) {
        m.late = true;
        m.mark = STR("late");
        m.card = STR("late");
    } else if (!confirming && m.due - rq->now < 4 * TIME_HOUR) {
        m.mark = STR("wait");
    }
    return m;
}

static const struct {
    const char *verb;
    enum text text;
} verbs[] = {
    {"reported", T_report_verb_reported},
    {"answered", T_report_verb_answered},
    {"answered_again", T_report_verb_answered_again},
    {"handed_off", T_report_verb_handed_off},
    {"accepted", T_report_verb_accepted},
    {"sent_back", T_report_verb_sent_back},
    {"extension_asked", T_report_verb_extension_asked},
    {"extended", T_report_verb_extended},
    {"extension_refused", T_report_verb_extension_refused},
    {"done", T_report_verb_done},
    {"withdrawn", T_report_verb_withdrawn},
    {"pressed", T_report_verb_pressed},
    {"reworked", T_report_verb_reworked},
    {"solved", T_report_verb_solved},
    {"explained", T_report_verb_explained},
    {"check_passed", T_report_verb_check_passed},
    {"check_failed", T_report_verb_check_failed},
    {"reopened", T_report_verb_reopened},
    {"rated", T_report_verb_rated},
    {"closed", T_report_verb_closed},
    {"escalated", T_report_verb_escalated},
    {"merged", T_report_verb_merged},
    {"voided", T_report_verb_voided},
    {"taken_back", T_report_verb_taken_back},
    {"redacted", T_report_verb_redacted},
    {"hidden", T_report_verb_hidden},
    {"shown_again", T_report_verb_shown_again},
    {"limit_set", T_report_verb_limit_set},
    {"moved", T_report_verb_moved},
};

enum text report_verb_text(struct str verb)
{
    for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
        if (str_eq(verb, str_from_cstr(verbs[i].verb)))
            return verbs[i].text;
    return T_report_verb_other;
}

struct str report_initial(struct str name)
{
    return str_utf8_cut(name, 1);
}

struct url report_url(struct arena *a, int64_t community, int64_t id)
{
    return url_path(a, "/p/%" PRId64 "/report/%" PRId64, community, id);
}

/* ---- lists ---- */

enum result report_rows(struct request *rq, int64_t community, const struct sql_report_page_rows *rows,
                        const struct categories *categories, struct report_row_view **ret_rows)
{
    struct report_row_view *view = arena_array(rq->arena, struct report_row_view, rows->n ? rows->n : 1);
    const struct url list = url_path(rq->arena, "/p/%" PRId64 "/report", community),
                     media = url_path(rq->arena, "/media/%" PRId64, community);

    for (size_t i = 0; i < rows->n; i++) {
        const struct sql_report_page *row = &rows->row[i];
        struct report_times times = {row->state,       row->outcome,   row->answer_due, row->due_at,
                                     row->confirm_due, row->closed_at, row->reported_at};
        struct report_mark m = report_mark(rq, &times);

        view[i] = (struct report_row_view){
            .id = row->id,
            .url = url_number(rq->arena, list, row->id, ""),
            .number = row->number,
            .title = row->title,
            .state = m.word,
            .mark = m.mark,
            .clock = m.clock,
            .due = m.due,
            .who = row->lead_name,
            .author = row->shown_name,
            .from = row->author_from,
            .category = category_name(categories, rq->lang, row->category),
            .reported = row->reported_at,
            .joined = row->joined,
            .comments = row->comments,
            .rating = row->rating,
        };
        if (row->cover)
            view[i].photo = url_number(rq->arena, media, row->cover, "/thumb");
    }
    *ret_rows = view;
    return OK;
}

/* ---- the clock card ---- */

static enum text order_word(struct str state)
{
    static const struct {
        const char *state;
        enum text word;
    } words[] = {
        {"handed", T_report_order_handed},       {"accepted", T_report_order_accepted},
        {"sent_back", T_report_order_sent_back}, {"done", T_report_order_done},
        {"passed", T_report_order_passed},       {"withdrawn", T_report_order_withdrawn},
    };

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (str_eq(state, str_from_cstr(words[i].state)))
            return words[i].word;
    return T_report_order_handed;
}

static struct str card_words(struct request *rq, const struct sql_report_get *report, size_t n_orders, struct str lead,
                             bool lead_accepted)
{
    enum text key = T_report_card_reported;

    if (str_eq(report->state, STR("answered")))
        key = T_report_card_answered;
    else if (str_eq(report->state, STR("handling")))
        key = report->lead_handler == 0 ? T_report_card_sent_back
            : lead_accepted             ? T_report_card_handling
                                        : T_report_card_handed;
    else if (str_eq(report->state, STR("checking")))
        key = T_report_card_checking;
    else if (str_eq(report->state, STR("confirming")))
        key = T_report_card_confirming;
    else if (str_eq(report->state, STR("closed")))
        key = str_eq(report->outcome, STR("explained")) ? T_report_card_explained : T_report_card_closed;
    else if (str_eq(report->state, STR("voided")))
        key = T_report_card_voided;
    else if (str_eq(report->state, STR("merged")))
        key = T_report_card_merged;
    return text_format(rq->arena, rq->lang, key, TEXT_INT("n", (int64_t)n_orders), TEXT_STR("lead", lead));
}

void report_clock_fill(struct request *rq, const struct sql_report_get *report,
                       const struct sql_work_order_of_report_rows *orders, struct report_clock_view *ret)
{
    struct report_times times = {report->state,       report->outcome,   report->answer_due, report->due_at,
                                 report->confirm_due, report->closed_at, report->reported_at};
    struct report_mark m = report_mark(rq, &times);
    struct report_clock_orders *order = arena_array(rq->arena, struct report_clock_orders, orders->n ? orders->n : 1);
    struct str lead = STR_NONE;
    bool lead_accepted = false;
    size_t n = 0;

    for (size_t i = 0; i < orders->n; i++) {
        const struct sql_work_order_of_report *row = &orders->row[i];
        bool handed = str_eq(row->state, STR("handed")), accepted = str_eq(row->state, STR("accepted"));
        int64_t due = handed && row->accept_due < row->due_at ? row->accept_due : row->due_at;
        struct report_clock_orders *o = &order[n];

        if (str_eq(row->state, STR("withdrawn")))
            continue;
        *o = (struct report_clock_orders){
            .id = row->id,
            .organisation = row->organisation_name,
            .lead = row->lead,
            .state = order_word(row->state),
        };
        if (handed || accepted) {
            o->due = due;
            o->late = rq->now > due;
            o->mark = o->late ? STR("late") : handed ? STR("wait") : STR("doing");
            o->clock = text_format(rq->arena, rq->lang,
                                   handed && due == row->accept_due ? T_report_order_accept_by : T_report_order_until,
                                   TEXT_STR("when", calendar_deadline_words(rq->arena, rq->lang, calendar_now(),
                                                                            rq->now, due, LIMIT_WORK_DAY)));
        } else if (str_eq(row->state, STR("sent_back"))) {
            o->mark = STR("late");
            o->clock = row->reason;
        } else {
            o->mark = STR("done");
            o->clock = text_format(
                rq->arena, rq->lang, row->late ? T_report_order_done_late : T_report_order_done_at,
                TEXT_STR("when", time_words(rq->arena, rq->lang, rq->now, row->done_at)),
                TEXT_STR("took", calendar_span_words(rq->arena, rq->lang, row->done_at - row->handed_at)));
        }
        if (row->lead) {
            lead = row->organisation_name;
            lead_accepted = row->accepted_at != 0;
        }
        n++;
    }
    *ret = (struct report_clock_view){
        .state = m.word,
        .mark = m.mark,
        .card = m.card,
        .left = m.clock,
        .due = m.due,
        .words = card_words(rq, report, n, lead, lead_accepted),
        .orders = {order, n},
    };
}

/* ---- the timeline ---- */

/* Steps that may come with pictures. */
static bool has_proof(struct str verb)
{
    return str_eq(verb, STR("done")) || str_eq(verb, STR("solved")) || str_eq(verb, STR("explained"));
}

/* To whom a step of somebody else goes: the handler that a work order is for. Not of what the clock does: that goes to the street. */
static struct str step_to(struct request *rq, const struct sql_report_steps *row)
{
    if (!row->handler || row->handler == row->organisation || row->person == 0)
        return STR_NONE;
    return row->lead ? text_format(rq->arena, rq->lang, T_report_step_lead, TEXT_STR("who", row->handler_name))
                     : row->handler_name;
}

/* One hand-off to three handlers is three rows, and one step for whoever reads it. */
static bool same_step(const struct sql_report_steps *a, const struct sql_report_steps *b)
{
    return a->at == b->at && a->person == b->person && a->organisation == b->organisation && a->public == b->public &&
           str_eq(a->verb, b->verb) && str_eq(a->body, b->body);
}

enum result report_timeline_fill(struct request *rq, int64_t community, int64_t report, bool staff,
                                 struct report_timeline_view *ret)
{
    struct sql_report_steps_rows rows;
    struct report_timeline_steps *step;
    struct media_list media = {0};
    int64_t proven[MEDIA_COVERS_MAX];
    size_t n = 0, n_proven = 0;
    enum result r = sql_report_steps(rq->db, community, report, 200, &rows);

    for (size_t i = 0; r == OK && i < rows.n && n_proven < MEDIA_COVERS_MAX; i++)
        if (has_proof(rows.row[i].verb))
            proven[n_proven++] = rows.row[i].id;
    if (r == OK && n_proven)
        r = media_of_subjects(rq->db, community, STR("report_step"), proven, n_proven, &media);
    if (r != OK)
        return r;
    step = arena_array(rq->arena, struct report_timeline_steps, rows.n ? rows.n : 1);
    for (size_t i = 0; i < rows.n; i++) {
        const struct sql_report_steps *row = &rows.row[i];
        struct report_timeline_steps *s = &step[n];

        if (!row->public && !staff)
            continue;
        if (i && n && row->work_order && same_step(row, &rows.row[i - 1])) {
            struct str to = step_to(rq, row);

            if (to.len) /* the rows come newest first, the lead was the first to be written */
                step[n - 1].to = text_format(rq->arena, rq->lang, T_report_step_both, TEXT_STR("first", to),
                                             TEXT_STR("then", step[n - 1].to));
            continue;
        }
        n++;
        *s = (struct report_timeline_steps){
            .verb = report_verb_text(row->verb),
            .late = str_eq(row->verb, STR("escalated")),
            .at = row->at,
            .body = row->body,
            .to = step_to(rq, row),
        };
        if (row->organisation)
            s->who = row->post_title.len ? str_printf(rq->arena, STR_FMT " · " STR_FMT, STR_ARG(row->organisation_name),
                                                      STR_ARG(row->post_title))
                                         : row->organisation_name;
        else
            s->who = row->person ? row->shown_name : text(rq->lang, T_report_by_itself);
        if (str_eq(row->verb, STR("reported")))
            s->body = STR_NONE; /* it stands above */
        if (has_proof(row->verb) && media.n) {
            struct report_timeline_steps_photos *photo = arena_array(rq->arena, struct report_timeline_steps_photos,
                                                                     media.n);
            size_t seen = 0;

            for (size_t k = 0; k < media.n; k++)
                if (media.media[k].subject == row->id && !media.media[k].hidden)
                    photo[seen++] = (struct report_timeline_steps_photos){
                        .full = url_path(rq->arena, "/media/%" PRId64 "/%" PRId64, community, media.media[k].id),
                        .thumb = url_path(rq->arena, "/media/%" PRId64 "/%" PRId64 "/thumb", community,
                                          media.media[k].id),
                        .alt = text(rq->lang, T_report_photo_proof),
                    };
            s->photos.v = photo;
            s->photos.n = seen;
        }
    }
    ret->steps.v = step;
    ret->steps.n = n;
    return OK;
}

/* ---- subjects and actors ---- */

static enum result load_community(struct request *rq)
{
    struct place place;
    enum result r;

    if (place_level_of(rq->path_id[0]) != PLACE_COMMUNITY)
        return E_NOT_FOUND;
    if ((r = place_get(rq->db, rq->path_id[0], &place)) != OK)
        return r;
    rq->place = place.code;
    return OK;
}

static enum result get_at(struct db *db, int64_t place, int64_t id, void *ret)
{
    return sql_report_get(db, place, id, ret);
}

static enum result load_report(struct request *rq)
{
    struct report_subject *subject = arena_new(rq->arena, struct report_subject);
    struct sql_work_order_of_report_rows orders;
    int64_t *organisations;
    /* Where there is a report there is its community. */
    enum result r = sql_report_get(rq->db, rq->path_id[0], rq->path_id[1], &subject->report);

    rq->place = rq->path_id[0];
    if (r == E_NOT_FOUND && rq->route->method == HTTP_GET) { /* an open report went along */
        r = place_follow(rq->db, rq->path_id[0], rq->path_id[1], get_at, &subject->report, &rq->place);
        subject->moved = r == OK;
    }
    if (r == OK)
        r = sql_work_order_of_report(rq->db, rq->place, rq->path_id[1], &orders);
    if (r != OK)
        return r;
    subject->orders = orders;
    organisations = arena_array(rq->arena, int64_t, orders.n ? orders.n : 1);
    for (size_t i = 0; i < orders.n; i++)
        organisations[i] = orders.row[i].organisation;
    subject->scope = (struct subject_scope){
        .place = rq->place,
        .author = subject->report.author,
        .organisation = organisations,
        .n_organisations = orders.n,
        .hidden = subject->report.hidden,
    };
    /* What moderation has hidden does not exist for others. */
    if (subject->report.hidden && subject->report.author != viewer_of(rq)->person &&
        !access_allowed(viewer_of(rq), CAP_REPORT_STAFF, rq->place, &subject->scope))
        return E_NOT_FOUND;
    rq->subject = subject;
    return OK;
}

const struct subject_kind report_community = {"community", load_community};
const struct subject_kind report_subject = {"report", load_report};

struct report_actor report_actor_of(struct request *rq, const struct subject_scope *scope)
{
    const struct viewer *viewer = viewer_of(rq);
    struct report_actor actor = {.person = viewer->person, .now = rq->now, .rq = rq};

    if (access_allowed(viewer, CAP_RESIDENT, rq->place, scope))
        actor.who |= WHO_RESIDENT | WHO_AUTHOR;
    if (scope && scope->author == viewer->person && viewer->person)
        actor.who |= WHO_AUTHOR;
    for (size_t i = 0; i < viewer->n_posts; i++) {
        struct viewer one = {.person = viewer->person, .post = &viewer->post[i], .n_posts = 1};
        uint32_t who = 0;

        if (access_allowed(&one, CAP_REPORT_ANSWER, rq->place, scope))
            who |= WHO_COMMITTEE;
        if (access_allowed(&one, CAP_REPORT_HANDLE, rq->place, scope))
            who |= WHO_HANDLER;
        if (access_allowed(&one, CAP_REPORT_SUPERVISE, rq->place, scope))
            who |= WHO_SUPERVISOR;
        if (who && (actor.organisation == 0 || (who & (WHO_COMMITTEE | WHO_HANDLER)))) {
            actor.organisation = viewer->post[i].organisation;
            actor.who |= who;
        }
    }
    return actor;
}
