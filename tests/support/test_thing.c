/* test_thing.c: the schema and the statements of test_thing.h. */
#include "support/test_thing.h"

#include <stdlib.h>

/* ---- a catalogue as tools/statements would write it */

static const struct db_column thing_columns[] = {
    {'i', offsetof(struct thing, id)},   {'t', offsetof(struct thing, title)}, {'b', offsetof(struct thing, open)},
    {'r', offsetof(struct thing, area)}, {'y', offsetof(struct thing, photo)},
};
static const struct db_column total_columns[] = {{'i', offsetof(struct thing_total, n)}};

const struct db_statement thing_statements[THING_STATEMENTS] = {
    [THING_PUT] = {"put", "INSERT INTO thing (community, id, title, open, area, photo) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                   "INSERT INTO thing (community, id, title, open, area, photo) VALUES ($1, $2, $3, $4, $5, $6)",
                   "iitbry", NULL, 6, 0, 0, true, __FILE__, __LINE__},
    [THING_GET] = {"get", "SELECT id, title, open, area, photo FROM thing WHERE community = ?1 AND id = ?2",
                   "SELECT id, title, open, area, photo FROM thing WHERE community = $1 AND id = $2", "ii",
                   thing_columns, 2, 5, sizeof(struct thing), false, __FILE__, __LINE__},
    [THING_LIST] = {"list", "SELECT id, title, open, area, photo FROM thing WHERE community = ?1 ORDER BY id LIMIT ?2",
                    "SELECT id, title, open, area, photo FROM thing WHERE community = $1 ORDER BY id LIMIT $2", "ii",
                    thing_columns, 2, 5, sizeof(struct thing), false, __FILE__, __LINE__},
    [THING_COUNT] = {"count", "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM thing WHERE community = ?1",
                     "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM thing WHERE community = $1", "i", total_columns, 1, 1,
                     sizeof(struct thing_total), false, __FILE__, __LINE__},
    [THING_OPEN] = {"open", "UPDATE thing SET open = ?2 WHERE community = ?1 AND open <> ?2",
                    "UPDATE thing SET open = $2 WHERE community = $1 AND open <> $2", "ib", NULL, 2, 0, 0, true,
                    __FILE__, __LINE__},
    [THING_RETITLE] =
        {"retitle",
         "UPDATE thing SET title = ?3 WHERE community = ?1 AND id = ?2 RETURNING id, title, open, area, photo",
         "UPDATE thing SET title = $3 WHERE community = $1 AND id = $2 RETURNING id, title, open, area, photo", "iit",
         thing_columns, 3, 5, sizeof(struct thing), true, __FILE__, __LINE__},
    [THING_PUT_QUIET] =
        {"put_quiet",
         "INSERT INTO thing (community, id, title, open, area, photo) VALUES (?1, ?2, '', 0, 0, '') ON CONFLICT DO NOTHING",
         "INSERT INTO thing (community, id, title, open, area, photo) VALUES ($1, $2, '', 0, 0, '') ON CONFLICT DO NOTHING",
         "ii", NULL, 2, 0, 0, true, __FILE__, __LINE__},
    [THING_PUT_CHILD] = {"put_child", "INSERT INTO child (community, id, thing) VALUES (?1, ?2, ?3)",
                         "INSERT INTO child (community, id, thing) VALUES ($1, $2, $3)", "iii", NULL, 3, 0, 0, true,
                         __FILE__, __LINE__},
    [THING_OF_NULL] =
        {"title_of_null",
         "SELECT CAST(NULL AS BIGINT) AS id, CAST(NULL AS TEXT) AS title, CAST(NULL AS SMALLINT) AS open, "
         "CAST(NULL AS DOUBLE PRECISION) AS area, CAST(NULL AS BLOB) AS photo",
         "SELECT CAST(NULL AS BIGINT) AS id, CAST(NULL AS TEXT) AS title, CAST(NULL AS SMALLINT) AS open, "
         "CAST(NULL AS DOUBLE PRECISION) AS area, CAST(NULL AS BYTEA) AS photo",
         "", thing_columns, 0, 5, sizeof(struct thing), false, __FILE__, __LINE__},
};
static const struct db_statement *list[THING_STATEMENTS];

#define VERSION_TABLE \
    "CREATE TABLE schema_version (version BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL, applied_at BIGINT NOT NULL, sha TEXT NOT NULL);"
#define THING(bytes)                                                                                                   \
    "CREATE TABLE thing (community BIGINT NOT NULL, id BIGINT NOT NULL, title TEXT NOT NULL, open SMALLINT NOT NULL, " \
    "area DOUBLE PRECISION NOT NULL, photo " bytes " NOT NULL, CHECK (area >= 0), PRIMARY KEY (community, id));"       \
    "CREATE TABLE child (community BIGINT NOT NULL, id BIGINT NOT NULL, thing BIGINT NOT NULL, "                       \
    "FOREIGN KEY (community, thing) REFERENCES thing (community, id), PRIMARY KEY (community, id));"
const struct db_migration thing_migrations[THING_MIGRATIONS] = {
    {1, "0001_engine", VERSION_TABLE, VERSION_TABLE, "aa", "ba"},
    {2, "0002_thing", THING("BLOB"), THING("BYTEA"), "ab", "bb"},
    {4, "0004_more", "ALTER TABLE thing ADD COLUMN more TEXT NOT NULL DEFAULT ''",
     "ALTER TABLE thing ADD COLUMN more TEXT NOT NULL DEFAULT ''", "ac", "bc"},
};
struct db_catalogue thing_catalogue = {list, THING_STATEMENTS, thing_migrations, THING_MIGRATIONS};

enum result thing_put(struct db *db, int64_t community, int64_t id, struct str title, bool open, double area,
                      struct str photo)
{
    const union db_value v[] = {{.i = community}, {.i = id}, {.s = title}, {.i = open}, {.r = area}, {.s = photo}};

    return db_exec(db, THING_PUT, v, NULL);
}

enum result thing_get(struct db *db, int64_t community, int64_t id, struct thing *ret_row)
{
    const union db_value v[] = {{.i = community}, {.i = id}};

    return db_one(db, THING_GET, v, ret_row);
}

int64_t thing_count(struct db *db, int64_t community)
{
    const union db_value v[] = {{.i = community}};
    struct thing_total t = {-1};

    return db_one(db, THING_COUNT, v, &t) == OK ? t.n : -1;
}

int64_t thing_count_now(struct test_db *t, int64_t community)
{
    struct db *db;

    if (db_read_begin(t->database, t->arena, &db) != OK)
        return -1;
    int64_t n = thing_count(db, community);
    db_read_end(db);
    return n;
}

int thing_setup(void **state)
{
    struct test_db *t = calloc(1, sizeof(*t));

    for (size_t i = 0; i < THING_STATEMENTS; i++)
        list[i] = &thing_statements[i];
    test_db_open_catalogue(t, &thing_catalogue);
    *state = t;
    return 0;
}

int thing_teardown(void **state)
{
    test_db_close(*state);
    free(*state);
    return 0;
}

struct str thing_big_text(struct arena *a)
{
    char *p = arena_array(a, char, 300000);

    memset(p, 'x', 300000);
    return (struct str){p, 300000};
}

enum result thing_put_one(struct db *db, void *arg)
{
    return thing_put(db, 3, *(int64_t *)arg, STR("a"), false, 0, STR_NONE);
}

enum result thing_put_many_big(struct db *db, void *arg)
{
    (void)arg;
    for (int64_t i = 1; i <= 10; i++) {
        enum result r = thing_put(db, 9, i, thing_big_text(db_arena(db)), false, 0, STR_NONE);
        if (r != OK)
            return r;
    }
    return OK;
}
