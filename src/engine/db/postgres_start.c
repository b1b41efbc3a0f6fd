/* postgres_start.c: the schema on PostgreSQL, and the check of every statement against what the build worked out. */
#include "engine/db/postgres.h"

#include <stdio.h>
#include <stdlib.h>

#include "engine/base/log.h"
#include "engine/base/time.h"

enum { DEFAULT_LAG_MS = 2000 };
static const int64_t MIGRATION_LOCK = INT64_C(0x6c696c6f6e67); /* "lilong": one process changes the schema at a time */

static enum result refuse(struct arena *a, struct str *ret_why, const char *what, PGconn *conn)
{
    struct str text = str_trim(str_from_cstr(PQerrorMessage(conn)));

    *ret_why = str_printf(a, "%s: " STR_FMT, what, STR_ARG(text));
    return E_IO;
}

bool postgres_run(PGconn *conn, const char *sql)
{
    PGresult *res = PQexec(conn, sql);
    ExecStatusType status = PQresultStatus(res);

    PQclear(res);
    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY;
}

static enum result read_applied(PGconn *conn, struct arena *a, struct applied **ret_applied, size_t *ret_n)
{
    PGresult *res = PQexec(conn, "SELECT to_regclass('schema_version') IS NULL");
    bool ok = PQresultStatus(res) == PGRES_TUPLES_OK;
    bool empty = ok && PQgetvalue(res, 0, 0)[0] == 't';

    PQclear(res);
    *ret_n = 0;
    *ret_applied = arena_array(a, struct applied, 1);
    if (!ok || empty)
        return ok ? OK : E_IO;
    res = PQexec(conn, "SELECT version, name, sha FROM schema_version ORDER BY version");
    ok = PQresultStatus(res) == PGRES_TUPLES_OK;
    if (ok) {
        *ret_n = (size_t)PQntuples(res);
        *ret_applied = arena_array(a, struct applied, *ret_n + 1);
    }
    for (size_t i = 0; i < *ret_n; i++) {
        struct applied *x = &(*ret_applied)[i];
        int64_t version = 0;
        if (str_int64(str_from_cstr(PQgetvalue(res, (int)i, 0)), 0, INT32_MAX, &version) != OK)
            ok = false;
        x->version = (int)version;
        x->name = str_dup(a, str_from_cstr(PQgetvalue(res, (int)i, 1)));
        x->sha = str_dup(a, str_from_cstr(PQgetvalue(res, (int)i, 2)));
    }
    PQclear(res);
    return ok ? OK : E_IO;
}

static bool apply(PGconn *conn, const struct db_migration *m)
{
    char version[16], now[32];
    const char *const values[] = {version, m->name, now, m->postgres_sha};

    snprintf(version, sizeof(version), "%d", m->version);
    snprintf(now, sizeof(now), "%lld", (long long)time_now());
    if (!postgres_run(conn, "BEGIN") || !postgres_run(conn, m->postgres))
        return false;
    PGresult *res = PQexecParams(conn,
                                 "INSERT INTO schema_version (version, name, applied_at, sha) VALUES ($1, $2, $3, $4)",
                                 4, NULL, values, NULL, NULL, 0);
    bool ok = PQresultStatus(res) == PGRES_COMMAND_OK;
    PQclear(res);
    return ok && postgres_run(conn, "COMMIT");
}

static enum result bring_up_to_date(struct database *d, PGconn *conn, bool migrate, struct arena *a,
                                    struct str *ret_why)
{
    struct applied *applied;
    size_t n, first;
    char lock[64];

    snprintf(lock, sizeof(lock), "SELECT pg_advisory_lock(%lld)", (long long)MIGRATION_LOCK);
    if (migrate && !postgres_run(conn, lock))
        return refuse(a, ret_why, "the schema's lock is not to be had", conn);
    if (read_applied(conn, a, &applied, &n) != OK)
        return refuse(a, ret_why, "the schema's version cannot be read", conn);
    enum result r = migrate_plan(&d->catalogue, true, applied, n, migrate, a, &first, ret_why);
    if (r != OK)
        return r;
    for (size_t i = first; i < d->catalogue.n_migrations; i++) {
        const struct db_migration *m = &d->catalogue.migrations[i];
        if (!apply(conn, m))
            return refuse(a, ret_why, str_cstr(a, str_printf(a, "schema step %s fails", m->name)), conn);
        if (n)
            log_info("db.migrate", LOG_CSTR("step", m->name));
    }
    snprintf(lock, sizeof(lock), "SELECT pg_advisory_unlock(%lld)", (long long)MIGRATION_LOCK);
    if (migrate && !postgres_run(conn, lock))
        return refuse(a, ret_why, "the schema's lock cannot be given back", conn);
    return OK;
}

static const char *type_name(unsigned oid, char *room, size_t size)
{
    static const struct {
        unsigned oid;
        const char *name;
    } names[] = {{OID_INT8, "bigint"},
                 {OID_INT2, "smallint"},
                 {OID_TEXT, "text"},
                 {OID_BYTEA, "bytea"},
                 {OID_FLOAT8, "double precision"},
                 {16, "boolean"},
                 {23, "integer"},
                 {700, "real"},
                 {1700, "numeric"},
                 {1043, "varchar"},
                 {2950, "uuid"},
                 {705, "unknown"}};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (names[i].oid == oid)
            return names[i].name;
    snprintf(room, size, "type %u", oid);
    return room;
}

/* The answers to PREPARE and DESCRIBE of one statement. */
static enum result check_one(PGconn *conn, const struct db_statement *s, struct arena *a, struct str *ret_why)
{
    PGresult *prepared = postgres_next(conn), *described = postgres_next(conn);
    char room1[32], room2[32];
    struct str wrong = STR_NONE;

    if (PQresultStatus(prepared) != PGRES_COMMAND_OK) {
        const char *text = PQresultErrorField(prepared, PG_DIAG_MESSAGE_PRIMARY);
        wrong = str_printf(a, "%s", text ? text : PQerrorMessage(conn));
    } else if (PQresultStatus(described) != PGRES_COMMAND_OK) {
        wrong = str_printf(a, "%s", PQerrorMessage(conn));
    } else if (PQnfields(described) != s->n_columns) {
        wrong = str_printf(a, "gives %d columns, and %d at build time", PQnfields(described), s->n_columns);
    } else {
        for (int i = 0; i < s->n_columns && wrong.len == 0; i++)
            if (PQftype(described, i) != postgres_oid(s->columns[i].type))
                wrong = str_printf(a, "column %s is %s here and %s at build time", PQfname(described, i),
                                   type_name(PQftype(described, i), room1, sizeof(room1)),
                                   type_name(postgres_oid(s->columns[i].type), room2, sizeof(room2)));
    }
    PQclear(prepared);
    PQclear(described);
    if (wrong.len == 0)
        return OK;
    *ret_why = str_printf(a, "%s:%d: statement %s: " STR_FMT, s->file, s->line, s->name, STR_ARG(wrong));
    return E_INVALID;
}

static enum result check_statements(struct database *d, PGconn *conn, struct arena *a, struct str *ret_why)
{
    size_t n = d->catalogue.n_statements;
    enum { AT_ONCE = 32 };

    if (PQenterPipelineMode(conn) != 1)
        return refuse(a, ret_why, "PostgreSQL", conn);
    for (size_t from = 0; from < n; from += AT_ONCE) {
        size_t to = from + AT_ONCE < n ? from + AT_ONCE : n;
        /* Each its own sync: an error ends what follows up to the next one. */
        for (size_t i = from; i < to; i++)
            if (!postgres_send_prepare(conn, d->catalogue.statements[i]) ||
                PQsendDescribePrepared(conn, d->catalogue.statements[i]->name) != 1 || PQpipelineSync(conn) != 1)
                return refuse(a, ret_why, "PostgreSQL", conn);
        for (size_t i = from; i < to; i++) {
            enum result r = check_one(conn, d->catalogue.statements[i], a, ret_why);
            PQclear(postgres_next(conn));
            if (r != OK)
                return r;
        }
    }
    return OK;
}

static enum result postgres_share(struct database *d)
{
    struct postgres_shared *shared = calloc(1, sizeof(*shared));

    if (!shared)
        return E_BUSY;
    pthread_mutex_init(&shared->lock, NULL);
    pthread_cond_init(&shared->wake, NULL);
    shared->lag_ms = d->options.replica_lag_ms ? d->options.replica_lag_ms : DEFAULT_LAG_MS;
    d->shared = shared;
    if (d->options.replica_url && !(shared->replica = strdup(d->options.replica_url))) {
        d->engine->stop(d);
        return E_BUSY;
    }
    return OK;
}

enum result postgres_start(struct database *d, bool migrate, struct arena *a, struct str *ret_why)
{
    enum result r = postgres_share(d);
    if (r != OK) {
        *ret_why = STR("no memory for the database");
        return r;
    }
    postgres_look_at_hosts(d);
    PGconn *conn = postgres_connect_primary(d);

    if (!conn) {
        *ret_why = STR("no memory for the database");
        d->engine->stop(d);
        return E_BUSY;
    }
    if (PQstatus(conn) != CONNECTION_OK) {
        r = refuse(a, ret_why, "PostgreSQL cannot be reached", conn);
    } else if (PQserverVersion(conn) < 150000) {
        *ret_why = str_printf(a, "PostgreSQL 15 or newer is needed, and this one is %d", PQserverVersion(conn) / 10000);
        r = E_INVALID;
    } else if (strcmp(PQparameterStatus(conn, "server_encoding") ? PQparameterStatus(conn, "server_encoding") : "",
                      "UTF8") != 0) {
        *ret_why = STR("the PostgreSQL database is not in UTF-8: create it with ENCODING 'UTF8'");
        r = E_INVALID;
    }
    if (r == OK)
        r = bring_up_to_date(d, conn, migrate, a, ret_why);
    if (r == OK)
        r = check_statements(d, conn, a, ret_why);
    PQfinish(conn);
    if (r == OK && (r = postgres_watch(d)) != OK)
        *ret_why = STR("the thread that watches the replica does not start");
    if (r != OK)
        d->engine->stop(d);
    return r;
}
