/* poster.c: see poster.h. Upper half: in the worker; lower half: in the server. Units are points, 1/72 inch. */
#include "engine/page/poster.h"

#include <math.h>

#include <cairo-pdf.h>
#include <pango/pangocairo.h>

#include "engine/base/buf.h"
#include "engine/page/qr.h"

/* ---- the page ------------------------------------------------------------------------------------------ */

#define PAGE_W 595.276
#define PAGE_H 841.89
#define MARGIN 52.0
#define EDGE 44.0 /* above and below; printers leave 12 white */
#define TEXT_W (PAGE_W - 2 * MARGIN)
#define CODE_SIDE 272.0 /* with its quiet zone: 9.6 cm, read from 1 m */

struct colour {
    double r, g, b;
};
static const struct colour green = {0.039, 0.478, 0.247}, ink = {0.102, 0.102, 0.102}, soft = {0.349, 0.373, 0.345},
                           line = {0.82, 0.84, 0.81}, white = {1, 1, 1};

struct page {
    cairo_t *cr;
    struct str language;
};

enum align { LEFT, CENTRE, RIGHT };

static void use(struct page *p, struct colour c)
{
    cairo_set_source_rgb(p->cr, c.r, c.g, c.b);
}

static PangoLayout *layout_new(struct page *p, struct str s, double size, bool bold, double width, enum align align)
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

/* Writes s into a column at (x, y), at most `lines` lines: the letters shrink down to half, then the rest is cut with dots. Returns the
 * height that it took. */
static double put(struct page *p, struct str s, double x, double y, double width, double size, bool bold,
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

static void rounded(cairo_t *cr, double x, double y, double w, double h, double r)
{
    cairo_new_sub_path(cr);
    cairo_arc(cr, x + w - r, y + r, r, -M_PI / 2, 0);
    cairo_arc(cr, x + w - r, y + h - r, r, 0, M_PI / 2);
    cairo_arc(cr, x + r, y + h - r, r, M_PI / 2, M_PI);
    cairo_arc(cr, x + r, y + r, r, M_PI, 3 * M_PI / 2);
    cairo_close_path(cr);
}

static void put_code(struct page *p, const struct qr *qr, double x, double y, double side)
{
    double module = side / (qr->side + 2 * QR_QUIET);
    use(p, ink);
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

static void put_step(struct page *p, int number, struct str words, double x, double y, double width)
{
    enum { R = 13 };
    char digit = (char)('0' + number);
    use(p, green);
    cairo_new_path(p->cr);
    cairo_arc(p->cr, x + R, y + R, R, 0, 2 * M_PI);
    cairo_fill(p->cr);
    use(p, white);
    put(p, (struct str){&digit, 1}, x, y + 2, 2 * R, 15, true, CENTRE, 1);
    use(p, ink);
    put(p, words, x + 2 * R + 8, y, width - 2 * R - 8, 15, false, LEFT, 3);
}

static void put_steps(struct page *p, const struct poster *poster, double y)
{
    int n = 0;
    for (int i = 0; i < POSTER_STEPS; i++)
        n += poster->step[i].len > 0;
    double gap = 20, width = n ? (TEXT_W - (n - 1) * gap) / n : 0, x = MARGIN;
    for (int i = 0, number = 1; i < POSTER_STEPS; i++) {
        if (poster->step[i].len == 0)
            continue;
        put_step(p, number++, poster->step[i], x, y, width);
        x += width + gap;
    }
}

/* From the top: head, code, call, steps; from the bottom: foot, phone. */
static void draw(cairo_t *cr, const struct poster *poster, const struct qr *qr)
{
    struct page p = {cr, poster->language};
    double y = EDGE;
    use(&p, green);
    cairo_rectangle(cr, MARGIN, y, 64, 6);
    cairo_fill(cr);
    y += 20;
    use(&p, soft);
    y += put(&p, poster->subtitle, MARGIN, y, TEXT_W, 20, false, LEFT, 1) + 2;
    use(&p, ink);
    y += put(&p, poster->title, MARGIN, y, TEXT_W, 50, true, LEFT, 1) + 4;
    y += put(&p, poster->lead, MARGIN, y, TEXT_W, 17.5, false, LEFT, 2) + 18;

    double x = (PAGE_W - CODE_SIDE) / 2;
    use(&p, line);
    cairo_set_line_width(cr, 1);
    rounded(cr, x - 10, y, CODE_SIDE + 20, CODE_SIDE + 34, 10);
    cairo_stroke(cr);
    put_code(&p, qr, x, y + 6, CODE_SIDE);
    use(&p, soft);
    put(&p, poster->url, x, y + CODE_SIDE + 6, CODE_SIDE, 12, false, CENTRE, 1);
    y += CODE_SIDE + 34 + 12;

    use(&p, green);
    y += put(&p, poster->call, MARGIN, y, TEXT_W, 38, true, CENTRE, 1) + 12;
    put_steps(&p, poster, y);

    double bottom = PAGE_H - EDGE;
    if (poster->foot.len) {
        use(&p, soft);
        put(&p, poster->foot, MARGIN, bottom - 14, TEXT_W, 11, false, LEFT, 1);
        bottom -= 32;
    }
    if (poster->phone.len) {
        use(&p, line);
        cairo_move_to(cr, MARGIN, bottom - 62);
        cairo_line_to(cr, PAGE_W - MARGIN, bottom - 62);
        cairo_stroke(cr);
        use(&p, ink);
        put(&p, poster->phone_label, MARGIN, bottom - 42, TEXT_W * 0.45, 18, false, LEFT, 2);
        put(&p, poster->phone, MARGIN + TEXT_W * 0.45, bottom - 54, TEXT_W * 0.55, 38, true, RIGHT, 1);
    }
}

/* ---- in the worker -------------------------------------------------------------------------------------------- */

enum { POSTER_DRAWN, POSTER_INVALID, POSTER_FAILED };

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

/* The texts travel one behind the other, each with its length in front. */
static size_t fields_of(struct poster *p, struct str **field)
{
    struct str *all[] = {&p->language, &p->subtitle, &p->title,   &p->lead,        &p->url,   &p->call,
                         &p->step[0],  &p->step[1],  &p->step[2], &p->phone_label, &p->phone, &p->foot};
    memcpy(field, all, sizeof(all));
    return sizeof(all) / sizeof(all[0]);
}
#define FIELDS_MAX 16

static bool unpack(struct str in, struct poster *poster)
{
    struct str *field[FIELDS_MAX];
    size_t n = fields_of(poster, field);
    for (size_t i = 0; i < n; i++) {
        uint32_t len;
        if (in.len < sizeof(len))
            return false;
        memcpy(&len, in.ptr, sizeof(len));
        in = str_sub(in, sizeof(len), SIZE_MAX);
        if (len > in.len)
            return false;
        *field[i] = str_sub(in, 0, len);
        in = str_sub(in, len, SIZE_MAX);
    }
    return in.len == 0;
}

static int run(struct str head, struct str body, char *out, size_t room, size_t *ret_len)
{
    (void)head;
    struct poster poster = {0};
    struct qr qr;
    struct arena *a = arena_open(1 << 20);
    if (a == NULL)
        return POSTER_FAILED;
    if (!unpack(body, &poster) || qr_make(a, poster.url, &qr) != OK) {
        arena_close(a);
        return POSTER_INVALID;
    }
    struct out pdf = {out, 0, room};
    cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(collect, &pdf, PAGE_W, PAGE_H);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, str_cstr(a, poster.title));
    cairo_t *cr = cairo_create(surface);
    draw(cr, &poster, &qr);
    cairo_show_page(cr);
    cairo_status_t drawn = cairo_status(cr);
    cairo_destroy(cr);
    cairo_surface_finish(surface);
    cairo_status_t written = cairo_surface_status(surface);
    cairo_surface_destroy(surface);
    arena_close(a);
    if (drawn != CAIRO_STATUS_SUCCESS || written != CAIRO_STATUS_SUCCESS)
        return POSTER_FAILED;
    *ret_len = pdf.len;
    return POSTER_DRAWN;
}

static const char *const readable[] = {
    "/etc/fonts",     "/usr/share/fonts",  "/usr/local/share/fonts", "/usr/share/fontconfig", "/var/cache/fontconfig",
    "/usr/share/xml", "/usr/share/locale", "/usr/lib/locale",        "/etc/ld.so.cache",      "/usr/lib",
};

const struct worker_kind poster_worker_kind = {
    .name = "poster",
    .sandbox = {.memory = (size_t)1024 * 1024 * 1024,
                .cpu_seconds = 20,
                .descriptors = 64,
                .file_reads = true,
                .readable = readable,
                .n_readable = sizeof(readable) / sizeof(readable[0])},
    .reply_max = 8 * 1024 * 1024,
    .timeout_ms = 20 * 1000,
    .run = run,
};

/* ---- in the server ---------------------------------------------------------------------------------------------- */

enum result poster_pdf(struct worker_pool *pool, const struct poster *poster, struct arena *a, struct str *ret_pdf)
{
    enum { FIELD_MAX = 1000 };
    struct poster copy = *poster;
    struct str *field[FIELDS_MAX];
    size_t n = fields_of(&copy, field);
    struct buf b;
    if (copy.title.len == 0 || copy.url.len == 0)
        return E_INVALID;
    buf_init(&b, a, 4096, 64 * 1024);
    for (size_t i = 0; i < n; i++) {
        uint32_t len = (uint32_t)field[i]->len;
        if (field[i]->len > FIELD_MAX || !str_utf8_text(*field[i]))
            return E_INVALID;
        buf_put(&b, (struct str){(const char *)&len, sizeof(len)});
        buf_put(&b, *field[i]);
    }
    int code = 0;
    struct str pdf = STR_NONE;
    enum result r = worker_call(pool, STR_NONE, buf_str(&b), a, &code, &pdf);
    if (r != OK)
        return r;
    if (code == POSTER_INVALID)
        return E_INVALID;
    if (code != POSTER_DRAWN || !str_starts(pdf, STR("%PDF-")))
        return E_IO;
    *ret_pdf = pdf;
    return OK;
}
