/* find.c: entries among what is found: for whoever may read the board, at a place that the entry is for. */
#include "civic/entry/entry.h"

#include "civic/person/person.h"
#include "civic/search/search_page.h"

static enum result open_entry(struct request *rq, int64_t place, const struct search_entry *hit,
                              struct search_found *ret)
{
    struct subject_scope scope;
    struct board board;
    struct entry entry;
    bool shows;
    enum result r = entry_get(rq->db, hit->community, hit->subject, &entry);

    if (r == OK)
        r = board_get(rq->db, entry.board, &board);
    if (r == OK)
        r = board_shows_at(rq->db, board.id, place, &shows);
    if (r == OK)
        r = board_scope(rq, &board, place, &scope);
    if (r != OK)
        return r;
    if (!shows || !entry.listed || entry.hidden || board.state != BOARD_OPEN || !entry_is_for(&entry, place) ||
        !access_allowed(viewer_of(rq), CAP_BOARD_READ, place, &scope))
        return E_NOT_FOUND;
    *ret = (struct search_found){
        .url = entry_url(rq->arena, &board, hit->community, hit->subject),
        .board = board_name(&board, rq->lang),
        .at = entry.published_at,
    };
    return OK;
}

const struct search_finder entry_finder = {NULL, open_entry};
