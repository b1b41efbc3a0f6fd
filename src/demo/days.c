/* days.c: what the committee of the demo world has called its residents together for: a volunteer day that is over, with hours; a course each week; a party
 * day; one that is full, with a waiting list; one that was called off; and what came of the hours: certificates, a correction that its helper does not agree with. Everything at its moment, by the rules that hold for everybody. */
#include "boards/activity/rules.h"
#include "civic/hours/certificate.h"
#include "civic/hours/hours.h"
#include "civic/person/identity.h"
#include "demo/stage.h"
#include "engine/base/time.h"

#define HM(h, m) ((h)*60 + (m))

static const struct {
    int day, from, to; /* days after the last day of the world; minutes of the day */
    enum repeat repeat;
    int times, capacity;
    bool gives_hours;
    const char *title, *spot, *limits, *body;
} days[DEMO_DAYS] = {
    {-11, HM(9, 0), HM(11, 0), REPEAT_NONE, 1, 12, true, "清洁楼道志愿日", "各楼门口集合，居委会发工具", "",
     "一起把楼道里的堆物清一清、扶手擦一擦。手套、扫帚居委会准备，记志愿服务时长。"},
    {-6, HM(14, 0), HM(15, 30), REPEAT_WEEKLY, 6, 8, false, "老年人智能手机课", "居委会二楼活动室", "60 岁以上优先",
     "从扫码、视频通话讲到网上挂号，志愿者一对一教。请带上自己的手机。"},
    {3, HM(9, 30), HM(11, 0), REPEAT_NONE, 1, 0, false, "主题党日：我为楼组办件事", "党群服务站", "党员，欢迎群众列席",
     "先学习，再认领楼组里的一件小事，当场定下来谁来办、什么时候办好。"},
    {5, HM(10, 0), HM(11, 30), REPEAT_NONE, 1, 4, false, "亲子包饺子", "居委会一楼食堂",
     "6 到 12 岁孩子和一位家长，一户一个名额", "面和馅都准备好了，包好的当场煮了吃，多的送给独居老人。"},
    {2, HM(9, 0), HM(11, 30), REPEAT_NONE, 1, 0, false, "旧物交换市集", "小区广场", "",
     "家里用不着的拿来换一换，孩子也可以摆摊。"},
};

enum act { ANNOUNCE, SIGN, LEAVE, CHECK_IN, CLOSE, CALL_OFF, CERTIFY, CORRECT, DISAGREE };
static const struct {
    int day, minute;
    enum act act;
    int which, who;
} acts[] = {
    {-16, HM(10, 0), ANNOUNCE, 0, 0},   {-15, HM(18, 30), SIGN, 0, WEI},     {-15, HM(19, 10), SIGN, 0, ZHOU},
    {-14, HM(9, 0), SIGN, 0, CHEN},     {-13, HM(12, 20), SIGN, 0, QIN},     {-13, HM(20, 0), SIGN, 0, SHI},
    {-12, HM(8, 40), SIGN, 0, XU},      {-12, HM(10, 0), ANNOUNCE, 1, 0},    {-12, HM(15, 0), SIGN, 1, YE},
    {-11, HM(8, 55), CHECK_IN, 0, WEI}, {-11, HM(8, 58), CHECK_IN, 0, ZHOU}, {-11, HM(9, 5), CHECK_IN, 0, SHI},
    {-11, HM(9, 12), CHECK_IN, 0, QIN}, {-11, HM(9, 20), CHECK_IN, 0, CHEN}, {-11, HM(11, 30), CLOSE, 0, 0},
    {-10, HM(16, 0), SIGN, 1, SHI},     {-9, HM(9, 0), SIGN, 1, WU},         {-9, HM(10, 0), CERTIFY, 0, WEI},
    {-8, HM(15, 0), CORRECT, 0, ZHOU},  {-7, HM(19, 20), DISAGREE, 0, ZHOU}, {-7, HM(20, 0), CERTIFY, 0, ZHOU},
    {-6, HM(13, 50), CHECK_IN, 1, YE},  {-6, HM(13, 55), CHECK_IN, 1, SHI},  {-6, HM(15, 40), CLOSE, 1, 0},
    {-4, HM(9, 30), ANNOUNCE, 4, 0},    {-4, HM(19, 0), SIGN, 4, ZHOU},      {-3, HM(10, 0), ANNOUNCE, 2, 0},
    {-3, HM(12, 0), SIGN, 4, QIN},      {-3, HM(18, 0), SIGN, 2, WEI},       {-2, HM(10, 0), ANNOUNCE, 3, 0},
    {-2, HM(10, 40), SIGN, 3, QIN},     {-2, HM(12, 10), SIGN, 3, WU},       {-2, HM(18, 0), SIGN, 3, CHEN},
    {-2, HM(19, 30), SIGN, 3, XU},      {-1, HM(8, 0), SIGN, 3, YE},         {-1, HM(9, 0), SIGN, 3, ZHOU},
    {-1, HM(9, 30), SIGN, 2, SHI},      {-1, HM(10, 30), CALL_OFF, 4, 0},
};

static int64_t moment(const struct stage *s, int day, int minute)
{
    return day_start(day_of(s->o->now) + day) + minute * TIME_MINUTE;
}

static struct entry_actor cadre_of(const struct stage *s)
{
    return (struct entry_actor){.person = s->staff[STAFF_CADRE_1],
                                .organisation = s->org[ORG_COMMITTEE],
                                .from = str_from_cstr(demo_organisations[ORG_COMMITTEE].name),
                                .runs = true,
                                .now = s->now};
}

static enum result announce(struct db *db, struct stage *s, const struct board *board, int which)
{
    const struct entry_actor actor = cadre_of(s);
    struct activity_what what = {
        .title = str_from_cstr(days[which].title),
        .body = str_from_cstr(days[which].body),
        .spot = str_from_cstr(days[which].spot),
        .limits = str_from_cstr(days[which].limits),
        .starts_at = moment(s, days[which].day, days[which].from),
        .ends_at = moment(s, days[which].day, days[which].to),
        .capacity = days[which].capacity,
        .gives_hours = days[which].gives_hours,
    };

    if (activity_wrong(&what, s->now))
        return E_INVALID;
    return activity_announce(db, &actor, board, DEMO_COMMUNITY, &what, days[which].repeat, days[which].times, false,
                             &s->day_entry[which]);
}

/* What follows the hours of a volunteer day. */
static enum result afterwards(struct db *db, struct stage *s, enum act act, const struct demo_dweller *who)
{
    struct hours_lines lines;
    int32_t today = day_of(s->now);
    int64_t id;
    enum result r;

    if (!who->here)
        return OK;
    if (act == CERTIFY) {
        r = certificate_issue(db, DEMO_COMMUNITY, who->person, person_name_mask(db_arena(db), who->name), today - 365,
                              today, s->now, &id);
        return r == E_NOT_FOUND ? OK : r;
    }
    r = hours_list(db, DEMO_COMMUNITY, who->person, INT64_MAX, 1, &lines);
    if (r != OK || lines.n == 0)
        return r;
    return act == CORRECT
             ? hours_correct(db, DEMO_COMMUNITY, lines.line[0].id, 90, STR("十点半有事先走了，记一个半小时"),
                             s->staff[STAFF_CADRE_1], s->org[ORG_COMMITTEE], s->now)
             : hours_contest(db, DEMO_COMMUNITY, lines.line[0].id, who->person,
                             STR("我是去送垃圾，后来又回来一起收的工具，十一点才走。"), s->now);
}

static enum result act(struct db *db, struct stage *s, size_t i)
{
    const struct demo_dweller *who = &s->resident[acts[i].who];
    struct entry_actor actor = {.person = who->person, .from = who->from, .dwelling = who->dwelling, .now = s->now};
    const struct entry_actor cadre = cadre_of(s);
    struct board board;
    struct entry entry;
    enum activity_no no;
    int state;
    bool left;
    enum result r = board_by_word(db, STR("activity"), &board);

    if (r != OK || acts[i].act == ANNOUNCE)
        return r == OK ? announce(db, s, &board, acts[i].which) : r;
    if (acts[i].act >= CERTIFY)
        return afterwards(db, s, acts[i].act, who);
    r = entry_get(db, DEMO_COMMUNITY, s->day_entry[acts[i].which], &entry);
    if (r != OK || (acts[i].act != CLOSE && acts[i].act != CALL_OFF && !who->here))
        return r; /* not yet a neighbour */
    switch (acts[i].act) {
    case SIGN: r = activity_sign_up(db, &actor, &entry, who->community, &state, &no); break;
    case LEAVE: r = activity_leave(db, &actor, &board, &entry, actor.person, BY_PERSON, &no); break;
    case CHECK_IN: r = activity_check_in(db, &actor, &entry, actor.person, who->community, BY_PERSON, &no); break;
    case CLOSE: r = activity_close(db, &cadre, &board, &entry, days[acts[i].which].gives_hours ? 120 : 0, &left); break;
    default: r = activity_cancel(db, &cadre, &board, &entry, STR("预报有大雨，改期另行通知"), false);
    }
    return r == E_CONFLICT ? OK : r;
}

static enum result pass(struct db *db, void *arg)
{
    struct stage *s = arg;
    enum result r = OK;

    while (r == OK && s->days_done < sizeof(acts) / sizeof(acts[0]) &&
           moment(s, acts[s->days_done].day, acts[s->days_done].minute) <= s->now)
        r = act(db, s, s->days_done++);
    return r;
}

enum result demo_days_pass(struct stage *s)
{
    bool left, due = s->days_done < sizeof(acts) / sizeof(acts[0]) &&
                     moment(s, acts[s->days_done].day, acts[s->days_done].minute) <= s->now;
    enum result r = due ? db_write_wait(s->o->database, s->scratch, pass, s) : OK;

    arena_reset(s->scratch);
    if (r == OK)
        r = activity_tick(s->o->database, s->scratch, s->now, 100, &left);
    arena_reset(s->scratch);
    return r;
}
