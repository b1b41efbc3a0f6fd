/* image.c: what a file is, and the way from it to the result. See image.h. */
#include "civic/media/image.h"

#include <setjmp.h>

static bool at(struct str s, size_t offset, struct str what)
{
    return s.len >= offset + what.len && memcmp(s.ptr + offset, what.ptr, what.len) == 0;
}

enum image_kind { KIND_UNKNOWN, KIND_JPEG, KIND_PNG, KIND_WEBP, KIND_HEIC, KIND_OTHER };

/* First match counts. A text file may begin with blanks or a byte order mark: SVG is looked for separately. */
static const struct {
    size_t offset;
    struct str magic;
    enum image_kind kind;
} magics[] = {
    {0, {"\xff\xd8\xff", 3}, KIND_JPEG},
    {0, {"\x89PNG\r\n\x1a\n", 8}, KIND_PNG},
    {8, {"WEBP", 4}, KIND_WEBP},
    {4, {"ftypheic", 8}, KIND_HEIC},
    {4, {"ftypheix", 8}, KIND_HEIC},
    {4, {"ftyphevc", 8}, KIND_HEIC},
    {4, {"ftyphevx", 8}, KIND_HEIC},
    {4, {"ftypheim", 8}, KIND_HEIC},
    {4, {"ftypheis", 8}, KIND_HEIC},
    {4, {"ftypmif1", 8}, KIND_HEIC},
    {4, {"ftypmsf1", 8}, KIND_HEIC},
    {4, {"ftypavif", 8}, KIND_HEIC},
    {4, {"ftypavis", 8}, KIND_HEIC},
    {0, {"GIF87a", 6}, KIND_OTHER},
    {0, {"GIF89a", 6}, KIND_OTHER},
    {0, {"BM", 2}, KIND_OTHER},
    {0, {"II*\0", 4}, KIND_OTHER},
    {0, {"MM\0*", 4}, KIND_OTHER},
    {0, {"\xff\x0a", 2}, KIND_OTHER},
    {0, {"\0\0\0\x0cJXL ", 8}, KIND_OTHER},
    {0, {"\0\0\0\x0cjP  ", 8}, KIND_OTHER},
    {0, {"8BPS", 4}, KIND_OTHER},
};

static enum image_kind kind_of(struct str in)
{
    for (size_t i = 0; i < sizeof(magics) / sizeof(magics[0]); i++) {
        if (at(in, magics[i].offset, magics[i].magic) && (magics[i].kind != KIND_WEBP || at(in, 0, STR("RIFF"))))
            return magics[i].kind;
    }
    struct str beginning = str_sub(in, 0, 1024);
    if (str_find(beginning, STR("<svg")) != SIZE_MAX)
        return KIND_OTHER;
    return KIND_UNKNOWN;
}

enum image_code image_size_check(uint64_t width, uint64_t height, const struct image_limits *limits)
{
    if (width == 0 || height == 0)
        return IMAGE_BROKEN;
    if (width > limits->side_max || height > limits->side_max || width * height > limits->pixels_max)
        return IMAGE_PIXELS;
    return IMAGE_OK;
}

static enum image_code decode(struct arena *a, struct str in, const struct image_limits *limits, struct decoded *ret)
{
    switch (kind_of(in)) {
    case KIND_JPEG: return jpeg_decode(a, in, limits, ret);
    case KIND_PNG: return png_decode(a, in, limits, ret);
    case KIND_WEBP: return webp_decode(a, in, limits, ret);
    case KIND_HEIC: return IMAGE_HEIC;
    case KIND_OTHER: return IMAGE_FORMAT;
    case KIND_UNKNOWN: break;
    }
    return IMAGE_UNKNOWN;
}

/* The first quality whose file is small enough; the last one is taken as it is (a thumbnail of noise). */
static enum image_code encode_thumb(struct arena *a, const struct raster *in, uint32_t bytes_max, struct str *ret_jpeg)
{
    static const int qualities[] = {78, 70, 62, 52, 42, 30, 20};
    for (size_t i = 0; i < sizeof(qualities) / sizeof(qualities[0]); i++) {
        enum image_code code = jpeg_encode(a, in, qualities[i], ret_jpeg);
        if (code != IMAGE_OK || ret_jpeg->len <= bytes_max)
            return code;
    }
    return IMAGE_OK;
}

enum image_code image_convert(struct arena *a, struct str in, const struct image_limits *limits,
                              struct image *ret_image)
{
    struct decoded decoded = {.orientation = 1};
    enum image_code code = decode(a, in, limits, &decoded);
    if (code != IMAGE_OK)
        return code;
    struct raster full = raster_shrink(a, decoded.raster, limits->side);
    return image_of_raster(a, raster_upright(a, full, decoded.orientation), limits, ret_image);
}

enum image_code image_of_raster(struct arena *a, struct raster drawn, const struct image_limits *limits,
                                struct image *ret_image)
{
    struct raster full = raster_shrink(a, drawn, limits->side), thumb = raster_shrink(a, full, limits->thumb_side);
    struct image image = {.width = full.width, .height = full.height};
    enum image_code code = jpeg_encode(a, &full, limits->quality, &image.full);
    if (code == IMAGE_OK)
        code = encode_thumb(a, &thumb, limits->thumb_bytes, &image.thumb);
    if (code == IMAGE_OK)
        *ret_image = image;
    return code;
}
