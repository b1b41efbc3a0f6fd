/* csv.h: RFC 4180 in and out, strictly. What offices send is UTF-8 with or without BOM, or GBK from a spreadsheet.
 *
 * A file is decoded once (csv_text), then read row by row. Fields point into the text where they have no doubled quotes.
 * Writing guards against formulas: a field that a spreadsheet would run (= + - @ tab return) gets a ' in front. */
#ifndef LILONG_BASE_CSV_H
#define LILONG_BASE_CSV_H

#include "engine/base/buf.h"

/* The bytes of a file as valid UTF-8 without BOM and NUL; GBK/GB18030 is converted. E_INVALID: neither. */
enum result csv_text(struct arena *a, struct str bytes, struct str *ret_text) MUST_USE;

enum csv_fault { CSV_FINE, CSV_QUOTE_OPEN, CSV_QUOTE_STRAY, CSV_TOO_MANY, CSV_TOO_FEW, CSV_NO_COLUMN, CSV_COLUMN_TWICE, CSV_EMPTY };

#define CSV_COLUMNS_MAX 64

struct csv {
    struct arena *arena;
    struct str rest;
    size_t line;                      /* of the row that was read last, from 1 */
    size_t next_line;
    size_t columns;                   /* of the header; every row must have as many */
    struct str name[CSV_COLUMNS_MAX]; /* of the header */
    struct str *field;                /* of the row that was read last; columns many, trimmed */
    enum csv_fault fault;             /* why the last call said E_INVALID */
    struct str fault_column;          /* with CSV_NO_COLUMN, CSV_COLUMN_TWICE */
};

/* Reads the header line. E_INVALID: see fault. Any separator but the comma is refused (one column). */
enum result csv_open(struct arena *a, struct str text, struct csv *ret_csv) MUST_USE;

/* Which column has one of the comma-separated names ("community,居村代码"); SIZE_MAX when there is none. */
size_t csv_column(const struct csv *csv, const char *names);
/* The same; a missing one is E_INVALID with CSV_NO_COLUMN. */
enum result csv_need(struct csv *csv, const char *names, size_t *ret_column) MUST_USE;

/* The next row that is not wholly empty. E_NOT_FOUND: the end. E_INVALID: see fault and line; reading may go on after
 * CSV_TOO_FEW and CSV_TOO_MANY, a broken quote ends it. */
enum result csv_next(struct csv *csv) MUST_USE;
/* The field of the row in that column; empty for SIZE_MAX. */
struct str csv_field(const struct csv *csv, size_t column);

/* Writing: fields one after the other, then the end of the row (CRLF). csv_begin writes the BOM that spreadsheets need to see UTF-8. */
void csv_begin(struct buf *b);
void csv_put(struct buf *b, struct str field, bool first);
void csv_put_int(struct buf *b, int64_t n, bool first);
void csv_put_real(struct buf *b, double d, int decimals, bool first);
void csv_end_row(struct buf *b);

#endif
