/* move.c: what neighbours talk about follows them into another community.
 *
 * - An entry goes with its author's estate, with its comments and thumbs, so that the conversation goes on where its people are; those of the
 *   committee, and all that is left, go when the community ends. Its old address leads to the new one.
 * - A group is its people, not its ground: it goes where its host lives, with all its entries, whoever wrote them. When a community is divided, members who
 *   live on the other side afterwards are members no longer: they could not read it. In a merger everybody stays.
 * - Topics are the committee's list. Of two that have the same name, one is left, with the entries of both; others join the list, closed where it is full.
 * - House rules of the old committee hold until the new one writes its own, unless it has some; they are other rules than those that somebody has said yes
 *   to, so everybody is asked once. */
#include "boards/talk/move.sql.h"
#include "boards/talk/rules.h"
#include "boards/talk/talk.h"
#include "civic/place/place.h"

static enum result carry(struct db *db, int64_t from, int64_t to, int64_t id, int64_t at)
{
    enum result r = sql_talk_entry_row_move(db, from, to, id);

    if (r == OK)
        r = sql_talk_entry_row_moved(db, from, id);
    return r == OK ? entry_carry(db, from, to, id, at) : r;
}

/* What stands in a group waits for the group. */
static enum result move(struct db *db, int64_t from, int64_t to, int64_t estate, int64_t at)
{
    struct entry_ids ids;
    enum result r = entry_of_estate(db, from, "talk", estate, &ids);

    for (size_t i = 0; r == OK && i < ids.n; i++) {
        struct sql_talk_entry_get of = {0};

        r = sql_talk_entry_get(db, from, ids.id[i], &of);
        if (r == E_NOT_FOUND)
            r = OK;
        if (r == OK && of.talk_group == 0)
            r = carry(db, from, to, ids.id[i], at);
    }
    return r;
}

/* ---- groups ---- */

static enum result carry_group(struct db *db, int64_t from, int64_t to, int64_t group, bool divided, int64_t at)
{
    struct sql_talk_ids_of_group_rows entries;
    enum result r = sql_talk_ids_of_group(db, from, group, &entries);

    for (size_t i = 0; r == OK && i < entries.n; i++)
        r = carry(db, from, to, entries.row[i].entry, at);
    if (r == OK)
        r = sql_talk_members_move(db, from, to, group);
    if (r == OK)
        r = sql_talk_members_moved(db, from, group);
    if (r == OK)
        r = sql_talk_group_row_move(db, from, to, group);
    if (r == OK)
        r = sql_talk_group_row_moved(db, from, group);
    if (r == OK && divided)
        r = sql_talk_members_elsewhere(db, to, group);
    return r == OK ? sql_talk_members_counted(db, to, group) : r;
}

/* Where the host lives by now: one of the successors. 0: in none of them. */
static enum result home_of(struct db *db, int64_t host, const int64_t *after, size_t n, int64_t *ret_home)
{
    enum result r = OK;

    *ret_home = 0;
    for (size_t i = 0; r == OK && i < n && *ret_home == 0; i++) {
        struct sql_talk_lives_in lives;

        r = sql_talk_lives_in(db, after[i], host, &lives);
        if (r == OK && lives.n)
            *ret_home = after[i];
    }
    return r;
}

static enum result groups(struct db *db, int64_t from, int64_t heir, const int64_t *after, size_t n, int64_t at)
{
    struct sql_talk_groups_hosted_rows rows;
    bool divided = heir == 0 || n > 1;
    enum result r = sql_talk_groups_hosted(db, from, &rows);

    for (size_t i = 0; r == OK && i < rows.n; i++) {
        const struct sql_talk_groups_hosted *g = &rows.row[i];
        int64_t to = 0;

        if (g->here == 0)
            r = home_of(db, g->host, after, n, &to);
        if (to == 0)
            to = heir;
        if (r == OK && to)
            r = carry_group(db, from, to, g->id, divided, at);
        else if (r == OK) {
            r = sql_talk_members_gone(db, from, g->id, at);
            if (r == OK)
                r = sql_talk_members_counted(db, from, g->id);
        }
    }
    return r;
}

/* ---- topics ---- */

/* A topic of the old committee, at a place where entries have come that stand under it. */
static enum result topic_at(struct db *db, int64_t place, const struct sql_talk_topics_all *topic)
{
    struct sql_talk_topic_same same;
    struct sql_talk_topics_open open;
    enum result r = sql_talk_topic_same(db, place, topic->board, topic->name, &same);

    if (r == OK)
        return same.id == topic->id ? OK : sql_talk_topic_becomes(db, place, topic->id, same.id);
    if (r == E_NOT_FOUND)
        r = sql_talk_topics_open(db, place, topic->board, &open);
    if (r != OK)
        return r;
    return sql_talk_topic_copy(db, place, topic->id, topic->board, topic->name,
                               topic->closed || open.n >= TALK_TOPICS_OPEN_MAX, topic->created_at);
}

static enum result topics(struct db *db, int64_t from, int64_t heir, const int64_t *after, size_t n)
{
    struct sql_talk_topics_all_rows rows;
    enum result r = sql_talk_topics_all(db, from, &rows);

    for (size_t i = 0; r == OK && i < n; i++)
        for (size_t k = 0; r == OK && k < rows.n; k++) {
            struct sql_talk_topic_used used;

            r = sql_talk_topic_used(db, after[i], rows.row[k].id, &used);
            if (r == OK && (used.n || after[i] == heir))
                r = topic_at(db, after[i], &rows.row[k]);
        }
    return r == OK && heir ? sql_talk_topics_left(db, from) : r;
}

/* ---- house rules ---- */

static enum result rules(struct db *db, int64_t from, int64_t heir, int64_t at)
{
    struct sql_talk_rules_boards_rows boards;
    enum result r = sql_talk_rules_boards(db, from, &boards);

    for (size_t i = 0; r == OK && i < boards.n; i++) {
        struct sql_talk_rules_last old, own;

        r = sql_talk_rules_last(db, heir, boards.row[i].board, &own);
        if (r != E_NOT_FOUND)
            continue;
        r = sql_talk_rules_last(db, from, boards.row[i].board, &old);
        if (r == OK)
            r = sql_talk_rules_put(db, heir, boards.row[i].board, 1, old.body, at, 0);
    }
    return r;
}

static enum result settle(struct db *db, int64_t from, int64_t heir, int64_t at)
{
    const int64_t *after;
    size_t n;
    enum result r = place_after(db, from, &after, &n);

    if (r == OK)
        r = groups(db, from, heir, after, n, at);
    if (r == OK)
        r = entry_carry_rest(db, from, heir, "talk", at, carry);
    if (r == OK)
        r = topics(db, from, heir, after, n);
    return r == OK && heir ? rules(db, from, heir, at) : r;
}

const struct place_mover talk_mover = {"talk", move, settle};
