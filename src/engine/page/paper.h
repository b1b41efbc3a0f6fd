/* paper.h: what is drawn on A4 pages (poster.c, sheet.c): colours, text, QR codes, and the way of the words to the worker and of the PDF back.
 *
 * The sandboxed worker (engine/base/worker.h) may read fonts and nothing else. Units are points, 1/72 inch. */
#ifndef LILONG_PAGE_PAPER_H
#define LILONG_PAGE_PAPER_H

#include <cairo-pdf.h>

#include "engine/base/buf.h"
#include "engine/base/worker.h"
#include "engine/page/qr.h"

#define PAPER_W 595.276
#define PAPER_H 841.89

struct colour { double r, g, b; };
extern const struct colour paper_green, paper_ink, paper_soft, paper_line, paper_white;

struct paper { cairo_t *cr; struct str language; };
enum align { LEFT, CENTRE, RIGHT };

void paper_use(struct paper *p, struct colour c);
/* Writes s into a column at (x, y), at most `lines` lines: the letters shrink down to half, then the rest is cut with dots. Returns the
 * height that it took. */
double paper_put(struct paper *p, struct str s, double x, double y, double width, double size, bool bold, enum align align, int lines);
void paper_put_code(struct paper *p, const struct qr *qr, double x, double y, double side);   /* with its quiet zone */
void paper_rule(struct paper *p, double y, double from, double to);                          /* a hairline across */

/* ---- in the worker ---- */

enum { PAPER_DRAWN, PAPER_INVALID, PAPER_FAILED };
/* Takes the next text off the front of what the server has packed; false: there is none. */
bool paper_unpack(struct str *in, struct str *ret);
/* Opens a PDF that writes into `out`, has it drawn, closes it. `draw` shows its own pages. */
int paper_pdf(struct str title, struct str language, void (*draw)(struct paper *p, const void *what), const void *what, char *out, size_t room,
              size_t *ret_len);

/* ---- in the server ---- */

#define PAPER_TEXT_MAX 1000                                    /* bytes */
enum result paper_pack(struct buf *b, struct str s) MUST_USE;  /* E_INVALID: too long, or no text */
/* The pool is that of posters; `kind` says which of the drawings. E_INVALID, E_BUSY, E_IO. */
enum result paper_call(struct worker_pool *pool, struct str kind, struct buf *b, struct arena *a, struct str *ret_pdf) MUST_USE;

#endif
