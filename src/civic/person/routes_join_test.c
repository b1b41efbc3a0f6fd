/* routes_join_test.c: becoming a resident, with everything that can be wrong on the way. */
#include <fcntl.h>
#include <unistd.h>

#include "civic/person/people_test.h"

static const char *estate_code(void)
{
    return path_of(STR_FMT, STR_ARG(people.estate.qr_code));
}

static void the_whole_path(void **state)
{
    struct browser *b = test_browser(t), *cadre;
    struct reply r;
    int64_t id;
    (void)state;

    r = test_get(b, path_of("/join?estate=%s", estate_code()));
    assert_shows(r, 200, T_person_join_call); /* the committee's phone on every step */
    assert_true(reply_has(r, "tel:02156560000") && reply_has(r, "海江路小区"));
    assert_shows(test_get(b, "/join?estate=NOSUCH"), 200, T_person_join_no_estate);
    assert_shows(test_get(b, "/join"), 200, T_person_join_no_estate);

    b = to_consent(PHONE_ZHOU, "周小兰", ID_ZHOU, "502");
    r = test_get(b, "/join/consent");
    assert_shows(r, 200, T_person_join_kept_text);
    assert_shows(r, 200, T_person_join_call);
    assert_true(reply_has(r, "310113********0321") && reply_has(r, "3号楼 502室"));
    assert_false(reply_has(r, ID_ZHOU));
    assert_shows(test_post(b, "/join/consent", ""), 422, T_person_join_agree_needed);
    id = ask(b);
    assert_shows(test_get(b, "/join/waiting"), 200, T_person_join_waiting_title);
    assert_true(reply_has(test_get(b, "/me"), "周女士"));
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM consent WHERE version = '" PRIVACY_VERSION "'"), 1);
    assert_int_equal(
        test_sql_int(&t->db, "SELECT COUNT(*) FROM ledger WHERE verb = 'asked' AND community = %lld", (long long)HERE),
        1);
    assert_location(test_post(b, "/join", path_of("estate=%s", estate_code())), "/join/name"); /* and once more? */

    cadre = staff("limei");
    assert_location(test_post(cadre, path_of("/desk/residents/%" PRId64 "/verify", id), ""), "/desk/residents");
    assert_shows(test_get(b, "/join/waiting"), 200, T_person_join_verified_title);
    assert_int_equal(
        test_sql_int(&t->db, "SELECT COUNT(*) FROM notification WHERE text_key = 'person.notice.verified'"), 1);
    assert_int_equal(test_post(cadre, path_of("/desk/residents/%" PRId64 "/verify", id), "").status,
                     409); /* decided already */
    assert_location(test_get(b, path_of("/join?estate=%s", estate_code())), "/join/waiting");
}

static void wrong_words(void **state)
{
    static const struct {
        const char *form;
        enum text says;
    } wrong[] = {
        {"name=&kind=resident_id&number=" ID_ZHOU, T_app_field_required},
        {"name=<script>alert(1)</script>&kind=resident_id&number=" ID_ZHOU, T_person_join_name_wrong},
        {"name=周小兰\"><img src=x>&kind=resident_id&number=" ID_ZHOU, T_person_join_name_wrong},
        {"name=周小兰&kind=resident_id&number=31011319850506032", T_person_number_length},
        {"name=周小兰&kind=resident_id&number=310113198505060329", T_person_number_check},
        {"name=周小兰&kind=resident_id&number=310113198502300321", T_person_number_date},
        {"name=周小兰&kind=resident_id&number=", T_app_field_required},
    };
    struct browser *b = by_phone(PHONE_ZHOU);
    struct reply r;
    (void)state;

    assert_int_equal(test_post(b, "/join/name", "name=周小兰&kind=resident_id&number=" ID_ZHOU).status,
                     410); /* out of order */
    assert_location(test_get(b, "/join/name"), "/join");
    assert_location(test_post(b, "/join", path_of("estate=%s", estate_code())), "/join/name");
    assert_location(test_get(b, "/join/home"), "/join/name");
    assert_int_equal(
        test_post(b, "/join/home", path_of("building=%" PRId64 "&room=502&relation=owner", people.building.id)).status,
        410);
    for (size_t i = 0; i < PERSON_COUNT(wrong); i++) {
        r = test_post(b, "/join/name", wrong[i].form);
        assert_shows(r, 422, wrong[i].says);
        assert_false(reply_has(r, "<script>alert") || reply_has(r, "<img src=x") || reply_has(r, ID_ZHOU));
    }
    assert_location(
        test_post(b, "/join/name", "name=阿依古丽·买买提&kind=resident_id&number=３１０１１３１９８５０５０６０３２１"),
        "/join/home");
    assert_location(test_post(b, "/join/name", "name=Maria da Silva&kind=passport&number=e12345678"), "/join/home");
    assert_shows(
        test_post(b, "/join/home", path_of("building=%" PRId64 "&room=9902&relation=owner", people.building.id)), 422,
        T_person_join_room_unknown);
    assert_shows(test_post(b, "/join/home", "building=77&room=502&relation=owner"), 422, T_app_field_choice);
    assert_int_equal(
        test_post(b, "/join/home", path_of("building=%" PRId64 "&room=502&relation=king", people.building.id)).status,
        422);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM residence"), 0);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM person_document"), 0); /* nothing before consent */
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM session_note WHERE value LIKE '%%Silva%%'"),
                     0); /* sealed */

    b->language = "en";
    r = test_post_json(b, "/join/name", "{\"name\":\"1\",\"kind\":\"resident_id\",\"number\":\"1\"}");
    assert_int_equal(r.status, 422);
    assert_true(str_eq(reply_json(t, r, "errors.0.field"), STR("name")));
}

static void faults_leak_nothing(void **state)
{
    struct browser *b, *c;
    struct reply r;
    (void)state;

    b = to_consent(PHONE_ZHOU, "周小兰", ID_ZHOU, "502");
    ask(b);
    /* the same document on another account */
    test_clock_add(TIME_HOUR);
    c = to_consent(PHONE_LI, "周小兰", ID_ZHOU, "601");
    r = test_post(c, "/join/consent", "agree=1");
    assert_shows(r, 422, T_person_join_fault_document_taken);
    /* whole words only: a request id may well contain three digits in a row */
    assert_false(reply_has(r, "502室") || reply_has(r, "周女士") || reply_has(r, "138****") ||
                 reply_has(r, PHONE_ZHOU));
    /* the same person twice */
    assert_location(test_post(b, "/join", path_of("estate=%s", estate_code())), "/join/name");
    assert_location(test_post(b, "/join/name", "name=周小兰&kind=resident_id&number=" ID_ZHOU), "/join/home");
    assert_location(
        test_post(b, "/join/home", path_of("building=%" PRId64 "&room=601&relation=owner", people.building.id)),
        "/join/consent");
    assert_shows(test_post(b, "/join/consent", "agree=1"), 422, T_person_join_fault_already);
    /* a child */
    assert_location(test_post(c, "/join/name", "name=李小宝&kind=resident_id&number=" ID_CHILD), "/join/home");
    assert_location(
        test_post(c, "/join/home", path_of("building=%" PRId64 "&room=601&relation=family", people.building.id)),
        "/join/consent");
    assert_shows(test_post(c, "/join/consent", "agree=1"), 422, T_person_join_fault_child);
    /* a full dwelling */
    for (int i = 0; i < HOUSEHOLD_MAX; i++)
        test_sql(
            &t->db,
            "INSERT INTO residence (community, id, person, estate, building, dwelling, relation, state, reason, asked_at, "
            "decided_at, decided_by, ended_at) VALUES (%lld, %d, %lld, 1, 1, %lld, 'family', 'verified', '', 1, 1, 0, 0)",
            (long long)HERE, i + 1, (long long)people.stranger, (long long)people.room601.id);
    assert_location(test_post(c, "/join/name", "name=李国强&kind=resident_id&number=" ID_LI), "/join/home");
    assert_location(
        test_post(c, "/join/home", path_of("building=%" PRId64 "&room=601&relation=family", people.building.id)),
        "/join/consent");
    assert_shows(test_post(c, "/join/consent", "agree=1"), 422, T_person_join_fault_full);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM residence WHERE asked_at > 1"), 1);
}

static struct roster_result imported;

static enum result import(struct db *db, void *arg)
{
    return roster_import(db, services.keys, HERE, str_from_cstr(arg), people.cadre, people.committee.id, time_now(),
                         &imported);
}

static void the_roster_knows(void **state)
{
    struct browser *b;
    (void)state;

    test_write(t, import,
               "小区,楼栋,室号,姓名,证件号,手机号,关系\n海江路小区,3,502,周小兰," ID_ZHOU ",,业主\n"
               "海江路小区,3号楼,601,李国强,," PHONE_LI ",租户\n");
    b = to_consent(PHONE_ZHOU, "周小兰", ID_ZHOU, "502");
    ask(b);
    assert_shows(test_get(b, "/join/waiting"), 200, T_person_join_verified_title);
    test_clock_add(TIME_HOUR);
    b = to_consent(PHONE_LI, "李国强", ID_LI, "601"); /* by the phone, because the list has no document */
    ask(b);
    assert_shows(test_get(b, "/join/waiting"), 200, T_person_join_verified_title);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM residence WHERE state = 'verified' AND decided_by = 0"),
                     2);
}

/* Refused, corrected, verified; and a document that somebody claimed falsely is free again for the one whose it is. */
static void refused_and_again(void **state)
{
    struct browser *b = to_consent(PHONE_LI, "周小兰", ID_ZHOU, "601"), *cadre = staff("limei"), *owner;
    int64_t id = ask(b);
    struct reply r;
    (void)state;

    assert_shows(test_post(cadre, path_of("/desk/residents/%" PRId64 "/refuse", id), ""), 422,
                 T_person_residents_reason_needed);
    assert_location(test_post(cadre, path_of("/desk/residents/%" PRId64 "/refuse", id), "reason=name&words=请来一趟"),
                    "/desk/residents");
    r = test_get(b, "/join/waiting");
    assert_shows(r, 200, T_person_join_refused_title);
    assert_true(reply_has(r, "请来一趟") && reply_has(r, estate_code()));
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM notification WHERE text_key = 'person.notice.refused'"),
                     1);

    test_clock_add(TIME_HOUR);
    owner = to_consent(PHONE_ZHOU, "周小兰", ID_ZHOU, "502");
    ask(owner);
    /* who was refused may say it right now */
    assert_location(test_post(b, "/join", path_of("estate=%s", estate_code())), "/join/name");
    assert_location(test_post(b, "/join/name", "name=李国强&kind=resident_id&number=" ID_LI), "/join/home");
    assert_location(
        test_post(b, "/join/home", path_of("building=%" PRId64 "&room=601&relation=owner", people.building.id)),
        "/join/consent");
    ask(b);
    assert_shows(test_get(b, "/join/waiting"), 200, T_person_join_waiting_title);
    assert_true(reply_has(test_get(b, "/me"), "李先生"));
}

/* Neither a passport nor an account of staff says whether somebody is a man or a woman. */
static void nobody_is_addressed_by_a_guess(void **state)
{
    struct browser *b = to_consent(PHONE_ZHOU, "周小兰", ID_ZHOU, "502");
    struct reply r;
    (void)state;

    assert_location(test_post(b, "/join/name", "name=Maria da Silva&kind=passport&number=e12345678"), "/join/home");
    assert_location(
        test_post(b, "/join/home", path_of("building=%" PRId64 "&room=601&relation=owner", people.building.id)),
        "/join/consent");
    ask(b);
    r = test_get(b, "/me");
    assert_true(reply_has(r, "Silva邻居"));
    assert_false(reply_has(r, "女士") || reply_has(r, "先生"));
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM person WHERE shown_name LIKE '%%女士'"), 0);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM person WHERE id = %lld AND shown_name = '李梅'",
                                  (long long)people.cadre),
                     1);
}

static void once_known_stays_the_same(void **state)
{
    struct browser *b = to_consent(PHONE_ZHOU, "周小兰", ID_ZHOU, "502"), *cadre = staff("limei");
    int64_t id = ask(b);
    struct reply r;
    (void)state;

    assert_location(test_post(cadre, path_of("/desk/residents/%" PRId64 "/verify", id), ""), "/desk/residents");
    r = test_post(b, "/join", path_of("estate=" STR_FMT, STR_ARG(people.elsewhere.qr_code)));
    assert_location(r, "/join/name");
    r = test_get(b, "/join/name");
    assert_shows(r, 200, T_person_join_known);
    assert_false(reply_has(r, ID_ZHOU));
    /* another name is not taken: who they are is known */
    assert_location(test_post(b, "/join/name", "name=李国强&kind=resident_id&number=" ID_LI), "/join/home");
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM person_document"), 1);
}

/* Names, phones, numbers, codes and passwords of the whole path: none of them in the log. */
static void the_log_knows_nobody(void **state)
{
    char file[] = "/tmp/lilong-log-XXXXXX";
    int fd = mkstemp(file), kept = dup(2);
    const char *secrets[] = {"周小兰", "周女士", PHONE_ZHOU, ID_ZHOU, "502", good_password, "wrong-wrong", "limei"};
    struct browser *b;
    struct str log;
    char *bytes;
    off_t n;
    (void)state;

    assert_true(fd >= 0 && dup2(fd, 2) == 2);
    log_set_level(LOG_LEVEL_DEBUG);
    b = to_consent(PHONE_ZHOU, "周小兰", ID_ZHOU, "502");
    ask(b);
    test_get(b, "/me/data");
    test_post(test_browser(t), "/sign-in/password", "login=limei&password=wrong-wrong");
    staff("limei");
    log_set_level((enum log_level)(LOG_LEVEL_ERROR + 1));
    dup2(kept, 2);
    close(kept);
    n = lseek(fd, 0, SEEK_END);
    assert_true(n > 1000); /* there is something to look at */
    bytes = arena_array(t->arena, char, (size_t)n);
    assert_int_equal(pread(fd, bytes, (size_t)n, 0), n);
    log = (struct str){bytes, (size_t)n};
    close(fd);
    unlink(file);
    for (size_t i = 0; i < PERSON_COUNT(secrets); i++)
        if (strlen(secrets[i]) > 3 && str_find(log, str_from_cstr(secrets[i])) != SIZE_MAX)
            fail_msg("the log has %s in it", secrets[i]);
    assert_true(str_find(log, str_printf(t->arena, "%s", last_code())) == SIZE_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_whole_path, people_open, people_close),
        cmocka_unit_test_setup_teardown(wrong_words, people_open, people_close),
        cmocka_unit_test_setup_teardown(faults_leak_nothing, people_open, people_close),
        cmocka_unit_test_setup_teardown(the_roster_knows, people_open, people_close),
        cmocka_unit_test_setup_teardown(refused_and_again, people_open, people_close),
        cmocka_unit_test_setup_teardown(nobody_is_addressed_by_a_guess, people_open, people_close),
        cmocka_unit_test_setup_teardown(once_known_stays_the_same, people_open, people_close),
        cmocka_unit_test_setup_teardown(the_log_knows_nobody, people_open, people_close),
    };

    return cmocka_run_group_tests_name("routes_join", tests, NULL, NULL);
}
