/* format.c: see format.h. */
#include "engine/base/format.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

struct out {
    char *at;
    size_t room, len; /* room without the NUL */
};

static void put(struct out *o, const char *p, size_t n)
{
    if (o->len < o->room) {
        size_t fits = o->room - o->len;

        memcpy(o->at + o->len, p, n < fits ? n : fits);
    }
    o->len += n;
}

static void pad(struct out *o, char c, size_t n)
{
    while (n--)
        put(o, &c, 1);
}

struct form { /* one conversion */
    bool zero, negative;
    size_t width, precision;
    bool has_precision;
};

char *format_digits(char *end, uint64_t n)
{
    static const char pair[] =
        "00010203040506070809101112131415161718192021222324252627282930313233343536373839404142434445464748"
        "4950515253545556575859606162636465666768697071727374757677787980818283848586878889909192939495969798"
        "99";

    while (n >= 100) {
        end -= 2;
        memcpy(end, &pair[n % 100 * 2], 2);
        n /= 100;
    }
    if (n >= 10) {
        end -= 2;
        memcpy(end, &pair[n * 2], 2);
    } else {
        *--end = (char)('0' + n);
    }
    return end;
}

static char *hex_digits(char *end, uint64_t n)
{
    do {
        *--end = "0123456789abcdef"[n & 15];
        n >>= 4;
    } while (n);
    return end;
}

static void put_number(struct out *o, const struct form *f, uint64_t n, bool hex)
{
    char digits[FORMAT_DIGITS], *end = digits + sizeof(digits), *at = hex ? hex_digits(end, n) : format_digits(end, n);
    size_t len = (size_t)(end - at), sign = f->negative, fill = f->width > len + sign ? f->width - len - sign : 0;

    if (!f->zero)
        pad(o, ' ', fill);
    if (f->negative)
        put(o, "-", 1);
    if (f->zero)
        pad(o, '0', fill);
    put(o, at, len);
}

static void put_text(struct out *o, const struct form *f, const char *s)
{
    size_t len = !s ? 0 : f->has_precision ? strnlen(s, f->precision) : strlen(s);

    pad(o, ' ', f->width > len ? f->width - len : 0);
    if (len)
        put(o, s, len);
}

enum size { SIZE_INT, SIZE_LONG, SIZE_LONG_LONG };
_Static_assert(sizeof(long) == 8 && sizeof(size_t) == 8 && sizeof(intmax_t) == 8, "sizes that take_number() counts on");

static enum size take_size(const char **p)
{
    if (**p == 'z' || **p == 'j') {
        ++*p;
        return SIZE_LONG;
    }
    if (**p != 'l')
        return SIZE_INT;
    if (*++*p != 'l')
        return SIZE_LONG;
    ++*p;
    return SIZE_LONG_LONG;
}

static size_t take_digits(const char **p)
{
    size_t n = 0;

    while (**p >= '0' && **p <= '9' && n < 100000)
        n = n * 10 + (size_t)(*(*p)++ - '0');
    return n;
}

size_t format_known(char *out, size_t room, bool *ret_known, const char *format, va_list ap)
{
    struct out o = {out, room ? room - 1 : 0, 0};

    *ret_known = false;
    for (const char *p = format; *p;) {
        const char *plain = p;
        struct form f = {0};

        while (*p && *p != '%')
            p++;
        if (p != plain)
            put(&o, plain, (size_t)(p - plain));
        if (!*p)
            break;
        p++;
        if (p[0] == 'l' && p[1] == 'd') { /* PRId64: of most addresses */
            int64_t n = va_arg(ap, long);

            f.negative = n < 0;
            put_number(&o, &f, f.negative ? -(uint64_t)n : (uint64_t)n, false);
            p += 2;
            continue;
        }
        if (*p == '0') {
            f.zero = true;
            p++;
        }
        f.width = take_digits(&p);
        if (*p == '.') {
            f.has_precision = true;
            p++;
            if (*p == '*') {
                int n = va_arg(ap, int);

                if (n < 0)
                    return 0;
                f.precision = (size_t)n;
                p++;
            } else {
                f.precision = take_digits(&p);
            }
        }
        enum size size = take_size(&p);
        if (f.has_precision && (*p != 's' || f.zero))
            return 0;
        switch (*p++) {
        case 'd':
        case 'i': {
            int64_t n = size == SIZE_INT  ? va_arg(ap, int)
                      : size == SIZE_LONG ? va_arg(ap, long)
                                          : va_arg(ap, long long);

            f.negative = n < 0;
            put_number(&o, &f, f.negative ? -(uint64_t)n : (uint64_t)n, false);
            break;
        }
        case 'u':
        case 'x': {
            uint64_t n = size == SIZE_INT  ? va_arg(ap, unsigned)
                       : size == SIZE_LONG ? va_arg(ap, unsigned long)
                                           : va_arg(ap, unsigned long long);

            put_number(&o, &f, n, p[-1] == 'x');
            break;
        }
        case 's':
            if (size != SIZE_INT || f.zero)
                return 0;
            put_text(&o, &f, va_arg(ap, const char *));
            break;
        case 'c': {
            char c = (char)va_arg(ap, int);

            if (size != SIZE_INT || f.zero)
                return 0;
            pad(&o, ' ', f.width ? f.width - 1 : 0);
            put(&o, &c, 1);
            break;
        }
        case '%':
            if (p[-2] != '%')
                return 0;
            put(&o, "%", 1);
            break;
        default: return 0;
        }
    }
    if (room)
        out[o.len < o.room ? o.len : o.room] = 0;
    *ret_known = true;
    return o.len;
}

size_t format_any(char *out, size_t room, const char *format, va_list ap)
{
    va_list again;
    bool known;
    size_t n;

    va_copy(again, ap);
    n = format_known(out, room, &known, format, again);
    va_end(again);
    if (known)
        return n;
    int m = vsnprintf(out, room, format, ap);
    return m < 0 ? SIZE_MAX : (size_t)m;
}
