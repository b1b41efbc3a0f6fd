/* routes_place.c: /p/{place}/party: members who show themselves, what they did, figures; for neighbours and staff of the place. */
#include "civic/moderation/moderation.h"
#include "civic/party/figures.h"
#include "civic/party/room.h"
#include "civic/party/views/party_help.html.h"
#include "civic/party/views/party_member.html.h"
#include "civic/party/views/party_page.html.h"
#include "civic/person/person.h"
#include "civic/place/place.h"
#include "engine/base/csv.h"
#include "engine/base/time.h"

enum { PEOPLE = 30, TASKS = 30, ATTENDED = 20 };

/* ---- words and addresses ----------------------------------------------------------------------------------------------------- */

struct url party_place_url(struct arena *a, int64_t community)
{
    return url_path(a, "/p/%" PRId64 "/party", community);
}

struct url party_member_url(struct arena *a, int64_t community, int64_t member)
{
    return url_path(a, "/p/%" PRId64 "/party/%" PRId64, community, member);
}

enum text party_state_text(struct str state)
{
    return str_eq(state, STR("asked"))     ? T_party_state_asked
         : str_eq(state, STR("confirmed")) ? T_party_state_confirmed
         : str_eq(state, STR("refused"))   ? T_party_state_refused
                                           : T_party_state_left;
}

struct str party_mean(struct arena *a, int64_t stars, int64_t ratings)
{
    int64_t tenths = ratings ? (stars * 20 + ratings) / (2 * ratings) : 0;

    return ratings ? str_printf(a, "%" PRId64 ".%" PRId64, tenths / 10, tenths % 10) : STR_NONE;
}

/* ---- what is loaded ---------------------------------------------------------------------------------------------------------------- */

/* Of a branch its secretary may do at its own community what the right asks for. */
static enum result find_branch(struct request *rq, struct party_subject *s)
{
    struct sql_party_branches_rows rows;
    enum result r = sql_party_branches(rq->db, rq->place, &rows);

    for (size_t i = 0; r == OK && i < rows.n; i++)
        if (rows.row[i].secretary == rq->person && rows.row[i].ended_at == 0) {
            s->branch = rows.row[i].id;
            s->scope.party = rq->person;
        }
    return r;
}

static enum result load_place(struct request *rq)
{
    struct party_subject *s = arena_new(rq->arena, struct party_subject);
    struct place place;
    enum result r = place_get(rq->db, rq->path_id[0], &place);

    if (r != OK)
        return r;
    rq->place = place.code;
    s->scope = (struct subject_scope){
        .place = place.code, .board = true, .of_place = true, .readers = READERS_RESIDENTS, .writers = WRITERS_STAFF};
    rq->subject = s;
    return rq->route->need == CAP_MEMBERSHIP && rq->person ? find_branch(rq, s) : OK;
}

static bool is_or_was(struct str state)
{
    return str_eq(state, STR("confirmed")) || str_eq(state, STR("moved"));
}

/* Whoever does not show it has no page: not for those either who know the number. Whoever has gone to a branch elsewhere has one of what they did here. */
static enum result load_member(struct request *rq)
{
    struct party_subject *s;
    enum result r = load_place(rq);

    s = rq->subject;
    if (r == OK)
        r = sql_party_member_get(rq->db, rq->place, rq->path_id[1], &s->member);
    return r == OK && (!s->member.shown || !is_or_was(s->member.state)) ? E_NOT_FOUND : r;
}

const struct subject_kind party_place = {"party", load_place};
static const struct subject_kind party_member = {"party_member", load_member};

enum result party_page_there(struct request *rq, int64_t community, struct url *ret)
{
    const struct subject_scope scope = {
        .place = community, .board = true, .of_place = true, .readers = READERS_RESIDENTS};
    struct sql_party_branch_any any;
    enum result r;

    *ret = (struct url){0};
    if (!access_allowed(viewer_of(rq), CAP_BOARD_READ, community, &scope))
        return OK;
    r = sql_party_branch_any(rq->db, community, &any);
    if (r == OK && any.n)
        *ret = party_place_url(rq->arena, community);
    return r;
}

/* ---- GET /p/{place}/party -------------------------------------------------------------------------------------------------------------- */

static enum result row_name(struct request *rq, bool community, const struct party_figure *f, struct str *ret)
{
    struct place place;
    enum result r = community ? OK : place_get(rq->db, f->of, &place);

    if (r == OK)
        *ret = community ? f->name : place.name;
    return r;
}

static enum result fill_rows(struct request *rq, bool community, const struct party_figures *f,
                             struct party_page_view *view)
{
    struct party_page_rows *to = arena_array(rq->arena, struct party_page_rows, f->n + 1);

    for (size_t i = 0; i < f->n; i++) {
        const struct party_figure *one = &f->row[i];
        enum result r = row_name(rq, community, one, &to[i].name);

        if (r != OK)
            return r;
        to[i].withheld = one->withheld;
        if (!community)
            to[i].url = party_place_url(rq->arena, one->of);
        if (one->withheld)
            continue;
        to[i].members = one->members;
        to[i].shown = one->shown;
        to[i].taken = one->taken;
        to[i].done = one->done;
        to[i].thanks = one->thanks;
        to[i].has_members = to[i].has_shown = to[i].has_taken = to[i].has_done = to[i].has_thanks = true;
        to[i].mean = party_mean(rq->arena, one->stars, one->ratings);
    }
    view->rows.v = to;
    view->rows.n = f->n;
    view->withheld = f->sum.withheld;
    if (f->sum.withheld)
        return OK;
    view->members_total = f->sum.members;
    view->shown_total = f->sum.shown;
    view->taken = f->sum.taken;
    view->done = f->sum.done;
    view->thanks = f->sum.thanks;
    view->has_members_total = view->has_shown_total = view->has_taken = view->has_done = view->has_thanks = true;
    view->mean = party_mean(rq->arena, f->sum.stars, f->sum.ratings);
    return OK;
}

enum { PAGE_AFTER, PAGE_PARAMS };
static const struct param page_params[PAGE_PARAMS] = {
    [PAGE_AFTER] = {.name = "after", .kind = PARAM_ID, .doc = "Paging: members after this one"},
};

static enum result fill_people(struct request *rq, struct party_page_view *view)
{
    struct sql_party_shown_rows rows;
    struct party_page_people *to;
    enum result r = sql_party_shown(rq->db, rq->place, param_given(rq, PAGE_AFTER) ? param_int(rq, PAGE_AFTER) : 0,
                                    PEOPLE + 1, &rows);

    if (r != OK)
        return r;
    if (rows.n > PEOPLE) {
        rows.n = PEOPLE;
        view->more = url_add(rq->arena, party_place_url(rq->arena, rq->place), "after",
                             str_printf(rq->arena, "%" PRId64, rows.row[PEOPLE - 1].id));
    }
    to = arena_array(rq->arena, struct party_page_people, rows.n + 1);
    for (size_t i = 0; i < rows.n; i++)
        to[i] = (struct party_page_people){
            .id = rows.row[i].id,
            .name = rows.row[i].shown_name,
            .from = rows.row[i].person_from,
            .branch = rows.row[i].branch_name,
            .done = rows.row[i].done,
            .commitments = rows.row[i].commitments,
            .url = party_member_url(rq->arena, rq->place, rows.row[i].id),
            .initial = str_utf8_cut(rows.row[i].shown_name, 1),
        };
    view->people.v = to;
    view->people.n = rows.n;
    return OK;
}

static enum result page(struct request *rq)
{
    const struct party_subject *s = rq->subject;
    struct party_page_view view = {.place = rq->place, .back = url_path(rq->arena, "/p/%" PRId64, rq->place)};
    struct party_figures figures;
    struct place place;
    enum result r = place_get(rq->db, rq->place, &place);

    if (r == OK)
        r = party_figures(rq->db, rq->place, &figures);
    if (r != OK)
        return r;
    view.name = place.name;
    view.community = place.level == PLACE_COMMUNITY;
    if (view.community && viewer_residence_in(viewer_of(rq), rq->place))
        view.mine = url_path(rq->arena, "/me/party");
    if (access_allowed(viewer_of(rq), CAP_FIGURES_STAFF, rq->place, &s->scope))
        view.csv = url_below(rq->arena, party_place_url(rq->arena, rq->place), "/csv");
    r = fill_rows(rq, view.community, &figures, &view);
    if (r == OK && view.community)
        r = fill_people(rq, &view);
    return r == OK ? respond_view(rq, party_page, &view) : r;
}

static void csv_number(struct request *rq, struct buf *b, bool withheld, int64_t n)
{
    csv_put(b, withheld ? text(rq->lang, T_party_page_withheld) : str_printf(rq->arena, "%" PRId64, n), false);
}

static void csv_row(struct request *rq, struct buf *b, struct str name, const struct party_figure *f)
{
    csv_put(b, name, true);
    csv_number(rq, b, f->withheld, f->members);
    csv_number(rq, b, f->withheld, f->shown);
    csv_number(rq, b, f->withheld, f->taken);
    csv_number(rq, b, f->withheld, f->done);
    csv_number(rq, b, f->withheld, f->thanks);
    csv_put(b, f->withheld ? text(rq->lang, T_party_page_withheld) : party_mean(rq->arena, f->stars, f->ratings),
            false);
    csv_end_row(b);
}

static enum result csv(struct request *rq)
{
    static const enum text heads[] = {T_party_place, T_party_members, T_party_shown, T_party_taken,
                                      T_party_done,  T_party_thanks,  T_party_mean};
    struct party_figures figures;
    struct place place;
    struct buf b;
    enum result r = place_get(rq->db, rq->place, &place);

    if (r == OK)
        r = party_figures(rq->db, rq->place, &figures);
    if (r != OK)
        return r;
    buf_init(&b, rq->arena, 4096, 4 << 20);
    csv_begin(&b);
    for (size_t i = 0; i < PARTY_COUNT(heads); i++)
        csv_put(&b, text(rq->lang, heads[i]), i == 0);
    csv_end_row(&b);
    csv_row(rq, &b, place.name, &figures.sum);
    for (size_t i = 0; i < figures.n; i++) {
        struct str name;

        if ((r = row_name(rq, place.level == PLACE_COMMUNITY, &figures.row[i], &name)) != OK)
            return r;
        csv_row(rq, &b, name, &figures.row[i]);
    }
    respond_header(rq, STR("Content-Disposition"), STR("attachment; filename=\"party.csv\""));
    return respond_bytes(rq, 200, STR("text/csv; charset=utf-8"), buf_str(&b));
}

/* ---- GET /p/{place}/party/{id} -------------------------------------------------------------------------------------------------------------- */

static enum result fill_commitments(struct request *rq, struct party_member_view *view)
{
    const struct party_subject *s = rq->subject;
    const struct viewer_residence *home = viewer_residence_in(viewer_of(rq), rq->place);
    struct sql_party_commitments_rows rows;
    struct sql_party_thanked_rows thanked;
    struct party_member_commitments *to;
    bool may = home && home->verified && rq->person != s->member.person;
    size_t n = 0;
    enum result r = sql_party_commitments(rq->db, rq->place, s->member.id, &rows);

    if (r == OK)
        r = sql_party_thanked(rq->db, rq->place, s->member.id, rq->person, &thanked);
    if (r != OK)
        return r;
    to = arena_array(rq->arena, struct party_member_commitments, rows.n + 1);
    for (size_t i = 0; i < rows.n; i++) {
        const struct sql_party_commitments *c = &rows.row[i];
        bool mine = false;

        if (c->hidden) /* hidden words are in no answer */
            continue;
        for (size_t k = 0; k < thanked.n; k++)
            mine = mine || thanked.row[k].commitment == c->id;
        to[n] = (struct party_member_commitments){
            .id = c->id,
            .body = c->body,
            .due = (int32_t)c->due,
            .kept = str_eq(c->state, STR("kept")),
            .kept_at = c->kept_at,
            .late = str_eq(c->state, STR("open")) && c->due < day_of(rq->now),
            .thanks = c->thanks,
            .can = may && !mine,
        };
        if (may)
            to[n].flag = moderation_flag_url(rq->arena, rq->place, "party_commitment", c->id);
        n++;
    }
    view->commitments.v = to;
    view->commitments.n = n;
    return OK;
}

enum { MEMBER_BEFORE, MEMBER_PARAMS };
static const struct param member_params[MEMBER_PARAMS] = {
    [MEMBER_BEFORE] = {.name = "before", .kind = PARAM_ID, .doc = "Paging: tasks older than this one"},
};

static enum result fill_tasks(struct request *rq, struct party_member_view *view)
{
    const struct party_subject *s = rq->subject;
    bool paged = rq->route->params == member_params && param_given(rq, MEMBER_BEFORE);
    struct sql_party_tasks_rows rows;
    struct party_member_tasks *to;
    enum result r = sql_party_tasks(rq->db, rq->place, s->member.id, paged ? param_int(rq, MEMBER_BEFORE) : INT64_MAX,
                                    TASKS + 1, &rows);

    if (r != OK)
        return r;
    if (rows.n > TASKS) {
        rows.n = TASKS;
        view->more = url_add(rq->arena, party_member_url(rq->arena, rq->place, s->member.id), "before",
                             str_printf(rq->arena, "%" PRId64, rows.row[TASKS - 1].id));
    }
    to = arena_array(rq->arena, struct party_member_tasks, rows.n + 1);
    for (size_t i = 0; i < rows.n; i++) {
        const struct sql_party_tasks *t = &rows.row[i];
        const struct party_kind *kind = party_kind_of(t->kind);
        struct party_thing thing;

        if ((r = party_thing_of(rq->db, rq->place, t->kind, t->subject, &thing)) != OK)
            return r;
        to[i] = (struct party_member_tasks){
            .kind = kind ? kind->name : T_party_tasks,
            .done = str_eq(t->state, STR("done")),
            .at = t->ended_at ? t->ended_at : t->taken_at,
        };
        if (thing.shows) {
            to[i].title = thing.title;
            to[i].url = thing.url;
        }
    }
    view->tasks.v = to;
    view->tasks.n = rows.n;
    return OK;
}

static enum result fill_attended(struct request *rq, struct party_member_view *view)
{
    const struct party_subject *s = rq->subject;
    struct party_deed *deed = arena_array(rq->arena, struct party_deed, ATTENDED);
    struct party_member_attended *to = arena_array(rq->arena, struct party_member_attended, ATTENDED);
    size_t n = 0;
    enum result r = party_attended(rq->db, rq->place, s->member.person, ATTENDED, deed, &n);

    for (size_t i = 0; i < n; i++)
        to[i] = (struct party_member_attended){deed[i].title, deed[i].url, deed[i].at};
    view->attended.v = to;
    view->attended.n = n;
    return r;
}

static enum result member_show(struct request *rq)
{
    const struct party_subject *s = rq->subject;
    struct party_member_view view = {
        .id = s->member.id,
        .place = rq->place,
        .from = s->member.person_from,
        .back = party_place_url(rq->arena, rq->place),
        .thank = url_below(rq->arena, party_place_url(rq->arena, rq->place), "/thank"),
    };
    struct sql_party_branch_get branch;
    struct party_stays stays = {.stay = {{rq->place, s->member.id}}, .n = 1};
    bool moved = str_eq(s->member.state, STR("moved"));
    struct sql_party_sums sums;
    struct person_label label;
    enum result r = person_label(rq->db, s->member.person, rq->place, &label);

    if (r == OK)
        r = sql_party_branch_get(rq->db, rq->place, s->member.branch, &branch);
    if (r == OK)
        r = moved ? OK : party_stays(rq->db, s->member.person, rq->place, s->member.id, &stays);
    if (r == OK)
        r = party_sums(rq->db, &stays, &sums);
    if (r != OK)
        return r;
    view.moved = moved;
    view.elsewhere = stays.n > 1;
    view.name = label.name;
    view.initial = str_utf8_cut(label.name, 1);
    view.branch = branch.name;
    view.taken = sums.taken;
    view.done = sums.done;
    view.thanks = sums.task_thanks + sums.own_thanks;
    view.mean = party_mean(rq->arena, sums.task_stars + sums.own_stars, sums.task_ratings + sums.own_ratings);
    r = fill_commitments(rq, &view);
    if (r == OK)
        r = fill_tasks(rq, &view);
    if (r == OK)
        r = fill_attended(rq, &view);
    return r == OK ? respond_view(rq, party_member, &view) : r;
}

/* ---- on the page of what is taken up ------------------------------------------------------------------------------------------------------------ */

enum result party_help_fill(struct request *rq, const char *kind, int64_t subject, const struct party_thing *thing,
                            const struct party_help_view **ret)
{
    const struct party_kind *k = party_kind_of(str_from_cstr(kind));
    const struct viewer *viewer = viewer_of(rq);
    const struct viewer_residence *home = viewer_residence_in(viewer, rq->place);
    struct url here = party_place_url(rq->arena, rq->place);
    struct party_help_view *view = arena_new(rq->arena, struct party_help_view);
    struct party_help_helpers *to;
    struct sql_party_helpers_rows rows;
    bool helps = false;
    enum result r = sql_party_helpers(rq->db, rq->place, str_from_cstr(kind), subject, &rows);

    *ret = NULL;
    if (r != OK)
        return r;
    to = arena_array(rq->arena, struct party_help_helpers, rows.n + 1);
    for (size_t i = 0; i < rows.n; i++) {
        const struct sql_party_helpers *h = &rows.row[i];

        to[i] = (struct party_help_helpers){
            .id = h->id,
            .name = h->shown_name,
            .from = h->person_from,
            .done = str_eq(h->state, STR("done")),
            .at = h->ended_at ? h->ended_at : h->taken_at,
            .stars = h->stars,
            .url = party_member_url(rq->arena, rq->place, h->member),
            .can_thank = home && home->verified && rq->person == thing->author && str_eq(h->state, STR("done")) &&
                         !h->thanked_by,
            .mine = rq->person && rq->person == h->person,
        };
        helps = helps || to[i].mine;
    }
    view->helpers.v = to;
    view->helpers.n = rows.n;
    view->can_take = k && k->here && viewer->party_badge && home && home->verified && !helps && thing->open &&
                     thing->shows && thing->author != rq->person;
    view->kind = str_from_cstr(kind);
    view->subject = subject;
    view->take = url_below(rq->arena, here, "/take");
    view->thank = url_below(rq->arena, here, "/task/thank");
    if (rows.n || view->can_take)
        *ret = view;
    return OK;
}

/* ---- taking up, thanking, confirming ------------------------------------------------------------------------------------------------------------------ */

static struct party_actor neighbour(struct request *rq)
{
    return (struct party_actor){.person = rq->person, .now = rq->now, .rq = rq};
}

enum { TAKE_KIND, TAKE_SUBJECT, TAKE_PARAMS };
static const struct param take_params[TAKE_PARAMS] = {
    [TAKE_KIND] = {.name = "kind", .kind = PARAM_CHOICE, .choices = "report", .required = true},
    [TAKE_SUBJECT] = {.name = "subject", .kind = PARAM_ID, .required = true, .doc = "What is taken up"},
};

static enum result take(struct request *rq)
{
    static const char *const kinds[] = {"report"};
    const struct party_actor actor = neighbour(rq);
    const char *kind = kinds[param_int(rq, TAKE_KIND)];
    struct party_thing thing;
    enum result r = party_take(rq->db, &actor, rq->place, kind, param_int(rq, TAKE_SUBJECT));

    if (r == E_CONFLICT)
        return request_refuse(rq, E_CONFLICT, T_party_take_over);
    if (r == OK)
        r = party_thing_of(rq->db, rq->place, str_from_cstr(kind), param_int(rq, TAKE_SUBJECT), &thing);
    return r == OK ? respond_see_other(rq, thing.url, T_party_take_done) : r;
}

enum { THANK_COMMITMENT, THANK_STARS, THANK_PARAMS };
static const struct param thank_params[THANK_PARAMS] = {
    [THANK_COMMITMENT] = {.name = "commitment", .kind = PARAM_ID, .required = true},
    [THANK_STARS] = {.name = "stars", .kind = PARAM_INT, .min = 0, .max = 5, .doc = "0: thanks alone"},
};

static enum result thank(struct request *rq)
{
    const struct party_actor actor = neighbour(rq);
    struct sql_party_commitment_get c;
    enum result r = party_commitment_thank(rq->db, &actor, rq->place, param_int(rq, THANK_COMMITMENT),
                                           param_given(rq, THANK_STARS) ? param_int(rq, THANK_STARS) : 0);

    if (r == E_CONFLICT)
        return request_refuse(rq, E_CONFLICT, T_party_thanked_already);
    if (r == OK)
        r = sql_party_commitment_get(rq->db, rq->place, param_int(rq, THANK_COMMITMENT), &c);
    return r == OK ? respond_see_other(rq, party_member_url(rq->arena, rq->place, c.member), T_party_thank_done) : r;
}

enum { HELP_TASK, HELP_STARS, HELP_PARAMS };
static const struct param help_params[HELP_PARAMS] = {
    [HELP_TASK] = {.name = "task", .kind = PARAM_ID, .required = true},
    [HELP_STARS] = {.name = "stars", .kind = PARAM_INT, .required = true, .min = 1, .max = 5},
};

static enum result help_thank(struct request *rq)
{
    const struct party_actor actor = neighbour(rq);
    struct sql_party_task_get t;
    struct party_thing thing;
    enum result r = party_task_thank(rq->db, &actor, rq->place, param_int(rq, HELP_TASK), param_int(rq, HELP_STARS));

    if (r == E_CONFLICT)
        return request_refuse(rq, E_CONFLICT, T_party_thanked_already);
    if (r == OK)
        r = sql_party_task_get(rq->db, rq->place, param_int(rq, HELP_TASK), &t);
    if (r == OK)
        r = party_thing_of(rq->db, rq->place, t.kind, t.subject, &thing);
    return r == OK ? respond_see_other(rq, thing.url, T_party_thank_done) : r;
}

enum { DECIDE_MEMBER, DECIDE_ANSWER, DECIDE_BRANCH, DECIDE_REASON, DECIDE_PARAMS };
static const struct param decide_params[DECIDE_PARAMS] = {
    [DECIDE_MEMBER] = {.name = "member", .kind = PARAM_ID, .required = true},
    [DECIDE_ANSWER] = {.name = "answer", .kind = PARAM_CHOICE, .choices = "yes,no", .required = true},
    [DECIDE_BRANCH] = {.name = "branch", .kind = PARAM_ID, .doc = "With a yes, by the secretary of the community"},
    [DECIDE_REASON] = {.name = "reason", .kind = PARAM_TEXT, .max = PARTY_REASON_MAX, .doc = "With a no"},
};

/* By which the viewer decides for the whole community; NULL: as the secretary of a branch. */
static const struct viewer_post *office_of(struct request *rq)
{
    return access_allowed(viewer_of(rq), CAP_MEMBERSHIP, rq->place, &(struct subject_scope){.place = rq->place})
             ? viewer_post_over(viewer_of(rq), rq->place)
             : NULL;
}

static enum result decide(struct request *rq)
{
    const struct party_subject *s = rq->subject;
    const struct viewer_post *post = office_of(rq);
    const struct party_actor actor = {
        .person = rq->person, .organisation = post ? post->organisation : 0, .now = rq->now, .rq = rq};
    bool yes = param_int(rq, DECIDE_ANSWER) == 0;
    int64_t branch = post ? (param_given(rq, DECIDE_BRANCH) ? param_int(rq, DECIDE_BRANCH) : 0) : s->branch;
    enum result r = OK;

    if (!post) { /* the secretary of a branch: those who have named it */
        struct sql_party_member_get m;

        r = sql_party_member_get(rq->db, rq->place, param_int(rq, DECIDE_MEMBER), &m);
        if (r == OK && m.branch != s->branch)
            return E_NOT_FOUND;
    }
    if (r == OK && yes && branch == 0)
        return request_refuse(rq, E_CONFLICT, T_party_branch_needed);
    if (r == OK && !yes && param_text(rq, DECIDE_REASON).len == 0)
        return request_refuse(rq, E_CONFLICT, T_party_reason_needed);
    if (r == OK)
        r = party_decide(rq->db, &actor, rq->place, param_int(rq, DECIDE_MEMBER), yes, branch,
                         param_text(rq, DECIDE_REASON));
    if (r == E_CONFLICT)
        return request_refuse(rq, E_CONFLICT, T_party_decided_already);
    return r == OK ? respond_see_other(rq, url_path(rq->arena, post ? "/desk/party" : "/me/party"), T_party_decide_done)
                   : r;
}

enum { TRANSFER_TRANSFER, TRANSFER_ANSWER, TRANSFER_REASON, TRANSFER_PARAMS };
static const struct param transfer_params[TRANSFER_PARAMS] = {
    [TRANSFER_TRANSFER] = {.name = "transfer", .kind = PARAM_ID, .required = true},
    [TRANSFER_ANSWER] = {.name = "answer", .kind = PARAM_CHOICE, .choices = "yes,no", .required = true},
    [TRANSFER_REASON] = {.name = "reason", .kind = PARAM_TEXT, .max = PARTY_REASON_MAX, .doc = "With a no"},
};

static enum result transfer(struct request *rq)
{
    const struct party_subject *s = rq->subject;
    const struct viewer_post *post = office_of(rq);
    const struct party_actor actor = {
        .person = rq->person, .organisation = post ? post->organisation : 0, .now = rq->now, .rq = rq};
    bool yes = param_int(rq, TRANSFER_ANSWER) == 0;
    struct sql_party_transfer_hold t;
    enum result r = sql_party_transfer_hold(rq->db, rq->place, param_int(rq, TRANSFER_TRANSFER), &t);

    if (r == OK && !post && t.branch != s->branch) /* the secretary of a branch: those who ask for it */
        return E_NOT_FOUND;
    if (r == OK && !yes && param_text(rq, TRANSFER_REASON).len == 0)
        return request_refuse(rq, E_CONFLICT, T_party_reason_needed);
    if (r == OK)
        r = party_transfer_decide(rq->db, &actor, rq->place, param_int(rq, TRANSFER_TRANSFER), yes,
                                  param_text(rq, TRANSFER_REASON));
    if (r == E_CONFLICT)
        return request_refuse(rq, E_CONFLICT, T_party_decided_already);
    if (r == E_INVALID)
        return request_refuse(rq, E_CONFLICT, T_party_transfer_cannot);
    return r == OK ? respond_see_other(rq, url_path(rq->arena, post ? "/desk/party" : "/me/party"), T_party_decide_done)
                   : r;
}

/* ---- the table ------------------------------------------------------------------------------------------------------------------------------------------ */

#define HERE .subject = &party_place
#define PARAMS(table, n) .params = table, .n_params = n

static const struct route routes[] = {
    {HTTP_GET, "/p/{place}/party", "party.page", page, HERE, .need = CAP_BOARD_READ, PARAMS(page_params, PAGE_PARAMS),
     .flags = ROUTE_PERSONAL, .view = &party_page_info, .doc = "Members of the Party nearby who show it, and figures"},
    {HTTP_GET, "/p/{place}/party/csv", "party.csv", csv, HERE, .need = CAP_FIGURES_STAFF, .flags = ROUTE_PERSONAL,
     .rate = RATE_EXPORT, .doc = "The figures as a table"},
    {HTTP_GET, "/p/{place}/party/{id}", "party.member", member_show, .subject = &party_member, .need = CAP_BOARD_READ,
     PARAMS(member_params, MEMBER_PARAMS), .flags = ROUTE_PERSONAL, .view = &party_member_info,
     .doc = "One member who shows it: commitments, what was taken up, thanks"},
    {HTTP_POST, "/p/{place}/party/take", "party.take", take, HERE, .need = CAP_RESIDENT,
     PARAMS(take_params, TAKE_PARAMS), .flags = ROUTE_WRITE, .rate = RATE_WRITE, .doc = "A member lends a hand"},
    {HTTP_POST, "/p/{place}/party/thank", "party.thank", thank, HERE, .need = CAP_RESIDENT,
     PARAMS(thank_params, THANK_PARAMS), .flags = ROUTE_WRITE, .rate = RATE_WRITE,
     .doc = "Thanks for a commitment, once, with stars or without"},
    {HTTP_POST, "/p/{place}/party/task/thank", "party.help_thank", help_thank, HERE, .need = CAP_RESIDENT,
     PARAMS(help_params, HELP_PARAMS), .flags = ROUTE_WRITE, .rate = RATE_WRITE,
     .doc = "Who had asked thanks for the help, once, with stars"},
    {HTTP_POST, "/p/{place}/party/decide", "party.decide", decide, HERE, .need = CAP_MEMBERSHIP,
     PARAMS(decide_params, DECIDE_PARAMS), .flags = ROUTE_WRITE | ROUTE_PERSONAL, .rate = RATE_WRITE,
     .doc = "Confirms that somebody is a member, or says why not"},
    {HTTP_POST, "/p/{place}/party/transfer", "party.transfer_decide", transfer, HERE, .need = CAP_MEMBERSHIP,
     PARAMS(transfer_params, TRANSFER_PARAMS), .flags = ROUTE_WRITE | ROUTE_PERSONAL, .rate = RATE_WRITE,
     .doc = "Takes in a member who comes from another branch, or says why not"},
};
const struct module party_module = {.name = "party", .routes = routes, .n_routes = PARTY_COUNT(routes)};
