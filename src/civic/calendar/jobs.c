/* jobs.c: a notice that was imported elsewhere comes into every process within a minute. */
#include "civic/calendar/calendar.h"
#include "engine/app/app.h"
#include "engine/base/time.h"

static enum result refresh(struct app *app, struct arena *a)
{
    struct db *db;
    enum result r = db_read_begin(app_database(app), a, &db);

    if (r != OK)
        return r;
    r = calendar_refresh(db);
    db_read_end(db);
    return r;
}

static const struct job_kind jobs[] = {{"calendar.refresh", TIME_MINUTE, refresh, true}};

const struct module calendar_module = {.name = "calendar", .jobs = jobs, .n_jobs = 1};
