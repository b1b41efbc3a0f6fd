/* move.c: activities follow who organises them into another community.
 *
 * One that a resident organises goes with that resident's estate; those of the committee and of organisations go when the community ends, all dates of a series
 * together, because they have one organiser. Everybody who has signed up stays on the list, or in line, with the same number, also who lives elsewhere by
 * then: a place that was promised is kept. Hours are written where the helper lives at the time of closing (civic/hours). */
#include "boards/activity/activity.h"

#include "boards/activity/move.sql.h"
#include "civic/entry/entry.h"
#include "civic/place/place.h"

static enum result carry(struct db *db, int64_t from, int64_t to, int64_t id, int64_t at)
{
    static const struct place_part parts[] = {
        {sql_activity_signups_move, sql_activity_signups_moved},
        {sql_activity_row_move, sql_activity_row_moved},
    };
    enum result r = place_carry(db, from, to, id, parts, sizeof(parts) / sizeof(parts[0]));

    return r == OK ? entry_carry(db, from, to, id, at) : r;
}

static enum result move(struct db *db, int64_t from, int64_t to, int64_t estate, int64_t at)
{
    return entry_carry_estate(db, from, to, "activity", estate, at, carry);
}

static enum result settle(struct db *db, int64_t from, int64_t heir, int64_t at)
{
    return entry_carry_rest(db, from, heir, "activity", at, carry);
}

const struct place_mover activity_mover = {"activity", move, settle};
