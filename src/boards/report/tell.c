/* tell.c: who is told of what, inside the transaction in which it happens.
 *
 * A row for each audience of each event. Nobody is told of what they did themselves, and nobody twice of one event: the first row
 * that names somebody decides. What moderation has hidden reaches its author and staff only. Several of the same about one report
 * that nobody has read yet are one message with a count: civic/notify does that. */
#include "boards/report/rules.h"

#include "civic/notify/notify.h"
#include "civic/person/person.h"
#include "civic/place/place.h"

enum audience {
    TO_AUTHOR,
    TO_FOLLOWERS, /* without the author, who has a row of their own */
    TO_COMMITTEE, /* that was asked first */
    TO_HANDLER,   /* of this work order */
    TO_HANDLERS,  /* of all work orders that are not settled */
    TO_GRID,      /* the grid centre of the street */
};

struct telling {
    const char *kind, *verb;
    const char *only;  /* the event's detail must have it; NULL: always */
    const char *after; /* the state that it led to; NULL: any */
    enum audience to;
    enum text text;
};

static const struct telling tellings[] = {
    /* clang-format off */
    /* kind         verb                 only                      after       to             what */
    {"report",     "reported",          NULL,                     NULL,       TO_COMMITTEE,  T_tell_reported},
    /* An answer that hands on at once is told by the handing on. */
    {"report",     "answered",          NULL,                     "answered", TO_AUTHOR,     T_tell_answered_yours},
    {"report",     "answered",          NULL,                     "answered", TO_FOLLOWERS,  T_tell_answered},
    {"report",     "answered_again",    NULL,                     NULL,       TO_AUTHOR,     T_tell_answered_again},
    {"report",     "answered_again",    NULL,                     NULL,       TO_FOLLOWERS,  T_tell_answered_again},
    {"work_order", "handed_off",        NULL,                     NULL,       TO_AUTHOR,     T_tell_handed_off},
    {"work_order", "handed_off",        NULL,                     NULL,       TO_FOLLOWERS,  T_tell_handed_off},
    {"work_order", "handed_off",        NULL,                     NULL,       TO_HANDLER,    T_tell_handed_to_you},
    {"work_order", "sent_back",         NULL,                     NULL,       TO_COMMITTEE,  T_tell_sent_back},
    {"work_order", "extension_asked",   NULL,                     NULL,       TO_COMMITTEE,  T_tell_extension_asked},
    {"work_order", "extended",          NULL,                     NULL,       TO_HANDLER,    T_tell_extended},
    {"work_order", "extension_refused", NULL,                     NULL,       TO_HANDLER,    T_tell_extension_refused},
    {"work_order", "pressed",           NULL,                     NULL,       TO_HANDLER,    T_tell_pressed},
    {"work_order", "reworked",          NULL,                     NULL,       TO_HANDLER,    T_tell_reworked},
    {"work_order", "withdrawn",         NULL,                     NULL,       TO_HANDLER,    T_tell_withdrawn},
    {"work_order", "done",              NULL,                     NULL,       TO_AUTHOR,     T_tell_done},
    {"work_order", "done",              NULL,                     NULL,       TO_FOLLOWERS,  T_tell_done},
    {"report",     "all_done",          NULL,                     NULL,       TO_COMMITTEE,  T_tell_all_done},
    {"report",     "check_passed",      NULL,                     NULL,       TO_AUTHOR,     T_tell_please_confirm},
    {"report",     "check_passed",      NULL,                     NULL,       TO_FOLLOWERS,  T_tell_solved},
    {"report",     "solved",            NULL,                     NULL,       TO_AUTHOR,     T_tell_please_confirm},
    {"report",     "solved",            NULL,                     NULL,       TO_FOLLOWERS,  T_tell_solved},
    {"report",     "explained",         NULL,                     NULL,       TO_AUTHOR,     T_tell_explained_yours},
    {"report",     "explained",         NULL,                     NULL,       TO_FOLLOWERS,  T_tell_explained},
    {"report",     "closed",            NULL,                     NULL,       TO_AUTHOR,     T_tell_closed_by_time},
    {"report",     "closed",            NULL,                     NULL,       TO_FOLLOWERS,  T_tell_closed},
    {"report",     "reopened",          NULL,                     NULL,       TO_FOLLOWERS,  T_tell_reopened},
    {"report",     "reopened",          NULL,                     NULL,       TO_COMMITTEE,  T_tell_reopened_desk},
    {"report",     "merged",            NULL,                     NULL,       TO_AUTHOR,     T_tell_merged},
    {"report",     "merged",            NULL,                     NULL,       TO_FOLLOWERS,  T_tell_merged},
    {"report",     "voided",            NULL,                     NULL,       TO_AUTHOR,     T_tell_voided},
    {"report",     "voided",            NULL,                     NULL,       TO_FOLLOWERS,  T_tell_voided},
    {"report",     "hidden",            NULL,                     NULL,       TO_AUTHOR,     T_tell_hidden},
    {"report",     "shown_again",       NULL,                     NULL,       TO_AUTHOR,     T_tell_shown_again},
    {"report",     "escalated",         NULL,                     NULL,       TO_AUTHOR,     T_tell_escalated},
    {"report",     "escalated",         NULL,                     NULL,       TO_FOLLOWERS,  T_tell_escalated},
    {"report",     "escalated",         NULL,                     NULL,       TO_COMMITTEE,  T_tell_escalated_desk},
    {"report",     "escalated",         NULL,                     NULL,       TO_GRID,       T_tell_escalated_grid},
    {"work_order", "escalated",         NULL,                     NULL,       TO_AUTHOR,     T_tell_escalated},
    {"work_order", "escalated",         NULL,                     NULL,       TO_FOLLOWERS,  T_tell_escalated},
    {"work_order", "escalated",         NULL,                     NULL,       TO_HANDLER,    T_tell_order_late},
    {"work_order", "escalated",         NULL,                     NULL,       TO_COMMITTEE,  T_tell_order_late_desk},
    {"work_order", "escalated",         NULL,                     NULL,       TO_GRID,       T_tell_order_late_desk},
    {"report",     "reminded",          "\"stage\":\"confirm\"",  NULL,       TO_AUTHOR,     T_tell_remind_confirm},
    {"report",     "reminded",          "\"stage\":\"answer\"",   NULL,       TO_COMMITTEE,  T_tell_remind_answer},
    {"report",     "reminded",          "\"stage\":\"solve\"",    NULL,       TO_COMMITTEE,  T_tell_remind_solve},
    {"report",     "reminded",          "\"stage\":\"check\"",    NULL,       TO_COMMITTEE,  T_tell_all_done},
    {"work_order", "reminded",          "\"stage\":\"accept\"",   NULL,       TO_HANDLER,    T_tell_remind_accept},
    {"work_order", "reminded",          "\"stage\":\"handle\"",   NULL,       TO_HANDLER,    T_tell_remind_handle},
    {"report",     "commented",         NULL,                     NULL,       TO_AUTHOR,     T_tell_commented_yours},
    {"report",     "commented",         NULL,                     NULL,       TO_FOLLOWERS,  T_tell_commented},
    {"report",     "commented",         NULL,                     NULL,       TO_HANDLERS,   T_tell_commented},
    /* clang-format on */
};

/* One event being told. What several rows need is fetched once. */
struct told {
    struct db *db;
    const struct ledger_event *event;
    struct sql_report_told report;
    struct sql_work_order_get order;
    struct str who; /* the handler's name; of events of a work order */
    struct sql_report_readers_rows readers;
    bool has_readers;
    int64_t *person; /* who has been told already */
    size_t n, cap;
};

/* Whether somebody is told now: not who did it, and nobody twice. */
static bool add(struct told *t, int64_t person)
{
    if (person == 0 || person == t->event->actor)
        return false;
    for (size_t i = 0; i < t->n; i++)
        if (t->person[i] == person)
            return false;
    if (t->n == t->cap) {
        size_t cap = t->cap ? t->cap * 2 : 16;
        int64_t *more = arena_array(db_arena(t->db), int64_t, cap);

        if (t->n)
            memcpy(more, t->person, t->n * sizeof(*more));
        t->person = more;
        t->cap = cap;
    }
    t->person[t->n++] = person;
    return true;
}

/* Those who were added since there were `from`. */
static enum result tell_added(struct told *t, size_t from, enum text text, bool staff)
{
    struct arena *a = db_arena(t->db);
    const struct text_arg args[] = {TEXT_STR("title", t->report.title), TEXT_STR("who", t->who)};
    const struct notice notice = {
        .community = t->event->community,
        .text = text,
        .arg = args,
        .n_args = t->who.len ? 2 : 1,
        .url = staff ? url_path(a, "/desk/report/%" PRId64 "/%" PRId64, t->event->community, t->report.id)
                     : url_path(a, "/p/%" PRId64 "/report/%" PRId64, t->event->community, t->report.id),
        .subject_kind = STR("report"),
        .subject = t->report.id,
        .fresh = str_eq(t->event->verb, STR("reported")),
    };

    return t->n > from ? notify_people(t->db, &notice, t->person + from, t->n - from, t->event->at) : OK;
}

static enum result tell_organisation(struct told *t, int64_t organisation, enum text text)
{
    struct person_ids people = {0};
    size_t from = t->n;
    enum result r = organisation ? person_of_organisation(t->db, organisation, &people) : OK;

    for (size_t i = 0; r == OK && i < people.n; i++)
        add(t, people.id[i]);
    return r == OK ? tell_added(t, from, text, true) : r;
}

static enum result tell_readers(struct told *t, bool author, enum text text)
{
    size_t from = t->n;
    enum result r = OK;

    if (!t->has_readers)
        r = sql_report_readers(t->db, t->event->community, t->report.id, t->report.author, &t->readers);
    t->has_readers = r == OK;
    for (size_t i = 0; r == OK && i < t->readers.n; i++)
        if ((t->readers.row[i].id == t->report.author) == author)
            add(t, t->readers.row[i].id);
    return r == OK ? tell_added(t, from, text, false) : r;
}

static enum result tell_handlers(struct told *t, enum text text)
{
    struct sql_work_order_of_report_rows orders;
    enum result r = sql_work_order_of_report(t->db, t->event->community, t->report.id, &orders);

    for (size_t i = 0; r == OK && i < orders.n; i++) {
        int state = flow_state_of(&order_flow, orders.row[i].state);

        if (state == O_HANDED || state == O_ACCEPTED || state == O_DONE)
            r = tell_organisation(t, orders.row[i].organisation, text);
    }
    return r;
}

static enum result tell_grid(struct told *t, enum text text)
{
    struct organisations there;
    enum result r = organisation_list(t->db, place_parent(t->event->community), &there);

    for (size_t i = 0; r == OK && i < there.n; i++)
        if (str_eq(there.organisation[i].kind, STR("grid_centre")))
            r = tell_organisation(t, there.organisation[i].id, text);
    return r;
}

static enum result tell(struct told *t, const struct telling *row)
{
    switch (row->to) {
    case TO_AUTHOR: return tell_readers(t, true, row->text);
    case TO_FOLLOWERS: return t->report.hidden ? OK : tell_readers(t, false, row->text);
    case TO_COMMITTEE: return tell_organisation(t, t->report.first_asked_by, row->text);
    case TO_HANDLER: return tell_organisation(t, t->order.organisation, row->text);
    case TO_HANDLERS: return tell_handlers(t, row->text);
    case TO_GRID: return tell_grid(t, row->text);
    }
    return OK;
}

static bool speaks_of(const struct telling *row, const struct ledger_event *e)
{
    return str_eq(e->verb, str_from_cstr(row->verb)) && str_eq(e->subject_kind, str_from_cstr(row->kind)) &&
           (row->after == NULL || str_eq(e->after, str_from_cstr(row->after))) &&
           (row->only == NULL || str_find(e->detail, str_from_cstr(row->only)) != SIZE_MAX);
}

/* The report, and for an event of a work order that and its handler's name. */
static enum result fetch(struct told *t)
{
    const struct ledger_event *e = t->event;
    struct organisation handler;
    int64_t report = e->subject;
    enum result r;

    if (str_eq(e->subject_kind, STR("work_order"))) {
        if ((r = sql_work_order_get(t->db, e->community, e->subject, &t->order)) != OK)
            return r;
        report = t->order.report;
        r = organisation_get(t->db, t->order.organisation, &handler);
        if (r != OK && r != E_NOT_FOUND)
            return r;
        t->who = r == OK ? handler.name : STR_NONE;
    }
    return sql_report_told(t->db, e->community, report, &t->report);
}

/* What neighbours must not read any more does not stay in their messages: those name it by its title. Its author and staff go on with it. */
static enum result recall(struct told *t)
{
    struct person_ids staff = {0};
    enum result r = sql_report_readers(t->db, t->event->community, t->report.id, t->report.author, &t->readers);

    t->has_readers = r == OK;
    if (r == OK && t->report.first_asked_by)
        r = person_of_organisation(t->db, t->report.first_asked_by, &staff);
    for (size_t i = 0; r == OK && i < t->readers.n; i++) {
        bool reads = t->readers.row[i].id == t->report.author;

        for (size_t k = 0; k < staff.n; k++)
            reads |= staff.id[k] == t->readers.row[i].id;
        if (!reads)
            r = notify_recall(t->db, t->readers.row[i].id, STR("report"), t->report.id);
    }
    return r;
}

static bool takes_words_back(const struct ledger_event *e)
{
    return str_eq(e->subject_kind, STR("report")) &&
           (str_eq(e->verb, STR("hidden")) || str_eq(e->verb, STR("held_back")) || str_eq(e->verb, STR("redacted")));
}

static enum result appended(struct db *db, const struct ledger_event *e)
{
    struct told t = {.db = db, .event = e};
    bool fetched = false;
    enum result r = OK;

    if (!str_eq(e->subject_kind, STR("report")) && !str_eq(e->subject_kind, STR("work_order")))
        return OK;
    /* An order that its handler has sent back already is withdrawn for good order only. */
    if (str_eq(e->verb, STR("withdrawn")) && str_eq(e->before, STR("sent_back")))
        return OK;
    if (takes_words_back(e)) {
        r = fetch(&t);
        fetched = r == OK;
        if (r == OK)
            r = recall(&t);
    }
    for (size_t i = 0; r == OK && i < sizeof(tellings) / sizeof(tellings[0]); i++) {
        if (!speaks_of(&tellings[i], e))
            continue;
        if (!fetched && (r = fetch(&t)) != OK)
            return r;
        fetched = true;
        r = tell(&t, &tellings[i]);
    }
    return r;
}

const struct ledger_listener report_listener = {"report", appended};

/* What leaves the app. At once only what asks somebody to do something, or what they have waited for. */
static const struct notice_kind kinds[] = {
    /* clang-format off */
    {T_tell_answered_yours,  TOPIC_MINE,  WAY_NOW,    false, T_notify_away_answered},
    {T_tell_answered,        TOPIC_MINE,  WAY_APP,    false, T_notify_away_progress},
    {T_tell_answered_again,  TOPIC_MINE,  WAY_APP,    false, T_notify_away_progress},
    {T_tell_handed_off,      TOPIC_MINE,  WAY_APP,    false, T_notify_away_progress},
    {T_tell_done,            TOPIC_MINE,  WAY_APP,    false, T_notify_away_progress},
    {T_tell_please_confirm,  TOPIC_MINE,  WAY_NOW,    false, T_notify_away_confirm},
    {T_tell_remind_confirm,  TOPIC_MINE,  WAY_NOW,    false, T_notify_away_confirm},
    {T_tell_explained_yours, TOPIC_MINE,  WAY_NOW,    false, T_notify_away_answered},
    {T_tell_explained,       TOPIC_MINE,  WAY_APP,    false, T_notify_away_progress},
    {T_tell_solved,          TOPIC_MINE,  WAY_APP,    false, T_notify_away_progress},
    {T_tell_closed_by_time,  TOPIC_MINE,  WAY_APP,    false, T_notify_away_progress},
    {T_tell_closed,          TOPIC_MINE,  WAY_APP,    false, T_notify_away_progress},
    {T_tell_reopened,        TOPIC_MINE,  WAY_APP,    false, T_notify_away_progress},
    {T_tell_merged,          TOPIC_MINE,  WAY_APP,    false, T_notify_away_progress},
    {T_tell_voided,          TOPIC_MINE,  WAY_APP,    false, T_notify_away_progress},
    {T_tell_escalated,       TOPIC_MINE,  WAY_APP,    false, T_notify_away_progress},
    {T_tell_commented_yours, TOPIC_REPLY, WAY_APP,    false, T_notify_away_reply},
    {T_tell_commented,       TOPIC_REPLY, WAY_APP,    false, T_notify_away_reply},
    {T_tell_reported,        TOPIC_WORK,  WAY_DIGEST, false, T_notify_away_work},
    {T_tell_handed_to_you,   TOPIC_WORK,  WAY_NOW,    false, T_notify_away_work},
    {T_tell_sent_back,       TOPIC_WORK,  WAY_DIGEST, false, T_notify_away_work},
    {T_tell_extension_asked, TOPIC_WORK,  WAY_DIGEST, false, T_notify_away_work},
    {T_tell_reworked,        TOPIC_WORK,  WAY_NOW,    false, T_notify_away_work},
    {T_tell_all_done,        TOPIC_WORK,  WAY_DIGEST, false, T_notify_away_work},
    {T_tell_reopened_desk,   TOPIC_WORK,  WAY_DIGEST, false, T_notify_away_work},
    {T_tell_pressed,         TOPIC_WORK,  WAY_NOW,    false, T_notify_away_late},
    {T_tell_escalated_desk,  TOPIC_WORK,  WAY_NOW,    false, T_notify_away_late},
    {T_tell_escalated_grid,  TOPIC_WORK,  WAY_NOW,    false, T_notify_away_late},
    {T_tell_order_late,      TOPIC_WORK,  WAY_NOW,    false, T_notify_away_late},
    {T_tell_order_late_desk, TOPIC_WORK,  WAY_NOW,    false, T_notify_away_late},
    {T_tell_remind_answer,   TOPIC_WORK,  WAY_NOW,    false, T_notify_away_late},
    {T_tell_remind_solve,    TOPIC_WORK,  WAY_NOW,    false, T_notify_away_late},
    {T_tell_remind_accept,   TOPIC_WORK,  WAY_NOW,    false, T_notify_away_late},
    {T_tell_remind_handle,   TOPIC_WORK,  WAY_NOW,    false, T_notify_away_late},
    /* clang-format on */
};
const struct notice_table report_notices = {kinds, sizeof(kinds) / sizeof(kinds[0])};
