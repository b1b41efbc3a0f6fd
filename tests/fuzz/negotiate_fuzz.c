/* negotiate_fuzz.c: Accept fields and lists of entity tags. */
#include "fuzz.h"

#include "engine/http/negotiate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct str types[] = {{"text/html", 9}, {"application/json", 16}},
                            languages[] = {{"zh-CN", 5}, {"en", 2}}, codings[] = {{"br", 2}, {"gzip", 4}};
    struct str field = fuzz_str(data, size);
    size_t i = negotiate_type(field, types, 2);

    FUZZ_CHECK(i == SIZE_MAX || i < 2);
    FUZZ_CHECK(negotiate_language(field, languages, 2) < 2);
    i = negotiate_encoding(field, codings, 2);
    FUZZ_CHECK(i == SIZE_MAX || i < 2);
    if (etag_in_strong(field, STR("\"a\"")))
        FUZZ_CHECK(etag_in(field, STR("\"a\"")) && etag_in(field, STR("W/\"a\"")));
    return 0;
}
