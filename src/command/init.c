/* init.c: lilong init: an empty installation, and the code for its first administrator. */
#include "command/init.h"

#include <stdio.h>
#include <unistd.h>

#include "boards/report/report.h"
#include "civic/board/board.h"
#include "civic/calendar/calendar.h"
#include "civic/person/first.h"
#include "civic/place/place.h"
#include "civic/place/place_import.h"
#include "engine/base/time.h"

enum { OPTION_NEW_CODE };
static const struct command_option options[] = {
    [OPTION_NEW_CODE] = {"new-code", NULL,
                         "only print a new code for the first administrator of DIR; the old one is void"},
    {NULL, NULL, NULL},
};

/* ---- steps: each a transaction, each said on a line that a terminal sees growing ---------------------------------- */

struct seed {
    struct world *world;
    int64_t at;
    int64_t places[PLACE_COMMUNITY + 1]; /* how many, by level */
    int64_t office;
    struct str code;
};

static enum result must_be_empty(struct db *db, void *arg)
{
    int64_t n;
    enum result r = place_count(db, PLACE_CITY, &n);

    (void)arg;
    return r == OK && n ? E_CONFLICT : r;
}

static enum result seed_calendar(struct db *db, void *arg)
{
    const struct seed *s = arg;

    return calendar_seed(db, s->at);
}

static enum result seed_categories(struct db *db, void *arg)
{
    (void)arg;
    return report_seed_categories(db);
}

static enum result seed_places(struct db *db, void *arg)
{
    struct seed *s = arg;
    struct import_report report;
    enum result r = place_import_tree(db, place_embedded_tree(), s->at, &report);

    for (int level = PLACE_CITY; r == OK && level <= PLACE_COMMUNITY; level++)
        r = place_count(db, (enum place_level)level, &s->places[level]);
    return r;
}

static enum result seed_boards(struct db *db, void *arg)
{
    const struct seed *s = arg;

    return board_seed(db, CITY_PLACE, s->at);
}

static enum result seed_office(struct db *db, void *arg)
{
    struct seed *s = arg;
    struct organisation office = {
        .place = CITY_PLACE, .kind = STR("city_government"), .name = STR("上海市城市运行管理中心")};
    enum result r = organisation_create(db, &office, s->at, 0);

    if (r == OK)
        s->office = office.id;
    return r;
}

static enum exit_code step(struct invocation *v, const char *what, enum result (*run)(struct db *db, void *arg),
                           struct seed *s)
{
    struct arena *a = arena_open((size_t)256 << 20);
    int64_t start = time_monotonic();
    enum result r;

    if (!a)
        return EXIT_NO_MEMORY;
    printf("%-36s", what);
    fflush(stdout);
    r = db_write_wait(s->world->database, a, run, s);
    arena_close(a);
    if (r != OK) {
        printf("failed\n");
        invocation_complain(v, "%s: %s", what, result_name(r));
        return exit_code_of(r);
    }
    if (run == seed_places)
        printf("%lld districts, %lld streets and towns, %lld communities", (long long)s->places[PLACE_DISTRICT],
               (long long)s->places[PLACE_STREET], (long long)s->places[PLACE_COMMUNITY]);
    else
        printf("done");
    printf(" (%lld ms)\n", (long long)(time_monotonic() - start));
    return EXIT_OK;
}

enum exit_code init_seed(struct invocation *v, struct world *w, int64_t at, int64_t *ret_city_office)
{
    static const struct {
        const char *what;
        enum result (*run)(struct db *db, void *arg);
    } steps[] = {
        {"Holidays of the years", seed_calendar},
        {"Categories of reports", seed_categories},
        {"The tree of Shanghai", seed_places},
        {"The city's office", seed_office},
        {"Boards", seed_boards},
    };
    struct seed s = {.world = w, .at = at};
    enum result r = db_write_wait(w->database, v->arena, must_be_empty, NULL);

    if (r == E_CONFLICT) {
        invocation_complain(v, "the database holds an installation already: a new one gets a database of its own");
        return EXIT_CANT_CREATE;
    }
    if (r != OK) {
        invocation_complain(v, "the database cannot be read: %s", result_name(r));
        return exit_code_of(r);
    }
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        enum exit_code code = step(v, steps[i].what, steps[i].run, &s);

        if (code != EXIT_OK)
            return code;
    }
    *ret_city_office = s.office;
    return EXIT_OK;
}

/* ---- the command --------------------------------------------------------------------------------------------------- */

struct make_code {
    const struct world *world;
    int64_t now;
    struct str code;
};

static enum result make_code(struct db *db, void *arg)
{
    struct make_code *m = arg;

    return first_code_make(db, m->world->services.keys, m->now, &m->code);
}

static enum exit_code print_code(struct invocation *v, struct world *w)
{
    struct make_code m = {.world = w, .now = time_now()};
    enum result r = db_write_wait(w->database, v->arena, make_code, &m);

    if (r == E_CONFLICT) {
        invocation_complain(v, "there are accounts in it already: an administrator gives posts to others at the desk");
        return EXIT_CANT_CREATE;
    }
    if (r != OK) {
        invocation_complain(v, "the code cannot be written: %s", result_name(r));
        return exit_code_of(r);
    }
    struct civil until = time_civil(m.now + FIRST_CODE_HOURS * TIME_HOUR);
    printf("\nThe code for the first administrator, good once, until %04d-%02d-%02d %02d:%02d:\n\n    " STR_FMT "\n\n"
           "Next: lilong serve --data %s, then type it at the address /first.\n"
           "Keep %s/secret.key as safe as the database: without it phones, names and ID numbers cannot be read.\n",
           until.year, until.month, until.day, until.hour, until.minute, STR_ARG(m.code), v->data_dir, v->data_dir);
    return fflush(stdout) == 0 ? EXIT_OK : EXIT_IO;
}

static enum exit_code run(struct invocation *v)
{
    struct world w;
    int64_t office;
    enum exit_code code;

    if (v->config.log.level == LOG_LEVEL_INFO) /* who types a command wants its own words */
        log_set_level(LOG_LEVEL_WARN);
    if (v->option[OPTION_NEW_CODE]) {
        code = world_open(v, WORLD_DATABASE, &w);
        if (code != EXIT_OK)
            return code;
        code = print_code(v, &w);
        world_close(&w);
        return code;
    }
    code = world_open(v, WORLD_NEW, &w);
    if (code != EXIT_OK)
        return code;
    code = init_seed(v, &w, time_now(), &office);
    if (code == EXIT_OK)
        code = print_code(v, &w);
    if (code == EXIT_OK)
        code = world_finish(v, &w);
    world_close(&w);
    if (code == EXIT_CANT_CREATE) /* the database is somebody else's */
        world_take_back(v);
    return code;
}

const struct command command_init = {
    .name = "init",
    .summary = "Makes a new, empty installation in DIR.",
    .usage = "lilong init --data DIR [--database URL]\n       lilong init --data DIR --new-code",
    .details =
        "DIR must be empty or missing; it will be readable by you alone. It gets the keys, the database, the city with its 16 districts, 234\n"
        "streets and towns and 6,509 communities, the official holidays, the boards and the categories of reports. No accounts: the code that is\n"
        "printed at the end makes the first administrator at the address /first, within 24 hours; --new-code prints another one.",
    .options = options,
    .run = run,
};
