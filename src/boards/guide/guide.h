/* guide.h: the kind of boards that say how to get things done (办事指南), and help with it from the committee (帮办代办).
 *
 * A matter is data: who may apply, what to bring, where, how, how long it takes, by which law. It is found by the words that people say. */
#ifndef LILONG_BOARDS_GUIDE_H
#define LILONG_BOARDS_GUIDE_H

#include "civic/board/board.h"
#include "civic/place/place_import.h"

extern const struct board_kind guide_kind;
extern const struct module guide_module, guide_run_module, guide_help_module;
extern const struct home_table guide_home;       /* what waits for the viewer's word */
extern const struct me_table guide_me;           /* 「我的帮办」 */
extern const struct desk_table guide_desk;       /* what waits for the committee */
extern const struct measure_table guide_measures;
extern const struct notice_table guide_notices;
extern const struct place_mover guide_mover;     /* open requests follow whoever asked, matters their committee */
extern const struct flow guide_help_flow;
struct search_adviser;
extern const struct search_adviser guide_adviser;  /* matters among what is found, by everyday words */

/* Matters from a file, onto the board `guide` of a place: CSV or a JSON array of objects, columns as in `lilong help import`. What is there under
 * the same code gets a new version when something is different; nothing is ever removed. E_INVALID when there are faults: then nothing is
 * changed. E_NOT_FOUND: there is no such board. */
enum result guide_import(struct db *db, int64_t place, struct str bytes, int64_t now, struct import_report *ret) MUST_USE;
/* The matters that are in the binary, to begin with: to be checked by the office, and said so on their pages. */
struct str guide_embedded(void);

/* Counters against a recount. OK also when they differ: then ret_bad is the matter. */
enum result guide_recount(struct db *db, int64_t community, int64_t *ret_bad) MUST_USE;

#endif
