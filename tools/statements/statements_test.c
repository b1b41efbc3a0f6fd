/* statements_test.c: what the generator makes of good statements, and what it says of bad ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "statements/statements.h"

static const char schema_sql[] =
    "CREATE TABLE poster (code TEXT NOT NULL PRIMARY KEY, community BIGINT NOT NULL);\n"
    "CREATE TABLE place (code BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL);\n"
    "CREATE TABLE report (community BIGINT NOT NULL, id BIGINT NOT NULL, title TEXT NOT NULL, open SMALLINT NOT NULL,\n"
    "    share DOUBLE PRECISION NOT NULL, photo BYTEA NOT NULL, PRIMARY KEY (community, id));\n";

struct outcome {
    struct arena *a;
    struct str complaints, header, source, table;
    struct sql_file file;
};

static struct outcome generate(const char *schema_text_, const char *sql)
{
    struct outcome o = {.a = arena_open(1 << 24)};
    struct buf into;
    struct complaints c = {0, &into};
    const struct str names[] = {STR("schema/0001_test.sql")}, texts[] = {str_from_cstr(schema_text_)};
    struct schema_file *schema;
    size_t n;

    buf_init(&into, o.a, 1024, 1 << 20);
    sql_file_parse(o.a, &c, STR("src/x/x.sql"), STR("x/x.sql"), str_from_cstr(sql), &o.file);
    schema_gather(o.a, &c, names, texts, 1, &schema, &n);
    sqlite3 *db = schema_apply(&c, schema, n);
    lint_schema(o.a, &c, schema, n);
    struct placements placements;
    placements_read(o.a, &c, schema, n, STR("poster everywhere why\nplace everywhere why\n"), &placements);
    for (size_t i = 0; i < o.file.n; i++) {
        bool across = false;
        describe(o.a, &c, db, &o.file, &o.file.statements[i]);
        spread_check(o.a, &c, &placements, &o.file, &o.file.statements[i], &across);
    }
    sqlite3_close(db);
    o.complaints = buf_str(&into);
    if (c.n == 0) {
        o.header = emit_header(o.a, &o.file);
        o.source = emit_source(o.a, &o.file);
        o.table = emit_table(o.a, &o.file, 1, schema, n, &placements);
    }
    return o;
}

static bool has(struct str text, const char *part)
{
    return str_find(text, str_from_cstr(part)) != SIZE_MAX;
}

static void good_statements_become_c(void **state)
{
    struct outcome o = generate(
        schema_sql,
        "-- The file's own comment.\n"
        "-- name: report_get :one  community:int64 id:int64\n"
        "-- Why it exists: */ is no end.\n"
        "SELECT r.id, r.title AS heading, open, share, photo, /* $9 */ CAST(COALESCE(photo, '') AS BYTEA) AS half,\n"
        "  CAST('a''b $7' AS TEXT) AS quoted FROM report r WHERE community = $1 AND id = $2; -- $8\n"
        "-- name: report_recent :many  community:int64\n"
        "--   before:int64 limit:int64\n"
        "WITH t AS (SELECT id, CAST(COUNT(*) AS BIGINT) AS n FROM report WHERE id < $2 AND community = $1 GROUP BY id)\n"
        "SELECT t.n, t.id FROM t LIMIT $3;\n"
        "-- name: report_put :one  community:int64 title:text open:bool share:real photo:bytes\n"
        "INSERT INTO report (community, id, title, open, share, photo) VALUES ($1, 1, $2, $3, $4, $5) RETURNING id;\n"
        "-- name: report_put :postgres\n"
        "INSERT INTO report (community, id, title, open, share, photo) VALUES ($1, 2, $2, $3, $4, $5) RETURNING id;\n"
        "-- name: report_close :count  community:int64\n"
        "UPDATE report SET open = 0 WHERE community = $1;\n"
        "-- name: place_clear :exec\n"
        "DELETE FROM place;\n");

    (void)state;
    assert_string_equal(str_cstr(o.a, o.complaints), "");
    assert_int_equal(o.file.n, 5);
    assert_true(has(
        o.header,
        "/* Why it exists: * / is no end. */\nstruct sql_report_get {\n    int64_t id;\n    struct str heading;\n    bool open;\n"
        "    double share;\n    struct str photo;\n    struct str half;\n    struct str quoted;\n};\n"
        "enum result sql_report_get(struct db *db, int64_t community, int64_t id, struct sql_report_get *ret_row) MUST_USE;"));
    assert_true(has(o.header, "void sql_report_get_ahead(struct db *db, int64_t community, int64_t id);"));
    assert_true(
        has(o.header, "struct sql_report_recent_rows {\n    struct sql_report_recent *row;\n    size_t n;\n};"));
    assert_true(has(
        o.header,
        "(struct db *db, int64_t community, struct str title, bool open, double share, struct str photo, struct sql_report_put *ret_row)"));
    assert_true(has(o.header,
                    "enum result sql_report_close(struct db *db, int64_t community, int64_t *ret_changed) MUST_USE;"));
    assert_true(has(o.header, "enum result sql_place_clear(struct db *db) MUST_USE;"));
    assert_true(has(o.source,
                    "\"SELECT r.id, r.title AS heading, open, share, photo, CAST(COALESCE(photo, '') AS BLOB) AS half, "
                    "CAST('a''b $7' AS TEXT) AS quoted FROM report r WHERE community = ?1 AND id = ?2\""));
    assert_true(has(o.source, "VALUES ($1, 2, $2, $3, $4, $5) RETURNING id\",\n        \"itbry\", columns + "));
    assert_true(has(o.source, "\"DELETE FROM place\",\n        NULL,"));
    assert_true(has(o.table, "db_statements_n = 5"));
    assert_true(has(
        o.table, "CREATE TABLE poster ( code TEXT NOT NULL PRIMARY KEY , community BIGINT NOT NULL ) WITHOUT ROWID;"));
    assert_true(has(o.table, "CREATE TABLE place ( code INTEGER NOT NULL PRIMARY KEY , name TEXT NOT NULL );"));
    assert_true(has(o.table, "photo BLOB NOT NULL , PRIMARY KEY ( community , id ) ) WITHOUT ROWID;"));
    assert_true(has(o.table, "photo BYTEA NOT NULL, PRIMARY KEY (community, id));"));
    arena_close(o.a);
}

static void bad_statements_are_named(void **state)
{
    static const struct {
        const char *sql, *complaint;
    } cases[] = {
        {"-- name: a :one community:int64\nSELECT COUNT(*) AS n FROM report WHERE community = $1",
         "src/x/x.sql:1: a: column n is an expression"},
        {"-- name: a :one community:int64\nSELECT COUNT(*) FROM report WHERE community = $1",
         "column 1 (COUNT(*)) needs a lower-case name"},
        {"-- name: a :one community:int64\nSELECT id, title AS id FROM report WHERE community = $1",
         "two columns are called id"},
        {"-- name: a :one community:int64\nSELECT id AS case FROM report WHERE community = $1", "syntax error"},
        {"-- name: a :one community:int64\nSELECT id AS register FROM report WHERE community = $1", "no word of C"},
        {"-- name: a :one community:int64\nSELECT nowhere FROM report WHERE community = $1", "no such column: nowhere"},
        {"-- name: a :one community:int64\nSELECT id FROM report WHERE community = $1 AND id = $2",
         "$2 is not in the list of parameters, which has 1"},
        {"-- name: a :one community:int64 id:int64\nSELECT id FROM report WHERE community = $1",
         "parameter id ($2) is not used"},
        {"-- name: a :one community:int64\nSELECT id FROM report WHERE community = ?1", "write parameters as $1"},
        {"-- name: a :one community:integer\nSELECT id FROM report WHERE community = $1",
         "'community:integer' is no parameter"},
        {"-- name: a :one community:int64 community:int64\nSELECT id FROM report WHERE community = $1",
         "parameter community is there twice"},
        {"-- name: a :one default:int64\nSELECT id FROM report WHERE community = $1", "would be a word of C"},
        {"-- name: a :exec community:int64\nSELECT id FROM report WHERE community = $1",
         "gives columns: its kind is :one or :many"},
        {"-- name: a :many community:int64\nDELETE FROM report WHERE community = $1",
         "gives no columns: its kind is :exec or :count"},
        {"-- name: a :some community:int64\nDELETE FROM report WHERE community = $1", "':some' is no kind"},
        {"-- name: a :exec community:int64\nDELETE FROM report WHERE community = $1; DELETE FROM place",
         "holds more than one statement"},
        {"-- name: a :exec\n-- only words\n", "there is no SQL below its name"},
        {"-- name: a :postgres\nDELETE FROM place", "there is none of this name above"},
        {"-- name: a :exec\nDELETE FROM place\n-- name: a :exec\nDELETE FROM place",
         "already a statement of this name in this file"},
        {"DELETE FROM place", "src/x/x.sql:1: SQL before the first -- name: line"},
        {"-- name: a :exec\nDELETE FROM report", "it is not shown that report.community equals a parameter"},
        {"-- name: a :many\nSELECT IFNULL(name, '') AS n FROM place",
         "IFNULL is not in the shared dialect: write COALESCE"},
        {"-- name: a :exec code:int64\nINSERT OR IGNORE INTO place (code, name) VALUES ($1, '')",
         "INSERT OR is not in the shared dialect"},
        {"-- name: a :many\nSELECT code FROM place WHERE name = \"x\"", "no such column"},
        {"-- name: a :one\nSELECT CAST(1 AS TEXT) AS n, code FROM (SELECT code, CAST(2 AS BIGINT) AS n FROM place)",
         "the CASTs to n do not agree"},
        {"-- name: a :many\nSELECT x.code FROM place AS some, place x", "'some' is a reserved word of PostgreSQL"},
        {"-- name: a :one\nSELECT CAST(1 AS INT8) AS n", "column n is an expression"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct outcome o = generate(schema_sql, cases[i].sql);
        if (!has(o.complaints, cases[i].complaint))
            fail_msg("%s\nsays: " STR_FMT "\nshould say: %s", cases[i].sql, STR_ARG(o.complaints), cases[i].complaint);
        arena_close(o.a);
    }
}

static void exempt_statements_pass(void **state)
{
    static const char *const cases[] = {
        "-- name: a :exec\n-- across communities: a level's figures.\nDELETE FROM report",
        "-- name: a :exec from:int64 to:int64\n-- across communities: a level.\nDELETE FROM report WHERE community BETWEEN $1 AND $2",
        "-- name: a :many\nSELECT code, community FROM poster",
        "-- name: a :many\nSELECT community AS datetime FROM poster",
        "-- name: a :one\nSELECT CAST(SUM(code) AS BIGINT) AS total FROM place",
        "-- name: a :many\nSELECT IFNULL(name, '') AS n FROM place\n-- name: a :postgres\nSELECT 1",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct outcome o = generate(schema_sql, cases[i]);
        if (i + 1 < sizeof(cases) / sizeof(cases[0]) ? o.complaints.len > 0 : has(o.complaints, "IFNULL"))
            fail_msg("%s\nsays: " STR_FMT, cases[i], STR_ARG(o.complaints));
        arena_close(o.a);
    }
}

static void bad_schemas_are_named(void **state)
{
    static const struct {
        const char *sql, *complaint;
    } cases[] = {
        {"CREATE TABLE a (id BIGINT, community BIGINT, PRIMARY KEY (id))",
         "its primary key does not begin with community"},
        {"CREATE TABLE a (id BIGINT PRIMARY KEY, user BIGINT)", "0001_test: 'user' is a reserved word"},
        {"CREATE TABLE a (id BIGINT", "0001_test: the schema does not apply"},
        {"CREATE TABLE a (id BIGINT PRIMARY KEY, b BIGINT REFERENCES a (id) DEFERRABLE INITIALLY DEFERRED)",
         "DEFERRABLE"},
    };
    struct arena *a = arena_open(1 << 20);
    struct buf into;
    struct complaints c = {0, &into};
    const struct str names[] = {STR("schema/0002_b.sql"), STR("schema/0001_a.sql"), STR("schema/0001_a.sqlite.sql"),
                                STR("schema/0002_other.sql"), STR("schema/2_short.sql")};
    const struct str texts[] = {STR("CREATE TABLE b (x BIGINT);"), STR("CREATE TABLE a (x BIGINT);"),
                                STR("CREATE TABLE s (x BIGINT);"), STR(""), STR("")};
    struct schema_file *schema;
    size_t n;

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct outcome o = generate(cases[i].sql, "");
        if (!has(o.complaints, cases[i].complaint))
            fail_msg("%s\nsays: " STR_FMT, cases[i].sql, STR_ARG(o.complaints));
        arena_close(o.a);
    }
    buf_init(&into, a, 100, 10000);
    schema_gather(a, &c, names, texts, 5, &schema, &n);
    assert_int_equal(n, 2);
    assert_int_equal(c.n, 2);
    assert_true(has(buf_str(&into), "number 2 is also that of 0002_b") && has(buf_str(&into), "2_short.sql"));
    assert_true(str_eq(schema[0].name, STR("0001_a")) && schema[1].version == 2);
    assert_true(has(schema[0].sqlite, "TABLE a") && has(schema[0].sqlite, "TABLE s"));
    assert_true(has(schema[0].postgres, "TABLE a") && !has(schema[0].postgres, "TABLE s"));
    assert_int_equal(schema[0].sqlite_sha.len, 64);
    assert_false(str_eq(schema[0].sqlite_sha, schema[0].postgres_sha));
    arena_close(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_statements_become_c),
        cmocka_unit_test(bad_statements_are_named),
        cmocka_unit_test(exempt_statements_pass),
        cmocka_unit_test(bad_schemas_are_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
