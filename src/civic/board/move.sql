-- Boards of a community that ends; see move.c. Boards are the city's: they have no community.

-- name: board_administered_by :exec  from_place:int64 to_place:int64
UPDATE board SET place = $2 WHERE place = $1;

-- name: board_place_follow :exec  from_place:int64 to_place:int64
INSERT INTO board_place (board, place) SELECT b.board, CAST($2 AS BIGINT) FROM board_place b WHERE b.place = $1 ON CONFLICT DO NOTHING;

-- name: board_place_end :exec  place:int64
DELETE FROM board_place WHERE place = $1;

-- name: board_order_of :many  community:int64
SELECT board, position, hidden FROM board_order WHERE community = $1 ORDER BY position, board;
