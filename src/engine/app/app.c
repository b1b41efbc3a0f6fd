/* app.c: opening and closing the whole, and what others may ask of it. */
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/app/internal.h"
#include "engine/base/config.h"
#include "engine/base/ids.h"
#include "engine/base/log.h"

enum { LEAVE_MS = 2000, DRAIN_MS = 25000 };

const char *app_version(void)
{
    return LILONG_VERSION;
}

/* ---- the tables of the modules become one ---------------------------------------------------------------- */

static const struct module *module_at(const struct app *app, size_t i)
{
    return i == 0 ? &engine_module : app->o.modules[i - 1];
}

static void collect(struct app *app)
{
    size_t n = 0, jobs = 0;

    for (size_t m = 0; m <= app->o.n_modules; m++) {
        n += module_at(app, m)->n_routes;
        jobs += module_at(app, m)->n_jobs;
    }
    app->route = arena_array(app->arena, const struct route *, n + 1);
    app->jobs = arena_array(app->arena, struct scheduled, jobs + 1);
    for (size_t m = 0; m <= app->o.n_modules; m++) {
        const struct module *module = module_at(app, m);
        for (size_t i = 0; i < module->n_routes; i++)
            if (!(module->routes[i].flags & ROUTE_DEMO) || app->o.demo)
                app->route[app->n_routes++] = &module->routes[i];
        for (size_t i = 0; i < module->n_jobs; i++)
            app->jobs[app->n_jobs++].kind = &module->jobs[i];
    }
}

/* A number that changes with the binary, equal on all machines that got the same file: pages of an older one are not reused. */
static int64_t build_number(void)
{
    struct stat st;

    return stat("/proc/self/exe", &st) == 0 ? (int64_t)st.st_mtime * 1000003 + st.st_size : 1;
}

/* A page for those who cannot be asked for their language any more: in all of them. */
static struct str ready_page(struct app *app, const struct words *w, int only)
{
    struct html h;

    html_init(&h, app->arena, LANG_ZH_CN, 0);
    answer_head(&h, only >= 0 ? (enum lang)only : LANG_ZH_CN, w->title);
    for (int lang = 0; lang < LANG_COUNT; lang++) {
        if (only >= 0 && lang != only)
            continue;
        html_raw(&h, STR("<section class=\"empty\" lang=\""));
        html_text(&h, str_from_cstr(lang_tag((enum lang)lang)));
        html_raw(&h, STR("\"><h1>"));
        html_text(&h, text((enum lang)lang, w->title));
        html_raw(&h, STR("</h1><p>"));
        html_text(&h, text((enum lang)lang, w->text));
        html_raw(&h, STR("</p></section>"));
    }
    html_raw(&h, STR("</main></body></html>"));
    return buf_str(&h.buf);
}

/* What http refuses by itself, and what is said when memory is out, is made now: later there may be nothing to make it with. */
static void make_ready_pages(struct app *app)
{
    static const int statuses[] = {400, 405, 413, 503};

    for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++) {
        app->refusal[i].status = statuses[i];
        app->refusal[i].page = ready_page(app, words_of_status(statuses[i]), -1);
    }
    for (int lang = 0; lang < LANG_COUNT; lang++)
        app->busy_page[lang] = ready_page(app, words_of_status(503), lang);
    app->busy_json = STR("{\"type\":\"urn:lilong:problem:busy\",\"title\":\"Very busy right now\",\"status\":503,"
                         "\"instance\":\"urn:lilong:request:unknown\"}");
}

static struct str refusal(void *ctx, int status)
{
    struct app *app = ctx;

    for (size_t i = 0; i < sizeof(app->refusal) / sizeof(app->refusal[0]); i++)
        if (app->refusal[i].status == status)
            return app->refusal[i].page;
    return app->refusal[0].page; /* 414, 417, 431, 501, 505: a browser does not get there */
}

static enum result fail(struct app *app, enum result r, struct str why, struct str *ret_why)
{
    *ret_why = why;
    app_close(app);
    return r;
}

enum result app_open(const struct app_options *options, struct arena *a, struct app **ret_app, struct str *ret_why)
{
    struct app *app = arena_new(a, struct app);
    struct str why = STR_NONE;

    app->o = *options;
    app->arena = a;
    app->started = time_now();
    app->build = build_number();
    pthread_mutex_init(&app->job_lock, NULL);
    pthread_cond_init(&app->job_wake, NULL);
    if (sodium_init() < 0)
        return fail(app, E_IO, STR("libsodium cannot start: no random numbers"), ret_why);
    app_settings_read(&app->settings, options->config, a);
    collect(app);
    enum result r = router_open(app->route, app->n_routes, options->policy, a, &app->router, &why);
    if (r != OK)
        return fail(app, r, why, ret_why);
    app->stats = arena_array(a, struct route_stats, app->n_routes + 2);
    make_ready_pages(app);
    app->openapi = app_openapi(app, a);
    if (limits_open(app->settings.rate_scale, &app->limits) != OK ||
        pool_open(app->settings.slow_threads, app->settings.slow_queue, &app->slow) != OK ||
        pool_open(1, 0, &app->after) != OK)
        return fail(app, E_BUSY, STR("threads or memory are out"), ret_why);
    r = jobs_open(app);
    if (r != OK)
        return fail(app, r, STR("the table of scheduled work cannot be written"), ret_why);
    for (size_t m = 0; m <= options->n_modules; m++) {
        const struct module *module = module_at(app, m);
        if (module->start && (r = module->start(app)) != OK)
            return fail(app, r, str_printf(a, "module %s cannot start: %s", module->name, result_name(r)), ret_why);
    }
    *ret_app = app;
    return OK;
}

enum result app_listen(struct app *app, const char *address, uint16_t port, int listen_fd, uint16_t *ret_port)
{
    const struct app_settings *s = &app->settings;
    struct http_options o = {
        .address = address,
        .port = port,
        .listen_fd = listen_fd,
        .threads = s->threads,
        .connections_max = s->connections_max,
        .connections_per_peer = s->connections_per_peer,
        .header_ms = s->header_ms,
        .body_ms = s->body_ms,
        .arena_max = s->arena_max,
        .bodies_max = s->bodies_max,
        .spool_dir = NULL,
        .trusted_proxies = s->proxies,
        .n_trusted_proxies = s->n_proxies,
        .body_limit = app_body_limit,
        .handle = app_handle,
        .finished = app_finished,
        .refusal = refusal,
        .ctx = app,
    };
    enum result r = http_open(&o, &app->server);

    if (r == OK && ret_port)
        *ret_port = http_port(app->server);
    return r;
}

int app_listen_fd(const struct app *app)
{
    return app->server ? http_listen_fd(app->server) : -1;
}

void app_drain(struct app *app)
{
    int64_t until = time_monotonic() + DRAIN_MS;

    atomic_store(&app->draining, true);
    if (app->server) {
        http_leave(app->server, LEAVE_MS);
        http_quiesce(app->server);
    }
    while (atomic_load(&app->in_flight) > 0 && time_monotonic() < until)
        usleep(5000);
    if (atomic_load(&app->in_flight) > 0)
        log_warn("app.drain_incomplete", LOG_INT("in_flight", atomic_load(&app->in_flight)));
}

void app_start_jobs(struct app *app)
{
    jobs_start(app);
}

void app_close(struct app *app)
{
    if (!app)
        return;
    jobs_stop(app);
    if (app->server)
        http_close(app->server);
    app->server = NULL;
    pool_close(app->slow);
    pool_close(app->after);
    limits_close(app->limits);
    app->slow = app->after = NULL;
    app->limits = NULL;
    pthread_cond_destroy(&app->job_wake);
    pthread_mutex_destroy(&app->job_lock);
}

struct database *app_database(struct app *app)
{
    return app->o.database;
}

const struct config *app_config(const struct app *app)
{
    return app->o.config;
}

const char *app_data_dir(const struct app *app)
{
    return app->o.data_dir;
}

const void *app_services(const struct app *app)
{
    return app->o.services;
}

bool app_is_demo(const struct app *app)
{
    return app->o.demo;
}

/* ---- lilong routes -------------------------------------------------------------------------------------------- */

static void print_flags(const struct route *t, FILE *out)
{
    static const struct {
        unsigned flag;
        const char *name;
    } names[] = {
        {ROUTE_WRITE, "write"},   {ROUTE_NO_CSRF, "no-csrf"}, {ROUTE_SLOW, "slow"},         {ROUTE_UPLOAD, "upload"},
        {ROUTE_NO_KEY, "no-key"}, {ROUTE_DEMO, "demo"},       {ROUTE_PERSONAL, "personal"}, {ROUTE_BARE, "bare"},
    };
    const char *between = "";

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (t->flags & names[i].flag) {
            fprintf(out, "%s%s", between, names[i].name);
            between = ",";
        }
    if (!*between)
        fputs("-", out);
}

void app_print_routes(const struct app *app, FILE *out)
{
    static const char *const rates[] = {
        [RATE_DEFAULT] = "default", [RATE_READ] = "read",     [RATE_WRITE] = "write",  [RATE_SIGN_IN] = "sign_in",
        [RATE_SMS] = "sms",         [RATE_UPLOAD] = "upload", [RATE_EXPORT] = "export"};

    for (size_t i = 0; i < app->n_routes; i++) {
        const struct route *t = app->route[i];
        const char *need = t->need == NEED_OPEN ? "open" : app->o.policy->capability_name(t->need);
        fprintf(out, "%-6s %-44s %-28s %-24s %-12s %-8s ", method_name(t->method), t->path, t->name, need,
                t->subject ? t->subject->name : "-", rates[t->rate]);
        print_flags(t, out);
        fputc('\n', out);
    }
}

enum result app_check_routes(const struct app_options *options, struct arena *a, FILE *out, struct str *ret_why)
{
    struct app *app = arena_new(a, struct app);

    app->o = *options;
    app->arena = a;
    collect(app);
    enum result r = router_open(app->route, app->n_routes, options->policy, a, &app->router, ret_why);
    if (r == OK)
        app_print_routes(app, out);
    return r;
}
