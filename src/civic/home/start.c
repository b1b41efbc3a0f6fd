/* start.c: GET /p/{place}/write: what the viewer may begin here, board by board: what the phone's ＋ opens. Each kind of boards says what can be begun on a board
 * of it (struct board_start); a board that somebody makes in the console is there by that. */
#include "civic/home/home.h"

#include "civic/board/board.h"
#include "civic/home/start.h"
#include "civic/home/views/start_page.html.h"
#include "civic/person/person.h"
#include "civic/place/place_subject.h"

/* A line that names a board speaks for it alone: the lines for boards of no name are not for it then. */
static bool is_for(const struct board_kind *kind, const struct board_start *start, const struct board *board)
{
    if (start->owner && !str_eq(board->owner_kind, str_from_cstr(start->owner)))
        return false;
    if (start->board)
        return str_eq(board->word, str_from_cstr(start->board));
    for (size_t i = 0; i < kind->n_start; i++)
        if (kind->start[i].board && str_eq(board->word, str_from_cstr(kind->start[i].board)))
            return false;
    return true;
}

static enum result add_board(struct request *rq, const struct board *board, struct start_page_view *view,
                             struct start_page_starts *to)
{
    const struct board_kind *kind = board_kind_of(board->kind);
    struct str name = board_name(board, rq->lang);
    struct subject_scope scope = {
        .place = rq->place,
        .board = true,
        .of_place = board->organisation == 0 && board->owner_kind.len == 0,
        .readers = board->readers,
        .writers = board->writers,
    };
    enum result r = kind->n_start && viewer_of(rq)->n_posts ? board_scope(rq, board, rq->place, &scope) : OK;

    for (size_t i = 0; r == OK && i < kind->n_start; i++) {
        const struct board_start *start = &kind->start[i];
        struct start_page_starts *line = &to[view->starts.n];

        if (!is_for(kind, start, board) ||
            !access_allowed(viewer_of(rq), (enum capability)start->need, rq->place, &scope))
            continue;
        *line = (struct start_page_starts){
            .text = text_format(rq->arena, rq->lang, start->text, TEXT_STR("board", name)),
            .about = start->board || strcmp(start->tail, "/new") != 0 ? name : board_lead(board, rq->lang),
            .icon = start->icon ? str_from_cstr(start->icon) : board->icon,
            .url = url_below(rq->arena, board_url(rq->arena, board, rq->place), start->tail),
        };
        if (start->sort)
            line->url = url_add(rq->arena, line->url, "sort", str_from_cstr(start->sort));
        view->starts.n++;
    }
    return r;
}

enum result home_start(struct request *rq)
{
    const struct viewer *viewer = viewer_of(rq);
    const struct place *place = place_of(rq);
    struct url home = url_path(rq->arena, "/p/%" PRId64, rq->place);
    struct start_page_view view = {.place = rq->place, .name = place_short_name(place->name), .back = home};
    struct start_page_starts *to;
    struct boards boards;
    size_t most = 0;
    enum result r = place->level == PLACE_COMMUNITY && place->valid_to == 0 ? board_shown(rq->db, rq->place, &boards)
                                                                            : E_NOT_FOUND;

    if (r != OK)
        return r;
    for (size_t i = 0; i < boards.n; i++)
        most += board_kind_of(boards.board[i].kind)->n_start;
    to = arena_array(rq->arena, struct start_page_starts, most + 1);
    for (size_t i = 0; r == OK && viewer->person && i < boards.n; i++)
        if (!boards.board[i].hidden)
            r = add_board(rq, &boards.board[i], &view, to);
    view.starts.v = to;
    if (r != OK || view.starts.n)
        return r == OK ? respond_view(rq, start_page, &view) : r;
    view.guest = viewer->person == 0;
    for (size_t i = 0; i < viewer->n_residences; i++) {
        view.waiting |= !viewer->residence[i].verified;
        if (viewer->residence[i].verified && viewer->residence[i].community != rq->place) {
            view.elsewhere = true;
            view.home = url_path(rq->arena, "/p/%" PRId64 "/write", viewer->residence[i].community);
        }
    }
    if (viewer->n_residences == 0)
        view.join = home;
    if (view.guest)
        view.sign_in = url_add(rq->arena, url_path(rq->arena, "/sign-in"), "next", rq->x->path);
    return respond_view(rq, start_page, &view);
}
