-- When an estate goes to another community, the open requests of its residents go to the committee that is responsible now, with their steps and
-- clocks, under the same ids; what has ended stays where it was. What the committee has written goes where the committee goes, when its community ends. A row is copied and its first one removed: the community says on which machine it lies.

-- name: guide_help_of_estate :many  community:int64 estate:int64
SELECT id, state FROM guide_help WHERE community = $1 AND estate = $2 AND state IN ('asked', 'taken', 'meeting', 'done');

-- name: guide_help_move_to :exec  from_community:int64 to_community:int64 id:int64 organisation:int64
-- across communities: from the old one to the new one. Nobody of the new committee has it yet.
INSERT INTO guide_help (community, id, board, item, item_place, title, body, person, person_from, estate, phone, wish, organisation, state, taken_by,
                        meet_at, meet_where, due_at, late, asked_at, taken_at, done_at, ended_at, changed_at)
SELECT CAST($2 AS BIGINT), id, board, item, item_place, title, body, person, person_from, estate, phone, wish, $4, state, 0,
       meet_at, meet_where, due_at, late, asked_at, taken_at, done_at, ended_at, changed_at
FROM guide_help WHERE community = $1 AND id = $3;

-- name: guide_help_moved :exec  from_community:int64 id:int64
DELETE FROM guide_help WHERE community = $1 AND id = $2;

-- name: guide_help_steps_move_to :exec  from_community:int64 to_community:int64 help:int64
-- across communities: from the old one to the new one.
INSERT INTO guide_help_step (community, id, help, verb, person, organisation, words, meet_at, meet_where, at)
SELECT CAST($2 AS BIGINT), id, help, verb, person, organisation, words, meet_at, meet_where, at
FROM guide_help_step WHERE community = $1 AND help = $3;

-- name: guide_help_steps_moved :exec  from_community:int64 help:int64
DELETE FROM guide_help_step WHERE community = $1 AND help = $2;

-- name: guide_item_move :exec  from_community:int64 to_community:int64 entry:int64 code:text
-- across communities: from the old one to the new one.
INSERT INTO guide_item (community, id, code, theme, version, newest, unchecked, useful, useless)
SELECT CAST($2 AS BIGINT), id, CAST($4 AS TEXT), theme, version, newest, unchecked, useful, useless
FROM guide_item WHERE community = $1 AND id = $3;

-- name: guide_item_moved :exec  from_community:int64 entry:int64
DELETE FROM guide_item WHERE community = $1 AND id = $2;

-- name: guide_versions_move :exec  from_community:int64 to_community:int64 entry:int64
-- across communities: from the old one to the new one.
INSERT INTO guide_version (community, item, version, valid_from, name, who, counter, address, hours, phone, online, steps, promised_amount, promised_unit, legal_amount, legal_unit, fee, basis, reach, related, changes, person, at)
SELECT CAST($2 AS BIGINT), item, version, valid_from, name, who, counter, address, hours, phone, online, steps, promised_amount, promised_unit, legal_amount, legal_unit, fee, basis, reach, related, changes, person, at
FROM guide_version WHERE community = $1 AND item = $3;

-- name: guide_versions_moved :exec  from_community:int64 entry:int64
DELETE FROM guide_version WHERE community = $1 AND item = $2;

-- name: guide_materials_move :exec  from_community:int64 to_community:int64 entry:int64
-- across communities: from the old one to the new one.
INSERT INTO guide_material (community, item, version, position, name, form, copies, note)
SELECT CAST($2 AS BIGINT), item, version, position, name, form, copies, note
FROM guide_material WHERE community = $1 AND item = $3;

-- name: guide_materials_moved :exec  from_community:int64 entry:int64
DELETE FROM guide_material WHERE community = $1 AND item = $2;

-- name: guide_votes_move :exec  from_community:int64 to_community:int64 entry:int64
-- across communities: from the old one to the new one.
INSERT INTO guide_vote (community, item, person, useful, words, at)
SELECT CAST($2 AS BIGINT), item, person, useful, words, at
FROM guide_vote WHERE community = $1 AND item = $3;

-- name: guide_votes_moved :exec  from_community:int64 entry:int64
DELETE FROM guide_vote WHERE community = $1 AND item = $2;

-- name: guide_said_move :exec  from_community:int64 to_community:int64 entry:int64
-- across communities: from the old one to the new one.
INSERT INTO guide_synonym (community, id, said, item, means)
SELECT CAST($2 AS BIGINT), id, said, item, means
FROM guide_synonym WHERE community = $1 AND item = $3;

-- name: guide_said_moved :exec  from_community:int64 entry:int64
DELETE FROM guide_synonym WHERE community = $1 AND item = $2;

-- name: guide_meanings :many  community:int64
-- Words that stand for others, wherever they are.
SELECT id, said, means FROM guide_synonym WHERE community = $1 AND item = 0 ORDER BY id;

-- name: guide_meaning_there :one  community:int64 said:text means:text
SELECT CAST(COUNT(*) AS BIGINT) AS n FROM guide_synonym WHERE community = $1 AND item = 0 AND said = $2 AND means = $3;

-- name: guide_meanings_moved :exec  community:int64
DELETE FROM guide_synonym WHERE community = $1 AND item = 0;
