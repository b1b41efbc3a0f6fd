/* http.h: HTTP/1.1 for the rest of the house. The only room that knows libmicrohttpd.
 *
 * A request arrives here whole: the guard has refused what RFC 9112 forbids, the body is complete and within its
 * limit. The handler answers at once, or suspends the exchange and answers later from any thread. */
#ifndef LILONG_HTTP_H
#define LILONG_HTTP_H

#include "engine/base/arena.h"
#include "engine/base/result.h"
#include "engine/base/str.h"

enum http_method { HTTP_GET, HTTP_HEAD, HTTP_POST, HTTP_PUT, HTTP_PATCH, HTTP_DELETE, HTTP_OPTIONS, HTTP_OTHER };

struct http_server;

/* One request and its answer. Lives until the answer has been sent; everything in it lives in `arena`. */
struct http_exchange {
    struct arena *arena;
    enum http_method method;
    struct str path;    /* percent-decoded, valid UTF-8, begins with '/', no "." or ".." segment, no NUL */
    struct str query;   /* as sent, without '?' */
    struct str body;    /* as sent; {NULL,0} without one */
    struct str peer;    /* address of the client as text: of the trusted proxy's X-Forwarded-For where one is configured */
    bool secure;        /* arrived by TLS at the trusted proxy */
    int64_t started;    /* CLOCK_MONOTONIC in microseconds when the request line had been read */

    /* The answer; set by the handler before it returns or resumes. */
    int status;
    struct str answer;  /* in the arena, static, or given to http_map() */
    struct http_header { struct str name, value; } *headers; /* in the arena */
    size_t n_headers, room_headers;

    void *user;         /* the handler's own */
    struct http_private *private;
};

/* The first header of that name (without case), or {NULL,0}. The guard has made sure that those which must be single are. */
struct str http_header(const struct http_exchange *x, struct str name);
struct str http_cookie(const struct http_exchange *x, struct str name);
/* Adds a header to the answer; there is room for 5 KiB of them. Dropped and logged: a value that is empty or has control
 * bytes; Date, Server, Connection, Content-Length, Transfer-Encoding, which are made here. */
void http_add_header(struct http_exchange *x, struct str name, struct str value);

/* A mapped file that is the answer, or part of it: unmapped when the answer has been sent. One at most; the file must not shrink meanwhile. */
void http_map(struct http_exchange *x, struct str mapped);

/* From the handler, instead of an answer: the connection sleeps until http_resume(x), called once, from any thread.
 * Suspend before anybody else can see x; from then on it belongs to whoever resumes it, and after http_resume to nobody.
 * The arena has no escape while suspended: who works on it sets one. A client that goes away meanwhile is noticed after
 * the resume; finished() tells. */
void http_suspend(struct http_exchange *x);
void http_resume(struct http_exchange *x);

struct http_options {
    const char *address;          /* "127.0.0.1" or "::1" */
    uint16_t port;                /* 0 picks a free one */
    int listen_fd;                /* an inherited socket, or -1 */
    unsigned threads;             /* 0: as many as cores */
    unsigned connections_max;     /* 0: 8192 */
    unsigned connections_per_peer;/* 0: 256; loopback and trusted proxies do not count */
    unsigned header_ms, body_ms;  /* absolute deadlines; 0: 15 s and 120 s */
    size_t arena_max;             /* ceiling of a request's arena; 0: 8 MiB */
    size_t bodies_max;            /* bytes of all bodies in memory at once; 0: 128 MiB. Bodies above 256 KiB go to unlinked
                                     files in spool_dir, 16 times as much in all */
    const char *spool_dir;        /* NULL: /tmp */
    const char *const *trusted_proxies; size_t n_trusted_proxies; /* addresses, or networks: "10.0.0.0/8" */

    /* How large a body this method and path may send: asked when the headers are complete. 0 refuses any body. */
    size_t (*body_limit)(void *ctx, enum http_method method, struct str path);
    void (*handle)(void *ctx, struct http_exchange *x);
    void (*finished)(void *ctx, struct http_exchange *x); /* for each handled one: answer sent or client gone. May be NULL */
    /* The HTML page (static) of a refusal made here: 400 405 413 414 417 431 501 503 505. NULL or {NULL,0}: the reason as text */
    struct str (*refusal)(void *ctx, int status);
    void *ctx;
};

enum result http_open(const struct http_options *options, struct http_server **ret_server) MUST_USE;
uint16_t http_port(const struct http_server *server);
int http_listen_fd(const struct http_server *server);
/* The first step of an orderly end: all go on being served, but each answer says that its connection ends, and idle ones are closed. Waits until none
 * is open, at most ms: so that no client has a request under way on a connection that is being closed. */
void http_leave(struct http_server *server, int ms);
void http_quiesce(struct http_server *server);  /* accept no more; what is open goes on */
/* Answers everything that has arrived, waiting for suspended exchanges as long as they take and for slow clients 30 s. */
void http_close(struct http_server *server);

/* forms: application/x-www-form-urlencoded and multipart/form-data (RFC 7578), and query strings.
 * A field that occurs twice is E_INVALID unless the caller asks for all of them (file fields, lists). */
struct form_field {
    struct str name, value;      /* value: text, or the bytes of the file */
    struct str filename, type;   /* only of files */
    bool is_file;
};
struct form {
    struct form_field *field;
    size_t n;
};
/* At most 256 fields and `files_max` files (E_TOO_LARGE), in the order of the body; names and text must be valid UTF-8
 * without control characters but tab and line breaks (E_INVALID). Values point into the body where they can. A file input
 * in which nothing was chosen is left out. filename is the last segment of what was sent: never use it as a path. */
enum result form_parse_urlencoded(struct arena *a, struct str text, struct form *ret_form) MUST_USE;
enum result form_parse_multipart(struct arena *a, struct str content_type, struct str body, size_t files_max,
                                 struct form *ret_form) MUST_USE;
/* The only field of that name; NULL when there is none, or several: form_count() tells. */
const struct form_field *form_get(const struct form *form, struct str name);
size_t form_count(const struct form *form, struct str name);

struct str url_encode(struct arena *a, struct str s);  /* RFC 3986 unreserved stay */

#endif
