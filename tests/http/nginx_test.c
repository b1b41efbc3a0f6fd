/* nginx_test.c: tests/http/malformed.h once more, through a real nginx with the settings of packaging/proxy/nginx.conf.
 *
 * What is dangerous is not a request that is refused, but one that two programs in a row understand differently. So every row is sent to us
 * directly and through nginx: what we take from both ways is the same, what reaches us through nginx is one request at most, and the next
 * client on nginx's connection to us gets its own answer. */
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <cmocka.h>

#include "engine/http/http.h"
#include "http/client.h"
#include "http/malformed.h"

struct seen { /* the last request that the handler had */
    int n;
    enum http_method method;
    char path[16384], query[16384], body[256];
    size_t body_len;
};
static struct seen seen;
static pthread_mutex_t seen_lock = PTHREAD_MUTEX_INITIALIZER;

static void keep(char *to, size_t room, struct str s)
{
    size_t n = s.len < room - 1 ? s.len : room - 1;

    if (n)
        memcpy(to, s.ptr, n);
    to[n] = '\0';
}

static void handle(void *ctx, struct http_exchange *x)
{
    (void)ctx;
    pthread_mutex_lock(&seen_lock);
    seen.n++;
    seen.method = x->method;
    keep(seen.path, sizeof(seen.path), x->path);
    keep(seen.query, sizeof(seen.query), x->query);
    keep(seen.body, sizeof(seen.body), x->body);
    seen.body_len = x->body.len;
    pthread_mutex_unlock(&seen_lock);
    x->status = 200;
    x->answer = str_eq(x->path, STR("/marker")) ? STR("marker") : STR("ok");
}

static struct seen take(void)
{
    pthread_mutex_lock(&seen_lock);
    struct seen s = seen;
    seen.n = 0;
    pthread_mutex_unlock(&seen_lock);
    return s;
}

static size_t limit(void *ctx, enum http_method method, struct str path)
{
    (void)ctx;
    (void)path;
    return method == HTTP_POST ? 1 << 20 : 0;
}

/* ---- nginx */

static char folder[64];
static pid_t nginx = -1;
static uint16_t nginx_port;

static uint16_t free_port(void)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof(at);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    assert_int_equal(bind(fd, (struct sockaddr *)&at, len), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &len), 0);
    close(fd);
    return ntohs(at.sin_port);
}

/* "location / { … }" of the file that we ship. */
static char *shipped_location(void)
{
    const char *root = getenv("LILONG_SOURCE_ROOT");
    char name[512];
    static char text[16384];

    snprintf(name, sizeof(name), "%s/packaging/proxy/nginx.conf", root ? root : ".");
    FILE *f = fopen(name, "re");
    assert_non_null(f);
    size_t n = fread(text, 1, sizeof(text) - 1, f);
    fclose(f);
    text[n] = '\0';
    char *from = strstr(text, "location / {"), *to = from ? strstr(from, "\n    }") : NULL;
    assert_non_null(to);
    to[6] = '\0';
    return from;
}

static void start_nginx(uint16_t port)
{
    char name[128];

    snprintf(folder, sizeof(folder), "/tmp/lilong-nginx-XXXXXX");
    assert_non_null(mkdtemp(folder));
    assert_int_equal(chmod(folder, 0755), 0);
    nginx_port = free_port();
    snprintf(name, sizeof(name), "%s/conf", folder);
    FILE *f = fopen(name, "we");
    assert_non_null(f);
    fprintf(
        f,
        "daemon off; master_process off; worker_processes 1; pid %s/pid; error_log %s/error.log crit;\n"
        "events { worker_connections 256; }\n"
        "http { access_log off; client_body_temp_path %s/b; proxy_temp_path %s/p; fastcgi_temp_path %s/f; uwsgi_temp_path %s/u; scgi_temp_path %s/s;\n"
        "upstream lilong { server 127.0.0.1:%u; keepalive 64; }\n"
        "server { listen 127.0.0.1:%u; client_max_body_size 50m; client_header_timeout 2s; client_body_timeout 2s;\n%s\n} }\n",
        folder, folder, folder, folder, folder, folder, folder, port, nginx_port, shipped_location());
    fclose(f);
    nginx = fork();
    if (nginx == 0) {
        execl("/usr/sbin/nginx", "nginx", "-c", name, "-e", "/dev/null", "-p", folder, (char *)NULL);
        _exit(127);
    }
    for (int i = 0; i < 200; i++) {
        int fd = client_connect(nginx_port);
        if (fd >= 0) {
            close(fd);
            return;
        }
        assert_int_equal(waitpid(nginx, NULL, WNOHANG), 0);
        usleep(25000);
    }
    fail_msg("nginx does not start");
}

static int stop_nginx(void **state)
{
    char command[128];

    (void)state;
    if (nginx > 0) {
        kill(nginx, SIGTERM);
        waitpid(nginx, NULL, 0);
    }
    snprintf(command, sizeof(command), "rm -rf '%s'", folder);
    return folder[0] ? system(command) : 0;
}

/* ---- the rows */

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

/* Sends the bytes on a connection of their own. Returns the status of the answer, 0 or -1 without one. */
static int send_row(uint16_t port, const char *bytes, size_t len)
{
    int fd = client_connect(port);

    assert_true(fd >= 0);
    client_send(fd, bytes, len);
    struct reply r = client_read(fd, true, 4000);
    int status = r.status;
    reply_clear(&r);
    close(fd);
    return status;
}

static bool same(const struct seen *a, const struct seen *b)
{
    return a->method == b->method && strcmp(a->path, b->path) == 0 && strcmp(a->query, b->query) == 0 &&
           a->body_len == b->body_len && memcmp(a->body, b->body, sizeof(a->body)) == 0;
}

static void understood_as_nginx_does(void **state)
{
    struct http_options options = {.listen_fd = -1, .handle = handle, .body_limit = limit, .threads = 2};
    struct http_server *server;
    int failed = 0, both = 0, mended = 0, refused = 0;

    (void)state;
    assert_int_equal(http_open(&options, &server), OK);
    start_nginx(http_port(server));
    for (size_t i = 0; i < sizeof(malformed) / sizeof(malformed[0]); i++) {
        size_t len;
        char *bytes = filled(malformed[i].bytes, malformed[i].len, malformed[i].fill, &len);
        const char *wrong = NULL;

        take();
        int direct_status = send_row(http_port(server), bytes, len);
        struct seen direct = take();
        int status = send_row(nginx_port, bytes, len);
        struct seen through = take();
        if (through.n > 1)
            wrong = "nginx's one request became several";
        else if ((status == 200) != (through.n == 1))
            wrong = "answered by nginx alone, or handled and not answered";
        else if (direct.n && through.n && !same(&direct, &through))
            wrong = "understood differently";
        else if (direct.n > 1)
            wrong = "several requests";
        /* the next one on nginx's connection to us */
        static const char marker[] = "GET /marker HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
        int fd = client_connect(nginx_port);
        client_say(fd, marker);
        struct reply r = client_read(fd, true, 4000);
        struct seen next = take();
        if (!wrong &&
            (r.status != 200 || strcmp(r.body, "marker") != 0 || next.n != 1 || strcmp(next.path, "/marker") != 0))
            wrong = "the next client got something else";
        reply_clear(&r);
        close(fd);
        if (wrong) {
            print_error("row %zu: %s: direct %d (%d handled, %s), through nginx %d (%d handled, %s)\n%.*s\n", i, wrong,
                        direct_status, direct.n, direct.n ? direct.path : "-", status, through.n,
                        through.n ? through.path : "-", (int)(len < 200 ? len : 200), bytes);
            failed++;
        }
        both += direct.n && through.n;
        mended += !direct.n && through.n;
        refused += !through.n;
        free(bytes);
    }
    print_message("%zu rows: %d refused, %d understood on both ways, %d put right by nginx\n",
                  sizeof(malformed) / sizeof(malformed[0]), refused, both, mended);
    http_close(server);
    assert_int_equal(failed, 0);
    assert_true(both >= 15);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(understood_as_nginx_does)};

    signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests(tests, NULL, stop_nginx);
}
