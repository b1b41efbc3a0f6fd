/* figures.h: what of the reports the figures of a place show. */
#ifndef LILONG_BOARDS_REPORT_FIGURES_H
#define LILONG_BOARDS_REPORT_FIGURES_H

#include "civic/statistics/statistics_figures.h"

extern const struct figure_table report_figures;

#endif
