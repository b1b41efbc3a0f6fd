/* cast.c: who plays in the demo world. */
#include "demo/cast.h"

#include <stdio.h>

#include "engine/base/time.h"

#define DISTRICT INT64_C(310113000000)
#define STREET INT64_C(310113007000)
#define STREET_C INT64_C(310113003000)

const struct demo_estate demo_estates[DEMO_ESTATES] = {
    {DEMO_COMMUNITY, "海江路小区", "海江路 288 弄", 6, 6, 4},
    {DEMO_COMMUNITY, "淞兴苑", "淞兴路 156 弄", 4, 6, 4},
    {DEMO_COMMUNITY, "新城雅苑", "同济路 669 弄", 2, 11, 3},
    {DEMO_SAME_STREET, "三营房小区", "永清路 501 弄", 3, 6, 3},
    {DEMO_OTHER_STREET, "宝钢五村", "宝钢五村 1—40 号", 3, 6, 3},
};

const struct demo_organisation demo_organisations[DEMO_ORGS] = {
    [ORG_COMMITTEE] = {DEMO_COMMUNITY, "residents_committee", "吴淞新城居委会", "021-5600 0101", 0},
    [ORG_PROPERTY] = {DEMO_COMMUNITY, "property_company", "吴淞新城物业服务中心", "021-5600 0102", DEMO_SAME_STREET},
    [ORG_POLICE] = {DEMO_COMMUNITY, "community_police", "吴淞新城社区警务室", "021-5600 0110", 0},
    [ORG_CLINIC] = {DEMO_COMMUNITY, "family_doctor", "吴淞新城家庭医生工作室", "021-5600 0120", 0},
    [ORG_STREET] = {STREET, "subdistrict_office", "吴淞街道办事处", "021-5600 0001", 0},
    [ORG_SQUAD] = {STREET, "urban_management", "吴淞街道城管中队", "021-5600 0002", 0},
    [ORG_GRID] = {STREET, "grid_centre", "吴淞街道网格化中心", "021-5600 0003", 0},
    [ORG_LIFT] = {STREET, "other", "吴淞电梯维保站", "021-5600 0004", 0},
    [ORG_DISTRICT] = {DISTRICT, "district_government", "宝山区城市运行管理中心", "021-5600 0005", 0},
    [ORG_CITY] = {INT64_C(310000000000), "city_government", "", "", 0}, /* made by init */
    [ORG_COMMITTEE_B] = {DEMO_SAME_STREET, "residents_committee", "三营房居委会", "021-5600 0201", 0},
    [ORG_COMMITTEE_C] = {DEMO_OTHER_STREET, "residents_committee", "宝钢五村居委会", "021-5600 0301", 0},
    [ORG_PROPERTY_C] = {DEMO_OTHER_STREET, "property_company", "宝钢五村物业管理处", "021-5600 0302", 0},
    [ORG_STREET_C] = {STREET_C, "subdistrict_office", "友谊路街道办事处", "021-5600 0303", 0},
    [ORG_GRID_C] = {STREET_C, "grid_centre", "友谊路街道网格化中心", "021-5600 0304", 0},
    [ORG_CHARITY] = {DEMO_COMMUNITY, "charity", "江边公益社", "021-5600 0130", 0},
};

const struct demo_post demo_posts[DEMO_STAFF] = {
    [STAFF_SECRETARY] = {"宋奕奕", "songyiyi", "居民区书记", false, true, ORG_COMMITTEE, ROLE_PARTY_SECRETARY},
    [STAFF_DIRECTOR] = {"沈建国", "shenjianguo", "居委会主任", true, true, ORG_COMMITTEE, ROLE_CADRE},
    [STAFF_CADRE_1] = {"陆婷婷", "lutingting", "社区工作者", false, true, ORG_COMMITTEE, ROLE_CADRE},
    [STAFF_CADRE_2] = {"顾文斌", "guwenbin", "社区工作者", true, false, ORG_COMMITTEE, ROLE_CADRE},
    [STAFF_CADRE_3] = {"蒋丽萍", "jiangliping", "社区工作者", false, false, ORG_COMMITTEE, ROLE_CADRE},
    [STAFF_CADRE_4] = {"薛晨", "xuechen", "社区工作者", true, false, ORG_COMMITTEE, ROLE_CADRE},
    [STAFF_PROPERTY] = {"马志强", "mazhiqiang", "物业经理", true, false, ORG_PROPERTY, ROLE_HANDLER},
    [STAFF_REPAIR] = {"丁大海", "dingdahai", "维修主管", true, false, ORG_PROPERTY, ROLE_HANDLER},
    [STAFF_POLICE] = {"高峰", "gaofeng", "社区民警", true, true, ORG_POLICE, ROLE_COMMUNITY_POLICE},
    [STAFF_SQUAD] = {"邵军", "shaojun", "城管中队队长", true, true, ORG_SQUAD, ROLE_HANDLER},
    [STAFF_SQUAD_2] = {"倪敏", "nimin", "城管队员", false, false, ORG_SQUAD, ROLE_HANDLER},
    [STAFF_GRID] = {"龚海燕", "gonghaiyan", "网格化中心值班长", false, true, ORG_GRID, ROLE_GRID_OPERATOR},
    [STAFF_GRID_2] = {"费俊", "feijun", "网格员", true, false, ORG_GRID, ROLE_GRID_OPERATOR},
    [STAFF_STREET] = {"盛国平", "shengguoping", "自治办主任", true, true, ORG_STREET, ROLE_STREET_OFFICER},
    [STAFF_DISTRICT] = {"滕云", "tengyun", "区社区治理科科长", false, true, ORG_DISTRICT, ROLE_DISTRICT_OFFICER},
    [STAFF_CITY] = {"柳青", "liuqing", "市基层治理处处长", false, true, ORG_CITY, ROLE_CITY_OFFICER},
    [STAFF_ADMIN] = {"卞浩", "bianhao", "系统管理员", true, false, ORG_CITY, ROLE_ADMINISTRATOR},
    [STAFF_AUDITOR] = {"康洁", "kangjie", "审计员", false, true, ORG_CITY, ROLE_AUDITOR},
    [STAFF_LIFT] = {"裴勇", "peiyong", "电梯维保员", true, false, ORG_LIFT, ROLE_HANDLER},
    [STAFF_SECRETARY_B] = {"陶静", "taojing", "居民区书记", false, true, ORG_COMMITTEE_B, ROLE_PARTY_SECRETARY},
    [STAFF_CADRE_B] = {"姚磊", "yaolei", "社区工作者", true, false, ORG_COMMITTEE_B, ROLE_CADRE},
    [STAFF_SECRETARY_C] = {"俞慧", "yuhui", "居民区书记", false, true, ORG_COMMITTEE_C, ROLE_PARTY_SECRETARY},
    [STAFF_CADRE_C] = {"廖凯", "liaokai", "社区工作者", true, false, ORG_COMMITTEE_C, ROLE_CADRE},
    [STAFF_PROPERTY_C] = {"熊刚", "xionggang", "物业经理", true, false, ORG_PROPERTY_C, ROLE_HANDLER},
    [STAFF_GRID_C] = {"梅芳", "meifang", "网格化中心值班长", false, false, ORG_GRID_C, ROLE_GRID_OPERATOR},
    [STAFF_DOCTOR] = {"尤兰", "youlan", "家庭医生", false, false, ORG_CLINIC, ROLE_HANDLER},
    [STAFF_CHARITY] = {"祝平", "zhuping", "项目主管", true, false, ORG_CHARITY, ROLE_HANDLER},
};

const struct demo_resident demo_named[DEMO_NAMED] = {
    [ZHOU] = {"周晓岚", false, false, 0, 3, 5, 2}, /* 广场变菜园 */
    [WU] = {"吴国栋", true, true, 0, 3, 2, 1},     [XU] = {"徐佩珍", false, true, 0, 1, 1, 3},
    [CHEN] = {"陈思远", true, false, 0, 5, 4, 2},  [LU] = {"陆阿根", true, false, 0, 2, 3, 1},
    [TANG] = {"唐美玲", false, false, 0, 6, 6, 4}, [YE] = {"叶知秋", false, false, 1, 2, 4, 1},
    [HE] = {"何振华", true, true, 1, 1, 2, 2},     [QIAN] = {"钱宝妹", false, false, 1, 3, 5, 3},
    [FANG] = {"方圆", false, false, 1, 4, 6, 1},   [SHI] = {"施伟", true, false, 2, 1, 9, 2},
    [JIN] = {"金善姬", false, false, 2, 1, 4, 1},  [YAN] = {"严立民", true, true, 2, 2, 7, 3},
    [DU] = {"杜若", false, false, 2, 2, 10, 1},    [WEI] = {"阿依古丽·买买提", false, false, 0, 4, 3, 3},
    [QIN] = {"秦朗", true, false, 0, 3, 5, 2}, /* 周晓岚's husband: one household */
};

double demo_spread(unsigned n)
{
    uint64_t x = (n + 1) * UINT64_C(0x9E3779B97F4A7C15);

    x = (x ^ x >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ x >> 27) * UINT64_C(0x94D049BB133111EB);
    x ^= x >> 31;
    return (double)(x >> 11) / (double)(UINT64_C(1) << 53);
}

static const char *pick(const char *const *list, size_t n, unsigned seed)
{
    return list[(size_t)(demo_spread(seed) * (double)n)];
}

struct str demo_name(struct arena *a, unsigned n, bool male)
{
    static const char *const family[] = {"王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐",
                                         "孙", "胡", "朱", "高", "林", "何", "郭", "罗", "梁", "宋", "郑",
                                         "谢", "韩", "唐", "冯", "于", "董", "程", "曹", "袁", "邓", "许",
                                         "傅", "曾", "彭", "吕", "苏", "卢", "蔡", "丁", "任", "沈", "姚",
                                         "钟", "姜", "崔", "谭", "陆", "汪", "范", "石", "夏", "贾", "邹"};
    static const char *const his[] = {"伟",   "强",   "磊",   "洋",   "勇",   "军",   "杰",   "涛",   "超",
                                      "明",   "刚",   "平",   "辉",   "鹏",   "华",   "建华", "志明", "国强",
                                      "文杰", "子轩", "浩然", "宇航", "俊杰", "德明", "永康", "春生", "根发",
                                      "宝康", "立新", "晓东", "海波", "嘉豪", "一鸣", "振宇", "家栋", "思齐"};
    static const char *const hers[] = {"芳",   "娜",   "敏",   "静",   "丽",   "艳",   "娟",   "霞",   "燕",
                                       "玲",   "桂英", "秀兰", "玉珍", "红梅", "雅琴", "美华", "晓燕", "佳怡",
                                       "雨欣", "梦洁", "思涵", "惠芬", "月娥", "金凤", "丽娜", "婉清", "若曦",
                                       "文静", "春花", "爱珍", "巧云", "翠萍", "依诺", "静怡", "语桐"};
    const char *given = male ? pick(his, sizeof(his) / sizeof(his[0]), n * 7 + 3)
                             : pick(hers, sizeof(hers) / sizeof(hers[0]), n * 7 + 3);

    return str_printf(a, "%s%s", pick(family, sizeof(family) / sizeof(family[0]), n * 13 + 1), given);
}

struct str demo_document(struct arena *a, int32_t born, unsigned n, bool male)
{
    static const int weight[17] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    struct civil day = time_civil(day_start(born));
    char number[32];
    int sum = 0;

    /* 319900: no place has that code. The last of the three running digits is odd for men. */
    snprintf(number, sizeof(number), "319900%04d%02d%02d%03u", day.year, day.month, day.day,
             (n * 2 + (male ? 1 : 0)) % 1000);
    for (int i = 0; i < 17; i++)
        sum += (number[i] - '0') * weight[i];
    return str_printf(a, "%s%c", number, "10X98765432"[sum % 11]);
}

struct str demo_mobile(struct arena *a, unsigned n)
{
    return str_printf(a, "1990000%04u", n % 10000);
}
