/* qr.c: see qr.h. libqrencode finds the modules; drawing them is ours. */
#include "engine/page/qr.h"

#include <errno.h>
#include <setjmp.h>

#include <png.h>
#include <qrencode.h>

#include "engine/base/buf.h"

enum result qr_make(struct arena *a, struct str text, struct qr *ret_qr)
{
    enum { BYTES_MAX = 2331 }; /* version 40-M, byte mode */
    if (text.len == 0)
        return E_INVALID;
    if (text.len > BYTES_MAX)
        return E_TOO_LARGE;
    QRcode *code = QRcode_encodeData((int)text.len, (const unsigned char *)text.ptr, 0, QR_ECLEVEL_M);
    if (code == NULL)
        return errno == ENOMEM ? E_BUSY : E_INVALID;
    size_t n = (size_t)code->width * (size_t)code->width;
    arena_on_reset(a, (void (*)(void *))QRcode_free, code);
    uint8_t *module = arena_array(a, uint8_t, n);
    for (size_t i = 0; i < n; i++)
        module[i] = code->data[i] & 1;
    *ret_qr = (struct qr){code->width, module};
    return OK;
}

/* Dark, and light all around. */
static bool dark(const struct qr *qr, int x, int y)
{
    return x >= 0 && y >= 0 && x < qr->side && y < qr->side && qr->module[y * qr->side + x];
}

enum result qr_svg(struct arena *a, struct str text, struct str *ret_svg)
{
    struct qr qr;
    enum result r = qr_make(a, text, &qr);
    if (r != OK)
        return r;
    struct buf b;
    int side = qr.side + 2 * QR_QUIET;
    buf_init(&b, a, 16 * 1024, 1024 * 1024);
    buf_printf(&b, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" shape-rendering=\"crispEdges\">",
               side, side);
    buf_printf(&b, "<path fill=\"#fff\" d=\"M0 0h%dv%dH0z\"/><path d=\"", side, side);
    for (int y = 0; y < qr.side; y++) {
        for (int x = 0; x < qr.side; x++) {
            int from = x;
            while (dark(&qr, x, y))
                x++;
            if (x > from)
                buf_printf(&b, "M%d %dh%dv1h-%dz", from + QR_QUIET, y + QR_QUIET, x - from, x - from);
        }
    }
    buf_put(&b, STR("\"/></svg>\n"));
    *ret_svg = buf_str(&b);
    return OK;
}

/* ---- PNG ------------------------------------------------------------------------------------------------ */

struct png_out {
    png_structp png;
    png_infop info;
    jmp_buf failed;
    struct buf buf;
};

static _Noreturn void png_failed(png_structp png, png_const_charp why)
{
    (void)why;
    longjmp(((struct png_out *)png_get_error_ptr(png))->failed, 1);
}

static void png_collect(png_structp png, png_bytep bytes, size_t n)
{
    buf_put(&((struct png_out *)png_get_io_ptr(png))->buf, (struct str){(const char *)bytes, n});
}

static void png_flush_nothing(png_structp png)
{
    (void)png;
}

static bool png_draw(struct png_out *out, struct arena *a, const struct qr *qr, int scale)
{
    out->png = png_create_write_struct(PNG_LIBPNG_VER_STRING, out, png_failed, NULL);
    out->info = out->png ? png_create_info_struct(out->png) : NULL;
    if (out->info == NULL)
        return false;
    int side = (qr->side + 2 * QR_QUIET) * scale;
    png_set_write_fn(out->png, out, png_collect, png_flush_nothing);
    png_set_IHDR(out->png, out->info, (png_uint_32)side, (png_uint_32)side, 1, PNG_COLOR_TYPE_GRAY, PNG_INTERLACE_NONE,
                 PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_write_info(out->png, out->info);
    uint8_t *row = arena_array(a, uint8_t, (size_t)side / 8 + 1);
    for (int y = 0; y < side; y++) {
        if (y % scale == 0) {
            memset(row, 0, (size_t)side / 8 + 1);
            for (int x = 0; x < side; x++) {
                if (!dark(qr, x / scale - QR_QUIET, y / scale - QR_QUIET))
                    row[x / 8] = (uint8_t)(row[x / 8] | 0x80 >> x % 8);
            }
        }
        png_write_row(out->png, row);
    }
    png_write_end(out->png, out->info);
    return true;
}

enum result qr_png(struct arena *a, struct str text, int scale, struct str *ret_png)
{
    struct qr qr;
    if (scale < 1 || scale > 64)
        return E_INVALID;
    enum result r = qr_make(a, text, &qr);
    if (r != OK)
        return r;
    struct png_out out = {.png = NULL};
    buf_init(&out.buf, a, 8 * 1024, 8 * 1024 * 1024);
    jmp_buf *before = arena_escape(a, &out.failed);
    r = setjmp(out.failed) == 0 && png_draw(&out, a, &qr, scale) ? OK : E_BUSY;
    arena_escape(a, before);
    png_destroy_write_struct(&out.png, &out.info);
    if (r == OK)
        *ret_png = buf_str(&out.buf);
    return r;
}

/* ---- terminal ------------------------------------------------------------------------------------------------ */

enum result qr_terminal(struct arena *a, struct str text, struct str *ret_lines)
{
    /* Light modules are drawn in the foreground: upper half, lower half. */
    static const struct str blocks[4] = {STR(" "), STR("\u2584"), STR("\u2580"), STR("\u2588")};
    struct qr qr;
    enum result r = qr_make(a, text, &qr);
    if (r != OK)
        return r;
    struct buf b;
    buf_init(&b, a, 16 * 1024, 1024 * 1024);
    for (int y = -QR_QUIET; y < qr.side + QR_QUIET; y += 2) {
        buf_put(&b, STR("\033[97;40m"));
        for (int x = -QR_QUIET; x < qr.side + QR_QUIET; x++) {
            /* The side is odd: the last line has a lower half below the quiet zone, which stays light. */
            buf_put(&b, blocks[(dark(&qr, x, y) ? 0 : 2) + (dark(&qr, x, y + 1) ? 0 : 1)]);
        }
        buf_put(&b, STR("\033[0m\n"));
    }
    *ret_lines = buf_str(&b);
    return OK;
}
