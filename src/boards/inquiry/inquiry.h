/* inquiry.h: the kind of boards on which residents ask an organisation (警民直通车, 家庭医生). A question is a private thread between the resident and
 * the organisation that has it; what is published of it, with the resident's consent, is an entry of the board. And who of the organisation is
 * responsible for which community (社区民警). How a thread moves: README.md. */
#ifndef LILONG_BOARDS_INQUIRY_H
#define LILONG_BOARDS_INQUIRY_H

#include "civic/board/board.h"

extern const struct board_kind inquiry_kind;
extern const struct module inquiry_module, inquiry_desk_module, inquiry_officer_module;
extern const struct flow inquiry_flow, sharing_flow;
struct ledger_listener;
extern const struct ledger_listener inquiry_listener;   /* who is told of what */
struct notice_table;
extern const struct notice_table inquiry_notices;       /* what of it may leave the app */
struct measure_table;
extern const struct measure_table inquiry_measures;     /* what the figures of a place count */
struct figure_table;
extern const struct figure_table inquiry_figures;
struct media_guards;
extern const struct media_guards inquiry_guards;        /* who may see its pictures */
struct desk_table;
extern const struct desk_table inquiry_desk;            /* the desk's left column */
struct home_table;
extern const struct home_table inquiry_home;            /* what of it waits for the resident */
struct me_table;
extern const struct me_table inquiry_me;                /* my questions, and what I have written there */
struct place_mover;
extern const struct place_mover inquiry_mover;          /* what is open, and who is responsible, follow into another community */

#endif
