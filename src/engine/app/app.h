/* app.h: the pipeline between HTTP and the modules: routes, sessions, limits, CSRF, access, idempotency, answers.
 *
 * The engine knows nothing of governance: who a person is and what they may do comes from the civic floor through
 * struct app_policy. A module gives the pipeline a table of routes; the pipeline does everything that is the same for all. */
#ifndef LILONG_APP_H
#define LILONG_APP_H

#include <stdio.h>

#include "engine/db/db.h"
#include "engine/http/http.h"
#include "engine/page/page.h"

struct app;
struct request;

/* ---- routes ------------------------------------------------------------------------------------------- */

enum param_kind {
    PARAM_NONE = 0,
    PARAM_TEXT,   /* one line: trimmed, no line breaks; min..max code points; blank = not given */
    PARAM_LINES,  /* several lines */
    PARAM_INT,    /* min..max */
    PARAM_ID,     /* positive id */
    PARAM_BOOL,   /* "1"/"on"/"true" or absent */
    PARAM_CHOICE, /* one of the comma-separated words in `choices`; the value is its index */
    PARAM_DATE,   /* 2026-02-17 -> day number */
    PARAM_TIME,   /* RFC 3339 or datetime-local -> ms */
    PARAM_REAL,   /* decimal, min..max scaled as is */
    PARAM_LIST,   /* repeated ids: param_list() */
    PARAM_FILE,   /* uploaded files: param_files(); max = how many, max_bytes each */
};

struct param {
    const char *name;
    enum param_kind kind;
    bool required;
    bool secret;          /* never logged, never given back into a form */
    int64_t min, max;     /* 0,0: kind's own limits (TEXT 200, LINES 5000) */
    const char *choices;
    size_t max_bytes;
    const char *doc;      /* one English line for OpenAPI */
};

/* Paths: "/p/{place}/report/{id}". A segment {name} is a number (1 or more), {name:word} is [A-Za-z0-9_-]{1,64}. */

/* What the pipeline loads from the path before the handler runs: {name} segments in order. */
struct subject_kind {
    const char *name;     /* "report" */
    /* Loads by the numbers in the path (place code first where the path has one); puts a pointer into rq->subject and the place
     * into rq->place. E_NOT_FOUND becomes 404. Runs inside the transaction of the request. */
    enum result (*load)(struct request *rq);
};

enum route_flag {
    ROUTE_WRITE = 1,       /* runs on the writer, in a transaction; needs CSRF for browsers; OK commits, anything else undoes */
    ROUTE_NO_CSRF = 2,     /* webhooks with their own signature; without parameters they read rq->x->body themselves */
    ROUTE_SLOW = 4,        /* a read whose handle itself runs on the bounded slow pool (PDF, export), not on an I/O thread */
    ROUTE_UPLOAD = 8,      /* multipart allowed, larger body */
    ROUTE_NO_KEY = 16,     /* a write that needs no idempotency key (sign-in) */
    ROUTE_DEMO = 32,       /* exists in the demo world only */
    ROUTE_PERSONAL = 64,   /* Cache-Control: no-store */
};

enum rate_class { RATE_DEFAULT, RATE_READ, RATE_WRITE, RATE_SIGN_IN, RATE_SMS, RATE_UPLOAD, RATE_EXPORT };

struct route {
    enum http_method method;
    const char *path;                 /* "/p/{place}/report/{id}" */
    const char *name;                 /* "report.show" */
    enum result (*handle)(struct request *rq);
    /* Work that is too slow for an I/O thread and must not run in the writer (Argon2id, photos, PDF): runs first, on the bounded
     * slow pool, with rq->db a read snapshot. What it leaves in rq->prepared is there in handle. Not OK: handle does not run.
     * When the pool's queue is full: 503 with Retry-After at once. May be NULL. */
    enum result (*before)(struct request *rq);
    const struct subject_kind *subject;
    int need;                         /* a capability; 0 = unset stops the start */
    const struct param *params; size_t n_params;
    unsigned flags;
    enum rate_class rate;
    size_t max_body;                  /* 0: 64 KiB (ROUTE_UPLOAD: 48 MiB) */
    enum result (*again)(struct request *rq); /* GET handler that shows the form once more when a browser's input was wrong */
    /* What of the loaded subject can be edited, as words of any form: the pipeline makes the ETag of a GET and the version in its forms of
     * it. A write with it is refused (412, or the form once more with the newer text) when If-Match or the form's version is another. */
    struct str (*version)(struct request *rq);
    const struct view_info *view;     /* what it answers with; for OpenAPI */
    const struct view_info *const *views; /* instead, where an address has several faces: all of them, then NULL */
    const char *doc;                  /* one English line for OpenAPI and `lilong routes` */
};

struct job_kind {                     /* scheduled work; one process of many runs it at a time */
    const char *name;
    int64_t every_ms;
    enum result (*run)(struct app *app, struct arena *a); /* opens its own reads and writes */
    bool each;                        /* every process for itself: what brings something into its memory */
};

struct module {
    const char *name;
    const struct route *routes; size_t n_routes;
    const struct job_kind *jobs; size_t n_jobs;
    enum result (*start)(struct app *app);  /* may be NULL */
};

/* ---- a request ---------------------------------------------------------------------------------------- */

struct request {
    struct app *app;
    struct arena *arena;
    struct db *db;                    /* the transaction: a snapshot, or the writer's for ROUTE_WRITE */
    struct http_exchange *x;
    const struct route *route;
    int64_t now;                      /* ms; the same during the whole request */
    enum lang lang;
    bool wants_json;
    struct str id;                    /* request id for logs and error pages */

    int64_t path_id[6]; size_t n_path; /* the {…} segments, as numbers; words in path_word */
    struct str path_word[6];

    int64_t session;                  /* 0: a guest */
    int64_t person;                   /* 0: a guest */
    void *viewer;                     /* the policy's: struct viewer of civic/person */
    int64_t place;                    /* code of the place that the subject belongs to; 0: none */
    void *subject;                    /* what subject_kind.load left */
    void *prepared;                   /* what route.before left */

    struct form_state form;           /* what was typed, what was wrong */
    enum text flash;                  /* the message of the page before ("Saved."), for the frame; T_none mostly */
    struct request_private *private;
};

/* Parameters by their index in the route's table; typed and validated before the handler runs. */
bool param_given(const struct request *rq, size_t i);
struct str param_text(const struct request *rq, size_t i);
int64_t param_int(const struct request *rq, size_t i);   /* INT, ID, BOOL, CHOICE, DATE, TIME */
double param_real(const struct request *rq, size_t i);
size_t param_list(const struct request *rq, size_t i, const int64_t **ret_ids);
size_t param_files(const struct request *rq, size_t i, const struct form_field **ret_files);

/* A rule found a field wrong: `return request_invalid(rq, "room", T_join_room_unknown);` -> the form again with 422, or
 * problem+json that names the field. Several may be collected with request_error() before returning E_INVALID. */
enum result request_invalid(struct request *rq, const char *field, enum text message);
void request_error(struct request *rq, const char *field, enum text message);
/* The same where the words are made for this case: message is what programs know it by, words what is read. */
enum result request_invalid_words(struct request *rq, const char *field, enum text message, struct str words);
/* A question to whoever sends a form: set rq->form.sure to something that stands for what is asked about and return request_invalid(); the form
 * comes again with it, and when it is sent once more this is it. */
struct str request_sure(const struct request *rq);
/* A refusal with words of its own: `return request_refuse(rq, E_CONFLICT, T_report_already_closed);` */
enum result request_refuse(struct request *rq, enum result r, enum text message);
/* To keep the work of a ROUTE_WRITE (a counter of wrong codes, say) and refuse all the same: call one of these, ignore its
 * result and return OK. The transaction commits, then the browser gets the form again, or the refusal. */

/* The value that {{value name}} shows when nothing has been typed. */
void form_default(struct request *rq, const char *name, struct str value);

/* ---- answers ------------------------------------------------------------------------------------------ */

#define respond_view(rq, NAME, view_ptr) \
    respond_view_((rq), &NAME##_info, (void (*)(struct html *, const void *))NAME##_html, \
                  (void (*)(struct json *, const void *))NAME##_json, (1 ? (view_ptr) : (const struct NAME##_view *)0))
enum result respond_view_(struct request *rq, const struct view_info *info, void (*html)(struct html *, const void *),
                          void (*json)(struct json *, const void *), const void *view);
/* After a write: 303 to `to` for browsers, with a flash message (0: none); JSON gets {"location":…,"id":…} with 200/201. */
enum result respond_see_other(struct request *rq, struct url to, enum text flash);
enum result respond_created(struct request *rq, struct url to, int64_t id, enum text flash);
enum result respond_bytes(struct request *rq, int status, struct str type, struct str bytes); /* files, CSV, PDF, PNG */
/* The same for what is larger than a request's memory: mapped (mmap), unmapped when it has been sent. Once in a request. */
enum result respond_mapped(struct request *rq, int status, struct str type, struct str mapped);
void respond_header(struct request *rq, struct str name, struct str value);
void respond_status(struct request *rq, int status);  /* of the answer that respond_view gives; default 200 */
void respond_language(struct request *rq, enum lang lang); /* the cookie of a browser that has chosen a language */
/* ETag by content version; true when If-None-Match has it: then return OK at once (304 is set). Always false for the HTML of
 * somebody who is signed in: the frame around it (unread count) is no part of the version. */
bool respond_not_modified(struct request *rq, int64_t version);

/* ---- sessions ------------------------------------------------------------------------------------------ */

/* Starts a session for the person (a new token, the old one and its notes end) and sets the cookie. In a ROUTE_WRITE handler
 * with ROUTE_NO_KEY: an answer that carries a cookie is never kept for a repeated submit. */
enum result session_start(struct request *rq, int64_t person, bool staff) MUST_USE;
enum result session_end(struct request *rq) MUST_USE;
bool session_is_staff(const struct request *rq); /* was started as one of staff's: with everything that staff have to prove */
enum result session_end_others(struct db *db, int64_t person, int64_t keep_session) MUST_USE; /* keep 0: all */
/* A small text that follows a guest or a signed-in browser through the steps of a form (joining): server-side, one hour. */
enum result session_note_set(struct request *rq, struct str name, struct str value) MUST_USE;
/* The same for as long as the session: a choice of somebody who is signed in (which post to work as). */
enum result session_note_keep(struct request *rq, struct str name, struct str value) MUST_USE;
struct str session_note(struct request *rq, struct str name);

/* ---- the application ------------------------------------------------------------------------------------ */

/* What the civic floor tells the engine. */
struct app_policy {
    const char *(*capability_name)(int capability);                    /* for `lilong routes`; NULL = no such capability */
    enum result (*load_viewer)(struct request *rq);                     /* rq->person is known: fills rq->viewer, lang */
    bool (*allowed)(struct request *rq, int capability);                /* at rq->place, on rq->subject; guests too */
    void (*ahead)(struct request *rq);                                   /* a read knows its viewer: what each page needs may be asked for ahead; NULL: nothing */
    enum result (*fill_frame)(struct request *rq, const void **ret_frame); /* struct frame_view for layouts */
    /* Shows an error page in the layout: the pipeline has set the status; title and message are chosen by it. */
    enum result (*error_page)(struct request *rq, int status, enum text title, enum text message);
    /* A page below "/p/{place}" is not there, or not for this person: whether its place has gone elsewhere. OK: it has answered. NULL: places stay. */
    enum result (*moved)(struct request *rq);
};

struct app_options {
    const struct config *config;
    struct database *database;
    const struct module *const *modules; size_t n_modules;
    const struct app_policy *policy;
    const char *data_dir;
    const void *services;             /* the civic floor's own: keys, workers; app_services() */
    bool demo;                        /* a demo world: demo routes exist, a banner says so */
};

/* Checks every route (name unique, path unique, need set, subject set where the path has an id) and refuses to start on a mistake. */
enum result app_open(const struct app_options *options, struct arena *a, struct app **ret_app, struct str *ret_why) MUST_USE;
void app_close(struct app *app);
enum result app_listen(struct app *app, const char *address, uint16_t port, int listen_fd, uint16_t *ret_port) MUST_USE;
int app_listen_fd(const struct app *app); /* the socket that it listens on; to be duplicated by who wants to pass it on */
void app_drain(struct app *app);      /* stops accepting, finishes what runs */
void app_start_jobs(struct app *app); /* scheduled work in a thread of its own, until app_close */
size_t app_run_jobs(struct app *app); /* all of it now, in this thread, due or not; returns how many ran. Tests and commands */
struct database *app_database(struct app *app);
const struct config *app_config(const struct app *app);
const char *app_data_dir(const struct app *app);
const void *app_services(const struct app *app);
bool app_is_demo(const struct app *app);
void app_print_routes(const struct app *app, FILE *out);
/* Checks and prints the routes without a database: modules, policy and demo of the options count. */
enum result app_check_routes(const struct app_options *options, struct arena *a, FILE *out, struct str *ret_why) MUST_USE;
struct str app_openapi(struct app *app, struct arena *a);

#endif
