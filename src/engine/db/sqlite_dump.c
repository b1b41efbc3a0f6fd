/* sqlite_dump.c: a whole embedded database as the pieces that PostgreSQL takes, for a move from one engine to the other. */
#include "engine/db/sqlite.h"

#include <inttypes.h>
#include <stdlib.h>

#include "engine/base/buf.h"
#include "engine/db/db.h"

enum { PIECE = 4 << 20, ROW_MAX = 64 << 20 };

struct dump {
    sqlite3 *handle;
    struct arena *arena; /* of one piece */
    db_take_piece take;
    void *arg;
};

void db_copy_text(struct buf *b, struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        static const char letters[] = "btnvfr"; /* of 8 to 13 */
        char c = text.ptr[i];

        if (c == '\\' || (c >= 8 && c <= 13)) {
            buf_putc(b, '\\');
            c = c == '\\' ? c : letters[c - 8];
        }
        buf_putc(b, c);
    }
}

static void put_value(struct buf *b, sqlite3_stmt *s, int column)
{
    static const char hex[] = "0123456789abcdef";

    switch (sqlite3_column_type(s, column)) {
    case SQLITE_NULL: buf_put(b, STR("\\N")); break;
    case SQLITE_INTEGER: buf_int(b, sqlite3_column_int64(s, column)); break;
    case SQLITE_FLOAT: buf_printf(b, "%.17g", sqlite3_column_double(s, column)); break;
    case SQLITE_BLOB: {
        const unsigned char *bytes = sqlite3_column_blob(s, column);
        int n = sqlite3_column_bytes(s, column);

        buf_put(b, STR("\\\\x"));
        for (int i = 0; i < n; i++) {
            buf_putc(b, hex[bytes[i] >> 4]);
            buf_putc(b, hex[bytes[i] & 15]);
        }
        break;
    }
    default: {
        const char *text = (const char *)sqlite3_column_text(s, column);
        db_copy_text(b, (struct str){text, (size_t)sqlite3_column_bytes(s, column)});
    }
    }
}

/* The steps of the schema carry the sums of PostgreSQL's files. */
static void put_row(struct buf *b, sqlite3_stmt *s, bool steps)
{
    int n = sqlite3_column_count(s);

    for (int i = 0; i < n; i++) {
        if (i)
            buf_putc(b, '\t');
        if (steps && strcmp(sqlite3_column_name(s, i), "sha") == 0) {
            const char *name = (const char *)sqlite3_column_text(s, 1);

            for (size_t k = 0; name && k < db_migrations_n; k++)
                if (strcmp(db_migrations[k].name, name) == 0)
                    buf_put(b, str_from_cstr(db_migrations[k].postgres_sha));
        } else {
            put_value(b, s, i);
        }
    }
    buf_putc(b, '\n');
}

/* In the order of the key, which is how the rows lie, and how PostgreSQL should find them. */
static enum result dump_table(struct dump *d, const char *table)
{
    bool steps = strcmp(table, "schema_version") == 0;
    sqlite3_stmt *s = NULL;
    char *sql = sqlite3_mprintf(
        steps ? "SELECT version, name, applied_at, sha FROM %s ORDER BY version" : "SELECT * FROM %s", table);
    enum result r = sql && sqlite3_prepare_v2(d->handle, sql, -1, &s, NULL) == SQLITE_OK ? OK : E_IO;
    int64_t piece = 0;
    struct buf b;
    int rc = SQLITE_ROW;

    sqlite3_free(sql);
    buf_init(&b, d->arena, PIECE + (1 << 16), ROW_MAX);
    for (int i = 0; r == OK && i < sqlite3_column_count(s); i++) {
        if (i)
            buf_putc(&b, ',');
        buf_putc(&b, '"');
        buf_put(&b, str_from_cstr(sqlite3_column_name(s, i)));
        buf_putc(&b, '"');
    }
    if (r == OK)
        buf_putc(&b, '\n');
    while (r == OK && (rc = sqlite3_step(s)) == SQLITE_ROW) {
        put_row(&b, s, steps);
        if (b.len >= PIECE) {
            r = d->take(d->arg, str_from_cstr(table), piece++, buf_str(&b));
            b.len = 0;
        }
    }
    if (r == OK && rc != SQLITE_DONE)
        r = E_IO;
    if (r == OK && (b.len || piece == 0))
        r = d->take(d->arg, str_from_cstr(table), piece, buf_str(&b));
    sqlite3_finalize(s);
    return r;
}

/* What each engine has in a form of its own is not copied: its owner writes it anew. */
static enum result is_virtual(struct dump *d, const char *table, bool *ret_virtual)
{
    sqlite3_stmt *s = NULL;
    enum result r = E_IO;

    if (sqlite3_prepare_v2(d->handle, "SELECT sql LIKE 'CREATE VIRTUAL%' FROM sqlite_master WHERE name = ?1", -1, &s,
                           NULL) == SQLITE_OK &&
        sqlite3_bind_text(s, 1, table, -1, SQLITE_STATIC) == SQLITE_OK) {
        r = sqlite3_step(s) == SQLITE_ROW ? OK : E_NOT_FOUND;
        *ret_virtual = r == OK && sqlite3_column_int(s, 0) != 0;
    }
    sqlite3_finalize(s);
    return r;
}

enum result sqlite_dump(struct database *database, struct arena *a, db_take_piece take, void *arg, struct str *ret_why)
{
    struct dump d = {.arena = arena_open((size_t)ROW_MAX * 4), .take = take, .arg = arg};
    enum result r = d.arena ? OK : E_BUSY;

    if (r == OK &&
        (sqlite3_open_v2(database->path, &d.handle, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK ||
         sqlite3_exec(d.handle, "BEGIN", NULL, NULL, NULL) != SQLITE_OK))
        r = E_IO;
    for (size_t i = 0; r == OK && i < db_placements_n; i++) {
        const char *table = db_placements[i].table;
        bool virtual;

        r = is_virtual(&d, table, &virtual);
        if (r == OK && !virtual)
            r = dump_table(&d, table);
        if ((r == E_IO || r == E_NOT_FOUND) && !ret_why->len)
            *ret_why = str_printf(a, "table %s: %s", table, r == E_IO ? sqlite3_errmsg(d.handle) : "it is not there");
        arena_reset(d.arena);
    }
    sqlite3_close(d.handle);
    arena_close(d.arena);
    return r;
}
