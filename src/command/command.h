/* command.h: the commands of the binary. A command is a row in the table of main.c and a function in a file of this folder. */
#ifndef LILONG_COMMAND_H
#define LILONG_COMMAND_H

#include "engine/base/arena.h"
#include "engine/base/config.h"

/* How a command ends. Numbers as in sysexits.h, because scripts and service managers know them. */
enum exit_code {
    EXIT_OK = 0,
    EXIT_FOUND = 1,        /* verify, check: it ran, and what it looked at is not in order */
    EXIT_USAGE = 64,       /* wrong arguments */
    EXIT_DATA = 65,        /* an input file is wrong */
    EXIT_NO_INPUT = 66,    /* an input file, or the data folder, is not there */
    EXIT_UNAVAILABLE = 69, /* the database, the port or a program that is needed cannot be had */
    EXIT_INTERNAL = 70,    /* our mistake */
    EXIT_NO_MEMORY = 71,
    EXIT_CANT_CREATE = 73, /* a file cannot be written; the data folder exists already */
    EXIT_IO = 74,          /* disk or network failed on the way */
    EXIT_TRY_LATER = 75,   /* busy: the same again may work */
    EXIT_NO_PERMISSION = 77,
    EXIT_CONFIG = 78,      /* the configuration is wrong */
};
enum exit_code exit_code_of(enum result r);

struct invocation;

/* An option of one command besides the common ones. Takes a value ("--to FILE", "--to=FILE") unless `value` is NULL. */
struct command_option {
    const char *name;  /* "to", without the dashes */
    const char *value; /* "FILE": what the help calls the value; NULL: a switch */
    const char *help;
};

struct command {
    const char *name;
    const char *summary;                  /* one line */
    const char *usage;                    /* "lilong backup --data DIR --to FILE" */
    const char *details;                  /* paragraphs for --help; may be NULL */
    const struct command_option *options; /* ends with a row without name; may be NULL */
    size_t positional_max;                /* arguments that are no options */
    bool no_config;                       /* runs without reading the configuration (version, help) */
    enum exit_code (*run)(struct invocation *v);
};

/* What the shell said, read: the common options are
 *   --data DIR  --config FILE  --listen ADDRESS:PORT  --database URL  --section.key=VALUE  --help
 * Without --data and --config the variables LILONG_DATA and LILONG_CONFIG stand in. When run() is called the configuration has been
 * read and checked, the log level, the number of this process and the random bytes are set up. */
struct invocation {
    const struct command *command;
    struct arena *arena;        /* of the whole run; exhausted memory ends the program with a message */
    const char *data_dir;       /* NULL: not given */
    const char *config_file;    /* what was read; NULL: none */
    struct config config;
    const char *positional[16];
    size_t n_positional;
    const char *option[16];     /* values by the index in command->options; "" for a switch that is set; NULL: not given */
};

/* The value of an option of this command by name; NULL when it was not given. */
const char *invocation_option(const struct invocation *v, const char *name);
/* The data folder, or NULL after saying on standard error that --data is needed. */
const char *invocation_need_data(const struct invocation *v);
/* "lilong NAME: ..." on standard error. */
void invocation_complain(const struct invocation *v, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Reads the arguments behind the name of the command and runs it. */
enum exit_code command_run(const struct command *c, int argc, char **argv, struct arena *a);
void command_print_help(const struct command *c);

/* One for each file src/command/NAME.c */
extern const struct command command_backup, command_config, command_demo, command_distribute, command_drill, command_export, command_generate, command_help,
    command_import, command_init, command_move,
    command_place, command_restore, command_routes, command_serve, command_user, command_verify, command_version;

/* The table of main.c, for help. Ends with NULL. */
extern const struct command *const commands[];

#endif
