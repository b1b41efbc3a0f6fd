/* year.c: see year.h. First every community with its offices and people, one transaction each; then all that happens, in the order of time, some hundred steps a transaction.
 * How far it has come is written in the same transactions, so an interrupted run goes on where it stood. */
#include "demo/year_private.h"

#include <stdlib.h>

#include "boards/report/rules.h"
#include "civic/entry/entry.h"
#include "civic/ledger/ledger.h"
#include "civic/person/account.h"
#include "civic/person/join.h"
#include "civic/person/person.sql.h"
#include "civic/place/place.h"
#include "civic/statistics/statistics.h"
#include "demo/cast.h"
#include "demo/stories.h"
#include "demo/year.sql.h"
#include "engine/base/ids.h"
#include "engine/base/log.h"

#define DISTRICT INT64_C(310113000000)
#define STORY INT64_C(310113007011)

enum { DAYS = 304, SETTLING_DAYS = 14, STEPS_MAX = 400 };

const struct year_scale year_scales[] = {
    {"tiny", 3, 90, 120, 12, 3, 60, 12, 40, 10},
    {"small", 40, 8000, 10000, 1000, 32, 1500, 25, 5800, 38},
    {"baoshan", 567, 280000, 360000, 38000, 439, 31000, 40, 210000, 38},
    {NULL, 0, 0, 0, 0, 0, 0, 0, 0, 0},
};

const struct year_scale *year_scale_named(const char *name)
{
    for (const struct year_scale *s = year_scales; s->name; s++)
        if (strcmp(s->name, name) == 0)
            return s;
    return NULL;
}

int64_t year_beginning(int64_t now)
{
    return day_start(day_of(now) - DAYS) + 9 * TIME_HOUR;
}

enum deed {
    WRITE,
    ANSWER,
    HAND,
    ACCEPT,
    DONE,
    CHECK,
    FAIL,
    SOLVE,
    EXPLAIN,
    VOID,
    REJECT,
    CONFIRM,
    COMMENT,
    THUMB,
    FOLLOW,
    JOIN,
    SAY,
    REPLY,
    LIKE
};

double year_spread(const struct year *y, unsigned a, unsigned b)
{
    return demo_spread(a * 2654435761u + b * 40503u + y->o->seed * 97u);
}

static void show(const struct year *y, const char *what)
{
    int share = y->total ? (int)(y->done * 40 / y->total) : 40;

    if (y->o->progress)
        fprintf(y->o->progress, "\r%-10s [%.*s%*s] %3d %%  ", what, share, "########################################",
                40 - share, "", y->total ? (int)(y->done * 100 / y->total) : 100);
    if (y->o->progress)
        fflush(y->o->progress);
}

enum result year_advance(struct db *db, const struct year *y, int64_t done)
{
    return sql_year_advance(db, y->mark, done);
}

/* ---- what there is, read back --------------------------------------------------------------------------------------------------- */

static int by_code(const void *a, const void *b)
{
    int64_t x = ((const struct home *)a)->code, z = ((const struct home *)b)->code;

    return x < z ? -1 : x > z;
}

/* The communities of the scale: the first ones of the district, and the story's. */
static enum result choose_homes(struct db *db, struct year *y)
{
    const struct year_scale *scale = y->o->scale;
    struct places streets, communities;
    enum result r = place_children(db, DISTRICT, false, &streets);
    int n = 0;

    y->home = arena_array(y->a, struct home, (size_t)scale->communities);
    y->home[n++].code = STORY;
    for (size_t s = 0; r == OK && s < streets.n; s++) {
        r = place_children(db, streets.place[s].code, false, &communities);
        for (size_t i = 0; r == OK && i < communities.n && n < scale->communities; i++)
            if (communities.place[i].code != STORY)
                y->home[n++].code = communities.place[i].code;
    }
    if (r != OK)
        return r;
    y->homes = n;
    qsort(y->home, (size_t)n, sizeof(*y->home), by_code);
    for (int i = 0; i < n; i++) {
        struct home *h = &y->home[i];
        int64_t street = place_parent(h->code);

        h->households = scale->households / n + (i < scale->households % n);
        h->people = scale->people / n + (i < scale->people % n) + (h->code == STORY ? 9 : 0);
        if (y->streets == 0 || y->street[y->streets - 1].code != street) {
            if (y->streets == STREETS_MAX)
                return E_TOO_LARGE;
            y->street[y->streets++].code = street;
        }
        h->street = y->streets - 1;
    }
    return OK;
}

static enum result read_home(struct db *db, struct year *y, struct home *h)
{
    struct sql_year_residents_rows rows;
    enum result r = year_office(db, h->code, "residents_committee", &h->committee, h->cadre, CADRES);

    if (r == OK)
        r = year_office(db, h->code, "property_company", &h->property, &h->manager, 1);
    if (r == OK)
        r = sql_year_residents(db, h->code, &rows);
    if (r != OK)
        return r;
    h->n = (int)rows.n;
    h->dweller = arena_array(y->a, struct dweller, rows.n + 1);
    for (size_t i = 0; i < rows.n; i++)
        h->dweller[i] = (struct dweller){rows.row[i].person, rows.row[i].dwelling, rows.row[i].estate,
                                         rows.row[i].building, (int)rows.row[i].house};
    return OK;
}

static enum result read_back(struct year *y)
{
    enum result r = OK;

    for (int i = 0; r == OK && i < y->homes; i++) {
        struct db *db;

        if ((r = db_read_begin(y->o->database, y->scratch, &db)) != OK)
            return r;
        r = read_home(db, y, &y->home[i]);
        db_read_end(db);
        arena_reset(y->scratch);
        if (r == OK && y->home[i].n == 0)
            r = E_NOT_FOUND;
    }
    for (int i = 0; r == OK && i < y->streets; i++) {
        struct street *s = &y->street[i];
        struct db *db;

        if ((r = db_read_begin(y->o->database, y->scratch, &db)) != OK)
            return r;
        r = year_office(db, s->code, "urban_management", &s->squad, &s->captain, 1);
        db_read_end(db);
        arena_reset(y->scratch);
    }
    return r;
}

/* ---- the plan ------------------------------------------------------------------------------------------------------------------------ */

static void plan(struct year *y, int64_t at, int report, enum deed deed, int n, int who)
{
    if (at > y->o->now)
        return;
    if (y->n == y->room) {
        size_t room = y->room ? y->room * 2 : 4096;
        struct step *more = realloc(y->step, room * sizeof(*more));

        if (!more) {
            y->full = true;
            return;
        }
        y->step = more;
        y->room = room;
    }
    y->step[y->n] = (struct step){at, report, (int32_t)y->n, (uint8_t)deed, (uint8_t)n, who};
    y->n++;
}

static int64_t work_later(const struct year *y, int64_t at, unsigned r, unsigned k, int from, int to)
{
    return calendar_add_work_ms(calendar_now(), at, (from + (int)(year_spread(y, r, k) * (to - from))) * TIME_MINUTE);
}

static void plan_report(struct year *y, int r)
{
    struct matter *m = &y->matter[r];
    unsigned u = (unsigned)r + 1;
    double way = year_spread(y, u, 10), end = year_spread(y, u, 11);
    int64_t at, span = y->o->now - y->begin - SETTLING_DAYS * TIME_DAY;
    const struct home *h;
    int taps;

    m->home = r % y->homes;
    h = &y->home[m->home];
    m->author = (int)(year_spread(y, u, 12) * h->n);
    m->small = (uint8_t)(year_spread(y, u, 13) * (double)demo_smalls_n);
    m->squad = year_spread(y, u, 14) < 0.4;
    at = y->begin + SETTLING_DAYS * TIME_DAY + (int64_t)(year_spread(y, u, 15) * (double)span);
    at = day_start(day_of(at)) + 7 * TIME_HOUR + (int64_t)(year_spread(y, u, 16) * 15.0 * (double)TIME_HOUR);
    m->at = at;
    plan(y, at, r, WRITE, 0, m->author);
    taps = (int)(year_spread(y, u, 17) * 2 * y->o->scale->taps);
    for (int k = 0; k < taps; k++) {
        unsigned s = 100 + (unsigned)k * 4;
        double kind = year_spread(y, u, s);

        plan(y, at + (int64_t)(year_spread(y, u, s + 1) * year_spread(y, u, s + 2) * 2.0 * (double)TIME_DAY), r,
             kind < 0.58   ? THUMB
             : kind < 0.82 ? COMMENT
             : kind < 0.93 ? FOLLOW
                           : JOIN,
             k % 14, (int)(year_spread(y, u, s + 3) * h->n));
    }
    at = work_later(y, at, u, 20, 8, 140);
    if (way < 0.02) {
        plan(y, at, r, VOID, 0, 0);
        return;
    }
    if (way < 0.55) {
        plan(y, at, r, ANSWER, 0, 0);
        at = work_later(y, at, u, 21, 60, 900);
        plan(y, at, r, way < 0.08 ? EXPLAIN : SOLVE, 0, 0);
    } else {
        plan(y, at, r, HAND, 0, 0);
        at = work_later(y, at, u, 22, 10, 200);
        plan(y, at, r, ACCEPT, 0, 0);
        at = work_later(y, at, u, 23, 120, 1500);
        plan(y, at, r, DONE, 0, 0);
        at = work_later(y, at, u, 24, 20, 200);
        if (end < 0.05) {
            plan(y, at, r, FAIL, 0, 0);
            at = work_later(y, at, u, 25, 120, 600);
            plan(y, at, r, DONE, 0, 0);
            at = work_later(y, at, u, 26, 20, 200);
        }
        plan(y, at, r, CHECK, 0, 0);
        if (end > 0.96) {
            at += 3 * TIME_HOUR;
            plan(y, at, r, REJECT, 0, m->author);
            at = work_later(y, at, u, 27, 120, 600);
            plan(y, at, r, DONE, 0, 0);
            at = work_later(y, at, u, 28, 20, 200);
            plan(y, at, r, CHECK, 0, 0);
        }
    }
    if (year_spread(y, u, 29) < 0.62) /* the others are closed by the clock after a week */
        plan(y, at + TIME_HOUR + (int64_t)(year_spread(y, u, 30) * 3.0 * (double)TIME_DAY), r, CONFIRM,
             3 + (int)(year_spread(y, u, 31) * 2.99), m->author);
}

/* What neighbours talk about when nothing is broken. */
static const struct {
    const char *title, *body;
} chats[] = {
    {"菜场新来的豆腐摊不错", "老板早上五点就开门，豆浆现磨的，去晚了没有。"},
    {"谁家的孩子也上三年级？", "想找个伴，放学一起走，两家大人轮着接。"},
    {"今晚小区门口有人修伞", "修伞磨刀的老师傅来了，说待到八点。"},
    {"阳台上的栀子花开了", "分了几枝，放在门卫室，喜欢的自己拿。"},
    {"周末去顾村公园看樱花，有人同去吗", "早上八点门口集合，坐地铁七号线，老人半价。"},
    {"请教一下，门禁卡消磁了找谁", "刷了几次都不响，物业下班了。"},
    {"捡到一只灰色的小猫", "在车棚里，脖子上有红绳，先养在我家，主人来领。"},
    {"广场舞队缺两位", "每天七点到八点，音量开得不大，不会跳的教您。"},
    {"楼上邻居真好", "我出差下雨，帮我把被子收了，谢谢！"},
    {"社区食堂的红烧肉", "十二块一份，量足，老人还有优惠，推荐。"},
    {"晚上河边散步小心", "木栈道有两块板松了，已经报修，先绕一下。"},
    {"孩子的旧课本送人", "一到四年级的，干净，没有乱画，要的留言。"},
    {"国庆要挂灯笼，来帮忙吗", "周五下午两点，楼道里一起挂，有梯子。"},
    {"有没有会修缝纫机的师傅", "蝴蝶牌的，皮带松了，舍不得扔。"},
};
static const char *const replies[] = {
    "谢谢告知！",
    "我也去。",
    "这个好，收藏了。",
    "算我一个。",
    "昨天刚去过，确实不错。",
    "问一下，几点开始？",
    "楼上的热心。",
    "我家有，明天拿给您。",
    "住了二十年，头回听说。",
    "已经转给家里老人。",
    "太需要了。",
    "还在吗？",
};
enum { CHATS = sizeof(chats) / sizeof(chats[0]), REPLIES = sizeof(replies) / sizeof(replies[0]) };

/* An entry of 邻里交流, and what the others do with it: most of it within a day. */
static void plan_talk(struct year *y, int t)
{
    const int n = y->o->scale->reports + t;
    struct matter *m = &y->matter[n];
    unsigned u = 700000 + (unsigned)t;
    int64_t at, span = y->o->now - y->begin - SETTLING_DAYS * TIME_DAY;
    const struct home *h;
    int taps;

    m->home = t % y->homes;
    h = &y->home[m->home];
    m->author = (int)(year_spread(y, u, 12) * h->n);
    m->small = (uint8_t)(year_spread(y, u, 13) * CHATS);
    at = y->begin + SETTLING_DAYS * TIME_DAY + (int64_t)(year_spread(y, u, 15) * (double)span);
    at = day_start(day_of(at)) + 7 * TIME_HOUR + (int64_t)(year_spread(y, u, 16) * 15.0 * (double)TIME_HOUR);
    m->at = at;
    plan(y, at, n, SAY, 0, m->author);
    taps = (int)(year_spread(y, u, 17) * 2 * y->o->scale->talk_taps);
    for (int k = 0; k < taps; k++) {
        unsigned s = 100 + (unsigned)k * 4;

        plan(y, at + TIME_MINUTE + (int64_t)(year_spread(y, u, s + 1) * year_spread(y, u, s + 2) * (double)TIME_DAY), n,
             year_spread(y, u, s) < 0.7 ? LIKE : REPLY, k % REPLIES, (int)(year_spread(y, u, s + 3) * h->n));
    }
}

static int by_time(const void *a, const void *b)
{
    const struct step *x = a, *z = b;

    return x->at != z->at ? (x->at < z->at ? -1 : 1) : x->order - z->order;
}

/* ---- what happens ----------------------------------------------------------------------------------------------------------------------- */

static enum result open_order(struct db *db, int64_t place, int64_t report, int64_t *ret)
{
    struct sql_work_order_of_report_rows orders;
    enum result r = sql_work_order_of_report(db, place, report, &orders);

    for (size_t i = 0; r == OK && i < orders.n; i++)
        if (str_eq(orders.row[i].state, STR("handed")) || str_eq(orders.row[i].state, STR("accepted"))) {
            *ret = orders.row[i].id;
            return OK;
        }
    return r == OK ? E_NOT_FOUND : r;
}

static enum result write_report(struct db *db, struct matter *m, const struct home *h, const struct report_actor *actor)
{
    const struct demo_small *like = &demo_smalls[m->small];
    const struct dweller *author = &h->dweller[m->author];
    const struct report_draft draft = {.community = h->code,
                                       .dwelling = author->dwelling,
                                       .author_from = str_printf(db_arena(db), "%d号楼", author->house),
                                       .title = str_from_cstr(like->title),
                                       .body = str_from_cstr(like->body),
                                       .category = str_from_cstr(like->category),
                                       .spot = str_from_cstr(like->spot),
                                       .estate = author->estate,
                                       .building = author->building,
                                       .committee = h->committee};

    return report_write(db, actor, &draft, &m->id);
}

static enum result take_talk(struct db *db, struct year *y, const struct step *s)
{
    struct matter *m = &y->matter[s->report];
    const struct home *h = &y->home[m->home];
    const struct dweller *who = &h->dweller[s->who];
    const struct entry_actor actor = {.person = who->person,
                                      .from = str_printf(db_arena(db), "%d号楼", who->house),
                                      .dwelling = who->dwelling,
                                      .now = s->at};
    const struct entry_new what = {
        .board = &y->board,
        .community = h->code,
        .title = str_from_cstr(chats[m->small].title),
        .body = str_from_cstr(chats[m->small].body),
        .state = STR("published"),
        .listed = true,
    };
    struct sql_year_entry row;
    struct entry entry;
    int64_t ignored;
    enum result r = OK;

    if (s->deed == SAY)
        return entry_write(db, &actor, &what, &m->id);
    if (m->id == 0 && (r = sql_year_entry(db, h->code, h->dweller[m->author].person, m->at, &row)) == OK)
        m->id = row.id; /* written by an earlier run */
    if (r == OK)
        r = entry_get(db, h->code, m->id, &entry);
    if (r != OK)
        return r;
    return s->deed == LIKE ? entry_thumb(db, &actor, &entry, true)
                           : entry_comment(db, &actor, &entry, 0, str_from_cstr(replies[s->n % REPLIES]), &ignored);
}

static enum result take_step(struct db *db, struct year *y, const struct step *s)
{
    struct matter *m = &y->matter[s->report];
    const struct home *h = &y->home[m->home];
    const struct street *street = &y->street[h->street];
    const struct demo_small *like = &demo_smalls[m->small];
    struct report_actor who = {.person = h->dweller[s->who].person, .who = WHO_RESIDENT | WHO_AUTHOR, .now = s->at};
    const struct report_actor committee = {h->cadre[s->report % CADRES], h->committee, WHO_COMMITTEE, s->at};
    const struct report_actor handler = {m->squad ? street->captain : h->manager,
                                         m->squad ? street->squad : h->property, WHO_HANDLER, s->at};
    struct str answer = str_from_cstr(like->answer), done = str_from_cstr(like->done);
    int64_t order = 0, ignored;
    enum result r = OK;

    if (s->deed == WRITE)
        return write_report(db, m, h, &who);
    if (m->id == 0) { /* written by an earlier run */
        struct sql_year_report row;

        if ((r = sql_year_report(db, h->code, h->dweller[m->author].person, m->at, &row)) != OK)
            return r;
        m->id = row.id;
    }
    if (s->deed == ACCEPT || s->deed == DONE)
        r = open_order(db, h->code, m->id, &order);
    if (r != OK)
        return r;
    switch ((enum deed)s->deed) {
    case WRITE: break;
    case ANSWER: return report_answer(db, &committee, h->code, m->id, answer);
    case HAND: {
        struct report_hand_off hand = {.n = 1, .text = answer};

        hand.to[0].organisation = handler.organisation;
        hand.to[0].task = STR("请到现场处理，做完说一声。");
        hand.to[0].lead = true;
        return report_hand_off(db, &committee, h->code, m->id, &hand);
    }
    case ACCEPT: return order_accept(db, &handler, h->code, order);
    case DONE: return order_done(db, &handler, h->code, order, done, 0, &ignored);
    case CHECK: return report_check(db, &committee, h->code, m->id, true, STR_NONE);
    case FAIL: return report_check(db, &committee, h->code, m->id, false, STR("现场看过，还有一半没做好，请补做。"));
    case SOLVE:
    case EXPLAIN: return report_solve(db, &committee, h->code, m->id, done, s->deed == EXPLAIN, &ignored);
    case VOID: return report_void(db, &committee, h->code, m->id, STR("与另一件重复。"));
    case REJECT: return report_reject(db, &who, h->code, m->id, STR("回来一看又有了，没有彻底解决。"));
    case CONFIRM: return report_confirm(db, &who, h->code, m->id, s->n, STR("谢谢，处理得很好。"));
    case COMMENT:
        return report_comment(db, &who, h->code, m->id, str_from_cstr(demo_remarks[s->n % demo_remarks_n]), &ignored);
    case THUMB: return report_thumb(db, &who, h->code, m->id, true);
    case FOLLOW: return report_follow(db, &who, h->code, m->id, true);
    case JOIN: return report_join(db, &who, h->code, m->id, h->dweller[s->who].dwelling);
    case SAY:
    case REPLY:
    case LIKE: break; /* take_talk() */
    }
    return E_INVALID;
}

static enum result happen(struct db *db, void *arg)
{
    struct year *y = arg;

    for (size_t i = y->from; i < y->to; i++) {
        const struct step *s = &y->step[i];
        enum result r;

        time_set(s->at);
        r = s->report < y->o->scale->reports ? take_step(db, y, s) : take_talk(db, y, s);
        if (r == E_CONFLICT || r == E_DENIED || r == E_INVALID || r == E_NOT_FOUND) {
            y->skipped++;
            log_debug("year.skipped", LOG_INT("deed", s->deed), LOG_CSTR("result", result_name(r)));
        } else if (r != OK) {
            return r;
        }
    }
    return year_advance(db, y, y->homes + (int64_t)y->to);
}

/* What the night and the clocks do. */
static enum result pass_time(struct year *y, int64_t from, int64_t to)
{
    int64_t rung;
    enum result r;

    time_set(to);
    r = clock_ring(y->o->database, y->scratch, &report_bell, to, &rung);
    if (r == OK)
        r = clock_ring(y->o->database, y->scratch, &order_bell, to, &rung);
    for (int32_t day = day_of(from); r == OK && day < day_of(to); day++) {
        r = ledger_close_day(y->o->database, y->scratch, day);
        if (r == OK)
            r = statistics_close_days(y->o->database, y->scratch, to, 40, &rung);
    }
    return r;
}

static enum result live(struct year *y)
{
    int64_t now = y->begin;
    enum result r = OK;

    y->from = (size_t)(y->done - y->homes);
    if (y->from && y->step)
        now = y->step[y->from - 1].at;
    while (r == OK && y->step && y->from < y->n) {
        int64_t until = y->step[y->from].at + 4 * TIME_HOUR;

        y->to = y->from;
        while (y->to < y->n && y->to - y->from < STEPS_MAX && y->step[y->to].at < until)
            y->to++;
        r = pass_time(y, now, y->step[y->from].at);
        if (r == OK)
            r = db_write_wait(y->o->database, y->scratch, happen, y);
        arena_reset(y->scratch);
        now = y->step[y->to - 1].at;
        y->done = y->homes + (int64_t)y->to;
        y->from = y->to;
        show(y, "the year");
    }
    return r == OK ? pass_time(y, now, y->o->now) : r;
}

/* Of an interrupted run, what the clocks did in the night is kept though what came after it is not: at the same moment this run would name its rows alike.
 * So each run names its rows as another node does. */
static enum result count_runs(struct db *db, void *arg)
{
    struct year *y = arg;
    struct str name = str_printf(y->scratch, STR_FMT ".begun", STR_ARG(y->mark));
    struct sql_year_done before = {0};
    enum result r = sql_year_done(db, name, &before);

    if (r != OK && r != E_NOT_FOUND)
        return r;
    id_set_node((unsigned)before.runs);
    return sql_year_advance(db, name, before.runs + 1);
}

static enum result begin(struct year *y)
{
    struct sql_year_done done;
    struct db *db;
    enum result r = db_read_begin(y->o->database, y->scratch, &db);

    if (r != OK)
        return r;
    r = choose_homes(db, y);
    if (r == OK)
        r = board_by_word(db, STR("neighbour_talk"), &y->board);
    if (r == OK) {
        y->board.word = str_dup(y->a, y->board.word);
        y->board.kind = str_dup(y->a, y->board.kind);
        r = sql_year_done(db, y->mark, &done);
        y->done = r == OK ? done.runs : 0;
        r = r == E_NOT_FOUND ? OK : r;
    }
    db_read_end(db);
    arena_reset(y->scratch);
    return r;
}

enum result year_build(const struct year_options *o, struct arena *a, int64_t *ret_skipped)
{
    struct year *y = arena_new(a, struct year);
    enum result r;

    *y = (struct year){.o = o, .a = a, .scratch = arena_open((size_t)1 << 30), .begin = year_beginning(o->now)};
    if (!y->scratch)
        return E_BUSY;
    y->mark = str_printf(a, "year.%s.%u.%lld", o->scale->name, o->seed, (long long)o->now);
    r = db_write_wait(o->database, y->scratch, count_runs, y);
    if (r == OK)
        r = begin(y);
    y->total = y->homes + (int64_t)o->scale->reports * (o->scale->taps + 6) +
               (int64_t)o->scale->entries * (o->scale->talk_taps + 1);
    for (; r == OK && y->done < y->homes; y->done++) {
        y->at_home = (int)y->done;
        time_set(y->begin + y->done * (SETTLING_DAYS * TIME_DAY / (y->homes + 1)));
        r = db_write_wait(o->database, y->scratch, year_settle, y);
        arena_reset(y->scratch);
        show(y, "people");
    }
    if (r == OK)
        r = read_back(y);
    if (r == OK) {
        y->matter = arena_array(a, struct matter, (size_t)(o->scale->reports + o->scale->entries));
        for (int i = 0; i < o->scale->reports; i++)
            plan_report(y, i);
        for (int i = 0; i < o->scale->entries; i++)
            plan_talk(y, i);
        r = y->full ? E_BUSY : OK;
    }
    if (r == OK) {
        if (y->n)
            qsort(y->step, y->n, sizeof(*y->step), by_time);
        y->total = y->homes + (int64_t)y->n;
        r = live(y);
    }
    if (o->progress)
        fputc('\n', o->progress);
    time_set(0);
    free(y->step);
    arena_close(y->scratch);
    *ret_skipped = y->skipped;
    return r;
}
