/* place.c: lilong place: what happens to communities: founded, renamed, merged, split. Their past stays under the old code. */
#include "civic/place/place.h"

#include <stdio.h>

#include "command/world.h"
#include "engine/base/time.h"

enum { CODES_MAX = 12, MOVES_MAX = 200 };

enum { O_INTO, O_NAME, O_ESTATES, O_TRY };
static const struct command_option options[] = {
    [O_INTO] = {"into", "CODE[=NAME],…",
                "merge: the community that goes on, or a new one with its name; split: all that come of it"},
    [O_NAME] = {"name", "NAME", "found, rename: as on the door, 吴淞新城居委会"},
    [O_ESTATES] = {"estates", "ID=CODE,…", "split: which estate goes where; `lilong place show` lists their numbers"},
    [O_TRY] = {"try", NULL, "says what would happen, and changes nothing"},
    {NULL, NULL, NULL},
};

struct action;
struct work {
    struct invocation *v;
    const struct action *action;
    int64_t code[CODES_MAX]; /* what the command line names */
    size_t n_codes;
    struct place_new into[CODES_MAX];
    size_t n_into;
    struct place_moves move[MOVES_MAX];
    size_t n_moves;
    struct str name;
    const char *problem; /* what to say when run() refuses; NULL: the result's name */
};

static struct str option(const struct work *w, size_t i)
{
    const char *s = w->v->option[i];

    return s ? str_trim(str_from_cstr(s)) : STR_NONE;
}

static enum result refuse(struct work *w, const char *problem)
{
    w->problem = problem;
    return E_INVALID;
}

/* ---- what the command line says ------------------------------------------------------------------------------------- */

static enum result read_codes(struct work *w, size_t least, size_t most)
{
    for (size_t i = 1; i < w->v->n_positional; i++) {
        if (w->n_codes == CODES_MAX || place_parse(str_from_cstr(w->v->positional[i]), &w->code[w->n_codes++]) != OK)
            return refuse(w, "a place is named by its code of 12 digits");
    }
    if (w->n_codes < least || w->n_codes > most)
        return refuse(w, most == 1 ? "of which place? one code" : "two codes at least: those that become one");
    return OK;
}

/* CODE or CODE=NAME, with commas between. */
static enum result read_into(struct work *w)
{
    struct str rest = option(w, O_INTO), item;

    while (str_cut(&rest, ',', &item)) {
        struct str code;
        struct place_new *n = &w->into[w->n_into];

        item = str_trim(item);
        if (w->n_into == CODES_MAX)
            return refuse(w, "--into: too many");
        if (!str_cut(&item, '=', &code) || place_parse(str_trim(code), &n->code) != OK)
            return refuse(w, "--into: codes of 12 digits, with =NAME behind a new one");
        n->name = str_trim(item);
        w->n_into++;
    }
    return w->n_into ? OK : refuse(w, "--into is needed: what comes of it");
}

static enum result read_moves(struct work *w)
{
    struct str rest = option(w, O_ESTATES), item;

    while (str_cut(&rest, ',', &item)) {
        struct str estate;
        struct place_moves *m = &w->move[w->n_moves];

        item = str_trim(item);
        if (w->n_moves == MOVES_MAX)
            return refuse(w, "--estates: too many");
        if (!str_cut(&item, '=', &estate) || str_int64(str_trim(estate), 1, INT64_MAX, &m->estate) != OK ||
            place_parse(str_trim(item), &m->to) != OK)
            return refuse(w, "--estates: NUMBER=CODE, with commas between");
        w->n_moves++;
    }
    return OK;
}

static enum result read_name(struct work *w)
{
    w->name = option(w, O_NAME);
    return w->name.len ? OK : refuse(w, "--name is needed");
}

static enum result prepare_show(struct work *w)
{
    return read_codes(w, 1, 1);
}

static enum result prepare_name(struct work *w)
{
    enum result r = read_codes(w, 1, 1);

    return r == OK ? read_name(w) : r;
}

static enum result prepare_merge(struct work *w)
{
    enum result r = read_codes(w, 2, CODES_MAX);

    if (r == OK)
        r = read_into(w);
    return r == OK && w->n_into != 1 ? refuse(w, "--into: a merger has one that goes on") : r;
}

static enum result prepare_split(struct work *w)
{
    enum result r = read_codes(w, 1, 1);

    if (r == OK)
        r = read_into(w);
    if (r == OK && w->n_into < 2)
        return refuse(w, "--into: a split has two at least; the old code may be one of them");
    return r == OK ? read_moves(w) : r;
}

/* ---- the actions, each in a transaction --------------------------------------------------------------------------------- */

static void print_day(int64_t at)
{
    struct civil c = time_civil(at);

    printf("%04d-%02d-%02d", c.year, c.month, c.day);
}

static enum result print_place(struct db *db, int64_t code)
{
    struct estates estates;
    struct organisations all;
    struct places now;
    struct place place;
    int64_t households = 0;
    enum result r = place_get(db, code, &place);

    if (r != OK)
        return r;
    printf("%" PRId64 " " STR_FMT, place.code, STR_ARG(place.name));
    if (place.valid_to) {
        printf(", ended ");
        print_day(place.valid_to);
        r = place_now(db, code, &now);
        for (size_t i = 0; r == OK && i < now.n; i++)
            printf("%s%" PRId64 " " STR_FMT, i ? ", " : "; today ", now.place[i].code, STR_ARG(now.place[i].name));
    }
    if (r == OK)
        r = dwelling_count(db, code, &households);
    if (r == OK)
        printf("\n    %" PRId64 " dwellings\n", households);
    if (r == OK && place.level == PLACE_COMMUNITY)
        r = estate_list(db, code, &estates);
    for (size_t i = 0; r == OK && place.level == PLACE_COMMUNITY && i < estates.n; i++)
        printf("    estate %-20" PRId64 " " STR_FMT "\n", estates.estate[i].id, STR_ARG(estates.estate[i].name));
    if (r == OK)
        r = organisation_list(db, code, &all);
    for (size_t i = 0; r == OK && i < all.n; i++)
        printf("    organisation %-20" PRId64 " " STR_FMT "\n", all.organisation[i].id,
               STR_ARG(all.organisation[i].name));
    return r;
}

static enum result run_found(struct db *db, void *arg)
{
    struct work *w = arg;
    enum result r = place_found(db, w->code[0], w->name, time_now(), 0);

    if (r == E_CONFLICT)
        w->problem = "that code has been given already";
    else if (r == E_INVALID)
        w->problem = "the place above is not there, or has ended";
    return r;
}

static enum result run_rename(struct db *db, void *arg)
{
    struct work *w = arg;
    enum result r = place_rename(db, w->code[0], w->name, time_now(), 0);

    if (r == E_NOT_FOUND)
        w->problem = "there is no such place";
    return r;
}

static enum result run_succeed(struct db *db, void *arg)
{
    struct work *w = arg;
    const struct place_change change = {w->code, w->n_codes, w->into, w->n_into, w->move, w->n_moves, time_now(), 0};
    enum result r = place_succeed(db, &change);

    switch (r) {
    case OK: break;
    case E_NOT_FOUND: w->problem = "one of the codes is not there; a new one needs its name: CODE=NAME"; break;
    case E_CONFLICT:
        w->problem =
            "a place has ended already, a new code has been given already, or two estates of one name would meet: rename one";
        break;
    case E_INVALID:
        w->problem = "only communities merge and split, and estates go to one of those named by --into";
        break;
    default: break;
    }
    return r;
}

/* The places that the command line names, as they stand now. */
static enum result print_all(struct db *db, struct work *w)
{
    enum result r = OK;

    for (size_t i = 0; r == OK && i < w->n_codes; i++)
        r = print_place(db, w->code[i]);
    for (size_t i = 0; r == OK && i < w->n_into; i++) {
        bool shown = false;

        for (size_t k = 0; k < w->n_codes; k++)
            shown |= w->code[k] == w->into[i].code;
        if (!shown)
            r = print_place(db, w->into[i].code);
    }
    return r;
}

static const struct action {
    const char *name;
    enum result (*prepare)(struct work *w);
    enum result (*run)(struct db *db, void *arg);
} actions[] = {
    {"show", prepare_show, NULL},          {"found", prepare_name, run_found},    {"rename", prepare_name, run_rename},
    {"merge", prepare_merge, run_succeed}, {"split", prepare_split, run_succeed},
};

/* Runs the action, shows what came of it, and has it undone: nothing but OK is kept. */
static enum result run_try(struct db *db, void *arg)
{
    struct work *w = arg;
    enum result r = w->action->run(db, w);

    if (r == OK)
        r = print_all(db, w);
    return r == OK ? E_GONE : r;
}

static enum result show(struct world *world, struct work *w)
{
    struct db *db;
    enum result r = db_read_begin(world->database, w->v->arena, &db);

    if (r != OK)
        return r;
    r = print_all(db, w);
    db_read_end(db);
    if (r == E_NOT_FOUND)
        w->problem = "there is no such place";
    return r;
}

static enum exit_code complain(struct work *w, enum result r)
{
    invocation_complain(w->v, "%s", w->problem ? w->problem : result_name(r));
    return exit_code_of(r);
}

static enum exit_code run(struct invocation *v)
{
    struct work *w = arena_array(v->arena, struct work, 1);
    struct world world;
    enum exit_code code;
    bool try = v->option[O_TRY] != NULL;
    enum result r;

    w->v = v;
    for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++)
        if (v->n_positional && strcmp(actions[i].name, v->positional[0]) == 0)
            w->action = &actions[i];
    if (!w->action) {
        invocation_complain(v, "says what to do: show, found, rename, merge or split");
        return EXIT_USAGE;
    }
    r = w->action->prepare(w);
    if (r != OK) {
        complain(w, r);
        return EXIT_USAGE;
    }
    if ((code = world_open(v, w->action->run ? WORLD_DATABASE : WORLD_READ, &world)) != EXIT_OK)
        return code;
    if (try)
        r = w->action->run ? db_write_wait(world.database, v->arena, run_try, w) : OK;
    else if (w->action->run)
        r = db_write_wait(world.database, v->arena, w->action->run, w);
    if (try && r == E_GONE) {
        puts("Nothing was changed.");
        r = OK;
    } else if (r == OK) {
        r = show(&world, w);
    }
    if (r != OK)
        code = complain(w, r);
    world_close(&world);
    return code;
}

const struct command command_place = {
    .name = "place",
    .summary = "Places: show, found, rename, merge, split.",
    .usage = "lilong place show|found|rename|merge|split CODE… --data DIR [options]",
    .details =
        "show CODE                                 a place, its estates and organisations with their numbers\n"
        "found CODE --name NAME                    a new place below the one that its code says\n"
        "rename CODE --name NAME\n"
        "merge CODE CODE… --into CODE[=NAME]       communities become one: one of them, or a new one\n"
        "split CODE --into CODE[=NAME],CODE[=NAME] --estates ID=CODE,…   estates not named go to the first\n"
        "\n"
        "Estates with their posters' codes, residents, rosters, open reports and what residents wrote, gave and signed up for go\n"
        "along; what the committee has goes when its community ends. Old addresses lead to the new ones, figures and closed reports\n"
        "stay under the old code, whose page says what it is today. Two committees that meet stay two until one is ended.\n"
        "With SQLite the server has to be stopped meanwhile, except for show; with PostgreSQL it may run.",
    .options = options,
    .positional_max = CODES_MAX + 1,
    .run = run,
};
