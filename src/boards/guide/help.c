/* help.c: how a request for help moves, its clocks, and who is told. No message says what it is about: telephones lie about. */
#include "boards/guide/rules.h"

#include "civic/ledger/ledger.h"
#include "civic/notify/notify.h"
#include "civic/person/person.h"
#include "engine/base/ids.h"

enum { STAGE_TAKE, STAGE_FINISH, STAGE_CONFIRM };
#define BIT(stage) (1u << (stage))
#define ALL_STAGES (BIT(STAGE_TAKE) | BIT(STAGE_FINISH) | BIT(STAGE_CONFIRM))
#define EITHER (HELP_BY_ASKER | HELP_BY_COMMITTEE)

static const struct flow_state states[] = {
    [HELP_ASKED] = {"asked", false},        [HELP_TAKEN] = {"taken", false},
    [HELP_MEETING] = {"meeting", false},    [HELP_DONE] = {"done", false},
    [HELP_CONFIRMED] = {"confirmed", true}, [HELP_WITHDRAWN] = {"withdrawn", true},
    [HELP_DECLINED] = {"declined", true},
};
static const struct flow_action actions[] = {
    [HELP_TAKE] = {"take"},         [HELP_MEET] = {"meet"},       [HELP_FINISH] = {"finish"},
    [HELP_CONFIRM] = {"confirm"},   [HELP_AGAIN] = {"again"},     [HELP_SAY] = {"say"},
    [HELP_WITHDRAW] = {"withdraw"}, [HELP_DECLINE] = {"decline"}, [HELP_EXPIRE] = {"expire"},
};
static const struct flow_stage stages[] = {
    [STAGE_TAKE] = {"take", LIMIT_WORK_DAY, 1, 75},
    [STAGE_FINISH] = {"finish", LIMIT_WORK_DAY, 5, 75},
    [STAGE_CONFIRM] = {"confirm", LIMIT_CALENDAR_DAY, 7, 0},
};
static const struct flow_step steps[] = {
    /* clang-format off */
    {HELP_ASKED,   HELP_TAKE,     HELP_TAKEN,     HELP_BY_COMMITTEE, 0,                BIT(STAGE_FINISH),  BIT(STAGE_TAKE)},
    {HELP_ASKED,   HELP_SAY,      HELP_ASKED,     EITHER,            HELP_NEEDS_WORDS, 0,                  0},
    {HELP_ASKED,   HELP_DECLINE,  HELP_DECLINED,  HELP_BY_COMMITTEE, HELP_NEEDS_WORDS, 0,                  ALL_STAGES},
    {HELP_ASKED,   HELP_WITHDRAW, HELP_WITHDRAWN, HELP_BY_ASKER,     0,                0,                  ALL_STAGES},
    {HELP_TAKEN,   HELP_MEET,     HELP_MEETING,   HELP_BY_COMMITTEE, HELP_NEEDS_TIME,  0,                  0},
    {HELP_TAKEN,   HELP_FINISH,   HELP_DONE,      HELP_BY_COMMITTEE, HELP_NEEDS_WORDS, BIT(STAGE_CONFIRM), BIT(STAGE_FINISH)},
    {HELP_TAKEN,   HELP_SAY,      HELP_TAKEN,     EITHER,            HELP_NEEDS_WORDS, 0,                  0},
    {HELP_TAKEN,   HELP_DECLINE,  HELP_DECLINED,  HELP_BY_COMMITTEE, HELP_NEEDS_WORDS, 0,                  ALL_STAGES},
    {HELP_TAKEN,   HELP_WITHDRAW, HELP_WITHDRAWN, HELP_BY_ASKER,     0,                0,                  ALL_STAGES},
    {HELP_MEETING, HELP_MEET,     HELP_MEETING,   HELP_BY_COMMITTEE, HELP_NEEDS_TIME,  0,                  0},
    {HELP_MEETING, HELP_FINISH,   HELP_DONE,      HELP_BY_COMMITTEE, HELP_NEEDS_WORDS, BIT(STAGE_CONFIRM), BIT(STAGE_FINISH)},
    {HELP_MEETING, HELP_SAY,      HELP_MEETING,   EITHER,            HELP_NEEDS_WORDS, 0,                  0},
    {HELP_MEETING, HELP_DECLINE,  HELP_DECLINED,  HELP_BY_COMMITTEE, HELP_NEEDS_WORDS, 0,                  ALL_STAGES},
    {HELP_MEETING, HELP_WITHDRAW, HELP_WITHDRAWN, HELP_BY_ASKER,     0,                0,                  ALL_STAGES},
    {HELP_DONE,    HELP_CONFIRM,  HELP_CONFIRMED, HELP_BY_ASKER,     0,                0,                  ALL_STAGES},
    {HELP_DONE,    HELP_AGAIN,    HELP_TAKEN,     HELP_BY_ASKER,     HELP_NEEDS_WORDS, BIT(STAGE_FINISH),  BIT(STAGE_CONFIRM)},
    {HELP_DONE,    HELP_SAY,      HELP_DONE,      EITHER,            HELP_NEEDS_WORDS, 0,                  0},
    {HELP_DONE,    HELP_EXPIRE,   HELP_CONFIRMED, HELP_BY_CLOCK,     0,                0,                  ALL_STAGES},
    /* clang-format on */
};
#define COUNT(table) (int)(sizeof(table) / sizeof((table)[0]))
const struct flow guide_help_flow = {
    .name = "guide_help",
    .first = HELP_ASKED,
    .state = states,
    .n_states = COUNT(states),
    .action = actions,
    .n_actions = COUNT(actions),
    .stage = stages,
    .n_stages = COUNT(stages),
    .step = steps,
    .n_steps = COUNT(steps),
};

static const char *const verbs[] = {
    [HELP_TAKE] = "taken",         [HELP_MEET] = "meeting_set", [HELP_FINISH] = "done",
    [HELP_CONFIRM] = "confirmed",  [HELP_AGAIN] = "again",      [HELP_SAY] = "said",
    [HELP_WITHDRAW] = "withdrawn", [HELP_DECLINE] = "declined", [HELP_EXPIRE] = "confirmed",
};
static const struct str KIND = {"guide_help", sizeof("guide_help") - 1};

/* ---- what every step leaves ---------------------------------------------------------------------------------------- */

static enum result record(struct db *db, const struct guide_help_act *act, const char *verb, struct str before,
                          struct str after, int64_t amount)
{
    int64_t id = id_new();
    struct ledger_event e = {
        .community = act->community,
        .id = id,
        .at = act->now,
        .actor = act->person,
        .organisation = act->organisation,
        .verb = str_from_cstr(verb),
        .subject_kind = KIND,
        .subject = act->id,
        .before = before,
        .after = after,
        .amount = amount,
        .text_hash = act->words.len ? ledger_text_hash(db_arena(db), id, act->words) : STR_NONE,
    };
    enum result r = sql_guide_help_step_put(db, act->community, id_new(), act->id, str_from_cstr(verb), act->person,
                                            act->organisation, act->words, act->action == HELP_MEET ? act->meet_at : 0,
                                            act->action == HELP_MEET ? act->meet_where : STR_NONE, act->now);

    return r == OK ? ledger_append(db, &e) : r;
}

static enum result tell_people(struct db *db, const int64_t *person, size_t n, const struct sql_guide_help_get *help,
                               struct str board, enum text words, int64_t now)
{
    const struct notice notice = {
        .community = help->community,
        .text = words,
        .url = url_path(db_arena(db), "/p/%" PRId64 "/guide/" STR_FMT "/help/%" PRId64, help->community, STR_ARG(board),
                        help->id),
        .subject_kind = KIND,
        .subject = help->id,
    };

    return notify_people(db, &notice, person, n, now);
}

static enum result tell(struct db *db, int64_t person, const struct sql_guide_help_get *help, struct str board,
                        enum text words, int64_t now)
{
    return tell_people(db, &person, 1, help, board, words, now);
}

/* The cadre who has it, or all of the committee while nobody has. */
static enum result tell_committee(struct db *db, const struct sql_guide_help_get *help, struct str board, int64_t but,
                                  enum text words, bool everybody, int64_t now)
{
    struct person_ids ids;
    size_t n = 0;
    enum result r;

    if (help->taken_by && !everybody)
        return help->taken_by != but ? tell(db, help->taken_by, help, board, words, now) : OK;
    r = person_of_organisation(db, help->organisation, &ids);
    if (r != OK)
        return r;
    for (size_t i = 0; i < ids.n; i++)
        if (ids.id[i] != but && ids.id[i] != help->person)
            ids.id[n++] = ids.id[i];
    return tell_people(db, ids.id, n, help, board, words, now);
}

static enum result run_clocks(struct db *db, int64_t community, int64_t id, uint32_t starts, uint32_t stops,
                              int64_t now)
{
    int64_t due = 0;
    enum result r = OK;

    for (int i = 0; r == OK && i < COUNT(stages); i++)
        if (stops & BIT(i)) {
            r = clock_stop(db, community, KIND, id, str_from_cstr(stages[i].name), now, NULL);
            if (r == E_NOT_FOUND)
                r = OK;
        }
    for (int i = 0; r == OK && i < COUNT(stages); i++)
        if (starts & BIT(i)) {
            const struct clock_start start = {
                .community = community,
                .subject_kind = KIND,
                .subject = id,
                .stage = str_from_cstr(stages[i].name),
                .unit = stages[i].unit,
                .amount = stages[i].amount,
                .warn_percent = stages[i].warn_percent,
                .now = now,
            };
            r = clock_start(db, calendar_now(), &start, &due);
        }
    return r == OK && (starts || stops) ? sql_guide_help_due(db, community, id, due) : r;
}

/* ---- asking --------------------------------------------------------------------------------------------------------------- */

enum result guide_help_ask(struct db *db, const struct guide_help_new *what, int64_t *ret_id)
{
    struct guide_help_act act = {.community = what->community,
                                 .id = id_new(),
                                 .action = HELP_SAY,
                                 .person = what->person,
                                 .words = what->body,
                                 .now = what->now};
    struct sql_guide_help_get help;
    struct board board;
    enum result r;

    if (what->title.len == 0)
        return E_INVALID;
    r = board_get(db, what->board, &board);
    if (r == OK)
        r = sql_guide_help_put(db, what->community, act.id, what->board, what->item, what->item_place, what->title,
                               what->body, what->person, what->person_from, what->estate, what->phone, what->wish,
                               what->organisation, str_from_cstr(states[HELP_ASKED].name), 0, what->now);
    if (r == OK)
        r = record(db, &act, "asked", STR_NONE, str_from_cstr(states[HELP_ASKED].name), 0);
    if (r == OK)
        r = run_clocks(db, what->community, act.id, BIT(STAGE_TAKE), 0, what->now);
    if (r == OK)
        r = sql_guide_help_get(db, what->community, act.id, &help);
    if (r == OK)
        r = tell_committee(db, &help, board.word, what->person, T_guide_tell_asked, true, what->now);
    if (r == OK)
        *ret_id = act.id;
    return r;
}

/* ---- a step ------------------------------------------------------------------------------------------------------------------ */

static enum text words_for_asker(enum guide_help_action action)
{
    switch (action) {
    case HELP_TAKE: return T_guide_tell_taken;
    case HELP_MEET: return T_guide_tell_meeting;
    case HELP_FINISH: return T_guide_tell_done;
    case HELP_DECLINE: return T_guide_tell_declined;
    case HELP_EXPIRE: return T_guide_tell_expired;
    default: return T_guide_tell_said;
    }
}

static enum text words_for_committee(enum guide_help_action action)
{
    switch (action) {
    case HELP_CONFIRM: return T_guide_tell_confirmed;
    case HELP_AGAIN: return T_guide_tell_again;
    case HELP_WITHDRAW: return T_guide_tell_withdrawn;
    default: return T_guide_tell_said;
    }
}

enum result guide_help_do(struct db *db, const struct guide_help_act *act)
{
    struct sql_guide_help_get help;
    const struct flow_step *step;
    struct board board;
    struct str to;
    int64_t changed;
    uint32_t given = (act->words.len ? HELP_NEEDS_WORDS : 0) | (act->meet_at > act->now ? HELP_NEEDS_TIME : 0);
    enum result r = sql_guide_help_get(db, act->community, act->id, &help);

    if (r == OK)
        r = board_get(db, help.board, &board);
    if (r == OK)
        r = flow_take(&guide_help_flow, flow_state_of(&guide_help_flow, help.state), act->action, act->roles, given,
                      &step, NULL);
    if (r != OK)
        return r;
    to = str_from_cstr(states[step->to].name);
    r = sql_guide_help_move(db, help.community, help.id, help.state, to,
                            act->action == HELP_TAKE ? act->person : help.taken_by,
                            act->action == HELP_TAKE ? act->now : help.taken_at,
                            step->to == HELP_DONE && act->action == HELP_FINISH ? act->now
                            : act->action == HELP_AGAIN                         ? 0
                                                                                : help.done_at,
                            states[step->to].final ? act->now : 0, act->now, &changed);
    if (r == OK && changed == 0)
        return E_CONFLICT;
    if (r == OK && act->action == HELP_MEET)
        r = sql_guide_help_meet(db, help.community, help.id, act->meet_at, act->meet_where);
    if (r == OK)
        r = run_clocks(db, help.community, help.id, step->starts, step->stops, act->now);
    if (r == OK)
        r = record(db, act, verbs[act->action], help.state, to,
                   act->action == HELP_TAKE ? calendar_work_ms(calendar_now(), help.asked_at, act->now) / TIME_MINUTE
                                            : 0);
    if (r != OK)
        return r;
    if (act->roles & (HELP_BY_COMMITTEE | HELP_BY_CLOCK) && act->person != help.person)
        return tell(db, help.person, &help, board.word, words_for_asker(act->action), act->now);
    return tell_committee(db, &help, board.word, act->person, words_for_committee(act->action), false, act->now);
}

/* ---- clocks -------------------------------------------------------------------------------------------------------------------- */

static enum result late(struct db *db, const struct clock *clock, int64_t now)
{
    struct guide_help_act act = {
        .community = clock->community, .id = clock->subject, .action = HELP_EXPIRE, .roles = HELP_BY_CLOCK, .now = now};
    struct sql_guide_help_get help;
    struct board board;
    int64_t changed;
    enum result r = sql_guide_help_get(db, clock->community, clock->subject, &help);

    if (r != OK)
        return r == E_NOT_FOUND ? OK : r;
    if (str_eq(clock->stage, STR("confirm"))) /* no word for a week is a yes */
        return str_eq(help.state, str_from_cstr(states[HELP_DONE].name)) ? guide_help_do(db, &act) : OK;
    if (states[flow_state_of(&guide_help_flow, help.state)].final)
        return OK;
    act.action = HELP_SAY;
    r = board_get(db, help.board, &board);
    if (r == OK)
        r = sql_guide_help_late(db, help.community, help.id, &changed);
    if (r == OK)
        r = record(db, &act, "escalated", help.state, help.state, 0);
    return r == OK ? tell_committee(db, &help, board.word, 0, T_guide_tell_late, true, now) : r;
}

const struct clock_bell guide_help_bell = {.subject_kind = "guide_help", .soon = NULL, .late = late};

/* ---- what leaves the app ------------------------------------------------------------------------------------------------------- */

static const struct notice_kind kinds[] = {
    /* clang-format off */
    {T_guide_tell_taken,     TOPIC_MINE, WAY_APP,    false, T_notify_away_progress},
    {T_guide_tell_meeting,   TOPIC_MINE, WAY_NOW,    false, T_notify_away_answer},
    {T_guide_tell_done,      TOPIC_MINE, WAY_NOW,    false, T_notify_away_answer},
    {T_guide_tell_declined,  TOPIC_MINE, WAY_NOW,    false, T_notify_away_answer},
    {T_guide_tell_expired,   TOPIC_MINE, WAY_APP,    false, T_notify_away_progress},
    {T_guide_tell_said,      TOPIC_MINE, WAY_DIGEST, false, T_notify_away_answer},
    {T_guide_tell_asked,     TOPIC_WORK, WAY_DIGEST, false, T_notify_away_work},
    {T_guide_tell_confirmed, TOPIC_WORK, WAY_APP,    false, T_none},
    {T_guide_tell_again,     TOPIC_WORK, WAY_DIGEST, false, T_notify_away_work},
    {T_guide_tell_withdrawn, TOPIC_WORK, WAY_APP,    false, T_none},
    {T_guide_tell_late,      TOPIC_WORK, WAY_NOW,    false, T_notify_away_late},
    /* clang-format on */
};
const struct notice_table guide_notices = {kinds, sizeof(kinds) / sizeof(kinds[0])};
