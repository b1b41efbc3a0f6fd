/* message.c: messages in WeChat: through the outbox, with the one token that all processes share. */
#include "civic/wechat/room.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>

#include "civic/outbox/outbox.h"
#include "civic/service/service.h"
#include "civic/wechat/wechat.sql.h"
#include "engine/base/time.h"

/* A token is given up a little before its end, so that a message that is on its way still has a good one. */
#define TOKEN_MARGIN (5 * TIME_MINUTE)

/* ---- the way out of the app ------------------------------------------------------------------------------------ */

static bool works(const struct services *services)
{
    return wechat_sends(services->wechat);
}

/* Who it is for and what it says; the openid is looked up when it is sent, so that one who has unbound meanwhile gets nothing. */
static enum result put(struct db *db, const struct services *services, const struct away_letter *letter)
{
    struct arena *a = db_arena(db);
    struct wechat_binding binding;
    enum result r = wechat_binding(db, services->keys, wechat_app(services->wechat), letter->person, &binding);
    json_t *o;
    char *text;

    if (r != OK)
        return r;
    o = json_pack("{s:I, s:s%, s:s%, s:I, s:b}", "person", (json_int_t)letter->person, "words", letter->words.ptr,
                  letter->words.len, "url", letter->url.s.ptr, letter->url.s.len, "at", (json_int_t)letter->now,
                  "urgent", letter->urgent);
    text = o ? json_dumps(o, JSON_COMPACT) : NULL;
    json_decref(o);
    if (text == NULL)
        return E_BUSY;
    r = outbox_put(db, services->keys, STR("wechat"), str_dup(a, str_from_cstr(text)), letter->now,
                   letter->now + (letter->urgent ? 2 * TIME_HOUR : 12 * TIME_HOUR), NULL);
    free(text);
    return r;
}

const struct notice_carrier wechat_carrier = {.name = "wechat", .works = works, .put = put};

/* ---- delivery --------------------------------------------------------------------------------------------------- */

struct delivery {
    struct database *database;
    const struct services *services;
    struct str public_url;
    int64_t now;
};

struct message {
    int64_t person, at;
    struct str words, url;
    bool urgent;
};

static bool unpack(struct arena *a, struct str payload, struct message *m)
{
    json_t *o = json_loadb(payload.ptr, payload.len, 0, NULL);
    json_int_t person, at;
    const char *words, *url;
    int urgent;
    bool good = o && json_unpack(o, "{s:I, s:s, s:s, s:I, s:b}", "person", &person, "words", &words, "url", &url, "at",
                                 &at, "urgent", &urgent) == 0;

    if (good)
        *m = (struct message){person, at, str_dup(a, str_from_cstr(words)), str_dup(a, str_from_cstr(url)),
                              urgent != 0};
    json_decref(o);
    return good;
}

struct lookup {
    const struct delivery *d;
    int64_t person;
    struct wechat_binding binding;
    struct str token;
    int64_t expires_at;
    enum result bound;
};

static enum result look_up(struct db *db, void *arg)
{
    struct lookup *l = arg;
    const struct services *s = l->d->services;
    struct sql_wechat_token_get row;
    enum result r;

    l->bound = wechat_binding(db, s->keys, wechat_app(s->wechat), l->person, &l->binding);
    if (l->bound != OK && l->bound != E_NOT_FOUND)
        return l->bound;
    r = sql_wechat_token_get(db, wechat_app(s->wechat), &row);
    if (r != OK)
        return r == E_NOT_FOUND ? OK : r;
    l->expires_at = row.expires_at;
    if (crypto_unseal(s->keys, db_arena(db), row.token_sealed, STR("wechat_token"), &l->token) != OK)
        l->token = STR_NONE;
    return OK;
}

static enum result store_token(struct db *db, void *arg)
{
    const struct lookup *l = arg;
    const struct services *s = l->d->services;

    return sql_wechat_token_put(db, wechat_app(s->wechat),
                                crypto_seal(s->keys, db_arena(db), l->token, STR("wechat_token")), l->expires_at);
}

/* One process delivers at a time (the job's lease), so a token is fetched once for all. `refused`: the one that did not work; the platform gives
 * the same again while it thinks it good, and only then it is forced. */
static bool renew(struct lookup *l, struct arena *a, struct str refused)
{
    struct wechat_token token;
    const struct wechat *w = l->d->services->wechat;
    enum wechat_fault fault = wechat_fetch_token(w, a, false, &token);

    if (fault == WECHAT_FINE && refused.len && str_eq(token.token, refused))
        fault = wechat_fetch_token(w, a, true, &token);
    if (fault != WECHAT_FINE)
        return false;
    l->token = token.token;
    l->expires_at = l->d->now + token.expires_in * TIME_SECOND;
    return db_write_wait(l->d->database, a, store_token, l) == OK;
}

static enum outbox_verdict deliver(void *ctx, struct arena *a, const struct outbox_letter *letter,
                                   struct str *ret_reason)
{
    const struct delivery *d = ctx;
    struct lookup l = {.d = d};
    struct message m;
    struct str url;
    int64_t error = 0;
    enum wechat_sent sent;

    if (!unpack(a, letter->payload, &m)) {
        *ret_reason = STR("no_message");
        return OUTBOX_REFUSED;
    }
    l.person = m.person;
    if (db_write_wait(d->database, a, look_up, &l) != OK) {
        *ret_reason = STR("busy");
        return OUTBOX_AGAIN;
    }
    if (l.bound == E_NOT_FOUND)
        return OUTBOX_DELIVERED; /* unbound meanwhile: nobody wants it any more */
    *ret_reason = STR("no_token");
    if ((l.token.len == 0 || l.expires_at <= d->now + TOKEN_MARGIN) && !renew(&l, a, STR_NONE))
        return OUTBOX_AGAIN;
    url = d->public_url.len ? str_printf(a, STR_FMT STR_FMT, STR_ARG(d->public_url), STR_ARG(m.url)) : STR_NONE;
    sent = wechat_send(d->services->wechat, a, l.token, l.binding.openid, m.words, m.at, url, &error);
    if (sent == WECHAT_TOKEN) {
        if (!renew(&l, a, l.token))
            return OUTBOX_AGAIN;
        sent = wechat_send(d->services->wechat, a, l.token, l.binding.openid, m.words, m.at, url, &error);
    }
    *ret_reason = error ? str_printf(a, "platform %" PRId64, error) : STR("no_answer");
    switch (sent) {
    case WECHAT_SENT: return OUTBOX_DELIVERED;
    case WECHAT_NOBODY: return OUTBOX_NOBODY;
    case WECHAT_NEVER: return OUTBOX_REFUSED;
    case WECHAT_TOKEN:
    case WECHAT_LATER: break;
    }
    return OUTBOX_AGAIN;
}

/* Does not follow the account any more, or has refused: switched off, and this message goes another way. */
static enum result nobody(struct db *db, void *ctx, const struct outbox_letter *letter, int64_t now)
{
    const struct delivery *d = ctx;
    struct message m;
    enum result r;

    if (!unpack(db_arena(db), letter->payload, &m))
        return OK;
    r = notify_unreachable(db, m.person, STR("wechat"), now);
    return r == OK ? notify_other_way(db, d->services, m.person, m.words, m.urgent, d->public_url, now) : r;
}

enum result wechat_deliver(struct database *database, const struct services *services, struct arena *a,
                           struct str public_url, int64_t now, struct outbox_round *ret_round)
{
    struct delivery d = {database, services, public_url, now};
    /* 1, 2, 4 … minutes, for about four hours. */
    const struct outbox_kind kind = {.name = "wechat",
                                     .tries_max = 8,
                                     .first_wait_ms = TIME_MINUTE,
                                     .deliver = deliver,
                                     .ctx = &d,
                                     .nobody = nobody};

    return outbox_deliver(database, services->keys, &kind, a, now, ret_round);
}
