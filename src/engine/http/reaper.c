/* reaper.c: deadlines that a client cannot move.
 *
 * libmicrohttpd's time-out starts anew with each byte, so it is off; a thread of ours looks at all connections a few times
 * a second and shuts down those past their deadline: the I/O thread that owns one then sees the end of it. It also holds
 * the sockets of refused clients for a moment and reads on: closing with unread bytes would send a reset, and a reset can
 * overtake the refusal. */
#include <errno.h>
#include <linux/tcp.h>
#include <poll.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "engine/base/log.h"
#include "engine/http/private.h"

enum { ROUND_MS = 200 };

int64_t http_now_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * SECOND_US + t.tv_nsec / 1000;
}

void reaper_enter(struct connection *c)
{
    struct http_server *s = c->server;

    pthread_mutex_lock(&s->reaper_lock);
    c->next = s->open;
    if (s->open)
        s->open->prev = c;
    s->open = c;
    pthread_mutex_unlock(&s->reaper_lock);
}

void reaper_leave(struct connection *c)
{
    struct http_server *s = c->server;

    pthread_mutex_lock(&s->reaper_lock);
    if (c->prev)
        c->prev->next = c->next;
    else
        s->open = c->next;
    if (c->next)
        c->next->prev = c->prev;
    if (c->linger && !c->reaped && s->n_lingering < LINGER_MAX && !atomic_load(&s->stop)) {
        int fd = dup(c->fd);

        if (fd >= 0) {
            shutdown(fd, SHUT_WR);
            s->lingering[s->n_lingering++] = (struct lingering){fd, http_now_us() + LINGER_US};
        }
    }
    pthread_mutex_unlock(&s->reaper_lock);
}

/* Reads what a refused client still sends. Up to a limit: who sends for longer sees the reset. */
static void linger_round(struct http_server *s, int64_t now)
{
    for (size_t i = 0; i < s->n_lingering;) {
        char sink[16 * 1024];
        ssize_t n;
        int rounds = 0;

        do
            n = recv(s->lingering[i].fd, sink, sizeof(sink), MSG_DONTWAIT);
        while (n > 0 && ++rounds < 16);
        if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR) || now > s->lingering[i].until) {
            close(s->lingering[i].fd);
            s->lingering[i] = s->lingering[--s->n_lingering];
        } else {
            i++;
        }
    }
}

/* Is this one without anything under way? A client whose bytes have arrived is not idle, though we have not read them. One that has just been
 * answered may be sending its next request: it gets a moment, and with that answer it learns that the connection ends. */
static bool at_rest(const struct connection *c, enum phase phase, int64_t deadline, int64_t now)
{
    int waiting = 0;

    if (!(phase == PHASE_IDLE &&
          now - (deadline - IDLE_US) > (atomic_load(&c->server->closing) ? REST_US : LEAVE_US)) &&
        !(phase == PHASE_FRESH && now - c->opened > SECOND_US))
        return false;
    return ioctl(c->fd, FIONREAD, &waiting) == 0 && waiting == 0;
}

/* An idle client that begins a request and does not end its first line is no longer idle: libmicrohttpd has taken the bytes
 * and tells nobody, but the kernel counts them. From then on it has the time of a header. */
static void watch_idle(struct http_server *s, struct connection *c, int64_t deadline, int64_t now)
{
    struct tcp_info info;
    socklen_t len = sizeof(info);

    if ((c->idle.deadline == deadline && now - c->idle.looked < SECOND_US) ||
        getsockopt(c->fd, IPPROTO_TCP, TCP_INFO, &info, &len) ||
        len < offsetof(struct tcp_info, tcpi_bytes_received) + 8)
        return;
    c->idle.looked = now;
    if (c->idle.deadline != deadline) { /* a new pause */
        c->idle.deadline = deadline;
        c->idle.received = info.tcpi_bytes_received;
    } else if (info.tcpi_bytes_received > c->idle.received) {
        int64_t sooner = now + s->options.header_ms * INT64_C(1000);

        if (sooner < deadline && atomic_compare_exchange_strong_explicit(&c->deadline, &deadline, sooner,
                                                                         memory_order_relaxed, memory_order_relaxed)) {
            c->idle.deadline = sooner;
            c->idle.received = UINT64_MAX; /* and that is that */
        }
    }
}

static unsigned deadline_round(struct http_server *s, int64_t now)
{
    bool crowded = atomic_load(&s->connections) > s->options.connections_max / 4 * 3;
    bool closing = atomic_load(&s->leaving);
    unsigned reaped = 0;

    for (struct connection *c = s->open; c; c = c->next) {
        int64_t deadline = atomic_load_explicit(&c->deadline, memory_order_relaxed);
        enum phase phase = (enum phase)atomic_load_explicit(&c->phase, memory_order_relaxed);

        if (c->reaped)
            continue;
        if (phase == PHASE_IDLE)
            watch_idle(s, c, deadline, now);
        int64_t earlier = phase == PHASE_IDLE && crowded && deadline != NO_DEADLINE ? IDLE_US - IDLE_CROWDED_US : 0;
        if (now > deadline - earlier || (closing && at_rest(c, phase, deadline, now))) {
            c->reaped = true;
            shutdown(c->fd, SHUT_RDWR);
            if (phase != PHASE_IDLE && !closing)
                reaped++;
        }
    }
    return reaped;
}

static void *reap(void *arg)
{
    struct http_server *s = arg;

    pthread_mutex_lock(&s->reaper_lock);
    while (!atomic_load(&s->stop)) {
        struct timespec until;
        int64_t now = http_now_us();
        unsigned reaped = deadline_round(s, now);

        linger_round(s, now);
        if (reaped) {
            pthread_mutex_unlock(&s->reaper_lock);
            log_info("http.slow_clients_closed", LOG_INT("n", reaped));
            pthread_mutex_lock(&s->reaper_lock);
        }
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_nsec += (atomic_load(&s->leaving) || s->n_lingering ? ROUND_MS / 10 : ROUND_MS) * 1000000L;
        if (until.tv_nsec >= 1000000000L) {
            until.tv_nsec -= 1000000000L;
            until.tv_sec++;
        }
        pthread_cond_clockwait(&s->reaper_wake, &s->reaper_lock, CLOCK_MONOTONIC, &until);
    }
    pthread_mutex_unlock(&s->reaper_lock);
    return NULL;
}

bool reaper_start(struct http_server *s)
{
    pthread_condattr_t attributes;

    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&s->reaper_wake, &attributes);
    pthread_condattr_destroy(&attributes);
    s->reaping = pthread_create(&s->reaper, NULL, reap, s) == 0;
    return s->reaping;
}

void reaper_hurry(struct http_server *s)
{
    pthread_mutex_lock(&s->reaper_lock);
    pthread_cond_signal(&s->reaper_wake);
    pthread_mutex_unlock(&s->reaper_lock);
}

void reaper_stop(struct http_server *s)
{
    if (!s->reaping)
        return;
    atomic_store(&s->stop, true);
    reaper_hurry(s);
    pthread_join(s->reaper, NULL);
    s->reaping = false;
    for (size_t i = 0; i < s->n_lingering; i++)
        close(s->lingering[i].fd);
    s->n_lingering = 0;
    pthread_cond_destroy(&s->reaper_wake);
}
