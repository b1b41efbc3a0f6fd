/* session.c: who a browser is. The cookie holds 256 random bits; the table holds their hash.
 *
 * A guest has a cookie too, from the first page with a form on: its token is what the form's protection is made from. It gets
 * a row only when notes are kept for it. Signing in always makes a new token, so a token planted before is worth nothing. */
#include <sodium.h>
#include <stdlib.h>

#include "engine/app/app.sql.h"
#include "engine/app/internal.h"
#include "engine/base/ids.h"
#include "engine/base/log.h"

#define NOTE_LIFE TIME_HOUR
#define SEEN_EVERY (5 * TIME_MINUTE)

static struct str cookie_name(const struct request *rq)
{
    return rq->x->secure ? STR("__Host-lilong") : STR("lilong");
}

static void hash_token(struct str token, unsigned char ret[32])
{
    crypto_generichash(ret, 32, (const unsigned char *)token.ptr, token.len, NULL, 0);
}

void session_cookie_read(struct request *rq)
{
    struct request_private *pr = rq->private;
    struct str token = http_cookie(rq->x, cookie_name(rq));

    if (token.len != SESSION_TOKEN_LEN)
        return;
    pr->token = token;
    pr->has_token = true;
    hash_token(token, pr->token_hash);
}

static void new_token(struct request *rq)
{
    struct request_private *pr = rq->private;
    unsigned char bytes[32];
    char *text = arena_array(rq->arena, char, SESSION_TOKEN_LEN + 1);

    randombytes_buf(bytes, sizeof(bytes));
    sodium_bin2base64(text, SESSION_TOKEN_LEN + 1, bytes, sizeof(bytes), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    sodium_memzero(bytes, sizeof(bytes));
    pr->token = (struct str){text, SESSION_TOKEN_LEN};
    pr->has_token = pr->new_token = true;
    hash_token(pr->token, pr->token_hash);
}

void session_ensure_token(struct request *rq)
{
    if (!rq->private->has_token)
        new_token(rq);
}

void session_cookie_write(struct request *rq, bool lasting)
{
    struct str name = cookie_name(rq);
    const struct app_settings *s = &rq->app->settings;
    struct buf b;

    if (rq->private->session_cookie_set)
        return;
    buf_init(&b, rq->arena, 160, 400);
    buf_printf(&b, STR_FMT "=" STR_FMT "; Path=/; HttpOnly; SameSite=Lax", STR_ARG(name), STR_ARG(rq->private->token));
    if (rq->x->secure)
        buf_put(&b, STR("; Secure"));
    if (lasting) { /* people on duty sign in anew when the browser was closed */
        buf_put(&b, STR("; Max-Age="));
        buf_int(&b, s->resident_max_ms / 1000);
    }
    add_header(rq, STR("Set-Cookie"), buf_str(&b));
    rq->private->session_cookie_set = true;
}

enum result session_load(struct request *rq)
{
    struct request_private *pr = rq->private;
    const struct app_settings *s = &rq->app->settings;
    struct sql_session_by_token row;

    if (!pr->has_token || pr->new_token)
        return OK;
    enum result r = sql_session_by_token(rq->db, (struct str){(const char *)pr->token_hash, 32}, &row);
    if (r == E_NOT_FOUND)
        return OK; /* a guest, or signed out elsewhere */
    if (r != OK)
        return r;
    if (rq->now >= row.expires_at)
        return OK;
    if (row.person && rq->now - row.seen_at >= (row.staff ? s->staff_idle_ms : s->resident_idle_ms))
        return OK;
    pr->row = row.id;
    pr->staff = row.staff;
    if (row.person) {
        rq->session = row.id;
        rq->person = row.person;
    }
    if (rq->now - row.seen_at >= SEEN_EVERY)
        session_seen(rq);
    return OK;
}

/* ---- seen_at, without anybody waiting for it ------------------------------------------------------------- */

struct seen {
    struct db_job job;
    struct arena *arena;
    int64_t id, now;
};

static enum result seen_run(struct db *db, void *arg)
{
    struct seen *s = arg;

    return sql_session_touch(db, s->id, s->now);
}

static void seen_done(void *arg, enum result result)
{
    struct seen *s = arg;

    (void)result; /* the next request tries again */
    arena_close(s->arena);
    free(s);
}

void session_seen(struct request *rq)
{
    struct seen *s = calloc(1, sizeof(*s));

    if (!s)
        return;
    s->arena = arena_open(64 * 1024);
    if (!s->arena) {
        free(s);
        return;
    }
    s->id = rq->private->row;
    s->now = rq->now;
    s->job = (struct db_job){.run = seen_run, .done = seen_done, .arg = s, .arena = s->arena};
    if (db_write(app_database(rq->app), &s->job) != OK)
        seen_done(s, E_BUSY);
}

/* ---- start and end --------------------------------------------------------------------------------------- */

static enum result drop_row(struct db *db, int64_t id)
{
    if (id == 0)
        return OK;
    enum result r = sql_session_note_delete_all(db, id);
    return r == OK ? sql_session_delete(db, id) : r;
}

enum result session_start(struct request *rq, int64_t person, bool staff)
{
    struct request_private *pr = rq->private;
    const struct app_settings *s = &rq->app->settings;

    enum result r = drop_row(rq->db, pr->row);
    if (r != OK)
        return r;
    new_token(rq);
    pr->row = id_new();
    r = sql_session_insert(rq->db, pr->row, (struct str){(const char *)pr->token_hash, 32}, person, staff, rq->now,
                           rq->now + (staff ? s->staff_max_ms : s->resident_max_ms),
                           session_device(rq->arena, http_header(rq->x, STR("User-Agent"))));
    if (r != OK)
        return r;
    rq->session = pr->row;
    rq->person = person;
    pr->staff = staff;
    pr->session_cookie_set = false;
    session_cookie_write(rq, !staff);
    return OK;
}

bool session_is_staff(const struct request *rq)
{
    return rq->session && rq->private->staff;
}

enum result session_end(struct request *rq)
{
    struct request_private *pr = rq->private;

    enum result r = drop_row(rq->db, pr->row);
    if (r != OK)
        return r;
    pr->row = rq->session = rq->person = 0;
    rq->viewer = NULL;
    new_token(rq); /* the form's protection of the next page must not come from the old token */
    pr->session_cookie_set = false;
    session_cookie_write(rq, false);
    add_header(rq, STR("Clear-Site-Data"), STR("\"cache\""));
    return OK;
}

enum result session_end_others(struct db *db, int64_t person, int64_t keep_session)
{
    return sql_session_delete_others(db, person, keep_session);
}

enum result session_list(struct request *rq, struct session_row **ret_rows, size_t *ret_n)
{
    const struct app_settings *s = &rq->app->settings;
    struct sql_session_list_rows rows;

    enum result r = sql_session_list(rq->db, rq->person, rq->now, &rows);
    if (r != OK)
        return r;
    struct session_row *out = arena_array(rq->arena, struct session_row, rows.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < rows.n; i++) {
        const struct sql_session_list *row = &rows.row[i];
        if (rq->now - row->seen_at >= (row->staff ? s->staff_idle_ms : s->resident_idle_ms))
            continue;
        out[n++] = (struct session_row){row->id,         row->device,  row->staff,     row->id == rq->session,
                                        row->created_at, row->seen_at, row->expires_at};
    }
    *ret_rows = out;
    *ret_n = n;
    return OK;
}

enum result session_end_one(struct request *rq, int64_t session)
{
    int64_t changed;

    enum result r = sql_session_delete_of(rq->db, session, rq->person, &changed);
    if (r != OK)
        return r;
    return changed ? sql_session_note_delete_all(rq->db, session) : E_NOT_FOUND;
}

/* ---- a second run of a write ------------------------------------------------------------------------------- */

static void attempt_keep(struct request *rq)
{
    struct request_private *pr = rq->private;

    pr->before = arena_new(rq->arena, struct attempt);
    *pr->before = (struct attempt){*rq, pr->token, pr->has_token, pr->new_token, pr->staff, {0}, pr->row};
    memcpy(pr->before->token_hash, pr->token_hash, sizeof(pr->token_hash));
}

static void attempt_again(struct request *rq)
{
    struct request_private *pr = rq->private;
    const struct attempt *before = pr->before;

    *rq = before->rq;
    pr->token = before->token;
    pr->has_token = before->has_token;
    pr->new_token = before->new_token;
    pr->staff = before->staff;
    pr->row = before->row;
    memcpy(pr->token_hash, before->token_hash, sizeof(pr->token_hash));
    answer_reset(rq);
}

void attempt_begin(struct request *rq)
{
    if (rq->private->before)
        attempt_again(rq);
    else
        attempt_keep(rq);
}

/* ---- notes --------------------------------------------------------------------------------------------------- */

static enum result note_set(struct request *rq, struct str name, struct str value, int64_t until)
{
    struct request_private *pr = rq->private;

    if (pr->row == 0) {
        if (!value.len)
            return OK;
        session_ensure_token(rq);
        pr->row = id_new();
        enum result r = sql_session_insert(rq->db, pr->row, (struct str){(const char *)pr->token_hash, 32}, 0, false,
                                           rq->now, rq->now + TIME_DAY, STR_NONE);
        if (r != OK)
            return r;
        session_cookie_write(rq, false);
    }
    if (!value.len)
        return sql_session_note_delete(rq->db, pr->row, name);
    return sql_session_note_put(rq->db, pr->row, name, value, until);
}

enum result session_note_set(struct request *rq, struct str name, struct str value)
{
    return note_set(rq, name, value, rq->now + NOTE_LIFE);
}

enum result session_note_keep(struct request *rq, struct str name, struct str value)
{
    const struct app_settings *s = &rq->app->settings;

    return note_set(rq, name, value, rq->now + (rq->private->staff ? s->staff_max_ms : s->resident_max_ms));
}

struct str session_note(struct request *rq, struct str name)
{
    struct sql_session_note_get row;

    if (rq->private->row == 0 || sql_session_note_get(rq->db, rq->private->row, name, rq->now, &row) != OK)
        return STR_NONE;
    return row.value;
}

/* ---- where the last write stands ------------------------------------------------------------------------------- */

/* Who changes the number changes what they themselves see, within what anybody may see: it needs no seal. */
void position_read(struct request *rq)
{
    struct str text = http_cookie(rq->x, STR("lilong-at"));

    if (text.len && str_int64(text, 1, INT64_MAX, &rq->private->position) != OK)
        rq->private->position = 0;
}

void position_write(struct request *rq, int64_t position)
{
    if (position)
        add_header(rq, STR("Set-Cookie"),
                   str_printf(rq->arena, "lilong-at=%lld; Path=/; HttpOnly; SameSite=Lax; Max-Age=3600%s",
                              (long long)position, rq->x->secure ? "; Secure" : ""));
}

/* ---- the message of the page before ---------------------------------------------------------------------------- */

/* The cookie holds the key of a text and a tag made from the browser's token: nobody else can put words on a page. */
static struct str flash_tag(struct request *rq, struct str key)
{
    unsigned char tag[8];

    crypto_generichash_state s;
    crypto_generichash_init(&s, rq->private->token_hash, 32, 16);
    unsigned char full[16];
    crypto_generichash_update(&s, (const unsigned char *)"flash", 5);
    crypto_generichash_update(&s, (const unsigned char *)key.ptr, key.len);
    crypto_generichash_final(&s, full, 16);
    memcpy(tag, full, sizeof(tag));
    return str_hex(rq->arena, (struct str){(const char *)tag, sizeof(tag)});
}

void flash_read(struct request *rq)
{
    struct str rest = http_cookie(rq->x, STR("lilong-flash")), key;
    enum text t;

    if (!rest.len)
        return;
    rq->private->flash_seen = true;
    if (!rq->private->has_token || !str_cut(&rest, '~', &key) || !str_eq(rest, flash_tag(rq, key)))
        return;
    if (text_lookup(key, &t) == OK)
        rq->flash = t;
}

void flash_write(struct request *rq, enum text flash)
{
    struct str key = text_key(flash);

    if (flash == T_none || !key.len)
        return;
    session_ensure_token(rq);
    session_cookie_write(rq, rq->person && !rq->private->staff);
    add_header(rq, STR("Set-Cookie"),
               str_printf(rq->arena,
                          "lilong-flash=" STR_FMT "~" STR_FMT "; Path=/; HttpOnly; SameSite=Lax; Max-Age=60%s",
                          STR_ARG(key), STR_ARG(flash_tag(rq, key)), rq->x->secure ? "; Secure" : ""));
}

/* ---- housekeeping --------------------------------------------------------------------------------------------------- */

static enum result purge(struct db *db, void *arg)
{
    struct app *app = arg;
    int64_t now = time_now();

    enum result r = sql_session_note_purge(db, now);
    if (r != OK)
        return r;
    return sql_session_purge(db, now, now - app->settings.resident_idle_ms, now - app->settings.staff_idle_ms);
}

enum result session_purge_run(struct app *app, struct arena *a)
{
    return db_write_wait(app_database(app), a, purge, app);
}

/* ---- device words ---------------------------------------------------------------------------------------------------- */

struct word {
    const char *needle, *name;
};

static const char *first_of(struct str agent, const struct word *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_find(agent, str_from_cstr(words[i].needle)) != SIZE_MAX)
            return words[i].name;
    return NULL;
}

struct str session_device(struct arena *a, struct str agent)
{
    /* Order matters: WeChat's agent names Chrome and Safari as well, Edge's names Chrome. */
    static const struct word browsers[] = {
        {"MicroMessenger/", "WeChat"},
        {"AlipayClient", "Alipay"},
        {"DingTalk", "DingTalk"},
        {"QQBrowser", "QQ"},
        {"UCBrowser", "UC"},
        {"Edg", "Edge"},
        {"OPR/", "Opera"},
        {"Firefox/", "Firefox"},
        {"Chrome/", "Chrome"},
        {"CriOS/", "Chrome"},
        {"Safari/", "Safari"},
        {"curl/", "curl"},
    };
    static const struct word systems[] = {
        {"iPhone", "iPhone"},   {"iPad", "iPad"},       {"HarmonyOS", "HarmonyOS"}, {"OpenHarmony", "HarmonyOS"},
        {"Android", "Android"}, {"Windows", "Windows"}, {"Mac OS X", "Mac"},        {"Linux", "Linux"},
    };
    agent = str_sub(agent, 0, 512);
    const char *browser = first_of(agent, browsers, sizeof(browsers) / sizeof(browsers[0]));
    const char *system = first_of(agent, systems, sizeof(systems) / sizeof(systems[0]));

    if (browser && system)
        return str_printf(a, "%s · %s", browser, system);
    return str_from_cstr(browser ? browser : system);
}
