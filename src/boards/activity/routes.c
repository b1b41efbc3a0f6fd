/* routes.c: /p/{place}/activity/{board}: what is coming, one of them, signing up, announcing and changing. */
#include "boards/activity/routes.h"

#include <stdlib.h>

#include "boards/activity/calendar.h"
#include "boards/activity/views/activity_list.html.h"
#include "boards/activity/views/activity_show.html.h"
#include "boards/activity/views/activity_write.html.h"
#include "civic/entry/entry_files.h"
#include "civic/entry/entry_present.h"
#include "civic/person/identity.h"
#include "civic/place/place_module.h"

enum { PAGE = 20, TITLE_MAX = 40, BODY_MAX = 2000 };

/* ---- the subject ---------------------------------------------------------------------------------------------------- */

bool activity_organises(struct request *rq, const struct entry *entry)
{
    const struct viewer *viewer = viewer_of(rq);
    const struct board_subject *of = rq->subject;

    return viewer->person &&
           (viewer->person == entry->author || access_allowed(viewer, CAP_BOARD_RUN, rq->place, &of->scope));
}

static enum result load_organised(struct request *rq)
{
    struct entry_subject *s;
    enum result r = entry_subject.load(rq);

    if (r != OK)
        return r;
    s = rq->subject;
    if (activity_organises(rq, &s->entry))
        s->of.scope.author = viewer_of(rq)->person;
    return OK;
}

const struct subject_kind organised_subject = {"activity", load_organised};

/* ---- the list ----------------------------------------------------------------------------------------------------------- */

enum { SHOW_COMING, SHOW_PAST, SHOW_WAITING, SHOW_PLANNED, SHOW_TABS };
enum { LIST_SHOW, LIST_START, LIST_ENTRY, LIST_PARAMS };
static const struct param list_params[LIST_PARAMS] = {
    [LIST_SHOW] = {.name = "show",
                   .kind = PARAM_CHOICE,
                   .choices = "coming,past,waiting,planned",
                   .doc = "waiting, planned: for who runs the board"},
    [LIST_START] = {.name = "start", .kind = PARAM_ID, .doc = "Paging: the beginning of the last one, ms"},
    [LIST_ENTRY] = {.name = "entry", .kind = PARAM_ID, .doc = "Paging: the id of the last one"},
};

_Static_assert(sizeof(struct sql_activity_past) == sizeof(struct sql_activity_coming) &&
                   sizeof(struct sql_activity_of_state) == sizeof(struct sql_activity_coming),
               "the lists have the same columns");

static int next_first(const void *a, const void *b)
{
    const struct sql_activity_coming *x = a, *y = b;

    if (x->starts_at != y->starts_at)
        return x->starts_at < y->starts_at ? -1 : 1;
    return x->entry < y->entry ? -1 : x->entry > y->entry;
}

static int last_first(const void *a, const void *b)
{
    return next_first(b, a);
}

struct rows {
    struct sql_activity_coming *row;
    size_t n;
};

/* Of the place and those above it, behind the last one of the page before. */
static enum result read_list(struct request *rq, const struct board *board, int show, int64_t start, int64_t entry,
                             struct rows *ret)
{
    int64_t chain[4];
    size_t n = place_chain(rq->place, chain);
    struct str near = n > 2 ? str_printf(rq->arena, ",%" PRId64, chain[2]) : STR_NONE;
    struct str nearer = n > 3 ? str_printf(rq->arena, ",%" PRId64, chain[3]) : STR_NONE;
    enum result r = OK;

    *ret = (struct rows){arena_array(rq->arena, struct sql_activity_coming, 4 * (PAGE + 1)), 0};
    for (size_t i = 0; i < n && show == SHOW_COMING; i++)
        sql_activity_coming_ahead(rq->db, chain[i], board->id, rq->now, start, entry, near, nearer, PAGE + 1);
    for (size_t i = 0; r == OK && i < n; i++) {
        struct sql_activity_coming_rows rows = {NULL, 0};
        struct sql_activity_past_rows past;
        struct sql_activity_of_state_rows own;

        if (show == SHOW_COMING) {
            r = sql_activity_coming(rq->db, chain[i], board->id, rq->now, start, entry, near, nearer, PAGE + 1, &rows);
        } else if (show == SHOW_PAST) {
            r = sql_activity_past(rq->db, chain[i], board->id, rq->now, start, entry, near, nearer, PAGE + 1, &past);
            rows = (struct sql_activity_coming_rows){(struct sql_activity_coming *)past.row, past.n};
        } else if (chain[i] == rq->place) {
            r = sql_activity_of_state(rq->db, rq->place, board->id,
                                      show == SHOW_WAITING ? STR("waiting") : STR("planned"), start, entry, PAGE + 1,
                                      &own);
            rows = (struct sql_activity_coming_rows){(struct sql_activity_coming *)own.row, own.n};
        }
        for (size_t k = 0; r == OK && k < rows.n; k++)
            ret->row[ret->n++] = rows.row[k];
    }
    if (ret->n)
        qsort(ret->row, ret->n, sizeof(*ret->row), show == SHOW_PAST ? last_first : next_first);
    return r;
}

static void fill_tabs(struct request *rq, struct activity_list_view *view, int show, bool runs, bool reviews)
{
    static const enum text label[] = {T_activity_list_coming, T_activity_list_past, T_activity_list_waiting,
                                      T_activity_list_planned};
    static const char *const word[] = {"coming", "past", "waiting", "planned"};
    struct url here = board_url(rq->arena, board_of(rq), rq->place);
    struct activity_list_tabs *tab = arena_array(rq->arena, struct activity_list_tabs, SHOW_TABS);
    size_t n = 0;

    for (int i = 0; i < SHOW_TABS; i++)
        if (i < SHOW_WAITING || (i == SHOW_WAITING && reviews) || (i == SHOW_PLANNED && runs))
            tab[n++] = (struct activity_list_tabs){
                label[i], i ? url_add(rq->arena, here, "show", str_from_cstr(word[i])) : here, i == show};
    view->show = label[show];
    view->tabs.v = tab;
    view->tabs.n = n;
}

static enum result list(struct request *rq)
{
    const struct board_subject *s = rq->subject;
    const struct viewer *viewer = viewer_of(rq);
    struct url here = board_url(rq->arena, &s->board, rq->place);
    bool runs = access_allowed(viewer, CAP_BOARD_RUN, rq->place, &s->scope);
    int show = (int)param_int(rq, LIST_SHOW);
    bool first = !param_given(rq, LIST_START);
    struct activity_list_view view = {
        .place = rq->place,
        .name = board_name(&s->board, rq->lang),
        .lead = board_lead(&s->board, rq->lang),
        .seen = url_below(rq->arena, here, "/seen"),
    };
    struct activity_row_view *row;
    struct rows rows;
    enum result r;

    if (show >= SHOW_WAITING && !runs)
        show = SHOW_COMING;
    r = read_list(rq, &s->board, show, first ? (show == SHOW_PAST ? INT64_MAX : 0) : param_int(rq, LIST_START),
                  first ? 0 : param_int(rq, LIST_ENTRY), &rows);
    if (r != OK)
        return r;
    fill_tabs(rq, &view, show, runs, runs && s->board.review == BOARD_REVIEW_BEFORE);
    if (rows.n > PAGE) {
        const struct sql_activity_coming *last = &rows.row[PAGE - 1];
        struct url more = here;

        rows.n = PAGE;
        for (size_t i = 0; i < view.tabs.n; i++)
            if (view.tabs.v[i].active)
                more = view.tabs.v[i].url;
        more = url_add(rq->arena, more, "start", str_printf(rq->arena, "%" PRId64, last->starts_at));
        view.more = url_add(rq->arena, more, "entry", str_printf(rq->arena, "%" PRId64, last->entry));
    }
    row = arena_array(rq->arena, struct activity_row_view, rows.n ? rows.n : 1);
    if ((r = activity_rows_fill(rq, &s->board, rows.row, rows.n, row)) != OK)
        return r;
    view.rows.v = row;
    view.rows.n = rows.n;
    for (size_t i = 0; i < rows.n && viewer->person && first && show == SHOW_COMING; i++)
        if (rows.row[i].entry > view.newest)
            view.newest = rows.row[i].entry;
    if (access_allowed(viewer, CAP_BOARD_WRITE, rq->place, &s->scope))
        view.write = url_below(rq->arena, here, "/new");
    if (viewer_residence_in(viewer, rq->place) && viewer_residence_in(viewer, rq->place)->verified)
        view.mine = url_path(rq->arena, "/p/%" PRId64 "/activities", rq->place);
    return respond_view(rq, activity_list, &view);
}

/* ---- one ------------------------------------------------------------------------------------------------------------------ */

enum { ONE_BEFORE, ONE_REPLY, ONE_PARAMS };
static const struct param show_params[ONE_PARAMS] = {
    [ONE_BEFORE] = {.name = "before", .kind = PARAM_ID, .doc = "Paging: comments older than this id"},
    [ONE_REPLY] = {.name = "reply", .kind = PARAM_ID, .doc = "The comment to answer"},
};

/* Pictures of the announcement, and those of how it was. */
/* How it was: apart from the pictures with which it was announced. */
static enum result fill_after(struct request *rq, struct activity_show_view *view)
{
    struct media_list media;
    struct activity_show_after *after;
    size_t n = 0;
    enum result r = media_of_subject(rq->db, rq->place, STR("entry"), entry_of(rq)->id, &media);

    if (r != OK)
        return r;
    after = arena_array(rq->arena, struct activity_show_after, media.n ? media.n : 1);
    for (size_t i = 0; i < media.n; i++)
        if (!media.media[i].hidden && media.media[i].stage == MEDIA_STAGE_AFTER)
            after[n++] = (struct activity_show_after){
                url_path(rq->arena, "/media/%" PRId64 "/%" PRId64, rq->place, media.media[i].id),
                url_path(rq->arena, "/media/%" PRId64 "/%" PRId64 "/thumb", rq->place, media.media[i].id),
                url_path(rq->arena, "/media/%" PRId64 "/%" PRId64 "/photo", rq->place, media.media[i].id)};
    view->after.v = after;
    view->after.n = n;
    return OK;
}

/* The other dates of the series: those that the viewer can open. */
static enum result fill_dates(struct request *rq, const struct sql_activity_get *a, bool organises,
                              struct activity_show_view *view)
{
    struct sql_activity_of_series_rows rows;
    struct activity_show_dates *date;
    size_t n = 0;
    enum result r;

    if (a->series == 0)
        return OK;
    r = sql_activity_of_series(rq->db, a->community, a->series, rq->now - TIME_DAY, ACTIVITY_TIMES_MOST, &rows);
    if (r != OK)
        return r;
    date = arena_array(rq->arena, struct activity_show_dates, rows.n ? rows.n : 1);
    for (size_t i = 0; i < rows.n; i++) {
        int state = flow_state_of(&activity_flow, rows.row[i].state);

        if (state != ACTIVITY_OPEN && !(organises && state == ACTIVITY_PLANNED))
            continue;
        date[n++] = (struct activity_show_dates){
            .id = rows.row[i].entry,
            .starts = rows.row[i].starts_at,
            .when = activity_when(rq->arena, rq->lang, rq->now, rows.row[i].starts_at, rows.row[i].ends_at),
            .url = entry_url(rq->arena, board_of(rq), rq->place, rows.row[i].entry),
            .here = rows.row[i].entry == a->entry,
        };
    }
    view->dates.v = date;
    view->dates.n = n > 1 ? n : 0;
    return OK;
}

/* What the viewer has, and what they may do now. */
static enum result fill_place(struct request *rq, const struct sql_activity_get *a, struct activity_show_view *view)
{
    static const enum text words[] = {[SIGNUP_OUT] = T_none,
                                      [SIGNUP_WAITING] = T_activity_mine_waiting,
                                      [SIGNUP_IN] = T_activity_mine_in,
                                      [SIGNUP_CAME] = T_activity_mine_came,
                                      [SIGNUP_MISSED] = T_activity_mine_missed};
    const struct entry_subject *s = rq->subject;
    const struct viewer *viewer = viewer_of(rq);
    bool open = activity_state(&s->entry) == ACTIVITY_OPEN && s->entry.listed;
    bool signs = open && rq->now < a->signs_until && rq->now < a->starts_at;
    struct sql_activity_signup_get mine;
    int state = SIGNUP_OUT;
    enum result r = viewer->person ? sql_activity_signup_get(rq->db, a->community, a->entry, viewer->person, &mine)
                                   : E_NOT_FOUND;

    if (r != OK && r != E_NOT_FOUND)
        return r;
    if (r == OK)
        state = flow_state_of(&signup_flow, mine.state);
    view->mine = words[state];
    if (state == SIGNUP_WAITING) {
        struct sql_activity_place_in_line line;

        if ((r = sql_activity_place_in_line(rq->db, a->community, a->entry, mine.id, &line)) != OK)
            return r;
        view->has_line = true;
        view->line = line.n;
    }
    view->full = a->waits > 0 || (a->capacity && a->taken >= a->capacity);
    view->may_sign = signs && state == SIGNUP_OUT &&
                     access_allowed(viewer, CAP_BOARD_TAKE_PART, rq->place, &s->of.scope);
    view->may_leave = open && (state == SIGNUP_WAITING || (state == SIGNUP_IN && rq->now < a->cancels_until));
    view->late_leave = open && state == SIGNUP_IN && rq->now >= a->cancels_until && rq->now < a->starts_at;
    if (signs && viewer->person == 0)
        view->sign_in = url_add(rq->arena, url_path(rq->arena, "/sign-in"), "next",
                                entry_url(rq->arena, board_of(rq), rq->place, a->entry).s);
    return OK;
}

static void fill_facts(struct request *rq, const struct sql_activity_get *a, struct activity_show_view *view)
{
    const struct entry_subject *s = rq->subject;
    const struct entry *e = &s->entry;
    struct activity_now now = activity_now_of(e, a, rq->now);
    struct url self = entry_url(rq->arena, &s->of.board, rq->place, e->id);
    int state = activity_state(e);

    *view = (struct activity_show_view){
        .id = e->id,
        .board = board_name(&s->of.board, rq->lang),
        .title = e->title,
        .body = e->body,
        .state = now.word,
        .mark = str_from_cstr(now.mark),
        .starts = a->starts_at,
        .ends = a->ends_at,
        .signs_until = a->signs_until,
        .cancels_until = a->cancels_until,
        .when = activity_when(rq->arena, rq->lang, rq->now, a->starts_at, a->ends_at),
        .spot = a->spot,
        .limits = a->limits,
        .capacity = a->capacity,
        .taken = a->taken,
        .waits = a->waits,
        .room = activity_room(rq->arena, rq->lang, a->capacity, a->taken, a->waits),
        .hours = a->gives_hours,
        .reason = a->reason,
        .official = e->organisation != 0,
        .edited = e->version > 1 ? e->changed_at : 0,
        .hidden = e->hidden,
        .hidden_reason = e->hidden_reason,
        .list = board_url(rq->arena, &s->of.board, rq->place),
        .cancelled = state == ACTIVITY_CANCELLED,
        .over = activity_flow.state[state].final || a->ends_at <= rq->now,
        .kept_out = state == ACTIVITY_PLANNED || state == ACTIVITY_WAITING || state == ACTIVITY_DECLINED,
        .sign = url_below(rq->arena, self, "/sign"),
        .ics = url_below(rq->arena, self, "/calendar.ics"),
    };
    if (activity_organises(rq, e)) {
        view->roll = url_below(rq->arena, self, "/roll");
        if (!activity_flow.state[state].final && a->ends_at > rq->now)
            view->edit = url_below(rq->arena, self, "/edit");
    }
    if (access_allowed(viewer_of(rq), CAP_BOARD_RUN, rq->place, &s->of.scope)) {
        view->hide = url_below(rq->arena, self, "/hide");
        if (state == ACTIVITY_WAITING)
            view->review = url_below(rq->arena, self, "/review");
    }
}

enum result activity_show(struct request *rq)
{
    const struct entry *e = entry_of(rq);
    bool showing = rq->route->handle == activity_show;
    struct activity_show_view view;
    struct sql_activity_get a;
    struct person_label label;
    enum result r = sql_activity_get(rq->db, rq->place, e->id, &a);

    if (r != OK)
        return r;
    fill_facts(rq, &a, &view);
    r = person_label(rq->db, e->author, rq->place, &label);
    if (r == OK)
        r = fill_place(rq, &a, &view);
    if (r == OK)
        r = entry_files_fill(rq, &view.files);
    if (r == OK)
        r = fill_after(rq, &view);
    if (r == OK)
        r = fill_dates(rq, &a, view.roll.s.len > 0, &view);
    if (r == OK)
        r = entry_talk_fill(rq, showing ? param_int(rq, ONE_BEFORE) : 0, showing ? param_int(rq, ONE_REPLY) : 0,
                            &view.talk);
    if (r != OK)
        return r;
    view.by = e->organisation ? e->author_from : label.name;
    view.from = e->organisation ? STR_NONE : e->author_from;
    view.party_badge = label.party_badge && !e->organisation; /* of the neighbour who writes, not of an office */
    view.initial = entry_initial(view.by);
    return respond_view(rq, activity_show, &view);
}

/* ---- signing up --------------------------------------------------------------------------------------------------------------- */

static const struct param sign_params[] = {
    {.name = "on", .kind = PARAM_BOOL, .doc = "1 signs up, or waits in line; 0 gives the place back"},
};

static enum result sign(struct request *rq)
{
    struct entry_actor actor = entry_actor_of(rq);
    const struct entry *e = entry_of(rq);
    enum activity_no no = ACTIVITY_YES;
    bool on = param_int(rq, 0);
    int state = SIGNUP_OUT;
    enum result r = on ? activity_sign_up(rq->db, &actor, e, activity_home_of(rq), &state, &no)
                       : activity_leave(rq->db, &actor, board_of(rq), e, actor.person, BY_PERSON, &no);

    if (r == E_CONFLICT)
        return activity_refuse(rq, no);
    return r == OK ? respond_see_other(rq, entry_url(rq->arena, board_of(rq), rq->place, e->id),
                                       !on                  ? T_activity_left
                                       : state == SIGNUP_IN ? T_activity_signed_up
                                                            : T_activity_queued)
                   : r;
}

static enum result one_calendar(struct request *rq)
{
    const struct entry *e = entry_of(rq);
    struct sql_activity_get a;
    struct calendar_event event;
    struct str address;
    enum result r = sql_activity_get(rq->db, rq->place, e->id, &a);

    if (r == OK)
        r = place_public_address(rq, &address);
    if (r != OK)
        return r;
    event = (struct calendar_event){
        .community = a.community,
        .entry = a.entry,
        .sequence = a.sequence,
        .starts_at = a.starts_at,
        .ends_at = a.ends_at,
        .changed_at = e->changed_at,
        .title = e->title,
        .body = e->body,
        .spot = a.spot,
        .url = str_printf(rq->arena, STR_FMT STR_FMT, STR_ARG(address),
                          STR_ARG(entry_url(rq->arena, board_of(rq), rq->place, e->id).s)),
        .cancelled = activity_state(e) == ACTIVITY_CANCELLED,
    };
    respond_header(rq, STR("Content-Disposition"), STR("attachment; filename=\"activity.ics\""));
    return respond_bytes(rq, 200, STR("text/calendar; charset=utf-8"), calendar_write(rq->arena, STR_NONE, &event, 1));
}

/* ---- announcing, changing -------------------------------------------------------------------------------------------------------- */

enum {
    W_TITLE,
    W_BODY,
    W_SPOT,
    W_STARTS,
    W_ENDS,
    W_SIGNS,
    W_CANCELS,
    W_CAPACITY,
    W_LIMITS,
    W_HOURS,
    W_REPEAT,
    W_TIMES,
    W_PHOTOS,
    W_DOCUMENTS,
    W_DROP,
    W_SURE,
    W_VERSION,
    W_REST,
    W_PARAMS
};
static const struct param write_params[W_PARAMS] = {
    [W_TITLE] =
        {.name = "title", .kind = PARAM_TEXT, .required = true, .min = 2, .max = TITLE_MAX, .doc = "In one sentence"},
    [W_BODY] = {.name = "body", .kind = PARAM_LINES, .max = BODY_MAX, .doc = "More about it"},
    [W_SPOT] = {.name = "spot", .kind = PARAM_TEXT, .required = true, .max = ACTIVITY_SPOT_MAX, .doc = "Where"},
    [W_STARTS] = {.name = "starts_at", .kind = PARAM_TIME, .required = true, .doc = "When it begins"},
    [W_ENDS] = {.name = "ends_at", .kind = PARAM_TIME, .required = true, .doc = "When it ends"},
    [W_SIGNS] = {.name = "signs_until", .kind = PARAM_TIME, .doc = "Sign-up closes; nothing: when it begins"},
    [W_CANCELS] = {.name = "cancels_until",
                   .kind = PARAM_TIME,
                   .doc = "Until when a place can be given back; nothing: a day before it begins"},
    [W_CAPACITY] = {.name = "capacity",
                    .kind = PARAM_INT,
                    .min = 0,
                    .max = ACTIVITY_MOST,
                    .doc = "Places; nothing or 0: as many as come"},
    [W_LIMITS] = {.name = "limits", .kind = PARAM_TEXT, .max = ACTIVITY_LIMITS_MAX, .doc = "For whom, in words"},
    [W_HOURS] = {.name = "gives_hours", .kind = PARAM_BOOL, .doc = "Who comes is given volunteer hours"},
    [W_REPEAT] = {.name = "repeat",
                  .kind = PARAM_CHOICE,
                  .choices = REPEAT_WORDS,
                  .doc = "weekday: the same weekday of each month"},
    [W_TIMES] = {.name = "times",
                 .kind = PARAM_INT,
                 .min = 2,
                 .max = ACTIVITY_TIMES_MOST,
                 .doc = "How many dates the series has"},
    [W_PHOTOS] = ENTRY_PARAM_PHOTOS,
    [W_DOCUMENTS] = ENTRY_PARAM_DOCUMENTS,
    [W_DROP] = ENTRY_PARAM_DROP,
    [W_SURE] = {.name = "sure", .kind = PARAM_BOOL, .doc = "Phone, document or plate numbers are meant to be in it"},
    [W_VERSION] =
        {.name = "version", .kind = PARAM_INT, .min = 1, .max = 1000000, .doc = "The version that is changed"},
    [W_REST] = {.name = "rest", .kind = PARAM_BOOL, .doc = "The later dates of the series too"},
};

/* Neighbours read it: numbers that find a person are asked about once. An organisation gives the phone of its office. */
static enum result look_for_private(struct request *rq, bool runs)
{
    static const int texts[] = {W_TITLE, W_BODY, W_SPOT, W_LIMITS};
    struct private_span spans[4];

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]) && !runs && !param_int(rq, W_SURE); i++)
        if (private_find(param_text(rq, (size_t)texts[i]), spans, 4))
            return request_invalid(rq, "sure", T_activity_write_private);
    if (!runs && !param_int(rq, W_SURE) && entry_files_numbers(rq))
        return request_invalid(rq, "sure", T_activity_write_private);
    return OK;
}

static bool asks_whether_sure(const struct request *rq)
{
    for (size_t i = 0; i < rq->form.n_errors; i++)
        if (str_eq(rq->form.error[i].field, STR("sure")))
            return true;
    return false;
}

/* What was typed; an error at its field when it cannot be. */
static enum result what_of(struct request *rq, struct activity_what *ret)
{
    static const struct {
        const char *field;
        enum text words;
    } wrong[] = {
        {"starts_at", T_activity_wrong_starts},  {"ends_at", T_activity_wrong_ends},
        {"signs_until", T_activity_wrong_signs}, {"cancels_until", T_activity_wrong_cancels},
        {"capacity", T_activity_wrong_capacity},
    };
    const char *field;

    *ret = (struct activity_what){
        .title = param_text(rq, W_TITLE),
        .body = param_text(rq, W_BODY),
        .spot = param_text(rq, W_SPOT),
        .limits = param_text(rq, W_LIMITS),
        .starts_at = param_int(rq, W_STARTS),
        .ends_at = param_int(rq, W_ENDS),
        .signs_until = param_given(rq, W_SIGNS) ? param_int(rq, W_SIGNS) : 0,
        .cancels_until = param_given(rq, W_CANCELS) ? param_int(rq, W_CANCELS) : 0,
        .capacity = param_given(rq, W_CAPACITY) ? param_int(rq, W_CAPACITY) : 0,
        .gives_hours = param_int(rq, W_HOURS),
        .photos = entry_files_photos(rq),
    };
    ret->n_names = entry_files_names(rq, ret->names);
    if ((field = activity_wrong(ret, rq->now)) == NULL)
        return OK;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        if (str_eq(str_from_cstr(field), str_from_cstr(wrong[i].field)))
            return request_invalid(rq, field, wrong[i].words);
    return E_INVALID;
}

static enum result form_new(struct request *rq)
{
    const struct board_subject *s = rq->subject;
    struct url here = board_url(rq->arena, &s->board, rq->place);
    struct activity_write_view view = {
        .board = board_name(&s->board, rq->lang),
        .action = url_below(rq->arena, here, "/new"),
        .back = here,
        .ask_sure = asks_whether_sure(rq),
        .reviewed = s->board.review == BOARD_REVIEW_BEFORE &&
                    !access_allowed(viewer_of(rq), CAP_BOARD_RUN, rq->place, &s->scope),
    };
    enum result r = entry_files_form(rq, NULL, MEDIA_STAGE_REFERENCE, &view.attach);

    return r == OK ? respond_view(rq, activity_write, &view) : r;
}

/* Each date of a series has them. */
static enum result attach_all(struct request *rq, int64_t first)
{
    struct sql_activity_of_series_rows rows;
    enum result r = entry_files_attach(rq, first);

    if (r == OK)
        r = sql_activity_of_series(rq->db, rq->place, first, 0, ACTIVITY_TIMES_MOST, &rows);
    for (size_t i = 0; r == OK && i < rows.n; i++)
        if (rows.row[i].entry != first)
            r = entry_files_attach(rq, rows.row[i].entry);
    return r;
}

static enum result write_new(struct request *rq)
{
    const struct board *board = board_of(rq);
    struct entry_actor actor = entry_actor_of(rq);
    bool review = board->review == BOARD_REVIEW_BEFORE && !actor.runs;
    enum repeat repeat = (enum repeat)param_int(rq, W_REPEAT);
    struct activity_what what;
    int64_t id;
    enum result r = look_for_private(rq, actor.runs);

    if (r == OK)
        r = what_of(rq, &what);
    if (r == OK && repeat != REPEAT_NONE && !param_given(rq, W_TIMES))
        return request_invalid(rq, "times", T_activity_wrong_times);
    if (r != OK)
        return r;
    r = activity_announce(rq->db, &actor, board, rq->place, &what, repeat,
                          repeat == REPEAT_NONE ? 1 : (int)param_int(rq, W_TIMES), review, &id);
    if (r == OK)
        r = attach_all(rq, id);
    return r == OK ? respond_created(rq, entry_url(rq->arena, board, rq->place, id), id,
                                     review ? T_activity_sent_for_review : T_activity_announced)
                   : r;
}

static enum result form_edit(struct request *rq)
{
    const struct entry_subject *s = rq->subject;
    struct url self = entry_url(rq->arena, &s->of.board, rq->place, s->entry.id);
    struct activity_write_view view = {
        .board = s->entry.title,
        .action = url_below(rq->arena, self, "/edit"),
        .back = self,
        .ask_sure = asks_whether_sure(rq),
        .version = s->entry.version,
        .editing = true,
    };
    struct sql_activity_get a;
    enum result r = sql_activity_get(rq->db, rq->place, s->entry.id, &a);

    if (r == OK)
        r = entry_files_form(rq, &s->entry, MEDIA_STAGE_REFERENCE, &view.attach);
    if (r != OK)
        return r;
    view.series = a.series != 0;
    form_default(rq, "title", s->entry.title);
    form_default(rq, "body", s->entry.body);
    form_default(rq, "spot", a.spot);
    form_default(rq, "limits", a.limits);
    form_default(rq, "starts_at", time_input(rq->arena, a.starts_at));
    form_default(rq, "ends_at", time_input(rq->arena, a.ends_at));
    form_default(rq, "signs_until", time_input(rq->arena, a.signs_until));
    form_default(rq, "cancels_until", time_input(rq->arena, a.cancels_until));
    if (a.capacity)
        form_default(rq, "capacity", str_printf(rq->arena, "%" PRId64, a.capacity));
    if (a.gives_hours)
        form_default(rq, "gives_hours", STR("1"));
    return respond_view(rq, activity_write, &view);
}

static enum result edit(struct request *rq)
{
    const struct entry *entry = entry_of(rq);
    struct entry_actor actor = entry_actor_of(rq);
    struct activity_what what;
    const char *field = NULL;
    enum result r = look_for_private(rq, actor.runs);

    if (r == OK)
        r = what_of(rq, &what);
    if (r == OK)
        r = activity_change(rq->db, &actor, board_of(rq), entry,
                            param_given(rq, W_VERSION) ? param_int(rq, W_VERSION) : entry->version, &what,
                            param_int(rq, W_REST), &field);
    if (r == OK)
        r = entry_files_change(rq, &actor, entry, MEDIA_STAGE_REFERENCE, ENTRY_PHOTOS_MAX);
    if (r == E_CONFLICT)
        return request_refuse(rq, r, T_activity_changed_meanwhile);
    if (r == E_INVALID && field)
        return request_invalid(rq, field, T_activity_wrong_fewer);
    return r == OK ? respond_see_other(rq, entry_url(rq->arena, board_of(rq), rq->place, entry->id), T_activity_saved)
                   : r;
}

enum { REVIEW_ACCEPT, REVIEW_REASON, REVIEW_PARAMS };
static const struct param review_params[REVIEW_PARAMS] = {
    [REVIEW_ACCEPT] = {.name = "accept", .kind = PARAM_CHOICE, .choices = "no,yes", .required = true},
    [REVIEW_REASON] = {.name = "reason",
                       .kind = PARAM_TEXT,
                       .max = ACTIVITY_REASON_MAX,
                       .doc = "Why not; the author reads it"},
};

static enum result review(struct request *rq)
{
    struct entry_actor actor = entry_actor_of(rq);
    bool accept = param_int(rq, REVIEW_ACCEPT) == 1;
    enum result r;

    if (!accept && param_text(rq, REVIEW_REASON).len == 0)
        return request_invalid(rq, "reason", T_activity_why_not);
    r = activity_review(rq->db, &actor, board_of(rq), entry_of(rq), accept, param_text(rq, REVIEW_REASON));
    if (r == E_CONFLICT)
        return request_refuse(rq, r, T_activity_no_moved);
    return r == OK ? respond_see_other(rq, entry_url(rq->arena, board_of(rq), rq->place, entry_of(rq)->id),
                                       accept ? T_activity_accepted : T_activity_declined)
                   : r;
}

#define BOARD "/p/{place}/activity/{board:word}"

static const struct route routes[] = {
    {HTTP_GET, BOARD, "activity.list", .handle = list, .subject = &board_subject, .need = CAP_BOARD_READ,
     PARAMS(list_params), .view = &activity_list_info, .doc = "What is coming, the next first, or what has been"},
    {HTTP_GET, BOARD "/new", "activity.new", .handle = form_new, .subject = &board_subject, .need = CAP_BOARD_WRITE,
     .flags = ROUTE_PERSONAL, .view = &activity_write_info, .doc = "The form for a new activity"},
    {HTTP_POST, BOARD "/new", "activity.create", .handle = write_new, .before = entry_files_prepare,
     .subject = &board_subject, .need = CAP_BOARD_WRITE, PARAMS(write_params), .flags = ROUTE_WRITE | ROUTE_UPLOAD,
     .rate = RATE_UPLOAD, .again = form_new, .doc = "Announces an activity, or a series of dates"},
    {HTTP_GET, ONE, "activity.show", .handle = activity_show, .subject = &entry_subject, .need = CAP_BOARD_READ,
     PARAMS(show_params), .view = &activity_show_info, .doc = "One activity with its comments"},
    {HTTP_GET, ONE "/calendar.ics", "activity.calendar", .handle = one_calendar, .subject = &entry_subject,
     .need = CAP_BOARD_READ, .doc = "One activity for a calendar: RFC 5545"},
    {HTTP_POST, ONE "/sign", "activity.sign", .handle = sign, .subject = &entry_subject, .need = CAP_BOARD_TAKE_PART,
     PARAMS(sign_params), .flags = ROUTE_WRITE, .rate = RATE_WRITE, .again = activity_show,
     .doc = "Signs up, or gives the place back"},
    {HTTP_GET, ONE "/edit", "activity.edit.form", .handle = form_edit, .subject = &organised_subject, .need = CAP_OWN,
     .flags = ROUTE_PERSONAL, .view = &activity_write_info, .doc = "An activity, for its organiser to change it"},
    {HTTP_POST, ONE "/edit", "activity.edit", .handle = edit, .before = entry_files_prepare,
     .subject = &organised_subject, .need = CAP_OWN, PARAMS(write_params), .flags = ROUTE_WRITE | ROUTE_UPLOAD,
     .rate = RATE_UPLOAD, .again = form_edit, .doc = "Changes an activity, or it and the later dates of its series"},
    {HTTP_POST, ONE "/review", "activity.review", .handle = review, .subject = &entry_subject, .need = CAP_BOARD_RUN,
     PARAMS(review_params), .flags = ROUTE_WRITE, .rate = RATE_WRITE, .again = activity_show,
     .doc = "Accepts it with all its dates, or declines it with a reason"},
    ENTRY_ROUTES("activity", activity_show),
};

static enum result tick(struct app *app, struct arena *a)
{
    enum { AT_ONCE = 100 };
    bool left = true;
    enum result r = OK;

    for (int i = 0; r == OK && left && i < 20; i++) {
        arena_reset(a);
        r = activity_tick(app_database(app), a, time_now(), AT_ONCE, &left);
    }
    return r;
}

static const struct job_kind jobs[] = {{"activity.clock", TIME_MINUTE, tick}};

const struct module activity_module = {
    .name = "activity", .routes = routes, .n_routes = sizeof(routes) / sizeof(routes[0]), .jobs = jobs, .n_jobs = 1};
