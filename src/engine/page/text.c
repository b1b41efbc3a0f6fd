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

/* ---- arguments: {name}, {n|one|many}; the build has checked the form of every text ---- */

/* Writes to a page (escaped) or to a string. */
struct sink {
    struct html *h;
    struct buf *b;
};

static void put_text(struct sink *to, struct str s)
{
    if (to->h)
        html_text(to->h, s);
    else
        buf_put(to->b, s);
}

/* What stands between two arguments; often nothing. */
static void put_run(struct sink *to, struct str s, size_t from, size_t end)
{
    if (end > from)
        put_text(to, (struct str){s.ptr + from, end - from});
}

static const struct text_arg *arg_find(const struct text_arg *arg, size_t n, struct str name)
{
    for (size_t i = 0; i < n; i++)
        if (name.len && arg[i].name[0] == name.ptr[0] && strncmp(arg[i].name, name.ptr, name.len) == 0 &&
            arg[i].name[name.len] == 0)
            return &arg[i];
    return NULL;
}

/* Where the bracket that is open at `from` (after its '{') ends, or its first '|' on this level. */
static size_t part_end(struct str s, size_t from, bool at_bar)
{
    size_t level = 0, i;

    for (i = from; i < s.len; i++) {
        if (s.ptr[i] == '\\') {
            i++;
        } else if (s.ptr[i] == '{') {
            level++;
        } else if (s.ptr[i] == '}') {
            if (level == 0)
                return i;
            level--;
        } else if (s.ptr[i] == '|' && level == 0 && at_bar) {
            return i;
        }
    }
    return s.len;
}

/* Where the name ends that begins at `from`: at its '}' or '|'. */
static size_t name_end(struct str s, size_t from)
{
    while (from < s.len && s.ptr[from] != '}' && s.ptr[from] != '|')
        from++;
    return from;
}

static void format(struct sink *to, struct str s, const struct text_arg *arg, size_t n)
{
    size_t from = 0, i = 0;

    while (i < s.len) {
        if (s.ptr[i] == '\\' && i + 1 < s.len) {
            put_run(to, s, from, i);
            put_text(to, s.ptr[i + 1] == 'n' ? STR("\n") : str_sub(s, i + 1, 1));
            i += 2;
            from = i;
            continue;
        }
        if (s.ptr[i] != '{') { /* a text has few brackets: whole runs are put */
            i++;
            continue;
        }
        put_run(to, s, from, i);
        size_t bar = name_end(s, i + 1), end = bar < s.len && s.ptr[bar] == '|' ? part_end(s, bar + 1, false) : bar;
        struct str name = str_sub(s, i + 1, bar - i - 1);
        const struct text_arg *a = arg_find(arg, n, name);
        if (bar < end) {
            size_t middle = part_end(s, bar + 1, true);
            struct str one = str_sub(s, bar + 1, middle - bar - 1), many = str_sub(s, middle + 1, end - middle - 1);
            format(to, a && a->is_number && a->number == 1 ? one : many, arg, n);
        } else if (!a) {
            put_text(to, str_sub(s, i, end + 1 - i));
        } else if (a->is_number) {
            buf_int(to->h ? &to->h->buf : to->b, a->number);
        } else {
            put_text(to, a->text);
        }
        i = end < s.len ? end + 1 : end;
        from = i;
    }
    put_run(to, s, from, s.len);
}

struct str text_format_(struct arena *a, enum lang lang, enum text key, const struct text_arg *arg, size_t n)
{
    struct str s = text(lang, key);
    struct buf b;

    buf_init(&b, a, s.len + 64, 1 << 20);
    format(&(struct sink){NULL, &b}, s, arg, n);
    return buf_str(&b);
}

void html_text_format_(struct html *h, enum text key, const struct text_arg *arg, size_t n)
{
    format(&(struct sink){h, NULL}, text(h->lang, key), arg, n);
}
