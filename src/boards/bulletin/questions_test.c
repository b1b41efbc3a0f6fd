/* questions_test.c: what residents ask about public accounts: answered within 15 days or late, at the desk, in the calendar, to who asked. */
#include "boards/bulletin/bulletin_world_test.h"
#include "civic/home/lane_test.h"

#define AFFAIRS HOME "/bulletin/open_affairs"

static const char *accounts; /* address of the notice */

static int setup(void **state)
{
    int r = bulletin_setup(state);

    bulletin_board(5, "open_affairs", "everybody", "none");
    struct reply sent = send(lane_browser(lane.cadre), AFFAIRS "/new", "三季度账目", "send", "period",
                             path("%lld", (long long)bulletin_period_before(bulletin_period_of(time_now()))));
    assert_int_equal(sent.status, 303);
    accounts = str_cstr(t->arena, sent.location);
    return r;
}

/* Asks and gives the number of the question. */
static const char *asked(int64_t person, const char *words)
{
    struct reply r = test_post(lane_browser(person), path("%s/ask", accounts), path("question=%s", words));

    assert_int_equal(r.status, 303);
    return strstr(str_cstr(t->arena, r.location), "#question-") + strlen("#question-");
}

static int answer(int64_t person, const char *question, const char *words)
{
    return test_post(lane_browser(person), path("%s/comment", accounts), path("reply_to=%s&body=%s", question, words))
        .status;
}

static struct reply calendar(void)
{
    return test_get_json(lane_browser(0), AFFAIRS "/calendar");
}

static bool counts(const char *questions, const char *in_time, const char *late, const char *unanswered)
{
    struct reply r = calendar();

    return str_eq(reply_json(t, r, "rows.0.questions"), str_from_cstr(questions)) &&
           str_eq(reply_json(t, r, "rows.0.in_time"), str_from_cstr(in_time)) &&
           str_eq(reply_json(t, r, "rows.0.late"), str_from_cstr(late)) &&
           str_eq(reply_json(t, r, "rows.0.unanswered"), str_from_cstr(unanswered));
}

static bool desk_has(int64_t person, const char *words)
{
    return reply_has(test_get(lane_browser(person), "/desk/bulletin?list=questions"), words);
}

/* Who runs the board hides a question where it stands, neighbours flag it there. */
static void hidden_where_it_stands(void **state)
{
    const char *one = asked(lane.resident, "金丝雀的电话是多少");
    struct reply r = test_get(lane_browser(lane.cadre), accounts);
    (void)state;

    assert_true(reply_has(r, path("name=\"comment\" value=\"%s\"", one)));
    assert_false(reply_has(test_get(lane_browser(lane.resident), accounts), "/comment/hide"));
    assert_true(reply_has(test_get(lane_browser(neighbour), accounts), path("entry_comment/%s", one)));
    assert_int_equal(test_post(lane_browser(lane.cadre), path("%s/comment/hide", accounts),
                               path("comment=%s&hide=yes&reason=别人的电话", one))
                         .status,
                     303);
    assert_false(reply_has(test_get(lane_browser(neighbour), accounts), "金丝雀"));
    r = test_get(lane_browser(lane.cadre), accounts); /* to be shown again: among the comments */
    assert_int_equal(reply_times(r, path("name=\"comment\" value=\"%s\"", one)), 1);
}

/* What is found is shown as words, without the marks of its text. */
static void found_as_words(void **state)
{
    struct reply r = test_get(lane_browser(0), HOME "/search?q=%E5%9C%A8%E8%BF%99%E9%87%8C"); /* 在这里 */
    (void)state;

    assert_true(reply_has(r, "内容 ") && reply_has(r, "<mark>在这里</mark>"));
    assert_false(reply_has(r, "**"));
}

static void answered_in_time(void **state)
{
    const char *one = asked(lane.resident, "楼道美化花在哪里");
    struct reply r;
    (void)state;

    assert_true(counts("1", "0", "0", "1"));
    r = test_get(lane_browser(0), accounts);
    assert_true(reply_has(r, "楼道美化花在哪里") && reply_has(r, "待答复，还有 15 天"));
    assert_true(desk_has(lane.cadre, "楼道美化花在哪里") && desk_has(lane.secretary, "楼道美化花在哪里"));
    assert_false(desk_has(lane.officer, "楼道美化")); /* of the street: does not run this board */
    assert_int_equal(test_get(lane_browser(lane.resident), "/desk/bulletin?list=questions").status, 403);
    /* a neighbour's reply is no answer */
    assert_int_equal(answer(neighbour, one, "我也想知道"), 303);
    assert_true(counts("1", "0", "0", "1"));
    assert_int_equal(answer(lane.cadre, one, "用在3号楼和5号楼"), 303);
    assert_true(counts("1", "1", "0", "0"));
    r = test_get(lane_browser(0), accounts);
    assert_true(reply_has(r, "用在3号楼和5号楼") && reply_has(r, "已答复") && !reply_has(r, "待答复"));
    assert_false(desk_has(lane.cadre, "楼道美化"));
    /* each stands once, and a neighbour's words among the comments */
    assert_int_equal(reply_times(r, "楼道美化花在哪里"), 1);
    assert_int_equal(reply_times(r, "用在3号楼和5号楼"), 1);
    assert_int_equal(reply_times(r, "我也想知道"), 1);
    r = test_get_json(lane_browser(0), accounts);
    assert_true(str_eq(reply_json(t, r, "talk.total"), STR("1")) && reply_json_has(t, r, "talk.comments.0.id") &&
                !reply_json_has(t, r, "talk.comments.1.id"));
    assert_int_equal(
        test_sql_int(&t->db,
                     "SELECT COUNT(*) FROM notification WHERE person = %lld AND text_key = 'bulletin.tell_answered'",
                     (long long)lane.resident),
        1);
    assert_int_equal(
        test_sql_int(&t->db, "SELECT COUNT(*) FROM notification WHERE text_key = 'bulletin.tell_answered'"), 1);
    /* a second word to it is told again, and counts once */
    assert_int_equal(answer(lane.secretary, one, "明细贴在门口了"), 303);
    assert_true(counts("1", "1", "0", "0"));
}

static void late_stays_late(void **state)
{
    const char *one = asked(lane.resident, "为什么没有发票"), *two = asked(neighbour, "结余去哪里了");
    int64_t last = day_start(day_of(time_now()) + BULLETIN_ANSWER_DAYS + 1) - 1;
    (void)state;

    test_clock(last);
    assert_true(counts("2", "0", "0", "2"));
    assert_true(reply_has(test_get(lane_browser(0), accounts), "待答复，今天到期"));
    assert_int_equal(answer(lane.cadre, one, "在居委会"), 303);
    assert_true(counts("2", "1", "0", "1"));
    test_clock(last + 1);
    assert_true(counts("2", "1", "1", "1"));
    assert_true(reply_has(test_get(lane_browser(0), accounts), "答复已超时 1 天"));
    assert_true(reply_has(test_get(lane_browser(0), AFFAIRS "/calendar"), "超时 1 个"));
    assert_true(reply_has(test_get(lane_browser(lane.cadre), "/desk/bulletin?list=questions"), "答复已超时 1 天"));
    assert_int_equal(answer(lane.cadre, two, "转到下季度"), 303);
    assert_true(counts("2", "1", "1", "0")); /* answered, and still late */
    assert_true(reply_has(test_get(lane_browser(0), accounts), "已答复，晚了 1 天"));
}

static void what_is_hidden_asks_nothing(void **state)
{
    const char *one = asked(lane.resident, "canary这是在骂人");
    (void)state;

    assert_int_equal(test_post(lane_browser(lane.cadre), path("%s/comment/hide", accounts),
                               path("comment=%s&hide=yes&reason=x", one))
                         .status,
                     303);
    assert_true(counts("0", "0", "0", "0"));
    assert_false(reply_has(test_get(lane_browser(0), accounts), "canary") ||
                 reply_has(test_get_json(lane_browser(0), accounts), "canary") || desk_has(lane.cadre, "canary") ||
                 reply_has(test_get(lane_browser(neighbour), accounts), "canary"));
    assert_int_equal(answer(lane.cadre, one, "x"), 422);
    /* withdrawn accounts: no question of theirs is read, counted or asked any more */
    asked(neighbour, "canary第二个");
    assert_true(counts("1", "0", "0", "1"));
    assert_int_equal(act(lane_browser(lane.cadre), accounts, "withdraw", "写错了").status, 303);
    assert_false(reply_has(calendar(), "canary") || desk_has(lane.cadre, "canary"));
    assert_int_equal(test_post(lane_browser(neighbour), path("%s/ask", accounts), "question=还在吗").status, 404);
}

static void who_may_ask_and_where(void **state)
{
    const char *plain = written(lane_browser(lane.cadre), NEWS, "不是账目", "send"),
               *other = written(lane_browser(lane.cadre), AFFAIRS, "议事结果", "send");
    (void)state;

    assert_int_equal(test_post(lane_browser(lane.resident), path("%s/ask", plain), "question=这是什么").status, 409);
    assert_int_equal(test_post(lane_browser(lane.resident), path("%s/ask", other), "question=这是什么").status, 409);
    assert_int_equal(test_post(lane_browser(0), path("%s/ask", accounts), "question=这是什么").status,
                     303); /* to sign in */
    assert_int_equal(test_post(lane_browser(lane.waiting), path("%s/ask", accounts), "question=这是什么").status, 403);
    assert_int_equal(test_post(lane_browser(lane.cadre), path("%s/ask", accounts), "question=这是什么").status, 403);
    struct reply r = test_post(lane_browser(lane.resident), path("%s/ask", accounts), "question=");
    assert_true(r.status == 422 && reply_has(r, "三季度账目") && reply_has(r, "href=\"#question\""));
    char many[1010] = "question=";
    memset(many + 9, 'x', 1001 - 1);
    many[1009] = 0;
    assert_int_equal(test_post(lane_browser(lane.resident), path("%s/ask", accounts), path("%sx", many)).status, 422);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM bulletin_question"), 0);
    assert_false(reply_has(test_get(lane_browser(lane.resident), plain), "/ask\""));
    assert_true(reply_has(test_get(lane_browser(lane.resident), accounts), "/ask\""));
    assert_false(reply_has(test_get(lane_browser(lane.cadre), accounts), "/ask\""));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, bulletin_teardown)
    const struct CMUnitTest tests[] = {
        TEST(answered_in_time), TEST(hidden_where_it_stands),      TEST(found_as_words),
        TEST(late_stays_late),  TEST(what_is_hidden_asks_nothing), TEST(who_may_ask_and_where),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
