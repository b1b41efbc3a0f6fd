/* similar.c: words, compared by their two-character pieces, as the search does. */
#include "boards/report/category.h"
#include "boards/report/similar.h"

#include "civic/search/search.h"

static const char *const danger[] = {
    "着火", "起火", "火灾", "冒烟", "爆炸", "煤气味", "煤气泄漏", "燃气泄漏", "漏煤气", "触电", "救命", "坍塌",
    "塌了", "昏倒", "晕倒", "被困", "困人", "跳楼",   "轻生",     "打人",     "持刀",   "抢劫", "溺水",
};

bool report_emergency(struct str text)
{
    for (size_t i = 0; i < sizeof(danger) / sizeof(danger[0]); i++)
        if (str_find(text, str_from_cstr(danger[i])) != SIZE_MAX)
            return true;
    return false;
}

static bool has_token(const struct search_tokens *tokens, struct str token)
{
    for (size_t i = 0; i < tokens->n; i++)
        if (str_eq(tokens->token[i].text, token))
            return true;
    return false;
}

/* Single characters say little: only pieces of two and whole words count. */
static size_t weight(struct str token)
{
    return str_utf8_count(token) >= 2 ? 1 : 0;
}

int report_likeness(struct arena *a, struct str one, struct str other)
{
    struct search_tokens x, y, swap;
    size_t same = 0, all = 0;

    search_text_tokens(a, one, &x);
    search_text_tokens(a, other, &y);
    if (x.n > y.n) {
        swap = x;
        x = y;
        y = swap;
    }
    for (size_t i = 0; i < x.n; i++) {
        size_t w = weight(x.token[i].text);

        all += w;
        same += has_token(&y, x.token[i].text) ? w : 0;
    }
    return all ? (int)(100 * same / all) : 0;
}

enum result report_find_similar(struct db *db, int64_t community, struct str category, struct str title,
                                struct str body, struct str spot, int64_t since, struct report_similar *ret)
{
    enum { LOOK_AT = 100, SHOW = 5, LIKE_ENOUGH = 25 };
    struct arena *a = db_arena(db);
    struct sql_report_similar_rows rows;
    int score[SHOW] = {0};
    struct str mine = str_printf(a, STR_FMT " " STR_FMT " " STR_FMT, STR_ARG(title), STR_ARG(str_utf8_cut(body, 100)),
                                 STR_ARG(spot));
    enum result r = sql_report_similar(db, community, category, since, LOOK_AT, &rows);

    if (r != OK)
        return r;
    *ret = (struct report_similar){.row = arena_array(a, struct sql_report_similar, SHOW)};
    for (size_t i = 0; i < rows.n; i++) {
        struct str theirs = str_printf(a, STR_FMT " " STR_FMT " " STR_FMT, STR_ARG(rows.row[i].title),
                                       STR_ARG(str_utf8_cut(rows.row[i].body, 100)), STR_ARG(rows.row[i].spot));
        int like = report_likeness(a, mine, theirs);
        size_t at;

        if (like < LIKE_ENOUGH)
            continue;
        for (at = ret->n; at > 0 && score[at - 1] < like; at--)
            if (at < SHOW) {
                score[at] = score[at - 1];
                ret->row[at] = ret->row[at - 1];
            }
        if (at < SHOW) {
            score[at] = like;
            ret->row[at] = rows.row[i];
            ret->n += ret->n < SHOW;
        }
    }
    return OK;
}
