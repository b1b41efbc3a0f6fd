/* talk_world_test.h: the lane with one board on which neighbours talk, for the tests of this folder. A test includes civic/home/lane_test.h as well: by it the
 * tests that run on either engine are found. */
#ifndef LILONG_BOARDS_TALK_WORLD_TEST_H
#define LILONG_BOARDS_TALK_WORLD_TEST_H

#include <stdio.h>

#include "boards/talk/talk.h"
#include "civic/entry/entry.h"
#include "civic/home/lane_test.h"

#define HOME "/p/310113007011"
#define BOARD HOME "/talk/lane"

static const struct board_kind *const talk_kinds[] = {&lane_report, &talk_kind};
static const struct ledger_listener *const talk_listeners[] = {&statistics_listener, &entry_listener, &talk_listener};
static const struct measure_table *const talk_measured[] = {&entry_measures};

/* The board: of the whole city, read and written by residents. */
static inline void talk_open(const struct module *const *modules, size_t n)
{
    lane_open(modules, n, NULL);
    board_use_kinds(talk_kinds, 2);
    ledger_listen(talk_listeners, 3);
    statistics_use(talk_measured, 1);
    test_sql(
        &t->db,
        "INSERT INTO board (id, word, kind, name, name_en, lead, lead_en, icon, place, organisation, owner_kind, readers, writers,"
        " review, position, state, created_at, changed_at) VALUES (2, 'lane', 'talk', '弄堂里', 'In the lane', '', '',"
        " 'talk', 310000000000, 0, '', 'residents', 'residents', 'none', 20, 'open', 0, 0)");
    test_sql(&t->db, "INSERT INTO board_place (board, place) VALUES (2, 310000000000)");
}

/* Somebody of the next flat. */
static inline enum result talk_neighbour(struct db *db, int64_t *ret_person)
{
    int64_t id = id_new();

    LANE_TRY(lane_person(db, "吴先生", ret_person));
    LANE_TRY(sql_residence_put(db, HERE, id, *ret_person, lane.estate.id, lane.building.id, lane.dwelling[2].id,
                               STR("tenant"), STR("verified"), time_now(), time_now(), 0));
    return sql_person_residence_put(db, *ret_person, HERE, id);
}

#define path(...) test_path(t, __VA_ARGS__)

/* The form is multipart: it may have pictures. */
static inline struct reply send(struct browser *b, const char *to, const char *title, const char *body)
{
    const char *const fields[] = {"title", title, "body", body, NULL};

    return test_upload(b, to, fields, NULL, 0);
}

/* Writes one and gives its address. */
static inline const char *written(struct browser *b, const char *title, const char *body)
{
    struct reply r = send(b, BOARD "/new", title, body);

    assert_int_equal(r.status, 303);
    return str_cstr(t->arena, r.location);
}

#endif
