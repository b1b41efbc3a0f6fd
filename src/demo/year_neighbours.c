/* year_neighbours.c: what residents do in a year besides reporting: talk, ask the police, say whether the guide was of use; swaps are in year_swaps.c. */
#include "demo/year_private.h"

#include "boards/guide/rules.h"
#include "boards/inquiry/rules.h"
#include "demo/year.sql.h"

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

/* ---- what everybody may do below an entry ------------------------------------------------------------------------------------------ */

void year_plan_taps(struct year *y, int matter, int64_t at, unsigned u, int most)
{
    const struct home *h = &y->home[y->matter[matter].home];
    int taps = (int)(year_spread(y, u, 17) * 2 * most);

    for (int k = 0; k < taps; k++) {
        unsigned s = 100 + (unsigned)k * 4;

        year_plan(
            y, at + TIME_MINUTE + (int64_t)(year_spread(y, u, s + 1) * year_spread(y, u, s + 2) * (double)TIME_DAY),
            matter, year_spread(y, u, s) < 0.7 ? LIKE : REPLY, k % REPLIES, (int)(year_spread(y, u, s + 3) * h->n));
    }
}

enum result year_tap(struct db *db, struct year *y, const struct step *s, const struct entry *entry)
{
    const struct home *h = &y->home[y->matter[s->matter].home];
    const struct entry_actor actor = year_dweller(db, h, s->who, s->at);
    int64_t ignored;

    return s->deed == LIKE ? entry_thumb(db, &actor, entry, true)
                           : entry_comment(db, &actor, entry, 0, str_from_cstr(replies[s->n % REPLIES]), &ignored);
}

/* ---- 邻里交流 ---------------------------------------------------------------------------------------------------------------------- */

void year_plan_talk(struct year *y, int matter)
{
    unsigned u = 700000 + (unsigned)(matter - y->first[OF_TALK]);
    struct matter *m = year_begin_matter(y, matter, u, 7, 15);

    m->small = (uint8_t)(year_spread(y, u, 13) * CHATS);
    year_plan(y, m->at, matter, SAY, 0, m->author);
    year_plan_taps(y, matter, m->at, u, y->o->scale->talk_taps);
}

static enum result say(struct db *db, struct year *y, const struct step *s)
{
    struct matter *m = &y->matter[s->matter];
    const struct home *h = &y->home[m->home];
    const struct entry_actor actor = year_dweller(db, h, s->who, s->at);
    const struct entry_new what = {
        .board = &y->board[TALK],
        .community = h->code,
        .title = str_from_cstr(chats[m->small].title),
        .body = str_from_cstr(chats[m->small].body),
        .state = STR("published"),
        .listed = true,
    };

    return entry_write(db, &actor, &what, &m->id);
}

/* ---- 办事指南 ---------------------------------------------------------------------------------------------------------------------- */

void year_plan_vote(struct year *y, int matter)
{
    unsigned u = 3000000 + (unsigned)(matter - y->first[OF_VOTE]);
    struct matter *m = year_begin_matter(y, matter, u, 8, 14);

    year_plan(y, m->at, matter, VOTE, year_spread(y, u, 13) < 0.9, m->author);
}

static enum result vote(struct db *db, struct year *y, const struct step *s)
{
    const struct matter *m = &y->matter[s->matter];
    const struct entry_actor actor = year_dweller(db, &y->home[m->home], s->who, s->at);
    struct entry entry;
    enum result r;

    if (y->guides == 0)
        return E_NOT_FOUND;
    r = entry_get(db, YEAR_CITY, y->guide[(size_t)s->matter % y->guides], &entry);
    return r == OK ? guide_vote(db, &actor, &entry, s->n, s->n ? STR_NONE : STR("去了才知道还要带一份复印件。")) : r;
}

/* ---- 警民直通车 -------------------------------------------------------------------------------------------------------------------- */

static const struct {
    const char *title, *body, *answer, *more;
} questions[] = {
    {"电瓶车电池被偷了，怎么报案？", "昨晚停在车棚，今天早上发现电池没了。",
     "请带上购车发票来警务室做笔录，我们去调车棚的监控。以后电池尽量拿上楼。", "好的，下午三点过去。"},
    {"陌生电话说家人出事要转账", "让我转两万块，说不能告诉家里人。我没转，这是不是骗子？",
     "是诈骗，您做得对，一分钱也别转。再打来请直接挂掉，打 96110 也可以核实。", "谢谢，我跟楼里的老人也说一声。"},
    {"楼上半夜总有敲打声", "连着三天，凌晨一两点，好像在装修。", "今晚我们上门看看，先跟他讲清楚时间。",
     "昨晚安静了，谢谢。"},
    {"居住证到期了怎么续？", "还有一个月到期，房子没有换。", "到期前三十天可以在警务室续，带身份证和租房合同。",
     "明白了。"},
    {"小区门口晚上有人飙车", "周五周六晚上十点以后，声音很大。", "已经报给交警中队，这个周末安排检查。",
     "这周好多了。"},
};
enum { QUESTIONS = sizeof(questions) / sizeof(questions[0]) };

void year_plan_question(struct year *y, int matter)
{
    unsigned u = 4000000 + (unsigned)(matter - y->first[OF_QUESTION]);
    struct matter *m = year_begin_matter(y, matter, u, 7, 15);
    int64_t at = m->at;

    m->small = (uint8_t)(year_spread(y, u, 13) * QUESTIONS);
    year_plan(y, at, matter, ASK, 0, m->author);
    at += (int64_t)((0.02 + 0.9 * year_spread(y, u, 20)) * (double)TIME_DAY);
    year_plan(y, at, matter, ASK_ANSWER, 0, 0);
    if (year_spread(y, u, 21) < 0.7)
        year_plan(y, at + 2 * TIME_HOUR, matter, ASK_MORE, 0, m->author);
    at += (int64_t)((1 + 2 * year_spread(y, u, 22)) * (double)TIME_DAY);
    year_plan(y, at, matter, ASK_CLOSE, 0, 0);
    if (year_spread(y, u, 23) < 0.6)
        year_plan(y, at + 5 * TIME_HOUR, matter, ASK_RATE, 3 + (int)(year_spread(y, u, 24) * 2.99), m->author);
}

static enum result ask(struct db *db, struct year *y, const struct step *s)
{
    struct matter *m = &y->matter[s->matter];
    const struct home *h = &y->home[m->home];
    const struct dweller *d = &h->dweller[m->author];
    const struct inquiry_actor asker = {.person = d->person, .now = s->at},
                               office = {.person = h->constable, .organisation = h->police, .now = s->at};
    const struct inquiry_new what = {
        .board = &y->board[POLICE_LINE],
        .community = h->code,
        .organisation = h->police,
        .from = str_printf(db_arena(db), "%d号楼", d->house),
        .dwelling = d->dwelling,
        .estate = d->estate,
        .title = str_from_cstr(questions[m->small].title),
        .body = str_from_cstr(questions[m->small].body),
    };
    struct sql_year_question row;
    int64_t ignored;
    enum result r = OK;

    if (h->police == 0) /* no officer of its own */
        return E_NOT_FOUND;
    if (s->deed == ASK)
        return inquiry_ask(db, &asker, &what, &m->id, &ignored);
    if (m->id == 0 && (r = sql_year_question(db, h->code, d->person, m->at, &row)) == OK)
        m->id = row.id; /* asked in an earlier run */
    if (r != OK)
        return r;
    switch ((enum deed)s->deed) {
    case ASK_ANSWER:
        return inquiry_answer(db, &office, h->code, m->id, str_from_cstr(questions[m->small].answer), &ignored);
    case ASK_MORE: return inquiry_say(db, &asker, h->code, m->id, str_from_cstr(questions[m->small].more), &ignored);
    case ASK_CLOSE: return inquiry_close(db, &office, h->code, m->id, STR_NONE);
    default: return inquiry_rate(db, &asker, h->code, m->id, s->n, STR("回得快，说得清楚"));
    }
}

enum result year_take_neighbours(struct db *db, struct year *y, const struct step *s)
{
    struct matter *m = &y->matter[s->matter];
    struct entry entry;
    enum result r;

    switch (m->kind) {
    case OF_VOTE: return vote(db, y, s);
    case OF_QUESTION: return ask(db, y, s);
    default: break;
    }
    if (s->deed == SAY)
        return say(db, y, s);
    r = year_entry(db, y, m, &entry);
    return r == OK ? year_tap(db, y, s, &entry) : r;
}

enum result year_ring_questions(struct year *y, int64_t now)
{
    int64_t rung;

    return clock_ring(y->o->database, y->scratch, &inquiry_bell, now, &rung);
}
