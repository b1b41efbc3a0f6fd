/* flow.c: how a report and a work order move. README.md says the same in words; flow_check() holds the tables at start. */
#include "boards/report/rules.h"

enum { STAGE_ANSWER, STAGE_SOLVE, STAGE_CHECK, STAGE_CONFIRM };
enum { STAGE_ACCEPT, STAGE_HANDLE };
#define BIT(stage) (1u << (stage))

static const struct flow_state report_states[] = {
    [R_REPORTED] = {"reported", false}, [R_ANSWERED] = {"answered", false},     [R_HANDLING] = {"handling", false},
    [R_CHECKING] = {"checking", false}, [R_CONFIRMING] = {"confirming", false}, [R_CLOSED] = {"closed", true},
    [R_VOIDED] = {"voided", true},      [R_MERGED] = {"merged", true},
};

static const struct flow_action report_actions[] = {
    [A_ANSWER] = {"answer"},     [A_HAND_OFF] = {"hand_off"},
    [A_SOLVE] = {"solve"},       [A_EXPLAIN] = {"explain"},
    [A_ALL_DONE] = {"all_done"}, [A_PASS] = {"pass"},
    [A_FAIL] = {"fail"},         [A_CONFIRM] = {"confirm"},
    [A_REJECT] = {"reject"},     [A_REJECT_SELF] = {"reject_self"},
    [A_EXPIRE] = {"expire"},     [A_MERGE] = {"merge"},
    [A_VOID] = {"void"},         [A_TAKE_BACK] = {"take_back"},
};

static const struct flow_stage report_stages[] = {
    [STAGE_ANSWER] = {"answer", LIMIT_WORK_HOUR, 2, 50},
    [STAGE_SOLVE] = {"solve", LIMIT_WORK_DAY, 3, 75},
    [STAGE_CHECK] = {"check", LIMIT_WORK_DAY, 1, 0},
    [STAGE_CONFIRM] = {"confirm", LIMIT_CALENDAR_DAY, 7, 75},
};

#define ALL_STAGES (BIT(STAGE_ANSWER) | BIT(STAGE_SOLVE) | BIT(STAGE_CHECK) | BIT(STAGE_CONFIRM))

static const struct flow_step report_steps[] = {
    /* clang-format off */
    /* from          action         next          who            asks for               starts               stops */
    {R_REPORTED,   A_ANSWER,      R_ANSWERED,   WHO_COMMITTEE, NEED_TEXT,             BIT(STAGE_SOLVE),    BIT(STAGE_ANSWER)},
    {R_REPORTED,   A_HAND_OFF,    R_HANDLING,   WHO_COMMITTEE, NEED_TEXT | NEED_LEAD, 0,                   BIT(STAGE_ANSWER)},
    {R_REPORTED,   A_HAND_OFF,    R_HANDLING,   WHO_CLOCK,     NEED_LEAD,             0,                   BIT(STAGE_ANSWER)}, /* a repair: straight to the company */
    {R_REPORTED,   A_MERGE,       R_MERGED,     WHO_COMMITTEE, 0,                     0,                   ALL_STAGES},
    {R_REPORTED,   A_VOID,        R_VOIDED,     WHO_COMMITTEE, NEED_REASON,           0,                   ALL_STAGES},
    {R_ANSWERED,   A_ANSWER,      R_ANSWERED,   WHO_COMMITTEE, NEED_TEXT,             0,                   0},
    {R_ANSWERED,   A_HAND_OFF,    R_HANDLING,   WHO_COMMITTEE, NEED_LEAD,             0,                   BIT(STAGE_SOLVE)},
    {R_ANSWERED,   A_SOLVE,       R_CONFIRMING, WHO_COMMITTEE, NEED_TEXT,             BIT(STAGE_CONFIRM),  BIT(STAGE_SOLVE)},
    {R_ANSWERED,   A_EXPLAIN,     R_CONFIRMING, WHO_COMMITTEE, NEED_TEXT,             BIT(STAGE_CONFIRM),  BIT(STAGE_SOLVE)},
    {R_ANSWERED,   A_MERGE,       R_MERGED,     WHO_COMMITTEE, 0,                     0,                   ALL_STAGES},
    {R_ANSWERED,   A_VOID,        R_VOIDED,     WHO_COMMITTEE, NEED_REASON,           0,                   ALL_STAGES},
    {R_HANDLING,   A_ANSWER,      R_HANDLING,   WHO_COMMITTEE, NEED_TEXT,             0,                   0},
    {R_HANDLING,   A_HAND_OFF,    R_HANDLING,   WHO_COMMITTEE | WHO_SUPERVISOR, 0,    0,                   0},
    {R_HANDLING,   A_ALL_DONE,    R_CHECKING,   WHO_CLOCK,     0,                     BIT(STAGE_CHECK),    0},
    {R_HANDLING,   A_TAKE_BACK,   R_ANSWERED,   WHO_CLOCK,     0,                     BIT(STAGE_SOLVE),    0},
    {R_HANDLING,   A_VOID,        R_VOIDED,     WHO_COMMITTEE, NEED_REASON,           0,                   ALL_STAGES},
    {R_CHECKING,   A_PASS,        R_CONFIRMING, WHO_COMMITTEE, 0,                     BIT(STAGE_CONFIRM),  BIT(STAGE_CHECK)},
    {R_CHECKING,   A_FAIL,        R_HANDLING,   WHO_COMMITTEE, NEED_REASON,           0,                   BIT(STAGE_CHECK)},
    {R_CHECKING,   A_VOID,        R_VOIDED,     WHO_COMMITTEE, NEED_REASON,           0,                   ALL_STAGES},
    {R_CONFIRMING, A_CONFIRM,     R_CLOSED,     WHO_AUTHOR,    NEED_RATING,           0,                   ALL_STAGES},
    {R_CONFIRMING, A_REJECT,      R_HANDLING,   WHO_AUTHOR,    NEED_REASON,           0,                   BIT(STAGE_CONFIRM)},
    {R_CONFIRMING, A_REJECT_SELF, R_ANSWERED,   WHO_AUTHOR,    NEED_REASON,           BIT(STAGE_SOLVE),    BIT(STAGE_CONFIRM)},
    {R_CONFIRMING, A_EXPIRE,      R_CLOSED,     WHO_CLOCK,     0,                     0,                   ALL_STAGES},
    /* clang-format on */
};

#define COUNT(array) (int)(sizeof(array) / sizeof((array)[0]))

const struct flow report_flow = {
    .name = "report",
    .first = R_REPORTED,
    .state = report_states,
    .n_states = COUNT(report_states),
    .action = report_actions,
    .n_actions = COUNT(report_actions),
    .stage = report_stages,
    .n_stages = COUNT(report_stages),
    .step = report_steps,
    .n_steps = COUNT(report_steps),
};

static const struct flow_state order_states[] = {
    [O_HANDED] = {"handed", false}, [O_ACCEPTED] = {"accepted", false}, [O_SENT_BACK] = {"sent_back", false},
    [O_DONE] = {"done", false},     [O_PASSED] = {"passed", false},     [O_WITHDRAWN] = {"withdrawn", true},
};

static const struct flow_action order_actions[] = {
    [B_ACCEPT] = {"accept"},     [B_SEND_BACK] = {"send_back"}, [B_ASK_EXTENSION] = {"ask_extension"},
    [B_GRANT] = {"grant"},       [B_REFUSE] = {"refuse"},       [B_DONE] = {"done"},
    [B_WITHDRAW] = {"withdraw"}, [B_PRESS] = {"press"},         [B_PASS] = {"pass"},
    [B_REWORK] = {"rework"},
};

static const struct flow_stage order_stages[] = {
    [STAGE_ACCEPT] = {"accept", LIMIT_WORK_DAY, 1, 75}, /* 先行联系: the handler calls within one work day */
    [STAGE_HANDLE] = {"handle", LIMIT_WORK_DAY, 5, 75}, /* or what the category says */
};

#define BOTH_STAGES (BIT(STAGE_ACCEPT) | BIT(STAGE_HANDLE))

static const struct flow_step order_steps[] = {
    /* clang-format off */
    /* from        action           next         who                             asks for                  starts             stops */
    {O_HANDED,    B_ACCEPT,        O_ACCEPTED,  WHO_HANDLER,                    0,                        0,                 BIT(STAGE_ACCEPT)},
    {O_HANDED,    B_SEND_BACK,     O_SENT_BACK, WHO_HANDLER,                    NEED_REASON,              0,                 BOTH_STAGES},
    {O_HANDED,    B_DONE,          O_DONE,      WHO_HANDLER,                    NEED_TEXT,                0,                 BOTH_STAGES},
    {O_HANDED,    B_WITHDRAW,      O_WITHDRAWN, WHO_COMMITTEE,                  NEED_REASON,              0,                 BOTH_STAGES},
    {O_HANDED,    B_PRESS,         O_HANDED,    WHO_COMMITTEE | WHO_SUPERVISOR, 0,                        0,                 0},
    {O_ACCEPTED,  B_SEND_BACK,     O_SENT_BACK, WHO_HANDLER,                    NEED_REASON,              0,                 BOTH_STAGES},
    {O_ACCEPTED,  B_DONE,          O_DONE,      WHO_HANDLER,                    NEED_TEXT,                0,                 BOTH_STAGES},
    {O_ACCEPTED,  B_ASK_EXTENSION, O_ACCEPTED,  WHO_HANDLER,                    NEED_REASON | NEED_UNTIL, 0,                 0},
    {O_ACCEPTED,  B_GRANT,         O_ACCEPTED,  WHO_COMMITTEE | WHO_SUPERVISOR, 0,                        0,                 0},
    {O_ACCEPTED,  B_REFUSE,        O_ACCEPTED,  WHO_COMMITTEE | WHO_SUPERVISOR, NEED_REASON,              0,                 0},
    {O_ACCEPTED,  B_WITHDRAW,      O_WITHDRAWN, WHO_COMMITTEE,                  NEED_REASON,              0,                 BOTH_STAGES},
    {O_ACCEPTED,  B_PRESS,         O_ACCEPTED,  WHO_COMMITTEE | WHO_SUPERVISOR, 0,                        0,                 0},
    {O_SENT_BACK, B_WITHDRAW,      O_WITHDRAWN, WHO_COMMITTEE | WHO_CLOCK,      0,                        0,                 0},
    {O_DONE,      B_PASS,          O_PASSED,    WHO_COMMITTEE,                  0,                        0,                 0},
    {O_DONE,      B_REWORK,        O_ACCEPTED,  WHO_COMMITTEE | WHO_AUTHOR,     NEED_REASON,              BIT(STAGE_HANDLE), 0},
    {O_DONE,      B_WITHDRAW,      O_WITHDRAWN, WHO_COMMITTEE,                  NEED_REASON,              0,                 0},
    {O_PASSED,    B_REWORK,        O_ACCEPTED,  WHO_COMMITTEE | WHO_AUTHOR,     NEED_REASON,              BIT(STAGE_HANDLE), 0},
    /* clang-format on */
};

const struct flow order_flow = {
    .name = "work_order",
    .first = O_HANDED,
    .state = order_states,
    .n_states = COUNT(order_states),
    .action = order_actions,
    .n_actions = COUNT(order_actions),
    .stage = order_stages,
    .n_stages = COUNT(order_stages),
    .step = order_steps,
    .n_steps = COUNT(order_steps),
};

const struct report_limits report_limits_usual = {
    .answer_work_hours = 2,
    .solve_work_days = 3,
    .accept_work_days = 1,
    .handle_work_days = 5,
    .check_work_days = 1,
    .confirm_days = 7,
};
static struct report_limits limits_in_force = {
    .answer_work_hours = 2,
    .solve_work_days = 3,
    .accept_work_days = 1,
    .handle_work_days = 5,
    .check_work_days = 1,
    .confirm_days = 7,
};

void report_use_limits(const struct report_limits *limits)
{
    limits_in_force = *limits;
}

const struct report_limits *report_limits(void)
{
    return &limits_in_force;
}

enum limit_unit report_stage_limit(int stage, int64_t *ret_amount)
{
    switch (stage) {
    case STAGE_ANSWER: *ret_amount = limits_in_force.answer_work_hours; break;
    case STAGE_SOLVE: *ret_amount = limits_in_force.solve_work_days; break;
    case STAGE_CHECK: *ret_amount = limits_in_force.check_work_days; break;
    default: *ret_amount = limits_in_force.confirm_days; break;
    }
    return report_stages[stage].unit;
}
