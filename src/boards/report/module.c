/* module.c: the board as the rest of the program sees it: routes and jobs. */
#include "boards/report/desk.h"
#include "boards/report/draft.h"
#include "boards/report/routes.h"

#include "civic/media/media.h"

static enum result ring(struct app *app, struct arena *a)
{
    int64_t now = time_now(), rung;
    enum result r = clock_ring(app_database(app), a, &report_bell, now, &rung);

    return r == OK ? clock_ring(app_database(app), a, &order_bell, now, &rung) : r;
}

/* With their pictures: nobody has seen them, and nobody will. */
static enum result purge_drafts_run(struct db *db, void *arg)
{
    enum { AT_ONCE = 500 };
    struct sql_report_draft_old_rows old;
    struct media_list media;
    int64_t gone;
    enum result r = sql_report_draft_old(db, time_now() - 7 * TIME_DAY, AT_ONCE, &old);

    (void)arg;
    for (size_t i = 0; r == OK && i < old.n; i++) {
        r = media_of_subject(db, old.row[i].community, STR("report_draft"), old.row[i].id, &media);
        for (size_t k = 0; r == OK && k < media.n; k++)
            r = media_remove(db, old.row[i].community, media.media[k].id);
        if (r == OK)
            r = sql_report_draft_drop(db, old.row[i].community, old.row[i].id, &gone);
    }
    return r;
}

static enum result purge_drafts(struct app *app, struct arena *a)
{
    return db_write_wait(app_database(app), a, purge_drafts_run, NULL);
}

static const struct job_kind jobs[] = {
    {"report.clocks", 30 * TIME_SECOND, ring},
    {"report.drafts", TIME_DAY, purge_drafts},
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

const struct module report_module = {
    .name = "report",
    .routes = report_read_routes,
    .n_routes = REPORT_READ_ROUTES,
    .jobs = jobs,
    .n_jobs = COUNT(jobs),
};
const struct module report_write_module = {
    .name = "report.write", .routes = report_write_routes, .n_routes = REPORT_WRITE_ROUTES};
const struct module report_step_module = {
    .name = "report.step", .routes = report_step_routes, .n_routes = REPORT_STEP_ROUTES};
const struct module report_desk_module = {
    .name = "report.desk", .routes = report_desk_routes, .n_routes = REPORT_DESK_ROUTES};
const struct module report_act_module = {
    .name = "report.act", .routes = report_act_routes, .n_routes = REPORT_ACT_ROUTES};
