/* text.c: the catalogue at run time. */
#include "engine/page/page.h"
#include "engine/page/text_table.h"

static const struct text_row *row_of(enum lang lang, enum text key)
{
    if ((unsigned)lang >= LANG_COUNT)
        lang = LANG_ZH_CN;
    if ((unsigned)key >= TEXT_COUNT)
        key = T_none;
    return &text_table[lang][key];
}

struct str text(enum lang lang, enum text key)
{
    return row_of(lang, key)->plain;
}

struct str text_safe(enum lang lang, enum text key)
{
    return row_of(lang, key)->safe;
}

struct str text_key(enum text key)
{
    return text_key_table[(unsigned)key < TEXT_COUNT ? key : T_none];
}

struct str text_word(enum text key)
{
    struct str k = text_key(key);
    size_t from = k.len;

    while (from > 0 && k.ptr[from - 1] != '.')
        from--;
    return str_sub(k, from, k.len - from);
}

enum result text_lookup(struct str key, enum text *ret_text)
{
    size_t low = 1, high = TEXT_COUNT;

    while (low < high) {
        size_t middle = (low + high) / 2;
        int c = str_cmp(text_key_table[middle], key);
        if (c == 0) {
            *ret_text = (enum text)middle;
            return OK;
        }
        if (c < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return E_NOT_FOUND;
}

const char *lang_tag(enum lang lang)
{
    return lang == LANG_EN ? "en" : "zh-CN";
}

/* ---- arguments: {name}, {n|one|many}, cut up by the build, which has checked the form of every text ---- */

/* A text put together into a page (escaped) or into a string. */
struct sink {
    struct html *h; /* NULL: a string */
    struct buf *b;
    const struct text_arg *arg;
    size_t n;
};

static const struct text_arg *arg_find(const struct sink *to, const char *name)
{
    for (size_t i = 0; i < to->n; i++)
        if (to->arg[i].name[0] == name[0] && strcmp(to->arg[i].name, name) == 0)
            return &to->arg[i];
    return NULL;
}

static void put_text(const struct sink *to, struct str s)
{
    if (to->h)
        html_text(to->h, s);
    else
        buf_put(to->b, s);
}

static void put_arg(const struct sink *to, struct str name)
{
    const struct text_arg *arg = arg_find(to, name.ptr);

    if (!arg) {
        buf_putc(to->b, '{');
        buf_put(to->b, name);
        buf_putc(to->b, '}');
    } else if (arg->is_number) {
        buf_int(to->b, arg->number);
    } else {
        put_text(to, arg->text);
    }
}

static void format(const struct sink *to, const struct text_piece *p, const struct text_piece *end)
{
    while (p < end) {
        struct str words = {p->ptr, p->len};

        if (p->kind == TEXT_PIECE_CHOICE) {
            const struct text_arg *arg = arg_find(to, p->ptr);
            const struct text_piece *one = p + 1, *many = one + p->one;
            bool is_one = arg && arg->is_number && arg->number == 1;

            format(to, is_one ? one : many, is_one ? many : many + p->many);
            p = many + p->many;
            continue;
        }
        if (p->kind == TEXT_PIECE_ARG)
            put_arg(to, words);
        else if (p->kind == TEXT_PIECE_WORDS)
            buf_put(to->b, words);
        else
            put_text(to, words);
        p++;
    }
}

static void put_together(const struct sink *to, enum lang lang, enum text key)
{
    const struct text_piece *end, *p = text_pieces(lang, key, &end);

    if (p == end) /* it has no arguments */
        buf_put(to->b, to->h ? text_safe(lang, key) : text(lang, key));
    else
        format(to, p, end);
}

struct str text_format_(struct arena *a, enum lang lang, enum text key, const struct text_arg *arg, size_t n)
{
    struct buf b;

    buf_init(&b, a, text(lang, key).len + 64, 1 << 20);
    put_together(&(struct sink){NULL, &b, arg, n}, lang, key);
    return buf_str(&b);
}

void html_text_format_(struct html *h, enum text key, const struct text_arg *arg, size_t n)
{
    put_together(&(struct sink){h, &h->buf, arg, n}, h->lang, key);
}
