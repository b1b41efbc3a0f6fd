/* exchange_test.c: from the first word to the last thanks: one takes it up, the queue moves, both confirm, hours are written, what is lent comes back. */
#include "boards/exchange/exchange_world_test.h"
#include "civic/home/lane_test.h"

static void ring(int64_t ms)
{
    test_clock_add(ms);
    app_run_jobs(t->app);
}

/* Sessions end meanwhile: the browsers sign in again. */
static void ring_and_return(int64_t ms, struct browser **zhou, struct browser **a)
{
    ring(ms);
    *zhou = lane_browser(lane.resident);
    *a = lane_browser(wu);
}

/* ---- one wins -------------------------------------------------------------------------------------------------------- */

/* As ten browsers do it: each with its own form. */
static void tap(struct browser *const *b, const char *to, struct reply *ret)
{
    const struct test_request q = {.method = "POST",
                                   .path = to,
                                   .accept = "text/html",
                                   .type = "application/x-www-form-urlencoded",
                                   .site = "same-origin",
                                   .key = "tapped",
                                   .body = STR("_key=tapped")};

    test_send_each(b, &q, CROWD, ret);
}

static void ten_at_once(void **state)
{
    struct browser *zhou = lane_browser(lane.resident), *b[CROWD];
    struct reply r[CROWD];
    const char *one = made(zhou, IDLE, "give", "送一台电扇", "spot", "3号楼门口");
    int won = 0, late = 0;
    (void)state;

    for (int i = 0; i < CROWD; i++)
        b[i] = lane_browser(crowd[i]);
    tap(b, path("%s/take", one), r);
    for (int i = 0; i < CROWD; i++) {
        won += r[i].status == 303;
        if (r[i].status == 409) { /* told kindly, and offered the queue */
            late++;
            assert_true(reply_has(r[i], "慢了一步") && reply_has(r[i], path("action=\"%s/queue\"", one)));
        }
    }
    assert_int_equal(won, 1);
    assert_int_equal(late, CROWD - 1);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM exchange_turn WHERE state = 'holding'"), 1);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM ledger WHERE verb = 'taken_up'"), 1);
    assert_int_equal(told(lane.resident, "exchange.tell_taken"), 1);
    /* and ten who queue at once all stand in it, each once */
    tap(b, path("%s/queue", one), r);
    assert_int_equal(test_sql_int(&t->db, "SELECT queue FROM exchange"), CROWD - 1);
    all_adds_up();
    /* for a program it is a conflict */
    test_sql(&t->db, "DELETE FROM exchange_turn WHERE person = %lld", (long long)wu);
    assert_int_equal(test_post_json(lane_browser(wu), path("%s/take", one), "{}").status, 409);
}

/* ---- the queue ------------------------------------------------------------------------------------------------------- */

static void the_queue_moves(void **state)
{
    struct browser *zhou = lane_browser(lane.resident), *a = lane_browser(wu), *b = lane_browser(crowd[0]),
                   *c = lane_browser(crowd[1]), *d = lane_browser(crowd[2]);
    const char *one = made(zhou, IDLE, "sell", "童车", "price", "80");
    (void)state;

    assert_int_equal(act(b, one, "queue", ""), 409);   /* nobody has it: take it */
    assert_int_equal(act(zhou, one, "take", ""), 403); /* not one's own */
    assert_int_equal(act(a, one, "take", ""), 303);
    assert_int_equal(act(a, one, "take", ""), 303); /* tapped twice */
    assert_int_equal(act(a, one, "queue", ""), 409);
    assert_int_equal(act(zhou, one, "queue", ""), 403);
    assert_int_equal(act(b, one, "queue", ""), 303);
    assert_int_equal(act(b, one, "queue", ""), 409);
    assert_int_equal(act(c, one, "queue", ""), 303);
    assert_int_equal(act(d, one, "queue", ""), 303);
    assert_true(reply_has(test_get(c, one), "您排在第 2 位"));
    assert_true(reply_has(test_get(lane_browser(crowd[3]), one), "<dd>3 人</dd>"));
    all_adds_up();

    /* gives it back: the next is asked, with an end */
    assert_int_equal(act(a, one, "leave", ""), 303);
    assert_int_equal(told(crowd[0], "exchange.tell_asked"), 1);
    assert_true(reply_has(test_get(b, HOME), "轮到您了")); /* on the home page too */
    assert_true(reply_has(test_get(b, one), "还要吗"));
    assert_int_equal(act(c, one, "answer", "yes=1"), 409); /* not c's turn */
    assert_int_equal(act(lane_browser(crowd[4]), one, "answer", "yes=1"), 403);
    assert_int_equal(act(b, one, "answer", "yes=0"), 303); /* declined: moves on */
    assert_int_equal(told(crowd[1], "exchange.tell_asked"), 1);
    all_adds_up();
    ring(19 * TIME_HOUR); /* reminded */
    ring(6 * TIME_HOUR);  /* expired: moves on */
    zhou = lane_browser(lane.resident);
    c = lane_browser(crowd[1]);
    d = lane_browser(crowd[2]);
    assert_int_equal(told(crowd[1], "exchange.tell_turn_over"), 1);
    assert_int_equal(told(crowd[2], "exchange.tell_asked"), 1);
    assert_int_equal(act(c, one, "answer", "yes=1"), 409); /* over, and out of it: c may take it or queue again */
    assert_int_equal(act(d, one, "answer", "yes=1"), 303);
    all_adds_up();
    /* the author wants somebody else; nobody waits: it is open again */
    assert_int_equal(act(d, one, "release", ""), 403);
    assert_int_equal(act(zhou, one, "release", ""), 303);
    assert_int_equal(told(crowd[2], "exchange.tell_released"), 1);
    assert_true(reply_has(test_get(c, one), "action=\"" HOME "/exchange") && reply_has(test_get(c, one), "/take\""));
    /* holds it for ever: passed on */
    assert_int_equal(act(c, one, "take", ""), 303);
    ring(8 * TIME_DAY);
    assert_int_equal(told(crowd[1], "exchange.tell_handing_soon"), 1);
    ring(8 * TIME_DAY);
    assert_int_equal(told(crowd[1], "exchange.tell_handing_over"), 1);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM entry WHERE state = 'open' AND listed = 1"), 1);
    all_adds_up();
}

/* ---- both confirm, hours ---------------------------------------------------------------------------------------------- */

static int64_t sum(const char *what, int64_t person)
{
    return test_sql_int(&t->db, "SELECT COALESCE(SUM(%s), 0) FROM hours_sum WHERE person = %lld", what,
                        (long long)person);
}

static void help_is_written_down(void **state)
{
    struct browser *zhou = lane_browser(lane.resident), *a = lane_browser(wu), *b = lane_browser(crowd[0]);
    const char *one = made(zhou, HELP, "ask", "请人帮忙搬个柜子", "minutes", "60");
    (void)state;

    assert_int_equal(act(a, one, "take", ""), 303);
    assert_int_equal(act(b, one, "queue", ""), 303);
    assert_int_equal(act(b, one, "confirm", "minutes=60"), 403); /* waits in the queue only */
    assert_int_equal(act(lane_browser(crowd[1]), one, "confirm", "minutes=60"), 403);
    assert_int_equal(act(a, one, "confirm", ""), 422);
    assert_int_equal(act(a, one, "confirm", "minutes=7000"), 422);
    assert_int_equal(act(a, one, "confirm", "minutes=-3"), 422);
    assert_int_equal(act(a, one, "confirm", "minutes=120"), 303);
    assert_int_equal(act(a, one, "confirm", "minutes=120"), 409); /* now it is for the other */
    assert_int_equal(sum("given", wu), 0);
    assert_int_equal(told(lane.resident, "exchange.tell_confirm"), 1);
    assert_true(reply_has(test_get(zhou, one), "120 分钟"));
    /* another number is a question back */
    assert_int_equal(act(zhou, one, "confirm", "minutes=90"), 303);
    assert_int_equal(told(wu, "exchange.tell_minutes"), 1);
    assert_int_equal(sum("given", wu), 0);
    assert_int_equal(act(a, one, "confirm", "minutes=90"), 303);
    assert_int_equal(sum("given", wu), 90);
    assert_int_equal(sum("received", lane.resident), 90);
    assert_int_equal(told(crowd[0], "exchange.tell_gone"), 1);
    assert_true(reply_has(test_get(a, HOME "/hours"), "邻里互助"));
    assert_int_equal(test_get(b, one).status, 404); /* done: out of the lists, there for the two */
    assert_int_equal(test_get(a, one).status, 200);
    all_adds_up();
    /* thanks, once each; those that are meant for all name the writer alone */
    assert_int_equal(act(a, one, "thank", "thanks=不客气"), 303);
    assert_int_equal(act(a, one, "thank", "thanks=再来一次"), 409);
    assert_int_equal(act(zhou, one, "thank", "thanks=多亏您&shown=1"), 303);
    assert_true(reply_has(test_get(a, one), "多亏您"));
    assert_int_equal(act(b, one, "thank", "thanks=x"), 404);
    /* the recount sees a line that was changed */
    test_sql(&t->db, "UPDATE exchange_turn SET minutes = 91 WHERE state = 'done'");
    int64_t bad[3] = {0};
    test_write(t, exchange_count_again, bad);
    assert_true(bad[0] != 0);
}

static void silence_is_a_yes_without_hours(void **state)
{
    struct browser *zhou = lane_browser(lane.resident), *a = lane_browser(wu);
    const char *one = made(zhou, HELP, "offer", "会修自行车", "minutes", "30");
    (void)state;

    assert_int_equal(act(a, one, "take", ""), 303);
    assert_int_equal(act(zhou, one, "confirm", "minutes=30"), 303);
    assert_int_equal(act(a, one, "deny", "why="), 422);
    assert_int_equal(act(a, one, "deny", "why=还没来呢"), 303);
    assert_true(reply_has(test_get(zhou, one), "还没来呢"));
    assert_int_equal(act(zhou, one, "confirm", "minutes=30"), 303);
    ring(4 * TIME_DAY);
    assert_int_equal(told(wu, "exchange.tell_confirm"), 1); /* bundled: reminded of the same */
    ring_and_return(5 * TIME_DAY, &zhou, &a);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM entry WHERE state = 'done'"), 1);
    assert_int_equal(sum("given", lane.resident), 0); /* one of the two has said nothing */
    all_adds_up();
    /* what is offered can be offered anew, and the hours of each time count */
    assert_int_equal(act(a, one, "again", ""), 403);
    assert_int_equal(act(zhou, one, "again", ""), 303);
    assert_int_equal(act(a, one, "take", ""), 303);
    assert_int_equal(act(a, one, "confirm", "minutes=45"), 303);
    assert_int_equal(act(zhou, one, "confirm", "minutes=45"), 303);
    assert_int_equal(sum("given", lane.resident), 45); /* who offered it has helped */
    assert_int_equal(sum("received", wu), 45);
    all_adds_up();
}

/* ---- lent --------------------------------------------------------------------------------------------------------------- */

static void what_is_lent_comes_back(void **state)
{
    struct browser *zhou = lane_browser(lane.resident), *a = lane_browser(wu), *b = lane_browser(crowd[0]);
    const char *one = made(zhou, IDLE, "lend", "电钻", "days", "7");
    char day[16];
    struct civil c;
    (void)state;

    assert_int_equal(act(a, one, "take", ""), 303);
    assert_int_equal(act(a, one, "back", ""), 409);
    assert_int_equal(act(zhou, one, "confirm", ""), 303);
    assert_int_equal(act(a, one, "confirm", ""), 303);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM entry WHERE state = 'lent'"), 1);
    assert_true(reply_has(test_get(a, HOME "/exchanges?list=return"), "电钻"));
    assert_true(reply_has(test_get(zhou, HOME "/exchanges?list=return"), "电钻"));
    assert_int_equal(act(b, one, "queue", ""), 303);
    assert_int_equal(act(a, one, "leave", ""), 409); /* it is brought back, not left */
    ring_and_return(6 * TIME_DAY + 22 * TIME_HOUR, &zhou, &a);
    assert_int_equal(told(wu, "exchange.tell_return_soon"), 1);
    assert_true(reply_has(test_get(a, HOME), "快到归还的日子"));
    ring_and_return(2 * TIME_DAY, &zhou, &a);
    assert_int_equal(told(wu, "exchange.tell_return_late"), 1);
    assert_int_equal(told(lane.resident, "exchange.tell_return_late_yours"), 1);
    assert_true(reply_has(test_get(zhou, HOME "/exchanges?list=return"), "过了归还日子"));
    test_sql(&t->db, "UPDATE notification SET read_at = 1 WHERE read_at = 0");
    ring_and_return(4 * TIME_DAY, &zhou, &a); /* and again, as long as it is not back */
    assert_int_equal(told(wu, "exchange.tell_return_late"), 2);
    /* later, by the lender's word */
    c = time_civil(time_now() + 3 * TIME_DAY);
    snprintf(day, sizeof day, "%04d-%02d-%02d", c.year, c.month, c.day);
    assert_int_equal(act(a, one, "extend", path("day=%s", day)), 403);
    assert_int_equal(act(zhou, one, "extend", "day=2020-01-01"), 422);
    assert_int_equal(act(zhou, one, "extend", path("day=%s", day)), 303);
    assert_false(reply_has(test_get(a, one), "过了归还日子"));
    /* brought back; the lender does not find it; then does, and the next in the queue is asked */
    assert_int_equal(act(a, one, "back", ""), 303);
    assert_int_equal(told(lane.resident, "exchange.tell_returned"), 1);
    assert_int_equal(act(zhou, one, "deny", "why=没看到"), 303);
    assert_int_equal(act(a, one, "back", ""), 303);
    assert_int_equal(act(zhou, one, "back", ""), 303);
    assert_int_equal(told(crowd[0], "exchange.tell_asked"), 1);
    assert_int_equal(told(wu, "exchange.tell_back"), 1);
    all_adds_up();
    assert_int_equal(test_get(a, one).status, 200); /* the one who had it before sees it still */
    assert_true(reply_has(test_get(a, HOME "/exchanges?list=taken"), "已完成"));
}

/* ---- over ---------------------------------------------------------------------------------------------------------------- */

static void withdrawn_and_expired(void **state)
{
    struct browser *zhou = lane_browser(lane.resident), *a = lane_browser(wu), *b = lane_browser(crowd[0]);
    const char *one = made(zhou, IDLE, "give", "一箱旧书", "until", "7"),
               *two = made(zhou, IDLE, "swap", "换两盆花", "until", "7");
    (void)state;

    assert_int_equal(act(a, one, "take", ""), 303);
    assert_int_equal(act(b, one, "queue", ""), 303);
    assert_int_equal(act(zhou, one, "withdraw", ""), 303);
    assert_int_equal(told(wu, "exchange.tell_withdrawn"), 1);
    assert_int_equal(told(crowd[0], "exchange.tell_withdrawn"), 1);
    assert_int_equal(test_get(a, one).status, 404);
    assert_int_equal(act(zhou, one, "withdraw", ""), 409);
    assert_int_equal(act(zhou, one, "again", ""), 409);
    all_adds_up();
    ring_and_return(9 * TIME_DAY, &zhou, &a);
    assert_int_equal(told(lane.resident, "exchange.tell_expired"), 1);
    assert_int_equal(test_get(a, two).status, 404);
    assert_false(reply_has(test_get(a, IDLE), "换两盆花"));
    assert_int_equal(act(zhou, two, "again", ""), 303);
    assert_true(reply_has(test_get(a, IDLE), "换两盆花"));
    all_adds_up();
}

static void wishes_are_looked_at_first(void **state)
{
    struct browser *zhou = lane_browser(lane.resident), *a = lane_browser(wu), *cadre = lane_browser(lane.cadre);
    const char *one = made(zhou, WISH, "wish", "想要一本大字字典", "spot", "3号楼"),
               *two = made(zhou, WISH, "wish", "想要一部手机", "spot", "3号楼");
    (void)state;

    assert_false(reply_has(test_get(a, WISH), "大字字典"));
    assert_int_equal(test_get(a, one).status, 404);
    assert_int_equal(act(a, one, "take", ""), 404);
    assert_true(reply_has(test_get(cadre, WISH "?state=waiting"), "大字字典"));
    assert_int_equal(act(zhou, one, "review", "accept=yes"), 403);
    assert_int_equal(act(cadre, one, "review", "accept=no"), 422);
    assert_int_equal(act(cadre, one, "review", "accept=yes"), 303);
    assert_int_equal(act(cadre, two, "review", "accept=no&reason=太贵重了"), 303);
    assert_int_equal(told(lane.resident, "exchange.tell_declined"), 1);
    assert_int_equal(act(cadre, two, "review", "accept=yes"), 409);
    assert_int_equal(act(a, one, "take", ""), 303);
    assert_int_equal(act(a, one, "confirm", "minutes=0"), 303);
    assert_int_equal(act(zhou, one, "confirm", "minutes=0"), 303);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM hours"), 0); /* 0: not written down */
    all_adds_up();
}

/* ---- what is typed -------------------------------------------------------------------------------------------------------- */

static void sanity(void **state)
{
    struct browser *zhou = lane_browser(lane.resident);
    static const struct {
        const char *board, *sort, *title, *name, *value;
        int status;
    } tries[] = {
        {IDLE, "sell", "沙发", "price", "", 422},
        {IDLE, "sell", "沙发", "price", "很便宜", 422},
        {IDLE, "sell", "沙发", "price", "0", 422},
        {IDLE, "sell", "沙发", "price", "-5", 422},
        {IDLE, "sell", "沙发", "price", "5000.01", 422},
        {IDLE, "sell", "沙发", "price", "19.999", 422},
        {IDLE, "sell", "沙发", "price", "99999999999999999999", 422},
        {IDLE, "sell", "沙发", "price", "19.9", 303},
        {IDLE, "lend", "梯子", "spot", "x", 422},
        {IDLE, "lend", "梯子", "days", "0", 422},
        {IDLE, "lend", "梯子", "days", "91", 422},
        {IDLE, "lend", "梯子", "days", "90", 303},
        {IDLE, "ask", "帮忙", "spot", "x", 422},
        {HELP, "give", "送东西", "spot", "x", 422},
        {HELP, "steal", "东西", "spot", "x", 422},
        {HELP, "ask", "", "spot", "x", 422},
        {HELP, "ask", "帮忙", "minutes", "721", 422},
        {HELP, "ask", "帮忙", "until", "61", 422},
        {HELP, "ask", "帮忙", "minutes", "720", 303},
        {IDLE, "give", "送电话13800138000", "spot", "x", 422},
        {IDLE, "give", "水壶", "spot", "打13800138000", 422},
        {IDLE, "give", "送两条香烟", "spot", "x", 422},   /* asked about */
        {IDLE, "give", "送一把弹簧刀", "spot", "x", 422}, /* refused */
        {IDLE, "sell", "弹 簧 刀", "price", "5", 422},
    };
    struct reply r;
    int64_t fen;
    (void)state;

    for (size_t i = 0; i < sizeof(tries) / sizeof(tries[0]); i++) {
        r = put_up(zhou, tries[i].board, tries[i].sort, tries[i].title, tries[i].name, tries[i].value);
        if (r.status != tries[i].status)
            fail_msg("%s %s %s=%s: %d", tries[i].sort, tries[i].title, tries[i].name, tries[i].value, r.status);
        if (r.status == 422 && tries[i].title[0])
            assert_true(reply_has(r, "error-summary") || reply_has(r, "class=\"errors\"") ||
                        reply_has(r, "role=\"alert\""));
    }
    assert_int_equal(test_sql_int(&t->db, "SELECT MAX(price) FROM exchange"), 1990);
    assert_int_equal(test_sql_int(&t->db, "SELECT COUNT(*) FROM entry"), 3);
    assert_true(reply_has(put_up(zhou, IDLE, "give", "送两条香烟", "spot", "x"), "烟、药"));
    assert_int_equal(exchange_price_parse(STR(" ￥1,200.50 元"), &fen), OK);
    assert_int_equal(fen, 120050);
    assert_int_equal(exchange_price_parse(STR("1."), &fen), E_INVALID);
    assert_int_equal(exchange_price_parse(STR(".5"), &fen), E_INVALID);
    assert_int_equal(exchange_price_parse(STR("1e3"), &fen), E_INVALID);
}

/* Meant like that: the same words once more, with what stands for the question. */
static void asked_about_goods_once(void **state)
{
    struct browser *zhou = lane_browser(lane.resident);
    struct reply r = put_up(zhou, IDLE, "give", "香烟盒子做的画", "spot", "x");
    const char *at, *mark = "name=\"_sure\" value=\"";
    char sure[80] = "";
    (void)state;

    assert_int_equal(r.status, 422);
    at = strstr(str_cstr(t->arena, r.body), mark);
    assert_non_null(at);
    snprintf(sure, sizeof sure, "%.*s", (int)strcspn(at + strlen(mark), "\""), at + strlen(mark));
    r = put_up(zhou, IDLE, "give", "香烟盒子做的画", "_sure", sure);
    assert_int_equal(r.status, 303);
}

static void changed_while_nobody_has_it(void **state)
{
    struct browser *zhou = lane_browser(lane.resident), *a = lane_browser(wu);
    const char *one = made(zhou, IDLE, "sell", "书桌", "price", "100");
    const char *const cheaper[] = {"sort", "sell", "title", "书桌", "price", "60", "version", "1", NULL};
    const char *const other[] = {"sort", "give", "title", "书桌", "version", "2", NULL};
    (void)state;

    assert_true(reply_has(test_get(zhou, path("%s/edit", one)), "value=\"100\""));
    assert_int_equal(test_get(a, path("%s/edit", one)).status, 403);
    assert_int_equal(test_upload(zhou, path("%s/edit", one), cheaper, NULL, 0).status, 303);
    assert_int_equal(test_upload(zhou, path("%s/edit", one), cheaper, NULL, 0).status, 409); /* on top of an old text */
    assert_int_equal(test_upload(zhou, path("%s/edit", one), other, NULL, 0).status, 422);
    assert_true(reply_has(test_get(a, IDLE), "60 元"));
    assert_int_equal(act(a, one, "take", ""), 303);
    assert_int_equal(test_upload(zhou, path("%s/edit", one), cheaper, NULL, 0).status, 409);
}

/* What the phone's ＋ opens: what the boards of the place allow this person, and a hint for whoever may do nothing yet. */
static void what_one_may_begin(void **state)
{
    struct reply r = test_get(lane_browser(lane.resident), HOME);
    (void)state;

    assert_true(reply_has(r, "class=\"tab-plus\" href=\"" HOME "/write\""));
    r = test_get(lane_browser(lane.resident), HOME "/write");
    assert_int_equal(r.status, 200);
    assert_true(reply_has(r, "请人帮忙") && reply_has(r, "我能帮忙") && reply_has(r, "送东西") &&
                reply_has(r, "说一个心愿"));
    assert_true(reply_has(r, "href=\"" HELP "/new?sort=ask\"") && reply_has(r, "href=\"" IDLE "/new?sort=give\""));
    assert_int_equal(test_get(lane_browser(lane.resident), HELP "/new?sort=ask").status, 200);
    /* a board that is off, or that the committee does not show, offers nothing; one that somebody made in the console does */
    test_sql(&t->db, "UPDATE board SET state = 'off' WHERE word = 'idle_item'");
    test_sql(&t->db, "INSERT INTO board_order (community, board, position, hidden) VALUES (%lld, 4, 1, 1)",
             (long long)HERE);
    test_sql(&t->db, "UPDATE board SET word = 'tools', name = '工具角' WHERE word = 'mutual_help'");
    r = test_get(lane_browser(lane.resident), HOME "/write");
    assert_false(reply_has(r, "送东西") || reply_has(r, "说一个心愿") || reply_has(r, "请人帮忙"));
    assert_true(reply_has(r, "在工具角里发一条"));
    /* a guest, whoever waits, whoever lives elsewhere */
    r = test_get(lane_browser(0), HOME "/write");
    assert_true(r.status == 200 && reply_has(r, "怎样加入") && reply_has(r, "/sign-in?next=") &&
                !reply_has(r, "工具角"));
    r = test_get(lane_browser(lane.waiting), HOME "/write");
    assert_true(r.status == 200 && reply_has(r, "居委会核对以后") && !reply_has(r, "工具角"));
    r = test_get(lane_browser(lane.resident), "/p/310113007012/write");
    assert_true(r.status == 200 && reply_has(r, "href=\"" HOME "/write\"") && !reply_has(r, "工具角"));
    assert_int_equal(test_get(lane_browser(lane.resident), "/p/310113007000/write").status, 404);
    assert_int_equal(test_get(lane_browser(lane.resident), "/p/310113007999/write").status, 404);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, exchange_setup, exchange_teardown)
    const struct CMUnitTest tests[] = {
        TEST(ten_at_once),
        TEST(the_queue_moves),
        TEST(help_is_written_down),
        TEST(silence_is_a_yes_without_hours),
        TEST(what_is_lent_comes_back),
        TEST(withdrawn_and_expired),
        TEST(wishes_are_looked_at_first),
        TEST(sanity),
        TEST(asked_about_goods_once),
        TEST(changed_while_nobody_has_it),
        TEST(what_one_may_begin),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
