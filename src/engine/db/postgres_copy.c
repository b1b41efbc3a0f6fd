/* postgres_copy.c: a whole PostgreSQL database out of one snapshot, and into an empty one in one transaction. */
#include "engine/db/postgres.h"
#include "engine/db/sqlite.h"

#include <stdlib.h>

#include "engine/base/buf.h"
#include "engine/base/log.h"

enum { PIECE = 4 << 20 };

static enum result refuse(struct arena *a, struct str *ret_why, const char *what, PGconn *conn)
{
    struct str text = str_trim(str_from_cstr(PQerrorMessage(conn)));

    *ret_why = str_printf(a, "%s: " STR_FMT, what, STR_ARG(text));
    return E_IO;
}

/* ---- out */

struct dump {
    PGconn *conn;
    db_take_piece take;
    void *arg;
    char *bytes;
    size_t n, room;
};

static bool add(struct dump *d, const char *bytes, size_t n)
{
    if (d->n + n > d->room) {
        size_t room = d->room ? d->room : (size_t)PIECE + (1 << 16);
        while (room < d->n + n)
            room *= 2;
        char *more = realloc(d->bytes, room);
        if (!more)
            return false;
        d->bytes = more;
        d->room = room;
    }
    memcpy(d->bytes + d->n, bytes, n);
    d->n += n;
    return true;
}

static enum result put_out(struct dump *d, const char *table, int64_t *piece)
{
    enum result r = d->take(d->arg, str_from_cstr(table), (*piece)++, (struct str){d->bytes, d->n});

    d->n = 0;
    return r;
}

/* The first line of a table's first piece names its columns. */
static enum result dump_table(struct dump *d, struct arena *a, const char *table)
{
    int64_t piece = 0;
    enum result r = OK;
    char *row = NULL;
    int n;

    PGresult *res = PQexec(
        d->conn,
        str_cstr(a, str_printf(a,
                               "SELECT string_agg(quote_ident(attname), ',' ORDER BY attnum) FROM pg_attribute "
                               "WHERE attrelid = '%s'::regclass AND attnum > 0 AND NOT attisdropped",
                               table)));
    bool ok = PQresultStatus(res) == PGRES_TUPLES_OK && PQntuples(res) == 1;
    struct str columns = ok ? str_dup(a, str_from_cstr(PQgetvalue(res, 0, 0))) : STR_NONE;
    PQclear(res);
    if (!ok || !columns.len)
        return E_IO;
    d->n = 0;
    if (!add(d, columns.ptr, columns.len) || !add(d, "\n", 1))
        return E_BUSY;
    res = PQexec(d->conn, str_cstr(a, str_printf(a, "COPY %s (" STR_FMT ") TO STDOUT", table, STR_ARG(columns))));
    ok = PQresultStatus(res) == PGRES_COPY_OUT;
    PQclear(res);
    if (!ok)
        return E_IO;
    while (r == OK && (n = PQgetCopyData(d->conn, &row, 0)) > 0) {
        if (!add(d, row, (size_t)n))
            r = E_BUSY;
        PQfreemem(row);
        if (r == OK && d->n >= PIECE)
            r = put_out(d, table, &piece);
    }
    if (r != OK)
        return r;
    res = PQgetResult(d->conn);
    ok = n == -1 && PQresultStatus(res) == PGRES_COMMAND_OK;
    PQclear(res);
    while ((res = PQgetResult(d->conn)))
        PQclear(res);
    return !ok ? E_IO : d->n || piece == 0 ? put_out(d, table, &piece) : OK;
}

enum result database_dump(struct database *database, struct arena *a, db_take_piece take, void *arg,
                          struct str *ret_why)
{
    struct dump d = {.take = take, .arg = arg};
    enum result r = OK;

    if (!database->engine->postgres)
        return sqlite_dump(database, a, take, arg, ret_why);
    d.conn = postgres_connect_primary(database);
    if (PQstatus(d.conn) != CONNECTION_OK)
        r = refuse(a, ret_why, "PostgreSQL cannot be reached", d.conn);
    /* Everything that was acknowledged before this is in the snapshot. */
    else if (!postgres_run(d.conn, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"))
        r = refuse(a, ret_why, "no snapshot", d.conn);
    for (size_t i = 0; r == OK && i < db_placements_n; i++) {
        r = dump_table(&d, a, db_placements[i].table);
        if (r != OK)
            *ret_why = str_printf(a, "table %s: %s", db_placements[i].table,
                                  *PQerrorMessage(d.conn) ? PQerrorMessage(d.conn) : result_name(r));
    }
    free(d.bytes);
    PQfinish(d.conn);
    return r;
}

/* ---- in */

struct db_loader {
    PGconn *conn;
    struct arena *arena;
    struct str table, columns;
    bool schema;
};

enum result database_load_begin(const char *postgres_url, struct arena *a, struct db_loader **ret, struct str *ret_why)
{
    struct db_loader *l = arena_new(a, struct db_loader);
    enum result r = OK;

    l->arena = a;
    l->conn = postgres_connect(postgres_url, NULL, NULL, true);
    if (PQstatus(l->conn) != CONNECTION_OK) {
        r = refuse(a, ret_why, "PostgreSQL cannot be reached", l->conn);
    } else {
        PGresult *res = PQexec(
            l->conn,
            "SELECT COUNT(*) FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = current_schema()::regnamespace");
        bool empty = PQresultStatus(res) == PGRES_TUPLES_OK && strcmp(PQgetvalue(res, 0, 0), "0") == 0;
        PQclear(res);
        if (!empty) {
            *ret_why = STR("the PostgreSQL database is not empty: a backup goes into a new one (CREATE DATABASE)");
            r = E_CONFLICT;
        } else if (!postgres_run(l->conn, "BEGIN")) {
            r = refuse(a, ret_why, "PostgreSQL", l->conn);
        }
    }
    if (r != OK) {
        PQfinish(l->conn);
        return r;
    }
    *ret = l;
    return OK;
}

/* The steps that the backup's database had seen: rows of schema_version, which comes first. */
static enum result bring_schema(struct db_loader *l, struct str rows, struct str *ret_why)
{
    struct str row, version, name, at, sha;
    size_t seen = 0;

    while (str_cut(&rows, '\n', &row)) {
        if (!row.len)
            continue;
        sha = row;
        if (!str_cut(&sha, '\t', &version) || !str_cut(&sha, '\t', &name) || !str_cut(&sha, '\t', &at))
            return E_INVALID;
        const struct db_migration *m = seen < db_migrations_n ? &db_migrations[seen] : NULL;
        if (!m || !str_eq(name, str_from_cstr(m->name)) || !str_eq(sha, str_from_cstr(m->postgres_sha))) {
            *ret_why = str_printf(l->arena,
                                  "its schema has a step " STR_FMT
                                  " that this version does not know: use the version that made the backup",
                                  STR_ARG(name));
            return E_INVALID;
        }
        if (!postgres_run(l->conn, m->postgres))
            return refuse(l->arena, ret_why, m->name, l->conn);
        seen++;
    }
    l->schema = seen > 0;
    return l->schema ? OK : E_INVALID;
}

static bool known(struct str table)
{
    for (size_t i = 0; i < db_placements_n; i++)
        if (str_eq(table, str_from_cstr(db_placements[i].table)))
            return true;
    return false;
}

static bool plain(struct str columns)
{
    for (size_t i = 0; i < columns.len; i++) {
        char c = columns.ptr[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == ',' || c == '"'))
            return false;
    }
    return columns.len > 0;
}

enum result database_load_piece(struct db_loader *l, struct str table, int64_t piece, struct str bytes,
                                struct str *ret_why)
{
    enum result r;

    *ret_why = STR("a piece of the database is out of order");
    if (!known(table) || (piece > 0 && !str_eq(table, l->table)))
        return E_INVALID;
    if (piece == 0) {
        l->table = str_dup(l->arena, table);
        if (!str_cut(&bytes, '\n', &l->columns) || !plain(l->columns))
            return E_INVALID;
        l->columns = str_dup(l->arena, l->columns);
        if (str_eq(table, STR("schema_version")) && (r = bring_schema(l, bytes, ret_why)) != OK)
            return r;
    }
    if (!l->schema)
        return E_INVALID;
    /* A step of the schema may have put rows of its own in: those of the backup take their place. */
    if (piece == 0 &&
        !postgres_run(l->conn, str_cstr(l->arena, str_printf(l->arena, "DELETE FROM " STR_FMT, STR_ARG(l->table)))))
        return refuse(l->arena, ret_why, str_cstr(l->arena, l->table), l->conn);
    *ret_why = STR_NONE;
    if (!bytes.len)
        return OK;
    struct str sql = str_printf(l->arena, "COPY " STR_FMT " (" STR_FMT ") FROM STDIN", STR_ARG(l->table),
                                STR_ARG(l->columns));
    PGresult *res = PQexec(l->conn, str_cstr(l->arena, sql));
    bool ok = PQresultStatus(res) == PGRES_COPY_IN;
    PQclear(res);
    ok = ok && PQputCopyData(l->conn, bytes.ptr, (int)bytes.len) == 1 && PQputCopyEnd(l->conn, NULL) == 1;
    while ((res = PQgetResult(l->conn))) {
        ok = ok && PQresultStatus(res) == PGRES_COMMAND_OK;
        PQclear(res);
    }
    return ok ? OK : refuse(l->arena, ret_why, str_cstr(l->arena, l->table), l->conn);
}

enum result database_load_end(struct db_loader *l, bool keep, struct str *ret_why)
{
    enum result r = OK;

    if (keep && (!l->schema || !postgres_run(l->conn, "COMMIT")))
        r = refuse(l->arena, ret_why, "the database could not be written", l->conn);
    if (r == OK && keep && !postgres_run(l->conn, "ANALYZE"))
        r = refuse(l->arena, ret_why, "ANALYZE", l->conn);
    PQfinish(l->conn); /* without COMMIT nothing has happened */
    return r;
}

void database_look_over(struct database *d)
{
    PGconn *conn;

    if (!d->engine->postgres)
        return;
    conn = postgres_connect_primary(d);
    if (!conn || PQstatus(conn) != CONNECTION_OK || !postgres_run(conn, "ANALYZE"))
        log_warn("db.analyze", LOG_CSTR("text", "PostgreSQL could not look at its tables"));
    PQfinish(conn);
}

enum result database_scratch(const char *postgres_url, const char *name, bool create, struct arena *a,
                             struct str *ret_why)
{
    PGconn *conn = postgres_connect(postgres_url, NULL, NULL, true);
    enum result r = OK;

    if (PQstatus(conn) != CONNECTION_OK ||
        !postgres_run(conn, str_cstr(a, str_printf(a,
                                                   create ? "CREATE DATABASE %s TEMPLATE template0 ENCODING 'UTF8'"
                                                          : "DROP DATABASE %s WITH (FORCE)",
                                                   name))))
        r = refuse(a, ret_why, "PostgreSQL", conn);
    PQfinish(conn);
    return r;
}
