/* talk.c: how an entry moves, and where the kind stands on other pages. */
#include "boards/talk/talk.h"

#include "boards/talk/routes.h"
#include "civic/entry/entry_present.h"
#include "civic/flow/flow.h"
#include "civic/home/home.h"
#include "civic/person/person.h"

static const struct flow_state states[] = {
    [TALK_WAITING] = {"waiting", false},
    [TALK_PUBLISHED] = {"published", false},
    [TALK_DECLINED] = {"declined", true},
    [TALK_WITHDRAWN] = {"withdrawn", true},
};
static const struct flow_action actions[] = {
    [TALK_ACCEPT] = {"accept"}, [TALK_DECLINE] = {"decline"}, [TALK_WITHDRAW] = {"withdraw"}};
static const struct flow_step steps[] = {
    {TALK_WAITING, TALK_ACCEPT, TALK_PUBLISHED, TALK_BY_RUNNER, 0, 0, 0},
    {TALK_WAITING, TALK_DECLINE, TALK_DECLINED, TALK_BY_RUNNER, TALK_NEEDS_REASON, 0, 0},
    {TALK_WAITING, TALK_WITHDRAW, TALK_WITHDRAWN, TALK_BY_AUTHOR, 0, 0, 0},
    {TALK_PUBLISHED, TALK_WITHDRAW, TALK_WITHDRAWN, TALK_BY_AUTHOR, 0, 0, 0},
};
#define COUNT(table) (int)(sizeof(table) / sizeof((table)[0]))
const struct flow talk_flow = {
    .name = "talk",
    .first = TALK_WAITING,
    .state = states,
    .n_states = COUNT(states),
    .action = actions,
    .n_actions = COUNT(actions),
    .step = steps,
    .n_steps = COUNT(steps),
};

const struct board_kind talk_kind = {
    .word = "talk",
    .name = T_talk_kind,
    .lead = T_talk_kind_lead,
    .icon = "talk",
    .unread = entry_unread,
};

/* The newest of every board of the kind that the viewer may read. */
static enum result newest(struct request *rq, int64_t community, size_t max, struct home_entry *ret_entries,
                          size_t *ret_n)
{
    enum { EACH = 3 };
    struct boards boards;
    enum result r = board_shown(rq->db, community, &boards);

    *ret_n = 0;
    for (size_t i = 0; r == OK && i < boards.n; i++) {
        const struct board *b = &boards.board[i];
        struct subject_scope scope;
        struct entry_rows rows;
        struct entry_row_view *row;

        if (b->hidden || !str_eq(b->kind, STR("talk")))
            continue;
        if ((r = board_scope(rq, b, community, &scope)) != OK)
            return r;
        if (!access_allowed(viewer_of(rq), CAP_BOARD_READ, community, &scope))
            continue;
        r = entry_page(rq->db, b, community, false, INT64_MAX, EACH, &rows);
        if (r == OK)
            r = entry_rows_fill(rq, b, &rows, &row);
        for (size_t k = 0; r == OK && k < rows.n && *ret_n < max; k++)
            ret_entries[(*ret_n)++] = (struct home_entry){
                .title = row[k].title,
                .url = row[k].url,
                .board = board_name(b, rq->lang),
                .who = row[k].from.len
                         ? str_printf(rq->arena, STR_FMT " · " STR_FMT, STR_ARG(row[k].author), STR_ARG(row[k].from))
                         : row[k].author,
                .photo = row[k].photo,
                .at = row[k].at,
            };
    }
    return r;
}

const struct home_table talk_home = {.newest = newest};
