/* routes.c: /p/{place}/hours: what somebody has given in this community, for nobody but themselves. */
#include "civic/hours/hours.h"

#include "civic/access/access.h"
#include "civic/hours/views/hours_mine.html.h"
#include "civic/hours/words.h"
#include "civic/person/person.h"
#include "engine/app/app.h"

enum { PAGE = 30 };

enum { MINE_BEFORE, MINE_PARAMS };
static const struct param mine_params[MINE_PARAMS] = {
    [MINE_BEFORE] = {.name = "before", .kind = PARAM_ID, .doc = "Paging: lines older than this id"},
};

static enum result mine(struct request *rq)
{
    struct url here = url_path(rq->arena, "/p/%" PRId64 "/hours", rq->place);
    struct hours_lines lines;
    struct hours_sum sum;
    struct hours_mine_lines *to;
    struct hours_mine_view view = {.place = rq->place};
    enum result r = hours_sum(rq->db, rq->place, rq->person, &sum);

    if (r == OK)
        r = hours_list(rq->db, rq->place, rq->person,
                       param_given(rq, MINE_BEFORE) ? param_int(rq, MINE_BEFORE) : INT64_MAX, PAGE + 1, &lines);
    if (r != OK)
        return r;
    if (lines.n > PAGE) {
        lines.n = PAGE;
        view.more = url_add(rq->arena, here, "before", str_printf(rq->arena, "%" PRId64, lines.line[PAGE - 1].id));
    }
    to = arena_array(rq->arena, struct hours_mine_lines, lines.n + 1);
    for (size_t i = 0; i < lines.n; i++)
        to[i] = (struct hours_mine_lines){
            .id = lines.line[i].id,
            .minutes = lines.line[i].minutes,
            .span = hours_span(rq->arena, rq->lang, lines.line[i].minutes),
            .what = lines.line[i].what,
            .day = lines.line[i].day,
            .reason = lines.line[i].reason,
        };
    view.given = sum.given;
    view.received = sum.received;
    view.given_span = hours_span(rq->arena, rq->lang, sum.given);
    view.received_span = hours_span(rq->arena, rq->lang, sum.received);
    view.lines.v = to;
    view.lines.n = lines.n;
    return respond_view(rq, hours_mine, &view);
}

static const struct route routes[] = {
    {HTTP_GET, "/p/{place}/hours", "hours.mine", .handle = mine, .need = CAP_RESIDENT, .params = mine_params,
     .n_params = MINE_PARAMS, .flags = ROUTE_PERSONAL, .view = &hours_mine_info,
     .doc = "The hours in which one has helped in this community"},
};
const struct module hours_module = {.name = "hours", .routes = routes, .n_routes = sizeof(routes) / sizeof(routes[0])};
