/* note.c: what is kept between the pages of signing in and joining, and codes by SMS. */
#include "civic/outbox/outbox_sms.h"
#include "civic/person/room.h"

/* ---- notes ------------------------------------------------------------------------------------------------ */

static struct str context(struct arena *a, const char *name)
{
    return str_printf(a, "session_note.%s", name);
}

enum result note_put(struct request *rq, const char *name, struct str value)
{
    struct str sealed = crypto_seal(services_of(rq)->keys, rq->arena, value, context(rq->arena, name));

    return session_note_set(rq, str_from_cstr(name), str_hex(rq->arena, sealed));
}

struct str note_get(struct request *rq, const char *name)
{
    struct str sealed, value;

    if (str_unhex(rq->arena, session_note(rq, str_from_cstr(name)), &sealed) != OK ||
        crypto_unseal(services_of(rq)->keys, rq->arena, sealed, context(rq->arena, name), &value) != OK)
        return STR_NONE;
    return value;
}

/* ---- codes -------------------------------------------------------------------------------------------------- */

static enum text fault_text(enum code_fault fault)
{
    switch (fault) {
    case CODE_FINE: return T_none;
    case CODE_TOO_SOON: return T_person_code_too_soon;
    case CODE_TOO_MANY: return T_person_code_too_many;
    case CODE_WRONG: return T_person_code_wrong;
    case CODE_EXPIRED: return T_person_code_expired;
    case CODE_TRIES: return T_person_code_tries;
    }
    return T_none;
}

enum result send_code(struct request *rq, const char *field, struct str mobile, enum code_purpose purpose,
                      bool *ret_sent)
{
    const struct services *s = services_of(rq);
    const struct config *c = app_config(rq->app);
    struct code_rules rules = {.minutes = c->sms.code_minutes, .per_phone_day = c->sms.per_phone_day};
    struct str words;
    enum code_fault fault;
    char code[7];
    enum result r = code_make(rq->db, s->keys, &rules, mobile, purpose, rq->now, code, &fault);

    *ret_sent = false;
    if (r != OK)
        return r;
    if (fault != CODE_FINE) {
        request_error(rq, field, fault_text(fault));
        return OK;
    }
    *ret_sent = true;
    if (app_is_demo(rq->app))
        return note_put(rq, "demo_code", str_dup(rq->arena, str_from_cstr(code)));
    words = text_format(rq->arena, rq->lang, T_person_code_sms, TEXT_STR("code", str_from_cstr(code)),
                        TEXT_INT("minutes", rules.minutes));
    r = s->sms ? sms_put(rq->db, s->keys, s->sms, mobile, words, str_from_cstr(code), rq->now,
                         rq->now + rules.minutes * TIME_MINUTE)
               : E_BUSY;
    if (r == E_BUSY) { /* this installation sends nothing */
        *ret_sent = false;
        request_error(rq, field, T_person_code_no_sms);
        return OK;
    }
    return r;
}

enum result check_code(struct request *rq, const char *field, struct str mobile, enum code_purpose purpose,
                       struct str code, bool *ret_right)
{
    enum code_fault fault;
    enum result r = code_check(rq->db, services_of(rq)->keys, mobile, purpose, code, rq->now, &fault);

    *ret_right = r == OK && fault == CODE_FINE;
    if (r == OK && fault != CODE_FINE)
        request_error(rq, field, fault_text(fault));
    return r;
}
