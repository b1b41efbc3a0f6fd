/* jobs.c: adds up the days that are over for the levels above. */
#include "civic/statistics/statistics.h"
#include "engine/app/app.h"
#include "engine/base/time.h"

enum { DAYS_A_ROUND = 31 }; /* after an import of years: a round must not hold up the writer for long */

static enum result close_days(struct app *app, struct arena *a)
{
    int64_t closed;

    return statistics_close_days(app_database(app), a, time_now(), DAYS_A_ROUND, &closed);
}

static const struct job_kind jobs[] = {{"statistics.close_days", 5 * TIME_MINUTE, close_days}};

const struct module statistics_module = {.name = "statistics", .jobs = jobs, .n_jobs = 1};
