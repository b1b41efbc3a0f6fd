/* talk.h: the kind of boards on which neighbours talk (邻里交流). An entry is written, reviewed first where the board says so, and stays until its author
 * takes it back. */
#ifndef LILONG_BOARDS_TALK_H
#define LILONG_BOARDS_TALK_H

#include "civic/board/board.h"

extern const struct board_kind talk_kind;
extern const struct module talk_module;
extern const struct module talk_groups_module;      /* groups of interest, topics, house rules */
extern const struct flow talk_flow, talk_group_flow;
struct ledger_listener;
extern const struct ledger_listener talk_listener;  /* who has hidden an entry of a group */
struct notice_table;
extern const struct notice_table talk_notices;      /* what of it may leave the app */
struct measure_table;
extern const struct measure_table talk_measures;    /* what the figures of a place count */

/* Members of groups, against a recount. OK also when they differ: then ret_bad is the group. */
enum result talk_group_recount(struct db *db, int64_t community, int64_t *ret_bad) MUST_USE;
struct place_mover;
extern const struct place_mover talk_mover; /* what follows its people, or its committee, into another community */

#endif
