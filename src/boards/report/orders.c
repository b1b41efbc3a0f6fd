/* orders.c: a handler's part of a report, from being handed over to the check. */
#include "boards/report/category.h"
#include "boards/report/rules.h"

#define ORDER STR("work_order")

/* Loads the order, asks the flow, moves it. The actor handles it only when it is its organisation's. */
static enum result take(struct db *db, const struct report_actor *actor, int64_t community, int64_t id, int action,
                        uint32_t given, struct sql_work_order_get *ret_order, const struct flow_step **ret_step)
{
    uint32_t who = actor->who;
    int64_t changed;
    enum result r = sql_work_order_get(db, community, id, ret_order);

    if (r != OK)
        return r;
    if (ret_order->organisation != actor->organisation)
        who &= ~(uint32_t)WHO_HANDLER;
    r = flow_take(&order_flow, flow_state_of(&order_flow, ret_order->state), action, who, given, ret_step, NULL);
    if (r != OK)
        return r;
    r = sql_work_order_move(db, community, id, ret_order->state, str_from_cstr(order_flow.state[(*ret_step)->to].name),
                            &changed);
    if (r == OK && changed == 0)
        r = E_CONFLICT;
    if (r == OK)
        r = report_clocks(db, actor, community, &order_flow, "work_order", id, *ret_step, NULL);
    return r;
}

static enum result record(struct db *db, const struct report_actor *actor, int64_t community,
                          const struct sql_work_order_get *order, const struct flow_step *step, const char *verb,
                          struct str body, int64_t amount, int64_t *ret_step)
{
    struct report_event event = {
        .verb = verb,
        .report = order->report,
        .order = order->id,
        .body = body,
        .before = order->state,
        .after = str_from_cstr(order_flow.state[step->to].name),
        .amount = amount,
        .detail = str_printf(db_arena(db), "{\"organisation\":\"%lld\",\"lead\":%d}", (long long)order->organisation,
                             order->lead),
    };
    enum result r = sql_report_touch(db, community, order->report, actor->now);

    return r == OK ? report_record(db, actor, community, &event, ret_step) : r;
}

enum result order_accept(struct db *db, const struct report_actor *actor, int64_t community, int64_t id)
{
    struct sql_work_order_get order;
    const struct flow_step *step;
    enum result r = take(db, actor, community, id, B_ACCEPT, 0, &order, &step);

    if (r == OK)
        r = sql_work_order_set_accepted(db, community, id, actor->now);
    return r == OK ? record(db, actor, community, &order, step, "accepted", STR_NONE,
                            calendar_work_ms(calendar_now(), order.handed_at, actor->now) / TIME_MINUTE, NULL)
                   : r;
}

enum result order_send_back(struct db *db, const struct report_actor *actor, int64_t community, int64_t id,
                            struct str reason)
{
    struct sql_work_order_get order;
    const struct flow_step *step;
    enum result r = take(db, actor, community, id, B_SEND_BACK, reason.len ? NEED_REASON : 0, &order, &step);

    if (r == OK)
        r = sql_work_order_set_reason(db, community, id, reason);
    if (r == OK)
        r = record(db, actor, community, &order, step, "sent_back", reason, 0, NULL);
    return r == OK ? orders_settle(db, actor, community, order.report) : r;
}

enum result order_ask_extension(struct db *db, const struct report_actor *actor, int64_t community, int64_t id,
                                int64_t until, struct str reason)
{
    struct sql_work_order_get order;
    const struct flow_step *step;
    uint32_t given = (reason.len ? NEED_REASON : 0) | (until ? NEED_UNTIL : 0);
    enum result r = take(db, actor, community, id, B_ASK_EXTENSION, given, &order, &step);

    if (r != OK)
        return r;
    if (until <= order.due_at || until <= actor->now)
        return E_INVALID;
    r = sql_work_order_ask_extension(db, community, id, until, reason);
    return r == OK ? record(db, actor, community, &order, step, "extension_asked", reason, 0, NULL) : r;
}

enum result order_decide_extension(struct db *db, const struct report_actor *actor, int64_t community, int64_t id,
                                   bool granted, struct str reason)
{
    struct sql_work_order_get order;
    struct sql_report_get report;
    const struct flow_step *step;
    int64_t due;
    enum result r = take(db, actor, community, id, granted ? B_GRANT : B_REFUSE, reason.len ? NEED_REASON : 0, &order,
                         &step);

    if (r != OK)
        return r;
    if (order.extension_until == 0)
        return E_CONFLICT;
    due = granted ? order.extension_until : order.due_at;
    r = sql_work_order_extend(db, community, id, due, granted);
    if (r == OK && granted)
        r = clock_extend(db, community, ORDER, id, STR("handle"), due, actor->now);
    if (r == OK && granted && order.lead && (r = sql_report_get(db, community, order.report, &report)) == OK)
        r = sql_report_set_handler(db, community, order.report, report.lead_handler, report.grade, due);
    return r == OK
             ? record(db, actor, community, &order, step, granted ? "extended" : "extension_refused", reason, 0, NULL)
             : r;
}

enum result order_done(struct db *db, const struct report_actor *actor, int64_t community, int64_t id, struct str text,
                       int64_t photos, int64_t *ret_step)
{
    struct sql_work_order_get order;
    const struct flow_step *step;
    uint32_t given = (text.len ? NEED_TEXT : 0) | (photos ? NEED_PHOTO : 0);
    int64_t changed;
    enum result r = take(db, actor, community, id, B_DONE, given, &order, &step);

    if (r == OK && order.accepted_at == 0) /* who does it without saying so first has accepted it */
        r = sql_work_order_set_accepted(db, community, id, actor->now);
    if (r == OK)
        r = sql_work_order_set_done(db, community, id, actor->now, text);
    if (r == OK && actor->now > order.due_at)
        r = sql_work_order_set_late(db, community, id, &changed);
    if (r == OK)
        r = record(db, actor, community, &order, step, "done", text, (actor->now - order.handed_at) / TIME_MINUTE,
                   ret_step);
    return r == OK ? orders_settle(db, actor, community, order.report) : r;
}

enum result order_withdraw(struct db *db, const struct report_actor *actor, int64_t community, int64_t id,
                           struct str reason)
{
    struct sql_work_order_get order;
    const struct flow_step *step;
    enum result r = take(db, actor, community, id, B_WITHDRAW, reason.len ? NEED_REASON : 0, &order, &step);

    if (r == OK)
        r = sql_work_order_set_reason(db, community, id, reason);
    if (r == OK)
        r = record(db, actor, community, &order, step, "withdrawn", reason, 0, NULL);
    return r == OK ? orders_settle(db, actor, community, order.report) : r;
}

enum result order_press(struct db *db, const struct report_actor *actor, int64_t community, int64_t id, struct str text)
{
    struct sql_work_order_get order;
    const struct flow_step *step;
    enum result r = take(db, actor, community, id, B_PRESS, 0, &order, &step);

    return r == OK ? record(db, actor, community, &order, step, "pressed", text, 0, NULL) : r;
}

/* ---- what a step of the report does to its orders ---- */

enum result orders_pass(struct db *db, const struct report_actor *actor, int64_t community, int64_t report)
{
    struct sql_work_order_of_report_rows orders;
    int64_t changed;
    enum result r = sql_work_order_of_report(db, community, report, &orders);

    for (size_t i = 0; r == OK && i < orders.n; i++) {
        if (!str_eq(orders.row[i].state, STR("done")))
            continue;
        r = sql_work_order_move(db, community, orders.row[i].id, STR("done"), STR("passed"), &changed);
        if (r == OK)
            r = sql_work_order_set_checked(db, community, orders.row[i].id, actor->now);
    }
    return r;
}

enum result orders_rework(struct db *db, const struct report_actor *actor, int64_t community, int64_t report,
                          struct str reason, int64_t *ret_n)
{
    struct sql_work_order_of_report_rows orders;
    const struct category *category;
    struct sql_report_get row;
    int64_t n = 0;
    enum result r = sql_work_order_of_report(db, community, report, &orders);

    if (r == OK)
        r = sql_report_get(db, community, report, &row);
    if (r == OK)
        r = category_get(db, row.category, &category);
    for (size_t i = 0; r == OK && i < orders.n; i++) {
        struct sql_work_order_get order;
        const struct flow_step *step;
        struct clock_start handle = {.community = community,
                                     .subject_kind = ORDER,
                                     .subject = orders.row[i].id,
                                     .stage = STR("handle"),
                                     .unit = LIMIT_WORK_DAY,
                                     .amount = 3, /* second handling */
                                     .warn_percent = 75,
                                     .now = actor->now};
        int64_t due;

        if (!str_eq(orders.row[i].state, STR("done")) && !str_eq(orders.row[i].state, STR("passed")))
            continue;
        if (limit_unit_from_word(category->limit_unit) ==
            LIMIT_WORK_HOUR) { /* what is quick the first time is quick again */
            handle.unit = LIMIT_WORK_HOUR;
            handle.amount = category->limit_amount;
        }
        r = take(db, actor, community, orders.row[i].id, B_REWORK, NEED_REASON, &order, &step);
        if (r == OK)
            r = clock_start(db, calendar_now(), &handle, &due);
        if (r == OK)
            r = sql_work_order_set_rework(db, community, order.id, reason, due);
        if (r == OK)
            r = record(db, actor, community, &order, step, "reworked", STR_NONE, 0, NULL);
        if (r == OK && order.lead)
            r = sql_report_set_handler(db, community, report, order.organisation, row.grade, due);
        n++;
    }
    if (r == OK)
        *ret_n = n;
    return r;
}

enum result orders_withdraw_all(struct db *db, const struct report_actor *actor, int64_t community, int64_t report,
                                struct str reason)
{
    struct sql_work_order_of_report_rows orders;
    enum result r = sql_work_order_of_report(db, community, report, &orders);

    for (size_t i = 0; r == OK && i < orders.n; i++) {
        int state = flow_state_of(&order_flow, orders.row[i].state);
        struct sql_work_order_get order;
        const struct flow_step *step;

        if (state == O_PASSED || state == O_WITHDRAWN)
            continue;
        r = take(db, actor, community, orders.row[i].id, B_WITHDRAW, NEED_REASON, &order, &step);
        if (r == OK)
            r = sql_work_order_set_reason(db, community, order.id, reason);
        if (r == OK)
            r = record(db, actor, community, &order, step, "withdrawn", STR_NONE, 0, NULL);
    }
    return r;
}

enum result orders_settle(struct db *db, const struct report_actor *actor, int64_t community, int64_t report)
{
    struct sql_work_order_of_report_rows orders;
    struct sql_report_get row;
    const struct flow_step *step;
    struct report_actor itself = {.who = WHO_CLOCK, .now = actor->now};
    size_t open = 0, done = 0, sent_back = 0;
    int64_t due = 0, lead = 0;
    bool lead_gone = false;
    enum result r = sql_work_order_of_report(db, community, report, &orders);

    if (r == OK)
        r = sql_report_get(db, community, report, &row);
    if (r != OK)
        return r;
    for (size_t i = 0; i < orders.n; i++) {
        int state = flow_state_of(&order_flow, orders.row[i].state);

        open += state == O_HANDED || state == O_ACCEPTED;
        done += state == O_DONE || state == O_PASSED;
        sent_back += state == O_SENT_BACK;
        if (orders.row[i].lead)
            lead_gone = state == O_SENT_BACK || state == O_WITHDRAWN;
        if (orders.row[i].lead && !lead_gone)
            lead = orders.row[i].organisation;
    }
    if (flow_state_of(&report_flow, row.state) != R_HANDLING)
        return OK;
    if (lead_gone && row.lead_handler) /* 首问负责: it is the committee's again */
        r = sql_report_set_handler(db, community, report, lead, row.grade, row.due_at);
    if (r != OK || open)
        return r;
    if (done && sent_back)
        return OK; /* the committee hands the missing part on, or withdraws it */
    if (done) {
        struct report_event event = {
            .verb = "all_done", .report = report, .before = STR("handling"), .after = STR("checking"), .silent = true};

        r = report_take(db, &itself, community, report, A_ALL_DONE, 0, &row, &step);
        if (r == OK)
            r = report_clocks(db, &itself, community, &report_flow, "report", report, step, &due);
        return r == OK ? report_record(db, &itself, community, &event, NULL) : r;
    }
    {
        struct report_event event = {
            .verb = "taken_back", .report = report, .before = STR("handling"), .after = STR("answered")};

        r = report_take(db, &itself, community, report, A_TAKE_BACK, 0, &row, &step);
        if (r == OK)
            r = report_clocks(db, &itself, community, &report_flow, "report", report, step, &due);
        if (r == OK)
            r = sql_report_set_handler(db, community, report, 0, row.grade, due);
        return r == OK ? report_record(db, &itself, community, &event, NULL) : r;
    }
}
