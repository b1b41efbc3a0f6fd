/* statement.h: what the generated functions (docs/statements.md) stand on. Nobody else includes it but engine/db itself. */
#ifndef LILONG_DB_STATEMENT_H
#define LILONG_DB_STATEMENT_H

#include "engine/db/db.h"

/* Types of parameters and columns: i int64_t, b bool, t text, y bytes (both struct str), r double. */
union db_value {
    int64_t i; /* i and b */
    double r;
    struct str s;
};

struct db_column {
    char type;
    unsigned short offset; /* in the row's struct */
};

struct db_statement {
    const char *name;
    const char *sqlite;
    const char *postgres; /* NULL: the same text */
    const char *params;   /* a type for each parameter */
    const struct db_column *columns;
    unsigned short n_params, n_columns;
    size_t row_size;
    bool writes;
    const char *file;
    int line;
};

struct db_migration {
    int version;
    const char *name;                     /* 0020_report */
    const char *sqlite, *postgres;        /* the texts to run */
    const char *sqlite_sha, *postgres_sha; /* hex SHA-256 of the files as written */
};

/* What is in this binary; statements are called by their number in the list. Tests bring their own. */
struct db_catalogue {
    const struct db_statement *const *statements;
    size_t n_statements;
    const struct db_migration *migrations;
    size_t n_migrations;
};
extern const struct db_statement *const db_statements[];
extern const size_t db_statements_n;
extern const struct db_migration db_migrations[];
extern const size_t db_migrations_n;

/* Where each table lies when the database is spread (schema/distribution.txt). */
enum db_placed { DB_PLACED_BY, DB_PLACED_EVERYWHERE, DB_PLACED_ONE };
struct db_placement {
    const char *table;
    enum db_placed kind;
    const char *column, *group; /* DB_PLACED_BY: tables of one group lie together */
};
extern const struct db_placement db_placements[];
extern const size_t db_placements_n;

enum result database_open_catalogue(const struct db_options *options, const struct db_catalogue *catalogue, bool migrate, struct arena *a,
                                    struct database **ret_database, struct str *ret_why) MUST_USE;

struct db_rows {
    void *row;
    size_t n;
};
enum { DB_MAX_PARAMS = 64 };

/* E_CONFLICT: a unique key or a foreign key; E_INVALID: another constraint, or text that is no text. In a write every failure but
 * E_NOT_FOUND spoils the transaction: later statements give the same result, and the work is undone whatever run says. */
enum result db_exec(struct db *db, unsigned statement, const union db_value *values, int64_t *ret_changed) MUST_USE; /* ret_changed may be NULL */
/* db_exec of what cannot be refused for a reason that somebody is told: on PostgreSQL its answer is read with that of a later statement, or at the commit, and spoils the
 * transaction there. Ten of them are one round trip. Outside of a write it is db_exec. */
enum result db_send(struct db *db, unsigned statement, const union db_value *values) MUST_USE;
enum result db_one(struct db *db, unsigned statement, const union db_value *values, void *ret_row) MUST_USE;
enum result db_many(struct db *db, unsigned statement, const union db_value *values, struct db_rows *ret_rows) MUST_USE;
/* A hint: this read will ask for it. On PostgreSQL it travels with the next statement that somebody waits for, so that several are one round trip; on both engines the
 * answer is kept until the end of the read, and whoever asks the same again gets the same rows (they are everybody's: nobody writes into them). One snapshot has one
 * answer, so that this changes nothing but the time. In a write, and past a few dozen, nothing happens. */
void db_ahead(struct db *db, unsigned statement, const union db_value *values);

#endif
