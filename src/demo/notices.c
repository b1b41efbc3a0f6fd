/* notices.c: what offices and organisations make known in the demo world: news, what must be read and who has, what waits for review, what comes out
 * tomorrow. All of it on the last day, as lane.c does. */
#include "boards/bulletin/rules.h"
#include "civic/person/person.h"
#include "demo/stage.h"

#define STREET_A (DEMO_COMMUNITY / 1000 * 1000)
#define DISTRICT_A (DEMO_COMMUNITY / 1000000 * 1000000)

static const struct {
    const char *board;
    int64_t place;
    int staff;
    enum demo_org org;
    const char *title, *body;
    enum bulletin_weight weight;
    int ago; /* tenths of a minute before the end of the story; below 0: it comes out so many minutes after it */
    enum bulletin_action last; /* publish, pin; recall: it stays a draft */
    int readers[8];            /* residents that have said that they have read it; -1 ends */
} notices[] = {
    {"i_baoshan",
     DISTRICT_A,
     STAFF_DISTRICT,
     ORG_DISTRICT,
     "吴淞滨江步道全线贯通",
     "从吴淞口到淞浦路的步道今天全线开放，全长 **5.2 公里**，沿途有 6 处饮水点和 4 处无障碍坡道。\n\n- 开放时间：每天 5:30—22:00\n- 自行车请走外侧车道",
     BULLETIN_PLAIN,
     700,
     BULLETIN_PUBLISH,
     {-1}},
    {"announcement",
     STREET_A,
     STAFF_STREET,
     ORG_STREET,
     "六十五岁以上老人免费体检开始预约",
     "请带身份证和医保卡，到社区卫生服务中心二楼。\n\n| 居村 | 日期 |\n|---|---|\n| 吴淞新城 | 12月3日、4日 |\n| 其他居村 | 12月7日起 |\n\n早上**空腹**，有轮椅可借。",
     BULLETIN_MUST_READ,
     560,
     BULLETIN_PUBLISH,
     {ZHOU, XU, HE, JIN, -1}},
    {"announcement",
     DEMO_COMMUNITY,
     STAFF_CADRE_1,
     ORG_COMMITTEE,
     "3号楼、4号楼周四停水检修",
     "水泵房更换阀门，**周四 8:00—17:00** 停水，请提前存水。独居老人家里，志愿者会送水上门。\n\n有困难请到居委会，或者打 021-5000 0000。",
     BULLETIN_MUST_READ,
     300,
     BULLETIN_PIN,
     {WU, XU, CHEN, LU, TANG, YE, -1}},
    {"announcement",
     DEMO_COMMUNITY,
     STAFF_CADRE_2,
     ORG_COMMITTEE,
     "一楼活动室周末开放时间",
     "周六、周日 9:00—20:00，乒乓室要预约。",
     BULLETIN_PLAIN,
     900,
     BULLETIN_PUBLISH,
     {-1}},
    {"announcement",
     DEMO_COMMUNITY,
     STAFF_CADRE_2,
     ORG_COMMITTEE,
     "冬至包汤圆，欢迎报名",
     "12月21日 14:00，活动室。材料我们准备，您带双手来。",
     BULLETIN_PLAIN,
     -900,
     BULLETIN_PUBLISH,
     {-1}},
    {"announcement",
     DEMO_COMMUNITY,
     STAFF_CADRE_3,
     ORG_COMMITTEE,
     "电梯年检通知（草稿）",
     "日期等物业确认。",
     BULLETIN_PLAIN,
     60,
     BULLETIN_RECALL,
     {-1}},
    {"open_affairs",
     DEMO_COMMUNITY,
     STAFF_DIRECTOR,
     ORG_COMMITTEE,
     "上季度居委会经费收支",
     "| 项目 | 金额（元） |\n|---|---|\n| 办公经费拨款 | 30,000 |\n| 活动用品 | 8,260 |\n| 楼道美化 | 6,400 |\n| 结余 | 15,340 |\n\n票据放在居委会，工作时间可以来看。",
     BULLETIN_PLAIN,
     500,
     BULLETIN_PUBLISH,
     {-1}},
    {"police_bulletin",
     DEMO_COMMUNITY,
     STAFF_POLICE,
     ORG_POLICE,
     "近期有人冒充燃气公司上门",
     "真正的安检员会**提前贴单**、出示证件，不会当场收钱换灶具。\n\n碰到了请打 **110**，或者找我。",
     BULLETIN_PLAIN,
     420,
     BULLETIN_PUBLISH,
     {-1}},
};

static enum result publish(struct db *db, struct entry_actor *actor, const struct board *board, int64_t place,
                           int64_t id, enum bulletin_action action)
{
    struct entry entry;
    struct bulletin b;
    enum result r = entry_get(db, place, id, &entry);

    if (r == OK)
        r = bulletin_load(db, &entry, &b);
    return r == OK ? bulletin_act(db, actor, board, &b, action, BULLETIN_BY_RUNNER | BULLETIN_BY_FREE, STR_NONE) : r;
}

/* As somebody at home would do it. */
static enum result read_by(struct db *db, const struct stage *s, int64_t place, int64_t id, int resident)
{
    const struct demo_dweller *d = &s->resident[resident];
    const struct viewer_residence home = {.community = d->community, .dwelling = d->dwelling, .verified = true};
    const struct viewer viewer = {.person = d->person, .residence = &home, .n_residences = 1};
    const struct entry_actor actor = {.person = d->person, .now = s->now};
    struct entry entry;
    struct bulletin b;
    enum result r;

    if (!d->here)
        return OK;
    r = entry_get(db, place, id, &entry);
    if (r == OK)
        r = bulletin_load(db, &entry, &b);
    return r == OK ? bulletin_read(db, &actor, &viewer, &b) : r;
}

/* What residents ask about the accounts: one is answered, one waits. */
static enum result asked(struct db *db, const struct stage *s, const struct entry_actor *office, int64_t place,
                         int64_t id)
{
    static const struct {
        int who;
        const char *words, *answer;
    } questions[] = {
        {QIN, "楼道美化 6,400 元，做了哪几幢楼？有没有清单？",
         "做了3号楼、5号楼的一至三层，清单和照片贴在居委会门口的公开栏，附件第一页也有明细。"},
        {WEI, "活动用品里的“暑期小课堂”，老师是付钱请的吗？", NULL},
    };
    enum result r = OK;

    for (size_t i = 0; r == OK && i < sizeof(questions) / sizeof(questions[0]); i++) {
        const struct demo_dweller *d = &s->resident[questions[i].who];
        struct entry_actor actor = {.person = d->person, .from = d->from, .dwelling = d->dwelling, .now = s->now};
        int64_t question, answer;
        struct entry entry;
        struct bulletin b;

        if (!d->here)
            continue;
        r = entry_get(db, place, id, &entry);
        if (r == OK)
            r = bulletin_load(db, &entry, &b);
        if (r == OK)
            r = bulletin_ask(db, &actor, &b, str_from_cstr(questions[i].words), &question);
        actor = *office;
        actor.now = s->now;
        if (r == OK && questions[i].answer)
            r = entry_comment(db, &actor, &entry, question, str_from_cstr(questions[i].answer), &answer);
    }
    return r;
}

static enum result write_one(struct db *db, struct stage *s, size_t i)
{
    int64_t end = s->now, at = end - notices[i].ago * 6 * TIME_SECOND, id;
    struct bulletin_text text = {
        .title = str_from_cstr(notices[i].title), .body = str_from_cstr(notices[i].body), .weight = notices[i].weight};
    struct entry_actor actor = {.person = s->staff[notices[i].staff],
                                .organisation = s->org[notices[i].org],
                                .from = str_from_cstr(demo_organisations[notices[i].org].name),
                                .runs = true};
    struct board board;
    enum result r = board_by_word(db, str_from_cstr(notices[i].board), &board);

    if (r == OK && bulletin_is_open_affairs(&board)) {
        text.matter = STR("accounts");
        text.period = bulletin_period_before(bulletin_period_of(s->now));
    }

    if (notices[i].ago < 0) {
        text.publish_at = end - notices[i].ago * TIME_MINUTE;
        at = end - 10 * TIME_MINUTE;
    }
    actor.now = at;
    if (r == OK)
        r = bulletin_write(db, &actor, &board, notices[i].place, &text, &id);
    if (r == OK && text.period)
        r = demo_attach_paper(db, s, PAPER_ACCOUNTS, notices[i].place, id, actor.person);
    if (r == OK && notices[i].last != BULLETIN_RECALL)
        r = publish(db, &actor, &board, notices[i].place, id, BULLETIN_PUBLISH);
    if (r == OK && notices[i].last == BULLETIN_PIN)
        r = publish(db, &actor, &board, notices[i].place, id, BULLETIN_PIN);
    if (r == OK && text.period)
        r = asked(db, s, &actor, notices[i].place, id);
    for (size_t k = 0; r == OK && k < 8 && notices[i].readers[k] >= 0; k++)
        r = read_by(db, s, notices[i].place, id, notices[i].readers[k]);
    return r;
}

static enum result write_all(struct db *db, void *arg)
{
    enum result r = OK;

    for (size_t i = 0; r == OK && i < sizeof(notices) / sizeof(notices[0]); i++)
        r = write_one(db, arg, i);
    return r;
}

enum result demo_notices(struct stage *s)
{
    enum result r = demo_paper(s, PAPER_ACCOUNTS);

    if (r == OK)
        r = db_write_wait(s->o->database, s->scratch, write_all, s);
    arena_reset(s->scratch);
    if (r == OK)
        r = bulletin_tell(s->o->database, s->scratch, s->now);
    arena_reset(s->scratch);
    return r;
}
