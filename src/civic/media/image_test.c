/* image_test.c: what comes out of uploads, good and bad. The pictures are made here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include <jpeglib.h>
#include <png.h>
#include <webp/encode.h>

#include "civic/media/image.h"
#include "engine/base/buf.h"

static const struct image_limits limits = {40000000, 20000, 1600, 320, 15 * 1024, 82};

/* Four quarters: red, green / blue, yellow. */
static void quarters_pixel(uint32_t x, uint32_t y, uint32_t w, uint32_t h, uint8_t *rgb)
{
    static const uint8_t colour[4][3] = {{220, 20, 20}, {20, 200, 20}, {20, 20, 220}, {230, 220, 20}};
    memcpy(rgb, colour[(y >= h / 2) * 2 + (x >= w / 2)], 3);
}

static struct raster quarters(struct arena *a, uint32_t w, uint32_t h)
{
    struct raster r = raster_new(a, w, h);
    for (uint32_t y = 0; y < h; y++) {
        for (uint32_t x = 0; x < w; x++)
            quarters_pixel(x, y, w, h, r.rgb + ((size_t)y * w + x) * 3);
    }
    return r;
}

/* Noise from a fixed seed: the hardest thing to compress. */
static struct raster noise(struct arena *a, uint32_t w, uint32_t h)
{
    struct raster r = raster_new(a, w, h);
    uint32_t s = 1;
    for (size_t i = 0; i < (size_t)w * h * 3; i++) {
        s = s * 1664525 + 1013904223;
        r.rgb[i] = (uint8_t)(s >> 24);
    }
    return r;
}

static struct str exif_block(struct arena *a, int orientation)
{
    struct buf b;
    buf_init(&b, a, 64, 4096);
    buf_put(&b, (struct str){"Exif\0\0MM\0*\0\0\0\x08\0\x02", 16});
    buf_put(&b, (struct str){"\x01\x12\0\x03\0\0\0\x01\0", 9});
    buf_putc(&b, (char)orientation);
    buf_put(&b, (struct str){"\0\0", 2});
    buf_put(&b, (struct str){"\x88\x25\0\x04\0\0\0\x01\0\0\0\x26", 12}); /* a pointer to the GPS block */
    buf_put(&b, (struct str){"\0\0\0\0GPS-31.2304-121.4737 SECRETPHONE", 36});
    return buf_str(&b);
}

enum jpeg_kind { PLAIN, PROGRESSIVE, CMYK, GREY };

static struct str make_jpeg(struct arena *a, struct raster in, enum jpeg_kind kind, struct str app1, struct str comment)
{
    struct jpeg_compress_struct c;
    struct jpeg_error_mgr e;
    unsigned char *bytes = NULL;
    unsigned long n = 0;
    c.err = jpeg_std_error(&e);
    jpeg_create_compress(&c);
    jpeg_mem_dest(&c, &bytes, &n);
    c.image_width = in.width;
    c.image_height = in.height;
    c.input_components = kind == CMYK ? 4 : kind == GREY ? 1 : 3;
    c.in_color_space = kind == CMYK ? JCS_CMYK : kind == GREY ? JCS_GRAYSCALE : JCS_RGB;
    jpeg_set_defaults(&c);
    jpeg_set_quality(&c, 95, TRUE);
    if (kind == PROGRESSIVE)
        jpeg_simple_progression(&c);
    jpeg_start_compress(&c, TRUE);
    if (app1.len)
        jpeg_write_marker(&c, JPEG_APP0 + 1, (const unsigned char *)app1.ptr, (unsigned)app1.len);
    if (comment.len)
        jpeg_write_marker(&c, JPEG_COM, (const unsigned char *)comment.ptr, (unsigned)comment.len);
    uint8_t *row = arena_array(a, uint8_t, (size_t)in.width * 4);
    for (uint32_t y = 0; y < in.height; y++) {
        const uint8_t *from = in.rgb + (size_t)y * in.width * 3;
        for (uint32_t x = 0; x < in.width; x++, from += 3) {
            if (kind == CMYK) { /* Adobe's way: upside down */
                memcpy(row + x * 4, from, 3);
                row[x * 4 + 3] = 255;
            } else if (kind == GREY) {
                row[x] = from[0];
            } else {
                memcpy(row + x * 3, from, 3);
            }
        }
        JSAMPROW p = row;
        jpeg_write_scanlines(&c, &p, 1);
    }
    jpeg_finish_compress(&c);
    jpeg_destroy_compress(&c);
    struct str out = str_dup(a, (struct str){(char *)bytes, n});
    free(bytes);
    return out;
}

static struct raster decode(struct arena *a, struct str jpeg)
{
    struct decoded d;
    struct image_limits as_it_is = limits;
    as_it_is.side = 20000;
    assert_int_equal(jpeg_decode(a, jpeg, &as_it_is, &d), IMAGE_OK);
    assert_int_equal(d.orientation, 1);
    return d.raster;
}

static void assert_quarters(struct raster r)
{
    for (uint32_t i = 0; i < 4; i++) {
        uint32_t x = r.width / 4 + (i % 2) * r.width / 2, y = r.height / 4 + (i / 2) * r.height / 2;
        uint8_t want[3];
        quarters_pixel(x, y, r.width, r.height, want);
        for (int k = 0; k < 3; k++)
            assert_in_range(abs(r.rgb[((size_t)y * r.width + x) * 3 + k] - want[k]), 0, 12);
    }
}

static struct image good(struct arena *a, struct str in)
{
    struct image image;
    assert_int_equal(image_convert(a, in, &limits, &image), IMAGE_OK);
    assert_true(image_is_plain_jpeg(image.full, image.width, image.height));
    return image;
}

static void shows_all_orientations_upright(void **state)
{
    (void)state;
    /* TIFF 6.0: what the first row and the first column of the file are on the wall. */
    static const struct {
        char row, column;
    } sides[] = {{'t', 'l'}, {'t', 'r'}, {'b', 'r'}, {'b', 'l'}, {'l', 't'}, {'r', 't'}, {'r', 'b'}, {'l', 'b'}};
    struct arena *a = arena_open(64 << 20);
    enum { W = 96, H = 64 };
    for (int orientation = 1; orientation <= 8; orientation++) {
        char row = sides[orientation - 1].row, column = sides[orientation - 1].column;
        bool swap = row == 'l' || row == 'r';
        struct raster stored = raster_new(a, swap ? H : W, swap ? W : H);
        for (uint32_t r = 0; r < stored.height; r++) {
            for (uint32_t c = 0; c < stored.width; c++) {
                uint32_t x = row == 'l' ? r : row == 'r' ? W - 1 - r : column == 'l' ? c : W - 1 - c;
                uint32_t y = row == 't' ? r : row == 'b' ? H - 1 - r : column == 't' ? c : H - 1 - c;
                quarters_pixel(x, y, W, H, stored.rgb + ((size_t)r * stored.width + c) * 3);
            }
        }
        struct image image = good(a, make_jpeg(a, stored, PLAIN, exif_block(a, orientation), STR_NONE));
        assert_int_equal(image.width, W);
        assert_int_equal(image.height, H);
        assert_quarters(decode(a, image.full));
        assert_quarters(decode(a, image.thumb));
    }
    arena_close(a);
}

static void drops_all_metadata(void **state)
{
    (void)state;
    struct arena *a = arena_open(64 << 20);
    struct str in = make_jpeg(a, quarters(a, 200, 100), PLAIN, exif_block(a, 1),
                              STR("COMMENT <script>alert(1)</script>"));
    struct str tail = STR("PK\x03\x04 <html><script>polyglot</script> <x:xmpmeta>");
    struct buf b;
    buf_init(&b, a, in.len + tail.len, 1 << 20);
    buf_put(&b, in);
    buf_put(&b, tail);
    assert_true(str_find(in, STR("SECRETPHONE")) != SIZE_MAX);
    struct image image = good(a, buf_str(&b));
    const struct str never[] = {STR("SECRETPHONE"), STR("GPS"),        STR("Exif"), STR("COMMENT"),
                                STR("script"),      STR("PK\x03\x04"), STR("xmp"),  STR("ICC_PROFILE")};
    for (size_t i = 0; i < sizeof(never) / sizeof(never[0]); i++) {
        assert_int_equal(str_find(image.full, never[i]), SIZE_MAX);
        assert_int_equal(str_find(image.thumb, never[i]), SIZE_MAX);
    }
    arena_close(a);
}

static void shrinks_to_the_limits(void **state)
{
    (void)state;
    static const struct {
        uint32_t w, h, want_w, want_h;
    } sizes[] = {{4000, 3000, 1600, 1200}, {3000, 4000, 1200, 1600}, {1601, 801, 1600, 801},
                 {1600, 1600, 1600, 1600}, {640, 480, 640, 480},     {1, 1, 1, 1},
                 {9000, 20, 1600, 4},      {3, 9000, 1, 1600}};
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        struct arena *a = arena_open(256 << 20);
        struct raster in = quarters(a, sizes[i].w, sizes[i].h);
        struct image image = good(a, make_jpeg(a, in, PLAIN, STR_NONE, STR_NONE));
        assert_int_equal(image.width, sizes[i].want_w);
        assert_in_range(image.height + 1, sizes[i].want_h, sizes[i].want_h + 2);
        struct raster thumb = decode(a, image.thumb);
        assert_true(thumb.width <= 320 && thumb.height <= 320);
        if (sizes[i].w > 4 && sizes[i].h > 20)
            assert_quarters(thumb);
        arena_close(a);
    }
}

static void keeps_thumbnails_small(void **state)
{
    (void)state;
    struct arena *a = arena_open(256 << 20);
    struct image image = good(a, make_jpeg(a, noise(a, 1000, 1000), PLAIN, STR_NONE, STR_NONE));
    assert_true(image.thumb.len <= limits.thumb_bytes);
    arena_close(a);
}

static void takes_every_sort_of_jpeg(void **state)
{
    (void)state;
    struct arena *a = arena_open(64 << 20);
    assert_quarters(decode(a, good(a, make_jpeg(a, quarters(a, 300, 200), PROGRESSIVE, STR_NONE, STR_NONE)).full));
    assert_quarters(decode(a, good(a, make_jpeg(a, quarters(a, 300, 200), CMYK, STR_NONE, STR_NONE)).full));
    struct raster grey = decode(a, good(a, make_jpeg(a, quarters(a, 300, 200), GREY, STR_NONE, STR_NONE)).full);
    assert_in_range(abs(grey.rgb[0] - 220), 0, 6);
    assert_in_range(abs(grey.rgb[0] - grey.rgb[1]), 0, 2);
    arena_close(a);
}

/* ---- PNG ---------------------------------------------------------------------------------------------- */

static void png_collect(png_structp png, png_bytep bytes, size_t n)
{
    buf_put(png_get_io_ptr(png), (struct str){(char *)bytes, n});
}

static void png_nothing(png_structp png)
{
    (void)png;
}

/* rgba: 4 x depth/8 bytes a pixel. */
static struct str make_png(struct arena *a, uint32_t w, uint32_t h, int depth, bool interlaced, const uint8_t *rgba)
{
    struct buf b;
    buf_init(&b, a, 1 << 16, 64 << 20);
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
    png_infop info = png_create_info_struct(png);
    png_set_write_fn(png, &b, png_collect, png_nothing);
    png_set_IHDR(png, info, w, h, depth, PNG_COLOR_TYPE_RGB_ALPHA,
                 interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
                 PNG_FILTER_TYPE_DEFAULT);
    png_text words = {.compression = PNG_TEXT_COMPRESSION_NONE, .key = (char *)"Author", .text = (char *)"SECRETNAME"};
    png_set_text(png, info, &words, 1);
    png_write_info(png, info);
    png_bytep *rows = arena_array(a, png_bytep, h);
    for (uint32_t y = 0; y < h; y++)
        rows[y] = (png_bytep)(rgba + (size_t)y * w * 4 * (size_t)(depth / 8));
    png_write_image(png, rows);
    png_write_end(png, info);
    png_destroy_write_struct(&png, &info);
    return buf_str(&b);
}

static uint8_t *with_alpha(struct arena *a, struct raster in, int depth, uint8_t alpha)
{
    size_t n = (size_t)in.width * in.height, bytes = (size_t)(depth / 8);
    uint8_t *out = arena_array(a, uint8_t, n * 4 * bytes);
    for (size_t i = 0; i < n * 4; i++)
        memset(out + i * bytes, i % 4 == 3 ? alpha : in.rgb[i / 4 * 3 + i % 4], bytes);
    return out;
}

static void takes_every_sort_of_png(void **state)
{
    (void)state;
    struct arena *a = arena_open(256 << 20);
    struct raster in = quarters(a, 240, 160);
    for (int i = 0; i < 4; i++) {
        int depth = i & 1 ? 16 : 8;
        struct image image = good(a, make_png(a, 240, 160, depth, i & 2, with_alpha(a, in, depth, 255)));
        assert_quarters(decode(a, image.full));
        assert_int_equal(str_find(image.full, STR("SECRETNAME")), SIZE_MAX);
        arena_reset(a);
        in = quarters(a, 240, 160);
    }
    /* What one can see through is white, not black. */
    struct raster clear = decode(a, good(a, make_png(a, 240, 160, 8, false, with_alpha(a, in, 8, 0))).full);
    assert_in_range(clear.rgb[0], 253, 255);
    assert_in_range(clear.rgb[1], 253, 255);
    /* Larger than the result: rows are averaged while they come in. */
    in = quarters(a, 3500, 2000);
    struct image large = good(a, make_png(a, 3500, 2000, 8, false, with_alpha(a, in, 8, 255)));
    assert_int_equal(large.width, 1600);
    assert_quarters(decode(a, large.full));
    arena_close(a);
}

/* ---- WebP --------------------------------------------------------------------------------------------------- */

static void takes_webp(void **state)
{
    (void)state;
    struct arena *a = arena_open(256 << 20);
    struct raster in = quarters(a, 2000, 1000);
    uint8_t *bytes = NULL;
    size_t n = WebPEncodeRGB(in.rgb, 2000, 1000, 6000, 80, &bytes);
    struct image image = good(a, (struct str){(char *)bytes, n});
    assert_int_equal(image.width, 1600);
    assert_int_equal(image.height, 800);
    assert_quarters(decode(a, image.full));
    /* Half of it. */
    struct image none;
    assert_int_equal(image_convert(a, (struct str){(char *)bytes, n / 2}, &limits, &none), IMAGE_BROKEN);
    WebPFree(bytes);
    n = WebPEncodeLosslessRGBA(with_alpha(a, in, 8, 0), 2000, 1000, 8000, &bytes);
    assert_in_range(decode(a, good(a, (struct str){(char *)bytes, n}).full).rgb[0], 253, 255);
    WebPFree(bytes);
    arena_close(a);
}

static void refuses_what_is_no_picture_for_us(void **state)
{
    (void)state;
    static const struct {
        struct str bytes;
        enum image_code code;
    } cases[] = {
        {{"", 0}, IMAGE_UNKNOWN},
        {{"hello", 5}, IMAGE_UNKNOWN},
        {{"%PDF-1.7", 8}, IMAGE_UNKNOWN},
        {{"\0\0\0\x18"
          "ftypheic\0\0\0\0",
          16},
         IMAGE_HEIC},
        {{"\0\0\0\x18"
          "ftypmif1\0\0\0\0",
          16},
         IMAGE_HEIC},
        {{"\0\0\0\x18"
          "ftypavif\0\0\0\0",
          16},
         IMAGE_HEIC},
        {{"GIF89a\1\0\1\0", 10}, IMAGE_FORMAT},
        {{"<?xml version='1.0'?><svg onload='x'/>", 38}, IMAGE_FORMAT},
        {{"  <svg xmlns='x'>", 17}, IMAGE_FORMAT},
        {{"BM\0\0\0\0", 6}, IMAGE_FORMAT},
        {{"II*\0\0\0\0\0", 8}, IMAGE_FORMAT},
        {{"\xff\xd8\xff", 3}, IMAGE_BROKEN},
        {{"\x89PNG\r\n\x1a\n", 8}, IMAGE_BROKEN},
        {{"RIFF\4\0\0\0WEBP", 12}, IMAGE_BROKEN},
        {{"RIFF\x16\0\0\0WEBPVP8X\x0a\0\0\0\x02\0\0\0\x0f\0\0\x0f\0\0", 30}, IMAGE_ANIMATED},
        /* 50,000 x 50,000 in 45 bytes. */
        {{"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\xc3\x50\0\0\xc3\x50\x08\2\0\0\0\xc4\xcd\xaa\x9d\0\0\0\0"
          "IDAT\x35\xaf\x06\x1e",
          45},
         IMAGE_PIXELS},
    };
    struct arena *a = arena_open(64 << 20);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct image image;
        assert_int_equal(image_convert(a, cases[i].bytes, &limits, &image), cases[i].code);
    }
    arena_close(a);
}

static void refuses_too_many_pixels_before_decoding(void **state)
{
    (void)state;
    struct arena *a = arena_open(64 << 20);
    struct str jpeg = make_jpeg(a, quarters(a, 64, 64), PLAIN, STR_NONE, STR_NONE);
    char *patched = str_cstr(a, jpeg);
    size_t sof = str_find(jpeg, (struct str){"\xff\xc0", 2});
    memcpy(patched + sof + 5, "\xc3\x50\xc3\x50", 4);
    struct image image;
    assert_int_equal(image_convert(a, (struct str){patched, jpeg.len}, &limits, &image), IMAGE_PIXELS);
    arena_close(a);
}

static void refuses_what_did_not_arrive_whole(void **state)
{
    (void)state;
    struct arena *a = arena_open(256 << 20);
    struct raster in = noise(a, 300, 300);
    struct str whole[] = {make_jpeg(a, in, PLAIN, STR_NONE, STR_NONE),
                          make_jpeg(a, in, PROGRESSIVE, STR_NONE, STR_NONE),
                          make_png(a, 300, 300, 8, false, with_alpha(a, in, 8, 255)),
                          make_png(a, 300, 300, 8, true, with_alpha(a, in, 8, 255))};
    for (size_t i = 0; i < sizeof(whole) / sizeof(whole[0]); i++) {
        for (size_t part = 1; part < 10; part++) {
            struct image image;
            assert_int_equal(image_convert(a, str_sub(whole[i], 0, whole[i].len * part / 10), &limits, &image),
                             IMAGE_BROKEN);
        }
    }
    arena_close(a);
}

/* Every byte turned once: any code is fine, a crash is not (the suite runs with the sanitizers). */
static void survives_damage(void **state)
{
    (void)state;
    struct arena *a = arena_open(256 << 20);
    struct raster in = quarters(a, 24, 24);
    struct str whole[] = {make_jpeg(a, in, PLAIN, exif_block(a, 6), STR_NONE),
                          make_jpeg(a, in, PROGRESSIVE, STR_NONE, STR_NONE),
                          make_png(a, 24, 24, 8, true, with_alpha(a, in, 8, 255))};
    for (size_t i = 0; i < sizeof(whole) / sizeof(whole[0]); i++) {
        for (size_t k = 3; k < whole[i].len; k += 1 + (k > 200) * 7) {
            struct arena *each = arena_open(64 << 20);
            char *bytes = str_cstr(each, whole[i]);
            bytes[k] = (char)(bytes[k] ^ 0xff);
            struct image image;
            struct image_limits small = limits;
            small.pixels_max = 1000000;
            enum image_code code = image_convert(each, (struct str){bytes, whole[i].len}, &small, &image);
            assert_in_range(code, IMAGE_OK, IMAGE_MEMORY);
            arena_close(each);
        }
    }
    arena_close(a);
}

static void reads_the_orientation_tag_only_when_it_is_sound(void **state)
{
    (void)state;
    static const struct {
        struct str tiff;
        int orientation;
    } cases[] = {
        {{"", 0}, 1},
        {{"MM\0*\0\0\0\x08", 8}, 1},
        {{"MM\0*\0\0\0\x08\0\1\x01\x12\0\3\0\0\0\1\0\6\0\0", 22}, 6},
        {{"II*\0\x08\0\0\0\1\0\x12\x01\3\0\1\0\0\0\x08\0\0\0", 22}, 8},
        {{"MM\0*\0\0\0\x08\0\1\x01\x12\0\3\0\0\0\1\0\x09\0\0", 22}, 1}, /* no such orientation */
        {{"MM\0*\0\0\0\x08\0\1\x01\x12\0\4\0\0\0\1\0\6\0\0", 22}, 1},   /* wrong type */
        {{"MM\0*\xff\xff\xff\xff\0\1\x01\x12\0\3\0\0\0\1\0\6\0\0", 22}, 1},
        {{"MM\0*\0\0\0\x08\xff\xff\x01\x13\0\3\0\0\0\1\0\6\0\0", 22}, 1},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_int_equal(exif_orientation(cases[i].tiff), cases[i].orientation);
}

static void a_white_wall_stays_white(void **state)
{
    (void)state;
    struct arena *a = arena_open(64 << 20);
    struct raster in = raster_new(a, 1777, 999);
    memset(in.rgb, 255, (size_t)1777 * 999 * 3);
    struct raster out = raster_shrink(a, in, 313);
    for (size_t i = 0; i < (size_t)out.width * out.height * 3; i++)
        assert_int_equal(out.rgb[i], 255);
    arena_close(a);
}

static void plain_jpegs_only(void **state)
{
    (void)state;
    struct arena *a = arena_open(64 << 20);
    struct raster in = quarters(a, 40, 30);
    struct str plain = make_jpeg(a, in, PLAIN, STR_NONE, STR_NONE);
    assert_true(image_is_plain_jpeg(plain, 40, 30));
    assert_false(image_is_plain_jpeg(plain, 30, 40));
    assert_false(image_is_plain_jpeg(make_jpeg(a, in, PLAIN, exif_block(a, 1), STR_NONE), 40, 30));
    assert_false(image_is_plain_jpeg(make_jpeg(a, in, PLAIN, STR_NONE, STR("hi")), 40, 30));
    for (size_t n = 0; n < plain.len; n++)
        assert_false(image_is_plain_jpeg(str_dup(a, str_sub(plain, 0, n)), 40, 30));
    struct buf b;
    buf_init(&b, a, plain.len + 8, 1 << 20);
    buf_put(&b, plain);
    buf_putc(&b, ' ');
    assert_false(image_is_plain_jpeg(buf_str(&b), 40, 30));
    arena_close(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shows_all_orientations_upright),
        cmocka_unit_test(drops_all_metadata),
        cmocka_unit_test(shrinks_to_the_limits),
        cmocka_unit_test(keeps_thumbnails_small),
        cmocka_unit_test(takes_every_sort_of_jpeg),
        cmocka_unit_test(takes_every_sort_of_png),
        cmocka_unit_test(takes_webp),
        cmocka_unit_test(refuses_what_is_no_picture_for_us),
        cmocka_unit_test(refuses_too_many_pixels_before_decoding),
        cmocka_unit_test(refuses_what_did_not_arrive_whole),
        cmocka_unit_test(survives_damage),
        cmocka_unit_test(reads_the_orientation_tag_only_when_it_is_sound),
        cmocka_unit_test(a_white_wall_stays_white),
        cmocka_unit_test(plain_jpegs_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
