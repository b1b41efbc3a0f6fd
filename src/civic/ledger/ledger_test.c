/* ledger_test.c: whoever changes, removes, swaps or inserts a row is found, and the row is named. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>

#include "civic/ledger/chain.h"
#include "engine/base/time.h"
#include "support/test_sql.h"

#define A INT64_C(310113007011)
#define B INT64_C(310113007012)
#define STREET INT64_C(310113007000)
#define ROWS 1203 /* three batches of the verifier */

static struct test_db t;

struct append {
    int64_t community;
    int from, n;
    enum result end;
};

static enum result append(struct db *db, void *arg)
{
    const struct append *job = arg;

    for (int i = job->from; i < job->from + job->n; i++) {
        struct ledger_event e = {
            .community = job->community,
            .at = time_at(2026, 2, 1, 9, 0) + i * TIME_MINUTE,
            .actor = 77 + i % 3,
            .organisation = i % 2 ? 5 : 0,
            .verb = i % 3 ? STR("answered") : STR("reported"),
            .subject_kind = STR("report"),
            .subject = 1000 + i / 10,
            .before = STR("reported"),
            .after = STR("answered"),
            .amount = i % 100,
            .detail = STR("{\"n\":1}"),
            .text_hash = ledger_text_hash(db_arena(db), i, STR("words")),
        };
        enum result r = ledger_append(db, &e);
        if (r != OK)
            return r;
        assert_true(e.id > 0);
        assert_int_equal(e.seq, i + 1);
    }
    return job->end;
}

static enum result put(int64_t community, int from, int n, enum result end)
{
    struct append job = {community, from, n, end};
    struct arena *a = arena_open(16 << 20);
    enum result r = db_write_wait(t.database, a, append, &job);

    arena_close(a);
    return r;
}

static struct ledger_verdict verify(int64_t community)
{
    struct arena *a = arena_open(16 << 20);
    struct ledger_verdict v;

    assert_int_equal(ledger_verify(t.database, a, community, &v), OK);
    arena_close(a);
    return v;
}

#define COLUMNS \
    "community, seq, id, at, actor, organisation, verb, subject_kind, subject, state_before, state_after, amount, detail, text_hash, hash"

static int setup(void **state)
{
    (void)state;
    test_db_open(&t);
    assert_int_equal(put(A, 0, ROWS, OK), OK);
    assert_int_equal(put(B, 0, 3, OK), OK);
    assert_int_equal(put(STREET, 0, 1, OK), OK);
    test_sql(&t, "CREATE TABLE keep AS SELECT * FROM ledger");
    test_sql(&t, "CREATE TABLE keep_head AS SELECT * FROM ledger_head");
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    test_db_close(&t);
    return 0;
}

static void restore(void)
{
    test_sql(&t, "DELETE FROM ledger WHERE community > 0");
    test_sql(&t, "INSERT INTO ledger (" COLUMNS ") SELECT " COLUMNS " FROM keep");
    test_sql(&t, "DELETE FROM ledger_head WHERE community > 0");
    test_sql(&t, "INSERT INTO ledger_head (community, seq, hash) SELECT community, seq, hash FROM keep_head");
    test_sql(&t, "DELETE FROM ledger_day WHERE community > 0");
}

static void expect(int64_t community, enum ledger_fault fault, int64_t seq)
{
    struct ledger_verdict v = verify(0);

    if (v.fault != fault || v.seq != seq || v.community != (fault ? community : 0))
        fail_msg("%s: %lld %lld; expected %s: %lld %lld", ledger_fault_words(v.fault), (long long)v.community,
                 (long long)v.seq, ledger_fault_words(fault), (long long)community, (long long)seq);
}

static void a_whole_chain_is_whole(void **state)
{
    struct ledger_verdict v = verify(0);
    (void)state;

    assert_int_equal(v.fault, LEDGER_WHOLE);
    assert_int_equal(v.chains, 3);
    assert_int_equal(v.rows, ROWS + 4);
    v = verify(B);
    assert_int_equal(v.rows, 3);
    v = verify(310113007099); /* never had one */
    assert_int_equal(v.fault, LEDGER_HEAD);
}

static void any_byte_of_any_column(void **state)
{
    static const char *const numbers[] = {"id", "at", "actor", "organisation", "subject", "amount"};
    static const char *const texts[] = {"verb", "subject_kind", "state_before", "state_after", "detail"};
    static const char *const bytes[] = {"text_hash", "hash"};
    static const int64_t rows[] = {1, 2, 500, 501, 777, ROWS};
    (void)state;

    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
        for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
            test_sql(&t, "UPDATE ledger SET %s = %s + 1 WHERE community = %lld AND seq = %lld", numbers[i], numbers[i],
                     (long long)A, (long long)rows[k]);
            expect(A, LEDGER_CHANGED, rows[k]);
            test_sql(&t, "UPDATE ledger SET %s = %s - 1 WHERE community = %lld AND seq = %lld", numbers[i], numbers[i],
                     (long long)A, (long long)rows[k]);
        }
        for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
            test_sql(
                &t,
                "UPDATE ledger SET %s = substr(%s, 1, 2) || 'x' || substr(%s, 4) WHERE community = %lld AND seq = %lld",
                texts[i], texts[i], texts[i], (long long)A, (long long)rows[k]);
            expect(A, LEDGER_CHANGED, rows[k]);
            test_sql(
                &t,
                "UPDATE ledger SET %s = (SELECT k.%s FROM keep k WHERE k.community = %lld AND k.seq = %lld) WHERE community = %lld AND seq = %lld",
                texts[i], texts[i], (long long)A, (long long)rows[k], (long long)A, (long long)rows[k]);
        }
        for (size_t i = 0; i < sizeof bytes / sizeof *bytes; i++) {
            if (test_db_postgres())
                test_sql(
                    &t,
                    "UPDATE ledger SET %s = set_byte(%s, 17, get_byte(%s, 17) # 1) WHERE community = %lld AND seq = %lld",
                    bytes[i], bytes[i], bytes[i], (long long)A, (long long)rows[k]);
            else
                test_sql(
                    &t,
                    /* never the byte that is there already, whatever the hash of this run is */
                    "UPDATE ledger SET %s = CAST(substr(%s, 1, 17) || CASE substr(%s, 18, 1) WHEN X'AB' THEN X'CD' ELSE X'AB' END || substr(%s, 19) AS BLOB) WHERE community = %lld AND seq = %lld",
                    bytes[i], bytes[i], bytes[i], bytes[i], (long long)A, (long long)rows[k]);
            expect(A, LEDGER_CHANGED, rows[k]);
            test_sql(
                &t,
                "UPDATE ledger SET %s = (SELECT k.%s FROM keep k WHERE k.community = %lld AND k.seq = %lld) WHERE community = %lld AND seq = %lld",
                bytes[i], bytes[i], (long long)A, (long long)rows[k], (long long)A, (long long)rows[k]);
        }
    }
    expect(A, LEDGER_WHOLE, 0);
    /* moving bytes from one text into the next does not go unseen */
    test_sql(&t,
             "UPDATE ledger SET state_before = 'reporte', state_after = 'danswered' WHERE community = %lld AND seq = 9",
             (long long)A);
    expect(A, LEDGER_CHANGED, 9);
    restore();
}

static void rows_removed_swapped_inserted(void **state)
{
    (void)state;
    for (int64_t seq = 1; seq <= ROWS; seq += seq == 1 ? 600 : 602) { /* 1, 601, 1203: first, middle, last */
        test_sql(&t, "DELETE FROM ledger WHERE community = %lld AND seq = %lld", (long long)A, (long long)seq);
        expect(A, LEDGER_MISSING, seq);
        restore();
    }
    test_sql(&t, "DELETE FROM ledger WHERE community = %lld AND seq > 1000",
             (long long)A); /* cut off at the end of a batch */
    expect(A, LEDGER_MISSING, 1001);
    restore();
    test_sql(&t, "DELETE FROM ledger WHERE community = %lld", (long long)A);
    expect(A, LEDGER_MISSING, 1);
    restore();
    test_sql(&t, "DELETE FROM ledger_head WHERE community = %lld", (long long)B);
    expect(B, LEDGER_HEAD, 3);
    restore();

    test_sql(&t, "UPDATE ledger SET seq = -1 WHERE community = %lld AND seq = 40", (long long)A);
    expect(A, LEDGER_EXTRA, -1);
    test_sql(&t, "UPDATE ledger SET seq = 40 WHERE community = %lld AND seq = 41", (long long)A);
    test_sql(&t, "UPDATE ledger SET seq = 41 WHERE community = %lld AND seq = -1", (long long)A);
    expect(A, LEDGER_CHANGED, 40); /* two rows swapped */
    restore();

    test_sql(&t,
             "INSERT INTO ledger (" COLUMNS
             ") SELECT community, %d, id + 1, at, actor, organisation, verb, subject_kind, subject, state_before, "
             "state_after, amount, detail, text_hash, hash FROM ledger WHERE community = %lld AND seq = 7",
             ROWS + 1, (long long)A);
    expect(A, LEDGER_EXTRA, ROWS + 1);
    restore();
    test_sql(&t,
             "INSERT INTO ledger (" COLUMNS
             ") SELECT community, 5000, id + 1, at, actor, organisation, verb, subject_kind, subject, state_before, "
             "state_after, amount, detail, text_hash, hash FROM ledger WHERE community = %lld AND seq = 7",
             (long long)A);
    expect(A, LEDGER_EXTRA, 5000);
    restore();
    test_sql(&t, "UPDATE ledger SET community = %lld WHERE community = %lld AND seq = 900", (long long)B, (long long)A);
    expect(A, LEDGER_MISSING, 900);
    restore();
    /* a row in the middle: all behind it are renumbered */
    test_sql(&t, "UPDATE ledger SET seq = seq + 100000 WHERE community = %lld AND seq >= 300", (long long)A);
    test_sql(&t, "UPDATE ledger SET seq = seq - 99999 WHERE community = %lld AND seq >= 100000", (long long)A);
    test_sql(&t,
             "INSERT INTO ledger (" COLUMNS
             ") SELECT community, 300, id + 1, at, actor, organisation, verb, subject_kind, subject, state_before, "
             "state_after, amount, detail, text_hash, hash FROM ledger WHERE community = %lld AND seq = 299",
             (long long)A);
    expect(A, LEDGER_CHANGED, 300);
    restore();
    expect(A, LEDGER_WHOLE, 0);
}

static void published_heads_find_a_cut_that_the_head_agrees_with(void **state)
{
    struct arena *a = arena_open(1 << 20);
    int32_t day = day_from_ymd(2026, 2, 3);
    struct ledger_heads heads;
    struct db *db;
    (void)state;

    assert_int_equal(ledger_close_day(t.database, a, day), OK);
    assert_int_equal(ledger_close_day(t.database, a, day), OK); /* once a day */
    assert_int_equal(db_read_begin(t.database, a, &db), OK);
    assert_int_equal(ledger_heads_of_day(db, day, 0, 100, &heads), OK);
    assert_int_equal(heads.n, 3);
    assert_int_equal(heads.head[1].community, A);
    assert_int_equal(heads.head[1].seq, ROWS);
    assert_int_equal(heads.head[1].hash.len, 32);
    db_read_end(db);
    expect(A, LEDGER_WHOLE, 0);

    test_sql(&t, "DELETE FROM ledger WHERE community = %lld AND seq > 1200", (long long)A);
    test_sql(
        &t,
        "UPDATE ledger_head SET seq = 1200, hash = (SELECT l.hash FROM ledger l WHERE l.community = %lld AND l.seq = 1200) WHERE community = %lld",
        (long long)A, (long long)A);
    expect(A, LEDGER_DAY, ROWS);
    test_sql(&t, "DELETE FROM ledger_day WHERE community = %lld", (long long)A);
    expect(A, LEDGER_WHOLE, 0); /* without what was published nobody could tell */
    restore();

    /* only what has moved gets a new head */
    assert_int_equal(ledger_close_day(t.database, a, day), OK);
    assert_int_equal(put(B, 3, 1, OK), OK);
    assert_int_equal(ledger_close_day(t.database, a, day + 1), OK);
    assert_int_equal(test_sql_int(&t, "SELECT COUNT(*) FROM ledger_day WHERE day = %d", day + 1), 1);
    test_sql(&t, "UPDATE ledger_day SET seq = 2 WHERE community = %lld AND day = %d", (long long)B, day);
    expect(B, LEDGER_DAY, 2);
    restore();
    arena_close(a);
}

static void what_is_undone_leaves_no_trace(void **state)
{
    (void)state;
    assert_int_equal(put(B, 3, 2, E_CONFLICT), E_CONFLICT);
    expect(B, LEDGER_WHOLE, 0);
    assert_int_equal(put(B, 3, 2, OK), OK);
    expect(B, LEDGER_WHOLE, 0);
    restore();
}

static enum result append_one(struct db *db, void *arg)
{
    struct ledger_event e = {.community = *(int64_t *)arg,
                             .at = time_at(2026, 2, 1, 9, 0),
                             .verb = STR("reported"),
                             .subject_kind = STR("report")};

    return ledger_append(db, &e);
}

static void *append_many(void *arg)
{
    int64_t place[] = {B, 310113007020}; /* one that is there, and one that begins now */
    struct arena *a = arena_open(1 << 20);

    for (int i = 0; i < 60; i++) {
        *(int *)arg += db_write_wait(t.database, a, append_one, &place[i % 2]) == OK;
        arena_reset(a);
    }
    arena_close(a);
    return NULL;
}

/* On PostgreSQL they really are at it at the same time. */
static void many_at_once_make_one_chain(void **state)
{
    pthread_t thread[6];
    int done[6] = {0};
    (void)state;

    for (int i = 0; i < 6; i++)
        assert_int_equal(pthread_create(&thread[i], NULL, append_many, &done[i]), 0);
    for (int i = 0; i < 6; i++) {
        pthread_join(thread[i], NULL);
        assert_int_equal(done[i], 60);
    }
    expect(0, LEDGER_WHOLE, 0);
    assert_int_equal(verify(B).rows, 3 + 180);
    assert_int_equal(verify(310113007020).rows, 180);
    restore();
}

static int heard;

static enum result hear(struct db *db, const struct ledger_event *e)
{
    (void)db;
    heard++;
    return e->seq == 5 ? E_DENIED : OK;
}

static void listeners_hear_and_can_refuse(void **state)
{
    static const struct ledger_listener one = {"test", hear};
    static const struct ledger_listener *const all[] = {&one};
    (void)state;

    ledger_listen(all, 1);
    assert_int_equal(put(B, 3, 1, OK), OK);
    assert_int_equal(put(B, 4, 1, OK), E_DENIED);
    assert_int_equal(heard, 2);
    ledger_listen(NULL, 0);
    assert_int_equal(verify(B).rows, 4);
    restore();
}

static enum result wrong(struct db *db, void *arg)
{
    struct ledger_event e = {.community = A, .at = 1, .verb = STR("x"), .subject_kind = STR("y")}, f;
    static char big[2001];
    (void)arg;

    f = e, f.community = 0;
    assert_int_equal(ledger_append(db, &f), E_INVALID);
    f = e, f.verb = STR_NONE;
    assert_int_equal(ledger_append(db, &f), E_INVALID);
    f = e, f.subject_kind = STR_NONE;
    assert_int_equal(ledger_append(db, &f), E_INVALID);
    f = e, f.at = 0;
    assert_int_equal(ledger_append(db, &f), E_INVALID);
    f = e, f.text_hash = STR("short");
    assert_int_equal(ledger_append(db, &f), E_INVALID);
    f = e, f.detail = (struct str){big, sizeof big};
    assert_int_equal(ledger_append(db, &f), E_INVALID);
    return OK;
}

static void what_cannot_be_appended(void **state)
{
    struct arena *a = arena_open(1 << 20);
    (void)state;

    assert_int_equal(db_write_wait(t.database, a, wrong, NULL), OK);
    expect(A, LEDGER_WHOLE, 0);
    arena_close(a);
}

static void reading(void **state)
{
    struct arena *a = arena_open(1 << 20);
    struct ledger_events e;
    struct db *db;
    (void)state;

    assert_int_equal(db_read_begin(t.database, a, &db), OK);
    assert_int_equal(ledger_of_subject(db, A, STR("report"), 1007, 0, 100, &e), OK);
    assert_int_equal(e.n, 10);
    assert_int_equal(e.event[0].seq, 71);
    assert_true(str_eq(e.event[0].before, STR("reported")) && str_eq(e.event[0].detail, STR("{\"n\":1}")));
    assert_true(str_eq(e.event[0].text_hash, ledger_text_hash(a, 70, STR("words"))));
    assert_false(
        str_eq(e.event[0].text_hash, ledger_text_hash(a, 71, STR("words")))); /* equal words do not look equal */
    assert_int_equal(ledger_of_subject(db, A, STR("report"), 1007, 78, 1, &e), OK);
    assert_int_equal(e.n, 1);
    assert_int_equal(e.event[0].seq, 79);
    assert_int_equal(ledger_of_subject(db, A, STR("motion"), 1007, 0, 100, &e), OK);
    assert_int_equal(e.n, 0);
    assert_int_equal(ledger_of_subject(db, B, STR("report"), 1007, 0, 100, &e), OK);
    assert_int_equal(e.n, 0);
    assert_int_equal(ledger_since(db, B, 1, 100, &e), OK);
    assert_int_equal(e.n, 2);
    assert_int_equal(ledger_by_actor(db, A, 78, 0, 2, &e), OK);
    assert_int_equal(e.n, 2);
    assert_true(e.event[0].seq > e.event[1].seq && e.event[0].actor == 78);
    db_read_end(db);
    arena_close(a);
}

/* The encoding is fixed for ever: a chain written by the first release must be read by the last. */
static void the_encoding_does_not_drift(void **state)
{
    struct ledger_event e = {
        A, 1, 2, 3, 4, 5, STR("answered"), STR("report"), 6, STR("reported"), STR("answered"), 7, STR("{}"), STR_NONE};
    unsigned char first[CHAIN_HASH], hash[CHAIN_HASH];
    struct arena *a = arena_open(1 << 16);
    (void)state;

    chain_first(A, first);
    chain_next((struct str){(const char *)first, sizeof first}, &e, hash);
    struct str hex = str_hex(a, (struct str){(const char *)hash, sizeof hash});
    if (!str_eq(hex, STR("a90e34422f03c7027ea87acb7c1b8ddae8f251e9eef0a322f4e48c6dedab319a")))
        fail_msg(STR_FMT, STR_ARG(hex));
    arena_close(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_chain_is_whole),
        cmocka_unit_test(any_byte_of_any_column),
        cmocka_unit_test(rows_removed_swapped_inserted),
        cmocka_unit_test(published_heads_find_a_cut_that_the_head_agrees_with),
        cmocka_unit_test(what_is_undone_leaves_no_trace),
        cmocka_unit_test(many_at_once_make_one_chain),
        cmocka_unit_test(listeners_hear_and_can_refuse),
        cmocka_unit_test(what_cannot_be_appended),
        cmocka_unit_test(reading),
        cmocka_unit_test(the_encoding_does_not_drift),
    };
    return cmocka_run_group_tests_name("ledger", tests, setup, teardown);
}
