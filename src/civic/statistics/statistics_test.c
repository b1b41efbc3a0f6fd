/* statistics_test.c: counters follow the ledger, levels add up, a recount is equal, and what was touched is found. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "civic/statistics/statistics.h"
#include "engine/base/time.h"
#include "support/test_sql.h"

static bool in_time(const struct ledger_event *e)
{
    return e->amount <= 120;
}

static const struct measure_rule rules[] = {
    {"toy_reported", "toy", "reported", NULL, MEASURE_COUNT, NULL},
    {"toy_answered", "toy", "answered", NULL, MEASURE_MINUTES, NULL},
    {"toy_answered_in_time", "toy", "answered", NULL, MEASURE_COUNT, in_time},
    {"toy_closed", "toy", "closed", NULL, MEASURE_COUNT, NULL},
    {"toy_solved", "toy", "closed", "solved", MEASURE_COUNT, NULL},
    {"toy_satisfaction", "toy", "rated", NULL, MEASURE_SUM, NULL},
};
static const struct measure_table toys = {rules, sizeof rules / sizeof *rules};
static const struct measure_table *const tables[] = {&toys};
static const struct ledger_listener *const listeners[] = {&statistics_listener};

static const int64_t places[] = {310113007011, 310113007012, 310113101201, 310113007000,
                                 310113000000, 310115001001, 310000000000};
#define N_PLACES 7
#define FIRST day_from_ymd(2026, 1, 28)
#define DAYS 40

static struct test_db t;
static int64_t answered[N_PLACES][DAYS], stars[N_PLACES][DAYS], solved[N_PLACES][DAYS];
static int64_t waits[20000];
static size_t n_waits;
static uint64_t rng = 88172645463325252u;

static int64_t roll(int64_t below)
{
    rng ^= rng << 13;
    rng ^= rng >> 7;
    rng ^= rng << 17;
    return (int64_t)(rng >> 1) % below;
}

static enum result fill(struct db *db, void *arg)
{
    static const char *const verbs[] = {"reported", "answered", "closed", "rated", "looked_at"};
    (void)arg;

    for (int i = 0; i < 6000; i++) {
        int p = (int)roll(N_PLACES), d = (int)roll(DAYS), v = (int)roll(5);
        struct ledger_event e = {
            .community = places[p],
            .at = day_start(FIRST + d) + roll(TIME_DAY),
            .verb = str_from_cstr(verbs[v]),
            .subject_kind = roll(20) ? STR("toy") : STR("train"),
            .subject = i,
            .after = roll(2) ? STR("solved") : STR("explained"),
            .amount = v == 1 ? roll(10) ? roll(300) : roll(100000)
                    : v == 3 ? 1 + roll(5)
                             : 0,
        };
        enum result r = ledger_append(db, &e);
        if (r != OK)
            return r;
        if (!str_eq(e.subject_kind, STR("toy")))
            continue;
        answered[p][d] += v == 1;
        solved[p][d] += v == 2 && str_eq(e.after, STR("solved"));
        stars[p][d] += v == 3 ? e.amount : 0;
        if (v == 1)
            waits[n_waits++] = e.amount;
    }
    return OK;
}

static int setup(void **state)
{
    (void)state;
    test_db_open(&t);
    statistics_use(tables, 1);
    ledger_listen(listeners, 1);
    assert_int_equal(db_write_wait(t.database, t.arena, fill, NULL), OK);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    test_db_close(&t);
    return 0;
}

/* What the place's figures must be for one day, from the lists that the test kept. Which places count: those in the range of codes. */
static int64_t expected(int64_t list[N_PLACES][DAYS], int64_t place, int from, int to)
{
    static const int64_t sizes[] = {1, 1000, 1000000, 10000000000};
    int64_t size = place % 1000        ? sizes[0]
                 : place % 1000000     ? sizes[1]
                 : place % 10000000000 ? sizes[2]
                                       : sizes[3],
            sum = 0;

    for (int p = 0; p < N_PLACES; p++)
        for (int d = from; d <= to; d++)
            if (places[p] >= place && places[p] < place + size)
                sum += list[p][d];
    return sum;
}

static void compare_all(void)
{
    static const int64_t asked[] = {310113007011, 310113007000, 310113101000, 310113000000, 310115000000, 310000000000};
    struct arena *a = arena_open(64 << 20);
    struct figures f;
    struct db *db;

    assert_int_equal(db_read_begin(t.database, a, &db), OK);
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        assert_int_equal(statistics_read(db, asked[i], FIRST, FIRST + DAYS - 1, PERIOD_DAY, &f), OK);
        for (int d = 0; d < DAYS; d++) {
            assert_int_equal(figure_n(&f, STR("toy_answered"), FIRST + d), expected(answered, asked[i], d, d));
            assert_int_equal(figure_n(&f, STR("toy_solved"), FIRST + d), expected(solved, asked[i], d, d));
            const struct figure *s = figure_find(&f, STR("toy_satisfaction"), FIRST + d);
            assert_int_equal(s ? s->total : 0, expected(stars, asked[i], d, d));
        }
        assert_int_equal(statistics_read(db, asked[i], FIRST + 3, FIRST + 30, PERIOD_ALL, &f), OK);
        assert_int_equal(figure_n(&f, STR("toy_answered"), FIRST + 3), expected(answered, asked[i], 3, 30));
        int64_t sum = 0;
        assert_int_equal(statistics_read(db, asked[i], FIRST, FIRST + DAYS - 1, PERIOD_MONTH, &f), OK);
        for (int32_t m = period_start(PERIOD_MONTH, FIRST); m < FIRST + DAYS; m = period_next(PERIOD_MONTH, m))
            sum += figure_n(&f, STR("toy_answered"), m);
        assert_int_equal(sum, expected(answered, asked[i], 0, DAYS - 1));
        assert_int_equal(statistics_read(db, asked[i], FIRST, FIRST + DAYS - 1, PERIOD_WEEK, &f), OK);
        /* 2 February 2026 is a Monday */
        assert_int_equal(figure_n(&f, STR("toy_answered"), day_from_ymd(2026, 2, 2)),
                         expected(answered, asked[i], 5, 11));
        const struct figure *week = figure_find(&f, STR("toy_answered"), day_from_ymd(2026, 2, 2));
        assert_true(!week || week->small == (week->n < 20));
    }
    db_read_end(db);
    arena_close(a);
}

static int by_number(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return x < y ? -1 : x > y;
}

static int64_t median_of_city(int64_t *ret_n)
{
    struct arena *a = arena_open(16 << 20);
    int64_t minutes;
    struct db *db;

    assert_int_equal(db_read_begin(t.database, a, &db), OK);
    assert_int_equal(statistics_median(db, 310000000000, STR("toy_answered"), FIRST, FIRST + DAYS - 1, &minutes, ret_n),
                     OK);
    assert_int_equal(statistics_median(db, 310000000000, STR("toy_nothing"), FIRST, FIRST + DAYS - 1, &minutes, ret_n),
                     E_NOT_FOUND);
    assert_int_equal(statistics_median(db, 310000000000, STR("toy_answered"), FIRST, FIRST + DAYS - 1, &minutes, ret_n),
                     OK);
    db_read_end(db);
    arena_close(a);
    return minutes;
}

static void figures_are_what_happened(void **state)
{
    int64_t n;
    (void)state;

    compare_all();
    qsort(waits, n_waits, sizeof *waits, by_number);
    assert_int_equal(median_of_city(&n), bucket_minutes(minutes_bucket(waits[(n_waits - 1) / 2])));
    assert_int_equal(n, n_waits);
}

static void buckets_are_as_fine_as_promised(void **state)
{
    (void)state;
    for (int64_t m = 0; m < 3000000; m += m < 5000 ? 1 : m / 977) {
        int64_t least = bucket_minutes(minutes_bucket(m));
        if (least > m || (m < 128 && least != m) || (m - least) * 64 > m)
            fail_msg("%lld is in the bucket of %lld", (long long)m, (long long)least);
        assert_true(minutes_bucket(m + 1) - minutes_bucket(m) <= 1 && minutes_bucket(m + 1) >= minutes_bucket(m));
    }
    assert_int_equal(minutes_bucket(-5), 0);
    assert_int_equal(period_start(PERIOD_WEEK, day_from_ymd(2026, 3, 1)), day_from_ymd(2026, 2, 23));
    assert_int_equal(period_next(PERIOD_MONTH, day_from_ymd(2026, 1, 1)), day_from_ymd(2026, 2, 1));
}

static struct statistics_verdict recount(int64_t community)
{
    struct arena *a = arena_open(64 << 20);
    struct statistics_verdict v;

    assert_int_equal(statistics_recount(t.database, a, community, &v), OK);
    arena_close(a);
    return v;
}

static void a_recount_is_equal(void **state)
{
    struct statistics_verdict v = recount(0);
    (void)state;

    assert_false(v.differs);
    assert_int_equal(v.rows, 6000);

    test_sql(&t,
             "UPDATE counter SET n = n + 1 WHERE community = 310113007012 AND day = %d AND measure = 'toy_answered'",
             FIRST + 9);
    v = recount(0);
    assert_true(v.differs);
    assert_int_equal(v.community, 310113007012);
    assert_int_equal(v.day, FIRST + 9);
    assert_string_equal(v.measure, "toy_answered");
    assert_int_equal(v.stored_n, v.counted_n + 1);
    assert_int_equal(statistics_rebuild(t.database, t.arena, 310113007012), OK);
    assert_false(recount(0).differs);

    test_sql(
        &t,
        "DELETE FROM counter WHERE community = 310113007011 AND measure = 'toy_satisfaction' AND day = (SELECT MIN(day) FROM counter WHERE "
        "community = 310113007011 AND measure = 'toy_satisfaction')");
    v = recount(310113007011);
    assert_true(v.differs && v.stored_n == 0 && v.counted_n > 0);
    assert_int_equal(statistics_rebuild(t.database, t.arena, 310113007011), OK);
    test_sql(
        &t,
        "UPDATE counter_minutes SET bucket = bucket + 1000 WHERE community = 310113007011 AND day = (SELECT MIN(day) FROM counter_minutes "
        "WHERE community = 310113007011)");
    assert_true(recount(0).differs);
    assert_int_equal(statistics_rebuild(t.database, t.arena, 310113007011), OK);
    test_sql(
        &t,
        "INSERT INTO counter (community, day, measure, n, total) VALUES (310113007011, 20000, 'toy_invented', 3, 0)");
    v = recount(0);
    assert_true(v.differs && v.day == 20000 && v.counted_n == 0);
    assert_int_equal(statistics_rebuild(t.database, t.arena, 310113007011), OK);
    assert_false(recount(0).differs);
    compare_all();
}

/* The clock was put back: what happens then falls on a day that is added up already. */
static enum result late(struct db *db, void *arg)
{
    struct ledger_event e = {.community = 310113007011,
                             .at = *(const int64_t *)arg,
                             .actor = 7,
                             .verb = STR("closed"),
                             .subject_kind = STR("toy"),
                             .subject = 8};

    return ledger_append(db, &e);
}

static void closed_days_say_the_same(void **state)
{
    int64_t closed, n, before = median_of_city(&n);
    (void)state;

    /* nine minutes after midnight the day is not closed yet, eleven after it is */
    assert_int_equal(statistics_close_days(t.database, t.arena, day_start(FIRST + 1) + 9 * TIME_MINUTE, 100, &closed),
                     OK);
    assert_int_equal(closed, 0);
    assert_int_equal(statistics_close_days(t.database, t.arena, day_start(FIRST + 1) + 11 * TIME_MINUTE, 100, &closed),
                     OK);
    assert_int_equal(closed, 1);
    assert_int_equal(statistics_close_days(t.database, t.arena, day_start(FIRST + 25), 5, &closed), OK);
    assert_int_equal(closed, 5);
    compare_all(); /* some days closed, some open */
    assert_int_equal(statistics_close_days(t.database, t.arena, day_start(FIRST + DAYS + 9), 1000, &closed), OK);
    assert_int_equal(closed, DAYS + 8 - 6);
    compare_all();
    assert_int_equal(median_of_city(&n), before);
    assert_int_equal(
        test_sql_int(
            &t,
            "SELECT COUNT(*) FROM counter_level WHERE place NOT IN (310113007000, 310113101000, 310115001000, 310113000000, "
            "310115000000, 310000000000)"),
        0);
    assert_false(recount(0).differs);
    test_sql(&t,
             "UPDATE counter_level SET n = n + 1 WHERE place = 310000000000 AND measure = 'toy_closed' AND day = %d",
             FIRST + 2);
    struct statistics_verdict v = recount(0);
    assert_true(v.differs && v.community == 0);
    assert_int_equal(statistics_rebuild(t.database, t.arena, 310113007011),
                     OK); /* opens the days: read from the communities again */
    compare_all();
    assert_int_equal(statistics_close_days(t.database, t.arena, day_start(FIRST + DAYS + 9), 1000, &closed), OK);
    assert_false(recount(0).differs);
    compare_all();

    int64_t at = day_start(FIRST + 9) + TIME_HOUR;
    assert_int_equal(db_write_wait(t.database, t.arena, late, &at), OK);
    assert_int_equal(test_sql_int(&t, "SELECT MAX(day) FROM counter_closed"), FIRST + 8);
    assert_false(recount(0).differs);
    assert_int_equal(statistics_close_days(t.database, t.arena, day_start(FIRST + DAYS + 9), 1000, &closed), OK);
    assert_false(recount(0).differs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(figures_are_what_happened),
        cmocka_unit_test(buckets_are_as_fine_as_promised),
        cmocka_unit_test(a_recount_is_equal),
        cmocka_unit_test(closed_days_say_the_same),
    };
    return cmocka_run_group_tests_name("statistics", tests, setup, teardown);
}
