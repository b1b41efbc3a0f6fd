/* tell.c: who is told of what happens to an entry, and what the figures count of it; each in the transaction of the event. */
#include "civic/entry/entry.h"

#include "civic/entry/entry.sql.h"
#include "civic/ledger/ledger.h"
#include "civic/notify/notify.h"
#include "civic/statistics/statistics.h"

/* Nobody is told of what they did themselves. */
static enum result put(struct db *db, const struct ledger_event *e, const struct entry *entry,
                       const struct board *board, const int64_t *person, size_t n, enum text words)
{
    const struct text_arg args[] = {TEXT_STR("title", entry->title)};
    const struct notice notice = {
        .community = entry->community,
        .text = words,
        .arg = args,
        .n_args = 1,
        .url = entry_url(db_arena(db), board, entry->community, entry->id),
        .subject_kind = STR("entry"),
        .subject = entry->id,
    };

    int64_t *told = arena_array(db_arena(db), int64_t, n ? n : 1);
    size_t n_told = 0;

    for (size_t i = 0; i < n; i++)
        if (person[i] && person[i] != e->actor)
            told[n_told++] = person[i];
    return notify_people(db, &notice, told, n_told, e->at);
}

/* The messages of others name it by its title: they go with it. */
static enum result recall(struct db *db, const struct entry *entry)
{
    struct sql_entry_followers_rows followers;
    enum result r = sql_entry_followers(db, entry->community, entry->id, &followers);

    for (size_t i = 0; r == OK && i < followers.n; i++)
        if (followers.row[i].person != entry->author)
            r = notify_recall(db, followers.row[i].person, STR("entry"), entry->id);
    return r;
}

/* A comment: who follows the entry; its author in other words. */
static enum result tell_followers(struct db *db, const struct ledger_event *e, const struct entry *entry,
                                  const struct board *board)
{
    struct sql_entry_followers_rows followers;
    int64_t *others;
    size_t n = 0;
    bool author = false;
    enum result r = sql_entry_followers(db, e->community, e->subject, &followers);

    if (r != OK)
        return r;
    others = arena_array(db_arena(db), int64_t, followers.n ? followers.n : 1);
    for (size_t i = 0; i < followers.n; i++) {
        if (followers.row[i].person == entry->author)
            author = true;
        else
            others[n++] = followers.row[i].person;
    }
    if (author)
        r = put(db, e, entry, board, &entry->author, 1, T_entry_tell_commented_yours);
    return r == OK ? put(db, e, entry, board, others, n, T_entry_tell_commented) : r;
}

/* What is hidden reaches its author alone. */
static enum result appended(struct db *db, const struct ledger_event *e)
{
    struct entry entry;
    struct board board;
    bool commented = str_eq(e->verb, STR("commented")), hidden = str_eq(e->verb, STR("hidden")),
         held = str_eq(e->verb, STR("held_back"));
    enum result r;

    if (!str_eq(e->subject_kind, STR("entry")) ||
        (!commented && !hidden && !held && !str_eq(e->verb, STR("shown_again"))))
        return OK;
    r = entry_get(db, e->community, e->subject, &entry);
    if (r == OK)
        r = board_get(db, entry.board, &board);
    if (r != OK)
        return r;
    if (hidden || held)
        r = recall(db, &entry);
    if (r != OK || held)
        return r;
    if (!commented)
        return put(db, e, &entry, &board, &entry.author, 1, hidden ? T_entry_tell_hidden : T_entry_tell_shown);
    return tell_followers(db, e, &entry, &board);
}

const struct ledger_listener entry_listener = {.name = "entry", .appended = appended};

static const struct measure_rule rules[] = {
    {"entries_published", "entry", "published", NULL, MEASURE_COUNT, NULL},
    {"entry_comments", "entry", "commented", NULL, MEASURE_COUNT, NULL},
    {"entry_thumbs", "entry", "thumbs_up", NULL, MEASURE_COUNT, NULL},
};
const struct measure_table entry_measures = {rules, sizeof(rules) / sizeof(rules[0])};

static const struct notice_kind kinds[] = {
    {T_entry_tell_commented_yours, TOPIC_REPLY, WAY_APP, false, T_notify_away_reply},
    {T_entry_tell_commented, TOPIC_REPLY, WAY_APP, false, T_notify_away_reply},
};
const struct notice_table entry_notices = {kinds, sizeof(kinds) / sizeof(kinds[0])};
