/* routes_desk.c: /desk/service: what waits for the organisation of one's post: questions to its doctors with their clock, households that ask to sign up, and the
 * times of today that people have booked. Over all the communities that it serves; what is said in a question stands on its own page alone. */
#include "boards/service/rules.h"
#include "boards/service/service.h"
#include "boards/service/service.sql.h"
#include "boards/service/views/desk_service.html.h"

#include "civic/calendar/words.h"
#include "civic/frame/frame.h"
#include "civic/person/person.h"
#include "civic/place/place.h"
#include "engine/base/time.h"

enum { ROWS = 200 };
enum { LIST_QUESTIONS, LIST_REQUESTS, LIST_TODAY };

struct desk_subject {
    struct subject_scope scope; /* first: see access.h */
    const struct viewer_post *post;
};

static enum result load(struct request *rq)
{
    struct desk_subject *s = arena_new(rq->arena, struct desk_subject);

    s->post = desk_post(rq);
    if (s->post == NULL)
        return E_DENIED;
    s->scope = (struct subject_scope){
        .place = s->post->place, .organisation = &s->post->organisation, .n_organisations = 1};
    rq->place = s->post->place;
    rq->subject = s;
    return OK;
}
static const struct subject_kind desk_subject = {"service_desk", load};

/* Whoever answers for a place keeps the pages of its shops and people too. */
static int64_t keeps(const struct viewer_post *post)
{
    return post->role == ROLE_PARTY_SECRETARY || post->role == ROLE_CADRE || post->role == ROLE_STREET_OFFICER
             ? post->place
             : 0;
}

static bool treats(const struct viewer_post *post)
{
    return str_eq(post->organisation_kind, STR("family_doctor"));
}

static enum result today(struct request *rq, const struct viewer_post *post, struct sql_service_desk_slots_rows *ret)
{
    int32_t day = day_of(rq->now);

    return sql_service_desk_slots(rq->db, post->organisation, keeps(post), day_start(day), day_start(day + 1), ROWS,
                                  ret);
}

/* ---- the list ---- */

static enum result who(struct request *rq, int64_t person, int64_t community, struct str *ret_name,
                       struct str *ret_where)
{
    struct person_label label = {0};
    struct place place;
    enum result r = person_label(rq->db, person, community, &label);

    if (r == OK || r == E_NOT_FOUND)
        r = place_get(rq->db, community, &place);
    if (r != OK)
        return r;
    *ret_name = label.name;
    *ret_where = label.from.len ? str_printf(rq->arena, STR_FMT " · " STR_FMT, STR_ARG(label.from),
                                             STR_ARG(place_short_name(place.name)))
                                : place_short_name(place.name);
    return OK;
}

static enum result questions(struct request *rq, const struct viewer_post *post, struct desk_service_rows *to,
                             size_t *ret_n)
{
    struct sql_service_desk_questions_rows rows;
    enum result r = sql_service_desk_questions(rq->db, post->organisation, ROWS, &rows);

    for (size_t i = 0; r == OK && i < rows.n; i++) {
        const struct sql_service_desk_questions *row = &rows.row[i];
        bool late = row->late || row->due_at < rq->now;
        struct str name;

        r = who(rq, row->person, row->community, &name, &to[i].who);
        to[i].id = row->id;
        to[i].place = row->community;
        to[i].title = text_format(rq->arena, rq->lang, T_service_desk_question, TEXT_STR("who", name));
        to[i].state = calendar_deadline_words(rq->arena, rq->lang, calendar_now(), rq->now, row->due_at,
                                              LIMIT_WORK_DAY);
        to[i].mark = late ? STR("late") : STR("wait");
        to[i].late = late;
        to[i].act = T_service_desk_answer;
        to[i].url = url_path(rq->arena, "/p/%" PRId64 "/service/" STR_FMT "/ask/%" PRId64, row->community,
                             STR_ARG(row->word), row->id);
    }
    *ret_n = rows.n;
    return r;
}

static enum result requests(struct request *rq, const struct viewer_post *post, struct desk_service_rows *to,
                            size_t *ret_n)
{
    struct sql_service_desk_requests_rows rows;
    enum result r = sql_service_desk_requests(rq->db, post->organisation, ROWS, &rows);

    for (size_t i = 0; r == OK && i < rows.n; i++) {
        const struct sql_service_desk_requests *row = &rows.row[i];
        struct str name;

        r = who(rq, row->person, row->community, &name, &to[i].who);
        to[i].id = row->id;
        to[i].place = row->community;
        to[i].title = text_format(rq->arena, rq->lang, T_service_desk_request, TEXT_STR("who", name));
        to[i].state = time_words(rq->arena, rq->lang, rq->now, row->requested_at);
        to[i].mark = STR("open");
        to[i].act = T_service_desk_decide;
        to[i].url = url_path(rq->arena, "/p/%" PRId64 "/service/" STR_FMT "/team#r", row->community,
                             STR_ARG(row->word));
    }
    *ret_n = rows.n;
    return r;
}

static enum result appointments(struct request *rq, const struct viewer_post *post, struct desk_service_rows *to,
                                size_t *ret_n)
{
    struct sql_service_desk_slots_rows rows;
    enum result r = today(rq, post, &rows);

    for (size_t i = 0; r == OK && i < rows.n; i++) {
        const struct sql_service_desk_slots *row = &rows.row[i];
        struct civil from = time_civil(row->starts_at), until = time_civil(row->ends_at);
        struct place place;

        r = place_get(rq->db, row->community, &place);
        to[i].id = row->id;
        to[i].place = row->community;
        to[i].title = row->title.len ? str_printf(rq->arena, STR_FMT " · " STR_FMT, STR_ARG(row->provider_title),
                                                  STR_ARG(row->title))
                                     : row->provider_title;
        to[i].state = str_printf(rq->arena, "%02d:%02d–%02d:%02d", from.hour, from.minute, until.hour, until.minute);
        to[i].mark = row->ends_at <= rq->now ? STR("done") : row->starts_at <= rq->now ? STR("doing") : STR("wait");
        to[i].act = T_service_desk_look;
        to[i].who = row->waiting
                      ? text_format(rq->arena, rq->lang, T_service_desk_taken_waits, TEXT_INT("taken", row->taken),
                                    TEXT_INT("capacity", row->capacity), TEXT_INT("waits", row->waiting))
                      : text_format(rq->arena, rq->lang, T_service_desk_taken, TEXT_INT("taken", row->taken),
                                    TEXT_INT("capacity", row->capacity));
        if (r == OK)
            to[i].who = str_printf(rq->arena, STR_FMT " · " STR_FMT, STR_ARG(to[i].who),
                                   STR_ARG(place_short_name(place.name)));
        to[i].url = url_path(rq->arena, "/p/%" PRId64 "/service/" STR_FMT "/slot/%" PRId64, row->community,
                             STR_ARG(row->word), row->id);
    }
    *ret_n = rows.n;
    return r;
}

static const struct param list_params[] = {
    {.name = "list",
     .kind = PARAM_CHOICE,
     .choices = "questions,requests,today",
     .doc = "Which list; default the first that is there"},
};

static enum result list(struct request *rq)
{
    static const struct {
        enum text heading, about;
        enum result (*fill)(struct request *rq, const struct viewer_post *post, struct desk_service_rows *to,
                            size_t *ret_n);
    } lists[] = {
        [LIST_QUESTIONS] = {T_service_desk_questions, T_service_desk_private, questions},
        [LIST_REQUESTS] = {T_service_desk_requests, T_service_desk_private, requests},
        [LIST_TODAY] = {T_service_desk_today, T_service_desk_today_how, appointments},
    };
    const struct desk_subject *s = rq->subject;
    size_t which = param_given(rq, 0) ? (size_t)param_int(rq, 0) : treats(s->post) ? LIST_QUESTIONS : LIST_TODAY, n = 0;
    struct desk_service_rows *row = arena_array(rq->arena, struct desk_service_rows, ROWS);
    struct desk_service_view view = {.heading = lists[which].heading, .about = lists[which].about};
    enum result r = lists[which].fill(rq, s->post, row, &n);

    view.rows.v = row;
    view.rows.n = n;
    view.total = (int64_t)n;
    return r == OK ? respond_view(rq, desk_service, &view) : r;
}

/* ---- the left column ---- */

static enum result counts(struct request *rq, const struct viewer_post *post, struct sql_service_desk_counts *ret)
{
    return treats(post) ? sql_service_desk_counts(rq->db, post->organisation, rq->now, ret) : E_NOT_FOUND;
}

static enum result count_questions(struct request *rq, const struct viewer_post *post, int64_t *ret_waiting,
                                   int64_t *ret_late)
{
    struct sql_service_desk_counts c;
    enum result r = counts(rq, post, &c);

    if (r == OK) {
        *ret_waiting = c.questions;
        *ret_late = c.late;
    }
    return r;
}

static enum result count_requests(struct request *rq, const struct viewer_post *post, int64_t *ret_waiting,
                                  int64_t *ret_late)
{
    struct sql_service_desk_counts c;
    enum result r = counts(rq, post, &c);

    if (r == OK) {
        *ret_waiting = c.requests;
        *ret_late = 0;
    }
    return r;
}

static enum result count_today(struct request *rq, const struct viewer_post *post, int64_t *ret_waiting,
                               int64_t *ret_late)
{
    struct sql_service_desk_pages pages;
    struct sql_service_desk_slots_rows rows;
    enum result r = sql_service_desk_pages(rq->db, post->organisation, keeps(post), &pages);

    if (r == OK && pages.n == 0)
        return E_NOT_FOUND;
    if (r == OK)
        r = today(rq, post, &rows);
    if (r == OK) {
        *ret_waiting = (int64_t)rows.n;
        *ret_late = 0;
    }
    return r;
}

static const struct desk_item items[] = {
    {T_service_desk_questions, T_service_desk_group, "/desk/service", CAP_SERVICE_DESK, count_questions},
    {T_service_desk_requests, T_service_desk_group, "/desk/service?list=requests", CAP_SERVICE_DESK, count_requests},
    {T_service_desk_today, T_service_desk_group, "/desk/service?list=today", CAP_SERVICE_DESK, count_today},
};
const struct desk_table service_desk = {items, sizeof(items) / sizeof(items[0])};

static const struct route routes[] = {
    {HTTP_GET, "/desk/service", "desk.service", .handle = list, .subject = &desk_subject, .need = CAP_SERVICE_DESK,
     .params = list_params, .n_params = 1, .flags = ROUTE_PERSONAL, .view = &desk_service_info,
     .doc = "What waits for the organisation of one's post: questions, sign-ups, the appointments of today"},
};
const struct module service_desk_module = {
    .name = "service.desk", .routes = routes, .n_routes = sizeof(routes) / sizeof(routes[0])};
