/* house.c: topics of a board, and the house rules that whoever writes has said yes to. */
#include "boards/talk/rules.h"

#include <stdlib.h>

#include "civic/ledger/ledger.h"
#include "engine/base/ids.h"

static enum result record(struct db *db, const struct entry_actor *actor, int64_t place, const char *kind, int64_t id,
                          const char *verb, const struct board *board, struct str words)
{
    int64_t event = id_new();
    struct ledger_event e = {
        .community = place,
        .id = event,
        .at = actor->now,
        .actor = actor->person,
        .organisation = actor->organisation,
        .verb = str_from_cstr(verb),
        .subject_kind = str_from_cstr(kind),
        .subject = id,
        .detail = str_printf(db_arena(db), "{\"board\":\"%" PRId64 "\"}", board->id),
        .text_hash = words.len ? ledger_text_hash(db_arena(db), event, words) : STR_NONE,
    };

    return ledger_append(db, &e);
}

/* ---- topics ------------------------------------------------------------------------------------------------------------- */

enum { TOPICS_MOST = 60 };

enum result talk_topics(struct db *db, const struct board *board, int64_t place, bool closed, struct talk_topics *ret)
{
    int64_t chain[4];
    size_t n = place_chain(place, chain);

    ret->topic = arena_array(db_arena(db), struct talk_topic, TOPICS_MOST * 4);
    ret->n = 0;
    for (size_t i = 0; i < n; i++)
        sql_talk_topics_ahead(db, chain[i], board->id);
    for (size_t i = 0; i < n; i++) {
        struct sql_talk_topics_rows rows;
        enum result r = sql_talk_topics(db, chain[i], board->id, &rows);

        if (r != OK)
            return r;
        for (size_t k = 0; k < rows.n; k++)
            if (!rows.row[k].closed || (closed && chain[i] == place))
                ret->topic[ret->n++] = (struct talk_topic){chain[i], rows.row[k].id, rows.row[k].name,
                                                           rows.row[k].closed};
    }
    return OK;
}

enum result talk_topic_at(struct db *db, const struct board *board, int64_t place, int64_t id, struct talk_topic *ret)
{
    int64_t chain[4];
    size_t n = place_chain(place, chain);
    enum result r = E_NOT_FOUND;

    for (size_t i = 0; i < n && r == E_NOT_FOUND; i++) {
        struct sql_talk_topic_get row;

        r = sql_talk_topic_get(db, chain[i], board->id, id, &row);
        if (r == OK)
            *ret = (struct talk_topic){chain[i], row.id, row.name, row.closed};
    }
    return r;
}

/* How many of the place are open, and whether one of them has the name. */
static enum result look_over(struct db *db, const struct board *board, int64_t place, struct str name)
{
    struct sql_talk_topics_rows rows;
    size_t open = 0;
    enum result r = sql_talk_topics(db, place, board->id, &rows);

    for (size_t i = 0; r == OK && i < rows.n; i++) {
        if (rows.row[i].closed)
            continue;
        open++;
        if (str_eq(rows.row[i].name, name))
            return E_CONFLICT;
    }
    if (r == OK && (open >= TALK_TOPICS_OPEN_MAX || rows.n >= TOPICS_MOST))
        return E_DENIED;
    return r;
}

enum result talk_topic_add(struct db *db, const struct entry_actor *actor, const struct board *board, int64_t place,
                           struct str name)
{
    int64_t id = id_new();
    enum result r;

    if (name.len == 0 || str_utf8_count(name) > TALK_TOPIC_MAX)
        return E_INVALID;
    r = look_over(db, board, place, name);
    if (r == OK)
        r = sql_talk_topic_put(db, place, id, board->id, name, actor->now);
    return r == OK ? record(db, actor, place, "talk_topic", id, "added", board, name) : r;
}

enum result talk_topic_close(struct db *db, const struct entry_actor *actor, const struct board *board, int64_t place,
                             int64_t id, bool closed)
{
    struct sql_talk_topic_get row;
    int64_t changed = 0;
    enum result r = sql_talk_topic_get(db, place, board->id, id, &row);

    if (r == OK && !closed)
        r = row.closed ? look_over(db, board, place, row.name) : OK;
    if (r == OK)
        r = sql_talk_topic_close(db, place, board->id, id, closed, &changed);
    return r == OK && changed
             ? record(db, actor, place, "talk_topic", id, closed ? "closed" : "opened", board, STR_NONE)
             : r;
}

static int newest_first(const void *a, const void *b)
{
    const struct entry_row *x = a, *y = b;

    return x->id > y->id ? -1 : x->id < y->id;
}

enum result talk_topic_page(struct db *db, const struct board *board, int64_t place, int64_t topic, int64_t before,
                            int64_t limit, struct entry_rows *ret)
{
    int64_t chain[4];
    size_t n = place_chain(place, chain);
    struct str near = n > 2 ? str_printf(db_arena(db), ",%" PRId64, chain[2]) : STR_NONE;
    struct str nearer = n > 3 ? str_printf(db_arena(db), ",%" PRId64, chain[3]) : STR_NONE;

    ret->row = arena_array(db_arena(db), struct entry_row, (size_t)limit * 4);
    ret->n = 0;
    for (size_t i = 0; i < n; i++) {
        struct sql_talk_by_topic_rows rows;
        enum result r = sql_talk_by_topic(db, chain[i], board->id, topic, before, near, nearer, limit, &rows);

        if (r != OK)
            return r;
        for (size_t k = 0; k < rows.n; k++)
            ret->row[ret->n++] = ENTRY_ROW(&rows.row[k]);
    }
    if (ret->n)
        qsort(ret->row, ret->n, sizeof(*ret->row), newest_first);
    if (ret->n > (size_t)limit)
        ret->n = (size_t)limit;
    return OK;
}

/* ---- house rules ------------------------------------------------------------------------------------------------------------ */

enum result talk_house(struct db *db, const struct board *board, int64_t place, struct talk_house *ret)
{
    int64_t chain[4];
    size_t n = place_chain(place, chain);

    *ret = (struct talk_house){0};
    for (size_t i = n; i > 0; i--) { /* the nearest first */
        struct sql_talk_rules_last row;
        enum result r = sql_talk_rules_last(db, chain[i - 1], board->id, &row);

        if (r == OK)
            *ret = (struct talk_house){chain[i - 1], row.version, row.body, row.written_at};
        if (r != E_NOT_FOUND)
            return r;
    }
    return OK;
}

enum result talk_house_asks(struct db *db, const struct entry_actor *actor, const struct board *board, int64_t place,
                            struct talk_house *ret)
{
    struct sql_talk_accepted_get row;
    enum result r = talk_house(db, board, place, ret);

    if (r != OK || ret->version == 0)
        return r;
    if (actor->runs) {
        *ret = (struct talk_house){0};
        return OK;
    }
    r = sql_talk_accepted_get(db, place, board->id, actor->person, &row);
    if (r == OK && row.rules_place == ret->place && row.version == ret->version)
        *ret = (struct talk_house){0};
    return r == E_NOT_FOUND ? OK : r;
}

enum result talk_house_accept(struct db *db, const struct entry_actor *actor, const struct board *board, int64_t place,
                              int64_t version)
{
    struct talk_house asked;
    enum result r = talk_house_asks(db, actor, board, place, &asked);

    if (r != OK || asked.version == 0)
        return r;
    if (version != asked.version)
        return E_INVALID;
    r = sql_talk_accepted_put(db, place, board->id, actor->person, asked.place, version, actor->now);
    return r == OK ? record(db, actor, place, "talk_rules", version, "accepted", board, STR_NONE) : r;
}

enum result talk_house_write(struct db *db, const struct entry_actor *actor, const struct board *board, int64_t place,
                             struct str body)
{
    struct sql_talk_rules_last last;
    enum result r;

    if (body.len == 0 || str_utf8_count(body) > TALK_RULES_MAX)
        return E_INVALID;
    r = sql_talk_rules_last(db, place, board->id, &last);
    if (r == E_NOT_FOUND) {
        last = (struct sql_talk_rules_last){0};
        r = OK;
    }
    if (r == OK && str_eq(last.body, body))
        return E_CONFLICT; /* the same words: nobody is asked again */
    if (r == OK)
        r = sql_talk_rules_put(db, place, board->id, last.version + 1, body, actor->now, actor->person);
    return r == OK ? record(db, actor, place, "talk_rules", last.version + 1, "written", board, body) : r;
}
