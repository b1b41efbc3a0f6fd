/* test_db.h: a fresh database for a test, on the engine that LILONG_TEST_ENGINE names: sqlite (when unset) or postgres.
 *
 * For postgres tests/support/postgres.sh starts a cluster that goes away and says where it is (LILONG_TEST_POSTGRES_URL); each test
 * makes its own database in it. */
#ifndef LILONG_TEST_DB_H
#define LILONG_TEST_DB_H

#include "engine/db/db.h"
#include "engine/db/statement.h"

struct test_db {
    struct database *database;
    struct arena *arena;      /* for whatever the test wants; goes with the database */
    char place[512];          /* SQLite: the file in a folder of its own. PostgreSQL: the address of the database */
    struct db_options options;
};

bool test_db_postgres(void);  /* which engine the tests run on */

/* With the schema and the statements of the program. Ends the test program with a message when it does not open. */
void test_db_open(struct test_db *t);
/* With others: for the tests of engine/db itself. */
void test_db_open_catalogue(struct test_db *t, const struct db_catalogue *catalogue);
void test_db_reopen(struct test_db *t, const struct db_catalogue *catalogue); /* NULL: the program's */
void test_db_close(struct test_db *t); /* and removes it */

/* Only the place and the options, nothing opened. */
void test_db_place(struct test_db *t);

#endif
