/* routes_me.c: /me/party: what somebody says of their own membership, and what they do as a member. */
#include "civic/party/room.h"
#include "civic/party/views/me_party.html.h"
#include "civic/person/person.h"
#include "civic/place/place.h"
#include "engine/base/time.h"

enum { TASKS = 50, COMMITMENTS = 20, ATTENDED = 20, WAITING = 50, RECORDS = 200 };

/* ---- GET /me/party ------------------------------------------------------------------------------------------------------ */

/* Where somebody may belong to a branch: where they live, verified, or work. */
static size_t own_communities(const struct viewer *viewer, int64_t *ret, size_t max)
{
    size_t n = 0;

    for (size_t i = 0; i < viewer->n_residences + viewer->n_posts && n < max; i++) {
        const struct viewer_residence *home = i < viewer->n_residences ? &viewer->residence[i] : NULL;
        int64_t place = home ? home->community : viewer->post[i - viewer->n_residences].place;
        bool there = (home && !home->verified) || place_level_of(place) != PLACE_COMMUNITY;

        for (size_t k = 0; k < n; k++)
            there = there || ret[k] == place;
        if (!there)
            ret[n++] = place;
    }
    return n;
}

/* Without the branch where they are. */
static enum result fill_places(struct request *rq, int64_t except, struct me_party_view *view)
{
    int64_t code[16];
    size_t n = own_communities(viewer_of(rq), code, PARTY_COUNT(code));
    struct me_party_places *to = arena_array(rq->arena, struct me_party_places, n + 1);
    enum result r = OK;

    for (size_t i = 0; r == OK && i < n; i++) {
        struct sql_party_branches_rows rows;
        struct me_party_places_branches *b;
        struct place place;
        size_t k = 0;

        r = place_get(rq->db, code[i], &place);
        if (r == OK)
            r = sql_party_branches(rq->db, code[i], &rows);
        if (r != OK)
            return r;
        b = arena_array(rq->arena, struct me_party_places_branches, rows.n + 1);
        for (size_t j = 0; j < rows.n; j++)
            if (rows.row[j].ended_at == 0 && rows.row[j].id != except) {
                b[k++] = (struct me_party_places_branches){rows.row[j].name, rows.row[j].id};
                view->other_branches = true;
            }
        to[i] = (struct me_party_places){.name = place.name, .id = code[i]};
        to[i].branches.v = b;
        to[i].branches.n = k;
    }
    view->places.v = to;
    view->places.n = n;
    return r;
}

static enum result fill_commitments(struct request *rq, const struct party_stays *stays, struct me_party_view *view)
{
    struct me_party_commitments *to = arena_array(rq->arena, struct me_party_commitments, stays->n * COMMITMENTS);
    size_t open = 0, n = 0;
    enum result r = OK;

    for (size_t k = 0; r == OK && k < stays->n; k++) {
        struct sql_party_commitments_rows rows;

        r = sql_party_commitments(rq->db, stays->stay[k].community, stays->stay[k].member, &rows);
        for (size_t i = 0; r == OK && i < rows.n && i < COMMITMENTS; i++) {
            const struct sql_party_commitments *c = &rows.row[i];

            to[n] = (struct me_party_commitments){
                .id = c->id,
                .body = c->body,
                .due = (int32_t)c->due,
                .open = str_eq(c->state, STR("open")),
                .kept = str_eq(c->state, STR("kept")),
                .hidden = c->hidden,
                .held = c->hidden && c->hidden_reason.len == 0,
                .hidden_reason = c->hidden_reason,
                .thanks = c->thanks,
            };
            open += to[n++].open;
        }
    }
    view->commitments.v = to;
    view->commitments.n = n;
    view->can_commit = view->shown && open < PARTY_COMMITMENTS_OPEN;
    return r;
}

static enum result fill_tasks(struct request *rq, const struct party_stays *stays, struct me_party_view *view)
{
    struct me_party_tasks *to = arena_array(rq->arena, struct me_party_tasks, stays->n * TASKS);
    size_t n = 0;
    enum result r = OK;

    for (size_t k = 0; r == OK && k < stays->n; k++) {
        int64_t community = stays->stay[k].community;
        struct sql_party_tasks_rows rows;

        r = sql_party_tasks(rq->db, community, stays->stay[k].member, INT64_MAX, TASKS, &rows);
        for (size_t i = 0; r == OK && i < rows.n; i++) {
            const struct sql_party_tasks *t = &rows.row[i];
            const struct party_kind *kind = party_kind_of(t->kind);
            struct party_thing thing;

            if ((r = party_thing_of(rq->db, community, t->kind, t->subject, &thing)) != OK)
                return r;
            to[n] = (struct me_party_tasks){
                .id = t->id,
                .kind = kind ? kind->name : T_party_tasks,
                .open = str_eq(t->state, STR("taken")),
                .here = kind && kind->here,
                .at = t->ended_at ? t->ended_at : t->taken_at,
                .stars = t->stars,
                .thanked = t->thanked_by != 0,
            };
            if (thing.shows || thing.between) {
                to[n].title = thing.title;
                to[n].url = thing.url;
            }
            n++;
        }
    }
    view->tasks.v = to;
    view->tasks.n = n;
    return r;
}

static enum result fill_attended(struct request *rq, int64_t community, struct me_party_view *view)
{
    struct party_deed *deed = arena_array(rq->arena, struct party_deed, ATTENDED);
    struct me_party_attended *to = arena_array(rq->arena, struct me_party_attended, ATTENDED);
    size_t n = 0;
    enum result r = party_attended(rq->db, community, rq->person, ATTENDED, deed, &n);

    for (size_t i = 0; i < n; i++)
        to[i] = (struct me_party_attended){deed[i].title, deed[i].url, deed[i].at};
    view->attended.v = to;
    view->attended.n = n;
    return r;
}

/* The branch of which somebody is the secretary, in the community of their membership; 0: none. */
static enum result own_branch(struct db *db, int64_t person, int64_t community, int64_t *ret)
{
    struct sql_party_branches_rows branches;
    enum result r = sql_party_branches(db, community, &branches);

    *ret = 0;
    for (size_t i = 0; r == OK && i < branches.n; i++)
        if (branches.row[i].secretary == person && branches.row[i].ended_at == 0)
            *ret = branches.row[i].id;
    return r;
}

static enum result fill_asking(struct request *rq, int64_t community, int64_t branch, struct me_party_view *view)
{
    struct sql_party_members_rows rows;
    struct me_party_waiting *to;
    size_t n = 0;
    enum result r = sql_party_members(rq->db, community, STR("asked"), 0, WAITING, &rows);

    if (r != OK)
        return r;
    to = arena_array(rq->arena, struct me_party_waiting, rows.n + 1);
    for (size_t i = 0; i < rows.n; i++)
        if (rows.row[i].branch == branch && rows.row[i].person != rq->person)
            to[n++] = (struct me_party_waiting){rows.row[i].id, rows.row[i].shown_name, rows.row[i].person_from,
                                                rows.row[i].asked_at};
    view->waiting.v = to;
    view->waiting.n = n;
    return OK;
}

static enum result fill_secretary(struct request *rq, int64_t community, struct me_party_view *view)
{
    struct url here = party_place_url(rq->arena, community);
    int64_t branch;
    enum result r = own_branch(rq->db, rq->person, community, &branch);

    if (r != OK || branch == 0)
        return r;
    view->decide = url_below(rq->arena, here, "/decide");
    r = fill_asking(rq, community, branch, view);
    if (r == OK)
        r = party_coming(rq, community, branch, &view->coming.v, &view->coming.n);
    return r == OK ? party_gone(rq, community, branch, &view->gone.v, &view->gone.n) : r;
}

/* Where else they may belong, what has become of their wish, and where they were before. */
static enum result fill_transfer(struct request *rq, int64_t branch, struct me_party_view *view)
{
    struct sql_party_transfer_last_rows last;
    struct sql_party_past_rows past;
    struct me_party_past *to;
    enum result r = sql_party_transfer_last(rq->db, rq->person, &last);

    if (r == OK)
        r = sql_party_past(rq->db, rq->person, &past);
    if (r != OK)
        return r;
    if (last.n && str_eq(last.row[0].state, STR("asked"))) {
        view->goes_to = last.row[0].branch_name;
        view->goes_at = last.row[0].asked_at;
    } else if (last.n && str_eq(last.row[0].state, STR("refused"))) {
        view->refused_by = last.row[0].branch_name;
        view->refused_why = last.row[0].reason;
    }
    to = arena_array(rq->arena, struct me_party_past, past.n + 1);
    for (size_t i = 0; i < past.n; i++)
        to[i] = (struct me_party_past){past.row[i].branch_name, past.row[i].ended_at};
    view->past.v = to;
    view->past.n = past.n;
    return view->goes_to.len ? OK : fill_places(rq, branch, view);
}

static enum result fill_member(struct request *rq, int64_t community, const struct sql_party_member_get *m,
                               struct me_party_view *view)
{
    struct sql_party_branch_get branch;
    struct party_stays stays;
    struct sql_party_sums s;
    enum result r = sql_party_branch_get(rq->db, community, m->branch, &branch);

    if (r == OK)
        r = party_stays(rq->db, rq->person, community, m->id, &stays);
    if (r == OK)
        r = party_sums(rq->db, &stays, &s);
    if (r != OK)
        return r;
    view->branch = branch.name;
    view->taken = s.taken;
    view->done = s.done;
    view->thanks = s.task_thanks + s.own_thanks;
    view->mean = party_mean(rq->arena, s.task_stars + s.own_stars, s.task_ratings + s.own_ratings);
    if (view->shown) {
        view->page = party_member_url(rq->arena, community, m->id);
        r = person_consent_standing(rq->db, rq->person, STR("party_badge"), &view->version, &view->given_at);
    }
    if (r == OK)
        r = fill_commitments(rq, &stays, view);
    if (r == OK)
        r = fill_tasks(rq, &stays, view);
    if (r == OK)
        r = fill_attended(rq, community, view);
    if (r == OK)
        r = fill_transfer(rq, m->branch, view);
    return r == OK ? fill_secretary(rq, community, view) : r;
}

static enum result show(struct request *rq)
{
    struct me_party_view view = {
        .version = STR(PARTY_CONSENT_VERSION),
        .version_words = person_consent_version(rq->arena, rq->lang, STR(PARTY_CONSENT_VERSION)),
    };
    struct sql_party_member_get m;
    int64_t community;
    enum result r = party_of(rq->db, rq->person, &community, &m);

    view.may_ask = r == E_NOT_FOUND || (r == OK && str_eq(m.state, STR("refused")));
    if (r == OK) {
        view.state = party_state_text(m.state);
        view.reason = m.reason;
        view.asked = str_eq(m.state, STR("asked"));
        view.confirmed = str_eq(m.state, STR("confirmed"));
        view.shown = m.shown;
        if (view.confirmed)
            r = fill_member(rq, community, &m, &view);
    } else if (r == E_NOT_FOUND)
        r = OK;
    if (r == OK && view.may_ask)
        r = fill_places(rq, 0, &view);
    return r == OK ? respond_view(rq, me_party, &view) : r;
}

/* ---- what one says ---------------------------------------------------------------------------------------------------------- */

static struct party_actor self(struct request *rq)
{
    return (struct party_actor){.person = rq->person, .now = rq->now, .rq = rq};
}

static enum result back(struct request *rq, enum result r, enum text said)
{
    return r == OK ? respond_see_other(rq, url_path(rq->arena, "/me/party"), said) : r;
}

static const struct param ask_params[] = {
    {"where", PARAM_ID, .required = true,
     .doc = "A branch, or the code of the community where the branch is not known"},
};

/* A branch, or the code of a community, among those where they may belong; community 0: neither. */
static enum result find_where(struct request *rq, int64_t where, int64_t *ret_community, int64_t *ret_branch)
{
    int64_t code[16];
    size_t n = own_communities(viewer_of(rq), code, PARTY_COUNT(code));
    enum result r = OK;

    *ret_community = *ret_branch = 0;
    for (size_t i = 0; r == OK && i < n && *ret_community == 0; i++) {
        struct sql_party_branch_get b;

        if (code[i] == where)
            *ret_community = where;
        else if ((r = sql_party_branch_get(rq->db, code[i], where, &b)) == OK && b.ended_at == 0) {
            *ret_community = code[i];
            *ret_branch = where;
        } else if (r == E_NOT_FOUND)
            r = OK;
    }
    return r;
}

static enum result ask(struct request *rq)
{
    const struct party_actor actor = self(rq);
    int64_t community, branch, id;
    enum result r = find_where(rq, param_int(rq, 0), &community, &branch);

    if (r == OK && community == 0)
        return request_invalid(rq, "where", T_party_where_unknown);
    if (r == OK)
        r = party_ask(rq->db, &actor, community, branch, &id);
    if (r == E_CONFLICT)
        return request_refuse(rq, E_CONFLICT, T_party_asked_already);
    return back(rq, r, T_party_ask_done);
}

static const struct param show_params[] = {
    {"agree", PARAM_BOOL, .doc = "Agrees to exactly the words on the page: a consent of its own"},
};

static enum result badge_show(struct request *rq)
{
    const struct party_actor actor = self(rq);

    if (!param_int(rq, 0))
        return request_invalid(rq, "agree", T_party_agree_needed);
    return back(rq, party_show(rq->db, &actor, true, rq->lang), T_party_show_done);
}

static enum result badge_hide(struct request *rq)
{
    const struct party_actor actor = self(rq);

    return back(rq, party_show(rq->db, &actor, false, rq->lang), T_party_hide_done);
}

static const struct param transfer_params[] = {
    {"to", PARAM_ID, .required = true, .doc = "The branch, of a community where one lives or works"},
};

static enum result transfer(struct request *rq)
{
    const struct party_actor actor = self(rq);
    int64_t community, branch, id;
    enum result r = find_where(rq, param_int(rq, 0), &community, &branch);

    if (r == OK && branch == 0)
        return request_invalid(rq, "to", T_party_where_unknown);
    if (r == OK)
        r = party_transfer_ask(rq->db, &actor, community, branch, &id);
    if (r == E_INVALID)
        return request_invalid(rq, "to", T_party_where_unknown);
    if (r == E_CONFLICT)
        return request_refuse(rq, E_CONFLICT, T_party_transfer_waits);
    return back(rq, r, T_party_transfer_asked);
}

static enum result transfer_withdraw(struct request *rq)
{
    const struct party_actor actor = self(rq);
    enum result r = party_transfer_withdraw(rq->db, &actor);

    if (r == E_NOT_FOUND)
        return request_refuse(rq, E_CONFLICT, T_party_decided_already);
    return back(rq, r, T_party_transfer_withdrawn);
}

static enum result leave(struct request *rq)
{
    return back(rq, party_leave(rq->db, rq->person, rq->now), T_party_leave_done);
}

/* ---- what one does ------------------------------------------------------------------------------------------------------------ */

enum { COMMIT_WORDS, COMMIT_DUE, COMMIT_PARAMS };
static const struct param commit_params[COMMIT_PARAMS] = {
    [COMMIT_WORDS] = {"words", PARAM_TEXT, .required = true, .min = 4, .max = PARTY_COMMITMENT_MAX},
    [COMMIT_DUE] = {"due", PARAM_DATE, .required = true, .doc = "By when; within a year"},
};

static enum result commit(struct request *rq)
{
    const struct party_actor actor = self(rq);
    int32_t today = day_of(rq->now), due = (int32_t)param_int(rq, COMMIT_DUE);
    int64_t id;
    bool held = false;
    enum result r;

    if (due < today || due > today + PARTY_COMMITMENT_DAYS)
        return request_invalid(rq, "due", T_party_due_wrong);
    r = party_commit(rq->db, &actor, param_text(rq, COMMIT_WORDS), due, &id, &held);
    if (r == E_TOO_LARGE)
        return request_refuse(rq, E_CONFLICT, T_party_commitments_full);
    return back(rq, r, held ? T_moderation_held_author : T_party_commit_done);
}

static const struct param commitment_params[] = {
    {"commitment", PARAM_ID, .required = true, .doc = "One of one's own"},
};

static enum result kept(struct request *rq)
{
    const struct party_actor actor = self(rq);

    return back(rq, party_commitment_end(rq->db, &actor, param_int(rq, 0), true), T_party_kept_done);
}

static enum result drop(struct request *rq)
{
    const struct party_actor actor = self(rq);

    return back(rq, party_commitment_end(rq->db, &actor, param_int(rq, 0), false), T_party_drop_done);
}

static const struct param task_params[] = {
    {"task", PARAM_ID, .required = true, .doc = "One of one's own"},
};

static enum result done(struct request *rq)
{
    const struct party_actor actor = self(rq);

    return back(rq, party_task_end(rq->db, &actor, param_int(rq, 0), true), T_party_done_done);
}

static enum result give_back(struct request *rq)
{
    const struct party_actor actor = self(rq);

    return back(rq, party_task_end(rq->db, &actor, param_int(rq, 0), false), T_party_given_back_done);
}

/* ---- what is kept of somebody --------------------------------------------------------------------------------------------------- */

static enum result stay_records(struct request *rq, const struct party_stay *stay, struct url page,
                                struct me_records *ret)
{
    struct sql_party_commitments_rows commitments;
    struct sql_party_tasks_rows tasks;
    enum result r = sql_party_commitments(rq->db, stay->community, stay->member, &commitments);

    if (r == OK)
        r = sql_party_tasks(rq->db, stay->community, stay->member, INT64_MAX, RECORDS, &tasks);
    if (r != OK)
        return r;
    for (size_t i = 0; i < commitments.n && i < COMMITMENTS; i++)
        ret->record[ret->n++] = (struct me_record){T_party_commitments, commitments.row[i].made_at,
                                                   commitments.row[i].body, page};
    for (size_t i = 0; i < tasks.n; i++) {
        struct party_thing thing;

        if ((r = party_thing_of(rq->db, stay->community, tasks.row[i].kind, tasks.row[i].subject, &thing)) != OK)
            return r;
        ret->record[ret->n++] = (struct me_record){T_party_tasks, tasks.row[i].taken_at,
                                                   thing.between ? thing.title : text(rq->lang, T_party_task_gone),
                                                   page};
    }
    return OK;
}

static enum result records(struct request *rq, struct me_records *ret)
{
    struct sql_party_member_get m;
    struct sql_party_transfer_last_rows transfers = {0};
    struct sql_party_thanks_by_rows thanks;
    struct party_stays stays = {.n = 0};
    struct url page = url_path(rq->arena, "/me/party");
    int64_t community;
    enum result r = party_of(rq->db, rq->person, &community, &m);
    bool member = r == OK;

    if (member)
        r = party_stays(rq->db, rq->person, community, m.id, &stays);
    if (member && r == OK)
        r = sql_party_transfer_last(rq->db, rq->person, &transfers);
    if (r == OK || r == E_NOT_FOUND)
        r = sql_party_thanks_by(rq->db, rq->person, &thanks);
    if (r != OK)
        return r;
    ret->record = arena_array(rq->arena, struct me_record, 2 + stays.n * (COMMITMENTS + RECORDS) + thanks.n);
    ret->n = 0;
    if (member)
        ret->record[ret->n++] = (struct me_record){T_party_me_record, m.asked_at,
                                                   text(rq->lang, party_state_text(m.state)), page};
    if (transfers.n)
        ret->record[ret->n++] = (struct me_record){T_party_me_transfer, transfers.row[0].asked_at,
                                                   transfers.row[0].branch_name, page};
    for (size_t k = 0; r == OK && k < stays.n; k++)
        r = stay_records(rq, &stays.stay[k], page, ret);
    if (r != OK)
        return r;
    for (size_t i = 0; i < thanks.n; i++)
        ret->record[ret->n++] = (struct me_record){
            T_party_thanks, thanks.row[i].at,
            thanks.row[i].stars ? text_format(rq->arena, rq->lang, T_report_stars, TEXT_INT("n", thanks.row[i].stars))
                                : text(rq->lang, T_party_thank),
            page};
    return OK;
}

/* What waits for the secretary of a branch: the same as the two lists on the page. For nobody else there is a number. */
static enum result count_waiting(struct request *rq, int64_t home, int64_t *ret_n)
{
    struct me_party_view view = {0};
    struct sql_party_member_get m;
    int64_t community, branch = 0;
    enum result r = party_of(rq->db, rq->person, &community, &m);

    (void)home;
    if (r == OK)
        r = own_branch(rq->db, rq->person, community, &branch);
    if (r == OK && branch == 0)
        return E_NOT_FOUND;
    if (r == OK)
        r = fill_asking(rq, community, branch, &view);
    if (r == OK)
        r = party_coming(rq, community, branch, &view.coming.v, &view.coming.n);
    if (r == OK)
        *ret_n = (int64_t)(view.waiting.n + view.coming.n);
    return r;
}

static const struct me_item items[] = {{T_party_me_title, "party", "/me/party", false, count_waiting}};
const struct me_table party_me = {.item = items, .n = PARTY_COUNT(items), .records = records};

/* ---- the table ------------------------------------------------------------------------------------------------------------------- */

#define MINE .need = CAP_SIGNED_IN
#define PARAMS(table) .params = table, .n_params = PARTY_COUNT(table)
#define WRITE .flags = ROUTE_WRITE | ROUTE_PERSONAL, .rate = RATE_WRITE, .again = show

static const struct route routes[] = {
    {HTTP_GET, "/me/party", "party.me", show, MINE, .flags = ROUTE_PERSONAL, .view = &me_party_info,
     .doc = "One's own membership, and what one does as a member"},
    {HTTP_POST, "/me/party/ask", "party.ask", ask, MINE, PARAMS(ask_params), WRITE,
     .doc = "Says that they are a member; a secretary confirms it"},
    {HTTP_POST, "/me/party/show", "party.show", badge_show, MINE, PARAMS(show_params), WRITE,
     .doc = "Agrees to showing it: a consent of its own, kept with time and version"},
    {HTTP_POST, "/me/party/hide", "party.hide", badge_hide, MINE, WRITE,
     .doc = "Takes that consent back; the badge is off everywhere at once"},
    {HTTP_POST, "/me/party/transfer", "party.transfer", transfer, MINE, PARAMS(transfer_params), WRITE,
     .doc = "Asks another branch to take one in; until it has, nothing changes"},
    {HTTP_POST, "/me/party/transfer/withdraw", "party.transfer_withdraw", transfer_withdraw, MINE, WRITE,
     .doc = "Takes that back"},
    {HTTP_POST, "/me/party/leave", "party.leave", leave, MINE, WRITE,
     .doc = "Ends the membership here, or takes the request back"},
    {HTTP_POST, "/me/party/commit", "party.commit", commit, MINE, PARAMS(commit_params), WRITE,
     .doc = "Promises the neighbours something by a day"},
    {HTTP_POST, "/me/party/kept", "party.kept", kept, MINE, PARAMS(commitment_params), WRITE,
     .doc = "A commitment is kept"},
    {HTTP_POST, "/me/party/drop", "party.drop", drop, MINE, PARAMS(commitment_params), WRITE,
     .doc = "Takes a commitment back"},
    {HTTP_POST, "/me/party/done", "party.done", done, MINE, PARAMS(task_params), WRITE,
     .doc = "What was taken up is done"},
    {HTTP_POST, "/me/party/give-back", "party.give_back", give_back, MINE, PARAMS(task_params), WRITE,
     .doc = "Gives back what was taken up"},
};
const struct module party_me_module = {.name = "party_me", .routes = routes, .n_routes = PARTY_COUNT(routes)};
