/* wechat.h: signing in by WeChat, and messages in it: what the platform is asked, and what it answers.
 *
 * Off unless wechat.app_id, wechat.secret and listen.public_url are set. docs/wechat.md is for operators. Who an account belongs to is never decided
 * by WeChat: an openid (the name of a WeChat user towards one official account) is bound by the signed-in owner of the account, with consent
 * (个人信息保护法 13, 23), and is kept sealed, found by a keyed hash. */
#ifndef LILONG_CIVIC_WECHAT_H
#define LILONG_CIVIC_WECHAT_H

#include "civic/notify/notify.h"
#include "engine/base/config.h"
#include "engine/base/crypto.h"
#include "engine/page/page.h"

struct wechat;

/* Reads the settings; nothing is asked yet. Without app id and secret it opens, and is off. E_INVALID: ret_why says which setting is wrong. */
enum result wechat_open(const struct config *config, struct arena *a, struct wechat **ret_wechat, struct str *ret_why) MUST_USE;
void wechat_close(struct wechat *wechat);          /* NULL does nothing */
bool wechat_on(const struct wechat *wechat);       /* people can sign in; NULL: no */
bool wechat_sends(const struct wechat *wechat);    /* and are sent messages: a template is set */
struct str wechat_app(const struct wechat *wechat);

/* Where the browser is sent to ask WeChat who it is (网页授权). `back` is a whole address of ours, `state` at most 128 of a-z A-Z 0-9. */
struct url wechat_authorize(const struct wechat *wechat, struct arena *a, struct str back, struct str state);

enum wechat_fault {
    WECHAT_FINE,
    WECHAT_CODE,     /* used already, older than 5 minutes, or made up: begin again */
    WECHAT_SNAPSHOT, /* the page was looked at without opening it fully: not a real account */
    WECHAT_REFUSED,  /* anything else that it says no to: the settings are wrong, or the account is not certified */
    WECHAT_AWAY,     /* no connection, no answer in time, an error of its own, an answer that is none */
};
struct wechat_identity {
    struct str openid;
    int64_t error;   /* errcode of a refusal, for the log */
};
/* Code for openid: asks over the network and takes up to wechat.timeout_ms. Never in a transaction. */
enum wechat_fault wechat_exchange(const struct wechat *wechat, struct arena *a, struct str code, struct wechat_identity *ret_identity);

/* ---- what comes from outside, without the network: for tests and the fuzzer ---- */

enum wechat_fault wechat_read_identity(struct arena *a, struct str json, struct wechat_identity *ret_identity);
struct wechat_token { struct str token; int64_t expires_in, error; /* seconds */ };
enum wechat_fault wechat_read_token(struct arena *a, struct str json, struct wechat_token *ret_token);
enum wechat_sent {
    WECHAT_SENT,
    WECHAT_TOKEN,    /* the token is not good any more: a new one, and once more */
    WECHAT_NOBODY,   /* does not follow the account, or has refused its messages */
    WECHAT_LATER,
    WECHAT_NEVER,    /* template, fields or rights are wrong */
};
enum wechat_sent wechat_read_sent(struct str json, int64_t *ret_error);
/* Whether an address is one of the open internet: outgoing requests go to no other, whatever a name resolves to (SSRF; OWASP ASVS 5.0 1.3.6). */
bool wechat_address_public(const char *ip);

/* ---- bindings ---- */

enum result wechat_bind(struct db *db, const struct crypto_keys *keys, struct str app, int64_t person, struct str openid,
                        int64_t now) MUST_USE; /* E_CONFLICT: it is bound to another account. The person's former one is replaced */
enum result wechat_unbind(struct db *db, struct str app, int64_t person) MUST_USE;
enum result wechat_person(struct db *db, const struct crypto_keys *keys, struct str app, struct str openid, int64_t *ret_person) MUST_USE; /* E_NOT_FOUND */
struct wechat_binding { struct str openid; int64_t bound_at; };
enum result wechat_binding(struct db *db, const struct crypto_keys *keys, struct str app, int64_t person,
                           struct wechat_binding *ret_binding) MUST_USE; /* E_NOT_FOUND */
enum result wechat_forget(struct db *db, int64_t person) MUST_USE; /* erasure by law */

/* ---- messages ---- */

/* Delivers what is due; kept apart from the job for tests. Blocks on the network. */
struct outbox_round;
enum result wechat_deliver(struct database *database, const struct services *services, struct arena *a, struct str public_url, int64_t now,
                           struct outbox_round *ret_round) MUST_USE;

extern const struct notice_carrier wechat_carrier;
extern const struct module wechat_module; /* /sign-in/wechat, /me/wechat */
struct me_table;
extern const struct me_table wechat_me;   /* bindings, among what is kept about somebody */

#endif
