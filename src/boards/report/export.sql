-- name: report_export :many  community:int64 after:int64 limit:int64
-- No author, no dwelling, no text: what an office may count and compare.
SELECT report.community, report.id, report.number, report.title, report.category, report.grade, report.state, report.outcome,
       report.hidden, report.reported_at, report.answer_due, report.answered_at, report.due_at, report.done_at, report.closed_at,
       report.late, report.escalated_at, report.reopened, report.rating, report.joined, report.comments, report.thumbs,
       report.photos, organisation.name AS lead_name
FROM report LEFT JOIN organisation ON organisation.id = report.lead_handler
WHERE report.community = $1 AND report.id > $2 ORDER BY report.id LIMIT $3;

-- name: report_next_community :one  after:int64 until:int64
-- across communities: the export of a place above walks from one to the next.
SELECT community FROM report WHERE community > $1 AND community <= $2 ORDER BY community LIMIT 1;
