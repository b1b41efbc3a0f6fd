/* config_test.c: where settings come from, and that a wrong one is named. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include <unistd.h>

#include "engine/base/config.h"

static struct arena *a;
static char path[] = "/tmp/lilong-config-test-XXXXXX";

static int set_up(void **state)
{
    (void)state;
    int fd = mkstemp(path);

    if (fd >= 0)
        close(fd);
    a = arena_open(16 << 20);
    return a && fd >= 0 ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    unlink(path);
    arena_close(a);
    return 0;
}

static void write_file(const char *text)
{
    FILE *f = fopen(path, "w");

    assert_non_null(f);
    fputs(text, f);
    fclose(f);
}

static enum result load_text(const char *text, struct config *c, struct str *problems)
{
    struct config_input input = {.file = path};

    write_file(text);
    return config_load(a, &input, c, problems);
}

/* The text as a file is refused with a message that has the words. */
static void refused(const char *text, const char *words)
{
    struct config c;
    struct str problems = STR_NONE;

    assert_int_equal(load_text(text, &c, &problems), E_INVALID);
    if (str_find(problems, str_from_cstr(words)) == SIZE_MAX)
        fail_msg("'%s' is not in: " STR_FMT, words, STR_ARG(problems));
}

static void defaults_are_good(void **state)
{
    (void)state;
    struct config_input input = {.file = "/nonexistent/lilong.ini", .file_may_be_missing = true};
    struct config c;
    struct str problems = STR_NONE;

    assert_int_equal(config_load(a, &input, &c, &problems), OK);
    assert_int_equal(c.listen.port, 8080);
    assert_true(str_eq(c.listen.address, STR("127.0.0.1")));
    assert_int_equal(c.report.answer_work_hours, 2);
    assert_int_equal(c.sms.driver, SMS_NONE);
    assert_int_equal(c.log.level, LOG_LEVEL_INFO);
    input.file_may_be_missing = false;
    assert_int_equal(config_load(a, &input, &c, &problems), E_IO);
}

static void later_places_win(void **state)
{
    (void)state;
    char *environment[] = {"PATH=/bin", "LILONG_LISTEN_PORT=2", "LILONG_HTTP_THREADS=3", "LILONG_SERVICE_HOST=10.0.0.1",
                           NULL};
    const char *flags[] = {"--http.threads=4", "--log.level=error"};
    struct config_input input = {path, false, environment, flags, 2};
    struct config c;
    struct str problems = STR_NONE;

    write_file(
        "# a comment\n[listen]\nport = 1\naddress=::1 ; another\r\n\n[http]\nthreads=2\n[sms]\ndriver = console\n");
    assert_int_equal(config_load(a, &input, &c, &problems), OK);
    assert_int_equal(c.listen.port, 2);
    assert_true(str_eq(c.listen.address, STR("::1")));
    assert_int_equal(c.http.threads, 4);
    assert_int_equal(c.log.level, LOG_LEVEL_ERROR);
    assert_int_equal(c.sms.driver, SMS_CONSOLE);
}

static void wrong_lines_are_named(void **state)
{
    (void)state;
    char long_line[600];

    refused("[listen]\nport = 1\nprot = 2\n", ":3: there is no setting listen.prot; did you mean listen.port?");
    refused("[http]\nport = 1\n", ":2: there is no setting http.port; did you mean listen.port?");
    refused("[xyzzyxyzzy]\nplugh = 1\n", "there is no setting xyzzyxyzzy.plugh; `lilong config show`");
    refused("port = 1\n", ":1: there is no setting port; did you mean listen.port?");
    refused("[listen]\nport = 65536\n", ":2: listen.port is not a whole number within the limits (0 to 65535)");
    refused("[listen]\nport = 08\n", "listen.port");
    refused("[listen]\nport =\n", "listen.port");
    refused("[sms]\ndriver = pigeon\n", ":2: sms.driver is not one of the words allowed here (none console http)");
    refused("[listen]\nport = 1\n[log]\n[listen]\nport = 2\n", ":5: listen.port was set on line 2 already");
    refused("[listen]\nport = 1\n  2\n", ":3: listen.port was set on line 2 already");
    refused("[listen]\nport\n", ":2: is neither");
    refused("[listen]\npublic_url = \xFF\n", "listen.public_url is not one line of UTF-8 text");
    refused("[listen]\nprot = 1\n[log]\nlevle = info\n", "log.level"); /* all of them at once */
    memset(long_line, 'x', sizeof(long_line));
    memcpy(long_line, "[sms]\nhttp_url=", 15);
    long_line[sizeof(long_line) - 1] = 0;
    refused(long_line, ":2: the line is longer than");
}

static void rules_between_settings(void **state)
{
    (void)state;
    refused("[listen]\naddress = localhost\n", "listen.address");
    refused("[listen]\naddress = 0.0.0.0\n[sms]\ndriver = console\n", "sms.driver console");
    refused("[listen]\ntrusted_proxies = 10.0.0.1, nobody\n", "'nobody' is not an address");
    refused("[listen]\npublic_url = lilong.example.cn\n", "https://");
    refused("[listen]\npublic_url = https://lilong.example.cn/\n", "slash");
    refused("[database]\nurl = mysql://x\n", "postgresql://");
    refused("[sms]\ndriver = http\nhttp_url = http://sms.example.cn/\n", "https://");
    refused("[session]\nidle_days = 30\nabsolute_days = 20\n", "session.idle_days");
    refused("[security]\nprofile = level3\n", "listen.public_url");

    assert_true(config_is_loopback(STR("127.9.9.9")));
    assert_true(config_is_loopback(STR("::1")));
    assert_false(config_is_loopback(STR("0.0.0.0")));
    assert_false(config_is_loopback(STR("::")));
    assert_false(config_is_loopback(STR("localhost")));
    assert_false(config_is_loopback(STR_NONE));

    struct str rest = STR(" a,, b ,"), item;
    assert_true(config_list(&rest, &item) && str_eq(item, STR("a")));
    assert_true(config_list(&rest, &item) && str_eq(item, STR("b")));
    assert_false(config_list(&rest, &item));
}

static void environment_and_flags_are_checked(void **state)
{
    (void)state;
    static char *bad_names[] = {"LILONG_LISTEN_PROT=1", NULL}, *bad_value[] = {"LILONG_LISTEN_PORT=x", NULL};
    static const char *bad_flags[] = {"--listen.prot=1", "--listen.port", "-x=1"};
    struct config_input input = {.environment = bad_names};
    struct config c;
    struct str problems = STR_NONE;

    assert_int_equal(config_load(a, &input, &c, &problems), E_INVALID);
    assert_true(
        str_find(problems, STR("LILONG_LISTEN_PROT: there is no setting listen.prot; did you mean listen.port?")) == 0);
    input.environment = bad_value;
    assert_int_equal(config_load(a, &input, &c, &problems), E_INVALID);
    input.environment = NULL;
    for (size_t i = 0; i < 3; i++) {
        input.flags = &bad_flags[i];
        input.n_flags = 1;
        assert_int_equal(config_load(a, &input, &c, &problems), E_INVALID);
    }
}

static void secrets_come_from_files_and_are_masked(void **state)
{
    (void)state;
    char *environment[] = {str_cstr(a, str_printf(a, "LILONG_SMS_HTTP_TOKEN_FILE=%s", path)),
                           "LILONG_DATABASE_URL=postgresql://u:hidden@h/d", NULL};
    char *missing[] = {"LILONG_SMS_HTTP_TOKEN_FILE=/nonexistent", NULL},
         *no_secret[] = {"LILONG_LISTEN_PORT_FILE=/x", NULL};
    struct config_input input = {.environment = environment};
    struct config c;
    struct str problems = STR_NONE, text;
    struct buf b;

    write_file("topsecret\n");
    assert_int_equal(config_load(a, &input, &c, &problems), OK);
    assert_true(str_eq(c.sms.http_token, STR("topsecret")));
    buf_init(&b, a, 0, 1 << 20);
    config_print(&c, &b);
    text = buf_str(&b);
    assert_int_equal(str_find(text, STR("topsecret")), SIZE_MAX);
    assert_int_equal(str_find(text, STR("hidden")), SIZE_MAX);
    assert_true(str_find(text, STR("http_token = ********\n")) != SIZE_MAX);
    input.environment = missing;
    assert_int_equal(config_load(a, &input, &c, &problems), E_IO);
    input.environment = no_secret;
    assert_int_equal(config_load(a, &input, &c, &problems), E_INVALID);
}

static void what_is_printed_can_be_read(void **state)
{
    (void)state;
    struct config c, back;
    struct str problems = STR_NONE;
    struct buf b, again;

    assert_int_equal(load_text("[listen]\nport = 99\n[log]\nlevel = warn\n", &c, &problems), OK);
    buf_init(&b, a, 0, 1 << 20);
    config_print(&c, &b);
    assert_true(str_find(buf_str(&b), STR("port = 99\n")) != SIZE_MAX);
    assert_int_equal(load_text(str_cstr(a, buf_str(&b)), &back, &problems), OK);
    assert_int_equal(back.listen.port, 99);
    memcpy(back.origin, c.origin, sizeof(c.origin));
    buf_init(&again, a, 0, 1 << 20);
    config_print(&back, &again);
    assert_true(str_eq(buf_str(&b), buf_str(&again)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults_are_good),
        cmocka_unit_test(later_places_win),
        cmocka_unit_test(wrong_lines_are_named),
        cmocka_unit_test(rules_between_settings),
        cmocka_unit_test(environment_and_flags_are_checked),
        cmocka_unit_test(secrets_come_from_files_and_are_masked),
        cmocka_unit_test(what_is_printed_can_be_read),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
