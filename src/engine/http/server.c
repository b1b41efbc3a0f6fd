/* server.c: libmicrohttpd, driven.
 *
 * We accept connections ourselves and hand them over (MHD_USE_NO_LISTEN_SOCKET): quiescing libmicrohttpd 0.9.75 while its
 * threads run can abort the process (two threads take the listening socket out of epoll), and when descriptors run out it
 * spins. TURBO is on: what it leaves out is the shutdown() before close(), and connections that end with something unread
 * are closed softly by the reaper.
 *
 * MHD_OPTION_STRICT_FOR_CLIENT is left at 0: in 0.9.75 it adds two checks, Host and spaces in the target. The guard makes
 * both, and answers once, where strict mode answers twice to the one and not at all to the other.
 *
 * A request is answered in libmicrohttpd's last call for it, also when it has no body: an answer in the first call would
 * close the connection. Refusals are written past it, because it takes none while a body is arriving. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <unistd.h>

#include "engine/base/log.h"
#include "engine/http/private.h"

enum { FILES_RESERVED = 128, ACCEPT_PAUSE_MS = 10, BACKLOG = 4096 };

static struct connection *context_of(struct MHD_Connection *mhd)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

    return info ? info->socket_context : NULL;
}

/* ---- connections ---- */

static void *connection_open(struct http_server *s, struct MHD_Connection *mhd)
{
    const union MHD_ConnectionInfo *fd = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD);
    const union MHD_ConnectionInfo *from = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    struct connection *c = calloc(1, sizeof(*c));

    if (!c) {
        shutdown(fd->connect_fd, SHUT_RDWR);
        return NULL;
    }
    c->server = s;
    c->fd = fd->connect_fd;
    c->shard = (unsigned)c->fd % SHARDS;
    c->opened = http_now_us();
    address_from(from->client_addr, &c->address);
    address_print(&c->address, c->peer);
    c->trusted = networks_have(s->trusted, s->n_trusted, &c->address);
    c->exempt = c->trusted || address_loopback(&c->address);
    connection_phase(c, PHASE_FRESH, c->opened + s->options.header_ms * INT64_C(1000));
    if (!c->exempt && !peers_enter(s, &c->address, s->options.connections_per_peer)) {
        c->exempt = true; /* nothing to give back */
        c->reaped = true;
        shutdown(c->fd, SHUT_RDWR);
    }
    reaper_enter(c);
    return c;
}

static void connection_close(struct connection *c)
{
    struct http_server *s = c->server;

    reaper_leave(c);
    if (!c->exempt)
        peers_leave(s, &c->address);
    free(c->target);
    free(c);
}

static void on_connection(void *cls, struct MHD_Connection *mhd, void **context,
                          enum MHD_ConnectionNotificationCode what)
{
    struct http_server *s = cls;

    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
        *context = connection_open(s, mhd);
        return;
    }
    if (*context)
        connection_close(*context);
    *context = NULL;
    atomic_fetch_sub(&s->connections, 1);
}

/* The request line is complete, and still as it came. */
static void *on_target(void *cls, const char *target, struct MHD_Connection *mhd)
{
    struct http_server *s = cls;
    struct connection *c = context_of(mhd);
    size_t len = target ? strlen(target) : 0;

    if (!c)
        return NULL;
    c->since = http_now_us();
    c->target_at = target;
    c->target_len = 0;
    if (c->target_room < len + 1) {
        free(c->target);
        c->target = malloc(len + 256);
        c->target_room = c->target ? len + 256 : 0;
    }
    if (c->target) {
        memcpy(c->target, target ? target : "", len + 1);
        c->target_len = len;
    }
    if (atomic_load_explicit(&c->phase, memory_order_relaxed) == PHASE_IDLE)
        connection_phase(c, PHASE_HEADER, c->since + s->options.header_ms * INT64_C(1000));
    else /* of a new connection the clock runs since it was opened */
        atomic_store_explicit(&c->phase, PHASE_HEADER, memory_order_relaxed);
    return NULL;
}

/* Targets and arguments stay as sent; we decode them ourselves, strictly. */
static size_t on_unescape(void *cls, struct MHD_Connection *mhd, char *s)
{
    (void)cls;
    (void)mhd;
    return strlen(s);
}

/* ---- requests ---- */

struct collect {
    struct http_header *list;
    size_t n, room;
};

static enum MHD_Result collect(void *cls, enum MHD_ValueKind kind, const char *name, size_t name_len, const char *value,
                               size_t value_len)
{
    struct collect *c = cls;

    (void)kind;
    if (c->n == c->room)
        return MHD_NO;
    c->list[c->n++] = (struct http_header){{name, name_len}, {value ? value : name + name_len, value_len}};
    return MHD_YES;
}

static struct str trimmed(struct str s)
{
    while (s.len && (s.ptr[s.len - 1] == ' ' || s.ptr[s.len - 1] == '\t'))
        s.len--;
    return s;
}

/* Of libmicrohttpd's memory for this connection, is enough left for the head of an answer? It keeps the request, a record for
 * each field, argument and cookie, and a copy of the cookies. */
static bool leaves_room(const struct collect *headers, size_t head, struct str target)
{
    size_t used = head + headers->n * POOL_RECORD;

    for (size_t i = 0; i < headers->n; i++)
        if (str_eq_ci(headers->list[i].name, STR("Cookie"))) {
            used += headers->list[i].value.len;
            for (size_t k = 0; k < headers->list[i].value.len; k++)
                used += headers->list[i].value.ptr[k] == ';' || headers->list[i].value.ptr[k] == ',' ? POOL_RECORD : 0;
        }
    for (size_t i = 0; i < target.len; i++)
        used += target.ptr[i] == '&' ? POOL_RECORD : 0;
    return used + ANSWER_HEAD_MAX <= POOL_BYTES;
}

/* Everything that can be wrong with the head of a request. Fills e; 0 or the status of the refusal. */
static int begin(struct exchange *e, const char *method, const char *version)
{
    struct http_private *p = &e->p;
    struct http_server *s = p->server;
    struct connection *c = p->connection;
    const union MHD_ConnectionInfo *size = MHD_get_connection_info(p->mhd, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    struct guard_framing framing;
    struct collect headers = {0};
    struct str authority;
    int n, status, minor;

    status = guard_method(str_from_cstr(method), &e->x.method);
    if (status)
        return status;
    if (strcmp(version, "HTTP/1.1") == 0)
        minor = 1;
    else if (strcmp(version, "HTTP/1.0") == 0)
        minor = 0;
    else
        return 505;
    if (!c->target || !size)
        return c->target ? 400 : 503;
    if (c->target_len > GUARD_TARGET_MAX)
        return 414;
    n = MHD_get_connection_values_n(p->mhd, MHD_HEADER_KIND, NULL, NULL);
    if (n > GUARD_HEADERS_MAX || size->header_size > GUARD_HEAD_MAX)
        return 431;
    headers.room = n > 0 ? (size_t)n : 0;
    headers.list = arena_array(e->x.arena, struct http_header, headers.room + 1);
    MHD_get_connection_values_n(p->mhd, MHD_HEADER_KIND, collect, &headers);
    if (s->old_parser) {
        struct guard_block block = {method, size->header_size, c->target_at, c->target_len, version};

        status = guard_block(&block, headers.list, headers.n);
        if (status)
            return status;
    }
    if (!leaves_room(&headers, size->header_size, (struct str){c->target, c->target_len}))
        return 431;
    for (size_t i = 0; i < headers.n; i++)
        headers.list[i].value = trimmed(headers.list[i].value);
    p->headers = headers.list;
    p->n_headers = headers.n;

    /* path and query may point into c->target: the exchange ends before the next request line is read. */
    status = guard_target(e->x.arena, (struct str){c->target, c->target_len}, &e->x.path, &e->x.query, &authority);
    if (!status)
        status = guard_headers(headers.list, headers.n, minor, authority, &framing);
    if (status)
        return status;
    e->x.started = c->since;
    peers_resolve(e);

    if (framing.chunked || framing.length) {
        p->body_limit = s->options.body_limit ? s->options.body_limit(s->options.ctx, e->x.method, e->x.path) : 0;
        if (p->body_limit == 0 || framing.length > p->body_limit)
            return 413;
        p->body_expected = (size_t)framing.length;
        if (framing.length <= BODY_SPOOL_FROM && framing.length + atomic_load(&s->body_bytes) > s->options.bodies_max)
            return 503;
        connection_phase(c, PHASE_BODY, http_now_us() + s->options.body_ms * INT64_C(1000));
    } else {
        connection_phase(c, PHASE_HANDLE, NO_DEADLINE);
    }
    return 0;
}

static enum MHD_Result refuse(struct exchange *e, int status)
{
    e->x.status = status; /* for finished() */
    connection_refuse(e->p.connection, status, e->x.method == HTTP_HEAD);
    return MHD_NO;
}

/* The two places where an arena can run out, each with its way back. */
static int begin_with_escape(struct exchange *e, const char *method, const char *version)
{
    jmp_buf escape;
    int status;

    if (setjmp(escape))
        return 503;
    arena_escape(e->x.arena, &escape);
    status = begin(e, method, version);
    arena_escape(e->x.arena, NULL);
    return status;
}

static int handle(struct exchange *e)
{
    struct http_private *p = &e->p;
    struct http_server *s = p->server;
    jmp_buf escape;
    int status;

    connection_phase(p->connection, PHASE_HANDLE, NO_DEADLINE);
    if (body_finish(&p->body, &e->x.body))
        return 503;
    /* First busy, then the look at refusing; http_close() does it the other way round, so one sees the other. */
    atomic_fetch_add(&s->busy, 1);
    if (atomic_load(&s->refusing)) {
        atomic_fetch_sub(&s->busy, 1);
        return 503;
    }
    p->handled = true;
    if (setjmp(escape)) {
        log_error("http.arena_exhausted", LOG_STR("path", e->x.path));
        status = 503;
    } else {
        arena_escape(e->x.arena, &escape);
        s->options.handle(s->options.ctx, &e->x);
        status = 0;
    }
    if (p->suspends)
        return 0; /* somebody has it and will answer */
    atomic_fetch_sub(&s->busy, 1);
    arena_escape(e->x.arena, NULL);
    return status;
}

/* libmicrohttpd calls this when the head is complete, for each piece of the body, and when all is there; once more after
 * a suspended connection has been resumed. MHD_NO closes the connection. */
static enum MHD_Result on_request(void *cls, struct MHD_Connection *mhd, const char *url, const char *method,
                                  const char *version, const char *data, size_t *n, void **context)
{
    struct http_server *s = cls;
    struct exchange *e = *context;
    int status;

    (void)url;
    if (!e) {
        struct connection *c = context_of(mhd);

        if (!c)
            return MHD_NO;
        e = exchange_take(s, c->shard);
        if (!e) {
            connection_refuse(c, 503, false);
            return MHD_NO;
        }
        e->p.connection = c;
        e->p.mhd = mhd;
        *context = e;
        status = begin_with_escape(e, method, version);
        return status ? refuse(e, status) : MHD_YES;
    }
    if (*n) {
        status = e->p.body.len + *n > e->p.body_limit ? 413 : body_append(s, &e->p.body, data, *n, e->p.body_expected);
        *n = 0;
        return status ? refuse(e, status) : MHD_YES;
    }
    if (!e->p.suspends) {
        status = handle(e);
        if (status)
            return refuse(e, status);
        if (e->p.suspends)
            return MHD_YES;
    }
    return exchange_answer(e);
}

/* Answered, or the client is gone. Called before a next request of the connection, and before the connection is closed. */
static void on_completed(void *cls, struct MHD_Connection *mhd, void **context, enum MHD_RequestTerminationCode how)
{
    struct http_server *s = cls;
    struct exchange *e = *context;
    struct connection *c;

    (void)how;
    if (!e) {
        c = context_of(mhd);
        if (c)
            connection_phase(c, PHASE_IDLE, http_now_us() + IDLE_US);
        return;
    }
    *context = NULL;
    c = e->p.connection;
    if (e->p.handled && s->options.finished)
        s->options.finished(s->options.ctx, &e->x);
    connection_phase(c, PHASE_IDLE, http_now_us() + IDLE_US);
    exchange_give(s, c->shard, e);
}

/* ---- accepting ---- */

/* Takes in what waits. False when there is no room or no descriptor for more. */
static bool accept_all(struct http_server *s)
{
    for (;;) {
        struct sockaddr_storage from;
        socklen_t len = sizeof(from);
        struct address address;
        int fd;

        if (atomic_load(&s->connections) >= s->options.connections_max)
            return false;
        fd = accept4(s->listen_fd, (struct sockaddr *)&from, &len, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0) {
            if (errno == EINTR || errno == ECONNABORTED || errno == EPROTO)
                continue;
            return errno == EAGAIN || errno == EWOULDBLOCK;
        }
        address_from((struct sockaddr *)&from, &address);
        if (!address_loopback(&address) && !networks_have(s->trusted, s->n_trusted, &address) &&
            peers_count(s, &address) >= s->options.connections_per_peer) {
            close(fd);
            continue;
        }
        /* Counted here: its thread sees it only later, and http_close() must not miss one in between. */
        atomic_fetch_add(&s->connections, 1);
        if (MHD_add_connection(s->mhd, fd, (struct sockaddr *)&from, len) != MHD_YES) /* closes fd where it fails */
            atomic_fetch_sub(&s->connections, 1);
    }
}

static void *acceptor(void *arg)
{
    struct http_server *s = arg;
    bool full_before = false;

    while (!atomic_load(&s->quiesced)) {
        struct pollfd fds[2] = {{s->wake_fd, POLLIN, 0}, {s->listen_fd, POLLIN, 0}};
        bool full = !accept_all(s);

        if (full && !full_before)
            log_warn("http.full", LOG_INT("connections", atomic_load(&s->connections)));
        full_before = full;
        /* When full, look again a little later; the clients wait in the kernel's queue. */
        poll(fds, full ? 1 : 2, full ? ACCEPT_PAUSE_MS : -1);
    }
    accept_all(s); /* who has connected before we stopped is served */
    return NULL;
}

/* ---- life ---- */

static enum result listen_on(struct http_server *s)
{
    const struct http_options *o = &s->options;
    struct sockaddr_storage at = {0};
    struct sockaddr_in *four = (struct sockaddr_in *)&at;
    struct sockaddr_in6 *six = (struct sockaddr_in6 *)&at;
    socklen_t len = sizeof(at);
    struct address address;
    int yes = 1, most = UNREAD_MAX;

    if (o->listen_fd >= 0) {
        s->listen_fd = o->listen_fd;
        if (fcntl(s->listen_fd, F_SETFL, fcntl(s->listen_fd, F_GETFL) | O_NONBLOCK))
            return E_IO;
    } else {
        if (!address_parse(str_from_cstr(o->address ? o->address : "127.0.0.1"), &address))
            return E_INVALID;
        if (address.family == AF_INET) {
            four->sin_family = AF_INET;
            four->sin_port = htons(o->port);
            memcpy(&four->sin_addr, address.bytes, 4);
            len = sizeof(*four);
        } else {
            six->sin6_family = AF_INET6;
            six->sin6_port = htons(o->port);
            memcpy(&six->sin6_addr, address.bytes, 16);
            len = sizeof(*six);
        }
        s->listen_fd = socket(address.family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        if (s->listen_fd < 0)
            return E_IO;
        setsockopt(s->listen_fd, SOL_SOCKET, SO_REUSEADDR, &yes,
                   sizeof(yes)); /* after a restart, not for two at once */
        if (bind(s->listen_fd, (struct sockaddr *)&at, len) || listen(s->listen_fd, BACKLOG))
            return E_IO;
    }
    /* Each connection has it from here: left to itself the system takes megabytes of answers for somebody who reads nothing, and each of them counts as sent. */
    setsockopt(s->listen_fd, SOL_SOCKET, SO_SNDBUF, &most, sizeof(most));
    len = sizeof(at);
    if (getsockname(s->listen_fd, (struct sockaddr *)&at, &len))
        return E_IO;
    s->port = at.ss_family == AF_INET ? ntohs(four->sin_port) : at.ss_family == AF_INET6 ? ntohs(six->sin6_port) : 0;
    return OK;
}

/* What is not set gets its default; connections must leave descriptors for the database, spooled bodies and logs. */
static void settle(struct http_options *o)
{
    struct rlimit files;

    if (!o->threads)
        o->threads = (unsigned)(sysconf(_SC_NPROCESSORS_ONLN) > 0 ? sysconf(_SC_NPROCESSORS_ONLN) : 1);
    if (!o->connections_max)
        o->connections_max = 8192;
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        if (files.rlim_cur < o->connections_max + FILES_RESERVED && files.rlim_cur < files.rlim_max) {
            files.rlim_cur = files.rlim_max < o->connections_max + FILES_RESERVED ? files.rlim_max
                                                                                  : o->connections_max + FILES_RESERVED;
            if (setrlimit(RLIMIT_NOFILE, &files))
                getrlimit(RLIMIT_NOFILE, &files);
        }
        if (files.rlim_cur < o->connections_max + FILES_RESERVED)
            o->connections_max = files.rlim_cur > 2 * FILES_RESERVED ? (unsigned)files.rlim_cur - FILES_RESERVED
                                                                     : (unsigned)files.rlim_cur / 2;
    }
    if (!o->connections_per_peer)
        o->connections_per_peer = 256;
    if (!o->header_ms)
        o->header_ms = 15000;
    if (!o->body_ms)
        o->body_ms = 120000;
    if (!o->arena_max)
        o->arena_max = 8 << 20;
    if (!o->bodies_max)
        o->bodies_max = 128 << 20;
}

static bool start(struct http_server *s)
{
    const struct http_options *o = &s->options;
    unsigned per_thread = o->connections_max / o->threads + o->connections_max / 4 + 16;
    /* A connection goes to the thread (descriptor modulo threads), so threads fill unevenly: each gets room to spare, and
     * the acceptor keeps the sum. */

    s->mhd = MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_TURBO | MHD_USE_ITC | MHD_USE_NO_LISTEN_SOCKET |
                                  MHD_ALLOW_SUSPEND_RESUME,
                              0, NULL, NULL, on_request, s, MHD_OPTION_NOTIFY_CONNECTION, on_connection, s,
                              MHD_OPTION_NOTIFY_COMPLETED, on_completed, s, MHD_OPTION_URI_LOG_CALLBACK, on_target, s,
                              MHD_OPTION_UNESCAPE_CALLBACK, on_unescape, s, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
                              (size_t)POOL_BYTES, MHD_OPTION_CONNECTION_MEMORY_INCREMENT, (size_t)1024,
                              MHD_OPTION_CONNECTION_LIMIT, per_thread * o->threads, MHD_OPTION_CONNECTION_TIMEOUT, 0u,
                              MHD_OPTION_THREAD_POOL_SIZE, o->threads > 1 ? o->threads : 0u, MHD_OPTION_END);
    if (!s->mhd)
        return false;
    if (!reaper_start(s))
        return false;
    s->accepting = pthread_create(&s->acceptor, NULL, acceptor, s) == 0;
    return s->accepting;
}

static void server_free(struct http_server *s)
{
    if (s->mhd)
        MHD_stop_daemon(s->mhd);
    reaper_stop(s);
    if (s->listen_fd >= 0)
        close(s->listen_fd);
    if (s->wake_fd >= 0)
        close(s->wake_fd);
    exchanges_free(s);
    peers_free(s);
    for (size_t i = 0; i < SHARDS; i++)
        pthread_mutex_destroy(&s->shards[i].lock);
    pthread_mutex_destroy(&s->reaper_lock);
    pthread_mutex_destroy(&s->peers_lock);
    free(s->trusted);
    free(s->spool_dir);
    free(s);
}

enum result http_open(const struct http_options *options, struct http_server **ret_server)
{
    struct http_server *s = NULL;
    enum result r;

    if (posix_memalign((void **)&s, 64, sizeof(*s)))
        return E_BUSY;
    memset(s, 0, sizeof(*s));
    s->options = *options;
    settle(&s->options);
    s->listen_fd = -1;
    s->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    s->old_parser = strncmp(MHD_get_version(), "0.9.75", 6) == 0;
    s->spool_dir = strdup(options->spool_dir ? options->spool_dir : "/tmp");
    for (size_t i = 0; i < SHARDS; i++)
        pthread_mutex_init(&s->shards[i].lock, NULL);
    pthread_mutex_init(&s->reaper_lock, NULL);
    pthread_mutex_init(&s->peers_lock, NULL);
    r = networks_parse(options->trusted_proxies, options->n_trusted_proxies, &s->trusted);
    s->n_trusted = r == OK ? options->n_trusted_proxies : 0;
    if (r == OK && (s->wake_fd < 0 || !s->spool_dir))
        r = E_BUSY;
    if (r == OK)
        r = listen_on(s);
    if (r == OK && !start(s))
        r = E_BUSY;
    if (r != OK) {
        server_free(s);
        return r;
    }
    *ret_server = s;
    return OK;
}

uint16_t http_port(const struct http_server *server)
{
    return server->port;
}

int http_listen_fd(const struct http_server *server)
{
    return server->listen_fd;
}

void http_leave(struct http_server *s, int ms)
{
    int64_t until = http_now_us() + ms * INT64_C(1000);

    atomic_store(&s->leaving, true);
    while (atomic_load(&s->connections) && http_now_us() < until)
        poll(NULL, 0, 5);
}

void http_quiesce(struct http_server *s)
{
    atomic_store(&s->leaving, true);
    if (atomic_exchange(&s->quiesced, true))
        return;
    while (write(s->wake_fd, &(uint64_t){1}, sizeof(uint64_t)) < 0 && errno == EINTR)
        ;
    if (s->accepting)
        pthread_join(s->acceptor, NULL);
    s->accepting = false;
}

void http_close(struct http_server *s)
{
    int64_t began = http_now_us(), said = began;

    if (!s)
        return;
    http_quiesce(s);
    accept_all(s);
    close(s->listen_fd);
    s->listen_fd = -1;
    atomic_store(&s->closing, true);
    reaper_hurry(s);
    /* Requests under way are answered; a client that takes too long over its own part is not waited for. What is suspended
     * is waited for as long as it takes: stopping libmicrohttpd before would abort the process. */
    while (atomic_load(&s->busy) || (atomic_load(&s->connections) && !atomic_load(&s->refusing))) {
        if (http_now_us() - began > DRAIN_US)
            atomic_store(&s->refusing, true);
        poll(NULL, 0, 2);
        if (http_now_us() - said > 10 * SECOND_US) {
            said = http_now_us();
            log_warn("http.draining", LOG_INT("busy", atomic_load(&s->busy)),
                     LOG_INT("connections", atomic_load(&s->connections)));
        }
    }
    server_free(s);
}
