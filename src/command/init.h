/* init.h: what a new installation begins with: `lilong init` and `lilong demo` make it the same way. */
#ifndef LILONG_COMMAND_INIT_H
#define LILONG_COMMAND_INIT_H

#include "command/world.h"

/* The office of the city that a new installation has; its administrators belong to it. */
#define CITY_PLACE INT64_C(310000000000)

/* Writes holidays, categories, the tree of Shanghai and the city's office into an empty database, saying on standard output what it does.
 * Everything is dated `at`. E_CONFLICT has been complained of: the database is not empty. */
enum exit_code init_seed(struct invocation *v, struct world *w, int64_t at, int64_t *ret_city_office);

/* demo.c: for who stands before a demo world: the QR code of the story's estate, and who is who, each with the link that signs in with one tap.
 * `base` is the address of the server: http://127.0.0.1:8080. */
enum exit_code demo_print_welcome(struct invocation *v, const struct world *w, struct str base);

#endif
