/* figures.c: the figures of the board, made of the measures in bells.c. Closing and solving stand side by side: a matter can be closed
 * without being solved.
 *
 * The closing rate is 结案数 ÷ (应结案数 - 缓办数): what was to be closed is what was closed, and what should have been done by now and
 * is not. The latter is a pile; over a period it is by how much the pile grew, so that what is made good is not held against anybody
 * twice. An extension moves the limit: what is extended is not on the pile. No more can be closed than was to be closed. */
#include "boards/report/figures.h"

#include "boards/report/present.h"
#include "civic/place/place.h"

/* The report of an event, where it is today: an open one went along when its community merged. */
static enum result report_of(struct db *db, int64_t community, int64_t id, struct sql_report_page_one *ret_row,
                             int64_t *ret_community)
{
    const int64_t *after;
    size_t n;
    enum result r = sql_report_page_one(db, community, id, ret_row);

    *ret_community = community;
    if (r != E_NOT_FOUND)
        return r;
    r = place_after(db, community, &after, &n);
    for (size_t i = 0; r == OK && i < n; i++) {
        *ret_community = after[i];
        r = sql_report_page_one(db, after[i], id, ret_row);
        if (r != E_NOT_FOUND)
            return r;
        r = OK;
    }
    return r == OK ? E_NOT_FOUND : r;
}

/* What was counted, as everybody may see it: what moderation has hidden stays a number. */
static enum result rows(struct request *rq, int64_t community, const struct ledger_events *events,
                        struct figure_row *ret_rows)
{
    for (size_t i = 0; i < events->n; i++) {
        struct sql_report_page_one row;
        int64_t where;
        enum result r = report_of(rq->db, community, events->event[i].subject, &row, &where);

        ret_rows[i] = (struct figure_row){.mark = "shut"};
        if (r == E_NOT_FOUND)
            continue;
        if (r != OK)
            return r;
        struct report_times times = {row.state,       row.outcome,   row.answer_due, row.due_at,
                                     row.confirm_due, row.closed_at, row.reported_at};
        struct report_mark m = report_mark(rq, &times);

        ret_rows[i] = (struct figure_row){
            .title = row.title,
            .url = report_url(rq->arena, where, row.id),
            .about = row.author_from.len
                       ? str_printf(rq->arena, STR_FMT " · " STR_FMT, STR_ARG(row.shown_name), STR_ARG(row.author_from))
                       : row.shown_name,
            .state = m.word,
            .mark = str_cstr(rq->arena, m.mark),
        };
    }
    return OK;
}

static const struct figure_item items[] = {
    {.word = "reported",
     .label = T_report_figure_reported,
     .meaning = T_report_figure_reported_meaning,
     .unit = T_report_figure_unit,
     .kind = FIGURE_COUNT,
     .measure = "report_reported",
     .rows = rows,
     .show = FIGURE_FIRST | FIGURE_TREND | FIGURE_TABLE | FIGURE_LINE},
    {.word = "answered_in_time",
     .label = T_report_figure_in_time,
     .meaning = T_report_figure_in_time_meaning,
     .kind = FIGURE_SHARE,
     .measure = "report_answered_in_time",
     .rows = rows,
     .of = "report_answered",
     .better = 1,
     .show = FIGURE_FIRST | FIGURE_TABLE | FIGURE_BAR},
    {.word = "closing_rate",
     .label = T_report_figure_closing,
     .meaning = T_report_figure_closing_meaning,
     .kind = FIGURE_SHARE,
     .measure = "report_closed",
     .rows = rows,
     .of = "report_closed",
     .pile = {"report_overdue", "report_overdue_settled"},
     .better = 1,
     .show = FIGURE_FIRST | FIGURE_TABLE},
    {.word = "solving_rate",
     .label = T_report_figure_solving,
     .meaning = T_report_figure_solving_meaning,
     .kind = FIGURE_SHARE,
     .measure = "report_solved",
     .rows = rows,
     .of = "report_closed",
     .better = 1,
     .show = FIGURE_FIRST | FIGURE_TABLE},
    {.word = "satisfaction",
     .label = T_report_figure_satisfaction,
     .meaning = T_report_figure_satisfaction_meaning,
     .unit = T_report_figure_stars,
     .kind = FIGURE_MEAN,
     .measure = "report_rated",
     .rows = rows,
     .better = 1,
     .show = FIGURE_FIRST | FIGURE_TABLE | FIGURE_LINE},
    {.word = "on_time_closing_rate",
     .label = T_report_figure_on_time,
     .meaning = T_report_figure_on_time_meaning,
     .kind = FIGURE_SHARE,
     .measure = "report_closed_on_time",
     .rows = rows,
     .of = "report_closed_on_time",
     .pile = {"report_overdue"},
     .better = 1},
    {.word = "closed",
     .label = T_report_figure_closed,
     .meaning = T_report_figure_closed_meaning,
     .unit = T_report_figure_unit,
     .kind = FIGURE_COUNT,
     .measure = "report_closed",
     .rows = rows,
     .show = FIGURE_TREND | FIGURE_LINE},
    {.word = "solved",
     .label = T_report_figure_solved,
     .meaning = T_report_figure_solved_meaning,
     .unit = T_report_figure_unit,
     .kind = FIGURE_COUNT,
     .measure = "report_solved",
     .rows = rows,
     .show = FIGURE_TREND},
    {.word = "first_answer",
     .label = T_report_figure_first_answer,
     .meaning = T_report_figure_first_answer_meaning,
     .kind = FIGURE_MEDIAN,
     .measure = "report_answered",
     .rows = rows,
     .better = -1},
    {.word = "by_committee",
     .label = T_report_figure_by_committee,
     .meaning = T_report_figure_by_committee_meaning,
     .kind = FIGURE_SHARE,
     .measure = "report_by_committee",
     .rows = rows,
     .of = "report_closed"},
    {.word = "handed_on",
     .label = T_report_figure_handed_on,
     .meaning = T_report_figure_handed_on_meaning,
     .unit = T_report_figure_unit,
     .kind = FIGURE_COUNT,
     .measure = "report_handed_off",
     .rows = rows},
    {.word = "late",
     .label = T_report_figure_late,
     .meaning = T_report_figure_late_meaning,
     .unit = T_report_figure_times,
     .kind = FIGURE_COUNT,
     .measure = "report_escalated",
     .rows = rows,
     .better = -1,
     .show = FIGURE_TABLE},
    {.word = "reopened",
     .label = T_report_figure_reopened,
     .meaning = T_report_figure_reopened_meaning,
     .unit = T_report_figure_times,
     .kind = FIGURE_COUNT,
     .measure = "report_reopened",
     .rows = rows,
     .better = -1},
};

const struct figure_table report_figures = {items, sizeof(items) / sizeof(items[0])};
