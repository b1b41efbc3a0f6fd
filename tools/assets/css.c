/* css.c: a little smaller CSS: comments and blanks that nothing depends on go. */
#include "assets.h"

static bool is_space(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f';
}

/* Where the string that opens at i ends: the index behind its quote. */
static size_t string_end(struct str css, size_t i)
{
    char quote = css.ptr[i++];

    while (i < css.len && css.ptr[i] != quote)
        i += css.ptr[i] == '\\' ? 2 : 1;
    return i < css.len ? i + 1 : css.len;
}

struct str css_minify(struct arena *a, struct str css)
{
    struct buf b;

    buf_init(&b, a, css.len + 1, ASSETS_BUF_MAX);
    for (size_t i = 0; i < css.len;) {
        char c = css.ptr[i];
        if (c == '"' || c == '\'') {
            size_t end = string_end(css, i);
            buf_put(&b, str_sub(css, i, end - i));
            i = end;
        } else if (is_space(c) || (c == '/' && i + 1 < css.len && css.ptr[i + 1] == '*')) {
            while (i < css.len) {
                if (is_space(css.ptr[i])) {
                    i++;
                } else if (css.ptr[i] == '/' && i + 1 < css.len && css.ptr[i + 1] == '*') {
                    size_t end = str_find(str_sub(css, i + 2, css.len), STR("*/"));
                    i = end == SIZE_MAX ? css.len : i + 2 + end + 2;
                } else {
                    break;
                }
            }
            char before = b.len ? b.ptr[b.len - 1] : '{', after = i < css.len ? css.ptr[i] : '}';
            if (!strchr("{};,", before) && !strchr("{};,", after))
                buf_putc(&b, ' ');
        } else {
            if (c == '}' && b.len && b.ptr[b.len - 1] == ';')
                b.len--;
            buf_putc(&b, c);
            i++;
        }
    }
    return buf_str(&b);
}

struct str css_addresses(struct arena *a, struct str css, struct str (*path_of)(void *ctx, struct str name), void *ctx,
                         struct str *ret_unknown)
{
    struct buf b;
    size_t from = 0;

    *ret_unknown = STR_NONE;
    buf_init(&b, a, css.len + 256, ASSETS_BUF_MAX);
    for (size_t i = 0; i + 4 < css.len; i++) {
        if (memcmp(css.ptr + i, "url(", 4) != 0)
            continue;
        size_t close = str_find(str_sub(css, i, css.len), STR(")"));
        if (close == SIZE_MAX)
            break;
        struct str name = str_trim(str_sub(css, i + 4, close - 4)), path;
        if (name.len >= 2 && (name.ptr[0] == '"' || name.ptr[0] == '\''))
            name = str_sub(name, 1, name.len - 2);
        if (str_starts(name, STR("data:")) || str_starts(name, STR("#")))
            continue;
        size_t hash = str_find(name, STR("#"));
        struct str fragment = hash == SIZE_MAX ? STR_NONE : str_sub(name, hash, name.len);
        if (hash != SIZE_MAX)
            name = str_sub(name, 0, hash);
        for (size_t k = name.len; k > 0; k--)
            if (name.ptr[k - 1] == '/') {
                name = str_sub(name, k, name.len);
                break;
            }
        path = path_of(ctx, name);
        if (path.len == 0) {
            *ret_unknown = name;
            return STR_NONE;
        }
        buf_put(&b, str_sub(css, from, i - from));
        buf_put(&b, STR("url("));
        buf_put(&b, path);
        buf_put(&b, fragment);
        buf_putc(&b, ')');
        from = i + close + 1;
        i = from - 1;
    }
    buf_put(&b, str_sub(css, from, css.len));
    return buf_str(&b);
}
