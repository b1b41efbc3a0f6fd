/* home.c: what of the board stands on the front pages of places. */
#include "boards/report/present.h"
#include "civic/calendar/words.h"
#include "civic/board/board.h"
#include "civic/home/home.h"
#include "civic/media/media.h"
#include "civic/person/person.h"
#include "civic/place/place.h"
#include "engine/base/ids.h"

/* My reports that wait for my word. */
static enum result waiting(struct request *rq, const struct home_here *here, size_t max, struct home_item *ret_items,
                           size_t *ret_n)
{
    enum { LOOK_AT = 50 };
    int64_t community = here->community;
    struct sql_report_page_mine_rows rows;
    enum result r;

    *ret_n = 0;
    if (rq->person == 0)
        return OK;
    r = sql_report_page_mine(rq->db, community, rq->person, INT64_MAX, LOOK_AT, &rows);
    for (size_t i = 0; r == OK && i < rows.n && *ret_n < max; i++)
        if (str_eq(rows.row[i].state, STR("confirming")))
            ret_items[(*ret_n)++] = (struct home_item){
                .text = text_format(rq->arena, rq->lang, T_report_home_confirm, TEXT_STR("title", rows.row[i].title)),
                .url = report_url(rq->arena, community, rows.row[i].id),
                .badge = T_report_home_please,
                .due = rows.row[i].confirm_due,
            };
    return r;
}

static enum result newest(struct request *rq, const struct home_here *here, size_t max, struct home_entry *ret_entries,
                          size_t *ret_n)
{
    int64_t community = here->community;
    struct sql_report_page_rows rows;
    enum result r = sql_report_page(rq->db, community, INT64_MAX, STR_NONE, 0, (int64_t)max, &rows);

    *ret_n = 0;
    if (r != OK)
        return r;
    for (size_t i = 0; i < rows.n; i++) {
        const struct sql_report_page *row = &rows.row[i];
        struct report_times times = {row->state,       row->outcome,   row->answer_due, row->due_at,
                                     row->confirm_due, row->closed_at, row->reported_at};
        struct report_mark m = report_mark(rq, &times);
        struct home_entry *e = &ret_entries[(*ret_n)++];

        *e = (struct home_entry){
            .title = row->title,
            .url = report_url(rq->arena, community, row->id),
            .board = text(rq->lang, T_report_list_title),
            .state = m.word,
            .mark = str_cstr(rq->arena, m.mark),
            .clock = row->lead_name.len && m.clock.len
                       ? str_printf(rq->arena, STR_FMT " · " STR_FMT, STR_ARG(row->lead_name), STR_ARG(m.clock))
                       : m.clock,
            .who = row->author_from.len
                     ? str_printf(rq->arena, STR_FMT " · " STR_FMT, STR_ARG(row->shown_name), STR_ARG(row->author_from))
                     : row->shown_name,
            .at = row->reported_at,
        };
        if (row->cover)
            e->photo = url_path(rq->arena, "/media/%" PRId64 "/%" PRId64 "/thumb", community, row->cover);
    }
    return OK;
}

/* The limit that has passed first: the report's own, or that of an order while the whole still has time. */
static enum result late_since(struct request *rq, const struct sql_report_desk_below *row, struct home_late *late)
{
    struct sql_work_order_of_report_rows orders;
    int64_t due = str_eq(row->state, STR("reported")) ? row->answer_due : row->due_at;
    enum result r;

    late->due = due;
    if (due < rq->now)
        return OK;
    r = sql_work_order_of_report(rq->db, row->community, row->id, &orders);
    for (size_t i = 0; r == OK && i < orders.n; i++) {
        const struct sql_work_order_of_report *o = &orders.row[i];
        bool handed = str_eq(o->state, STR("handed"));
        int64_t at = handed && o->accept_due < o->due_at ? o->accept_due : o->due_at;

        if ((handed || str_eq(o->state, STR("accepted"))) && at < late->due) {
            late->due = at;
            late->who = o->organisation_name;
        }
    }
    return r;
}

static enum result late(struct request *rq, int64_t place, size_t max, struct home_late *ret_late, size_t *ret_n)
{
    struct sql_report_desk_below_rows rows;
    int64_t from, to;
    enum result r;

    place_range(place, &from, &to);
    r = sql_report_desk_below(rq->db, from, to, rq->now, (int64_t)max, &rows);
    *ret_n = 0;
    for (size_t i = 0; r == OK && i < rows.n && i < max; i++) {
        const struct sql_report_desk_below *row = &rows.row[i];
        struct home_late *one = &ret_late[*ret_n];
        struct organisation handler = {0};

        if (row->lead_handler)
            r = organisation_get(rq->db, row->lead_handler, &handler);
        if (r == E_NOT_FOUND)
            r = OK;
        if (r != OK)
            return r;
        *one = (struct home_late){
            .title = row->title,
            .url = access_allowed(viewer_of(rq), CAP_REPORT_STAFF, row->community, NULL)
                     ? url_path(rq->arena, "/desk/report/%" PRId64 "/%" PRId64, row->community, row->id)
                     : report_url(rq->arena, row->community, row->id),
            .community = row->community,
            .who = handler.name,
        };
        r = late_since(rq, row, one);
        if (one->due >=
            rq->now) /* was late once, and is not any more: an extension was granted, or it was handed anew */
            continue;
        one->late = calendar_deadline_words(rq->arena, rq->lang, calendar_now(), rq->now, one->due, LIMIT_WORK_DAY);
        (*ret_n)++;
    }
    return r;
}

/* Categories with the most reports; each with the community that has most of them. */
static enum result hot(struct request *rq, int64_t place, int64_t since, size_t max, struct home_hot *ret_hot,
                       size_t *ret_n)
{
    struct sql_report_hot_rows rows;
    int64_t from, to;
    size_t n = 0;
    enum result r;

    place_range(place, &from, &to);
    r = sql_report_hot(rq->db, from, to, id_first(since), &rows);
    *ret_n = 0;
    if (r != OK)
        return r;
    struct home_hot *all = arena_array(rq->arena, struct home_hot, rows.n ? rows.n : 1);
    for (size_t i = 0; i < rows.n; i++) {
        const struct sql_report_hot *row = &rows.row[i];

        if (i == 0 || !str_eq(row->category, rows.row[i - 1].category)) /* its first row has the most */
            all[n++] = (struct home_hot){
                .title = rq->lang == LANG_EN ? row->name_en : row->name,
                .url = url_add(rq->arena, url_path(rq->arena, "/p/%" PRId64 "/report", row->community), "category",
                               row->category),
                .community = row->community,
                .most = row->n,
            };
        all[n - 1].n += row->n;
        all[n - 1].joined += row->joined;
    }
    for (; *ret_n < max && *ret_n < n; (*ret_n)++) {
        size_t best = *ret_n;

        for (size_t i = best + 1; i < n; i++)
            if (all[i].n + all[i].joined > all[best].n + all[best].joined)
                best = i;
        ret_hot[*ret_n] = all[best];
        all[best] = all[*ret_n];
    }
    return OK;
}

const struct home_table report_home = {.waiting = waiting, .newest = newest, .late = late, .hot = hot};

/* clang-format off */
static const struct board_start starts[] = {
    {"/new", NULL, T_report_start, NULL, CAP_RESIDENT, NULL, NULL},
};
/* clang-format on */
const struct board_kind report_board_kind = {
    .word = "report",
    .name = T_report_list_title,
    .lead = T_report_list_lead,
    .icon = "report",
    .single = true,
    .start = starts,
    .n_start = sizeof(starts) / sizeof(starts[0]),
};
