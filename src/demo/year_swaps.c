/* year_swaps.c: what neighbours of a year give, lend, sell, ask for and offer (互助, 闲置物品). */
#include "demo/year_private.h"

#include "boards/exchange/rules.h"

static const struct {
    enum year_board board;
    enum exchange_sort sort;
    const char *title, *body, *spot;
    int64_t price, minutes, days;
} goods[] = {
    {IDLE_ITEM, SORT_GIVE, "绘本一箱，三到六岁", "孩子上小学了，二十多本，有几本封面旧了。", "门卫室", 0, 0, 0},
    {IDLE_ITEM, SORT_GIVE, "花盆十几个，大小都有", "不种了，要的自己来挑。", "楼下车棚", 0, 0, 0},
    {IDLE_ITEM, SORT_GIVE, "婴儿床，带床垫", "用了两年，拆好了，螺丝都在。", "大门口", 0, 0, 0},
    {IDLE_ITEM, SORT_GIVE, "毛线和织针一袋", "眼睛花了织不动了，颜色有七八种。", "居委会门口", 0, 0, 0},
    {IDLE_ITEM, SORT_SELL, "折叠餐桌，九成新", "搬家用不着了，四个人坐正好。自己来搬。", "楼门口", 6000, 0, 0},
    {IDLE_ITEM, SORT_SELL, "儿童自行车，16 寸", "刹车换过新的，辅轮还在。", "车棚", 8000, 0, 0},
    {IDLE_ITEM, SORT_SELL, "台式电风扇", "三档，声音不大，夏天用过一季。", "门卫室", 3000, 0, 0},
    {IDLE_ITEM, SORT_LEND, "电钻，带一套钻头", "用完擦干净就行。", "楼门口", 0, 0, 7},
    {IDLE_ITEM, SORT_LEND, "人字梯，两米", "装灯换窗帘都够，周末最好早点说。", "车棚", 0, 0, 3},
    {MUTUAL_HELP, SORT_ASK, "请人帮忙把旧衣柜搬下楼", "二楼到底楼，不重，就是一个人抬不动。", "楼下", 0, 30, 0},
    {MUTUAL_HELP, SORT_ASK, "想找人教我用手机挂号", "字要调大一点，慢慢教。", "居委会活动室", 0, 60, 0},
    {MUTUAL_HELP, SORT_OFFER, "会修自行车，刹车链条都行", "工具齐全，零件钱自己出。", "车棚旁边", 0, 40, 0},
    {MUTUAL_HELP, SORT_OFFER, "可以帮忙接一年级的孩子", "我家的也在那里上学，顺路。", "校门口", 0, 30, 0},
};
static const char *const arranged[] = {"今晚七点半来拿，可以吗？", "周六上午方便吗？", "我在家，您按门铃就行。",
                                       "好的，楼下见。"};
static const char *const thanked[] = {"谢谢您，帮了大忙。", "东西很好，孩子很喜欢。", "热心的邻居，谢谢！"};
enum { GOODS = sizeof(goods) / sizeof(goods[0]), ARRANGED = 4, THANKED = 3 };

void year_plan_swap(struct year *y, int matter)
{
    unsigned u = 2000000 + (unsigned)(matter - y->first[OF_SWAP]);
    struct matter *m = year_begin_matter(y, matter, u, 8, 13);
    const struct home *h = &y->home[m->home];
    int taker = (int)(year_spread(y, u, 20) * h->n), other = (int)(year_spread(y, u, 21) * h->n);
    int64_t at = m->at;

    m->small = (uint8_t)(year_spread(y, u, 13) * GOODS);
    year_plan(y, at, matter, PUT_UP, 0, m->author);
    year_plan_taps(y, matter, at, u, 6);
    if (year_spread(y, u, 22) > 0.82) /* nobody wants it: it ends by itself */
        return;
    at += (int64_t)((0.05 + 1.5 * year_spread(y, u, 23)) * (double)TIME_DAY);
    year_plan(y, at, matter, TAKE_UP, 0, taker);
    if (year_spread(y, u, 24) < 0.4)
        year_plan(y, at + 40 * TIME_MINUTE, matter, QUEUE, 0, other);
    year_plan(y, at + 5 * TIME_MINUTE, matter, WORD, 0, taker);
    year_plan(y, at + 50 * TIME_MINUTE, matter, WORD, 2, m->author);
    at += (int64_t)((0.1 + 1.2 * year_spread(y, u, 25)) * (double)TIME_DAY);
    year_plan(y, at, matter, HANDED, 0, m->author);
    at += (int64_t)(0.4 * year_spread(y, u, 26) * (double)TIME_DAY);
    year_plan(y, at, matter, RECEIVED, 0, taker);
    if (goods[m->small].sort == SORT_LEND) {
        at += (int64_t)(year_spread(y, u, 27) * (double)goods[m->small].days * (double)TIME_DAY);
        year_plan(y, at, matter, BACK, 0, taker);
        at += TIME_HOUR;
        year_plan(y, at, matter, BACK, 0, m->author);
    }
    if (year_spread(y, u, 28) < 0.7)
        year_plan(y, at + TIME_HOUR, matter, THANKS, 0, taker);
}

static enum result put_up(struct db *db, struct year *y, const struct step *s)
{
    struct matter *m = &y->matter[s->matter];
    const struct home *h = &y->home[m->home];
    const struct entry_actor actor = year_dweller(db, h, s->who, s->at);
    const struct exchange_new what = {
        .board = &y->board[goods[m->small].board],
        .community = h->code,
        .sort = goods[m->small].sort,
        .title = str_from_cstr(goods[m->small].title),
        .body = str_from_cstr(goods[m->small].body),
        .spot = str_from_cstr(goods[m->small].spot),
        .price = goods[m->small].price,
        .minutes = goods[m->small].minutes,
        .days = goods[m->small].days,
        .until_days = 30,
    };

    return exchange_write(db, &actor, &what, &m->id);
}

enum result year_take_swap(struct db *db, struct year *y, const struct step *s)
{
    struct matter *m = &y->matter[s->matter];
    const struct home *h = &y->home[m->home];
    const struct entry_actor actor = year_dweller(db, h, s->who, s->at);
    struct entry entry;
    bool ignored;
    enum result r;

    if (s->deed == PUT_UP)
        return put_up(db, y, s);
    r = year_entry(db, y, m, &entry);
    if (r != OK)
        return r;
    switch ((enum deed)s->deed) {
    case TAKE_UP: return exchange_take_up(db, &actor, h->code, m->id);
    case QUEUE: return exchange_queue(db, &actor, h->code, m->id);
    case WORD:
        return exchange_say(db, &actor, h->code, m->id, str_from_cstr(arranged[(s->n + s->matter % 2) % ARRANGED]),
                            &ignored);
    case HANDED:
    case RECEIVED: return exchange_confirm(db, &actor, h->code, m->id, goods[m->small].minutes, &ignored);
    case BACK: return exchange_back(db, &actor, h->code, m->id);
    case THANKS: return exchange_thank(db, &actor, h->code, m->id, str_from_cstr(thanked[s->matter % THANKED]), true);
    default: return year_tap(db, y, s, &entry);
    }
}

enum result year_ring_swaps(struct year *y, int64_t now)
{
    int64_t rung;

    return clock_ring(y->o->database, y->scratch, &exchange_bell, now, &rung);
}
