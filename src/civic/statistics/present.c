/* present.c: figures in words, with their change and their tables. */
#include "civic/statistics/statistics_present.h"

#include "civic/place/place_words.h"
#include "engine/base/time.h"

enum { SMALL = 20 };

/* ---- periods ---------------------------------------------------------------------------------------------------------- */

struct span figures_span(enum figure_period period, int32_t day, int32_t today)
{
    struct span s = {.period = period};

    s.first = period_start(period, day < today ? day : today);
    s.last = period_next(period, s.first) - 1;
    s.running = s.last >= today;
    s.before_first = period_start(period, s.first - 1);
    s.before_last = s.first - 1;
    if (s.running) {
        s.last = today;
        if (s.before_first + (today - s.first) < s.before_last)
            s.before_last = s.before_first + (today - s.first);
    }
    return s;
}

static struct str day_short(struct request *rq, int32_t day)
{
    struct civil c = time_civil(day_start(day));

    return text_format(rq->arena, rq->lang, T_statistics_day, TEXT_INT("m", c.month), TEXT_INT("d", c.day));
}

struct str figures_span_short(struct request *rq, enum figure_period period, int32_t first)
{
    struct civil c = time_civil(day_start(first));

    if (period == PERIOD_MONTH)
        return text_format(rq->arena, rq->lang, T_statistics_month_of, TEXT_INT("y", c.year), TEXT_INT("m", c.month));
    return day_short(rq, first);
}

struct str figures_span_words(struct request *rq, const struct span *s)
{
    struct civil c = time_civil(day_start(s->first));
    bool month = s->period == PERIOD_MONTH;

    if (s->running)
        return text_format(rq->arena, rq->lang, month ? T_statistics_this_month : T_statistics_this_week,
                           TEXT_STR("first", day_short(rq, s->first)));
    return text_format(rq->arena, rq->lang, T_statistics_span, TEXT_INT("y", c.year),
                       TEXT_STR("first", day_short(rq, s->first)), TEXT_STR("last", day_short(rq, s->last)));
}

struct url figures_url(struct request *rq, int64_t place, struct str tail, enum figure_period period, int32_t day)
{
    struct civil c = time_civil(day_start(day));

    return url_path(rq->arena, "/p/%" PRId64 "/figures%.*s?period=%s&from=%04d-%02d-%02d", place, STR_ARG(tail),
                    period == PERIOD_MONTH ? "month" : "week", c.year, c.month, c.day);
}

/* ---- the trend --------------------------------------------------------------------------------------------------------- */

enum result trend_fill(struct request *rq, const struct place *place, const struct span *s,
                       const struct figure_item *const *items, size_t n_items, struct trend_chart_view *ret)
{
    enum { TREND = 12 }; /* periods */
    struct trend_chart_series *series = arena_array(rq->arena, struct trend_chart_series, n_items + 1);
    struct trend_chart_points *point = arena_array(rq->arena, struct trend_chart_points, TREND);
    size_t of[FIGURES_MAX], n = 0;
    int32_t day = s->first;
    struct figures figures;
    enum result r;

    for (size_t i = 0; i < n_items; i++)
        if (items[i]->show & FIGURE_TREND) {
            series[n] = (struct trend_chart_series){
                str_from_cstr(items[i]->word), items[i]->label,
                str_printf(rq->arena, " " STR_FMT, STR_ARG(figure_unit(rq->arena, rq->lang, items[i], STR("2"))))};
            of[n++] = i;
        }
    for (int i = 1; i < TREND; i++)
        day = period_start(s->period, day - 1);
    r = statistics_read(rq->db, place->code, day, s->last, s->period, &figures);
    if (r != OK)
        return r;
    for (int i = 0; i < TREND; i++, day = period_next(s->period, day)) {
        int64_t *value = arena_array(rq->arena, int64_t, n ? n : 1);

        for (size_t k = 0; k < n; k++)
            value[k] = figure_n(&figures, str_from_cstr(items[of[k]]->measure), day);
        point[i].label = figures_span_short(rq, s->period, day);
        point[i].first = day;
        point[i].values.v = value;
        point[i].values.n = n;
    }
    *ret = (struct trend_chart_view){.period = s->period == PERIOD_MONTH ? T_statistics_month : T_statistics_week};
    ret->series.v = series;
    ret->series.n = n;
    ret->points.v = point;
    ret->points.n = TREND;
    return OK;
}

/* ---- loading ------------------------------------------------------------------------------------------------------------- */

enum result figures_load(struct request *rq, const struct place *place, struct span span, struct period_figures *ret)
{
    struct figures now, before;
    enum result r = statistics_read(rq->db, place->code, span.first, span.last, PERIOD_ALL, &now);

    *ret = (struct period_figures){.span = span, .place = place};
    if (r == OK)
        r = statistics_read(rq->db, place->code, span.before_first, span.before_last, PERIOD_ALL, &before);
    if (r == OK)
        r = coverage_read(rq->db, place->code, &ret->coverage);
    if (r != OK)
        return r;
    ret->n_items = figures_items(ret->item, FIGURES_MAX);
    for (size_t i = 0; i < ret->n_items && r == OK; i++)
        if (ret->item[i]->kind == FIGURE_MEDIAN) {
            r = figures_median(rq->db, place->code, ret->item[i], span.first, span.last, &ret->now[i]);
            if (r == OK)
                r = figures_median(rq->db, place->code, ret->item[i], span.before_first, span.before_last,
                                   &ret->before[i]);
        } else {
            ret->now[i] = figure_value_of(ret->item[i], &now, span.first);
            ret->before[i] = figure_value_of(ret->item[i], &before, span.before_first);
        }
    return r;
}

/* ---- the change against the period before ---------------------------------------------------------------------------------- */

/* Which words: by the kind of figure, and whether it rose. */
static const struct {
    enum text more, less;
} changes[] = {
    [FIGURE_COUNT] = {T_statistics_change_more, T_statistics_change_fewer},
    [FIGURE_SHARE] = {T_statistics_change_points_up, T_statistics_change_points_down},
    [FIGURE_MEDIAN] = {T_statistics_change_slower, T_statistics_change_faster},
    [FIGURE_MEAN] = {T_statistics_change_up, T_statistics_change_down},
};

static struct str change_words(struct request *rq, const struct period_figures *p, size_t i, int *ret_way)
{
    const struct figure_item *item = p->item[i];
    struct figure_value a = p->now[i], b = p->before[i], d;
    bool month = p->span.period == PERIOD_MONTH;
    struct str before = text(rq->lang, p->span.running
                                           ? (month ? T_statistics_before_month_same : T_statistics_before_week_same)
                                           : (month ? T_statistics_before_month : T_statistics_before_week));
    double by = a.value - b.value;
    struct str words;

    *ret_way = 0;
    if (!a.known || !b.known)
        return STR_NONE;
    d = a;
    d.value = by < 0 ? -by : by;
    d.n = a.n > b.n ? a.n - b.n : b.n - a.n;
    if (d.value < (item->kind == FIGURE_COUNT || item->kind == FIGURE_MEDIAN ? 0.5 : 0.05))
        return text_format(rq->arena, rq->lang, T_statistics_change_none, TEXT_STR("before", before));
    if (!a.small && !b.small && item->better)
        *ret_way = (by > 0) == (item->better > 0) ? 1 : -1;
    words = figure_words(rq->arena, rq->lang, item, d);
    return text_format(rq->arena, rq->lang, by > 0 ? changes[item->kind].more : changes[item->kind].less,
                       TEXT_STR("before", before), TEXT_STR("by", words),
                       TEXT_STR("unit", figure_unit(rq->arena, rq->lang, item, words)));
}

struct figure_tile_view figures_tile(struct request *rq, const struct period_figures *p, size_t i)
{
    const struct figure_item *item = p->item[i];
    struct figure_value v = p->now[i];
    struct figure_tile_view tile = {
        .figure = str_from_cstr(item->word),
        .label = item->label,
        .value = figure_words(rq->arena, rq->lang, item, v),
        .n = v.n,
        .of = item->kind == FIGURE_SHARE ? v.of : 0,
        .small = v.known && v.small,
    };
    int way;

    tile.number = v.value;
    tile.has_number = v.known;
    tile.unit = item->kind == FIGURE_SHARE ? STR("%") : figure_unit(rq->arena, rq->lang, item, tile.value);
    tile.change = change_words(rq, p, i, &way);
    tile.tone = way > 0 ? STR("good") : way < 0 ? STR("bad") : STR("same");
    if (item->rows && v.n > 0)
        tile.list = figures_url(rq, p->place->code, str_printf(rq->arena, "/%s", item->word), p->span.period,
                                p->span.first);
    return tile;
}

struct figure_tile_view coverage_tile(struct request *rq, const struct coverage *c)
{
    struct figure_tile_view tile = {.figure = STR("coverage"),
                                    .label = T_statistics_coverage,
                                    .n = c->bound,
                                    .of = c->households,
                                    .small = c->households > 0 && c->households < SMALL,
                                    .tone = STR("same")};

    if (c->households > 0) {
        tile.number = 100.0 * (double)c->bound / (double)c->households;
        tile.has_number = true;
        tile.value = str_printf(rq->arena, "%.1f", tile.number);
        tile.unit = STR("%");
    }
    return tile;
}

/* ---- the places below --------------------------------------------------------------------------------------------------------- */

struct child_table_rows_cells child_cell(struct request *rq, const struct figure_item *item,
                                         const struct figures *figures, int32_t first)
{
    struct figure_value v = figure_value_of(item, figures, first);
    struct child_table_rows_cells cell = {.label = text(rq->lang, item->label),
                                          .value = figure_words(rq->arena, rq->lang, item, v),
                                          .small = v.known && v.small,
                                          .bar = item->show & FIGURE_BAR};

    if (v.known && item->kind == FIGURE_SHARE) {
        cell.value = str_printf(rq->arena, "%.1f%%", v.value);
        cell.width = v.value > 100 ? 100 : (int64_t)(v.value + 0.5);
    }
    return cell;
}

static struct child_table_rows_cells coverage_cell(struct request *rq, const struct coverage *c)
{
    struct child_table_rows_cells cell = {.label = text(rq->lang, T_statistics_coverage)};

    if (c->households > 0)
        cell.value = str_printf(rq->arena, "%.1f%%", 100.0 * (double)c->bound / (double)c->households);
    return cell;
}

enum text child_caption(enum place_level level)
{
    return level == PLACE_CITY     ? T_statistics_districts
         : level == PLACE_DISTRICT ? T_statistics_streets
                                   : T_statistics_communities;
}

enum result child_table_fill(struct request *rq, const struct place *place, const struct span *s,
                             const struct figure_item *const *items, size_t n_items, struct child_table_view *ret)
{
    struct child_table_heads *head = arena_array(rq->arena, struct child_table_heads, n_items + 1);
    const struct figure_item *column[FIGURES_MAX];
    struct child_table_rows *row;
    struct places children;
    struct figures *figures;
    struct coverage *coverage;
    size_t n = 0, kept = 0;
    enum result r = place_children(rq->db, place->code, true, &children);

    if (r == OK)
        r = figures_children(rq->db, place->code, &children, s->first, s->last, &figures);
    if (r == OK)
        r = coverage_children(rq->db, place->code, &children, &coverage);
    if (r != OK)
        return r;
    for (size_t i = 0; i < n_items; i++)
        if (items[i]->show & FIGURE_TABLE) {
            head[n] = (struct child_table_heads){items[i]->label, items[i]->show & FIGURE_BAR};
            column[n++] = items[i];
        }
    head[n] = (struct child_table_heads){T_statistics_coverage, false};
    row = arena_array(rq->arena, struct child_table_rows, children.n ? children.n : 1);
    for (size_t i = 0; i < children.n; i++) {
        const struct place *child = &children.place[i];
        struct child_table_rows_cells *cell;

        if (child->valid_to && figures[i].n == 0) /* ended, and nothing happened in it then */
            continue;
        cell = arena_array(rq->arena, struct child_table_rows_cells, n + 1);
        for (size_t k = 0; k < n; k++)
            cell[k] = child_cell(rq, column[k], &figures[i], s->first);
        cell[n] = coverage_cell(rq, &coverage[i]);
        row[kept].place = child->code;
        row[kept].name = place_short_name(child->name);
        row[kept].url = url_path(rq->arena, "/p/%" PRId64, child->code);
        row[kept].cells.v = cell;
        row[kept++].cells.n = n + 1;
    }
    *ret = (struct child_table_view){.caption = child_caption(place->level)};
    ret->heads.v = head;
    ret->heads.n = n + 1;
    ret->rows.v = row;
    ret->rows.n = kept;
    return OK;
}
