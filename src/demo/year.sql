-- name: year_done :one  name:text
-- How far the making of a year has come: kept beside the scheduled work, in the transaction of what it counts.
SELECT runs FROM job WHERE name = $1;

-- name: year_advance :exec  name:text steps:int64
INSERT INTO job (name, runs) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET runs = excluded.runs;

-- name: year_residents :many  community:int64
SELECT residence.person, residence.dwelling, building.position AS house, residence.estate, residence.building
FROM residence JOIN building ON building.community = residence.community AND building.id = residence.building
WHERE residence.community = $1 AND residence.state = 'verified' ORDER BY residence.id;

-- name: year_report :one  community:int64 author:int64 reported_at:int64
SELECT id FROM report WHERE community = $1 AND author = $2 AND reported_at = $3 LIMIT 1;

-- name: year_entry :one  community:int64 author:int64 created_at:int64
SELECT id FROM entry WHERE community = $1 AND author = $2 AND created_at = $3 LIMIT 1;

-- name: year_slot :one  community:int64 provider:int64 created_at:int64
SELECT id FROM slot WHERE community = $1 AND provider = $2 AND created_at = $3 LIMIT 1;

-- name: year_booking :one  community:int64 slot:int64 person:int64
SELECT id FROM booking WHERE community = $1 AND slot = $2 AND person = $3 AND state = 'booked' LIMIT 1;

-- name: year_question :one  community:int64 asker:int64 asked_at:int64
SELECT id FROM inquiry WHERE community = $1 AND asker = $2 AND asked_at = $3 LIMIT 1;

-- name: year_guides :many  community:int64
SELECT id FROM guide_item WHERE community = $1 ORDER BY code, id;

-- name: year_messages_sent :exec  until:int64
-- across communities: what waited to leave the app has left it in the course of the year: a server that begins with it does not tell a whole district at once.
DELETE FROM notify_away WHERE due_at < $1;

-- name: year_to_tell :one
-- across communities: how many places have people who are still to be told of a notice.
SELECT CAST(COUNT(*) AS BIGINT) AS n FROM bulletin_reach WHERE tell <> '';
