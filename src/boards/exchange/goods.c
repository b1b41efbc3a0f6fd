/* goods.c: money as people type it, and what may not go from hand to hand. */
#include <pthread.h>

#include "boards/exchange/rules.h"

enum result exchange_price_parse(struct str words, int64_t *ret_fen)
{
    int64_t yuan = 0, fen = 0;
    size_t i = 0, digits = 0;

    words = str_trim(words);
    if (str_starts(words, STR("¥")) || str_starts(words, STR("￥")))
        words = str_trim(str_sub(words, words.len && (unsigned char)words.ptr[0] == 0xc2 ? 2 : 3, SIZE_MAX));
    if (words.len > 3 && str_eq(str_sub(words, words.len - 3, 3), STR("元")))
        words = str_trim(str_sub(words, 0, words.len - 3));
    for (; i < words.len && words.ptr[i] != '.'; i++) {
        if (words.ptr[i] == ',' && digits)
            continue;
        if (words.ptr[i] < '0' || words.ptr[i] > '9')
            return E_INVALID;
        if (++digits > 9)
            return E_TOO_LARGE;
        yuan = yuan * 10 + (words.ptr[i] - '0');
    }
    if (digits == 0)
        return E_INVALID;
    if (i < words.len) { /* one or two digits behind the point */
        struct str rest = str_sub(words, i + 1, SIZE_MAX);

        if (rest.len < 1 || rest.len > 2)
            return E_INVALID;
        for (size_t k = 0; k < 2; k++) {
            char c = k < rest.len ? rest.ptr[k] : '0';

            if (c < '0' || c > '9')
                return E_INVALID;
            fen = fen * 10 + (c - '0');
        }
    }
    fen += yuan * 100;
    if (fen > EXCHANGE_PRICE_MAX)
        return E_TOO_LARGE;
    if (fen < 1)
        return E_INVALID;
    *ret_fen = fen;
    return OK;
}

struct str exchange_price_words(struct arena *a, int64_t fen)
{
    return fen % 100 ? str_printf(a, "%lld.%02lld", (long long)(fen / 100), (long long)(fen % 100))
                     : str_printf(a, "%lld", (long long)(fen / 100));
}

/* ---- goods ------------------------------------------------------------------------------------------------------------
 *
 * Refused: what nobody may pass on at all, or whose mere offer is an offence (枪支管理法 3, 治安管理处罚法 on controlled knives, 禁毒法 21, 野生动物保护法
 * 28, 31, 烟花爆竹安全管理条例 3). Asked about: what is sold by licence only, or is for one person (烟草专卖法 16, 药品管理法 51, 疫苗管理法, 食品安全法 35,
 * 动物防疫法 29): a neighbour who gives a box of cough syrup away means well, and is told to bring it to the pharmacy. A hint, no list of all that the law
 * forbids: a place adds words of its own at /desk/words. */
static const struct {
    enum watch_action action;
    const char *word;
} goods[] = {
    {WATCH_BLOCK, "枪支"},      {WATCH_BLOCK, "子弹"},       {WATCH_BLOCK, "仿真枪"},     {WATCH_BLOCK, "气枪"},
    {WATCH_BLOCK, "管制刀具"},  {WATCH_BLOCK, "弹簧刀"},     {WATCH_BLOCK, "电击器"},     {WATCH_BLOCK, "毒品"},
    {WATCH_BLOCK, "大麻"},      {WATCH_BLOCK, "罂粟"},       {WATCH_BLOCK, "冰毒"},       {WATCH_BLOCK, "象牙"},
    {WATCH_BLOCK, "犀牛角"},    {WATCH_BLOCK, "穿山甲"},     {WATCH_BLOCK, "烟花爆竹"},   {WATCH_BLOCK, "鞭炮"},
    {WATCH_BLOCK, "假发票"},    {WATCH_BLOCK, "身份证出租"}, {WATCH_BLOCK, "银行卡出租"}, {WATCH_BLOCK, "银行卡出借"},
    {WATCH_BLOCK, "窃听器"},    {WATCH_BLOCK, "针孔摄像"},   {WATCH_BLOCK, "雷管"},       {WATCH_BLOCK, "氰化钾"},
    {WATCH_WARN, "香烟"},       {WATCH_WARN, "卷烟"},        {WATCH_WARN, "中华烟"},      {WATCH_WARN, "电子烟"},
    {WATCH_WARN, "处方药"},     {WATCH_WARN, "抗生素"},      {WATCH_WARN, "头孢"},        {WATCH_WARN, "胰岛素"},
    {WATCH_WARN, "安眠药"},     {WATCH_WARN, "止咳药"},      {WATCH_WARN, "降压药"},      {WATCH_WARN, "疫苗"},
    {WATCH_WARN, "医保卡"},     {WATCH_WARN, "医保药"},      {WATCH_WARN, "购物卡套现"},  {WATCH_WARN, "活禽"},
    {WATCH_WARN, "活鸡"},       {WATCH_WARN, "散装白酒"},    {WATCH_WARN, "自酿酒"},      {WATCH_WARN, "煤气罐"},
    {WATCH_WARN, "液化气瓶"},   {WATCH_WARN, "农药"},        {WATCH_WARN, "老鼠药"},      {WATCH_WARN, "锂电池"},
    {WATCH_WARN, "拼装电动车"}, {WATCH_WARN, "军服"},        {WATCH_WARN, "警服"},
};

static struct moderation_extra extra = {.warned = T_exchange_goods_warned, .blocked = T_exchange_goods_blocked};

static void make(void)
{
    struct watch_word word[sizeof(goods) / sizeof(goods[0])];

    for (size_t i = 0; i < sizeof(goods) / sizeof(goods[0]); i++)
        word[i] = (struct watch_word){0, goods[i].action, str_from_cstr(goods[i].word)};
    extra.watch = watch_open(word, sizeof(goods) / sizeof(goods[0]));
}

const struct moderation_extra *exchange_goods(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, make);
    return extra.watch ? &extra : NULL; /* without memory for it the places' own words count alone */
}
