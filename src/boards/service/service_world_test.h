/* service_world_test.h: the lane with a board of services that its committee runs, for the tests of this folder. A test includes civic/home/lane_test.h as well: by it
 * the tests that run on either engine are found. */
#ifndef LILONG_BOARDS_SERVICE_WORLD_TEST_H
#define LILONG_BOARDS_SERVICE_WORLD_TEST_H

#include <stdio.h>

#include "boards/service/rules.h"
#include "civic/home/lane_test.h"

#define HOME "/p/310113007011"
#define BOARD HOME "/service/svc"
enum { NEIGHBOURS = 10 };

static const struct board_kind *const service_kinds[] = {&lane_report, &provider_kind};
static const struct ledger_listener *const service_listeners[] = {&statistics_listener, &entry_listener};
static const struct measure_table *const service_measures[] = {&entry_measures, &slot_measures};
static int64_t neighbour[NEIGHBOURS];

static enum result service_neighbours(struct db *db, void *arg)
{
    (void)arg;
    for (int i = 0; i < NEIGHBOURS; i++) {
        char name[16];
        int64_t id = id_new();

        snprintf(name, sizeof(name), "邻居%d", i);
        LANE_TRY(lane_person(db, name, &neighbour[i]));
        LANE_TRY(sql_residence_put(db, HERE, id, neighbour[i], lane.estate.id, lane.building.id, lane.dwelling[2 + i % 2].id,
                                   STR("tenant"), STR("verified"), time_now(), time_now(), 0));
        LANE_TRY(sql_person_residence_put(db, neighbour[i], HERE, id));
    }
    return OK;
}

/* A board of the whole city; owner: '' the committee of each place, or a kind of organisations. */
static inline void service_board(int id, const char *word, const char *owner, const char *readers)
{
    test_sql(
        &t->db,
        "INSERT INTO board (id, word, kind, name, name_en, lead, lead_en, icon, place, organisation, owner_kind, readers, writers,"
        " review, position, state, created_at, changed_at) VALUES (%d, '%s', 'service', '服务', 'Services', '', '',"
        " 'service', 310000000000, 0, '%s', '%s', 'staff', 'none', 20, 'open', 0, 0)",
        id, word, owner, readers);
    test_sql(&t->db, "INSERT INTO board_place (board, place) VALUES (%d, 310000000000)", id);
}

static inline void service_open(const struct module *const *modules, size_t n)
{
    lane_open(modules, n, NULL);
    board_use_kinds(service_kinds, 2);
    ledger_listen(service_listeners, 2);
    statistics_use(service_measures, 2);
    service_board(2, "svc", "", "everybody");
    test_write(t, service_neighbours, NULL);
}

#define path(...) test_path(t, __VA_ARGS__)

static inline long long newest(const char *table)
{
    return test_sql_int(&t->db, "SELECT MAX(id) FROM %s", table);
}

/* Adds one and gives its address. */
static inline const char *offered(struct browser *b, const char *board, const char *title, bool project)
{
    const char *const fields[] = {"title", title, "offers", "理发 10 元", "phone", "021-5600 1234", "monday", "9:00-11:30，13:00-17:30",
                                  project ? "sort" : NULL, "project", NULL};
    struct reply r = test_upload(b, path("%s/new", board), fields, NULL, 0);

    assert_int_equal(r.status, 303);
    return str_cstr(t->arena, r.location);
}

/* A time tomorrow at ten, an hour long. */
static inline const char *timed(struct browser *b, const char *one, int capacity)
{
    assert_int_equal(test_post(b, path("%s/slots", one),
                               path("starts_at=2026-03-03T10:00&minutes=60&capacity=%d&cancel_hours=12", capacity))
                         .status,
                     303);
    return path("%.*s/slot/%lld", (int)(strrchr(one, '/') - one), one, newest("slot"));
}

#endif
