/* pdf.c: see pdf.h. poppler decodes, cairo draws. */
#include "pdf/pdf.h"

#include <math.h>

#include <cairo.h>
#include <poppler.h>

/* A4 is 595 x 842 points; small pages are not made larger than they are at this many dots per inch. */
#define DPI_MAX 200.0
#define POINTS_MAX 1e6 /* of a side; the largest that a reader must be able to show is 14400 (ISO 32000-2, annex C) */

/* At the very beginning: a file that is something else first is something else to somebody. */
static bool is_pdf(struct str in)
{
    if (str_starts(in, STR("\xef\xbb\xbf")))
        in = str_sub(in, 3, in.len - 3);
    return str_starts(str_trim(str_sub(in, 0, 64)), STR("%PDF-"));
}

static bool is_active_action(const PopplerAction *action)
{
    switch (action->type) {
    case POPPLER_ACTION_LAUNCH:
    case POPPLER_ACTION_JAVASCRIPT:
    case POPPLER_ACTION_RENDITION:
    case POPPLER_ACTION_MOVIE: return true;
    default: return false;
    }
}

static bool is_active_annotation(PopplerAnnot *annot)
{
    switch (poppler_annot_get_annot_type(annot)) {
    case POPPLER_ANNOT_FILE_ATTACHMENT:
    case POPPLER_ANNOT_SOUND:
    case POPPLER_ANNOT_MOVIE:
    case POPPLER_ANNOT_SCREEN:
    case POPPLER_ANNOT_3D: return true;
    default: return false;
    }
}

static bool is_active_page(PopplerPage *page)
{
    bool active = false;
    GList *annots = poppler_page_get_annot_mapping(page), *links = poppler_page_get_link_mapping(page);
    for (GList *l = annots; l && !active; l = l->next)
        active = is_active_annotation(((PopplerAnnotMapping *)l->data)->annot);
    for (GList *l = links; l && !active; l = l->next)
        active = is_active_action(((PopplerLinkMapping *)l->data)->action);
    poppler_page_free_annot_mapping(annots);
    poppler_page_free_link_mapping(links);
    return active;
}

static bool is_active(PopplerDocument *document, int pages)
{
    bool active = poppler_document_has_javascript(document) || poppler_document_has_attachments(document);
    for (int i = 0; i < pages && !active; i++) {
        PopplerPage *page = poppler_document_get_page(document, i);
        active = page && is_active_page(page);
        g_clear_object(&page);
    }
    return active;
}

/* White paper, the page on it, as large as the limit or DPI_MAX. */
static enum pdf_code draw(struct arena *a, PopplerPage *page, const struct image_limits *limits, struct raster *ret)
{
    double w, h;
    poppler_page_get_size(page, &w, &h);
    if (!isfinite(w) || !isfinite(h) || w <= 0 || h <= 0 || w > POINTS_MAX || h > POINTS_MAX)
        return PDF_BROKEN;
    double scale = fmin((double)limits->side / fmax(w, h), DPI_MAX / 72);
    int width = (int)fmax(1, round(w * scale)), height = (int)fmax(1, round(h * scale));
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height);
    cairo_t *cr = cairo_create(surface);
    cairo_set_source_rgb(cr, 1, 1, 1);
    cairo_paint(cr);
    cairo_scale(cr, scale, scale);
    poppler_page_render(page, cr);
    bool drawn = cairo_status(cr) == CAIRO_STATUS_SUCCESS;
    cairo_destroy(cr);
    cairo_surface_flush(surface);
    const unsigned char *data = cairo_image_surface_get_data(surface);
    int stride = cairo_image_surface_get_stride(surface);
    if (!drawn || data == NULL) {
        cairo_surface_destroy(surface);
        return PDF_BROKEN;
    }
    struct raster r = raster_new(a, (uint32_t)width, (uint32_t)height);
    uint8_t *out = r.rgb;
    for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
            uint32_t pixel;
            memcpy(&pixel, data + (size_t)y * (size_t)stride + (size_t)x * 4, sizeof(pixel));
            *out++ = (uint8_t)(pixel >> 16);
            *out++ = (uint8_t)(pixel >> 8);
            *out++ = (uint8_t)pixel;
        }
    }
    cairo_surface_destroy(surface);
    *ret = r;
    return PDF_OK;
}

static enum pdf_code read_document(struct arena *a, PopplerDocument *document, const struct pdf_limits *limits,
                                   struct pdf *ret_pdf)
{
    int pages = poppler_document_get_n_pages(document);
    if (pages <= 0)
        return PDF_BROKEN;
    if ((uint32_t)pages > limits->pages_max)
        return PDF_PAGES;
    if (is_active(document, pages))
        return PDF_ACTIVE;
    PopplerPage *first = poppler_document_get_page(document, 0);
    if (first == NULL)
        return PDF_BROKEN;
    struct raster raster = {0};
    enum pdf_code code = draw(a, first, &limits->image, &raster);
    g_object_unref(first);
    if (code != PDF_OK)
        return code;
    struct pdf pdf = {.pages = (uint32_t)pages};
    if (image_of_raster(a, raster, &limits->image, &pdf.first) != IMAGE_OK)
        return PDF_MEMORY;
    *ret_pdf = pdf;
    return PDF_OK;
}

enum pdf_code pdf_read(struct arena *a, struct str in, const struct pdf_limits *limits, struct pdf *ret_pdf)
{
    if (!is_pdf(in))
        return PDF_UNKNOWN;
    enum pdf_code code = pdf_names(a, in);
    if (code != PDF_OK)
        return code;
    GError *error = NULL;
    GBytes *bytes = g_bytes_new_static(in.ptr, in.len);
    PopplerDocument *document = poppler_document_new_from_bytes(bytes, NULL, &error);
    code = PDF_BROKEN;
    if (document)
        code = read_document(a, document, limits, ret_pdf);
    else if (g_error_matches(error, POPPLER_ERROR, POPPLER_ERROR_ENCRYPTED))
        code = PDF_ENCRYPTED;
    g_clear_error(&error);
    g_clear_object(&document);
    g_bytes_unref(bytes);
    return code;
}
