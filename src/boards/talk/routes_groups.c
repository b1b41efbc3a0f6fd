/* routes_groups.c: /p/{place}/talk/{board}/groups, its topics and its house rules. */
#include "boards/talk/routes.h"

#include "boards/talk/talk.h"
#include "boards/talk/views/talk_group.html.h"
#include "boards/talk/views/talk_group_new.html.h"
#include "boards/talk/views/talk_groups.html.h"
#include "boards/talk/views/talk_keep.html.h"
#include "boards/talk/views/talk_rules.html.h"
#include "civic/entry/entry_present.h"
#include "civic/person/person.h"
#include "civic/place/place_subject.h"

enum { PAGE = 20 };

static struct url below(struct request *rq, const char *tail)
{
    return url_below(rq->arena, board_url(rq->arena, board_of(rq), rq->place), tail);
}

struct url talk_rules_url(struct request *rq)
{
    return below(rq, "/rules");
}

struct url talk_group_url(struct request *rq, int64_t id)
{
    return below(rq, str_cstr(rq->arena, str_printf(rq->arena, "/group/%" PRId64, id)));
}

enum result talk_house_agree(struct request *rq, const struct entry_actor *actor, int64_t version)
{
    enum result r = talk_house_accept(rq->db, actor, board_of(rq), rq->place, version);

    if (r != E_INVALID)
        return r;
    return request_invalid(rq, "rules", version ? T_talk_groups_rules_changed : T_talk_groups_rules_first);
}

/* ---- the subject: a group ------------------------------------------------------------------------------------------------- */

struct group_subject {
    struct board_subject of; /* first: scope, board, place */
    talk_group group;
};

static enum result get_at(struct db *db, int64_t place, int64_t id, void *ret)
{
    return sql_talk_group_get(db, place, id, ret);
}

/* One that waits or was declined is there for who asked for it and for who runs the board. The host is the scope's author. */
static enum result load(struct request *rq)
{
    struct group_subject *s = arena_new(rq->arena, struct group_subject);
    const struct viewer *viewer = viewer_of(rq);
    enum result r = board_load(rq, &s->of);

    if (r == OK)
        r = sql_talk_group_get(rq->db, rq->path_id[0], rq->path_id[1], &s->group);
    if (r == E_NOT_FOUND) /* it goes where its host lives when a community ends or is divided */
        r = place_lead_after(rq, get_at, &s->group);
    if (r != OK)
        return r;
    if (s->group.board != s->of.board.id)
        return E_NOT_FOUND;
    s->of.scope.author = s->group.host;
    if ((str_eq(s->group.state, STR("waiting")) || str_eq(s->group.state, STR("declined"))) &&
        !(viewer->person && viewer->person == s->group.opened_by) &&
        !access_allowed(viewer, CAP_BOARD_RUN, rq->place, &s->of.scope))
        return E_NOT_FOUND;
    rq->subject = s;
    return OK;
}

static const struct subject_kind group_subject = {"talk_group", load};

static const talk_group *group_of(const struct request *rq)
{
    return &((const struct group_subject *)rq->subject)->group;
}

static struct url self(struct request *rq)
{
    return talk_group_url(rq, group_of(rq)->id);
}

static enum result back_with(struct request *rq, enum result r, enum text flash)
{
    if (r == E_CONFLICT)
        return request_refuse(rq, r, T_talk_groups_moved_on);
    return r == OK ? respond_see_other(rq, self(rq), flash) : r;
}

/* ---- all groups ------------------------------------------------------------------------------------------------------------- */

static enum result rows_of(struct request *rq, const char *state, int64_t before, int64_t mine_only,
                           struct talk_groups_rows **ret_rows, size_t *ret_n, int64_t *ret_more)
{
    struct sql_talk_groups_rows rows;
    struct talk_groups_rows *v;
    enum result r = sql_talk_groups(rq->db, rq->place, board_of(rq)->id, str_from_cstr(state), before, PAGE + 1, &rows);

    if (r != OK)
        return r;
    if (rows.n > PAGE)
        *ret_more = rows.row[PAGE - 1].id;
    v = arena_array(rq->arena, struct talk_groups_rows, rows.n ? rows.n : 1);
    *ret_n = 0;
    for (size_t i = 0; i < rows.n && i < PAGE; i++)
        if (!mine_only || rows.row[i].opened_by == mine_only)
            v[(*ret_n)++] = (struct talk_groups_rows){.id = rows.row[i].id,
                                                      .name = rows.row[i].name,
                                                      .about = entry_beginning(rq->arena, rows.row[i].about),
                                                      .host = rows.row[i].host_name,
                                                      .members = rows.row[i].members,
                                                      .url = talk_group_url(rq, rows.row[i].id)};
    *ret_rows = v;
    return OK;
}

static const struct param list_params[] = {
    {.name = "before", .kind = PARAM_ID, .doc = "Paging: groups older than this id"},
};

static enum result list(struct request *rq)
{
    const struct board_subject *s = rq->subject;
    const struct viewer *viewer = viewer_of(rq);
    bool runs = access_allowed(viewer, CAP_BOARD_RUN, rq->place, &s->scope);
    struct talk_groups_view view = {
        .place = rq->place,
        .board = board_name(&s->board, rq->lang),
        .back = board_url(rq->arena, &s->board, rq->place),
    };
    struct talk_groups_rows *row;
    int64_t more = 0, none = 0;
    enum result r = rows_of(rq, "open", param_given(rq, 0) ? param_int(rq, 0) : INT64_MAX, 0, &row, &view.rows.n,
                            &more);

    if (r != OK)
        return r;
    view.rows.v = row;
    if (more)
        view.more = url_add(rq->arena, below(rq, "/groups"), "before", str_printf(rq->arena, "%" PRId64, more));
    if (viewer->person) { /* what waits: all of it for who decides, one's own for who has asked */
        struct talk_groups_rows *waiting = NULL;

        r = rows_of(rq, "waiting", INT64_MAX, runs ? 0 : viewer->person, &waiting, &view.waiting.n, &none);
        view.waiting.v = (const void *)waiting;
    }
    if (access_allowed(viewer, CAP_BOARD_WRITE, rq->place, &s->scope) && !runs)
        view.open = below(rq, "/groups/new");
    return r == OK ? respond_view(rq, talk_groups, &view) : r;
}

enum { NEW_NAME, NEW_ABOUT, NEW_RULES, NEW_PARAMS };
static const struct param new_params[NEW_PARAMS] = {
    [NEW_NAME] = {.name = "name",
                  .kind = PARAM_TEXT,
                  .required = true,
                  .min = 2,
                  .max = TALK_GROUP_NAME_MAX,
                  .doc = "What the group is called"},
    [NEW_ABOUT] = {.name = "about",
                   .kind = PARAM_LINES,
                   .required = true,
                   .max = TALK_GROUP_ABOUT_MAX,
                   .doc = "What it does, for whom"},
    [NEW_RULES] = {.name = "rules",
                   .kind = PARAM_INT,
                   .min = 1,
                   .max = 1000000,
                   .doc = "The version of the house rules that the writer says yes to"},
};

static enum result form_new(struct request *rq)
{
    struct entry_actor actor = entry_actor_of(rq);
    struct talk_group_new_view view = {.back = below(rq, "/groups"), .action = below(rq, "/groups/new")};
    struct talk_house house;
    enum result r = talk_house_asks(rq->db, &actor, board_of(rq), rq->place, &house);

    view.rules = house.body;
    view.rules_version = house.version;
    return r == OK ? respond_view(rq, talk_group_new, &view) : r;
}

static enum result create(struct request *rq)
{
    struct entry_actor actor = entry_actor_of(rq);
    int64_t id;
    enum result r = talk_house_agree(rq, &actor, param_int(rq, NEW_RULES));

    if (r == OK)
        r = talk_group_ask(rq->db, &actor, board_of(rq), rq->place, param_text(rq, NEW_NAME), param_text(rq, NEW_ABOUT),
                           &id);
    if (r == E_DENIED)
        return request_refuse(rq, E_CONFLICT, T_talk_groups_too_many);
    return r == OK ? respond_created(rq, talk_group_url(rq, id), id, T_talk_groups_asked) : r;
}

/* ---- one group ------------------------------------------------------------------------------------------------------------------ */

static const struct param show_params[] = {
    {.name = "before", .kind = PARAM_ID, .doc = "Paging: entries older than this id"},
    {.name = "entry", .kind = PARAM_ID, .doc = "For the host: the form that hides this entry of the group"},
};

static enum text state_text(struct str state)
{
    return str_eq(state, STR("waiting"))  ? T_talk_groups_state_waiting
         : str_eq(state, STR("declined")) ? T_talk_groups_state_declined
         : str_eq(state, STR("closed"))   ? T_talk_groups_state_closed
                                          : T_talk_groups_state_open;
}

/* For the host and for who runs the board: to whom the role can go. */
static enum result fill_members(struct request *rq, struct talk_group_view *view)
{
    struct sql_talk_members_rows rows;
    struct talk_group_others *v;
    size_t n = 0;
    enum result r = sql_talk_members(rq->db, rq->place, group_of(rq)->id, &rows);

    if (r != OK)
        return r;
    v = arena_array(rq->arena, struct talk_group_others, rows.n ? rows.n : 1);
    for (size_t i = 0; i < rows.n; i++)
        if (rows.row[i].person != group_of(rq)->host && str_eq(rows.row[i].state, STR("active")))
            v[n++] = (struct talk_group_others){rows.row[i].person, rows.row[i].shown_name};
    view->others.v = v;
    view->others.n = n;
    return OK;
}

static enum result fill_hidden(struct request *rq, struct talk_group_view *view)
{
    struct sql_talk_hidden_by_host_rows rows;
    struct talk_group_hidden *v;
    enum result r = sql_talk_hidden_by_host(rq->db, rq->place, group_of(rq)->id, &rows);

    if (r != OK)
        return r;
    v = arena_array(rq->arena, struct talk_group_hidden, rows.n ? rows.n : 1);
    for (size_t i = 0; i < rows.n; i++)
        v[i] = (struct talk_group_hidden){rows.row[i].id, rows.row[i].title, rows.row[i].hidden_reason};
    view->hidden.v = v;
    view->hidden.n = rows.n;
    return OK;
}

static enum result fill_entries(struct request *rq, int64_t before, struct talk_group_view *view)
{
    struct entry_rows rows;
    struct entry_row_view *row;
    enum result r = talk_group_page(rq->db, group_of(rq), before ? before : INT64_MAX, PAGE + 1, &rows);

    if (r == OK && rows.n > PAGE) {
        rows.n = PAGE;
        view->more = url_add(rq->arena, self(rq), "before", str_printf(rq->arena, "%" PRId64, rows.row[PAGE - 1].id));
    }
    if (r == OK)
        r = entry_rows_fill(rq, board_of(rq), &rows, &row);
    if (r != OK)
        return r;
    view->rows.v = row;
    view->rows.n = rows.n;
    return OK;
}

static enum result show(struct request *rq)
{
    const struct board_subject *s = rq->subject;
    const talk_group *g = group_of(rq);
    const struct viewer *viewer = viewer_of(rq);
    bool open = str_eq(g->state, STR("open")), waiting = str_eq(g->state, STR("waiting"));
    bool may = access_allowed(viewer, CAP_BOARD_TAKE_PART, rq->place, &s->scope);
    struct sql_talk_member_get member;
    struct talk_group_view view = {
        .id = g->id,
        .name = g->name,
        .about = g->about,
        .state = state_text(g->state),
        .reason = g->reason,
        .host = g->host_name,
        .members = g->members,
        .is_open = open,
        .runs = access_allowed(viewer, CAP_BOARD_RUN, rq->place, &s->scope),
        .hosts = viewer->person && viewer->person == g->host,
        .list = below(rq, "/groups"),
        .self = self(rq),
    };
    enum result r = OK;

    if (viewer->person)
        r = sql_talk_member_get(rq->db, rq->place, g->id, viewer->person, &member);
    if (r == OK && viewer->person) {
        view.member = true;
        view.told = member.told;
    }
    if (r == OK || r == E_NOT_FOUND)
        r = fill_entries(rq, rq->route->handle == show ? param_int(rq, 0) : 0, &view);
    if (r == OK && open && (view.hosts || view.runs))
        r = fill_members(rq, &view);
    if (r == OK && open && view.hosts)
        r = fill_hidden(rq, &view);
    if (r != OK)
        return r;
    if (open && view.hosts && rq->route->handle == show)
        view.hiding = param_int(rq, 1);
    view.can_join = open && may && !view.member;
    view.can_leave = open && view.member && !view.hosts;
    view.can_decide = waiting && view.runs;
    view.can_take_back = waiting && view.hosts;
    view.can_close = open && view.hosts;
    view.can_end = open && view.runs && !view.hosts;
    if (open && view.member)
        view.write = url_add(rq->arena, below(rq, "/new"), "group", str_printf(rq->arena, "%" PRId64, g->id));
    return respond_view(rq, talk_group, &view);
}

static const struct param on_params[] = {
    {.name = "on", .kind = PARAM_BOOL, .doc = "1 to do it, 0 to take it back"},
};

static enum result join(struct request *rq)
{
    struct entry_actor actor = entry_actor_of(rq);
    bool on = param_int(rq, 0) != 0;
    enum result r = talk_group_join(rq->db, &actor, group_of(rq), on);

    if (r == E_CONFLICT && !on && group_of(rq)->host == actor.person)
        return request_refuse(rq, r, T_talk_groups_pass_first);
    return back_with(rq, r, on ? T_talk_groups_joined : T_talk_groups_left);
}

static enum result notices(struct request *rq)
{
    struct entry_actor actor = entry_actor_of(rq);
    bool on = param_int(rq, 0) != 0;

    return back_with(rq, talk_group_tell(rq->db, &actor, group_of(rq), on),
                     on ? T_talk_groups_told : T_talk_groups_not_told);
}

enum { DECIDE_ACCEPT, DECIDE_REASON, DECIDE_PARAMS };
static const struct param decide_params[DECIDE_PARAMS] = {
    [DECIDE_ACCEPT] = {.name = "accept", .kind = PARAM_CHOICE, .choices = "no,yes", .required = true},
    [DECIDE_REASON] = {.name = "reason", .kind = PARAM_TEXT, .max = 200, .doc = "Why not; who asked reads it"},
};

static enum result decide(struct request *rq)
{
    struct entry_actor actor = entry_actor_of(rq);
    bool agree = param_int(rq, DECIDE_ACCEPT) == 1;

    if (!agree && param_text(rq, DECIDE_REASON).len == 0)
        return request_invalid(rq, "reason", T_talk_why_not);
    return back_with(rq,
                     talk_group_move(rq->db, &actor, group_of(rq), agree ? GROUP_AGREE : GROUP_DECLINE,
                                     agree ? STR_NONE : param_text(rq, DECIDE_REASON)),
                     agree ? T_talk_groups_agreed : T_talk_declined);
}

static const struct param close_params[] = {
    {.name = "reason", .kind = PARAM_TEXT, .max = 200, .doc = "Why; everybody reads it"},
};

static enum result close(struct request *rq)
{
    struct entry_actor actor = entry_actor_of(rq);

    if (str_eq(group_of(rq)->state, STR("open")) && param_text(rq, 0).len == 0)
        return request_invalid(rq, "reason", T_talk_groups_close_why);
    return back_with(rq, talk_group_move(rq->db, &actor, group_of(rq), GROUP_CLOSE, param_text(rq, 0)),
                     T_talk_groups_closed);
}

static const struct param host_params[] = {
    {.name = "person", .kind = PARAM_ID, .required = true, .doc = "A member of the group"},
};

static enum result pass_on(struct request *rq)
{
    struct entry_actor actor = entry_actor_of(rq);
    enum result r;

    /* The host is one no more when the same form comes twice: the route lets whoever takes part in, and it is looked at here. */
    if (rq->route->need == CAP_BOARD_TAKE_PART && group_of(rq)->host != rq->person)
        return E_DENIED;
    if (!str_eq(group_of(rq)->state, STR("open")))
        return request_refuse(rq, E_CONFLICT, T_talk_groups_moved_on);
    r = talk_group_pass(rq->db, &actor, group_of(rq), param_int(rq, 0));
    if (r == E_INVALID)
        return request_invalid(rq, "person", T_talk_groups_no_member);
    return back_with(rq, r, T_talk_groups_passed);
}

enum { HIDE_ENTRY, HIDE_HIDE, HIDE_REASON, HIDE_PARAMS };
static const struct param hide_params[HIDE_PARAMS] = {
    [HIDE_ENTRY] = {.name = "entry", .kind = PARAM_ID, .required = true, .doc = "An entry of the group"},
    [HIDE_HIDE] = {.name = "hide", .kind = PARAM_CHOICE, .choices = "no,yes", .required = true},
    [HIDE_REASON] = {.name = "reason", .kind = PARAM_TEXT, .max = 200, .doc = "Why; its author reads it"},
};

static enum result hide(struct request *rq)
{
    struct entry_actor actor = entry_actor_of(rq);
    bool on = param_int(rq, HIDE_HIDE) == 1;

    if (on && param_text(rq, HIDE_REASON).len == 0)
        return request_invalid(rq, "reason", T_entry_hide_why);
    return back_with(rq,
                     talk_group_hide(rq->db, &actor, board_of(rq), group_of(rq), param_int(rq, HIDE_ENTRY), on,
                                     param_text(rq, HIDE_REASON)),
                     on ? T_entry_hidden : T_entry_shown);
}

/* ---- topics and house rules ------------------------------------------------------------------------------------------------------ */

static enum result rules(struct request *rq)
{
    struct talk_rules_view view = {.board = board_name(board_of(rq), rq->lang),
                                   .back = board_url(rq->arena, board_of(rq), rq->place)};
    struct talk_house house;
    struct place place;
    enum result r = talk_house(rq->db, board_of(rq), rq->place, &house);

    if (r == OK && house.version)
        r = place_get(rq->db, house.place, &place);
    if (r != OK)
        return r;
    view.version = house.version;
    view.body = house.body;
    view.at = house.written_at;
    view.by = house.version ? place_short_name(place.name) : STR_NONE;
    return respond_view(rq, talk_rules, &view);
}

static enum result keep(struct request *rq)
{
    struct talk_keep_view view = {.back = board_url(rq->arena, board_of(rq), rq->place),
                                  .add = below(rq, "/topics"),
                                  .change = below(rq, "/topics/close"),
                                  .rules = below(rq, "/rules")};
    struct talk_topics topics;
    struct talk_house house;
    struct talk_keep_topics *v;
    enum result r = talk_topics(rq->db, board_of(rq), rq->place, true, &topics);

    if (r == OK)
        r = talk_house(rq->db, board_of(rq), rq->place, &house);
    if (r != OK)
        return r;
    v = arena_array(rq->arena, struct talk_keep_topics, topics.n ? topics.n : 1);
    for (size_t i = 0; i < topics.n; i++)
        v[i] = (struct talk_keep_topics){topics.topic[i].id, topics.topic[i].name, topics.topic[i].closed,
                                         topics.topic[i].place == rq->place};
    view.topics.v = v;
    view.topics.n = topics.n;
    view.version = house.version;
    form_default(rq, "body", house.version ? house.body : text(rq->lang, T_talk_groups_rules_proposal));
    return respond_view(rq, talk_keep, &view);
}

static const struct param topic_params[] = {
    {.name = "name", .kind = PARAM_TEXT, .required = true, .min = 1, .max = TALK_TOPIC_MAX, .doc = "Of the topic"},
};

static enum result add_topic(struct request *rq)
{
    struct entry_actor actor = entry_actor_of(rq);
    enum result r = talk_topic_add(rq->db, &actor, board_of(rq), rq->place, param_text(rq, 0));

    if (r == E_CONFLICT)
        return request_invalid(rq, "name", T_talk_groups_topic_there);
    if (r == E_DENIED)
        return request_invalid(rq, "name", T_talk_groups_topics_full);
    return r == OK ? respond_see_other(rq, below(rq, "/keep"), T_talk_saved) : r;
}

enum { CLOSE_TOPIC, CLOSE_CLOSED, CLOSE_PARAMS };
static const struct param topic_close_params[CLOSE_PARAMS] = {
    [CLOSE_TOPIC] = {.name = "topic", .kind = PARAM_ID, .required = true, .doc = "One of this place"},
    [CLOSE_CLOSED] = {.name = "closed",
                      .kind = PARAM_CHOICE,
                      .choices = "no,yes",
                      .required = true,
                      .doc = "Not offered any more, or offered again"},
};

static enum result close_topic(struct request *rq)
{
    struct entry_actor actor = entry_actor_of(rq);
    enum result r = talk_topic_close(rq->db, &actor, board_of(rq), rq->place, param_int(rq, CLOSE_TOPIC),
                                     param_int(rq, CLOSE_CLOSED) == 1);

    if (r == E_CONFLICT || r == E_DENIED)
        return request_refuse(rq, E_CONFLICT, r == E_CONFLICT ? T_talk_groups_topic_there : T_talk_groups_topics_full);
    return r == OK ? respond_see_other(rq, below(rq, "/keep"), T_talk_saved) : r;
}

static const struct param rules_params[] = {
    {.name = "body", .kind = PARAM_LINES, .required = true, .max = TALK_RULES_MAX, .doc = "The rules, in plain words"},
};

static enum result write_rules(struct request *rq)
{
    struct entry_actor actor = entry_actor_of(rq);
    enum result r = talk_house_write(rq->db, &actor, board_of(rq), rq->place, param_text(rq, 0));

    if (r == E_CONFLICT)
        return request_invalid(rq, "body", T_talk_groups_rules_same);
    return r == OK ? respond_see_other(rq, below(rq, "/rules"), T_talk_groups_rules_saved) : r;
}

#define PARAMS(table) .params = table, .n_params = sizeof(table) / sizeof((table)[0])
#define WRITES .flags = ROUTE_WRITE, .rate = RATE_WRITE
#define BOARD "/p/{place}/talk/{board:word}"
#define GROUP BOARD "/group/{id}"

static const struct route routes[] = {
    {HTTP_GET, BOARD "/groups", "talk.groups", .handle = list, .subject = &board_subject, .need = CAP_BOARD_READ,
     PARAMS(list_params), .view = &talk_groups_info, .doc = "Groups of interest; those that wait for who decides"},
    {HTTP_GET, BOARD "/groups/new", "talk.group.new", .handle = form_new, .subject = &board_subject,
     .need = CAP_BOARD_WRITE, .flags = ROUTE_PERSONAL, .view = &talk_group_new_info, .doc = "The form to open a group"},
    {HTTP_POST, BOARD "/groups/new", "talk.group.ask", .handle = create, .subject = &board_subject,
     .need = CAP_BOARD_WRITE, PARAMS(new_params), WRITES, .again = form_new,
     .doc = "Asks for a group; who runs the board agrees"},
    {HTTP_GET, GROUP, "talk.group", .handle = show, .subject = &group_subject, .need = CAP_BOARD_READ,
     PARAMS(show_params), .view = &talk_group_info, .doc = "A group with its entries"},
    {HTTP_POST, GROUP "/join", "talk.group.join", .handle = join, .subject = &group_subject,
     .need = CAP_BOARD_TAKE_PART, PARAMS(on_params), WRITES, .again = show, .doc = "Joins, or leaves"},
    {HTTP_POST, GROUP "/notices", "talk.group.notices", .handle = notices, .subject = &group_subject,
     .need = CAP_BOARD_TAKE_PART, PARAMS(on_params), WRITES, .again = show,
     .doc = "A member hears of new entries, or does not"},
    {HTTP_POST, GROUP "/decide", "talk.group.decide", .handle = decide, .subject = &group_subject,
     .need = CAP_BOARD_RUN, PARAMS(decide_params), WRITES, .again = show, .doc = "Agrees, or declines with a reason"},
    {HTTP_POST, GROUP "/close", "talk.group.close", .handle = close, .subject = &group_subject, .need = CAP_OWN,
     PARAMS(close_params), WRITES, .again = show, .doc = "The host closes it; what was written stays"},
    {HTTP_POST, GROUP "/end", "talk.group.end", .handle = close, .subject = &group_subject, .need = CAP_BOARD_RUN,
     PARAMS(close_params), WRITES, .again = show, .doc = "Who runs the board closes it, with a reason"},
    {HTTP_POST, GROUP "/host", "talk.group.host", .handle = pass_on, .subject = &group_subject,
     .need = CAP_BOARD_TAKE_PART, PARAMS(host_params), WRITES, .again = show,
     .doc = "The host passes the role on to a member"},
    {HTTP_POST, GROUP "/appoint", "talk.group.appoint", .handle = pass_on, .subject = &group_subject,
     .need = CAP_BOARD_RUN, PARAMS(host_params), WRITES, .again = show,
     .doc = "Who runs the board names another host, when the host cannot any more"},
    {HTTP_POST, GROUP "/hide", "talk.group.hide", .handle = hide, .subject = &group_subject, .need = CAP_OWN,
     PARAMS(hide_params), WRITES, .again = show,
     .doc = "The host hides an entry of the group with a reason, or shows it again"},
    {HTTP_GET, BOARD "/rules", "talk.rules", .handle = rules, .subject = &board_subject, .need = CAP_BOARD_READ,
     .view = &talk_rules_info, .doc = "The house rules that hold here"},
    {HTTP_POST, BOARD "/rules", "talk.rules.write", .handle = write_rules, .subject = &board_subject,
     .need = CAP_BOARD_RUN, PARAMS(rules_params), WRITES, .again = keep,
     .doc = "A new version of the place's house rules: whoever writes is asked again"},
    {HTTP_GET, BOARD "/keep", "talk.keep", .handle = keep, .subject = &board_subject, .need = CAP_BOARD_RUN,
     .view = &talk_keep_info, .doc = "Topics and house rules, for who runs the board"},
    {HTTP_POST, BOARD "/topics", "talk.topic.add", .handle = add_topic, .subject = &board_subject,
     .need = CAP_BOARD_RUN, PARAMS(topic_params), WRITES, .again = keep, .doc = "A new topic"},
    {HTTP_POST, BOARD "/topics/close", "talk.topic.close", .handle = close_topic, .subject = &board_subject,
     .need = CAP_BOARD_RUN, PARAMS(topic_close_params), WRITES, .again = keep,
     .doc = "A topic is not offered any more, or again"},
};

const struct module talk_groups_module = {
    .name = "talk.groups", .routes = routes, .n_routes = sizeof(routes) / sizeof(routes[0])};
