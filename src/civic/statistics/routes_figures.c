/* routes_figures.c: GET /p/{place}/figures and the same as CSV: public, for every place of the four levels, by week and month. */
#include "civic/place/place_subject.h"
#include "civic/place/place_words.h"
#include "civic/statistics/statistics_figures.h"
#include "civic/statistics/statistics_present.h"
#include "civic/statistics/views/figures_page.html.h"
#include "engine/base/csv.h"
#include "engine/base/time.h"

enum { TREND = 12 }; /* periods */

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
    struct civil c = time_civil(day_start(day));

    return url_path(rq->arena, "/p/%" PRId64 "/figures%s?period=%s&from=%04d-%02d-%02d", rq->place, tail,
                    s->period == PERIOD_MONTH ? "month" : "week", c.year, c.month, c.day);
}

/* ---- the page --------------------------------------------------------------------------------------------------------- */

static enum result fill_crumbs(struct request *rq, struct figures_page_view *view)
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
    c[path.n] = (struct figures_page_crumbs){text(rq->lang, T_statistics_figures), (struct url){STR_NONE}};
    view->crumbs.v = c;
    view->crumbs.n = path.n + 1;
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

static enum result fill_trend(struct request *rq, const struct period_figures *p, struct figures_page_view *view)
{
    struct figures_page_series *series = arena_array(rq->arena, struct figures_page_series, p->n_items + 1);
    struct figures_page_trend *trend = arena_array(rq->arena, struct figures_page_trend, TREND);
    size_t of[FIGURES_MAX], n = 0;
    int32_t day = p->span.first;
    struct figures figures;
    enum result r;

    for (size_t i = 0; i < p->n_items; i++)
        if (p->item[i]->show & FIGURE_TREND) {
            series[n] = (struct figures_page_series){
                str_from_cstr(p->item[i]->word), p->item[i]->label,
                str_printf(rq->arena, " " STR_FMT, STR_ARG(text(rq->lang, p->item[i]->unit)))};
            of[n++] = i;
        }
    for (int i = 1; i < TREND; i++)
        day = period_start(p->span.period, day - 1);
    r = statistics_read(rq->db, rq->place, day, p->span.last, p->span.period, &figures);
    if (r != OK)
        return r;
    for (int i = 0; i < TREND; i++, day = period_next(p->span.period, day)) {
        int64_t *value = arena_array(rq->arena, int64_t, n ? n : 1);

        for (size_t k = 0; k < n; k++)
            value[k] = figure_n(&figures, str_from_cstr(p->item[of[k]]->measure), day);
        trend[i].label = figures_span_short(rq, p->span.period, day);
        trend[i].first = day;
        trend[i].values.v = value;
        trend[i].values.n = n;
    }
    view->series.v = series;
    view->series.n = n;
    view->trend.v = trend;
    view->trend.n = TREND;
    return OK;
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
    struct period_figures p;
    struct figures_page_view view = {
        .place = place->code, .name = place_short_name(place->name), .level = place_level_text(place->level)};
    enum result r = figures_load(rq, place, span_asked(rq), &p);

    if (r == OK)
        r = fill_crumbs(rq, &view);
    if (r == OK)
        r = fill_trend(rq, &p, &view);
    if (r == OK && place->level != PLACE_COMMUNITY)
        r = child_table_fill(rq, place, &p.span, p.item, p.n_items, &view.places);
    if (r != OK)
        return r;
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
