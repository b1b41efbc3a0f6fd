/* paper.c: what neighbours have had drawn: three pages of PDF about a lift at their house, sent the way that a resident's file goes. */
#include <cairo-pdf.h>
#include <pango/pangocairo.h>

#include "demo/stage.h"
#include "engine/base/buf.h"

enum { WIDTH = 595, HEIGHT = 842, MARGIN = 64, PAGES = 3 };

static const struct {
    const char *title, *text;
} pages[PAGES] = {
    {"5号楼加装电梯方案（征求意见稿）",
     "一、位置：北侧楼梯间外，占绿地约 9 平方米，移栽灌木三丛。\n\n二、形式：六层六站，平层入户，载重 630 公斤。\n\n"
     "三、费用：约 62 万元，其中政府补贴 28 万元，其余由同意的各户按楼层分担。\n\n四、意见请写在邻里交流里，或交居委会，截止下周五。"},
    {"附图一　采光", "冬至日一层北间少日照约二十分钟，南间不受影响。"},
    {"附图二　各层分担比例", "一层不出；二层 6%；三层 12%；四层 20%；五层 28%；六层 34%。"},
};

static cairo_status_t put(void *to, const unsigned char *bytes, unsigned n)
{
    buf_put(to, (struct str){(const char *)bytes, n});
    return CAIRO_STATUS_SUCCESS;
}

static double write_at(cairo_t *c, const char *text, int size, double y)
{
    PangoLayout *layout = pango_cairo_create_layout(c);
    PangoFontDescription *font = pango_font_description_new();
    int height;

    pango_font_description_set_family_static(font, "Noto Sans CJK SC, sans-serif");
    pango_font_description_set_absolute_size(font, size * PANGO_SCALE);
    pango_layout_set_font_description(layout, font);
    pango_layout_set_width(layout, (WIDTH - 2 * MARGIN) * PANGO_SCALE);
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_text(layout, text, -1);
    cairo_set_source_rgb(c, 0.1, 0.1, 0.1);
    cairo_move_to(c, MARGIN, y);
    pango_cairo_show_layout(c, layout);
    pango_layout_get_pixel_size(layout, NULL, &height);
    pango_font_description_free(font);
    g_object_unref(layout);
    return y + height;
}

/* The house from the side: six floors, the shaft beside them. */
static void house(cairo_t *c, double top)
{
    enum { FLOORS = 6, FLOOR = 48, WIDE = 260, SHAFT = 60 };

    cairo_set_line_width(c, 1.5);
    cairo_set_source_rgb(c, 0.25, 0.3, 0.35);
    for (int i = 0; i < FLOORS; i++) {
        cairo_rectangle(c, MARGIN, top + i * FLOOR, WIDE, FLOOR);
        for (int k = 0; k < 4; k++)
            cairo_rectangle(c, MARGIN + 18 + k * 62, top + i * FLOOR + 12, 34, 22);
    }
    cairo_stroke(c);
    cairo_set_source_rgb(c, 0.04, 0.48, 0.25);
    cairo_rectangle(c, MARGIN + WIDE, top, SHAFT, FLOORS * FLOOR);
    cairo_rectangle(c, MARGIN + WIDE + 12, top + 3 * FLOOR + 6, SHAFT - 24, FLOOR - 10);
    cairo_stroke(c);
}

static enum result draw(struct arena *a, struct str *ret_pdf)
{
    struct buf pdf;

    buf_init(&pdf, a, 1 << 16, 8 << 20);
    cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(put, &pdf, WIDTH, HEIGHT);
    cairo_t *c = cairo_create(surface);
    for (int i = 0; i < PAGES; i++) {
        double y = write_at(c, pages[i].title, 24, MARGIN);

        y = write_at(c, pages[i].text, 15, y + 28);
        house(c, y + 40);
        cairo_show_page(c);
    }
    cairo_destroy(c);
    cairo_surface_finish(surface);
    cairo_status_t status = cairo_surface_status(surface);
    cairo_surface_destroy(surface);
    *ret_pdf = buf_str(&pdf);
    return status == CAIRO_STATUS_SUCCESS ? OK : E_BUSY;
}

enum result demo_paper(struct stage *s)
{
    const struct services *services = s->o->services;
    struct document_read read;
    struct str pdf, hash, picture;
    enum result r = draw(s->a, &pdf);

    if (r == OK)
        r = document_process(services->workers, pdf, s->a, &read);
    if (r == OK)
        r = media_store_put(services->store, s->a, read.full, read.thumb, &picture);
    if (r == OK)
        r = media_store_put_document(services->store, s->a, pdf, &hash);
    if (r != OK)
        return r;
    s->paper = (struct media_document){
        .name = document_name(s->a, STR("5号楼加装电梯方案（征求意见稿）.pdf")),
        .hash = hash,
        .picture = picture,
        .bytes = (int64_t)pdf.len,
        .pages = read.pages,
        .width = read.width,
        .height = read.height,
    };
    return OK;
}
