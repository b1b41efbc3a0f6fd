/* routes.c: /p/{place}/talk/{board}: reading, writing, reviewing. */
#include "boards/talk/routes.h"

#include "boards/talk/talk.h"
#include "boards/talk/views/talk_list.html.h"
#include "boards/talk/views/talk_show.html.h"
#include "boards/talk/views/talk_write.html.h"
#include "civic/entry/entry_files.h"
#include "civic/entry/entry_present.h"
#include "civic/flow/flow.h"
#include "civic/person/identity.h"
#include "civic/person/person.h"

enum { PAGE = 20, TITLE_MAX = 40, BODY_MAX = 2000 };

static struct str state_word(int state)
{
    return str_from_cstr(talk_flow.state[state].name);
}

static bool is_over(const struct entry *entry)
{
    return talk_flow.state[flow_state_of(&talk_flow, entry->state)].final;
}

/* ---- the list ----------------------------------------------------------------------------------------------------------- */

enum { LIST_BEFORE, LIST_STATE, LIST_TOPIC, LIST_PARAMS };
static const struct param list_params[LIST_PARAMS] = {
    [LIST_BEFORE] = {.name = "before", .kind = PARAM_ID, .doc = "Paging: entries older than this id"},
    [LIST_STATE] = {.name = "state",
                    .kind = PARAM_CHOICE,
                    .choices = "published,waiting",
                    .doc = "waiting: what is to be reviewed, for who runs the board"},
    [LIST_TOPIC] = {.name = "topic", .kind = PARAM_ID, .doc = "Only what belongs to this topic"},
};

/* The chips above the list: only what the page offers, the one that is chosen marked. E_NOT_FOUND: chosen is none of the place. */
static enum result fill_topics(struct request *rq, struct url here, int64_t chosen, struct talk_list_view *view)
{
    struct talk_topics topics;
    struct talk_topic topic;
    struct talk_list_topics *v;
    enum result r = talk_topics(rq->db, board_of(rq), rq->place, false, &topics);

    if (r == OK && chosen)
        r = talk_topic_at(rq->db, board_of(rq), rq->place, chosen, &topic);
    if (r != OK)
        return r;
    v = arena_array(rq->arena, struct talk_list_topics, topics.n ? topics.n : 1);
    for (size_t i = 0; i < topics.n; i++)
        v[i] = (struct talk_list_topics){
            topics.topic[i].id, topics.topic[i].name,
            url_add(rq->arena, here, "topic", str_printf(rq->arena, "%" PRId64, topics.topic[i].id)),
            topics.topic[i].id == chosen};
    view->topics.v = v;
    view->topics.n = topics.n;
    view->topic = chosen ? topic.name : STR_NONE;
    return OK;
}

static enum result list(struct request *rq)
{
    const struct board_subject *s = rq->subject;
    const struct viewer *viewer = viewer_of(rq);
    struct url here = board_url(rq->arena, &s->board, rq->place);
    bool runs = access_allowed(viewer, CAP_BOARD_RUN, rq->place, &s->scope);
    bool waiting = runs && param_int(rq, LIST_STATE) == 1;
    int64_t topic = waiting ? 0 : param_int(rq, LIST_TOPIC);
    int64_t before = param_given(rq, LIST_BEFORE) ? param_int(rq, LIST_BEFORE) : INT64_MAX;
    struct talk_list_view view = {
        .place = rq->place,
        .name = board_name(&s->board, rq->lang),
        .lead = board_lead(&s->board, rq->lang),
        .waiting = waiting,
        .here = here,
        .may_review = runs && s->board.review == BOARD_REVIEW_BEFORE,
        .review = url_add(rq->arena, here, "state", STR("waiting")),
        .seen = url_below(rq->arena, here, "/seen"),
        .groups = url_below(rq->arena, here, "/groups"),
    };
    struct talk_house house;
    struct entry_rows rows, pinned = {NULL, 0};
    struct entry_row_view *row;
    enum result r = waiting ? entry_page_state(rq->db, &s->board, rq->place, state_word(TALK_WAITING), before, PAGE + 1,
                                               &rows)
                  : topic   ? talk_topic_page(rq->db, &s->board, rq->place, topic, before, PAGE + 1, &rows)
                            : entry_page(rq->db, &s->board, rq->place, false, before, PAGE + 1, &rows);

    if (r == OK)
        r = fill_topics(rq, here, topic, &view);
    if (r == OK)
        r = talk_house(rq->db, &s->board, rq->place, &house);
    if (r == OK && house.version)
        view.rules = talk_rules_url(rq);
    if (runs)
        view.keep = url_below(rq->arena, here, "/keep");
    if (r == OK && !waiting && !topic && before == INT64_MAX)
        r = entry_page(rq->db, &s->board, rq->place, true, INT64_MAX, 3, &pinned);
    if (r != OK)
        return r;
    if (rows.n > PAGE) {
        rows.n = PAGE;
        view.more = url_add(rq->arena,
                            waiting ? view.review
                            : topic ? url_add(rq->arena, here, "topic", str_printf(rq->arena, "%" PRId64, topic))
                                    : here,
                            "before", str_printf(rq->arena, "%" PRId64, rows.row[PAGE - 1].id));
    }
    if (rows.n && viewer->person && !waiting && !topic && before == INT64_MAX)
        view.newest = rows.row[0].id;
    if ((r = entry_rows_fill(rq, &s->board, &pinned, &row)) != OK)
        return r;
    view.pinned.v = row;
    view.pinned.n = pinned.n;
    if ((r = entry_rows_fill(rq, &s->board, &rows, &row)) != OK)
        return r;
    view.rows.v = row;
    view.rows.n = rows.n;
    if (access_allowed(viewer, CAP_BOARD_WRITE, rq->place, &s->scope))
        view.write = url_below(rq->arena, here, "/new");
    return respond_view(rq, talk_list, &view);
}

/* ---- one ------------------------------------------------------------------------------------------------------------------ */

enum { SHOW_BEFORE, SHOW_REPLY, SHOW_PARAMS };
static const struct param show_params[SHOW_PARAMS] = {
    [SHOW_BEFORE] = {.name = "before", .kind = PARAM_ID, .doc = "Paging: comments older than this id"},
    [SHOW_REPLY] = {.name = "reply", .kind = PARAM_ID, .doc = "The comment to answer"},
};

/* Its topic and its group; the host of the group may hide it. */
static enum result fill_where(struct request *rq, struct talk_show_view *view)
{
    const struct entry *e = entry_of(rq);
    struct url here = board_url(rq->arena, board_of(rq), rq->place);
    struct entry_actor actor = entry_actor_of(rq);
    struct sql_talk_entry_get of;
    struct talk_topic topic;
    struct talk_house house;
    talk_group group;
    enum result r = talk_house_asks(rq->db, &actor, board_of(rq), rq->place, &house);

    if (r == OK && house.version && view->talk.may) {
        view->talk.rules = talk_rules_url(rq);
        view->talk.rules_version = house.version;
    }
    if (r == OK)
        r = sql_talk_entry_get(rq->db, rq->place, e->id, &of);
    if (r != OK)
        return r == E_NOT_FOUND ? OK : r;
    if (of.topic && talk_topic_at(rq->db, board_of(rq), rq->place, of.topic, &topic) == OK) {
        view->topic = topic.name;
        view->topic_url = url_add(rq->arena, here, "topic", str_printf(rq->arena, "%" PRId64, of.topic));
    }
    if (of.talk_group && (r = sql_talk_group_get(rq->db, rq->place, of.talk_group, &group)) == OK) {
        view->group = group.name;
        view->group_url = talk_group_url(rq, group.id);
        if (view->published && group.host == actor.person && !view->talk.runs)
            view->hide_in_group = url_below(rq->arena, view->group_url, "/hide");
    }
    return r;
}

static enum result show(struct request *rq)
{
    const struct entry_subject *s = rq->subject;
    const struct entry *e = &s->entry;
    const struct viewer *viewer = viewer_of(rq);
    struct url self = entry_url(rq->arena, &s->of.board, rq->place, e->id);
    bool showing = rq->route->handle == show, mine = viewer->person && viewer->person == e->author;
    struct person_label label;
    struct talk_show_view view = {
        .id = e->id,
        .title = e->title,
        .body = e->body,
        .state = str_eq(e->state, STR("published")) ? T_talk_state_published
               : str_eq(e->state, STR("waiting"))   ? T_talk_state_waiting
               : str_eq(e->state, STR("declined"))  ? T_talk_state_declined
                                                    : T_talk_state_withdrawn,
        .at = e->published_at ? e->published_at : e->created_at,
        .edited = e->version > 1 ? e->changed_at : 0,
        .official = e->organisation != 0,
        .hidden = e->hidden,
        .reason = e->hidden_reason,
        .board = board_name(&s->of.board, rq->lang),
        .list = board_url(rq->arena, &s->of.board, rq->place),
    };
    enum result r = person_label(rq->db, e->author, rq->place, &label);

    if (r == OK)
        r = entry_files_fill(rq, &view.files);
    if (r == OK)
        r = entry_talk_fill(rq, showing ? param_int(rq, SHOW_BEFORE) : 0, showing ? param_int(rq, SHOW_REPLY) : 0,
                            &view.talk);
    if (r != OK)
        return r;
    view.author = e->organisation ? e->author_from : label.name;
    view.from = e->organisation ? STR_NONE : e->author_from;
    view.party_badge = label.party_badge && e->organisation == 0;
    view.initial = entry_initial(view.author);
    view.published = str_eq(e->state, STR("published")) && !e->hidden;
    if (mine && !is_over(e)) {
        view.edit = url_below(rq->arena, self, "/edit");
        view.withdraw = url_below(rq->arena, self, "/withdraw");
    }
    if (view.talk.runs) {
        view.hide = url_below(rq->arena, self, "/hide");
        if (str_eq(e->state, STR("waiting")))
            view.review = url_below(rq->arena, self, "/review");
    }
    if ((r = fill_where(rq, &view)) != OK)
        return r;
    return respond_view(rq, talk_show, &view);
}

/* ---- writing ---------------------------------------------------------------------------------------------------------------- */

enum { W_TITLE, W_BODY, W_PHOTOS, W_DOCUMENTS, W_DROP, W_SURE, W_VERSION, W_TOPIC, W_GROUP, W_RULES, W_PARAMS };
static const struct param write_params[W_PARAMS] = {
    [W_TITLE] =
        {.name = "title", .kind = PARAM_TEXT, .required = true, .min = 2, .max = TITLE_MAX, .doc = "In one sentence"},
    [W_BODY] = {.name = "body", .kind = PARAM_LINES, .max = BODY_MAX, .doc = "More about it"},
    [W_PHOTOS] = ENTRY_PARAM_PHOTOS,
    [W_DOCUMENTS] = ENTRY_PARAM_DOCUMENTS,
    [W_DROP] = ENTRY_PARAM_DROP,
    [W_SURE] = {.name = "sure", .kind = PARAM_BOOL, .doc = "Phone, document or plate numbers are meant to be in it"},
    [W_VERSION] =
        {.name = "version", .kind = PARAM_INT, .min = 1, .max = 1000000, .doc = "The version that is changed"},
    [W_TOPIC] = {.name = "topic", .kind = PARAM_ID, .doc = "What it is about, of the board's short list"},
    [W_GROUP] = {.name = "group", .kind = PARAM_ID, .doc = "Written in this group, by one of its members"},
    [W_RULES] = {.name = "rules",
                 .kind = PARAM_INT,
                 .min = 1,
                 .max = 1000000,
                 .doc = "The version of the house rules that the writer says yes to"},
};
static const struct param new_params[] = {
    {.name = "group", .kind = PARAM_ID, .doc = "To write in this group"},
};

/* The topics to choose from, and the house rules when they have to be agreed to. */
static enum result fill_write(struct request *rq, struct talk_write_view *view)
{
    struct entry_actor actor = entry_actor_of(rq);
    struct talk_topics topics;
    struct talk_house house;
    struct talk_write_topics *v;
    enum result r = talk_topics(rq->db, board_of(rq), rq->place, false, &topics);

    if (r == OK)
        r = talk_house_asks(rq->db, &actor, board_of(rq), rq->place, &house);
    if (r != OK)
        return r;
    v = arena_array(rq->arena, struct talk_write_topics, topics.n ? topics.n : 1);
    for (size_t i = 0; i < topics.n; i++)
        v[i] = (struct talk_write_topics){topics.topic[i].id, topics.topic[i].name};
    view->topics.v = v;
    view->topics.n = topics.n;
    view->rules = house.body;
    view->rules_version = house.version;
    return OK;
}

/* The group that is written in: an open one of this board, of which the writer is a member. id 0: none. */
static enum result group_to_write(struct request *rq, int64_t id, talk_group *ret)
{
    enum result r = sql_talk_group_get(rq->db, rq->place, id, ret);

    if (r == OK && (ret->board != board_of(rq)->id || !str_eq(ret->state, STR("open"))))
        r = E_NOT_FOUND;
    return r == OK && !talk_is_member(rq->db, ret, rq->person) ? E_DENIED : r;
}

/* A topic that the page offers, or the one that the entry has already; 0: none. */
static enum result look_at_topic(struct request *rq, int64_t had)
{
    struct talk_topic topic;
    int64_t id = param_int(rq, W_TOPIC);
    enum result r;

    if (id == 0)
        return OK;
    r = talk_topic_at(rq->db, board_of(rq), rq->place, id, &topic);
    if (r == E_NOT_FOUND || (r == OK && topic.closed && id != had))
        return request_invalid(rq, "topic", T_talk_groups_topic_gone);
    return r;
}

/* Neighbours read it: numbers that find a person are asked about once. */
static enum result look_for_private(struct request *rq)
{
    struct private_span spans[4];

    if (param_int(rq, W_SURE))
        return OK;
    if (private_find(param_text(rq, W_TITLE), spans, 4) + private_find(param_text(rq, W_BODY), spans, 4) +
            entry_files_numbers(rq) ==
        0)
        return OK;
    return request_invalid(rq, "sure", T_talk_write_private);
}

static bool asks_whether_sure(const struct request *rq)
{
    for (size_t i = 0; i < rq->form.n_errors; i++)
        if (str_eq(rq->form.error[i].field, STR("sure")))
            return true;
    return false;
}

static enum result form_new(struct request *rq)
{
    const struct board_subject *s = rq->subject;
    struct url here = board_url(rq->arena, &s->board, rq->place);
    struct talk_write_view view = {
        .board = board_name(&s->board, rq->lang),
        .action = url_below(rq->arena, here, "/new"),
        .back = here,
        .ask_sure = asks_whether_sure(rq),
        .reviewed = s->board.review == BOARD_REVIEW_BEFORE,
    };
    bool again = rq->route->handle != form_new;
    int64_t in = again ? param_int(rq, W_GROUP) : param_int(rq, 0);
    enum result r = fill_write(rq, &view);

    if (r == OK)
        r = entry_files_form(rq, NULL, MEDIA_STAGE_REFERENCE, &view.attach);
    if (r == OK && in) {
        talk_group group;

        if ((r = group_to_write(rq, in, &group)) == OK) {
            view.group = in;
            view.group_name = group.name;
            view.back = talk_group_url(rq, in);
        }
    }
    return r == OK ? respond_view(rq, talk_write, &view) : r;
}

static enum result write_new(struct request *rq)
{
    const struct board *board = board_of(rq);
    struct str *names[DOCUMENTS_MAX];
    size_t n_names = entry_files_names(rq, names);
    struct entry_actor actor = entry_actor_of(rq);
    bool reviewed = board->review == BOARD_REVIEW_BEFORE && !actor.runs;
    const struct entry_new what = {
        .board = board,
        .community = rq->place,
        .title = param_text(rq, W_TITLE),
        .body = param_text(rq, W_BODY),
        .state = state_word(reviewed ? TALK_WAITING : TALK_PUBLISHED),
        .listed = !reviewed,
        .photos = entry_files_photos(rq),
        .more = names,
        .n_more = n_names,
    };
    int64_t id, in = param_int(rq, W_GROUP);
    talk_group group;
    enum result r = look_for_private(rq);

    if (r == OK)
        r = look_at_topic(rq, 0);
    if (r == OK && in)
        r = group_to_write(rq, in, &group);
    if (r == OK)
        r = talk_house_agree(rq, &actor, param_int(rq, W_RULES));
    if (r == OK)
        r = entry_write(rq->db, &actor, &what, &id);
    if (r == OK && (in || param_int(rq, W_TOPIC)))
        r = sql_talk_entry_put(rq->db, rq->place, id, param_int(rq, W_TOPIC), in);
    if (r == OK && in)
        r = talk_group_announce(rq->db, board, rq->place, id, rq->now);
    if (r == OK)
        r = entry_files_attach(rq, id);
    return r == OK ? respond_created(rq, entry_url(rq->arena, board, rq->place, id), id,
                                     reviewed ? T_talk_sent_for_review : T_talk_published)
                   : r;
}

static enum result form_edit(struct request *rq)
{
    const struct entry_subject *s = rq->subject;
    struct url self = entry_url(rq->arena, &s->of.board, rq->place, s->entry.id);
    struct talk_write_view view = {
        .board = board_name(&s->of.board, rq->lang),
        .action = url_below(rq->arena, self, "/edit"),
        .back = self,
        .ask_sure = asks_whether_sure(rq),
        .version = s->entry.version,
        .editing = true,
    };
    struct sql_talk_entry_get of = {0};
    enum result r = sql_talk_entry_get(rq->db, rq->place, s->entry.id, &of);

    if (r == OK || r == E_NOT_FOUND)
        r = fill_write(rq, &view);
    if (r == OK)
        r = entry_files_form(rq, &s->entry, MEDIA_STAGE_REFERENCE, &view.attach);
    form_default(rq, "title", s->entry.title);
    form_default(rq, "body", s->entry.body);
    form_default(rq, "topic", of.topic ? str_printf(rq->arena, "%" PRId64, of.topic) : STR_NONE);
    return r == OK ? respond_view(rq, talk_write, &view) : r;
}

static enum result edit(struct request *rq)
{
    const struct entry *entry = entry_of(rq);
    struct entry_actor actor = entry_actor_of(rq);
    struct str *names[DOCUMENTS_MAX];
    size_t n_names = entry_files_names(rq, names);
    struct sql_talk_entry_get of = {0};
    enum result r = look_for_private(rq);

    if (r == OK && is_over(entry))
        return request_refuse(rq, E_CONFLICT, T_talk_over);
    if (r == OK)
        r = sql_talk_entry_get(rq->db, rq->place, entry->id, &of);
    if (r == OK || r == E_NOT_FOUND)
        r = look_at_topic(rq, of.topic);
    if (r == OK)
        r = talk_house_agree(rq, &actor, param_int(rq, W_RULES));
    if (r == OK && of.topic != param_int(rq, W_TOPIC))
        r = sql_talk_entry_put(rq->db, rq->place, entry->id, param_int(rq, W_TOPIC), 0);
    if (r == OK)
        r = entry_edit_more(rq->db, &actor, board_of(rq), entry,
                            param_given(rq, W_VERSION) ? param_int(rq, W_VERSION) : entry->version,
                            param_text(rq, W_TITLE), param_text(rq, W_BODY), names, n_names);
    if (r == OK)
        r = entry_files_change(rq, &actor, entry, MEDIA_STAGE_REFERENCE, ENTRY_PHOTOS_MAX);
    if (r == E_CONFLICT)
        return request_refuse(rq, r, T_talk_changed_meanwhile);
    return r == OK ? respond_see_other(rq, entry_url(rq->arena, board_of(rq), rq->place, entry->id), T_talk_saved) : r;
}

/* ---- moving ------------------------------------------------------------------------------------------------------------------ */

static enum result move(struct request *rq, int action, const char *verb, struct str words, enum text flash)
{
    const struct entry *entry = entry_of(rq);
    struct entry_actor actor = entry_actor_of(rq);
    const struct flow_step *step;
    uint32_t roles = (actor.runs ? TALK_BY_RUNNER : 0) | (entry->author == actor.person ? TALK_BY_AUTHOR : 0);
    enum result r = flow_take(&talk_flow, flow_state_of(&talk_flow, entry->state), action, roles,
                              words.len ? TALK_NEEDS_REASON : 0, &step, NULL);

    if (r == OK)
        r = entry_move(rq->db, &actor, board_of(rq), entry, verb, state_word(step->to), step->to == TALK_PUBLISHED,
                       words);
    if (r == E_CONFLICT)
        return request_refuse(rq, r, T_talk_over);
    return r == OK
             ? respond_see_other(rq,
                                 action == TALK_WITHDRAW ? board_url(rq->arena, board_of(rq), rq->place)
                                                         : entry_url(rq->arena, board_of(rq), rq->place, entry->id),
                                 flash)
             : r;
}

static enum result withdraw(struct request *rq)
{
    return move(rq, TALK_WITHDRAW, "withdrawn", STR_NONE, T_talk_withdrawn);
}

enum { REVIEW_ACCEPT, REVIEW_REASON, REVIEW_PARAMS };
static const struct param review_params[REVIEW_PARAMS] = {
    [REVIEW_ACCEPT] = {.name = "accept", .kind = PARAM_CHOICE, .choices = "no,yes", .required = true},
    [REVIEW_REASON] = {.name = "reason", .kind = PARAM_TEXT, .max = 200, .doc = "Why not; the author reads it"},
};

static enum result review(struct request *rq)
{
    if (param_int(rq, REVIEW_ACCEPT) == 1) {
        enum result r = move(rq, TALK_ACCEPT, "published", STR_NONE, T_talk_accepted);

        return r == OK ? talk_group_announce(rq->db, board_of(rq), rq->place, entry_of(rq)->id, rq->now) : r;
    }
    if (param_text(rq, REVIEW_REASON).len == 0)
        return request_invalid(rq, "reason", T_talk_why_not);
    return move(rq, TALK_DECLINE, "declined", param_text(rq, REVIEW_REASON), T_talk_declined);
}

enum { C_RULES = 2, C_PARAMS };
static const struct param comment_params[C_PARAMS] = {
    {.name = "body", .kind = PARAM_LINES, .required = true, .max = ENTRY_COMMENT_MAX, .doc = "The comment"},
    {.name = "reply_to", .kind = PARAM_ID, .doc = "Another comment that it answers"},
    [C_RULES] = {.name = "rules",
                 .kind = PARAM_INT,
                 .min = 1,
                 .max = 1000000,
                 .doc = "The version of the house rules that the writer says yes to"},
};

static enum result comment(struct request *rq)
{
    struct entry_actor actor = entry_actor_of(rq);
    enum result r = talk_house_agree(rq, &actor, param_int(rq, C_RULES));

    return r == OK ? entry_post_comment(rq) : r;
}

#define PARAMS(table) .params = table, .n_params = sizeof(table) / sizeof((table)[0])
#define ONE "/p/{place}/talk/{board:word}/{id}"

static const struct route routes[] =
    {{HTTP_GET, "/p/{place}/talk/{board:word}", "talk.list", .handle = list, .subject = &board_subject,
      .need = CAP_BOARD_READ, PARAMS(list_params), .view = &talk_list_info,
      .doc = "What neighbours have written, newest first"},
     {HTTP_GET, "/p/{place}/talk/{board:word}/new", "talk.new", .handle = form_new, .subject = &board_subject,
      .need = CAP_BOARD_WRITE, PARAMS(new_params), .flags = ROUTE_PERSONAL, .view = &talk_write_info,
      .doc = "The form for a new entry"},
     {HTTP_POST, "/p/{place}/talk/{board:word}/new", "talk.create", .handle = write_new, .before = entry_files_prepare,
      .subject = &board_subject, .need = CAP_BOARD_WRITE, PARAMS(write_params), .flags = ROUTE_WRITE | ROUTE_UPLOAD,
      .rate = RATE_UPLOAD, .again = form_new, .doc = "Writes an entry"},
     {HTTP_GET, ONE, "talk.show", .handle = show, .subject = &entry_subject, .need = CAP_BOARD_READ,
      PARAMS(show_params), .view = &talk_show_info, .doc = "One entry with its comments"},
     {HTTP_GET, ONE "/edit", "talk.edit.form", .handle = form_edit, .subject = &entry_subject, .need = CAP_OWN,
      .flags = ROUTE_PERSONAL, .view = &talk_write_info, .doc = "One's own entry, to change it"},
     {HTTP_POST, ONE "/edit", "talk.edit", .handle = edit, .before = entry_files_prepare, .subject = &entry_subject,
      .need = CAP_OWN, PARAMS(write_params), .flags = ROUTE_WRITE | ROUTE_UPLOAD, .rate = RATE_UPLOAD,
      .again = form_edit, .doc = "Changes one's own entry; the text before stays in its history"},
     {HTTP_POST, ONE "/withdraw", "talk.withdraw", .handle = withdraw, .subject = &entry_subject, .need = CAP_OWN,
      .flags = ROUTE_WRITE, .rate = RATE_WRITE, .doc = "Takes one's own entry back"},
     {HTTP_POST, ONE "/review", "talk.review", .handle = review, .subject = &entry_subject, .need = CAP_BOARD_RUN,
      PARAMS(review_params), .flags = ROUTE_WRITE, .rate = RATE_WRITE, .again = show,
      .doc = "Publishes it, or declines it with a reason"},
     ENTRY_TAP("talk", "comment", "comment", CAP_BOARD_TAKE_PART, comment_params, C_PARAMS, show, "Comments"),
     .handle = comment},
                          ENTRY_ROUTES_BUT_COMMENT("talk", show),
}
;

const struct module talk_module = {.name = "talk", .routes = routes, .n_routes = sizeof(routes) / sizeof(routes[0])};
