/* postgres_fill.c: a PostgreSQL database filled from nothing, chunk by chunk. Keys and indexes are put away first, and built at the end from the definitions that the
 * database itself gave for them: sorting once costs a fraction of keeping them in order row by row. */
#include "engine/db/postgres.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "engine/base/buf.h"
#include "engine/base/time.h"

struct db_fill {
    PGconn *conn;
    struct arena *arena;
    struct str mark;
    bool open; /* a chunk */
};

static enum result refuse(struct arena *a, struct str *ret_why, const char *what, PGconn *conn)
{
    struct str text = str_trim(str_from_cstr(PQerrorMessage(conn)));

    *ret_why = str_printf(a, "%s: " STR_FMT, what, STR_ARG(text));
    return E_IO;
}

static bool run_with(PGconn *conn, const char *sql, int n, const char *const *values)
{
    PGresult *res = PQexecParams(conn, sql, n, NULL, values, NULL, NULL, 0);
    ExecStatusType status = PQresultStatus(res);

    PQclear(res);
    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

/* One number; -1: nothing, or a failure. */
static int64_t number(PGconn *conn, const char *sql, int n, const char *const *values)
{
    PGresult *res = PQexecParams(conn, sql, n, NULL, values, NULL, NULL, 0);
    int64_t value = -1;

    if (PQresultStatus(res) == PGRES_TUPLES_OK && PQntuples(res) == 1)
        value = strtoll(PQgetvalue(res, 0, 0), NULL, 10);
    PQclear(res);
    return value;
}

/* The schema without keys and indexes; what was put away stands in fill_later. */
static bool make_schema(struct db_fill *f)
{
    const char *values[] = {str_cstr(f->arena, f->mark)};
    bool ok = postgres_run(f->conn, "BEGIN");

    for (size_t i = 0; ok && i < db_migrations_n; i++)
        ok = postgres_run(f->conn, db_migrations[i].postgres);
    ok = ok && postgres_run(f->conn, "CREATE TABLE fill_state (mark TEXT NOT NULL, done BIGINT NOT NULL);"
                                     "CREATE TABLE fill_later (position BIGINT NOT NULL, definition TEXT NOT NULL)");
    ok = ok && run_with(f->conn, "INSERT INTO fill_state VALUES ($1, 0)", 1, values);
    ok = ok &&
         postgres_run(
             f->conn,
             "INSERT INTO fill_later SELECT ROW_NUMBER() OVER (ORDER BY conrelid::regclass::text), "
             "format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) "
             "FROM pg_constraint WHERE contype IN ('p', 'u') AND connamespace = current_schema()::regnamespace;"
             "INSERT INTO fill_later SELECT 10000 + ROW_NUMBER() OVER (ORDER BY i.indexrelid::regclass::text), "
             "pg_get_indexdef(i.indexrelid) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid "
             "WHERE c.relnamespace = current_schema()::regnamespace "
             "AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.indexrelid);"
             "DO $$ DECLARE r RECORD; BEGIN "
             "FOR r IN SELECT conrelid::regclass AS t, conname FROM pg_constraint "
             "WHERE contype IN ('p', 'u') AND connamespace = current_schema()::regnamespace LOOP "
             "EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', r.t, r.conname); END LOOP; "
             "FOR r IN SELECT i.indexrelid::regclass AS t FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid "
             "WHERE c.relnamespace = current_schema()::regnamespace LOOP "
             "EXECUTE format('DROP INDEX %s', r.t); END LOOP; END $$");
    return ok && postgres_run(f->conn, "COMMIT");
}

/* Ours, begun: how many chunks. Ours, whole: -1. Empty: made. */
static enum result take_up(struct db_fill *f, int64_t *ret_done, struct str *ret_why)
{
    const char *values[] = {str_cstr(f->arena, f->mark)};
    int64_t tables = number(
        f->conn,
        "SELECT COUNT(*) FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = current_schema()::regnamespace",
        0, NULL);

    *ret_done = 0;
    if (tables < 0)
        return refuse(f->arena, ret_why, "PostgreSQL", f->conn);
    if (tables == 0)
        return make_schema(f) ? OK : refuse(f->arena, ret_why, "the schema", f->conn);
    if (number(f->conn, "SELECT COUNT(*) FROM pg_class WHERE oid = to_regclass('fill_state')", 0, NULL) == 1)
        *ret_done = number(f->conn, "SELECT done FROM fill_state WHERE mark = $1", 1, values);
    else
        *ret_done = number(f->conn, "SELECT COUNT(*) FROM pg_class WHERE oid = to_regclass('job')", 0, NULL) == 1 &&
                            number(f->conn, "SELECT 1 FROM job WHERE name = $1", 1, values) == 1
                      ? 0
                      : -2;
    if (*ret_done >= 0 &&
        number(f->conn, "SELECT COUNT(*) FROM pg_class WHERE oid = to_regclass('fill_state')", 0, NULL) == 0)
        *ret_done = -1;
    else if (*ret_done < 0) {
        *ret_why = STR("the PostgreSQL database is not empty, and not one that this very command has begun: "
                       "say another one (CREATE DATABASE), or the same scale, number and end as before");
        return E_CONFLICT;
    }
    return OK;
}

enum result db_fill_begin(const char *postgres_url, struct str mark, struct arena *a, struct db_fill **ret,
                          int64_t *ret_done, struct str *ret_why)
{
    struct db_fill *f = arena_new(a, struct db_fill);
    enum result r = OK;

    *f = (struct db_fill){.conn = postgres_connect(postgres_url, NULL, NULL, true), .arena = a, .mark = mark};
    if (PQstatus(f->conn) != CONNECTION_OK)
        r = refuse(a, ret_why, "PostgreSQL cannot be reached", f->conn);
    /* The progress is written with the rows: a commit that a power cut takes back is done again. */
    else if (!postgres_run(f->conn, "SET client_min_messages = warning; SET synchronous_commit = off") ||
             number(f->conn, "SELECT CASE WHEN pg_try_advisory_lock(5241021) THEN 1 ELSE 0 END", 0, NULL) != 1) {
        *ret_why = STR("another process is filling this database");
        r = E_BUSY;
    } else {
        r = take_up(f, ret_done, ret_why);
    }
    if (r != OK) {
        PQfinish(f->conn);
        return r;
    }
    *ret = f;
    return OK;
}

enum result db_fill_rows(struct db_fill *f, struct str table, struct str columns, struct str rows, struct str *ret_why)
{
    char sql[2048];
    bool ok;

    if (!f->open && !postgres_run(f->conn, "BEGIN"))
        return refuse(f->arena, ret_why, "BEGIN", f->conn);
    f->open = true;
    snprintf(sql, sizeof(sql), "COPY " STR_FMT " (" STR_FMT ") FROM STDIN", STR_ARG(table), STR_ARG(columns));
    PGresult *res = PQexec(f->conn, sql);
    ok = PQresultStatus(res) == PGRES_COPY_IN;
    PQclear(res);
    while (ok && rows.len) {
        int n = rows.len > 1 << 20 ? 1 << 20 : (int)rows.len;
        ok = PQputCopyData(f->conn, rows.ptr, n) == 1;
        rows = str_sub(rows, (size_t)n, SIZE_MAX);
    }
    if (ok)
        ok = PQputCopyEnd(f->conn, NULL) == 1;
    if (ok) {
        res = PQgetResult(f->conn);
        ok = PQresultStatus(res) == PGRES_COMMAND_OK;
        PQclear(res);
    }
    if (!ok)
        return refuse(f->arena, ret_why, str_cstr(f->arena, table), f->conn);
    while ((res = PQgetResult(f->conn)))
        PQclear(res);
    return OK;
}

enum result db_fill_chunk(struct db_fill *f, int64_t done, struct str *ret_why)
{
    char text[32];
    const char *values[] = {text};

    snprintf(text, sizeof(text), "%" PRId64, done);
    if ((!f->open && !postgres_run(f->conn, "BEGIN")) ||
        !run_with(f->conn, "UPDATE fill_state SET done = $1", 1, values) || !postgres_run(f->conn, "COMMIT"))
        return refuse(f->arena, ret_why, "COMMIT", f->conn);
    f->open = false;
    return OK;
}

/* From here on it is a database like any other. */
static bool make_whole(struct db_fill *f)
{
    char version[16], now[32];
    const char *mark[] = {str_cstr(f->arena, f->mark)};
    bool ok = postgres_run(f->conn, "BEGIN");

    snprintf(now, sizeof(now), "%" PRId64, time_now());
    for (size_t i = 0; ok && i < db_migrations_n; i++) {
        const char *values[] = {version, db_migrations[i].name, now, db_migrations[i].postgres_sha};

        snprintf(version, sizeof(version), "%d", db_migrations[i].version);
        ok = run_with(f->conn, "INSERT INTO schema_version (version, name, applied_at, sha) VALUES ($1, $2, $3, $4)", 4,
                      values);
    }
    ok = ok && run_with(f->conn, "INSERT INTO job (name, runs) SELECT $1, done FROM fill_state", 1, mark);
    return ok && postgres_run(f->conn, "DROP TABLE fill_later; DROP TABLE fill_state") &&
           postgres_run(f->conn, "COMMIT");
}

enum result db_fill_end(struct db_fill *f, void (*said)(void *arg, int64_t left), void *arg, struct str *ret_why)
{
    if (!postgres_run(f->conn, "SET maintenance_work_mem = '512MB'"))
        return refuse(f->arena, ret_why, "PostgreSQL", f->conn);
    for (;;) {
        PGresult *res = PQexec(
            f->conn, "SELECT position, definition, COUNT(*) OVER () FROM fill_later ORDER BY position LIMIT 1");
        bool ok = PQresultStatus(res) == PGRES_TUPLES_OK, any = ok && PQntuples(res) == 1;

        if (any) {
            const char *values[] = {PQgetvalue(res, 0, 0)};

            said(arg, strtoll(PQgetvalue(res, 0, 2), NULL, 10));
            ok = postgres_run(f->conn, "BEGIN") && postgres_run(f->conn, PQgetvalue(res, 0, 1)) &&
                 run_with(f->conn, "DELETE FROM fill_later WHERE position = $1", 1, values) &&
                 postgres_run(f->conn, "COMMIT");
            if (!ok)
                (void)refuse(f->arena, ret_why, PQgetvalue(res, 0, 1), f->conn);
        } else if (!ok) {
            (void)refuse(f->arena, ret_why, "PostgreSQL", f->conn);
        }
        PQclear(res);
        if (!ok)
            return E_IO;
        if (!any)
            break;
    }
    if (!postgres_run(f->conn, "ANALYZE") || !make_whole(f))
        return refuse(f->arena, ret_why, "the last step", f->conn);
    return OK;
}

void db_fill_close(struct db_fill *f)
{
    PQfinish(f->conn);
}
