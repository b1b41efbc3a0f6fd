/* modules.h: the one list of what the program is made of. Adding a module is adding its folder and its lines in modules.c. */
#ifndef LILONG_MODULES_H
#define LILONG_MODULES_H

#include "engine/app/app.h"

extern const struct module *const modules[];
extern const size_t modules_n;
extern const struct app_policy policy;

/* Hands the boards' tables to the rooms below them: who listens to the ledger, what is counted, what the desk shows. Settings that
 * rules need are read from the configuration. Once, before the first thread. E_INVALID: ret_why names the mistake in a table. */
enum result modules_use(const struct config *config, struct arena *a, struct str *ret_why) MUST_USE;

#endif
