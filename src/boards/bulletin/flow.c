/* flow.c: how a notice moves, and where the kind stands on other pages. */
#include "boards/bulletin/rules.h"

static const struct flow_state states[] = {
    [BULLETIN_DRAFT] = {"draft", false},         [BULLETIN_WAITING] = {"waiting", false},
    [BULLETIN_SCHEDULED] = {"scheduled", false}, [BULLETIN_PUBLISHED] = {"published", false},
    [BULLETIN_PINNED] = {"pinned", false},       [BULLETIN_EXPIRED] = {"expired", true},
    [BULLETIN_WITHDRAWN] = {"withdrawn", true},
};
static const struct flow_action actions[] = {
    [BULLETIN_SUBMIT] = {"submit"}, [BULLETIN_PUBLISH] = {"publish"},   [BULLETIN_SCHEDULE] = {"schedule"},
    [BULLETIN_RETURN] = {"return"}, [BULLETIN_RECALL] = {"recall"},     [BULLETIN_DUE] = {"due"},
    [BULLETIN_PIN] = {"pin"},       [BULLETIN_UNPIN] = {"unpin"},       [BULLETIN_CORRECT] = {"correct"},
    [BULLETIN_EXPIRE] = {"expire"}, [BULLETIN_WITHDRAW] = {"withdraw"},
};
#define RUNNER BULLETIN_BY_RUNNER
#define FREE BULLETIN_BY_FREE
#define REVIEWER BULLETIN_BY_REVIEWER
#define CLOCK BULLETIN_BY_CLOCK
#define REASON BULLETIN_NEEDS_REASON
static const struct flow_step steps[] = {
    /* clang-format off */
    {BULLETIN_DRAFT,     BULLETIN_SUBMIT,   BULLETIN_WAITING,   RUNNER,   0,      0, 0},
    {BULLETIN_DRAFT,     BULLETIN_PUBLISH,  BULLETIN_PUBLISHED, FREE,     0,      0, 0},
    {BULLETIN_DRAFT,     BULLETIN_SCHEDULE, BULLETIN_SCHEDULED, FREE,     0,      0, 0},
    {BULLETIN_DRAFT,     BULLETIN_WITHDRAW, BULLETIN_WITHDRAWN, RUNNER,   0,      0, 0},
    {BULLETIN_WAITING,   BULLETIN_PUBLISH,  BULLETIN_PUBLISHED, REVIEWER, 0,      0, 0},
    {BULLETIN_WAITING,   BULLETIN_SCHEDULE, BULLETIN_SCHEDULED, REVIEWER, 0,      0, 0},
    {BULLETIN_WAITING,   BULLETIN_RETURN,   BULLETIN_DRAFT,     REVIEWER, REASON, 0, 0},
    {BULLETIN_WAITING,   BULLETIN_RECALL,   BULLETIN_DRAFT,     RUNNER,   0,      0, 0},
    {BULLETIN_WAITING,   BULLETIN_WITHDRAW, BULLETIN_WITHDRAWN, RUNNER,   REASON, 0, 0},
    {BULLETIN_SCHEDULED, BULLETIN_DUE,      BULLETIN_PUBLISHED, CLOCK,    0,      0, 0},
    {BULLETIN_SCHEDULED, BULLETIN_RECALL,   BULLETIN_DRAFT,     RUNNER,   0,      0, 0},
    {BULLETIN_SCHEDULED, BULLETIN_WITHDRAW, BULLETIN_WITHDRAWN, RUNNER,   REASON, 0, 0},
    {BULLETIN_PUBLISHED, BULLETIN_PIN,      BULLETIN_PINNED,    RUNNER,   0,      0, 0},
    {BULLETIN_PUBLISHED, BULLETIN_CORRECT,  BULLETIN_WAITING,   RUNNER,   0,      0, 0},
    {BULLETIN_PUBLISHED, BULLETIN_EXPIRE,   BULLETIN_EXPIRED,   CLOCK,    0,      0, 0},
    {BULLETIN_PUBLISHED, BULLETIN_WITHDRAW, BULLETIN_WITHDRAWN, RUNNER,   REASON, 0, 0},
    {BULLETIN_PINNED,    BULLETIN_UNPIN,    BULLETIN_PUBLISHED, RUNNER,   0,      0, 0},
    {BULLETIN_PINNED,    BULLETIN_CORRECT,  BULLETIN_WAITING,   RUNNER,   0,      0, 0},
    {BULLETIN_PINNED,    BULLETIN_EXPIRE,   BULLETIN_EXPIRED,   CLOCK,    0,      0, 0},
    {BULLETIN_PINNED,    BULLETIN_WITHDRAW, BULLETIN_WITHDRAWN, RUNNER,   REASON, 0, 0},
    /* clang-format on */
};
#define COUNT(table) (int)(sizeof(table) / sizeof((table)[0]))
const struct flow bulletin_flow = {
    .name = "bulletin",
    .first = BULLETIN_DRAFT,
    .state = states,
    .n_states = COUNT(states),
    .action = actions,
    .n_actions = COUNT(actions),
    .step = steps,
    .n_steps = COUNT(steps),
};

/* clang-format off */
static const struct board_start starts[] = {
    {"/new", NULL, T_bulletin_start, NULL, CAP_BOARD_RUN, NULL, NULL},
};
/* clang-format on */
const struct board_kind bulletin_kind = {
    .word = "bulletin",
    .name = T_bulletin_kind,
    .lead = T_bulletin_kind_lead,
    .icon = "announcement",
    .unread = entry_unread,
    .start = starts,
    .n_start = sizeof(starts) / sizeof(starts[0]),
};
