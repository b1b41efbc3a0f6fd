/* activity.c: how an activity and a place in it move, and what the kind is. */
#include "boards/activity/activity.h"

#include "boards/activity/rules.h"
#include "civic/statistics/statistics.h"

#define COUNT(table) (int)(sizeof(table) / sizeof((table)[0]))

static const struct flow_state states[] = {
    [ACTIVITY_WAITING] = {"waiting", false},    [ACTIVITY_PLANNED] = {"planned", false},
    [ACTIVITY_OPEN] = {"open", false},          [ACTIVITY_DONE] = {"done", true},
    [ACTIVITY_CANCELLED] = {"cancelled", true}, [ACTIVITY_DECLINED] = {"declined", true},
};
static const struct flow_action actions[] = {
    [ACTIVITY_ACCEPT] = {"accept"}, [ACTIVITY_PLAN] = {"plan"},     [ACTIVITY_DECLINE] = {"decline"},
    [ACTIVITY_BEGIN] = {"begin"},   [ACTIVITY_CANCEL] = {"cancel"}, [ACTIVITY_CLOSE] = {"close"},
};
#define BY_EITHER (BY_ORGANISER | BY_RUNNER)
static const struct flow_step steps[] = {
    {ACTIVITY_WAITING, ACTIVITY_ACCEPT, ACTIVITY_OPEN, BY_RUNNER, 0, 0, 0},
    {ACTIVITY_WAITING, ACTIVITY_PLAN, ACTIVITY_PLANNED, BY_RUNNER, 0, 0, 0},
    {ACTIVITY_WAITING, ACTIVITY_DECLINE, ACTIVITY_DECLINED, BY_RUNNER, NEEDS_REASON, 0, 0},
    {ACTIVITY_WAITING, ACTIVITY_CANCEL, ACTIVITY_CANCELLED, BY_EITHER, NEEDS_REASON, 0, 0},
    {ACTIVITY_PLANNED, ACTIVITY_BEGIN, ACTIVITY_OPEN, BY_CLOCK, 0, 0, 0},
    {ACTIVITY_PLANNED, ACTIVITY_CANCEL, ACTIVITY_CANCELLED, BY_EITHER, NEEDS_REASON, 0, 0},
    {ACTIVITY_OPEN, ACTIVITY_CANCEL, ACTIVITY_CANCELLED, BY_EITHER, NEEDS_REASON, 0, 0},
    {ACTIVITY_OPEN, ACTIVITY_CLOSE, ACTIVITY_DONE, BY_EITHER, 0, 0, 0},
};
const struct flow activity_flow = {
    .name = "activity",
    .first = ACTIVITY_WAITING,
    .state = states,
    .n_states = COUNT(states),
    .action = actions,
    .n_actions = COUNT(actions),
    .step = steps,
    .n_steps = COUNT(steps),
};

static const struct flow_state signup_states[] = {
    [SIGNUP_OUT] = {"out", false},  [SIGNUP_WAITING] = {"waiting", false}, [SIGNUP_IN] = {"in", false},
    [SIGNUP_CAME] = {"came", true}, [SIGNUP_MISSED] = {"missed", true},
};
static const struct flow_action signup_actions[] = {
    [SIGNUP_TAKE] = {"take"},   [SIGNUP_QUEUE] = {"queue"},       [SIGNUP_MOVE_UP] = {"move_up"},
    [SIGNUP_LEAVE] = {"leave"}, [SIGNUP_CHECK_IN] = {"check_in"}, [SIGNUP_UNDO] = {"undo"},
    [SIGNUP_MISS] = {"miss"},
};
#define BY_ANY (BY_PERSON | BY_ORGANISER)
static const struct flow_step signup_steps[] = {
    {SIGNUP_OUT, SIGNUP_TAKE, SIGNUP_IN, BY_ANY, 0, 0, 0},
    {SIGNUP_OUT, SIGNUP_QUEUE, SIGNUP_WAITING, BY_ANY, 0, 0, 0},
    {SIGNUP_WAITING, SIGNUP_MOVE_UP, SIGNUP_IN, BY_CLOCK, 0, 0, 0},
    {SIGNUP_WAITING, SIGNUP_LEAVE, SIGNUP_OUT, BY_ANY, 0, 0, 0},
    {SIGNUP_IN, SIGNUP_LEAVE, SIGNUP_OUT, BY_ANY, 0, 0, 0},
    {SIGNUP_IN, SIGNUP_CHECK_IN, SIGNUP_CAME, BY_ANY, 0, 0, 0},
    {SIGNUP_CAME, SIGNUP_UNDO, SIGNUP_IN, BY_ORGANISER, 0, 0, 0},
    {SIGNUP_IN, SIGNUP_MISS, SIGNUP_MISSED, BY_ORGANISER, 0, 0, 0},
};
const struct flow signup_flow = {
    .name = "signup",
    .first = SIGNUP_OUT,
    .state = signup_states,
    .n_states = COUNT(signup_states),
    .action = signup_actions,
    .n_actions = COUNT(signup_actions),
    .step = signup_steps,
    .n_steps = COUNT(signup_steps),
};

struct str signup_word(int state)
{
    return str_from_cstr(signup_states[state].name);
}

/* clang-format off */
static const struct board_start starts[] = {
    {"/new", NULL, T_activity_start, NULL, CAP_BOARD_WRITE, NULL, NULL},
};
/* clang-format on */
const struct board_kind activity_kind = {
    .word = "activity",
    .name = T_activity_kind,
    .lead = T_activity_kind_lead,
    .icon = "calendar",
    .unread = entry_unread,
    .start = starts,
    .n_start = sizeof(starts) / sizeof(starts[0]),
};

static const struct measure_rule rules[] = {
    {"activities_held", "activity", "closed", NULL, MEASURE_SUM, NULL}, /* total: who came */
    {"activity_signups", "activity", "signed_up", NULL, MEASURE_COUNT, NULL},
    {"activity_check_ins", "activity", "checked_in", NULL, MEASURE_COUNT, NULL},
    {"activities_cancelled", "activity", "called_off", NULL, MEASURE_COUNT, NULL},
};
const struct measure_table activity_measures = {rules, sizeof(rules) / sizeof(rules[0])};
