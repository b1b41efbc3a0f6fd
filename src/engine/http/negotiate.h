/* negotiate.h: what a client would like to have, by its Accept fields and entity tags (RFC 9110 12.5, 13.1). */
#ifndef LILONG_HTTP_NEGOTIATE_H
#define LILONG_HTTP_NEGOTIATE_H

#include "engine/base/str.h"

/* Each chooser returns the index of the offer with the highest q, the first among equals, or SIZE_MAX when the client
 * refuses all of them. An absent or unreadable field means the first offer. */

/* Accept: offers are media types, "text/html". */
size_t negotiate_type(struct str accept, const struct str *offers, size_t n);

/* Accept-Language: offers are tags, "zh-CN". "zh" and "zh-Hans" take zh-CN too. Never SIZE_MAX: a page in another language
 * is better than none. */
size_t negotiate_language(struct str accept, const struct str *offers, size_t n);

/* Accept-Encoding: offers are codings, "br"; SIZE_MAX means identity. An absent field means identity as well. */
size_t negotiate_encoding(struct str accept, const struct str *offers, size_t n);

/* Is the entity tag ("\"abc\"", with its quotes) in an If-None-Match list? Weak comparison; "*" matches. */
bool etag_in(struct str list, struct str etag);

/* The same for If-Match: strong comparison. */
bool etag_in_strong(struct str list, struct str etag);

#endif
