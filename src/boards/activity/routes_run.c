/* routes_run.c: what organising takes: the list of who comes, check-in on site, closing, calling off, pictures of how it was. */
#include "boards/activity/routes.h"

#include "boards/activity/views/activity_code.html.h"
#include "boards/activity/views/activity_here.html.h"
#include "boards/activity/views/activity_roll.html.h"
#include "civic/hours/hours.h"
#include "civic/entry/entry_files.h"
#include "civic/place/place_module.h"
#include "civic/service/service.h"
#include "engine/page/qr.h"

enum { PHOTOS_AFTER = 27, CODE_MINUTES = 10, CODE_RENEWS = 60 /* s */ };

static struct url self_of(struct request *rq, const char *tail)
{
    struct url self = entry_url(rq->arena, board_of(rq), rq->place, entry_of(rq)->id);

    return *tail ? url_below(rq->arena, self, tail) : self;
}

/* ---- the list ------------------------------------------------------------------------------------------------------- */

/* Whoever has a place or waits for one, in the order in which they came. */
static enum result fill_people(struct request *rq, struct activity_roll_view *view)
{
    static const struct {
        int state;
        enum text word;
    } groups[] = {
        {SIGNUP_CAME, T_activity_roll_came},
        {SIGNUP_IN, T_activity_roll_in},
        {SIGNUP_MISSED, T_activity_roll_missed},
        {SIGNUP_WAITING, T_activity_roll_waiting},
    };
    const struct entry *e = entry_of(rq);
    struct activity_roll_people *to = arena_array(rq->arena, struct activity_roll_people,
                                                  (size_t)(view->taken + view->waits + 1));
    size_t n = 0, most = (size_t)(view->taken + view->waits);
    enum result r = OK;

    for (size_t g = 0; r == OK && g < sizeof(groups) / sizeof(groups[0]); g++) {
        struct sql_activity_signups_rows rows;

        r = sql_activity_signups(rq->db, rq->place, e->id, signup_word(groups[g].state), &rows);
        for (size_t i = 0; r == OK && i < rows.n && n < most; i++)
            to[n++] = (struct activity_roll_people){
                .person = rows.row[i].person,
                .name = rows.row[i].shown_name,
                .from = rows.row[i].person_from,
                .state = groups[g].word,
                .signed_at = rows.row[i].signed_at,
                .came = rows.row[i].came_at,
                .in = groups[g].state == SIGNUP_IN,
                .waiting = groups[g].state == SIGNUP_WAITING,
                .here = groups[g].state == SIGNUP_CAME,
            };
    }
    view->people.v = to;
    view->people.n = n;
    return r;
}

enum result activity_roll(struct request *rq)
{
    const struct entry *e = entry_of(rq);
    struct sql_activity_get a;
    struct activity_roll_view view;
    struct activity_now now;
    int state = activity_state(e);
    bool open = state == ACTIVITY_OPEN;
    enum result r = sql_activity_get(rq->db, rq->place, e->id, &a);

    if (r != OK)
        return r;
    now = activity_now_of(e, &a, rq->now);
    view = (struct activity_roll_view){
        .id = e->id,
        .title = e->title,
        .state = now.word,
        .mark = str_from_cstr(now.mark),
        .when = activity_when(rq->arena, rq->lang, rq->now, a.starts_at, a.ends_at),
        .spot = a.spot,
        .capacity = a.capacity,
        .taken = a.taken,
        .waits = a.waits,
        .came = a.came,
        .minutes = a.minutes,
        .series = a.series != 0,
        .hours = a.gives_hours,
        .back = self_of(rq, ""),
        .self = self_of(rq, "/roll"),
        .act = self_of(rq, "/roll"),
        .check = open && rq->now >= a.starts_at - ACTIVITY_DOOR_OPENS,
        .usual = (a.ends_at - a.starts_at) / TIME_MINUTE,
    };
    if (view.usual > HOURS_LINE_MAX)
        view.usual = HOURS_LINE_MAX;
    if (view.check)
        view.code = self_of(rq, "/code");
    if (open && activity_begun(&a, rq->now))
        view.close = self_of(rq, "/close");
    if (!activity_flow.state[state].final && a.ends_at > rq->now)
        view.cancel = self_of(rq, "/cancel");
    if ((open || state == ACTIVITY_DONE) && activity_begun(&a, rq->now)) {
        view.photos = self_of(rq, "/photos");
        r = entry_files_form(rq, e, MEDIA_STAGE_AFTER, &view.attach);
        view.attach.takes_documents = false;
    }
    if (r == OK)
        r = fill_people(rq, &view);
    return r == OK ? respond_view(rq, activity_roll, &view) : r;
}

enum { ROLL_PERSON, ROLL_ACT, ROLL_PARAMS };
enum { ACT_CHECK_IN, ACT_UNDO, ACT_TAKE_OFF };
static const struct param roll_params[ROLL_PARAMS] = {
    [ROLL_PERSON] = {.name = "person", .kind = PARAM_ID, .required = true, .doc = "Somebody of the list"},
    [ROLL_ACT] = {.name = "act",
                  .kind = PARAM_CHOICE,
                  .choices = "check_in,undo,take_off",
                  .required = true,
                  .doc = "Is here; is not here after all; gives the place to the next in line"},
};

static enum result roll_act(struct request *rq)
{
    static const enum text said[] = {[ACT_CHECK_IN] = T_activity_checked_in,
                                     [ACT_UNDO] = T_activity_check_in_undone,
                                     [ACT_TAKE_OFF] = T_activity_taken_off};
    struct entry_actor actor = entry_actor_of(rq);
    const struct entry *e = entry_of(rq);
    int64_t person = param_int(rq, ROLL_PERSON), act = param_int(rq, ROLL_ACT);
    enum activity_no no = ACTIVITY_YES;
    enum result r = act == ACT_CHECK_IN ? activity_check_in(rq->db, &actor, e, person, 0, BY_ORGANISER, &no)
                  : act == ACT_UNDO     ? activity_check_in_undo(rq->db, &actor, e, person, &no)
                                        : activity_leave(rq->db, &actor, board_of(rq), e, person, BY_ORGANISER, &no);

    if (r == E_CONFLICT)
        return activity_refuse(rq, no);
    return r == OK ? respond_see_other(rq, self_of(rq, "/roll"), said[act]) : r;
}

/* ---- the code on site --------------------------------------------------------------------------------------------------- */

/* MINUTE-SIGNATURE: made anew every minute, good for ten, so that there is time to sign in on the way and none to send it around. */
static struct str code_at(struct request *rq, int64_t minute)
{
    const struct services *services = services_of(rq);
    struct str what = str_printf(rq->arena, "%" PRId64 "/%" PRId64 "/%" PRId64, rq->place, entry_of(rq)->id, minute);
    struct hash mac = crypto_mac(services->keys, STR("activity check-in"), what);

    return str_printf(rq->arena, "%" PRId64 "-" STR_FMT, minute,
                      STR_ARG(str_hex(rq->arena, str_sub(hash_str(&mac), 0, 12))));
}

static bool code_is_good(struct request *rq, struct str code)
{
    struct str rest = code, head;
    int64_t minute, now = rq->now / TIME_MINUTE;

    if (!str_cut(&rest, '-', &head) || str_int64(head, 0, INT64_MAX, &minute) != OK)
        return false;
    return minute <= now && minute > now - CODE_MINUTES && crypto_equal(code, code_at(rq, minute));
}

static enum result code_address(struct request *rq, struct str *ret)
{
    struct str address;
    struct url here = url_add(rq->arena, self_of(rq, "/here"), "code", code_at(rq, rq->now / TIME_MINUTE));
    enum result r = place_public_address(rq, &address);

    if (r == OK)
        *ret = str_printf(rq->arena, STR_FMT STR_FMT, STR_ARG(address), STR_ARG(here.s));
    return r;
}

static enum result check_in_time(struct request *rq, struct sql_activity_get *ret)
{
    enum result r = sql_activity_get(rq->db, rq->place, entry_of(rq)->id, ret);

    if (r == OK && (activity_state(entry_of(rq)) != ACTIVITY_OPEN || rq->now < ret->starts_at - ACTIVITY_DOOR_OPENS))
        return request_refuse(rq, E_CONFLICT, T_activity_no_too_early);
    return r;
}

static enum result code(struct request *rq)
{
    struct sql_activity_get a;
    struct str address;
    struct activity_code_view view;
    enum result r = check_in_time(rq, &a);

    if (r == OK)
        r = code_address(rq, &address);
    if (r != OK)
        return r;
    view = (struct activity_code_view){
        .id = a.entry,
        .title = entry_of(rq)->title,
        .address = address,
        .taken = a.taken,
        .came = a.came,
        .picture = url_add(rq->arena, self_of(rq, "/code.svg"), "at",
                           str_printf(rq->arena, "%" PRId64, rq->now / TIME_MINUTE)),
        .back = self_of(rq, "/roll"),
        .self = self_of(rq, "/code"),
    };
    respond_header(rq, STR("Refresh"), str_printf(rq->arena, "%d", CODE_RENEWS)); /* without a script too */
    return respond_view(rq, activity_code, &view);
}

static enum result code_svg(struct request *rq)
{
    struct sql_activity_get a;
    struct str address, svg;
    enum result r = check_in_time(rq, &a);

    if (r == OK)
        r = code_address(rq, &address);
    if (r == OK)
        r = qr_svg(rq->arena, address, &svg);
    return r == OK ? respond_bytes(rq, 200, STR("image/svg+xml"), svg) : r;
}

static const struct param code_params[] = {
    {.name = "at", .kind = PARAM_ID, .doc = "The minute: so that a browser asks for the new one"},
};
static const struct param here_params[] = {
    {.name = "code", .kind = PARAM_TEXT, .max = 60, .doc = "What the code on site says"},
};

/* Where the code leads. Reading it does nothing yet: a preview of a link must not check anybody in. */
static enum result here(struct request *rq)
{
    const struct entry *e = entry_of(rq);
    struct sql_activity_get a;
    struct sql_activity_signup_get mine = {0};
    struct activity_here_view view;
    enum result r = sql_activity_get(rq->db, rq->place, e->id, &a);

    if (r == OK)
        r = sql_activity_signup_get(rq->db, rq->place, e->id, rq->person, &mine);
    if (r != OK && r != E_NOT_FOUND)
        return r;
    view = (struct activity_here_view){
        .id = e->id,
        .title = e->title,
        .when = activity_when(rq->arena, rq->lang, rq->now, a.starts_at, a.ends_at),
        .spot = a.spot,
        .here = str_eq(mine.state, STR("came")),
        .valid = code_is_good(rq, param_text(rq, 0)),
        .mine = str_eq(mine.state, STR("in")),
        .code = param_text(rq, 0),
        .action = self_of(rq, "/here"),
        .back = self_of(rq, ""),
    };
    return respond_view(rq, activity_here, &view);
}

static enum result here_check_in(struct request *rq)
{
    struct entry_actor actor = entry_actor_of(rq);
    enum activity_no no = ACTIVITY_YES;
    enum result r;

    if (!code_is_good(rq, param_text(rq, 0)))
        return request_refuse(rq, E_CONFLICT, T_activity_code_old);
    r = activity_check_in(rq->db, &actor, entry_of(rq), actor.person, activity_home_of(rq), BY_PERSON, &no);
    if (r == E_CONFLICT)
        return activity_refuse(rq, no);
    return r == OK ? respond_see_other(rq, self_of(rq, ""), T_activity_welcome) : r;
}

/* ---- closing, calling off, pictures ----------------------------------------------------------------------------------------- */

static const struct param close_params[] = {
    {.name = "minutes",
     .kind = PARAM_INT,
     .min = 0,
     .max = HOURS_LINE_MAX,
     .doc = "That each who came is given, where it gives hours"},
};

static enum result close_it(struct request *rq)
{
    struct entry_actor actor = entry_actor_of(rq);
    struct sql_activity_get a;
    bool left = false;
    int64_t minutes = 0;
    enum result r = sql_activity_get(rq->db, rq->place, entry_of(rq)->id, &a);

    if (r == OK && a.gives_hours) {
        if (!param_given(rq, 0))
            return request_invalid(rq, "minutes", T_activity_minutes_missing);
        minutes = param_int(rq, 0);
    }
    if (r == OK)
        r = activity_close(rq->db, &actor, board_of(rq), entry_of(rq), minutes, &left);
    if (r == E_CONFLICT)
        return request_refuse(rq, r, T_activity_no_moved);
    return r == OK ? respond_see_other(rq, self_of(rq, "/roll"), left ? T_activity_closed_own_left : T_activity_closed)
                   : r;
}

enum { CANCEL_REASON, CANCEL_REST, CANCEL_PARAMS };
static const struct param cancel_params[CANCEL_PARAMS] = {
    [CANCEL_REASON] = {.name = "reason",
                       .kind = PARAM_TEXT,
                       .max = ACTIVITY_REASON_MAX,
                       .doc = "Everybody who signed up reads it"},
    [CANCEL_REST] = {.name = "rest", .kind = PARAM_BOOL, .doc = "The later dates of the series too"},
};

static enum result cancel(struct request *rq)
{
    struct entry_actor actor = entry_actor_of(rq);
    enum result r;

    if (param_text(rq, CANCEL_REASON).len == 0)
        return request_invalid(rq, "reason", T_activity_cancel_why);
    r = activity_cancel(rq->db, &actor, board_of(rq), entry_of(rq), param_text(rq, CANCEL_REASON),
                        param_int(rq, CANCEL_REST));
    if (r == E_CONFLICT)
        return request_refuse(rq, r, T_activity_no_moved);
    if (r == E_INVALID && rq->form.n_errors == 0)
        return request_invalid(rq, "reason", T_activity_cancel_words);
    return r == OK ? respond_see_other(rq, self_of(rq, "/roll"), T_activity_cancelled) : r;
}

static const struct param photos_params[] = {ENTRY_PARAM_PHOTOS, ENTRY_PARAM_DROP};

static enum result photos(struct request *rq)
{
    struct entry_actor actor = entry_actor_of(rq);
    const struct entry *e = entry_of(rq);
    int state = activity_state(e);
    struct sql_activity_get a;
    enum result r = sql_activity_get(rq->db, rq->place, e->id, &a);

    if (r != OK)
        return r;
    if ((state != ACTIVITY_OPEN && state != ACTIVITY_DONE) || !activity_begun(&a, rq->now))
        return request_refuse(rq, E_CONFLICT, T_activity_no_too_early);
    if (!entry_files_changed(rq))
        return request_invalid(rq, "photos", T_activity_photos_none);
    r = entry_files_change(rq, &actor, e, MEDIA_STAGE_AFTER, PHOTOS_AFTER);
    return r == OK ? respond_see_other(rq, self_of(rq, ""), T_activity_photos_there) : r;
}

static const struct route routes[] = {
    {HTTP_GET, ONE "/roll", "activity.roll", .handle = activity_roll, .subject = &organised_subject, .need = CAP_OWN,
     .flags = ROUTE_PERSONAL, .view = &activity_roll_info, .doc = "Who has signed up: for the organiser and staff"},
    {HTTP_POST, ONE "/roll", "activity.roll.act", .handle = roll_act, .subject = &organised_subject, .need = CAP_OWN,
     PARAMS(roll_params), .flags = ROUTE_WRITE, .rate = RATE_WRITE, .again = activity_roll,
     .doc = "Checks somebody in, takes it back, or takes somebody off the list"},
    {HTTP_GET, ONE "/code", "activity.code", .handle = code, .subject = &organised_subject, .need = CAP_OWN,
     .flags = ROUTE_PERSONAL, .view = &activity_code_info, .doc = "The code that is shown on site"},
    {HTTP_GET, ONE "/code.svg", "activity.code.picture", .handle = code_svg, .subject = &organised_subject,
     .need = CAP_OWN, PARAMS(code_params), .flags = ROUTE_PERSONAL, .doc = "The same as a picture"},
    {HTTP_GET, ONE "/here", "activity.here", .handle = here, .subject = &entry_subject, .need = CAP_BOARD_TAKE_PART,
     PARAMS(here_params), .flags = ROUTE_PERSONAL, .view = &activity_here_info, .doc = "Where the code on site leads"},
    {HTTP_POST, ONE "/here", "activity.check_in", .handle = here_check_in, .subject = &entry_subject,
     .need = CAP_BOARD_TAKE_PART, PARAMS(here_params), .flags = ROUTE_WRITE, .rate = RATE_WRITE, .again = here,
     .doc = "Checks oneself in on site, by the code of the last ten minutes"},
    {HTTP_POST, ONE "/close", "activity.close", .handle = close_it, .subject = &organised_subject, .need = CAP_OWN,
     PARAMS(close_params), .flags = ROUTE_WRITE, .rate = RATE_WRITE, .again = activity_roll,
     .doc = "It has taken place: gives the hours, once"},
    {HTTP_POST, ONE "/cancel", "activity.cancel", .handle = cancel, .subject = &organised_subject, .need = CAP_OWN,
     PARAMS(cancel_params), .flags = ROUTE_WRITE, .rate = RATE_WRITE, .again = activity_roll,
     .doc = "Calls it off with a reason, or it and the later dates of its series"},
    {HTTP_POST, ONE "/photos", "activity.photos", .handle = photos, .before = entry_files_prepare,
     .subject = &organised_subject, .need = CAP_OWN, PARAMS(photos_params), .flags = ROUTE_WRITE | ROUTE_UPLOAD,
     .rate = RATE_UPLOAD, .again = activity_roll, .doc = "Pictures of how it was: adds them, or takes some away"},
};

const struct module activity_run_module = {
    .name = "activity_run", .routes = routes, .n_routes = sizeof(routes) / sizeof(routes[0])};
