/* jobs.c: writes down the heads of the chains once a day. */
#include "civic/ledger/ledger.h"
#include "engine/app/app.h"
#include "engine/base/time.h"

static enum result close_yesterday(struct app *app, struct arena *a)
{
    return ledger_close_day(app_database(app), a, day_of(time_now() - 10 * TIME_MINUTE) - 1);
}

static const struct job_kind jobs[] = {{"ledger.close_day", 15 * TIME_MINUTE, close_yesterday}};

const struct module ledger_module = {.name = "ledger", .jobs = jobs, .n_jobs = 1};
