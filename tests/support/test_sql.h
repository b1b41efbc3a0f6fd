/* test_sql.h: SQL past the program, as somebody with the disk in his hands would do it. For tests only. */
#ifndef LILONG_TEST_SQL_H
#define LILONG_TEST_SQL_H

#include "support/test_db.h"

/* Runs one or more commands on a connection of its own. Ends the test program with a message when one fails. */
void test_sql(const struct test_db *t, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The first column of the first row as a number; 0 when there is none. */
int64_t test_sql_int(const struct test_db *t, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
