-- When an estate goes to another community, what is open goes to the committee that is responsible now, with its orders, words,
-- taps, pictures and clocks, under the same ids. What is closed stays where it was; the ledger stays in any case, so nothing counts twice.
--
-- A row is copied and its first one removed: the community says on which machine a row lies, so it is never changed in place.

-- name: report_open_of_estate :many  community:int64 estate:int64
-- Reports without an estate go with the first one that moves.
SELECT id, title, body, spot, hidden FROM report
WHERE community = $1 AND (estate = $2 OR estate = 0) AND state NOT IN ('closed', 'voided', 'merged');

-- name: report_move_to :exec  from_community:int64 to_community:int64 id:int64
-- across communities: from the old one to the new one.
INSERT INTO report (community, id, number, author, dwelling, author_from, title, body, original_title, original_body,
                    category, grade, estate, building, spot, latitude, longitude, state, outcome, merged_into,
                    first_asked_by, lead_handler, reported_at, answer_due, answered_at, due_at, done_at, confirm_due,
                    closed_at, late, overdue, escalated_at, reopened, rating, rating_text, joined, comments, thumbs, photos,
                    hidden, hidden_reason, changed_at)
SELECT CAST($2 AS BIGINT), id, number, author, dwelling, author_from, title, body, original_title, original_body,
       category, grade, estate, building, spot, latitude, longitude, state, outcome, merged_into, first_asked_by,
       lead_handler, reported_at, answer_due, answered_at, due_at, done_at, confirm_due, closed_at, late, overdue,
       escalated_at, reopened, rating, rating_text, joined, comments, thumbs, photos, hidden, hidden_reason,
       changed_at
FROM report WHERE community = $1 AND id = $3;

-- name: report_moved :exec  from_community:int64 id:int64
DELETE FROM report WHERE community = $1 AND id = $2;

-- name: report_move_orders :exec  from_community:int64 to_community:int64 id:int64
-- across communities: from the old one to the new one.
INSERT INTO work_order (community, id, report, organisation, lead, fast_track, task, state, handed_by, handed_at,
                        accept_due, accepted_at, due_at, done_at, done_text, checked_at, reason, extension_until,
                        extension_reason, extended, rework, late)
SELECT CAST($2 AS BIGINT), id, report, organisation, lead, fast_track, task, state, handed_by, handed_at, accept_due,
       accepted_at, due_at, done_at, done_text, checked_at, reason, extension_until, extension_reason, extended,
       rework, late
FROM work_order WHERE community = $1 AND report = $3;

-- name: report_moved_orders :exec  from_community:int64 id:int64
DELETE FROM work_order WHERE community = $1 AND report = $2;

-- name: report_move_comments :exec  from_community:int64 to_community:int64 id:int64
-- across communities: from the old one to the new one.
INSERT INTO report_comment (community, id, report, author, organisation, body, created_at, hidden, hidden_reason)
SELECT CAST($2 AS BIGINT), id, report, author, organisation, body, created_at, hidden, hidden_reason
FROM report_comment WHERE community = $1 AND report = $3;

-- name: report_moved_comments :exec  from_community:int64 id:int64
DELETE FROM report_comment WHERE community = $1 AND report = $2;

-- name: report_move_notes :exec  from_community:int64 to_community:int64 id:int64
-- across communities: from the old one to the new one.
INSERT INTO report_note (community, id, report, author, organisation, body, created_at)
SELECT CAST($2 AS BIGINT), id, report, author, organisation, body, created_at
FROM report_note WHERE community = $1 AND report = $3;

-- name: report_moved_notes :exec  from_community:int64 id:int64
DELETE FROM report_note WHERE community = $1 AND report = $2;

-- name: report_move_steps :exec  from_community:int64 to_community:int64 id:int64
-- across communities: from the old one to the new one.
INSERT INTO report_step (community, id, report, work_order, verb, person, organisation, body, at, public)
SELECT CAST($2 AS BIGINT), id, report, work_order, verb, person, organisation, body, at, public
FROM report_step WHERE community = $1 AND report = $3;

-- name: report_moved_steps :exec  from_community:int64 id:int64
DELETE FROM report_step WHERE community = $1 AND report = $2;

-- name: report_move_versions :exec  from_community:int64 to_community:int64 id:int64
-- across communities: from the old one to the new one.
INSERT INTO report_version (community, report, version, title, body, spot, replaced_by, replaced_at)
SELECT CAST($2 AS BIGINT), report, version, title, body, spot, replaced_by, replaced_at
FROM report_version WHERE community = $1 AND report = $3;

-- name: report_moved_versions :exec  from_community:int64 id:int64
DELETE FROM report_version WHERE community = $1 AND report = $2;

-- name: report_move_joins :exec  from_community:int64 to_community:int64 id:int64
-- across communities: from the old one to the new one.
INSERT INTO report_join (community, report, dwelling, person, joined_at)
SELECT CAST($2 AS BIGINT), report, dwelling, person, joined_at
FROM report_join WHERE community = $1 AND report = $3;

-- name: report_moved_joins :exec  from_community:int64 id:int64
DELETE FROM report_join WHERE community = $1 AND report = $2;

-- name: report_move_follows :exec  from_community:int64 to_community:int64 id:int64
-- across communities: from the old one to the new one.
INSERT INTO report_follow (community, report, person, since)
SELECT CAST($2 AS BIGINT), report, person, since
FROM report_follow WHERE community = $1 AND report = $3;

-- name: report_moved_follows :exec  from_community:int64 id:int64
DELETE FROM report_follow WHERE community = $1 AND report = $2;

-- name: report_move_thumbs :exec  from_community:int64 to_community:int64 id:int64
-- across communities: from the old one to the new one.
INSERT INTO report_thumb (community, report, person, at)
SELECT CAST($2 AS BIGINT), report, person, at
FROM report_thumb WHERE community = $1 AND report = $3;

-- name: report_moved_thumbs :exec  from_community:int64 id:int64
DELETE FROM report_thumb WHERE community = $1 AND report = $2;

-- name: report_number_taken :one  community:int64 id:int64 number:text
-- A number is unique in a community; one that is taken there gets the old place's last digits behind it.
SELECT id FROM report WHERE community = $1 AND number = $3 AND id <> $2 LIMIT 1;

-- name: report_renumber :exec  community:int64 id:int64 number:text
UPDATE report SET number = $3 WHERE community = $1 AND id = $2;

-- name: report_orders_ids :many  community:int64 report:int64
SELECT id FROM work_order WHERE community = $1 AND report = $2;

-- name: report_steps_ids :many  community:int64 report:int64
SELECT id FROM report_step WHERE community = $1 AND report = $2;

-- name: report_templates_copy :exec  from_community:int64 to_community:int64
-- across communities: whoever answers from now on has the old committee's words at hand too.
INSERT INTO answer_template (community, id, name, body, used)
SELECT $2, t.id, t.name, t.body, t.used FROM answer_template t WHERE t.community = $1 ON CONFLICT DO NOTHING;

-- name: report_comments_moderated :many  community:int64 report:int64
-- The comments of which moderation knows something.
SELECT c.id FROM report_comment c
WHERE c.community = $1 AND c.report = $2
  AND (EXISTS (SELECT 1 FROM moderation_case m WHERE m.community = $1 AND m.thing_kind = 'report_comment' AND m.thing = c.id)
       OR EXISTS (SELECT 1 FROM moderation_measure m WHERE m.community = $1 AND m.thing_kind = 'report_comment' AND m.thing = c.id));
