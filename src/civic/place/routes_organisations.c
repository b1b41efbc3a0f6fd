/* routes_organisations.c: /desk/organisations: the bodies of a place, and who acts for them. */
#include "civic/frame/frame.h"
#include "civic/person/person.h"
#include "civic/person/person_staff.h"
#include "civic/place/place.sql.h"
#include "civic/place/place_words.h"
#include "civic/place/routes.h"
#include "civic/place/views/desk_organisation.html.h"
#include "civic/place/views/desk_organisations.html.h"

enum { PAGE = 50, KINDS = 32 };

/* ---- what may stand where, and what its posts may do ------------------------------------------------------------- */

#define AT(level) (1u << (level))
#define COMMUNITY AT(PLACE_COMMUNITY)
#define STREET AT(PLACE_STREET)
#define DISTRICT AT(PLACE_DISTRICT)
#define CITY AT(PLACE_CITY)
#define ANYWHERE (COMMUNITY | STREET | DISTRICT | CITY)
#define ROLE(role) (1u << ROLE_##role)

/* Nobody rises by founding an office of their own: a kind stands at its levels only, and its posts have its roles only. Those who
 * administer, and those who audit, are named by who administers. */
static const struct {
    const char *kind;
    unsigned levels, roles;
} kinds[] = {
    {"residents_committee", COMMUNITY, ROLE(PARTY_SECRETARY) | ROLE(CADRE)},
    {"villagers_committee", COMMUNITY, ROLE(PARTY_SECRETARY) | ROLE(CADRE)},
    {"party_organisation", ANYWHERE, ROLE(HANDLER)},
    {"owners_committee", COMMUNITY, ROLE(HANDLER)},
    {"property_company", COMMUNITY | STREET, ROLE(HANDLER)},
    {"urban_management", COMMUNITY | STREET | DISTRICT, ROLE(HANDLER)},
    {"community_police", COMMUNITY | STREET, ROLE(COMMUNITY_POLICE) | ROLE(HANDLER)},
    {"family_doctor", COMMUNITY | STREET, ROLE(HANDLER)},
    {"social_organisation", ANYWHERE, ROLE(HANDLER)},
    {"charity", ANYWHERE, ROLE(HANDLER)},
    {"subdistrict_office", STREET, ROLE(STREET_OFFICER) | ROLE(HANDLER)},
    {"street_office", STREET, ROLE(STREET_OFFICER) | ROLE(HANDLER)},
    {"street_centre", STREET, ROLE(HANDLER)},
    {"grid_centre", STREET | DISTRICT, ROLE(GRID_OPERATOR) | ROLE(HANDLER)},
    {"affairs_centre", STREET, ROLE(HANDLER)},
    {"community_station", COMMUNITY, ROLE(HANDLER)},
    {"department", STREET | DISTRICT | CITY, ROLE(HANDLER)},
    {"mass_organisation", ANYWHERE, ROLE(HANDLER)}, /* trade union, youth league, women's federation */
    {"district_government", DISTRICT, ROLE(DISTRICT_OFFICER)},
    {"city_government", CITY, ROLE(CITY_OFFICER)},
    {"other", ANYWHERE, ROLE(HANDLER)},
};

static bool kind_stands_at(struct str kind, enum place_level level)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (str_eq(kind, str_from_cstr(kinds[i].kind)))
            return kinds[i].levels & AT(level);
    return false;
}

static unsigned roles_of(const struct request *rq, struct str kind)
{
    unsigned roles = 0;

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (str_eq(kind, str_from_cstr(kinds[i].kind)))
            roles = kinds[i].roles;
    if (access_allowed(viewer_of(rq), CAP_ADMINISTER, rq->place, NULL))
        roles |= ROLE(ADMINISTRATOR) | ROLE(AUDITOR);
    return roles;
}

/* ---- the subject ---------------------------------------------------------------------------------------------------- */

struct organisation_subject {
    struct subject_scope scope;
    struct organisation organisation;
};

static enum result load_organisation(struct request *rq)
{
    struct organisation_subject *s = arena_new(rq->arena, struct organisation_subject);
    enum result r = organisation_get(rq->db, rq->path_id[0], &s->organisation);

    if (r != OK)
        return r;
    s->scope.place = s->organisation.place;
    rq->place = s->organisation.place;
    rq->subject = s;
    return OK;
}

static const struct subject_kind organisation_subject = {"organisation", load_organisation};

static const struct organisation *organisation_here(const struct request *rq)
{
    return &((const struct organisation_subject *)rq->subject)->organisation;
}

static struct url organisation_url(struct request *rq, int64_t id, const char *tail)
{
    return url_path(rq->arena, "/desk/organisations/%" PRId64 "%s", id, tail);
}

/* ---- the list ---------------------------------------------------------------------------------------------------------- */

static const struct param list_params[] = {
    {.name = "after", .kind = PARAM_ID, .doc = "Paging: organisations behind this id"},
};

static void fill_kinds(struct request *rq, enum place_level level, struct desk_organisations_view *view)
{
    struct desk_organisations_kinds *v = arena_array(rq->arena, struct desk_organisations_kinds, KINDS);
    size_t n = 0;

    /* An office may found what stands at its own level or below. */
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds && n < KINDS; i++)
        if (kinds[i].levels >> level)
            v[n++] = (struct desk_organisations_kinds){str_from_cstr(kinds[i].kind),
                                                       organisation_kind_text(str_from_cstr(kinds[i].kind))};
    view->kinds.v = v;
    view->kinds.n = n;
}

static enum result list(struct request *rq)
{
    const struct place *place = place_of(rq);
    bool listing = rq->route->handle == list;
    int64_t after = listing && param_given(rq, 0) ? param_int(rq, 0) : 0;
    struct desk_organisations_view view = {.name = place_short_name(place->name),
                                           .levels = place->level != PLACE_COMMUNITY};
    struct desk_organisations_rows *row;
    struct organisations list;
    size_t n;
    enum result r = place->level == PLACE_COMMUNITY ? organisation_for(rq->db, place->code, &list)
                                                    : organisation_below(rq->db, place->code, after, PAGE + 1, &list);

    if (r != OK)
        return r;
    n = place->level != PLACE_COMMUNITY && list.n > PAGE ? PAGE : list.n;
    row = arena_array(rq->arena, struct desk_organisations_rows, n ? n : 1);
    for (size_t i = 0; i < n; i++) {
        const struct organisation *o = &list.organisation[i];
        struct place where;

        r = place_get(rq->db, o->place, &where);
        if (r != OK)
            return r;
        row[i] = (struct desk_organisations_rows){
            .organisation = o->id,
            .name = o->name,
            .kind = text(rq->lang, organisation_kind_text(o->kind)),
            .phone = o->phone,
            .where = place_short_name(where.name),
            .own = access_allowed(viewer_of(rq), CAP_ORGANISATION_EDIT, o->place, NULL),
        };
        if (row[i].own)
            row[i].url = organisation_url(rq, o->id, "");
    }
    view.rows.v = row;
    view.rows.n = n;
    if (n < list.n)
        view.older = url_path(rq->arena, "/desk/organisations?after=%" PRId64, row[n - 1].organisation);
    fill_kinds(rq, place->level, &view);
    return respond_view(rq, desk_organisations, &view);
}

/* A code that does not fit is asked about once more; one that cannot be a code is refused. Writes the stored form. */
static enum result credit_code(struct request *rq, struct str given, bool sure, struct str *ret_code)
{
    char code[19];

    *ret_code = STR_NONE;
    if (given.len == 0)
        return OK;
    switch (credit_code_check(given, code)) {
    case CREDIT_MALFORMED: return request_invalid(rq, "credit_code", T_place_desk_credit_malformed);
    case CREDIT_DOUBTFUL:
        if (!sure)
            return request_invalid(rq, "credit_code", T_place_desk_credit_doubtful);
        break;
    case CREDIT_FINE: break;
    }
    *ret_code = str_dup(rq->arena, str_from_cstr(code));
    return OK;
}

/* Digits as people write them, an extension perhaps; url_tel() must find a number in it. */
static bool phone_fits(struct request *rq, struct str phone)
{
    return phone.len == 0 || url_tel(rq->arena, phone).s.len > 0;
}

enum { NEW_NAME, NEW_KIND, NEW_AT, NEW_PHONE, NEW_CREDIT, NEW_SURE, NEW_PARAMS };
static const struct param new_params[NEW_PARAMS] = {
    [NEW_NAME] = {.name = "name", .kind = PARAM_TEXT, .required = true, .max = 100, .doc = "Full name"},
    [NEW_KIND] = {.name = "kind",
                  .kind = PARAM_TEXT,
                  .required = true,
                  .max = 40,
                  .doc = "residents_committee, property_company …"},
    [NEW_AT] = {.name = "at",
                .kind = PARAM_TEXT,
                .max = 12,
                .doc = "Code of the place that it is attached to; default the post's own"},
    [NEW_PHONE] = {.name = "phone", .kind = PARAM_TEXT, .max = 40, .doc = "Of the office, public"},
    [NEW_CREDIT] = {.name = "credit_code", .kind = PARAM_TEXT, .max = 24, .doc = "GB 32100, eighteen signs"},
    [NEW_SURE] = {.name = "credit_sure",
                  .kind = PARAM_BOOL,
                  .doc = "The code is right although its check sign does not fit"},
};

static enum result add(struct request *rq)
{
    struct organisation o = {.place = rq->place,
                             .kind = param_text(rq, NEW_KIND),
                             .name = param_text(rq, NEW_NAME),
                             .phone = param_text(rq, NEW_PHONE)};
    enum result r;

    if (param_given(rq, NEW_AT) && place_parse(param_text(rq, NEW_AT), &o.place) != OK)
        return request_invalid(rq, "at", T_place_desk_no_such_place);
    if (!access_allowed(viewer_of(rq), CAP_ORGANISATION_EDIT, o.place, NULL))
        return request_invalid(rq, "at", T_place_desk_not_yours);
    if (!organisation_kind_known(o.kind))
        return request_invalid(rq, "kind", T_app_field_choice);
    if (!kind_stands_at(o.kind, place_level_of(o.place)))
        return request_invalid(rq, "kind", T_place_desk_kind_not_here);
    if (!phone_fits(rq, o.phone))
        return request_invalid(rq, "phone", T_place_desk_phone_wrong);
    r = credit_code(rq, param_text(rq, NEW_CREDIT), param_int(rq, NEW_SURE), &o.credit_code);
    if (r == OK)
        r = organisation_create(rq->db, &o, rq->now, rq->person);
    else
        return r;
    if (r == E_INVALID)
        return request_invalid(rq, "at", T_place_desk_no_such_place);
    return r == OK ? respond_created(rq, organisation_url(rq, o.id, ""), o.id, T_place_desk_organisation_added) : r;
}

/* ---- one organisation ------------------------------------------------------------------------------------------------------ */

static enum result fill_posts(struct request *rq, const struct organisation *o, struct desk_organisation_view *view)
{
    unsigned roles = roles_of(rq, o->kind);
    struct desk_organisation_roles *role = arena_array(rq->arena, struct desk_organisation_roles, ROLE_COUNT);
    struct desk_organisation_posts *post;
    struct staff_posts posts;
    size_t n = 0;
    enum result r = staff_of(rq->db, o->id, rq->now, &posts);

    if (r != OK)
        return r;
    post = arena_array(rq->arena, struct desk_organisation_posts, posts.n ? posts.n : 1);
    for (size_t i = 0; i < posts.n; i++)
        post[i] = (struct desk_organisation_posts){
            .post = posts.post[i].id,
            .name = posts.post[i].name,
            .role = role_text(posts.post[i].role),
            .title = posts.post[i].title,
            .since = posts.post[i].since,
            .mine = posts.post[i].person == rq->person,
            .end = url_path(rq->arena, "/desk/organisations/%" PRId64 "/posts/%" PRId64 "/end", o->id,
                            posts.post[i].id),
        };
    for (int i = ROLE_NONE + 1; i < ROLE_COUNT; i++)
        if (roles & (1u << i))
            role[n++] = (struct desk_organisation_roles){str_from_cstr(role_word((enum role)i)),
                                                         role_text((enum role)i)};
    view->posts.v = post;
    view->posts.n = posts.n;
    view->roles.v = role;
    view->roles.n = n;
    return OK;
}

static enum result show(struct request *rq)
{
    const struct organisation *o = organisation_here(rq);
    struct desk_organisation_view view = {
        .organisation = o->id,
        .name = o->name,
        .kind = text(rq->lang, organisation_kind_text(o->kind)),
        .place = o->place,
        .credit_code = o->credit_code,
        .phone = o->phone,
        .ended = o->valid_to,
        .save = organisation_url(rq, o->id, ""),
        .close = organisation_url(rq, o->id, "/end"),
        .appoint = organisation_url(rq, o->id, "/posts"),
        .serve = organisation_url(rq, o->id, "/serve"),
    };
    struct sql_organisation_serves_rows serves;
    struct desk_organisation_serves *s;
    enum result r = place_full_name(rq->db, o->place, &view.where);

    if (r == OK)
        r = sql_organisation_serves(rq->db, o->id, &serves);
    if (r == OK)
        r = fill_posts(rq, o, &view);
    if (r != OK)
        return r;
    s = arena_array(rq->arena, struct desk_organisation_serves, serves.n ? serves.n : 1);
    for (size_t i = 0; i < serves.n; i++)
        s[i] = (struct desk_organisation_serves){serves.row[i].place, serves.row[i].name};
    view.serves.v = s;
    view.serves.n = serves.n;
    return respond_view(rq, desk_organisation, &view);
}

/* What the forms of the page change. */
static struct str organisation_version(struct request *rq)
{
    const struct organisation *o = organisation_here(rq);

    return str_printf(rq->arena, STR_FMT "\n" STR_FMT "\n" STR_FMT "\n%" PRId64, STR_ARG(o->name), STR_ARG(o->phone),
                      STR_ARG(o->credit_code), o->valid_to);
}

enum { SAVE_NAME, SAVE_PHONE, SAVE_CREDIT, SAVE_SURE, SAVE_PARAMS };
static const struct param save_params[SAVE_PARAMS] = {
    [SAVE_NAME] = {.name = "name", .kind = PARAM_TEXT, .required = true, .max = 100, .doc = "Full name"},
    [SAVE_PHONE] = {.name = "phone", .kind = PARAM_TEXT, .max = 40, .doc = "Of the office, public"},
    [SAVE_CREDIT] = {.name = "credit_code", .kind = PARAM_TEXT, .max = 24, .doc = "GB 32100, eighteen signs"},
    [SAVE_SURE] = {.name = "credit_sure",
                   .kind = PARAM_BOOL,
                   .doc = "The code is right although its check sign does not fit"},
};

static enum result save(struct request *rq)
{
    struct organisation o = *organisation_here(rq);
    enum result r;

    o.name = param_text(rq, SAVE_NAME);
    o.phone = param_text(rq, SAVE_PHONE);
    if (!phone_fits(rq, o.phone))
        return request_invalid(rq, "phone", T_place_desk_phone_wrong);
    r = credit_code(rq, param_text(rq, SAVE_CREDIT), param_int(rq, SAVE_SURE), &o.credit_code);
    if (r == OK)
        r = organisation_update(rq->db, &o, rq->now, rq->person);
    if (r == E_CONFLICT)
        return request_refuse(rq, r, T_place_desk_has_ended);
    return r == OK ? respond_see_other(rq, organisation_url(rq, o.id, ""), T_place_desk_saved) : r;
}

static enum result end(struct request *rq)
{
    enum result r;

    if (viewer_post_in(viewer_of(rq), organisation_here(rq)->id))
        return request_refuse(rq, E_CONFLICT, T_place_desk_own_organisation);
    r = organisation_end(rq->db, organisation_here(rq)->id, rq->now, rq->person);
    if (r == E_CONFLICT)
        return request_refuse(rq, r, T_place_desk_has_ended);
    return r == OK ? respond_see_other(rq, url_path(rq->arena, "/desk/organisations"), T_place_desk_organisation_ended)
                   : r;
}

enum { SERVE_AT, SERVE_YES, SERVE_PARAMS };
static const struct param serve_params[SERVE_PARAMS] = {
    [SERVE_AT] = {.name = "serve_at", .kind = PARAM_TEXT, .required = true, .max = 12, .doc = "Code of the place"},
    [SERVE_YES] = {.name = "serves",
                   .kind = PARAM_CHOICE,
                   .required = true,
                   .choices = "no,yes",
                   .doc = "Whether it serves that place"},
};

/* Both places must be the editor's: nobody sends their property company into somebody else's community. */
static enum result serve(struct request *rq)
{
    int64_t place;
    struct place at;
    enum result r;

    if (place_parse(param_text(rq, SERVE_AT), &place) != OK || place_get(rq->db, place, &at) != OK || at.valid_to)
        return request_invalid(rq, "serve_at", T_place_desk_no_such_place);
    if (!access_allowed(viewer_of(rq), CAP_ORGANISATION_EDIT, place, NULL))
        return request_invalid(rq, "serve_at", T_place_desk_not_yours);
    r = organisation_serve(rq->db, organisation_here(rq)->id, place, param_int(rq, SERVE_YES) == 1);
    return r == OK ? respond_see_other(rq, organisation_url(rq, organisation_here(rq)->id, ""), T_place_desk_saved) : r;
}

/* ---- posts -------------------------------------------------------------------------------------------------------------------- */

enum { POST_WHO, POST_ROLE, POST_TITLE, POST_PARAMS };
static const struct param post_params[POST_PARAMS] = {
    [POST_WHO] = {.name = "who",
                  .kind = PARAM_TEXT,
                  .required = true,
                  .secret = true,
                  .max = 40,
                  .doc = "Login or mobile number of an account"},
    [POST_ROLE] = {.name = "role",
                   .kind = PARAM_TEXT,
                   .required = true,
                   .max = 40,
                   .doc = "cadre, handler …: one that this kind of organisation has"},
    [POST_TITLE] = {.name = "title", .kind = PARAM_TEXT, .max = 30, .doc = "As on the door"},
};

static enum result appoint(struct request *rq)
{
    const struct organisation *o = organisation_here(rq);
    enum role role = role_from_word(param_text(rq, POST_ROLE));
    struct str title = param_text(rq, POST_TITLE);
    int64_t person, post;
    enum result r;

    if (o->valid_to)
        return request_refuse(rq, E_CONFLICT, T_place_desk_has_ended);
    if (role == ROLE_NONE || !(roles_of(rq, o->kind) & (1u << role)))
        return request_invalid(rq, "role", T_app_field_choice);
    r = services_of(rq) ? staff_find(rq->db, services_of(rq)->keys, param_text(rq, POST_WHO), &person) : E_BUSY;
    if (r == E_NOT_FOUND || r == E_INVALID)
        return request_invalid(rq, "who", T_place_desk_nobody);
    if (r == OK)
        r = staff_appoint(rq->db, person, o->id, role, title.len ? title : text(rq->lang, role_text(role)), rq->person,
                          rq->now, &post);
    if (r == E_CONFLICT)
        return request_invalid(rq, "who", T_place_desk_has_post);
    return r == OK ? respond_created(rq, organisation_url(rq, o->id, ""), post, T_place_desk_appointed) : r;
}

static enum result dismiss(struct request *rq)
{
    enum result r = staff_dismiss(rq->db, organisation_here(rq)->id, rq->path_id[1], rq->person, rq->now);

    if (r == E_CONFLICT)
        return request_refuse(rq, r, T_place_desk_not_dismissed);
    return r == OK ? respond_see_other(rq, organisation_url(rq, organisation_here(rq)->id, ""), T_place_desk_dismissed)
                   : r;
}

#define PARAMS(table) .params = table, .n_params = sizeof(table) / sizeof((table)[0])
#define EDIT(kind) .subject = &(kind), .need = CAP_ORGANISATION_EDIT
#define WRITES .flags = ROUTE_WRITE, .rate = RATE_WRITE

const struct route place_organisation_routes[PLACE_ORGANISATION_ROUTES] = {
    {HTTP_GET, "/desk/organisations", "organisation.list", .handle = list, EDIT(place_of_post), PARAMS(list_params),
     .view = &desk_organisations_info, .doc = "Organisations of the post's place and below, or serving it"},
    {HTTP_POST, "/desk/organisations", "organisation.add", .handle = add, EDIT(place_of_post), PARAMS(new_params),
     WRITES, .again = list, .doc = "Adds an organisation"},
    {HTTP_GET, "/desk/organisations/{organisation}", "organisation.show", .handle = show, EDIT(organisation_subject),
     .version = organisation_version, .view = &desk_organisation_info, .doc = "One organisation with its posts"},
    {HTTP_POST, "/desk/organisations/{organisation}", "organisation.save", .handle = save, EDIT(organisation_subject),
     PARAMS(save_params), WRITES, .again = show, .version = organisation_version,
     .doc = "Changes name, phone, credit code"},
    {HTTP_POST, "/desk/organisations/{organisation}/end", "organisation.end", .handle = end, EDIT(organisation_subject),
     WRITES, .again = show, .version = organisation_version, .doc = "Ends an organisation; its past stays"},
    {HTTP_POST, "/desk/organisations/{organisation}/serve", "organisation.serve", .handle = serve,
     EDIT(organisation_subject), PARAMS(serve_params), WRITES, .again = show,
     .doc = "Says whether it also serves another place"},
    {HTTP_POST, "/desk/organisations/{organisation}/posts", "organisation.appoint", .handle = appoint,
     EDIT(organisation_subject), PARAMS(post_params), WRITES, .again = show, .doc = "Gives somebody a post"},
    {HTTP_POST, "/desk/organisations/{organisation}/posts/{post}/end", "organisation.dismiss", .handle = dismiss,
     EDIT(organisation_subject), WRITES, .again = show, .doc = "Ends a post"},
};
