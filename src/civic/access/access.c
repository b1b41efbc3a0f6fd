/* access.c: the table of roles and rights, and the one function that reads it. */
#include "civic/access/access.h"

#include "civic/person/person.h"
#include "civic/place/place.h"

enum reach {
    NOWHERE = 0,
    BELOW,  /* the place of the post's organisation, and everything under it */
    OWN,    /* that place alone */
    HANDED, /* only subjects that the post's organisation was handed */
    CITY,   /* everywhere: settings and accounts, which belong to no place */
};

/* A row a capability, a column a role. An empty cell refuses. */
static const unsigned char grants[CAP_COUNT][ROLE_COUNT] = {
#define ROW(cap, ...) [cap] = {__VA_ARGS__}
    /* clang-format off */
    ROW(CAP_DESK,
        [ROLE_PARTY_SECRETARY] = CITY, [ROLE_CADRE] = CITY, [ROLE_HANDLER] = CITY, [ROLE_COMMUNITY_POLICE] = CITY,
        [ROLE_GRID_OPERATOR] = CITY, [ROLE_STREET_OFFICER] = CITY, [ROLE_DISTRICT_OFFICER] = CITY,
        [ROLE_CITY_OFFICER] = CITY, [ROLE_ADMINISTRATOR] = CITY, [ROLE_AUDITOR] = CITY),
    ROW(CAP_COMMENT,
        [ROLE_PARTY_SECRETARY] = BELOW, [ROLE_CADRE] = BELOW, [ROLE_HANDLER] = HANDED, [ROLE_COMMUNITY_POLICE] = HANDED,
        [ROLE_GRID_OPERATOR] = BELOW, [ROLE_STREET_OFFICER] = BELOW),
    ROW(CAP_REPORT_ANSWER,
        [ROLE_PARTY_SECRETARY] = BELOW, [ROLE_CADRE] = BELOW),
    ROW(CAP_REPORT_HANDLE,
        [ROLE_HANDLER] = HANDED, [ROLE_COMMUNITY_POLICE] = HANDED, [ROLE_GRID_OPERATOR] = HANDED),
    ROW(CAP_REPORT_STAFF,
        [ROLE_PARTY_SECRETARY] = BELOW, [ROLE_CADRE] = BELOW, [ROLE_HANDLER] = HANDED, [ROLE_COMMUNITY_POLICE] = HANDED,
        [ROLE_GRID_OPERATOR] = BELOW, [ROLE_STREET_OFFICER] = BELOW),
    ROW(CAP_REPORT_SUPERVISE,
        [ROLE_GRID_OPERATOR] = BELOW, [ROLE_STREET_OFFICER] = BELOW),
    ROW(CAP_PERSON_LOOK,
        [ROLE_PARTY_SECRETARY] = BELOW, [ROLE_CADRE] = BELOW),
    ROW(CAP_RESIDENCE_VERIFY,
        [ROLE_PARTY_SECRETARY] = BELOW, [ROLE_CADRE] = BELOW),
    ROW(CAP_ROSTER,
        [ROLE_PARTY_SECRETARY] = BELOW, [ROLE_CADRE] = BELOW),
    ROW(CAP_PLACE_EDIT,
        [ROLE_PARTY_SECRETARY] = BELOW, [ROLE_CADRE] = BELOW, [ROLE_STREET_OFFICER] = BELOW, [ROLE_ADMINISTRATOR] = CITY),
    ROW(CAP_ORGANISATION_EDIT,
        [ROLE_PARTY_SECRETARY] = BELOW, [ROLE_STREET_OFFICER] = BELOW, [ROLE_DISTRICT_OFFICER] = BELOW,
        [ROLE_ADMINISTRATOR] = CITY),
    ROW(CAP_SERVICE_DESK,
        [ROLE_PARTY_SECRETARY] = HANDED, [ROLE_CADRE] = HANDED, [ROLE_HANDLER] = HANDED, [ROLE_STREET_OFFICER] = HANDED,
        [ROLE_DISTRICT_OFFICER] = HANDED),
    ROW(CAP_INQUIRY_ANSWER,
        [ROLE_PARTY_SECRETARY] = HANDED, [ROLE_CADRE] = HANDED, [ROLE_HANDLER] = HANDED, [ROLE_COMMUNITY_POLICE] = HANDED,
        [ROLE_GRID_OPERATOR] = HANDED, [ROLE_STREET_OFFICER] = HANDED, [ROLE_DISTRICT_OFFICER] = HANDED,
        [ROLE_CITY_OFFICER] = HANDED),
    ROW(CAP_TEMPLATE_EDIT,
        [ROLE_PARTY_SECRETARY] = BELOW, [ROLE_CADRE] = BELOW),
    ROW(CAP_MODERATE,
        [ROLE_PARTY_SECRETARY] = BELOW, [ROLE_CADRE] = BELOW),
    ROW(CAP_MODERATE_QUEUE,
        [ROLE_PARTY_SECRETARY] = OWN, [ROLE_CADRE] = OWN, [ROLE_STREET_OFFICER] = OWN, [ROLE_DISTRICT_OFFICER] = OWN,
        [ROLE_CITY_OFFICER] = OWN),
    ROW(CAP_MODERATE_APPEAL,
        [ROLE_PARTY_SECRETARY] = BELOW, [ROLE_CADRE] = BELOW, [ROLE_STREET_OFFICER] = BELOW, [ROLE_DISTRICT_OFFICER] = OWN,
        [ROLE_CITY_OFFICER] = OWN),
    ROW(CAP_WATCH_WORDS,
        [ROLE_PARTY_SECRETARY] = OWN, [ROLE_CADRE] = OWN, [ROLE_STREET_OFFICER] = OWN, [ROLE_DISTRICT_OFFICER] = OWN,
        [ROLE_CITY_OFFICER] = OWN),
    ROW(CAP_HOURS_CORRECT,
        [ROLE_PARTY_SECRETARY] = OWN, [ROLE_CADRE] = OWN),
    ROW(CAP_HOURS_ANSWER,
        [ROLE_PARTY_SECRETARY] = OWN, [ROLE_CADRE] = OWN, [ROLE_STREET_OFFICER] = OWN, [ROLE_DISTRICT_OFFICER] = OWN,
        [ROLE_CITY_OFFICER] = OWN),
    ROW(CAP_FIGURES_STAFF,
        [ROLE_PARTY_SECRETARY] = BELOW, [ROLE_CADRE] = BELOW, [ROLE_GRID_OPERATOR] = BELOW, [ROLE_STREET_OFFICER] = BELOW,
        [ROLE_DISTRICT_OFFICER] = BELOW, [ROLE_CITY_OFFICER] = BELOW),
    ROW(CAP_MEMBERSHIP,
        [ROLE_PARTY_SECRETARY] = OWN),
    ROW(CAP_AUDIT,
        [ROLE_AUDITOR] = BELOW),
    ROW(CAP_ADMINISTER,
        [ROLE_ADMINISTRATOR] = CITY),
    /* of the boards that the committee or the office of the place runs; of the others their organisations: see runs() */
    ROW(CAP_BOARD_RUN,
        [ROLE_PARTY_SECRETARY] = OWN, [ROLE_CADRE] = OWN, [ROLE_STREET_OFFICER] = OWN, [ROLE_DISTRICT_OFFICER] = OWN,
        [ROLE_CITY_OFFICER] = OWN),
    /* boards for residents: besides them who answers for the place, and those above; not who only administers, or was handed something */
    ROW(CAP_BOARD_READ,
        [ROLE_PARTY_SECRETARY] = BELOW, [ROLE_CADRE] = BELOW, [ROLE_COMMUNITY_POLICE] = BELOW, [ROLE_GRID_OPERATOR] = BELOW,
        [ROLE_STREET_OFFICER] = BELOW, [ROLE_DISTRICT_OFFICER] = BELOW, [ROLE_CITY_OFFICER] = BELOW),
    ROW(CAP_BOARD_ARRANGE,
        [ROLE_PARTY_SECRETARY] = BELOW, [ROLE_CADRE] = BELOW, [ROLE_STREET_OFFICER] = BELOW, [ROLE_DISTRICT_OFFICER] = BELOW,
        [ROLE_CITY_OFFICER] = BELOW, [ROLE_ADMINISTRATOR] = CITY),
    ROW(CAP_BOARD_EDIT,
        [ROLE_STREET_OFFICER] = BELOW, [ROLE_DISTRICT_OFFICER] = BELOW, [ROLE_CITY_OFFICER] = BELOW, [ROLE_ADMINISTRATOR] = CITY),
/* clang-format on */
#undef ROW
};

/* What the heir of a place that has ended has there (place_heir): reads and decides about what stays. Nothing begins there any more. */
static const bool inherited[CAP_COUNT] = {
    [CAP_REPORT_ANSWER] = true,  [CAP_REPORT_STAFF] = true,    [CAP_PERSON_LOOK] = true,  [CAP_MODERATE] = true,
    [CAP_MODERATE_QUEUE] = true, [CAP_MODERATE_APPEAL] = true, [CAP_FIGURES_STAFF] = true};

static const char *const capability_names[CAP_COUNT] = {
    [CAP_PUBLIC] = "public",
    [CAP_GUEST] = "guest",
    [CAP_ACCOUNT] = "account",
    [CAP_SIGNED_IN] = "signed_in",
    [CAP_RESIDENT] = "resident",
    [CAP_COMMENT] = "comment",
    [CAP_OWN] = "own",
    [CAP_PARTY] = "party",
    [CAP_DESK] = "desk",
    [CAP_REPORT_ANSWER] = "report_answer",
    [CAP_REPORT_HANDLE] = "report_handle",
    [CAP_REPORT_STAFF] = "report_staff",
    [CAP_REPORT_SUPERVISE] = "report_supervise",
    [CAP_PERSON_LOOK] = "person_look",
    [CAP_RESIDENCE_VERIFY] = "residence_verify",
    [CAP_ROSTER] = "roster",
    [CAP_PLACE_EDIT] = "place_edit",
    [CAP_ORGANISATION_EDIT] = "organisation_edit",
    [CAP_SERVICE_DESK] = "service_desk",
    [CAP_INQUIRY_ANSWER] = "inquiry_answer",
    [CAP_TEMPLATE_EDIT] = "template_edit",
    [CAP_MODERATE] = "moderate",
    [CAP_MODERATE_QUEUE] = "moderate_queue",
    [CAP_MODERATE_APPEAL] = "moderate_appeal",
    [CAP_WATCH_WORDS] = "watch_words",
    [CAP_HOURS_CORRECT] = "hours_correct",
    [CAP_HOURS_ANSWER] = "hours_answer",
    [CAP_FIGURES_STAFF] = "figures_staff",
    [CAP_MEMBERSHIP] = "membership",
    [CAP_AUDIT] = "audit",
    [CAP_ADMINISTER] = "administer",
    [CAP_BOARD_READ] = "board_read",
    [CAP_BOARD_WRITE] = "board_write",
    [CAP_BOARD_TAKE_PART] = "board_take_part",
    [CAP_BOARD_RUN] = "board_run",
    [CAP_BOARD_ARRANGE] = "board_arrange",
    [CAP_BOARD_EDIT] = "board_edit",
};

static const struct {
    const char *word;
    enum text text;
} roles[ROLE_COUNT] = {
    [ROLE_NONE] = {"", T_none},
    [ROLE_PARTY_SECRETARY] = {"party_secretary", T_access_role_party_secretary},
    [ROLE_CADRE] = {"cadre", T_access_role_cadre},
    [ROLE_HANDLER] = {"handler", T_access_role_handler},
    [ROLE_COMMUNITY_POLICE] = {"community_police", T_access_role_community_police},
    [ROLE_GRID_OPERATOR] = {"grid_operator", T_access_role_grid_operator},
    [ROLE_STREET_OFFICER] = {"street_officer", T_access_role_street_officer},
    [ROLE_DISTRICT_OFFICER] = {"district_officer", T_access_role_district_officer},
    [ROLE_CITY_OFFICER] = {"city_officer", T_access_role_city_officer},
    [ROLE_ADMINISTRATOR] = {"administrator", T_access_role_administrator},
    [ROLE_AUDITOR] = {"auditor", T_access_role_auditor},
};

static bool handed_to(const struct subject_scope *scope, int64_t organisation)
{
    for (size_t i = 0; scope && i < scope->n_organisations; i++)
        if (scope->organisation[i] == organisation)
            return true;
    return false;
}

static bool inherits(const struct viewer_post *post, enum capability capability, int64_t place)
{
    return inherited[capability] && viewer_post_stands_for(post, place);
}

static bool post_grants(const struct viewer_post *post, enum capability capability, int64_t place,
                        const struct subject_scope *scope)
{
    int64_t from, to;

    if (post->role <= ROLE_NONE || post->role >= ROLE_COUNT)
        return false;
    switch (grants[capability][post->role]) {
    case CITY: return true;
    case HANDED: return handed_to(scope, post->organisation);
    case OWN: return place != 0 && (place == post->place || inherits(post, capability, place));
    case BELOW:
        place_range(post->place, &from, &to);
        return place != 0 && ((place >= from && place <= to) || inherits(post, capability, place));
    default: return false;
    }
}

/* A verified resident of the place: of the community, or of one below a place above. */
static bool lives_in(const struct viewer *viewer, int64_t place)
{
    for (size_t i = 0; i < viewer->n_residences; i++)
        if (viewer->residence[i].verified && place_contains(place, viewer->residence[i].community))
            return true;
    return false;
}

/* Who runs a board at a place. An organisation that serves the place runs it there; its own place says how far. */
static bool runs(const struct viewer *viewer, int64_t place, const struct subject_scope *scope)
{
    for (size_t i = 0; i < viewer->n_posts; i++)
        if (scope->of_place ? post_grants(&viewer->post[i], CAP_BOARD_RUN, place, scope)
                            : handed_to(scope, viewer->post[i].organisation))
            return true;
    return false;
}

static bool of_board(const struct viewer *viewer, enum capability capability, int64_t place,
                     const struct subject_scope *scope)
{
    if (scope == NULL || !scope->board || place == 0)
        return false;
    switch (capability) {
    case CAP_BOARD_READ:
        if (scope->readers == READERS_EVERYBODY)
            return true;
        if (viewer == NULL || viewer->person == 0)
            return false;
        if (scope->shared && scope->party == viewer->person)
            return true;
        for (size_t i = 0; i < viewer->n_posts; i++)
            if (post_grants(&viewer->post[i], CAP_BOARD_READ, place, scope))
                return true;
        return lives_in(viewer, place) || runs(viewer, place, scope);
    case CAP_BOARD_WRITE:
        if (scope->writers == WRITERS_RESIDENTS && lives_in(viewer, place))
            return true;
        return runs(viewer, place, scope);
    case CAP_BOARD_TAKE_PART: return lives_in(viewer, place) || runs(viewer, place, scope);
    default: return runs(viewer, place, scope);
    }
}

bool access_allowed(const struct viewer *viewer, enum capability capability, int64_t place,
                    const struct subject_scope *scope)
{
    if (capability <= CAP_UNSET || capability >= CAP_COUNT)
        return false;
    if (capability == CAP_PUBLIC || capability == CAP_GUEST)
        return true;
    if (scope && scope->place)
        place = scope->place;
    if (capability == CAP_BOARD_READ)
        return of_board(viewer, capability, place, scope);
    if (viewer == NULL || viewer->person == 0)
        return false;
    if (capability == CAP_ACCOUNT)
        return true;
    if (viewer->must_renew)
        return false;

    switch (capability) {
    case CAP_SIGNED_IN: return true;
    case CAP_OWN: return scope && scope->author == viewer->person;
    case CAP_PARTY: return scope && (scope->author == viewer->person || scope->party == viewer->person);
    case CAP_MEMBERSHIP:
        if (scope && scope->party == viewer->person)
            return true;
        break;
    case CAP_RESIDENT:
    case CAP_COMMENT: {
        const struct viewer_residence *home = viewer_residence_in(viewer, place);
        if (home && home->verified)
            return true;
        break;
    }
    case CAP_BOARD_WRITE:
    case CAP_BOARD_TAKE_PART:
    case CAP_BOARD_RUN: return of_board(viewer, capability, place, scope);
    default: break;
    }
    for (size_t i = 0; i < viewer->n_posts; i++)
        if (post_grants(&viewer->post[i], capability, place, scope))
            return true;
    return false;
}

/* Is the committee's check of a home all that is missing? */
static bool only_waits(struct request *rq, enum capability capability, const struct subject_scope *scope)
{
    const struct viewer *viewer = viewer_of(rq);
    struct viewer verified = *viewer;
    struct viewer_residence *home = arena_array(rq->arena, struct viewer_residence, viewer->n_residences + 1);

    for (size_t i = 0; i < viewer->n_residences; i++) {
        home[i] = viewer->residence[i];
        home[i].verified = true;
    }
    verified.residence = home;
    return viewer->n_residences && access_allowed(&verified, capability, rq->place, scope);
}

bool access_policy_allowed(struct request *rq, int capability)
{
    const struct subject_scope *scope = rq->route->subject ? rq->subject : NULL;

    if (viewer_of(rq)->must_renew && capability > CAP_ACCOUNT) {
        (void)request_refuse(rq, E_DENIED, T_person_password_old);
        return false;
    }
    if (access_allowed(viewer_of(rq), (enum capability)capability, rq->place, scope))
        return true;
    if (only_waits(rq, (enum capability)capability, scope))
        (void)request_refuse(rq, E_DENIED, T_person_join_waiting_denied);
    return false;
}

const char *access_capability_name(int capability)
{
    return capability > CAP_UNSET && capability < CAP_COUNT ? capability_names[capability] : NULL;
}

enum role role_from_word(struct str word)
{
    for (int r = ROLE_NONE + 1; r < ROLE_COUNT; r++)
        if (str_eq(word, str_from_cstr(roles[r].word)))
            return (enum role)r;
    return ROLE_NONE;
}

const char *role_word(enum role role)
{
    return roles[role].word;
}

enum text role_text(enum role role)
{
    return roles[role].text;
}

bool role_has(enum role role, enum capability capability)
{
    return role > ROLE_NONE && role < ROLE_COUNT && capability > CAP_UNSET && capability < CAP_COUNT &&
           (grants[capability][role] == OWN || grants[capability][role] == BELOW || grants[capability][role] == CITY);
}
