/* module.c: the kind as the rest of the program sees it: routes, jobs, what it tells people, what stands on the home page. */
#include "boards/bulletin/routes.h"

#include "civic/home/home.h"
#include "civic/notify/notify.h"
#include "civic/person/person.h"
#include "engine/base/time.h"

/* ---- 今天要紧 ------------------------------------------------------------------------------------------------------- */

static enum result waiting(struct request *rq, const struct home_here *here, size_t max, struct home_item *ret_items,
                           size_t *ret_n)
{
    int64_t community = here->community;
    const struct viewer_residence *home = viewer_residence_in(viewer_of(rq), community);
    struct sql_bulletin_waiting_rows rows;
    enum result r;

    *ret_n = 0;
    if (home == NULL || !home->verified)
        return OK;
    r = sql_bulletin_waiting(rq->db, community, rq->person, (int64_t)max * 2, &rows);
    for (size_t i = 0; r == OK && i < rows.n && *ret_n < max; i++) {
        struct subject_scope scope;
        struct bulletin b;
        struct board board;

        r = bulletin_get(rq->db, rows.row[i].place, rows.row[i].entry, &b, &board);
        if (r == OK)
            r = board_scope(rq, &board, b.entry.community, &scope);
        if (r != OK || !b.entry.listed || board.state != BOARD_OPEN ||
            !access_allowed(viewer_of(rq), CAP_BOARD_READ, b.entry.community, &scope))
            continue; /* hidden, or its board is switched off */
        ret_items[(*ret_n)++] = (struct home_item){
            .text = b.entry.title,
            .url = entry_url(rq->arena, &board, b.entry.community, b.entry.id),
            .badge = bulletin_weight_text(b.weight),
            .due = b.row.read_by ? day_start((int32_t)b.row.read_by) + TIME_DAY : 0,
            .emergency = b.weight == BULLETIN_EMERGENCY,
        };
    }
    return r;
}

const struct home_table bulletin_home = {.waiting = waiting};

/* ---- what people are told ---------------------------------------------------------------------------------------------- */

static const struct notice_kind kinds[] = {
    {T_bulletin_tell_new, TOPIC_NOTICE, WAY_DIGEST, false, T_notify_away_must_read},
    {T_bulletin_tell_remind, TOPIC_NOTICE, WAY_DIGEST, false, T_notify_away_must_read},
    {T_bulletin_tell_emergency, TOPIC_NOTICE, WAY_NOW, true, T_notify_away_emergency},
    {T_bulletin_tell_answered, TOPIC_MINE, WAY_APP, false, T_notify_away_answer},
};
const struct notice_table bulletin_notices = {kinds, sizeof(kinds) / sizeof(kinds[0])};

/* ---- routes and jobs ------------------------------------------------------------------------------------------------------ */

static enum result on_time(struct app *app, struct arena *a)
{
    int64_t now = time_now();
    enum result r = bulletin_end_over(app_database(app), a, now);

    return r == OK ? bulletin_publish_due(app_database(app), a, now) : r;
}

static enum result tell(struct app *app, struct arena *a)
{
    return bulletin_tell(app_database(app), a, time_now());
}

static const struct job_kind jobs[] = {
    {"bulletin.on_time", 15 * TIME_SECOND, on_time},
    {"bulletin.tell", 10 * TIME_SECOND, tell},
};

const struct module bulletin_module = {
    .name = "bulletin",
    .routes = bulletin_read_routes,
    .n_routes = BULLETIN_READ_ROUTES,
    .jobs = jobs,
    .n_jobs = sizeof(jobs) / sizeof(jobs[0]),
};
const struct module bulletin_write_module = {
    .name = "bulletin.write", .routes = bulletin_write_routes, .n_routes = BULLETIN_WRITE_ROUTES};
const struct module bulletin_desk_module = {
    .name = "bulletin.desk", .routes = bulletin_desk_routes, .n_routes = BULLETIN_DESK_ROUTES};

/* The taps that every kind of boards has; a reply may be an answer here. */
static const struct route taps[] =
    {ENTRY_TAP("bulletin", "comment", "comment", CAP_BOARD_TAKE_PART, entry_comment_params, 2, bulletin_show,
               "Comments; a reply of who runs the board to a question on accounts is its answer"),
     .handle = bulletin_comment},
                          ENTRY_ROUTES_BUT_COMMENT("bulletin", bulletin_show),
}
;
const struct module bulletin_tap_module = {.name = "bulletin.tap", .routes = taps, .n_routes = ENTRY_ROUTES_N};
