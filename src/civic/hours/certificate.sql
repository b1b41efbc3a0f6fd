-- name: certificate_put :count  community:int64 id:int64 code:text person:int64 organisation:int64 name_masked:text from_day:int64 to_day:int64
-- minutes:int64 issued_at:int64
INSERT INTO hours_certificate (community, id, code, person, organisation, name_masked, from_day, to_day, minutes, issued_at, revoked_at, revoked_why, reason)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, '', '') ON CONFLICT DO NOTHING;

-- name: certificate_take_lines :count  community:int64 certificate:int64 person:int64 from_day:int64 to_day:int64
-- What stands of each line on this day; what was put right to nothing is not on it.
INSERT INTO hours_certificate_line (community, certificate, line, minutes)
SELECT x.community, $2, x.id, x.minutes FROM (
    SELECT h.community, h.id, h.minutes + COALESCE((SELECT SUM(c.minutes) FROM hours c WHERE c.community = $1 AND c.corrects = h.id), 0) AS minutes
    FROM hours h WHERE h.community = $1 AND h.helper = $3 AND h.corrects = 0 AND h.day BETWEEN $4 AND $5) x
WHERE x.community = $1 AND x.minutes > 0;

-- name: certificate_total :one  community:int64 certificate:int64
SELECT CAST(COALESCE(SUM(minutes), 0) AS BIGINT) AS minutes FROM hours_certificate_line WHERE community = $1 AND certificate = $2;

-- name: certificate_lines :many  community:int64 certificate:int64
SELECT l.minutes, h.day, h.what FROM hours_certificate_line l JOIN hours h ON h.community = l.community AND h.id = l.line
WHERE l.community = $1 AND l.certificate = $2 ORDER BY h.day, h.id;

-- name: certificate_get :one  community:int64 id:int64
SELECT id, code, person, organisation, name_masked, from_day, to_day, minutes, issued_at, revoked_at, revoked_why, reason
FROM hours_certificate WHERE community = $1 AND id = $2;

-- name: certificate_find :one  community:int64 code:text
SELECT id, code, person, organisation, name_masked, from_day, to_day, minutes, issued_at, revoked_at, revoked_why, reason
FROM hours_certificate WHERE community = $1 AND code = $2;

-- name: certificates_mine :many  person:int64 limit:int64
-- across communities: a person's own, wherever they have helped.
SELECT community, id, code, from_day, to_day, minutes, issued_at, revoked_at, revoked_why, reason
FROM hours_certificate WHERE person = $1 ORDER BY id DESC LIMIT $2;

-- name: certificate_revoke :count  community:int64 id:int64 at:int64 why:text reason:text
UPDATE hours_certificate SET revoked_at = $3, revoked_why = $4, reason = $5 WHERE community = $1 AND id = $2 AND revoked_at = 0;

-- name: certificates_with :many  community:int64 line:int64
-- Those that say what a line says no longer.
SELECT c.id, c.person FROM hours_certificate c JOIN hours_certificate_line l ON l.community = c.community AND l.certificate = c.id
WHERE c.community = $1 AND l.line = $2 AND c.revoked_at = 0 ORDER BY c.id;

-- name: certificates_forget :exec  person:int64 at:int64
-- across communities: an account that closes leaves no name behind, not even half of one.
UPDATE hours_certificate SET name_masked = '', reason = '', revoked_why = CASE WHEN revoked_at = 0 THEN 'closed' ELSE revoked_why END,
       revoked_at = CASE WHEN revoked_at = 0 THEN $2 ELSE revoked_at END WHERE person = $1;
