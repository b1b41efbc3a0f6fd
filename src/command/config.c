/* config.c: lilong config check | show */
#include <stdio.h>

#include "command/command.h"

static enum exit_code run(struct invocation *v)
{
    struct str what = str_from_cstr(v->positional[0]);

    /* The configuration has been read and checked: otherwise command_run would have ended. */
    if (str_eq(what, STR("check"))) {
        puts("The configuration is in order.");
        return EXIT_OK;
    }
    if (str_eq(what, STR("show"))) {
        struct buf b;

        buf_init(&b, v->arena, 8192, 1 << 20);
        config_print(&v->config, &b);
        fwrite(b.ptr, 1, b.len, stdout);
        return fflush(stdout) == 0 ? EXIT_OK : EXIT_IO;
    }
    invocation_complain(v, "say `lilong config check` or `lilong config show`");
    return EXIT_USAGE;
}

const struct command command_config = {
    .name = "config",
    .summary = "Checks the settings, or shows them with secrets masked.",
    .usage = "lilong config check|show [--data DIR] [--config FILE] [--SECTION.KEY=VALUE ...]",
    .details =
        "Settings come from, each later one winning: the defaults, the file, the environment (LILONG_LISTEN_PORT=80;\n"
        "for secrets also LILONG_SMS_HTTP_TOKEN_FILE=/run/secrets/token), the command line (--listen.port=80).\n"
        "`show` prints all of them as a file with where each value came from.",
    .positional_max = 1,
    .run = run,
};
