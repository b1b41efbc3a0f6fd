/* private.h: what the files of this room share. Nobody else includes it. */
#ifndef LILONG_HTTP_PRIVATE_H
#define LILONG_HTTP_PRIVATE_H

#include <microhttpd.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>

#include "engine/http/cookie.h"
#include "engine/http/guard.h"
#include "engine/http/http.h"

enum {
    POOL_BYTES = 24 * 1024,          /* libmicrohttpd's memory of a connection: request head, then answer head */
    POOL_RECORD = 80,                /* of it, for each field of a request; more than it takes */
    ANSWER_HEAD_MAX = 6 * 1024,      /* of it, for the head of an answer */
    BODY_SPOOL_FROM = 256 * 1024,    /* larger bodies go to a file */
    UNREAD_MAX = 128 * 1024,         /* of answers that the system keeps for a client, which doubles it for its own needs */
    BODY_FIRST = 16 * 1024,          /* what a body gets before it has shown that it needs more */
    SHARDS = 8,
    PEER_BUCKETS = 4096,
    LINGER_MAX = 256,                /* sockets that wait for the client to read a refusal */
};

#define SECOND_US INT64_C(1000000)
#define NO_DEADLINE INT64_MAX
#define IDLE_US (60 * SECOND_US)          /* between two requests of a connection */
#define IDLE_CROWDED_US (5 * SECOND_US)   /* the same when three quarters of the connections are taken */
#define LEAVE_US (3 * SECOND_US / 2)      /* an idle connection is not closed at once when we leave: its next request may be on the way ... */
#define REST_US (SECOND_US / 5)           /* ... and when that time is over */
#define SEND_US (30 * SECOND_US)          /* to read an answer, and a second more for each ... */
#define SEND_BYTES_PER_SECOND (16 * 1024)
#define LINGER_US (2 * SECOND_US)
#define DRAIN_US (30 * SECOND_US)         /* http_close: how long clients may take with what is under way */

struct address {
    int family;              /* AF_INET, AF_INET6; IPv4 in IPv6 counts as IPv4 */
    unsigned char bytes[16];
};

struct network {
    struct address address;
    unsigned bits;
};

/* How many connections an address has open. */
struct peer {
    struct peer *next;
    struct address address;
    unsigned n;
};

enum phase { PHASE_FRESH, PHASE_IDLE, PHASE_HEADER, PHASE_BODY, PHASE_HANDLE, PHASE_SEND };

/* One TCP connection. Made and freed in the I/O thread that owns it; the reaper sees it under `reaper_lock`. */
struct connection {
    struct http_server *server;
    struct connection *prev, *next;
    int fd;
    unsigned shard;
    struct address address;
    bool trusted;            /* of a trusted proxy */
    bool exempt;             /* does not count for its address */
    bool linger;             /* answered before everything was read: close softly */
    bool reaped;
    char peer[INET6_ADDRSTRLEN];
    _Atomic int phase;
    _Atomic int64_t deadline; /* monotonic us */
    int64_t opened, since;    /* since: when the request line was complete */
    struct {                  /* of the reaper: has an idle client begun to send? */
        int64_t deadline, looked;
        uint64_t received;
    } idle;
    const char *target_at;    /* where the target lay in libmicrohttpd's memory */
    char *target;             /* a copy of it, from before it was taken apart */
    size_t target_len, target_room;
};

struct body {
    char *ptr;
    size_t len, room;
    size_t counted;          /* bytes of bodies_max, or of the spool's share */
    int fd;                  /* of the spooled file, or -1 */
    bool mapped;
};

struct http_private {
    struct http_server *server;
    struct connection *connection;
    struct MHD_Connection *mhd;
    struct http_header *headers; /* of the request; in libmicrohttpd's memory */
    size_t n_headers;
    size_t body_limit, body_expected; /* expected: the announced length, 0 of chunked ones */
    struct body body;
    struct str mapped;           /* http_map() */
    bool suspends;               /* the handler has suspended it; read by its own thread */
    bool handled;                /* finished() is due */
};

struct exchange {
    struct http_exchange x;
    struct http_private p;
    struct exchange *next;       /* in the list of spare ones */
};

struct shard {
    pthread_mutex_t lock;
    struct exchange *spare;
    unsigned n_spare;
} __attribute__((aligned(64)));

struct lingering {
    int fd;
    int64_t until;
};

struct http_server {
    struct http_options options;
    struct network *trusted;
    size_t n_trusted;
    char *spool_dir;
    struct MHD_Daemon *mhd;
    int listen_fd, wake_fd;      /* wake_fd ends the acceptor's poll */
    uint16_t port;
    bool old_parser;             /* 0.9.75: guard_block() knows its memory */
    pthread_t acceptor, reaper;
    bool accepting, reaping;     /* threads that have to be joined */
    atomic_bool leaving, quiesced, closing, refusing, stop;
    atomic_uint connections;
    atomic_uint busy;            /* exchanges in a handler or suspended */
    atomic_size_t body_bytes, spool_bytes;
    struct shard shards[SHARDS];

    pthread_mutex_t reaper_lock;
    pthread_cond_t reaper_wake;
    struct connection *open;
    struct lingering lingering[LINGER_MAX];
    size_t n_lingering;

    pthread_mutex_t peers_lock;
    struct peer *peers[PEER_BUCKETS];
};

int64_t http_now_us(void); /* CLOCK_MONOTONIC */

/* exchange.c */
struct exchange *exchange_take(struct http_server *s, unsigned shard); /* NULL when memory is out */
void exchange_give(struct http_server *s, unsigned shard, struct exchange *e);
void exchanges_free(struct http_server *s);
/* Hands the answer to libmicrohttpd. */
enum MHD_Result exchange_answer(struct exchange *e);
/* Writes a refusal to the socket; the caller returns MHD_NO, which closes it. For answers that libmicrohttpd would not
 * take any more, and the same for those that it would. */
void connection_refuse(struct connection *c, int status, bool head);

/* body.c */
int body_append(struct http_server *s, struct body *b, const char *data, size_t n, size_t expected); /* 0, 413 or 503 */
int body_finish(struct body *b, struct str *ret_text);                                               /* 0 or 503 */
void body_free(struct http_server *s, struct body *b);

/* peers.c */
bool address_parse(struct str text, struct address *ret_address);
void address_from(const struct sockaddr *from, struct address *ret_address);
void address_print(const struct address *address, char text[INET6_ADDRSTRLEN]);
bool address_loopback(const struct address *address);
enum result networks_parse(const char *const *texts, size_t n, struct network **ret_networks) MUST_USE;
bool networks_have(const struct network *networks, size_t n, const struct address *address);
unsigned peers_count(struct http_server *s, const struct address *address);
bool peers_enter(struct http_server *s, const struct address *address, unsigned max); /* false: too many */
void peers_leave(struct http_server *s, const struct address *address);
void peers_free(struct http_server *s);
/* The client behind trusted proxies: fills x->peer and x->secure. */
void peers_resolve(struct exchange *e);

/* reaper.c */
bool reaper_start(struct http_server *s);
void reaper_stop(struct http_server *s);
void reaper_enter(struct connection *c);
void reaper_leave(struct connection *c);    /* before its descriptor is closed; takes a copy of it to linger on */
void reaper_hurry(struct http_server *s);

static inline void connection_phase(struct connection *c, enum phase phase, int64_t deadline)
{
    atomic_store_explicit(&c->deadline, deadline, memory_order_relaxed);
    atomic_store_explicit(&c->phase, (int)phase, memory_order_relaxed);
}

#endif
