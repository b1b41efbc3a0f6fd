/* guards.c: who may see the pictures of a draft, a report, and a step of it. */
#include "boards/report/report.h"

#include "boards/report/report.sql.h"
#include "civic/access/access.h"
#include "civic/media/media_routes.h"
#include "civic/person/person.h"

/* The committee and those above it, and whoever it was handed to. */
static bool staff_of(struct request *rq, int64_t report)
{
    struct sql_work_order_of_report_rows orders;
    struct subject_scope scope = {.place = rq->place};
    int64_t *organisation;

    if (viewer_of(rq)->n_posts == 0 || sql_work_order_of_report(rq->db, rq->place, report, &orders) != OK)
        return false;
    organisation = arena_array(rq->arena, int64_t, orders.n ? orders.n : 1);
    for (size_t i = 0; i < orders.n; i++)
        organisation[i] = orders.row[i].organisation;
    scope.organisation = organisation;
    scope.n_organisations = orders.n;
    return access_allowed(viewer_of(rq), CAP_REPORT_STAFF, rq->place, &scope);
}

/* What is hidden, or was taken back, is for staff; hidden words and their pictures also for who wrote them. */
static bool may_see(struct request *rq, const struct media *media, int64_t report, int64_t author, bool guarded)
{
    int64_t person = viewer_of(rq)->person;

    if (!guarded && !media->hidden)
        return true;
    return (person && person == author && !media->hidden) || staff_of(rq, report);
}

static bool may_see_draft(struct request *rq, const struct media *media)
{
    return viewer_of(rq)->person && media->author == viewer_of(rq)->person;
}

static bool may_see_report(struct request *rq, const struct media *media)
{
    struct sql_report_get report;

    return sql_report_get(rq->db, rq->place, media->subject, &report) == OK &&
           may_see(rq, media, report.id, report.author, report.hidden);
}

static bool may_see_step(struct request *rq, const struct media *media)
{
    struct sql_report_step_scope step;

    return sql_report_step_scope(rq->db, rq->place, media->subject, &step) == OK &&
           may_see(rq, media, step.id, step.public ? step.author : 0, step.hidden || !step.public);
}

static const struct media_guard guards[] = {
    {"report_draft", may_see_draft},
    {"report", may_see_report},
    {"report_step", may_see_step},
};
const struct media_guards report_guards = {guards, sizeof(guards) / sizeof(guards[0])};
