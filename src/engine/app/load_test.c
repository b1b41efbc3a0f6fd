/* load_test.c: limits, full queues, scheduled work, counters, the document of the API. */
#include <zlib.h>

#include "engine/app/internal.h"
#include "engine/app/tiny_test.h"

static struct test_app *t;

static int open_app(void **state)
{
    (void)state;
    t = tiny_open(NULL);
    job_calls = 0;
    return 0;
}

static int close_app(void **state)
{
    (void)state;
    test_app_close(t);
    return 0;
}

static void usual_limits(struct config *c)
{
    (void)c;
    c->http.limits_percent = 100;
}

static int open_limited(void **state)
{
    (void)state;
    t = tiny_open(usual_limits);
    return 0;
}

/* ---- limits --------------------------------------------------------------------------------------------------- */

static void twenty_tries(void **state)
{
    struct browser *b = test_browser(t);
    struct reply r = {0};
    int tries = 0;
    (void)state;

    while (tries < 40) {
        r = test_post(b, "/sign-in", "person=0");
        if (r.status != 422)
            break;
        tries++;
    }
    assert_int_equal(tries, 20);
    assert_int_equal(r.status, 429);
    int64_t wait;
    assert_int_equal(str_int64(reply_header(r, "Retry-After"), 1, 10, &wait), OK);
    assert_true(reply_has(r, "操作太频繁"));
    assert_int_equal(test_get(b, "/").status, 200); /* reading goes on */
    r = test_post_json(b, "/sign-in", "{\"person\":0}");
    assert_int_equal(r.status, 429);
    assert_true(str_eq(reply_json(t, r, "type"), STR("urn:lilong:problem:limited")));
}

static void each_person(void **state)
{
    struct browser *b = signed_in(t, "person=5"), *other = signed_in(t, "person=6");
    struct reply r = {0};
    int n = 0;
    (void)state;

    while (n < 200) {
        r = test_post(b, "/echo", "title=hello");
        if (r.status != 200)
            break;
        n++;
    }
    assert_int_equal(r.status, 429);
    assert_in_range(n, 39, 60);
    assert_int_equal(test_post(other, "/echo", "title=hello").status, 200);
}

/* What the table of share.c does, for one bucket. */
static void tell(struct limits *l, int64_t *full_at, int64_t now, bool answered)
{
    static struct limit_due due[LIMIT_DUE_MAX];
    size_t n = limits_collect(l, due, now);

    for (size_t i = 0; i < n && answered; i++) {
        int64_t from = *full_at < now * 1000 ? now * 1000 : *full_at;
        *full_at = from + (int64_t)(due[i].taken * due[i].cost_us);
        due[i].full_at = *full_at;
    }
    limits_settle(l, due, n, answered, now, now * 1000);
}

/* One person who writes at two processes, a hundred times a second: forty at once, and one more each second, as with one process. */
static int let_through(struct limits *a, struct limits *b, int64_t from, int64_t ms, bool answered)
{
    int64_t full_at = 0;
    int n = 0;

    for (int64_t now = from; now < from + ms; now += 10) {
        n += limit_person(now / 10 % 2 ? a : b, RATE_WRITE, 7, now) == 0;
        if (now % 200 == 0) {
            limits_use_processes(a, 2, answered ? now : from - TIME_MINUTE);
            limits_use_processes(b, 2, answered ? now : from - TIME_MINUTE);
            tell(a, &full_at, now, answered);
            tell(b, &full_at, now, answered);
        }
    }
    return n;
}

static void two_processes(void **state)
{
    static const unsigned char secret[LIMIT_SECRET] = "the same for all";
    struct limits *a, *b;
    (void)state;

    assert_int_equal(limits_open(1, &a), OK);
    assert_int_equal(limits_open(1, &b), OK);
    limits_use_secret(a, secret);
    limits_use_secret(b, secret);
    limits_use_processes(a, 2, TIME_HOUR);
    limits_use_processes(b, 2, TIME_HOUR);
    assert_in_range(let_through(a, b, TIME_HOUR, TIME_MINUTE, true), 95, 110);
    /* An hour later all has come back, and the others do not answer: each counts for itself, and does count. */
    assert_in_range(let_through(a, b, 2 * TIME_HOUR, TIME_MINUTE, false), 190, 210);
    /* They do again: what was taken meanwhile is told, nobody is shut out. */
    assert_in_range(let_through(a, b, 3 * TIME_HOUR, TIME_MINUTE, true), 95, 110);
    limits_close(a);
    limits_close(b);
}

static void buckets(void **state)
{
    struct limits *l;
    struct str one = STR("2001:db8:1:2::1"), same = STR("2001:db8:1:2:ffff::9"), other = STR("2001:db8:1:3::1");
    int64_t now = 1000000;
    int n = 0;
    (void)state;

    assert_int_equal(limits_open(1, &l), OK);
    while (limit_peer(l, RATE_SMS, one, now) == 0)
        n++;
    assert_int_equal(n, 10);
    assert_int_equal(limit_peer(l, RATE_SMS, one, now), 7); /* ten a minute: six seconds, and the one begun */
    assert_true(limit_peer(l, RATE_SMS, same, now) > 0);    /* a subscriber has a whole /64 */
    assert_int_equal(limit_peer(l, RATE_SMS, other, now), 0);
    assert_int_equal(limit_peer(l, RATE_SIGN_IN, one, now), 0);
    assert_true(limit_peer(l, RATE_SMS, one, now + 5900) > 0);
    assert_int_equal(limit_peer(l, RATE_SMS, one, now + 6100), 0);
    /* Many strangers do not fill the memory, and the one who is at his limit stays there meanwhile. */
    for (int i = 0; i < 200000; i++) {
        char text[32];
        snprintf(text, sizeof(text), "10.%d.%d.%d", i >> 16, (i >> 8) & 255, i & 255);
        assert_int_equal(limit_peer(l, RATE_READ, str_from_cstr(text), now), 0);
    }
    for (int i = 0; i < 5000; i++)
        assert_int_equal(limit_peer(l, RATE_READ, STR("127.0.0.1"), now), 0);
    limits_close(l);

    assert_int_equal(limits_open(0, &l), OK);
    for (int i = 0; i < 1000; i++)
        assert_int_equal(limit_peer(l, RATE_SMS, one, now), 0);
    limits_close(l);
}

/* ---- full queues -------------------------------------------------------------------------------------------------- */

static _Atomic bool hold, held;

static enum result hold_writer(struct db *db, void *arg)
{
    (void)db;
    (void)arg;
    held = true;
    while (hold)
        usleep(1000);
    return OK;
}

static void *hold_thread(void *arg)
{
    struct arena *a = arena_open(1 << 20);

    (void)arg;
    assert_int_equal(db_write_wait(t->db.database, a, hold_writer, NULL), OK);
    arena_close(a);
    return NULL;
}

static void *release(void *arg)
{
    (void)arg;
    usleep(400000);
    hold = false;
    return NULL;
}

static int open_small_queue(void **state)
{
    (void)state;
    t = test_app_open(
        &(struct test_app_options){.modules = tiny_modules, .n_modules = 1, .policy = &tiny_policy, .queue_max = 2});
    return 0;
}

/* All writers are held; two may wait, the others are told at once. Nothing that was told to come again is done. */
static void writer_full(void **state)
{
    enum { SENT = 8 };
    struct browser *b = signed_in(t, "person=5");
    struct reply r[SENT];
    unsigned writers = test_db_postgres() ? 4 : 1;
    pthread_t thread[4];
    (void)state;

    struct str csrf = test_csrf(b);
    test_get(b, "/"); /* so that a refresh of seen_at is not among what waits */
    for (unsigned i = 0; i < writers; i++) {
        hold = true;
        held = false;
        pthread_create(&thread[i], NULL, hold_thread, NULL);
        while (!held)
            usleep(1000);
    }
    struct test_request q = {.method = "POST",
                             .path = "/p/310113007011/thing",
                             .accept = "application/json",
                             .type = "application/json",
                             .csrf = csrf,
                             .body = STR("{\"title\":\"hello\"}")};
    /* The refusals come while the writer is still held: let it go from another thread when all that can be are in. */
    pthread_t releaser;
    pthread_create(&releaser, NULL, release, NULL);
    test_send_parallel(b, &q, SENT, r);
    pthread_join(releaser, NULL);
    for (unsigned i = 0; i < writers; i++)
        pthread_join(thread[i], NULL);
    int done = 0, refused = 0;
    for (size_t i = 0; i < SENT; i++) {
        done += r[i].status == 201;
        if (r[i].status == 503) {
            refused++;
            assert_true(reply_header(r[i], "Retry-After").len > 0);
            assert_true(str_eq(r[i].type, STR("application/problem+json")));
        }
    }
    assert_int_equal(done, 2);
    assert_int_equal(refused, SENT - 2);
    assert_int_equal(things(t), 2);
}

static void small_pool(struct config *c)
{
    c->http.limits_percent = 0;
    c->http.slow_threads = 1;
    c->http.slow_queue_max = 2;
}

static int open_small_pool(void **state)
{
    (void)state;
    t = tiny_open(small_pool);
    return 0;
}

static void slow_full(void **state)
{
    enum { SENT = 8 };
    struct browser *b = test_browser(t);
    struct reply r[SENT];
    int done = 0, refused = 0;
    (void)state;

    int64_t from = time_monotonic();
    test_send_parallel(b, &(struct test_request){.path = "/slow?ms=200", .accept = "text/html"}, SENT, r);
    int64_t took = time_monotonic() - from;
    for (size_t i = 0; i < SENT; i++) {
        done += r[i].status == 200;
        refused += r[i].status == 503 && reply_header(r[i], "Retry-After").len > 0;
    }
    assert_in_range(done, 2, 4); /* one or two at work, two that wait */
    assert_int_equal(done + refused, SENT);
    assert_true(took < 2000);
    assert_int_equal(test_get(b, "/slow?ms=0").status, 200);
}

/* While slow work runs, pages are answered. */
static void *ask_slow(void *arg)
{
    struct browser *b = arg;

    test_send_parallel(b, &(struct test_request){.path = "/slow?ms=600", .accept = "text/html"}, 1, &(struct reply){0});
    return NULL;
}

static void slow_does_not_stop_reading(void **state)
{
    struct browser *b = test_browser(t), *slow = test_browser(t);
    pthread_t thread;
    (void)state;

    pthread_create(&thread, NULL, ask_slow, slow);
    usleep(100000);
    int64_t from = time_monotonic();
    for (int i = 0; i < 10; i++)
        assert_int_equal(test_send(b, &(struct test_request){.path = "/q/abc", .accept = "application/json"}).status,
                         200);
    assert_true(time_monotonic() - from < 400);
    pthread_join(thread, NULL);
}

/* ---- scheduled work ---------------------------------------------------------------------------------------------------- */

static void jobs(void **state)
{
    struct app_options o = {.config = &t->config,
                            .database = t->db.database,
                            .modules = tiny_modules,
                            .n_modules = 1,
                            .policy = &tiny_policy,
                            .data_dir = t->data_dir};
    struct app *sibling;
    struct str why;
    (void)state;

    job_calls = 0;
    assert_int_equal(jobs_run(t->app, false), 2); /* new ones are due at once */
    assert_int_equal(job_calls, 1);
    t->app->jobs[0].look_at = t->app->jobs[1].look_at = 0;
    assert_int_equal(jobs_run(t->app, false), 0); /* not again before its time */
    test_clock_add(61 * TIME_SECOND);
    /* Another process on the same database: one of the two does it. */
    assert_int_equal(app_open(&o, t->arena, &sibling, &why), OK);
    t->app->jobs[0].look_at = t->app->jobs[1].look_at = 0;
    assert_int_equal(jobs_run(sibling, false) + jobs_run(t->app, false), 1);
    assert_int_equal(job_calls, 2); /* this time it failed, and comes again when it is due */
    assert_int_equal(test_sql_int(&t->db, "SELECT failures FROM job WHERE name = 'tiny.tick'"), 1);

    /* A process that died in the middle: its lease ends by itself. */
    test_clock_add(61 * TIME_SECOND);
    test_sql(&t->db, "UPDATE job SET holder = 1, lease_until = %" PRId64, time_now() + 15 * TIME_MINUTE);
    assert_int_equal(app_run_jobs(t->app), 0);
    test_clock_add(15 * TIME_MINUTE);
    assert_int_equal(app_run_jobs(t->app), 2);
    assert_int_equal(job_calls, 3);
    /* While one is at it, the other finds nothing to do. */
    tick_sibling = sibling;
    app_run_jobs(t->app);
    assert_null(tick_sibling);
    assert_int_equal(job_calls, 4);
    app_close(sibling);
}

/* ---- what the engine itself answers --------------------------------------------------------------------------------------- */

static void health(void **state)
{
    struct browser *b = test_browser(t);
    (void)state;

    assert_true(reply_has(test_get(b, "/healthz"), "ok"));
    assert_true(reply_has(test_get(b, "/readyz"), "ready"));
    test_get(b, "/");
    test_get(b, "/nowhere");
    test_get(b, "/hungry");
    struct reply r = test_get(b, "/metrics");
    assert_int_equal(r.status, 200);
    assert_true(str_starts(r.type, STR("text/plain; version=0.0.4")));
    assert_true(reply_has(r, "lilong_requests_total{route=\"tiny.home\",method=\"GET\",status=\"2xx\"} 1\n"));
    assert_true(reply_has(r, "lilong_requests_total{route=\"unknown\",method=\"any\",status=\"4xx\"} 1\n"));
    assert_true(reply_has(r, "lilong_requests_out_of_memory_total 1\n"));
    assert_true(reply_has(r, "lilong_request_duration_seconds_count{route=\"tiny.home\"} 1\n"));
    assert_true(reply_has(r, "lilong_requests_in_flight 1\n"));
    /* Something that passes requests on is not this machine. */
    r = test_send(b, &(struct test_request){.path = "/metrics", .more = "X-Forwarded-For: 198.51.100.7\r\n"});
    assert_int_equal(r.status, 404);
    assert_true(reply_has(test_get(b, "/robots.txt"), "Disallow: /"));
}

static void assets(void **state)
{
    struct browser *b = test_browser(t);
    const struct asset *style = asset_named(STR("style.css"));
    (void)state;

    assert_int_equal(test_get(b, "/assets/none.00000000.css").status, 404);
    assert_non_null(style);
    const char *path = str_cstr(t->arena, style->path);
    struct reply r = test_send(b, &(struct test_request){.path = path});
    assert_int_equal(r.status, 200);
    assert_true(str_eq(r.body, style->plain));
    assert_true(str_eq(reply_header(r, "Cache-Control"), STR("public, max-age=31536000, immutable")));
    r = test_send(b, &(struct test_request){.path = path, .more = "Accept-Encoding: gzip, br\r\n"});
    assert_true(str_eq(reply_header(r, "Content-Encoding"), STR("br")));
    assert_true(str_eq(r.body, style->brotli));
    r = test_send(b, &(struct test_request){.path = path, .more = "Accept-Encoding: gzip\r\n"});
    assert_true(str_eq(reply_header(r, "Content-Encoding"), STR("gzip")));
    const char *more = str_cstr(t->arena, str_printf(t->arena, "If-None-Match: " STR_FMT "\r\n", STR_ARG(style->etag)));
    r = test_send(b, &(struct test_request){.path = path, .more = more});
    assert_int_equal(r.status, 304);
}

static void gzip_on(struct config *c)
{
    c->http.limits_percent = 0;
    c->http.gzip = 1;
}

static int open_gzip(void **state)
{
    (void)state;
    t = tiny_open(gzip_on);
    return 0;
}

static void compressed(void **state)
{
    struct browser *b = test_browser(t);
    struct test_request q = {.path = "/long", .accept = "text/html", .more = "Accept-Encoding: gzip\r\n"};
    unsigned char page[8192];
    (void)state;

    struct reply r = test_send(b, &q);
    assert_int_equal(r.status, 200);
    assert_true(str_eq(reply_header(r, "Content-Encoding"), STR("gzip")));
    assert_true(r.body.len < 300);
    z_stream z = {.next_in = (unsigned char *)(uintptr_t)r.body.ptr,
                  .avail_in = (unsigned)r.body.len,
                  .next_out = page,
                  .avail_out = sizeof(page)};
    assert_int_equal(inflateInit2(&z, 15 + 16), Z_OK);
    assert_int_equal(inflate(&z, Z_FINISH), Z_STREAM_END);
    inflateEnd(&z);
    assert_int_equal(z.total_out, 4000);
    q.more = NULL;
    r = test_send(b, &q);
    assert_int_equal(r.body.len, 4000);
    assert_int_equal(reply_header(r, "Content-Encoding").len, 0);
    q.path = "/q/short";
    q.more = "Accept-Encoding: gzip\r\n";
    assert_int_equal(reply_header(test_send(b, &q), "Content-Encoding").len, 0);
}

static void openapi(void **state)
{
    struct browser *b = test_browser(t);
    (void)state;

    struct reply r = test_get(b, "/api/openapi.json");
    assert_int_equal(r.status, 200);
    assert_true(str_eq(reply_json(t, r, "openapi"), STR("3.1.0")));
    assert_true(str_eq(reply_json(t, r, "paths./p/{place}/thing.post.operationId"), STR("thing.make")));
    assert_true(str_eq(reply_json(t, r, "paths./p/{place}/thing.post.x-lilong-need"), STR("write")));
    assert_true(str_eq(reply_json(t, r, "paths./p/{place}/thing/{id}.get.parameters.1.name"), STR("id")));
    assert_true(
        str_eq(reply_json(t, r, "paths./q/{code}.get.parameters.0.schema.pattern"), STR("^[A-Za-z0-9_-]{1,64}$")));
    assert_true(reply_json_has(t, r, "paths./p/{place}/thing.post.requestBody"));
    assert_true(str_eq(reply_json(t, r, "components.schemas.thing.type"), STR("object")));
    assert_false(reply_json_has(t, r, "paths./demo"));
}

static int open_demo(void **state)
{
    (void)state;
    t = test_app_open(
        &(struct test_app_options){.modules = tiny_modules, .n_modules = 1, .policy = &tiny_policy, .demo = true});
    return 0;
}

static void demo_routes(void **state)
{
    (void)state;
    assert_int_equal(test_get(test_browser(t), "/demo").status, 200);
}

/* Stops taking, finishes what runs. */
static void *ask_slow_and_tell(void *arg)
{
    struct reply *r = arg;

    test_send_parallel(test_browser(t), &(struct test_request){.path = "/slow?ms=300", .accept = "text/html"}, 1, r);
    return NULL;
}

static void drain(void **state)
{
    struct reply r = {0};
    pthread_t thread;
    (void)state;

    pthread_create(&thread, NULL, ask_slow_and_tell, &r);
    while (atomic_load(&t->app->in_flight) == 0)
        usleep(1000);
    app_drain(t->app);
    assert_int_equal(atomic_load(&t->app->in_flight), 0);
    pthread_join(thread, NULL);
    assert_int_equal(r.status, 200);
}

#define TEST_WITH(f, open) cmocka_unit_test_setup_teardown(f, open, close_app)
#define TEST(f) TEST_WITH(f, open_app)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_WITH(twenty_tries, open_limited),
        TEST_WITH(each_person, open_limited),
        cmocka_unit_test(two_processes),
        cmocka_unit_test(buckets),
        TEST_WITH(writer_full, open_small_queue),
        TEST_WITH(slow_full, open_small_pool),
        TEST(slow_does_not_stop_reading),
        TEST(jobs),
        TEST(health),
        TEST(assets),
        TEST_WITH(compressed, open_gzip),
        TEST(openapi),
        TEST_WITH(demo_routes, open_demo),
        TEST(drain),
    };
    return cmocka_run_group_tests_name("load", tests, NULL, NULL);
}
