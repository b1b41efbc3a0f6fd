/* contest_test.c: who answers when a committee has nobody else, and what becomes of a book whose community ends. */
#include "civic/hours/hours_world_test.h"

static const struct place_mover *const movers[] = {&person_mover};

/* Wang puts the line right, Zhou does not agree; gives the address where that is answered. */
static const char *contested(int64_t book)
{
    int64_t counter;

    assert_int_equal(
        test_post(wang, words("/desk/hours/%lld/correct", (long long)help_line), "minutes=30&reason=双方说是半小时")
            .status,
        303);
    counter = test_sql_int(&t->db, "SELECT MAX(id) FROM hours WHERE corrects > 0");
    assert_int_equal(test_post(zhou, words("/me/hours/%lld/%lld/contest", (long long)book, (long long)counter),
                               "words=那天确实陪了一个半小时")
                         .status,
                     303);
    return words("/desk/contests/%lld/%lld", (long long)book, (long long)counter);
}

static void leaves(int64_t person)
{
    test_sql(&t->db, "UPDATE post SET valid_to = 1 WHERE person = %lld", (long long)person);
}

static struct body {
    struct organisation office;
    int64_t place, person;
    const char *kind, *office_name, *role, *name;
} body;
static enum result add_body(struct db *db, void *arg)
{
    (void)arg;
    if (body.office.id == 0)
        LANE_TRY(lane_organisation(db, body.place, body.kind, body.office_name, "", &body.office));
    LANE_TRY(lane_person(db, body.name, &body.person));
    return lane_post(db, body.person, &body.office, body.role, "同志");
}

/* Waits there and nowhere else: the number in the left column, the list behind it, the one. */
static bool waits_at(struct browser *b, const char *one)
{
    bool listed = reply_has(test_get(b, "/desk/contests"), "一个半小时");

    assert_int_equal(test_get(b, one).status, listed ? 200 : 403);
    return listed;
}

static void a_committee_of_one_hands_it_up(void **state)
{
    const char *one;
    struct reply r;
    (void)state;

    one = contested(HERE);
    /* a committee of two answers itself, and the street has nothing to say */
    assert_true(waits_at(song, one));
    assert_false(waits_at(shen, one));
    assert_int_equal(test_post(shen, one, "decision=restore&words=核对过").status, 403);
    assert_true(reply_has(test_get(zhou, "/me/hours"), "等吴淞新城居民委员会答复"));

    leaves(lane.secretary); /* Wang is alone, and has made it */
    assert_true(waits_at(shen, one));
    r = test_get(shen, one);
    assert_true(reply_has(r, "双方说是半小时") && reply_has(r, "王干部") && reply_has(r, "吴淞新城居委会"));
    assert_false(reply_has(r, "李先生")); /* whom she helped */
    assert_false(reply_has(test_get(wang, "/desk/contests"), "一个半小时"));
    assert_int_equal(test_post(wang, one, "decision=keep&words=就是").status, 403);
    assert_true(reply_has(test_get(wang, words("/desk/hours/%lld", (long long)help_line)), "已交给吴淞街道办事处"));
    assert_true(reply_has(test_get(zhou, "/me/hours"), "已交给吴淞街道办事处"));
    assert_int_equal(test_get(shen, "/desk/hours").status, 403); /* answers, and has no book */
    assert_int_equal(test_post(shen, one, "decision=restore&words=").status, 422);
    assert_int_equal(test_post(shen, one, "decision=restore&words=已向医院核对").status, 303);
    assert_int_equal(test_post(shen, one, "decision=keep&words=又变了").status, 409);
    assert_false(reply_has(test_get(shen, "/desk/contests"), "一个半小时"));
    assert_int_equal(test_sql_int(&t->db, "SELECT given FROM hours_sum WHERE person = %lld", (long long)lane.resident),
                     90);
    assert_int_equal(
        test_sql_int(
            &t->db,
            "SELECT COUNT(*) FROM ledger WHERE community = %lld AND verb = 'contest_upheld' AND organisation = %lld",
            (long long)HERE, (long long)lane.office.id),
        1);
    assert_true(reply_has(test_get(zhou, "/me/hours"), "已向医院核对"));
    assert_true(reply_has(test_get(zhou, "/messages"), "已改回"));
    lane_adds_up(hours_recount);
    lane_is_whole();
}

static void the_next_level_where_the_street_has_nobody(void **state)
{
    struct browser *district;
    const char *one = contested(HERE);
    (void)state;

    leaves(lane.secretary);
    body = (struct body){.place = DISTRICT,
                         .kind = "district_government",
                         .office_name = "宝山区民政局",
                         .role = "district_officer",
                         .name = "区里同志"};
    test_write(t, add_body, NULL);
    district = lane_browser(body.person);
    assert_false(waits_at(district, one));
    leaves(lane.officer);
    assert_true(waits_at(district, one));
    assert_true(reply_has(test_get(zhou, "/me/hours"), "宝山区"));
    /* whoever only hands out work at the street, or serves it, is nobody to answer */
    leaves(body.person);
    assert_true(reply_has(test_get(zhou, "/me/hours"), "一有人就答复您"));
    assert_int_equal(test_post(wang, one, "decision=keep&words=就是").status, 403);
    /* and where somebody comes, it is theirs */
    body = (struct body){.office = lane.committee, .role = "cadre", .name = "新来的同志"};
    test_write(t, add_body, NULL);
    assert_true(waits_at(lane_browser(body.person), one));
    assert_int_equal(test_post(lane_browser(body.person), one, "decision=keep&words=核对过").status, 303);
    assert_true(reply_has(test_get(zhou, "/me/hours"), "维持更正"));
}

static void whoever_has_a_part_in_it_answers_nowhere(void **state)
{
    const char *one;
    (void)state;

    test_sql(&t->db, "UPDATE hours SET helped = %lld", (long long)lane.secretary); /* she was helped */
    test_sql(&t->db, "UPDATE hours_sum SET person = %lld WHERE received > 0", (long long)lane.secretary);
    one = contested(HERE);
    assert_true(waits_at(shen, one));
    assert_false(reply_has(test_get(song, "/desk/contests"), "一个半小时"));
    assert_int_equal(test_post(song, one, "decision=restore&words=是的").status, 403);
    lane_adds_up(hours_recount);
}

/* ---- a community that ends ------------------------------------------------------------------------------------------------ */

static int64_t in_book(int64_t community)
{
    return test_sql_int(&t->db, "SELECT CAST(COALESCE(SUM(minutes), 0) AS BIGINT) FROM hours WHERE community = %lld",
                        (long long)community);
}

static const char *certificate(int64_t community)
{
    int32_t today = day_of(time_now());

    assert_int_equal(test_post(zhou, "/me/hours",
                               words("place=%lld&from=" STR_FMT "&to=" STR_FMT, (long long)community,
                                     STR_ARG(day_iso(t->arena, today - 7)), STR_ARG(day_iso(t->arena, today))))
                         .status,
                     303);
    return str_cstr(t->arena, reply_json(t, test_get_json(zhou, "/me/hours"), "certificates.0.number"));
}

static struct reply check(const char *n)
{
    return test_get(lane_browser(0), words("/certificate?number=%s", n));
}

static void the_heir_puts_an_old_line_right(void **state)
{
    const char *before = certificate(HERE), *after, *one;
    (void)state;

    lane_merge(movers, 1); /* the committee is the new community's now */
    assert_true(reply_has(check(before), "1 小时 30 分钟"));
    assert_true(reply_has(test_get(wang, "/desk/hours"), "陪同就医"));
    assert_true(reply_has(
        test_get(wang, words("/desk/hours?day=" STR_FMT, STR_ARG(day_iso(t->arena, day_of(time_now()))))), "陪同就医"));
    assert_true(reply_has(test_get(wang, words("/desk/hours/%lld", (long long)help_line)), "原吴淞新城居委会"));
    one = contested(HERE);
    /* in the book where the line stands: that book adds up by itself, and its ledger says so */
    assert_int_equal(in_book(HERE), 30);
    assert_int_equal(lane_rows_at("hours", JOINED), 0);
    assert_int_equal(
        test_sql_int(&t->db,
                     "SELECT amount FROM ledger WHERE community = %lld AND verb = 'corrected' AND organisation = %lld",
                     (long long)HERE, (long long)lane.committee.id),
        -60);
    lane_adds_up(hours_recount);
    lane_is_whole();
    /* what is read, and what is certified, follows */
    assert_true(
        str_eq(reply_json(t, test_get_json(zhou, words("/p/%lld/hours", (long long)JOINED)), "given"), STR("30")));
    assert_true(reply_has(check(before), "已作废"));
    after = certificate(HERE);
    assert_true(reply_has(check(after), "30 分钟") && !reply_has(check(after), "1 小时"));
    /* somebody else of the new committee answers */
    assert_true(waits_at(song, one));
    assert_false(waits_at(shen, one));
    assert_int_equal(test_post(song, one, "decision=restore&words=核对过").status, 303);
    assert_int_equal(in_book(HERE), 90);
    assert_true(reply_has(check(after), "已作废"));
    after = certificate(HERE);
    assert_int_equal(test_post(wang, "/desk/hours/revoke", words("number=%s&why=冒用", after)).status, 303);
    assert_true(reply_has(check(after), "已作废"));
    lane_adds_up(hours_recount);
    lane_is_whole();
}

static void a_merged_committee_of_one_hands_it_up(void **state)
{
    const char *one;
    struct reply r;
    (void)state;

    lane_merge(movers, 1);
    leaves(lane.secretary);
    one = contested(HERE);
    assert_true(waits_at(shen, one));
    r = test_post(shen, one, ""); /* what is missing is said by its name */
    assert_int_equal(r.status, 422);
    assert_true(reply_has(r, "怎么处理：请填写此项") && reply_has(r, "答复本人：请填写此项"));
    assert_int_equal(test_post(shen, one, "decision=restore&words=核对过").status, 303);
    assert_int_equal(in_book(HERE), 90);
    lane_adds_up(hours_recount);
}

/* Of a community that goes on without one of its estates the book stays: whoever lives in the estate reads it, the new committee does not touch it. */
static void a_community_that_goes_on_keeps_its_book(void **state)
{
    struct lane_elsewhere far = {.community = HERE, .estate_name = "淞兴苑", .person_name = "何阿婆"};
    struct browser *apart;
    (void)state;

    lane_live_elsewhere(&far);
    lane_divide(movers, 1, far.estate.id);
    body = (struct body){.place = APART,
                         .kind = "residents_committee",
                         .office_name = "新城二居民委员会",
                         .role = "cadre",
                         .name = "二居干部"};
    test_write(t, add_body, NULL);
    apart = lane_browser(body.person);
    assert_int_equal(test_get(apart, "/desk/hours").status, 200);
    assert_false(reply_has(test_get(apart, "/desk/hours"), "陪同就医"));
    assert_int_equal(test_get(apart, words("/desk/hours/%lld", (long long)help_line)).status, 404);
    assert_int_equal(
        test_post(apart, words("/desk/hours/%lld/correct", (long long)help_line), "minutes=30&reason=改一改").status,
        404);
    assert_int_equal(test_get(wang, words("/desk/hours/%lld", (long long)help_line)).status, 200);
    assert_int_equal(in_book(HERE), 90);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, hours_setup, hours_teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_committee_of_one_hands_it_up),           TEST(the_next_level_where_the_street_has_nobody),
        TEST(whoever_has_a_part_in_it_answers_nowhere), TEST(the_heir_puts_an_old_line_right),
        TEST(a_merged_committee_of_one_hands_it_up),    TEST(a_community_that_goes_on_keeps_its_book),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
