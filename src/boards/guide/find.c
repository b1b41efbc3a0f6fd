/* find.c: which matter is meant by 「小孩上户口怎么办」. Pure.
 *
 * A question loses what is said around it (怎么, 办理, 去哪里), words that stand for others are put in their place, and what is left is compared, two characters at a
 * time, with the name of each matter and with what people say for it. Rare pairs weigh more: 登记 is in every second name. So a wrong or missing
 * character costs a part of the score, not the answer. */
#include <math.h>
#include <stdlib.h>

#include "boards/guide/rules.h"
#include "civic/search/search.h"

enum { TOKENS_MAX = 40, VARIANTS_MAX = 6 };

/* Longer ones first. */
static const char *const around[] = {
    "需要什么材料", "要带什么材料", "需要带什么", "要什么材料", "要带什么", "带什么", "什么材料", "怎么办理",
    "如何办理",     "在哪里办",     "去哪里办",   "到哪里办",   "哪里办理", "去哪办", "在哪办",   "怎么办",
    "怎么弄",       "怎么领",       "怎么交",     "怎么申请",   "如何申请", "去哪里", "在哪里",   "到哪里",
    "多少钱",       "多长时间",     "几天",       "请问",       "我想要",   "我要",   "我想",     "想要",
    "可以",         "能不能",       "需要",       "办理",       "申请",     "申领",   "怎样",     "怎么",
    "如何",         "哪里",         "什么",       "一下",       "去哪",     "在哪",   "手续",     "流程",
    "材料",         "政策",         "的",         "了",         "吗",       "呢",     "啊",       "要",
    "去",           "办",           "给",         "帮",         "领",
};

static struct str without(struct arena *a, struct str s, struct str what, struct str instead)
{
    struct buf b;
    size_t at;

    if (str_find(s, what) == SIZE_MAX)
        return s;
    buf_init(&b, a, s.len + instead.len + 16, (s.len + 1) * (instead.len + 2) + 16);
    while ((at = str_find(s, what)) != SIZE_MAX) {
        buf_put(&b, str_sub(s, 0, at));
        buf_put(&b, instead);
        s = str_sub(s, at + what.len, SIZE_MAX);
    }
    buf_put(&b, s);
    return buf_str(&b);
}

static struct str core_of(struct arena *a, struct str question)
{
    struct str left = question;

    for (size_t i = 0; i < sizeof(around) / sizeof(around[0]); i++) {
        struct str shorter = str_trim(without(a, left, str_from_cstr(around[i]), STR(" ")));

        if (str_utf8_count(shorter) >= 2) /* 「办证」 stays what it is */
            left = shorter;
    }
    return left;
}

static size_t has(const struct search_tokens *t, struct str token)
{
    size_t short_one = str_utf8_count(token) == 1 &&
                       token.ptr[0] < 0; /* one Han character alone: inside of a pair will do */

    for (size_t i = 0; i < t->n; i++)
        if (str_eq(t->token[i].text, token) || (short_one && str_find(t->token[i].text, token) != SIZE_MAX))
            return 1;
    return 0;
}

struct words {
    struct search_tokens name, *said;
};

static double rarity(struct str token, const struct words *w, const struct guide_candidate *c, size_t n)
{
    size_t in = 0;

    for (size_t i = 0; i < n; i++) {
        size_t found = has(&w[i].name, token);

        for (size_t k = 0; !found && k < c[i].n_said; k++)
            found = has(&w[i].said[k], token);
        in += found;
    }
    return 0.3 + log((double)(n + 1) / ((double)in + 0.5));
}

/* How well two runs of tokens agree: what of the question is in it, and how much else it has. */
static double agreement(const struct search_tokens *q, const double *weight, const struct search_tokens *field)
{
    double hit = 0, all = 0, hits = 0;

    for (size_t i = 0; i < q->n; i++) {
        all += weight[i];
        if (has(field, q->token[i].text)) {
            hit += weight[i];
            hits++;
        }
    }
    if (all <= 0 || field->n == 0)
        return 0;
    return 0.65 * hit / all + 0.35 * 2 * hits / (double)(q->n + field->n);
}

static double within(const struct search_tokens *q, const double *weight, struct str text)
{
    double hit = 0, all = 0;

    for (size_t i = 0; i < q->n; i++) {
        all += weight[i];
        if (str_find(text, q->token[i].text) != SIZE_MAX)
            hit += weight[i];
    }
    return all > 0 ? hit / all : 0;
}

static void score(struct arena *a, struct str question, const struct words *w, struct guide_candidate *c, size_t n)
{
    struct search_tokens q;
    double weight[TOKENS_MAX];

    search_text_tokens(a, question, &q);
    if (q.n > TOKENS_MAX)
        q.n = TOKENS_MAX;
    for (size_t i = 0; i < q.n; i++)
        weight[i] = rarity(q.token[i].text, w, c, n);
    for (size_t i = 0; i < n; i++) {
        double best = agreement(&q, weight, &w[i].name), total;

        for (size_t k = 0; k < c[i].n_said; k++) {
            double said = agreement(&q, weight, &w[i].said[k]);

            best = said > best ? said : best;
        }
        total = 0.85 * best + 0.15 * within(&q, weight, c[i].text);
        if (total > c[i].score)
            c[i].score = total;
    }
}

static int best_first(const void *a, const void *b)
{
    const struct guide_candidate *x = a, *y = b;

    if (x->score != y->score)
        return x->score > y->score ? -1 : 1;
    return x->id < y->id ? -1 : x->id > y->id;
}

void guide_rank(struct arena *a, struct str question, const struct guide_meaning *meaning, size_t n_meanings,
                struct guide_candidate *candidate, size_t n)
{
    struct words *w = arena_array(a, struct words, n ? n : 1);
    struct str variant[VARIANTS_MAX];
    size_t variants = 0;

    for (size_t i = 0; i < n; i++) {
        candidate[i].score = 0;
        search_text_tokens(a, candidate[i].name, &w[i].name);
        w[i].said = arena_array(a, struct search_tokens, candidate[i].n_said ? candidate[i].n_said : 1);
        for (size_t k = 0; k < candidate[i].n_said; k++)
            search_text_tokens(a, candidate[i].said[k], &w[i].said[k]);
    }
    variant[variants++] = core_of(a, question);
    if (!str_eq(variant[0], question))
        variant[variants++] = question; /* what stands around may have been the matter itself */
    for (size_t i = 0; i < n_meanings && variants < VARIANTS_MAX; i++)
        if (meaning[i].said.len && str_find(variant[0], meaning[i].said) != SIZE_MAX)
            variant[variants++] = without(a, variant[0], meaning[i].said, meaning[i].means);
    for (size_t i = 0; i < variants; i++)
        score(a, variant[i], w, candidate, n);
    if (n)
        qsort(candidate, n, sizeof(*candidate), best_first);
}
