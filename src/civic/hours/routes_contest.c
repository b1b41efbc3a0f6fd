/* routes_contest.c: /desk/contests: helpers who do not agree with a correction, for whoever it falls to: the committee, or an office above it when the committee has
 * nobody without a part in it. */
#include "civic/access/access.h"
#include "civic/frame/frame.h"
#include "civic/hours/room.h"
#include "civic/hours/views/desk_contest.html.h"
#include "civic/hours/views/desk_contests.html.h"
#include "civic/hours/words.h"
#include "civic/person/person.h"
#include "civic/place/place_subject.h"

enum { REASON_MAX = HOURS_WHAT_MAX / 4 /* signs */ };

static struct url contest_url(struct arena *a, int64_t book, int64_t counter)
{
    return url_path(a, "/desk/contests/%" PRId64 "/%" PRId64, book, counter);
}

enum result hours_waits_for(struct request *rq, int64_t book, int64_t counter, const struct hours_part *part,
                            struct str *ret_who, struct url *ret_url)
{
    const struct viewer_post *post = desk_post(rq);
    struct organisation office;
    int64_t place;
    bool somebody;
    enum result r = hours_answerer(rq->db, book, part, rq->now, &place, &somebody);

    if (r != OK)
        return r;
    *ret_url = somebody && post && post->place == place && !hours_has_part(part, rq->person)
                 ? contest_url(rq->arena, book, counter)
                 : (struct url){0};
    *ret_who = text(rq->lang, T_hours_contest_nobody);
    if (!somebody)
        return OK;
    r = organisation_head_of(rq->db, place, &office);
    if (r == E_NOT_FOUND) {
        *ret_who = text(rq->lang, T_hours_contest_waits);
        return OK;
    }
    if (r == OK)
        *ret_who = text_format(rq->arena, rq->lang,
                               place_level_of(place) == PLACE_COMMUNITY ? T_hours_contest_waits_who
                                                                        : T_hours_contest_up,
                               TEXT_STR("who", office.name));
    return r;
}

/* ---- the queue ---------------------------------------------------------------------------------------------------------- */

static enum result list(struct request *rq)
{
    struct hours_contested *row;
    struct desk_contests_view view = {0};
    struct desk_contests_rows *to;
    size_t n;
    enum result r = hours_contests_of(rq->db, rq->place, rq->person, rq->now, &row, &n);

    if (r != OK)
        return r;
    to = arena_array(rq->arena, struct desk_contests_rows, n + 1);
    for (size_t i = 0; r == OK && i < n; i++) {
        struct place place;

        to[i] = (struct desk_contests_rows){
            .words = str_utf8_cut(row[i].words, 80),
            .at = row[i].at,
            .person = row[i].person,
            .what = row[i].what,
            .minutes = row[i].minutes,
            .span = hours_span(rq->arena, rq->lang, row[i].minutes),
            .url = contest_url(rq->arena, row[i].book, row[i].counter),
        };
        if (row[i].book != rq->place && (r = place_get(rq->db, row[i].book, &place)) == OK)
            to[i].place = place_short_name(place.name);
    }
    view.rows.v = to;
    view.rows.n = n;
    return r == OK ? respond_view(rq, desk_contests, &view) : r;
}

enum result hours_count_contests(struct request *rq, const struct viewer_post *post, int64_t *ret_waiting,
                                 int64_t *ret_late)
{
    struct hours_contested *row;
    size_t n = 0;
    enum result r = hours_contests_of(rq->db, post->place, rq->person, rq->now, &row, &n);

    *ret_waiting = (int64_t)n;
    *ret_late = 0;
    return r;
}

/* ---- one of them ---------------------------------------------------------------------------------------------------------- */

struct contest_subject {
    struct subject_scope scope; /* first; its place: who answers */
    int64_t book, counter;
    struct hours_part part;
    struct sql_hours_contest_get contest;
    struct sql_hours_line_get line;
};

static enum result load_contest(struct request *rq)
{
    struct contest_subject *s = arena_new(rq->arena, struct contest_subject);
    bool somebody;
    enum result r = sql_hours_contest_get(rq->db, rq->path_id[0], rq->path_id[1], &s->contest);

    if (r == OK)
        r = sql_hours_line_get(rq->db, rq->path_id[0], s->contest.corrects, &s->line);
    if (r != OK)
        return r;
    s->book = rq->path_id[0];
    s->counter = rq->path_id[1];
    s->part = (struct hours_part){s->contest.helper, s->contest.helped, s->contest.confirmed_by};
    r = hours_answerer(rq->db, s->book, &s->part, rq->now, &s->scope.place, &somebody);
    rq->place = s->scope.place;
    rq->subject = s;
    return r;
}

static const struct subject_kind contested = {"hours_contest", load_contest};

static enum result show(struct request *rq)
{
    const struct contest_subject *s = rq->subject;
    const struct sql_hours_contest_get *c = &s->contest;
    struct sql_hours_counters_rows rows;
    struct place place;
    struct desk_contest_view view = {
        .person = s->line.shown_name,
        .what = s->line.what,
        .day = (int32_t)s->line.day,
        .first = s->line.minutes,
        .first_span = hours_span(rq->arena, rq->lang, s->line.minutes),
        .minutes = c->minutes,
        .span = hours_span(rq->arena, rq->lang, c->minutes),
        .reason = c->reason,
        .made_at = c->made_at,
        .words = c->words,
        .at = c->at,
        .open = c->answered_at == 0,
        .may = c->answered_at == 0 && !hours_has_part(&s->part, rq->person),
        .answer = c->answer,
        .restored = c->restored,
        .action = contest_url(rq->arena, s->book, s->counter),
    };
    enum result r = place_get(rq->db, s->book, &place);

    if (r == OK)
        r = sql_hours_counters(rq->db, s->book, c->corrects, &rows);
    if (r != OK)
        return r;
    for (size_t i = 0; i < rows.n; i++)
        if (rows.row[i].id == s->counter)
            view.by = rows.row[i].shown_name;
    view.place = place.name;
    if (place_level_of(rq->place) != PLACE_COMMUNITY)
        view.handed = true;
    else
        view.line = url_path(rq->arena, "/desk/hours/%" PRId64, c->corrects);
    return respond_view(rq, desk_contest, &view);
}

enum { ANSWER_WORDS, ANSWER_DECISION, ANSWER_PARAMS }; /* as they stand on the page */
static const struct param answer_params[ANSWER_PARAMS] = {
    [ANSWER_DECISION] = {.name = "decision",
                         .kind = PARAM_CHOICE,
                         .choices = "keep,restore",
                         .required = true,
                         .doc = "The correction stands, or is taken back"},
    [ANSWER_WORDS] = {.name = "words",
                      .kind = PARAM_LINES,
                      .required = true,
                      .min = 2,
                      .max = REASON_MAX,
                      .doc = "Why; the helper reads it"},
};

static enum result answer(struct request *rq)
{
    const struct contest_subject *s = rq->subject;
    const struct viewer_post *post = viewer_post_over(viewer_of(rq), rq->place);
    enum result r = hours_contest_answer(rq->db, s->book, s->counter, param_int(rq, ANSWER_DECISION) == 1,
                                         param_text(rq, ANSWER_WORDS), rq->person, post ? post->organisation : 0,
                                         rq->now);

    if (r == E_DENIED)
        return request_refuse(rq, r, T_hours_desk_not_you);
    if (r == E_CONFLICT)
        return request_refuse(rq, r, T_hours_answered_before);
    return r == OK ? respond_see_other(rq, contest_url(rq->arena, s->book, s->counter), T_hours_desk_answered) : r;
}

/* ---- the module -------------------------------------------------------------------------------------------------------------- */

static const struct route routes[] = {
    {HTTP_GET, "/desk/contests", "hours.contests", .handle = list, .subject = &place_of_post, .need = CAP_HOURS_ANSWER,
     .flags = ROUTE_PERSONAL, .view = &desk_contests_info,
     .doc = "Helpers who do not agree with a correction, and whom the viewer's office has to answer"},
    {HTTP_GET, "/desk/contests/{place}/{counter}", "hours.contested", .handle = show, .subject = &contested,
     .need = CAP_HOURS_ANSWER, .flags = ROUTE_PERSONAL, .view = &desk_contest_info,
     .doc = "One of them: the entry, the correction, what the helper says"},
    {HTTP_POST, "/desk/contests/{place}/{counter}", "hours.answer", .handle = answer, .subject = &contested,
     .need = CAP_HOURS_ANSWER, .params = answer_params, .n_params = ANSWER_PARAMS,
     .flags = ROUTE_WRITE | ROUTE_PERSONAL, .rate = RATE_WRITE, .again = show,
     .doc = "Answers them; not by who made the correction"},
};
const struct module hours_contest_module = {
    .name = "hours_contest", .routes = routes, .n_routes = sizeof(routes) / sizeof(routes[0])};
