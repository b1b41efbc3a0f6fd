-- name: holiday_put :exec  day:int64 kind:int64 name:text
INSERT INTO holiday (day, kind, name) VALUES ($1, $2, $3);

-- name: holiday_clear :exec  first:int64 last:int64
DELETE FROM holiday WHERE day BETWEEN $1 AND $2;

-- name: holiday_all :many
SELECT day, kind, name FROM holiday ORDER BY day;

-- name: holiday_years :many
SELECT year, imported_at, version FROM holiday_year ORDER BY year;

-- name: holiday_version :one
SELECT CAST(COALESCE(MAX(version), 0) AS BIGINT) AS version FROM holiday_year;

-- name: holiday_year_put :exec  year:int64 imported_at:int64 version:int64
INSERT INTO holiday_year (year, imported_at, version) VALUES ($1, $2, $3)
ON CONFLICT (year) DO UPDATE SET imported_at = excluded.imported_at, version = excluded.version;
