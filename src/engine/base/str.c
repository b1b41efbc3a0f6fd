/* str.c: slices of bytes, strict numbers, UTF-8. */
#include "engine/base/str.h"

#include "engine/base/arena.h"
#include "engine/base/format.h"

static unsigned char lower(char c)
{
    return (unsigned char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}

bool str_eq_ci(struct str a, struct str b)
{
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++)
        if (lower(a.ptr[i]) != lower(b.ptr[i]))
            return false;
    return true;
}

int str_cmp(struct str a, struct str b)
{
    size_t n = a.len < b.len ? a.len : b.len;
    int order = n ? memcmp(a.ptr, b.ptr, n) : 0;

    if (order)
        return order;
    return (a.len > b.len) - (a.len < b.len);
}

bool str_starts(struct str s, struct str prefix)
{
    return s.len >= prefix.len && (prefix.len == 0 || memcmp(s.ptr, prefix.ptr, prefix.len) == 0);
}

bool str_ends(struct str s, struct str suffix)
{
    return s.len >= suffix.len && (suffix.len == 0 || memcmp(s.ptr + s.len - suffix.len, suffix.ptr, suffix.len) == 0);
}

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

struct str str_trim(struct str s)
{
    static const struct str wide = {"\xE3\x80\x80", 3}; /* U+3000, the blank of Chinese text */

    for (;;) {
        size_t off = s.len && is_blank(s.ptr[0]) ? 1 : str_starts(s, wide) ? wide.len : 0;

        if (!off)
            break;
        s = (struct str){s.ptr + off, s.len - off};
    }
    for (;;) {
        size_t off = s.len && is_blank(s.ptr[s.len - 1]) ? 1 : str_ends(s, wide) ? wide.len : 0;

        if (!off)
            break;
        s.len -= off;
    }
    return s;
}

struct str str_sub(struct str s, size_t from, size_t len)
{
    if (from > s.len)
        from = s.len;
    if (len > s.len - from)
        len = s.len - from;
    return (struct str){s.ptr ? s.ptr + from : NULL, len};
}

size_t str_find(struct str s, struct str needle)
{
    const char *at;

    if (needle.len == 0)
        return 0;
    if (s.len < needle.len)
        return SIZE_MAX;
    at = memmem(s.ptr, s.len, needle.ptr, needle.len);
    return at ? (size_t)(at - s.ptr) : SIZE_MAX;
}

bool str_cut(struct str *rest, char sep, struct str *head)
{
    const char *at;

    if (rest->len == 0)
        return false;
    at = memchr(rest->ptr, sep, rest->len);
    if (!at) {
        *head = *rest;
        *rest = STR_NONE;
        return true;
    }
    *head = (struct str){rest->ptr, (size_t)(at - rest->ptr)};
    *rest = (struct str){at + 1, rest->len - head->len - 1};
    return true;
}

enum result str_int64(struct str s, int64_t min, int64_t max, int64_t *ret_value)
{
    bool negative = s.len > 0 && s.ptr[0] == '-';
    size_t i = negative ? 1 : 0;
    int64_t value = 0; /* kept negative: that side reaches one further */

    if (i == s.len || (s.ptr[i] == '0' && s.len > 1))
        return E_INVALID;
    for (; i < s.len; i++) {
        if (s.ptr[i] < '0' || s.ptr[i] > '9')
            return E_INVALID;
        if (__builtin_mul_overflow(value, (int64_t)10, &value) ||
            __builtin_sub_overflow(value, (int64_t)(s.ptr[i] - '0'), &value))
            return E_INVALID;
    }
    if (!negative && __builtin_sub_overflow((int64_t)0, value, &value))
        return E_INVALID;
    if (value < min || value > max)
        return E_INVALID;
    *ret_value = value;
    return OK;
}

struct str str_dup(struct arena *a, struct str s)
{
    char *p;

    if (s.len == 0)
        return STR_NONE;
    p = arena_bytes(a, s.len);
    memcpy(p, s.ptr, s.len);
    return (struct str){p, s.len};
}

char *str_cstr(struct arena *a, struct str s)
{
    size_t room = s.len;
    char *p;

    if (room == SIZE_MAX)
        arena_exhausted(a);
    p = arena_bytes(a, room + 1);
    if (s.len)
        memcpy(p, s.ptr, s.len);
    p[s.len] = 0;
    return p;
}

struct str str_vprintf(struct arena *a, const char *format, va_list ap)
{
    char small[256]; /* most fit, and are printed once */
    va_list again;
    char *p;
    size_t n;

    va_copy(again, ap);
    n = format_any(small, sizeof(small), format, again);
    va_end(again);
    if (n == SIZE_MAX)
        arena_exhausted(a);
    p = arena_bytes(a, n + 1);
    if (n < sizeof(small))
        memcpy(p, small, n + 1);
    else
        format_any(p, n + 1, format, ap);
    return (struct str){p, n};
}

struct str str_printf(struct arena *a, const char *format, ...)
{
    struct str s;
    va_list ap;

    va_start(ap, format);
    s = str_vprintf(a, format, ap);
    va_end(ap);
    return s;
}

struct str str_hex(struct arena *a, struct str bytes)
{
    static const char digits[] = "0123456789abcdef";
    char *p = arena_alloc(a, bytes.len, 2, 1);

    for (size_t i = 0; i < bytes.len; i++) {
        unsigned char byte = (unsigned char)bytes.ptr[i];

        p[2 * i] = digits[byte >> 4];
        p[2 * i + 1] = digits[byte & 15];
    }
    return (struct str){p, bytes.len * 2};
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

enum result str_unhex(struct arena *a, struct str hex, struct str *ret_bytes)
{
    char *p;

    if (hex.len % 2)
        return E_INVALID;
    p = arena_alloc(a, hex.len / 2, 1, 1);
    for (size_t i = 0; i < hex.len; i += 2) {
        int high = hex_digit(hex.ptr[i]), low = hex_digit(hex.ptr[i + 1]);

        if (high < 0 || low < 0)
            return E_INVALID;
        p[i / 2] = (char)(high << 4 | low);
    }
    *ret_bytes = (struct str){p, hex.len / 2};
    return OK;
}

/* The code point at p, and in *ret_size how many bytes it takes. Where it is broken: 0xFFFD, and the longest beginning of
 * a character that stands there (as the WHATWG's decoder does), at least one byte. *ret_ok tells the two apart. */
static uint32_t decode(const unsigned char *p, size_t n, size_t *ret_size, bool *ret_ok)
{
    unsigned char first = p[0], low = 0x80, high = 0xBF;
    size_t more;
    uint32_t c;

    *ret_ok = true;
    *ret_size = 1;
    if (first < 0x80)
        return first;
    if (first >= 0xC2 && first <= 0xDF) {
        more = 1;
        c = first & 0x1F;
    } else if (first >= 0xE0 && first <= 0xEF) {
        more = 2;
        c = first & 0x0F;
        low = first == 0xE0 ? 0xA0 : 0x80;  /* overlong forms */
        high = first == 0xED ? 0x9F : 0xBF; /* surrogates */
    } else if (first >= 0xF0 && first <= 0xF4) {
        more = 3;
        c = first & 0x07;
        low = first == 0xF0 ? 0x90 : 0x80;
        high = first == 0xF4 ? 0x8F : 0xBF; /* past U+10FFFF */
    } else {
        *ret_ok = false;
        return 0xFFFD;
    }
    for (size_t i = 1; i <= more; i++) {
        if (i >= n || p[i] < low || p[i] > high) {
            *ret_ok = false;
            return 0xFFFD;
        }
        c = c << 6 | (p[i] & 0x3F);
        *ret_size = i + 1;
        low = 0x80;
        high = 0xBF;
    }
    return c;
}

static uint32_t next(struct str *rest, bool *ret_ok)
{
    size_t size;
    uint32_t c = decode((const unsigned char *)rest->ptr, rest->len, &size, ret_ok);

    *rest = (struct str){rest->ptr + size, rest->len - size};
    return c;
}

uint32_t str_utf8_next(struct str *rest)
{
    bool ok;

    return rest->len ? next(rest, &ok) : 0xFFFD;
}

bool str_utf8_text(struct str s)
{
    while (s.len) {
        bool ok;
        uint32_t c = next(&s, &ok);

        if (!ok || (c < 0x20 && c != '\t' && c != '\n') || (c >= 0x7F && c <= 0x9F))
            return false;
    }
    return true;
}

size_t str_utf8_count(struct str s)
{
    size_t n = 0;

    for (; s.len; n++)
        str_utf8_next(&s);
    return n;
}

struct str str_utf8_cut(struct str s, size_t code_points)
{
    struct str rest = s;

    for (size_t i = 0; i < code_points && rest.len; i++)
        str_utf8_next(&rest);
    return (struct str){s.ptr, s.len - rest.len};
}
