/* log_test.c: a line of the log is one JSON object, whatever goes in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include <fcntl.h>
#include <jansson.h>
#include <unistd.h>

#include "engine/base/log.h"

/* Runs log_line with standard error in a file and gives back what arrived. */
static size_t logged(char *out, size_t room, enum log_level level, const char *event, const struct log_field *f,
                     size_t n)
{
    FILE *file = tmpfile();
    int saved = dup(STDERR_FILENO);
    size_t len;

    dup2(fileno(file), STDERR_FILENO);
    log_line(level, event, f, n);
    dup2(saved, STDERR_FILENO);
    close(saved);
    rewind(file);
    len = fread(out, 1, room - 1, file);
    out[len] = 0;
    fclose(file);
    return len;
}

static void is_json(void **state)
{
    (void)state;
    static char out[10000];
    const struct log_field fields[] = {
        LOG_STR("text", STR("quote \" back \\ new\nline \x01 \xE9\x87\x8C \xFF end")),
        LOG_INT("number", INT64_MIN),
        LOG_STR("empty", STR_NONE),
    };
    size_t len = logged(out, sizeof(out), LOG_LEVEL_WARN, "db.open", fields, 3);
    json_t *j = json_loads(out, JSON_REJECT_DUPLICATES, NULL);

    assert_true(len > 0 && out[len - 1] == '\n' && memchr(out, '\n', len) == out + len - 1);
    assert_non_null(j);
    assert_string_equal(json_string_value(json_object_get(j, "level")), "warn");
    assert_string_equal(json_string_value(json_object_get(j, "event")), "db.open");
    assert_string_equal(json_string_value(json_object_get(j, "text")),
                        "quote \" back \\ new\nline \x01 \xE9\x87\x8C \xEF\xBF\xBD end");
    assert_true(json_integer_value(json_object_get(j, "number")) == INT64_MIN);
    assert_string_equal(json_string_value(json_object_get(j, "empty")), "");
    json_decref(j);
}

static void long_lines_are_cut_and_stay_json(void **state)
{
    (void)state;
    static char out[10000], text[9000];

    for (size_t len = 3900; len < 4100; len++) {
        memset(text, len % 2 ? 'x' : '"', len);
        memcpy(text + len, "\xE9\x87\x8C", 3);
        const struct log_field fields[] = {LOG_STR("a", ((struct str){text, len + 3})), LOG_INT("b", 1),
                                           LOG_CSTR("c", "d")};
        size_t n = logged(out, sizeof(out), LOG_LEVEL_ERROR, "long", fields, 3);
        json_t *j = json_loads(out, 0, NULL);

        assert_true(n <= 4096);
        assert_non_null(j);
        if (!json_object_get(j, "c"))
            assert_true(json_is_true(json_object_get(j, "cut")));
        json_decref(j);
    }
}

static void levels_below_are_silent(void **state)
{
    (void)state;
    char out[1000];

    assert_int_equal(logged(out, sizeof(out), LOG_LEVEL_DEBUG, "x", NULL, 0), 0);
    log_set_level(LOG_LEVEL_DEBUG);
    assert_true(logged(out, sizeof(out), LOG_LEVEL_DEBUG, "x", NULL, 0) > 0);
    log_set_level(LOG_LEVEL_ERROR);
    assert_int_equal(logged(out, sizeof(out), LOG_LEVEL_WARN, "x", NULL, 0), 0);
    log_error("test.log", LOG_CSTR("the", "macros work"), LOG_INT("n", 1));
    log_error("test.log.bare");
    log_set_level(LOG_LEVEL_INFO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_json),
        cmocka_unit_test(long_lines_are_cut_and_stay_json),
        cmocka_unit_test(levels_below_are_silent),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
