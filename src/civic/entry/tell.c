/* tell.c: who is told of what happens to an entry, and what the figures count of it; each in the transaction of the event. */
#include "civic/entry/entry.h"

#include "civic/entry/entry.sql.h"
#include "civic/ledger/ledger.h"
#include "civic/notify/notify.h"
#include "civic/statistics/statistics.h"

static enum result put(struct db *db, const struct ledger_event *e, const struct entry *entry,
                       const struct board *board, int64_t person, enum text words)
{
    const struct text_arg args[] = {TEXT_STR("title", entry->title)};
    const struct notice notice = {
        .person = person,
        .community = entry->community,
        .text = words,
        .arg = args,
        .n_args = 1,
        .url = entry_url(db_arena(db), board, entry->community, entry->id),
        .subject_kind = STR("entry"),
        .subject = entry->id,
    };

    return person && person != e->actor ? notify_put(db, &notice, e->at) : OK;
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

/* Nobody is told of what they did themselves; what is hidden reaches its author alone. */
static enum result appended(struct db *db, const struct ledger_event *e)
{
    struct sql_entry_followers_rows followers;
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
        return put(db, e, &entry, &board, entry.author, hidden ? T_entry_tell_hidden : T_entry_tell_shown);
    r = sql_entry_followers(db, e->community, e->subject, &followers);
    for (size_t i = 0; r == OK && i < followers.n; i++)
        r = put(db, e, &entry, &board, followers.row[i].person,
                followers.row[i].person == entry.author ? T_entry_tell_commented_yours : T_entry_tell_commented);
    return r;
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
