/* routes_join.c: from the code on the estate's wall to a verified resident, in five steps.
 *
 * What is said in one step waits for the next on our side, sealed, for an hour; addresses and pages carry none of it. */
#include "civic/person/person.sql.h"
#include "civic/person/room.h"
#include "civic/person/views/join_code.html.h"
#include "civic/person/views/join_consent.html.h"
#include "civic/person/views/join_home.html.h"
#include "civic/person/views/join_name.html.h"
#include "civic/person/views/join_start.html.h"
#include "civic/person/views/join_waiting.html.h"
#include "civic/person/views/privacy_notice.html.h"

/* ---- what has been said so far -------------------------------------------------------------------------------- */

enum { D_COMMUNITY, D_ESTATE, D_MOBILE, D_NAME, D_KIND, D_NUMBER, D_BUILDING, D_DWELLING, D_RELATION, D_FIELDS };

struct draft {
    struct str field[D_FIELDS];
    int64_t community, estate, building, dwelling;
};

static int64_t number_of(struct str s)
{
    int64_t n;

    return str_int64(s, 1, INT64_MAX, &n) == OK ? n : 0;
}

static bool draft_get(struct request *rq, struct draft *d)
{
    struct str rest = note_get(rq, "join");

    *d = (struct draft){0};
    for (size_t i = 0; i < D_FIELDS; i++)
        if (!str_cut(&rest, '\n', &d->field[i]))
            break;
    d->community = number_of(d->field[D_COMMUNITY]);
    d->estate = number_of(d->field[D_ESTATE]);
    d->building = number_of(d->field[D_BUILDING]);
    d->dwelling = number_of(d->field[D_DWELLING]);
    return d->community && d->estate;
}

static enum result draft_put(struct request *rq, const struct draft *d)
{
    struct buf b;

    buf_init(&b, rq->arena, 256, 4096);
    for (size_t i = 0; i < D_FIELDS; i++) {
        buf_put(&b, d->field[i]);
        buf_putc(&b, '\n');
    }
    return note_put(rq, "join", buf_str(&b));
}

static struct str id_text(struct arena *a, int64_t id)
{
    return str_printf(a, "%" PRId64, id);
}

static enum result lost(struct request *rq)
{
    return request_refuse(rq, E_GONE, T_person_step_lost);
}

static enum result help(struct request *rq, int64_t community, struct join_help_view *ret)
{
    struct help_phone phone;
    enum result r = help_phone(rq, community, &phone);

    if (r == OK)
        *ret = (struct join_help_view){phone.organisation, phone.number, phone.tel};
    return r;
}

/* ---- 1: the phone ------------------------------------------------------------------------------------------------ */

enum { START_ESTATE, START_PHONE, START_PARAMS };
static const struct param estate_params[] = {
    [START_ESTATE] = {"estate", PARAM_TEXT, .max = 64, .doc = "The code on the estate's poster"},
};
static const struct param start_params[START_PARAMS] = {
    [START_ESTATE] = {"estate", PARAM_TEXT, .required = true, .max = 64, .doc = "The code on the estate's poster"},
    [START_PHONE] = {"phone", PARAM_TEXT, .secret = true, .max = 30,
                     .doc = "A mainland mobile number; not when signed in"},
};

static enum result start_show(struct request *rq)
{
    struct join_start_view view = {.signed_in = rq->person != 0};
    struct estate estate;
    struct place place;
    enum result r = estate_by_code(rq->db, param_text(rq, START_ESTATE), &estate);

    if (r == E_NOT_FOUND)
        return respond_view(rq, join_start, &view);
    if (r != OK || (r = place_get(rq->db, estate.community, &place)) != OK ||
        (r = help(rq, estate.community, &view.help)) != OK)
        return r;
    if (viewer_residence_in(viewer_of(rq), estate.community))
        return respond_see_other(rq, url_path(rq->arena, "/join/waiting"), T_none);
    view.found = true;
    view.code = estate.qr_code;
    view.estate = estate.name;
    view.community = place.name;
    view.look = url_path(rq->arena, "/p/%" PRId64, estate.community);
    return respond_view(rq, join_start, &view);
}

static enum result start_send(struct request *rq)
{
    struct draft d = {0};
    struct estate estate;
    char mobile[12];
    bool sent;
    enum result r = estate_by_code(rq->db, param_text(rq, START_ESTATE), &estate);

    if (r == E_NOT_FOUND)
        return request_refuse(rq, E_NOT_FOUND, T_person_join_no_estate);
    if (r != OK)
        return r;
    d.field[D_COMMUNITY] = id_text(rq->arena, estate.community);
    d.field[D_ESTATE] = id_text(rq->arena, estate.id);
    if (rq->person) {
        r = draft_put(rq, &d);
        return r == OK ? respond_see_other(rq, url_path(rq->arena, "/join/name"), T_none) : r;
    }
    if (mobile_parse(param_text(rq, START_PHONE), mobile) != IDENTITY_FINE)
        return request_invalid(rq, "phone", T_person_phone_wrong);
    d.field[D_MOBILE] = str_dup(rq->arena, str_from_cstr(mobile));
    r = send_code(rq, "phone", d.field[D_MOBILE], CODE_SIGN_IN, &sent);
    if (r != OK || !sent)
        return r;
    r = draft_put(rq, &d);
    return r == OK ? respond_see_other(rq, url_path(rq->arena, "/join/code"), T_none) : r;
}

static enum result code_show(struct request *rq)
{
    struct join_code_view view = {.minutes = app_config(rq->app)->sms.code_minutes};
    struct draft d;
    enum result r;

    if (!draft_get(rq, &d) || d.field[D_MOBILE].len == 0)
        return respond_see_other(rq, url_path(rq->arena, "/join"), T_none);
    if ((r = help(rq, d.community, &view.help)) != OK)
        return r;
    view.phone = mobile_mask(rq->arena, d.field[D_MOBILE]);
    if (app_is_demo(rq->app))
        view.demo_code = note_get(rq, "demo_code");
    return respond_view(rq, join_code, &view);
}

static const struct param code_params[] = {
    {"code", PARAM_TEXT, .required = true, .secret = true, .max = 40, .doc = "The code of six digits"},
};

static enum result code_enter(struct request *rq)
{
    struct draft d;
    int64_t person;
    bool right;
    enum result r;

    if (!draft_get(rq, &d) || d.field[D_MOBILE].len == 0)
        return lost(rq);
    r = check_code(rq, "code", d.field[D_MOBILE], CODE_SIGN_IN, param_text(rq, 0), &right);
    if (r != OK || !right)
        return r;
    r = account_of_phone(rq, "code", d.field[D_MOBILE], &person);
    if (r != OK || person == 0)
        return r;
    d.field[D_MOBILE] = STR_NONE;
    if ((r = sign_in_as(rq, person, false)) != OK || (r = draft_put(rq, &d)) != OK)
        return r; /* the notes of the guest's session have ended with it */
    return respond_see_other(rq, url_path(rq->arena, "/join/name"), T_none);
}

static enum result code_again(struct request *rq)
{
    struct draft d;
    bool sent;
    enum result r;

    if (!draft_get(rq, &d) || d.field[D_MOBILE].len == 0)
        return lost(rq);
    r = send_code(rq, "code", d.field[D_MOBILE], CODE_SIGN_IN, &sent);
    return r == OK && sent ? respond_see_other(rq, url_path(rq->arena, "/join/code"), T_person_code_sent) : r;
}

/* ---- 2: name and document ------------------------------------------------------------------------------------------ */

/* Verified somewhere already: who they are need not be asked twice. */
static bool is_known(const struct request *rq)
{
    const struct viewer *viewer = viewer_of(rq);

    for (size_t i = 0; i < viewer->n_residences; i++)
        if (viewer->residence[i].verified)
            return true;
    return false;
}

static enum result name_show(struct request *rq)
{
    struct join_name_view view = {.known = is_known(rq)};
    struct person_identity identity;
    struct draft d;
    enum result r;

    if (!draft_get(rq, &d))
        return respond_see_other(rq, url_path(rq->arena, "/join"), T_none);
    if ((r = help(rq, d.community, &view.help)) != OK)
        return r;
    if (view.known) {
        if ((r = person_open_identity(rq->db, services_of(rq)->keys, rq->person, &identity)) != OK)
            return r;
        view.name = person_name_mask(rq->arena, identity.name);
        view.number = document_mask(rq->arena, identity.document);
    }
    form_default(rq, "kind", STR("resident_id"));
    return respond_view(rq, join_name, &view);
}

enum { NAME_NAME, NAME_KIND, NAME_NUMBER, NAME_PARAMS };
static const struct param name_params[NAME_PARAMS] = {
    [NAME_NAME] = {"name", PARAM_TEXT, .secret = true, .max = 100, .doc = "The name as in the document"},
    [NAME_KIND] = {"kind", PARAM_CHOICE, .choices = "resident_id,residence_permit,permanent_residence,passport"},
    [NAME_NUMBER] = {"number", PARAM_TEXT, .secret = true, .max = 60, .doc = "The document's number"},
};

static enum result name_enter(struct request *rq)
{
    struct person_identity identity;
    struct document document;
    struct draft d;
    enum identity_fault fault;
    enum document_kind kind = (enum document_kind)(param_int(rq, NAME_KIND) + DOCUMENT_RESIDENT_ID);
    enum result r;

    if (!draft_get(rq, &d))
        return lost(rq);
    if (is_known(rq)) {
        if ((r = person_open_identity(rq->db, services_of(rq)->keys, rq->person, &identity)) != OK)
            return r;
        d.field[D_NAME] = identity.name;
        d.field[D_KIND] = identity.document_kind;
        d.field[D_NUMBER] = identity.document;
    } else {
        fault = person_name_parse(rq->arena, param_text(rq, NAME_NAME), &d.field[D_NAME]);
        if (fault != IDENTITY_FINE)
            request_error(rq, "name", fault == IDENTITY_EMPTY ? T_app_field_required : T_person_join_name_wrong);
        fault = document_parse(kind, param_text(rq, NAME_NUMBER), day_of(rq->now), &document);
        if (fault != IDENTITY_FINE)
            request_error(rq, "number", identity_fault_text(fault, kind));
        if (rq->form.n_errors)
            return E_INVALID;
        d.field[D_KIND] = str_from_cstr(document_kind_word(kind));
        d.field[D_NUMBER] = str_dup(rq->arena, str_from_cstr(document.number));
    }
    r = draft_put(rq, &d);
    return r == OK ? respond_see_other(rq, url_path(rq->arena, "/join/home"), T_none) : r;
}

/* ---- 3: building and room ------------------------------------------------------------------------------------------- */

static enum result home_show(struct request *rq)
{
    struct join_home_view view = {0};
    struct join_home_buildings *to;
    struct buildings buildings;
    struct estate estate;
    struct draft d;
    enum result r;

    if (!draft_get(rq, &d) || d.field[D_NUMBER].len == 0)
        return respond_see_other(rq, url_path(rq->arena, "/join/name"), T_none);
    if ((r = help(rq, d.community, &view.help)) != OK ||
        (r = estate_get(rq->db, d.community, d.estate, &estate)) != OK ||
        (r = building_list(rq->db, d.community, d.estate, &buildings)) != OK)
        return r;
    to = arena_array(rq->arena, struct join_home_buildings, buildings.n ? buildings.n : 1);
    for (size_t i = 0; i < buildings.n; i++)
        to[i] = (struct join_home_buildings){buildings.building[i].id, buildings.building[i].name};
    view.estate = estate.name;
    view.buildings.v = to;
    view.buildings.n = buildings.n;
    if (d.building)
        form_default(rq, "building", d.field[D_BUILDING]);
    form_default(rq, "relation", d.field[D_RELATION].len ? d.field[D_RELATION] : STR("owner"));
    return respond_view(rq, join_home, &view);
}

enum { HOME_BUILDING, HOME_ROOM, HOME_RELATION, HOME_PARAMS };
static const struct param home_params[HOME_PARAMS] = {
    [HOME_BUILDING] = {"building", PARAM_ID, .required = true, .doc = "A building of the estate"},
    [HOME_ROOM] = {"room", PARAM_TEXT, .required = true, .secret = true, .max = 30, .doc = "502, or 502室"},
    [HOME_RELATION] = {"relation", PARAM_CHOICE, .required = true, .choices = "owner,tenant,family"},
};

static enum result home_enter(struct request *rq)
{
    static const struct str relations[] = {{"owner", 5}, {"tenant", 6}, {"family", 6}};
    struct building building;
    struct dwelling dwelling;
    struct draft d;
    enum result r;

    if (!draft_get(rq, &d) || d.field[D_NUMBER].len == 0)
        return lost(rq);
    r = building_get(rq->db, d.community, param_int(rq, HOME_BUILDING), &building);
    if (r == E_NOT_FOUND || (r == OK && building.estate != d.estate))
        return request_invalid(rq, "building", T_app_field_choice);
    if (r == OK)
        r = dwelling_find(rq->db, d.community, building.id, param_text(rq, HOME_ROOM), &dwelling);
    if (r == E_NOT_FOUND)
        return request_invalid(rq, "room", T_person_join_room_unknown);
    if (r != OK)
        return r;
    d.field[D_BUILDING] = id_text(rq->arena, building.id);
    d.field[D_DWELLING] = id_text(rq->arena, dwelling.id);
    d.field[D_RELATION] = relations[param_int(rq, HOME_RELATION)];
    r = draft_put(rq, &d);
    return r == OK ? respond_see_other(rq, url_path(rq->arena, "/join/consent"), T_none) : r;
}

/* ---- 4: consent ------------------------------------------------------------------------------------------------------ */

static enum result consent_show(struct request *rq)
{
    struct join_consent_view view = {0};
    struct building building;
    struct dwelling dwelling;
    struct estate estate;
    struct draft d;
    enum result r;

    if (!draft_get(rq, &d) || d.dwelling == 0)
        return respond_see_other(rq, url_path(rq->arena, "/join/home"), T_none);
    if ((r = help(rq, d.community, &view.help)) != OK ||
        (r = estate_get(rq->db, d.community, d.estate, &estate)) != OK ||
        (r = building_get(rq->db, d.community, d.building, &building)) != OK ||
        (r = dwelling_get(rq->db, d.community, d.dwelling, &dwelling)) != OK)
        return r;
    view.name = d.field[D_NAME];
    view.kind = document_kind_text(d.field[D_KIND]);
    view.number = document_mask(rq->arena, d.field[D_NUMBER]);
    view.home = str_printf(rq->arena, STR_FMT " " STR_FMT " " STR_FMT, STR_ARG(estate.name), STR_ARG(building.name),
                           STR_ARG(dwelling.room));
    view.relation = relation_text(d.field[D_RELATION]);
    return respond_view(rq, join_consent, &view);
}

static const struct param consent_params[] = {
    {"agree", PARAM_BOOL, .doc = "Agrees to the privacy notice of the day"},
};

static enum result consent_enter(struct request *rq)
{
    const struct crypto_keys *keys = services_of(rq)->keys;
    struct join_request join = {.person = rq->person, .consent_version = STR(PRIVACY_VERSION)};
    struct person_identity identity;
    enum join_fault fault;
    struct draft d;
    int64_t residence;
    bool verified;
    enum result r;

    if (!draft_get(rq, &d) || d.dwelling == 0)
        return lost(rq);
    if (!param_int(rq, 0))
        return request_invalid(rq, "agree", T_person_join_agree_needed);
    if (document_parse(document_kind_from_word(d.field[D_KIND]), d.field[D_NUMBER], day_of(rq->now), &join.document) !=
        IDENTITY_FINE)
        return lost(rq);
    if ((r = person_open_identity(rq->db, keys, rq->person, &identity)) != OK)
        return r;
    join.name = d.field[D_NAME];
    join.mobile = identity.phone;
    join.community = d.community;
    join.estate = d.estate;
    join.building = d.building;
    join.dwelling = d.dwelling;
    join.relation = d.field[D_RELATION];
    if ((r = join_ask(rq->db, keys, &join, rq->now, &verified, &residence, &fault)) != OK)
        return r;
    if (fault != JOIN_FINE)
        return request_invalid(rq, "agree", join_fault_text(fault));
    r = note_put(rq, "join", STR_NONE);
    return r == OK ? respond_created(rq, url_path(rq->arena, "/join/waiting"), residence, T_none) : r;
}

/* ---- 5: waiting, verified, refused ----------------------------------------------------------------------------------- */

static enum result waiting_show(struct request *rq)
{
    struct join_waiting_view view = {0};
    struct sql_residence_of_person_rows homes;
    struct estate estate;
    enum result r = sql_residence_of_person(rq->db, rq->person, &homes);

    if (r != OK)
        return r;
    for (size_t i = homes.n; i-- > 0 && !view.found;) {
        const struct sql_residence_of_person *home = &homes.row[i];

        if (str_eq(home->state, STR("ended")))
            continue;
        view.found = true;
        view.state = residence_state_text(home->state);
        view.waiting = str_eq(home->state, STR("waiting"));
        view.verified = str_eq(home->state, STR("verified"));
        view.refused = str_eq(home->state, STR("refused"));
        view.reason = home->reason;
        view.asked_at = home->asked_at;
        view.home = str_printf(rq->arena, STR_FMT " " STR_FMT " " STR_FMT, STR_ARG(home->estate_name),
                               STR_ARG(home->building_name), STR_ARG(home->room));
        view.community = url_path(rq->arena, "/p/%" PRId64, home->community);
        if ((r = help(rq, home->community, &view.help)) != OK)
            return r;
        r = estate_get(rq->db, home->community, home->estate, &estate);
        if (r == OK)
            view.again = url_add(rq->arena, url_path(rq->arena, "/join"), "estate", estate.qr_code);
        else if (r != E_NOT_FOUND)
            return r;
    }
    return respond_view(rq, join_waiting, &view);
}

static enum result privacy_show(struct request *rq)
{
    struct privacy_notice_view view = {
        .version = STR(PRIVACY_VERSION),
        .version_words = person_consent_version(rq->arena, rq->lang, STR(PRIVACY_VERSION)),
    };

    return respond_view(rq, privacy_notice, &view);
}

/* ---- the table --------------------------------------------------------------------------------------------------------- */

#define PARAMS(table) .params = table, .n_params = PERSON_COUNT(table)
#define STEP (ROUTE_WRITE | ROUTE_NO_KEY | ROUTE_PERSONAL)

static const struct route routes[] = {
    {HTTP_GET, "/join", "join.show", start_show, .need = CAP_GUEST, PARAMS(estate_params), .view = &join_start_info,
     .doc = "The first step of joining an estate"},
    {HTTP_POST, "/join", "join.start", start_send, .need = CAP_GUEST, PARAMS(start_params), .flags = STEP,
     .rate = RATE_SMS, .again = start_show, .doc = "Sends a code to the phone, or goes on with whoever is signed in"},
    {HTTP_GET, "/join/code", "join.code_show", code_show, .need = CAP_GUEST, .flags = ROUTE_PERSONAL,
     .view = &join_code_info, .doc = "The page to type the code"},
    {HTTP_POST, "/join/code", "join.code", code_enter, .need = CAP_GUEST, PARAMS(code_params), .flags = STEP,
     .rate = RATE_SIGN_IN, .again = code_show, .doc = "Proves the phone"},
    {HTTP_POST, "/join/code/again", "join.code_again", code_again, .need = CAP_GUEST, .flags = STEP, .rate = RATE_SMS,
     .again = code_show, .doc = "Sends another code"},
    {HTTP_GET, "/join/name", "join.name_show", name_show, .need = CAP_SIGNED_IN, .flags = ROUTE_PERSONAL,
     .view = &join_name_info, .doc = "The page for name and document"},
    {HTTP_POST, "/join/name", "join.name", name_enter, .need = CAP_SIGNED_IN, PARAMS(name_params), .flags = STEP,
     .again = name_show, .doc = "Name and document; kept until the last step"},
    {HTTP_GET, "/join/home", "join.home_show", home_show, .need = CAP_SIGNED_IN, .flags = ROUTE_PERSONAL,
     .view = &join_home_info, .doc = "The page for building and room"},
    {HTTP_POST, "/join/home", "join.home", home_enter, .need = CAP_SIGNED_IN, PARAMS(home_params), .flags = STEP,
     .again = home_show, .doc = "Building and room; kept until the last step"},
    {HTTP_GET, "/join/consent", "join.consent_show", consent_show, .need = CAP_SIGNED_IN, .flags = ROUTE_PERSONAL,
     .view = &join_consent_info, .doc = "The page that says what is kept, why, for how long"},
    {HTTP_POST, "/join/consent", "join.ask", consent_enter, .need = CAP_SIGNED_IN, PARAMS(consent_params),
     .flags = ROUTE_WRITE | ROUTE_PERSONAL, .again = consent_show, .doc = "Asks to be a resident"},
    {HTTP_GET, "/join/waiting", "join.waiting", waiting_show, .need = CAP_SIGNED_IN, .flags = ROUTE_PERSONAL,
     .view = &join_waiting_info, .doc = "How far it is"},
    {HTTP_GET, "/privacy", "privacy.show", privacy_show, .need = CAP_PUBLIC, .view = &privacy_notice_info,
     .doc = "The privacy notice"},
};

const struct module join_module = {
    .name = "join",
    .routes = routes,
    .n_routes = PERSON_COUNT(routes),
};
