-- name: clock_put :send  community:int64 id:int64 subject_kind:text subject:int64 stage:text unit:int64 amount:int64 started_at:int64 due_at:int64
-- warn_at:int64 next_at:int64
INSERT INTO clock (community, id, subject_kind, subject, stage, unit, amount, started_at, due_at, warn_at, warned_at, escalated_at, stopped_at,
                   paused_at, remaining, extended, next_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, 0, 0, 0, 0, 0, $11);

-- name: clock_running :one  community:int64 subject:int64 subject_kind:text stage:text
SELECT community, id, subject_kind, subject, stage, unit, amount, started_at, due_at, warn_at, warned_at, escalated_at, stopped_at, paused_at,
       remaining, extended
FROM clock WHERE community = $1 AND subject = $2 AND subject_kind = $3 AND stage = $4 AND stopped_at = 0;

-- name: clock_of_subject :many  community:int64 subject:int64 subject_kind:text
SELECT community, id, subject_kind, subject, stage, unit, amount, started_at, due_at, warn_at, warned_at, escalated_at, stopped_at, paused_at,
       remaining, extended
FROM clock WHERE community = $1 AND subject = $2 AND subject_kind = $3 ORDER BY id;

-- name: clock_stop :count  community:int64 id:int64 at:int64
UPDATE clock SET stopped_at = $3, next_at = 0 WHERE community = $1 AND id = $2 AND stopped_at = 0;

-- name: clock_stop_all :count  community:int64 subject:int64 subject_kind:text at:int64
UPDATE clock SET stopped_at = $4, next_at = 0 WHERE community = $1 AND subject = $2 AND subject_kind = $3 AND stopped_at = 0;

-- name: clock_pause :count  community:int64 id:int64 at:int64 remaining:int64
UPDATE clock SET paused_at = $3, remaining = $4, next_at = 0 WHERE community = $1 AND id = $2 AND stopped_at = 0 AND paused_at = 0;

-- name: clock_set_due :count  community:int64 id:int64 due_at:int64 warn_at:int64 warned_at:int64 escalated_at:int64 extended:int64 next_at:int64
-- A new deadline: after a pause, or an extension.
UPDATE clock SET due_at = $3, warn_at = $4, warned_at = $5, escalated_at = $6, extended = $7, next_at = $8, paused_at = 0, remaining = 0
WHERE community = $1 AND id = $2 AND stopped_at = 0;

-- name: clock_due :many  subject_kind:text now:int64 limit:int64
-- across communities: the job rings for all of them, the most pressing first.
SELECT community, id, subject_kind, subject, stage, unit, amount, started_at, due_at, warn_at, warned_at, escalated_at, stopped_at, paused_at,
       remaining, extended
FROM clock WHERE subject_kind = $1 AND next_at > 0 AND next_at <= $2 ORDER BY next_at LIMIT $3;

-- name: clock_warned :count  community:int64 id:int64 now:int64 next_at:int64
UPDATE clock SET warned_at = $3, next_at = $4 WHERE community = $1 AND id = $2 AND stopped_at = 0 AND paused_at = 0 AND warned_at = 0
AND due_at > $3;

-- name: clock_escalated :count  community:int64 id:int64 now:int64
UPDATE clock SET escalated_at = $3, next_at = 0 WHERE community = $1 AND id = $2 AND stopped_at = 0 AND paused_at = 0 AND escalated_at = 0
AND due_at <= $3;

-- name: clock_carry :exec  from_community:int64 to_community:int64 subject_kind:text subject:int64
-- across communities: from the old one to the new one.
-- The subject belongs to another community from now on; its limits stay as they were promised.
INSERT INTO clock (community, id, subject_kind, subject, stage, unit, amount, started_at, due_at, warn_at, warned_at,
                   escalated_at, stopped_at, paused_at, remaining, extended, next_at)
SELECT CAST($2 AS BIGINT), id, subject_kind, subject, stage, unit, amount, started_at, due_at, warn_at, warned_at,
       escalated_at, stopped_at, paused_at, remaining, extended, next_at
FROM clock WHERE community = $1 AND subject_kind = $3 AND subject = $4;

-- name: clock_carried :exec  from_community:int64 subject_kind:text subject:int64
DELETE FROM clock WHERE community = $1 AND subject_kind = $2 AND subject = $3;
