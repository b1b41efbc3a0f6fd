/* restore.c: lilong restore: a backup into an empty place, verified before anybody may use it. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command/archive.h"
#include "command/backup.h"
#include "command/passphrase.h"
#include "command/verify.h"

enum { OPTION_FROM, OPTION_PASSPHRASE };
static const struct command_option options[] = {
    [OPTION_FROM] = {"from", "FILE", "the backup"},
    [OPTION_PASSPHRASE] = {"passphrase-file", "FILE", "its passphrase, when it is sealed"},
    {NULL, NULL, NULL},
};

static bool hexadecimal(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!((s.ptr[i] >= '0' && s.ptr[i] <= '9') || (s.ptr[i] >= 'a' && s.ptr[i] <= 'f')))
            return false;
    return s.len > 0;
}

/* Only names that a backup of ours has: nothing in a foreign file decides where we write. */
static bool known_name(struct str name, bool *ret_picture)
{
    static const struct str fixed[] = {{"lilong.db", 9}, {"secret.key", 10}, {"lilong.ini", 10}, {"DEMO", 4}};
    struct str rest = name, media, folder, file;

    *ret_picture = false;
    for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++)
        if (str_eq(name, fixed[i]))
            return true;
    if (!str_cut(&rest, '/', &media) || !str_eq(media, STR("media")) || !str_cut(&rest, '/', &folder) ||
        folder.len != 2 || !hexadecimal(folder))
        return false;
    file = rest;
    if (file.len < 68 || file.len > 80 || !hexadecimal(str_sub(file, 0, 64)))
        return false;
    /* HASH.pdf, and HASH.jpg in several sizes */
    if (!str_ends(file, STR(".jpg")) && !str_eq(str_sub(file, 64, SIZE_MAX), STR(".pdf")))
        return false;
    for (size_t i = 64; i < file.len; i++)
        if (file.ptr[i] == '/')
            return false;
    *ret_picture = true;
    return true;
}

static enum result extract(struct invocation *v, struct archive *ar, struct str name, bool picture)
{
    if (picture) {
        const char *media = str_cstr(v->arena, str_printf(v->arena, "%s/media", v->data_dir));
        const char *folder = str_cstr(v->arena, str_printf(v->arena, "%s/%.*s", media, 2, name.ptr + 6));

        if ((mkdir(media, 0700) != 0 && errno != EEXIST) || (mkdir(folder, 0700) != 0 && errno != EEXIST))
            return E_IO;
    }
    return archive_extract(ar, str_cstr(v->arena, str_printf(v->arena, "%s/" STR_FMT, v->data_dir, STR_ARG(name))));
}

/* Where a backup's database goes. */
struct target {
    struct db_loader *loader; /* PostgreSQL: open until all of the backup has been read */
    char *memory;
    size_t room;
    bool sqlite, postgres;
    struct str why;
};

/* "postgres/report_step.000012" */
static bool piece_name(struct str name, struct str *ret_table, int64_t *ret_piece)
{
    struct str rest = name, folder;

    if (!str_cut(&rest, '/', &folder) || !str_eq(folder, STR("postgres")) || !str_cut(&rest, '.', ret_table))
        return false;
    *ret_piece = 0;
    for (size_t i = 0; i < rest.len && i < 6; i++) {
        if (rest.ptr[i] < '0' || rest.ptr[i] > '9')
            return false;
        *ret_piece = *ret_piece * 10 + (rest.ptr[i] - '0');
    }
    return ret_table->len > 0 && rest.len == 6;
}

static enum result load(struct invocation *v, struct archive *ar, struct target *t, struct str table, int64_t piece)
{
    struct str bytes;
    enum result r = OK;

    if (!t->postgres) {
        if (!v->config.database.url.len) {
            t->why = STR("it is of an installation with PostgreSQL: say --database URL of an empty database for it");
            return E_INVALID;
        }
        r = database_load_begin(str_cstr(v->arena, v->config.database.url), v->arena, &t->loader, &t->why);
        if (r != OK)
            return r;
        t->postgres = true;
    }
    r = archive_read(ar, &t->memory, &t->room, &bytes);
    return r == OK ? database_load_piece(t->loader, table, piece, bytes, &t->why) : r;
}

static enum exit_code read_all(struct invocation *v, struct archive *ar, struct target *t)
{
    struct str name, table;
    int64_t size, piece;
    enum result r;

    while ((r = archive_next(ar, &name, &size)) == OK) {
        bool picture;

        if (piece_name(name, &table, &piece)) {
            r = load(v, ar, t, table, piece);
            if (r != OK && t->why.len) {
                invocation_complain(v, STR_FMT, STR_ARG(t->why));
                return exit_code_of(r);
            }
            if (r != OK)
                break;
            continue;
        }
        if (!known_name(name, &picture)) {
            invocation_complain(v, "there is a file in it that no backup has: " STR_FMT, STR_ARG(name));
            return EXIT_DATA;
        }
        if ((r = extract(v, ar, name, picture)) != OK)
            break;
        t->sqlite |= str_eq(name, STR("lilong.db"));
    }
    if (r == E_NOT_FOUND)
        return EXIT_OK;
    if (r == E_INVALID)
        invocation_complain(v, "the backup cannot be used: %s", archive_why(ar));
    else
        invocation_complain(v, "cannot write to %s: %s", v->data_dir, strerror(errno));
    return exit_code_of(r);
}

/* Nothing of a PostgreSQL database is there before all of the backup has been found whole. */
static enum exit_code finish_database(struct invocation *v, struct target *t, enum exit_code code)
{
    struct str why = STR_NONE;
    enum result r = OK;

    free(t->memory);
    if (!t->postgres)
        return code;
    r = database_load_end(t->loader, code == EXIT_OK, &why);
    if (r == OK)
        return code;
    invocation_complain(v, STR_FMT, STR_ARG(why));
    return exit_code_of(r);
}

static enum exit_code look_it_over(struct invocation *v, const struct target *t)
{
    struct world w = {.data_dir = v->data_dir};
    enum exit_code code = world_finish(v, &w);

    if (code != EXIT_OK)
        return code;
    if (!t->sqlite && !t->postgres) {
        printf(
            "There is no database in this backup. Restore it by other means, then: lilong verify --data %s --database URL\n",
            v->data_dir);
        return EXIT_OK;
    }
    if (t->sqlite && v->config.database.url.len)
        printf(
            "The backup has an embedded database. It is in %s now, and nothing is in the other one; to take it there: "
            "lilong move --data %s --to URL\n",
            v->data_dir, v->data_dir);
    if (t->sqlite)
        v->config.database.url = STR_NONE;
    code = world_open(v, WORLD_MIGRATE, &w);
    if (code != EXIT_OK)
        return code;
    code = verify_world(v, &w, 0, false);
    world_close(&w);
    return code;
}

static enum exit_code run(struct invocation *v)
{
    const char *from = v->option[OPTION_FROM], *dir = invocation_need_data(v);
    struct str passphrase = STR_NONE;
    enum exit_code code;

    if (!dir)
        return EXIT_USAGE;
    if (!from) {
        invocation_complain(v, "from which backup? Say --from FILE");
        return EXIT_USAGE;
    }
    if (v->option[OPTION_PASSPHRASE] &&
        (code = passphrase_read(v, v->option[OPTION_PASSPHRASE], &passphrase)) != EXIT_OK)
        return code;
    umask(077);
    if (v->config.log.level == LOG_LEVEL_INFO)
        log_set_level(LOG_LEVEL_WARN);
    return restore_read(v, from, passphrase);
}

enum exit_code restore_read(struct invocation *v, const char *from, struct str passphrase)
{
    struct target target = {.why = STR_NONE};
    struct archive *ar;
    enum exit_code code;
    enum result r = archive_open(v->arena, from, passphrase, &ar);
    if (r == E_DENIED)
        invocation_complain(v,
                            passphrase.len ? "%s does not open with this passphrase, or is damaged"
                                           : "%s is sealed: say --passphrase-file FILE",
                            from);
    else if (r != OK)
        invocation_complain(v, "%s cannot be read: %s", from, r == E_INVALID ? "it is damaged" : strerror(errno));
    if (r != OK)
        return exit_code_of(r);
    code = world_make_folder(v, v->data_dir);
    if (code == EXIT_OK) {
        code = finish_database(v, &target, read_all(v, ar, &target));
        if (code == EXIT_OK)
            printf("%lld files, all as their sums say\n", (long long)archive_entries(ar));
        else if (archive_entries(ar) == 0) /* nothing of it was any use */
            world_take_back(v);
    }
    archive_close(ar);
    return code == EXIT_OK ? look_it_over(v, &target) : code;
}

const struct command command_restore = {
    .name = "restore",
    .summary = "Makes an installation out of a backup, and verifies it.",
    .usage = "lilong restore --data NEWDIR --from FILE [--passphrase-file FILE] [--database URL]",
    .details =
        "NEWDIR must be empty or missing. Every file is compared with its sum, then the ledger, the figures and the pictures are verified: 0 when\n"
        "all is well, 1 after naming what is not. A backup of an installation with PostgreSQL needs --database with an empty one: nothing is in it\n"
        "before all of the backup has been read and found whole.",
    .options = options,
    .run = run,
};
