/* routes_test.c: /messages over real sockets. */
#include "civic/home/lane_test.h"

static const struct module *const modules[] = {&lane_module, &home_module, &notify_module, &letters_module};

static int setup(void **state)
{
    (void)state;
    lane_open(modules, 4, NULL);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    test_app_close(t);
    return 0;
}

#define assert_str(value, expected) assert_string_equal(str_cstr(t->arena, (value)), (expected))

struct tell {
    int64_t person;
    int first, n;
};
static enum result tell_run(struct db *db, void *arg)
{
    const struct tell *what = arg;

    for (int i = what->first; i < what->first + what->n; i++) {
        struct text_arg name = TEXT_STR("name", str_printf(db_arena(db), "<b>第%d件</b>", i));
        struct notice n = {.person = what->person,
                           .community = HERE,
                           .text = T_statistics_heading,
                           .arg = &name,
                           .n_args = 1,
                           .url = url_path(db_arena(db), "/p/310113007011/report/%d", i),
                           .subject_kind = STR("report"),
                           .subject = i};
        LANE_TRY(notify_put(db, &n, time_now() + i));
    }
    return OK;
}
#define tell(...) test_write(t, tell_run, &(struct tell){__VA_ARGS__})

static void newest_first_by_pages(void **state)
{
    struct browser *b = lane_browser(lane.resident);
    struct reply r;
    (void)state;

    r = test_get(b, "/messages");
    assert_int_equal(r.status, 200);
    assert_true(reply_has(r, "还没有消息"));
    tell(.person = lane.resident, .first = 1, .n = 25);
    tell(.person = lane.stranger, .first = 90, .n = 1);
    r = test_get(b, "/messages");
    assert_true(reply_has(r, "&lt;b&gt;第25件&lt;/b&gt;"));
    assert_false(reply_has(r, "第90件"));
    r = test_get_json(b, "/messages");
    assert_str(reply_json(t, r, "unread"), "25");
    assert_str(reply_json(t, r, "items.0.url"), "/p/310113007011/report/25");
    assert_str(reply_json(t, r, "items.19.url"), "/p/310113007011/report/6");
    r = test_get_json(b, str_cstr(t->arena, reply_json(t, r, "older")));
    assert_str(reply_json(t, r, "items.0.url"), "/p/310113007011/report/5");
    assert_false(reply_json_has(t, r, "items.5"));
    assert_int_equal(test_get(lane_browser(0), "/messages").status, 303); /* to the sign-in */
}

static void several_of_the_same_are_one(void **state)
{
    struct reply r;
    (void)state;

    tell(.person = lane.resident, .first = 3, .n = 1);
    tell(.person = lane.resident, .first = 3, .n = 1);
    r = test_get_json(lane_browser(lane.resident), "/messages");
    assert_str(reply_json(t, r, "unread"), "1");
    assert_str(reply_json(t, r, "items.0.count"), "2");
}

static void opening_marks_and_leads_on(void **state)
{
    struct browser *b = lane_browser(lane.resident), *other = lane_browser(lane.stranger);
    struct reply r;
    const char *id;
    (void)state;

    tell(.person = lane.resident, .first = 1, .n = 3);
    r = test_get_json(b, "/messages");
    id = str_cstr(t->arena, reply_json(t, r, "items.1.id"));
    const char *form = str_cstr(t->arena, str_printf(t->arena, "id=%s", id));
    assert_int_equal(test_post(other, "/messages/open", form).status, 404); /* somebody else's */
    r = test_post(b, "/messages/open", form);
    assert_int_equal(r.status, 303);
    assert_str(r.location, "/p/310113007011/report/2");
    r = test_get_json(b, "/messages");
    assert_str(reply_json(t, r, "unread"), "2");
    assert_str(reply_json(t, r, "items.1.fresh"), "false");
    id = str_cstr(t->arena, reply_json(t, r, "newest"));
    tell(.person = lane.resident, .first = 7, .n = 1); /* came since: not seen yet */
    r = test_post(b, "/messages/read", str_cstr(t->arena, str_printf(t->arena, "up_to=%s", id)));
    assert_int_equal(r.status, 303);
    r = test_get_json(b, "/messages");
    assert_str(reply_json(t, r, "unread"), "1");
    assert_str(reply_json(t, r, "items.0.fresh"), "true");
    assert_int_equal(test_post(b, "/messages/read", "").status, 422);
    assert_int_equal(test_post(b, "/messages/read", "up_to=x").status, 422);
    r = test_post_json(
        b, "/messages/read",
        str_cstr(t->arena, str_printf(t->arena, "{\"id\":\"" STR_FMT "\"}",
                                      STR_ARG(reply_json(t, test_get_json(b, "/messages"), "items.0.id")))));
    assert_true(r.status < 300);
    assert_str(reply_json(t, test_get_json(b, "/messages"), "unread"), "0");
}

static enum result clerk_of(struct db *db, void *arg)
{
    LANE_TRY(lane_person(db, "管理员", arg));
    return lane_post(db, *(int64_t *)arg, &lane.office, "administrator", "管理员");
}

/* What a letter died of stands there in the reader's language, whatever word is kept of it. */
static void dead_letters_say_why(void **state)
{
    static const struct {
        const char *kept, *zh, *en;
    } why[] = {
        {"expired", "拖得太久", "Too old to be of use"},
        {"sealed", "打不开", "its key is not in secret.key"},
        {"no_message", "内容不完整", "not complete"},
        {"unreachable Could not resolve hostname", "连不上短信网关（Could not resolve hostname）", "cannot be reached"},
        {"gateway 400", "短信网关回复 400", "gateway answered 400"},
        {"busy", "数据库正忙", "database was busy"},
        {"no_token", "调用凭证", "no access token"},
        {"platform 40037", "错误码 40037", "error 40037"},
        {"no_answer", "微信平台没有回应", "WeChat did not answer"},
        {"<b>odd</b>", "其他原因（&lt;b&gt;odd&lt;/b&gt;）", "Another reason (&lt;b&gt;odd"},
    };
    int64_t clerk;
    struct browser *b;
    (void)state;

    test_write(t, clerk_of, &clerk);
    b = lane_browser(clerk);
    for (size_t i = 0; i < sizeof(why) / sizeof(why[0]); i++) {
        test_sql(&t->db, "DELETE FROM outbox");
        test_sql(
            &t->db,
            "INSERT INTO outbox (id, kind, payload, created_at, next_at, expires_at, tries, state, reason) VALUES (1, 'sms_notice', '', 1, 0, 0,"
            " 3, 1, '%s')",
            why[i].kept);
        assert_true(reply_has(test_get(b, "/desk/letters"), why[i].zh));
        test_sql(&t->db, "UPDATE person SET language = 'en' WHERE id = %lld", (long long)clerk);
        assert_true(reply_has(test_get(b, "/desk/letters"), why[i].en));
        test_sql(&t->db, "UPDATE person SET language = 'zh-CN' WHERE id = %lld", (long long)clerk);
    }
    assert_int_equal(test_get(lane_browser(lane.cadre), "/desk/letters").status, 403);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(newest_first_by_pages, setup, teardown),
        cmocka_unit_test_setup_teardown(several_of_the_same_are_one, setup, teardown),
        cmocka_unit_test_setup_teardown(opening_marks_and_leads_on, setup, teardown),
        cmocka_unit_test_setup_teardown(dead_letters_say_why, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
