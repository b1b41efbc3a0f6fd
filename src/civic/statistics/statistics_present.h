/* statistics_present.h: figures made ready for views; shared by the figures page and the pages of places (civic/home). */
#ifndef LILONG_CIVIC_STATISTICS_PRESENT_H
#define LILONG_CIVIC_STATISTICS_PRESENT_H

#include "civic/statistics/statistics_figures.h"
#include "civic/statistics/views/child_table.html.h"
#include "civic/statistics/views/figure_tile.html.h"
#include "civic/statistics/views/trend_chart.html.h"

/* A week or month, and the same length of the one before: a period that goes on is compared with as many days. */
struct span {
    enum figure_period period;
    int32_t first, last; /* both in; last is at most today */
    int32_t before_first, before_last;
    bool running;
};
struct span figures_span(enum figure_period period, int32_t day,
                         int32_t today);                                 /* a day in the future counts as today */
struct str figures_span_words(struct request *rq, const struct span *s); /* 本周，11月23日到今天 */
struct str figures_span_short(struct request *rq, enum figure_period period, int32_t first);

/* /p/{place}/figures{tail}?period=…&from=… */
struct url figures_url(struct request *rq, int64_t place, struct str tail, enum figure_period period, int32_t day);

struct period_figures {
    struct span span;
    const struct figure_item *item[FIGURES_MAX];
    struct figure_value now[FIGURES_MAX], before[FIGURES_MAX];
    size_t n_items;
    struct coverage coverage;
    const struct place *place;
};
enum result figures_load(struct request *rq, const struct place *place, struct span span,
                         struct period_figures *ret) MUST_USE;
struct figure_tile_view figures_tile(struct request *rq, const struct period_figures *p, size_t i);
struct figure_tile_view coverage_tile(struct request *rq, const struct coverage *c);
/* The counts of twelve periods up to this one. */
enum result trend_fill(struct request *rq, const struct place *place, const struct span *s,
                       const struct figure_item *const *items, size_t n_items, struct trend_chart_view *ret) MUST_USE;
/* One figure in the table of places; its period begins at `first`. */
struct child_table_rows_cells child_cell(struct request *rq, const struct figure_item *item, const struct figures *figures, int32_t first);
enum text child_caption(enum place_level level); /* of the places below: 各街镇 */
/* The table of the places below, by the items that show in it and coverage. */
enum result child_table_fill(struct request *rq, const struct place *place, const struct span *s,
                             const struct figure_item *const *items, size_t n_items,
                             struct child_table_view *ret) MUST_USE;

#endif
