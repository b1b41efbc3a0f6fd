/* distribute.c: lilong distribute: spreads a database over the machines of Citus. */
#include <stdio.h>

#include "command/command.h"
#include "engine/db/db.h"

enum { OPTION_DRY_RUN };
static const struct command_option options[] = {
    [OPTION_DRY_RUN] = {"dry-run", NULL, "only print the SQL"},
    {NULL, NULL, NULL},
};

static void say(void *arg, struct str sql)
{
    (void)arg;
    printf(STR_FMT ";\n", STR_ARG(sql));
    fflush(stdout);
}

static enum exit_code run(struct invocation *v)
{
    struct db_distribute how = {.dry_run = v->option[OPTION_DRY_RUN] != NULL, .say = say};
    struct str why = STR_NONE;

    if (!v->config.database.url.len && !how.dry_run) {
        invocation_complain(v, "which database? Say --database postgresql://...; an embedded one is on one machine");
        return EXIT_USAGE;
    }
    enum result r = database_distribute(str_cstr(v->arena, v->config.database.url), &how, v->arena, &why);
    if (r == OK)
        return fflush(stdout) == 0 ? EXIT_OK : EXIT_IO;
    invocation_complain(v, STR_FMT, STR_ARG(why));
    return r == E_NOT_FOUND ? EXIT_UNAVAILABLE : r == E_INVALID ? EXIT_DATA : EXIT_IO;
}

const struct command command_distribute = {
    .name = "distribute",
    .summary = "Spreads a PostgreSQL database over several machines, where the extension citus is there.",
    .usage = "lilong distribute --database URL [--dry-run]",
    .details =
        "What belongs to a community lies together on one machine; what is small, or joined with everything, is on all of them (docs/scale.md).\n"
        "Tables that are spread already are left alone, so it can be run again after an upgrade. Ends with 69 when there is no citus.\n"
        "Take a backup first, and stop the servers: nothing turns it back.",
    .options = options,
    .run = run,
};
