/* image_fuzz.c: whatever is uploaded, the conversion ends with a code, and what it makes is a plain JPEG. */
#include <setjmp.h>
#include <stdlib.h>

#include "civic/media/image.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    /* Small, so that an input is a millisecond. */
    static const struct image_limits limits = {1000000, 4000, 160, 32, 2048, 82};
    struct arena *a = arena_open(64 << 20);
    jmp_buf full;

    if (a == NULL)
        return 0;
    if (setjmp(full) == 0) {
        arena_escape(a, &full);
        struct image image;
        if (image_convert(a, (struct str){(const char *)data, size}, &limits, &image) == IMAGE_OK &&
            (!image_is_plain_jpeg(image.full, image.width, image.height) ||
             !image_is_plain_jpeg_within(image.thumb, limits.thumb_side)))
            abort();
    }
    arena_close(a);
    return 0;
}
