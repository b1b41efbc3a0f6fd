/* person_staff.h: who has posts in an organisation, for the rooms beside this one. */
#ifndef LILONG_CIVIC_PERSON_STAFF_H
#define LILONG_CIVIC_PERSON_STAFF_H

#include "civic/access/access.h"
#include "civic/service/service.h"

struct staff_post { int64_t id, person; enum role role; struct str name, title; int64_t since; };
struct staff_posts { struct staff_post *post; size_t n; };
enum result staff_of(struct db *db, int64_t organisation, int64_t now, struct staff_posts *ret) MUST_USE;

/* Somebody with an account, by login or mobile number. E_NOT_FOUND: nobody; E_INVALID: neither a login nor a number. */
enum result staff_find(struct db *db, const struct crypto_keys *keys, struct str words, int64_t *ret_person) MUST_USE;
/* Who gets a post has to sign in anew, with both factors. E_CONFLICT: has this very role there already. */
enum result staff_appoint(struct db *db, int64_t person, int64_t organisation, enum role role, struct str title, int64_t by, int64_t now,
                          int64_t *ret_post) MUST_USE;
/* E_NOT_FOUND: no such post in this organisation; E_CONFLICT: has ended, or is the person's own: nobody locks themselves out. */
enum result staff_dismiss(struct db *db, int64_t organisation, int64_t post, int64_t by, int64_t now) MUST_USE;

/* A credit code (GB 32100) as it is stored: 18 signs and NUL. */
enum credit_verdict { CREDIT_FINE, CREDIT_MALFORMED, CREDIT_DOUBTFUL /* a check sign does not fit: some early codes are like that */ };
enum credit_verdict credit_code_check(struct str text, char ret_code[19]);

#endif
