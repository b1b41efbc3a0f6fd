/* json_in.c: a JSON body as fields. */
#include <jansson.h>

#include "engine/app/json_in.h"

enum { FIELDS_MAX = 1024 };

static bool scalar(struct arena *a, const json_t *v, struct str *ret)
{
    switch (json_typeof(v)) {
    case JSON_STRING: *ret = str_dup(a, (struct str){json_string_value(v), json_string_length(v)}); return true;
    case JSON_INTEGER: *ret = str_printf(a, "%" JSON_INTEGER_FORMAT, json_integer_value(v)); return true;
    case JSON_REAL: *ret = str_printf(a, "%.15g", json_real_value(v)); return true;
    case JSON_TRUE: *ret = STR("1"); return true;
    case JSON_FALSE: *ret = STR("0"); return true;
    default: return false;
    }
}

static enum result add(struct arena *a, struct form *form, struct str name, const json_t *value)
{
    struct str text;

    if (!scalar(a, value, &text))
        return E_INVALID;
    form->field[form->n++] = (struct form_field){.name = name, .value = text};
    return OK;
}

static void drop(void *arg)
{
    json_decref(arg);
}

enum result json_in_read(struct arena *a, struct str body, struct form *ret_form)
{
    struct form form = {0};
    const char *key;
    json_t *value;

    json_t *root = json_loadb(body.ptr, body.len, JSON_REJECT_DUPLICATES, NULL);
    if (!root)
        return E_INVALID;
    arena_on_reset(a, drop, root);
    if (!json_is_object(root))
        return E_INVALID;
    size_t n = 0;
    json_object_foreach(root, key, value) n += json_is_array(value) ? json_array_size(value) : 1;
    if (n > FIELDS_MAX)
        return E_TOO_LARGE;
    form.field = arena_array(a, struct form_field, n + 1);
    json_object_foreach(root, key, value)
    {
        struct str name = str_dup(a, str_from_cstr(key));
        enum result r = OK;
        if (json_is_array(value))
            for (size_t i = 0; r == OK && i < json_array_size(value); i++)
                r = add(a, &form, name, json_array_get(value, i));
        else if (!json_is_null(value))
            r = add(a, &form, name, value);
        if (r != OK)
            return r;
    }
    *ret_form = form;
    return OK;
}
