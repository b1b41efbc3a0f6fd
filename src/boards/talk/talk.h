/* talk.h: the kind of boards on which neighbours talk (邻里交流). An entry is written, reviewed first where the board says so, and stays until its author
 * takes it back. */
#ifndef LILONG_BOARDS_TALK_H
#define LILONG_BOARDS_TALK_H

#include "civic/board/board.h"

extern const struct board_kind talk_kind;
extern const struct module talk_module;
extern const struct flow talk_flow;

#endif
