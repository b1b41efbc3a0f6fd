/* rules.h: what may happen to a thread, to its publication, and to who is responsible. No HTTP, no HTML; each inside a transaction of the caller's.
 *
 * E_NOT_FOUND: no such thread in that community; E_DENIED: the actor may not; E_CONFLICT: the state does not allow it (any more);
 * E_INVALID: something that is needed is not given. */
#ifndef LILONG_BOARDS_INQUIRY_RULES_H
#define LILONG_BOARDS_INQUIRY_RULES_H

#include "boards/inquiry/inquiry.h"
#include "boards/inquiry/inquiry.sql.h"
#include "civic/flow/clock.h"
#include "civic/flow/flow.h"

enum { BY_ASKER = 1, BY_OFFICE = 2 };
enum { NEEDS_TEXT = 1, NEEDS_REASON = 2, NEEDS_RATING = 4 };

enum { Q_ASKED, Q_TALKING, Q_CLOSED };
enum { Q_ANSWER, Q_SAY, Q_TRANSFER, Q_CLOSE, Q_REOPEN, Q_RATE };
/* Of the publication: nothing is public before both sides have agreed to the same words. */
enum { S_PRIVATE, S_PROPOSED, S_REWORDED, S_PUBLIC, S_REFUSED, S_WITHDRAWN };
enum { S_PROPOSE, S_RECALL, S_AGREE, S_REWORD, S_REFUSE, S_ACCEPT, S_WITHDRAW };

/* The first answer is due within one work day (先行联系), counted in work hours; OPEN_MAX: questions that one resident may have open in a community. */
enum { ANSWER_WORK_HOURS = 7, TITLE_MAX = 40, TEXT_MAX = 2000, REASON_MAX = 300, OPEN_MAX = 20 };

struct inquiry_actor {
    int64_t person;
    int64_t organisation; /* for which it acts; 0: as the resident */
    int64_t now;
    struct request *rq;   /* told what is wrong with a text: civic/moderation; NULL: nobody is */
};

/* ---- a thread (rules.c) ---- */

struct inquiry_new {
    const struct board *board;
    int64_t community, organisation;
    struct str from;      /* 3号楼 */
    int64_t dwelling, estate;
    struct str title, body;
};
/* ret_message: what pictures are attached to. E_CONFLICT: too many are open. */
enum result inquiry_ask(struct db *db, const struct inquiry_actor *actor, const struct inquiry_new *what, int64_t *ret_id,
                        int64_t *ret_message) MUST_USE;
enum result inquiry_answer(struct db *db, const struct inquiry_actor *actor, int64_t community, int64_t id, struct str text,
                           int64_t *ret_message) MUST_USE;
enum result inquiry_say(struct db *db, const struct inquiry_actor *actor, int64_t community, int64_t id, struct str text,
                        int64_t *ret_message) MUST_USE;
/* To another organisation, which has as long for its first answer; what has been proposed to be published is not any more. E_INVALID: it is the
 * same one, is closed, does not serve the community, or nobody there could read it. */
enum result inquiry_transfer(struct db *db, const struct inquiry_actor *actor, int64_t community, int64_t id, int64_t to,
                             struct str reason) MUST_USE;
enum result inquiry_close(struct db *db, const struct inquiry_actor *actor, int64_t community, int64_t id, struct str text) MUST_USE;
enum result inquiry_reopen(struct db *db, const struct inquiry_actor *actor, int64_t community, int64_t id, struct str text) MUST_USE;
enum result inquiry_rate(struct db *db, const struct inquiry_actor *actor, int64_t community, int64_t id, int64_t rating,
                         struct str text) MUST_USE;

/* ---- its publication (share.c) ---- */

struct wording { struct str title, question, answer; };
enum result inquiry_propose(struct db *db, const struct inquiry_actor *actor, int64_t community, int64_t id,
                            const struct wording *w) MUST_USE;
enum result inquiry_recall(struct db *db, const struct inquiry_actor *actor, int64_t community, int64_t id) MUST_USE;
enum result inquiry_agree(struct db *db, const struct inquiry_actor *actor, int64_t community, int64_t id) MUST_USE;
/* The resident's own words for the question; the organisation looks at them before anybody else does. */
enum result inquiry_reword(struct db *db, const struct inquiry_actor *actor, int64_t community, int64_t id, struct str title,
                           struct str question) MUST_USE;
enum result inquiry_refuse(struct db *db, const struct inquiry_actor *actor, int64_t community, int64_t id) MUST_USE;
enum result inquiry_accept(struct db *db, const struct inquiry_actor *actor, int64_t community, int64_t id) MUST_USE;
/* Takes the consent back: the words are gone from the board, from search, and from the entry itself (个人信息保护法 15, 47). */
enum result inquiry_withdraw(struct db *db, const struct inquiry_actor *actor, int64_t community, int64_t id) MUST_USE;

/* ---- who is responsible (officers.c) ---- */

enum { OFFICER_NAME_MAX = 20, OFFICER_BADGE_MAX = 12 };
struct officer_set {
    int64_t organisation, person;
    struct str name, badge;        /* as on the badge; the badge may be empty */
    const int64_t *communities;    /* for all of which, and no others */
    size_t n;
    int64_t photo;                 /* of media, of the officer as its subject; 0: stays as it is */
};
/* The officer's row number, which pictures are attached to; made when there is none. E_INVALID: works not there, or may not read questions. */
enum result officer_open(struct db *db, int64_t organisation, int64_t person, int64_t now, int64_t *ret_id, int64_t *ret_place) MUST_USE;
/* E_INVALID with ret_field: "name", "badge", "communities" (one that the organisation has nothing to do with). */
enum result officer_set(struct db *db, const struct inquiry_actor *actor, const struct officer_set *set, const char **ret_field) MUST_USE;
enum result officer_places(struct db *db, int64_t organisation, struct sql_officer_places_rows *ret) MUST_USE;

/* ---- shared by the files of this folder ---- */

struct inquiry_event {
    const char *verb;
    int64_t to_organisation, amount;
    struct str body, before, after, detail;
    bool silent;          /* no line in the thread */
};
enum result inquiry_record(struct db *db, const struct inquiry_actor *actor, int64_t community, int64_t id,
                           const struct inquiry_event *event, int64_t *ret_message) MUST_USE;
uint32_t inquiry_roles(const struct inquiry_actor *actor, const struct sql_inquiry_get *row);
/* Who of an organisation may read its threads; not those who only administer. In the arena. */
struct person_ids;
enum result inquiry_readers(struct db *db, int64_t organisation, int64_t now, struct person_ids *ret) MUST_USE;

extern const struct clock_bell inquiry_bell;

#endif
