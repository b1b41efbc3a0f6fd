/* inquiry_test.c: a question reaches one organisation and nobody else; it is answered in time or said to be late; it becomes public only when both
 * sides have agreed to the same words, and is gone when the resident says so; residents see who is responsible for them. */
#include "boards/inquiry/inquiry_world_test.h"
#include "civic/home/lane_test.h"
#include "civic/search/search.h"

static int64_t unread_of(int64_t person)
{
    return test_sql_int(&t->db, "SELECT COUNT(*) FROM notification WHERE person = %lld AND read_at = 0",
                        (long long)person);
}

static int64_t counted(const char *measure)
{
    return test_sql_int(&t->db, "SELECT COALESCE(SUM(n), 0) FROM counter WHERE measure = '%s'", measure);
}

static bool desk_says(int64_t person, const char *list, const char *total)
{
    struct reply r = test_get_json(lane_browser(person), path("/desk/inquiry?list=%s", list));
    size_t n = 0;

    assert_int_equal(r.status, 200);
    while (reply_json_has(t, r, path("rows.%zu.id", n)))
        n++;
    assert_string_equal(path("%zu", n), total); /* the number equals the list */
    return str_eq(reply_json(t, r, "total"), str_from_cstr(total));
}

/* ---- the conversation ------------------------------------------------------------------------------------------------------ */

static void asked_answered_ended_and_rated(void **state)
{
    struct browser *zhou = lane_browser(lane.resident), *chen = lane_browser(officer);
    const char *mine = ask(zhou, "楼下电瓶车丢了", "昨晚十点还在"), *one = at_desk(mine);
    const char *const more[] = {"text", "车是红色的", NULL};
    struct reply r;
    (void)state;

    assert_true(desk_says(officer, "asked", "1") && desk_says(officer, "talking", "0"));
    assert_int_equal(unread_of(officer), 1);
    r = test_get(zhou, mine);
    assert_true(r.status == 200 && reply_has(r, "吴淞派出所") && reply_has(r, "等首次答复"));
    r = test_get(chen, one);
    assert_true(r.status == 200 && reply_has(r, "昨晚十点还在") && reply_has(r, "周女士") && reply_has(r, "3号楼"));
    assert_int_equal(test_post(chen, path("%s/close", one), "").status,
                     403); /* what has no answer only the resident ends */
    assert_int_equal(answer(chen, one, "").status, 422);
    assert_int_equal(answer(chen, one, "请来所里做笔录").status, 303);
    assert_true(desk_says(officer, "asked", "0") && desk_says(officer, "talking", "1"));
    assert_int_equal(unread_of(lane.resident), 1);
    assert_true(reply_has(test_get(zhou, mine), "请来所里做笔录"));
    assert_int_equal(test_upload(zhou, path("%s/say", mine), more, NULL, 0).status, 303);
    assert_true(reply_has(test_get(chen, one), "车是红色的"));
    assert_int_equal(test_post(zhou, path("%s/rate", mine), "rating=5").status, 409); /* not before its end */
    assert_int_equal(test_post(chen, path("%s/close", one), "closing=车找到了").status, 303);
    assert_true(desk_says(officer, "closed", "1"));
    assert_int_equal(answer(chen, one, "x").status, 409);
    assert_int_equal(test_post(zhou, path("%s/rate", mine), "").status, 422);
    assert_int_equal(test_post(zhou, path("%s/rate", mine), "rating=6").status, 422);
    assert_int_equal(test_post(zhou, path("%s/rate", mine), "rating=5&words=很快").status, 303);
    assert_int_equal(test_post(zhou, path("%s/rate", mine), "rating=1").status, 409);
    assert_true(reply_has(test_get(chen, one), "很快"));
    assert_int_equal(test_post(zhou, path("%s/reopen", mine), "again=钥匙还没拿到").status, 303);
    assert_true(desk_says(officer, "asked", "1") && desk_says(officer, "closed", "0"));
    assert_int_equal(answer(chen, one, "明天送来").status, 303);
    assert_int_equal(test_post(zhou, path("%s/close", mine), "").status, 303);
    /* counted once, whatever came later */
    assert_int_equal(counted("inquiry_asked"), 1);
    assert_int_equal(counted("inquiry_answered"), 1);
    assert_int_equal(counted("inquiry_answered_in_time"), 1);
    assert_int_equal(counted("inquiry_rated"), 1);
    /* a resident's question, asked wrongly: what was typed is still there */
    {
        const char *const bad[] = {"title", "", "body", "没有标题的话", NULL};

        r = test_upload(zhou, BOARD "/new", bad, NULL, 0);
        assert_true(r.status == 422 && reply_has(r, "没有标题的话"));
        const char *const to[] = {"title", "问错人", "to", "77", NULL};
        assert_int_equal(test_upload(zhou, BOARD "/new", to, NULL, 0).status, 422);
    }
}

static void a_late_answer_is_said_and_counted(void **state)
{
    struct browser *zhou = lane_browser(lane.resident);
    const char *mine = ask(zhou, "夜里太吵", "x"); /* Monday 10:00: seven work hours end on Tuesday 10:00 */
    (void)state;

    app_run_jobs(t->app);
    assert_true(reply_has(test_get(lane_browser(lane.resident), mine), "等首次答复"));
    assert_false(reply_has(test_get(lane_browser(lane.resident), mine), "超过时限"));
    test_clock_add(23 * TIME_HOUR);
    app_run_jobs(t->app);
    assert_true(reply_has(test_get(lane_browser(lane.resident), mine), "等首次答复"));
    assert_false(reply_has(test_get(lane_browser(lane.resident), mine), "超过时限"));
    test_clock_add(2 * TIME_HOUR);
    app_run_jobs(t->app);
    app_run_jobs(t->app);
    assert_true(reply_has(test_get(lane_browser(lane.resident), mine), "超过时限"));
    assert_true(reply_has(test_get(lane_browser(officer), "/desk/inquiry"), "超过时限"));
    assert_int_equal(counted("inquiry_late"), 1);
    assert_int_equal(unread_of(lane.resident), 1);
    assert_int_equal(answer(lane_browser(officer), at_desk(mine), "来了").status, 303);
    assert_int_equal(counted("inquiry_answered"), 1);
    assert_int_equal(counted("inquiry_answered_in_time"), 0);
}

static void handed_on_with_a_reason(void **state)
{
    struct browser *zhou = lane_browser(lane.resident), *chen = lane_browser(officer),
                   *qian = lane_browser(lane.handler);
    const char *mine = ask(zhou, "门禁坏了", CANARY), *one = at_desk(mine);
    struct reply r;
    (void)state;

    assert_int_equal(test_get(qian, one).status, 404);
    assert_int_equal(test_post(chen, path("%s/transfer", one), path("to=%lld", (long long)lane.property.id)).status,
                     422);
    assert_int_equal(
        test_post(chen, path("%s/transfer", one), path("to=%lld&reason=不归我们", (long long)far_police.id)).status,
        422); /* not of here */
    assert_int_equal(
        test_post(chen, path("%s/transfer", one), path("to=%lld&reason=门禁归物业修", (long long)lane.property.id))
            .status,
        303);
    /* the new one sees all of it, the old one nothing any more, the resident is told where and why */
    assert_true(reply_has(test_get(qian, one), CANARY));
    assert_int_equal(test_get(chen, one).status, 404);
    assert_int_equal(answer(chen, one, "x").status, 404);
    assert_true(desk_says(officer, "asked", "0") && desk_says(lane.handler, "asked", "1"));
    r = test_get(zhou, mine);
    assert_true(reply_has(r, "门禁归物业修") && reply_has(r, "海江物业"));
    assert_int_equal(unread_of(lane.resident), 1);
    assert_int_equal(unread_of(lane.handler), 1);
    assert_int_equal(answer(qian, one, "今天就修").status, 303);
}

/* ---- private is nowhere else -------------------------------------------------------------------------------------------------- */

static void private_is_nowhere_else(void **state)
{
    struct browser *zhou = lane_browser(lane.resident);
    const char *mine = ask(zhou, CANARY, CANARY), *one = at_desk(mine);
    const int64_t others[] = {0,          neighbour,    lane.stranger, lane.waiting, lane.secretary,
                              lane.cadre, lane.officer, lane.handler,  far_officer,  admin};
    const char *const pages[] = {BOARD,
                                 HOME,
                                 HOME "/search?q=金丝雀",
                                 "/messages",
                                 "/me/inquiries",
                                 "/desk/inquiry",
                                 "/desk/inquiry?list=talking",
                                 "/p/310113007000",
                                 "/p/310113007012",
                                 "/p/310113007011/inquiry/line/new"};
    (void)state;

    assert_int_equal(answer(lane_browser(officer), one, CANARY).status, 303);
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        struct browser *b = lane_browser(others[i]);

        for (size_t k = 0; k < sizeof(pages) / sizeof(pages[0]); k++) {
            assert_false(strstr(pages[k], "q=") == NULL && reply_has(test_get(b, pages[k]), "金丝雀"));
            assert_false(reply_has(test_get(b, pages[k]), CANARY) || reply_has(test_get_json(b, pages[k]), CANARY));
        }
        assert_int_equal(test_get(b, mine).status, others[i] ? 404 : 303);
        assert_int_equal(test_get_json(b, mine).status, others[i] ? 404 : 401);
        assert_int_equal(test_get(b, one).status, others[i] ? 404 : 303);
        assert_int_equal(test_post(b, path("%s/close", one), "").status, others[i] ? 404 : 303);
        assert_int_equal(test_post(b, path("%s/wording", mine), "do=agree").status, others[i] ? 404 : 303);
        if (others[i])
            assert_int_equal(
                test_sql_int(&t->db, "SELECT COUNT(*) FROM notification WHERE person = %lld", (long long)others[i]), 0);
    }
    /* what staff are told has none of its words, and the ledger neither; nor is it in the index, or a mark on the board */
    assert_int_equal(test_sql_int(&t->db,
                                  "SELECT COUNT(*) FROM notification WHERE person <> %lld AND args LIKE '%%金丝雀%%'",
                                  (long long)lane.resident),
                     0);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM ledger WHERE detail LIKE '%%金丝雀%%'"), 0);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM search_entry"), 0);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM entry"), 0);
    assert_false(reply_has(test_get(lane_browser(neighbour), HOME), "class=\"unread\""));
    /* nobody takes a thread for theirs under another board's name, or another place's */
    assert_int_equal(test_get(zhou, path(HOME "/inquiry/other/mine%s", strrchr(mine, '/'))).status, 404);
    assert_int_equal(test_get(zhou, path("/p/310113007012/inquiry/line/mine%s", strrchr(mine, '/'))).status, 404);
    /* the resident's own pages have it */
    assert_true(reply_has(test_get(zhou, "/me/inquiries"), CANARY) && reply_has(test_get(zhou, BOARD), CANARY));
}

/* ---- publication ------------------------------------------------------------------------------------------------------------------ */

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

static void published_only_as_agreed(void **state)
{
    struct browser *zhou = lane_browser(lane.resident), *chen = lane_browser(officer), *wu = lane_browser(neighbour);
    const char *mine = ask(zhou, CANARY, CANARY), *one = at_desk(mine), *open;
    const char *propose = "title=丢了电瓶车怎么报案&question=电瓶车丢了去哪里报案&public_answer=带购车发票来派出所";
    struct reply r;
    (void)state;

    assert_int_equal(test_post(chen, path("%s/propose", one), propose).status, 409); /* there is no answer yet */
    assert_int_equal(answer(chen, one, CANARY).status, 303);
    assert_int_equal(test_post(chen, path("%s/propose", one), "title=只有标题").status, 422);
    assert_int_equal(test_post(chen, path("%s/propose", one), propose).status, 303);
    assert_true(reply_has(test_get(zhou, HOME), "能不能公开"));
    assert_false(reply_has(test_get(wu, BOARD), "怎么报案") || found("报案"));
    assert_int_equal(test_post(chen, path("%s/publish", one), "").status, 409); /* staff alone publish nothing */
    /* the resident changes the words: not public before staff have looked */
    assert_int_equal(test_post(zhou, path("%s/wording", mine), "do=edit&title=x").status, 422);
    assert_int_equal(
        test_post(zhou, path("%s/wording", mine), "do=edit&title=车子丢了去哪里报案&question=要带什么东西").status,
        303);
    assert_false(reply_has(test_get(wu, BOARD), "去哪里报案") || found("报案"));
    assert_int_equal(test_post(zhou, path("%s/wording", mine), "do=agree").status, 409);
    assert_int_equal(test_post(chen, path("%s/publish", one), "").status, 303);
    r = test_get(wu, BOARD);
    assert_true(reply_has(r, "车子丢了去哪里报案"));
    assert_false(reply_has(r, "周女士") || reply_has(r, "金丝雀"));
    open = path(BOARD "/%lld", (long long)test_sql_int(&t->db, "SELECT entry FROM inquiry"));
    r = test_get(wu, open);
    assert_true(r.status == 200 && reply_has(r, "要带什么东西") && reply_has(r, "带购车发票来派出所") &&
                reply_has(r, "吴淞派出所"));
    assert_false(reply_has(r, "周女士") || reply_has(r, "3号楼") || reply_has(r, "金丝雀") ||
                 reply_has(test_get_json(wu, open), "周女士"));
    assert_true(reply_has(test_get(wu, HOME "/search?q=报案"), "车子丢了"));
    assert_int_equal(test_post(wu, path("%s/thumb", open), "on=1").status, 303);
    /* no row of it leads to the asker */
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM entry WHERE author = %lld", (long long)lane.resident),
                     0);
    assert_int_equal(
        test_sql_int(&t->db, "SELECT COUNT(*) FROM entry_follow WHERE person = %lld", (long long)lane.resident), 0);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM ledger WHERE subject_kind = 'entry' AND actor = %lld",
                                  (long long)lane.resident),
                     0);
    /* taken back: gone everywhere, the words too */
    assert_int_equal(test_post(wu, path("%s/withdraw", mine), "").status, 404);
    assert_int_equal(test_post(chen, path("%s/propose", one), propose).status, 409);
    assert_int_equal(test_post(zhou, path("%s/withdraw", mine), "").status, 303);
    assert_int_equal(test_get(wu, open).status, 404);
    assert_int_equal(test_get(chen, open).status, 404);
    assert_false(reply_has(test_get(wu, BOARD), "去哪里报案") || reply_has(test_get(wu, HOME), "去哪里报案") ||
                 found("报案"));
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM entry WHERE title <> '' OR body <> '' OR listed = 1"),
                     0);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM entry_version"), 0);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM inquiry_public"), 0);
    assert_int_equal(test_post(chen, path("%s/propose", one), propose).status, 409); /* and is not asked again */
}

/* What is published can be flagged like anything that neighbours read: flag, queue, hidden with a reason, appeal, answer by somebody else. */
static void what_is_published_can_be_flagged(void **state)
{
    struct browser *zhou = lane_browser(lane.resident), *chen = lane_browser(officer), *wu = lane_browser(neighbour),
                   *cadre = lane_browser(lane.cadre), *secretary = lane_browser(lane.secretary);
    const char *mine = ask(zhou, "问一件事", "金丝雀"), *one = at_desk(mine), *open, *flag, *desk, *measure, *appeal;
    struct reply r;
    (void)state;

    assert_int_equal(answer(chen, one, "好").status, 303);
    assert_int_equal(
        test_post(chen, path("%s/propose", one), "title=公开的问题&question=怎么办&public_answer=这样办").status, 303);
    assert_int_equal(test_post(zhou, path("%s/wording", mine), "do=agree").status, 303);
    open = path(BOARD "/%lld", (long long)test_sql_int(&t->db, "SELECT entry FROM inquiry"));
    flag = path(HOME "/flag/entry%s", strrchr(open, '/'));
    assert_true(reply_has(test_get(wu, open), flag));
    assert_int_equal(test_get(wu, flag).status, 200);
    assert_int_equal(test_post(wu, flag, "words=x").status, 422);
    assert_int_equal(test_post(wu, flag, "reason=private&words=写了门牌号").status, 303);
    assert_int_equal(test_post(wu, flag, "reason=false").status, 409);
    assert_int_equal(test_post(chen, flag, "reason=false").status, 403); /* not one's own */
    assert_int_equal(test_post(lane_browser(lane.stranger), flag, "reason=false").status, 404);
    /* the committee looks: at what is public, not at the thread behind it */
    desk = path("/desk/moderation/%lld", (long long)test_sql_int(&t->db, "SELECT id FROM moderation_case"));
    assert_true(reply_has(test_get(cadre, "/desk/moderation"), "公开的问题"));
    r = test_get(cadre, desk);
    assert_true(reply_has(r, "写了门牌号"));
    assert_false(reply_has(r, "金丝雀") || reply_has(r, "周女士"));
    assert_int_equal(test_post(cadre, path("%s/hide", desk), "reason=请先去掉门牌号").status, 303);
    assert_int_equal(test_get(wu, open).status, 404);
    assert_false(reply_has(test_get(wu, BOARD), "公开的问题") || reply_has(test_get_json(wu, BOARD), "公开的问题") ||
                 reply_has(test_get(wu, HOME), "公开的问题") || found("公开的问题"));
    /* whoever published it reads why, and appeals; not to whoever hid it */
    r = test_get(chen, open);
    assert_true(r.status == 200 && reply_has(r, "请先去掉门牌号"));
    measure = path("/me/measures/310113007011/%lld",
                   (long long)test_sql_int(&t->db, "SELECT id FROM moderation_measure"));
    appeal = path("/desk/appeals/310113007011%s", strrchr(measure, '/'));
    assert_int_equal(test_post(zhou, measure, "words=不是我写的").status, 404);
    assert_int_equal(test_post(chen, measure, "words=没有门牌号").status, 303);
    assert_int_equal(test_post(cadre, appeal, "lift=no&words=有门牌号").status, 403);
    assert_int_equal(test_post(secretary, appeal, "lift=yes&words=确实没有，已恢复").status, 303);
    assert_int_equal(test_get(wu, open).status, 200);
    assert_true(reply_has(test_get(wu, BOARD), "公开的问题") && found("公开的问题"));
    /* flagged again, and taken back by the asker meanwhile: the queue does not bring it back */
    assert_int_equal(test_post(lane_browser(lane.resident), flag, "reason=private&words=还是不想公开").status, 303);
    assert_int_equal(test_post(zhou, path("%s/withdraw", mine), "").status, 303);
    desk = path("/desk/moderation/%lld", (long long)test_sql_int(&t->db, "SELECT MAX(id) FROM moderation_case"));
    assert_false(reply_has(test_get(cadre, "/desk/moderation"), "公开的问题"));
    (void)test_post(cadre, path("%s/fine", desk), "");
    assert_int_equal(test_get(wu, open).status, 404);
    assert_false(found("公开的问题"));
}

static void hidden_and_taken_back_does_not_return(void **state)
{
    struct browser *zhou = lane_browser(lane.resident), *chen = lane_browser(officer);
    const char *mine = ask(zhou, "问一件事", "x"), *one = at_desk(mine), *open;
    (void)state;

    assert_int_equal(answer(chen, one, "好").status, 303);
    assert_int_equal(
        test_post(chen, path("%s/propose", one), "title=公开的问题&question=怎么办&public_answer=这样办").status, 303);
    assert_int_equal(test_post(zhou, path("%s/wording", mine), "do=agree").status, 303);
    open = path(BOARD "/%lld", (long long)test_sql_int(&t->db, "SELECT entry FROM inquiry"));
    assert_int_equal(test_post(chen, path("%s/hide", open), "hide=yes&reason=写错了").status, 303);
    assert_int_equal(test_get(lane_browser(neighbour), open).status, 404);
    assert_int_equal(test_post(zhou, path("%s/withdraw", mine), "").status, 303);
    assert_int_equal(test_post(chen, path("%s/hide", open), "hide=no").status, 303);
    assert_int_equal(test_get(lane_browser(neighbour), open).status, 404);
    assert_int_equal(found("公开的问题"), 0);
    /* a refusal stays one */
    mine = ask(zhou, "再问一件事", "x");
    one = at_desk(mine);
    assert_int_equal(answer(chen, one, "好").status, 303);
    assert_int_equal(
        test_post(chen, path("%s/propose", one), "title=公开的问题&question=怎么办&public_answer=这样办").status, 303);
    assert_int_equal(test_post(zhou, path("%s/wording", mine), "do=refuse").status, 303);
    assert_int_equal(
        test_post(chen, path("%s/propose", one), "title=公开的问题&question=怎么办&public_answer=这样办").status, 409);
}

static void ten_at_once_publish_it_once(void **state)
{
    struct browser *zhou = lane_browser(lane.resident), *chen = lane_browser(officer);
    const char *mine = ask(zhou, "问一件事", "x"), *one = at_desk(mine);
    const struct test_request agree = {.method = "POST",
                                       .path = path("%s/wording", mine),
                                       .accept = "application/json",
                                       .type = "application/json",
                                       .body = STR("{\"do\": \"agree\"}"),
                                       .csrf = test_csrf(zhou)};
    struct reply r[10];
    int won = 0;
    (void)state;

    assert_int_equal(answer(chen, one, "好").status, 303);
    assert_int_equal(
        test_post(chen, path("%s/propose", one), "title=公开的问题&question=怎么办&public_answer=这样办").status, 303);
    test_send_parallel(zhou, &agree, 10, r);
    for (int i = 0; i < 10; i++) {
        won += r[i].status < 300;
        assert_true(r[i].status < 300 || r[i].status == 409);
    }
    assert_int_equal(won, 1);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM entry"), 1);
}

/* ---- who is responsible ------------------------------------------------------------------------------------------------------------- */

static void residents_see_who_is_responsible(void **state)
{
    struct browser *chen = lane_browser(officer), *zhou = lane_browser(lane.resident);
    const char *one = path("/desk/officers/%lld", (long long)officer);
    const char *const fields[] = {"name", "陈伟民", "badge", "031245", "communities", "310113007011", NULL};
    const char *const bad_badge[] = {"name", "陈伟民", "badge", "警", NULL};
    const char *const elsewhere[] = {"name", "陈伟民", "communities", "310113008001", NULL};
    const char *const none[] = {"name", "陈伟民", NULL};
    struct reply r;
    (void)state;

    assert_true(reply_has(test_get(zhou, BOARD), "还没有指定负责人"));
    assert_true(reply_has(test_get(chen, "/desk/officers"), "吴淞新城"));
    assert_int_equal(test_upload(chen, one, bad_badge, NULL, 0).status, 422);
    assert_int_equal(test_upload(chen, one, elsewhere, NULL, 0).status, 422);
    assert_int_equal(test_upload(chen, one, fields, NULL, 0).status, 303);
    r = test_get(zhou, BOARD);
    assert_true(reply_has(r, "陈伟民") && reply_has(r, "031245") && !reply_has(r, "还没有指定负责人"));
    assert_true(str_eq(reply_json(t, test_get_json(zhou, BOARD), "officers.0.badge"), STR("031245")));
    /* on the front page of the community, with the number, for everybody */
    r = test_get(zhou, HOME);
    assert_true(reply_has(r, "陈伟民") && reply_has(r, "031245") && reply_has(r, "021-5800 0000"));
    assert_false(reply_has(r, "林警官")); /* the colleague is not the one */
    assert_true(reply_has(test_get(lane_browser(0), HOME), "陈伟民"));
    assert_false(reply_has(test_get(zhou, "/p/310113007012"), "陈伟民"));
    /* nobody of another house sets it, and nobody who does not work there is set */
    assert_int_equal(test_upload(lane_browser(far_officer), one, fields, NULL, 0).status, 404);
    assert_int_equal(test_get(lane_browser(admin), "/desk/officers").status, 403);
    assert_int_equal(test_upload(chen, path("/desk/officers/%lld", (long long)lane.resident), fields, NULL, 0).status,
                     404);
    /* who is responsible is told, the colleague not; the answer stands under the name on the badge */
    assert_int_equal(answer(chen, at_desk(ask(zhou, "问一件事", "x")), "好的").status, 303);
    assert_int_equal(unread_of(officer), 1);
    assert_int_equal(unread_of(colleague), 0);
    /* who has left is nobody's officer any more */
    test_sql(&t->db, "UPDATE post SET valid_to = %lld WHERE person = %lld", (long long)time_now(), (long long)officer);
    assert_false(reply_has(test_get(zhou, BOARD), "陈伟民"));
    assert_true(reply_has(test_get(zhou, BOARD), "还没有指定负责人"));
    assert_true(reply_has(test_get(lane_browser(colleague), "/desk/officers"), "还没有人负责的社区"));
    test_sql(&t->db, "UPDATE post SET valid_to = 0 WHERE person = %lld", (long long)officer);
    assert_int_equal(test_upload(lane_browser(colleague), one, none, NULL, 0).status, 303);
    assert_true(reply_has(test_get(zhou, BOARD), "还没有指定负责人"));
}

static void templates_are_the_organisations_own(void **state)
{
    struct browser *chen = lane_browser(officer), *qian = lane_browser(lane.handler);
    const char *one = at_desk(ask(lane_browser(lane.resident), "问一件事", "x"));
    int64_t id;
    (void)state;

    assert_int_equal(test_post(chen, "/desk/inquiry/templates", "name=收到&body=").status, 422);
    assert_int_equal(test_post(chen, "/desk/inquiry/templates", "name=收到&body=您好，已经收到").status, 303);
    assert_true(reply_has(test_get(lane_browser(colleague), "/desk/inquiry/templates"), "您好，已经收到"));
    assert_false(reply_has(test_get(qian, "/desk/inquiry/templates"), "您好，已经收到"));
    id = test_sql_int(&t->db, "SELECT id FROM inquiry_template");
    assert_true(reply_has(test_get(chen, path("%s?template=%lld", one, (long long)id)), "您好，已经收到"));
    assert_int_equal(test_post(qian, path("/desk/inquiry/templates/%lld/drop", (long long)id), "").status, 404);
    assert_int_equal(test_post(chen, path("/desk/inquiry/templates/%lld/drop", (long long)id), "").status, 303);
}

/* ---- a community that merges ------------------------------------------------------------------------------------------------------------ */

static enum result merge(struct db *db, void *arg)
{
    (void)arg;
    return inquiry_mover.move(db, HERE, THERE, lane.estate.id, time_now());
}

static void open_threads_follow_their_estate(void **state)
{
    struct browser *zhou = lane_browser(lane.resident), *chen = lane_browser(officer);
    const char *mine = ask(zhou, "问一件事", CANARY), *tail = strrchr(mine, '/');
    const char *const fields[] = {"name", "陈伟民", "communities", "310113007011", NULL};
    (void)state;

    assert_int_equal(test_upload(chen, path("/desk/officers/%lld", (long long)officer), fields, NULL, 0).status, 303);
    test_write(t, merge, NULL);
    assert_int_equal(test_get(zhou, mine).status, 404);
    assert_true(reply_has(test_get(zhou, path("/p/310113007012/inquiry/line/mine%s", tail)), CANARY));
    assert_int_equal(answer(chen, path("/desk/inquiry/310113007012%s", tail), "好").status, 303);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM officer_community WHERE community = 310113007012"), 1);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM inquiry_message WHERE community = 310113007011"), 0);
}

/* What is public goes when the community ends, whoever asked: nothing tells which thread it came from, and the asker's word still takes it back. */
static void what_is_public_goes_with_the_community(void **state)
{
    static const struct place_mover *const movers[] = {&person_mover, &moderation_mover, &entry_mover, &inquiry_mover};
    struct browser *zhou = lane_browser(lane.resident), *chen = lane_browser(officer), *wu = lane_browser(neighbour);
    const char *mine = ask(zhou, CANARY, CANARY), *one = at_desk(mine), *other = ask(wu, "问一件事", "x"), *open;
    struct reply r;
    (void)state;

    assert_int_equal(answer(chen, one, CANARY).status, 303);
    assert_int_equal(test_post(chen, path("%s/propose", one),
                               "title=丢了电瓶车怎么报案&question=去哪里报案&public_answer=带发票来派出所")
                         .status,
                     303);
    assert_int_equal(test_post(zhou, path("%s/wording", mine), "do=agree").status, 303);
    open = path(BOARD "/%lld", (long long)test_sql_int(&t->db, "SELECT MAX(entry) FROM inquiry"));

    lane_merge(movers, 4);

    assert_int_equal(lane_rows_at("inquiry_public", HERE) + lane_rows_at("entry", HERE), 0);
    lane_leads(wu, open, JOINED);
    lane_leads(wu, other, JOINED); /* one's own thread, that is open */
    r = test_get(wu, lane_at(JOINED, open));
    assert_true(r.status == 200 && reply_has(r, "带发票来派出所"));
    assert_false(reply_has(r, "周女士") || reply_has(r, "金丝雀"));
    assert_true(reply_has(test_get(wu, lane_at(JOINED, BOARD)), "丢了电瓶车怎么报案"));
    assert_int_equal(test_get(zhou, mine).status, 200);
    assert_int_equal(test_post(zhou, path("%s/withdraw", mine), "").status, 303);
    assert_int_equal(test_get(wu, lane_at(JOINED, open)).status, 404);
    assert_int_equal(lane_rows_at("inquiry_public", JOINED), 0);
    lane_adds_up(entry_recount);
    lane_is_whole();
}

static void the_flows_are_sound(void **state)
{
    struct str why;
    (void)state;

    assert_int_equal(flow_check(&inquiry_flow, t->arena, &why), OK);
    assert_int_equal(flow_check(&sharing_flow, t->arena, &why), OK);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, inquiry_setup, inquiry_teardown)
    const struct CMUnitTest tests[] = {
        TEST(the_flows_are_sound),
        TEST(asked_answered_ended_and_rated),
        TEST(a_late_answer_is_said_and_counted),
        TEST(handed_on_with_a_reason),
        TEST(private_is_nowhere_else),
        TEST(published_only_as_agreed),
        TEST(hidden_and_taken_back_does_not_return),
        TEST(what_is_published_can_be_flagged),
        TEST(ten_at_once_publish_it_once),
        TEST(residents_see_who_is_responsible),
        TEST(templates_are_the_organisations_own),
        TEST(open_threads_follow_their_estate),
        TEST(what_is_public_goes_with_the_community),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
