/* category.c: see category.h. */
#include "boards/report/category.h"

#include <pthread.h>

#include "boards/report/report.sql.h"

enum { ROOM_MAX = 64 << 20, HEADS = 1024 };

/* ---- words that suggest one ---- */

struct suggesting {
    struct str word;
    uint32_t next; /* another word whose first character has the same place in `first` + 1; 0: none */
    uint32_t category;
};
struct category_words {
    struct suggesting *word;
    size_t n;
    uint32_t first[HEADS]; /* + 1 */
};

static size_t head_of(uint32_t c)
{
    return (c * UINT32_C(0x9e3779b1)) >> 22;
}

static void add_words(struct arena *a, struct category_words *w, struct str words, uint32_t category)
{
    struct str word;

    while (str_cut(&words, ' ', &word)) {
        struct str rest = word;

        if (word.len == 0)
            continue;
        size_t head = head_of(str_utf8_next(&rest));
        w->word[w->n] = (struct suggesting){str_dup(a, word), w->first[head], category};
        w->first[head] = (uint32_t)++w->n;
    }
}

/* Adds `weight` for each byte of each word that the text has, however often it has it. `seen`: one place for each word, all 0. */
static void score_text(const struct category_words *w, struct str text, size_t weight, bool *seen, size_t *score)
{
    while (text.len) {
        struct str here = text;
        size_t head = head_of(str_utf8_next(&text));

        for (uint32_t i = w->first[head]; i; i = w->word[i - 1].next)
            if (!seen[i - 1] && str_starts(here, w->word[i - 1].word)) {
                seen[i - 1] = true;
                score[w->word[i - 1].category] += weight * w->word[i - 1].word.len;
            }
    }
}

/* ---- what is in memory ---- */

/* Newest first. An older version stays: a read that began before an import goes on with it, and there are a few in a year. */
struct shelf {
    struct categories all;
    int64_t version;
    struct arena *arena;
    struct shelf *older;
};
static struct {
    pthread_mutex_t lock;
    struct shelf *newest;
} shared = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* The lock is held. */
static const struct categories *shelf_find(int64_t version)
{
    struct shelf *s = shared.newest;

    while (s && s->version != version)
        s = s->older;
    return s ? &s->all : NULL;
}

static const struct categories *look(int64_t version)
{
    pthread_mutex_lock(&shared.lock);
    const struct categories *all = shelf_find(version);
    pthread_mutex_unlock(&shared.lock);
    return all;
}

static void fill(struct shelf *s, const struct sql_report_category_all_rows *rows)
{
    struct category *category = arena_array(s->arena, struct category, rows->n ? rows->n : 1);
    struct category_words *words = arena_new(s->arena, struct category_words);
    size_t n = 1;

    for (size_t i = 0; i < rows->n; i++)
        n += rows->row[i].words.len / 2 + 1; /* each of one byte, with a blank behind it */
    words->word = arena_array(s->arena, struct suggesting, n);
    for (size_t i = 0; i < rows->n; i++) {
        const struct sql_report_category_all *row = &rows->row[i];

        category[i] = (struct category){.code = str_dup(s->arena, row->code),
                                        .name = str_dup(s->arena, row->name),
                                        .name_en = str_dup(s->arena, row->name_en),
                                        .grade = row->grade,
                                        .limit_amount = row->limit_amount,
                                        .limit_unit = str_dup(s->arena, row->limit_unit)};
        if (row->grade > 0)
            add_words(s->arena, words, row->words, (uint32_t)i);
    }
    s->all = (struct categories){category, rows->n, words};
}

/* NULL: memory is out, and nothing stays. */
static struct shelf *shelf_make(int64_t version, const struct sql_report_category_all_rows *rows)
{
    struct arena *a = arena_open(ROOM_MAX);
    jmp_buf out;

    if (!a)
        return NULL;
    if (setjmp(out) != 0) {
        arena_close(a);
        return NULL;
    }
    arena_escape(a, &out);
    struct shelf *s = arena_new(a, struct shelf);
    *s = (struct shelf){.version = version, .arena = a};
    fill(s, rows);
    arena_escape(a, NULL);
    return s;
}

static enum result read_all(struct db *db, int64_t version, const struct categories **ret)
{
    struct sql_report_category_all_rows rows;
    enum result r = sql_report_category_all(db, &rows);
    struct shelf *s = r == OK ? shelf_make(version, &rows) : NULL;

    if (!s)
        return r != OK ? r : E_BUSY;
    pthread_mutex_lock(&shared.lock);
    *ret = shelf_find(version); /* somebody else has read it at the same time */
    if (!*ret) {
        s->older = shared.newest;
        shared.newest = s;
        *ret = &s->all;
        s = NULL;
    }
    pthread_mutex_unlock(&shared.lock);
    if (s)
        arena_close(s->arena);
    return OK;
}

enum result categories_now(struct db *db, const struct categories **ret)
{
    struct sql_report_category_version row;
    enum result r = sql_report_category_version(db, &row);

    if (r != OK)
        return r;
    *ret = look(row.version);
    return *ret ? OK : read_all(db, row.version, ret);
}

void categories_ahead(struct db *db)
{
    sql_report_category_version_ahead(db);
}

/* ---- questions to it ---- */

const struct category *category_find(const struct categories *all, struct str code)
{
    for (size_t i = 0; i < all->n; i++)
        if (str_eq(all->category[i].code, code))
            return &all->category[i];
    return NULL;
}

enum result category_get(struct db *db, struct str code, const struct category **ret)
{
    const struct categories *all;
    enum result r = categories_now(db, &all);

    if (r != OK)
        return r;
    *ret = category_find(all, code);
    return *ret ? OK : E_NOT_FOUND;
}

struct str category_name_in(const struct category *category, enum lang lang)
{
    return lang == LANG_EN ? category->name_en : category->name;
}

struct str category_name(const struct categories *all, enum lang lang, struct str code)
{
    const struct category *c = category_find(all, code);

    return c ? category_name_in(c, lang) : code;
}

enum result category_suggest(struct db *db, struct str title, struct str body, struct str *ret_code)
{
    const struct categories *all;
    size_t *score, best = 0;
    bool *seen;
    enum result r = categories_now(db, &all);

    if (r != OK)
        return r;
    score = arena_array(db_arena(db), size_t, all->n + 1);
    seen = arena_array(db_arena(db), bool, all->words->n + 1);
    score_text(all->words, title, 2, seen, score);
    memset(seen, 0, all->words->n + 1);
    score_text(all->words, body, 1, seen, score);
    *ret_code = STR("other");
    for (size_t i = 0; i < all->n; i++)
        if (score[i] > best) {
            best = score[i];
            *ret_code = all->category[i].code;
        }
    return OK;
}
