/* sms.c: see sms.h. */
#include "civic/outbox/outbox_sms.h"

#include <inttypes.h>
#include <stdlib.h>

#include <curl/curl.h>
#include <jansson.h>

#include "engine/base/time.h"

struct sms {
    enum sms_driver driver;
    struct outbox_kind kind, notice;
    FILE *console;
    CURL *curl; /* one job delivers: one handle, which keeps its connection */
    char *url, *authorization, *body;
};

struct message {
    struct str mobile, text, code;
};

static bool unpack(struct arena *a, struct str payload, struct message *m)
{
    json_t *json = json_loadb(payload.ptr, payload.len, 0, NULL);
    const char *mobile = NULL, *text = NULL, *code = NULL;
    bool good = json && json_unpack(json, "{s:s, s:s, s:s}", "mobile", &mobile, "text", &text, "code", &code) == 0;
    if (good)
        *m = (struct message){str_dup(a, str_from_cstr(mobile)), str_dup(a, str_from_cstr(text)),
                              str_dup(a, str_from_cstr(code))};
    json_decref(json);
    return good;
}

/* ---- console --------------------------------------------------------------------------------------------------- */

static enum outbox_verdict deliver_console(void *ctx, struct arena *a, const struct outbox_letter *letter,
                                           struct str *ret_reason)
{
    const struct sms *sms = ctx;
    struct message m;
    if (!unpack(a, letter->payload, &m)) {
        *ret_reason = STR("no_message");
        return OUTBOX_REFUSED;
    }
    fprintf(sms->console, "SMS " STR_FMT ": " STR_FMT "\n", STR_ARG(m.mobile), STR_ARG(m.text));
    fflush(sms->console);
    return OUTBOX_DELIVERED;
}

/* ---- http ------------------------------------------------------------------------------------------------------ */

/* As it stands inside the quotes of a JSON string. */
static void put_json_text(struct buf *b, struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        if (c == '"' || c == '\\')
            buf_putc(b, '\\');
        if (c < 0x20)
            buf_printf(b, "\\u%04x", c);
        else
            buf_putc(b, (char)c);
    }
}

/* {mobile}, {text}, {code} and {id} of the template stand for what they say; everything else stands as it is. */
static struct str fill(struct arena *a, struct str template, const struct message *m, int64_t id)
{
    struct str number = str_printf(a, "%" PRId64, id);
    const struct {
        struct str name, value;
    } places[] = {
        {STR("{mobile}"), m->mobile}, {STR("{text}"), m->text}, {STR("{code}"), m->code}, {STR("{id}"), number}};
    struct buf b;
    buf_init(&b, a, template.len + 1024, 64 * 1024);
    while (template.len) {
        size_t i = 0, n = sizeof(places) / sizeof(places[0]);
        while (i < n && !str_starts(template, places[i].name))
            i++;
        if (i < n)
            put_json_text(&b, places[i].value);
        else
            buf_putc(&b, template.ptr[0]);
        template = str_sub(template, i < n ? places[i].name.len : 1, SIZE_MAX);
    }
    return buf_str(&b);
}

static size_t swallow(char *bytes, size_t size, size_t n, void *ctx)
{
    (void)bytes;
    (void)ctx;
    return size * n;
}

/* One request to the one address of the settings: no other protocol, no redirect, so that a gateway cannot send us elsewhere. */
static CURLcode post(struct sms *sms, const char *key, struct str body, long *ret_status)
{
    CURL *c = sms->curl;
    struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json");
    headers = headers ? curl_slist_append(headers, key) : NULL;
    if (headers && sms->authorization)
        headers = curl_slist_append(headers, sms->authorization);
    if (headers == NULL)
        return CURLE_OUT_OF_MEMORY;
    curl_easy_reset(c);
    curl_easy_setopt(c, CURLOPT_URL, sms->url);
    curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "https,http"); /* http: to this machine only, see config.c */
    curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, 5000L);
    curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, 10000L);
    curl_easy_setopt(c, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)(256 * 1024));
    curl_easy_setopt(c, CURLOPT_PROXY, ""); /* not what the environment says */
    curl_easy_setopt(c, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body.len);
    curl_easy_setopt(c, CURLOPT_POSTFIELDS, body.ptr);
    curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, swallow);
    CURLcode code = curl_easy_perform(c);
    *ret_status = 0;
    curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, ret_status);
    curl_slist_free_all(headers);
    return code;
}

static enum outbox_verdict deliver_http(void *ctx, struct arena *a, const struct outbox_letter *letter,
                                        struct str *ret_reason)
{
    struct sms *sms = ctx;
    struct message m;
    long status = 0;
    if (!unpack(a, letter->payload, &m)) {
        *ret_reason = STR("no_message");
        return OUTBOX_REFUSED;
    }
    struct str key = str_printf(a, "Idempotency-Key: %" PRId64, letter->id);
    CURLcode code = post(sms, str_cstr(a, key), fill(a, str_from_cstr(sms->body), &m, letter->id), &status);
    if (code != CURLE_OK) {
        *ret_reason = str_printf(a, "unreachable %s", curl_easy_strerror(code));
        return OUTBOX_AGAIN;
    }
    if (status >= 200 && status < 300)
        return OUTBOX_DELIVERED;
    *ret_reason = str_printf(a, "gateway %ld", status);
    if (status == 410 && sms_person(letter))
        return OUTBOX_NOBODY;
    /* A refusal stays one; a busy or broken gateway does not. */
    return status >= 300 && status < 500 && status != 408 && status != 425 && status != 429 ? OUTBOX_REFUSED
                                                                                            : OUTBOX_AGAIN;
}

/* ---- the sender --------------------------------------------------------------------------------------------------- */

static bool template_good(struct arena *a, struct str template)
{
    const struct message example = {STR("13800138000"), STR("\"\\\n"), STR("123456")};
    struct str filled = fill(a, template, &example, 1);
    json_t *json = json_loadb(filled.ptr, filled.len, 0, NULL);
    bool good = json != NULL;
    json_decref(json);
    return good && str_find(template, STR("{mobile}")) != SIZE_MAX &&
           (str_find(template, STR("{text}")) != SIZE_MAX || str_find(template, STR("{code}")) != SIZE_MAX);
}

static enum result open_http(struct sms *sms, const struct config *config, struct arena *a, struct str *ret_why)
{
    if (!template_good(a, config->sms.http_body)) {
        *ret_why = STR("sms.http_body has to be JSON with {mobile} and {text} or {code} inside strings");
        return E_INVALID;
    }
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return E_IO;
    sms->curl = curl_easy_init();
    sms->url = strdup(str_cstr(a, config->sms.http_url));
    sms->body = strdup(str_cstr(a, config->sms.http_body));
    if (config->sms.http_token.len)
        sms->authorization = strdup(
            str_cstr(a, str_printf(a, "Authorization: Bearer " STR_FMT, STR_ARG(config->sms.http_token))));
    bool good = sms->curl && sms->url && sms->body && (sms->authorization || config->sms.http_token.len == 0);
    return good ? OK : E_BUSY;
}

enum result sms_open(const struct config *config, FILE *console, struct arena *a, struct sms **ret_sms,
                     struct str *ret_why)
{
    struct sms *sms = calloc(1, sizeof(*sms));
    enum result r = OK;
    *ret_why = STR("memory is out");
    if (sms == NULL)
        return E_BUSY;
    sms->driver = config->sms.driver;
    sms->console = console;
    /* A code is wanted now or not at all: 5, 10, 20, 40, 80 seconds. */
    sms->kind = (struct outbox_kind){
        .name = "sms", .tries_max = 6, .first_wait_ms = 5 * TIME_SECOND, .deliver = deliver_console, .ctx = sms};
    /* 1, 2, 4 … minutes, for about four hours. */
    sms->notice = (struct outbox_kind){
        .name = "sms_notice", .tries_max = 8, .first_wait_ms = TIME_MINUTE, .deliver = deliver_console, .ctx = sms};
    if (sms->driver == SMS_CONSOLE && !config_is_loopback(config->listen.address)) {
        *ret_why = STR(
            "sms.driver console prints codes and is for development only: listen.address has to be 127.0.0.1 or ::1");
        r = E_INVALID;
    } else if (sms->driver == SMS_HTTP) {
        sms->kind.deliver = sms->notice.deliver = deliver_http;
        r = open_http(sms, config, a, ret_why);
    }
    if (r != OK) {
        sms_close(sms);
        return r;
    }
    *ret_sms = sms;
    return OK;
}

void sms_close(struct sms *sms)
{
    if (sms == NULL)
        return;
    if (sms->curl)
        curl_easy_cleanup(sms->curl);
    if (sms->authorization)
        crypto_wipe(sms->authorization, strlen(sms->authorization));
    free(sms->authorization);
    free(sms->url);
    free(sms->body);
    free(sms);
}

const struct outbox_kind *sms_kind(const struct sms *sms)
{
    return &sms->kind;
}

const struct outbox_kind *sms_notice_kind(const struct sms *sms)
{
    return &sms->notice;
}

bool sms_works(const struct sms *sms)
{
    return sms->driver != SMS_NONE;
}

int64_t sms_person(const struct outbox_letter *letter)
{
    json_t *json = json_loadb(letter->payload.ptr, letter->payload.len, 0, NULL);
    int64_t person = json_integer_value(json_object_get(json, "person"));
    json_decref(json);
    return person;
}

static enum result put(struct db *db, const struct crypto_keys *keys, const struct sms *sms, const char *kind,
                       int64_t person, const struct message *m, int64_t now, int64_t expires_at)
{
    struct arena *a = db_arena(db);
    struct buf b;
    if (sms->driver == SMS_NONE)
        return E_BUSY;
    if (m->mobile.len == 0 || m->text.len == 0)
        return E_INVALID;
    buf_init(&b, a, 512, 16 * 1024);
    buf_put(&b, STR("{\"mobile\":\""));
    put_json_text(&b, m->mobile);
    buf_put(&b, STR("\",\"text\":\""));
    put_json_text(&b, m->text);
    buf_put(&b, STR("\",\"code\":\""));
    put_json_text(&b, m->code);
    buf_printf(&b, "\",\"person\":%" PRId64 "}", person);
    return outbox_put(db, keys, str_from_cstr(kind), buf_str(&b), now, expires_at, NULL);
}

enum result sms_put(struct db *db, const struct crypto_keys *keys, const struct sms *sms, struct str mobile,
                    struct str text, struct str code, int64_t now, int64_t expires_at)
{
    return put(db, keys, sms, "sms", 0, &(struct message){mobile, text, code}, now, expires_at);
}

enum result sms_put_notice(struct db *db, const struct crypto_keys *keys, const struct sms *sms, int64_t person,
                           struct str mobile, struct str text, int64_t now, int64_t expires_at)
{
    return put(db, keys, sms, "sms_notice", person, &(struct message){mobile, text, STR_NONE}, now, expires_at);
}
