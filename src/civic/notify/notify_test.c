/* notify_test.c: people are told once, in their language, and only they. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "civic/notify/notify.h"
#include "engine/base/time.h"
#include "support/test_db.h"
#include "support/test_sql.h"

static const int64_t here = 310113007011, next_door = 310113007012;
static const int64_t zhou = 1001, wang = 1002;

static int setup(void **state)
{
    struct test_db *t = calloc(1, sizeof(*t));
    test_db_open(t);
    time_set(1771300800000);
    *state = t;
    return 0;
}

static int teardown(void **state)
{
    time_set(0);
    test_db_close(*state);
    free(*state);
    return 0;
}

static enum result put(struct db *db, void *arg)
{
    return notify_put(db, arg, time_now());
}

/* A text of the catalogue that has {n} and nothing else, so that the test needs no text of its own. */
static void tell(struct test_db *t, int64_t person, int64_t community, int64_t subject, enum text text)
{
    time_set(time_now() + 1000);
    struct notice notice = {.person = person,
                            .community = community,
                            .text = text,
                            .url = url_path(t->arena, "/p/%" PRId64, community),
                            .subject_kind = STR("report"),
                            .subject = subject};
    assert_int_equal(db_write_wait(t->database, t->arena, put, &notice), OK);
}

static struct notifications list_of(struct test_db *t, int64_t person, int64_t before, int64_t limit)
{
    struct db *db;
    struct notifications list = {NULL, 0};
    assert_int_equal(db_read_begin(t->database, t->arena, &db), OK);
    assert_int_equal(notify_list(db, person, LANG_EN, before, limit, &list), OK);
    db_read_end(db);
    return list;
}

static int64_t unread(struct test_db *t, int64_t person)
{
    struct db *db;
    int64_t n = -1;
    assert_int_equal(db_read_begin(t->database, t->arena, &db), OK);
    assert_int_equal(notify_unread(db, person, &n), OK);
    db_read_end(db);
    return n;
}

static void bundles_what_is_the_same(void **state)
{
    struct test_db *t = *state;
    tell(t, zhou, here, 7, T_engine_time_minutes_ago);
    tell(t, zhou, here, 8, T_engine_time_minutes_ago);
    tell(t, zhou, here, 7, T_engine_time_minutes_ago);
    tell(t, zhou, here, 7, T_engine_time_minutes_ago);
    tell(t, zhou, here, 7, T_engine_time_just_now);         /* another text */
    tell(t, zhou, next_door, 7, T_engine_time_minutes_ago); /* another place */
    tell(t, wang, here, 7, T_engine_time_minutes_ago);      /* another person */
    tell(t, zhou, here, 0, T_engine_time_minutes_ago);      /* about nothing */
    tell(t, zhou, here, 0, T_engine_time_minutes_ago);
    assert_int_equal(unread(t, zhou), 6);
    assert_int_equal(unread(t, wang), 1);
    struct notifications list = list_of(t, zhou, 0, 50);
    assert_int_equal(list.n, 6);
    assert_int_equal(list.notification[4].subject, 7); /* above 8: it moved up */
    assert_int_equal(list.notification[4].count, 3);
    assert_int_equal(list.notification[5].subject, 8);
    struct str words = text_format(t->arena, LANG_EN, T_engine_time_minutes_ago, TEXT_INT("n", 3));
    assert_true(str_eq(list.notification[4].words, words));
    assert_true(str_find(words, STR("3")) != SIZE_MAX);
    assert_true(str_eq(list.notification[4].url.s, STR("/p/310113007011")));
}

static void pages_by_key(void **state)
{
    struct test_db *t = *state;
    for (int i = 1; i <= 25; i++)
        tell(t, zhou, here, i, T_engine_time_just_now);
    struct notifications first = list_of(t, zhou, 0, 10);
    assert_int_equal(first.n, 10);
    assert_int_equal(first.notification[0].subject, 25);
    struct notifications last = list_of(t, zhou, first.notification[9].id, 50);
    assert_int_equal(last.n, 15);
    assert_int_equal(last.notification[14].subject, 1);
}

struct mark {
    int64_t person, id, subject;
    bool all;
};

static enum result mark(struct db *db, void *arg)
{
    const struct mark *m = arg;
    if (m->subject)
        return notify_mark_subject_read(db, m->person, STR("report"), m->subject, time_now());
    if (m->all)
        return notify_mark_all_read(db, m->person, m->id, time_now());
    return notify_mark_read(db, m->person, m->id, time_now());
}

static enum result do_mark(struct test_db *t, struct mark m)
{
    return db_write_wait(t->database, t->arena, mark, &m);
}

static void is_read_once(void **state)
{
    struct test_db *t = *state;
    for (int i = 1; i <= 4; i++)
        tell(t, zhou, here, i, T_engine_time_just_now);
    struct notifications list = list_of(t, zhou, 0, 10);
    assert_int_equal(do_mark(t, (struct mark){.person = zhou, .id = list.notification[3].id}), OK);
    assert_int_equal(do_mark(t, (struct mark){.person = zhou, .id = list.notification[3].id}), OK);
    assert_int_equal(do_mark(t, (struct mark){.person = wang, .id = list.notification[3].id}), E_NOT_FOUND);
    assert_int_equal(unread(t, zhou), 3);
    assert_true(list_of(t, zhou, 0, 10).notification[3].read_at > 0);
    assert_int_equal(do_mark(t, (struct mark){.person = zhou, .subject = 4}), OK);
    assert_int_equal(unread(t, zhou), 2);
    tell(t, zhou, here, 9, T_engine_time_just_now); /* comes while the page is being looked at */
    assert_int_equal(do_mark(t, (struct mark){.person = zhou, .id = list.notification[0].id, .all = true}), OK);
    assert_int_equal(unread(t, zhou), 1);
    /* What has been read is not bundled with. */
    tell(t, zhou, here, 4, T_engine_time_just_now);
    assert_int_equal(list_of(t, zhou, 0, 1).notification[0].count, 1);
}

static enum result forget(struct db *db, void *arg)
{
    return notify_forget(db, *(int64_t *)arg);
}

static void goes_when_it_is_old_or_must(void **state)
{
    struct test_db *t = *state;
    tell(t, zhou, here, 1, T_engine_time_just_now);
    tell(t, zhou, here, 2, T_engine_time_just_now);
    assert_int_equal(do_mark(t, (struct mark){.person = zhou, .subject = 1}), OK);
    time_set(time_now() + 200 * TIME_DAY);
    tell(t, zhou, here, 3, T_engine_time_just_now);
    assert_int_equal(list_of(t, zhou, 0, 10).n, 3);
    assert_int_equal(do_mark(t, (struct mark){.person = zhou, .subject = 3}), OK);
    struct notifications list = list_of(t, zhou, 0, 10);
    assert_int_equal(list.n, 2); /* the one read long ago is gone, the unread one stays */
    assert_int_equal(list.notification[1].subject, 2);
    int64_t person = zhou;
    assert_int_equal(db_write_wait(t->database, t->arena, forget, &person), OK);
    assert_int_equal(list_of(t, zhou, 0, 10).n, 0);
    struct notice nobody = {.text = T_engine_time_just_now}, nothing = {.person = zhou};
    assert_int_equal(db_write_wait(t->database, t->arena, put, &nobody), E_INVALID);
    assert_int_equal(db_write_wait(t->database, t->arena, put, &nothing), E_INVALID);
}

static void arguments_survive(void **state)
{
    struct test_db *t = *state;
    struct text_arg args[] = {TEXT_STR("time", STR("\"引号\" & <b>\n")), TEXT_INT("m", -5)};
    struct notice notice = {.person = wang, .community = here, .text = T_engine_time_today, .arg = args, .n_args = 2};
    assert_int_equal(db_write_wait(t->database, t->arena, put, &notice), OK);
    struct notifications list = list_of(t, wang, 0, 1);
    assert_int_equal(list.n, 1);
    assert_true(str_eq(list.notification[0].words, STR("today \"引号\" & <b>\n")));
}

struct recalled {
    const int64_t *person;
    size_t n;
};

static enum result recall(struct db *db, void *arg)
{
    const struct recalled *recalled = arg;

    return notify_recall_people(db, recalled->person, recalled->n, STR("report"), 7);
}

static enum result recall_one(struct db *db, void *arg)
{
    return notify_recall(db, *(const int64_t *)arg, STR("report"), 7);
}

/* More than go into one statement, and not a multiple of it. */
static void is_recalled_from_many(void **state)
{
    enum { MANY = 19 };
    struct test_db *t = *state;
    int64_t person[MANY + 1];
    struct recalled recalled = {person, MANY}, nobody = {person, 0};

    for (int i = 0; i <= MANY; i++) {
        person[i] = 2000 + i;
        tell(t, person[i], here, 7, T_engine_time_just_now);
        tell(t, person[i], here, 8, T_engine_time_just_now);
    }
    test_sql(
        t,
        "INSERT INTO notify_away (person, community, text_key, subject_kind, subject, notification, count, digest, due_at) "
        "SELECT person, community, text_key, subject_kind, subject, id, 1, 0, 1 FROM notification");
    assert_int_equal(db_write_wait(t->database, t->arena, recall, &nobody), OK);
    assert_int_equal(test_sql_int(t, "SELECT COUNT(*) FROM notification WHERE subject = 7"), MANY + 1);
    assert_int_equal(db_write_wait(t->database, t->arena, recall, &recalled), OK);
    for (int i = 0; i < MANY; i++)
        assert_int_equal(unread(t, person[i]), 1); /* what is about something else stays */
    assert_int_equal(unread(t, person[MANY]), 2);  /* so does what nobody took back */
    assert_int_equal(test_sql_int(t, "SELECT COUNT(*) FROM notify_away WHERE subject = 7"), 1);
    assert_int_equal(test_sql_int(t, "SELECT COUNT(*) FROM notify_away WHERE subject = 8"), MANY + 1);
    assert_int_equal(db_write_wait(t->database, t->arena, recall_one, &person[MANY]), OK);
    assert_int_equal(unread(t, person[MANY]), 1);
    assert_int_equal(test_sql_int(t, "SELECT COUNT(*) FROM notify_away WHERE subject = 7"), 0);
}

int main(void)
{
#define WITH_DB(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        WITH_DB(bundles_what_is_the_same),    WITH_DB(pages_by_key),      WITH_DB(is_read_once),
        WITH_DB(goes_when_it_is_old_or_must), WITH_DB(arguments_survive), WITH_DB(is_recalled_from_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
