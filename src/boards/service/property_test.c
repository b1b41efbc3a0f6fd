/* property_test.c: the property company's board: what people type as money, periods by the calendar, accounts that stand, one rating for each household, repairs. */
#include "boards/report/report.h"
#include "boards/report/rules.h"
#include "boards/service/property.h"
#include "boards/service/service_world_test.h"
#include "civic/home/lane_test.h"

#define WINDOW HOME "/service/window"

static const struct module *const modules[] = {&lane_module, &home_module,     &board_module,  &provider_module,
                                               &slot_module, &property_module, &notify_module, &report_module};

static enum result more(struct db *db, void *arg)
{
    (void)arg;
    return report_seed_categories(db);
}

static int setup(void **state)
{
    (void)state;
    service_open(modules, 8);
    service_board(3, "window", "property_company", "everybody");
    test_write(t, more, NULL);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    test_app_close(t);
    return 0;
}

static void money(void **state)
{
    static const struct {
        const char *typed;
        int64_t fen;
    } good[] = {{"0", 0},
                {"12", 1200},
                {"12000.50", 1200050},
                {"12,000.5", 1200050},
                {"-3.05", -305},
                {"0.01", 1},
                {"99999999999.99", INT64_C(9999999999999)}};
    static const char *const bad[] = {"",     "-",   ".5",  "1.", "1.234",          "1e3",
                                      "12元", "1 2", "--1", "1-", "99999999999999", "１２"};
    struct account_line line[4];
    size_t n = 0;
    int at;
    (void)state;

    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        int64_t fen;

        assert_int_equal(account_amount_parse(str_from_cstr(good[i].typed), &fen), OK);
        assert_true(fen == good[i].fen);
    }
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        int64_t fen;

        assert_int_equal(account_amount_parse(str_from_cstr(bad[i]), &fen), E_INVALID);
    }
    assert_int_equal(account_lines_parse(STR("停车费 1,200\n\n 电梯 广告 35.5 \n"), false, line, 4, &n, &at), OK);
    assert_int_equal(n, 2);
    assert_true(str_eq(line[1].what, STR("电梯 广告")) && line[1].amount == 3550);
    assert_int_equal(account_lines_parse(STR("好的 1\n没有金额\n"), true, line, 4, &n, &at), E_INVALID);
    assert_int_equal(at, 2);
    n = 0;
    assert_int_equal(account_lines_parse(STR("-5"), true, line, 4, &n, &at), E_INVALID);
    assert_int_equal(account_lines_parse(STR("多扣 -5"), true, line, 4, &n, &at), E_INVALID);
    assert_int_equal(account_lines_parse(STR("a 1\nb 2\nc 3\nd 4\ne 5"), true, line, 4, &n, &at), E_INVALID);
}

static void periods(void **state)
{
    int32_t first, last;
    (void)state;

    assert_int_equal(account_period_days(ACCOUNT_INCOME, 20264, &first, &last), OK);
    assert_true(first == day_from_ymd(2026, 10, 1) && last == day_from_ymd(2026, 12, 31));
    assert_int_equal(account_period_days(ACCOUNT_FUND, 20261, &first, &last), OK);
    assert_true(first == day_from_ymd(2026, 1, 1) && last == day_from_ymd(2026, 6, 30));
    assert_int_equal(account_period_days(ACCOUNT_FEES, 20240, &first, &last), OK);
    assert_true(last - first == 365); /* a leap year */
    assert_int_equal(account_period_days(ACCOUNT_FEES, 20241, &first, &last), E_INVALID);
    assert_int_equal(account_period_days(ACCOUNT_FUND, 20263, &first, &last), E_INVALID);
    assert_int_equal(account_period_days(ACCOUNT_INCOME, 20265, &first, &last), E_INVALID);
    assert_int_equal(account_period_days(ACCOUNT_INCOME, 20260, &first, &last), E_INVALID);
    assert_int_equal(account_period_days(ACCOUNT_INCOME, 1, &first, &last), E_INVALID);
    assert_true(account_period_over(ACCOUNT_INCOME, day_from_ymd(2026, 3, 31)) == 20254);
    assert_true(account_period_over(ACCOUNT_INCOME, day_from_ymd(2026, 4, 1)) == 20261);
    assert_true(account_period_over(ACCOUNT_FUND, day_from_ymd(2026, 7, 1)) == 20261);
    assert_true(account_period_over(ACCOUNT_FEES, day_from_ymd(2026, 12, 31)) == 20250);
    assert_true(account_period_before(ACCOUNT_FUND, 20261) == 20252);
}

static struct reply publish(struct browser *b, const char *account, const char *opening, const char *came,
                            const char *spent)
{
    const char *const fields[] = {"account", account, "opening", opening,    "came", came,
                                  "spent",   spent,   "notes",   "说明文字", NULL};

    return test_upload(b, WINDOW "/accounts/new", fields, NULL, 0);
}

static void accounts_stand(void **state)
{
    struct browser *handler = lane_browser(lane.handler), *guest = lane_browser(0), *cadre = lane_browser(lane.cadre);
    const char *one;
    struct reply r;
    struct db *db;
    int64_t bad;
    (void)state;

    /* 2026-03-02: the second half of 2025 was due on 30 January */
    r = publish(handler, "fund-20252", "1000", "利息 12.5", "屋面 200\n审价 3.25");
    assert_int_equal(r.status, 303);
    one = str_cstr(t->arena, r.location);
    r = test_get(guest, one);
    assert_true(reply_has(r, "809.25") && reply_has(r, "晚了 31 天") && reply_has(r, "说明文字"));
    assert_true(str_eq(reply_json(t, test_get_json(guest, one), "closing"), STR("809.25")));
    assert_true(reply_has(test_get(guest, WINDOW "/accounts"), "晚公布"));
    assert_int_equal(publish(handler, "fund-20252", "1000", "利息 1", "").status, 422); /* it stands there */

    assert_int_equal(publish(handler, "income-20261", "0", "停车费 1", "").status, 422); /* the quarter is not over */
    assert_int_equal(publish(handler, "fund-20251", "x", "利息 1", "").status, 422);
    assert_int_equal(publish(handler, "fund-20251", "0", "利息", "").status, 422);
    assert_int_equal(publish(handler, "fund-20251", "0", "", "").status, 422);
    assert_int_equal(publish(handler, "rubbish", "0", "利息 1", "").status, 422);
    assert_int_equal(publish(handler, "fees-20251", "0", "利息 1", "").status, 422);
    assert_true(reply_has(publish(handler, "fund-20251", "0", "利息 1\n坏", ""), "第 2 行"));
    assert_int_equal(publish(cadre, "fund-20251", "0", "利息 1", "").status, 403); /* not the committee's */
    assert_int_equal(test_get(handler, path("%s/edit", one)).status, 404);         /* never changed */

    assert_int_equal(test_post(handler, path("%s/recall", one), "").status, 422);
    assert_int_equal(test_post(cadre, path("%s/recall", one), "reason=x").status, 403);
    assert_int_equal(test_post(handler, path("%s/recall", one), "reason=期初写错").status, 303);
    assert_int_equal(test_post(handler, path("%s/recall", one), "reason=期初写错").status, 409);
    assert_int_equal(test_get(guest, one).status, 404);
    assert_int_equal(publish(handler, "fund-20252", "1100", "利息 12.5", "").status, 303);
    assert_int_equal(db_read_begin(t->db.database, t->arena, &db), OK);
    assert_int_equal(account_recount(db, HERE, &bad), OK);
    assert_int_equal(bad, 0);
    db_read_end(db);
    /* on a board of another kind of owner none of it is there */
    assert_int_equal(test_get(guest, BOARD "/accounts").status, 404);
    assert_int_equal(test_get(guest, BOARD "/rating").status, 404);
    assert_int_equal(test_get(lane_browser(lane.resident), BOARD "/repair").status, 404);
}

static void what_is_missing_is_marked(void **state)
{
    (void)state;
    test_sql(&t->db, "UPDATE organisation SET valid_from = 1 WHERE id = %lld", (long long)lane.property.id);
    assert_true(reply_has(test_get(lane_browser(0), WINDOW "/accounts"), "已超期 31 天"));
    test_sql(&t->db, "UPDATE organisation SET valid_from = %lld WHERE id = %lld", (long long)time_now(),
             (long long)lane.property.id);
    assert_false(reply_has(test_get(lane_browser(0), WINDOW "/accounts"), "已超期")); /* it has only just come */
}

static void one_rating_for_each_household(void **state)
{
    struct browser *zhou = lane_browser(lane.resident), *guest = lane_browser(0);
    const char *form = path("company=%lld&stars=2", (long long)lane.property.id);
    (void)state;

    assert_int_equal(test_post(zhou, WINDOW "/rating", form).status, 409); /* in March */
    test_clock(time_at(2026, 11, 3, 9, 0));
    zhou = lane_browser(lane.resident);
    assert_int_equal(test_post(zhou, WINDOW "/rating", path("company=%lld", (long long)lane.property.id)).status, 422);
    assert_int_equal(
        test_post(zhou, WINDOW "/rating", path("company=%lld&stars=6", (long long)lane.property.id)).status, 422);
    assert_int_equal(test_post(zhou, WINDOW "/rating", "company=77&stars=5").status, 404);
    assert_int_equal(test_post(zhou, WINDOW "/rating", form).status, 303);
    assert_int_equal(
        test_post(zhou, WINDOW "/rating", path("company=%lld&stars=4", (long long)lane.property.id)).status, 303);
    assert_int_equal(test_post(lane_browser(lane.waiting), WINDOW "/rating", form).status, 403);
    assert_int_equal(test_post(lane_browser(lane.handler), WINDOW "/rating", form).status,
                     403);               /* works here, does not live here */
    for (int i = 0; i < NEIGHBOURS; i++) /* ten people, two households */
        assert_int_equal(test_post(lane_browser(neighbour[i]), WINDOW "/rating", form).status, 303);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM property_rating"), 3);
    assert_true(reply_has(test_get(zhou, WINDOW "/rating"), "您家已评 4 星"));
    assert_false(reply_has(test_get(guest, WINDOW "/rating"), "户评价")); /* nobody sees how it stands */
    assert_false(reply_has(test_get_json(lane_browser(lane.handler), WINDOW "/rating"), "households\":3"));
    /* the year is over: three are too few */
    test_clock(time_at(2027, 1, 1, 0, 0));
    assert_true(reply_has(test_get(guest, WINDOW "/rating"), "太少"));
    for (int i = 0; i < 3; i++)
        test_sql(
            &t->db,
            "INSERT INTO property_rating (community, organisation, year, dwelling, person, stars, at) VALUES (%lld, %lld, 2026, %d, 1, 5, 0)",
            (long long)HERE, (long long)lane.property.id, i + 1);
    assert_true(reply_has(test_get(guest, WINDOW "/rating"), "6 户评价"));
    assert_int_equal(test_post(lane_browser(lane.resident), WINDOW "/rating", form).status, 409);
}

static void a_repair_goes_straight(void **state)
{
    struct browser *zhou = lane_browser(lane.resident);
    const char *const fields[] = {"title", "单元门锁不上", "spot", "3号楼", NULL};
    const char *const phone[] = {"title", "打 13800138000", "spot", "3号楼", NULL};
    const char *const nothing[] = {"title", "", "spot", "3号楼", NULL};
    struct reply r = test_upload(zhou, WINDOW "/repair", fields, NULL, 0);
    (void)state;

    assert_int_equal(r.status, 303);
    assert_int_equal(test_sql_int(&t->db,
                                  "SELECT COUNT(*) FROM report WHERE state = 'handling' AND lead_handler = %lld",
                                  (long long)lane.property.id),
                     1);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM work_order WHERE state = 'handed'"), 1);
    /* nobody has answered, so nobody's answer is counted; and no clock of an answer runs */
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM ledger WHERE verb = 'answered'"), 0);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM clock WHERE stage = 'answer' AND stopped_at = 0"), 0);
    assert_true(reply_has(test_get(lane_browser(neighbour[0]), str_cstr(t->arena, r.location)), "单元门锁不上"));
    assert_int_equal(test_upload(zhou, WINDOW "/repair", phone, NULL, 0).status, 422);
    assert_int_equal(test_upload(zhou, WINDOW "/repair", nothing, NULL, 0).status, 422);
    assert_int_equal(test_upload(lane_browser(lane.handler), WINDOW "/repair", fields, NULL, 0).status, 403);
    assert_int_equal(test_upload(lane_browser(lane.stranger), WINDOW "/repair", fields, NULL, 0).status, 403);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM report"), 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(money),         cmocka_unit_test(periods),           TEST(accounts_stand),
        TEST(what_is_missing_is_marked), TEST(one_rating_for_each_household), TEST(a_repair_goes_straight),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
