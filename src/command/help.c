/* help.c: lilong help [COMMAND] */
#include <stdio.h>

#include "command/command.h"

static enum exit_code run(struct invocation *v)
{
    if (v->n_positional == 0) {
        puts("lilong: what a city's neighbourhoods are governed with.\n\nCommands:");
        for (const struct command *const *c = commands; *c; c++)
            printf("  %-10s %s\n", (*c)->name, (*c)->summary);
        puts("\n`lilong COMMAND --help` tells more.");
        return EXIT_OK;
    }
    for (const struct command *const *c = commands; *c; c++)
        if (str_eq(str_from_cstr((*c)->name), str_from_cstr(v->positional[0]))) {
            command_print_help(*c);
            return EXIT_OK;
        }
    invocation_complain(v, "there is no command '%s'", v->positional[0]);
    return EXIT_USAGE;
}

const struct command command_help = {
    .name = "help",
    .summary = "Lists the commands, or explains one.",
    .usage = "lilong help [COMMAND]",
    .positional_max = 1,
    .no_config = true,
    .run = run,
};
