/* routes.c: /p/{place}/service/{board}: who offers something: the list, one, writing and changing. */
#include "boards/service/routes.h"

#include "boards/service/views/provider_list.html.h"
#include "boards/service/views/provider_show.html.h"
#include "boards/service/views/provider_write.html.h"
#include "civic/entry/entry_files.h"
#include "civic/entry/entry_present.h"
#include "civic/person/person.h"

enum { PAGE = 20, TITLE_MAX = 40, BODY_MAX = 2000, SLOTS = 30 };

bool board_is_of(struct request *rq, const struct board_subject *s, const char *kind)
{
    struct organisation owner;

    if (s->board.organisation)
        return organisation_get(rq->db, s->board.organisation, &owner) == OK && str_eq(owner.kind, str_from_cstr(kind));
    return str_eq(s->board.owner_kind, str_from_cstr(kind));
}

/* ---- the list ------------------------------------------------------------------------------------------------------------ */

enum { LIST_BEFORE, LIST_STATE, LIST_PARAMS };
static const struct param list_params[LIST_PARAMS] = {
    [LIST_BEFORE] = {.name = "before", .kind = PARAM_ID, .doc = "Paging: entries older than this id"},
    [LIST_STATE] = {.name = "state",
                    .kind = PARAM_CHOICE,
                    .choices = "offered,draft,ended",
                    .doc = "Drafts and what has ended, for who runs the board"},
};

/* What a row says of its own: open now, or a project. Entries that offer nothing (accounts) have none. */
static enum result add_offers(struct request *rq, struct entry_row_view *row, size_t n)
{
    for (size_t i = 0; i < n; i++)
        sql_provider_get_ahead(rq->db, row[i].place, row[i].id);
    for (size_t i = 0; i < n; i++) {
        struct sql_provider_get provider;
        struct open_hours hours;
        int64_t until;
        enum result r = sql_provider_get(rq->db, row[i].place, row[i].id, &provider);

        if (r == E_NOT_FOUND)
            continue;
        if (r != OK)
            return r;
        hours = open_hours_of(&provider);
        if (str_eq(provider.sort, STR("project"))) {
            row[i].state = T_service_project;
            row[i].mark = STR("doing");
        } else if (open_ever(&hours)) {
            bool open = open_at(&hours, rq->now, &until);

            row[i].state = open ? T_service_open_now : T_service_shut_now;
            row[i].mark = open ? STR("done") : STR("shut");
        }
        if (row[i].text.len == 0)
            row[i].text = entry_beginning(rq->arena, provider.offers);
    }
    return OK;
}

/* What the property company's board has besides. */
static void add_doors(struct request *rq, struct url here, struct provider_list_view *view)
{
    struct provider_list_doors *door = arena_array(rq->arena, struct provider_list_doors, 3);
    const struct viewer_residence *home = viewer_residence_in(viewer_of(rq), rq->place);
    size_t n = 0;

    /* A guest may sign in; whoever is signed in and lives elsewhere has no repair to ask for here. */
    if (rq->person == 0 || (home && home->verified))
        door[n++] = (struct provider_list_doors){STR("property"), T_service_repair, T_service_repair_lead,
                                                 url_below(rq->arena, here, "/repair")};
    door[n++] = (struct provider_list_doors){STR("table"), T_service_accounts, T_service_accounts_lead,
                                             url_below(rq->arena, here, "/accounts")};
    door[n++] = (struct provider_list_doors){STR("star"), T_service_rating, T_service_rating_lead,
                                             url_below(rq->arena, here, "/rating")};
    view->doors.v = door;
    view->doors.n = n;
}

/* The doctors' board: the household's own page, and the team's. */
static void add_doctor(struct request *rq, struct url here, bool runs, struct provider_list_view *view)
{
    struct provider_list_doors *door = arena_array(rq->arena, struct provider_list_doors, 2);
    const struct viewer_residence *home = viewer_residence_in(viewer_of(rq), rq->place);
    size_t n = 0;

    if (home && home->verified)
        door[n++] = (struct provider_list_doors){STR("lock"), T_service_doctor, T_service_doctor_lead,
                                                 url_below(rq->arena, here, "/mine")};
    if (runs)
        door[n++] = (struct provider_list_doors){STR("people"), T_service_doctor_team, T_service_doctor_team_lead,
                                                 url_below(rq->arena, here, "/team")};
    view->doors.v = door;
    view->doors.n = n;
}

static enum result list(struct request *rq)
{
    const struct board_subject *s = rq->subject;
    const struct viewer *viewer = viewer_of(rq);
    struct url here = board_url(rq->arena, &s->board, rq->place);
    bool runs = access_allowed(viewer, CAP_BOARD_RUN, rq->place, &s->scope);
    int state = runs ? (int)param_int(rq, LIST_STATE) : 0;
    int64_t before = param_given(rq, LIST_BEFORE) ? param_int(rq, LIST_BEFORE) : INT64_MAX;
    struct provider_list_view view = {
        .place = rq->place,
        .name = board_name(&s->board, rq->lang),
        .lead = board_lead(&s->board, rq->lang),
        .state = state == 1 ? STR("draft")
               : state == 2 ? STR("ended")
                            : STR("offered"),
        .here = here,
        .runs = runs,
        .drafts = state == 1,
        .over = state == 2,
        .draft_url = url_add(rq->arena, here, "state", STR("draft")),
        .over_url = url_add(rq->arena, here, "state", STR("ended")),
        .seen = url_below(rq->arena, here, "/seen"),
    };
    struct entry_rows rows, pinned = {NULL, 0};
    struct entry_row_view *row;
    enum result r = state ? entry_page_state(rq->db, &s->board, rq->place, view.state, before, PAGE + 1, &rows)
                          : entry_page(rq->db, &s->board, rq->place, false, before, PAGE + 1, &rows);

    if (r == OK && state == 0 && before == INT64_MAX)
        r = entry_page(rq->db, &s->board, rq->place, true, INT64_MAX, 3, &pinned);
    if (r != OK)
        return r;
    if (rows.n > PAGE) {
        rows.n = PAGE;
        view.more = url_add(rq->arena,
                            state == 1   ? view.draft_url
                            : state == 2 ? view.over_url
                                         : here,
                            "before", str_printf(rq->arena, "%" PRId64, rows.row[PAGE - 1].id));
    }
    if (rows.n && viewer->person && state == 0 && before == INT64_MAX)
        view.newest = rows.row[0].id;
    if ((r = entry_rows_fill(rq, &s->board, &pinned, &row)) != OK || (r = add_offers(rq, row, pinned.n)) != OK)
        return r;
    view.pinned.v = row;
    view.pinned.n = pinned.n;
    if ((r = entry_rows_fill(rq, &s->board, &rows, &row)) != OK || (r = add_offers(rq, row, rows.n)) != OK)
        return r;
    view.rows.v = row;
    view.rows.n = rows.n;
    if (board_is_of(rq, s, "property_company"))
        add_doors(rq, here, &view);
    else if (board_is_of(rq, s, "family_doctor"))
        add_doctor(rq, here, runs, &view);
    if (runs) {
        view.write = url_below(rq->arena, here, "/new");
        if (!board_is_of(rq, s, "property_company") && !board_is_of(rq, s, "family_doctor"))
            view.write_project = url_below(rq->arena, here, "/new?sort=project");
    }
    return respond_view(rq, provider_list, &view);
}

/* ---- one ------------------------------------------------------------------------------------------------------------------ */

enum { SHOW_BEFORE, SHOW_REPLY, SHOW_PARAMS };
static const struct param show_params[SHOW_PARAMS] = {
    [SHOW_BEFORE] = {.name = "before", .kind = PARAM_ID, .doc = "Paging: comments older than this id"},
    [SHOW_REPLY] = {.name = "reply", .kind = PARAM_ID, .doc = "The comment to answer"},
};

static const enum text day_names[7] = {T_service_day_1, T_service_day_2, T_service_day_3, T_service_day_4,
                                       T_service_day_5, T_service_day_6, T_service_day_7};

/* "09:00-11:30,13:00-17:00" as it is read. */
static struct str apart(struct arena *a, struct str spans)
{
    struct str span;
    struct buf b;

    buf_init(&b, a, spans.len + 8, 1 << 10);
    while (str_cut(&spans, ',', &span))
        buf_printf(&b, "%s" STR_FMT, b.len ? ", " : "", STR_ARG(span));
    return buf_str(&b);
}

static void fill_hours(struct request *rq, const struct sql_provider_get *p, struct provider_show_view *view)
{
    struct provider_show_hours *day = arena_array(rq->arena, struct provider_show_hours, 7);
    struct open_hours hours = open_hours_of(p);
    int32_t today = day_of(rq->now);

    view->with_hours = open_ever(&hours);
    view->on_holidays = p->on_holidays;
    if (!view->with_hours)
        return;
    view->opening = open_words(rq, &hours, &view->open);
    if (p->shut_to && p->shut_to >= today) {
        view->shut_from = (int32_t)p->shut_from;
        view->shut_to = (int32_t)p->shut_to;
    }
    for (int d = 0; d < 7; d++)
        day[d] = (struct provider_show_hours){
            .day = day_names[d],
            .spans = apart(rq->arena, open_day_of(p->hours, d + 1)),
            .today = day_weekday(today) == d + 1,
        };
    view->hours.v = day;
    view->hours.n = 7;
}

enum text booking_state_text(struct str state)
{
    static const enum text words[] = {
        [BOOK_WAITING] = T_service_booking_waiting,     [BOOK_BOOKED] = T_service_booking_booked,
        [BOOK_CANCELLED] = T_service_booking_cancelled, [BOOK_CAME] = T_service_booking_came,
        [BOOK_MISSED] = T_service_booking_missed,       [BOOK_CALLED_OFF] = T_service_booking_called_off,
    };
    int i = flow_state_of(&booking_flow, state);

    return i < 0 ? T_none : words[i];
}

static enum result fill_slot(struct request *rq, const struct sql_slot_coming *row, bool runs, bool may,
                             struct provider_show_slots *to)
{
    struct url url = slot_url(rq, row->id);
    struct sql_booking_mine mine;
    bool coming = row->starts_at > rq->now, off = !str_eq(row->state, STR("open"));
    enum result r = OK;

    *to = (struct provider_show_slots){
        .id = row->id,
        .title = row->title,
        .when = slot_when(rq, row->starts_at, row->ends_at),
        .starts = row->starts_at,
        .capacity = row->capacity,
        .left = row->waiting ? 0 : row->capacity - row->taken,
        .waiting = row->waiting,
        .called_off = off,
        .reason = row->reason,
        .url = url,
    };
    if (runs)
        to->manage = url;
    if (rq->person == 0)
        return OK;
    r = sql_booking_mine(rq->db, rq->place, row->id, rq->person, &mine);
    if (r == OK && (str_eq(mine.state, STR("waiting")) || str_eq(mine.state, STR("booked")))) {
        bool waits = str_eq(mine.state, STR("waiting"));

        to->mine = booking_state_text(mine.state);
        to->waits_behind = mine.before_me;
        to->has_waits_behind = waits;
        if (coming && (waits || rq->now <= row->cancel_until)) {
            to->cancel = url_below(rq->arena, url, "/cancel");
            to->cancel_until = waits ? 0 : row->cancel_until;
        }
    } else if ((r == OK || r == E_NOT_FOUND) && may && coming && !off) {
        to->book = url_below(rq->arena, url, "/book");
    }
    return r == E_NOT_FOUND ? OK : r;
}

static enum result fill_slots(struct request *rq, bool runs, struct url self, struct provider_show_view *view)
{
    const struct entry *e = entry_of(rq);
    struct sql_slot_coming_rows rows;
    struct sql_slot_past_rows past;
    struct provider_show_slots *slot;
    struct provider_show_past *old;
    /* Whoever lives here may; staff as such may not: a place is a neighbour's. */
    bool may = e->listed && viewer_home_below(viewer_of(rq), rq->place) != 0;
    enum result r = sql_slot_coming(rq->db, rq->place, e->id, rq->now, SLOTS, &rows);

    if (r != OK)
        return r;
    slot = arena_array(rq->arena, struct provider_show_slots, rows.n + 1);
    for (size_t i = 0; i < rows.n; i++)
        if ((r = fill_slot(rq, &rows.row[i], runs, may, &slot[i])) != OK)
            return r;
    view->slots.v = slot;
    view->slots.n = rows.n;
    if (!runs)
        return OK;
    if ((r = sql_slot_past(rq->db, rq->place, e->id, rq->now, SLOTS, &past)) != OK)
        return r;
    old = arena_array(rq->arena, struct provider_show_past, past.n + 1);
    for (size_t i = 0; i < past.n; i++)
        old[i] = (struct provider_show_past){
            .title = past.row[i].title,
            .when = slot_when(rq, past.row[i].starts_at, past.row[i].ends_at),
            .taken = past.row[i].taken,
            .capacity = past.row[i].capacity,
            .url = slot_url(rq, past.row[i].id),
        };
    view->past.v = old;
    view->past.n = past.n;
    view->add_slot = url_below(rq->arena, self, "/slots");
    return OK;
}

/* Also the page that comes again behind every form of an entry: so it takes what any of their subjects has. */
enum result provider_show(struct request *rq)
{
    const struct entry_subject *s = rq->subject;
    const struct entry *e = &s->entry;
    struct url self = entry_url(rq->arena, &s->of.board, rq->place, e->id);
    int state = flow_state_of(&provider_flow, e->state);
    struct organisation organisation = {.name = STR_NONE};
    struct sql_provider_get row, *p = &row;
    bool runs;
    struct provider_show_view view = {
        .id = e->id,
        .board = board_name(&s->of.board, rq->lang),
        .title = e->title,
        .body = e->body,
        .state = state == OFFER_OFFERED ? T_service_state_offered
               : state == OFFER_ENDED   ? T_service_state_ended
                                        : T_service_state_draft,
        .hidden = e->hidden,
        .reason = e->hidden_reason,
        .edited = e->version > 1 ? e->changed_at : 0,
        .offered = state == OFFER_OFFERED && !e->hidden,
        .list = board_url(rq->arena, &s->of.board, rq->place),
        .with_note = !board_is_of(rq, &s->of, "family_doctor"), /* what ails somebody is said in private */
    };
    struct sql_property_account_get account;
    enum result r = sql_provider_get(rq->db, e->community, e->id, &row);

    if (r == E_NOT_FOUND && (r = sql_property_account_get(rq->db, e->community, e->id, &account)) == OK)
        return property_show(rq, &account);
    if (r == OK && p->organisation)
        r = organisation_get(rq->db, p->organisation, &organisation);
    if (r != OK)
        return r;
    runs = provider_runs(rq, p);
    view.sort = p->sort;
    view.offers = p->offers;
    view.people = p->people;
    view.phone = p->phone;
    view.address = p->address;
    view.project = str_eq(p->sort, STR("project"));
    view.call = url_tel(rq->arena, p->phone);
    if (r == OK)
        r = entry_files_fill(rq, &view.files);
    if (r == OK)
        r = fill_slots(rq, runs, self, &view);
    if (r == OK)
        r = entry_talk_fill(rq, param_int(rq, SHOW_BEFORE), param_int(rq, SHOW_REPLY), &view.talk);
    if (r != OK)
        return r;
    view.organisation = s->of.scope.of_place ? STR_NONE : organisation.name;
    fill_hours(rq, p, &view);
    if (place_level_of(rq->place) == PLACE_COMMUNITY && viewer_home_below(viewer_of(rq), rq->place))
        view.bookings = url_path(rq->arena, "/p/%" PRId64 "/bookings", rq->place);
    if (runs) {
        view.edit = url_below(rq->arena, self, "/edit");
        if (state == OFFER_OFFERED)
            view.end = url_below(rq->arena, self, "/move");
        else
            view.publish = url_below(rq->arena, self, "/move");
        view.hide = url_below(rq->arena, self, "/hide");
    }
    return respond_view(rq, provider_show, &view);
}

/* ---- writing ---------------------------------------------------------------------------------------------------------------- */

enum {
    W_TITLE,
    W_BODY,
    W_SORT,
    W_OFFERS,
    W_PEOPLE,
    W_PHONE,
    W_ADDRESS,
    W_DAY,
    W_DAY_LAST = W_DAY + 6,
    W_ON_HOLIDAYS,
    W_SHUT_FROM,
    W_SHUT_TO,
    W_DRAFT,
    W_PHOTOS,
    W_DOCUMENTS,
    W_DROP,
    W_VERSION,
    W_PARAMS
};
#define DAY(n, word)  \
    [W_DAY + (n)] = { \
        .name = word, .kind = PARAM_TEXT, .max = 60, .doc = "Opening hours: 9:00-11:30,13:00-17:30; empty: shut"}
static const struct param write_params[W_PARAMS] = {
    [W_TITLE] =
        {.name = "title", .kind = PARAM_TEXT, .required = true, .min = 2, .max = TITLE_MAX, .doc = "What it is called"},
    [W_BODY] = {.name = "body", .kind = PARAM_LINES, .max = BODY_MAX, .doc = "About it"},
    [W_SORT] = {.name = "sort",
                .kind = PARAM_CHOICE,
                .choices = "provider,project",
                .doc = "Who offers something, or a project for volunteers"},
    [W_OFFERS] = {.name = "offers", .kind = PARAM_LINES, .max = OFFERS_MAX, .doc = "What one gets there, a line each"},
    [W_PEOPLE] = {.name = "people", .kind = PARAM_TEXT, .max = PEOPLE_MAX, .doc = "Who is there"},
    [W_PHONE] = {.name = "phone", .kind = PARAM_TEXT, .max = PHONE_MAX, .doc = "Of the place, for everybody"},
    [W_ADDRESS] = {.name = "address", .kind = PARAM_TEXT, .max = ADDRESS_MAX},
    DAY(0, "monday"),
    DAY(1, "tuesday"),
    DAY(2, "wednesday"),
    DAY(3, "thursday"),
    DAY(4, "friday"),
    DAY(5, "saturday"),
    DAY(6, "sunday"),
    [W_ON_HOLIDAYS] = {.name = "on_holidays", .kind = PARAM_BOOL, .doc = "Open on public holidays too"},
    [W_SHUT_FROM] = {.name = "shut_from", .kind = PARAM_DATE, .doc = "Shut for once, from this day"},
    [W_SHUT_TO] = {.name = "shut_to", .kind = PARAM_DATE, .doc = "to this one"},
    [W_DRAFT] = {.name = "draft", .kind = PARAM_BOOL, .doc = "Kept, not published"},
    [W_PHOTOS] = ENTRY_PARAM_PHOTOS,
    [W_DOCUMENTS] = ENTRY_PARAM_DOCUMENTS,
    [W_DROP] = ENTRY_PARAM_DROP,
    [W_VERSION] =
        {.name = "version", .kind = PARAM_INT, .min = 1, .max = 1000000, .doc = "The version that is changed"},
};

/* What was typed, looked over: every field that is wrong is named. */
static enum result take(struct request *rq, struct provider_new *ret)
{
    struct buf hours;
    bool wrong = false;

    *ret = (struct provider_new){
        .board = board_of(rq),
        .community = rq->place,
        .sort = param_int(rq, W_SORT) == 1 ? STR("project") : STR("provider"),
        .title = param_text(rq, W_TITLE),
        .body = param_text(rq, W_BODY),
        .offers = param_text(rq, W_OFFERS),
        .people = param_text(rq, W_PEOPLE),
        .phone = param_text(rq, W_PHONE),
        .address = param_text(rq, W_ADDRESS),
        .on_holidays = param_int(rq, W_ON_HOLIDAYS),
        .shut_from = (int32_t)param_int(rq, W_SHUT_FROM),
        .shut_to = (int32_t)param_int(rq, W_SHUT_TO),
        .publish = !param_int(rq, W_DRAFT),
        .photos = entry_files_photos(rq),
    };
    ret->n_names = entry_files_names(rq, ret->names);
    buf_init(&hours, rq->arena, 7 * 48, 7 * 48);
    for (size_t i = W_DAY; i <= W_DAY_LAST; i++) {
        struct str day;

        if (i > W_DAY)
            buf_putc(&hours, ';');
        if (open_day_parse(rq->arena, param_text(rq, i), &day) == OK) {
            buf_put(&hours, day);
        } else {
            request_error(rq, write_params[i].name, T_service_hours_wrong);
            wrong = true;
        }
    }
    ret->hours = buf_str(&hours);
    if ((ret->shut_from == 0) != (ret->shut_to == 0) || ret->shut_to < ret->shut_from) {
        request_error(rq, "shut_to", T_service_shut_wrong);
        wrong = true;
    }
    if (ret->phone.len && url_tel(rq->arena, ret->phone).s.len == 0) {
        request_error(rq, "phone", T_service_phone_wrong);
        wrong = true;
    }
    return wrong ? E_INVALID : OK;
}

static void fill_days(struct request *rq, struct provider_write_view *view)
{
    struct provider_write_days *day = arena_array(rq->arena, struct provider_write_days, 7);

    for (int d = 0; d < 7; d++)
        day[d] = (struct provider_write_days){.name = str_from_cstr(write_params[W_DAY + d].name),
                                              .label = day_names[d]};
    view->days.v = day;
    view->days.n = 7;
}

static const struct param new_params[] = {
    {.name = "sort", .kind = PARAM_CHOICE, .choices = "provider,project", .doc = "Which of the two forms"},
};

static enum result form_new(struct request *rq)
{
    const struct board_subject *s = rq->subject;
    struct url here = board_url(rq->arena, &s->board, rq->place);
    struct provider_write_view view = {
        .board = board_name(&s->board, rq->lang),
        .action = url_below(rq->arena, here, "/new"),
        .back = here,
        .project = param_int(rq, 0) == 1,
    };
    enum result r = entry_files_form(rq, NULL, MEDIA_STAGE_REFERENCE, &view.attach);

    fill_days(rq, &view);
    return r == OK ? respond_view(rq, provider_write, &view) : r;
}

static enum result write_new(struct request *rq)
{
    struct entry_actor actor = entry_actor_of(rq);
    struct provider_new what;
    int64_t id;
    enum result r = take(rq, &what);

    if (r != OK)
        return r;
    r = provider_write(rq->db, &actor, &what, &id);
    if (r == OK)
        r = entry_files_attach(rq, id);
    return r == OK ? respond_created(rq, entry_url(rq->arena, board_of(rq), rq->place, id), id,
                                     what.publish ? T_service_published : T_service_drafted)
                   : r;
}

static enum result form_edit(struct request *rq)
{
    const struct provider_subject *s = rq->subject;
    const struct sql_provider_get *p = &s->provider;
    struct url self = entry_url(rq->arena, board_of(rq), rq->place, s->of.entry.id);
    struct provider_write_view view = {
        .board = s->of.entry.title,
        .version = s->of.entry.version,
        .editing = true,
        .project = str_eq(p->sort, STR("project")),
        .action = url_below(rq->arena, self, "/edit"),
        .back = self,
    };
    static const char *const fields[] = {"offers", "people", "phone", "address"};
    const struct str texts[] = {p->offers, p->people, p->phone, p->address};

    if (!provider_runs(rq, p))
        return E_DENIED;
    form_default(rq, "title", s->of.entry.title);
    form_default(rq, "body", s->of.entry.body);
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        form_default(rq, fields[i], texts[i]);
    for (int d = 0; d < 7; d++)
        form_default(rq, write_params[W_DAY + d].name, open_day_of(p->hours, d + 1));
    if (p->on_holidays)
        form_default(rq, "on_holidays", STR("1"));
    for (int i = 0; i < 2; i++) {
        int64_t day = i ? p->shut_to : p->shut_from;
        struct civil c = time_civil(day_start((int32_t)day));

        if (day)
            form_default(rq, i ? "shut_to" : "shut_from",
                         str_printf(rq->arena, "%04d-%02d-%02d", c.year, c.month, c.day));
    }
    fill_days(rq, &view);
    enum result r = entry_files_form(rq, &s->of.entry, MEDIA_STAGE_REFERENCE, &view.attach);
    return r == OK ? respond_view(rq, provider_write, &view) : r;
}

static enum result edit(struct request *rq)
{
    const struct provider_subject *s = rq->subject;
    const struct entry *entry = entry_of(rq);
    struct entry_actor actor = entry_actor_of(rq);
    struct provider_new what;
    enum result r;

    if (!provider_runs(rq, &s->provider))
        return E_DENIED;
    if ((r = take(rq, &what)) != OK)
        return r;
    r = provider_edit(rq->db, &actor, board_of(rq), entry,
                      param_given(rq, W_VERSION) ? param_int(rq, W_VERSION) : entry->version, &what);
    if (r == OK)
        r = entry_files_change(rq, &actor, entry, MEDIA_STAGE_REFERENCE, ENTRY_PHOTOS_MAX);
    if (r == E_CONFLICT)
        return request_refuse(rq, r, T_service_changed_meanwhile);
    return r == OK ? respond_see_other(rq, entry_url(rq->arena, board_of(rq), rq->place, entry->id), T_service_saved)
                   : r;
}

static const struct param move_params[] = {
    {.name = "action",
     .kind = PARAM_CHOICE,
     .choices = "publish,end",
     .required = true,
     .doc = "Publish it, or end it"},
};

static enum result move(struct request *rq)
{
    const struct entry *entry = entry_of(rq);
    struct entry_actor actor = entry_actor_of(rq);
    bool end = param_int(rq, 0) == 1;
    enum result r;

    if (!provider_runs(rq, provider_of(rq)))
        return E_DENIED;
    r = provider_move(rq->db, &actor, board_of(rq), entry, end ? OFFER_END : OFFER_PUBLISH);
    if (r == E_CONFLICT)
        return request_refuse(rq, r, T_service_over);
    return r == OK ? respond_see_other(rq, entry_url(rq->arena, board_of(rq), rq->place, entry->id),
                                       end ? T_service_ended : T_service_published)
                   : r;
}

#define PARAMS(table) .params = table, .n_params = sizeof(table) / sizeof((table)[0])
#define BOARD "/p/{place}/service/{board:word}"
#define ONE BOARD "/{id}"

static const struct view_info *const faces[] = {&provider_show_info, &property_account_info, NULL};

static const struct route routes[] = {
    {HTTP_GET, BOARD, "service.list", .handle = list, .subject = &board_subject, .need = CAP_BOARD_READ,
     PARAMS(list_params), .view = &provider_list_info, .doc = "Who offers something, newest first"},
    {HTTP_GET, BOARD "/new", "service.new", .handle = form_new, .subject = &board_subject, .need = CAP_BOARD_RUN,
     PARAMS(new_params), .flags = ROUTE_PERSONAL, .view = &provider_write_info, .doc = "The form for a new one"},
    {HTTP_POST, BOARD "/new", "service.create", .handle = write_new, .before = entry_files_prepare,
     .subject = &board_subject, .need = CAP_BOARD_RUN, PARAMS(write_params), .flags = ROUTE_WRITE | ROUTE_UPLOAD,
     .rate = RATE_UPLOAD, .again = form_new, .doc = "Adds who offers something, or a project"},
    {HTTP_GET, ONE, "service.show", .handle = provider_show, .subject = &entry_subject, .need = CAP_BOARD_READ,
     PARAMS(show_params), .views = faces, .doc = "One of them, with its times and comments"},
    {HTTP_GET, ONE "/edit", "service.edit.form", .handle = form_edit, .subject = &provider_subject,
     .need = CAP_BOARD_RUN, .flags = ROUTE_PERSONAL, .view = &provider_write_info,
     .doc = "The same form, to change it"},
    {HTTP_POST, ONE "/edit", "service.edit", .handle = edit, .before = entry_files_prepare,
     .subject = &provider_subject, .need = CAP_BOARD_RUN, PARAMS(write_params), .flags = ROUTE_WRITE | ROUTE_UPLOAD,
     .rate = RATE_UPLOAD, .again = form_edit, .doc = "Changes it"},
    {HTTP_POST, ONE "/move", "service.move", .handle = move, .subject = &provider_subject, .need = CAP_BOARD_RUN,
     PARAMS(move_params), .flags = ROUTE_WRITE, .rate = RATE_WRITE, .again = provider_show,
     .doc = "Publishes a draft, ends what is offered, or offers it again"},
    ENTRY_ROUTES("service", provider_show),
};
const struct module provider_module = {
    .name = "provider", .routes = routes, .n_routes = sizeof(routes) / sizeof(routes[0])};
