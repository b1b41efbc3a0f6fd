/* taps_test.c: what readers add and change: joining, comments, confirming, redacting; what hiding hides; what is never markup. */
#include "boards/report/world_test.h"

#define GARDEN "title=广场变菜园&body=有人挖了绿地种菜&spot=广场东侧"
/* Ends attributes, elements and scripts; has no business in the source of a page. */
#define EVIL "<b x='&quot;\"></textarea></script><script>evil()</script>"
#define EVIL_FORM "<b x='%26quot;\"></textarea></script><script>evil()</script>"

static const char *page_of(struct test_app *t, int64_t id, const char *what)
{
    return path(t, BOARD "/%lld%s", (long long)id, what);
}

static void taps_count_once(void **state)
{
    struct test_app *t = *state;
    struct browser *author = as(t, AUTHOR), *wife = as(t, WIFE), *neighbour = as(t, NEIGHBOUR);
    int64_t id = send_report(author, GARDEN);
    struct reply r;

    assert_int_equal(test_post(neighbour, page_of(t, id, "/join"), "").status, 303);
    assert_int_equal(test_post(neighbour, page_of(t, id, "/join"), "").status, 303);
    assert_int_equal(test_post(wife, page_of(t, id, "/join"), "").status, 303); /* the reporter's own household */
    assert_int_equal(test_post(neighbour, page_of(t, id, "/thumb"), "on=1").status, 303);
    assert_int_equal(test_post(neighbour, page_of(t, id, "/thumb"), "on=1").status, 303);
    assert_int_equal(test_post(wife, page_of(t, id, "/thumb"), "on=1").status, 303);
    assert_int_equal(test_post(wife, page_of(t, id, "/thumb"), "on=0").status, 303);
    r = test_get_json(neighbour, page_of(t, id, ""));
    assert_true(str_eq(reply_json(t, r, "joined"), STR("1")));
    assert_true(str_eq(reply_json(t, r, "thumbs"), STR("1")));
    assert_true(str_eq(reply_json(t, r, "has_joined"), STR("true")));
    assert_true(str_eq(reply_json(t, r, "can_join"), STR("false")));
    assert_true(str_eq(reply_json(t, r, "follows"), STR("true")));
    assert_true(str_eq(reply_json(t, r, "has_thumb"), STR("true")));
    r = test_get_json(wife, page_of(t, id, ""));
    assert_true(str_eq(reply_json(t, r, "can_join"), STR("false")));
    assert_true(str_eq(reply_json(t, r, "has_thumb"), STR("false")));
    assert_int_equal(test_post(neighbour, page_of(t, id, "/follow"), "on=0").status, 303);
    assert_true(str_eq(reply_json(t, test_get_json(neighbour, page_of(t, id, "")), "follows"), STR("false")));
    assert_int_equal(test_post(neighbour, page_of(t, id, "/thumb"), "on=maybe").status, 422);
}

/* Two of one dwelling are one household, and stay it when one of them moves: what was counted was the dwelling. */
static void a_household_counts_once(void **state)
{
    struct test_app *t = *state;
    struct browser *neighbour = as(t, NEIGHBOUR), *wife = as(t, WIFE), *author;
    int64_t id;

    id = send_report(neighbour, GARDEN);
    author = as(t, AUTHOR);
    assert_int_equal(test_post(author, page_of(t, id, "/join"), "").status, 303);
    assert_int_equal(test_post(wife, page_of(t, id, "/join"), "").status, 303);
    assert_true(str_eq(reply_json(t, test_get_json(wife, page_of(t, id, "")), "joined"), STR("1")));
    assert_true(str_eq(reply_json(t, test_get_json(wife, page_of(t, id, "")), "has_joined"), STR("true")));
    /* she moves into the reporter's dwelling: that household has met it already; nothing is counted, nothing is taken away */
    test_sql(&t->db, "UPDATE residence SET dwelling = %d WHERE person = %d", ROOM_502, WIFE);
    assert_int_equal(test_post(wife, page_of(t, id, "/join"), "").status, 303);
    assert_true(str_eq(reply_json(t, test_get_json(wife, page_of(t, id, "")), "joined"), STR("1")));
    assert_true(str_eq(reply_json(t, test_get_json(author, page_of(t, id, "")), "has_joined"), STR("true")));
    /* whoever has moved out altogether is no neighbour any more */
    test_sql(&t->db, "UPDATE residence SET state = 'ended' WHERE person = %d", AUTHOR);
    assert_int_equal(test_post(author, page_of(t, id, "/join"), "").status, 403);
    assert_true(str_eq(reply_json(t, test_get_json(wife, page_of(t, id, "")), "joined"), STR("1")));
}

static void comments_are_told_and_shown(void **state)
{
    struct test_app *t = *state;
    struct browser *author = as(t, AUTHOR), *neighbour = as(t, NEIGHBOUR), *secretary = as(t, SECRETARY);
    int64_t id = send_report(author, GARDEN);
    struct reply r = test_post(neighbour, page_of(t, id, "/comment"), "body=我家楼下也是");

    assert_int_equal(r.status, 303);
    assert_true(str_find(r.location, STR("#comment-")) != SIZE_MAX);
    assert_int_equal(test_post(secretary, page_of(t, id, "/comment"), "body=收到，马上去看").status, 303);
    assert_int_equal(test_post(neighbour, page_of(t, id, "/comment"), "body=").status, 422);
    r = test_get_json(as(t, 0), page_of(t, id, ""));
    assert_true(str_eq(reply_json(t, r, "comments_total"), STR("2")));
    assert_true(str_eq(reply_json(t, r, "comments.1.body"), STR("我家楼下也是")));
    assert_true(str_eq(reply_json(t, r, "comments.1.author"), STR("王先生")));
    assert_true(str_eq(reply_json(t, r, "comments.1.from"), STR("3号楼")));
    assert_true(str_eq(reply_json(t, r, "comments.0.official"), STR("true")));
    assert_true(str_eq(reply_json(t, r, "comments.0.author"), STR("吴淞新城居委会")));
    assert_true(str_eq(reply_json(t, r, "comments.0.from"), STR("居民区书记"))); /* no title on the door: the role */
    assert_false(reply_has(r, "宋书记"));
    test_sql(&t->db, "UPDATE post SET title = '党总支书记' WHERE person = %d", SECRETARY);
    r = test_get_json(as(t, 0), page_of(t, id, ""));
    assert_true(str_eq(reply_json(t, r, "comments.0.from"), STR("党总支书记")));
    /* the post ends: what was said in it stays the body's */
    test_sql(&t->db, "UPDATE post SET valid_to = %lld WHERE person = %d", (long long)time_now() + 1, SECRETARY);
    test_clock_add(TIME_DAY);
    r = test_get_json(as(t, 0), page_of(t, id, ""));
    assert_true(str_eq(reply_json(t, r, "comments.0.from"), STR("党总支书记")));
    test_sql(&t->db, "UPDATE post SET valid_to = 0 WHERE person = %d", SECRETARY);
    test_clock_add(-TIME_DAY);
    /* the badge is shown by whom chose to, and a member who did not is shown as everybody else */
    assert_true(str_eq(reply_json(t, r, "comments.1.party_badge"), STR("false")));
    test_sql(&t->db, "UPDATE person SET party_member = 1 WHERE id = %d", NEIGHBOUR);
    r = test_get_json(as(t, 0), page_of(t, id, ""));
    assert_true(str_eq(reply_json(t, r, "comments.1.party_badge"), STR("false")));
    test_sql(&t->db, "UPDATE person SET party_badge = 1 WHERE id = %d", NEIGHBOUR);
    r = test_get_json(as(t, 0), page_of(t, id, ""));
    assert_true(str_eq(reply_json(t, r, "comments.1.party_badge"), STR("true")));
    assert_int_equal(
        test_sql_int(
            &t->db,
            "SELECT COUNT(*) FROM notification WHERE person = %d AND text_key = 'tell.commented_yours' AND count = 2",
            AUTHOR),
        1);
    test_sql(&t->db, "UPDATE report_comment SET hidden = 1 WHERE author = %d", NEIGHBOUR);
    r = test_get(as(t, 0), page_of(t, id, ""));
    assert_false(reply_has(r, "我家楼下也是"));
    assert_false(reply_has(test_get_json(as(t, 0), page_of(t, id, "")), "我家楼下也是"));
}

static void comments_have_pages(void **state)
{
    struct test_app *t = *state;
    struct browser *neighbour = as(t, NEIGHBOUR), *guest = as(t, 0);
    int64_t id = send_report(as(t, AUTHOR), GARDEN);
    struct reply r;

    for (int i = 0; i < 35; i++)
        assert_int_equal(test_post(neighbour, page_of(t, id, "/comment"), path(t, "body=第%d条", i)).status, 303);
    r = test_get_json(guest, page_of(t, id, ""));
    assert_true(reply_json_has(t, r, "comments.29.id"));
    assert_false(reply_json_has(t, r, "comments.30.id"));
    r = test_get_json(guest, str_cstr(t->arena, reply_json(t, r, "more_comments")));
    assert_int_equal(r.status, 200);
    assert_true(reply_json_has(t, r, "comments.4.id"));
    assert_false(reply_json_has(t, r, "comments.5.id"));
    assert_true(str_eq(reply_json(t, r, "comments.4.body"), STR("第0条")));
}

static void the_reporter_has_the_last_word(void **state)
{
    struct test_app *t = *state;
    struct browser *author = as(t, AUTHOR), *neighbour = as(t, NEIGHBOUR);
    int64_t id = send_report(author, GARDEN);
    struct reply r;

    assert_int_equal(test_post(author, page_of(t, id, "/confirm"), "solved=yes&rating=5").status,
                     409); /* not done yet */
    world_do(t, step_answer, id, "收到，马上去看");
    world_do(t, step_solve, id, "已经清理");
    r = test_get(author, page_of(t, id, ""));
    assert_true(reply_has(r, "name=\"solved\""));
    assert_false(reply_has(test_get(neighbour, page_of(t, id, "")), "name=\"solved\""));
    assert_int_equal(test_post(neighbour, page_of(t, id, "/confirm"), "solved=yes&rating=5").status, 403);

    r = test_post(author, page_of(t, id, "/confirm"), "solved=no&words=");
    assert_int_equal(r.status, 422);
    assert_true(reply_has(r, "words-error"));
    r = test_post(author, page_of(t, id, "/confirm"), "solved=yes&words=很快");
    assert_int_equal(r.status, 422);
    assert_true(reply_has(r, "rating-error"));
    assert_true(reply_has(r, "很快"));
    assert_int_equal(test_post(author, page_of(t, id, "/confirm"), "solved=yes&rating=6").status, 422);

    r = test_post(author, page_of(t, id, "/confirm"), "solved=no&words=第二天又种上了");
    assert_int_equal(r.status, 303);
    r = test_get(as(t, 0), page_of(t, id, ""));
    assert_true(reply_has(r, "第二天又种上了"));
    assert_true(reply_has(r, "上报人说没解决"));
    world_do(t, step_solve, id, "又清理了，装了护栏");
    r = test_post(author, page_of(t, id, "/confirm"), "solved=yes&rating=4&words=谢谢");
    assert_int_equal(r.status, 303);
    r = test_get_json(as(t, 0), page_of(t, id, ""));
    assert_true(str_eq(reply_json(t, r, "state"), STR("closed")));
    assert_true(str_eq(reply_json(t, r, "rating"), STR("4")));
    assert_true(str_eq(reply_json(t, r, "rating_text"), STR("谢谢")));
    assert_int_equal(test_post(author, page_of(t, id, "/confirm"), "solved=yes&rating=1").status, 409);
    assert_int_equal(test_post(neighbour, page_of(t, id, "/join"), "").status, 409);
}

static void private_words_are_taken_out(void **state)
{
    struct test_app *t = *state;
    struct browser *author = as(t, AUTHOR), *guest = as(t, 0);
    int64_t id = send_report(author, "title=邻居张三乱扔&body=张三住502室&spot=门口");
    struct reply r = test_get(author, page_of(t, id, "/redact"));

    assert_int_equal(r.status, 200);
    assert_true(reply_has(r, "张三住502室"));
    assert_int_equal(test_get(as(t, NEIGHBOUR), page_of(t, id, "/redact")).status, 403);
    assert_int_equal(test_post(as(t, NEIGHBOUR), page_of(t, id, "/redact"), "title=改了").status, 403);
    r = test_post(author, page_of(t, id, "/redact"), "title=&body=有人乱扔&spot=门口");
    assert_int_equal(r.status, 422);
    assert_true(reply_has(r, "title-error"));
    assert_int_equal(test_post(author, page_of(t, id, "/redact"), "title=楼上乱扔垃圾&body=有人乱扔&spot=门口").status,
                     303);
    assert_false(reply_has(test_get(guest, page_of(t, id, "")), "张三"));
    assert_false(reply_has(test_get_json(guest, page_of(t, id, "")), "张三"));
    assert_false(reply_has(test_get(guest, BOARD), "张三"));
    assert_false(reply_json_has(t, test_get_json(guest, BOARD "?q=%E5%BC%A0%E4%B8%89"), "rows.0.id")); /* 张三 */
    assert_true(reply_json_has(t, test_get_json(guest, BOARD "?q=%E5%9E%83%E5%9C%BE"), "rows.0.id"));  /* 垃圾 */
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM report WHERE original_title = '邻居张三乱扔'"), 1);
}

static void what_is_hidden_is_not_there(void **state)
{
    struct test_app *t = *state;
    struct browser *author = as(t, AUTHOR),
                   *others[] = {as(t, 0), as(t, NEIGHBOUR), as(t, OUTSIDER), as(t, OTHER_CADRE), as(t, ADMINISTRATOR)};
    const char *const fields[] = {"title", "广场变菜园", "spot", "广场东侧", NULL};
    struct test_file file = {"photos", "a.jpg", "image/jpeg", picture(t, 80)};
    struct reply r = test_upload(author, BOARD "/draft", fields, &file, 1);
    int64_t id;
    const char *photo;

    r = test_post(author, path(t, BOARD "/draft/%lld/send", (long long)id_in(r.location, "/preview")), "");
    id = id_in(r.location, "/sent");
    photo = str_cstr(t->arena, reply_json(t, test_get_json(author, page_of(t, id, "")), "before.0.full"));
    assert_int_equal(test_get(others[0], photo).status, 200);
    world_do(t, step_hide, id, "照片里有孩子");

    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        assert_int_equal(test_get(others[i], page_of(t, id, "")).status, 404);
        assert_int_equal(test_get_json(others[i], page_of(t, id, "")).status, 404);
        assert_int_equal(test_get(others[i], photo).status, 404);
        assert_int_equal(test_get(others[i], path(t, "%s/thumb", photo)).status, 404);
        assert_false(reply_has(test_get(others[i], BOARD), "广场变菜园"));
        assert_false(reply_has(test_get_json(others[i], BOARD), "广场变菜园"));
        assert_false(reply_has(test_get_json(others[i], BOARD "?q=%E8%8F%9C%E5%9B%AD"), "广场变菜园"));
        assert_int_equal(test_get_json(others[i], page_of(t, id, "/sent")).status, 404);
        r = test_post(others[i], page_of(t, id, "/join"), "");
        assert_int_equal(r.status, 404);
    }
    r = test_get(author, page_of(t, id, ""));
    assert_int_equal(r.status, 200);
    assert_true(reply_has(r, "照片里有孩子")); /* the reason */
    assert_int_equal(test_get(as(t, SECRETARY), page_of(t, id, "")).status, 200);
    assert_int_equal(test_get(author, photo).status, 200);
    assert_int_equal(test_get(as(t, SECRETARY), photo).status, 200);
}

static void a_comment_is_hidden_by_its_own_report_alone(void **state)
{
    struct test_app *t = *state;
    struct browser *secretary = as(t, SECRETARY);
    int64_t id = send_report(as(t, AUTHOR), GARDEN), other = send_report(as(t, AUTHOR), "title=灯坏了&spot=门口"),
            comment;
    const char *form;

    assert_int_equal(test_post(as(t, NEIGHBOUR), page_of(t, id, "/comment"), "body=骂人的话").status, 303);
    comment = test_sql_int(&t->db, "SELECT id FROM report_comment");
    form = path(t, "comment=%lld&hidden=1&reason=骂人", (long long)comment);
    assert_int_equal(
        test_post(secretary, path(t, "/desk/report/310113007011/%lld/hide-comment", (long long)other), form).status,
        404);
    assert_true(reply_has(test_get(as(t, 0), page_of(t, id, "")), "骂人的话"));
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM ledger WHERE verb = 'comment_hidden'"), 0);
    assert_int_equal(
        test_post(secretary, path(t, "/desk/report/310113007011/%lld/hide-comment", (long long)id), form).status, 303);
    assert_false(reply_has(test_get(as(t, 0), page_of(t, id, "")), "骂人的话"));
    assert_int_equal(test_sql_int(&t->db, "SELECT comments FROM report WHERE id = %lld", (long long)id), 0);
    assert_int_equal(test_sql_int(&t->db, "SELECT comments FROM report WHERE id = %lld", (long long)other), 0);
}

/* Pictures of the proof follow the report, and those of other kinds are nobody's by this door. */
static void pictures_are_guarded_like_what_they_show(void **state)
{
    struct test_app *t = *state;
    int64_t id = send_report(as(t, AUTHOR), GARDEN), step;
    struct browser *guest = as(t, 0);

    world_do(t, step_answer, id, "收到");
    step = test_sql_int(&t->db, "SELECT id FROM report_step WHERE verb = 'answered'");
    test_sql(
        &t->db,
        "INSERT INTO media (community, id, subject_kind, subject, stage, position, hash, width, height, bytes, author, created_at, hidden)"
        " VALUES (310113007011, 1, 'report_step', %lld, 3, 0, 'none', 1, 1, 1, %d, 0, 0),"
        " (310113007011, 2, 'something_else', %lld, 3, 0, 'none', 1, 1, 1, %d, 0, 0)",
        (long long)step, SECRETARY, (long long)step, SECRETARY);
    assert_int_equal(test_get(guest, "/media/310113007011/2").status, 404);
    assert_int_equal(test_get(as(t, SECRETARY), "/media/310113007011/2").status, 404);
    assert_int_equal(test_get(guest, "/media/310113007011/3").status, 404);
    assert_int_equal(test_get(guest, "/media/310113007012/1").status, 404);
}

/* A canary in every field that takes words, and every page that shows them. */
static void words_never_become_markup(void **state)
{
    struct test_app *t = *state;
    struct browser *author = as(t, AUTHOR), *neighbour = as(t, NEIGHBOUR), *guest = as(t, 0);
    struct reply r = test_post(author, BOARD "/draft",
                               "title=<script>evil()</script>x&body=" EVIL_FORM "&spot=" EVIL_FORM);
    int64_t draft = id_in(r.location, "/preview"), id;
    const char *pages[12];
    size_t n = 0;

    test_sql(&t->db, "UPDATE person SET shown_name = '<script>evil()</script>' WHERE id = %d", AUTHOR);
    assert_false(reply_has(test_get(author, path(t, BOARD "/draft/%lld/preview", (long long)draft)), "<script>evil"));
    assert_false(reply_has(test_get(author, path(t, BOARD "/draft/%lld", (long long)draft)), "<script>evil"));
    r = test_post(author, BOARD "/draft", "title=&body=" EVIL_FORM "&spot=" EVIL_FORM); /* the form again */
    assert_int_equal(r.status, 422);
    assert_true(reply_has(r, "&lt;script&gt;evil"));
    assert_false(reply_has(r, "<script>evil"));
    r = test_post(author, path(t, BOARD "/draft/%lld/send", (long long)draft), "");
    id = id_in(r.location, "/sent");
    assert_int_equal(test_post(neighbour, page_of(t, id, "/comment"), "body=" EVIL_FORM).status, 303);
    world_do(t, step_hand_off, id, EVIL);
    test_sql(&t->db, "UPDATE work_order SET state = 'sent_back', reason = '<script>evil()</script>'");
    test_sql(
        &t->db,
        "UPDATE report SET rating = 5, rating_text = '<script>evil()</script>', author_from = '<script>evil()</script>'");
    test_sql(&t->db, "UPDATE organisation SET name = '<script>evil()</script>'");
    test_sql(&t->db, "UPDATE estate SET name = '<script>evil()</script>'");
    test_sql(&t->db, "UPDATE place SET name = '<script>evil()</script>'");

    pages[n++] = BOARD;
    pages[n++] = BOARD "?q=evil";
    pages[n++] = BOARD "?q=%22%3E%3Cscript%3Eevil()%3C/script%3E";
    pages[n++] = BOARD "?category=%22%3E%3Cscript%3Eevil()%3C/script%3E";
    pages[n++] = page_of(t, id, "");
    for (size_t i = 0; i < n; i++) {
        r = test_get(guest, pages[i]);
        assert_int_equal(r.status, 200);
        assert_false(reply_has(r, "<script>evil"));
        assert_false(reply_has(r, "\"></textarea>"));
        r = test_get_json(guest, pages[i]);
        assert_int_equal(r.status, 200);
        assert_true(str_starts(r.type, STR("application/json")));
        assert_true(str_eq(reply_header(r, "X-Content-Type-Options"), STR("nosniff")));
    }
    assert_true(reply_has(test_get(guest, page_of(t, id, "")), "&lt;script&gt;evil()"));
    assert_true(str_find(reply_json(t, test_get_json(guest, page_of(t, id, "")), "body"),
                         STR("<script>evil()</script>")) != SIZE_MAX);
    r = test_get(author, page_of(t, id, "/sent"));
    assert_int_equal(r.status, 200);
    assert_false(reply_has(r, "<script>evil"));
    r = test_get(author, page_of(t, id, "/redact"));
    assert_int_equal(r.status, 200);
    assert_false(reply_has(r, "<script>evil"));
    r = test_get(author, BOARD "/new");
    assert_int_equal(r.status, 200);
    assert_false(reply_has(r, "<script>evil"));
}

static void handlers_see_it_as_staff(void **state)
{
    struct test_app *t = *state;
    int64_t id = send_report(as(t, AUTHOR), GARDEN);
    struct browser *squad = as(t, SQUAD);

    assert_false(reply_has(test_get(squad, page_of(t, id, "")), "/desk/report/"));
    assert_int_equal(test_post(squad, page_of(t, id, "/comment"), "body=还不是我们的").status, 403);
    world_do(t, step_hand_off, id, "请劝离并清理");
    assert_true(reply_has(test_get(squad, page_of(t, id, "")), "/desk/report/"));
    assert_int_equal(test_post(squad, page_of(t, id, "/comment"), "body=今天下午到").status, 303);
    struct reply r = test_get_json(as(t, 0), page_of(t, id, ""));
    assert_true(str_eq(reply_json(t, r, "comments.0.author"), STR("城管中队")));
    assert_true(str_eq(reply_json(t, r, "comments.0.from"), STR("处置单位")));
    assert_true(str_eq(reply_json(t, r, "clock.orders.0.organisation"), STR("城管中队")));
    assert_true(str_eq(reply_json(t, r, "clock.orders.0.lead"), STR("true")));
    assert_true(str_eq(reply_json(t, r, "clock.orders.0.state"), STR("handed")));
}

int main(int argc, char **argv)
{
    WORLD_MAIN(argc, argv);
    const struct CMUnitTest tests[] = {
        T(taps_count_once),
        T(a_household_counts_once),
        T(comments_are_told_and_shown),
        T(comments_have_pages),
        T(the_reporter_has_the_last_word),
        T(private_words_are_taken_out),
        T(what_is_hidden_is_not_there),
        T(a_comment_is_hidden_by_its_own_report_alone),
        T(pictures_are_guarded_like_what_they_show),
        T(words_never_become_markup),
        T(handlers_see_it_as_staff),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
