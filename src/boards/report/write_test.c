/* write_test.c: from the empty form to the report that everybody reads, and what must never come through on the way. */
#include "boards/report/world_test.h"

#define GARDEN "title=广场变菜园&body=有人挖了绿地种菜&spot=广场东侧"

static int64_t reports(struct test_app *t)
{
    return test_sql_int(&t->db, "SELECT COUNT(*) FROM report");
}

static int64_t draft_of(struct browser *b, const char *form)
{
    struct reply r = test_post(b, BOARD "/draft", form);

    assert_int_equal(r.status, 303);
    return id_in(r.location, "/preview");
}

/* ---- who may ---- */

static void guests_are_asked_to_sign_in(void **state)
{
    struct test_app *t = *state;
    struct browser *guest = as(t, 0);
    struct reply r = test_get(guest, BOARD "/new");

    assert_int_equal(r.status, 303);
    assert_true(str_starts(r.location, STR("/sign-in?next=")));
    r = test_post(guest, BOARD "/draft", GARDEN);
    assert_int_equal(r.status, 303);
    assert_true(str_starts(r.location, STR("/sign-in")));
    assert_int_equal(test_post_json(guest, BOARD "/draft", "{\"title\":\"灯坏了\",\"spot\":\"门口\"}").status, 401);
    assert_int_equal(reports(t), 0);
}

static void waiting_residents_only_read(void **state)
{
    struct test_app *t = *state;
    struct browser *waiting = as(t, WAITING);
    int64_t id = send_report(as(t, AUTHOR), GARDEN);
    struct reply r = test_get(waiting, BOARD "/new");

    assert_int_equal(r.status, 403);
    assert_true(reply_has(r, "<h1>居委会正在核对"));
    assert_true(reply_has(r, "href=\"/join/waiting\""));
    assert_false(reply_has(r, "没有查看或办理此项的权限"));
    r = test_get_json(waiting, BOARD "/new");
    assert_int_equal(r.status, 403);
    assert_true(reply_has(r, "居委会正在核对您的住址"));
    waiting->language = "en";
    r = test_get(waiting, BOARD "/new");
    waiting->language = NULL;
    assert_int_equal(r.status, 403);
    assert_true(reply_has(r, "is still checking your address") && reply_has(r, "See how far it is"));
    r = test_get(as(t, OUTSIDER), BOARD "/new"); /* who has nothing here has no check to wait for */
    assert_int_equal(r.status, 403);
    assert_false(reply_has(r, "/join/waiting"));
    assert_int_equal(test_get(waiting, BOARD).status, 200);
    r = test_post(waiting, BOARD "/draft", GARDEN);
    assert_int_equal(r.status, 403);
    assert_true(reply_has(r, "href=\"/join/waiting\""));
    assert_int_equal(test_post(waiting, path(t, BOARD "/%lld/join", (long long)id), "").status, 403);
    assert_int_equal(test_post(waiting, path(t, BOARD "/%lld/comment", (long long)id), "body=我也来说").status, 403);
    assert_int_equal(reports(t), 1);
}

static void other_communities_are_refused_everything(void **state)
{
    struct test_app *t = *state;
    static const char *const posts[] = {"join", "follow", "thumb", "comment", "confirm", "redact"};
    static const int people[] = {OUTSIDER, OTHER_CADRE, ADMINISTRATOR};
    struct browser *author = as(t, AUTHOR);
    int64_t id = send_report(author, GARDEN), draft = draft_of(author, "title=灯坏了&spot=门口");
    int64_t events = test_sql_int(&t->db, "SELECT COUNT(*) FROM ledger");

    for (size_t p = 0; p < sizeof(people) / sizeof(people[0]); p++) {
        struct browser *b = as(t, people[p]);

        assert_int_equal(test_get(b, BOARD "/new").status, 403);
        assert_int_equal(test_post(b, BOARD "/draft", GARDEN).status, 403);
        for (size_t i = 0; i < sizeof(posts) / sizeof(posts[0]); i++)
            assert_int_equal(test_post(b, path(t, BOARD "/%lld/%s", (long long)id, posts[i]),
                                       "on=1&body=不该有的话&solved=yes&rating=1&title=换个题目")
                                 .status,
                             403);
        /* Somebody else's draft is not there at all. */
        assert_int_equal(test_get(b, path(t, BOARD "/draft/%lld", (long long)draft)).status, 404);
        assert_int_equal(test_get(b, path(t, BOARD "/draft/%lld/preview", (long long)draft)).status, 404);
        assert_int_equal(test_post(b, path(t, BOARD "/draft/%lld", (long long)draft), GARDEN).status, 404);
        assert_int_equal(test_post(b, path(t, BOARD "/draft/%lld/blot", (long long)draft), "").status, 404);
        assert_int_equal(test_post(b, path(t, BOARD "/draft/%lld/drop", (long long)draft), "").status, 404);
        assert_int_equal(test_post(b, path(t, BOARD "/draft/%lld/send", (long long)draft), "").status, 404);
        /* Nor is the report under one's own community. */
        assert_int_equal(test_post(b, path(t, "/p/310113007012/report/%lld/join", (long long)id), "").status, 404);
    }
    assert_int_equal(test_get(as(t, NEIGHBOUR), path(t, BOARD "/draft/%lld", (long long)draft)).status, 404);
    assert_int_equal(test_get(as(t, NEIGHBOUR), path(t, BOARD "/%lld/sent", (long long)id)).status, 403);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM ledger"), events);
    assert_int_equal(reports(t), 1);
}

/* ---- the way ---- */

static void two_photos_and_a_sentence(void **state)
{
    struct test_app *t = *state;
    struct browser *author = as(t, AUTHOR), *guest = as(t, 0), *neighbour = as(t, NEIGHBOUR);
    const char *const fields[] = {"title",    "广场变菜园", "body", "有人挖了绿地种菜", "spot", "广场东侧",
                                  "category", "",           NULL};
    struct test_file files[] = {{"photos", "a.jpg", "image/jpeg", picture(t, 80)},
                                {"photos", "b.jpg", "image/jpeg", picture(t, 160)}};
    struct reply r = test_get(author, BOARD "/new");
    int64_t draft, id;
    const char *photo;

    assert_int_equal(r.status, 200);
    assert_true(reply_has(r, "周女士 · 3号楼")); /* as neighbours will see it */
    r = test_upload(author, BOARD "/draft", fields, files, 2);
    assert_int_equal(r.status, 303);
    draft = id_in(r.location, "/preview");

    r = test_follow(author, r);
    assert_int_equal(r.status, 200);
    assert_true(reply_has(r, "有人挖了绿地种菜"));
    assert_true(reply_has(r, "13:30")); /* two work hours from ten, with the noon between */
    r = test_get_json(author, path(t, BOARD "/draft/%lld/preview", (long long)draft));
    assert_true(reply_json_has(t, r, "photos.1.full"));
    assert_false(reply_json_has(t, r, "photos.2.full"));
    photo = str_cstr(t->arena, reply_json(t, r, "photos.0.thumb"));
    r = test_get(author, photo);
    assert_int_equal(r.status, 200);
    assert_true(str_eq(r.type, STR("image/jpeg")));
    /* A draft's pictures are the author's alone. */
    assert_int_equal(test_get(guest, photo).status, 404);
    assert_int_equal(test_get(neighbour, photo).status, 404);
    assert_int_equal(test_get(as(t, SECRETARY), photo).status, 404);
    assert_false(reply_has(test_get(guest, BOARD), "广场变菜园"));

    r = test_post(author, path(t, BOARD "/draft/%lld/send", (long long)draft), "");
    assert_int_equal(r.status, 303);
    id = id_in(r.location, "/sent");
    r = test_follow(author, r);
    assert_int_equal(r.status, 200);
    assert_true(reply_has(r, "20260316-001"));
    assert_true(reply_has(r, "吴淞新城居委会"));
    assert_true(reply_has(r, "13:30"));
    assert_int_equal(test_get(guest, photo).status, 200);
    r = test_get_json(guest, path(t, BOARD "/%lld", (long long)id));
    assert_true(reply_json_has(t, r, "before.1.full"));
    assert_true(str_eq(reply_json(t, test_get_json(guest, BOARD), "rows.0.photo"), str_from_cstr(photo)));
    assert_int_equal(test_get(author, path(t, BOARD "/draft/%lld", (long long)draft)).status, 404); /* it is sent */
    /* The category came from the words. */
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM report WHERE category <> 'other'"), 1);
}

static void a_draft_can_be_changed_and_thrown_away(void **state)
{
    struct test_app *t = *state;
    struct browser *author = as(t, AUTHOR);
    const char *const fields[] = {"title", "灯坏了", "spot", "门口", NULL};
    struct test_file file = {"photos", "a.jpg", "image/jpeg", picture(t, 80)};
    struct reply r = test_upload(author, BOARD "/draft", fields, &file, 1);
    int64_t draft = id_in(r.location, "/preview");
    const char *page = path(t, BOARD "/draft/%lld", (long long)draft);

    r = test_get(author, page);
    assert_int_equal(r.status, 200);
    assert_true(reply_has(r, "value=\"灯坏了\""));
    assert_true(reply_has(test_get(author, BOARD "/new"), page)); /* go on with it */
    int64_t photo = test_sql_int(&t->db, "SELECT id FROM media");
    r = test_post(author, page, path(t, "title=路灯坏了&spot=大门口&drop=%lld", (long long)photo));
    assert_int_equal(r.status, 303);
    assert_true(reply_has(test_follow(author, r), "路灯坏了"));
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM media"), 0);
    assert_int_equal(test_post(author, path(t, "%s/drop", page), "").status, 303);
    assert_int_equal(test_get(author, page).status, 404);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM report_draft"), 0);
    assert_int_equal(reports(t), 0);
}

static void old_drafts_go_with_their_pictures(void **state)
{
    struct test_app *t = *state;
    const char *const fields[] = {"title", "灯坏了", "spot", "门口", NULL};
    struct test_file file = {"photos", "a.jpg", "image/jpeg", picture(t, 80)};

    assert_int_equal(test_upload(as(t, AUTHOR), BOARD "/draft", fields, &file, 1).status, 303);
    app_run_jobs(t->app);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM report_draft"), 1);
    test_clock_add(8 * TIME_DAY);
    app_run_jobs(t->app);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM report_draft"), 0);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM media"), 0);
}

static void similar_ones_are_joined_instead(void **state)
{
    struct test_app *t = *state;
    struct browser *neighbour = as(t, NEIGHBOUR);
    int64_t id = send_report(as(t, AUTHOR), GARDEN),
            draft = draft_of(neighbour, "title=广场绿地有人种菜&spot=广场东侧");
    struct reply r = test_get(neighbour, path(t, BOARD "/draft/%lld/preview", (long long)draft));

    assert_true(reply_has(r, "广场变菜园"));
    assert_true(reply_has(r, path(t, BOARD "/%lld/join", (long long)id)));
    assert_true(reply_has(r, path(t, "name=\"draft\" value=\"%lld\"", (long long)draft)));
    r = test_post(neighbour, path(t, BOARD "/%lld/join", (long long)id), path(t, "draft=%lld", (long long)draft));
    assert_int_equal(r.status, 303);
    assert_true(reply_has(test_follow(neighbour, r), "1 户也遇到"));
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM report_draft"), 0);
    assert_int_equal(reports(t), 1);
    draft = draft_of(neighbour, "title=电梯有异响&spot=3号楼");
    r = test_get_json(neighbour, path(t, BOARD "/draft/%lld/preview", (long long)draft));
    assert_false(reply_json_has(t, r, "similar.0.id"));
    /* Nobody throws away what is somebody else's. */
    assert_int_equal(
        test_post(as(t, AUTHOR), path(t, BOARD "/%lld/join", (long long)id), path(t, "draft=%lld", (long long)draft))
            .status,
        303);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM report_draft"), 1);
}

static void numbers_are_blotted_out(void **state)
{
    struct test_app *t = *state;
    struct browser *author = as(t, AUTHOR);
    int64_t draft = draft_of(author, "title=有人乱停车&body=车主电话13800138000，车牌沪A12345&spot=门口"), id;
    const char *page = path(t, BOARD "/draft/%lld", (long long)draft);
    struct reply r = test_get(author, path(t, "%s/preview", page));

    assert_true(reply_has(r, "大家都会看到"));
    r = test_post(author, path(t, "%s/blot", page), "");
    assert_int_equal(r.status, 303);
    r = test_follow(author, r);
    assert_false(reply_has(r, "13800138000"));
    assert_false(reply_has(r, "沪A12345"));
    assert_false(reply_has(r, "大家都会看到"));
    r = test_post(author, path(t, "%s/send", page), "");
    id = id_in(r.location, "/sent");
    r = test_get(as(t, 0), path(t, BOARD "/%lld", (long long)id));
    assert_true(reply_has(r, "车主电话"));
    assert_false(reply_has(r, "13800138000"));
}

static void danger_shows_the_numbers_to_call(void **state)
{
    struct test_app *t = *state;
    struct browser *author = as(t, AUTHOR);
    int64_t draft = draft_of(author, "title=3号楼漏煤气&spot=3号楼");
    const char *page = path(t, BOARD "/draft/%lld", (long long)draft);
    struct reply r = test_get(author, path(t, "%s/preview", page));

    assert_true(reply_has(r, "tel:119"));
    assert_true(reply_has(r, "tel:110"));
    assert_true(reply_has(r, "tel:120"));
    assert_true(reply_has(r, "11:00")); /* one hour by the clock */
    assert_int_equal(test_post(author, path(t, "%s/send", page), "").status, 303);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM report WHERE grade = 0 AND category = 'emergency'"), 1);
}

/* ---- sent once ---- */

static void a_second_press_changes_nothing(void **state)
{
    struct test_app *t = *state;
    struct browser *author = as(t, AUTHOR);
    int64_t draft = draft_of(author, GARDEN);
    const char *page = path(t, BOARD "/draft/%lld/send", (long long)draft);
    struct test_request q = {.method = "POST",
                             .path = page,
                             .accept = "application/json",
                             .type = "application/json",
                             .body = STR("{}"),
                             .csrf = test_csrf(author),
                             .key = "pressed-twice"};
    struct reply one = test_send(author, &q), two = test_send(author, &q);

    assert_int_equal(one.status, two.status);
    assert_true(str_eq(reply_json(t, one, "id"), reply_json(t, two, "id")));
    q.key = "another-key";
    assert_int_equal(test_send(author, &q).status, 404);
    assert_int_equal(reports(t), 1);
}

static void ten_at_once_are_one_report(void **state)
{
    struct test_app *t = *state;
    struct browser *author = as(t, AUTHOR);
    struct reply r[10];
    struct test_request q = {.method = "POST",
                             .accept = "application/json",
                             .type = "application/json",
                             .body = STR("{}"),
                             .csrf = test_csrf(author),
                             .key = "pressed-ten-times"};
    int good = 0;

    q.path = path(t, BOARD "/draft/%lld/send", (long long)draft_of(author, GARDEN));
    test_send_parallel(author, &q, 10, r);
    for (int i = 0; i < 10; i++)
        good += r[i].status < 300;
    assert_true(good >= 1); /* the others see the same, or are asked to wait */
    assert_int_equal(reports(t), 1);
    /* And without a key that says that they are the same. */
    q.path = path(t, BOARD "/draft/%lld/send", (long long)draft_of(author, "title=灯坏了&spot=门口"));
    q.key = NULL;
    test_send_parallel(author, &q, 10, r);
    good = 0;
    for (int i = 0; i < 10; i++)
        good += r[i].status < 300;
    assert_true(good <= 1);
    assert_true(reports(t) <= 2);
}

/* ---- what is wrong is said, and what was typed stays ---- */

static void wrong_fields_come_back_with_words(void **state)
{
    struct test_app *t = *state;
    struct browser *author = as(t, AUTHOR);
    char form[400];
    struct reply r = test_post(author, BOARD "/draft", "title=&body=写了这些&spot=广场东侧");

    assert_int_equal(r.status, 422);
    assert_true(reply_has(r, "class=\"errors\""));
    assert_true(reply_has(r, "写了这些"));
    assert_true(reply_has(r, "value=\"广场东侧\""));
    r = test_post(author, BOARD "/draft", "title=广场变菜园&body=写了这些");
    assert_int_equal(r.status, 422);
    assert_true(reply_has(r, "spot-error"));
    assert_true(reply_has(r, "value=\"广场变菜园\""));
    memset(form, 0, sizeof(form));
    memcpy(form, "spot=x&title=", 13);
    for (int i = 0; i < 41; i++)
        memcpy(form + 13 + 3 * i, "菜", 3);
    r = test_post(author, BOARD "/draft", form);
    assert_int_equal(r.status, 422);
    assert_true(reply_has(r, "title-error"));
    form[13 + 3 * 40] = 0; /* forty is right */
    assert_int_equal(test_post(author, BOARD "/draft", form).status, 303);
    r = test_post(author, BOARD "/draft", GARDEN "&category=nonsense");
    assert_int_equal(r.status, 422);
    assert_true(reply_has(r, "没有这一类"));
    assert_true(reply_has(r, "有人挖了绿地种菜"));
    r = test_post(author, BOARD "/draft", GARDEN "&estate=999");
    assert_int_equal(r.status, 422);
    r = test_post(author, BOARD "/draft", GARDEN "&latitude=91&longitude=0");
    assert_int_equal(r.status, 422);
    r = test_post(author, BOARD "/draft", "title=%FF%FE坏了&spot=门口");
    assert_true(r.status == 400 || r.status == 422);
    r = test_post_json(author, BOARD "/draft", "{\"title\":\"\",\"spot\":\"门口\"}");
    assert_int_equal(r.status, 422);
    assert_true(str_eq(reply_json(t, r, "errors.0.field"), STR("title")));
    assert_int_equal(reports(t), 0);
}

static void bad_pictures_are_refused_with_a_reason(void **state)
{
    struct test_app *t = *state;
    struct browser *author = as(t, AUTHOR);
    const char *const fields[] = {"title", "灯坏了", "spot", "门口", NULL};
    struct test_file broken = {"photos", "a.jpg", "image/jpeg", STR("this is no picture at all")};
    struct test_file many[10];
    struct reply r = test_upload(author, BOARD "/draft", fields, &broken, 1);

    assert_int_equal(r.status, 422);
    assert_true(reply_has(r, "photos-error"));
    assert_true(reply_has(r, "value=\"灯坏了\""));
    for (int i = 0; i < 10; i++)
        many[i] = (struct test_file){"photos", "a.jpg", "image/jpeg", picture(t, (uint8_t)(i * 20))};
    r = test_upload(author, BOARD "/draft", fields, many, 10);
    assert_true(r.status == 413 || r.status == 422);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM report_draft"), 0);
}

int main(int argc, char **argv)
{
    WORLD_MAIN(argc, argv);
    const struct CMUnitTest tests[] = {
        T(guests_are_asked_to_sign_in),
        T(waiting_residents_only_read),
        T(other_communities_are_refused_everything),
        T(two_photos_and_a_sentence),
        T(a_draft_can_be_changed_and_thrown_away),
        T(old_drafts_go_with_their_pictures),
        T(similar_ones_are_joined_instead),
        T(numbers_are_blotted_out),
        T(danger_shows_the_numbers_to_call),
        T(a_second_press_changes_nothing),
        T(ten_at_once_are_one_report),
        T(wrong_fields_come_back_with_words),
        T(bad_pictures_are_refused_with_a_reason),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
