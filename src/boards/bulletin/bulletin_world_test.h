/* bulletin_world_test.h: the lane with boards of notices, for the tests of this folder. A test includes civic/home/lane_test.h as well. */
#ifndef LILONG_BOARDS_BULLETIN_WORLD_TEST_H
#define LILONG_BOARDS_BULLETIN_WORLD_TEST_H

#include <stdio.h>

#include "boards/bulletin/rules.h"
#include "civic/home/lane_test.h"
#include "civic/media/media_routes.h"
#include "civic/search/search_page.h"

#define HOME "/p/310113007011"
#define NEWS HOME "/bulletin/news"             /* everybody reads it, no review */
#define CHECKED HOME "/bulletin/checked"       /* somebody else looks at it first */
#define INSIDE HOME "/bulletin/inside"         /* for residents */
#define STREET_NEWS "/p/310113007000/bulletin/news"

static const struct module *const bulletin_modules[] = {
    &lane_module,         &home_module,           &board_module,         &bulletin_module, &bulletin_tap_module,
    &bulletin_write_module, &bulletin_desk_module, &notify_module, &search_module, &media_module, &document_module};
static const struct board_kind *const bulletin_kinds[] = {&lane_report, &bulletin_kind};
static const struct ledger_listener *const bulletin_listeners[] = {&statistics_listener, &entry_listener};
static const struct measure_table *const bulletin_measures[] = {&entry_measures};
static const struct home_table *const bulletin_homes[] = {&bulletin_home};
static const struct search_finder *const bulletin_finders[] = {&entry_finder};
static const struct desk_table *const bulletin_desks[] = {&bulletin_desk};
static struct arena *job_arena; /* jobs reset theirs */
static int64_t neighbour, partner, near_resident; /* of the next flat; of the resident's household; of the community next door */
static struct building near_building;
static struct dwelling near_dwelling;

static inline enum result bulletin_lives(struct db *db, int64_t person, int64_t community, int64_t estate, int64_t building, int64_t dwelling)
{
    int64_t id = id_new();

    LANE_TRY(sql_residence_put(db, community, id, person, estate, building, dwelling, STR("owner"), STR("verified"), time_now(), time_now(), 0));
    return sql_person_residence_put(db, person, community, id);
}

static inline enum result bulletin_people(struct db *db, void *arg)
{
    struct estate there = {.community = THERE, .name = STR("三营房小区"), .address = STR("三营房路 1 弄")};

    (void)arg;
    LANE_TRY(lane_person(db, "吴先生", &neighbour));
    LANE_TRY(bulletin_lives(db, neighbour, HERE, lane.estate.id, lane.building.id, lane.dwelling[2].id));
    LANE_TRY(lane_person(db, "周先生", &partner));
    LANE_TRY(bulletin_lives(db, partner, HERE, lane.estate.id, lane.building.id, lane.dwelling[0].id));
    LANE_TRY(estate_create(db, &there, time_now() - TIME_DAY, 0));
    near_building = (struct building){.community = THERE, .estate = there.id, .name = STR("1号楼"), .position = 1};
    LANE_TRY(building_create(db, &near_building));
    near_dwelling = (struct dwelling){.community = THERE, .estate = there.id, .building = near_building.id, .room = STR("101室")};
    LANE_TRY(dwelling_create(db, &near_dwelling));
    LANE_TRY(lane_person(db, "郑女士", &near_resident));
    return bulletin_lives(db, near_resident, THERE, there.id, near_building.id, near_dwelling.id);
}

static inline void bulletin_board(int id, const char *word, const char *readers, const char *review)
{
    test_sql(&t->db,
             "INSERT INTO board (id, word, kind, name, name_en, lead, lead_en, icon, place, organisation, owner_kind, readers, writers,"
             " review, position, state, created_at, changed_at) VALUES (%d, '%s', 'bulletin', '公告%d', 'Notices %d', '', '',"
             " 'announcement', 310000000000, 0, '', '%s', 'staff', '%s', 20, 'open', 0, 0)", id, word, id, id, readers, review);
    test_sql(&t->db, "INSERT INTO board_place (board, place) VALUES (%d, 310000000000)", id);
}

static inline int bulletin_setup(void **state)
{
    (void)state;
    job_arena = arena_open(64 << 20);
    lane_open(bulletin_modules, sizeof bulletin_modules / sizeof *bulletin_modules, NULL);
    board_use_kinds(bulletin_kinds, 2);
    ledger_listen(bulletin_listeners, 2);
    statistics_use(bulletin_measures, 1);
    home_use(bulletin_homes, 1);
    search_use(bulletin_finders, 1);
    frame_use_desk(bulletin_desks, 1);
    bulletin_board(2, "news", "everybody", "none");
    bulletin_board(3, "checked", "everybody", "before");
    bulletin_board(4, "inside", "residents", "none");
    test_write(t, bulletin_people, NULL);
    return 0;
}

static inline int bulletin_teardown(void **state)
{
    (void)state;
    home_use(NULL, 0);
    search_use(NULL, 0);
    frame_use_desk(NULL, 0);
    test_app_close(t);
    arena_close(job_arena);
    return 0;
}

#define path(...) test_path(t, __VA_ARGS__)

/* The form is multipart: it may have pictures. NULL ends the pairs of what else is in it. */
static inline struct reply send(struct browser *b, const char *to, const char *title, const char *then, const char *name, const char *value)
{
    const char *const fields[] = {"title", title, "body", "**内容** 在这里", "weight", "plain", "then", then, name, value, NULL};

    return test_upload(b, to, fields, NULL, 0);
}

/* Writes one and gives its address. */
static inline const char *written(struct browser *b, const char *board, const char *title, const char *then)
{
    struct reply r = send(b, path("%s/new", board), title, then, "sure", "0");

    assert_int_equal(r.status, 303);
    return str_cstr(t->arena, r.location);
}

/* One that everybody must read. */
static inline const char *must_read(struct browser *b, const char *board, const char *title)
{
    const char *const fields[] = {"title", title, "body", "内容", "weight", "must_read", "then", "send", NULL};
    struct reply r = test_upload(b, path("%s/new", board), fields, NULL, 0);

    assert_int_equal(r.status, 303);
    return str_cstr(t->arena, r.location);
}

static inline struct reply act(struct browser *b, const char *one, const char *action, const char *reason)
{
    return test_post(b, path("%s/act", one), path("action=%s&reason=%s", action, reason));
}

static inline void tell_all(void)
{
    assert_int_equal(bulletin_tell(t->db.database, job_arena, time_now()), OK);
}

#endif
