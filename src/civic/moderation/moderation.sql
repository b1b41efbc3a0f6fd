-- ---- words ---------------------------------------------------------------------------------------------------

-- name: watched_version_get :one
SELECT version FROM watched_version WHERE id = 1;

-- name: watched_version_set :exec  version:int64
UPDATE watched_version SET version = $1 WHERE id = 1;

-- name: watched_words_all :many
-- One automaton has the words of all places.
SELECT place, word, action FROM watched_word ORDER BY place, id;

-- name: watched_words_of :many  place:int64 limit:int64
SELECT watched_word.id, watched_word.word, watched_word.action, watched_word.made_at, person.shown_name
FROM watched_word LEFT JOIN person ON person.id = watched_word.made_by
WHERE watched_word.place = $1 ORDER BY watched_word.id DESC LIMIT $2;

-- name: watched_word_put :count  id:int64 place:int64 word:text action:text by:int64 at:int64
INSERT INTO watched_word (id, place, word, action, made_by, made_at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING;

-- name: watched_word_drop :count  place:int64 id:int64
DELETE FROM watched_word WHERE place = $1 AND id = $2;

-- name: watched_words_count :one  place:int64
SELECT CAST(COUNT(*) AS BIGINT) AS n FROM watched_word WHERE place = $1;

-- ---- cases and flags --------------------------------------------------------------------------------------------

-- name: moderation_case_get :one  community:int64 id:int64
SELECT id, thing_kind, thing, author, held, flags, state, opened_at FROM moderation_case WHERE community = $1 AND id = $2;

-- name: moderation_case_of :one  community:int64 thing_kind:text thing:int64
-- Taken, so that of two who decide at once one comes second.
UPDATE moderation_case SET flags = flags WHERE community = $1 AND thing_kind = $2 AND thing = $3 AND state = 'open' RETURNING id, flags, held;

-- name: moderation_case_put :count  community:int64 id:int64 thing_kind:text thing:int64 author:int64 held:bool at:int64
INSERT INTO moderation_case (community, id, thing_kind, thing, author, held, flags, state, opened_at, decided_at, decided_by)
VALUES ($1, $2, $3, $4, $5, $6, 0, 'open', $7, 0, 0) ON CONFLICT DO NOTHING;

-- name: moderation_case_flagged :count  community:int64 thing_kind:text thing:int64
UPDATE moderation_case SET flags = flags + 1 WHERE community = $1 AND thing_kind = $2 AND thing = $3 AND state = 'open';

-- name: moderation_case_hold :exec  community:int64 thing_kind:text thing:int64
UPDATE moderation_case SET held = 1 WHERE community = $1 AND thing_kind = $2 AND thing = $3 AND state = 'open';

-- name: moderation_case_decide :count  community:int64 id:int64 state:text at:int64 by:int64
UPDATE moderation_case SET state = $3, decided_at = $4, decided_by = $5 WHERE community = $1 AND id = $2 AND state = 'open';

-- name: moderation_queue :many  community:int64 after:int64 limit:int64
-- Oldest first.
SELECT c.id, c.thing_kind, c.thing, c.author, c.held, c.flags, c.opened_at, person.shown_name
FROM moderation_case c LEFT JOIN person ON person.id = c.author
WHERE c.community = $1 AND c.state = 'open' AND c.id > $2 ORDER BY c.id LIMIT $3;

-- name: moderation_queue_count :one  community:int64 late:int64
SELECT CAST(COUNT(*) AS BIGINT) AS n, CAST(COALESCE(SUM(CASE WHEN opened_at < $2 THEN 1 ELSE 0 END), 0) AS BIGINT) AS late
FROM moderation_case WHERE community = $1 AND state = 'open';

-- name: moderation_flag_put :count  community:int64 thing_kind:text thing:int64 person:int64 reason:text words:text at:int64
INSERT INTO moderation_flag (community, thing_kind, thing, person, reason, words, at) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING;

-- name: moderation_flags :many  community:int64 thing_kind:text thing:int64
SELECT f.reason, f.words, f.at, person.shown_name
FROM moderation_flag f LEFT JOIN person ON person.id = f.person
WHERE f.community = $1 AND f.thing_kind = $2 AND f.thing = $3 ORDER BY f.at LIMIT 100;

-- ---- measures ------------------------------------------------------------------------------------------------------

-- name: moderation_measure_put :exec  community:int64 id:int64 kind:text thing_kind:text thing:int64 person:int64 reason:text by:int64 at:int64 ends_at:int64
INSERT INTO moderation_measure (community, id, kind, thing_kind, thing, person, reason, by_person, at, ends_at, state, appeal, appealed_at, answer_due,
                                answer, answered_at, answered_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'standing', '', 0, 0, '', 0, 0);

-- name: moderation_measure_get :one  community:int64 id:int64
SELECT m.id, m.kind, m.thing_kind, m.thing, m.person, m.reason, m.by_person, m.at, m.ends_at, m.state, m.appeal, m.appealed_at, m.answer_due, m.answer,
       m.answered_at, person.shown_name, taker.shown_name AS by_name
FROM moderation_measure m LEFT JOIN person ON person.id = m.person LEFT JOIN person taker ON taker.id = m.by_person
WHERE m.community = $1 AND m.id = $2;

-- name: moderation_measure_appeal :count  community:int64 id:int64 words:text at:int64 due:int64
UPDATE moderation_measure SET state = 'appealed', appeal = $3, appealed_at = $4, answer_due = $5 WHERE community = $1 AND id = $2 AND state = 'standing';

-- name: moderation_measure_answer :count  community:int64 id:int64 state:text words:text at:int64 by:int64
UPDATE moderation_measure SET state = $3, answer = $4, answered_at = $5, answered_by = $6 WHERE community = $1 AND id = $2 AND state = 'appealed';

-- name: moderation_measure_lift :exec  community:int64 thing_kind:text thing:int64 at:int64 by:int64
UPDATE moderation_measure SET state = 'lifted', answered_at = $4, answered_by = $5
WHERE community = $1 AND thing_kind = $2 AND thing = $3 AND kind = 'hidden' AND state IN ('standing', 'appealed', 'kept');

-- name: moderation_cases_of :many  community:int64 thing_kind:text thing:int64
SELECT id, held, state, opened_at, decided_at, decided_by FROM moderation_case
WHERE community = $1 AND thing_kind = $2 AND thing = $3 ORDER BY id DESC LIMIT 100;

-- name: moderation_measures_of :many  community:int64 thing_kind:text thing:int64
SELECT id, reason, by_person, at, state, answer, answered_at, answered_by FROM moderation_measure
WHERE community = $1 AND thing_kind = $2 AND thing = $3 AND kind = 'hidden' ORDER BY id DESC LIMIT 100;

-- name: moderation_muted :one  community:int64 person:int64 now:int64
SELECT ends_at, reason FROM moderation_measure
WHERE community = $1 AND person = $2 AND kind = 'muted' AND ends_at > $3 AND state <> 'lifted' ORDER BY ends_at DESC LIMIT 1;

-- name: moderation_measures_against :many  community:int64 person:int64 limit:int64
SELECT id, kind, reason, at, ends_at, state FROM moderation_measure WHERE community = $1 AND person = $2 ORDER BY id DESC LIMIT $3;

-- name: moderation_measures_mine :many  person:int64 before:int64 limit:int64
-- across communities: somebody's own, whatever the community.
SELECT community, id, kind, thing_kind, thing, reason, at, ends_at, state, appeal, answer_due, answer, answered_at
FROM moderation_measure WHERE person = $1 AND id < $2 ORDER BY id DESC LIMIT $3;

-- name: moderation_measures_mine_count :one  community:int64 person:int64
SELECT CAST(COUNT(*) AS BIGINT) AS n FROM moderation_measure WHERE community = $1 AND person = $2;

-- name: moderation_appeals :many  first:int64 last:int64 person:int64 after:int64 limit:int64
-- across communities: a street answers for those below it; the range is that of the place. Not those that one has taken oneself.
SELECT m.community, m.id, m.kind, m.thing_kind, m.thing, m.reason, m.appeal, m.answer_due, person.shown_name
FROM moderation_measure m LEFT JOIN person ON person.id = m.person
WHERE m.state = 'appealed' AND m.community BETWEEN $1 AND $2 AND m.by_person <> $3 AND m.id > $4 ORDER BY m.id LIMIT $5;

-- name: moderation_appeals_count :one  first:int64 last:int64 person:int64 now:int64
-- across communities: as moderation_appeals.
SELECT CAST(COUNT(*) AS BIGINT) AS n, CAST(COALESCE(SUM(CASE WHEN answer_due < $4 THEN 1 ELSE 0 END), 0) AS BIGINT) AS late
FROM moderation_measure WHERE state = 'appealed' AND community BETWEEN $1 AND $2 AND by_person <> $3;

-- name: moderation_flag_mine :one  community:int64 thing_kind:text thing:int64 person:int64
SELECT CAST(COUNT(*) AS BIGINT) AS n FROM moderation_flag WHERE community = $1 AND thing_kind = $2 AND thing = $3 AND person = $4;
