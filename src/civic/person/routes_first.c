/* routes_first.c: /first: a code from the console becomes the first administrator. Without an open code the page does not exist. */
#include "civic/person/first.h"
#include "civic/person/person.sql.h"
#include "civic/person/room.h"
#include "civic/person/views/first.html.h"

#define CITY INT64_C(310000000000)

enum { FIRST_CODE, FIRST_NAME, FIRST_LOGIN, FIRST_PASSWORD, FIRST_AGAIN };
static const struct param first_params[] = {
    [FIRST_CODE] = {"code", PARAM_TEXT, .required = true, .secret = true, .max = 20,
                    .doc = "What `lilong init` printed"},
    [FIRST_NAME] = {"name", PARAM_TEXT, .required = true, .max = 50, .doc = "The administrator's real name"},
    [FIRST_LOGIN] = {"login", PARAM_TEXT, .required = true, .max = 32, .doc = "The name to sign in with"},
    [FIRST_PASSWORD] = {"password", PARAM_TEXT, .required = true, .secret = true, .max = 200, .doc = "A new password"},
    [FIRST_AGAIN] = {"again", PARAM_TEXT, .required = true, .secret = true, .max = 200, .doc = "The same once more"},
};

struct first_try {
    struct str name, login, hash;
};

static enum result must_be_open(struct request *rq)
{
    bool open;
    enum result r = first_code_open(rq->db, rq->now, &open);

    return r == OK && !open ? E_NOT_FOUND : r;
}

static enum result first_show(struct request *rq)
{
    struct first_view view = {0};
    enum result r = must_be_open(rq);

    return r == OK ? respond_view(rq, first, &view) : r;
}

/* On the slow pool: the code first, so that nobody who has none makes us hash. */
static enum result first_prepare(struct request *rq)
{
    struct first_try *t = arena_new(rq->arena, struct first_try);
    struct str password = param_text(rq, FIRST_PASSWORD);
    enum password_fault fault;
    enum result r = must_be_open(rq);

    if (r == OK)
        r = first_code_check(rq->db, services_of(rq)->keys, param_text(rq, FIRST_CODE), rq->now);
    if (r == E_DENIED)
        return request_invalid(rq, "code", T_first_code_wrong);
    if (r != OK)
        return r;
    if (person_name_parse(rq->arena, param_text(rq, FIRST_NAME), &t->name) != IDENTITY_FINE)
        request_error(rq, "name", T_first_name_wrong);
    if (login_parse(rq->arena, param_text(rq, FIRST_LOGIN), &t->login) != OK)
        request_error(rq, "login", T_first_login_wrong);
    fault = password_check(password, t->login, STR_NONE, app_config(rq->app)->security.profile);
    if (fault != PASSWORD_FINE)
        request_error(rq, "password", password_fault_text(fault));
    if (!str_eq(password, param_text(rq, FIRST_AGAIN)))
        request_error(rq, "again", T_first_again_wrong);
    if (rq->form.n_errors)
        return E_INVALID;
    rq->prepared = t;
    return crypto_password_hash(rq->arena, password, &t->hash);
}

static enum result first_make(struct request *rq)
{
    const struct first_try *t = rq->prepared;
    const struct crypto_keys *keys = services_of(rq)->keys;
    struct person_new person = {.name = t->name, .login = t->login};
    struct organisation office;
    int64_t id, post;
    enum result r = organisation_head_of(rq->db, CITY, &office);

    if (r == OK)
        r = person_create(rq->db, keys, &person, rq->now, &id);
    if (r == OK)
        r = sql_person_set_password(rq->db, id, t->hash, rq->now);
    if (r == OK)
        r = first_code_use(rq->db, keys, param_text(rq, FIRST_CODE), id, rq->now);
    if (r == E_DENIED) /* somebody was quicker with the same code */
        return request_refuse(rq, E_CONFLICT, T_first_code_wrong);
    if (r == OK)
        r = post_give(rq->db, id, office.id, ROLE_ADMINISTRATOR, text(LANG_ZH_CN, T_first_admin), id, rq->now, &post);
    return r == OK ? respond_see_other(rq, url_path(rq->arena, "/sign-in/password"), T_first_done) : r;
}

static const struct route routes[] = {
    {HTTP_GET, "/first", "first.show", first_show, .need = CAP_PUBLIC, .flags = ROUTE_PERSONAL, .view = &first_info,
     .doc = "The page of the first administrator; exists while a code is open"},
    {HTTP_POST, "/first", "first.make", first_make, .before = first_prepare, .need = CAP_PUBLIC, .params = first_params,
     .n_params = PERSON_COUNT(first_params), .flags = ROUTE_WRITE | ROUTE_NO_KEY | ROUTE_PERSONAL, .rate = RATE_SIGN_IN,
     .again = first_show, .doc = "Makes the first administrator"},
};

const struct module first_module = {.name = "first", .routes = routes, .n_routes = PERSON_COUNT(routes)};
