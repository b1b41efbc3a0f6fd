/* plot.h: the stories as one list of things that happen, each at its moment. */
#ifndef LILONG_DEMO_PLOT_H
#define LILONG_DEMO_PLOT_H

#include "civic/calendar/calendar.h"
#include "demo/stage.h"

enum plot_kind { PLOT_JOIN, PLOT_DECIDE, PLOT_WRITE, PLOT_STEP };

struct plot_event {
    int64_t at;
    int order;                 /* of things at the same moment */
    enum plot_kind kind;
    int story;                 /* demo_stories first, then demo_smalls; PLOT_JOIN, PLOT_DECIDE: the resident */
    bool may_fail;             /* a neighbour who comes too late to join */
    struct demo_step step;     /* with everything filled in */
};

struct plot {
    struct plot_event *event;
    size_t n, room;
};

/* How long handling may take in a category; asked once, before the plot is made. */
struct plot_limit { const char *category; enum limit_unit unit; int64_t amount; };

/* Fills and sorts the plot. Nothing is later than now. */
void plot_make(struct stage *s, const struct plot_limit *limits, size_t n_limits, struct plot *ret_plot);

/* Moments (see stories.h). */
int64_t plot_when(const struct calendar *c, int64_t now, int when);

#endif
