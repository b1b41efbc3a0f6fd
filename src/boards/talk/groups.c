/* groups.c: groups of interest: a resident opens one, who runs the board agrees, neighbours join; its host keeps it in order. */
#include "boards/talk/routes.h"
#include "boards/talk/rules.h"
#include "boards/talk/talk.h"

#include "civic/ledger/ledger.h"
#include "civic/moderation/moderation.h"
#include "civic/notify/notify.h"
#include "engine/base/ids.h"

static const struct flow_state states[] = {
    [GROUP_WAITING] = {"waiting", false},
    [GROUP_OPEN] = {"open", false},
    [GROUP_DECLINED] = {"declined", true},
    [GROUP_CLOSED] = {"closed", true},
};
static const struct flow_action actions[] = {
    [GROUP_AGREE] = {"agree"}, [GROUP_DECLINE] = {"decline"}, [GROUP_CLOSE] = {"close"}};
static const struct flow_step steps[] = {
    {GROUP_WAITING, GROUP_AGREE, GROUP_OPEN, GROUP_BY_RUNNER, 0, 0, 0},
    {GROUP_WAITING, GROUP_DECLINE, GROUP_DECLINED, GROUP_BY_RUNNER, GROUP_NEEDS_REASON, 0, 0},
    {GROUP_WAITING, GROUP_CLOSE, GROUP_CLOSED, GROUP_BY_HOST, 0, 0, 0}, /* who asked thinks better of it */
    {GROUP_OPEN, GROUP_CLOSE, GROUP_CLOSED, GROUP_BY_HOST | GROUP_BY_RUNNER, GROUP_NEEDS_REASON, 0, 0},
};
#define COUNT(table) (int)(sizeof(table) / sizeof((table)[0]))
const struct flow talk_group_flow = {
    .name = "talk_group",
    .first = GROUP_WAITING,
    .state = states,
    .n_states = COUNT(states),
    .action = actions,
    .n_actions = COUNT(actions),
    .step = steps,
    .n_steps = COUNT(steps),
};

static enum result record(struct db *db, const struct entry_actor *actor, int64_t place, int64_t group,
                          const char *verb, struct str before, struct str after, struct str words)
{
    int64_t id = id_new();
    struct ledger_event e = {
        .community = place,
        .id = id,
        .at = actor->now,
        .actor = actor->person,
        .organisation = actor->organisation,
        .verb = str_from_cstr(verb),
        .subject_kind = STR("talk_group"),
        .subject = group,
        .before = before,
        .after = after,
        .text_hash = words.len ? ledger_text_hash(db_arena(db), id, words) : STR_NONE,
    };

    return ledger_append(db, &e);
}

static struct url group_url(struct db *db, const struct board *board, int64_t place, int64_t id)
{
    return url_path(db_arena(db), "/p/%" PRId64 "/talk/" STR_FMT "/group/%" PRId64, place, STR_ARG(board->word), id);
}

static enum result tell(struct db *db, const struct entry_actor *actor, const talk_group *group, int64_t person,
                        enum text words)
{
    const struct text_arg args[] = {TEXT_STR("name", group->name)};
    struct board board;
    struct notice notice = {
        .person = person,
        .community = group->community,
        .text = words,
        .arg = args,
        .n_args = 1,
        .subject_kind = STR("talk_group"),
        .subject = group->id,
    };
    enum result r = board_get(db, group->board, &board);

    if (r != OK || person == actor->person)
        return r;
    notice.url = group_url(db, &board, group->community, group->id);
    return notify_put(db, &notice, actor->now);
}

enum result talk_group_ask(struct db *db, const struct entry_actor *actor, const struct board *board, int64_t place,
                           struct str name, struct str about, int64_t *ret_id)
{
    const struct moderation_writer writer = {.rq = actor->rq,
                                             .community = place,
                                             .person = actor->person,
                                             .organisation = actor->organisation,
                                             .now = actor->now};
    struct str *const texts[] = {&name, &about};
    struct sql_talk_groups_asked asked;
    int64_t id = id_new();
    bool review;
    enum result r;

    if (str_utf8_count(name) < 2 || str_utf8_count(name) > TALK_GROUP_NAME_MAX || about.len == 0 ||
        str_utf8_count(about) > TALK_GROUP_ABOUT_MAX)
        return E_INVALID;
    r = sql_talk_groups_asked(db, place, board->id, actor->person, &asked);
    if (r == OK && asked.n >= TALK_GROUPS_ASKED_MAX)
        return E_DENIED;
    if (r == OK)
        r = moderation_gate(db, &writer, texts, 2, &review); /* it waits for staff anyway */
    if (r == OK)
        r = sql_talk_group_put(db, place, id, board->id, name, about, actor->person, actor->now);
    if (r == OK)
        r = record(db, actor, place, id, "asked", STR_NONE, STR("waiting"), about);
    if (r == OK)
        *ret_id = id;
    return r;
}

static enum result add_member(struct db *db, const talk_group *group, int64_t person, int64_t now, int64_t *ret_changed)
{
    enum result r = sql_talk_member_put(db, group->community, group->id, person, now, ret_changed);

    return r == OK && *ret_changed ? sql_talk_group_count(db, group->community, group->id, 1) : r;
}

enum result talk_group_move(struct db *db, const struct entry_actor *actor, const talk_group *group, int action,
                            struct str reason)
{
    static const char *const verbs[] = {
        [GROUP_AGREE] = "opened", [GROUP_DECLINE] = "declined", [GROUP_CLOSE] = "closed"};
    static const enum text words[] = {[GROUP_AGREE] = T_talk_groups_tell_opened,
                                      [GROUP_DECLINE] = T_talk_groups_tell_declined,
                                      [GROUP_CLOSE] = T_talk_groups_tell_closed};
    uint32_t roles = (actor->runs ? GROUP_BY_RUNNER : 0) | (actor->person == group->host ? GROUP_BY_HOST : 0);
    const struct flow_step *step;
    int64_t changed;
    enum result r = flow_take(&talk_group_flow, flow_state_of(&talk_group_flow, group->state), action, roles,
                              reason.len ? GROUP_NEEDS_REASON : 0, &step, NULL);
    struct str to;

    if (r != OK)
        return r;
    to = str_from_cstr(states[step->to].name);
    r = sql_talk_group_move(db, group->community, group->id, group->state, to, reason, actor->now, &changed);
    if (r == OK && changed == 0)
        return E_CONFLICT;
    if (r == OK && action == GROUP_AGREE)
        r = add_member(db, group, group->host, actor->now, &changed);
    if (r == OK)
        r = record(db, actor, group->community, group->id, verbs[action], group->state, to, reason);
    return r == OK ? tell(db, actor, group, group->host, words[action]) : r;
}

bool talk_is_member(struct db *db, const talk_group *group, int64_t person)
{
    struct sql_talk_member_get row;

    return person && sql_talk_member_get(db, group->community, group->id, person, &row) == OK;
}

enum result talk_group_join(struct db *db, const struct entry_actor *actor, const talk_group *group, bool join)
{
    int64_t changed = 0;
    enum result r;

    if (!str_eq(group->state, STR("open")) || (!join && group->host == actor->person))
        return E_CONFLICT;
    if (join) {
        r = add_member(db, group, actor->person, actor->now, &changed);
    } else {
        r = sql_talk_member_drop(db, group->community, group->id, actor->person, &changed);
        if (r == OK && changed)
            r = sql_talk_group_count(db, group->community, group->id, -1);
    }
    return r == OK && changed
             ? record(db, actor, group->community, group->id, join ? "joined" : "left", STR_NONE, STR_NONE, STR_NONE)
             : r;
}

enum result talk_group_tell(struct db *db, const struct entry_actor *actor, const talk_group *group, bool told)
{
    int64_t changed;
    enum result r = sql_talk_member_tell(db, group->community, group->id, actor->person, told, &changed);

    return r == OK && changed == 0 ? E_DENIED : r;
}

enum result talk_group_pass(struct db *db, const struct entry_actor *actor, const talk_group *group, int64_t to)
{
    int64_t changed;
    enum result r;

    if (!talk_is_member(db, group, to) || to == group->host)
        return E_INVALID;
    r = sql_talk_group_host(db, group->community, group->id, group->host, to, actor->now, &changed);
    if (r == OK && changed == 0)
        return E_CONFLICT;
    if (r == OK)
        r = record(db, actor, group->community, group->id, "passed_on", STR_NONE, STR_NONE, STR_NONE);
    return r == OK ? tell(db, actor, group, to, T_talk_groups_tell_host) : r;
}

enum result talk_group_page(struct db *db, const talk_group *group, int64_t before, int64_t limit,
                            struct entry_rows *ret)
{
    struct sql_talk_by_group_rows rows;
    enum result r = sql_talk_by_group(db, group->community, group->id, before, limit, &rows);

    if (r != OK)
        return r;
    ret->row = arena_array(db_arena(db), struct entry_row, rows.n ? rows.n : 1);
    ret->n = rows.n;
    for (size_t i = 0; i < rows.n; i++)
        ret->row[i] = ENTRY_ROW(&rows.row[i]);
    return OK;
}

enum result talk_group_hide(struct db *db, const struct entry_actor *actor, const struct board *board,
                            const talk_group *group, int64_t id, bool hide, struct str reason)
{
    struct entry_actor host = *actor;
    struct sql_talk_entry_get of;
    struct entry entry;
    enum result r = sql_talk_entry_get(db, group->community, id, &of);

    if (r == OK)
        r = entry_get(db, group->community, id, &entry);
    if (r != OK)
        return r;
    if (of.talk_group != group->id || entry.board != board->id)
        return E_NOT_FOUND;
    if (hide ? !entry.listed : !(entry.hidden && of.by_host)) /* what staff have hidden stays so */
        return E_CONFLICT;
    host.runs = true; /* over this entry, as the group's host: not for an organisation */
    host.organisation = 0;
    return entry_hide(db, &host, board, &entry, hide, reason);
}

enum result talk_group_announce(struct db *db, const struct board *board, int64_t community, int64_t id, int64_t now)
{
    struct sql_talk_members_rows members;
    struct sql_talk_entry_get of;
    struct notice notice;
    int64_t *told;
    size_t n = 0;
    talk_group group;
    struct entry entry;
    enum result r = sql_talk_entry_get(db, community, id, &of);

    if (r == E_NOT_FOUND || (r == OK && of.talk_group == 0))
        return OK;
    if (r == OK)
        r = entry_get(db, community, id, &entry);
    if (r == OK && !entry.listed)
        return OK; /* held back, or waiting for review */
    if (r == OK)
        r = sql_talk_group_get(db, community, of.talk_group, &group);
    if (r == OK)
        r = sql_talk_members(db, community, group.id, &members);
    if (r != OK)
        return r;
    told = arena_array(db_arena(db), int64_t, members.n ? members.n : 1);
    for (size_t i = 0; i < members.n; i++)
        if (members.row[i].told && members.row[i].person != entry.author && str_eq(members.row[i].state, STR("active")))
            told[n++] = members.row[i].person;
    notice = (struct notice){
        .community = community,
        .text = T_talk_groups_tell_new,
        .arg = (const struct text_arg[]){TEXT_STR("name", group.name)},
        .n_args = 1,
        .url = group_url(db, board, community, group.id),
        .subject_kind = STR("talk_group"),
        .subject = group.id,
    };
    return notify_people(db, &notice, told, n, now);
}

/* Who has hidden an entry of a group: its host may undo what the host has done, and nothing else. */
static enum result appended(struct db *db, const struct ledger_event *e)
{
    bool hidden = str_eq(e->verb, STR("hidden"));

    if (!str_eq(e->subject_kind, STR("entry")) || (!hidden && !str_eq(e->verb, STR("shown_again"))))
        return OK;
    return sql_talk_entry_hidden(db, e->community, e->subject, hidden && e->organisation == 0);
}

const struct ledger_listener talk_listener = {.name = "talk", .appended = appended};

enum result talk_group_recount(struct db *db, int64_t community, int64_t *ret_bad)
{
    struct sql_talk_group_recount_rows rows;
    enum result r = sql_talk_group_recount(db, community, &rows);

    *ret_bad = 0;
    for (size_t i = 0; r == OK && i < rows.n && *ret_bad == 0; i++)
        if (rows.row[i].members != rows.row[i].real_members)
            *ret_bad = rows.row[i].id;
    return r;
}

/* Nothing of it is urgent: all of it waits for the end of somebody's quiet hours. */
static const struct notice_kind kinds[] = {
    {T_talk_groups_tell_opened, TOPIC_MINE, WAY_NOW, false, T_notify_away_answer},
    {T_talk_groups_tell_declined, TOPIC_MINE, WAY_NOW, false, T_notify_away_answer},
    {T_talk_groups_tell_closed, TOPIC_NEIGHBOURS, WAY_APP, false, T_notify_away_neighbours},
    {T_talk_groups_tell_host, TOPIC_NEIGHBOURS, WAY_DIGEST, false, T_notify_away_neighbours},
    {T_talk_groups_tell_new, TOPIC_NEIGHBOURS, WAY_APP, false, T_notify_away_neighbours},
};
const struct notice_table talk_notices = {kinds, sizeof(kinds) / sizeof(kinds[0])};
