-- ---- one entry ------------------------------------------------------------------------------------------------

-- name: entry_get :one  community:int64 id:int64
SELECT community, id, board, kind, author, organisation, author_from, dwelling, title, body, version, audience, state, listed, pinned, created_at,
       published_at, ends_at, comments, thumbs, photos, hidden, hidden_reason, changed_at, would_list
FROM entry WHERE community = $1 AND id = $2;

-- name: entry_put :send  community:int64 id:int64 board:int64 kind:text author:int64 organisation:int64 author_from:text dwelling:int64 title:text
--   body:text audience:text state:text listed:bool pinned:bool at:int64 published_at:int64 ends_at:int64 photos:int64
INSERT INTO entry (community, id, board, kind, author, organisation, author_from, dwelling, title, body, version, audience, state, listed, pinned,
                   created_at, published_at, ends_at, comments, thumbs, photos, hidden, hidden_reason, changed_at, would_list)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1, $11, $12, $13, $14, $15, $16, $17, 0, 0, $18, 0, '', $15, $13);

-- name: entry_move :count  community:int64 id:int64 from_state:text to_state:text listed:bool at:int64
-- Every change of state goes through here, and only from the state that the rule was decided on. What is hidden is never listed.
UPDATE entry SET state = $4, listed = CASE WHEN hidden = 1 THEN 0 ELSE $5 END, would_list = $5, changed_at = $6,
                 published_at = CASE WHEN $5 = 1 AND published_at = 0 THEN $6 ELSE published_at END
WHERE community = $1 AND id = $2 AND state = $3;

-- name: entry_edit :count  community:int64 id:int64 version:int64 title:text body:text at:int64
-- Only on top of the version that was read: of two who change it at once, one is told.
UPDATE entry SET title = $4, body = $5, version = version + 1, changed_at = $6 WHERE community = $1 AND id = $2 AND version = $3;

-- name: entry_set_term :exec  community:int64 id:int64 pinned:bool ends_at:int64 audience:text at:int64
UPDATE entry SET pinned = $3, ends_at = $4, audience = $5, changed_at = $6 WHERE community = $1 AND id = $2;

-- name: entry_hide :count  community:int64 id:int64 hidden:bool reason:text at:int64
-- What is shown again stands where it would stand by now: what was withdrawn meanwhile does not come back.
UPDATE entry SET hidden = $3, listed = CASE WHEN $3 = 1 THEN 0 ELSE would_list END, hidden_reason = $4, changed_at = $5
WHERE community = $1 AND id = $2 AND hidden <> $3;

-- name: entry_count :send  community:int64 id:int64 comments:int64 thumbs:int64 photos:int64 at:int64
UPDATE entry SET comments = comments + $3, thumbs = thumbs + $4, photos = photos + $5, changed_at = $6 WHERE community = $1 AND id = $2;

-- name: entry_version_put :exec  community:int64 entry:int64 version:int64 title:text body:text more:text person:int64 at:int64
INSERT INTO entry_version (community, entry, version, title, body, more, person, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: entry_erase :exec  community:int64 id:int64
UPDATE entry SET title = '', body = '', hidden_reason = '' WHERE community = $1 AND id = $2;

-- name: entry_versions_drop :exec  community:int64 entry:int64
DELETE FROM entry_version WHERE community = $1 AND entry = $2;

-- name: entry_versions :many  community:int64 entry:int64
SELECT version, title, body, more, person, at FROM entry_version WHERE community = $1 AND entry = $2 ORDER BY version DESC LIMIT 100;

-- name: entry_of_day :many  community:int64 from_at:int64 to_at:int64
-- What was published at the place itself within a time and stands there, by board.
SELECT board, CAST(COUNT(*) AS BIGINT) AS n FROM entry
WHERE community = $1 AND published_at >= $2 AND published_at < $3 AND listed = 1 GROUP BY board ORDER BY board;

-- ---- lists: newest first, by key ------------------------------------------------------------------------------

-- name: entry_page :many  community:int64 board:int64 pinned:bool before:int64 far:text near:text nearer:text limit:int64
-- Of one place. far, near, nearer: ,CODE of the district, the street and the community whose page it is, '' where there is none: an entry with an
-- audience is for one of them or it is not.
SELECT entry.community, entry.id, entry.board, entry.kind, entry.author, entry.organisation, entry.author_from, entry.title, entry.body, entry.state,
       entry.pinned, entry.published_at, entry.ends_at, entry.comments, entry.thumbs, entry.photos, person.shown_name, person.party_badge
FROM entry LEFT JOIN person ON person.id = entry.author
WHERE entry.community = $1 AND entry.board = $2 AND entry.listed = 1 AND entry.pinned = $3 AND entry.id < $4
  AND (entry.audience = '' OR ($5 <> '' AND entry.audience LIKE '%' || $5 || '%') OR ($6 <> '' AND entry.audience LIKE '%' || $6 || '%')
       OR ($7 <> '' AND entry.audience LIKE '%' || $7 || '%'))
ORDER BY entry.id DESC LIMIT $8;

-- name: entry_newest :many  community:int64 before:int64 far:text near:text nearer:text limit:int64
-- Of one place, across all of its boards: which ones; what is said of them is read by entry_page_one for those that are shown.
SELECT id, board FROM entry
WHERE community = $1 AND listed = 1 AND id < $2
  AND (audience = '' OR ($3 <> '' AND audience LIKE '%' || $3 || '%') OR ($4 <> '' AND audience LIKE '%' || $4 || '%')
       OR ($5 <> '' AND audience LIKE '%' || $5 || '%'))
ORDER BY id DESC LIMIT $6;

-- name: entry_page_one :one  community:int64 id:int64
-- With the columns of entry_page.
SELECT entry.community, entry.id, entry.board, entry.kind, entry.author, entry.organisation, entry.author_from, entry.title, entry.body, entry.state,
       entry.pinned, entry.published_at, entry.ends_at, entry.comments, entry.thumbs, entry.photos, person.shown_name, person.party_badge
FROM entry LEFT JOIN person ON person.id = entry.author
WHERE entry.community = $1 AND entry.id = $2 AND entry.listed = 1;

-- name: entry_recent :many  community:int64 after:int64 since:int64 far:text near:text nearer:text limit:int64
-- Only what stands in the index.
SELECT board, id, published_at FROM entry
WHERE community = $1 AND listed = 1 AND id > $2 AND published_at > $3
  AND (audience = '' OR ($4 <> '' AND audience LIKE '%' || $4 || '%') OR ($5 <> '' AND audience LIKE '%' || $5 || '%')
       OR ($6 <> '' AND audience LIKE '%' || $6 || '%'))
ORDER BY id DESC LIMIT $7;

-- name: board_seen_of :many  person:int64
SELECT board, entry FROM board_seen WHERE person = $1;

-- name: entry_page_state :many  community:int64 board:int64 state:text before:int64 limit:int64
-- For who runs the board: drafts, what waits for review, what was withdrawn.
SELECT entry.community, entry.id, entry.board, entry.kind, entry.author, entry.organisation, entry.author_from, entry.title, entry.body, entry.state,
       entry.pinned, entry.published_at, entry.ends_at, entry.comments, entry.thumbs, entry.photos, person.shown_name, person.party_badge
FROM entry LEFT JOIN person ON person.id = entry.author
WHERE entry.community = $1 AND entry.board = $2 AND entry.state = $3 AND entry.id < $4
ORDER BY entry.id DESC LIMIT $5;

-- name: entry_page_mine :many  community:int64 author:int64 kind:text before:int64 limit:int64
SELECT entry.community, entry.id, entry.board, entry.kind, entry.author, entry.organisation, entry.author_from, entry.title, entry.body, entry.state,
       entry.pinned, entry.published_at, entry.ends_at, entry.comments, entry.thumbs, entry.photos, person.shown_name, person.party_badge
FROM entry LEFT JOIN person ON person.id = entry.author
WHERE entry.community = $1 AND entry.author = $2 AND entry.kind = $3 AND entry.id < $4
ORDER BY entry.id DESC LIMIT $5;

-- name: entry_ended :many  now:int64 limit:int64
-- across communities: the job that takes what is over out of the lists.
SELECT community, id, kind, state FROM entry WHERE listed = 1 AND ends_at > 0 AND ends_at <= $1 ORDER BY ends_at LIMIT $2;

-- ---- comments, thumbs, follows -----------------------------------------------------------------------------------

-- name: entry_comment_put :exec  community:int64 id:int64 entry:int64 reply_to:int64 author:int64 organisation:int64 author_from:text body:text at:int64
--   hidden:bool
INSERT INTO entry_comment (community, id, entry, reply_to, author, organisation, author_from, body, created_at, hidden, hidden_reason)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '');

-- name: entry_set_reason :exec  community:int64 id:int64 reason:text
UPDATE entry SET hidden_reason = $3 WHERE community = $1 AND id = $2;

-- name: entry_comment_set_reason :exec  community:int64 id:int64 reason:text
UPDATE entry_comment SET hidden_reason = $3 WHERE community = $1 AND id = $2;

-- name: entry_comment_get :one  community:int64 id:int64
SELECT id, entry, reply_to, author, organisation, body, created_at, hidden, hidden_reason FROM entry_comment WHERE community = $1 AND id = $2;

-- name: entry_comments :many  community:int64 entry:int64 before:int64 limit:int64
SELECT c.id, c.reply_to, c.author, c.organisation, c.author_from, c.body, c.created_at, c.hidden, c.hidden_reason, person.shown_name, person.party_badge,
       answered.shown_name AS reply_name
FROM entry_comment c
LEFT JOIN person ON person.id = c.author
LEFT JOIN entry_comment r ON r.community = c.community AND r.id = c.reply_to
LEFT JOIN person answered ON answered.id = r.author
WHERE c.community = $1 AND c.entry = $2 AND c.id < $3 ORDER BY c.id DESC LIMIT $4;

-- name: entry_comment_hide :count  community:int64 id:int64 hidden:bool reason:text
UPDATE entry_comment SET hidden = $3, hidden_reason = $4 WHERE community = $1 AND id = $2 AND hidden <> $3;

-- name: entry_thumb_put :count  community:int64 entry:int64 person:int64 at:int64
INSERT INTO entry_thumb (community, entry, person, at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING;

-- name: entry_thumb_drop :count  community:int64 entry:int64 person:int64
DELETE FROM entry_thumb WHERE community = $1 AND entry = $2 AND person = $3;

-- name: entry_follow_put :count  community:int64 entry:int64 person:int64 at:int64
INSERT INTO entry_follow (community, entry, person, since) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING;

-- name: entry_follow_drop :count  community:int64 entry:int64 person:int64
DELETE FROM entry_follow WHERE community = $1 AND entry = $2 AND person = $3;

-- name: entry_followers :many  community:int64 entry:int64
SELECT person FROM entry_follow WHERE community = $1 AND entry = $2 ORDER BY person LIMIT 500;

-- name: entry_mine :one  community:int64 entry:int64 person:int64
-- What the viewer has done with it.
SELECT CAST((SELECT COUNT(*) FROM entry_thumb t WHERE t.community = $1 AND t.entry = $2 AND t.person = $3) AS BIGINT) AS thumbs,
       CAST((SELECT COUNT(*) FROM entry_follow f WHERE f.community = $1 AND f.entry = $2 AND f.person = $3) AS BIGINT) AS follows;

-- name: entry_recount :many  community:int64
SELECT entry.id, entry.comments, entry.thumbs,
       CAST((SELECT COUNT(*) FROM entry_comment c WHERE c.community = $1 AND c.entry = entry.id AND c.hidden = 0) AS BIGINT) AS real_comments,
       CAST((SELECT COUNT(*) FROM entry_thumb t WHERE t.community = $1 AND t.entry = entry.id) AS BIGINT) AS real_thumbs
FROM entry WHERE entry.community = $1 ORDER BY entry.id;

-- ---- what is new -----------------------------------------------------------------------------------------------------

-- name: board_seen_put :exec  person:int64 board:int64 entry:int64
INSERT INTO board_seen (person, board, entry) VALUES ($1, $2, $3)
ON CONFLICT (person, board) DO UPDATE SET entry = CASE WHEN excluded.entry > board_seen.entry THEN excluded.entry ELSE board_seen.entry END;
