/* pipeline.c: a request's life. Everything that is the same for all routes happens here, once.
 *
 *   I/O thread   arrive: route, language, limits, session, forgery, parameters
 *                read: viewer, subject, access, handle, in one snapshot
 *   slow pool    access, then `before` (or the handle of a ROUTE_SLOW), in a snapshot of its own
 *   writer       viewer, subject, access, key, handle, in the transaction
 *   after pool   what has to be shown when a write was refused: the form again, an error page
 *
 * Each stage runs under step(), the one place where memory that is out ends a request with 503; a stage says where to go
 * next, and drive() brings it there after the escape is taken down, because the next thread may be quicker than the return. */
#include <inttypes.h>
#include <sodium.h>
#include <stdlib.h>

#include "engine/app/internal.h"
#include "engine/base/ids.h"
#include "engine/base/log.h"
#include "engine/http/negotiate.h"

enum next { NEXT_ANSWER, NEXT_WRITE, NEXT_SLOW, NEXT_AFTER };

static void drive(struct request *rq, enum next next);

bool is_unsafe(enum http_method m)
{
    return m == HTTP_POST || m == HTTP_PUT || m == HTTP_PATCH || m == HTTP_DELETE;
}

/* ---- snapshots ------------------------------------------------------------------------------------------ */

static enum result read_open(struct request *rq)
{
    struct request_private *pr = rq->private;

    if (pr->read)
        return OK;
    /* What is about to change something looks at what is true now; who only reads may ask a replica. */
    enum result r = pr->primary || is_unsafe(rq->x->method)
                      ? db_read_begin(app_database(rq->app), rq->arena, &pr->read)
                      : db_read_begin_near(app_database(rq->app), rq->arena, pr->position, &pr->read);
    if (r == OK)
        rq->db = pr->read;
    return r;
}

static void read_close(struct request *rq)
{
    struct request_private *pr = rq->private;

    if (pr->read) {
        int64_t seen = db_read_end_seen(pr->read);

        pr->seen = seen > pr->seen ? seen : pr->seen;
    }
    pr->read = NULL;
    rq->db = NULL;
}

static enum next step(struct request *rq, enum next (*stage)(struct request *rq))
{
    jmp_buf here;
    jmp_buf *before = arena_escape(rq->arena, &here);
    enum next next;

    if (setjmp(here) == 0) {
        next = stage(rq);
        read_close(rq);
        if (next == NEXT_ANSWER)
            answer_finish(rq);
    } else {
        atomic_fetch_add(&rq->app->out_of_memory, 1);
        read_close(rq);
        answer_no_memory(rq);
        next = NEXT_ANSWER;
    }
    arena_escape(rq->arena, before);
    return next;
}

/* ---- errors ------------------------------------------------------------------------------------------------ */

static void log_failure(const struct request *rq, enum result r, int status)
{
    const char *name = rq->route ? rq->route->name : "-";

    if (status >= 500)
        log_error("request.failed", LOG_STR("id", rq->id), LOG_CSTR("route", name), LOG_CSTR("result", result_name(r)),
                  LOG_INT("status", status));
    else
        log_info("request.refused", LOG_STR("id", rq->id), LOG_CSTR("route", name), LOG_CSTR("result", result_name(r)),
                 LOG_INT("status", status));
}

/* A page of the policy's in the layout where that can be had, a bare one where not. Opens a snapshot when it needs one. */
static void answer_error(struct request *rq, int status, enum text title, enum text message)
{
    struct request_private *pr = rq->private;
    const struct app_policy *policy = rq->app->o.policy;

    answer_reset(rq);
    if (rq->wants_json) {
        answer_problem(rq, status, title, message);
        return;
    }
    /* Under pressure or trouble nothing more is asked of the database. */
    if (!policy->error_page || pr->in_error || pr->limit_wait || status >= 500 || read_open(rq) != OK) {
        answer_bare(rq, status, title, message);
        return;
    }
    pr->in_error = true;
    if (rq->person && !rq->viewer && policy->load_viewer && policy->load_viewer(rq) != OK) {
        rq->viewer = NULL;
        rq->person = rq->session = 0;
    }
    pr->status = status;
    if (policy->error_page(rq, status, title, message) != OK || !pr->answered) {
        answer_reset(rq);
        answer_bare(rq, status, title, message);
    }
}

void answer_status(struct request *rq, int status)
{
    const struct words *w = words_of_status(status);

    answer_error(rq, status, w->title, w->text);
}

/* ---- access -------------------------------------------------------------------------------------------------- */

/* Who asks, for what, and may they? In the transaction of the request: what is allowed is what is true in it. */
static enum result admit(struct request *rq)
{
    const struct app_policy *policy = rq->app->o.policy;
    struct request_private *pr = rq->private;
    enum result r;

    pr->admitted = false;
    rq->viewer = rq->subject = NULL;
    rq->place = pr->match.place;
    if (rq->person && policy->load_viewer) {
        r = policy->load_viewer(rq);
        if (r == E_NOT_FOUND || r == E_DENIED) { /* the account was closed meanwhile */
            rq->person = rq->session = 0;
            rq->viewer = NULL;
        } else if (r != OK) {
            return r;
        }
    }
    if (policy->ahead && !rq->wants_json)
        policy->ahead(rq);
    if (rq->route->subject && (r = rq->route->subject->load(rq)) != OK)
        return r;
    if (rq->route->need != NEED_OPEN && !policy->allowed(rq, rq->route->need))
        return E_DENIED;
    pr->admitted = true;
    return OK;
}

/* ---- edits ---- */

/* 128 bits of what can be edited, as hexadecimal digits. In a transaction, with the subject loaded. */
static struct str version_now(struct request *rq)
{
    struct str words = rq->route->version(rq);
    unsigned char hash[16];

    crypto_generichash(hash, sizeof(hash), (const unsigned char *)words.ptr, words.len, NULL, 0);
    return str_hex(rq->arena, (struct str){(const char *)hash, sizeof(hash)});
}

/* Whether it is still what the editor has seen. A program says so with If-Match, a form with the version that came with its page; who says
 * neither has asked for nothing. */
static bool still_the_same(struct request *rq)
{
    struct str match = http_header(rq->x, STR("If-Match")), version = rq->private->input.version;

    if (!rq->route->version || (!match.len && !version.len))
        return true;
    struct str now = version_now(rq);
    if (match.len && !etag_in_strong(match, str_printf(rq->arena, "\"" STR_FMT "\"", STR_ARG(now))))
        return false;
    return !version.len || str_eq(version, now);
}

/* ---- what a result becomes -------------------------------------------------------------------------------------- */

static size_t find_again(const struct request *rq)
{
    const struct app *app = rq->app;

    for (size_t i = 0; i < app->n_routes; i++)
        if (app->route[i]->method == HTTP_GET && app->route[i]->handle == rq->route->again)
            return i;
    return SIZE_MAX;
}

/* The form once more, with what was typed. The handler of the GET runs as if its page had been asked for: its parameters
 * are those fields of the form that have the same names. */
static bool show_again(struct request *rq, int status)
{
    struct request_private *pr = rq->private;
    const struct route *sent = rq->route;
    size_t at = sent->again ? find_again(rq) : SIZE_MAX;

    if (rq->wants_json || at == SIZE_MAX || pr->in_error || !pr->admitted)
        return false;
    answer_reset(rq);
    pr->in_error = true;
    rq->route = rq->app->route[at];
    params_parse(rq, true);
    pr->status = status;
    rq->form.sent_to = rq->x->path;
    rq->form.sent_as = html_form_number(pr->input.key);
    /* After a mistake the form still edits what its reader has seen; after a change it edits what is there now, which is shown. */
    if (rq->form.changed && rq->route->version)
        rq->form.version = version_now(rq);
    else
        rq->form.version = pr->input.version;
    enum result r = sent->again(rq);
    rq->route = sent;
    if (r == OK && pr->answered)
        return true;
    pr->in_error = false;
    return false;
}

/* Shows what a request that was not done (or was done and is refused all the same) has to say. A snapshot is open, or can be
 * opened, and viewer and subject are loaded where they can be. */
static void answer_result(struct request *rq, enum result r)
{
    struct request_private *pr = rq->private;
    enum result kept = pr->refused;

    if (r == E_DENIED && !rq->person && pr->refused == OK) {
        answer_reset(rq);
        answer_sign_in(rq);
        return;
    }
    int status = status_of(r);
    const struct words *w = words_of_status(status);
    log_failure(rq, r, status);
    if (kept != OK) {
        answer_error(rq, status_of(kept), words_of_status(status_of(kept))->title, pr->refusal);
        return;
    }
    if (r == E_INVALID && show_again(rq, status))
        return;
    if (r == E_CHANGED && !rq->wants_json) {
        rq->form.changed = true;
        request_error(rq, "", T_app_changed_form);
        if (show_again(rq, status))
            return;
    }
    answer_error(rq, status, w->title, w->text);
}

/* ---- reads --------------------------------------------------------------------------------------------------------- */

static enum result run_handle(struct request *rq)
{
    if (rq->route->version && !is_unsafe(rq->x->method))
        rq->form.version = version_now(rq);
    enum result r = rq->route->handle(rq);

    if (r == OK && rq->private->answered && rq->form.version.len)
        add_header(rq, STR("ETag"), str_printf(rq->arena, "\"" STR_FMT "\"", STR_ARG(rq->form.version)));

    if (r == OK && !rq->private->answered && !rq->private->n_errors && rq->private->refused == OK) {
        log_error("request.no_answer", LOG_STR("id", rq->id), LOG_CSTR("route", rq->route->name));
        return E_IO;
    }
    if (r == OK && rq->private->refused != OK)
        return rq->private->refused;
    if (r == OK && rq->private->n_errors)
        return E_INVALID;
    return r;
}

static bool own_answer(const struct request *rq, enum result r)
{
    return rq->private->answered && r != E_BUSY && r != E_IO;
}

/* A replica may give up in the middle: it is restarted, or its log wants a row away that is being read. Then the primary is asked. */
static bool from_the_primary(struct request *rq, enum result r)
{
    struct request_private *pr = rq->private;

    if ((r != E_BUSY && r != E_IO) || !pr->read || !db_is_replica(pr->read))
        return false;
    read_close(rq);
    answer_reset(rq);
    pr->n_errors = rq->form.n_errors = pr->n_errors_parsed;
    pr->refused = OK;
    pr->primary = true;
    return read_open(rq) == OK;
}

static enum result read_once(struct request *rq)
{
    struct request_private *pr = rq->private;
    enum result r = read_open(rq);

    if (r == OK)
        r = admit(rq);
    if (r != OK || pr->n_errors)
        return r != OK ? answer_elsewhere(rq, r) : E_INVALID;
    return run_handle(rq);
}

static enum next stage_read(struct request *rq)
{
    struct request_private *pr = rq->private;
    enum result r = read_once(rq);

    if (from_the_primary(rq, r))
        r = read_once(rq);
    if (r != OK && own_answer(rq, r)) {
        if (rq->x->status < 300 && !pr->status)
            rq->x->status = status_of(r);
        return NEXT_ANSWER;
    }
    if (r != OK)
        answer_result(rq, r);
    return NEXT_ANSWER;
}

/* ---- the slow pool ------------------------------------------------------------------------------------------------------ */

static enum result slow_once(struct request *rq)
{
    struct request_private *pr = rq->private;
    enum result r = read_open(rq);

    if (r == OK)
        r = admit(rq);
    if (r == OK && rq->route->before) {
        r = rq->route->before(rq);
        if (r == OK && pr->refused != OK)
            r = pr->refused;
        if (r == OK && pr->n_errors)
            r = E_INVALID;
    }
    return r == OK && !(rq->route->flags & ROUTE_WRITE) ? run_handle(rq) : r;
}

static enum next stage_slow(struct request *rq)
{
    enum result r = slow_once(rq);

    if (from_the_primary(rq, r))
        r = slow_once(rq);
    if (rq->route->flags & ROUTE_WRITE ? r == OK : r != OK && own_answer(rq, r))
        return r == OK ? NEXT_WRITE : NEXT_ANSWER;
    if (r != OK)
        answer_result(rq, r);
    return NEXT_ANSWER;
}

static void slow_run(void *arg)
{
    struct request *rq = arg;

    drive(rq, step(rq, stage_slow));
}

/* ---- the writer ------------------------------------------------------------------------------------------------------------ */

/* In the transaction. May run twice when the database asks for it: everything that a first run has left is forgotten. */
static enum result write_run(struct db *db, void *arg)
{
    struct request *rq = arg;
    struct request_private *pr = rq->private;
    bool replayed = false;

    attempt_begin(rq);
    rq->db = db;
    pr->n_errors = rq->form.n_errors = 0;
    pr->refused = OK;
    enum result r = admit(rq);
    /* A write may take away what it was about: a draft that has been sent. Its second press gets the first one's answer. */
    if (r == E_NOT_FOUND && pr->has_key && rq->person && keep_replay(rq) == OK)
        return pr->outcome = OK;
    if (r != OK)
        return pr->outcome = r;
    if (pr->has_key) {
        r = keep_claim(rq, &replayed);
        if (r == E_INVALID)
            return pr->outcome = request_refuse(rq, E_INVALID, T_app_key_reused);
        if (r != OK || replayed)
            return pr->outcome = r;
    }
    if (!still_the_same(rq))
        return pr->outcome = E_CHANGED;
    r = rq->route->handle(rq);
    if (r == OK && !pr->answered && !pr->n_errors && pr->refused == OK) {
        log_error("request.no_answer", LOG_STR("id", rq->id), LOG_CSTR("route", rq->route->name));
        r = E_IO;
    }
    if (r == OK && pr->has_key) {
        bool refusal = pr->n_errors || pr->refused != OK;
        enum result k = refusal ? keep_forget(rq) : keep_store(rq);
        if (k != OK)
            r = k;
    }
    return pr->outcome = r;
}

/* On the thread that commits or the one that syncs, when it is on the disk: short. */
static enum next stage_written(struct request *rq)
{
    struct request_private *pr = rq->private;

    rq->db = NULL;
    if (pr->outcome == OK && !pr->n_errors && pr->refused == OK) {
        if (pr->replayed)
            atomic_fetch_add(&rq->app->replayed, 1);
        position_write(rq, pr->job.position);
        return NEXT_ANSWER;
    }
    if (pr->outcome != OK && own_answer(rq, pr->outcome)) {
        if (rq->x->status < 300 && !pr->status)
            rq->x->status = status_of(pr->outcome);
        return NEXT_ANSWER;
    }
    if (pr->outcome == E_BUSY || pr->outcome == E_IO) {
        log_failure(rq, pr->outcome, status_of(pr->outcome));
        answer_status(rq, status_of(pr->outcome));
        return NEXT_ANSWER;
    }
    if (pr->outcome == E_DENIED && !rq->person && pr->refused == OK) {
        answer_reset(rq);
        answer_sign_in(rq);
        return NEXT_ANSWER;
    }
    return NEXT_AFTER;
}

static void write_done(void *arg, enum result result)
{
    struct request *rq = arg;
    struct request_private *pr = rq->private;

    rq->db = NULL;
    /* The commit failed, or memory was out: whatever the handler has said is not true. */
    if (result != pr->outcome || !pr->before) {
        pr->outcome = result == OK ? E_IO : result;
        pr->answered = false;
        pr->n_errors = rq->form.n_errors = 0;
        pr->refused = OK;
    }
    drive(rq, step(rq, stage_written));
}

/* ---- after a write that was refused ------------------------------------------------------------------------------------------ */

static enum next stage_after(struct request *rq)
{
    struct request_private *pr = rq->private;
    enum result r = pr->outcome;

    if (read_open(rq) != OK) {
        answer_status(rq, 503);
        return NEXT_ANSWER;
    }
    if (r == OK)
        r = pr->refused != OK ? pr->refused : E_INVALID;
    /* The world as it is now, without what was undone. A subject that is gone is no reason to hide the first answer. */
    (void)admit(rq);
    answer_result(rq, r);
    return NEXT_ANSWER;
}

static void after_run(void *arg)
{
    struct request *rq = arg;

    drive(rq, step(rq, stage_after));
}

/* ---- from one thread to the next ---------------------------------------------------------------------------------------------- */

static enum next stage_busy(struct request *rq)
{
    answer_status(rq, 503);
    return NEXT_ANSWER;
}

static void go_to_sleep(struct request *rq)
{
    if (!rq->private->suspended) {
        rq->private->suspended = true;
        http_suspend(rq->x);
    }
}

/* What its reads have seen is on the disk, or the disk has failed. */
static void seen_settled(void *arg, bool kept)
{
    struct request *rq = arg;

    if (!kept)
        step(rq, stage_busy);
    http_resume(rq->x);
}

/* True: it is answered by seen_settled(). */
static bool wait_for_disk(struct request *rq)
{
    struct request_private *pr = rq->private;
    struct database *d = app_database(rq->app);

    if (db_settled(d, pr->seen))
        return false;
    go_to_sleep(rq);
    pr->settle = (struct db_settle){.settled = seen_settled, .arg = rq};
    return db_when_settled(d, pr->seen, &pr->settle);
}

/* Must be the last thing that a thread does with a request: another one has it from here on. */
static void drive(struct request *rq, enum next next)
{
    struct request_private *pr = rq->private;
    struct app *app = rq->app;

    switch (next) {
    case NEXT_WRITE:
        go_to_sleep(rq);
        pr->job = (struct db_job){.run = write_run, .done = write_done, .arg = rq, .arena = rq->arena};
        if (db_write(app_database(app), &pr->job) == OK)
            return;
        atomic_fetch_add(&app->writer_refused, 1);
        break;
    case NEXT_SLOW:
        go_to_sleep(rq);
        pr->task = (struct task){.run = slow_run, .arg = rq};
        if (pool_put(app->slow, &pr->task))
            return;
        atomic_fetch_add(&app->slow_refused, 1);
        break;
    case NEXT_AFTER:
        go_to_sleep(rq);
        pr->task = (struct task){.run = after_run, .arg = rq};
        if (pool_put(app->after, &pr->task))
            return;
        break;
    case NEXT_ANSWER:
        if (!wait_for_disk(rq) && pr->suspended)
            http_resume(rq->x);
        return;
    }
    step(rq, stage_busy);
    http_resume(rq->x);
}

/* ---- arrival -------------------------------------------------------------------------------------------------------------------- */

static enum next too_often(struct request *rq, int wait)
{
    atomic_fetch_add(&rq->app->limited, 1);
    rq->private->limit_wait = wait;
    log_failure(rq, E_LIMITED, 429);
    answer_status(rq, 429);
    return NEXT_ANSWER;
}

static enum rate_class class_of(const struct request *rq)
{
    if (!rq->route)
        return RATE_DEFAULT;
    if (rq->route->rate != RATE_DEFAULT)
        return rq->route->rate;
    return is_unsafe(rq->x->method) ? RATE_WRITE : RATE_READ;
}

static enum next answer_broken(struct request *rq)
{
    const struct input *in = &rq->private->input;

    log_failure(rq, E_INVALID, in->status);
    answer_error(rq, in->status, words_of_status(in->status)->title, in->why);
    return NEXT_ANSWER;
}

/* Everything about a body that is wrong before its fields are looked at; then the key. NEXT_WRITE: go on. */
static enum next check_unsafe(struct request *rq)
{
    struct request_private *pr = rq->private;
    const struct route *route = rq->route;

    if (pr->input.broken)
        return answer_broken(rq);
    if (!is_unsafe(rq->x->method))
        return NEXT_WRITE;
    if (!(route->flags & ROUTE_NO_CSRF) && !forgery_check(rq)) {
        atomic_fetch_add(&rq->app->csrf_refused, 1);
        log_info("request.forgery", LOG_STR("id", rq->id), LOG_CSTR("route", route->name));
        answer_error(rq, 403, T_app_csrf_title, T_app_csrf_text);
        return NEXT_ANSWER;
    }
    if (!(route->flags & ROUTE_WRITE) || (route->flags & (ROUTE_NO_KEY | ROUTE_NO_CSRF)))
        return NEXT_WRITE;
    struct str key = http_header(rq->x, STR("Idempotency-Key"));
    if (!key.len)
        key = pr->input.key;
    if (key.len > 255) {
        answer_error(rq, 400, T_app_bad_request_title, T_app_bad_request_text);
        return NEXT_ANSWER;
    }
    if (key.len)
        keep_prepare(rq, key);
    else if (pr->input.is_form) { /* {{csrf}} puts it into every form: without one the page was cut */
        answer_error(rq, 400, T_app_bad_request_title, T_app_key_missing);
        return NEXT_ANSWER;
    }
    return NEXT_WRITE;
}

static bool has_file(const struct request *rq)
{
    const struct input *in = &rq->private->input;

    for (size_t i = 0; i < in->n; i++)
        if (in->field[i].is_file)
            return true;
    return false;
}

static enum next stage_arrive(struct request *rq)
{
    struct request_private *pr = rq->private;
    struct app *app = rq->app;

    if (!rq->route && str_starts(rq->x->path, STR("/assets/")) && !is_unsafe(rq->x->method)) {
        pr->route_index = app->n_routes + 1;
        if (asset_answer(rq) != OK)
            answer_bare(rq, 404, T_app_not_found_title, T_app_not_found_text);
        return NEXT_ANSWER;
    }
    int64_t clock = time_monotonic();
    int wait = limit_peer(app->limits, class_of(rq), rq->x->peer, clock);

    if (wait)
        return too_often(rq, wait);
    if (rq->route && (rq->route->flags & ROUTE_BARE)) {
        enum result r = rq->route->handle(rq);
        if (r != OK)
            answer_status(rq, status_of(r));
        return NEXT_ANSWER;
    }
    session_cookie_read(rq);
    position_read(rq);
    flash_read(rq);
    if (pr->has_token) {
        enum result r = read_open(rq);
        if (r == OK)
            r = session_load(rq);
        if (from_the_primary(rq, r))
            r = session_load(rq);
        if (r != OK) {
            log_failure(rq, r, status_of(r));
            answer_status(rq, status_of(r));
            return NEXT_ANSWER;
        }
    }
    if (rq->person) {
        wait = limit_person(app->limits, class_of(rq), rq->person, clock);
        if (wait)
            return too_often(rq, wait);
    }
    if (!rq->route) {
        arrive_nowhere(rq);
        return NEXT_ANSWER;
    }

    for (size_t i = 0; i < pr->match.n_id; i++)
        rq->path_id[i] = pr->match.id[i];
    for (size_t i = 0; i < pr->match.n_word; i++)
        rq->path_word[i] = pr->match.word[i];
    rq->n_path = pr->match.n_id;

    input_read(rq);
    if (check_unsafe(rq) == NEXT_ANSWER)
        return NEXT_ANSWER;
    params_parse(rq, false);
    if (pr->input.broken) /* the same field twice */
        return answer_broken(rq);
    pr->n_errors_parsed = pr->n_errors;
    if (pr->n_errors)
        return stage_read(rq); /* after access: who may not, learns nothing about the fields */
    if (rq->route->before && (rq->route->flags & ROUTE_UPLOAD) && !has_file(rq))
        return stage_slow(rq); /* nothing that takes long has come: no thread has to be woken for it */
    if (rq->route->before || (rq->route->flags & ROUTE_SLOW))
        return NEXT_SLOW;
    return rq->route->flags & ROUTE_WRITE ? NEXT_WRITE : stage_read(rq);
}

static struct str request_id(struct arena *a)
{
    return str_printf(a, "%016" PRIx64, (uint64_t)id_new());
}

void app_handle(void *ctx, struct http_exchange *x)
{
    struct app *app = ctx;
    struct request *rq = arena_new(x->arena, struct request);
    struct request_private *pr = arena_new(x->arena, struct request_private);

    x->user = rq;
    *rq = (struct request){.app = app, .arena = x->arena, .x = x, .now = time_now(), .private = pr};
    pr->x = x;
    atomic_fetch_add(&app->in_flight, 1);
    rq->id = request_id(x->arena);
    rq->wants_json = arrive_prefers_json(x);
    rq->lang = arrive_lang(x);
    router_match(app->router, x->method, x->path, &pr->match);
    rq->route = pr->match.route;
    pr->route_index = rq->route ? pr->match.index : app->n_routes;
    drive(rq, step(rq, stage_arrive));
}

void app_finished(void *ctx, struct http_exchange *x)
{
    struct app *app = ctx;
    struct request *rq = x->user;

    if (!rq)
        return;
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    int64_t us = (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000 - x->started;
    metrics_count(&app->stats[rq->private->route_index], x->status, us);
    atomic_fetch_sub(&app->in_flight, 1);
    if (rq->route && (rq->route->flags & ROUTE_WRITE))
        log_info("request", LOG_STR("id", rq->id), LOG_CSTR("route", rq->route->name), LOG_INT("status", x->status),
                 LOG_INT("us", us));
    else
        log_debug("request", LOG_STR("id", rq->id), LOG_CSTR("route", rq->route ? rq->route->name : "-"),
                  LOG_INT("status", x->status), LOG_INT("us", us));
}

size_t app_body_limit(void *ctx, enum http_method method, struct str path)
{
    struct app *app = ctx;
    struct route_match m;

    router_match(app->router, method, path, &m);
    if (!m.route) /* so that a wrong address is told as such */
        return 64 * 1024;
    if (!is_unsafe(method))
        return 0;
    if (m.route->max_body)
        return m.route->max_body;
    return m.route->flags & ROUTE_UPLOAD ? (size_t)48 << 20 : 64 * 1024;
}
