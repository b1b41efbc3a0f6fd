/* client.h: what load and replay share: a small HTTP client on the loopback. A failure of the measurement itself ends the program. */
#ifndef LILONG_BENCH_CLIENT_H
#define LILONG_BENCH_CLIENT_H

#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { ROOM_IN = 1 << 19 };
#define MAYBE __attribute__((unused)) static

static void die(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));
MAYBE void die(const char *format, ...)
{
    va_list ap;

    va_start(ap, format);
    fprintf(stderr, "%s: ", program_invocation_short_name);
    vfprintf(stderr, format, ap);
    fputc('\n', stderr);
    va_end(ap);
    exit(1);
}

MAYBE double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Seconds of CPU that the processes have used, all threads. */
MAYBE double cpu_of(const long *pid, int pids)
{
    double ticks = 0;

    for (int i = 0; i < pids; i++) {
        char path[64], text[1024], *p;
        unsigned long user, system;
        snprintf(path, sizeof(path), "/proc/%ld/stat", pid[i]);
        FILE *f = fopen(path, "re");
        if (!f)
            die("process %ld is gone", pid[i]);
        size_t n = fread(text, 1, sizeof(text) - 1, f);
        fclose(f);
        text[n] = 0;
        p = strrchr(text, ')'); /* a name may hold anything */
        if (!p || sscanf(p + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system) != 2)
            die("cannot read %s", path);
        ticks += (double)(user + system);
    }
    return ticks / (double)sysconf(_SC_CLK_TCK);
}

/* "1,2,3": how many numbers were taken. */
MAYBE int pids_of(const char *text, long *ret, int max)
{
    int n = 0;
    char *end;

    for (const char *p = text; *p && n < max; p = *end == ',' ? end + 1 : end) {
        ret[n++] = strtol(p, &end, 10);
        if (end == p)
            die("no process id: %s", p);
    }
    return n;
}

struct answer {
    int status;
    const char *head;
    size_t head_len;
    const char *body;
    size_t body_len;
};

/* The value of a header, copied; false when there is none. */
MAYBE bool header(const struct answer *a, const char *name, char *ret, size_t room)
{
    size_t n = strlen(name);

    for (const char *line = a->head; line < a->head + a->head_len;) {
        const char *end = memmem(line, (size_t)(a->head + a->head_len - line), "\r\n", 2);
        if (!end)
            return false;
        if ((size_t)(end - line) > n && line[n] == ':' && strncasecmp(line, name, n) == 0) {
            const char *value = line + n + 1;
            while (value < end && *value == ' ')
                value++;
            if ((size_t)(end - value) >= room)
                return false;
            memcpy(ret, value, (size_t)(end - value));
            ret[end - value] = 0;
            return true;
        }
        line = end + 2;
    }
    return false;
}

/* 0: more must arrive; otherwise how long the answer is. */
MAYBE size_t parse(const char *in, size_t len, struct answer *ret)
{
    const char *end = memmem(in, len, "\r\n\r\n", 4);
    char text[32];

    if (!end)
        return 0;
    *ret = (struct answer){.head = in, .head_len = (size_t)(end - in) + 2};
    if (len < 12 || strncmp(in, "HTTP/1.1 ", 9) != 0)
        die("that is no answer: %.40s", in);
    ret->status = (int)strtol(in + 9, NULL, 10);
    ret->body = end + 4;
    if (header(ret, "Content-Length", text, sizeof(text)))
        ret->body_len = strtoul(text, NULL, 10);
    else if (ret->status != 204 && ret->status != 304)
        die("an answer without Content-Length");
    size_t whole = (size_t)(ret->body - in) + ret->body_len;
    if (whole > ROOM_IN)
        die("an answer of %zu bytes is too long", whole);
    return whole <= len ? whole : 0;
}

MAYBE int try_connect(int port)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), one = 1;

    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof(to)) != 0) {
        if (fd >= 0)
            close(fd);
        return -1;
    }
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
    return fd;
}

MAYBE int connect_to(int port)
{
    int fd = try_connect(port);

    if (fd < 0)
        die("cannot connect to port %d: %s", port, strerror(errno));
    return fd;
}

/* One request, waiting for its answer; false when the connection broke. The answer lies in `in`, of ROOM_IN bytes. */
MAYBE bool ask(int fd, const char *request, char *in, struct answer *ret)
{
    size_t len = 0, want = strlen(request);

    while (want) {
        ssize_t n = send(fd, request, want, MSG_NOSIGNAL);
        if (n <= 0)
            return false;
        request += n;
        want -= (size_t)n;
    }
    while (!len || !parse(in, len, ret)) {
        ssize_t n = recv(fd, in + len, ROOM_IN - len, 0);
        if (n <= 0)
            return false;
        len += (size_t)n;
    }
    return true;
}

MAYBE json_t *json_of(const struct answer *a, const char *what)
{
    json_error_t e;
    json_t *j = json_loadb(a->body, a->body_len, 0, &e);

    if (a->status / 100 != 2 || !j)
        die("%s: status %d, %.*s", what, a->status, (int)(a->body_len < 200 ? a->body_len : 200), a->body);
    return j;
}

MAYBE const char *member(const json_t *object, const char *name)
{
    const char *s = json_string_value(json_object_get(object, name));

    return s ? s : "";
}

#endif
