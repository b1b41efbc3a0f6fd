/* routes_read.c: the pages of the board that everybody may read. */
#include "boards/report/routes.h"

#include "boards/report/views/report_list.html.h"
#include "boards/report/views/report_sent.html.h"
#include "boards/report/views/report_show.html.h"
#include "civic/access/access.h"
#include "civic/calendar/words.h"
#include "civic/media/media.h"
#include "civic/party/party.h"
#include "civic/person/person.h"
#include "civic/place/place.h"
#include "civic/search/search.h"
#include "civic/service/service.h"

enum { PAGE = 20, COMMENTS = 30 };

/* ---- GET /p/{place}/report ---- */

enum { LIST_STATE, LIST_CATEGORY, LIST_ESTATE, LIST_BEFORE, LIST_QUERY, LIST_PARAMS };
static const struct param list_params[LIST_PARAMS] = {
    [LIST_STATE] =
        {.name = "state",
         .kind = PARAM_CHOICE,
         .choices = "all,open,reported,confirming,closed,mine,followed",
         .doc = "Which reports: all, open, waiting for an answer, waiting for the reporter, closed, mine, followed"},
    [LIST_CATEGORY] = {.name = "category", .kind = PARAM_TEXT, .max = 40, .doc = "Code of a category"},
    [LIST_ESTATE] = {.name = "estate", .kind = PARAM_ID, .doc = "Only of this estate"},
    [LIST_BEFORE] = {.name = "before", .kind = PARAM_ID, .doc = "Paging: reports older than this id"},
    [LIST_QUERY] = {.name = "q", .kind = PARAM_TEXT, .max = 60, .doc = "Words to search for"},
};

enum filter { F_ALL, F_OPEN, F_REPORTED, F_CONFIRMING, F_CLOSED, F_MINE, F_FOLLOWED, F_COUNT };
static const struct {
    const char *word;
    enum text label;
    bool personal;
} filters[F_COUNT] = {
    [F_ALL] = {"all", T_report_list_all, false},
    [F_OPEN] = {"open", T_report_list_open, false},
    [F_REPORTED] = {"reported", T_report_list_reported, false},
    [F_CONFIRMING] = {"confirming", T_report_list_confirming, false},
    [F_CLOSED] = {"closed", T_report_list_closed, false},
    [F_MINE] = {"mine", T_report_list_mine, true},
    [F_FOLLOWED] = {"followed", T_report_list_followed, true},
};

/* All statements of pages have the columns of report_page; this says so to the compiler. */
#define SAME_ROWS(NAME)                                                                                  \
    _Static_assert(sizeof(struct sql_##NAME) == sizeof(struct sql_report_page),                          \
                   #NAME " has the columns of report_page");                                             \
    static enum result take_##NAME(enum result r, const struct sql_##NAME##_rows *rows, struct arena *a, \
                                   struct sql_report_page_rows *ret)                                     \
    {                                                                                                    \
        ret->n = r == OK ? rows->n : 0;                                                                  \
        ret->row = arena_array(a, struct sql_report_page, ret->n ? ret->n : 1);                          \
        if (ret->n)                                                                                      \
            memcpy(ret->row, rows->row, ret->n * sizeof(*ret->row));                                     \
        return r;                                                                                        \
    }
SAME_ROWS(report_page_state)
SAME_ROWS(report_page_open)
SAME_ROWS(report_page_mine)
SAME_ROWS(report_page_followed)

static enum result fetch(struct request *rq, enum filter filter, struct str category, int64_t estate, int64_t before,
                         struct sql_report_page_rows *ret)
{
    const int64_t person = viewer_of(rq)->person;

    switch (filter) {
    case F_OPEN: {
        struct sql_report_page_open_rows rows;
        return take_report_page_open(sql_report_page_open(rq->db, rq->place, before, category, estate, PAGE + 1, &rows),
                                     &rows, rq->arena, ret);
    }
    case F_REPORTED:
    case F_CONFIRMING:
    case F_CLOSED: {
        struct sql_report_page_state_rows rows;
        return take_report_page_state(sql_report_page_state(rq->db, rq->place, str_from_cstr(filters[filter].word),
                                                            before, category, estate, PAGE + 1, &rows),
                                      &rows, rq->arena, ret);
    }
    case F_MINE: {
        struct sql_report_page_mine_rows rows;
        return take_report_page_mine(sql_report_page_mine(rq->db, rq->place, person, before, PAGE + 1, &rows), &rows,
                                     rq->arena, ret);
    }
    case F_FOLLOWED: {
        struct sql_report_page_followed_rows rows;
        return take_report_page_followed(sql_report_page_followed(rq->db, rq->place, person, before, PAGE + 1, &rows),
                                         &rows, rq->arena, ret);
    }
    default: return sql_report_page(rq->db, rq->place, before, category, estate, PAGE + 1, ret);
    }
}

/* What the words find, in the order of time; the search answers with ids, the rows are read one by one. */
static enum result find(struct request *rq, struct str words, int64_t before, struct sql_report_page_rows *ret)
{
    struct search_hits hits;
    const struct search_question question = {
        .words = words,
        .place = rq->place,
        .visibility = SEARCH_PUBLIC,
        .subject_kind = STR("report"),
        .before = before == INT64_MAX ? 0 : before,
        .limit = PAGE + 1,
    };
    enum result r = search_find(rq->db, &question, &hits);

    if (r == E_INVALID) { /* punctuation only: nothing is found */
        hits.n = 0;
        r = OK;
    }
    if (r != OK)
        return r;
    ret->row = arena_array(rq->arena, struct sql_report_page, hits.n ? hits.n : 1);
    ret->n = 0;
    for (size_t i = 0; i < hits.n; i++) {
        struct sql_report_page_one row;

        r = sql_report_page_one(rq->db, rq->place, hits.hit[i].subject, &row);
        if (r == E_NOT_FOUND)
            continue;
        if (r != OK)
            return r;
        _Static_assert(sizeof(row) == sizeof(*ret->row), "report_page_one has the columns of report_page");
        memcpy(&ret->row[ret->n++], &row, sizeof(row));
    }
    return OK;
}

static enum result report_list(struct request *rq)
{
    struct str category = param_text(rq, LIST_CATEGORY), words = param_text(rq, LIST_QUERY);
    int64_t estate = param_int(rq, LIST_ESTATE),
            before = param_given(rq, LIST_BEFORE) ? param_int(rq, LIST_BEFORE) : INT64_MAX;
    enum filter filter = param_given(rq, LIST_STATE) ? (enum filter)param_int(rq, LIST_STATE) : F_ALL;
    struct url here = url_path(rq->arena, "/p/%" PRId64 "/report", rq->place), with;
    struct report_list_filters *f = arena_array(rq->arena, struct report_list_filters, F_COUNT);
    struct report_list_categories *c;
    struct report_list_estates *e;
    struct estate_names estates;
    struct report_list_view view = {.place = rq->place,
                                    .category = category,
                                    .query = words,
                                    .part = words.len || category.len || estate || filter != F_ALL,
                                    .list = here};
    struct sql_report_page_rows rows;
    const struct categories *categories;
    struct report_row_view *row;
    struct place place;
    bool guest = viewer_of(rq)->person == 0;
    size_t n = 0;
    enum result r;

    if (filters[filter].personal && guest)
        return E_DENIED;
    categories_ahead(rq->db);
    estate_names_ahead(rq->db, rq->place);
    r = words.len ? find(rq, words, before, &rows) : fetch(rq, filter, category, estate, before, &rows);
    if (r == OK)
        r = categories_now(rq->db, &categories);
    if (r == OK)
        r = estate_names(rq->db, rq->place, &estates);
    if (r == OK)
        r = place_get(rq->db, rq->place, &place);
    if (r != OK)
        return r;
    if (rows.n > PAGE) {
        struct url older = here;

        rows.n = PAGE;
        if (filter != F_ALL)
            older = url_add(rq->arena, older, "state", str_from_cstr(filters[filter].word));
        if (category.len)
            older = url_add(rq->arena, older, "category", category);
        if (estate)
            older = url_add(rq->arena, older, "estate", str_printf(rq->arena, "%" PRId64, estate));
        if (words.len)
            older = url_add(rq->arena, older, "q", words);
        view.more = url_add(rq->arena, older, "before", str_printf(rq->arena, "%" PRId64, rows.row[PAGE - 1].id));
    }
    if ((r = report_rows(rq, rq->place, &rows, categories, &row)) != OK)
        return r;
    for (enum filter i = F_ALL; i < F_COUNT; i++)
        if (!filters[i].personal || !guest)
            f[n++] = (struct report_list_filters){
                .label = filters[i].label,
                .url = i == F_ALL ? here : url_add(rq->arena, here, "state", str_from_cstr(filters[i].word)),
                .active = i == filter && words.len == 0,
            };
    c = arena_array(rq->arena, struct report_list_categories, categories->n ? categories->n : 1);
    with = filter == F_ALL ? here : url_add(rq->arena, here, "state", str_from_cstr(filters[filter].word));
    e = arena_array(rq->arena, struct report_list_estates, estates.n ? estates.n : 1);
    for (size_t i = 0; i < estates.n; i++) {
        struct str id = str_printf(rq->arena, "%" PRId64, estates.estate[i].id);

        e[i] = (struct report_list_estates){
            .id = estates.estate[i].id,
            .name = estates.estate[i].name,
            .url = url_add(rq->arena, category.len ? url_add(rq->arena, with, "category", category) : with, "estate",
                           id),
            .active = estates.estate[i].id == estate,
        };
    }
    if (estate)
        with = url_add(rq->arena, with, "estate", str_printf(rq->arena, "%" PRId64, estate));
    for (size_t i = 0; i < categories->n; i++)
        c[i] = (struct report_list_categories){
            .code = categories->category[i].code,
            .name = category_name_in(&categories->category[i], rq->lang),
            .url = url_add(rq->arena, with, "category", categories->category[i].code),
            .active = str_eq(categories->category[i].code, category),
        };
    view.name = place_short_name(place.name);
    view.filters.v = f;
    view.filters.n = n;
    view.categories.v = c;
    view.categories.n = categories->n;
    view.estates.v = e;
    view.estates.n = estates.n > 1 ? estates.n : 0; /* nothing to choose */
    view.rows.v = row;
    view.rows.n = rows.n;
    if (guest || access_allowed(viewer_of(rq), CAP_RESIDENT, rq->place, NULL))
        view.write = url_path(rq->arena, "/p/%" PRId64 "/report/new", rq->place);
    return respond_view(rq, report_list, &view);
}

/* ---- GET /p/{place}/report/{id} ---- */

enum { SHOW_BEFORE, SHOW_PARAMS };
static const struct param show_params[SHOW_PARAMS] = {
    [SHOW_BEFORE] = {.name = "before", .kind = PARAM_ID, .doc = "Paging: comments older than this id"},
};

static enum result fill_photos(struct request *rq, int64_t id, struct report_show_view *view)
{
    struct report_show_before *before;
    struct report_show_after *after;
    struct media_list media;
    size_t n_before = 0, n_after = 0;
    enum result r = media_of_subject(rq->db, rq->place, STR("report"), id, &media);

    if (r != OK)
        return r;
    before = arena_array(rq->arena, struct report_show_before, media.n ? media.n : 1);
    after = arena_array(rq->arena, struct report_show_after, media.n ? media.n : 1);
    for (size_t i = 0; i < media.n; i++) {
        const struct media *m = &media.media[i];
        struct url full = url_path(rq->arena, "/media/%" PRId64 "/%" PRId64, rq->place, m->id);
        struct url thumb = url_path(rq->arena, "/media/%" PRId64 "/%" PRId64 "/thumb", rq->place, m->id);

        if (m->hidden)
            continue;
        if (m->stage == MEDIA_STAGE_AFTER || m->stage == MEDIA_STAGE_PROOF)
            after[n_after++] = (struct report_show_after){full, thumb, text(rq->lang, T_report_photo_after)};
        else
            before[n_before++] = (struct report_show_before){full, thumb, text(rq->lang, T_report_photo_before)};
    }
    view->before.v = before;
    view->before.n = n_before;
    view->after.v = after;
    view->after.n = n_after;
    return OK;
}

/* Done: what it looks like now stands beside what it looked like. Pictures of the committee's own, or the proof of those who did it, without that of an
 * attempt which was refused. */
static void fill_after(struct request *rq, const struct report_timeline_view *timeline, struct report_show_view *view)
{
    struct report_show_after *after;
    size_t n = 0, shown = 0;

    for (size_t i = 0; i < timeline->steps.n && timeline->steps.v[i].verb != T_report_verb_reopened; i++)
        n += timeline->steps.v[i].photos.n;
    if (n == 0 || view->after.n)
        return;
    after = arena_array(rq->arena, struct report_show_after, n);
    for (size_t i = 0; i < timeline->steps.n && timeline->steps.v[i].verb != T_report_verb_reopened; i++)
        for (size_t k = 0; k < timeline->steps.v[i].photos.n; k++) {
            const struct report_timeline_steps_photos *photo = &timeline->steps.v[i].photos.v[k];

            after[shown++] = (struct report_show_after){photo->full, photo->thumb,
                                                        text(rq->lang, T_report_photo_after)};
        }
    view->after.v = after;
    view->after.n = shown;
}

/* The first of before and after stand side by side; here are the others, and all of them while there is nothing to compare. */
static void fill_more_photos(struct request *rq, struct report_show_view *view)
{
    struct report_show_more_photos *more = arena_array(rq->arena, struct report_show_more_photos,
                                                       view->before.n + view->after.n + 1);
    size_t n = 0;

    for (size_t i = view->after.n ? 1 : 0; i < view->before.n; i++)
        more[n++] = (struct report_show_more_photos){view->before.v[i].full, view->before.v[i].thumb,
                                                     view->before.v[i].alt};
    for (size_t i = 1; i < view->after.n; i++)
        more[n++] = (struct report_show_more_photos){view->after.v[i].full, view->after.v[i].thumb,
                                                     view->after.v[i].alt};
    view->more_photos.v = more;
    view->more_photos.n = n;
}

static enum result fill_comments(struct request *rq, int64_t id, bool staff, struct report_show_view *view)
{
    int64_t before = rq->route->params == show_params && param_given(rq, SHOW_BEFORE) ? param_int(rq, SHOW_BEFORE)
                                                                                      : INT64_MAX;
    struct sql_report_comments_rows rows;
    struct report_show_comments *c;
    enum result r = sql_report_comments(rq->db, rq->place, id, before, COMMENTS + 1, &rows);

    if (r != OK)
        return r;
    if (rows.n > COMMENTS) {
        rows.n = COMMENTS;
        view->more_comments = url_add(rq->arena, view->self, "before",
                                      str_printf(rq->arena, "%" PRId64, rows.row[COMMENTS - 1].id));
    }
    c = arena_array(rq->arena, struct report_show_comments, rows.n ? rows.n : 1);
    for (size_t i = 0; i < rows.n; i++) {
        struct str name = rows.row[i].shown_name.len ? rows.row[i].shown_name : text(rq->lang, T_report_somebody);

        c[i] = (struct report_show_comments){
            .id = rows.row[i].id,
            .author = name,
            .from = rows.row[i].building_name,
            .initial = report_initial(name),
            .party_badge = rows.row[i].party_badge && rows.row[i].organisation == 0,
            .at = rows.row[i].created_at,
            .body = rows.row[i].body,
            .hidden = rows.row[i].hidden && !staff,
            .held = rows.row[i].hidden && rows.row[i].hidden_reason.len == 0 && rq->person &&
                    rows.row[i].author == rq->person,
            .history = moderation_history_url(rq, rq->place, "report_comment", rows.row[i].id),
        };
        if (c[i].hidden)
            c[i].body = STR_NONE;
        else if (!rows.row[i].hidden && viewer_residence_in(viewer_of(rq), rq->place) &&
                 viewer_residence_in(viewer_of(rq), rq->place)->verified && rows.row[i].author != rq->person)
            c[i].flag = moderation_flag_url(rq->arena, rq->place, "report_comment", rows.row[i].id);
        if (rows.row[i].organisation) {
            /* In office: the body speaks, and the post says who of it. Names are for neighbours. */
            c[i].official = true;
            c[i].author = rows.row[i].organisation_name;
            c[i].from = rows.row[i].post_title.len ? rows.row[i].post_title
                                                   : text(rq->lang, role_text(role_from_word(rows.row[i].post_role)));
            c[i].initial = report_initial(rows.row[i].organisation_name);
        }
    }
    view->comments.v = c;
    view->comments.n = rows.n;
    return OK;
}

/* What a guest's copy was made from. Words such as "in 3 hours" are in it too, so it is good for the minute. */
static int64_t version_of(const struct request *rq, const struct sql_report_get *report)
{
    return report->changed_at * 31 + rq->now / TIME_MINUTE + report->thumbs * 7 + report->comments;
}

enum result report_show(struct request *rq)
{
    const struct report_subject *subject = rq->subject;
    const struct sql_report_get *report = &subject->report;
    const struct viewer *viewer = viewer_of(rq);
    struct report_actor actor = report_actor_of(rq, &subject->scope);
    const struct viewer_residence *home = viewer_residence_in(viewer, rq->place);
    bool staff = access_allowed(viewer, CAP_REPORT_STAFF, rq->place, &subject->scope);
    bool resident = actor.who & WHO_RESIDENT, final = report->closed_at != 0;
    struct report_times times = {report->state,       report->outcome,   report->answer_due, report->due_at,
                                 report->confirm_due, report->closed_at, report->reported_at};
    struct sql_report_taps taps = {0};
    struct person_label author = {0};
    struct url self = report_url(rq->arena, rq->place, report->id);
    struct report_show_view view = {
        .id = report->id,
        .place = rq->place,
        .number = report->number,
        .title = report->title,
        .body = report->body,
        .reported = report->reported_at,
        .where = report->spot,
        .state = report_mark(rq, &times).word,
        .hidden = report->hidden,
        .hidden_reason = report->hidden_reason,
        .joined = report->joined,
        .thumbs = report->thumbs,
        .comments_total = report->comments,
        .rating = report->rating,
        .rating_text = report->rating_text,
        .from = report->author_from,
        .self = self,
        .mine = report->author == viewer->person && viewer->person,
        .emergency = report->grade == 0 && !final,
    };
    const struct categories *categories;
    enum result r;

    view.held = report->hidden && report->hidden_reason.len == 0;
    if (report->hidden && !view.held && view.mine)
        view.appeal = url_path(rq->arena, "/me/measures");
    if (resident && !view.mine && !report->hidden)
        view.flag = moderation_flag_url(rq->arena, rq->place, "report", report->id);
    view.history = moderation_history_url(rq, rq->place, "report", report->id);
    if (subject->moved)
        return respond_see_other(rq, self, T_none);
    if (viewer->person == 0 && respond_not_modified(rq, version_of(rq, report)))
        return OK;
    r = person_label(rq->db, report->author, rq->place, &author);

    if (r != OK && r != E_NOT_FOUND)
        return r;
    view.author = author.name.len ? author.name : text(rq->lang, T_report_somebody);
    view.initial = report_initial(view.author);
    view.party_badge = author.party_badge && report->dwelling; /* staff report for their office */
    if ((r = categories_now(rq->db, &categories)) != OK || (r = fill_photos(rq, report->id, &view)) != OK ||
        (r = fill_comments(rq, report->id, staff, &view)) != OK ||
        (r = report_timeline_fill(rq, rq->place, report->id, staff, &view.timeline)) != OK)
        return r;
    view.category = category_name(categories, rq->lang, report->category);
    struct party_thing thing;
    report_party_thing(rq->arena, rq->place, report, &thing);
    if ((r = party_help_fill(rq, "report", report->id, &thing, &view.help)) != OK)
        return r;
    if (final || str_eq(report->state, STR("confirming")))
        fill_after(rq, &view.timeline, &view);
    else
        view.after.n = 0; /* what is not done is not shown as done; the proof so far stands in the timeline */
    fill_more_photos(rq, &view);
    report_clock_fill(rq, report, &subject->orders, &view.clock);
    if (report->merged_into)
        view.merged_into = report_url(rq->arena, rq->place, report->merged_into);
    if (resident) {
        r = sql_report_taps(rq->db, rq->place, report->id, viewer->person, home ? home->dwelling : 0, &taps);
        if (r != OK)
            return r;
        view.has_joined = taps.joined;
        view.can_join = home && home->dwelling != report->dwelling && !view.has_joined && !final;
        view.can_follow = true;
        view.follows = taps.follows;
        view.has_thumb = taps.thumb;
    }
    view.can_comment = resident || actor.who & (WHO_COMMITTEE | WHO_HANDLER | WHO_SUPERVISOR);
    view.confirm = view.mine && str_eq(report->state, STR("confirming"));
    view.can_redact = view.mine && !final;
    view.list = url_path(rq->arena, "/p/%" PRId64 "/report", rq->place);
    view.join = url_below(rq->arena, self, "/join");
    view.follow = url_below(rq->arena, self, "/follow");
    view.thumb = url_below(rq->arena, self, "/thumb");
    view.comment = url_below(rq->arena, self, "/comment");
    view.answer = url_below(rq->arena, self, "/confirm");
    view.redact = url_below(rq->arena, self, "/redact");
    if (staff)
        view.staff = url_path(rq->arena, "/desk/report/%" PRId64 "/%" PRId64, rq->place, report->id);
    return respond_view(rq, report_show, &view);
}

/* ---- GET /p/{place}/report/{id}/sent ---- */

static enum result report_sent(struct request *rq)
{
    const struct report_subject *subject = rq->subject;
    const struct sql_report_get *report = &subject->report;
    struct organisation committee = {0};
    struct report_sent_view view = {.number = report->number,
                                    .url = report_url(rq->arena, rq->place, report->id),
                                    .home = url_path(rq->arena, "/p/%" PRId64, rq->place)};
    enum result r = report->first_asked_by ? organisation_get(rq->db, report->first_asked_by, &committee) : OK;

    if (r != OK && r != E_NOT_FOUND)
        return r;
    view.words = text_format(rq->arena, rq->lang, T_report_sent_words,
                             TEXT_STR("who", committee.name.len ? committee.name : text(rq->lang, T_report_committee)),
                             TEXT_STR("when", calendar_deadline_words(rq->arena, rq->lang, calendar_now(), rq->now,
                                                                      report->answer_due, LIMIT_WORK_HOUR)));
    return respond_view(rq, report_sent, &view);
}

#define PARAMS(table) .params = table, .n_params = sizeof(table) / sizeof((table)[0])

const struct route report_read_routes[REPORT_READ_ROUTES] = {
    {HTTP_GET, "/p/{place}/report", "report.list", report_list, .subject = &report_community, .need = CAP_PUBLIC,
     PARAMS(list_params), .view = &report_list_info, .doc = "Reports of a community, newest first"},
    {HTTP_GET, "/p/{place}/report/{id}", "report.show", report_show, .subject = &report_subject, .need = CAP_PUBLIC,
     PARAMS(show_params), .view = &report_show_info, .doc = "One report with its clock, timeline and comments"},
    {HTTP_GET, "/p/{place}/report/{id}/sent", "report.sent", report_sent, .subject = &report_subject, .need = CAP_OWN,
     .view = &report_sent_info, .doc = "What happens next, after sending"},
};
