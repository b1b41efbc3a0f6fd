/* flow.h: everything that moves, moves by a flow: a table of (state, action, next state, who may, what is required, clocks).
 *
 * Pure: states, actions, roles, requirements and stages are numbers and bits of the board's own. The board stores the state by
 * its name, writes the ledger event and sends the notifications; this engine says what is legal. */
#ifndef LILONG_CIVIC_FLOW_H
#define LILONG_CIVIC_FLOW_H

#include "civic/calendar/calendar.h"

struct flow_state {
    const char *name;       /* as stored and in JSON: "handling" */
    bool final;
};

struct flow_action {
    const char *name;       /* "answer" */
};

/* A stage is a clock of the flow: bit number = index in the table, at most 32. */
struct flow_stage {
    const char *name;       /* "answer" */
    enum limit_unit unit;
    int64_t amount;         /* default; a setting may say otherwise */
    int warn_percent;       /* warned when so much of the time has passed; 0: never */
};

struct flow_step {
    int from, action, to;
    uint32_t who;           /* bits of roles: any one of them may */
    uint32_t need;          /* bits of what must be given: a reason, a photo, a handler … */
    uint32_t starts, stops; /* bits of stages */
};

struct flow {
    const char *name;
    int first;              /* state in which a subject begins */
    const struct flow_state *state; int n_states;
    const struct flow_action *action; int n_actions;
    const struct flow_stage *stage; int n_stages;
    const struct flow_step *step; int n_steps;
};

/* The step for an action in a state. E_CONFLICT: the state does not have it (any more). E_DENIED: not for these roles. E_INVALID: something
 * needed is not given; ret_missing has the bits. ret_missing may be NULL. */
enum result flow_take(const struct flow *flow, int state, int action, uint32_t roles, uint32_t given,
                      const struct flow_step **ret_step, uint32_t *ret_missing) MUST_USE;

/* The steps that the roles may take in this state, in the order of the table: the buttons of a page. Returns how many. */
size_t flow_legal(const struct flow *flow, int state, uint32_t roles, const struct flow_step **ret_steps, size_t max);

int flow_state_of(const struct flow *flow, struct str name);   /* -1 when unknown */
int flow_action_of(const struct flow *flow, struct str name);  /* -1 when unknown */
int flow_stage_of(const struct flow *flow, struct str name);   /* -1 when unknown */

/* Looks the table over at start: numbers in range, names unique, at most one step per state, action and role, every state reachable,
 * no dead end but final states and a way from everywhere to one, every action used, every stage that is started also stopped. ret_why names
 * the mistake. A final state may have steps out of it (re-opening). */
enum result flow_check(const struct flow *flow, struct arena *a, struct str *ret_why) MUST_USE;

#endif
