/* test_app.h: the whole application on a free port of the loopback, with a database of its own and a clock that stands still,
 * and browsers that talk to it through real sockets.
 *
 *   static const struct module *const modules[] = {&report_module};
 *   struct test_app *t = test_app_open(&(struct test_app_options){.modules = modules, .n_modules = 1, .policy = &civic_policy});
 *   struct browser *b = test_browser(t);
 *   struct reply r = test_post(b, "/p/310113007011/report", "title=灯坏了&category=light");
 *   assert_int_equal(r.status, 303);
 *   r = test_follow(b, r);
 *   assert_true(reply_has(r, "灯坏了"));
 *   test_app_close(t);
 *
 * Whatever goes wrong in here (no socket, no answer, no JSON) fails the test with a message. All texts live until
 * test_app_close(). */
#ifndef LILONG_TEST_APP_H
#define LILONG_TEST_APP_H

#include "engine/app/app.h"
#include "engine/base/config.h"
#include "support/test_db.h"

struct test_app;

struct test_app_options {
    const struct module *const *modules; size_t n_modules;
    const struct app_policy *policy;
    bool demo;
    int64_t now;                                   /* 0: 2026-03-02 10:00 in Shanghai, a Monday. -1: the clock runs */
    void (*configure)(struct config *c);           /* changes the defaults; NULL: limits are off, all else as shipped */
    size_t queue_max;                              /* of the writer; 0: as shipped */
    /* Runs when database, configuration and data folder are there and the application is not yet open: tables handed to
     * rooms, keys, rows that must be there. May set t->services. Not OK fails the test. */
    enum result (*prepare)(struct test_app *t);
    void (*dispose)(struct test_app *t);           /* after the application is closed, before the database is */
};

struct test_app {
    struct test_db db;
    struct config config;
    struct app *app;
    struct arena *arena;
    uint16_t port;
    char data_dir[128];
    struct test_app_options options;
    const void *services;                          /* for app_services() */
};

/* On the engine of LILONG_TEST_ENGINE. */
struct test_app *test_app_open(const struct test_app_options *options);
void test_app_close(struct test_app *t);
/* Only opens and closes the application, without a socket: what app_open said, and why (static storage). */
enum result test_app_refuses(const struct test_app_options *options, struct str *ret_why);
void test_clock(int64_t now);                      /* ms */
void test_clock_add(int64_t ms);

/* A write or a read past HTTP: test_write(t, run, arg) runs it in a transaction and demands OK. */
void test_write(struct test_app *t, enum result (*run)(struct db *db, void *arg), void *arg);
void test_read(struct test_app *t, enum result (*run)(struct db *db, void *arg), void *arg);

/* ---- browsers -------------------------------------------------------------------------------------------- */

/* Keeps cookies as a browser does and says what one says: Sec-Fetch-Site, Origin, Accept. */
struct browser {
    struct test_app *t;
    struct { struct str name, value; } cookie[16]; size_t n_cookies;
    struct str csrf;                               /* fetched before the first form, again when the session changed */
    const char *language;                          /* Accept-Language; NULL: none */
    const char *agent;                             /* User-Agent; NULL: a phone's WeChat */
    unsigned keys;                                 /* idempotency keys given so far */
};
struct browser *test_browser(struct test_app *t);
struct str browser_cookie(const struct browser *b, const char *name); /* {NULL,0} when there is none */
void browser_set_cookie(struct browser *b, const char *name, struct str value);

struct reply {
    int status;
    struct str head;                               /* with the status line */
    struct str body;
    struct str type, location;
};
struct str reply_header(struct reply r, const char *name);
bool reply_has(struct reply r, const char *needle); /* in the body */
int reply_times(struct reply r, const char *needle); /* how often */
/* The text of a member of a JSON answer by a path: "errors.0.field", "id". Numbers and booleans as their text. Fails the test
 * when it is not there. */
struct str reply_json(struct test_app *t, struct reply r, const char *path);
bool reply_json_has(struct test_app *t, struct reply r, const char *path);

/* An address or a form with numbers in it, as printf() writes it. */
const char *test_path(struct test_app *t, const char *format, ...) __attribute__((format(printf, 2, 3)));

struct reply test_get(struct browser *b, const char *path);
struct reply test_get_json(struct browser *b, const char *path);
struct reply test_follow(struct browser *b, struct reply r);     /* to its Location; fails when it has none */

/* A form as a browser sends it: "title=a b&text=c" with blanks and Chinese as they are (only & = % + must be encoded). The
 * CSRF token and a fresh idempotency key are added. */
struct reply test_post(struct browser *b, const char *path, const char *form);
struct reply test_post_json(struct browser *b, const char *path, const char *json);

/* A form with files, as multipart/form-data. Fields come first: pairs of name and value, ending with NULL. */
struct test_file { const char *field, *filename, *type; struct str bytes; };
struct reply test_upload(struct browser *b, const char *path, const char *const *fields, const struct test_file *files,
                         size_t n_files);

/* Everything by hand. What is NULL is left out. */
struct test_request {
    const char *method;                            /* NULL: GET */
    const char *path;
    const char *accept;
    const char *type;                              /* Content-Type */
    struct str body;
    bool no_cookies;
    const char *site;                              /* Sec-Fetch-Site */
    const char *origin;
    const char *host;                              /* NULL: ours */
    struct str csrf;                               /* as X-CSRF-Token */
    const char *key;                               /* as Idempotency-Key */
    const char *more;                              /* further header lines, each with \r\n */
};
struct reply test_send(struct browser *b, const struct test_request *request);
struct str test_csrf(struct browser *b);           /* the token, fetched when needed */

/* Sends the same request from n threads at the same moment; replies in ret, of n. */
void test_send_parallel(struct browser *b, const struct test_request *request, size_t n, struct reply *ret);

/* The same for n people: each of the browsers sends it with cookies and CSRF token of its own at the same moment. */
void test_send_each(struct browser *const *browsers, const struct test_request *request, size_t n, struct reply *ret);

#endif
