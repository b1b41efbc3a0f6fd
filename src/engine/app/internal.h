/* internal.h: what the files of this room share. Nobody else includes it. */
#ifndef LILONG_APP_INTERNAL_H
#define LILONG_APP_INTERNAL_H

#include <pthread.h>
#include <setjmp.h>
#include <stdatomic.h>

#include "engine/app/app.h"
#include "engine/app/session.h"
#include "engine/base/time.h"

enum {
    SESSION_TOKEN_LEN = 43,   /* 32 random bytes, base64url */
    SEGMENTS_MAX = 12,
    ERRORS_MAX = 32,
    NEED_OPEN = -1,           /* built-in routes that anybody may ask */
};

/* Built-in routes only: no session, no database; handle runs at once on the I/O thread. */
#define ROUTE_BARE (1u << 30)

/* ---- settings (settings.c) ---------------------------------------------------------------------------- */

struct app_settings {
    int64_t resident_idle_ms, resident_max_ms, staff_idle_ms, staff_max_ms;
    double rate_scale;        /* 0: no limits (the bench) */
    bool metrics_public, gzip, hsts;
    unsigned slow_threads;
    size_t slow_queue;
    unsigned threads, connections_max, connections_per_peer, header_ms, body_ms;
    size_t arena_max, bodies_max;
    const char *const *proxies; size_t n_proxies;
};
void app_settings_read(struct app_settings *s, const struct config *config, struct arena *a); /* config NULL: defaults */

/* ---- router (router.c) --------------------------------------------------------------------------------- */

struct router;
struct route_match {
    const struct route *route;   /* NULL: none */
    size_t index;                /* of route, among all */
    unsigned methods;            /* bit set of what the path allows; 0: no such path */
    int64_t id[6]; size_t n_id;
    struct str word[6]; size_t n_word;
    int64_t place;               /* the number of {place}; 0: none */
};
/* E_INVALID with ret_why in the arena when a route is wrong. */
enum result router_open(const struct route *const *routes, size_t n, const struct app_policy *policy, struct arena *a,
                        struct router **ret_router, struct str *ret_why) MUST_USE;
void router_match(const struct router *router, enum http_method method, struct str path, struct route_match *ret);
const char *method_name(enum http_method m);

/* ---- pools of threads (pool.c) ---------------------------------------------------------------------------- */

struct task { void (*run)(void *arg); void *arg; struct task *next; };
struct pool;
enum result pool_open(unsigned threads, size_t queue_max, struct pool **ret_pool) MUST_USE; /* queue_max 0: no bound */
bool pool_put(struct pool *pool, struct task *task);   /* false at once when the queue is full */
size_t pool_waiting(struct pool *pool);
void pool_close(struct pool *pool);                    /* finishes what waits */

/* ---- limits (limit.c) ---------------------------------------------------------------------------------------- */

struct limits;
enum result limits_open(double scale, struct limits **ret_limits) MUST_USE;
void limits_close(struct limits *l);
/* Takes one token. Returns 0, or the seconds to wait. `now` in ms of the monotonic clock. */
int limit_peer(struct limits *l, enum rate_class class, struct str peer, int64_t now);
int limit_person(struct limits *l, enum rate_class class, int64_t person, int64_t now);

/* What a process tells the others on the same database, and what it hears (share.c). */
enum { LIMIT_SECRET = 16, LIMIT_DUE_MAX = 1024 };
struct limit_due {
    uint64_t key;
    double taken;                /* since the last time */
    double cost_us;              /* how long one token takes to come back */
    int64_t full_at;             /* answered: when all of it will have come back; µs, UTC */
};
void limits_use_secret(struct limits *l, const unsigned char secret[LIMIT_SECRET]); /* forgets all: the keys are others */
void limits_use_processes(struct limits *l, int64_t processes, int64_t now);      /* now as above; holds for some seconds */
size_t limits_collect(struct limits *l, struct limit_due ret[LIMIT_DUE_MAX], int64_t now); /* in the order of the keys */
/* answered false: the others did not hear of it; it is told again. now_us: µs, UTC. */
void limits_settle(struct limits *l, const struct limit_due *due, size_t n, bool answered, int64_t now, int64_t now_us);
enum result limits_exchange(struct app *app, bool *ret_needless) MUST_USE;
void share_start(struct app *app);
void share_stop(struct app *app);

/* ---- metrics (metrics.c) --------------------------------------------------------------------------------------- */

enum { METRIC_BUCKETS = 12 };
struct route_stats {
    _Atomic int64_t answers[6];  /* by the first digit of the status; 0: the client went away */
    _Atomic int64_t bucket[METRIC_BUCKETS + 1];
    _Atomic int64_t us_total;
};
void metrics_count(struct route_stats *s, int status, int64_t us);
struct str metrics_text(struct app *app, struct arena *a);
const char *app_version(void);

/* ---- the application ---------------------------------------------------------------------------------------------- */

struct scheduled {
    const struct job_kind *kind;
    int64_t look_at;               /* when this process asks for the lease next */
    _Atomic int64_t runs, failures, last_ms;
};

struct app {
    struct app_options o;
    struct app_settings settings;
    struct arena *arena;
    const struct route **route; size_t n_routes;   /* built-in ones first */
    struct router *router;
    struct route_stats *stats;                     /* n_routes + 2: unknown paths, assets */
    struct limits *limits;
    struct pool *slow, *after;
    struct http_server *server;
    struct scheduled *jobs; size_t n_jobs;
    pthread_t job_thread; bool job_thread_runs;
    pthread_mutex_t job_lock; pthread_cond_t job_wake;
    pthread_t lease_thread; bool lease_thread_runs;
    pthread_t share_thread; bool share_thread_runs;
    int64_t share_seen_at, share_purged_at; bool share_knows;
    const char *job_now;                           /* what this process runs; guarded by job_lock */
    int64_t holder;
    _Atomic bool stopping, draining;
    _Atomic int64_t in_flight;
    _Atomic int64_t limited, csrf_refused, out_of_memory, slow_refused, writer_refused, replayed;
    int64_t started, build;                        /* ms; a number that changes with the binary */
    struct { int status; struct str page; } refusal[4];
    struct str busy_page[LANG_COUNT], busy_json;   /* ready made: given when there is no memory to make them */
    struct str openapi;
};

enum result asset_answer(struct request *rq) MUST_USE;  /* of /assets/...; E_NOT_FOUND */
extern const struct module engine_module;          /* builtin.c: /healthz and the like, and the pipeline's own jobs */

/* ---- a request's private part --------------------------------------------------------------------------------------- */

struct param_value {
    bool given;
    struct str text;
    int64_t number;
    double real;
    const int64_t *list; size_t n_list;
    const struct form_field *file; size_t n_files;
};

struct input {                                     /* what came in, before the table has looked at it */
    struct form_field *field; size_t n;            /* query, then body; a JSON array gives several of one name */
    bool is_json, is_form;
    struct str csrf, key, version, sure;           /* _csrf, _key, _version, _sure, taken out */
    bool broken; enum text why;                    /* the body itself could not be read */
    int status;                                    /* 413, 415 or 400 for a broken body, 400 for a field that came twice */
};

struct attempt { /* what a run in the writer may change of a request, as it was before the first one: the second begins from it */
    struct request rq;
    struct str token;
    bool has_token, new_token, staff;
    unsigned char token_hash[32];
    int64_t row;
};

struct request_private {
    struct http_exchange *x;
    size_t route_index;
    struct route_match match;
    struct input input;
    struct param_value *value;                     /* by the route's table */
    struct form_error *error; size_t n_errors;
    size_t n_errors_parsed;                        /* of them those that the table found */
    struct form_value *typed; size_t n_typed, room_typed;
    struct form_value *current;                    /* what stands in the fields now, when somebody else has edited them */
    bool keep_typed;                               /* the form was submitted: defaults do not apply */

    struct str token;                              /* of the cookie, or the new one */
    bool has_token, new_token;
    unsigned char token_hash[32];
    int64_t row;                                   /* the session's row, a guest's too; 0: none */
    bool staff;
    bool flash_seen;                               /* the flash cookie is to be taken away */
    bool session_cookie_set;

    struct db *read;                               /* an open snapshot */
    int64_t seen;                                  /* by its reads: not to be told before it is on the disk */
    struct db_settle settle;
    int64_t position;                              /* where the browser's own last write stands; 0: none */
    bool primary;                                  /* no replica is asked any more */
    bool suspended;
    struct db_job job;
    struct task task;
    enum result outcome;                           /* of the handler */
    enum result refused; enum text refusal;
    bool answered, replayed, admitted;
    int status;                                    /* asked for by respond_status */
    int limit_wait;

    struct attempt *before;                        /* what was there before the first run in the writer; NULL: there was none yet */

    bool has_key;
    unsigned char key[16], body_hash[32];
    struct str location, type;                     /* of the answer, to be kept */
    enum text flash_out;
    size_t headers_mark;                           /* of the exchange, before any handler ran */
    bool in_error;                                 /* an error page is being made: no second try */
};

/* ---- pipeline.c -------------------------------------------------------------------------------------------------------- */

void app_handle(void *ctx, struct http_exchange *x);
void app_finished(void *ctx, struct http_exchange *x);
size_t app_body_limit(void *ctx, enum http_method method, struct str path);
bool is_unsafe(enum http_method m);
void answer_status(struct request *rq, int status); /* an error page, or a problem as JSON, with the usual words of this status */

/* ---- arrive.c ------------------------------------------------------------------------------------------------------------ */

bool arrive_prefers_json(const struct http_exchange *x);
enum lang arrive_lang(const struct http_exchange *x);
void arrive_nowhere(struct request *rq);            /* another method, an address typed with a slash too many, or 404 */

/* ---- params.c ----------------------------------------------------------------------------------------------------------- */

void input_read(struct request *rq);               /* fills pr->input; never fails: `broken` says so */
void params_parse(struct request *rq, bool lenient); /* fills pr->value by rq->route's table, errors into the form */
void input_hash(const struct request *rq, unsigned char ret[32]);

/* ---- forgery.c ------------------------------------------------------------------------------------------------------------- */

/* The request comes from a page of ours: Sec-Fetch-Site and Origin against Host, and the token that only our page knows. */
bool forgery_check(const struct request *rq);
struct str forgery_token(struct request *rq);       /* masked anew each time */

/* ---- session.c --------------------------------------------------------------------------------------------------------------- */

/* Before each run of a write. Before a second one: a session that a run has begun or ended, a number of the path that it has put in the place of another, an
 * answer that it has made: none of it has happened. */
void attempt_begin(struct request *rq);

void session_cookie_read(struct request *rq);       /* token and its hash; no database */
enum result session_load(struct request *rq) MUST_USE; /* rq->session, rq->person by the token; a guest stays one */
void session_ensure_token(struct request *rq);      /* makes a guest's token when there is none */
void session_cookie_write(struct request *rq, bool lasting);
void session_seen(struct request *rq);              /* refreshes seen_at when five minutes old */
/* Where a browser's last write stands in the database's log, in a cookie: a replica that is not so far does not answer it. */
void position_read(struct request *rq);
void position_write(struct request *rq, int64_t position);
void flash_read(struct request *rq);
void flash_write(struct request *rq, enum text flash);
enum result session_purge_run(struct app *app, struct arena *a);

/* ---- keep.c: idempotency -------------------------------------------------------------------------------------------------------- */

void keep_prepare(struct request *rq, struct str key);
/* In the writer's transaction. ret_replayed: the stored answer has been given. E_INVALID: another body under this key. */
enum result keep_claim(struct request *rq, bool *ret_replayed) MUST_USE;
/* Only looks: the answer that is kept for the key of the request. E_NOT_FOUND: none; E_INVALID: of another body. */
enum result keep_replay(struct request *rq) MUST_USE;
enum result keep_store(struct request *rq) MUST_USE;
enum result keep_forget(struct request *rq) MUST_USE;
enum result keep_purge_run(struct app *app, struct arena *a);

/* ---- answer.c -------------------------------------------------------------------------------------------------------------------- */

struct words { int status; enum text title, text; const char *slug; };
const struct words *words_of_status(int status);
int status_of(enum result r);
void answer_reset(struct request *rq);              /* forgets what a handler has set */
void answer_problem(struct request *rq, int status, enum text title, enum text message); /* JSON */
void answer_bare(struct request *rq, int status, enum text title, enum text message);    /* HTML or JSON without the database */
void answer_head(struct html *h, enum lang lang, enum text title); /* up to an open <main> */
void answer_finish(struct request *rq);             /* headers that every answer has */
void answer_no_memory(struct request *rq);          /* nothing is allocated here */
void answer_sign_in(struct request *rq);
/* A read was refused: OK when it is answered all the same, because what it was about has gone elsewhere. */
enum result answer_elsewhere(struct request *rq, enum result refused);
void add_header(struct request *rq, struct str name, struct str value);

/* ---- jobs.c ------------------------------------------------------------------------------------------------------------------------ */

enum result jobs_open(struct app *app) MUST_USE;
void jobs_start(struct app *app);
void jobs_stop(struct app *app);
size_t jobs_run(struct app *app, bool force);       /* what is due, in this thread; `force`: everything now */

#endif
