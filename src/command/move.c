/* move.c: lilong move: an installation leaves its data folder's database for a PostgreSQL server. */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "civic/search/search.h"
#include "command/verify.h"
#include "engine/base/buf.h"

enum { OPTION_TO };
static const struct command_option options[] = {
    [OPTION_TO] = {"to", "URL", "an empty PostgreSQL database"},
    {NULL, NULL, NULL},
};

enum { MEMORY = 64 << 20, AT_A_TIME = 500 }; /* of a batch of the index of words; entries in it */

struct move {
    struct db_loader *loader;
    struct str why;
    int64_t bytes;
};

static enum result put(void *arg, struct str table, int64_t piece, struct str bytes)
{
    struct move *m = arg;
    enum result r = database_load_piece(m->loader, table, piece, bytes, &m->why);

    m->bytes += (int64_t)bytes.len;
    if (piece == 0 && isatty(STDERR_FILENO))
        fprintf(stderr, "%-24.*s\r", (int)table.len, table.ptr);
    return r;
}

/* Each engine has the index of words in a form of its own, so it is written anew. */
static enum result put_index(struct move *m, struct world *w)
{
    struct arena *batch = arena_open(MEMORY);
    int64_t community = 0, subject = 0;
    enum result r = batch ? OK : E_BUSY;

    for (int64_t piece = 0; r == OK; piece++) {
        struct db *db;
        struct buf b;

        if ((r = db_read_begin(w->database, batch, &db)) != OK)
            break;
        buf_init(&b, batch, 1 << 20, MEMORY / 2);
        if (piece == 0)
            buf_put(&b, STR(SEARCH_INDEX_COLUMNS));
        r = search_index_rows(db, &community, &subject, AT_A_TIME, &b);
        db_read_end(db);
        if (r == OK || (r == E_NOT_FOUND && piece == 0)) {
            enum result put_result = put(m, STR("search_index"), piece, buf_str(&b));
            r = put_result == OK ? r : put_result;
        }
        arena_reset(batch);
    }
    arena_close(batch);
    return r == E_NOT_FOUND ? OK : r;
}

static enum exit_code copy(struct invocation *v, struct world *w, const char *to)
{
    struct move m = {.why = STR_NONE};
    struct str end = STR_NONE;
    enum result r = database_load_begin(to, v->arena, &m.loader, &m.why);

    if (r != OK) {
        invocation_complain(v, STR_FMT, STR_ARG(m.why));
        return r == E_CONFLICT ? EXIT_CANT_CREATE : EXIT_UNAVAILABLE;
    }
    r = database_dump(w->database, v->arena, put, &m, &m.why);
    if (r == OK)
        r = put_index(&m, w);
    enum result kept = database_load_end(m.loader, r == OK, &end);
    if (r != OK || kept != OK) {
        struct str why = r != OK ? m.why : end;
        invocation_complain(v, "nothing was moved: " STR_FMT,
                            STR_ARG(why.len ? why : str_from_cstr(result_name(r != OK ? r : kept))));
        return exit_code_of(r != OK ? r : kept);
    }
    printf("%lld bytes are in the new database\n", (long long)m.bytes);
    return EXIT_OK;
}

/* A server that is started with the old settings must not go on where the others have left. */
static enum exit_code put_away(struct invocation *v)
{
    const char *file = str_cstr(v->arena, str_printf(v->arena, "%s/lilong.db", v->data_dir));
    const char *away = str_cstr(v->arena, str_printf(v->arena, "%s/lilong.db.moved", v->data_dir));

    if (rename(file, away) != 0) {
        invocation_complain(v, "everything was moved, but %s could not be put away: %s", file, strerror(errno));
        return EXIT_IO;
    }
    printf(
        "The old file is %s. Write into %s/lilong.ini, with the password where you keep it:\n\n[database]\nurl = …\n",
        away, v->data_dir);
    return fflush(stdout) == 0 ? EXIT_OK : EXIT_IO;
}

static enum exit_code run(struct invocation *v)
{
    const char *to = v->option[OPTION_TO];
    struct world w;
    enum exit_code code;

    if (!to || strncmp(to, "postgres", strlen("postgres")) != 0) {
        invocation_complain(v, "where to? Say --to postgresql://… of an empty database");
        return EXIT_USAGE;
    }
    if (v->config.database.url.len) {
        invocation_complain(
            v, "this installation has a PostgreSQL database already; backup and restore take it to another");
        return EXIT_USAGE;
    }
    if (v->config.log.level == LOG_LEVEL_INFO)
        log_set_level(LOG_LEVEL_WARN);
    code = world_open(v, WORLD_MIGRATE, &w);
    if (code != EXIT_OK)
        return code;
    code = copy(v, &w, to);
    world_close(&w);
    if (code != EXIT_OK)
        return code;
    v->config.database.url = str_from_cstr(to);
    code = world_open(v, WORLD_READ, &w);
    if (code != EXIT_OK)
        return code;
    code = verify_world(v, &w, 0, false);
    world_close(&w);
    return code == EXIT_OK ? put_away(v) : code;
}

const struct command command_move = {
    .name = "move",
    .summary = "Takes an installation from its data folder's database into PostgreSQL.",
    .usage = "lilong move --data DIR --to URL",
    .details =
        "The server must be stopped. Everything goes into an empty PostgreSQL database in one transaction and is verified there; then the old file\n"
        "is put away as lilong.db.moved. Keys and pictures stay in DIR. When anything goes wrong, the old database is as it was, and in use.\n"
        "Ends with 1 after naming what the verification found.",
    .options = options,
    .run = run,
};
