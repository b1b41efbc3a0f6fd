-- name: notify_find_unread :one  person:int64 subject:int64
-- Most messages are the first about their subject: then nothing has to be taken out.
SELECT id FROM notification WHERE person = $1 AND read_at = 0 AND subject = $2 LIMIT 1;

-- name: notify_take_unread :many  person:int64 community:int64 subject_kind:text subject:int64 text_key:text
-- The unread row of the same is taken out; its count goes into the new one, which stands at the top.
DELETE FROM notification
WHERE person = $1 AND read_at = 0 AND subject = $4 AND community = $2 AND subject_kind = $3 AND text_key = $5
RETURNING count;

-- name: notify_put :exec  person:int64 id:int64 community:int64 text_key:text args:text url:text subject_kind:text subject:int64
-- count:int64 created_at:int64
INSERT INTO notification (person, id, community, text_key, args, url, subject_kind, subject, count, created_at, read_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0);

-- name: notify_drop_old :exec  person:int64 before:int64
DELETE FROM notification WHERE person = $1 AND id < $2 AND read_at > 0;

-- name: notify_list :many  person:int64 before:int64 limit:int64
SELECT id, community, text_key, args, url, subject_kind, subject, count, created_at, read_at
FROM notification WHERE person = $1 AND id < $2 ORDER BY id DESC LIMIT $3;

-- name: notify_unread :one  person:int64 max:int64
SELECT CAST(COUNT(*) AS BIGINT) AS unread FROM (SELECT 1 FROM notification WHERE person = $1 AND read_at = 0 LIMIT $2) AS counted;

-- name: notify_get :one  person:int64 id:int64
SELECT read_at FROM notification WHERE person = $1 AND id = $2;

-- name: notify_mark_read :exec  person:int64 id:int64 now:int64
UPDATE notification SET read_at = $3 WHERE person = $1 AND id = $2 AND read_at = 0;

-- name: notify_mark_all_read :exec  person:int64 up_to:int64 now:int64
UPDATE notification SET read_at = $3 WHERE person = $1 AND read_at = 0 AND id <= $2;

-- name: notify_mark_subject_read :exec  person:int64 subject_kind:text subject:int64 now:int64
UPDATE notification SET read_at = $4 WHERE person = $1 AND read_at = 0 AND subject = $3 AND subject_kind = $2;

-- name: notify_forget :exec  person:int64
DELETE FROM notification WHERE person = $1;
