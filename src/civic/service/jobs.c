/* jobs.c: clears away what nobody needs: letters that could not be delivered, pictures that no row has. */
#include "civic/service/service.h"

#include "engine/base/time.h"

enum { DEAD_LETTERS_DAYS = 90 };

static enum result sweep_letters_run(struct db *db, void *arg)
{
    int64_t gone;

    (void)arg;
    return outbox_sweep(db, time_now() - DEAD_LETTERS_DAYS * TIME_DAY, &gone);
}

static enum result sweep_letters(struct app *app, struct arena *a)
{
    return db_write_wait(app_database(app), a, sweep_letters_run, NULL);
}

static enum result sweep_pictures(struct app *app, struct arena *a)
{
    const struct services *services = app_services(app);
    int64_t deleted;

    return services->store ? media_sweep(app_database(app), services->store, a, time_now(), &deleted) : OK;
}

static const struct job_kind jobs[] = {
    {"outbox.sweep", TIME_DAY, sweep_letters},
    {"media.sweep", TIME_DAY, sweep_pictures},
};

const struct module service_module = {.name = "service", .jobs = jobs, .n_jobs = sizeof(jobs) / sizeof(jobs[0])};
