-- When an estate goes to another community, its open threads go to the community that it belongs to now, under the same ids, with everything that was said
-- and their pictures and clocks; what is closed, or public, stays where it was. What was published stands with
-- the community: it goes when that ends, all of it at once, so that nothing tells which thread it came from. Who was responsible stays responsible there too.
--
-- A row is copied and its first one removed: the community says on which machine a row lies, so it is never changed in place.

-- name: inquiry_open_of_estate :many  community:int64 estate:int64
SELECT id FROM inquiry WHERE community = $1 AND estate = $2 AND state <> 'closed' AND sharing <> 'public';

-- name: inquiry_move_to :exec  from_community:int64 to_community:int64 id:int64
-- across communities: from the old one to the new one.
INSERT INTO inquiry (community, id, board, asker, asker_from, dwelling, estate, organisation, title, state, asker_last, asked_at, answer_due, answered_at, late,
                     transfers, closed_at, reopened, rating, rating_text, sharing, public_title, public_question, public_answer, entry, changed_at)
SELECT CAST($2 AS BIGINT), id, board, asker, asker_from, dwelling, estate, organisation, title, state, asker_last, asked_at, answer_due, answered_at, late,
       transfers, closed_at, reopened, rating, rating_text, sharing, public_title, public_question, public_answer, entry, changed_at
FROM inquiry WHERE community = $1 AND id = $3;

-- name: inquiry_moved :exec  from_community:int64 id:int64
DELETE FROM inquiry WHERE community = $1 AND id = $2;

-- name: inquiry_move_messages :exec  from_community:int64 to_community:int64 id:int64
-- across communities: from the old one to the new one.
INSERT INTO inquiry_message (community, id, inquiry, verb, person, organisation, to_organisation, body, at)
SELECT CAST($2 AS BIGINT), id, inquiry, verb, person, organisation, to_organisation, body, at FROM inquiry_message WHERE community = $1 AND inquiry = $3;

-- name: inquiry_moved_messages :exec  from_community:int64 id:int64
DELETE FROM inquiry_message WHERE community = $1 AND inquiry = $2;

-- name: inquiry_messages_ids :many  community:int64 inquiry:int64
SELECT id FROM inquiry_message WHERE community = $1 AND inquiry = $2;

-- name: officer_community_copy :exec  from_community:int64 to_community:int64
-- across communities: whoever is responsible for the old one is so for the new one.
INSERT INTO officer_community (community, organisation, person, since)
SELECT $2, c.organisation, c.person, c.since FROM officer_community c WHERE c.community = $1 ON CONFLICT DO NOTHING;

-- name: inquiry_public_move :exec  from_community:int64 to_community:int64 entry:int64
-- across communities: from the old one to the new one.
INSERT INTO inquiry_public (community, entry, question, answer)
SELECT CAST($2 AS BIGINT), entry, question, answer
FROM inquiry_public WHERE community = $1 AND entry = $3;

-- name: inquiry_public_moved :exec  from_community:int64 entry:int64
DELETE FROM inquiry_public WHERE community = $1 AND entry = $2;

-- name: inquiry_templates_move :exec  from_community:int64 to_community:int64
-- across communities: templates lie at the place of their organisation, which has gone there.
INSERT INTO inquiry_template (community, id, organisation, name, body, used)
SELECT CAST($2 AS BIGINT), id, organisation, name, body, used FROM inquiry_template WHERE community = $1;

-- name: inquiry_templates_moved :exec  community:int64
DELETE FROM inquiry_template WHERE community = $1;
