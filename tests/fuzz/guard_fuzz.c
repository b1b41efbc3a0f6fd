/* guard_fuzz.c: a head as it came over the wire, read as libmicrohttpd 0.9.75 reads it: what guard_block() lets through was written
 * as RFC 9112 wants it, byte by byte: nothing was folded, cut short or skipped. */
#include "fuzz.h"

#include <string.h>

#include "engine/base/buf.h"
#include "engine/http/guard.h"

enum { FIELDS = GUARD_HEADERS_MAX };

struct parsed {
    struct guard_block block;
    struct http_header field[FIELDS];
    size_t n;
};

/* The next line: CR, LF or both end it, and become NULs. False: the bytes end before the line does. */
static bool next_line(char *bytes, size_t size, size_t *at, char **ret_line, size_t *ret_len)
{
    size_t end = *at;

    while (end < size && bytes[end] != '\r' && bytes[end] != '\n')
        end++;
    if (end == size)
        return false;
    *ret_line = bytes + *at;
    *ret_len = end - *at;
    if (bytes[end] == '\r' && end + 1 < size && bytes[end + 1] == '\n')
        bytes[end++] = 0;
    bytes[end++] = 0;
    *at = end;
    return true;
}

static bool request_line(char *line, size_t len, struct parsed *p)
{
    char *target = memchr(line, ' ', len), *version = line + len;

    if (!target || len == 0)
        return false;
    *target++ = 0;
    while (target < line + len && *target == ' ')
        target++;
    while (version > target && *version != ' ')
        version--;
    if (version <= target)
        return false;
    *version++ = 0;
    p->block = (struct guard_block){.start = line, .target = target, .target_len = strlen(target), .version = version};
    return strcmp(version, "HTTP/1.1") == 0 || strcmp(version, "HTTP/1.0") == 0;
}

/* Folded lines are glued to a copy of the value, which lies elsewhere. */
static bool fold(struct arena *a, struct parsed *p, char *line)
{
    struct http_header *last;

    if (p->n == 0)
        return false;
    last = &p->field[p->n - 1];
    while (*line == ' ' || *line == '\t')
        line++;
    last->value = str_printf(a, STR_FMT "%s", STR_ARG(last->value), line);
    return true;
}

static bool parse(struct arena *a, char *bytes, size_t size, struct parsed *p)
{
    size_t at = 0, len;
    char *line, *colon;

    if (!next_line(bytes, size, &at, &line, &len) || !request_line(line, len, p))
        return false;
    while (next_line(bytes, size, &at, &line, &len)) {
        if (len == 0) {
            p->block.size = at;
            return true;
        }
        if (*line == ' ' || *line == '\t') {
            if (!fold(a, p, line))
                return false;
            continue;
        }
        colon = strchr(line, ':');
        if (!colon || p->n == FIELDS)
            return false;
        *colon++ = 0;
        while (*colon == ' ' || *colon == '\t')
            colon++;
        p->field[p->n++] = (struct http_header){str_from_cstr(line), str_from_cstr(colon)};
    }
    return false;
}

/* METHOD SP target SP HTTP/1.x CRLF *( name ":" blanks value CRLF ) CRLF out of what was parsed. */
static struct str rebuilt(struct arena *a, const struct parsed *p)
{
    struct buf b;

    buf_init(&b, a, 0, 1 << 20);
    buf_printf(&b, "%s %s %s\r\n", p->block.start, p->block.target, p->block.version);
    for (size_t i = 0; i < p->n; i++) {
        const struct http_header *f = &p->field[i];
        const char *behind = f->name.ptr + f->name.len + 1;

        buf_put(&b, f->name);
        buf_putc(&b, ':');
        for (; behind < f->value.ptr && (*behind == ' ' || *behind == '\t'); behind++)
            buf_putc(&b, *behind);
        buf_put(&b, f->value);
        buf_put(&b, STR("\r\n"));
    }
    buf_put(&b, STR("\r\n"));
    return buf_str(&b);
}

/* Nothing is between the pieces that was not seen. Where a line ends, a NUL, CR or LF of the sender's leaves the same NUL: the one thing
 * that cannot be told apart afterwards (guard.c). */
static bool strict(struct str raw, struct str whole)
{
    if (raw.len != whole.len)
        return false;
    for (size_t i = 0; i < raw.len; i++) {
        char is = raw.ptr[i], wanted = whole.ptr[i];

        if (wanted == '\r' || wanted == '\n' ? is != 0 && is != '\r' && is != '\n' : is != wanted)
            return false;
    }
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_open(64 << 20);
    struct parsed p = {.n = 0};
    char *bytes = malloc(size + 1); /* the NUL behind it is libmicrohttpd's, whose buffer is larger than a head */

    if (a && bytes && size <= GUARD_HEAD_MAX) {
        memcpy(bytes, data, size);
        bytes[size] = 0;
        if (parse(a, bytes, size, &p)) {
            struct str raw = fuzz_str(data, p.block.size);
            enum http_method method;
            int status = guard_block(&p.block, p.field, p.n);

            FUZZ_CHECK(status == 0 || status == 400);
            FUZZ_CHECK(status != 0 || strict(raw, rebuilt(a, &p)));
            status = guard_method(str_from_cstr(p.block.start), &method);
            FUZZ_CHECK(status == 0 || status == 400 || status == 405 || status == 501);
        }
    }
    free(bytes);
    arena_close(a);
    return 0;
}
