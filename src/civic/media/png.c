/* png.c: PNG in, by libpng. What is transparent is shown on white. */
#include <assert.h>
#include <setjmp.h>

#include <png.h>

#include "civic/media/image.h"

struct reader {
    png_structp png;
    png_infop info;
    jmp_buf out;
    enum image_code code;
    struct str rest;
};

static _Noreturn void fail(png_structp png, png_const_charp why)
{
    (void)why;
    struct reader *r = png_get_error_ptr(png);
    r->code = IMAGE_BROKEN;
    longjmp(r->out, 1);
}

static void silent(png_structp png, png_const_charp why)
{
    (void)png;
    (void)why;
}

static void feed(png_structp png, png_bytep to, size_t n)
{
    struct reader *r = png_get_io_ptr(png);
    if (r->rest.len < n)
        png_error(png, "cut");
    memcpy(to, r->rest.ptr, n);
    r->rest = (struct str){r->rest.ptr + n, r->rest.len - n};
}

/* Averages blocks of factor x factor pixels while the rows come in, so that 40 million pixels never lie in memory at once. */
struct gather {
    struct raster raster;
    uint32_t factor, width, height; /* of the upload */
    uint32_t *sum;
};

static void gather_row(struct gather *g, uint32_t y, const uint8_t *rgba)
{
    uint32_t f = g->factor;
    if (y % f == 0)
        memset(g->sum, 0, (size_t)g->raster.width * 3 * sizeof(*g->sum));
    for (uint32_t x = 0; x < g->width; x++, rgba += 4) {
        uint32_t *to = g->sum + (size_t)(x / f) * 3, alpha = rgba[3];
        for (int i = 0; i < 3; i++)
            to[i] += (rgba[i] * alpha + 255 * (255 - alpha) + 127) / 255;
    }
    if (y % f != f - 1 && y != g->height - 1)
        return;
    uint32_t rows = y % f + 1;
    uint8_t *to = g->raster.rgb + (size_t)(y / f) * g->raster.width * 3;
    for (uint32_t x = 0; x < g->raster.width; x++) {
        uint32_t columns = (x + 1) * f <= g->width ? f : g->width - x * f, n = columns * rows;
        assert(n > 0); /* the width is rounded up to whole blocks, so the last has at least one column */
        for (uint32_t i = 0; i < 3; i++)
            to[x * 3 + i] = (uint8_t)((g->sum[x * 3 + i] + n / 2) / n);
    }
}

static int orientation_of(struct reader *r)
{
    png_bytep exif = NULL;
    png_uint_32 n = 0;
    if (png_get_eXIf_1(r->png, r->info, &n, &exif) == 0 || exif == NULL)
        return 1;
    return exif_orientation((struct str){(const char *)exif, n});
}

static enum image_code read_picture(struct reader *r, struct arena *a, const struct image_limits *limits,
                                    struct decoded *ret)
{
    r->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, r, fail, silent);
    r->info = r->png ? png_create_info_struct(r->png) : NULL;
    if (r->info == NULL)
        return IMAGE_MEMORY;
    png_structp png = r->png;
    png_set_read_fn(png, r, feed);
    png_set_user_limits(png, 0x7fffffff, 0x7fffffff); /* image_size_check() has better words */
    png_set_chunk_cache_max(png, 64);
    png_set_chunk_malloc_max(png, 4 * 1024 * 1024);
    png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, NULL, 0);
    png_set_benign_errors(png, 1);
    png_read_info(png, r->info);

    struct gather g = {.width = png_get_image_width(png, r->info), .height = png_get_image_height(png, r->info)};
    enum image_code code = image_size_check(g.width, g.height, limits);
    if (code != IMAGE_OK)
        return code;
    png_set_expand(png);
    png_set_scale_16(png);
    png_set_gray_to_rgb(png);
    png_set_add_alpha(png, 0xff, PNG_FILLER_AFTER);
    int passes = png_set_interlace_handling(png);
    png_read_update_info(png, r->info);
    if (png_get_rowbytes(png, r->info) != (size_t)g.width * 4)
        return IMAGE_BROKEN;

    uint32_t longest = g.width > g.height ? g.width : g.height;
    g.factor = longest / limits->side > 1 ? longest / limits->side : 1;
    g.raster = raster_new(a, (g.width + g.factor - 1) / g.factor, (g.height + g.factor - 1) / g.factor);
    g.sum = arena_array(a, uint32_t, (size_t)g.raster.width * 3);
    if (passes == 1) {
        uint8_t *row = arena_array(a, uint8_t, (size_t)g.width * 4);
        for (uint32_t y = 0; y < g.height; y++) {
            png_read_row(png, row, NULL);
            gather_row(&g, y, row);
        }
    } else { /* interlaced: every pass touches every row */
        uint8_t *all = arena_array(a, uint8_t, (size_t)g.width * g.height * 4);
        for (int pass = 0; pass < passes; pass++) {
            for (uint32_t y = 0; y < g.height; y++)
                png_read_row(png, all + (size_t)y * g.width * 4, NULL);
        }
        for (uint32_t y = 0; y < g.height; y++)
            gather_row(&g, y, all + (size_t)y * g.width * 4);
    }
    png_read_end(png, r->info);
    *ret = (struct decoded){g.raster, orientation_of(r)};
    return IMAGE_OK;
}

enum image_code png_decode(struct arena *a, struct str in, const struct image_limits *limits, struct decoded *ret)
{
    struct reader r = {.code = IMAGE_MEMORY, .rest = in};
    jmp_buf *before = arena_escape(a, &r.out);
    enum image_code code;
    if (setjmp(r.out) == 0)
        code = read_picture(&r, a, limits, ret);
    else
        code = r.code;
    arena_escape(a, before);
    png_destroy_read_struct(&r.png, &r.info, NULL);
    return code;
}
