/* room.h: what the routes of this room share. Nobody else includes it. */
#ifndef LILONG_CIVIC_PERSON_ROOM_H
#define LILONG_CIVIC_PERSON_ROOM_H

#include "civic/ledger/ledger.h"
#include "civic/person/account.h"
#include "civic/person/join.h"
#include "civic/person/person.h"
#include "civic/place/place.h"
#include "civic/service/service.h"

#define PERSON_COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* ---- notes between two pages (note.c): sealed, on our side, an hour at most ---- */

enum result note_put(struct request *rq, const char *name, struct str value) MUST_USE; /* empty: forgets it */
struct str note_get(struct request *rq, const char *name);                             /* empty when there is none */

/* ---- codes by SMS (note.c) ---- */

/* Makes a code for the phone and sends it. A refusal has been said on `field`; then *ret_sent is false, and the handler returns OK, so that
 * counters stay. In the demo world nothing is sent: the code is kept in the note "demo_code", for the page. */
enum result send_code(struct request *rq, const char *field, struct str mobile, enum code_purpose purpose,
                      bool *ret_sent) MUST_USE;
/* Checks it; a refusal has been said on `field`, *ret_right is false, and the handler returns OK. */
enum result check_code(struct request *rq, const char *field, struct str mobile, enum code_purpose purpose,
                       struct str code, bool *ret_right) MUST_USE;

/* ---- signing in (routes_sign_in.c) ---- */

/* Starts the session of somebody who has proven who they are. */
enum result sign_in_as(struct request *rq, int64_t person, bool staff) MUST_USE;
/* The account of a phone that has been proven, made when there is none. A refusal (blocked; has a post, so a password is needed) has been said
 * on `field`, and *ret_person is 0. */
enum result account_of_phone(struct request *rq, const char *field, struct str mobile, int64_t *ret_person) MUST_USE;
/* Where to go after signing in: `next`, or what suits the person. */
enum result go_on(struct request *rq, struct str next, enum text flash) MUST_USE;

/* ---- words ---- */

enum text relation_text(struct str relation);     /* owner, tenant, family */
enum text residence_state_text(struct str state); /* waiting, verified, refused, ended */
enum text document_kind_text(struct str kind);
enum text identity_fault_text(enum identity_fault fault, enum document_kind kind);
enum text join_fault_text(enum join_fault fault);
enum text password_fault_text(enum password_fault fault);

/* The number of the committee's office for "call us"; an empty number and url when there is none. */
struct help_phone {
    struct str organisation, number;
    struct url tel;
};
enum result help_phone(struct request *rq, int64_t community, struct help_phone *ret) MUST_USE;

/* What binds the sealed words of a correction to their row. */
static inline struct str correction_context(struct arena *a, int64_t id)
{
    return str_printf(a, "correction.words:%lld", (long long)id);
}

/* What me_use() was given (routes_me.c). */
const struct me_table *const *me_tables_all(size_t *ret_n);

/* The version of the notice at /privacy that people agree to. A change of what is kept, why or for how long is a new version. */
#define PRIVACY_VERSION "2026-11"

#endif
