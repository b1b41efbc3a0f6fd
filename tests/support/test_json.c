/* test_json.c: see test_json.h. */
#include "support/test_json.h"

#include <jansson.h>
#include <stdlib.h>

#include "engine/base/arena.h"

bool test_json_get(struct arena *a, struct str text, const char *path, struct str *ret_value)
{
    json_t *root = json_loadb(text.ptr ? text.ptr : "", text.len, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, NULL),
           *at = root;
    struct str rest = str_from_cstr(path), part;

    while (at && str_cut(&rest, '.', &part)) {
        int64_t i;
        if (json_is_array(at))
            at = str_int64(part, 0, 1000000, &i) == OK ? json_array_get(at, (size_t)i) : NULL;
        else
            at = json_object_get(at, str_cstr(a, part));
    }
    if (at && json_is_string(at)) {
        *ret_value = str_dup(a, (struct str){json_string_value(at), json_string_length(at)});
    } else if (at && json_is_null(at)) {
        *ret_value = STR_NONE;
    } else if (at) {
        char *dump = json_dumps(at, JSON_ENCODE_ANY | JSON_COMPACT);
        *ret_value = str_dup(a, str_from_cstr(dump));
        free(dump);
    }
    bool found = at != NULL;
    json_decref(root);
    return found;
}
