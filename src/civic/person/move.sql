-- When an estate goes to another community its people and the committee's list of them go along; what was stays as it was.

-- name: residence_move :count  from_community:int64 to_community:int64 estate:int64
-- across communities: from the old one to the new one.
-- The same ids in the new community: dwellings and buildings keep theirs too.
INSERT INTO residence (community, id, person, estate, building, dwelling, relation, state, reason, asked_at, decided_at, decided_by, ended_at)
SELECT $2, id, person, estate, building, dwelling, relation, state, reason, asked_at, decided_at, decided_by, ended_at
FROM residence WHERE community = $1 AND estate = $3 AND state IN ('waiting', 'verified');

-- name: residence_move_person :exec  from_community:int64 to_community:int64 estate:int64
-- The other direction of the rows above.
INSERT INTO person_residence (person, community, residence)
SELECT person, $2, id FROM residence WHERE community = $1 AND estate = $3 AND state IN ('waiting', 'verified');

-- name: residence_move_end :exec  from_community:int64 estate:int64 at:int64
UPDATE residence SET state = 'ended', ended_at = $3
WHERE community = $1 AND estate = $2 AND state IN ('waiting', 'verified');

-- name: roster_move :exec  from_community:int64 to_community:int64 estate:int64
-- across communities: from the old one to the new one.
INSERT INTO roster_entry (community, id, dwelling, name_hash, document_hash, phone_hash, name_sealed, relation, imported_at)
SELECT $2, roster_entry.id, roster_entry.dwelling, roster_entry.name_hash, roster_entry.document_hash, roster_entry.phone_hash,
       roster_entry.name_sealed, roster_entry.relation, roster_entry.imported_at
FROM roster_entry
JOIN dwelling ON dwelling.community = roster_entry.community AND dwelling.id = roster_entry.dwelling
WHERE roster_entry.community = $1 AND dwelling.estate = $3;

-- name: roster_move_end :exec  from_community:int64 estate:int64
DELETE FROM roster_entry
WHERE community = $1 AND dwelling IN (SELECT id FROM dwelling WHERE dwelling.community = $1 AND dwelling.estate = $2);
