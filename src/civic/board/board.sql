-- name: board_get :one  id:int64
SELECT id, word, kind, name, name_en, lead, lead_en, icon, place, organisation, owner_kind, readers, writers, review, position, state,
       changed_at
FROM board WHERE id = $1;

-- name: board_by_word :one  word:text
SELECT id, word, kind, name, name_en, lead, lead_en, icon, place, organisation, owner_kind, readers, writers, review, position, state,
       changed_at
FROM board WHERE word = $1;

-- name: board_shown :many  city:int64 district:int64 street:int64 community:int64
-- Boards of a home page, with where each stands in the committee's order: a few, which the caller sorts. The four are the place and those above it; 0 where there is none.
SELECT board.id, board.word, board.kind, board.name, board.name_en, board.lead, board.lead_en, board.icon, board.place, board.organisation,
       board.owner_kind, board.readers, board.writers, board.review, board.position, board.state, board.changed_at,
       CAST(COALESCE(board_order.hidden, 0) AS SMALLINT) AS hidden,
       CAST(COALESCE(board_order.position, 1000000 + board.position) AS BIGINT) AS stands
FROM board LEFT JOIN board_order ON board_order.community = $4 AND board_order.board = board.id
WHERE board.state = 'open' AND board.id IN (SELECT board FROM board_place WHERE place IN ($1, $2, $3, $4));

-- name: board_shows_at :one  board:int64 city:int64 district:int64 street:int64 community:int64
-- Four looks into the key; a list of places would be made a table of its own each time.
SELECT CAST(COUNT(*) AS BIGINT) AS n
FROM (SELECT 1 AS one WHERE EXISTS (SELECT 1 FROM board_place WHERE board = $1 AND place = $2)
                         OR EXISTS (SELECT 1 FROM board_place WHERE board = $1 AND place = $3)
                         OR EXISTS (SELECT 1 FROM board_place WHERE board = $1 AND place = $4)
                         OR EXISTS (SELECT 1 FROM board_place WHERE board = $1 AND place = $5)) AS shown;

-- name: board_in_range :many  first:int64 last:int64
-- For the console: what is shown somewhere in a subtree, whatever its state.
SELECT id, word, kind, name, name_en, lead, lead_en, icon, place, organisation, owner_kind, readers, writers, review, position, state,
       changed_at
FROM board
WHERE place BETWEEN $1 AND $2
   OR EXISTS (SELECT 1 FROM board_place WHERE board_place.board = board.id AND board_place.place BETWEEN $1 AND $2)
ORDER BY position, id;

-- name: board_put :count  id:int64 word:text kind:text name:text name_en:text lead:text lead_en:text icon:text place:int64 organisation:int64
--   owner_kind:text readers:text writers:text review:text position:int64 state:text at:int64
INSERT INTO board (id, word, kind, name, name_en, lead, lead_en, icon, place, organisation, owner_kind, readers, writers, review, position, state,
                   created_at, changed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $17) ON CONFLICT DO NOTHING;

-- name: board_update :count  id:int64 name:text name_en:text lead:text lead_en:text icon:text organisation:int64 owner_kind:text readers:text
--   writers:text review:text position:int64 at:int64
UPDATE board SET name = $2, name_en = $3, lead = $4, lead_en = $5, icon = $6, organisation = $7, owner_kind = $8, readers = $9, writers = $10,
                 review = $11, position = $12, changed_at = $13
WHERE id = $1;

-- name: board_set_state :count  id:int64 state:text at:int64
UPDATE board SET state = $2, changed_at = $3 WHERE id = $1 AND state <> $2;

-- name: board_places :many  board:int64
SELECT board_place.place, place.name FROM board_place JOIN place ON place.code = board_place.place WHERE board_place.board = $1
ORDER BY board_place.place;

-- name: board_place_put :count  board:int64 place:int64
INSERT INTO board_place (board, place) VALUES ($1, $2) ON CONFLICT DO NOTHING;

-- name: board_place_clear :exec  board:int64
DELETE FROM board_place WHERE board = $1;

-- name: board_order_put :exec  community:int64 board:int64 position:int64 hidden:bool
INSERT INTO board_order (community, board, position, hidden) VALUES ($1, $2, $3, $4)
ON CONFLICT (community, board) DO UPDATE SET position = excluded.position, hidden = excluded.hidden;

-- name: board_owners :many  kind:text city:int64 district:int64 street:int64 community:int64
-- The organisations of a kind that are attached to a place or to one above it, or serve it: found by the places, not by looking at every one of
-- the kind, of which a city has thousands.
SELECT id FROM organisation
WHERE kind = $1 AND valid_to = 0
  AND id IN (SELECT id FROM organisation WHERE place IN ($2, $3, $4, $5)
             UNION ALL SELECT organisation FROM organisation_service WHERE place IN ($2, $3, $4, $5))
ORDER BY id LIMIT 50;
