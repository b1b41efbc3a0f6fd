/* routes_figures.c: GET /p/{place}/figures and the same as CSV: public, for every place of the four levels, by week and month. */
#include <stdlib.h>

#include "civic/place/place_subject.h"
#include "civic/place/place_words.h"
#include "civic/statistics/statistics_figures.h"
#include "civic/statistics/statistics_present.h"
#include "civic/statistics/views/counted_page.html.h"
#include "civic/statistics/views/figures_page.html.h"
#include "engine/base/csv.h"
#include "engine/base/time.h"

enum { FIGURES_PERIOD, FIGURES_FROM, FIGURES_PARAMS };
static const struct param figures_params[FIGURES_PARAMS] = {
    [FIGURES_PERIOD] = {.name = "period",
                        .kind = PARAM_CHOICE,
                        .choices = "week,month",
                        .doc = "week (from Monday; default) or month"},
    [FIGURES_FROM] = {.name = "from", .kind = PARAM_DATE, .doc = "A day of the period; default today"},
};

/* ---- which days --------------------------------------------------------------------------------------------------- */

static struct span span_asked(const struct request *rq)
{
    int32_t today = day_of(rq->now), day = param_given(rq, FIGURES_FROM) ? (int32_t)param_int(rq, FIGURES_FROM) : today;
    bool month = param_given(rq, FIGURES_PERIOD) && param_int(rq, FIGURES_PERIOD) == 1;

    return figures_span(month ? PERIOD_MONTH : PERIOD_WEEK, day, today);
}

static struct url address(struct request *rq, const char *tail, const struct span *s, int32_t day)
{
    return figures_url(rq, rq->place, str_from_cstr(tail), s->period, day);
}

/* ---- the page --------------------------------------------------------------------------------------------------------- */

/* From the city down to the place, and the page itself, without an address. */
static enum result fill_crumbs(struct request *rq, enum text here, struct figures_page_crumbs **ret, size_t *ret_n)
{
    struct places path;
    struct figures_page_crumbs *c;
    enum result r = place_path(rq->db, rq->place, &path);

    if (r != OK)
        return r;
    c = arena_array(rq->arena, struct figures_page_crumbs, path.n + 1);
    for (size_t i = 0; i < path.n; i++)
        c[i] = (struct figures_page_crumbs){place_short_name(path.place[i].name),
                                            url_path(rq->arena, "/p/%" PRId64, path.place[i].code)};
    c[path.n] = (struct figures_page_crumbs){text(rq->lang, here), (struct url){STR_NONE}};
    *ret = c;
    *ret_n = path.n + 1;
    return OK;
}

static void fill_tiles(struct request *rq, const struct period_figures *p, struct figures_page_view *view)
{
    struct figure_tile_view *first = arena_array(rq->arena, struct figure_tile_view, p->n_items + 1);
    struct figure_tile_view *more = arena_array(rq->arena, struct figure_tile_view, p->n_items + 1);
    size_t n = 0, m = 0;

    for (size_t i = 0; i < p->n_items; i++) {
        struct figure_tile_view tile = figures_tile(rq, p, i);

        if (p->item[i]->show & FIGURE_FIRST)
            first[n++] = tile;
        else
            more[m++] = tile;
    }
    more[m++] = coverage_tile(rq, &p->coverage);
    view->figures.v = first;
    view->figures.n = n;
    view->more.v = more;
    view->more.n = m;
}

static void fill_periods(struct request *rq, const struct span *s, struct figures_page_view *view)
{
    static const struct {
        enum figure_period period;
        enum text label;
    } choice[] = {{PERIOD_WEEK, T_statistics_by_week}, {PERIOD_MONTH, T_statistics_by_month}};
    struct figures_page_periods *v = arena_array(rq->arena, struct figures_page_periods, 2);

    for (size_t i = 0; i < 2; i++) {
        struct span other = {.period = choice[i].period};

        v[i] = (struct figures_page_periods){choice[i].label, address(rq, "", &other, s->first),
                                             s->period == choice[i].period};
    }
    view->periods.v = v;
    view->periods.n = 2;
    view->earlier = address(rq, "", s, s->first - 1);
    if (!s->running)
        view->later = address(rq, "", s, period_next(s->period, s->first));
    view->csv = address(rq, ".csv", s, s->first);
}

static void fill_meanings(struct request *rq, const struct period_figures *p, struct figures_page_view *view)
{
    struct figures_page_meanings *m = arena_array(rq->arena, struct figures_page_meanings, p->n_items + 1);

    for (size_t i = 0; i < p->n_items; i++)
        m[i] = (struct figures_page_meanings){str_from_cstr(p->item[i]->word), p->item[i]->label, p->item[i]->meaning};
    m[p->n_items] = (struct figures_page_meanings){STR("coverage"), T_statistics_coverage,
                                                   T_statistics_coverage_meaning};
    view->meanings.v = m;
    view->meanings.n = p->n_items + 1;
}

static enum result figures_show(struct request *rq)
{
    const struct place *place = place_of(rq);
    struct figures_page_crumbs *crumbs = NULL;
    struct period_figures p;
    struct figures_page_view view = {
        .place = place->code, .name = place_short_name(place->name), .level = place_level_text(place->level)};
    enum result r = figures_load(rq, place, span_asked(rq), &p);

    if (r == OK)
        r = fill_crumbs(rq, T_statistics_figures, &crumbs, &view.crumbs.n);
    if (r == OK)
        r = trend_fill(rq, place, &p.span, p.item, p.n_items, &view.trend);
    if (r == OK && place->level != PLACE_COMMUNITY)
        r = child_table_fill(rq, place, &p.span, p.item, p.n_items, &view.places);
    if (r != OK)
        return r;
    view.crumbs.v = crumbs;
    view.has_places = view.places.rows.n > 0;
    view.households = p.coverage.households;
    view.period = p.span.period == PERIOD_MONTH ? T_statistics_month : T_statistics_week;
    view.first = p.span.first;
    view.last = p.span.last;
    view.running = p.span.running;
    view.heading = figures_span_words(rq, &p.span);
    fill_tiles(rq, &p, &view);
    fill_periods(rq, &p.span, &view);
    fill_meanings(rq, &p, &view);
    return respond_view(rq, figures_page, &view);
}

/* ---- what a figure counts ---------------------------------------------------------------------------------------------------- */

enum { COUNTED_PERIOD, COUNTED_FROM, COUNTED_BEFORE, COUNTED_PARAMS };
static const struct param counted_params[COUNTED_PARAMS] = {
    [COUNTED_PERIOD] = {.name = "period",
                        .kind = PARAM_CHOICE,
                        .choices = "week,month",
                        .doc = "week (from Monday; default) or month"},
    [COUNTED_FROM] = {.name = "from", .kind = PARAM_DATE, .doc = "A day of the period; default today"},
    [COUNTED_BEFORE] = {.name = "before", .kind = PARAM_INT, .min = 1, .max = INT64_MAX, .doc = "Paging: older ones"},
};
_Static_assert((int)COUNTED_PERIOD == FIGURES_PERIOD && (int)COUNTED_FROM == FIGURES_FROM, "span_asked() reads both");

static int most_first(const void *a, const void *b)
{
    const struct counted_page_places *x = a, *y = b;

    return x->n != y->n ? (x->n > y->n ? -1 : 1) : x->place < y->place ? -1 : x->place > y->place;
}

/* Each place below in which there is something to count, the most first. */
static enum result counted_places(struct request *rq, const struct place *place, const struct period_figures *p,
                                  const struct figure_item *item, struct counted_page_view *view)
{
    struct counted_page_places *row;
    struct places children;
    struct figures *figures;
    size_t n = 0;
    enum result r = place_children(rq->db, place->code, true, &children);

    if (r == OK)
        r = figures_children(rq->db, place->code, &children, p->span.first, p->span.last, &figures);
    if (r != OK)
        return r;
    row = arena_array(rq->arena, struct counted_page_places, children.n ? children.n : 1);
    for (size_t i = 0; i < children.n; i++) {
        struct figure_value v = figure_value_of(item, &figures[i], p->span.first);

        if (v.n == 0)
            continue;
        row[n++] = (struct counted_page_places){
            .place = children.place[i].code,
            .name = place_short_name(children.place[i].name),
            .url = figures_url(rq, children.place[i].code, str_printf(rq->arena, "/%s", item->word), p->span.period,
                               p->span.first),
            .n = v.n,
            .label = text(rq->lang, item->label),
        };
        if (v.known && item->kind == FIGURE_SHARE)
            row[n - 1].value = str_printf(rq->arena, "%.1f%%", v.value);
        else if (item->kind == FIGURE_MEAN)
            row[n - 1].value = figure_words(rq->arena, rq->lang, item, v);
    }
    if (n)
        qsort(row, n, sizeof *row, most_first);
    for (size_t i = 0; i < n; i++)
        row[i].width = 100 * row[i].n / row[0].n;
    view->shares = item->kind == FIGURE_SHARE || item->kind == FIGURE_MEAN;
    view->caption = child_caption(place->level);
    view->places.v = row;
    view->places.n = n;
    return OK;
}

/* In a community: the events themselves, as the board shows them. */
static enum result counted_rows(struct request *rq, const struct place *place, const struct period_figures *p,
                                const struct figure_item *item, struct counted_page_view *view)
{
    enum { PAGE = 50 };
    struct ledger_events events;
    struct figure_row *shown;
    struct counted_page_rows *row;
    enum result r = statistics_events(rq->db, place->code, str_from_cstr(item->measure), p->span.first, p->span.last,
                                      param_given(rq, COUNTED_BEFORE) ? param_int(rq, COUNTED_BEFORE) : 0, PAGE + 1,
                                      &events);

    if (r != OK)
        return r;
    if (events.n > PAGE) {
        events.n = PAGE;
        view->more = url_add(
            rq->arena,
            figures_url(rq, place->code, str_printf(rq->arena, "/%s", item->word), p->span.period, p->span.first),
            "before", str_printf(rq->arena, "%" PRId64, events.event[PAGE - 1].seq));
    }
    shown = arena_array(rq->arena, struct figure_row, events.n ? events.n : 1);
    r = item->rows(rq, place->code, &events, shown);
    if (r != OK)
        return r;
    row = arena_array(rq->arena, struct counted_page_rows, events.n ? events.n : 1);
    for (size_t i = 0; i < events.n; i++)
        row[i] = (struct counted_page_rows){shown[i].title,
                                            shown[i].url,
                                            shown[i].about,
                                            shown[i].state,
                                            str_from_cstr(shown[i].mark ? shown[i].mark : "open"),
                                            events.event[i].at};
    view->rows.v = row;
    view->rows.n = events.n;
    return OK;
}

static enum result counted_show(struct request *rq)
{
    const struct place *place = place_of(rq);
    struct counted_page_view view = {
        .place = place->code, .name = place_short_name(place->name), .level = place_level_text(place->level)};
    const struct figure_item *item = NULL;
    struct figures_page_crumbs *crumbs = NULL;
    struct counted_page_crumbs *mine;
    struct period_figures p;
    enum result r = figures_load(rq, place, span_asked(rq), &p);

    for (size_t i = 0; r == OK && i < p.n_items; i++)
        if (p.item[i]->rows && str_eq(rq->path_word[0], str_from_cstr(p.item[i]->word))) {
            item = p.item[i];
            view.total = p.now[i].n;
        }
    if (r == OK && !item)
        return E_NOT_FOUND;
    if (r == OK)
        r = fill_crumbs(rq, item->label, &crumbs, &view.crumbs.n);
    if (r == OK)
        r = place->level == PLACE_COMMUNITY ? counted_rows(rq, place, &p, item, &view)
                                            : counted_places(rq, place, &p, item, &view);
    if (r != OK)
        return r;
    mine = arena_array(rq->arena, struct counted_page_crumbs, view.crumbs.n);
    for (size_t i = 0; i < view.crumbs.n; i++)
        mine[i] = (struct counted_page_crumbs){crumbs[i].name, crumbs[i].url};
    view.crumbs.v = mine;
    view.figure = str_from_cstr(item->word);
    view.label = item->label;
    view.meaning = item->meaning;
    view.first = p.span.first;
    view.last = p.span.last;
    view.heading = figures_span_words(rq, &p.span);
    view.figures = address(rq, "", &p.span, p.span.first);
    return respond_view(rq, counted_page, &view);
}

/* ---- CSV ---------------------------------------------------------------------------------------------------------------- */

static void csv_day(struct buf *b, int32_t day, bool first)
{
    struct civil c = time_civil(day_start(day));
    char out[32];
    int n = snprintf(out, sizeof out, "%04d-%02d-%02d", c.year, c.month, c.day);

    csv_put(b, (struct str){out, (size_t)n}, first);
}

/* A share brings along what it is made of, so that rows can be added up. */
static void csv_head(struct request *rq, struct buf *b, const struct period_figures *p)
{
    csv_put(b, text(rq->lang, T_statistics_csv_code), true);
    csv_put(b, text(rq->lang, T_statistics_csv_place), false);
    csv_put(b, text(rq->lang, T_statistics_csv_first), false);
    csv_put(b, text(rq->lang, T_statistics_csv_last), false);
    for (size_t i = 0; i < p->n_items; i++) {
        struct str label = text(rq->lang, p->item[i]->label);

        if (p->item[i]->kind == FIGURE_MEDIAN) {
            csv_put(b, text_format(rq->arena, rq->lang, T_statistics_csv_minutes, TEXT_STR("name", label)), false);
            continue;
        }
        csv_put(b,
                p->item[i]->kind == FIGURE_SHARE
                    ? text_format(rq->arena, rq->lang, T_statistics_csv_percent, TEXT_STR("name", label))
                    : label,
                false);
        if (p->item[i]->kind != FIGURE_COUNT)
            csv_put(b, text_format(rq->arena, rq->lang, T_statistics_csv_of, TEXT_STR("name", label)), false);
    }
    csv_put(b, text(rq->lang, T_statistics_csv_households), false);
    csv_put(b, text(rq->lang, T_statistics_csv_bound), false);
    csv_end_row(b);
}

static void csv_value(struct buf *b, const struct figure_item *item, struct figure_value v)
{
    if (!v.known)
        csv_put(b, STR_NONE, false);
    else if (item->kind == FIGURE_COUNT || item->kind == FIGURE_MEDIAN)
        csv_put_int(b, (int64_t)v.value, false);
    else
        csv_put_real(b, v.value, 1, false);
    if (item->kind == FIGURE_SHARE || item->kind == FIGURE_MEAN)
        csv_put_int(b, v.of, false);
}

static void csv_row(struct buf *b, const struct place *place, const struct span *s, const struct period_figures *p,
                    const struct figures *figures, bool own, const struct coverage *coverage)
{
    char digits[24];
    int n = snprintf(digits, sizeof digits, "%" PRId64, place->code);

    csv_put(b, (struct str){digits, (size_t)n}, true);
    csv_put(b, place->name, false);
    csv_day(b, s->first, false);
    csv_day(b, s->last, false);
    for (size_t i = 0; i < p->n_items; i++)
        csv_value(b, p->item[i], own ? p->now[i] : figure_value_of(p->item[i], figures, s->first));
    csv_put_int(b, coverage->households, false);
    csv_put_int(b, coverage->bound, false);
    csv_end_row(b);
}

static enum result figures_csv(struct request *rq)
{
    const struct place *place = place_of(rq);
    struct period_figures p;
    struct places children = {NULL, 0};
    struct figures *figures = NULL;
    struct coverage *coverage = NULL;
    struct buf b;
    enum result r = figures_load(rq, place, span_asked(rq), &p);

    if (r == OK && place->level != PLACE_COMMUNITY)
        r = place_children(rq->db, rq->place, true, &children);
    if (r == OK)
        r = figures_children(rq->db, rq->place, &children, p.span.first, p.span.last, &figures);
    if (r == OK)
        r = coverage_children(rq->db, rq->place, &children, &coverage);
    if (r != OK)
        return r;
    buf_init(&b, rq->arena, 4096, 4 << 20);
    csv_begin(&b);
    csv_head(rq, &b, &p);
    csv_row(&b, place, &p.span, &p, NULL, true, &p.coverage);
    for (size_t i = 0; i < children.n; i++)
        if (children.place[i].valid_to == 0 || figures[i].n)
            csv_row(&b, &children.place[i], &p.span, &p, &figures[i], false, &coverage[i]);
    respond_header(rq, STR("Content-Disposition"),
                   str_printf(rq->arena, "attachment; filename=\"figures-%" PRId64 ".csv\"", rq->place));
    return respond_bytes(rq, 200, STR("text/csv; charset=utf-8"), buf_str(&b));
}

/* ---- the module ------------------------------------------------------------------------------------------------------------ */

static const struct route routes[] = {
    {HTTP_GET, "/p/{place}/figures", "statistics.figures", .handle = figures_show, .subject = &place_subject,
     .need = CAP_PUBLIC, .params = figures_params, .n_params = FIGURES_PARAMS, .view = &figures_page_info,
     .doc = "Figures of a place of any level over a week or month, against the period before, and of the places below"},
    {HTTP_GET, "/p/{place}/figures/{figure:word}", "statistics.counted", .handle = counted_show,
     .subject = &place_subject, .need = CAP_PUBLIC, .params = counted_params, .n_params = COUNTED_PARAMS,
     .view = &counted_page_info,
     .doc = "What one figure counts over a week or month: each event in a community, the places below elsewhere"},
    {HTTP_GET, "/p/{place}/figures.csv", "statistics.csv", .handle = figures_csv, .subject = &place_subject,
     .need = CAP_PUBLIC, .params = figures_params, .n_params = FIGURES_PARAMS, .rate = RATE_EXPORT,
     .doc = "The same figures as CSV, UTF-8 with BOM"},
};

enum { COVERAGE_EVERY = 15 }; /* minutes */

static enum result run_coverage(struct app *app, struct arena *a)
{
    return coverage_count(app_database(app), a, time_now());
}

static const struct job_kind jobs[] = {{"statistics.coverage", COVERAGE_EVERY *TIME_MINUTE, run_coverage}};

const struct module figures_module = {
    .name = "figures",
    .routes = routes,
    .n_routes = sizeof(routes) / sizeof(routes[0]),
    .jobs = jobs,
    .n_jobs = 1,
};
