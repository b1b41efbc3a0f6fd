/* form.c: urlencoded forms and query strings. multipart.c has the other kind. */
#include "engine/http/form_private.h"
#include "engine/http/guard.h"

bool form_text_ok(struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];

        if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7f)
            return false;
    }
    return guard_utf8(s);
}

enum result form_parse_urlencoded(struct arena *a, struct str text, struct form *ret_form)
{
    struct form form = {NULL, 0};
    struct str rest = text, pair;
    size_t most = 1;

    for (size_t i = 0; i < text.len; i++)
        most += text.ptr[i] == '&';
    if (most > 2 * FORM_FIELDS_MAX)
        return E_TOO_LARGE;
    form.field = arena_array(a, struct form_field, most);
    while (str_cut(&rest, '&', &pair)) {
        struct form_field f = {0};
        struct str name, value = pair;

        if (!str_cut(&value, '=', &name))
            continue; /* nothing between two & */
        if (guard_decode(a, name, true, &f.name) != OK || guard_decode(a, value, true, &f.value) != OK)
            return E_INVALID;
        if (!form_text_ok(f.name) || !form_text_ok(f.value))
            return E_INVALID;
        if (form.n == FORM_FIELDS_MAX)
            return E_TOO_LARGE;
        form.field[form.n++] = f;
    }
    *ret_form = form;
    return OK;
}

size_t form_count(const struct form *form, struct str name)
{
    size_t n = 0;

    for (size_t i = 0; i < form->n; i++)
        n += str_eq(form->field[i].name, name);
    return n;
}

const struct form_field *form_get(const struct form *form, struct str name)
{
    const struct form_field *found = NULL;

    for (size_t i = 0; i < form->n; i++)
        if (str_eq(form->field[i].name, name)) {
            if (found)
                return NULL;
            found = &form->field[i];
        }
    return found;
}

struct str url_encode(struct arena *a, struct str s)
{
    static const char hex[] = "0123456789ABCDEF";
    char *out = arena_alloc(a, s.len ? s.len : 1, 3, 1);
    size_t n = 0;

    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];

        if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' || c == '.' ||
            c == '_' || c == '~') {
            out[n++] = (char)c;
        } else {
            out[n++] = '%';
            out[n++] = hex[c >> 4];
            out[n++] = hex[c & 15];
        }
    }
    return (struct str){out, n};
}
