/* cookie.h: the Cookie field, for this room and its tests; others call http_cookie(). */
#ifndef LILONG_HTTP_COOKIE_H
#define LILONG_HTTP_COOKIE_H

#include "engine/base/str.h"

/* The first cookie of that name in a Cookie field (RFC 6265 4.2). False when there is none. Quotes around a value go. */
bool cookie_find(struct str field, struct str name, struct str *ret_value);

#endif
