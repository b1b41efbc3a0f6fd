/* city.c: see city.h. Which community has the year of which, and the chunks: first what is above the communities, then one community after the other. */
#include "demo/city_private.h"

#include <stdlib.h>
#include <string.h>

#include "civic/place/place.h"
#include "demo/year_private.h"
#include "engine/base/ids.h"
#include "engine/base/time.h"

enum { LEAF_MEMORY = 1 << 30, COPIES_MAX = 23, STREET_COPIES_MAX = 256 / CITY_NODES - 1 };

static const struct city_scale scales[] = {
    {"city", "baoshan", 0},
    {"city-small", "small", 400},
    {"city-tiny", "tiny", 9},
    {NULL, NULL, 0},
};

const struct city_scale *city_scale_named(const char *name)
{
    for (const struct city_scale *s = scales; s->name; s++)
        if (strcmp(s->name, name) == 0)
            return s;
    return NULL;
}

int64_t city_street(int64_t code)
{
    return code / 1000 * 1000;
}

int64_t city_district(int64_t code)
{
    return code / 1000000 * 1000000;
}

int64_t city_before(int64_t id)
{
    int64_t count = ((id >> 21) << 13 | (id & 8191)) - 1; /* ids.h */

    return (count >> 13) << 21 | (id & (255 << 13)) | (count & 8191);
}

/* ---- whose a number is ---------------------------------------------------------------------------------------------------------------- */

static size_t place_of_number(const struct city *c, int64_t id)
{
    size_t i = (uint64_t)id * UINT64_C(0x9e3779b97f4a7c15) >> 32 & (c->owned_room - 1);

    while (c->owned[i].id && c->owned[i].id != id)
        i = (i + 1) & (c->owned_room - 1);
    return i;
}

void city_own(struct city *c, int64_t id, int64_t place)
{
    if (c->owned_n * 2 >= c->owned_room) {
        struct owned *old = c->owned;
        size_t n = c->owned_room;

        c->owned_room = n ? n * 2 : 1024;
        c->owned = arena_array(c->a, struct owned, c->owned_room);
        memset(c->owned, 0, c->owned_room * sizeof(*c->owned));
        for (size_t i = 0; i < n; i++)
            if (old[i].id)
                c->owned[place_of_number(c, old[i].id)] = old[i];
    }
    size_t i = place_of_number(c, id);
    c->owned_n += c->owned[i].id == 0;
    c->owned[i] = (struct owned){id, place};
}

int64_t city_owner(const struct city *c, int64_t id)
{
    return c->owned_room ? c->owned[place_of_number(c, id)].place : 0;
}

static size_t column(const struct db_raw *raw, const char *name)
{
    for (size_t i = 0; i < raw->columns; i++)
        if (str_eq(raw->name[i], str_from_cstr(name)))
            return i;
    return 0;
}

static enum result all_of(struct city *c, const char *table, struct db_raw *ret)
{
    return db_source_rows(c->source, c->leaf_arena, str_from_cstr(table), STR_NONE, 0, ret);
}

/* The boards and the guide are the city's; offices of a street, and who works there, the street's. */
static enum result find_owned(struct city *c)
{
    struct db_raw raw, posts;
    enum result r = all_of(c, "board", &raw);

    for (size_t i = 0; r == OK && i < raw.n; i++)
        city_own(c, raw.value[i * raw.columns + column(&raw, "id")].n, YEAR_CITY);
    if (r == OK)
        r = db_source_rows(c->source, c->leaf_arena, STR("guide_item"), STR("community"), YEAR_CITY, &raw);
    for (size_t i = 0; r == OK && i < raw.n; i++)
        city_own(c, raw.value[i * raw.columns + column(&raw, "id")].n, YEAR_CITY);
    if (r == OK)
        r = all_of(c, "organisation", &raw);
    if (r == OK)
        r = all_of(c, "post", &posts);
    for (size_t i = 0; r == OK && i < raw.n; i++) {
        const struct db_cell *row = &raw.value[i * raw.columns];
        int64_t place = row[column(&raw, "place")].n, id = row[column(&raw, "id")].n;

        if (place_level_of(place) == PLACE_COMMUNITY)
            continue;
        city_own(c, id, place);
        for (size_t k = 0; k < posts.n; k++) {
            const struct db_cell *post = &posts.value[k * posts.columns];
            if (post[column(&posts, "organisation")].n == id) {
                city_own(c, post[column(&posts, "person")].n, place);
                city_own(c, post[column(&posts, "id")].n, place);
            }
        }
    }
    return r;
}

/* ---- who gets whose year ---------------------------------------------------------------------------------------------------------------- */

static int by_number(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return x < y ? -1 : x > y;
}

static enum result find_homes(struct city *c)
{
    struct db_raw raw;
    enum result r = all_of(c, "estate", &raw);

    if (r != OK)
        return r;
    c->home = arena_array(c->a, int64_t, raw.n + 1);
    for (size_t i = 0; i < raw.n; i++)
        c->home[i] = raw.value[i * raw.columns + column(&raw, "community")].n;
    if (raw.n)
        qsort(c->home, raw.n, sizeof(*c->home), by_number);
    for (size_t i = 0; i < raw.n; i++)
        if (c->homes == 0 || c->home[c->homes - 1] != c->home[i])
            c->home[c->homes++] = c->home[i];
    c->district = c->homes ? city_district(c->home[0]) : 0;
    return c->homes ? OK : E_NOT_FOUND;
}

/* All communities that there are, in the order of their codes. */
static enum result find_communities(struct city *c, int64_t **ret, int *ret_n)
{
    struct db_raw raw;
    enum result r = all_of(c, "place", &raw);
    int n = 0;

    if (r != OK)
        return r;
    *ret = arena_array(c->a, int64_t, raw.n + 1);
    for (size_t i = 0; i < raw.n; i++) {
        const struct db_cell *row = &raw.value[i * raw.columns];
        if (row[column(&raw, "level")].n == PLACE_COMMUNITY && row[column(&raw, "valid_to")].n == 0)
            (*ret)[n++] = row[column(&raw, "code")].n;
    }
    if (n)
        qsort(*ret, (size_t)n, sizeof(**ret), by_number);
    *ret_n = n;
    return OK;
}

struct use {      /* of a street of the district, and of its communities */
    int first, n; /* homes */
    int copies, most;
};

/* A street gets the year of that street of the district whose communities have been taken the least. */
static int choose(const struct use *use, int uses, int n)
{
    int best = 0, cost = 0;

    for (int i = 0; i < uses; i++) {
        int would = use[i].most + (n + use[i].n - 1) / use[i].n;
        if (i == 0 || would < cost) {
            best = i;
            cost = would;
        }
    }
    return best;
}

static void add_above(struct city *c, struct target t, enum whose level)
{
    t.code[OWN] = t.code[level];
    t.copy[OWN] = t.copy[level];
    if (level == OF_DISTRICT)
        t.code[OF_STREET] = 0;
    for (int i = 0; i < c->aboves; i++)
        if (c->above[i].code[OWN] == t.code[OWN])
            return;
    c->above[c->aboves++] = t;
}

static int by_home(const void *a, const void *b)
{
    const struct target *x = a, *y = b;

    return x->home != y->home ? x->home - y->home : by_number(&x->code[OWN], &y->code[OWN]);
}

static enum result share_out(struct city *c)
{
    int64_t *all, district = 0;
    int n, uses = 0, districts = 0, more = 0;
    struct use *use = arena_array(c->a, struct use, (size_t)c->homes);
    int *taken = arena_array(c->a, int, (size_t)c->homes);
    enum result r = find_communities(c, &all, &n);

    if (r != OK)
        return r;
    memset(taken, 0, (size_t)c->homes * sizeof(*taken));
    for (int i = 0; i < c->homes; i++) {
        if (i == 0 || city_street(c->home[i]) != city_street(c->home[i - 1]))
            use[uses++] = (struct use){.first = i};
        use[uses - 1].n++;
    }
    c->target = arena_array(c->a, struct target, (size_t)n);
    c->above = arena_array(c->a, struct target, (size_t)n * 2);
    for (int i = 0, end; i < n && (c->o->scale->more == 0 || more < c->o->scale->more); i = end) {
        int64_t street = city_street(all[i]);
        bool other = city_district(street) != c->district;

        for (end = i; end < n && city_street(all[end]) == street; end++)
            ;
        if (!other)
            continue;
        int people = c->o->scale->more && end - i > c->o->scale->more - more ? c->o->scale->more - more : end - i;
        struct use *u = &use[choose(use, uses, people)];
        if (city_district(street) != district) {
            district = city_district(street);
            districts++;
        }
        u->copies++;
        for (int k = 0; k < people; k++, more++) {
            int home = u->first + k % u->n;
            int copy = ++taken[home];
            c->target[c->targets] = (struct target){{all[i + k], street, district}, {copy, u->copies, districts}, home};
            u->most = copy > u->most ? copy : u->most;
            add_above(c, c->target[c->targets], OF_STREET);
            add_above(c, c->target[c->targets++], OF_DISTRICT);
            if (copy > COPIES_MAX)
                r = E_TOO_LARGE;
        }
        if (u->copies > STREET_COPIES_MAX || districts > STREET_COPIES_MAX)
            r = E_TOO_LARGE;
    }
    for (int i = 0; i < c->homes; i++) { /* the district itself */
        int64_t street = city_street(c->home[i]);
        c->target[c->targets] = (struct target){{c->home[i], street, c->district}, {0, 0, 0}, i};
        add_above(c, c->target[c->targets], OF_STREET);
        add_above(c, c->target[c->targets++], OF_DISTRICT);
    }
    if (r == E_TOO_LARGE)
        *c->why = STR("the district has too few communities for so large a city");
    qsort(c->target, (size_t)c->targets, sizeof(*c->target), by_home);
    return r;
}

/* ---- chunks ------------------------------------------------------------------------------------------------------------------------------ */

/* Of which place of the district a street or a district has the rows. */
static int64_t model_of(const struct city *c, const struct target *above)
{
    bool street = place_level_of(above->code[OWN]) == PLACE_STREET;

    return street ? city_street(c->home[above->home]) : c->district;
}

static enum result write_above(struct city *c)
{
    const struct target city = {.code = {YEAR_CITY, 0, 0}};
    struct leaf leaf;
    enum result r = city_read_once(c, &leaf);

    if (r == OK)
        r = city_write(c, &leaf, &city);
    if (r == OK)
        r = city_read(c, YEAR_CITY, &leaf);
    if (r == OK)
        r = city_write(c, &leaf, &city);
    for (int i = 0; r == OK && i < c->aboves; i++) {
        r = city_read(c, model_of(c, &c->above[i]), &leaf);
        if (r == OK)
            r = city_write(c, &leaf, &c->above[i]);
    }
    return r;
}

static void show(const struct city *c, const char *what, int64_t done, int64_t all)
{
    int share = all ? (int)(done * 40 / all) : 40;

    if (!c->o->progress)
        return;
    fprintf(c->o->progress, "\r%-10s [%.*s%*s] %5lld of %lld  ", what, share,
            "########################################", 40 - share, "", (long long)done, (long long)all);
    fflush(c->o->progress);
}

static void show_left(void *arg, int64_t left)
{
    struct city *c = arg;

    if (c->o->progress)
        fprintf(c->o->progress, "\rkeys and indexes: %lld left %*s", (long long)left, 40, "");
    if (c->o->progress)
        fflush(c->o->progress);
}

static enum result write_all(struct city *c, int64_t done)
{
    int64_t began = time_monotonic();
    struct leaf leaf = {0};
    int read = -1;
    enum result r = OK;

    if (done == 0 && (r = write_above(c)) == OK)
        r = db_fill_chunk(c->fill, done = 1, c->why);
    for (int i = (int)done - 1; r == OK && i < c->targets; i++) {
        const struct target *t = &c->target[i];

        if (read != t->home)
            r = city_read(c, c->home[t->home], &leaf);
        read = t->home;
        if (r == OK)
            r = city_write(c, &leaf, t);
        if (r == OK)
            r = db_fill_chunk(c->fill, i + 2, c->why);
        show(c, "the city", i + 1, c->targets);
    }
    c->figures.rows_ms = time_monotonic() - began;
    return r == OK ? db_fill_end(c->fill, show_left, c, c->why) : r;
}

/* The folder has the year that is asked for, and not too many have made it. */
static enum result look_at_year(struct city *c)
{
    struct str name = str_printf(c->a, "year.%s.%u.%lld.begun", c->o->scale->year, c->o->seed, (long long)c->o->now);
    struct db_raw raw;
    int64_t runs = 0;
    enum result r = all_of(c, "job", &raw);

    for (size_t i = 0; r == OK && i < raw.n; i++)
        if (str_eq(raw.value[i * raw.columns + column(&raw, "name")].s, name))
            runs = raw.value[i * raw.columns + column(&raw, "runs")].n;
    if (r == OK && runs > CITY_NODES) {
        *c->why = str_printf(c->a, "the district's year was interrupted more than %d times: make it anew",
                             CITY_NODES - 1);
        r = E_TOO_LARGE;
    }
    return r;
}

static enum result begin(struct city *c)
{
    enum result r = look_at_year(c);

    if (r == OK)
        r = find_owned(c);
    if (r == OK)
        r = find_homes(c);
    if (r == OK)
        r = share_out(c);
    arena_reset(c->leaf_arena);
    return r;
}

static void end(struct city *c)
{
    if (c->fill)
        db_fill_close(c->fill);
    if (c->source)
        db_source_close(c->source);
    if (c->leaf_arena)
        arena_close(c->leaf_arena);
    if (c->scratch)
        arena_close(c->scratch);
}

enum result city_fill(const struct city_options *o, struct arena *a, struct city_figures *ret, struct str *ret_why)
{
    struct city *c = arena_new(a, struct city);
    struct str mark = str_printf(a, "%s.%u.%lld", o->scale->name, o->seed, (long long)o->now);
    int64_t done = 0;
    enum result r;

    *c = (struct city){.o = o,
                       .a = a,
                       .why = ret_why,
                       .leaf_arena = arena_open(LEAF_MEMORY),
                       .scratch = arena_open(LEAF_MEMORY),
                       .first = id_first(year_beginning(o->now) - TIME_DAY),
                       .last = id_first(o->now + 2 * TIME_DAY)};
    r = c->leaf_arena && c->scratch ? db_source_open(o->source, &c->source) : E_BUSY;
    if (r == OK)
        r = begin(c);
    if (r == OK)
        r = db_fill_begin(o->url, mark, a, &c->fill, &done, ret_why);
    c->figures.communities = c->targets;
    c->figures.before = r == OK && done < 0;
    if (r == OK && done >= 0)
        r = write_all(c, done);
    if (o->progress)
        fputc('\n', o->progress);
    end(c);
    *ret = c->figures;
    return r;
}
