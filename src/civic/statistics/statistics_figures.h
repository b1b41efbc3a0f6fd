/* statistics_figures.h: the figures that the pages of a place show. The boards say which there are and what they mean (struct figure_table);
 * this room reads the counters, and words them. */
#ifndef LILONG_CIVIC_FIGURES_H
#define LILONG_CIVIC_FIGURES_H

#include "civic/place/place.h"
#include "civic/statistics/statistics.h"
#include "engine/app/app.h"

enum figure_kind {
    FIGURE_COUNT = 1, /* n of measure */
    FIGURE_SHARE,     /* n of measure ÷ (n of `of` - n of `less` + what has piled up), in percent */
    FIGURE_MEDIAN,    /* of a MEASURE_MINUTES, in minutes of work */
    FIGURE_MEAN,      /* total ÷ n of a MEASURE_SUM */
};

enum figure_show {
    FIGURE_FIRST = 1, /* among the five on top */
    FIGURE_TREND = 2, /* a line of the chart (counts only) */
    FIGURE_TABLE = 4, /* a column of the table of the places below */
    FIGURE_BAR = 8,   /* with a bar there (shares only) */
    FIGURE_LINE = 16, /* in the one line of a community's home */
};

/* One of what a figure counts, as the board shows it. */
struct figure_row {
    struct str title; /* empty: not for this viewer, or gone */
    struct url url;
    struct str about; /* 周女士 · 3号楼 */
    enum text state;  /* T_none: none */
    const char *mark; /* of the state: "open", "wait", "doing", "late", "done", "shut" */
};

struct figure_item {
    const char *word;         /* name in JSON and CSV: "answered_in_time" */
    enum text label, meaning; /* 按时回应; how it is counted, in a sentence */
    enum text unit;           /* 件, 星, by {n} as the number that stands before it; T_none for shares and medians */
    enum figure_kind kind;
    const char *measure, *of;
    const char *less[2];
    const char *pile[2]; /* what came onto a pile, and what left it: by how much it grew counts too, its shrinking does not */
    int better;       /* 1: more is better, -1: less is better, 0: neither */
    /* Shows what it counts: ret_rows[i] for events->event[i] of the community. NULL: there is no list. */
    enum result (*rows)(struct request *rq, int64_t community, const struct ledger_events *events,
                        struct figure_row *ret_rows);
    unsigned show;    /* enum figure_show */
};
struct figure_table {
    const struct figure_item *item;
    size_t n;
};
void figures_use(const struct figure_table *const *tables, size_t n); /* once, at start; at most FIGURES_MAX items */

enum { FIGURES_MAX = 32 };
size_t figures_items(const struct figure_item **ret_items, size_t max);

struct figure_value {
    bool known;    /* false: nothing was counted that it could be made of */
    double value;  /* count, percent, minutes, mean */
    int64_t n, of; /* of: what a share or a mean is of; 0 for counts */
    bool small;    /* a share, median or mean of fewer than 20 */
};
/* From figures in which the period begins at `day`. A median is unknown here: figures_median(). */
struct figure_value figure_value_of(const struct figure_item *item, const struct figures *figures, int32_t day);
enum result figures_median(struct db *db, int64_t place, const struct figure_item *item, int32_t from, int32_t to,
                           struct figure_value *ret) MUST_USE;
/* 「96.4」 「1 小时 20 分钟」; empty when unknown. */
struct str figure_words(struct arena *a, enum lang lang, const struct figure_item *item, struct figure_value v);
/* The unit behind those words: "report" behind 1, "reports" behind 2 and 1.0. Empty: it has none. */
struct str figure_unit(struct arena *a, enum lang lang, const struct figure_item *item, struct str words);

/* What was counted in each of the places below, days from..to, in one or two statements: ret[i] belongs to children->place[i], its period
 * begins at `from`. */
enum result figures_children(struct db *db, int64_t parent, const struct places *children, int32_t from, int32_t to,
                             struct figures **ret) MUST_USE;

/* Households that are bound and all households, as counted by the job at most a quarter of an hour ago. */
struct coverage {
    int64_t households, bound;
};
enum result coverage_read(struct db *db, int64_t place, struct coverage *ret) MUST_USE;
enum result coverage_children(struct db *db, int64_t parent, const struct places *children,
                              struct coverage **ret) MUST_USE;
enum result coverage_count(struct database *database, struct arena *a, int64_t now) MUST_USE; /* the job */

extern const struct module figures_module;

#endif
