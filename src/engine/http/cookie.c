/* cookie.c: the Cookie field (RFC 6265 4.2). */
#include "engine/http/cookie.h"

bool cookie_find(struct str field, struct str name, struct str *ret_value)
{
    struct str rest = field, pair;

    while (str_cut(&rest, ';', &pair)) {
        struct str value = pair, key;

        if (!str_cut(&value, '=', &key) || key.len == pair.len)
            continue; /* no '=' */
        while (key.len && (key.ptr[0] == ' ' || key.ptr[0] == '\t'))
            key = str_sub(key, 1, key.len - 1);
        if (!str_eq(key, name))
            continue;
        while (value.len && (value.ptr[value.len - 1] == ' ' || value.ptr[value.len - 1] == '\t'))
            value.len--;
        if (value.len >= 2 && value.ptr[0] == '"' && value.ptr[value.len - 1] == '"')
            value = str_sub(value, 1, value.len - 2);
        *ret_value = value;
        return true;
    }
    return false;
}
