-- name: figures_children_closed :many  parent:int64 first:int64 last:int64
-- across communities: what closed days were added up to for each place below one of the upper levels.
SELECT c.place, c.measure, CAST(SUM(c.n) AS BIGINT) AS n, CAST(SUM(c.total) AS BIGINT) AS total
FROM place p JOIN counter_level c ON c.place = p.code
WHERE p.parent = $1 AND c.day BETWEEN $2 AND $3 GROUP BY c.place, c.measure ORDER BY c.place, c.measure;

-- name: figures_children_open :many  low:int64 high:int64 size:int64 first:int64 last:int64
-- across communities: the same from the communities' own counters. size is how many codes a place below has: 1 for communities.
-- ledger_head says who has anything at all.
SELECT CAST((c.community / $3) * $3 AS BIGINT) AS place, c.measure, CAST(SUM(c.n) AS BIGINT) AS n, CAST(SUM(c.total) AS BIGINT) AS total
FROM ledger_head h JOIN counter c ON c.community = h.community
WHERE h.community BETWEEN $1 AND $2 AND c.day BETWEEN $4 AND $5 GROUP BY (c.community / $3) * $3, c.measure ORDER BY 1, 2;

-- name: coverage_streets :many
-- across communities: the streets that have estates at all.
SELECT CAST((community / 1000) * 1000 AS BIGINT) AS street FROM estate GROUP BY (community / 1000) * 1000 ORDER BY 1;

-- name: coverage_clear :exec  low:int64 high:int64
-- across communities: the job counts a street at a time.
DELETE FROM coverage WHERE community BETWEEN $1 AND $2;

-- name: coverage_count :exec  low:int64 high:int64 now:int64
-- across communities: the job counts a street at a time.
INSERT INTO coverage (community, households, bound, counted_at)
SELECT d.community, d.n, COALESCE(r.n, 0), CAST($3 AS BIGINT)
FROM (SELECT community, COUNT(*) AS n FROM dwelling WHERE community BETWEEN $1 AND $2 AND valid_to = 0 GROUP BY community) d
LEFT JOIN (SELECT community, COUNT(DISTINCT dwelling) AS n FROM residence
           WHERE community BETWEEN $1 AND $2 AND state = 'verified' GROUP BY community) r ON r.community = d.community;

-- name: coverage_sum :one  low:int64 high:int64
-- across communities: of a place of any level.
SELECT CAST(COALESCE(SUM(households), 0) AS BIGINT) AS households, CAST(COALESCE(SUM(bound), 0) AS BIGINT) AS bound
FROM coverage WHERE community BETWEEN $1 AND $2;

-- name: coverage_children :many  low:int64 high:int64 size:int64
-- across communities: of each place below.
SELECT CAST((community / $3) * $3 AS BIGINT) AS place, CAST(SUM(households) AS BIGINT) AS households, CAST(SUM(bound) AS BIGINT) AS bound
FROM coverage WHERE community BETWEEN $1 AND $2 GROUP BY (community / $3) * $3 ORDER BY 1;
