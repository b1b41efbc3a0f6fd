/* moderate.c: entries and their comments as things that can be moderated. */
#include "civic/entry/entry.h"

#include "civic/entry/entry.sql.h"
#include "civic/moderation/moderation.h"
#include "civic/person/person.h"

static enum result get_entry(struct db *db, int64_t community, int64_t id, struct moderation_thing *ret)
{
    struct entry e;
    struct board board;
    enum result r = entry_get(db, community, id, &e);

    if (r == OK)
        r = board_get(db, e.board, &board);
    if (r != OK)
        return r;
    *ret = (struct moderation_thing){
        .community = community,
        .id = id,
        .author = e.author,
        .organisation = e.organisation,
        .kind = STR("entry"),
        .title = e.title,
        .body = e.body,
        .hidden = e.hidden,
        .others = e.listed && board.state == BOARD_OPEN,
        .once = e.published_at != 0,
        .at = e.created_at,
        .url = entry_url(db_arena(db), &board, community, id),
    };
    return OK;
}

static enum result get_comment(struct db *db, int64_t community, int64_t id, struct moderation_thing *ret)
{
    struct sql_entry_comment_get c;
    struct moderation_thing of;
    enum result r = sql_entry_comment_get(db, community, id, &c);

    if (r == OK)
        r = get_entry(db, community, c.entry, &of);
    if (r != OK)
        return r;
    *ret = (struct moderation_thing){
        .id = id,
        .author = c.author,
        .organisation = c.organisation,
        .kind = STR("entry_comment"),
        .body = c.body,
        .hidden = c.hidden,
        .at = c.created_at,
    };
    moderation_comment_on(db_arena(db), &of, ret);
    return OK;
}

static bool reads_board(struct request *rq, int64_t community, int64_t id)
{
    struct entry e;
    struct board board;
    struct subject_scope scope;

    return entry_get(rq->db, community, id, &e) == OK && board_get(rq->db, e.board, &board) == OK &&
           board_scope(rq, &board, community, &scope) == OK &&
           access_allowed(viewer_of(rq), CAP_BOARD_READ, community, &scope);
}

static bool may_see_entry(struct request *rq, const struct moderation_thing *thing)
{
    return thing->others && reads_board(rq, thing->community, thing->id);
}

static bool may_see_comment(struct request *rq, const struct moderation_thing *thing)
{
    struct sql_entry_comment_get c;

    return thing->others && sql_entry_comment_get(rq->db, thing->community, thing->id, &c) == OK &&
           reads_board(rq, thing->community, c.entry);
}

/* Who decides has been asked for the right: staff of the place, over every board of it. */
static struct entry_actor staff(int64_t person, int64_t organisation, int64_t now)
{
    return (struct entry_actor){.person = person, .organisation = organisation, .runs = true, .now = now};
}

static enum result hide_entry(struct db *db, const struct moderation_thing *thing, int64_t person, int64_t organisation,
                              bool hidden, struct str reason, int64_t now)
{
    const struct entry_actor actor = staff(person, organisation, now);
    struct entry e;
    struct board board;
    enum result r = entry_get(db, thing->community, thing->id, &e);

    if (r == OK)
        r = board_get(db, e.board, &board);
    return r == OK ? entry_hide(db, &actor, &board, &e, hidden, reason) : r;
}

static enum result hide_comment(struct db *db, const struct moderation_thing *thing, int64_t person,
                                int64_t organisation, bool hidden, struct str reason, int64_t now)
{
    const struct entry_actor actor = staff(person, organisation, now);
    struct sql_entry_comment_get c;
    struct entry e;
    enum result r = sql_entry_comment_get(db, thing->community, thing->id, &c);

    if (r == OK)
        r = entry_get(db, thing->community, c.entry, &e);
    return r == OK ? entry_comment_hide(db, &actor, &e, thing->id, hidden, reason) : r;
}

static enum result reason_entry(struct db *db, const struct moderation_thing *thing, struct str reason)
{
    return sql_entry_set_reason(db, thing->community, thing->id, reason);
}

static enum result reason_comment(struct db *db, const struct moderation_thing *thing, struct str reason)
{
    return sql_entry_comment_set_reason(db, thing->community, thing->id, reason);
}

static enum result texts(struct db *db, const struct moderation_thing *thing, struct moderation_text **ret_text,
                         size_t *ret_n)
{
    struct sql_entry_versions_rows rows;
    enum result r = sql_entry_versions(db, thing->community, thing->id, &rows);

    if (r != OK)
        return r;
    *ret_text = arena_array(db_arena(db), struct moderation_text, rows.n ? rows.n : 1);
    *ret_n = rows.n;
    for (size_t i = 0; i < rows.n; i++)
        (*ret_text)[i] = (struct moderation_text){.version = rows.row[i].version,
                                                  .title = rows.row[i].title,
                                                  .body = rows.row[i].body,
                                                  .more = rows.row[i].more,
                                                  .person = rows.row[i].person,
                                                  .at = rows.row[i].at};
    return OK;
}

static const struct moderation_kind kinds[] = {
    {.word = "entry",
     .name = T_moderation_thing_entry,
     .tells = true,
     .get = get_entry,
     .may_see = may_see_entry,
     .hide = hide_entry,
     .reason = reason_entry,
     .texts = texts},
    {.word = "entry_comment",
     .name = T_moderation_thing_comment,
     .get = get_comment,
     .may_see = may_see_comment,
     .hide = hide_comment,
     .reason = reason_comment},
};
const struct moderation_kinds entry_moderated = {kinds, sizeof(kinds) / sizeof(kinds[0])};
