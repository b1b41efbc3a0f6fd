-- ---- who offers something -----------------------------------------------------------------------------------------

-- name: provider_put :exec  community:int64 entry:int64 board:int64 sort:text organisation:int64 offers:text people:text phone:text address:text
--   hours:text on_holidays:bool shut_from:int64 shut_to:int64 at:int64
INSERT INTO provider (community, entry, board, sort, organisation, offers, people, phone, address, hours, on_holidays, shut_from, shut_to, changed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14);

-- name: provider_get :one  community:int64 entry:int64
SELECT community, entry, board, sort, organisation, offers, people, phone, address, hours, on_holidays, shut_from, shut_to, changed_at
FROM provider WHERE community = $1 AND entry = $2;

-- name: provider_set :exec  community:int64 entry:int64 offers:text people:text phone:text address:text hours:text on_holidays:bool shut_from:int64
--   shut_to:int64 at:int64
UPDATE provider SET offers = $3, people = $4, phone = $5, address = $6, hours = $7, on_holidays = $8, shut_from = $9, shut_to = $10, changed_at = $11
WHERE community = $1 AND entry = $2;

-- ---- times ----------------------------------------------------------------------------------------------------------

-- name: slot_put :exec  community:int64 id:int64 provider:int64 title:text starts_at:int64 ends_at:int64 capacity:int64 cancel_until:int64
--   person:int64 at:int64
INSERT INTO slot (community, id, provider, title, starts_at, ends_at, capacity, taken, waiting, numbers, cancel_until, state, reason, created_by, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0, 0, $8, 'open', '', $9, $10);

-- name: slot_get :one  community:int64 id:int64
SELECT id, provider, title, starts_at, ends_at, capacity, taken, waiting, numbers, cancel_until, state, reason FROM slot WHERE community = $1 AND id = $2;

-- name: slot_hold :one  community:int64 id:int64
-- Everything that changes who has a place takes the row first: two at the same moment come one after the other. The number that it gives out is the order.
UPDATE slot SET numbers = numbers + 1 WHERE community = $1 AND id = $2
RETURNING id, provider, title, starts_at, ends_at, capacity, taken, waiting, numbers, cancel_until, state, reason;

-- name: slot_count :exec  community:int64 id:int64 taken:int64 waiting:int64
UPDATE slot SET taken = taken + $3, waiting = waiting + $4 WHERE community = $1 AND id = $2;

-- name: slot_set_capacity :exec  community:int64 id:int64 capacity:int64
UPDATE slot SET capacity = $3 WHERE community = $1 AND id = $2;

-- name: slot_call_off :exec  community:int64 id:int64 reason:text
UPDATE slot SET state = 'called_off', reason = $3, taken = 0, waiting = 0 WHERE community = $1 AND id = $2;

-- name: slot_coming :many  community:int64 provider:int64 now:int64 limit:int64
SELECT id, title, starts_at, ends_at, capacity, taken, waiting, cancel_until, state, reason FROM slot
WHERE community = $1 AND provider = $2 AND ends_at > $3 ORDER BY starts_at, id LIMIT $4;

-- name: slot_past :many  community:int64 provider:int64 now:int64 limit:int64
-- For who marks who came.
SELECT id, title, starts_at, ends_at, capacity, taken, waiting, cancel_until, state, reason FROM slot
WHERE community = $1 AND provider = $2 AND ends_at <= $3 ORDER BY starts_at DESC, id DESC LIMIT $4;

-- name: slot_recount :many  community:int64
SELECT slot.id, slot.taken, slot.waiting, slot.capacity,
       CAST((SELECT COUNT(*) FROM booking b WHERE b.community = $1 AND b.slot = slot.id AND b.state IN ('booked', 'came', 'missed')) AS BIGINT) AS real_taken,
       CAST((SELECT COUNT(*) FROM booking b WHERE b.community = $1 AND b.slot = slot.id AND b.state = 'waiting') AS BIGINT) AS real_waiting
FROM slot WHERE slot.community = $1 ORDER BY slot.id;

-- ---- who has booked ---------------------------------------------------------------------------------------------------

-- name: booking_put :count  community:int64 id:int64 slot:int64 provider:int64 person:int64 home:int64 number:int64 note:text state:text at:int64
INSERT INTO booking (community, id, slot, provider, person, home, number, note, state, hours_line, created_at, changed_at, reminded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, $10, $10, 0) ON CONFLICT DO NOTHING;

-- name: booking_get :one  community:int64 id:int64
SELECT id, slot, provider, person, home, number, note, state, hours_line FROM booking WHERE community = $1 AND id = $2;

-- name: booking_move :count  community:int64 id:int64 from_state:text to_state:text at:int64
UPDATE booking SET state = $4, changed_at = $5 WHERE community = $1 AND id = $2 AND state = $3;

-- name: booking_first_waiting :one  community:int64 slot:int64
SELECT id, person FROM booking WHERE community = $1 AND slot = $2 AND state = 'waiting' ORDER BY number LIMIT 1;

-- name: booking_set_hours :exec  community:int64 id:int64 line:int64
UPDATE booking SET hours_line = $3 WHERE community = $1 AND id = $2;

-- name: booking_of_slot :many  community:int64 slot:int64
SELECT b.id, b.person, b.home, b.number, b.note, b.state, b.created_at, person.shown_name
FROM booking b LEFT JOIN person ON person.id = b.person WHERE b.community = $1 AND b.slot = $2 ORDER BY b.number LIMIT 500;

-- name: booking_mine :one  community:int64 slot:int64 person:int64
-- The one that counts, for the viewer.
SELECT id, state, number,
       CAST((SELECT COUNT(*) FROM booking w WHERE w.community = $1 AND w.slot = $2 AND w.state = 'waiting' AND w.number < b.number) AS BIGINT) AS before_me
FROM booking b WHERE b.community = $1 AND b.slot = $2 AND b.person = $3 ORDER BY b.id DESC LIMIT 1;

-- name: booking_of_person :many  community:int64 person:int64 before:int64 limit:int64
SELECT b.id, b.slot, b.provider, b.state, b.note, b.created_at, slot.title, slot.starts_at, slot.ends_at
FROM booking b JOIN slot ON slot.community = b.community AND slot.id = b.slot
WHERE b.community = $1 AND b.person = $2 AND b.id < $3 ORDER BY b.id DESC LIMIT $4;

-- name: booking_next :many  community:int64 person:int64 now:int64 until:int64 limit:int64
SELECT b.id, b.slot, b.provider, slot.title, slot.starts_at
FROM booking b JOIN slot ON slot.community = b.community AND slot.id = b.slot
WHERE b.community = $1 AND b.person = $2 AND b.state = 'booked' AND slot.starts_at BETWEEN $3 AND $4 ORDER BY slot.starts_at LIMIT $5;

-- name: booking_count_open :one  community:int64 person:int64 now:int64
SELECT CAST(COUNT(*) AS BIGINT) AS n
FROM booking b JOIN slot ON slot.community = b.community AND slot.id = b.slot
WHERE b.community = $1 AND b.person = $2 AND b.state IN ('waiting', 'booked') AND slot.ends_at > $3;

-- name: booking_to_remind :many  now:int64 until:int64 booked_before:int64 limit:int64
-- across communities: the job that reminds of what is near. Who has just booked needs no reminder.
SELECT b.community, b.id, b.person, b.provider, b.slot, slot.starts_at
FROM slot JOIN booking b ON b.community = slot.community AND b.slot = slot.id
WHERE slot.state = 'open' AND slot.starts_at BETWEEN $1 AND $2 AND b.state = 'booked' AND b.reminded_at = 0 AND b.created_at < $3
ORDER BY slot.starts_at LIMIT $4;

-- name: booking_set_reminded :count  community:int64 id:int64 at:int64
UPDATE booking SET reminded_at = $3 WHERE community = $1 AND id = $2 AND reminded_at = 0 AND state = 'booked';

-- ---- the property company's accounts ----------------------------------------------------------------------------------

-- name: property_account_put :count  community:int64 entry:int64 organisation:int64 kind:text period:int64 due_on:int64 at:int64 opening:int64
--   came:int64 spent:int64
INSERT INTO property_account (community, entry, organisation, kind, period, due_on, published_at, opening, came, spent, recalled, origin)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, $1) ON CONFLICT DO NOTHING;

-- name: property_account_get :one  community:int64 entry:int64
SELECT entry, organisation, kind, period, due_on, published_at, opening, came, spent, recalled FROM property_account
WHERE community = $1 AND entry = $2;

-- name: property_account_recall :count  community:int64 entry:int64
UPDATE property_account SET recalled = 1 WHERE community = $1 AND entry = $2 AND recalled = 0;

-- name: property_accounts :many  community:int64 organisation:int64 first:int64
-- origin_name: of the place for which it was published.
SELECT a.entry, a.kind, a.period, a.due_on, a.published_at, a.opening, a.came, a.spent, a.origin, place.name AS origin_name
FROM property_account a LEFT JOIN place ON place.code = a.origin
WHERE a.community = $1 AND a.organisation = $2 AND a.recalled = 0 AND a.period >= $3 ORDER BY a.kind, a.period DESC, a.entry;

-- name: property_line_put :exec  community:int64 entry:int64 n:int64 spent:bool what:text amount:int64
INSERT INTO property_line (community, entry, n, spent, what, amount) VALUES ($1, $2, $3, $4, $5, $6);

-- name: property_lines :many  community:int64 entry:int64
SELECT n, spent, what, amount FROM property_line WHERE community = $1 AND entry = $2 ORDER BY n;

-- name: property_account_recount :many  community:int64
SELECT a.entry, a.came, a.spent,
       CAST(COALESCE((SELECT SUM(l.amount) FROM property_line l WHERE l.community = $1 AND l.entry = a.entry AND l.spent = 0), 0) AS BIGINT) AS real_came,
       CAST(COALESCE((SELECT SUM(l.amount) FROM property_line l WHERE l.community = $1 AND l.entry = a.entry AND l.spent = 1), 0) AS BIGINT) AS real_spent
FROM property_account a WHERE a.community = $1 ORDER BY a.entry;

-- ---- the yearly rating ---------------------------------------------------------------------------------------------------

-- name: property_rating_put :exec  community:int64 organisation:int64 year:int64 dwelling:int64 person:int64 stars:int64 at:int64
INSERT INTO property_rating (community, organisation, year, dwelling, person, stars, at) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (community, organisation, year, dwelling) DO UPDATE SET person = excluded.person, stars = excluded.stars, at = excluded.at;

-- name: property_rating_of :one  community:int64 organisation:int64 year:int64 dwelling:int64
SELECT stars FROM property_rating WHERE community = $1 AND organisation = $2 AND year = $3 AND dwelling = $4;

-- name: property_ratings :many  community:int64 organisation:int64 before:int64
-- Of years that are over.
SELECT year, stars, CAST(COUNT(*) AS BIGINT) AS n FROM property_rating
WHERE community = $1 AND organisation = $2 AND year < $3 GROUP BY year, stars ORDER BY year DESC, stars DESC LIMIT 100;

-- ---- the family doctor ---------------------------------------------------------------------------------------------------

-- name: doctor_sign_put :count  community:int64 id:int64 provider:int64 organisation:int64 dwelling:int64 person:int64 consent_version:text at:int64
INSERT INTO doctor_sign (community, id, provider, organisation, dwelling, person, state, consent_version, requested_at, decided_at, ended_at)
VALUES ($1, $2, $3, $4, $5, $6, 'requested', $7, $8, 0, 0) ON CONFLICT DO NOTHING;

-- name: doctor_sign_get :one  community:int64 id:int64
SELECT id, provider, organisation, dwelling, person, state, requested_at, decided_at, ended_at FROM doctor_sign WHERE community = $1 AND id = $2;

-- name: doctor_sign_open :one  community:int64 dwelling:int64
SELECT id, provider, organisation, dwelling, person, state, requested_at, decided_at, ended_at FROM doctor_sign
WHERE community = $1 AND dwelling = $2 AND state IN ('requested', 'confirmed');

-- name: doctor_sign_move :count  community:int64 id:int64 from_state:text to_state:text decided_at:int64 ended_at:int64
UPDATE doctor_sign SET state = $4, decided_at = CASE WHEN $5 > 0 THEN $5 ELSE decided_at END, ended_at = $6
WHERE community = $1 AND id = $2 AND state = $3;

-- name: doctor_sign_team :many  community:int64 organisation:int64 state:text before:int64 limit:int64
SELECT id, provider, dwelling, person, state, requested_at, decided_at FROM doctor_sign
WHERE community = $1 AND organisation = $2 AND state = $3 AND id < $4 ORDER BY id DESC LIMIT $5;

-- name: doctor_question_put :exec  community:int64 id:int64 sign:int64 organisation:int64 dwelling:int64 person:int64 at:int64 due_at:int64
INSERT INTO doctor_question (community, id, sign, organisation, dwelling, person, state, asked_at, due_at, answered_at, late, changed_at)
VALUES ($1, $2, $3, $4, $5, $6, 'open', $7, $8, 0, 0, $7);

-- name: doctor_question_get :one  community:int64 id:int64
SELECT id, sign, organisation, dwelling, person, state, asked_at, due_at, answered_at, late FROM doctor_question WHERE community = $1 AND id = $2;

-- name: doctor_question_move :count  community:int64 id:int64 from_state:text to_state:text at:int64 answered_at:int64
UPDATE doctor_question SET state = $4, changed_at = $5, answered_at = CASE WHEN answered_at = 0 THEN $6 ELSE answered_at END
WHERE community = $1 AND id = $2 AND state = $3;

-- name: doctor_question_set_late :count  community:int64 id:int64
UPDATE doctor_question SET late = 1 WHERE community = $1 AND id = $2 AND late = 0 AND answered_at = 0 AND state = 'open';

-- name: doctor_questions_of :many  community:int64 sign:int64 limit:int64
SELECT id, person, state, asked_at, due_at, answered_at, late FROM doctor_question WHERE community = $1 AND sign = $2 ORDER BY id DESC LIMIT $3;

-- name: doctor_questions_team :many  community:int64 organisation:int64 limit:int64
-- Of households that are still with the team, the longest waiting first.
SELECT q.id, q.sign, q.person, q.state, q.asked_at, q.due_at, q.late FROM doctor_question q
JOIN doctor_sign s ON s.community = q.community AND s.id = q.sign
WHERE q.community = $1 AND q.organisation = $2 AND q.state = 'open' AND s.state = 'confirmed' ORDER BY q.id LIMIT $3;

-- name: doctor_message_put :exec  community:int64 id:int64 question:int64 person:int64 organisation:int64 body:bytes at:int64
INSERT INTO doctor_message (community, id, question, person, organisation, body, at) VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: doctor_messages :many  community:int64 question:int64 limit:int64
SELECT m.id, m.person, m.organisation, m.body, m.at, person.shown_name FROM doctor_message m LEFT JOIN person ON person.id = m.person
WHERE m.community = $1 AND m.question = $2 ORDER BY m.id LIMIT $3;

-- name: doctor_messages_left_by :many  community:int64 person:int64 limit:int64
SELECT id, question, body, at FROM doctor_message WHERE community = $1 AND person = $2 ORDER BY id DESC LIMIT $3;

-- ---- the desk of who offers something --------------------------------------------------------------------------------------

-- name: service_desk_counts :one  organisation:int64 now:int64
-- across communities: the numbers of an organisation's own lists, over the communities that it serves.
SELECT CAST((SELECT COUNT(*) FROM doctor_sign s WHERE s.organisation = $1 AND s.state = 'requested') AS BIGINT) AS requests,
       CAST((SELECT COUNT(*) FROM doctor_question q JOIN doctor_sign s ON s.community = q.community AND s.id = q.sign
             WHERE q.organisation = $1 AND q.state = 'open' AND s.state = 'confirmed') AS BIGINT) AS questions,
       CAST((SELECT COUNT(*) FROM doctor_question q JOIN doctor_sign s ON s.community = q.community AND s.id = q.sign
             WHERE q.organisation = $1 AND q.state = 'open' AND s.state = 'confirmed' AND q.due_at < $2) AS BIGINT) AS late;

-- name: service_desk_questions :many  organisation:int64 limit:int64
-- across communities: as service_desk_counts. What is due first stands first.
SELECT q.id, q.community, q.person, q.due_at, q.late, board.word FROM doctor_question q
JOIN doctor_sign s ON s.community = q.community AND s.id = q.sign
JOIN provider p ON p.community = s.community AND p.entry = s.provider JOIN board ON board.id = p.board
WHERE q.organisation = $1 AND q.state = 'open' AND s.state = 'confirmed' ORDER BY q.due_at, q.id LIMIT $2;

-- name: service_desk_requests :many  organisation:int64 limit:int64
-- across communities: as service_desk_counts. Who has waited longest stands first.
SELECT s.id, s.community, s.person, s.requested_at, board.word FROM doctor_sign s
JOIN provider p ON p.community = s.community AND p.entry = s.provider JOIN board ON board.id = p.board
WHERE s.organisation = $1 AND s.state = 'requested' ORDER BY s.id LIMIT $2;

-- name: service_desk_slots :many  organisation:int64 place:int64 from_at:int64 to_at:int64 limit:int64
-- across communities: the times of a day of an organisation's own pages. place: of whoever also keeps the pages of shops and people there; 0: nobody.
SELECT slot.id, slot.community, slot.title, slot.starts_at, slot.ends_at, slot.capacity, slot.taken, slot.waiting, e.title AS provider_title, board.word
FROM provider p JOIN slot ON slot.community = p.community AND slot.provider = p.entry JOIN entry e ON e.community = p.community AND e.id = p.entry
JOIN board ON board.id = p.board
WHERE (p.organisation = $1 OR (p.organisation = 0 AND p.community = $2)) AND slot.state = 'open' AND slot.starts_at >= $3 AND slot.starts_at < $4
ORDER BY slot.starts_at, slot.id LIMIT $5;

-- name: service_desk_pages :one  organisation:int64 place:int64
-- across communities: whether there is anything to be booked or asked with this post.
SELECT CAST(COUNT(*) AS BIGINT) AS n FROM (SELECT 1 AS one FROM provider WHERE organisation = $1 OR (organisation = 0 AND community = $2) LIMIT 1) AS any_page;
