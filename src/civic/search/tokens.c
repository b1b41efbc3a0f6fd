/* tokens.c: from words to tokens. Pure. See search.h. */
#include <utf8proc.h>

#include "civic/search/search.h"
#include "engine/base/buf.h"

enum sort { SORT_GAP, SORT_HAN, SORT_WORD };

/* Characters that are written without blanks between words: Han, Kana, Bopomofo, Hangul. */
static enum sort sort_of(int32_t c)
{
    if (c == 0x3005 || c == 0x3007 || (c >= 0x3041 && c <= 0x30ff && c != 0x30fb) || (c >= 0x3105 && c <= 0x312f) ||
        (c >= 0x3400 && c <= 0x4dbf) || (c >= 0x4e00 && c <= 0x9fff) || (c >= 0xac00 && c <= 0xd7a3) ||
        (c >= 0xf900 && c <= 0xfaff) || (c >= 0x20000 && c <= 0x3ffff))
        return SORT_HAN;
    switch (utf8proc_category(c)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO: return SORT_WORD;
    default: return SORT_GAP;
    }
}

struct points {
    int32_t *c;
    size_t n;
};

/* What most Chinese text is made of stands for itself when it is folded, but for the case of Latin letters. 0: another character. */
static int32_t plain(int32_t c)
{
    if (c < 0x80)
        return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
    if (c >= 0x4e00 && c <= 0x9fff)
        return c;
    switch (c) { /* 、。 and ，！：；？（） are gaps, whatever they are folded to */
    case 0x3001:
    case 0x3002: return c;
    case 0xff01:
    case 0xff08:
    case 0xff09:
    case 0xff0c:
    case 0xff1a:
    case 0xff1b:
    case 0xff1f: return c - 0xfee0;
    default: return 0;
    }
}

/* Nothing is composed out of these: a text of them alone needs no tables. False: it has others. */
static bool fold_plain(struct arena *a, struct str text, struct points *ret)
{
    *ret = (struct points){arena_array(a, int32_t, text.len), 0};
    while (text.len) {
        int32_t c = plain((int32_t)str_utf8_next(&text));

        if (c == 0)
            return false;
        ret->c[ret->n++] = c;
    }
    return true;
}

/* NFKC, without case, without what cannot be seen. */
static struct points fold(struct arena *a, struct str text)
{
    const utf8proc_option_t how = UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD |
                                  UTF8PROC_IGNORE;
    const utf8proc_uint8_t *from = (const utf8proc_uint8_t *)text.ptr;
    struct points p = {NULL, 0};
    if (text.len == 0 || fold_plain(a, text, &p))
        return p;
    p = (struct points){NULL, 0};
    utf8proc_ssize_t n = utf8proc_decompose(from, (utf8proc_ssize_t)text.len, NULL, 0, how);
    if (n <= 0)
        return p; /* broken UTF-8: nothing to find */
    p.c = arena_array(a, int32_t, (size_t)n + 1);
    utf8proc_decompose(from, (utf8proc_ssize_t)text.len, p.c, n, how);
    n = utf8proc_normalize_utf32(p.c, n, how);
    p.n = n > 0 ? (size_t)n : 0;
    return p;
}

struct maker {
    struct arena *a;
    struct search_tokens *out;
    size_t room;
    bool joined; /* the next token follows the last one without a gap */
};

static void make(struct maker *m, const int32_t *c, size_t n, enum search_token_kind kind)
{
    if (m->out->n == m->room)
        return;
    char *text = arena_array(m->a, char, n * 4);
    size_t len = 0;
    for (size_t i = 0; i < n; i++)
        len += (size_t)utf8proc_encode_char(c[i], (utf8proc_uint8_t *)text + len);
    m->out->token[m->out->n++] = (struct search_token){{text, len}, kind, m->joined};
    m->joined = true;
}

static size_t run_length(struct points p, size_t from, enum sort sort)
{
    size_t n = 0;
    while (from + n < p.n && sort_of(p.c[from + n]) == sort)
        n++;
    return n;
}

/* Each two neighbours; then the last one alone, so that every character begins a token. In a question the last one is left out where the text
 * may go on, and a single character asks for what begins with it. */
static void make_han(struct maker *m, const int32_t *c, size_t n, bool question, bool last)
{
    enum { WORD_MAX = 2 };
    for (size_t i = 0; i + 1 < n; i++)
        make(m, c + i, WORD_MAX, SEARCH_WORD);
    if (!question || !last)
        make(m, c + n - 1, 1, SEARCH_WORD);
    else if (n == 1)
        make(m, c, 1, SEARCH_BEGIN);
}

static void make_word(struct maker *m, const int32_t *c, size_t n, bool question, bool last)
{
    enum { WORD_MAX = 40 };
    size_t len = n < WORD_MAX ? n : WORD_MAX;
    /* "lift" finds "lifts"; a number is meant as it is. */
    bool number = c[n - 1] >= '0' && c[n - 1] <= '9';
    make(m, c, len, question && last && !number && n > 1 ? SEARCH_BEGIN : SEARCH_WORD);
}

static void tokens_of(struct arena *a, struct str text, bool question, size_t room, struct search_tokens *ret)
{
    struct points p = fold(a, text);
    struct search_tokens out = {NULL, 0};
    if (room > p.n * 2)
        room = p.n * 2; /* each character makes at most two */
    if (room)
        out.token = arena_array(a, struct search_token, room);
    struct maker m = {a, &out, room, false};
    for (size_t i = 0, n; i < p.n; i += n) {
        enum sort sort = sort_of(p.c[i]);
        n = run_length(p, i, sort);
        bool last = i + n == p.n || sort_of(p.c[i + n]) == SORT_GAP;
        if (sort == SORT_GAP)
            m.joined = false;
        else if (sort == SORT_HAN)
            make_han(&m, p.c + i, n, question, last);
        else
            make_word(&m, p.c + i, n, question, last);
    }
    *ret = out;
}

void search_text_tokens(struct arena *a, struct str text, struct search_tokens *ret_tokens)
{
    tokens_of(a, text, false, SIZE_MAX, ret_tokens);
}

void search_question_tokens(struct arena *a, struct str words, struct search_tokens *ret_tokens)
{
    enum { CHARACTERS_MAX = 60, TOKENS_MAX = 48 };
    tokens_of(a, str_utf8_cut(words, CHARACTERS_MAX), true, TOKENS_MAX, ret_tokens);
}

/* ---- marking -------------------------------------------------------------------------------------------------- */

/* A folded text that knows where each of its characters came from. Folded one by one: a letter and an accent that are written apart are not
 * joined here, which costs a mark, not a hit. */
struct folded {
    int32_t *c;
    uint32_t *from, *to; /* bytes of the text */
    size_t n;
};

static struct folded fold_with_places(struct arena *a, struct str text)
{
    enum { EACH_MAX = 18 }; /* the longest compatibility mapping */
    size_t points = str_utf8_count(text), room = points * 2 + EACH_MAX;
    struct folded f = {arena_array(a, int32_t, room), arena_array(a, uint32_t, room), arena_array(a, uint32_t, room),
                       0};
    struct str rest = text;
    while (rest.len && f.n + EACH_MAX <= room) {
        uint32_t from = (uint32_t)(rest.ptr - text.ptr);
        int32_t c = (int32_t)str_utf8_next(&rest), out[EACH_MAX];
        int boundary = 0;
        utf8proc_ssize_t n = utf8proc_decompose_char(c, out, EACH_MAX,
                                                     UTF8PROC_COMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD, &boundary);
        if (n < 1 || n > EACH_MAX) {
            out[0] = c;
            n = 1;
        }
        for (utf8proc_ssize_t i = 0; i < n; i++) {
            f.c[f.n] = out[i];
            f.from[f.n] = from;
            f.to[f.n++] = (uint32_t)(rest.ptr - text.ptr);
        }
    }
    return f;
}

/* Marks every place where c[0..n) stands in f. */
static void mark_run(const struct folded *f, const int32_t *c, size_t n, uint8_t *hit)
{
    for (size_t i = 0; n > 0 && i + n <= f->n; i++) {
        if (memcmp(f->c + i, c, n * sizeof(*c)) != 0)
            continue;
        /* Latin letters and digits only from the beginning of a word, as they are found. */
        if (sort_of(c[0]) == SORT_WORD && i > 0 && sort_of(f->c[i - 1]) == SORT_WORD)
            continue;
        for (size_t k = i; k < i + n; k++)
            memset(hit + f->from[k], 1, f->to[k] - f->from[k]);
    }
}

static size_t first_hit(const uint8_t *hit, size_t n)
{
    size_t i = 0;
    while (i < n && !hit[i])
        i++;
    return i;
}

void search_mark(struct arena *a, struct str words, struct str text, size_t max, struct search_pieces *ret_pieces)
{
    enum { LEAD = 12 }; /* characters before the first hit */
    struct folded f = fold_with_places(a, text), q = fold_with_places(a, str_utf8_cut(words, 60));
    uint8_t *hit = arena_array(a, uint8_t, text.len + 1);
    for (size_t i = 0, n; i < q.n; i += n) {
        n = 1;
        if (sort_of(q.c[i]) == SORT_GAP)
            continue;
        while (i + n < q.n && sort_of(q.c[i + n]) != SORT_GAP)
            n++;
        mark_run(&f, q.c + i, n, hit);
    }
    /* Which part is shown. */
    struct str shown = text;
    bool before = false, after = false;
    if (str_utf8_count(text) > max) {
        size_t first = first_hit(hit, text.len);
        size_t lead = first < text.len ? str_utf8_count(str_sub(text, 0, first)) : 0;
        size_t skip = lead > LEAD && max > LEAD ? str_utf8_cut(text, lead - LEAD).len : 0;
        shown = str_utf8_cut(str_sub(text, skip, SIZE_MAX), max);
        before = skip > 0;
        after = skip + shown.len < text.len;
    }
    size_t offset = (size_t)(shown.ptr - text.ptr), room = 2;
    for (size_t i = 0; i < shown.len; i++)
        room += i == 0 || hit[offset + i] != hit[offset + i - 1];
    struct search_pieces pieces = {arena_array(a, struct search_piece, room), 0};
    if (before)
        pieces.piece[pieces.n++] = (struct search_piece){STR("…"), false};
    for (size_t i = 0, n; i < shown.len; i += n) {
        for (n = 1; i + n < shown.len && hit[offset + i + n] == hit[offset + i]; n++)
            ;
        pieces.piece[pieces.n++] = (struct search_piece){str_sub(shown, i, n), hit[offset + i]};
    }
    if (after)
        pieces.piece[pieces.n++] = (struct search_piece){STR("…"), false};
    *ret_pieces = pieces;
}
