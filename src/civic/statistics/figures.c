/* figures.c: reading the counters for pages, and wording them. The pages are in routes_figures.c. */
#include "civic/statistics/statistics_figures.h"

#include "civic/statistics/figures.sql.h"
#include "civic/statistics/statistics.sql.h"
#include "engine/base/time.h"

enum { SMALL = 20 };

static const struct figure_table *const *tables; /* set once at start */
static size_t n_tables;

void figures_use(const struct figure_table *const *list, size_t n)
{
    tables = list;
    n_tables = n;
}

size_t figures_items(const struct figure_item **ret_items, size_t max)
{
    size_t n = 0;

    for (size_t t = 0; t < n_tables; t++)
        for (size_t i = 0; i < tables[t]->n && n < max; i++)
            ret_items[n++] = &tables[t]->item[i];
    return n;
}

/* ---- values ------------------------------------------------------------------------------------------------------ */

struct figure_value figure_value_of(const struct figure_item *item, const struct figures *figures, int32_t day)
{
    const struct figure *f = figure_find(figures, str_from_cstr(item->measure), day);
    struct figure_value v = {.n = f ? f->n : 0};

    switch (item->kind) {
    case FIGURE_COUNT:
        v.known = true;
        v.value = (double)v.n;
        break;
    case FIGURE_SHARE:
        v.of = figure_n(figures, str_from_cstr(item->of), day);
        for (size_t i = 0; i < 2 && item->less[i]; i++)
            v.of -= figure_n(figures, str_from_cstr(item->less[i]), day);
        if (item->pile[0]) {
            int64_t grown = figure_n(figures, str_from_cstr(item->pile[0]), day);

            if (item->pile[1])
                grown -= figure_n(figures, str_from_cstr(item->pile[1]), day);
            v.of += grown > 0 ? grown : 0;
        }
        if (v.of > 0) {
            v.known = true;
            v.value = 100.0 * (double)v.n / (double)v.of;
        } else {
            v.of = 0;
        }
        v.small = v.of < SMALL;
        break;
    case FIGURE_MEAN:
        v.of = v.n;
        if (v.n > 0) {
            v.known = true;
            v.value = (double)f->total / (double)v.n;
        }
        v.small = v.n < SMALL;
        break;
    case FIGURE_MEDIAN: v.small = v.n < SMALL; break;
    }
    return v;
}

enum result figures_median(struct db *db, int64_t place, const struct figure_item *item, int32_t from, int32_t to,
                           struct figure_value *ret)
{
    int64_t minutes, n;
    enum result r = statistics_median(db, place, str_from_cstr(item->measure), from, to, &minutes, &n);

    if (r == E_NOT_FOUND) {
        *ret = (struct figure_value){.small = true};
        return OK;
    }
    if (r == OK)
        *ret = (struct figure_value){.known = true, .value = (double)minutes, .n = n, .of = n, .small = n < SMALL};
    return r;
}

/* Hours and minutes: a median of answers is seldom longer than a working day. */
static struct str minutes_words(struct arena *a, enum lang lang, int64_t minutes)
{
    if (minutes < 60)
        return text_format(a, lang, T_statistics_minutes, TEXT_INT("m", minutes));
    if (minutes % 60 == 0)
        return text_format(a, lang, T_statistics_hours, TEXT_INT("h", minutes / 60));
    return text_format(a, lang, T_statistics_hours_minutes, TEXT_INT("h", minutes / 60), TEXT_INT("m", minutes % 60));
}

struct str figure_words(struct arena *a, enum lang lang, const struct figure_item *item, struct figure_value v)
{
    if (!v.known)
        return STR_NONE;
    switch (item->kind) {
    case FIGURE_COUNT: return str_printf(a, "%lld", (long long)v.n);
    case FIGURE_MEDIAN: return minutes_words(a, lang, (int64_t)v.value);
    case FIGURE_SHARE:
    case FIGURE_MEAN: break;
    }
    return str_printf(a, "%.1f", v.value);
}

struct str figure_unit(struct arena *a, enum lang lang, const struct figure_item *item, struct str words)
{
    if (item->unit == T_none)
        return STR_NONE;
    return text_format(a, lang, item->unit, TEXT_INT("n", str_eq(words, STR("1")) ? 1 : 2));
}

/* ---- the places below ----------------------------------------------------------------------------------------------- */

/* How many codes a place below has; 0 below a community, where there is none. */
static int64_t size_below(int64_t parent)
{
    int64_t low, high;

    switch (place_level_of(parent)) {
    case PLACE_CITY:
    case PLACE_DISTRICT:
        place_range(parent, &low, &high); /* 4 digits of a district, 3 of a street */
        return place_level_of(parent) == PLACE_CITY ? (high - low + 1) / 10000 : (high - low + 1) / 1000;
    case PLACE_STREET: return 1;
    default: return 0;
    }
}

/* Which of the children has this code; they stand in the order of their codes. */
static size_t child_of(const struct places *children, int64_t code)
{
    size_t low = 0, high = children->n;

    while (low < high) {
        size_t mid = (low + high) / 2;
        if (children->place[mid].code < code)
            low = mid + 1;
        else
            high = mid;
    }
    return low < children->n && children->place[low].code == code ? low : SIZE_MAX;
}

struct part {
    int64_t place;
    struct str measure;
    int64_t n, total;
};

/* Adds rows that come in the order of places and measures. Room for `room` figures of each child. */
static void add_part(const struct places *children, struct figures *figures, const struct part *p, int32_t from,
                     struct arena *a, size_t room)
{
    size_t i = child_of(children, p->place);
    struct figures *f;

    if (i == SIZE_MAX) /* the place's own ledger, or one that was never below it */
        return;
    f = &figures[i];
    for (size_t k = 0; k < f->n; k++)
        if (str_eq(f->figure[k].measure, p->measure)) {
            f->figure[k].n += p->n;
            f->figure[k].total += p->total;
            f->figure[k].small = f->figure[k].n < SMALL;
            return;
        }
    if (!f->figure)
        f->figure = arena_array(a, struct figure, room);
    if (f->n < room)
        f->figure[f->n++] = (struct figure){p->measure, from, p->n, p->total, p->n < SMALL};
}

enum { MEASURES_MAX = 96 }; /* of one place; the boards have a fraction of that */

enum result figures_children(struct db *db, int64_t parent, const struct places *children, int32_t from, int32_t to,
                             struct figures **ret)
{
    struct arena *a = db_arena(db);
    struct figures *figures = arena_array(a, struct figures, children->n ? children->n : 1);
    struct sql_figures_children_closed_rows above = {NULL, 0};
    struct sql_figures_children_open_rows below = {NULL, 0};
    struct sql_counter_closed closed = {0};
    int64_t low, high, size = size_below(parent);
    enum result r = OK;

    *ret = figures;
    if (size == 0 || children->n == 0)
        return OK;
    place_range(parent, &low, &high);
    if (size > 1) {
        r = sql_counter_closed(db, &closed);
        if (r == OK && closed.day >= from)
            r = sql_figures_children_closed(db, parent, from, closed.day < to ? closed.day : to, &above);
    }
    if (r == OK && closed.day < to)
        r = sql_figures_children_open(db, low, high, size, closed.day >= from ? closed.day + 1 : from, to, &below);
    if (r != OK)
        return r;
    for (size_t i = 0; i < above.n; i++) {
        struct part p = {above.row[i].place, above.row[i].measure, above.row[i].n, above.row[i].total};
        add_part(children, figures, &p, from, a, MEASURES_MAX);
    }
    for (size_t i = 0; i < below.n; i++) {
        struct part p = {below.row[i].place, below.row[i].measure, below.row[i].n, below.row[i].total};
        add_part(children, figures, &p, from, a, MEASURES_MAX);
    }
    return OK;
}

/* ---- coverage ---------------------------------------------------------------------------------------------------------- */

enum result coverage_read(struct db *db, int64_t place, struct coverage *ret)
{
    struct sql_coverage_sum row;
    int64_t low, high;
    enum result r;

    place_range(place, &low, &high);
    r = sql_coverage_sum(db, low, high, &row);
    if (r == OK)
        *ret = (struct coverage){row.households, row.bound};
    return r;
}

enum result coverage_children(struct db *db, int64_t parent, const struct places *children, struct coverage **ret)
{
    struct coverage *c = arena_array(db_arena(db), struct coverage, children->n ? children->n : 1);
    struct sql_coverage_children_rows rows;
    int64_t low, high, size = size_below(parent);
    enum result r;

    *ret = c;
    if (size == 0)
        return OK;
    place_range(parent, &low, &high);
    r = sql_coverage_children(db, low, high, size, &rows);
    for (size_t i = 0; r == OK && i < rows.n; i++) {
        size_t k = child_of(children, rows.row[i].place);
        if (k != SIZE_MAX)
            c[k] = (struct coverage){rows.row[i].households, rows.row[i].bound};
    }
    return r;
}

struct counting {
    int64_t low, high, now;
};

static enum result count_street(struct db *db, void *arg)
{
    const struct counting *c = arg;
    enum result r = sql_coverage_clear(db, c->low, c->high);

    return r == OK ? sql_coverage_count(db, c->low, c->high, c->now) : r;
}

/* A street at a time, so that nobody who writes waits for long. */
enum result coverage_count(struct database *database, struct arena *a, int64_t now)
{
    struct sql_coverage_streets_rows rows;
    struct db *db;
    enum result r = db_read_begin(database, a, &db);

    if (r != OK)
        return r;
    r = sql_coverage_streets(db, &rows);
    db_read_end(db);
    for (size_t i = 0; r == OK && i < rows.n; i++) {
        struct counting c = {.now = now};
        place_range(rows.row[i].street, &c.low, &c.high);
        r = db_write_wait(database, a, count_street, &c);
    }
    return r;
}
