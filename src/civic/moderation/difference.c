/* difference.c: the longest common sequence of two texts: of their words and characters where they are short, of their lines first where they are
 * long. */
#include "civic/moderation/difference.h"

#include <string.h>

enum level { BY_WORDS, BY_LINES, BY_WORDS_OF_LINES };
enum { CELLS = 1 << 17, SHORTEST = 2 };

struct pieces {
    struct str *v;
    size_t n;
};

struct differ {
    struct arena *arena;
    uint16_t *table[BY_WORDS_OF_LINES + 1]; /* of each level, made once */
    struct text_parts parts;
    size_t room;
};

static void put(struct differ *d, enum part_kind kind, struct str text)
{
    struct text_part *last = d->parts.n ? &d->parts.part[d->parts.n - 1] : NULL;

    if (text.len == 0)
        return;
    if (last && last->kind == kind && last->text.ptr + last->text.len == text.ptr) {
        last->text.len += text.len;
        return;
    }
    if (d->parts.n == d->room) {
        struct text_part *more = arena_array(d->arena, struct text_part, d->room ? d->room * 2 : 16);

        if (d->parts.n)
            memcpy(more, d->parts.part, d->parts.n * sizeof(*more));
        d->room = d->room ? d->room * 2 : 16;
        d->parts.part = more;
    }
    d->parts.part[d->parts.n++] = (struct text_part){kind, text};
}

static bool of_word(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* A line with its end; a word of Latin letters and digits; any other character alone. */
static size_t piece_length(struct str rest, enum level level)
{
    size_t n = 0;

    if (level == BY_LINES) {
        size_t end = str_find(rest, STR("\n"));

        return end == SIZE_MAX ? rest.len : end + 1;
    }
    while (n < rest.len && of_word(rest.ptr[n]))
        n++;
    if (n == 0) {
        struct str after = rest;

        (void)str_utf8_next(&after);
        n = rest.len - after.len;
    }
    return n;
}

static struct pieces cut(struct differ *d, struct str text, enum level level)
{
    struct pieces p = {arena_array(d->arena, struct str, text.len + 1), 0};

    while (text.len) {
        size_t n = piece_length(text, level);

        p.v[p.n++] = str_sub(text, 0, n);
        text = str_sub(text, n, SIZE_MAX);
    }
    return p;
}

/* The text of the pieces from `from`, `n` of them: they stand one behind the other. */
static struct str span(const struct pieces *p, size_t from, size_t n)
{
    if (n == 0)
        return STR_NONE;
    const struct str *last = &p->v[from + n - 1];

    return (struct str){p->v[from].ptr, (size_t)(last->ptr + last->len - p->v[from].ptr)};
}

static void compare(struct differ *d, struct str before, struct str after, enum level level);

static void replaced(struct differ *d, struct str before, struct str after, enum level level)
{
    if (level == BY_LINES && before.len && after.len) {
        compare(d, before, after, BY_WORDS_OF_LINES);
        return;
    }
    put(d, PART_REMOVED, before);
    put(d, PART_ADDED, after);
}

struct between { /* what is left when the same beginning and end are off */
    struct pieces a, b;
    const uint16_t *longest; /* of what follows i and j */
};

static uint16_t longest_at(const struct between *m, size_t i, size_t j)
{
    return m->longest[i * (m->b.n + 1) + j];
}

static size_t run_at(const struct between *m, size_t i, size_t j)
{
    size_t n = 0;

    while (i + n < m->a.n && j + n < m->b.n && str_eq(m->a.v[i + n], m->b.v[j + n]))
        n++;
    return n;
}

/* A single character in common, as 的 may be, is no help to who reads: it goes with what was changed around it. */
static void walk(struct differ *d, const struct between *m, enum level level)
{
    size_t i = 0, j = 0, from_a = 0, from_b = 0, shortest = level == BY_LINES ? 1 : SHORTEST;

    while (i < m->a.n && j < m->b.n) {
        size_t run = run_at(m, i, j);

        if (run >= shortest) {
            replaced(d, span(&m->a, from_a, i - from_a), span(&m->b, from_b, j - from_b), level);
            put(d, PART_SAME, span(&m->b, j, run));
            from_a = i + run;
            from_b = j + run;
        }
        if (run) {
            i += run;
            j += run;
        } else if (longest_at(m, i + 1, j) >= longest_at(m, i, j + 1)) {
            i++;
        } else {
            j++;
        }
    }
    replaced(d, span(&m->a, from_a, m->a.n - from_a), span(&m->b, from_b, m->b.n - from_b), level);
}

static void middle(struct differ *d, struct between *m, enum level level)
{
    struct str before = span(&m->a, 0, m->a.n), after = span(&m->b, 0, m->b.n);
    size_t width = m->b.n + 1;
    uint16_t *t;

    if (m->a.n == 0 || m->b.n == 0 || (m->a.n + 1) > CELLS / width) {
        if (level == BY_WORDS && m->a.n && m->b.n)
            compare(d, before, after, BY_LINES);
        else
            replaced(d, before, after, level == BY_LINES ? BY_WORDS : level);
        return;
    }
    if (d->table[level] == NULL)
        d->table[level] = arena_array(d->arena, uint16_t, CELLS);
    t = d->table[level];
    memset(t, 0, (m->a.n + 1) * width * sizeof(*t));
    for (size_t i = m->a.n; i-- > 0;)
        for (size_t j = m->b.n; j-- > 0;) {
            uint16_t down = t[(i + 1) * width + j], right = t[i * width + j + 1];

            t[i * width + j] = str_eq(m->a.v[i], m->b.v[j]) ? (uint16_t)(t[(i + 1) * width + j + 1] + 1)
                             : down > right                 ? down
                                                            : right;
        }
    m->longest = t;
    walk(d, m, level);
}

static void compare(struct differ *d, struct str before, struct str after, enum level level)
{
    struct pieces a = cut(d, before, level), b = cut(d, after, level);
    size_t head = 0, tail = 0;

    while (head < a.n && head < b.n && str_eq(a.v[head], b.v[head]))
        head++;
    while (tail < a.n - head && tail < b.n - head && str_eq(a.v[a.n - 1 - tail], b.v[b.n - 1 - tail]))
        tail++;
    struct between m = {{a.v + head, a.n - head - tail}, {b.v + head, b.n - head - tail}, NULL};

    put(d, PART_SAME, span(&b, 0, head));
    middle(d, &m, level);
    put(d, PART_SAME, span(&b, b.n - tail, tail));
}

void text_difference(struct arena *a, struct str before, struct str after, struct text_parts *ret_parts)
{
    struct differ d = {.arena = a};

    if (str_eq(before, after))
        put(&d, PART_SAME, after);
    else
        compare(&d, before, after, BY_WORDS);
    *ret_parts = d.parts;
}
