-- ---- one thread ---------------------------------------------------------------------------------------------------

-- name: inquiry_get :one  community:int64 id:int64
SELECT id, community, board, asker, asker_from, dwelling, organisation, title, state, asker_last, asked_at, answer_due, answered_at, late, transfers, closed_at,
       reopened, rating, rating_text, sharing, public_title, public_question, public_answer, entry, changed_at
FROM inquiry WHERE community = $1 AND id = $2;

-- name: inquiry_put :exec  community:int64 id:int64 board:int64 asker:int64 asker_from:text dwelling:int64 estate:int64 organisation:int64 title:text at:int64
--   answer_due:int64
INSERT INTO inquiry (community, id, board, asker, asker_from, dwelling, estate, organisation, title, state, asker_last, asked_at, answer_due, answered_at, late,
                     transfers, closed_at, reopened, rating, rating_text, sharing, public_title, public_question, public_answer, entry, changed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'asked', 1, $10, $11, 0, 0, 0, 0, 0, 0, '', 'private', '', '', '', 0, $10);

-- name: inquiry_move :count  community:int64 id:int64 from_state:text to_state:text asker_last:bool at:int64
-- Every change of state goes through here, and only from the state that the rule was decided on.
UPDATE inquiry SET state = $4, asker_last = $5, changed_at = $6 WHERE community = $1 AND id = $2 AND state = $3;

-- name: inquiry_set_due :exec  community:int64 id:int64 answer_due:int64
UPDATE inquiry SET answer_due = $3 WHERE community = $1 AND id = $2;

-- name: inquiry_set_answered :count  community:int64 id:int64 at:int64
UPDATE inquiry SET answered_at = $3 WHERE community = $1 AND id = $2 AND answered_at = 0;

-- name: inquiry_set_organisation :exec  community:int64 id:int64 organisation:int64
UPDATE inquiry SET organisation = $3, transfers = transfers + 1 WHERE community = $1 AND id = $2;

-- name: inquiry_set_closed :exec  community:int64 id:int64 at:int64
UPDATE inquiry SET closed_at = $3 WHERE community = $1 AND id = $2;

-- name: inquiry_set_reopened :exec  community:int64 id:int64
UPDATE inquiry SET reopened = reopened + 1, closed_at = 0 WHERE community = $1 AND id = $2;

-- name: inquiry_set_late :count  community:int64 id:int64
UPDATE inquiry SET late = 1 WHERE community = $1 AND id = $2 AND late = 0;

-- name: inquiry_rate :count  community:int64 id:int64 rating:int64 rating_text:text at:int64
UPDATE inquiry SET rating = $3, rating_text = $4, changed_at = $5 WHERE community = $1 AND id = $2 AND rating = 0;

-- name: inquiry_share :count  community:int64 id:int64 from_sharing:text to_sharing:text title:text question:text answer:text entry:int64 at:int64
UPDATE inquiry SET sharing = $4, public_title = $5, public_question = $6, public_answer = $7, entry = $8, changed_at = $9
WHERE community = $1 AND id = $2 AND sharing = $3;

-- name: inquiry_message_put :exec  community:int64 id:int64 inquiry:int64 verb:text person:int64 organisation:int64 to_organisation:int64 body:text at:int64
INSERT INTO inquiry_message (community, id, inquiry, verb, person, organisation, to_organisation, body, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- name: inquiry_messages :many  community:int64 inquiry:int64 before:int64 limit:int64
-- Newest first.
SELECT m.id, m.verb, m.person, m.organisation, m.to_organisation, m.body, m.at, organisation.name AS organisation_name, other.name AS to_name,
       person.shown_name, officer.name AS officer_name
FROM inquiry_message m
LEFT JOIN organisation ON organisation.id = m.organisation
LEFT JOIN organisation other ON other.id = m.to_organisation
LEFT JOIN person ON person.id = m.person
LEFT JOIN officer ON officer.organisation = m.organisation AND officer.person = m.person
WHERE m.community = $1 AND m.inquiry = $2 AND m.id < $3 ORDER BY m.id DESC LIMIT $4;

-- name: inquiry_message_scope :one  community:int64 id:int64
SELECT i.asker, i.organisation, i.id AS inquiry, i.board FROM inquiry_message m JOIN inquiry i ON i.community = m.community AND i.id = m.inquiry
WHERE m.community = $1 AND m.id = $2;

-- ---- lists ----------------------------------------------------------------------------------------------------------

-- name: inquiry_of_asker :many  community:int64 asker:int64 board:int64 before:int64 limit:int64
SELECT i.id, i.community, i.title, i.state, i.asker_last, i.asked_at, i.answer_due, i.answered_at, i.sharing, i.rating, i.changed_at, organisation.name AS organisation_name
FROM inquiry i LEFT JOIN organisation ON organisation.id = i.organisation
WHERE i.community = $1 AND i.asker = $2 AND i.board = $3 AND i.id < $4 ORDER BY i.id DESC LIMIT $5;

-- name: inquiry_of_person :many  asker:int64 before:int64 limit:int64
-- across communities: somebody's own threads, wherever they have lived.
SELECT i.id, i.community, i.board, i.title, i.state, i.asker_last, i.asked_at, i.answer_due, i.answered_at, i.sharing, i.rating, i.changed_at,
       organisation.name AS organisation_name
FROM inquiry i LEFT JOIN organisation ON organisation.id = i.organisation
WHERE i.asker = $1 AND i.id < $2 ORDER BY i.id DESC LIMIT $3;

-- name: inquiry_count_of_person :one  asker:int64
-- across communities: somebody's own threads, wherever they have lived.
SELECT CAST(COUNT(*) AS BIGINT) AS n FROM inquiry WHERE asker = $1;

-- name: inquiry_waiting_for_person :many  community:int64 asker:int64 limit:int64
-- What waits for the resident: a wording to agree to.
SELECT id, board, title FROM inquiry WHERE community = $1 AND asker = $2 AND sharing = 'proposed' ORDER BY id DESC LIMIT $3;

-- name: inquiry_left_by :many  person:int64 limit:int64
-- across communities: what somebody has written, wherever they have lived.
SELECT m.id, m.community, m.inquiry, m.body, m.at, i.title, i.board FROM inquiry_message m
JOIN inquiry i ON i.community = m.community AND i.id = m.inquiry
WHERE m.person = $1 AND m.organisation = 0 AND m.body <> '' ORDER BY m.id DESC LIMIT $2;

-- name: inquiry_desk :many  organisation:int64 state:text before:int64 limit:int64
-- across communities: an organisation's own list, over the communities that it serves.
SELECT i.id, i.community, i.title, i.state, i.asker_last, i.asked_at, i.answer_due, i.answered_at, i.late, i.sharing, i.rating, i.closed_at, i.asker_from,
       person.shown_name
FROM inquiry i LEFT JOIN person ON person.id = i.asker
WHERE i.organisation = $1 AND i.state = $2 AND i.id < $3 ORDER BY i.id DESC LIMIT $4;

-- name: inquiry_desk_asked :many  organisation:int64 limit:int64
-- across communities: an organisation's own list, over the communities that it serves. What is due first stands first.
SELECT i.id, i.community, i.title, i.state, i.asker_last, i.asked_at, i.answer_due, i.answered_at, i.late, i.sharing, i.rating, i.closed_at, i.asker_from,
       person.shown_name
FROM inquiry i LEFT JOIN person ON person.id = i.asker
WHERE i.organisation = $1 AND i.state = 'asked' ORDER BY i.answer_due, i.id LIMIT $2;

-- name: inquiry_desk_counts :one  organisation:int64 now:int64
-- across communities: the numbers of an organisation's own lists.
SELECT CAST(COALESCE(SUM(CASE WHEN state = 'asked' THEN 1 ELSE 0 END), 0) AS BIGINT) AS asked,
       CAST(COALESCE(SUM(CASE WHEN state = 'asked' AND answer_due < $2 THEN 1 ELSE 0 END), 0) AS BIGINT) AS asked_late,
       CAST(COALESCE(SUM(CASE WHEN state = 'talking' THEN 1 ELSE 0 END), 0) AS BIGINT) AS talking,
       CAST(COALESCE(SUM(CASE WHEN state = 'closed' THEN 1 ELSE 0 END), 0) AS BIGINT) AS closed
FROM inquiry WHERE organisation = $1;

-- ---- published ----------------------------------------------------------------------------------------------------------

-- name: inquiry_public_put :exec  community:int64 entry:int64 question:text answer:text
INSERT INTO inquiry_public (community, entry, question, answer) VALUES ($1, $2, $3, $4);

-- name: inquiry_public_get :one  community:int64 entry:int64
SELECT question, answer FROM inquiry_public WHERE community = $1 AND entry = $2;

-- name: inquiry_public_drop :exec  community:int64 entry:int64
DELETE FROM inquiry_public WHERE community = $1 AND entry = $2;

-- ---- templates ------------------------------------------------------------------------------------------------------------

-- name: inquiry_templates :many  community:int64 organisation:int64
SELECT id, name, body, used FROM inquiry_template WHERE community = $1 AND organisation = $2 ORDER BY used DESC, id LIMIT 100;

-- name: inquiry_template_put :exec  community:int64 id:int64 organisation:int64 name:text body:text
INSERT INTO inquiry_template (community, id, organisation, name, body, used) VALUES ($1, $2, $3, $4, $5, 0);

-- name: inquiry_template_drop :count  community:int64 id:int64 organisation:int64
DELETE FROM inquiry_template WHERE community = $1 AND id = $2 AND organisation = $3;

-- name: inquiry_template_use :exec  community:int64 id:int64 organisation:int64
UPDATE inquiry_template SET used = used + 1 WHERE community = $1 AND id = $2 AND organisation = $3;

-- ---- who is responsible ------------------------------------------------------------------------------------------------------

-- name: officer_get :one  organisation:int64 person:int64
SELECT id, place, name, badge, photo FROM officer WHERE organisation = $1 AND person = $2;

-- name: officer_put :exec  organisation:int64 person:int64 id:int64 place:int64 name:text badge:text photo:int64 at:int64
INSERT INTO officer (organisation, person, id, place, name, badge, photo, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (organisation, person) DO UPDATE SET name = excluded.name, badge = excluded.badge, photo = excluded.photo, changed_at = excluded.changed_at;

-- name: officer_shown :one  id:int64
-- Whether residents see this one somewhere: the picture is there for everybody then.
-- across communities: an officer has several.
SELECT officer.organisation, officer.person FROM officer
JOIN officer_community c ON c.organisation = officer.organisation AND c.person = officer.person
JOIN post ON post.organisation = officer.organisation AND post.person = officer.person AND post.valid_to = 0
WHERE officer.id = $1 LIMIT 1;

-- name: officer_organisation :one  id:int64
SELECT organisation FROM officer WHERE id = $1;

-- name: officers_of_community :many  community:int64
-- Only while they work there: who has left is nobody's officer any more.
SELECT officer.organisation, officer.person, officer.place, officer.name, officer.badge, officer.photo, organisation.name AS organisation_name,
       organisation.phone, organisation.kind AS organisation_kind
FROM officer_community c
JOIN officer ON officer.organisation = c.organisation AND officer.person = c.person
JOIN organisation ON organisation.id = c.organisation AND organisation.valid_to = 0
WHERE c.community = $1 AND EXISTS (SELECT 1 FROM post WHERE post.organisation = c.organisation AND post.person = c.person AND post.valid_to = 0)
ORDER BY c.since, officer.id;

-- name: officer_communities :many  organisation:int64
-- across communities: for whom the people of an organisation are responsible.
SELECT c.community, c.person, place.name FROM officer_community c JOIN place ON place.code = c.community
WHERE c.organisation = $1 ORDER BY c.community, c.since;

-- name: officer_community_put :count  community:int64 organisation:int64 person:int64 at:int64
INSERT INTO officer_community (community, organisation, person, since) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING;

-- name: officer_community_drop :count  community:int64 organisation:int64 person:int64
DELETE FROM officer_community WHERE community = $1 AND organisation = $2 AND person = $3;

-- name: officer_places :many  organisation:int64 from_code:int64 to_code:int64
-- The communities that an organisation has to do with: below its place, and those that it serves.
SELECT code, name FROM place
WHERE level = 4 AND valid_to = 0
  AND (code BETWEEN $2 AND $3
       OR EXISTS (SELECT 1 FROM organisation_service s WHERE s.organisation = $1
                  AND (s.place = code OR s.place = parent OR s.place = parent / 1000000 * 1000000)))
ORDER BY code LIMIT 700;

-- name: inquiry_proposer :one  community:int64 inquiry:int64
-- Who has written the wording that is spoken about: the organisation's publication is theirs.
SELECT person, organisation FROM inquiry_message WHERE community = $1 AND inquiry = $2 AND verb = 'wording_proposed' ORDER BY id DESC LIMIT 1;

-- name: inquiry_open_of_asker :one  community:int64 asker:int64
SELECT CAST(COUNT(*) AS BIGINT) AS n FROM inquiry WHERE community = $1 AND asker = $2 AND state <> 'closed';
