-- ---- one report ---------------------------------------------------------------------------------------------

-- name: report_recent_open :many  community:int64 but:int64 limit:int64
-- Those that are being worked on, of other people: for the builder of the demo world.
SELECT id, author FROM report WHERE community = $1 AND author <> $2 AND closed_at = 0 AND hidden = 0 AND state IN ('answered', 'handling')
ORDER BY id DESC LIMIT $3;

-- name: report_get :one  community:int64 id:int64
SELECT id, number, author, author_from, dwelling, title, body, original_title, original_body, category, grade, estate, building, spot,
       latitude, longitude, state, outcome, merged_into, first_asked_by, lead_handler, reported_at, answer_due,
       answered_at, due_at, done_at, confirm_due, closed_at, late, overdue, escalated_at, reopened, rating, rating_text, joined,
       comments, thumbs, photos, hidden, hidden_reason, changed_at
FROM report WHERE community = $1 AND id = $2;

-- name: report_told :one  community:int64 id:int64
-- What whoever is told of it has to know.
SELECT id, author, title, first_asked_by, hidden FROM report WHERE community = $1 AND id = $2;

-- name: report_put :send  community:int64 id:int64 number:text author:int64 author_from:text dwelling:int64 title:text body:text category:text grade:int64 estate:int64 building:int64 spot:text latitude:real longitude:real first_asked_by:int64 at:int64 answer_due:int64 photos:int64
INSERT INTO report (community, id, number, author, author_from, dwelling, title, body, original_title, original_body, category, grade,
                    estate, building, spot, latitude, longitude, state, outcome, merged_into, first_asked_by,
                    lead_handler, reported_at, answer_due, answered_at, due_at, done_at, confirm_due, closed_at, late, overdue,
                    escalated_at, reopened, rating, rating_text, joined, comments, thumbs, photos, hidden, hidden_reason,
                    changed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '', '', $9, $10, $11, $12, $13, $14, $15, 'reported', '', 0, $16, 0, $17, $18, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, '', 0, 0, 0, $19, 0, '', $17);

-- name: report_count_number :send  community:int64 day:int64
-- The running number of the day: one row a day, held until the commit, so that two reports never share one. (RETURNING makes a table in memory each time.)
INSERT INTO report_number (community, day, last) VALUES ($1, $2, 1)
ON CONFLICT (community, day) DO UPDATE SET last = report_number.last + 1;

-- name: report_number :one  community:int64 day:int64
SELECT last FROM report_number WHERE community = $1 AND day = $2;

-- name: report_move :count  community:int64 id:int64 from_state:text to_state:text at:int64
-- Every change of state goes through here, and only from the state that the rule was decided on.
UPDATE report SET state = $4, changed_at = $5 WHERE community = $1 AND id = $2 AND state = $3;

-- name: report_set_answered :exec  community:int64 id:int64 at:int64 due_at:int64
UPDATE report SET answered_at = $3, due_at = $4 WHERE community = $1 AND id = $2;

-- name: report_set_handler :exec  community:int64 id:int64 lead_handler:int64 grade:int64 due_at:int64
UPDATE report SET lead_handler = $3, grade = $4, due_at = $5 WHERE community = $1 AND id = $2;

-- name: report_set_done :exec  community:int64 id:int64 outcome:text done_at:int64 confirm_due:int64
UPDATE report SET outcome = $3, done_at = $4, confirm_due = $5 WHERE community = $1 AND id = $2;

-- name: report_set_reopened :exec  community:int64 id:int64 due_at:int64
UPDATE report SET reopened = reopened + 1, outcome = '', done_at = 0, confirm_due = 0, due_at = $3
WHERE community = $1 AND id = $2;

-- name: report_set_closed :exec  community:int64 id:int64 outcome:text at:int64
UPDATE report SET outcome = $3, closed_at = $4, confirm_due = 0 WHERE community = $1 AND id = $2;

-- name: report_set_merged :exec  community:int64 id:int64 into:int64
UPDATE report SET merged_into = $3 WHERE community = $1 AND id = $2;

-- name: report_set_rating :exec  community:int64 id:int64 rating:int64 rating_text:text
UPDATE report SET rating = $3, rating_text = $4 WHERE community = $1 AND id = $2;

-- name: report_set_late :count  community:int64 id:int64
UPDATE report SET late = 1 WHERE community = $1 AND id = $2 AND late = 0;

-- name: report_set_escalated :count  community:int64 id:int64 at:int64
UPDATE report SET escalated_at = $3, late = 1, changed_at = $3 WHERE community = $1 AND id = $2 AND escalated_at = 0;

-- name: report_set_overdue :count  community:int64 id:int64
UPDATE report SET overdue = 1 WHERE community = $1 AND id = $2 AND overdue = 0;

-- name: report_set_category :exec  community:int64 id:int64 category:text grade:int64
UPDATE report SET category = $3, grade = $4 WHERE community = $1 AND id = $2;

-- name: report_redact :exec  community:int64 id:int64 title:text body:text spot:text at:int64
-- Taking private data out: the first original stays for staff, later changes do not overwrite it.
UPDATE report SET original_title = CASE WHEN original_title = '' THEN title ELSE original_title END,
                  original_body = CASE WHEN original_title = '' THEN body ELSE original_body END,
                  title = $3, body = $4, spot = $5, changed_at = $6
WHERE community = $1 AND id = $2;

-- name: report_words_taken :one  community:int64 id:int64
-- Taken, so that whoever changes the words keeps those that stood there.
UPDATE report SET joined = joined WHERE community = $1 AND id = $2 RETURNING title, body, spot;

-- name: report_version_put :exec  community:int64 report:int64 title:text body:text spot:text person:int64 at:int64
INSERT INTO report_version (community, report, version, title, body, spot, replaced_by, replaced_at)
SELECT CAST($1 AS BIGINT), CAST($2 AS BIGINT), COALESCE(MAX(version), 0) + 1, CAST($3 AS TEXT), CAST($4 AS TEXT), CAST($5 AS TEXT), CAST($6 AS BIGINT),
       CAST($7 AS BIGINT)
FROM report_version WHERE community = $1 AND report = $2;

-- name: report_versions :many  community:int64 report:int64
SELECT version, title, body, spot, replaced_by, replaced_at FROM report_version WHERE community = $1 AND report = $2 ORDER BY version DESC LIMIT 100;

-- name: report_hide :count  community:int64 id:int64 hidden:bool reason:text at:int64
UPDATE report SET hidden = $3, hidden_reason = $4, changed_at = $5 WHERE community = $1 AND id = $2 AND hidden <> $3;

-- name: report_touch :exec  community:int64 id:int64 at:int64
UPDATE report SET changed_at = $3 WHERE community = $1 AND id = $2;

-- ---- lists: by key, newest first; `before` is the last id of the page before, or the largest number ---------------
-- What may be asked for and may not stands in a CASE: PostgreSQL plans without values, takes one row in two hundred for ($3 = '' OR ...), and would read and sort all
-- reports of a community for the few that it expects.

-- name: report_page :many  community:int64 before:int64 category:text estate:int64 limit:int64
SELECT report.id, report.number, report.author_from, person.shown_name, report.title, report.category, report.state, report.outcome,
       organisation.name AS lead_name, report.reported_at, report.answer_due, report.due_at, report.confirm_due,
       report.closed_at, report.rating, report.joined, report.comments,
       CAST(CASE WHEN report.photos = 0 THEN 0 ELSE (
           SELECT media.id FROM media
           WHERE media.community = $1 AND media.subject_kind = 'report' AND media.subject = report.id AND media.hidden = 0
           ORDER BY media.stage, media.position, media.id LIMIT 1) END AS BIGINT) AS cover
FROM report
LEFT JOIN person ON person.id = report.author
LEFT JOIN organisation ON organisation.id = report.lead_handler
WHERE report.community = $1 AND report.id < $2 AND report.hidden = 0 AND report.state NOT IN ('merged', 'voided')
  AND CASE WHEN $3 <> '' THEN report.category = $3 ELSE 1 = 1 END AND CASE WHEN $4 <> 0 THEN report.estate = $4 ELSE 1 = 1 END
ORDER BY report.id DESC LIMIT $5;

-- name: report_page_state :many  community:int64 state:text before:int64 category:text estate:int64 limit:int64
SELECT report.id, report.number, report.author_from, person.shown_name, report.title, report.category, report.state, report.outcome,
       organisation.name AS lead_name, report.reported_at, report.answer_due, report.due_at, report.confirm_due,
       report.closed_at, report.rating, report.joined, report.comments,
       CAST(CASE WHEN report.photos = 0 THEN 0 ELSE (
           SELECT media.id FROM media
           WHERE media.community = $1 AND media.subject_kind = 'report' AND media.subject = report.id AND media.hidden = 0
           ORDER BY media.stage, media.position, media.id LIMIT 1) END AS BIGINT) AS cover
FROM report
LEFT JOIN person ON person.id = report.author
LEFT JOIN organisation ON organisation.id = report.lead_handler
WHERE report.community = $1 AND report.state = $2 AND report.id < $3 AND report.hidden = 0
  AND CASE WHEN $4 <> '' THEN report.category = $4 ELSE 1 = 1 END AND CASE WHEN $5 <> 0 THEN report.estate = $5 ELSE 1 = 1 END
ORDER BY report.id DESC LIMIT $6;

-- name: report_page_open :many  community:int64 before:int64 category:text estate:int64 limit:int64
SELECT report.id, report.number, report.author_from, person.shown_name, report.title, report.category, report.state, report.outcome,
       organisation.name AS lead_name, report.reported_at, report.answer_due, report.due_at, report.confirm_due,
       report.closed_at, report.rating, report.joined, report.comments,
       CAST(CASE WHEN report.photos = 0 THEN 0 ELSE (
           SELECT media.id FROM media
           WHERE media.community = $1 AND media.subject_kind = 'report' AND media.subject = report.id AND media.hidden = 0
           ORDER BY media.stage, media.position, media.id LIMIT 1) END AS BIGINT) AS cover
FROM report
LEFT JOIN person ON person.id = report.author
LEFT JOIN organisation ON organisation.id = report.lead_handler
WHERE report.community = $1 AND report.id < $2 AND report.hidden = 0 AND report.state IN ('reported', 'answered', 'handling', 'checking')
  AND CASE WHEN $3 <> '' THEN report.category = $3 ELSE 1 = 1 END AND CASE WHEN $4 <> 0 THEN report.estate = $4 ELSE 1 = 1 END
ORDER BY report.id DESC LIMIT $5;

-- name: report_page_mine :many  community:int64 author:int64 before:int64 limit:int64
SELECT report.id, report.number, report.author_from, person.shown_name, report.title, report.category, report.state, report.outcome,
       organisation.name AS lead_name, report.reported_at, report.answer_due, report.due_at, report.confirm_due,
       report.closed_at, report.rating, report.joined, report.comments,
       CAST(CASE WHEN report.photos = 0 THEN 0 ELSE (
           SELECT media.id FROM media
           WHERE media.community = $1 AND media.subject_kind = 'report' AND media.subject = report.id AND media.hidden = 0
           ORDER BY media.stage, media.position, media.id LIMIT 1) END AS BIGINT) AS cover
FROM report
LEFT JOIN person ON person.id = report.author
LEFT JOIN organisation ON organisation.id = report.lead_handler
WHERE report.community = $1 AND report.author = $2 AND report.id < $3 ORDER BY report.id DESC LIMIT $4;

-- name: report_page_followed :many  community:int64 person:int64 before:int64 limit:int64
SELECT report.id, report.number, report.author_from, person.shown_name, report.title, report.category, report.state, report.outcome,
       organisation.name AS lead_name, report.reported_at, report.answer_due, report.due_at, report.confirm_due,
       report.closed_at, report.rating, report.joined, report.comments,
       CAST(CASE WHEN report.photos = 0 THEN 0 ELSE (
           SELECT media.id FROM media
           WHERE media.community = $1 AND media.subject_kind = 'report' AND media.subject = report.id AND media.hidden = 0
           ORDER BY media.stage, media.position, media.id LIMIT 1) END AS BIGINT) AS cover
FROM report_follow
JOIN report ON report.community = report_follow.community AND report.id = report_follow.report
LEFT JOIN person ON person.id = report.author
LEFT JOIN organisation ON organisation.id = report.lead_handler
WHERE report_follow.community = $1 AND report_follow.person = $2 AND report_follow.report < $3 AND report.hidden = 0
ORDER BY report_follow.report DESC LIMIT $4;

-- name: report_similar :many  community:int64 category:text since:int64 limit:int64
-- What may be the same matter: open, of the same category, of the last weeks. The words are compared in C.
SELECT id, title, body, estate, building, spot, state, reported_at, joined
FROM report
WHERE community = $1 AND category = $2 AND reported_at >= $3 AND hidden = 0
  AND state IN ('reported', 'answered', 'handling', 'checking')
ORDER BY id DESC LIMIT $4;

-- name: report_of_place :many  community:int64 estate:int64 building:int64 before:int64 limit:int64
-- The history of a place, for staff.
SELECT id, number, title, category, state, outcome, reported_at, closed_at, late, reopened
FROM report WHERE community = $1 AND estate = $2 AND building = $3 AND id < $4 ORDER BY id DESC LIMIT $5;

-- ---- the desk: lists by urgency ---------------------------------------------------------------------------------

-- name: report_desk :many  community:int64 limit:int64
-- Everything open of a community, most urgent first.
SELECT report.id, report.number, report.author, report.author_from, report.title, report.category, report.spot, report.state,
       report.lead_handler, organisation.name AS lead_name, report.reported_at, report.answer_due, report.answered_at,
       report.due_at, report.confirm_due, report.late, report.escalated_at, report.reopened, report.joined, report.comments,
       report.photos,
       CAST(CASE WHEN report.state = 'reported' THEN report.answer_due ELSE report.due_at END AS BIGINT) AS urgent_at,
       CAST((SELECT COUNT(*) FROM work_order WHERE work_order.community = report.community AND work_order.report = report.id
             AND work_order.state = 'sent_back') AS BIGINT) AS sent_back,
       CAST((SELECT COUNT(*) FROM work_order WHERE work_order.community = report.community AND work_order.report = report.id
             AND work_order.state = 'handed') AS BIGINT) AS not_accepted,
       CAST((SELECT COUNT(*) FROM work_order WHERE work_order.community = report.community AND work_order.report = report.id
             AND work_order.extension_until > 0) AS BIGINT) AS extensions
FROM report
LEFT JOIN organisation ON organisation.id = report.lead_handler
WHERE report.community = $1 AND report.state IN ('reported', 'answered', 'handling', 'checking', 'confirming')
ORDER BY CASE WHEN report.state = 'confirming' THEN 1 ELSE 0 END, urgent_at, report.id LIMIT $2;

-- name: report_desk_below :many  from_place:int64 to_place:int64 now:int64 limit:int64
-- across communities: what is late or escalated below a street, for the grid centre and the street's office.
SELECT community, id, number, title, category, state, lead_handler, reported_at, answer_due, due_at, late, escalated_at,
       joined
FROM report
WHERE community BETWEEN $1 AND $2
  AND ((state = 'reported' AND answer_due < $3)
    OR (state IN ('answered', 'handling', 'checking') AND (escalated_at > 0 OR (due_at > 0 AND due_at < $3))))
ORDER BY community, id LIMIT $4;

-- name: report_hot :many  from_place:int64 to_place:int64 since_id:int64
-- across communities: what is reported below a place, by category and community. ledger_head says who has anything at all, and ids rise with
-- time, so that each community is asked for its last reports only.
SELECT r.category, c.name, c.name_en, r.community, CAST(COUNT(*) AS BIGINT) AS n, CAST(SUM(r.joined) AS BIGINT) AS joined
FROM ledger_head h JOIN report r ON r.community = h.community AND r.id >= $3 JOIN report_category c ON c.code = r.category
WHERE h.community BETWEEN $1 AND $2 AND r.hidden = 0 AND r.state NOT IN ('merged', 'voided')
GROUP BY r.category, c.name, c.name_en, r.community ORDER BY r.category, 5 DESC;

-- name: report_desk_counts :one  community:int64 now:int64
SELECT CAST(COALESCE(SUM(CASE WHEN state = 'reported' THEN 1 ELSE 0 END), 0) AS BIGINT) AS to_answer,
       CAST(COALESCE(SUM(CASE WHEN state = 'reported' AND answer_due < $2 THEN 1 ELSE 0 END), 0) AS BIGINT) AS to_answer_late,
       CAST(COALESCE(SUM(CASE WHEN state = 'answered' THEN 1 ELSE 0 END), 0) AS BIGINT) AS answered,
       CAST(COALESCE(SUM(CASE WHEN state = 'handling' THEN 1 ELSE 0 END), 0) AS BIGINT) AS handling,
       CAST(COALESCE(SUM(CASE WHEN state = 'checking' THEN 1 ELSE 0 END), 0) AS BIGINT) AS checking,
       CAST(COALESCE(SUM(CASE WHEN state = 'confirming' THEN 1 ELSE 0 END), 0) AS BIGINT) AS confirming,
       CAST(COALESCE(SUM(CASE WHEN state IN ('answered', 'handling', 'checking') AND due_at > 0 AND due_at < $2 THEN 1 ELSE 0 END), 0) AS BIGINT) AS late
FROM report
WHERE community = $1 AND state IN ('reported', 'answered', 'handling', 'checking', 'confirming');

-- name: work_order_desk :many  organisation:int64 limit:int64
-- across communities: a handler serves several; its own orders, most urgent first.
SELECT work_order.community, work_order.id, work_order.report, work_order.lead, work_order.fast_track, work_order.task,
       work_order.state, work_order.handed_at, work_order.accept_due, work_order.due_at, work_order.late,
       work_order.extension_until, work_order.rework, report.number, report.title, report.spot, report.joined,
       report.photos, report.state AS report_state
FROM work_order
JOIN report ON report.community = work_order.community AND report.id = work_order.report
WHERE work_order.organisation = $1 AND work_order.state IN ('handed', 'accepted')
ORDER BY work_order.due_at, work_order.id LIMIT $2;

-- name: work_order_desk_counts :one  organisation:int64 now:int64
-- across communities: the numbers of the list above.
SELECT CAST(COALESCE(SUM(CASE WHEN state = 'handed' THEN 1 ELSE 0 END), 0) AS BIGINT) AS to_accept,
       CAST(COALESCE(SUM(CASE WHEN state = 'accepted' THEN 1 ELSE 0 END), 0) AS BIGINT) AS accepted,
       CAST(COALESCE(SUM(CASE WHEN due_at < $2 THEN 1 ELSE 0 END), 0) AS BIGINT) AS late
FROM work_order WHERE organisation = $1 AND state IN ('handed', 'accepted');

-- ---- work orders ----------------------------------------------------------------------------------------------------

-- name: work_order_get :one  community:int64 id:int64
SELECT id, report, organisation, lead, fast_track, task, state, handed_by, handed_at, accept_due, accepted_at, due_at,
       done_at, done_text, checked_at, reason, extension_until, extension_reason, extended, rework, late
FROM work_order WHERE community = $1 AND id = $2;

-- name: work_order_of_report :many  community:int64 report:int64
SELECT work_order.id, work_order.organisation, work_order.lead, work_order.fast_track, work_order.task, work_order.state,
       work_order.handed_by, work_order.handed_at, work_order.accept_due, work_order.accepted_at, work_order.due_at,
       work_order.done_at, work_order.done_text, work_order.checked_at, work_order.reason, work_order.extension_until,
       work_order.extension_reason, work_order.extended, work_order.rework, work_order.late,
       organisation.name AS organisation_name, organisation.kind AS organisation_kind
FROM work_order JOIN organisation ON organisation.id = work_order.organisation
WHERE work_order.community = $1 AND work_order.report = $2
ORDER BY work_order.lead DESC, work_order.id;

-- name: work_order_put :exec  community:int64 id:int64 report:int64 organisation:int64 lead:bool fast_track:bool task:text handed_by:int64 at:int64 accept_due:int64 due_at:int64
INSERT INTO work_order (community, id, report, organisation, lead, fast_track, task, state, handed_by, handed_at, accept_due,
                        accepted_at, due_at, done_at, done_text, checked_at, reason, extension_until, extension_reason,
                        extended, rework, late)
VALUES ($1, $2, $3, $4, $5, $6, $7, 'handed', $8, $9, $10, 0, $11, 0, '', 0, '', 0, '', 0, 0, 0);

-- name: work_order_move :count  community:int64 id:int64 from_state:text to_state:text
UPDATE work_order SET state = $4 WHERE community = $1 AND id = $2 AND state = $3;

-- name: work_order_set_accepted :exec  community:int64 id:int64 at:int64
UPDATE work_order SET accepted_at = $3 WHERE community = $1 AND id = $2;

-- name: work_order_set_done :exec  community:int64 id:int64 at:int64 done_text:text
UPDATE work_order SET done_at = $3, done_text = $4 WHERE community = $1 AND id = $2;

-- name: work_order_set_checked :exec  community:int64 id:int64 at:int64
UPDATE work_order SET checked_at = $3 WHERE community = $1 AND id = $2;

-- name: work_order_set_reason :exec  community:int64 id:int64 reason:text
UPDATE work_order SET reason = $3 WHERE community = $1 AND id = $2;

-- name: work_order_set_rework :exec  community:int64 id:int64 reason:text due_at:int64
UPDATE work_order SET rework = rework + 1, reason = $3, due_at = $4, done_at = 0 WHERE community = $1 AND id = $2;

-- name: work_order_ask_extension :exec  community:int64 id:int64 until:int64 reason:text
UPDATE work_order SET extension_until = $3, extension_reason = $4 WHERE community = $1 AND id = $2;

-- name: work_order_extend :exec  community:int64 id:int64 due_at:int64 granted:int64
-- granted is 1 or 0: a refusal keeps the limit and clears the question.
UPDATE work_order SET due_at = $3, extended = extended + $4, extension_until = 0 WHERE community = $1 AND id = $2;

-- name: work_order_set_late :count  community:int64 id:int64
UPDATE work_order SET late = 1 WHERE community = $1 AND id = $2 AND late = 0;

-- name: work_order_unlead :exec  community:int64 report:int64
UPDATE work_order SET lead = 0 WHERE community = $1 AND report = $2 AND lead = 1;

-- name: work_order_set_lead :exec  community:int64 id:int64
UPDATE work_order SET lead = 1 WHERE community = $1 AND id = $2;

-- ---- words: steps, comments, notes -----------------------------------------------------------------------------------

-- name: report_step_put :send  community:int64 id:int64 report:int64 work_order:int64 verb:text person:int64 organisation:int64 body:text at:int64 public:bool
INSERT INTO report_step (community, id, report, work_order, verb, person, organisation, body, at, public)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- name: report_steps :many  community:int64 report:int64 limit:int64
SELECT report_step.id, report_step.work_order, report_step.verb, report_step.person, report_step.organisation,
       report_step.body, report_step.at, report_step.public, organisation.name AS organisation_name,
       person.shown_name,
       CAST((SELECT MAX(post.title) FROM post WHERE post.person = report_step.person
             AND post.organisation = report_step.organisation AND post.valid_from <= report_step.at
             AND (post.valid_to = 0 OR post.valid_to > report_step.at)) AS TEXT) AS post_title,
       work_order.organisation AS handler, work_order.lead, handler.name AS handler_name
FROM report_step
LEFT JOIN organisation ON organisation.id = report_step.organisation
LEFT JOIN person ON person.id = report_step.person
LEFT JOIN work_order ON work_order.community = report_step.community AND work_order.id = report_step.work_order
LEFT JOIN organisation AS handler ON handler.id = work_order.organisation
WHERE report_step.community = $1 AND report_step.report = $2
ORDER BY report_step.id DESC LIMIT $3;

-- name: report_comment_put :exec  community:int64 id:int64 report:int64 author:int64 organisation:int64 body:text at:int64
INSERT INTO report_comment (community, id, report, author, organisation, body, created_at, hidden, hidden_reason)
VALUES ($1, $2, $3, $4, $5, $6, $7, 0, '');

-- name: report_set_reason :exec  community:int64 id:int64 reason:text
UPDATE report SET hidden_reason = $3 WHERE community = $1 AND id = $2;

-- name: report_comment_set_reason :exec  community:int64 id:int64 reason:text
UPDATE report_comment SET hidden_reason = $3 WHERE community = $1 AND id = $2;

-- name: report_comment_get :one  community:int64 id:int64
SELECT id, report, author, organisation, body, created_at, hidden FROM report_comment WHERE community = $1 AND id = $2;

-- name: report_comments :many  community:int64 report:int64 before:int64 limit:int64
-- With the author as neighbours know them, and the organisation and post for which staff spoke: the post of that time.
SELECT report_comment.id, report_comment.author, report_comment.organisation, report_comment.body,
       report_comment.created_at, report_comment.hidden, report_comment.hidden_reason, person.shown_name,
       person.party_badge, organisation.name AS organisation_name,
       CAST((SELECT MAX(post.title) FROM post WHERE post.person = report_comment.author
             AND post.organisation = report_comment.organisation AND post.valid_from <= report_comment.created_at
             AND (post.valid_to = 0 OR post.valid_to > report_comment.created_at)) AS TEXT) AS post_title,
       CAST((SELECT MAX(post.role) FROM post WHERE post.person = report_comment.author
             AND post.organisation = report_comment.organisation AND post.valid_from <= report_comment.created_at
             AND (post.valid_to = 0 OR post.valid_to > report_comment.created_at)) AS TEXT) AS post_role,
       CAST((SELECT MAX(building.name) FROM person_residence
             JOIN residence ON residence.community = report_comment.community AND residence.id = person_residence.residence
             JOIN building ON building.community = residence.community AND building.id = residence.building
             WHERE person_residence.person = report_comment.author AND person_residence.community = $1
               AND residence.state = 'verified') AS TEXT) AS building_name
FROM report_comment
LEFT JOIN person ON person.id = report_comment.author
LEFT JOIN organisation ON organisation.id = report_comment.organisation
WHERE report_comment.community = $1 AND report_comment.report = $2 AND report_comment.id < $3
ORDER BY report_comment.id DESC LIMIT $4;

-- name: report_comment_hide :count  community:int64 id:int64 hidden:bool reason:text
UPDATE report_comment SET hidden = $3, hidden_reason = $4 WHERE community = $1 AND id = $2 AND hidden <> $3;

-- name: report_count_comment :send  community:int64 id:int64 by:int64
UPDATE report SET comments = comments + $3 WHERE community = $1 AND id = $2;

-- name: report_note_put :exec  community:int64 id:int64 report:int64 author:int64 organisation:int64 body:text at:int64
INSERT INTO report_note (community, id, report, author, organisation, body, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: report_notes :many  community:int64 report:int64
SELECT report_note.id, report_note.author, report_note.organisation, report_note.body, report_note.created_at,
       organisation.name AS organisation_name, person.shown_name
FROM report_note
LEFT JOIN organisation ON organisation.id = report_note.organisation
LEFT JOIN person ON person.id = report_note.author
WHERE report_note.community = $1 AND report_note.report = $2 ORDER BY report_note.id;

-- ---- residents' taps: once each, counted in the same transaction -------------------------------------------------------

-- name: report_join_put :count  community:int64 report:int64 dwelling:int64 person:int64 at:int64
INSERT INTO report_join (community, report, dwelling, person, joined_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (community, report, dwelling) DO NOTHING;

-- name: report_taps :one  community:int64 report:int64 person:int64 dwelling:int64
-- What the viewer and the viewer's household have done already: 0 or 1 each.
SELECT CAST((SELECT COUNT(*) FROM report_join WHERE community = $1 AND report = $2 AND dwelling = $4) AS BIGINT) AS joined,
       CAST((SELECT COUNT(*) FROM report_follow WHERE community = $1 AND report = $2 AND person = $3) AS BIGINT) AS follows,
       CAST((SELECT COUNT(*) FROM report_thumb WHERE community = $1 AND report = $2 AND person = $3) AS BIGINT) AS thumb;

-- name: report_step_scope :one  community:int64 id:int64
-- Who may see the pictures of a step: whoever may see the step.
SELECT report.id, report.author, report.hidden, report_step.public
FROM report_step JOIN report ON report.community = report_step.community AND report.id = report_step.report
WHERE report_step.community = $1 AND report_step.id = $2;

-- name: report_count_join :exec  community:int64 id:int64
UPDATE report SET joined = joined + 1 WHERE community = $1 AND id = $2;

-- name: report_follow_put :count  community:int64 report:int64 person:int64 at:int64
INSERT INTO report_follow (community, report, person, since) VALUES ($1, $2, $3, $4)
ON CONFLICT (community, report, person) DO NOTHING;

-- name: report_follow_own :send  community:int64 report:int64 person:int64 at:int64
-- Whoever has just written it, before anybody else can.
INSERT INTO report_follow (community, report, person, since) VALUES ($1, $2, $3, $4);

-- name: report_follow_drop :count  community:int64 report:int64 person:int64
DELETE FROM report_follow WHERE community = $1 AND report = $2 AND person = $3;

-- name: report_readers :many  community:int64 report:int64 author:int64
-- Who is told of what happens to a report: its followers and its author, while their accounts are open.
SELECT id FROM person WHERE id = $3 AND state = 'active'
UNION
SELECT person.id FROM report_follow JOIN person ON person.id = report_follow.person
WHERE report_follow.community = $1 AND report_follow.report = $2 AND person.state = 'active'
ORDER BY 1;

-- name: report_thumb_put :count  community:int64 report:int64 person:int64 at:int64
INSERT INTO report_thumb (community, report, person, at) VALUES ($1, $2, $3, $4)
ON CONFLICT (community, report, person) DO NOTHING;

-- name: report_thumb_drop :count  community:int64 report:int64 person:int64
DELETE FROM report_thumb WHERE community = $1 AND report = $2 AND person = $3;

-- name: report_count_thumb :send  community:int64 id:int64 by:int64
UPDATE report SET thumbs = thumbs + $3 WHERE community = $1 AND id = $2;

-- ---- categories and templates --------------------------------------------------------------------------------------------

-- name: report_category_version :one
SELECT version FROM report_category_version WHERE id = 1;

-- name: report_category_version_set :exec  version:int64
UPDATE report_category_version SET version = $1 WHERE id = 1;

-- name: report_category_all :many
SELECT code, name, name_en, words, grade, limit_amount, limit_unit, position FROM report_category ORDER BY position, code;

-- name: report_category_put :exec  code:text name:text name_en:text words:text grade:int64 limit_amount:int64 limit_unit:text position:int64
INSERT INTO report_category (code, name, name_en, words, grade, limit_amount, limit_unit, position)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (code) DO UPDATE SET name = excluded.name, name_en = excluded.name_en, words = excluded.words,
    grade = excluded.grade, limit_amount = excluded.limit_amount, limit_unit = excluded.limit_unit,
    position = excluded.position;

-- name: answer_templates :many  community:int64
SELECT id, name, body, used FROM answer_template WHERE community = $1 ORDER BY used DESC, id;

-- name: answer_template_put :exec  community:int64 id:int64 name:text body:text
INSERT INTO answer_template (community, id, name, body, used) VALUES ($1, $2, $3, $4, 0)
ON CONFLICT (community, id) DO UPDATE SET name = excluded.name, body = excluded.body;

-- name: answer_template_drop :count  community:int64 id:int64
DELETE FROM answer_template WHERE community = $1 AND id = $2;

-- name: answer_template_use :exec  community:int64 id:int64
UPDATE answer_template SET used = used + 1 WHERE community = $1 AND id = $2;

-- ---- recount: what `lilong verify` compares -----------------------------------------------------------------------------------

-- name: report_recount :many  community:int64
SELECT report.id, report.joined, report.comments, report.thumbs,
       CAST((SELECT COUNT(*) FROM report_join WHERE report_join.community = report.community AND report_join.report = report.id) AS BIGINT) AS real_joined,
       CAST((SELECT COUNT(*) FROM report_comment WHERE report_comment.community = report.community AND report_comment.report = report.id AND report_comment.hidden = 0) AS BIGINT) AS real_comments,
       CAST((SELECT COUNT(*) FROM report_thumb WHERE report_thumb.community = report.community AND report_thumb.report = report.id) AS BIGINT) AS real_thumbs
FROM report WHERE report.community = $1;

-- ---- drafts ---------------------------------------------------------------------------------------------------------------------

-- name: report_draft_put :send  community:int64 id:int64 author:int64 title:text body:text category:text estate:int64 building:int64 spot:text latitude:real longitude:real at:int64
INSERT INTO report_draft (community, id, author, title, body, category, estate, building, spot, latitude, longitude, changed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
ON CONFLICT (community, id) DO UPDATE SET title = excluded.title, body = excluded.body, category = excluded.category,
    estate = excluded.estate, building = excluded.building, spot = excluded.spot, latitude = excluded.latitude,
    longitude = excluded.longitude, changed_at = excluded.changed_at;

-- name: report_draft_get :one  community:int64 id:int64
SELECT id, author, title, body, category, estate, building, spot, latitude, longitude, changed_at
FROM report_draft WHERE community = $1 AND id = $2;

-- name: report_draft_latest :one  community:int64 author:int64
SELECT id, title, changed_at FROM report_draft WHERE community = $1 AND author = $2 ORDER BY id DESC LIMIT 1;

-- name: report_draft_drop :count  community:int64 id:int64
-- Of two that send or throw away the same draft at once, one finds it.
DELETE FROM report_draft WHERE community = $1 AND id = $2;

-- name: report_draft_old :many  before:int64 limit:int64
-- across communities: what nobody has sent for a week goes, everywhere.
SELECT community, id FROM report_draft WHERE changed_at < $1 LIMIT $2;

-- name: report_page_one :one  community:int64 id:int64
-- The columns of report_page, for a row that a search has found.
SELECT report.id, report.number, report.author_from, person.shown_name, report.title, report.category, report.state, report.outcome,
       organisation.name AS lead_name, report.reported_at, report.answer_due, report.due_at, report.confirm_due,
       report.closed_at, report.rating, report.joined, report.comments,
       CAST(CASE WHEN report.photos = 0 THEN 0 ELSE (
           SELECT media.id FROM media
           WHERE media.community = $1 AND media.subject_kind = 'report' AND media.subject = report.id AND media.hidden = 0
           ORDER BY media.stage, media.position, media.id LIMIT 1) END AS BIGINT) AS cover
FROM report
LEFT JOIN person ON person.id = report.author
LEFT JOIN organisation ON organisation.id = report.lead_handler
WHERE report.community = $1 AND report.id = $2 AND report.hidden = 0;

-- name: report_by_number :one  community:int64 number:text
SELECT id FROM report WHERE community = $1 AND number = $2;

-- ---- 「我的」 ------------------------------------------------------------------------------

-- name: report_count_mine :one  community:int64 person:int64
SELECT CAST((SELECT COUNT(*) FROM report WHERE community = $1 AND author = $2) AS BIGINT) AS mine,
       CAST((SELECT COUNT(*) FROM report_follow
             JOIN report ON report.community = report_follow.community AND report.id = report_follow.report
             WHERE report_follow.community = $1 AND report_follow.person = $2 AND report.hidden = 0) AS BIGINT) AS followed;

-- name: report_left_by :many  person:int64 limit:int64
-- across communities: what a person has reported, wherever the person has lived.
SELECT report.community, report.id, report.title, report.body, report.reported_at
FROM (SELECT DISTINCT community FROM person_residence WHERE person = $1) AS home
JOIN report ON report.community = home.community AND report.author = $1
ORDER BY report.id DESC LIMIT $2;

-- name: report_comments_left_by :many  person:int64 limit:int64
-- across communities: what a person has said to reports, wherever the person has lived.
SELECT report_comment.community, report_comment.report, report_comment.id, report_comment.body, report_comment.created_at
FROM (SELECT DISTINCT community FROM person_residence WHERE person = $1) AS home
JOIN report_comment ON report_comment.community = home.community AND report_comment.author = $1
ORDER BY report_comment.id DESC LIMIT $2;
