/* lane.c: what neighbours say to each other in the demo world, on the board 邻里交流. All of it on the last day: days that have been closed stay
 * closed. */
#include "boards/talk/rules.h"
#include "civic/board/board.h"
#include "civic/entry/entry.h"
#include "civic/moderation/moderation.h"
#include "civic/moderation/watch.h"
#include "demo/stage.h"

static const struct {
    int who;
    const char *title, *body;
    struct {
        int who;
        const char *words;
    } comment[3];
    int thumbs[4];
    bool with_document; /* demo_paper() */
} said[] = {
    {CHEN,
     "加装电梯征求意见，图纸在这里",
     "5号楼的邻居一起找人画的，三页。看看楼道和采光，有意见写在下面，周日下午两点在居委会活动室一起商量。",
     {{YE, "一楼采光影响大不大？"}, {CHEN, "第二页有，算过了，冬天少二十分钟。"}},
     {YE, QIN, SHI, -1},
     true},
    {QIN,
     "广场上跳操的喇叭，能不能早点收？",
     "孩子七点半要写作业，想请大家八点前把音量放小一点。谢谢！",
     {{SHI, "我们商量过了，今晚起七点半就关。"}, {QIN, "太好了，谢谢施阿姨。"}},
     {WU, YE, XU, -1},
     false},
    {WU,
     "谁家有多余的充电线？",
     "老人手机的，圆口那种。",
     {{CHEN, "我家有两根，放门卫了，您去拿。"}},
     {CHEN, -1, -1, -1},
     false},
    {ZHOU,
     "3号楼门口的桂花开了",
     "早上路过，香得很。有人知道是哪一年种的吗？",
     {{WEI, "前年植树节种的，我也去了。"}, {YE, "怪不得楼上都闻得到。"}},
     {WEI, YE, WU, QIN},
     false},
};

static struct entry_actor actor_of(const struct stage *s, int who)
{
    const struct demo_dweller *d = &s->resident[who];

    return (struct entry_actor){.person = d->person, .from = d->from, .dwelling = d->dwelling, .now = s->now};
}

/* Three pictures of the staircase and the paper. */
enum { LANE_PHOTOS = 3 };

static enum result with_files(struct db *db, const struct stage *s, const struct entry *entry)
{
    static const enum scene scenes[LANE_PHOTOS] = {SCENE_STAIRS, SCENE_WALL, SCENE_LIFT};
    enum result r = OK;

    for (int i = 0; r == OK && i < LANE_PHOTOS; i++) {
        struct media media = {.community = entry->community,
                              .subject_kind = STR("entry"),
                              .subject = entry->id,
                              .stage = MEDIA_STAGE_REFERENCE,
                              .position = i,
                              .author = entry->author};

        r = demo_attach_picture(db, s, scenes[i], &media);
    }
    return r == OK ? demo_attach_paper(db, s, PAPER_LIFT, entry->community, entry->id, entry->author) : r;
}

static enum result say(struct db *db, const struct stage *s, const struct board *board, size_t i)
{
    const struct entry_new what = {
        .board = board,
        .community = DEMO_COMMUNITY,
        .title = str_from_cstr(said[i].title),
        .body = str_from_cstr(said[i].body),
        .state = STR("published"),
        .listed = true,
        .photos = said[i].with_document ? LANE_PHOTOS : 0,
    };
    struct entry_actor actor = actor_of(s, said[i].who);
    struct entry entry;
    int64_t id, comment;
    enum result r = entry_write(db, &actor, &what, &id);

    if (r == OK)
        r = entry_get(db, DEMO_COMMUNITY, id, &entry);
    if (r == OK && said[i].with_document)
        r = with_files(db, s, &entry);
    for (size_t k = 0; r == OK && k < 3 && said[i].comment[k].words; k++) {
        actor = actor_of(s, said[i].comment[k].who);
        r = entry_comment(db, &actor, &entry, 0, str_from_cstr(said[i].comment[k].words), &comment);
    }
    for (size_t k = 0; r == OK && k < 4 && said[i].thumbs[k] >= 0; k++) {
        actor = actor_of(s, said[i].thumbs[k]);
        r = entry_thumb(db, &actor, &entry, true);
    }
    return r;
}

/* ---- what is not so nice ------------------------------------------------------------------------------------------------- */

static const struct {
    const char *word;
    enum watch_action action;
} watched[] = {
    {"加微信返利", WATCH_BLOCK}, {"保健品讲座", WATCH_REVIEW}, {"集资", WATCH_REVIEW},
    {"神经病", WATCH_MASK},      {"听说要拆迁", WATCH_WARN},
};

/* A comment of a neighbour: what it says, and what it becomes. */
static enum result comment_of(struct db *db, const struct stage *s, const struct entry *entry, int who,
                              const char *words, struct moderation_thing *ret)
{
    const struct entry_actor actor = actor_of(s, who);
    const struct moderation_kind *kind = moderation_kind_of(STR("entry_comment"));
    int64_t id;
    enum result r = entry_comment(db, &actor, entry, 0, str_from_cstr(words), &id);

    return r == OK && kind ? kind->get(db, DEMO_COMMUNITY, id, ret) : r;
}

static enum result flag_by(struct db *db, const struct stage *s, const struct moderation_thing *thing, int who,
                           const char *reason, const char *words)
{
    const struct moderation_actor actor = {s->resident[who].person, 0, s->now};

    return moderation_flag(db, &actor, thing, str_from_cstr(reason), str_from_cstr(words));
}

/* One thing waits to be looked at, one was hidden and its author disagrees. */
static enum result moderate(struct db *db, const struct stage *s, const struct board *board)
{
    const struct moderation_actor cadre = {s->staff[STAFF_CADRE_1], s->org[ORG_COMMITTEE], s->now};
    struct moderation_actor author = {s->resident[WU].person, 0, s->now};
    struct moderation_thing sold, rude;
    struct entry_rows rows;
    struct entry entry;
    int64_t measure;
    enum result r = OK;

    for (size_t i = 0; r == OK && i < sizeof(watched) / sizeof(watched[0]); i++)
        r = watch_word_add(db, DEMO_COMMUNITY, str_from_cstr(watched[i].word), watched[i].action, cadre.person, s->now);
    if (r == OK)
        r = entry_page(db, board, DEMO_COMMUNITY, false, INT64_MAX, 3, &rows);
    if (r != OK || rows.n < 3)
        return r;
    r = entry_get(db, DEMO_COMMUNITY, rows.row[1].id, &entry);
    if (r == OK)
        r = comment_of(db, s, &entry, XU, "我这里有卖，十块一根，要的私聊。", &sold);
    if (r == OK)
        r = flag_by(db, s, &sold, YE, "advertising", "邻里版上不要做生意");
    if (r == OK)
        r = flag_by(db, s, &sold, QIN, "advertising", "");
    if (r == OK)
        r = entry_get(db, DEMO_COMMUNITY, rows.row[2].id, &entry);
    if (r == OK)
        r = comment_of(db, s, &entry, WU, "就你家孩子金贵？", &rude);
    if (r == OK)
        r = moderation_kind_of(STR("entry_comment"))
                ->hide(db, &rude, cadre.person, cadre.organisation, true, STR("请好好说话"), s->now);
    if (r == OK)
        r = moderation_last_of(db, DEMO_COMMUNITY, author.person, &measure);
    return r == OK ? moderation_appeal(db, &author, DEMO_COMMUNITY, measure, STR("我只是开个玩笑，没有别的意思。")) : r;
}

/* ---- topics, house rules, groups ------------------------------------------------------------------------------------------- */

static const char *const topics[] = {"花草", "孩子", "停车", "寻物"};
static const char house_rules[] =
    "1. 有话好好说，不骂人。\n2. 不传没有根据的消息。\n3. 别人的电话、门牌、照片，没问过不要发。\n4. 不做广告。\n"
    "5. 急事先打 110、119、120，再来这里说。";
static const struct {
    int host;
    const char *name, *about;
    bool agreed;
    int member[4];
    const char *title, *body;
} groups[] = {
    {WEI,
     "种花小组",
     "一起照看花坛，换种子。周六上午九点，花坛边上。",
     true,
     {ZHOU, YE, QIN, -1},
     "月季剪下来的枝条有人要吗？",
     "剪了十几根，插土里就能活。放在花坛边的桶里，随便拿。"},
    {SHI,
     "晚间跳操队",
     "晚上七点到八点，广场东边，声音开小。",
     true,
     {XU, QIN, -1},
     "明晚改到七点",
     "天冷了，早点跳早点回。"},
    {CHEN, "象棋角", "门卫室旁边的石桌，下午两点，谁来谁下。", false, {-1}, NULL, NULL},
};

static enum result gather(struct db *db, const struct stage *s, const struct board *board,
                          const struct entry_actor *cadre, size_t i)
{
    struct entry_actor actor = actor_of(s, groups[i].host);
    const struct entry_new what = {.board = board,
                                   .community = DEMO_COMMUNITY,
                                   .title = groups[i].title ? str_from_cstr(groups[i].title) : STR_NONE,
                                   .body = groups[i].body ? str_from_cstr(groups[i].body) : STR_NONE,
                                   .state = STR("published"),
                                   .listed = true};
    talk_group group;
    int64_t id, entry;
    enum result r = talk_group_ask(db, &actor, board, DEMO_COMMUNITY, str_from_cstr(groups[i].name),
                                   str_from_cstr(groups[i].about), &id);

    if (r != OK || !groups[i].agreed)
        return r;
    r = sql_talk_group_get(db, DEMO_COMMUNITY, id, &group);
    if (r == OK)
        r = talk_group_move(db, cadre, &group, GROUP_AGREE, STR_NONE);
    if (r == OK)
        r = sql_talk_group_get(db, DEMO_COMMUNITY, id, &group);
    for (size_t k = 0; r == OK && k < 4 && groups[i].member[k] >= 0; k++) {
        struct entry_actor member = actor_of(s, groups[i].member[k]);

        r = talk_group_join(db, &member, &group, true);
    }
    if (r == OK)
        r = entry_write(db, &actor, &what, &entry);
    if (r == OK)
        r = sql_talk_entry_put(db, DEMO_COMMUNITY, entry, 0, id);
    return r == OK ? talk_group_announce(db, board, DEMO_COMMUNITY, entry, s->now) : r;
}

/* Whoever lives in the estate has agreed to the rules, but for the last who moved in: they meet them with their first words. */
static enum result keep_house(struct db *db, const struct stage *s, const struct board *board)
{
    const struct entry_actor cadre = {
        .person = s->staff[STAFF_CADRE_1], .organisation = s->org[ORG_COMMITTEE], .runs = true, .now = s->now};
    enum result r = talk_house_write(db, &cadre, board, DEMO_COMMUNITY, str_from_cstr(house_rules));

    for (size_t i = 0; r == OK && i < sizeof(topics) / sizeof(topics[0]); i++)
        r = talk_topic_add(db, &cadre, board, DEMO_COMMUNITY, str_from_cstr(topics[i]));
    for (int i = 0; r == OK && i < RESIDENTS_A - 1; i++) {
        struct entry_actor actor = actor_of(s, i);

        r = talk_house_accept(db, &actor, board, DEMO_COMMUNITY, 1);
    }
    for (size_t i = 0; r == OK && i < sizeof(groups) / sizeof(groups[0]); i++)
        r = gather(db, s, board, &cadre, i);
    return r;
}

static enum result talk(struct db *db, void *arg)
{
    const struct stage *s = arg;
    struct board board;
    enum result r = board_by_word(db, STR("neighbour_talk"), &board);

    for (size_t i = 0; r == OK && i < sizeof(said) / sizeof(said[0]); i++)
        r = say(db, s, &board, i);
    if (r == OK)
        r = keep_house(db, s, &board);
    return r == OK ? moderate(db, s, &board) : r;
}

enum result demo_talk(struct stage *s)
{
    enum result r = demo_paper(s, PAPER_LIFT);

    return r == OK ? db_write_wait(s->o->database, s->scratch, talk, s) : r;
}
