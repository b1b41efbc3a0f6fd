/* sqlite_source.c: rows of an embedded database as they are stored. */
#include "engine/db/sqlite.h"

#include <stdio.h>
#include <stdlib.h>

#include "engine/base/buf.h"
#include "engine/db/db.h"

enum { STATEMENTS_MAX = 256 };

struct db_source {
    sqlite3 *handle;
    struct {
        char name[80]; /* table.column */
        sqlite3_stmt *statement;
    } of[STATEMENTS_MAX];
    size_t n;
};

enum result db_source_open(const char *path, struct db_source **ret)
{
    struct db_source *s = calloc(1, sizeof(*s));

    if (!s)
        return E_BUSY;
    if (sqlite3_open_v2(path, &s->handle, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK ||
        sqlite3_exec(s->handle, "PRAGMA cache_size = -65536; BEGIN", NULL, NULL, NULL) != SQLITE_OK) {
        db_source_close(s);
        return E_IO;
    }
    *ret = s;
    return OK;
}

void db_source_close(struct db_source *s)
{
    for (size_t i = 0; i < s->n; i++)
        sqlite3_finalize(s->of[i].statement);
    sqlite3_close(s->handle);
    free(s);
}

static bool plain(struct str name)
{
    for (size_t i = 0; i < name.len; i++)
        if (!((name.ptr[i] >= 'a' && name.ptr[i] <= 'z') || name.ptr[i] == '_'))
            return false;
    return name.len < 36;
}

static sqlite3_stmt *statement(struct db_source *s, struct str table, struct str column)
{
    char name[80], sql[160];

    snprintf(name, sizeof(name), STR_FMT "." STR_FMT, STR_ARG(table), STR_ARG(column));
    for (size_t i = 0; i < s->n; i++)
        if (strcmp(s->of[i].name, name) == 0)
            return s->of[i].statement;
    if (s->n == STATEMENTS_MAX || !plain(table) || !plain(column) || table.len == 0)
        return NULL;
    if (column.len)
        snprintf(sql, sizeof(sql), "SELECT * FROM " STR_FMT " WHERE " STR_FMT " = ?1", STR_ARG(table), STR_ARG(column));
    else
        snprintf(sql, sizeof(sql), "SELECT * FROM " STR_FMT, STR_ARG(table));
    if (sqlite3_prepare_v2(s->handle, sql, -1, &s->of[s->n].statement, NULL) != SQLITE_OK)
        return NULL;
    memcpy(s->of[s->n].name, name, sizeof(name));
    return s->of[s->n++].statement;
}

static struct db_cell value_of(struct arena *a, sqlite3_stmt *st, int i)
{
    struct db_cell v = {.type = DB_NULL};

    switch (sqlite3_column_type(st, i)) {
    case SQLITE_INTEGER:
        v.type = DB_INT;
        v.n = sqlite3_column_int64(st, i);
        break;
    case SQLITE_FLOAT:
        v.type = DB_REAL;
        v.real = sqlite3_column_double(st, i);
        break;
    case SQLITE_NULL: break;
    default:
        v.type = sqlite3_column_type(st, i) == SQLITE_BLOB ? DB_BYTES : DB_TEXT;
        const char *bytes = sqlite3_column_blob(st, i);
        v.s = str_dup(a, (struct str){bytes, (size_t)sqlite3_column_bytes(st, i)});
    }
    return v;
}

enum result db_source_rows(struct db_source *s, struct arena *a, struct str table, struct str column, int64_t number,
                           struct db_raw *ret)
{
    sqlite3_stmt *st = statement(s, table, column);
    size_t room = 16, columns;
    struct str *name;
    int rc;

    if (!st)
        return E_NOT_FOUND;
    columns = (size_t)sqlite3_column_count(st);
    name = arena_array(a, struct str, columns);
    for (size_t i = 0; i < columns; i++)
        name[i] = str_dup(a, str_from_cstr(sqlite3_column_name(st, (int)i)));
    *ret = (struct db_raw){.table = table, .name = name, .columns = columns};
    ret->value = arena_array(a, struct db_cell, room * columns);
    if (column.len)
        sqlite3_bind_int64(st, 1, number);
    while ((rc = sqlite3_step(st)) == SQLITE_ROW) {
        if (ret->n == room) {
            struct db_cell *more = arena_array(a, struct db_cell, room * 2 * columns);
            memcpy(more, ret->value, room * columns * sizeof(*more));
            ret->value = more;
            room *= 2;
        }
        for (size_t i = 0; i < columns; i++)
            ret->value[ret->n * columns + i] = value_of(a, st, (int)i);
        ret->n++;
    }
    sqlite3_reset(st);
    return rc == SQLITE_DONE ? OK : E_IO;
}

bool db_table_at(size_t i, struct db_table *ret)
{
    if (i >= db_placements_n)
        return false;
    *ret = (struct db_table){str_from_cstr(db_placements[i].table),
                             db_placements[i].kind == DB_PLACED_BY &&
                                 strcmp(db_placements[i].column, "community") == 0};
    return true;
}

void db_put_cell(struct buf *b, const struct db_cell *value)
{
    static const char hex[] = "0123456789abcdef";

    switch (value->type) {
    case DB_NULL: buf_put(b, STR("\\N")); break;
    case DB_INT: buf_int(b, value->n); break;
    case DB_REAL: buf_printf(b, "%.17g", value->real); break;
    case DB_TEXT: db_copy_text(b, value->s); break;
    case DB_BYTES:
        buf_put(b, STR("\\\\x"));
        for (size_t i = 0; i < value->s.len; i++) {
            unsigned char c = (unsigned char)value->s.ptr[i];
            buf_putc(b, hex[c >> 4]);
            buf_putc(b, hex[c & 15]);
        }
    }
}
