/* exchange_world_test.h: the lane with the three boards of exchanges, for the tests of this folder. A test includes civic/home/lane_test.h as well: by it the
 * tests that run on either engine are found. */
#ifndef LILONG_BOARDS_EXCHANGE_WORLD_TEST_H
#define LILONG_BOARDS_EXCHANGE_WORLD_TEST_H

#include <stdio.h>

#include "boards/exchange/rules.h"
#include "civic/home/lane_test.h"
#include "civic/hours/hours.h"
#include "civic/media/media_routes.h"
#include "civic/moderation/moderation.h"
#include "civic/notify/notify.h"
#include "civic/search/search_page.h"

#define HOME "/p/310113007011"
#define HELP HOME "/exchange/mutual_help"
#define IDLE HOME "/exchange/idle_item"
#define WISH HOME "/exchange/small_wish"

enum { CROWD = 10 };
static int64_t wu, crowd[CROWD]; /* neighbours */

static const struct board_kind *const exchange_kinds[] = {&lane_report, &exchange_kind};
static const struct ledger_listener *const exchange_listeners[] = {&statistics_listener, &entry_listener};
static const struct measure_table *const exchange_measure_tables[] = {&entry_measures, &exchange_measures};
static const struct moderation_kinds *const exchange_moderated_kinds[] = {&entry_moderated, &exchange_moderated};
static const struct search_finder *const exchange_finders[] = {&entry_finder};
static const struct home_table *const exchange_homes[] = {&exchange_home};
static const struct me_table *const exchange_mes[] = {&exchange_me};
static const struct module *const exchange_modules[] = {
    &lane_module,   &home_module,       &board_module,           &exchange_module, &exchange_act_module,
    &notify_module, &moderation_module, &moderation_desk_module, &search_module,   &me_module,
    &hours_module,  &media_module,      &document_module};

/* Somebody of the next flat. */
static inline enum result exchange_neighbour(struct db *db, const char *name, int64_t *ret_person)
{
    int64_t id = id_new();

    LANE_TRY(lane_person(db, name, ret_person));
    LANE_TRY(sql_residence_put(db, HERE, id, *ret_person, lane.estate.id, lane.building.id, lane.dwelling[2].id,
                               STR("tenant"), STR("verified"), time_now(), time_now(), 0));
    return sql_person_residence_put(db, *ret_person, HERE, id);
}

static inline enum result exchange_people(struct db *db, void *arg)
{
    (void)arg;
    LANE_TRY(exchange_neighbour(db, "吴先生", &wu));
    for (int i = 0; i < CROWD; i++)
        LANE_TRY(exchange_neighbour(db, str_cstr(t->arena, str_printf(t->arena, "邻居%d", i)), &crowd[i]));
    return OK;
}

static inline int exchange_setup(void **state)
{
    static const char *const words[] = {"mutual_help", "idle_item", "small_wish"};
    (void)state;

    lane_open(exchange_modules, sizeof(exchange_modules) / sizeof(exchange_modules[0]), NULL);
    board_use_kinds(exchange_kinds, 2);
    ledger_listen(exchange_listeners, 2);
    statistics_use(exchange_measure_tables, 2);
    moderation_use(exchange_moderated_kinds, 2);
    search_use(exchange_finders, 1);
    home_use(exchange_homes, 1);
    me_use(exchange_mes, 1);
    for (int i = 0; i < 3; i++) {
        test_sql(&t->db,
                 "INSERT INTO board (id, word, kind, name, name_en, lead, lead_en, icon, place, organisation, owner_kind, readers, writers,"
                 " review, position, state, created_at, changed_at) VALUES (%d, '%s', 'exchange', '%s', '%s', '', '',"
                 " 'help', 310000000000, 0, '', 'residents', 'residents', '%s', %d, 'open', 0, 0)",
                 i + 2, words[i], words[i], words[i], i == 2 ? "before" : "none", 20 + i);
        test_sql(&t->db, "INSERT INTO board_place (board, place) VALUES (%d, 310000000000)", i + 2);
    }
    test_write(t, exchange_people, NULL);
    return 0;
}

static inline int exchange_teardown(void **state)
{
    (void)state;
    home_use(NULL, 0);
    search_use(NULL, 0);
    moderation_use(NULL, 0);
    me_use(NULL, 0);
    test_app_close(t);
    return 0;
}

#define path(...) test_path(t, __VA_ARGS__)

/* The form is multipart: it may have pictures. more: up to three pairs, ending with NULL. */
static inline struct reply put_up(struct browser *b, const char *board, const char *sort, const char *title,
                                  const char *name, const char *value)
{
    const char *fields[] = {"sort", sort, "title", title, "body", "细说", name, value, NULL};

    return test_upload(b, path("%s/new", board), fields, NULL, 0);
}

/* Puts one up and gives its address. */
static inline const char *made(struct browser *b, const char *board, const char *sort, const char *title,
                               const char *name, const char *value)
{
    struct reply r = put_up(b, board, sort, title, name, value);

    if (r.status != 303)
        fail_msg("%d: " STR_FMT, r.status, STR_ARG(r.body));
    return str_cstr(t->arena, r.location);
}

static inline int act(struct browser *b, const char *one, const char *what, const char *form)
{
    return test_post(b, path("%s/%s", one, what), form).status;
}

static inline enum result exchange_count_again(struct db *db, void *arg)
{
    int64_t *bad = arg;
    enum result r = exchange_recount(db, HERE, &bad[0]);

    if (r == OK)
        r = entry_recount(db, HERE, &bad[1]);
    return r == OK ? hours_recount(db, HERE, &bad[2]) : r;
}

/* All that is kept equals what is counted anew. */
static inline void all_adds_up(void)
{
    int64_t bad[3] = {-1, -1, -1};

    test_write(t, exchange_count_again, bad);
    assert_int_equal(bad[0], 0);
    assert_int_equal(bad[1], 0);
    assert_int_equal(bad[2], 0);
}

static inline int64_t told(int64_t person, const char *key)
{
    return test_sql_int(&t->db, "SELECT COUNT(*) FROM notification WHERE person = %lld AND text_key = '%s'",
                        (long long)person, key);
}

#endif
