/* home.c: what of activities stands on the front page of a community, and on a person's own page. */
#include "boards/activity/routes.h"
#include "civic/home/home.h"

static bool is_ours(const struct board *b)
{
    return str_eq(b->kind, STR("activity"));
}

static const struct board *board_in(const struct boards *boards, int64_t id)
{
    for (size_t i = 0; i < boards->n; i++)
        if (boards->board[i].id == id && is_ours(&boards->board[i]))
            return &boards->board[i];
    return NULL;
}

/* My place today or tomorrow; and mine that are over, and still want to be closed. */
static enum result waiting(struct request *rq, const struct home_here *here, size_t max, struct home_item *ret_items,
                           size_t *ret_n)
{
    enum { LOOK_AT = 20 };
    int64_t community = here->community;
    struct sql_activity_unfinished_rows over;
    int64_t chain[4];
    size_t levels = place_chain(community, chain), n = 0;
    enum result r = OK;

    *ret_n = 0;
    if (rq->person == 0)
        return OK;
    for (size_t c = 0; c < levels; c++)
        sql_activity_mine_ahead(rq->db, chain[c], rq->person, rq->now, LOOK_AT);
    sql_activity_unfinished_ahead(rq->db, community, rq->person, rq->now, 3);
    for (size_t c = 0; r == OK && c < levels; c++) {
        struct sql_activity_mine_rows mine;

        r = sql_activity_mine(rq->db, chain[c], rq->person, rq->now, LOOK_AT, &mine);
        for (size_t i = 0; r == OK && i < mine.n && n < max; i++) {
            const struct board *board = board_in(here->readable, mine.row[i].board);

            if (board && !mine.row[i].hidden && str_eq(mine.row[i].state, STR("in")) &&
                str_eq(mine.row[i].entry_state, STR("open")) && day_of(mine.row[i].starts_at) <= day_of(rq->now) + 1)
                ret_items[n++] = (struct home_item){
                    .text = text_format(
                        rq->arena, rq->lang, T_activity_home_mine,
                        TEXT_STR("when", time_words(rq->arena, rq->lang, rq->now, mine.row[i].starts_at)),
                        TEXT_STR("title", mine.row[i].title)),
                    .url = entry_url(rq->arena, board, chain[c], mine.row[i].entry),
                    .due = mine.row[i].starts_at,
                };
        }
    }
    if (r == OK)
        r = sql_activity_unfinished(rq->db, community, rq->person, rq->now, 3, &over);
    for (size_t i = 0; r == OK && i < over.n && n < max; i++) {
        const struct board *board = board_in(here->readable, over.row[i].board);

        if (board)
            ret_items[n++] = (struct home_item){
                .text = text_format(rq->arena, rq->lang, T_activity_home_close, TEXT_STR("title", over.row[i].title)),
                .url = url_below(rq->arena, entry_url(rq->arena, board, community, over.row[i].entry), "/roll"),
                .badge = T_activity_home_please,
                .due = over.row[i].ends_at,
            };
    }
    *ret_n = n;
    return r;
}

/* Those that are coming say when, and how many places are left: in place of the plain row of an entry. */
static enum result newest(struct request *rq, const struct home_here *here, size_t max, struct home_entry *ret_entries,
                          size_t *ret_n)
{
    int64_t community = here->community;
    int64_t chain[4];
    size_t levels = place_chain(community, chain);
    struct str near = levels > 2 ? str_printf(rq->arena, ",%" PRId64, chain[2]) : STR_NONE;
    struct str nearer = levels > 3 ? str_printf(rq->arena, ",%" PRId64, chain[3]) : STR_NONE;
    const struct board *board = here->readable->board;
    enum result r = OK;

    *ret_n = 0;
    for (size_t b = 0; b < here->readable->n; b++)
        for (size_t c = 0; is_ours(&board[b]) && c < levels; c++)
            sql_activity_coming_ahead(rq->db, chain[c], board[b].id, rq->now, 0, 0, near, nearer, (int64_t)max);
    for (size_t b = 0; r == OK && b < here->readable->n; b++)
        for (size_t c = 0; r == OK && is_ours(&board[b]) && c < levels; c++) {
            struct sql_activity_coming_rows rows;

            r = sql_activity_coming(rq->db, chain[c], board[b].id, rq->now, 0, 0, near, nearer, (int64_t)max, &rows);
            for (size_t i = 0; r == OK && i < rows.n && *ret_n < max; i++) {
                const struct sql_activity_coming *row = &rows.row[i];
                struct activity_now now = activity_now(flow_state_of(&activity_flow, row->state), row, rq->now);

                ret_entries[(*ret_n)++] = (struct home_entry){
                    .title = row->title,
                    .url = entry_url(rq->arena, &board[b], row->community, row->entry),
                    .board = board_name(&board[b], rq->lang),
                    .state = now.word,
                    .mark = now.mark,
                    .clock = str_printf(
                        rq->arena, STR_FMT " · " STR_FMT,
                        STR_ARG(activity_when(rq->arena, rq->lang, rq->now, row->starts_at, row->ends_at)),
                        STR_ARG(row->spot)),
                    .who = row->organisation ? row->author_from : row->shown_name,
                    .at = row->published_at,
                };
            }
        }
    return r;
}

const struct home_table activity_home = {.waiting = waiting, .newest = newest};

/* ---- 「我的」 --------------------------------------------------------------------------------------------------------- */

static enum result count_mine(struct request *rq, int64_t community, int64_t *ret_n)
{
    enum { MOST = 100 };
    int64_t chain[4];
    size_t levels = place_chain(community, chain);
    enum result r = OK;

    *ret_n = 0;
    for (size_t c = 0; r == OK && c < levels; c++) {
        struct sql_activity_mine_rows mine;

        r = sql_activity_mine(rq->db, chain[c], rq->person, rq->now, MOST, &mine);
        for (size_t i = 0; r == OK && i < mine.n; i++)
            *ret_n += !mine.row[i].hidden && str_eq(mine.row[i].entry_state, STR("open"));
    }
    return r;
}

static enum result records(struct request *rq, struct me_records *ret)
{
    enum { MOST = 1000 };
    struct sql_activity_left_by_rows rows;
    enum result r = sql_activity_left_by(rq->db, rq->person, MOST, &rows);

    if (r != OK)
        return r;
    ret->record = arena_array(rq->arena, struct me_record, rows.n + 1);
    ret->n = 0;
    for (size_t i = 0; r == OK && i < rows.n; i++) {
        struct board board;

        r = board_get(rq->db, rows.row[i].board, &board);
        if (r == OK)
            ret->record[ret->n++] = (struct me_record){
                T_activity_me_signed, rows.row[i].signed_at, rows.row[i].title,
                entry_url(rq->arena, &board, rows.row[i].community, rows.row[i].entry)};
    }
    return r;
}

static const struct me_item items[] = {{T_activity_mine, "calendar", "/activities", true, count_mine}};
const struct me_table activity_me = {.item = items, .n = sizeof(items) / sizeof(items[0]), .records = records};
