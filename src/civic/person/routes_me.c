/* routes_me.c: my own page: household, identity, devices, password. What is kept about me: routes_data.c. */
#include "civic/person/person.sql.h"
#include "civic/person/room.h"
#include "civic/person/views/me.html.h"
#include "civic/person/views/me_household.html.h"
#include "civic/person/views/me_identity.html.h"
#include "civic/person/views/me_password.html.h"
#include "civic/person/views/me_sessions.html.h"
#include "civic/wechat/wechat.h"
#include "engine/app/session.h"
#include "engine/base/ids.h"

enum { THINGS_MAX = 40 };

static const struct me_table *const *me_tables;
static size_t n_me_tables;

void me_use(const struct me_table *const *tables, size_t n)
{
    me_tables = tables;
    n_me_tables = n;
}

const struct me_table *const *me_tables_all(size_t *ret_n)
{
    *ret_n = n_me_tables;
    return me_tables;
}

/* ---- my page ------------------------------------------------------------------------------------------------------- */

static enum result fill_things(struct request *rq, int64_t community, struct me_view *view)
{
    struct me_things *to = arena_array(rq->arena, struct me_things, THINGS_MAX);
    size_t n = 0;

    for (size_t t = 0; t < n_me_tables; t++)
        for (size_t i = 0; i < me_tables[t]->n && n < THINGS_MAX; i++) {
            const struct me_item *item = &me_tables[t]->item[i];
            enum result r;

            if (item->in_community && community == 0)
                continue;
            to[n] = (struct me_things){
                .label = item->label,
                .icon = str_from_cstr(item->icon),
                .url = item->in_community ? url_path(rq->arena, "/p/%" PRId64 "%s", community, item->path)
                                          : url_path(rq->arena, "/%s", item->path + 1),
            };
            if (item->count) {
                r = item->count(rq, community, &to[n].count);
                if (r != OK && r != E_NOT_FOUND)
                    return r;
                to[n].counted = r == OK;
            }
            n++;
        }
    view->things.v = to;
    view->things.n = n;
    return OK;
}

static enum result fill_homes(struct request *rq, struct me_view *view)
{
    struct sql_residence_of_person_rows rows;
    struct me_homes *to;
    size_t n = 0;
    enum result r = sql_residence_of_person(rq->db, rq->person, &rows);

    if (r != OK)
        return r;
    to = arena_array(rq->arena, struct me_homes, rows.n + 1);
    for (size_t i = 0; i < rows.n; i++) {
        const struct sql_residence_of_person *row = &rows.row[i];

        if (str_eq(row->state, STR("ended")))
            continue;
        to[n++] = (struct me_homes){
            .name = str_printf(rq->arena, STR_FMT " " STR_FMT " " STR_FMT, STR_ARG(row->estate_name),
                               STR_ARG(row->building_name), STR_ARG(row->room)),
            .state = residence_state_text(row->state),
            .verified = str_eq(row->state, STR("verified")),
            .waiting = str_eq(row->state, STR("waiting")),
        };
    }
    view->homes.v = to;
    view->homes.n = n;
    return OK;
}

static enum result me_show(struct request *rq)
{
    const struct viewer *viewer = viewer_of(rq);
    struct me_view view = {.name = viewer->shown_name.len ? viewer->shown_name
                                                          : text(rq->lang, T_person_demo_nameless)};
    int64_t community = viewer->n_residences ? viewer->residence[0].community : 0;
    struct session_row *sessions;
    struct me_posts *posts = arena_array(rq->arena, struct me_posts, viewer->n_posts + 1);
    struct sql_person_get row;
    size_t n_sessions;
    enum result r = sql_person_get(rq->db, rq->person, &row);

    if (r != OK || (r = fill_things(rq, community, &view)) != OK || (r = fill_homes(rq, &view)) != OK ||
        (r = session_list(rq, &sessions, &n_sessions)) != OK)
        return r;
    for (size_t i = 0; i < viewer->n_posts; i++)
        posts[i] = (struct me_posts){viewer->post[i].organisation_name, viewer->post[i].title,
                                     role_text((enum role)viewer->post[i].role)};
    view.posts.v = posts;
    view.posts.n = viewer->n_posts;
    view.initial = str_utf8_cut(view.name, 1);
    view.wechat = wechat_on(services_of(rq)->wechat);
    view.party = viewer->party_badge;
    view.sessions = (int64_t)n_sessions;
    view.has_password = row.password_hash.len > 0;
    view.has_second = row.totp_sealed.len > 0;
    return respond_view(rq, me, &view);
}

/* ---- the household --------------------------------------------------------------------------------------------------- */

static enum result household_show(struct request *rq)
{
    const struct viewer *viewer = viewer_of(rq);
    struct me_household_view view = {0};
    struct me_household_homes *homes = arena_array(rq->arena, struct me_household_homes, viewer->n_residences + 1);
    size_t n = 0;

    for (size_t i = 0; i < viewer->n_residences; i++) {
        const struct viewer_residence *home = &viewer->residence[i];
        struct me_household_homes *to = &homes[n++];
        struct sql_residence_members_rows members;
        struct me_member_view *member;
        struct sql_residence_get row;
        enum result r = sql_residence_get(rq->db, home->community, home->id, &row);

        if (r != OK)
            return r;
        *to = (struct me_household_homes){
            .name = str_printf(rq->arena, STR_FMT " " STR_FMT " " STR_FMT, STR_ARG(row.estate_name),
                               STR_ARG(row.building_name), STR_ARG(row.room)),
            .verified = home->verified,
        };
        if (!home->verified)
            continue; /* whoever says that they live here learns nothing of those who do */
        if ((r = sql_residence_members(rq->db, home->community, home->dwelling, &members)) != OK)
            return r;
        member = arena_array(rq->arena, struct me_member_view, members.n + 1);
        for (size_t k = 0; k < members.n; k++)
            member[k] = (struct me_member_view){
                .name = members.row[k].shown_name,
                .relation = relation_text(members.row[k].relation),
                .state = residence_state_text(members.row[k].state),
                .verified = str_eq(members.row[k].state, STR("verified")),
                .me = members.row[k].person == rq->person,
                .party = members.row[k].party_badge,
            };
        to->members.v = member;
        to->members.n = members.n;
    }
    view.homes.v = homes;
    view.homes.n = n;
    return respond_view(rq, me_household, &view);
}

/* ---- name, document, homes --------------------------------------------------------------------------------------------- */

static enum result identity_show(struct request *rq)
{
    struct me_identity_view view = {0};
    struct me_identity_homes *homes;
    struct sql_residence_of_person_rows rows;
    struct person_identity identity;
    struct sql_person_get person;
    size_t n = 0;
    enum result r = sql_person_get(rq->db, rq->person, &person);

    if (r != OK || (r = person_open_identity(rq->db, services_of(rq)->keys, rq->person, &identity)) != OK ||
        (r = sql_residence_of_person(rq->db, rq->person, &rows)) != OK)
        return r;
    homes = arena_array(rq->arena, struct me_identity_homes, rows.n + 1);
    for (size_t i = 0; i < rows.n; i++) {
        const struct sql_residence_of_person *row = &rows.row[i];

        if (str_eq(row->state, STR("ended")))
            continue;
        homes[n++] = (struct me_identity_homes){
            .id = row->id,
            .community = row->community,
            .name = str_printf(rq->arena, STR_FMT " " STR_FMT " " STR_FMT, STR_ARG(row->estate_name),
                               STR_ARG(row->building_name), STR_ARG(row->room)),
            .relation = relation_text(row->relation),
            .state = residence_state_text(row->state),
            .verified = str_eq(row->state, STR("verified")),
            .waiting = str_eq(row->state, STR("waiting")),
            .refused = str_eq(row->state, STR("refused")),
        };
    }
    view.homes.v = homes;
    view.homes.n = n;
    view.shown = person.shown_name;
    view.name = person_name_mask(rq->arena, identity.name);
    view.kind = document_kind_text(identity.document_kind);
    view.number = document_mask(rq->arena, identity.document);
    view.phone = mobile_mask(rq->arena, identity.phone);
    view.given = identity.document.len > 0;
    view.can_correct = n > 0;
    return respond_view(rq, me_identity, &view);
}

enum { END_COMMUNITY, END_RESIDENCE, END_PARAMS };
static const struct param end_params[END_PARAMS] = {
    [END_COMMUNITY] = {"community", PARAM_ID, .required = true},
    [END_RESIDENCE] = {"residence", PARAM_ID, .required = true, .doc = "One of the person's own"},
};

static enum result residence_end(struct request *rq)
{
    enum result r = join_end(rq->db, param_int(rq, END_COMMUNITY), param_int(rq, END_RESIDENCE), rq->person, 0,
                             rq->now);

    if (r == E_DENIED)
        return E_NOT_FOUND; /* somebody else's: no word about it */
    return r == OK ? respond_see_other(rq, url_path(rq->arena, "/me/identity"), T_person_residence_ended) : r;
}

static const struct param correct_params[] = {
    {"words", PARAM_LINES, .required = true, .secret = true, .min = 2, .max = 500,
     .doc = "What is wrong, and what it should be"},
};

/* Goes to the committee where the person lives: who knows them decides. */
static enum result correct(struct request *rq)
{
    const struct viewer *viewer = viewer_of(rq);
    int64_t id = id_new(), community;
    struct ledger_event e;
    enum result r;

    if (viewer->n_residences == 0)
        return request_invalid(rq, "words", T_person_identity_correct_none);
    community = viewer->residence[0].community;
    e = (struct ledger_event){
        .community = community,
        .at = rq->now,
        .actor = rq->person,
        .verb = STR("correction_asked"),
        .subject_kind = STR("correction"),
        .subject = id,
        .after = STR("waiting"),
        .text_hash = ledger_text_hash(rq->arena, id, param_text(rq, 0)),
    };
    r = sql_correction_put(
        rq->db, community, id, rq->person,
        crypto_seal(services_of(rq)->keys, rq->arena, param_text(rq, 0), correction_context(rq->arena, id)), rq->now);
    if (r == OK)
        r = sql_person_correction_put(rq->db, rq->person, community, id);
    if (r == OK)
        r = ledger_append(rq->db, &e);
    return r == OK ? respond_see_other(rq, url_path(rq->arena, "/me/identity"), T_person_identity_correct_sent) : r;
}

/* ---- devices ------------------------------------------------------------------------------------------------------------ */

static enum result sessions_show(struct request *rq)
{
    struct me_sessions_view view = {0};
    struct me_sessions_sessions *to;
    struct session_row *rows;
    size_t n;
    enum result r = session_list(rq, &rows, &n);

    if (r != OK)
        return r;
    to = arena_array(rq->arena, struct me_sessions_sessions, n + 1);
    for (size_t i = 0; i < n; i++)
        to[i] = (struct me_sessions_sessions){
            .id = rows[i].id,
            .device = rows[i].device.len ? rows[i].device : text(rq->lang, T_person_sessions_unknown),
            .current = rows[i].current,
            .created_at = rows[i].created_at,
            .seen_at = rows[i].seen_at,
        };
    view.sessions.v = to;
    view.sessions.n = n;
    view.several = n > 1;
    return respond_view(rq, me_sessions, &view);
}

static const struct param session_params[] = {
    {"session", PARAM_ID, .required = true, .doc = "One of the person's own"},
};

static enum result sessions_end(struct request *rq)
{
    enum result r = session_end_one(rq, param_int(rq, 0));

    return r == OK ? respond_see_other(rq, url_path(rq->arena, "/me/sessions"), T_person_sessions_ended) : r;
}

static enum result sessions_end_others(struct request *rq)
{
    enum result r = session_end_others(rq->db, rq->person, rq->session);

    return r == OK ? respond_see_other(rq, url_path(rq->arena, "/me/sessions"), T_person_sessions_ended) : r;
}

/* ---- the password --------------------------------------------------------------------------------------------------------- */

static enum result password_show(struct request *rq)
{
    struct me_password_view view = {0};
    struct sql_person_get row;
    enum result r = sql_person_get(rq->db, rq->person, &row);

    view.has = r == OK && row.password_hash.len > 0;
    return r == OK ? respond_view(rq, me_password, &view) : r;
}

enum { PASSWORD_NOW, PASSWORD_NEW, PASSWORD_PARAMS };
static const struct param password_params[PASSWORD_PARAMS] = {
    [PASSWORD_NOW] = {"now", PARAM_TEXT, .secret = true, .max = PASSWORD_MAX,
                      .doc = "The password until now, if there is one"},
    [PASSWORD_NEW] = {"password", PARAM_TEXT, .required = true, .secret = true, .max = 1000,
                      .doc = "The new one: 8 to 128 signs"},
};

struct password_change {
    bool wrong;
    struct str hash;
};

static enum result password_prepare(struct request *rq)
{
    struct password_change *change = arena_new(rq->arena, struct password_change);
    struct person_identity identity;
    struct sql_person_login_of login = {0};
    struct sql_person_get row;
    enum password_fault fault;
    enum result r = sql_person_get(rq->db, rq->person, &row);

    rq->prepared = change;
    if (r != OK || (r = person_open_identity(rq->db, services_of(rq)->keys, rq->person, &identity)) != OK)
        return r;
    r = sql_person_login_of(rq->db, rq->person, &login);
    if (r != OK && r != E_NOT_FOUND)
        return r;
    if (row.password_hash.len) {
        r = crypto_password_verify(row.password_hash, param_text(rq, PASSWORD_NOW));
        if (r == E_BUSY)
            return r;
        change->wrong = r != OK;
        if (change->wrong)
            return OK; /* counted in the transaction */
    }
    fault = password_check(param_text(rq, PASSWORD_NEW), login.login, identity.phone,
                           app_config(rq->app)->security.profile);
    if (fault != PASSWORD_FINE)
        return request_invalid(rq, "password", password_fault_text(fault));
    if (row.password_hash.len) { /* one that is to be renewed is not renewed by itself */
        r = crypto_password_verify(row.password_hash, param_text(rq, PASSWORD_NEW));
        if (r == E_BUSY)
            return r;
        if (r == OK)
            return request_invalid(rq, "password", T_person_password_same);
    }
    return crypto_password_hash(rq->arena, param_text(rq, PASSWORD_NEW), &change->hash);
}

static enum result password_save(struct request *rq)
{
    const struct password_change *change = rq->prepared;
    const struct crypto_keys *keys = services_of(rq)->keys;
    struct str subject = str_printf(rq->arena, "password:%" PRId64, rq->person);
    bool staff = viewer_of(rq)->n_posts > 0;
    int64_t wait;
    enum result r = sign_in_wait(rq->db, keys, "second", subject, rq->now, &wait);

    if (r != OK)
        return r;
    if (wait) {
        request_error(rq, "now", T_person_sign_in_wait);
        return OK;
    }
    if (change->wrong) {
        request_error(rq, "now", T_person_password_now_wrong);
        return sign_in_failed(rq->db, keys, "second", subject, rq->now);
    }
    if ((r = sql_person_set_password(rq->db, rq->person, change->hash, rq->now)) != OK ||
        (r = sign_in_succeeded(rq->db, keys, "second", subject)) != OK ||
        (r = session_start(rq, rq->person, staff)) != OK ||
        (r = session_end_others(rq->db, rq->person, rq->session)) != OK)
        return r;
    return respond_see_other(rq, url_path(rq->arena, "/me"), T_person_password_changed);
}

/* ---- the table ---------------------------------------------------------------------------------------------------------------- */

#define PARAMS(table) .params = table, .n_params = PERSON_COUNT(table)
#define MINE .need = CAP_SIGNED_IN
#define WRITE (ROUTE_WRITE | ROUTE_PERSONAL)

static const struct route routes[] = {
    {HTTP_GET, "/me", "me.show", me_show, MINE, .flags = ROUTE_PERSONAL, .view = &me_info,
     .doc = "The person's own page"},
    {HTTP_GET, "/me/household", "me.household", household_show, MINE, .flags = ROUTE_PERSONAL,
     .view = &me_household_info, .doc = "Who is registered in the same home"},
    {HTTP_GET, "/me/identity", "me.identity", identity_show, MINE, .flags = ROUTE_PERSONAL, .view = &me_identity_info,
     .doc = "Name, document, homes; masked"},
    {HTTP_POST, "/me/residence/end", "me.residence_end", residence_end, MINE, PARAMS(end_params), .flags = WRITE,
     .doc = "The person has moved out"},
    {HTTP_POST, "/me/correct", "me.correct", correct, MINE, PARAMS(correct_params), .flags = WRITE,
     .again = identity_show, .doc = "Asks the committee to correct what is kept"},
    {HTTP_GET, "/me/sessions", "me.sessions", sessions_show, MINE, .flags = ROUTE_PERSONAL, .view = &me_sessions_info,
     .doc = "The browsers that are signed in"},
    {HTTP_POST, "/me/sessions/end", "me.session_end", sessions_end, MINE, PARAMS(session_params), .flags = WRITE,
     .doc = "Signs one of them out"},
    {HTTP_POST, "/me/sessions/end-others", "me.session_end_others", sessions_end_others, MINE, .flags = WRITE,
     .doc = "Signs all others out"},
    {HTTP_GET, "/me/password", "me.password_show", password_show, .need = CAP_ACCOUNT, .flags = ROUTE_PERSONAL,
     .view = &me_password_info, .doc = "The page to set or change the password"},
    {HTTP_POST, "/me/password", "me.password", password_save, .before = password_prepare, .need = CAP_ACCOUNT,
     PARAMS(password_params), .flags = WRITE | ROUTE_NO_KEY, .rate = RATE_SIGN_IN, .again = password_show,
     .doc = "Sets the password; other sessions end"},
};

const struct module me_module = {
    .name = "me",
    .routes = routes,
    .n_routes = PERSON_COUNT(routes),
};
