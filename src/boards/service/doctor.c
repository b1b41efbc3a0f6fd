/* doctor.c: how a household signs up, and how a question moves. See doctor.h for who sees it. */
#include "boards/service/doctor.h"

#include "civic/ledger/ledger.h"
#include "civic/notify/notify.h"
#include "civic/person/person.h"
#include "engine/base/crypto.h"
#include "engine/base/ids.h"

#define COUNT(table) (int)(sizeof(table) / sizeof((table)[0]))

static const struct flow_state sign_states[] = {[SIGN_REQUESTED] = {"requested", false},
                                                [SIGN_CONFIRMED] = {"confirmed", false},
                                                [SIGN_DECLINED] = {"declined", true},
                                                [SIGN_ENDED] = {"ended", true}};
static const struct flow_action sign_actions[] = {
    [SIGN_CONFIRM] = {"confirm"}, [SIGN_DECLINE] = {"decline"}, [SIGN_END] = {"end"}};
static const struct flow_step sign_steps[] = {
    {SIGN_REQUESTED, SIGN_CONFIRM, SIGN_CONFIRMED, SIGN_BY_TEAM, 0, 0, 0},
    {SIGN_REQUESTED, SIGN_DECLINE, SIGN_DECLINED, SIGN_BY_TEAM, 0, 0, 0},
    {SIGN_REQUESTED, SIGN_END, SIGN_ENDED, SIGN_BY_HOUSEHOLD | SIGN_BY_CLOCK, 0, 0, 0},
    {SIGN_CONFIRMED, SIGN_END, SIGN_ENDED, SIGN_BY_HOUSEHOLD | SIGN_BY_TEAM | SIGN_BY_CLOCK, 0, 0, 0},
};
const struct flow sign_flow = {
    .name = "doctor_sign",
    .first = SIGN_REQUESTED,
    .state = sign_states,
    .n_states = COUNT(sign_states),
    .action = sign_actions,
    .n_actions = COUNT(sign_actions),
    .step = sign_steps,
    .n_steps = COUNT(sign_steps),
};

static const struct flow_state ask_states[] = {
    [ASK_OPEN] = {"open", false}, [ASK_ANSWERED] = {"answered", false}, [ASK_CLOSED] = {"closed", true}};
static const struct flow_action ask_actions[] = {
    [ASK_ANSWER] = {"answer"}, [ASK_MORE] = {"ask"}, [ASK_CLOSE] = {"close"}};
static const struct flow_stage ask_stages[] = {{"answer", LIMIT_WORK_DAY, DOCTOR_ANSWER_WORK_DAYS, 75}};
static const struct flow_step ask_steps[] = {
    {ASK_OPEN, ASK_ANSWER, ASK_ANSWERED, SIGN_BY_TEAM, 0, 0, 1},
    {ASK_OPEN, ASK_MORE, ASK_OPEN, SIGN_BY_HOUSEHOLD, 0, 0, 0},
    {ASK_OPEN, ASK_CLOSE, ASK_CLOSED, SIGN_BY_HOUSEHOLD, 0, 0, 1},
    {ASK_ANSWERED, ASK_ANSWER, ASK_ANSWERED, SIGN_BY_TEAM, 0, 0, 0},
    {ASK_ANSWERED, ASK_MORE, ASK_OPEN, SIGN_BY_HOUSEHOLD, 0, 0, 0},
    {ASK_ANSWERED, ASK_CLOSE, ASK_CLOSED, SIGN_BY_HOUSEHOLD, 0, 0, 0},
};
const struct flow ask_flow = {
    .name = "doctor_question",
    .first = ASK_OPEN,
    .state = ask_states,
    .n_states = COUNT(ask_states),
    .action = ask_actions,
    .n_actions = COUNT(ask_actions),
    .stage = ask_stages,
    .n_stages = COUNT(ask_stages),
    .step = ask_steps,
    .n_steps = COUNT(ask_steps),
};

/* ---- what every step leaves: numbers, no words, not even their hash -------------------------------------------------------- */

static enum result record(struct db *db, const struct doctor_actor *actor, int64_t community, const char *kind,
                          int64_t subject, const char *verb, struct str before, struct str after)
{
    struct ledger_event e = {
        .community = community,
        .at = actor->now,
        .actor = actor->person,
        .organisation = actor->organisation,
        .verb = str_from_cstr(verb),
        .subject_kind = str_from_cstr(kind),
        .subject = subject,
        .before = before,
        .after = after,
    };

    return ledger_append(db, &e);
}

static enum result tell_people(struct db *db, int64_t community, int64_t provider, const struct person_ids *people,
                               enum text words, const char *tail, int64_t subject, int64_t now)
{
    struct board board;
    struct entry entry;
    struct notice notice = {.community = community, .text = words, .subject_kind = STR("doctor"), .subject = subject};
    enum result r = entry_get(db, community, provider, &entry);

    if (r == OK)
        r = board_get(db, entry.board, &board);
    if (r != OK)
        return r;
    notice.url = url_below(db_arena(db), board_url(db_arena(db), &board, community), tail);
    return notify_people(db, &notice, people->id, people->n, now);
}

static enum result tell(struct db *db, int64_t community, int64_t provider, int64_t person, enum text words,
                        const char *tail, int64_t subject, int64_t now)
{
    return tell_people(db, community, provider, &(struct person_ids){&person, 1}, words, tail, subject, now);
}

static enum result tell_team(struct db *db, int64_t community, int64_t provider, int64_t organisation, enum text words,
                             int64_t subject, int64_t now)
{
    struct person_ids team;
    enum result r = person_of_organisation(db, organisation, &team);

    return r == OK ? tell_people(db, community, provider, &team, words, "/team", subject, now) : r;
}

/* ---- signing up ---------------------------------------------------------------------------------------------------------------- */

enum result doctor_lives_with(struct db *db, int64_t community, int64_t dwelling, int64_t person, int64_t other,
                              bool *ret_so)
{
    struct person_ids home;
    bool one = false, two = false;
    enum result r = person_of_dwelling(db, community, dwelling, &home);

    for (size_t i = 0; r == OK && i < home.n; i++) {
        one |= home.id[i] == person;
        two |= home.id[i] == other;
    }
    *ret_so = one && two;
    return r;
}

enum result doctor_has(struct db *db, int64_t community, int64_t dwelling, int64_t provider, bool *ret_so)
{
    struct sql_doctor_sign_open sign;
    enum result r = sql_doctor_sign_open(db, community, dwelling, &sign);

    *ret_so = r == OK && str_eq(sign.state, STR("confirmed")) && sign.provider == provider;
    return r == E_NOT_FOUND ? OK : r;
}

static enum result move_sign(struct db *db, const struct doctor_actor *actor, int64_t community,
                             const struct sql_doctor_sign_get *sign, int action, uint32_t who)
{
    static const char *const verbs[] = {
        [SIGN_CONFIRM] = "confirmed", [SIGN_DECLINE] = "declined", [SIGN_END] = "ended"};
    const struct flow_step *step;
    struct str to;
    int64_t changed;
    enum result r = flow_take(&sign_flow, flow_state_of(&sign_flow, sign->state), action, who, 0, &step, NULL);

    if (r != OK)
        return r;
    to = str_from_cstr(sign_states[step->to].name);
    r = sql_doctor_sign_move(db, community, sign->id, sign->state, to, action == SIGN_END ? 0 : actor->now,
                             action == SIGN_END ? actor->now : 0, &changed);
    if (r == OK && changed == 0)
        return E_CONFLICT;
    return r == OK ? record(db, actor, community, "doctor_sign", sign->id, verbs[action], sign->state, to) : r;
}

enum result doctor_sign(struct db *db, const struct doctor_actor *actor, const struct sql_provider_get *doctor,
                        int64_t dwelling, int64_t *ret_id)
{
    struct sql_doctor_sign_open open;
    int64_t id = id_new(), made;
    bool here;
    enum result r = sql_doctor_sign_open(db, doctor->community, dwelling, &open);

    if (dwelling == 0 || doctor->organisation == 0)
        return E_INVALID;
    if (r == OK) { /* left behind by people who have moved out? */
        const struct doctor_actor clock = {.now = actor->now};
        struct sql_doctor_sign_get old;

        r = doctor_lives_with(db, doctor->community, dwelling, actor->person, open.person, &here);
        if (r == OK && here)
            return E_CONFLICT;
        if (r == OK)
            r = sql_doctor_sign_get(db, doctor->community, open.id, &old);
        if (r == OK)
            r = move_sign(db, &clock, doctor->community, &old, SIGN_END, SIGN_BY_CLOCK);
    }
    if (r != OK && r != E_NOT_FOUND)
        return r;
    r = sql_doctor_sign_put(db, doctor->community, id, doctor->entry, doctor->organisation, dwelling, actor->person,
                            STR(DOCTOR_CONSENT_VERSION), actor->now, &made);
    if (r == OK && made == 0)
        return E_CONFLICT;
    if (r == OK)
        r = record(db, actor, doctor->community, "doctor_sign", id, "requested", STR_NONE, STR("requested"));
    if (r == OK)
        r = tell_team(db, doctor->community, doctor->entry, doctor->organisation, T_service_tell_sign, id, actor->now);
    if (r == OK)
        *ret_id = id;
    return r;
}

enum result doctor_sign_act(struct db *db, const struct doctor_actor *actor, int64_t community, int64_t sign_id,
                            int action)
{
    struct sql_doctor_sign_get sign;
    enum result r = sql_doctor_sign_get(db, community, sign_id, &sign);

    if (r != OK)
        return r;
    r = move_sign(db, actor, community, &sign, action, actor->organisation ? SIGN_BY_TEAM : SIGN_BY_HOUSEHOLD);
    if (r == OK && actor->organisation)
        r = tell(db, community, sign.provider, sign.person, T_service_tell_signed, "/mine", sign.id, actor->now);
    else if (r == OK)
        r = tell_team(db, community, sign.provider, sign.organisation, T_service_tell_sign, sign.id, actor->now);
    return r;
}

/* ---- questions -------------------------------------------------------------------------------------------------------------------- */

static struct str context(struct arena *a, int64_t community)
{
    return str_printf(a, "doctor_message.body.%" PRId64, community);
}

struct str doctor_unseal(const struct crypto_keys *keys, struct arena *a, struct str sealed)
{
    struct str body = sealed, words;
    int64_t community;

    /* In front of what is sealed stands the place that it was sealed for, so that it is read where it has moved to as well. */
    if (sealed.len < 12 || str_int64(str_sub(sealed, 0, 12), 1, INT64_MAX, &community) != OK)
        return STR_NONE;
    body = str_sub(sealed, 12, SIZE_MAX);
    return crypto_unseal(keys, a, body, context(a, community), &words) == OK ? words : STR_NONE;
}

static enum result put_message(struct db *db, const struct doctor_actor *actor, int64_t community, int64_t question,
                               struct str body)
{
    struct arena *a = db_arena(db);
    struct str sealed = crypto_seal(actor->keys, a, body, context(a, community));
    struct buf b;

    buf_init(&b, a, sealed.len + 16, sealed.len + 16);
    buf_printf(&b, "%012" PRId64, community);
    buf_put(&b, sealed);
    return sql_doctor_message_put(db, community, id_new(), question, actor->person, actor->organisation, buf_str(&b),
                                  actor->now);
}

static bool fits(struct str body)
{
    return body.len && str_utf8_count(body) <= DOCTOR_BODY_MAX;
}

enum result doctor_ask(struct db *db, const struct doctor_actor *actor, int64_t community, int64_t sign_id,
                       struct str body, int64_t *ret_id)
{
    struct sql_doctor_sign_get sign;
    int64_t id = id_new(), due;
    struct clock_start start = {
        .community = community,
        .subject_kind = STR("doctor_question"),
        .subject = id,
        .stage = STR("answer"),
        .unit = ask_stages[0].unit,
        .amount = ask_stages[0].amount,
        .now = actor->now,
    };
    enum result r = sql_doctor_sign_get(db, community, sign_id, &sign);

    if (r != OK)
        return r;
    if (!str_eq(sign.state, STR("confirmed")))
        return E_CONFLICT;
    if (!fits(body))
        return E_INVALID;
    r = clock_start(db, calendar_now(), &start, &due);
    if (r == OK)
        r = sql_doctor_question_put(db, community, id, sign.id, sign.organisation, sign.dwelling, actor->person,
                                    actor->now, due);
    if (r == OK)
        r = put_message(db, actor, community, id, body);
    if (r == OK)
        r = record(db, actor, community, "doctor_question", id, "asked", STR_NONE, STR("open"));
    if (r == OK)
        r = tell_team(db, community, sign.provider, sign.organisation, T_service_tell_asked, id, actor->now);
    if (r == OK)
        *ret_id = id;
    return r;
}

static enum result move_question(struct db *db, const struct doctor_actor *actor, int64_t community, int64_t id,
                                 int action, const char *verb, struct sql_doctor_question_get *ret,
                                 struct sql_doctor_sign_get *ret_sign)
{
    const struct flow_step *step;
    int64_t changed;
    enum result r = sql_doctor_question_get(db, community, id, ret);

    if (r == OK)
        r = sql_doctor_sign_get(db, community, ret->sign, ret_sign);
    if (r != OK)
        return r;
    if (action != ASK_CLOSE && !str_eq(ret_sign->state, STR("confirmed")))
        return E_CONFLICT;
    r = flow_take(&ask_flow, flow_state_of(&ask_flow, ret->state), action,
                  actor->organisation ? SIGN_BY_TEAM : SIGN_BY_HOUSEHOLD, 0, &step, NULL);
    if (r == OK)
        r = sql_doctor_question_move(db, community, id, ret->state, str_from_cstr(ask_states[step->to].name),
                                     actor->now, action == ASK_ANSWER ? actor->now : 0, &changed);
    if (r == OK && changed == 0)
        return E_CONFLICT;
    if (r == OK && step->stops) {
        r = clock_stop(db, community, STR("doctor_question"), id, STR("answer"), actor->now, NULL);
        r = r == E_NOT_FOUND ? OK : r;
    }
    return r == OK ? record(db, actor, community, "doctor_question", id, verb, ret->state,
                            str_from_cstr(ask_states[step->to].name))
                   : r;
}

enum result doctor_say(struct db *db, const struct doctor_actor *actor, int64_t community, int64_t id, struct str body)
{
    struct sql_doctor_question_get question;
    struct sql_doctor_sign_get sign;
    bool team = actor->organisation != 0;
    enum result r;

    if (!fits(body))
        return E_INVALID;
    r = move_question(db, actor, community, id, team ? ASK_ANSWER : ASK_MORE, team ? "answered" : "asked_again",
                      &question, &sign);
    if (r == OK)
        r = put_message(db, actor, community, id, body);
    if (r != OK)
        return r;
    return team ? tell(db, community, sign.provider, question.person, T_service_tell_answered, "/mine", id, actor->now)
                : tell_team(db, community, sign.provider, sign.organisation, T_service_tell_asked, id, actor->now);
}

enum result doctor_close(struct db *db, const struct doctor_actor *actor, int64_t community, int64_t id)
{
    struct sql_doctor_question_get question;
    struct sql_doctor_sign_get sign;

    return move_question(db, actor, community, id, ASK_CLOSE, "closed", &question, &sign);
}

/* ---- nobody has answered in time ---------------------------------------------------------------------------------------------------- */

static enum result late(struct db *db, const struct clock *clock, int64_t now)
{
    const struct doctor_actor itself = {.now = now};
    struct sql_doctor_question_get question;
    struct sql_doctor_sign_get sign;
    int64_t changed;
    enum result r = sql_doctor_question_set_late(db, clock->community, clock->subject, &changed);

    if (r != OK || changed == 0)
        return r;
    r = sql_doctor_question_get(db, clock->community, clock->subject, &question);
    if (r == OK)
        r = sql_doctor_sign_get(db, clock->community, question.sign, &sign);
    if (r == OK)
        r = record(db, &itself, clock->community, "doctor_question", question.id, "escalated", question.state,
                   question.state);
    return r == OK
             ? tell_team(db, clock->community, sign.provider, sign.organisation, T_service_tell_late, question.id, now)
             : r;
}
const struct clock_bell doctor_bell = {.subject_kind = "doctor_question", .late = late};

static const struct notice_kind kinds[] = {
    {T_service_tell_answered, TOPIC_MINE, WAY_NOW, false, T_notify_away_answer},
    {T_service_tell_signed, TOPIC_MINE, WAY_NOW, false, T_notify_away_answer},
    {T_service_tell_sign, TOPIC_WORK, WAY_NOW, false, T_notify_away_work},
    {T_service_tell_asked, TOPIC_WORK, WAY_NOW, false, T_notify_away_work},
    {T_service_tell_late, TOPIC_WORK, WAY_NOW, false, T_notify_away_late},
};
const struct notice_table doctor_notices = {kinds, sizeof(kinds) / sizeof(kinds[0])};
