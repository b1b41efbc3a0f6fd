/* routes.c: GET / and GET /p/{place}: where everybody arrives. */
#include "civic/home/home.h"

#include <stdlib.h>

#include "civic/entry/entry_present.h"
#include "civic/frame/frame.h"
#include "civic/home/home.sql.h"
#include "civic/home/start.h"
#include "civic/home/views/ended_page.html.h"
#include "civic/home/views/find_page.html.h"
#include "civic/home/views/home_page.html.h"
#include "civic/home/views/level_page.html.h"
#include "civic/home/views/start_page.html.h"
#include "civic/notify/notify.h"
#include "civic/party/party.h"
#include "civic/person/person.h"
#include "civic/place/place_subject.h"
#include "civic/place/place_words.h"
#include "civic/statistics/statistics_present.h"
#include "engine/base/time.h"

enum {
    TODAY = 3,
    NEWEST = 10,
    LATE = 12,
    HOT = 5,
    HOT_DAYS = 30,
    OWNERS = 16,
    FOUND = 30,
    CONTACTS = 8,
    ESTATES = 12,
    OFFICERS = 2
};

static const struct home_table *const *tables; /* set once at start */
static size_t n_tables;

void home_use(const struct home_table *const *list, size_t n)
{
    tables = list;
    n_tables = n;
}

static const char *search_tail = "/report"; /* set once at start */

void home_use_search(const char *tail)
{
    search_tail = tail;
}

static struct url place_url(struct request *rq, int64_t code)
{
    return url_path(rq->arena, "/p/%" PRId64, code);
}

/* ---- GET / --------------------------------------------------------------------------------------------------------- */

enum { FRONT_Q, FRONT_PLACE, FRONT_PARAMS };
static const struct param front_params[FRONT_PARAMS] = {
    [FRONT_Q] = {.name = "q", .kind = PARAM_TEXT, .max = 40, .doc = "Part of the name of an estate or a committee"},
    [FRONT_PLACE] = {.name = "place",
                     .kind = PARAM_ID,
                     .doc = "Code of the place whose places below are listed; default the city"},
};

/* The words as they stand in a LIKE. */
static struct str like_words(struct arena *a, struct str words)
{
    struct buf b;

    buf_init(&b, a, words.len * 2 + 1, words.len * 2 + 1);
    for (size_t i = 0; i < words.len; i++) {
        if (words.ptr[i] == '%' || words.ptr[i] == '_' || words.ptr[i] == '\\')
            buf_putc(&b, '\\');
        buf_putc(&b, words.ptr[i]);
    }
    return buf_str(&b);
}

/* Estates first: their names are what people know. */
static enum result search(struct request *rq, struct str words, struct find_page_view *view)
{
    struct find_page_found *found = arena_array(rq->arena, struct find_page_found, 2 * FOUND);
    struct sql_home_estate_search_rows estates;
    struct places places;
    size_t n = 0;
    enum result r = sql_home_estate_search(rq->db, like_words(rq->arena, words), FOUND, &estates);

    if (r == OK)
        r = place_search(rq->db, words, FOUND, &places);
    if (r != OK)
        return r;
    for (size_t i = 0; i < estates.n; i++) {
        const struct sql_home_estate_search *e = &estates.row[i];

        found[n++] = (struct find_page_found){
            e->name, str_printf(rq->arena, STR_FMT " · " STR_FMT, STR_ARG(e->street_name), STR_ARG(e->community_name)),
            place_url(rq, e->community)};
    }
    for (size_t i = 0; i < places.n; i++) {
        struct str where = STR_NONE;
        struct place parent;

        if (places.place[i].parent && place_get(rq->db, places.place[i].parent, &parent) == OK)
            where = parent.name;
        found[n++] = (struct find_page_found){places.place[i].name, where, place_url(rq, places.place[i].code)};
    }
    view->looked = true;
    view->found.v = found;
    view->found.n = n;
    return OK;
}

/* The places to choose from, without a script: district, street, community. */
static enum result browse(struct request *rq, int64_t code, struct find_page_view *view)
{
    struct find_page_crumbs *crumb;
    struct find_page_places *item;
    struct places path = {NULL, 0}, children;
    enum result r;

    if (code == 0) { /* the one city of this installation */
        r = place_children(rq->db, 0, false, &children);
        if (r != OK)
            return r;
        if (children.n == 1)
            code = children.place[0].code;
    }
    r = code ? place_path(rq->db, code, &path) : OK;
    if (r == OK)
        r = place_children(rq->db, code, false, &children);
    if (r != OK)
        return r;
    crumb = arena_array(rq->arena, struct find_page_crumbs, path.n ? path.n : 1);
    for (size_t i = 0; i < path.n; i++) {
        crumb[i].name = path.place[i].name;
        if (i + 1 < path.n)
            crumb[i].url = url_path(rq->arena, "/?place=%" PRId64, path.place[i].code);
    }
    item = arena_array(rq->arena, struct find_page_places, children.n ? children.n : 1);
    for (size_t i = 0; i < children.n; i++)
        item[i] = (struct find_page_places){
            children.place[i].name, children.place[i].level == PLACE_COMMUNITY
                                        ? place_url(rq, children.place[i].code)
                                        : url_path(rq->arena, "/?place=%" PRId64 "#pick", children.place[i].code)};
    view->crumbs.v = crumb;
    view->crumbs.n = path.n;
    view->places.v = item;
    view->places.n = children.n;
    switch (place_level_of(code)) {
    case PLACE_DISTRICT: view->below = T_home_pick_street; break;
    case PLACE_STREET: view->below = T_home_pick_community; break;
    default: view->below = T_home_pick_district; break;
    }
    return OK;
}

static enum result front(struct request *rq)
{
    const struct viewer *viewer = viewer_of(rq);
    struct find_page_view view = {.query = param_text(rq, FRONT_Q)};
    bool looks = param_given(rq, FRONT_Q) || param_given(rq, FRONT_PLACE);
    enum result r = OK;

    if (!looks && viewer->n_posts)
        return respond_see_other(rq, url_path(rq->arena, "/desk"), rq->flash);
    if (!looks && viewer->n_residences)
        return respond_see_other(rq, place_url(rq, viewer->residence[0].community), rq->flash);
    if (param_given(rq, FRONT_PLACE) && place_level_of(param_int(rq, FRONT_PLACE)) == PLACE_COMMUNITY)
        return respond_see_other(rq, place_url(rq, param_int(rq, FRONT_PLACE)), T_none);
    if (view.query.len)
        r = search(rq, view.query, &view);
    if (r == OK)
        r = browse(rq, param_int(rq, FRONT_PLACE), &view);
    return r == OK ? respond_view(rq, find_page, &view) : r;
}

/* ---- a place that has ended ------------------------------------------------------------------------------------------- */

static enum result show_ended(struct request *rq, const struct place *place)
{
    struct ended_page_view view = {.place = place->code,
                                   .name = place->name,
                                   .ended = place->valid_to,
                                   .figures = url_path(rq->arena, "/p/%" PRId64 "/figures?period=month", place->code)};
    struct ended_page_successors *s;
    struct places now;
    enum result r = place_now(rq->db, place->code, &now);

    if (r != OK)
        return r;
    s = arena_array(rq->arena, struct ended_page_successors, now.n ? now.n : 1);
    for (size_t i = 0; i < now.n; i++)
        s[i] = (struct ended_page_successors){now.place[i].code, now.place[i].name, place_url(rq, now.place[i].code)};
    view.successors.v = s;
    view.successors.n = now.n;
    return respond_view(rq, ended_page, &view);
}

/* ---- a community ---------------------------------------------------------------------------------------------------------- */

static int by_due(const void *a, const void *b)
{
    const struct home_item *x = a, *y = b;
    if (x->emergency != y->emergency)
        return x->emergency ? -1 : 1;
    int64_t p = x->due ? x->due : INT64_MAX, q = y->due ? y->due : INT64_MAX;

    return p < q ? -1 : p > q;
}

static enum result fill_today(struct request *rq, const struct home_here *here, struct home_page_view *view)
{
    struct home_item item[TODAY * 4];
    struct home_page_today *today = arena_array(rq->arena, struct home_page_today, TODAY);
    size_t n = 0;
    int64_t unread = 0;

    if (rq->person == 0)
        return OK;
    for (size_t t = 0; t < n_tables && n + TODAY <= TODAY * 3; t++)
        if (tables[t]->waiting) {
            size_t more = 0;
            enum result r = tables[t]->waiting(rq, here, TODAY, &item[n], &more);

            if (r != OK)
                return r;
            n += more;
        }
    if (n)
        qsort(item, n, sizeof *item, by_due);
    if (n > TODAY)
        n = TODAY;
    enum result r = notify_unread(rq->db, rq->person, &unread);
    if (r != OK)
        return r;
    if (unread && n < TODAY)
        item[n++] = (struct home_item){text_format(rq->arena, rq->lang, T_home_unread_messages, TEXT_INT("n", unread)),
                                       url_path(rq->arena, "/messages"), T_none, 0};
    for (size_t i = 0; i < n; i++)
        today[i] = (struct home_page_today){item[i].text, item[i].url, item[i].badge, item[i].emergency};
    view->today.v = today;
    view->today.n = n;
    return OK;
}

/* Who runs boards of the same sort of owner is asked once, however many boards there are. */
struct owner_memo {
    struct str kind[OWNERS];
    struct subject_scope scope[OWNERS];
    size_t n;
};

static enum result readable(struct request *rq, const struct board *b, struct owner_memo *memo, bool *ret_may)
{
    struct subject_scope scope = {.place = rq->place,
                                  .board = true,
                                  .readers = b->readers,
                                  .writers = b->writers,
                                  .of_place = b->organisation == 0 && b->owner_kind.len == 0};
    enum result r = OK;

    *ret_may = b->readers == READERS_EVERYBODY || access_allowed(viewer_of(rq), CAP_BOARD_READ, rq->place, &scope);
    if (*ret_may || viewer_of(rq)->n_posts == 0) /* only somebody with a post can still be among those who run it */
        return OK;
    for (size_t i = 0; b->owner_kind.len && b->organisation == 0 && i < memo->n; i++)
        if (str_eq(memo->kind[i], b->owner_kind)) {
            scope.organisation = memo->scope[i].organisation;
            scope.n_organisations = memo->scope[i].n_organisations;
            *ret_may = access_allowed(viewer_of(rq), CAP_BOARD_READ, rq->place, &scope);
            return OK;
        }
    r = board_scope(rq, b, rq->place, &scope);
    if (r == OK && b->owner_kind.len && b->organisation == 0 && memo->n < OWNERS) {
        memo->kind[memo->n] = b->owner_kind;
        memo->scope[memo->n++] = scope;
    }
    *ret_may = r == OK && access_allowed(viewer_of(rq), CAP_BOARD_READ, rq->place, &scope);
    return r;
}

/* The boards of a page that the viewer is shown, and of which entries they may read: both in one pass. */
struct home_boards {
    struct boards shown, readable;
    int64_t *entries,
        *unread; /* ids of the boards whose entries may be read here and are news; how much of each is new */
    size_t n_entries;
};

static enum result load_boards(struct request *rq, struct home_boards *ret)
{
    struct owner_memo *memo = arena_new(rq->arena, struct owner_memo);
    struct boards all;
    size_t n = 0;
    enum result r = board_shown(rq->db, rq->place, &all);

    if (r != OK)
        return r;
    ret->shown.board = arena_array(rq->arena, struct board, all.n ? all.n : 1);
    ret->readable.board = arena_array(rq->arena, struct board, all.n ? all.n : 1);
    ret->entries = arena_array(rq->arena, int64_t, all.n ? all.n : 1);
    ret->unread = arena_array(rq->arena, int64_t, all.n ? all.n : 1);
    for (size_t i = 0; r == OK && i < all.n; i++) {
        bool may = false;

        if (all.board[i].hidden)
            continue;
        r = readable(rq, &all.board[i], memo, &may);
        /* Nobody is led to what only refuses: a guest may sign in, whoever is signed in has no business there. */
        if (may || rq->person == 0)
            ret->shown.board[n++] = all.board[i];
        if (may)
            ret->readable.board[ret->readable.n++] = all.board[i];
        if (may && !board_kind_of(all.board[i].kind)->looked_up)
            ret->entries[ret->n_entries++] = all.board[i].id;
    }
    ret->shown.n = n;
    if (r == OK && rq->person && ret->n_entries)
        r = entry_unread_all(rq, ret->entries, ret->n_entries, rq->place, ret->unread);
    return r;
}

static int64_t unread_of(const struct home_boards *boards, int64_t board)
{
    for (size_t i = 0; i < boards->n_entries; i++)
        if (boards->entries[i] == board)
            return boards->unread[i];
    return 0;
}

static enum result fill_boards(struct request *rq, const struct home_boards *boards, struct home_page_view *view)
{
    struct boards shown = boards->shown;
    struct home_page_boards *board;
    size_t n = 0;
    enum result r;

    board = arena_array(rq->arena, struct home_page_boards, shown.n ? shown.n : 1);
    for (size_t i = 0; i < shown.n; i++) {
        const struct board *b = &shown.board[i];
        const struct board_kind *kind = board_kind_of(b->kind);

        board[n] = (struct home_page_boards){board_name(b, rq->lang), b->icon, board_url(rq->arena, b, rq->place), 0};
        if (kind->unread == entry_unread)
            board[n].unread = unread_of(boards, b->id);
        else if (kind->unread && rq->person && (r = kind->unread(rq, b, rq->place, &board[n].unread)) != OK)
            return r;
        n++;
    }
    view->search = url_path(rq->arena, "/p/%" PRId64 "%s", rq->place, search_tail);
    view->more = url_path(rq->arena, "/p/%" PRId64 "/report", rq->place);
    view->boards.v = board;
    view->boards.n = n;
    return OK;
}

static enum result fill_line(struct request *rq, const struct place *place, struct home_page_view *view)
{
    int32_t today = day_of(rq->now);
    struct span s = figures_span(PERIOD_WEEK, today, today);
    const struct figure_item *item[FIGURES_MAX];
    size_t n_items = figures_items(item, FIGURES_MAX), n = 0;
    struct home_page_line *line = arena_array(rq->arena, struct home_page_line, n_items ? n_items : 1);
    struct figures figures;
    enum result r = statistics_read(rq->db, place->code, s.first, s.last, PERIOD_ALL, &figures);

    for (size_t i = 0; r == OK && i < n_items; i++) {
        struct figure_value v;

        if (!(item[i]->show & FIGURE_LINE))
            continue;
        v = figure_value_of(item[i], &figures, s.first);
        if (!v.known)
            continue;
        line[n].label = item[i]->label;
        line[n].value = figure_words(rq->arena, rq->lang, item[i], v);
        if (item[i]->unit != T_none)
            line[n].value = str_printf(rq->arena, STR_FMT " " STR_FMT, STR_ARG(line[n].value),
                                       STR_ARG(figure_unit(rq->arena, rq->lang, item[i], line[n].value)));
        n++;
    }
    view->line.v = line;
    view->line.n = n;
    view->figures = url_path(rq->arena, "/p/%" PRId64 "/figures", place->code);
    return r;
}

static int newest_first(const void *a, const void *b)
{
    const struct home_entry *x = a, *y = b;

    return x->at > y->at ? -1 : x->at < y->at;
}

/* What is new on all boards of entries, with one walk for each level. */
static enum result add_entries(struct request *rq, const struct home_boards *boards, struct home_entry *entry,
                               size_t *n)
{
    struct entry_rows rows;
    struct entry_row_view *row;
    size_t before = *n;
    enum result r = entry_newest(rq->db, boards->entries, boards->n_entries, rq->place, INT64_MAX, NEWEST, &rows);

    if (r != OK || rows.n == 0)
        return r;
    r = entry_rows_fill(rq, &boards->shown.board[0], &rows, &row);
    for (size_t i = 0; r == OK && i < rows.n; i++) {
        const struct board *b = NULL;
        struct url url;
        bool there = false;

        for (size_t k = 0; k < boards->shown.n; k++)
            if (boards->shown.board[k].id == rows.row[i].board)
                b = &boards->shown.board[k];
        if (b == NULL)
            continue;
        url = entry_url(rq->arena, b, rows.row[i].community, rows.row[i].id);
        for (size_t k = 0; k < before; k++) /* its kind says more of it */
            there = there || str_eq(entry[k].url.s, url.s);
        if (!there)
            entry[(*n)++] = (struct home_entry){
                .title = row[i].title,
                .url = url,
                .board = board_name(b, rq->lang),
                .who = row[i].from.len
                         ? str_printf(rq->arena, STR_FMT " · " STR_FMT, STR_ARG(row[i].author), STR_ARG(row[i].from))
                         : row[i].author,
                .photo = row[i].photo,
                .at = row[i].at,
            };
    }
    return r;
}

static enum result fill_newest(struct request *rq, const struct home_here *here, const struct home_boards *boards,
                               struct home_page_view *view)
{
    struct home_entry *entry = arena_array(rq->arena, struct home_entry, NEWEST * (n_tables + 2));
    enum result added;
    struct home_page_newest *out = arena_array(rq->arena, struct home_page_newest, NEWEST);
    size_t n = 0;

    for (size_t t = 0; t < n_tables; t++)
        if (tables[t]->newest) {
            size_t more = 0;
            enum result r = tables[t]->newest(rq, here, NEWEST, &entry[n], &more);

            if (r != OK)
                return r;
            n += more;
        }
    added = add_entries(rq, boards, entry, &n);
    if (added != OK)
        return added;
    if (n)
        qsort(entry, n, sizeof *entry, newest_first);
    if (n > NEWEST)
        n = NEWEST;
    for (size_t i = 0; i < n; i++)
        out[i] = (struct home_page_newest){entry[i].title,
                                           entry[i].url,
                                           entry[i].board,
                                           entry[i].state,
                                           str_from_cstr(entry[i].mark ? entry[i].mark : "open"),
                                           entry[i].clock,
                                           entry[i].who,
                                           entry[i].photo,
                                           entry[i].at};
    view->newest.v = out;
    view->newest.n = n;
    return OK;
}

/* Whoever has no home yet may join by an estate of the community; with many estates the posters are the way. */
static enum result fill_join(struct request *rq, struct home_page_view *view)
{
    const struct viewer *viewer = viewer_of(rq);
    struct home_page_join *join;
    struct estates estates;
    enum result r;

    if (viewer->n_residences || viewer_post_over(viewer, rq->place))
        return OK;
    r = estate_list(rq->db, rq->place, &estates);
    if (r != OK)
        return r;
    join = arena_array(rq->arena, struct home_page_join, ESTATES);
    for (size_t i = 0; i < estates.n && view->join.n < ESTATES; i++)
        if (estates.estate[i].qr_code.len)
            join[view->join.n++] = (struct home_page_join){
                estates.estate[i].name,
                url_add(rq->arena, url_path(rq->arena, "/join"), "estate", estates.estate[i].qr_code)};
    view->join.v = join;
    return OK;
}

/* The levels above, each one tap away; and whoever works here is led to the desk. (Whoever waits to be verified is told so by the frame.) */
static enum result fill_where(struct request *rq, struct home_page_view *view)
{
    const struct viewer *viewer = viewer_of(rq);
    struct home_page_levels *level;
    struct places path;
    enum result r = place_path(rq->db, rq->place, &path);

    if (r != OK)
        return r;
    level = arena_array(rq->arena, struct home_page_levels, path.n ? path.n : 1);
    for (size_t i = 0; i + 1 < path.n; i++)
        level[i] = (struct home_page_levels){path.place[i].name, place_url(rq, path.place[i].code)};
    view->levels.v = level;
    view->levels.n = path.n ? path.n - 1 : 0;
    view->works = viewer_post_over(viewer, rq->place) != NULL;
    return OK;
}

static enum result show_community(struct request *rq, const struct place *place)
{
    const struct viewer *viewer = viewer_of(rq);
    struct home_page_view view = {
        .place = place->code, .name = place_short_name(place->name), .guest = viewer->person == 0};
    struct home_boards boards = {0};
    struct home_here here = {.community = place->code, .readable = &boards.readable};
    enum result r = load_boards(rq, &boards);

    if (r == OK)
        r = fill_boards(rq, &boards, &view);
    if (r == OK)
        r = fill_where(rq, &view);
    if (r == OK)
        r = fill_join(rq, &view);
    if (r == OK)
        r = fill_today(rq, &here, &view);
    if (r == OK)
        r = fill_line(rq, place, &view);
    if (r == OK)
        r = fill_newest(rq, &here, &boards, &view);
    if (r == OK)
        r = home_contacts(rq, tables, n_tables, &view);
    if (r == OK)
        r = party_page_there(rq, rq->place, &view.party);
    return r == OK ? respond_view(rq, home_page, &view) : r;
}

/* ---- a street, district, city -------------------------------------------------------------------------------------------------- */

static int latest_first(const void *a, const void *b)
{
    const struct home_late *x = a, *y = b;

    return x->due < y->due ? -1 : x->due > y->due;
}

static enum result fill_late(struct request *rq, const struct place *place, struct level_page_view *view)
{
    struct home_late *late = arena_array(rq->arena, struct home_late, LATE * (n_tables + 1));
    struct level_page_late *out = arena_array(rq->arena, struct level_page_late, LATE);
    size_t n = 0;

    view->staff = access_allowed(viewer_of(rq), CAP_FIGURES_STAFF, place->code, NULL);
    if (!view->staff)
        return OK;
    for (size_t t = 0; t < n_tables; t++)
        if (tables[t]->late) {
            size_t more = 0;
            enum result r = tables[t]->late(rq, place->code, LATE, &late[n], &more);

            if (r != OK)
                return r;
            n += more;
        }
    if (n)
        qsort(late, n, sizeof *late, latest_first);
    if (n > LATE)
        n = LATE;
    for (size_t i = 0; i < n; i++) {
        struct place where;
        enum result r = place_get(rq->db, late[i].community, &where);

        if (r != OK)
            return r;
        out[i] = (struct level_page_late){late[i].title, late[i].url, place_short_name(where.name), late[i].who,
                                          late[i].late};
    }
    view->late.v = out;
    view->late.n = n;
    return OK;
}

static int hottest_first(const void *a, const void *b)
{
    const struct home_hot *x = a, *y = b;
    int64_t p = x->n + x->joined, q = y->n + y->joined;

    return p > q ? -1 : p < q;
}

static enum result fill_hot(struct request *rq, const struct place *place, struct level_page_view *view)
{
    struct home_hot *hot = arena_array(rq->arena, struct home_hot, HOT * (n_tables + 1));
    struct level_page_hot *out = arena_array(rq->arena, struct level_page_hot, HOT);
    size_t n = 0;

    for (size_t t = 0; t < n_tables; t++)
        if (tables[t]->hot) {
            size_t more = 0;
            enum result r = tables[t]->hot(rq, place->code, rq->now - HOT_DAYS * TIME_DAY, HOT, &hot[n], &more);

            if (r != OK)
                return r;
            n += more;
        }
    if (n)
        qsort(hot, n, sizeof *hot, hottest_first);
    if (n > HOT)
        n = HOT;
    for (size_t i = 0; i < n; i++) {
        struct place where;
        enum result r = place_get(rq->db, hot[i].community, &where);

        if (r != OK)
            return r;
        out[i] = (struct level_page_hot){
            .title = hot[i].title,
            .url = hot[i].url,
            .n = hot[i].n,
            .joined = hot[i].joined,
            .count = hot[i].joined ? text_format(rq->arena, rq->lang, T_home_hot_joined, TEXT_INT("n", hot[i].n),
                                                 TEXT_INT("joined", hot[i].joined))
                                   : text_format(rq->arena, rq->lang, T_home_hot_n, TEXT_INT("n", hot[i].n)),
            .most = text_format(rq->arena, rq->lang, T_home_hot_most, TEXT_STR("place", place_short_name(where.name)),
                                TEXT_INT("n", hot[i].most)),
        };
    }
    view->hot.v = out;
    view->hot.n = n;
    return OK;
}

static enum result fill_level(struct request *rq, const struct place *place, struct level_page_view *view)
{
    struct period_figures p;
    struct figure_tile_view *tile;
    struct level_page_crumbs *crumb;
    struct organisation head;
    struct places path;
    size_t n = 0;
    int32_t today = day_of(rq->now);
    enum result r = figures_load(rq, place, figures_span(PERIOD_WEEK, today, today), &p);

    if (r == OK)
        r = child_table_fill(rq, place, &p.span, p.item, p.n_items, &view->places);
    if (r == OK)
        r = trend_fill(rq, place, &p.span, p.item, p.n_items, &view->trend);
    if (r == OK)
        r = place_path(rq->db, place->code, &path);
    if (r != OK)
        return r;
    tile = arena_array(rq->arena, struct figure_tile_view, p.n_items ? p.n_items : 1);
    for (size_t i = 0; i < p.n_items; i++)
        if (p.item[i]->show & FIGURE_FIRST)
            tile[n++] = figures_tile(rq, &p, i);
    view->tiles.v = tile;
    view->tiles.n = n;
    view->heading = figures_span_words(rq, &p.span);
    crumb = arena_array(rq->arena, struct level_page_crumbs, path.n);
    for (size_t i = 0; i < path.n; i++) {
        crumb[i].name = path.place[i].name;
        if (i + 1 < path.n)
            crumb[i].url = place_url(rq, path.place[i].code);
    }
    view->crumbs.v = crumb;
    view->crumbs.n = path.n;
    r = organisation_head_of(rq->db, place->code, &head);
    if (r == OK) {
        view->office = head.name;
        view->phone = head.phone;
        view->call = url_tel(rq->arena, head.phone);
    }
    return r == E_NOT_FOUND ? OK : r;
}

/* The boards of this level that the viewer may read here. A street has no reports of its own: its page is what is said of them. */
static enum result fill_level_boards(struct request *rq, struct level_page_view *view)
{
    struct home_boards boards = {0};
    struct level_page_boards *board;
    size_t n = 0;
    enum result r = load_boards(rq, &boards);

    if (r != OK)
        return r;
    board = arena_array(rq->arena, struct level_page_boards, boards.shown.n ? boards.shown.n : 1);
    for (size_t i = 0; i < boards.shown.n; i++) {
        const struct board *b = &boards.shown.board[i];
        bool may = b->readers == READERS_EVERYBODY || rq->person;

        if (may && !board_kind_of(b->kind)->single)
            board[n++] = (struct level_page_boards){board_name(b, rq->lang), b->icon,
                                                    board_url(rq->arena, b, rq->place), unread_of(&boards, b->id)};
    }
    view->boards.v = board;
    view->boards.n = n;
    return OK;
}

static enum result show_level(struct request *rq, const struct place *place)
{
    struct level_page_view view = {.place = place->code,
                                   .name = place->name,
                                   .level = place_level_text(place->level),
                                   .figures = url_path(rq->arena, "/p/%" PRId64 "/figures", place->code)};
    enum text words = place->level == PLACE_CITY     ? T_home_children_city
                    : place->level == PLACE_DISTRICT ? T_home_children_district
                                                     : T_home_children_street;
    struct places children;
    enum result r = fill_level(rq, place, &view);

    if (r == OK)
        r = fill_level_boards(rq, &view);
    if (r == OK)
        r = place_children(rq->db, place->code, false, &children);
    if (r == OK)
        r = fill_late(rq, place, &view);
    if (r == OK)
        r = fill_hot(rq, place, &view);
    if (r != OK)
        return r;
    view.count = (int64_t)children.n;
    view.count_words = text_format(rq->arena, rq->lang, words, TEXT_INT("n", view.count));
    return respond_view(rq, level_page, &view);
}

static enum result show(struct request *rq)
{
    const struct place *place = place_of(rq);

    if (place->valid_to)
        return show_ended(rq, place);
    return place->level == PLACE_COMMUNITY ? show_community(rq, place) : show_level(rq, place);
}

static const struct view_info *const faces[] = {&home_page_info, &level_page_info, &ended_page_info, NULL};

static const struct route routes[] = {
    {HTTP_GET, "/", "home.front", .handle = front, .need = CAP_PUBLIC, .params = front_params, .n_params = FRONT_PARAMS,
     .view = &find_page_info,
     .doc = "The front door: a resident is sent home, staff to the desk, a guest finds a community"},
    {HTTP_GET, "/p/{place}", "home.place", .handle = show, .subject = &place_subject, .need = CAP_PUBLIC,
     .views = faces,
     .doc =
         "Home of a community; a street, district or city with the places below it; what a place that ended is today"},
    {HTTP_GET, "/p/{place}/write", "home.start", .handle = home_start, .subject = &place_subject, .need = CAP_PUBLIC,
     .view = &start_page_info, .doc = "What the viewer may begin in a community, board by board"},
};

const struct module home_module = {.name = "home", .routes = routes, .n_routes = sizeof(routes) / sizeof(routes[0])};
