/* world_test.h: for the tests of the pages: two communities with their people, the board on a port of the loopback, and browsers that
 * are signed in. Monday 2026-03-16, 10:00.
 *
 * The program is its own worker for pictures: main() begins with WORLD_MAIN. */
#ifndef LILONG_BOARDS_REPORT_WORLD_TEST_H
#define LILONG_BOARDS_REPORT_WORLD_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "boards/report/routes.h"
#include "civic/access/access.h"
#include "civic/board/board.h"
#include "civic/frame/frame.h"
#include "civic/home/home.h"
#include "civic/media/image.h"
#include "civic/media/media.h"
#include "civic/media/media_routes.h"
#include "civic/person/person.h"
#include "civic/place/place.h"
#include "civic/service/service.h"
#include "support/test_app.h"
#include "support/test_sql.h"

#define HERE INT64_C(310113007011)
#define THERE INT64_C(310113007012)
#define BOARD "/p/310113007011/report"
enum {
    AUTHOR = 101,    /* verified, 3号楼 501 */
    NEIGHBOUR = 102, /* verified, 3号楼 502 */
    WIFE = 103,      /* verified, of the author's household */
    WAITING = 104,   /* not verified yet */
    OUTSIDER = 105,  /* verified in the other community */
    SECRETARY = 201, /* of the committee here */
    OTHER_CADRE = 202,
    SQUAD = 301, /* of a handler */
    ADMINISTRATOR = 401,
};
enum { COMMITTEE_ORG = 11, SQUAD_ORG = 12, PROPERTY_ORG = 13, OTHER_ORG = 14 };
enum { ESTATE = 21, BUILDING = 31, ROOM_501 = 41, ROOM_502 = 42 };

static const struct app_policy world_policy = {
    .capability_name = access_capability_name,
    .load_viewer = person_load_viewer,
    .allowed = access_policy_allowed,
    .fill_frame = frame_fill,
    .error_page = frame_error_page,
};

/* ---- signing in, without the rooms that do it ---- */

static const struct param world_sign_params[] = {{.name = "person", .kind = PARAM_ID, .required = true}};

static enum result world_sign_in(struct request *rq)
{
    enum result r = session_start(rq, param_int(rq, 0), param_int(rq, 0) >= SECRETARY);

    return r == OK ? respond_see_other(rq, url_path(rq->arena, "/"), T_none) : r;
}

static const struct route world_routes[] = {
    {HTTP_POST, "/test/sign-in", "test.sign_in", world_sign_in, .need = CAP_PUBLIC, .params = world_sign_params,
     .n_params = 1, .flags = ROUTE_WRITE | ROUTE_NO_KEY},
};
static const struct module world_module = {.name = "test", .routes = world_routes, .n_routes = 1};
static const struct module *const world_modules[] = {&home_module,   &me_module,           &data_module,
                                                     &report_module, &report_write_module, &report_desk_module,
                                                     &report_act_module, &media_module, &world_module};
static const struct board_kind *const world_boards[] = {&report_board_kind};
static const struct media_guards *const world_guards[] = {&report_guards};
static const struct home_table *const world_homes[] = {&report_home};
static const struct me_table *const world_me[] = {&report_me};
static const struct ledger_listener *const world_listeners[] = {&statistics_listener, &report_listener};
static const struct measure_table *const world_measures[] = {&report_measures};

/* ---- places and people ---- */

static inline void world_person(struct test_app *t, int id, const char *name)
{
    test_sql(
        &t->db,
        "INSERT INTO person (id, shown_name, name_sealed, document_kind, document_sealed, phone_sealed, sex, birth_day,"
        " password_hash, totp_sealed, totp_step, state, party_member, party_badge, language, mode, theme, created_at,"
        " created_by, closed_at)"
        " VALUES (%d, '%s', '', '', '', '', 0, 0, '', '', 0, 'active', 0, 0, '', '', '', 0, 0, 0)",
        id, name);
}

static inline void world_post(struct test_app *t, int person, int organisation, const char *role)
{
    test_sql(&t->db,
             "INSERT INTO post (id, person, organisation, role, title, valid_from, valid_to)"
             " VALUES (%d, %d, %d, '%s', '', 0, 0)",
             person, person, organisation, role);
}

static inline void world_home(struct test_app *t, int person, int64_t community, int dwelling, const char *state)
{
    test_sql(
        &t->db,
        "INSERT INTO residence (community, id, person, estate, building, dwelling, relation, state, reason, asked_at,"
        " decided_at, decided_by, ended_at) VALUES (%lld, %d, %d, %d, %d, %d, 'owner', '%s', '', 0, 0, 0, 0);",
        (long long)community, person, person, ESTATE, BUILDING, dwelling, state);
    test_sql(&t->db, "INSERT INTO person_residence (person, community, residence) VALUES (%d, %lld, %d)", person,
             (long long)community, person);
}

static inline void world_organisation(struct test_app *t, int id, int64_t place, const char *kind, const char *name)
{
    test_sql(&t->db,
             "INSERT INTO organisation (id, place, kind, name, credit_code, phone, valid_from, valid_to)"
             " VALUES (%d, %lld, '%s', '%s', '', '', 0, 0)",
             id, (long long)place, kind, name);
}

static inline void world_community(struct test_app *t, int64_t code, const char *name)
{
    test_sql(&t->db,
             "INSERT INTO place (code, level, parent, name, valid_from, valid_to)"
             " VALUES (%lld, 4, 310113007000, '%s', 0, 0)",
             (long long)code, name);
    test_sql(&t->db,
             "INSERT INTO estate (community, id, name, name_key, address, valid_from, valid_to)"
             " VALUES (%lld, %d, '海江路小区', '海江路小区', '', 0, 0)",
             (long long)code, ESTATE);
    test_sql(&t->db,
             "INSERT INTO building (community, id, estate, name, name_key, position, valid_to)"
             " VALUES (%lld, %d, %d, '3号楼', '3', 1, 0)",
             (long long)code, BUILDING, ESTATE);
    for (int room = 0; room < 2; room++)
        test_sql(&t->db,
                 "INSERT INTO dwelling (community, id, estate, building, staircase, room, room_key,"
                 " exclusive_area, valid_to) VALUES (%lld, %d, %d, %d, '', '50%d室', '50%d', 0, 0)",
                 (long long)code, ROOM_501 + room, ESTATE, BUILDING, room + 1, room + 1);
}

static enum result world_seed(struct db *db, void *arg)
{
    (void)arg;
    return report_seed_categories(db);
}

static enum result world_prepare(struct test_app *t)
{
    struct services *services = calloc(1, sizeof(*services));
    const struct media_options pictures = {.workers = 1};

    if (services == NULL || crypto_start() != OK || media_store_open(t->data_dir, &services->store) != OK ||
        media_workers_open(&pictures, &services->workers) != OK)
        return E_IO;
    services->keys = crypto_keys_for_test();
    t->services = services;
    ledger_listen(world_listeners, sizeof(world_listeners) / sizeof(world_listeners[0]));
    statistics_use(world_measures, 1);
    media_use_guards(world_guards, 1);
    board_use_kinds(world_boards, 1);
    test_sql(&t->db, "INSERT INTO board (id, word, kind, name, name_en, lead, lead_en, icon, place, organisation, owner_kind, readers, writers,"
                     " review, position, state, created_at, changed_at) VALUES (1, 'report', 'report', '身边事', 'Nearby matters', '', '',"
                     " 'report', 310000000000, 0, '', 'everybody', 'residents', 'none', 10, 'open', 0, 0)");
    test_sql(&t->db, "INSERT INTO board_place (board, place) VALUES (1, 310000000000)");
    home_use(world_homes, 1);
    me_use(world_me, 1);
    test_sql(&t->db, "INSERT INTO place (code, level, parent, name, valid_from, valid_to)"
                     " VALUES (310000000000, 1, 0, '上海市', 0, 0), (310113000000, 2, 310000000000, '宝山区', 0, 0),"
                     " (310113007000, 3, 310113000000, '吴淞街道', 0, 0)");
    world_community(t, HERE, "吴淞新城社区居委会");
    world_community(t, THERE, "海滨新村社区居委会");
    world_organisation(t, COMMITTEE_ORG, HERE, "residents_committee", "吴淞新城居委会");
    world_organisation(t, OTHER_ORG, THERE, "residents_committee", "海滨新村居委会");
    world_organisation(t, SQUAD_ORG, 310113007000, "urban_management", "城管中队");
    world_organisation(t, PROPERTY_ORG, HERE, "property_company", "新城物业");
    world_person(t, AUTHOR, "周女士");
    world_person(t, NEIGHBOUR, "王先生");
    world_person(t, WIFE, "李女士");
    world_person(t, WAITING, "赵先生");
    world_person(t, OUTSIDER, "钱先生");
    world_person(t, SECRETARY, "宋书记");
    world_person(t, OTHER_CADRE, "何女士");
    world_person(t, SQUAD, "马队");
    world_person(t, ADMINISTRATOR, "管理员");
    world_home(t, AUTHOR, HERE, ROOM_501, "verified");
    world_home(t, WIFE, HERE, ROOM_501, "verified");
    world_home(t, NEIGHBOUR, HERE, ROOM_502, "verified");
    world_home(t, WAITING, HERE, ROOM_502, "waiting");
    world_home(t, OUTSIDER, THERE, ROOM_501, "verified");
    world_post(t, SECRETARY, COMMITTEE_ORG, "party_secretary");
    world_post(t, OTHER_CADRE, OTHER_ORG, "cadre");
    world_post(t, SQUAD, SQUAD_ORG, "handler");
    world_post(t, ADMINISTRATOR, COMMITTEE_ORG, "administrator");
    return db_write_wait(t->db.database, t->arena, world_seed, NULL);
}

static void world_dispose(struct test_app *t)
{
    struct services *services = (struct services *)t->services;

    media_workers_close(services->workers);
    media_store_close(services->store);
    crypto_keys_close(services->keys);
    free(services);
}

static inline struct test_app *world_open(void)
{
    return test_app_open(&(struct test_app_options){.modules = world_modules,
                                                    .n_modules = sizeof(world_modules) / sizeof(world_modules[0]),
                                                    .policy = &world_policy,
                                                    .now = time_at(2026, 3, 16, 10, 0),
                                                    .prepare = world_prepare,
                                                    .dispose = world_dispose});
}

#define WORLD_MAIN(argc, argv)                                                 \
    do {                                                                       \
        static const struct worker_kind *const kinds[] = {&media_worker_kind}; \
        if ((argc) == 3 && strcmp((argv)[1], "worker") == 0)                   \
            return worker_main(kinds, 1, (argv)[2]);                           \
    } while (0)

/* ---- what people do ---- */

static inline struct browser *as(struct test_app *t, int person)
{
    struct browser *b = test_browser(t);

    b->language = "zh-CN";
    if (person)
        assert_int_equal(
            test_post(b, "/test/sign-in", str_cstr(t->arena, str_printf(t->arena, "person=%d", person))).status, 303);
    return b;
}

#define path(...) test_path(__VA_ARGS__)

/* The number behind the last slash, before `tail`: of an address that was answered. */
static inline int64_t id_in(struct str location, const char *tail)
{
    struct str s = str_sub(location, 0, location.len - strlen(tail)), part;
    int64_t id = 0;

    assert_true(location.len > strlen(tail));
    assert_true(str_eq(str_sub(location, location.len - strlen(tail), strlen(tail)), str_from_cstr(tail)));
    while (str_cut(&s, '/', &part))
        if (s.len == 0)
            assert_int_equal(str_int64(part, 1, INT64_MAX, &id), OK);
    return id;
}

/* Writes and sends; the form as in test_post. Returns the report. */
static inline int64_t send_report(struct browser *b, const char *form)
{
    struct reply r = test_post(b, BOARD "/draft", form);
    int64_t draft;

    assert_int_equal(r.status, 303);
    draft = id_in(r.location, "/preview");
    r = test_post(b, path(b->t, BOARD "/draft/%lld/send", (long long)draft), "");
    assert_int_equal(r.status, 303);
    return id_in(r.location, "/sent");
}

/* A step of the staff's, past HTTP: the desk has tests of its own. */
struct world_step {
    struct report_actor actor;
    enum result (*run)(struct db *db, const struct world_step *step);
    int64_t report, order;
    struct str words;
};
static enum result world_run(struct db *db, void *arg)
{
    const struct world_step *step = arg;

    return step->run(db, step);
}
static inline void world_do(struct test_app *t, enum result (*run)(struct db *db, const struct world_step *step),
                            int64_t report, const char *words)
{
    struct world_step step = {
        {SECRETARY, COMMITTEE_ORG, WHO_COMMITTEE, time_now()}, run, report, 0, str_from_cstr(words)};

    test_write(t, world_run, &step);
}
static inline enum result step_answer(struct db *db, const struct world_step *s)
{
    return report_answer(db, &s->actor, HERE, s->report, s->words);
}
static inline enum result step_solve(struct db *db, const struct world_step *s)
{
    return report_solve(db, &s->actor, HERE, s->report, s->words, false, NULL);
}
static inline enum result step_hide(struct db *db, const struct world_step *s)
{
    return report_hide(db, &s->actor, HERE, s->report, true, s->words);
}
static inline enum result step_hand_off(struct db *db, const struct world_step *s)
{
    struct report_hand_off h = {.to = {{.organisation = SQUAD_ORG, .task = s->words, .lead = true},
                                       {.organisation = PROPERTY_ORG, .task = s->words}},
                                .n = 2,
                                .text = s->words};

    return report_hand_off(db, &s->actor, HERE, s->report, &h);
}

/* A JPEG of one grey. */
static inline struct str picture(struct test_app *t, uint8_t grey)
{
    struct raster r = raster_new(t->arena, 640, 480);
    struct str jpeg = STR_NONE;

    memset(r.rgb, grey, (size_t)640 * 480 * 3);
    assert_int_equal(jpeg_encode(t->arena, &r, 90, &jpeg), IMAGE_OK);
    return jpeg;
}

static inline int setup(void **state)
{
    *state = world_open();
    return 0;
}

static inline int teardown(void **state)
{
    test_app_close(*state);
    return 0;
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

#endif
