/* command_test.c: what the shell said arrives where it belongs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include <unistd.h>

#include "command/command.h"

static struct arena *a;
static int runs;
static struct invocation seen;

static enum exit_code run(struct invocation *v)
{
    runs++;
    seen = *v;
    return EXIT_FOUND;
}

static const struct command command = {
    .name = "test",
    .summary = "Tests.",
    .usage = "lilong test",
    .options = (const struct command_option[]){{"to", "FILE", "where"},
                                               {"all", NULL, "everything"},
                                               {NULL, NULL, NULL}},
    .positional_max = 1,
    .run = run,
};

/* Runs `lilong test` with these arguments; what it says goes away. */
static enum exit_code call(char *arguments[])
{
    int saved = dup(STDERR_FILENO), n = 0;
    enum exit_code code;
    FILE *nowhere = fopen("/dev/null", "w");

    while (arguments[n])
        n++;
    runs = 0;
    dup2(fileno(nowhere), STDERR_FILENO);
    code = command_run(&command, n, arguments, a);
    dup2(saved, STDERR_FILENO);
    close(saved);
    fclose(nowhere);
    return code;
}

#define CALL(...) call((char *[]){__VA_ARGS__, NULL})

static void options_arrive(void **state)
{
    (void)state;
    assert_int_equal(CALL("--data", "/nonexistent", "x", "--to=y", "--all", "--http.threads=3", "--listen", "[::1]:99"),
                     EXIT_FOUND);
    assert_int_equal(runs, 1);
    assert_string_equal(seen.data_dir, "/nonexistent");
    assert_int_equal(seen.n_positional, 1);
    assert_string_equal(seen.positional[0], "x");
    assert_string_equal(invocation_option(&seen, "to"), "y");
    assert_string_equal(invocation_option(&seen, "all"), "");
    assert_int_equal(seen.config.http.threads, 3);
    assert_int_equal(seen.config.listen.port, 99);
    assert_true(str_eq(seen.config.listen.address, STR("::1")));

    assert_int_equal(CALL("--listen=127.0.0.2:7", "--database=postgresql:///x", "--", "--to"), EXIT_FOUND);
    assert_true(str_eq(seen.config.listen.address, STR("127.0.0.2")));
    assert_true(str_eq(seen.config.database.url, STR("postgresql:///x")));
    assert_string_equal(seen.positional[0], "--to");
    assert_null(invocation_option(&seen, "to"));
    assert_null(invocation_option(&seen, "nothing"));
    assert_null(seen.data_dir);

    assert_int_equal(CALL("--listen", "81"), EXIT_FOUND);
    assert_int_equal(seen.config.listen.port, 81);
    assert_true(str_eq(seen.config.listen.address, STR("127.0.0.1")));
}

static void mistakes_do_not_run(void **state)
{
    (void)state;
    assert_int_equal(CALL("--nothing"), EXIT_USAGE);
    assert_int_equal(CALL("-x"), EXIT_USAGE);
    assert_int_equal(CALL("--to"), EXIT_USAGE);
    assert_int_equal(CALL("--data"), EXIT_USAGE);
    assert_int_equal(CALL("--to=a", "--to=b"), EXIT_USAGE);
    assert_int_equal(CALL("--all=yes"), EXIT_USAGE);
    assert_int_equal(CALL("one", "two"), EXIT_USAGE);
    assert_int_equal(CALL("--listen.prot=1"), EXIT_CONFIG);
    assert_int_equal(CALL("--listen=here:80"), EXIT_CONFIG);
    assert_int_equal(CALL("--listen=127.0.0.1:"), EXIT_CONFIG);
    assert_int_equal(CALL("--config", "/nonexistent/lilong.ini"), EXIT_CONFIG);
    assert_int_equal(CALL("--calendar.work_hours=9-5"), EXIT_CONFIG);
    assert_int_equal(runs, 0);
}

static void results_have_exit_codes(void **state)
{
    (void)state;
    assert_int_equal(exit_code_of(OK), EXIT_OK);
    assert_int_equal(exit_code_of(E_BUSY), EXIT_TRY_LATER);
    assert_int_equal(exit_code_of((enum result)99), EXIT_INTERNAL);
}

static int set_up(void **state)
{
    (void)state;
    unsetenv("LILONG_DATA");
    unsetenv("LILONG_CONFIG");
    a = arena_open(16 << 20);
    return a ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    arena_close(a);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_arrive),
        cmocka_unit_test(mistakes_do_not_run),
        cmocka_unit_test(results_have_exit_codes),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
