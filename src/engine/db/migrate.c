/* migrate.c: which steps of the schema are missing, and whether this binary may touch the database at all. Pure. */
#include "engine/db/private.h"

enum result migrate_plan(const struct db_catalogue *catalogue, bool postgres, const struct applied *applied, size_t n,
                         bool migrate, struct arena *a, size_t *ret_first, struct str *ret_why)
{
    const struct db_migration *known = catalogue->migrations;
    size_t n_known = catalogue->n_migrations;

    for (size_t i = 0; i < n; i++) {
        int newest = n_known ? known[n_known - 1].version : 0;
        if (applied[i].version > newest) {
            *ret_why = str_printf(a,
                                  "the database has schema step " STR_FMT
                                  ", and this program knows the steps up to %d: it is older than "
                                  "the one that wrote the database. Start the newer program, or restore a backup",
                                  STR_ARG(applied[i].name), newest);
            return E_INVALID;
        }
        if (i >= n_known || applied[i].version != known[i].version) {
            bool missing = i < n_known && known[i].version < applied[i].version;
            *ret_why = str_printf(
                a, "schema step %s%.*s is %s the database but %s this program: they do not belong together",
                missing ? known[i].name : "", missing ? 0 : (int)applied[i].name.len, applied[i].name.ptr,
                missing ? "missing in" : "in", missing ? "in the middle of" : "not in");
            return E_INVALID;
        }
        if (!str_eq(applied[i].sha, str_from_cstr(postgres ? known[i].postgres_sha : known[i].sqlite_sha))) {
            *ret_why = str_printf(
                a,
                "schema step %s was changed after this database had applied it. A shipped step is never edited: "
                "use the program that made the database, or begin with an empty one",
                known[i].name);
            return E_INVALID;
        }
    }
    if (n < n_known && !migrate) {
        *ret_why = n == 0 ? STR("the database is empty: create it first")
                          : str_printf(
                                a,
                                "the database is older than this program: it lacks %zu schema steps, the first is %s. "
                                "`lilong serve` brings it up to date when it starts",
                                n_known - n, known[n].name);
        return E_INVALID;
    }
    *ret_first = n;
    return OK;
}
