/* spread_test.c: what can be spread over several machines passes, and what cannot is named. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "statements/statements.h"

static const char schema_sql[] =
    "CREATE TABLE place (code BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL);\n"
    "CREATE TABLE job (name TEXT NOT NULL PRIMARY KEY);\n"
    "CREATE TABLE note (person BIGINT NOT NULL, id BIGINT NOT NULL, PRIMARY KEY (person, id));\n"
    "CREATE TABLE report (community BIGINT NOT NULL, id BIGINT NOT NULL, title TEXT NOT NULL, PRIMARY KEY (community, id));\n"
    "CREATE TABLE step (community BIGINT NOT NULL, id BIGINT NOT NULL, report BIGINT NOT NULL, PRIMARY KEY (community, id));\n";
#define FILE_TEXT "place everywhere why\njob one why\nnote by person why\n"

/* What is said of one statement; "" when nothing. */
static struct str judge(struct arena *a, const char *schema_text_, const char *distribution, const char *sql,
                        bool *ret_across)
{
    const struct str names[] = {STR("schema/0001_test.sql")}, texts[] = {str_from_cstr(schema_text_)};
    struct complaints c = {0, arena_new(a, struct buf)};
    struct schema_file *schema;
    struct placements placements;
    struct sql_file file;
    size_t n;

    buf_init(c.into, a, 1024, 1 << 20);
    sql_file_parse(a, &c, STR("src/x/x.sql"), STR("x/x.sql"), str_from_cstr(sql), &file);
    schema_gather(a, &c, names, texts, 1, &schema, &n);
    placements_read(a, &c, schema, n, str_from_cstr(distribution), &placements);
    *ret_across = false;
    for (size_t i = 0; i < file.n; i++)
        spread_check(a, &c, &placements, &file, &file.statements[i], ret_across);
    return buf_str(c.into);
}

struct example {
    const char *sql, *complaint; /* complaint NULL: it passes, on one machine; "": it passes, across */
};

static void run_examples(const struct example *v, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct arena *a = arena_open(1 << 22);
        bool across;
        struct str said = judge(a, schema_sql, FILE_TEXT,
                                str_cstr(a, str_printf(a, "-- name: x :exec  a:int64 b:int64\n%s", v[i].sql)), &across);
        bool passes = v[i].complaint == NULL || !*v[i].complaint;
        if (passes ? said.len > 0 : str_find(said, str_from_cstr(v[i].complaint)) == SIZE_MAX)
            fail_msg("%s\nsays: " STR_FMT, v[i].sql, STR_ARG(said));
        if (passes && across != (v[i].complaint != NULL))
            fail_msg("%s\nis taken for %s", v[i].sql, across ? "across" : "one machine");
        arena_close(a);
    }
}

static void one_machine_is_proved(void **state)
{
    static const struct example v[] = {
        {"SELECT id FROM report WHERE community = $1 AND id = $2", NULL},
        {"SELECT id FROM report WHERE (community = $1) AND (id = $2 OR title = '')", NULL},
        {"SELECT id FROM report WHERE id BETWEEN $2 AND 9 AND community = CAST($1 AS BIGINT)", NULL},
        {"SELECT r.id FROM report r JOIN step s ON s.community = r.community AND s.report = r.id WHERE r.community = $1",
         NULL},
        {"SELECT r.id FROM report r LEFT JOIN step s ON s.community = r.community LEFT JOIN place ON place.code = $2 WHERE r.community = $1",
         NULL},
        {"SELECT r.id FROM report r, step s WHERE s.community = $1 AND r.community = $1", NULL},
        {"SELECT id, (SELECT COUNT(*) FROM step WHERE step.community = report.community AND step.report = report.id) FROM report WHERE community = $1",
         NULL},
        {"SELECT id FROM report WHERE community = $1 AND id IN (SELECT report FROM step WHERE community = $1)", NULL},
        {"SELECT n FROM (SELECT COUNT(*) AS n FROM report WHERE community = $1) AS counted", NULL},
        {"WITH old AS (SELECT community, id FROM report WHERE community = $1) SELECT s.id FROM step s JOIN old ON old.community = s.community",
         NULL},
        {"SELECT id FROM report WHERE community = $1 UNION ALL SELECT id FROM step WHERE community = $1", NULL},
        {"INSERT INTO report (community, id, title) VALUES ($1, $2, '') ON CONFLICT (community, id) DO UPDATE SET title = excluded.title",
         NULL},
        {"INSERT INTO step (community, id, report) SELECT community, id, $2 FROM report WHERE community = $1", NULL},
        {"UPDATE report SET title = CASE WHEN id = 1 AND $2 = 2 THEN '' ELSE title END WHERE community = $1", NULL},
        {"DELETE FROM step WHERE community = $1 AND report IN (SELECT id FROM report WHERE report.community = step.community)",
         NULL},
        {"SELECT name FROM place WHERE code = $1", NULL},
        {"UPDATE job SET name = '' WHERE name IN (SELECT name FROM job LIMIT 1)", NULL},
        {"SELECT id FROM note WHERE person = $1", NULL},
        {"SELECT id FROM report WHERE community = $1 AND id = $2 FOR UPDATE", NULL},
    };
    (void)state;
    run_examples(v, sizeof(v) / sizeof(v[0]));
}

static void what_goes_across_says_why(void **state)
{
    static const char why[] = "-- across communities: because\n";
    static const struct example v[] = {
        {"SELECT id FROM report WHERE id = $2", "report.community equals a parameter"},
        {"SELECT id, community FROM report WHERE id = $2", "report.community equals a parameter"},
        {"SELECT id FROM report WHERE community = $1 OR id = $2", "report.community"},
        {"SELECT id FROM report WHERE NOT community = $1", "report.community"},
        {"SELECT id FROM report WHERE community <> $1", "report.community"},
        {"SELECT id FROM report WHERE community BETWEEN $1 AND $2", "report.community"},
        {"SELECT r.id FROM report r JOIN step s ON s.community = r.community AND r.community = $1 JOIN step z ON z.report = r.id",
         "z have to be joined"},
        {"SELECT r.id FROM report r LEFT JOIN step s ON s.community = r.community AND r.community = $1",
         "report.community"},
        {"SELECT id FROM report WHERE community = $1 AND EXISTS (SELECT 1 FROM step WHERE step.report = report.id)",
         "step"},
        {"INSERT INTO step (id, report) VALUES ($1, $2)", "gives step no community"},
        {"INSERT INTO step (community, id, report) SELECT id, id, $2 FROM report WHERE community = $1",
         "step.community"},
        {"INSERT INTO report (community, id, title) SELECT $2, id, title FROM report WHERE community = $1",
         "from one community to another"},
        {"DELETE FROM note WHERE id = $1", "note.person"},
    };
    struct example with_reason[sizeof(v) / sizeof(v[0])];
    struct arena *a = arena_open(1 << 20);

    (void)state;
    run_examples(v, sizeof(v) / sizeof(v[0]));
    /* With a reason those pass that Citus can do. */
    static const size_t good[] = {0, 1, 2, 3, 4, 5, 7, 10, 11, 12};
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
        with_reason[i] = (struct example){str_cstr(a, str_printf(a, "%s%s", why, v[good[i]].sql)), ""};
    run_examples(with_reason, sizeof(good) / sizeof(good[0]));
    arena_close(a);
}

static void what_citus_refuses_is_refused(void **state)
{
    static const struct example v[] = {
        {"UPDATE report SET community = $2 WHERE community = $1", "changes community of report"},
        {"UPDATE report SET title = '', community = $2 WHERE community = $1", "changes community"},
        {"UPDATE report SET (title, community) = ('', $2) WHERE community = $1", "changes community"},
        {"INSERT INTO report (community, id, title) VALUES ($1, $2, '') ON CONFLICT (community, id) DO UPDATE SET community = 1",
         "changes community"},
        {"-- across communities: because\nSELECT id FROM report WHERE id = $1 FOR UPDATE", "locks rows"},
        {"-- across communities: because\nSELECT r.id FROM report r JOIN step s ON s.report = r.id",
         "have to be joined by community"},
        {"-- across communities: because\nSELECT r.id FROM report r JOIN note n ON n.id = r.id", "do not lie together"},
        {"-- across communities: because\nSELECT r.id FROM report r JOIN job ON job.name = r.title", "on one machine"},
        {"-- across communities: because\nSELECT COUNT(*) FROM report GROUP BY GROUPING SETS ((community), (id))",
         "grouping sets"},
        {"INSERT INTO step (community, id, report) VALUES ($1, 1, (SELECT MAX(id) FROM report WHERE community = $1))",
         "query inside VALUES"},
        {"-- across communities: because\nINSERT INTO report (community, id) SELECT $2, id FROM report WHERE community = $1",
         "2 of its 3 columns"},
        {"-- across communities: because\nSELECT id FROM report WHERE community = $1", "stays on one machine"},
    };
    (void)state;
    run_examples(v, sizeof(v) / sizeof(v[0]));
}

static void keys_keep_to_the_machine(void **state)
{
    static const struct {
        const char *sql, *distribution, *complaint;
    } v[] = {
        {"CREATE TABLE a (id BIGINT PRIMARY KEY)", "", "a: its primary key does not begin with community"},
        {"CREATE TABLE a (id BIGINT PRIMARY KEY)", "a everywhere", "says no reason"},
        {"CREATE TABLE a (id BIGINT PRIMARY KEY)", "b everywhere why", "there is no such table"},
        {"CREATE TABLE a (id BIGINT PRIMARY KEY)", "a somewhere why", "write: TABLE"},
        {"CREATE TABLE a (id BIGINT PRIMARY KEY, x TEXT UNIQUE)", "a by id why", "its unique key leaves out id"},
        {"CREATE TABLE a (community BIGINT, id BIGINT, PRIMARY KEY (community, id)); CREATE UNIQUE INDEX i ON a (id)",
         "", "its unique index leaves out community"},
        {"CREATE TABLE a (community BIGINT, id BIGINT, x BIGINT, PRIMARY KEY (community, id), UNIQUE (x, id))", "",
         "its unique key leaves out"},
        {"CREATE TABLE a (community BIGINT, id BIGINT, PRIMARY KEY (community, id)); CREATE TABLE b (community BIGINT, id BIGINT, a BIGINT, "
         "PRIMARY KEY (community, id), FOREIGN KEY (a) REFERENCES a (id))",
         "", "foreign key to a would cross machines"},
        {"CREATE TABLE a (community BIGINT, id BIGINT, PRIMARY KEY (community, id)); CREATE TABLE b (community BIGINT, id BIGINT, a BIGINT, "
         "PRIMARY KEY (community, id), FOREIGN KEY (community, a) REFERENCES a (community, id))",
         "", NULL},
        {"CREATE TABLE a (community BIGINT, id BIGINT, PRIMARY KEY (community, id)); CREATE TABLE r (id BIGINT PRIMARY KEY, a BIGINT REFERENCES a (id))",
         "r everywhere why", "foreign key to a would cross machines"},
        {"CREATE TABLE r (id BIGINT PRIMARY KEY); CREATE TABLE a (community BIGINT, id BIGINT, r BIGINT REFERENCES r (id), PRIMARY KEY (community, id))",
         "r everywhere why", NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++) {
        struct arena *a = arena_open(1 << 20);
        bool across;
        struct str said = judge(a, v[i].sql, v[i].distribution, "", &across);
        if (v[i].complaint ? str_find(said, str_from_cstr(v[i].complaint)) == SIZE_MAX : said.len > 0)
            fail_msg("%s\n%s\nsays: " STR_FMT, v[i].sql, v[i].distribution, STR_ARG(said));
        arena_close(a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_machine_is_proved),
        cmocka_unit_test(what_goes_across_says_why),
        cmocka_unit_test(what_citus_refuses_is_refused),
        cmocka_unit_test(keys_keep_to_the_machine),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
