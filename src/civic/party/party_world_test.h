/* party_world_test.h: the lane with a board whose things can be taken up, for the tests of this folder. A test includes civic/home/lane_test.h as well: by it the
 * tests that run on either engine are found. */
#ifndef LILONG_CIVIC_PARTY_WORLD_TEST_H
#define LILONG_CIVIC_PARTY_WORLD_TEST_H

#include <stdio.h>

#include "civic/home/lane_test.h"
#include "civic/moderation/moderation.h"
#include "civic/party/figures.h"
#include "civic/party/party.h"
#include "civic/party/party.sql.h"
#include "civic/person/account.h"
#include "civic/service/service.h"

#define PAGE "/p/310113007011/party"

/* ---- a board whose things can be taken up ------------------------------------------------------------------------------ */

static struct {
    int64_t author;
    bool hidden, closed;
} thing;

static enum result get_thing(struct db *db, int64_t community, int64_t id, struct party_thing *ret)
{
    if (id != 77 && id != 78)
        return E_NOT_FOUND;
    if (community != HERE)
        return E_NOT_FOUND;
    *ret = (struct party_thing){
        .author = thing.author,
        .title = STR("楼道的灯不亮"),
        .url = url_path(db_arena(db), "/p/%" PRId64 "/report/%" PRId64, community, id),
        .shows = !thing.hidden,
        .between = !thing.hidden,
        .open = !thing.closed,
    };
    return OK;
}

static const struct party_kind test_kind[] = {
    {.word = "report", .name = T_party_kind_report, .here = true, .get = get_thing}};
static const struct party_kinds test_kinds = {.kind = test_kind, .n = 1};
static const struct party_kinds *const test_tables[] = {&test_kinds};
static const struct moderation_kinds *const test_moderated[] = {&party_moderated};
static const struct me_table *const test_mes[] = {&party_me};
static const struct place_mover *const test_movers[] = {&person_mover, &party_mover};
static const struct module *const modules[] = {
    &lane_module,  &home_module,     &board_module,      &notify_module,     &me_module,
    &party_module, &party_me_module, &party_desk_module, &moderation_module, &moderation_desk_module};

/* ---- people --------------------------------------------------------------------------------------------------------------- */

enum { CROWD = 7 };
static int64_t crowd[CROWD]; /* neighbours, verified */
static int64_t branch;

static enum result people(struct db *db, void *arg)
{
    (void)arg;
    for (int i = 0; i < CROWD; i++) {
        int64_t id = id_new();

        LANE_TRY(lane_person(db, str_cstr(t->arena, str_printf(t->arena, "邻居%d号", i)), &crowd[i]));
        LANE_TRY(sql_residence_put(db, HERE, id, crowd[i], lane.estate.id, lane.building.id, lane.dwelling[2].id,
                                   STR("tenant"), STR("verified"), time_now(), time_now(), 0));
        LANE_TRY(sql_person_residence_put(db, crowd[i], HERE, id));
    }
    return OK;
}

static const char *format(const char *f, ...) __attribute__((format(printf, 1, 2)));
static const char *format(const char *f, ...)
{
    va_list ap;
    struct str s;

    va_start(ap, f);
    s = str_vprintf(t->arena, f, ap);
    va_end(ap);
    return str_cstr(t->arena, s);
}

static struct services services;

static int setup(void **state)
{
    (void)state;
    services = (struct services){.keys = crypto_keys_for_test()};
    lane_services = &services;
    lane_open(modules, sizeof(modules) / sizeof(modules[0]), NULL);
    party_use(test_tables, 1);
    moderation_use(test_moderated, 1);
    me_use(test_mes, 1);
    place_move_with(test_movers, 2);
    test_write(t, people, NULL);
    memset(&thing, 0, sizeof thing);
    thing.author = lane.resident;
    assert_int_equal(test_post(lane_browser(lane.secretary), "/desk/party/branch", "name=海江路党支部").status, 303);
    branch = test_sql_int(&t->db, "SELECT MIN(id) FROM party_branch");
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    moderation_use(NULL, 0);
    me_use(NULL, 0);
    party_use(NULL, 0);
    place_move_with(NULL, 0);
    test_app_close(t);
    crypto_keys_close(services.keys);
    lane_services = NULL;
    return 0;
}

static int say(int64_t person)
{
    return test_post(lane_browser(person), "/me/party/ask", format("where=%lld", (long long)branch)).status;
}

static int64_t member_of(int64_t person)
{
    return test_sql_int(&t->db, "SELECT COALESCE(MAX(id), 0) FROM party_member WHERE person = %lld", (long long)person);
}

static int confirm(int64_t person)
{
    return test_post(lane_browser(lane.secretary), PAGE "/decide",
                     format("member=%lld&answer=yes&branch=%lld", (long long)member_of(person), (long long)branch))
        .status;
}

/* Somebody who shows it; gives the address of their page. */
static const char *shown(int64_t person)
{
    assert_int_equal(say(person), 303);
    assert_int_equal(confirm(person), 303);
    assert_int_equal(test_post(lane_browser(person), "/me/party/show", "agree=1").status, 303);
    return format(PAGE "/%lld", (long long)member_of(person));
}

static bool badge(int64_t person)
{
    return test_sql_int(&t->db, "SELECT CAST(party_badge AS BIGINT) FROM person WHERE id = %lld", (long long)person) ==
           1;
}

static enum result count_run(struct db *db, void *arg)
{
    return party_recount(db, HERE, arg);
}
static int64_t bad_one(void)
{
    int64_t bad = -1;

    test_read(t, count_run, &bad);
    return bad;
}

static inline struct str iso(int32_t day)
{
    struct str s = time_rfc3339(t->arena, day_start(day));

    return (struct str){s.ptr, 10};
}

static int64_t commit(int64_t person, const char *words)
{
    char day[16];
    struct str s = iso(day_of(time_now()) + 30);

    snprintf(day, sizeof day, "%.*s", (int)s.len, s.ptr);
    assert_int_equal(test_post(lane_browser(person), "/me/party/commit", format("words=%s&due=%s", words, day)).status,
                     303);
    return test_sql_int(&t->db, "SELECT MAX(id) FROM party_commitment");
}

/* ---- who sees what ------------------------------------------------------------------------------------------------------------ */

static inline bool seen_anywhere(int64_t viewer, const char *name, int64_t person)
{
    struct browser *b = lane_browser(viewer);
    bool seen = reply_has(test_get(b, PAGE), name) || reply_has(test_get_json(b, PAGE), name) ||
                test_get(b, format(PAGE "/%lld", (long long)member_of(person))).status == 200;

    return seen || (viewer == lane.secretary && reply_has(test_get(b, PAGE "/csv"), name));
}

#endif
