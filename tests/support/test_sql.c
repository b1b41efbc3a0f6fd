/* test_sql.c: SQL past the program. */
#include "support/test_sql.h"

#include <libpq-fe.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

static void __attribute__((noreturn)) die(const char *sql, const char *why)
{
    fprintf(stderr, "%s: %s\n", sql, why);
    exit(1);
}

static int64_t run(const struct test_db *t, const char *sql)
{
    int64_t value = 0;

    if (test_db_postgres()) {
        PGconn *conn = PQconnectdb(t->place);
        PGresult *res = PQexec(conn, sql);
        ExecStatusType status = PQresultStatus(res);
        if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
            die(sql, PQerrorMessage(conn));
        if (status == PGRES_TUPLES_OK && PQntuples(res) > 0)
            value = strtoll(PQgetvalue(res, 0, 0), NULL, 10);
        PQclear(res);
        PQfinish(conn);
        return value;
    }

    sqlite3 *db;
    const char *rest = sql;
    if (sqlite3_open_v2(t->place, &db, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK)
        die(sql, "the file cannot be opened");
    sqlite3_busy_timeout(db, 5000);
    while (*rest) {
        sqlite3_stmt *stmt = NULL;
        if (sqlite3_prepare_v2(db, rest, -1, &stmt, &rest) != SQLITE_OK)
            die(sql, sqlite3_errmsg(db));
        if (!stmt)
            break;
        int step = sqlite3_step(stmt);
        if (step == SQLITE_ROW)
            value = sqlite3_column_int64(stmt, 0);
        else if (step != SQLITE_DONE)
            die(sql, sqlite3_errmsg(db));
        sqlite3_finalize(stmt);
    }
    sqlite3_close(db);
    return value;
}

void test_sql(const struct test_db *t, const char *format, ...)
{
    char sql[4096];
    va_list ap;

    va_start(ap, format);
    vsnprintf(sql, sizeof sql, format, ap);
    va_end(ap);
    run(t, sql);
}

int64_t test_sql_int(const struct test_db *t, const char *format, ...)
{
    char sql[4096];
    va_list ap;

    va_start(ap, format);
    vsnprintf(sql, sizeof sql, format, ap);
    va_end(ap);
    return run(t, sql);
}
