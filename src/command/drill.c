/* drill.c: lilong drill: a backup that has been restored once is worth something. Makes one beside the running server, restores it into a place of its
 * own, verifies and recounts it there, says how long each took, and takes the place away again. */
#include <errno.h>
#include <fts.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command/backup.h"
#include "command/passphrase.h"
#include "engine/base/time.h"
#include "engine/db/db.h"

enum { OPTION_IN, OPTION_PASSPHRASE, OPTION_SCRATCH };
static const struct command_option options[] = {
    [OPTION_IN] = {"in", "FOLDER",
                   "where there is room for a backup and what is restored from it; else the data folder"},
    [OPTION_PASSPHRASE] = {"passphrase-file", "FILE", "seal the backup, as the real ones are"},
    [OPTION_SCRATCH] = {"scratch-database", "URL",
                        "an empty database to restore into; else one is made on the same server"},
    {NULL, NULL, NULL},
};

struct drill {
    struct invocation *v;
    const char *place, *file, *restored; /* place/backup, place/restored */
    const char *scratch;                 /* name of a database that was made for this */
    const char *url;
};

static void remove_place(const char *place)
{
    char *const paths[] = {(char *)place, NULL};
    FTS *walk = fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR | FTS_XDEV, NULL);
    FTSENT *e;

    while (walk && (e = fts_read(walk)) != NULL) {
        if (e->fts_info == FTS_DP)
            rmdir(e->fts_accpath);
        else if (e->fts_info != FTS_D)
            unlink(e->fts_accpath);
    }
    if (walk)
        fts_close(walk);
}

/* postgresql://host/NAME?more: the same server, another database. */
static const char *other_database(struct arena *a, struct str url, const char *name)
{
    size_t from = str_find(url, STR("://")), end = str_find(url, STR("?")), slash;

    end = end == SIZE_MAX ? url.len : end;
    from = from == SIZE_MAX ? 0 : from + 3;
    slash = str_find(str_sub(url, from, end - from), STR("/"));
    slash = slash == SIZE_MAX ? end : from + slash;
    return str_cstr(a, str_printf(a, STR_FMT "/%s" STR_FMT, STR_ARG(str_sub(url, 0, slash)), name,
                                  STR_ARG(str_sub(url, end, url.len))));
}

static enum exit_code prepare(struct drill *d)
{
    struct invocation *v = d->v;
    const char *in = v->option[OPTION_IN] ? v->option[OPTION_IN] : v->data_dir;
    struct str why = STR_NONE;

    d->place = str_cstr(v->arena, str_printf(v->arena, "%s/.drill-%ld", in, (long)getpid()));
    d->file = str_cstr(v->arena, str_printf(v->arena, "%s/backup", d->place));
    d->restored = str_cstr(v->arena, str_printf(v->arena, "%s/restored", d->place));
    if (mkdir(d->place, 0700) != 0) {
        invocation_complain(v, "cannot make the folder %s: %s", d->place, strerror(errno));
        return EXIT_CANT_CREATE;
    }
    if (!v->config.database.url.len)
        return EXIT_OK;
    d->url = v->option[OPTION_SCRATCH];
    if (d->url)
        return EXIT_OK;
    const char *name = str_cstr(v->arena, str_printf(v->arena, "lilong_drill_%ld", (long)getpid()));
    if (database_scratch(str_cstr(v->arena, v->config.database.url), name, true, v->arena, &why) != OK) {
        invocation_complain(
            v, "no database for the drill can be made: " STR_FMT ". Make an empty one and say --scratch-database URL",
            STR_ARG(why));
        return EXIT_UNAVAILABLE;
    }
    d->scratch = name;
    d->url = other_database(v->arena, v->config.database.url, name);
    return EXIT_OK;
}

static void clear_away(struct drill *d)
{
    struct str why = STR_NONE;

    remove_place(d->place);
    if (d->scratch &&
        database_scratch(str_cstr(d->v->arena, d->v->config.database.url), d->scratch, false, d->v->arena, &why) != OK)
        invocation_complain(d->v, "the database %s is still there: " STR_FMT, d->scratch, STR_ARG(why));
}

static int64_t bytes_of(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 ? (int64_t)st.st_size : 0;
}

static enum exit_code rehearse(struct drill *d, struct str passphrase)
{
    struct invocation *v = d->v, other = *v;
    int64_t began = time_monotonic(), written, restored;
    enum exit_code code = backup_write(v, d->file, passphrase);

    if (code != EXIT_OK)
        return code;
    written = time_monotonic();
    int64_t bytes = bytes_of(d->file);
    other.data_dir = d->restored;
    other.config_file = NULL;
    other.config.database.url = d->url ? str_from_cstr(d->url) : STR_NONE;
    code = restore_read(&other, d->file, passphrase);
    restored = time_monotonic();
    double gigabytes = (double)bytes / 1e9;
    printf("backup:              %8.1f s for %.1f MB\n"
           "restore and verify:  %8.1f s, %.1f minutes for each GB\n",
           (double)(written - began) / 1000, (double)bytes / 1e6, (double)(restored - written) / 1000,
           gigabytes > 0 ? (double)(restored - written) / 60000 / gigabytes : 0.0);
    puts(code == EXIT_OK ? "The drill went well: what was restored is whole."
                         : "THE DRILL FAILED: this backup would not have helped.");
    return code;
}

static enum exit_code run(struct invocation *v)
{
    struct drill d = {.v = v};
    struct str passphrase = STR_NONE;
    enum exit_code code;

    if (!invocation_need_data(v))
        return EXIT_USAGE;
    if (v->option[OPTION_PASSPHRASE] &&
        (code = passphrase_read(v, v->option[OPTION_PASSPHRASE], &passphrase)) != EXIT_OK)
        return code;
    umask(077);
    if (v->config.log.level == LOG_LEVEL_INFO)
        log_set_level(LOG_LEVEL_WARN);
    code = prepare(&d);
    if (code == EXIT_OK)
        code = rehearse(&d, passphrase);
    if (d.place && code != EXIT_CANT_CREATE)
        clear_away(&d);
    return code;
}

const struct command command_drill = {
    .name = "drill",
    .summary = "Backs up, restores into a place of its own, verifies it there, and says how long it took.",
    .usage = "lilong drill --data DIR [--database URL] [--in FOLDER] [--passphrase-file FILE] [--scratch-database URL]",
    .details =
        "Works beside a running server, which keeps its database. Nothing of the drill stays. Ends as `lilong verify` on what was restored: 0 when it is\n"
        "whole. With PostgreSQL a database is made for it and dropped afterwards.",
    .options = options,
    .run = run,
};
