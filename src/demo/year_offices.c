/* year_offices.c: what the committees of a year make known, call people together for, and offer. */
#include "demo/year_private.h"

#include "boards/activity/rules.h"
#include "boards/bulletin/rules.h"
#include "boards/service/rules.h"
#include "civic/person/person.h"
#include "demo/year.sql.h"

/* ---- 社区公告 ---------------------------------------------------------------------------------------------------------------------- */

static const struct {
    const char *title, *body;
} notices[] = {
    {"周四停水检修", "水泵房更换阀门，**周四 8:00—17:00** 停水，请提前存水。独居老人家里，志愿者会送水上门。"},
    {"六十五岁以上老人免费体检开始预约", "请带身份证和医保卡，到社区卫生服务中心二楼。早上**空腹**，有轮椅可借。"},
    {"楼道堆物请在周日前搬走", "消防通道要留出来。搬不动的，跟居委会说一声，我们来帮忙。"},
    {"流感疫苗接种安排", "- 六十岁以上老人：周二、周三上午\n- 孩子：周六全天\n\n请带接种本。"},
    {"活动室周末开放时间", "周六、周日 9:00—20:00，乒乓室要预约。"},
    {"电梯年检，分批停用", "每台停用约两小时，时间贴在楼下。急事请打物业电话。"},
    {"垃圾房夜间开放时间延长", "应大家要求，延长到 22:00，分类请照旧。"},
    {"台风来了，请收好阳台的花盆", "今晚到明天有大风，窗台、阳台的东西请收进屋。**高空坠物要伤人。**"},
};
enum { NOTICES = sizeof(notices) / sizeof(notices[0]) };

void year_plan_notice(struct year *y, int matter)
{
    unsigned u = 5000000 + (unsigned)(matter - y->first[OF_NOTICE]);
    struct matter *m = year_begin_matter(y, matter, u, 9, 8);
    const struct home *h = &y->home[m->home];
    int readers;

    m->author = -1 - matter % CADRES;
    m->small = (uint8_t)(year_spread(y, u, 13) * NOTICES);
    m->squad = (matter - y->first[OF_NOTICE]) / y->homes % 10 == 0;
    year_plan(y, m->at, matter, PUBLISH, 0, 0);
    year_plan_taps(y, matter, m->at, u, 16);
    readers = m->squad ? (int)((0.2 + 0.3 * year_spread(y, u, 20)) * h->n) : 0;
    for (int k = 0; k < readers; k++) {
        unsigned s = 500 + (unsigned)k * 4;

        year_plan(y,
                  m->at + 10 * TIME_MINUTE +
                      (int64_t)(year_spread(y, u, s) * year_spread(y, u, s + 1) * 4.0 * (double)TIME_DAY),
                  matter, READ, 0, (int)(year_spread(y, u, s + 2) * h->n));
    }
}

static enum result publish(struct db *db, struct year *y, const struct step *s)
{
    struct matter *m = &y->matter[s->matter];
    const struct home *h = &y->home[m->home];
    const struct entry_actor actor = year_cadre(h, s->matter, s->at);
    const struct bulletin_text what = {.title = str_from_cstr(notices[m->small].title),
                                       .body = str_from_cstr(notices[m->small].body),
                                       .weight = m->squad ? BULLETIN_MUST_READ : BULLETIN_PLAIN,
                                       .ends_at = s->at + 60 * TIME_DAY};
    struct entry entry;
    struct bulletin b;
    enum result r = bulletin_write(db, &actor, &y->board[ANNOUNCEMENT], h->code, &what, &m->id);

    if (r == OK)
        r = entry_get(db, h->code, m->id, &entry);
    if (r == OK)
        r = bulletin_load(db, &entry, &b);
    return r == OK ? bulletin_act(db, &actor, &y->board[ANNOUNCEMENT], &b, BULLETIN_PUBLISH,
                                  BULLETIN_BY_RUNNER | BULLETIN_BY_FREE, STR_NONE)
                   : r;
}

static enum result notice(struct db *db, struct year *y, const struct step *s)
{
    struct matter *m = &y->matter[s->matter];
    const struct home *h = &y->home[m->home];
    const struct dweller *d = &h->dweller[s->who];
    const struct viewer_residence home = {.community = h->code, .dwelling = d->dwelling, .verified = true};
    const struct viewer viewer = {.person = d->person, .residence = &home, .n_residences = 1};
    const struct entry_actor actor = year_dweller(db, h, s->who, s->at);
    struct entry entry;
    struct bulletin b;
    enum result r;

    if (s->deed == PUBLISH)
        return publish(db, y, s);
    r = year_entry(db, y, m, &entry);
    if (r != OK || s->deed != READ)
        return r == OK ? year_tap(db, y, s, &entry) : r;
    r = bulletin_load(db, &entry, &b);
    return r == OK ? bulletin_read(db, &actor, &viewer, &b) : r;
}

/* ---- 社区活动 ---------------------------------------------------------------------------------------------------------------------- */

static const struct {
    const char *title, *body, *spot;
    int hour, minutes, capacity;
    bool gives_hours;
} days[] = {
    {"清洁楼道志愿日", "一起把楼道里的堆物清一清、扶手擦一擦。手套、扫帚居委会准备。", "各楼门口集合", 9, 120, 0, true},
    {"老年人智能手机课", "从扫码、视频通话讲到网上挂号，志愿者一对一教。", "居委会二楼活动室", 14, 90, 20, false},
    {"亲子包饺子", "面和馅都准备好了，包好的当场煮了吃，多的送给独居老人。", "居委会一楼食堂", 10, 90, 16, false},
    {"旧物交换市集", "家里用不着的拿来换一换，孩子也可以摆摊。", "小区广场", 9, 150, 0, false},
    {"八段锦晨练", "不会的站后排跟着做，穿平底鞋。", "小区广场", 7, 60, 0, false},
    {"义诊：量血压、测血糖", "社区卫生服务中心的医生来，空腹。", "居委会门口", 8, 120, 30, false},
    {"河边捡垃圾", "沿着河走一圈，手套和夹子居委会发，记志愿服务时长。", "南门集合", 9, 90, 0, true},
};
enum { DAYS_OUT = sizeof(days) / sizeof(days[0]) };

static int64_t day_starts(const struct matter *m)
{
    return day_start(day_of(m->at) + 6) + days[m->small].hour * TIME_HOUR;
}

void year_plan_day(struct year *y, int matter)
{
    unsigned u = 6000000 + (unsigned)(matter - y->first[OF_DAY]);
    struct matter *m = year_begin_matter(y, matter, u, 9, 8);
    const struct home *h = &y->home[m->home];
    int people = 8 + (int)(year_spread(y, u, 20) * 30);
    int64_t starts;

    m->author = -1 - matter % CADRES;
    m->small = (uint8_t)(year_spread(y, u, 13) * DAYS_OUT);
    starts = day_starts(m);
    year_plan(y, m->at, matter, ANNOUNCE, 0, 0);
    year_plan_taps(y, matter, m->at, u, 10);
    for (int k = 0; k < people; k++) {
        unsigned s = 500 + (unsigned)k * 4;
        int who = (int)(year_spread(y, u, s) * h->n);

        year_plan(y,
                  m->at + 10 * TIME_MINUTE +
                      (int64_t)(year_spread(y, u, s + 1) * (double)(starts - m->at - 3 * TIME_HOUR)),
                  matter, SIGN_UP, 0, who);
        if (year_spread(y, u, s + 2) < 0.05)
            year_plan(y, starts - 30 * TIME_HOUR, matter, SIGN_OFF, 0, who);
        else if (year_spread(y, u, s + 2) < 0.85)
            year_plan(y, starts - 15 * TIME_MINUTE + (int64_t)(year_spread(y, u, s + 3) * 40.0 * (double)TIME_MINUTE),
                      matter, COME, 0, who);
    }
    year_plan(y, starts + days[m->small].minutes * TIME_MINUTE + TIME_HOUR, matter, CLOSE, 0, 0);
}

static enum result announce(struct db *db, struct year *y, const struct step *s)
{
    struct matter *m = &y->matter[s->matter];
    const struct home *h = &y->home[m->home];
    const struct entry_actor actor = year_cadre(h, s->matter, s->at);
    struct activity_what what = {
        .title = str_from_cstr(days[m->small].title),
        .body = str_from_cstr(days[m->small].body),
        .spot = str_from_cstr(days[m->small].spot),
        .starts_at = day_starts(m),
        .ends_at = day_starts(m) + days[m->small].minutes * TIME_MINUTE,
        .capacity = days[m->small].capacity,
        .gives_hours = days[m->small].gives_hours,
    };

    if (activity_wrong(&what, s->at))
        return E_INVALID;
    return activity_announce(db, &actor, &y->board[ACTIVITY], h->code, &what, REPEAT_NONE, 1, false, &m->id);
}

static enum result day(struct db *db, struct year *y, const struct step *s)
{
    struct matter *m = &y->matter[s->matter];
    const struct home *h = &y->home[m->home];
    const struct board *board = &y->board[ACTIVITY];
    const struct entry_actor cadre = year_cadre(h, s->matter, s->at), actor = year_dweller(db, h, s->who, s->at);
    struct entry entry;
    enum activity_no no;
    bool left;
    int state;
    enum result r;

    if (s->deed == ANNOUNCE)
        return announce(db, y, s);
    r = year_entry(db, y, m, &entry);
    if (r != OK)
        return r;
    switch ((enum deed)s->deed) {
    case SIGN_UP: return activity_sign_up(db, &actor, &entry, h->code, &state, &no);
    case SIGN_OFF: return activity_leave(db, &actor, board, &entry, actor.person, BY_PERSON, &no);
    case COME: return activity_check_in(db, &actor, &entry, actor.person, h->code, BY_PERSON, &no);
    case CLOSE:
        return activity_close(db, &cadre, board, &entry, days[m->small].gives_hours ? days[m->small].minutes : 0,
                              &left);
    default: return year_tap(db, y, s, &entry);
    }
}

/* ---- 社区服务 ---------------------------------------------------------------------------------------------------------------------- */

static const struct {
    const char *title;
    int hour, minutes, capacity;
} slots[] = {{"量血压", 9, 120, 12}, {"理发", 14, 120, 10}, {"磨刀、修伞", 9, 120, 8}, {"助浴", 9, 60, 3}};
enum { SLOTS = sizeof(slots) / sizeof(slots[0]) };

void year_plan_offer(struct year *y, int matter)
{
    struct matter *m = &y->matter[matter];

    m->home = matter - y->first[OF_OFFER];
    m->author = -1 - matter % CADRES;
    m->at = y->begin + SETTLING_DAYS * TIME_DAY - TIME_HOUR;
    year_plan(y, m->at, matter, OFFER, 0, 0);
}

static int64_t slot_starts(const struct matter *m)
{
    return day_start(day_of(m->at) + 4) + slots[m->small].hour * TIME_HOUR;
}

void year_plan_slot(struct year *y, int matter)
{
    unsigned u = 7000000 + (unsigned)(matter - y->first[OF_SLOT]);
    struct matter *m = year_begin_matter(y, matter, u, 9, 8);
    const struct home *h = &y->home[m->home];
    int people = 2 + (int)(year_spread(y, u, 20) * 10);
    int64_t starts;

    m->author = -1 - matter % CADRES;
    m->small = (uint8_t)(year_spread(y, u, 13) * SLOTS);
    starts = slot_starts(m);
    year_plan(y, m->at, matter, OPEN_SLOT, 0, 0);
    for (int k = 0; k < people; k++) {
        unsigned s = 500 + (unsigned)k * 4;
        int who = (int)(year_spread(y, u, s) * h->n);

        year_plan(y,
                  m->at + 10 * TIME_MINUTE +
                      (int64_t)(year_spread(y, u, s + 1) * (double)(starts - m->at - 2 * TIME_HOUR)),
                  matter, BOOK, 0, who);
        year_plan(y, starts + 10 * TIME_MINUTE + k * TIME_MINUTE, matter,
                  year_spread(y, u, s + 2) < 0.93 ? BOOKED_CAME : BOOKED_MISSED, 0, who);
    }
}

static enum result offer(struct db *db, struct year *y, const struct step *s)
{
    struct matter *m = &y->matter[s->matter];
    const struct home *h = &y->home[m->home];
    const struct entry_actor actor = year_cadre(h, s->matter, s->at);
    const struct provider_new what = {
        .board = &y->board[SERVICE],
        .community = h->code,
        .sort = STR("provider"),
        .title = STR("家门口服务站"),
        .body = STR("量血压、理发、修修补补，都在居委会一楼。"),
        .offers = STR("量血压 免费\n理发 10 元\n磨刀 5 元\n助浴 20 元"),
        .people = STR("护理员、志愿者"),
        .phone = STR("021-5600 0143"),
        .address = STR("居委会一楼"),
        .hours = STR("08:30-16:30;08:30-16:30;08:30-16:30;08:30-16:30;08:30-16:30;08:30-11:30;"),
        .publish = true,
    };

    return provider_write(db, &actor, &what, &m->id);
}

static enum result open_slot(struct db *db, struct matter *m, const struct home *h, int64_t provider,
                             const struct entry_actor *actor)
{
    const struct slot_new what = {
        .community = h->code,
        .provider = provider,
        .title = str_from_cstr(slots[m->small].title),
        .starts_at = slot_starts(m),
        .ends_at = slot_starts(m) + slots[m->small].minutes * TIME_MINUTE,
        .capacity = slots[m->small].capacity,
        .cancel_hours = 6,
        .weeks = 1,
    };

    return slot_make(db, actor, &what, &m->id);
}

static enum result slot(struct db *db, struct year *y, const struct step *s)
{
    struct matter *m = &y->matter[s->matter];
    const struct home *h = &y->home[m->home];
    const struct entry_actor cadre = year_cadre(h, s->matter, s->at), actor = year_dweller(db, h, s->who, s->at);
    struct sql_year_slot row;
    struct sql_year_booking booking;
    struct entry entry;
    bool waits;
    enum result r = year_entry(db, y, &y->matter[y->first[OF_OFFER] + m->home], &entry);

    if (r != OK || s->deed == OPEN_SLOT)
        return r == OK ? open_slot(db, m, h, entry.id, &cadre) : r;
    if (m->id == 0 && (r = sql_year_slot(db, h->code, entry.id, m->at, &row)) == OK)
        m->id = row.id; /* made by an earlier run */
    if (r != OK || s->deed == BOOK)
        return r == OK ? slot_book(db, &actor, &entry, m->id, h->code, STR_NONE, &waits) : r;
    r = sql_year_booking(db, h->code, m->id, actor.person, &booking);
    return r == OK ? slot_mark(db, &cadre, &entry, m->id, booking.id, s->deed == BOOKED_CAME) : r;
}

enum result year_take_office(struct db *db, struct year *y, const struct step *s)
{
    switch (y->matter[s->matter].kind) {
    case OF_NOTICE: return notice(db, y, s);
    case OF_DAY: return day(db, y, s);
    case OF_OFFER: return offer(db, y, s);
    default: return slot(db, y, s);
    }
}

enum result year_ring_offices(struct year *y, int64_t now)
{
    bool left = true;
    enum result r = bulletin_end_over(y->o->database, y->scratch, now);

    if (r == OK)
        r = bulletin_tell(y->o->database, y->scratch, now);
    while (r == OK && left) {
        arena_reset(y->scratch);
        r = activity_tick(y->o->database, y->scratch, now, 100, &left);
    }
    arena_reset(y->scratch);
    return r;
}
