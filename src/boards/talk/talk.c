/* talk.c: how an entry moves, and where the kind stands on other pages. */
#include "boards/talk/talk.h"

#include "boards/talk/routes.h"
#include "civic/entry/entry.h"
#include "civic/flow/flow.h"
#include "civic/statistics/statistics.h"

static const struct flow_state states[] = {
    [TALK_WAITING] = {"waiting", false},
    [TALK_PUBLISHED] = {"published", false},
    [TALK_DECLINED] = {"declined", true},
    [TALK_WITHDRAWN] = {"withdrawn", true},
};
static const struct flow_action actions[] = {
    [TALK_ACCEPT] = {"accept"}, [TALK_DECLINE] = {"decline"}, [TALK_WITHDRAW] = {"withdraw"}};
static const struct flow_step steps[] = {
    {TALK_WAITING, TALK_ACCEPT, TALK_PUBLISHED, TALK_BY_RUNNER, 0, 0, 0},
    {TALK_WAITING, TALK_DECLINE, TALK_DECLINED, TALK_BY_RUNNER, TALK_NEEDS_REASON, 0, 0},
    {TALK_WAITING, TALK_WITHDRAW, TALK_WITHDRAWN, TALK_BY_AUTHOR, 0, 0, 0},
    {TALK_PUBLISHED, TALK_WITHDRAW, TALK_WITHDRAWN, TALK_BY_AUTHOR, 0, 0, 0},
};
#define COUNT(table) (int)(sizeof(table) / sizeof((table)[0]))
const struct flow talk_flow = {
    .name = "talk",
    .first = TALK_WAITING,
    .state = states,
    .n_states = COUNT(states),
    .action = actions,
    .n_actions = COUNT(actions),
    .step = steps,
    .n_steps = COUNT(steps),
};

/* clang-format off */
static const struct board_start starts[] = {
    {"/new", NULL, T_talk_start, NULL, CAP_BOARD_WRITE, NULL, NULL},
};
/* clang-format on */
const struct board_kind talk_kind = {
    .word = "talk",
    .name = T_talk_kind,
    .lead = T_talk_kind_lead,
    .icon = "talk",
    .unread = entry_unread,
    .start = starts,
    .n_start = sizeof(starts) / sizeof(starts[0]),
};

static const struct measure_rule rules[] = {
    {"talk_groups_opened", "talk_group", "opened", NULL, MEASURE_COUNT, NULL},
    {"talk_groups_joined", "talk_group", "joined", NULL, MEASURE_COUNT, NULL},
};
const struct measure_table talk_measures = {rules, sizeof(rules) / sizeof(rules[0])};
