-- name: document_put :exec  community:int64 id:int64 subject_kind:text subject:int64 position:int64 name:text hash:text bytes:int64
-- pages:int64 picture:text width:int64 height:int64 author:int64 created_at:int64
INSERT INTO document (community, id, subject_kind, subject, position, name, hash, bytes, pages, picture, width, height, author, created_at, hidden)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 0);

-- name: document_get :one  community:int64 id:int64
SELECT community, id, subject_kind, subject, position, name, hash, bytes, pages, picture, width, height, author, created_at, hidden
FROM document WHERE community = $1 AND id = $2;

-- name: document_of_subject :many  community:int64 subject_kind:text subject:int64
SELECT community, id, subject_kind, subject, position, name, hash, bytes, pages, picture, width, height, author, created_at, hidden
FROM document WHERE community = $1 AND subject_kind = $2 AND subject = $3 ORDER BY position, id;

-- name: document_of_subjects :many  community:int64 subject_kind:text
-- s1:int64 s2:int64 s3:int64 s4:int64 s5:int64 s6:int64 s7:int64 s8:int64 s9:int64 s10:int64 s11:int64 s12:int64
-- s13:int64 s14:int64 s15:int64 s16:int64 s17:int64 s18:int64 s19:int64 s20:int64 s21:int64 s22:int64 s23:int64 s24:int64
-- All of several; subjects that are not needed are 0.
SELECT community, id, subject_kind, subject, position, name, hash, bytes, pages, picture, width, height, author, created_at, hidden
FROM document
WHERE community = $1 AND subject_kind = $2 AND subject IN ($3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,
    $17, $18, $19, $20, $21, $22, $23, $24, $25, $26)
ORDER BY subject, position, id;

-- name: document_set_hidden :count  community:int64 id:int64 hidden:bool
UPDATE document SET hidden = $3 WHERE community = $1 AND id = $2;

-- name: document_remove :count  community:int64 id:int64
DELETE FROM document WHERE community = $1 AND id = $2;

-- name: document_move :count  community:int64 id:int64 subject_kind:text subject:int64
-- A draft has become what it was a draft of.
UPDATE document SET subject_kind = $3, subject = $4 WHERE community = $1 AND id = $2;

-- name: document_carry :exec  from_community:int64 to_community:int64 subject_kind:text subject:int64
-- across communities: from the old one to the new one.
-- What the documents belong to has gone to another community.
INSERT INTO document (community, id, subject_kind, subject, position, name, hash, bytes, pages, picture, width, height, author, created_at, hidden)
SELECT CAST($2 AS BIGINT), id, subject_kind, subject, position, name, hash, bytes, pages, picture, width, height, author, created_at, hidden
FROM document WHERE community = $1 AND subject_kind = $3 AND subject = $4;

-- name: document_carried :exec  from_community:int64 subject_kind:text subject:int64
DELETE FROM document WHERE community = $1 AND subject_kind = $2 AND subject = $3;

-- name: document_walk :many  community:int64 after:int64 limit:int64
-- Every document of a community in the order of ids, for verifying.
SELECT id, hash, picture FROM document WHERE community = $1 AND id > $2 ORDER BY id LIMIT $3;
