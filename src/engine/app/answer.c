/* answer.c: what goes back: views, redirects, bytes, problems, and the headers that every answer has. */
#include <sodium.h>
#include <zlib.h>

#include "engine/app/internal.h"
#include "engine/http/negotiate.h"

/* ---- statuses and their words --------------------------------------------------------------------------- */

static const struct words all_words[] = {
    {400, T_app_bad_request_title, T_app_bad_request_text, "bad-request"},
    {401, T_app_sign_in_title, T_app_sign_in_text, "sign-in"},
    {403, T_app_denied_title, T_app_denied_text, "denied"},
    {404, T_app_not_found_title, T_app_not_found_text, "not-found"},
    {405, T_app_method_title, T_app_method_text, "method"},
    {409, T_app_conflict_title, T_app_conflict_text, "conflict"},
    {410, T_app_gone_title, T_app_gone_text, "gone"},
    {412, T_app_changed_title, T_app_changed_text, "changed"},
    {413, T_app_too_large_title, T_app_too_large_text, "too-large"},
    {415, T_app_unsupported_title, T_app_unsupported_text, "unsupported"},
    {422, T_app_invalid_title, T_app_invalid_text, "invalid"},
    {429, T_app_limited_title, T_app_limited_text, "limited"},
    {503, T_app_busy_title, T_app_busy_text, "busy"},
    {500, T_app_failed_title, T_app_failed_text, "failed"},
};

const struct words *words_of_status(int status)
{
    size_t n = sizeof(all_words) / sizeof(all_words[0]);

    for (size_t i = 0; i < n; i++)
        if (all_words[i].status == status)
            return &all_words[i];
    return &all_words[n - 1];
}

int status_of(enum result r)
{
    static const int statuses[] = {
        [OK] = 200,         [E_NOT_FOUND] = 404, [E_DENIED] = 403, [E_INVALID] = 422,
        [E_CONFLICT] = 409, [E_CHANGED] = 412,   [E_GONE] = 410,   [E_TOO_LARGE] = 413,
        [E_LIMITED] = 429,  [E_BUSY] = 503,      [E_IO] = 500,
    };
    return (size_t)r < sizeof(statuses) / sizeof(statuses[0]) ? statuses[r] : 500;
}

/* ---- headers ---------------------------------------------------------------------------------------------- */

void add_header(struct request *rq, struct str name, struct str value)
{
    http_add_header(rq->x, name, value);
}

static bool has_header(const struct request *rq, struct str name)
{
    for (size_t i = 0; i < rq->x->n_headers; i++)
        if (str_eq_ci(rq->x->headers[i].name, name))
            return true;
    return false;
}

void respond_header(struct request *rq, struct str name, struct str value)
{
    add_header(rq, name, value);
}

void respond_status(struct request *rq, int status)
{
    rq->private->status = status;
}

void respond_language(struct request *rq, enum lang lang)
{
    add_header(rq, STR("Set-Cookie"),
               str_printf(rq->arena, "lilong-lang=%s; Path=/; SameSite=Lax; HttpOnly; Max-Age=31536000%s",
                          lang == LANG_EN ? "en" : "zh-CN", rq->x->secure ? "; Secure" : ""));
}

void answer_reset(struct request *rq)
{
    struct request_private *pr = rq->private;

    rq->x->status = 0;
    rq->x->answer = STR_NONE;
    rq->x->n_headers = pr->headers_mark;
    pr->answered = pr->replayed = false;
    pr->status = 0;
    pr->session_cookie_set = false;
    pr->location = pr->type = STR_NONE;
    pr->flash_out = T_none;
}

static const struct {
    struct str name, value;
} security_headers[] = {
    {{"Content-Security-Policy", 23},
     {"default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; object-src 'none'; "
      "base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
      165}},
    {{"X-Content-Type-Options", 22}, {"nosniff", 7}},
    {{"Referrer-Policy", 15}, {"same-origin", 11}},
    {{"Cross-Origin-Opener-Policy", 26}, {"same-origin", 11}},
    {{"Cross-Origin-Resource-Policy", 28}, {"same-origin", 11}},
    {{"Permissions-Policy", 18}, {"camera=(self), geolocation=(self), microphone=(), payment=(), usb=()", 68}},
};

enum { GZIP_FROM = 1024, GZIP_LEVEL = 1 };

/* Pages and data above a kibibyte, when the setting says that no proxy does it. Level 1: most of the gain for a third of the
 * time of level 6. */
static void compress_answer(struct request *rq)
{
    static const struct str offer[] = {{"gzip", 4}};
    struct http_exchange *x = rq->x;
    struct str type = rq->private->type;
    z_stream z = {0};

    if (x->answer.len < GZIP_FROM || has_header(rq, STR("Content-Encoding")) ||
        (!str_starts(type, STR("text/")) && !str_starts(type, STR("application/json"))))
        return;
    add_header(rq, STR("Vary"), STR("Accept-Encoding"));
    if (negotiate_encoding(http_header(x, STR("Accept-Encoding")), offer, 1) != 0)
        return;
    /* The room is taken before zlib has memory of its own: running out of the arena leaves nothing behind. */
    size_t room = compressBound(x->answer.len) + 32;
    unsigned char *out = arena_array(rq->arena, unsigned char, room);
    if (deflateInit2(&z, GZIP_LEVEL, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return;
    z.next_in = (unsigned char *)(uintptr_t)x->answer.ptr;
    z.avail_in = (unsigned)x->answer.len;
    z.next_out = out;
    z.avail_out = (unsigned)room;
    bool done = deflate(&z, Z_FINISH) == Z_STREAM_END;
    size_t len = z.total_out;
    deflateEnd(&z);
    if (!done || len >= x->answer.len)
        return;
    x->answer = (struct str){(const char *)out, len};
    add_header(rq, STR("Content-Encoding"), STR("gzip"));
}

void answer_finish(struct request *rq)
{
    struct http_exchange *x = rq->x;

    if (rq->route && (rq->route->flags & ROUTE_BARE) &&
        x->status < 400) { /* no page: nothing that a browser would run */
        add_header(rq, STR("X-Content-Type-Options"), STR("nosniff"));
        add_header(rq, STR("X-Request-Id"), rq->id);
        return;
    }
    for (size_t i = 0; i < sizeof(security_headers) / sizeof(security_headers[0]); i++)
        add_header(rq, security_headers[i].name, str_from_cstr(security_headers[i].value.ptr));
    if (x->secure && rq->app->settings.hsts)
        add_header(rq, STR("Strict-Transport-Security"), STR("max-age=31536000; includeSubDomains"));
    add_header(rq, STR("X-Request-Id"), rq->id);
    if (!has_header(rq, STR("Cache-Control"))) {
        bool personal = is_unsafe(x->method) || x->status >= 400 ||
                        (rq->route && (rq->route->flags & ROUTE_PERSONAL)) || rq->private->session_cookie_set;
        add_header(rq, STR("Cache-Control"), personal ? STR("no-store") : STR("private, no-cache"));
    }
    bool has_vary = has_header(rq, STR("Vary"));
    if (rq->app->settings.gzip)
        compress_answer(rq);
    if (!has_vary)
        add_header(rq, STR("Vary"), STR("Accept, Accept-Language, Cookie, HX-Request"));
    if ((x->status == 429 || x->status == 503) && !has_header(rq, STR("Retry-After"))) {
        int wait = rq->private->limit_wait > 0 ? rq->private->limit_wait : 2;
        add_header(rq, STR("Retry-After"), str_printf(rq->arena, "%d", wait));
    }
}

/* There is no memory left to make anything: what was made at the start is given. */
void answer_no_memory(struct request *rq)
{
    static struct http_header headers[2][4] = {
        {{{"Content-Type", 12}, {"text/html; charset=utf-8", 24}},
         {{"Retry-After", 11}, {"5", 1}},
         {{"Cache-Control", 13}, {"no-store", 8}},
         {{"X-Content-Type-Options", 22}, {"nosniff", 7}}},
        {{{"Content-Type", 12}, {"application/problem+json", 24}},
         {{"Retry-After", 11}, {"5", 1}},
         {{"Cache-Control", 13}, {"no-store", 8}},
         {{"X-Content-Type-Options", 22}, {"nosniff", 7}}},
    };
    struct http_exchange *x = rq->x;

    x->status = 503;
    x->answer = rq->wants_json ? rq->app->busy_json : rq->app->busy_page[rq->lang];
    x->headers = headers[rq->wants_json];
    x->n_headers = x->room_headers = 4;
}

/* ---- problems and bare pages -------------------------------------------------------------------------------- */

static void json_errors(struct request *rq, struct json *j)
{
    json_key(j, STR("errors"));
    json_open(j, '[');
    for (size_t i = 0; i < rq->form.n_errors; i++) {
        json_open(j, '{');
        json_key(j, STR("field"));
        json_str(j, rq->form.error[i].field);
        json_key(j, STR("message"));
        json_str(j, rq->form.error[i].words.len ? rq->form.error[i].words : text(rq->lang, rq->form.error[i].message));
        json_key(j, STR("code"));
        json_str(j, text_key(rq->form.error[i].message));
        json_close(j, '}');
    }
    json_close(j, ']');
}

/* RFC 9457. */
void answer_problem(struct request *rq, int status, enum text title, enum text message)
{
    struct json j;

    json_init(&j, rq->arena);
    json_open(&j, '{');
    json_key(&j, STR("type"));
    json_str(&j, str_printf(rq->arena, "urn:lilong:problem:%s", words_of_status(status)->slug));
    json_key(&j, STR("title"));
    json_str(&j, text(rq->lang, title));
    json_key(&j, STR("status"));
    json_int(&j, status);
    json_key(&j, STR("detail"));
    json_str(&j, text(rq->lang, message));
    json_key(&j, STR("instance"));
    json_str(&j, str_printf(rq->arena, "urn:lilong:request:" STR_FMT, STR_ARG(rq->id)));
    if (rq->form.n_errors)
        json_errors(rq, &j);
    json_close(&j, '}');
    rq->x->status = status;
    rq->x->answer = buf_str(&j.buf);
    add_header(rq, STR("Content-Type"), STR("application/problem+json"));
}

/* The head of a page without a layout: with the style when there is one. */
void answer_head(struct html *h, enum lang lang, enum text title)
{
    const struct asset *style = asset_named(STR("style.css"));

    html_raw(h, STR("<!doctype html><html lang=\""));
    html_text(h, str_from_cstr(lang_tag(lang)));
    html_raw(h, STR("\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>"));
    html_text(h, text(lang, title));
    html_raw(h, STR("</title>"));
    if (style) {
        html_raw(h, STR("<link rel=\"stylesheet\" href=\""));
        html_text(h, style->path);
        html_raw(h, STR("\">"));
    }
    html_raw(h, STR("</head><body class=\"resident plain\"><main class=\"page\">"));
}

/* The last resort: a page without layout, session or database. */
void answer_bare(struct request *rq, int status, enum text title, enum text message)
{
    struct html h;

    if (rq->wants_json) {
        answer_problem(rq, status, title, message);
        return;
    }
    html_init(&h, rq->arena, rq->lang, rq->now);
    answer_head(&h, rq->lang, title);
    html_raw(&h, STR("<div class=\"empty\"><h1>"));
    html_text(&h, text(rq->lang, title));
    html_raw(&h, STR("</h1><p>"));
    html_text(&h, text(rq->lang, message));
    html_raw(&h, STR("</p><p><a href=\"/\">"));
    html_text(&h, text(rq->lang, T_app_home));
    html_raw(&h, STR("</a></p><p><small>"));
    html_text(&h, text(rq->lang, T_app_request_id));
    html_raw(&h, STR(" "));
    html_text(&h, rq->id);
    html_raw(&h, STR("</small></p></div></main></body></html>"));
    rq->x->status = status;
    rq->x->answer = buf_str(&h.buf);
    add_header(rq, STR("Content-Type"), STR("text/html; charset=utf-8"));
}

void answer_sign_in(struct request *rq)
{
    struct http_exchange *x = rq->x;
    struct route_match m;
    struct str next = x->path;

    if (rq->wants_json) {
        add_header(rq, STR("WWW-Authenticate"), STR("Session realm=\"lilong\""));
        answer_problem(rq, 401, T_app_sign_in_title, T_app_sign_in_text);
        return;
    }
    /* Where to go afterwards: the page itself; of a form that was sent, its page if it has the same address. */
    if (is_unsafe(x->method)) {
        router_match(rq->app->router, HTTP_GET, x->path, &m);
        if (!m.route)
            next = STR("/");
    } else if (x->query.len) {
        next = str_printf(rq->arena, STR_FMT "?" STR_FMT, STR_ARG(x->path), STR_ARG(x->query));
    }
    x->status = 303;
    x->answer = STR_NONE;
    add_header(rq, STR("Location"),
               str_printf(rq->arena, "/sign-in?next=" STR_FMT, STR_ARG(url_encode(rq->arena, next))));
}

/* ---- for handlers ---------------------------------------------------------------------------------------------- */

static void answered(struct request *rq, int status, struct str type, struct str bytes)
{
    struct request_private *pr = rq->private;

    rq->x->status = pr->status ? pr->status : status;
    rq->x->answer = bytes;
    pr->type = type;
    if (type.len)
        add_header(rq, STR("Content-Type"), type);
    pr->answered = true;
}

/* htmx asks for a part of a page, unless it restores a whole one from its history. */
static bool is_fragment(const struct http_exchange *x)
{
    return str_eq(http_header(x, STR("HX-Request")), STR("true")) && !http_header(x, STR("HX-Boosted")).len &&
           !http_header(x, STR("HX-History-Restore-Request")).len;
}

enum result respond_view_(struct request *rq, const struct view_info *info, void (*html)(struct html *, const void *),
                          void (*json)(struct json *, const void *), const void *view)
{
    const struct app_policy *policy = rq->app->o.policy;
    struct html h;
    struct json j;

    (void)info;
    if (rq->wants_json) {
        json_init(&j, rq->arena);
        json(&j, view);
        answered(rq, 200, STR("application/json"), buf_str(&j.buf));
        return OK;
    }
    session_ensure_token(rq);
    rq->form.csrf = forgery_token(rq);
    unsigned char key[16];
    randombytes_buf(key, sizeof(key));
    rq->form.key = str_hex(rq->arena, (struct str){(const char *)key, sizeof(key)});

    html_init(&h, rq->arena, rq->lang, rq->now);
    h.form = &rq->form;
    h.bare = is_fragment(rq->x);
    if (policy->fill_frame && !h.bare) {
        enum result r = policy->fill_frame(rq, &h.frame);
        if (r != OK)
            return r;
    }
    html(&h, view);
    /* A form that was refused comes again on a page with other forms: whichever goes where it went has what was typed, or else all of them. */
    while (rq->form.sent_to.len && !h.sent_met) {
        const void *frame = h.frame;

        if (rq->form.sent_as)
            rq->form.sent_as = 0;
        else
            rq->form.sent_to = STR_NONE;
        html_init(&h, rq->arena, rq->lang, rq->now);
        h.form = &rq->form;
        h.bare = is_fragment(rq->x);
        h.frame = frame;
        html(&h, view);
    }
    answered(rq, 200, STR("text/html; charset=utf-8"), buf_str(&h.buf));
    if (rq->private->new_token)
        session_cookie_write(rq, rq->person && !rq->private->staff);
    if (rq->private->flash_seen && !h.bare) /* a part of a page has no place for it: the next whole page says it */
        add_header(rq, STR("Set-Cookie"), STR("lilong-flash=; Path=/; Max-Age=0"));
    return OK;
}

static enum result answer_moved(struct request *rq, struct url to, int64_t id, enum text flash)
{
    struct request_private *pr = rq->private;
    struct json j;

    pr->location = to.s;
    if (!rq->wants_json) {
        answered(rq, 303, STR_NONE, STR_NONE);
        rq->x->status = 303;
        add_header(rq, STR("Location"), to.s);
        pr->flash_out = flash;
        flash_write(rq, flash);
        return OK;
    }
    json_init(&j, rq->arena);
    json_open(&j, '{');
    json_key(&j, STR("location"));
    json_str(&j, to.s);
    if (id) {
        json_key(&j, STR("id"));
        json_id(&j, id);
    }
    json_close(&j, '}');
    answered(rq, id ? 201 : 200, STR("application/json"), buf_str(&j.buf));
    if (pr->input
            .is_form) { /* a page's script has sent the form, and goes to the next page: that one says the message */
        pr->flash_out = flash;
        flash_write(rq, flash);
    }
    if (id)
        add_header(rq, STR("Location"), to.s);
    else
        pr->location = STR_NONE;
    return OK;
}

enum result respond_see_other(struct request *rq, struct url to, enum text flash)
{
    return answer_moved(rq, to, 0, flash);
}

enum result respond_created(struct request *rq, struct url to, int64_t id, enum text flash)
{
    return answer_moved(rq, to, id, flash);
}

enum result respond_bytes(struct request *rq, int status, struct str type, struct str bytes)
{
    answered(rq, status, type, bytes);
    rq->x->status = status;
    return OK;
}

enum result respond_mapped(struct request *rq, int status, struct str type, struct str mapped)
{
    http_map(rq->x, mapped);
    return respond_bytes(rq, status, type, mapped);
}

bool respond_not_modified(struct request *rq, int64_t version)
{
    if (rq->person && !rq->wants_json)
        return false;
    if (rq->flash != T_none || rq->private->in_error || is_unsafe(rq->x->method))
        return false;
    struct {
        int64_t version, person, build, lang, json;
    } what = {
        .version = version, .person = rq->person, .build = rq->app->build, .lang = rq->lang, .json = rq->wants_json};
    unsigned char tag[16];
    crypto_generichash_state s;

    crypto_generichash_init(&s, NULL, 0, sizeof(tag));
    crypto_generichash_update(&s, (const unsigned char *)&what, sizeof(what));
    crypto_generichash_update(&s, (const unsigned char *)rq->x->path.ptr, rq->x->path.len);
    if (rq->x->query.len)
        crypto_generichash_update(&s, (const unsigned char *)rq->x->query.ptr, rq->x->query.len);
    crypto_generichash_final(&s, tag, sizeof(tag));
    struct str etag = str_printf(rq->arena, "W/\"" STR_FMT "\"",
                                 STR_ARG(str_hex(rq->arena, (struct str){(char *)tag, 16})));
    add_header(rq, STR("ETag"), etag);
    struct str have = http_header(rq->x, STR("If-None-Match"));
    if (!have.len || !etag_in(have, etag))
        return false;
    rq->x->status = 304;
    rq->x->answer = STR_NONE;
    rq->private->answered = true;
    return true;
}

/* ---- what has gone elsewhere ---- */

enum result answer_elsewhere(struct request *rq, enum result refused)
{
    const struct request_private *pr = rq->private;
    const struct app_policy *policy = rq->app->o.policy;
    enum result moved = E_NOT_FOUND;

    if (refused == E_NOT_FOUND && pr->answered) /* by the subject's load, which knows where it is */
        return OK;
    if ((refused == E_NOT_FOUND || refused == E_DENIED) && pr->match.place && policy->moved)
        moved = policy->moved(rq);
    return moved == E_NOT_FOUND ? refused : moved;
}
