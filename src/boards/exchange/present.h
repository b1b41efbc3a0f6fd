/* present.h: exchanges as people read them, and the subject of their routes. */
#ifndef LILONG_BOARDS_EXCHANGE_PRESENT_H
#define LILONG_BOARDS_EXCHANGE_PRESENT_H

#include "boards/exchange/rules.h"
#include "boards/exchange/views/exchange_deal.html.h"
#include "civic/entry/entry_present.h"

/* Of "/p/{place}/exchange/{board:word}/{id}…". E_NOT_FOUND also: not in the lists, for whoever neither wrote it, nor runs the board, nor has a part in it. */
struct exchange_subject {
    struct entry_subject of;             /* first: scope, board, place, entry */
    struct exchange x;
    struct sql_exchange_turn_of mine;    /* the viewer's last turn; id 0: none */
    uint32_t roles;                      /* the viewer's */
};
extern const struct subject_kind exchange_subject;
enum result exchange_load(struct request *rq) MUST_USE;
static inline const struct exchange_subject *exchange_of(const struct request *rq)
{
    return rq->subject;
}

enum text exchange_sort_text(enum exchange_sort sort);
enum text exchange_take_text(enum exchange_sort sort);
enum text exchange_state_text(enum exchange_state state);
const char *exchange_state_mark(enum exchange_state state);
/* 免费送, 20 元, 可以借 14 天: what stands beside the state. */
struct str exchange_note(struct request *rq, enum exchange_sort sort, int64_t price, int64_t queue);

/* The part of the page that is for those between whom it is; NULL for everybody else, in HTML and in JSON. */
enum result exchange_deal_fill(struct request *rq, int64_t before, const struct exchange_deal_view **ret_deal) MUST_USE;

#define EXCHANGE_ONE "/p/{place}/exchange/{board:word}/{id}"
enum result exchange_show(struct request *rq);   /* the page, for the routes that show it again */
enum result exchange_show_late(struct request *rq); /* somebody was faster: the page as it is now, with the queue */

#endif
