/* desk_test.c: what staff see and do, over real sockets: deadlines that they set, notes and originals that are theirs alone, and looks at
 * the person behind a name, which leave a trace. */
#include "boards/report/world_test.h"

#define GARDEN "title=广场变菜园&body=有人挖了绿地种菜，找 5 号楼老张&spot=广场东侧"

static const char *desk_of(struct test_app *t, int64_t id, const char *what)
{
    return path(t, "/desk/report/%lld/%lld%s", (long long)HERE, (long long)id, what);
}

static const char *page_of(struct test_app *t, int64_t id, const char *what)
{
    return path(t, BOARD "/%lld%s", (long long)id, what);
}

static void a_deadline_of_ones_own(void **state)
{
    struct test_app *t = *state;
    struct browser *secretary = as(t, SECRETARY);
    int64_t id = send_report(as(t, AUTHOR), GARDEN), rung;
    const char *form = "lead=12&task=劝离并清理&text=已请城管处理&due=2026-03-16T15:00&due_reason=明天有检查";
    struct arena *a = arena_open(4 << 20);

    assert_int_equal(
        test_post(secretary, desk_of(t, id, "/hand-off"), "lead=12&task=清理&text=已转&due=2026-03-16T15:00").status,
        422); /* without a reason */
    assert_int_equal(test_post(secretary, desk_of(t, id, "/hand-off"),
                               "lead=12&task=清理&text=已转&due=2026-03-16T09:00&due_reason=急")
                         .status,
                     422); /* has passed */
    assert_int_equal(test_post(secretary, desk_of(t, id, "/hand-off"), form).status, 303);
    assert_int_equal(test_sql_int(&t->db, "SELECT due_at FROM work_order"), time_at(2026, 3, 16, 15, 0));
    assert_int_equal(clock_ring(t->db.database, a, &order_bell, time_at(2026, 3, 16, 14, 59), &rung), OK);
    assert_int_equal(test_sql_int(&t->db, "SELECT late FROM work_order"), 0);
    assert_int_equal(clock_ring(t->db.database, a, &order_bell, time_at(2026, 3, 16, 15, 1), &rung), OK);
    assert_int_equal(test_sql_int(&t->db, "SELECT late FROM work_order"), 1);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM report_step WHERE verb = 'escalated' AND public = 1"),
                     2);
    arena_close(a);
}

static void notes_are_for_staff(void **state)
{
    struct test_app *t = *state;
    struct browser *secretary = as(t, SECRETARY),
                   *everybody[] = {as(t, 0), as(t, AUTHOR), as(t, NEIGHBOUR), as(t, OUTSIDER)};
    int64_t id = send_report(everybody[1], GARDEN);

    assert_int_equal(test_post(secretary, desk_of(t, id, "/answer"), "kind=note&answer=老张家有困难，先上门").status,
                     303);
    assert_true(reply_has(test_get(secretary, desk_of(t, id, "")), "先上门"));
    for (size_t i = 0; i < sizeof(everybody) / sizeof(everybody[0]); i++) {
        assert_false(reply_has(test_get(everybody[i], page_of(t, id, "")), "先上门"));
        assert_false(reply_has(test_get_json(everybody[i], page_of(t, id, "")), "先上门"));
        assert_false(reply_has(test_get(everybody[i], BOARD "?q=%E4%B8%8A%E9%97%A8"), "先上门"));
        assert_int_not_equal(test_get(everybody[i], desk_of(t, id, "")).status, 200);
    }
    assert_int_equal(test_get(as(t, SQUAD), desk_of(t, id, "")).status, 403); /* has not been handed it */
    assert_int_equal(test_get(as(t, OTHER_CADRE), desk_of(t, id, "")).status, 403);
    /* the reason for a deadline is among staff, too */
    assert_int_equal(test_post(secretary, desk_of(t, id, "/hand-off"),
                               "lead=12&task=清理&text=已转&due=2026-03-17T15:00&due_reason=领导要来")
                         .status,
                     303);
    assert_false(reply_has(test_get(everybody[2], page_of(t, id, "")), "领导要来"));
    assert_true(reply_has(test_get(as(t, SQUAD), desk_of(t, id, "")), "先上门")); /* now it is theirs */
}

static void what_was_taken_out_is_kept_for_staff(void **state)
{
    struct test_app *t = *state;
    struct browser *author = as(t, AUTHOR), *secretary = as(t, SECRETARY);
    int64_t id = send_report(author, GARDEN);

    assert_int_equal(test_post(author, page_of(t, id, "/redact"), "title=广场变菜园&body=有人挖了绿地种菜").status,
                     303);
    assert_false(reply_has(test_get(author, page_of(t, id, "")), "老张"));
    assert_true(reply_has(test_get(secretary, desk_of(t, id, "")), "老张"));
    assert_int_equal(test_post(secretary, desk_of(t, id, "/hand-off"), "lead=12&task=清理&text=已转").status, 303);
    assert_false(reply_has(test_get(as(t, SQUAD), desk_of(t, id, "")), "老张")); /* nor for those it was handed to */
    /* it is not in the ledger either: only that it happened, and a hash */
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM ledger WHERE verb = 'redacted'"), 1);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM ledger WHERE detail LIKE '%%老张%%'"), 0);
}

static void two_windows_do_not_undo_each_other(void **state)
{
    struct test_app *t = *state;
    struct browser *author = as(t, AUTHOR);
    int64_t id = send_report(author, GARDEN);
    struct str mark = STR("name=\"_version\" value=\"");
    struct reply form = test_get(author, page_of(t, id, "/redact"));
    size_t at = str_find(form.body, mark);
    struct str version;

    assert_true(at != SIZE_MAX);
    version = str_dup(t->arena, str_sub(form.body, at + mark.len, 32));
    assert_int_equal(test_post(author, page_of(t, id, "/redact"),
                               path(t, "title=广场变菜园&body=有人种菜&_version=" STR_FMT, STR_ARG(version)))
                         .status,
                     303);
    form = test_post(
        author, page_of(t, id, "/redact"),
        path(t, "title=绿地变菜园&body=有人挖了绿地种菜，找 5 号楼老张&_version=" STR_FMT, STR_ARG(version)));
    assert_int_equal(form.status, 412);
    assert_true(reply_has(form, "绿地变菜园"));
    assert_true(reply_has(form, "有人种菜</p>")); /* what stands there now */
    assert_false(reply_has(test_get(author, page_of(t, id, "")), "老张"));
}

static void a_look_leaves_a_trace(void **state)
{
    struct test_app *t = *state;
    struct browser *secretary = as(t, SECRETARY);
    int64_t id = send_report(as(t, AUTHOR), GARDEN);

    assert_int_equal(test_post(secretary, desk_of(t, id, "/look"), "why=").status, 422);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM ledger WHERE actor = %d", SECRETARY), 0);
    assert_int_equal(test_post(secretary, desk_of(t, id, "/look"), "why=要上门核实").status, 200);
    assert_int_equal(
        test_sql_int(&t->db, "SELECT COUNT(*) FROM ledger WHERE actor = %d AND subject = %d", SECRETARY, AUTHOR), 1);
    assert_int_equal(test_post(as(t, OTHER_CADRE), desk_of(t, id, "/look"), "why=看看").status, 403);
    assert_int_equal(test_post(as(t, NEIGHBOUR), desk_of(t, id, "/look"), "why=看看").status, 403);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM ledger WHERE subject = %d", AUTHOR), 1);
}

static void the_place_has_a_history(void **state)
{
    struct test_app *t = *state;
    struct browser *author = as(t, AUTHOR);
    int64_t first = send_report(author, "title=楼道灯坏了&estate=21&spot=3 号楼楼道"), second;

    test_clock_add(TIME_MINUTE);
    second = send_report(author, "title=楼道又黑了&estate=21&spot=3 号楼楼道");
    assert_true(reply_has(test_get(as(t, SECRETARY), desk_of(t, second, "")), desk_of(t, first, "")));
    assert_false(reply_has(test_get(as(t, SECRETARY), desk_of(t, first, "")), desk_of(t, second, "")));
}

static void more_than_99_messages_are_99(void **state)
{
    struct test_app *t = *state;
    struct browser *b = as(t, NEIGHBOUR);
    struct reply r;

    for (int i = 0; i < 101; i++) {
        test_sql(
            &t->db,
            "INSERT INTO notification (person, id, community, text_key, args, url, subject_kind, subject, count, created_at,"
            " read_at) VALUES (%d, %d, %lld, 'tell.answered', '', '/', 'report', %d, 1, %d, 0)",
            NEIGHBOUR, 1000 + i, (long long)HERE, 1000 + i, i + 1);
        if (i == 98) {
            r = test_get(b, BOARD);
            assert_true(reply_has(r, "99"));
            assert_false(reply_has(r, "99+"));
        }
    }
    assert_true(reply_has(test_get(b, BOARD), "99+"));
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        T(a_deadline_of_ones_own),
        T(notes_are_for_staff),
        T(what_was_taken_out_is_kept_for_staff),
        T(two_windows_do_not_undo_each_other),
        T(a_look_leaves_a_trace),
        T(the_place_has_a_history),
        T(more_than_99_messages_are_99),
    };

    WORLD_MAIN(argc, argv);
    return cmocka_run_group_tests_name("report desk", tests, NULL, NULL);
}
