/* routes_mine.c: what somebody has signed up for: on a page, and at a private address for the calendar of their phone. */
#include "boards/activity/routes.h"

#include <stdlib.h>

#include "boards/activity/calendar.h"
#include "boards/activity/views/activity_mine.html.h"
#include "civic/place/place_module.h"
#include "civic/service/service.h"

enum { MOST = 100, SECRET = 16, FEED_DAYS = 90 /* back */ };

/* ---- the address -------------------------------------------------------------------------------------------------- */

/* PERSON_SIGNATURE over the person's secret, which a renewal replaces. What is stored does not give the address: that takes the installation's key. */
static struct str token_of(struct request *rq, int64_t person, struct str secret)
{
    const struct services *services = services_of(rq);
    struct str what = str_printf(rq->arena, "%" PRId64 "/" STR_FMT, person, STR_ARG(str_hex(rq->arena, secret)));
    struct hash mac = crypto_mac(services->keys, STR("activity feed"), what);

    return str_printf(rq->arena, "%" PRId64 "_" STR_FMT, person,
                      STR_ARG(str_hex(rq->arena, str_sub(hash_str(&mac), 0, 20))));
}

/* ---- the page ----------------------------------------------------------------------------------------------------------- */

static struct activity_now signup_now(int signup, int state, int64_t ends_at, int64_t now)
{
    if (state == ACTIVITY_CANCELLED)
        return (struct activity_now){T_activity_state_cancelled, "late"};
    switch (signup) {
    case SIGNUP_WAITING: return (struct activity_now){T_activity_mine_waiting, "wait"};
    case SIGNUP_CAME: return (struct activity_now){T_activity_mine_came, "done"};
    case SIGNUP_MISSED: return (struct activity_now){T_activity_mine_missed, "shut"};
    default: break;
    }
    return now >= ends_at ? (struct activity_now){T_activity_state_over, "shut"}
                          : (struct activity_now){T_activity_mine_in, "done"};
}

/* Calls back for each that the viewer may still read: of a board that is open, and not hidden. */
typedef enum result (*each)(struct request *rq, const struct board *board, int64_t community,
                            const struct sql_activity_mine *row, void *arg);

static enum result for_mine(struct request *rq, int64_t community, int64_t person, int64_t since, each run, void *arg)
{
    int64_t chain[4];
    size_t n = place_chain(community, chain);
    enum result r = OK;

    for (size_t i = 0; r == OK && i < n; i++) {
        struct sql_activity_mine_rows rows;

        r = sql_activity_mine(rq->db, chain[i], person, since, MOST, &rows);
        for (size_t k = 0; r == OK && k < rows.n; k++) {
            struct board board;
            struct subject_scope scope;

            if (rows.row[k].hidden)
                continue;
            r = board_get(rq->db, rows.row[k].board, &board);
            if (r == OK)
                r = board_scope(rq, &board, chain[i], &scope);
            if (r == OK && board.state == BOARD_OPEN && access_allowed(viewer_of(rq), CAP_BOARD_READ, chain[i], &scope))
                r = run(rq, &board, chain[i], &rows.row[k], arg);
        }
    }
    return r;
}

struct mine_list {
    struct activity_mine_rows row[4 * MOST];
    size_t n;
};

/* What is coming, the next first; then what has been, the last first. */
static int in_order(const void *a, const void *b)
{
    const struct activity_mine_rows *x = a, *y = b;

    if (x->over != y->over)
        return x->over ? 1 : -1;
    if (x->starts != y->starts)
        return (x->starts < y->starts) == x->over ? 1 : -1;
    return x->id < y->id ? -1 : x->id > y->id;
}

static enum result add_row(struct request *rq, const struct board *board, int64_t community,
                           const struct sql_activity_mine *row, void *arg)
{
    struct mine_list *list = arg;
    struct activity_now now = signup_now(flow_state_of(&signup_flow, row->state),
                                         flow_state_of(&activity_flow, row->entry_state), row->ends_at, rq->now);

    list->row[list->n++] = (struct activity_mine_rows){
        .id = row->entry,
        .title = row->title,
        .state = now.word,
        .mark = str_from_cstr(now.mark),
        .over = row->ends_at <= rq->now,
        .starts = row->starts_at,
        .when = activity_when(rq->arena, rq->lang, rq->now, row->starts_at, row->ends_at),
        .spot = row->spot,
        .url = entry_url(rq->arena, board, community, row->entry),
    };
    return OK;
}

static enum result mine(struct request *rq)
{
    struct mine_list *list = arena_new(rq->arena, struct mine_list);
    struct url here = url_path(rq->arena, "/p/%" PRId64 "/activities", rq->place);
    struct sql_activity_feed_get feed;
    struct activity_mine_view view = {
        .place = rq->place,
        .renew = url_below(rq->arena, here, "/feed"),
        .boards = url_path(rq->arena, "/p/%" PRId64, rq->place),
    };
    enum result r = for_mine(rq, rq->place, rq->person, 0, add_row, list);

    if (r == OK) {
        r = sql_activity_feed_get(rq->db, rq->person, &feed);
        if (r == OK) {
            struct str address;

            r = place_public_address(rq, &address);
            if (r == OK)
                view.feed = str_printf(rq->arena, STR_FMT "/calendar/" STR_FMT "/lilong.ics", STR_ARG(address),
                                       STR_ARG(token_of(rq, rq->person, feed.secret)));
        }
    }
    if (r != OK && r != E_NOT_FOUND)
        return r;
    if (list->n)
        qsort(list->row, list->n, sizeof(list->row[0]), in_order);
    view.rows.v = list->row;
    view.rows.n = list->n;
    return respond_view(rq, activity_mine, &view);
}

static enum result renew(struct request *rq)
{
    unsigned char secret[SECRET];
    enum result r;

    crypto_random(secret, sizeof secret);
    r = sql_activity_feed_put(rq->db, rq->person, (struct str){(const char *)secret, sizeof secret}, rq->now);
    return r == OK ? respond_see_other(rq, url_path(rq->arena, "/p/%" PRId64 "/activities#feed", rq->place),
                                       T_activity_feed_made)
                   : r;
}

/* ---- the feed -------------------------------------------------------------------------------------------------------------- */

struct feed {
    struct str address;
    struct calendar_event event[4 * MOST];
    size_t n;
};

static enum result add_event(struct request *rq, const struct board *board, int64_t community,
                             const struct sql_activity_mine *row, void *arg)
{
    struct feed *f = arg;

    if (f->n < sizeof(f->event) / sizeof(f->event[0]))
        f->event[f->n++] = (struct calendar_event){
            .community = community,
            .entry = row->entry,
            .sequence = row->sequence,
            .starts_at = row->starts_at,
            .ends_at = row->ends_at,
            .changed_at = row->changed_at,
            .title = row->title,
            .body = row->body,
            .spot = row->spot,
            .url = str_printf(rq->arena, STR_FMT STR_FMT, STR_ARG(f->address),
                              STR_ARG(entry_url(rq->arena, board, community, row->entry).s)),
            .cancelled = str_eq(row->entry_state, STR("cancelled")),
            .tentative = str_eq(row->state, STR("waiting")),
        };
    return OK;
}

/* Reads as the person whose address it is, with what they may read as a resident today: who has moved away or closed the account has no feed. */
static enum result read_as(struct request *rq, int64_t person, struct feed *f)
{
    const struct viewer *viewer;
    enum result r;

    rq->person = person;
    if ((r = person_load_viewer(rq)) != OK)
        return r;
    viewer = viewer_of(rq);
    for (size_t i = 0; r == OK && i < viewer->n_residences; i++)
        if (viewer->residence[i].verified)
            r = for_mine(rq, viewer->residence[i].community, person, rq->now - FEED_DAYS * TIME_DAY, add_event, f);
    return r;
}

static enum result feed(struct request *rq)
{
    struct str rest = rq->path_word[0], head;
    struct sql_activity_feed_get row;
    struct feed *f = arena_new(rq->arena, struct feed);
    int64_t person, session_person = rq->person;
    void *viewer = rq->viewer;
    enum result r;

    if (!str_cut(&rest, '_', &head) || str_int64(head, 1, INT64_MAX, &person) != OK)
        return E_NOT_FOUND;
    r = sql_activity_feed_get(rq->db, person, &row);
    if (r == OK && !crypto_equal(rq->path_word[0], token_of(rq, person, row.secret)))
        return E_NOT_FOUND;
    if (r == OK)
        r = place_public_address(rq, &f->address);
    if (r == OK)
        r = read_as(rq, person, f);
    rq->person = session_person;
    rq->viewer = viewer;
    if (r != OK)
        return r;
    return respond_bytes(rq, 200, STR("text/calendar; charset=utf-8"),
                         calendar_write(rq->arena, text(rq->lang, T_activity_mine), f->event, f->n));
}

static const struct route routes[] = {
    {HTTP_GET, "/p/{place}/activities", "activity.mine", .handle = mine, .need = CAP_RESIDENT, .flags = ROUTE_PERSONAL,
     .view = &activity_mine_info, .doc = "What one has signed up for"},
    {HTTP_POST, "/p/{place}/activities/feed", "activity.feed.renew", .handle = renew, .need = CAP_RESIDENT,
     .flags = ROUTE_WRITE, .rate = RATE_WRITE, .doc = "A new private address for one's own calendar; the old one ends"},
    {HTTP_GET, "/calendar/{token:word}/lilong.ics", "activity.feed", .handle = feed, .need = CAP_PUBLIC,
     .flags = ROUTE_PERSONAL, .doc = "One's own sign-ups, at an address that nobody else knows: RFC 5545"},
};

const struct module activity_mine_module = {
    .name = "activity_mine", .routes = routes, .n_routes = sizeof(routes) / sizeof(routes[0])};
