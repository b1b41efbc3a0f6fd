/* routes_doctor.c: 家庭医生: signing up, asking, answering. On the boards of family doctors alone; whoever is neither of the household nor of its doctor's team gets
 * what they would get if it were not there. */
#include "boards/service/doctor.h"
#include "boards/service/routes.h"
#include "boards/service/views/doctor_mine.html.h"
#include "boards/service/views/doctor_question.html.h"
#include "boards/service/views/doctor_team.html.h"
#include "civic/calendar/words.h"
#include "civic/entry/entry_present.h"
#include "civic/person/person.h"
#include "civic/place/place_subject.h"
#include "civic/service/service.h"
#include "engine/base/crypto.h"

enum { LIST = 50, DOCTORS = 10, MESSAGES = 200 };

static struct url here(struct request *rq, const char *tail)
{
    return url_below(rq->arena, board_url(rq->arena, board_of(rq), rq->place), tail);
}

static struct url numbered(struct request *rq, const char *what, int64_t id)
{
    return here(rq, str_cstr(rq->arena, str_printf(rq->arena, "/%s/%" PRId64, what, id)));
}

/* The viewer's home in the community of the request; NULL: none, or not verified. */
static const struct viewer_residence *home_of(struct request *rq)
{
    const struct viewer_residence *home = viewer_residence_in(viewer_of(rq), rq->place);

    return home && home->verified ? home : NULL;
}

/* A post by which somebody treats people: not one that administers or audits. */
static bool of_team(struct request *rq, int64_t organisation)
{
    const struct viewer *viewer = viewer_of(rq);

    for (size_t i = 0; i < viewer->n_posts; i++)
        if (viewer->post[i].organisation == organisation && viewer->post[i].role == ROLE_HANDLER)
            return true;
    return false;
}

/* Of those that run this board at this place, the first that the viewer treats people for; 0: none. */
static int64_t team_of(struct request *rq)
{
    const struct board_subject *s = rq->subject;

    for (size_t i = 0; i < s->scope.n_organisations; i++)
        if (of_team(rq, s->scope.organisation[i]))
            return s->scope.organisation[i];
    return 0;
}

/* ---- subjects ------------------------------------------------------------------------------------------------------------- */

static enum result load_board(struct request *rq)
{
    enum result r = board_subject.load(rq);

    return r == OK && !board_is_of(rq, rq->subject, "family_doctor") ? E_NOT_FOUND : r;
}
static const struct subject_kind doctor_board_subject = {"doctor_board", load_board};

struct sign_subject {
    struct board_subject of; /* first */
    struct sql_doctor_sign_get sign;
    struct sql_doctor_question_get question;
    bool team;
};

/* For the household while whoever signed lives in it, and for the team while the household is with it. */
static enum result look_over(struct request *rq, struct sign_subject *s)
{
    const struct viewer_residence *home = home_of(rq);
    bool open = str_eq(s->sign.state, STR("requested")) || str_eq(s->sign.state, STR("confirmed")), together = false;
    struct sql_provider_get doctor;
    struct entry entry;
    enum result r = sql_provider_get(rq->db, rq->place, s->sign.provider, &doctor);

    if (r == OK)
        r = entry_get(rq->db, rq->place, s->sign.provider, &entry);
    if (r == OK && entry.board != s->of.board.id)
        return E_NOT_FOUND;
    if (r == OK && home && home->dwelling == s->sign.dwelling)
        r = doctor_lives_with(rq->db, rq->place, s->sign.dwelling, rq->person, s->sign.person, &together);
    if (r != OK)
        return r;
    s->team = !together && open && of_team(rq, s->sign.organisation);
    return together || s->team ? OK : E_NOT_FOUND;
}

/* A household's sign-up goes with its estate. */
static enum result get_sign(struct db *db, int64_t place, int64_t id, void *ret)
{
    return sql_doctor_sign_get(db, place, id, ret);
}

static enum result get_question(struct db *db, int64_t place, int64_t id, void *ret)
{
    return sql_doctor_question_get(db, place, id, ret);
}

static enum result load_sign(struct request *rq)
{
    struct sign_subject *s = arena_new(rq->arena, struct sign_subject);
    enum result r = load_board(rq);

    if (r != OK)
        return r;
    *s = (struct sign_subject){.of = *(const struct board_subject *)rq->subject};
    r = sql_doctor_sign_get(rq->db, rq->place, rq->path_id[1], &s->sign);
    if (r == E_NOT_FOUND)
        return place_lead_after(rq, get_sign, &s->sign);
    if (r == OK)
        r = look_over(rq, s);
    rq->subject = s;
    return r;
}
static const struct subject_kind sign_subject = {"doctor_sign", load_sign};

static enum result load_question(struct request *rq)
{
    struct sign_subject *s = arena_new(rq->arena, struct sign_subject);
    enum result r = load_board(rq);

    if (r != OK)
        return r;
    *s = (struct sign_subject){.of = *(const struct board_subject *)rq->subject};
    r = sql_doctor_question_get(rq->db, rq->place, rq->path_id[1], &s->question);
    if (r == E_NOT_FOUND)
        return place_lead_after(rq, get_question, &s->question);
    if (r == OK)
        r = sql_doctor_sign_get(rq->db, rq->place, s->question.sign, &s->sign);
    if (r == OK)
        r = look_over(rq, s);
    rq->subject = s;
    return r;
}
static const struct subject_kind question_subject = {"doctor_question", load_question};

static struct doctor_actor actor_of(struct request *rq, int64_t organisation)
{
    return (struct doctor_actor){
        .person = rq->person, .organisation = organisation, .now = rq->now, .keys = services_of(rq)->keys};
}

/* ---- the household --------------------------------------------------------------------------------------------------------- */

static const char *ask_mark(struct str state)
{
    return str_eq(state, STR("open")) ? "wait" : str_eq(state, STR("answered")) ? "done" : "shut";
}

static enum text ask_text(struct str state)
{
    return str_eq(state, STR("open"))     ? T_service_ask_open
         : str_eq(state, STR("answered")) ? T_service_ask_answered
                                          : T_service_ask_closed;
}

static enum result fill_questions(struct request *rq, const struct sql_doctor_sign_open *sign,
                                  struct doctor_mine_view *view)
{
    struct sql_doctor_questions_of_rows rows;
    struct doctor_mine_questions *q;
    enum result r = sql_doctor_questions_of(rq->db, rq->place, sign->id, LIST, &rows);

    if (r != OK)
        return r;
    q = arena_array(rq->arena, struct doctor_mine_questions, rows.n + 1);
    for (size_t i = 0; i < rows.n; i++) {
        struct sql_doctor_messages_rows first;
        struct person_label label;

        r = sql_doctor_messages(rq->db, rq->place, rows.row[i].id, 1, &first);
        if (r == OK)
            r = person_label(rq->db, rows.row[i].person, rq->place, &label);
        if (r != OK)
            return r;
        q[i] = (struct doctor_mine_questions){
            .id = rows.row[i].id,
            .who = label.name,
            .begins = first.n ? entry_beginning(rq->arena, str_utf8_cut(doctor_unseal(services_of(rq)->keys, rq->arena,
                                                                                      first.row[0].body),
                                                                        40))
                              : STR_NONE,
            .state = ask_text(rows.row[i].state),
            .mark = str_from_cstr(ask_mark(rows.row[i].state)),
            .asked = rows.row[i].asked_at,
            .late = rows.row[i].late,
            .url = numbered(rq, "ask", rows.row[i].id),
        };
    }
    view->questions.v = q;
    view->questions.n = rows.n;
    return OK;
}

static enum result fill_doctors(struct request *rq, struct doctor_mine_view *view)
{
    struct doctor_mine_doctors *d = arena_array(rq->arena, struct doctor_mine_doctors, DOCTORS);
    struct entry_rows rows;
    size_t n = 0;
    enum result r = entry_page(rq->db, board_of(rq), rq->place, false, INT64_MAX, DOCTORS, &rows);

    for (size_t i = 0; r == OK && i < rows.n; i++) {
        struct sql_provider_get doctor;

        if (rows.row[i].community != rq->place) /* a household signs up with a team of its own community */
            continue;
        r = sql_provider_get(rq->db, rows.row[i].community, rows.row[i].id, &doctor);
        if (r == OK && doctor.organisation) {
            struct url page = entry_url(rq->arena, board_of(rq), rq->place, rows.row[i].id);

            d[n++] = (struct doctor_mine_doctors){rows.row[i].title, entry_beginning(rq->arena, rows.row[i].body),
                                                  url_below(rq->arena, page, "/sign"), page};
        }
        r = r == E_NOT_FOUND ? OK : r;
    }
    view->doctors.v = d;
    view->doctors.n = n;
    return r;
}

static enum result mine(struct request *rq)
{
    const struct viewer_residence *home = home_of(rq);
    struct doctor_mine_view view = {
        .place = rq->place, .board = board_name(board_of(rq), rq->lang), .back = here(rq, "")};
    struct sql_doctor_sign_open sign;
    struct entry entry;
    bool together = false;
    enum result r;

    if (home == NULL)
        return E_DENIED;
    r = sql_doctor_sign_open(rq->db, rq->place, home->dwelling, &sign);
    if (r == OK)
        r = doctor_lives_with(rq->db, rq->place, home->dwelling, rq->person, sign.person, &together);
    if (r != OK && r != E_NOT_FOUND)
        return r;
    if (!together) {
        r = fill_doctors(rq, &view);
        return r == OK ? respond_view(rq, doctor_mine, &view) : r;
    }
    if ((r = entry_get(rq->db, rq->place, sign.provider, &entry)) != OK || (r = fill_questions(rq, &sign, &view)) != OK)
        return r;
    view.with_doctor = str_eq(sign.state, STR("confirmed"));
    view.doctor = entry.title;
    view.state = view.with_doctor ? T_service_sign_confirmed : T_service_sign_requested;
    view.since = sign.decided_at ? sign.decided_at : sign.requested_at;
    view.end = url_below(rq->arena, numbered(rq, "sign", sign.id), "/move");
    if (entry.listed && view.with_doctor)
        view.page = entry_url(rq->arena, board_of(rq), rq->place, entry.id);
    if (view.with_doctor)
        view.ask = here(rq, "/ask");
    return respond_view(rq, doctor_mine, &view);
}

static const struct param sign_params[] = {
    {.name = "agree", .kind = PARAM_BOOL, .doc = "The separate consent to health information being handled"},
};
static enum result sign_up(struct request *rq)
{
    const struct viewer_residence *home = home_of(rq);
    const struct doctor_actor actor = actor_of(rq, 0);
    int64_t id;
    enum result r;

    if (home == NULL)
        return E_DENIED;
    if (!board_is_of(rq, rq->subject, "family_doctor") || !entry_of(rq)->listed)
        return E_NOT_FOUND;
    if (!param_int(rq, 0))
        return request_invalid(rq, "agree", T_service_doctor_agree_first);
    r = doctor_sign(rq->db, &actor, provider_of(rq), home->dwelling, &id);
    if (r == E_CONFLICT)
        return request_refuse(rq, r, T_service_doctor_has_one);
    return r == OK ? respond_created(rq, here(rq, "/mine"), id, T_service_doctor_requested) : r;
}

static const struct param body_params[] = {
    {.name = "body",
     .kind = PARAM_LINES,
     .required = true,
     .min = 2,
     .max = DOCTOR_BODY_MAX,
     .doc = "What is asked, or answered"},
};
static enum result ask(struct request *rq)
{
    const struct viewer_residence *home = home_of(rq);
    const struct doctor_actor actor = actor_of(rq, 0);
    struct sql_doctor_sign_open sign;
    bool together = false;
    int64_t id;
    enum result r;

    if (home == NULL)
        return E_DENIED;
    r = sql_doctor_sign_open(rq->db, rq->place, home->dwelling, &sign);
    if (r == OK)
        r = doctor_lives_with(rq->db, rq->place, home->dwelling, rq->person, sign.person, &together);
    if (r == OK)
        r = together ? doctor_ask(rq->db, &actor, rq->place, sign.id, param_text(rq, 0), &id) : E_CONFLICT;
    if (r == E_CONFLICT || r == E_NOT_FOUND)
        return request_refuse(rq, E_CONFLICT, T_service_doctor_no_sign);
    return r == OK ? respond_created(rq, numbered(rq, "ask", id), id, T_service_doctor_sent) : r;
}

/* ---- a question ----------------------------------------------------------------------------------------------------------------- */

static enum result show(struct request *rq)
{
    const struct sign_subject *s = rq->subject;
    const struct sql_doctor_question_get *q = &s->question;
    struct url self = numbered(rq, "ask", q->id);
    bool confirmed = str_eq(s->sign.state, STR("confirmed")), closed = str_eq(q->state, STR("closed"));
    struct sql_doctor_messages_rows rows;
    struct doctor_question_messages *m;
    struct person_label label;
    struct doctor_question_view view = {
        .id = q->id,
        .state = ask_text(q->state),
        .mark = str_from_cstr(ask_mark(q->state)),
        .late = q->late,
        .team = s->team,
        .back = here(rq, s->team ? "/team" : "/mine"),
    };
    enum result r = person_label(rq->db, q->person, rq->place, &label);

    if (r == OK)
        r = sql_doctor_messages(rq->db, rq->place, q->id, MESSAGES, &rows);
    if (r != OK)
        return r;
    view.who = label.name;
    if (!q->answered_at && !closed)
        view.clock = calendar_deadline_words(rq->arena, rq->lang, calendar_now(), rq->now, q->due_at, LIMIT_WORK_DAY);
    m = arena_array(rq->arena, struct doctor_question_messages, rows.n + 1);
    for (size_t i = 0; i < rows.n; i++)
        m[i] = (struct doctor_question_messages){
            .doctor = rows.row[i].organisation != 0,
            .who = rows.row[i].shown_name,
            .at = rows.row[i].at,
            .body = doctor_unseal(services_of(rq)->keys, rq->arena, rows.row[i].body),
            .initial = entry_initial(rows.row[i].shown_name),
        };
    view.messages.v = m;
    view.messages.n = rows.n;
    if (confirmed && !closed)
        view.say = url_below(rq->arena, self, "/say");
    if (!s->team && !closed)
        view.close = url_below(rq->arena, self, "/close");
    return respond_view(rq, doctor_question, &view);
}

static enum result say(struct request *rq)
{
    const struct sign_subject *s = rq->subject;
    const struct doctor_actor actor = actor_of(rq, s->team ? s->sign.organisation : 0);
    enum result r = doctor_say(rq->db, &actor, rq->place, s->question.id, param_text(rq, 0));

    if (r == E_CONFLICT)
        return request_refuse(rq, r, T_service_over);
    return r == OK ? respond_see_other(rq, numbered(rq, "ask", s->question.id), T_service_doctor_sent) : r;
}

static enum result close_it(struct request *rq)
{
    const struct sign_subject *s = rq->subject;
    const struct doctor_actor actor = actor_of(rq, s->team ? s->sign.organisation : 0);
    enum result r = doctor_close(rq->db, &actor, rq->place, s->question.id);

    if (r == E_CONFLICT)
        return request_refuse(rq, r, T_service_over);
    return r == OK ? respond_see_other(rq, here(rq, "/mine"), T_service_doctor_closed) : r;
}

/* ---- the team ---------------------------------------------------------------------------------------------------------------------- */

enum { TEAM_BEFORE, TEAM_PARAMS };
static const struct param team_params[TEAM_PARAMS] = {
    [TEAM_BEFORE] = {.name = "before", .kind = PARAM_ID, .doc = "Paging: households that signed up before this one"},
};

static enum result team(struct request *rq)
{
    int64_t organisation = team_of(rq);
    struct sql_doctor_questions_team_rows questions;
    struct sql_doctor_sign_team_rows requests, households;
    struct doctor_team_questions *q;
    struct doctor_team_requests *w;
    struct doctor_team_households *h;
    struct person_label label;
    struct doctor_team_view view = {
        .place = rq->place, .board = board_name(board_of(rq), rq->lang), .back = here(rq, "")};
    enum result r;

    if (organisation == 0)
        return E_DENIED;
    r = sql_doctor_questions_team(rq->db, rq->place, organisation, LIST, &questions);
    if (r == OK)
        r = sql_doctor_sign_team(rq->db, rq->place, organisation, STR("requested"), INT64_MAX, LIST, &requests);
    if (r == OK)
        r = sql_doctor_sign_team(rq->db, rq->place, organisation, STR("confirmed"),
                                 param_given(rq, TEAM_BEFORE) ? param_int(rq, TEAM_BEFORE) : INT64_MAX, LIST + 1,
                                 &households);
    if (r != OK)
        return r;
    q = arena_array(rq->arena, struct doctor_team_questions, questions.n + 1);
    w = arena_array(rq->arena, struct doctor_team_requests, requests.n + 1);
    h = arena_array(rq->arena, struct doctor_team_households, households.n + 1);
    for (size_t i = 0; i < questions.n; i++) {
        if ((r = person_label(rq->db, questions.row[i].person, rq->place, &label)) != OK)
            return r;
        q[i] = (struct doctor_team_questions){
            .id = questions.row[i].id,
            .who = label.name,
            .from = label.from,
            .asked = questions.row[i].asked_at,
            .late = questions.row[i].late,
            .clock = calendar_deadline_words(rq->arena, rq->lang, calendar_now(), rq->now, questions.row[i].due_at,
                                             LIMIT_WORK_DAY),
            .url = numbered(rq, "ask", questions.row[i].id),
        };
    }
    for (size_t i = 0; i < requests.n; i++) {
        if ((r = person_label(rq->db, requests.row[i].person, rq->place, &label)) != OK)
            return r;
        w[i] = (struct doctor_team_requests){requests.row[i].id, label.name, label.from, requests.row[i].requested_at,
                                             url_below(rq->arena, numbered(rq, "sign", requests.row[i].id), "/move")};
    }
    if (households.n > LIST) {
        households.n = LIST;
        view.more = url_add(rq->arena, here(rq, "/team"), "before",
                            str_printf(rq->arena, "%" PRId64, households.row[LIST - 1].id));
    }
    for (size_t i = 0; i < households.n; i++) {
        if ((r = person_label(rq->db, households.row[i].person, rq->place, &label)) != OK)
            return r;
        h[i] = (struct doctor_team_households){
            households.row[i].id, label.name, label.from, households.row[i].decided_at,
            url_below(rq->arena, numbered(rq, "sign", households.row[i].id), "/move")};
    }
    view.questions.v = q;
    view.questions.n = questions.n;
    view.requests.v = w;
    view.requests.n = requests.n;
    view.households.v = h;
    view.households.n = households.n;
    return respond_view(rq, doctor_team, &view);
}

static const struct param act_params[] = {
    {.name = "action",
     .kind = PARAM_CHOICE,
     .choices = "confirm,decline,end",
     .required = true,
     .doc = "The household may end it, the doctor all three"},
};
static enum result act(struct request *rq)
{
    const struct sign_subject *s = rq->subject;
    const struct doctor_actor actor = actor_of(rq, s->team ? s->sign.organisation : 0);
    enum result r = doctor_sign_act(rq->db, &actor, rq->place, s->sign.id, (int)param_int(rq, 0));

    if (r == E_CONFLICT)
        return request_refuse(rq, r, T_service_over);
    return r == OK ? respond_see_other(rq, here(rq, s->team ? "/team" : "/mine"),
                                       param_int(rq, 0) == SIGN_END ? T_service_doctor_ended : T_service_doctor_decided)
                   : r;
}

#define PARAMS(table) .params = table, .n_params = sizeof(table) / sizeof((table)[0])
#define BOARD "/p/{place}/service/{board:word}"
#define WRITES .flags = ROUTE_WRITE, .rate = RATE_WRITE

static const struct route routes[] = {
    {HTTP_GET, BOARD "/mine", "service.doctor", .handle = mine, .subject = &doctor_board_subject,
     .need = CAP_BOARD_TAKE_PART, .flags = ROUTE_PERSONAL, .view = &doctor_mine_info,
     .doc = "The viewer's household and its family doctor"},
    {HTTP_POST, BOARD "/{id}/sign", "service.doctor.sign", .handle = sign_up, .subject = &provider_subject,
     .need = CAP_BOARD_TAKE_PART, PARAMS(sign_params), WRITES, .again = mine,
     .doc = "Asks a doctor to take the household; one at a time"},
    {HTTP_POST, BOARD "/ask", "service.doctor.ask", .handle = ask, .subject = &doctor_board_subject,
     .need = CAP_BOARD_TAKE_PART, PARAMS(body_params), WRITES, .again = mine,
     .doc = "Asks the household's doctor in private"},
    {HTTP_GET, BOARD "/ask/{ask}", "service.doctor.question", .handle = show, .subject = &question_subject,
     .need = CAP_BOARD_TAKE_PART, .flags = ROUTE_PERSONAL, .view = &doctor_question_info,
     .doc = "A question, for the household and the doctor's team alone"},
    {HTTP_POST, BOARD "/ask/{ask}/say", "service.doctor.say", .handle = say, .subject = &question_subject,
     .need = CAP_BOARD_TAKE_PART, PARAMS(body_params), WRITES, .again = show, .doc = "Answers, or says more"},
    {HTTP_POST, BOARD "/ask/{ask}/close", "service.doctor.close", .handle = close_it, .subject = &question_subject,
     .need = CAP_BOARD_TAKE_PART, WRITES, .again = show, .doc = "The household closes its question"},
    {HTTP_GET, BOARD "/team", "service.doctor.team", .handle = team, .subject = &doctor_board_subject,
     .need = CAP_BOARD_RUN, PARAMS(team_params), .flags = ROUTE_PERSONAL, .view = &doctor_team_info,
     .doc = "What waits for the doctor's team"},
    {HTTP_POST, BOARD "/sign/{sign}/move", "service.doctor.move", .handle = act, .subject = &sign_subject,
     .need = CAP_BOARD_TAKE_PART, PARAMS(act_params), WRITES,
     .doc = "The doctor takes the household, or cannot; either side ends it"},
};

static enum result ring(struct app *app, struct arena *a)
{
    int64_t n;

    return clock_ring(app_database(app), a, &doctor_bell, time_now(), &n);
}
static const struct job_kind jobs[] = {
    {.name = "doctor.clocks", .every_ms = 60 * TIME_SECOND, .run = ring},
};
const struct module doctor_module = {
    .name = "doctor", .routes = routes, .n_routes = sizeof(routes) / sizeof(routes[0]), .jobs = jobs, .n_jobs = 1};

/* What somebody has asked their doctors (个人信息保护法 45): for their own eyes, where they live. */
static enum result records(struct request *rq, struct me_records *ret)
{
    enum { MOST = 500 };
    const struct viewer *viewer = viewer_of(rq);

    ret->record = arena_array(rq->arena, struct me_record, MOST);
    ret->n = 0;
    for (size_t h = 0; h < viewer->n_residences; h++) {
        struct sql_doctor_messages_left_by_rows rows;
        bool seen = false;
        enum result r;

        for (size_t k = 0; k < h; k++)
            seen |= viewer->residence[k].community == viewer->residence[h].community;
        if (seen)
            continue;
        r = sql_doctor_messages_left_by(rq->db, viewer->residence[h].community, rq->person, MOST, &rows);
        if (r != OK)
            return r;
        for (size_t i = 0; i < rows.n && ret->n < MOST; i++)
            ret->record[ret->n++] = (struct me_record){
                .kind = T_service_me_asked,
                .at = rows.row[i].at,
                .words = doctor_unseal(services_of(rq)->keys, rq->arena, rows.row[i].body),
            };
    }
    return OK;
}
const struct me_table doctor_me = {NULL, 0, records};
