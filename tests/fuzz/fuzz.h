/* fuzz.h: what the fuzz targets share. A target is built with `clang -fsanitize=fuzzer,address,undefined`. */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>

#include "engine/base/arena.h"
#include "engine/base/str.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Aborts: what must hold for every input did not. */
#define FUZZ_CHECK(holds) ((holds) ? (void)0 : abort())

static inline struct str fuzz_str(const uint8_t *data, size_t size)
{
    return (struct str){(const char *)data, size};
}

/* Does s lie inside the bytes of whole, or is it empty? */
static inline bool fuzz_inside(struct str s, struct str whole)
{
    return s.len == 0 || (s.ptr >= whole.ptr && s.ptr + s.len <= whole.ptr + whole.len);
}

#endif
