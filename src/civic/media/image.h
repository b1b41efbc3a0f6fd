/* image.h: any picture that a phone sends -> one upright JPEG without metadata, and a thumbnail.
 *
 * Pure: bytes in, bytes out. Runs in the sandboxed worker (worker.c) and in the fuzz target. The bytes decide what a
 * picture is, never its name or its declared type; nothing of the upload itself survives: what comes out has been drawn anew. */
#ifndef LILONG_MEDIA_IMAGE_H
#define LILONG_MEDIA_IMAGE_H

#include "engine/base/arena.h"
#include "engine/base/str.h"

enum image_code {
    IMAGE_OK,
    IMAGE_UNKNOWN,  /* not a picture at all */
    IMAGE_HEIC,     /* HEIC, HEIF or AVIF: the phone can be told to send JPEG */
    IMAGE_FORMAT,   /* a picture of a kind that is not taken: GIF, SVG, BMP, TIFF */
    IMAGE_ANIMATED, /* moving WebP */
    IMAGE_PIXELS,   /* more pixels than the limit, known before decoding */
    IMAGE_BROKEN,   /* damaged, or did not arrive whole */
    IMAGE_MEMORY,   /* needs more memory than it may have */
};

struct image_limits {
    uint32_t pixels_max; /* width x height of the upload */
    uint32_t side_max;   /* longest side of the upload */
    uint32_t side;       /* longest side of the result; smaller uploads are not enlarged */
    uint32_t thumb_side; /* longest side of the thumbnail */
    uint32_t thumb_bytes;
    int quality;         /* of the result, 1-100 */
};

struct image {
    uint32_t width, height; /* of the result */
    struct str full, thumb; /* JPEG, in the arena */
};

enum image_code image_convert(struct arena *a, struct str in, const struct image_limits *limits, struct image *ret_image);

struct raster { /* 8-bit RGB, rows without gaps */
    uint32_t width, height;
    uint8_t *rgb;
};

/* The second half of it: what has been drawn, as full picture and thumbnail. */
enum image_code image_of_raster(struct arena *a, struct raster drawn, const struct image_limits *limits, struct image *ret_image);

/* Is this a JPEG that image_convert() can have made: baseline, nothing between its markers but tables and one scan, nothing
 * before and after, no metadata segment, of this size? Bounds-checked; for replies of a process that may have been taken over. */
bool image_is_plain_jpeg(struct str jpeg, uint32_t width, uint32_t height);
bool image_is_plain_jpeg_within(struct str jpeg, uint32_t side); /* the same, of any size up to this */

/* 1-8 by the EXIF orientation tag of a TIFF block; 1 when there is none or it makes no sense. */
int exif_orientation(struct str tiff);

/* ---- between the files of this folder --------------------------------------------------------------- */

struct decoded {
    struct raster raster; /* at least as large as `side` where the upload was, not much larger */
    int orientation;
};

enum image_code image_size_check(uint64_t width, uint64_t height, const struct image_limits *limits);
enum image_code jpeg_decode(struct arena *a, struct str in, const struct image_limits *limits, struct decoded *ret);
enum image_code png_decode(struct arena *a, struct str in, const struct image_limits *limits, struct decoded *ret);
enum image_code webp_decode(struct arena *a, struct str in, const struct image_limits *limits, struct decoded *ret);
enum image_code jpeg_encode(struct arena *a, const struct raster *in, int quality, struct str *ret_jpeg);

struct raster raster_new(struct arena *a, uint32_t width, uint32_t height);
/* Down to `side` at most on the longest side, with a Lanczos filter; the same raster when it is small enough. */
struct raster raster_shrink(struct arena *a, struct raster in, uint32_t side);
struct raster raster_upright(struct arena *a, struct raster in, int orientation);

#endif
