/* test_db.c: databases for tests. */
#include "support/test_db.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void __attribute__((noreturn, format(printf, 1, 2))) die(const char *format, ...)
{
    va_list ap;

    va_start(ap, format);
    vfprintf(stderr, format, ap);
    va_end(ap);
    fputc('\n', stderr);
    exit(1);
}

bool test_db_postgres(void)
{
    const char *engine = getenv("LILONG_TEST_ENGINE");

    if (!engine || strcmp(engine, "sqlite") == 0)
        return false;
    if (strcmp(engine, "postgres") != 0)
        die("LILONG_TEST_ENGINE is sqlite or postgres");
    return true;
}

/* The cluster's address has no database in it and ends in '?' with parameters: postgresql:///?host=/tmp/x&user=postgres */
static void postgres_command(const char *before, const char *name, const char *after)
{
    const char *url = getenv("LILONG_TEST_POSTGRES_URL");
    char text[256];

    if (!url)
        die("LILONG_TEST_POSTGRES_URL is not set: eval \"$(tests/support/postgres.sh start)\"");
    PGconn *conn = PQconnectdb(url);
    if (PQstatus(conn) != CONNECTION_OK)
        die("%s", PQerrorMessage(conn));
    snprintf(text, sizeof(text), "%s %s %s", before, name, after);
    PGresult *res = PQexec(conn, text);
    if (PQresultStatus(res) != PGRES_COMMAND_OK)
        die("%s", PQerrorMessage(conn));
    PQclear(res);
    PQfinish(conn);
}

static void database_name(char *to, size_t room)
{
    static unsigned number;

    snprintf(to, room, "t%ld_%u", (long)getpid(), number++);
}

void test_db_place(struct test_db *t)
{
    memset(t, 0, sizeof(*t));
    t->arena = arena_open((size_t)64 << 20);
    if (!t->arena)
        die("no memory");
    if (test_db_postgres()) {
        char name[64];
        const char *url = getenv("LILONG_TEST_POSTGRES_URL");
        const char *query = url ? strchr(url, '?') : NULL;

        database_name(name, sizeof(name));
        postgres_command("CREATE DATABASE", name, "TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'");
        if (!query)
            die("LILONG_TEST_POSTGRES_URL has no parameters: postgresql:///postgres?host=...");
        snprintf(t->place, sizeof(t->place), "postgresql:///%s%s", name, query);
        t->options.postgres_url = t->place;
        t->options.writers = 4;
    } else {
        /* In memory unless told otherwise: a test kills processes, not the machine's power, and a sync there costs nothing. */
        const char *base = getenv("TMPDIR");
        char folder[256];

        if (!base)
            base = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
        snprintf(folder, sizeof(folder), "%s/lilong-test-XXXXXX", base);
        if (!mkdtemp(folder))
            die("%s cannot be made", folder);
        snprintf(t->place, sizeof(t->place), "%s/lilong.db", folder);
        t->options.sqlite_path = t->place;
        t->options.twice = getenv("LILONG_TEST_TWICE") != NULL;
    }
}

void test_db_reopen(struct test_db *t, const struct db_catalogue *catalogue)
{
    const struct db_catalogue all = {db_statements, db_statements_n, db_migrations, db_migrations_n};
    struct str why = STR_NONE;

    database_close(t->database);
    t->database = NULL;
    if (database_open_catalogue(&t->options, catalogue ? catalogue : &all, true, t->arena, &t->database, &why) != OK)
        die("the test's database does not open: " STR_FMT, STR_ARG(why));
}

void test_db_open_catalogue(struct test_db *t, const struct db_catalogue *catalogue)
{
    test_db_place(t);
    test_db_reopen(t, catalogue);
}

void test_db_open(struct test_db *t)
{
    test_db_open_catalogue(t, NULL);
}

void test_db_close(struct test_db *t)
{
    database_close(t->database);
    t->database = NULL;
    if (test_db_postgres()) {
        char name[64];
        const char *from = t->place + strlen("postgresql:///");

        snprintf(name, sizeof(name), "%.*s", (int)strcspn(from, "?"), from);
        postgres_command("DROP DATABASE", name, "WITH (FORCE)");
    } else {
        static const char *const ends[] = {"",      "-wal",       "-shm",      "-journal", ".lock",
                                           ".copy", ".copy.lock", ".copy-wal", ".copy-shm"};
        char name[600];

        for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
            snprintf(name, sizeof(name), "%s%s", t->place, ends[i]);
            unlink(name);
        }
        *strrchr(t->place, '/') = '\0';
        rmdir(t->place);
    }
    arena_close(t->arena);
    t->arena = NULL;
}
