/* path_fuzz.c: request targets: a path that gets through is clean; and header fields, one a line. */
#include "fuzz.h"

#include "engine/http/guard.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_open(64 << 20);
    struct str rest = fuzz_str(data, size), raw, line, path, query, authority;
    struct http_header headers[GUARD_HEADERS_MAX + 2];
    struct guard_framing framing;
    size_t n = 0;
    int status;

    if (!a)
        return 0;
    str_cut(&rest, '\n', &raw);
    if (size == 0)
        raw = STR_NONE;
    status = guard_target(a, raw, &path, &query, &authority);
    FUZZ_CHECK(status == 0 || status == 400 || status == 414);
    if (status == 0) {
        struct str segments = path, segment;

        FUZZ_CHECK(path.len > 0 && path.ptr[0] == '/' && guard_utf8(path));
        FUZZ_CHECK(str_find(path, STR("\\")) == SIZE_MAX && !memchr(path.ptr, 0, path.len));
        for (size_t i = 0; i < path.len; i++)
            FUZZ_CHECK((unsigned char)path.ptr[i] >= 0x20);
        while (str_cut(&segments, '/', &segment))
            FUZZ_CHECK(!str_eq(segment, STR("..")) && !str_eq(segment, STR(".")));
        FUZZ_CHECK(fuzz_inside(query, raw) && fuzz_inside(authority, raw));
    } else {
        authority = STR_NONE;
    }
    while (n < GUARD_HEADERS_MAX + 2 && str_cut(&rest, '\n', &line)) {
        struct str value = line;

        headers[n].name = STR_NONE;
        str_cut(&value, ':', &headers[n].name);
        headers[n++].value = str_trim(value);
    }
    status = guard_headers(headers, n, 1, authority, &framing);
    if (status == 0)
        FUZZ_CHECK(!(framing.chunked && framing.has_length) && n <= GUARD_HEADERS_MAX);
    arena_close(a);
    return 0;
}
