/* emit.c: writes the C. */
#include <ctype.h>

#include "statements/statements.h"

static const char *c_type(char type)
{
    switch (type) {
    case 'i': return "int64_t ";
    case 'b': return "bool ";
    case 'r': return "double ";
    default: return "struct str ";
    }
}

/* A string literal, a line of the text on each line of the source. */
static void put_literal(struct buf *b, struct str s)
{
    buf_putc(b, '"');
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        if (c == '\n')
            buf_put(b, i + 1 < s.len ? STR("\\n\"\n        \"") : STR("\\n"));
        else if (c == '"' || c == '\\')
            buf_printf(b, "\\%c", c);
        else if (c == '?' && i && s.ptr[i - 1] == '?') /* no trigraphs */
            buf_put(b, STR("\\?"));
        else if ((unsigned char)c < 0x20)
            buf_printf(b, "\\%03o", (unsigned)c);
        else
            buf_putc(b, c);
    }
    buf_putc(b, '"');
}

/* boards/report/report.sql -> boards_report_report_sql */
static void put_symbol(struct buf *b, struct str path, bool upper)
{
    for (size_t i = 0; i < path.len; i++) {
        char c = path.ptr[i];
        buf_putc(b, !isalnum((unsigned char)c) ? '_' : upper ? (char)toupper((unsigned char)c) : c);
    }
}

static void put_comment(struct buf *b, struct str comment)
{
    struct str line;
    bool first = true;

    if (comment.len == 0)
        return;
    buf_put(b, STR("/* "));
    while (str_cut(&comment, '\n', &line)) {
        if (!first)
            buf_put(b, STR("\n * "));
        first = false;
        for (size_t i = 0; i < line.len; i++) {
            buf_putc(b, line.ptr[i]);
            if (line.ptr[i] == '*' && i + 1 < line.len && line.ptr[i + 1] == '/')
                buf_putc(b, ' ');
        }
    }
    buf_put(b, STR(" */\n"));
}

static void put_struct(struct buf *b, const struct statement *s)
{
    buf_printf(b, "struct sql_" STR_FMT " {\n", STR_ARG(s->name));
    for (size_t i = 0; i < s->n_columns; i++)
        buf_printf(b, "    %s" STR_FMT ";\n", c_type(s->columns[i].type), STR_ARG(s->columns[i].name));
    buf_put(b, STR("};\n"));
    if (s->kind == KIND_MANY)
        buf_printf(b, "struct sql_" STR_FMT "_rows {\n    struct sql_" STR_FMT " *row;\n    size_t n;\n};\n",
                   STR_ARG(s->name), STR_ARG(s->name));
}

static void put_prototype(struct buf *b, const struct statement *s)
{
    buf_printf(b, "enum result sql_" STR_FMT "(struct db *db", STR_ARG(s->name));
    for (size_t i = 0; i < s->n_params; i++)
        buf_printf(b, ", %s" STR_FMT, c_type(s->params[i].type), STR_ARG(s->params[i].name));
    switch (s->kind) {
    case KIND_EXEC:
    case KIND_SEND: break;
    case KIND_COUNT: buf_put(b, STR(", int64_t *ret_changed")); break;
    case KIND_ONE: buf_printf(b, ", struct sql_" STR_FMT " *ret_row", STR_ARG(s->name)); break;
    case KIND_MANY: buf_printf(b, ", struct sql_" STR_FMT "_rows *ret_rows", STR_ARG(s->name)); break;
    }
    buf_putc(b, ')');
}

/* The hint that a read will ask for it. */
static void put_ahead_prototype(struct buf *b, const struct statement *s)
{
    buf_printf(b, "void sql_" STR_FMT "_ahead(struct db *db", STR_ARG(s->name));
    for (size_t i = 0; i < s->n_params; i++)
        buf_printf(b, ", %s" STR_FMT, c_type(s->params[i].type), STR_ARG(s->params[i].name));
    buf_putc(b, ')');
}

static bool may_be_asked_ahead(const struct statement *s)
{
    return !s->writes && (s->kind == KIND_ONE || s->kind == KIND_MANY);
}

struct str emit_header(struct arena *a, const struct sql_file *file)
{
    struct buf b;

    buf_init(&b, a, 4096, 1 << 24);
    buf_printf(&b, "/* Made by tools/statements from " STR_FMT ". */\n#ifndef ", STR_ARG(file->file));
    put_symbol(&b, file->path, true);
    buf_put(&b, STR("_H\n#define "));
    put_symbol(&b, file->path, true);
    buf_put(&b, STR("_H\n\n#include \"engine/db/db.h\"\n"));
    for (size_t i = 0; i < file->n; i++) {
        const struct statement *s = &file->statements[i];
        buf_putc(&b, '\n');
        put_comment(&b, s->comment);
        if (s->n_columns)
            put_struct(&b, s);
        put_prototype(&b, s);
        buf_put(&b, STR(" MUST_USE;\n"));
        if (may_be_asked_ahead(s)) {
            put_ahead_prototype(&b, s);
            buf_put(&b, STR(";\n"));
        }
    }
    buf_put(&b, STR("\n#endif\n"));
    return buf_str(&b);
}

static void put_statement(struct buf *b, const struct sql_file *file, const struct statement *s, size_t column_at)
{
    buf_printf(b, "    {\"" STR_FMT "\",\n        ", STR_ARG(s->name));
    put_literal(b, s->sqlite);
    buf_put(b, STR(",\n        "));
    if (str_eq(s->sqlite, s->postgres))
        buf_put(b, STR("NULL"));
    else
        put_literal(b, s->postgres);
    buf_put(b, STR(",\n        \""));
    for (size_t i = 0; i < s->n_params; i++)
        buf_putc(b, s->params[i].type);
    buf_put(b, STR("\", "));
    if (s->n_columns)
        buf_printf(b, "columns + %zu, %zu, %zu, sizeof(struct sql_" STR_FMT "), ", column_at, s->n_params, s->n_columns,
                   STR_ARG(s->name));
    else
        buf_printf(b, "NULL, %zu, 0, 0, ", s->n_params);
    buf_printf(b, "%s, \"" STR_FMT "\", %d},\n", s->writes ? "true" : "false", STR_ARG(file->file), s->line);
}

static void put_values(struct buf *b, const struct statement *s)
{
    static const char *const member[256] = {['i'] = "i", ['b'] = "i", ['r'] = "r", ['t'] = "s", ['y'] = "s"};

    if (s->n_params == 0)
        return;
    buf_put(b, STR("    const union db_value values[] = {"));
    for (size_t i = 0; i < s->n_params; i++)
        buf_printf(b, "%s{.%s = " STR_FMT "}", i ? ", " : "", member[(unsigned char)s->params[i].type],
                   STR_ARG(s->params[i].name));
    buf_put(b, STR("};\n"));
}

static void put_function(struct buf *b, const struct sql_file *file, const struct statement *s, size_t number)
{
    static const struct {
        const char *call, *last;
    } kinds[] = {
        [KIND_EXEC] = {"db_exec", ", NULL"},         [KIND_SEND] = {"db_send", ""},
        [KIND_COUNT] = {"db_exec", ", ret_changed"}, [KIND_ONE] = {"db_one", ", ret_row"},
        [KIND_MANY] = {"db_many", ", &rows"},
    };

    put_prototype(b, s);
    buf_put(b, STR("\n{\n"));
    put_values(b, s);
    if (s->kind == KIND_MANY)
        buf_put(b, STR("    struct db_rows rows;\n    enum result r = "));
    else
        buf_put(b, STR("    return "));
    buf_printf(b, "%s(db, db_first_", kinds[s->kind].call);
    put_symbol(b, file->path, false);
    buf_printf(b, " + %zu, %s%s);\n", number, s->n_params ? "values" : "NULL", kinds[s->kind].last);
    if (s->kind == KIND_MANY)
        buf_printf(b,
                   "\n    if (r == OK)\n        *ret_rows = (struct sql_" STR_FMT
                   "_rows){rows.row, rows.n};\n    return r;\n",
                   STR_ARG(s->name));
    buf_put(b, STR("}\n\n"));
    if (!may_be_asked_ahead(s))
        return;
    put_ahead_prototype(b, s);
    buf_put(b, STR("\n{\n"));
    put_values(b, s);
    buf_put(b, STR("    db_ahead(db, db_first_"));
    put_symbol(b, file->path, false);
    buf_printf(b, " + %zu, %s);\n}\n\n", number, s->n_params ? "values" : "NULL");
}

struct str emit_source(struct arena *a, const struct sql_file *file)
{
    struct buf b;
    size_t columns = 0;

    buf_init(&b, a, 4096, 1 << 24);
    buf_printf(&b, "/* Made by tools/statements from " STR_FMT ". */\n#include \"engine/db/statement.h\"\n",
               STR_ARG(file->file));
    if (file->n == 0) {
        buf_put(&b, STR("/* no statements */\n"));
        return buf_str(&b);
    }
    buf_printf(&b, "#include \"" STR_FMT ".h\"\n\n", STR_ARG(file->path));
    for (size_t i = 0; i < file->n; i++)
        columns += file->statements[i].n_columns;
    if (columns) {
        buf_put(&b, STR("static const struct db_column columns[] = {\n"));
        for (size_t i = 0; i < file->n; i++)
            for (size_t k = 0; k < file->statements[i].n_columns; k++) {
                const struct statement *s = &file->statements[i];
                buf_printf(&b, "    {'%c', offsetof(struct sql_" STR_FMT ", " STR_FMT ")},\n", s->columns[k].type,
                           STR_ARG(s->name), STR_ARG(s->columns[k].name));
            }
        buf_put(&b, STR("};\n\n"));
    }
    buf_put(&b, STR("extern const struct db_statement db_in_"));
    put_symbol(&b, file->path, false);
    buf_put(&b, STR("[];\nextern const unsigned db_first_"));
    put_symbol(&b, file->path, false);
    buf_put(&b, STR(";\n\nconst struct db_statement db_in_"));
    put_symbol(&b, file->path, false);
    buf_put(&b, STR("[] = {\n"));
    columns = 0;
    for (size_t i = 0; i < file->n; i++) {
        put_statement(&b, file, &file->statements[i], columns);
        columns += file->statements[i].n_columns;
    }
    buf_put(&b, STR("};\n\n"));
    for (size_t i = 0; i < file->n; i++)
        put_function(&b, file, &file->statements[i], i);
    return buf_str(&b);
}

struct str emit_table(struct arena *a, const struct sql_file *files, size_t n_files, const struct schema_file *schema,
                      size_t n, const struct placements *placements)
{
    struct buf b;
    size_t first = 0;

    buf_init(&b, a, 1 << 16, 1 << 24);
    buf_put(
        &b,
        STR("/* Made by tools/statements: all statements and the schema. */\n#include \"engine/db/statement.h\"\n\n"));
    for (size_t i = 0; i < n_files; i++) {
        if (files[i].n == 0)
            continue;
        buf_put(&b, STR("extern const struct db_statement db_in_"));
        put_symbol(&b, files[i].path, false);
        buf_put(&b, STR("[];\nextern const unsigned db_first_"));
        put_symbol(&b, files[i].path, false);
        buf_put(&b, STR(";\nconst unsigned db_first_"));
        put_symbol(&b, files[i].path, false);
        buf_printf(&b, " = %zu;\n", first);
        first += files[i].n;
    }
    buf_put(&b, STR("\nconst struct db_statement *const db_statements[] = {\n"));
    for (size_t i = 0; i < n_files; i++)
        for (size_t k = 0; k < files[i].n; k++) {
            buf_put(&b, STR("    &db_in_"));
            put_symbol(&b, files[i].path, false);
            buf_printf(&b, "[%zu], /* " STR_FMT " */\n", k, STR_ARG(files[i].statements[k].name));
        }
    buf_printf(&b,
               "    NULL,\n};\nconst size_t db_statements_n = %zu;\n\nconst struct db_migration db_migrations[] = {\n",
               first);
    for (size_t i = 0; i < n; i++) {
        buf_printf(&b, "    {%d, \"" STR_FMT "\",\n        ", schema[i].version, STR_ARG(schema[i].name));
        put_literal(&b, schema[i].sqlite);
        buf_put(&b, STR(",\n        "));
        put_literal(&b, schema[i].postgres);
        buf_printf(&b, ",\n        \"" STR_FMT "\", \"" STR_FMT "\"},\n", STR_ARG(schema[i].sqlite_sha),
                   STR_ARG(schema[i].postgres_sha));
    }
    buf_printf(&b,
               "    {0, NULL, NULL, NULL, NULL, NULL},\n};\nconst size_t db_migrations_n = %zu;\n\n"
               "const struct db_placement db_placements[] = {\n",
               n);
    for (size_t i = 0; i < placements->n; i++) {
        static const char *const kinds[] = {
            [PLACED_BY] = "DB_PLACED_BY", [PLACED_EVERYWHERE] = "DB_PLACED_EVERYWHERE", [PLACED_ONE] = "DB_PLACED_ONE"};
        const struct placement *p = &placements->v[i];
        buf_printf(&b, "    {\"" STR_FMT "\", %s, \"" STR_FMT "\", \"" STR_FMT "\"},\n", STR_ARG(p->table),
                   kinds[p->kind], STR_ARG(p->column), STR_ARG(p->group));
    }
    buf_printf(&b, "    {NULL, 0, NULL, NULL},\n};\nconst size_t db_placements_n = %zu;\n", placements->n);
    return buf_str(&b);
}
