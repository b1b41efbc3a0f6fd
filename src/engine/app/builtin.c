/* builtin.c: what the engine itself answers: assets, health, metrics, the description of the API, the session of a program,
 * the choice of a language. */
#include <sys/statvfs.h>

#include "engine/app/internal.h"
#include "engine/http/negotiate.h"

static enum result bytes(struct request *rq, int status, struct str type, struct str body, struct str cache)
{
    add_header(rq, STR("Cache-Control"), cache);
    return respond_bytes(rq, status, type, body);
}

/* ---- assets ----------------------------------------------------------------------------------------------- */

static enum result give_asset(struct request *rq, const struct asset *asset, struct str cache)
{
    struct str codings = http_header(rq->x, STR("Accept-Encoding")), have = http_header(rq->x, STR("If-None-Match"));
    struct str body = asset->plain;

    add_header(rq, STR("Vary"), STR("Accept-Encoding"));
    add_header(rq, STR("Cache-Control"), cache);
    add_header(rq, STR("ETag"), asset->etag);
    if (have.len && etag_in(have, asset->etag)) {
        rq->x->status = 304;
        return OK;
    }
    static const struct str offers[] = {{"br", 2}, {"gzip", 4}};
    size_t coding = negotiate_encoding(codings, offers, 2);
    if (coding == 0 && asset->brotli.len)
        body = asset->brotli;
    else if (coding <= 1 && asset->gzip.len)
        body = asset->gzip;
    if (body.ptr != asset->plain.ptr)
        add_header(rq, STR("Content-Encoding"), body.ptr == asset->brotli.ptr ? STR("br") : STR("gzip"));
    return respond_bytes(rq, 200, asset->type, body);
}

enum result asset_answer(struct request *rq)
{
    const struct asset *asset = asset_find(rq->x->path);

    return asset ? give_asset(rq, asset, STR("public, max-age=31536000, immutable")) : E_NOT_FOUND;
}

static enum result favicon(struct request *rq)
{
    static const char *const names[] = {"favicon.ico", "favicon.svg", "favicon.png", "icon.svg", "icon.png"};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        const struct asset *asset = asset_named(str_from_cstr(names[i]));
        if (asset)
            return give_asset(rq, asset, STR("public, max-age=86400"));
    }
    return E_NOT_FOUND;
}

static enum result robots(struct request *rq)
{
    /* What neighbours write is for neighbours. */
    return bytes(rq, 200, STR("text/plain; charset=utf-8"), STR("User-agent: *\nDisallow: /\n"),
                 STR("public, max-age=86400"));
}

/* ---- health and metrics --------------------------------------------------------------------------------------- */

static enum result healthz(struct request *rq)
{
    return bytes(rq, 200, STR("text/plain; charset=utf-8"), STR("ok\n"), STR("no-store"));
}

static enum result readyz(struct request *rq)
{
    struct app *app = rq->app;
    struct statvfs disk;
    struct str why = STR_NONE;

    if (atomic_load(&app->draining))
        why = STR("draining\n");
    else if (!database_healthy(app_database(app)))
        why = STR("database\n");
    else if (app->o.data_dir && statvfs(app->o.data_dir, &disk) == 0 && disk.f_bavail * disk.f_frsize < (64u << 20))
        why = STR("disk\n");
    return bytes(rq, why.len ? 503 : 200, STR("text/plain; charset=utf-8"), why.len ? why : STR("ready\n"),
                 STR("no-store"));
}

static bool from_this_machine(const struct request *rq)
{
    struct str peer = rq->x->peer;

    /* Something that passed the request on without being trusted: the address is its own, not the asker's. */
    if (!rq->app->settings.n_proxies &&
        (http_header(rq->x, STR("X-Forwarded-For")).len || http_header(rq->x, STR("Forwarded")).len ||
         http_header(rq->x, STR("Via")).len))
        return false;
    return str_starts(peer, STR("127.")) || str_eq(peer, STR("::1")) || str_starts(peer, STR("::ffff:127."));
}

static enum result metrics(struct request *rq)
{
    if (!rq->app->settings.metrics_public && !from_this_machine(rq))
        return E_NOT_FOUND;
    return bytes(rq, 200, STR("text/plain; version=0.0.4; charset=utf-8"), metrics_text(rq->app, rq->arena),
                 STR("no-store"));
}

/* ---- the API ------------------------------------------------------------------------------------------------------ */

static enum result openapi(struct request *rq)
{
    struct app *app = rq->app;

    return bytes(rq, 200, STR("application/json"), app->openapi, STR("no-cache"));
}

/* What a program needs before its first write: who it is, and the token that goes into X-CSRF-Token. */
static enum result api_session(struct request *rq)
{
    struct json j;

    session_ensure_token(rq);
    json_init(&j, rq->arena);
    json_open(&j, '{');
    json_key(&j, STR("csrf"));
    json_str(&j, forgery_token(rq));
    json_key(&j, STR("person"));
    if (rq->person)
        json_id(&j, rq->person);
    else
        json_none(&j);
    json_key(&j, STR("language"));
    json_str(&j, str_from_cstr(lang_tag(rq->lang)));
    json_close(&j, '}');
    if (rq->private->new_token)
        session_cookie_write(rq, false);
    return bytes(rq, 200, STR("application/json"), buf_str(&j.buf), STR("no-store"));
}

enum { LANGUAGE_LANGUAGE, LANGUAGE_NEXT, LANGUAGE_PARAMS };
static const struct param language_params[LANGUAGE_PARAMS] = {
    [LANGUAGE_LANGUAGE] = {"language", PARAM_CHOICE, .required = true, .choices = "zh-CN,en",
                           .doc = "The language to show"},
    [LANGUAGE_NEXT] = {"next", PARAM_TEXT, .max = 500, .doc = "The path to go back to"},
};

/* For guests; whoever is signed in has a setting. */
static enum result language(struct request *rq)
{
    struct url to;

    if (!param_given(rq, LANGUAGE_NEXT) || url_local(rq->arena, param_text(rq, LANGUAGE_NEXT), &to) != OK)
        to = url_path(rq->arena, "/");
    respond_language(rq, param_int(rq, LANGUAGE_LANGUAGE) == 0 ? LANG_ZH_CN : LANG_EN);
    return respond_see_other(rq, to, T_none);
}

static enum result purge(struct app *app, struct arena *a)
{
    enum result r = session_purge_run(app, a);
    enum result k = keep_purge_run(app, a);

    return r != OK ? r : k;
}

static const struct route routes[] = {
    {HTTP_GET, "/healthz", "engine.healthz", healthz, .need = NEED_OPEN, .flags = ROUTE_BARE,
     .doc = "The process lives; asks nothing else"},
    {HTTP_GET, "/readyz", "engine.readyz", readyz, .need = NEED_OPEN, .flags = ROUTE_BARE,
     .doc = "The process can serve: database, disk, not draining"},
    {HTTP_GET, "/metrics", "engine.metrics", metrics, .need = NEED_OPEN, .flags = ROUTE_BARE,
     .doc = "Counters for Prometheus; for this machine only unless set otherwise"},
    {HTTP_GET, "/api/openapi.json", "engine.openapi", openapi, .need = NEED_OPEN, .flags = ROUTE_BARE,
     .doc = "This document"},
    {HTTP_GET, "/api/session", "engine.session", api_session, .need = NEED_OPEN,
     .doc = "Who the cookie belongs to, and the CSRF token for X-CSRF-Token"},
    {HTTP_POST, "/language", "engine.language", language, .need = NEED_OPEN, .params = language_params,
     .n_params = LANGUAGE_PARAMS, .doc = "Chooses the language of this browser"},
    {HTTP_GET, "/favicon.ico", "engine.favicon", favicon, .need = NEED_OPEN, .flags = ROUTE_BARE, .doc = "The icon"},
    {HTTP_GET, "/robots.txt", "engine.robots", robots, .need = NEED_OPEN, .flags = ROUTE_BARE,
     .doc = "For crawlers: nothing"},
};

static const struct job_kind jobs[] = {
    {"engine.purge", 10 * TIME_MINUTE, purge},
};

const struct module engine_module = {
    .name = "engine",
    .routes = routes,
    .n_routes = sizeof(routes) / sizeof(routes[0]),
    .jobs = jobs,
    .n_jobs = sizeof(jobs) / sizeof(jobs[0]),
};
