/* exif.c: the one thing that is read of a picture's metadata: which way is up. */
#include "civic/media/image.h"

static uint32_t number(struct str s, size_t offset, size_t bytes, bool little)
{
    uint32_t n = 0;
    for (size_t i = 0; i < bytes; i++)
        n = n << 8 | (uint8_t)s.ptr[offset + (little ? bytes - 1 - i : i)];
    return n;
}

int exif_orientation(struct str tiff)
{
    enum { TAG_ORIENTATION = 0x0112, TYPE_SHORT = 3, ENTRY = 12 };
    if (tiff.len < 8)
        return 1;
    bool little = memcmp(tiff.ptr, "II*\0", 4) == 0;
    if (!little && memcmp(tiff.ptr, "MM\0*", 4) != 0)
        return 1;
    uint64_t first = number(tiff, 4, 4, little);
    if (first + 2 > tiff.len)
        return 1;
    uint32_t n = number(tiff, first, 2, little);
    for (uint32_t i = 0; i < n; i++) {
        uint64_t entry = first + 2 + (uint64_t)i * ENTRY;
        if (entry + ENTRY > tiff.len)
            return 1;
        if (number(tiff, entry, 2, little) != TAG_ORIENTATION)
            continue;
        uint32_t value = number(tiff, entry + 8, 2, little);
        bool good = number(tiff, entry + 2, 2, little) == TYPE_SHORT && number(tiff, entry + 4, 4, little) == 1;
        return good && value >= 1 && value <= 8 ? (int)value : 1;
    }
    return 1;
}
