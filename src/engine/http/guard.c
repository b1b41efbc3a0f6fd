/* guard.c: the rules in front of the parser.
 *
 * libmicrohttpd 0.9.75 predates RFC 9112: Transfer-Encoding beats Content-Length without a word, an unknown coding means
 * "until close", of several Content-Length fields the first counts, a bare LF ends a line, NUL cuts a value short and
 * folded lines are glued. Each of these lets two servers disagree about where a request ends, so each is refused here.
 *
 * What cannot be seen from outside of it, and why that is bearable:
 *  - empty lines before the request line are skipped (RFC 9112 2.2 allows it);
 *  - a NUL at the end of a line that a bare LF ends: both leave what CRLF leaves. To split a request by it, a proxy would have
 *    to pass on a NUL inside a field; nginx and HAProxy refuse those;
 *  - inside a chunked body: chunk extensions, trailers, and a bare LF after a chunk size are read and forgotten.
 *    Proxies re-frame bodies; nothing of a trailer reaches anybody. Sizes are checked by libmicrohttpd (hex digits only,
 *    no overflow);
 *  - a request line without a version, a broken version, a Content-Length that is no number: it answers 400 or 505 itself
 *    and closes. In the case of Content-Length it sends its header block twice before it closes; the connection is at
 *    its end, so nobody can take the second for the answer to something else. */
#include "engine/http/guard.h"

#include <string.h>

#include "engine/base/sixteen.h"

static const struct {
    const char *name;
    size_t len;
    enum http_method method;
    int status;
} methods[] = {
    {"GET", 3, HTTP_GET, 0},         {"HEAD", 4, HTTP_HEAD, 0},     {"POST", 4, HTTP_POST, 0},
    {"PUT", 3, HTTP_PUT, 0},         {"PATCH", 5, HTTP_PATCH, 0},   {"DELETE", 6, HTTP_DELETE, 0},
    {"OPTIONS", 7, HTTP_OPTIONS, 0}, {"TRACE", 5, HTTP_OTHER, 405}, {"CONNECT", 7, HTTP_OTHER, 405},
};

int guard_method(struct str method, enum http_method *ret_method)
{
    for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++)
        if (method.len == methods[i].len && memcmp(method.ptr, methods[i].name, method.len) == 0) {
            if (methods[i].status == 0)
                *ret_method = methods[i].method;
            return methods[i].status;
        }
    return guard_token(method) ? 501 : 400;
}

/* ---- characters ---- */

static bool is_tchar(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || (c >= '0' && c <= '9') ||
           (c && strchr("!#$%&'*+.^_`|~", c));
}

bool guard_token(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!is_tchar((unsigned char)s.ptr[i]))
            return false;
    return s.len > 0;
}

/* Whether a byte is a control character other than a tab. */
static bool has_control(sixteen s)
{
    return !sixteen_none((sixteen)(((s < 0x20) & (s != '\t')) | (s == 0x7f)));
}

bool guard_value(struct str s)
{
    size_t i = 0;

    for (; i + 16 <= s.len; i += 16)
        if (has_control(sixteen_at(s.ptr + i)))
            return false;
    return !has_control(sixteen_of(s.ptr + i, s.len - i));
}

bool guard_utf8(struct str s)
{
    const unsigned char *p = (const unsigned char *)(s.len ? s.ptr : ""), *end = p + s.len;

    while (p < end) {
        unsigned char c = *p++;
        size_t more = c < 0x80               ? 0
                    : c >= 0xc2 && c <= 0xdf ? 1
                    : c >= 0xe0 && c <= 0xef ? 2
                    : c >= 0xf0 && c <= 0xf4 ? 3
                                             : 9;

        if (more > (size_t)(end - p))
            return false;
        if ((c == 0xe0 && *p < 0xa0) || (c == 0xed && *p > 0x9f) || (c == 0xf0 && *p < 0x90) ||
            (c == 0xf4 && *p > 0x8f))
            return false;
        for (; more; more--)
            if ((*p++ & 0xc0) != 0x80)
                return false;
    }
    return true;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

enum result guard_decode(struct arena *a, struct str s, bool plus, struct str *ret_decoded)
{
    char *out;
    size_t n = 0;

    if (!memchr(s.len ? s.ptr : "", '%', s.len) && !(plus && s.len && memchr(s.ptr, '+', s.len))) {
        *ret_decoded = s;
        return OK;
    }
    out = arena_array(a, char, s.len);
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] == '%') {
            int high, low;

            if (s.len - i < 3 || (high = hex_digit(s.ptr[i + 1])) < 0 || (low = hex_digit(s.ptr[i + 2])) < 0)
                return E_INVALID;
            out[n++] = (char)(high << 4 | low);
            i += 2;
        } else {
            out[n++] = plus && s.ptr[i] == '+' ? ' ' : s.ptr[i];
        }
    }
    *ret_decoded = (struct str){out, n};
    return OK;
}

/* ---- the target ---- */

/* What may stand in a target unescaped. Stricter than browsers nowhere: |, ^, `, {, } and raw UTF-8 do arrive. */
static bool is_target_byte(unsigned char c)
{
    return c > 0x20 && c != 0x7f && c != '"' && c != '<' && c != '>' && c != '\\' && c != '#';
}

/* Decoded text of a path or a query: no control character, also not as a C1 one of two bytes. */
static bool decoded_text(struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];

        if (c < 0x20 || c == 0x7f)
            return false;
    }
    return guard_utf8(s);
}

static bool path_has_dots(struct str path)
{
    struct str rest = path, segment;

    while (str_cut(&rest, '/', &segment))
        if (str_eq(segment, STR(".")) || str_eq(segment, STR("..")))
            return true;
    return false;
}

static bool query_decodes(struct str query)
{
    /* Line breaks of a text field are %0D%0A in a query: control characters are the form parser's business. */
    for (size_t i = 0; i < query.len; i++)
        if (query.ptr[i] == '%') {
            if (query.len - i < 3 || hex_digit(query.ptr[i + 1]) < 0 || hex_digit(query.ptr[i + 2]) < 0)
                return false;
            if (query.ptr[i + 1] == '0' && query.ptr[i + 2] == '0')
                return false;
        }
    return true;
}

int guard_target(struct arena *a, struct str raw, struct str *ret_path, struct str *ret_query,
                 struct str *ret_authority)
{
    struct str path = raw, query = STR_NONE, authority = STR_NONE, decoded, decoded_query;
    size_t at;

    if (raw.len > GUARD_TARGET_MAX)
        return 414;
    for (size_t i = 0; i < raw.len; i++)
        if (!is_target_byte((unsigned char)raw.ptr[i]))
            return 400;

    at = str_starts(raw, STR("http://")) ? 7 : str_starts(raw, STR("https://")) ? 8 : 0;
    if (at) { /* absolute form: a server must understand it (RFC 9112 3.2.2) */
        size_t end = at;

        while (end < raw.len && raw.ptr[end] != '/' && raw.ptr[end] != '?')
            end++;
        authority = str_sub(raw, at, end - at);
        path = str_sub(raw, end, raw.len - end);
        if (authority.len == 0 || path.len == 0 || path.ptr[0] != '/')
            return 400;
    }
    if (path.len == 0 || path.ptr[0] != '/')
        return 400;
    at = str_find(path, STR("?"));
    if (at != SIZE_MAX) {
        query = str_sub(path, at + 1, path.len - at - 1);
        path = str_sub(path, 0, at);
    }

    /* An escaped slash would mean one thing to a proxy and another to the router. */
    for (size_t i = 0; i + 2 < path.len; i++)
        if (path.ptr[i] == '%' && ((path.ptr[i + 1] == '2' && (path.ptr[i + 2] | 0x20) == 'f') ||
                                   (path.ptr[i + 1] == '5' && (path.ptr[i + 2] | 0x20) == 'c')))
            return 400;
    if (guard_decode(a, path, false, &decoded) != OK || !decoded_text(decoded) || path_has_dots(decoded))
        return 400;
    if (!query_decodes(query) || guard_decode(a, query, true, &decoded_query) != OK || !guard_utf8(decoded_query))
        return 400;

    *ret_path = decoded;
    *ret_query = query;
    *ret_authority = authority;
    return 0;
}

/* ---- headers ---- */

/* Fields of which a second one is an attack or a mistake. Host, Content-Length and Transfer-Encoding are counted apart. */
static const struct str single[] = {
    {"Authorization", 13},
    {"Content-Type", 12},
    {"Expect", 6},
    {"Idempotency-Key", 15},
    {"If-Modified-Since", 17},
    {"If-Range", 8},
    {"Origin", 6},
    {"Range", 5},
    {"Referer", 7},
    {"Sec-Fetch-Dest", 14},
    {"Sec-Fetch-Mode", 14},
    {"Sec-Fetch-Site", 14},
    {"User-Agent", 10},
    {"X-CSRF-Token", 12},
    {"HX-Request", 10},
};

static bool host_ok(struct str host)
{
    for (size_t i = 0; i < host.len; i++) {
        unsigned char c = (unsigned char)host.ptr[i];

        if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
              (c && strchr("-._~:[]", c))))
            return false;
    }
    return host.len > 0 && host.len <= 260;
}

int guard_headers(const struct http_header *headers, size_t n, int minor, struct str authority,
                  struct guard_framing *ret_framing)
{
    struct guard_framing f = {0};
    unsigned hosts = 0, lengths = 0, codings = 0, seen = 0;
    struct str host = STR_NONE;

    if (n > GUARD_HEADERS_MAX)
        return 431;
    for (size_t i = 0; i < n; i++) {
        struct str name = headers[i].name, value = headers[i].value;

        if (!guard_token(name) || !guard_value(value))
            return 400;
        switch (name.len) {
        case 4:
            if (str_eq_ci(name, STR("Host"))) {
                hosts++;
                host = value;
            }
            break;
        case 14:
            if (str_eq_ci(name, STR("Content-Length"))) {
                lengths++;
                if (value.len == 0 || value.len > 18)
                    return 400;
                for (size_t k = 0; k < value.len; k++) {
                    if (value.ptr[k] < '0' || value.ptr[k] > '9')
                        return 400;
                    f.length = f.length * 10 + (uint64_t)(value.ptr[k] - '0');
                }
                f.has_length = true;
            }
            break;
        case 17:
            if (str_eq_ci(name, STR("Transfer-Encoding"))) {
                codings++;
                if (!str_eq_ci(value, STR("chunked")))
                    return 400;
                f.chunked = true;
            }
            break;
        case 6:
            if (minor > 0 && str_eq_ci(name, STR("Expect"))) {
                if (!str_eq_ci(value, STR("100-continue")))
                    return 417;
                f.expect_continue = true;
            }
            break;
        }
        for (size_t k = 0; k < sizeof(single) / sizeof(single[0]); k++)
            if (name.len == single[k].len && str_eq_ci(name, single[k])) {
                if (seen & 1u << k)
                    return 400;
                seen |= 1u << k;
            }
    }
    if (hosts > 1 || lengths > 1 || codings > 1 || (lengths && codings) || (codings && minor == 0))
        return 400;
    if ((minor > 0 && hosts == 0) || (hosts && !host_ok(host)))
        return 400;
    if (authority.ptr && (!host_ok(authority) || (hosts && !str_eq_ci(authority, host))))
        return 400;
    *ret_framing = f;
    return 0;
}

int guard_block(const struct guard_block *block, const struct http_header *headers, size_t n)
{
    const char *end = block->start + block->size, *at;
    size_t method_len = strnlen(block->start, block->size);

    /* METHOD NUL target NUL HTTP/1.x NUL NUL: a second space or a NUL inside the target shifts what follows. */
    if (block->target != block->start + method_len + 1 || block->version != block->target + block->target_len + 1)
        return 400;
    at = block->version + 8;
    if (at + 2 > end || at[0] || at[1])
        return 400;
    at += 2;
    for (size_t i = 0; i < n; i++) {
        const char *value = headers[i].value.ptr;

        /* name NUL blanks value NUL NUL: a bare LF leaves one NUL, a NUL inside leaves text behind it, and a folded line
         * has been copied to elsewhere. */
        if (headers[i].name.ptr != at)
            return 400;
        at += headers[i].name.len;
        if (value <= at || value >= end || *at)
            return 400;
        for (at++; at < value; at++)
            if (*at != ' ' && *at != '\t')
                return 400;
        at += headers[i].value.len;
        if (at + 2 > end || at[0] || at[1])
            return 400;
        at += 2;
    }
    return at + 2 == end && !at[0] && !at[1] ? 0 : 400;
}
