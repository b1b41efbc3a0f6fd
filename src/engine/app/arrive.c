/* arrive.c: what a request says of itself before anything is known of it: the form and the language of its answer; and what is said to one for which there is no route. */
#include "engine/app/internal.h"
#include "engine/http/negotiate.h"

bool arrive_prefers_json(const struct http_exchange *x)
{
    static const struct str page_first[] = {
        {"text/html", 9}, {"application/json", 16}, {"application/problem+json", 24}};
    static const struct str data_first[] = {
        {"application/json", 16}, {"application/problem+json", 24}, {"text/html", 9}};
    struct str accept = http_header(x, STR("Accept"));

    if (str_starts(http_header(x, STR("Content-Type")), STR("application/json")))
        return negotiate_type(accept, data_first, 3) != 2;
    size_t i = negotiate_type(accept, page_first, 3);
    return i == 1 || i == 2;
}

/* The browser's own choice, then what it accepts, then Chinese. A viewer's setting comes on top with the viewer. */
enum lang arrive_lang(const struct http_exchange *x)
{
    static const struct str tags[LANG_COUNT] = {[LANG_ZH_CN] = {"zh-CN", 5}, [LANG_EN] = {"en", 2}};
    struct str chosen = http_cookie(x, STR("lilong-lang"));

    for (int i = 0; i < LANG_COUNT; i++)
        if (str_eq(chosen, tags[i]))
            return (enum lang)i;
    return (enum lang)negotiate_language(http_header(x, STR("Accept-Language")), tags, LANG_COUNT);
}

static void answer_methods(struct request *rq, bool options)
{
    static const enum http_method order[] = {HTTP_GET,   HTTP_HEAD,   HTTP_POST,   HTTP_PUT,
                                             HTTP_PATCH, HTTP_DELETE, HTTP_OPTIONS};
    struct buf b;

    if (!options)
        answer_status(rq, 405);
    buf_init(&b, rq->arena, 64, 128);
    for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++)
        if (rq->private->match.methods & (1u << order[i])) {
            buf_put(&b, b.len ? STR(", ") : STR(""));
            buf_put(&b, str_from_cstr(method_name(order[i])));
        }
    add_header(rq, STR("Allow"), buf_str(&b));
    if (options)
        rq->x->status = 204;
}

void arrive_nowhere(struct request *rq)
{
    struct http_exchange *x = rq->x;
    struct route_match m;

    if (rq->private->match.methods) {
        answer_methods(rq, x->method == HTTP_OPTIONS);
        return;
    }
    /* A slash too many at the end of an address that somebody typed. */
    if ((x->method == HTTP_GET || x->method == HTTP_HEAD) && x->path.len > 1 && x->path.ptr[x->path.len - 1] == '/' &&
        x->path.ptr[1] != '/') {
        struct str path = str_sub(x->path, 0, x->path.len - 1);
        router_match(rq->app->router, HTTP_GET, path, &m);
        if (m.route) { /* a path that a route matches is ASCII */
            x->status = 308;
            add_header(rq, STR("Location"),
                       x->query.len ? str_printf(rq->arena, STR_FMT "?" STR_FMT, STR_ARG(path), STR_ARG(x->query))
                                    : path);
            return;
        }
    }
    answer_status(rq, 404);
}
