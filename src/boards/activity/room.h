/* room.h: what the rules of this folder share with each other. */
#ifndef LILONG_BOARDS_ACTIVITY_ROOM_H
#define LILONG_BOARDS_ACTIVITY_ROOM_H

#include "boards/activity/rules.h"
#include "civic/ledger/ledger.h"
#include "civic/person/person.h"

/* signup.c */
enum result activity_take(struct db *db, int64_t community, int64_t entry, struct sql_activity_get *ret) MUST_USE;
/* As many from the waiting list as there are places, in their order; each is told. The row has been taken. */
enum result activity_move_up(struct db *db, const struct entry *entry, struct sql_activity_get *a, int64_t now) MUST_USE;
/* On closing: who has a place and did not come. */
enum result activity_missed(struct db *db, const struct entry_actor *actor, struct sql_activity_get *a) MUST_USE;

/* tell.c: one person; several, each once; and all who have a place or wait for one, but not `but`. */
enum result activity_tell(struct db *db, const struct entry *entry, const struct sql_activity_get *a, int64_t person, enum text words,
                          int64_t now) MUST_USE;
enum result activity_tell_people(struct db *db, const struct entry *entry, const struct sql_activity_get *a, const struct person_ids *people,
                                 enum text words, int64_t now) MUST_USE;
enum result activity_tell_all(struct db *db, const struct entry *entry, const struct sql_activity_get *a, enum text words, int64_t but,
                              bool waiting_too, int64_t now) MUST_USE;

#endif
