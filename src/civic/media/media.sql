-- name: media_put :exec  community:int64 id:int64 subject_kind:text subject:int64 stage:int64 position:int64 hash:text
-- width:int64 height:int64 bytes:int64 author:int64 created_at:int64
INSERT INTO media (community, id, subject_kind, subject, stage, position, hash, width, height, bytes, author, created_at, hidden)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 0);

-- name: media_get :one  community:int64 id:int64
SELECT community, id, subject_kind, subject, stage, position, hash, width, height, bytes, author, created_at, hidden
FROM media WHERE community = $1 AND id = $2;

-- name: media_of_subject :many  community:int64 subject_kind:text subject:int64
SELECT community, id, subject_kind, subject, stage, position, hash, width, height, bytes, author, created_at, hidden
FROM media WHERE community = $1 AND subject_kind = $2 AND subject = $3 ORDER BY stage, position, id;

-- name: media_covers :many  community:int64 subject_kind:text
-- s1:int64 s2:int64 s3:int64 s4:int64 s5:int64 s6:int64 s7:int64 s8:int64 s9:int64 s10:int64 s11:int64 s12:int64
-- s13:int64 s14:int64 s15:int64 s16:int64 s17:int64 s18:int64 s19:int64 s20:int64 s21:int64 s22:int64 s23:int64 s24:int64
-- The first visible picture of each; subjects that are not needed are 0. One look into the index for each: numbering the rows by subject costs ten times as much.
WITH wanted(subject) AS (VALUES (CAST($3 AS BIGINT)), ($4), ($5), ($6), ($7), ($8), ($9), ($10), ($11), ($12), ($13), ($14),
    ($15), ($16), ($17), ($18), ($19), ($20), ($21), ($22), ($23), ($24), ($25), ($26))
SELECT CAST(wanted.subject AS BIGINT) AS subject, CAST((
    SELECT media.id FROM media
    WHERE media.community = $1 AND media.subject_kind = $2 AND media.subject = wanted.subject AND media.hidden = 0
    ORDER BY media.stage, media.position, media.id LIMIT 1) AS BIGINT) AS id
FROM wanted WHERE wanted.subject <> 0;

-- name: media_of_subjects :many  community:int64 subject_kind:text
-- s1:int64 s2:int64 s3:int64 s4:int64 s5:int64 s6:int64 s7:int64 s8:int64 s9:int64 s10:int64 s11:int64 s12:int64
-- s13:int64 s14:int64 s15:int64 s16:int64 s17:int64 s18:int64 s19:int64 s20:int64 s21:int64 s22:int64 s23:int64 s24:int64
-- All of several; subjects that are not needed are 0.
SELECT community, id, subject_kind, subject, stage, position, hash, width, height, bytes, author, created_at, hidden
FROM media
WHERE community = $1 AND subject_kind = $2 AND subject IN ($3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,
    $17, $18, $19, $20, $21, $22, $23, $24, $25, $26)
ORDER BY subject, stage, position, id;

-- name: media_set_hidden :count  community:int64 id:int64 hidden:bool
UPDATE media SET hidden = $3 WHERE community = $1 AND id = $2;

-- name: media_remove :count  community:int64 id:int64
DELETE FROM media WHERE community = $1 AND id = $2;

-- name: media_hashes_between :many  first:text last:text
-- across communities: the sweep asks for every file that is wanted by anybody; two communities may share one.
-- PostgreSQL orders by the database's collation, which need not be that of bytes: hex digits are in the same order in all of them.
SELECT hash FROM media WHERE hash BETWEEN $1 AND $2
UNION SELECT hash FROM document WHERE hash BETWEEN $1 AND $2
UNION SELECT picture FROM document WHERE picture BETWEEN $1 AND $2 ORDER BY hash;

-- name: media_move :count  community:int64 id:int64 subject_kind:text subject:int64
-- A draft has become what it was a draft of.
UPDATE media SET subject_kind = $3, subject = $4 WHERE community = $1 AND id = $2;

-- name: media_carry :exec  from_community:int64 to_community:int64 subject_kind:text subject:int64
-- across communities: from the old one to the new one.
-- What the pictures belong to has gone to another community.
INSERT INTO media (community, id, subject_kind, subject, stage, position, hash, width, height, bytes, author,
                   created_at, hidden)
SELECT CAST($2 AS BIGINT), id, subject_kind, subject, stage, position, hash, width, height, bytes, author, created_at,
       hidden
FROM media WHERE community = $1 AND subject_kind = $3 AND subject = $4;

-- name: media_carried :exec  from_community:int64 subject_kind:text subject:int64
DELETE FROM media WHERE community = $1 AND subject_kind = $2 AND subject = $3;

-- name: media_walk :many  community:int64 after:int64 limit:int64
-- Every picture of a community in the order of ids, for verifying and for counting.
SELECT id, subject_kind, subject, hash, bytes FROM media WHERE community = $1 AND id > $2 ORDER BY id LIMIT $3;

-- name: media_next_community :one  after:int64
-- across communities: the verifier walks from one to the next.
SELECT CAST(MIN(community) AS BIGINT) AS community FROM (
    SELECT MIN(community) AS community FROM media WHERE community > $1
    UNION ALL SELECT MIN(community) FROM document WHERE community > $1) AS next HAVING MIN(community) IS NOT NULL;
