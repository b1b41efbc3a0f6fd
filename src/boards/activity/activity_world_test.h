/* activity_world_test.h: the lane with a board of activities run by the committee, and people to sign up. A test includes civic/home/lane_test.h as well: by
 * it the tests that run on either engine are found. */
#ifndef LILONG_BOARDS_ACTIVITY_WORLD_TEST_H
#define LILONG_BOARDS_ACTIVITY_WORLD_TEST_H

#include <stdio.h>
#include <stdlib.h>

#include "boards/activity/activity.h"
#include "civic/entry/entry.h"
#include "civic/home/lane_test.h"
#include "civic/hours/hours.h"
#include "civic/search/search_page.h"
#include "civic/service/service.h"

#define HOME "/p/310113007011"
#define BOARD HOME "/activity/days"

enum { PEOPLE = 12 };
static int64_t people[PEOPLE]; /* residents of the lane, besides lane.resident */

static const struct board_kind *const activity_kinds[] = {&lane_report, &activity_kind};
static const struct ledger_listener *const activity_listeners[] = {&statistics_listener, &entry_listener};
static const struct measure_table *const activity_measure_tables[] = {&entry_measures, &activity_measures};
static const struct home_table *const activity_homes[] = {&activity_home};
static const struct search_finder *const activity_finders[] = {&entry_finder};

static enum result activity_fill(struct db *db, void *arg)
{
    (void)arg;
    for (int i = 0; i < PEOPLE; i++) {
        int64_t id = id_new();

        LANE_TRY(lane_person(db, str_cstr(t->arena, str_printf(t->arena, "居民%d", i)), &people[i]));
        LANE_TRY(sql_residence_put(db, HERE, id, people[i], lane.estate.id, lane.building.id, lane.dwelling[2].id,
                                   STR("tenant"), STR("verified"), time_now(), time_now(), 0));
        LANE_TRY(sql_person_residence_put(db, people[i], HERE, id));
    }
    return OK;
}

static inline void activity_open(const struct module *const *modules, size_t n)
{
    static struct services services;

    if (lane_services == NULL) { /* not with files: civic/media/files_world_test.h */
        services = (struct services){.keys = crypto_keys_for_test()};
        lane_services = &services;
    }
    lane_open(modules, n, NULL);
    board_use_kinds(activity_kinds, 2);
    ledger_listen(activity_listeners, 2);
    statistics_use(activity_measure_tables, 2);
    home_use(activity_homes, 1);
    search_use(activity_finders, 1);
    test_sql(
        &t->db,
        "INSERT INTO board (id, word, kind, name, name_en, lead, lead_en, icon, place, organisation, owner_kind, readers, writers,"
        " review, position, state, created_at, changed_at) VALUES (2, 'days', 'activity', '社区活动', 'Activities', '', '',"
        " 'calendar', 310000000000, 0, '', 'everybody', 'staff', 'none', 20, 'open', 0, 0)");
    test_sql(&t->db, "INSERT INTO board_place (board, place) VALUES (2, 310000000000)");
    test_write(t, activity_fill, NULL);
}

#define path(...) test_path(t, __VA_ARGS__)

/* The clock stands at 2026-03-02 10:00, a Monday. */
#define SATURDAY "2026-03-07T09:00"
#define SATURDAY_NOON "2026-03-07T11:00"

/* Announces one on Saturday; more: further fields, ending with NULL. */
static inline struct reply announce(struct browser *b, const char *title, const char *capacity, const char *const *more)
{
    const char *fields[40] = {"title",     title,        "spot",    "二楼活动室",   "body",     "带上水杯",
                              "starts_at", SATURDAY,     "ends_at", SATURDAY_NOON, "capacity", capacity};
    size_t n = 12;

    for (size_t i = 0; more && more[i] && n < 38; i++)
        fields[n++] = more[i];
    fields[n] = NULL;
    return test_upload(b, BOARD "/new", fields, NULL, 0);
}
static inline const char *announced(struct browser *b, const char *title, const char *capacity, const char *const *more)
{
    struct reply r = announce(b, title, capacity, more);

    if (r.status != 303)
        print_message("%.*s\n", (int)r.body.len, r.body.ptr);
    assert_int_equal(r.status, 303);
    return str_cstr(t->arena, r.location);
}
static inline int64_t id_of(const char *address)
{
    return (int64_t)strtoll(strrchr(address, '/') + 1, NULL, 10);
}
static inline int sign(int64_t person, const char *address, int on)
{
    return test_post(lane_browser(person), path("%s/sign", address), path("on=%d", on)).status;
}
static inline int64_t column(const char *address, const char *name)
{
    return test_sql_int(&t->db, "SELECT %s FROM activity WHERE entry = %lld", name, (long long)id_of(address));
}
static inline int64_t signed_in_state(const char *address, const char *state)
{
    return test_sql_int(&t->db, "SELECT COUNT(*) FROM activity_signup WHERE entry = %lld AND state = '%s'",
                        (long long)id_of(address), state);
}
static inline int64_t told(int64_t person, const char *text)
{
    return test_sql_int(&t->db, "SELECT COUNT(*) FROM notification WHERE person = %lld AND text_key = 'activity.%s'",
                        (long long)person, text);
}

static inline enum result activity_count_again(struct db *db, void *arg)
{
    return activity_recount(db, HERE, arg);
}
static inline void counters_are_right(void)
{
    int64_t bad = -1;

    test_write(t, activity_count_again, &bad);
    assert_int_equal(bad, 0);
}

#endif
