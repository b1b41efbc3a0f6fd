/* config.h: the settings: one table, one typed struct, three places to set them.
 *
 * In rising order of precedence: the defaults of the table, the file (INI, `lilong.ini` in the data folder or --config), the
 * environment (LILONG_SECTION_KEY; for secrets also LILONG_SECTION_KEY_FILE, a file that holds the value), flags
 * (--section.key=value). An unknown key is an error that names the place and the nearest key. A new setting is a member
 * here and a row in config.c. */
#ifndef LILONG_BASE_CONFIG_H
#define LILONG_BASE_CONFIG_H

#include "engine/base/arena.h"
#include "engine/base/buf.h"
#include "engine/base/log.h"
#include "engine/base/str.h"

enum sms_driver { SMS_NONE, SMS_CONSOLE, SMS_HTTP };
enum wechat_scope { WECHAT_SCOPE_BASE, WECHAT_SCOPE_USERINFO };
enum wechat_message { WECHAT_MESSAGE_NONE, WECHAT_MESSAGE_TEMPLATE, WECHAT_MESSAGE_SUBSCRIBE };
enum security_profile { SECURITY_STANDARD, SECURITY_LEVEL3 }; /* level3: the rules of 等保三级 */

enum { CONFIG_SETTINGS_MAX = 128 };

/* What each one means, its unit, default and limits: config.c, or `lilong config show`. */
struct config {
    struct {
        struct str address; /* an IPv4 or IPv6 address, NUL-terminated as all texts here */
        int64_t port;
        struct str public_url;      /* "https://lilong.example.cn", no slash at the end; empty: not set */
        struct str trusted_proxies; /* addresses with commas between; config_list() */
    } listen;
    struct {
        struct str url;     /* empty: SQLite in the data folder */
        struct str replica; /* empty: none */
        int64_t queue_max, writers, node, replica_lag_ms;
    } database;
    struct {
        int64_t threads, connections_max, connections_per_peer, header_ms, body_ms, arena_max, bodies_max;
        int64_t slow_threads, slow_queue_max;
        int64_t limits_percent, metrics_public, gzip;
    } http;
    struct {
        enum log_level level;
    } log;
    struct {
        enum sms_driver driver;
        struct str http_url, http_token, http_body;
        int64_t code_minutes, per_phone_day;
    } sms;
    struct {
        int64_t quiet_from, quiet_to, digest_hour, bundle_minutes, sms_per_day, wechat_per_day;
    } notify;
    struct {
        struct str app_id, secret; /* both empty: WeChat is off */
        struct str api_url, open_url, template_id, template_data;
        enum wechat_scope scope;
        enum wechat_message message;
        int64_t timeout_ms;
    } wechat;
    struct {
        int64_t idle_days, absolute_days, staff_idle_minutes, staff_absolute_hours;
    } session;
    struct {
        enum security_profile profile;
    } security;
    struct {
        int64_t answer_work_hours, community_work_days, handler_work_days, confirm_days;
        int64_t photos_max, similar_days;
    } report;
    struct {
        int64_t max_bytes, max_pixels;
    } media;
    struct {
        struct str work_hours; /* "09:00-11:30,13:00-17:30"; civic/calendar reads it */
    } calendar;

    unsigned char origin[CONFIG_SETTINGS_MAX]; /* for config_print: where each value came from */
};

struct config_input {
    const char *file;          /* NULL: none */
    bool file_may_be_missing;  /* the data folder's own: yes; one that was named with --config: no */
    char *const *environment;  /* NULL: none; otherwise as environ */
    const char *const *flags;  /* "--section.key=value" */
    size_t n_flags;
};

/* Fills ret_config from all of them and checks it. E_INVALID: ret_problems has one line for each thing that is wrong, to be
 * shown as it is; E_IO: a file could not be read. Texts live in the arena. */
enum result config_load(struct arena *a, const struct config_input *input, struct config *ret_config,
                        struct str *ret_problems) MUST_USE;

/* The table's defaults, for tests. Their texts are static. */
void config_defaults(struct config *ret_config);

/* Rules between settings, as config_load applies them at the end. E_INVALID with lines in ret_problems. */
enum result config_check(const struct config *c, struct arena *a, struct str *ret_problems) MUST_USE;

/* All settings as an INI file with their help and where they came from; secrets that are set show as ********. */
void config_print(const struct config *c, struct buf *out);

/* Walks a comma-separated text: while (config_list(&rest, &item)). Blanks around items are dropped, empty ones skipped. */
bool config_list(struct str *rest, struct str *ret_item);

/* "127.0.0.0/8", "::1": an address that only this machine reaches. */
bool config_is_loopback(struct str address);

#endif
