-- When an estate goes to another community, the open requests of its residents go to the committee that is responsible now, with their steps and
-- clocks, under the same ids; what has ended stays where it was. A row is copied and its first one removed: the community says on which machine it lies.

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
