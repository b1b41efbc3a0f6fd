-- Entries that go to another community with an estate, or with all of it, under the same ids, with what others have added to them.
--
-- A row is copied and its first one removed: the community says on which machine a row lies, so it is never changed in place.

-- name: entry_ids_of_estate :many  community:int64 kind:text estate:int64
-- What somebody of the estate wrote as a resident; its dwellings are still here, ended.
SELECT e.id FROM entry e JOIN dwelling d ON d.community = e.community AND d.id = e.dwelling
WHERE e.community = $1 AND e.kind = $2 AND d.estate = $3 AND e.organisation = 0 ORDER BY e.id;

-- name: entry_ids_of_community :many  community:int64 kind:text
SELECT id FROM entry WHERE community = $1 AND kind = $2 ORDER BY id;

-- name: entry_row_move :exec  from_community:int64 to_community:int64 entry:int64
-- across communities: from the old one to the new one.
INSERT INTO entry (community, id, board, kind, author, organisation, author_from, dwelling, title, body, version, audience, state, listed, pinned, created_at,
                   published_at, ends_at, comments, thumbs, photos, hidden, hidden_reason, changed_at, would_list)
SELECT CAST($2 AS BIGINT), id, board, kind, author, organisation, author_from, dwelling, title, body, version, audience, state, listed, pinned, created_at,
                   published_at, ends_at, comments, thumbs, photos, hidden, hidden_reason, changed_at, would_list
FROM entry WHERE community = $1 AND id = $3;

-- name: entry_row_moved :exec  from_community:int64 entry:int64
DELETE FROM entry WHERE community = $1 AND id = $2;

-- name: entry_versions_move :exec  from_community:int64 to_community:int64 entry:int64
-- across communities: from the old one to the new one.
INSERT INTO entry_version (community, entry, version, title, body, more, person, at)
SELECT CAST($2 AS BIGINT), entry, version, title, body, more, person, at
FROM entry_version WHERE community = $1 AND entry = $3;

-- name: entry_versions_moved :exec  from_community:int64 entry:int64
DELETE FROM entry_version WHERE community = $1 AND entry = $2;

-- name: entry_comments_move :exec  from_community:int64 to_community:int64 entry:int64
-- across communities: from the old one to the new one.
INSERT INTO entry_comment (community, id, entry, reply_to, author, organisation, author_from, body, created_at, hidden, hidden_reason)
SELECT CAST($2 AS BIGINT), id, entry, reply_to, author, organisation, author_from, body, created_at, hidden, hidden_reason
FROM entry_comment WHERE community = $1 AND entry = $3;

-- name: entry_comments_moved :exec  from_community:int64 entry:int64
DELETE FROM entry_comment WHERE community = $1 AND entry = $2;

-- name: entry_thumbs_move :exec  from_community:int64 to_community:int64 entry:int64
-- across communities: from the old one to the new one.
INSERT INTO entry_thumb (community, entry, person, at)
SELECT CAST($2 AS BIGINT), entry, person, at
FROM entry_thumb WHERE community = $1 AND entry = $3;

-- name: entry_thumbs_moved :exec  from_community:int64 entry:int64
DELETE FROM entry_thumb WHERE community = $1 AND entry = $2;

-- name: entry_follows_move :exec  from_community:int64 to_community:int64 entry:int64
-- across communities: from the old one to the new one.
INSERT INTO entry_follow (community, entry, person, since)
SELECT CAST($2 AS BIGINT), entry, person, since
FROM entry_follow WHERE community = $1 AND entry = $3;

-- name: entry_follows_moved :exec  from_community:int64 entry:int64
DELETE FROM entry_follow WHERE community = $1 AND entry = $2;

-- name: entry_comments_moderated :many  community:int64 entry:int64
-- The comments of which moderation knows something.
SELECT c.id FROM entry_comment c
WHERE c.community = $1 AND c.entry = $2
  AND (EXISTS (SELECT 1 FROM moderation_case m WHERE m.community = $1 AND m.thing_kind = 'entry_comment' AND m.thing = c.id)
       OR EXISTS (SELECT 1 FROM moderation_measure m WHERE m.community = $1 AND m.thing_kind = 'entry_comment' AND m.thing = c.id));

-- name: entry_audience_follows :exec  community:int64 old:text new:text
-- What a place above wrote for some below it, one of which has a successor. Names are ,CODE.
UPDATE entry SET audience = audience || $3 WHERE community = $1 AND audience LIKE '%' || $2 || '%' AND audience NOT LIKE '%' || $3 || '%';
