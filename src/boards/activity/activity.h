/* activity.h: the kind of boards on which somebody calls others together (社区活动): party days, volunteer days, courses. An activity has a time, a
 * place and places to take; who comes after the last one waits in line and moves up by itself. Each date of a series is an activity of its own. */
#ifndef LILONG_BOARDS_ACTIVITY_H
#define LILONG_BOARDS_ACTIVITY_H

#include "civic/board/board.h"

extern const struct board_kind activity_kind;
extern const struct module activity_module, activity_run_module, activity_mine_module;
extern const struct flow activity_flow, signup_flow;

struct home_table;
extern const struct home_table activity_home;
struct me_table;
extern const struct me_table activity_me;
struct measure_table;
struct party_kinds;
extern const struct party_kinds activity_party;   /* what members of the Party have taken part in */
extern const struct measure_table activity_measures;
struct notice_table;
extern const struct notice_table activity_notices;

/* Counters against a recount, and no more places given than there are. OK also when they differ: then ret_bad is the entry. */
enum result activity_recount(struct db *db, int64_t community, int64_t *ret_bad) MUST_USE;
struct place_mover;
extern const struct place_mover activity_mover; /* what follows its people, or its committee, into another community */

#endif
