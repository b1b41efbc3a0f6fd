/* routes.h: what the route files of this folder share. */
#ifndef LILONG_BOARDS_BULLETIN_ROUTES_H
#define LILONG_BOARDS_BULLETIN_ROUTES_H

#include "boards/bulletin/rules.h"

/* Of "/p/{place}/bulletin/{board:word}/{id}…": rq->subject is a struct bulletin_subject, which begins as an entry_subject does. */
struct bulletin_subject {
    struct entry_subject of;     /* first */
    struct bulletin bulletin;
};
extern const struct subject_kind bulletin_subject;
static inline const struct bulletin *bulletin_of(const struct request *rq)
{
    return &((const struct bulletin_subject *)rq->subject)->bulletin;
}
struct url bulletin_here(struct request *rq, const char *tail); /* of the subject: "", "/edit" */
struct str bulletin_period_words(struct request *rq, int64_t period); /* 2026 年第 3 季度 */
enum text bulletin_state_text(enum bulletin_state state);
enum text bulletin_weight_text(enum bulletin_weight weight);    /* T_none for plain */
/* Of the board on the page of a place: its own and those of the places above that are for it, the newest publication first. */
struct bulletin_rows { struct sql_bulletin_page *row; size_t n; };
enum result bulletin_out_at(struct request *rq, const struct board *board, bool pinned, int64_t before, int64_t before_id, size_t limit,
                            struct bulletin_rows *ret) MUST_USE;
int bulletin_newest_first(const void *a, const void *b);        /* for qsort() of such rows */
enum result bulletin_feed(struct request *rq);
/* routes_affairs.c: the calendar of accounts, questions on them and their answers. */
struct bulletin_show_view;
struct desk_bulletin_rows;
enum result bulletin_calendar(struct request *rq);
enum result bulletin_ask_it(struct request *rq);
enum result bulletin_comment(struct request *rq);
extern const struct param bulletin_ask_params[1];
enum result bulletin_questions_fill(struct request *rq, struct bulletin_show_view *view) MUST_USE;
/* Of the boards that the viewer runs at the place: at most `max` questions that wait, and how many of them are late. to: NULL: only counted. */
enum result bulletin_questions_waiting(struct request *rq, int64_t place, int64_t after, size_t max, struct desk_bulletin_rows *to, size_t *ret_n,
                                       int64_t *ret_late, int64_t *ret_last) MUST_USE;
bool bulletin_runs_board(struct request *rq, int64_t board, int64_t place, struct board *ret);
enum result bulletin_show(struct request *rq);                  /* its page, which comes again after a mistake */

#define BULLETIN_ONE "/p/{place}/bulletin/{board:word}/{id}"
enum { BULLETIN_READ_ROUTES = 7, BULLETIN_WRITE_ROUTES = 7, BULLETIN_DESK_ROUTES = 5 };
extern const struct route bulletin_read_routes[BULLETIN_READ_ROUTES];   /* what everybody reads */
extern const struct route bulletin_write_routes[BULLETIN_WRITE_ROUTES]; /* what who runs the board does */
extern const struct route bulletin_desk_routes[BULLETIN_DESK_ROUTES];   /* who has read it, and the desk's list */

#endif
