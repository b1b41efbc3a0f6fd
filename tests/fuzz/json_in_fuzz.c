/* json_in_fuzz.c: JSON bodies as fields: whatever comes in, what goes out are whole fields within the limit. */
#include "fuzz.h"

#include "engine/app/json_in.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_open(64 << 20);
    struct form form;

    if (a && json_in_read(a, fuzz_str(data, size), &form) == OK) {
        FUZZ_CHECK(form.n <= 1024);
        for (size_t i = 0; i < form.n; i++) {
            FUZZ_CHECK(!form.field[i].is_file);
            FUZZ_CHECK(form.field[i].value.len <= size || form.field[i].value.len <= 32);
            (void)str_utf8_text(form.field[i].value);
        }
    }
    arena_close(a);
    return 0;
}
