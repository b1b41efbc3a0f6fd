-- name: daily_done :one  street:int64 day:int64
SELECT CAST(COUNT(*) AS BIGINT) AS n FROM daily_done WHERE community = $1 AND day = $2;

-- name: daily_done_put :count  street:int64 day:int64 at:int64
INSERT INTO daily_done (community, day, at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING;

-- name: daily_count_put :exec  community:int64 day:int64 households:int64 bound:int64 active:int64 entries:int64 at:int64
INSERT INTO daily_count (community, day, households, bound, active, entries, counted_at) VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: daily_board_put :exec  community:int64 day:int64 board:int64 n:int64
INSERT INTO daily_board (community, day, board, n) VALUES ($1, $2, $3, $4);

-- name: daily_counts :many  low:int64 high:int64 size:int64 day:int64
-- across communities: of each place below. size is how many codes such a place has: 1 for communities.
SELECT CAST((community / $3) * $3 AS BIGINT) AS place, CAST(SUM(households) AS BIGINT) AS households, CAST(SUM(bound) AS BIGINT) AS bound,
       CAST(SUM(active) AS BIGINT) AS active, CAST(SUM(entries) AS BIGINT) AS entries, CAST(MAX(counted_at) AS BIGINT) AS counted_at
FROM daily_count WHERE community BETWEEN $1 AND $2 AND day = $4 GROUP BY (community / $3) * $3 ORDER BY 1;

-- name: daily_boards :many  low:int64 high:int64 size:int64 day:int64
-- across communities: the same by board.
SELECT CAST((community / $3) * $3 AS BIGINT) AS place, board, CAST(SUM(n) AS BIGINT) AS n
FROM daily_board WHERE community BETWEEN $1 AND $2 AND day = $4 GROUP BY (community / $3) * $3, board ORDER BY 1, 2;

-- name: daily_latest :one  low:int64 high:int64
-- across communities: the last day that has been counted; 0 for none.
SELECT CAST(COALESCE(MAX(day), 0) AS BIGINT) AS day FROM daily_count WHERE community BETWEEN $1 AND $2;
