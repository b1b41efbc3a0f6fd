/* routes_read.c: /p/{place}/exchange/{board}: the list, one exchange, and what somebody has in hand. */
#include "boards/exchange/present.h"
#include "boards/exchange/routes.h"
#include "boards/exchange/views/exchange_list.html.h"
#include "boards/exchange/views/exchange_mine.html.h"
#include "boards/exchange/views/exchange_show.html.h"
#include "civic/entry/entry_present.h"
#include "civic/party/party.h"
#include "civic/person/person.h"
#include "civic/place/place_subject.h"
#include "engine/base/time.h"

#include <stdlib.h>

enum { PAGE = 20 };

/* ---- the list --------------------------------------------------------------------------------------------------------- */

enum { LIST_BEFORE, LIST_SORT, LIST_STATE, LIST_PARAMS };
static const struct param list_params[LIST_PARAMS] = {
    [LIST_BEFORE] = {.name = "before", .kind = PARAM_ID, .doc = "Paging: entries older than this id"},
    [LIST_SORT] = {.name = "sort", .kind = PARAM_CHOICE, .choices = EXCHANGE_SORTS, .doc = "Only of this sort"},
    [LIST_STATE] = {.name = "state",
                    .kind = PARAM_CHOICE,
                    .choices = "open,waiting",
                    .doc = "waiting: what is to be reviewed, for who runs the board"},
};

_Static_assert(sizeof(struct sql_exchange_to_review) == sizeof(struct sql_exchange_page),
               "exchange_to_review has the columns of exchange_page");

static int newest_first(const void *a, const void *b)
{
    const struct sql_exchange_page *x = a, *y = b;

    return x->id > y->id ? -1 : x->id < y->id;
}

/* Of the place and of those above it. */
static enum result page(struct request *rq, const struct board *board, struct str sort, bool waiting, int64_t before,
                        struct sql_exchange_page **ret_rows, size_t *ret_n)
{
    int64_t chain[4];
    size_t n = waiting ? 1 : place_chain(rq->place, chain);
    struct sql_exchange_page *row = arena_array(rq->arena, struct sql_exchange_page, (PAGE + 1) * 4);

    *ret_n = 0;
    for (size_t i = 0; i < n && !waiting; i++)
        sql_exchange_page_ahead(rq->db, chain[i], board->id, sort, before, PAGE + 1);
    for (size_t i = 0; i < n; i++) {
        struct sql_exchange_to_review_rows review;
        struct sql_exchange_page_rows rows;
        enum result r;

        if (waiting) {
            r = sql_exchange_to_review(rq->db, rq->place, board->id, before, PAGE + 1, &review);
            if (r == OK && review.n)
                memcpy(row, review.row, review.n * sizeof(*row));
            *ret_n = r == OK ? review.n : 0;
        } else {
            r = sql_exchange_page(rq->db, chain[i], board->id, sort, before, PAGE + 1, &rows);
            for (size_t k = 0; r == OK && k < rows.n; k++)
                row[(*ret_n)++] = rows.row[k];
        }
        if (r != OK)
            return r;
    }
    if (*ret_n)
        qsort(row, *ret_n, sizeof(*row), newest_first);
    *ret_rows = row;
    return OK;
}

static enum result fill_rows(struct request *rq, const struct board *board, const struct sql_exchange_page *from,
                             size_t n, struct entry_row_view **ret)
{
    struct entry_rows rows = {arena_array(rq->arena, struct entry_row, n + 1), n};
    enum result r;

    for (size_t i = 0; i < n; i++)
        rows.row[i] = (struct entry_row){
            .community = from[i].community,
            .id = from[i].id,
            .kind = from[i].kind,
            .title = from[i].title,
            .body = from[i].body,
            .author_name = from[i].shown_name,
            .author_from = from[i].author_from,
            .state = from[i].state,
            .organisation = from[i].organisation,
            .party_badge = from[i].party_badge && from[i].organisation == 0,
            .published_at = from[i].published_at,
            .comments = from[i].comments,
            .thumbs = from[i].thumbs,
            .photos = from[i].photos,
            .board = from[i].board,
        };
    r = entry_rows_fill(rq, board, &rows, ret);
    for (size_t i = 0; r == OK && i < n; i++) {
        enum exchange_state state = (enum exchange_state)flow_state_of(&exchange_flow, from[i].state);

        (*ret)[i].state = exchange_state_text(state);
        (*ret)[i].mark = str_from_cstr(exchange_state_mark(state));
        (*ret)[i].note = exchange_note(rq, exchange_sort_of(from[i].sort), from[i].price, from[i].queue);
    }
    return r;
}

static void fill_sorts(struct request *rq, struct exchange_list_view *view, uint32_t sorts, struct str chosen)
{
    struct exchange_list_sorts *to = arena_array(rq->arena, struct exchange_list_sorts, SORT_COUNT);
    size_t n = 0;

    for (int i = 0; i < SORT_COUNT; i++)
        if (sorts & 1U << i) {
            struct str word = str_from_cstr(exchange_sort_word((enum exchange_sort)i));

            to[n++] = (struct exchange_list_sorts){exchange_sort_text((enum exchange_sort)i),
                                                   url_add(rq->arena, view->here, "sort", word), str_eq(word, chosen)};
        }
    view->sorts.v = to;
    view->sorts.n = n > 1 ? n : 0;
}

static enum result list(struct request *rq)
{
    const struct board_subject *s = rq->subject;
    const struct viewer *viewer = viewer_of(rq);
    const struct viewer_residence *home = viewer_residence_in(viewer, rq->place);
    struct url here = board_url(rq->arena, &s->board, rq->place);
    bool runs = access_allowed(viewer, CAP_BOARD_RUN, rq->place, &s->scope);
    bool waiting = runs && param_int(rq, LIST_STATE) == 1;
    int64_t before = param_given(rq, LIST_BEFORE) ? param_int(rq, LIST_BEFORE) : INT64_MAX;
    struct str sort = param_given(rq, LIST_SORT)
                        ? str_from_cstr(exchange_sort_word((enum exchange_sort)param_int(rq, LIST_SORT)))
                        : STR_NONE;
    struct exchange_list_view view = {
        .place = rq->place,
        .name = board_name(&s->board, rq->lang),
        .lead = board_lead(&s->board, rq->lang),
        .waiting = waiting,
        .all = !waiting && !sort.len,
        .here = here,
        .may_review = runs && s->board.review == BOARD_REVIEW_BEFORE,
        .review = url_add(rq->arena, here, "state", STR("waiting")),
        .seen = url_below(rq->arena, here, "/seen"),
        .write_wish = exchange_sorts_on(&s->board) == 1U << SORT_WISH,
    };
    struct sql_exchange_page *rows;
    struct entry_row_view *row;
    size_t n;
    enum result r = page(rq, &s->board, sort, waiting, before, &rows, &n);

    if (r != OK)
        return r;
    if (n > PAGE) {
        struct url more = waiting ? view.review : sort.len ? url_add(rq->arena, here, "sort", sort) : here;

        n = PAGE;
        view.more = url_add(rq->arena, more, "before", str_printf(rq->arena, "%" PRId64, rows[PAGE - 1].id));
    }
    if (n && viewer->person && view.all && before == INT64_MAX)
        view.newest = rows[0].id;
    if ((r = fill_rows(rq, &s->board, rows, n, &row)) != OK)
        return r;
    view.rows.v = row;
    view.rows.n = n;
    fill_sorts(rq, &view, exchange_sorts_on(&s->board), waiting ? STR_NONE : sort);
    if (access_allowed(viewer, CAP_BOARD_WRITE, rq->place, &s->scope))
        view.write = url_below(rq->arena, here, "/new");
    if (home && home->verified)
        view.mine = url_path(rq->arena, "/p/%" PRId64 "/exchanges", rq->place);
    return respond_view(rq, exchange_list, &view);
}

/* ---- one ---------------------------------------------------------------------------------------------------------------- */

enum { SHOW_BEFORE, SHOW_REPLY, SHOW_WORDS, SHOW_PARAMS };
static const struct param show_params[SHOW_PARAMS] = {
    [SHOW_BEFORE] = {.name = "before", .kind = PARAM_ID, .doc = "Paging: comments older than this id"},
    [SHOW_REPLY] = {.name = "reply", .kind = PARAM_ID, .doc = "The comment to answer"},
    [SHOW_WORDS] = {.name = "words", .kind = PARAM_ID, .doc = "Paging: words between the two older than this id"},
};

static enum result fill_thanks(struct request *rq, struct exchange_show_view *view)
{
    struct sql_exchange_thanks_shown_rows rows;
    struct exchange_show_thanks *to;
    enum result r = sql_exchange_thanks_shown(rq->db, rq->place, entry_of(rq)->id, &rows);

    if (r != OK)
        return r;
    to = arena_array(rq->arena, struct exchange_show_thanks, rows.n + 1);
    for (size_t i = 0; i < rows.n; i++) {
        to[i] = (struct exchange_show_thanks){rows.row[i].id,   rows.row[i].shown_name,
                                              rows.row[i].body, rows.row[i].at,
                                              {STR_NONE},       entry_initial(rows.row[i].shown_name)};
        if (view->talk.may && rows.row[i].author != rq->person)
            to[i].flag = moderation_flag_url(rq->arena, rq->place, "exchange_word", rows.row[i].id);
    }
    view->thanks.v = to;
    view->thanks.n = rows.n;
    return OK;
}

/* The buttons of a neighbour, and of who wrote it. */
static void fill_buttons(struct request *rq, struct exchange_show_view *view)
{
    const struct exchange_subject *s = exchange_of(rq);
    const struct exchange *x = &s->x;
    enum exchange_state state = exchange_state(x);
    struct url self = entry_url(rq->arena, board_of(rq), rq->place, x->entry.id);
    bool takes_part = access_allowed(viewer_of(rq), CAP_BOARD_TAKE_PART, rq->place, &s->of.of.scope);

    if (s->roles & BY_NEIGHBOUR && takes_part && !x->entry.hidden) {
        if (state == X_OPEN)
            view->take = url_below(rq->arena, self, "/take");
        else if (state > X_OPEN && state <= X_RETURNING && x->queue < EXCHANGE_QUEUE_MAX)
            view->join = url_below(rq->arena, self, "/queue");
        view->take_word = exchange_take_text(x->sort);
    }
    if (s->roles & BY_AUTHOR) {
        if (state == X_OPEN || state == X_WAITING)
            view->edit = url_below(rq->arena, self, "/edit");
        if (state <= X_TAKEN)
            view->withdraw = url_below(rq->arena, self, "/withdraw");
        if (state == X_EXPIRED || (state == X_DONE && (x->sort == SORT_OFFER || x->sort == SORT_LEND)))
            view->again = url_below(rq->arena, self, "/again");
    }
    if (view->talk.runs) {
        view->hide = url_below(rq->arena, self, "/hide");
        if (state == X_WAITING)
            view->review = url_below(rq->arena, self, "/review");
    }
}

/* What the confirmation form begins with: what the other has said, or what was expected. */
static void fill_defaults(struct request *rq, const struct exchange_deal_view *deal)
{
    const struct exchange *x = &exchange_of(rq)->x;
    int64_t minutes = exchange_state(x) == X_HALF ? x->turn.minutes : x->minutes ? x->minutes : 60;

    if (deal && deal->confirm.s.len)
        form_default(rq, "minutes", str_printf(rq->arena, "%" PRId64, minutes));
}

static enum result show_it(struct request *rq, bool late)
{
    const struct exchange_subject *s = exchange_of(rq);
    const struct exchange *x = &s->x;
    const struct entry *e = &x->entry;
    const struct viewer *viewer = viewer_of(rq);
    enum exchange_state state = exchange_state(x);
    bool showing = rq->route->handle == exchange_show;
    bool blank = e->hidden && !entry_shows(rq, &s->of); /* hidden words are not for who took it up either */
    struct person_label label;
    struct exchange_show_view view = {
        .id = e->id,
        .sort = exchange_sort_text(x->sort),
        .title = blank ? text(rq->lang, exchange_sort_text(x->sort)) : e->title,
        .body = blank ? STR_NONE : e->body,
        .spot = blank ? STR_NONE : x->spot,
        .state = exchange_state_text(state),
        .mark = str_from_cstr(exchange_state_mark(state)),
        .waits = state == X_WAITING,
        .price = x->price,
        .has_price = x->sort == SORT_SELL,
        .minutes = x->minutes,
        .has_minutes = x->minutes > 0,
        .days = x->days,
        .has_days = x->sort == SORT_LEND,
        .until = state == X_OPEN ? x->until : 0,
        .queue = x->queue,
        .at = e->published_at ? e->published_at : e->created_at,
        .edited = e->version > 1 ? e->changed_at : 0,
        .official = e->organisation != 0,
        .hidden = e->hidden,
        .reason = blank ? STR_NONE : e->hidden_reason,
        .board = board_name(&s->of.of.board, rq->lang),
        .list = board_url(rq->arena, &s->of.of.board, rq->place),
        .late = late,
    };
    enum result r = person_label(rq->db, e->author, rq->place, &label);

    if (r == OK && !blank && (e->listed || !(s->roles & (BY_TAKER | BY_NEIGHBOUR)))) /* see the guard of entries */
        r = entry_files_fill(rq, &view.files);
    if (r == OK)
        r = entry_talk_fill(rq, showing ? param_int(rq, SHOW_BEFORE) : 0, showing ? param_int(rq, SHOW_REPLY) : 0,
                            &view.talk);
    if (r == OK && viewer->person)
        r = exchange_deal_fill(rq, showing ? param_int(rq, SHOW_WORDS) : 0, &view.deal);
    if (r == OK)
        r = fill_thanks(rq, &view);
    if (r == OK && x->sort == SORT_WISH) {
        struct party_thing thing;

        exchange_party_thing(rq->arena, x, &thing);
        r = party_help_fill(rq, "wish", e->id, &thing, &view.help);
    }
    if (r != OK)
        return r;
    if (x->sort == SORT_SELL)
        view.price_words = exchange_price_words(rq->arena, x->price);
    view.author = e->organisation ? e->author_from : label.name;
    view.from = e->organisation ? STR_NONE : e->author_from;
    view.party_badge = label.party_badge && e->organisation == 0;
    view.initial = entry_initial(view.author);
    fill_buttons(rq, &view);
    fill_defaults(rq, view.deal);
    return respond_view(rq, exchange_show, &view);
}

enum result exchange_show(struct request *rq)
{
    /* After a mistake in a comment it is the entry alone that was loaded. */
    enum result r = rq->form.n_errors ? exchange_load(rq) : OK;

    return r == OK ? show_it(rq, false) : r;
}

enum result exchange_show_late(struct request *rq)
{
    enum result r = exchange_load(rq); /* as it is now */

    if (r != OK)
        return r;
    respond_status(rq, 409);
    return show_it(rq, true);
}

/* ---- what somebody has in hand --------------------------------------------------------------------------------------------- */

enum { MINE_LIST, MINE_BEFORE, MINE_PARAMS };
enum { MINE_GIVEN, MINE_TAKEN, MINE_RETURN };
static const struct param mine_params[MINE_PARAMS] = {
    [MINE_LIST] = {.name = "list",
                   .kind = PARAM_CHOICE,
                   .choices = "given,taken,return",
                   .doc = "What one has put up, taken up, or what is lent and has to come back"},
    [MINE_BEFORE] = {.name = "before", .kind = PARAM_ID, .doc = "Paging: older than this id"},
};

struct mine {
    struct request *rq;
    struct exchange_mine_rows *row;
    size_t n;
    int64_t last; /* id to page by */
    bool more;
};

static enum result add(struct mine *m, int64_t place, int64_t board, const struct exchange_mine_rows *row,
                       struct str state, struct str sort, int64_t price, int64_t queue)
{
    struct request *rq = m->rq;
    enum exchange_state s = (enum exchange_state)flow_state_of(&exchange_flow, state);
    struct exchange_mine_rows *to = &m->row[m->n++];
    struct board b;
    enum result r = board_get(rq->db, board, &b);

    if (r != OK)
        return r;
    *to = *row;
    to->sort = exchange_sort_text(exchange_sort_of(sort));
    if (!to->state) {
        to->state = exchange_state_text(s);
        to->mark = str_from_cstr(exchange_state_mark(s));
    }
    to->note = exchange_note(rq, exchange_sort_of(sort), price, queue);
    to->price = price;
    to->has_price = price > 0;
    to->url = entry_url(rq->arena, &b, place, row->id);
    to->late = row->return_at && row->return_at < rq->now;
    if (!to->title.len)
        to->title = text(rq->lang, to->sort);
    return OK;
}

static enum result given(struct mine *m, int64_t place, int64_t before, bool lent_only)
{
    struct sql_exchange_given_rows rows;
    enum result r = sql_exchange_given(m->rq->db, place, m->rq->person, before, lent_only ? 200 : PAGE + 1, &rows);

    for (size_t i = 0; r == OK && i < rows.n; i++) {
        const struct sql_exchange_given *g = &rows.row[i];
        bool over = str_eq(g->state, STR("withdrawn")) || str_eq(g->state, STR("declined"));
        const struct exchange_mine_rows row = {.id = g->id,
                                               .title = g->title,
                                               .other = over ? STR_NONE : g->other_name,
                                               .return_at = g->return_at,
                                               .at = g->created_at,
                                               .mine = true};

        if (lent_only && !str_eq(g->state, STR("lent")) && !str_eq(g->state, STR("returning")))
            continue;
        if (!lent_only && i == PAGE) {
            m->more = true;
            break;
        }
        m->last = g->id;
        r = add(m, place, g->board, &row, g->state, g->sort, g->price, g->queue);
    }
    return r;
}

/* How a turn ended for who had it, where that is not what the exchange itself says. */
static enum text turn_text(struct str state)
{
    static const struct {
        const char *state;
        enum text text;
    } words[] = {
        {"waiting", T_exchange_turn_waiting},   {"asked", T_exchange_turn_asked},     {"left", T_exchange_turn_left},
        {"declined", T_exchange_turn_declined}, {"expired", T_exchange_turn_expired}, {"gone", T_exchange_turn_gone},
        {"released", T_exchange_turn_released}, {"done", T_exchange_turn_done},
    };

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (str_eq(state, str_from_cstr(words[i].state)))
            return words[i].text;
    return T_none;
}

static enum result taken(struct mine *m, int64_t place, int64_t before, bool lent_only)
{
    struct sql_exchange_taken_rows rows;
    enum result r = sql_exchange_taken(m->rq->db, place, m->rq->person, before, lent_only ? 200 : PAGE + 1, &rows);

    for (size_t i = 0; r == OK && i < rows.n; i++) {
        const struct sql_exchange_taken *t = &rows.row[i];
        bool holds = str_eq(t->turn_state, STR("holding"));
        struct exchange_mine_rows row = {.id = t->id,
                                         .title = t->title,
                                         .other = t->other_name,
                                         .return_at = holds ? t->return_at : 0,
                                         .at = t->since};

        if (lent_only && (!holds || (!str_eq(t->state, STR("lent")) && !str_eq(t->state, STR("returning")))))
            continue;
        if (!lent_only && i == PAGE) {
            m->more = true;
            break;
        }
        row.state = turn_text(t->turn_state);
        row.mark = str_eq(t->turn_state, STR("asked"))   ? STR("wait")
                 : str_eq(t->turn_state, STR("waiting")) ? STR("open")
                 : str_eq(t->turn_state, STR("done"))    ? STR("done")
                                                         : STR("shut");
        m->last = t->turn;
        r = add(m, place, t->board, &row, t->state, t->sort, t->price, 0);
    }
    return r;
}

static enum result mine(struct request *rq)
{
    static const struct {
        const char *word;
        enum text text;
    } tabs[] = {{"given", T_exchange_list_given}, {"taken", T_exchange_list_taken}, {"return", T_exchange_list_return}};
    struct url here = url_path(rq->arena, "/p/%" PRId64 "/exchanges", rq->place);
    int64_t which = param_int(rq, MINE_LIST), street = place_parent(rq->place);
    int64_t before = param_given(rq, MINE_BEFORE) ? param_int(rq, MINE_BEFORE) : INT64_MAX;
    struct mine m = {.rq = rq, .row = arena_array(rq->arena, struct exchange_mine_rows, 1000)};
    struct exchange_mine_view view = {
        .place = rq->place,
        .list = tabs[which].text,
        .hours = url_path(rq->arena, "/p/%" PRId64 "/hours", rq->place),
    };
    struct exchange_mine_tabs *tab = arena_array(rq->arena, struct exchange_mine_tabs, 3);
    enum result r = OK;

    if (which != MINE_TAKEN)
        r = given(&m, rq->place, before, which == MINE_RETURN);
    if (r == OK && which != MINE_GIVEN)
        r = taken(&m, rq->place, before, which == MINE_RETURN);
    if (r == OK && before == INT64_MAX && street) { /* what was for the whole street: few, on the first page */
        bool more = m.more;
        int64_t last = m.last;

        if (which != MINE_TAKEN)
            r = given(&m, street, before, which == MINE_RETURN);
        if (r == OK && which != MINE_GIVEN)
            r = taken(&m, street, before, which == MINE_RETURN);
        m.more = more;
        m.last = last;
    }
    if (r != OK)
        return r;
    for (int i = 0; i < 3; i++)
        tab[i] = (struct exchange_mine_tabs){tabs[i].text,
                                             url_add(rq->arena, here, "list", str_from_cstr(tabs[i].word)), i == which};
    if (m.more)
        view.more = url_add(rq->arena, url_add(rq->arena, here, "list", str_from_cstr(tabs[which].word)), "before",
                            str_printf(rq->arena, "%" PRId64, m.last));
    view.tabs.v = tab;
    view.tabs.n = 3;
    view.rows.v = m.row;
    view.rows.n = m.n;
    return respond_view(rq, exchange_mine, &view);
}

static enum result ring(struct app *app, struct arena *a)
{
    int64_t rung;

    return clock_ring(app_database(app), a, &exchange_bell, time_now(), &rung);
}

static const struct route routes[] = {
    {HTTP_GET, "/p/{place}/exchanges", "exchange.mine", .handle = mine, .need = CAP_RESIDENT, PARAMS(mine_params),
     .flags = ROUTE_PERSONAL, .view = &exchange_mine_info,
     .doc = "What one has put up, taken up, lent out and has to bring back"},
    {HTTP_GET, "/p/{place}/exchange/{board:word}", "exchange.list", .handle = list, .subject = &board_subject,
     .need = CAP_BOARD_READ, PARAMS(list_params), .view = &exchange_list_info,
     .doc = "What neighbours ask for and offer, give, lend, swap, sell and wish for, newest first"},
    {HTTP_GET, EXCHANGE_ONE, "exchange.show", .handle = exchange_show, .subject = &exchange_subject,
     .need = CAP_BOARD_READ, PARAMS(show_params), .view = &exchange_show_info,
     .doc = "One exchange; what is between the two is for them alone"},
    ENTRY_ROUTES("exchange", exchange_show),
};
static const struct job_kind jobs[] = {{"exchange.clocks", 30 * TIME_SECOND, ring}};

const struct module exchange_module = {
    .name = "exchange", .routes = routes, .n_routes = sizeof(routes) / sizeof(routes[0]), .jobs = jobs, .n_jobs = 1};
