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

/* Counters that stand in the rows of a module, against a recount: what `lilong verify` goes through in every place that has a ledger. */
struct row_recount {
    const char *rows;               /* "entries": what was looked at */
    const char *row;                /* "entry": what one of them is called */
    /* OK also when they differ: then ret_bad is the row. */
    enum result (*recount)(struct db *db, int64_t community, int64_t *ret_bad);
};
extern const struct row_recount row_recounts[];
extern const size_t row_recounts_n;

#endif
