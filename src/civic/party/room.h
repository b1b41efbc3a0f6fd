/* room.h: what the files of this room share. */
#ifndef LILONG_CIVIC_PARTY_ROOM_H
#define LILONG_CIVIC_PARTY_ROOM_H

#include "civic/party/party.h"
#include "civic/party/party.sql.h"

#define PARTY_COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* The person's membership, the last one: asked, confirmed, refused; E_NOT_FOUND: none, or they have left. */
enum result party_of(struct db *db, int64_t person, int64_t *ret_community, struct sql_party_member_get *ret) MUST_USE;
/* The same where it is confirmed and shown; its row is taken. E_DENIED otherwise. */
enum result party_shown_of(struct db *db, int64_t person, int64_t *ret_community, struct sql_party_member_hold *ret) MUST_USE;

/* What somebody is told of their own membership stands here. */
struct url party_own_url(struct db *db);
/* The membership as it stands; its row is taken. E_NOT_FOUND: none. */
enum result party_hold(struct db *db, int64_t person, int64_t *ret_community, struct sql_party_member_hold *ret) MUST_USE;
/* E_INVALID: there is none, or it has ended. */
enum result party_branch_stands(struct db *db, int64_t community, int64_t branch) MUST_USE;
/* Their wish to go to another branch that waits; its row is taken. E_NOT_FOUND: none. */
enum result party_transfer_of(struct db *db, int64_t person, int64_t *ret_community, int64_t *ret_id, struct sql_party_transfer_hold *ret) MUST_USE;
/* Open commitments go along, with what moderation knows of them. */
enum result party_move_commitments(struct db *db, int64_t from, int64_t to, int64_t member, int64_t as_member, int64_t branch) MUST_USE;

/* The memberships of somebody: the one that stands, and those that they had before they went to another community. */
enum { PARTY_STAYS_MAX = 17 };
struct party_stays { struct party_stay { int64_t community, member; } stay[PARTY_STAYS_MAX]; size_t n; };
enum result party_stays(struct db *db, int64_t person, int64_t community, int64_t member, struct party_stays *ret) MUST_USE;
/* What was done in all of them together. */
enum result party_sums(struct db *db, const struct party_stays *stays, struct sql_party_sums *ret) MUST_USE;

enum result party_record(struct db *db, const struct party_actor *actor, int64_t community, const char *kind, int64_t subject, const char *verb,
                         int64_t amount, struct str words) MUST_USE;
enum result party_tell(struct db *db, const struct party_actor *actor, int64_t person, int64_t community, enum text words, struct str title,
                       struct url url, int64_t subject) MUST_USE;
enum result party_end_task(struct db *db, const struct party_actor *actor, int64_t community, int64_t task, int64_t branch, bool done) MUST_USE;
enum result party_give_back_all(struct db *db, int64_t community, int64_t member, int64_t now) MUST_USE;
const struct party_kind *party_kind_of(struct str word);    /* NULL: unknown */
enum result party_attended(struct db *db, int64_t community, int64_t person, size_t max, struct party_deed *ret, size_t *ret_n) MUST_USE;
/* The thing of a task; shows false and no words when its board does not know it any more. */
enum result party_thing_of(struct db *db, int64_t community, struct str kind, int64_t subject, struct party_thing *ret) MUST_USE;

struct party_subject {
    struct subject_scope scope;  /* first */
    int64_t branch;              /* of which the viewer is the secretary, here; 0: none */
    struct sql_party_member_get member;
};
extern const struct subject_kind party_place;   /* "/p/{place}/party…" */
enum text party_state_text(struct str state);
struct str party_mean(struct arena *a, int64_t stars, int64_t ratings); /* 4.8; empty without ratings */
struct url party_place_url(struct arena *a, int64_t community);
/* lists.c, for secretaries: who asks to come to the branch, but not the viewer, and who has gone from it. branch 0: all of the community, who asks each with the branch. */
struct party_coming_view;
struct party_gone_view;
enum result party_coming(struct request *rq, int64_t community, int64_t branch, const struct party_coming_view **ret, size_t *ret_n) MUST_USE;
enum result party_gone(struct request *rq, int64_t community, int64_t branch, const struct party_gone_view **ret, size_t *ret_n) MUST_USE;
struct url party_member_url(struct arena *a, int64_t community, int64_t member);

#endif
