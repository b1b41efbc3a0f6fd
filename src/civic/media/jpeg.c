/* jpeg.c: JPEG in and out, by libjpeg-turbo. */
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <jpeglib.h>
#include <jerror.h>

#include "civic/media/image.h"

/* A progressive file may ask for any number of passes over the whole picture: a small file, minutes of work. Cameras use 10. */
enum { SCANS_MAX = 64 };

struct reader {
    struct jpeg_decompress_struct d;
    struct jpeg_error_mgr errors;
    struct jpeg_progress_mgr progress;
    jmp_buf out;
    enum image_code code; /* what a jump to `out` means */
    bool cut;             /* the file ended too early */
};

static void fail(j_common_ptr c)
{
    struct reader *r = c->client_data;
    r->code = c->err->msg_code == JERR_OUT_OF_MEMORY ? IMAGE_MEMORY : IMAGE_BROKEN;
    longjmp(r->out, 1);
}

static void silent(j_common_ptr c)
{
    (void)c;
}

static void note(j_common_ptr c, int level)
{
    struct reader *r = c->client_data;
    if (level < 0)
        c->err->num_warnings++;
    if (level < 0 && c->err->msg_code == JWRN_JPEG_EOF)
        r->cut = true;
}

static void progress(j_common_ptr c)
{
    struct reader *r = c->client_data;
    if (r->d.input_scan_number > SCANS_MAX) {
        r->code = IMAGE_BROKEN;
        longjmp(r->out, 1);
    }
}

static int orientation_of(const struct reader *r)
{
    for (jpeg_saved_marker_ptr m = r->d.marker_list; m; m = m->next) {
        struct str s = {(const char *)m->data, m->data_length};
        if (m->marker == JPEG_APP0 + 1 && s.len > 6 && memcmp(s.ptr, "Exif\0\0", 6) == 0)
            return exif_orientation(str_sub(s, 6, SIZE_MAX));
    }
    return 1;
}

/* Adobe's CMYK files hold their values upside down. */
static void cmyk_row(const uint8_t *from, uint8_t *to, uint32_t width, bool inverted)
{
    for (uint32_t x = 0; x < width; x++, from += 4, to += 3) {
        for (int i = 0; i < 3; i++) {
            int c = inverted ? from[i] : 255 - from[i], k = inverted ? from[3] : 255 - from[3];
            to[i] = (uint8_t)((c * k + 127) / 255);
        }
    }
}

static enum image_code read_picture(struct reader *r, struct arena *a, struct str in, const struct image_limits *limits,
                                    struct decoded *ret)
{
    struct jpeg_decompress_struct *d = &r->d;
    jpeg_create_decompress(d);
    d->mem->max_memory_to_use = 0;
    d->progress = &r->progress;
    r->progress.progress_monitor = progress;
    jpeg_mem_src(d, (const unsigned char *)in.ptr, in.len);
    jpeg_save_markers(d, JPEG_APP0 + 1, 0xffff);
    jpeg_read_header(d, TRUE);
    enum image_code code = image_size_check(d->image_width, d->image_height, limits);
    if (code != IMAGE_OK)
        return code;

    bool cmyk = d->jpeg_color_space == JCS_CMYK || d->jpeg_color_space == JCS_YCCK;
    d->out_color_space = cmyk ? JCS_CMYK : JCS_RGB;
    /* The transform itself can leave out detail: 1/2, 1/4, 1/8, as long as the result is still large enough. */
    uint32_t longest = d->image_width > d->image_height ? d->image_width : d->image_height;
    d->scale_num = 1;
    d->scale_denom = 1;
    while (d->scale_denom < 8 && longest / (d->scale_denom * 2) >= limits->side)
        d->scale_denom *= 2;
    jpeg_start_decompress(d);

    struct raster raster = raster_new(a, d->output_width, d->output_height);
    uint8_t *four = cmyk ? arena_array(a, uint8_t, (size_t)d->output_width * 4) : NULL;
    while (d->output_scanline < d->output_height) {
        uint8_t *to = raster.rgb + (size_t)d->output_scanline * raster.width * 3;
        JSAMPROW row = cmyk ? four : to;
        if (jpeg_read_scanlines(d, &row, 1) != 1)
            return IMAGE_BROKEN;
        if (cmyk)
            cmyk_row(four, to, raster.width, d->saw_Adobe_marker);
        if (r->cut)
            return IMAGE_BROKEN;
    }
    /* All pixels are there: an end marker that is missing is no loss, so jpeg_finish_decompress() is not asked. */
    *ret = (struct decoded){raster, orientation_of(r)};
    return IMAGE_OK;
}

enum image_code jpeg_decode(struct arena *a, struct str in, const struct image_limits *limits, struct decoded *ret)
{
    struct reader r = {.code = IMAGE_MEMORY};
    r.d.err = jpeg_std_error(&r.errors);
    r.errors.error_exit = fail;
    r.errors.emit_message = note;
    r.errors.output_message = silent;
    r.d.client_data = &r;
    jmp_buf *before = arena_escape(a, &r.out);
    enum image_code code;
    if (setjmp(r.out) == 0)
        code = read_picture(&r, a, in, limits, ret);
    else
        code = r.code;
    arena_escape(a, before);
    jpeg_destroy_decompress(&r.d);
    return code;
}

/* ---- out ------------------------------------------------------------------------------------------------- */

struct writer {
    struct jpeg_compress_struct c;
    struct jpeg_error_mgr errors;
    jmp_buf out;
    unsigned char *bytes;
    unsigned long n;
};

static void fail_writing(j_common_ptr c)
{
    struct writer *w = c->client_data;
    longjmp(w->out, 1);
}

static void write_picture(struct writer *w, const struct raster *in, int quality)
{
    struct jpeg_compress_struct *c = &w->c;
    jpeg_create_compress(c);
    jpeg_mem_dest(c, &w->bytes, &w->n);
    c->image_width = in->width;
    c->image_height = in->height;
    c->input_components = 3;
    c->in_color_space = JCS_RGB;
    jpeg_set_defaults(c);
    jpeg_set_quality(c, quality, TRUE);
    c->optimize_coding = TRUE;
    jpeg_start_compress(c, TRUE);
    while (c->next_scanline < c->image_height) {
        JSAMPROW row = in->rgb + (size_t)c->next_scanline * in->width * 3;
        jpeg_write_scanlines(c, &row, 1);
    }
    jpeg_finish_compress(c);
}

enum image_code jpeg_encode(struct arena *a, const struct raster *in, int quality, struct str *ret_jpeg)
{
    struct writer w = {.n = 0};
    w.c.err = jpeg_std_error(&w.errors);
    w.errors.error_exit = fail_writing;
    w.errors.output_message = silent;
    w.c.client_data = &w;
    jmp_buf *before = arena_escape(a, &w.out);
    enum image_code code = IMAGE_MEMORY;
    if (setjmp(w.out) == 0) {
        write_picture(&w, in, quality);
        *ret_jpeg = str_dup(a, (struct str){(const char *)w.bytes, w.n});
        code = IMAGE_OK;
    } else {
        code = IMAGE_MEMORY;
    }
    arena_escape(a, before);
    jpeg_destroy_compress(&w.c);
    free(w.bytes);
    return code;
}

/* ---- checking --------------------------------------------------------------------------------------------- */

/* One segment after another up to the scan's data, then nothing but stuffed bytes up to the end marker. */
static bool plain(struct str jpeg, uint32_t *ret_width, uint32_t *ret_height)
{
    const uint8_t *p = (const uint8_t *)jpeg.ptr;
    size_t n = jpeg.len, i = 2;
    bool sized = false;
    if (n < 4 || p[0] != 0xff || p[1] != 0xd8)
        return false;
    for (;;) {
        if (n - i < 4 || p[i] != 0xff)
            return false;
        uint8_t marker = p[i + 1];
        size_t length = (size_t)p[i + 2] << 8 | p[i + 3];
        if (length < 2 || n - i - 2 < length)
            return false;
        const uint8_t *data = p + i + 4;
        if (marker == 0xe0 && (length != 16 || memcmp(data, "JFIF", 5) != 0 || data[12] != 0 || data[13] != 0))
            return false;
        if (marker == 0xc0) {
            if (length < 8 || sized || data[0] != 8)
                return false;
            *ret_height = (uint32_t)data[1] << 8 | data[2];
            *ret_width = (uint32_t)data[3] << 8 | data[4];
            sized = true;
        }
        if (marker != 0xe0 && marker != 0xdb && marker != 0xc0 && marker != 0xc4 && marker != 0xda)
            return false;
        i += 2 + length;
        if (marker == 0xda)
            break;
    }
    for (; i + 1 < n; i++) {
        if (p[i] == 0xff && p[i + 1] == 0xd9)
            return sized && i + 2 == n;
        if (p[i] == 0xff && p[i + 1] != 0)
            return false;
    }
    return false;
}

bool image_is_plain_jpeg(struct str jpeg, uint32_t width, uint32_t height)
{
    uint32_t w = 0, h = 0;
    return plain(jpeg, &w, &h) && w == width && h == height;
}

bool image_is_plain_jpeg_within(struct str jpeg, uint32_t side)
{
    uint32_t w = 0, h = 0;
    return plain(jpeg, &w, &h) && w > 0 && h > 0 && w <= side && h <= side;
}
