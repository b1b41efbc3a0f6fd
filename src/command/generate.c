/* generate.c: lilong generate: the year of a whole district, for measuring. */
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command/init.h"
#include "demo/year.h"
#include "engine/base/log.h"
#include "engine/base/time.h"

enum { OPTION_SCALE, OPTION_NUMBER, OPTION_AT };
static const struct command_option options[] = {
    [OPTION_SCALE] = {"scale", "SCALE", "tiny, small or baoshan"},
    [OPTION_NUMBER] = {"number", "N", "another number gives another year of the same size; 1 when left out"},
    [OPTION_AT] = {"at", "TIME",
                   "the year ends at this moment, as 2026-11-23T10:00:00+08:00; last midnight when left out"},
    {NULL, NULL, NULL},
};

static enum exit_code build(struct invocation *v, struct world *w, const struct year_options *from, bool fresh)
{
    struct year_options o = *from;
    int64_t skipped = 0, ignored;
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
    r = year_build(&o, v->arena, &skipped);
    if (r != OK) {
        invocation_complain(v, "the year broke off: %s. The same command goes on where it stands", result_name(r));
        return exit_code_of(r);
    }
    printf("%lld steps did not fit any more when their time came.\n", (long long)skipped);
    return EXIT_OK;
}

static enum exit_code run(struct invocation *v)
{
    int64_t now = day_start(day_of(time_now())), started = time_monotonic(), number = 1;
    struct year_options o = {.scale = year_scale_named(v->option[OPTION_SCALE] ? v->option[OPTION_SCALE] : "tiny"),
                             .progress = isatty(1) ? stdout : NULL};
    struct world w;
    enum exit_code code;

    if (!o.scale) {
        invocation_complain(v, "--scale is tiny, small or baoshan");
        return EXIT_USAGE;
    }
    if (v->option[OPTION_NUMBER] && str_int64(str_from_cstr(v->option[OPTION_NUMBER]), 0, 1000000, &number) != OK) {
        invocation_complain(v, "--number needs a number up to 1000000");
        return EXIT_USAGE;
    }
    if (v->option[OPTION_AT] && time_parse(str_from_cstr(v->option[OPTION_AT]), &now) != OK) {
        invocation_complain(v, "--at needs a moment as 2026-11-23T10:00:00+08:00");
        return EXIT_USAGE;
    }
    const char *dir = invocation_need_data(v);
    if (!dir)
        return EXIT_USAGE;
    o.seed = (unsigned)number;
    o.now = now;
    umask(077);
    if (v->config.log.level == LOG_LEVEL_INFO)
        log_set_level(LOG_LEVEL_WARN);
    bool fresh = access(str_cstr(v->arena, str_printf(v->arena, "%s/secret.key", dir)), F_OK) != 0;
    code = world_open(v, fresh ? WORLD_NEW : WORLD_DATABASE, &w);
    if (code != EXIT_OK)
        return code;
    if (!fresh && !w.demo) {
        invocation_complain(v, "%s is a real installation: nothing is invented in it", dir);
        code = EXIT_CANT_CREATE;
    } else {
        code = build(v, &w, &o, fresh);
    }
    world_close(&w);
    if (code == EXIT_OK)
        printf("Made in %.1f seconds. Next: lilong verify --data %s\n", (double)(time_monotonic() - started) / 1000.0,
               dir);
    return code;
}

const struct command command_generate = {
    .name = "generate",
    .summary = "Makes the year of a whole district in DIR, for measuring.",
    .usage = "lilong generate --scale tiny|small|baoshan --data DIR [--number N] [--at TIME] [--database URL]",
    .details =
        "DIR must be empty or missing, or hold such a year that was interrupted: then it goes on where it stands, if number and end are the same. What it makes is a\n"
        "demo world: people sign in with one tap. baoshan: 567 communities, 280,000 households, 360,000 people and 31,000 reports with all their steps.",
    .options = options,
    .run = run,
};
