/* statements.h: the parts of the generator that turns .sql files into typed C (docs/statements.md).
 *
 * parse.c reads the annotated files, dialect.c turns the shared dialect into each engine's own, describe.c asks an in-memory
 * SQLite what a statement takes and gives, emit.c writes C, main.c puts them together. Everything lives in one arena. */
#ifndef LILONG_TOOL_STATEMENTS_H
#define LILONG_TOOL_STATEMENTS_H

#include <sqlite3.h>

#include "engine/base/arena.h"
#include "engine/base/buf.h"
#include "engine/base/str.h"

struct complaints { /* what was found wrong; the build fails when there is one */
    unsigned n;
    struct buf *into; /* NULL: standard error. Tests collect. */
};

/* "src/boards/report/report.sql:12: report_get: what is wrong and what to write instead". line 0: the whole file. */
void complain(struct complaints *c, struct str file, int line, struct str statement, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/* ---- dialect.c */

enum token_kind { TOKEN_END, TOKEN_SPACE, TOKEN_COMMENT, TOKEN_WORD, TOKEN_NUMBER, TOKEN_STRING, TOKEN_QUOTED, TOKEN_PARAM, TOKEN_PUNCT };
struct token {
    enum token_kind kind;
    struct str text;
};
struct token token_next(struct str *rest);
bool token_is(struct token t, const char *word); /* a word, without case, or a punctuation mark */

struct tokens {
    struct token *v;
    size_t n;
};
struct tokens tokens_of(struct arena *a, struct str sql); /* without white space and comments */

enum dialect { DIALECT_SQLITE, DIALECT_POSTGRES };
/* A statement as that engine takes it: no comments, single blanks; for SQLite `$1` becomes `?1` and BYTEA becomes BLOB (a cast to
 * BYTEA would be one to a number there). */
struct str statement_text(struct arena *a, struct str sql, enum dialect dialect);
/* A schema file of both engines as SQLite takes it: rows stand in the order of their primary key (WITHOUT ROWID), and a
 * lone BIGINT key is SQLite's own row number. */
struct str schema_text(struct arena *a, struct str sql);

/* ---- parse.c */

struct parameter {
    struct str name;
    char type; /* i int64, b bool, t text, y bytes, r real */
};
struct column {
    struct str name;
    char type;
};

enum statement_kind { KIND_EXEC, KIND_SEND, KIND_COUNT, KIND_ONE, KIND_MANY };
struct statement {
    struct str name, comment;
    enum statement_kind kind;
    struct parameter *params;
    size_t n_params;
    struct str sql;           /* as written */
    struct str sqlite;        /* as run */
    struct str postgres;      /* as run; from the `:postgres` variant where there is one */
    bool has_variant;
    struct column *columns;   /* from describe.c */
    size_t n_columns;
    bool writes;
    int line;
};
struct sql_file {
    struct str file;          /* src/boards/report/report.sql: for messages */
    struct str path;          /* boards/report/report.sql: what is included, with .h */
    struct statement *statements;
    size_t n;
};
void sql_file_parse(struct arena *a, struct complaints *c, struct str file, struct str path, struct str text,
                    struct sql_file *ret_file);

struct schema_file {
    int version;
    struct str name;          /* 0020_report */
    struct str sqlite, postgres;         /* as run */
    struct str sqlite_sha, postgres_sha; /* hex SHA-256 of the files as written */
    struct str common;        /* what both engines get, as written */
};
/* Puts the files of one number together, in the order of their numbers. `files` are names with a folder in front. */
void schema_gather(struct arena *a, struct complaints *c, const struct str *files, const struct str *texts, size_t n,
                   struct schema_file **ret_schema, size_t *ret_n);

/* ---- describe.c */

/* An in-memory SQLite with the schema in it. NULL after a complaint. */
sqlite3 *schema_apply(struct complaints *c, const struct schema_file *schema, size_t n);
/* Fills in columns and writes; complains of everything that would fail later. */
void describe(struct arena *a, struct complaints *c, sqlite3 *db, const struct sql_file *file, struct statement *s);
void lint_schema(struct arena *a, struct complaints *c, const struct schema_file *schema, size_t n);

/* ---- placement.c, spread.c: the database spread over several machines by community (Citus) */

enum placement_kind { PLACED_BY, PLACED_EVERYWHERE, PLACED_ONE };
struct placement {
    struct str table, reason;
    enum placement_kind kind;
    struct str column;        /* PLACED_BY: which column says on which machine a row lies */
    struct str group;         /* PLACED_BY: tables of one group lie together; "community" for those without a line */
    struct str *columns;
    size_t n_columns;
    struct str first_of_key;
    int line;                 /* of schema/distribution.txt; 0: by the rule */
};
struct placements {
    struct placement *v;
    size_t n, room;
};
/* `text`: schema/distribution.txt. Complains of tables that it leaves out and of keys that would cross machines. */
void placements_read(struct arena *a, struct complaints *c, const struct schema_file *schema, size_t n, struct str text,
                     struct placements *ret);
const struct placement *placement_find(const struct placements *p, struct str table); /* NULL: no table of the schema */
size_t close_of(struct tokens t, size_t open); /* of the parenthesis at `open`; t.n when there is none */

/* Proves that one machine can answer the statement, or that its comment says why not ("across communities: why"), and that what goes
 * across keeps to what Citus can do. *ret_across: it goes across. */
void spread_check(struct arena *a, struct complaints *c, const struct placements *p, const struct sql_file *file,
                  const struct statement *s, bool *ret_across);

/* ---- emit.c */

struct str emit_header(struct arena *a, const struct sql_file *file);
struct str emit_source(struct arena *a, const struct sql_file *file);
struct str emit_table(struct arena *a, const struct sql_file *files, size_t n_files, const struct schema_file *schema, size_t n,
                      const struct placements *placements);

#endif
