/* text_fuzz.c: the strict parsers of the foundation: what they accept comes back the same, and nothing is read past its end. */
#include <inttypes.h>
#include <setjmp.h>
#include <stdlib.h>

#include "engine/base/buf.h"
#include "engine/base/crypto.h"
#include "engine/base/time.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
    if (!holds)
        abort();
}

static void utf8(struct str s)
{
    struct str rest = s, cut;
    size_t n = 0;

    while (rest.len) {
        size_t before = rest.len;

        check(str_utf8_next(&rest) <= 0x10FFFF);
        check(rest.len < before && before - rest.len <= 4);
        n++;
    }
    check(n == str_utf8_count(s));
    cut = str_utf8_cut(s, n / 2);
    check(str_utf8_count(cut) == n / 2);
    if (str_utf8_text(s))
        check(str_utf8_text(cut));
    check(str_trim(s).len <= s.len);
}

static void numbers(struct arena *a, struct str s)
{
    int64_t n;
    int32_t day;

    if (str_int64(s, INT64_MIN, INT64_MAX, &n) == OK)
        check(str_eq(str_printf(a, "%" PRId64, n), s));
    if (day_parse(s, &day) == OK)
        check(str_eq(str_sub(time_rfc3339(a, day_start(day)), 0, 10), s));
    if (time_parse(s, &n) == OK && n > -INT64_C(62135000000000) && n < INT64_C(253402000000000)) {
        int64_t again = 0;

        check(time_parse(time_rfc3339(a, n), &again) == OK && again == n);
    }
}

static void codings(struct arena *a, struct str s)
{
    struct str bytes, again;

    if (base32_decode(a, s, &bytes) == OK) {
        check(base32_decode(a, base32_encode(a, bytes), &again) == OK);
        check(str_eq(bytes, again));
    }
    if (str_unhex(a, s, &bytes) == OK)
        check(str_eq_ci(str_hex(a, bytes), s));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str s = {(const char *)data, size};
    struct arena *a = arena_open(16 << 20);

    if (!a)
        return 0;
    utf8(s);
    numbers(a, s);
    codings(a, s);
    arena_close(a);
    return 0;
}
