/* client.h: a raw HTTP client for tests: sends exactly the bytes it is given and reads whole answers. */
#ifndef TESTS_HTTP_CLIENT_H
#define TESTS_HTTP_CLIENT_H

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

struct reply {
    int status;           /* 0: closed without an answer; -1: nothing came in time */
    bool closed;          /* the server has closed after it */
    char *head, *body;    /* NUL-terminated; free with reply_clear */
    size_t body_len;
};

static inline int64_t client_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static inline int client_connect(uint16_t port)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), yes = 1;

    if (fd < 0)
        return -1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
    if (connect(fd, (struct sockaddr *)&at, sizeof(at))) {
        close(fd);
        return -1;
    }
    return fd;
}

/* False when the server has closed meanwhile. */
static inline bool client_send(int fd, const void *data, size_t n)
{
    const char *p = data;

    while (n) {
        ssize_t done = send(fd, p, n, MSG_NOSIGNAL);

        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return false;
        p += done;
        n -= (size_t)done;
    }
    return true;
}

static inline bool client_say(int fd, const char *text)
{
    return client_send(fd, text, strlen(text));
}

/* One more byte; 1, 0 at the end, -1 when none comes in time. Slow and simple: it never reads into the next answer. */
static inline int client_byte(int fd, char *ret_byte, int64_t until)
{
    for (;;) {
        struct pollfd p = {fd, POLLIN, 0};
        int64_t left = until - client_ms();
        ssize_t n;

        if (left < 0 || poll(&p, 1, (int)left) == 0)
            return -1;
        n = recv(fd, ret_byte, 1, 0);
        if (n == 1)
            return 1;
        if (n == 0 || errno != EINTR)
            return 0;
    }
}

static inline bool client_closed(int fd, int within_ms)
{
    char c;

    return client_byte(fd, &c, client_ms() + within_ms) == 0;
}

/* Reads one answer. with_body is false for answers to HEAD. */
static inline struct reply client_read(int fd, bool with_body, int within_ms)
{
    struct reply r = {0};
    size_t room = 64 * 1024, n = 0;
    int64_t until = client_ms() + within_ms;
    const char *length;
    int got = 1;

    r.head = malloc(room + 1);
    r.body = calloc(1, 1);
    if (!r.head || !r.body)
        abort();
    while (n < room && !(n >= 4 && memcmp(r.head + n - 4, "\r\n\r\n", 4) == 0) && (got = client_byte(fd, r.head + n, until)) == 1)
        n++;
    r.head[n] = 0;
    if (got != 1) {
        r.status = got == 0 && n == 0 ? 0 : -1;
        r.closed = got == 0;
        return r;
    }
    if (n < 13 || memcmp(r.head, "HTTP/1.1 ", 9) != 0) {
        r.status = -1;
        return r;
    }
    r.status = (int)strtol(r.head + 9, NULL, 10);
    length = strcasestr(r.head, "\r\nContent-Length: ");
    r.body_len = length && with_body && r.status != 304 ? strtoul(length + 18, NULL, 10) : 0;
    free(r.body);
    r.body = malloc(r.body_len + 1);
    if (!r.body)
        abort();
    for (n = 0; n < r.body_len;) {
        ssize_t more = 0;

        if (poll(&(struct pollfd){fd, POLLIN, 0}, 1, (int)(until > client_ms() ? until - client_ms() : 0)) == 1)
            more = recv(fd, r.body + n, r.body_len - n, 0);
        if (more <= 0) {
            r.body_len = n;
            r.status = -1;
        } else {
            n += (size_t)more;
        }
    }
    r.body[r.body_len] = 0;
    r.closed = strcasestr(r.head, "\r\nConnection: close\r\n") != NULL;
    return r;
}

static inline void reply_clear(struct reply *r)
{
    free(r->head);
    free(r->body);
    *r = (struct reply){0};
}

#endif
