/* certificate.h: 志愿服务证明: what stands in the book of a helper for a period, answered for by the committee (志愿服务条例 19: truthful, free of charge,
 * when the volunteer wishes it). For the room itself.
 *
 * A certificate keeps the lines it was made of. It says what it said for ever, or it is void: its helper takes it back, a line of it is put right, the
 * committee revokes it with a reason, the account is closed. Whoever holds the paper checks its number at /certificate, and learns no more than is on
 * the paper. */
#ifndef LILONG_HOURS_CERTIFICATE_H
#define LILONG_HOURS_CERTIFICATE_H

#include "engine/db/db.h"

enum { CERTIFICATE_CODE = 12 /* of 32 signs: 60 bits, nobody guesses one */ };

struct certificate {
    int64_t community, id, person, organisation, minutes, issued_at, revoked_at;
    int32_t from, to;
    struct str code, name_masked, revoked_why, reason;
};

/* The number as it stands on paper: 310113007011-K7M4-PXQ2-9RTV. */
struct str certificate_number(struct arena *a, int64_t community, struct str code);
/* Of what somebody types: blanks, hyphens and the case of letters do not matter. ret_code has CERTIFICATE_CODE signs and NUL. false: none. */
bool certificate_number_parse(struct str typed, int64_t *ret_community, char ret_code[CERTIFICATE_CODE + 1]);

/* For the days from … to. `name_masked` is what whoever checks it gets to see: the real name is not kept. E_INVALID: to before from, or after today; E_NOT_FOUND: nothing in the book for these days;
 * E_CONFLICT: the place has no committee; E_TOO_LARGE: more lines than a certificate holds. */
enum result certificate_issue(struct db *db, int64_t community, int64_t person, struct str name_masked, int32_t from, int32_t to, int64_t now,
                              int64_t *ret_id) MUST_USE;
enum result certificate_get(struct db *db, int64_t community, int64_t id, struct certificate *ret) MUST_USE;
enum result certificate_find(struct db *db, int64_t community, struct str code, struct certificate *ret) MUST_USE;
/* `why`: "own", "staff". E_NOT_FOUND; E_CONFLICT: it is void already. */
enum result certificate_revoke(struct db *db, int64_t community, int64_t id, const char *why, struct str reason, int64_t actor, int64_t organisation,
                               int64_t now) MUST_USE;
/* A line is put right: what certifies it is void. */
enum result certificate_void_with(struct db *db, int64_t community, int64_t line, int64_t actor, int64_t organisation, int64_t now) MUST_USE;

#endif
