/* str.h: borrowed runs of bytes, and the strict parsers that work on them. */
#ifndef LILONG_BASE_STR_H
#define LILONG_BASE_STR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "engine/base/result.h"

struct arena;

/* A borrowed, read-only run of bytes. Owns nothing, is not NUL-terminated, and is valid as long as
 * the memory that it points into (for a handler: the request's arena). {NULL, 0} is the empty string
 * and also how an SQL NULL arrives. */
struct str {
    const char *ptr;
    size_t len;
};

#define STR(lit) ((struct str){"" lit, sizeof(lit) - 1}) /* string literals only */
#define STR_NONE ((struct str){NULL, 0})
#define STR_FMT "%.*s" /* printf("name " STR_FMT, STR_ARG(s)) */
#define STR_ARG(s) (int)(s).len, (s).ptr ? (s).ptr : ""

static inline bool str_eq(struct str a, struct str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

static inline struct str str_from_cstr(const char *s)
{
    return (struct str){s, s ? strlen(s) : 0};
}

bool str_eq_ci(struct str a, struct str b); /* ASCII letters without case */
int str_cmp(struct str a, struct str b);    /* byte order, as memcmp */
bool str_starts(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);
struct str str_trim(struct str s);          /* without ASCII white space and U+3000 at both ends */
struct str str_sub(struct str s, size_t from, size_t len); /* clamped to s */

/* Where needle starts in s, or SIZE_MAX. An empty needle is found at 0. */
size_t str_find(struct str s, struct str needle);

/* Splits at the first sep: head gets what is before it, rest what is after. Without a sep head gets
 * everything and rest becomes empty. Returns false when rest was empty to begin with, so that
 * while (str_cut(&rest, ',', &head)) walks a list. */
bool str_cut(struct str *rest, char sep, struct str *head);

/* A whole decimal number: an optional '-', no '+', no blanks, no leading zeros but "0" itself, between
 * min and max. Anything else is E_INVALID. */
enum result str_int64(struct str s, int64_t min, int64_t max, int64_t *ret_value) MUST_USE;

/* Copies that live in the arena. str_cstr adds a NUL and replaces nothing: the caller knows that s has none. */
struct str str_dup(struct arena *a, struct str s);
char *str_cstr(struct arena *a, struct str s);
struct str str_printf(struct arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));
struct str str_vprintf(struct arena *a, const char *format, va_list ap) __attribute__((format(printf, 2, 0)));
struct str str_hex(struct arena *a, struct str bytes);                       /* lower case */
/* Pairs of hexadecimal digits of either case; anything else is E_INVALID. */
enum result str_unhex(struct arena *a, struct str hex, struct str *ret_bytes) MUST_USE;

/* UTF-8. Valid means by RFC 3629 (no surrogates, no overlong forms) and no control characters but tab and newline. */
bool str_utf8_text(struct str s);
size_t str_utf8_count(struct str s);                        /* code points */
struct str str_utf8_cut(struct str s, size_t code_points);  /* at most so many, never half a character */
uint32_t str_utf8_next(struct str *rest);                   /* takes one code point off; 0xFFFD where it is broken */

#endif
