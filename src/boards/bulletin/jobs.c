/* jobs.c: what nobody does by hand: notices come out at their hour and end on their day, and people are told, a few at a time. */
#include "boards/bulletin/rules.h"

#include "civic/notify/notify.h"
#include "civic/person/person.h"
#include "engine/base/time.h"

/* RESIDENTS: told in one transaction, behind which somebody who writes may have to wait: a millisecond on SQLite, 20 on PostgreSQL, 50 for a
 * reminder, which looks for the message before. */
enum { AT_ONCE = 50, RESIDENTS = 50, ROUNDS = 500, TELL_ROUNDS = 2000 };

static struct entry_actor clock_at(int64_t now)
{
    return (struct entry_actor){.now = now};
}

/* ---- coming out, and ending ------------------------------------------------------------------------------------------- */

static enum result move_one(struct db *db, int64_t community, int64_t id, enum bulletin_action action, int64_t now)
{
    const struct entry_actor actor = clock_at(now);
    struct board board;
    struct bulletin b;
    enum result r = bulletin_get(db, community, id, &b, &board);

    if (r != OK)
        return r;
    /* Its end passed while nobody was there to publish it: it goes straight to where it would be by now. */
    if (action == BULLETIN_DUE && b.entry.ends_at && b.entry.ends_at <= now)
        return entry_move(db, &actor, &board, &b.entry, "expired",
                          str_from_cstr(bulletin_flow.state[BULLETIN_EXPIRED].name), false, STR_NONE);
    return bulletin_act(db, &actor, &board, &b, action, BULLETIN_BY_CLOCK, STR_NONE);
}

struct moment {
    int64_t now;
    size_t done;
};

/* Each a millisecond after the one before: they stand in the lists in the order of their hours. */
static enum result publish_some(struct db *db, void *arg)
{
    struct moment *m = arg;
    struct sql_bulletin_due_rows rows;
    enum result r = sql_bulletin_due(db, m->now, AT_ONCE, &rows);

    m->done = 0;
    for (size_t i = 0; r == OK && i < rows.n; i++, m->done++)
        r = move_one(db, rows.row[i].community, rows.row[i].id, BULLETIN_DUE, m->now + (int64_t)i);
    return r;
}

static enum result end_some(struct db *db, void *arg)
{
    struct moment *m = arg;
    struct sql_bulletin_over_rows rows;
    enum result r = sql_bulletin_over(db, m->now, AT_ONCE, &rows);

    m->done = 0;
    for (size_t i = 0; r == OK && i < rows.n; i++, m->done++)
        r = move_one(db, rows.row[i].community, rows.row[i].id, BULLETIN_EXPIRE, m->now);
    return r;
}

static enum result until_done(struct database *database, struct arena *a, int64_t now,
                              enum result (*some)(struct db *db, void *arg))
{
    struct moment m = {.now = now};
    enum result r = OK;

    for (int i = 0; i < ROUNDS && r == OK; i++) {
        arena_reset(a);
        r = db_write_wait(database, a, some, &m);
        if (m.done < AT_ONCE)
            break;
    }
    return r;
}

enum result bulletin_publish_due(struct database *database, struct arena *a, int64_t now)
{
    return until_done(database, a, now, publish_some);
}

enum result bulletin_end_over(struct database *database, struct arena *a, int64_t now)
{
    return until_done(database, a, now, end_some);
}

/* ---- telling ------------------------------------------------------------------------------------------------------------ */

struct telling {
    int64_t now;
    bool more;
};

static enum result tell_people(struct db *db, const struct sql_bulletin_to_tell *job, const struct entry *entry,
                               const struct board *board, const struct person_ids *people, int64_t now)
{
    const struct text_arg args[] = {TEXT_STR("title", entry->title), TEXT_STR("from", entry->author_from)};
    const struct notice notice = {
        .community = job->community,
        .text = str_eq(job->tell, STR("remind")) ? T_bulletin_tell_remind
              : job->emergency                   ? T_bulletin_tell_emergency
                                                 : T_bulletin_tell_new,
        .arg = args,
        .n_args = 2,
        .url = entry_url(db_arena(db), board, entry->community, entry->id),
        .subject_kind = STR("bulletin"),
        .subject = entry->id,
    };

    return notify_people(db, &notice, people->id, people->n, now);
}

/* Those whose household has not read it; who has a part in several of them once. */
static struct person_ids not_read(struct arena *a, const struct sql_bulletin_residents_rows *rows)
{
    struct person_ids people = {arena_array(a, int64_t, rows->n ? rows->n : 1), 0};

    for (size_t i = 0; i < rows->n; i++) {
        bool there = rows->row[i].have_read != 0;

        for (size_t k = 0; k < people.n && !there; k++)
            there = people.id[k] == rows->row[i].person;
        if (!there)
            people.id[people.n++] = rows->row[i].person;
    }
    return people;
}

/* The residents of one community, RESIDENTS at a time, from where the time before ended. Who has a part in several households that are told at
 * different times has one message all the same: it is bundled by its subject. */
static enum result tell_some(struct db *db, void *arg)
{
    struct telling *t = arg;
    struct sql_bulletin_to_tell job;
    struct sql_bulletin_residents_rows rows = {NULL, 0};
    struct entry entry = {0};
    struct board board = {0};
    int64_t changed;
    bool recall;
    enum result r = sql_bulletin_to_tell(db, &job);

    t->more = r == OK;
    if (r != OK)
        return r == E_NOT_FOUND ? OK : r;
    r = entry_get(db, job.place, job.entry, &entry);
    if (r == OK)
        r = board_get(db, entry.board, &board);
    if (r == OK)
        r = sql_bulletin_residents(db, job.community, job.entry, job.partly, job.told_to, RESIDENTS, &rows);
    recall = str_eq(job.tell, STR("recall"));
    if (r == OK && recall) {
        int64_t *person = arena_array(db_arena(db), int64_t, rows.n ? rows.n : 1);

        for (size_t i = 0; i < rows.n; i++)
            person[i] = rows.row[i].person;
        r = notify_recall_people(db, person, rows.n, STR("bulletin"), job.entry);
    }
    if (r == OK && !recall && entry.listed && board.state == BOARD_OPEN) { /* hidden meanwhile: nobody is told of it */
        const struct person_ids people = not_read(db_arena(db), &rows);

        r = tell_people(db, &job, &entry, &board, &people, t->now);
    }
    if (r == OK)
        r = sql_bulletin_told(db, job.community, job.entry, job.tell,
                              rows.n == RESIDENTS ? rows.row[RESIDENTS - 1].id : 0, &changed);
    return r;
}

enum result bulletin_tell(struct database *database, struct arena *a, int64_t now)
{
    struct telling t = {.now = now, .more = true};
    enum result r = OK;

    for (int i = 0; i < TELL_ROUNDS && r == OK && t.more; i++) {
        arena_reset(a);
        r = db_write_wait(database, a, tell_some, &t);
    }
    return r;
}
