/* routes.c: what residents do: flag something, see what was done to them, appeal. */
#include "civic/moderation/words.h"

#include "civic/moderation/moderation.sql.h"
#include "civic/moderation/views/flag.html.h"
#include "civic/moderation/views/me_measures.html.h"
#include "civic/frame/frame.h"
#include "civic/person/person.h"

static struct str beginning(const struct moderation_thing *thing)
{
    return str_utf8_cut(
        str_eq(thing->kind, STR("entry")) || str_eq(thing->kind, STR("report")) ? thing->title : thing->body, 60);
}

/* ---- flagging ------------------------------------------------------------------------------------------------------ */

struct flag_subject {
    struct subject_scope scope; /* first */
    const struct moderation_kind *kind;
    struct moderation_thing thing;
};

static enum result load_flag(struct request *rq)
{
    struct flag_subject *s = arena_new(rq->arena, struct flag_subject);
    enum result r;

    s->kind = moderation_kind_of(rq->path_word[0]);
    if (!s->kind)
        return E_NOT_FOUND;
    rq->place = rq->path_id[0];
    if ((r = s->kind->get(rq->db, rq->place, rq->path_id[1], &s->thing)) != OK)
        return r;
    /* What the viewer cannot read does not exist, hidden or not. */
    if (!s->kind->may_see(rq, &s->thing))
        return E_NOT_FOUND;
    s->scope = (struct subject_scope){.place = rq->place, .board = true}; /* residents of the place, or of one below */
    rq->subject = s;
    return OK;
}

static const struct subject_kind flag_subject = {"flagged", load_flag};

struct url moderation_flag_url(struct arena *a, int64_t community, const char *thing_kind, int64_t thing)
{
    return url_path(a, "/p/%" PRId64 "/flag/%s/%" PRId64, community, thing_kind, thing);
}

static enum result flag_form(struct request *rq)
{
    const struct flag_subject *s = rq->subject;
    struct flag_view view = {
        .thing = s->kind->name,
        .text = beginning(&s->thing),
        .back = s->thing.url,
        .action = moderation_flag_url(rq->arena, rq->place, s->kind->word, s->thing.id),
    };
    struct sql_moderation_flag_mine mine;
    enum result r = sql_moderation_flag_mine(rq->db, rq->place, s->thing.kind, s->thing.id, rq->person, &mine);

    if (r != OK)
        return r;
    view.done = mine.n > 0;
    return respond_view(rq, flag, &view);
}

enum { FLAG_REASON, FLAG_WORDS, FLAG_PARAMS };
static const struct param flag_params[FLAG_PARAMS] = {
    [FLAG_REASON] = {.name = "reason",
                     .kind = PARAM_CHOICE,
                     .choices = "insult,false,advertising,private,illegal,other",
                     .required = true,
                     .doc = "What is wrong with it"},
    [FLAG_WORDS] = {.name = "words", .kind = PARAM_LINES, .max = 300, .doc = "More about it; staff read it"},
};
static const char *const reasons[] = {"insult", "false", "advertising", "private", "illegal", "other"};

static enum result flag_it(struct request *rq)
{
    const struct flag_subject *s = rq->subject;
    const struct moderation_actor actor = {rq->person, 0, rq->now};
    enum result r = moderation_flag(rq->db, &actor, &s->thing, str_from_cstr(reasons[param_int(rq, FLAG_REASON)]),
                                    param_text(rq, FLAG_WORDS));

    if (r == E_DENIED)
        return request_refuse(rq, r, T_moderation_flag_own);
    if (r == E_CONFLICT)
        return request_refuse(rq, r, T_moderation_flagged_before);
    return r == OK ? respond_see_other(rq, s->thing.url, T_moderation_flagged) : r;
}

/* ---- one's own measures ------------------------------------------------------------------------------------------------ */

enum { PAGE = 20 };
static const struct param mine_params[] = {
    {.name = "before", .kind = PARAM_ID, .doc = "Paging: older than this id"},
};

static enum text state_text(struct str state)
{
    static const enum text texts[] = {
        [MEASURE_STANDING] = T_moderation_state_standing,
        [MEASURE_APPEALED] = T_moderation_state_appealed,
        [MEASURE_KEPT] = T_moderation_state_kept,
        [MEASURE_LIFTED] = T_moderation_state_lifted,
    };
    int s = flow_state_of(&measure_flow, state);

    return s < 0 ? T_none : texts[s];
}

static enum result fill_row(struct request *rq, const struct sql_moderation_measures_mine *row,
                            struct me_measures_rows *to)
{
    const struct moderation_kind *kind = moderation_kind_of(row->thing_kind);
    struct moderation_thing thing;
    enum result r;

    *to = (struct me_measures_rows){
        .community = row->community,
        .id = row->id,
        .muted = str_eq(row->kind, STR("muted")),
        .reason = row->reason,
        .at = row->at,
        .until = row->ends_at,
        .state = state_text(row->state),
        .mark = str_eq(row->state, STR("lifted")) ? STR("done")
              : str_eq(row->state, STR("kept"))   ? STR("late")
                                                  : STR("wait"),
        .appeal = row->appeal,
        .due = str_eq(row->state, STR("appealed")) ? row->answer_due : 0,
        .answer = row->answer,
        .answered = row->answered_at,
        .may_appeal = str_eq(row->state, STR("standing")),
        .action = url_path(rq->arena, "/me/measures/%" PRId64 "/%" PRId64, row->community, row->id),
    };
    if (!kind)
        return OK;
    to->thing = kind->name;
    r = kind->get(rq->db, row->community, row->thing, &thing);
    if (r == OK) {
        to->text = beginning(&thing);
        to->url = thing.url;
    }
    return r == E_NOT_FOUND ? OK : r;
}

static enum result mine(struct request *rq)
{
    bool listing = rq->route->handle == mine;
    int64_t before = listing && param_given(rq, 0) ? param_int(rq, 0) : INT64_MAX;
    struct sql_moderation_measures_mine_rows rows;
    struct me_measures_view view = {0};
    struct me_measures_rows *to;
    enum result r = sql_moderation_measures_mine(rq->db, rq->person, before, PAGE + 1, &rows);

    if (r != OK)
        return r;
    if (rows.n > PAGE) {
        rows.n = PAGE;
        view.more = url_add(rq->arena, url_path(rq->arena, "/me/measures"), "before",
                            str_printf(rq->arena, "%" PRId64, rows.row[PAGE - 1].id));
    }
    to = arena_array(rq->arena, struct me_measures_rows, rows.n ? rows.n : 1);
    for (size_t i = 0; r == OK && i < rows.n; i++)
        r = fill_row(rq, &rows.row[i], &to[i]);
    view.rows.v = to;
    view.rows.n = rows.n;
    return r == OK ? respond_view(rq, me_measures, &view) : r;
}

struct measure_subject {
    struct subject_scope scope; /* first */
    struct sql_moderation_measure_get measure;
};

/* Somebody else's does not exist. */
static enum result load_mine(struct request *rq)
{
    struct measure_subject *s = arena_new(rq->arena, struct measure_subject);
    enum result r = sql_moderation_measure_get(rq->db, rq->path_id[0], rq->path_id[1], &s->measure);

    if (r != OK)
        return r;
    if (rq->person && s->measure.person != rq->person)
        return E_NOT_FOUND;
    rq->place = rq->path_id[0];
    s->scope = (struct subject_scope){.place = rq->place, .author = s->measure.person};
    rq->subject = s;
    return OK;
}

static const struct subject_kind my_measure = {"measure", load_mine};

static const struct param appeal_params[] = {
    {.name = "words", .kind = PARAM_LINES, .required = true, .min = 4, .max = 500, .doc = "Why it is wrong"},
};

static enum result appeal(struct request *rq)
{
    const struct measure_subject *s = rq->subject;
    const struct moderation_actor actor = {rq->person, 0, rq->now};
    enum result r = moderation_appeal(rq->db, &actor, rq->place, s->measure.id, param_text(rq, 0));

    if (r == E_CONFLICT)
        return request_refuse(rq, r, T_moderation_appealed_before);
    return r == OK ? respond_see_other(rq, url_path(rq->arena, "/me/measures"), T_moderation_appealed) : r;
}

#define PARAMS(table) .params = table, .n_params = sizeof(table) / sizeof((table)[0])
#define WRITES .flags = ROUTE_WRITE, .rate = RATE_WRITE

static const struct route routes[] = {
    {HTTP_GET, "/p/{place}/flag/{kind:word}/{thing}", "moderation.flag.form", .handle = flag_form,
     .subject = &flag_subject, .need = CAP_BOARD_TAKE_PART, .flags = ROUTE_PERSONAL, .view = &flag_info,
     .doc = "The form to flag something"},
    {HTTP_POST, "/p/{place}/flag/{kind:word}/{thing}", "moderation.flag", .handle = flag_it, .subject = &flag_subject,
     .need = CAP_BOARD_TAKE_PART, PARAMS(flag_params), WRITES, .again = flag_form,
     .doc = "Flags something for staff, once; its author never learns who"},
    {HTTP_GET, "/me/measures", "moderation.mine", .handle = mine, .need = CAP_SIGNED_IN, PARAMS(mine_params),
     .flags = ROUTE_PERSONAL, .view = &me_measures_info, .doc = "What was hidden of the viewer, and mutes"},
    {HTTP_POST, "/me/measures/{place}/{id}", "moderation.appeal", .handle = appeal, .subject = &my_measure,
     .need = CAP_OWN, PARAMS(appeal_params), WRITES, .again = mine,
     .doc = "Appeals against a measure, once; somebody else answers"},
};
const struct module moderation_module = {
    .name = "moderation", .routes = routes, .n_routes = sizeof(routes) / sizeof(routes[0])};

static enum result count_mine(struct request *rq, int64_t community, int64_t *ret_n)
{
    struct sql_moderation_measures_mine_count row;
    enum result r = sql_moderation_measures_mine_count(rq->db, community, rq->person, &row);

    if (r == OK)
        *ret_n = row.n;
    return r;
}

static const struct me_item items[] = {{T_moderation_mine, "alert", "/me/measures", false, count_mine}};
const struct me_table moderation_me = {items, 1, NULL};
