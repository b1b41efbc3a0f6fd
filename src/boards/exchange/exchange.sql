-- ---- what it is, and how it stands -----------------------------------------------------------------------------------

-- name: exchange_put :exec  community:int64 entry:int64 sort:text price:int64 minutes:int64 days:int64 spot:text until:int64
INSERT INTO exchange (community, entry, sort, price, minutes, days, spot, until, turn, queue, due_at, return_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, 0, 0, 0);

-- name: exchange_get :one  community:int64 entry:int64
SELECT sort, price, minutes, days, spot, until, turn, queue, due_at, return_at FROM exchange WHERE community = $1 AND entry = $2;

-- name: exchange_hold :one  community:int64 entry:int64
-- Takes the row first: of ten who want the same thing at once, one after the other reads how it stands then.
UPDATE exchange SET queue = queue WHERE community = $1 AND entry = $2
RETURNING sort, price, minutes, days, spot, until, turn, queue, due_at, return_at;

-- name: exchange_set_terms :exec  community:int64 entry:int64 price:int64 minutes:int64 days:int64 spot:text
UPDATE exchange SET price = $3, minutes = $4, days = $5, spot = $6 WHERE community = $1 AND entry = $2;

-- name: exchange_set :exec  community:int64 entry:int64 turn:int64 queue:int64 due_at:int64 return_at:int64 until:int64
UPDATE exchange SET turn = $3, queue = $4, due_at = $5, return_at = $6, until = $7 WHERE community = $1 AND entry = $2;

-- ---- turns ---------------------------------------------------------------------------------------------------------------

-- name: exchange_turn_put :count  community:int64 id:int64 entry:int64 person:int64 person_from:text state:text at:int64 held_at:int64
-- Nobody stands in one queue twice.
INSERT INTO exchange_turn (community, id, entry, person, person_from, state, since, asked_at, held_at, ended_at, author_at, taker_at, minutes)
VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $8, 0, 0, 0, 0) ON CONFLICT DO NOTHING;

-- name: exchange_turn_get :one  community:int64 id:int64
SELECT id, entry, person, person_from, state, since, asked_at, held_at, ended_at, author_at, taker_at, minutes
FROM exchange_turn WHERE community = $1 AND id = $2;

-- name: exchange_turn_of :one  community:int64 entry:int64 person:int64
-- Somebody's last.
SELECT id, entry, person, person_from, state, since, asked_at, held_at, ended_at, author_at, taker_at, minutes
FROM exchange_turn WHERE community = $1 AND entry = $2 AND person = $3 ORDER BY id DESC LIMIT 1;

-- name: exchange_turn_next :one  community:int64 entry:int64
SELECT id, entry, person, person_from, state, since, asked_at, held_at, ended_at, author_at, taker_at, minutes
FROM exchange_turn WHERE community = $1 AND entry = $2 AND state = 'waiting' ORDER BY id LIMIT 1;

-- name: exchange_turns_waiting :many  community:int64 entry:int64
SELECT id, person FROM exchange_turn WHERE community = $1 AND entry = $2 AND state = 'waiting' ORDER BY id;

-- name: exchange_turn_move :count  community:int64 id:int64 from_state:text to_state:text asked_at:int64 held_at:int64 ended_at:int64
-- Only from the state that the rule was decided on. A time that is 0 stays as it was.
UPDATE exchange_turn SET state = $4, asked_at = CASE WHEN $5 > 0 THEN $5 ELSE asked_at END, held_at = CASE WHEN $6 > 0 THEN $6 ELSE held_at END,
                         ended_at = CASE WHEN $7 > 0 THEN $7 ELSE ended_at END
WHERE community = $1 AND id = $2 AND state = $3;

-- name: exchange_turn_say :exec  community:int64 id:int64 author_at:int64 taker_at:int64 minutes:int64
UPDATE exchange_turn SET author_at = $3, taker_at = $4, minutes = $5 WHERE community = $1 AND id = $2;

-- ---- what the two write to each other ---------------------------------------------------------------------------------------

-- name: exchange_word_put :count  community:int64 id:int64 entry:int64 turn:int64 author:int64 thanks:bool shown:bool body:text at:int64 hidden:bool
-- Thanks are said once.
INSERT INTO exchange_word (community, id, entry, turn, author, thanks, shown, body, at, hidden, hidden_reason)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '') ON CONFLICT DO NOTHING;

-- name: exchange_words :many  community:int64 turn:int64 before:int64 limit:int64
-- Of one turn: for the two.
SELECT w.id, w.author, w.thanks, w.shown, w.body, w.at, w.hidden, w.hidden_reason, person.shown_name
FROM exchange_word w LEFT JOIN person ON person.id = w.author WHERE w.community = $1 AND w.turn = $2 AND w.id < $3 ORDER BY w.id DESC LIMIT $4;

-- name: exchange_thanks_shown :many  community:int64 entry:int64
-- What neighbours read too: thanks that were meant for them.
SELECT w.id, w.author, w.body, w.at, person.shown_name
FROM exchange_word w LEFT JOIN person ON person.id = w.author
JOIN exchange_turn t ON t.community = w.community AND t.id = w.turn
WHERE w.community = $1 AND t.entry = $2 AND w.thanks = 1 AND w.shown = 1 AND w.hidden = 0 ORDER BY w.id DESC LIMIT 20;

-- name: exchange_word_get :one  community:int64 id:int64
SELECT id, entry, turn, author, thanks, shown, body, at, hidden, hidden_reason FROM exchange_word WHERE community = $1 AND id = $2;

-- name: exchange_word_hide :count  community:int64 id:int64 hidden:bool reason:text
UPDATE exchange_word SET hidden = $3, hidden_reason = $4 WHERE community = $1 AND id = $2 AND hidden <> $3;

-- name: exchange_word_set_reason :exec  community:int64 id:int64 reason:text
UPDATE exchange_word SET hidden_reason = $3 WHERE community = $1 AND id = $2;

-- ---- lists: newest first, by key --------------------------------------------------------------------------------------------

-- name: exchange_page :many  community:int64 board:int64 sort:text before:int64 limit:int64
-- Of one place; sort empty: all.
SELECT e.community, e.id, e.board, e.kind, e.organisation, e.author_from, e.title, e.body, e.state, e.published_at, e.comments, e.thumbs, e.photos,
       person.shown_name, person.party_badge, x.sort, x.price, x.queue
FROM entry e JOIN exchange x ON x.community = e.community AND x.entry = e.id LEFT JOIN person ON person.id = e.author
WHERE e.community = $1 AND e.board = $2 AND e.listed = 1 AND e.pinned = 0 AND CASE WHEN $3 <> '' THEN x.sort = $3 ELSE 1 = 1 END AND e.id < $4
ORDER BY e.id DESC LIMIT $5;

-- name: exchange_to_review :many  community:int64 board:int64 before:int64 limit:int64
SELECT e.community, e.id, e.board, e.kind, e.organisation, e.author_from, e.title, e.body, e.state, e.published_at, e.comments, e.thumbs, e.photos,
       person.shown_name, person.party_badge, x.sort, x.price, x.queue
FROM entry e JOIN exchange x ON x.community = e.community AND x.entry = e.id LEFT JOIN person ON person.id = e.author
WHERE e.community = $1 AND e.board = $2 AND e.state = 'waiting' AND e.id < $3 ORDER BY e.id DESC LIMIT $4;

-- name: exchange_given :many  community:int64 author:int64 before:int64 limit:int64
-- What somebody has put up.
SELECT e.id, e.board, e.title, e.state, e.hidden, e.created_at, x.sort, x.price, x.queue, x.due_at, x.return_at, t.person AS other,
       person.shown_name AS other_name, t.author_at, t.taker_at
FROM entry e JOIN exchange x ON x.community = e.community AND x.entry = e.id
LEFT JOIN exchange_turn t ON t.community = x.community AND t.id = x.turn LEFT JOIN person ON person.id = t.person
WHERE e.community = $1 AND e.author = $2 AND e.id < $3 ORDER BY e.id DESC LIMIT $4;

-- name: exchange_taken :many  community:int64 person:int64 before:int64 limit:int64
-- What somebody has taken up, or waits for. What was hidden has lost its words.
SELECT t.id AS turn, t.state AS turn_state, t.author_at, t.taker_at, e.id, e.board, CAST(CASE WHEN e.hidden = 1 THEN '' ELSE e.title END AS TEXT) AS title, e.state,
       e.hidden, t.since, x.sort, x.price, x.turn AS current, x.due_at, x.return_at, person.shown_name AS other_name
FROM exchange_turn t JOIN exchange x ON x.community = t.community AND x.entry = t.entry
JOIN entry e ON e.community = t.community AND e.id = t.entry LEFT JOIN person ON person.id = e.author
WHERE t.community = $1 AND t.person = $2 AND t.id < $3 ORDER BY t.id DESC LIMIT $4;

-- name: exchange_waits_of_author :many  community:int64 author:int64 limit:int64
-- For the home page: what somebody has put up and others have to do with now.
SELECT e.id, e.board, e.title, e.state, x.due_at, x.return_at, t.author_at, t.taker_at
FROM entry e JOIN exchange x ON x.community = e.community AND x.entry = e.id
JOIN exchange_turn t ON t.community = x.community AND t.id = x.turn
WHERE e.community = $1 AND e.author = $2 AND e.state IN ('taken', 'half', 'lent', 'returning') ORDER BY e.id DESC LIMIT $3;

-- name: exchange_waits_of_taker :many  community:int64 person:int64 limit:int64
SELECT e.id, e.board, CAST(CASE WHEN e.hidden = 1 THEN '…' ELSE e.title END AS TEXT) AS title, e.state, x.due_at, x.return_at, t.author_at, t.taker_at
FROM exchange_turn t JOIN exchange x ON x.community = t.community AND x.entry = t.entry AND x.turn = t.id
JOIN entry e ON e.community = t.community AND e.id = t.entry
WHERE t.community = $1 AND t.person = $2 AND t.state IN ('asked', 'holding') ORDER BY t.id DESC LIMIT $3;

-- name: exchange_count_mine :one  community:int64 person:int64
-- What is not over yet.
SELECT CAST((SELECT COUNT(*) FROM entry e JOIN exchange x ON x.community = e.community AND x.entry = e.id WHERE e.community = $1 AND e.author = $2
             AND e.state IN ('waiting', 'open', 'asked', 'taken', 'half', 'lent', 'returning')) AS BIGINT) AS given,
       CAST((SELECT COUNT(*) FROM exchange_turn t WHERE t.community = $1 AND t.person = $2 AND t.state IN ('waiting', 'asked', 'holding')) AS BIGINT) AS taken;

-- name: exchange_left_by :many  person:int64 limit:int64
-- across communities: what a person has written to somebody, for the person's own copy of all that is kept.
SELECT community, entry, thanks, body, at FROM exchange_word WHERE author = $1 ORDER BY id DESC LIMIT $2;

-- name: exchange_entries_left_by :many  person:int64 limit:int64
-- across communities: what a person has put up, likewise.
SELECT e.community, e.id, e.board, e.title, e.body, e.created_at FROM entry e JOIN exchange x ON x.community = e.community AND x.entry = e.id
WHERE e.author = $1 ORDER BY e.id DESC LIMIT $2;

-- ---- against a recount -----------------------------------------------------------------------------------------------------------

-- name: exchange_recount :many  community:int64 after:int64 limit:int64
SELECT x.entry, x.queue, x.turn, e.state, e.organisation, x.sort,
       CAST((SELECT COUNT(*) FROM exchange_turn t WHERE t.community = $1 AND t.entry = x.entry AND t.state = 'waiting') AS BIGINT) AS real_queue,
       CAST((SELECT COUNT(*) FROM exchange_turn t WHERE t.community = $1 AND t.entry = x.entry AND t.state IN ('asked', 'holding')) AS BIGINT) AS held,
       CAST((SELECT MAX(t.id) FROM exchange_turn t WHERE t.community = $1 AND t.entry = x.entry AND t.state IN ('asked', 'holding')) AS BIGINT) AS holder
FROM exchange x JOIN entry e ON e.community = x.community AND e.id = x.entry
WHERE x.community = $1 AND x.entry > $2 ORDER BY x.entry LIMIT $3;

-- name: exchange_help_done :many  community:int64 after:int64 limit:int64
-- Help that both have confirmed, with what both said about its length: each has a line in the book of hours.
SELECT t.id, t.entry, t.person, t.minutes, e.author, e.organisation, x.sort
FROM exchange_turn t JOIN exchange x ON x.community = t.community AND x.entry = t.entry JOIN entry e ON e.community = t.community AND e.id = t.entry
WHERE t.community = $1 AND t.id > $2 AND t.state = 'done' AND t.author_at > 0 AND t.taker_at > 0 AND t.minutes > 0
  AND x.sort IN ('ask', 'offer', 'wish') ORDER BY t.id LIMIT $3;
