/* routes_slot.c: times that can be booked: making them, booking, who comes; what the viewer has booked. */
#include "boards/service/doctor.h"
#include "boards/service/routes.h"

#include <stdlib.h>

#include "boards/service/views/booking_list.html.h"
#include "boards/service/views/slot_show.html.h"
#include "boards/service/views/slot_write.html.h"
#include "civic/home/home.h"
#include "civic/person/person.h"
#include "civic/place/place_subject.h"

enum { PAGE = 30 };

static struct url here(struct request *rq)
{
    return entry_url(rq->arena, board_of(rq), rq->place, entry_of(rq)->id);
}

static struct url slot_here(struct request *rq)
{
    return slot_url(rq, slot_of(rq)->id);
}

/* ---- making ------------------------------------------------------------------------------------------------------------------ */

enum { M_TITLE, M_STARTS_AT, M_MINUTES, M_CAPACITY, M_CANCEL_HOURS, M_WEEKS, M_PARAMS };
static const struct param make_params[M_PARAMS] = {
    [M_TITLE] = {.name = "title", .kind = PARAM_TEXT, .max = 30, .doc = "What for"},
    [M_STARTS_AT] = {.name = "starts_at", .kind = PARAM_TIME, .required = true, .doc = "When it begins"},
    [M_MINUTES] = {.name = "minutes",
                   .kind = PARAM_INT,
                   .required = true,
                   .min = 5,
                   .max = SLOT_HOURS_MAX * 60,
                   .doc = "How long"},
    [M_CAPACITY] = {.name = "capacity",
                    .kind = PARAM_INT,
                    .required = true,
                    .min = 1,
                    .max = SLOT_CAPACITY_MAX,
                    .doc = "How many places"},
    [M_CANCEL_HOURS] = {.name = "cancel_hours",
                        .kind = PARAM_INT,
                        .max = 168,
                        .doc = "So many hours before it, residents may cancel by themselves"},
    [M_WEEKS] = {.name = "weeks",
                 .kind = PARAM_INT,
                 .min = 1,
                 .max = SLOT_REPEAT_MAX,
                 .doc = "The same on so many weeks in a row"},
};

static enum result form_slot(struct request *rq)
{
    const struct provider_subject *s = rq->subject;
    struct slot_write_view view = {
        .title = s->of.entry.title,
        .project = str_eq(s->provider.sort, STR("project")),
        .action = url_below(rq->arena, here(rq), "/slots"),
        .back = here(rq),
    };

    if (!provider_runs(rq, &s->provider))
        return E_DENIED;
    form_default(rq, "minutes", STR("30"));
    form_default(rq, "capacity", STR("10"));
    form_default(rq, "cancel_hours", STR("12"));
    form_default(rq, "weeks", STR("1"));
    return respond_view(rq, slot_write, &view);
}

static enum result make_slot(struct request *rq)
{
    struct entry_actor actor = entry_actor_of(rq);
    const struct slot_new what = {
        .community = rq->place,
        .provider = entry_of(rq)->id,
        .title = param_text(rq, M_TITLE),
        .starts_at = param_int(rq, M_STARTS_AT),
        .ends_at = param_int(rq, M_STARTS_AT) + param_int(rq, M_MINUTES) * TIME_MINUTE,
        .capacity = param_int(rq, M_CAPACITY),
        .cancel_hours = param_int(rq, M_CANCEL_HOURS),
        .weeks = param_given(rq, M_WEEKS) ? param_int(rq, M_WEEKS) : 1,
    };
    int64_t id;
    enum result r;

    if (!provider_runs(rq, provider_of(rq)))
        return E_DENIED;
    r = slot_make(rq->db, &actor, &what, &id);
    if (r == E_INVALID)
        return request_invalid(rq, "starts_at", T_service_slot_wrong);
    return r == OK ? respond_created(rq, here(rq), id, T_service_slot_made) : r;
}

/* ---- booking ------------------------------------------------------------------------------------------------------------------ */

static const struct param book_params[] = {
    {.name = "note", .kind = PARAM_TEXT, .max = SLOT_NOTE_MAX, .doc = "For the provider's eyes"},
};

static enum result book(struct request *rq)
{
    struct entry_actor actor = entry_actor_of(rq);
    int64_t home = viewer_home_below(viewer_of(rq), rq->place);
    bool waits;
    enum result r;

    if (home == 0)
        return request_refuse(rq, E_DENIED, T_service_slot_not_here);
    if (board_is_of(rq, rq->subject, "family_doctor")) { /* appointments are for those who are with the doctor */
        const struct viewer_residence *flat = viewer_residence_in(viewer_of(rq), rq->place);
        bool has = false;

        if (flat && flat->verified && (r = doctor_has(rq->db, rq->place, flat->dwelling, entry_of(rq)->id, &has)) != OK)
            return r;
        if (!has)
            return request_refuse(rq, E_CONFLICT, T_service_doctor_first);
    }
    actor.organisation = 0; /* a place is booked as a neighbour, also by whoever works here */
    r = slot_book(rq->db, &actor, entry_of(rq), slot_of(rq)->id, home, param_text(rq, 0), &waits);
    if (r == E_BUSY)
        return request_refuse(rq, E_CONFLICT, T_service_slot_many);
    if (r == E_CONFLICT)
        return request_refuse(rq, r,
                              slot_of(rq)->starts_at > rq->now && str_eq(slot_of(rq)->state, STR("open"))
                                  ? T_service_slot_twice
                                  : T_service_slot_begun);
    return r == OK ? respond_see_other(rq, here(rq), waits ? T_service_queued : T_service_booked) : r;
}

static enum result cancel(struct request *rq)
{
    struct entry_actor actor = entry_actor_of(rq);
    struct sql_booking_mine mine;
    enum result r = sql_booking_mine(rq->db, rq->place, slot_of(rq)->id, rq->person, &mine);

    actor.organisation = 0;
    if (r == OK)
        r = slot_cancel(rq->db, &actor, entry_of(rq), slot_of(rq)->id, mine.id, false);
    if (r == E_DENIED)
        return request_refuse(rq, E_CONFLICT, T_service_cancel_late);
    if (r == E_CONFLICT)
        return request_refuse(rq, r, T_service_over);
    return r == OK ? respond_see_other(rq, here(rq), T_service_cancelled) : r;
}

/* ---- who comes, for who offers it --------------------------------------------------------------------------------------------------- */

static const char *mark_of(struct str state)
{
    return str_eq(state, STR("booked"))  ? "doing"
         : str_eq(state, STR("waiting")) ? "wait"
         : str_eq(state, STR("came"))    ? "done"
         : str_eq(state, STR("missed"))  ? "late"
                                         : "shut";
}

static enum result show_slot(struct request *rq)
{
    const struct slot_subject *s = rq->subject;
    const struct sql_slot_get *slot = &s->slot;
    struct url self = slot_here(rq);
    struct sql_booking_of_slot_rows rows;
    struct slot_show_bookings *b;
    bool begun = slot->starts_at <= rq->now, off = !str_eq(slot->state, STR("open"));
    struct slot_show_view view = {
        .id = slot->id,
        .title = s->of.of.entry.title,
        .slot = slot->title,
        .when = slot_when(rq, slot->starts_at, slot->ends_at),
        .capacity = slot->capacity,
        .taken = slot->taken,
        .waiting = slot->waiting,
        .called_off = off,
        .reason = slot->reason,
        .begun = begun,
        .project = str_eq(s->of.provider.sort, STR("project")),
        .back = here(rq),
        .cancel_url = url_below(rq->arena, self, "/drop"),
        .mark_url = url_below(rq->arena, self, "/mark"),
    };
    enum result r;

    if (!provider_runs(rq, &s->of.provider))
        return E_DENIED;
    if ((r = sql_booking_of_slot(rq->db, rq->place, slot->id, &rows)) != OK)
        return r;
    b = arena_array(rq->arena, struct slot_show_bookings, rows.n + 1);
    for (size_t i = 0; i < rows.n; i++) {
        const struct sql_booking_of_slot *row = &rows.row[i];
        bool booked = str_eq(row->state, STR("booked")), came = str_eq(row->state, STR("came")),
             missed = str_eq(row->state, STR("missed"));
        struct person_label label;

        if ((r = person_label(rq->db, row->person, row->home, &label)) != OK && r != E_NOT_FOUND)
            return r;
        b[i] = (struct slot_show_bookings){
            .id = row->id,
            .name = r == OK ? label.name : row->shown_name,
            .from = r == OK ? label.from : STR_NONE,
            .note = row->note,
            .state = booking_state_text(row->state),
            .mark = str_from_cstr(mark_of(row->state)),
            .cancel = !begun && (booked || str_eq(row->state, STR("waiting"))),
            .came = begun && (booked || missed),
            .missed = begun && (booked || came),
        };
    }
    view.bookings.v = b;
    view.bookings.n = rows.n;
    if (!begun && !off) {
        view.off_url = url_below(rq->arena, self, "/off");
        view.resize = url_below(rq->arena, self, "/resize");
    }
    return respond_view(rq, slot_show, &view);
}

static const struct param cancel_for_params[] = {
    {.name = "booking", .kind = PARAM_ID, .required = true, .doc = "Whose"},
};
static enum result cancel_for(struct request *rq)
{
    struct entry_actor actor = entry_actor_of(rq);
    enum result r;

    if (!provider_runs(rq, provider_of(rq)))
        return E_DENIED;
    r = slot_cancel(rq->db, &actor, entry_of(rq), slot_of(rq)->id, param_int(rq, 0), true);
    if (r == E_CONFLICT)
        return request_refuse(rq, r, T_service_over);
    return r == OK ? respond_see_other(rq, slot_here(rq), T_service_cancelled) : r;
}

static const struct param mark_params[] = {
    {.name = "booking", .kind = PARAM_ID, .required = true, .doc = "Whose"},
    {.name = "came", .kind = PARAM_CHOICE, .choices = "no,yes", .required = true},
};
static enum result mark(struct request *rq)
{
    struct entry_actor actor = entry_actor_of(rq);
    enum result r;

    if (!provider_runs(rq, provider_of(rq)))
        return E_DENIED;
    r = slot_mark(rq->db, &actor, entry_of(rq), slot_of(rq)->id, param_int(rq, 0), param_int(rq, 1) == 1);
    if (r == E_CONFLICT)
        return request_refuse(rq, r, slot_of(rq)->starts_at > rq->now ? T_service_not_begun : T_service_over);
    if (r == E_DENIED)
        return request_refuse(rq, r, T_service_own_hours);
    return r == OK ? respond_see_other(rq, slot_here(rq), T_service_marked) : r;
}

static const struct param off_params[] = {
    {.name = "reason", .kind = PARAM_TEXT, .max = SLOT_NOTE_MAX, .doc = "Why; those who have booked read it"},
};
static enum result call_off(struct request *rq)
{
    struct entry_actor actor = entry_actor_of(rq);
    enum result r;

    if (!provider_runs(rq, provider_of(rq)))
        return E_DENIED;
    if (param_text(rq, 0).len == 0)
        return request_invalid(rq, "reason", T_service_why_not);
    r = slot_off(rq->db, &actor, entry_of(rq), slot_of(rq)->id, param_text(rq, 0));
    if (r == E_CONFLICT)
        return request_refuse(rq, r, T_service_over);
    return r == OK ? respond_see_other(rq, slot_here(rq), T_service_slot_is_off) : r;
}

static const struct param resize_params[] = {
    {.name = "capacity",
     .kind = PARAM_INT,
     .required = true,
     .min = 1,
     .max = SLOT_CAPACITY_MAX,
     .doc = "How many places"},
};
static enum result resize(struct request *rq)
{
    struct entry_actor actor = entry_actor_of(rq);
    enum result r;

    if (!provider_runs(rq, provider_of(rq)))
        return E_DENIED;
    r = slot_resize(rq->db, &actor, entry_of(rq), slot_of(rq)->id, param_int(rq, 0));
    if (r == E_CONFLICT)
        return request_invalid(rq, "capacity", T_service_resize_less);
    return r == OK ? respond_see_other(rq, slot_here(rq), T_service_resized) : r;
}

/* ---- what the viewer has booked ------------------------------------------------------------------------------------------------------- */

enum { MINE_BEFORE, MINE_PARAMS };
static const struct param mine_params[MINE_PARAMS] = {
    [MINE_BEFORE] = {.name = "before", .kind = PARAM_ID, .doc = "Paging: bookings older than this id"},
};

static int newest_first(const void *a, const void *b)
{
    const struct booking_list_bookings *x = a, *y = b;

    return x->id > y->id ? -1 : x->id < y->id;
}

/* What is not shown any more has no address, and says so by that alone. */
static enum result title_of(struct request *rq, int64_t community, int64_t provider, struct str *ret_title,
                            struct url *ret_url)
{
    struct board board;
    struct entry entry;
    enum result r = entry_get(rq->db, community, provider, &entry);

    if (r == OK)
        r = board_get(rq->db, entry.board, &board);
    if (r != OK)
        return r;
    *ret_title = entry.title;
    *ret_url = entry.listed ? entry_url(rq->arena, &board, community, provider) : (struct url){STR_NONE};
    return OK;
}

static enum result mine(struct request *rq)
{
    int64_t chain[4], before = param_given(rq, MINE_BEFORE) ? param_int(rq, MINE_BEFORE) : INT64_MAX;
    size_t n_chain = place_chain(rq->place, chain), n = 0;
    struct booking_list_bookings *b = arena_array(rq->arena, struct booking_list_bookings, 4 * (PAGE + 1));
    struct booking_list_view view = {.place = rq->place, .home = url_path(rq->arena, "/p/%" PRId64, rq->place)};

    for (size_t c = 0; c < n_chain; c++) { /* with services of the place, and of those above it */
        struct sql_booking_of_person_rows rows;
        enum result r = sql_booking_of_person(rq->db, chain[c], rq->person, before, PAGE + 1, &rows);

        for (size_t i = 0; r == OK && i < rows.n; i++) {
            const struct sql_booking_of_person *row = &rows.row[i];

            b[n] = (struct booking_list_bookings){
                .id = row->id,
                .slot = row->title,
                .when = slot_when(rq, row->starts_at, row->ends_at),
                .starts = row->starts_at,
                .state = booking_state_text(row->state),
                .mark = str_from_cstr(mark_of(row->state)),
            };
            r = title_of(rq, chain[c], row->provider, &b[n].title, &b[n].url);
            n++;
        }
        if (r != OK)
            return r;
    }
    if (n)
        qsort(b, n, sizeof(*b), newest_first);
    if (n > PAGE) {
        n = PAGE;
        view.more = url_add(rq->arena, url_path(rq->arena, "/p/%" PRId64 "/bookings", rq->place), "before",
                            str_printf(rq->arena, "%" PRId64, b[PAGE - 1].id));
    }
    view.bookings.v = b;
    view.bookings.n = n;
    return respond_view(rq, booking_list, &view);
}

#define PARAMS(table) .params = table, .n_params = sizeof(table) / sizeof((table)[0])
#define ONE "/p/{place}/service/{board:word}/{id}"
#define SLOT "/p/{place}/service/{board:word}/slot/{slot}"
#define WRITES .flags = ROUTE_WRITE, .rate = RATE_WRITE

static const struct route routes[] = {
    {HTTP_GET, ONE "/slots", "service.slot.new", .handle = form_slot, .subject = &provider_subject,
     .need = CAP_BOARD_RUN, .flags = ROUTE_PERSONAL, .view = &slot_write_info,
     .doc = "The form for a time that can be booked"},
    {HTTP_POST, ONE "/slots", "service.slot.create", .handle = make_slot, .subject = &provider_subject,
     .need = CAP_BOARD_RUN, PARAMS(make_params), WRITES, .again = form_slot,
     .doc = "Adds a time, or the same on several weeks"},
    {HTTP_GET, SLOT, "service.slot", .handle = show_slot, .subject = &slot_subject, .need = CAP_BOARD_RUN,
     .flags = ROUTE_PERSONAL, .view = &slot_show_info, .doc = "Who has booked a time, for who offers it"},
    {HTTP_POST, SLOT "/book", "service.slot.book", .handle = book, .subject = &slot_subject,
     .need = CAP_BOARD_TAKE_PART, PARAMS(book_params), WRITES, .again = provider_show,
     .doc = "Books a place, or waits for one"},
    {HTTP_POST, SLOT "/cancel", "service.slot.cancel", .handle = cancel, .subject = &slot_subject,
     .need = CAP_BOARD_TAKE_PART, WRITES, .again = provider_show,
     .doc = "Gives one's own place back; who waits first gets it"},
    {HTTP_POST, SLOT "/drop", "service.slot.cancel_for", .handle = cancel_for, .subject = &slot_subject,
     .need = CAP_BOARD_RUN, PARAMS(cancel_for_params), WRITES, .again = show_slot,
     .doc = "Cancels for somebody, who is told"},
    {HTTP_POST, SLOT "/mark", "service.slot.mark", .handle = mark, .subject = &slot_subject, .need = CAP_BOARD_RUN,
     PARAMS(mark_params), WRITES, .again = show_slot,
     .doc = "Marks who came; a volunteer's shift goes into the book of hours"},
    {HTTP_POST, SLOT "/off", "service.slot.off", .handle = call_off, .subject = &slot_subject, .need = CAP_BOARD_RUN,
     PARAMS(off_params), WRITES, .again = show_slot, .doc = "Calls a time off; everybody who has booked is told why"},
    {HTTP_POST, SLOT "/resize", "service.slot.resize", .handle = resize, .subject = &slot_subject,
     .need = CAP_BOARD_RUN, PARAMS(resize_params), WRITES, .again = show_slot, .doc = "More or fewer places"},
    {HTTP_GET, "/p/{place}/bookings", "service.bookings", .handle = mine, .subject = &place_subject,
     .need = CAP_RESIDENT, PARAMS(mine_params), .flags = ROUTE_PERSONAL, .view = &booking_list_info,
     .doc = "What the viewer has booked, for nobody else"},
};

static enum result remind_run(struct db *db, void *arg)
{
    int64_t n;

    return slot_remind(db, *(const int64_t *)arg, &n);
}
static enum result remind(struct app *app, struct arena *a)
{
    int64_t now = time_now();

    return db_write_wait(app_database(app), a, remind_run, &now);
}
static const struct job_kind jobs[] = {
    {.name = "booking.remind", .every_ms = 5 * TIME_MINUTE, .run = remind},
};
const struct module slot_module = {
    .name = "slot", .routes = routes, .n_routes = sizeof(routes) / sizeof(routes[0]), .jobs = jobs, .n_jobs = 1};

/* ---- on other pages ------------------------------------------------------------------------------------------------------------------------ */

static enum result waiting(struct request *rq, const struct home_here *here, size_t max, struct home_item *ret_items,
                           size_t *ret_n)
{
    enum { AHEAD_HOURS = 36 };
    int64_t chain[4], until = rq->now + AHEAD_HOURS * TIME_HOUR;
    size_t n = place_chain(here->community, chain);
    enum result r = OK;

    *ret_n = 0;
    for (size_t c = 0; rq->person && c < n; c++)
        sql_booking_next_ahead(rq->db, chain[c], rq->person, rq->now, until, (int64_t)max);
    for (size_t c = 0; r == OK && rq->person && c < n; c++) {
        struct sql_booking_next_rows rows;

        r = sql_booking_next(rq->db, chain[c], rq->person, rq->now, until, (int64_t)max, &rows);
        for (size_t i = 0; r == OK && i < rows.n && *ret_n < max; i++) {
            struct str title;
            struct url url;
            struct civil at = time_civil(rows.row[i].starts_at);

            r = title_of(rq, chain[c], rows.row[i].provider, &title, &url);
            if (r == OK && url.s.len)
                ret_items[(*ret_n)++] = (struct home_item){
                    .text = text_format(rq->arena, rq->lang, T_service_home_booking,
                                        TEXT_STR("when", str_printf(rq->arena, STR_FMT " %d:%02d",
                                                                    STR_ARG(day_words(rq->arena, rq->lang, rq->now,
                                                                                      day_of(rows.row[i].starts_at))),
                                                                    at.hour, at.minute)),
                                        TEXT_STR("title", title)),
                    .url = url,
                    .badge = T_service_home_badge,
                    .due = rows.row[i].starts_at,
                };
        }
    }
    return r;
}
const struct home_table slot_home = {.waiting = waiting};

static enum result count_open(struct request *rq, int64_t community, int64_t *ret_n)
{
    int64_t chain[4];
    size_t n = place_chain(community, chain);
    enum result r = OK;

    *ret_n = 0;
    for (size_t c = 0; r == OK && c < n; c++) {
        struct sql_booking_count_open row;

        r = sql_booking_count_open(rq->db, chain[c], rq->person, rq->now, &row);
        if (r == OK)
            *ret_n += row.n;
    }
    return r;
}

/* What somebody has left here (个人信息保护法 45): in the communities where they live, and with the offices above these. */
static enum result records(struct request *rq, struct me_records *ret)
{
    enum { MOST = 1000 };
    const struct viewer *viewer = viewer_of(rq);

    ret->record = arena_array(rq->arena, struct me_record, MOST);
    ret->n = 0;
    for (size_t h = 0; h < viewer->n_residences; h++) {
        int64_t chain[4];
        size_t n = place_chain(viewer->residence[h].community, chain);

        for (size_t c = 0; c < n; c++) {
            struct sql_booking_of_person_rows rows;
            bool seen = false;
            enum result r;

            for (size_t k = 0; k < h; k++) /* two homes in one street */
                seen |= place_contains(chain[c], viewer->residence[k].community);
            if (seen)
                continue;
            r = sql_booking_of_person(rq->db, chain[c], rq->person, INT64_MAX, MOST / 4, &rows);
            for (size_t i = 0; r == OK && i < rows.n && ret->n < MOST; i++) {
                struct me_record *to = &ret->record[ret->n++];

                *to = (struct me_record){.kind = T_service_me_booking, .at = rows.row[i].created_at};
                r = title_of(rq, chain[c], rows.row[i].provider, &to->words, &to->url);
                if (rows.row[i].note.len)
                    to->words = str_printf(rq->arena, STR_FMT "\n" STR_FMT, STR_ARG(to->words),
                                           STR_ARG(rows.row[i].note));
            }
            if (r != OK)
                return r;
        }
    }
    return OK;
}

static const struct me_item items[] = {{T_service_my_bookings, "calendar", "/bookings", true, count_open}};
const struct me_table slot_me = {items, 1, records};
