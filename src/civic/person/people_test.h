/* people_test.h: a community with one estate, one committee and a few people, for the tests of this room. */
#ifndef LILONG_PEOPLE_TEST_H
#define LILONG_PEOPLE_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "civic/frame/frame.h"
#include "civic/ledger/ledger.h"
#include "civic/person/person.sql.h"
#include "civic/person/room.h"
#include "engine/base/ids.h"
#include "engine/base/log.h"
#include "support/test_app.h"
#include "support/test_sql.h"

#define STREET INT64_C(310113007000)
#define HERE INT64_C(310113007011)
#define THERE INT64_C(310113007012)

/* Made up, with check digits that fit. */
#define ID_ZHOU "310113198505060321"
#define ID_LI "310113197003040019"
#define ID_CHILD "310113201601010011"
#define PHONE_ZHOU "13800138000"
#define PHONE_LI "13900139000"

static struct test_app *t;
static struct services services;
static char *letters;       /* what the console driver of SMS has printed */
static size_t letters_len;
static FILE *console;
static struct people {
    struct estate estate, elsewhere;
    struct building building;
    struct dwelling room502, room601;
    struct organisation committee, other_committee;
    int64_t secretary, cadre, two_posts, stranger; /* persons: of here, of here, of both, of there */
} people;
static const char good_password[] = "Haijiang-lu 17!";

static enum result make_staff(struct db *db, const char *name, const char *login, const struct organisation *o, enum role role,
                              int64_t *ret_person)
{
    /* of the secretary it is known, as in a demo world; of the others nobody has said it, as with `lilong user add` */
    struct person_new p = {.name = str_from_cstr(name), .login = str_from_cstr(login),
                           .sex = role == ROLE_PARTY_SECRETARY ? SEX_MALE : SEX_UNKNOWN};
    int64_t post;

    assert_int_equal(crypto_password_hash(db_arena(db), str_from_cstr(good_password), &p.password_hash), OK);
    assert_int_equal(person_create(db, services.keys, &p, time_now(), ret_person), OK);
    assert_int_equal(sql_person_set_password(db, *ret_person, p.password_hash, time_now()), OK);
    return post_give(db, *ret_person, o->id, role, STR("主任"), 0, time_now(), &post);
}

static enum result make_people(struct db *db, void *arg)
{
    int64_t now = time_now(), post;
    struct person_new resident = {.mobile = STR("13700137000")};
    (void)arg;

    people = (struct people){
        .estate = {.community = HERE, .name = STR("海江路小区")},
        .elsewhere = {.community = THERE, .name = STR("长兴苑")},
        .committee = {.place = HERE, .kind = STR("residents_committee"), .name = STR("吴淞新城居委会"), .phone = STR("021-56560000")},
        .other_committee = {.place = THERE, .kind = STR("residents_committee"), .name = STR("长兴居委会"), .phone = STR("021-56561111")},
    };
    assert_int_equal(estate_create(db, &people.estate, now, 0), OK);
    assert_int_equal(estate_create(db, &people.elsewhere, now, 0), OK);
    people.building = (struct building){.community = HERE, .estate = people.estate.id, .name = STR("3号楼"), .position = 3};
    assert_int_equal(building_create(db, &people.building), OK);
    people.room502 = (struct dwelling){.community = HERE, .estate = people.estate.id, .building = people.building.id, .room = STR("502室")};
    people.room601 = (struct dwelling){.community = HERE, .estate = people.estate.id, .building = people.building.id, .room = STR("601室")};
    assert_int_equal(dwelling_create(db, &people.room502), OK);
    assert_int_equal(dwelling_create(db, &people.room601), OK);
    assert_int_equal(organisation_create(db, &people.committee, now, 0), OK);
    assert_int_equal(organisation_create(db, &people.other_committee, now, 0), OK);
    assert_int_equal(make_staff(db, "王建国", "wang", &people.committee, ROLE_PARTY_SECRETARY, &people.secretary), OK);
    assert_int_equal(make_staff(db, "李梅", "limei", &people.committee, ROLE_CADRE, &people.cadre), OK);
    assert_int_equal(make_staff(db, "赵平", "zhaoping", &people.committee, ROLE_CADRE, &people.two_posts), OK);
    assert_int_equal(post_give(db, people.two_posts, people.other_committee.id, ROLE_CADRE, STR("副主任"), 0, now, &post), OK);
    assert_int_equal(make_staff(db, "孙强", "sunqiang", &people.other_committee, ROLE_CADRE, &people.stranger), OK);
    (void)resident;
    return OK;
}

static const struct ledger_listener *const people_listeners[] = {&person_listener};
static const struct desk_table *const people_desk[] = {&person_desk};

static enum result people_prepare(struct test_app *app)
{
    struct str why = STR_NONE;

    test_sql(&app->db, "INSERT INTO place (code, level, parent, name, valid_from, valid_to) VALUES "
                       "(310000000000, 1, 0, '上海市', 0, 0), (310113000000, 2, 310000000000, '宝山区', 0, 0), "
                       "(310113007000, 3, 310113000000, '吴淞街道', 0, 0), (310113007011, 4, 310113007000, '吴淞新城居委会', 0, 0), "
                       "(310113007012, 4, 310113007000, '长兴居委会', 0, 0)");
    services = (struct services){.keys = crypto_keys_for_test()};
    console = open_memstream(&letters, &letters_len);
    assert_non_null(console);
    if (!app->options.demo)
        assert_int_equal(sms_open(&app->config, console, app->arena, &services.sms, &why), OK);
    app->services = &services;
    ledger_listen(people_listeners, PERSON_COUNT(people_listeners));
    frame_use_desk(people_desk, PERSON_COUNT(people_desk));
    /* People outlive the transaction: their texts are literals, or copied here. */
    assert_int_equal(db_write_wait(app->db.database, app->arena, make_people, NULL), OK);
    return OK;
}

static void people_dispose(struct test_app *app)
{
    (void)app;
    sms_close(services.sms);
    fclose(console);
    free(letters);
    letters = NULL;
}

static const struct app_policy people_policy = {
    .capability_name = access_capability_name,
    .load_viewer = person_load_viewer,
    .allowed = access_policy_allowed,
    .fill_frame = frame_fill,
    .error_page = frame_error_page,
};

static inline void people_configure(struct config *c)
{
    c->http.limits_percent = 0;
    c->sms.driver = SMS_CONSOLE;
}

static const struct module *const people_modules[] = {&person_module, &join_module, &settings_module, &me_module, &second_module, &data_module, &residents_module, &roster_module};

static inline struct test_app *people_open_with(bool demo, void (*configure)(struct config *c))
{
    return test_app_open(&(struct test_app_options){
        .modules = people_modules,
        .n_modules = PERSON_COUNT(people_modules),
        .policy = &people_policy,
        .demo = demo,
        .configure = configure,
        .prepare = people_prepare,
        .dispose = people_dispose,
    });
}

static inline int people_open(void **state)
{
    (void)state;
    t = people_open_with(false, people_configure);
    return 0;
}

static inline int people_open_demo(void **state)
{
    (void)state;
    t = people_open_with(true, people_configure);
    return 0;
}

static inline int people_close(void **state)
{
    (void)state;
    test_app_close(t);
    t = NULL;
    return 0;
}

static inline const char *path_of(const char *format, ...) __attribute__((format(printf, 1, 2)));
static inline const char *path_of(const char *format, ...)
{
    va_list ap;

    va_start(ap, format);
    struct str s = str_vprintf(t->arena, format, ap);
    va_end(ap);
    return str_cstr(t->arena, s);
}

static inline void assert_location(struct reply r, const char *path)
{
    if (r.status != 303 || !str_eq(r.location, str_from_cstr(path)))
        fail_msg("%d to " STR_FMT ", not to %s: " STR_FMT, r.status, STR_ARG(r.location), path, STR_ARG(str_sub(r.body, 0, 3000)));
}

static inline void assert_shows(struct reply r, int status, enum text text_key)
{
    struct str words = text(LANG_ZH_CN, text_key);

    if (r.status != status || str_find(r.body, words) == SIZE_MAX)
        fail_msg("%d without “" STR_FMT "”: " STR_FMT, r.status, STR_ARG(words), STR_ARG(str_sub(r.body, 0, 4000)));
}

/* Delivers what waits and reads the last code. */
static inline const char *last_code(void)
{
    const char *at, *found = NULL;

    app_run_jobs(t->app);
    fflush(console);
    for (at = letters; at && (at = strstr(at, "验证码 ")) != NULL; at += strlen("验证码 "))
        found = at + strlen("验证码 ");
    assert_non_null(found);
    return path_of("%.6s", found);
}

/* A browser that has proven a phone and stands signed in. */
static inline struct browser *by_phone(const char *phone)
{
    struct browser *b = test_browser(t);

    assert_location(test_post(b, "/sign-in/phone", path_of("phone=%s&next=/me", phone)), "/sign-in/code");
    assert_location(test_post(b, "/sign-in/code", path_of("code=%s", last_code())), "/me");
    return b;
}

/* The demo's door is the quick way in for tests of pages behind it. */
static inline struct browser *by_demo(int64_t person)
{
    struct browser *b = test_browser(t);
    struct reply r = test_post(b, "/demo", path_of("person=%" PRId64, person));

    assert_int_equal(r.status, 303);
    return b;
}

/* The steps of joining, from the code on the wall to the last page before asking. */
static inline struct browser *to_consent(const char *phone, const char *name, const char *number, const char *room)
{
    struct browser *b = test_browser(t);
    const char *code = path_of(STR_FMT, STR_ARG(people.estate.qr_code));

    assert_int_equal(test_get(b, path_of("/join?estate=%s", code)).status, 200);
    assert_location(test_post(b, "/join", path_of("estate=%s&phone=%s", code, phone)), "/join/code");
    assert_location(test_post(b, "/join/code", path_of("code=%s", last_code())), "/join/name");
    assert_location(test_post(b, "/join/name", path_of("name=%s&kind=resident_id&number=%s", name, number)), "/join/home");
    assert_location(test_post(b, "/join/home", path_of("building=%" PRId64 "&room=%s&relation=owner", people.building.id, room)),
                    "/join/consent");
    return b;
}

/* Asks; with the residence's id, which a program gets. */
static inline int64_t ask(struct browser *b)
{
    assert_location(test_post(b, "/join/consent", "agree=1"), "/join/waiting");
    return test_sql_int(&t->db, "SELECT MAX(id) FROM residence");
}

/* A cadre's browser at the desk, with a session as signing in makes it. */
static inline struct browser *staff(const char *login)
{
    struct browser *b = test_browser(t);
    struct reply r;
    struct str rest, secret;
    const char *mark = "<p class=\"text\"><b>";

    assert_location(test_post(b, "/sign-in/password", path_of("login=%s&password=%s", login, good_password)), "/sign-in/setup");
    r = test_get(b, "/sign-in/setup");
    rest = str_sub(r.body, str_find(r.body, str_from_cstr(mark)) + strlen(mark), 39);
    assert_int_equal(base32_decode(t->arena, rest, &secret), OK);
    r = test_post(b, "/sign-in/setup", path_of("code=%06u", hotp(secret, (uint64_t)(time_now() / TOTP_STEP_MS), TOTP_DIGITS)));
    assert_int_equal(r.status, 200);
    return b;
}

#endif
