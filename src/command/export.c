/* export.c: lilong export: reports, figures or the ledger of a place and of all below it, for a spreadsheet or a program. */
#include <stdio.h>
#include <unistd.h>

#include "boards/report/report_export.h"
#include "civic/ledger/ledger.h"
#include "civic/place/place.h"
#include "civic/statistics/statistics.h"
#include "command/world.h"
#include "engine/base/csv.h"
#include "engine/base/time.h"
#include "engine/page/page.h"

enum { OPTION_WHAT, OPTION_PLACE, OPTION_FORMAT, OPTION_FROM, OPTION_TO };
static const struct command_option options[] = {
    [OPTION_WHAT] = {"what", "WHAT", "reports, figures or ledger"},
    [OPTION_PLACE] = {"place", "CODE", "the twelve digits of a place of any level"},
    [OPTION_FORMAT] = {"format", "FORMAT", "csv (as it is when not given) or json"},
    [OPTION_FROM] = {"from", "DAY", "figures: first day, as 2026-01-31; a year ago when not given"},
    [OPTION_TO] = {"to", "DAY", "figures: last day; today when not given"},
    {NULL, NULL, NULL},
};

enum { BATCH = 500, MEMORY = 256 << 20 };

/* ---- a table going out, row by row ---------------------------------------------------------------------------------------- */

struct table {
    bool as_json, failed;
    const char *const *columns; /* ends with NULL */
    size_t at;                  /* column of the row that is being written */
    int64_t rows;
    struct buf csv;
    struct json json;
};

static void row_begin(struct table *t, struct arena *a)
{
    t->at = 0;
    if (t->as_json) {
        json_init(&t->json, a);
        json_open(&t->json, '{');
    } else {
        buf_init(&t->csv, a, 512, 1 << 20);
    }
}

static void cell_text(struct table *t, struct str s)
{
    if (t->as_json) {
        json_key(&t->json, str_from_cstr(t->columns[t->at]));
        json_str(&t->json, s);
    } else {
        csv_put(&t->csv, s, t->at == 0);
    }
    t->at++;
}

static void cell_int(struct table *t, int64_t n)
{
    if (t->as_json) {
        json_key(&t->json, str_from_cstr(t->columns[t->at]));
        json_int(&t->json, n);
    } else {
        csv_put_int(&t->csv, n, t->at == 0);
    }
    t->at++;
}

static void cell_id(struct table *t, int64_t id)
{
    if (t->as_json) {
        json_key(&t->json, str_from_cstr(t->columns[t->at]));
        json_id(&t->json, id);
    } else {
        csv_put_int(&t->csv, id, t->at == 0);
    }
    t->at++;
}

static void cell_time(struct table *t, struct arena *a, int64_t at)
{
    if (t->as_json) {
        json_key(&t->json, str_from_cstr(t->columns[t->at]));
        json_time(&t->json, at);
    } else {
        csv_put(&t->csv, at ? time_rfc3339(a, at) : STR_NONE, t->at == 0);
    }
    t->at++;
}

static void out(struct table *t, struct str s)
{
    if (s.len && fwrite(s.ptr, 1, s.len, stdout) != s.len)
        t->failed = true;
}

static void row_end(struct table *t)
{
    if (t->as_json) {
        json_close(&t->json, '}');
        out(t, t->rows ? STR(",\n") : STR("[\n"));
        out(t, buf_str(&t->json.buf));
    } else {
        csv_end_row(&t->csv);
        out(t, buf_str(&t->csv));
    }
    t->rows++;
}

static void table_begin(struct table *t, struct arena *a)
{
    if (t->as_json)
        return;
    buf_init(&t->csv, a, 512, 1 << 20);
    csv_begin(&t->csv);
    for (size_t i = 0; t->columns[i]; i++)
        csv_put(&t->csv, str_from_cstr(t->columns[i]), i == 0);
    csv_end_row(&t->csv);
    out(t, buf_str(&t->csv));
}

static void table_end(struct table *t)
{
    if (t->as_json)
        out(t, t->rows ? STR("\n]\n") : STR("[]\n"));
    if (fflush(stdout) != 0)
        t->failed = true;
}

/* ---- what ------------------------------------------------------------------------------------------------------------------- */

struct job {
    struct database *database;
    struct arena *a;
    int64_t place;
    int32_t from, to;
    struct table table;
};

static const char *const report_columns[] = {
    "community",    "id",          "number",     "title",       "category", "grade",   "state",     "outcome",
    "lead",         "reported_at", "answer_due", "answered_at", "due_at",   "done_at", "closed_at", "late",
    "escalated_at", "reopened",    "rating",     "joined",      "comments", "thumbs",  "photos",    NULL};

static enum result export_reports(struct job *job)
{
    int64_t low, high, community, after = 0;
    struct table *t = &job->table;
    enum result r;

    place_range(job->place, &low, &high);
    community = low - 1;
    for (;;) {
        struct sql_report_export_rows rows = {0};
        struct db *db;

        if ((r = db_read_begin(job->database, job->a, &db)) != OK)
            return r;
        if (after == 0)
            r = report_next_community(db, community, high, &community);
        if (r == OK)
            r = report_export(db, community, after, BATCH, &rows);
        db_read_end(db);
        for (size_t i = 0; r == OK && i < rows.n; i++) {
            const struct sql_report_export *x = &rows.row[i];

            row_begin(t, job->a);
            cell_id(t, x->community);
            cell_id(t, x->id);
            cell_text(t, x->number);
            cell_text(t, x->title);
            cell_text(t, x->category);
            cell_int(t, x->grade);
            cell_text(t, x->state);
            cell_text(t, x->outcome);
            cell_text(t, x->lead_name);
            cell_time(t, job->a, x->reported_at);
            cell_time(t, job->a, x->answer_due);
            cell_time(t, job->a, x->answered_at);
            cell_time(t, job->a, x->due_at);
            cell_time(t, job->a, x->done_at);
            cell_time(t, job->a, x->closed_at);
            cell_int(t, x->late);
            cell_time(t, job->a, x->escalated_at);
            cell_int(t, x->reopened);
            cell_int(t, x->rating);
            cell_int(t, x->joined);
            cell_int(t, x->comments);
            cell_int(t, x->thumbs);
            cell_int(t, x->photos);
            row_end(t);
            after = x->id;
        }
        if (r != OK)
            return r == E_NOT_FOUND ? OK : r;
        if (rows.n < BATCH)
            after = 0; /* on to the next community */
        arena_reset(job->a);
    }
}

static const char *const figure_columns[] = {"place", "day", "measure", "n", "total", "few", NULL};

static enum result export_figures(struct job *job)
{
    struct table *t = &job->table;
    struct figures figures;
    struct db *db;
    enum result r = db_read_begin(job->database, job->a, &db);

    if (r != OK)
        return r;
    r = statistics_read(db, job->place, job->from, job->to, PERIOD_DAY, &figures);
    db_read_end(db);
    for (size_t i = 0; r == OK && i < figures.n; i++) {
        row_begin(t, job->a);
        cell_id(t, job->place);
        cell_text(t, day_iso(job->a, figures.figure[i].day));
        cell_text(t, figures.figure[i].measure);
        cell_int(t, figures.figure[i].n);
        cell_int(t, figures.figure[i].total);
        cell_int(t, figures.figure[i].small);
        row_end(t);
    }
    return r;
}

static const char *const ledger_columns[] = {"place",  "seq",          "at",      "by",     "organisation",
                                             "verb",   "subject_kind", "subject", "before", "after",
                                             "amount", "text_hash",    NULL};

static enum result export_chain(struct job *job, int64_t community)
{
    struct table *t = &job->table;
    int64_t after = 0;
    size_t n = BATCH;
    enum result r = OK;

    while (r == OK && n == BATCH) {
        struct ledger_events events = {0};
        struct db *db;

        if ((r = db_read_begin(job->database, job->a, &db)) != OK)
            return r;
        r = ledger_since(db, community, after, BATCH, &events);
        db_read_end(db);
        n = r == OK ? events.n : 0;
        for (size_t i = 0; i < n; i++) {
            const struct ledger_event *e = &events.event[i];

            row_begin(t, job->a);
            cell_id(t, community);
            cell_int(t, e->seq);
            cell_time(t, job->a, e->at);
            cell_text(t, e->organisation ? STR("organisation")
                         : e->actor      ? STR("resident")
                                         : STR("clock")); /* who it was stays inside */
            cell_id(t, e->organisation);
            cell_text(t, e->verb);
            cell_text(t, e->subject_kind);
            cell_id(t, e->subject);
            cell_text(t, e->before);
            cell_text(t, e->after);
            cell_int(t, e->amount);
            cell_text(t, str_hex(job->a, e->text_hash));
            row_end(t);
            after = e->seq;
        }
        arena_reset(job->a);
    }
    return r;
}

static enum result export_ledger(struct job *job)
{
    int64_t low, high, at;
    enum result r = OK;

    place_range(job->place, &low, &high);
    at = low - 1;
    while (r == OK) {
        struct db *db;

        if ((r = db_read_begin(job->database, job->a, &db)) != OK)
            return r;
        r = ledger_next_community(db, at, &at);
        db_read_end(db);
        if (r == OK && at > high)
            r = E_NOT_FOUND;
        if (r == OK)
            r = export_chain(job, at);
    }
    return r == E_NOT_FOUND ? OK : r;
}

static const struct {
    const char *name;
    const char *const *columns;
    enum result (*run)(struct job *job);
} kinds[] = {
    {"reports", report_columns, export_reports},
    {"figures", figure_columns, export_figures},
    {"ledger", ledger_columns, export_ledger},
};
enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };

/* ---- the command -------------------------------------------------------------------------------------------------------------- */

static enum exit_code wrong(struct invocation *v, const char *words)
{
    invocation_complain(v, "%s; see `lilong export --help`", words);
    return EXIT_USAGE;
}

static bool place_known(struct job *job)
{
    struct place place;
    struct db *db;
    bool known = false;

    if (db_read_begin(job->database, job->a, &db) == OK) {
        known = place_get(db, job->place, &place) == OK;
        db_read_end(db);
    }
    return known;
}

static enum exit_code export_kind(struct invocation *v, struct job *job, size_t kind)
{
    enum result r;

    if (!place_known(job)) {
        invocation_complain(v, "there is no place with the code %lld", (long long)job->place);
        return EXIT_NO_INPUT;
    }
    job->table.columns = kinds[kind].columns;
    table_begin(&job->table, job->a);
    r = kinds[kind].run(job);
    table_end(&job->table);
    if (r != OK || job->table.failed) {
        invocation_complain(v, "the export broke off: %s", r != OK ? result_name(r) : "it cannot be written");
        return r != OK ? exit_code_of(r) : EXIT_IO;
    }
    return EXIT_OK;
}

static enum exit_code run(struct invocation *v)
{
    const char *const *o = v->option;
    struct job job = {.to = day_of(time_now())};
    size_t kind = 0;
    struct world w;
    enum exit_code code;

    while (kind < KINDS && (!o[OPTION_WHAT] || strcmp(o[OPTION_WHAT], kinds[kind].name) != 0))
        kind++;
    if (kind == KINDS)
        return wrong(v, "say --what reports, figures or ledger");
    if (!o[OPTION_PLACE] || place_parse(str_from_cstr(o[OPTION_PLACE]), &job.place) != OK)
        return wrong(v, "--place needs the twelve digits of a place");
    job.table.as_json = o[OPTION_FORMAT] && strcmp(o[OPTION_FORMAT], "json") == 0;
    if (o[OPTION_FORMAT] && !job.table.as_json && strcmp(o[OPTION_FORMAT], "csv") != 0)
        return wrong(v, "--format is csv or json");
    if (o[OPTION_TO] && day_parse(str_from_cstr(o[OPTION_TO]), &job.to) != OK)
        return wrong(v, "--to is a day as 2026-01-31");
    job.from = job.to - 365;
    if (o[OPTION_FROM] && day_parse(str_from_cstr(o[OPTION_FROM]), &job.from) != OK)
        return wrong(v, "--from is a day as 2026-01-31");
    if (v->config.log.level == LOG_LEVEL_INFO)
        log_set_level(LOG_LEVEL_WARN);
    code = world_open(v, WORLD_READ, &w);
    if (code != EXIT_OK)
        return code;
    job.database = w.database;
    job.a = arena_open(MEMORY);
    code = job.a ? export_kind(v, &job, kind) : EXIT_NO_MEMORY;
    arena_close(job.a);
    world_close(&w);
    return code;
}

const struct command command_export = {
    .name = "export",
    .summary = "Writes reports, figures or the ledger of a place to standard output.",
    .usage = "lilong export --data DIR --what reports|figures|ledger --place CODE [--format csv|json]",
    .details =
        "A place above a community exports everything below it. Nobody's name, phone or account is in it: reports come without author and\n"
        "text, the ledger without the person. Fields that a spreadsheet would run as a formula are quoted. Works beside a running server.",
    .options = options,
    .run = run,
};
