/* log.c: lines of JSON on standard error, each written in one piece.
 *
 * A line is made on the stack, because memory may be what is out. It is at most LINE_MAX_BYTES; what does not fit is cut at
 * a character and the line ends with "cut":true. */
#include "engine/base/log.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "engine/base/time.h"

enum { LINE_MAX_BYTES = 4096, TAIL = 16 }; /* the tail: ,"cut":true}\n */

struct line {
    char text[LINE_MAX_BYTES];
    size_t len;
    bool cut;
};

static _Atomic int least_level = LOG_LEVEL_INFO;

static bool put(struct line *l, struct str s)
{
    if (s.len > sizeof(l->text) - TAIL - l->len)
        return false;
    memcpy(l->text + l->len, s.ptr, s.len);
    l->len += s.len;
    return true;
}

/* A JSON string. What is cut in the middle still gets its closing quote: put_quoted keeps one byte for it. */
static void put_quoted(struct line *l, struct str s)
{
    put(l, STR("\""));
    while (s.len) {
        struct str rest = s;
        uint32_t c = str_utf8_next(&rest);
        struct str one = {s.ptr, s.len - rest.len};
        char escaped[8];

        if (c == '"' || c == '\\') {
            escaped[0] = '\\';
            escaped[1] = (char)c;
            one = (struct str){escaped, 2};
        } else if (c < 0x20 || c == 0x7F) {
            one = (struct str){escaped, (size_t)snprintf(escaped, sizeof(escaped), "\\u%04x", (unsigned)c)};
        } else if (c == 0xFFFD) {
            one = STR("\xEF\xBF\xBD");
        }
        if (l->len + one.len + 1 > sizeof(l->text) - TAIL) {
            l->cut = true;
            break;
        }
        put(l, one);
        s = rest;
    }
    put(l, STR("\""));
}

static void put_field(struct line *l, const struct log_field *f)
{
    struct str key = str_from_cstr(f->key);

    /* The key, its marks and a number have to fit as a whole; of a text, at least the two quotes. */
    if (l->cut || key.len + 32 > sizeof(l->text) - TAIL - l->len) {
        l->cut = true;
        return;
    }
    put(l, STR(",\""));
    put(l, key);
    put(l, STR("\":"));
    if (f->kind == LOG_FIELD_INT) {
        char number[24];

        put(l, (struct str){number, (size_t)snprintf(number, sizeof(number), "%lld", (long long)f->number)});
    } else {
        put_quoted(l, f->text);
    }
}

void log_line(enum log_level level, const char *event, const struct log_field *fields, size_t n)
{
    static const char *const names[] = {"debug", "info", "warn", "error"};
    struct line l = {.len = 0};
    char when[TIME_TEXT];
    struct timespec ts;
    int kept = errno;

    if ((int)level < atomic_load_explicit(&least_level, memory_order_relaxed))
        return;

    /* The real clock, even where a test has frozen the other: the operator compares it with other logs. */
    clock_gettime(CLOCK_REALTIME, &ts);
    time_print(when, (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000);
    put(&l, STR("{\"time\":\""));
    put(&l, str_from_cstr(when));
    put(&l, STR("\",\"level\":\""));
    put(&l, str_from_cstr(names[level]));
    put(&l, STR("\",\"event\":"));
    put_quoted(&l, str_from_cstr(event));
    for (size_t i = 0; i < n; i++)
        put_field(&l, &fields[i]);

    struct str tail = l.cut ? STR(",\"cut\":true}\n") : STR("}\n");
    memcpy(l.text + l.len, tail.ptr, tail.len);
    l.len += tail.len;

    for (size_t done = 0; done < l.len;) {
        ssize_t w = write(STDERR_FILENO, l.text + done, l.len - done);

        if (w < 0 && errno == EINTR)
            continue;
        if (w <= 0)
            break; /* nowhere to say so */
        done += (size_t)w;
    }
    errno = kept;
}

void log_set_level(enum log_level least)
{
    atomic_store(&least_level, (int)least);
}
