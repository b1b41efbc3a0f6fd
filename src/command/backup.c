/* backup.c: lilong backup: everything of an installation in one file, while it runs. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command/archive.h"
#include "command/backup.h"
#include "command/passphrase.h"
#include "command/world.h"

enum { OPTION_TO, OPTION_PASSPHRASE };
static const struct command_option options[] = {
    [OPTION_TO] = {"to", "FILE", "the backup; must not be there yet"},
    [OPTION_PASSPHRASE] = {"passphrase-file", "FILE", "seal the backup with the first line of this file"},
    {NULL, NULL, NULL},
};

struct backup {
    struct invocation *v;
    struct archive *archive;
    int64_t pictures;
};

static enum result put(struct backup *b, const char *name, const char *from, bool may_be_missing)
{
    enum result r = archive_put_file(b->archive, name, from);

    return r == E_NOT_FOUND && may_be_missing ? OK : r;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static int no_dot(const struct dirent *e)
{
    return e->d_name[0] != '.'; /* what is being made begins with one */
}

/* One that goes away meanwhile (erased by law) is left out. */
static enum result put_folder(struct backup *b, const char *root, const char *name)
{
    struct arena *a = b->v->arena;
    const char *folder = str_cstr(a, str_printf(a, "%s/%s", root, name));
    struct dirent **files;
    int n = scandir(folder, &files, no_dot, by_name);
    enum result r = OK;

    if (n < 0)
        return E_IO;
    for (int i = 0; i < n; i++) {
        if (r == OK) {
            r = put(b, str_cstr(a, str_printf(a, "media/%s/%s", name, files[i]->d_name)),
                    str_cstr(a, str_printf(a, "%s/%s", folder, files[i]->d_name)), true);
            b->pictures++;
        }
        free(files[i]);
    }
    free(files);
    return r;
}

/* DATA/media/ab/HASH.jpg, HASH.pdf. */
static enum result put_pictures(struct backup *b)
{
    struct arena *a = b->v->arena;
    const char *root = str_cstr(a, str_printf(a, "%s/media", b->v->data_dir));
    struct dirent **folders;
    int n_folders = scandir(root, &folders, no_dot, by_name);
    enum result r = OK;

    if (n_folders < 0)
        return errno == ENOENT ? OK : E_IO;
    for (int i = 0; i < n_folders; i++) {
        if (r == OK)
            r = put_folder(b, root, folders[i]->d_name);
        free(folders[i]);
    }
    free(folders);
    return r;
}

/* The settings are often a link to a file in /etc: what counts is what was read. */
static enum result put_settings(struct backup *b)
{
    char *real = b->v->config_file ? realpath(b->v->config_file, NULL) : NULL;
    enum result r = real ? put(b, "lilong.ini", real, true) : OK;

    free(real);
    return r;
}

/* postgres/TABLE.000000: pieces of the tables, as COPY gives them. */
static enum result put_piece(void *arg, struct str table, int64_t piece, struct str bytes)
{
    struct backup *b = arg;
    char name[100];

    snprintf(name, sizeof(name), "postgres/" STR_FMT ".%06lld", STR_ARG(table), (long long)piece);
    return archive_put_bytes(b->archive, name, bytes);
}

static enum result put_all(struct backup *b, struct world *w, bool postgres)
{
    struct arena *a = b->v->arena;
    const char *dir = b->v->data_dir, *copy = str_cstr(a, str_printf(a, "%s/.backup-%ld.db", dir, (long)getpid()));
    enum result r = OK;

    if (!postgres) { /* the database first: a picture's file is older than its row */
        unlink(copy);
        r = database_copy(w->database, copy);
        if (r == OK)
            r = put(b, "lilong.db", copy, false);
        unlink(copy);
    } else {
        struct str why = STR_NONE;

        r = database_dump(w->database, a, put_piece, b, &why);
        if (r != OK)
            invocation_complain(b->v, STR_FMT, STR_ARG(why));
    }
    if (r == OK)
        r = put(b, "secret.key", str_cstr(a, str_printf(a, "%s/secret.key", dir)), false);
    if (r == OK)
        r = put_settings(b);
    if (r == OK)
        r = put(b, "DEMO", str_cstr(a, str_printf(a, "%s/DEMO", dir)), true);
    return r == OK ? put_pictures(b) : r;
}

static enum exit_code write_backup(struct invocation *v, struct world *w, const char *to, struct str passphrase)
{
    struct backup b = {.v = v};
    bool postgres = v->config.database.url.len > 0;
    struct stat st;
    enum result r = archive_create(v->arena, to, passphrase, &b.archive);

    if (r == E_CONFLICT) {
        invocation_complain(v, "%s is there already: a backup never overwrites", to);
        return EXIT_CANT_CREATE;
    }
    if (r != OK) {
        invocation_complain(v, "cannot write %s: %s", to, r == E_IO ? strerror(errno) : result_name(r));
        return EXIT_CANT_CREATE;
    }
    r = put_all(&b, w, postgres);
    if (r != OK)
        archive_abandon(b.archive);
    else
        r = archive_finish(b.archive);
    if (r != OK) {
        invocation_complain(v, "the backup could not be written: %s",
                            r == E_IO && errno ? strerror(errno) : result_name(r));
        return exit_code_of(r);
    }
    printf("%s: %lld files, %lld of them pictures, %lld bytes%s\n", to, (long long)archive_entries(b.archive),
           (long long)b.pictures, stat(to, &st) == 0 ? (long long)st.st_size : 0, passphrase.len ? ", sealed" : "");
    if (!passphrase.len)
        printf("It is not sealed, and has the keys in it: keep it where nobody else reads.\n");
    return fflush(stdout) == 0 ? EXIT_OK : EXIT_IO;
}

enum exit_code backup_write(struct invocation *v, const char *to, struct str passphrase)
{
    struct world w;
    enum exit_code code = world_open(v, WORLD_READ, &w);

    if (code != EXIT_OK)
        return code;
    code = write_backup(v, &w, to, passphrase);
    world_close(&w);
    return code;
}

static enum exit_code run(struct invocation *v)
{
    const char *to = v->option[OPTION_TO];
    struct str passphrase = STR_NONE;
    enum exit_code code;

    if (!to) {
        invocation_complain(v, "where to? Say --to FILE");
        return EXIT_USAGE;
    }
    if (v->option[OPTION_PASSPHRASE] &&
        (code = passphrase_read(v, v->option[OPTION_PASSPHRASE], &passphrase)) != EXIT_OK)
        return code;
    umask(077);
    if (v->config.log.level == LOG_LEVEL_INFO)
        log_set_level(LOG_LEVEL_WARN);
    return backup_write(v, to, passphrase);
}

const struct command command_backup = {
    .name = "backup",
    .summary = "Writes everything of an installation into one file, while it runs.",
    .usage = "lilong backup --data DIR --to FILE [--passphrase-file FILE] [--database URL]",
    .details =
        "A tar with a consistent copy of the database, the keys, the configuration and the pictures, and their sums. Works beside a running\n"
        "server. With --passphrase-file it is sealed (XChaCha20-Poly1305, the key by Argon2id); otherwise whoever has the file can read\n"
        "everything in it. Of PostgreSQL it takes one snapshot of every table.",
    .options = options,
    .run = run,
};
