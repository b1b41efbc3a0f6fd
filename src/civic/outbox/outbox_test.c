/* outbox_test.c: letters arrive, wait, die and rise again; messages by both drivers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "civic/outbox/outbox.h"
#include "civic/outbox/outbox.sql.h"
#include "civic/outbox/outbox_sms.h"
#include "engine/base/time.h"
#include "support/test_db.h"

static const int64_t noon = 1771300800000; /* 2026-02-17 12:00 */

struct world {
    struct test_db t;
    struct crypto_keys *keys;
    struct arena *own;
    enum outbox_verdict say;
    struct str seen;
    int deliveries;
    struct outbox_kind kind;
};

static enum outbox_verdict deliver(void *ctx, struct arena *a, const struct outbox_letter *letter,
                                   struct str *ret_reason)
{
    struct world *w = ctx;
    (void)a;
    w->deliveries++;
    w->seen = str_dup(w->t.arena, letter->payload);
    *ret_reason = STR("because");
    return w->say;
}

static int setup(void **state)
{
    struct world *w = calloc(1, sizeof(*w));
    test_db_open(&w->t);
    if (crypto_start() != OK)
        return -1;
    w->keys = crypto_keys_for_test();
    w->own = arena_open(8 << 20);
    w->kind = (struct outbox_kind){.name = "test", .tries_max = 3, .first_wait_ms = 1000, .deliver = deliver, .ctx = w};
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    struct world *w = *state;
    crypto_keys_close(w->keys);
    arena_close(w->own);
    test_db_close(&w->t);
    free(w);
    return 0;
}

struct put {
    struct world *w;
    struct str payload;
    int64_t expires_at, id;
};

static enum result put(struct db *db, void *arg)
{
    struct put *p = arg;
    return outbox_put(db, p->w->keys, STR("test"), p->payload, noon, p->expires_at, &p->id);
}

static int64_t add(struct world *w, struct str payload, int64_t expires_at)
{
    struct put p = {w, payload, expires_at, 0};
    assert_int_equal(db_write_wait(w->t.database, w->t.arena, put, &p), OK);
    return p.id;
}

static struct outbox_round round_at(struct world *w, int64_t now)
{
    struct outbox_round round;
    arena_reset(w->own);
    assert_int_equal(outbox_deliver(w->t.database, w->keys, &w->kind, w->own, now, &round), OK);
    return round;
}

static struct outbox_figures figures(struct world *w)
{
    struct db *db;
    struct outbox_figures f = {0};
    assert_int_equal(db_read_begin(w->t.database, w->t.arena, &db), OK);
    assert_int_equal(outbox_figures(db, &f), OK);
    db_read_end(db);
    return f;
}

static void delivers_once(void **state)
{
    struct world *w = *state;
    add(w, STR("hello"), 0);
    assert_int_equal(figures(w).waiting, 1);
    assert_int_equal(figures(w).oldest_at, noon);
    struct outbox_round round = round_at(w, noon);
    assert_int_equal(round.taken, 1);
    assert_int_equal(round.delivered, 1);
    assert_true(str_eq(w->seen, STR("hello")));
    assert_int_equal(round_at(w, noon + TIME_DAY).taken, 0);
    assert_int_equal(w->deliveries, 1);
    assert_int_equal(figures(w).waiting + figures(w).dead, 0);
}

static enum result retry(struct db *db, void *arg)
{
    return outbox_retry(db, *(int64_t *)arg, noon + TIME_HOUR);
}

static enum result forget(struct db *db, void *arg)
{
    return outbox_forget(db, *(int64_t *)arg);
}

static void waits_longer_each_time_then_dies(void **state)
{
    struct world *w = *state;
    int64_t id = add(w, STR("hello"), 0);
    w->say = OUTBOX_AGAIN;
    assert_int_equal(round_at(w, noon).again, 1);
    assert_int_equal(round_at(w, noon + 999).taken, 0);
    assert_int_equal(round_at(w, noon + 1000).again, 1);
    assert_int_equal(round_at(w, noon + 2999).taken, 0);
    assert_int_equal(round_at(w, noon + 3000).dead, 1);
    assert_int_equal(figures(w).dead, 1);
    assert_int_equal(figures(w).waiting, 0);
    assert_int_equal(round_at(w, noon + TIME_DAY).taken, 0);

    struct db *db;
    struct outbox_dead_list list;
    assert_int_equal(db_read_begin(w->t.database, w->t.arena, &db), OK);
    assert_int_equal(outbox_dead(db, 0, 10, &list), OK);
    db_read_end(db);
    assert_int_equal(list.n, 1);
    assert_int_equal(list.letter[0].id, id);
    assert_int_equal(list.letter[0].tries, 3);
    assert_true(str_eq(list.letter[0].reason, STR("because")));

    w->say = OUTBOX_DELIVERED;
    assert_int_equal(db_write_wait(w->t.database, w->t.arena, retry, &id), OK);
    assert_int_equal(db_write_wait(w->t.database, w->t.arena, retry, &id), E_NOT_FOUND);
    assert_int_equal(round_at(w, noon + TIME_HOUR).delivered, 1);
}

static void dies_at_once_when_refused_or_too_old(void **state)
{
    struct world *w = *state;
    int64_t refused = add(w, STR("hello"), 0);
    w->say = OUTBOX_REFUSED;
    assert_int_equal(round_at(w, noon).dead, 1);
    add(w, STR("a code"), noon + 5 * TIME_MINUTE);
    w->say = OUTBOX_DELIVERED;
    assert_int_equal(round_at(w, noon + 5 * TIME_MINUTE).dead, 1);
    assert_int_equal(w->deliveries, 1); /* the old one was not even tried */
    assert_int_equal(figures(w).dead, 2);
    assert_int_equal(db_write_wait(w->t.database, w->t.arena, forget, &refused), OK);
    assert_int_equal(figures(w).dead, 1);
}

struct crash {
    int64_t id, now;
};

/* What the deliverer writes before it delivers; then nothing. */
static enum result claim_and_die(struct db *db, void *arg)
{
    const struct crash *c = arg;
    struct sql_outbox_claim_rows rows;
    enum result r = sql_outbox_claim(db, STR("test"), c->now, c->now + 10 * TIME_MINUTE, 5, &rows);
    assert_int_equal(rows.n, 1);
    assert_int_equal(rows.row[0].id, c->id);
    return r;
}

/* A deliverer that dies in the middle: its letter is nobody's until its time is over, then it comes again. */
static void comes_again_after_a_crash(void **state)
{
    struct world *w = *state;
    int64_t id = add(w, STR("hello"), 0);
    struct crash crash = {id, noon};
    assert_int_equal(db_write_wait(w->t.database, w->t.arena, claim_and_die, &crash), OK);
    assert_int_equal(round_at(w, noon).taken, 0);
    assert_int_equal(round_at(w, noon + 10 * TIME_MINUTE).delivered, 1);
}

static void takes_a_batch_at_a_time(void **state)
{
    struct world *w = *state;
    for (int i = 0; i < OUTBOX_BATCH + 3; i++)
        add(w, STR("hello"), 0);
    assert_int_equal(round_at(w, noon).delivered, OUTBOX_BATCH);
    assert_int_equal(round_at(w, noon).delivered, 3);
}

/* ---- messages ------------------------------------------------------------------------------------------------ */

struct message {
    struct world *w;
    struct sms *sms;
    struct str text;
    enum result want;
};

static enum result put_message(struct db *db, void *arg)
{
    struct message *m = arg;
    return sms_put(db, m->w->keys, m->sms, STR("13800138000"), m->text, STR("123456"), noon, 0);
}

static struct config settings(enum sms_driver driver)
{
    struct config c;
    config_defaults(&c);
    c.sms.driver = driver;
    return c;
}

static void console_is_for_this_machine_only(void **state)
{
    struct world *w = *state;
    struct config c = settings(SMS_CONSOLE);
    struct sms *sms = NULL;
    struct str why;
    c.listen.address = STR("0.0.0.0");
    assert_int_equal(sms_open(&c, stdout, w->t.arena, &sms, &why), E_INVALID);
    assert_true(str_find(why, STR("127.0.0.1")) != SIZE_MAX);
    c.listen.address = STR("127.0.0.1");
    FILE *out = tmpfile();
    assert_int_equal(sms_open(&c, out, w->t.arena, &sms, &why), OK);
    struct message m = {w, sms, STR("您的验证码是 123456，\"5\" 分钟内有效"), OK};
    assert_int_equal(db_write_wait(w->t.database, w->t.arena, put_message, &m), OK);
    w->kind = *sms_kind(sms);
    assert_int_equal(round_at(w, noon).delivered, 1);
    char line[256] = "";
    rewind(out);
    assert_non_null(fgets(line, sizeof(line), out));
    assert_string_equal(line, "SMS 13800138000: 您的验证码是 123456，\"5\" 分钟内有效\n");
    fclose(out);
    sms_close(sms);
}

static void without_a_driver_nothing_is_promised(void **state)
{
    struct world *w = *state;
    struct config c = settings(SMS_NONE);
    struct sms *sms = NULL;
    struct str why;
    assert_int_equal(sms_open(&c, stdout, w->t.arena, &sms, &why), OK);
    struct message m = {w, sms, STR("x"), E_BUSY};
    assert_int_equal(db_write_wait(w->t.database, w->t.arena, put_message, &m), E_BUSY);
    sms_close(sms);
}

/* A gateway that answers each connection once, with the next of its statuses, and keeps what it was sent. */
struct gateway {
    int fd;
    uint16_t port;
    const int *statuses;
    int n;
    char got[4][4096];
    pthread_t thread;
};

static void *gateway_run(void *arg)
{
    struct gateway *g = arg;
    for (int i = 0; i < g->n; i++) {
        int c = accept(g->fd, NULL, NULL);
        size_t len = 0;
        const char *end;
        long body = 0;
        while (len < sizeof(g->got[i]) - 1) {
            ssize_t n = read(c, g->got[i] + len, sizeof(g->got[i]) - 1 - len);
            if (n <= 0)
                break;
            len += (size_t)n;
            const char *at = strstr(g->got[i], "Content-Length: ");
            if (at)
                body = strtol(at + 16, NULL, 10);
            end = strstr(g->got[i], "\r\n\r\n");
            if (end && len >= (size_t)(end + 4 - g->got[i]) + (size_t)body)
                break;
        }
        char answer[128];
        int n = snprintf(answer, sizeof(answer), "HTTP/1.1 %d X\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok",
                         g->statuses[i]);
        if (write(c, answer, (size_t)n) != n)
            break;
        close(c);
    }
    return NULL;
}

static void gateway_start(struct gateway *g, const int *statuses, int n)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(at);
    memset(g, 0, sizeof(*g));
    g->statuses = statuses;
    g->n = n;
    g->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(g->fd, (struct sockaddr *)&at, sizeof(at)), 0);
    assert_int_equal(listen(g->fd, 8), 0);
    assert_int_equal(getsockname(g->fd, (struct sockaddr *)&at, &size), 0);
    g->port = ntohs(at.sin_port);
    assert_int_equal(pthread_create(&g->thread, NULL, gateway_run, g), 0);
}

static void http_asks_the_gateway(void **state)
{
    struct world *w = *state;
    static const int statuses[] = {503, 302, 200};
    struct gateway *g = calloc(1, sizeof(*g));
    gateway_start(g, statuses, 3);
    struct config c = settings(SMS_HTTP);
    c.sms.http_url = str_printf(w->t.arena, "http://127.0.0.1:%u/send", g->port);
    c.sms.http_token = STR("t0ken");
    c.sms.http_body = STR(
        "{\"to\":[\"{mobile}\"],\"args\":{\"code\":\"{code}\"},\"text\":\"{text}\",\"{nonsense}\":1}");
    struct sms *sms = NULL;
    struct str why;
    assert_int_equal(sms_open(&c, stdout, w->t.arena, &sms, &why), OK);
    struct message m = {w, sms, STR("\"quoted\" {code}\n"), OK};
    assert_int_equal(db_write_wait(w->t.database, w->t.arena, put_message, &m), OK);
    w->kind = *sms_kind(sms);
    assert_int_equal(round_at(w, noon).again, 1);
    assert_int_equal(round_at(w, noon + 5000).dead, 1); /* a redirect is not followed */
    assert_int_equal(db_write_wait(w->t.database, w->t.arena, put_message, &m), OK);
    assert_int_equal(round_at(w, noon + 6000).delivered, 1);
    pthread_join(g->thread, NULL);
    const char *got = g->got[2];
    assert_non_null(strstr(got, "POST /send HTTP/1.1\r\n"));
    assert_non_null(strstr(got, "Authorization: Bearer t0ken\r\n"));
    assert_non_null(strstr(got, "Idempotency-Key: "));
    assert_non_null(strstr(got, "\r\n\r\n{\"to\":[\"13800138000\"],\"args\":{\"code\":\"123456\"},"
                                "\"text\":\"\\\"quoted\\\" {code}\\u000a\",\"{nonsense}\":1}"));
    /* Nobody there: later. */
    close(g->fd);
    assert_int_equal(db_write_wait(w->t.database, w->t.arena, put_message, &m), OK);
    assert_int_equal(round_at(w, noon + 7000).again, 1);
    sms_close(sms);
    free(g);
}

static enum result put_notice(struct db *db, void *arg)
{
    struct message *m = arg;
    return sms_put_notice(db, m->w->keys, m->sms, 4711, STR("13800138000"), m->text, noon, 0);
}

static int64_t gone;
static enum result is_gone(struct db *db, void *ctx, const struct outbox_letter *letter, int64_t now)
{
    (void)db;
    (void)ctx;
    (void)now;
    gone = sms_person(letter);
    return OK;
}

/* 410: the number is nobody's any more. Of a notice the person is told to whoever asks; a code has nobody behind it and is a dead letter. */
static void a_number_that_is_gone_is_named(void **state)
{
    struct world *w = *state;
    static const int statuses[] = {410, 410};
    struct gateway *g = calloc(1, sizeof(*g));
    struct config c = settings(SMS_HTTP);
    struct sms *sms = NULL;
    struct str why;
    gateway_start(g, statuses, 2);
    c.sms.http_url = str_printf(w->t.arena, "http://127.0.0.1:%u/send", g->port);
    assert_int_equal(sms_open(&c, stdout, w->t.arena, &sms, &why), OK);
    struct message m = {w, sms, STR("您有 2 条新回复"), OK};
    assert_int_equal(db_write_wait(w->t.database, w->t.arena, put_notice, &m), OK);
    w->kind = *sms_notice_kind(sms);
    w->kind.nobody = is_gone;
    assert_int_equal(round_at(w, noon).nobody, 1);
    assert_int_equal(gone, 4711);
    assert_int_equal(figures(w).dead, 0);
    assert_int_equal(figures(w).waiting, 0);
    assert_int_equal(db_write_wait(w->t.database, w->t.arena, put_message, &m), OK);
    w->kind = *sms_kind(sms);
    assert_int_equal(round_at(w, noon).dead, 1);
    pthread_join(g->thread, NULL);
    close(g->fd);
    sms_close(sms);
    free(g);
}

static void refuses_a_template_that_is_no_json(void **state)
{
    struct world *w = *state;
    static const struct str bad[] = {STR(""), STR("mobile={mobile}"), STR("{\"to\":{mobile},\"text\":{text}}"),
                                     STR("{\"to\":\"{mobile}\"}"), STR("{\"text\":\"{text}\"}")};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct config c = settings(SMS_HTTP);
        struct sms *sms = NULL;
        struct str why;
        c.sms.http_url = STR("http://127.0.0.1:1/");
        c.sms.http_body = bad[i];
        assert_int_equal(sms_open(&c, stdout, w->t.arena, &sms, &why), E_INVALID);
    }
}

int main(void)
{
#define WITH_WORLD(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        WITH_WORLD(delivers_once),
        WITH_WORLD(waits_longer_each_time_then_dies),
        WITH_WORLD(dies_at_once_when_refused_or_too_old),
        WITH_WORLD(comes_again_after_a_crash),
        WITH_WORLD(takes_a_batch_at_a_time),
        WITH_WORLD(console_is_for_this_machine_only),
        WITH_WORLD(without_a_driver_nothing_is_promised),
        WITH_WORLD(http_asks_the_gateway),
        WITH_WORLD(a_number_that_is_gone_is_named),
        WITH_WORLD(refuses_a_template_that_is_no_json),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
