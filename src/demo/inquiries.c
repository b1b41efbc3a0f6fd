/* inquiries.c: what residents of the demo world ask the police and the family doctor, and who is responsible for them. All of it on the last day:
 * days that have been closed stay closed. */
#include "boards/inquiry/rules.h"
#include "demo/stage.h"

static const struct {
    const char *board;
    int who, staff;
    const char *title, *body, *answer, *more;
    bool ended;
    int rating;
    const char *wording[3]; /* title, question, answer */
    bool agreed;
} asked[] = {
    {"police_line",
     ZHOU,
     STAFF_POLICE,
     "电瓶车电池被偷了，怎么报案？",
     "昨天晚上停在3号楼车棚，今天早上发现电池没了。",
     "请带上购车发票来警务室做笔录，我们今天去调车棚的监控。以后停车请上两把锁，电池尽量拿上楼。",
     "好的，下午三点过去。",
     true,
     5,
     {"电池被偷怎么报案", "电瓶车的电池被偷了，去哪里报案，要带什么？",
      "请带购车发票到社区警务室做笔录，工作日 9 点到 17 点半都有人。停车请上两把锁，电池尽量拿上楼。"},
     true},
    {"police_line",
     WU,
     STAFF_POLICE,
     "陌生电话说我孙子出事了",
     "让我转两万块，说不能告诉家里人。我没转，这是不是骗子？",
     "是诈骗，您做得对，一分钱也别转。再打来请直接挂掉，打 96110 也可以核实。我明天上门跟您再说说。",
     NULL,
     false,
     0,
     {"陌生来电说家人出事要转账，是真的吗", "接到电话说家里人出事，要转钱、还不许告诉别人，怎么办？",
      "这是诈骗，不要转账。请先挂断，自己打给家人，或打 96110 核实。"},
     false},
    {"police_line",
     YE,
     STAFF_POLICE,
     "楼上半夜总有敲打声",
     "连着三天，凌晨一两点，好像在装修。",
     NULL,
     NULL,
     false,
     0,
     {NULL},
     false},
    {"family_doctor",
     ZHOU,
     STAFF_DOCTOR,
     "签约以后多久能看上专家号？",
     "想给妈妈预约心内科。",
     "签约居民由我们帮您优先约，一般一周以内。请把病历拍给我。",
     NULL,
     false,
     0,
     {NULL},
     false},
};

static const struct {
    enum demo_staff staff;
    const char *name, *badge;
    enum scene face;
} responsible[] = {{STAFF_POLICE, "高峰", "031245", SCENE_OFFICER}, {STAFF_DOCTOR, "尤兰", "", SCENE_DOCTOR}};

static const struct {
    enum demo_staff staff;
    const char *name, *body;
} words[] = {
    {STAFF_POLICE, "先应一声", "您好，问题收到了，我了解一下情况，今天给您回话。"},
    {STAFF_POLICE, "请来做笔录", "请带上身份证和购买凭证到社区警务室，工作日 9 点到 17 点半都有人。"},
};

static struct inquiry_actor office(const struct stage *s, int staff)
{
    return (struct inquiry_actor){
        .person = s->staff[staff], .organisation = s->org[demo_posts[staff].org], .now = s->now};
}

static enum result ask(struct db *db, const struct stage *s, size_t i)
{
    const struct demo_dweller *d = &s->resident[asked[i].who];
    const struct inquiry_actor resident = {.person = d->person, .now = s->now}, by = office(s, asked[i].staff);
    struct board board;
    struct inquiry_new what = {
        .board = &board,
        .community = DEMO_COMMUNITY,
        .organisation = by.organisation,
        .from = d->from,
        .dwelling = d->dwelling,
        .estate = s->estate[d->estate],
        .title = str_from_cstr(asked[i].title),
        .body = str_from_cstr(asked[i].body),
    };
    int64_t id, message;
    enum result r = board_by_word(db, str_from_cstr(asked[i].board), &board);

    if (r == OK)
        r = inquiry_ask(db, &resident, &what, &id, &message);
    if (r == OK && asked[i].answer)
        r = inquiry_answer(db, &by, DEMO_COMMUNITY, id, str_from_cstr(asked[i].answer), &message);
    if (r == OK && asked[i].more)
        r = inquiry_say(db, &resident, DEMO_COMMUNITY, id, str_from_cstr(asked[i].more), &message);
    if (r == OK && asked[i].wording[0]) {
        const struct wording w = {str_from_cstr(asked[i].wording[0]), str_from_cstr(asked[i].wording[1]),
                                  str_from_cstr(asked[i].wording[2])};

        r = inquiry_propose(db, &by, DEMO_COMMUNITY, id, &w);
    }
    if (r == OK && asked[i].agreed)
        r = inquiry_agree(db, &resident, DEMO_COMMUNITY, id);
    if (r == OK && asked[i].ended)
        r = inquiry_close(db, &by, DEMO_COMMUNITY, id, STR_NONE);
    if (r == OK && asked[i].rating)
        r = inquiry_rate(db, &resident, DEMO_COMMUNITY, id, asked[i].rating, STR("回得快，说得清楚"));
    return r;
}

/* Residents see who is responsible for them, with a face. */
static enum result show_officer(struct db *db, const struct stage *s, size_t i)
{
    static const int64_t here = DEMO_COMMUNITY;
    const struct inquiry_actor by = office(s, responsible[i].staff);
    struct media media = {.subject_kind = STR("officer"), .stage = MEDIA_STAGE_REFERENCE, .author = by.person};
    struct officer_set set = {
        .organisation = by.organisation,
        .person = by.person,
        .name = str_from_cstr(responsible[i].name),
        .badge = str_from_cstr(responsible[i].badge),
        .communities = &here,
        .n = 1,
    };
    const char *field;
    enum result r = officer_open(db, by.organisation, by.person, s->now, &media.subject, &media.community);

    if (r == OK)
        r = demo_attach_picture(db, s, responsible[i].face, &media);
    set.photo = media.id;
    return r == OK ? officer_set(db, &by, &set, &field) : r;
}

static enum result inquiries(struct db *db, void *arg)
{
    const struct stage *s = arg;
    enum result r = OK;

    for (size_t i = 0; r == OK && i < sizeof(responsible) / sizeof(responsible[0]); i++)
        r = show_officer(db, s, i);
    for (size_t i = 0; r == OK && i < sizeof(words) / sizeof(words[0]); i++)
        r = sql_inquiry_template_put(db, DEMO_COMMUNITY, (int64_t)i + 1, s->org[demo_posts[words[i].staff].org],
                                     str_from_cstr(words[i].name), str_from_cstr(words[i].body));
    for (size_t i = 0; r == OK && i < sizeof(asked) / sizeof(asked[0]); i++)
        r = ask(db, s, i);
    return r;
}

enum result demo_inquiries(struct stage *s)
{
    return db_write_wait(s->o->database, s->scratch, inquiries, s);
}
