/* import.c: lilong import: files from offices into the database. A file with mistakes changes nothing; each is named with its line. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "boards/guide/guide.h"
#include "boards/report/report.h"
#include "civic/calendar/calendar.h"
#include "civic/person/join.h"
#include "civic/place/place_import.h"
#include "command/world.h"
#include "engine/base/time.h"

enum { FILE_MAX = 256 << 20 };

struct import {
    struct invocation *v;
    struct world *world;
    struct str bytes;
    int64_t place; /* of --place; 0: not given */
    int64_t now;
    enum exit_code code; /* what was said already */
};

/* ---- what a kind does; inside the write transaction ------------------------------------------------------------------ */

static void print_faults(const struct import_report *rep)
{
    for (size_t i = 0; i < rep->n_faults; i++) {
        const struct import_fault *f = &rep->fault[i];
        if (f->what.len)
            fprintf(stderr, "line %zu: %s: " STR_FMT "\n", f->line, f->why, STR_ARG(f->what));
        else
            fprintf(stderr, "line %zu: %s\n", f->line, f->why);
    }
}

/* The report of an import, or its mistakes. */
static enum result told(struct import *job, enum result r, const struct import_report *rep, const char *things)
{
    if (r == E_INVALID && rep->n_faults) {
        print_faults(rep);
        invocation_complain(job->v, "%zu mistake%s; nothing was changed", rep->n_faults, rep->n_faults == 1 ? "" : "s");
        job->code = EXIT_DATA;
    } else if (r == OK) {
        printf("%zu %s: %zu new, %zu changed, %zu as they were\n", rep->rows, things, rep->added, rep->changed,
               rep->same);
        if (rep->gone)
            printf("%zu in force are not in the file; they stay until somebody says what they became\n", rep->gone);
    }
    return r;
}

static enum result import_places(struct db *db, void *arg)
{
    struct import *job = arg;
    struct import_report rep = {0};

    return told(job, place_import_tree(db, job->bytes, job->now, &rep), &rep, "places");
}

static enum result import_estates(struct db *db, void *arg)
{
    struct import *job = arg;
    struct import_report rep = {0};

    return told(job, place_import_estates(db, job->place, job->bytes, job->now, 0, &rep), &rep, "estates");
}

static enum result import_dwellings(struct db *db, void *arg)
{
    struct import *job = arg;
    struct import_report rep = {0};

    return told(job, place_import_dwellings(db, job->place, job->bytes, job->now, 0, &rep), &rep, "dwellings");
}

static enum result import_holidays(struct db *db, void *arg)
{
    struct import *job = arg;
    struct calendar_days days;
    struct str why = STR_NONE;
    enum result r = calendar_parse(db_arena(db), job->bytes, &days, &why);

    if (r != OK) {
        invocation_complain(job->v, STR_FMT "; nothing was changed", STR_ARG(why));
        job->code = EXIT_DATA;
        return r;
    }
    r = calendar_import(db, &days, job->now);
    if (r == OK && days.first_year == days.last_year)
        printf("%zu days of %d\n", days.n, days.first_year);
    else if (r == OK)
        printf("%zu days of %d to %d\n", days.n, days.first_year, days.last_year);
    return r;
}

static enum result import_categories(struct db *db, void *arg)
{
    struct import *job = arg;
    struct import_report rep = {0};
    size_t gone;
    enum result r = report_import_categories(db, job->bytes, &rep);

    gone = rep.gone;
    rep.gone = 0; /* in words of its own */
    r = told(job, r, &rep, "categories");
    if (r == OK && gone)
        printf("%zu are not in the file; they stay as they are\n", gone);
    return r;
}

static enum result import_guide(struct db *db, void *arg)
{
    struct import *job = arg;
    struct import_report rep = {0};
    enum result r = guide_import(db, job->place ? job->place : INT64_C(310000000000), job->bytes, job->now, &rep);

    if (r == E_NOT_FOUND) {
        invocation_complain(job->v,
                            "there is no board 'guide', or no such place: run `lilong init` of this version first");
        job->code = EXIT_DATA;
    }
    return told(job, r, &rep, "matters");
}

static enum result import_roster(struct db *db, void *arg)
{
    struct import *job = arg;
    struct roster_result rep = {0};
    enum result r = roster_import(db, job->world->services.keys, job->place, job->bytes, 0, 0, job->now, &rep);

    for (size_t i = 0; i < rep.n_faults; i++) {
        struct str why = text(LANG_EN, rep.fault[i].why);
        fprintf(stderr, "line %lld: " STR_FMT "\n", (long long)rep.fault[i].line, STR_ARG(why));
    }
    if (r == OK) {
        int64_t all = rep.added + rep.updated;
        printf("%lld people on the roster: %lld new, %lld changed; %lld who waited are verified now\n", (long long)all,
               (long long)rep.added, (long long)rep.updated, (long long)rep.verified);
        if (rep.n_faults) {
            printf("%zu lines were left out\n", rep.n_faults);
            job->code = EXIT_DATA;
        }
    }
    return r;
}

static const struct {
    const char *name;
    enum result (*run)(struct db *db, void *arg);
    bool needs_community, embedded; /* without a FILE the one in the binary is taken */
} kinds[] = {
    {"places", import_places, false, true},
    {"holidays", import_holidays, false, false},
    {"categories", import_categories, false, false},
    {"estates", import_estates, false, false},
    {"dwellings", import_dwellings, false, false},
    {"roster", import_roster, true, false},
    {"guide", import_guide, false, true},
};

/* ---- the command --------------------------------------------------------------------------------------------------------- */

enum { OPTION_PLACE };
static const struct command_option options[] = {
    [OPTION_PLACE] = {"place", "CODE",
                      "the community that the file is of, twelve digits; then it needs no column for it"},
    {NULL, NULL, NULL},
};

/* The whole file; "-" is standard input. */
static enum exit_code read_file(struct invocation *v, const char *path, struct str *ret_bytes)
{
    bool standard = strcmp(path, "-") == 0;
    int fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    struct buf b;
    char block[1 << 16];
    ssize_t n;

    if (fd < 0) {
        invocation_complain(v, "cannot read %s: %s", path, strerror(errno));
        return EXIT_NO_INPUT;
    }
    buf_init(&b, v->arena, sizeof block, FILE_MAX + sizeof block);
    while ((n = read(fd, block, sizeof block)) > 0 && b.len <= FILE_MAX)
        buf_put(&b, (struct str){block, (size_t)n});
    int error = errno;
    if (!standard)
        close(fd);
    if (n < 0) {
        invocation_complain(v, "cannot read %s: %s", path, strerror(error));
        return EXIT_IO;
    }
    if (b.len > FILE_MAX) {
        invocation_complain(v, "%s is larger than 256 MiB: give it in parts", path);
        return EXIT_DATA;
    }
    *ret_bytes = buf_str(&b);
    return EXIT_OK;
}

static enum exit_code run(struct invocation *v)
{
    struct import job = {.v = v, .now = time_now(), .code = EXIT_OK};
    struct world world;
    size_t kind = 0;
    enum exit_code code = EXIT_OK;

    if (!v->n_positional) {
        invocation_complain(v, "import what? places, holidays, categories, estates, dwellings, roster or guide");
        return EXIT_USAGE;
    }
    while (kind < sizeof kinds / sizeof *kinds && strcmp(kinds[kind].name, v->positional[0]) != 0)
        kind++;
    if (kind == sizeof kinds / sizeof *kinds) {
        invocation_complain(
            v,
            "there is nothing called '%s' to import: places, holidays, categories, estates, dwellings, roster or guide",
            v->positional[0]);
        return EXIT_USAGE;
    }
    if (v->option[OPTION_PLACE] &&
        (place_parse(str_from_cstr(v->option[OPTION_PLACE]), &job.place) != OK ||
         (place_level_of(job.place) != PLACE_COMMUNITY && kinds[kind].run != import_guide))) {
        invocation_complain(v, "--place needs the twelve digits of a community");
        return EXIT_USAGE;
    }
    if (kinds[kind].needs_community && !job.place) {
        invocation_complain(v, "of which community? --place CODE");
        return EXIT_USAGE;
    }
    if (v->n_positional > 1) {
        code = read_file(v, v->positional[1], &job.bytes);
    } else if (kinds[kind].embedded) {
        job.bytes = kinds[kind].run == import_guide ? guide_embedded() : place_embedded_tree();
    } else {
        invocation_complain(v, "which file?");
        code = EXIT_USAGE;
    }
    if (code != EXIT_OK)
        return code;

    if (v->config.log.level == LOG_LEVEL_INFO) /* who types a command wants its own words */
        log_set_level(LOG_LEVEL_WARN);
    code = world_open(v, WORLD_DATABASE, &world);
    if (code != EXIT_OK)
        return code;
    job.world = &world;
    enum result r = db_write_wait(world.database, v->arena, kinds[kind].run, &job);
    world_close(&world);
    if (job.code != EXIT_OK)
        return job.code;
    if (r != OK) {
        invocation_complain(v, "%s; nothing was changed", result_name(r));
        return exit_code_of(r);
    }
    return EXIT_OK;
}

const struct command command_import = {
    .name = "import",
    .summary = "Reads places, holidays, estates, dwellings, a roster or the guide from a file.",
    .usage = "lilong import places|holidays|categories|estates|dwellings|roster|guide [FILE] --data DIR [--place CODE]",
    .details =
        "Files are CSV with a first line of names, in UTF-8 or GBK; '-' reads standard input. The same file twice changes nothing.\n"
        "\n"
        "places     code,name,parent: divisions of the city; without FILE those in the binary. Codes that are missing are only counted.\n"
        "holidays   date,kind,name: one year's notice; kind is holiday or workday. Replaces what there was of that year.\n"
        "categories code,name,name_en,words,grade,limit_amount,limit_unit: classes of problems and their limits. None is ever removed.\n"
        "estates    estate,address[,community]\n"
        "dwellings  estate,building,staircase,room,area[,community]: makes estates and buildings that are not there.\n"
        "roster     estate,building,room,name,document,phone,relation: who lives where, by the committee's own list.\n"
        "guide      code,name,theme,said,who,materials,counter,address,hours,phone,online,steps,promised,legal,fee,basis,reach,related,checked: how to get\n"
        "           things done, as CSV or as a JSON array of objects; without FILE those in the binary. --place: any place, else the city.",
    .options = options,
    .positional_max = 2,
    .run = run,
};
