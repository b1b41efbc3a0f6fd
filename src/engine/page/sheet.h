/* sheet.h: a document of A4 pages as PDF: a heading, facts, a table that goes over as many pages as it needs, a code to check it by, who answers for it.
 *
 * Drawn by the worker of posters (poster.h). All words are the caller's. */
#ifndef LILONG_PAGE_SHEET_H
#define LILONG_PAGE_SHEET_H

#include "engine/base/worker.h"

enum { SHEET_FACTS = 6, SHEET_COLUMNS = 3, SHEET_ROWS_MAX = 400 };

struct sheet_row { struct str cell[SHEET_COLUMNS]; };
struct sheet {
    struct str language;               /* "zh-CN", "en" */
    struct str title, number;          /* large and centred; below it, and on top of each further page */
    struct str lead;                   /* a paragraph */
    struct { struct str label, value; } fact[SHEET_FACTS];   /* those without a label are left out */
    struct sheet_row head;             /* narrow, wide, narrow and to the right */
    const struct sheet_row *row;
    size_t n_rows;                     /* at most SHEET_ROWS_MAX */
    struct str total_label, total;     /* last line of the table */
    struct str url, scan;              /* in the code; what it is for, beside it */
    struct str by, on;                 /* right below: who answers for it, and the day */
    struct str foot;                   /* small, on the last page */
};

/* Blocks for about 300 ms. E_INVALID: no title, no address, a text that is too long, too many rows. E_BUSY, E_IO: see poster_pdf(). */
enum result sheet_pdf(struct worker_pool *pool, const struct sheet *sheet, struct arena *a, struct str *ret_pdf) MUST_USE;

/* In the worker: what poster_worker_kind runs for it. */
int sheet_run(struct str body, char *out, size_t room, size_t *ret_len);

#endif
