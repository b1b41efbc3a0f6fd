-- name: notify_unread_of :many  subject:int64 p1:int64 p2:int64 p3:int64 p4:int64 p5:int64 p6:int64 p7:int64 p8:int64
-- Which of these people (0: nobody) have one about this that they have not read: most have none, and nothing has to be taken out.
-- across communities: these people alone, wherever their rows lie. (An IN of so many makes SQLite open a table in memory each time.)
WITH people(person) AS (VALUES (CAST($2 AS BIGINT)), ($3), ($4), ($5), ($6), ($7), ($8), ($9))
SELECT notification.person FROM people CROSS JOIN notification
WHERE notification.person = people.person AND notification.read_at = 0 AND notification.subject = $1;

-- name: notify_take_unread :many  person:int64 community:int64 subject_kind:text subject:int64 text_key:text
-- The unread row of the same is taken out; its count goes into the new one, which stands at the top.
DELETE FROM notification
WHERE person = $1 AND read_at = 0 AND subject = $4 AND community = $2 AND subject_kind = $3 AND text_key = $5
RETURNING count;

-- name: notify_put :send  person:int64 id:int64 community:int64 text_key:text args:text url:text subject_kind:text subject:int64
-- count:int64 created_at:int64 digest:bool
INSERT INTO notification (person, id, community, text_key, args, url, subject_kind, subject, count, created_at, read_at, digest)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, $11);

-- name: notify_drop_old :send  person:int64 before:int64
DELETE FROM notification WHERE person = $1 AND id < $2 AND read_at > 0;

-- name: notify_list :many  person:int64 before:int64 limit:int64
SELECT id, community, text_key, args, url, subject_kind, subject, count, created_at, read_at
FROM notification WHERE person = $1 AND id < $2 ORDER BY id DESC LIMIT $3;

-- name: notify_unread :one  person:int64 max:int64
SELECT CAST(COUNT(*) AS BIGINT) AS unread FROM (SELECT 1 FROM notification WHERE person = $1 AND read_at = 0 LIMIT $2) AS counted;

-- name: notify_get :one  person:int64 id:int64
SELECT read_at FROM notification WHERE person = $1 AND id = $2;

-- name: notify_mark_read :exec  person:int64 id:int64 now:int64
UPDATE notification SET read_at = $3 WHERE person = $1 AND id = $2 AND read_at = 0;

-- name: notify_mark_all_read :exec  person:int64 up_to:int64 now:int64
UPDATE notification SET read_at = $3 WHERE person = $1 AND read_at = 0 AND id <= $2;

-- name: notify_mark_subject_read :exec  person:int64 subject_kind:text subject:int64 now:int64
UPDATE notification SET read_at = $4 WHERE person = $1 AND read_at = 0 AND subject = $3 AND subject_kind = $2;

-- name: notify_recall :exec  subject_kind:text subject:int64 p1:int64 p2:int64 p3:int64 p4:int64 p5:int64 p6:int64 p7:int64 p8:int64
-- across communities: these people alone (0: nobody), wherever their rows lie.
DELETE FROM notification WHERE person IN ($3, $4, $5, $6, $7, $8, $9, $10) AND subject_kind = $1 AND subject = $2;

-- name: notify_away_recall :exec  subject_kind:text subject:int64 p1:int64 p2:int64 p3:int64 p4:int64 p5:int64 p6:int64 p7:int64 p8:int64
-- across communities: as notify_recall.
DELETE FROM notify_away WHERE person IN ($3, $4, $5, $6, $7, $8, $9, $10) AND subject_kind = $1 AND subject = $2;

-- name: notify_forget :exec  person:int64
DELETE FROM notification WHERE person = $1;

-- name: notify_choices :many  p1:int64 p2:int64 p3:int64 p4:int64 p5:int64 p6:int64 p7:int64 p8:int64
-- across communities: as notify_unread_of.
WITH people(person) AS (VALUES (CAST($1 AS BIGINT)), ($2), ($3), ($4), ($5), ($6), ($7), ($8))
SELECT c.person, c.away, c.channel, c.digest_hour, c.quiet_from, c.quiet_to, c.urgent_passes
FROM people CROSS JOIN notify_choice AS c WHERE c.person = people.person;

-- name: notify_choice_put :exec  person:int64 away:text channel:text digest_hour:int64 quiet_from:int64 quiet_to:int64
-- urgent_passes:bool changed_at:int64
INSERT INTO notify_choice (person, away, channel, digest_hour, quiet_from, quiet_to, urgent_passes, changed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (person) DO UPDATE SET away = excluded.away, channel = excluded.channel, digest_hour = excluded.digest_hour,
    quiet_from = excluded.quiet_from, quiet_to = excluded.quiet_to, urgent_passes = excluded.urgent_passes,
    changed_at = excluded.changed_at;

-- name: notify_choice_drop :exec  person:int64
DELETE FROM notify_choice WHERE person = $1;

-- name: notify_topics :many  person:int64
SELECT topic, way FROM notify_topic WHERE person = $1;

-- name: notify_topic_put :exec  person:int64 topic:text way:text
INSERT INTO notify_topic (person, topic, way) VALUES ($1, $2, $3);

-- name: notify_topics_drop :exec  person:int64
DELETE FROM notify_topic WHERE person = $1;

-- name: notify_off_put :count  person:int64 channel:text since:int64
INSERT INTO notify_off (person, channel, since) VALUES ($1, $2, $3) ON CONFLICT (person, channel) DO NOTHING;

-- name: notify_offs :many  person:int64
SELECT channel, since FROM notify_off WHERE person = $1;

-- name: notify_off_drop :exec  person:int64 channel:text
DELETE FROM notify_off WHERE person = $1 AND channel = $2;

-- name: notify_offs_drop :exec  person:int64
DELETE FROM notify_off WHERE person = $1;

-- name: notify_away_put :send  person:int64 community:int64 text_key:text subject_kind:text subject:int64 notification:int64
-- count:int64 digest:bool due_at:int64
-- The first of several of the same says when they leave.
INSERT INTO notify_away (person, community, text_key, subject_kind, subject, notification, count, digest, due_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (person, community, text_key, subject_kind, subject) DO UPDATE
SET count = notify_away.count + excluded.count, notification = excluded.notification,
    due_at = CASE WHEN excluded.due_at < notify_away.due_at THEN excluded.due_at ELSE notify_away.due_at END;

-- name: notify_digest_put :send  person:int64 notification:int64 due_at:int64
-- The one row without a text: the digest of this person, from this message on. When it stands there already, as nearly always, nothing is written.
INSERT INTO notify_away (person, community, text_key, subject_kind, subject, notification, count, digest, due_at)
VALUES ($1, 0, '', '', 0, $2, 0, 1, $3)
ON CONFLICT (person, community, text_key, subject_kind, subject) DO UPDATE
SET notification = CASE WHEN excluded.notification < notify_away.notification THEN excluded.notification ELSE notify_away.notification END,
    due_at = CASE WHEN excluded.due_at < notify_away.due_at THEN excluded.due_at ELSE notify_away.due_at END
WHERE excluded.notification < notify_away.notification OR excluded.due_at < notify_away.due_at;

-- name: notify_digest :many  person:int64 from:int64
-- What the digest tells of, as it stands in the app: what was read meanwhile is not in it.
SELECT id, community, text_key, subject_kind, subject, count FROM notification
WHERE person = $1 AND id >= $2 AND read_at = 0 AND digest = 1 ORDER BY id;

-- name: notify_away_due :many  now:int64 limit:int64
-- across communities: whoever is next, wherever they live.
SELECT person FROM notify_away WHERE due_at <= $1 ORDER BY due_at LIMIT $2;

-- name: notify_away_take :many  person:int64 now:int64
-- Taken out and sent, or put back, in one transaction: whoever comes second finds nothing.
DELETE FROM notify_away WHERE person = $1 AND due_at <= $2
RETURNING community, text_key, subject_kind, subject, notification, count, digest;

-- name: notify_away_forget :exec  person:int64
DELETE FROM notify_away WHERE person = $1;

-- name: notify_sent_on :one  person:int64 day:int64 channel:text
SELECT sent FROM notify_sent WHERE person = $1 AND day = $2 AND channel = $3;

-- name: notify_sent_count :exec  person:int64 day:int64 channel:text
INSERT INTO notify_sent (person, day, channel, sent) VALUES ($1, $2, $3, 1)
ON CONFLICT (person, day, channel) DO UPDATE SET sent = notify_sent.sent + 1;

-- name: notify_sent_drop :exec  person:int64 before:int64
DELETE FROM notify_sent WHERE person = $1 AND day < $2;
