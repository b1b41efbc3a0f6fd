/* worker_test.c: the sandboxed worker does its work, and can do nothing else. This program is its own worker. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "engine/base/time.h"
#include "engine/base/worker.h"

/* What the request asks for. A forbidden call that is answered with an error says so in the reply; one that ends the process
 * is seen as WORKER_CRASHED. */
static int run(struct str head, struct str body, char *out, size_t room, size_t *ret_len)
{
    if (str_eq(head, STR("echo"))) {
        size_t n = body.len < room ? body.len : room;
        memcpy(out, body.ptr, n);
        *ret_len = n;
        return 7;
    }
    if (str_eq(head, STR("crash")))
        raise(SIGSEGV), abort();
    if (str_eq(head, STR("loop"))) {
        for (volatile int i = 0;; i++)
            ;
    }
    if (str_eq(head, STR("lie")))
        *ret_len = room + 1;
    if (str_eq(head, STR("open")))
        return open("/etc/passwd", O_RDONLY) < 0 ? 1 : 2;
    if (str_eq(head, STR("write")))
        return open("/tmp/lilong-worker-test", O_WRONLY | O_CREAT, 0600) < 0 ? 1 : 2;
    if (str_eq(head, STR("socket")))
        return socket(AF_INET, SOCK_STREAM, 0) < 0 ? 1 : 2;
    if (str_eq(head, STR("fork")))
        return fork() < 0 ? 1 : 2;
    if (str_eq(head, STR("exec")))
        return mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ? 1 : 2;
    if (str_eq(head, STR("parent")))
        return kill(getppid(), SIGTERM) < 0 ? 1 : 2;
    if (str_eq(head, STR("memory"))) {
        void *p = malloc((size_t)1 << 30);
        return p == NULL ? 1 : 2;
    }
    return 3;
}

static const struct worker_kind strict = {.name = "strict",
                                          .sandbox = {.memory = 256 << 20, .cpu_seconds = 5},
                                          .reply_max = 1 << 20,
                                          .timeout_ms = 700,
                                          .run = run};

static const char *const readable[] = {"/etc/passwd"};
static const struct worker_kind reading = {.name = "reading",
                                           .sandbox = {.memory = 256 << 20,
                                                       .cpu_seconds = 5,
                                                       .descriptors = 16,
                                                       .file_reads = true,
                                                       .readable = readable,
                                                       .n_readable = 1},
                                           .reply_max = 4096,
                                           .timeout_ms = 2000,
                                           .run = run};

static const struct worker_kind *const kinds[] = {&strict, &reading};

static int ask(struct worker_pool *pool, struct str head, struct str body, struct str *ret_reply)
{
    static struct arena *a;
    if (a == NULL)
        a = arena_open(4 << 20);
    arena_reset(a);
    int code = 0;
    struct str reply = STR_NONE;
    enum result r = worker_call(pool, head, body, a, &code, &reply);
    assert_int_equal(r, OK);
    if (ret_reply)
        *ret_reply = reply;
    return code;
}

static struct worker_pool *open_pool(const struct worker_kind *kind, unsigned workers, unsigned queue)
{
    struct worker_pool *pool = NULL;
    enum result r = worker_pool_open(kind, workers, queue, NULL, &pool);
    assert_int_equal(r, OK);
    return pool;
}

static void does_its_work(void **state)
{
    (void)state;
    struct worker_pool *pool = open_pool(&strict, 1, 1);
    struct str reply;
    for (int i = 0; i < 20; i++) {
        assert_int_equal(ask(pool, STR("echo"), STR("里弄"), &reply), 7);
        assert_true(str_eq(reply, STR("里弄")));
    }
    assert_int_equal(ask(pool, STR("echo"), STR_NONE, &reply), 7);
    assert_int_equal(reply.len, 0);
    worker_pool_close(pool);
}

static void can_do_nothing_else(void **state)
{
    (void)state;
    static const struct str tries[] = {STR("open"), STR("write"), STR("socket"),
                                       STR("fork"), STR("exec"),  STR("parent")};
    struct worker_pool *pool = open_pool(&strict, 1, 1);
    for (size_t i = 0; i < sizeof(tries) / sizeof(tries[0]); i++) {
        int code = ask(pool, tries[i], STR_NONE, NULL);
        assert_true(code == WORKER_CRASHED || code == 1);
    }
    assert_int_equal(ask(pool, STR("lie"), STR_NONE, NULL), WORKER_CRASHED);
#ifndef __SANITIZE_ADDRESS__
    assert_int_equal(ask(pool, STR("open"), STR_NONE, NULL), WORKER_CRASHED);
    assert_int_equal(ask(pool, STR("memory"), STR_NONE, NULL), 1);
#endif
    assert_int_equal(ask(pool, STR("echo"), STR("still here"), NULL), 7);
    worker_pool_close(pool);
}

static void reads_only_what_it_may(void **state)
{
    (void)state;
    struct worker_pool *pool = open_pool(&reading, 1, 1);
    assert_int_equal(ask(pool, STR("open"), STR_NONE, NULL), 2);
    static const struct str tries[] = {STR("write"), STR("socket"), STR("fork"), STR("exec"), STR("parent")};
    for (size_t i = 0; i < sizeof(tries) / sizeof(tries[0]); i++)
        assert_int_equal(ask(pool, tries[i], STR_NONE, NULL), 1);
    worker_pool_close(pool);
}

static void a_crash_or_a_loop_costs_one_call(void **state)
{
    (void)state;
    struct worker_pool *pool = open_pool(&strict, 1, 1);
    assert_int_equal(ask(pool, STR("crash"), STR_NONE, NULL), WORKER_CRASHED);
    assert_int_equal(ask(pool, STR("echo"), STR("a"), NULL), 7);
    int64_t before = time_monotonic();
    assert_int_equal(ask(pool, STR("loop"), STR_NONE, NULL), WORKER_TOO_SLOW);
    assert_in_range(time_monotonic() - before, 600, 5000);
    assert_int_equal(ask(pool, STR("echo"), STR("b"), NULL), 7);
    worker_pool_close(pool);
}

struct caller {
    struct worker_pool *pool;
    enum result r;
    int code;
};

static void *call_loop(void *arg)
{
    struct caller *c = arg;
    struct arena *a = arena_open(1 << 20);
    struct str reply;
    c->r = worker_call(c->pool, STR("loop"), STR_NONE, a, &c->code, &reply);
    arena_close(a);
    return NULL;
}

static void says_busy_when_the_queue_is_full(void **state)
{
    (void)state;
    struct worker_pool *pool = open_pool(&strict, 1, 1);
    enum { N = 6 };
    struct caller callers[N];
    pthread_t threads[N];
    for (int i = 0; i < N; i++) {
        callers[i] = (struct caller){.pool = pool};
        assert_int_equal(pthread_create(&threads[i], NULL, call_loop, &callers[i]), 0);
    }
    int busy = 0, slow = 0;
    for (int i = 0; i < N; i++) {
        pthread_join(threads[i], NULL);
        busy += callers[i].r == E_BUSY;
        slow += callers[i].r == OK && callers[i].code == WORKER_TOO_SLOW;
    }
    assert_int_equal(busy, N - 2);
    assert_int_equal(slow, 2);
    worker_pool_close(pool);
}

static void says_so_when_there_is_no_program(void **state)
{
    (void)state;
    struct worker_pool *pool = NULL;
    enum result r = worker_pool_open(&strict, 1, 1, "/nonexistent/lilong", &pool);
    assert_int_equal(r, OK);
    struct arena *a = arena_open(1 << 20);
    int code;
    struct str reply;
    assert_int_equal(worker_call(pool, STR("echo"), STR_NONE, a, &code, &reply), E_IO);
    arena_close(a);
    worker_pool_close(pool);
    worker_pool_close(NULL);
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "worker") == 0)
        return worker_main(kinds, 2, argv[2]);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(does_its_work),
        cmocka_unit_test(can_do_nothing_else),
        cmocka_unit_test(reads_only_what_it_may),
        cmocka_unit_test(a_crash_or_a_loop_costs_one_call),
        cmocka_unit_test(says_busy_when_the_queue_is_full),
        cmocka_unit_test(says_so_when_there_is_no_program),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
