/* ledger.c: appending and reading. See ledger.h; the encoding is in chain.c, checking a chain in verify.c. */
#include "civic/ledger/ledger.h"

#include "civic/ledger/chain.h"
#include "civic/ledger/ledger.sql.h"
#include "engine/base/ids.h"
#include "engine/base/time.h"

#define DETAIL_MAX 2000

static const struct ledger_listener *const *listeners; /* set once at start */
static size_t n_listeners;

void ledger_listen(const struct ledger_listener *const *list, size_t n)
{
    listeners = list;
    n_listeners = n;
}

enum result ledger_append(struct db *db, struct ledger_event *e)
{
    unsigned char first[CHAIN_HASH], hash[CHAIN_HASH];
    struct sql_ledger_advance head;
    enum result r;

    if (e->community <= 0 || e->at <= 0 || !e->verb.len || !e->subject_kind.len || e->detail.len > DETAIL_MAX ||
        (e->text_hash.len && e->text_hash.len != CHAIN_HASH))
        return E_INVALID;
    r = sql_ledger_advance(db, e->community, &head);
    if (r == E_NOT_FOUND) {
        int64_t begun;
        chain_first(e->community, first);
        r = sql_ledger_begin(db, e->community, (struct str){(const char *)first, sizeof first}, &begun);
        if (r == OK)
            r = sql_ledger_advance(db, e->community, &head);
    }
    if (r != OK)
        return r;

    if (!e->id)
        e->id = id_new();
    e->seq = head.seq;
    chain_next(head.hash, e, hash);
    struct str sealed = {(const char *)hash, sizeof hash};
    r = sql_ledger_put(db, e->community, e->seq, e->id, e->at, e->actor, e->organisation, e->verb, e->subject_kind,
                       e->subject, e->before, e->after, e->amount, e->detail, e->text_hash, sealed);
    if (r == OK)
        r = sql_ledger_seal(db, e->community, e->seq, sealed);
    for (size_t i = 0; r == OK && i < n_listeners; i++)
        r = listeners[i]->appended(db, e);
    return r;
}

enum result ledger_append_words(struct db *db, struct ledger_event *e, struct str words)
{
    if (!e->id)
        e->id = id_new();
    if (words.len)
        e->text_hash = ledger_text_hash(db_arena(db), e->id, words);
    return ledger_append(db, e);
}

/* The rows of the reading statements are the same columns under three names. */
#define EVENTS(db, rows, ret)                                                                     \
    do {                                                                                          \
        (ret)->event = arena_array(db_arena(db), struct ledger_event, (rows).n);                  \
        (ret)->n = (rows).n;                                                                      \
        for (size_t i_ = 0; i_ < (rows).n; i_++)                                                  \
            (ret)->event[i_] = (struct ledger_event){.community = (rows).row[i_].community,       \
                                                     .seq = (rows).row[i_].seq,                   \
                                                     .id = (rows).row[i_].id,                     \
                                                     .at = (rows).row[i_].at,                     \
                                                     .actor = (rows).row[i_].actor,               \
                                                     .organisation = (rows).row[i_].organisation, \
                                                     .verb = (rows).row[i_].verb,                 \
                                                     .subject_kind = (rows).row[i_].subject_kind, \
                                                     .subject = (rows).row[i_].subject,           \
                                                     .before = (rows).row[i_].state_before,       \
                                                     .after = (rows).row[i_].state_after,         \
                                                     .amount = (rows).row[i_].amount,             \
                                                     .detail = (rows).row[i_].detail,             \
                                                     .text_hash = (rows).row[i_].text_hash};      \
    } while (0)

enum result ledger_of_subject(struct db *db, int64_t community, struct str subject_kind, int64_t subject,
                              int64_t after_seq, int64_t limit, struct ledger_events *ret_events)
{
    struct sql_ledger_subject_rows_rows rows;
    enum result r = sql_ledger_subject_rows(db, community, subject, subject_kind, after_seq, limit, &rows);

    if (r == OK)
        EVENTS(db, rows, ret_events);
    return r;
}

enum result ledger_turns_of(struct db *db, int64_t community, struct str subject_kind, int64_t subject, int64_t limit,
                            struct ledger_events *ret_events)
{
    struct sql_ledger_turn_rows_rows rows;
    enum result r = sql_ledger_turn_rows(db, community, subject, subject_kind, limit, &rows);

    if (r == OK)
        EVENTS(db, rows, ret_events);
    return r;
}

enum result ledger_since(struct db *db, int64_t community, int64_t after_seq, int64_t limit,
                         struct ledger_events *ret_events)
{
    struct sql_ledger_rows_rows rows;
    enum result r = sql_ledger_rows(db, community, after_seq, limit, &rows);

    if (r == OK)
        EVENTS(db, rows, ret_events);
    return r;
}

enum result ledger_by_actor(struct db *db, int64_t community, int64_t actor, int64_t before_seq, int64_t limit,
                            struct ledger_events *ret_events)
{
    struct sql_ledger_actor_rows_rows rows;
    enum result r = sql_ledger_actor_rows(db, community, actor, before_seq ? before_seq : INT64_MAX, limit, &rows);

    if (r == OK)
        EVENTS(db, rows, ret_events);
    return r;
}

enum result ledger_active(struct db *db, int64_t community, int32_t day, int64_t *ret_people)
{
    struct sql_ledger_active row;
    enum result r = sql_ledger_active(db, community, day_start(day), day_start(day + 1), day, &row);

    if (r == OK)
        *ret_people = row.n;
    return r;
}

enum result ledger_between(struct db *db, int64_t community, struct str subject_kind, struct str verb, int32_t from,
                           int32_t to, int64_t before_seq, int64_t limit, struct ledger_events *ret_events)
{
    struct sql_ledger_between_rows rows;
    enum result r = sql_ledger_between(db, community, subject_kind, verb, day_start(from), day_start(to + 1), from,
                                       before_seq ? before_seq : INT64_MAX, limit, &rows);

    if (r == OK)
        EVENTS(db, rows, ret_events);
    return r;
}

enum result ledger_next_community(struct db *db, int64_t after, int64_t *ret_community)
{
    struct sql_ledger_next_row_community row;
    struct sql_ledger_next_head_community head;
    enum result r = sql_ledger_next_row_community(db, after, &row), h;

    if (r != OK && r != E_NOT_FOUND)
        return r;
    h = sql_ledger_next_head_community(db, after, &head);
    if (h != OK && h != E_NOT_FOUND)
        return h;
    if (r != OK && h != OK)
        return E_NOT_FOUND;
    *ret_community = r != OK || (h == OK && head.community < row.community) ? head.community : row.community;
    return OK;
}

/* ---- daily heads --------------------------------------------------------------------------------------------------------- */

static enum result close_day(struct db *db, void *arg)
{
    const int32_t *day = arg;
    struct sql_ledger_last_day last;
    int64_t written;
    enum result r = sql_ledger_last_day(db, &last);

    if (r != OK || last.day >= *day)
        return r;
    return sql_ledger_day_close(db, *day, &written);
}

enum result ledger_close_day(struct database *database, struct arena *a, int32_t day)
{
    return db_write_wait(database, a, close_day, &day);
}

enum result ledger_heads_of_day(struct db *db, int32_t day, int64_t after_community, int64_t limit,
                                struct ledger_heads *ret)
{
    struct sql_ledger_day_heads_rows rows;
    enum result r = sql_ledger_day_heads(db, day, after_community, limit, &rows);

    if (r != OK)
        return r;
    ret->head = arena_array(db_arena(db), struct ledger_head, rows.n);
    ret->n = rows.n;
    for (size_t i = 0; i < rows.n; i++)
        ret->head[i] = (struct ledger_head){rows.row[i].community, rows.row[i].day, rows.row[i].seq, rows.row[i].hash};
    return OK;
}
