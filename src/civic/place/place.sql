-- name: place_get :one  code:int64
SELECT code, level, parent, name, valid_from, valid_to FROM place WHERE code = $1;

-- name: place_children :many  parent:int64 ended_too:bool
SELECT code, level, parent, name, valid_from, valid_to FROM place WHERE parent = $1 AND (valid_to = 0 OR $2 = 1) ORDER BY code;

-- name: place_search :many  words:text limit:int64
-- Names are few thousand: looked through, not indexed. The words come with % and _ and \ escaped.
SELECT code, level, parent, name, valid_from, valid_to FROM place
WHERE name LIKE '%' || $1 || '%' ESCAPE '\' AND valid_to = 0 ORDER BY level, code LIMIT $2;

-- name: place_count :one  level:int64
SELECT CAST(COUNT(*) AS BIGINT) AS n FROM place WHERE level = $1 AND valid_to = 0;

-- name: place_put :count  code:int64 level:int64 parent:int64 name:text valid_from:int64
INSERT INTO place (code, level, parent, name, valid_from, valid_to) VALUES ($1, $2, $3, $4, $5, 0) ON CONFLICT (code) DO NOTHING;

-- name: place_rename :count  code:int64 name:text
UPDATE place SET name = $2 WHERE code = $1 AND name <> $2;

-- name: place_end :count  code:int64 at:int64
UPDATE place SET valid_to = $2 WHERE code = $1 AND valid_to = 0;

-- name: place_in_force :many
-- The whole tree in force: for the comparison with a new edition.
SELECT code, name FROM place WHERE valid_to = 0 ORDER BY code;

-- name: place_successor_put :exec  code:int64 successor:int64 since:int64
INSERT INTO place_successor (code, successor, since) VALUES ($1, $2, $3);

-- name: place_successors :many  code:int64
SELECT successor FROM place_successor WHERE code = $1 ORDER BY successor;

-- name: place_predecessors :many  code:int64
SELECT code, since FROM place_successor WHERE successor = $1 ORDER BY since, code;

-- name: estate_put :count  community:int64 id:int64 name:text name_key:text address:text valid_from:int64
INSERT INTO estate (community, id, name, name_key, address, valid_from, valid_to) VALUES ($1, $2, $3, $4, $5, $6, 0)
ON CONFLICT DO NOTHING;

-- name: estate_get :one  community:int64 id:int64
SELECT e.community, e.id, e.name, e.address, e.valid_from, e.valid_to, CAST(COALESCE(c.code, '') AS TEXT) AS qr_code
FROM estate e LEFT JOIN estate_code c ON c.estate = e.id AND c.void_at = 0 WHERE e.community = $1 AND e.id = $2;

-- name: estate_list :many  community:int64
SELECT e.community, e.id, e.name, e.address, e.valid_from, e.valid_to, CAST(COALESCE(c.code, '') AS TEXT) AS qr_code
FROM estate e LEFT JOIN estate_code c ON c.estate = e.id AND c.void_at = 0 WHERE e.community = $1 AND e.valid_to = 0 ORDER BY e.id;

-- name: estate_name_get :one  community:int64 id:int64
-- For what stands around every page: without the code, which is looked for in another table.
SELECT name FROM estate WHERE community = $1 AND id = $2;

-- name: estate_name_list :many  community:int64
SELECT id, name FROM estate WHERE community = $1 AND valid_to = 0 ORDER BY id;

-- name: estate_by_name :one  community:int64 name_key:text
SELECT id FROM estate WHERE community = $1 AND name_key = $2 AND valid_to = 0;

-- name: estate_rename :count  community:int64 id:int64 name:text name_key:text address:text
UPDATE estate SET name = $3, name_key = $4, address = $5 WHERE community = $1 AND id = $2 AND (name <> $3 OR address <> $5);

-- name: estate_end :count  community:int64 id:int64 at:int64
UPDATE estate SET valid_to = $3 WHERE community = $1 AND id = $2 AND valid_to = 0;

-- name: estate_copy :exec  community:int64 id:int64 target:int64 at:int64
-- across communities: from the old one to the new one.
-- The estate goes to another community with its id; the old row stays with its end. It may come back: then its old row is in force again.
INSERT INTO estate (community, id, name, name_key, address, valid_from, valid_to)
SELECT CAST($3 AS BIGINT), id, name, name_key, address, CAST($4 AS BIGINT), 0 FROM estate WHERE community = $1 AND id = $2
ON CONFLICT (community, id) DO UPDATE SET name = excluded.name, name_key = excluded.name_key, address = excluded.address,
                                          valid_from = excluded.valid_from, valid_to = 0;

-- name: estate_code_put :count  code:text community:int64 estate:int64 created_at:int64
INSERT INTO estate_code (code, community, estate, created_at, void_at) VALUES ($1, $2, $3, $4, 0) ON CONFLICT (code) DO NOTHING;

-- name: estate_code_void :count  community:int64 estate:int64 at:int64
UPDATE estate_code SET void_at = $3 WHERE estate = $2 AND community = $1 AND void_at = 0;

-- name: estate_code_move :count  community:int64 estate:int64 target:int64
UPDATE estate_code SET community = $3 WHERE estate = $2 AND community = $1;

-- name: estate_code_get :one  code:text
-- The poster does not say which community it is.
SELECT community, estate FROM estate_code WHERE code = $1 AND void_at = 0;

-- name: building_put :count  community:int64 id:int64 estate:int64 name:text name_key:text position:int64
INSERT INTO building (community, id, estate, name, name_key, position, valid_to) VALUES ($1, $2, $3, $4, $5, $6, 0)
ON CONFLICT DO NOTHING;

-- name: building_get :one  community:int64 id:int64
SELECT community, id, estate, name, position FROM building WHERE community = $1 AND id = $2;

-- name: building_list :many  community:int64 estate:int64
SELECT community, id, estate, name, position FROM building WHERE community = $1 AND estate = $2 AND valid_to = 0 ORDER BY position, id;

-- name: building_by_name :one  community:int64 estate:int64 name_key:text
SELECT community, id, estate, name, position FROM building WHERE community = $1 AND estate = $2 AND name_key = $3 AND valid_to = 0;

-- name: building_end :count  community:int64 estate:int64 at:int64
UPDATE building SET valid_to = $3 WHERE community = $1 AND estate = $2 AND valid_to = 0;

-- name: building_copy :exec  community:int64 estate:int64 target:int64 at:int64
-- across communities: from the old one to the new one.
-- Those that ended at this moment, into the community that the estate goes to.
INSERT INTO building (community, id, estate, name, name_key, position, valid_to)
SELECT CAST($3 AS BIGINT), id, estate, name, name_key, position, 0 FROM building WHERE community = $1 AND estate = $2 AND valid_to = $4
ON CONFLICT (community, id) DO UPDATE SET name = excluded.name, name_key = excluded.name_key, position = excluded.position, valid_to = 0;

-- name: dwelling_put :count  community:int64 id:int64 estate:int64 building:int64 staircase:text room:text room_key:text exclusive_area:real
INSERT INTO dwelling (community, id, estate, building, staircase, room, room_key, exclusive_area, valid_to)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0) ON CONFLICT DO NOTHING;

-- name: dwelling_get :one  community:int64 id:int64
SELECT community, id, estate, building, staircase, room, exclusive_area FROM dwelling WHERE community = $1 AND id = $2;

-- name: dwelling_list :many  community:int64 building:int64
SELECT community, id, estate, building, staircase, room, exclusive_area FROM dwelling
WHERE community = $1 AND building = $2 AND valid_to = 0 ORDER BY staircase, room_key, id;

-- name: dwelling_by_room :one  community:int64 building:int64 room_key:text
SELECT community, id, estate, building, staircase, room, exclusive_area FROM dwelling
WHERE community = $1 AND building = $2 AND room_key = $3 AND valid_to = 0;

-- name: dwelling_change :count  community:int64 id:int64 staircase:text exclusive_area:real
UPDATE dwelling SET staircase = $3, exclusive_area = $4 WHERE community = $1 AND id = $2 AND (staircase <> $3 OR exclusive_area <> $4);

-- name: dwelling_end :count  community:int64 estate:int64 at:int64
UPDATE dwelling SET valid_to = $3 WHERE community = $1 AND estate = $2 AND valid_to = 0;

-- name: dwelling_copy :exec  community:int64 estate:int64 target:int64 at:int64
-- across communities: from the old one to the new one.
INSERT INTO dwelling (community, id, estate, building, staircase, room, room_key, exclusive_area, valid_to)
SELECT CAST($3 AS BIGINT), id, estate, building, staircase, room, room_key, exclusive_area, 0 FROM dwelling
WHERE community = $1 AND estate = $2 AND valid_to = $4
ON CONFLICT (community, id) DO UPDATE SET staircase = excluded.staircase, room = excluded.room, room_key = excluded.room_key,
                                          exclusive_area = excluded.exclusive_area, valid_to = 0;

-- name: dwelling_count :one  low:int64 high:int64
-- across communities: how many households a place of any level has. What has moved away is counted where it is now.
SELECT CAST(COUNT(*) AS BIGINT) AS n FROM dwelling WHERE community BETWEEN $1 AND $2 AND valid_to = 0;

-- name: organisation_put :exec  id:int64 place:int64 kind:text name:text credit_code:text phone:text valid_from:int64
INSERT INTO organisation (id, place, kind, name, credit_code, phone, valid_from, valid_to) VALUES ($1, $2, $3, $4, $5, $6, $7, 0);

-- name: organisation_get :one  id:int64
SELECT id, place, kind, name, credit_code, phone, valid_from, valid_to FROM organisation WHERE id = $1;

-- name: organisation_change :count  id:int64 name:text credit_code:text phone:text
UPDATE organisation SET name = $2, credit_code = $3, phone = $4 WHERE id = $1;

-- name: organisation_end :count  id:int64 at:int64
UPDATE organisation SET valid_to = $2 WHERE id = $1 AND valid_to = 0;

-- name: organisation_list :many  place:int64
SELECT id, place, kind, name, credit_code, phone, valid_from, valid_to FROM organisation WHERE place = $1 AND valid_to = 0 ORDER BY id;

-- name: organisation_head :one  place:int64 kind:text other:text
SELECT id, place, kind, name, credit_code, phone, valid_from, valid_to FROM organisation
WHERE place = $1 AND valid_to = 0 AND (kind = $2 OR kind = $3) ORDER BY id LIMIT 1;

-- name: organisation_below :many  low:int64 high:int64 after:int64 limit:int64
-- Every organisation of a subtree, for the console.
SELECT id, place, kind, name, credit_code, phone, valid_from, valid_to FROM organisation
WHERE place BETWEEN $1 AND $2 AND valid_to = 0 AND id > $3 ORDER BY id LIMIT $4;

-- name: organisation_for :many  city:int64 district:int64 street:int64 community:int64
-- Attached to the community or to a place above it, or serving one of them.
SELECT id, place, kind, name, credit_code, phone, valid_from, valid_to FROM organisation
WHERE valid_to = 0 AND (place = $1 OR place = $2 OR place = $3 OR place = $4 OR id IN
      (SELECT s.organisation FROM organisation_service s WHERE s.place = $1 OR s.place = $2 OR s.place = $3 OR s.place = $4))
ORDER BY place DESC, id;

-- name: organisation_move :count  place:int64 target:int64
UPDATE organisation SET place = $2 WHERE place = $1 AND valid_to = 0;

-- name: organisation_serve :count  organisation:int64 place:int64
INSERT INTO organisation_service (organisation, place) VALUES ($1, $2) ON CONFLICT DO NOTHING;

-- name: organisation_serve_no_more :count  organisation:int64 place:int64
DELETE FROM organisation_service WHERE organisation = $1 AND place = $2;

-- name: organisation_serve_copy :count  place:int64 target:int64
INSERT INTO organisation_service (organisation, place)
SELECT organisation, CAST($2 AS BIGINT) FROM organisation_service WHERE place = $1 ON CONFLICT DO NOTHING;

-- name: estate_code_known :one  code:text
-- The poster does not say which community it is. Was it ever a code?
SELECT void_at FROM estate_code WHERE code = $1;

-- name: building_counts :many  community:int64
-- How many buildings each estate has, for the desk's list.
SELECT estate, CAST(COUNT(*) AS BIGINT) AS n FROM building WHERE community = $1 AND valid_to = 0 GROUP BY estate ORDER BY estate;

-- name: dwelling_counts :many  community:int64 estate:int64
-- How many dwellings each building of the estate has.
SELECT building, CAST(COUNT(*) AS BIGINT) AS n FROM dwelling WHERE community = $1 AND estate = $2 AND valid_to = 0 GROUP BY building ORDER BY building;

-- name: organisation_serves :many  organisation:int64
SELECT s.place, p.name FROM organisation_service s JOIN place p ON p.code = s.place WHERE s.organisation = $1 ORDER BY s.place;
