-- Topics, groups and house rules when a community ends or an estate leaves it; see move.c. Ids stay.
--
-- A row is copied and its first one removed: the community says on which machine a row lies, so it is never changed in place.

-- name: talk_entry_row_move :exec  from_community:int64 to_community:int64 entry:int64
-- across communities: from the old one to the new one.
INSERT INTO talk_entry (community, entry, topic, talk_group, by_host)
SELECT CAST($2 AS BIGINT), entry, topic, talk_group, by_host
FROM talk_entry WHERE community = $1 AND entry = $3;

-- name: talk_entry_row_moved :exec  from_community:int64 entry:int64
DELETE FROM talk_entry WHERE community = $1 AND entry = $2;

-- name: talk_ids_of_group :many  community:int64 talk_group:int64
SELECT entry FROM talk_entry WHERE community = $1 AND talk_group = $2 ORDER BY entry;

-- name: talk_groups_hosted :many  community:int64
-- Groups, and whether their host still lives here.
SELECT g.id, g.host,
       CAST((SELECT COUNT(*) FROM residence r WHERE r.community = $1 AND r.person = g.host AND r.state = 'verified') AS BIGINT) AS here
FROM talk_group g WHERE g.community = $1 ORDER BY g.id;

-- name: talk_lives_in :one  community:int64 person:int64
SELECT CAST(COUNT(*) AS BIGINT) AS n FROM residence WHERE community = $1 AND person = $2 AND state = 'verified';

-- name: talk_group_row_move :exec  from_community:int64 to_community:int64 id:int64
-- across communities: from the old one to the new one.
INSERT INTO talk_group (community, id, board, name, about, opened_by, host, state, reason, members, created_at, changed_at)
SELECT CAST($2 AS BIGINT), id, board, name, about, opened_by, host, state, reason, members, created_at, changed_at
FROM talk_group WHERE community = $1 AND id = $3;

-- name: talk_group_row_moved :exec  from_community:int64 id:int64
DELETE FROM talk_group WHERE community = $1 AND id = $2;

-- name: talk_members_move :exec  from_community:int64 to_community:int64 talk_group:int64
-- across communities: from the old one to the new one.
INSERT INTO talk_member (community, talk_group, person, told, since)
SELECT CAST($2 AS BIGINT), talk_group, person, told, since
FROM talk_member WHERE community = $1 AND talk_group = $3;

-- name: talk_members_moved :exec  from_community:int64 talk_group:int64
DELETE FROM talk_member WHERE community = $1 AND talk_group = $2;

-- name: talk_members_gone :exec  community:int64 talk_group:int64 at:int64
-- Members who went to another community just now.
DELETE FROM talk_member
WHERE community = $1 AND talk_group = $2
  AND EXISTS (SELECT 1 FROM residence r WHERE r.community = $1 AND r.person = talk_member.person AND r.state = 'ended' AND r.ended_at = $3)
  AND NOT EXISTS (SELECT 1 FROM residence r WHERE r.community = $1 AND r.person = talk_member.person AND r.state = 'verified');

-- name: talk_members_elsewhere :exec  community:int64 talk_group:int64
-- Members of a group that came here who did not come along.
DELETE FROM talk_member
WHERE community = $1 AND talk_group = $2
  AND NOT EXISTS (SELECT 1 FROM residence r WHERE r.community = $1 AND r.person = talk_member.person AND r.state = 'verified');

-- name: talk_members_counted :exec  community:int64 talk_group:int64
UPDATE talk_group SET members = (SELECT COUNT(*) FROM talk_member m WHERE m.community = $1 AND m.talk_group = $2) WHERE community = $1 AND id = $2;

-- name: talk_topics_all :many  community:int64
SELECT id, board, name, closed, created_at FROM talk_topic WHERE community = $1 ORDER BY id;

-- name: talk_topic_same :one  community:int64 board:int64 name:text
SELECT id FROM talk_topic WHERE community = $1 AND board = $2 AND name = $3 ORDER BY closed, id LIMIT 1;

-- name: talk_topic_used :one  community:int64 topic:int64
SELECT CAST(COUNT(*) AS BIGINT) AS n FROM talk_entry WHERE community = $1 AND topic = $2;

-- name: talk_topics_open :one  community:int64 board:int64
SELECT CAST(COUNT(*) AS BIGINT) AS n FROM talk_topic WHERE community = $1 AND board = $2 AND closed = 0;

-- name: talk_topic_copy :exec  community:int64 id:int64 board:int64 name:text closed:bool created_at:int64
INSERT INTO talk_topic (community, id, board, name, closed, created_at) VALUES ($1, $2, $3, $4, $5, $6);

-- name: talk_topic_becomes :exec  community:int64 old:int64 new:int64
UPDATE talk_entry SET topic = $3 WHERE community = $1 AND topic = $2;

-- name: talk_topics_left :exec  community:int64
DELETE FROM talk_topic WHERE community = $1;

-- name: talk_rules_boards :many  community:int64
SELECT DISTINCT board FROM talk_rules WHERE community = $1 ORDER BY board;
