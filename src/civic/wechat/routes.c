/* routes.c: /sign-in/wechat and /me/wechat: there and back again.
 *
 * The way there sets a sealed cookie with the state that has to come back, what it is for, and when; nothing is written. The way back is a GET
 * by the browser, so it acts on nothing: it shows a page with one button, whose form takes code and state to a POST. That button is also the
 * answer to somebody who sends a link with their own code: nobody is signed in, and nothing is bound, by following a link. */
#include "civic/wechat/room.h"

#include "civic/wechat/wechat.sql.h"

#include <inttypes.h>

#include "civic/access/access.h"
#include "civic/outbox/outbox.h"
#include "civic/person/person.h"
#include "civic/service/service.h"
#include "civic/wechat/views/me_wechat.html.h"
#include "civic/wechat/views/wechat_back.html.h"
#include "engine/base/log.h"
#include "engine/base/time.h"

#define TRIP_MAX (10 * TIME_MINUTE)
#define COOKIE "wechat"

/* ---- there ----------------------------------------------------------------------------------------------------- */

/* What the cookie says: "sign_in STATE TIME NEXT" or "bind STATE TIME PERSON". */
struct trip {
    struct str purpose, state, rest;
};

static void cookie(struct request *rq, struct str value, int64_t seconds)
{
    respond_header(rq, STR("Set-Cookie"),
                   str_printf(rq->arena, COOKIE "=" STR_FMT "; Path=/; HttpOnly; SameSite=Lax; Max-Age=%" PRId64 "%s",
                              STR_ARG(value), seconds, rq->x->secure ? "; Secure" : ""));
}

/* 40 digits and letters a-f: of what the platform lets through. */
static struct str new_state(struct arena *a)
{
    unsigned char bytes[20];

    crypto_random(bytes, sizeof bytes);
    return str_hex(a, (struct str){(const char *)bytes, sizeof bytes});
}

static enum result leave(struct request *rq, const char *purpose, struct str rest, const char *back)
{
    const struct services *s = services_of(rq);
    struct str state = new_state(rq->arena);
    struct str told = str_printf(rq->arena, "%s " STR_FMT " %" PRId64 " " STR_FMT, purpose, STR_ARG(state), rq->now,
                                 STR_ARG(rest));

    if (!wechat_on(s->wechat))
        return E_NOT_FOUND;
    cookie(rq, str_hex(rq->arena, crypto_seal(s->keys, rq->arena, told, STR("wechat.trip"))), TRIP_MAX / TIME_SECOND);
    return respond_see_other(
        rq,
        wechat_authorize(s->wechat, rq->arena,
                         str_printf(rq->arena, STR_FMT "%s", STR_ARG(app_config(rq->app)->listen.public_url), back),
                         state),
        T_none);
}

static const struct param next_params[] = {
    {"next", PARAM_TEXT, .max = 500, .doc = "The path to go to afterwards"},
};

static enum result sign_in_leave(struct request *rq)
{
    return leave(rq, "sign_in", param_text(rq, 0), "/sign-in/wechat/back");
}

static enum result bind_leave(struct request *rq)
{
    return leave(rq, "bind", str_printf(rq->arena, "%" PRId64, rq->person), "/me/wechat/back");
}

/* ---- back ------------------------------------------------------------------------------------------------------ */

enum { BACK_CODE, BACK_STATE, BACK_PARAMS };
static const struct param back_params[BACK_PARAMS] = {
    [BACK_CODE] = {"code", PARAM_TEXT, .secret = true, .max = 128,
                   .doc = "What WeChat gives; good once, for 5 minutes"},
    [BACK_STATE] = {"state", PARAM_TEXT, .secret = true, .max = 128, .doc = "What was sent along on the way there"},
};

/* Whether the browser that comes back is the one that left, for this, and not long ago. */
static bool trip_of(struct request *rq, const char *purpose, struct trip *ret_trip)
{
    struct str sealed, told, at;
    int64_t left;

    if (str_unhex(rq->arena, http_cookie(rq->x, STR(COOKIE)), &sealed) != OK || sealed.len == 0 ||
        crypto_unseal(services_of(rq)->keys, rq->arena, sealed, STR("wechat.trip"), &told) != OK)
        return false;
    ret_trip->rest = told;
    return str_cut(&ret_trip->rest, ' ', &ret_trip->purpose) && str_cut(&ret_trip->rest, ' ', &ret_trip->state) &&
           str_cut(&ret_trip->rest, ' ', &at) && str_eq(ret_trip->purpose, str_from_cstr(purpose)) &&
           str_int64(at, 1, INT64_MAX, &left) == OK && left <= rq->now && rq->now - left <= TRIP_MAX &&
           param_text(rq, BACK_STATE).len == ret_trip->state.len &&
           crypto_equal(param_text(rq, BACK_STATE), ret_trip->state);
}

static enum result show_back(struct request *rq, bool binds)
{
    struct wechat_back_view view = {
        .binds = binds, .code = param_text(rq, BACK_CODE), .state = param_text(rq, BACK_STATE)};
    struct trip trip;

    if (!wechat_on(services_of(rq)->wechat))
        return E_NOT_FOUND;
    /* Without a code: refused on WeChat's page. */
    view.good = view.code.len && trip_of(rq, binds ? "bind" : "sign_in", &trip);
    return respond_view(rq, wechat_back, &view);
}

static enum result sign_in_back(struct request *rq)
{
    return show_back(rq, false);
}
static enum result bind_back(struct request *rq)
{
    return show_back(rq, true);
}

/* ---- with the code ---------------------------------------------------------------------------------------------- */

struct asked {
    bool lost; /* the trip is not this browser's */
    struct trip trip;
    enum wechat_fault fault;
    struct wechat_identity identity;
};

/* On the slow pool: the platform is asked only for a browser that really left for it. */
static enum result ask(struct request *rq, const char *purpose)
{
    const struct services *s = services_of(rq);
    struct asked *asked = arena_new(rq->arena, struct asked);

    rq->prepared = asked;
    if (!wechat_on(s->wechat))
        return E_NOT_FOUND;
    asked->lost = param_text(rq, BACK_CODE).len == 0 || !trip_of(rq, purpose, &asked->trip);
    if (!asked->lost)
        asked->fault = wechat_exchange(s->wechat, rq->arena, param_text(rq, BACK_CODE), &asked->identity);
    if (asked->fault != WECHAT_FINE)
        log_warn("wechat.exchange", LOG_STR("id", rq->id), LOG_INT("fault", asked->fault),
                 LOG_INT("error", asked->identity.error));
    return OK;
}

static enum result sign_in_ask(struct request *rq)
{
    return ask(rq, "sign_in");
}
static enum result bind_ask(struct request *rq)
{
    return ask(rq, "bind");
}

static enum text fault_text(const struct asked *asked)
{
    if (asked->lost)
        return T_wechat_lost;
    switch (asked->fault) {
    case WECHAT_FINE: return T_none;
    case WECHAT_CODE: return T_wechat_code;
    case WECHAT_SNAPSHOT: return T_wechat_snapshot;
    case WECHAT_REFUSED: return T_wechat_refused;
    case WECHAT_AWAY: return T_wechat_away;
    }
    return T_wechat_away;
}

static enum result sign_in_enter(struct request *rq)
{
    const struct services *s = services_of(rq);
    const struct asked *asked = rq->prepared;
    enum text wrong = fault_text(asked);
    int64_t person;
    enum result r;

    cookie(rq, STR_NONE, 0);
    if (wrong != T_none)
        return respond_see_other(rq, url_path(rq->arena, "/sign-in"), wrong);
    r = wechat_person(rq->db, s->keys, wechat_app(s->wechat), asked->identity.openid, &person);
    if (r == E_NOT_FOUND) /* an account is made by a phone; WeChat only opens it */
        return respond_see_other(rq, url_add(rq->arena, url_path(rq->arena, "/sign-in"), "next", asked->trip.rest),
                                 T_wechat_not_bound);
    return r == OK ? person_enter(rq, person, asked->trip.rest) : r;
}

enum { BIND_CODE, BIND_STATE, BIND_AGREE, BIND_PARAMS };
static const struct param bind_params[BIND_PARAMS] = {
    [BIND_CODE] = {"code", PARAM_TEXT, .secret = true, .max = 128},
    [BIND_STATE] = {"state", PARAM_TEXT, .secret = true, .max = 128},
    [BIND_AGREE] = {"agree", PARAM_BOOL, .doc = "Consent to keep what WeChat calls the person towards this account"},
};

static enum result bind(struct request *rq)
{
    const struct services *s = services_of(rq);
    const struct asked *asked = rq->prepared;
    enum text wrong = fault_text(asked);
    struct str person = str_printf(rq->arena, "%" PRId64, rq->person);
    enum result r;

    cookie(rq, STR_NONE, 0);
    if (wrong == T_none && !str_eq(asked->trip.rest, person)) /* somebody else has signed in meanwhile */
        wrong = T_wechat_lost;
    if (wrong == T_none && !param_int(rq, BIND_AGREE))
        wrong = T_wechat_not_agreed;
    if (wrong != T_none)
        return respond_see_other(rq, url_path(rq->arena, "/me/wechat"), wrong);
    r = wechat_bind(rq->db, s->keys, wechat_app(s->wechat), rq->person, asked->identity.openid, rq->now);
    if (r == E_CONFLICT)
        return respond_see_other(rq, url_path(rq->arena, "/me/wechat"), T_wechat_taken);
    if (r == OK) /* who binds anew can be reached anew */
        r = notify_switch_on(rq->db, rq->person, STR("wechat"));
    if (r != OK)
        return r;
    log_info("wechat.bound", LOG_STR("id", rq->id), LOG_INT("person", rq->person));
    return respond_see_other(rq, url_path(rq->arena, "/me/wechat"), T_wechat_bound);
}

static enum result unbind(struct request *rq)
{
    enum result r;

    if (!wechat_on(services_of(rq)->wechat))
        return E_NOT_FOUND;
    r = wechat_unbind(rq->db, wechat_app(services_of(rq)->wechat), rq->person);
    return r == OK ? respond_see_other(rq, url_path(rq->arena, "/me/wechat"), T_wechat_unbound) : r;
}

static enum result show(struct request *rq)
{
    const struct services *s = services_of(rq);
    struct me_wechat_view view = {.sends = wechat_sends(s->wechat)};
    struct wechat_binding binding;
    enum result r;

    if (!wechat_on(s->wechat))
        return E_NOT_FOUND;
    r = wechat_binding(rq->db, s->keys, wechat_app(s->wechat), rq->person, &binding);
    if (r != OK && r != E_NOT_FOUND)
        return r;
    view.bound = r == OK;
    view.since = r == OK ? binding.bound_at : 0;
    return respond_view(rq, me_wechat, &view);
}

/* ---- the table --------------------------------------------------------------------------------------------------- */

#define PARAMS(table) .params = table, .n_params = sizeof(table) / sizeof((table)[0])
#define STEP (ROUTE_WRITE | ROUTE_NO_KEY | ROUTE_PERSONAL)

static const struct route routes[] = {
    {HTTP_GET, "/sign-in/wechat", "wechat.leave", .handle = sign_in_leave, .need = CAP_GUEST, PARAMS(next_params),
     .flags = ROUTE_PERSONAL, .rate = RATE_SIGN_IN, .doc = "Leads to WeChat, to sign in by it"},
    {HTTP_GET, "/sign-in/wechat/back", "wechat.back", .handle = sign_in_back, .need = CAP_GUEST, PARAMS(back_params),
     .flags = ROUTE_PERSONAL, .view = &wechat_back_info, .doc = "Where WeChat leads back to"},
    {HTTP_POST, "/sign-in/wechat", "wechat.enter", .handle = sign_in_enter, .before = sign_in_ask, .need = CAP_GUEST,
     PARAMS(back_params), .flags = STEP, .rate = RATE_SIGN_IN,
     .doc = "Signs in by WeChat; staff go on to their second factor"},
    {HTTP_GET, "/me/wechat", "wechat.show", .handle = show, .need = CAP_SIGNED_IN, .flags = ROUTE_PERSONAL,
     .view = &me_wechat_info, .doc = "Whether the account is bound to a WeChat"},
    {HTTP_GET, "/me/wechat/go", "wechat.bind_leave", .handle = bind_leave, .need = CAP_SIGNED_IN,
     .flags = ROUTE_PERSONAL, .rate = RATE_SIGN_IN, .doc = "Leads to WeChat, to bind it"},
    {HTTP_GET, "/me/wechat/back", "wechat.bind_back", .handle = bind_back, .need = CAP_SIGNED_IN, PARAMS(back_params),
     .flags = ROUTE_PERSONAL, .view = &wechat_back_info, .doc = "Where WeChat leads back to, to bind it"},
    {HTTP_POST, "/me/wechat", "wechat.bind", .handle = bind, .before = bind_ask, .need = CAP_SIGNED_IN,
     PARAMS(bind_params), .flags = STEP, .rate = RATE_SIGN_IN, .doc = "Binds the WeChat, with consent"},
    {HTTP_POST, "/me/wechat/unbind", "wechat.unbind", .handle = unbind, .need = CAP_SIGNED_IN, .flags = STEP,
     .doc = "Unbinds it"},
};

static enum result deliver(struct app *app, struct arena *a)
{
    const struct services *s = app_services(app);
    struct outbox_round round = {.taken = OUTBOX_BATCH};
    enum result r = OK;

    while (s && wechat_sends(s->wechat) && r == OK && round.taken == OUTBOX_BATCH)
        r = wechat_deliver(app_database(app), s, a, app_config(app)->listen.public_url, time_now(), &round);
    return r;
}

static const struct job_kind jobs[] = {{"wechat.deliver", 5 * TIME_SECOND, deliver}};

const struct module wechat_module = {.name = "wechat",
                                     .routes = routes,
                                     .n_routes = sizeof(routes) / sizeof(routes[0]),
                                     .jobs = jobs,
                                     .n_jobs = sizeof(jobs) / sizeof(jobs[0])};

/* What is kept about somebody: that there is a binding, and since when. The number that WeChat gave stays sealed: it says nothing to its person. */
static enum result records(struct request *rq, struct me_records *ret)
{
    struct sql_wechat_accounts_of_rows rows;
    enum result r = sql_wechat_accounts_of(rq->db, rq->person, &rows);

    if (r != OK)
        return r;
    ret->record = arena_array(rq->arena, struct me_record, rows.n + 1);
    ret->n = rows.n;
    for (size_t i = 0; i < rows.n; i++)
        ret->record[i] = (struct me_record){
            T_wechat_record, rows.row[i].bound_at,
            text_format(rq->arena, rq->lang, T_wechat_record_words, TEXT_STR("app", rows.row[i].app)),
            url_path(rq->arena, "/me/wechat")};
    return OK;
}
const struct me_table wechat_me = {NULL, 0, records};
