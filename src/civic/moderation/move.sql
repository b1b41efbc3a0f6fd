-- When a thing goes to another community, what moderation knows of it goes along, so that whoever answers there decides, and appeals are heard.
--
-- A row is copied and its first one removed: the community says on which machine a row lies, so it is never changed in place.

-- name: moderation_move_cases :exec  from_community:int64 to_community:int64 thing_kind:text thing:int64
-- across communities: from the old one to the new one.
INSERT INTO moderation_case (community, id, thing_kind, thing, author, held, flags, state, opened_at, decided_at, decided_by)
SELECT CAST($2 AS BIGINT), id, thing_kind, thing, author, held, flags, state, opened_at, decided_at, decided_by
FROM moderation_case WHERE community = $1 AND thing_kind = $3 AND thing = $4;

-- name: moderation_moved_cases :exec  from_community:int64 thing_kind:text thing:int64
DELETE FROM moderation_case WHERE community = $1 AND thing_kind = $2 AND thing = $3;

-- name: moderation_move_flags :exec  from_community:int64 to_community:int64 thing_kind:text thing:int64
-- across communities: from the old one to the new one.
INSERT INTO moderation_flag (community, thing_kind, thing, person, reason, words, at)
SELECT CAST($2 AS BIGINT), thing_kind, thing, person, reason, words, at
FROM moderation_flag WHERE community = $1 AND thing_kind = $3 AND thing = $4;

-- name: moderation_moved_flags :exec  from_community:int64 thing_kind:text thing:int64
DELETE FROM moderation_flag WHERE community = $1 AND thing_kind = $2 AND thing = $3;

-- name: moderation_move_measures :exec  from_community:int64 to_community:int64 thing_kind:text thing:int64
-- across communities: from the old one to the new one.
INSERT INTO moderation_measure (community, id, kind, thing_kind, thing, person, reason, by_person, at, ends_at, state, appeal, appealed_at, answer_due, answer,
                                answered_at, answered_by)
SELECT CAST($2 AS BIGINT), id, kind, thing_kind, thing, person, reason, by_person, at, ends_at, state, appeal, appealed_at, answer_due, answer, answered_at,
       answered_by
FROM moderation_measure WHERE community = $1 AND thing_kind = $3 AND thing = $4;

-- name: moderation_moved_measures :exec  from_community:int64 thing_kind:text thing:int64
DELETE FROM moderation_measure WHERE community = $1 AND thing_kind = $2 AND thing = $3;

-- name: moderation_mutes :many  from_community:int64 estate:int64 at:int64
-- Whoever may not write for a time and has just gone along with an estate, and does not live here any more.
SELECT m.id FROM moderation_measure m
WHERE m.community = $1 AND m.kind = 'muted' AND m.ends_at > $3 AND m.state <> 'lifted'
  AND EXISTS (SELECT 1 FROM residence r WHERE r.community = $1 AND r.person = m.person AND r.estate = $2 AND r.state = 'ended' AND r.ended_at = $3)
  AND NOT EXISTS (SELECT 1 FROM residence r WHERE r.community = $1 AND r.person = m.person AND r.state = 'verified');

-- name: moderation_move_mute :exec  from_community:int64 to_community:int64 id:int64
-- across communities: from the old one to the new one.
INSERT INTO moderation_measure (community, id, kind, thing_kind, thing, person, reason, by_person, at, ends_at, state, appeal, appealed_at, answer_due, answer,
                                answered_at, answered_by)
SELECT CAST($2 AS BIGINT), id, kind, thing_kind, thing, person, reason, by_person, at, ends_at, state, appeal, appealed_at, answer_due, answer, answered_at,
       answered_by
FROM moderation_measure WHERE community = $1 AND id = $3;

-- name: moderation_moved_mute :exec  from_community:int64 id:int64
DELETE FROM moderation_measure WHERE community = $1 AND id = $2;
