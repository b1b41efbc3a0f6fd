/* slow.c: many slow clients at once, from one thread.
 *
 *   slow PORT N KIND SECONDS    KIND: headers (a byte a second of a head), body (a byte a second of a body), reading (asks for a page again and
 *                               again and reads nothing), idle (says nothing), mixed (all of them by turns)
 *
 * Prints one line: opened=… closed=… first_ms=… last_ms=… (how long those that the server closed had been open), and goes on until SECONDS are over or
 * all have been closed. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum kind { HEADERS, BODY, READING, IDLE, KINDS };

struct client {
    int fd;
    enum kind kind;
    int64_t opened;
    size_t said;
};

static const char *const start[KINDS] = {
    [HEADERS] = "GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ",
    [BODY] =
        "POST /sign-in/phone HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 4000\r\n\r\nphone=",
    [READING] = "GET /api/openapi.json HTTP/1.1\r\nHost: a\r\n\r\n",
    [IDLE] = "",
};

static int64_t now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static bool open_client(struct client *c, int port, enum kind kind)
{
    struct sockaddr_in at = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int small = 2048;

    *c = (struct client){.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), .kind = kind};
    if (c->fd < 0)
        return false;
    if (kind == READING)
        setsockopt(c->fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small));
    if (connect(c->fd, (struct sockaddr *)&at, sizeof(at)) && errno != EINPROGRESS) {
        close(c->fd);
        return false;
    }
    c->opened = now_ms();
    return true;
}

/* A byte more, or the whole beginning. */
static void say(struct client *c)
{
    const char *text = start[c->kind];
    size_t len = strlen(text);

    if (c->kind == IDLE)
        return;
    if (c->said < len) {
        ssize_t n = send(c->fd, text + c->said, len - c->said, MSG_NOSIGNAL);
        if (n > 0)
            c->said += (size_t)n;
    } else if (c->kind == READING) { /* the next page, though none has been read */
        (void)!send(c->fd, text, len, MSG_NOSIGNAL);
    } else {
        (void)!send(c->fd, "a", 1, MSG_NOSIGNAL);
    }
}

int main(int argc, char **argv)
{
    static const char *const names[] = {"headers", "body", "reading", "idle"};
    struct rlimit files;
    int closed = 0, opened = 0, slice = 0;
    int64_t first = 0, last = 0;

    if (argc != 5) {
        fprintf(stderr, "usage: slow PORT N headers|body|reading|idle|mixed SECONDS\n");
        return 64;
    }
    int port = (int)strtol(argv[1], NULL, 10), n = (int)strtol(argv[2], NULL, 10), kind = KINDS;
    for (int i = 0; i < KINDS; i++)
        if (strcmp(argv[3], names[i]) == 0)
            kind = i;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    struct client *client = calloc((size_t)n, sizeof(*client));
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    if (!client || epoll < 0)
        return 1;
    for (int i = 0; i < n; i++) {
        enum kind k = (enum kind)(kind == KINDS ? i % KINDS : kind);
        if (!open_client(&client[i], port, k)) {
            client[i].fd = -1;
            continue;
        }
        opened++;
        struct epoll_event e = {.events = EPOLLRDHUP | (k == READING ? 0U : EPOLLIN), .data.u32 = (uint32_t)i};
        epoll_ctl(epoll, EPOLL_CTL_ADD, client[i].fd, &e);
        if (i % 64 == 63)
            usleep(5000);
    }
    printf("opened=%d\n", opened);
    fflush(stdout);
    int64_t end = now_ms() + strtol(argv[4], NULL, 10) * INT64_C(1000);
    while (now_ms() < end && closed < opened) {
        /* not all in the same moment: a twentieth of them in each twentieth of a second */
        int64_t turn = now_ms() + 50;
        for (int i = slice++ % 20; i < n; i += 20)
            if (client[i].fd >= 0)
                say(&client[i]); /* a hang-up is seen below */
        for (int64_t left; (left = turn - now_ms()) > 0;) {
            struct epoll_event got[256];
            int m = epoll_wait(epoll, got, 256, (int)left);
            for (int j = 0; j < m; j++) {
                struct client *c = &client[got[j].data.u32];
                char sink[4096];
                bool gone = got[j].events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR);
                if (c->fd < 0)
                    continue;
                if (!gone && c->kind != READING)
                    gone = recv(c->fd, sink, sizeof(sink), MSG_DONTWAIT) == 0;
                if (!gone)
                    continue;
                int64_t after = now_ms() - c->opened;
                if (!closed || after < first)
                    first = after;
                if (after > last)
                    last = after;
                closed++;
                close(c->fd);
                c->fd = -1;
            }
        }
    }
    printf("opened=%d closed=%d first_ms=%lld last_ms=%lld\n", opened, closed, (long long)first, (long long)last);
    return 0;
}
