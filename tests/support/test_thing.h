/* test_thing.h: a small schema with a few statements, as tools/statements would write them, for the tests of engine/db itself. */
#ifndef LILONG_TEST_THING_H
#define LILONG_TEST_THING_H

#include "support/test_db.h"

struct thing {
    int64_t id;
    struct str title;
    bool open;
    double area;
    struct str photo;
};
struct thing_total {
    int64_t n;
};

enum thing_statement { THING_PUT, THING_GET, THING_LIST, THING_COUNT, THING_OPEN, THING_RETITLE, THING_PUT_QUIET, THING_PUT_CHILD, THING_OF_NULL, THING_STATEMENTS };
enum { THING_MIGRATIONS = 3 };
extern struct db_catalogue thing_catalogue;
extern const struct db_migration thing_migrations[THING_MIGRATIONS];
extern const struct db_statement thing_statements[THING_STATEMENTS];

enum result thing_put(struct db *db, int64_t community, int64_t id, struct str title, bool open, double area, struct str photo);
enum result thing_get(struct db *db, int64_t community, int64_t id, struct thing *ret_thing);
int64_t thing_count(struct db *db, int64_t community);            /* -1 when it cannot be counted */
int64_t thing_count_now(struct test_db *t, int64_t community);    /* in a read of its own */

/* Jobs for db_write_wait. */
enum result thing_put_one(struct db *db, void *arg);              /* into community 3; arg: int64_t id */
enum result thing_put_many_big(struct db *db, void *arg);         /* ids 1-10 of 300 kB into community 9 */
struct str thing_big_text(struct arena *a);                       /* 300 kB */

/* For cmocka: *state is a struct test_db with the things' schema. */
int thing_setup(void **state);
int thing_teardown(void **state);

#endif
