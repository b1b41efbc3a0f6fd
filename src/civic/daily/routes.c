/* routes.c: GET /desk/daily and /desk/daily.csv: a day of the places below the post, for staff who answer for them. */
#include <stdlib.h>

#include "civic/access/access.h"
#include "civic/board/board.h"
#include "civic/daily/daily.h"
#include "civic/daily/daily.sql.h"
#include "civic/daily/views/daily_page.html.h"
#include "civic/frame/frame.h"
#include "civic/person/person.h"
#include "civic/place/place_subject.h"
#include "civic/place/place_words.h"
#include "civic/statistics/statistics_present.h"
#include "engine/base/csv.h"
#include "engine/base/time.h"

enum { MORNING_MINUTES = 6 * 60 + 30 }; /* of Shanghai: before the office opens, after the night's jobs */

/* ---- what a day holds ------------------------------------------------------------------------------------------------ */

struct day_row {
    int64_t households, bound, active, entries, week_bound, week_households;
};
struct day {
    int32_t day, latest;
    struct places place;      /* the places below; of a community itself */
    struct day_row *row, sum; /* of place.place[i]; all together */
    struct figures *figures;  /* of place.place[i] */
    const struct figure_item *item[FIGURES_MAX];
    size_t n_items;
    struct boards boards; /* on which something was written */
    int64_t *written;     /* of board k at place i: written[i * boards.n + k] */
    int64_t counted_at;   /* 0: the day was not counted */
};

static int64_t size_of(enum place_level level)
{
    return level == PLACE_CITY ? INT64_C(1000000) : level == PLACE_DISTRICT ? 1000 : 1;
}

static int by_code(const void *key, const void *of)
{
    int64_t code = *(const int64_t *)key, other = ((const struct place *)of)->code;

    return code < other ? -1 : code > other;
}

/* place_children() gives them in the order of their codes. */
static size_t index_of(const struct places *places, int64_t code)
{
    const struct place *found = places->n ? bsearch(&code, places->place, places->n, sizeof(*places->place), by_code)
                                          : NULL;

    return found ? (size_t)(found - places->place) : SIZE_MAX;
}

static enum result load_places(struct request *rq, struct place *own, struct day *d)
{
    *own = *place_of(rq);
    if (own->level == PLACE_COMMUNITY) {
        d->place = (struct places){own, 1};
        return OK;
    }
    return place_children(rq->db, rq->place, true, &d->place);
}

static enum result load_counts(struct request *rq, int64_t size, struct day *d)
{
    struct sql_daily_counts_rows now, before;
    int64_t low, high;
    enum result r;

    place_range(rq->place, &low, &high);
    r = sql_daily_counts(rq->db, low, high, size, d->day, &now);
    if (r == OK)
        r = sql_daily_counts(rq->db, low, high, size, d->day - 7, &before);
    if (r != OK)
        return r;
    d->row = arena_array(rq->arena, struct day_row, d->place.n ? d->place.n : 1);
    for (size_t i = 0; i < now.n; i++) {
        size_t k = index_of(&d->place, now.row[i].place);

        if (k == SIZE_MAX)
            continue;
        d->row[k] = (struct day_row){.households = now.row[i].households,
                                     .bound = now.row[i].bound,
                                     .active = now.row[i].active,
                                     .entries = now.row[i].entries};
        d->sum.households += now.row[i].households;
        d->sum.bound += now.row[i].bound;
        d->sum.active += now.row[i].active;
        d->sum.entries += now.row[i].entries;
        d->counted_at = now.row[i].counted_at > d->counted_at ? now.row[i].counted_at : d->counted_at;
    }
    for (size_t i = 0; i < before.n; i++) {
        size_t k = index_of(&d->place, before.row[i].place);

        if (k == SIZE_MAX)
            continue;
        d->row[k].week_bound = before.row[i].bound;
        d->row[k].week_households = before.row[i].households;
        d->sum.week_bound += before.row[i].bound;
        d->sum.week_households += before.row[i].households;
    }
    return OK;
}

/* 身边事: what is reported there is no entry; it is counted by its figure. */
static int64_t reported(const struct day *d, size_t place)
{
    return figure_n(&d->figures[place], STR("report_reported"), d->day);
}

static enum result load_boards(struct request *rq, int64_t size, struct day *d)
{
    struct sql_daily_boards_rows rows;
    int64_t low, high, reports = 0;
    enum result r;

    place_range(rq->place, &low, &high);
    r = sql_daily_boards(rq->db, low, high, size, d->day, &rows);
    if (r != OK)
        return r;
    d->boards.board = arena_array(rq->arena, struct board, rows.n + 1);
    for (size_t i = 0; r == OK && i < rows.n; i++) {
        bool there = false;

        for (size_t k = 0; k < d->boards.n; k++)
            there = there || d->boards.board[k].id == rows.row[i].board;
        if (!there && (r = board_get(rq->db, rows.row[i].board, &d->boards.board[d->boards.n])) == OK)
            d->boards.n++;
    }
    for (size_t i = 0; i < d->place.n; i++)
        reports += reported(d, i);
    if (r == OK && reports) {
        r = board_by_word(rq->db, STR("report"), &d->boards.board[d->boards.n]);
        d->boards.n += r == OK;
        reports = r == OK ? reports : 0;
        r = r == E_NOT_FOUND ? OK : r; /* an installation without it */
    }
    d->written = arena_array(rq->arena, int64_t, d->place.n * d->boards.n + 1);
    for (size_t i = 0; reports && i < d->place.n; i++) {
        d->written[i * d->boards.n + d->boards.n - 1] = reported(d, i);
        d->row[i].entries += reported(d, i);
        d->sum.entries += reported(d, i);
    }
    for (size_t i = 0; r == OK && i < rows.n; i++) {
        size_t at = index_of(&d->place, rows.row[i].place);

        for (size_t k = 0; at != SIZE_MAX && k < d->boards.n; k++)
            if (d->boards.board[k].id == rows.row[i].board)
                d->written[at * d->boards.n + k] = rows.row[i].n;
    }
    return r;
}

static enum result load_figures(struct request *rq, const struct place *own, struct day *d)
{
    const struct figure_item *all[FIGURES_MAX];
    size_t n = figures_items(all, FIGURES_MAX);

    for (size_t i = 0; i < n; i++)
        if (all[i]->show & FIGURE_TABLE)
            d->item[d->n_items++] = all[i];
    if (own->level != PLACE_COMMUNITY)
        return figures_children(rq->db, rq->place, &d->place, d->day, d->day, &d->figures);
    d->figures = arena_new(rq->arena, struct figures);
    return statistics_read(rq->db, rq->place, d->day, d->day, PERIOD_DAY, d->figures);
}

enum { DAILY_DAY, DAILY_PARAMS };
static const struct param daily_params[DAILY_PARAMS] = {
    [DAILY_DAY] = {.name = "day", .kind = PARAM_DATE, .doc = "The day; default: the last that was counted"},
};

static enum result load_day(struct request *rq, struct place *own, struct day *d)
{
    struct sql_daily_latest latest;
    int64_t low, high;
    enum result r;

    *d = (struct day){0};
    place_range(rq->place, &low, &high);
    r = sql_daily_latest(rq->db, low, high, &latest);
    if (r != OK)
        return r;
    d->latest = latest.day ? (int32_t)latest.day : day_of(rq->now) - 1;
    d->day = param_given(rq, DAILY_DAY) ? (int32_t)param_int(rq, DAILY_DAY) : d->latest;
    if (d->day > d->latest)
        d->day = d->latest;
    r = load_places(rq, own, d);
    if (r == OK)
        r = load_counts(rq, size_of(own->level), d);
    if (r == OK)
        r = load_figures(rq, own, d);
    return r == OK ? load_boards(rq, size_of(own->level), d) : r;
}

/* ---- the page ------------------------------------------------------------------------------------------------------------ */

static struct url at_day(struct request *rq, const char *tail, int32_t day)
{
    return url_add(rq->arena, url_path(rq->arena, "/desk/daily%s", tail), "day", day_iso(rq->arena, day));
}

static double percent(int64_t n, int64_t of)
{
    return of ? 100.0 * (double)n / (double)of : 0;
}

/* 比七天前高 0.8 个百分点; empty when there is nothing to compare with. */
static struct str week_words(struct request *rq, const struct day_row *row)
{
    double by;

    if (row->households == 0 || row->week_households == 0)
        return STR_NONE;
    by = percent(row->bound, row->households) - percent(row->week_bound, row->week_households);
    return str_printf(rq->arena, "%+.1f", by > -0.05 && by < 0.05 ? 0.0 : by);
}

static struct child_table_rows_cells plain_cell(struct request *rq, enum text label, struct str value)
{
    return (struct child_table_rows_cells){.label = text(rq->lang, label), .value = value};
}

static struct str number(struct request *rq, int64_t n)
{
    return str_printf(rq->arena, "%" PRId64, n);
}

enum { OWN_COLUMNS = 4 };

static void fill_table(struct request *rq, const struct place *own, const struct day *d, struct daily_page_view *view)
{
    struct child_table_heads *head = arena_array(rq->arena, struct child_table_heads, OWN_COLUMNS + d->n_items);
    struct child_table_rows *row = arena_array(rq->arena, struct child_table_rows, d->place.n ? d->place.n : 1);
    size_t n = 0;

    head[0] = (struct child_table_heads){T_statistics_coverage, true};
    head[1] = (struct child_table_heads){T_daily_week, false};
    head[2] = (struct child_table_heads){T_daily_active, false};
    head[3] = (struct child_table_heads){T_daily_entries, false};
    for (size_t k = 0; k < d->n_items; k++)
        head[OWN_COLUMNS + k] = (struct child_table_heads){d->item[k]->label, d->item[k]->show & FIGURE_BAR};
    for (size_t i = 0; i < d->place.n; i++) {
        const struct day_row *x = &d->row[i];
        struct child_table_rows_cells *cell;

        if (x->households == 0 && x->active == 0 && x->entries == 0 && d->figures[i].n == 0)
            continue;
        cell = arena_array(rq->arena, struct child_table_rows_cells, OWN_COLUMNS + d->n_items);
        cell[0] = plain_cell(rq, T_statistics_coverage,
                             x->households ? str_printf(rq->arena, "%.1f%%", percent(x->bound, x->households))
                                           : STR_NONE);
        cell[0].bar = true;
        cell[0].width = (int64_t)(percent(x->bound, x->households) + 0.5);
        cell[1] = plain_cell(rq, T_daily_week, week_words(rq, x));
        cell[2] = plain_cell(rq, T_daily_active, number(rq, x->active));
        cell[3] = plain_cell(rq, T_daily_entries, number(rq, x->entries));
        for (size_t k = 0; k < d->n_items; k++)
            cell[OWN_COLUMNS + k] = child_cell(rq, d->item[k], &d->figures[i], d->day);
        row[n].place = d->place.place[i].code;
        row[n].name = place_short_name(d->place.place[i].name);
        row[n].url = url_path(rq->arena, "/p/%" PRId64, d->place.place[i].code);
        row[n].cells.v = cell;
        row[n++].cells.n = OWN_COLUMNS + d->n_items;
    }
    view->places.caption = own->level == PLACE_COMMUNITY ? T_daily_own : child_caption(own->level);
    view->places.heads.v = head;
    view->places.heads.n = OWN_COLUMNS + d->n_items;
    view->places.rows.v = row;
    view->places.rows.n = n;
}

static void fill_tiles(struct request *rq, const struct day *d, struct daily_page_view *view)
{
    const struct coverage coverage = {d->sum.households, d->sum.bound};
    struct str week = week_words(rq, &d->sum);
    struct figure_tile_view *tile = arena_array(rq->arena, struct figure_tile_view, 3);

    tile[0] = coverage_tile(rq, &coverage);
    if (week.len)
        tile[0].change = text_format(rq->arena, rq->lang, T_daily_week_by, TEXT_STR("by", week));
    tile[1] = (struct figure_tile_view){.figure = STR("active"),
                                        .label = T_daily_active,
                                        .value = number(rq, d->sum.active),
                                        .number = (double)d->sum.active,
                                        .has_number = true,
                                        .n = d->sum.active,
                                        .tone = STR("same")};
    tile[2] = (struct figure_tile_view){.figure = STR("entries"),
                                        .label = T_daily_entries,
                                        .value = number(rq, d->sum.entries),
                                        .number = (double)d->sum.entries,
                                        .has_number = true,
                                        .n = d->sum.entries,
                                        .tone = STR("same")};
    view->figures.v = tile;
    view->figures.n = 3;
}

static int64_t written_on(const struct day *d, size_t board)
{
    int64_t n = 0;

    for (size_t i = 0; i < d->place.n; i++)
        n += d->written[i * d->boards.n + board];
    return n;
}

static void fill_boards(struct request *rq, const struct day *d, struct daily_page_view *view)
{
    struct daily_page_boards *v = arena_array(rq->arena, struct daily_page_boards, d->boards.n ? d->boards.n : 1);

    for (size_t k = 0; k < d->boards.n; k++)
        v[k] = (struct daily_page_boards){board_name(&d->boards.board[k], rq->lang), written_on(d, k)};
    view->boards.v = v;
    view->boards.n = d->boards.n;
}

static enum result show(struct request *rq)
{
    struct place own;
    struct day d;
    enum result r = load_day(rq, &own, &d);
    struct daily_page_view view = {0};

    if (r != OK)
        return r;
    view.place = own.code;
    view.name = place_short_name(own.name);
    view.day = d.day;
    view.counted = d.counted_at != 0;
    view.counted_at = d.counted_at;
    view.earlier = at_day(rq, "", d.day - 1);
    if (d.day < d.latest)
        view.later = at_day(rq, "", d.day + 1);
    view.csv = at_day(rq, ".csv", d.day);
    fill_tiles(rq, &d, &view);
    fill_boards(rq, &d, &view);
    fill_table(rq, &own, &d, &view);
    return respond_view(rq, daily_page, &view);
}

/* ---- CSV: a line for each place, the boards as columns ---------------------------------------------------------------------- */

static enum result csv(struct request *rq)
{
    struct place own;
    struct day d;
    struct buf b;
    enum result r = load_day(rq, &own, &d);

    if (r != OK)
        return r;
    buf_init(&b, rq->arena, 4096, 4 << 20);
    csv_begin(&b);
    csv_put(&b, text(rq->lang, T_statistics_csv_code), true);
    csv_put(&b, text(rq->lang, T_statistics_csv_place), false);
    csv_put(&b, text(rq->lang, T_daily_day), false);
    csv_put(&b, text(rq->lang, T_statistics_csv_households), false);
    csv_put(&b, text(rq->lang, T_statistics_csv_bound), false);
    csv_put(&b, text(rq->lang, T_daily_active), false);
    csv_put(&b, text(rq->lang, T_daily_entries), false);
    for (size_t k = 0; k < d.boards.n; k++)
        csv_put(&b, board_name(&d.boards.board[k], rq->lang), false);
    for (size_t k = 0; k < d.n_items; k++)
        csv_put(&b, text(rq->lang, d.item[k]->label), false);
    csv_end_row(&b);
    for (size_t i = 0; i < d.place.n; i++) {
        const struct day_row *x = &d.row[i];

        if (x->households == 0 && x->active == 0 && x->entries == 0 && d.figures[i].n == 0)
            continue;
        csv_put(&b, number(rq, d.place.place[i].code), true);
        csv_put(&b, d.place.place[i].name, false);
        csv_put(&b, day_iso(rq->arena, d.day), false);
        csv_put_int(&b, x->households, false);
        csv_put_int(&b, x->bound, false);
        csv_put_int(&b, x->active, false);
        csv_put_int(&b, x->entries, false);
        for (size_t k = 0; k < d.boards.n; k++)
            csv_put_int(&b, d.written[i * d.boards.n + k], false);
        for (size_t k = 0; k < d.n_items; k++) {
            struct figure_value v = figure_value_of(d.item[k], &d.figures[i], d.day);

            if (v.known)
                csv_put_real(&b, v.value, d.item[k]->kind == FIGURE_COUNT ? 0 : 1, false);
            else
                csv_put(&b, STR_NONE, false);
        }
        csv_end_row(&b);
    }
    respond_header(rq, STR("Content-Disposition"),
                   str_printf(rq->arena, "attachment; filename=\"daily-%" PRId64 "-" STR_FMT ".csv\"", own.code,
                              STR_ARG(day_iso(rq->arena, d.day))));
    return respond_bytes(rq, 200, STR("text/csv; charset=utf-8"), buf_str(&b));
}

/* ---- the module ---------------------------------------------------------------------------------------------------------------- */

static const struct route routes[] = {
    {HTTP_GET, "/desk/daily", "daily.page", .handle = show, .subject = &place_of_post, .need = CAP_FIGURES_STAFF,
     .params = daily_params, .n_params = DAILY_PARAMS, .flags = ROUTE_PERSONAL, .view = &daily_page_info,
     .doc =
         "The figures of a day: households bound, active people, what was written on each board, what was answered in time, for each place below the post"},
    {HTTP_GET, "/desk/daily.csv", "daily.csv", .handle = csv, .subject = &place_of_post, .need = CAP_FIGURES_STAFF,
     .params = daily_params, .n_params = DAILY_PARAMS, .flags = ROUTE_PERSONAL, .rate = RATE_EXPORT,
     .doc = "The same as CSV, UTF-8 with BOM"},
};

static enum result count(struct app *app, struct arena *a)
{
    int64_t now = time_now(), streets;

    if (now - day_start(day_of(now)) < MORNING_MINUTES * TIME_MINUTE)
        return OK;
    return daily_count(app_database(app), a, now, &streets);
}

static const struct job_kind jobs[] = {{"daily.count", 10 * TIME_MINUTE, count}};

const struct module daily_module = {
    .name = "daily", .routes = routes, .n_routes = sizeof(routes) / sizeof(routes[0]), .jobs = jobs, .n_jobs = 1};

static const struct desk_item items[] = {{T_daily_title, T_daily_group, "/desk/daily", CAP_FIGURES_STAFF, NULL}};
const struct desk_table daily_desk = {items, 1};
