/* sheet.c: see sheet.h. Upper half: in the worker; lower half: in the server. */
#include "engine/page/sheet.h"

#include "engine/page/paper.h"

#define MARGIN 56.0
#define TEXT_W (PAPER_W - 2 * MARGIN)
#define BOTTOM (PAPER_H - 40.0)
#define CODE_SIDE 100.0
#define CLOSE_H 196.0 /* the code, who answers, the foot */

static const double column_x[SHEET_COLUMNS] = {0, 0.2, 0.8}, column_w[SHEET_COLUMNS] = {0.19, 0.58, 0.2};

struct job {
    const struct sheet *sheet;
    const struct qr *qr;
};

/* ---- the pages --------------------------------------------------------------------------------------------- */

/* A line of the table; returns its height. */
static double put_row(struct paper *p, const struct sheet_row *row, double y, bool bold)
{
    double high = 0;

    for (int c = 0; c < SHEET_COLUMNS; c++) {
        double h = paper_put(p, row->cell[c], MARGIN + column_x[c] * TEXT_W, y + 4, column_w[c] * TEXT_W, 11, bold,
                             c == SHEET_COLUMNS - 1 ? RIGHT : LEFT, 2);
        high = h > high ? h : high;
    }
    return high + 8;
}

static double put_heads(struct paper *p, const struct sheet *s, double y)
{
    paper_use(p, paper_soft);
    y += put_row(p, &s->head, y, true);
    paper_rule(p, y, MARGIN, PAPER_W - MARGIN);
    paper_use(p, paper_ink);
    return y;
}

static double put_top(struct paper *p, const struct sheet *s)
{
    double y = 56;

    paper_use(p, paper_green);
    cairo_rectangle(p->cr, (PAPER_W - 64) / 2, y, 64, 5);
    cairo_fill(p->cr);
    y += 22;
    paper_use(p, paper_ink);
    y += paper_put(p, s->title, MARGIN, y, TEXT_W, 30, true, CENTRE, 1) + 4;
    paper_use(p, paper_soft);
    y += paper_put(p, s->number, MARGIN, y, TEXT_W, 12, false, CENTRE, 1) + 22;
    paper_use(p, paper_ink);
    y += paper_put(p, s->lead, MARGIN, y, TEXT_W, 14, false, LEFT, 6) + 16;
    for (int i = 0; i < SHEET_FACTS; i++) {
        double h, w;

        if (s->fact[i].label.len == 0)
            continue;
        paper_use(p, paper_soft);
        h = paper_put(p, s->fact[i].label, MARGIN, y, TEXT_W * 0.24, 12, false, LEFT, 2);
        paper_use(p, paper_ink);
        w = paper_put(p, s->fact[i].value, MARGIN + TEXT_W * 0.26, y, TEXT_W * 0.74, 12, true, LEFT, 2);
        y += (h > w ? h : w) + 6;
    }
    return put_heads(p, s, y + 12);
}

static double next_page(struct paper *p, const struct sheet *s, bool heads)
{
    double y = 40;

    cairo_show_page(p->cr);
    paper_use(p, paper_soft);
    y += paper_put(p, s->title, MARGIN, y, TEXT_W / 2, 11, false, LEFT, 1) - 2;
    paper_put(p, s->number, MARGIN + TEXT_W / 2, 40, TEXT_W / 2, 11, false, RIGHT, 1);
    return heads ? put_heads(p, s, y + 12) : y + 24;
}

static void put_close(struct paper *p, const struct sheet *s, const struct qr *qr, double y)
{
    double x = MARGIN + CODE_SIDE + 12, half = (TEXT_W - CODE_SIDE - 12) / 2, at;

    paper_put_code(p, qr, MARGIN - 8, y, CODE_SIDE);
    paper_use(p, paper_soft);
    at = y + 12;
    at += paper_put(p, s->scan, x, at, half, 11, false, LEFT, 4) + 4;
    paper_put(p, s->url, x, at, half, 8, false, LEFT, 3);
    paper_use(p, paper_ink);
    at = y + 34;
    at += paper_put(p, s->by, x + half, at, half, 14, true, RIGHT, 2) + 6;
    paper_put(p, s->on, x + half, at, half, 12, false, RIGHT, 1);
    paper_use(p, paper_soft);
    paper_put(p, s->foot, MARGIN, y + CODE_SIDE + 14, TEXT_W, 9.5, false, LEFT, 3);
}

static void draw(struct paper *p, const void *what)
{
    const struct sheet *s = ((const struct job *)what)->sheet;
    const struct sheet_row total = {{s->total_label, STR_NONE, s->total}};
    double y = put_top(p, s);

    for (size_t i = 0; i < s->n_rows; i++) {
        if (y > BOTTOM - 40)
            y = next_page(p, s, true);
        y += put_row(p, &s->row[i], y, false);
        paper_rule(p, y, MARGIN, PAPER_W - MARGIN);
        paper_use(p, paper_ink);
    }
    if (y > BOTTOM - CLOSE_H)
        y = next_page(p, s, false);
    y += put_row(p, &total, y + 2, true) + 24;
    put_close(p, s, ((const struct job *)what)->qr, y);
    cairo_show_page(p->cr);
}

/* ---- in the worker -------------------------------------------------------------------------------------------- */

#define FIELDS (11 + 2 * SHEET_FACTS + SHEET_COLUMNS)

/* The fixed texts go first, each with its length in front, then the rows. */
static void fields_of(struct sheet *s, struct str *field[FIELDS])
{
    struct str *fixed[] = {&s->language, &s->title, &s->number, &s->lead, &s->total_label, &s->total,
                           &s->url,      &s->scan,  &s->by,     &s->on,   &s->foot};
    size_t n = 0;

    for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++)
        field[n++] = fixed[i];
    for (int i = 0; i < SHEET_FACTS; i++) {
        field[n++] = &s->fact[i].label;
        field[n++] = &s->fact[i].value;
    }
    for (int i = 0; i < SHEET_COLUMNS; i++)
        field[n++] = &s->head.cell[i];
}

static bool unpack(struct arena *a, struct str in, struct sheet *s)
{
    struct str *field[FIELDS];
    struct sheet_row *row = arena_array(a, struct sheet_row, SHEET_ROWS_MAX);

    fields_of(s, field);
    for (size_t i = 0; i < FIELDS; i++)
        if (!paper_unpack(&in, field[i]))
            return false;
    while (in.len) {
        if (s->n_rows == SHEET_ROWS_MAX)
            return false;
        for (int c = 0; c < SHEET_COLUMNS; c++)
            if (!paper_unpack(&in, &row[s->n_rows].cell[c]))
                return false;
        s->n_rows++;
    }
    s->row = row;
    return true;
}

int sheet_run(struct str body, char *out, size_t room, size_t *ret_len)
{
    struct sheet sheet = {0};
    struct arena *a = arena_open(1 << 20);
    struct qr qr;
    int code = PAPER_INVALID;

    if (a == NULL)
        return PAPER_FAILED;
    if (unpack(a, body, &sheet) && qr_make(a, sheet.url, &qr) == OK) {
        const struct job job = {&sheet, &qr};

        code = paper_pdf(sheet.title, sheet.language, draw, &job, out, room, ret_len);
    }
    arena_close(a);
    return code;
}

/* ---- in the server ---------------------------------------------------------------------------------------------- */

enum result sheet_pdf(struct worker_pool *pool, const struct sheet *sheet, struct arena *a, struct str *ret_pdf)
{
    struct sheet copy = *sheet;
    struct str *field[FIELDS];
    struct buf b;

    if (copy.title.len == 0 || copy.url.len == 0 || copy.n_rows > SHEET_ROWS_MAX)
        return E_INVALID;
    buf_init(&b, a, 16 * 1024, 2 << 20);
    fields_of(&copy, field);
    for (size_t i = 0; i < FIELDS; i++)
        if (paper_pack(&b, *field[i]) != OK)
            return E_INVALID;
    for (size_t i = 0; i < copy.n_rows; i++)
        for (int c = 0; c < SHEET_COLUMNS; c++)
            if (paper_pack(&b, copy.row[i].cell[c]) != OK)
                return E_INVALID;
    return paper_call(pool, STR("sheet"), &b, a, ret_pdf);
}
