/* routes_read.c: /p/{place}/bulletin/{board}: the list, one notice, its paper, the feed. */
#include "boards/bulletin/routes.h"

#include <stdlib.h>

#include "boards/bulletin/views/bulletin_calendar.html.h"
#include "boards/bulletin/views/bulletin_list.html.h"
#include "boards/bulletin/views/bulletin_print.html.h"
#include "boards/bulletin/views/bulletin_show.html.h"
#include "civic/entry/entry_present.h"
#include "civic/media/media.h"
#include "civic/person/person.h"
#include "civic/place/place_subject.h"
#include "engine/base/time.h"
#include "engine/page/qr.h"

enum { PAGE = 20 };

/* An entry's subject becomes a notice's, which begins as it does. */
static enum result load_notice(struct request *rq)
{
    struct bulletin_subject *s = arena_new(rq->arena, struct bulletin_subject);
    enum result r;

    s->of = *(const struct entry_subject *)rq->subject;
    r = bulletin_load(rq->db, &s->of.entry, &s->bulletin);
    if (r == OK)
        rq->subject = s;
    return r;
}

static enum result load(struct request *rq)
{
    enum result r = entry_subject.load(rq);

    return r == OK ? load_notice(rq) : r;
}

const struct subject_kind bulletin_subject = {"bulletin", load};

struct url bulletin_here(struct request *rq, const char *tail)
{
    return url_below(rq->arena, entry_url(rq->arena, board_of(rq), rq->place, entry_of(rq)->id), tail);
}

enum text bulletin_state_text(enum bulletin_state state)
{
    static const enum text texts[BULLETIN_STATES] = {
        [BULLETIN_DRAFT] = T_bulletin_state_draft,         [BULLETIN_WAITING] = T_bulletin_state_waiting,
        [BULLETIN_SCHEDULED] = T_bulletin_state_scheduled, [BULLETIN_PUBLISHED] = T_bulletin_state_published,
        [BULLETIN_PINNED] = T_bulletin_state_pinned,       [BULLETIN_EXPIRED] = T_bulletin_state_expired,
        [BULLETIN_WITHDRAWN] = T_bulletin_state_withdrawn,
    };

    return texts[state];
}

enum text bulletin_weight_text(enum bulletin_weight weight)
{
    return weight == BULLETIN_EMERGENCY ? T_bulletin_weight_emergency
         : weight == BULLETIN_MUST_READ ? T_bulletin_weight_must_read
                                        : T_none;
}

/* ---- rows ------------------------------------------------------------------------------------------------------------- */

_Static_assert(sizeof(struct sql_bulletin_page) == sizeof(struct sql_bulletin_page_state),
               "bulletin_page_state has the columns of bulletin_page");

int bulletin_newest_first(const void *a, const void *b)
{
    const struct sql_bulletin_page *x = a, *y = b;

    if (x->published_at != y->published_at)
        return x->published_at > y->published_at ? -1 : 1;
    return x->id > y->id ? -1 : x->id < y->id;
}

static struct str near_of(struct arena *a, const int64_t *chain, size_t n, size_t i)
{
    return i < n ? str_printf(a, ",%" PRId64, chain[i]) : STR_NONE;
}

enum result bulletin_out_at(struct request *rq, const struct board *board, bool pinned, int64_t before,
                            int64_t before_id, size_t limit, struct bulletin_rows *ret)
{
    int64_t chain[4];
    size_t n = place_chain(rq->place, chain);
    struct str far = near_of(rq->arena, chain, n, 1), near = near_of(rq->arena, chain, n, 2),
               nearer = near_of(rq->arena, chain, n, 3);

    ret->row = arena_array(rq->arena, struct sql_bulletin_page, limit * 4);
    ret->n = 0;
    for (size_t i = 0; i < n; i++)
        sql_bulletin_page_ahead(rq->db, chain[i], board->id, pinned, before, before_id, far, near, nearer,
                                (int64_t)limit);
    for (size_t i = 0; i < n; i++) {
        struct sql_bulletin_page_rows some;
        enum result r = sql_bulletin_page(rq->db, chain[i], board->id, pinned, before, before_id, far, near, nearer,
                                          (int64_t)limit, &some);

        if (r != OK)
            return r;
        for (size_t k = 0; k < some.n; k++)
            ret->row[ret->n++] = some.row[k];
    }
    if (ret->n)
        qsort(ret->row, ret->n, sizeof(*ret->row), bulletin_newest_first);
    if (ret->n > limit)
        ret->n = limit;
    return OK;
}

static enum result fill(struct request *rq, const struct bulletin_rows *rows, bool with_state,
                        struct entry_row_view **ret)
{
    struct entry_row *e = arena_array(rq->arena, struct entry_row, rows->n ? rows->n : 1);
    const struct entry_rows list = {e, rows->n};
    enum result r;

    for (size_t i = 0; i < rows->n; i++) {
        const struct sql_bulletin_page *b = &rows->row[i];

        e[i] = (struct entry_row){
            .community = b->community,
            .id = b->id,
            .title = b->title,
            .body = b->body,
            .author_name = b->shown_name,
            .author_from = b->author_from,
            .state = b->state,
            .organisation = b->organisation,
            .party_badge = false, /* the organisation speaks */
            .pinned = b->pinned,
            .published_at = b->published_at,
            .comments = b->comments,
            .thumbs = b->thumbs,
            .photos = b->photos,
        };
    }
    if ((r = entry_rows_fill(rq, board_of(rq), &list, ret)) != OK)
        return r;
    for (size_t i = 0; i < rows->n; i++) {
        enum bulletin_weight weight = bulletin_weight_of(rows->row[i].weight);
        int state = flow_state_of(&bulletin_flow, rows->row[i].state);

        (*ret)[i].state = bulletin_weight_text(weight);
        (*ret)[i].mark = STR("wait");
        if (weight == BULLETIN_EMERGENCY)
            (*ret)[i].mark = STR("late");
        if (with_state && state >= 0) {
            (*ret)[i].state = bulletin_state_text((enum bulletin_state)state);
            (*ret)[i].mark = STR("doing");
        }
    }
    return OK;
}

/* ---- the list ----------------------------------------------------------------------------------------------------------- */

enum { LIST_BEFORE, LIST_BEFORE_ID, LIST_STATE, LIST_PARAMS };
static const struct param list_params[LIST_PARAMS] = {
    [LIST_BEFORE] = {.name = "before",
                     .kind = PARAM_INT,
                     .min = 1,
                     .max = INT64_MAX,
                     .doc = "Paging: published before this moment, ms"},
    [LIST_BEFORE_ID] = {.name = "id",
                        .kind = PARAM_ID,
                        .doc = "Paging: of those of the same moment, older than this id"},
    [LIST_STATE] = {.name = "state",
                    .kind = PARAM_CHOICE,
                    .choices = "published,draft,waiting,scheduled,expired,withdrawn",
                    .doc = "What is not out, for who runs the board"},
};
static const enum bulletin_state list_states[] = {BULLETIN_PUBLISHED, BULLETIN_DRAFT,   BULLETIN_WAITING,
                                                  BULLETIN_SCHEDULED, BULLETIN_EXPIRED, BULLETIN_WITHDRAWN};
enum { LIST_STATES = sizeof(list_states) / sizeof(list_states[0]) };

static enum result list_of_state(struct request *rq, enum bulletin_state state, int64_t before_id,
                                 struct bulletin_rows *ret)
{
    struct sql_bulletin_page_state_rows some;
    enum result r = sql_bulletin_page_state(rq->db, rq->place, board_of(rq)->id,
                                            str_from_cstr(bulletin_flow.state[state].name), before_id, PAGE + 1, &some);

    if (r != OK)
        return r;
    ret->row = (struct sql_bulletin_page *)some.row;
    ret->n = some.n;
    return OK;
}

static void fill_tabs(struct request *rq, enum bulletin_state chosen, struct bulletin_list_view *view)
{
    struct bulletin_list_tabs *tab = arena_array(rq->arena, struct bulletin_list_tabs, LIST_STATES);

    for (size_t i = 0; i < LIST_STATES; i++)
        tab[i] = (struct bulletin_list_tabs){
            i ? bulletin_state_text(list_states[i]) : T_bulletin_list_out,
            i ? url_add(rq->arena, view->here, "state", str_from_cstr(bulletin_flow.state[list_states[i]].name))
              : view->here,
            list_states[i] == chosen,
        };
    view->tabs.v = tab;
    view->tabs.n = LIST_STATES;
}

static enum result list(struct request *rq)
{
    const struct board_subject *s = rq->subject;
    const struct viewer *viewer = viewer_of(rq);
    bool runs = access_allowed(viewer, CAP_BOARD_RUN, rq->place, &s->scope);
    enum bulletin_state state = runs ? list_states[param_int(rq, LIST_STATE)] : BULLETIN_PUBLISHED;
    bool out = state == BULLETIN_PUBLISHED;
    int64_t before = param_given(rq, LIST_BEFORE) ? param_int(rq, LIST_BEFORE) : INT64_MAX;
    int64_t before_id = param_given(rq, LIST_BEFORE_ID) ? param_int(rq, LIST_BEFORE_ID) : INT64_MAX;
    bool first = before == INT64_MAX && before_id == INT64_MAX;
    struct bulletin_list_view view = {
        .place = rq->place,
        .name = board_name(&s->board, rq->lang),
        .lead = board_lead(&s->board, rq->lang),
        .out = out,
        .runs = runs,
        .here = board_url(rq->arena, &s->board, rq->place),
    };
    struct bulletin_rows rows, pinned = {NULL, 0};
    struct entry_row_view *row;
    enum result r = out ? bulletin_out_at(rq, &s->board, false, before, before_id, PAGE + 1, &rows)
                        : list_of_state(rq, state, before_id, &rows);

    if (r == OK && out && first)
        r = bulletin_out_at(rq, &s->board, true, INT64_MAX, INT64_MAX, BULLETIN_PINNED_MAX, &pinned);
    if (r != OK)
        return r;
    if (runs)
        fill_tabs(rq, state, &view);
    if (rows.n > PAGE) {
        const struct sql_bulletin_page *last = &rows.row[PAGE - 1];

        rows.n = PAGE;
        view.more = out ? url_add(rq->arena, view.here, "before", str_printf(rq->arena, "%" PRId64, last->published_at))
                        : url_add(rq->arena, view.here, "state", str_from_cstr(bulletin_flow.state[state].name));
        view.more = url_add(rq->arena, view.more, "id", str_printf(rq->arena, "%" PRId64, last->id));
    }
    if (viewer->person && out && first && (rows.n || pinned.n)) {
        view.newest = rows.n ? rows.row[0].id : pinned.row[0].id;
        if (rows.n && pinned.n && pinned.row[0].published_at > rows.row[0].published_at)
            view.newest = pinned.row[0].id;
        view.seen = url_below(rq->arena, view.here, "/seen");
    }
    if ((r = fill(rq, &pinned, false, &row)) != OK)
        return r;
    view.pinned.v = row;
    view.pinned.n = pinned.n;
    if ((r = fill(rq, &rows, !out, &row)) != OK)
        return r;
    view.rows.v = row;
    view.rows.n = rows.n;
    if (access_allowed(viewer, CAP_BOARD_WRITE, rq->place, &s->scope))
        view.write = url_below(rq->arena, view.here, "/new");
    if (bulletin_is_open_affairs(&s->board))
        view.calendar = url_below(rq->arena, view.here, "/calendar");
    if (s->board.readers == READERS_EVERYBODY)
        view.feed = url_below(rq->arena, view.here, "/feed.atom");
    return respond_view(rq, bulletin_list, &view);
}

/* ---- one ------------------------------------------------------------------------------------------------------------------ */

enum { SHOW_BEFORE, SHOW_REPLY, SHOW_PARAMS };
static const struct param show_params[SHOW_PARAMS] = {
    [SHOW_BEFORE] = {.name = "before", .kind = PARAM_ID, .doc = "Paging: comments older than this id"},
    [SHOW_REPLY] = {.name = "reply", .kind = PARAM_ID, .doc = "The comment to answer"},
};

/* For whom it is: the names of the places; nothing when it is for everybody below. */
static enum result fill_audience(struct request *rq, struct str *ret_names)
{
    enum { SHOWN = 6 };
    struct str rest = entry_of(rq)->audience, code;
    struct buf names;
    size_t n = 0;

    buf_init(&names, rq->arena, 256, 4096);
    while (str_cut(&rest, ',', &code)) {
        struct place place;
        int64_t number;

        if (code.len == 0 || place_parse(code, &number) != OK)
            continue;
        if (n++ >= SHOWN)
            continue;
        enum result r = place_get(rq->db, number, &place);
        if (r != OK)
            return r;
        if (n > 1)
            buf_put(&names, rq->lang == LANG_EN ? STR(", ") : STR("、"));
        buf_put(&names, place_short_name(place.name));
    }
    *ret_names = n > SHOWN ? text_format(rq->arena, rq->lang, T_bulletin_for_more, TEXT_STR("names", buf_str(&names)),
                                         TEXT_INT("n", (int64_t)n))
               : n         ? text_format(rq->arena, rq->lang, T_bulletin_for, TEXT_STR("names", buf_str(&names)))
                           : STR_NONE;
    return OK;
}

/* Whether it is for the viewer to read and say so, and whether that was done. */
static enum result fill_receipt(struct request *rq, struct bulletin_show_view *view)
{
    const struct bulletin *b = bulletin_of(rq);
    const struct viewer *viewer = viewer_of(rq);

    if (b->weight == BULLETIN_PLAIN || !b->entry.listed)
        return OK;
    for (size_t i = 0; i < viewer->n_residences; i++) {
        const struct viewer_residence *home = &viewer->residence[i];
        struct sql_bulletin_receipt_mine mine;
        bool asked;
        enum result r;

        if (!home->verified || !entry_is_for(&b->entry, home->community))
            continue;
        r = bulletin_asks(rq->db, home->community, b->entry.id, home->estate, &asked);
        if (r == OK && !asked)
            continue;
        if (r == OK)
            r = sql_bulletin_receipt_mine(rq->db, home->community, b->entry.id, viewer->person, &mine);
        if (r != OK)
            return r;
        view->asked = true;
        if (mine.n)
            view->read_at = mine.at;
    }
    if (view->asked && !view->read_at)
        view->read = bulletin_here(rq, "/read");
    return OK;
}

static enum result fill_steps(struct request *rq, struct bulletin_show_view *view)
{
    const struct bulletin *b = bulletin_of(rq);
    const struct entry_actor actor = entry_actor_of(rq);
    const struct flow_step *steps[BULLETIN_ACTIONS];
    uint32_t roles;
    enum result r = bulletin_roles(rq->db, &actor, board_of(rq), b, &roles);

    if (r != OK || !actor.runs)
        return r;
    view->runs = true;
    view->act = bulletin_here(rq, "/act");
    view->history = b->entry.version > 1 ? bulletin_here(rq, "/history") : (struct url){STR_NONE};
    if (b->weight != BULLETIN_PLAIN && b->row.counted)
        view->readers = bulletin_here(rq, "/readers");
    if (b->state == BULLETIN_DRAFT || bulletin_is_out(b->state))
        view->edit = bulletin_here(rq, "/edit");
    size_t n = flow_legal(&bulletin_flow, (int)b->state, roles, steps, BULLETIN_ACTIONS);
    for (size_t i = 0; i < n; i++)
        switch (steps[i]->action) {
        case BULLETIN_SUBMIT: view->may_submit = board_of(rq)->review == BOARD_REVIEW_BEFORE; break;
        case BULLETIN_PUBLISH: view->may_publish = true; break;
        case BULLETIN_RETURN: view->may_return = true; break;
        case BULLETIN_RECALL: view->may_recall = true; break;
        case BULLETIN_PIN: view->may_pin = true; break;
        case BULLETIN_UNPIN: view->may_unpin = true; break;
        case BULLETIN_WITHDRAW:
            view->may_withdraw = b->state != BULLETIN_DRAFT;
            view->may_discard = b->state == BULLETIN_DRAFT;
            break;
        default: break;
        }
    view->own_review = b->state == BULLETIN_WAITING && !view->may_publish;
    return OK;
}

static enum result show_loaded(struct request *rq)
{
    const struct entry_subject *s = rq->subject;
    const struct bulletin *b = bulletin_of(rq);
    const struct entry *e = &s->entry;
    bool showing = rq->route->handle == bulletin_show;
    struct sql_bulletin_edited edited;
    struct person_label label;
    struct bulletin_show_view view = {
        .id = e->id,
        .title = e->title,
        .body = markdown_render(rq->arena, e->body),
        .state = bulletin_state_text(b->state),
        .out = bulletin_is_out(b->state),
        .weight = bulletin_weight_text(b->weight),
        .emergency = b->weight == BULLETIN_EMERGENCY,
        .at = e->published_at ? e->published_at : e->created_at,
        .publish_at = b->state == BULLETIN_DRAFT || b->state == BULLETIN_WAITING || b->state == BULLETIN_SCHEDULED
                        ? b->row.publish_at
                        : 0,
        .ends_at = e->ends_at,
        .read_by = (int32_t)b->row.read_by,
        .hidden = e->hidden,
        .reason = e->hidden_reason,
        .board = board_name(&s->of.board, rq->lang),
        .list = board_url(rq->arena, &s->of.board, rq->place),
        .print = bulletin_here(rq, "/print"),
    };
    enum result r = person_label(rq->db, e->author, rq->place, &label);

    if (r == OK)
        r = sql_bulletin_edited(rq->db, e->community, e->id, &edited);
    if (r == OK)
        r = entry_files_fill(rq, &view.files);
    if (r == OK)
        r = fill_audience(rq, &view.audience);
    if (r == OK)
        r = fill_receipt(rq, &view);
    if (r == OK)
        r = fill_steps(rq, &view);
    if (r == OK)
        r = entry_talk_fill(rq, showing ? param_int(rq, SHOW_BEFORE) : 0, showing ? param_int(rq, SHOW_REPLY) : 0,
                            &view.talk);
    if (r == OK)
        r = bulletin_questions_fill(rq, &view);
    if (r != OK)
        return r;
    if (view.talk.history.s.len) /* tells the same and more: one way is enough */
        view.history = (struct url){STR_NONE};
    if (e->published_at && edited.at > e->published_at)
        view.edited = edited.at;
    view.author = e->organisation ? e->author_from : label.name;
    view.initial = entry_initial(view.author);
    if (view.runs) { /* neighbours need not know who of the office it was, nor why it came back */
        view.writer = label.name;
        view.returned = b->state == BULLETIN_DRAFT ? b->row.returned : STR_NONE;
        view.withdrawn = b->row.withdrawn;
        view.hide = bulletin_here(rq, "/hide");
    }
    return respond_view(rq, bulletin_show, &view);
}

enum result bulletin_show(struct request *rq)
{
    enum result r = load_notice(rq); /* it comes again after a tap, which knows of the entry alone */

    return r == OK ? show_loaded(rq) : r;
}

/* ---- paper -------------------------------------------------------------------------------------------------------------------- */

static enum result print(struct request *rq)
{
    const struct entry_subject *s = rq->subject;
    const struct entry *e = &s->entry;
    struct bulletin_print_view view = {
        .title = e->title,
        .body = markdown_render(rq->arena, e->body),
        .from = e->author_from,
        .at = e->published_at ? e->published_at : rq->now,
        .draft = !e->listed,
        .code = bulletin_here(rq, "/code.svg"),
        .back = bulletin_here(rq, ""),
    };
    struct bulletin_print_documents *d;
    struct entry_files_view files;
    enum result r = fill_audience(rq, &view.audience);

    if (r == OK)
        r = entry_files_fill(rq, &files);
    if (r != OK)
        return r;
    d = arena_array(rq->arena, struct bulletin_print_documents, files.documents.n + 1);
    for (size_t i = 0; i < files.documents.n; i++)
        d[i] = (struct bulletin_print_documents){files.documents.v[i].name, files.documents.v[i].pages};
    view.documents.v = d;
    view.documents.n = files.documents.n;
    view.photos = (int64_t)files.photos.n;
    return respond_view(rq, bulletin_print, &view);
}

static enum result code(struct request *rq)
{
    struct str address, svg;
    enum result r = place_public_address(rq, &address);

    if (r == OK)
        r = qr_svg(rq->arena,
                   str_printf(rq->arena, STR_FMT STR_FMT, STR_ARG(address), STR_ARG(bulletin_here(rq, "").s)), &svg);
    return r == OK ? respond_bytes(rq, 200, STR("image/svg+xml"), svg) : r;
}

#define PARAMS(table) .params = table, .n_params = sizeof(table) / sizeof((table)[0])

const struct route bulletin_read_routes[BULLETIN_READ_ROUTES] = {
    {HTTP_GET, "/p/{place}/bulletin/{board:word}", "bulletin.list", .handle = list, .subject = &board_subject,
     .need = CAP_BOARD_READ, PARAMS(list_params), .view = &bulletin_list_info,
     .doc = "The notices of a board, what is pinned first, then the newest publication"},
    {HTTP_GET, "/p/{place}/bulletin/{board:word}/feed.atom", "bulletin.feed", .handle = bulletin_feed,
     .subject = &board_subject, .need = CAP_BOARD_READ,
     .doc = "The same as an Atom feed, of boards that everybody may read"},
    {HTTP_GET, "/p/{place}/bulletin/{board:word}/calendar", "bulletin.calendar", .handle = bulletin_calendar,
     .subject = &board_subject, .need = CAP_BOARD_READ, .view = &bulletin_calendar_info,
     .doc = "Of a board of open affairs: the accounts of which quarters are public, due or late"},
    {HTTP_GET, BULLETIN_ONE, "bulletin.show", .handle = bulletin_show, .subject = &entry_subject,
     .need = CAP_BOARD_READ, PARAMS(show_params), .view = &bulletin_show_info, .doc = "One notice with its comments"},
    {HTTP_GET, BULLETIN_ONE "/print", "bulletin.print", .handle = print, .subject = &bulletin_subject,
     .need = CAP_BOARD_READ, .view = &bulletin_print_info,
     .doc = "The notice on one A4 page, with a code that leads back to it"},
    {HTTP_GET, BULLETIN_ONE "/code.svg", "bulletin.code", .handle = code, .subject = &bulletin_subject,
     .need = CAP_BOARD_READ, .doc = "The code that leads to the notice, as an SVG"},
    {HTTP_POST, BULLETIN_ONE "/ask", "bulletin.ask", .handle = bulletin_ask_it, .subject = &bulletin_subject,
     .need = CAP_BOARD_TAKE_PART, .params = bulletin_ask_params, .n_params = 1, .flags = ROUTE_WRITE,
     .rate = RATE_WRITE, .again = bulletin_show,
     .doc = "Asks about accounts that are public; to be answered within 15 days"},
};
