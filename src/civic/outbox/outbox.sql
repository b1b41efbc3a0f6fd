-- name: outbox_put :send  id:int64 kind:text payload:bytes created_at:int64 next_at:int64 expires_at:int64
INSERT INTO outbox (id, kind, payload, created_at, next_at, expires_at, tries, state, reason)
VALUES ($1, $2, $3, $4, $5, $6, 0, 0, '');

-- name: outbox_claim :many  kind:text now:int64 until:int64 limit:int64
-- The outer condition is for PostgreSQL: a row that somebody else claimed in the meantime is looked at once more.
UPDATE outbox SET tries = tries + 1, next_at = $3
WHERE state = 0 AND kind = $1 AND next_at <= $2 AND id IN (
    SELECT id FROM outbox WHERE state = 0 AND kind = $1 AND next_at <= $2 ORDER BY next_at LIMIT $4)
RETURNING id, kind, payload, created_at, expires_at, tries;

-- name: outbox_delivered :exec  id:int64
DELETE FROM outbox WHERE id = $1;

-- name: outbox_again :exec  id:int64 next_at:int64 reason:text
UPDATE outbox SET next_at = $2, reason = $3 WHERE id = $1;

-- name: outbox_die :exec  id:int64 reason:text
UPDATE outbox SET state = 1, reason = $2 WHERE id = $1;

-- name: outbox_waiting :one
SELECT CAST(COUNT(*) AS BIGINT) AS letters, CAST(COALESCE(MIN(created_at), 0) AS BIGINT) AS oldest_at FROM outbox WHERE state = 0;

-- name: outbox_dead_count :one
SELECT CAST(COUNT(*) AS BIGINT) AS letters FROM outbox WHERE state = 1;

-- name: outbox_dead :many  before:int64 limit:int64
SELECT id, kind, reason, created_at, tries FROM outbox WHERE state = 1 AND id < $1 ORDER BY id DESC LIMIT $2;

-- name: outbox_retry :count  id:int64 now:int64
UPDATE outbox SET state = 0, tries = 0, next_at = $2, expires_at = 0 WHERE id = $1 AND state = 1;

-- name: outbox_forget :count  id:int64
DELETE FROM outbox WHERE id = $1 AND state = 1;

-- name: outbox_sweep :count  before:int64
DELETE FROM outbox WHERE state = 1 AND created_at < $1;
