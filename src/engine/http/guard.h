/* guard.h: what RFC 9110, 9112 and 3986 forbid in a request, as pure functions. Of this room only.
 *
 * A rule answers with the status to refuse the request with, or 0. */
#ifndef LILONG_HTTP_GUARD_H
#define LILONG_HTTP_GUARD_H

#include "engine/http/http.h"

enum {
    GUARD_TARGET_MAX = 8 * 1024,   /* bytes of the request target */
    GUARD_HEADERS_MAX = 100,       /* fields */
    GUARD_HEAD_MAX = 16 * 1024,    /* bytes of request line and headers */
};

/* The header block as libmicrohttpd leaves it in memory: it writes NULs over the separators and moves nothing. */
struct guard_block {
    const char *start;      /* of the method */
    size_t size;            /* to the end of the empty line */
    const char *target;     /* where the target began when the request line was read */
    size_t target_len;
    const char *version;
};

/* What the headers say about the body. */
struct guard_framing {
    bool chunked;
    bool has_length;
    uint64_t length;
    bool expect_continue;
};

/* GET ... OPTIONS; 405 for TRACE and CONNECT, 501 for everything else. Methods are case-sensitive. */
int guard_method(struct str method, enum http_method *ret_method);

/* Checks a target in origin form (or absolute form, whose authority is then in ret_authority, else {NULL,0}) and takes it
 * apart: the decoded path, in the arena, and the query as sent. 400 or 414. */
int guard_target(struct arena *a, struct str raw, struct str *ret_path, struct str *ret_query, struct str *ret_authority);

/* The header fields, in order, values without white space at the ends. `minor` is the 1 of HTTP/1.1. */
int guard_headers(const struct http_header *headers, size_t n, int minor, struct str authority,
                  struct guard_framing *ret_framing);

/* Were the lines ended by CRLF, without NUL, without folding, with single spaces in the request line? 400 if not. */
int guard_block(const struct guard_block *block, const struct http_header *headers, size_t n);

/* Percent-decodes; plus also turns '+' into a space. E_INVALID for a broken escape; the result is not checked further. */
enum result guard_decode(struct arena *a, struct str s, bool plus, struct str *ret_decoded) MUST_USE;

bool guard_token(struct str s);      /* RFC 9110 5.6.2 */
bool guard_value(struct str s);      /* RFC 9110 5.5: no control bytes but tab */
bool guard_utf8(struct str s);       /* well-formed; says nothing about control characters */

#endif
