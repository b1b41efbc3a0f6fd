/* moderated_test.c: reports and what is said to them, from the watched word and the first flag to the answered appeal; and mutes. */
#include "boards/report/report_export.h"
#include "boards/report/world_test.h"
#include "civic/moderation/moderation.h"
#include "civic/notify/notify.h"
#include "civic/search/search_page.h"

enum { SECOND_CADRE = 203 };
#define JOINED INT64_C(310113007081)
#define DESK "/desk/moderation"

static const struct module *const modules[] = {
    &home_module,
    &me_module,
    &data_module,
    &report_module,
    &report_write_module,
    &report_desk_module,
    &report_act_module,
    &media_module,
    &notify_module,
    &search_module,
    &moderation_module,
    &moderation_desk_module,
    &moderation_history_module,
    &world_module,
};
static const struct moderation_kinds *const moderated[] = {&report_moderated};
static const struct search_finder *const finders[] = {&report_finder};

static int open_world(void **state)
{
    struct test_app *t = test_app_open(&(struct test_app_options){.modules = modules,
                                                                  .n_modules = sizeof(modules) / sizeof(modules[0]),
                                                                  .policy = &world_policy,
                                                                  .now = time_at(2026, 3, 16, 10, 0),
                                                                  .prepare = world_prepare,
                                                                  .dispose = world_dispose});

    moderation_use(moderated, 1);
    search_use(finders, 1);
    world_person(t, SECOND_CADRE, "陈干部");
    world_post(t, SECOND_CADRE, COMMITTEE_ORG, "cadre");
    *state = t;
    return 0;
}

static int close_world(void **state)
{
    moderation_use(NULL, 0);
    search_use(NULL, 0);
    test_app_close(*state);
    return 0;
}

/* ---- what is asked again and again ---------------------------------------------------------------------------------- */

static long long newest(struct test_app *t, const char *table)
{
    return test_sql_int(&t->db, "SELECT MAX(id) FROM %s", table);
}

static int64_t count(struct test_app *t, const char *from)
{
    return test_sql_int(&t->db, "SELECT COUNT(*) FROM %s", from);
}

static const char *case_path(struct test_app *t, const char *below)
{
    return path(t, DESK "/%lld%s", newest(t, "moderation_case"), below);
}

static void watch(struct test_app *t, const char *word, const char *action)
{
    assert_int_equal(test_post(as(t, SECRETARY), "/desk/words", path(t, "action=%s&words=%s", action, word)).status,
                     303);
}

static const char *draft_path(struct browser *b, const char *form)
{
    struct test_app *t = b->t;
    struct reply r = test_post(b, BOARD "/draft", form);

    assert_int_equal(r.status, 303);
    return path(t, BOARD "/draft/%lld/send", (long long)id_in(r.location, "/preview"));
}

/* Every page on which somebody could meet the words: as HTML and as JSON. */
static void nowhere(struct browser *b, int64_t report, const char *canary)
{
    struct test_app *t = b->t;
    const char *const pages[] = {"/p/310113007011",
                                 BOARD,
                                 BOARD "?state=open",
                                 BOARD "?state=mine",
                                 BOARD "?state=followed",
                                 path(t, BOARD "?q=%s", canary),
                                 path(t, "/p/310113007011/search?q=%s", canary),
                                 path(t, BOARD "/%lld", (long long)report),
                                 "/messages",
                                 "/me",
                                 DESK};

    for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
        struct reply page = test_get(b, pages[i]), json = test_get_json(b, pages[i]);

        if (i == 5 || i == 6) { /* what was asked is said again; nothing is found */
            assert_true(reply_has(json, "\"rows\":[]"));
            assert_false(reply_has(page, "<mark>"));
        } else if (reply_has(page, canary) || reply_has(json, canary)) {
            fail_msg("%s says %s", pages[i], canary);
        }
    }
}

static bool is_found(struct browser *b, const char *words)
{
    return !reply_has(test_get_json(b, path(b->t, "/p/310113007011/search?q=%s", words)), "\"rows\":[]");
}

struct exported {
    struct test_app *t;
    const char *words;
    bool there;
};

static enum result look_in_export(struct db *db, void *arg)
{
    struct exported *e = arg;
    struct sql_report_export_rows rows;
    enum result r = report_export(db, HERE, 0, 100, &rows);

    for (size_t i = 0; r == OK && i < rows.n; i++)
        e->there |= str_find(rows.row[i].title, str_from_cstr(e->words)) != SIZE_MAX;
    return r;
}

static bool in_export(struct test_app *t, const char *words)
{
    struct exported e = {t, words, false};

    test_write(t, look_in_export, &e);
    return e.there;
}

static enum result recount(struct db *db, void *arg)
{
    return report_recount(db, HERE, arg);
}

static void adds_up(struct test_app *t)
{
    int64_t bad = -1;

    test_write(t, recount, &bad);
    assert_int_equal(bad, 0);
}

/* ---- watched words ------------------------------------------------------------------------------------------------------ */

static void a_blocked_word_is_refused(void **state)
{
    struct test_app *t = *state;
    struct browser *author = as(t, AUTHOR);
    const char *send;
    int64_t events, id;
    struct reply r;

    watch(t, "加微信", "block");
    send = draft_path(author, "title=门口有人推销&body=他说请加 微-信 便宜&spot=门口");
    events = count(t, "ledger");
    r = test_post(author, send, "");
    assert_int_equal(r.status, 422);
    assert_true(reply_has(r, "加 微-信") && reply_has(r, "请改一改再发")); /* which passage, and what to do */
    assert_int_equal(count(t, "report"), 0);
    assert_int_equal(count(t, "report_draft"), 1); /* what was typed is there */
    assert_int_equal(count(t, "clock"), 0);
    assert_int_equal(count(t, "ledger"), events);
    assert_int_equal(count(t, "notification"), 0);
    assert_int_equal(count(t, "moderation_case"), 0);
    /* in any field; of the words to a report; and of those that take something out of it */
    assert_int_equal(test_post(author, draft_path(author, "title=请加微信&spot=门口"), "").status, 422);
    assert_int_equal(test_post(author, draft_path(author, "title=推销&spot=加微信旁边"), "").status, 422);
    id = send_report(author, "title=广场变菜园&spot=广场");
    r = test_post(as(t, NEIGHBOUR), path(t, BOARD "/%lld/comment", (long long)id), "body=加微信聊");
    assert_true(r.status == 422 && reply_has(r, "加微信聊"));
    assert_int_equal(count(t, "report_comment"), 0);
    assert_int_equal(
        test_post(author, path(t, BOARD "/%lld/redact", (long long)id), "title=加微信&body=&spot=广场").status, 422);
    assert_int_equal(count(t, "report WHERE title = '广场变菜园'"), 1);
    /* staff warn of what they name */
    world_do(t, step_answer, id, "不要随便加微信");
}

static void a_masked_word_is_stored_masked(void **state)
{
    struct test_app *t = *state;
    struct browser *author = as(t, AUTHOR), *guest = as(t, 0);
    int64_t id;

    watch(t, "王八蛋", "mask");
    id = send_report(author, "title=王八蛋乱停车&body=那个王 八 蛋又来了&spot=门口");
    assert_true(reply_has(test_get(guest, path(t, BOARD "/%lld", (long long)id)), "＊＊＊乱停车"));
    assert_int_equal(test_post(author, path(t, BOARD "/%lld/comment", (long long)id), "body=王八蛋").status, 303);
    assert_int_equal(count(t, "report WHERE title LIKE '%%王八蛋%%' OR body LIKE '%%八%%'"), 0);
    assert_int_equal(count(t, "report_step WHERE body LIKE '%%八%%'"), 0);
    assert_int_equal(count(t, "report_comment WHERE body LIKE '%%八%%'"), 0);
    assert_int_equal(count(t, "notification WHERE args LIKE '%%王八蛋%%'"), 0);
    assert_false(is_found(guest, "王八蛋"));
}

static void a_warning_asks_once(void **state)
{
    struct test_app *t = *state;
    struct browser *author = as(t, AUTHOR);
    const struct str mark = STR("name=\"_sure\" value=\"");
    const char *send, *sure;
    struct reply r;
    size_t at;

    watch(t, "物业都是", "warn");
    send = draft_path(author, "title=没人管&body=物业都是好人&spot=门口");
    r = test_post(author, send, "");
    assert_int_equal(r.status, 422);
    assert_true(reply_has(r, "物业都是好人") && reply_has(r, "请再看一眼"));
    assert_int_equal(count(t, "report"), 0);
    at = str_find(r.body, mark);
    assert_true(at != SIZE_MAX);
    sure = path(t, "_sure=" STR_FMT, STR_ARG(str_sub(r.body, at + mark.len, 32)));
    /* a "yes" to other words is none to these */
    assert_int_equal(test_post(author, draft_path(author, "title=没人管&body=物业都是坏人&spot=门口"), sure).status,
                     422);
    assert_int_equal(test_post(author, send, sure).status, 303);
    assert_int_equal(count(t, "report WHERE body = '物业都是好人' AND hidden = 0"), 1);
}

static void a_held_report_waits_for_staff(void **state)
{
    struct test_app *t = *state;
    struct browser *author = as(t, AUTHOR), *secretary = as(t, SECRETARY);
    struct browser *const others[] = {as(t, 0), as(t, NEIGHBOUR), as(t, OUTSIDER), as(t, OTHER_CADRE)};
    const char *one;
    int64_t id;
    struct reply r;

    watch(t, "集资", "review");
    id = send_report(author, "title=canaryheld&body=大家来集资&spot=canaryspot");
    one = path(t, BOARD "/%lld", (long long)id);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(test_get(others[i], one).status, 404);
        nowhere(others[i], id, "canaryheld");
        nowhere(others[i], id, "canaryspot");
        assert_false(reply_has(test_get(others[i], case_path(t, "")), "canaryheld"));
    }
    assert_int_equal(test_post(others[1], path(t, "%s/join", one), "").status, 404);
    assert_false(in_export(t, "canaryheld"));
    /* its author reads that it waits, staff what it is */
    r = test_get(author, one);
    assert_true(r.status == 200 && reply_has(r, "居委会看过以后"));
    assert_true(reply_has(test_get(secretary, case_path(t, "")), "大家来集资"));
    assert_int_equal(test_post(others[1], case_path(t, "/fine"), "").status, 403);
    assert_int_equal(test_post(others[3], case_path(t, "/fine"), "").status, 404); /* of another place */
    assert_int_equal(test_post(secretary, case_path(t, "/fine"), "").status, 303);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(test_get(others[i], one).status, 200);
    assert_true(is_found(others[0], "canaryheld"));
    assert_true(in_export(t, "canaryheld"));
    assert_false(reply_has(test_get(author, one), "居委会看过以后"));
    /* what brings the word in later is held as well, and the messages that name it go */
    assert_int_equal(test_post(others[1], path(t, "%s/follow", one), "on=1").status, 303);
    world_do(t, step_answer, id, "收到");
    assert_true(reply_has(test_get(others[1], "/messages"), "canaryheld"));
    assert_int_equal(
        test_post(author, path(t, "%s/redact", one), "title=canaryheld&body=还是集资&spot=canaryspot").status, 303);
    nowhere(others[1], id, "canaryheld");
    assert_int_equal(test_post(secretary, case_path(t, "/hide"), "reason=不要集资").status, 303);
    r = test_get(author, one);
    assert_true(reply_has(r, "不要集资") && reply_has(r, "/me/measures"));
    assert_int_equal(count(t, "notification WHERE person = 101 AND text_key = 'moderation.tell_hidden'"), 1);
}

static void a_held_comment_waits_for_staff(void **state)
{
    struct test_app *t = *state;
    struct browser *author = as(t, AUTHOR), *neighbour = as(t, NEIGHBOUR);
    int64_t id = send_report(author, "title=广场变菜园&spot=广场");
    const char *one = path(t, BOARD "/%lld", (long long)id);

    watch(t, "集资", "review");
    assert_int_equal(test_post(neighbour, path(t, "%s/comment", one), "body=canarysaid 集資").status, 303);
    assert_int_equal(count(t, "report WHERE comments > 0"), 0);
    nowhere(author, id, "canarysaid");
    nowhere(as(t, 0), id, "canarysaid");
    assert_false(reply_has(test_get(author, one), "居委会看过以后"));
    assert_true(reply_has(test_get(neighbour, one), "居委会看过以后"));
    assert_int_equal(count(t, "notification WHERE text_key LIKE 'tell.commented%%'"), 0);
    adds_up(t);
    assert_int_equal(test_post(as(t, SECRETARY), case_path(t, "/fine"), "").status, 303);
    assert_true(reply_has(test_get(author, one), "canarysaid"));
    assert_int_equal(count(t, "report WHERE comments = 1"), 1);
    adds_up(t);
}

static enum result merge_into_a_new_one(struct db *db, void *arg)
{
    static const int64_t from[] = {HERE};
    static const struct place_new to[] = {{JOINED, STR("新江居委会")}};
    const struct place_change change = {.from = from, .n_from = 1, .to = to, .n_to = 1, .at = time_now()};

    (void)arg;
    return place_succeed(db, &change);
}

/* A closed report stays under the old code. The committee that has become of the old one reads it as staff and answers for it; nobody else does. */
static void the_heir_answers_for_what_stays(void **state)
{
    static const struct place_mover *const movers[] = {&person_mover, &report_mover, &moderation_mover};
    struct test_app *t = *state;
    struct browser *author = as(t, AUTHOR), *secretary = as(t, SECRETARY), *other = as(t, OTHER_CADRE);
    int64_t shut;
    const char *one, *desk, *history, *fine, *number;

    watch(t, "集资", "review");
    shut = send_report(author, "title=canaryold&body=大家来集资&spot=广场");
    one = path(t, BOARD "/%lld", (long long)shut);
    desk = path(t, "/desk/report/%lld/%lld", (long long)HERE, (long long)shut);
    history = path(t, "/p/%lld/history/report/%lld", (long long)HERE, (long long)shut);
    fine = case_path(t, "/fine");
    test_sql(&t->db, "UPDATE report SET state = 'closed', closed_at = 1 WHERE id = %lld", (long long)shut);
    number = str_cstr(t->arena, reply_json(t, test_get_json(secretary, desk), "number"));
    place_move_with(movers, sizeof(movers) / sizeof(movers[0]));
    test_write(t, merge_into_a_new_one, NULL);
    place_move_with(NULL, 0);

    assert_int_equal(test_sql_int(&t->db,
                                  "SELECT COUNT(*) FROM moderation_case WHERE community = %lld AND state = 'open'",
                                  (long long)HERE),
                     1);
    assert_int_equal(test_get(other, desk).status, 404);
    assert_int_equal(test_get(other, history).status, 403);
    assert_int_equal(test_get(other, one).status, 404);
    assert_int_equal(test_post(other, fine, "").status, 404);
    assert_false(reply_has(test_get(other, DESK), "canaryold"));
    assert_int_equal(test_get(as(t, NEIGHBOUR), one).status, 404);
    /* the heir: the page, the words of the desk, the queue and its number, the search, the decision */
    assert_int_equal(test_get(secretary, one).status, 200);
    assert_true(reply_has(test_get(secretary, desk), "canaryold"));
    assert_int_equal(test_get(secretary, history).status, 200);
    assert_true(reply_has(test_get(secretary, DESK), "canaryold"));
    assert_true(str_eq(reply_json(t, test_get_json(secretary, DESK), "rows.0.place"),
                       place_short_name(STR("吴淞新城社区居委会"))));
    assert_true(reply_has(test_get(secretary, case_path(t, "")), "大家来集资"));
    assert_int_equal(test_get(secretary, path(t, "/desk/search?q=%s", number)).status, 303);
    /* a mute is where its author lives by now */
    assert_int_equal(test_post(secretary, case_path(t, "/mute"), "days=3&why=停三天").status, 303);
    assert_int_equal(test_sql_int(&t->db,
                                  "SELECT COUNT(*) FROM moderation_measure WHERE kind = 'muted' AND community = %lld",
                                  (long long)JOINED),
                     1);
    assert_int_equal(test_post(secretary, case_path(t, "/hide"), "reason=不要集资").status, 303);
    assert_false(reply_has(test_get(secretary, DESK), "canaryold"));
    assert_int_equal(test_post(secretary, fine, "").status, 409);
    /* its author disagrees: somebody else of the new committee answers */
    assert_int_equal(
        test_post(author,
                  path(t, "/me/measures/%lld/%lld", (long long)HERE,
                       (long long)test_sql_int(&t->db, "SELECT id FROM moderation_measure WHERE kind = 'hidden'")),
                  "words=这是玩笑")
            .status,
        303);
    assert_true(reply_has(test_get(as(t, SECOND_CADRE), "/desk/appeals"), "不要集资"));
    assert_false(reply_has(test_get(other, "/desk/appeals"), "不要集资"));
}

/* What stays at a place that has ended is the heir's; nothing begins there, and what is next door is not theirs. */
static void an_heir_reads_and_decides_only(void **state)
{
    static const int64_t old[] = {HERE};
    static const enum capability has[] = {CAP_REPORT_STAFF, CAP_PERSON_LOOK, CAP_MODERATE_QUEUE, CAP_MODERATE_APPEAL},
                                 has_not[] = {CAP_BOARD_RUN,        CAP_PLACE_EDIT,  CAP_ROSTER,
                                              CAP_RESIDENCE_VERIFY, CAP_WATCH_WORDS, CAP_BOARD_ARRANGE};
    const struct viewer_post post = {.place = JOINED, .role = ROLE_CADRE, .stands_for = old, .n_stands_for = 1};
    const struct viewer viewer = {.person = SECRETARY, .post = &post, .n_posts = 1};
    (void)state;

    for (size_t i = 0; i < sizeof(has) / sizeof(has[0]); i++) {
        assert_true(access_allowed(&viewer, has[i], HERE, NULL) && access_allowed(&viewer, has[i], JOINED, NULL));
        assert_false(access_allowed(&viewer, has[i], THERE, NULL));
    }
    for (size_t i = 0; i < sizeof(has_not) / sizeof(has_not[0]); i++)
        assert_false(access_allowed(&viewer, has_not[i], HERE, NULL));
}

/* What the reporter says in the end stands in the timeline at once: it has nowhere to wait. */
static void the_last_words_are_looked_at_too(void **state)
{
    struct test_app *t = *state;
    struct browser *author = as(t, AUTHOR);
    int64_t id = send_report(author, "title=广场变菜园&spot=广场");
    const char *confirm = path(t, BOARD "/%lld/confirm", (long long)id);
    struct reply r;

    watch(t, "加微信", "block");
    watch(t, "集资", "review");
    watch(t, "王八蛋", "mask");
    world_do(t, step_answer, id, "收到");
    world_do(t, step_solve, id, "已经好了");
    r = test_post(author, confirm, "solved=no&words=加微信再说");
    assert_true(r.status == 422 && reply_has(r, "加微信再说"));
    r = test_post(author, confirm, "solved=yes&rating=5&words=canarylast 集资");
    assert_true(r.status == 422 && reply_has(r, "请改一改再发"));
    assert_int_equal(count(t, "report WHERE state = 'confirming' AND rating = 0 AND rating_text = ''"), 1);
    assert_int_equal(count(t, "report_step WHERE body LIKE '%%canarylast%%'"), 0);
    assert_int_equal(test_post(author, confirm, "solved=no&words=王八蛋又来了").status, 303);
    assert_int_equal(count(t, "report_step WHERE body = '＊＊＊又来了'"), 1);
    world_do(t, step_solve, id, "真的好了");
    assert_int_equal(test_post(author, confirm, "solved=yes&rating=5&words=王八蛋走了").status, 303);
    assert_int_equal(count(t, "report WHERE rating_text = '＊＊＊走了'"), 1);
    assert_int_equal(count(t, "report_step WHERE body LIKE '%%王八蛋%%'"), 0);
}

/* ---- flags ----------------------------------------------------------------------------------------------------------------- */

static void from_flag_to_answer(void **state)
{
    struct test_app *t = *state;
    struct browser *author = as(t, AUTHOR), *neighbour = as(t, NEIGHBOUR), *secretary = as(t, SECRETARY),
                   *second = as(t, SECOND_CADRE), *elsewhere = as(t, OTHER_CADRE), *guest = as(t, 0);
    int64_t id = send_report(author, "title=canaryflagged&body=很难听的内容&spot=广场");
    const char *one = path(t, BOARD "/%lld", (long long)id), *mine, *appeal,
               *flag = path(t, "/p/310113007011/flag/report/%lld", (long long)id);
    struct reply r;

    assert_true(reply_has(test_get(neighbour, one), flag));
    assert_int_equal(test_post(neighbour, path(t, "%s/follow", one), "on=1").status, 303);
    world_do(t, step_answer, id, "收到");
    assert_true(reply_has(test_get(neighbour, "/messages"), "canaryflagged"));
    assert_true(str_eq(reply_json(t, test_get_json(neighbour, "/me"), "things.1.count"), STR("1")));
    assert_int_equal(test_post(neighbour, flag, "").status, 422);
    assert_int_equal(test_post(author, flag, "reason=insult").status, 403);          /* one's own */
    assert_int_equal(test_post(as(t, OUTSIDER), flag, "reason=insult").status, 403); /* of the other community */
    assert_int_equal(test_post(as(t, WAITING), flag, "reason=insult").status, 403);
    assert_int_equal(test_post(neighbour, flag, "reason=insult&words=canarywhy").status, 303);
    assert_int_equal(test_post(neighbour, flag, "reason=false").status, 409); /* once */
    nowhere(author, id, "canarywhy");                                         /* nor that somebody did */
    assert_int_equal(test_get(guest, one).status, 200);                       /* a flag hides nothing */

    /* the queue of that place only */
    assert_true(reply_has(test_get(secretary, DESK), "canaryflagged"));
    r = test_get(secretary, case_path(t, ""));
    assert_true(reply_has(r, "很难听的内容") && reply_has(r, "canarywhy") && reply_has(r, "王先生"));
    assert_false(reply_has(test_get(elsewhere, DESK), "canaryflagged"));
    assert_int_equal(test_get(elsewhere, case_path(t, "")).status, 404);
    assert_int_equal(test_post(elsewhere, case_path(t, "/hide"), "reason=xx").status, 404);
    assert_int_equal(test_get(author, case_path(t, "")).status, 403);
    assert_int_equal(test_get(as(t, SQUAD), DESK).status, 403);
    assert_int_equal(test_post(secretary, case_path(t, "/hide"), "").status, 422); /* why? */
    assert_int_equal(test_post(secretary, case_path(t, "/hide"), "reason=请文明用语").status, 303);
    assert_int_equal(test_post(second, case_path(t, "/fine"), "").status, 409); /* it is decided */

    nowhere(neighbour, id, "canaryflagged"); /* not in what they were told before either, nor in what they follow */
    nowhere(guest, id, "canaryflagged");
    nowhere(elsewhere, id, "canaryflagged");
    assert_false(in_export(t, "canaryflagged"));
    assert_true(str_eq(reply_json(t, test_get_json(neighbour, "/me"), "things.1.count"), STR("0")));

    /* its author reads why, and appeals, once */
    r = test_get(author, one);
    assert_true(reply_has(r, "请文明用语") && reply_has(r, "/me/measures"));
    mine = path(t, "/me/measures/310113007011/%lld", newest(t, "moderation_measure"));
    appeal = path(t, "/desk/appeals/310113007011/%lld", newest(t, "moderation_measure"));
    assert_int_equal(test_post(neighbour, mine, "words=我来替她申诉").status, 404);
    assert_int_equal(test_post(author, mine, "words=我没有骂人").status, 303);
    assert_int_equal(test_post(author, mine, "words=再申诉一次").status, 409);

    /* somebody else decides */
    assert_int_equal(test_post(secretary, appeal, "lift=no&words=就是骂人").status, 403);
    assert_int_equal(test_post(elsewhere, appeal, "lift=yes&words=放开").status, 403);
    assert_true(reply_has(test_get(second, "/desk/appeals"), "请文明用语"));
    assert_int_equal(test_post(second, appeal, "lift=yes&words=是误会，已恢复").status, 303);
    assert_int_equal(test_get(guest, one).status, 200);
    assert_true(is_found(guest, "canaryflagged"));
    assert_true(in_export(t, "canaryflagged"));
    assert_true(reply_has(test_get(author, "/me/measures"), "是误会，已恢复"));
    assert_int_equal(count(t, "ledger WHERE verb IN ('flagged', 'measure_taken', 'appealed', 'appeal_lifted')"), 4);
    assert_int_equal(count(t, "ledger WHERE detail LIKE '%%canary%%' OR detail LIKE '%%骂人%%'"), 0);
    adds_up(t);
}

/* Every text that it had, for who moderates the place, and for nobody else. */
static void every_text_stays_for_who_moderates(void **state)
{
    struct test_app *t = *state;
    struct browser *author = as(t, AUTHOR), *secretary = as(t, SECRETARY), *second = as(t, SECOND_CADRE),
                   *others[] = {as(t, 0),           author,       as(t, NEIGHBOUR),    as(t, WAITING), as(t, OUTSIDER),
                                as(t, OTHER_CADRE), as(t, SQUAD), as(t, ADMINISTRATOR)};
    int64_t id = send_report(author, "title=广场变菜园&body=请打canaryphone找张三&spot=canaryspot");
    const char *one = path(t, BOARD "/%lld", (long long)id), *redact = path(t, "%s/redact", one),
               *history = path(t, "/p/310113007011/history/report/%lld", (long long)id), *said;
    struct reply r;

    r = test_get(secretary, history); /* the first text, as it stands */
    assert_int_equal(r.status, 200);
    assert_false(reply_has(r, "<del>") || reply_has(r, "<ins>"));
    test_clock_add(TIME_MINUTE);
    assert_int_equal(test_post(author, redact, "title=广场变菜园&body=请打电话找张三&spot=广场").status, 303);
    assert_int_equal(test_post(author, redact, "title=广场变菜园&body=请打电话找张三&spot=广场").status,
                     303); /* the same */
    assert_int_equal(count(t, "report_version"), 1);
    test_clock_add(TIME_MINUTE);
    assert_int_equal(test_post(author, redact, "title=广场又变菜园&body=请打电话&spot=广场").status, 303);
    assert_int_equal(count(t, "report_version"), 2);

    r = test_get(secretary, history);
    assert_true(reply_has(r, "</span>canaryphone</del>") && reply_has(r, "</span>电话</ins>"));
    assert_true(reply_has(r, "</span>又</ins>") && reply_has(r, "</span>找张三</del>") && reply_has(r, "canaryspot"));
    assert_true(reply_has(r, "周女士") && reply_has(r, "第 3 版"));
    r = test_get_json(second, history);
    assert_true(str_eq(reply_json(t, r, "steps.0.version"), STR("3")));
    assert_true(str_eq(reply_json(t, r, "steps.0.what"), STR("changed")));
    assert_true(str_eq(reply_json(t, r, "steps.2.what"), STR("written")));
    assert_true(str_eq(reply_json(t, r, "steps.2.body.parts.0.text"), STR("请打canaryphone找张三")));
    assert_true(reply_has(test_get(secretary, one), history));
    assert_true(reply_has(test_get(secretary, path(t, "/desk/report/310113007011/%lld", (long long)id)), history));

    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        r = test_get(others[i], history);
        assert_true(i == 0 ? r.status == 303 || r.status == 401 : r.status == 403);
        assert_true(i == 0 || test_get(others[i], "/p/310113007011/history/report/77").status == 403); /* no hint */
        assert_false(reply_has(r, "canary") || reply_has(test_get_json(others[i], history), "canary"));
        assert_false(reply_has(test_get(others[i], one), "/history/"));
        nowhere(others[i], id, "canaryphone");
        nowhere(others[i], id, "canaryspot");
        assert_false(reply_has(test_get_json(others[i], "/me/data"), "canary"));
        assert_false(is_found(others[i], "canaryphone"));
    }
    assert_false(is_found(secretary, "canaryphone"));
    assert_false(in_export(t, "canaryphone"));
    assert_int_equal(test_get(secretary, "/p/310113007011/history/report/77").status, 404);
    assert_int_equal(test_get(secretary, path(t, "/p/310113007011/history/nothing/%lld", (long long)id)).status, 404);
    assert_int_equal(test_get(as(t, OTHER_CADRE), path(t, "/p/310113007012/history/report/%lld", (long long)id)).status,
                     404); /* at their own place there is no such thing */
    assert_int_equal(count(t, "ledger WHERE detail LIKE '%%canary%%'"), 0);

    /* what was done with it, by whom and why */
    test_clock_add(TIME_MINUTE);
    said = path(t, "/desk/report/310113007011/%lld/hide", (long long)id);
    assert_int_equal(test_post(secretary, said, "hidden=1&reason=先看看").status, 303);
    test_clock_add(TIME_MINUTE);
    assert_int_equal(test_post(second, said, "hidden=0&reason=没事").status, 303);
    r = test_get_json(secretary, history);
    assert_true(str_eq(reply_json(t, r, "steps.0.what"), STR("shown")));
    assert_true(str_eq(reply_json(t, r, "steps.0.by"), STR("陈干部")));
    assert_true(str_eq(reply_json(t, r, "steps.1.what"), STR("hidden")));
    assert_true(str_eq(reply_json(t, r, "steps.1.reason"), STR("先看看")));

    /* a comment has one text, and what was done with it */
    assert_int_equal(test_post(as(t, NEIGHBOUR), path(t, "%s/comment", one), "body=canarycomment").status, 303);
    said = path(t, "/p/310113007011/history/report_comment/%lld", newest(t, "report_comment"));
    assert_true(reply_has(test_get(secretary, one), said));
    assert_true(reply_has(test_get(secretary, said), "canarycomment"));
    assert_int_equal(test_get(as(t, NEIGHBOUR), said).status, 403);

    /* whoever closes the account is not named there either */
    test_sql(&t->db, "UPDATE person SET shown_name = '', state = 'closed' WHERE id = %d", AUTHOR);
    assert_false(reply_has(test_get(secretary, history), "周女士"));
}

/* A word that is masked is stored masked, and stays so in what was; what is held back says so. */
static void masked_words_stay_masked_in_what_was(void **state)
{
    struct test_app *t = *state;
    struct browser *author = as(t, AUTHOR);
    const char *history;
    struct reply r;
    int64_t id;

    watch(t, "骗子", "mask");
    watch(t, "集资", "review");
    id = send_report(author, "title=门口有骗子&body=他要集资&spot=门口");
    history = path(t, "/p/310113007011/history/report/%lld", (long long)id);
    assert_int_equal(
        test_post(author, path(t, BOARD "/%lld/redact", (long long)id), "title=门口有人&body=要钱&spot=门口").status,
        303);
    r = test_get(as(t, SECRETARY), history);
    assert_true(reply_has(r, "＊＊") && reply_has(r, "他要集资"));
    assert_false(reply_has(r, "骗子"));
    assert_true(reply_has(r, str_cstr(t->arena, text(LANG_ZH_CN, T_moderation_did_held))));
    assert_true(reply_has(test_get(as(t, SECRETARY), case_path(t, "")), history));
    assert_int_equal(test_get(as(t, NEIGHBOUR), history).status, 403);
}

/* What is void stays unfound, though moderation has nothing against it any more. */
static enum result step_void(struct db *db, const struct world_step *s)
{
    return report_void(db, &s->actor, HERE, s->report, s->words);
}
static enum result step_show(struct db *db, const struct world_step *s)
{
    return report_hide(db, &s->actor, HERE, s->report, false, STR_NONE);
}

static void shown_again_is_not_found_again_when_void(void **state)
{
    struct test_app *t = *state;
    int64_t id = send_report(as(t, AUTHOR), "title=canaryvoid&spot=广场");

    world_do(t, step_hide, id, "先收起");
    world_do(t, step_void, id, "不是真的");
    world_do(t, step_show, id, "");
    assert_false(is_found(as(t, NEIGHBOUR), "canaryvoid"));
}

/* ---- mutes ------------------------------------------------------------------------------------------------------------------ */

static void a_mute_ends(void **state)
{
    struct test_app *t = *state;
    int64_t id = send_report(as(t, AUTHOR), "title=吵架&spot=广场");
    const char *one = path(t, BOARD "/%lld", (long long)id), *comment = path(t, "%s/comment", one);
    struct reply r;

    assert_int_equal(test_post(as(t, NEIGHBOUR), comment, "body=骂人的话").status, 303);
    assert_int_equal(test_post(as(t, AUTHOR),
                               path(t, "/p/310113007011/flag/report_comment/%lld", newest(t, "report_comment")),
                               "reason=insult")
                         .status,
                     303);
    assert_int_equal(test_post(as(t, SECRETARY), case_path(t, "/mute"), "days=3&why=请冷静几天").status, 303);
    r = test_post(as(t, NEIGHBOUR), comment, "body=内容不能丢");
    assert_int_equal(r.status, 422);
    assert_true(reply_has(r, "2026年3月19日") && reply_has(r, "10:00")); /* until when */
    assert_true(reply_has(r, "请冷静几天") && reply_has(r, "内容不能丢"));
    assert_int_equal(count(t, "report_comment"), 1);
    /* taps are no words, others are not meant, and a gas leak is reported by whoever smells it */
    assert_int_equal(test_post(as(t, NEIGHBOUR), path(t, "%s/thumb", one), "on=1").status, 303);
    assert_int_equal(test_post(as(t, AUTHOR), comment, "body=我说一句").status, 303);
    (void)send_report(as(t, NEIGHBOUR), "title=3号楼漏煤气&spot=3号楼");
    test_clock_add(3 * TIME_DAY - TIME_MINUTE);
    assert_int_equal(test_post(as(t, NEIGHBOUR), comment, "body=还是不行").status, 422);
    test_clock_add(2 * TIME_MINUTE);
    assert_int_equal(test_post(as(t, NEIGHBOUR), comment, "body=冷静了").status, 303);
}

int main(int argc, char **argv)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_world, close_world)
    const struct CMUnitTest tests[] = {
        TEST(a_blocked_word_is_refused),
        TEST(a_masked_word_is_stored_masked),
        TEST(a_warning_asks_once),
        TEST(a_held_report_waits_for_staff),
        TEST(a_held_comment_waits_for_staff),
        TEST(the_last_words_are_looked_at_too),
        TEST(the_heir_answers_for_what_stays),
        cmocka_unit_test(an_heir_reads_and_decides_only),
        TEST(from_flag_to_answer),
        TEST(every_text_stays_for_who_moderates),
        TEST(masked_words_stay_masked_in_what_was),
        TEST(shown_again_is_not_found_again_when_void),
        TEST(a_mute_ends),
    };

    WORLD_MAIN(argc, argv);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
