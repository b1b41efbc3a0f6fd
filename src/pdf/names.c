/* names.c: looks for names in a PDF file, in the clear and in its object streams (ISO 32000-2, 7.5.7). poppler says nothing of some places where an action may
 * stand (the one at opening, for instance); a name must stand somewhere, wherever it works. */
#include <zlib.h>

#include "pdf/pdf.h"

enum { BACK = 600, OBJECTS_MAX = 64 << 20 };

static int hex(char c)
{
    return c >= '0' && c <= '9' ? c - '0'
         : c >= 'a' && c <= 'f' ? c - 'a' + 10
         : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                : -1;
}

/* Does the name begin at s[at], which is a '/'? Any sign of a name may be written as #41 (7.3.5). */
static bool name_at(struct str s, size_t at, struct str name)
{
    at++;
    for (size_t i = 0; i < name.len; i++) {
        if (at >= s.len)
            return false;
        char c = s.ptr[at++];
        if (c == '#' && at + 2 <= s.len && hex(s.ptr[at]) >= 0 && hex(s.ptr[at + 1]) >= 0) {
            c = (char)(hex(s.ptr[at]) * 16 + hex(s.ptr[at + 1]));
            at += 2;
        }
        if (c != name.ptr[i])
            return false;
    }
    return true;
}

static bool has_name(struct str s, struct str name)
{
    const char *end = s.ptr + s.len, *p = s.ptr;
    while (p < end && (p = memchr(p, '/', (size_t)(end - p))) != NULL) {
        if (name_at(s, (size_t)(p - s.ptr), name))
            return true;
        p++;
    }
    return false;
}

/* What an action must be called to run something, and what carries another file. Long enough not to come about by chance in a picture. */
static const struct str active[] = {
    {"JavaScript", 10}, {"Launch", 6},      {"EmbeddedFile", 12}, {"RichMedia", 9},
    {"Rendition", 9},   {"ImportData", 10}, {"SubmitForm", 10},
};

static bool has_active(struct str s)
{
    for (size_t i = 0; i < sizeof(active) / sizeof(active[0]); i++)
        if (has_name(s, active[i]))
            return true;
    return false;
}

/* PDF_OK: nothing in it. `out` has room for all object streams of a file together; *used is how much of it is taken. */
static enum pdf_code look_into(struct str packed, char *out, size_t *used)
{
    z_stream z = {.next_in = (unsigned char *)(uintptr_t)packed.ptr,
                  .avail_in = (unsigned)packed.len,
                  .next_out = (unsigned char *)out + *used,
                  .avail_out = (unsigned)(OBJECTS_MAX - *used)};
    if (inflateInit(&z) != Z_OK)
        return PDF_MEMORY;
    int done = inflate(&z, Z_FINISH);
    struct str plain = {out + *used, z.total_out};
    inflateEnd(&z);
    *used += plain.len;
    if (has_active(plain))
        return PDF_ACTIVE;
    /* Cut short it would hide the rest. */
    return done == Z_STREAM_END ? PDF_OK : PDF_BROKEN;
}

/* The dictionary stands in front of the word "stream". */
static enum pdf_code look_at_stream(struct str in, size_t at, char *out, size_t *used)
{
    struct str before = str_sub(in, at > BACK ? at - BACK : 0, at > BACK ? BACK : at);
    size_t start = at + 6;
    /* Only from the last object on. */
    for (size_t i = before.len; i >= 4; i--)
        if (memcmp(before.ptr + i - 4, " obj", 4) == 0) {
            before = str_sub(before, i, before.len - i);
            break;
        }
    if (!has_name(before, STR("ObjStm")) || !has_name(before, STR("Filter")))
        return PDF_OK;
    if (!has_name(before, STR("FlateDecode")))
        return PDF_BROKEN; /* nothing that makes PDF files today packs its objects in another way */
    while (start < in.len && (in.ptr[start] == '\r' || in.ptr[start] == '\n'))
        start++;
    return look_into(str_sub(in, start, in.len - start), out, used);
}

enum pdf_code pdf_names(struct arena *a, struct str in)
{
    /* What is locked cannot be looked into, also when its password is empty. The name stands in the clear always (7.6.1). */
    if (has_name(in, STR("Encrypt")))
        return PDF_ENCRYPTED;
    if (has_active(in))
        return PDF_ACTIVE;
    char *out = NULL;
    size_t used = 0;
    enum pdf_code code = PDF_OK;
    for (size_t at = 0; code == PDF_OK && at < in.len;) {
        struct str rest = str_sub(in, at, in.len - at);
        size_t found = str_find(rest, STR("stream"));
        if (found == SIZE_MAX)
            break;
        at += found;
        if (at < 3 || memcmp(in.ptr + at - 3, "end", 3) != 0) {
            if (out == NULL)
                out = arena_bytes(a, OBJECTS_MAX);
            code = look_at_stream(in, at, out, &used);
        }
        at += 6;
    }
    return code;
}
