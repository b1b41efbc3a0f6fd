/* rules.c: flags, decisions, appeals. */
#include "civic/moderation/moderation.h"

#include "civic/calendar/calendar.h"
#include "civic/ledger/ledger.h"
#include "civic/moderation/moderation.sql.h"
#include "civic/notify/notify.h"
#include "engine/base/ids.h"
#include "engine/base/time.h"

static const struct moderation_kinds *const *tables; /* set once at start */
static size_t n_tables;

void moderation_use(const struct moderation_kinds *const *kinds, size_t n)
{
    tables = kinds;
    n_tables = n;
}

const struct moderation_kind *moderation_kind_of(struct str word)
{
    for (size_t t = 0; t < n_tables; t++)
        for (size_t i = 0; i < tables[t]->n; i++)
            if (str_eq(word, str_from_cstr(tables[t]->kind[i].word)))
                return &tables[t]->kind[i];
    return NULL;
}

/* ---- how a measure moves -------------------------------------------------------------------------------------------- */

enum { ACT_APPEAL, ACT_KEEP, ACT_LIFT };
enum { BY_PERSON = 1, BY_OTHER = 2, NEEDS_WORDS = 1 };
static const struct flow_state states[] = {
    [MEASURE_STANDING] = {"standing", false},
    [MEASURE_APPEALED] = {"appealed", false},
    [MEASURE_KEPT] = {"kept", true},
    [MEASURE_LIFTED] = {"lifted", true},
};
static const struct flow_action actions[] = {
    [ACT_APPEAL] = {"appeal"},
    [ACT_KEEP] = {"keep"},
    [ACT_LIFT] = {"lift"},
};
static const struct flow_step steps[] = {
    {MEASURE_STANDING, ACT_APPEAL, MEASURE_APPEALED, BY_PERSON, NEEDS_WORDS, 0, 0},
    {MEASURE_APPEALED, ACT_KEEP, MEASURE_KEPT, BY_OTHER, NEEDS_WORDS, 0, 0},
    {MEASURE_APPEALED, ACT_LIFT, MEASURE_LIFTED, BY_OTHER, NEEDS_WORDS, 0, 0},
};
#define COUNT(table) (int)(sizeof(table) / sizeof((table)[0]))
const struct flow measure_flow = {
    .name = "measure",
    .first = MEASURE_STANDING,
    .state = states,
    .n_states = COUNT(states),
    .action = actions,
    .n_actions = COUNT(actions),
    .step = steps,
    .n_steps = COUNT(steps),
};

/* ---- what every action leaves -------------------------------------------------------------------------------------------- */

static enum result record(struct db *db, const struct moderation_actor *actor, int64_t community, const char *verb,
                          const char *kind, int64_t subject, struct str words, struct str detail)
{
    struct ledger_event e = {
        .community = community,
        .at = actor->now,
        .actor = actor->person,
        .organisation = actor->organisation,
        .verb = str_from_cstr(verb),
        .subject_kind = str_from_cstr(kind),
        .subject = subject,
        .detail = detail,
    };

    return ledger_append_words(db, &e, words);
}

static struct str detail_of(struct db *db, const char *thing_kind, int64_t thing)
{
    return str_printf(db_arena(db), "{\"thing_kind\":\"%s\",\"thing\":\"%" PRId64 "\"}", thing_kind, thing);
}

static enum result tell(struct db *db, int64_t community, int64_t person, int64_t measure, enum text words, int64_t now)
{
    const struct notice notice = {
        .person = person,
        .community = community,
        .text = words,
        .url = url_path(db_arena(db), "/me/measures#measure-%" PRId64, measure),
        .subject_kind = STR("measure"),
        .subject = measure,
    };

    return person ? notify_put(db, &notice, now) : OK;
}

static const struct notice_kind notices[] = {
    {T_moderation_tell_hidden, TOPIC_MINE, WAY_DIGEST, false, T_notify_away_progress},
    {T_moderation_tell_muted, TOPIC_MINE, WAY_DIGEST, false, T_notify_away_progress},
    {T_moderation_tell_lifted, TOPIC_MINE, WAY_DIGEST, false, T_notify_away_progress},
    {T_moderation_tell_kept, TOPIC_MINE, WAY_DIGEST, false, T_notify_away_progress},
};
const struct notice_table moderation_notices = {notices, sizeof(notices) / sizeof(notices[0])};

/* ---- flags and cases ---------------------------------------------------------------------------------------------------- */

static enum result open_case(struct db *db, int64_t community, const char *kind, int64_t thing, int64_t author,
                             bool held, int64_t now)
{
    int64_t made;

    return sql_moderation_case_put(db, community, id_new(), str_from_cstr(kind), thing, author, held, now, &made);
}

void moderation_comment_on(struct arena *a, const struct moderation_thing *of, struct moderation_thing *comment)
{
    comment->community = of->community;
    comment->title = of->title;
    comment->others = of->others && !comment->hidden;
    comment->once = of->once;
    comment->url = url_below(a, of->url, str_cstr(a, str_printf(a, "#comment-%" PRId64, comment->id)));
}

enum result moderation_hold(struct db *db, const struct moderation_writer *w, const char *thing_kind, int64_t thing)
{
    const struct moderation_actor actor = {w->person, 0, w->now};
    enum result r = open_case(db, w->community, thing_kind, thing, w->person, true, w->now);

    if (r == OK)
        r = sql_moderation_case_hold(db, w->community, str_from_cstr(thing_kind), thing);
    return r == OK ? record(db, &actor, w->community, "held_back", thing_kind, thing, STR_NONE, STR_NONE) : r;
}

enum result moderation_flag(struct db *db, const struct moderation_actor *actor, const struct moderation_thing *thing,
                            struct str reason, struct str words)
{
    const char *kind = str_cstr(db_arena(db), thing->kind);
    int64_t changed;
    enum result r;

    if (thing->author == actor->person || thing->hidden)
        return E_DENIED;
    r = sql_moderation_flag_put(db, thing->community, thing->kind, thing->id, actor->person, reason, words, actor->now,
                                &changed);
    if (r == OK && changed == 0)
        return E_CONFLICT;
    if (r == OK)
        r = open_case(db, thing->community, kind, thing->id, thing->author, false, actor->now);
    if (r == OK)
        r = sql_moderation_case_flagged(db, thing->community, thing->kind, thing->id, &changed);
    return r == OK ? record(db, actor, thing->community, "flagged", kind, thing->id, words,
                            str_printf(db_arena(db), "{\"reason\":\"" STR_FMT "\"}", STR_ARG(reason)))
                   : r;
}

static enum result hid(struct db *db, const struct moderation_actor *actor, int64_t community, const char *thing_kind,
                       int64_t thing, int64_t author, bool hidden, struct str reason, bool tells)
{
    struct sql_moderation_case_of open;
    int64_t id = id_new(), changed;
    enum result r = sql_moderation_case_of(db, community, str_from_cstr(thing_kind), thing, &open);

    if (r == OK)
        r = sql_moderation_case_decide(db, community, open.id, hidden ? STR("hidden") : STR("fine"), actor->now,
                                       actor->person, &changed);
    if (r == E_NOT_FOUND)
        r = OK;
    if (r == OK && !hidden)
        return sql_moderation_measure_lift(db, community, str_from_cstr(thing_kind), thing, actor->now, actor->person);
    if (r == OK)
        r = sql_moderation_measure_put(db, community, id, STR("hidden"), str_from_cstr(thing_kind), thing, author,
                                       reason, actor->person, actor->now, 0);
    if (r == OK)
        r = record(db, actor, community, "measure_taken", "measure", id, reason, detail_of(db, thing_kind, thing));
    return r == OK && author != actor->person && tells
             ? tell(db, community, author, id, T_moderation_tell_hidden, actor->now)
             : r;
}

enum result moderation_hid(struct db *db, const struct moderation_actor *actor, int64_t community,
                           const char *thing_kind, int64_t thing, int64_t author, bool hidden, struct str reason)
{
    const struct moderation_kind *kind = moderation_kind_of(str_from_cstr(thing_kind));

    return hid(db, actor, community, thing_kind, thing, author, hidden, reason, kind && !kind->tells);
}

static enum result open_thing(struct db *db, int64_t community, int64_t id, struct sql_moderation_case_get *ret_case,
                              const struct moderation_kind **ret_kind, struct moderation_thing *ret_thing)
{
    enum result r = sql_moderation_case_get(db, community, id, ret_case);

    if (r != OK)
        return r;
    if (!str_eq(ret_case->state, STR("open")))
        return E_CONFLICT;
    *ret_kind = moderation_kind_of(ret_case->thing_kind);
    return *ret_kind ? (*ret_kind)->get(db, community, ret_case->thing, ret_thing) : E_NOT_FOUND;
}

enum result moderation_fine(struct db *db, const struct moderation_actor *actor, int64_t community, int64_t id)
{
    struct sql_moderation_case_get row;
    const struct moderation_kind *kind;
    struct moderation_thing thing;
    int64_t changed;
    enum result r = open_thing(db, community, id, &row, &kind, &thing);

    if (r != OK)
        return r;
    if (row.held && thing.hidden) /* closes the case too */
        r = kind->hide(db, &thing, actor->person, actor->organisation, false, STR_NONE, actor->now);
    else {
        r = sql_moderation_case_decide(db, community, id, STR("fine"), actor->now, actor->person, &changed);
        if (r == OK && changed == 0)
            r = E_CONFLICT;
    }
    return r == OK ? record(db, actor, community, "found_fine", kind->word, thing.id, STR_NONE, STR_NONE) : r;
}

enum result moderation_hide(struct db *db, const struct moderation_actor *actor, int64_t community, int64_t id,
                            struct str reason)
{
    struct sql_moderation_case_get row;
    const struct moderation_kind *kind;
    struct moderation_thing thing;
    enum result r = open_thing(db, community, id, &row, &kind, &thing);

    if (r != OK)
        return r;
    if (reason.len == 0)
        return E_INVALID;
    if (thing.hidden) { /* held back: it stays so, now for a reason */
        r = kind->reason(db, &thing, reason);
        /* Nothing is hidden by it that was shown, so the module has nothing to tell: it is told from here. */
        return r == OK ? hid(db, actor, community, kind->word, thing.id, thing.author, true, reason, true) : r;
    }
    return kind->hide(db, &thing, actor->person, actor->organisation, true, reason, actor->now);
}

enum result moderation_mute(struct db *db, const struct moderation_actor *actor, int64_t community, int64_t person,
                            int64_t days, struct str reason)
{
    int64_t id = id_new();
    enum result r;

    if (days < 1 || days > MUTE_DAYS_MAX || reason.len == 0 || person == 0)
        return E_INVALID;
    if (person == actor->person)
        return E_DENIED;
    r = sql_moderation_measure_put(db, community, id, STR("muted"), STR_NONE, 0, person, reason, actor->person,
                                   actor->now, actor->now + days * TIME_DAY);
    if (r == OK)
        r = record(db, actor, community, "muted", "measure", id, reason,
                   str_printf(db_arena(db), "{\"days\":%" PRId64 "}", days));
    return r == OK ? tell(db, community, person, id, T_moderation_tell_muted, actor->now) : r;
}

/* ---- appeals ------------------------------------------------------------------------------------------------------------- */

static enum result take(struct db *db, int64_t community, int64_t id, int action, uint32_t roles, struct str words,
                        struct sql_moderation_measure_get *ret, const struct flow_step **ret_step)
{
    enum result r = sql_moderation_measure_get(db, community, id, ret);

    return r == OK ? flow_take(&measure_flow, flow_state_of(&measure_flow, ret->state), action, roles,
                               words.len ? NEEDS_WORDS : 0, ret_step, NULL)
                   : r;
}

enum result moderation_appeal(struct db *db, const struct moderation_actor *actor, int64_t community, int64_t measure,
                              struct str words)
{
    struct sql_moderation_measure_get row;
    const struct flow_step *step;
    int64_t changed;
    enum result r = sql_moderation_measure_get(db, community, measure, &row);

    if (r == OK && row.person != actor->person)
        return E_NOT_FOUND; /* somebody else's measures are nobody's business */
    if (r == OK)
        r = take(db, community, measure, ACT_APPEAL, BY_PERSON, words, &row, &step);
    if (r == OK)
        r = sql_moderation_measure_appeal(db, community, measure, words, actor->now,
                                          calendar_add(calendar_now(), actor->now, LIMIT_WORK_DAY, APPEAL_WORK_DAYS),
                                          &changed);
    if (r == OK && changed == 0)
        return E_CONFLICT;
    return r == OK ? record(db, actor, community, "appealed", "measure", measure, words, STR_NONE) : r;
}

enum result moderation_answer(struct db *db, const struct moderation_actor *actor, int64_t community, int64_t measure,
                              bool lift, struct str words)
{
    struct sql_moderation_measure_get row;
    const struct flow_step *step;
    const struct moderation_kind *kind;
    struct moderation_thing thing;
    int64_t changed;
    enum result r = sql_moderation_measure_get(db, community, measure, &row);

    if (r == OK && (row.by_person == actor->person || row.person == actor->person))
        return E_DENIED;
    if (r == OK)
        r = take(db, community, measure, lift ? ACT_LIFT : ACT_KEEP, BY_OTHER, words, &row, &step);
    if (r == OK)
        r = sql_moderation_measure_answer(db, community, measure, str_from_cstr(states[step->to].name), words,
                                          actor->now, actor->person, &changed);
    if (r == OK && changed == 0)
        return E_CONFLICT;
    if (r == OK && lift && row.thing && (kind = moderation_kind_of(row.thing_kind)) != NULL) {
        r = kind->get(db, community, row.thing, &thing);
        if (r == OK && thing.hidden)
            r = kind->hide(db, &thing, actor->person, actor->organisation, false, words, actor->now);
        if (r == E_NOT_FOUND)
            r = OK;
    }
    if (r == OK)
        r = record(db, actor, community, lift ? "appeal_lifted" : "appeal_kept", "measure", measure, words, STR_NONE);
    return r == OK ? tell(db, community, row.person, measure, lift ? T_moderation_tell_lifted : T_moderation_tell_kept,
                          actor->now)
                   : r;
}

enum result moderation_last_of(struct db *db, int64_t community, int64_t person, int64_t *ret_measure)
{
    struct sql_moderation_measures_against_rows rows;
    enum result r = sql_moderation_measures_against(db, community, person, 1, &rows);

    if (r == OK && rows.n == 0)
        return E_NOT_FOUND;
    if (r == OK)
        *ret_measure = rows.row[0].id;
    return r;
}
