/* daily.h: the figures of each day (每日简报): how many households of each committee are bound, who was active, what was written on which board, what was
 * answered in time. Counted in the morning for the day before, told to the street's officers, and read at the desk as a page and as CSV.
 *
 * Households are as of the moment of counting, minutes after they were counted for the level pages; the rest is of the day itself. */
#ifndef LILONG_CIVIC_DAILY_H
#define LILONG_CIVIC_DAILY_H

#include "engine/app/app.h"

/* Counts the day before `now` for every street that has not been counted, and tells its officers. A street is counted in one transaction, so a job that was
 * stopped goes on where it was, and nobody is told twice. ret_streets: how many were counted now. */
enum result daily_count(struct database *database, struct arena *a, int64_t now, int64_t *ret_streets) MUST_USE;

extern const struct module daily_module;
extern const struct desk_table daily_desk;
extern const struct notice_table daily_notices;

#endif
