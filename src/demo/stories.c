/* stories.c: the stories that are told step by step. */
#include "demo/stories.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* 广场变菜园: three handlers, one of them late. */
static const struct demo_step garden[] = {
    {AT(4, 10, 31), DO_ANSWER, STAFF(STAFF_SECRETARY),
     "周女士您好，看到了，谢谢您拍得这么清楚。广场是大家的，绿地不能变成谁家的菜地。我上午就去现场，今天请物业、城管一起来处理，进展都写在这里。"},
    {AT(4, 10, 52), DO_JOIN, WU},
    {AT(4, 11, 5), DO_HAND, STAFF(STAFF_SECRETARY), "", ORG_PROPERTY, 1, "清理菜地和围栏，补种草皮，恢复绿化。"},
    {AT(4, 11, 6), DO_HAND, STAFF(STAFF_SECRETARY), "", ORG_SQUAD, 2, "到现场查清是谁开垦的，依法告知并制止，防止再种。"},
    {AT(4, 11, 20), DO_ACCEPT, STAFF(STAFF_PROPERTY), "", ORG_PROPERTY},
    {AT(4, 12, 40), DO_COMMENT, XU, "我早上锻炼天天路过，眼看着一点点变大的，还浇粪水，味道很重。"},
    {AT(4, 13, 30), DO_ACCEPT, STAFF(STAFF_SQUAD), "", ORG_SQUAD},
    {AT(4, 18, 20), DO_JOIN, CHEN},
    {AT(4, 19, 2), DO_COMMENT, LU, "种菜的也是老邻居，上了年纪闲不住。能不能先好好讲，别一下子铲掉？"},
    {AT(4, 19, 30), DO_COMMENT, STAFF(STAFF_SECRETARY), "陆师傅说得对，我们已经上门谈过一次了。想种点东西的，可以到屋顶小菜园认一块。"},
    {AT(3, 9, 25), DO_NOTE, STAFF(STAFF_CADRE_1), "上门记录：2号楼两户、4号楼一户参与，其中一户情绪较大，先由楼组长做工作。"},
    {AT(3, 10, 0), DO_JOINS, 0, "", ORG_NONE, 9},
    {AT(3, 20, 15), DO_THUMBS, 0, "", ORG_NONE, 23},
    {AT(2, 10, 10), DO_HAND, STAFF(STAFF_SECRETARY), "", ORG_GRID, 0, "立案跟踪，协调绿化补种的土和草皮，巡查两周防止回潮。"},
    {AT(2, 10, 40), DO_ACCEPT, STAFF(STAFF_GRID), "", ORG_GRID},
    {AT(2, 14, 5), DO_ASK_MORE, STAFF(STAFF_PROPERTY),
     "菜已清了一半，草皮要等下周一送到，想宽限几天，一次补好。", ORG_PROPERTY, 3},
    {AT(2, 14, 50), DO_GRANT, STAFF(STAFF_SECRETARY), "同意。先把围栏拆掉、地面整平，别再让人接着种。", ORG_PROPERTY},
    {AT(1, 18, 40), DO_COMMENT, TANG, "围栏今天拆掉了，谢谢！还差城管那边没有消息？"},
    {WORK(70), DO_PRESS, STAFF(STAFF_SECRETARY), "已经超时，请今天到现场，并在这里写明处理情况。", ORG_SQUAD},
    {WORK(30), DO_COMMENT, STAFF(STAFF_SQUAD), "收到，今天下午队员到现场，抱歉让大家久等。", ORG_SQUAD},
    {0, DO_END},
};
static const struct demo_step garden_twice[] = {
    {AT(3, 9, 40), DO_MERGE, STAFF(STAFF_CADRE_1)},
    {0, DO_END},
};
static const struct demo_step lift_noise[] = {
    {WORK(96), DO_ANSWER, STAFF(STAFF_CADRE_2), "收到，电梯的事不等人，马上叫维保来。请大家先走1号楼连廊的另一部电梯。"},
    {WORK(94), DO_HAND, STAFF(STAFF_CADRE_2), "", ORG_LIFT, 3, "2号楼电梯关门异响、平层不准，请立即到场停梯检查。"},
    {WORK(94), DO_HAND, STAFF(STAFF_CADRE_2), "", ORG_PROPERTY, 0, "到场围护、张贴停运告示，协助老人上下楼。"},
    {WORK(85), DO_ACCEPT, STAFF(STAFF_LIFT), "", ORG_LIFT},
    {WORK(84), DO_ACCEPT, STAFF(STAFF_REPAIR), "", ORG_PROPERTY},
    {WORK(60), DO_JOINS, 0, "", ORG_NONE, 5},
    {WORK(55), DO_COMMENT, DU, "我妈妈坐轮椅，今天要去医院复查，能不能帮忙安排一下？"},
    {WORK(50), DO_COMMENT, STAFF(STAFF_CADRE_2), "杜女士，物业丁师傅十分钟后到您家门口，陪老人下楼。"},
    {WORK(20), DO_DONE, STAFF(STAFF_REPAIR), "告示已贴，围挡已摆，两位老人已护送下楼。", ORG_PROPERTY, 0, NULL, {SCENE_LIFT_STUCK}},
    {0, DO_END},
};
static const struct demo_step stairs[] = {
    {AT(2, 9, 50), DO_ANSWER, STAFF(STAFF_CADRE_3), "看到了，楼道是逃生的路，一件也不能留。今天下午我和楼组长上门。"},
    {AT(2, 12, 10), DO_JOINS, 0, "", ORG_NONE, 5},
    {AT(2, 18, 45), DO_COMMENT, YE, "三楼那辆旧自行车锁在扶手上两年了，不知道是谁的。"},
    {AT(1, 10, 20), DO_HAND, STAFF(STAFF_CADRE_3), "", ORG_PROPERTY, 1, "贴七日告知书的物件今天到期，请清运二楼、三楼无主堆物。"},
    {AT(1, 10, 50), DO_ACCEPT, STAFF(STAFF_REPAIR), "", ORG_PROPERTY},
    {AT(1, 15, 40), DO_DONE, STAFF(STAFF_REPAIR), "二、三楼纸箱和无主自行车已清运，楼道已打扫。", ORG_PROPERTY, 0, NULL, {SCENE_STAIRS}},
    {0, DO_END}, /* waits for the check */
};
static const struct demo_step fire_lane[] = {
    {AT(6, 9, 22), DO_ANSWER, STAFF(STAFF_CADRE_4), "消防通道堵了是大事，已打电话给车主，十五分钟内不挪就请城管、交警来。"},
    {AT(6, 9, 24), DO_HAND, STAFF(STAFF_CADRE_4), "", ORG_PROPERTY, 3, "联系三位车主立即挪车，现场守到挪完为止。"},
    {AT(6, 9, 40), DO_ACCEPT, STAFF(STAFF_PROPERTY), "", ORG_PROPERTY},
    {AT(6, 11, 10), DO_DONE, STAFF(STAFF_PROPERTY), "三辆车都已开走，重新刷了黄线，入口加了提示牌。", ORG_PROPERTY, 0, NULL, {SCENE_LANE}},
    {AT(6, 13, 20), DO_PASS, STAFF(STAFF_CADRE_4), ""},
    {AT(6, 20, 10), DO_REJECT, SHI, "晚上八点又停了两辆，跟早上一样。光叫走一次没有用，要有长效办法。"},
    {AT(5, 9, 30), DO_COMMENT, STAFF(STAFF_SECRETARY), "施先生说得对。今天和物业、业委会一起定办法：夜间巡查到十一点，再装两根可放倒的隔离桩。"},
    {AT(5, 15, 30), DO_THUMBS, 0, "", ORG_NONE, 31},
    {AT(4, 16, 45), DO_DONE, STAFF(STAFF_PROPERTY), "隔离桩装好，夜班巡查表贴在门岗，连查三晚没有再停。", ORG_PROPERTY, 0, NULL, {SCENE_LANE}},
    {AT(3, 9, 15), DO_PASS, STAFF(STAFF_CADRE_4), ""},
    {AT(3, 19, 40), DO_CONFIRM, SHI, "这回是真解决了，谢谢宋书记和物业。", ORG_NONE, 5},
    {0, DO_END},
};
static const struct demo_step lamp[] = {
    {WORK(330), DO_ANSWER, STAFF(STAFF_CADRE_1), "收到，天黑得早，这几盏灯不能等。已转物业，明天天黑前修好。"},
    {WORK(328), DO_HAND, STAFF(STAFF_CADRE_1), "", ORG_PROPERTY, 1, "更换5号楼南侧三盏路灯，查一下线路。"},
    {WORK(300), DO_ACCEPT, STAFF(STAFF_REPAIR), "", ORG_PROPERTY},
    {WORK(180), DO_COMMENT, CHEN, "昨晚有老人在这里绊了一下，麻烦快一点。"},
    {0, DO_END},
};
static const struct demo_step sewage[] = {
    {AT(1, 13, 25), DO_ANSWER, STAFF(STAFF_CADRE_2), "已看到，先请大家绕行。物业带疏通机过去，四小时内给结果。"},
    {AT(1, 13, 27), DO_HAND, STAFF(STAFF_CADRE_2), "", ORG_PROPERTY, 1, "疏通4号楼北侧窨井，查是否主管堵塞。"},
    {AT(1, 13, 45), DO_ACCEPT, STAFF(STAFF_REPAIR), "", ORG_PROPERTY},
    {AT(1, 16, 10), DO_SEND_BACK, STAFF(STAFF_REPAIR),
     "查明是市政主管在弄堂口塌陷，物业疏通不了，请协调排水部门。", ORG_PROPERTY},
    {AT(1, 16, 40), DO_COMMENT, STAFF(STAFF_SECRETARY), "主管在市政道路下面，已经请街道网格化中心约请排水部门，今晚先用泵抽。"},
    {AT(1, 16, 45), DO_HAND, STAFF(STAFF_SECRETARY), "", ORG_GRID, 3, "约请区排水部门抢修弄堂口主管，今晚安排抽排。"},
    {AT(1, 17, 5), DO_ACCEPT, STAFF(STAFF_GRID_2), "", ORG_GRID},
    {AT(1, 19, 30), DO_JOINS, 0, "", ORG_NONE, 7},
    {0, DO_END},
};
static const struct demo_step barbecue[] = {
    {AT(9, 9, 20), DO_ANSWER, STAFF(STAFF_CADRE_4), "收到。晚上油烟和噪声我们和城管今晚一起去看。"},
    {AT(9, 9, 45), DO_HAND, STAFF(STAFF_CADRE_4), "", ORG_SQUAD, 1, "夜间到现场检查占道烧烤，告知并限期整改。"},
    {AT(8, 10, 0), DO_ACCEPT, STAFF(STAFF_SQUAD_2), "", ORG_SQUAD},
    {AT(6, 16, 20), DO_DONE, STAFF(STAFF_SQUAD_2), "连续三晚到场，摊主已签承诺书，晚八点后不再出摊。", ORG_SQUAD},
    {AT(5, 9, 40), DO_FAIL, STAFF(STAFF_CADRE_4), "昨晚九点仍在出摊，有居民拍了照，请再去一次并装上巡查点位。"},
    {AT(4, 17, 0), DO_DONE, STAFF(STAFF_SQUAD_2), "已扣押经营工具一套，点位列入夜间固定巡查。", ORG_SQUAD},
    {AT(3, 10, 30), DO_PASS, STAFF(STAFF_CADRE_4), ""},
    {0, DO_END},
};
static const struct demo_step cupboard[] = {
    {AT(2, 16, 30), DO_ANSWER, STAFF(STAFF_DIRECTOR), "谢谢提议。智能快递柜要占公共部位，得先问过大家。我们先把可放的三个位置量好，再拿到业委会商量。"},
    {AT(1, 9, 30), DO_THUMBS, 0, "", ORG_NONE, 18},
    {AT(1, 20, 0), DO_COMMENT, FANG, "支持，现在快递都堆在门岗，下雨天都湿了。"},
    {0, DO_END},
};
static const struct demo_step plates[] = {
    {AT(5, 14, 20), DO_REDACT, QIAN, "", ORG_NONE, 0,
     "有一辆白色轿车两周没动过，占了两个车位，请联系车主。（车牌和电话已经告诉居委会）"},
    {AT(5, 14, 50), DO_ANSWER, STAFF(STAFF_CADRE_3), "收到。社区民警已联系上车主，他在外地，周末回来挪车。"},
    {AT(3, 11, 0), DO_SOLVE, STAFF(STAFF_CADRE_3), "车主请家人来把车停正了，两个车位都空出来。"},
    {0, DO_END},
};
static const struct demo_step quarrel[] = {
    {AT(7, 15, 10), DO_VOID, STAFF(STAFF_DIRECTOR), "内容是两家之间的私人纠纷，且点名道姓。已请人民调解员上门，不在这里公开处理。"},
    {0, DO_END},
};
static const struct demo_step advert[] = {
    {AT(8, 20, 5), DO_HIDE, STAFF(STAFF_SECRETARY), "商业广告，与身边事无关。"},
    {AT(7, 9, 10), DO_VOID, STAFF(STAFF_SECRETARY), "商业广告，不属于身边事。"},
    {0, DO_END},
};
static const struct demo_step door[] = {
    {AT(1, 9, 40), DO_ANSWER, STAFF(STAFF_CADRE_1), "门禁坏了先请保安守门，已报给物业。"},
    {AT(1, 9, 42), DO_HAND, STAFF(STAFF_CADRE_1), "", ORG_PROPERTY, 1, "修复1号楼单元门禁，修好前安排保安值守。"},
    {AT(1, 10, 15), DO_ACCEPT, STAFF(STAFF_REPAIR), "", ORG_PROPERTY},
    {AT(1, 15, 20), DO_ASK_MORE, STAFF(STAFF_REPAIR), "主板要从厂家发货，请宽限两天。", ORG_PROPERTY, 2},
    {0, DO_END}, /* the extension waits for an answer */
};
static const struct demo_step charging[] = {
    {AT(3, 9, 18), DO_ANSWER, STAFF(STAFF_CADRE_2), "飞线充电会出人命，社区民警和物业马上到。"},
    {AT(3, 9, 20), DO_HAND, STAFF(STAFF_CADRE_2), "", ORG_PROPERTY, 3, "立即断电收线，和住户当面说清。"},
    {AT(3, 9, 21), DO_HAND, STAFF(STAFF_CADRE_2), "", ORG_POLICE, 0, "上门宣讲消防法，签安全承诺。"},
    {AT(3, 9, 35), DO_ACCEPT, STAFF(STAFF_REPAIR), "", ORG_PROPERTY},
    {AT(3, 9, 50), DO_ACCEPT, STAFF(STAFF_POLICE), "", ORG_POLICE},
    {AT(3, 10, 40), DO_DONE, STAFF(STAFF_REPAIR), "线已收走，教住户用小区充电棚，首月免服务费。", ORG_PROPERTY, 0, NULL, {SCENE_WALL}},
    {AT(3, 11, 15), DO_DONE, STAFF(STAFF_POLICE), "已上门，住户签了安全承诺书。", ORG_POLICE},
    {AT(3, 14, 0), DO_PASS, STAFF(STAFF_CADRE_2), ""},
    {0, DO_END}, /* waits for the reporter */
};
static const struct demo_step playground[] = {
    {AT(6, 14, 10), DO_ANSWER, STAFF(STAFF_CADRE_3), "已经先用警示带围起来了，请家长看好孩子。"},
    {AT(6, 14, 40), DO_HAND, STAFF(STAFF_CADRE_3), "", ORG_PROPERTY, 1, "联系厂家更换滑梯板，检查其他器材。"},
    {AT(5, 9, 30), DO_ACCEPT, STAFF(STAFF_PROPERTY), "", ORG_PROPERTY},
    {AT(1, 16, 30), DO_DONE, STAFF(STAFF_PROPERTY), "滑梯板已换新，五件器材都查过，拧紧了螺丝。", ORG_PROPERTY, 0, NULL, {SCENE_SLIDE}},
    {WORK(40), DO_PASS, STAFF(STAFF_CADRE_3), ""},
    {0, DO_END},
};
static const struct demo_step ceiling[] = {
    {AT(3, 10, 20), DO_ANSWER, STAFF(STAFF_CADRE_4), "收到，约了物业和楼上一起看，先查是水管还是屋面。"},
    {AT(2, 15, 0), DO_NOTE, STAFF(STAFF_CADRE_4), "楼上1002室白天没人，晚上七点后再去一次。"},
    {AT(1, 19, 20), DO_COMMENT, STAFF(STAFF_CADRE_4), "昨晚敲开了门，是楼上洗衣机接口漏。楼上答应这两天修好，我们盯着。"},
    {0, DO_END},
};
static const struct demo_step nothing[] = {{0, DO_END}};
static const struct demo_step soon[] = {
    {AGO(6), DO_JOINS, 0, "", ORG_NONE, 2},
    {0, DO_END},
};

const struct demo_story demo_stories[] = {
    [STORY_GARDEN] = {"06045", "广场变菜园",
     "3号楼前面的中心广场，绿化带被人挖开种了青菜，还用竹竿围了起来。原来孩子们踢球、老人晒太阳的地方，现在走都走不过去，浇的肥水味道很大。"
     "希望居委会管一管，把广场还给大家。",
     "中心广场东侧绿化带", 0, ZHOU, AT(4, 10, 6), 0, 0, {SCENE_GARDEN, SCENE_GARDEN_CLOSE}, garden, 0},
    [STORY_GARDEN_TWICE] = {"06045", "广场上有人种菜", "中心广场的草地被挖掉种菜了，请处理。", "中心广场", 0, 27, AT(3, 8, 20), 0, 0,
     {SCENE_GARDEN_CLOSE}, garden_twice, STORY_GARDEN},
    {"01076", "2号楼电梯关门时有异响", "从昨天晚上开始，电梯关门时咣咣响，停的时候跟地面差一截，老人进出很怕。", "2号楼电梯", 0, YAN, WORK(105), 2, 2,
     {SCENE_LIFT_STUCK}, lift_noise, 0},
    {"06036", "楼道堆物，二楼到三楼走不过去", "纸箱、旧自行车堆了快半个楼道，万一有事跑都跑不出去。", "2号楼一单元二至三楼", 0, YE, AT(2, 9, 10), 1, 2,
     {SCENE_STAIRS_BOXES}, stairs, 0},
    {"09012", "消防通道又被私家车堵死", "早上三辆车停在消防通道上，救护车都开不进来。这个月第三次了。", "1号楼西侧消防通道", 0, SHI, AT(6, 9, 5), 2, 1,
     {SCENE_LANE_BLOCKED}, fire_lane, 0},
    {"01006", "5号楼南面三盏路灯都不亮", "晚上下班回来一片漆黑，地上还有台阶，很危险。", "5号楼南侧小路", 0, CHEN, WORK(380), 0, 5, {SCENE_LAMP_OUT}, lamp, 0},
    {"01078", "4号楼后面污水冒出来了", "窨井往外冒脏水，一楼人家窗都不敢开，味道受不了。", "4号楼北侧", 0, WEI, AT(1, 13, 5), 0, 4, {SCENE_PUDDLE}, sewage, 0},
    {"06028", "夜里烧烤摊油烟噪声大", "弄堂口的烧烤摊摆到十二点，油烟直往家里飘，划拳喝酒吵得睡不着。", "海江路弄堂口", 0, TANG, AT(10, 23, 12), 0, 6, {SCENE_NONE},
     barbecue, 0},
    {"other", "想在小区里装一组快递柜", "现在快递都放门岗，找起来难，还怕丢。能不能装一组快递柜？", "东门岗附近", 0, QIN, AT(2, 15, 40), 0, 0, {SCENE_NONE}, cupboard, 0},
    {"09009", "一辆车占两个车位两周了", "白色轿车沪A·12345一直不动，车主电话13800138000打不通，占了两个车位。", "3号楼前停车位", 0, QIAN, AT(5, 14, 2), 1, 3,
     {SCENE_NONE}, plates, 0},
    {"other", "楼上邻居欠钱不还", "楼上某某借了我家三万块，两年不还，大家评评理。", "", 0, 31, AT(7, 14, 30), 0, 1, {SCENE_NONE}, quarrel, 0},
    {"other", "全屋保洁八折优惠", "专业保洁，买一送一，加微信详谈。", "", 0, 35, AT(8, 18, 40), 1, 0, {SCENE_NONE}, advert, 0},
    {"01050", "1号楼单元门禁失灵，门关不上", "刷卡没反应，门一直开着，外面的人随便进。", "1号楼单元门", 0, XU, AT(1, 9, 12), 0, 1, {SCENE_GATE_BROKEN}, door, 0},
    {"01020", "有人从三楼拉线下来给电瓶车充电", "电线从窗口一直拉到楼下，下雨天插座就放在地上，太吓人了。", "3号楼东墙", 0, FANG, AT(3, 9, 4), 1, 4, {SCENE_WIRE}, charging, 0},
    {"01046", "儿童滑梯断了，孩子差点摔下来", "滑梯中间断开一截，边上很锋利，今天有小朋友差点滑下去。", "中心花园游乐角", 0, JIN, AT(6, 13, 20), 2, 0, {SCENE_SLIDE_BROKEN},
     playground, 0},
    {"01078", "902室天花板渗水", "客厅天花板一直往下滴水，找楼上没人应，墙皮都起泡了。", "1号楼902室", 0, SHI, AT(3, 9, 35), 2, 1, {SCENE_LEAK}, ceiling, 0},
    {"06042", "垃圾房满出来了，早上没人收", "湿垃圾桶全满，袋子堆在地上，猫狗翻得到处都是。", "北门垃圾房", 0, LU, WORK(150), 0, 2, {SCENE_BINS_FULL}, nothing, 0},
    {"09010", "电瓶车把单元门口堵了", "门口横七竖八停了七八辆，推婴儿车进不去。", "6号楼门口", 0, TANG, WORK(75), 0, 6, {SCENE_SCOOTERS}, nothing, 0},
    {"01003", "弄堂口井盖松动，踩上去会翘", "井盖少了一角，汽车压过去咣当响，晚上看不清会踩空。", "海江路 288 弄口", 0, WU, AGO(41), 0, 0, {SCENE_MANHOLE}, soon, 0},
    {"06012", "银杏落叶铺满主路，雨后打滑", "落叶三天没扫，下过雨很滑，已经有人摔跤。", "主干道", 0, HE, AGO(12), 1, 0, {SCENE_LEAVES}, nothing, 0},
};
const size_t demo_stories_n = COUNT(demo_stories);

const char *const demo_remarks[] = {
    "我们这边也是，希望早点解决。", "谢谢反映，我也拍了照片。", "今天看到师傅在修了，点个赞。", "辛苦居委会了。", "这个问题说了好久了，终于有人管。",
    "建议再贴个告示，提醒一下大家。", "我家老人也差点绊倒。", "处理得挺快的。", "晚上去看过了，确实好多了。", "要是能长期保持就好了。",
    "可以和楼组长说一声，他很热心。", "顶一下。", "我周末在家，需要志愿者可以叫我。", "孩子放学都从这里走，请重视。",
};
const size_t demo_remarks_n = COUNT(demo_remarks);

const struct demo_template demo_templates[] = {
    {"先应一声", "您好，已经看到，我们马上核实，今天给您回音。"},
    {"已到现场", "我们刚到现场看过，情况和您说的一样，正在安排处理，进展都写在这里。"},
    {"转给物业", "这件事由物业处理最快，已转过去并约好时限，做完我们会来检查。"},
    {"需要商量", "这件事关系到大家，得先听听邻居们的意见，我们会在本周内组织商量。"},
    {"不归我们管", "这件事不在居委会能办的范围，我们已经替您问过，应该找："},
};
const size_t demo_templates_n = COUNT(demo_templates);
