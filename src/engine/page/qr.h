/* qr.h: QR codes (ISO/IEC 18004), level M (15 % may be dirty or torn), quiet zone of 4 modules on every side. */
#ifndef LILONG_PAGE_QR_H
#define LILONG_PAGE_QR_H

#include "engine/base/arena.h"
#include "engine/base/str.h"

#define QR_QUIET 4

struct qr {
    int side;              /* modules, without the quiet zone */
    const uint8_t *module; /* side * side, row by row: 1 is dark */
};

/* E_INVALID for an empty text, E_TOO_LARGE for more than fits (2331 bytes). */
enum result qr_make(struct arena *a, struct str text, struct qr *ret_qr) MUST_USE;

/* One path in a viewBox of modules, so that it is sharp at any size. No width and height: the page decides. */
enum result qr_svg(struct arena *a, struct str text, struct str *ret_svg) MUST_USE;
/* Black and white, `scale` (1-64) pixels a module. */
enum result qr_png(struct arena *a, struct str text, int scale, struct str *ret_png) MUST_USE;
/* For a terminal: two modules a line in half blocks, with ANSI colours, so that it can be scanned on dark and light ground. */
enum result qr_terminal(struct arena *a, struct str text, struct str *ret_lines) MUST_USE;

#endif
