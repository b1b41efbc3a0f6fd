/* test_app.c: see test_app.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "engine/base/log.h"
#include "engine/base/time.h"
#include "support/test_app.h"
#include "support/test_json.h"

enum { TEST_ARENA = 512 << 20, ANSWER_SECONDS = 60 };

/* ---- the application ------------------------------------------------------------------------------------ */

static pthread_mutex_t arena_lock = PTHREAD_MUTEX_INITIALIZER; /* replies of parallel requests share one arena */

static void configure(struct test_app *t)
{
    config_defaults(&t->config);
    t->config.http.limits_percent = 0;
    t->config.http.threads = 2;
    if (t->options.configure)
        t->options.configure(&t->config);
}

static struct app_options app_options(struct test_app *t)
{
    return (struct app_options){.config = &t->config,
                                .database = t->db.database,
                                .modules = t->options.modules,
                                .n_modules = t->options.n_modules,
                                .policy = t->options.policy,
                                .data_dir = t->data_dir,
                                .services = t->services,
                                .demo = t->options.demo};
}

static struct test_app *prepare(const struct test_app_options *options)
{
    struct test_app *t = calloc(1, sizeof(*t));

    if (!t)
        fail_msg("no memory");
    if (!getenv("LILONG_TEST_LOG"))
        log_set_level((enum log_level)(LOG_LEVEL_ERROR + 1)); /* refusals are what the tests are about */
    t->options = *options;
    t->arena = arena_open(TEST_ARENA);
    if (options->now >= 0)
        time_set(options->now ? options->now : time_at(2026, 3, 2, 10, 0));
    test_db_place(&t->db);
    if (options->queue_max)
        t->db.options.queue_max = options->queue_max;
    test_db_reopen(&t->db, NULL);
    const char *base = getenv("TMPDIR");
    snprintf(t->data_dir, sizeof(t->data_dir), "%s/lilong-data-XXXXXX", base ? base : "/tmp");
    if (!mkdtemp(t->data_dir))
        fail_msg("%s cannot be made", t->data_dir);
    configure(t);
    if (options->prepare && options->prepare(t) != OK)
        fail_msg("the test's own preparation failed");
    return t;
}

static void dispose(struct test_app *t)
{
    char command[256];

    app_close(t->app);
    if (t->options.dispose)
        t->options.dispose(t);
    test_db_close(&t->db);
    snprintf(command, sizeof(command), "rm -rf '%s'", t->data_dir);
    if (system(command) != 0)
        print_message("%s stays\n", t->data_dir);
    arena_close(t->arena);
    time_set(0);
    free(t);
}

struct test_app *test_app_open(const struct test_app_options *options)
{
    struct test_app *t = prepare(options);
    struct app_options o = app_options(t);
    struct str why = STR_NONE;

    if (app_open(&o, t->db.arena, &t->app, &why) != OK)
        fail_msg("the application does not start: " STR_FMT, STR_ARG(why));
    if (app_listen(t->app, "127.0.0.1", 0, -1, &t->port) != OK)
        fail_msg("no port on the loopback");
    return t;
}

void test_app_close(struct test_app *t)
{
    dispose(t);
}

enum result test_app_refuses(const struct test_app_options *options, struct str *ret_why)
{
    static char text[512];
    struct test_app *t = prepare(options);
    struct app_options o = app_options(t);
    struct str why = STR_NONE;
    enum result r = app_open(&o, t->db.arena, &t->app, &why);

    snprintf(text, sizeof(text), STR_FMT, STR_ARG(why));
    *ret_why = str_from_cstr(text);
    dispose(t);
    return r;
}

void test_clock(int64_t now)
{
    time_set(now);
}

void test_clock_add(int64_t ms)
{
    time_set(time_now() + ms);
}

void test_write(struct test_app *t, enum result (*run)(struct db *db, void *arg), void *arg)
{
    enum result r = db_write_wait(t->db.database, t->arena, run, arg);

    if (r != OK)
        fail_msg("the write failed: %s", result_name(r));
}

void test_read(struct test_app *t, enum result (*run)(struct db *db, void *arg), void *arg)
{
    struct db *db;
    enum result r = db_read_begin(t->db.database, t->arena, &db);

    if (r == OK) {
        r = run(db, arg);
        db_read_end(db);
    }
    if (r != OK)
        fail_msg("the read failed: %s", result_name(r));
}

/* ---- cookies --------------------------------------------------------------------------------------------- */

struct browser *test_browser(struct test_app *t)
{
    struct browser *b = arena_new(t->arena, struct browser);

    b->t = t;
    b->agent = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 MicroMessenger/8.0.50";
    return b;
}

struct str browser_cookie(const struct browser *b, const char *name)
{
    for (size_t i = 0; i < b->n_cookies; i++)
        if (str_eq(b->cookie[i].name, str_from_cstr(name)))
            return b->cookie[i].value;
    return STR_NONE;
}

static void set_cookie(struct browser *b, struct str name, struct str value, bool gone)
{
    size_t i = 0;

    while (i < b->n_cookies && !str_eq(b->cookie[i].name, name))
        i++;
    if (gone) {
        if (i < b->n_cookies)
            b->cookie[i] = b->cookie[--b->n_cookies];
        return;
    }
    if (i == b->n_cookies) {
        assert_true(b->n_cookies < sizeof(b->cookie) / sizeof(b->cookie[0]));
        b->n_cookies++;
    }
    if (str_eq(name, STR("lilong")) && !str_eq(b->cookie[i].value, value))
        b->csrf = STR_NONE; /* another session: another token */
    b->cookie[i].name = name;
    b->cookie[i].value = value;
}

void browser_set_cookie(struct browser *b, const char *name, struct str value)
{
    set_cookie(b, str_dup(b->t->arena, str_from_cstr(name)), str_dup(b->t->arena, value), !value.len);
}

static void take_cookies(struct browser *b, struct reply r)
{
    struct str rest = r.head, line, pair, name;

    while (str_cut(&rest, '\n', &line)) {
        if (line.len < 11 || !str_eq_ci(str_sub(line, 0, 11), STR("Set-Cookie:")))
            continue;
        struct str all = str_trim(str_sub(line, 11, line.len));
        bool gone = str_find(all, STR("Max-Age=0")) != SIZE_MAX;
        str_cut(&all, ';', &pair);
        str_cut(&pair, '=', &name);
        set_cookie(b, name, pair, gone);
    }
}

/* ---- one request over a socket ------------------------------------------------------------------------------- */

struct str reply_header(struct reply r, const char *name)
{
    struct str rest = r.head, line, want = str_from_cstr(name), key;

    while (str_cut(&rest, '\n', &line)) {
        if (str_cut(&line, ':', &key) && str_eq_ci(key, want))
            return str_trim(line);
    }
    return STR_NONE;
}

bool reply_has(struct reply r, const char *needle)
{
    return str_find(r.body, str_from_cstr(needle)) != SIZE_MAX;
}

int reply_times(struct reply r, const char *needle)
{
    struct str rest = r.body, of = str_from_cstr(needle);
    int n = 0;

    for (size_t at; (at = str_find(rest, of)) != SIZE_MAX; n++)
        rest = str_sub(rest, at + of.len, SIZE_MAX);
    return n;
}

static int dial(uint16_t port)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct timeval patience = {.tv_sec = ANSWER_SECONDS};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    if (connect(fd, (struct sockaddr *)&to, sizeof(to)) != 0) {
        close(fd);
        return -1;
    }
    return fd;
}

static bool send_all(int fd, struct str s)
{
    while (s.len) {
        ssize_t n = send(fd, s.ptr, s.len, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        s = str_sub(s, (size_t)n, s.len);
    }
    return true;
}

/* Sends and reads until the server closes (we ask it to). NULL text when nothing came. Called from several threads. */
static char *exchange(uint16_t port, struct str request, size_t *ret_len)
{
    int fd = dial(port);
    size_t room = 65536, len = 0;
    char *text = malloc(room);
    bool sent;

    if (fd < 0 || !text) {
        free(text);
        return NULL;
    }
    sent = send_all(fd, request); /* a refusal may come before all was sent */
    (void)sent;
    for (;;) {
        ssize_t n = recv(fd, text + len, room - len, 0);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            break;
        len += (size_t)n;
        if (len == room) {
            char *more = realloc(text, room *= 2);
            if (!more)
                break;
            text = more;
        }
    }
    close(fd);
    *ret_len = len;
    return text;
}

static struct str dechunk(struct arena *a, struct str in)
{
    struct buf b;
    struct str line;

    buf_init(&b, a, in.len + 1, in.len + 1);
    while (str_cut(&in, '\n', &line)) {
        size_t n = strtoul(str_cstr(a, str_trim(line)), NULL, 16);
        if (n == 0 || n > in.len)
            break;
        buf_put(&b, str_sub(in, 0, n));
        in = str_sub(in, n + 2, in.len);
    }
    return buf_str(&b);
}

static struct reply read_reply(struct test_app *t, char *text, size_t len, const char *what)
{
    struct str all;
    struct reply r = {0};
    int64_t status;

    pthread_mutex_lock(&arena_lock);
    all = str_dup(t->arena, (struct str){text, len});
    free(text);
    size_t end = str_find(all, STR("\r\n\r\n"));
    if (end == SIZE_MAX || len < 12 || str_int64(str_sub(all, 9, 3), 100, 599, &status) != OK) {
        pthread_mutex_unlock(&arena_lock);
        fail_msg("%s: no answer that can be read: " STR_FMT, what, STR_ARG(str_sub(all, 0, 200)));
        return r;
    }
    r.status = (int)status;
    r.head = str_sub(all, 0, end + 2);
    r.body = str_sub(all, end + 4, all.len);
    r.type = reply_header(r, "Content-Type");
    r.location = reply_header(r, "Location");
    if (str_eq_ci(reply_header(r, "Transfer-Encoding"), STR("chunked")))
        r.body = dechunk(t->arena, r.body);
    pthread_mutex_unlock(&arena_lock);
    return r;
}

static void put_header(struct buf *b, const char *name, const char *value)
{
    if (value)
        buf_printf(b, "%s: %s\r\n", name, value);
}

static struct str write_request(struct browser *b, const struct test_request *q)
{
    struct buf out;
    const char *method = q->method ? q->method : "GET";

    buf_init(&out, b->t->arena, q->body.len + 2048, q->body.len + 65536);
    buf_printf(&out, "%s %s HTTP/1.1\r\nConnection: close\r\n", method, q->path);
    if (q->host)
        put_header(&out, "Host", q->host);
    else
        buf_printf(&out, "Host: 127.0.0.1:%u\r\n", b->t->port);
    put_header(&out, "User-Agent", b->agent);
    put_header(&out, "Accept", q->accept);
    put_header(&out, "Accept-Language", b->language);
    put_header(&out, "Sec-Fetch-Site", q->site);
    put_header(&out, "Origin", q->origin);
    put_header(&out, "Idempotency-Key", q->key);
    put_header(&out, "Content-Type", q->type);
    if (q->csrf.len)
        buf_printf(&out, "X-CSRF-Token: " STR_FMT "\r\n", STR_ARG(q->csrf));
    if (!q->no_cookies && b->n_cookies) {
        buf_put(&out, STR("Cookie: "));
        for (size_t i = 0; i < b->n_cookies; i++)
            buf_printf(&out, "%s" STR_FMT "=" STR_FMT, i ? "; " : "", STR_ARG(b->cookie[i].name),
                       STR_ARG(b->cookie[i].value));
        buf_put(&out, STR("\r\n"));
    }
    if (q->more)
        buf_put(&out, str_from_cstr(q->more));
    if (q->body.len || strcmp(method, "GET") != 0)
        buf_printf(&out, "Content-Length: %zu\r\n", q->body.len);
    buf_put(&out, STR("\r\n"));
    buf_put(&out, q->body);
    return buf_str(&out);
}

struct reply test_send(struct browser *b, const struct test_request *q)
{
    struct str request = write_request(b, q);
    size_t len = 0;
    char *text = exchange(b->t->port, request, &len);

    if (!text)
        fail_msg("%s: no connection", q->path);
    struct reply r = read_reply(b->t, text, len, q->path);
    take_cookies(b, r);
    return r;
}

struct parallel {
    pthread_t thread;
    pthread_barrier_t *start;
    uint16_t port;
    struct str request;
    char *text;
    size_t len;
};

static void *parallel_run(void *arg)
{
    struct parallel *p = arg;

    pthread_barrier_wait(p->start);
    p->text = exchange(p->port, p->request, &p->len);
    return NULL;
}

/* n requests that are ready, from n threads. */
static void send_ready(struct browser *b, const struct str *request, const char *path, size_t n, struct reply *ret)
{
    struct parallel *p = calloc(n, sizeof(*p));
    pthread_barrier_t start;

    pthread_barrier_init(&start, NULL, (unsigned)n);
    for (size_t i = 0; i < n; i++) {
        p[i] = (struct parallel){.start = &start, .port = b->t->port, .request = request[i]};
        if (pthread_create(&p[i].thread, NULL, parallel_run, &p[i]) != 0)
            fail_msg("no thread");
    }
    for (size_t i = 0; i < n; i++)
        pthread_join(p[i].thread, NULL);
    for (size_t i = 0; i < n; i++) {
        if (!p[i].text)
            fail_msg("%s: no connection", path);
        ret[i] = read_reply(b->t, p[i].text, p[i].len, path);
    }
    pthread_barrier_destroy(&start);
    free(p);
}

void test_send_parallel(struct browser *b, const struct test_request *q, size_t n, struct reply *ret)
{
    struct str *request = arena_array(b->t->arena, struct str, n);

    request[0] = write_request(b, q);
    for (size_t i = 1; i < n; i++)
        request[i] = request[0];
    send_ready(b, request, q->path, n, ret);
}

void test_send_each(struct browser *const *b, const struct test_request *q, size_t n, struct reply *ret)
{
    struct str *request = arena_array(b[0]->t->arena, struct str, n);

    for (size_t i = 0; i < n; i++) {
        struct test_request own = *q;

        own.csrf = test_csrf(b[i]);
        request[i] = write_request(b[i], &own);
    }
    send_ready(b[0], request, q->path, n, ret);
}

/* ---- what browsers do ---------------------------------------------------------------------------------------------- */

#define ACCEPT_HTML "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

struct reply test_get(struct browser *b, const char *path)
{
    return test_send(b, &(struct test_request){.path = path, .accept = ACCEPT_HTML, .site = "same-origin"});
}

struct reply test_get_json(struct browser *b, const char *path)
{
    return test_send(b, &(struct test_request){.path = path, .accept = "application/json"});
}

struct reply test_follow(struct browser *b, struct reply r)
{
    if (!r.location.len)
        fail_msg("status %d and no Location", r.status);
    return test_get(b, str_cstr(b->t->arena, r.location));
}

struct str test_csrf(struct browser *b)
{
    if (!b->csrf.len) {
        struct reply r = test_get_json(b, "/api/session");
        if (r.status != 200)
            fail_msg("/api/session answers %d", r.status);
        b->csrf = reply_json(b->t, r, "csrf");
    }
    return b->csrf;
}

static struct str fresh_key(struct browser *b)
{
    return str_printf(b->t->arena, "test-key-%p-%u", (void *)b, b->keys++);
}

struct reply test_post(struct browser *b, const char *path, const char *form)
{
    struct arena *a = b->t->arena;
    struct str csrf = test_csrf(b), in = str_from_cstr(form ? form : "");
    struct buf body;

    buf_init(&body, a, in.len + 256, 64 << 20);
    buf_printf(&body, "_csrf=" STR_FMT "&_key=" STR_FMT, STR_ARG(csrf), STR_ARG(fresh_key(b)));
    if (in.len)
        buf_putc(&body, '&');
    for (size_t i = 0; i < in.len; i++) {
        unsigned char c = (unsigned char)in.ptr[i];
        if (c == ' ')
            buf_putc(&body, '+');
        else if (c >= 0x80 || c < 0x20)
            buf_printf(&body, "%%%02X", c);
        else
            buf_putc(&body, (char)c);
    }
    const char *origin = str_cstr(a, str_printf(a, "http://127.0.0.1:%u", b->t->port));
    return test_send(b, &(struct test_request){.method = "POST",
                                               .path = path,
                                               .accept = ACCEPT_HTML,
                                               .site = "same-origin",
                                               .origin = origin,
                                               .type = "application/x-www-form-urlencoded",
                                               .body = buf_str(&body)});
}

struct reply test_post_json(struct browser *b, const char *path, const char *json)
{
    return test_send(b, &(struct test_request){.method = "POST",
                                               .path = path,
                                               .accept = "application/json",
                                               .type = "application/json",
                                               .body = str_from_cstr(json),
                                               .csrf = test_csrf(b),
                                               .key = str_cstr(b->t->arena, fresh_key(b))});
}

static void put_part(struct buf *b, const char *name, struct str value)
{
    buf_printf(b, "--test-boundary\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n", name);
    buf_put(b, value);
    buf_put(b, STR("\r\n"));
}

struct reply test_upload(struct browser *b, const char *path, const char *const *fields, const struct test_file *files,
                         size_t n_files)
{
    struct buf body;

    buf_init(&body, b->t->arena, 4096, 256 << 20);
    put_part(&body, "_csrf", test_csrf(b));
    put_part(&body, "_key", fresh_key(b));
    for (; fields && *fields; fields += 2)
        put_part(&body, fields[0], str_from_cstr(fields[1]));
    for (size_t i = 0; i < n_files; i++) {
        buf_printf(
            &body,
            "--test-boundary\r\nContent-Disposition: form-data; name=\"%s\"; filename=\"%s\"\r\nContent-Type: %s\r\n\r\n",
            files[i].field, files[i].filename, files[i].type);
        buf_put(&body, files[i].bytes);
        buf_put(&body, STR("\r\n"));
    }
    buf_put(&body, STR("--test-boundary--\r\n"));
    return test_send(b, &(struct test_request){.method = "POST",
                                               .path = path,
                                               .accept = ACCEPT_HTML,
                                               .site = "same-origin",
                                               .type = "multipart/form-data; boundary=test-boundary",
                                               .body = buf_str(&body)});
}

/* ---- JSON answers ------------------------------------------------------------------------------------------------------ */

bool reply_json_has(struct test_app *t, struct reply r, const char *path)
{
    struct str value;

    return test_json_get(t->arena, r.body, path, &value);
}

struct str reply_json(struct test_app *t, struct reply r, const char *path)
{
    struct str value;

    if (!test_json_get(t->arena, r.body, path, &value))
        fail_msg("no %s in: " STR_FMT, path, STR_ARG(str_sub(r.body, 0, 500)));
    return value;
}

const char *test_path(struct test_app *t, const char *format, ...)
{
    va_list ap;
    struct str s;

    va_start(ap, format);
    s = str_vprintf(t->arena, format, ap);
    va_end(ap);
    return str_cstr(t->arena, s);
}
