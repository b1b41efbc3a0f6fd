/* paper.c: what belongs to entries as PDF, made the way that a file goes which somebody sends: a lift that neighbours have had drawn, the committee's accounts. */
#include <cairo-pdf.h>
#include <pango/pangocairo.h>

#include "demo/stage.h"
#include "engine/base/buf.h"

enum { WIDTH = 595, HEIGHT = 842, MARGIN = 64, PAGES_MAX = 3 };

static const struct {
    const char *name;
    bool with_house; /* drawn below the words */
    struct {
        const char *title, *text;
    } page[PAGES_MAX];
} papers[DEMO_PAPERS] = {
    [PAPER_LIFT] =
        {"5号楼加装电梯方案（征求意见稿）.pdf",
         true,
         {
             {"5号楼加装电梯方案（征求意见稿）",
              "一、位置：北侧楼梯间外，占绿地约 9 平方米，移栽灌木三丛。\n\n二、形式：六层六站，平层入户，载重 630 公斤。\n\n"
              "三、费用：约 62 万元，其中政府补贴 28 万元，其余由同意的各户按楼层分担。\n\n四、意见请写在邻里交流里，或交居委会，截止下周五。"},
             {"附图一　采光", "冬至日一层北间少日照约二十分钟，南间不受影响。"},
             {"附图二　各层分担比例", "一层不出；二层 6%；三层 12%；四层 20%；五层 28%；六层 34%。"},
         }},
    [PAPER_ACCOUNTS] =
        {"上季度经费收支明细.pdf",
         false,
         {{"居委会经费收支明细",
           "一、上期结余　0.00 元\n\n二、收入\n　　办公经费拨款　30,000.00 元\n\n三、支出\n　　活动用品　8,260.00 元\n"
           "　　其中：重阳节敬老 3,180.00，暑期小课堂 2,640.00，汤圆材料 2,440.00\n　　楼道美化　6,400.00 元\n"
           "　　其中：涂料 4,100.00，人工 2,300.00\n\n四、本期结余　15,340.00 元"},
          {"经办与监督",
           "经办：居委会主任\n\n监督：居务监督委员会三位居民代表，已逐张核对票据。\n\n对哪一笔有疑问，请在公告下面问，十五天内答复。"}}},
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

static enum result draw(struct arena *a, enum demo_paper_kind kind, struct str *ret_pdf)
{
    struct buf pdf;

    buf_init(&pdf, a, 1 << 16, 8 << 20);
    cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(put, &pdf, WIDTH, HEIGHT);
    cairo_t *c = cairo_create(surface);
    for (int i = 0; i < PAGES_MAX && papers[kind].page[i].title; i++) {
        double y = write_at(c, papers[kind].page[i].title, 24, MARGIN);

        y = write_at(c, papers[kind].page[i].text, 15, y + 28);
        if (papers[kind].with_house)
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

enum result demo_paper(struct stage *s, enum demo_paper_kind kind)
{
    const struct services *services = s->o->services;
    struct document_read read;
    struct str pdf, hash, picture;
    enum result r = draw(s->a, kind, &pdf);

    if (r == OK)
        r = document_process(services->workers, pdf, s->a, &read);
    if (r == OK)
        r = media_store_put(services->store, s->a, read.full, read.thumb, &picture);
    if (r == OK)
        r = media_store_put_document(services->store, s->a, pdf, &hash);
    if (r != OK)
        return r;
    s->paper[kind] = (struct media_document){
        .name = document_name(s->a, str_from_cstr(papers[kind].name)),
        .hash = hash,
        .picture = picture,
        .bytes = (int64_t)pdf.len,
        .pages = read.pages,
        .width = read.width,
        .height = read.height,
    };
    return OK;
}

enum result demo_attach_paper(struct db *db, const struct stage *s, enum demo_paper_kind kind, int64_t community,
                              int64_t entry, int64_t author)
{
    struct media_document document = s->paper[kind];

    document.community = community;
    document.subject_kind = STR("entry");
    document.subject = entry;
    document.author = author;
    document.created_at = s->now;
    return document_attach(db, &document);
}
