-- name: first_code_clear :exec
-- A new code replaces the one before.
DELETE FROM first_code WHERE used_at = 0;

-- name: first_code_put :exec  code_hash:bytes expires_at:int64
INSERT INTO first_code (code_hash, expires_at, used_at, person) VALUES ($1, $2, 0, 0);

-- name: first_code_get :one  code_hash:bytes
SELECT expires_at, used_at FROM first_code WHERE code_hash = $1;

-- name: first_code_use :count  code_hash:bytes at:int64 person:int64
UPDATE first_code SET used_at = $2, person = $3 WHERE code_hash = $1 AND used_at = 0;

-- name: first_code_open :one  now:int64
-- Does anybody wait for a first administrator? Without an open code the page does not exist.
SELECT CAST(COUNT(*) AS BIGINT) AS total FROM first_code WHERE used_at = 0 AND expires_at > $1;
