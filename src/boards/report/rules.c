/* rules.c: what may happen to a report, from writing it to closing it. */
#include "boards/report/category.h"
#include "boards/report/rules.h"

#include "civic/search/search.h"
#include "engine/base/ids.h"

#define WORK_MINUTES(from, to) (calendar_work_ms(calendar_now(), (from), (to)) / TIME_MINUTE)

/* A category's own grade; `other` when the table does not know it. */
static enum result category_of(struct db *db, struct str code, const struct category **ret)
{
    enum result r = category_get(db, code, ret);

    return r == E_NOT_FOUND ? E_INVALID : r;
}

static enum result put_words(struct db *db, int64_t community, int64_t id, struct str title, struct str body,
                             struct str spot, bool fresh)
{
    const struct search_entry entry = {
        .community = community,
        .subject_kind = STR("report"),
        .subject = id,
        .title = title,
        .text = str_printf(db_arena(db), STR_FMT "\n" STR_FMT, STR_ARG(body), STR_ARG(spot)),
        .visibility = SEARCH_PUBLIC,
        .fresh = fresh,
    };

    return search_put(db, &entry);
}

enum result report_index(struct db *db, int64_t community, int64_t id, struct str title, struct str body,
                         struct str spot)
{
    return put_words(db, community, id, title, body, spot, false);
}

struct moderation_writer report_writer(const struct report_actor *actor, int64_t community, bool problem)
{
    return (struct moderation_writer){.rq = actor->rq,
                                      .community = community,
                                      .person = actor->person,
                                      .organisation = actor->organisation,
                                      .problem = problem,
                                      .now = actor->now};
}

enum result report_write(struct db *db, const struct report_actor *actor, const struct report_draft *draft,
                         int64_t *ret_id)
{
    struct arena *a = db_arena(db);
    const struct category *category;
    struct sql_report_number number;
    struct civil day = time_civil(actor->now);
    struct clock_start answer = {
        .community = draft->community,
        .subject_kind = STR("report"),
        .stage = STR("answer"),
        .warn_percent = 50,
        .now = actor->now,
    };
    const struct moderation_writer writer = report_writer(actor, draft->community, true);
    struct str title = draft->title, body = draft->body, spot = draft->spot;
    struct str *const texts[] = {&title, &body, &spot};
    struct report_event event = {.verb = "reported", .body = draft->body, .after = STR("reported")};
    int64_t id = id_new(), due, changed;
    struct str shown;
    bool review;
    enum result r;

    if ((actor->who & (WHO_RESIDENT | WHO_COMMITTEE)) == 0)
        return E_DENIED;
    if (draft->title.len == 0)
        return E_INVALID;
    if ((r = moderation_gate(db, &writer, texts, 3, &review)) != OK)
        return r;
    event.body = body;
    if ((r = category_of(db, draft->category, &category)) != OK)
        return r;
    if ((r = sql_report_count_number(db, draft->community, day_of(actor->now))) != OK ||
        (r = sql_report_number(db, draft->community, day_of(actor->now), &number)) != OK)
        return r;
    shown = str_printf(a, "%04d%02d%02d-%03lld", day.year, day.month, day.day, (long long)number.last);

    answer.subject = id;
    answer.fresh = true;
    answer.unit = LIMIT_WORK_HOUR;
    answer.amount = report_limits()->answer_work_hours;
    if (category->grade == 0) { /* an emergency waits for nobody's opening hours */
        answer.unit = LIMIT_CLOCK_HOUR;
        answer.amount = 1;
    }
    if ((r = clock_start(db, calendar_now(), &answer, &due)) != OK)
        return r;
    r = sql_report_put(db, draft->community, id, shown, actor->person, draft->author_from, draft->dwelling, title, body,
                       draft->category, category->grade, draft->estate, draft->building, spot, draft->latitude,
                       draft->longitude, draft->committee, actor->now, due, draft->photos);
    if (r == OK)
        r = sql_report_follow_own(db, draft->community, id, actor->person, actor->now);
    if (r == OK && !review)
        r = put_words(db, draft->community, id, title, body, spot, true);
    if (r == OK && review) /* staff see it at once, and its clocks run; neighbours when staff have looked */
        r = sql_report_hide(db, draft->community, id, true, STR_NONE, actor->now, &changed);
    if (r == OK && review)
        r = moderation_hold(db, &writer, "report", id);
    if (r != OK)
        return r;
    event.report = id;
    event.detail = str_printf(a, "{\"category\":\"" STR_FMT "\",\"grade\":%lld}", STR_ARG(category->code),
                              (long long)category->grade);
    if ((r = report_record(db, actor, draft->community, &event, NULL)) != OK)
        return r;
    *ret_id = id;
    return OK;
}

/* What stands there until now is kept for who moderates, unless the new words are the same. */
static enum result keep_words(struct db *db, const struct report_actor *actor, int64_t community, int64_t id,
                              struct str title, struct str body, struct str spot)
{
    struct sql_report_words_taken old;
    enum result r = sql_report_words_taken(db, community, id, &old);

    if (r != OK || (str_eq(old.title, title) && str_eq(old.body, body) && str_eq(old.spot, spot)))
        return r;
    return sql_report_version_put(db, community, id, old.title, old.body, old.spot, actor->person, actor->now);
}

enum result report_redact(struct db *db, const struct report_actor *actor, int64_t community, int64_t id,
                          struct str title, struct str body, struct str spot)
{
    const struct moderation_writer writer = report_writer(actor, community, true);
    struct str *const texts[] = {&title, &body, &spot};
    struct sql_report_get report;
    bool review;
    int64_t changed;
    struct report_event event = {.verb = "redacted", .report = id};
    enum result r = sql_report_get(db, community, id, &report);

    if (r != OK)
        return r;
    if (report.author != actor->person)
        return E_DENIED;
    if (report_flow.state[flow_state_of(&report_flow, report.state)].final)
        return E_CONFLICT;
    if (title.len == 0)
        return E_INVALID;
    if ((r = moderation_gate(db, &writer, texts, 3, &review)) != OK)
        return r;
    r = keep_words(db, actor, community, id, title, body, spot);
    if (r == OK)
        r = sql_report_redact(db, community, id, title, body, spot, actor->now);
    if (r != OK)
        return r;
    if (!report.hidden && review) {
        r = sql_report_hide(db, community, id, true, STR_NONE, actor->now, &changed);
        if (r == OK)
            r = search_remove(db, community, id);
        if (r == OK)
            r = moderation_hold(db, &writer, "report", id);
    } else if (!report.hidden) {
        r = report_index(db, community, id, title, body, spot);
    }
    if (r != OK)
        return r;
    return report_record(db, actor, community, &event, NULL);
}

/* The first public words of the committee, by an answer or by handing on: what the answer's clock measures. */
static enum result first_answer(struct db *db, const struct report_actor *actor, int64_t community,
                                const struct sql_report_get *report, struct str text, int64_t due_at, struct str after)
{
    struct report_event event = {
        .verb = "answered",
        .report = report->id,
        .body = text,
        .before = report->state,
        .after = after,
        .amount = WORK_MINUTES(report->reported_at, actor->now),
        .detail = actor->now <= report->answer_due ? STR("{\"in_time\":1}") : STR("{\"in_time\":0}"),
    };
    int64_t changed;
    enum result r = sql_report_set_answered(db, community, report->id, actor->now, due_at);

    if (r == OK && actor->now > report->answer_due)
        r = sql_report_set_late(db, community, report->id, &changed);
    return r == OK ? report_record(db, actor, community, &event, NULL) : r;
}

enum result report_answer(struct db *db, const struct report_actor *actor, int64_t community, int64_t id,
                          struct str text)
{
    struct sql_report_get report;
    const struct flow_step *step;
    struct report_event event = {.verb = "answered_again", .report = id, .body = text};
    int64_t due = 0;
    enum result r = report_take(db, actor, community, id, A_ANSWER, text.len ? NEED_TEXT : 0, &report, &step);

    if (r == OK)
        r = report_clocks(db, actor, community, &report_flow, "report", id, step, &due);
    if (r != OK)
        return r;
    if (step->from != R_REPORTED)
        return report_record(db, actor, community, &event, NULL);
    return first_answer(db, actor, community, &report, text, due, STR("answered"));
}

enum result report_hand_off(struct db *db, const struct report_actor *actor, int64_t community, int64_t id,
                            const struct report_hand_off *h)
{
    struct arena *a = db_arena(db);
    struct sql_report_get report;
    const struct category *category;
    struct sql_work_order_of_report_rows orders;
    const struct flow_step *step;
    int64_t lead = 0, grade = 2, whole_due = 0, limit_due, accept_due, changed;
    bool has_lead = false;
    enum result r;

    if (h->n == 0 || h->n > 8)
        return E_INVALID;
    for (size_t i = 0; i < h->n; i++) {
        if (h->to[i].organisation == 0 || h->to[i].task.len == 0)
            return E_INVALID;
        if (h->to[i].due_at && (h->due_reason.len == 0 || h->to[i].due_at <= actor->now))
            return E_INVALID;
        for (size_t k = 0; k < i; k++)
            if (h->to[k].organisation == h->to[i].organisation)
                return E_INVALID;
        if (h->to[i].lead) {
            if (has_lead)
                return E_INVALID;
            has_lead = true;
            lead = h->to[i].organisation;
        }
    }
    r = report_take(db, actor, community, id, A_HAND_OFF, (h->text.len ? NEED_TEXT : 0) | (has_lead ? NEED_LEAD : 0),
                    &report, &step);
    if (r == OK)
        r = sql_work_order_of_report(db, community, id, &orders);
    if (r == OK)
        r = category_of(db, report.category, &category);
    if (r != OK)
        return r;

    for (size_t k = 0; k < orders.n; k++) {
        int state = flow_state_of(&order_flow, orders.row[k].state);

        for (size_t i = 0; i < h->n; i++) /* the same organisation cannot have two open orders of one report */
            if (orders.row[k].organisation == h->to[i].organisation && (state == O_HANDED || state == O_ACCEPTED))
                return E_CONFLICT;
        if (state != O_WITHDRAWN && state != O_SENT_BACK && orders.row[k].lead && !has_lead)
            lead = orders.row[k].organisation;
    }
    if (lead == 0)
        return E_INVALID; /* somebody answers for the whole */
    if (has_lead && (r = sql_work_order_unlead(db, community, id)) != OK)
        return r;

    limit_due = calendar_add(calendar_now(), actor->now, limit_unit_from_word(category->limit_unit),
                             category->limit_amount);
    accept_due = calendar_add(calendar_now(), actor->now, LIMIT_WORK_DAY, report_limits()->accept_work_days);
    if (step->from == R_REPORTED &&
        !(actor->who & WHO_CLOCK)) { /* a repair is answered by nobody: it goes straight on */
        for (size_t i = 0; i < h->n; i++)
            whole_due = h->to[i].lead ? (h->to[i].due_at ? h->to[i].due_at : limit_due) : whole_due;
        r = first_answer(db, actor, community, &report, h->text, whole_due, STR("handling"));
    } else if (h->text.len) {
        struct report_event said = {.verb = "answered_again", .report = id, .body = h->text};
        r = report_record(db, actor, community, &said, NULL);
    }
    if (r == OK)
        r = report_clocks(db, actor, community, &report_flow, "report", id, step, NULL);

    for (size_t i = 0; r == OK && i < h->n; i++) {
        int64_t order = id_new(), due = h->to[i].due_at ? h->to[i].due_at : limit_due;
        int64_t accept_by = due < accept_due ? due : accept_due; /* what is wanted sooner is accepted sooner */
        struct clock_start accept = {.community = community,
                                     .subject_kind = STR("work_order"),
                                     .subject = order,
                                     .stage = STR("accept"),
                                     .unit = LIMIT_WORK_DAY,
                                     .amount = report_limits()->accept_work_days,
                                     .due_at = accept_by,
                                     .warn_percent = 75,
                                     .now = actor->now};
        struct clock_start handle = {.community = community,
                                     .subject_kind = STR("work_order"),
                                     .subject = order,
                                     .stage = STR("handle"),
                                     .unit = limit_unit_from_word(category->limit_unit),
                                     .amount = category->limit_amount,
                                     .due_at = h->to[i].due_at,
                                     .warn_percent = 75,
                                     .now = actor->now};
        struct report_event event = {
            .verb = "handed_off",
            .report = id,
            .order = order,
            .body = h->to[i].task,
            .after = STR("handed"),
            .detail = str_printf(a,
                                 "{\"organisation\":\"%lld\",\"lead\":%d,\"fast_track\":%d,\"due\":%lld,\"first\":%d}",
                                 (long long)h->to[i].organisation, h->to[i].lead, h->to[i].fast_track, (long long)due,
                                 orders.n == 0 && i == 0),
        };
        int64_t ignored;

        r = sql_work_order_put(db, community, order, id, h->to[i].organisation, h->to[i].lead, h->to[i].fast_track,
                               h->to[i].task, actor->person, actor->now, accept_by, due);
        if (r == OK)
            r = clock_start(db, calendar_now(), &accept, &ignored);
        if (r == OK)
            r = clock_start(db, calendar_now(), &handle, &ignored);
        if (r == OK)
            r = report_record(db, actor, community, &event, NULL);
        if (h->to[i].lead)
            whole_due = due;
    }
    if (r == OK && h->due_reason.len) {
        struct report_event why = {.verb = "limit_set", .report = id, .body = h->due_reason, .staff = true};
        r = report_record(db, actor, community, &why, NULL);
    }
    if (r != OK)
        return r;
    /* Orders that were sent back are settled by handing on: they are answered for by somebody else now. */
    for (size_t k = 0; r == OK && k < orders.n; k++)
        if (str_eq(orders.row[k].state, STR("sent_back")))
            r = sql_work_order_move(db, community, orders.row[k].id, STR("sent_back"), STR("withdrawn"), &changed);
    if (r != OK)
        return r;
    if (report.grade > grade)
        grade = report.grade;
    return sql_report_set_handler(db, community, id, lead, grade, whole_due ? whole_due : report.due_at);
}

/* Done in fact: waits for the reporter. */
static enum result to_confirming(struct db *db, const struct report_actor *actor, int64_t community,
                                 const struct sql_report_get *report, const struct flow_step *step, struct str outcome)
{
    int64_t due = 0;
    enum result r = report_clocks(db, actor, community, &report_flow, "report", report->id, step, &due);

    return r == OK ? sql_report_set_done(db, community, report->id, outcome, actor->now, due) : r;
}

enum result report_solve(struct db *db, const struct report_actor *actor, int64_t community, int64_t id,
                         struct str text, bool explained, int64_t *ret_step)
{
    struct sql_report_get report;
    const struct flow_step *step;
    struct report_event event = {
        .verb = explained ? "explained" : "solved",
        .report = id,
        .body = text,
        .before = STR("answered"),
        .after = STR("confirming"),
    };
    enum result r = report_take(db, actor, community, id, explained ? A_EXPLAIN : A_SOLVE, text.len ? NEED_TEXT : 0,
                                &report, &step);

    if (r == OK)
        r = to_confirming(db, actor, community, &report, step, explained ? STR("explained") : STR("solved"));
    return r == OK ? report_record(db, actor, community, &event, ret_step) : r;
}

enum result report_check(struct db *db, const struct report_actor *actor, int64_t community, int64_t id, bool passed,
                         struct str text)
{
    struct sql_report_get report;
    const struct flow_step *step;
    struct report_event event = {
        .verb = passed ? "check_passed" : "check_failed",
        .report = id,
        .body = text,
        .before = STR("checking"),
        .after = passed ? STR("confirming") : STR("handling"),
    };
    int64_t n;
    enum result r = report_take(db, actor, community, id, passed ? A_PASS : A_FAIL, text.len ? NEED_REASON : 0, &report,
                                &step);

    if (r == OK)
        r = report_record(db, actor, community, &event, NULL);
    if (r != OK)
        return r;
    if (passed) {
        r = orders_pass(db, actor, community, id);
        return r == OK ? to_confirming(db, actor, community, &report, step, STR("solved")) : r;
    }
    r = report_clocks(db, actor, community, &report_flow, "report", id, step, NULL);
    if (r == OK)
        r = orders_rework(db, actor, community, id, text, &n);
    return r == OK && n == 0 ? E_CONFLICT : r;
}

/* The reporter's last words stand in the timeline at once, so they have nowhere to wait; and whoever may not write for a time may still say whether
 * their own matter is solved. */
static enum result last_words(struct db *db, const struct report_actor *actor, int64_t community, struct str *text)
{
    struct moderation_writer writer = report_writer(actor, community, true);
    struct str *const texts[] = {text};
    bool review;

    writer.at_once = true;
    return moderation_gate(db, &writer, texts, 1, &review);
}

enum result report_confirm(struct db *db, const struct report_actor *actor, int64_t community, int64_t id,
                           int64_t rating, struct str text)
{
    struct sql_report_get report;
    const struct flow_step *step;
    struct report_event closed = {.verb = "closed", .report = id, .before = STR("confirming"), .after = STR("closed")};
    struct report_event rated = {.verb = "rated", .report = id, .amount = rating};
    enum result r;

    if (rating < 1 || rating > 5)
        return E_INVALID;
    r = report_take(db, actor, community, id, A_CONFIRM, NEED_RATING, &report, &step);
    if (r == OK)
        r = last_words(db, actor, community, &text);
    rated.body = text;
    if (r == OK)
        r = report_clocks(db, actor, community, &report_flow, "report", id, step, NULL);
    if (r == OK)
        r = sql_report_set_rating(db, community, id, rating, text);
    if (r == OK)
        r = sql_report_set_closed(db, community, id, report.outcome, actor->now);
    if (r != OK)
        return r;
    closed.amount = (actor->now - report.reported_at) / TIME_MINUTE;
    closed.detail = str_printf(
        db_arena(db), "{\"by\":\"author\",\"outcome\":\"" STR_FMT "\",\"late\":%d,\"overdue\":%d,\"handed\":%d}",
        STR_ARG(report.outcome), report.late, report.overdue, report.lead_handler != 0);
    r = report_record(db, actor, community, &rated, NULL);
    return r == OK ? report_record(db, actor, community, &closed, NULL) : r;
}

enum result report_expire(struct db *db, const struct report_actor *actor, int64_t community, int64_t id)
{
    struct sql_report_get report;
    const struct flow_step *step;
    struct report_event closed = {.verb = "closed", .report = id, .before = STR("confirming"), .after = STR("closed")};
    enum result r = report_take(db, actor, community, id, A_EXPIRE, 0, &report, &step);

    if (r == OK)
        r = report_clocks(db, actor, community, &report_flow, "report", id, step, NULL);
    if (r == OK)
        r = sql_report_set_closed(db, community, id, report.outcome, actor->now);
    if (r != OK)
        return r;
    closed.amount = (actor->now - report.reported_at) / TIME_MINUTE;
    closed.detail = str_printf(
        db_arena(db), "{\"by\":\"clock\",\"outcome\":\"" STR_FMT "\",\"late\":%d,\"overdue\":%d,\"handed\":%d}",
        STR_ARG(report.outcome), report.late, report.overdue, report.lead_handler != 0);
    return report_record(db, actor, community, &closed, NULL);
}

enum result report_reject(struct db *db, const struct report_actor *actor, int64_t community, int64_t id,
                          struct str reason)
{
    struct sql_work_order_of_report_rows orders;
    struct sql_report_get report;
    const struct flow_step *step;
    struct report_event event = {.verb = "reopened", .report = id, .before = STR("confirming")};
    bool handed = false;
    int64_t due = 0, n;
    enum result r = sql_work_order_of_report(db, community, id, &orders);

    if (r != OK)
        return r;
    for (size_t i = 0; i < orders.n; i++)
        handed |= str_eq(orders.row[i].state, STR("passed")) || str_eq(orders.row[i].state, STR("done"));
    r = report_take(db, actor, community, id, handed ? A_REJECT : A_REJECT_SELF, reason.len ? NEED_REASON : 0, &report,
                    &step);
    if (r == OK)
        r = last_words(db, actor, community, &reason);
    event.body = reason;
    if (r == OK)
        r = report_clocks(db, actor, community, &report_flow, "report", id, step, &due);
    if (r != OK)
        return r;
    event.after = handed ? STR("handling") : STR("answered");
    if ((r = report_record(db, actor, community, &event, NULL)) != OK)
        return r;
    if (handed) {
        if ((r = orders_rework(db, actor, community, id, reason, &n)) != OK)
            return r;
        if ((r = sql_work_order_of_report(db, community, id, &orders)) != OK)
            return r;
        for (size_t i = 0; i < orders.n; i++)
            if (orders.row[i].lead || due == 0)
                due = orders.row[i].due_at;
    }
    return sql_report_set_reopened(db, community, id, due);
}

enum result report_merge(struct db *db, const struct report_actor *actor, int64_t community, int64_t id, int64_t into)
{
    struct sql_report_get report, leading;
    const struct flow_step *step;
    struct report_event event = {.verb = "merged", .report = id, .after = STR("merged")};
    struct report_actor author = *actor;
    enum result r = sql_report_get(db, community, into, &leading);

    if (r != OK)
        return r == E_NOT_FOUND ? E_INVALID : r;
    if (into == id || report_flow.state[flow_state_of(&report_flow, leading.state)].final)
        return E_INVALID;
    r = report_take(db, actor, community, id, A_MERGE, 0, &report, &step);
    if (r == OK)
        r = report_clocks(db, actor, community, &report_flow, "report", id, step, NULL);
    if (r == OK)
        r = sql_report_set_merged(db, community, id, into);
    if (r == OK)
        r = search_remove(db, community, id);
    if (r == OK)
        r = sql_report_set_closed(db, community, id, STR("merged"), actor->now);
    if (r != OK)
        return r;
    event.before = report.state;
    event.detail = str_printf(db_arena(db), "{\"into\":\"%lld\",\"overdue\":%d}", (long long)into, report.overdue);
    if ((r = report_record(db, actor, community, &event, NULL)) != OK)
        return r;
    /* Whoever wrote the second one has met it too, and follows the first. */
    author.person = report.author;
    author.organisation = 0;
    author.who = WHO_RESIDENT;
    if (report.dwelling)
        return report_join(db, &author, community, into, report.dwelling);
    return report_follow(db, &author, community, into, true);
}

enum result report_void(struct db *db, const struct report_actor *actor, int64_t community, int64_t id,
                        struct str reason)
{
    struct sql_report_get report;
    const struct flow_step *step;
    struct report_event event = {.verb = "voided", .report = id, .body = reason, .after = STR("voided")};
    enum result r = report_take(db, actor, community, id, A_VOID, reason.len ? NEED_REASON : 0, &report, &step);

    if (r == OK)
        r = report_clocks(db, actor, community, &report_flow, "report", id, step, NULL);
    if (r == OK)
        r = orders_withdraw_all(db, actor, community, id, reason);
    if (r == OK)
        r = search_remove(db, community, id);
    if (r == OK)
        r = sql_report_set_closed(db, community, id, STR("voided"), actor->now);
    if (r != OK)
        return r;
    event.before = report.state;
    event.detail = str_printf(db_arena(db), "{\"overdue\":%d}", report.overdue);
    return report_record(db, actor, community, &event, NULL);
}
