/* lane.c: what neighbours say to each other in the demo world, on the board 邻里交流. All of it on the last day: days that have been closed stay
 * closed. */
#include "civic/board/board.h"
#include "civic/entry/entry.h"
#include "civic/media/media.h"
#include "demo/stage.h"

static const struct {
    int who;
    const char *title, *body;
    struct {
        int who;
        const char *words;
    } comment[3];
    int thumbs[4];
} said[] = {
    {QIN,
     "广场上跳操的喇叭，能不能早点收？",
     "孩子七点半要写作业，想请大家八点前把音量放小一点。谢谢！",
     {{SHI, "我们商量过了，今晚起七点半就关。"}, {QIN, "太好了，谢谢施阿姨。"}},
     {WU, YE, XU, -1}},
    {WU,
     "谁家有多余的充电线？",
     "老人手机的，圆口那种。",
     {{CHEN, "我家有两根，放门卫了，您去拿。"}},
     {CHEN, -1, -1, -1}},
    {ZHOU,
     "3号楼门口的桂花开了",
     "早上路过，香得很。有人知道是哪一年种的吗？",
     {{WEI, "前年植树节种的，我也去了。"}, {YE, "怪不得楼上都闻得到。"}},
     {WEI, YE, WU, QIN}},
};

static struct entry_actor actor_of(const struct stage *s, int who)
{
    const struct demo_dweller *d = &s->resident[who];

    return (struct entry_actor){.person = d->person, .from = d->from, .dwelling = d->dwelling, .now = s->now};
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
    };
    struct entry_actor actor = actor_of(s, said[i].who);
    struct entry entry;
    int64_t id, comment;
    enum result r = entry_write(db, &actor, &what, &id);

    if (r == OK)
        r = entry_get(db, DEMO_COMMUNITY, id, &entry);
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

static enum result talk(struct db *db, void *arg)
{
    const struct stage *s = arg;
    struct board board;
    enum result r = board_by_word(db, STR("neighbour_talk"), &board);

    for (size_t i = 0; r == OK && i < sizeof(said) / sizeof(said[0]); i++)
        r = say(db, s, &board, i);
    return r;
}

enum result demo_talk(struct stage *s)
{
    return db_write_wait(s->o->database, s->scratch, talk, s);
}
