/* doctor_test.c: nobody but the household and the doctor's team: on no page, in no answer, no search, no list, no message, not in the database as text. */
#include "boards/service/doctor.h"
#include "boards/service/service_world_test.h"
#include "civic/home/lane_test.h"
#include "civic/search/search_page.h"
#include "civic/service/service.h"
#include "engine/base/crypto.h"

#define DOCTOR HOME "/service/doctor"
#define CANARY "canaryillness"

static const struct module *const modules[] = {&lane_module, &home_module,   &board_module,       &provider_module,
                                               &slot_module, &doctor_module, &notify_module,      &search_module,
                                               &me_module,   &data_module,   &service_desk_module};
static const struct me_table *const mes[] = {&slot_me, &doctor_me};
static const struct search_finder *const finders[] = {&entry_finder};
static struct services services;
static struct organisation clinic, other_clinic;
static int64_t doctor, nurse, other_doctor, clerk, partner, auditor;

static enum result more(struct db *db, void *arg)
{
    int64_t id = id_new();

    (void)arg;
    LANE_TRY(lane_organisation(db, HERE, "family_doctor", "家庭医生工作室", "021-5600 0120", &clinic));
    LANE_TRY(lane_organisation(db, STREET, "family_doctor", "街道卫生中心", "021-5600 0121", &other_clinic));
    LANE_TRY(lane_person(db, "尤医生", &doctor));
    LANE_TRY(lane_person(db, "伍护士", &nurse));
    LANE_TRY(lane_person(db, "外院医生", &other_doctor));
    LANE_TRY(lane_person(db, "管理员", &clerk));
    LANE_TRY(lane_person(db, "审计员", &auditor));
    LANE_TRY(lane_person(db, "周女士的丈夫", &partner));
    LANE_TRY(lane_post(db, doctor, &clinic, "handler", "医生"));
    LANE_TRY(lane_post(db, nurse, &clinic, "handler", "护士"));
    LANE_TRY(lane_post(db, clerk, &clinic, "administrator", "管理员"));
    LANE_TRY(lane_post(db, other_doctor, &other_clinic, "handler", "医生"));
    LANE_TRY(lane_post(db, auditor, &lane.office, "auditor", "审计"));
    LANE_TRY(sql_residence_put(db, HERE, id, partner, lane.estate.id, lane.building.id, lane.dwelling[0].id,
                               STR("owner"), STR("verified"), time_now(), time_now(), 0));
    return sql_person_residence_put(db, partner, HERE, id);
}

static int setup(void **state)
{
    (void)state;
    services = (struct services){.keys = crypto_keys_for_test()};
    lane_services = &services;
    service_open(modules, sizeof(modules) / sizeof(modules[0]));
    service_board(3, "doctor", "family_doctor", "residents");
    test_write(t, more, NULL);
    me_use(mes, 2);
    search_use(finders, 1);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    me_use(NULL, 0);
    search_use(NULL, 0);
    test_app_close(t);
    lane_services = NULL;
    return 0;
}

/* The doctor's page, and the household of dwelling 0 with it. */
static const char *signed_up(void)
{
    const char *one = offered(lane_browser(doctor), DOCTOR, "尤兰医生", false);

    assert_int_equal(test_post(lane_browser(lane.resident), path("%s/sign", one), "agree=1").status, 303);
    assert_int_equal(
        test_post(lane_browser(nurse), path(DOCTOR "/sign/%lld/move", newest("doctor_sign")), "action=confirm").status,
        303);
    return one;
}

static const char *asked(void)
{
    struct reply r = test_post(lane_browser(lane.resident), DOCTOR "/ask", "body=头疼" CANARY);

    assert_int_equal(r.status, 303);
    return str_cstr(t->arena, r.location);
}

static void one_doctor_at_a_time(void **state)
{
    struct browser *zhou = lane_browser(lane.resident), *husband = lane_browser(partner);
    const char *one = offered(lane_browser(doctor), DOCTOR, "尤兰医生", false), *sign;
    (void)state;

    assert_int_equal(test_post(zhou, DOCTOR "/ask", "body=头疼三天").status, 409); /* no doctor yet */
    assert_int_equal(test_post(zhou, path("%s/sign", one), "").status, 422);       /* consent of its own */
    assert_int_equal(test_post(zhou, path("%s/sign", one), "agree=1").status, 303);
    assert_int_equal(test_post(husband, path("%s/sign", one), "agree=1").status, 409);
    sign = path(DOCTOR "/sign/%lld/move", newest("doctor_sign"));
    assert_int_equal(test_post(zhou, sign, "action=confirm").status, 403); /* not by oneself */
    assert_int_equal(test_post(lane_browser(other_doctor), sign, "action=confirm").status, 404);
    assert_int_equal(test_post(lane_browser(lane.cadre), sign, "action=confirm").status, 404);
    assert_int_equal(test_post(lane_browser(clerk), sign, "action=confirm").status,
                     404); /* who administers the clinic's accounts treats nobody */
    assert_true(reply_has(test_get(lane_browser(doctor), DOCTOR "/team"), "周女士"));
    assert_int_equal(test_post(lane_browser(doctor), sign, "action=confirm").status, 303);
    assert_int_equal(test_post(lane_browser(doctor), sign, "action=confirm").status, 409);
    assert_true(reply_has(test_get(husband, DOCTOR "/mine"), "已签约"));
    assert_int_equal(test_post(husband, sign, "action=end").status, 303);
    assert_int_equal(test_post(zhou, DOCTOR "/ask", "body=头疼三天").status, 409);
    assert_int_equal(test_post(husband, path("%s/sign", one), "agree=1").status, 303); /* and again */
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM doctor_sign"), 2);
}

static void asked_and_answered(void **state)
{
    const char *q;
    struct browser *zhou = lane_browser(lane.resident);
    (void)state;

    (void)signed_up();
    q = asked();
    assert_int_equal(test_post(zhou, DOCTOR "/ask", "body=").status, 422);
    assert_true(reply_has(test_get(lane_browser(partner), q), CANARY)); /* one household */
    assert_true(reply_has(test_get(lane_browser(nurse), q), CANARY));
    assert_int_equal(test_post(lane_browser(nurse), path("%s/close", q), "").status,
                     403); /* the household's to close */
    assert_int_equal(test_post(lane_browser(doctor), path("%s/say", q), "body=多喝水，明天来看看").status, 303);
    assert_true(reply_has(test_get(zhou, q), "多喝水"));
    assert_true(reply_has(test_get(zhou, "/messages"), "您问家庭医生的事有回复了"));
    assert_false(reply_has(test_get(zhou, "/messages"), "多喝水"));
    assert_int_equal(
        test_sql_int(&t->db, "SELECT COUNT(*) FROM clock WHERE subject_kind = 'doctor_question' AND stopped_at = 0"),
        0);
    assert_int_equal(test_post(zhou, path("%s/say", q), "body=好的，谢谢").status, 303);
    assert_int_equal(test_post(zhou, path("%s/close", q), "").status, 303);
    assert_int_equal(test_post(zhou, path("%s/say", q), "body=还有一件").status, 409);
    assert_int_equal(test_post(lane_browser(doctor), path("%s/say", q), "body=再说").status, 409);
    assert_true(reply_has(test_get(zhou, "/me/data"), CANARY)); /* what one has left oneself */
}

static void nobody_else(void **state)
{
    const int64_t others[] = {0,          lane.stranger, lane.waiting, neighbour[0], lane.secretary,
                              lane.cadre, lane.officer,  lane.handler, other_doctor, clerk,
                              auditor};
    const char *q, *sign;
    (void)state;

    (void)signed_up();
    q = asked();
    sign = path(DOCTOR "/sign/%lld/move", newest("doctor_sign"));
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        struct browser *b = lane_browser(others[i]);
        const char *const pages[] = {HOME,
                                     "/p/310113007000",
                                     DOCTOR,
                                     DOCTOR "/mine",
                                     DOCTOR "/team",
                                     BOARD,
                                     HOME "/bookings",
                                     HOME "/search?q=%E5%A4%B4%E7%96%BC",
                                     "/messages",
                                     "/me",
                                     "/me/data",
                                     "/desk",
                                     q,
                                     path("%s/say", q)};

        for (size_t k = 0; k < sizeof(pages) / sizeof(pages[0]); k++) {
            assert_false(reply_has(test_get(b, pages[k]), CANARY) || reply_has(test_get_json(b, pages[k]), CANARY));
            if (others[i] != lane.cadre && k != 0 && k != 1) /* not even whose household it is */
                assert_false(reply_has(test_get_json(b, DOCTOR "/team"), "周女士"));
        }
        assert_int_equal(test_get(b, q).status, test_get(b, DOCTOR "/ask/77").status); /* as if it were not there */
        assert_int_not_equal(test_get(b, q).status, 200);
        (void)test_post(b, path("%s/say", q), "body=我来看看");
        (void)test_post(b, path("%s/close", q), "");
        (void)test_post(b, sign, "action=end");
    }
    /* none of them has changed anything */
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM doctor_message"), 1);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM doctor_sign WHERE state = 'confirmed'"), 1);
    /* sealed where it is stored; the ledger and the messages have no words of it; it is in no index */
    assert_int_equal(
        test_sql_int(&t->db, "SELECT COUNT(*) FROM doctor_message WHERE CAST(body AS TEXT) LIKE '%%" CANARY "%%'"), 0);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM ledger WHERE detail LIKE '%%" CANARY "%%'"), 0);
    assert_int_equal(
        test_sql_int(&t->db,
                     "SELECT COUNT(*) FROM ledger WHERE subject_kind LIKE 'doctor%%' AND LENGTH(text_hash) > 0"),
        0);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM notification WHERE args LIKE '%%" CANARY "%%'"), 0);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM search_entry WHERE subject_kind LIKE 'doctor%%'"), 0);
    /* the team stops seeing it when the household has left */
    assert_int_equal(test_get(lane_browser(doctor), q).status, 200);
    assert_int_equal(test_post(lane_browser(lane.resident), sign, "action=end").status, 303);
    assert_int_equal(test_get(lane_browser(doctor), q).status, 404);
    assert_int_equal(test_get(lane_browser(lane.resident), q).status, 200);
    assert_false(reply_has(test_get(lane_browser(doctor), DOCTOR "/team"), "周女士"));
}

static void who_moves_in_later_reads_nothing(void **state)
{
    const char *one = signed_up(), *q = asked();
    struct browser *b;
    (void)state;

    test_sql(&t->db, "UPDATE residence SET state = 'ended', ended_at = 1 WHERE person IN (%lld, %lld)",
             (long long)lane.resident, (long long)partner);
    test_sql(&t->db, "UPDATE residence SET dwelling = %lld WHERE person = %lld", (long long)lane.dwelling[0].id,
             (long long)neighbour[0]);
    b = lane_browser(neighbour[0]);
    assert_int_equal(test_get(b, q).status, 404);
    assert_false(reply_has(test_get(b, DOCTOR "/mine"), CANARY));
    assert_int_equal(test_post(b, path("%s/sign", one), "agree=1").status, 303); /* the old one is ended by it */
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM doctor_sign WHERE state = 'ended'"), 1);
    assert_int_equal(test_get(b, q).status, 404);
}

static enum result ring(struct db *db, void *arg)
{
    struct clock clock = {.community = HERE, .subject = newest("doctor_question"), .stage = STR("answer")};

    (void)arg;
    return doctor_bell.late(db, &clock, time_now());
}

static void late_is_said_to_the_team_alone(void **state)
{
    (void)state;
    (void)signed_up();
    (void)asked();
    test_clock_add(3 * TIME_DAY);
    test_write(t, ring, NULL);
    test_write(t, ring, NULL); /* once */
    assert_true(reply_has(test_get(lane_browser(doctor), "/messages"), "超时未答"));
    assert_false(reply_has(test_get(lane_browser(lane.secretary), "/messages"), "超时未答"));
    assert_true(reply_has(test_get(lane_browser(doctor), DOCTOR "/team"), "超时未答"));
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM ledger WHERE verb = 'escalated'"), 1);
}

static void appointments_are_for_those_who_have_signed(void **state)
{
    const char *one = signed_up(), *slot = timed(lane_browser(doctor), one, 3);
    (void)state;

    assert_int_equal(test_post(lane_browser(neighbour[0]), path("%s/book", slot), "").status, 409);
    assert_int_equal(test_post(lane_browser(partner), path("%s/book", slot), "").status, 303);
    assert_true(reply_has(test_get(lane_browser(nurse), slot), "周女士的丈夫"));
    assert_int_equal(test_get(lane_browser(other_doctor), slot).status, 403);
    assert_int_equal(test_get(lane_browser(lane.cadre), slot).status, 403);
    assert_false(reply_has(test_get_json(lane_browser(neighbour[0]), one), "周女士的丈夫"));
}

/* ---- the desk -------------------------------------------------------------------------------------------------------------- */

static bool desk_has(int64_t person, const char *list, int n)
{
    struct reply r = test_get_json(lane_browser(person), path("/desk/service%s", list));

    assert_int_equal(r.status, 200);
    assert_true(str_eq(reply_json(t, r, "total"), str_from_cstr(path("%d", n))));
    return reply_json_has(t, r, path("rows.%d.id", n)) == false &&
           (n == 0 || reply_json_has(t, r, path("rows.%d.id", n - 1)));
}

/* What waits for the team stands at its desk, each number with its list; nothing of it at anybody else's. */
static void what_waits_stands_at_the_desk(void **state)
{
    const char *one, *slot;
    struct reply r;
    (void)state;

    one = offered(lane_browser(doctor), DOCTOR, "尤兰医生", false);
    assert_int_equal(test_post(lane_browser(lane.resident), path("%s/sign", one), "agree=1").status, 303);
    r = test_get(lane_browser(nurse), "/desk/service?list=requests");
    assert_true(reply_has(r, "周女士申请签约") && reply_has(r, "/team#r"));
    assert_true(desk_has(nurse, "?list=requests", 1) && desk_has(nurse, "", 0));
    assert_int_equal(
        test_post(lane_browser(nurse), path(DOCTOR "/sign/%lld/move", newest("doctor_sign")), "action=confirm").status,
        303);
    (void)asked();
    r = test_get(lane_browser(doctor), "/desk/service");
    assert_true(reply_has(r, "周女士的提问"));
    assert_false(reply_has(r, CANARY)); /* what is said stands on its own page */
    assert_false(reply_has(test_get_json(lane_browser(doctor), "/desk/service"), CANARY));
    assert_true(desk_has(doctor, "", 1) && desk_has(doctor, "?list=requests", 0));
    slot = timed(lane_browser(doctor), one, 2);
    assert_int_equal(test_post(lane_browser(lane.resident), path("%s/book", slot), "").status, 303);
    assert_true(desk_has(doctor, "?list=today", 0)); /* it is tomorrow's */
    test_clock_add(TIME_DAY);
    r = test_get(lane_browser(doctor), "/desk/service?list=today");
    assert_true(reply_has(r, "10:00–11:00") && reply_has(r, "已约 1/2") && reply_has(r, slot));
    assert_true(desk_has(doctor, "?list=today", 1));
    /* late: it is said in words and in the column */
    test_sql(&t->db, "UPDATE doctor_question SET due_at = 1");
    assert_true(reply_has(test_get(lane_browser(doctor), "/desk/service"), "state-late"));
    /* other people's desks have none of it */
    assert_true(desk_has(other_doctor, "", 0) && desk_has(other_doctor, "?list=requests", 0) &&
                desk_has(other_doctor, "?list=today", 0));
    assert_true(desk_has(lane.cadre, "?list=questions", 0) && desk_has(lane.cadre, "?list=requests", 0) &&
                desk_has(lane.cadre, "?list=today", 0));
    assert_false(reply_has(test_get(lane_browser(lane.cadre), "/desk/service?list=questions"), "周女士"));
    assert_int_equal(test_get(lane_browser(clerk), "/desk/service").status, 403);
    assert_int_equal(test_get(lane_browser(auditor), "/desk/service").status, 403);
    assert_int_equal(test_get(lane_browser(lane.resident), "/desk/service").status, 403);
    assert_int_equal(test_get(lane_browser(doctor), "/desk/service?list=x").status, 422);
}

/* The left column has the doctor's lines for doctors alone, and the appointments for whoever offers some. */
static void the_column_has_what_there_is(void **state)
{
    static const struct desk_table *const desks[] = {&service_desk};
    struct reply r;
    (void)state;

    (void)signed_up();
    (void)asked();
    frame_use_desk(desks, 1);
    r = test_get(lane_browser(doctor), "/desk/service");
    assert_true(reply_has(r, "签约申请") && reply_has(r, "今天的预约") && reply_has(r, "<b>1</b>"));
    r = test_get(lane_browser(lane.cadre), "/desk/service?list=today");
    assert_false(reply_has(r, "签约申请") || reply_has(r, "list=today\""));
    assert_int_equal(r.status, 200);
    (void)offered(lane_browser(lane.cadre), BOARD, "理发店", false);
    assert_true(reply_has(test_get(lane_browser(lane.cadre), "/desk/service?list=today"), "list=today\""));
    frame_use_desk(NULL, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(one_doctor_at_a_time),
        TEST(asked_and_answered),
        TEST(nobody_else),
        TEST(who_moves_in_later_reads_nothing),
        TEST(late_is_said_to_the_team_alone),
        TEST(appointments_are_for_those_who_have_signed),
        TEST(what_waits_stands_at_the_desk),
        TEST(the_column_has_what_there_is),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
