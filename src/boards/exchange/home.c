/* home.c: what of the exchanges waits for somebody on the front page, what stands on a person's own page, and the recount. */
#include "boards/exchange/present.h"
#include "civic/home/home.h"
#include "civic/hours/hours.h"
#include "civic/person/person.h"
#include "engine/base/time.h"

/* clang-format off */
static const struct board_start starts[] = {
    {"/new", "ask", T_exchange_start_ask, NULL, CAP_BOARD_WRITE, "mutual_help", NULL},
    {"/new", "offer", T_exchange_start_offer, "people", CAP_BOARD_WRITE, "mutual_help", NULL},
    {"/new", "give", T_exchange_start_give, NULL, CAP_BOARD_WRITE, "idle_item", NULL},
    {"/new", "lend", T_exchange_start_lend, "clock", CAP_BOARD_WRITE, "idle_item", NULL},
    {"/new", NULL, T_exchange_start_sell, "table", CAP_BOARD_WRITE, "idle_item", NULL},
    {"/new", NULL, T_exchange_start_wish, NULL, CAP_BOARD_WRITE, "small_wish", NULL},
    {"/new", NULL, T_exchange_start, NULL, CAP_BOARD_WRITE, NULL, NULL},
};
/* clang-format on */
const struct board_kind exchange_kind = {
    .word = "exchange",
    .name = T_exchange_kind,
    .lead = T_exchange_kind_lead,
    .icon = "help",
    .unread = entry_unread,
    .start = starts,
    .n_start = sizeof(starts) / sizeof(starts[0]),
};

/* ---- 今天要紧 ------------------------------------------------------------------------------------------------------- */

enum { LOOK_AT = 20, RETURN_SOON_DAYS = 2 };

struct waiting {
    struct request *rq;
    int64_t place;
    size_t max;
    struct home_item *item;
    size_t *n;
};

static enum result add(struct waiting *w, int64_t board, int64_t id, struct str title, enum text words, int64_t due)
{
    struct board b;
    enum result r;

    if (words == T_none || *w->n >= w->max)
        return OK;
    r = board_get(w->rq->db, board, &b);
    if (r == OK)
        w->item[(*w->n)++] = (struct home_item){
            .text = text_format(w->rq->arena, w->rq->lang, words, TEXT_STR("title", title)),
            .url = entry_url(w->rq->arena, &b, w->place, id),
            .badge = T_exchange_home_please,
            .due = due,
        };
    return r;
}

static bool soon_back(const struct request *rq, int64_t return_at)
{
    return return_at && return_at < rq->now + RETURN_SOON_DAYS * TIME_DAY;
}

static enum result waiting_at(struct waiting *w)
{
    struct sql_exchange_waits_of_author_rows mine;
    struct sql_exchange_waits_of_taker_rows taken;
    enum result r = sql_exchange_waits_of_author(w->rq->db, w->place, w->rq->person, LOOK_AT, &mine);

    if (r == OK)
        r = sql_exchange_waits_of_taker(w->rq->db, w->place, w->rq->person, LOOK_AT, &taken);
    if (r != OK)
        return r;
    for (size_t i = 0; r == OK && i < mine.n; i++) {
        const struct sql_exchange_waits_of_author *row = &mine.row[i];
        bool half = str_eq(row->state, STR("half")) && row->author_at == 0;
        bool late = str_eq(row->state, STR("lent")) && row->return_at && row->return_at < w->rq->now;

        r = add(w, row->board, row->id, row->title,
                half                                   ? T_exchange_home_confirm
                : str_eq(row->state, STR("returning")) ? T_exchange_home_returned
                : str_eq(row->state, STR("taken"))     ? T_exchange_home_taken
                : late                                 ? T_exchange_home_late_yours
                                                       : T_none,
                row->due_at);
    }
    for (size_t i = 0; r == OK && i < taken.n; i++) {
        const struct sql_exchange_waits_of_taker *row = &taken.row[i];
        bool half = str_eq(row->state, STR("half")) && row->taker_at == 0;
        bool back = str_eq(row->state, STR("lent")) && soon_back(w->rq, row->return_at);

        r = add(w, row->board, row->id, row->title,
                str_eq(row->state, STR("asked")) ? T_exchange_home_asked
                : half                           ? T_exchange_home_confirm
                : back                           ? T_exchange_home_return
                                                 : T_none,
                back ? row->return_at : row->due_at);
    }
    return r;
}

/* What stands at the community itself, and at its street. */
static enum result waiting(struct request *rq, const struct home_here *here, size_t max, struct home_item *ret_items,
                           size_t *ret_n)
{
    int64_t community = here->community;
    struct waiting w = {rq, community, max, ret_items, ret_n};
    enum result r = OK;

    *ret_n = 0;
    if (rq->person == 0)
        return OK;
    for (int i = 0; i < 2; i++) {
        int64_t place = i ? place_parent(community) : community;

        sql_exchange_waits_of_author_ahead(rq->db, place, rq->person, LOOK_AT);
        sql_exchange_waits_of_taker_ahead(rq->db, place, rq->person, LOOK_AT);
    }
    r = waiting_at(&w);
    w.place = place_parent(community);
    return r == OK && w.place ? waiting_at(&w) : r;
}

const struct home_table exchange_home = {.waiting = waiting};

/* ---- 我的 -------------------------------------------------------------------------------------------------------------- */

static enum result count(struct request *rq, int64_t community, int64_t *ret_n)
{
    struct sql_exchange_count_mine row;
    enum result r = sql_exchange_count_mine(rq->db, community, rq->person, &row);

    if (r == OK)
        *ret_n = row.given + row.taken;
    return r;
}

/* What somebody has left here (个人信息保护法 45): what they put up, and what they wrote to others. */
static enum result records(struct request *rq, struct me_records *ret)
{
    enum { MOST = 1000 };
    struct sql_exchange_entries_left_by_rows entries;
    struct sql_exchange_left_by_rows words;
    struct board board;
    enum result r = sql_exchange_entries_left_by(rq->db, rq->person, MOST, &entries);

    if (r == OK)
        r = sql_exchange_left_by(rq->db, rq->person, MOST, &words);
    if (r != OK)
        return r;
    ret->record = arena_array(rq->arena, struct me_record, entries.n + words.n + 1);
    ret->n = 0;
    for (size_t i = 0, k = 0; r == OK && (i < entries.n || k < words.n);) { /* both are newest first */
        struct me_record *to = &ret->record[ret->n++];
        bool entry = k == words.n || (i < entries.n && entries.row[i].created_at >= words.row[k].at);
        struct exchange x;

        if (entry) {
            const struct sql_exchange_entries_left_by *row = &entries.row[i++];

            r = board_get(rq->db, row->board, &board);
            if (r == OK)
                *to = (struct me_record){
                    T_exchange_me_put_up, row->created_at,
                    row->body.len ? str_printf(rq->arena, STR_FMT "\n" STR_FMT, STR_ARG(row->title), STR_ARG(row->body))
                                  : row->title,
                    entry_url(rq->arena, &board, row->community, row->id)};
        } else {
            const struct sql_exchange_left_by *row = &words.row[k++];

            r = exchange_read(rq->db, row->community, row->entry, &x);
            if (r == OK)
                *to = (struct me_record){row->thanks ? T_exchange_me_thanked : T_exchange_me_wrote, row->at, row->body,
                                         entry_url(rq->arena, &x.board, row->community, row->entry)};
        }
    }
    return r;
}

static const struct me_item items[] = {{T_exchange_me_mine, "help", "/exchanges", true, count}};
const struct me_table exchange_me = {items, sizeof(items) / sizeof(items[0]), records};

/* ---- the recount --------------------------------------------------------------------------------------------------------- */

/* A queue, and whose turn it is, against the rows of its turns. */
static bool stands_wrong(const struct sql_exchange_recount *row)
{
    int state = flow_state_of(&exchange_flow, row->state);
    bool held = state == X_ASKED || state == X_TAKEN || state == X_HALF || state == X_LENT || state == X_RETURNING;

    return row->queue != row->real_queue || row->held != held || (held && row->holder != row->turn) ||
           (!held && row->real_queue);
}

static enum result recount_hours(struct db *db, int64_t community, int64_t *ret_bad)
{
    enum { AT_ONCE = 500 };
    struct sql_exchange_help_done_rows rows;
    int64_t after = 0, minutes;
    enum result r;

    do {
        r = sql_exchange_help_done(db, community, after, AT_ONCE, &rows);
        for (size_t i = 0; r == OK && i < rows.n && *ret_bad == 0; i++) {
            const struct sql_exchange_help_done *row = &rows.row[i];
            bool offered = str_eq(row->sort, STR("offer"));

            after = row->id;
            if (offered && row->organisation) /* see write_hours() */
                continue;
            r = hours_of_subject(db, community, STR("exchange"), row->id, offered ? row->author : row->person,
                                 &minutes);
            if (r == E_NOT_FOUND || (r == OK && minutes != row->minutes))
                *ret_bad = row->entry;
            if (r == E_NOT_FOUND)
                r = OK;
        }
    } while (r == OK && rows.n == AT_ONCE && *ret_bad == 0);
    return r;
}

enum result exchange_recount(struct db *db, int64_t community, int64_t *ret_bad)
{
    enum { AT_ONCE = 500 };
    struct sql_exchange_recount_rows rows;
    int64_t after = 0;
    enum result r;

    *ret_bad = 0;
    do {
        r = sql_exchange_recount(db, community, after, AT_ONCE, &rows);
        for (size_t i = 0; r == OK && i < rows.n && *ret_bad == 0; i++) {
            after = rows.row[i].entry;
            if (stands_wrong(&rows.row[i]))
                *ret_bad = rows.row[i].entry;
        }
    } while (r == OK && rows.n == AT_ONCE && *ret_bad == 0);
    return r == OK && *ret_bad == 0 ? recount_hours(db, community, ret_bad) : r;
}
