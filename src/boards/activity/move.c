/* move.c: activities follow who organises them into another community.
 *
 * One that a resident organises goes with that resident's estate; those of the committee and of organisations go when the community ends, all dates of a series
 * together, because they have one organiser. Everybody who has signed up stays on the list, or in line, with the same number, also who lives elsewhere by
 * then: a place that was promised is kept. Hours are written where the helper lives at the time of closing (civic/hours). */
#include "boards/activity/activity.h"

#include "boards/activity/move.sql.h"
#include "civic/entry/entry.h"
#include "civic/place/place.h"

static enum result carry_all(struct db *db, int64_t from, int64_t to, const struct entry_ids *ids, int64_t at)
{
    enum result r = OK;

    for (size_t i = 0; r == OK && i < ids->n; i++) {
        r = sql_activity_signups_move(db, from, to, ids->id[i]);
        if (r == OK)
            r = sql_activity_signups_moved(db, from, ids->id[i]);
        if (r == OK)
            r = sql_activity_row_move(db, from, to, ids->id[i]);
        if (r == OK)
            r = sql_activity_row_moved(db, from, ids->id[i]);
        if (r == OK)
            r = entry_carry(db, from, to, ids->id[i], at);
    }
    return r;
}

static enum result move(struct db *db, int64_t from, int64_t to, int64_t estate, int64_t at)
{
    struct entry_ids ids;
    enum result r = entry_of_estate(db, from, "activity", estate, &ids);

    return r == OK ? carry_all(db, from, to, &ids, at) : r;
}

static enum result settle(struct db *db, int64_t from, int64_t heir, int64_t at)
{
    struct entry_ids ids;
    enum result r = heir ? entry_of_community(db, from, "activity", &ids) : OK;

    return r == OK && heir ? carry_all(db, from, heir, &ids, at) : r;
}

const struct place_mover activity_mover = {"activity", move, settle};
