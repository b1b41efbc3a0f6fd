/* daily.c: counting a day, a street at a time. */
#include "civic/daily/daily.h"

#include "civic/daily/daily.sql.h"
#include "civic/entry/entry.h"
#include "civic/ledger/ledger.h"
#include "civic/notify/notify.h"
#include "civic/person/person.h"
#include "civic/place/place.h"
#include "civic/statistics/statistics_figures.h"
#include "engine/base/time.h"

struct counting {
    int64_t street;
    int32_t day;
    int64_t now;
    bool counted;
};

static enum result count_community(struct db *db, const struct counting *c, int64_t community,
                                   const struct coverage *coverage, bool *ret_any)
{
    struct entry_day *board;
    int64_t active = 0, entries = 0;
    size_t n = 0;
    enum result r = ledger_active(db, community, c->day, &active);

    if (r == OK)
        r = entry_of_day(db, community, c->day, &board, &n);
    for (size_t i = 0; r == OK && i < n; i++) {
        entries += board[i].n;
        r = sql_daily_board_put(db, community, c->day, board[i].board, board[i].n);
    }
    if (r != OK || (coverage->households == 0 && active == 0 && entries == 0)) /* nobody is there yet */
        return r;
    *ret_any = true;
    return sql_daily_count_put(db, community, c->day, coverage->households, coverage->bound, active, entries, c->now);
}

static enum result tell(struct db *db, const struct counting *c)
{
    const struct notice notice = {
        .community = c->street,
        .text = T_daily_tell,
        .url = url_path(db_arena(db), "/desk/daily"),
        .subject_kind = STR("daily"),
        .subject = c->street, /* mornings that nobody has looked at are one message */
    };
    struct organisation office;
    struct person_ids ids;
    enum result r = organisation_head_of(db, c->street, &office);

    if (r != OK) /* a street without an office yet: the figures are there for those above */
        return r == E_NOT_FOUND ? OK : r;
    r = person_of_organisation(db, office.id, &ids);
    return r == OK ? notify_people(db, &notice, ids.id, ids.n, c->now) : r;
}

static enum result count_street(struct db *db, void *arg)
{
    struct counting *c = arg;
    struct places communities;
    struct coverage *coverage;
    int64_t fresh;
    bool any = false;
    enum result r = sql_daily_done_put(db, c->street, c->day, c->now, &fresh);

    if (r != OK || !fresh) /* another process was quicker */
        return r;
    r = place_children(db, c->street, false, &communities);
    if (r == OK)
        r = coverage_children(db, c->street, &communities, &coverage);
    for (size_t i = 0; r == OK && i < communities.n; i++)
        r = count_community(db, c, communities.place[i].code, &coverage[i], &any);
    c->counted = true;
    return r == OK && any ? tell(db, c) : r;
}

/* The streets that are to be counted, in db's arena. */
static enum result streets_left(struct db *db, int32_t day, int64_t **ret_street, size_t *ret_n)
{
    struct places city, districts, streets;
    enum result r = place_children(db, 0, false, &city);
    size_t n = 0, max = 0;
    int64_t *left = NULL;

    for (size_t c = 0; r == OK && c < city.n; c++) {
        r = place_children(db, city.place[c].code, false, &districts);
        for (size_t d = 0; r == OK && d < districts.n; d++) {
            r = place_children(db, districts.place[d].code, false, &streets);
            if (r == OK && n + streets.n > max) {
                int64_t *more = arena_array(db_arena(db), int64_t, max = 2 * (n + streets.n));

                if (n)
                    memcpy(more, left, n * sizeof(*more));
                left = more;
            }
            for (size_t s = 0; r == OK && s < streets.n; s++) {
                struct sql_daily_done done;

                r = sql_daily_done(db, streets.place[s].code, day, &done);
                if (r == OK && done.n == 0)
                    left[n++] = streets.place[s].code;
            }
        }
    }
    *ret_street = left;
    *ret_n = n;
    return r;
}

enum result daily_count(struct database *database, struct arena *a, int64_t now, int64_t *ret_streets)
{
    struct counting c = {.day = day_of(now) - 1, .now = now};
    int64_t *street;
    struct db *db;
    size_t n = 0;
    enum result r = db_read_begin(database, a, &db);

    *ret_streets = 0;
    if (r != OK)
        return r;
    r = streets_left(db, c.day, &street, &n);
    db_read_end(db);
    for (size_t i = 0; r == OK && i < n; i++) {
        c.street = street[i];
        c.counted = false;
        r = db_write_wait(database, a, count_street, &c);
        *ret_streets += r == OK && c.counted;
    }
    return r;
}

static const struct notice_kind kinds[] = {{T_daily_tell, TOPIC_WORK, WAY_DIGEST, false, T_notify_away_work}};
const struct notice_table daily_notices = {kinds, 1};
