/* version.c: lilong version */
#include <stdio.h>

#include "command/command.h"

static enum exit_code run(struct invocation *v)
{
    (void)v;
    puts("lilong " LILONG_VERSION);
    return EXIT_OK;
}

const struct command command_version = {
    .name = "version",
    .summary = "Prints the version.",
    .usage = "lilong version",
    .no_config = true,
    .run = run,
};
