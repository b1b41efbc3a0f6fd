/* flow.c: how a thread moves, and how its publication does. README.md says the same in words; flow_check() holds the tables at start. */
#include "boards/inquiry/rules.h"

enum { STAGE_ANSWER };
#define ANSWER (1u << STAGE_ANSWER)
#define COUNT(table) (int)(sizeof(table) / sizeof((table)[0]))

static const struct flow_state states[] = {
    [Q_ASKED] = {"asked", false}, [Q_TALKING] = {"talking", false}, [Q_CLOSED] = {"closed", true}};
static const struct flow_action actions[] = {
    [Q_ANSWER] = {"answer"}, [Q_SAY] = {"say"},       [Q_TRANSFER] = {"transfer"},
    [Q_CLOSE] = {"close"},   [Q_REOPEN] = {"reopen"}, [Q_RATE] = {"rate"}};
static const struct flow_stage stages[] = {[STAGE_ANSWER] = {"answer", LIMIT_WORK_HOUR, ANSWER_WORK_HOURS, 75}};
static const struct flow_step steps[] = {
    /* clang-format off */
    /* from      action      next       who                   asks for      starts  stops */
    {Q_ASKED,   Q_ANSWER,   Q_TALKING, BY_OFFICE,            NEEDS_TEXT,   0,      ANSWER},
    {Q_ASKED,   Q_SAY,      Q_ASKED,   BY_ASKER,             NEEDS_TEXT,   0,      0},
    {Q_ASKED,   Q_TRANSFER, Q_ASKED,   BY_OFFICE,            NEEDS_REASON, ANSWER, ANSWER},
    {Q_ASKED,   Q_CLOSE,    Q_CLOSED,  BY_ASKER,             0,            0,      ANSWER}, /* what has no answer only the resident ends */
    {Q_TALKING, Q_ANSWER,   Q_TALKING, BY_OFFICE,            NEEDS_TEXT,   0,      0},
    {Q_TALKING, Q_SAY,      Q_TALKING, BY_ASKER,             NEEDS_TEXT,   0,      0},
    {Q_TALKING, Q_TRANSFER, Q_ASKED,   BY_OFFICE,            NEEDS_REASON, ANSWER, 0},
    {Q_TALKING, Q_CLOSE,    Q_CLOSED,  BY_ASKER | BY_OFFICE, 0,            0,      0},
    {Q_CLOSED,  Q_REOPEN,   Q_ASKED,   BY_ASKER,             NEEDS_TEXT,   ANSWER, 0},
    {Q_CLOSED,  Q_RATE,     Q_CLOSED,  BY_ASKER,             NEEDS_RATING, 0,      0},
    /* clang-format on */
};
const struct flow inquiry_flow = {
    .name = "inquiry",
    .first = Q_ASKED,
    .state = states,
    .n_states = COUNT(states),
    .action = actions,
    .n_actions = COUNT(actions),
    .stage = stages,
    .n_stages = COUNT(stages),
    .step = steps,
    .n_steps = COUNT(steps),
};

static const struct flow_state sharing_states[] = {
    [S_PRIVATE] = {"private", true}, [S_PROPOSED] = {"proposed", false}, [S_REWORDED] = {"reworded", false},
    [S_PUBLIC] = {"public", false},  [S_REFUSED] = {"refused", true},    [S_WITHDRAWN] = {"withdrawn", true},
};
static const struct flow_action sharing_actions[] = {
    [S_PROPOSE] = {"propose"}, [S_RECALL] = {"recall"}, [S_AGREE] = {"agree"},       [S_REWORD] = {"reword"},
    [S_REFUSE] = {"refuse"},   [S_ACCEPT] = {"accept"}, [S_WITHDRAW] = {"withdraw"},
};
/* Whoever has said no, or has taken it back, is not asked again. */
static const struct flow_step sharing_steps[] = {
    {S_PRIVATE, S_PROPOSE, S_PROPOSED, BY_OFFICE, NEEDS_TEXT, 0, 0},
    {S_PROPOSED, S_PROPOSE, S_PROPOSED, BY_OFFICE, NEEDS_TEXT, 0, 0},
    {S_PROPOSED, S_RECALL, S_PRIVATE, BY_OFFICE, 0, 0, 0},
    {S_PROPOSED, S_AGREE, S_PUBLIC, BY_ASKER, 0, 0, 0},
    {S_PROPOSED, S_REWORD, S_REWORDED, BY_ASKER, NEEDS_TEXT, 0, 0},
    {S_PROPOSED, S_REFUSE, S_REFUSED, BY_ASKER, 0, 0, 0},
    {S_REWORDED, S_PROPOSE, S_PROPOSED, BY_OFFICE, NEEDS_TEXT, 0, 0},
    {S_REWORDED, S_ACCEPT, S_PUBLIC, BY_OFFICE, 0, 0, 0},
    {S_REWORDED, S_RECALL, S_PRIVATE, BY_OFFICE, 0, 0, 0},
    {S_REWORDED, S_REWORD, S_REWORDED, BY_ASKER, NEEDS_TEXT, 0, 0},
    {S_REWORDED, S_REFUSE, S_REFUSED, BY_ASKER, 0, 0, 0},
    {S_PUBLIC, S_WITHDRAW, S_WITHDRAWN, BY_ASKER, 0, 0, 0},
};
const struct flow sharing_flow = {
    .name = "sharing",
    .first = S_PRIVATE,
    .state = sharing_states,
    .n_states = COUNT(sharing_states),
    .action = sharing_actions,
    .n_actions = COUNT(sharing_actions),
    .step = sharing_steps,
    .n_steps = COUNT(sharing_steps),
};
