/* server_world_test.h: a server over real sockets, and the handler and the threads behind it: for server_test.c (HTTP) and server_limits_test.c (deadlines and bounds). */
#ifndef LILONG_SERVER_WORLD_TEST_H
#define LILONG_SERVER_WORLD_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <ifaddrs.h>
#include <net/if.h>
#include <pthread.h>
#include <sys/resource.h>

#include "engine/base/log.h"
#include "engine/base/time.h"
#include "engine/http/http.h"
#include "http/client.h"

enum { WITHIN = 5000 };

/* ---- the handler under test, and a thread that answers what it suspends ---- */

static struct {
    pthread_mutex_t lock;
    pthread_cond_t more;
    struct http_exchange *queue[2048];
    size_t n;
    bool stop, hold; /* hold: leave them suspended */
    _Atomic int handled, finished;
} world = {.lock = PTHREAD_MUTEX_INITIALIZER, .more = PTHREAD_COND_INITIALIZER};

static inline void answer(struct http_exchange *x)
{
    uint32_t sum = 0;

    for (size_t i = 0; i < x->body.len; i++)
        sum = sum * 31 + (unsigned char)x->body.ptr[i];
    x->status = 200;
    x->answer = str_printf(x->arena, "%d " STR_FMT "?" STR_FMT " %zu %u " STR_FMT " %d", x->method, STR_ARG(x->path),
                           STR_ARG(x->query), x->body.len, sum, STR_ARG(x->peer), x->secure);
}

static inline void handle(void *ctx, struct http_exchange *x)
{
    (void)ctx;
    world.handled++;
    if (str_starts(x->path, STR("/later"))) {
        http_suspend(x);
        pthread_mutex_lock(&world.lock);
        world.queue[world.n++] = x;
        pthread_cond_signal(&world.more);
        pthread_mutex_unlock(&world.lock);
        return;
    }
    if (str_eq(x->path, STR("/hungry"))) {
        for (void *volatile more;;) /* until the arena's escape is taken */
            (void)(more = arena_alloc(x->arena, 1, 64 * 1024, 1));
    }
    if (str_eq(x->path, STR("/headers"))) {
        http_add_header(x, STR("X-Cookie"), http_cookie(x, STR("__Host-s")));
        http_add_header(x, STR("X-Agent"), http_header(x, STR("user-agent")));
        http_add_header(x, STR("X-Bad"), STR("a\r\nSet-Cookie: b"));
        http_add_header(x, STR("X-Empty"), STR(""));
        http_add_header(x, STR("Content-Length"), STR("7"));
        http_add_header(x, STR("Bad Name"), STR("7"));
    }
    if (str_eq(x->path, STR("/wide"))) {
        char *wide = arena_array(x->arena, char, 1000);

        memset(wide, 'w', 1000);
        for (int i = 0; i < 5; i++)
            http_add_header(x, STR("X-Wide"), (struct str){wide, 1000});
    }
    if (str_eq(x->path, STR("/big"))) {
        char *page = arena_array(x->arena, char, 4 << 20);

        memset(page, 'b', 4 << 20);
        x->status = 200;
        x->answer = (struct str){page, 4 << 20};
        return;
    }
    if (str_eq(x->path, STR("/status"))) {
        x->status = 7;
        return;
    }
    answer(x);
    if (str_eq(x->path, STR("/304"))) {
        x->status = 304;
        http_add_header(x, STR("ETag"), STR("\"a\""));
    }
}

static inline void finished(void *ctx, struct http_exchange *x)
{
    (void)ctx;
    (void)x;
    world.finished++;
}

static inline size_t limit(void *ctx, enum http_method method, struct str path)
{
    (void)ctx;
    if (method != HTTP_POST)
        return 0;
    return str_eq(path, STR("/small")) ? 10 : 8 << 20;
}

static inline void *resumer(void *arg)
{
    (void)arg;
    pthread_mutex_lock(&world.lock);
    while (!world.stop || (world.n && !world.hold)) {
        struct http_exchange *x;

        if (!world.n || world.hold) {
            pthread_cond_wait(&world.more, &world.lock);
            continue;
        }
        x = world.queue[--world.n];
        pthread_mutex_unlock(&world.lock);
        answer(x);
        http_resume(x);
        pthread_mutex_lock(&world.lock);
    }
    pthread_mutex_unlock(&world.lock);
    return NULL;
}

static inline void hold(bool on)
{
    pthread_mutex_lock(&world.lock);
    world.hold = on;
    pthread_cond_broadcast(&world.more);
    pthread_mutex_unlock(&world.lock);
}

static struct http_server *server;
static uint16_t port;

static inline void open_with(struct http_options o)
{
    o.handle = handle;
    o.finished = finished;
    o.body_limit = limit;
    o.threads = 2;
    assert_int_equal(http_open(&o, &server), OK);
    port = http_port(server);
    world.handled = world.finished = 0;
}

#define OPEN(...) open_with((struct http_options){.listen_fd = -1, __VA_ARGS__})

static inline void shut(void)
{
    http_close(server);
    assert_int_equal(world.finished, world.handled);
}

static inline struct reply ask(int fd, const char *request)
{
    assert_true(client_say(fd, request));
    return client_read(fd, strncmp(request, "HEAD", 4) != 0, WITHIN);
}

static inline void check(int fd, const char *request, int status, const char *body)
{
    struct reply r = ask(fd, request);

    if (r.status != status || (body && strcmp(r.body, body) != 0))
        fail_msg("%s: %d %s", request, r.status, r.body);
    reply_clear(&r);
}

#define GET(path) "GET " path " HTTP/1.1\r\nHost: a\r\n\r\n"

/* ---- the run ---- */

static inline int run_with_resumers(const struct CMUnitTest *tests, size_t n)
{
    pthread_t resumers[4];
    int failed;

    log_set_level(LOG_LEVEL_ERROR);
    for (int i = 0; i < 4; i++)
        if (pthread_create(&resumers[i], NULL, resumer, NULL))
            return 1;
    failed = _cmocka_run_group_tests("server", tests, n, NULL, NULL);
    pthread_mutex_lock(&world.lock);
    world.stop = true;
    pthread_cond_broadcast(&world.more);
    pthread_mutex_unlock(&world.lock);
    for (int i = 0; i < 4; i++)
        pthread_join(resumers[i], NULL);
    return failed;
}

#endif
