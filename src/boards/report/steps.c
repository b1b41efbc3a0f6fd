/* steps.c: what every action on a report has in common: the flow is asked, the step is written down, the clocks are set. */
#include "boards/report/rules.h"

#include "engine/base/ids.h"

static struct str state_name(int state)
{
    return str_from_cstr(report_flow.state[state].name);
}

enum result report_record(struct db *db, const struct report_actor *actor, int64_t community,
                          const struct report_event *event, int64_t *ret_step)
{
    int64_t id = id_new();
    struct ledger_event e = {
        .community = community,
        .at = actor->now,
        .actor = actor->person,
        .organisation = actor->organisation,
        .verb = str_from_cstr(event->verb),
        .subject_kind = event->order ? STR("work_order") : STR("report"),
        .subject = event->order ? event->order : event->report,
        .before = event->before,
        .after = event->after,
        .amount = event->amount,
        .detail = event->detail,
        .text_hash = event->body.len ? ledger_text_hash(db_arena(db), id, event->body) : STR_NONE,
    };

    if (!event->silent) {
        enum result r = sql_report_step_put(db, community, id, event->report, event->order, e.verb, actor->person,
                                            actor->organisation, event->body, actor->now, !event->staff);
        if (r != OK)
            return r;
    }
    if (ret_step)
        *ret_step = id;
    return ledger_append(db, &e);
}

enum result report_take(struct db *db, const struct report_actor *actor, int64_t community, int64_t id, int action,
                        uint32_t given, struct sql_report_get *ret_report, const struct flow_step **ret_step)
{
    const struct flow_step *step;
    uint32_t who = actor->who;
    int64_t changed;
    enum result r = sql_report_get(db, community, id, ret_report);

    if (r != OK)
        return r;
    if (ret_report->author != actor->person || actor->person == 0)
        who &= ~(uint32_t)WHO_AUTHOR;
    r = flow_take(&report_flow, flow_state_of(&report_flow, ret_report->state), action, who, given, &step, NULL);
    if (r != OK)
        return r;
    r = sql_report_move(db, community, id, ret_report->state, state_name(step->to), actor->now, &changed);
    if (r != OK)
        return r;
    if (changed == 0)
        return E_CONFLICT;
    *ret_step = step;
    return OK;
}

enum result report_clocks(struct db *db, const struct report_actor *actor, int64_t community, const struct flow *flow,
                          const char *kind, int64_t subject, const struct flow_step *step, int64_t *ret_due)
{
    enum result r;

    for (int stage = 0; stage < flow->n_stages; stage++) {
        struct str name = str_from_cstr(flow->stage[stage].name);

        if (step->stops & (1u << stage)) {
            r = clock_stop(db, community, str_from_cstr(kind), subject, name, actor->now, NULL);
            if (r != OK && r != E_NOT_FOUND)
                return r;
        }
        if (step->starts & (1u << stage) && flow == &report_flow) {
            struct clock_start start = {
                .community = community,
                .subject_kind = str_from_cstr(kind),
                .subject = subject,
                .stage = name,
                .warn_percent = flow->stage[stage].warn_percent,
                .now = actor->now,
            };
            int64_t due;

            start.unit = report_stage_limit(stage, &start.amount);
            r = clock_start(db, calendar_now(), &start, &due);
            if (r != OK)
                return r;
            if (ret_due)
                *ret_due = due;
        }
    }
    return OK;
}
