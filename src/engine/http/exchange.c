/* exchange.c: one request and its answer: where its memory comes from, what handlers call, how it is answered. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>

#include "engine/base/log.h"
#include "engine/http/private.h"

enum { SPARE_PER_SHARD = 64 };

/* ---- memory: spare exchanges with their arenas ---- */

struct exchange *exchange_take(struct http_server *s, unsigned shard)
{
    struct shard *from = &s->shards[shard];
    struct exchange *e;

    pthread_mutex_lock(&from->lock);
    e = from->spare;
    if (e) {
        from->spare = e->next;
        from->n_spare--;
    }
    pthread_mutex_unlock(&from->lock);
    if (!e) {
        e = calloc(1, sizeof(*e));
        if (!e)
            return NULL;
        e->x.arena = arena_open(s->options.arena_max);
        if (!e->x.arena) {
            free(e);
            return NULL;
        }
    }
    e->next = NULL;
    e->x = (struct http_exchange){.arena = e->x.arena, .private = &e->p};
    e->p = (struct http_private){.server = s, .body = {.fd = -1}};
    return e;
}

static void exchange_free(struct exchange *e)
{
    arena_close(e->x.arena);
    free(e);
}

void exchange_give(struct http_server *s, unsigned shard, struct exchange *e)
{
    struct shard *to = &s->shards[shard];
    bool kept;

    body_free(s, &e->p.body);
    if (e->p.mapped.len)
        munmap((void *)(uintptr_t)e->p.mapped.ptr, e->p.mapped.len);
    arena_escape(e->x.arena, NULL);
    arena_reset(e->x.arena);
    pthread_mutex_lock(&to->lock);
    kept = to->n_spare < SPARE_PER_SHARD;
    if (kept) {
        e->next = to->spare;
        to->spare = e;
        to->n_spare++;
    }
    pthread_mutex_unlock(&to->lock);
    if (!kept)
        exchange_free(e);
}

void exchanges_free(struct http_server *s)
{
    for (size_t i = 0; i < SHARDS; i++)
        while (s->shards[i].spare) {
            struct exchange *e = s->shards[i].spare;

            s->shards[i].spare = e->next;
            exchange_free(e);
        }
}

/* ---- for handlers ---- */

struct str http_header(const struct http_exchange *x, struct str name)
{
    const struct http_private *p = x->private;

    for (size_t i = 0; i < p->n_headers; i++)
        if (p->headers[i].name.len == name.len && str_eq_ci(p->headers[i].name, name))
            return p->headers[i].value;
    return STR_NONE;
}

struct str http_cookie(const struct http_exchange *x, struct str name)
{
    const struct http_private *p = x->private;
    struct str value;

    for (size_t i = 0; i < p->n_headers; i++) /* proxies from HTTP/2 may split the field */
        if (str_eq_ci(p->headers[i].name, STR("Cookie")) && cookie_find(p->headers[i].value, name, &value))
            return value;
    return STR_NONE;
}

void http_add_header(struct http_exchange *x, struct str name, struct str value)
{
    static const struct str ours[] = {
        {"Date", 4}, {"Server", 6}, {"Connection", 10}, {"Content-Length", 14}, {"Transfer-Encoding", 17}};

    if (!guard_token(name) || !guard_value(value) || value.len == 0) {
        log_error("http.header_dropped", LOG_STR("name", guard_token(name) ? name : STR("?")));
        return;
    }
    for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
        if (str_eq_ci(name, ours[i])) {
            log_error("http.header_dropped", LOG_STR("name", name));
            return;
        }
    if (x->n_headers == x->room_headers) {
        size_t room = x->room_headers ? x->room_headers * 2 : 16;
        struct http_header *list = arena_array(x->arena, struct http_header, room);

        if (x->n_headers)
            memcpy(list, x->headers, x->n_headers * sizeof(*list));
        x->headers = list;
        x->room_headers = room;
    }
    /* libmicrohttpd wants NULs at the ends. */
    x->headers[x->n_headers++] = (struct http_header){{str_cstr(x->arena, name), name.len},
                                                      {str_cstr(x->arena, value), value.len}};
}

void http_suspend(struct http_exchange *x)
{
    struct http_private *p = x->private;

    p->suspends = true;
    arena_escape(x->arena, NULL); /* ours ends with the handler */
    MHD_suspend_connection(p->mhd);
}

void http_resume(struct http_exchange *x)
{
    struct http_private *p = x->private;
    struct http_server *s = p->server;

    MHD_resume_connection(p->mhd); /* from here on x may be gone */
    atomic_fetch_sub(&s->busy, 1);
}

/* ---- answers ---- */

void http_map(struct http_exchange *x, struct str mapped)
{
    x->private->mapped = mapped;
}

enum MHD_Result exchange_answer(struct exchange *e)
{
    struct http_exchange *x = &e->x;
    struct http_private *p = &e->p;
    struct http_server *s = p->server;
    struct MHD_Response *response;
    enum MHD_Result done;

    if (x->status < 200 || x->status > 599) {
        log_error("http.status", LOG_INT("status", x->status), LOG_STR("path", x->path));
        x->status = 500;
        x->answer = STR_NONE;
        x->n_headers = 0;
    }
    response = MHD_create_response_from_buffer(x->answer.len, (void *)(uintptr_t)(x->answer.len ? x->answer.ptr : ""),
                                               MHD_RESPMEM_PERSISTENT);
    if (!response)
        return MHD_NO;
    MHD_add_response_header(response, "Server", "lilong");
    for (size_t i = 0; i < x->n_headers; i++)
        MHD_add_response_header(response, x->headers[i].name.ptr, x->headers[i].value.ptr);
    if (atomic_load_explicit(&s->leaving, memory_order_relaxed))
        MHD_add_response_header(response, "Connection", "close");
    connection_phase(p->connection, PHASE_SEND,
                     http_now_us() + SEND_US + (int64_t)(x->answer.len / SEND_BYTES_PER_SECOND) * SECOND_US);
    done = MHD_queue_response(p->mhd, (unsigned)x->status, response);
    MHD_destroy_response(response);
    return done;
}

static const struct {
    int status;
    const char *reason, *more;
} refusals[] = {
    {400, "Bad Request", ""},
    {405, "Method Not Allowed", "Allow: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS\r\n"},
    {413, "Content Too Large", ""},
    {414, "URI Too Long", ""},
    {417, "Expectation Failed", ""},
    {431, "Request Header Fields Too Large", ""},
    {501, "Not Implemented", ""},
    {503, "Service Unavailable", "Retry-After: 5\r\n"},
    {505, "HTTP Version Not Supported", ""},
};

void connection_refuse(struct connection *c, int status, bool head)
{
    struct str page = STR_NONE, type = STR("text/plain; charset=utf-8");
    char text[1024], date[64];
    struct tm tm;
    time_t now = time(NULL);
    size_t i = 0, last = sizeof(refusals) / sizeof(refusals[0]) - 1;
    int n;

    while (refusals[i].status != status && i < last)
        i++;
    if (c->server->options.refusal)
        page = c->server->options.refusal(c->server->options.ctx, refusals[i].status);
    if (page.ptr)
        type = STR("text/html; charset=utf-8");
    else
        page = str_from_cstr(refusals[i].reason);
    gmtime_r(&now, &tm);
    strftime(date, sizeof(date), "%a, %d %b %Y %H:%M:%S GMT", &tm);
    n = snprintf(text, sizeof(text),
                 "HTTP/1.1 %d %s\r\nDate: %s\r\nConnection: close\r\nServer: lilong\r\n%sContent-Type: " STR_FMT
                 "\r\nX-Content-Type-Options: nosniff\r\nCache-Control: no-store\r\nContent-Length: %zu\r\n\r\n",
                 refusals[i].status, refusals[i].reason, date, refusals[i].more, STR_ARG(type), page.len);
    c->linger = true;
    /* What a client does not take at once it does not get: nothing waits for it here. */
    if (send(c->fd, text, (size_t)n, MSG_DONTWAIT | MSG_NOSIGNAL | (head ? 0 : MSG_MORE)) == n && !head)
        (void)!send(c->fd, page.ptr, page.len, MSG_DONTWAIT | MSG_NOSIGNAL);
}
