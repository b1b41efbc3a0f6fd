/* rules.h: between the files of this folder only. */
#ifndef LILONG_CIVIC_STATISTICS_RULES_H
#define LILONG_CIVIC_STATISTICS_RULES_H

#include "civic/statistics/statistics.h"

/* Calls hit for every rule that the event fulfils, in the order of the tables, until one says anything but OK. */
enum result statistics_apply(const struct ledger_event *e, enum result (*hit)(void *arg, const struct measure_rule *rule), void *arg) MUST_USE;

#endif
