-- ---- one activity: its entry has the words and the state ------------------------------------------------------

-- name: activity_get :one  community:int64 entry:int64
SELECT community, entry, starts_at, ends_at, signs_until, cancels_until, spot, capacity, limits, gives_hours, series, opens_at, taken, waits, came,
       minutes, next_at, sequence, reason
FROM activity WHERE community = $1 AND entry = $2;

-- name: activity_hold :count  community:int64 entry:int64
-- Takes the row: who signs up, gives back, checks in or changes it stands one behind the other.
UPDATE activity SET taken = taken WHERE community = $1 AND entry = $2;

-- name: activity_put :exec  community:int64 entry:int64 starts_at:int64 ends_at:int64 signs_until:int64 cancels_until:int64 spot:text capacity:int64
-- limits:text gives_hours:bool series:int64 opens_at:int64 next_at:int64
INSERT INTO activity (community, entry, starts_at, ends_at, signs_until, cancels_until, spot, capacity, limits, gives_hours, series, opens_at, taken, waits,
                      came, minutes, next_at, sequence, reason)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 0, 0, 0, 0, $13, 0, '');

-- name: activity_set_series :exec  community:int64 entry:int64
UPDATE activity SET series = entry WHERE community = $1 AND entry = $2;

-- name: activity_change :exec  community:int64 entry:int64 starts_at:int64 ends_at:int64 signs_until:int64 cancels_until:int64 spot:text
-- capacity:int64 limits:text gives_hours:bool opens_at:int64 next_at:int64 moved:int64
UPDATE activity SET starts_at = $3, ends_at = $4, signs_until = $5, cancels_until = $6, spot = $7, capacity = $8, limits = $9, gives_hours = $10,
                    opens_at = $11, next_at = $12, sequence = sequence + $13
WHERE community = $1 AND entry = $2;

-- name: activity_next :exec  community:int64 entry:int64 next_at:int64
UPDATE activity SET next_at = $3 WHERE community = $1 AND entry = $2;

-- name: activity_end :exec  community:int64 entry:int64 minutes:int64 reason:text
UPDATE activity SET minutes = $3, reason = $4, next_at = 0, sequence = sequence + 1 WHERE community = $1 AND entry = $2;

-- name: activity_count :exec  community:int64 entry:int64 taken:int64 waits:int64 came:int64
UPDATE activity SET taken = taken + $3, waits = waits + $4, came = came + $5 WHERE community = $1 AND entry = $2;

-- name: activity_of_series :many  community:int64 series:int64 from_start:int64 limit:int64
SELECT a.entry, a.starts_at, a.ends_at, entry.state FROM activity a JOIN entry ON entry.community = a.community AND entry.id = a.entry
WHERE a.community = $1 AND a.series = $2 AND a.starts_at >= $3 ORDER BY a.starts_at, a.entry LIMIT $4;

-- name: activity_due :many  now:int64 limit:int64
-- across communities: the job that opens planned dates and reminds.
SELECT community, entry, next_at FROM activity WHERE next_at > 0 AND next_at <= $1 ORDER BY next_at LIMIT $2;

-- ---- lists: by time, by key ----------------------------------------------------------------------------------------

-- name: activity_coming :many  community:int64 board:int64 now:int64 after_start:int64 after_entry:int64 near:text nearer:text limit:int64
-- Of one place: what has not ended, the next first. near, nearer: as in entry_page. Found by its end, which a few have before them and all others behind
-- them (the + keeps SQLite from going by the board, or by the beginning).
SELECT a.community, a.entry, a.starts_at, a.ends_at, a.signs_until, a.spot, a.capacity, a.gives_hours, a.taken, a.waits, e.title, e.state, e.board,
       e.organisation, e.author_from, e.photos, e.published_at, e.body, person.shown_name
FROM activity a JOIN entry e ON e.community = a.community AND e.id = a.entry LEFT JOIN person ON person.id = e.author
WHERE a.community = $1 AND +e.board = $2 AND e.listed = 1 AND a.ends_at > $3 AND (+a.starts_at > $4 OR (+a.starts_at = $4 AND a.entry > $5))
  AND (e.audience = '' OR ($6 <> '' AND e.audience LIKE '%' || $6 || '%') OR ($7 <> '' AND e.audience LIKE '%' || $7 || '%'))
ORDER BY +a.starts_at, a.entry LIMIT $8;

-- name: activity_past :many  community:int64 board:int64 now:int64 before_start:int64 before_entry:int64 near:text nearer:text limit:int64
SELECT a.community, a.entry, a.starts_at, a.ends_at, a.signs_until, a.spot, a.capacity, a.gives_hours, a.taken, a.waits, e.title, e.state, e.board,
       e.organisation, e.author_from, e.photos, e.published_at, e.body, person.shown_name
FROM activity a JOIN entry e ON e.community = a.community AND e.id = a.entry LEFT JOIN person ON person.id = e.author
WHERE a.community = $1 AND e.board = $2 AND e.listed = 1 AND a.ends_at <= $3 AND (a.starts_at, a.entry) < ($4, $5)
  AND (e.audience = '' OR ($6 <> '' AND e.audience LIKE '%' || $6 || '%') OR ($7 <> '' AND e.audience LIKE '%' || $7 || '%'))
ORDER BY a.starts_at DESC, a.entry DESC LIMIT $8;

-- name: activity_of_state :many  community:int64 board:int64 state:text after_start:int64 after_entry:int64 limit:int64
-- For who runs the board: what waits for review, what is planned.
SELECT a.community, a.entry, a.starts_at, a.ends_at, a.signs_until, a.spot, a.capacity, a.gives_hours, a.taken, a.waits, e.title, e.state, e.board,
       e.organisation, e.author_from, e.photos, e.published_at, e.body, person.shown_name
FROM activity a JOIN entry e ON e.community = a.community AND e.id = a.entry LEFT JOIN person ON person.id = e.author
WHERE a.community = $1 AND e.board = $2 AND e.state = $3 AND (a.starts_at, a.entry) > ($4, $5)
ORDER BY a.starts_at, a.entry LIMIT $6;

-- name: activity_unfinished :many  community:int64 author:int64 now:int64 limit:int64
-- The organiser's own that are over and have not been closed.
SELECT a.entry, a.ends_at, e.title, e.board FROM activity a JOIN entry e ON e.community = a.community AND e.id = a.entry
WHERE a.community = $1 AND e.author = $2 AND e.state = 'open' AND a.ends_at <= $3 ORDER BY a.ends_at DESC LIMIT $4;

-- ---- who comes ------------------------------------------------------------------------------------------------------

-- name: activity_signup_get :one  community:int64 entry:int64 person:int64
SELECT id, home, person_from, state, signed_at, came_at FROM activity_signup WHERE community = $1 AND entry = $2 AND person = $3;

-- name: activity_signup_put :exec  community:int64 entry:int64 person:int64 id:int64 home:int64 person_from:text state:text at:int64
-- Who has given a place back and comes again stands at the end of the line.
INSERT INTO activity_signup (community, entry, person, id, home, person_from, state, signed_at, came_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0)
ON CONFLICT (community, entry, person) DO UPDATE SET id = excluded.id, home = excluded.home, person_from = excluded.person_from, state = excluded.state,
    signed_at = excluded.signed_at, came_at = 0;

-- name: activity_signup_move :count  community:int64 entry:int64 person:int64 from_state:text to_state:text came_at:int64
UPDATE activity_signup SET state = $5, came_at = $6 WHERE community = $1 AND entry = $2 AND person = $3 AND state = $4;

-- name: activity_first_waiting :one  community:int64 entry:int64
SELECT person, id FROM activity_signup WHERE community = $1 AND entry = $2 AND state = 'waiting' ORDER BY id LIMIT 1;

-- name: activity_place_in_line :one  community:int64 entry:int64 id:int64
SELECT CAST(COUNT(*) AS BIGINT) AS n FROM activity_signup WHERE community = $1 AND entry = $2 AND state = 'waiting' AND id <= $3;

-- name: activity_signups :many  community:int64 entry:int64 state:text
-- At most ACTIVITY_MOST of them can be.
SELECT s.person, s.id, s.home, s.person_from, s.state, s.signed_at, s.came_at, person.shown_name, person.party_badge
FROM activity_signup s LEFT JOIN person ON person.id = s.person
WHERE s.community = $1 AND s.entry = $2 AND s.state = $3 ORDER BY s.id;

-- name: activity_mine :many  community:int64 person:int64 after_end:int64 limit:int64
-- What somebody has signed up for at one place, what ends latest first.
SELECT s.state, s.signed_at, s.id, a.entry, a.starts_at, a.ends_at, a.spot, a.reason, a.sequence, e.title, e.body, e.state AS entry_state, e.board,
       e.hidden, e.changed_at
FROM activity_signup s
JOIN activity a ON a.community = s.community AND a.entry = s.entry
JOIN entry e ON e.community = s.community AND e.id = s.entry
WHERE s.community = $1 AND s.person = $2 AND s.state <> 'out' AND a.ends_at > $3 ORDER BY a.starts_at DESC, a.entry DESC LIMIT $4;

-- name: activity_left_by :many  person:int64 limit:int64
-- across communities: what somebody can see of themselves (个人信息保护法 45).
SELECT s.community, s.entry, s.signed_at, s.state, e.title, e.board FROM activity_signup s JOIN entry e ON e.community = s.community AND e.id = s.entry
WHERE s.person = $1 ORDER BY s.signed_at DESC LIMIT $2;

-- name: activity_came :many  community:int64 person:int64 limit:int64
-- Where somebody was there, as neighbours may read it.
SELECT s.came_at, e.id, e.title, e.board FROM activity_signup s JOIN entry e ON e.community = s.community AND e.id = s.entry
WHERE s.community = $1 AND s.person = $2 AND s.state = 'came' AND e.listed = 1 AND e.hidden = 0 ORDER BY s.entry DESC LIMIT $3;

-- name: activity_recount :many  community:int64
SELECT a.entry, a.taken, a.waits, a.came, a.capacity,
       CAST((SELECT COUNT(*) FROM activity_signup s WHERE s.community = $1 AND s.entry = a.entry AND s.state IN ('in', 'came', 'missed')) AS BIGINT) AS real_taken,
       CAST((SELECT COUNT(*) FROM activity_signup s WHERE s.community = $1 AND s.entry = a.entry AND s.state = 'waiting') AS BIGINT) AS real_waits,
       CAST((SELECT COUNT(*) FROM activity_signup s WHERE s.community = $1 AND s.entry = a.entry AND s.state = 'came') AS BIGINT) AS real_came
FROM activity a WHERE a.community = $1 ORDER BY a.entry;

-- ---- somebody's own calendar -------------------------------------------------------------------------------------------

-- name: activity_feed_get :one  person:int64
SELECT secret, made_at FROM activity_feed WHERE person = $1;

-- name: activity_feed_put :exec  person:int64 secret:bytes at:int64
INSERT INTO activity_feed (person, secret, made_at) VALUES ($1, $2, $3)
ON CONFLICT (person) DO UPDATE SET secret = excluded.secret, made_at = excluded.made_at;
