-- Providers, times, accounts, ratings and what is between a household and its doctor, when they go to another community; see move.c. Ids stay.
--
-- A row is copied and its first one removed: the community says on which machine a row lies, so it is never changed in place.

-- name: provider_row_move :exec  from_community:int64 to_community:int64 entry:int64
-- across communities: from the old one to the new one.
INSERT INTO provider (community, entry, board, sort, organisation, offers, people, phone, address, hours, on_holidays, shut_from, shut_to, changed_at)
SELECT CAST($2 AS BIGINT), entry, board, sort, organisation, offers, people, phone, address, hours, on_holidays, shut_from, shut_to, changed_at
FROM provider WHERE community = $1 AND entry = $3;

-- name: provider_row_moved :exec  from_community:int64 entry:int64
DELETE FROM provider WHERE community = $1 AND entry = $2;

-- name: provider_slots_move :exec  from_community:int64 to_community:int64 provider:int64
-- across communities: from the old one to the new one.
INSERT INTO slot (community, id, provider, title, starts_at, ends_at, capacity, taken, waiting, numbers, cancel_until, state, reason, created_by, created_at)
SELECT CAST($2 AS BIGINT), id, provider, title, starts_at, ends_at, capacity, taken, waiting, numbers, cancel_until, state, reason, created_by, created_at
FROM slot WHERE community = $1 AND provider = $3;

-- name: provider_slots_moved :exec  from_community:int64 provider:int64
DELETE FROM slot WHERE community = $1 AND provider = $2;

-- name: provider_bookings_move :exec  from_community:int64 to_community:int64 provider:int64
-- across communities: from the old one to the new one.
INSERT INTO booking (community, id, slot, provider, person, home, number, note, state, hours_line, created_at, changed_at, reminded_at)
SELECT CAST($2 AS BIGINT), id, slot, provider, person, home, number, note, state, hours_line, created_at, changed_at, reminded_at
FROM booking WHERE community = $1 AND provider = $3;

-- name: provider_bookings_moved :exec  from_community:int64 provider:int64
DELETE FROM booking WHERE community = $1 AND provider = $2;

-- name: property_account_row_move :exec  from_community:int64 to_community:int64 entry:int64
-- across communities: from the old one to the new one.
INSERT INTO property_account (community, entry, organisation, kind, period, due_on, published_at, opening, came, spent, recalled, origin)
SELECT CAST($2 AS BIGINT), entry, organisation, kind, period, due_on, published_at, opening, came, spent, recalled, origin
FROM property_account WHERE community = $1 AND entry = $3;

-- name: property_account_row_moved :exec  from_community:int64 entry:int64
DELETE FROM property_account WHERE community = $1 AND entry = $2;

-- name: property_lines_move :exec  from_community:int64 to_community:int64 entry:int64
-- across communities: from the old one to the new one.
INSERT INTO property_line (community, entry, n, spent, what, amount)
SELECT CAST($2 AS BIGINT), entry, n, spent, what, amount
FROM property_line WHERE community = $1 AND entry = $3;

-- name: property_lines_moved :exec  from_community:int64 entry:int64
DELETE FROM property_line WHERE community = $1 AND entry = $2;

-- name: property_ratings_move :exec  from_community:int64 to_community:int64 estate:int64
-- across communities: from the old one to the new one.
INSERT INTO property_rating (community, organisation, year, dwelling, person, stars, at)
SELECT CAST($2 AS BIGINT), p.organisation, p.year, p.dwelling, p.person, p.stars, p.at
FROM property_rating p JOIN dwelling d ON d.community = p.community AND d.id = p.dwelling WHERE p.community = $1 AND d.estate = $3;

-- name: property_ratings_moved :exec  from_community:int64 estate:int64
DELETE FROM property_rating
WHERE community = $1 AND dwelling IN (SELECT d.id FROM dwelling d WHERE d.community = $1 AND d.estate = $2);

-- name: doctor_signs_of_estate :many  community:int64 estate:int64
SELECT s.id FROM doctor_sign s JOIN dwelling d ON d.community = s.community AND d.id = s.dwelling WHERE s.community = $1 AND d.estate = $2 ORDER BY s.id;

-- name: doctor_questions_of_sign :many  community:int64 sign:int64
SELECT id FROM doctor_question WHERE community = $1 AND sign = $2 ORDER BY id;

-- name: doctor_sign_row_move :exec  from_community:int64 to_community:int64 id:int64
-- across communities: from the old one to the new one.
INSERT INTO doctor_sign (community, id, provider, organisation, dwelling, person, state, consent_version, requested_at, decided_at, ended_at)
SELECT CAST($2 AS BIGINT), id, provider, organisation, dwelling, person, state, consent_version, requested_at, decided_at, ended_at
FROM doctor_sign WHERE community = $1 AND id = $3;

-- name: doctor_sign_row_moved :exec  from_community:int64 id:int64
DELETE FROM doctor_sign WHERE community = $1 AND id = $2;

-- name: doctor_question_row_move :exec  from_community:int64 to_community:int64 id:int64
-- across communities: from the old one to the new one.
INSERT INTO doctor_question (community, id, sign, organisation, dwelling, person, state, asked_at, due_at, answered_at, late, changed_at)
SELECT CAST($2 AS BIGINT), id, sign, organisation, dwelling, person, state, asked_at, due_at, answered_at, late, changed_at
FROM doctor_question WHERE community = $1 AND id = $3;

-- name: doctor_question_row_moved :exec  from_community:int64 id:int64
DELETE FROM doctor_question WHERE community = $1 AND id = $2;

-- name: doctor_messages_of_move :exec  from_community:int64 to_community:int64 question:int64
-- across communities: from the old one to the new one.
INSERT INTO doctor_message (community, id, question, person, organisation, body, at)
SELECT CAST($2 AS BIGINT), id, question, person, organisation, body, at
FROM doctor_message WHERE community = $1 AND question = $3;

-- name: doctor_messages_of_moved :exec  from_community:int64 question:int64
DELETE FROM doctor_message WHERE community = $1 AND question = $2;

-- name: doctor_signs_all :many  community:int64
SELECT id FROM doctor_sign WHERE community = $1 ORDER BY id;

-- name: doctor_providers_missed :many  community:int64
-- Doctors' pages that households here are signed up with, and that are not here.
SELECT DISTINCT s.provider, s.organisation FROM doctor_sign s
WHERE s.community = $1 AND NOT EXISTS (SELECT 1 FROM provider p WHERE p.community = $1 AND p.entry = s.provider) ORDER BY s.provider;

-- name: provider_same :one  community:int64 board:int64 organisation:int64 title:text
SELECT p.entry FROM provider p JOIN entry e ON e.community = p.community AND e.id = p.entry
WHERE p.community = $1 AND p.board = $2 AND p.organisation = $3 AND e.title = $4 AND e.listed = 1 ORDER BY p.entry LIMIT 1;

-- name: doctor_signs_with :exec  community:int64 provider:int64 new_provider:int64
UPDATE doctor_sign SET provider = $3 WHERE community = $1 AND provider = $2;

-- name: provider_copy_entry :exec  from_community:int64 to_community:int64 entry:int64 new_entry:int64 at:int64
-- across communities: from the old one to the new one. As it is now, without what others added.
INSERT INTO entry (community, id, board, kind, author, organisation, author_from, dwelling, title, body, version, audience, state, listed, pinned,
                   created_at, published_at, ends_at, comments, thumbs, photos, hidden, hidden_reason, changed_at, would_list)
SELECT CAST($2 AS BIGINT), CAST($4 AS BIGINT), board, kind, author, organisation, author_from, dwelling, title, body, 1, '', state, listed, 0,
       CAST($5 AS BIGINT), CAST($5 AS BIGINT), ends_at, 0, 0, 0, hidden, hidden_reason, CAST($5 AS BIGINT), would_list
FROM entry WHERE community = $1 AND id = $3;

-- name: provider_copy_version :exec  community:int64 entry:int64 at:int64
INSERT INTO entry_version (community, entry, version, title, body, person, at)
SELECT community, id, 1, title, body, author, CAST($3 AS BIGINT) FROM entry WHERE community = $1 AND id = $2;

-- name: provider_copy_row :exec  from_community:int64 to_community:int64 entry:int64 new_entry:int64 at:int64
-- across communities: from the old one to the new one.
INSERT INTO provider (community, entry, board, sort, organisation, offers, people, phone, address, hours, on_holidays, shut_from, shut_to, changed_at)
SELECT CAST($2 AS BIGINT), CAST($4 AS BIGINT), board, sort, organisation, offers, people, phone, address, hours, on_holidays, shut_from, shut_to,
       CAST($5 AS BIGINT)
FROM provider WHERE community = $1 AND entry = $3;
