/* pdf_world_test.h: PDF files for tests: drawn by cairo, or written by hand where cairo has no way to write such a thing. */
#ifndef LILONG_MEDIA_PDF_WORLD_TEST_H
#define LILONG_MEDIA_PDF_WORLD_TEST_H

#include <stdio.h>
#include <string.h>

#include <cairo-pdf.h>
#include <pango/pangocairo.h>

#include "engine/base/buf.h"

/* What fontconfig keeps until the end of a process is no leak of ours. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libfontconfig\nleak:libpango\nleak:libglib\nleak:libcairo\n";
}

static inline cairo_status_t test_pdf_write(void *to, const unsigned char *bytes, unsigned n)
{
    buf_put(to, (struct str){(const char *)bytes, n});
    return CAIRO_STATUS_SUCCESS;
}

/* Pages of this size in points, each with this text and its number. */
static inline struct str test_pdf(struct arena *a, int pages, double width, double height, const char *text)
{
    struct buf b;
    buf_init(&b, a, 4096, 64 << 20);
    cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(test_pdf_write, &b, width, height);
    cairo_t *cr = cairo_create(surface);
    PangoLayout *layout = pango_cairo_create_layout(cr);
    PangoFontDescription *font = pango_font_description_from_string("Noto Sans CJK SC 24");
    pango_layout_set_font_description(layout, font);
    for (int i = 1; i <= pages; i++) {
        char line[400];
        snprintf(line, sizeof(line), "%s %d", text, i);
        pango_layout_set_text(layout, line, -1);
        cairo_move_to(cr, 60, 60);
        pango_cairo_show_layout(cr, layout);
        cairo_show_page(cr);
    }
    pango_font_description_free(font);
    g_object_unref(layout);
    cairo_destroy(cr);
    cairo_surface_finish(surface);
    cairo_surface_destroy(surface);
    return buf_str(&b);
}

/* One page by hand: what its catalog, its page and the file have in addition. The reader finds the objects without a table of them. */
static inline struct str test_pdf_raw(struct arena *a, const char *catalog, const char *page, const char *trailer, const char *objects)
{
    return str_printf(a,
                      "%%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R%s>>\nendobj\n2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n"
                      "3 0 obj\n<</Type/Page/Parent 2 0 R%s>>\nendobj\n%s\ntrailer\n<</Root 1 0 R/Size 40%s>>\nstartxref\n0\n%%%%EOF\n",
                      catalog, page, objects, trailer);
}
#define TEST_PDF_A4 "/MediaBox[0 0 595 842]"

#endif
