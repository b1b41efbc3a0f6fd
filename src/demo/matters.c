/* matters.c: the guide of the demo world, and who has asked the committee for help. All of it within the last hours, as lane.c does. */
#include "boards/guide/guide.h"
#include "boards/guide/guide_help.h"
#include "boards/guide/guide.sql.h"
#include "civic/board/board.h"
#include "civic/entry/entry.h"
#include "demo/stage.h"
#include "engine/base/ids.h"

static const struct {
    int who;
    const char *code, *title, *body, *wish;
    int minutes; /* ago */
    struct {
        int minutes;
        enum guide_help_action act;
        int by;
        const char *words;
    } step[4]; /* by: staff, -1 the resident */
} asked[] = {
    {XU,
     "elderly_assessment",
     NULL,
     "我今年七十六，膝盖不好，想问问长护险能不能上门评估。",
     "home",
     58,
     {{50, HELP_TAKE, STAFF_CADRE_1, NULL}, {45, HELP_MEET, STAFF_CADRE_1, "我带申请表到家里来，您准备好社保卡。"}}},
    {QIAN,
     "medical_card",
     NULL,
     "医保卡找不到了，我不会用手机挂失。",
     "office",
     56,
     {{48, HELP_TAKE, STAFF_CADRE_2, NULL},
      {30, HELP_SAY, STAFF_CADRE_2, "已帮您电话挂失，下午陪您去受理中心。"},
      {6, HELP_FINISH, STAFF_CADRE_2, "新卡当场制好，已经交给您，密码请尽快改。"}}},
    {HE, "elderly_card", NULL, "老伴下个月满六十五，想请居委会代办敬老卡。", "office", 20, {{0, HELP_TAKE, 0, NULL}}},
    {FANG,
     NULL,
     "我妈一个人住，想办送餐",
     "我妈八十二岁，住2号楼，中午没人做饭。",
     "home",
     12,
     {{0, HELP_TAKE, 0, NULL}}},
};

static enum result find_item(struct db *db, const char *code, struct entry *ret)
{
    struct sql_guide_item_by_code at;
    enum result r = sql_guide_item_by_code(db, INT64_C(310000000000), str_from_cstr(code), &at);

    return r == OK ? entry_get(db, INT64_C(310000000000), at.id, ret) : r;
}

static enum result ask(struct db *db, const struct stage *s, const struct board *board, size_t i)
{
    const struct demo_dweller *d = &s->resident[asked[i].who];
    struct entry item = {0};
    struct guide_help_new what = {
        .community = DEMO_COMMUNITY,
        .board = board->id,
        .body = str_from_cstr(asked[i].body),
        .wish = str_from_cstr(asked[i].wish),
        .person = d->person,
        .person_from = d->from,
        .estate = s->estate[d->estate],
        .organisation = s->org[ORG_COMMITTEE],
        .now = s->now - asked[i].minutes * TIME_MINUTE,
    };
    int64_t id;
    enum result r = asked[i].code ? find_item(db, asked[i].code, &item) : OK;

    if (r != OK)
        return r;
    what.item = item.id;
    what.item_place = item.community;
    what.title = item.id ? item.title : str_from_cstr(asked[i].title);
    r = guide_help_ask(db, &what, &id);
    for (size_t k = 0; r == OK && k < 4 && asked[i].step[k].minutes; k++) {
        struct guide_help_act act = {
            .community = DEMO_COMMUNITY,
            .id = id,
            .action = asked[i].step[k].act,
            .roles = HELP_BY_COMMITTEE,
            .person = s->staff[asked[i].step[k].by],
            .organisation = s->org[ORG_COMMITTEE],
            .words = str_from_cstr(asked[i].step[k].words ? asked[i].step[k].words : ""),
            .now = s->now - asked[i].step[k].minutes * TIME_MINUTE,
        };
        if (act.action == HELP_MEET) {
            act.meet_at = day_start(day_of(s->now) + 1) + 10 * TIME_HOUR;
            act.meet_where = STR("home");
        }
        r = guide_help_do(db, &act);
    }
    return r;
}

/* What only this committee has, as a committee would send it in. */
static const char own[] =
    "code,name,theme,said,who,materials,counter,address,hours,phone,online,steps,promised,legal,fee,basis,reach,related,checked\n"
    "meeting_room,借用居民活动室,other,\"借活动室\n借会议室\",本居委会的居民和楼组活动小组。,身份证|original|1|登记后当场还,居委会前台,海江路 288 弄 1 号底楼,"
    "工作日 8:30–17:00,021-5600 0101,,\"提前一天到居委会登记\n用完打扫干净、关好门窗\",0,,,居民公约第六条,community,,yes\n"
    "ladder,借人字梯和小推车,other,\"借梯子\n借推车\",本居委会的居民。,,居委会前台,海江路 288 弄 1 号底楼,"
    "工作日 8:30–17:00,021-5600 0101,,\"登记门牌号\n当天归还\",0,,,,community,meeting_room,yes\n";

static enum result matters(struct db *db, void *arg)
{
    static const struct {
        const char *said, *means;
    } words[] = {{"小囡", "小孩"}, {"老头", "老人"}, {"医疗卡", "医保卡"}};
    const struct stage *s = arg;
    struct import_report rep;
    struct board board;
    enum result r = guide_import(db, INT64_C(310000000000), guide_embedded(), s->now - TIME_HOUR, &rep);

    if (r == OK)
        r = guide_import(db, DEMO_COMMUNITY, str_from_cstr(own), s->now - TIME_HOUR, &rep);
    if (r == OK)
        r = board_by_word(db, STR("guide"), &board);
    for (size_t i = 0; r == OK && i < sizeof(words) / sizeof(words[0]); i++)
        r = sql_guide_synonym_put(db, INT64_C(310000000000), id_new(), str_from_cstr(words[i].said), 0,
                                  str_from_cstr(words[i].means));
    for (size_t i = 0; r == OK && i < sizeof(asked) / sizeof(asked[0]); i++)
        r = ask(db, s, &board, i);
    return r;
}

enum result demo_matters(struct stage *s)
{
    return db_write_wait(s->o->database, s->scratch, matters, s);
}
