/* move_test.c: providers, bookings, accounts, ratings and doctors when two communities become one, and when one is divided. */
#include "boards/service/doctor.h"
#include "boards/service/property.h"
#include "boards/service/service_world_test.h"
#include "civic/home/lane_test.h"
#include "civic/hours/hours.h"
#include "civic/moderation/moderation.h"
#include "civic/service/service.h"
#include "engine/base/crypto.h"

#define DOCTOR HOME "/service/doctor"
#define WINDOW HOME "/service/window"

static const struct module *const modules[] = {&lane_module, &home_module,     &board_module,  &provider_module,
                                               &slot_module, &property_module, &doctor_module, &notify_module};
static const struct place_mover *const movers[] = {&person_mover, &moderation_mover, &entry_mover, &service_mover};
static struct services services;
static struct organisation clinic;
static struct lane_elsewhere far;
static int64_t doctor;

static enum result more(struct db *db, void *arg)
{
    (void)arg;
    LANE_TRY(lane_organisation(db, HERE, "family_doctor", "家庭医生工作室", "021-5600 0120", &clinic));
    LANE_TRY(organisation_serve(db, lane.property.id, THERE, true));
    LANE_TRY(lane_person(db, "尤医生", &doctor));
    return lane_post(db, doctor, &clinic, "handler", "医生");
}

static int setup(void **state)
{
    (void)state;
    services = (struct services){.keys = crypto_keys_for_test()};
    lane_services = &services;
    service_open(modules, 8);
    service_board(3, "doctor", "family_doctor", "residents");
    service_board(4, "window", "property_company", "everybody");
    test_write(t, more, NULL);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    test_app_close(t);
    lane_services = NULL;
    return 0;
}

static void counted(void)
{
    lane_adds_up(slot_recount);
    lane_adds_up(account_recount);
    lane_adds_up(entry_recount);
    lane_adds_up(hours_recount);
    lane_is_whole();
}

/* A household with the doctor, and a question of it. */
static const char *signed_up(int64_t person, const char *one)
{
    struct reply r;

    assert_int_equal(test_post(lane_browser(person), path("%s/sign", one), "agree=1").status, 303);
    assert_int_equal(
        test_post(lane_browser(doctor), path(DOCTOR "/sign/%lld/move", newest("doctor_sign")), "action=confirm").status,
        303);
    r = test_post(lane_browser(person), DOCTOR "/ask", "body=头疼三天");
    assert_int_equal(r.status, 303);
    return str_cstr(t->arena, r.location);
}

static const char *published(int64_t community, const char *line)
{
    struct reply r = test_post(lane_browser(lane.handler),
                               path("/p/%lld/service/window/accounts/new", (long long)community),
                               path("account=fees-20250&opening=0&came=%s&spent=", line));

    assert_int_equal(r.status, 303);
    return str_cstr(t->arena, r.location);
}

static void two_become_one(void **state)
{
    const char *barber, *slot, *doc, *question, *first, *second, *was;
    struct browser *zhou = lane_browser(lane.resident);
    struct reply r;
    (void)state;

    far = (struct lane_elsewhere){.community = THERE, .estate_name = "三营房小区", .person_name = "何阿婆"};
    lane_live_elsewhere(&far);
    barber = offered(lane_browser(lane.cadre), BOARD, "理发店", false);
    slot = timed(lane_browser(lane.cadre), barber, 1);
    was = path("%s/book", slot);
    assert_int_equal(test_post(zhou, was, "").status, 303);
    assert_int_equal(test_post(lane_browser(neighbour[0]), was, "").status, 303); /* waits */
    doc = offered(lane_browser(doctor), DOCTOR, "尤兰医生", false);
    question = signed_up(lane.resident, doc);
    first = published(HERE, "停车费 100");
    second = published(THERE, "停车费 200");
    counted();

    lane_merge(movers, 4);

    assert_int_equal(lane_rows_at("provider", JOINED), 2);
    assert_int_equal(lane_rows_at("booking", JOINED), 2);
    assert_int_equal(lane_rows_at("doctor_message", JOINED), 1);
    assert_int_equal(lane_rows_at("property_account", JOINED), 2); /* of the same year, one for each community */
    for (size_t i = 0; i < 6; i++) {
        static const char *const tables[] = {"entry", "provider", "slot", "booking", "doctor_sign", "doctor_question"};

        assert_int_equal(lane_rows_at(tables[i], HERE), 0);
    }
    counted();
    lane_leads(zhou, barber, JOINED);
    lane_leads(zhou, question, JOINED);
    lane_leads(zhou, first, JOINED);
    lane_leads(zhou, second, JOINED);
    lane_leads(lane_browser(lane.cadre), slot, JOINED);
    r = test_get(zhou, lane_at(JOINED, WINDOW "/accounts"));
    assert_true(reply_has(r, "为原吴淞新城居委会公布") && reply_has(r, "为原三营房居委会公布"));
    assert_true(reply_has(test_get(zhou, lane_at(JOINED, first)), "100") &&
                reply_has(test_get(zhou, lane_at(JOINED, second)), "200"));
    /* the booking stands, and who waits moves up */
    slot = lane_at(JOINED, slot);
    assert_int_equal(test_post(zhou, path("%s/cancel", slot), "").status, 303);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM booking WHERE state = 'booked' AND person = %lld",
                                  (long long)neighbour[0]),
                     1);
    /* the doctor answers, in time: the clock has come along */
    assert_int_equal(
        test_sql_int(
            &t->db,
            "SELECT COUNT(*) FROM clock WHERE community = %lld AND subject_kind = 'doctor_question' AND stopped_at = 0",
            (long long)JOINED),
        1);
    assert_int_equal(test_post(lane_browser(doctor), lane_at(JOINED, path("%s/say", question)), "body=多喝水").status,
                     303);
    assert_true(reply_has(test_get(zhou, lane_at(JOINED, question)), "多喝水"));
    assert_int_equal(test_get(lane_browser(neighbour[0]), lane_at(JOINED, question)).status, 404);
    assert_int_equal(test_get(lane_browser(far.person), lane_at(JOINED, question)).status, 404);
    counted();
}

/* A household that leaves keeps its doctor, what it asked, and its one rating of the year; the page stays with those who stay, too. */
static void one_is_divided(void **state)
{
    const char *doc, *mine, *hers, *there;
    struct browser *zhou = lane_browser(lane.resident), *he;
    long long copy;
    (void)state;

    far = (struct lane_elsewhere){.community = HERE, .estate_name = "淞兴苑", .person_name = "何阿婆"};
    lane_live_elsewhere(&far);
    he = lane_browser(far.person);
    doc = offered(lane_browser(doctor), DOCTOR, "尤兰医生", false);
    mine = signed_up(lane.resident, doc);
    hers = signed_up(far.person, doc);
    test_sql(
        &t->db,
        "INSERT INTO property_rating (community, organisation, year, dwelling, person, stars, at) VALUES (%lld, 7, 2025, %lld, 1, 4, 0),"
        " (%lld, 7, 2025, %lld, 1, 2, 0)",
        (long long)HERE, (long long)far.dwelling.id, (long long)HERE, (long long)lane.dwelling[0].id);

    lane_divide(movers, 4, far.estate.id);

    assert_int_equal(lane_rows_at("property_rating", HERE), 1);
    assert_int_equal(test_sql_int(&t->db, "SELECT stars FROM property_rating WHERE community = %lld", (long long)APART),
                     4);
    assert_int_equal(test_get(zhou, mine).status, 200);
    lane_leads(he, hers, APART);
    there = lane_at(APART, hers);
    assert_true(reply_has(test_get(he, there), "头疼三天"));
    assert_int_equal(test_post(lane_browser(doctor), path("%s/say", there), "body=来看看").status, 303);
    assert_true(reply_has(test_get(he, lane_at(APART, DOCTOR "/mine")), "尤兰医生"));
    copy = test_sql_int(&t->db, "SELECT entry FROM provider WHERE community = %lld", (long long)APART);
    assert_true(reply_has(test_get(he, path("/p/%lld/service/doctor/%lld", (long long)APART, copy)), "尤兰医生"));
    assert_int_equal(test_get(zhou, doc).status, 200);
    assert_int_equal(test_get(zhou, there).status, 404);
    counted();
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {TEST(two_become_one), TEST(one_is_divided)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
