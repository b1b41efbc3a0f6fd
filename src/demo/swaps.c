/* swaps.c: what neighbours do for each other, give, lend and wish for, on the three boards of that kind: something in every state. All of it on the last
 * day, an hour and a half from the first to the last. */
#include "boards/exchange/rules.h"
#include "demo/stage.h"

enum what { TAKE, QUEUE, CONFIRM, BACK, SAY, THANK, LEAVE, ACCEPT };

static const struct swap {
    const char *board;
    enum exchange_sort sort;
    int who; /* -1: the committee, for somebody */
    const char *title, *body, *spot;
    int64_t price, minutes, days;
    struct {
        enum what what;
        int who; /* -2: nobody any more */
        const char *words;
        int64_t minutes;
    } then[6];
} swaps[] = {
    {"idle_item",
     SORT_SELL,
     XU,
     "折叠餐桌，九成新",
     "搬家用不着了，四个人坐正好。自己来搬。",
     "5号楼门口",
     6000,
     0,
     0,
     {{.who = -2}}},
    {"mutual_help",
     SORT_OFFER,
     WEI,
     "会修自行车，刹车、链条都行",
     "以前在自行车厂上班，工具齐全，零件钱自己出。",
     "车棚旁边",
     0,
     30,
     0,
     {{TAKE, QIN, "", 0},
      {SAY, QIN, "孩子的车刹不住，礼拜六上午方便吗？", 0},
      {SAY, WEI, "方便，十点车棚见。", 0},
      {CONFIRM, WEI, "", 40},
      {CONFIRM, QIN, "", 40},
      {THANK, QIN, "手艺真好，还教孩子怎么上链条，谢谢您！", 0}}},
    {"idle_item",
     SORT_GIVE,
     YE,
     "儿童绘本一箱，三到六岁",
     "孩子上小学了，二十多本，有几本封面旧了。",
     "3号楼门卫",
     0,
     0,
     0,
     {{TAKE, QIN, "", 0}, {QUEUE, FANG, "", 0}, {SAY, QIN, "今晚七点半来拿，可以吗？", 0}, {.who = -2}}},
    {"idle_item",
     SORT_LEND,
     CHEN,
     "电钻，带一套钻头",
     "用完擦干净就行。",
     "2号楼门口",
     0,
     0,
     7,
     {{TAKE, DU, "", 0}, {CONFIRM, CHEN, "", 0}, {CONFIRM, DU, "", 0}, {QUEUE, FANG, "", 0}, {.who = -2}}},
    {"small_wish",
     SORT_WISH,
     LU,
     "想学用手机和外孙视频",
     "字要大一点，慢慢教，我记性不大好。",
     "居委会活动室",
     0,
     60,
     0,
     {{ACCEPT, -1, "", 0}, {.who = -2}}},
    {"small_wish",
     SORT_WISH,
     TANG,
     "想有人帮忙装一盏床头灯",
     "灯买好了，自己够不着插座，也怕接错线。",
     "6号楼",
     0,
     30,
     0,
     {{ACCEPT, -1, "", 0},
      {TAKE, WU, "", 0},
      {CONFIRM, WU, "", 30},
      {CONFIRM, TANG, "", 30},
      {THANK, TANG, "灯亮了，谢谢！", 0},
      {.who = -2}}},
    {"small_wish", SORT_WISH, QIAN, "想要一本大字的菜谱", "眼睛花了，想给老伴换换口味。", "", 0, 0, 0, {{.who = -2}}},
    {"mutual_help",
     SORT_ASK,
     -1,
     "周三上午陪独居的老人去医院复查",
     "来回大约两个小时，居委会已经约好车，要一位邻居陪着。",
     "居委会门口",
     0,
     120,
     0,
     {{TAKE, FANG, "", 0}, {SAY, FANG, "我那天休息，几点出发？", 0}, {.who = -2}}},
    {"mutual_help",
     SORT_ASK,
     ZHOU,
     "请人帮忙把旧衣柜搬下楼",
     "二楼到底楼，不重，就是一个人抬不动。",
     "3号楼",
     0,
     30,
     0,
     {{.who = -2}}},
};

static struct entry_actor actor_of(const struct stage *s, int who)
{
    const struct demo_dweller *d = who >= 0 ? &s->resident[who] : NULL;

    if (!d)
        return (struct entry_actor){.person = s->staff[STAFF_CADRE_1],
                                    .organisation = s->org[ORG_COMMITTEE],
                                    .from = STR("吴淞新城居委会"),
                                    .runs = true,
                                    .now = s->now};
    return (struct entry_actor){.person = d->person, .from = d->from, .dwelling = d->dwelling, .now = s->now};
}

static enum result act(struct db *db, struct stage *s, int64_t id, size_t i, size_t k)
{
    struct entry_actor actor = actor_of(s, swaps[i].then[k].who);
    struct str words = str_from_cstr(swaps[i].then[k].words);
    int64_t place = DEMO_COMMUNITY;
    bool ignored;

    switch (swaps[i].then[k].what) {
    case TAKE: return exchange_take_up(db, &actor, place, id);
    case QUEUE: return exchange_queue(db, &actor, place, id);
    case CONFIRM: return exchange_confirm(db, &actor, place, id, swaps[i].then[k].minutes, &ignored);
    case BACK: return exchange_back(db, &actor, place, id);
    case SAY: return exchange_say(db, &actor, place, id, words, &ignored);
    case THANK: return exchange_thank(db, &actor, place, id, words, true);
    case LEAVE: return exchange_leave(db, &actor, place, id);
    case ACCEPT: return exchange_review(db, &actor, place, id, true, STR_NONE);
    }
    return OK;
}

static enum result swap(struct db *db, void *arg)
{
    enum { APART = 2 * TIME_MINUTE };
    struct stage *s = arg;
    int64_t evening = s->now;
    enum result r = OK;

    s->now -= 90 * TIME_MINUTE;
    for (size_t i = 0; r == OK && i < sizeof(swaps) / sizeof(swaps[0]); i++) {
        const struct swap *w = &swaps[i];
        struct entry_actor actor = actor_of(s, w->who);
        struct board board;
        struct exchange_new what = {
            .board = &board,
            .community = DEMO_COMMUNITY,
            .sort = w->sort,
            .title = str_from_cstr(w->title),
            .body = str_from_cstr(w->body),
            .spot = str_from_cstr(w->spot),
            .price = w->price,
            .minutes = w->minutes,
            .days = w->days,
            .until_days = 30,
        };
        int64_t id;

        s->now += APART;
        actor.now = s->now;
        r = board_by_word(db, str_from_cstr(w->board), &board);
        if (r == OK)
            r = exchange_write(db, &actor, &what, &id);
        for (size_t k = 0; r == OK && k < 6 && w->then[k].who != -2; k++) {
            s->now += APART;
            r = act(db, s, id, i, k);
        }
    }
    s->now = evening;
    return r;
}

enum result demo_swaps(struct stage *s)
{
    return db_write_wait(s->o->database, s->scratch, swap, s);
}
