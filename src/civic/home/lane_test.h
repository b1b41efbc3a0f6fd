/* lane_test.h: a small city for the tests of pages about places: a street with two communities, an estate, people, a board that counts. */
#ifndef LILONG_LANE_TEST_H
#define LILONG_LANE_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "civic/access/access.h"
#include "civic/board/board.h"
#include "civic/frame/frame.h"
#include "civic/home/home.h"
#include "civic/ledger/ledger.h"
#include "civic/notify/notify.h"
#include "civic/person/person.h"
#include "civic/person/person.sql.h"
#include "civic/place/place.h"
#include "civic/place/place_subject.h"
#include "civic/statistics/statistics_figures.h"
#include "engine/base/ids.h"
#include "engine/base/time.h"
#include "support/test_app.h"
#include "support/test_sql.h"

#define CITY INT64_C(310000000000)
#define DISTRICT INT64_C(310113000000)
#define STREET INT64_C(310113007000)
#define HERE INT64_C(310113007011)
#define THERE INT64_C(310113007012)

static struct test_app *t;
static struct lane {
    struct estate estate;
    struct building building;
    struct dwelling dwelling[4];
    struct organisation committee, office, property, police;
    int64_t resident, waiting, secretary, cadre, officer, stranger, handler;
} lane;

/* ---- a board that counts ------------------------------------------------------------------------------------------- */

static bool lane_in_time(const struct ledger_event *e)
{
    return str_find(e->detail, STR("\"in_time\":1")) != SIZE_MAX;
}

static const struct measure_rule lane_rules[] = {
    {"report_reported", "report", "reported", NULL, MEASURE_COUNT, NULL},
    {"report_answered", "report", "answered", NULL, MEASURE_MINUTES, NULL},
    {"report_answered_in_time", "report", "answered", NULL, MEASURE_COUNT, lane_in_time},
    {"report_rated", "report", "rated", NULL, MEASURE_SUM, NULL},
};
static const struct measure_table lane_measures = {lane_rules, sizeof lane_rules / sizeof *lane_rules};
static const struct measure_table *const lane_measure_tables[] = {&lane_measures};
static const struct ledger_listener *const lane_listeners[] = {&statistics_listener};

static enum result lane_rows(struct request *rq, int64_t community, const struct ledger_events *events,
                             struct figure_row *ret_rows)
{
    for (size_t i = 0; i < events->n; i++)
        ret_rows[i] = (struct figure_row){
            .title = str_printf(rq->arena, "%lld", (long long)events->event[i].subject),
            .url = url_path(rq->arena, "/p/%" PRId64, community),
        };
    return OK;
}

static const struct figure_item lane_items[] = {
    {.word = "reported",
     .label = T_statistics_week,
     .meaning = T_statistics_coverage_meaning,
     .unit = T_statistics_month,
     .kind = FIGURE_COUNT,
     .measure = "report_reported",
     .rows = lane_rows,
     .show = FIGURE_FIRST | FIGURE_TREND | FIGURE_TABLE | FIGURE_LINE},
    {.word = "in_time",
     .label = T_statistics_period,
     .meaning = T_statistics_coverage_meaning,
     .kind = FIGURE_SHARE,
     .better = 1,
     .measure = "report_answered_in_time",
     .of = "report_answered",
     .show = FIGURE_FIRST | FIGURE_TABLE | FIGURE_BAR},
    {.word = "first_answer",
     .label = T_statistics_earlier,
     .meaning = T_statistics_coverage_meaning,
     .kind = FIGURE_MEDIAN,
     .better = -1,
     .measure = "report_answered"},
    {.word = "satisfaction",
     .label = T_statistics_later,
     .meaning = T_statistics_coverage_meaning,
     .unit = T_statistics_month,
     .kind = FIGURE_MEAN,
     .better = 1,
     .measure = "report_rated"},
};
static const struct figure_table lane_figures = {lane_items, sizeof lane_items / sizeof *lane_items};
static const struct figure_table *const lane_figure_tables[] = {&lane_figures};

static const struct board_kind lane_report = {
    .word = "report", .name = T_frame_report, .lead = T_frame_report, .icon = "report", .single = true};
static const struct board_kind *const lane_kinds[] = {&lane_report};

/* ---- signing in without the rules of signing in ----------------------------------------------------------------------- */

static enum result lane_sign_in(struct request *rq)
{
    enum result r = session_start(rq, param_int(rq, 0), true);

    return r == OK ? respond_see_other(rq, url_path(rq->arena, "/"), T_none) : r;
}

static const struct param lane_sign_in_params[] = {{.name = "person", .kind = PARAM_ID, .required = true}};
static const struct route lane_routes[] = {
    {HTTP_POST, "/test/sign-in", "test.sign_in", .handle = lane_sign_in, .need = CAP_PUBLIC,
     .params = lane_sign_in_params, .n_params = 1, .flags = ROUTE_WRITE | ROUTE_NO_KEY},
};
static const struct module lane_module = {.name = "test", .routes = lane_routes, .n_routes = 1};

static const struct app_policy lane_policy = {
    .capability_name = access_capability_name,
    .load_viewer = person_load_viewer,
    .allowed = access_policy_allowed,
    .fill_frame = frame_fill,
    .error_page = frame_error_page,
    .moved = place_moved,
};

/* A browser in which that person is signed in; 0: a guest's. */
static inline struct browser *lane_browser(int64_t person)
{
    struct browser *b = test_browser(t);
    char form[48];

    if (person) {
        snprintf(form, sizeof form, "person=%lld", (long long)person);
        assert_int_equal(test_post(b, "/test/sign-in", form).status, 303);
        b->csrf = STR_NONE;
    }
    return b;
}

/* ---- the city -------------------------------------------------------------------------------------------------------------- */

static enum result lane_person(struct db *db, const char *name, int64_t *ret_id)
{
    *ret_id = id_new();
    return sql_person_put(db, *ret_id, str_from_cstr(name), STR_NONE, STR_NONE, STR_NONE, STR_NONE, false, 0, STR_NONE,
                          false, time_now(), 0);
}

static enum result lane_post(struct db *db, int64_t person, const struct organisation *o, const char *role,
                             const char *title)
{
    return sql_post_put(db, id_new(), person, o->id, str_from_cstr(role), str_from_cstr(title), time_now() - TIME_DAY);
}

static enum result lane_organisation(struct db *db, int64_t place, const char *kind, const char *name,
                                     const char *phone, struct organisation *o)
{
    *o = (struct organisation){
        .place = place, .kind = str_from_cstr(kind), .name = str_from_cstr(name), .phone = str_from_cstr(phone)};
    return organisation_create(db, o, time_now(), 0);
}

#define LANE_TRY(call)               \
    do {                             \
        enum result lane_r = (call); \
        if (lane_r != OK)            \
            return lane_r;           \
    } while (0)

static enum result lane_fill(struct db *db, void *arg)
{
    int64_t at = time_now() - 400 * TIME_DAY;
    (void)arg;

    LANE_TRY(place_found(db, CITY, STR("上海市"), at, 0));
    LANE_TRY(place_found(db, DISTRICT, STR("宝山区"), at, 0));
    LANE_TRY(place_found(db, STREET, STR("吴淞街道"), at, 0));
    LANE_TRY(place_found(db, HERE, STR("吴淞新城居委会"), at, 0));
    LANE_TRY(place_found(db, THERE, STR("三营房居委会"), at, 0));
    lane.estate = (struct estate){.community = HERE, .name = STR("海江路小区"), .address = STR("海江路 1 弄")};
    LANE_TRY(estate_create(db, &lane.estate, at, 0));
    lane.estate.qr_code = str_dup(t->arena, lane.estate.qr_code);
    lane.building = (struct building){.community = HERE, .estate = lane.estate.id, .name = STR("3号楼"), .position = 3};
    LANE_TRY(building_create(db, &lane.building));
    for (int i = 0; i < 4; i++) {
        lane.dwelling[i] = (struct dwelling){.community = HERE,
                                             .estate = lane.estate.id,
                                             .building = lane.building.id,
                                             .room = str_printf(t->arena, "%d01室", i + 1)};
        LANE_TRY(dwelling_create(db, &lane.dwelling[i]));
    }
    LANE_TRY(
        lane_organisation(db, HERE, "residents_committee", "吴淞新城居民委员会", "021-5000 0000", &lane.committee));
    LANE_TRY(lane_organisation(db, STREET, "subdistrict_office", "吴淞街道办事处", "021-5600 0000", &lane.office));
    LANE_TRY(lane_organisation(db, HERE, "property_company", "海江物业", "021-5700 0000", &lane.property));
    LANE_TRY(lane_organisation(db, STREET, "community_police", "吴淞派出所", "021-5800 0000", &lane.police));
    LANE_TRY(organisation_serve(db, lane.police.id, HERE, true));
    LANE_TRY(lane_person(db, "周女士", &lane.resident));
    LANE_TRY(lane_person(db, "李先生", &lane.waiting));
    LANE_TRY(lane_person(db, "宋书记", &lane.secretary));
    LANE_TRY(lane_person(db, "王干部", &lane.cadre));
    LANE_TRY(lane_person(db, "沈主任", &lane.officer));
    LANE_TRY(lane_person(db, "陌生人", &lane.stranger));
    LANE_TRY(lane_person(db, "钱经理", &lane.handler));
    LANE_TRY(lane_post(db, lane.secretary, &lane.committee, "party_secretary", "居民区书记"));
    LANE_TRY(lane_post(db, lane.cadre, &lane.committee, "cadre", "干部"));
    LANE_TRY(lane_post(db, lane.officer, &lane.office, "street_officer", "主任"));
    LANE_TRY(lane_post(db, lane.handler, &lane.property, "handler", "经理"));
    for (int i = 0; i < 2; i++) {
        int64_t id = id_new(), person = i ? lane.waiting : lane.resident;
        LANE_TRY(sql_residence_put(db, HERE, id, person, lane.estate.id, lane.building.id, lane.dwelling[i].id,
                                   STR("owner"), i ? STR("waiting") : STR("verified"), time_now(), i ? 0 : time_now(),
                                   0));
        LANE_TRY(sql_person_residence_put(db, person, HERE, id));
    }
    return OK;
}

static const void *lane_services; /* for app_services() */

static enum result lane_prepare(struct test_app *app)
{
    app->services = lane_services;
    return OK;
}

/* Opens it with these modules. */
static inline void lane_open(const struct module *const *modules, size_t n, void (*configure)(struct config *c))
{
    ledger_listen(lane_listeners, 1);
    statistics_use(lane_measure_tables, 1);
    figures_use(lane_figure_tables, 1);
    board_use_kinds(lane_kinds, 1);
    t = test_app_open(&(struct test_app_options){
        .modules = modules, .n_modules = n, .policy = &lane_policy, .configure = configure, .prepare = lane_prepare});
    test_sql(&t->db, "INSERT INTO board (id, word, kind, name, name_en, lead, lead_en, icon, place, organisation, owner_kind, readers, writers,"
                     " review, position, state, created_at, changed_at) VALUES (1, 'report', 'report', '身边事', 'Nearby matters', '', '',"
                     " 'report', 310000000000, 0, '', 'everybody', 'residents', 'none', 10, 'open', 0, 0)");
    test_sql(&t->db, "INSERT INTO board_place (board, place) VALUES (1, 310000000000)");
    test_write(t, lane_fill, NULL);
}

/* ---- communities that merge and are divided -------------------------------------------------------------------------- */

#define JOINED INT64_C(310113007088)
#define APART INT64_C(310113007089)

/* Another estate, with somebody who lives there. */
struct lane_elsewhere {
    int64_t community;
    const char *estate_name, *person_name;
    struct estate estate;
    struct dwelling dwelling;
    int64_t person;
};
static inline enum result lane_elsewhere_run(struct db *db, void *arg)
{
    struct lane_elsewhere *e = arg;
    struct building building;
    int64_t id = id_new();

    e->estate = (struct estate){.community = e->community, .name = str_from_cstr(e->estate_name)};
    LANE_TRY(estate_create(db, &e->estate, time_now(), 0));
    building = (struct building){.community = e->community, .estate = e->estate.id, .name = STR("9号楼"), .position = 9};
    LANE_TRY(building_create(db, &building));
    e->dwelling = (struct dwelling){
        .community = e->community, .estate = e->estate.id, .building = building.id, .room = STR("901室")};
    LANE_TRY(dwelling_create(db, &e->dwelling));
    LANE_TRY(lane_person(db, e->person_name, &e->person));
    LANE_TRY(sql_residence_put(db, e->community, id, e->person, e->estate.id, building.id, e->dwelling.id, STR("owner"),
                               STR("verified"), time_now(), time_now(), 0));
    return sql_person_residence_put(db, e->person, e->community, id);
}
static inline void lane_live_elsewhere(struct lane_elsewhere *e)
{
    test_write(t, lane_elsewhere_run, e);
}

static inline enum result lane_succeed_run(struct db *db, void *arg)
{
    return place_succeed(db, arg);
}
static inline void lane_succeed(const struct place_mover *const *movers, size_t n, const struct place_change *change)
{
    place_move_with(movers, n);
    test_write(t, lane_succeed_run, (void *)change);
    place_move_with(NULL, 0);
}
/* The two communities become a new one. */
static inline void lane_merge(const struct place_mover *const *movers, size_t n)
{
    static const int64_t from[] = {HERE, THERE};
    const struct place_new to[] = {{JOINED, STR("新江居委会")}};
    const struct place_change change = {.from = from, .n_from = 2, .to = to, .n_to = 1, .at = time_now()};

    lane_succeed(movers, n, &change);
}
/* An estate leaves the community, which goes on. */
static inline void lane_divide(const struct place_mover *const *movers, size_t n, int64_t estate)
{
    static const int64_t from[] = {HERE};
    const struct place_new to[] = {{HERE, STR_NONE}, {APART, STR("新城二居委会")}};
    const struct place_moves moves[] = {{estate, APART}};
    const struct place_change change = {
        .from = from, .n_from = 1, .to = to, .n_to = 2, .move = moves, .n_moves = 1, .at = time_now()};

    lane_succeed(movers, n, &change);
}
/* The same address at another community. */
static inline const char *lane_at(int64_t community, const char *address)
{
    return str_cstr(t->arena, str_printf(t->arena, "/p/%lld%s", (long long)community, address + sizeof("/p/310113007011") - 1));
}
/* An old address leads there. */
static inline void lane_leads(struct browser *b, const char *address, int64_t community)
{
    struct reply r = test_get(b, address);

    if (r.status != 303 || !str_eq(r.location, str_from_cstr(lane_at(community, address))))
        fail_msg("%s: %d %.*s", address, r.status, (int)r.location.len, r.location.ptr);
    assert_true(reply_has(test_get_json(b, address), lane_at(community, address)));
}
static inline int64_t lane_rows_at(const char *table, int64_t community)
{
    return test_sql_int(&t->db, "SELECT COUNT(*) FROM %s WHERE community = %lld", table, (long long)community);
}
struct lane_again {
    enum result (*recount)(struct db *db, int64_t community, int64_t *ret_bad);
    int64_t community, bad;
};
static inline enum result lane_again_run(struct db *db, void *arg)
{
    struct lane_again *a = arg;

    return a->recount(db, a->community, &a->bad);
}
/* What is kept of a community equals what is counted anew. */
static inline void lane_adds_up(enum result (*recount)(struct db *db, int64_t community, int64_t *ret_bad))
{
    static const int64_t all[] = {HERE, THERE, JOINED, APART};

    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        struct lane_again a = {recount, all[i], -1};

        test_write(t, lane_again_run, &a);
        if (a.bad)
            fail_msg("%lld: %lld differs", (long long)all[i], (long long)a.bad);
    }
}
/* Chains and figures too. */
static inline void lane_is_whole(void)
{
    struct arena *batch = arena_open(32 << 20);
    struct ledger_verdict chains;
    struct statistics_verdict figures;

    assert_non_null(batch);
    assert_int_equal(ledger_verify(t->db.database, batch, 0, &chains), OK);
    assert_int_equal(chains.fault, 0);
    arena_reset(batch);
    assert_int_equal(statistics_recount(t->db.database, batch, 0, &figures), OK);
    assert_false(figures.differs);
    arena_close(batch);
}

/* Something is counted at a moment: n events of a verb. */
struct lane_events {
    int64_t community;
    const char *verb;
    int n, in_time;
    int64_t amount, at;
};
static inline enum result lane_happen_run(struct db *db, void *arg)
{
    const struct lane_events *what = arg;

    for (int i = 0; i < what->n; i++) {
        struct ledger_event e = {.community = what->community,
                                 .at = what->at,
                                 .verb = str_from_cstr(what->verb),
                                 .subject_kind = STR("report"),
                                 .subject = i + 1,
                                 .amount = what->amount,
                                 .detail = i < what->in_time ? STR("{\"in_time\":1}") : STR("{}")};
        LANE_TRY(ledger_append(db, &e));
    }
    return OK;
}
#define lane_happen(...) test_write(t, lane_happen_run, &(struct lane_events){__VA_ARGS__})

#endif
