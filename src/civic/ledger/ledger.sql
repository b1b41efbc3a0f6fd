-- name: ledger_advance :one  community:int64
-- The next number and the hash to follow. SQLite has one writer, so looking is enough.
SELECT CAST(seq + 1 AS BIGINT) AS seq, hash FROM ledger_head WHERE community = $1;

-- name: ledger_advance :postgres
-- Locks the head of the community until commit, so that one chain has one writer.
UPDATE ledger_head SET seq = seq + 1 WHERE community = $1 RETURNING seq, hash;

-- name: ledger_begin :count  community:int64 hash:bytes
-- The head of a community that has no ledger yet.
INSERT INTO ledger_head (community, seq, hash) VALUES ($1, 0, $2) ON CONFLICT (community) DO NOTHING;

-- name: ledger_put :send  community:int64 seq:int64 id:int64 at:int64 actor:int64 organisation:int64 verb:text subject_kind:text subject:int64 state_before:text state_after:text amount:int64 detail:text text_hash:bytes hash:bytes
INSERT INTO ledger (community, seq, id, at, actor, organisation, verb, subject_kind, subject, state_before, state_after, amount, detail,
                    text_hash, hash)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15);

-- name: ledger_seal :send  community:int64 seq:int64 hash:bytes
UPDATE ledger_head SET seq = $2, hash = $3 WHERE community = $1;

-- name: ledger_head :one  community:int64
SELECT seq, hash FROM ledger_head WHERE community = $1;

-- name: ledger_rows :many  community:int64 after:int64 limit:int64
-- The chain in its order.
SELECT community, seq, id, at, actor, organisation, verb, subject_kind, subject, state_before, state_after, amount, detail, text_hash,
       hash
FROM ledger WHERE community = $1 AND seq > $2 ORDER BY seq LIMIT $3;

-- name: ledger_subject_rows :many  community:int64 subject:int64 subject_kind:text after:int64 limit:int64
SELECT community, seq, id, at, actor, organisation, verb, subject_kind, subject, state_before, state_after, amount, detail, text_hash,
       hash
FROM ledger WHERE community = $1 AND subject = $2 AND subject_kind = $3 AND seq > $4 ORDER BY seq LIMIT $5;

-- name: ledger_turn_rows :many  community:int64 subject:int64 subject_kind:text limit:int64
SELECT community, seq, id, at, actor, organisation, verb, subject_kind, subject, state_before, state_after, amount, detail, text_hash,
       hash
FROM ledger
WHERE community = $1 AND subject = $2 AND subject_kind = $3 AND (state_before <> state_after OR verb = 'moved') ORDER BY seq DESC LIMIT $4;

-- name: ledger_actor_rows :many  community:int64 actor:int64 before:int64 limit:int64
-- For audit only: there is no index by actor, it reads the community's chain from its end.
SELECT community, seq, id, at, actor, organisation, verb, subject_kind, subject, state_before, state_after, amount, detail, text_hash,
       hash
FROM ledger WHERE community = $1 AND actor = $2 AND seq < $3 ORDER BY seq DESC LIMIT $4;

-- name: ledger_between :many  community:int64 subject_kind:text verb:text from_at:int64 to_at:int64 from_day:int64 before:int64 limit:int64
-- The newest first. What was written down as the end of a day more than a week before needs no look: heads are written at night, late at most by a
-- stop of the server, and events with a time in the past come after them.
SELECT community, seq, id, at, actor, organisation, verb, subject_kind, subject, state_before, state_after, amount, detail, text_hash,
       hash
FROM ledger
WHERE community = $1 AND seq < $7
  AND seq > COALESCE((SELECT MAX(d.seq) FROM ledger_day d WHERE d.community = $1 AND d.day < $6 - 7), 0)
  AND subject_kind = $2 AND verb = $3 AND at >= $4 AND at < $5
ORDER BY seq DESC LIMIT $8;

-- name: ledger_active :one  community:int64 from_at:int64 to_at:int64 from_day:int64
-- Different people who did something as residents; where to begin is as in ledger_between.
SELECT CAST(COUNT(DISTINCT actor) AS BIGINT) AS n FROM ledger
WHERE community = $1 AND seq > COALESCE((SELECT MAX(d.seq) FROM ledger_day d WHERE d.community = $1 AND d.day < $4 - 7), 0)
  AND at >= $2 AND at < $3 AND actor <> 0 AND organisation = 0;

-- name: ledger_next_row_community :one  after:int64
-- across communities: the verifier walks from one to the next.
SELECT community FROM ledger WHERE community > $1 ORDER BY community LIMIT 1;

-- name: ledger_next_head_community :one  after:int64
-- across communities: the same by the heads, for chains whose rows are all gone.
SELECT community FROM ledger_head WHERE community > $1 ORDER BY community LIMIT 1;

-- name: ledger_last_day :one
-- across communities: the last day that was closed anywhere; 0 for none.
SELECT CAST(COALESCE(MAX(day), 0) AS BIGINT) AS day FROM ledger_day;

-- name: ledger_day_close :count  day:int64
-- across communities: all heads that have moved since they were written down last.
INSERT INTO ledger_day (community, day, seq, hash)
SELECT h.community, CAST($1 AS BIGINT), h.seq, h.hash FROM ledger_head h
WHERE NOT EXISTS (SELECT 1 FROM ledger_day d WHERE d.community = h.community AND d.seq = h.seq)
ON CONFLICT (community, day) DO NOTHING;

-- name: ledger_days :many  community:int64
SELECT day, seq, hash FROM ledger_day WHERE community = $1 ORDER BY day;

-- name: ledger_day_heads :many  day:int64 after:int64 limit:int64
-- across communities: one day's heads, for publication.
SELECT community, day, seq, hash FROM ledger_day WHERE day = $1 AND community > $2 ORDER BY community LIMIT $3;
