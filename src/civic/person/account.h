/* account.h: how an account is guarded: passwords, waits after failures, the second factor, posts, the end of an account.
 *
 * Rules without HTTP: the routes, the commands and the demo world call them. In a write transaction unless it says otherwise. */
#ifndef LILONG_CIVIC_PERSON_ACCOUNT_H
#define LILONG_CIVIC_PERSON_ACCOUNT_H

#include "civic/access/access.h"
#include "civic/person/person.h"
#include "engine/base/config.h"
#include "engine/base/crypto.h"

/* ---- passwords: pure ---- */

enum { PASSWORD_MIN = 8, PASSWORD_MAX = 128, PASSWORD_DAYS = 90 }; /* code points; days: profile level3 only */

enum password_fault {
    PASSWORD_FINE = 0,
    PASSWORD_SHORT,
    PASSWORD_LONG,
    PASSWORD_COMMON, /* on the list of the commonest, or one sign over and over, or a run as 12345678 */
    PASSWORD_OWN,    /* has the login or the phone in it */
    PASSWORD_PLAIN,  /* level3: at least three of lower case, upper case, digits, others */
};
enum password_fault password_check(struct str password, struct str login, struct str mobile,
                                   enum security_profile profile);
bool password_common(struct str password); /* the list of commonest ones, without case */
/* level3 asks for a new one after PASSWORD_DAYS; a password that somebody else has set is old at once. */
bool password_old(int64_t set_at, int64_t now, enum security_profile profile);
/* A login of staff: 3-32 of a-z 0-9 . _ -, beginning with a letter; upper case is forgiven. E_INVALID. */
enum result login_parse(struct arena *a, struct str text, struct str *ret_login) MUST_USE;

/* ---- waits after failures: they grow, nothing is locked for good. Known and unknown names are treated alike ---- */

/* How long `subject` has to wait now, in ms; 0: not at all. `kind` is "name", "address", "second"; reading only. */
enum result sign_in_wait(struct db *db, const struct crypto_keys *keys, const char *kind, struct str subject,
                         int64_t now, int64_t *ret_wait) MUST_USE;
enum result sign_in_failed(struct db *db, const struct crypto_keys *keys, const char *kind, struct str subject,
                           int64_t now) MUST_USE;
enum result sign_in_succeeded(struct db *db, const struct crypto_keys *keys, const char *kind,
                              struct str subject) MUST_USE;

/* A new password: all sessions of the person end. set_at 0: somebody else has set it, and it is changed at the next sign-in. */
enum result account_set_password(struct db *db, int64_t person, struct str hash, int64_t set_at) MUST_USE;
enum result account_by_login(struct db *db, struct str login, int64_t *ret_person) MUST_USE; /* E_NOT_FOUND. Reading only */

/* Everybody with a login or a post, for operators; rising by person. */
struct account_row {
    int64_t person;
    struct str login, shown_name;
    bool active;
    struct viewer_post *post;
    size_t n_posts;
};
struct account_rows { struct account_row *row; size_t n; };
enum result account_list(struct db *db, int64_t after, int64_t limit, struct account_rows *ret) MUST_USE;

/* ---- the second factor ---- */

enum { RECOVERY_CODES = 10 };

/* New, for a person who has confirmed it with a first code (its step is used up then); the old one and its recovery codes end.
 * ret_codes: RECOVERY_CODES texts as "k7fq-2mxa", in the arena, to be shown once. */
enum result second_set(struct db *db, const struct crypto_keys *keys, int64_t person, struct str secret, int64_t step,
                       struct str *ret_codes) MUST_USE;
/* New recovery codes for the factor as it is; the old ones end. */
enum result recovery_renew(struct db *db, const struct crypto_keys *keys, int64_t person, struct str *ret_codes) MUST_USE;
/* A code of the app, or a recovery code, which works once. E_DENIED: neither. */
enum result second_check(struct db *db, const struct crypto_keys *keys, int64_t person, struct str code,
                         int64_t now) MUST_USE;
enum result second_drop(struct db *db, int64_t person) MUST_USE; /* to be set up anew at the next sign-in */

/* ---- posts ---- */

/* Who gets a post has to sign in anew, with both factors. Writes the ledger of the organisation's place. E_INVALID: no such role. */
enum result post_give(struct db *db, int64_t person, int64_t organisation, enum role role, struct str title, int64_t by,
                      int64_t now, int64_t *ret_post) MUST_USE;
enum result post_take(struct db *db, int64_t post, int64_t by,
                      int64_t now) MUST_USE; /* E_NOT_FOUND, E_CONFLICT: has ended */

/* ---- the end of an account ---- */

/* Erases what identifies the person; what they wrote stays without an author. Residences end, sessions end, phone, document and login
 * are free again. E_CONFLICT: has a post, which the organisation ends first. */
enum result account_close(struct db *db, int64_t person, int64_t now) MUST_USE;
/* Consent is taken back: the residences end, the account stays. */
enum result account_withdraw(struct db *db, int64_t person, int64_t now) MUST_USE;

#endif
