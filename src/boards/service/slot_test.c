/* slot_test.c: who offers something is found by those who may, and a place is never given twice. */
#include "boards/service/service_world_test.h"
#include "civic/home/lane_test.h"
#include "civic/hours/hours.h"
#include "civic/search/search.h"

#include <pthread.h>

static const struct module *const modules[] = {&lane_module, &home_module,   &board_module, &provider_module,
                                               &slot_module, &notify_module, &hours_module};
static const struct home_table *const homes[] = {&slot_home};

static int setup(void **state)
{
    (void)state;
    service_open(modules, 7);
    home_use(homes, 1);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    home_use(NULL, 0);
    test_app_close(t);
    return 0;
}

static int64_t found(const char *words, enum search_visibility visibility)
{
    const struct search_question q = {
        .words = str_from_cstr(words), .place = HERE, .visibility = visibility, .limit = 10};
    struct search_hits hits;
    struct db *db;

    assert_int_equal(db_read_begin(t->db.database, t->arena, &db), OK);
    assert_int_equal(search_find(db, &q, &hits), OK);
    db_read_end(db);
    return (int64_t)hits.n;
}

static int64_t unread_of(int64_t person)
{
    return test_sql_int(&t->db, "SELECT COUNT(*) FROM notification WHERE person = %lld AND read_at = 0",
                        (long long)person);
}

static void a_shop_is_found(void **state)
{
    struct browser *cadre = lane_browser(lane.cadre), *guest = lane_browser(0);
    const char *one = offered(cadre, BOARD, "阿强理发", false);
    struct reply r;
    (void)state;

    r = test_get(guest, one);
    assert_true(reply_has(r, "阿强理发") && reply_has(r, "理发 10 元") && reply_has(r, "tel:") &&
                reply_has(r, "09:00-11:30, 13:00-17:30"));
    assert_true(reply_has(r, "11:30 关门")); /* Monday, ten o'clock */
    assert_true(str_eq(reply_json(t, test_get_json(guest, one), "open"), STR("true")));
    assert_true(reply_has(test_get(guest, BOARD), "营业中"));
    assert_int_equal(found("10 元", SEARCH_PUBLIC), 1); /* by what it offers */
    assert_true(reply_has(test_get(guest, HOME), "阿强理发"));

    /* ended: nowhere; offered again: there */
    assert_int_equal(test_post(cadre, path("%s/move", one), "action=end").status, 303);
    assert_int_equal(test_post(cadre, path("%s/move", one), "action=end").status, 409);
    assert_int_equal(test_get(guest, one).status, 404);
    assert_false(reply_has(test_get(guest, BOARD), "阿强理发") || reply_has(test_get(guest, HOME), "阿强理发"));
    assert_int_equal(found("阿强", SEARCH_STAFF), 0);
    assert_true(reply_has(test_get(cadre, BOARD "?state=ended"), "阿强理发"));
    assert_false(reply_has(test_get(guest, BOARD "?state=ended"), "阿强理发"));
    assert_int_equal(test_post(cadre, path("%s/move", one), "action=publish").status, 303);
    assert_int_equal(found("10 元", SEARCH_PUBLIC), 1);
}

static void a_draft_is_nowhere(void **state)
{
    struct browser *cadre = lane_browser(lane.cadre), *zhou = lane_browser(lane.resident);
    const char *const fields[] = {"title", "canarydraft", "offers", "canaryoffer", "draft", "1", NULL};
    struct reply r = test_upload(cadre, BOARD "/new", fields, NULL, 0);
    const char *one = str_cstr(t->arena, r.location);
    (void)state;

    assert_int_equal(r.status, 303);
    assert_int_equal(test_get(zhou, one).status, 404);
    assert_int_equal(test_get_json(zhou, one).status, 404);
    assert_int_equal(test_post(zhou, BOARD "/slot/1/book", "").status, 404);
    assert_false(reply_has(test_get(zhou, BOARD), "canarydraft") ||
                 reply_has(test_get_json(zhou, BOARD), "canarydraft") ||
                 reply_has(test_get(zhou, BOARD "?state=draft"), "canarydraft") ||
                 reply_has(test_get(zhou, HOME), "canarydraft"));
    assert_int_equal(found("canarydraft", SEARCH_STAFF), 0);
    assert_int_equal(found("canaryoffer", SEARCH_STAFF), 0);
    assert_true(reply_has(test_get(cadre, BOARD "?state=draft"), "canarydraft"));
    assert_int_equal(test_post(cadre, path("%s/move", one), "action=publish").status, 303);
    assert_int_equal(test_get(zhou, one).status, 200);
    assert_int_equal(found("canaryoffer", SEARCH_PUBLIC), 1);
}

static void who_may_what(void **state)
{
    const char *one = offered(lane_browser(lane.cadre), BOARD, "助餐点", false);
    const char *slot = timed(lane_browser(lane.cadre), one, 3);
    const struct {
        int64_t person;
        int read, run, book;
    } who[] = {
        {0, 200, 303, 303},
        {lane.stranger, 200, 403, 403},
        {lane.waiting, 200, 403, 403},
        {lane.resident, 200, 403, 303},
        {lane.handler, 200, 403, 403},
        {lane.officer, 200, 403, 403},
        {lane.cadre, 200, 200, 403},
    };
    (void)state;

    for (size_t i = 0; i < sizeof(who) / sizeof(who[0]); i++) {
        struct browser *b = lane_browser(who[i].person);

        assert_int_equal(test_get(b, one).status, who[i].read);
        assert_int_equal(test_get(b, BOARD "/new").status, who[i].run);
        assert_int_equal(test_get(b, path("%s/edit", one)).status, who[i].run);
        assert_int_equal(test_get(b, path("%s/slots", one)).status, who[i].run);
        assert_int_equal(test_get(b, slot).status, who[i].run);
        assert_int_equal(test_post(b, path("%s/book", slot), "").status, who[i].book);
    }
    assert_int_equal(test_get(lane_browser(lane.cadre), path("/p/310113007012%s", one + strlen(HOME))).status, 404);
    assert_int_equal(test_get(lane_browser(lane.cadre), BOARD "/slot/77").status, 404);
}

static void what_is_typed_wrong(void **state)
{
    struct browser *cadre = lane_browser(lane.cadre);
    const char *one = offered(cadre, BOARD, "量血压", false);
    static const char *const wrong[][2] = {
        {"title", ""},     {"monday", "九点到十点"}, {"sunday", "17:00-9:00"}, {"shut_from", "2026-03-01"},
        {"phone", "没有"}, {"shut_to", "x"}};
    static const char *const slots[] = {
        "",
        "starts_at=2026-03-01T10:00&minutes=60&capacity=5",
        "starts_at=2026-03-03T10:00&minutes=0&capacity=5",
        "starts_at=2026-03-03T10:00&minutes=60&capacity=0",
        "starts_at=2026-03-03T10:00&minutes=60&capacity=501",
        "starts_at=2030-03-03T10:00&minutes=60&capacity=5",
        "starts_at=x&minutes=60&capacity=5",
        "starts_at=2026-03-03T10:00&minutes=60&capacity=5&weeks=13",
        "starts_at=2026-03-03T10:00&minutes=60&capacity=5&cancel_hours=-1",
        "starts_at=2026-03-03T10:00&minutes=1441&capacity=5",
    };
    (void)state;

    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        const char *const fields[] = {i ? "title" : "people", "留着的名字", wrong[i][0], wrong[i][1], NULL};
        struct reply r = test_upload(cadre, BOARD "/new", fields, NULL, 0);

        assert_int_equal(r.status, 422);
        assert_true(reply_has(r, "留着的名字") && reply_has(r, "field-error"));
    }
    for (size_t i = 0; i < sizeof(slots) / sizeof(slots[0]); i++)
        assert_int_equal(test_post(cadre, path("%s/slots", one), slots[i]).status, 422);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM slot"), 0);
    assert_int_equal(
        test_post(cadre, path("%s/slots", one), "starts_at=2026-03-03T10:00&minutes=60&capacity=5&weeks=4").status,
        303);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM slot"), 4);
}

static void the_list_moves_up_in_order(void **state)
{
    struct browser *cadre = lane_browser(lane.cadre), *b[4];
    const char *one = offered(cadre, BOARD, "量血压", false), *slot = timed(cadre, one, 1);
    (void)state;

    for (int i = 0; i < 4; i++) {
        b[i] = lane_browser(neighbour[i]);
        assert_int_equal(test_post(b[i], path("%s/book", slot), "note=canarynote").status, 303);
        assert_int_equal(test_post(b[i], path("%s/book", slot), "").status, 409); /* once */
    }
    assert_true(reply_has(test_get(b[0], one), "已约好"));
    assert_true(reply_has(test_get(b[3], one), "前面还有 2 人"));
    assert_true(reply_has(test_get(lane_browser(0), one), "3 人在排队"));
    /* who has booked, and what they say, is for the provider alone */
    assert_true(reply_has(test_get(cadre, slot), "邻居2") && reply_has(test_get(cadre, slot), "canarynote"));
    assert_false(reply_has(test_get(b[1], one), "canarynote") || reply_has(test_get_json(b[1], one), "canarynote") ||
                 reply_has(test_get_json(b[1], one), "邻居0"));
    assert_true(reply_has(test_get(b[0], HOME "/bookings"), "量血压"));
    assert_false(reply_has(test_get(lane_browser(lane.resident), HOME "/bookings"), "量血压"));
    assert_true(reply_has(test_get(b[0], HOME), "量血压"));

    assert_int_equal(test_post(b[2], path("%s/cancel", slot), "").status, 303); /* from the list */
    assert_int_equal(test_post(b[0], path("%s/cancel", slot), "").status, 303);
    assert_int_equal(unread_of(neighbour[1]), 1);
    assert_int_equal(unread_of(neighbour[3]), 0);
    assert_true(reply_has(test_get(b[1], one), "已约好"));
    assert_int_equal(test_post(b[0], path("%s/cancel", slot), "").status, 409);
    /* two places more: the last who waits has one, and there is one to book */
    assert_int_equal(test_post(cadre, path("%s/resize", slot), "capacity=3").status, 303);
    assert_int_equal(unread_of(neighbour[3]), 1);
    assert_int_equal(test_post(cadre, path("%s/resize", slot), "capacity=1").status, 422);
    assert_true(reply_has(test_get(b[0], one), "还有 1 个名额"));
    assert_int_equal(test_post(b[0], path("%s/book", slot), "").status, 303); /* again, after cancelling */
    assert_int_equal(test_sql_int(&t->db, "SELECT taken FROM slot"), 3);

    /* half a day before it nobody cancels by themselves any more; the provider does, and they are told */
    test_clock(time_at(2026, 3, 2, 23, 0));
    b[0] = lane_browser(neighbour[0]); /* the sessions of the morning have ended */
    b[1] = lane_browser(neighbour[1]);
    cadre = lane_browser(lane.cadre);
    assert_int_equal(test_post(b[0], path("%s/cancel", slot), "").status, 409);
    assert_int_equal(
        test_post(cadre, path("%s/drop", slot),
                  path("booking=%lld", (long long)test_sql_int(
                                           &t->db, "SELECT id FROM booking WHERE person = %lld AND state = 'booked'",
                                           (long long)neighbour[0])))
            .status,
        303);
    assert_int_equal(unread_of(neighbour[0]), 1);
    struct reply again = test_post(cadre, path("%s/off", slot), "");
    assert_int_equal(again.status, 422); /* the form once more, not a bare page */
    assert_true(str_find(again.body, STR("id=\"reason-error\"")) != SIZE_MAX);
    assert_int_equal(test_post(cadre, path("%s/off", slot), "reason=医生病了").status, 303);
    assert_int_equal(test_post(cadre, path("%s/off", slot), "reason=医生病了").status, 409);
    assert_int_equal(test_post(b[0], path("%s/book", slot), "").status, 409);
    assert_true(reply_has(test_get(b[1], "/messages"), "医生病了"));
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM ledger WHERE detail LIKE '%%canarynote%%'"), 0);
}

static void who_came(void **state)
{
    struct browser *cadre = lane_browser(lane.cadre);
    const char *one = offered(cadre, BOARD, "磨剪刀", false), *slot = timed(cadre, one, 5);
    long long booking;
    (void)state;

    assert_int_equal(test_post(lane_browser(neighbour[0]), path("%s/book", slot), "").status, 303);
    booking = newest("booking");
    assert_int_equal(test_post(cadre, path("%s/mark", slot), path("booking=%lld&came=no", booking)).status,
                     409); /* not begun */
    test_clock(time_at(2026, 3, 3, 10, 30));
    cadre = lane_browser(lane.cadre);
    assert_int_equal(test_post(lane_browser(neighbour[1]), path("%s/book", slot), "").status, 409); /* begun */
    assert_int_equal(test_post(cadre, path("%s/mark", slot), path("booking=%lld&came=no", booking)).status, 303);
    assert_int_equal(test_post(cadre, path("%s/mark", slot), path("booking=%lld&came=no", booking)).status, 409);
    assert_true(reply_has(test_get(lane_browser(neighbour[0]), HOME "/bookings"), "没到"));
    assert_int_equal(test_post(cadre, path("%s/mark", slot), path("booking=%lld&came=yes", booking)).status, 303);
    assert_int_equal(test_post(cadre, path("%s/mark", slot), "booking=77&came=yes").status, 404);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM hours"), 0); /* a customer is no helper */
}

static void a_shift_counts_as_hours(void **state)
{
    struct browser *cadre = lane_browser(lane.cadre), *helper = lane_browser(neighbour[0]);
    const char *one = offered(cadre, BOARD, "河边捡垃圾", true), *slot = timed(cadre, one, 5);
    long long booking;
    (void)state;

    assert_int_equal(test_post(helper, path("%s/book", slot), "").status, 303);
    booking = newest("booking");
    test_clock(time_at(2026, 3, 3, 12, 0));
    cadre = lane_browser(lane.cadre);
    helper = lane_browser(neighbour[0]);
    assert_int_equal(test_post(cadre, path("%s/mark", slot), path("booking=%lld&came=yes", booking)).status, 303);
    assert_true(reply_has(test_get(helper, HOME "/hours"), "河边捡垃圾"));
    assert_int_equal(test_sql_int(&t->db, "SELECT given FROM hours_sum WHERE person = %lld", (long long)neighbour[0]),
                     60);
    /* marked wrongly: a counter-line, and back again */
    assert_int_equal(test_post(cadre, path("%s/mark", slot), path("booking=%lld&came=no", booking)).status, 303);
    assert_int_equal(test_sql_int(&t->db, "SELECT given FROM hours_sum WHERE person = %lld", (long long)neighbour[0]),
                     0);
    assert_int_equal(test_post(cadre, path("%s/mark", slot), path("booking=%lld&came=yes", booking)).status, 303);
    assert_int_equal(test_sql_int(&t->db, "SELECT given FROM hours_sum WHERE person = %lld", (long long)neighbour[0]),
                     60);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM hours"), 3);
}

static enum result remind(struct db *db, void *arg)
{
    return slot_remind(db, time_now(), arg);
}

static void a_reminder_comes_once(void **state)
{
    struct browser *cadre = lane_browser(lane.cadre);
    const char *slot = timed(cadre, offered(cadre, BOARD, "量血压", false), 5);
    int64_t n;
    (void)state;

    assert_int_equal(test_post(lane_browser(neighbour[0]), path("%s/book", slot), "").status, 303);
    test_write(t, remind, &n);
    assert_int_equal(n, 0); /* has just booked */
    test_clock_add(3 * TIME_HOUR);
    test_write(t, remind, &n);
    assert_int_equal(n, 1);
    test_write(t, remind, &n);
    assert_int_equal(n, 0);
    assert_true(reply_has(test_get(lane_browser(neighbour[0]), "/messages"), "03-03 10:00"));
}

/* ---- ten at once -------------------------------------------------------------------------------------------------------- */

static struct race {
    int64_t entry, slot;
    int which;
    bool waits;
    struct db_job job;
} races[NEIGHBOURS];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t all = PTHREAD_COND_INITIALIZER;
static int done, went;

static enum result race_run(struct db *db, void *arg)
{
    struct race *race = arg;
    const struct entry_actor actor = {.person = neighbour[race->which], .now = time_now()};
    struct entry entry;

    LANE_TRY(entry_get(db, HERE, race->entry, &entry));
    return slot_book(db, &actor, &entry, race->slot, HERE, STR_NONE, &race->waits);
}

static void race_done(void *arg, enum result r)
{
    (void)arg;
    pthread_mutex_lock(&lock);
    done++;
    went += r == OK;
    pthread_cond_signal(&all);
    pthread_mutex_unlock(&lock);
}

static void ten_want_the_last_place(void **state)
{
    struct browser *cadre = lane_browser(lane.cadre);
    int has = 0;
    int64_t bad;
    struct db *db;
    (void)state;

    (void)timed(cadre, offered(cadre, BOARD, "专家门诊", false), 1);
    done = went = 0;
    for (int i = 0; i < NEIGHBOURS; i++) {
        races[i] = (struct race){.entry = newest("entry"), .slot = newest("slot"), .which = i};
        races[i].job = (struct db_job){.run = race_run, .done = race_done, .arg = &races[i]};
        races[i].job.arena = arena_open(1 << 20);
    }
    for (int i = 0; i < NEIGHBOURS; i++)
        assert_int_equal(db_write(t->db.database, &races[i].job), OK);
    pthread_mutex_lock(&lock);
    while (done < NEIGHBOURS)
        pthread_cond_wait(&all, &lock);
    pthread_mutex_unlock(&lock);
    for (int i = 0; i < NEIGHBOURS; i++) {
        has += !races[i].waits;
        arena_close(races[i].job.arena);
    }
    assert_int_equal(went, NEIGHBOURS);
    assert_int_equal(has, 1);
    assert_int_equal(test_sql_int(&t->db, "SELECT taken FROM slot"), 1);
    assert_int_equal(test_sql_int(&t->db, "SELECT waiting FROM slot"), NEIGHBOURS - 1);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(DISTINCT number) FROM booking"), NEIGHBOURS);
    assert_int_equal(db_read_begin(t->db.database, t->arena, &db), OK);
    assert_int_equal(slot_recount(db, HERE, &bad), OK);
    assert_int_equal(bad, 0);
    db_read_end(db);
    test_sql(&t->db, "UPDATE slot SET taken = 2");
    assert_int_equal(db_read_begin(t->db.database, t->arena, &db), OK);
    assert_int_equal(slot_recount(db, HERE, &bad), OK);
    assert_true(bad != 0);
    db_read_end(db);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_shop_is_found),         TEST(a_draft_is_nowhere),         TEST(who_may_what),
        TEST(what_is_typed_wrong),     TEST(the_list_moves_up_in_order), TEST(who_came),
        TEST(a_shift_counts_as_hours), TEST(a_reminder_comes_once),      TEST(ten_want_the_last_place),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
