/* tokens_test.c: which tokens a text and a question have, and what is marked. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "civic/search/search.h"
#include "engine/base/buf.h"

static struct arena *a;

/* "号楼 楼梯": a blank between tokens; of questions, '+' joins those without a gap, '*' marks a beginning. */
static struct str written(const struct search_tokens *t, bool question)
{
    struct buf b;
    buf_init(&b, a, 256, 65536);
    for (size_t i = 0; i < t->n; i++) {
        if (i)
            buf_putc(&b, question && t->token[i].joined ? '+' : ' ');
        buf_put(&b, t->token[i].text);
        if (t->token[i].kind == SEARCH_BEGIN)
            buf_putc(&b, '*');
    }
    return buf_str(&b);
}

static void texts(void **state)
{
    (void)state;
    static const struct {
        struct str text, tokens;
    } cases[] = {
        {STR("广场变菜园"), STR("广场 场变 变菜 菜园 园")},
        {STR("3号楼电梯坏了，快修"), STR("3 号楼 楼电 电梯 梯坏 坏了 了 快修 修")},
        {STR("ＷＩＦＩ　ｗｉｆｉ WiFi"), STR("wifi wifi wifi")},
        {STR("１２３４５ 热线"), STR("12345 热线 线")},
        {STR("门"), STR("门")},
        {STR("Straße Ärger"), STR("strasse ärger")},
        {STR("①号 ㎡ ﬁre"), STR("1 号 m2 fire")},
        {STR("阿依古丽·买买提"), STR("阿依 依古 古丽 丽 买买 买提 提")},
        {STR("𠮷野家"), STR("𠮷野 野家 家")},
        {STR(" ,.!。，！ "), STR("")},
        {STR(""), STR("")},
        {STR("\xff\xfe"), STR("")},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct search_tokens t;
        search_text_tokens(a, cases[i].text, &t);
        struct str got = written(&t, false);
        if (!str_eq(got, cases[i].tokens))
            fail_msg("'" STR_FMT "' -> '" STR_FMT "'", STR_ARG(cases[i].text), STR_ARG(got));
    }
}

static void questions(void **state)
{
    (void)state;
    static const struct {
        struct str words, tokens;
    } cases[] = {
        {STR("电梯"), STR("电梯")},
        {STR("变菜园"), STR("变菜+菜园")},
        {STR("菜"), STR("菜*")},
        {STR("3号楼"), STR("3+号楼")},
        {STR("3号"), STR("3+号*")},
        {STR("号楼b"), STR("号楼+楼+b")},
        {STR("电梯 坏"), STR("电梯 坏*")},
        {STR("Lift"), STR("lift*")},
        {STR("a1"), STR("a1")},
        {STR("110"), STR("110")},
        {STR("\"电梯\" OR *"), STR("电梯 or*")},
        {STR("'; DROP TABLE"), STR("drop* table*")},
        {STR("。。"), STR("")},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct search_tokens t;
        search_question_tokens(a, cases[i].words, &t);
        struct str got = written(&t, true);
        if (!str_eq(got, cases[i].tokens))
            fail_msg("'" STR_FMT "' -> '" STR_FMT "'", STR_ARG(cases[i].words), STR_ARG(got));
    }
}

static struct str marked(struct str words, struct str text, size_t max)
{
    struct search_pieces p;
    struct buf b;
    search_mark(a, words, text, max, &p);
    buf_init(&b, a, 256, 65536);
    for (size_t i = 0; i < p.n; i++) {
        if (p.piece[i].hit)
            buf_putc(&b, '[');
        buf_put(&b, p.piece[i].text);
        if (p.piece[i].hit)
            buf_putc(&b, ']');
    }
    return buf_str(&b);
}

static void marks(void **state)
{
    (void)state;
    static const struct {
        struct str words, text;
        size_t max;
        struct str want;
    } cases[] = {
        {STR("电梯"), STR("3号楼电梯坏了"), 100, STR("3号楼[电梯]坏了")},
        {STR("电梯 3号楼"), STR("3号楼电梯坏了"), 100, STR("[3号楼电梯]坏了")},
        {STR("wifi"), STR("公共ＷｉＦｉ断了"), 100, STR("公共[ＷｉＦｉ]断了")},
        {STR("10"), STR("110 和 10"), 100, STR("110 和 [10]")},
        {STR("没有"), STR("电梯"), 100, STR("电梯")},
        {STR("电梯"), STR(""), 100, STR("")},
        {STR("菜园"), STR("一二三四五六七八九十一二三四五六七八九十菜园一二三四五六七八九十"), 20,
         STR("…九十一二三四五六七八九十[菜园]一二三四五六…")},
        {STR("没有"), STR("一二三四五六七八九十"), 4, STR("一二三四…")},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct str got = marked(cases[i].words, cases[i].text, cases[i].max);
        if (!str_eq(got, cases[i].want))
            fail_msg("'" STR_FMT "'", STR_ARG(got));
    }
}

/* What a text contains, its question finds: for every part of a text, in terms of tokens. */
static void every_part_is_found(void **state)
{
    (void)state;
    const struct str text = STR("3号楼电梯A座坏了12天B");
    struct search_tokens all, part;
    search_text_tokens(a, text, &all);
    size_t n = str_utf8_count(text);
    for (size_t from = 0; from < n; from++) {
        for (size_t len = 1; from + len <= n; len++) {
            struct str words = str_utf8_cut(str_sub(text, str_utf8_cut(text, from).len, SIZE_MAX), len);
            search_question_tokens(a, words, &part);
            bool found = false;
            for (size_t at = 0; at + part.n <= all.n && !found; at++) {
                found = true;
                for (size_t k = 0; k < part.n && found; k++) {
                    struct str t = all.token[at + k].text;
                    found = part.token[k].kind == SEARCH_BEGIN ? str_starts(t, part.token[k].text)
                                                               : str_eq(t, part.token[k].text);
                }
            }
            /* Numbers and words are wholes: half of 12 is another number. */
            bool half = from > 0 && str_eq(str_utf8_cut(words, 1), STR("2"));
            half = half || str_ends(words, STR("1"));
            if (!found && !half)
                fail_msg("'" STR_FMT "' is not found", STR_ARG(words));
        }
    }
}

static int setup(void **state)
{
    (void)state;
    a = arena_open(16 << 20);
    return a == NULL;
}

static int teardown(void **state)
{
    (void)state;
    arena_close(a);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts),
        cmocka_unit_test(questions),
        cmocka_unit_test(marks),
        cmocka_unit_test(every_part_is_found),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
