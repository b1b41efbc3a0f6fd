/* routes.c: lilong routes: every entry point, and who may use it. */
#include <stdio.h>

#include "command/command.h"
#include "modules.h"

enum { OPTION_DEMO };
static const struct command_option options[] = {
    [OPTION_DEMO] = {"demo", NULL, "with the routes that exist in the demo world only"},
    {NULL, NULL, NULL},
};

static enum exit_code run(struct invocation *v)
{
    struct app_options o = {
        .modules = modules, .n_modules = modules_n, .policy = &policy, .demo = v->option[OPTION_DEMO] != NULL};
    struct str why = STR_NONE;

    if (app_check_routes(&o, v->arena, stdout, &why) != OK) {
        invocation_complain(v, STR_FMT, STR_ARG(why));
        return EXIT_INTERNAL;
    }
    return fflush(stdout) == 0 ? EXIT_OK : EXIT_IO;
}

const struct command command_routes = {
    .name = "routes",
    .summary = "Prints every route with what it needs.",
    .usage = "lilong routes [--demo]",
    .details = "One line each: method, path, name, capability, subject, rate, flags. The order is that of the modules.",
    .options = options,
    .no_config = true,
    .run = run,
};
