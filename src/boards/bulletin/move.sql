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
