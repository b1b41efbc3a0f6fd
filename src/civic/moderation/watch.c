/* watch.c: see watch.h.
 *
 * Text and words are folded alike, into a stream of letters; each letter of the text remembers the bytes it came from. Runs of one Latin letter
 * are one letter with a length: a word matches when no run of the text is shorter than its own, so "goood" is "good" and "god" is not. */
#include "civic/moderation/watch.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

enum {
    GAP_MAX = 6,   /* signs between two letters of a hit: more is two words */
    EACH_MAX = 18, /* the longest compatibility mapping of a character */
    TURN = WATCH_WORD_MAX * 2,
    BMP = 0x10000,
};

struct letter {
    int32_t c;
    uint32_t run; /* how often it stands there */
    uint32_t gap; /* signs before it */
    size_t from, to;
};

static bool is_han(int32_t c)
{
    return (c >= 0x3400 && c <= 0x9fff) || (c >= 0xf900 && c <= 0xfaff) || (c >= 0x20000 && c <= 0x3ffff);
}

static bool counts(int32_t c)
{
    if (c < 0x80)
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (is_han(c))
        return true;
    switch (utf8proc_category(c)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO: return true;
    default: return false; /* marks too: é is e with something on it */
    }
}

static bool stretches(int32_t c)
{
    return !is_han(c) && !(c >= '0' && c <= '9'); /* 妈妈 is not 妈, 11 is not 1 */
}

static size_t fold_one(int32_t c, int32_t *out)
{
    int boundary = 0;
    utf8proc_ssize_t n;

    if (c < 0x80) {
        out[0] = c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
        return 1;
    }
    if (c >= 0x4e00 && c <= 0x9fff) {
        out[0] = watch_simplified(c);
        return 1;
    }
    n = utf8proc_decompose_char(c, out, EACH_MAX, UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD, &boundary);
    if (n < 1 || n > EACH_MAX)
        return 0;
    for (utf8proc_ssize_t i = 0; i < n; i++)
        out[i] = watch_simplified(out[i]);
    return (size_t)n;
}

/* ---- the automaton ------------------------------------------------------------------------------------------------- */

struct edge {
    uint64_t key; /* node << 32 | letter; 0: free, for no edge leads by the letter 0 */
    uint32_t to;
};
struct node {
    uint32_t fail;
    uint32_t out;  /* the longest shorter node that ends words; 0: none */
    uint32_t word; /* the first word that ends here + 1; 0: none */
    uint32_t depth;
};
struct word {
    int64_t place;
    uint32_t next; /* another word of the same letters + 1 */
    enum watch_action action;
    bool latin_begin, latin_end;
    uint32_t n;
    uint8_t run[WATCH_WORD_MAX];
};
struct watch {
    struct node *node;
    size_t n_nodes;
    struct word *word;
    size_t n_words;
    struct edge *edge;
    size_t mask;
    uint32_t *first; /* from the root by a letter of the BMP: where nearly every letter of a text leads */
};

static uint64_t key_of(uint32_t node, int32_t c)
{
    return (uint64_t)node << 32 | (uint32_t)c;
}

static struct edge *edge_at(const struct watch *w, uint64_t key)
{
    size_t i = (size_t)((key * UINT64_C(0x9e3779b97f4a7c15)) >> 20) & w->mask;

    while (w->edge[i].key && w->edge[i].key != key)
        i = (i + 1) & w->mask;
    return &w->edge[i];
}

static uint32_t child(const struct watch *w, uint32_t node, int32_t c)
{
    if (node == 0 && c < BMP)
        return w->first[c];
    return edge_at(w, key_of(node, c))->to; /* 0 of a free one */
}

/* A word as letters with runs; 0 when it has none or too many. */
static size_t letters_of(struct str s, struct letter *ret)
{
    int32_t out[EACH_MAX];
    size_t n = 0;

    while (s.len) {
        size_t m = fold_one((int32_t)str_utf8_next(&s), out);

        for (size_t i = 0; i < m; i++) {
            if (!counts(out[i]))
                continue;
            if (n && ret[n - 1].c == out[i] && stretches(out[i])) {
                ret[n - 1].run++;
                continue;
            }
            if (n == WATCH_WORD_MAX)
                return 0;
            ret[n++] = (struct letter){.c = out[i], .run = 1};
        }
    }
    return n;
}

bool watch_takes(struct str word)
{
    struct letter l[WATCH_WORD_MAX];

    return letters_of(word, l) > 0;
}

static void add(struct watch *w, const struct watch_word *from)
{
    struct letter l[WATCH_WORD_MAX];
    size_t n = letters_of(from->word, l);
    struct word *to = &w->word[w->n_words];
    uint32_t at = 0;

    if (n == 0)
        return;
    *to = (struct word){.place = from->place, .action = from->action, .n = (uint32_t)n};
    to->latin_begin = stretches(l[0].c);
    to->latin_end = stretches(l[n - 1].c);
    for (size_t i = 0; i < n; i++) {
        uint32_t next = child(w, at, l[i].c);

        to->run[i] = (uint8_t)(l[i].run < 255 ? l[i].run : 255);
        if (next == 0) {
            next = (uint32_t)w->n_nodes++;
            w->node[next].depth = (uint32_t)i + 1;
            *edge_at(w, key_of(at, l[i].c)) = (struct edge){key_of(at, l[i].c), next};
            if (at == 0 && l[i].c < BMP)
                w->first[l[i].c] = next;
        }
        at = next;
    }
    to->next = w->node[at].word;
    w->node[at].word = (uint32_t)++w->n_words;
}

static int by_depth(const void *a, const void *b, void *arg)
{
    const struct watch *w = arg;
    const struct edge *x = a, *y = b;
    uint32_t i = w->node[x->to].depth, k = w->node[y->to].depth;

    return i < k ? -1 : i > k;
}

/* Where to go on when a letter does not fit: shallow nodes first, for a node's way back leads to a shallower one. */
static bool link_up(struct watch *w)
{
    struct edge *order = calloc(w->n_nodes ? w->n_nodes : 1, sizeof(*order));
    size_t n = 0;

    if (!order)
        return false;
    for (size_t i = 0; i <= w->mask; i++)
        if (w->edge[i].key)
            order[n++] = w->edge[i];
    qsort_r(order, n, sizeof(*order), by_depth, w);
    for (size_t i = 0; i < n; i++) {
        uint32_t parent = (uint32_t)(order[i].key >> 32), at = order[i].to, f;
        int32_t c = (int32_t)(order[i].key & UINT32_MAX);

        if (parent == 0)
            continue;
        for (f = w->node[parent].fail; f && !child(w, f, c);)
            f = w->node[f].fail;
        f = child(w, f, c);
        w->node[at].fail = f;
        w->node[at].out = w->node[f].word ? f : w->node[f].out;
    }
    free(order);
    return true;
}

struct watch *watch_open(const struct watch_word *words, size_t n)
{
    struct watch *w = calloc(1, sizeof(*w));
    struct letter l[WATCH_WORD_MAX];
    size_t nodes = 1, room = 64;

    if (!w)
        return NULL;
    for (size_t i = 0; i < n; i++)
        nodes += letters_of(words[i].word, l);
    while (room < nodes * 2)
        room *= 2;
    w->mask = room - 1;
    w->node = calloc(nodes, sizeof(*w->node));
    w->word = calloc(n ? n : 1, sizeof(*w->word));
    w->edge = calloc(room, sizeof(*w->edge));
    w->first = calloc(BMP, sizeof(*w->first));
    if (!w->node || !w->word || !w->edge || !w->first) {
        watch_close(w);
        return NULL;
    }
    w->n_nodes = 1;
    for (size_t i = 0; i < n; i++)
        add(w, &words[i]);
    if (!link_up(w)) {
        watch_close(w);
        return NULL;
    }
    return w;
}

void watch_close(struct watch *w)
{
    if (!w)
        return;
    free(w->node);
    free(w->word);
    free(w->edge);
    free(w->first);
    free(w);
}

/* ---- finding ----------------------------------------------------------------------------------------------------------- */

struct finder {
    const struct watch *w;
    const int64_t *places;
    size_t n_places;
    struct letter turn[TURN]; /* the last letters of the text, going round */
    size_t n;                 /* how many there were */
    uint32_t state, gap;
    struct watch_hit *hit;
    size_t n_hits, max;
};

static const struct letter *back(const struct finder *f, size_t i) /* 0: the last */
{
    return &f->turn[(f->n - 1 - i) % TURN];
}

static bool of_places(const struct finder *f, int64_t place)
{
    for (size_t i = 0; i < f->n_places; i++)
        if (f->places[i] == place)
            return true;
    return false;
}

/* Runs long enough, no hole between the letters, and a Latin word not out of the middle of another. */
static bool fits(const struct finder *f, const struct word *word, int32_t after, bool after_joined)
{
    const struct letter *begin = back(f, word->n - 1);

    for (size_t i = 0; i < word->n; i++) {
        const struct letter *l = back(f, word->n - 1 - i);

        if (l->run < word->run[i] || (i && l->gap > GAP_MAX))
            return false;
    }
    if (word->latin_begin && begin->gap == 0 && f->n > word->n && stretches(back(f, word->n)->c))
        return false;
    return !(word->latin_end && after_joined && after && stretches(after));
}

/* The word that ends with the last letter is told once its run is over: `after` is the next letter, 0 at the end. */
static void tell(struct finder *f, int32_t after, bool after_joined)
{
    const struct watch *w = f->w;

    for (uint32_t s = w->node[f->state].word ? f->state : w->node[f->state].out; s; s = w->node[s].out)
        for (uint32_t k = w->node[s].word; k; k = w->word[k - 1].next) {
            const struct word *word = &w->word[k - 1];

            if (f->n_hits < f->max && of_places(f, word->place) && fits(f, word, after, after_joined))
                f->hit[f->n_hits++] = (struct watch_hit){back(f, word->n - 1)->from, back(f, 0)->to, word->action};
        }
}

static void step(struct finder *f, int32_t c, size_t from, size_t to)
{
    uint32_t s = f->state, next;

    if (f->n && back(f, 0)->c == c && stretches(c)) {
        struct letter *last = &f->turn[(f->n - 1) % TURN];

        last->run++;
        last->to = to;
        f->gap = 0;
        return;
    }
    tell(f, c, f->gap == 0);
    while ((next = child(f->w, s, c)) == 0 && s)
        s = f->w->node[s].fail;
    f->state = next;
    f->turn[f->n++ % TURN] = (struct letter){.c = c, .run = 1, .gap = f->gap, .from = from, .to = to};
    f->gap = 0;
}

size_t watch_find(const struct watch *w, const int64_t *places, size_t n_places, struct str text,
                  struct watch_hit *ret_hits, size_t max)
{
    struct finder f = {.w = w, .places = places, .n_places = n_places, .hit = ret_hits, .max = max};
    struct str rest = text;
    int32_t out[EACH_MAX];

    if (w->n_words == 0)
        return 0;
    while (rest.len && f.n_hits < max) {
        size_t from = (size_t)(rest.ptr - text.ptr), m = fold_one((int32_t)str_utf8_next(&rest), out);
        bool any = false;

        for (size_t i = 0; i < m; i++)
            if (counts(out[i])) {
                step(&f, out[i], from, (size_t)(rest.ptr - text.ptr));
                any = true;
            }
        f.gap += !any;
    }
    tell(&f, 0, false);
    return f.n_hits;
}
