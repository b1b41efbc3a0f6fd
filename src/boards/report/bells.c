/* bells.c: what happens when a limit passes, and what the figures count. Nothing here is done by a person. */
#include "boards/report/rules.h"

/* ---- late: said in the open, and once ---- */

static enum result escalate(struct db *db, const struct clock *clock, int64_t now, int64_t report, int64_t order,
                            struct str state)
{
    struct report_actor itself = {.who = WHO_CLOCK, .now = now};
    struct report_event event = {
        .verb = "escalated",
        .report = report,
        .order = order,
        .before = state,
        .after = state,
    };
    int64_t changed, overdue = 0;
    enum result r = sql_report_set_late(db, clock->community, report, &changed);

    if (r == OK)
        r = sql_report_set_escalated(db, clock->community, report, now, &changed);
    /* The first time that the matter itself is not done in time. A late answer or a late acceptance may still be made good. */
    if (r == OK && !str_eq(clock->stage, STR("answer")) && !str_eq(clock->stage, STR("accept")))
        r = sql_report_set_overdue(db, clock->community, report, &overdue);
    event.detail = str_printf(db_arena(db), "{\"stage\":\"" STR_FMT "\",\"due\":%lld,\"overdue\":%d}",
                              STR_ARG(clock->stage), (long long)clock->due_at, overdue != 0);
    return r == OK ? report_record(db, &itself, clock->community, &event, NULL) : r;
}

static enum result report_is_late(struct db *db, const struct clock *clock, int64_t now)
{
    struct report_actor itself = {.who = WHO_CLOCK, .now = now};
    struct sql_report_get report;
    enum result r = sql_report_get(db, clock->community, clock->subject, &report);

    if (r != OK)
        return r == E_NOT_FOUND ? OK : r;
    if (str_eq(clock->stage, STR("confirm"))) /* no answer for so many days is a yes */
        return str_eq(report.state, STR("confirming")) ? report_expire(db, &itself, clock->community, report.id) : OK;
    if (report_flow.state[flow_state_of(&report_flow, report.state)].final)
        return OK;
    return escalate(db, clock, now, report.id, 0, report.state);
}

static enum result order_is_late(struct db *db, const struct clock *clock, int64_t now)
{
    struct sql_work_order_get order;
    int64_t changed;
    enum result r = sql_work_order_get(db, clock->community, clock->subject, &order);

    if (r != OK)
        return r == E_NOT_FOUND ? OK : r;
    if (!str_eq(order.state, STR("handed")) && !str_eq(order.state, STR("accepted")))
        return OK;
    r = sql_work_order_set_late(db, clock->community, order.id, &changed);
    return r == OK ? escalate(db, clock, now, order.report, order.id, order.state) : r;
}

/* Half of the time has passed: a reminder to those who have it, not a public step. */
static enum result remind(struct db *db, const struct clock *clock, int64_t now, int64_t report, int64_t order)
{
    struct report_actor itself = {.who = WHO_CLOCK, .now = now};
    struct report_event event = {
        .verb = "reminded",
        .report = report,
        .order = order,
        .silent = true,
        .detail = str_printf(db_arena(db), "{\"stage\":\"" STR_FMT "\",\"due\":%lld}", STR_ARG(clock->stage),
                             (long long)clock->due_at),
    };

    return report_record(db, &itself, clock->community, &event, NULL);
}

static enum result report_is_soon(struct db *db, const struct clock *clock, int64_t now)
{
    return remind(db, clock, now, clock->subject, 0);
}

static enum result order_is_soon(struct db *db, const struct clock *clock, int64_t now)
{
    struct sql_work_order_get order;
    enum result r = sql_work_order_get(db, clock->community, clock->subject, &order);

    if (r != OK)
        return r == E_NOT_FOUND ? OK : r;
    return remind(db, clock, now, order.report, order.id);
}

const struct clock_bell report_bell = {"report", report_is_soon, report_is_late};
const struct clock_bell order_bell = {"work_order", order_is_soon, order_is_late};

/* ---- what the figures of a place count: only what an event itself says, so that a recount gives the same ---- */

static bool says(const struct ledger_event *e, struct str what)
{
    return str_find(e->detail, what) != SIZE_MAX;
}

static bool in_time(const struct ledger_event *e)
{
    return says(e, STR("\"in_time\":1"));
}

static bool was_late(const struct ledger_event *e)
{
    return says(e, STR("\"late\":1"));
}

static bool was_overdue(const struct ledger_event *e)
{
    return says(e, STR("\"overdue\":1"));
}

static bool was_on_time(const struct ledger_event *e)
{
    return says(e, STR("\"overdue\":0"));
}

static bool first_hand_off(const struct ledger_event *e)
{
    return says(e, STR("\"first\":1"));
}

static bool by_committee(const struct ledger_event *e)
{
    return says(e, STR("\"handed\":0"));
}

static bool really_solved(const struct ledger_event *e)
{
    return says(e, STR("\"outcome\":\"solved\""));
}

static const struct measure_rule rules[] = {
    /* clang-format off */
    /* measure                    subject       verb            after   take             when */
    {"report_reported",           "report",     "reported",     NULL,   MEASURE_COUNT,   NULL},
    {"report_answered",           "report",     "answered",     NULL,   MEASURE_MINUTES, NULL},
    {"report_answered_in_time",   "report",     "answered",     NULL,   MEASURE_COUNT,   in_time},
    {"report_handed_off",         "work_order", "handed_off",   NULL,   MEASURE_COUNT,   first_hand_off},
    {"report_closed",             "report",     "closed",       NULL,   MEASURE_MINUTES, NULL},
    {"report_solved",             "report",     "closed",       NULL,   MEASURE_COUNT,   really_solved},
    {"report_closed_late",        "report",     "closed",       NULL,   MEASURE_COUNT,   was_late},
    {"report_closed_on_time",     "report",     "closed",       NULL,   MEASURE_COUNT,   was_on_time},
    /* The pile of what is overdue: what came onto it, and what left it. */
    {"report_overdue",            "report",     "escalated",    NULL,   MEASURE_COUNT,   was_overdue},
    {"report_overdue",            "work_order", "escalated",    NULL,   MEASURE_COUNT,   was_overdue},
    {"report_overdue_settled",    "report",     "closed",       NULL,   MEASURE_COUNT,   was_overdue},
    {"report_overdue_settled",    "report",     "merged",       NULL,   MEASURE_COUNT,   was_overdue},
    {"report_overdue_settled",    "report",     "voided",       NULL,   MEASURE_COUNT,   was_overdue},
    {"report_by_committee",       "report",     "closed",       NULL,   MEASURE_COUNT,   by_committee},
    {"report_reopened",           "report",     "reopened",     NULL,   MEASURE_COUNT,   NULL},
    {"report_voided",             "report",     "voided",       NULL,   MEASURE_COUNT,   NULL},
    {"report_merged",             "report",     "merged",       NULL,   MEASURE_COUNT,   NULL},
    {"report_rated",              "report",     "rated",        NULL,   MEASURE_SUM,     NULL},
    {"report_escalated",          "report",     "escalated",    NULL,   MEASURE_COUNT,   NULL},
    {"report_joined",             "report",     "joined",       NULL,   MEASURE_COUNT,   NULL},
    {"report_commented",          "report",     "commented",    NULL,   MEASURE_COUNT,   NULL},
    {"order_handed",              "work_order", "handed_off",   NULL,   MEASURE_COUNT,   NULL},
    {"order_accepted",            "work_order", "accepted",     NULL,   MEASURE_MINUTES, NULL},
    {"order_done",                "work_order", "done",         NULL,   MEASURE_MINUTES, NULL},
    {"order_sent_back",           "work_order", "sent_back",    NULL,   MEASURE_COUNT,   NULL},
    {"order_reworked",            "work_order", "reworked",     NULL,   MEASURE_COUNT,   NULL},
    {"order_escalated",           "work_order", "escalated",    NULL,   MEASURE_COUNT,   NULL},
    /* clang-format on */
};

const struct measure_table report_measures = {rules, sizeof(rules) / sizeof(rules[0])};
