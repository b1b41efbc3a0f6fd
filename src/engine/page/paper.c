/* paper.c: see paper.h. */
#include "engine/page/paper.h"

#include <pango/pangocairo.h>

const struct colour paper_green = {0.039, 0.478, 0.247}, paper_ink = {0.102, 0.102, 0.102},
                    paper_soft = {0.349, 0.373, 0.345}, paper_line = {0.82, 0.84, 0.81}, paper_white = {1, 1, 1};

void paper_use(struct paper *p, struct colour c)
{
    cairo_set_source_rgb(p->cr, c.r, c.g, c.b);
}

static PangoLayout *layout_new(struct paper *p, struct str s, double size, bool bold, double width, enum align align)
{
    PangoLayout *layout = pango_cairo_create_layout(p->cr);
    PangoFontDescription *font = pango_font_description_new();
    char language[16] = "zh-CN";
    if (p->language.len > 0 && p->language.len < sizeof(language)) {
        memcpy(language, p->language.ptr, p->language.len);
        language[p->language.len] = 0;
    }
    pango_font_description_set_family_static(font, "Noto Sans CJK SC, WenQuanYi Zen Hei, sans-serif");
    pango_font_description_set_absolute_size(font, size * PANGO_SCALE);
    pango_font_description_set_weight(font, bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_context_set_language(pango_layout_get_context(layout), pango_language_from_string(language));
    pango_layout_set_font_description(layout, font);
    pango_font_description_free(font);
    pango_layout_set_width(layout, (int)(width * PANGO_SCALE));
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_line_spacing(layout, 0.92f); /* of the font's own, which is wide */
    pango_layout_set_alignment(layout, align == LEFT     ? PANGO_ALIGN_LEFT
                                       : align == CENTRE ? PANGO_ALIGN_CENTER
                                                         : PANGO_ALIGN_RIGHT);
    pango_layout_set_text(layout, s.ptr, (int)s.len);
    return layout;
}

double paper_put(struct paper *p, struct str s, double x, double y, double width, double size, bool bold,
                 enum align align, int lines)
{
    if (s.len == 0)
        return 0;
    PangoLayout *layout = layout_new(p, s, size, bold, width, align);
    /* Letters that are a little smaller are better than one sign alone on the last line. */
    PangoLayout *tighter = layout_new(p, s, size * 0.9, bold, width, align);
    if (pango_layout_get_line_count(tighter) < pango_layout_get_line_count(layout)) {
        g_object_unref(layout);
        layout = tighter;
    } else {
        g_object_unref(tighter);
    }
    for (double smaller = size; pango_layout_get_line_count(layout) > lines && smaller > size / 2; smaller *= 0.94) {
        g_object_unref(layout);
        layout = layout_new(p, s, smaller, bold, width, align);
    }
    pango_layout_set_height(layout, -lines);
    pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END);
    int w, h;
    pango_layout_get_size(layout, &w, &h);
    cairo_move_to(p->cr, x, y);
    pango_cairo_show_layout(p->cr, layout);
    g_object_unref(layout);
    return (double)h / PANGO_SCALE;
}

void paper_put_code(struct paper *p, const struct qr *qr, double x, double y, double side)
{
    double module = side / (qr->side + 2 * QR_QUIET);
    paper_use(p, paper_ink);
    for (int row = 0; row < qr->side; row++) {
        for (int col = 0; col < qr->side; col++) {
            int from = col;
            while (col < qr->side && qr->module[row * qr->side + col])
                col++;
            if (col > from)
                cairo_rectangle(p->cr, x + (from + QR_QUIET) * module, y + (row + QR_QUIET) * module,
                                (col - from) * module, module);
        }
    }
    cairo_fill(p->cr);
}

void paper_rule(struct paper *p, double y, double from, double to)
{
    paper_use(p, paper_line);
    cairo_set_line_width(p->cr, 1);
    cairo_move_to(p->cr, from, y);
    cairo_line_to(p->cr, to, y);
    cairo_stroke(p->cr);
}

/* ---- in the worker -------------------------------------------------------------------------------------------- */

struct out {
    char *ptr;
    size_t len, room;
};

static cairo_status_t collect(void *closure, const unsigned char *bytes, unsigned int n)
{
    struct out *out = closure;
    if (n > out->room - out->len)
        return CAIRO_STATUS_WRITE_ERROR;
    memcpy(out->ptr + out->len, bytes, n);
    out->len += n;
    return CAIRO_STATUS_SUCCESS;
}

bool paper_unpack(struct str *in, struct str *ret)
{
    uint32_t len;

    if (in->len < sizeof(len))
        return false;
    memcpy(&len, in->ptr, sizeof(len));
    *in = str_sub(*in, sizeof(len), SIZE_MAX);
    if (len > in->len)
        return false;
    *ret = str_sub(*in, 0, len);
    *in = str_sub(*in, len, SIZE_MAX);
    return true;
}

int paper_pdf(struct str title, struct str language, void (*draw)(struct paper *p, const void *what), const void *what,
              char *out, size_t room, size_t *ret_len)
{
    struct out pdf = {out, 0, room};
    struct paper p = {NULL, language};
    struct arena *a = arena_open(64 * 1024);
    cairo_surface_t *surface;
    cairo_status_t drawn, written;

    if (a == NULL)
        return PAPER_FAILED;
    surface = cairo_pdf_surface_create_for_stream(collect, &pdf, PAPER_W, PAPER_H);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, str_cstr(a, title));
    p.cr = cairo_create(surface);
    draw(&p, what);
    drawn = cairo_status(p.cr);
    cairo_destroy(p.cr);
    cairo_surface_finish(surface);
    written = cairo_surface_status(surface);
    cairo_surface_destroy(surface);
    arena_close(a);
    if (drawn != CAIRO_STATUS_SUCCESS || written != CAIRO_STATUS_SUCCESS)
        return PAPER_FAILED;
    *ret_len = pdf.len;
    return PAPER_DRAWN;
}

/* ---- in the server ---------------------------------------------------------------------------------------------- */

enum result paper_pack(struct buf *b, struct str s)
{
    uint32_t len = (uint32_t)s.len;

    if (s.len > PAPER_TEXT_MAX || !str_utf8_text(s))
        return E_INVALID;
    buf_put(b, (struct str){(const char *)&len, sizeof(len)});
    buf_put(b, s);
    return OK;
}

enum result paper_call(struct worker_pool *pool, struct str kind, struct buf *b, struct arena *a, struct str *ret_pdf)
{
    int code = 0;
    struct str pdf = STR_NONE;
    enum result r = worker_call(pool, kind, buf_str(b), a, &code, &pdf);

    if (r != OK)
        return r;
    if (code == PAPER_INVALID)
        return E_INVALID;
    if (code != PAPER_DRAWN || !str_starts(pdf, STR("%PDF-")))
        return E_IO;
    *ret_pdf = pdf;
    return OK;
}
