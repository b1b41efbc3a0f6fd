/* csv_fuzz.c: whatever an office sends is read or refused, and what was read survives being written and read again. */
#include <setjmp.h>
#include <stdlib.h>

#include "engine/base/csv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void round_trip(struct arena *a, const struct csv *csv)
{
    struct csv again;
    struct str text;
    struct buf b;

    buf_init(&b, a, 256, 16 << 20);
    csv_begin(&b);
    for (size_t i = 0; i < csv->columns; i++)
        csv_put(&b, str_printf(a, "c%zu", i), i == 0);
    csv_end_row(&b);
    for (size_t i = 0; i < csv->columns; i++)
        csv_put(&b, csv->field[i], i == 0);
    csv_end_row(&b);
    if (csv_text(a, buf_str(&b), &text) != OK || csv_open(a, text, &again) != OK || again.columns != csv->columns)
        abort();
    if (csv_next(&again) != OK)
        abort();
    for (size_t i = 0; i < csv->columns; i++) {
        struct str was = csv->field[i], is = again.field[i];
        /* The guard against formulas puts one sign in front; nothing else may change. */
        if (is.len == was.len + 1 && is.ptr[0] == '\'')
            is = str_sub(is, 1, was.len);
        if (!str_eq(was, is))
            abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_open(64 << 20);
    jmp_buf full;

    if (a == NULL || size > 1 << 16)
        return arena_close(a), 0;
    if (setjmp(full) == 0) {
        struct str text;
        struct csv csv;

        arena_escape(a, &full);
        if (csv_text(a, (struct str){(const char *)data, size}, &text) == OK && csv_open(a, text, &csv) == OK) {
            enum result r;
            size_t rows = 0;
            while ((r = csv_next(&csv)) != E_NOT_FOUND && rows++ < 64)
                if (r == OK)
                    round_trip(a, &csv);
        }
    }
    arena_close(a);
    return 0;
}
