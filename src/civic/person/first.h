/* first.h: how an empty installation gets its first administrator: a code on the console, typed at /first within a day. */
#ifndef LILONG_CIVIC_PERSON_FIRST_H
#define LILONG_CIVIC_PERSON_FIRST_H

#include "engine/base/crypto.h"
#include "engine/app/app.h"

enum { FIRST_CODE_HOURS = 24 };

/* A new code, as K7QM-4TXD-9F2P, in the arena; one that was open is void. E_CONFLICT: the first administrator is there. In a write transaction. */
enum result first_code_make(struct db *db, const struct crypto_keys *keys, int64_t now, struct str *ret_code) MUST_USE;
/* Is this the open code? Small letters, blanks and missing hyphens are forgiven. E_DENIED: no, or it was used, or it is too old. Reading only. */
enum result first_code_check(struct db *db, const struct crypto_keys *keys, struct str code, int64_t now) MUST_USE;
/* Uses the code up for this person. E_DENIED as above. */
enum result first_code_use(struct db *db, const struct crypto_keys *keys, struct str code, int64_t person, int64_t now) MUST_USE;
/* Is one open? */
enum result first_code_open(struct db *db, int64_t now, bool *ret_open) MUST_USE;

extern const struct module first_module; /* routes_first.c */

#endif
