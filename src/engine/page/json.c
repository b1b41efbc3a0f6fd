/* json.c: writing JSON (RFC 8259). Numbers that JavaScript could not hold are strings: see json_id(). */
#include <math.h>

#include "engine/base/time.h"
#include "engine/page/page.h"

enum { JSON_MAX = 32 << 20 };

void json_init(struct json *j, struct arena *a)
{
    *j = (struct json){0};
    buf_init(&j->buf, a, 4 << 10, JSON_MAX);
}

void json_open(struct json *j, char bracket)
{
    json_next(j);
    buf_putc(&j->buf, bracket);
}

void json_close(struct json *j, char bracket)
{
    buf_putc(&j->buf, bracket);
    j->comma = true;
}

/* 0: stands for itself; 1: \u00XX; else the letter after the backslash */
static const unsigned char escape_of[256] = {
    1, 1, 1, 1, 1, 1, 1, 1, 'b', 't', 'n', 1, 'f',         'r',           1,          1, 1, 1, 1, 1,
    1, 1, 1, 1, 1, 1, 1, 1, 1,   1,   1,   1, ['"'] = '"', ['\\'] = '\\', [0x7F] = 1,
};

static void quoted(struct json *j, struct str s)
{
    static const char digits[] = "0123456789abcdef";
    size_t from = 0;

    buf_putc(&j->buf, '"');
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i], e = escape_of[c];
        if (!e)
            continue;
        buf_put(&j->buf, (struct str){s.ptr + from, i - from});
        from = i + 1;
        buf_putc(&j->buf, '\\');
        if (e == 1) {
            buf_put(&j->buf, STR("u00"));
            buf_putc(&j->buf, digits[c >> 4]);
            buf_putc(&j->buf, digits[c & 15]);
        } else {
            buf_putc(&j->buf, (char)e);
        }
    }
    if (from < s.len)
        buf_put(&j->buf, (struct str){s.ptr + from, s.len - from});
    buf_putc(&j->buf, '"');
}

void json_key(struct json *j, struct str key)
{
    json_next(j);
    quoted(j, key);
    buf_putc(&j->buf, ':');
}

void json_str(struct json *j, struct str s)
{
    json_next(j);
    quoted(j, s);
    j->comma = true;
}

void json_int(struct json *j, int64_t n)
{
    json_next(j);
    buf_int(&j->buf, n);
    j->comma = true;
}

void json_id(struct json *j, int64_t id)
{
    json_next(j);
    buf_putc(&j->buf, '"');
    buf_int(&j->buf, id);
    buf_putc(&j->buf, '"');
    j->comma = true;
}

void json_double(struct json *j, double d)
{
    if (!isfinite(d)) {
        json_none(j);
        return;
    }
    json_next(j);
    buf_printf(&j->buf, "%.15g", d); /* the locale is C always: a point, never a comma */
    j->comma = true;
}

void json_bool(struct json *j, bool b)
{
    json_next(j);
    buf_put(&j->buf, b ? STR("true") : STR("false"));
    j->comma = true;
}

void json_none(struct json *j)
{
    json_next(j);
    buf_put(&j->buf, STR("null"));
    j->comma = true;
}

void json_time(struct json *j, int64_t t)
{
    char out[TIME_TEXT];

    if (t == 0) {
        json_none(j);
        return;
    }
    json_str(j, (struct str){out, time_print(out, t)});
}

void json_day(struct json *j, int32_t day)
{
    if (day == 0)
        json_none(j);
    else
        json_str(j, day_iso(j->buf.arena, day));
}
