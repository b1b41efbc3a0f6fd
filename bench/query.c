/* query.c: what the statement behind a report list costs when nothing else is done: `query lilong.db COMMUNITY [SECONDS]`. The measure that the page is held
 * against. One connection, one thread, the statement prepared once, every column read. The first picture of each report, which the same statement brings,
 * is left out of it: the measure is that of the rows alone, as before the two were one. Prints rows=… query_us=… */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "engine/base/str.h"
#include "engine/db/statement.h"

static double cpu(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static const char *sql_of(const char *name)
{
    for (size_t i = 0; i < db_statements_n; i++)
        if (str_eq(str_from_cstr(db_statements[i]->name), str_from_cstr(name)))
            return db_statements[i]->sqlite;
    fprintf(stderr, "query: there is no statement %s\n", name);
    exit(1);
}

/* report_page with the number of pictures instead of the first of them. */
static const char *rows_alone(void)
{
    static char sql[4096];
    const char *all = sql_of("report_page"), *from = strstr(all, "CAST(CASE WHEN report.photos"),
               *end = from ? strstr(from, "AS cover") : NULL;

    if (!end) {
        fprintf(stderr, "query: report_page has no column cover\n");
        exit(1);
    }
    snprintf(sql, sizeof(sql), "%.*sreport.photos%s", (int)(from - all), all, end + strlen("AS cover"));
    return sql;
}

int main(int argc, char **argv)
{
    double seconds = argc > 3 ? strtod(argv[3], NULL) : 2, began, took;
    sqlite3 *db;
    sqlite3_stmt *st;
    long n = 0, rows = 0, bytes = 0;

    if (argc < 3 || sqlite3_open_v2(argv[1], &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK ||
        sqlite3_prepare_v2(db, rows_alone(), -1, &st, NULL) != SQLITE_OK) {
        fprintf(stderr, "usage: query lilong.db COMMUNITY [SECONDS]\n");
        return 64;
    }
    sqlite3_exec(db, "PRAGMA cache_size = -16384", NULL, NULL, NULL);
    began = cpu();
    do {
        for (int i = 0; i < 100; i++, n++) {
            sqlite3_exec(db, "BEGIN", NULL, NULL, NULL);
            sqlite3_bind_int64(st, 1, strtoll(argv[2], NULL, 10));
            sqlite3_bind_int64(st, 2, INT64_MAX);
            sqlite3_bind_text(st, 3, "", 0, SQLITE_STATIC);
            sqlite3_bind_int64(st, 4, 0);
            sqlite3_bind_int64(st, 5, 21);
            for (; sqlite3_step(st) == SQLITE_ROW; rows++)
                for (int k = 0; k < sqlite3_column_count(st); k++)
                    bytes += sqlite3_column_bytes(st, k);
            sqlite3_reset(st);
            sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
        }
    } while ((took = cpu() - began) < seconds);
    printf("rows=%.1f bytes=%.0f query_us=%.1f\n", (double)rows / (double)n, (double)bytes / (double)n,
           took * 1e6 / (double)n);
    sqlite3_finalize(st);
    return sqlite3_close(db) == SQLITE_OK ? 0 : 1;
}
