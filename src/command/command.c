/* command.c: reads the arguments of a command and runs it. */
#include "command/command.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "civic/calendar/calendar.h"
#include "engine/base/crypto.h"
#include "engine/base/ids.h"

enum { POSITIONAL_ROOM = 16, OPTION_ROOM = 16 };

static const struct command_option common_options[] = {
    {"data", "DIR", "the data folder (or variable LILONG_DATA)"},
    {"config", "FILE", "settings; without it DIR/lilong.ini when it is there (or variable LILONG_CONFIG)"},
    {"listen", "ADDRESS:PORT", "the same as --listen.address=ADDRESS --listen.port=PORT"},
    {"database", "URL", "the same as --database.url=URL"},
    {"SECTION.KEY=VALUE", NULL, "any setting; `lilong config show` lists them"},
    {"help", NULL, "this text"},
    {NULL, NULL, NULL},
};

enum exit_code exit_code_of(enum result r)
{
    switch (r) {
    case OK: return EXIT_OK;
    case E_NOT_FOUND:
    case E_GONE: return EXIT_NO_INPUT;
    case E_DENIED: return EXIT_NO_PERMISSION;
    case E_INVALID:
    case E_TOO_LARGE: return EXIT_DATA;
    case E_CONFLICT:
    case E_CHANGED: return EXIT_CANT_CREATE;
    case E_LIMITED:
    case E_BUSY: return EXIT_TRY_LATER;
    case E_IO: return EXIT_IO;
    }
    return EXIT_INTERNAL;
}

void invocation_complain(const struct invocation *v, const char *format, ...)
{
    va_list ap;

    fprintf(stderr, "lilong %s: ", v->command->name);
    va_start(ap, format);
    vfprintf(stderr, format, ap);
    va_end(ap);
    fputc('\n', stderr);
}

static void print_option(const struct command_option *o)
{
    char left[64];

    snprintf(left, sizeof(left), "--%s%s%s", o->name, o->value ? " " : "", o->value ? o->value : "");
    printf("  %-26s %s\n", left, o->help);
}

void command_print_help(const struct command *c)
{
    printf("%s\n\nUsage: %s\n", c->summary, c->usage);
    if (c->details)
        printf("\n%s\n", c->details);
    if (c->options && c->options[0].name)
        printf("\nOptions:\n");
    for (const struct command_option *o = c->options; o && o->name; o++)
        print_option(o);
    if (c->no_config)
        return;
    printf("\nCommon options:\n");
    for (const struct command_option *o = common_options; o->name; o++)
        print_option(o);
}

const char *invocation_option(const struct invocation *v, const char *name)
{
    for (size_t i = 0; v->command->options && v->command->options[i].name; i++)
        if (strcmp(v->command->options[i].name, name) == 0)
            return v->option[i];
    return NULL;
}

const char *invocation_need_data(const struct invocation *v)
{
    if (!v->data_dir)
        invocation_complain(v, "which data folder? Say --data DIR");
    return v->data_dir;
}

/* ---- arguments ------------------------------------------------------------------------------------------------- */

struct reader {
    struct invocation *v;
    char **arg;
    const char **flags; /* for config_load */
    size_t n_flags;
    bool help;
};

static void add_flag(struct reader *r, const char *section_key, struct str value)
{
    r->flags[r->n_flags++] = str_cstr(r->v->arena,
                                      str_printf(r->v->arena, "--%s=" STR_FMT, section_key, STR_ARG(value)));
}

/* "127.0.0.1:8080", "[::1]:8080", "8080". What is wrong with the parts config_load says. */
static void add_listen(struct reader *r, struct str value)
{
    size_t colon = SIZE_MAX;

    for (size_t i = 0; i < value.len; i++)
        if (value.ptr[i] == ':')
            colon = i;
    if (colon != SIZE_MAX) {
        struct str address = str_sub(value, 0, colon);

        if (str_starts(address, STR("[")) && str_ends(address, STR("]")))
            address = str_sub(address, 1, address.len - 2);
        add_flag(r, "listen.address", address);
        value = str_sub(value, colon + 1, SIZE_MAX);
    }
    add_flag(r, "listen.port", value);
}

/* The value of an option: behind '=', or the next argument. NULL after complaining when there is none. */
static const char *value_of(struct reader *r, struct str name, const char *equals)
{
    if (equals)
        return equals + 1;
    if (!r->arg[1]) {
        invocation_complain(r->v, "--" STR_FMT " needs a value", STR_ARG(name));
        return NULL;
    }
    r->arg++;
    return *r->arg;
}

static bool read_common(struct reader *r, struct str name, const char *equals, bool *ret_mine)
{
    struct invocation *v = r->v;
    const char *value;

    *ret_mine = true;
    if (str_eq(name, STR("help"))) {
        r->help = true;
        return true;
    }
    if (equals && str_find(name, STR(".")) != SIZE_MAX) {
        r->flags[r->n_flags++] = *r->arg;
        return true;
    }
    if (!str_eq(name, STR("data")) && !str_eq(name, STR("config")) && !str_eq(name, STR("listen")) &&
        !str_eq(name, STR("database"))) {
        *ret_mine = false;
        return true;
    }
    value = value_of(r, name, equals);
    if (!value)
        return false;
    if (str_eq(name, STR("data")))
        v->data_dir = value;
    else if (str_eq(name, STR("config")))
        v->config_file = value;
    else if (str_eq(name, STR("listen")))
        add_listen(r, str_from_cstr(value));
    else
        add_flag(r, "database.url", str_from_cstr(value));
    return true;
}

static bool read_option(struct reader *r)
{
    struct invocation *v = r->v;
    const char *text = *r->arg + 2, *equals = strchr(text, '=');
    struct str name = {text, equals ? (size_t)(equals - text) : strlen(text)};
    bool mine;

    for (size_t i = 0; v->command->options && v->command->options[i].name && i < OPTION_ROOM; i++) {
        const struct command_option *o = &v->command->options[i];

        if (!str_eq(name, str_from_cstr(o->name)))
            continue;
        if (v->option[i]) {
            invocation_complain(v, "--%s is given twice", o->name);
            return false;
        }
        if (!o->value && equals) {
            invocation_complain(v, "--%s takes no value", o->name);
            return false;
        }
        v->option[i] = o->value ? value_of(r, name, equals) : "";
        return v->option[i] != NULL;
    }
    if (!v->command->no_config || str_eq(name, STR("help"))) {
        if (!read_common(r, name, equals, &mine))
            return false;
        if (mine)
            return true;
    }
    invocation_complain(v, "there is no option --" STR_FMT "; see `lilong %s --help`", STR_ARG(name), v->command->name);
    return false;
}

static bool read_arguments(struct reader *r)
{
    struct invocation *v = r->v;
    bool options_end = false;

    for (; *r->arg; r->arg++) {
        const char *text = *r->arg;

        if (!options_end && strcmp(text, "--") == 0) {
            options_end = true;
        } else if (!options_end && strcmp(text, "-h") == 0) {
            r->help = true;
        } else if (!options_end && strncmp(text, "--", 2) == 0) {
            if (!read_option(r))
                return false;
        } else if (!options_end && text[0] == '-' && text[1]) {
            invocation_complain(v, "there is no option %s; see `lilong %s --help`", text, v->command->name);
            return false;
        } else if (v->n_positional == v->command->positional_max || v->n_positional == POSITIONAL_ROOM) {
            invocation_complain(v, "what is '%s'? See `lilong %s --help`", text, v->command->name);
            return false;
        } else {
            v->positional[v->n_positional++] = text;
        }
    }
    return true;
}

static enum exit_code load_config(struct reader *r)
{
    struct invocation *v = r->v;
    struct config_input input = {.environment = environ, .flags = r->flags, .n_flags = r->n_flags};
    struct str problems;
    struct work_hours hours;

    if (!v->config_file && getenv("LILONG_CONFIG"))
        v->config_file = getenv("LILONG_CONFIG");
    if (v->config_file) {
        input.file = v->config_file;
    } else if (v->data_dir) {
        v->config_file = str_cstr(v->arena, str_printf(v->arena, "%s/lilong.ini", v->data_dir));
        input.file = v->config_file;
        input.file_may_be_missing = true;
    }
    if (config_load(v->arena, &input, &v->config, &problems) != OK) {
        fprintf(stderr, STR_FMT, STR_ARG(problems));
        return EXIT_CONFIG;
    }
    if (work_hours_parse(v->config.calendar.work_hours, &hours) != OK) {
        fprintf(stderr, "calendar.work_hours is not of the form 09:00-11:30,13:00-17:30\n");
        return EXIT_CONFIG;
    }
    log_set_level(v->config.log.level);
    id_set_node((unsigned)v->config.database.node);
    return EXIT_OK;
}

enum exit_code command_run(const struct command *c, int argc, char **argv, struct arena *a)
{
    struct invocation *v = arena_new(a, struct invocation);
    struct reader r = {.v = v, .arg = argv};
    enum exit_code code;

    v->command = c;
    v->arena = a;
    r.flags = arena_array(a, const char *, (size_t)argc * 2 + 1); /* --listen makes two of one */
    if (!read_arguments(&r))
        return EXIT_USAGE;
    if (r.help) {
        command_print_help(c);
        return EXIT_OK;
    }
    if (!v->data_dir && getenv("LILONG_DATA"))
        v->data_dir = getenv("LILONG_DATA");
    if (crypto_start() != OK) {
        invocation_complain(v, "the system gives no random bytes");
        return EXIT_UNAVAILABLE;
    }
    if (!c->no_config) {
        code = load_config(&r);
        if (code != EXIT_OK)
            return code;
    }
    return c->run(v);
}
