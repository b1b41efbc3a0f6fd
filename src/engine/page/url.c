/* url.c: addresses. A struct url holds only bytes that may stand in an address, so that it can stand in href and src. */
#include <assert.h>

#include "engine/base/format.h"
#include "engine/base/sixteen.h"
#include "engine/page/page.h"

/* Bit 1: may stand anywhere in an address; bit 2: may where it separates. */
static const unsigned char url_class[256] = {
    ['a'] = 1, ['b'] = 1, ['c'] = 1, ['d'] = 1, ['e'] = 1, ['f'] = 1,  ['g'] = 1, ['h'] = 1, ['i'] = 1, ['j'] = 1,
    ['k'] = 1, ['l'] = 1, ['m'] = 1, ['n'] = 1, ['o'] = 1, ['p'] = 1,  ['q'] = 1, ['r'] = 1, ['s'] = 1, ['t'] = 1,
    ['u'] = 1, ['v'] = 1, ['w'] = 1, ['x'] = 1, ['y'] = 1, ['z'] = 1,  ['A'] = 1, ['B'] = 1, ['C'] = 1, ['D'] = 1,
    ['E'] = 1, ['F'] = 1, ['G'] = 1, ['H'] = 1, ['I'] = 1, ['J'] = 1,  ['K'] = 1, ['L'] = 1, ['M'] = 1, ['N'] = 1,
    ['O'] = 1, ['P'] = 1, ['Q'] = 1, ['R'] = 1, ['S'] = 1, ['T'] = 1,  ['U'] = 1, ['V'] = 1, ['W'] = 1, ['X'] = 1,
    ['Y'] = 1, ['Z'] = 1, ['0'] = 1, ['1'] = 1, ['2'] = 1, ['3'] = 1,  ['4'] = 1, ['5'] = 1, ['6'] = 1, ['7'] = 1,
    ['8'] = 1, ['9'] = 1, ['-'] = 1, ['.'] = 1, ['_'] = 1, ['~'] = 1,  ['/'] = 2, ['?'] = 2, ['#'] = 2, ['['] = 2,
    [']'] = 2, ['@'] = 2, ['!'] = 2, ['$'] = 2, ['&'] = 2, ['\''] = 2, ['('] = 2, [')'] = 2, ['*'] = 2, ['+'] = 2,
    [','] = 2, [';'] = 2, ['='] = 2, [':'] = 2, ['%'] = 2,
};

static bool is_unreserved(unsigned char c)
{
    return url_class[c] == 1;
}

/* Writes s with everything percent-encoded that is neither unreserved nor in `also`. */
static void put_encoded(struct buf *b, struct str s, const char *also)
{
    static const char digits[] = "0123456789ABCDEF";
    size_t from = 0;

    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];

        if (url_class[c] == 1 || (url_class[c] && *also && strchr(also, c)))
            continue;
        buf_put(b, str_sub(s, from, i - from));
        buf_putc(b, '%');
        buf_putc(b, digits[c >> 4]);
        buf_putc(b, digits[c & 15]);
        from = i + 1;
    }
    buf_put(b, str_sub(s, from, s.len - from));
}

#define RESERVED "/?#[]@!$&'()*+,;=:%"

/* Whether all bytes are small letters, digits, '-', '.' or '/': those of nearly all addresses. */
static inline bool all_plain(sixteen s)
{
    return sixteen_none((sixteen)(((sixteen)(s - 'a') > 'z' - 'a') & ((sixteen)(s - '-') > '9' - '-')));
}

static bool all_stand(struct str s)
{
    size_t i = 0;

    for (; i + 16 <= s.len && all_plain(sixteen_at(s.ptr + i)); i += 16)
        ;
    if (s.len - i < 16 && all_plain(sixteen_of(s.ptr + i, s.len - i)))
        return true;
    for (; i < s.len; i++)
        if (!url_class[(unsigned char)s.ptr[i]])
            return false;
    return true;
}

static size_t put_number(char *out, int64_t n)
{
    char digits[FORMAT_DIGITS], *end = digits + sizeof(digits),
                                *from = format_digits(end, n < 0 ? -(uint64_t)n : (uint64_t)n);
    size_t sign = n < 0, len = (size_t)(end - from);

    out[0] = '-';
    memcpy(out + sign, from, len);
    return sign + len;
}

/* What nearly all addresses are: words and numbers (PRId64, %s, %.*s). False for any other format, or a very long one. */
static bool print_quickly(struct arena *a, const char *format, va_list ap, struct str *ret)
{
    char text[256];
    size_t n = 0, room = sizeof(text) - FORMAT_DIGITS - 2;

    for (const char *p = format; *p;) {
        if (n >= room)
            return false;
        if (*p != '%') {
            text[n++] = *p++;
        } else if (p[1] == 'l' && p[2] == 'd') {
            n += put_number(text + n, va_arg(ap, long));
            p += 3;
        } else if (p[1] == 's' || (p[1] == '.' && p[2] == '*' && p[3] == 's')) {
            int most = p[1] == 's' ? (int)room : va_arg(ap, int);
            const char *s = va_arg(ap, const char *);
            size_t len = s && most > 0 ? strnlen(s, (size_t)most) : 0;

            if (most < 0 || len > room - n)
                return false;
            if (len)
                memcpy(text + n, s, len);
            n += len;
            p += p[1] == 's' ? 2 : 4;
        } else {
            return false;
        }
    }
    *ret = str_dup(a, (struct str){text, n});
    return true;
}

struct url url_path(struct arena *a, const char *format, ...)
{
    struct str s;
    struct buf b;
    va_list ap;

    assert(format[0] == '/');
    va_start(ap, format);
    if (!print_quickly(a, format, ap, &s)) {
        va_end(ap);
        va_start(ap, format);
        s = str_vprintf(a, format, ap);
    }
    va_end(ap);
    /* "//host" would be another host's address */
    while (s.len > 1 && (s.ptr[1] == '/' || s.ptr[1] == '\\'))
        s = str_sub(s, 1, s.len);
    if (s.len && s.ptr[0] != '/')
        s = str_printf(a, "/" STR_FMT, STR_ARG(s));
    if (all_stand(s)) /* nearly always: words of ours and numbers */
        return (struct url){s};
    buf_init(&b, a, s.len + 16, 1 << 16);
    put_encoded(&b, s, RESERVED);
    return (struct url){buf_str(&b)};
}

struct url url_below(struct arena *a, struct url base, const char *rest)
{
    return (struct url){str_printf(a, STR_FMT "%s", STR_ARG(base.s), rest)};
}

struct url url_number(struct arena *a, struct url base, int64_t n, const char *rest)
{
    size_t more = strlen(rest);
    char *p = arena_bytes(a, base.s.len + 1 + FORMAT_DIGITS + 1 + more), *at = p;

    if (base.s.len)
        memcpy(at, base.s.ptr, base.s.len);
    at += base.s.len;
    *at++ = '/';
    at += put_number(at, n);
    memcpy(at, rest, more);
    return (struct url){{p, (size_t)(at - p) + more}};
}

struct url url_add(struct arena *a, struct url base, const char *name, struct str value)
{
    const char *hash = base.s.len ? memchr(base.s.ptr, '#', base.s.len) : NULL;
    struct str front = hash ? str_sub(base.s, 0, (size_t)(hash - base.s.ptr)) : base.s;
    struct str back = hash ? str_sub(base.s, front.len, base.s.len) : STR_NONE;
    struct buf b;

    buf_init(&b, a, base.s.len + value.len + 32, 1 << 16);
    buf_put(&b, front);
    buf_putc(&b, front.len && memchr(front.ptr, '?', front.len) ? '&' : '?');
    for (; *name; name++) /* a word of ours */
        buf_putc(&b, *name);
    buf_putc(&b, '=');
    put_encoded(&b, value, "");
    buf_put(&b, back);
    return (struct url){buf_str(&b)};
}

struct url url_tel(struct arena *a, struct str number)
{
    struct buf b;
    size_t digits = 0;

    buf_init(&b, a, number.len + 8, 1 << 10);
    buf_put(&b, STR("tel:"));
    for (size_t i = 0; i < number.len && digits < 20; i++) {
        char c = number.ptr[i];
        if (c >= '0' && c <= '9') {
            buf_putc(&b, c);
            digits++;
        } else if (c == '+' && digits == 0 && b.len == 4) {
            buf_putc(&b, c);
        }
    }
    return (struct url){digits ? buf_str(&b) : STR_NONE};
}

struct url url_mail(struct arena *a, struct str address)
{
    size_t at = str_find(address, STR("@"));
    struct buf b;

    if (at == SIZE_MAX || at == 0 || at + 1 >= address.len || address.len > 254)
        return (struct url){STR_NONE};
    buf_init(&b, a, address.len + 16, 1 << 12);
    buf_put(&b, STR("mailto:"));
    put_encoded(&b, address, "@+");
    return (struct url){buf_str(&b)};
}

struct url url_web(struct arena *a, struct str address)
{
    struct str s = str_trim(address),
               scheme = str_eq_ci(str_sub(s, 0, 7), STR("http://")) ? STR("http://") : STR("https://");
    struct buf b;

    if (s.len <= scheme.len || s.len > 2000 || !str_eq_ci(str_sub(s, 0, scheme.len), scheme))
        return (struct url){STR_NONE};
    s = str_sub(s, scheme.len, s.len - scheme.len);
    if (!is_unreserved((unsigned char)s.ptr[0]) && s.ptr[0] != '[' && !((unsigned char)s.ptr[0] & 0x80))
        return (struct url){STR_NONE};
    buf_init(&b, a, address.len + 16, 1 << 14);
    buf_put(&b, scheme);
    put_encoded(&b, s, RESERVED);
    return (struct url){buf_str(&b)};
}

enum result url_local(struct arena *a, struct str path, struct url *ret_url)
{
    struct buf b;

    if (path.len == 0 || path.len > 2000 || path.ptr[0] != '/')
        return E_INVALID;
    if (path.len > 1 && path.ptr[1] == '/')
        return E_INVALID;
    for (size_t i = 0; i < path.len; i++)
        if ((unsigned char)path.ptr[i] < 0x20 || path.ptr[i] == '\\' || path.ptr[i] == 0x7F)
            return E_INVALID;
    buf_init(&b, a, path.len + 16, 1 << 14);
    put_encoded(&b, path, RESERVED);
    *ret_url = (struct url){buf_str(&b)};
    return OK;
}
