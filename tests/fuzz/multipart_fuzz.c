/* multipart_fuzz.c: the first line is the Content-Type, the rest the body. Files are slices of it, texts are text. */
#include "fuzz.h"

#include "engine/http/form_private.h"
#include "engine/http/http.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_open(64 << 20);
    struct str body = fuzz_str(data, size), type;
    struct form form;

    if (a && str_cut(&body, '\n', &type) && form_parse_multipart(a, type, body, 5, &form) == OK) {
        size_t files = 0;

        FUZZ_CHECK(form.n <= FORM_FIELDS_MAX);
        for (size_t i = 0; i < form.n; i++) {
            const struct form_field *f = &form.field[i];

            files += f->is_file;
            FUZZ_CHECK(fuzz_inside(f->value, body) && f->name.len > 0 && form_text_ok(f->name) &&
                       form_text_ok(f->filename));
            FUZZ_CHECK(f->is_file || form_text_ok(f->value));
            FUZZ_CHECK(str_find(f->filename, STR("/")) == SIZE_MAX && str_find(f->filename, STR("\\")) == SIZE_MAX);
        }
        FUZZ_CHECK(files <= 5);
    }
    arena_close(a);
    return 0;
}
