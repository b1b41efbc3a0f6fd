/* room.h: what the files of the rules share. */
#ifndef LILONG_BOARDS_EXCHANGE_ROOM_H
#define LILONG_BOARDS_EXCHANGE_ROOM_H

#include "boards/exchange/rules.h"

enum result exchange_open(struct db *db, const struct entry_actor *actor, int64_t community, int64_t id, struct exchange *x,
                          uint32_t *ret_roles) MUST_USE;
enum result exchange_save(struct db *db, const struct exchange *x) MUST_USE;
enum result exchange_record(struct db *db, const struct entry_actor *actor, const struct exchange *x, const char *verb, int64_t turn,
                            struct str before, struct str after, struct str words) MUST_USE;
enum result exchange_start_clock(struct db *db, struct exchange *x, int stage, int64_t now) MUST_USE;
/* One step of the flow: the entry's state, its event, its clocks. What else belongs to it the caller saves. */
enum result exchange_step(struct db *db, const struct entry_actor *actor, struct exchange *x, int action, uint32_t roles, uint32_t given,
                          const char *verb, struct str words) MUST_USE;
enum result exchange_end_turn(struct db *db, const struct entry_actor *actor, struct exchange *x, int action, uint32_t roles) MUST_USE;
/* Whose turn it was is out: the next in the queue is asked, or everybody may take it up. Saves. */
enum result exchange_pass(struct db *db, const struct entry_actor *actor, struct exchange *x, uint32_t roles, const char *verb) MUST_USE;
/* It is over: whoever still waits is told. */
enum result exchange_dismiss(struct db *db, const struct entry_actor *actor, struct exchange *x, uint32_t roles, enum text words) MUST_USE;
static inline bool in_range(int64_t n, int64_t min, int64_t max)
{
    return n >= min && n <= max;
}

#endif
