/* openapi.c: the OpenAPI 3.1 document, made from the routes, their parameters and the schemas of the views. */
#include <inttypes.h>

#include "engine/app/internal.h"

static void member(struct json *j, const char *key, const char *value)
{
    json_key(j, str_from_cstr(key));
    json_str(j, str_from_cstr(value));
}

static void open_at(struct json *j, const char *key, char bracket)
{
    json_key(j, str_from_cstr(key));
    json_open(j, bracket);
}

static void put_ref(struct json *j, const char *ref)
{
    json_open(j, '{');
    member(j, "$ref", ref);
    json_close(j, '}');
}

/* ---- schemas of parameters --------------------------------------------------------------------------------- */

static void type_format(struct json *j, const char *type, const char *format)
{
    member(j, "type", type);
    if (format)
        member(j, "format", format);
}

static void limit(struct json *j, const char *key, int64_t n)
{
    json_key(j, str_from_cstr(key));
    json_int(j, n);
}

static void put_schema(struct json *j, const struct param *p)
{
    struct str rest, word;

    json_open(j, '{');
    switch (p->kind) {
    case PARAM_TEXT:
    case PARAM_LINES:
        member(j, "type", "string");
        if (p->min)
            limit(j, "minLength", p->min);
        limit(j, "maxLength", p->max ? p->max : p->kind == PARAM_TEXT ? 200 : 5000);
        break;
    case PARAM_INT:
        type_format(j, "integer", "int64");
        if (p->min || p->max) {
            limit(j, "minimum", p->min);
            limit(j, "maximum", p->max);
        }
        break;
    case PARAM_ID:
        member(j, "type", "string");
        member(j, "pattern", "^[1-9][0-9]{0,18}$");
        break;
    case PARAM_BOOL: member(j, "type", "boolean"); break;
    case PARAM_CHOICE:
        member(j, "type", "string");
        open_at(j, "enum", '[');
        rest = str_from_cstr(p->choices);
        while (str_cut(&rest, ',', &word))
            json_str(j, str_trim(word));
        json_close(j, ']');
        break;
    case PARAM_DATE: type_format(j, "string", "date"); break;
    case PARAM_TIME: type_format(j, "string", "date-time"); break;
    case PARAM_REAL:
        member(j, "type", "number");
        if (p->min || p->max) {
            limit(j, "minimum", p->min);
            limit(j, "maximum", p->max);
        }
        break;
    case PARAM_LIST:
        member(j, "type", "array");
        open_at(j, "items", '{');
        member(j, "type", "string");
        member(j, "pattern", "^[1-9][0-9]{0,18}$");
        json_close(j, '}');
        if (p->max)
            limit(j, "maxItems", p->max);
        break;
    case PARAM_FILE:
        member(j, "type", "array");
        open_at(j, "items", '{');
        type_format(j, "string", "binary");
        json_close(j, '}');
        limit(j, "maxItems", p->max ? p->max : 1);
        break;
    default: break;
    }
    if (p->secret) {
        json_key(j, STR("writeOnly"));
        json_bool(j, true);
    }
    if (p->doc)
        member(j, "description", p->doc);
    json_close(j, '}');
}

/* ---- one operation -------------------------------------------------------------------------------------------- */

/* "/q/{code:word}" -> "/q/{code}" */
static struct str open_path(struct arena *a, const char *path)
{
    struct str rest = str_from_cstr(path);
    struct buf b;
    size_t at;

    buf_init(&b, a, rest.len + 1, rest.len + 1);
    while ((at = str_find(rest, STR(":word}"))) != SIZE_MAX) {
        buf_put(&b, str_sub(rest, 0, at));
        rest = str_sub(rest, at + 5, rest.len);
    }
    buf_put(&b, rest);
    return buf_str(&b);
}

static void put_path_params(struct json *j, const struct route *t)
{
    struct str rest = str_from_cstr(t->path), segment;

    while (str_cut(&rest, '/', &segment)) {
        if (!str_starts(segment, STR("{")))
            continue;
        struct str name = str_sub(segment, 1, segment.len - 2);
        bool word = str_ends(name, STR(":word"));
        if (word)
            name.len -= 5;
        json_open(j, '{');
        json_key(j, STR("name"));
        json_str(j, name);
        member(j, "in", "path");
        json_key(j, STR("required"));
        json_bool(j, true);
        open_at(j, "schema", '{');
        member(j, "type", "string");
        member(j, "pattern", word ? "^[A-Za-z0-9_-]{1,64}$" : "^[1-9][0-9]{0,18}$");
        json_close(j, '}');
        json_close(j, '}');
    }
}

static void put_query_params(struct json *j, const struct route *t)
{
    for (size_t i = 0; i < t->n_params; i++) {
        const struct param *p = &t->params[i];
        json_open(j, '{');
        member(j, "name", p->name);
        member(j, "in", "query");
        json_key(j, STR("required"));
        json_bool(j, p->required);
        json_key(j, STR("schema"));
        put_schema(j, p);
        json_close(j, '}');
    }
}

static void put_body(struct json *j, const struct route *t)
{
    bool any = false, files = false;

    for (size_t i = 0; i < t->n_params; i++)
        files |= t->params[i].kind == PARAM_FILE;
    open_at(j, "requestBody", '{');
    json_key(j, STR("required"));
    json_bool(j, true);
    open_at(j, "content", '{');
    open_at(j, files ? "multipart/form-data" : "application/json", '{');
    open_at(j, "schema", '{');
    member(j, "type", "object");
    json_key(j, STR("additionalProperties"));
    json_bool(j, false);
    open_at(j, "properties", '{');
    for (size_t i = 0; i < t->n_params; i++) {
        json_key(j, str_from_cstr(t->params[i].name));
        put_schema(j, &t->params[i]);
        any |= t->params[i].required;
    }
    json_close(j, '}');
    if (any) {
        open_at(j, "required", '[');
        for (size_t i = 0; i < t->n_params; i++)
            if (t->params[i].required)
                json_str(j, str_from_cstr(t->params[i].name));
        json_close(j, ']');
    }
    json_close(j, '}');
    json_close(j, '}');
    json_close(j, '}');
    json_close(j, '}');
}

static void put_view_ref(struct json *j, struct arena *a, const struct view_info *view)
{
    put_ref(j, str_cstr(a, str_printf(a, "#/components/schemas/%s", view->name)));
}

static void put_views(struct json *j, struct arena *a, const struct route *t)
{
    if (!t->views) {
        put_view_ref(j, a, t->view);
        return;
    }
    json_open(j, '{');
    open_at(j, "anyOf", '[');
    for (size_t i = 0; t->views[i]; i++)
        put_view_ref(j, a, t->views[i]);
    json_close(j, ']');
    json_close(j, '}');
}

static void put_answers(struct json *j, struct arena *a, const struct route *t, bool unsafe)
{
    open_at(j, "responses", '{');
    open_at(j, "200", '{');
    bool shows = t->view || t->views;
    member(j, "description", shows ? "The page as data" : unsafe ? "Done; says where it can be seen" : "As it is");
    if (shows || unsafe) {
        open_at(j, "content", '{');
        open_at(j, "application/json", '{');
        json_key(j, STR("schema"));
        if (shows)
            put_views(j, a, t);
        else
            put_ref(j, "#/components/schemas/moved");
        json_close(j, '}');
        json_close(j, '}');
    }
    json_close(j, '}');
    if (unsafe && (t->flags & ROUTE_WRITE)) {
        open_at(j, "201", '{');
        member(j, "description", "Made; Location says where it is");
        open_at(j, "content", '{');
        open_at(j, "application/json", '{');
        json_key(j, STR("schema"));
        put_ref(j, "#/components/schemas/moved");
        json_close(j, '}');
        json_close(j, '}');
        json_close(j, '}');
    }
    json_key(j, STR("default"));
    put_ref(j, "#/components/responses/problem");
    json_close(j, '}');
}

static void put_operation(struct json *j, struct arena *a, const struct app *app, const struct route *t)
{
    bool unsafe = is_unsafe(t->method);
    static const char *const keys[] = {[HTTP_GET] = "get",     [HTTP_POST] = "post",     [HTTP_PUT] = "put",
                                       [HTTP_PATCH] = "patch", [HTTP_DELETE] = "delete", [HTTP_OTHER] = NULL};
    const char *need = t->flags & ROUTE_BARE || t->need == NEED_OPEN ? NULL : app->o.policy->capability_name(t->need);
    struct str module = str_from_cstr(t->name), tag;

    open_at(j, keys[t->method], '{');
    member(j, "operationId", t->name);
    if (t->doc)
        member(j, "summary", t->doc);
    if (need)
        member(j, "x-lilong-need", need);
    str_cut(&module, '.', &tag);
    open_at(j, "tags", '[');
    json_str(j, tag);
    json_close(j, ']');
    open_at(j, "parameters", '[');
    put_path_params(j, t);
    if (!unsafe)
        put_query_params(j, t);
    if (unsafe && !(t->flags & ROUTE_NO_CSRF))
        put_ref(j, "#/components/parameters/csrf");
    if ((t->flags & ROUTE_WRITE) && !(t->flags & (ROUTE_NO_KEY | ROUTE_NO_CSRF)))
        put_ref(j, "#/components/parameters/key");
    json_close(j, ']');
    if (unsafe && t->n_params)
        put_body(j, t);
    put_answers(j, a, t, unsafe);
    json_close(j, '}');
}

/* ---- the whole -------------------------------------------------------------------------------------------------- */

static void put_header_param(struct json *j, const char *key, const char *name, const char *doc)
{
    open_at(j, key, '{');
    member(j, "name", name);
    member(j, "in", "header");
    json_key(j, STR("required"));
    json_bool(j, false);
    member(j, "description", doc);
    open_at(j, "schema", '{');
    member(j, "type", "string");
    limit(j, "maxLength", 255);
    json_close(j, '}');
    json_close(j, '}');
}

/* The n-th of the views that a route may answer with; NULL behind the last. */
static const struct view_info *view_at(const struct route *t, size_t n)
{
    if (t->views)
        return t->views[n];
    return n == 0 ? t->view : NULL;
}

static bool has_view(const struct route *t, const struct view_info *view)
{
    const struct view_info *one;

    for (size_t n = 0; (one = view_at(t, n)) != NULL; n++)
        if (strcmp(one->name, view->name) == 0)
            return true;
    return false;
}

static void put_components(struct json *j, const struct app *app)
{
    open_at(j, "components", '{');
    open_at(j, "securitySchemes", '{');
    open_at(j, "session", '{');
    member(j, "type", "apiKey");
    member(j, "in", "cookie");
    member(j, "name", "__Host-lilong");
    member(j, "description", "The session cookie; `lilong` where the site is served without TLS.");
    json_close(j, '}');
    json_close(j, '}');

    open_at(j, "parameters", '{');
    put_header_param(j, "csrf", "X-CSRF-Token", "The token of GET /api/session; needed as soon as a cookie is sent.");
    put_header_param(j, "key", "Idempotency-Key",
                     "The same key acts once; a repeated request gets the answer of the first.");
    json_close(j, '}');

    open_at(j, "responses", '{');
    open_at(j, "problem", '{');
    member(j, "description", "Refused; RFC 9457");
    open_at(j, "content", '{');
    open_at(j, "application/problem+json", '{');
    json_key(j, STR("schema"));
    put_ref(j, "#/components/schemas/problem");
    json_close(j, '}');
    json_close(j, '}');
    json_close(j, '}');
    json_close(j, '}');

    open_at(j, "schemas", '{');
    json_key(j, STR("problem"));
    json_raw_end(
        j,
        STR("{\"type\":\"object\",\"required\":[\"type\",\"title\",\"status\",\"instance\"],\"properties\":{"
            "\"type\":{\"type\":\"string\"},\"title\":{\"type\":\"string\"},\"status\":{\"type\":\"integer\"},\"detail\":{\"type\":\"string\"},"
            "\"instance\":{\"type\":\"string\"},\"errors\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"required\":[\"field\",\"message\",\"code\"],"
            "\"properties\":{\"field\":{\"type\":\"string\"},\"message\":{\"type\":\"string\"},\"code\":{\"type\":\"string\"}}}}}}"));
    json_key(j, STR("moved"));
    json_raw_end(
        j, STR("{\"type\":\"object\",\"required\":[\"location\"],\"properties\":{\"location\":{\"type\":\"string\"},"
               "\"id\":{\"type\":\"string\"}}}"));
    for (size_t i = 0; i < app->n_routes; i++) {
        const struct route *t = app->route[i];
        size_t n = 0;
        for (const struct view_info *view; (view = view_at(t, n)) != NULL; n++) {
            bool seen = false;
            for (size_t k = 0; k < i && !seen; k++)
                seen = has_view(app->route[k], view);
            if (seen)
                continue;
            json_key(j, str_from_cstr(view->name));
            json_raw_end(j, str_from_cstr(view->schema));
        }
    }
    json_close(j, '}');
    json_close(j, '}');
}

struct str app_openapi(struct app *app, struct arena *a)
{
    struct json j;

    json_init(&j, a);
    json_open(&j, '{');
    member(&j, "openapi", "3.1.0");
    open_at(&j, "info", '{');
    member(&j, "title", "Lilong");
    member(&j, "version", app_version());
    member(&j, "description",
           "Every page is a resource: ask for application/json. Ids are decimal strings, times RFC 3339.");
    open_at(&j, "license", '{');
    member(&j, "name", "Apache-2.0");
    member(&j, "identifier", "Apache-2.0");
    json_close(&j, '}');
    json_close(&j, '}');
    open_at(&j, "servers", '[');
    json_open(&j, '{');
    member(&j, "url", "/");
    json_close(&j, '}');
    json_close(&j, ']');
    open_at(&j, "security", '[');
    json_open(&j, '{');
    json_close(&j, '}');
    json_open(&j, '{');
    open_at(&j, "session", '[');
    json_close(&j, ']');
    json_close(&j, '}');
    json_close(&j, ']');

    open_at(&j, "paths", '{');
    for (size_t i = 0; i < app->n_routes; i++) {
        struct str path = str_from_cstr(app->route[i]->path);
        bool first = true;
        for (size_t k = 0; k < i && first; k++)
            first = !str_eq(path, str_from_cstr(app->route[k]->path));
        if (!first)
            continue;
        json_key(&j, open_path(a, app->route[i]->path));
        json_open(&j, '{');
        for (size_t k = i; k < app->n_routes; k++)
            if (str_eq(path, str_from_cstr(app->route[k]->path)))
                put_operation(&j, a, app, app->route[k]);
        json_close(&j, '}');
    }
    json_close(&j, '}');
    put_components(&j, app);
    json_close(&j, '}');
    return buf_str(&j.buf);
}
