-- When an estate goes to another community, what is open goes to the committee that is responsible now, with its orders, words,
-- taps, pictures and clocks, under the same ids. What is closed stays where it was; the ledger stays in any case, so nothing counts twice.

-- name: report_open_of_estate :many  community:int64 estate:int64
-- Reports without an estate go with the first one that moves.
SELECT id, title, body, spot, hidden FROM report
WHERE community = $1 AND (estate = $2 OR estate = 0) AND state NOT IN ('closed', 'voided', 'merged');

-- name: report_move_to :exec  from_community:int64 to_community:int64 id:int64
UPDATE report SET community = $2 WHERE community = $1 AND id = $3;

-- name: report_move_orders :exec  from_community:int64 to_community:int64 id:int64
UPDATE work_order SET community = $2 WHERE community = $1 AND report = $3;

-- name: report_move_comments :exec  from_community:int64 to_community:int64 id:int64
UPDATE report_comment SET community = $2 WHERE community = $1 AND report = $3;

-- name: report_move_notes :exec  from_community:int64 to_community:int64 id:int64
UPDATE report_note SET community = $2 WHERE community = $1 AND report = $3;

-- name: report_move_steps :exec  from_community:int64 to_community:int64 id:int64
UPDATE report_step SET community = $2 WHERE community = $1 AND report = $3;

-- name: report_move_joins :exec  from_community:int64 to_community:int64 id:int64
UPDATE report_join SET community = $2 WHERE community = $1 AND report = $3;

-- name: report_move_follows :exec  from_community:int64 to_community:int64 id:int64
UPDATE report_follow SET community = $2 WHERE community = $1 AND report = $3;

-- name: report_move_thumbs :exec  from_community:int64 to_community:int64 id:int64
UPDATE report_thumb SET community = $2 WHERE community = $1 AND report = $3;

-- name: report_number_taken :one  community:int64 id:int64 number:text
-- A number is unique in a community; one that is taken there gets the old place's last digits behind it.
SELECT id FROM report WHERE community = $1 AND number = $3 AND id <> $2 LIMIT 1;

-- name: report_renumber :exec  community:int64 id:int64 number:text
UPDATE report SET number = $3 WHERE community = $1 AND id = $2;

-- name: report_orders_ids :many  community:int64 report:int64
SELECT id FROM work_order WHERE community = $1 AND report = $2;

-- name: report_steps_ids :many  community:int64 report:int64
SELECT id FROM report_step WHERE community = $1 AND report = $2;
