-- name: counter_add :send  community:int64 day:int64 measure:text amount:int64
INSERT INTO counter (community, day, measure, n, total) VALUES ($1, $2, $3, 1, $4)
ON CONFLICT (community, day, measure) DO UPDATE SET n = counter.n + 1, total = counter.total + excluded.total;

-- name: counter_minutes_add :exec  community:int64 day:int64 measure:text bucket:int64
INSERT INTO counter_minutes (community, day, measure, bucket, n) VALUES ($1, $2, $3, $4, 1)
ON CONFLICT (community, day, measure, bucket) DO UPDATE SET n = counter_minutes.n + 1;

-- name: counter_figures :many  low:int64 high:int64 first:int64 last:int64
-- across communities: the figures of a place are those of all communities below it.
SELECT measure, day, CAST(SUM(n) AS BIGINT) AS n, CAST(SUM(total) AS BIGINT) AS total FROM counter
WHERE community BETWEEN $1 AND $2 AND day BETWEEN $3 AND $4 GROUP BY measure, day ORDER BY measure, day;

-- name: counter_days :many  community:int64 first:int64 last:int64
-- Of one community, as they stand in the key: nothing to add up.
SELECT measure, day, n, total FROM counter WHERE community = $1 AND day BETWEEN $2 AND $3 ORDER BY day, measure;

-- name: counter_level_figures :many  place:int64 first:int64 last:int64
-- What closed days were added up to for a place above.
SELECT measure, day, n, total FROM counter_level WHERE place = $1 AND day BETWEEN $2 AND $3 ORDER BY measure, day;

-- name: counter_buckets :many  low:int64 high:int64 first:int64 last:int64 measure:text
-- across communities: one distribution for all below the place.
SELECT bucket, CAST(SUM(n) AS BIGINT) AS n FROM counter_minutes
WHERE community BETWEEN $1 AND $2 AND day BETWEEN $3 AND $4 AND measure = $5 GROUP BY bucket ORDER BY bucket;

-- name: counter_level_buckets :many  place:int64 first:int64 last:int64 measure:text
-- The same from closed days.
SELECT bucket, CAST(SUM(n) AS BIGINT) AS n FROM counter_level_minutes
WHERE place = $1 AND day BETWEEN $2 AND $3 AND measure = $4 GROUP BY bucket ORDER BY bucket;

-- name: counter_closed :one
-- The last day that has been added up for the levels above; 0 for none.
SELECT CAST(COALESCE(MAX(day), 0) AS BIGINT) AS day FROM counter_closed;

-- name: counter_first_day :one
-- across communities: where adding up begins; 0 when there is nothing yet. By the key of each that has a chain: all counters of a district's year took 85 ms.
SELECT CAST(COALESCE(MIN(first), 0) AS BIGINT) AS day
FROM (SELECT (SELECT MIN(counter.day) FROM counter WHERE counter.community = ledger_head.community) AS first FROM ledger_head) AS firsts;

-- name: counter_close_day :count  day:int64
-- A day that has been added up.
INSERT INTO counter_closed (day) VALUES ($1) ON CONFLICT (day) DO NOTHING;

-- name: counter_open_from :count  day:int64
-- Days that have to be added up again: an event came late, or the counters were rebuilt.
DELETE FROM counter_closed WHERE day >= $1;

-- name: counter_level_clear :exec  day:int64
-- across communities: a job counts the day again for all places.
DELETE FROM counter_level WHERE day = $1;

-- name: counter_level_minutes_clear :exec  day:int64
-- across communities: a job counts the day again for all places.
DELETE FROM counter_level_minutes WHERE day = $1;

-- name: counter_level_sum :exec  day:int64 size:int64 above:int64
-- across communities: adds up one day for all places of a level. size is how many codes such a place has (1000 for a street), above how
-- many one of the level above has: what belongs to the levels above is not counted here. ledger_head says who has anything at all.
INSERT INTO counter_level (place, day, measure, n, total)
SELECT (c.community / $2) * $2, c.day, c.measure, CAST(SUM(c.n) AS BIGINT), CAST(SUM(c.total) AS BIGINT)
FROM ledger_head h JOIN counter c ON c.community = h.community
WHERE c.day = $1 AND c.community % $3 >= $2 GROUP BY (c.community / $2) * $2, c.day, c.measure;

-- name: counter_level_minutes_sum :exec  day:int64 size:int64 above:int64
-- across communities: the same for the distributions.
INSERT INTO counter_level_minutes (place, day, measure, bucket, n)
SELECT (c.community / $2) * $2, c.day, c.measure, c.bucket, CAST(SUM(c.n) AS BIGINT)
FROM ledger_head h JOIN counter_minutes c ON c.community = h.community
WHERE c.day = $1 AND c.community % $3 >= $2 GROUP BY (c.community / $2) * $2, c.day, c.measure, c.bucket;

-- name: counter_level_wrong :many
-- across communities: measures whose closed days do not add up to what the communities have. For the verifier.
SELECT l.measure, l.n, CAST(COALESCE(c.n, 0) AS BIGINT) AS counted
FROM (SELECT measure, CAST(SUM(n) AS BIGINT) AS n FROM counter_level
      WHERE place % 10000000000 = 0 AND day <= (SELECT COALESCE(MAX(day), 0) FROM counter_closed) GROUP BY measure) l
LEFT JOIN (SELECT measure, CAST(SUM(n) AS BIGINT) AS n FROM counter WHERE day <= (SELECT COALESCE(MAX(day), 0) FROM counter_closed) GROUP BY measure) c
ON c.measure = l.measure WHERE l.n <> COALESCE(c.n, 0) ORDER BY l.measure;

-- name: counter_all :many  community:int64
-- Everything that is counted in a community: for the recount.
SELECT day, measure, n, total FROM counter WHERE community = $1 ORDER BY day, measure;

-- name: counter_minutes_all :many  community:int64
SELECT day, measure, bucket, n FROM counter_minutes WHERE community = $1 ORDER BY day, measure, bucket;

-- name: counter_clear :exec  community:int64
DELETE FROM counter WHERE community = $1;

-- name: counter_minutes_clear :exec  community:int64
DELETE FROM counter_minutes WHERE community = $1;

-- name: counter_set :exec  community:int64 day:int64 measure:text n:int64 total:int64
INSERT INTO counter (community, day, measure, n, total) VALUES ($1, $2, $3, $4, $5);

-- name: counter_minutes_set :exec  community:int64 day:int64 measure:text bucket:int64 n:int64
INSERT INTO counter_minutes (community, day, measure, bucket, n) VALUES ($1, $2, $3, $4, $5);
