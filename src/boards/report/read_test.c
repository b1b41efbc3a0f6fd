/* read_test.c: what guests and residents read: the list, its pages and filters, one report, the search. */
#include "boards/report/world_test.h"

#define GARDEN "title=广场变菜园&body=有人挖了绿地种菜&spot=广场东侧"

static void guests_read_everything(void **state)
{
    struct test_app *t = *state;
    struct browser *guest = as(t, 0);
    int64_t id = send_report(as(t, AUTHOR), GARDEN);
    const char *page = path(t, BOARD "/%lld", (long long)id);
    struct reply r = test_get(guest, BOARD);

    assert_int_equal(r.status, 200);
    assert_true(reply_has(r, "广场变菜园"));
    assert_true(reply_has(r, "周女士"));
    assert_true(reply_has(r, "3号楼"));
    r = test_get_json(guest, BOARD);
    assert_int_equal(r.status, 200);
    assert_true(str_eq(reply_json(t, r, "rows.0.title"), STR("广场变菜园")));
    assert_true(str_eq(reply_json(t, r, "rows.0.state"), STR("reported")));
    assert_true(str_eq(reply_json(t, r, "rows.0.author"), STR("周女士")));

    r = test_get(guest, page);
    assert_int_equal(r.status, 200);
    assert_true(reply_has(r, "有人挖了绿地种菜"));
    assert_true(reply_has(r, "20260316-001"));
    assert_true(reply_has(r, "待回应"));
    assert_false(reply_has(r, "/join\"")); /* nothing to press */
    assert_false(reply_has(r, "/comment\""));
    r = test_get_json(guest, page);
    assert_int_equal(r.status, 200);
    assert_true(str_eq(reply_json(t, r, "number"), STR("20260316-001")));
    assert_true(str_eq(reply_json(t, r, "can_comment"), STR("false")));
    assert_true(str_eq(reply_json(t, r, "timeline.steps.0.verb"), STR("reported")));
    assert_false(reply_has(r, "501室")); /* the dwelling stays out of sight */
}

static void english_is_there_too(void **state)
{
    struct test_app *t = *state;
    struct browser *guest = as(t, 0);
    struct reply r;

    guest->language = "en";
    r = test_get(guest, BOARD);
    assert_int_equal(r.status, 200);
    assert_true(reply_has(r, "<html lang=\"en\""));
    assert_false(reply_has(r, "还没有人上报"));
}

static void what_is_not_there_is_404(void **state)
{
    struct test_app *t = *state;
    struct browser *guest = as(t, 0);
    int64_t id = send_report(as(t, AUTHOR), GARDEN);

    assert_int_equal(test_get(guest, "/p/310113007099/report").status, 404);
    assert_int_equal(test_get(guest, "/p/310113007000/report").status, 404); /* a street has no reports of its own */
    assert_int_equal(test_get(guest, BOARD "/77").status, 404);
    assert_int_equal(test_get(guest, path(t, "/p/310113007012/report/%lld", (long long)id)).status, 404);
    assert_int_equal(test_get_json(guest, path(t, "/p/310113007012/report/%lld", (long long)id)).status, 404);
    assert_int_equal(test_get(guest, BOARD "?state=nonsense").status, 422);
    assert_int_equal(test_get(guest, BOARD "?before=abc").status, 422);
}

static enum result merge_here_into_there(struct db *db, void *arg)
{
    static const int64_t from[] = {HERE};
    static const struct place_new to[] = {{THERE, STR_NONE}};
    const struct place_change change = {.from = from, .n_from = 1, .to = to, .n_to = 1, .at = time_now()};

    (void)arg;
    return place_succeed(db, &change);
}

/* What somebody has sent to a neighbour leads to the report after two communities became one. */
static void links_outlive_a_merger(void **state)
{
    static const struct place_mover *const movers[] = {&report_mover};
    struct test_app *t = *state;
    const char *const fields[] = {"title", "广场变菜园", "spot", "广场东侧", NULL};
    struct test_file file = {"photos", "a.jpg", "image/jpeg", picture(t, 80)};
    struct reply r = test_upload(as(t, AUTHOR), BOARD "/draft", fields, &file, 1);
    int64_t open, shut = send_report(as(t, AUTHOR), GARDEN);
    const char *photo;

    r = test_post(as(t, AUTHOR), path(t, BOARD "/draft/%lld/send", (long long)id_in(r.location, "/preview")), "");
    open = id_in(r.location, "/sent");
    photo = str_cstr(t->arena,
                     reply_json(t, test_get_json(as(t, 0), path(t, BOARD "/%lld", (long long)open)), "before.0.full"));
    assert_int_equal(test_get(as(t, 0), photo).status, 200);

    test_sql(&t->db,
             "INSERT INTO answer_template (community, id, name, body, used) VALUES (%lld, 9, '先应一声', '您好', 0)",
             (long long)HERE);
    test_sql(&t->db, "UPDATE report SET state = 'closed', closed_at = 1 WHERE id = %lld", (long long)shut);
    test_sql(&t->db, "DELETE FROM dwelling WHERE community = %lld",
             (long long)THERE); /* its estate has the same name */
    test_sql(&t->db, "DELETE FROM building WHERE community = %lld", (long long)THERE);
    test_sql(&t->db, "DELETE FROM estate WHERE community = %lld", (long long)THERE);
    place_move_with(movers, 1);
    test_write(t, merge_here_into_there, NULL);
    place_move_with(NULL, 0);

    r = test_get(as(t, 0), path(t, BOARD "/%lld", (long long)open));
    assert_int_equal(r.status, 303);
    assert_true(str_eq(reply_header(r, "Location"),
                       str_printf(t->arena, "/p/%lld/report/%lld", (long long)THERE, (long long)open)));
    assert_int_equal(test_get(as(t, 0), path(t, "/p/%lld/report/%lld", (long long)THERE, (long long)open)).status, 200);
    /* its picture too, in the words of whoever kept its address; and nobody sees more than before */
    for (int thumb = 0; thumb < 2; thumb++) {
        r = test_get(as(t, 0), path(t, thumb ? "%s/thumb" : "%s", photo));
        assert_int_equal(r.status, 303);
        assert_true(str_starts(r.location, str_printf(t->arena, "/media/%lld/", (long long)THERE)));
        assert_int_equal(str_ends(r.location, STR("/thumb")), thumb);
        assert_int_equal(test_get(as(t, 0), str_cstr(t->arena, r.location)).status, 200);
    }
    test_sql(&t->db, "UPDATE report SET hidden = 1 WHERE id = %lld", (long long)open);
    assert_int_equal(test_get(as(t, 0), photo).status, 404);
    test_sql(&t->db, "UPDATE report SET hidden = 0 WHERE id = %lld", (long long)open);
    assert_int_equal(test_get(as(t, 0), path(t, BOARD "/%lld", (long long)shut)).status,
                     200); /* history stays where it was */
    assert_int_equal(test_get(as(t, 0), path(t, "/p/%lld/report/%lld", (long long)THERE, (long long)shut)).status, 404);
    assert_int_equal(
        test_sql_int(&t->db, "SELECT COUNT(*) FROM answer_template WHERE community = %lld", (long long)THERE), 1);
}

static void filters_show_what_they_say(void **state)
{
    struct test_app *t = *state;
    struct browser *author = as(t, AUTHOR), *neighbour = as(t, NEIGHBOUR), *guest = as(t, 0);
    int64_t one = send_report(author, "title=第一件&spot=门口"), two = send_report(neighbour, "title=第二件&spot=门口");

    world_do(t, step_answer, one, "收到");
    world_do(t, step_solve, one, "好了");
    assert_true(reply_has(test_get(guest, BOARD "?state=confirming"), "第一件"));
    assert_false(reply_has(test_get(guest, BOARD "?state=confirming"), "第二件"));
    assert_true(reply_has(test_get(guest, BOARD "?state=open"), "第二件"));
    assert_false(reply_has(test_get(guest, BOARD "?state=open"), "第一件"));
    assert_true(reply_has(test_get(guest, BOARD "?state=reported"), "第二件"));
    assert_false(reply_has(test_get(guest, BOARD "?state=closed"), "第一件"));
    assert_true(reply_has(test_get(author, BOARD "?state=mine"), "第一件"));
    assert_false(reply_has(test_get(author, BOARD "?state=mine"), "第二件"));
    assert_int_equal(test_post(author, path(t, BOARD "/%lld/follow", (long long)two), "on=1").status, 303);
    assert_true(reply_has(test_get(author, BOARD "?state=followed"), "第二件"));
    assert_true(reply_has(test_get(guest, BOARD "?category=other"), "第二件"));
    assert_false(reply_has(test_get(guest, BOARD "?category=06045"), "第二件"));
    assert_true(reply_has(test_get(guest, BOARD "?estate=21"), "广场变菜园") == false);
    assert_int_equal(test_get(guest, BOARD "?state=mine").status, 303); /* to sign in */
    assert_int_equal(test_get_json(guest, BOARD "?state=mine").status, 401);
}

/* Follows the link to older ones until there is none, and sees that every title comes exactly once. */
static void pages_go_by_key(void **state)
{
    enum { MANY = 45 };
    struct test_app *t = *state;
    struct browser *author = as(t, AUTHOR), *guest = as(t, 0);
    const char *at = BOARD;
    int seen[MANY] = {0}, pages = 0;

    for (int i = 0; i < MANY; i++)
        send_report(author, path(t, "title=路灯%d坏了&spot=门口", 100 + i));
    while (at && pages < 10) {
        struct reply r = test_get_json(guest, at);

        assert_int_equal(r.status, 200);
        pages++;
        for (int i = 0; reply_json_has(t, r, path(t, "rows.%d.title", i)); i++) {
            struct str title = reply_json(t, r, path(t, "rows.%d.title", i));
            int64_t n;

            assert_int_equal(str_int64(str_sub(title, strlen("路灯"), 3), 100, 100 + MANY - 1, &n), OK);
            seen[n - 100]++;
        }
        at = reply_json(t, r, "more").len ? str_cstr(t->arena, reply_json(t, r, "more")) : NULL;
        if (pages == 1) /* what comes in between moves nothing */
            send_report(author, "title=后来的&spot=门口");
    }
    assert_int_equal(pages, 3);
    for (int i = 0; i < MANY; i++)
        assert_int_equal(seen[i], 1);
    assert_true(reply_has(test_get(guest, BOARD), "before="));
    assert_true(reply_has(test_get(guest, BOARD "?state=reported"), "state=reported&amp;before="));

    /* a second estate: the reader may choose, and the choice holds on the next page */
    test_sql(&t->db,
             "INSERT INTO estate (community, id, name, name_key, address, valid_from, valid_to)"
             " VALUES (%lld, 22, '淞兴苑', '淞兴苑', '', 0, 0)",
             (long long)HERE);
    assert_true(reply_has(test_get(guest, BOARD), "estate=22"));
    assert_false(reply_json_has(t, test_get_json(guest, BOARD "?estate=22"), "rows.0.title"));
    test_sql(&t->db, "UPDATE report SET estate = %d", ESTATE);
    assert_true(reply_has(test_get(guest, BOARD "?estate=21"), "estate=21&amp;before="));
}

static void two_characters_are_found(void **state)
{
    struct test_app *t = *state;
    struct browser *author = as(t, AUTHOR), *guest = as(t, 0);
    struct reply r;

    send_report(author, GARDEN);
    send_report(author, "title=电梯有异响&spot=3号楼");
    r = test_get_json(guest, BOARD "?q=%E8%8F%9C%E5%9B%AD"); /* 菜园 */
    assert_int_equal(r.status, 200);
    assert_true(str_eq(reply_json(t, r, "rows.0.title"), STR("广场变菜园")));
    assert_false(reply_json_has(t, r, "rows.1.title"));
    assert_true(reply_has(test_get(guest, BOARD "?q=%E7%94%B5%E6%A2%AF"), "电梯有异响"));
    r = test_get(guest, BOARD "?q=%E9%BE%99%E8%99%BE"); /* 龙虾 */
    assert_int_equal(r.status, 200);
    assert_true(reply_has(r, "没有找到"));
    assert_int_equal(test_get(guest, BOARD "?q=%3C%3E%22").status, 200); /* signs only */
    assert_false(reply_has(test_get(as(t, OUTSIDER), "/p/310113007012/report?q=%E8%8F%9C%E5%9B%AD"), "广场变菜园"));
}

static void guests_are_answered_from_their_copy(void **state)
{
    struct test_app *t = *state;
    struct browser *guest = as(t, 0), *author = as(t, AUTHOR);
    int64_t id = send_report(author, GARDEN);
    const char *page = path(t, BOARD "/%lld", (long long)id);
    struct reply r = test_get_json(guest, page);
    const char *have = path(t, "If-None-Match: " STR_FMT "\r\n", STR_ARG(reply_header(r, "ETag")));

    assert_true(reply_header(r, "ETag").len > 0);
    r = test_send(guest, &(struct test_request){.path = page, .accept = "application/json", .more = have});
    assert_int_equal(r.status, 304);
    assert_int_equal(r.body.len, 0);
    test_clock_add(1000);
    assert_int_equal(test_post(as(t, NEIGHBOUR), path(t, BOARD "/%lld/comment", (long long)id), "body=我也看到").status,
                     303);
    r = test_send(guest, &(struct test_request){.path = page, .accept = "application/json", .more = have});
    assert_int_equal(r.status, 200);
    assert_true(reply_has(r, "我也看到"));
}

static void the_home_shows_reports(void **state)
{
    struct test_app *t = *state;
    struct browser *author = as(t, AUTHOR), *guest = as(t, 0);
    int64_t id = send_report(author, GARDEN);
    struct reply r = test_get(guest, "/p/310113007011");

    assert_int_equal(r.status, 200);
    assert_true(reply_has(r, "广场变菜园"));
    assert_true(reply_has(r, "周女士 · 3号楼"));
    assert_true(reply_has(r, "href=\"/p/310113007011/report\""));
    assert_false(reply_has(r, "请您看看解决了没有"));
    world_do(t, step_answer, id, "收到");
    world_do(t, step_solve, id, "好了");
    assert_true(reply_has(test_get(author, "/p/310113007011"), "「广场变菜园」办完了，请您看看解决了没有"));
    assert_false(reply_has(test_get(as(t, NEIGHBOUR), "/p/310113007011"), "请您看看解决了没有"));
    world_do(t, step_hide, id, "有别人的照片");
    assert_false(reply_has(test_get(guest, "/p/310113007011"), "广场变菜园"));
}

static void ones_own_page_leads_to_ones_reports(void **state)
{
    struct test_app *t = *state;
    struct browser *author = as(t, AUTHOR);
    int64_t id = send_report(author, GARDEN);
    struct reply r = test_get(author, "/me");

    assert_int_equal(r.status, 200);
    assert_true(reply_has(r, "我上报的"));
    assert_true(reply_has(r, "/p/310113007011/report?state=mine"));
    assert_int_equal(test_post(author, path(t, BOARD "/%lld/comment", (long long)id), "body=补充一句").status, 303);
    r = test_get(author, "/me/data");
    assert_int_equal(r.status, 200);
    assert_true(reply_has(r, "有人挖了绿地种菜"));
    assert_true(reply_has(r, "补充一句"));
    assert_false(reply_has(test_get(as(t, NEIGHBOUR), "/me/data"), "补充一句"));
}

int main(int argc, char **argv)
{
    WORLD_MAIN(argc, argv);
    const struct CMUnitTest tests[] = {
        T(guests_read_everything),     T(english_is_there_too),
        T(what_is_not_there_is_404),   T(links_outlive_a_merger),
        T(filters_show_what_they_say), T(pages_go_by_key),
        T(two_characters_are_found),   T(guests_are_answered_from_their_copy),
        T(the_home_shows_reports),     T(ones_own_page_leads_to_ones_reports),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
