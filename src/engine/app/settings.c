/* settings.c: what the pipeline takes from the configuration, in its own units. */
#include "engine/app/internal.h"
#include "engine/base/config.h"

enum { PROXIES_MAX = 64 };

void app_settings_read(struct app_settings *s, const struct config *config, struct arena *a)
{
    struct config defaults;
    struct str rest, item;

    if (!config) {
        config_defaults(&defaults);
        config = &defaults;
    }
    *s = (struct app_settings){
        .resident_idle_ms = config->session.idle_days * TIME_DAY,
        .resident_max_ms = config->session.absolute_days * TIME_DAY,
        .staff_idle_ms = config->session.staff_idle_minutes * TIME_MINUTE,
        .staff_max_ms = config->session.staff_absolute_hours * TIME_HOUR,
        .rate_scale = (double)config->http.limits_percent / 100.0,
        .metrics_public = config->http.metrics_public,
        .gzip = config->http.gzip,
        .hsts = true,
        .slow_threads = (unsigned)config->http.slow_threads,
        .slow_queue = (size_t)config->http.slow_queue_max,
        .threads = (unsigned)config->http.threads,
        .connections_max = (unsigned)config->http.connections_max,
        .connections_per_peer = (unsigned)config->http.connections_per_peer,
        .header_ms = (unsigned)config->http.header_ms,
        .body_ms = (unsigned)config->http.body_ms,
        .arena_max = (size_t)config->http.arena_max,
        .bodies_max = (size_t)config->http.bodies_max,
    };
    const char **list = arena_array(a, const char *, PROXIES_MAX);
    rest = config->listen.trusted_proxies;
    while (s->n_proxies < PROXIES_MAX && config_list(&rest, &item))
        list[s->n_proxies++] = str_cstr(a, item);
    s->proxies = list;
}
