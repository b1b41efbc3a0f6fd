/* routes_desk.c: who has read what must be read, reminding the rest, and the desk's lists of notices. */
#include "boards/bulletin/routes.h"

#include "boards/bulletin/views/bulletin_readers.html.h"
#include "boards/bulletin/views/desk_bulletin.html.h"
#include "boards/bulletin/views/desk_reach.html.h"
#include "civic/frame/frame.h"
#include "civic/person/person.h"
#include "civic/place/place_subject.h"
#include "engine/base/time.h"

enum { DESK_PAGE = 40, DOORS = 100 };

/* In whole percent, down: 100 is everybody. */
static int64_t share_of(int64_t part, int64_t whole)
{
    return whole <= 0 ? 0 : part >= whole ? 100 : part * 100 / whole;
}

/* The households of a community that can have read a notice: all that are bound, or those of the estates that it is asked of. */
static enum result bound_in(struct request *rq, const struct sql_bulletin_bound_rows *bound, int64_t community,
                            int64_t entry, bool some, int64_t *ret)
{
    struct sql_bulletin_bound_some of;
    enum result r = OK;

    *ret = 0;
    if (some) {
        r = sql_bulletin_bound_some(rq->db, community, entry, &of);
        *ret = r == OK ? of.households : 0;
        return r;
    }
    for (size_t i = 0; i < bound->n; i++)
        if (bound->row[i].community == community)
            *ret = bound->row[i].households;
    return OK;
}

static struct url reach_url(struct request *rq, int64_t community, int64_t entry)
{
    return url_path(rq->arena, "/desk/bulletin/%" PRId64 "/%" PRId64, community, entry);
}

/* ---- over all places of a notice ------------------------------------------------------------------------------------ */

static enum result readers(struct request *rq)
{
    struct sql_bulletin_reach_of_rows rows;
    struct sql_bulletin_bound_rows bound;
    struct bulletin_readers_view view = {.title = entry_of(rq)->title, .back = bulletin_here(rq, "")};
    struct bulletin_readers_rows *to;
    int64_t first, last;
    bool open = false;
    enum result r;

    place_range(rq->place, &first, &last);
    r = sql_bulletin_reach_of(rq->db, entry_of(rq)->id, first, last, &rows);
    if (r == OK)
        r = sql_bulletin_bound(rq->db, first, last, &bound);
    if (r != OK)
        return r;
    to = arena_array(rq->arena, struct bulletin_readers_rows, rows.n ? rows.n : 1);
    for (size_t i = 0; i < rows.n; i++) {
        const struct sql_bulletin_reach_of *row = &rows.row[i];
        int64_t whole;

        r = bound_in(rq, &bound, row->community, entry_of(rq)->id, row->partly, &whole);
        if (r != OK)
            return r;
        open |= row->is_open && row->reminded_at <= rq->now - TIME_DAY;
        if (row->reminded_at > view.reminded_at)
            view.reminded_at = row->reminded_at;
        if (whole == 0 && row->households == 0) { /* nobody lives there who could have, or it has ended */
            view.empty += row->is_open && row->valid_to == 0;
            continue;
        }
        to[view.rows.n] = (struct bulletin_readers_rows){
            .community = row->community,
            .name = place_short_name(row->name),
            .households = row->households,
            .of = whole,
            .people = row->people,
            .share = share_of(row->households, whole),
        };
        if (access_allowed(viewer_of(rq), CAP_ROSTER, row->community, NULL))
            to[view.rows.n].url = reach_url(rq, row->community, entry_of(rq)->id);
        view.rows.n++;
        view.households += row->households;
        view.of += whole;
        view.people += row->people;
    }
    if (open && entry_of(rq)->listed)
        view.remind = bulletin_here(rq, "/remind");
    view.share = share_of(view.households, view.of);
    view.rows.v = to;
    return respond_view(rq, bulletin_readers, &view);
}

/* Who has written it reminds the rest everywhere at once. */
static enum result remind_all(struct request *rq)
{
    struct entry_actor actor = entry_actor_of(rq);
    enum result r = bulletin_remind_all(rq->db, &actor, entry_of(rq));

    if (r == E_CONFLICT)
        return request_refuse(rq, r, T_bulletin_reminded_already);
    return r == OK ? respond_see_other(rq, bulletin_here(rq, "/readers"), T_bulletin_flash_reminded) : r;
}

/* ---- in one community, door by door: for its committee --------------------------------------------------------------- */

struct reach_subject {
    struct subject_scope scope; /* first */
    struct sql_bulletin_reach_get row;
    struct entry entry;
    struct board board;
};

/* What was never asked for in the community, or is hidden, is not there. */
static enum result load_reach(struct request *rq)
{
    struct reach_subject *s = arena_new(rq->arena, struct reach_subject);
    enum result r;

    rq->subject = s;
    rq->place = rq->path_id[0];
    s->scope.place = rq->place;
    r = sql_bulletin_reach_get(rq->db, rq->place, rq->path_id[1], &s->row);
    if (r == OK)
        r = entry_get(rq->db, s->row.place, s->row.entry, &s->entry);
    if (r == OK)
        r = board_get(rq->db, s->entry.board, &s->board);
    if (r == OK && (s->entry.hidden || s->board.state != BOARD_OPEN))
        return E_NOT_FOUND;
    return r;
}

static const struct subject_kind reach_subject = {"bulletin_reach", load_reach};

static const struct reach_subject *reach_of(const struct request *rq)
{
    return rq->subject;
}

enum { REACH_READ, REACH_AFTER, REACH_PARAMS };
static const struct param reach_params[REACH_PARAMS] = {
    [REACH_READ] = {.name = "read",
                    .kind = PARAM_CHOICE,
                    .choices = "no,yes",
                    .doc = "Those who have not read it, or those who have"},
    [REACH_AFTER] = {.name = "after", .kind = PARAM_ID, .doc = "Paging: dwellings with a larger id"},
};

/* The estates whose households are asked. */
static enum result fill_asked(struct request *rq, const struct reach_subject *s, struct desk_reach_view *view)
{
    struct sql_bulletin_reach_estates_rows rows;
    struct desk_reach_estates *to;
    enum result r = sql_bulletin_reach_estates(rq->db, rq->place, s->entry.id, &rows);

    if (r != OK)
        return r;
    to = arena_array(rq->arena, struct desk_reach_estates, rows.n + 1);
    for (size_t i = 0; i < rows.n; i++)
        to[i] = (struct desk_reach_estates){rows.row[i].id, rows.row[i].name};
    view->some = true;
    view->estates.v = to;
    view->estates.n = rows.n;
    return OK;
}

static enum result reach(struct request *rq)
{
    const struct reach_subject *s = reach_of(rq);
    bool showing = rq->route->handle == reach;
    bool have = showing && param_int(rq, REACH_READ) == 1;
    struct url here = reach_url(rq, rq->place, s->entry.id);
    struct sql_bulletin_households_rows rows;
    struct sql_bulletin_bound_rows bound;
    struct desk_reach_rows *to;
    struct desk_reach_view view = {
        .title = s->entry.title,
        .from = s->entry.author_from,
        .households = s->row.households,
        .people = s->row.people,
        .have = have,
        .is_open = s->row.is_open && s->entry.listed,
        .reminded_at = s->row.reminded_at,
        .telling = s->row.tell.len > 0,
        .notice = entry_url(rq->arena, &s->board, s->entry.community, s->entry.id),
        .not_read = here,
        .have_read = url_add(rq->arena, here, "read", STR("yes")),
    };
    enum result r = sql_bulletin_households(rq->db, rq->place, s->entry.id, have, s->row.partly,
                                            showing && param_given(rq, REACH_AFTER) ? param_int(rq, REACH_AFTER) : 0,
                                            DOORS + 1, &rows);

    if (r == OK)
        r = sql_bulletin_bound(rq->db, rq->place, rq->place, &bound);
    if (r != OK)
        return r;
    r = bound_in(rq, &bound, rq->place, s->entry.id, s->row.partly, &view.of);
    if (r == OK && s->row.partly)
        r = fill_asked(rq, s, &view);
    if (r != OK)
        return r;
    view.share = share_of(view.households, view.of);
    if (rows.n > DOORS) {
        rows.n = DOORS;
        view.more = url_add(rq->arena, have ? view.have_read : here, "after",
                            str_printf(rq->arena, "%" PRId64, rows.row[DOORS - 1].id));
    }
    to = arena_array(rq->arena, struct desk_reach_rows, rows.n ? rows.n : 1);
    for (size_t i = 0; i < rows.n; i++)
        to[i] = (struct desk_reach_rows){rows.row[i].building, rows.row[i].staircase, rows.row[i].room, rows.row[i].at};
    view.rows.v = to;
    view.rows.n = rows.n;
    if (view.is_open && !view.telling && s->row.reminded_at <= rq->now - TIME_DAY)
        view.remind = url_below(rq->arena, here, "/remind");
    return respond_view(rq, desk_reach, &view);
}

static enum result remind(struct request *rq)
{
    const struct viewer_post *post = viewer_post_over(viewer_of(rq), rq->place);
    const struct entry_actor actor = {
        .person = rq->person, .organisation = post ? post->organisation : 0, .runs = true, .now = rq->now};
    enum result r = reach_of(rq)->entry.listed ? bulletin_remind(rq->db, &actor, rq->place, reach_of(rq)->entry.id)
                                               : E_CONFLICT;

    if (r == E_CONFLICT)
        return request_refuse(rq, r, T_bulletin_reminded_already);
    return r == OK ? respond_see_other(rq, reach_url(rq, rq->place, reach_of(rq)->entry.id), T_bulletin_flash_reminded)
                   : r;
}

/* ---- the desk's lists ------------------------------------------------------------------------------------------------- */

enum { DESK_STATE, DESK_AFTER, DESK_PARAMS };
static const struct param desk_params[DESK_PARAMS] = {
    [DESK_STATE] = {.name = "list",
                    .kind = PARAM_CHOICE,
                    .choices = "waiting,draft,scheduled,reading,questions",
                    .doc = "Which list"},
    [DESK_AFTER] = {.name = "after", .kind = PARAM_ID, .doc = "Paging: newer than this id"},
};
static const char *const desk_words[] = {"waiting", "draft", "scheduled", "reading", "questions"};
static const enum text desk_texts[] = {T_bulletin_desk_waiting, T_bulletin_desk_draft, T_bulletin_desk_scheduled,
                                       T_bulletin_desk_reading, T_bulletin_desk_questions};
enum { DESK_READING = 3, DESK_QUESTIONS, DESK_LISTS };

/* Whether the viewer runs the board at the place: of the others' drafts nobody is told, not even how many. */
bool bulletin_runs_board(struct request *rq, int64_t board, int64_t place, struct board *ret)
{
    struct subject_scope scope;

    return board_get(rq->db, board, ret) == OK && board_scope(rq, ret, place, &scope) == OK &&
           access_allowed(viewer_of(rq), CAP_BOARD_RUN, place, &scope);
}

/* At most `max` of those that the viewer has to do with, the longest there first. */
static enum result walk(struct request *rq, int64_t place, int list, int64_t after, size_t max,
                        struct desk_bulletin_rows *to, size_t *ret_n, int64_t *ret_last)
{
    enum { LOOK = 100 };
    size_t n = 0;

    *ret_last = after;
    *ret_n = 0;
    for (bool more = true; more && n < max;) {
        struct sql_bulletin_desk_rows rows;
        enum result r = sql_bulletin_desk(rq->db, place, str_from_cstr(desk_words[list]), *ret_last, LOOK, &rows);

        if (r != OK)
            return r;
        more = rows.n == LOOK;
        for (size_t i = 0; i < rows.n && n < max; i++) {
            struct board board;

            *ret_last = rows.row[i].id;
            if (!bulletin_runs_board(rq, rows.row[i].board, place, &board))
                continue;
            if (to)
                to[n] = (struct desk_bulletin_rows){
                    .title = rows.row[i].title,
                    .board = board_name(&board, rq->lang),
                    .who = rows.row[i].shown_name,
                    .weight = bulletin_weight_text(bulletin_weight_of(rows.row[i].weight)),
                    .at = rows.row[i].changed_at,
                    .publish_at = rows.row[i].publish_at,
                    .returned = list == 1 && rows.row[i].returned.len > 0,
                    .url = entry_url(rq->arena, &board, place, rows.row[i].id),
                };
            n++;
        }
    }
    *ret_n = n;
    return OK;
}

/* What everybody in the community should read now, with who has. */
static enum result reading(struct request *rq, int64_t place, int64_t after, size_t max, struct desk_bulletin_rows *to,
                           size_t *ret_n, int64_t *ret_last)
{
    struct sql_bulletin_reach_open_rows rows;
    struct sql_bulletin_bound_rows bound = {NULL, 0};
    enum result r = sql_bulletin_reach_open(rq->db, place, after, (int64_t)max, &rows);

    *ret_n = 0;
    *ret_last = after;
    if (r == OK && to)
        r = sql_bulletin_bound(rq->db, place, place, &bound);
    for (size_t i = 0; r == OK && i < rows.n; i++) {
        struct entry entry;
        struct board board;
        int64_t of;

        *ret_last = rows.row[i].entry;
        r = entry_get(rq->db, rows.row[i].place, rows.row[i].entry, &entry);
        if (r == OK)
            r = board_get(rq->db, entry.board, &board);
        if (r != OK || !entry.listed || board.state != BOARD_OPEN)
            continue;
        if (to)
            r = bound_in(rq, &bound, place, rows.row[i].entry, rows.row[i].partly, &of);
        if (r == OK && to)
            to[*ret_n] = (struct desk_bulletin_rows){
                .title = entry.title,
                .board = board_name(&board, rq->lang),
                .who = entry.author_from,
                .weight = bulletin_weight_text(rows.row[i].emergency ? BULLETIN_EMERGENCY : BULLETIN_MUST_READ),
                .at = entry.published_at,
                .counted = true,
                .households = rows.row[i].households,
                .of = of,
                .share = share_of(rows.row[i].households, of),
                .url = reach_url(rq, place, rows.row[i].entry),
            };
        ++*ret_n;
    }
    return r;
}

static enum result desk_lists(struct request *rq)
{
    int list = (int)param_int(rq, DESK_STATE);
    bool may_read = access_allowed(viewer_of(rq), CAP_ROSTER, rq->place, NULL) &&
                    place_level_of(rq->place) == PLACE_COMMUNITY;
    struct desk_bulletin_view view = {.name = place_short_name(place_of(rq)->name)};
    struct desk_bulletin_rows *to = arena_array(rq->arena, struct desk_bulletin_rows, DESK_PAGE);
    struct desk_bulletin_tabs *tab = arena_array(rq->arena, struct desk_bulletin_tabs, DESK_LISTS);
    int64_t after = param_given(rq, DESK_AFTER) ? param_int(rq, DESK_AFTER) : 0, last, late;
    struct url here = url_path(rq->arena, "/desk/bulletin");
    size_t n;
    enum result r;

    if (list == DESK_READING && !may_read)
        return E_NOT_FOUND;
    r = list == DESK_READING   ? reading(rq, rq->place, after, DESK_PAGE, to, &n, &last)
      : list == DESK_QUESTIONS ? bulletin_questions_waiting(rq, rq->place, after, DESK_PAGE, to, &n, &late, &last)
                               : walk(rq, rq->place, list, after, DESK_PAGE, to, &n, &last);
    if (r != OK)
        return r;
    for (int i = 0; i < DESK_LISTS; i++)
        if (i != DESK_READING || may_read)
            tab[view.tabs.n++] = (struct desk_bulletin_tabs){
                desk_texts[i], url_add(rq->arena, here, "list", str_from_cstr(desk_words[i])), i == list};
    view.tabs.v = tab;
    view.reading = list == DESK_READING;
    view.questions = list == DESK_QUESTIONS;
    if (n == DESK_PAGE)
        view.more = url_add(rq->arena, url_add(rq->arena, here, "list", str_from_cstr(desk_words[list])), "after",
                            str_printf(rq->arena, "%" PRId64, last));
    view.rows.v = to;
    view.rows.n = n;
    return respond_view(rq, desk_bulletin, &view);
}

static enum result count_waiting(struct request *rq, const struct viewer_post *post, int64_t *ret_waiting,
                                 int64_t *ret_late)
{
    int64_t last;
    size_t n;
    enum result r = walk(rq, post->place, 0, 0, 99, NULL, &n, &last);

    *ret_waiting = (int64_t)n;
    *ret_late = 0;
    return r;
}

static enum result count_reading(struct request *rq, const struct viewer_post *post, int64_t *ret_waiting,
                                 int64_t *ret_late)
{
    int64_t last;
    size_t n = 0;
    enum result r = place_level_of(post->place) == PLACE_COMMUNITY ? reading(rq, post->place, 0, 99, NULL, &n, &last)
                                                                   : OK;

    *ret_waiting = (int64_t)n;
    *ret_late = 0;
    return r;
}

static enum result count_questions(struct request *rq, const struct viewer_post *post, int64_t *ret_waiting,
                                   int64_t *ret_late)
{
    int64_t last;
    size_t n = 0;
    enum result r = bulletin_questions_waiting(rq, post->place, 0, 99, NULL, &n, ret_late, &last);

    *ret_waiting = (int64_t)n;
    return r;
}

static const struct desk_item items[] = {
    {T_bulletin_desk_waiting, T_bulletin_desk_group, "/desk/bulletin", CAP_DESK, count_waiting},
    {T_bulletin_desk_reading, T_bulletin_desk_group, "/desk/bulletin?list=reading", CAP_ROSTER, count_reading},
    {T_bulletin_desk_questions, T_bulletin_desk_group, "/desk/bulletin?list=questions", CAP_DESK, count_questions},
};
const struct desk_table bulletin_desk = {items, sizeof(items) / sizeof(items[0])};

#define PARAMS(table) .params = table, .n_params = sizeof(table) / sizeof((table)[0])

const struct route bulletin_desk_routes[BULLETIN_DESK_ROUTES] = {
    {HTTP_GET, BULLETIN_ONE "/readers", "bulletin.readers", .handle = readers, .subject = &bulletin_subject,
     .need = CAP_BOARD_RUN, .flags = ROUTE_PERSONAL, .view = &bulletin_readers_info,
     .doc = "How many households have read it, community by community"},
    {HTTP_POST, BULLETIN_ONE "/remind", "bulletin.remind", .handle = remind_all, .subject = &bulletin_subject,
     .need = CAP_BOARD_RUN, .flags = ROUTE_WRITE, .rate = RATE_WRITE, .again = readers,
     .doc = "Tells the households that have not read it once more, in all communities that it is for; once a day"},
    {HTTP_GET, "/desk/bulletin", "desk.bulletin", .handle = desk_lists, .subject = &place_of_post, .need = CAP_DESK,
     PARAMS(desk_params), .flags = ROUTE_PERSONAL, .view = &desk_bulletin_info,
     .doc =
         "What waits for review, drafts, what is timed, what is to be read in the community, and questions on accounts that wait"},
    {HTTP_GET, "/desk/bulletin/{place}/{id}", "desk.bulletin.reach", .handle = reach, .subject = &reach_subject,
     .need = CAP_ROSTER, PARAMS(reach_params), .flags = ROUTE_PERSONAL, .view = &desk_reach_info,
     .doc = "Which doors of the community have read a notice, and which have not"},
    {HTTP_POST, "/desk/bulletin/{place}/{id}/remind", "desk.bulletin.remind", .handle = remind,
     .subject = &reach_subject, .need = CAP_ROSTER, .flags = ROUTE_WRITE, .rate = RATE_WRITE, .again = reach,
     .doc = "Tells the households that have not read it once more; once a day"},
};
