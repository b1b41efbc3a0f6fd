/* verify.h: what `lilong verify` looks at, for `lilong restore` too. */
#ifndef LILONG_COMMAND_VERIFY_H
#define LILONG_COMMAND_VERIFY_H

#include "command/world.h"

/* Says on standard output what was looked at and what is wrong: EXIT_OK, EXIT_FOUND, or why it could not be read. place 0: everything. */
enum exit_code verify_world(struct invocation *v, struct world *w, int64_t place, bool rebuild);

#endif
