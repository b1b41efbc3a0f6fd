/* server_limits_test.c: what the server does not wait for: slow clients, too many connections, readers that read nothing. */
#include "engine/http/server_world_test.h"

static void slow_clients_are_closed(void **state)
{
    int header, body, fresh, second, good;
    int64_t began;

    (void)state;
    OPEN(.header_ms = 400, .body_ms = 600);
    began = client_ms();
    header = client_connect(port);
    body = client_connect(port);
    fresh = client_connect(port);
    second = client_connect(port);
    good = client_connect(port);
    check(second, GET("/"), 200, NULL);
    client_say(header, "GET / HTTP/1.1\r\nHost: a\r\n");
    client_say(second, "GET / HTTP/1.1\r\nHost: a\r\n");
    client_say(body, "POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n");
    bool gone[4] = {false};
    while (client_ms() - began < 2500 &&
           !(gone[0] && gone[1] && gone[2] && gone[3])) { /* a byte now and then, as slow as allowed */
        struct pollfd p[4] = {{header, POLLIN, 0}, {second, POLLIN, 0}, {body, POLLIN, 0}, {fresh, POLLIN, 0}};

        send(header, "X", 1, MSG_NOSIGNAL);
        send(second, "X", 1, MSG_NOSIGNAL);
        send(body, "X", 1, MSG_NOSIGNAL);
        check(good, GET("/"), 200, NULL);
        poll(p, 4, 0);
        for (int i = 0; i < 4; i++)
            gone[i] = gone[i] || p[i].revents;
        poll(NULL, 0, 50);
    }
    assert_true(gone[0] && gone[1] && gone[2] && gone[3]);
    assert_true(client_ms() - began >= 400 && client_ms() - began < 2000);
    close(header);
    close(body);
    close(fresh);
    close(second);
    close(good);
    shut();
}

/* Not even the request line comes to its end. */
static void a_trickle_after_a_pause_is_closed(void **state)
{
    int64_t began;
    int trickle, idle;

    (void)state;
    OPEN(.header_ms = 300);
    trickle = client_connect(port);
    idle = client_connect(port);
    check(trickle, GET("/"), 200, NULL);
    check(idle, GET("/"), 200, NULL);
    poll(NULL, 0, 300);
    for (began = client_ms(); client_ms() - began < 6000 && client_send(trickle, "G", 1);)
        poll(NULL, 0, 100);
    assert_true(client_ms() - began < 4000);
    check(idle, GET("/"), 200, NULL); /* who is just silent may be so for a minute */
    close(trickle);
    close(idle);
    shut();
}

/* The first address of this machine that is not loopback; 0 when there is none. */
static uint32_t outer_address(void)
{
    struct ifaddrs *all, *i;
    uint32_t found = 0;

    if (getifaddrs(&all))
        return 0;
    for (i = all; i && !found; i = i->ifa_next)
        if (i->ifa_addr && i->ifa_addr->sa_family == AF_INET && !(i->ifa_flags & IFF_LOOPBACK))
            found = ((struct sockaddr_in *)(void *)i->ifa_addr)->sin_addr.s_addr;
    freeifaddrs(all);
    return found;
}

static void connections_per_peer(void **state)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = outer_address()};
    int fds[12], served = 0;

    (void)state;
    if (!at.sin_addr.s_addr)
        skip();
    OPEN(.address = "0.0.0.0", .connections_per_peer = 5);
    at.sin_port = htons(port);
    for (int round = 0; round < 2; round++) {
        served = 0;
        for (int i = 0; i < 12; i++) {
            struct reply r;

            fds[i] = socket(AF_INET, SOCK_STREAM, 0);
            assert_int_equal(connect(fds[i], (struct sockaddr *)&at, sizeof(at)), 0);
            client_say(fds[i], GET("/"));
            r = client_read(fds[i], true, 500);
            served += r.status == 200;
            reply_clear(&r);
        }
        assert_int_equal(served, 5);
        int local = client_connect(port); /* loopback does not count */
        check(local, GET("/"), 200, NULL);
        close(local);
        for (int i = 0; i < 12; i++)
            close(fds[i]);
        poll(NULL, 0, 50);
    }
    shut();
}

static void a_thousand_connections(void **state)
{
    int *fds = calloc(1000, sizeof(*fds)), over;

    (void)state;
    assert_non_null(fds);
    setrlimit(RLIMIT_NOFILE, &(struct rlimit){4096, 4096});
    OPEN(.connections_max = 1000);
    for (int round = 0; round < 2; round++)
        for (int i = 0; i < 1000; i++) {
            if (round == 0)
                fds[i] = client_connect(port);
            assert_true(fds[i] >= 0);
            check(fds[i], GET("/"), 200, NULL);
        }
    over = client_connect(port); /* waits in the kernel's queue until one leaves */
    client_say(over, GET("/"));
    assert_int_equal(poll(&(struct pollfd){over, POLLIN, 0}, 1, 200), 0);
    close(fds[0]);
    check(over, "", 200, NULL);
    check(fds[1], GET("/"), 200, NULL);
    for (int i = 1; i < 1000; i++)
        close(fds[i]);
    close(over);
    free(fds);
    shut();
}

static void slow_readers_do_not_stop_close(void **state)
{
    int fd;

    (void)state;
    OPEN(.address = NULL);
    fd = client_connect(port);
    client_say(fd, GET("/big"));
    client_say(fd, GET("/big"));
    poll(NULL, 0, 100);
    close(fd); /* gone in the middle of an answer */
    fd = client_connect(port);
    struct reply r = ask(fd, GET("/big"));
    assert_int_equal(r.status, 200);
    assert_int_equal(r.body_len, 4 << 20);
    reply_clear(&r);
    close(fd);
    shut();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slow_clients_are_closed),        cmocka_unit_test(a_trickle_after_a_pause_is_closed),
        cmocka_unit_test(connections_per_peer),           cmocka_unit_test(a_thousand_connections),
        cmocka_unit_test(slow_readers_do_not_stop_close),
    };

    return run_with_resumers(tests, sizeof(tests) / sizeof(tests[0]));
}
