/* json_in.h: a JSON body as fields. The only file of the room that knows jansson. */
#ifndef LILONG_APP_JSON_IN_H
#define LILONG_APP_JSON_IN_H

#include "engine/http/http.h"

/* The members of a JSON object as fields: strings as they are, numbers and booleans as their text, null left out, an array
 * of such values as several fields of one name. E_INVALID: no JSON, no object, a name twice, or something nested deeper;
 * E_TOO_LARGE: too many members. */
enum result json_in_read(struct arena *a, struct str body, struct form *ret_form) MUST_USE;

#endif
