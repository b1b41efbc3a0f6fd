/* webp.c: WebP in, by libwebp, which makes the picture smaller while it decodes. */
#include <webp/decode.h>

#include "civic/media/image.h"

static uint32_t little32(const char *p)
{
    const uint8_t *u = (const uint8_t *)p;
    return (uint32_t)u[0] | (uint32_t)u[1] << 8 | (uint32_t)u[2] << 16 | (uint32_t)u[3] << 24;
}

/* The EXIF chunk of the extended form: RIFF, size, WEBP, then chunks of name, size, data, padded to even sizes. */
static int orientation_of(struct str in)
{
    for (size_t i = 12; i + 8 <= in.len;) {
        uint64_t size = little32(in.ptr + i + 4);
        if (size > in.len - i - 8)
            return 1;
        if (memcmp(in.ptr + i, "EXIF", 4) == 0) {
            struct str tiff = str_sub(in, i + 8, size);
            if (str_starts(tiff, (struct str){"Exif\0\0", 6})) /* some writers put JPEG's prefix in */
                tiff = str_sub(tiff, 6, SIZE_MAX);
            return exif_orientation(tiff);
        }
        i += 8 + size + (size & 1);
    }
    return 1;
}

enum image_code webp_decode(struct arena *a, struct str in, const struct image_limits *limits, struct decoded *ret)
{
    WebPDecoderConfig config;
    if (!WebPInitDecoderConfig(&config) ||
        WebPGetFeatures((const uint8_t *)in.ptr, in.len, &config.input) != VP8_STATUS_OK)
        return IMAGE_BROKEN;
    if (config.input.has_animation)
        return IMAGE_ANIMATED;
    uint32_t width = (uint32_t)config.input.width, height = (uint32_t)config.input.height;
    enum image_code code = image_size_check(width, height, limits);
    if (code != IMAGE_OK)
        return code;
    uint32_t longest = width > height ? width : height;
    if (longest > limits->side) {
        config.options.use_scaling = 1;
        width = (uint32_t)(((uint64_t)width * limits->side + longest / 2) / longest);
        height = (uint32_t)(((uint64_t)height * limits->side + longest / 2) / longest);
        width = width ? width : 1;
        height = height ? height : 1;
        config.options.scaled_width = (int)width;
        config.options.scaled_height = (int)height;
    }
    uint8_t *rgba = arena_array(a, uint8_t, (size_t)width * height * 4);
    struct raster raster = raster_new(a, width, height);
    config.output.colorspace = MODE_RGBA;
    config.output.is_external_memory = 1;
    config.output.u.RGBA.rgba = rgba;
    config.output.u.RGBA.stride = (int)(width * 4);
    config.output.u.RGBA.size = (size_t)width * height * 4;
    VP8StatusCode status = WebPDecode((const uint8_t *)in.ptr, in.len, &config);
    WebPFreeDecBuffer(&config.output);
    if (status == VP8_STATUS_OUT_OF_MEMORY)
        return IMAGE_MEMORY;
    if (status != VP8_STATUS_OK)
        return IMAGE_BROKEN;
    for (size_t i = 0; i < (size_t)width * height; i++) {
        uint32_t alpha = rgba[i * 4 + 3];
        for (size_t k = 0; k < 3; k++)
            raster.rgb[i * 3 + k] = (uint8_t)((rgba[i * 4 + k] * alpha + 255 * (255 - alpha) + 127) / 255);
    }
    *ret = (struct decoded){raster, orientation_of(in)};
    return IMAGE_OK;
}
