-- name: session_by_token :one  token_hash:bytes
-- Who this browser is: one look-up for each request with a cookie.
SELECT id, person, staff, created_at, seen_at, expires_at FROM session WHERE token_hash = $1;

-- name: session_insert :exec  id:int64 token_hash:bytes person:int64 staff:bool created_at:int64 expires_at:int64 device:text
INSERT INTO session (id, token_hash, person, staff, created_at, seen_at, expires_at, device) VALUES ($1, $2, $3, $4, $5, $5, $6, $7);

-- name: session_touch :exec  id:int64 seen_at:int64
UPDATE session SET seen_at = $2 WHERE id = $1 AND seen_at < $2;

-- name: session_delete :exec  id:int64
DELETE FROM session WHERE id = $1;

-- name: session_delete_of :count  id:int64 person:int64
-- Ends one session from a person's own list: the person stands in the condition, so that nobody ends another's.
DELETE FROM session WHERE id = $1 AND person = $2;

-- name: session_delete_others :exec  person:int64 keep:int64
DELETE FROM session WHERE person = $1 AND id <> $2;

-- name: session_list :many  person:int64 now:int64
SELECT id, staff, created_at, seen_at, expires_at, device FROM session WHERE person = $1 AND expires_at > $2 ORDER BY seen_at DESC, id DESC LIMIT 100;

-- name: session_purge :exec  now:int64 resident_before:int64 staff_before:int64
-- Past the absolute limit, or not seen for longer than the idle limit.
DELETE FROM session WHERE expires_at <= $1 OR (staff = 0 AND seen_at < $2) OR (staff = 1 AND seen_at < $3);

-- name: session_note_put :exec  session:int64 name:text value:text expires_at:int64
INSERT INTO session_note (session, name, value, expires_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (session, name) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at;

-- name: session_note_get :one  session:int64 name:text now:int64
SELECT value FROM session_note WHERE session = $1 AND name = $2 AND expires_at > $3;

-- name: session_note_delete :exec  session:int64 name:text
DELETE FROM session_note WHERE session = $1 AND name = $2;

-- name: session_note_delete_all :exec  session:int64
DELETE FROM session_note WHERE session = $1;

-- name: session_note_purge :exec  now:int64
DELETE FROM session_note WHERE expires_at <= $1;

-- name: answer_claim :count  id:bytes body_hash:bytes created_at:int64
-- The first with this key gets 1 and does the work. On PostgreSQL the second waits here until the first has committed.
INSERT INTO kept_answer (id, body_hash, created_at) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING;

-- name: answer_get :one  id:bytes
SELECT body_hash, status, location, type, body, flash FROM kept_answer WHERE id = $1;

-- name: answer_keep :send  id:bytes status:int64 location:text type:text body:bytes flash:text
UPDATE kept_answer SET status = $2, location = $3, type = $4, body = $5, flash = $6 WHERE id = $1;

-- name: answer_put :exec  id:bytes body_hash:bytes created_at:int64 status:int64 location:text type:text body:bytes flash:text
-- Both in one, where nobody else writes until this has committed.
INSERT INTO kept_answer (id, body_hash, created_at, status, location, type, body, flash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: answer_drop :exec  id:bytes
-- The work was kept but the answer is a refusal: the next try is a new one.
DELETE FROM kept_answer WHERE id = $1;

-- name: answer_purge :exec  before:int64
-- across communities: a job clears what is old, everywhere.
DELETE FROM kept_answer WHERE created_at < $1;

-- name: job_put :exec  name:text
INSERT INTO job (name) VALUES ($1) ON CONFLICT (name) DO NOTHING;

-- name: job_claim :count  name:text due:int64 now:int64 lease_until:int64 holder:int64
UPDATE job SET lease_until = $4, holder = $5 WHERE name = $1 AND next_at <= $2 AND lease_until <= $3;

-- name: job_extend :exec  name:text holder:int64 lease_until:int64
-- Whoever runs it is still there.
UPDATE job SET lease_until = $3 WHERE name = $1 AND holder = $2 AND lease_until > 0;

-- name: job_done :exec  name:text holder:int64 next_at:int64 failed:int64 last_at:int64 last_ms:int64
UPDATE job SET next_at = $3, lease_until = 0, runs = runs + 1, failures = failures + $4, last_at = $5, last_ms = $6
WHERE name = $1 AND holder = $2;

-- name: job_list :many
SELECT name, next_at, lease_until, runs, failures, last_at, last_ms FROM job ORDER BY name;

-- name: rate_take :one  id:int64 now:int64 take:int64
-- What is taken of a bucket, in µs that it needs to come back; 0 only looks.
INSERT INTO rate_bucket (id, full_at) VALUES ($1, $2 + $3)
ON CONFLICT (id) DO UPDATE SET full_at = CASE WHEN rate_bucket.full_at < $2 THEN $2 ELSE rate_bucket.full_at END + $3
RETURNING full_at;

-- name: rate_purge :exec  before:int64
DELETE FROM rate_bucket WHERE full_at < $1;

-- name: rate_process_put :exec  id:int64 seen_at:int64
INSERT INTO rate_process (id, seen_at) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at;

-- name: rate_process_count :one  seen_after:int64
SELECT CAST(COUNT(*) AS BIGINT) AS n FROM rate_process WHERE seen_at > $1;

-- name: rate_process_drop :exec  id:int64 seen_before:int64
-- One's own, and those that are gone.
DELETE FROM rate_process WHERE id = $1 OR seen_at < $2;

-- name: rate_secret_put :exec  secret:bytes
INSERT INTO rate_secret (id, secret) VALUES (1, $1) ON CONFLICT (id) DO NOTHING;

-- name: rate_secret_get :one
SELECT secret FROM rate_secret WHERE id = 1;
