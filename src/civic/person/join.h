/* join.h: how somebody becomes a resident of a community, and how anybody signs in. Rules without HTTP: the routes, the
 * commands and the demo world call them. Every function runs in a write transaction unless it says otherwise.
 *
 * Real name behind (网络安全法 24; 跟帖评论服务管理规定 2022): who is not verified reads and does not write. */
#ifndef LILONG_CIVIC_PERSON_JOIN_H
#define LILONG_CIVIC_PERSON_JOIN_H

#include "civic/person/identity.h"
#include "civic/person/person.h"
#include "engine/base/crypto.h"

/* ---- one-time codes ---- */

enum code_purpose { CODE_SIGN_IN, CODE_PHONE };

struct code_rules { int64_t minutes, per_phone_day; }; /* settings; 5 and 10 */

enum code_fault {
    CODE_FINE = 0,
    CODE_TOO_SOON,   /* less than a minute since the last one */
    CODE_TOO_MANY,   /* today's number for this phone is used up */
    CODE_WRONG,
    CODE_EXPIRED,    /* or used, or never sent: the answer is the same */
    CODE_TRIES,      /* five wrong ones: a new code is needed */
};
/* Makes a code of six digits and writes down its hash; the caller sends it. The work of a refusal is kept, so that the counters count:
 * the handler returns OK after request_invalid(). `mobile` is in normal form. */
enum result code_make(struct db *db, const struct crypto_keys *keys, const struct code_rules *rules, struct str mobile,
                      enum code_purpose purpose, int64_t now, char ret_code[7], enum code_fault *ret_fault) MUST_USE;
enum result code_check(struct db *db, const struct crypto_keys *keys, struct str mobile, enum code_purpose purpose, struct str code,
                       int64_t now, enum code_fault *ret_fault) MUST_USE;

/* ---- accounts ---- */

/* The account of a phone; E_NOT_FOUND: there is none. */
enum result person_of_phone(struct db *db, const struct crypto_keys *keys, struct str mobile, int64_t *ret_person) MUST_USE;
/* The same, made when there is none. ret_new says so. */
enum result person_by_phone(struct db *db, const struct crypto_keys *keys, struct str mobile, int64_t now, int64_t *ret_person,
                            bool *ret_new) MUST_USE;

/* What identifies somebody, as it is kept: sealed to their number. For whoever writes accounts by themselves (demo/city.c). */
struct person_sealed { struct str name, document, phone; };
struct person_plain { struct str name, document, phone; };
enum result person_sealed_open(const struct crypto_keys *keys, struct arena *a, int64_t person, const struct person_sealed *sealed,
                               struct person_plain *ret) MUST_USE;
void person_seal(const struct crypto_keys *keys, struct arena *a, int64_t person, const struct person_plain *plain, struct person_sealed *ret);
struct hash person_phone_key(const struct crypto_keys *keys, struct str mobile);      /* by which an account is found */
struct hash person_document_key(const struct crypto_keys *keys, struct str number);

/* For staff, demo and the desk: an account with what is known of it. Who gets a login acts for an office and is
 * shown with the whole name where the sex is not known. Empty texts: none. E_CONFLICT: the phone, document or login is another's. */
struct person_new {
    struct str name, mobile, login, password_hash;
    const struct document *document; /* NULL: none */
    enum sex sex; /* what a document says counts more */
    int64_t created_by;
};
enum result person_create(struct db *db, const struct crypto_keys *keys, const struct person_new *p, int64_t now, int64_t *ret_person) MUST_USE;
enum result person_open_identity(struct db *db, const struct crypto_keys *keys, int64_t person, struct person_identity *ret) MUST_USE;

/* The committee has seen the document and corrects the name; the shown name follows. */
enum result person_rename(struct db *db, const struct crypto_keys *keys, int64_t person, struct str name) MUST_USE;

/* ---- becoming a resident ---- */

enum { HOUSEHOLD_MAX = 12 };   /* verified and waiting people of one dwelling */

enum join_fault {
    JOIN_FINE = 0,
    JOIN_DOCUMENT_TAKEN,  /* the answer must not say whose */
    JOIN_FULL,            /* the dwelling has HOUSEHOLD_MAX people */
    JOIN_ALREADY,         /* this person lives or waits in this community already */
    JOIN_CHILD,           /* under 14: a guardian does it at the desk (个人信息保护法 31) */
    JOIN_OTHER_IDENTITY,  /* the account is somebody else already */
};
struct join_request {
    int64_t person;
    struct str name;                 /* normal form of person_name_parse() */
    struct document document;
    int64_t community, estate, building, dwelling;
    struct str relation;             /* owner, tenant, family */
    struct str consent_version;
    struct str mobile;               /* normal form; '' for people without a phone */
    int64_t by;                      /* 0: by the person; else the cadre at the desk, who has seen the document: verified at once */
};
/* Writes identity, consent and the residence. Verified at once when the roster knows the person or a cadre does it, else waiting.
 * E_OK with ret_fault set: nothing was written. */
enum result join_ask(struct db *db, const struct crypto_keys *keys, const struct join_request *join, int64_t now, bool *ret_verified,
                     int64_t *ret_residence, enum join_fault *ret_fault) MUST_USE;
/* A cadre's decision. A refusal needs a reason. E_CONFLICT: somebody has decided already. */
enum result join_decide(struct db *db, int64_t community, int64_t residence, bool verified, struct str reason, int64_t by,
                        int64_t organisation, int64_t now) MUST_USE;
/* Moving out, or a mistake: by the person (organisation 0) or by the committee. */
enum result join_end(struct db *db, int64_t community, int64_t residence, int64_t by, int64_t organisation, int64_t now) MUST_USE;

/* ---- the committee's roster (roster.c) ---- */

/* The CSV of a committee: estate,building,room,name,document,phone,relation (Chinese or English heads; document and phone may be
 * empty, one of them must not). Who is on it and waits already is verified. Rows that are wrong are named and left out. */
struct roster_row_fault { int64_t line; enum text why; };
struct roster_result { int64_t added, updated, verified; struct roster_row_fault *fault; size_t n_faults; };
enum result roster_import(struct db *db, const struct crypto_keys *keys, int64_t community, struct str csv, int64_t by,
                          int64_t organisation, int64_t now, struct roster_result *ret) MUST_USE;

#endif
