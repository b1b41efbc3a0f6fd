/* routes_desk.c: /desk/hours: the committee puts lines of the books right that it keeps, and revokes certificates. Never its own lines. */
#include "civic/hours/certificate.h"

#include <stdlib.h>

#include "civic/access/access.h"
#include "civic/frame/frame.h"
#include "civic/hours/room.h"
#include "civic/hours/views/desk_hours.html.h"
#include "civic/hours/views/desk_hours_line.html.h"
#include "civic/hours/words.h"
#include "civic/person/person.h"
#include "civic/place/place_subject.h"

enum { PAGE = 40, REASON_MAX = HOURS_WHAT_MAX / 4 /* signs */ };

#define PARAMS(table) .params = table, .n_params = sizeof(table) / sizeof((table)[0])
#define WRITES .flags = ROUTE_WRITE | ROUTE_PERSONAL, .rate = RATE_WRITE

static int64_t organisation_of(struct request *rq)
{
    const struct viewer_post *post = desk_post(rq);

    return post ? post->organisation : 0;
}

/* ---- the book ------------------------------------------------------------------------------------------------------- */

enum { BOOK_DAY, BOOK_BEFORE, BOOK_PARAMS };
static const struct param book_params[BOOK_PARAMS] = {
    [BOOK_DAY] = {.name = "day", .kind = PARAM_DATE, .doc = "Only help of that day"},
    [BOOK_BEFORE] = {.name = "before", .kind = PARAM_ID, .doc = "Paging: lines older than this id"},
};

static struct url line_url(struct arena *a, int64_t line, const char *tail)
{
    return url_path(a, "/desk/hours/%" PRId64 "%s", line, tail);
}

/* The rows of both statements are the same. */
#define TAKE(row)                                                                      \
    ((struct desk_hours_lines){.id = (row).id,                                         \
                               .person = (row).shown_name,                             \
                               .what = (row).what,                                     \
                               .day = (int32_t)(row).day,                              \
                               .minutes = (row).minutes,                               \
                               .span = hours_span(rq->arena, rq->lang, (row).minutes), \
                               .corrected = (row).counters > 0,                        \
                               .url = line_url(rq->arena, (row).id, "")})

static int newest_first(const void *a, const void *b)
{
    const struct desk_hours_lines *x = a, *y = b;

    return x->id > y->id ? -1 : x->id < y->id;
}

/* Of every book that the committee answers for, the newest; one more than a page, so that it is known whether there are more. */
static enum result fill_lines(struct request *rq, int64_t before, int64_t day, struct desk_hours_lines **ret,
                              size_t *ret_n)
{
    int64_t kept[HOURS_BOOKS_MAX];
    struct desk_hours_lines *to;
    size_t n = 0, books;
    enum result r = hours_kept(rq->db, rq->place, kept, &books);

    if (r != OK)
        return r;
    to = arena_array(rq->arena, struct desk_hours_lines, (PAGE + 1) * (books + 1));
    for (size_t k = 0; r == OK && k < books; k++) {
        struct sql_hours_desk_day_rows of_day = {0};
        struct sql_hours_desk_rows rows = {0};

        r = day ? sql_hours_desk_day(rq->db, kept[k], day, before, PAGE + 1, &of_day)
                : sql_hours_desk(rq->db, kept[k], before, PAGE + 1, &rows);
        for (size_t i = 0; r == OK && i < of_day.n; i++)
            to[n++] = TAKE(of_day.row[i]);
        for (size_t i = 0; r == OK && i < rows.n; i++)
            to[n++] = TAKE(rows.row[i]);
    }
    if (books > 1)
        qsort(to, n, sizeof(*to), newest_first);
    *ret = to;
    *ret_n = n;
    return r;
}

/* Also behind a form that comes again: the form to revoke, which asks for no day. */
static enum result book(struct request *rq)
{
    bool listing = rq->route->handle == book;
    int64_t before = listing && param_given(rq, BOOK_BEFORE) ? param_int(rq, BOOK_BEFORE) : INT64_MAX;
    struct url here = url_path(rq->arena, "/desk/hours");
    struct desk_hours_view view = {0};
    struct desk_hours_lines *to;
    size_t n;
    enum result r;

    if (listing && param_given(rq, BOOK_DAY)) {
        view.day = (int32_t)param_int(rq, BOOK_DAY);
        form_default(rq, "day", day_iso(rq->arena, view.day));
        here = url_add(rq->arena, here, "day", day_iso(rq->arena, view.day));
    }
    r = fill_lines(rq, before, view.day, &to, &n);
    if (r != OK)
        return r;
    if (n > PAGE) {
        n = PAGE;
        view.more = url_add(rq->arena, here, "before", str_printf(rq->arena, "%" PRId64, to[n - 1].id));
    }
    view.lines.v = to;
    view.lines.n = n;
    return respond_view(rq, desk_hours, &view);
}

/* ---- one line --------------------------------------------------------------------------------------------------------- */

struct book_subject {
    struct subject_scope scope; /* first */
    int64_t book;               /* of the post's community, or of one that has become it */
    struct sql_hours_line_get line;
};

/* Of the books that the post's community keeps, and no counter-line: those stand with the line that they put right. */
static enum result load_line(struct request *rq)
{
    struct book_subject *s = arena_new(rq->arena, struct book_subject);
    const struct viewer_post *post = desk_post(rq);
    enum result r;

    rq->subject = s;
    if (post == NULL)
        return OK; /* the right is refused then */
    rq->place = post->place;
    s->scope.place = post->place;
    r = hours_find(rq->db, post->place, rq->path_id[0], &s->book, &s->line);
    return r == OK && s->line.corrects ? E_NOT_FOUND : r;
}

static const struct subject_kind book_line = {"hours_of_post", load_line};

static const struct sql_hours_line_get *line_of(const struct request *rq)
{
    return &((const struct book_subject *)rq->subject)->line;
}

static int64_t book_of(const struct request *rq)
{
    return ((const struct book_subject *)rq->subject)->book;
}

static bool is_own(const struct request *rq, const struct sql_hours_line_get *line)
{
    return line->helper == rq->person || line->helped == rq->person;
}

static enum result fill_counters(struct request *rq, struct desk_hours_line_view *view)
{
    const struct sql_hours_line_get *line = line_of(rq);
    struct sql_hours_counters_rows rows;
    struct desk_hours_line_counters *to;
    enum result r = sql_hours_counters(rq->db, book_of(rq), line->id, &rows);

    if (r != OK)
        return r;
    to = arena_array(rq->arena, struct desk_hours_line_counters, rows.n + 1);
    for (size_t i = 0; r == OK && i < rows.n; i++) {
        const struct sql_hours_counters *row = &rows.row[i];
        const struct hours_part part = {line->helper, line->helped, row->confirmed_by};

        view->stands += row->minutes;
        to[i] = (struct desk_hours_line_counters){
            .id = row->id,
            .minutes = row->minutes,
            .span = hours_span(rq->arena, rq->lang, row->minutes),
            .reason = row->reason,
            .by = row->shown_name,
            .at = row->at,
            .words = row->words,
            .waits = row->contested_at && row->answered_at == 0,
            .answer = row->answer,
            .restored = row->restored,
        };
        if (to[i].waits)
            r = hours_waits_for(rq, book_of(rq), row->id, &part, &to[i].who, &to[i].answer_it);
    }
    view->counters.v = to;
    view->counters.n = rows.n;
    return r;
}

static enum result show(struct request *rq)
{
    const struct sql_hours_line_get *line = line_of(rq);
    struct desk_hours_line_view view = {
        .id = line->id,
        .person = line->shown_name,
        .what = line->what,
        .day = (int32_t)line->day,
        .first = line->minutes,
        .stands = line->minutes,
        .own = is_own(rq, line),
        .correct = line_url(rq->arena, line->id, "/correct"),
    };
    struct place place;
    enum result r = fill_counters(rq, &view);

    if (r == OK && book_of(rq) != rq->place && (r = place_get(rq->db, book_of(rq), &place)) == OK)
        view.book = place.name;
    if (r != OK)
        return r;
    view.first_span = hours_span(rq->arena, rq->lang, view.first);
    view.stands_span = hours_span(rq->arena, rq->lang, view.stands);
    form_default(rq, "minutes", str_printf(rq->arena, "%" PRId64, view.stands));
    return respond_view(rq, desk_hours_line, &view);
}

enum { CORRECT_MINUTES, CORRECT_REASON, CORRECT_PARAMS };
static const struct param correct_params[CORRECT_PARAMS] = {
    [CORRECT_MINUTES] = {.name = "minutes",
                         .kind = PARAM_INT,
                         .required = true,
                         .min = 0,
                         .max = HOURS_LINE_MAX,
                         .doc = "What the line says from now on; 0: it was nothing"},
    [CORRECT_REASON] = {.name = "reason",
                        .kind = PARAM_TEXT,
                        .required = true,
                        .min = 2,
                        .max = REASON_MAX,
                        .doc = "Why; the helper reads it"},
};

static enum result correct(struct request *rq)
{
    const struct sql_hours_line_get *line = line_of(rq);
    enum result r = hours_correct(rq->db, book_of(rq), line->id, param_int(rq, CORRECT_MINUTES),
                                  param_text(rq, CORRECT_REASON), rq->person, organisation_of(rq), rq->now);

    if (r == E_DENIED)
        return request_refuse(rq, r, T_hours_desk_own);
    if (r == E_CONFLICT)
        return request_invalid(rq, "minutes", T_hours_desk_same);
    return r == OK ? respond_see_other(rq, line_url(rq->arena, line->id, ""), T_hours_desk_done) : r;
}

/* ---- certificates ---------------------------------------------------------------------------------------------------------- */

enum { REVOKE_NUMBER, REVOKE_WHY, REVOKE_PARAMS };
static const struct param revoke_params[REVOKE_PARAMS] = {
    [REVOKE_NUMBER] =
        {.name = "number", .kind = PARAM_TEXT, .required = true, .max = 60, .doc = "As it stands on the paper"},
    [REVOKE_WHY] = {.name = "why",
                    .kind = PARAM_TEXT,
                    .required = true,
                    .min = 2,
                    .max = REASON_MAX,
                    .doc = "Why; the helper reads it"},
};

static enum result revoke(struct request *rq)
{
    struct certificate c;
    char code[CERTIFICATE_CODE + 1];
    int64_t community, keeper;
    enum result r = E_NOT_FOUND;

    if (certificate_number_parse(param_text(rq, REVOKE_NUMBER), &community, code)) {
        r = place_heir(rq->db, community, &keeper);
        if (r == OK)
            r = keeper == rq->place ? certificate_find(rq->db, community, (struct str){code, CERTIFICATE_CODE}, &c)
                                    : E_NOT_FOUND;
    }
    if (r == E_NOT_FOUND)
        return request_invalid(rq, "number", T_hours_desk_number_unknown);
    if (r == OK && c.person == rq->person)
        return request_refuse(rq, E_DENIED, T_hours_desk_own);
    if (r == OK)
        r = certificate_revoke(rq->db, community, c.id, "staff", param_text(rq, REVOKE_WHY), rq->person,
                               organisation_of(rq), rq->now);
    if (r == E_CONFLICT)
        return request_invalid(rq, "number", T_hours_certificate_void);
    if (r == OK)
        r = hours_tell(rq->db, community, c.person, T_hours_tell_revoked,
                       certificate_number(rq->arena, community, c.code), c.id, rq->now);
    return r == OK ? respond_see_other(rq, url_path(rq->arena, "/desk/hours"), T_hours_desk_revoked) : r;
}

/* ---- the module ---------------------------------------------------------------------------------------------------------------- */

#define BOOK(subject_) .subject = &(subject_), .need = CAP_HOURS_CORRECT

static const struct route routes[] = {
    {HTTP_GET, "/desk/hours", "hours.desk", .handle = book, BOOK(place_of_post), PARAMS(book_params),
     .flags = ROUTE_PERSONAL, .view = &desk_hours_info,
     .doc = "The book of helpers' hours of the community, for its committee"},
    {HTTP_POST, "/desk/hours/revoke", "hours.desk.revoke", .handle = revoke, BOOK(place_of_post), PARAMS(revoke_params),
     WRITES, .again = book, .doc = "Revokes a certificate, with a reason that its helper reads"},
    {HTTP_GET, "/desk/hours/{line}", "hours.desk.line", .handle = show, BOOK(book_line), .flags = ROUTE_PERSONAL,
     .view = &desk_hours_line_info, .doc = "One line, what has put it right, what its helper says"},
    {HTTP_POST, "/desk/hours/{line}/correct", "hours.desk.correct", .handle = correct, BOOK(book_line),
     PARAMS(correct_params), WRITES, .again = show, .doc = "A counter-line with its reason; never on one's own hours"},
};
const struct module hours_desk_module = {
    .name = "hours_desk", .routes = routes, .n_routes = sizeof(routes) / sizeof(routes[0])};

static const struct desk_item items[] = {
    {T_hours_desk, T_place_desk_group, "/desk/hours", CAP_HOURS_CORRECT, NULL},
    {T_hours_contests, T_place_desk_group, "/desk/contests", CAP_HOURS_ANSWER, hours_count_contests},
};
const struct desk_table hours_desk = {items, sizeof(items) / sizeof(items[0])};
