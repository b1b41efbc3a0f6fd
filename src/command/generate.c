/* generate.c: lilong generate: the year of a whole district, for measuring. */
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command/init.h"
#include "civic/statistics/statistics.h"
#include "demo/city.h"
#include "demo/year.h"
#include "engine/base/log.h"
#include "engine/base/time.h"

enum { OPTION_SCALE, OPTION_NUMBER, OPTION_AT };
static const struct command_option options[] = {
    [OPTION_SCALE] = {"scale", "SCALE", "tiny, small, baoshan or city"},
    [OPTION_NUMBER] = {"number", "N", "another number gives another year of the same size; 1 when left out"},
    [OPTION_AT] = {"at", "TIME",
                   "the year ends at this moment, as 2026-11-23T10:00:00+08:00; last midnight when left out"},
    {NULL, NULL, NULL},
};

static enum exit_code build(struct invocation *v, struct world *w, const struct year_options *from, bool fresh)
{
    struct year_options o = *from;
    int64_t steps = 0, skipped = 0, ignored;
    enum exit_code code = EXIT_OK;
    enum result r;

    o.database = w->database;
    o.services = &w->services;
    if (fresh) {
        time_set(year_beginning(o.now));
        code = init_seed(v, w, year_beginning(o.now), &ignored);
        if (code == EXIT_OK)
            code = world_mark_demo(v, w);
        if (code == EXIT_OK)
            code = world_finish(v, w); /* whole, and empty: from here on it can be interrupted */
    }
    if (code != EXIT_OK)
        return code;
    r = year_build(&o, v->arena, &steps, &skipped);
    if (r != OK) {
        invocation_complain(v, "the year broke off: %s. The same command goes on where it stands", result_name(r));
        return exit_code_of(r);
    }
    printf("%lld steps, of which %lld did not fit any more when their time came.\n", (long long)steps,
           (long long)skipped);
    return EXIT_OK;
}

/* ---- the city ---------------------------------------------------------------------------------------------------------------------- */

/* What is counted for streets, districts and the city: from the figures of the communities, as the nightly job does. */
static enum exit_code count_levels(struct invocation *v, const struct year_options *o)
{
    struct arena *scratch = arena_open((size_t)256 << 20);
    struct world w;
    int64_t closed = 1;
    enum exit_code code = scratch ? world_open(v, WORLD_DATABASE, &w) : EXIT_UNAVAILABLE;
    enum result r = OK;

    while (code == EXIT_OK && r == OK && closed > 0) {
        r = statistics_close_days(w.database, scratch, o->now, 10, &closed);
        arena_reset(scratch);
    }
    if (code == EXIT_OK)
        world_close(&w);
    if (scratch)
        arena_close(scratch);
    return code != EXIT_OK ? code : r == OK ? EXIT_OK : exit_code_of(r);
}

static enum exit_code fill(struct invocation *v, const struct year_options *year, const struct city_scale *scale,
                           const char *dir)
{
    struct city_options o = {.source = str_cstr(v->arena, str_printf(v->arena, "%s/lilong.db", dir)),
                             .url = str_cstr(v->arena, v->config.database.url),
                             .scale = scale,
                             .seed = year->seed,
                             .now = year->now,
                             .progress = year->progress};
    int64_t started = time_monotonic();
    struct city_figures f = {0};
    struct str why = STR_NONE;
    struct crypto_keys *keys;
    enum result r = crypto_keys_open(dir, false, v->arena, &keys, &why);

    o.keys = keys;
    if (r == OK)
        r = city_fill(&o, v->arena, &f, &why);
    if (r != OK) {
        invocation_complain(v, STR_FMT, STR_ARG(why.len ? why : str_from_cstr(result_name(r))));
        if (r != E_CONFLICT)
            invocation_complain(v, "the same command goes on where it stands");
        return r == E_CONFLICT ? EXIT_CANT_CREATE : exit_code_of(r);
    }
    if (f.before)
        printf("The city is there already.\n");
    else
        printf("%lld communities; %lld rows, %lld MB, in %.1f seconds; with keys and indexes %.1f seconds.\n",
               (long long)f.communities, (long long)f.rows, (long long)(f.bytes >> 20), (double)f.rows_ms / 1000.0,
               (double)(time_monotonic() - started) / 1000.0);
    return count_levels(v, year);
}

static enum exit_code settings(struct invocation *v, struct year_options *o, const struct city_scale **ret_city)
{
    const char *scale = v->option[OPTION_SCALE] ? v->option[OPTION_SCALE] : "tiny";
    int64_t number = 1;

    *ret_city = city_scale_named(scale);
    o->now = day_start(day_of(time_now()));
    o->scale = year_scale_named(*ret_city ? (*ret_city)->year : scale);
    o->progress = isatty(1) ? stdout : NULL;
    if (!o->scale) {
        invocation_complain(v, "--scale is tiny, small, baoshan or city");
        return EXIT_USAGE;
    }
    if (v->option[OPTION_NUMBER] && str_int64(str_from_cstr(v->option[OPTION_NUMBER]), 0, 1000000, &number) != OK) {
        invocation_complain(v, "--number needs a number up to 1000000");
        return EXIT_USAGE;
    }
    if (v->option[OPTION_AT] && time_parse(str_from_cstr(v->option[OPTION_AT]), &o->now) != OK) {
        invocation_complain(v, "--at needs a moment as 2026-11-23T10:00:00+08:00");
        return EXIT_USAGE;
    }
    if (*ret_city && strncmp(str_cstr(v->arena, v->config.database.url), "postgres", strlen("postgres")) != 0) {
        invocation_complain(v, "a city needs PostgreSQL: say --database postgresql://... of an empty database");
        return EXIT_USAGE;
    }
    o->seed = (unsigned)number;
    return EXIT_OK;
}

static enum exit_code make_year(struct invocation *v, const struct year_options *o, const char *dir)
{
    bool fresh = access(str_cstr(v->arena, str_printf(v->arena, "%s/secret.key", dir)), F_OK) != 0;
    struct world w;
    enum exit_code code = world_open(v, WORLD_REMADE | (fresh ? WORLD_NEW : WORLD_MIGRATE), &w);

    if (code != EXIT_OK)
        return code;
    if (!fresh && !w.demo) {
        invocation_complain(v, "%s is a real installation: nothing is invented in it", dir);
        code = EXIT_CANT_CREATE;
    } else {
        code = build(v, &w, o, fresh);
    }
    world_close(&w);
    return code;
}

static enum exit_code run(struct invocation *v)
{
    const int64_t started = time_monotonic();
    const struct city_scale *city;
    struct year_options o = {.scale = NULL};
    const char *dir;
    enum exit_code code = settings(v, &o, &city);

    if (code != EXIT_OK || !(dir = invocation_need_data(v)))
        return EXIT_USAGE;
    umask(077);
    if (v->config.log.level == LOG_LEVEL_INFO)
        log_set_level(LOG_LEVEL_WARN);
    const struct str url = v->config.database.url;
    if (city) /* the district's year is in the folder, whatever becomes of it */
        v->config.database.url = STR_NONE;
    code = make_year(v, &o, dir);
    v->config.database.url = url;
    if (code == EXIT_OK && city)
        code = fill(v, &o, city, dir);
    if (code == EXIT_OK)
        printf("Made in %.1f seconds. Next: lilong verify --data %s%s\n", (double)(time_monotonic() - started) / 1000.0,
               dir, city ? " --database URL" : "");
    return code;
}

const struct command command_generate = {
    .name = "generate",
    .summary = "Makes the year of a whole district in DIR, for measuring.",
    .usage = "lilong generate --scale tiny|small|baoshan|city --data DIR [--number N] [--at TIME] [--database URL]",
    .details =
        "DIR must be empty or missing, or hold such a year that was interrupted: then it goes on where it stands, if number and end are the same. What it makes is a\n"
        "demo world: people sign in with one tap. baoshan: 567 communities, 280,000 households, 360,000 people and 31,000 reports with all their steps,\n"
        "and everything else that neighbours and committees do: 9.3 million interactions. city: that year in DIR, and out of it one for every community of the city,\n"
        "into an empty PostgreSQL database (--database): 6,509 communities, 4.1 million people, 107 million interactions.",
    .options = options,
    .run = run,
};
