/* inquiry_world_test.h: the lane with a line to the police, two officers of here, one of elsewhere, for the tests of this folder. A test includes
 * civic/home/lane_test.h as well: by it the tests that run on either engine are found. */
#ifndef LILONG_BOARDS_INQUIRY_WORLD_TEST_H
#define LILONG_BOARDS_INQUIRY_WORLD_TEST_H

#include "boards/inquiry/rules.h"
#include "civic/entry/entry.h"
#include "civic/home/lane_test.h"
#include "civic/media/media_routes.h"
#include "civic/moderation/moderation.h"
#include "civic/search/search_page.h"

#define HOME "/p/310113007011"
#define BOARD HOME "/inquiry/line"
#define CANARY "金丝雀的秘密"

static const struct module *const inquiry_modules[] = {&lane_module,    &home_module,         &board_module,
                                               &inquiry_module, &inquiry_desk_module, &inquiry_officer_module,
                                               &notify_module,  &search_module,       &moderation_module,
                                               &media_module,   &document_module,     &moderation_desk_module};
static const struct board_kind *const inquiry_kinds[] = {&lane_report, &inquiry_kind};
static const struct ledger_listener *const inquiry_listeners[] = {&statistics_listener, &entry_listener, &inquiry_listener};
static const struct measure_table *const inquiry_measured[] = {&entry_measures, &inquiry_measures};
static const struct media_guards *const inquiry_guarded[] = {&entry_guards, &inquiry_guards};
static const struct desk_table *const inquiry_desks[] = {&inquiry_desk};
static const struct home_table *const inquiry_homes[] = {&inquiry_home};

static const struct search_finder *const inquiry_finders[] = {&entry_finder};
static const struct moderation_kinds *const inquiry_moderated[] = {&entry_moderated};

static int64_t neighbour, officer, colleague, far_officer, admin;
static struct organisation far_police;

static inline enum result inquiry_people(struct db *db, void *arg)
{
    int64_t id = id_new();
    (void)arg;

    LANE_TRY(lane_person(db, "吴先生", &neighbour));
    LANE_TRY(sql_residence_put(db, HERE, id, neighbour, lane.estate.id, lane.building.id, lane.dwelling[2].id,
                               STR("tenant"), STR("verified"), time_now(), time_now(), 0));
    LANE_TRY(sql_person_residence_put(db, neighbour, HERE, id));
    LANE_TRY(lane_person(db, "陈警官", &officer));
    LANE_TRY(lane_person(db, "林警官", &colleague));
    LANE_TRY(lane_person(db, "远警官", &far_officer));
    LANE_TRY(lane_person(db, "管理员", &admin));
    LANE_TRY(lane_organisation(db, INT64_C(310113007012), "community_police", "三营房警务室", "", &far_police));
    LANE_TRY(lane_post(db, officer, &lane.police, "community_police", "社区民警"));
    LANE_TRY(lane_post(db, colleague, &lane.police, "community_police", "社区民警"));
    LANE_TRY(lane_post(db, far_officer, &far_police, "community_police", "社区民警"));
    LANE_TRY(lane_post(db, admin, &lane.police, "administrator", "系统管理"));
    return OK;
}

static inline int inquiry_setup(void **state)
{
    (void)state;
    lane_open(inquiry_modules, sizeof(inquiry_modules) / sizeof(inquiry_modules[0]), NULL);
    board_use_kinds(inquiry_kinds, 2);
    ledger_listen(inquiry_listeners, 3);
    statistics_use(inquiry_measured, 2);
    media_use_guards(inquiry_guarded, 2);
    frame_use_desk(inquiry_desks, 1);
    home_use(inquiry_homes, 1);
    search_use(inquiry_finders, 1);
    moderation_use(inquiry_moderated, 1);
    test_sql(
        &t->db,
        "INSERT INTO board (id, word, kind, name, name_en, lead, lead_en, icon, place, organisation, owner_kind, readers, writers,"
        " review, position, state, created_at, changed_at) VALUES (2, 'line', 'inquiry', '警民直通车', 'Police line', '', '',"
        " 'police', 310000000000, 0, 'community_police', 'residents', 'residents', 'none', 20, 'open', 0, 0)");
    test_sql(&t->db, "INSERT INTO board_place (board, place) VALUES (2, 310000000000)");
    test_write(t, inquiry_people, NULL);
    return 0;
}

static inline int inquiry_teardown(void **state)
{
    (void)state;
    home_use(NULL, 0);
    frame_use_desk(NULL, 0);
    search_use(NULL, 0);
    moderation_use(NULL, 0);
    test_app_close(t);
    return 0;
}

#define path(...) test_path(t, __VA_ARGS__)

static inline const char *ask(struct browser *b, const char *title, const char *body)
{
    const char *const fields[] = {"title", title, "body", body, NULL};
    struct reply r = test_upload(b, BOARD "/new", fields, NULL, 0);

    assert_int_equal(r.status, 303);
    return str_cstr(t->arena, r.location);
}

static inline struct reply answer(struct browser *b, const char *desk_path, const char *text)
{
    const char *const fields[] = {"text", text, NULL};

    return test_upload(b, path("%s/answer", desk_path), fields, NULL, 0);
}

static inline const char *at_desk(const char *mine)
{
    return path("/desk/inquiry/310113007011%s", strrchr(mine, '/'));
}

#endif
