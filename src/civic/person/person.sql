-- name: person_get :one  id:int64
SELECT id, shown_name, name_sealed, document_kind, document_sealed, phone_sealed, CAST(sex AS BIGINT) AS sex, birth_day, password_hash,
       password_at, totp_sealed, totp_step, state, party_member, party_badge, language, mode, theme, created_at
FROM person WHERE id = $1;

-- name: person_viewer :one  id:int64
-- What every request of a signed-in person needs: nothing sealed.
SELECT shown_name, state, party_badge, language, mode, theme, password_at,
       CAST(CASE WHEN password_hash = '' THEN 0 ELSE 1 END AS SMALLINT) AS has_password
FROM person WHERE id = $1;

-- name: person_viewer_posts :many  person:int64 now:int64
-- predecessors: how many places have become the post's, or a part of it.
SELECT post.id, post.organisation, post.role, post.title, organisation.place, organisation.name, organisation.kind,
       CAST((SELECT COUNT(*) FROM place_successor WHERE place_successor.successor = organisation.place) AS BIGINT) AS predecessors
FROM post JOIN organisation ON organisation.id = post.organisation
WHERE post.person = $1 AND post.valid_from <= $2 AND (post.valid_to = 0 OR post.valid_to > $2)
ORDER BY post.id;

-- name: person_viewer_residences :many  person:int64
-- across communities: a person's own residences, found through person_residence.
SELECT residence.community, residence.id, residence.estate, residence.building, residence.dwelling, residence.state,
       building.name AS building_name
FROM person_residence
JOIN residence ON residence.community = person_residence.community AND residence.id = person_residence.residence
JOIN building ON building.community = residence.community AND building.id = residence.building
WHERE person_residence.person = $1 AND residence.state IN ('waiting', 'verified')
ORDER BY person_residence.community, person_residence.residence;

-- name: person_put :exec  id:int64 shown_name:text name_sealed:bytes document_kind:text document_sealed:bytes phone_sealed:bytes sex:int64 birth_day:int64 password_hash:text party_member:bool created_at:int64 created_by:int64
INSERT INTO person (id, shown_name, name_sealed, document_kind, document_sealed, phone_sealed, sex, birth_day,
                    password_hash, password_at, totp_sealed, totp_step, state, party_member, party_badge, language, mode, theme,
                    created_at, created_by, closed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, '', 0, 'active', $10, 0, '', '', '', $11, $12, 0);

-- name: person_set_identity :exec  id:int64 shown_name:text name_sealed:bytes document_kind:text document_sealed:bytes sex:int64 birth_day:int64
UPDATE person SET shown_name = $2, name_sealed = $3, document_kind = $4, document_sealed = $5, sex = $6, birth_day = $7
WHERE id = $1;

-- name: person_set_phone :exec  id:int64 phone_sealed:bytes
UPDATE person SET phone_sealed = $2 WHERE id = $1;

-- name: person_set_password :exec  id:int64 password_hash:text password_at:int64
UPDATE person SET password_hash = $2, password_at = $3 WHERE id = $1;

-- name: person_set_totp :exec  id:int64 totp_sealed:bytes totp_step:int64
UPDATE person SET totp_sealed = $2, totp_step = $3 WHERE id = $1;

-- name: person_use_totp_step :count  id:int64 step:int64
-- A code works once: the step only ever rises.
UPDATE person SET totp_step = $2 WHERE id = $1 AND totp_step < $2;

-- name: person_set_display :exec  id:int64 language:text mode:text theme:text
UPDATE person SET language = $2, mode = $3, theme = $4 WHERE id = $1;

-- name: person_set_party :exec  id:int64 party_member:bool party_badge:bool
UPDATE person SET party_member = $2, party_badge = $3 WHERE id = $1;

-- name: person_close :exec  id:int64 at:int64
-- Erasure: what identifies goes, the row stays so that what was written keeps an author.
UPDATE person SET state = 'closed', closed_at = $2, shown_name = '', name_sealed = '', document_kind = '', document_sealed = '',
                  phone_sealed = '', sex = 0, birth_day = 0, password_hash = '', totp_sealed = '', party_member = 0, party_badge = 0
WHERE id = $1;

-- name: person_phone_find :one  phone_hash:bytes
SELECT person FROM person_phone WHERE phone_hash = $1;

-- name: person_phone_put :exec  phone_hash:bytes person:int64
INSERT INTO person_phone (phone_hash, person) VALUES ($1, $2);

-- name: person_phone_drop :exec  person:int64
-- across communities: rows lie by their hash, and an account that closes is looked for among all of them.
DELETE FROM person_phone WHERE person = $1;

-- name: person_document_find :one  document_hash:bytes
SELECT person FROM person_document WHERE document_hash = $1;

-- name: person_document_put :exec  document_hash:bytes person:int64
INSERT INTO person_document (document_hash, person) VALUES ($1, $2);

-- name: person_document_drop :exec  person:int64
-- across communities: rows lie by their hash, and an account that closes is looked for among all of them.
DELETE FROM person_document WHERE person = $1;

-- name: person_login_find :one  login:text
SELECT person FROM person_login WHERE login = $1;

-- name: person_login_put :exec  login:text person:int64
INSERT INTO person_login (login, person) VALUES ($1, $2);

-- name: person_login_of :one  person:int64
SELECT login FROM person_login WHERE person = $1;

-- name: person_login_drop :exec  person:int64
DELETE FROM person_login WHERE person = $1;

-- name: person_demo_staff :many  now:int64
-- For the page of the demo world.
SELECT person.id, person.shown_name, post.role, post.title, organisation.name, organisation.place
FROM post JOIN person ON person.id = post.person JOIN organisation ON organisation.id = post.organisation
WHERE post.valid_from <= $1 AND (post.valid_to = 0 OR post.valid_to > $1) AND person.state = 'active'
ORDER BY organisation.place DESC, post.id LIMIT 200;

-- name: person_demo_one :one  id:int64
SELECT id, shown_name FROM person WHERE id = $1 AND state = 'active';

-- name: person_demo_residents :many  state:text limit:int64
-- across communities: for the page of the demo world.
SELECT person.id, person.shown_name, person.mode, person.party_badge, residence.community, building.name AS building_name, dwelling.room,
       estate.name AS estate_name
FROM residence JOIN person ON person.id = residence.person
JOIN estate ON estate.community = residence.community AND estate.id = residence.estate
JOIN building ON building.community = residence.community AND building.id = residence.building
JOIN dwelling ON dwelling.community = residence.community AND dwelling.id = residence.dwelling
JOIN (SELECT community, COUNT(*) AS n FROM residence GROUP BY community ORDER BY n DESC, community LIMIT 8) AS size
  ON size.community = residence.community
WHERE residence.state = $1 AND person.state = 'active'
ORDER BY size.n DESC, residence.community, person.mode DESC, residence.id LIMIT $2;

-- name: person_demo_guests :many  limit:int64
-- For the page of the demo world: accounts that have not joined anywhere and have no post.
SELECT person.id, person.shown_name FROM person
WHERE person.state = 'active' AND NOT EXISTS (SELECT 1 FROM person_residence WHERE person_residence.person = person.id)
  AND NOT EXISTS (SELECT 1 FROM post WHERE post.person = person.id) ORDER BY person.id LIMIT $1;

-- name: person_any :one
-- Is there an account at all? An empty installation asks for its first administrator.
SELECT CAST(COUNT(*) AS BIGINT) AS total FROM (SELECT id FROM person LIMIT 1) AS one;

-- name: post_put :exec  id:int64 person:int64 organisation:int64 role:text title:text valid_from:int64
INSERT INTO post (id, person, organisation, role, title, valid_from, valid_to) VALUES ($1, $2, $3, $4, $5, $6, 0);

-- name: post_get :one  id:int64
SELECT post.id, post.person, post.organisation, post.role, post.title, post.valid_from, post.valid_to, organisation.place
FROM post JOIN organisation ON organisation.id = post.organisation WHERE post.id = $1;

-- name: post_of_person :many  person:int64
-- Ended ones too.
SELECT post.id, post.organisation, post.role, post.title, post.valid_from, post.valid_to, organisation.name, organisation.place
FROM post JOIN organisation ON organisation.id = post.organisation WHERE post.person = $1 ORDER BY post.id;

-- name: post_page :many  after:int64 limit:int64
-- Everybody with a post or a login, for operators.
SELECT person.id, person.shown_name, person.state FROM person
WHERE person.id > $1 AND (EXISTS (SELECT 1 FROM person_login WHERE person_login.person = person.id)
   OR EXISTS (SELECT 1 FROM post WHERE post.person = person.id)) ORDER BY person.id LIMIT $2;

-- name: post_end :count  id:int64 at:int64
UPDATE post SET valid_to = $2 WHERE id = $1 AND valid_to = 0;

-- name: post_of_organisation :many  organisation:int64 now:int64
SELECT post.id, post.person, post.role, post.title, post.valid_from, person.shown_name, person.party_badge
FROM post JOIN person ON person.id = post.person
WHERE post.organisation = $1 AND post.valid_from <= $2 AND (post.valid_to = 0 OR post.valid_to > $2)
  AND person.state = 'active'
ORDER BY post.id;

-- name: post_people :many  organisation:int64 now:int64
-- Whom to tell: somebody with two posts in it stands there twice.
SELECT post.person FROM post JOIN person ON person.id = post.person
WHERE post.organisation = $1 AND post.valid_from <= $2 AND (post.valid_to = 0 OR post.valid_to > $2)
  AND person.state = 'active'
ORDER BY post.id;

-- name: person_posts_at :many  place:int64 now:int64
SELECT post.person, post.role FROM organisation JOIN post ON post.organisation = organisation.id JOIN person ON person.id = post.person
WHERE organisation.place = $1 AND post.valid_from <= $2 AND (post.valid_to = 0 OR post.valid_to > $2) AND person.state = 'active' ORDER BY post.id;

-- name: person_label_resident :one  person:int64 community:int64
SELECT person.shown_name, person.party_badge, person.state, building.name AS building_name
FROM person
LEFT JOIN person_residence ON person_residence.person = person.id AND person_residence.community = $2
LEFT JOIN residence ON residence.community = $2 AND residence.id = person_residence.residence AND residence.state = 'verified'
LEFT JOIN building ON building.community = residence.community AND building.id = residence.building
WHERE person.id = $1
ORDER BY building.name DESC LIMIT 1;

-- ---- one-time codes and failed sign-ins -------------------------------------------------------------------

-- name: sms_code_get :one  phone_hash:bytes purpose:text
SELECT code_hash, sent_at, expires_at, tries, day, sent_on_day FROM sms_code WHERE phone_hash = $1 AND purpose = $2;

-- name: sms_code_put :exec  phone_hash:bytes purpose:text code_hash:bytes sent_at:int64 expires_at:int64 day:int64 sent_on_day:int64
INSERT INTO sms_code (phone_hash, purpose, code_hash, sent_at, expires_at, tries, day, sent_on_day)
VALUES ($1, $2, $3, $4, $5, 0, $6, $7)
ON CONFLICT (phone_hash, purpose) DO UPDATE SET code_hash = excluded.code_hash, sent_at = excluded.sent_at,
    expires_at = excluded.expires_at, tries = 0, day = excluded.day, sent_on_day = excluded.sent_on_day;

-- name: sms_code_try :one  phone_hash:bytes purpose:text
-- Counts a try and takes the row: tries side by side are counted one after the other.
UPDATE sms_code SET tries = tries + 1 WHERE phone_hash = $1 AND purpose = $2 RETURNING code_hash, expires_at, tries;

-- name: sms_code_use :exec  phone_hash:bytes purpose:text
-- A code works once.
UPDATE sms_code SET expires_at = 0 WHERE phone_hash = $1 AND purpose = $2;

-- name: sign_in_failure_get :one  subject_hash:bytes
SELECT failures, last_at FROM sign_in_failure WHERE subject_hash = $1;

-- name: sign_in_failure_put :exec  subject_hash:bytes last_at:int64 forget_before:int64
-- Failures of long ago are forgotten: the count begins anew.
INSERT INTO sign_in_failure (subject_hash, failures, last_at) VALUES ($1, 1, $2)
ON CONFLICT (subject_hash) DO UPDATE SET
    failures = CASE WHEN sign_in_failure.last_at < $3 THEN 1 ELSE sign_in_failure.failures + 1 END,
    last_at = excluded.last_at;

-- name: sign_in_failure_purge :exec  before:int64
-- across communities: a job clears what is old, everywhere.
DELETE FROM sign_in_failure WHERE last_at < $1;

-- name: sms_code_purge :exec  before:int64
-- across communities: a job clears what is old, everywhere.
DELETE FROM sms_code WHERE sent_at < $1;

-- name: sign_in_failure_drop :exec  subject_hash:bytes
DELETE FROM sign_in_failure WHERE subject_hash = $1;

-- name: recovery_code_put :exec  person:int64 code_hash:bytes
INSERT INTO recovery_code (person, code_hash, used_at) VALUES ($1, $2, 0);

-- name: recovery_code_use :count  person:int64 code_hash:bytes at:int64
UPDATE recovery_code SET used_at = $3 WHERE person = $1 AND code_hash = $2 AND used_at = 0;

-- name: recovery_code_left :one  person:int64
SELECT CAST(COUNT(*) AS BIGINT) AS n FROM recovery_code WHERE person = $1 AND used_at = 0;

-- name: recovery_code_drop :exec  person:int64
DELETE FROM recovery_code WHERE person = $1;

-- ---- residences ----------------------------------------------------------------------------------------------

-- name: residence_put :exec  community:int64 id:int64 person:int64 estate:int64 building:int64 dwelling:int64 relation:text state:text asked_at:int64 decided_at:int64 decided_by:int64
INSERT INTO residence (community, id, person, estate, building, dwelling, relation, state, reason, asked_at, decided_at, decided_by, ended_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '', $9, $10, $11, 0);

-- name: person_residence_put :exec  person:int64 community:int64 residence:int64
INSERT INTO person_residence (person, community, residence) VALUES ($1, $2, $3);

-- name: residence_get :one  community:int64 id:int64
SELECT residence.id, residence.person, residence.estate, residence.building, residence.dwelling, residence.relation,
       residence.state, residence.reason, residence.asked_at, residence.decided_at, residence.decided_by,
       residence.ended_at, building.name AS building_name, dwelling.room, estate.name AS estate_name
FROM residence
JOIN estate ON estate.community = residence.community AND estate.id = residence.estate
JOIN building ON building.community = residence.community AND building.id = residence.building
JOIN dwelling ON dwelling.community = residence.community AND dwelling.id = residence.dwelling
WHERE residence.community = $1 AND residence.id = $2;

-- name: residence_of_person :many  person:int64
-- across communities: a person's own, all states, newest last.
SELECT residence.community, residence.id, residence.estate, residence.building, residence.dwelling, residence.relation,
       residence.state, residence.reason, residence.asked_at, residence.decided_at, building.name AS building_name,
       dwelling.room, estate.name AS estate_name
FROM person_residence
JOIN residence ON residence.community = person_residence.community AND residence.id = person_residence.residence
JOIN estate ON estate.community = residence.community AND estate.id = residence.estate
JOIN building ON building.community = residence.community AND building.id = residence.building
JOIN dwelling ON dwelling.community = residence.community AND dwelling.id = residence.dwelling
WHERE person_residence.person = $1 ORDER BY residence.id;

-- name: residence_queue :many  community:int64 state:text after:int64 limit:int64
-- The committee's list of who waits, the longest first.
SELECT residence.id, residence.person, residence.dwelling, residence.relation, residence.asked_at, residence.reason,
       residence.decided_at, building.name AS building_name, dwelling.room, estate.name AS estate_name, person.shown_name,
       person.name_sealed, person.document_kind
FROM residence
JOIN estate ON estate.community = residence.community AND estate.id = residence.estate
JOIN building ON building.community = residence.community AND building.id = residence.building
JOIN dwelling ON dwelling.community = residence.community AND dwelling.id = residence.dwelling
JOIN person ON person.id = residence.person
WHERE residence.community = $1 AND residence.state = $2 AND residence.id > $3 ORDER BY residence.id LIMIT $4;

-- name: residence_count :one  community:int64 state:text
SELECT CAST(COUNT(*) AS BIGINT) AS total FROM residence WHERE community = $1 AND state = $2;

-- name: residence_decide :count  community:int64 id:int64 state:text reason:text at:int64 by:int64
UPDATE residence SET state = $3, reason = $4, decided_at = $5, decided_by = $6
WHERE community = $1 AND id = $2 AND state = 'waiting';

-- name: residence_end :count  community:int64 id:int64 at:int64
UPDATE residence SET state = 'ended', ended_at = $3
WHERE community = $1 AND id = $2 AND state IN ('waiting', 'verified', 'refused');

-- name: residence_of_dwelling :many  community:int64 building:int64 room_key:text
-- Who lives in a room, for staff who look for somebody.
SELECT residence.id, residence.person, residence.relation, residence.state, residence.decided_at, person.shown_name,
       building.name AS building_name, dwelling.room, estate.name AS estate_name
FROM dwelling JOIN residence ON residence.community = dwelling.community AND residence.dwelling = dwelling.id
JOIN person ON person.id = residence.person
JOIN building ON building.community = dwelling.community AND building.id = dwelling.building
JOIN estate ON estate.community = dwelling.community AND estate.id = dwelling.estate
WHERE dwelling.community = $1 AND dwelling.building = $2 AND ($3 = '' OR dwelling.room_key = $3)
  AND residence.state IN ('waiting', 'verified') ORDER BY dwelling.room, residence.id LIMIT 500;

-- name: residents_found :many  community:int64 name_a:text key_a:text name_b:text key_b:text name_c:text key_c:text limit:int64
-- Verified residents by up to three words: each is in the shown name, or is the building, the room, or both. For the committee's own staff.
SELECT residence.id, person.shown_name, building.name AS building_name, dwelling.room, estate.name AS estate_name
FROM residence
JOIN person ON person.id = residence.person
JOIN building ON building.community = residence.community AND building.id = residence.building
JOIN dwelling ON dwelling.community = residence.community AND dwelling.id = residence.dwelling
JOIN estate ON estate.community = residence.community AND estate.id = residence.estate
WHERE residence.community = $1 AND residence.state = 'verified'
  AND (LOWER(person.shown_name) LIKE $2 ESCAPE '!' OR $3 IN (building.name_key, dwelling.room_key, LOWER(building.name) || dwelling.room_key, building.name_key || '-' || dwelling.room_key))
  AND (LOWER(person.shown_name) LIKE $4 ESCAPE '!' OR $5 IN (building.name_key, dwelling.room_key, LOWER(building.name) || dwelling.room_key, building.name_key || '-' || dwelling.room_key))
  AND (LOWER(person.shown_name) LIKE $6 ESCAPE '!' OR $7 IN (building.name_key, dwelling.room_key, LOWER(building.name) || dwelling.room_key, building.name_key || '-' || dwelling.room_key))
ORDER BY residence.id LIMIT $8;

-- name: residence_decided :many  community:int64 state:text since:int64 limit:int64
-- What the committee has decided lately, newest first.
SELECT residence.id, residence.person, residence.relation, residence.reason, residence.decided_at, residence.decided_by,
       building.name AS building_name, dwelling.room, estate.name AS estate_name, person.shown_name
FROM residence JOIN estate ON estate.community = residence.community AND estate.id = residence.estate
JOIN building ON building.community = residence.community AND building.id = residence.building
JOIN dwelling ON dwelling.community = residence.community AND dwelling.id = residence.dwelling
JOIN person ON person.id = residence.person
WHERE residence.community = $1 AND residence.state = $2 AND residence.decided_at >= $3 ORDER BY residence.id DESC LIMIT $4;

-- name: residence_members :many  community:int64 dwelling:int64
-- The household: who lives in a dwelling, and who says so and waits.
SELECT residence.id, residence.person, residence.relation, residence.state, residence.asked_at, person.shown_name,
       person.party_badge
FROM residence JOIN person ON person.id = residence.person
WHERE residence.community = $1 AND residence.dwelling = $2 AND residence.state IN ('waiting', 'verified')
ORDER BY residence.id;

-- name: residence_households :one  from_place:int64 to_place:int64
-- across communities: bound households of any level, for coverage.
SELECT CAST(COUNT(*) AS BIGINT) AS total FROM
    (SELECT DISTINCT community, dwelling FROM residence WHERE community BETWEEN $1 AND $2 AND state = 'verified') AS bound;

-- name: residence_people :one  from_place:int64 to_place:int64
-- across communities: verified residents of any level.
SELECT CAST(COUNT(*) AS BIGINT) AS total FROM residence WHERE community BETWEEN $1 AND $2 AND state = 'verified';

-- ---- the committee's roster --------------------------------------------------------------------------------------

-- name: roster_put :exec  community:int64 id:int64 dwelling:int64 name_hash:bytes document_hash:bytes phone_hash:bytes name_sealed:bytes relation:text at:int64
INSERT INTO roster_entry (community, id, dwelling, name_hash, document_hash, phone_hash, name_sealed, relation, imported_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- name: roster_match :one  community:int64 dwelling:int64 name_hash:bytes document_hash:bytes phone_hash:bytes
-- Known: the name fits, and the document or the phone. An empty hash in the list matches nothing.
SELECT id, relation FROM roster_entry
WHERE community = $1 AND dwelling = $2 AND name_hash = $3
  AND ((LENGTH(document_hash) > 0 AND document_hash = $4)
    OR (LENGTH(document_hash) = 0 AND LENGTH(phone_hash) > 0 AND phone_hash = $5))
LIMIT 1;

-- name: roster_find :one  community:int64 dwelling:int64 name_hash:bytes
SELECT id FROM roster_entry WHERE community = $1 AND dwelling = $2 AND name_hash = $3 LIMIT 1;

-- name: roster_of_dwelling :many  community:int64 dwelling:int64
SELECT id, name_hash, document_hash, phone_hash, name_sealed, relation FROM roster_entry
WHERE community = $1 AND dwelling = $2 ORDER BY id LIMIT 50;

-- name: roster_update :exec  community:int64 id:int64 document_hash:bytes phone_hash:bytes relation:text at:int64
UPDATE roster_entry SET document_hash = $3, phone_hash = $4, relation = $5, imported_at = $6 WHERE community = $1 AND id = $2;

-- name: roster_page :many  community:int64 after:int64 limit:int64
SELECT roster_entry.id, roster_entry.dwelling, roster_entry.name_sealed, roster_entry.relation, roster_entry.imported_at,
       building.name AS building_name, dwelling.room, estate.name AS estate_name
FROM roster_entry
JOIN dwelling ON dwelling.community = roster_entry.community AND dwelling.id = roster_entry.dwelling
JOIN building ON building.community = dwelling.community AND building.id = dwelling.building
JOIN estate ON estate.community = dwelling.community AND estate.id = dwelling.estate
WHERE roster_entry.community = $1 AND roster_entry.id > $2 ORDER BY roster_entry.id LIMIT $3;

-- name: roster_count :one  community:int64
SELECT CAST(COUNT(*) AS BIGINT) AS total FROM roster_entry WHERE community = $1;

-- ---- consent -------------------------------------------------------------------------------------------------------

-- name: consent_put :exec  person:int64 id:int64 kind:text version:text at:int64
INSERT INTO consent (person, id, kind, version, given_at, withdrawn_at) VALUES ($1, $2, $3, $4, $5, 0);

-- name: consent_withdraw :count  person:int64 kind:text at:int64
UPDATE consent SET withdrawn_at = $3 WHERE person = $1 AND kind = $2 AND withdrawn_at = 0;

-- name: consent_of :many  person:int64
SELECT id, kind, version, given_at, withdrawn_at FROM consent WHERE person = $1 ORDER BY id;

-- ---- corrections ---------------------------------------------------------------------------------------------------

-- name: correction_put :exec  community:int64 id:int64 person:int64 words:bytes at:int64
INSERT INTO correction (community, id, person, words, state, answer, asked_at, decided_at, decided_by)
VALUES ($1, $2, $3, $4, 'waiting', '', $5, 0, 0);

-- name: person_correction_put :exec  person:int64 community:int64 correction:int64
INSERT INTO person_correction (person, community, correction) VALUES ($1, $2, $3);

-- name: correction_of_person :many  person:int64
-- across communities: the person's own.
SELECT correction.community, correction.id, correction.words, correction.state, correction.answer, correction.asked_at,
       correction.decided_at
FROM person_correction
JOIN correction ON correction.community = person_correction.community AND correction.id = person_correction.correction
WHERE person_correction.person = $1 ORDER BY correction.id DESC LIMIT 20;

-- name: correction_queue :many  community:int64 after:int64 limit:int64
SELECT correction.id, correction.person, correction.words, correction.asked_at, person.shown_name
FROM correction JOIN person ON person.id = correction.person
WHERE correction.community = $1 AND correction.state = 'waiting' AND correction.id > $2 ORDER BY correction.id LIMIT $3;

-- name: correction_get :one  community:int64 id:int64
SELECT id, person, words, state, asked_at FROM correction WHERE community = $1 AND id = $2;

-- name: correction_count :one  community:int64
SELECT CAST(COUNT(*) AS BIGINT) AS total FROM correction WHERE community = $1 AND state = 'waiting';

-- name: correction_decide :count  community:int64 id:int64 state:text answer:text at:int64 by:int64
UPDATE correction SET state = $3, answer = $4, decided_at = $5, decided_by = $6
WHERE community = $1 AND id = $2 AND state = 'waiting';

-- name: correction_forget :exec  community:int64 person:int64
UPDATE correction SET words = '', state = CASE WHEN state = 'waiting' THEN 'declined' ELSE state END
WHERE community = $1 AND person = $2;
