/* hours_test.c: the book of hours adds up, forgets nothing, counts nothing twice, and shows itself to nobody else. */
#include <stdio.h>

#include "civic/hours/hours.h"
#include "civic/home/lane_test.h"

static const struct module *const modules[] = {&lane_module, &home_module, &board_module, &hours_module,
                                               &notify_module};

static int setup(void **state)
{
    (void)state;
    lane_open(modules, 5, NULL);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    test_app_close(t);
    return 0;
}

struct
try {
    struct hours_new what;
    enum result r;
    int64_t id;
};
/* A refusal leaves nothing, and is an answer for the test. */
static enum result add_run(struct db *db, void *arg)
{
    struct try *x = arg;

    x->r = hours_add(db, &x->what, time_now(), &x->id);
    return x->r == E_CONFLICT || x->r == E_INVALID ? OK : x->r;
}

static struct hours_new usual(int64_t subject, int64_t minutes)
{
    return (struct hours_new){
        .community = HERE,
        .helper = lane.resident,
        .helped = lane.waiting,
        .confirmed_by = lane.waiting,
        .minutes = minutes,
        .day = day_of(time_now()),
        .what = STR("陪同就医"),
        .subject_kind = STR("exchange"),
        .subject = subject,
    };
}

static struct try add(struct hours_new what)
{
    struct try x = {.what = what};

    test_write(t, add_run, &x);
    return x;
}

struct mend {
    int64_t id, minutes, actor;
    struct str reason;
    enum result r;
};
static enum result mend_run(struct db *db, void *arg)
{
    struct mend *m = arg;

    m->r = hours_correct(db, HERE, m->id, m->minutes, m->reason, m->actor, lane.committee.id, time_now());
    return OK;
}
static enum result mend(int64_t id, int64_t minutes, const char *reason, int64_t actor)
{
    struct mend m = {id, minutes, actor, str_from_cstr(reason), OK};

    test_write(t, mend_run, &m);
    return m.r;
}

static enum result count_again(struct db *db, void *arg)
{
    return hours_recount(db, HERE, arg);
}
static int64_t bad_one(void)
{
    int64_t bad = -1;

    test_write(t, count_again, &bad);
    return bad;
}

static int64_t sum_of(int64_t person, const char *side)
{
    return test_sql_int(&t->db, "SELECT CAST(COALESCE(SUM(%s), 0) AS BIGINT) FROM hours_sum WHERE person = %lld", side,
                        (long long)person);
}

static void both_sides_add_up(void **state)
{
    struct hours_new organised = usual(2, 60);
    (void)state;

    assert_int_equal(add(usual(1, 90)).r, OK);
    organised.helped = 0;
    organised.organisation = lane.committee.id;
    organised.confirmed_by = lane.cadre;
    assert_int_equal(add(organised).r, OK);
    assert_int_equal(sum_of(lane.resident, "given"), 150);
    assert_int_equal(sum_of(lane.waiting, "received"), 90);
    assert_int_equal(bad_one(), 0);
    assert_int_equal(
        test_sql_int(&t->db, "SELECT CAST(SUM(amount) AS BIGINT) FROM ledger WHERE subject_kind = 'hours'"), 150);
}

static void the_same_help_counts_once(void **state)
{
    (void)state;
    assert_int_equal(add(usual(1, 90)).r, OK);
    assert_int_equal(add(usual(1, 90)).r, E_CONFLICT);
    assert_int_equal(add(usual(1, 30)).r, E_CONFLICT);
    assert_int_equal(sum_of(lane.resident, "given"), 90);
    assert_int_equal(bad_one(), 0);
}

static void nonsense_is_refused(void **state)
{
    struct hours_new bad[9];
    (void)state;

    for (size_t i = 0; i < 9; i++)
        bad[i] = usual(1, 60);
    bad[0].minutes = 0;
    bad[1].minutes = -60;
    bad[2].minutes = HOURS_LINE_MAX + 1;
    bad[3].confirmed_by = lane.resident; /* nobody confirms their own hours */
    bad[4].helped = lane.resident;       /* nor helps themselves */
    bad[5].day++;
    bad[6].what = STR_NONE;
    bad[7].subject = 0;
    bad[8].helper = 0;
    for (size_t i = 0; i < 9; i++)
        assert_int_equal(add(bad[i]).r, E_INVALID);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM hours"), 0);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM ledger WHERE subject_kind = 'hours'"), 0);
}

static void a_counter_line_puts_it_right(void **state)
{
    int64_t id = add(usual(1, 90)).id, counter;
    (void)state;

    assert_int_equal(mend(id, 60, "", lane.cadre), E_INVALID);
    assert_int_equal(mend(id, -1, "少了", lane.cadre), E_INVALID);
    assert_int_equal(mend(id + 1, 60, "记错了", lane.cadre), E_NOT_FOUND);
    assert_int_equal(mend(id, 120, "多帮了", lane.resident), E_DENIED);
    assert_int_equal(mend(id, 60, "双方说是一小时", lane.cadre), OK);
    assert_int_equal(mend(id, 60, "双方说是一小时", lane.cadre), E_CONFLICT); /* sent twice is once */
    assert_int_equal(sum_of(lane.resident, "given"), 60);
    assert_int_equal(sum_of(lane.waiting, "received"), 60);
    counter = test_sql_int(&t->db, "SELECT id FROM hours WHERE corrects > 0");
    assert_int_equal(mend(counter, 0, "再改", lane.cadre), E_INVALID);
    assert_int_equal(mend(id, 0, "没有去", lane.cadre), OK);
    assert_int_equal(sum_of(lane.resident, "given"), 0);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM hours"), 3); /* all of it stays */
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM ledger WHERE verb = 'corrected'"), 2);
    assert_int_equal(bad_one(), 0);
}

static void what_was_tampered_with_is_found(void **state)
{
    int64_t id = add(usual(1, 90)).id;
    (void)state;

    test_sql(&t->db, "UPDATE hours_sum SET given = given + 1 WHERE given > 0");
    assert_int_equal(bad_one(), lane.resident);
    test_sql(&t->db, "UPDATE hours SET minutes = 91"); /* line and sums together: the ledger remembers */
    test_sql(&t->db, "UPDATE hours_sum SET received = 91 WHERE received > 0");
    assert_int_equal(bad_one(), lane.resident);
    test_sql(&t->db, "UPDATE hours SET minutes = 90");
    test_sql(&t->db, "DELETE FROM hours_sum");
    assert_int_equal(bad_one(), lane.resident);
    test_sql(&t->db, "DELETE FROM hours");
    assert_int_equal(bad_one(), id);
}

static void only_ones_own_hours(void **state)
{
    struct browser *zhou = lane_browser(lane.resident);
    struct reply r;
    (void)state;

    assert_true(reply_has(test_get(zhou, "/p/310113007011/hours"), "还没有记录"));
    for (int i = 1; i <= 31; i++)
        assert_int_equal(add(usual(i, 90)).r, OK);
    r = test_get(zhou, "/p/310113007011/hours");
    assert_true(r.status == 200 && reply_has(r, "陪同就医") && reply_has(r, "46 小时 30 分钟") &&
                reply_has(r, "before="));
    assert_true(str_eq(reply_json(t, test_get_json(zhou, "/p/310113007011/hours"), "given"), STR("2790")));
    /* who is not verified here yet, the cadre, and everybody next door: nothing */
    assert_int_equal(test_get(lane_browser(lane.waiting), "/p/310113007011/hours").status, 403);
    assert_int_equal(test_get(lane_browser(lane.cadre), "/p/310113007011/hours").status, 403);
    assert_int_equal(test_get(zhou, "/p/310113007012/hours").status, 403);
    assert_int_equal(test_get(lane_browser(0), "/p/310113007011/hours").status, 303);
    assert_int_equal(test_get(zhou, "/p/310113007011/hours?before=x").status, 422);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(both_sides_add_up),
        TEST(the_same_help_counts_once),
        TEST(nonsense_is_refused),
        TEST(a_counter_line_puts_it_right),
        TEST(what_was_tampered_with_is_found),
        TEST(only_ones_own_hours),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
