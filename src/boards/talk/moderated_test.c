/* moderated_test.c: on a board, from the first flag to the answered appeal; mutes; watched words; whose queue it is. */
#include "boards/talk/talk_world_test.h"
#include "civic/home/lane_test.h"
#include "civic/moderation/moderation.h"
#include "civic/search/search.h"

static const struct module *const modules[] = {
    &lane_module,   &home_module,       &board_module,           &talk_module,
    &notify_module, &moderation_module, &moderation_desk_module, &moderation_history_module,
    &me_module};
static const struct moderation_kinds *const moderated[] = {&entry_moderated};
enum { TEN = 10 };
static int64_t neighbour, near_cadre;

static enum result more_people(struct db *db, void *arg)
{
    struct organisation near;

    (void)arg;
    LANE_TRY(talk_neighbour(db, &neighbour));
    LANE_TRY(lane_organisation(db, THERE, "residents_committee", "三营房居民委员会", "021-5000 0001", &near));
    LANE_TRY(lane_person(db, "隔壁干部", &near_cadre));
    return lane_post(db, near_cadre, &near, "cadre", "干部");
}

static int setup(void **state)
{
    (void)state;
    talk_open(modules, sizeof(modules) / sizeof(modules[0]));
    moderation_use(moderated, 1);
    test_write(t, more_people, NULL);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    moderation_use(NULL, 0);
    test_app_close(t);
    return 0;
}

static long long newest(const char *table)
{
    return test_sql_int(&t->db, "SELECT MAX(id) FROM %s", table);
}

static const char *flag_path(void)
{
    return path(HOME "/flag/entry/%lld", newest("entry"));
}

static int64_t found(const char *words)
{
    const struct search_question q = {
        .words = str_from_cstr(words), .place = HERE, .visibility = SEARCH_STAFF, .limit = 10};
    struct search_hits hits;
    struct db *db;

    assert_int_equal(db_read_begin(t->db.database, t->arena, &db), OK);
    assert_int_equal(search_find(db, &q, &hits), OK);
    db_read_end(db);
    return (int64_t)hits.n;
}

static void from_flag_to_answer(void **state)
{
    struct browser *zhou = lane_browser(lane.resident), *wu = lane_browser(neighbour),
                   *cadre = lane_browser(lane.cadre), *secretary = lane_browser(lane.secretary);
    const char *one = written(zhou, "楼上的坏话", "很难听的内容"), *flag = flag_path(), *desk, *mine, *appeal;
    struct reply r;
    (void)state;

    assert_int_equal(test_get(wu, flag).status, 200);
    assert_int_equal(test_post(wu, flag, "words=x").status, 422); /* what is wrong with it? */
    assert_int_equal(test_post(wu, flag, "reason=rubbish").status, 422);
    assert_int_equal(test_post(wu, flag, "reason=insult&words=canaryflag").status, 303);
    assert_int_equal(test_post(wu, flag, "reason=false").status, 409);   /* once */
    assert_int_equal(test_post(zhou, flag, "reason=false").status, 403); /* not one's own */
    assert_int_equal(test_post(lane_browser(lane.stranger), flag, "reason=false").status, 404);
    assert_int_equal(test_get(wu, HOME "/flag/entry/77").status, 404);
    assert_int_equal(test_get(wu, HOME "/flag/person/77").status, 404);

    /* the author learns nothing of it, nowhere */
    assert_false(reply_has(test_get(zhou, one), "canaryflag"));
    assert_false(reply_has(test_get_json(zhou, one), "canaryflag"));
    assert_int_equal(
        test_sql_int(&t->db, "SELECT COUNT(*) FROM notification WHERE person = %lld", (long long)lane.resident), 0);
    /* the queue */
    desk = path("/desk/moderation/%lld", newest("moderation_case"));
    assert_true(reply_has(test_get(cadre, "/desk/moderation"), "楼上的坏话"));
    r = test_get(cadre, desk);
    assert_true(reply_has(r, "很难听的内容") && reply_has(r, "canaryflag") && reply_has(r, "吴先生"));
    assert_int_equal(test_get(zhou, desk).status, 403);
    assert_int_equal(test_post(zhou, path("%s/fine", desk), "").status, 403);
    assert_int_equal(test_post(cadre, path("%s/hide", desk), "").status, 422); /* why? */
    assert_int_equal(test_post(cadre, path("%s/hide", desk), "reason=请文明用语").status, 303);
    assert_int_equal(test_post(secretary, path("%s/fine", desk), "").status, 409); /* somebody was first */
    assert_int_equal(test_get(wu, one).status, 404);
    assert_int_equal(found("很难听"), 0);

    /* the author reads why, and appeals, once */
    r = test_get(zhou, one);
    assert_true(reply_has(r, "请文明用语") && reply_has(r, "/me/measures"));
    assert_true(reply_has(test_get(zhou, "/me/measures"), "请文明用语"));
    mine = path("/me/measures/310113007011/%lld", newest("moderation_measure"));
    appeal = path("/desk/appeals/310113007011/%lld", newest("moderation_measure"));
    assert_int_equal(test_get(secretary, appeal).status, 404); /* nobody has appealed */
    assert_int_equal(test_post(wu, mine, "words=我来替她申诉").status, 404);
    assert_int_equal(test_post(zhou, mine, "words=").status, 422);
    assert_int_equal(test_post(zhou, mine, "words=我没有骂人").status, 303);
    assert_int_equal(test_post(zhou, mine, "words=再申诉一次").status, 409);

    /* not by who hid it */
    assert_false(reply_has(test_get(cadre, "/desk/appeals"), "请文明用语"));
    assert_true(reply_has(test_get(secretary, "/desk/appeals"), "请文明用语"));
    assert_true(reply_has(test_get(lane_browser(lane.officer), "/desk/appeals"), "请文明用语")); /* the street may */
    assert_int_equal(test_post(cadre, appeal, "lift=no&words=就是骂人").status, 403);
    assert_int_equal(test_post(lane_browser(near_cadre), appeal, "lift=yes&words=放").status, 403);
    assert_int_equal(test_post(secretary, appeal, "lift=yes&words=是误会，已恢复").status, 303);
    assert_int_equal(test_post(secretary, appeal, "lift=no&words=还是不行").status, 409);
    assert_int_equal(test_get(wu, one).status, 200);
    assert_int_equal(found("很难听"), 1);
    assert_true(reply_has(test_get(zhou, "/me/measures"), "是误会，已恢复"));
    /* all of it in the ledger, none of the words */
    assert_int_equal(test_sql_int(&t->db,
                                  "SELECT COUNT(*) FROM ledger WHERE verb IN ('flagged', 'measure_taken', 'appealed',"
                                  " 'appeal_lifted')"),
                     4);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM ledger WHERE detail LIKE '%%canaryflag%%'"), 0);
}

/* Ten at the committee decide the same case in the same moment: one has decided, the others read what. */
static enum result ten_cadres(struct db *db, void *arg)
{
    int64_t *person = arg;

    for (int i = 0; i < TEN; i++) {
        LANE_TRY(lane_person(db, "干部", &person[i]));
        LANE_TRY(lane_post(db, person[i], &lane.committee, "cadre", "干部"));
    }
    return OK;
}

static void ten_decide_once(void **state)
{
    int64_t person[TEN];
    struct browser *zhou = lane_browser(lane.resident), *b[TEN];
    const char *one = written(zhou, "十个人看", "同一件事"), *desk;
    struct test_request q = {.method = "POST",
                             .accept = "text/html",
                             .type = "application/x-www-form-urlencoded",
                             .site = "same-origin",
                             .key = "decided",
                             .body = STR("_key=decided&reason=请文明用语")};
    struct reply r[TEN], now;
    int won = 0, late = 0;
    (void)state;

    test_write(t, ten_cadres, person);
    assert_int_equal(test_post(lane_browser(neighbour), flag_path(), "reason=insult").status, 303);
    desk = path("/desk/moderation/%lld", newest("moderation_case"));
    for (int i = 0; i < TEN; i++)
        b[i] = lane_browser(person[i]);
    q.path = path("%s/hide", desk);
    test_send_each(b, &q, TEN, r);
    for (int i = 0; i < TEN; i++) {
        won += r[i].status == 303;
        late += r[i].status == 409;
    }
    assert_int_equal(won, 1);
    assert_int_equal(late, TEN - 1);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM moderation_measure"), 1);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM ledger WHERE verb = 'measure_taken'"), 1);
    for (int i = 0; i < TEN; i++) { /* what was decided, and nothing to decide any more */
        now = test_get(b[i], desk);
        assert_true(now.status == 200 && reply_has(now, "请文明用语"));
        assert_false(reply_has(now, path("action=\"%s/fine\"", desk)));
        assert_int_equal(test_post(b[i], path("%s/fine", desk), "").status, 409);
    }
    assert_int_equal(test_get(lane_browser(neighbour), one).status, 404);
}

static void whose_queue_it_is(void **state)
{
    struct browser *near = lane_browser(near_cadre), *officer = lane_browser(lane.officer);
    const char *desk;
    (void)state;

    (void)written(lane_browser(lane.resident), "canaryqueue", "只在本居村");
    assert_int_equal(test_post(lane_browser(neighbour), flag_path(), "reason=other").status, 303);
    desk = path("/desk/moderation/%lld", newest("moderation_case"));
    assert_int_equal(test_get(lane_browser(lane.cadre), desk).status, 200);
    for (int i = 0; i < 2; i++) {
        struct browser *b = i ? officer : near;

        assert_int_equal(test_get(b, "/desk/moderation").status, 200);
        assert_false(reply_has(test_get(b, "/desk/moderation"), "canaryqueue"));
        assert_int_equal(test_get(b, desk).status, 404);
        assert_int_equal(test_post(b, path("%s/fine", desk), "").status, 404);
        assert_int_equal(test_post(b, path("%s/hide", desk), "reason=xx").status, 404);
        assert_int_equal(test_post(b, path("%s/mute", desk), "days=3&why=xx").status, 404);
    }
    assert_int_equal(test_get(lane_browser(lane.handler), "/desk/moderation").status, 403);
    assert_int_equal(test_get(lane_browser(lane.handler), "/desk/words").status, 403);
    assert_int_equal(test_post(lane_browser(lane.cadre), path("%s/fine", desk), "").status, 303);
}

/* The day on which it ends, as the message has it. */
static const char *until(int64_t from_now)
{
    return str_cstr(t->arena, time_exact_words(t->arena, LANG_ZH_CN, time_now() + from_now));
}

static void a_mute_ends(void **state)
{
    struct browser *zhou = lane_browser(lane.resident), *cadre = lane_browser(lane.cadre);
    const char *one = written(zhou, "吵架", "吵个不停"), *desk;
    struct reply r;
    (void)state;

    assert_int_equal(test_post(lane_browser(neighbour), flag_path(), "reason=insult").status, 303);
    desk = path("/desk/moderation/%lld", newest("moderation_case"));
    assert_int_equal(test_post(cadre, path("%s/mute", desk), "days=0&why=吵架").status, 422);
    assert_int_equal(test_post(cadre, path("%s/mute", desk), "days=31&why=吵架").status, 422);
    assert_int_equal(test_post(cadre, path("%s/mute", desk), "days=3&why=").status, 422);
    assert_int_equal(test_post(cadre, path("%s/mute", desk), "days=3&why=请冷静几天").status, 303);
    r = send(zhou, BOARD "/new", "我还要说", "内容不能丢");
    assert_int_equal(r.status, 422);
    assert_true(reply_has(r, "请冷静几天") && reply_has(r, "内容不能丢")); /* why, and what was typed is there */
    assert_true(reply_has(r, until(3 * TIME_DAY)));
    assert_int_equal(test_post(zhou, path("%s/comment", one), "body=x").status, 422);
    assert_int_equal(send(zhou, path("%s/edit", one), "吵架", "改").status, 422);
    /* others write on; it ends by itself, or by an appeal */
    assert_int_equal(test_post(lane_browser(neighbour), path("%s/comment", one), "body=好").status, 303);
    test_clock_add(3 * TIME_DAY - TIME_MINUTE);
    assert_int_equal(test_post(lane_browser(lane.resident), path("%s/comment", one), "body=x").status, 422);
    test_clock_add(2 * TIME_MINUTE);
    zhou = lane_browser(lane.resident);
    assert_int_equal(test_post(zhou, path("%s/comment", one), "body=冷静了").status, 303);
    (void)written(zhou, "和好了", "握手");
    test_sql(&t->db, "UPDATE moderation_measure SET ends_at = %lld, state = 'lifted'",
             (long long)time_now() + TIME_DAY);
    assert_int_equal(test_post(zhou, path("%s/comment", one), "body=谢谢").status, 303);
}

static void watched_words(void **state)
{
    struct browser *zhou = lane_browser(lane.resident), *wu = lane_browser(neighbour),
                   *cadre = lane_browser(lane.cadre);
    const char *one;
    struct reply r;
    (void)state;

    assert_int_equal(test_post(cadre, "/desk/words", "action=block&words=加微信\n!!!").status, 422);
    assert_int_equal(test_post(cadre, "/desk/words", "action=block&words=加微信").status, 303);
    assert_int_equal(test_post(cadre, "/desk/words", "action=mask&words=王八蛋").status, 303);
    assert_int_equal(test_post(lane_browser(lane.officer), "/desk/words", "action=review&words=集资").status, 303);
    assert_int_equal(test_post(cadre, "/desk/words", "action=warn&words=物业都是").status, 303);
    assert_int_equal(test_post(lane_browser(near_cadre), "/desk/words", "action=block&words=桂花").status, 303);

    r = send(zhou, BOARD "/new", "买东西", "请加 微-信 好便宜");
    assert_int_equal(r.status, 422);
    assert_true(reply_has(r, "加 微-信"));                 /* the passage, as it was written */
    one = written(zhou, "桂花开了", "那个王 八 蛋踩了花"); /* another place's word is nothing here */
    assert_true(reply_has(test_get(wu, one), "＊＊＊＊＊踩了花"));
    assert_int_equal(found("王八蛋"), 0);
    /* asked once */
    r = send(wu, BOARD "/new", "说说", "物业都是好人");
    assert_int_equal(r.status, 422);
    {
        struct str mark = STR("name=\"_sure\" value=\"");
        size_t at = str_find(r.body, mark);

        assert_true(at != SIZE_MAX);
        const char *const fields[] = {
            "title", "说说", "body", "物业都是好人", "_sure", str_cstr(t->arena, str_sub(r.body, at + mark.len, 32)),
            NULL};
        assert_int_equal(test_upload(wu, BOARD "/new", fields, NULL, 0).status, 303);
        const char *const others[] = {"title", "说说", "body", "物业都是坏人", "_sure", fields[5], NULL};
        assert_int_equal(test_upload(wu, BOARD "/new", others, NULL, 0).status, 422); /* other words: asked again */
    }
    /* looked at first: nobody but its author and staff, until somebody has looked */
    one = written(zhou, "canaryheld", "大家来集资");
    assert_int_equal(test_get(wu, one).status, 404);
    assert_false(reply_has(test_get(wu, BOARD), "canaryheld"));
    assert_int_equal(found("canaryheld"), 0);
    assert_true(reply_has(test_get(zhou, one), "居委会看过以后"));
    assert_int_equal(test_post(cadre, path("/desk/moderation/%lld/fine", newest("moderation_case")), "").status, 303);
    assert_int_equal(test_get(wu, one).status, 200);
    assert_int_equal(found("canaryheld"), 1);
    /* a comment too; and the counters stay right */
    assert_int_equal(test_post(wu, path("%s/comment", one), "body=我也集資").status, 303);
    assert_false(reply_has(test_get(zhou, one), "我也集資"));
    assert_int_equal(test_sql_int(&t->db, "SELECT comments FROM entry WHERE title = 'canaryheld'"), 0);
    assert_int_equal(
        test_post(cadre, path("/desk/moderation/%lld/hide", newest("moderation_case")), "reason=不要集资").status, 303);
    assert_true(reply_has(test_get(wu, "/me/measures"), "不要集资"));
    /* an edit that brings the word in is held back as well */
    assert_int_equal(send(zhou, path("%s/edit", one), "canaryheld", "还是集资").status, 303);
    assert_int_equal(test_get(wu, one).status, 404);
    /* staff write what they answer for: a warning has to name what it warns of */
    assert_int_equal(send(cadre, BOARD "/new", "防骗提醒", "不要随便加微信").status, 303);
    /* off the list, it is a word like others, at once */
    assert_int_equal(
        test_post(lane_browser(near_cadre),
                  path("/desk/words/%lld/drop",
                       (long long)test_sql_int(&t->db, "SELECT id FROM watched_word WHERE word = '加微信'")),
                  "")
            .status,
        404); /* not another place's */
    assert_int_equal(
        test_post(cadre,
                  path("/desk/words/%lld/drop",
                       (long long)test_sql_int(&t->db, "SELECT id FROM watched_word WHERE word = '加微信'")),
                  "")
            .status,
        303);
    assert_int_equal(send(zhou, BOARD "/new", "买东西", "请加微信").status, 303);
    /* the words change in another process */
    test_sql(
        &t->db,
        "INSERT INTO watched_word (id, place, word, action, made_by, made_at) VALUES (99, 310113007011, '从别处来', 'block', 0, 0)");
    test_sql(&t->db, "UPDATE watched_version SET version = version + 1");
    assert_int_equal(send(zhou, BOARD "/new", "买东西", "从别处来").status, 422);
}

/* The messages of who follows it name it by its title: they go with it. */
static void hidden_goes_from_messages(void **state)
{
    struct browser *zhou = lane_browser(lane.resident), *wu = lane_browser(neighbour);
    const char *one = written(zhou, "canarytitle", "内容");
    (void)state;

    assert_int_equal(test_post(wu, path("%s/follow", one), "on=1").status, 303);
    assert_int_equal(test_post(zhou, path("%s/comment", one), "body=还有").status, 303);
    assert_true(reply_has(test_get(wu, "/messages"), "canarytitle"));
    assert_int_equal(test_post(lane_browser(lane.cadre), path("%s/hide", one), "hide=yes&reason=看看").status, 303);
    assert_false(reply_has(test_get(wu, "/messages"), "canarytitle"));
    assert_true(reply_has(test_get(zhou, "/messages"), "canarytitle"));
}

static void withdrawn_while_hidden(void **state)
{
    struct browser *zhou = lane_browser(lane.resident), *cadre = lane_browser(lane.cadre);
    const char *one = written(zhou, "收起又拿走", "内容");
    (void)state;

    assert_int_equal(test_post(cadre, path("%s/hide", one), "hide=yes&reason=看看").status, 303);
    assert_int_equal(test_post(zhou, path("%s/withdraw", one), "").status, 303);
    assert_int_equal(test_post(cadre, path("%s/hide", one), "hide=no").status, 303);
    assert_int_equal(test_get(lane_browser(neighbour), one).status, 404); /* taken back is taken back */
}

/* Every version of an entry, and what was said to it, for who moderates the place; a text that nobody else could ever read is its writer's own. */
static void every_text_stays_for_who_moderates(void **state)
{
    struct browser *zhou = lane_browser(lane.resident), *wu = lane_browser(neighbour),
                   *cadre = lane_browser(lane.cadre),
                   *others[] = {zhou, wu, lane_browser(near_cadre), lane_browser(lane.officer),
                                lane_browser(lane.handler)};
    const char *one = written(zhou, "周日打球", "下午两点canaryold见"), *waits, *history, *comment;
    struct reply r;
    (void)state;

    history = path(HOME "/history/entry/%lld", newest("entry"));
    test_clock_add(TIME_MINUTE);
    assert_int_equal(test_post(zhou, path("%s/edit", one), "title=周六打球&body=下午三点见&version=1").status, 303);
    assert_int_equal(test_post(wu, path("%s/comment", one), "body=我也来").status, 303);
    comment = path(HOME "/history/entry_comment/%lld", newest("entry_comment"));
    r = test_get(cadre, history);
    assert_int_equal(r.status, 200);
    assert_true(reply_has(r, "</span>日</del>") && reply_has(r, "</span>六</ins>") && reply_has(r, "canaryold"));
    assert_true(reply_has(test_get(cadre, one), history) && reply_has(test_get(cadre, one), comment));
    assert_true(reply_has(test_get(cadre, comment), "我也来"));
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        assert_int_equal(test_get(others[i], history).status, 403);
        assert_int_equal(test_get_json(others[i], history).status, 403);
        assert_int_equal(test_get(others[i], comment).status, 403);
        assert_false(reply_has(test_get(others[i], one), "canaryold") ||
                     reply_has(test_get_json(others[i], one), "canaryold"));
        assert_false(reply_has(test_get(others[i], one), "/history/"));
        assert_false(reply_has(test_get_json(others[i], "/me/data"), "canaryold"));
    }
    assert_int_equal(found("canaryold"), 0);
    test_clock_add(TIME_MINUTE);
    assert_int_equal(test_post(cadre, path("%s/hide", one), "hide=yes&reason=看看").status, 303);
    test_clock_add(TIME_MINUTE);
    assert_int_equal(test_post(cadre, path("%s/hide", one), "hide=no").status, 303);
    test_clock_add(TIME_MINUTE);
    assert_int_equal(test_post(zhou, path("%s/withdraw", one), "").status, 303);
    r = test_get_json(cadre, history); /* neighbours do not read it any more; they could have */
    assert_true(str_eq(reply_json(t, r, "steps.0.what"), STR("withdrawn")));
    assert_true(str_eq(reply_json(t, r, "steps.1.what"), STR("shown")));
    assert_true(str_eq(reply_json(t, r, "steps.2.what"), STR("hidden")));
    assert_true(str_eq(reply_json(t, r, "steps.2.reason"), STR("看看")));
    assert_true(str_eq(reply_json(t, r, "steps.3.what"), STR("changed")));
    assert_true(str_eq(reply_json(t, r, "steps.4.what"), STR("written")));

    test_sql(&t->db, "UPDATE board SET review = 'before' WHERE id = 2");
    waits = written(zhou, "还没登出", "内容");
    assert_int_equal(test_get(cadre, waits).status, 200);
    assert_int_equal(test_get(cadre, path(HOME "/history/entry/%lld", newest("entry"))).status, 404);
}

/* The ledger stays where things happened: what was done with a text before communities changed is shown where it stands by now, to the staff of there. */
static void what_was_done_before_a_merger(void **state)
{
    static const struct place_mover *const movers[] = {&person_mover, &moderation_mover, &entry_mover, &talk_mover};
    struct browser *zhou = lane_browser(lane.resident), *cadre = lane_browser(lane.cadre),
                   *theirs = lane_browser(near_cadre);
    const char *one = written(zhou, "周日打球", "下午两点见"), *history;
    struct reply r;
    (void)state;

    history = path(HOME "/history/entry/%lld", newest("entry"));
    test_clock_add(TIME_MINUTE);
    assert_int_equal(test_post(cadre, path("%s/hide", one), "hide=yes&reason=看看").status, 303);
    test_clock_add(TIME_MINUTE);
    assert_int_equal(test_post(cadre, path("%s/hide", one), "hide=no").status, 303);
    test_clock_add(TIME_MINUTE);
    assert_int_equal(test_post(zhou, path("%s/withdraw", one), "").status, 303);
    assert_int_equal(test_get(theirs, history).status, 403);
    test_clock_add(TIME_MINUTE);
    lane_merge(movers, 4);
    r = test_get_json(cadre, lane_at(JOINED, history));
    assert_int_equal(r.status, 200);
    assert_true(str_eq(reply_json(t, r, "steps.0.what"), STR("moved")));
    assert_true(str_eq(reply_json(t, r, "steps.1.what"), STR("withdrawn")));
    assert_true(str_eq(reply_json(t, r, "steps.1.place"), STR("吴淞新城")));
    assert_true(str_eq(reply_json(t, r, "steps.2.what"), STR("shown")));
    assert_true(str_eq(reply_json(t, r, "steps.3.what"), STR("hidden")));
    assert_true(str_eq(reply_json(t, r, "steps.4.what"), STR("written")));
    assert_true(reply_has(test_get(cadre, lane_at(JOINED, history)), "在原吴淞新城"));
    assert_int_equal(test_get(theirs, lane_at(JOINED, history)).status, 200); /* of the same committee by now */
    assert_int_equal(test_get(zhou, lane_at(JOINED, history)).status, 403);
    assert_int_equal(test_get(lane_browser(lane.officer), lane_at(JOINED, history)).status, 403);
    lane_is_whole();
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(from_flag_to_answer),
        TEST(ten_decide_once),
        TEST(whose_queue_it_is),
        TEST(a_mute_ends),
        TEST(watched_words),
        TEST(withdrawn_while_hidden),
        TEST(hidden_goes_from_messages),
        TEST(every_text_stays_for_who_moderates),
        TEST(what_was_done_before_a_merger),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
