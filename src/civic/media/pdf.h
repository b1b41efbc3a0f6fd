/* pdf.h: what the server and the program that opens PDF files (src/pdf) tell each other. */
#ifndef LILONG_MEDIA_PDF_H
#define LILONG_MEDIA_PDF_H

#include "civic/media/image.h"
#include "engine/base/worker.h"

enum pdf_code {
    PDF_OK,
    PDF_UNKNOWN,   /* not a PDF file */
    PDF_ENCRYPTED, /* cannot be opened without a password */
    PDF_PAGES,     /* more than the limit */
    PDF_ACTIVE,    /* scripts, embedded files, films, or links that start programs */
    PDF_BROKEN,    /* damaged, or did not arrive whole */
    PDF_MEMORY,
};

struct pdf_limits {
    uint32_t pages_max;
    struct image_limits image; /* of the first page as a picture */
};

struct pdf {
    uint32_t pages;
    struct image first; /* page */
};

/* The reply: this, then the two JPEGs. */
struct pdf_reply {
    uint32_t pages, width, height, full, thumb;
};

extern const struct pdf_limits pdf_limits;
extern const struct worker_kind pdf_worker_kind; /* without run(), which the other program has */

#endif
