/* server_test.c: the server over real sockets: keep-alive, heads, bodies, suspending, handing over, options. */
#include "engine/http/server_world_test.h"

static void keep_alive_and_pipelining(void **state)
{
    int fd;
    struct reply r;

    (void)state;
    OPEN(.address = NULL);
    fd = client_connect(port);
    for (int i = 0; i < 100; i++)
        check(fd, GET("/a%20%E4%B8%AD?b=c"), 200, "0 /a 中?b=c 0 0 127.0.0.1 0");
    client_say(fd, GET("/1") GET("/2") "POST /3 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc" GET("/later4")
                       GET("/5"));
    for (int i = 1; i <= 5; i++) {
        r = client_read(fd, true, WITHIN);
        assert_int_equal(r.status, 200);
        assert_true(strchr(r.body, '0' + i));
        reply_clear(&r);
    }
    /* the same in single bytes */
    for (const char *p = GET("/slow"); *p; p++)
        assert_true(client_send(fd, p, 1));
    r = client_read(fd, true, WITHIN);
    assert_int_equal(r.status, 200);
    reply_clear(&r);
    r = ask(fd, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    assert_true(r.closed);
    reply_clear(&r);
    assert_true(client_closed(fd, WITHIN));
    close(fd);
    fd = client_connect(port);
    check(fd, "GET / HTTP/1.0\r\n\r\n", 200, NULL);
    assert_true(client_closed(fd, WITHIN));
    close(fd);
    shut();
}

static void heads_and_headers(void **state)
{
    int fd;
    struct reply get, head;

    (void)state;
    OPEN(.address = NULL);
    fd = client_connect(port);
    get = ask(fd, GET("/x"));
    head = ask(fd, "HEAD /y HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_int_equal(head.status, 200);
    assert_non_null(strstr(get.head, "\r\nContent-Length: "));
    assert_string_equal(strstr(get.head, "\r\nContent-Length: "), strstr(head.head, "\r\nContent-Length: "));
    assert_non_null(strstr(get.head, "\r\nDate: "));
    assert_non_null(strstr(get.head, "\r\nServer: lilong\r\n"));
    reply_clear(&get);
    reply_clear(&head);
    get = ask(fd, "GET /headers HTTP/1.1\r\nHost: a\r\nCookie: a=b; __Host-s=1; __Host-s=2\r\nUser-Agent: t \r\n\r\n");
    assert_non_null(strstr(get.head, "\r\nX-Cookie: 1\r\n"));
    assert_non_null(strstr(get.head, "\r\nX-Agent: t\r\n"));
    assert_null(strstr(get.head, "X-Bad"));
    assert_null(strstr(get.head, "Set-Cookie"));
    assert_null(strstr(get.head, "Bad Name"));
    assert_null(strstr(get.head, "Content-Length: 7"));
    reply_clear(&get);
    check(fd, GET("/304"), 304, NULL);
    check(fd, GET("/status"), 500, "");
    check(fd, GET("/hungry"), 503, NULL);
    close(fd);
    shut();
}

/* libmicrohttpd keeps request and answer heads of a connection in the same small memory. */
static void large_heads_and_long_pipelines(void **state)
{
    enum { N = 400 }; /* 14 KB of requests, more than the memory takes at once */
    char cookie[8601] = "", *request = malloc(N * 64);
    struct reply r;
    size_t n = 0;
    int fd;

    (void)state;
    assert_non_null(request);
    OPEN(.address = NULL);
    fd = client_connect(port);
    memset(cookie, 'c', sizeof(cookie) - 1);
    for (int i = 0; i < 3; i++) {
        char text[10000];

        snprintf(text, sizeof(text), "GET /wide HTTP/1.1\r\nHost: a\r\nCookie: a=%s\r\n\r\n", cookie);
        r = ask(fd, text);
        assert_int_equal(r.status, 200);
        assert_true(strlen(r.head) > 5000);
        reply_clear(&r);
    }
    for (int i = 0; i < N; i++)
        n += (size_t)snprintf(request + n, 64, "GET /wide?%d HTTP/1.1\r\nHost: a\r\n\r\n", i);
    assert_true(client_send(fd, request, n));
    for (int i = 0; i < N; i++) {
        char want[64];

        snprintf(want, sizeof(want), "/wide?%d ", i);
        r = client_read(fd, true, WITHIN);
        assert_int_equal(r.status, 200);
        assert_non_null(strstr(r.body, want));
        reply_clear(&r);
    }
    close(fd);
    free(request);
    shut();
}

static void proxies(void **state)
{
    static const char *const trusted[] = {"127.0.0.1", "10.0.0.0/8", "::1"};
    int fd;

    (void)state;
    OPEN(.trusted_proxies = trusted, .n_trusted_proxies = 3);
    fd = client_connect(port);
    check(fd, GET("/"), 200, "0 /? 0 0 127.0.0.1 0");
#define VIA(more) "GET / HTTP/1.1\r\nHost: a\r\n" more "\r\n"
    check(fd, VIA("X-Forwarded-For: 192.0.2.7\r\nX-Forwarded-Proto: https\r\n"), 200, "0 /? 0 0 192.0.2.7 1");
    check(fd, VIA("X-Forwarded-For: 6.6.6.6, 192.0.2.7, 10.1.2.3\r\n"), 200, "0 /? 0 0 192.0.2.7 0");
    check(fd, VIA("X-Forwarded-For: 6.6.6.6\r\nX-Forwarded-For: 192.0.2.7\r\n"), 200, "0 /? 0 0 192.0.2.7 0");
    check(fd, VIA("X-Forwarded-For: 6.6.6.6, nonsense, 10.1.2.3\r\n"), 200, "0 /? 0 0 10.1.2.3 0");
    check(fd, VIA("X-Forwarded-For: [2001:db8::1]:99\r\n"), 200, "0 /? 0 0 2001:db8::1 0");
    check(fd, VIA("X-Forwarded-For: 192.0.2.7:1234\r\nX-Forwarded-Proto: https, http\r\n"), 200,
          "0 /? 0 0 192.0.2.7 0");
    check(fd, VIA("X-Forwarded-For: \r\n"), 200, "0 /? 0 0 127.0.0.1 0");
    close(fd);
    shut();
    OPEN(.address = "127.0.0.1");
    fd = client_connect(port);
    check(fd, VIA("X-Forwarded-For: 192.0.2.7\r\nX-Forwarded-Proto: https\r\n"), 200, "0 /? 0 0 127.0.0.1 0");
    close(fd);
    shut();
}

static uint32_t sum_of(const char *p, size_t n)
{
    uint32_t sum = 0;

    for (size_t i = 0; i < n; i++)
        sum = sum * 31 + (unsigned char)p[i];
    return sum;
}

static void bodies(void **state)
{
    static const size_t sizes[] = {1, 9, 5000, 16384, 16385, 200000, 262144, 262145, 1000000, 8 << 20};
    char *data = malloc(8 << 20), head[200], want[200];
    int fd;

    (void)state;
    assert_non_null(data);
    for (size_t i = 0; i < 8 << 20; i++)
        data[i] = (char)(i * 7 + i / 251);
    OPEN(.bodies_max = 1 << 20);
    fd = client_connect(port);
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
        for (int chunked = 0; chunked < 2; chunked++) {
            struct reply r;

            snprintf(head, sizeof(head), "POST /p HTTP/1.1\r\nHost: a\r\n%s: %s\r\n\r\n",
                     chunked ? "Transfer-Encoding" : "Content-Length", chunked ? "chunked" : "");
            if (!chunked)
                snprintf(head, sizeof(head), "POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: %zu\r\n\r\n", sizes[i]);
            client_say(fd, head);
            for (size_t at = 0, n; at < sizes[i]; at += n) {
                char size[32];

                n = sizes[i] - at < 70000 ? sizes[i] - at : 70000;
                snprintf(size, sizeof(size), "%zx\r\n", n);
                if (chunked)
                    client_say(fd, size);
                assert_true(client_send(fd, data + at, n));
                if (chunked)
                    client_say(fd, "\r\n");
            }
            if (chunked)
                client_say(fd, "0\r\n\r\n");
            r = client_read(fd, true, WITHIN);
            snprintf(want, sizeof(want), "2 /p? %zu %u 127.0.0.1 0", sizes[i], sum_of(data, sizes[i]));
            assert_string_equal(r.body, want);
            reply_clear(&r);
        }
    close(fd);

    fd = client_connect(port); /* 100-continue */
    client_say(fd, "POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
    struct reply r = client_read(fd, false, WITHIN);
    assert_int_equal(r.status, 100);
    reply_clear(&r);
    check(fd, "abc", 200, NULL);
    close(fd);
    shut();
    free(data);
}

/* The refusal arrives although the client goes on sending. */
static void bodies_too_large(void **state)
{
    char *data = calloc(1, 1 << 20);

    (void)state;
    assert_non_null(data);
    OPEN(.bodies_max = 1 << 20);
    for (int chunked = 0; chunked < 2; chunked++) {
        int fd = client_connect(port);
        struct reply r;

        client_say(fd, chunked ? "POST /small HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n100000\r\n"
                               : "POST /small HTTP/1.1\r\nHost: a\r\nContent-Length: 1048576\r\n\r\n");
        client_send(fd, data, 1 << 20);
        r = client_read(fd, true, WITHIN);
        assert_int_equal(r.status, 413);
        assert_true(r.closed);
        assert_true(client_closed(fd, WITHIN));
        reply_clear(&r);
        close(fd);
    }
    /* nine of 128 KiB at once are more than 1 MiB */
    int fds[9], refused = 0;
    for (int i = 0; i < 9; i++) {
        fds[i] = client_connect(port);
        client_say(fds[i], "POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 131073\r\n\r\n");
        client_send(fds[i], data, 131072);
    }
    for (int i = 0; i < 9; i++) {
        struct pollfd p = {fds[i], POLLIN, 0};

        if (poll(&p, 1, i ? 50 : 500) == 1) {
            struct reply r = client_read(fds[i], true, WITHIN);

            assert_int_equal(r.status, 503);
            assert_non_null(strstr(r.head, "\r\nRetry-After: "));
            refused++;
            reply_clear(&r);
        }
    }
    assert_true(refused >= 1 && refused < 9);
    for (int i = 0; i < 9; i++)
        close(fds[i]);
    int fd = client_connect(port); /* what was held is free again */
    for (int i = 0; i < 20; i++) {
        client_say(fd, "POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 131072\r\n\r\n");
        client_send(fd, data, 131072);
        check(fd, "", 200, NULL);
    }
    close(fd);
    shut();
    free(data);
}

static void *many_requests(void *arg)
{
    int fd = client_connect(port);

    for (int i = 0; i < 50; i++) {
        char request[100], want[100];
        struct reply r;

        snprintf(request, sizeof(request), "GET /later?%d-%d HTTP/1.1\r\nHost: a\r\n\r\n", *(int *)arg, i);
        snprintf(want, sizeof(want), "0 /later?%d-%d 0 0 127.0.0.1 0", *(int *)arg, i);
        client_say(fd, request);
        r = client_read(fd, true, WITHIN);
        if (r.status != 200 || strcmp(r.body, want) != 0)
            *(int *)arg = -1000;
        reply_clear(&r);
    }
    close(fd);
    return NULL;
}

static void suspends_64_clients(void **state)
{
    pthread_t threads[64];
    int args[64];

    (void)state;
    OPEN(.address = NULL);
    for (int i = 0; i < 64; i++) {
        args[i] = i;
        assert_int_equal(pthread_create(&threads[i], NULL, many_requests, &args[i]), 0);
    }
    for (int i = 0; i < 64; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(args[i], i);
    }
    assert_int_equal(world.handled, 64 * 50);
    shut();
}

static void client_vanishes_while_suspended(void **state)
{
    (void)state;
    OPEN(.address = NULL);
    hold(true);
    for (int i = 0; i < 20; i++) {
        int fd = client_connect(port);
        struct linger reset = {1, 0};

        client_say(fd, i % 2 ? GET("/later") : "POST /later HTTP/1.1\r\nHost: a\r\nContent-Length: 300000\r\n\r\n");
        if (i % 2 == 0) {
            static char zeros[300000];

            client_send(fd, zeros, sizeof(zeros));
        }
        while (world.handled != i + 1)
            poll(NULL, 0, 1);
        if (i % 3 == 0)
            setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
        close(fd);
    }
    poll(NULL, 0, 20);
    assert_int_equal(world.finished, 0); /* theirs is still the exchange */
    hold(false);
    for (int i = 0; i < 1000 && world.finished != 20; i++)
        poll(NULL, 0, 2);
    assert_int_equal(world.finished, 20);
    shut();
}

static void *close_it(void *arg)
{
    http_close(server);
    *(_Atomic bool *)arg = true;
    return NULL;
}

static void close_waits_for_suspended(void **state)
{
    _Atomic bool closed = false;
    int fds[10], idle, second;
    pthread_t closer;

    (void)state;
    OPEN(.address = NULL);
    hold(true);
    idle = client_connect(port);
    check(idle, GET("/"), 200, NULL);
    for (int i = 0; i < 10; i++) {
        fds[i] = client_connect(port);
        client_say(fds[i], GET("/later"));
    }
    while (world.handled != 11)
        poll(NULL, 0, 1);
    second = client_connect(port); /* has asked before we close: is answered */
    client_say(second, GET("/second"));
    http_quiesce(server);
    pthread_create(&closer, NULL, close_it, &closed);
    assert_true(client_closed(idle, WITHIN)); /* the idle one is let go at once */
    check(second, "", 200, "0 /second? 0 0 127.0.0.1 0");
    poll(NULL, 0, 50);
    assert_false(closed);
    hold(false);
    for (int i = 0; i < 10; i++) {
        struct reply r = client_read(fds[i], true, WITHIN);

        assert_int_equal(r.status, 200);
        assert_true(r.closed);
        reply_clear(&r);
        close(fds[i]);
    }
    pthread_join(closer, NULL);
    assert_int_equal(world.finished, world.handled);
    assert_int_equal(client_connect(port), -1);
    close(idle);
    close(second);
}

/* Requests go on while one server hands its socket to the next: none is lost, none is refused. */
static void *goes_on(void *arg)
{
    int64_t until = client_ms() + 700;

    while (client_ms() < until) {
        int fd = client_connect(port);
        struct reply r;

        if (fd < 0) {
            *(_Atomic int *)arg += 1;
            continue;
        }
        client_say(fd, "GET /later HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        r = client_read(fd, true, WITHIN);
        *(_Atomic int *)arg += r.status != 200;
        reply_clear(&r);
        close(fd);
    }
    return NULL;
}

static void socket_is_handed_over(void **state)
{
    pthread_t clients[8];
    _Atomic int failed = 0;

    (void)state;
    OPEN(.address = NULL);
    for (int i = 0; i < 8; i++)
        pthread_create(&clients[i], NULL, goes_on, &failed);
    for (int i = 0; i < 5; i++) {
        struct http_server *old = server, *next;
        struct http_options o = {.listen_fd = dup(http_listen_fd(old)),
                                 .handle = handle,
                                 .finished = finished,
                                 .body_limit = limit,
                                 .threads = 2};

        poll(NULL, 0, 50);
        http_quiesce(old);
        poll(NULL, 0, 10);
        assert_int_equal(http_open(&o, &next), OK);
        assert_int_equal(http_port(next), port);
        http_close(old);
        server = next;
    }
    for (int i = 0; i < 8; i++)
        pthread_join(clients[i], NULL);
    assert_int_equal(failed, 0);
    shut();
}

static void wrong_options(void **state)
{
    static const char *const wrong[] = {"10.0.0.0/33"};
    struct http_options o = {.listen_fd = -1, .address = "localhost", .handle = handle};

    (void)state;
    assert_int_equal(http_open(&o, &server), E_INVALID);
    o.address = NULL;
    o.trusted_proxies = wrong;
    o.n_trusted_proxies = 1;
    assert_int_equal(http_open(&o, &server), E_INVALID);
    o.n_trusted_proxies = 0;
    o.address = "192.0.2.1"; /* not ours */
    assert_int_equal(http_open(&o, &server), E_IO);
    http_close(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keep_alive_and_pipelining),
        cmocka_unit_test(heads_and_headers),
        cmocka_unit_test(large_heads_and_long_pipelines),
        cmocka_unit_test(proxies),
        cmocka_unit_test(bodies),
        cmocka_unit_test(bodies_too_large),
        cmocka_unit_test(suspends_64_clients),
        cmocka_unit_test(client_vanishes_while_suspended),
        cmocka_unit_test(close_waits_for_suspended),
        cmocka_unit_test(socket_is_handed_over),
        cmocka_unit_test(wrong_options),
    };

    return run_with_resumers(tests, sizeof(tests) / sizeof(tests[0]));
}
