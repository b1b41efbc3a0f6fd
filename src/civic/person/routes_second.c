/* routes_second.c: /me/second: the second factor of somebody who has one: on another phone, or new recovery codes. Both ask for a code of
 * the factor as it is, or for one of its recovery codes: a browser that was left open is not enough. */
#include "civic/person/account.h"
#include "civic/person/person.sql.h"
#include "civic/person/room.h"
#include "civic/person/views/me_second.html.h"
#include "civic/person/views/me_second_new.html.h"
#include "civic/person/views/sign_in_recovery.html.h"
#include "engine/page/qr.h"

/* The person of the request, who has a second factor; nobody else has this page. */
static enum result who_has_one(struct request *rq)
{
    struct sql_person_get row;
    enum result r = sql_person_get(rq->db, rq->person, &row);

    return r == OK && row.totp_sealed.len == 0 ? E_NOT_FOUND : r;
}

static enum result second_show(struct request *rq)
{
    struct sql_recovery_code_left left;
    struct me_second_view view = {0};
    enum result r = who_has_one(rq);

    if (r == OK)
        r = sql_recovery_code_left(rq->db, rq->person, &left);
    if (r != OK)
        return r;
    view.left = left.n;
    view.few = left.n < 3;
    return respond_view(rq, me_second, &view);
}

enum { CODE_CODE, CODE_PARAMS };
static const struct param code_params[CODE_PARAMS] = {
    [CODE_CODE] = {"code", PARAM_TEXT, .required = true, .secret = true, .max = 40,
                   .doc = "A code of the app, or a recovery code, which works once"},
};

/* Guesses are counted together with those at signing in. A refusal has been said, *ret_right is false, and the handler returns OK. */
static enum result check(struct request *rq, bool *ret_right)
{
    const struct crypto_keys *keys = services_of(rq)->keys;
    struct str subject = str_printf(rq->arena, "%" PRId64, rq->person);
    int64_t wait;
    enum result r = who_has_one(rq);

    *ret_right = false;
    if (r != OK || (r = sign_in_wait(rq->db, keys, "second", subject, rq->now, &wait)) != OK)
        return r;
    if (wait) {
        request_error(rq, "code", T_person_sign_in_wait);
        return OK;
    }
    r = second_check(rq->db, keys, rq->person, param_text(rq, CODE_CODE), rq->now);
    if (r == E_DENIED) {
        request_error(rq, "code", T_person_second_wrong);
        return sign_in_failed(rq->db, keys, "second", subject, rq->now);
    }
    *ret_right = r == OK;
    return r == OK ? sign_in_succeeded(rq->db, keys, "second", subject) : r;
}

static enum result show_codes(struct request *rq, const struct str *code)
{
    struct sign_in_recovery_view view = {.on = url_path(rq->arena, "/me/second")};
    struct sign_in_recovery_codes *codes = arena_array(rq->arena, struct sign_in_recovery_codes, RECOVERY_CODES);

    for (size_t i = 0; i < RECOVERY_CODES; i++)
        codes[i].code = code[i];
    view.codes.v = codes;
    view.codes.n = RECOVERY_CODES;
    return respond_view(rq, sign_in_recovery, &view);
}

static enum result codes_renew(struct request *rq)
{
    struct str code[RECOVERY_CODES];
    bool right;
    enum result r = check(rq, &right);

    if (r != OK || !right)
        return r;
    r = recovery_renew(rq->db, services_of(rq)->keys, rq->person, code);
    return r == OK ? show_codes(rq, code) : r;
}

/* ---- another phone: the note "renew" is the new secret ---- */

static enum result renew_begin(struct request *rq)
{
    unsigned char secret[TOTP_SECRET_BYTES];
    bool right;
    enum result r = check(rq, &right);

    if (r != OK || !right)
        return r;
    crypto_random(secret, sizeof(secret));
    r = note_put(rq, "renew", base32_encode(rq->arena, (struct str){(char *)secret, sizeof(secret)}));
    crypto_wipe(secret, sizeof(secret));
    return r == OK ? respond_see_other(rq, url_path(rq->arena, "/me/second/new"), T_none) : r;
}

static enum result renew_show(struct request *rq)
{
    struct me_second_new_view view = {.secret = note_get(rq, "renew")};
    struct buf b;

    if (view.secret.len == 0)
        return respond_see_other(rq, url_path(rq->arena, "/me/second"), T_none);
    buf_init(&b, rq->arena, view.secret.len * 2, 256);
    for (size_t i = 0; i < view.secret.len; i++) { /* in groups of four, as people type it */
        if (i && i % 4 == 0)
            buf_putc(&b, ' ');
        buf_putc(&b, view.secret.ptr[i]);
    }
    view.secret = buf_str(&b);
    return respond_view(rq, me_second_new, &view);
}

static enum result renew_qr(struct request *rq)
{
    struct str secret = note_get(rq, "renew"), bytes, svg;
    struct sql_person_login_of login;
    enum result r;

    if (secret.len == 0)
        return E_NOT_FOUND;
    if ((r = base32_decode(rq->arena, secret, &bytes)) != OK)
        return r;
    r = sql_person_login_of(rq->db, rq->person, &login);
    if (r != OK && r != E_NOT_FOUND)
        return r;
    r = qr_svg(rq->arena,
               totp_uri(rq->arena, text(rq->lang, T_frame_name), r == OK ? login.login : STR("lilong"), bytes), &svg);
    return r == OK ? respond_bytes(rq, 200, STR("image/svg+xml"), svg) : r;
}

/* The old factor works until a code of the new one has been typed. */
static enum result renew_finish(struct request *rq)
{
    struct str secret = note_get(rq, "renew"), bytes, code[RECOVERY_CODES];
    int64_t step;
    enum result r;

    if (secret.len == 0 || base32_decode(rq->arena, secret, &bytes) != OK)
        return request_refuse(rq, E_GONE, T_person_step_lost);
    if (totp_verify(bytes, str_trim(param_text(rq, CODE_CODE)), rq->now, 0, &step) != OK)
        return request_invalid(rq, "code", T_person_second_wrong);
    if ((r = second_set(rq->db, services_of(rq)->keys, rq->person, bytes, step, code)) != OK ||
        (r = note_put(rq, "renew", STR_NONE)) != OK ||
        (r = session_end_others(rq->db, rq->person, rq->session)) != OK) /* whoever has the old phone is out */
        return r;
    return show_codes(rq, code);
}

#define PARAMS(table) .params = table, .n_params = PERSON_COUNT(table)
#define MINE .need = CAP_SIGNED_IN
#define WRITE \
    (ROUTE_WRITE | ROUTE_PERSONAL | ROUTE_NO_KEY) /* an answer with codes in it is never kept for a second press */

static const struct route routes[] = {
    {HTTP_GET, "/me/second", "me.second_show", second_show, MINE, .flags = ROUTE_PERSONAL, .view = &me_second_info,
     .doc = "The second factor: how many recovery codes are left, and the ways to renew it"},
    {HTTP_POST, "/me/second/codes", "me.second_codes", codes_renew, MINE, PARAMS(code_params), .flags = WRITE,
     .rate = RATE_SIGN_IN, .again = second_show, .doc = "New recovery codes; the old ones end"},
    {HTTP_POST, "/me/second/renew", "me.second_renew", renew_begin, MINE, PARAMS(code_params), .flags = WRITE,
     .rate = RATE_SIGN_IN, .again = second_show, .doc = "Begins with a new secret, on another phone"},
    {HTTP_GET, "/me/second/new", "me.second_new_show", renew_show, MINE, .flags = ROUTE_PERSONAL,
     .view = &me_second_new_info, .doc = "The new secret, to be scanned"},
    {HTTP_GET, "/me/second/new/qr", "me.second_new_qr", renew_qr, MINE, .flags = ROUTE_PERSONAL,
     .doc = "Its QR code for the app, as SVG"},
    {HTTP_POST, "/me/second/new", "me.second_new", renew_finish, MINE, PARAMS(code_params), .flags = WRITE,
     .rate = RATE_SIGN_IN, .again = renew_show,
     .doc = "Confirms it with a first code; the old one, its recovery codes and other sessions end"},
};

const struct module second_module = {
    .name = "second",
    .routes = routes,
    .n_routes = PERSON_COUNT(routes),
};
