/* world.h: what most commands need: the data folder with its keys, the database, the services. */
#ifndef LILONG_COMMAND_WORLD_H
#define LILONG_COMMAND_WORLD_H

#include "civic/service/service.h"
#include "command/command.h"
#include "engine/db/db.h"

struct world {
    const char *data_dir;
    struct database *database;
    struct services services;
    bool demo;           /* the data folder says that it is a demo world */
};

enum world_need {
    WORLD_DATABASE = 0,
    WORLD_NEW = 1,       /* makes the data folder and the keys; it must be empty or missing */
    WORLD_MEDIA = 2,     /* the store and the picture workers */
    WORLD_SMS = 8,       /* the driver that sends short messages */
    WORLD_MIGRATE = 4,   /* brings an older schema up to date; without it an older one is refused */
    WORLD_READ = 16,     /* to look only: works beside a running server */
    WORLD_REMADE = 32,   /* what is written can be made again: db_options.remade */
};

/* Opens what is asked for. Anything but EXIT_OK: it has been said on standard error what is wrong and what to do. */
enum exit_code world_open(struct invocation *v, unsigned need, struct world *ret_world);
void world_close(struct world *w);

/* An empty folder of our own, closed to others, marked as unfinished. EXIT_CANT_CREATE after saying why not. */
enum exit_code world_make_folder(struct invocation *v, const char *dir);
/* WORLD_NEW, and nothing came of it, before anything was written into the database: removes what was made in the folder, so that who mends what was
 * wrong types the same command again. After world_close(). */
void world_take_back(struct invocation *v);
/* A new installation is whole: until this is called, the folder says that it is not, and nothing but its removal is accepted. */
enum exit_code world_finish(struct invocation *v, struct world *w);
/* Marks a new data folder as a demo world. */
enum exit_code world_mark_demo(struct invocation *v, struct world *w);

#endif
