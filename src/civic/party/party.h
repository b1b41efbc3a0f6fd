/* party.h: members of the Party in their neighbourhood (亮身份、受监督、起作用): who is one, who shows it, what they promise, what they take up, and how
 * neighbours thank them.
 *
 * That somebody is a member is sensitive (个人信息保护法 28, 29). person.party_badge is set by this room alone: after a secretary has confirmed it, while the
 * person's separate consent stands, of which the time and the version of the words are kept. Whatever shows a badge reads that one column, so that
 * taking the consent back takes it off everywhere at once. Who does not show it counts for the branch and is named to nobody but its secretaries. */
#ifndef LILONG_CIVIC_PARTY_H
#define LILONG_CIVIC_PARTY_H

#include "civic/access/access.h"
#include "engine/app/app.h"
#include "engine/db/db.h"

/* Of the words that are agreed to: T_party_consent_text. Other words need another version, and a new consent. */
#define PARTY_CONSENT_VERSION "party-badge-2026-11"

enum {
    PARTY_NAME_MAX = 30,
    PARTY_COMMITMENT_MAX = 120,
    PARTY_COMMITMENTS_OPEN = 3,    /* at the same time */
    PARTY_COMMITMENT_DAYS = 366,
    PARTY_REASON_MAX = 200,
    PARTY_FEW = 5,                 /* figures of fewer members are not shown, nor what would give them away */
};

/* ---- rules (party.c, acts.c): each in a transaction. E_NOT_FOUND, E_DENIED, E_CONFLICT (the state has moved on), E_INVALID ---------------- */

struct party_actor {
    int64_t person, organisation;  /* organisation 0: for themselves */
    int64_t now;
    struct request *rq;            /* told what is wrong with a text: civic/moderation; NULL: nobody is */
    bool quiet;                    /* nobody is told: builders of worlds */
};

/* E_CONFLICT: there is one of that name. */
enum result party_branch_add(struct db *db, const struct party_actor *actor, int64_t community, struct str name, int64_t *ret_id) MUST_USE;
/* secretary: a confirmed member of it (the membership), or 0. */
enum result party_branch_save(struct db *db, const struct party_actor *actor, int64_t community, int64_t branch, struct str name,
                              int64_t secretary) MUST_USE;
enum result party_branch_end(struct db *db, const struct party_actor *actor, int64_t community, int64_t branch) MUST_USE;

/* Says that they are a member. Who lives there, verified, or works there; branch 0: they do not know. E_CONFLICT: they have said so already. */
enum result party_ask(struct db *db, const struct party_actor *actor, int64_t community, int64_t branch, int64_t *ret_member) MUST_USE;
/* By a secretary: the caller has looked at the right. A yes needs a branch, a no a reason. */
enum result party_decide(struct db *db, const struct party_actor *actor, int64_t community, int64_t member, bool yes, int64_t branch,
                         struct str reason) MUST_USE;
/* 组织关系转移 (transfer.c): asks for another branch, of a community where they live, verified, or work. E_DENIED: no confirmed member, or no tie to the place;
 * E_INVALID: no such branch, or the one where they are; E_CONFLICT: something waits already. Until it is decided nothing changes. */
enum result party_transfer_ask(struct db *db, const struct party_actor *actor, int64_t community, int64_t branch, int64_t *ret_id) MUST_USE;
/* Takes the wish back. E_NOT_FOUND: nothing waits. */
enum result party_transfer_withdraw(struct db *db, const struct party_actor *actor) MUST_USE;
/* By whoever confirms members of that branch: the caller has looked. A yes ends the old membership, which stays with all that was done there, and begins
 * the new one: figures count for the new branch from now on; the badge, open commitments and every record stay with the person; the old secretary is told. A no has a
 * reason, and changes nothing. E_INVALID: no reason; the branch has ended, or they have no tie to the place any more. */
enum result party_transfer_decide(struct db *db, const struct party_actor *actor, int64_t community, int64_t transfer, bool yes,
                                  struct str reason) MUST_USE;
/* The member's own consent, and its end. Each as often as they like. lang: of the words that were read. */
enum result party_show(struct db *db, const struct party_actor *actor, bool show, enum lang lang) MUST_USE;
/* By the person, or because the account ends: no badge, no page, commitments erased, open tasks given back. OK also without a membership. */
enum result party_leave(struct db *db, int64_t person, int64_t now) MUST_USE;
/* A residence has ended: who neither lives nor works in the community any more is no member there. */
enum result party_moved_out(struct db *db, int64_t person, int64_t community, int64_t now) MUST_USE;

/* By whoever shows the badge. E_TOO_LARGE: PARTY_COMMITMENTS_OPEN are open. ret_held: a watched word holds it back until staff have looked. */
enum result party_commit(struct db *db, const struct party_actor *actor, struct str body, int32_t due, int64_t *ret_id, bool *ret_held) MUST_USE;
enum result party_commitment_end(struct db *db, const struct party_actor *actor, int64_t commitment, bool kept) MUST_USE;
/* By a neighbour, once; stars 0: thanks alone. */
enum result party_commitment_thank(struct db *db, const struct party_actor *actor, int64_t community, int64_t commitment, int64_t stars) MUST_USE;
enum result party_commitment_hide(struct db *db, const struct party_actor *actor, int64_t community, int64_t commitment, bool hidden,
                                  struct str reason) MUST_USE;

/* ---- tasks: what boards bring that a member can take up ------------------------------------------------------------------------------- */

struct party_thing {
    int64_t author;                /* who asked, and thanks */
    struct str title;
    struct url url;
    bool shows;                    /* neighbours read it: not hidden, not withdrawn */
    bool between;                  /* who asked and who helps read it still: it is over, and was not hidden */
    bool open;                     /* somebody can still help */
};
struct party_kind {
    const char *word;              /* "report", as stored */
    enum text name;
    bool here;                     /* taken up, done and given back by party_take() and the pages of this room; else the board says so */
    enum result (*get)(struct db *db, int64_t community, int64_t id, struct party_thing *ret);
};
/* What somebody has taken part in, newest first; at most max. */
struct party_deed { struct str title; struct url url; int64_t at; };
struct party_kinds {
    const struct party_kind *kind; size_t n;
    enum result (*attended)(struct db *db, int64_t community, int64_t person, size_t max, struct party_deed *ret_deeds, size_t *ret_n); /* may be NULL */
};
void party_use(const struct party_kinds *const *kinds, size_t n);      /* once, at start */

enum result party_take(struct db *db, const struct party_actor *actor, int64_t community, const char *kind, int64_t subject) MUST_USE;
enum result party_task_end(struct db *db, const struct party_actor *actor, int64_t task, bool done) MUST_USE;
enum result party_task_thank(struct db *db, const struct party_actor *actor, int64_t community, int64_t task, int64_t stars) MUST_USE;
/* Somebody's task about a thing that stands. */
enum result party_task_now(struct db *db, int64_t community, const char *kind, int64_t subject, int64_t person, int64_t *ret_task) MUST_USE;
/* A board's own rules have given the thing to somebody, or ended that. Of whoever shows no badge nothing is kept; OK. */
enum result party_taken(struct db *db, int64_t community, const char *kind, int64_t subject, int64_t person, int64_t now) MUST_USE;
enum result party_ended(struct db *db, int64_t community, const char *kind, int64_t subject, int64_t person, bool done, int64_t now) MUST_USE;

/* Who lends a hand, for the page of the thing. NULL: nobody, and the viewer cannot either. */
struct party_help_view;
enum result party_help_fill(struct request *rq, const char *kind, int64_t subject, const struct party_thing *thing,
                            const struct party_help_view **ret) MUST_USE;

/* ---- figures (figures.c) ------------------------------------------------------------------------------------------------------------------ */

/* Which of these are not shown: those below PARTY_FEW, and as many of the smallest others as keep the sum from giving them away. All of them, where
 * the whole is not shown. */
void party_withhold(const int64_t *members, size_t n, bool whole, bool *ret_withheld);
enum result party_recount(struct db *db, int64_t community, int64_t *ret_bad) MUST_USE;

/* Has the community a branch, and may the viewer read its page? For the link on the home page. */
enum result party_page_there(struct request *rq, int64_t community, struct url *ret) MUST_USE;

extern const struct module party_me_module, party_module, party_desk_module;
struct me_table;
extern const struct me_table party_me;
struct desk_table;
extern const struct desk_table party_desk;
struct notice_table;
extern const struct notice_table party_notices;
struct moderation_kinds;
extern const struct moderation_kinds party_moderated;
struct place_mover;
extern const struct place_mover party_mover;     /* after those of people and reports */

#endif
