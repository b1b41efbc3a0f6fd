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

-- name: hours_line_get :one  community:int64 id:int64
SELECT h.id, h.helper, h.helped, h.minutes, h.day, h.what, h.corrects, h.reason, h.confirmed_by, h.at, p.shown_name
FROM hours h JOIN person p ON p.id = h.helper WHERE h.community = $1 AND h.id = $2;

-- name: hours_counters :many  community:int64 line:int64
-- What has put a line right, oldest first, with what its helper says against it.
SELECT h.id, h.minutes, h.reason, h.confirmed_by, h.at, p.shown_name, c.words, c.at AS contested_at, c.answer, c.answered_at, c.restored
FROM hours h JOIN person p ON p.id = h.confirmed_by
LEFT JOIN hours_contest c ON c.community = h.community AND c.line = h.id
WHERE h.community = $1 AND h.corrects = $2 ORDER BY h.id;

-- name: hours_desk :many  community:int64 before:int64 limit:int64
-- The book of a community for its committee: lines as they stand today. The helper as neighbours know them; whom they helped is nobody's business here.
SELECT h.id, h.day, h.what, h.at, p.shown_name,
       CAST(h.minutes + COALESCE((SELECT SUM(c.minutes) FROM hours c WHERE c.community = $1 AND c.corrects = h.id), 0) AS BIGINT) AS minutes,
       CAST((SELECT COUNT(*) FROM hours c WHERE c.community = $1 AND c.corrects = h.id) AS BIGINT) AS counters
FROM hours h JOIN person p ON p.id = h.helper
WHERE h.community = $1 AND h.corrects = 0 AND h.id < $2 ORDER BY h.id DESC LIMIT $3;

-- name: hours_desk_day :many  community:int64 day:int64 before:int64 limit:int64
-- The same for a day on which the help was given.
SELECT h.id, h.day, h.what, h.at, p.shown_name,
       CAST(h.minutes + COALESCE((SELECT SUM(c.minutes) FROM hours c WHERE c.community = $1 AND c.corrects = h.id), 0) AS BIGINT) AS minutes,
       CAST((SELECT COUNT(*) FROM hours c WHERE c.community = $1 AND c.corrects = h.id) AS BIGINT) AS counters
FROM hours h JOIN person p ON p.id = h.helper
WHERE h.community = $1 AND h.day = $2 AND h.corrects = 0 AND h.id < $3 ORDER BY h.id DESC LIMIT $4;

-- name: hours_places :many  person:int64
-- across communities: where a person has helped or was helped; their own page and download.
SELECT s.community, s.given, s.received, p.name FROM hours_sum s JOIN place p ON p.code = s.community WHERE s.person = $1 ORDER BY s.community;

-- name: hours_contest_put :count  community:int64 line:int64 person:int64 words:text at:int64
INSERT INTO hours_contest (community, line, person, words, at, answer, restored, answered_by, answered_at)
VALUES ($1, $2, $3, $4, $5, '', 0, 0, 0) ON CONFLICT DO NOTHING;

-- name: hours_contest_get :one  community:int64 line:int64
SELECT c.words, c.at, c.answer, c.restored, c.answered_at, h.helper, h.helped, h.minutes, h.corrects, h.confirmed_by, h.reason, h.at AS made_at
FROM hours_contest c JOIN hours h ON h.community = c.community AND h.id = c.line WHERE c.community = $1 AND c.line = $2;

-- name: hours_contest_answer :count  community:int64 line:int64 answer:text restored:bool by:int64 at:int64
UPDATE hours_contest SET answer = $3, restored = $4, answered_by = $5, answered_at = $6 WHERE community = $1 AND line = $2 AND answered_at = 0;

-- name: hours_contest_open :many  community:int64 limit:int64
SELECT c.community, c.line, c.words, c.at, h.corrects, h.what, h.day, h.minutes, h.helper, h.helped, h.confirmed_by, p.shown_name
FROM hours_contest c JOIN hours h ON h.community = c.community AND h.id = c.line JOIN person p ON p.id = c.person
WHERE c.community = $1 AND c.answered_at = 0 ORDER BY c.line LIMIT $2;

-- name: hours_contest_above :many  from_place:int64 to_place:int64 now:int64 limit:int64
-- across communities: what waits below a street, a district, the city and may fall to it. A sieve alone, so that not every community's staff is looked through: the
-- committee of the book has nobody without a part in it, or the community has become another one. contest.c decides.
SELECT c.community, c.line, c.words, c.at, h.corrects, h.what, h.day, h.minutes, h.helper, h.helped, h.confirmed_by, p.shown_name
FROM hours_contest c JOIN hours h ON h.community = c.community AND h.id = c.line JOIN person p ON p.id = c.person
WHERE c.answered_at = 0 AND (c.community BETWEEN $1 AND $2 OR c.community IN (SELECT code FROM place_successor))
  AND NOT EXISTS (SELECT 1 FROM organisation o JOIN post s ON s.organisation = o.id JOIN person q ON q.id = s.person
                  WHERE o.place = c.community AND s.role IN ('party_secretary', 'cadre') AND s.person NOT IN (h.helper, h.helped, h.confirmed_by)
                    AND s.valid_from <= $3 AND (s.valid_to = 0 OR s.valid_to > $3) AND q.state = 'active')
ORDER BY c.line LIMIT $4;

-- name: hours_contest_forget :exec  person:int64
-- across communities: an account that closes leaves no words behind; what waits is answered by that.
UPDATE hours_contest SET words = '', answer = '', answered_at = CASE WHEN answered_at = 0 THEN at ELSE answered_at END WHERE person = $1;

-- name: hours_contests_mine :many  community:int64 person:int64
SELECT line, words, at, answer, restored, answered_at FROM hours_contest WHERE community = $1 AND person = $2;

-- name: hours_counters_of :many  community:int64 helper:int64 limit:int64
-- What was put right in the lines of a helper, newest first.
SELECT id, minutes, day, what, reason, at, helper, helped, confirmed_by FROM hours WHERE community = $1 AND helper = $2 AND corrects > 0 ORDER BY id DESC LIMIT $3;
