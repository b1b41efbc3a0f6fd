/* routes_sign_in.c: signing in and out.
 *
 * Residents: phone, then a code. Staff: login and password, then the second factor. Who has a post cannot come in by a code alone. What is
 * known of somebody between two steps is kept on our side, sealed, and only the last step makes a session. */
#include "civic/outbox/outbox.h"
#include "civic/person/person.sql.h"
#include "civic/person/room.h"
#include "civic/person/views/demo_people.html.h"
#include "civic/person/views/sign_in.html.h"
#include "civic/person/views/sign_in_code.html.h"
#include "civic/person/views/sign_in_password.html.h"
#include "civic/person/views/sign_in_recovery.html.h"
#include "civic/person/views/sign_in_second.html.h"
#include "civic/person/views/sign_in_setup.html.h"
#include "civic/wechat/wechat.h"
#include "engine/base/log.h"
#include "engine/page/qr.h"

/* ---- what the steps share ----------------------------------------------------------------------------------- */

/* A browser that was set to large text before stays so: whoever needs it, needs it on the next page too. */
static enum result carry_display(struct request *rq, int64_t person, enum result r)
{
    struct sql_person_viewer row;

    if (r != OK || !str_eq(http_cookie(rq->x, STR("mode")), STR("care")))
        return r;
    r = sql_person_viewer(rq->db, person, &row);
    return r == OK && row.mode.len == 0 ? sql_person_set_display(rq->db, person, row.language, STR("care"), row.theme)
                                        : r;
}

enum result sign_in_as(struct request *rq, int64_t person, bool staff)
{
    log_info("sign_in", LOG_STR("id", rq->id), LOG_INT("person", person), LOG_INT("staff", staff));
    return carry_display(rq, person, session_start(rq, person, staff));
}

static void refused(const struct request *rq, const char *step)
{
    log_info("sign_in.refused", LOG_STR("id", rq->id), LOG_CSTR("step", step));
}

static enum result has_post(struct request *rq, int64_t person, bool *ret_has)
{
    struct sql_person_viewer_posts_rows posts;
    enum result r = sql_person_viewer_posts(rq->db, person, rq->now, &posts);

    *ret_has = r == OK && posts.n > 0;
    return r;
}

enum result account_of_phone(struct request *rq, const char *field, struct str mobile, int64_t *ret_person)
{
    struct sql_person_viewer row;
    bool made, staff;
    int64_t person;
    enum result r = person_by_phone(rq->db, services_of(rq)->keys, mobile, rq->now, &person, &made);

    *ret_person = 0;
    if (r != OK || (r = sql_person_viewer(rq->db, person, &row)) != OK || (r = has_post(rq, person, &staff)) != OK)
        return r;
    if (!str_eq(row.state, STR("active")))
        request_error(rq, field, T_person_sign_in_blocked);
    else if (staff)
        request_error(rq, field, T_person_sign_in_staff_only);
    else
        *ret_person = person;
    return OK;
}

enum result go_on(struct request *rq, struct str next, enum text flash)
{
    struct sql_person_viewer_residences_rows homes;
    struct url to;
    bool staff;
    enum result r;

    if (next.len && !str_eq(next, STR("/")) && url_local(rq->arena, next, &to) == OK)
        return respond_see_other(rq, to, flash);
    if ((r = has_post(rq, rq->person, &staff)) != OK)
        return r;
    if (staff)
        return respond_see_other(rq, url_path(rq->arena, "/desk"), flash);
    if ((r = sql_person_viewer_residences(rq->db, rq->person, &homes)) != OK)
        return r;
    if (homes.n)
        return respond_see_other(rq, url_path(rq->arena, "/p/%" PRId64, homes.row[0].community), flash);
    return respond_see_other(rq, url_path(rq->arena, "/me"), flash);
}

/* ---- residents: phone, then code ------------------------------------------------------------------------------ */

enum { NEXT_NEXT, NEXT_PARAMS };
static const struct param next_params[NEXT_PARAMS] = {
    [NEXT_NEXT] = {"next", PARAM_TEXT, .max = 500, .doc = "The path to go to afterwards"},
};

static enum result sign_in_show(struct request *rq)
{
    struct sign_in_view view = {.demo = app_is_demo(rq->app), .next = param_text(rq, NEXT_NEXT)};

    if (wechat_on(services_of(rq)->wechat))
        view.wechat = url_add(rq->arena, url_path(rq->arena, "/sign-in/wechat"), "next", view.next);

    if (rq->person)
        return respond_see_other(rq, url_path(rq->arena, "/me"), T_none);
    return respond_view(rq, sign_in, &view);
}

enum { PHONE_PHONE, PHONE_NEXT, PHONE_PARAMS };
static const struct param phone_params[PHONE_PARAMS] = {
    [PHONE_PHONE] = {"phone", PARAM_TEXT, .required = true, .secret = true, .max = 30,
                     .doc = "A mainland mobile number"},
    [PHONE_NEXT] = {"next", PARAM_TEXT, .max = 500, .doc = "The path to go to afterwards"},
};

/* The note "phone" is the mobile, a blank, and where to go afterwards. */
static enum result phone_send(struct request *rq)
{
    char mobile[12];
    bool sent;
    enum result r;

    if (mobile_parse(param_text(rq, PHONE_PHONE), mobile) != IDENTITY_FINE)
        return request_invalid(rq, "phone", T_person_phone_wrong);
    r = send_code(rq, "phone", str_dup(rq->arena, str_from_cstr(mobile)), CODE_SIGN_IN, &sent);
    if (r != OK || !sent)
        return r;
    r = note_put(rq, "phone", str_printf(rq->arena, "%s " STR_FMT, mobile, STR_ARG(param_text(rq, PHONE_NEXT))));
    return r == OK ? respond_see_other(rq, url_path(rq->arena, "/sign-in/code"), T_none) : r;
}

static bool phone_note(struct request *rq, struct str *ret_mobile, struct str *ret_next)
{
    *ret_next = note_get(rq, "phone");
    return str_cut(ret_next, ' ', ret_mobile) && ret_mobile->len > 0;
}

static enum result code_show(struct request *rq)
{
    struct sign_in_code_view view = {.minutes = app_config(rq->app)->sms.code_minutes};
    struct str mobile, next;

    if (!phone_note(rq, &mobile, &next))
        return respond_see_other(rq, url_path(rq->arena, "/sign-in"), T_none);
    view.phone = mobile_mask(rq->arena, mobile);
    if (app_is_demo(rq->app))
        view.demo_code = note_get(rq, "demo_code");
    return respond_view(rq, sign_in_code, &view);
}

enum { CODE_CODE, CODE_PARAMS };
static const struct param code_params[CODE_PARAMS] = {
    [CODE_CODE] = {"code", PARAM_TEXT, .required = true, .secret = true, .max = 40, .doc = "The code of six digits"},
};

static enum result code_enter(struct request *rq)
{
    struct str mobile, next;
    int64_t person;
    bool right;
    enum result r;

    if (!phone_note(rq, &mobile, &next))
        return request_refuse(rq, E_GONE, T_person_step_lost);
    if ((r = check_code(rq, "code", mobile, CODE_SIGN_IN, param_text(rq, CODE_CODE), &right)) != OK)
        return r;
    if (!right) {
        refused(rq, "code");
        return OK;
    }
    r = account_of_phone(rq, "code", mobile, &person);
    if (r != OK || person == 0)
        return r;
    if ((r = sign_in_as(rq, person, false)) != OK)
        return r;
    return go_on(rq, next, T_none);
}

/* The same phone once more. */
static enum result code_again(struct request *rq)
{
    struct str mobile, next;
    bool sent;
    enum result r;

    if (!phone_note(rq, &mobile, &next))
        return request_refuse(rq, E_GONE, T_person_step_lost);
    r = send_code(rq, "code", mobile, CODE_SIGN_IN, &sent);
    return r == OK && sent ? respond_see_other(rq, url_path(rq->arena, "/sign-in/code"), T_person_code_sent) : r;
}

/* ---- with a password -------------------------------------------------------------------------------------------- */

static enum result password_show(struct request *rq)
{
    struct sign_in_password_view view = {.demo = app_is_demo(rq->app), .next = param_text(rq, NEXT_NEXT)};

    if (rq->person)
        return respond_see_other(rq, url_path(rq->arena, "/me"), T_none);
    return respond_view(rq, sign_in_password, &view);
}

enum { PASSWORD_LOGIN, PASSWORD_PASSWORD, PASSWORD_NEXT, PASSWORD_PARAMS };
static const struct param password_params[PASSWORD_PARAMS] = {
    [PASSWORD_LOGIN] = {"login", PARAM_TEXT, .required = true, .max = 64,
                        .doc = "A login of staff, or a mobile number"},
    [PASSWORD_PASSWORD] = {"password", PARAM_TEXT, .required = true, .secret = true, .max = PASSWORD_MAX},
    [PASSWORD_NEXT] = {"next", PARAM_TEXT, .max = 500, .doc = "The path to go to afterwards"},
};

struct password_try {
    struct str name;     /* the normal form, under which failures are counted */
    int64_t person;      /* 0: the password is wrong, or there is nobody of that name */
    bool waiting;        /* has to wait: nothing was looked at */
    struct str new_hash; /* the old one was made with weaker parameters */
};

static enum result find_account(struct request *rq, struct password_try *t, struct sql_person_get *ret_row)
{
    struct str typed = str_trim(param_text(rq, PASSWORD_LOGIN));
    struct sql_person_login_find by_login;
    struct sql_person_phone_find by_phone;
    char mobile[12];
    int64_t person;
    enum result r;

    if (mobile_parse(typed, mobile) == IDENTITY_FINE) {
        struct hash h = crypto_blind(services_of(rq)->keys, STR("phone"), str_from_cstr(mobile));

        t->name = str_dup(rq->arena, str_from_cstr(mobile));
        if ((r = sql_person_phone_find(rq->db, hash_str(&h), &by_phone)) != OK)
            return r;
        person = by_phone.person;
    } else {
        if (login_parse(rq->arena, typed, &t->name) != OK) {
            t->name = typed;
            return E_NOT_FOUND;
        }
        if ((r = sql_person_login_find(rq->db, t->name, &by_login)) != OK)
            return r;
        person = by_login.person;
    }
    return sql_person_get(rq->db, person, ret_row);
}

static enum result must_wait(struct request *rq, struct str name, bool *ret_wait)
{
    int64_t by_name, by_address;
    const struct crypto_keys *keys = services_of(rq)->keys;
    enum result r = sign_in_wait(rq->db, keys, "name", name, rq->now, &by_name);

    if (r == OK)
        r = sign_in_wait(rq->db, keys, "address", rq->x->peer, rq->now, &by_address);
    if (r == OK)
        *ret_wait = by_name > 0 || by_address > 0;
    return r;
}

/* On the slow pool: 30 ms of Argon2id for a name that is known and for one that is not. */
static enum result password_verify(struct request *rq)
{
    struct password_try *t = arena_new(rq->arena, struct password_try);
    struct str password = param_text(rq, PASSWORD_PASSWORD);
    struct sql_person_get row;
    enum result r = find_account(rq, t, &row), found = r;

    rq->prepared = t;
    if (r != OK && r != E_NOT_FOUND)
        return r;
    if ((r = must_wait(rq, t->name, &t->waiting)) != OK || t->waiting)
        return r;
    if (found != OK || row.password_hash.len == 0 || !str_eq(row.state, STR("active"))) {
        r = crypto_password_verify_nobody(password);
        return r == E_BUSY ? r : OK;
    }
    r = crypto_password_verify(row.password_hash, password);
    if (r == OK) {
        t->person = row.id;
        if (crypto_password_outdated(row.password_hash) &&
            crypto_password_hash(rq->arena, password, &t->new_hash) != OK)
            t->new_hash = STR_NONE; /* the next time, then */
    }
    return r == E_BUSY ? r : OK;
}

/* The note "second": person, a blank, where to go. "setup": person, a blank, the new secret, a blank, where to go. */
static enum result ask_second(struct request *rq, int64_t person, bool have, struct str next)
{
    unsigned char secret[TOTP_SECRET_BYTES];
    enum result r;

    if (have) {
        r = note_put(rq, "second", str_printf(rq->arena, "%" PRId64 " " STR_FMT, person, STR_ARG(next)));
        return r == OK ? respond_see_other(rq, url_path(rq->arena, "/sign-in/second"), T_none) : r;
    }
    crypto_random(secret, sizeof(secret));
    r = note_put(rq, "setup",
                 str_printf(rq->arena, "%" PRId64 " " STR_FMT " " STR_FMT, person,
                            STR_ARG(base32_encode(rq->arena, (struct str){(char *)secret, sizeof(secret)})),
                            STR_ARG(next)));
    crypto_wipe(secret, sizeof(secret));
    return r == OK ? respond_see_other(rq, url_path(rq->arena, "/sign-in/setup"), T_none) : r;
}

static enum result password_enter(struct request *rq)
{
    const struct password_try *t = rq->prepared;
    const struct crypto_keys *keys = services_of(rq)->keys;
    struct sql_person_get row;
    bool staff, waiting;
    enum result r;

    if ((r = must_wait(rq, t->name, &waiting)) != OK)
        return r;
    if (t->waiting || waiting) {
        request_error(rq, "login", T_person_sign_in_wait);
        return OK;
    }
    if (t->person == 0) {
        refused(rq, "password");
        if ((r = sign_in_failed(rq->db, keys, "name", t->name, rq->now)) != OK ||
            (r = sign_in_failed(rq->db, keys, "address", rq->x->peer, rq->now)) != OK)
            return r;
        request_error(rq, "login", T_person_sign_in_wrong);
        return OK;
    }
    if ((r = sign_in_succeeded(rq->db, keys, "name", t->name)) != OK ||
        (r = sql_person_get(rq->db, t->person, &row)) != OK || (r = has_post(rq, t->person, &staff)) != OK)
        return r;
    if (t->new_hash.len && (r = sql_person_set_password(rq->db, t->person, t->new_hash, row.password_at)) != OK)
        return r;
    if (!app_is_demo(rq->app) && (staff || row.totp_sealed.len))
        return ask_second(rq, t->person, row.totp_sealed.len > 0, param_text(rq, PASSWORD_NEXT));
    if ((r = sign_in_as(rq, t->person, staff)) != OK)
        return r;
    return go_on(rq, param_text(rq, PASSWORD_NEXT), T_none);
}

enum result person_enter(struct request *rq, int64_t person, struct str next)
{
    struct sql_person_get row;
    bool staff;
    enum result r = sql_person_get(rq->db, person, &row);

    if (r == OK)
        r = has_post(rq, person, &staff);
    if (r != OK && r != E_NOT_FOUND)
        return r;
    if (r == E_NOT_FOUND || !str_eq(row.state, STR("active"))) {
        refused(rq, "other");
        return respond_see_other(rq, url_path(rq->arena, "/sign-in"), T_person_sign_in_blocked);
    }
    /* Whoever has no second factor yet sets it up behind the password, never behind this. */
    if (staff && row.totp_sealed.len == 0)
        return respond_see_other(rq, url_path(rq->arena, "/sign-in/password"), T_person_sign_in_staff_only);
    if (staff || row.totp_sealed.len)
        return ask_second(rq, person, true, next);
    r = sign_in_as(rq, person, false);
    return r == OK ? go_on(rq, next, T_none) : r;
}

/* ---- the second factor ------------------------------------------------------------------------------------------ */

static bool second_note(struct request *rq, int64_t *ret_person, struct str *ret_next)
{
    struct str person;

    *ret_next = note_get(rq, "second");
    return str_cut(ret_next, ' ', &person) && str_int64(person, 1, INT64_MAX, ret_person) == OK;
}

static enum result second_show(struct request *rq)
{
    struct sign_in_second_view view = {0};
    struct str next;
    int64_t person;

    if (!second_note(rq, &person, &next))
        return respond_see_other(rq, url_path(rq->arena, "/sign-in/password"), T_none);
    return respond_view(rq, sign_in_second, &view);
}

/* A password that somebody else has set, or that is too old in profile level3, is changed before anything else. */
static enum result enter(struct request *rq, int64_t person, struct str next)
{
    struct sql_person_get row;
    enum result r = sql_person_get(rq->db, person, &row);

    if (r != OK || (r = sign_in_as(rq, person, true)) != OK)
        return r;
    if (password_old(row.password_at, rq->now, app_config(rq->app)->security.profile))
        return respond_see_other(rq, url_path(rq->arena, "/me/password"), T_person_password_old);
    return go_on(rq, next, T_none);
}

static enum result second_enter(struct request *rq)
{
    const struct crypto_keys *keys = services_of(rq)->keys;
    struct str next, subject;
    int64_t person, wait;
    enum result r;

    if (!second_note(rq, &person, &next))
        return request_refuse(rq, E_GONE, T_person_step_lost);
    subject = str_printf(rq->arena, "%" PRId64, person);
    if ((r = sign_in_wait(rq->db, keys, "second", subject, rq->now, &wait)) != OK)
        return r;
    if (wait) {
        request_error(rq, "code", T_person_sign_in_wait);
        return OK;
    }
    r = second_check(rq->db, keys, person, param_text(rq, CODE_CODE), rq->now);
    if (r == E_DENIED) {
        refused(rq, "second");
        request_error(rq, "code", T_person_second_wrong);
        return sign_in_failed(rq->db, keys, "second", subject, rq->now);
    }
    if (r != OK || (r = sign_in_succeeded(rq->db, keys, "second", subject)) != OK)
        return r;
    return enter(rq, person, next);
}

/* ---- setting it up ------------------------------------------------------------------------------------------------ */

static bool setup_note(struct request *rq, int64_t *ret_person, struct str *ret_secret, struct str *ret_next)
{
    struct str person;

    *ret_next = note_get(rq, "setup");
    return str_cut(ret_next, ' ', &person) && str_int64(person, 1, INT64_MAX, ret_person) == OK &&
           str_cut(ret_next, ' ', ret_secret);
}

/* In groups of four, as people type it. */
static struct str in_groups(struct arena *a, struct str s)
{
    struct buf b;

    buf_init(&b, a, s.len * 2, 256);
    for (size_t i = 0; i < s.len; i++) {
        if (i && i % 4 == 0)
            buf_putc(&b, ' ');
        buf_putc(&b, s.ptr[i]);
    }
    return buf_str(&b);
}

static enum result setup_show(struct request *rq)
{
    struct sign_in_setup_view view = {0};
    struct str secret, next;
    int64_t person;

    if (!setup_note(rq, &person, &secret, &next))
        return respond_see_other(rq, url_path(rq->arena, "/sign-in/password"), T_none);
    view.secret = in_groups(rq->arena, secret);
    return respond_view(rq, sign_in_setup, &view);
}

static enum result setup_qr(struct request *rq)
{
    struct str secret, next, bytes, svg;
    struct sql_person_login_of login;
    int64_t person;
    enum result r;

    if (!setup_note(rq, &person, &secret, &next))
        return E_NOT_FOUND;
    if ((r = base32_decode(rq->arena, secret, &bytes)) != OK)
        return r;
    r = sql_person_login_of(rq->db, person, &login);
    if (r != OK && r != E_NOT_FOUND)
        return r;
    r = qr_svg(rq->arena,
               totp_uri(rq->arena, text(rq->lang, T_frame_name), r == OK ? login.login : STR("lilong"), bytes), &svg);
    return r == OK ? respond_bytes(rq, 200, STR("image/svg+xml"), svg) : r;
}

static enum result setup_enter(struct request *rq)
{
    struct sign_in_recovery_view view = {0};
    struct sign_in_recovery_codes *codes = arena_array(rq->arena, struct sign_in_recovery_codes, RECOVERY_CODES);
    struct str secret, next, bytes, code[RECOVERY_CODES];
    struct sql_person_get row;
    int64_t person, step;
    enum result r;

    if (!setup_note(rq, &person, &secret, &next) || base32_decode(rq->arena, secret, &bytes) != OK)
        return request_refuse(rq, E_GONE, T_person_step_lost);
    if ((r = sql_person_get(rq->db, person, &row)) != OK)
        return r;
    if (row.totp_sealed.len) /* set up meanwhile, in another browser */
        return request_refuse(rq, E_CONFLICT, T_person_step_lost);
    if (totp_verify(bytes, str_trim(param_text(rq, CODE_CODE)), rq->now, 0, &step) != OK)
        return request_invalid(rq, "code", T_person_second_wrong);
    if ((r = second_set(rq->db, services_of(rq)->keys, person, bytes, step, code)) != OK ||
        (r = sign_in_as(rq, person, true)) != OK)
        return r;
    for (size_t i = 0; i < RECOVERY_CODES; i++)
        codes[i].code = code[i];
    view.codes.v = codes;
    view.codes.n = RECOVERY_CODES;
    if (password_old(row.password_at, rq->now, app_config(rq->app)->security.profile))
        view.on = url_path(rq->arena, "/me/password");
    else if (next.len == 0 || url_local(rq->arena, next, &view.on) != OK)
        view.on = url_path(rq->arena, "/desk");
    return respond_view(rq, sign_in_recovery, &view);
}

/* ---- out ------------------------------------------------------------------------------------------------------------ */

static enum result sign_out(struct request *rq)
{
    enum result r = session_end(rq);

    return r == OK ? respond_see_other(rq, url_path(rq->arena, "/"), T_person_signed_out) : r;
}

/* ---- the demo world ---------------------------------------------------------------------------------------------- */

enum { DEMO_RESIDENTS = 8, DEMO_WAITING = 3, DEMO_GUESTS = 2 };

static enum result demo_residents(struct request *rq, const char *state, int64_t limit, struct demo_people_people *to,
                                  size_t *n)
{
    struct sql_person_demo_residents_rows rows;
    enum result r = sql_person_demo_residents(rq->db, str_from_cstr(state), limit, &rows);

    for (size_t i = 0; r == OK && i < rows.n; i++)
        to[(*n)++] = (struct demo_people_people){
            .id = rows.row[i].id,
            .name = rows.row[i].shown_name,
            .role = residence_state_text(str_from_cstr(state)),
            .from = str_printf(rq->arena, STR_FMT " " STR_FMT " " STR_FMT, STR_ARG(rows.row[i].estate_name),
                               STR_ARG(rows.row[i].building_name), STR_ARG(rows.row[i].room)),
            .care = str_eq(rows.row[i].mode, STR("care")),
            .party = rows.row[i].party_badge,
        };
    return r;
}

static struct demo_people_people demo_staff_person(struct request *rq, const struct sql_person_demo_staff *row)
{
    return (struct demo_people_people){
        .id = row->id,
        .name = row->shown_name,
        .role = role_text(role_from_word(row->role)),
        .from = str_printf(rq->arena, STR_FMT " " STR_FMT, STR_ARG(row->name), STR_ARG(row->title)),
    };
}

enum { DEMO_WHO, DEMO_SHOW_PARAMS };
static const struct param demo_show_params[DEMO_SHOW_PARAMS] = {
    [DEMO_WHO] = {"person", PARAM_ID,
                  .doc = "Shows this person alone, with one button: what the console's links lead to"},
};

/* One person, whom a link names: staff with the post, everybody else by name alone. */
static enum result demo_only(struct request *rq, const struct sql_person_demo_staff_rows *staff)
{
    struct demo_people_people *people = arena_array(rq->arena, struct demo_people_people, 1);
    struct demo_people_view view = {.one = true, .people = {.v = people, .n = 1}};
    struct sql_person_demo_one one;
    enum result r = sql_person_demo_one(rq->db, param_int(rq, DEMO_WHO), &one);

    if (r != OK)
        return r;
    people[0].id = one.id;
    people[0].name = one.shown_name.len ? one.shown_name : text(rq->lang, T_person_demo_nameless);
    for (size_t i = 0; i < staff->n; i++)
        if (staff->row[i].id == one.id)
            people[0] = demo_staff_person(rq, &staff->row[i]);
    return respond_view(rq, demo_people, &view);
}

static enum result demo_show(struct request *rq)
{
    struct sql_person_demo_staff_rows staff;
    struct sql_person_demo_guests_rows guests;
    struct demo_people_people *people;
    struct demo_people_view view = {0};
    size_t n = 0;
    enum result r = sql_person_demo_staff(rq->db, rq->now, &staff);

    if (r != OK)
        return r;
    if (param_given(rq, DEMO_WHO))
        return demo_only(rq, &staff);
    people = arena_array(rq->arena, struct demo_people_people, staff.n + DEMO_RESIDENTS + DEMO_WAITING + DEMO_GUESTS);
    if ((r = demo_residents(rq, "verified", DEMO_RESIDENTS, people, &n)) != OK ||
        (r = demo_residents(rq, "waiting", DEMO_WAITING, people, &n)) != OK)
        return r;
    if ((r = sql_person_demo_guests(rq->db, DEMO_GUESTS, &guests)) != OK)
        return r;
    for (size_t i = 0; i < guests.n; i++)
        people[n++] = (struct demo_people_people){
            .id = guests.row[i].id,
            .name = guests.row[i].shown_name.len ? guests.row[i].shown_name : text(rq->lang, T_person_demo_nameless),
            .role = T_person_demo_guest};
    for (size_t i = 0; i < staff.n; i++)
        people[n++] = demo_staff_person(rq, &staff.row[i]);
    view.people.v = people;
    view.people.n = n;
    return respond_view(rq, demo_people, &view);
}

enum { DEMO_PERSON, DEMO_NEXT, DEMO_PARAMS };
static const struct param demo_params[DEMO_PARAMS] = {
    [DEMO_PERSON] = {"person", PARAM_ID, .required = true, .doc = "A person of the demo world"},
    [DEMO_NEXT] = {"next", PARAM_TEXT, .max = 500, .doc = "The path to go to afterwards"},
};

static enum result demo_enter(struct request *rq)
{
    int64_t person = param_int(rq, DEMO_PERSON);
    struct sql_person_viewer row;
    bool staff;
    enum result r = sql_person_viewer(rq->db, person, &row);

    if (r == OK)
        r = str_eq(row.state, STR("active")) ? has_post(rq, person, &staff) : E_NOT_FOUND;
    if (r == OK)
        r = sign_in_as(rq, person, staff);
    return r == OK ? go_on(rq, param_text(rq, DEMO_NEXT), T_none) : r;
}

/* ---- scheduled work -------------------------------------------------------------------------------------------------- */

/* Short messages that wait. */
static enum result deliver_sms(struct app *app, struct arena *a)
{
    const struct services *s = app_services(app);
    struct outbox_round round = {.taken = OUTBOX_BATCH};
    enum result r = OK;

    while (s && s->sms && r == OK && round.taken == OUTBOX_BATCH)
        r = outbox_deliver(app_database(app), s->keys, sms_kind(s->sms), a, time_now(), &round);
    return r;
}

static enum result purge(struct db *db, void *arg)
{
    enum result r = sql_sign_in_failure_purge(db, *(int64_t *)arg - TIME_DAY);

    return r == OK ? sql_sms_code_purge(db, *(int64_t *)arg - 2 * TIME_DAY) : r;
}

static enum result purge_run(struct app *app, struct arena *a)
{
    int64_t now = time_now();

    return db_write_wait(app_database(app), a, purge, &now);
}

static const struct job_kind jobs[] = {
    {"person.sms", TIME_SECOND, deliver_sms},
    {"person.purge", TIME_HOUR, purge_run},
};

/* ---- the table ---------------------------------------------------------------------------------------------------- */

#define PARAMS(table) .params = table, .n_params = PERSON_COUNT(table)
#define STEP (ROUTE_WRITE | ROUTE_NO_KEY | ROUTE_PERSONAL)

static const struct route routes[] = {
    {HTTP_GET, "/sign-in", "sign_in.show", sign_in_show, .need = CAP_GUEST, PARAMS(next_params), .view = &sign_in_info,
     .doc = "The page to sign in with a phone"},
    {HTTP_POST, "/sign-in/phone", "sign_in.phone", phone_send, .need = CAP_GUEST, PARAMS(phone_params), .flags = STEP,
     .rate = RATE_SMS, .again = sign_in_show, .doc = "Sends a code to the phone"},
    {HTTP_GET, "/sign-in/code", "sign_in.code_show", code_show, .need = CAP_GUEST, .flags = ROUTE_PERSONAL,
     .view = &sign_in_code_info, .doc = "The page to type the code"},
    {HTTP_POST, "/sign-in/code", "sign_in.code", code_enter, .need = CAP_GUEST, PARAMS(code_params), .flags = STEP,
     .rate = RATE_SIGN_IN, .again = code_show, .doc = "Signs in with the code"},
    {HTTP_POST, "/sign-in/code/again", "sign_in.code_again", code_again, .need = CAP_GUEST, .flags = STEP,
     .rate = RATE_SMS, .again = code_show, .doc = "Sends another code"},
    {HTTP_GET, "/sign-in/password", "sign_in.password_show", password_show, .need = CAP_GUEST, PARAMS(next_params),
     .view = &sign_in_password_info, .doc = "The page to sign in with a password"},
    {HTTP_POST, "/sign-in/password", "sign_in.password", password_enter, .before = password_verify, .need = CAP_GUEST,
     PARAMS(password_params), .flags = STEP, .rate = RATE_SIGN_IN, .again = password_show,
     .doc = "Signs in with login and password"},
    {HTTP_GET, "/sign-in/second", "sign_in.second_show", second_show, .need = CAP_GUEST, .flags = ROUTE_PERSONAL,
     .view = &sign_in_second_info, .doc = "The page for the second factor"},
    {HTTP_POST, "/sign-in/second", "sign_in.second", second_enter, .need = CAP_GUEST, PARAMS(code_params),
     .flags = STEP, .rate = RATE_SIGN_IN, .again = second_show,
     .doc = "The second factor: a code of the app, or a recovery code"},
    {HTTP_GET, "/sign-in/setup", "sign_in.setup_show", setup_show, .need = CAP_GUEST, .flags = ROUTE_PERSONAL,
     .view = &sign_in_setup_info, .doc = "The page to set up the second factor"},
    {HTTP_GET, "/sign-in/setup/qr", "sign_in.setup_qr", setup_qr, .need = CAP_GUEST, .flags = ROUTE_PERSONAL,
     .doc = "The QR code for the app, as SVG"},
    {HTTP_POST, "/sign-in/setup", "sign_in.setup", setup_enter, .need = CAP_GUEST, PARAMS(code_params), .flags = STEP,
     .rate = RATE_SIGN_IN, .again = setup_show, .doc = "Confirms the second factor with a first code"},
    {HTTP_POST, "/sign-out", "sign_in.out", sign_out, .need = CAP_ACCOUNT, .flags = STEP, .doc = "Ends the session"},
    {HTTP_GET, "/demo", "demo.show", demo_show, .need = CAP_PUBLIC, PARAMS(demo_show_params), .flags = ROUTE_DEMO,
     .view = &demo_people_info, .doc = "The people of the demo world"},
    {HTTP_POST, "/demo", "demo.enter", demo_enter, .need = CAP_PUBLIC, PARAMS(demo_params), .flags = STEP | ROUTE_DEMO,
     .doc = "Signs in as somebody of the demo world"},
};

const struct module person_module = {
    .name = "person",
    .routes = routes,
    .n_routes = PERSON_COUNT(routes),
    .jobs = jobs,
    .n_jobs = PERSON_COUNT(jobs),
};
