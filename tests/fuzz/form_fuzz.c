/* form_fuzz.c: urlencoded forms: what was taken is text, and survives being written and read again. */
#include "fuzz.h"

#include "engine/base/buf.h"
#include "engine/http/form_private.h"
#include "engine/http/http.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_open(64 << 20);
    struct form form, again;
    struct buf b;

    if (a && form_parse_urlencoded(a, fuzz_str(data, size), &form) == OK) {
        buf_init(&b, a, size, SIZE_MAX);
        FUZZ_CHECK(form.n <= FORM_FIELDS_MAX);
        for (size_t i = 0; i < form.n; i++) {
            FUZZ_CHECK(form_text_ok(form.field[i].name) && form_text_ok(form.field[i].value) && !form.field[i].is_file);
            if (i)
                buf_putc(&b, '&');
            buf_put(&b, url_encode(a, form.field[i].name));
            buf_putc(&b, '=');
            buf_put(&b, url_encode(a, form.field[i].value));
            (void)form_get(&form, form.field[i].name);
        }
        FUZZ_CHECK(form_parse_urlencoded(a, buf_str(&b), &again) == OK && again.n == form.n);
        for (size_t i = 0; i < form.n; i++)
            FUZZ_CHECK(str_eq(form.field[i].name, again.field[i].name) &&
                       str_eq(form.field[i].value, again.field[i].value));
    }
    arena_close(a);
    return 0;
}
