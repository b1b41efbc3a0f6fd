/* sprite.c: many small drawings in one file. */
#include "assets.h"

struct str sprite_symbol(struct arena *a, struct str name, struct str svg)
{
    size_t open = str_find(svg, STR("<svg")), tag_end, close = SIZE_MAX;
    struct str rest, tag, box = STR("0 0 24 24");

    if (open == SIZE_MAX)
        return STR_NONE;
    rest = str_sub(svg, open, svg.len);
    tag_end = str_find(rest, STR(">"));
    if (tag_end == SIZE_MAX)
        return STR_NONE;
    tag = str_sub(rest, 0, tag_end);
    size_t at = str_find(tag, STR("viewBox=\""));
    if (at != SIZE_MAX) {
        struct str value = str_sub(tag, at + 9, tag.len);
        size_t quote = str_find(value, STR("\""));
        if (quote == SIZE_MAX)
            return STR_NONE;
        box = str_sub(value, 0, quote);
    }
    rest = str_sub(rest, tag_end + 1, rest.len);
    for (size_t i = 0; i + 6 <= rest.len; i++)
        if (memcmp(rest.ptr + i, "</svg>", 6) == 0)
            close = i;
    if (close == SIZE_MAX)
        return STR_NONE;
    return str_printf(a, "<symbol id=\"" STR_FMT "\" viewBox=\"" STR_FMT "\">" STR_FMT "</symbol>", STR_ARG(name),
                      STR_ARG(box), STR_ARG(str_trim(str_sub(rest, 0, close))));
}
