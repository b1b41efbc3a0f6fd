/* stories.h: what happens in the demo world: tables of reports and of what becomes of them. */
#ifndef LILONG_DEMO_STORIES_H
#define LILONG_DEMO_STORIES_H

#include "demo/cast.h"
#include "demo/scenes.h"

/* ---- when: a number that says its own kind -------------------------------------------------------------------------------
 * AT(3, 10, 12): at 10:12 three work days before the last one that has begun; the day is 1 or more, so that it has passed.
 * WORK(80): when 80 minutes of work time were left until now. AGO(25): 25 minutes ago, be it night. */
#define AT(day, hour, minute) ((day) * 10000 + (hour) * 100 + (minute))
#define WORK(minutes) (1000000 + (minutes))
#define AGO(minutes) (2000000 + (minutes))

/* ---- who: residents by their number, staff behind them ---- */
#define STAFF(s) (1000 + (s))

enum demo_act {
    DO_END, DO_ANSWER, DO_HAND, DO_ACCEPT, DO_SEND_BACK, DO_ASK_MORE, DO_GRANT, DO_REFUSE, DO_DONE, DO_PRESS, DO_SOLVE, DO_EXPLAIN,
    DO_PASS, DO_FAIL, DO_CONFIRM, DO_REJECT, DO_MERGE, DO_VOID, DO_COMMENT, DO_JOIN, DO_THUMBS, DO_JOINS, DO_NOTE, DO_REDACT, DO_HIDE,
    DO_FOLLOW,
};

struct demo_step {
    int when;
    enum demo_act act;
    int who;               /* DO_THUMBS, DO_JOINS: unused */
    const char *text;
    enum demo_org org;     /* DO_HAND: to whom; handlers' acts: whose order */
    int n;                 /* stars; days; how many thumbs; DO_HAND: 1 lead, 2 fast track, 3 both */
    const char *more;      /* DO_HAND: the task; DO_REDACT: the new text */
    enum scene proof[2];
};

struct demo_story {
    const char *category, *title, *body, *spot;
    int place, author, when;
    int estate, building;  /* of demo_estates; building from 1, 0: none */
    enum scene before[3];
    const struct demo_step *step;
    int into;              /* DO_MERGE: number of the story that goes on */
};
extern const struct demo_story demo_stories[];
extern const size_t demo_stories_n;
enum { STORY_GARDEN, STORY_GARDEN_TWICE };

/* ---- the many small ones: a pattern each ---- */

enum demo_pattern {
    BY_COMMITTEE,      /* answered, solved by the committee, confirmed and rated */
    BY_COMMITTEE_QUIET,/* the same; nobody confirms, the clock closes */
    EXPLAINED,
    BY_HANDLER,        /* handed on, done with a picture, checked, confirmed */
    BY_HANDLER_QUIET,
    BY_HANDLER_LATE,   /* the same past its limit */
    REOPENED,          /* the reporter says no once */
    CHECK_FAILED,      /* the committee says no once */
};

struct demo_small {
    const char *category, *title, *body, *spot;
    int place, author, when;
    int estate, building;
    enum demo_pattern pattern;
    enum demo_org org;     /* of the handler */
    const char *answer, *done;
    int stars;
    const char *thanks;    /* with the stars */
    enum scene before, after;
};
extern const struct demo_small demo_smalls[];
extern const size_t demo_smalls_n;

/* What neighbours write below anything. */
extern const char *const demo_remarks[];
extern const size_t demo_remarks_n;

struct demo_template { const char *name, *body; };
extern const struct demo_template demo_templates[];
extern const size_t demo_templates_n;

#endif
