/* client.c: what the platform is asked, by libcurl: one host that the settings name, no redirects, a limit for time and size. */
#include "civic/wechat/room.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>

#include "engine/base/buf.h"
#include "engine/base/time.h"

enum { ANSWER_MAX = 64 * 1024, STATE_MAX = 128, OPENID_MAX = 128, TOKEN_MAX = 1024, WORDS_MAX = 20 };

struct wechat {
    char *app, *secret, *api, *open, *scope, *template_id, *data;
    enum wechat_message message;
    int64_t timeout_ms;
    bool on, local; /* local: the settings name this machine (tests) */
};

/* ---- opening -------------------------------------------------------------------------------------------------- */

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

/* {words} and {time} of the setting stand for what they say. A field of a template takes 20 characters. */
static struct str fill(struct arena *a, struct str template, struct str words, int64_t at)
{
    struct civil c = time_civil(at);
    struct str time = str_printf(a, "%04d-%02d-%02d %02d:%02d", c.year, c.month, c.day, c.hour, c.minute);
    struct buf b;

    buf_init(&b, a, template.len + 256, 16 * 1024);
    while (template.len) {
        size_t n = 1;

        if (str_starts(template, STR("{words}"))) {
            put_json_text(&b, str_utf8_cut(words, WORDS_MAX));
            n = 7;
        } else if (str_starts(template, STR("{time}"))) {
            buf_put(&b, time);
            n = 6;
        } else
            buf_putc(&b, template.ptr[0]);
        template = str_sub(template, n, SIZE_MAX);
    }
    return buf_str(&b);
}

static bool data_good(struct arena *a, struct str template)
{
    struct str filled = fill(a, template, STR("\"\\"), 0);
    json_t *json = json_loadb(filled.ptr, filled.len, 0, NULL);
    bool good = json_is_object(json) && str_find(template, STR("{words}")) != SIZE_MAX;

    json_decref(json);
    return good;
}

static char *copy(struct str s)
{
    return s.len ? strndup(s.ptr, s.len) : strdup("");
}

enum result wechat_open(const struct config *config, struct arena *a, struct wechat **ret_wechat, struct str *ret_why)
{
    struct wechat *w = calloc(1, sizeof(*w));

    if (w == NULL || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        free(w);
        *ret_why = STR("memory is out");
        return E_BUSY;
    }
    w->on = config->wechat.app_id.len && config->wechat.secret.len && config->listen.public_url.len;
    w->app = copy(config->wechat.app_id);
    w->secret = copy(config->wechat.secret);
    w->api = copy(config->wechat.api_url);
    w->open = copy(config->wechat.open_url);
    w->scope = copy(config->wechat.scope == WECHAT_SCOPE_USERINFO ? STR("snsapi_userinfo") : STR("snsapi_base"));
    w->template_id = copy(config->wechat.template_id);
    w->data = copy(config->wechat.template_data);
    w->message = config->wechat.message;
    w->timeout_ms = config->wechat.timeout_ms;
    w->local = str_starts(config->wechat.api_url, STR("http://127.0.0.1"));
    if (!w->app || !w->secret || !w->api || !w->open || !w->scope || !w->template_id || !w->data) {
        wechat_close(w);
        *ret_why = STR("memory is out");
        return E_BUSY;
    }
    if (w->message != WECHAT_MESSAGE_NONE && !data_good(a, config->wechat.template_data)) {
        wechat_close(w);
        *ret_why = STR("wechat.template_data has to be a JSON object with {words} inside a string");
        return E_INVALID;
    }
    *ret_wechat = w;
    return OK;
}

void wechat_close(struct wechat *w)
{
    if (w == NULL)
        return;
    if (w->secret)
        crypto_wipe(w->secret, strlen(w->secret));
    free(w->app);
    free(w->secret);
    free(w->api);
    free(w->open);
    free(w->scope);
    free(w->template_id);
    free(w->data);
    free(w);
}

bool wechat_on(const struct wechat *w)
{
    return w && w->on;
}

bool wechat_sends(const struct wechat *w)
{
    return wechat_on(w) && w->message != WECHAT_MESSAGE_NONE && *w->template_id;
}

struct str wechat_app(const struct wechat *w)
{
    return str_from_cstr(w->app);
}

/* The order of the parameters is the platform's: it compares the text. */
struct url wechat_authorize(const struct wechat *w, struct arena *a, struct str back, struct str state)
{
    struct url to = url_web(a, str_printf(a, "%s/connect/oauth2/authorize#wechat_redirect", w->open));

    to = url_add(a, to, "appid", str_from_cstr(w->app));
    to = url_add(a, to, "redirect_uri", back);
    to = url_add(a, to, "response_type", STR("code"));
    to = url_add(a, to, "scope", str_from_cstr(w->scope));
    return url_add(a, to, "state", str_sub(state, 0, STATE_MAX));
}

/* ---- asking ----------------------------------------------------------------------------------------------------- */

bool wechat_address_public(const char *ip)
{
    unsigned char b[16];

    if (inet_pton(AF_INET6, ip, b) == 1) {
        static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};

        if (memcmp(b, mapped, sizeof mapped) == 0)
            memmove(b, b + 12, 4); /* ::ffff:a.b.c.d is a.b.c.d */
        else
            return (b[0] & 0xe0) == 0x20; /* 2000::/3 is all that is global (RFC 4291) */
    } else if (inet_pton(AF_INET, ip, b) != 1)
        return false;
    if (b[0] == 0 || b[0] == 10 || b[0] == 127 || b[0] >= 224)
        return false;
    if ((b[0] == 169 && b[1] == 254) || (b[0] == 172 && (b[1] & 0xf0) == 16) || (b[0] == 192 && b[1] == 168))
        return false;
    return !(b[0] == 100 && (b[1] & 0xc0) == 64) && !(b[0] == 198 && (b[1] & 0xfe) == 18) &&
           !(b[0] == 192 && b[1] == 0 && b[2] == 0);
}

/* The connection is there, nothing has been said yet: the last moment to see whom a name has led to. */
static int look_at_peer(void *ctx, char *ip, char *local_ip, int port, int local_port)
{
    const struct wechat *w = ctx;

    (void)local_ip;
    (void)port;
    (void)local_port;
    return w->local || wechat_address_public(ip) ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT;
}

struct answer {
    struct buf bytes;
    long status;
    bool too_long;
};

static size_t keep(char *bytes, size_t size, size_t n, void *ctx)
{
    struct answer *answer = ctx;

    if (answer->bytes.len + size * n > ANSWER_MAX) {
        answer->too_long = true;
        return 0;
    }
    buf_put(&answer->bytes, (struct str){bytes, size * n});
    return size * n;
}

/* false: no answer that could be read, whatever the reason; `retries` do not belong here. The address has the secret in it: it is never logged. */
static bool ask(const struct wechat *w, struct arena *a, struct str address, struct str body, struct str *ret_json)
{
    CURL *c = curl_easy_init();
    struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json");
    struct answer answer = {.status = 0};
    bool good = c && headers;

    buf_init(&answer.bytes, a, 1024, ANSWER_MAX + 1);
    if (good) {
        curl_easy_setopt(c, CURLOPT_URL, str_cstr(a, address));
        curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, w->local ? "http" : "https");
        curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L);
        curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
        curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, (long)w->timeout_ms);
        curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, (long)w->timeout_ms);
        curl_easy_setopt(c, CURLOPT_PROXY, ""); /* not what the environment says */
        curl_easy_setopt(c, CURLOPT_PREREQFUNCTION, look_at_peer);
        curl_easy_setopt(c, CURLOPT_PREREQDATA, (void *)w);
        curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, keep);
        curl_easy_setopt(c, CURLOPT_WRITEDATA, &answer);
        if (body.len) {
            curl_easy_setopt(c, CURLOPT_HTTPHEADER, headers);
            curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body.len);
            curl_easy_setopt(c, CURLOPT_POSTFIELDS, body.ptr);
        }
        good = curl_easy_perform(c) == CURLE_OK && !answer.too_long;
        curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &answer.status);
    }
    curl_slist_free_all(headers);
    curl_easy_cleanup(c);
    *ret_json = buf_str(&answer.bytes);
    return good && answer.status == 200;
}

/* ---- reading what it says -------------------------------------------------------------------------------------- */

/* Only an object is an answer. NULL: it is none. */
static json_t *object_of(struct str json)
{
    json_t *o = json.len ? json_loadb(json.ptr, json.len, JSON_REJECT_DUPLICATES, NULL) : NULL;

    if (o && !json_is_object(o)) {
        json_decref(o);
        return NULL;
    }
    return o;
}

static int64_t error_of(const json_t *o)
{
    return json_integer_value(json_object_get(o, "errcode"));
}

/* Printable ASCII without blanks, at most max: openids and tokens are no more than that. */
static bool word_of(struct arena *a, const json_t *o, const char *name, size_t max, struct str *ret_word)
{
    const json_t *v = json_object_get(o, name);
    struct str s = {json_string_value(v), json_string_length(v)};

    if (s.ptr == NULL || s.len == 0 || s.len > max)
        return false;
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] <= ' ' || s.ptr[i] > '~')
            return false;
    *ret_word = str_dup(a, s);
    return true;
}

enum wechat_fault wechat_read_identity(struct arena *a, struct str json, struct wechat_identity *ret_identity)
{
    json_t *o = object_of(json);
    enum wechat_fault fault = WECHAT_AWAY;

    *ret_identity = (struct wechat_identity){0};
    if (o == NULL)
        return WECHAT_AWAY;
    ret_identity->error = error_of(o);
    switch (ret_identity->error) {
    case 0:
        /* 快照页: a virtual account that many share. */
        if (json_integer_value(json_object_get(o, "is_snapshotuser")) == 1)
            fault = WECHAT_SNAPSHOT;
        else
            fault = word_of(a, o, "openid", OPENID_MAX, &ret_identity->openid) ? WECHAT_FINE : WECHAT_AWAY;
        break;
    case 40029: /* invalid code */
    case 40163: /* code been used */
    case 42003: /* code expired */
    case 41008: fault = WECHAT_CODE; break;
    case -1:
    case 45011: fault = WECHAT_AWAY; break;
    default: fault = WECHAT_REFUSED;
    }
    json_decref(o);
    return fault;
}

enum wechat_fault wechat_read_token(struct arena *a, struct str json, struct wechat_token *ret_token)
{
    json_t *o = object_of(json);
    enum wechat_fault fault;

    *ret_token = (struct wechat_token){0};
    if (o == NULL)
        return WECHAT_AWAY;
    ret_token->error = error_of(o);
    if (ret_token->error)
        fault = ret_token->error == -1 || ret_token->error == 45009 || ret_token->error == 45011 ? WECHAT_AWAY
                                                                                                 : WECHAT_REFUSED;
    else {
        ret_token->expires_in = json_integer_value(json_object_get(o, "expires_in"));
        fault = word_of(a, o, "access_token", TOKEN_MAX, &ret_token->token) && ret_token->expires_in > 0 &&
                        ret_token->expires_in <= 30 * 86400
                  ? WECHAT_FINE
                  : WECHAT_AWAY;
    }
    json_decref(o);
    return fault;
}

enum wechat_sent wechat_read_sent(struct str json, int64_t *ret_error)
{
    static const struct {
        int64_t error;
        enum wechat_sent sent;
    } known[] = {
        {0, WECHAT_SENT},       {40001, WECHAT_TOKEN},  {40014, WECHAT_TOKEN},  {42001, WECHAT_TOKEN},
        {40003, WECHAT_NOBODY}, {43004, WECHAT_NOBODY}, {43019, WECHAT_NOBODY}, {43101, WECHAT_NOBODY},
        {-1, WECHAT_LATER},     {45009, WECHAT_LATER},  {45011, WECHAT_LATER},  {45047, WECHAT_LATER},
    };
    json_t *o = object_of(json), *error = o ? json_object_get(o, "errcode") : NULL;
    enum wechat_sent sent = WECHAT_NEVER;

    *ret_error = json_integer_value(error);
    if (!json_is_integer(error))
        sent = WECHAT_LATER; /* no answer of the platform's: something in between has spoken */
    else
        for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
            if (known[i].error == *ret_error)
                sent = known[i].sent;
    json_decref(o);
    return sent;
}

/* ---- the calls ----------------------------------------------------------------------------------------------------- */

enum wechat_fault wechat_exchange(const struct wechat *w, struct arena *a, struct str code,
                                  struct wechat_identity *ret_identity)
{
    struct url to = url_web(a, str_printf(a, "%s/sns/oauth2/access_token", w->api));
    struct str json;

    to = url_add(a, to, "appid", str_from_cstr(w->app));
    to = url_add(a, to, "secret", str_from_cstr(w->secret));
    to = url_add(a, to, "code", code);
    to = url_add(a, to, "grant_type", STR("authorization_code"));
    *ret_identity = (struct wechat_identity){0};
    if (!ask(w, a, to.s, STR_NONE, &json))
        return WECHAT_AWAY;
    return wechat_read_identity(a, json, ret_identity);
}

enum wechat_fault wechat_fetch_token(const struct wechat *w, struct arena *a, bool force,
                                     struct wechat_token *ret_token)
{
    struct buf b;
    struct str json;

    buf_init(&b, a, 512, 8 * 1024);
    buf_put(&b, STR("{\"grant_type\":\"client_credential\",\"appid\":\""));
    put_json_text(&b, str_from_cstr(w->app));
    buf_put(&b, STR("\",\"secret\":\""));
    put_json_text(&b, str_from_cstr(w->secret));
    buf_printf(&b, "\",\"force_refresh\":%s}", force ? "true" : "false");
    *ret_token = (struct wechat_token){0};
    if (!ask(w, a, str_printf(a, "%s/cgi-bin/stable_token", w->api), buf_str(&b), &json))
        return WECHAT_AWAY;
    return wechat_read_token(a, json, ret_token);
}

enum wechat_sent wechat_send(const struct wechat *w, struct arena *a, struct str token, struct str openid,
                             struct str words, int64_t at, struct str url, int64_t *ret_error)
{
    bool subscribe = w->message == WECHAT_MESSAGE_SUBSCRIBE;
    struct url to = url_web(
        a, str_printf(a, "%s/cgi-bin/message/%s", w->api, subscribe ? "subscribe/bizsend" : "template/send"));
    struct buf b;
    struct str json;

    to = url_add(a, to, "access_token", token);
    buf_init(&b, a, 1024, 32 * 1024);
    buf_put(&b, STR("{\"touser\":\""));
    put_json_text(&b, openid);
    buf_put(&b, STR("\",\"template_id\":\""));
    put_json_text(&b, str_from_cstr(w->template_id));
    if (url.len) {
        buf_put(&b, subscribe ? STR("\",\"page\":\"") : STR("\",\"url\":\""));
        put_json_text(&b, url);
    }
    buf_put(&b, STR("\",\"data\":"));
    buf_put(&b, str_from_cstr(str_cstr(a, fill(a, str_from_cstr(w->data), words, at))));
    buf_putc(&b, '}');
    *ret_error = 0;
    if (!ask(w, a, to.s, buf_str(&b), &json))
        return WECHAT_LATER;
    return wechat_read_sent(json, ret_error);
}
