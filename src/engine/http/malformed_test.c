/* malformed_test.c: tests/http/malformed.h, row by row, over real sockets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "engine/http/guard.h"
#include "engine/http/http.h"
#include "http/client.h"
#include "http/malformed.h"

static _Atomic int handled;

static void handle(void *ctx, struct http_exchange *x)
{
    (void)ctx;
    handled++;
    x->status = 200;
    x->answer = STR("ok");
}

static size_t limit(void *ctx, enum http_method method, struct str path)
{
    (void)ctx;
    (void)path;
    return method == HTTP_POST ? 1 << 20 : 0;
}

static char *filled(const char *bytes, size_t len, size_t fill, size_t *ret_len)
{
    char *out = malloc(len + fill), *at = out;

    assert_non_null(out);
    for (size_t i = 0; i < len; i++)
        if (bytes[i] == 1 && fill) {
            memset(at, 'a', fill);
            at += fill;
        } else {
            *at++ = bytes[i];
        }
    *ret_len = (size_t)(at - out);
    return out;
}

static void every_row(void **state)
{
    struct http_options options = {.listen_fd = -1, .handle = handle, .body_limit = limit, .threads = 2};
    struct http_server *server;
    int failed = 0;

    (void)state;
    assert_int_equal(http_open(&options, &server), OK);
    for (size_t i = 0; i < sizeof(malformed) / sizeof(malformed[0]); i++) {
        int fd = client_connect(http_port(server)), before = handled;
        bool good = malformed[i].status == 200;
        struct reply r;
        size_t len;
        char *bytes = filled(malformed[i].bytes, malformed[i].len, malformed[i].fill, &len);

        assert_true(fd >= 0);
        client_send(fd, bytes, len);
        r = client_read(fd, true, 3000);
        if (!(r.status == malformed[i].status || (malformed[i].status == 0 && r.status == 400)) ||
            handled - before != (good ? 1 : 0) || (!good && !r.closed)) {
            print_error("row %zu: %d instead of %d, handled %d, closed %d\n%.*s\n", i, r.status, malformed[i].status,
                        handled - before, r.closed, (int)(len < 200 ? len : 200), bytes);
            failed++;
        }
        if (!good) { /* and nothing that came behind it is answered */
            char c;
            int64_t until = client_ms() + 3000;

            while (client_byte(fd, &c, until) == 1)
                ;
        }
        reply_clear(&r);
        free(bytes);
        close(fd);
    }
    http_close(server);
    assert_int_equal(failed, 0);
}

/* What hides behind a refused request is never taken for a request. */
static void nothing_is_smuggled(void **state)
{
    static const char *const attacks[] = {
        "POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /x HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST /p HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\nGET /x HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /p HTTP/1.1\r\nHost: a\r\nContent-Length: 40\r\n\r\nGET /x HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX: a\r\r\n\r\nGET /x HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\nX: a\r\n\r\nGET /x HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 0\r\n\r\nGET /x HTTP/1.1\r\nHost: a\r\n\r\n",
    };
    struct http_options options = {.listen_fd = -1, .handle = handle, .body_limit = limit, .threads = 2};
    struct http_server *server;

    (void)state;
    assert_int_equal(http_open(&options, &server), OK);
    handled = 0;
    for (size_t i = 0; i < sizeof(attacks) / sizeof(attacks[0]); i++) {
        int fd = client_connect(http_port(server));
        char c;
        int64_t until = client_ms() + 3000;

        client_say(fd, attacks[i]);
        while (client_byte(fd, &c, until) == 1)
            ;
        assert_true(client_ms() < until);
        close(fd);
    }
    http_close(server);
    assert_int_equal(handled, 0);
}

/* Values of header fields, each byte at each place: they are looked at sixteen bytes at once. */
static void values_have_no_controls(void **state)
{
    char value[40];

    (void)state;
    assert_true(guard_value(STR_NONE));
    for (size_t len = 1; len <= sizeof(value); len++)
        for (size_t at = 0; at < len; at++)
            for (int byte = 0; byte < 256; byte++) {
                memset(value, 'v', sizeof(value));
                value[at] = (char)byte;
                assert_int_equal(guard_value((struct str){value, len}), (byte >= 0x20 && byte != 0x7F) || byte == '\t');
            }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row),
        cmocka_unit_test(nothing_is_smuggled),
        cmocka_unit_test(values_have_no_controls),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
