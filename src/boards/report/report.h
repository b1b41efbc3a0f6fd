/* report.h: the board 身边事. What others may call. How a report moves: README.md. */
#ifndef LILONG_BOARDS_REPORT_H
#define LILONG_BOARDS_REPORT_H

#include "civic/flow/clock.h"
#include "civic/ledger/ledger.h"
#include "civic/place/place.h"
#include "civic/statistics/statistics.h"
#include "engine/app/app.h"

extern const struct module report_module;                         /* what everybody reads, and the clocks */
struct search_finder;
extern const struct search_finder report_finder;                  /* reports among what is found: civic/search */
struct moderation_kinds;
extern const struct moderation_kinds report_moderated;            /* reports and their comments: civic/moderation */
extern const struct module report_write_module;                   /* what residents write */
extern const struct module report_step_module;                    /* the same in care mode, one question a screen */
extern const struct module report_desk_module, report_act_module; /* what staff see, what staff do */
extern const struct desk_table report_desk;                       /* the desk's left column; civic/frame */
extern const struct home_table report_home;              /* what of it stands on the front pages; civic/home */
extern const struct media_guards report_guards;          /* who may see its pictures; civic/media */
extern const struct board_kind report_board_kind;        /* the kind of boards that it is; civic/board */
extern const struct measure_table report_measures;                /* what the figures of a place count */
extern const struct place_mover report_mover;            /* what is open follows its estate into another community */
struct party_kinds;
extern const struct party_kinds report_party;                    /* what members of the Party lend a hand with */
extern const struct ledger_listener report_listener;              /* who is told of what */
extern const struct notice_table report_notices;                  /* what of it may leave the app */

/* The city's categories with their words and limits, where the table has none: at `lilong init`. */
enum result report_seed_categories(struct db *db) MUST_USE;
/* The same from a file of the city's (data/report-categories.csv): what is there is changed, what is new is added; what the file does not
 * have stays (ret->gone), for reports are in it. Limits hold for what is handed out from now on. E_INVALID when there are faults. */
enum { REPORT_CATEGORIES_MAX = 500 };
struct import_report;
enum result report_import_categories(struct db *db, struct str bytes, struct import_report *ret) MUST_USE;
/* Counters of every report of the community against a recount. OK also when they differ: then ret_bad is the report. */
enum result report_recount(struct db *db, int64_t community, int64_t *ret_bad) MUST_USE;

/* A repair that a resident of the place asks its property company for, from the company's own board: a report like any other (its state, clocks, proof and rating are on
 * its page), handed to the company at once, so that nobody's answer is waited for. E_INVALID: as in writing, or the company does not serve the place. */
struct report_repair {
    struct request *rq;                  /* told what is wrong with a text; may be NULL */
    int64_t community, person, dwelling, company;
    struct str author_from, title, body, spot;
    int64_t estate, building, photos, now;
};
enum result report_repair(struct db *db, const struct report_repair *what, int64_t *ret_report) MUST_USE;

struct me_table;
extern const struct me_table report_me; /* me.c: my reports, and what I have left there */

#endif
