/* tiny_test.h: a policy and a module as small as can be, for the tests of the pipeline. A "thing" is a row of the table
 * session with the person 777: the engine has no table of its own that would mean something. */
#ifndef LILONG_APP_TINY_TEST_H
#define LILONG_APP_TINY_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

#include "engine/app/app.sql.h"
#include "engine/app/session.h"
#include "engine/base/ids.h"
#include "engine/base/time.h"
#include "support/test_app.h"
#include "support/test_sql.h"

enum { CAN_READ = 1, CAN_WRITE, CAN_MANAGE, CAN_END };
enum { THINGS = 777, SECRET_THING = 40, GONE_PERSON = 66, STAFF_PERSON = 9, ENGLISH_PERSON = 8 };

struct frame { struct str words; };

static const char *tiny_capability_name(int c)
{
    static const char *const names[CAN_END] = {NULL, "read", "write", "manage"};

    return c > 0 && c < CAN_END ? names[c] : NULL;
}

static enum result tiny_load_viewer(struct request *rq)
{
    int64_t *viewer = arena_new(rq->arena, int64_t);

    if (rq->person == GONE_PERSON)
        return E_NOT_FOUND;
    *viewer = rq->person;
    if (rq->person == ENGLISH_PERSON)
        rq->lang = LANG_EN;
    rq->viewer = viewer;
    return OK;
}

static bool tiny_allowed(struct request *rq, int capability)
{
    switch (capability) {
    case CAN_READ:
        return true;
    case CAN_WRITE:
        return rq->viewer != NULL;
    case CAN_MANAGE:
        return rq->viewer && *(int64_t *)rq->viewer == STAFF_PERSON;
    default:
        return false;
    }
}

static enum result tiny_fill_frame(struct request *rq, const void **ret_frame)
{
    struct frame *f = arena_new(rq->arena, struct frame);

    f->words = rq->flash != T_none ? text_key(rq->flash) : STR("-");
    *ret_frame = f;
    return OK;
}

/* ---- views ---- */

struct thing_view { struct str title; };
static const struct view_info thing_info = {"thing", "{\"type\":\"object\",\"properties\":{\"title\":{\"type\":\"string\"}}}"};

static void thing_html(struct html *h, const struct thing_view *v)
{
    const struct frame *f = h->frame;

    html_raw(h, STR("<!doctype html><html><body><header data-flash=\""));
    html_text(h, f ? f->words : STR_NONE);
    html_raw(h, STR("\"></header><h1>"));
    html_text(h, v->title);
    html_raw(h, STR("</h1>"));
    html_form_errors(h, NULL, 0);
    html_raw(h, STR("<form method=\"post\">"));
    html_csrf(h);
    html_raw(h, STR("<input name=\"title\" value=\""));
    html_form_value(h, STR("title"), STR_NONE);
    html_raw(h, STR("\">"));
    html_form_error(h, STR("title"));
    html_raw(h, STR("<input name=\"password\" value=\""));
    html_form_value(h, STR("password"), STR_NONE);
    html_raw(h, STR("\"></form></body></html>"));
}

static void thing_json(struct json *j, const struct thing_view *v)
{
    json_open(j, '{');
    json_key(j, STR("title"));
    json_str(j, v->title);
    json_close(j, '}');
}

static enum result tiny_error_page(struct request *rq, int status, enum text title, enum text message)
{
    struct thing_view v = {str_printf(rq->arena, "layout %d " STR_FMT " / " STR_FMT, status, STR_ARG(text(rq->lang, title)),
                                      STR_ARG(text(rq->lang, message)))};

    return respond_view(rq, thing, &v);
}

static const struct app_policy tiny_policy = {
    .capability_name = tiny_capability_name,
    .load_viewer = tiny_load_viewer,
    .allowed = tiny_allowed,
    .fill_frame = tiny_fill_frame,
    .error_page = tiny_error_page,
};

/* ---- things ---- */

static enum result thing_put(struct db *db, int64_t *ret_id)
{
    int64_t id = id_new();
    char hash[17];

    snprintf(hash, sizeof(hash), "%016" PRIx64, (uint64_t)id);
    *ret_id = id;
    return sql_session_insert(db, id, str_from_cstr(hash), THINGS, false, time_now(), time_now() + TIME_DAY, STR("thing"));
}

static inline int64_t things(struct test_app *t)
{
    return test_sql_int(&t->db, "SELECT COUNT(*) FROM session WHERE person = %d", (int)THINGS);
}

static enum result thing_load(struct request *rq)
{
    int64_t id = rq->path_id[rq->n_path - 1];

    if (id == 404)
        return E_NOT_FOUND;
    if (id == SECRET_THING)
        return rq->person == STAFF_PERSON ? OK : E_NOT_FOUND;
    if (id == 41)
        return E_DENIED;
    int64_t *thing = arena_new(rq->arena, int64_t);
    *thing = id;
    rq->subject = thing;
    return OK;
}
static const struct subject_kind thing_subject = {"thing", thing_load};

/* ---- handlers ---- */

static enum result home(struct request *rq)
{
    struct thing_view v = {str_printf(rq->arena, "home of %" PRId64 " lang %s", rq->person, lang_tag(rq->lang))};

    return respond_view(rq, thing, &v);
}

static enum result show(struct request *rq)
{
    struct thing_view v = {str_printf(rq->arena, "thing %" PRId64 " at %" PRId64, *(int64_t *)rq->subject, rq->place)};

    if (respond_not_modified(rq, 7))
        return OK;
    return respond_view(rq, thing, &v);
}

static enum result word(struct request *rq)
{
    struct thing_view v = {str_printf(rq->arena, "word " STR_FMT, STR_ARG(rq->path_word[0]))};

    return respond_view(rq, thing, &v);
}

/* A name that is edited. */
static char edited_name[64] = "first";
static struct str edit_version(struct request *rq)
{
    (void)rq;
    return str_from_cstr(edited_name);
}
static enum result edit_show(struct request *rq)
{
    struct thing_view v = {str_printf(rq->arena, "edit %s", edited_name)};

    form_default(rq, "title", str_from_cstr(edited_name));
    return respond_view(rq, thing, &v);
}
static const struct param edit_params[] = {{"title", PARAM_TEXT, .required = true, .min = 2, .max = 40}};
static enum result edit_save(struct request *rq)
{
    snprintf(edited_name, sizeof(edited_name), STR_FMT, STR_ARG(param_text(rq, 0)));
    return respond_see_other(rq, url_path(rq->arena, "/edit"), T_app_home);
}

enum { NEW_HINT, NEW_PARAMS };
static const struct param new_params[] = {[NEW_HINT] = {"hint", PARAM_INT, .min = 1, .max = 9}};

static enum result new_form(struct request *rq)
{
    struct thing_view v = {STR("new thing")};

    form_default(rq, "title", STR("a default"));
    return respond_view(rq, thing, &v);
}

enum {
    MAKE_TITLE, MAKE_TEXT, MAKE_COUNT, MAKE_OTHER, MAKE_YES, MAKE_KIND, MAKE_DAY, MAKE_TIME, MAKE_SHARE, MAKE_IDS, MAKE_PASSWORD,
    MAKE_PARAMS
};
static const struct param make_params[MAKE_PARAMS] = {
    [MAKE_TITLE] = {"title", PARAM_TEXT, .required = true, .min = 2, .max = 10, .doc = "Its title"},
    [MAKE_TEXT] = {"text", PARAM_LINES},
    [MAKE_COUNT] = {"count", PARAM_INT, .min = -5, .max = 5},
    [MAKE_OTHER] = {"other", PARAM_ID},
    [MAKE_YES] = {"yes", PARAM_BOOL},
    [MAKE_KIND] = {"kind", PARAM_CHOICE, .choices = "red,green,blue"},
    [MAKE_DAY] = {"day", PARAM_DATE},
    [MAKE_TIME] = {"time", PARAM_TIME},
    [MAKE_SHARE] = {"share", PARAM_REAL, .min = 0, .max = 1},
    [MAKE_IDS] = {"ids", PARAM_LIST, .max = 3},
    [MAKE_PASSWORD] = {"password", PARAM_TEXT, .secret = true},
};

static _Atomic int make_calls;

static enum result make(struct request *rq)
{
    int64_t id = 0;
    struct str title = param_text(rq, MAKE_TITLE);

    make_calls++;
    enum result r = thing_put(rq->db, &id);
    if (r != OK)
        return r;
    if (str_eq(title, STR("taken")))
        return request_invalid(rq, "title", T_app_field_choice);
    if (str_eq(title, STR("closed")))
        return request_refuse(rq, E_CONFLICT, T_app_gone_text);
    if (str_eq(title, STR("counted"))) { /* keeps its work and refuses all the same */
        request_error(rq, "title", T_app_field_choice);
        return OK;
    }
    if (str_eq(title, STR("huge")))
        *(char *)arena_alloc(rq->arena, 1, (size_t)1 << 40, 1) = 1;
    if (str_eq(title, STR("broken")))
        return E_IO;
    return respond_created(rq, url_path(rq->arena, "/p/310113007011/thing/%" PRId64, id), id, T_app_home);
}

/* Tells what the parameters have become. */
static enum result echo(struct request *rq)
{
    const int64_t *ids;
    size_t n = param_list(rq, MAKE_IDS, &ids);
    struct buf b;

    buf_init(&b, rq->arena, 256, 65536);
    buf_printf(&b, "[" STR_FMT "][" STR_FMT "] count=%" PRId64 " other=%" PRId64 " yes=%d kind=%" PRId64 " day=%" PRId64
               " time=%" PRId64 " share=%.2f ids=", STR_ARG(param_text(rq, MAKE_TITLE)), STR_ARG(param_text(rq, MAKE_TEXT)),
               param_int(rq, MAKE_COUNT), param_int(rq, MAKE_OTHER), (int)param_int(rq, MAKE_YES), param_int(rq, MAKE_KIND),
               param_int(rq, MAKE_DAY), param_int(rq, MAKE_TIME), param_real(rq, MAKE_SHARE));
    for (size_t i = 0; i < n; i++)
        buf_printf(&b, "%" PRId64 ",", ids[i]);
    return respond_bytes(rq, 200, STR("text/plain; charset=utf-8"), buf_str(&b));
}

enum { SIGN_PERSON, SIGN_STAFF, SIGN_PARAMS };
static const struct param sign_params[SIGN_PARAMS] = {
    [SIGN_PERSON] = {"person", PARAM_ID, .required = true},
    [SIGN_STAFF] = {"staff", PARAM_BOOL},
};

static enum result sign_in(struct request *rq)
{
    enum result r = session_start(rq, param_int(rq, SIGN_PERSON), param_int(rq, SIGN_STAFF));

    return r == OK ? respond_see_other(rq, url_path(rq->arena, "/"), T_none) : r;
}

static enum result sign_out(struct request *rq)
{
    enum result r = session_end(rq);

    return r == OK ? respond_see_other(rq, url_path(rq->arena, "/"), T_none) : r;
}

static enum result others_out(struct request *rq)
{
    enum result r = session_end_others(rq->db, rq->person, rq->session);

    return r == OK ? respond_see_other(rq, url_path(rq->arena, "/sessions"), T_none) : r;
}

static enum result sessions(struct request *rq)
{
    struct session_row *rows;
    size_t n;
    struct buf b;

    enum result r = session_list(rq, &rows, &n);
    if (r != OK)
        return r;
    buf_init(&b, rq->arena, 256, 65536);
    for (size_t i = 0; i < n; i++)
        buf_printf(&b, "%s" STR_FMT "\n", rows[i].current ? "*" : " ", STR_ARG(rows[i].device));
    return respond_bytes(rq, 200, STR("text/plain; charset=utf-8"), buf_str(&b));
}

static const struct param note_params[] = {{"value", PARAM_TEXT}};

static enum result note_set(struct request *rq)
{
    enum result r = session_note_set(rq, STR("step"), param_text(rq, 0));

    return r == OK ? respond_see_other(rq, url_path(rq->arena, "/note"), T_none) : r;
}

static enum result note_get(struct request *rq)
{
    struct str note = session_note(rq, STR("step"));

    return respond_bytes(rq, 200, STR("text/plain; charset=utf-8"), note.len ? note : STR("none"));
}

static const struct param slow_params[] = {{"ms", PARAM_INT, .min = 0, .max = 5000}};

static enum result prepare_slow(struct request *rq)
{
    usleep((useconds_t)param_int(rq, 0) * 1000);
    rq->prepared = arena_new(rq->arena, int64_t);
    return OK;
}

static enum result slow_write(struct request *rq)
{
    int64_t id;

    if (!rq->prepared)
        return E_IO;
    enum result r = thing_put(rq->db, &id);
    return r == OK ? respond_see_other(rq, url_path(rq->arena, "/"), T_none) : r;
}

static enum result slow_read(struct request *rq)
{
    usleep((useconds_t)param_int(rq, 0) * 1000);
    return respond_bytes(rq, 200, STR("text/plain; charset=utf-8"), STR("slow"));
}

static enum result hungry(struct request *rq)
{
    for (int i = 0; i < 100000; i++)
        memset(arena_alloc(rq->arena, 1, 65536, 1), 1, 65536);
    return OK;
}

static enum result lengthy(struct request *rq)
{
    char *text = arena_array(rq->arena, char, 4000);

    memset(text, 'x', 4000);
    return respond_bytes(rq, 200, STR("text/plain; charset=utf-8"), (struct str){text, 4000});
}

static enum result silent(struct request *rq)
{
    (void)rq;
    return OK;
}

static const struct param file_params[] = {
    {"title", PARAM_TEXT},
    {"photo", PARAM_FILE, .max = 2, .max_bytes = 1000},
};

static enum result upload(struct request *rq)
{
    const struct form_field *files;
    size_t n = param_files(rq, 1, &files), bytes = 0;

    for (size_t i = 0; i < n; i++)
        bytes += files[i].value.len;
    return respond_bytes(rq, 200, STR("text/plain; charset=utf-8"), str_printf(rq->arena, "%zu files %zu bytes", n, bytes));
}

static enum result hook(struct request *rq)
{
    return respond_bytes(rq, 200, STR("text/plain; charset=utf-8"), rq->x->body);
}

static const struct route tiny_routes[] = {
    {HTTP_GET, "/", "tiny.home", home, .need = CAN_READ, .view = &thing_info, .doc = "Home"},
    {HTTP_GET, "/mine", "tiny.mine", home, .need = CAN_WRITE, .flags = ROUTE_PERSONAL},
    {HTTP_GET, "/manage", "tiny.manage", home, .need = CAN_MANAGE},
    {HTTP_GET, "/p/{place}/thing/{id}", "thing.show", show, .subject = &thing_subject, .need = CAN_READ, .view = &thing_info},
    {HTTP_GET, "/p/{place}/thing/new", "thing.new", new_form, .need = CAN_WRITE, .params = new_params, .n_params = NEW_PARAMS},
    {HTTP_POST, "/p/{place}/thing", "thing.make", make, .need = CAN_WRITE, .params = make_params, .n_params = MAKE_PARAMS,
     .flags = ROUTE_WRITE, .again = new_form, .doc = "Makes a thing"},
    {HTTP_GET, "/edit", "tiny.edit_show", edit_show, .need = CAN_WRITE, .version = edit_version, .view = &thing_info},
    {HTTP_POST, "/edit", "tiny.edit", edit_save, .need = CAN_WRITE, .params = edit_params, .n_params = 1, .flags = ROUTE_WRITE,
     .again = edit_show, .version = edit_version},
    {HTTP_POST, "/echo", "tiny.echo", echo, .need = CAN_READ, .params = make_params, .n_params = MAKE_PARAMS},
    {HTTP_GET, "/q/{code:word}", "tiny.word", word, .need = CAN_READ},
    {HTTP_POST, "/sign-in", "tiny.sign_in", sign_in, .need = CAN_READ, .params = sign_params, .n_params = SIGN_PARAMS,
     .flags = ROUTE_WRITE | ROUTE_NO_KEY, .rate = RATE_SIGN_IN},
    {HTTP_POST, "/sign-out", "tiny.sign_out", sign_out, .need = CAN_READ, .flags = ROUTE_WRITE | ROUTE_NO_KEY},
    {HTTP_POST, "/others-out", "tiny.others_out", others_out, .need = CAN_WRITE, .flags = ROUTE_WRITE},
    {HTTP_GET, "/sessions", "tiny.sessions", sessions, .need = CAN_WRITE},
    {HTTP_POST, "/note", "tiny.note_set", note_set, .need = CAN_READ, .params = note_params, .n_params = 1, .flags = ROUTE_WRITE},
    {HTTP_GET, "/note", "tiny.note", note_get, .need = CAN_READ},
    {HTTP_POST, "/slow-write", "tiny.slow_write", slow_write, .before = prepare_slow, .need = CAN_READ, .params = slow_params,
     .n_params = 1, .flags = ROUTE_WRITE},
    {HTTP_GET, "/slow", "tiny.slow", slow_read, .need = CAN_READ, .params = slow_params, .n_params = 1, .flags = ROUTE_SLOW},
    {HTTP_GET, "/hungry", "tiny.hungry", hungry, .need = CAN_READ},
    {HTTP_GET, "/long", "tiny.long", lengthy, .need = CAN_READ},
    {HTTP_GET, "/silent", "tiny.silent", silent, .need = CAN_READ},
    {HTTP_POST, "/upload", "tiny.upload", upload, .need = CAN_READ, .params = file_params, .n_params = 2, .flags = ROUTE_UPLOAD},
    {HTTP_POST, "/hook", "tiny.hook", hook, .need = CAN_READ, .flags = ROUTE_NO_CSRF},
    {HTTP_GET, "/demo", "tiny.demo", home, .need = CAN_READ, .flags = ROUTE_DEMO},
};

static _Atomic int job_calls;
static struct app *tick_sibling; /* another process that looks for work while this one is at it */

static enum result tick(struct app *app, struct arena *a)
{
    struct app *sibling = tick_sibling;

    (void)app;
    (void)a;
    job_calls++;
    tick_sibling = NULL;
    if (sibling)
        app_run_jobs(sibling);
    return job_calls == 2 ? E_IO : OK;
}
static const struct job_kind tiny_jobs[] = {{"tiny.tick", TIME_MINUTE, tick}};

static const struct module tiny_module = {.name = "tiny", .routes = tiny_routes,
                                          .n_routes = sizeof(tiny_routes) / sizeof(tiny_routes[0]),
                                          .jobs = tiny_jobs, .n_jobs = 1};
static const struct module *const tiny_modules[] = {&tiny_module};

static inline struct test_app *tiny_open(void (*configure)(struct config *))
{
    return test_app_open(&(struct test_app_options){.modules = tiny_modules, .n_modules = 1, .policy = &tiny_policy,
                                                    .configure = configure});
}

static inline struct browser *signed_in(struct test_app *t, const char *form)
{
    struct browser *b = test_browser(t);

    assert_int_equal(test_post(b, "/sign-in", form).status, 303);
    return b;
}

#endif
