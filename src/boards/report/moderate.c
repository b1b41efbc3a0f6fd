/* moderate.c: reports and their comments as things that can be moderated. */
#include "boards/report/present.h"

#include "civic/moderation/moderation.h"
#include "civic/person/person.h"

static enum result get_report(struct db *db, int64_t community, int64_t id, struct moderation_thing *ret)
{
    struct sql_report_get report;
    enum result r = sql_report_get(db, community, id, &report);

    if (r != OK)
        return r;
    *ret = (struct moderation_thing){
        .community = community,
        .id = id,
        .author = report.author,
        .kind = STR("report"),
        .title = report.title,
        .body = report.body,
        .hidden = report.hidden,
        .others = !report.hidden,
        .once = true,
        .at = report.reported_at,
        .url = report_url(db_arena(db), community, id),
    };
    return OK;
}

static enum result get_comment(struct db *db, int64_t community, int64_t id, struct moderation_thing *ret)
{
    struct sql_report_comment_get c;
    struct moderation_thing of;
    enum result r = sql_report_comment_get(db, community, id, &c);

    if (r == OK)
        r = get_report(db, community, c.report, &of);
    if (r != OK)
        return r;
    *ret = (struct moderation_thing){
        .id = id,
        .author = c.author,
        .organisation = c.organisation,
        .kind = STR("report_comment"),
        .body = c.body,
        .hidden = c.hidden,
        .at = c.created_at,
    };
    moderation_comment_on(db_arena(db), &of, ret);
    return OK;
}

static bool may_see(struct request *rq, const struct moderation_thing *thing)
{
    (void)rq;
    return thing->others; /* everybody reads reports */
}

static struct report_actor staff(int64_t person, int64_t organisation, int64_t now)
{
    return (struct report_actor){.person = person, .organisation = organisation, .who = WHO_COMMITTEE, .now = now};
}

static enum result hide_report(struct db *db, const struct moderation_thing *thing, int64_t person,
                               int64_t organisation, bool hidden, struct str reason, int64_t now)
{
    const struct report_actor actor = staff(person, organisation, now);

    return report_hide(db, &actor, thing->community, thing->id, hidden, reason);
}

static enum result hide_comment(struct db *db, const struct moderation_thing *thing, int64_t person,
                                int64_t organisation, bool hidden, struct str reason, int64_t now)
{
    const struct report_actor actor = staff(person, organisation, now);
    struct sql_report_comment_get c;
    enum result r = sql_report_comment_get(db, thing->community, thing->id, &c);

    return r == OK ? report_comment_hide(db, &actor, thing->community, c.report, thing->id, hidden, reason) : r;
}

static enum result reason_report(struct db *db, const struct moderation_thing *thing, struct str reason)
{
    return sql_report_set_reason(db, thing->community, thing->id, reason);
}

static enum result reason_comment(struct db *db, const struct moderation_thing *thing, struct str reason)
{
    return sql_report_comment_set_reason(db, thing->community, thing->id, reason);
}

/* The present text, and before it those that were replaced: each is as old as the replacing of the one before. */
static enum result texts(struct db *db, const struct moderation_thing *thing, struct moderation_text **ret_text,
                         size_t *ret_n)
{
    struct sql_report_versions_rows old;
    struct sql_report_get report;
    struct moderation_text *t;
    enum result r = sql_report_get(db, thing->community, thing->id, &report);

    if (r == OK)
        r = sql_report_versions(db, thing->community, thing->id, &old);
    if (r != OK)
        return r;
    t = arena_array(db_arena(db), struct moderation_text, old.n + 1);
    t[0] = (struct moderation_text){
        .version = old.n ? old.row[0].version + 1 : 1, .title = report.title, .body = report.body, .more = report.spot};
    for (size_t i = 0; i < old.n; i++)
        t[i + 1] = (struct moderation_text){
            .version = old.row[i].version, .title = old.row[i].title, .body = old.row[i].body, .more = old.row[i].spot};
    for (size_t i = 0; i <= old.n; i++) {
        bool first = i == old.n; /* or the oldest of those that are told of */

        t[i].person = first ? report.author : old.row[i].replaced_by;
        t[i].at = first ? report.reported_at : old.row[i].replaced_at;
    }
    *ret_n = old.n + 1;
    *ret_text = t;
    return OK;
}

static const struct moderation_kind kinds[] = {
    {.word = "report",
     .name = T_moderation_thing_report,
     .tells = true,
     .get = get_report,
     .may_see = may_see,
     .hide = hide_report,
     .reason = reason_report,
     .texts = texts},
    {.word = "report_comment",
     .name = T_moderation_thing_comment,
     .get = get_comment,
     .may_see = may_see,
     .hide = hide_comment,
     .reason = reason_comment},
};
const struct moderation_kinds report_moderated = {kinds, sizeof(kinds) / sizeof(kinds[0])};
