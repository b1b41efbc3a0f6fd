/* postgres_distribute.c: spreads the tables of an existing database over the machines of Citus, as schema/distribution.txt says. */
#include "engine/db/postgres.h"

#include "engine/base/buf.h"

struct spreading {
    const struct db_distribute *how;
    struct arena *arena;
    PGconn *conn;
    struct str *why;
};

static enum result refuse(struct spreading *s, const char *what)
{
    struct str text = str_trim(str_from_cstr(PQerrorMessage(s->conn)));

    *s->why = str_printf(s->arena, "%s: " STR_FMT, what, STR_ARG(text));
    return E_IO;
}

/* One value, as text; empty for NULL, no row, or an error. */
static struct str ask(struct spreading *s, const char *sql)
{
    PGresult *res = PQexec(s->conn, sql);
    struct str value = STR_NONE;

    if (PQresultStatus(res) == PGRES_TUPLES_OK && PQntuples(res) == 1)
        value = str_dup(s->arena, str_from_cstr(PQgetvalue(res, 0, 0)));
    PQclear(res);
    return value;
}

/* The names in the schema are ours: words of letters and underscores. */
static enum result call(struct spreading *s, struct str sql)
{
    const char *text = str_cstr(s->arena, sql);

    s->how->say(s->how->arg, sql);
    if (s->how->dry_run)
        return OK;
    PGresult *res = PQexec(s->conn, text);
    bool ok = PQresultStatus(res) == PGRES_TUPLES_OK || PQresultStatus(res) == PGRES_COMMAND_OK;
    PQclear(res);
    return ok ? OK : refuse(s, text);
}

static bool spread_already(struct spreading *s, const char *table)
{
    return ask(s, str_cstr(s->arena,
                           str_printf(s->arena,
                                      "SELECT 1 FROM pg_dist_partition WHERE logicalrelid = to_regclass('%s')", table)))
               .len > 0;
}

static enum result place(struct spreading *s, const struct db_placement *p)
{
    const char *mate = "none";
    struct str sql;

    if (!s->how->dry_run &&
        ask(s, str_cstr(s->arena, str_printf(s->arena, "SELECT to_regclass('%s')", p->table))).len == 0) {
        *s->why = str_printf(s->arena,
                             "there is no table %s: `lilong init` or `lilong serve` brings the schema up to date first",
                             p->table);
        return E_INVALID;
    }
    if (!s->how->dry_run && spread_already(s, p->table))
        return OK;
    switch (p->kind) {
    case DB_PLACED_EVERYWHERE: sql = str_printf(s->arena, "SELECT create_reference_table('%s')", p->table); break;
    case DB_PLACED_ONE: sql = str_printf(s->arena, "SELECT citus_add_local_table_to_metadata('%s')", p->table); break;
    default:
        /* The first of a group leads it. */
        for (size_t i = 0; i < db_placements_n && &db_placements[i] != p && strcmp(mate, "none") == 0; i++)
            if (db_placements[i].kind == DB_PLACED_BY && strcmp(db_placements[i].group, p->group) == 0)
                mate = db_placements[i].table;
        sql = str_printf(s->arena, "SELECT create_distributed_table('%s', '%s', colocate_with => '%s')", p->table,
                         p->column, mate);
        break;
    }
    return call(s, sql);
}

enum result database_distribute(const char *postgres_url, const struct db_distribute *how, struct arena *a,
                                struct str *ret_why)
{
    static const enum db_placed order[] = {DB_PLACED_EVERYWHERE, DB_PLACED_BY, DB_PLACED_ONE};
    struct spreading s = {.how = how, .arena = a, .why = ret_why};
    enum result r = OK;

    if (!how->dry_run) {
        s.conn = postgres_connect(postgres_url, NULL, NULL, true);
        if (PQstatus(s.conn) != CONNECTION_OK) {
            r = refuse(&s, "PostgreSQL cannot be reached");
            PQfinish(s.conn);
            return r;
        }
        if (ask(&s, "SELECT to_regproc('create_distributed_table')").len == 0) {
            *ret_why =
                ask(&s, "SELECT 1 FROM pg_available_extensions WHERE name = 'citus'").len
                    ? STR("the extension citus is installed but not in this database: CREATE EXTENSION citus, then again")
                    : STR("the extension citus is not on this server: the database stays on one machine, which is well until it is full");
            PQfinish(s.conn);
            return E_NOT_FOUND;
        }
    }
    for (size_t k = 0; k < sizeof(order) / sizeof(order[0]) && r == OK; k++)
        for (size_t i = 0; i < db_placements_n && r == OK; i++)
            if (db_placements[i].kind == order[k])
                r = place(&s, &db_placements[i]);
    PQfinish(s.conn);
    return r;
}
