/* router.c: the table of routes becomes a tree of path segments, and is checked before anything is served.
 *
 * A literal wins over a number, a number over a word; when a branch leads nowhere the next one is tried, so
 * /p/{place}/report/new and /p/{place}/report/{id} live together. */
#include "engine/app/internal.h"

enum segment_kind { SEGMENT_LITERAL, SEGMENT_NUMBER, SEGMENT_WORD };

struct segment {
    enum segment_kind kind;
    struct str text; /* the literal, or the name */
};

struct node {
    struct str literal;
    struct node *children; /* literal ones */
    struct node *next;     /* sibling */
    struct node *number, *word;
    const struct route *route[HTTP_OTHER];
    size_t index[HTTP_OTHER];
    unsigned methods;
};

struct router {
    struct arena *arena;
    struct node root;
    size_t n;
    const struct route *const *routes;
    signed char *place_segment; /* by route: which number is {place}; -1 none */
};

const char *method_name(enum http_method m)
{
    static const char *const names[] = {
        [HTTP_GET] = "GET",     [HTTP_HEAD] = "HEAD",     [HTTP_POST] = "POST",       [HTTP_PUT] = "PUT",
        [HTTP_PATCH] = "PATCH", [HTTP_DELETE] = "DELETE", [HTTP_OPTIONS] = "OPTIONS", [HTTP_OTHER] = "OTHER",
    };
    return m <= HTTP_OTHER ? names[m] : "OTHER";
}

/* ---- reading a path of the table ------------------------------------------------------------------------ */

static bool is_word_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

static bool parse_segment(struct str s, struct segment *ret)
{
    if (s.len == 0)
        return false;
    if (s.ptr[0] == '{') {
        if (s.len < 3 || s.ptr[s.len - 1] != '}')
            return false;
        struct str name = str_sub(s, 1, s.len - 2);
        ret->kind = SEGMENT_NUMBER;
        if (str_ends(name, STR(":word"))) {
            name.len -= 5;
            ret->kind = SEGMENT_WORD;
        }
        ret->text = name;
        for (size_t i = 0; i < name.len; i++)
            if (!((name.ptr[i] >= 'a' && name.ptr[i] <= 'z') || name.ptr[i] == '_'))
                return false;
        return name.len > 0;
    }
    for (size_t i = 0; i < s.len; i++)
        if (!is_word_char(s.ptr[i]) && s.ptr[i] != '.')
            return false;
    *ret = (struct segment){SEGMENT_LITERAL, s};
    return true;
}

static bool parse_path(const char *path, struct segment *segment, size_t *ret_n)
{
    struct str rest = str_from_cstr(path), part;
    size_t n = 0;

    if (rest.len == 0 || rest.ptr[0] != '/')
        return false;
    rest = str_sub(rest, 1, rest.len - 1);
    if (rest.len && rest.ptr[rest.len - 1] == '/')
        return false;
    while (str_cut(&rest, '/', &part)) {
        if (n == SEGMENTS_MAX || !parse_segment(part, &segment[n]))
            return false;
        n++;
    }
    *ret_n = n;
    return true;
}

/* ---- checks ------------------------------------------------------------------------------------------------ */

static const char *check_params(const struct route *t)
{
    for (size_t i = 0; i < t->n_params; i++) {
        const struct param *p = &t->params[i];
        if (!p->name || !p->name[0])
            return "has a parameter without a name (a hole in its table)";
        if (p->kind == PARAM_NONE || p->kind > PARAM_FILE)
            return "has a parameter without a kind";
        if (p->name[0] == '_')
            return "has a parameter whose name begins with '_': those are the pipeline's";
        if (p->kind == PARAM_CHOICE && (!p->choices || !p->choices[0]))
            return "has a choice without choices";
        if (p->kind == PARAM_FILE && !(t->flags & ROUTE_UPLOAD))
            return "takes files but has no ROUTE_UPLOAD";
        if (p->max && p->min > p->max)
            return "has a parameter with min > max";
        for (size_t j = 0; j < i; j++)
            if (strcmp(t->params[j].name, p->name) == 0)
                return "has two parameters of one name";
    }
    return NULL;
}

static const char *check_route(const struct route *t, const struct segment *segment, size_t n,
                               const struct app_policy *policy)
{
    bool unsafe = t->method == HTTP_POST || t->method == HTTP_PUT || t->method == HTTP_PATCH ||
                  t->method == HTTP_DELETE;
    size_t numbers = 0, words = 0;

    if (!t->name || !t->name[0])
        return "has no name";
    if (!t->handle)
        return "has no handler";
    if (t->method != HTTP_GET && !unsafe)
        return "has a method that no route can have (HEAD and OPTIONS are answered by the pipeline)";
    if (t->need == 0)
        return "has no `need`: say which capability it needs";
    if (t->need == NEED_OPEN ? strncmp(t->name, "engine.", 7) != 0 : !policy->capability_name(t->need))
        return "needs a capability that does not exist";
    if (!unsafe && (t->flags & ROUTE_WRITE))
        return "is a GET that writes";
    if ((t->flags & ROUTE_WRITE) && (t->flags & ROUTE_SLOW))
        return "is both ROUTE_WRITE and ROUTE_SLOW: slow work of a write goes into `before`";
    for (size_t i = 0; i < n; i++) {
        if (segment[i].kind == SEGMENT_WORD)
            words++;
        if (segment[i].kind == SEGMENT_NUMBER) {
            numbers++;
            if (!t->subject && !str_eq(segment[i].text, STR("place")) && !(t->flags & ROUTE_BARE))
                return "has an id in its path but no subject that is loaded and checked";
        }
        for (size_t j = 0; j < i; j++)
            if (segment[i].kind != SEGMENT_LITERAL && segment[j].kind != SEGMENT_LITERAL &&
                str_eq(segment[i].text, segment[j].text))
                return "has two segments of one name";
    }
    if (numbers > 6 || words > 6)
        return "has too many ids in its path";
    if (t->subject && !t->subject->load)
        return "has a subject that cannot be loaded";
    return check_params(t);
}

static bool again_exists(const struct route *t, const struct route *const *routes, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (routes[i]->method == HTTP_GET && routes[i]->handle == t->again)
            return true;
    return false;
}

/* ---- building ------------------------------------------------------------------------------------------------ */

static struct node *the_only(struct arena *a, struct node **where)
{
    if (!*where)
        *where = arena_new(a, struct node);
    return *where;
}

static struct node *child(struct arena *a, struct node *at, const struct segment *segment)
{
    if (segment->kind == SEGMENT_NUMBER)
        return the_only(a, &at->number);
    if (segment->kind == SEGMENT_WORD)
        return the_only(a, &at->word);
    for (struct node *c = at->children; c; c = c->next)
        if (str_eq(c->literal, segment->text))
            return c;
    struct node *c = arena_new(a, struct node);
    c->literal = segment->text;
    c->next = at->children;
    at->children = c;
    return c;
}

static enum result wrong(struct arena *a, const struct route *t, const char *what, struct str *ret_why)
{
    *ret_why = str_printf(a, "route %s (%s %s) %s", t->name ? t->name : "?", method_name(t->method),
                          t->path ? t->path : "?", what);
    return E_INVALID;
}

enum result router_open(const struct route *const *routes, size_t n, const struct app_policy *policy, struct arena *a,
                        struct router **ret_router, struct str *ret_why)
{
    struct router *r = arena_new(a, struct router);

    r->arena = a;
    r->routes = routes;
    r->n = n;
    r->place_segment = arena_array(a, signed char, n + 1);
    for (size_t i = 0; i < n; i++) {
        const struct route *t = routes[i];
        struct segment segment[SEGMENTS_MAX];
        size_t n_segments = 0;

        if (!t->path || !parse_path(t->path, segment, &n_segments))
            return wrong(a, t, "has a path that cannot be read", ret_why);
        const char *what = check_route(t, segment, n_segments, policy);
        if (what)
            return wrong(a, t, what, ret_why);
        if (t->again && !again_exists(t, routes, n))
            return wrong(a, t, "shows its form again by a handler that no GET route has", ret_why);
        for (size_t j = 0; j < i; j++)
            if (strcmp(routes[j]->name, t->name) == 0)
                return wrong(a, t, "has the name of another route", ret_why);

        struct node *at = &r->root;
        signed char numbers = 0;
        r->place_segment[i] = -1;
        for (size_t s = 0; s < n_segments; s++) {
            at = child(a, at, &segment[s]);
            if (segment[s].kind == SEGMENT_NUMBER) {
                if (str_eq(segment[s].text, STR("place")))
                    r->place_segment[i] = numbers;
                numbers++;
            }
        }
        if (at->route[t->method])
            return wrong(a, t, "has the method and path of another route", ret_why);
        at->route[t->method] = t;
        at->index[t->method] = i;
        at->methods |= 1u << t->method;
        if (t->method == HTTP_GET)
            at->methods |= 1u << HTTP_HEAD;
        at->methods |= 1u << HTTP_OPTIONS;
    }
    *ret_router = r;
    return OK;
}

/* ---- matching -------------------------------------------------------------------------------------------------- */

struct walk {
    enum http_method method;
    struct str segment[SEGMENTS_MAX];
    size_t n;
    struct route_match *m;
};

static bool is_word(struct str s)
{
    if (s.len == 0 || s.len > 64)
        return false;
    for (size_t i = 0; i < s.len; i++)
        if (!is_word_char(s.ptr[i]))
            return false;
    return true;
}

static bool descend(struct walk *w, const struct node *at, size_t i)
{
    struct route_match *m = w->m;

    if (i == w->n) {
        m->methods |= at->methods;
        if (w->method >= HTTP_OTHER || !at->route[w->method])
            return false;
        m->route = at->route[w->method];
        m->index = at->index[w->method];
        return true;
    }
    for (const struct node *c = at->children; c; c = c->next)
        if (str_eq(c->literal, w->segment[i])) {
            if (descend(w, c, i + 1))
                return true;
            break;
        }
    int64_t number;
    if (at->number && m->n_id < 6 && str_int64(w->segment[i], 1, INT64_MAX, &number) == OK) {
        m->id[m->n_id++] = number;
        if (descend(w, at->number, i + 1))
            return true;
        m->n_id--;
    }
    if (at->word && m->n_word < 6 && is_word(w->segment[i])) {
        m->word[m->n_word++] = w->segment[i];
        if (descend(w, at->word, i + 1))
            return true;
        m->n_word--;
    }
    return false;
}

void router_match(const struct router *router, enum http_method method, struct str path, struct route_match *ret)
{
    struct walk w = {.method = method == HTTP_HEAD ? HTTP_GET : method, .m = ret};
    struct str rest = path, part;

    *ret = (struct route_match){0};
    if (path.len == 0 || path.ptr[0] != '/' || (path.len > 1 && path.ptr[path.len - 1] == '/'))
        return;
    rest = str_sub(path, 1, path.len - 1);
    while (str_cut(&rest, '/', &part)) {
        if (w.n == SEGMENTS_MAX || part.len == 0)
            return;
        w.segment[w.n++] = part;
    }
    if (descend(&w, &router->root, 0) && router->place_segment[ret->index] >= 0)
        ret->place = ret->id[router->place_segment[ret->index]];
}
