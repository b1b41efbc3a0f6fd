/* doctor.h: 家庭医生: a household signs up with a doctor and asks in private. Rules without HTTP.
 *
 * Who sees it: those who live in the dwelling together with who signed (whoever moved in after they had moved out does not), and the posts of the doctor's
 * organisation while the household is with it. Not the committee, not the offices above, not who administers or audits. It stands in no list,
 * no search, no figure, and the ledger has numbers only. What is written is sealed where it is stored (个人信息保护法 28, 29, 51). */
#ifndef LILONG_BOARDS_SERVICE_DOCTOR_H
#define LILONG_BOARDS_SERVICE_DOCTOR_H

#include "boards/service/rules.h"
#include "civic/flow/clock.h"

enum { SIGN_REQUESTED, SIGN_CONFIRMED, SIGN_DECLINED, SIGN_ENDED };
enum { SIGN_CONFIRM, SIGN_DECLINE, SIGN_END };
enum { SIGN_BY_HOUSEHOLD = 1, SIGN_BY_TEAM = 2, SIGN_BY_CLOCK = 4 };
enum { ASK_OPEN, ASK_ANSWERED, ASK_CLOSED };
enum { ASK_ANSWER, ASK_MORE, ASK_CLOSE };
enum { DOCTOR_BODY_MAX = 1000, DOCTOR_ANSWER_WORK_DAYS = 1 };
#define DOCTOR_CONSENT_VERSION "2026-11"

struct doctor_actor {
    int64_t person, organisation;        /* organisation: of the team; 0: of the household */
    int64_t now;
    const struct crypto_keys *keys;
};
/* E_CONFLICT: the household has a doctor, or has asked for one. One whose household has moved out is ended by this. */
enum result doctor_sign(struct db *db, const struct doctor_actor *actor, const struct sql_provider_get *doctor, int64_t dwelling, int64_t *ret_id) MUST_USE;
enum result doctor_sign_act(struct db *db, const struct doctor_actor *actor, int64_t community, int64_t sign, int action) MUST_USE;
/* E_CONFLICT: the doctor has not confirmed (any more). */
enum result doctor_ask(struct db *db, const struct doctor_actor *actor, int64_t community, int64_t sign, struct str body, int64_t *ret_id) MUST_USE;
enum result doctor_say(struct db *db, const struct doctor_actor *actor, int64_t community, int64_t question, struct str body) MUST_USE;
enum result doctor_close(struct db *db, const struct doctor_actor *actor, int64_t community, int64_t question) MUST_USE;
/* Whether both live in the dwelling, verified. */
enum result doctor_lives_with(struct db *db, int64_t community, int64_t dwelling, int64_t person, int64_t other, bool *ret_so) MUST_USE;
/* Whether the household has this doctor: what a booking asks. */
enum result doctor_has(struct db *db, int64_t community, int64_t dwelling, int64_t provider, bool *ret_so) MUST_USE;
struct str doctor_unseal(const struct crypto_keys *keys, struct arena *a, struct str sealed); /* empty when it cannot be read */

extern const struct clock_bell doctor_bell;

#endif
