-- ---- matters ----------------------------------------------------------------------------------------------------

-- name: guide_item_get :one  community:int64 id:int64
SELECT community, id, code, theme, version, newest, unchecked, useful, useless FROM guide_item WHERE community = $1 AND id = $2;

-- name: guide_item_by_code :one  community:int64 code:text
SELECT guide_item.id FROM guide_item JOIN entry ON entry.community = guide_item.community AND entry.id = guide_item.id
WHERE guide_item.community = $1 AND guide_item.code = $2 AND entry.state <> 'withdrawn' ORDER BY guide_item.id LIMIT 1;

-- name: guide_item_put :exec  community:int64 id:int64 code:text theme:text unchecked:bool
INSERT INTO guide_item (community, id, code, theme, version, newest, unchecked, useful, useless) VALUES ($1, $2, $3, $4, 1, 1, $5, 0, 0);

-- name: guide_item_set :count  community:int64 id:int64 newest:int64 theme:text unchecked:bool
-- A version on top of the one that was read: of two who write at once, one is told.
UPDATE guide_item SET newest = newest + 1, theme = $4, unchecked = $5 WHERE community = $1 AND id = $2 AND newest = $3;

-- name: guide_item_in_force :count  community:int64 id:int64 version:int64
UPDATE guide_item SET version = $3 WHERE community = $1 AND id = $2 AND version < $3;

-- name: guide_item_votes :exec  community:int64 id:int64 useful:int64 useless:int64
UPDATE guide_item SET useful = useful + $3, useless = useless + $4 WHERE community = $1 AND id = $2;

-- name: guide_version_put :exec  community:int64 item:int64 version:int64 valid_from:int64 name:text who:text counter:text address:text hours:text
--   phone:text online:text steps:text promised_amount:int64 promised_unit:text legal_amount:int64 legal_unit:text fee:text basis:text reach:text
--   related:text changes:text person:int64 at:int64
INSERT INTO guide_version (community, item, version, valid_from, name, who, counter, address, hours, phone, online, steps, promised_amount, promised_unit,
                           legal_amount, legal_unit, fee, basis, reach, related, changes, person, at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23);

-- name: guide_version_get :one  community:int64 item:int64 version:int64
SELECT version, valid_from, name, who, counter, address, hours, phone, online, steps, promised_amount, promised_unit, legal_amount, legal_unit, fee, basis,
       reach, related, changes, person, at
FROM guide_version WHERE community = $1 AND item = $2 AND version = $3;

-- name: guide_version_on :one  community:int64 item:int64 day:int64
-- The one that holds on a day; before the first day of all, the first.
SELECT version FROM guide_version WHERE community = $1 AND item = $2 AND (valid_from <= $3 OR version = 1) ORDER BY version DESC LIMIT 1;

-- name: guide_versions :many  community:int64 item:int64
SELECT version, valid_from, name, changes, at FROM guide_version WHERE community = $1 AND item = $2 ORDER BY version DESC LIMIT 200;

-- name: guide_version_related :exec  community:int64 item:int64 version:int64 related:text
UPDATE guide_version SET related = $4 WHERE community = $1 AND item = $2 AND version = $3;

-- name: guide_due :many  day:int64 limit:int64
-- across communities: the job that puts into force what was written for a later day.
SELECT v.community, v.item, v.version FROM guide_version v JOIN guide_item i ON i.community = v.community AND i.id = v.item
WHERE v.valid_from <= $1 AND v.version > i.version ORDER BY v.community, v.item, v.version LIMIT $2;

-- name: guide_material_put :exec  community:int64 item:int64 version:int64 position:int64 name:text form:text copies:int64 note:text
INSERT INTO guide_material (community, item, version, position, name, form, copies, note) VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: guide_materials :many  community:int64 item:int64 version:int64
SELECT name, form, copies, note FROM guide_material WHERE community = $1 AND item = $2 AND version = $3 ORDER BY position;

-- name: guide_list :many  community:int64 board:int64 near:text nearer:text limit:int64
-- What stands on the page of a place, of one of the places whose matters it shows. near, nearer: as in entry_page. Matters are not pinned; the order is
-- that of the index.
SELECT entry.community, entry.id, entry.title, entry.body, guide_item.theme, guide_item.code, guide_item.unchecked, guide_item.useful, guide_item.useless,
       guide_version.promised_amount, guide_version.promised_unit, guide_version.reach, guide_version.counter
FROM entry JOIN guide_item ON guide_item.community = entry.community AND guide_item.id = entry.id
JOIN guide_version ON guide_version.community = entry.community AND guide_version.item = entry.id AND guide_version.version = guide_item.version
WHERE entry.community = $1 AND entry.board = $2 AND entry.listed = 1
  AND (entry.audience = '' OR ($3 <> '' AND entry.audience LIKE '%' || $3 || '%') OR ($4 <> '' AND entry.audience LIKE '%' || $4 || '%'))
ORDER BY entry.pinned, entry.id LIMIT $5;

-- name: guide_drafts :many  community:int64 board:int64
SELECT entry.id, entry.title, entry.state, entry.changed_at FROM entry WHERE community = $1 AND board = $2 AND listed = 0 ORDER BY id DESC LIMIT 100;

-- ---- the words that people say ------------------------------------------------------------------------------------

-- name: guide_synonyms :many  community:int64
SELECT guide_synonym.id, guide_synonym.said, guide_synonym.item, guide_synonym.means, entry.title
FROM guide_synonym LEFT JOIN entry ON entry.community = guide_synonym.community AND entry.id = guide_synonym.item
WHERE guide_synonym.community = $1 ORDER BY guide_synonym.item, guide_synonym.id LIMIT 3000;

-- name: guide_synonym_put :exec  community:int64 id:int64 said:text item:int64 means:text
INSERT INTO guide_synonym (community, id, said, item, means) VALUES ($1, $2, $3, $4, $5);

-- name: guide_synonym_there :one  community:int64 said:text item:int64
SELECT CAST(COUNT(*) AS BIGINT) AS n FROM guide_synonym WHERE community = $1 AND said = $2 AND item = $3;

-- name: guide_synonym_drop :count  community:int64 id:int64
DELETE FROM guide_synonym WHERE community = $1 AND id = $2;

-- name: guide_synonym_clear :exec  community:int64 item:int64
DELETE FROM guide_synonym WHERE community = $1 AND item = $2;

-- ---- was it of use? ---------------------------------------------------------------------------------------------------

-- name: guide_vote_get :one  community:int64 item:int64 person:int64
SELECT useful, words FROM guide_vote WHERE community = $1 AND item = $2 AND person = $3;

-- name: guide_vote_put :count  community:int64 item:int64 person:int64 useful:bool words:text at:int64
INSERT INTO guide_vote (community, item, person, useful, words, at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING;

-- name: guide_vote_change :count  community:int64 item:int64 person:int64 useful:bool words:text at:int64
-- Changes it to another answer; words alone change no count.
UPDATE guide_vote SET useful = $4, words = $5, at = $6 WHERE community = $1 AND item = $2 AND person = $3 AND useful <> $4;

-- name: guide_vote_words :exec  community:int64 item:int64 person:int64 words:text at:int64
UPDATE guide_vote SET words = $4, at = $5 WHERE community = $1 AND item = $2 AND person = $3;

-- name: guide_votes_said :many  community:int64 board:int64 limit:int64
SELECT guide_vote.item, guide_vote.words, guide_vote.at, entry.title
FROM guide_vote JOIN entry ON entry.community = guide_vote.community AND entry.id = guide_vote.item
WHERE guide_vote.community = $1 AND entry.board = $2 AND guide_vote.useful = 0 AND guide_vote.words <> ''
ORDER BY guide_vote.at DESC, guide_vote.person LIMIT $3;

-- name: guide_recount :many  community:int64
SELECT guide_item.id, guide_item.useful, guide_item.useless,
       CAST((SELECT COUNT(*) FROM guide_vote v WHERE v.community = $1 AND v.item = guide_item.id AND v.useful = 1) AS BIGINT) AS real_useful,
       CAST((SELECT COUNT(*) FROM guide_vote v WHERE v.community = $1 AND v.item = guide_item.id AND v.useful = 0) AS BIGINT) AS real_useless
FROM guide_item WHERE guide_item.community = $1 ORDER BY guide_item.id;

-- ---- help --------------------------------------------------------------------------------------------------------------

-- name: guide_help_get :one  community:int64 id:int64
SELECT community, id, board, item, item_place, title, body, person, person_from, phone, wish, organisation, state, taken_by, meet_at, meet_where, due_at, late,
       asked_at, taken_at, done_at, ended_at, changed_at
FROM guide_help WHERE community = $1 AND id = $2;

-- name: guide_help_put :exec  community:int64 id:int64 board:int64 item:int64 item_place:int64 title:text body:text person:int64 person_from:text estate:int64 phone:text
--   wish:text organisation:int64 state:text due_at:int64 at:int64
INSERT INTO guide_help (community, id, board, item, item_place, title, body, person, person_from, estate, phone, wish, organisation, state, taken_by,
                        meet_at, meet_where, due_at, late, asked_at, taken_at, done_at, ended_at, changed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 0, 0, '', $15, 0, $16, 0, 0, 0, $16);

-- name: guide_help_move :count  community:int64 id:int64 from_state:text to_state:text taken_by:int64 taken_at:int64 done_at:int64 ended_at:int64 at:int64
-- Only from the state in which it was read: of ten who take it at once, one does.
UPDATE guide_help SET state = $4, taken_by = $5, taken_at = $6, done_at = $7, ended_at = $8, changed_at = $9, late = 0
WHERE community = $1 AND id = $2 AND state = $3;

-- name: guide_help_due :exec  community:int64 id:int64 due_at:int64
UPDATE guide_help SET due_at = $3 WHERE community = $1 AND id = $2;

-- name: guide_help_meet :exec  community:int64 id:int64 meet_at:int64 meet_where:text
UPDATE guide_help SET meet_at = $3, meet_where = $4 WHERE community = $1 AND id = $2;

-- name: guide_help_late :count  community:int64 id:int64
UPDATE guide_help SET late = 1 WHERE community = $1 AND id = $2 AND late = 0;

-- name: guide_help_step_put :exec  community:int64 id:int64 help:int64 verb:text person:int64 organisation:int64 words:text meet_at:int64 meet_where:text at:int64
INSERT INTO guide_help_step (community, id, help, verb, person, organisation, words, meet_at, meet_where, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- name: guide_help_steps :many  community:int64 help:int64
SELECT s.id, s.verb, s.person, s.organisation, s.words, s.meet_at, s.meet_where, s.at, person.shown_name, organisation.name AS organisation_name
FROM guide_help_step s LEFT JOIN person ON person.id = s.person LEFT JOIN organisation ON organisation.id = s.organisation
WHERE s.community = $1 AND s.help = $2 ORDER BY s.id DESC LIMIT 200;

-- name: guide_help_mine :many  person:int64 before:int64 limit:int64
-- across communities: a person's own requests, wherever they lived then.
SELECT guide_help.community, guide_help.id, guide_help.title, guide_help.state, guide_help.due_at, guide_help.meet_at, guide_help.asked_at,
       guide_help.changed_at, guide_help.body, board.word
FROM guide_help JOIN board ON board.id = guide_help.board WHERE guide_help.person = $1 AND guide_help.id < $2 ORDER BY guide_help.id DESC LIMIT $3;

-- name: guide_help_mine_count :one  person:int64
-- across communities: the same, counted.
SELECT CAST(COUNT(*) AS BIGINT) AS n FROM guide_help WHERE person = $1;

-- name: guide_help_waiting :many  community:int64 person:int64
-- What waits for the word of who asked.
SELECT guide_help.id, guide_help.title, guide_help.due_at, board.word FROM guide_help JOIN board ON board.id = guide_help.board
WHERE guide_help.community = $1 AND guide_help.person = $2 AND guide_help.state = 'done' ORDER BY guide_help.id LIMIT 5;

-- name: guide_help_desk :many  community:int64 limit:int64
-- What waits for the committee, the most pressing first.
SELECT guide_help.id, guide_help.title, guide_help.state, guide_help.due_at, guide_help.meet_at, guide_help.meet_where, guide_help.asked_at, guide_help.late,
       guide_help.person_from, guide_help.taken_by, person.shown_name, board.word
FROM guide_help LEFT JOIN person ON person.id = guide_help.person JOIN board ON board.id = guide_help.board
WHERE guide_help.community = $1 AND guide_help.state IN ('asked', 'taken', 'meeting')
ORDER BY CASE WHEN guide_help.due_at = 0 THEN 9000000000000000000 ELSE guide_help.due_at END, guide_help.id LIMIT $2;

-- name: guide_help_desk_count :one  community:int64 now:int64
SELECT CAST(COUNT(*) AS BIGINT) AS waiting, CAST(COALESCE(SUM(CASE WHEN due_at > 0 AND due_at < $2 THEN 1 ELSE 0 END), 0) AS BIGINT) AS late
FROM guide_help WHERE community = $1 AND state IN ('asked', 'taken', 'meeting');

-- name: guide_help_past :many  community:int64 before:int64 limit:int64
SELECT guide_help.id, guide_help.title, guide_help.state, guide_help.ended_at, guide_help.asked_at, guide_help.person_from, person.shown_name, board.word
FROM guide_help LEFT JOIN person ON person.id = guide_help.person JOIN board ON board.id = guide_help.board
WHERE guide_help.community = $1 AND guide_help.id < $2 AND guide_help.state NOT IN ('asked', 'taken', 'meeting')
ORDER BY guide_help.id DESC LIMIT $3;

-- name: guide_help_figures :one  community:int64 board:int64 since:int64
SELECT CAST(COUNT(*) AS BIGINT) AS asked, CAST(COALESCE(SUM(CASE WHEN taken_at > 0 THEN 1 ELSE 0 END), 0) AS BIGINT) AS taken,
       CAST(COALESCE(SUM(CASE WHEN done_at > 0 THEN 1 ELSE 0 END), 0) AS BIGINT) AS done,
       CAST(COALESCE(SUM(CASE WHEN state = 'confirmed' THEN 1 ELSE 0 END), 0) AS BIGINT) AS confirmed
FROM guide_help WHERE community = $1 AND board = $2 AND asked_at >= $3;
