/* verify.c: lilong verify: is what was done still as it was written down, and do the figures say the same. */
#include <stdio.h>

#include "civic/ledger/ledger.h"
#include "civic/place/place.h"
#include "civic/statistics/statistics.h"
#include "command/verify.h"
#include "engine/base/time.h"
#include "modules.h"

enum { MEMORY = 256 << 20 }; /* of a batch */

enum { OPTION_PLACE, OPTION_REBUILD };
static const struct command_option options[] = {
    [OPTION_PLACE] = {"place", "CODE", "only the ledger of this place"},
    [OPTION_REBUILD] = {"rebuild-figures", NULL,
                        "write the recount into the figures where they differ, if the ledger is whole"},
    {NULL, NULL, NULL},
};

static enum exit_code failed(struct invocation *v, const char *what, enum result r)
{
    invocation_complain(v, "%s could not be read: %s", what, result_name(r));
    return exit_code_of(r);
}

static enum exit_code verify_ledger(struct invocation *v, struct world *w, struct arena *batch, int64_t place)
{
    struct ledger_verdict verdict;
    enum result r = ledger_verify(w->database, batch, place, &verdict);

    if (r != OK)
        return failed(v, "the ledger", r);
    if (verdict.fault) {
        printf("ledger: place %lld, row %lld: %s\n", (long long)verdict.community, (long long)verdict.seq,
               ledger_fault_words(verdict.fault));
        return EXIT_FOUND;
    }
    printf("ledger: %lld chains, %lld rows: whole\n", (long long)verdict.chains, (long long)verdict.rows);
    return EXIT_OK;
}

static enum exit_code verify_figures(struct invocation *v, struct world *w, struct arena *batch, int64_t place,
                                     bool rebuild)
{
    /* Each round mends one community; there are not more rounds than communities. */
    for (int round = 0; round < 20000; round++) {
        struct statistics_verdict verdict;
        enum result r = statistics_recount(w->database, batch, place, &verdict);

        if (r != OK)
            return failed(v, "the figures", r);
        if (!verdict.differs) {
            printf("figures: %lld events counted again: equal\n", (long long)verdict.rows);
            return EXIT_OK;
        }
        if (verdict.community) {
            struct str day = time_rfc3339(v->arena, day_start((int32_t)verdict.day));
            printf("figures: place %lld, %.10s, %s: %lld stored (sum %lld), %lld counted (sum %lld)\n",
                   (long long)verdict.community, day.ptr, verdict.measure, (long long)verdict.stored_n,
                   (long long)verdict.stored_total, (long long)verdict.counted_n, (long long)verdict.counted_total);
        } else {
            printf("figures: the closed days of the city, %s: %lld added up, %lld in the communities\n",
                   verdict.measure, (long long)verdict.stored_n, (long long)verdict.counted_n);
        }
        if (!rebuild)
            return EXIT_FOUND;
        r = statistics_rebuild(w->database, v->arena, verdict.community);
        if (r != OK)
            return failed(v, "the figures", r);
    }
    return EXIT_FOUND;
}

/* The counters that stand in the rows of a module. */
static enum exit_code verify_rows(struct invocation *v, struct world *w, struct arena *batch, int64_t place,
                                  const struct row_recount *of)
{
    int64_t at = INT64_MIN, bad = 0, communities = 0;
    enum result r = OK;

    while (r == OK && bad == 0) {
        struct db *db;

        if ((r = db_read_begin(w->database, batch, &db)) != OK)
            break;
        r = place && communities ? E_NOT_FOUND : place ? OK : ledger_next_community(db, at, &at);
        if (place)
            at = place;
        if (r == OK)
            r = of->recount(db, at, &bad);
        communities += r == OK;
        db_read_end(db);
        arena_reset(batch);
    }
    if (r != OK && r != E_NOT_FOUND)
        return failed(v, of->rows, r);
    if (bad) {
        printf("%s: place %lld, %s %lld: its counters differ from a recount\n", of->rows, (long long)at, of->row,
               (long long)bad);
        return EXIT_FOUND;
    }
    printf("%s: counters counted again in %lld places: equal\n", of->rows, (long long)communities);
    return EXIT_OK;
}

static enum exit_code verify_pictures(struct invocation *v, struct world *w, struct arena *batch, int64_t place)
{
    struct media_store *store;
    struct media_verdict verdict;
    enum result r = media_store_open(v->data_dir, &store);

    if (r != OK)
        return failed(v, "the store of pictures", r);
    r = media_verify(w->database, store, batch, place, &verdict);
    media_store_close(store);
    if (r != OK)
        return failed(v, "the pictures", r);
    if (verdict.id) {
        printf("pictures: place %lld, row %lld: its file %s\n", (long long)verdict.community, (long long)verdict.id,
               verdict.damaged ? "is not the one that was stored" : "is missing");
        return EXIT_FOUND;
    }
    printf("pictures: %lld rows and %lld documents have their files\n", (long long)verdict.pictures,
           (long long)verdict.documents);
    return EXIT_OK;
}

/* Whatever one look finds, the next one is taken too: who repairs wants to know all. */
static enum exit_code worse(enum exit_code a, enum exit_code b)
{
    return a == EXIT_OK ? b : a;
}

enum exit_code verify_world(struct invocation *v, struct world *w, int64_t place, bool rebuild)
{
    struct arena *batch = arena_open(MEMORY);
    enum exit_code code;

    if (!batch)
        return EXIT_NO_MEMORY;
    code = verify_ledger(v, w, batch, place);
    if (code == EXIT_OK || code == EXIT_FOUND) {
        code = worse(code, verify_figures(v, w, batch, place, code == EXIT_OK && rebuild));
        for (size_t i = 0; i < row_recounts_n; i++)
            code = worse(code, verify_rows(v, w, batch, place, &row_recounts[i]));
        code = worse(code, verify_pictures(v, w, batch, place));
    }
    arena_close(batch);
    return code;
}

static enum exit_code run(struct invocation *v)
{
    struct world w;
    int64_t place = 0;
    enum exit_code code;

    if (v->option[OPTION_PLACE] && place_parse(str_from_cstr(v->option[OPTION_PLACE]), &place) != OK) {
        invocation_complain(v, "--place needs the twelve digits of a place");
        return EXIT_USAGE;
    }
    if (v->config.log.level == LOG_LEVEL_INFO)
        log_set_level(LOG_LEVEL_WARN);
    code = world_open(v, v->option[OPTION_REBUILD] ? WORLD_DATABASE : WORLD_READ, &w);
    if (code != EXIT_OK)
        return code;
    code = verify_world(v, &w, place, v->option[OPTION_REBUILD] != NULL);
    world_close(&w);
    return code;
}

const struct command command_verify = {
    .name = "verify",
    .summary = "Checks the ledger, the figures, the counters and the pictures.",
    .usage = "lilong verify --data DIR [--database URL] [--place CODE] [--rebuild-figures]",
    .details =
        "Reads every chain of the ledger from its beginning, counts the figures and the counters of rows again, and looks whether every picture has\n"
        "its file. Ends with 0 when all is as it was written, with 1 after naming the first row that was changed, removed or put in, or that\n"
        "differs. Works beside a running server; only --rebuild-figures needs it stopped.",
    .options = options,
    .run = run,
};
