/* routes_desk.c: /desk/party: who asks, branches, members; for the secretary of the community alone. */
#include "civic/frame/frame.h"
#include "civic/party/room.h"
#include "civic/party/views/desk_party.html.h"
#include "civic/person/person.h"
#include "civic/place/place.h"

enum { PAGE = 50, EVERYBODY = 500 };

static enum result load_here(struct request *rq)
{
    struct party_subject *s = arena_new(rq->arena, struct party_subject);
    const struct viewer_post *post = desk_post(rq);

    if (post && place_level_of(post->place) == PLACE_COMMUNITY)
        s->scope.place = post->place;
    rq->subject = s;
    rq->place = s->scope.place;
    return OK;
}
static const struct subject_kind desk_place = {"desk", load_here};

enum { SHOW_AFTER, SHOW_PARAMS };
static const struct param show_params[SHOW_PARAMS] = {
    [SHOW_AFTER] = {.name = "after", .kind = PARAM_ID, .doc = "Paging: members after this one"},
};

static enum result fill_waiting(struct request *rq, const struct sql_party_branches_rows *branches,
                                struct desk_party_view *view)
{
    struct sql_party_members_rows rows;
    struct desk_party_waiting *to;
    enum result r = sql_party_members(rq->db, rq->place, STR("asked"), 0, EVERYBODY, &rows);

    if (r != OK)
        return r;
    to = arena_array(rq->arena, struct desk_party_waiting, rows.n + 1);
    for (size_t i = 0; i < rows.n; i++) {
        struct desk_party_waiting_branches *b = arena_array(rq->arena, struct desk_party_waiting_branches,
                                                            branches->n + 1);
        size_t n = 0;

        to[i] = (struct desk_party_waiting){.id = rows.row[i].id,
                                            .name = rows.row[i].shown_name,
                                            .from = rows.row[i].person_from,
                                            .asked_at = rows.row[i].asked_at};
        for (size_t k = 0; k < branches->n; k++)
            if (branches->row[k].ended_at == 0)
                b[n++] = (struct desk_party_waiting_branches){branches->row[k].name, branches->row[k].id,
                                                              branches->row[k].id == rows.row[i].branch};
        to[i].branches.v = b;
        to[i].branches.n = n;
    }
    view->waiting.v = to;
    view->waiting.n = rows.n;
    return OK;
}

static enum result fill_branches(struct request *rq, const struct sql_party_branches_rows *branches,
                                 struct desk_party_view *view)
{
    struct desk_party_branches *to = arena_array(rq->arena, struct desk_party_branches, branches->n + 1);
    struct sql_party_members_rows all;
    enum result r = sql_party_members(rq->db, rq->place, STR("confirmed"), 0, EVERYBODY, &all);

    if (r != OK)
        return r;
    for (size_t i = 0; i < branches->n; i++) {
        const struct sql_party_branches *b = &branches->row[i];
        struct desk_party_branches_people *p = arena_array(rq->arena, struct desk_party_branches_people, all.n + 1);
        size_t n = 0;

        to[i] = (struct desk_party_branches){
            .id = b->id,
            .name = b->name,
            .members = b->members,
            .shown = b->shown,
            .taken = b->taken,
            .done = b->done,
            .thanks = b->thanks,
            .ended = b->ended_at != 0,
        };
        for (size_t k = 0; k < all.n; k++) {
            if (all.row[k].branch != b->id)
                continue;
            p[n++] = (struct desk_party_branches_people){str_printf(rq->arena, STR_FMT " " STR_FMT,
                                                                    STR_ARG(all.row[k].shown_name),
                                                                    STR_ARG(all.row[k].person_from)),
                                                         all.row[k].id, b->secretary == all.row[k].person};
            if (b->secretary == all.row[k].person)
                to[i].secretary = all.row[k].shown_name;
        }
        to[i].people.v = p;
        to[i].people.n = n;
    }
    view->branches.v = to;
    view->branches.n = branches->n;
    return OK;
}

static enum result fill_members(struct request *rq, const struct sql_party_branches_rows *branches,
                                struct desk_party_view *view)
{
    bool paged = rq->route->params == show_params && param_given(rq, SHOW_AFTER);
    struct sql_party_members_rows rows;
    struct desk_party_members *to;
    enum result r = sql_party_members(rq->db, rq->place, STR("confirmed"), paged ? param_int(rq, SHOW_AFTER) : 0,
                                      PAGE + 1, &rows);

    if (r != OK)
        return r;
    if (rows.n > PAGE) {
        rows.n = PAGE;
        view->more = url_add(rq->arena, url_path(rq->arena, "/desk/party"), "after",
                             str_printf(rq->arena, "%" PRId64, rows.row[PAGE - 1].id));
    }
    to = arena_array(rq->arena, struct desk_party_members, rows.n + 1);
    for (size_t i = 0; i < rows.n; i++) {
        to[i] = (struct desk_party_members){.id = rows.row[i].id,
                                            .name = rows.row[i].shown_name,
                                            .from = rows.row[i].person_from,
                                            .shown = rows.row[i].shown,
                                            .since = rows.row[i].decided_at};
        for (size_t k = 0; k < branches->n; k++)
            if (branches->row[k].id == rows.row[i].branch)
                to[i].branch = branches->row[k].name;
    }
    view->members.v = to;
    view->members.n = rows.n;
    return OK;
}

static enum result show(struct request *rq)
{
    struct url here = party_place_url(rq->arena, rq->place);
    struct desk_party_view view = {.place = rq->place, .page = here, .decide = url_below(rq->arena, here, "/decide")};
    struct sql_party_branches_rows branches;
    enum result r = sql_party_branches(rq->db, rq->place, &branches);

    if (r == OK)
        r = fill_waiting(rq, &branches, &view);
    if (r == OK)
        r = party_coming(rq, rq->place, 0, &view.coming.v, &view.coming.n);
    if (r == OK)
        r = fill_branches(rq, &branches, &view);
    if (r == OK)
        r = fill_members(rq, &branches, &view);
    if (r == OK)
        r = party_gone(rq, rq->place, 0, &view.gone.v, &view.gone.n);
    return r == OK ? respond_view(rq, desk_party, &view) : r;
}

enum { BRANCH_BRANCH, BRANCH_NAME, BRANCH_SECRETARY, BRANCH_END, BRANCH_PARAMS };
static const struct param branch_params[BRANCH_PARAMS] = {
    [BRANCH_BRANCH] = {.name = "branch", .kind = PARAM_ID, .doc = "Which one; none: a new one"},
    [BRANCH_NAME] = {.name = "name", .kind = PARAM_TEXT, .required = true, .min = 2, .max = PARTY_NAME_MAX},
    [BRANCH_SECRETARY] = {.name = "secretary", .kind = PARAM_ID, .doc = "A membership of this branch"},
    [BRANCH_END] = {.name = "end", .kind = PARAM_BOOL, .doc = "Ends it; it has no members"},
};

static enum result branch_save(struct request *rq)
{
    const struct viewer_post *post = desk_post(rq);
    const struct party_actor actor = {
        .person = rq->person, .organisation = post ? post->organisation : 0, .now = rq->now, .rq = rq};
    int64_t id = param_given(rq, BRANCH_BRANCH) ? param_int(rq, BRANCH_BRANCH) : 0;
    enum result r;

    if (id == 0)
        r = party_branch_add(rq->db, &actor, rq->place, param_text(rq, BRANCH_NAME), &id);
    else if (param_int(rq, BRANCH_END)) {
        r = party_branch_end(rq->db, &actor, rq->place, id);
        if (r == E_CONFLICT)
            return request_refuse(rq, E_CONFLICT, T_party_branch_has_members);
    } else
        r = party_branch_save(rq->db, &actor, rq->place, id, param_text(rq, BRANCH_NAME),
                              param_given(rq, BRANCH_SECRETARY) ? param_int(rq, BRANCH_SECRETARY) : 0);
    if (r == E_CONFLICT)
        return request_invalid(rq, "name", T_party_branch_name_taken);
    if (r == E_INVALID)
        return request_refuse(rq, E_CONFLICT, T_party_secretary_wrong);
    return r == OK ? respond_see_other(rq, url_path(rq->arena, "/desk/party"), T_party_branch_saved) : r;
}

/* Who waits to be confirmed, and who waits to be taken in: the two lists at the top of the page. */
static enum result count_waiting(struct request *rq, const struct viewer_post *post, int64_t *ret_waiting,
                                 int64_t *ret_late)
{
    struct sql_party_asked_count asked;
    struct sql_party_transfers_count coming;
    enum result r = sql_party_asked_count(rq->db, post->place, &asked);

    if (r == OK)
        r = sql_party_transfers_count(rq->db, post->place, &coming);
    if (r == OK)
        *ret_waiting = asked.n + coming.n;
    *ret_late = 0;
    return r;
}

static const struct desk_item items[] = {
    {T_party_desk_title, T_person_desk_group, "/desk/party", CAP_MEMBERSHIP, count_waiting},
};
const struct desk_table party_desk = {items, PARTY_COUNT(items)};

static const struct route routes[] = {
    {HTTP_GET, "/desk/party", "desk.party", show, .subject = &desk_place, .need = CAP_MEMBERSHIP, .params = show_params,
     .n_params = SHOW_PARAMS, .flags = ROUTE_PERSONAL, .view = &desk_party_info,
     .doc = "Members of the Party of the community, who asks to be one, branches"},
    {HTTP_POST, "/desk/party/branch", "desk.party_branch", branch_save, .subject = &desk_place, .need = CAP_MEMBERSHIP,
     .params = branch_params, .n_params = BRANCH_PARAMS, .flags = ROUTE_WRITE | ROUTE_PERSONAL, .rate = RATE_WRITE,
     .again = show, .doc = "A branch: its name, its secretary, its end"},
};
const struct module party_desk_module = {.name = "party_desk", .routes = routes, .n_routes = PARTY_COUNT(routes)};
