/* calendar.c: see calendar.h. */
#include "boards/activity/calendar.h"

#include <inttypes.h>

#include "engine/base/buf.h"
#include "engine/base/time.h"

enum { LINE_MAX = 75, MOST = 4 << 20 };

/* 3.3.11: what has a meaning is escaped; other control characters cannot stand in a text at all. */
static void put_text(struct buf *b, struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];

        if (c == '\\' || c == ';' || c == ',')
            buf_putc(b, '\\');
        if (c == '\n')
            buf_put(b, STR("\\n"));
        else if (c >= 0x20 && c != 0x7f)
            buf_putc(b, (char)c);
    }
}

/* 3.1: a line has at most 75 octets; a longer one goes on behind CRLF and a blank, and no character is torn apart. */
static void fold(struct buf *to, struct str line)
{
    size_t in_line = 0;

    while (line.len) {
        struct str rest = line;
        size_t n;

        (void)str_utf8_next(&rest);
        n = line.len - rest.len;
        if (in_line + n > LINE_MAX) {
            buf_put(to, STR("\r\n "));
            in_line = 1;
        }
        buf_put(to, str_sub(line, 0, n));
        in_line += n;
        line = rest;
    }
    buf_put(to, STR("\r\n"));
}

static void put_line(struct arena *a, struct buf *to, const char *name, struct str value)
{
    struct buf b;

    if (value.len == 0)
        return;
    buf_init(&b, a, value.len + 64, MOST);
    buf_put(&b, str_from_cstr(name));
    buf_putc(&b, ':');
    put_text(&b, value);
    fold(to, buf_str(&b));
}

/* 3.3.5, form 2: UTC. The clock of Shanghai is eight hours ahead of it. */
static void put_time(struct buf *b, const char *name, int64_t t)
{
    const struct civil c = time_civil(t - 8 * TIME_HOUR);

    buf_printf(b, "%s:%04d%02d%02dT%02d%02d%02dZ\r\n", name, c.year, c.month, c.day, c.hour, c.minute, c.second);
}

static void put_event(struct arena *a, struct buf *b, const struct calendar_event *e)
{
    buf_printf(b, "BEGIN:VEVENT\r\nUID:activity-%" PRId64 "-%" PRId64 "@lilong\r\n", e->community, e->entry);
    put_time(b, "DTSTAMP", e->changed_at);
    put_time(b, "LAST-MODIFIED", e->changed_at);
    buf_printf(b, "SEQUENCE:%" PRId64 "\r\n", e->sequence);
    put_time(b, "DTSTART", e->starts_at);
    put_time(b, "DTEND", e->ends_at);
    put_line(a, b, "SUMMARY", e->title);
    put_line(a, b, "LOCATION", e->spot);
    put_line(a, b, "DESCRIPTION", e->body);
    if (e->url.len) { /* 3.8.4.6: an address, and no text: nothing of it is escaped */
        fold(b, str_printf(a, "URL:" STR_FMT, STR_ARG(e->url)));
    }
    buf_printf(b, "STATUS:%s\r\nEND:VEVENT\r\n", e->cancelled ? "CANCELLED" : e->tentative ? "TENTATIVE" : "CONFIRMED");
}

struct str calendar_write(struct arena *a, struct str name, const struct calendar_event *event, size_t n)
{
    struct buf b;

    buf_init(&b, a, 1024 + n * 512, MOST);
    buf_put(&b, STR("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Lilong//Activities//ZH\r\nMETHOD:PUBLISH\r\n"));
    put_line(a, &b, "X-WR-CALNAME", name);
    for (size_t i = 0; i < n; i++)
        put_event(a, &b, &event[i]);
    buf_put(&b, STR("END:VCALENDAR\r\n"));
    return buf_str(&b);
}
