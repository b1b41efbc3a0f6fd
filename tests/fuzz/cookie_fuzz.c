/* cookie_fuzz.c: the first line is the name that is looked for, the rest the Cookie field. */
#include "fuzz.h"

#include "engine/http/cookie.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str field = fuzz_str(data, size), name, value;

    if (str_cut(&field, '\n', &name) && cookie_find(field, name, &value)) {
        FUZZ_CHECK(fuzz_inside(value, field));
        FUZZ_CHECK(str_find(value, STR(";")) == SIZE_MAX);
        FUZZ_CHECK(name.len == 0 || str_find(field, name) != SIZE_MAX);
    }
    return 0;
}
