/* rules.c: what may happen to a thread. */
#include "boards/inquiry/rules.h"

#include "civic/access/access.h"
#include "civic/ledger/ledger.h"
#include "civic/person/person.h"
#include "civic/person/person_staff.h"
#include "engine/base/ids.h"

#define WORK_MINUTES(from, to) (calendar_work_ms(calendar_now(), (from), (to)) / TIME_MINUTE)

/* ---- who ------------------------------------------------------------------------------------------------------------- */

uint32_t inquiry_roles(const struct inquiry_actor *actor, const struct sql_inquiry_get *row)
{
    if (actor->organisation)
        return actor->organisation == row->organisation ? BY_OFFICE : 0;
    return actor->person && actor->person == row->asker ? BY_ASKER : 0;
}

enum result inquiry_readers(struct db *db, int64_t organisation, int64_t now, struct person_ids *ret)
{
    const struct subject_scope scope = {.organisation = &organisation, .n_organisations = 1};
    struct staff_posts posts;
    enum result r = staff_of(db, organisation, now, &posts);

    if (r != OK)
        return r;
    ret->id = arena_array(db_arena(db), int64_t, posts.n ? posts.n : 1);
    ret->n = 0;
    for (size_t i = 0; i < posts.n; i++) {
        const struct viewer_post post = {.organisation = organisation, .role = posts.post[i].role};
        const struct viewer one = {.person = posts.post[i].person, .post = &post, .n_posts = 1};
        bool there = false;

        for (size_t k = 0; k < ret->n; k++)
            there |= ret->id[k] == posts.post[i].person;
        if (!there && access_allowed(&one, CAP_INQUIRY_ANSWER, 0, &scope))
            ret->id[ret->n++] = posts.post[i].person;
    }
    return OK;
}

/* ---- what every action has in common ------------------------------------------------------------------------------------- */

enum result inquiry_record(struct db *db, const struct inquiry_actor *actor, int64_t community, int64_t id,
                           const struct inquiry_event *event, int64_t *ret_message)
{
    int64_t message = id_new();
    struct ledger_event e = {
        .community = community,
        .id = message,
        .at = actor->now,
        .actor = actor->person,
        .organisation = actor->organisation,
        .verb = str_from_cstr(event->verb),
        .subject_kind = STR("inquiry"),
        .subject = id,
        .before = event->before,
        .after = event->after,
        .amount = event->amount,
        .detail = event->detail,
        .text_hash = event->body.len ? ledger_text_hash(db_arena(db), message, event->body) : STR_NONE,
    };
    enum result r = OK;

    if (!event->silent)
        r = sql_inquiry_message_put(db, community, message, id, e.verb, actor->person, actor->organisation,
                                    event->to_organisation, event->body, actor->now);
    if (r == OK && ret_message)
        *ret_message = message;
    return r == OK ? ledger_append(db, &e) : r;
}

/* Takes the step of the flow, or says why not; from the state that was read, so that of two only one does. */
static enum result take(struct db *db, const struct inquiry_actor *actor, int64_t community, int64_t id, int action,
                        uint32_t given, struct sql_inquiry_get *ret_row, const struct flow_step **ret_step)
{
    int64_t changed;
    bool asker_last;
    enum result r = sql_inquiry_get(db, community, id, ret_row);

    if (r == OK)
        r = flow_take(&inquiry_flow, flow_state_of(&inquiry_flow, ret_row->state), action,
                      inquiry_roles(actor, ret_row), given, ret_step, NULL);
    if (r != OK)
        return r;
    asker_last = action == Q_SAY || action == Q_REOPEN || (action == Q_TRANSFER) ||
                 (action == Q_RATE && ret_row->asker_last);
    r = sql_inquiry_move(db, community, id, ret_row->state, str_from_cstr(inquiry_flow.state[(*ret_step)->to].name),
                         asker_last, actor->now, &changed);
    return r == OK && changed == 0 ? E_CONFLICT : r;
}

static enum result start_clock(struct db *db, const struct inquiry_actor *actor, int64_t community, int64_t id,
                               int64_t *ret_due)
{
    const struct flow_stage *stage = &inquiry_flow.stage[0];
    const struct clock_start start = {
        .community = community,
        .subject_kind = STR("inquiry"),
        .subject = id,
        .stage = str_from_cstr(stage->name),
        .unit = stage->unit,
        .amount = stage->amount,
        .warn_percent = stage->warn_percent,
        .now = actor->now,
    };

    return clock_start(db, calendar_now(), &start, ret_due);
}

static enum result clocks(struct db *db, const struct inquiry_actor *actor, int64_t community, int64_t id,
                          const struct flow_step *step)
{
    int64_t due;
    enum result r = OK;

    if (step->stops)
        r = clock_stop(db, community, STR("inquiry"), id, str_from_cstr(inquiry_flow.stage[0].name), actor->now, NULL);
    if (r == E_NOT_FOUND)
        r = OK;
    if (r == OK && step->starts)
        r = start_clock(db, actor, community, id, &due);
    if (r == OK && step->starts)
        r = sql_inquiry_set_due(db, community, id, due);
    return r;
}

static bool text_fits(struct str text, size_t max)
{
    return text.len > 0 && str_utf8_count(text) <= max;
}

/* ---- the thread ------------------------------------------------------------------------------------------------------------ */

enum result inquiry_ask(struct db *db, const struct inquiry_actor *actor, const struct inquiry_new *what,
                        int64_t *ret_id, int64_t *ret_message)
{
    struct sql_inquiry_open_of_asker open;
    struct inquiry_event event = {
        .verb = "asked", .body = what->body.len ? what->body : what->title, .after = STR("asked")};
    int64_t id = id_new(), due;
    enum result r;

    if (!text_fits(what->title, TITLE_MAX) || str_utf8_count(what->body) > TEXT_MAX || !what->organisation)
        return E_INVALID;
    if ((r = sql_inquiry_open_of_asker(db, what->community, actor->person, &open)) != OK)
        return r;
    if (open.n >= OPEN_MAX)
        return E_CONFLICT;
    r = start_clock(db, actor, what->community, id, &due);
    if (r == OK)
        r = sql_inquiry_put(db, what->community, id, what->board->id, actor->person, what->from, what->dwelling,
                            what->estate, what->organisation, what->title, actor->now, due);
    event.detail = str_printf(db_arena(db), "{\"board\":\"%" PRId64 "\",\"to\":\"%" PRId64 "\"}", what->board->id,
                              what->organisation);
    if (r == OK)
        r = inquiry_record(db, actor, what->community, id, &event, ret_message);
    if (r == OK)
        *ret_id = id;
    return r;
}

enum result inquiry_answer(struct db *db, const struct inquiry_actor *actor, int64_t community, int64_t id,
                           struct str text, int64_t *ret_message)
{
    struct sql_inquiry_get row;
    const struct flow_step *step;
    struct inquiry_event event = {.verb = "answered", .body = text, .after = STR("talking")};
    int64_t first = 0;
    bool asked;
    enum result r = take(db, actor, community, id, Q_ANSWER, text_fits(text, TEXT_MAX) ? NEEDS_TEXT : 0, &row, &step);

    if (r == OK)
        r = clocks(db, actor, community, id, step);
    if (r == OK)
        r = sql_inquiry_set_answered(db, community, id, actor->now, &first);
    if (r != OK)
        return r;
    asked = str_eq(row.state, STR("asked"));
    event.before = row.state;
    event.amount = first ? WORK_MINUTES(row.asked_at, actor->now) : 0;
    /* Counted once for each question, by its first answer: whoever has let it become late has not answered in time, nor whoever came after. */
    event.detail = str_printf(db_arena(db), "{\"first\":%d,\"in_time\":%d}", first != 0,
                              first && asked && !row.late && actor->now <= row.answer_due);
    return inquiry_record(db, actor, community, id, &event, ret_message);
}

enum result inquiry_say(struct db *db, const struct inquiry_actor *actor, int64_t community, int64_t id,
                        struct str text, int64_t *ret_message)
{
    struct sql_inquiry_get row;
    const struct flow_step *step;
    struct inquiry_event event = {.verb = "said", .body = text};
    enum result r = take(db, actor, community, id, Q_SAY, text_fits(text, TEXT_MAX) ? NEEDS_TEXT : 0, &row, &step);

    event.before = event.after = row.state;
    return r == OK ? inquiry_record(db, actor, community, id, &event, ret_message) : r;
}

static enum result may_take_over(struct db *db, const struct sql_inquiry_get *row, int64_t to, int64_t now)
{
    struct organisations there;
    struct person_ids readers;
    enum result r = to == row->organisation ? E_INVALID : organisation_for(db, row->community, &there);

    if (r != OK)
        return r;
    for (size_t i = 0; i < there.n; i++)
        if (there.organisation[i].id == to) {
            r = inquiry_readers(db, to, now, &readers);
            return r == OK && readers.n == 0 ? E_INVALID : r;
        }
    return E_INVALID;
}

enum result inquiry_transfer(struct db *db, const struct inquiry_actor *actor, int64_t community, int64_t id,
                             int64_t to, struct str reason)
{
    struct sql_inquiry_get row;
    const struct flow_step *step;
    struct inquiry_event event = {.verb = "transferred", .body = reason, .to_organisation = to, .after = STR("asked")};
    int64_t changed;
    enum result r = take(db, actor, community, id, Q_TRANSFER, text_fits(reason, REASON_MAX) ? NEEDS_REASON : 0, &row,
                         &step);

    if (r == OK)
        r = may_take_over(db, &row, to, actor->now);
    if (r == OK)
        r = sql_inquiry_set_organisation(db, community, id, to);
    if (r == OK)
        r = clocks(db, actor, community, id, step);
    if (r == OK && (str_eq(row.sharing, STR("proposed")) || str_eq(row.sharing, STR("reworded"))))
        r = sql_inquiry_share(db, community, id, row.sharing, STR("private"), STR_NONE, STR_NONE, STR_NONE, 0,
                              actor->now, &changed);
    if (r != OK)
        return r;
    event.before = row.state;
    event.detail = str_printf(db_arena(db), "{\"from\":\"%" PRId64 "\",\"to\":\"%" PRId64 "\"}", row.organisation, to);
    return inquiry_record(db, actor, community, id, &event, NULL);
}

enum result inquiry_close(struct db *db, const struct inquiry_actor *actor, int64_t community, int64_t id,
                          struct str text)
{
    struct sql_inquiry_get row;
    const struct flow_step *step;
    struct inquiry_event event = {.verb = "closed", .body = text, .after = STR("closed")};
    enum result r;

    if (str_utf8_count(text) > TEXT_MAX)
        return E_INVALID;
    r = take(db, actor, community, id, Q_CLOSE, 0, &row, &step);
    if (r == OK)
        r = clocks(db, actor, community, id, step);
    if (r == OK)
        r = sql_inquiry_set_closed(db, community, id, actor->now);
    event.before = row.state;
    return r == OK ? inquiry_record(db, actor, community, id, &event, NULL) : r;
}

enum result inquiry_reopen(struct db *db, const struct inquiry_actor *actor, int64_t community, int64_t id,
                           struct str text)
{
    struct sql_inquiry_get row;
    const struct flow_step *step;
    struct inquiry_event event = {.verb = "reopened", .body = text, .before = STR("closed"), .after = STR("asked")};
    enum result r = take(db, actor, community, id, Q_REOPEN, text_fits(text, TEXT_MAX) ? NEEDS_TEXT : 0, &row, &step);

    if (r == OK)
        r = clocks(db, actor, community, id, step);
    if (r == OK)
        r = sql_inquiry_set_reopened(db, community, id);
    return r == OK ? inquiry_record(db, actor, community, id, &event, NULL) : r;
}

enum result inquiry_rate(struct db *db, const struct inquiry_actor *actor, int64_t community, int64_t id,
                         int64_t rating, struct str text)
{
    struct sql_inquiry_get row;
    const struct flow_step *step;
    struct inquiry_event event = {.verb = "rated", .body = text, .amount = rating};
    int64_t changed;
    enum result r;

    if (str_utf8_count(text) > REASON_MAX)
        return E_INVALID;
    r = take(db, actor, community, id, Q_RATE, rating >= 1 && rating <= 5 ? NEEDS_RATING : 0, &row, &step);
    if (r == OK)
        r = sql_inquiry_rate(db, community, id, rating, text, actor->now, &changed);
    if (r == OK && changed == 0)
        return E_CONFLICT; /* once */
    event.before = event.after = row.state;
    return r == OK ? inquiry_record(db, actor, community, id, &event, NULL) : r;
}

/* ---- late: said in the open of the thread, and once for each organisation's turn --------------------------------------------------- */

static enum result ring(struct db *db, const struct clock *clock, int64_t now, const char *verb, bool late)
{
    const struct inquiry_actor itself = {.now = now};
    struct sql_inquiry_get row;
    struct inquiry_event event = {.verb = verb, .silent = !late};
    int64_t changed;
    enum result r = sql_inquiry_get(db, clock->community, clock->subject, &row);

    if (r != OK || !str_eq(row.state, STR("asked")))
        return r == E_NOT_FOUND ? OK : r;
    if (late && (r = sql_inquiry_set_late(db, clock->community, row.id, &changed)) != OK)
        return r;
    event.before = event.after = row.state;
    event.detail = str_printf(db_arena(db), "{\"organisation\":\"%" PRId64 "\",\"due\":%" PRId64 "}", row.organisation,
                              clock->due_at);
    return inquiry_record(db, &itself, clock->community, row.id, &event, NULL);
}

static enum result soon(struct db *db, const struct clock *clock, int64_t now)
{
    return ring(db, clock, now, "reminded", false);
}

static enum result late(struct db *db, const struct clock *clock, int64_t now)
{
    return ring(db, clock, now, "escalated", true);
}

const struct clock_bell inquiry_bell = {"inquiry", soon, late};
