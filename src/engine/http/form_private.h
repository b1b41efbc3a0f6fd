/* form_private.h: what the two form parsers share. */
#ifndef LILONG_HTTP_FORM_PRIVATE_H
#define LILONG_HTTP_FORM_PRIVATE_H

#include "engine/http/http.h"

enum { FORM_FIELDS_MAX = 256 };

/* Valid UTF-8 without control characters but tab, CR and LF. */
bool form_text_ok(struct str s);

#endif
