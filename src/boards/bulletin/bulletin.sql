-- ---- one notice ---------------------------------------------------------------------------------------------------

-- name: bulletin_get :one  community:int64 id:int64
SELECT community, id, weight, publish_at, read_by, matter, period, reviewer, reviewed_at, returned, withdrawn, counted, former
FROM bulletin WHERE community = $1 AND id = $2;

-- name: bulletin_put :exec  community:int64 id:int64 weight:text publish_at:int64 read_by:int64 matter:text period:int64
INSERT INTO bulletin (community, id, weight, publish_at, read_by, matter, period, reviewer, reviewed_at, returned, withdrawn, counted, former)
VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0, '', '', 0, 0);

-- name: bulletin_set :exec  community:int64 id:int64 weight:text publish_at:int64 read_by:int64 matter:text period:int64
UPDATE bulletin SET weight = $3, publish_at = $4, read_by = $5, matter = $6, period = $7 WHERE community = $1 AND id = $2;

-- name: bulletin_set_review :exec  community:int64 id:int64 reviewer:int64 at:int64 returned:text
UPDATE bulletin SET reviewer = $3, reviewed_at = $4, returned = $5 WHERE community = $1 AND id = $2;

-- name: bulletin_set_withdrawn :exec  community:int64 id:int64 reason:text
UPDATE bulletin SET withdrawn = $3 WHERE community = $1 AND id = $2;

-- name: bulletin_set_counted :exec  community:int64 id:int64
UPDATE bulletin SET counted = 1 WHERE community = $1 AND id = $2;

-- name: bulletin_edited :one  community:int64 id:int64
SELECT CAST(COALESCE(MAX(at), 0) AS BIGINT) AS at FROM entry_version WHERE community = $1 AND entry = $2 AND version > 1;

-- name: bulletin_versions :many  community:int64 id:int64
SELECT v.version, v.title, v.body, v.at, person.shown_name FROM entry_version v LEFT JOIN person ON person.id = v.person
WHERE v.community = $1 AND v.entry = $2 ORDER BY v.version DESC LIMIT 100;

-- name: bulletin_editors :one  community:int64 id:int64 person:int64
-- Whether somebody has had a hand in the text.
SELECT CAST(COUNT(*) AS BIGINT) AS n FROM entry_version WHERE community = $1 AND entry = $2 AND person = $3;

-- ---- lists ----------------------------------------------------------------------------------------------------------

-- name: bulletin_page :many  community:int64 board:int64 pinned:bool before:int64 before_id:int64 far:text near:text nearer:text limit:int64
-- Of one place, the newest publication first: what was written a week before it came out stands where it came out. far, near, nearer: as in entry_page.
SELECT e.community, e.id, e.title, e.body, e.author_from, e.state, e.pinned, e.published_at, e.ends_at, e.comments, e.thumbs, e.photos,
       e.audience, e.organisation, b.weight, b.matter, b.period, person.shown_name,
       CAST(COALESCE((SELECT MAX(v.at) FROM entry_version v WHERE v.community = e.community AND v.entry = e.id AND v.version > 1), 0) AS BIGINT) AS edited_at
FROM entry e JOIN bulletin b ON b.community = e.community AND b.id = e.id LEFT JOIN person ON person.id = e.author
WHERE e.community = $1 AND e.board = $2 AND e.listed = 1 AND e.pinned = $3
  AND (e.published_at, e.id) < ($4, $5)
  AND (e.audience = '' OR ($6 <> '' AND e.audience LIKE '%' || $6 || '%') OR ($7 <> '' AND e.audience LIKE '%' || $7 || '%')
       OR ($8 <> '' AND e.audience LIKE '%' || $8 || '%'))
ORDER BY e.published_at DESC, e.id DESC LIMIT $9;

-- name: bulletin_page_state :many  community:int64 board:int64 state:text before:int64 limit:int64
-- For who runs the board: what the place itself has written and is not out, or not any more.
SELECT e.community, e.id, e.title, e.body, e.author_from, e.state, e.pinned, e.published_at, e.ends_at, e.comments, e.thumbs, e.photos,
       e.audience, e.organisation, b.weight, b.matter, b.period, person.shown_name,
       CAST(COALESCE((SELECT MAX(v.at) FROM entry_version v WHERE v.community = e.community AND v.entry = e.id AND v.version > 1), 0) AS BIGINT) AS edited_at
FROM entry e JOIN bulletin b ON b.community = e.community AND b.id = e.id LEFT JOIN person ON person.id = e.author
WHERE e.community = $1 AND e.board = $2 AND e.state = $3 AND e.id < $4
ORDER BY e.id DESC LIMIT $5;

-- name: bulletin_desk :many  community:int64 state:text after:int64 limit:int64
-- The desk's list of a state over all boards of a place, the oldest first: it has waited longest.
SELECT e.id, e.board, e.title, e.author, e.created_at, e.changed_at, b.weight, b.publish_at, b.returned, person.shown_name
FROM entry e JOIN bulletin b ON b.community = e.community AND b.id = e.id LEFT JOIN person ON person.id = e.author
WHERE e.community = $1 AND e.kind = 'bulletin' AND e.state = $2 AND e.hidden = 0 AND e.id > $3
ORDER BY e.id LIMIT $4;

-- name: bulletin_due :many  now:int64 limit:int64
-- across communities: the job that publishes what is due.
SELECT e.community, e.id FROM entry e JOIN bulletin b ON b.community = e.community AND b.id = e.id
WHERE e.kind = 'bulletin' AND e.state = 'scheduled' AND b.publish_at <= $1 ORDER BY b.publish_at, e.id LIMIT $2;

-- name: bulletin_over :many  now:int64 limit:int64
-- across communities: the job that takes what is over out of the lists. What is hidden ends too.
SELECT community, id FROM entry
WHERE kind = 'bulletin' AND state IN ('published', 'pinned') AND ends_at > 0 AND ends_at <= $1 ORDER BY ends_at, id LIMIT $2;

-- ---- must-read ------------------------------------------------------------------------------------------------------

-- name: bulletin_communities :many  first:int64 last:int64
-- Those of a subtree that are in force, whom a notice for all of it reaches.
SELECT code FROM place WHERE code BETWEEN $1 AND $2 AND level = 4 AND valid_to = 0 ORDER BY code;

-- name: bulletin_reach_put :count  community:int64 entry:int64 place:int64 emergency:bool tell:text
INSERT INTO bulletin_reach (community, entry, place, is_open, emergency, households, people, tell, told_to, reminded_at, partly)
VALUES ($1, $2, $3, 1, $4, 0, 0, $5, 0, 0, 0)
ON CONFLICT (community, entry) DO UPDATE SET is_open = 1, emergency = excluded.emergency, tell = 'remind', told_to = 0;

-- name: bulletin_reach_close :exec  entry:int64
-- across communities: a notice that is over is over in all of them, and what people were told of it goes.
UPDATE bulletin_reach SET is_open = 0, tell = 'recall', told_to = 0 WHERE entry = $1 AND is_open = 1;

-- name: bulletin_reach_get :one  community:int64 entry:int64
SELECT community, entry, place, is_open, emergency, households, people, tell, reminded_at, partly FROM bulletin_reach WHERE community = $1 AND entry = $2;

-- name: bulletin_reach_estate :one  community:int64 entry:int64 estate:int64
-- 1: those who live in the estate are among some of whom it is asked.
SELECT CAST(COUNT(*) AS BIGINT) AS n FROM bulletin_reach_estate WHERE community = $1 AND entry = $2 AND estate = $3;

-- name: bulletin_reach_estates :many  community:int64 entry:int64
SELECT estate.id, estate.name FROM bulletin_reach_estate x JOIN estate ON estate.community = x.community AND estate.id = x.estate
WHERE x.community = $1 AND x.entry = $2 ORDER BY estate.name, estate.id;

-- name: bulletin_reach_of :many  entry:int64 first:int64 last:int64
-- across communities: the share of each community below the viewer's place.
SELECT r.community, r.households, r.people, r.is_open, r.reminded_at, r.partly, place.name, place.valid_to
FROM bulletin_reach r JOIN place ON place.code = r.community
WHERE r.entry = $1 AND r.community BETWEEN $2 AND $3 ORDER BY r.community;

-- name: bulletin_bound :many  first:int64 last:int64
-- across communities: households that can have read something: those with a verified resident.
SELECT residence.community, CAST(COUNT(DISTINCT residence.dwelling) AS BIGINT) AS households
FROM residence WHERE residence.community BETWEEN $1 AND $2 AND residence.state = 'verified' GROUP BY residence.community;

-- name: bulletin_bound_some :one  community:int64 entry:int64
-- The same of one that is asked of some.
SELECT CAST(COUNT(DISTINCT residence.dwelling) AS BIGINT) AS households
FROM residence JOIN bulletin_reach_estate x ON x.community = residence.community AND x.entry = $2 AND x.estate = residence.estate
WHERE residence.community = $1 AND residence.state = 'verified';

-- name: bulletin_reach_open :many  community:int64 after:int64 limit:int64
SELECT entry, place, emergency, households, people, reminded_at, partly FROM bulletin_reach
WHERE community = $1 AND is_open = 1 AND entry > $2 ORDER BY entry LIMIT $3;

-- name: bulletin_waiting :many  community:int64 person:int64 limit:int64
-- What somebody who lives there has not read in any of their homes.
SELECT r.entry, r.place, r.emergency FROM bulletin_reach r
WHERE r.community = $1 AND r.is_open = 1
  AND (r.partly = 0 OR EXISTS (SELECT 1 FROM residence h JOIN bulletin_reach_estate x ON x.community = h.community AND x.entry = r.entry AND x.estate = h.estate
                             WHERE h.community = $1 AND h.person = $2 AND h.state = 'verified'))
  AND NOT EXISTS (SELECT 1 FROM bulletin_receipt c WHERE c.community = r.community AND c.entry = r.entry AND c.person = $2)
ORDER BY r.emergency DESC, r.entry DESC LIMIT $3;

-- name: bulletin_receipt_put :count  community:int64 entry:int64 dwelling:int64 person:int64 version:int64 at:int64
INSERT INTO bulletin_receipt (community, entry, dwelling, person, version, at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING;

-- name: bulletin_household_put :count  community:int64 entry:int64 dwelling:int64 at:int64
INSERT INTO bulletin_household (community, entry, dwelling, at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING;

-- name: bulletin_reach_count :exec  community:int64 entry:int64 households:int64 people:int64
UPDATE bulletin_reach SET households = households + $3, people = people + $4 WHERE community = $1 AND entry = $2;

-- name: bulletin_receipt_mine :one  community:int64 entry:int64 person:int64
SELECT CAST(COUNT(*) AS BIGINT) AS n, CAST(COALESCE(MIN(at), 0) AS BIGINT) AS at FROM bulletin_receipt WHERE community = $1 AND entry = $2 AND person = $3;

-- name: bulletin_rows_recount :many  community:int64
SELECT r.entry, r.households, r.people,
       CAST((SELECT COUNT(*) FROM bulletin_household h WHERE h.community = $1 AND h.entry = r.entry) AS BIGINT) AS kept_households,
       CAST((SELECT COUNT(DISTINCT c.dwelling) FROM bulletin_receipt c WHERE c.community = $1 AND c.entry = r.entry) AS BIGINT) AS real_households,
       CAST((SELECT COUNT(*) FROM bulletin_receipt c WHERE c.community = $1 AND c.entry = r.entry) AS BIGINT) AS real_people
FROM bulletin_reach r WHERE r.community = $1 ORDER BY r.entry;

-- name: bulletin_households :many  community:int64 entry:int64 have_read:int64 some:bool after:int64 limit:int64
-- The bound households of a community, or some of them, each with whether it has read: have_read 1 those who have, 0 those who have not. Doors, no names.
SELECT d.id, building.name AS building, d.staircase, d.room, CAST(COALESCE(h.at, 0) AS BIGINT) AS at
FROM dwelling d JOIN building ON building.community = d.community AND building.id = d.building
LEFT JOIN bulletin_household h ON h.community = d.community AND h.entry = $2 AND h.dwelling = d.id
WHERE d.community = $1 AND d.id > $5
  AND ($4 = 0 OR EXISTS (SELECT 1 FROM bulletin_reach_estate x WHERE x.community = $1 AND x.entry = $2 AND x.estate = d.estate))
  AND EXISTS (SELECT 1 FROM residence r WHERE r.community = $1 AND r.dwelling = d.id AND r.state = 'verified')
  AND (($3 = 1 AND h.at IS NOT NULL) OR ($3 = 0 AND h.at IS NULL))
ORDER BY d.id LIMIT $6;

-- ---- telling people, a few at a time ----------------------------------------------------------------------------------

-- name: bulletin_to_tell :one
-- across communities: the next community in which somebody is to be told of something.
SELECT community, entry, place, tell, told_to, emergency, partly FROM bulletin_reach WHERE tell <> '' ORDER BY community, entry LIMIT 1;

-- name: bulletin_told :count  community:int64 entry:int64 tell:text told_to:int64
-- Only while nothing else is to be told by now.
UPDATE bulletin_reach SET told_to = $4, tell = CASE WHEN $4 = 0 THEN '' ELSE tell END WHERE community = $1 AND entry = $2 AND tell = $3;

-- name: bulletin_remind :count  community:int64 entry:int64 now:int64 not_since:int64
-- One of several who press the button at once.
UPDATE bulletin_reach SET tell = 'remind', told_to = 0, reminded_at = $3
WHERE community = $1 AND entry = $2 AND is_open = 1 AND tell = '' AND reminded_at < $4;

-- name: bulletin_residents :many  community:int64 entry:int64 some:bool after:int64 limit:int64
-- Verified residents, or some of them, with whether their household has read it.
SELECT residence.id, residence.person,
       CAST((SELECT COUNT(*) FROM bulletin_household h WHERE h.community = $1 AND h.entry = $2 AND h.dwelling = residence.dwelling) AS BIGINT) AS have_read
FROM residence WHERE residence.community = $1 AND residence.state = 'verified' AND residence.id > $4
  AND ($3 = 0 OR EXISTS (SELECT 1 FROM bulletin_reach_estate x WHERE x.community = $1 AND x.entry = $2 AND x.estate = residence.estate))
ORDER BY residence.id LIMIT $5;

-- ---- open affairs -------------------------------------------------------------------------------------------------------

-- name: bulletin_accounts :many  community:int64 board:int64 since:int64
-- The accounts that a place itself has made public, or that came to it from one that has ended (former), the first of each quarter first: by it they are in time or late.
SELECT b.id, b.period, b.former, e.title, e.published_at FROM bulletin b JOIN entry e ON e.community = b.community AND e.id = b.id
WHERE b.community = $1 AND b.matter = 'accounts' AND b.period >= $3 AND e.board = $2 AND e.listed = 1
ORDER BY b.period DESC, e.published_at LIMIT 200;

-- name: bulletin_question_put :exec  community:int64 id:int64 entry:int64 board:int64 period:int64 due:int64
INSERT INTO bulletin_question (community, id, entry, board, period, due) VALUES ($1, $2, $3, $4, $5, $6);

-- name: bulletin_question_get :one  community:int64 id:int64
SELECT entry, due FROM bulletin_question WHERE community = $1 AND id = $2;

-- name: bulletin_questions :many  community:int64 entry:int64 limit:int64
-- On one notice, the newest first, each with the first answer of who runs the board. What is hidden asks nothing and answers nothing.
SELECT q.id, q.due, c.author, c.author_from, c.body, c.created_at, person.shown_name, a.id AS answer, a.body AS answer_body,
       a.author_from AS answer_from, a.created_at AS answered_at
FROM bulletin_question q JOIN entry_comment c ON c.community = q.community AND c.id = q.id
LEFT JOIN person ON person.id = c.author
LEFT JOIN entry_comment a ON a.community = q.community AND a.id = (
    SELECT MIN(x.id) FROM entry_comment x
    WHERE x.community = q.community AND x.entry = q.entry AND x.reply_to = q.id AND x.organisation <> 0 AND x.hidden = 0)
WHERE q.community = $1 AND q.entry = $2 AND c.hidden = 0 ORDER BY q.id DESC LIMIT $3;

-- name: bulletin_questions_counted :many  community:int64 board:int64 since:int64 now:int64
-- Of each quarter whose accounts are public: asked, answered in time, late (answered late, or not at all), still open. Counted anew each time.
SELECT o.former, o.period, CAST(COUNT(*) AS BIGINT) AS asked,
       CAST(SUM(CASE WHEN o.answered_at > 0 AND o.answered_at < o.due THEN 1 ELSE 0 END) AS BIGINT) AS in_time,
       CAST(SUM(CASE WHEN (o.answered_at = 0 AND o.due <= $4) OR o.answered_at >= o.due THEN 1 ELSE 0 END) AS BIGINT) AS late,
       CAST(SUM(CASE WHEN o.answered_at = 0 THEN 1 ELSE 0 END) AS BIGINT) AS unanswered
FROM (SELECT b.former, q.period, q.due, COALESCE((SELECT MIN(x.created_at) FROM entry_comment x
                                        WHERE x.community = q.community AND x.entry = q.entry AND x.reply_to = q.id AND x.organisation <> 0
                                          AND x.hidden = 0), 0) AS answered_at
      FROM bulletin_question q JOIN entry_comment c ON c.community = q.community AND c.id = q.id
      JOIN entry e ON e.community = q.community AND e.id = q.entry
      JOIN bulletin b ON b.community = q.community AND b.id = q.entry
      WHERE q.community = $1 AND q.board = $2 AND q.period >= $3 AND c.hidden = 0 AND e.listed = 1) AS o
GROUP BY o.former, o.period ORDER BY o.former, o.period DESC;

-- name: bulletin_questions_open :many  community:int64 after:int64 limit:int64
-- For the desk: what nobody has answered, the longest waiting first, on whichever board of the place.
SELECT q.id, q.entry, q.board, q.due, c.body, c.created_at, c.author_from, person.shown_name, e.title
FROM bulletin_question q JOIN entry_comment c ON c.community = q.community AND c.id = q.id
JOIN entry e ON e.community = q.community AND e.id = q.entry
LEFT JOIN person ON person.id = c.author
WHERE q.community = $1 AND q.id > $2 AND c.hidden = 0 AND e.listed = 1
  AND NOT EXISTS (SELECT 1 FROM entry_comment x WHERE x.community = $1 AND x.entry = q.entry AND x.reply_to = q.id
                                                  AND x.organisation <> 0 AND x.hidden = 0)
ORDER BY q.id LIMIT $3;
