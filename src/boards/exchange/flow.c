/* flow.c: how an exchange moves, and how a turn of its queue does. */
#include "boards/exchange/rules.h"

#define COUNT(table) (int)(sizeof(table) / sizeof((table)[0]))

static const struct flow_state states[] = {
    [X_WAITING] = {"waiting", false},     [X_OPEN] = {"open", false},      [X_ASKED] = {"asked", false},
    [X_TAKEN] = {"taken", false},         [X_HALF] = {"half", false},      [X_LENT] = {"lent", false},
    [X_RETURNING] = {"returning", false}, [X_DONE] = {"done", true},       [X_DECLINED] = {"declined", true},
    [X_WITHDRAWN] = {"withdrawn", true},  [X_EXPIRED] = {"expired", true},
};
static const struct flow_action actions[] = {
    [XA_ACCEPT] = {"accept"}, [XA_DECLINE] = {"decline"}, [XA_TAKE] = {"take"},         [XA_AGREE] = {"agree"},
    [XA_PASS] = {"pass"},     [XA_FREE] = {"free"},       [XA_CONFIRM] = {"confirm"},   [XA_CORRECT] = {"correct"},
    [XA_DENY] = {"deny"},     [XA_FINISH] = {"finish"},   [XA_LEND] = {"lend"},         [XA_BACK] = {"back"},
    [XA_EXTEND] = {"extend"}, [XA_THANK] = {"thank"},     [XA_WITHDRAW] = {"withdraw"}, [XA_EXPIRE] = {"expire"},
    [XA_AGAIN] = {"again"},
};
static const struct flow_stage stages[] = {
    [XS_OFFER] = {"offer", LIMIT_CALENDAR_DAY, 30, 85},     /* until it leaves the lists */
    [XS_ANSWER] = {"answer", LIMIT_CLOCK_HOUR, 24, 75},     /* of the next in the queue */
    [XS_HANDING] = {"handing", LIMIT_CALENDAR_DAY, 14, 50}, /* then the next in the queue is asked */
    [XS_CONFIRM] = {"confirm", LIMIT_CALENDAR_DAY, 7, 40},  /* no answer is a yes */
    [XS_RETURN] = {"return", LIMIT_CALENDAR_DAY, 14, 0},    /* warned on the day before, see start() in rules.c */
    [XS_OVERDUE] = {"overdue", LIMIT_CALENDAR_DAY, 3, 0},   /* and again, as long as it is not back */
};
#define S(stage) (1U << (stage))
static const struct flow_step steps[] = {
    /* clang-format off */
    {X_WAITING,   XA_ACCEPT,   X_OPEN,      BY_RUNNER,                        0,            S(XS_OFFER),   0},
    {X_WAITING,   XA_DECLINE,  X_DECLINED,  BY_RUNNER,                        NEEDS_REASON, 0,             0},
    {X_WAITING,   XA_WITHDRAW, X_WITHDRAWN, BY_AUTHOR,                        0,            0,             0},
    {X_OPEN,      XA_TAKE,     X_TAKEN,     BY_NEIGHBOUR,                     0,            S(XS_HANDING), S(XS_OFFER)},
    {X_OPEN,      XA_WITHDRAW, X_WITHDRAWN, BY_AUTHOR,                        0,            0,             S(XS_OFFER)},
    {X_OPEN,      XA_EXPIRE,   X_EXPIRED,   BY_CLOCK,                         0,            0,             S(XS_OFFER)},
    {X_ASKED,     XA_AGREE,    X_TAKEN,     BY_ASKED,                         0,            S(XS_HANDING), S(XS_ANSWER)},
    {X_ASKED,     XA_PASS,     X_ASKED,     BY_ASKED | BY_CLOCK,              0,            S(XS_ANSWER),  S(XS_ANSWER)},
    {X_ASKED,     XA_FREE,     X_OPEN,      BY_ASKED | BY_CLOCK,              0,            S(XS_OFFER),   S(XS_ANSWER)},
    {X_ASKED,     XA_WITHDRAW, X_WITHDRAWN, BY_AUTHOR,                        0,            0,             S(XS_ANSWER)},
    {X_TAKEN,     XA_CONFIRM,  X_HALF,      BY_AUTHOR | BY_TAKER,             0,            S(XS_CONFIRM), S(XS_HANDING)},
    {X_TAKEN,     XA_PASS,     X_ASKED,     BY_AUTHOR | BY_TAKER | BY_CLOCK,  0,            S(XS_ANSWER),  S(XS_HANDING)},
    {X_TAKEN,     XA_FREE,     X_OPEN,      BY_AUTHOR | BY_TAKER | BY_CLOCK,  0,            S(XS_OFFER),   S(XS_HANDING)},
    {X_TAKEN,     XA_WITHDRAW, X_WITHDRAWN, BY_AUTHOR,                        0,            0,             S(XS_HANDING)},
    {X_HALF,      XA_CORRECT,  X_HALF,      BY_AUTHOR | BY_TAKER,             0,            S(XS_CONFIRM), S(XS_CONFIRM)},
    {X_HALF,      XA_DENY,     X_TAKEN,     BY_AUTHOR | BY_TAKER,             NEEDS_REASON, S(XS_HANDING), S(XS_CONFIRM)},
    {X_HALF,      XA_FINISH,   X_DONE,      BY_AUTHOR | BY_TAKER | BY_CLOCK,  0,            0,             S(XS_CONFIRM)},
    {X_HALF,      XA_LEND,     X_LENT,      BY_AUTHOR | BY_TAKER | BY_CLOCK,  0,            S(XS_RETURN),  S(XS_CONFIRM)},
    {X_LENT,      XA_EXTEND,   X_LENT,      BY_AUTHOR,                        0,            S(XS_RETURN),  S(XS_RETURN) | S(XS_OVERDUE)},
    {X_LENT,      XA_CONFIRM,  X_RETURNING, BY_TAKER,                         0,            S(XS_CONFIRM), S(XS_RETURN) | S(XS_OVERDUE)},
    {X_LENT,      XA_BACK,     X_DONE,      BY_AUTHOR,                        0,            0,             S(XS_RETURN) | S(XS_OVERDUE)},
    {X_LENT,      XA_PASS,     X_ASKED,     BY_AUTHOR,                        0,            S(XS_ANSWER),  S(XS_RETURN) | S(XS_OVERDUE)},
    {X_RETURNING, XA_BACK,     X_DONE,      BY_AUTHOR | BY_CLOCK,             0,            0,             S(XS_CONFIRM)},
    {X_RETURNING, XA_PASS,     X_ASKED,     BY_AUTHOR | BY_CLOCK,             0,            S(XS_ANSWER),  S(XS_CONFIRM)},
    {X_RETURNING, XA_DENY,     X_LENT,      BY_AUTHOR,                        NEEDS_REASON, S(XS_RETURN),  S(XS_CONFIRM)},
    {X_DONE,      XA_THANK,    X_DONE,      BY_AUTHOR | BY_TAKER,             0,            0,             0},
    {X_DONE,      XA_AGAIN,    X_OPEN,      BY_AUTHOR,                        0,            S(XS_OFFER),   0},
    {X_EXPIRED,   XA_AGAIN,    X_OPEN,      BY_AUTHOR,                        0,            S(XS_OFFER),   0},
    /* clang-format on */
};
const struct flow exchange_flow = {
    .name = "exchange",
    .first = X_WAITING,
    .state = states,
    .n_states = COUNT(states),
    .action = actions,
    .n_actions = COUNT(actions),
    .stage = stages,
    .n_stages = COUNT(stages),
    .step = steps,
    .n_steps = COUNT(steps),
};

/* One in the queue. Whoever takes it up at once begins as T_HOLDING. */
static const struct flow_state turn_states[] = {
    [T_WAITING] = {"waiting", false}, [T_ASKED] = {"asked", false},      [T_HOLDING] = {"holding", false},
    [T_DONE] = {"done", true},        [T_LEFT] = {"left", true},         [T_DECLINED] = {"declined", true},
    [T_EXPIRED] = {"expired", true},  [T_RELEASED] = {"released", true}, [T_GONE] = {"gone", true},
};
static const struct flow_action turn_actions[] = {
    [TA_ASK] = {"ask"},     [TA_AGREE] = {"agree"},     [TA_DECLINE] = {"decline"}, [TA_EXPIRE] = {"expire"},
    [TA_LEAVE] = {"leave"}, [TA_RELEASE] = {"release"}, [TA_FINISH] = {"finish"},   [TA_GONE] = {"gone"},
};
static const struct flow_step turn_steps[] = {
    {T_WAITING, TA_ASK, T_ASKED, BY_AUTHOR | BY_TAKER | BY_ASKED | BY_CLOCK, 0, 0, 0},
    {T_WAITING, TA_LEAVE, T_LEFT, BY_QUEUED, 0, 0, 0},
    {T_WAITING, TA_GONE, T_GONE, BY_AUTHOR | BY_TAKER | BY_CLOCK, 0, 0, 0},
    {T_ASKED, TA_AGREE, T_HOLDING, BY_ASKED, 0, 0, 0},
    {T_ASKED, TA_DECLINE, T_DECLINED, BY_ASKED, 0, 0, 0},
    {T_ASKED, TA_EXPIRE, T_EXPIRED, BY_CLOCK, 0, 0, 0},
    {T_ASKED, TA_GONE, T_GONE, BY_AUTHOR, 0, 0, 0},
    {T_HOLDING, TA_LEAVE, T_LEFT, BY_TAKER, 0, 0, 0},
    {T_HOLDING, TA_RELEASE, T_RELEASED, BY_AUTHOR | BY_CLOCK, 0, 0, 0},
    {T_HOLDING, TA_FINISH, T_DONE, BY_AUTHOR | BY_TAKER | BY_CLOCK, 0, 0, 0},
    {T_HOLDING, TA_GONE, T_GONE, BY_AUTHOR, 0, 0, 0},
};
const struct flow turn_flow = {
    .name = "exchange_turn",
    .first = T_WAITING,
    .state = turn_states,
    .n_states = COUNT(turn_states),
    .action = turn_actions,
    .n_actions = COUNT(turn_actions),
    .step = turn_steps,
    .n_steps = COUNT(turn_steps),
};
