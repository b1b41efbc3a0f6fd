-- name: search_entry_get :one  community:int64 id:int64
SELECT community, id, subject_kind, title, text, visibility, titled FROM search_entry WHERE community = $1 AND id = $2;

-- name: search_entry_put :send  community:int64 id:int64 subject_kind:text title:text text:text visibility:int64
INSERT INTO search_entry (community, id, subject_kind, title, text, visibility, titled) VALUES ($1, $2, $3, $4, $5, $6, 1)
ON CONFLICT (community, id) DO UPDATE SET subject_kind = excluded.subject_kind, title = excluded.title, text = excluded.text,
    visibility = excluded.visibility, titled = 1;

-- name: search_entry_remove :exec  community:int64 id:int64
DELETE FROM search_entry WHERE community = $1 AND id = $2;

-- name: search_entry_after :many  community:int64 id:int64 limit:int64
-- across communities: everything, for a move to another engine.
SELECT community, id, subject_kind, title, text, visibility FROM search_entry
WHERE community > $1 OR (community = $1 AND id > $2) ORDER BY community, id LIMIT $3;

-- name: search_index_put :send  community:int64 id:int64 scope:text tokens:text visibility:int64 subject_kind:text
-- In SQLite the community is in the scope; the row's number is the id, so that hits come newest first without sorting. The other three say nothing here. (VALUES,
-- not SELECT: that opens a savepoint for the statement, at which FTS5 writes out what it has, so that a batch of 64 becomes 64 pieces of index again.)
INSERT INTO search_index (rowid, scope, tokens) VALUES (CASE WHEN $1 > 0 AND $5 >= 0 AND $6 <> '' THEN $2 END, $3, $4);

-- name: search_index_put :postgres
INSERT INTO search_index (community, id, visibility, subject_kind, tokens)
SELECT $1, $2, $5, $6, CAST($4 AS tsvector) WHERE $3 <> '';

-- name: search_index_remove :exec  community:int64 id:int64 scope:text tokens:text
-- FTS5 keeps no text: it is told the tokens that it was given.
INSERT INTO search_index (search_index, rowid, scope, tokens) VALUES ('delete', CASE WHEN $1 > 0 THEN $2 END, $3, $4);

-- name: search_index_remove :postgres
DELETE FROM search_index WHERE community = $1 AND id = $2 AND $3 <> '' AND $4 <> '-';

-- name: search_find :many  question:text first:int64 last:int64 visibility:int64 subject_kind:text before:int64 limit:int64
-- across communities: a search at a level; the range is that of the place.
SELECT e.community, e.id, e.subject_kind, e.title, e.text, e.visibility
FROM search_index AS i CROSS JOIN search_entry AS e ON e.id = i.rowid
WHERE i.search_index MATCH $1 AND i.rowid < $6 AND e.community BETWEEN $2 AND $3 AND e.visibility <= $4
    AND ($5 = '' OR e.subject_kind = $5)
ORDER BY i.rowid DESC LIMIT $7;

-- name: search_find :postgres
SELECT e.community, e.id, e.subject_kind, e.title, e.text, e.visibility
FROM (
    SELECT community, id FROM search_index
    WHERE tokens @@ CAST($1 AS tsquery) AND id < $6 AND community BETWEEN $2 AND $3 AND visibility <= $4
        AND ($5 = '' OR subject_kind = $5)
    ORDER BY id DESC LIMIT $7
) AS i JOIN search_entry AS e ON e.community = i.community AND e.id = i.id
ORDER BY e.id DESC;
