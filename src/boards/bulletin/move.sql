-- What must be read, when communities are founded, merge or split.

-- name: bulletin_asked_at :many  place:int64
-- The notices of a place that everybody must read now, hidden ones too: they may be shown again.
SELECT e.id FROM entry e JOIN bulletin b ON b.community = e.community AND b.id = e.id
WHERE e.community = $1 AND e.kind = 'bulletin' AND e.state IN ('published', 'pinned') AND b.weight <> 'plain' AND b.counted = 1 ORDER BY e.id;

-- name: bulletin_receipts_move_to :count  from_community:int64 to_community:int64 entry:int64 estate:int64
-- across communities: from the old one to the new one. Dwellings keep their ids.
INSERT INTO bulletin_receipt (community, entry, dwelling, person, version, at)
SELECT CAST($2 AS BIGINT), entry, dwelling, person, version, at FROM bulletin_receipt
WHERE community = $1 AND entry = $3 AND dwelling IN (SELECT d.id FROM dwelling d WHERE d.community = $1 AND d.estate = $4)
ON CONFLICT DO NOTHING;

-- name: bulletin_receipts_moved :count  from_community:int64 entry:int64 estate:int64
DELETE FROM bulletin_receipt
WHERE community = $1 AND entry = $2 AND dwelling IN (SELECT d.id FROM dwelling d WHERE d.community = $1 AND d.estate = $3);

-- name: bulletin_households_move_to :count  from_community:int64 to_community:int64 entry:int64 estate:int64
-- across communities: from the old one to the new one.
INSERT INTO bulletin_household (community, entry, dwelling, at)
SELECT CAST($2 AS BIGINT), entry, dwelling, at FROM bulletin_household
WHERE community = $1 AND entry = $3 AND dwelling IN (SELECT d.id FROM dwelling d WHERE d.community = $1 AND d.estate = $4)
ON CONFLICT DO NOTHING;

-- name: bulletin_households_moved :count  from_community:int64 entry:int64 estate:int64
DELETE FROM bulletin_household
WHERE community = $1 AND entry = $2 AND dwelling IN (SELECT d.id FROM dwelling d WHERE d.community = $1 AND d.estate = $3);

-- ---- the committee's own notices, when its community ends ----
--
-- A row is copied and its first one removed: the community says on which machine a row lies, so it is never changed in place.

-- name: bulletin_row_move :exec  from_community:int64 to_community:int64 entry:int64
-- across communities: from the old one to the new one.
INSERT INTO bulletin (community, id, weight, publish_at, read_by, matter, period, reviewer, reviewed_at, returned, withdrawn, counted, former)
SELECT CAST($2 AS BIGINT), id, weight, publish_at, read_by, matter, period, reviewer, reviewed_at, returned, withdrawn, counted,
       CASE WHEN period > 0 AND former = 0 THEN $1 ELSE former END
FROM bulletin WHERE community = $1 AND id = $3;

-- name: bulletin_row_moved :exec  from_community:int64 entry:int64
DELETE FROM bulletin WHERE community = $1 AND id = $2;

-- name: bulletin_questions_move :exec  from_community:int64 to_community:int64 entry:int64
-- across communities: from the old one to the new one.
INSERT INTO bulletin_question (community, id, entry, board, period, due)
SELECT CAST($2 AS BIGINT), id, entry, board, period, due
FROM bulletin_question WHERE community = $1 AND entry = $3;

-- name: bulletin_questions_moved :exec  from_community:int64 entry:int64
DELETE FROM bulletin_question WHERE community = $1 AND entry = $2;

-- name: bulletin_estates :many  community:int64
-- Those that have left it too; they keep their ids.
SELECT id FROM estate WHERE community = $1 ORDER BY id;

-- name: bulletin_reach_follow :count  from_community:int64 to_community:int64 entry:int64
-- across communities: from the old one to the new one. What was to be told is told there, to those who came along; the receipts come behind it, estate by
-- estate.
INSERT INTO bulletin_reach (community, entry, place, is_open, emergency, households, people, tell, told_to, reminded_at, partly)
SELECT CAST($2 AS BIGINT), entry, CAST($2 AS BIGINT), is_open, emergency, 0, 0, tell, 0, reminded_at, 1 FROM bulletin_reach
WHERE community = $1 AND entry = $3 ON CONFLICT DO NOTHING;

-- name: bulletin_reach_of_some :exec  community:int64 entry:int64
UPDATE bulletin_reach SET partly = 1 WHERE community = $1 AND entry = $2;

-- name: bulletin_reach_estate_put :exec  community:int64 entry:int64 estate:int64
INSERT INTO bulletin_reach_estate (community, entry, estate) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING;

-- name: bulletin_reach_estates_gone :exec  community:int64 entry:int64
DELETE FROM bulletin_reach_estate WHERE community = $1 AND entry = $2;

-- name: bulletin_reach_left :exec  community:int64 entry:int64 place:int64
-- What households have said that went elsewhere stays, and is not asked for any more.
UPDATE bulletin_reach SET is_open = 0, tell = '', told_to = 0, place = $3 WHERE community = $1 AND entry = $2;

-- name: bulletin_reach_empty :exec  community:int64 entry:int64
DELETE FROM bulletin_reach WHERE community = $1 AND entry = $2 AND households = 0 AND people = 0;

-- name: bulletin_pinned :one  community:int64 board:int64
SELECT CAST(COUNT(*) AS BIGINT) AS n FROM entry WHERE community = $1 AND board = $2 AND listed = 1 AND pinned = 1;
