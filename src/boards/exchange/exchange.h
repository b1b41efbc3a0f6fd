/* exchange.h: the kind of boards on which neighbours do something for each other (互助), give, lend, swap and sell what they no longer need (闲置物品), and
 * wish for something (微心愿).
 *
 * One takes it up, and only one; the others may stand in a queue, whose next is asked with an end. Both confirm that it was handed over or
 * done; time spent on help goes into the book of hours then (civic/hours). What the two write to each other is theirs alone. */
#ifndef LILONG_BOARDS_EXCHANGE_H
#define LILONG_BOARDS_EXCHANGE_H

#include "civic/board/board.h"

extern const struct board_kind exchange_kind;
extern const struct module exchange_module, exchange_act_module;
extern const struct flow exchange_flow, turn_flow;

struct home_table;
extern const struct home_table exchange_home;
struct me_table;
extern const struct me_table exchange_me;
struct moderation_kinds;
extern const struct moderation_kinds exchange_moderated;
struct notice_table;
extern const struct notice_table exchange_notices;
struct party_kinds;
extern const struct party_kinds exchange_party;       /* wishes, that members of the Party take up */
struct measure_table;
extern const struct measure_table exchange_measures;
/* Queues and turns against a recount, and the time of help against the book of hours. OK also when they differ: then ret_bad is the entry. */
enum result exchange_recount(struct db *db, int64_t community, int64_t *ret_bad) MUST_USE;
struct place_mover;
extern const struct place_mover exchange_mover; /* what follows its people, or its committee, into another community */

#endif
