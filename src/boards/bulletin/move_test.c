/* move_test.c: what must be read when communities are founded, merge and split: nobody is forgotten, nobody is counted twice. */
#include "boards/bulletin/bulletin_world_test.h"
#include "civic/home/lane_test.h"
#include "civic/person/person.h"

#define NEW INT64_C(310113007150)

static const struct ledger_listener *const listeners[] = {&statistics_listener, &entry_listener, &bulletin_listener};
static const struct place_mover *const movers[] = {&person_mover, &entry_mover, &bulletin_mover};

static int setup(void **state)
{
    int r = bulletin_setup(state);

    ledger_listen(listeners, 3);
    place_move_with(movers, 3);
    return r;
}

static int teardown(void **state)
{
    place_move_with(NULL, 0);
    return bulletin_teardown(state);
}

static enum result found(struct db *db, void *arg)
{
    (void)arg;
    return place_found(db, NEW, STR("新建居委会"), time_now(), 0);
}

struct change {
    int64_t from, to;
    const char *name;
};
static enum result succeed(struct db *db, void *arg)
{
    const struct change *c = arg;
    const struct place_new to[] = {{c->to, str_from_cstr(c->name)}};
    const struct place_change change = {.from = &c->from, .n_from = 1, .to = to, .n_to = 1, .at = time_now()};

    return place_succeed(db, &change);
}

static const char *must_read_for(const char *places)
{
    const char *const fields[] = {
        "title", "街道体检", "body", "内容", "weight", "must_read", "then", "send", places ? "places" : NULL,
        places,  NULL};
    struct reply r = test_upload(lane_browser(lane.officer), STREET_NEWS "/new", fields, NULL, 0);

    assert_int_equal(r.status, 303);
    return str_cstr(t->arena, r.location);
}

static long long reach(const char *column, int64_t community, const char *one)
{
    return test_sql_int(&t->db, "SELECT COALESCE(SUM(%s), 0) FROM bulletin_reach WHERE community = %lld AND entry = %s",
                        column, (long long)community, strrchr(one, '/') + 1);
}

static enum result recount(struct db *db, void *arg)
{
    static const int64_t all[] = {HERE, THERE, NEW};
    enum result r = OK;

    for (size_t i = 0; r == OK && i < 3; i++) {
        int64_t bad = 0;

        r = bulletin_recount(db, all[i], &bad);
        if (bad)
            *(int64_t *)arg = bad;
    }
    return r;
}
static void counts_are_right(void)
{
    int64_t bad = 0;

    test_write(t, recount, &bad);
    assert_int_equal(bad, 0);
}

static void founded_later(void **state)
{
    const char *all = must_read_for(NULL), *some = must_read_for("310113007011"), *over = must_read_for(NULL);
    (void)state;

    assert_int_equal(act(lane_browser(lane.officer), over, "withdraw", "x").status, 303);
    tell_all();
    test_write(t, found, NULL);
    /* what is for the whole street is for it too; what is for others, or over, is not */
    assert_int_equal(reach("is_open", NEW, all), 1);
    assert_int_equal(reach("1", NEW, some), 0);
    assert_int_equal(reach("is_open", NEW, over), 0);
    assert_true(reply_has(test_get(lane_browser(0), path("/p/%lld/bulletin/news", (long long)NEW)), "街道体检"));
    /* and is counted there once people live in it */
    struct change c = {.from = THERE, .to = NEW, .name = ""};
    test_write(t, succeed, &c);
    assert_true(reply_has(test_get(lane_browser(near_resident), path("/p/%lld", (long long)NEW)), "街道体检"));
    assert_int_equal(test_post(lane_browser(near_resident), path("%s/read", all), "").status, 303);
    assert_int_equal(reach("households", NEW, all), 1);
    assert_int_equal(reach("people", NEW, all), 1);
    counts_are_right();
}

static void receipts_follow_a_merger(void **state)
{
    const char *all = must_read_for(NULL), *own = must_read(lane_browser(lane.cadre), NEWS, "本居的");
    struct change c = {.from = HERE, .to = THERE, .name = ""};
    (void)state;

    /* two of one household, one of the next: two households, three receipts */
    assert_int_equal(test_post(lane_browser(lane.resident), path("%s/read", all), "").status, 303);
    assert_int_equal(test_post(lane_browser(partner), path("%s/read", all), "").status, 303);
    assert_int_equal(test_post(lane_browser(neighbour), path("%s/read", all), "").status, 303);
    assert_int_equal(test_post(lane_browser(near_resident), path("%s/read", all), "").status, 303);
    assert_int_equal(test_post(lane_browser(lane.resident), path("%s/read", own), "").status, 303);
    assert_int_equal(reach("households", HERE, all), 2);
    assert_int_equal(reach("households", THERE, all), 1);
    test_write(t, succeed, &c);
    assert_int_equal(reach("households", HERE, all), 0);
    assert_int_equal(reach("people", HERE, all), 0);
    assert_int_equal(reach("households", THERE, all), 3);
    assert_int_equal(reach("people", THERE, all), 4);
    counts_are_right();
    /* nobody is asked again for what they have read, and reading once more counts nothing */
    assert_false(
        reply_has(test_get(lane_browser(lane.resident), "/p/310113007012"), "街道体检</span><span class=\"badge"));
    assert_int_equal(test_post(lane_browser(lane.resident), path("%s/read", all), "").status, 303);
    assert_int_equal(reach("people", THERE, all), 4);
    /* what the old committee asked for itself is asked for where it works now, once */
    assert_int_equal(reach("1", HERE, own), 0);
    assert_int_equal(reach("is_open", THERE, own), 1);
    assert_int_equal(reach("households", THERE, own), 1);
    lane_leads(lane_browser(lane.resident), own, THERE);
    assert_int_equal(test_post(lane_browser(neighbour), path("%s/read", lane_at(THERE, own)), "").status, 303);
    assert_int_equal(reach("households", THERE, own), 2);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM ledger WHERE verb = 'receipts_moved'"), 2);
    counts_are_right();
}

/* A notice that named the old community alone is for its successor now, and nobody has to say again that they have read it. */
static void named_by_its_old_name(void **state)
{
    const char *some = must_read_for("310113007011");
    struct change c = {.from = HERE, .to = THERE, .name = ""};
    (void)state;

    assert_int_equal(test_post(lane_browser(lane.resident), path("%s/read", some), "").status, 303);
    assert_int_equal(reach("1", THERE, some), 0);
    test_write(t, succeed, &c);
    assert_int_equal(reach("is_open", THERE, some), 1);
    assert_int_equal(reach("households", THERE, some), 1);
    assert_int_equal(reach("households", HERE, some), 0);
    assert_int_equal(test_post(lane_browser(neighbour), path("%s/read", some), "").status, 303);
    assert_int_equal(reach("households", THERE, some), 2);
    counts_are_right();
}

/* The old number ends and a new one takes over: founded and moved in at once. */
static void a_new_number(void **state)
{
    const char *all = must_read_for(NULL);
    struct change c = {.from = HERE, .to = NEW, .name = "新建居委会"};
    (void)state;

    assert_int_equal(test_post(lane_browser(lane.resident), path("%s/read", all), "").status, 303);
    test_write(t, succeed, &c);
    assert_int_equal(reach("households", NEW, all), 1);
    assert_int_equal(reach("people", NEW, all), 1);
    assert_int_equal(reach("households", HERE, all), 0);
    assert_int_equal(test_post(lane_browser(neighbour), path("%s/read", all), "").status, 303);
    assert_int_equal(reach("households", NEW, all), 2);
    counts_are_right();
}

/* It stands among what is important today. */
static bool waits_for(struct browser *b, int64_t community, const char *title)
{
    return reply_has(test_get(b, path("/p/%lld", (long long)community)), path("%s</span><span class=\"badge", title));
}

/* An heir that was there already: what the ended committee asked is asked of those who came from it, counted over their households, and of nobody else,
 * also when the heir ends in its turn. */
static void asked_of_those_who_came(void **state)
{
    struct browser *cadre = lane_browser(lane.cadre), *zhou = lane_browser(lane.resident),
                   *next = lane_browser(neighbour), *near = lane_browser(near_resident);
    const char *own = must_read(cadre, NEWS, "停水两天"), *some = must_read_for("310113007011"), *desk, *moved;
    struct change c = {.from = HERE, .to = THERE, .name = ""}, on = {.from = THERE, .to = NEW, .name = "新建居委会"};
    struct reply r;
    (void)state;

    assert_int_equal(test_post(zhou, path("%s/read", own), "").status, 303);
    tell_all();
    test_sql(&t->db, "DELETE FROM notification");
    test_write(t, succeed, &c);
    moved = lane_at(THERE, own);
    for (int i = 0; i < 2; i++) { /* its own notice, and one of the street that named it */
        const char *title = i ? "街道体检" : "停水两天", *at = i ? some : moved;

        assert_true(waits_for(next, THERE, title));
        assert_false(waits_for(near, THERE, title));
        r = test_get(near, at); /* may be read, and asks for nothing */
        assert_true(r.status == 200 && reply_has(r, title));
        assert_false(reply_has(r, path("%s/read\"", at)));
        assert_int_equal(test_post(near, path("%s/read", at), "").status, 403);
        assert_int_equal(reach("households", THERE, at), i ? 0 : 1);
    }
    assert_int_equal(
        test_sql_int(&t->db, "SELECT COUNT(*) FROM bulletin_receipt WHERE person = %lld", (long long)near_resident), 0);
    /* the share is theirs: two households of those here */
    r = test_get_json(cadre, path("%s/readers", moved));
    assert_true(str_eq(reply_json(t, r, "households"), STR("1")) && str_eq(reply_json(t, r, "of"), STR("2")));
    assert_true(str_eq(reply_json(t, r, "rows.0.share"), STR("50")));
    desk = path("/desk/bulletin/%lld/%s", (long long)THERE, strrchr(own, '/') + 1);
    r = test_get_json(cadre, desk);
    assert_true(str_eq(reply_json(t, r, "of"), STR("2")) &&
                str_eq(reply_json(t, r, "estates.0.name"), STR("海江路小区")));
    assert_true(reply_has(r, "\"some\":true"));
    assert_false(reply_has(test_get(cadre, desk), "101室")); /* no door of the others */
    r = test_get_json(cadre, "/desk/bulletin?list=reading");
    assert_true(reply_has(r, "\"of\":2"));
    /* and only they are reminded */
    test_sql(&t->db, "UPDATE bulletin_reach SET reminded_at = 0");
    assert_int_equal(test_post(cadre, path("%s/remind", desk), "").status, 303);
    tell_all();
    assert_int_equal(
        test_sql_int(&t->db, "SELECT COUNT(*) FROM notification WHERE person = %lld", (long long)near_resident), 0);
    assert_true(test_sql_int(&t->db, "SELECT COUNT(*) FROM notification WHERE person = %lld", (long long)neighbour) >
                0);
    /* the heir ends too: the same households, once more */
    test_write(t, succeed, &on);
    for (int i = 0; i < 2; i++) {
        const char *title = i ? "街道体检" : "停水两天", *at = i ? some : lane_at(NEW, own);

        assert_true(waits_for(next, NEW, title));
        assert_false(waits_for(near, NEW, title));
        assert_int_equal(test_post(near, path("%s/read", at), "").status, 403);
        assert_int_equal(test_post(next, path("%s/read", at), "").status, 303);
        assert_int_equal(reach("households", NEW, at), i ? 1 : 2);
    }
    counts_are_right();
}

static const char *account(struct browser *b, const char *board, const char *title, int64_t period)
{
    struct reply r = send(b, board, title, "send", "period", path("%lld", (long long)period));

    assert_int_equal(r.status, 303);
    return str_cstr(t->arena, r.location);
}

/* Whose accounts are whose: the heir's own stand as before, late where they are; what the other had made public stands under its former name, and what it
 * had not is nobody's debt. */
static void accounts_keep_their_name(void **state)
{
    struct browser *cadre = lane_browser(lane.cadre);
    int64_t last = bulletin_period_before(bulletin_period_of(time_now())), before = bulletin_period_before(last);
    struct change c = {.from = HERE, .to = THERE, .name = ""}, on = {.from = THERE, .to = NEW, .name = "新建居委会"};
    const char *calendar = HOME "/bulletin/open_affairs/calendar", *one;
    struct reply r, was;
    (void)state;

    bulletin_board(5, "open_affairs", "everybody", "none");
    account(cadre, HOME "/bulletin/open_affairs/new", "上季度账目", last);
    one = account(cadre, HOME "/bulletin/open_affairs/new", "再上季度账目", before);
    assert_int_equal(test_post(lane_browser(neighbour), path("%s/ask", one), "question=花了多少").status, 303);
    was = test_get_json(lane_browser(0), lane_at(THERE, calendar));
    test_write(t, succeed, &c);
    r = test_get_json(lane_browser(0), lane_at(THERE, calendar));
    for (int i = 0; i < 6; i++)
        assert_true(str_eq(reply_json(t, r, path("rows.%d.state", i)), reply_json(t, was, path("rows.%d.state", i))) &&
                    str_eq(reply_json(t, r, path("rows.%d.questions", i)), STR("0")));
    assert_true(str_eq(reply_json(t, r, "former.0.rows.0.title"), STR("上季度账目")));
    for (int i = 0; i < 2; i++) /* the later one came late, and nobody is told so by now */
        assert_true(str_eq(reply_json(t, r, path("former.0.rows.%d.state", i)), STR("accounts_public")));
    assert_true(str_eq(reply_json(t, r, "former.0.rows.1.title"), STR("再上季度账目")));
    assert_true(str_eq(reply_json(t, r, "former.0.rows.1.unanswered"), STR("1")));
    assert_true(reply_has(test_get(lane_browser(0), lane_at(THERE, calendar)), "原吴淞新城居委会的账目"));
    /* a community that was founded by the change owes nothing for the time before it */
    test_write(t, succeed, &on);
    r = test_get_json(lane_browser(0), lane_at(NEW, calendar));
    assert_true(reply_has(r, "\"rows\":[]"));
    assert_true(str_eq(reply_json(t, r, "former.0.place"), STR("310113007011")));
}

/* What the committee wrote goes where the committee goes: what is out, what is written and not out, what residents asked, pinned ones as far as there is room. */
static void what_the_committee_wrote(void **state)
{
    struct browser *cadre = lane_browser(lane.cadre), *zhou = lane_browser(lane.resident);
    const char *inside = written(cadre, INSIDE, "居民会议", "send"), *draft = written(cadre, NEWS, "还没写完", "draft");
    const char *accounts, *pinned[BULLETIN_PINNED_MAX];
    struct browser *there;
    struct reply r;
    (void)state;

    bulletin_board(5, "open_affairs", "everybody", "none");
    r = send(cadre, HOME "/bulletin/open_affairs/new", "三季度账目", "send", "period",
             path("%lld", (long long)bulletin_period_before(bulletin_period_of(time_now()))));
    assert_int_equal(r.status, 303);
    accounts = str_cstr(t->arena, r.location);
    assert_int_equal(test_post(lane_browser(neighbour), path("%s/ask", accounts), "question=楼道灯花了多少").status,
                     303);
    for (int i = 0; i < BULLETIN_PINNED_MAX; i++) {
        pinned[i] = written(cadre, NEWS, path("置顶%d", i), "send");
        assert_int_equal(act(cadre, pinned[i], "pin", "").status, 303);
    }
    test_sql(
        &t->db,
        "INSERT INTO entry (community, id, board, kind, author, organisation, author_from, dwelling, title, body, version,"
        " audience, state, listed, pinned, created_at, published_at, ends_at, comments, thumbs, photos, hidden,"
        " hidden_reason, changed_at, would_list) SELECT %lld, id + 1, board, kind, author, organisation, author_from,"
        " dwelling, '隔壁的', body, version, audience, state, listed, pinned, created_at, published_at, ends_at,"
        " comments, thumbs, photos, hidden, hidden_reason, changed_at, would_list FROM entry WHERE id = %s",
        (long long)THERE, strrchr(pinned[0], '/') + 1);
    test_sql(
        &t->db,
        "INSERT INTO bulletin (community, id, weight, publish_at, read_by, matter, period, reviewer, reviewed_at, returned,"
        " withdrawn, counted) SELECT %lld, id + 1, weight, publish_at, read_by, matter, period, reviewer, reviewed_at,"
        " returned, withdrawn, counted FROM bulletin WHERE id = %s",
        (long long)THERE, strrchr(pinned[0], '/') + 1);

    lane_merge(movers, 3);

    assert_int_equal(lane_rows_at("bulletin", HERE) + lane_rows_at("entry", HERE), 0);
    lane_leads(zhou, inside, JOINED);
    lane_leads(lane_browser(0), accounts, JOINED);
    lane_leads(lane_browser(0), path("%s/print", accounts), JOINED);
    there = lane_browser(near_resident);
    assert_true(reply_has(test_get(there, lane_at(JOINED, inside)), "居民会议"));
    assert_true(reply_has(test_get(there, lane_at(JOINED, INSIDE)), "居民会议"));
    /* the question is answered where the committee is, and counts there */
    r = test_get_json(lane_browser(0), lane_at(JOINED, HOME "/bulletin/open_affairs/calendar"));
    assert_true(str_eq(reply_json(t, r, "former.0.rows.0.unanswered"), STR("1")));
    assert_true(reply_has(test_get(cadre, "/desk/bulletin?list=questions"), "楼道灯花了多少"));
    /* a draft is the committee's still, and nobody else's */
    assert_true(reply_has(test_get(cadre, lane_at(JOINED, NEWS "?state=draft")), "还没写完"));
    assert_int_equal(test_get(there, lane_at(JOINED, draft)).status, 404);
    assert_int_equal(act(cadre, lane_at(JOINED, draft), "publish", "").status, 303);
    /* what is pinned beyond what a page shows stands in the list */
    assert_int_equal(
        test_sql_int(&t->db, "SELECT COUNT(*) FROM entry WHERE pinned = 1 AND community = %lld", (long long)JOINED),
        BULLETIN_PINNED_MAX);
    r = test_get(there, lane_at(JOINED, NEWS));
    for (int i = 0; i < BULLETIN_PINNED_MAX; i++)
        assert_true(reply_has(r, path("置顶%d", i)));
    assert_true(reply_has(r, "隔壁的"));
    counts_are_right();
    lane_adds_up(bulletin_recount);
    lane_adds_up(entry_recount);
    lane_is_whole();
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(founded_later),
        TEST(receipts_follow_a_merger),
        TEST(named_by_its_old_name),
        TEST(a_new_number),
        TEST(what_the_committee_wrote),
        TEST(asked_of_those_who_came),
        TEST(accounts_keep_their_name),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
