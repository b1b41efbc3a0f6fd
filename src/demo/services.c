/* services.c: who offers something nearby, on the four boards of that kind, with times to book and what has been booked. All of it on the last day. */
#include "boards/service/doctor.h"
#include "boards/service/property.h"
#include "demo/stage.h"

#define WEEKDAYS(hours) hours ";" hours ";" hours ";" hours ";" hours

static const struct offer {
    const char *board;
    int staff;
    const char *sort, *title, *body, *offers, *people, *phone, *address, *hours;
    bool on_holidays;
    struct {
        int days, hour, minutes, places;
        const char *title;
        int who[5];
    } slot[3]; /* so many days from today; who has booked, -1 at the end */
} offers[] = {
    {"community_service",
     STAFF_CADRE_1,
     "provider",
     "社区食堂",
     "给老人和上班族做家常菜，行动不便的可以送餐上门。",
     "老人套餐 9 元\n普通套餐 15 元\n送餐上门，每次 2 元",
     "孙师傅、两位阿姨",
     "021-5600 0141",
     "海江路 288 弄 1 号底楼",
     WEEKDAYS("06:30-08:30,10:30-13:00,16:30-18:30") ";10:30-13:00;10:30-13:00",
     true,
     {{0}}},
    {"community_service",
     STAFF_CADRE_2,
     "provider",
     "家门口修修补补",
     "磨剪刀、修伞、换拉链，每周来一次。",
     "磨刀 5 元\n修伞 8 元\n换拉链 10 元",
     "老何",
     "021-5600 0142",
     "中心广场东侧",
     ";;;;;09:00-15:00;",
     false,
     {{3, 9, 60, 8, "磨刀、修伞", {CHEN, LU, -1}}}},
    {"community_service",
     STAFF_CADRE_1,
     "provider",
     "日间照料中心",
     "健康自测、理发、读报，欢迎来坐坐。",
     "量血压 免费\n理发 10 元\n助浴 20 元（要预约）",
     "护理员小曹",
     "021-5600 0143",
     "同济路 669 弄 3 号",
     WEEKDAYS("08:30-16:30") ";08:30-11:30;",
     false,
     {{1, 9, 30, 2, "助浴", {XU, LU, ZHOU, -1}}, {2, 14, 120, 12, "理发", {WU, -1}}}},
    {"property_window",
     STAFF_PROPERTY,
     "provider",
     "物业服务中心",
     "报修、缴费、装修登记都在这里。晚上有人值班。",
     "报修 24 小时\n装修登记\n车位咨询",
     "马经理、丁师傅",
     "021-5600 0102",
     "海江路 288 弄门口",
     WEEKDAYS("08:00-20:00") ";09:00-17:00;09:00-17:00",
     true,
     {{0}}},
    {"family_doctor",
     STAFF_DOCTOR,
     "provider",
     "尤兰医生",
     "全科医生，看了二十年慢性病。签约以后，问诊、开药、转诊都可以找我。",
     "高血压、糖尿病随访\n用药指导\n上门看望行动不便的老人",
     "尤医生、护士小伍",
     "021-5600 0120",
     "海江路 288 弄 2 号底楼",
     WEEKDAYS("08:00-11:30,13:00-16:30") ";08:00-11:30;",
     false,
     {{1, 8, 120, 3, "门诊", {QIAN, -1}}, {4, 13, 120, 6, "门诊", {-1}}}},
    {"charity",
     STAFF_CHARITY,
     "project",
     "陪独居老人聊聊天",
     "每周去看看独居的老人，说说话，顺手买个菜。",
     "会说话、有耐心就行\n第一次由老志愿者带着去",
     "祝老师",
     "021-5600 0130",
     "在居委会集合",
     ";;;;;;",
     false,
     {{2, 14, 120, 4, "探访", {YE, FANG, -1}}, {9, 14, 120, 4, "探访", {-1}}}},
    {"charity",
     STAFF_CHARITY,
     "project",
     "河边清洁日",
     "沿着河边走一圈，把垃圾捡干净，孩子可以一起来。",
     "穿球鞋，带水\n手套和袋子我们准备",
     "祝老师",
     "021-5600 0130",
     "河边步道入口",
     ";;;;;;",
     false,
     {{3, 8, 90, 20, "捡垃圾", {QIN, WEI, DU, -1}}}},
};

static enum result book(struct db *db, const struct stage *s, int64_t entry_id, int64_t slot, int who)
{
    const struct demo_dweller *d = &s->resident[who];
    const struct entry_actor actor = {.person = d->person, .from = d->from, .dwelling = d->dwelling, .now = s->now};
    struct entry entry;
    bool waits;
    enum result r = entry_get(db, DEMO_COMMUNITY, entry_id, &entry);

    return r == OK ? slot_book(db, &actor, &entry, slot, DEMO_COMMUNITY, STR_NONE, &waits) : r;
}

static enum result offer(struct db *db, const struct stage *s, const struct offer *o)
{
    const struct entry_actor actor = {
        .person = s->staff[o->staff],
        .organisation = s->org[demo_posts[o->staff].org],
        .from = str_from_cstr(demo_organisations[demo_posts[o->staff].org].name),
        .runs = true,
        .now = s->now,
    };
    struct board board;
    struct provider_new what = {
        .board = &board,
        .community = DEMO_COMMUNITY,
        .sort = str_from_cstr(o->sort),
        .title = str_from_cstr(o->title),
        .body = str_from_cstr(o->body),
        .offers = str_from_cstr(o->offers),
        .people = str_from_cstr(o->people),
        .phone = str_from_cstr(o->phone),
        .address = str_from_cstr(o->address),
        .hours = str_from_cstr(o->hours),
        .on_holidays = o->on_holidays,
        .publish = true,
    };
    int64_t id;
    enum result r = board_by_word(db, str_from_cstr(o->board), &board);

    if (r == OK)
        r = provider_write(db, &actor, &what, &id);
    for (size_t i = 0; r == OK && i < 3 && o->slot[i].places; i++) {
        const int64_t at = day_start(day_of(s->now) + o->slot[i].days) + o->slot[i].hour * TIME_HOUR;
        const struct slot_new time = {
            .community = DEMO_COMMUNITY,
            .provider = id,
            .title = str_from_cstr(o->slot[i].title),
            .starts_at = at,
            .ends_at = at + o->slot[i].minutes * TIME_MINUTE,
            .capacity = o->slot[i].places,
            .cancel_hours = 6,
            .weeks = 1,
        };
        int64_t slot;

        r = slot_make(db, &actor, &time, &slot);
        for (size_t k = 0; r == OK && o->slot[i].who[k] >= 0; k++)
            r = book(db, s, id, slot, o->slot[i].who[k]);
    }
    return r;
}

/* ---- the property company's accounts ------------------------------------------------------------------------------------------ */

static const struct {
    enum account_kind kind;
    int back; /* which of the periods that are over: 0 the last one */
    const char *what, *notes;
    int64_t opening;
    struct account_line line[4];
} accounts[] = {
    {ACCOUNT_FUND,
     0,
     "维修资金",
     "2 号楼屋面经业主大会表决后施工，审价单见照片。",
     INT64_C(384612050),
     {{false, {"利息", sizeof("利息") - 1}, 1250000},
      {true, {"2 号楼屋面防水", sizeof("2 号楼屋面防水") - 1}, 8600000},
      {true, {"审价费", sizeof("审价费") - 1}, 210000}}},
    {ACCOUNT_INCOME,
     0,
     "公共收益",
     "百分之五十已转入维修资金。",
     INT64_C(6280000),
     {{false, {"地面停车费", sizeof("地面停车费") - 1}, 4536000},
      {false, {"电梯广告", sizeof("电梯广告") - 1}, 900000},
      {true, {"转入维修资金", sizeof("转入维修资金") - 1}, 2718000},
      {true, {"门禁维保", sizeof("门禁维保") - 1}, 360000}}},
};

static enum result account(struct db *db, const struct stage *s, size_t i)
{
    const struct entry_actor actor = {.person = s->staff[STAFF_PROPERTY],
                                      .organisation = s->org[ORG_PROPERTY],
                                      .from = str_from_cstr(demo_organisations[ORG_PROPERTY].name),
                                      .runs = true,
                                      .now = s->now};
    int64_t period = account_period_over(accounts[i].kind, day_of(s->now)), id;
    struct account_new what = {.community = DEMO_COMMUNITY,
                               .kind = accounts[i].kind,
                               .opening = accounts[i].opening,
                               .line = accounts[i].line,
                               .notes = str_from_cstr(accounts[i].notes)};
    struct board board;
    enum result r = board_by_word(db, STR("property_window"), &board);

    what.board = &board;
    what.period = period;
    while (what.n < 4 && accounts[i].line[what.n].amount)
        what.n++;
    what.title = accounts[i].kind == ACCOUNT_FUND ? str_printf(db_arena(db), "%d 年%s半年%s", (int)(period / 10),
                                                               period % 10 == 1 ? "上" : "下", accounts[i].what)
                                                  : str_printf(db_arena(db), "%d 年第 %d 季度%s", (int)(period / 10),
                                                               (int)(period % 10), accounts[i].what);
    return r == OK ? account_publish(db, &actor, &what, &id) : r;
}

/* Some households have rated: only when the time for it has come. */
static enum result ratings(struct db *db, const struct stage *s)
{
    static const struct {
        int who, stars;
    } given[] = {{ZHOU, 3}, {WU, 4}, {XU, 5}, {CHEN, 4}, {TANG, 2}, {YE, 4}};
    enum result r = OK;
    int year;

    for (size_t i = 0; r == OK && rating_open(s->now, &year) && i < sizeof(given) / sizeof(given[0]); i++) {
        const struct demo_dweller *d = &s->resident[given[i].who];
        const struct entry_actor actor = {.person = d->person, .from = d->from, .dwelling = d->dwelling, .now = s->now};

        r = rating_give(db, &actor, DEMO_COMMUNITY, s->org[ORG_PROPERTY], d->dwelling, given[i].stars);
    }
    return r;
}

/* ---- the family doctor: two households that are with her, one that would like to be ----------------------------------------------- */

static enum result doctor_of_demo(struct db *db, const struct stage *s)
{
    static const int household[] = {ZHOU, QIAN, XU};
    const struct doctor_actor team = {s->staff[STAFF_DOCTOR], s->org[ORG_CLINIC], s->now, s->o->services->keys};
    struct sql_provider_get doctor;
    struct entry_rows rows;
    struct board board;
    int64_t sign, question;
    enum result r = board_by_word(db, STR("family_doctor"), &board);

    if (r == OK)
        r = entry_page(db, &board, DEMO_COMMUNITY, false, INT64_MAX, 1, &rows);
    if (r != OK || rows.n == 0)
        return r;
    r = sql_provider_get(db, DEMO_COMMUNITY, rows.row[0].id, &doctor);
    for (size_t i = 0; r == OK && i < sizeof(household) / sizeof(household[0]); i++) {
        const struct demo_dweller *d = &s->resident[household[i]];
        const struct doctor_actor home = {d->person, 0, s->now, s->o->services->keys};

        r = doctor_sign(db, &home, &doctor, d->dwelling, &sign);
        if (r == OK && i < 2)
            r = doctor_sign_act(db, &team, DEMO_COMMUNITY, sign, SIGN_CONFIRM);
        if (r == OK && i == 0)
            r = doctor_ask(db, &home, DEMO_COMMUNITY, sign, STR("孩子咳嗽三天了，不发烧，晚上厉害些，要不要来看？"),
                           &question);
        if (r == OK && i == 1) {
            r = doctor_ask(db, &home, DEMO_COMMUNITY, sign, STR("降压药换了以后脚有点肿，正常吗？"), &question);
            if (r == OK)
                r = doctor_say(db, &team, DEMO_COMMUNITY, question,
                               STR("有的人会这样。这两天量一量血压记下来，明天上午来门诊，我看看要不要再换。"));
        }
    }
    return r;
}

static enum result services(struct db *db, void *arg)
{
    enum result r = OK;

    for (size_t i = 0; r == OK && i < sizeof(accounts) / sizeof(accounts[0]); i++)
        r = account(db, arg, i);
    if (r == OK)
        r = ratings(db, arg);

    for (size_t i = 0; r == OK && i < sizeof(offers) / sizeof(offers[0]); i++)
        r = offer(db, arg, &offers[i]);
    return r == OK ? doctor_of_demo(db, arg) : r;
}

enum result demo_services(struct stage *s)
{
    return db_write_wait(s->o->database, s->scratch, services, s);
}
