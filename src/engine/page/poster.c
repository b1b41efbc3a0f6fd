/* poster.c: see poster.h. Upper half: in the worker; lower half: in the server. */
#include "engine/page/poster.h"

#include <math.h>

#include "engine/page/paper.h"
#include "engine/page/sheet.h"

/* ---- the page ------------------------------------------------------------------------------------------ */

#define MARGIN 52.0
#define EDGE 44.0 /* above and below; printers leave 12 white */
#define TEXT_W (PAPER_W - 2 * MARGIN)
#define CODE_SIDE 272.0 /* with its quiet zone: 9.6 cm, read from 1 m */

struct job {
    const struct poster *poster;
    const struct qr *qr;
};

static void rounded(cairo_t *cr, double x, double y, double w, double h, double r)
{
    cairo_new_sub_path(cr);
    cairo_arc(cr, x + w - r, y + r, r, -M_PI / 2, 0);
    cairo_arc(cr, x + w - r, y + h - r, r, 0, M_PI / 2);
    cairo_arc(cr, x + r, y + h - r, r, M_PI / 2, M_PI);
    cairo_arc(cr, x + r, y + r, r, M_PI, 3 * M_PI / 2);
    cairo_close_path(cr);
}

static void put_step(struct paper *p, int number, struct str words, double x, double y, double width)
{
    enum { R = 13 };
    char digit = (char)('0' + number);
    paper_use(p, paper_green);
    cairo_new_path(p->cr);
    cairo_arc(p->cr, x + R, y + R, R, 0, 2 * M_PI);
    cairo_fill(p->cr);
    paper_use(p, paper_white);
    paper_put(p, (struct str){&digit, 1}, x, y + 2, 2 * R, 15, true, CENTRE, 1);
    paper_use(p, paper_ink);
    paper_put(p, words, x + 2 * R + 8, y, width - 2 * R - 8, 15, false, LEFT, 3);
}

static void put_steps(struct paper *p, const struct poster *poster, double y)
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
static void draw(struct paper *p, const void *what)
{
    const struct poster *poster = ((const struct job *)what)->poster;
    const struct qr *qr = ((const struct job *)what)->qr;
    cairo_t *cr = p->cr;
    double y = EDGE;
    paper_use(p, paper_green);
    cairo_rectangle(cr, MARGIN, y, 64, 6);
    cairo_fill(cr);
    y += 20;
    paper_use(p, paper_soft);
    y += paper_put(p, poster->subtitle, MARGIN, y, TEXT_W, 20, false, LEFT, 1) + 2;
    paper_use(p, paper_ink);
    y += paper_put(p, poster->title, MARGIN, y, TEXT_W, 50, true, LEFT, 1) + 4;
    y += paper_put(p, poster->lead, MARGIN, y, TEXT_W, 17.5, false, LEFT, 2) + 18;

    double x = (PAPER_W - CODE_SIDE) / 2;
    paper_use(p, paper_line);
    cairo_set_line_width(cr, 1);
    rounded(cr, x - 10, y, CODE_SIDE + 20, CODE_SIDE + 34, 10);
    cairo_stroke(cr);
    paper_put_code(p, qr, x, y + 6, CODE_SIDE);
    paper_use(p, paper_soft);
    paper_put(p, poster->url, x, y + CODE_SIDE + 6, CODE_SIDE, 12, false, CENTRE, 1);
    y += CODE_SIDE + 34 + 12;

    paper_use(p, paper_green);
    y += paper_put(p, poster->call, MARGIN, y, TEXT_W, 38, true, CENTRE, 1) + 12;
    put_steps(p, poster, y);

    double bottom = PAPER_H - EDGE;
    if (poster->foot.len) {
        paper_use(p, paper_soft);
        paper_put(p, poster->foot, MARGIN, bottom - 14, TEXT_W, 11, false, LEFT, 1);
        bottom -= 32;
    }
    if (poster->phone.len) {
        paper_use(p, paper_line);
        cairo_move_to(cr, MARGIN, bottom - 62);
        cairo_line_to(cr, PAPER_W - MARGIN, bottom - 62);
        cairo_stroke(cr);
        paper_use(p, paper_ink);
        paper_put(p, poster->phone_label, MARGIN, bottom - 42, TEXT_W * 0.45, 18, false, LEFT, 2);
        paper_put(p, poster->phone, MARGIN + TEXT_W * 0.45, bottom - 54, TEXT_W * 0.55, 38, true, RIGHT, 1);
    }
    cairo_show_page(cr);
}

/* ---- in the worker -------------------------------------------------------------------------------------------- */

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
    for (size_t i = 0; i < n; i++)
        if (!paper_unpack(&in, field[i]))
            return false;
    return in.len == 0;
}

static int run(struct str head, struct str body, char *out, size_t room, size_t *ret_len)
{
    struct poster poster = {0};
    struct qr qr;
    struct arena *a;
    int code = PAPER_INVALID;

    if (str_eq(head, STR("sheet")))
        return sheet_run(body, out, room, ret_len);
    if ((a = arena_open(1 << 20)) == NULL)
        return PAPER_FAILED;
    if (unpack(body, &poster) && qr_make(a, poster.url, &qr) == OK) {
        const struct job job = {&poster, &qr};

        code = paper_pdf(poster.title, poster.language, draw, &job, out, room, ret_len);
    }
    arena_close(a);
    return code;
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
    struct poster copy = *poster;
    struct str *field[FIELDS_MAX];
    size_t n = fields_of(&copy, field);
    struct buf b;
    if (copy.title.len == 0 || copy.url.len == 0)
        return E_INVALID;
    buf_init(&b, a, 4096, 64 * 1024);
    for (size_t i = 0; i < n; i++)
        if (paper_pack(&b, *field[i]) != OK)
            return E_INVALID;
    return paper_call(pool, STR("poster"), &b, a, ret_pdf);
}
