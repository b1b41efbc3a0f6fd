-- name: hours_put :count  community:int64 id:int64 helper:int64 helped:int64 organisation:int64 minutes:int64 day:int64 what:text
-- subject_kind:text subject:int64 confirmed_by:int64 corrects:int64 reason:text at:int64
-- Nothing when the help of this person for this subject stands in the book already.
INSERT INTO hours (community, id, helper, helped, organisation, minutes, day, what, subject_kind, subject, confirmed_by, corrects, reason, at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) ON CONFLICT DO NOTHING;

-- name: hours_get :one  community:int64 id:int64
SELECT helper, helped, organisation, minutes, day, what, subject_kind, subject, corrects FROM hours WHERE community = $1 AND id = $2;

-- name: hours_stands :one  community:int64 id:int64
-- What a line says together with what has put it right since.
SELECT CAST(COALESCE(SUM(minutes), 0) AS BIGINT) AS minutes FROM hours WHERE community = $1 AND (id = $2 OR corrects = $2);

-- name: hours_of :many  community:int64 helper:int64 before:int64 limit:int64
SELECT id, minutes, day, what, subject_kind, subject, corrects, reason, at
FROM hours WHERE community = $1 AND helper = $2 AND id < $3 ORDER BY id DESC LIMIT $4;

-- name: hours_sum_add :exec  community:int64 person:int64 given:int64 received:int64
INSERT INTO hours_sum (community, person, given, received) VALUES ($1, $2, $3, $4)
ON CONFLICT (community, person) DO UPDATE SET given = hours_sum.given + excluded.given, received = hours_sum.received + excluded.received;

-- name: hours_sum_hold :count  community:int64 person:int64
-- Takes the row, so that two who put the same line right do it one behind the other.
UPDATE hours_sum SET given = given WHERE community = $1 AND person = $2;

-- name: hours_sum_get :one  community:int64 person:int64
SELECT given, received FROM hours_sum WHERE community = $1 AND person = $2;

-- name: hours_recount_sums :many  community:int64
SELECT s.person, s.given, s.received,
       CAST((SELECT COALESCE(SUM(h.minutes), 0) FROM hours h WHERE h.community = $1 AND h.helper = s.person) AS BIGINT) AS real_given,
       CAST((SELECT COALESCE(SUM(h.minutes), 0) FROM hours h WHERE h.community = $1 AND h.helped = s.person) AS BIGINT) AS real_received
FROM hours_sum s WHERE s.community = $1 ORDER BY s.person;

-- name: hours_recount_unsummed :many  community:int64
-- A line of somebody who has no sum.
SELECT h.helper FROM hours h
LEFT JOIN hours_sum s ON s.community = h.community AND s.person = h.helper
LEFT JOIN hours_sum o ON o.community = h.community AND o.person = h.helped
WHERE h.community = $1 AND (s.person IS NULL OR (h.helped > 0 AND o.person IS NULL)) ORDER BY h.id LIMIT 1;

-- name: hours_recount_unsaid :many  community:int64
-- A line of which the ledger does not say the same.
SELECT h.helper FROM hours h
LEFT JOIN ledger l ON l.community = h.community AND l.subject = h.id AND l.subject_kind = 'hours'
WHERE h.community = $1 AND (l.seq IS NULL OR l.amount <> h.minutes) ORDER BY h.id LIMIT 1;

-- name: hours_recount_lost :many  community:int64
-- What the ledger knows, and the book does not.
SELECT l.subject FROM ledger l
LEFT JOIN hours h ON h.community = l.community AND h.id = l.subject
WHERE l.community = $1 AND l.subject_kind = 'hours' AND h.id IS NULL ORDER BY l.seq LIMIT 1;

-- name: hours_of_subject :one  community:int64 subject_kind:text subject:int64 helper:int64
SELECT minutes FROM hours WHERE community = $1 AND subject_kind = $2 AND subject = $3 AND helper = $4 AND corrects = 0;
