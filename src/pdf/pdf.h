/* pdf.h: a PDF file -> the number of its pages, and the first one as a picture. Pure: bytes in, bytes out. Runs in the sandboxed worker. */
#ifndef LILONG_PDF_H
#define LILONG_PDF_H

#include "civic/media/pdf.h"

enum pdf_code pdf_read(struct arena *a, struct str in, const struct pdf_limits *limits, struct pdf *ret_pdf);

/* PDF_OK when nothing in the file is locked (PDF_ENCRYPTED) or active (PDF_ACTIVE); PDF_BROKEN when a part of it cannot be looked into. Before poppler. */
enum pdf_code pdf_names(struct arena *a, struct str in);

#endif
