/* routes.c: /p/{place}/search: one field over everything that a community can read: its own and what the places above wrote for it. */
#include "civic/search/search_page.h"

#include <stdlib.h>

#include "civic/board/board.h"
#include "civic/person/person.h"
#include "civic/person/person_find.h"
#include "civic/place/place_subject.h"
#include "civic/search/views/search_page.html.h"
#include "engine/base/time.h"

static const struct search_finder *const *finders; /* set once at start */
static size_t n_finders;
static const struct search_adviser *const *advisers; /* the same */
static size_t n_advisers;

void search_use(const struct search_finder *const *list, size_t n)
{
    finders = list;
    n_finders = n;
}

void search_use_advisers(const struct search_adviser *const *list, size_t n)
{
    advisers = list;
    n_advisers = n;
}

static const struct search_finder *finder_of(struct str kind)
{
    const struct search_finder *entries = NULL;

    for (size_t i = 0; i < n_finders; i++) {
        if (finders[i]->kind == NULL)
            entries = finders[i];
        else if (str_eq(kind, str_from_cstr(finders[i]->kind)))
            return finders[i];
    }
    return board_kind_of(kind) ? entries : NULL;
}

enum { PAGE = 20, EACH = 40, LEVELS = 4, SHOWN = 90, EXCERPT = 66 /* three lines of a phone */, ADVICE = 3 };
enum { S_Q, S_KIND, S_SINCE, S_PART, S_BEFORE, S_PARAMS };
enum { IN_TITLES, IN_TEXTS };
static const struct param params[S_PARAMS] = {
    [S_Q] = {.name = "q", .kind = PARAM_TEXT, .max = 60, .doc = "Words; all of them must be there"},
    [S_KIND] = {.name = "kind", .kind = PARAM_TEXT, .max = 30, .doc = "Of this kind of boards only"},
    [S_SINCE] = {.name = "since",
                 .kind = PARAM_CHOICE,
                 .choices = "ever,week,month,year",
                 .doc = "Not older than this"},
    [S_PART] = {.name = "part",
                .kind = PARAM_CHOICE,
                .choices = "titles,texts",
                .doc = "Paging: whether the titles with the words are still coming, or are behind"},
    [S_BEFORE] = {.name = "before", .kind = PARAM_ID, .doc = "Paging: hits older than this id"},
};

/* What may be asked for at all: each hit is looked at again by its finder. */
static enum search_visibility reach_of(struct request *rq)
{
    const struct subject_scope scope = {.place = rq->place, .board = true, .readers = READERS_RESIDENTS};

    return access_allowed(viewer_of(rq), CAP_BOARD_READ, rq->place, &scope) ? SEARCH_RESIDENTS : SEARCH_PUBLIC;
}

static int newest_first(const void *a, const void *b)
{
    const struct search_entry *x = a, *y = b;

    return x->subject > y->subject ? -1 : x->subject < y->subject;
}

/* Of the place and of those above it, in one order. ret_rest: there may be more. */
static enum result gather(struct request *rq, int part, int64_t before, struct search_hits *ret, bool *ret_rest)
{
    int64_t chain[LEVELS];
    size_t n = place_chain(rq->place, chain);

    ret->hit = arena_array(rq->arena, struct search_entry, LEVELS * EACH);
    ret->n = 0;
    *ret_rest = false;
    for (size_t i = 0; i < n; i++) {
        struct search_hits hits;
        const struct search_question question = {
            .words = param_text(rq, S_Q),
            .part = part == IN_TITLES ? SEARCH_BY_TITLE : SEARCH_BY_TEXT,
            .place = chain[i],
            .own = true,
            .visibility = reach_of(rq),
            .subject_kind = param_text(rq, S_KIND),
            .before = before,
            .limit = EACH,
        };
        enum result r = search_find(rq->db, &question, &hits);

        if (r != OK)
            return r;
        for (size_t k = 0; k < hits.n; k++)
            ret->hit[ret->n++] = hits.hit[k];
        *ret_rest |= hits.n == EACH;
    }
    if (ret->n)
        qsort(ret->hit, ret->n, sizeof(*ret->hit), newest_first);
    if (ret->n > EACH) { /* behind the last of a full list there may be some of it that are newer */
        ret->n = EACH;
        *ret_rest = true;
    }
    return OK;
}

/* The rows of a page as they come together. */
struct page {
    struct search_page_rows *row;
    size_t n;
    int part;     /* what was looked through last */
    int64_t last; /* and how far; 0: nothing of it yet */
    bool more;
    struct search_entry advice[ADVICE]; /* what stands on top of the first page, and on no page again */
    size_t n_advice;
};

/* One hit, when it is there for the viewer and young enough. */
static enum result add(struct request *rq, const struct search_entry *hit, struct page *page)
{
    static const int64_t spans[] = {0, 7 * TIME_DAY, 31 * TIME_DAY, 366 * TIME_DAY};
    int64_t span = spans[param_int(rq, S_SINCE)];
    const struct search_finder *finder = finder_of(hit->subject_kind);
    struct search_found found = {0};
    struct search_pieces title, text;
    enum result r = finder ? finder->open(rq, rq->place, hit, &found) : E_NOT_FOUND;

    if (r == E_NOT_FOUND || (r == OK && span && found.at && found.at < rq->now - span))
        return OK;
    if (r != OK)
        return r;
    search_mark(rq->arena, param_text(rq, S_Q), hit->title, SHOWN, &title);
    search_mark(rq->arena, param_text(rq, S_Q), markdown_plain(rq->arena, hit->text), EXCERPT, &text);
    struct search_page_rows_title *t = arena_array(rq->arena, struct search_page_rows_title, title.n + 1);
    struct search_page_rows_text *x = arena_array(rq->arena, struct search_page_rows_text, text.n + 1);
    for (size_t k = 0; k < title.n; k++)
        t[k] = (struct search_page_rows_title){title.piece[k].text, title.piece[k].hit};
    for (size_t k = 0; k < text.n; k++)
        x[k] = (struct search_page_rows_text){text.piece[k].text, text.piece[k].hit};
    page->row[page->n] = (struct search_page_rows){.url = found.url, .board = found.board, .at = found.at};
    page->row[page->n].title.v = t;
    page->row[page->n].title.n = title.n;
    page->row[page->n].text.v = x;
    page->row[page->n++].text.n = text.n;
    return OK;
}

static enum result advise(struct request *rq, struct page *page)
{
    struct str kind = param_text(rq, S_KIND);
    enum result r = OK;

    for (size_t i = 0; r == OK && i < n_advisers; i++) {
        size_t n = 0;

        if (kind.len && !str_eq(kind, str_from_cstr(advisers[i]->kind)))
            continue;
        r = advisers[i]->ask(rq, rq->place, param_text(rq, S_Q), ADVICE - page->n_advice, page->advice + page->n_advice,
                             &n);
        page->n_advice += n;
    }
    if (param_given(rq, S_BEFORE) || param_int(rq, S_PART) != IN_TITLES)
        return r;
    for (size_t i = 0; r == OK && i < page->n_advice; i++)
        r = add(rq, &page->advice[i], page);
    return r;
}

static bool advised(const struct page *page, const struct search_entry *hit)
{
    for (size_t i = 0; i < page->n_advice; i++)
        if (page->advice[i].community == hit->community && page->advice[i].subject == hit->subject)
            return true;
    return false;
}

/* Those whose titles have the words, then the others: each part newest first, at most one question to the index for each on a page. */
static enum result collect(struct request *rq, struct page *page)
{
    int64_t before = param_given(rq, S_BEFORE) ? param_int(rq, S_BEFORE) : 0;

    for (int part = (int)param_int(rq, S_PART); part <= IN_TEXTS; part++, before = 0) {
        struct search_hits hits;
        size_t i = 0;
        bool rest;
        enum result r = gather(rq, part, before, &hits, &rest);

        if (r != OK)
            return r;
        if (page->n == PAGE) { /* full with the end of a part: is there any of the next? */
            page->more = hits.n > 0;
            page->part = part;
            page->last = 0;
            return OK;
        }
        for (; i < hits.n && page->n < PAGE; i++) {
            page->last = hits.hit[i].subject;
            page->part = part;
            if (!advised(page, &hits.hit[i]) && (r = add(rq, &hits.hit[i], page)) != OK)
                return r;
        }
        if (rest || i < hits.n) {
            page->more = true;
            return OK;
        }
    }
    return OK;
}

static struct url next_page(struct request *rq, const struct page *page)
{
    static const char *const since[] = {"ever", "week", "month", "year"};
    struct url url = url_path(rq->arena, "/p/%" PRId64 "/search", rq->place);

    url = url_add(rq->arena, url, "q", param_text(rq, S_Q));
    if (param_given(rq, S_KIND))
        url = url_add(rq->arena, url, "kind", param_text(rq, S_KIND));
    if (param_int(rq, S_SINCE))
        url = url_add(rq->arena, url, "since", str_from_cstr(since[param_int(rq, S_SINCE)]));
    if (page->part == IN_TEXTS)
        url = url_add(rq->arena, url, "part", STR("texts"));
    return page->last ? url_add(rq->arena, url, "before", str_printf(rq->arena, "%" PRId64, page->last)) : url;
}

static enum result fill(struct request *rq, struct search_page_view *view)
{
    struct page page = {.row = arena_array(rq->arena, struct search_page_rows, PAGE)};
    enum result r = advise(rq, &page);

    if (r == OK)
        r = collect(rq, &page);
    if (r == E_INVALID) /* punctuation only */
        return OK;
    if (page.more)
        view->more = next_page(rq, &page);
    view->rows.v = page.row;
    view->rows.n = page.n;
    return r;
}

static enum result show(struct request *rq)
{
    struct str words = param_text(rq, S_Q);
    struct search_page_view view = {
        .query = words,
        .here = url_path(rq->arena, "/p/%" PRId64 "/search", rq->place),
        .home = url_path(rq->arena, "/p/%" PRId64, rq->place),
        .name = place_short_name(place_of(rq)->name),
        .looked = words.len > 0,
    };
    const struct board_kind *const *kind;
    size_t n = board_kinds(&kind);
    struct search_page_kinds *k = arena_array(rq->arena, struct search_page_kinds, n ? n : 1);
    enum result r = words.len ? fill(rq, &view) : OK;

    view.find_people = words.len &&
                       person_may_find(rq, rq->place); /* a step of its own: who looks for a person is written down */
    for (size_t i = 0; i < n; i++)
        k[i] = (struct search_page_kinds){str_from_cstr(kind[i]->word), kind[i]->name};
    view.kinds.v = k;
    view.kinds.n = n;
    form_default(rq, "kind", param_text(rq, S_KIND));
    form_default(rq, "since",
                 str_from_cstr((const char *const[]){"ever", "week", "month", "year"}[param_int(rq, S_SINCE)]));
    return r == OK ? respond_view(rq, search_page, &view) : r;
}

static const struct route routes[] = {
    {HTTP_GET, "/p/{place}/search", "search.page", .handle = show, .subject = &place_subject, .need = CAP_PUBLIC,
     .params = params, .n_params = S_PARAMS, .view = &search_page_info,
     .doc = "Searches what the viewer may read at a place: its own and what those above wrote for it"},
};
const struct module search_module = {.name = "search", .routes = routes, .n_routes = 1};
