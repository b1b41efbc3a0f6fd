/* demo.c: lilong demo: a neighbourhood to look at and to try everything in. */
#include <stdio.h>
#include <sys/stat.h>

#include "civic/media/media_document.h"
#include "command/init.h"
#include "demo/demo.h"
#include "engine/base/time.h"
#include "engine/page/qr.h"

enum { OPTION_AT };
static const struct command_option options[] = {
    [OPTION_AT] = {"at", "TIME", "the story ends at this moment and not now, as 2026-11-23T10:00:00+08:00: for tests"},
    {NULL, NULL, NULL},
};

/* How many columns of a terminal the text takes: a Chinese character takes two. */
static int columns(struct str s)
{
    int n = 0;

    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];

        if (c < 0x80 || (c >= 0xC0 && c < 0xE0))
            n += 1; /* ASCII; the dot in names of minorities */
        else if (c >= 0xE0)
            n += 2;
    }
    return n;
}

static void print_cell(struct str s, int width)
{
    int used = columns(s);

    printf(STR_FMT "%*s", STR_ARG(s), used < width ? width - used : 1, "");
}

static enum exit_code print_who(struct invocation *v, const struct world *w, struct str base)
{
    struct demo_line line[64];
    size_t n = 0;
    struct db *db;
    enum result r = db_read_begin(w->database, v->arena, &db);

    if (r != OK)
        return exit_code_of(r);
    r = demo_who(db, w->services.keys, line, sizeof(line) / sizeof(line[0]), &n);
    db_read_end(db);
    if (r != OK)
        return exit_code_of(r);
    printf("\nWho is who. A link signs in as that person with one tap; " STR_FMT "/demo shows everybody.\n\n",
           STR_ARG(base));
    for (size_t i = 0; i < n; i++) {
        print_cell(line[i].name, 17);
        print_cell(line[i].role, 18);
        print_cell(line[i].title, 18);
        print_cell(line[i].place, 24);
        printf(STR_FMT "/demo?person=%" PRId64 "\n", STR_ARG(base), line[i].person);
    }
    return fflush(stdout) == 0 ? EXIT_OK : EXIT_IO;
}

enum exit_code demo_print_welcome(struct invocation *v, const struct world *w, struct str base)
{
    struct str code = STR_NONE, address, qr;
    struct db *db;
    enum result r = db_read_begin(w->database, v->arena, &db);

    if (r != OK)
        return exit_code_of(r);
    r = demo_code(db, &code);
    db_read_end(db);
    address = str_printf(v->arena, STR_FMT "/q/" STR_FMT, STR_ARG(base), STR_ARG(code));
    if (r == OK)
        r = qr_terminal(v->arena, address, &qr);
    if (r != OK)
        return exit_code_of(r);
    printf("\n" STR_FMT "\nWhat hangs at the gate of the estate: " STR_FMT "\n", STR_ARG(qr), STR_ARG(address));
    return print_who(v, w, base);
}

static enum exit_code build(struct invocation *v, struct world *w, int64_t now)
{
    struct demo_options o = {.database = w->database, .services = &w->services, .now = now, .progress = stdout};
    int64_t skipped = 0;
    enum exit_code code;
    enum result r;

    time_set(demo_beginning(now)); /* ids rise with time: nothing may be made later than what follows it */
    code = init_seed(v, w, demo_beginning(now), &o.city_office);
    if (code == EXIT_OK)
        code = world_mark_demo(v, w);
    if (code != EXIT_OK)
        return code;
    r = demo_build(&o, v->arena, &skipped);
    if (r != OK) {
        invocation_complain(v, "the story broke off: %s", result_name(r));
        return exit_code_of(r);
    }
    if (skipped) {
        invocation_complain(v, "%lld steps of the story did not fit; the lines above say which", (long long)skipped);
        return EXIT_INTERNAL;
    }
    return world_finish(v, w);
}

/* Neighbours of the story attach PDF files, which only that program opens: said before anything is made. */
static bool opens_documents(struct invocation *v)
{
    struct str path;

    if (document_program_found(v->arena, &path))
        return true;
    invocation_complain(v,
                        "the story has PDF files in it, and the program that opens them is not there: " STR_FMT
                        ". `./dev build` makes it beside lilong, the Debian package brings it; whoever copies lilong"
                        " copies lilong-pdf too",
                        STR_ARG(path));
    return false;
}

static enum exit_code run(struct invocation *v)
{
    int64_t now = time_now(), started = time_monotonic();
    struct world w;
    enum exit_code code;

    if (v->option[OPTION_AT] && time_parse(str_from_cstr(v->option[OPTION_AT]), &now) != OK) {
        invocation_complain(v, "--at needs a moment as 2026-11-23T10:00:00+08:00");
        return EXIT_USAGE;
    }
    if (!opens_documents(v))
        return EXIT_UNAVAILABLE;
    umask(077);
    if (v->config.log.level == LOG_LEVEL_INFO)
        log_set_level(LOG_LEVEL_WARN);
    code = world_open(v, WORLD_NEW | WORLD_MEDIA, &w);
    if (code != EXIT_OK)
        return code;
    code = build(v, &w, now);
    world_close(&w);
    if (code == EXIT_CANT_CREATE) /* the database is somebody else's */
        world_take_back(v);
    if (code == EXIT_OK)
        printf("Made in %.1f seconds. Next: lilong serve --data %s, which shows who is who.\n",
               (double)(time_monotonic() - started) / 1000.0, v->data_dir);
    return code;
}

const struct command command_demo = {
    .name = "demo",
    .summary = "Makes a demo world in DIR: a neighbourhood with four weeks of life.",
    .usage = "lilong demo --data DIR [--database URL]",
    .details =
        "DIR must be empty or missing. The world has three communities with residents, committees, handlers and all levels above them, and\n"
        "reports in every state; its story ends now. Everybody in it signs in with one tap at the address /demo, which a real installation\n"
        "does not have. A demo world never becomes a real one: `lilong init` makes that, in another folder.",
    .options = options,
    .run = run,
};
