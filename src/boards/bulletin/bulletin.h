/* bulletin.h: the kind of boards on which offices and organisations make things known (公告): district news, announcements, the party's corner, the
 * police's bulletin, open affairs. A notice is written for a place or for some places below it, reviewed where the board says so, comes out at
 * its hour, and ends. What everybody must read is counted by households. */
#ifndef LILONG_BOARDS_BULLETIN_H
#define LILONG_BOARDS_BULLETIN_H

#include "civic/board/board.h"

struct flow;
struct desk_table;
struct home_table;
struct notice_table;
struct ledger_listener;

extern const struct board_kind bulletin_kind;
extern const struct module bulletin_module;       /* what everybody reads, and the jobs */
extern const struct module bulletin_tap_module;   /* comments, thumbs */
extern const struct module bulletin_write_module; /* what who runs a board does */
extern const struct module bulletin_desk_module;  /* who has read it */
extern const struct flow bulletin_flow;
extern const struct desk_table bulletin_desk;
extern const struct home_table bulletin_home;     /* 今天要紧: what must be read */
extern const struct notice_table bulletin_notices;
extern const struct ledger_listener bulletin_listener; /* communities that are founded later are asked too */
struct place_mover;
extern const struct place_mover bulletin_mover;   /* receipts follow their estate, notices their committee */
/* Receipts of a community against a recount. OK also when they differ: then ret_bad is the notice. */
enum result bulletin_recount(struct db *db, int64_t community, int64_t *ret_bad) MUST_USE;

#endif
