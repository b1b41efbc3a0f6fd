/* taps.c: what residents add to a report, each once: met it too, follow, thumbs up, a comment; and staff's notes. */
#include "boards/report/rules.h"

#include "civic/search/search.h"
#include "engine/base/ids.h"

/* A report that residents can still see and add to. */
static enum result visible(struct db *db, int64_t community, int64_t id, struct sql_report_get *ret_report)
{
    enum result r = sql_report_get(db, community, id, ret_report);

    return r == OK && ret_report->hidden ? E_NOT_FOUND : r;
}

enum result report_join(struct db *db, const struct report_actor *actor, int64_t community, int64_t id,
                        int64_t dwelling)
{
    struct report_event event = {.verb = "joined", .report = id, .silent = true};
    struct sql_report_get report;
    int64_t joined, followed;
    enum result r = visible(db, community, id, &report);

    if (r != OK)
        return r;
    if (!(actor->who & WHO_RESIDENT) || dwelling == 0)
        return E_DENIED;
    if (report_flow.state[flow_state_of(&report_flow, report.state)].final)
        return E_CONFLICT;
    if (report.dwelling != dwelling) { /* the reporter's own household is counted already */
        r = sql_report_join_put(db, community, id, dwelling, actor->person, actor->now, &joined);
        if (r == OK && joined)
            r = sql_report_count_join(db, community, id);
        if (r == OK && joined)
            r = report_record(db, actor, community, &event, NULL);
    }
    if (r == OK)
        r = sql_report_follow_put(db, community, id, actor->person, actor->now, &followed);
    return r == OK ? sql_report_touch(db, community, id, actor->now) : r;
}

enum result report_follow(struct db *db, const struct report_actor *actor, int64_t community, int64_t id, bool follow)
{
    struct report_event event = {.verb = follow ? "followed" : "unfollowed", .report = id, .silent = true};
    struct sql_report_get report;
    int64_t changed;
    enum result r = visible(db, community, id, &report);

    if (r != OK)
        return r;
    if (!(actor->who & WHO_RESIDENT))
        return E_DENIED;
    r = follow ? sql_report_follow_put(db, community, id, actor->person, actor->now, &changed)
               : sql_report_follow_drop(db, community, id, actor->person, &changed);
    return r == OK && changed ? report_record(db, actor, community, &event, NULL) : r;
}

enum result report_thumb(struct db *db, const struct report_actor *actor, int64_t community, int64_t id, bool up)
{
    struct report_event event = {.verb = up ? "thumbs_up" : "thumbs_taken_back", .report = id, .silent = true};
    struct sql_report_get report;
    int64_t changed;
    enum result r = visible(db, community, id, &report);

    if (r != OK)
        return r;
    if (!(actor->who & WHO_RESIDENT))
        return E_DENIED;
    r = up ? sql_report_thumb_put(db, community, id, actor->person, actor->now, &changed)
           : sql_report_thumb_drop(db, community, id, actor->person, &changed);
    if (r == OK && changed)
        r = sql_report_count_thumb(db, community, id, up ? 1 : -1);
    return r == OK && changed ? report_record(db, actor, community, &event, NULL) : r;
}

enum result report_comment(struct db *db, const struct report_actor *actor, int64_t community, int64_t id,
                           struct str body, int64_t *ret_id)
{
    struct report_event event = {.verb = "commented", .report = id, .silent = true};
    const struct moderation_writer writer = report_writer(actor, community, false);
    struct str *const texts[] = {&body};
    struct sql_report_get report;
    bool review;
    int64_t comment = id_new(), changed;
    enum result r = visible(db, community, id, &report);

    if (r != OK)
        return r;
    if (body.len == 0)
        return E_INVALID;
    if (!(actor->who & (WHO_RESIDENT | WHO_COMMITTEE | WHO_HANDLER | WHO_SUPERVISOR)))
        return E_DENIED;
    if ((r = moderation_gate(db, &writer, texts, 1, &review)) != OK)
        return r;
    r = sql_report_comment_put(db, community, comment, id, actor->person, actor->organisation, body, actor->now);
    if (r == OK && review)
        r = sql_report_comment_hide(db, community, comment, true, STR_NONE, &changed);
    if (r == OK && review)
        r = moderation_hold(db, &writer, "report_comment", comment);
    if (r == OK && !review)
        r = sql_report_count_comment(db, community, id, 1);
    if (r == OK)
        r = sql_report_touch(db, community, id, actor->now);
    if (review)
        event.verb = "comment_written";
    event.detail = str_printf(db_arena(db), "{\"comment\":\"%lld\"}", (long long)comment);
    if (r == OK)
        r = report_record(db, actor, community, &event, NULL);
    if (r == OK)
        *ret_id = comment;
    return r;
}

enum result report_note(struct db *db, const struct report_actor *actor, int64_t community, int64_t id, struct str body)
{
    struct report_event event = {.verb = "noted", .report = id, .silent = true};
    struct sql_report_get report;
    enum result r = sql_report_get(db, community, id, &report);

    if (r != OK)
        return r;
    if (body.len == 0)
        return E_INVALID;
    if (!(actor->who & (WHO_COMMITTEE | WHO_HANDLER | WHO_SUPERVISOR)))
        return E_DENIED;
    r = sql_report_note_put(db, community, id_new(), id, actor->person, actor->organisation, body, actor->now);
    return r == OK ? report_record(db, actor, community, &event, NULL) : r;
}

enum result report_hide(struct db *db, const struct report_actor *actor, int64_t community, int64_t id, bool hidden,
                        struct str reason)
{
    struct report_event event = {
        .verb = hidden ? "hidden" : "shown_again", .report = id, .body = reason, .staff = true};
    const struct moderation_actor by = {actor->person, actor->organisation, actor->now};
    struct sql_report_get report;
    int64_t changed;
    enum result r;

    if (!(actor->who & WHO_COMMITTEE))
        return E_DENIED;
    if (hidden && reason.len == 0)
        return E_INVALID;
    if ((r = sql_report_get(db, community, id, &report)) != OK)
        return r;
    r = sql_report_hide(db, community, id, hidden, reason, actor->now, &changed);
    if (r == OK && changed == 0)
        r = E_CONFLICT;
    if (r == OK && hidden) /* what is hidden is not found either */
        r = search_remove(db, community, id);
    else if (r == OK && !str_eq(report.state, STR("merged")) && !str_eq(report.state, STR("voided")))
        r = report_index(db, community, id, report.title, report.body, report.spot);
    if (r == OK)
        r = moderation_hid(db, &by, community, "report", id, report.author, hidden, reason);
    return r == OK ? report_record(db, actor, community, &event, NULL) : r;
}

enum result report_comment_hide(struct db *db, const struct report_actor *actor, int64_t community, int64_t report,
                                int64_t id, bool hidden, struct str reason)
{
    struct report_event event = {
        .verb = hidden ? "comment_hidden" : "comment_shown_again", .body = reason, .staff = true};
    const struct moderation_actor by = {actor->person, actor->organisation, actor->now};
    struct sql_report_comment_get comment;
    int64_t changed;
    enum result r = sql_report_comment_get(db, community, id, &comment);

    if (r == OK && comment.report != report) /* who may act on one report may not reach into another by it */
        r = E_NOT_FOUND;
    if (r != OK)
        return r;
    if (!(actor->who & WHO_COMMITTEE))
        return E_DENIED;
    if (hidden && reason.len == 0)
        return E_INVALID;
    r = sql_report_comment_hide(db, community, id, hidden, reason, &changed);
    if (r == OK && changed == 0)
        r = E_CONFLICT;
    if (r == OK)
        r = sql_report_count_comment(db, community, comment.report, hidden ? -1 : 1);
    if (r == OK)
        r = moderation_hid(db, &by, community, "report_comment", id, comment.author, hidden, reason);
    event.report = comment.report;
    event.detail = str_printf(db_arena(db), "{\"comment\":\"%lld\"}", (long long)id);
    return r == OK ? report_record(db, actor, community, &event, NULL) : r;
}

enum result report_recount(struct db *db, int64_t community, int64_t *ret_bad)
{
    struct sql_report_recount_rows rows;
    enum result r = sql_report_recount(db, community, &rows);

    *ret_bad = 0;
    for (size_t i = 0; r == OK && i < rows.n && *ret_bad == 0; i++)
        if (rows.row[i].joined != rows.row[i].real_joined || rows.row[i].comments != rows.row[i].real_comments ||
            rows.row[i].thumbs != rows.row[i].real_thumbs)
            *ret_bad = rows.row[i].id;
    return r;
}
