-- What stands beside an activity goes with it into another community, under the same ids.
--
-- A row is copied and its first one removed: the community says on which machine a row lies, so it is never changed in place.

-- name: activity_row_move :exec  from_community:int64 to_community:int64 entry:int64
-- across communities: from the old one to the new one.
INSERT INTO activity (community, entry, starts_at, ends_at, signs_until, cancels_until, spot, capacity, limits, gives_hours, series, opens_at, taken, waits, came,
       minutes, next_at, sequence, reason)
SELECT CAST($2 AS BIGINT), entry, starts_at, ends_at, signs_until, cancels_until, spot, capacity, limits, gives_hours, series, opens_at, taken, waits, came,
       minutes, next_at, sequence, reason
FROM activity WHERE community = $1 AND entry = $3;

-- name: activity_row_moved :exec  from_community:int64 entry:int64
DELETE FROM activity WHERE community = $1 AND entry = $2;

-- name: activity_signups_move :exec  from_community:int64 to_community:int64 entry:int64
-- across communities: from the old one to the new one.
INSERT INTO activity_signup (community, entry, person, id, home, person_from, state, signed_at, came_at)
SELECT CAST($2 AS BIGINT), entry, person, id, home, person_from, state, signed_at, came_at
FROM activity_signup WHERE community = $1 AND entry = $3;

-- name: activity_signups_moved :exec  from_community:int64 entry:int64
DELETE FROM activity_signup WHERE community = $1 AND entry = $2;
