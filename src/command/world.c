/* world.c: opens what a command works on, and says what is wrong in words that help. */
#include "command/world.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "civic/calendar/calendar.h"
#include "civic/wechat/wechat.h"
#include "engine/base/crypto.h"
#include "engine/page/poster.h"
#include "modules.h"

enum { POSTERS = 1, POSTERS_WAIT = 8 }; /* at a time, and waiting */

static const char *inside(struct arena *a, const char *dir, const char *name)
{
    return str_cstr(a, str_printf(a, "%s/%s", dir, name));
}

static bool exists(const char *path)
{
    return access(path, F_OK) == 0;
}

static const char unfinished[] = "UNFINISHED";

static bool is_unfinished(struct invocation *v, const char *dir)
{
    if (!exists(inside(v->arena, dir, unfinished)))
        return false;
    invocation_complain(
        v,
        "%s holds an installation that was interrupted while it was made. There is nothing of use in it: remove the "
        "folder (rm -r %s)%s and run `lilong init` or `lilong demo` again",
        dir, dir, v->config.database.url.len ? ", empty the database" : "");
    return true;
}

/* A file with a line or two in the new folder, on stable storage. */
static enum exit_code write_note(struct invocation *v, const char *dir, const char *name, struct str words)
{
    int fd = open(inside(v->arena, dir, name), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool good = fd >= 0 && write(fd, words.ptr, words.len) == (ssize_t)words.len && fsync(fd) == 0;

    if (fd >= 0 && close(fd) != 0)
        good = false;
    if (!good)
        invocation_complain(v, "cannot write to %s: %s", dir, strerror(errno));
    return good ? EXIT_OK : EXIT_IO;
}

enum exit_code world_make_folder(struct invocation *v, const char *dir)
{
    DIR *d;
    struct dirent *entry;

    if (is_unfinished(v, dir))
        return EXIT_CANT_CREATE;
    if (mkdir(dir, 0700) != 0 && errno != EEXIST) {
        invocation_complain(v, "cannot make the folder %s: %s", dir, strerror(errno));
        return EXIT_CANT_CREATE;
    }
    if ((d = opendir(dir)) == NULL) {
        invocation_complain(v, "cannot read the folder %s: %s", dir, strerror(errno));
        return EXIT_NO_PERMISSION;
    }
    while ((entry = readdir(d)) != NULL)
        if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..") && strcmp(entry->d_name, "lilong.ini")) {
            closedir(d);
            invocation_complain(v, "the folder %s %s: a new installation gets a folder of its own", dir,
                                exists(inside(v->arena, dir, "secret.key")) ? "holds an installation already"
                                                                            : "is not empty");
            return EXIT_CANT_CREATE;
        }
    closedir(d);
    if (chmod(dir, 0700) != 0) {
        invocation_complain(v, "the folder %s cannot be closed to others: %s", dir, strerror(errno));
        return EXIT_NO_PERMISSION;
    }
    return write_note(v, dir, unfinished, STR("This installation is being made, or was interrupted.\n"));
}

static enum result refresh_calendar(struct database *database, struct arena *a)
{
    struct db *db;
    enum result r = db_read_begin(database, a, &db);

    if (r != OK)
        return r;
    r = calendar_refresh(db);
    db_read_end(db);
    return r;
}

static enum exit_code open_world(struct invocation *v, unsigned need, struct world *ret_world)
{
    const char *dir = invocation_need_data(v);
    struct world w = {.data_dir = dir};
    struct db_options options = {.queue_max = (size_t)v->config.database.queue_max,
                                 .writers = (unsigned)v->config.database.writers,
                                 .read_only = (need & WORLD_READ) != 0,
                                 .remade = (need & WORLD_REMADE) != 0};
    struct str why = STR_NONE;
    enum result r;

    if (dir == NULL)
        return EXIT_USAGE;
    if (!(need & WORLD_NEW) && is_unfinished(v, dir))
        return EXIT_NO_INPUT;
    if (!(need & WORLD_NEW) && !exists(inside(v->arena, dir, "secret.key"))) {
        invocation_complain(v, "%s holds no installation: `lilong init --data %s` makes one", dir, dir);
        return EXIT_NO_INPUT;
    }
    if ((r = modules_use(&v->config, v->arena, &why)) != OK) {
        invocation_complain(v, STR_FMT, STR_ARG(why));
        return r == E_INVALID ? EXIT_CONFIG : EXIT_INTERNAL;
    }
    if ((r = crypto_keys_open(dir, need & WORLD_NEW, v->arena, &w.services.keys, &why)) != OK) {
        invocation_complain(v, STR_FMT, STR_ARG(why));
        return EXIT_NO_INPUT;
    }
    if (v->config.database.url.len)
        options.postgres_url = str_cstr(v->arena, v->config.database.url);
    if (v->config.database.replica.len && (need & WORLD_SMS)) { /* who serves; commands ask the primary */
        options.replica_url = str_cstr(v->arena, v->config.database.replica);
        options.replica_lag_ms = v->config.database.replica_lag_ms;
    }
    if (!options.postgres_url)
        options.sqlite_path = inside(v->arena, dir, "lilong.db");
    r = database_open(&options, need & (WORLD_NEW | WORLD_MIGRATE), v->arena, &w.database, &why);
    if (r != OK) {
        invocation_complain(v, STR_FMT, STR_ARG(why));
        if (r == E_INVALID && exists(inside(v->arena, dir, "DEMO")))
            invocation_complain(v,
                                "%s is a demo world: nothing is lost when it is made anew (./dev run --fresh, or rm -r "
                                "%s and `lilong demo --data %s`)",
                                dir, dir, dir);
        world_close(&w);
        return EXIT_UNAVAILABLE;
    }
    if ((r = refresh_calendar(w.database, v->arena)) != OK) {
        invocation_complain(v, "cannot read the calendar: %s", result_name(r));
        world_close(&w);
        return exit_code_of(r);
    }
    if (need & WORLD_MEDIA) {
        struct media_options pictures = {.bytes_max = v->config.media.max_bytes,
                                         .pixels_max = v->config.media.max_pixels};

        r = media_store_open(dir, &w.services.store);
        if (r == OK)
            r = media_workers_open(&pictures, &w.services.workers);
        if (r != OK) {
            invocation_complain(v, "cannot open the store of pictures in %s: %s", dir, result_name(r));
            world_close(&w);
            return exit_code_of(r);
        }
        if ((r = worker_pool_open(&poster_worker_kind, POSTERS, POSTERS_WAIT, NULL, &w.services.posters)) != OK) {
            invocation_complain(v, "cannot open the drawing of posters: %s", result_name(r));
            world_close(&w);
            return exit_code_of(r);
        }
    }
    if (need & WORLD_SMS) {
        if ((r = sms_open(&v->config, stdout, v->arena, &w.services.sms, &why)) != OK) {
            invocation_complain(v, STR_FMT, STR_ARG(why));
            world_close(&w);
            return r == E_INVALID ? EXIT_CONFIG : EXIT_INTERNAL;
        }
    }
    if (need & WORLD_SMS) {
        if ((r = wechat_open(&v->config, v->arena, &w.services.wechat, &why)) != OK) {
            invocation_complain(v, STR_FMT, STR_ARG(why));
            world_close(&w);
            return r == E_INVALID ? EXIT_CONFIG : EXIT_INTERNAL;
        }
    }
    w.demo = exists(inside(v->arena, dir, "DEMO"));
    *ret_world = w;
    return EXIT_OK;
}

void world_take_back(struct invocation *v)
{
    const char *dir = v->data_dir;
    static const char *const made[] = {"secret.key",    "lilong.db",      "lilong.db-wal",
                                       "lilong.db-shm", "lilong.db.lock", unfinished};

    for (size_t i = 0; i < sizeof(made) / sizeof(made[0]); i++)
        unlink(inside(v->arena, dir, made[i]));
    rmdir(inside(v->arena, dir, "media"));
    rmdir(dir); /* stays when there is a lilong.ini in it */
}

enum exit_code world_open(struct invocation *v, unsigned need, struct world *ret_world)
{
    const char *dir = invocation_need_data(v);
    enum exit_code code = dir ? EXIT_OK : EXIT_USAGE;

    if (code == EXIT_OK && need & WORLD_NEW)
        code = world_make_folder(v, dir);
    if (code != EXIT_OK)
        return code;
    code = open_world(v, need, ret_world);
    if (code != EXIT_OK && need & WORLD_NEW)
        world_take_back(v);
    return code;
}

void world_close(struct world *w)
{
    worker_pool_close(w->services.posters);
    if (w->services.workers)
        media_workers_close(w->services.workers);
    if (w->services.store)
        media_store_close(w->services.store);
    sms_close(w->services.sms);
    wechat_close(w->services.wechat);
    if (w->database)
        database_close(w->database);
    crypto_keys_close(w->services.keys);
    *w = (struct world){0};
}

enum exit_code world_finish(struct invocation *v, struct world *w)
{
    if (unlink(inside(v->arena, w->data_dir, unfinished)) != 0) {
        invocation_complain(v, "cannot write to %s: %s", w->data_dir, strerror(errno));
        return EXIT_IO;
    }
    if (w->database)
        database_look_over(w->database);
    return EXIT_OK;
}

enum exit_code world_mark_demo(struct invocation *v, struct world *w)
{
    enum exit_code code = write_note(
        v, w->data_dir, "DEMO", STR("This is a demo world: people sign in with one tap, nothing in it is real.\n"));

    w->demo = code == EXIT_OK;
    return code;
}
