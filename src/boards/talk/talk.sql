-- ---- topics ----------------------------------------------------------------------------------------------------------

-- name: talk_topics :many  community:int64 board:int64
SELECT community, id, name, closed FROM talk_topic WHERE community = $1 AND board = $2 ORDER BY closed, id LIMIT 60;

-- name: talk_topic_get :one  community:int64 board:int64 id:int64
SELECT id, name, closed FROM talk_topic WHERE community = $1 AND board = $2 AND id = $3;

-- name: talk_topic_put :exec  community:int64 id:int64 board:int64 name:text at:int64
INSERT INTO talk_topic (community, id, board, name, closed, created_at) VALUES ($1, $2, $3, $4, 0, $5);

-- name: talk_topic_close :count  community:int64 board:int64 id:int64 closed:bool
UPDATE talk_topic SET closed = $4 WHERE community = $1 AND board = $2 AND id = $3 AND closed <> $4;

-- ---- what an entry belongs to ----------------------------------------------------------------------------------------

-- name: talk_entry_put :exec  community:int64 entry:int64 topic:int64 talk_group:int64
INSERT INTO talk_entry (community, entry, topic, talk_group, by_host) VALUES ($1, $2, $3, $4, 0)
ON CONFLICT (community, entry) DO UPDATE SET topic = excluded.topic;

-- name: talk_entry_get :one  community:int64 entry:int64
SELECT topic, talk_group, by_host FROM talk_entry WHERE community = $1 AND entry = $2;

-- name: talk_entry_hidden :exec  community:int64 entry:int64 by_host:bool
UPDATE talk_entry SET by_host = $3 WHERE community = $1 AND entry = $2;

-- name: talk_by_topic :many  community:int64 board:int64 topic:int64 before:int64 near:text nearer:text limit:int64
-- The entries of a topic that one of the places has; the columns of entry_page.
SELECT entry.community, entry.id, entry.board, entry.kind, entry.author, entry.organisation, entry.author_from, entry.title, entry.body, entry.state,
       entry.pinned, entry.published_at, entry.ends_at, entry.comments, entry.thumbs, entry.photos, person.shown_name, person.party_badge
FROM talk_entry JOIN entry ON entry.community = talk_entry.community AND entry.id = talk_entry.entry
LEFT JOIN person ON person.id = entry.author
WHERE talk_entry.community = $1 AND entry.board = $2 AND talk_entry.topic = $3 AND talk_entry.entry < $4 AND entry.listed = 1
  AND (entry.audience = '' OR ($5 <> '' AND entry.audience LIKE '%' || $5 || '%') OR ($6 <> '' AND entry.audience LIKE '%' || $6 || '%'))
ORDER BY talk_entry.entry DESC LIMIT $7;

-- name: talk_by_group :many  community:int64 talk_group:int64 before:int64 limit:int64
-- The columns of entry_page.
SELECT entry.community, entry.id, entry.board, entry.kind, entry.author, entry.organisation, entry.author_from, entry.title, entry.body, entry.state,
       entry.pinned, entry.published_at, entry.ends_at, entry.comments, entry.thumbs, entry.photos, person.shown_name, person.party_badge
FROM talk_entry JOIN entry ON entry.community = talk_entry.community AND entry.id = talk_entry.entry
LEFT JOIN person ON person.id = entry.author
WHERE talk_entry.community = $1 AND talk_entry.talk_group = $2 AND talk_entry.entry < $3 AND entry.listed = 1
ORDER BY talk_entry.entry DESC LIMIT $4;

-- name: talk_hidden_by_host :many  community:int64 talk_group:int64
-- What the host has hidden, for the host's eyes.
SELECT entry.id, entry.title, entry.hidden_reason
FROM talk_entry JOIN entry ON entry.community = talk_entry.community AND entry.id = talk_entry.entry
WHERE talk_entry.community = $1 AND talk_entry.talk_group = $2 AND talk_entry.by_host = 1 AND entry.hidden = 1
ORDER BY entry.id DESC LIMIT 30;

-- ---- groups ----------------------------------------------------------------------------------------------------------

-- name: talk_group_get :one  community:int64 id:int64
SELECT g.community, g.id, g.board, g.name, g.about, g.opened_by, g.host, g.state, g.reason, g.members, g.created_at, person.shown_name AS host_name
FROM talk_group g LEFT JOIN person ON person.id = g.host WHERE g.community = $1 AND g.id = $2;

-- name: talk_groups :many  community:int64 board:int64 state:text before:int64 limit:int64
SELECT g.id, g.name, g.about, g.members, g.opened_by, person.shown_name AS host_name
FROM talk_group g LEFT JOIN person ON person.id = g.host
WHERE g.community = $1 AND g.board = $2 AND g.state = $3 AND g.id < $4 ORDER BY g.id DESC LIMIT $5;

-- name: talk_groups_asked :one  community:int64 board:int64 person:int64
-- How many somebody has asked for that are not decided.
SELECT CAST(COUNT(*) AS BIGINT) AS n FROM talk_group WHERE community = $1 AND board = $2 AND state = 'waiting' AND opened_by = $3;

-- name: talk_group_put :exec  community:int64 id:int64 board:int64 name:text about:text person:int64 at:int64
INSERT INTO talk_group (community, id, board, name, about, opened_by, host, state, reason, members, created_at, changed_at)
VALUES ($1, $2, $3, $4, $5, $6, $6, 'waiting', '', 0, $7, $7);

-- name: talk_group_move :count  community:int64 id:int64 from_state:text to_state:text reason:text at:int64
UPDATE talk_group SET state = $4, reason = $5, changed_at = $6 WHERE community = $1 AND id = $2 AND state = $3;

-- name: talk_group_host :count  community:int64 id:int64 host:int64 to_host:int64 at:int64
-- From the host that the rule was decided on: of two who pass it on at once, one is told.
UPDATE talk_group SET host = $4, changed_at = $5 WHERE community = $1 AND id = $2 AND host = $3 AND state = 'open';

-- name: talk_group_count :exec  community:int64 id:int64 members:int64
UPDATE talk_group SET members = members + $3 WHERE community = $1 AND id = $2;

-- name: talk_member_put :count  community:int64 talk_group:int64 person:int64 at:int64
INSERT INTO talk_member (community, talk_group, person, told, since) VALUES ($1, $2, $3, 1, $4) ON CONFLICT DO NOTHING;

-- name: talk_member_drop :count  community:int64 talk_group:int64 person:int64
DELETE FROM talk_member WHERE community = $1 AND talk_group = $2 AND person = $3;

-- name: talk_member_tell :count  community:int64 talk_group:int64 person:int64 told:bool
UPDATE talk_member SET told = $4 WHERE community = $1 AND talk_group = $2 AND person = $3;

-- name: talk_member_get :one  community:int64 talk_group:int64 person:int64
SELECT told, since FROM talk_member WHERE community = $1 AND talk_group = $2 AND person = $3;

-- name: talk_members :many  community:int64 talk_group:int64
SELECT m.person, m.told, person.shown_name, person.state FROM talk_member m JOIN person ON person.id = m.person
WHERE m.community = $1 AND m.talk_group = $2 ORDER BY m.since, m.person LIMIT 500;

-- name: talk_group_recount :many  community:int64
SELECT g.id, g.members, CAST((SELECT COUNT(*) FROM talk_member m WHERE m.community = $1 AND m.talk_group = g.id) AS BIGINT) AS real_members
FROM talk_group g WHERE g.community = $1 ORDER BY g.id;

-- ---- house rules -----------------------------------------------------------------------------------------------------

-- name: talk_rules_last :one  community:int64 board:int64
SELECT community, version, body, written_at FROM talk_rules WHERE community = $1 AND board = $2 ORDER BY version DESC LIMIT 1;

-- name: talk_rules_put :exec  community:int64 board:int64 version:int64 body:text at:int64 person:int64
INSERT INTO talk_rules (community, board, version, body, written_at, written_by) VALUES ($1, $2, $3, $4, $5, $6);

-- name: talk_accepted_get :one  community:int64 board:int64 person:int64
SELECT rules_place, version FROM talk_accepted WHERE community = $1 AND board = $2 AND person = $3;

-- name: talk_accepted_put :exec  community:int64 board:int64 person:int64 rules_place:int64 version:int64 at:int64
INSERT INTO talk_accepted (community, board, person, rules_place, version, at) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (community, board, person) DO UPDATE SET rules_place = excluded.rules_place, version = excluded.version, at = excluded.at;
