-- What stands beside an entry of the exchanges goes with it into another community, under the same ids.
--
-- A row is copied and its first one removed: the community says on which machine a row lies, so it is never changed in place.

-- name: exchange_row_move :exec  from_community:int64 to_community:int64 entry:int64
-- across communities: from the old one to the new one.
INSERT INTO exchange (community, entry, sort, price, minutes, days, spot, until, turn, queue, due_at, return_at)
SELECT CAST($2 AS BIGINT), entry, sort, price, minutes, days, spot, until, turn, queue, due_at, return_at
FROM exchange WHERE community = $1 AND entry = $3;

-- name: exchange_row_moved :exec  from_community:int64 entry:int64
DELETE FROM exchange WHERE community = $1 AND entry = $2;

-- name: exchange_turns_move :exec  from_community:int64 to_community:int64 entry:int64
-- across communities: from the old one to the new one.
INSERT INTO exchange_turn (community, id, entry, person, person_from, state, since, asked_at, held_at, ended_at, author_at, taker_at, minutes)
SELECT CAST($2 AS BIGINT), id, entry, person, person_from, state, since, asked_at, held_at, ended_at, author_at, taker_at, minutes
FROM exchange_turn WHERE community = $1 AND entry = $3;

-- name: exchange_turns_moved :exec  from_community:int64 entry:int64
DELETE FROM exchange_turn WHERE community = $1 AND entry = $2;

-- name: exchange_words_move :exec  from_community:int64 to_community:int64 entry:int64
-- across communities: from the old one to the new one.
INSERT INTO exchange_word (community, id, entry, turn, author, thanks, shown, body, at, hidden, hidden_reason)
SELECT CAST($2 AS BIGINT), id, entry, turn, author, thanks, shown, body, at, hidden, hidden_reason
FROM exchange_word WHERE community = $1 AND entry = $3;

-- name: exchange_words_moved :exec  from_community:int64 entry:int64
DELETE FROM exchange_word WHERE community = $1 AND entry = $2;

-- name: exchange_words_moderated :many  community:int64 entry:int64
-- Of which moderation knows something.
SELECT w.id FROM exchange_word w
WHERE w.community = $1 AND w.entry = $2
  AND (EXISTS (SELECT 1 FROM moderation_case m WHERE m.community = $1 AND m.thing_kind = 'exchange_word' AND m.thing = w.id)
       OR EXISTS (SELECT 1 FROM moderation_measure m WHERE m.community = $1 AND m.thing_kind = 'exchange_word' AND m.thing = w.id));
