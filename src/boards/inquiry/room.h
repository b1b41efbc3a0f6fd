/* room.h: what the files of this folder share of pages. Nobody else includes it. */
#ifndef LILONG_BOARDS_INQUIRY_ROOM_H
#define LILONG_BOARDS_INQUIRY_ROOM_H

#include "boards/inquiry/rules.h"
#include "boards/inquiry/views/inquiry_thread.html.h"
#include "boards/inquiry/views/officer_card.html.h"
#include "civic/person/person.h"

/* A thread as the subject of a route, at the resident's address or at the desk. For everybody else it is not there. */
struct inquiry_subject {
    struct subject_scope scope; /* first: see access.h */
    struct board board;
    struct sql_inquiry_get row;
};
extern const struct subject_kind inquiry_mine_subject, inquiry_desk_subject;
static inline const struct inquiry_subject *inquiry_of(const struct request *rq)
{
    return rq->subject;
}

struct url inquiry_url(struct arena *a, const struct board *board, int64_t community, int64_t id); /* the resident's */
struct url inquiry_desk_url(struct arena *a, int64_t community, int64_t id);
enum result inquiry_attach(struct request *rq, int64_t message) MUST_USE; /* pictures and documents of the form that is answered */
/* The state in words and its mark: 等首次答复 · 今天 15:30 前. */
struct inquiry_mark { enum text word; struct str mark, clock; bool late; };
struct inquiry_mark inquiry_mark(struct request *rq, struct str state, bool asker_last, int64_t answered_at, int64_t due);
/* How a thread stands, on the resident's page and at the desk: the same fields of both views, filled once. */
struct inquiry_face { struct inquiry_mark m; struct str card; int64_t due; int sharing; bool closed; };
struct inquiry_face inquiry_face(struct request *rq, const struct sql_inquiry_get *row);
#define INQUIRY_FACE(f, row)                                                                                                                 \
    .id = (row)->id, .title = (row)->title, .state = (f).m.word, .mark = (f).m.mark, .card = (f).card, .clock = (f).m.clock, .due = (f).due,   \
    .was_late = (row)->late, .closed = (f).closed, .rating = (row)->rating, .rating_text = (row)->rating_text,                                 \
    .proposed = (f).sharing == S_PROPOSED, .reworded = (f).sharing == S_REWORDED, .is_public = (f).sharing == S_PUBLIC,                        \
    .withdrawn = (f).sharing == S_WITHDRAWN
/* Everything that was said, oldest first, with its pictures; at most the newest THREAD_MAX lines before `before`. office: as its staff see it. */
enum { THREAD_MAX = 100 };
enum result inquiry_thread_fill(struct request *rq, const struct sql_inquiry_get *row, bool office, int64_t before,
                                struct url self, struct inquiry_thread_view *ret) MUST_USE;

/* Who answers on a board for a community: those that run it there and have somebody who can read it; the one of a responsible officer first. */
struct organisations;
enum result inquiry_offices(struct request *rq, const struct board *board, int64_t community, struct organisations *ret) MUST_USE;
/* Who is responsible for the community, of these organisations. */
struct officer_cards { const struct officer_card_view *v; size_t n; };
enum result officer_cards_fill(struct request *rq, int64_t community, const struct organisations *of, struct officer_cards *ret) MUST_USE;

#define PARAMS(table) .params = table, .n_params = sizeof(table) / sizeof((table)[0])

#endif
