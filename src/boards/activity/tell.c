/* tell.c: what people are told about their places, in the transaction in which it happens. */
#include "boards/activity/room.h"

#include "civic/notify/notify.h"

enum result activity_tell_people(struct db *db, const struct entry *entry, const struct sql_activity_get *a,
                                 const struct person_ids *people, enum text words, int64_t now)
{
    const struct civil c = time_civil(a->starts_at);
    /* Numbers, so that it reads the same in both languages, whenever it is read. */
    const struct text_arg args[] = {
        TEXT_STR("title", entry->title),
        TEXT_STR("when", str_printf(db_arena(db), "%d-%02d-%02d %d:%02d", c.year, c.month, c.day, c.hour, c.minute)),
        TEXT_STR("spot", a->spot),
        TEXT_STR("reason", a->reason),
    };
    struct board board;
    struct notice notice = {
        .community = entry->community,
        .text = words,
        .arg = args,
        .n_args = sizeof(args) / sizeof(args[0]),
        .subject_kind = STR("entry"),
        .subject = entry->id,
    };
    enum result r = board_get(db, entry->board, &board);

    if (r != OK)
        return r;
    notice.url = entry_url(db_arena(db), &board, entry->community, entry->id);
    return notify_people(db, &notice, people->id, people->n, now);
}

enum result activity_tell(struct db *db, const struct entry *entry, const struct sql_activity_get *a, int64_t person,
                          enum text words, int64_t now)
{
    return activity_tell_people(db, entry, a, &(struct person_ids){&person, person != 0}, words, now);
}

enum result activity_tell_all(struct db *db, const struct entry *entry, const struct sql_activity_get *a,
                              enum text words, int64_t but, bool waiting_too, int64_t now)
{
    static const int states[] = {SIGNUP_IN, SIGNUP_CAME, SIGNUP_WAITING};
    struct sql_activity_signups_rows rows;
    enum result r = OK;

    for (size_t s = 0; r == OK && s < (waiting_too ? 3 : 2); s++) { /* somebody is in one of them */
        struct person_ids people;

        r = sql_activity_signups(db, a->community, a->entry, signup_word(states[s]), &rows);
        if (r != OK)
            break;
        people = (struct person_ids){arena_array(db_arena(db), int64_t, rows.n ? rows.n : 1), 0};
        for (size_t i = 0; i < rows.n; i++)
            if (rows.row[i].person != but)
                people.id[people.n++] = rows.row[i].person;
        r = activity_tell_people(db, entry, a, &people, words, now);
    }
    return r;
}

static const struct notice_kind kinds[] = {
    {T_activity_tell_moved_up, TOPIC_MINE, WAY_NOW, false, T_notify_away_changed},
    {T_activity_tell_taken_off, TOPIC_MINE, WAY_NOW, false, T_notify_away_changed},
    {T_activity_tell_cancelled, TOPIC_MINE, WAY_NOW, false, T_notify_away_changed},
    {T_activity_tell_changed, TOPIC_MINE, WAY_NOW, false, T_notify_away_changed},
    {T_activity_tell_tomorrow, TOPIC_MINE, WAY_NOW, false, T_notify_away_soon},
    {T_activity_tell_hours, TOPIC_MINE, WAY_DIGEST, false, T_notify_away_progress},
    {T_activity_tell_accepted, TOPIC_MINE, WAY_DIGEST, false, T_notify_away_answer},
    {T_activity_tell_declined, TOPIC_MINE, WAY_DIGEST, false, T_notify_away_answer},
    {T_activity_tell_signed, TOPIC_MINE, WAY_APP, false, T_notify_away_progress},
};
const struct notice_table activity_notices = {kinds, sizeof(kinds) / sizeof(kinds[0])};
