/* flow.c: what is legal now, and whether a table of a flow makes sense. See flow.h. */
#include "civic/flow/flow.h"

enum result flow_take(const struct flow *flow, int state, int action, uint32_t roles, uint32_t given,
                      const struct flow_step **ret_step, uint32_t *ret_missing)
{
    bool known = false;

    for (int i = 0; i < flow->n_steps; i++) {
        const struct flow_step *step = &flow->step[i];
        if (step->from != state || step->action != action)
            continue;
        known = true;
        if (!(step->who & roles))
            continue;
        if (step->need & ~given) {
            if (ret_missing)
                *ret_missing = step->need & ~given;
            return E_INVALID;
        }
        *ret_step = step;
        return OK;
    }
    return known ? E_DENIED : E_CONFLICT;
}

size_t flow_legal(const struct flow *flow, int state, uint32_t roles, const struct flow_step **ret_steps, size_t max)
{
    size_t n = 0;

    for (int i = 0; i < flow->n_steps && n < max; i++)
        if (flow->step[i].from == state && flow->step[i].who & roles)
            ret_steps[n++] = &flow->step[i];
    return n;
}

int flow_state_of(const struct flow *flow, struct str name)
{
    for (int i = 0; i < flow->n_states; i++)
        if (str_eq(name, str_from_cstr(flow->state[i].name)))
            return i;
    return -1;
}

int flow_action_of(const struct flow *flow, struct str name)
{
    for (int i = 0; i < flow->n_actions; i++)
        if (str_eq(name, str_from_cstr(flow->action[i].name)))
            return i;
    return -1;
}

int flow_stage_of(const struct flow *flow, struct str name)
{
    for (int i = 0; i < flow->n_stages; i++)
        if (str_eq(name, str_from_cstr(flow->stage[i].name)))
            return i;
    return -1;
}

/* ---- the check at start ----------------------------------------------------------------------------------------------- */

#define FLOW_STATES_MAX 64

/* Marks every state that can be reached from those marked already (or, backwards, from which they can be reached). */
static void spread(const struct flow *flow, bool *mark, bool backwards)
{
    for (bool more = true; more;) {
        more = false;
        for (int i = 0; i < flow->n_steps; i++) {
            int from = backwards ? flow->step[i].to : flow->step[i].from,
                to = backwards ? flow->step[i].from : flow->step[i].to;
            if (mark[from] && !mark[to])
                more = mark[to] = true;
        }
    }
}

#define WRONG(...) return *ret_why = str_printf(a, __VA_ARGS__), E_INVALID

enum result flow_check(const struct flow *flow, struct arena *a, struct str *ret_why)
{
    uint32_t stages = flow->n_stages == 32 ? UINT32_MAX : (UINT32_C(1) << (flow->n_stages & 31)) - 1, started = 0,
             stopped = 0;

    if (flow->n_states < 1 || flow->n_states > FLOW_STATES_MAX || flow->n_stages < 0 || flow->n_stages > 32)
        WRONG("flow %s: 1 to %d states and at most 32 stages", flow->name, FLOW_STATES_MAX);
    if (flow->first < 0 || flow->first >= flow->n_states)
        WRONG("flow %s: the first state is none", flow->name);
    for (int i = 0; i < flow->n_states; i++) {
        if (!flow->state[i].name || !flow->state[i].name[0])
            WRONG("flow %s: state %d has no name", flow->name, i);
        if (flow_state_of(flow, str_from_cstr(flow->state[i].name)) != i)
            WRONG("flow %s: state %s is there twice", flow->name, flow->state[i].name);
    }
    for (int i = 0; i < flow->n_actions; i++) {
        if (!flow->action[i].name || !flow->action[i].name[0])
            WRONG("flow %s: action %d has no name", flow->name, i);
        if (flow_action_of(flow, str_from_cstr(flow->action[i].name)) != i)
            WRONG("flow %s: action %s is there twice", flow->name, flow->action[i].name);
    }
    for (int i = 0; i < flow->n_stages; i++) {
        const struct flow_stage *s = &flow->stage[i];
        if (!s->name || !s->name[0])
            WRONG("flow %s: stage %d has no name", flow->name, i);
        if (flow_stage_of(flow, str_from_cstr(s->name)) != i)
            WRONG("flow %s: stage %s is there twice", flow->name, s->name);
        if (s->unit < LIMIT_WORK_HOUR || s->unit > LIMIT_CLOCK_HOUR || s->amount < 1 || s->warn_percent < 0 ||
            s->warn_percent > 99)
            WRONG("flow %s: stage %s has no usable time", flow->name, s->name);
    }

    bool forward[FLOW_STATES_MAX] = {false}, backward[FLOW_STATES_MAX] = {false}, out[FLOW_STATES_MAX] = {false},
         used = false;
    for (int i = 0; i < flow->n_steps; i++) {
        const struct flow_step *s = &flow->step[i];
        if (s->from < 0 || s->from >= flow->n_states || s->to < 0 || s->to >= flow->n_states || s->action < 0 ||
            s->action >= flow->n_actions)
            WRONG("flow %s: step %d names a state or action that is none", flow->name, i);
        if (!s->who)
            WRONG("flow %s: nobody may %s in %s", flow->name, flow->action[s->action].name, flow->state[s->from].name);
        if ((s->starts | s->stops) & ~stages)
            WRONG("flow %s: %s in %s starts or stops a stage that is none", flow->name, flow->action[s->action].name,
                  flow->state[s->from].name);
        for (int k = 0; k < i; k++)
            if (flow->step[k].from == s->from && flow->step[k].action == s->action && flow->step[k].who & s->who)
                WRONG("flow %s: %s in %s is there twice for the same role", flow->name, flow->action[s->action].name,
                      flow->state[s->from].name);
        started |= s->starts;
        stopped |= s->stops;
        out[s->from] = true;
    }
    for (int i = 0; i < flow->n_actions; i++, used = false) {
        for (int k = 0; k < flow->n_steps; k++)
            used |= flow->step[k].action == i;
        if (!used)
            WRONG("flow %s: action %s is in no step", flow->name, flow->action[i].name);
    }

    forward[flow->first] = true;
    spread(flow, forward, false);
    for (int i = 0; i < flow->n_states; i++) {
        if (!forward[i])
            WRONG("flow %s: state %s cannot be reached", flow->name, flow->state[i].name);
        if (!flow->state[i].final && !out[i])
            WRONG("flow %s: state %s is a dead end and not final", flow->name, flow->state[i].name);
        backward[i] = flow->state[i].final;
    }
    spread(flow, backward, true);
    for (int i = 0; i < flow->n_states; i++)
        if (!backward[i])
            WRONG("flow %s: no way leads from state %s to a final one", flow->name, flow->state[i].name);
    /* The first state may start stages when the subject is made, which is no step: so only stopping is asked for. */
    if (started & ~stopped)
        for (int i = 0; i < flow->n_stages; i++)
            if ((started & ~stopped) >> i & 1)
                WRONG("flow %s: stage %s is started and never stopped", flow->name, flow->stage[i].name);
    return OK;
}
