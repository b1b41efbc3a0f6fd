/* test_json.h: one value of a JSON text. */
#ifndef LILONG_TEST_JSON_H
#define LILONG_TEST_JSON_H

#include "engine/base/str.h"

/* "errors.0.field". Strings as they are, numbers and booleans as their text, null as an empty string, objects and arrays as
 * JSON. False when the text is no JSON or has no such member. */
bool test_json_get(struct arena *a, struct str json, const char *path, struct str *ret_value);

#endif
