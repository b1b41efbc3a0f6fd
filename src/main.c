/* main.c: the command table. */
#include <stdio.h>

#include "civic/media/media.h"
#include "command/command.h"
#include "engine/page/poster.h"

#ifdef __SANITIZE_ADDRESS__
/* fontconfig and what draws with it keep what they have read of the fonts to the end of the process. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libfontconfig\nleak:libpango\nleak:libglib\nleak:libcairo\n";
}
#endif

const struct command *const commands[] = {
    &command_serve,
    &command_init,
    &command_demo,
    &command_import,
    &command_place,
    &command_user,
    &command_verify,
    &command_backup,
    &command_restore,
    &command_export,
    &command_generate,
    &command_routes,
    &command_drill,
    &command_move,
    &command_distribute,
    &command_config,
    &command_version,
    &command_help,
    NULL,
};

/* What the program starts itself again for, in a sandbox: `lilong worker NAME` (engine/base/worker.h). Not for people. */
static const struct worker_kind *const workers[] = {
    &media_worker_kind,
    &poster_worker_kind,
};

enum { MEMORY = 1 << 30 }; /* of a command's own arena; requests and jobs have theirs */

static const struct command *find(struct str name)
{
    if (str_eq(name, STR("--help")) || str_eq(name, STR("-h")))
        return &command_help;
    if (str_eq(name, STR("--version")))
        return &command_version;
    for (const struct command *const *c = commands; *c; c++)
        if (str_eq(str_from_cstr((*c)->name), name))
            return *c;
    return NULL;
}

static int run(const struct command *command, int argc, char **argv)
{
    struct arena *a = arena_open(MEMORY);
    jmp_buf out;
    int code;

    if (!a || setjmp(out)) {
        fputs("lilong: memory is out\n", stderr);
        return EXIT_NO_MEMORY;
    }
    arena_escape(a, &out);
    code = (int)command_run(command, argc, argv, a);
    arena_close(a);
    return code;
}

int main(int argc, char **argv)
{
    const struct command *command = argc > 1 ? find(str_from_cstr(argv[1])) : NULL;

    if (argc == 3 && str_eq(str_from_cstr(argv[1]), STR("worker")))
        return worker_main(workers, sizeof(workers) / sizeof(workers[0]), argv[2]);
    if (command)
        return run(command, argc - 2, argv + 2);
    if (argc > 1)
        fprintf(stderr, "lilong: there is no command '%s'; `lilong help` lists them\n", argv[1]);
    else
        fputs("lilong: which command? `lilong help` lists them\n", stderr);
    return EXIT_USAGE;
}
