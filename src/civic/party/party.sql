-- ---- branches -------------------------------------------------------------------------------------------------------

-- name: party_branch_put :count  community:int64 id:int64 name:text at:int64
-- Nothing when there is one of that name.
INSERT INTO party_branch (community, id, name, secretary, created_at, ended_at, members, shown, taken, done, thanks, ratings, stars)
VALUES ($1, $2, $3, 0, $4, 0, 0, 0, 0, 0, 0, 0, 0) ON CONFLICT DO NOTHING;

-- name: party_branch_get :one  community:int64 id:int64
SELECT id, name, secretary, ended_at, members, shown, taken, done, thanks, ratings, stars FROM party_branch WHERE community = $1 AND id = $2;

-- name: party_branch_of_name :one  community:int64 name:text
SELECT id FROM party_branch WHERE community = $1 AND name = $2 AND ended_at = 0;

-- name: party_branches :many  community:int64
-- Those that have ended too, the last: what they did still counts.
SELECT id, name, secretary, ended_at, members, shown, taken, done, thanks, ratings, stars FROM party_branch WHERE community = $1
ORDER BY ended_at, id;

-- name: party_branch_any :one  community:int64
SELECT CAST(COUNT(*) AS BIGINT) AS n FROM (SELECT id FROM party_branch WHERE community = $1 AND ended_at = 0 LIMIT 1) AS one;

-- name: party_branch_name_set :exec  community:int64 id:int64 name:text secretary:int64
UPDATE party_branch SET name = $3, secretary = $4 WHERE community = $1 AND id = $2;

-- name: party_branch_unname :exec  community:int64 person:int64
-- Whoever is no member any more is no secretary of a branch either.
UPDATE party_branch SET secretary = 0 WHERE community = $1 AND secretary = $2;

-- name: party_branch_end :count  community:int64 id:int64 at:int64
-- Only one that has no members.
UPDATE party_branch SET ended_at = $3, secretary = 0 WHERE community = $1 AND id = $2 AND ended_at = 0 AND members = 0;

-- name: party_branch_count :exec  community:int64 id:int64 members:int64 shown:int64 taken:int64 done:int64 thanks:int64 ratings:int64 stars:int64
UPDATE party_branch SET members = members + $3, shown = shown + $4, taken = taken + $5, done = done + $6, thanks = thanks + $7, ratings = ratings + $8,
                        stars = stars + $9 WHERE community = $1 AND id = $2;

-- name: party_branch_real :many  community:int64
-- The figures as they are, and as the rows say.
SELECT b.id, b.members, b.shown, b.taken, b.done, b.thanks, b.ratings, b.stars,
       CAST((SELECT COUNT(*) FROM party_member m WHERE m.community = $1 AND m.branch = b.id AND m.state = 'confirmed') AS BIGINT) AS real_members,
       CAST((SELECT COUNT(*) FROM party_member m WHERE m.community = $1 AND m.branch = b.id AND m.state = 'confirmed' AND m.shown = 1) AS BIGINT) AS real_shown,
       CAST((SELECT COUNT(*) FROM party_task t WHERE t.community = $1 AND t.branch = b.id AND t.state <> 'dropped') AS BIGINT) AS real_taken,
       CAST((SELECT COUNT(*) FROM party_task t WHERE t.community = $1 AND t.branch = b.id AND t.state = 'done') AS BIGINT) AS real_done,
       CAST((SELECT COUNT(*) FROM party_task t WHERE t.community = $1 AND t.branch = b.id AND t.thanked_by > 0) AS BIGINT) AS task_thanks,
       CAST((SELECT COUNT(*) FROM party_thanks k WHERE k.community = $1 AND k.branch = b.id) AS BIGINT) AS own_thanks,
       CAST((SELECT COUNT(*) FROM party_task t WHERE t.community = $1 AND t.branch = b.id AND t.stars > 0) AS BIGINT) AS task_ratings,
       CAST((SELECT COUNT(*) FROM party_thanks k WHERE k.community = $1 AND k.branch = b.id AND k.stars > 0) AS BIGINT) AS own_ratings,
       CAST((SELECT COALESCE(SUM(t.stars), 0) FROM party_task t WHERE t.community = $1 AND t.branch = b.id) AS BIGINT) AS task_stars,
       CAST((SELECT COALESCE(SUM(k.stars), 0) FROM party_thanks k WHERE k.community = $1 AND k.branch = b.id) AS BIGINT) AS own_stars
FROM party_branch b WHERE b.community = $1 ORDER BY b.id;

-- name: party_badges :many  community:int64
-- Whose badge says what; against the consents that stand.
SELECT m.id, m.person, m.state, m.shown, p.party_badge, p.party_member FROM party_member m JOIN person p ON p.id = m.person
WHERE m.community = $1 AND m.state IN ('asked', 'confirmed') ORDER BY m.id;

-- name: party_below :many  from_place:int64 to_place:int64 size:int64
-- across communities: the figures of a street, a district, the city, by what lies directly below it.
SELECT CAST(community / $3 * $3 AS BIGINT) AS place, CAST(SUM(members) AS BIGINT) AS members, CAST(SUM(shown) AS BIGINT) AS shown,
       CAST(SUM(taken) AS BIGINT) AS taken, CAST(SUM(done) AS BIGINT) AS done, CAST(SUM(thanks) AS BIGINT) AS thanks,
       CAST(SUM(ratings) AS BIGINT) AS ratings, CAST(SUM(stars) AS BIGINT) AS stars
FROM party_branch WHERE community BETWEEN $1 AND $2 GROUP BY community / $3 ORDER BY community / $3;

-- ---- members ------------------------------------------------------------------------------------------------------------

-- name: party_member_put :exec  community:int64 id:int64 person:int64 person_from:text branch:int64 at:int64
INSERT INTO party_member (community, id, person, person_from, branch, state, reason, asked_at, decided_at, decided_by, ended_at, shown)
VALUES ($1, $2, $3, $4, $5, 'asked', '', $6, 0, 0, 0, 0);

-- name: party_member_get :one  community:int64 id:int64
SELECT id, person, person_from, branch, state, reason, asked_at, decided_at, decided_by, ended_at, shown FROM party_member WHERE community = $1 AND id = $2;

-- name: party_member_hold :one  community:int64 id:int64
-- Takes the row: who acts on the same membership does it one behind the other.
UPDATE party_member SET state = state WHERE community = $1 AND id = $2
RETURNING id, person, person_from, branch, state, reason, asked_at, decided_at, decided_by, ended_at, shown;

-- name: party_member_decide :exec  community:int64 id:int64 state:text branch:int64 reason:text by:int64 at:int64
UPDATE party_member SET state = $3, branch = $4, reason = $5, decided_by = $6, decided_at = $7 WHERE community = $1 AND id = $2;

-- name: party_member_end :exec  community:int64 id:int64 state:text at:int64
UPDATE party_member SET state = $3, ended_at = $4, shown = 0, reason = '', person_from = '' WHERE community = $1 AND id = $2;

-- name: party_member_show :exec  community:int64 id:int64 shown:bool
UPDATE party_member SET shown = $3 WHERE community = $1 AND id = $2;

-- name: party_member_branch :exec  community:int64 id:int64 branch:int64
UPDATE party_member SET branch = $3 WHERE community = $1 AND id = $2;

-- name: party_members :many  community:int64 state:text after:int64 limit:int64
-- For the secretary: those who ask, or all who are members, whether they show it or not.
SELECT m.id, m.person, m.person_from, m.branch, m.asked_at, m.decided_at, m.shown, p.shown_name
FROM party_member m JOIN person p ON p.id = m.person
WHERE m.community = $1 AND m.state = $2 AND m.id > $3 ORDER BY m.id LIMIT $4;

-- name: party_asked_count :one  community:int64
SELECT CAST(COUNT(*) AS BIGINT) AS n FROM party_member WHERE community = $1 AND state = 'asked';

-- name: party_shown :many  community:int64 after:int64 limit:int64
-- What neighbours see: who shows it, and nobody else.
SELECT m.id, m.person_from, b.name AS branch_name, p.shown_name,
       CAST((SELECT COUNT(*) FROM party_task t WHERE t.community = $1 AND t.member = m.id AND t.state = 'done') AS BIGINT) AS done,
       CAST((SELECT COUNT(*) FROM party_commitment c WHERE c.community = $1 AND c.member = m.id AND c.state <> 'dropped' AND c.hidden = 0) AS BIGINT) AS commitments
FROM party_member m JOIN person p ON p.id = m.person AND p.party_badge = 1
JOIN party_branch b ON b.community = m.community AND b.id = m.branch
WHERE m.community = $1 AND m.state = 'confirmed' AND m.shown = 1 AND m.id > $2 ORDER BY m.id LIMIT $3;

-- name: party_person_put :exec  person:int64 community:int64 member:int64
INSERT INTO party_person (person, community, member) VALUES ($1, $2, $3)
ON CONFLICT (person) DO UPDATE SET community = excluded.community, member = excluded.member;

-- name: party_person_get :one  person:int64
SELECT community, member FROM party_person WHERE person = $1;

-- name: party_person_drop :exec  person:int64
DELETE FROM party_person WHERE person = $1;

-- name: party_tie :one  community:int64 person:int64 now:int64
-- Does the person live here, verified, or work here?
SELECT CAST((SELECT COUNT(*) FROM residence h WHERE h.community = $1 AND h.person = $2 AND h.state = 'verified') AS BIGINT) AS homes,
       CAST((SELECT COUNT(*) FROM post JOIN organisation o ON o.id = post.organisation WHERE post.person = $2 AND o.place = $1
             AND post.valid_from <= $3 AND (post.valid_to = 0 OR post.valid_to > $3)) AS BIGINT) AS posts;

-- ---- going to another branch ----------------------------------------------------------------------------------------------

-- name: party_transfer_put :exec  community:int64 id:int64 person:int64 branch:int64 from_community:int64 from_branch:int64 at:int64
INSERT INTO party_transfer (community, id, person, branch, from_community, from_branch, state, reason, asked_at, decided_at, decided_by)
VALUES ($1, $2, $3, $4, $5, $6, 'asked', '', $7, 0, 0);

-- name: party_transfer_hold :one  community:int64 id:int64
-- Takes the row, as party_member_hold does.
UPDATE party_transfer SET state = state WHERE community = $1 AND id = $2 RETURNING person, branch, from_community, from_branch, state;

-- name: party_transfer_last :many  person:int64
-- across communities: what became of somebody's last wish to go to another branch; their own page.
SELECT t.community, t.id, t.branch, t.state, t.reason, t.asked_at, t.decided_at, b.name AS branch_name
FROM party_transfer t JOIN party_branch b ON b.community = t.community AND b.id = t.branch WHERE t.person = $1 ORDER BY t.id DESC LIMIT 1;

-- name: party_transfer_decide :count  community:int64 id:int64 state:text reason:text by:int64 at:int64
UPDATE party_transfer SET state = $3, reason = $4, decided_by = $5, decided_at = $6 WHERE community = $1 AND id = $2 AND state = 'asked';

-- name: party_transfer_from :exec  community:int64 id:int64 from_community:int64 from_branch:int64
UPDATE party_transfer SET from_community = $3, from_branch = $4 WHERE community = $1 AND id = $2;

-- name: party_transfers_open :many  community:int64 limit:int64
-- For the secretaries of the place that they go to.
SELECT t.id, t.person, t.branch, t.asked_at, t.from_community, b.name AS branch_name, p.shown_name
FROM party_transfer t JOIN party_branch b ON b.community = t.community AND b.id = t.branch JOIN person p ON p.id = t.person
WHERE t.community = $1 AND t.state = 'asked' ORDER BY t.id LIMIT $2;

-- name: party_transfers_count :one  community:int64
SELECT CAST(COUNT(*) AS BIGINT) AS n FROM party_transfer WHERE community = $1 AND state = 'asked';

-- name: party_transfers_out :many  from_community:int64 limit:int64
-- across communities: who has gone from the branches of a community, the newest first; for its secretaries. Whoever is no member any more is not named.
SELECT t.from_branch, t.decided_at, b.name AS branch_name, p.shown_name
FROM party_transfer t JOIN party_branch b ON b.community = t.community AND b.id = t.branch JOIN person p ON p.id = t.person
WHERE t.from_community = $1 AND t.state = 'accepted' ORDER BY t.id DESC LIMIT $2;

-- name: party_transfer_carry :exec  community:int64 id:int64 to_community:int64
-- across communities: the community has become another one, where the branch is now.
INSERT INTO party_transfer (community, id, person, branch, from_community, from_branch, state, reason, asked_at, decided_at, decided_by)
SELECT CAST($3 AS BIGINT), id, person, branch, from_community, from_branch, state, reason, asked_at, decided_at, decided_by
FROM party_transfer WHERE community = $1 AND id = $2;

-- name: party_transfer_gone :exec  community:int64 id:int64
DELETE FROM party_transfer WHERE community = $1 AND id = $2;

-- name: party_transfers_forget :exec  person:int64
-- across communities: whoever leaves is named nowhere.
DELETE FROM party_transfer WHERE person = $1;

-- name: party_past :many  person:int64
-- across communities: where somebody was a member before they went to a branch of another community, the last first.
SELECT m.community, m.id, m.ended_at, b.name AS branch_name FROM party_member m JOIN party_branch b ON b.community = m.community AND b.id = m.branch
WHERE m.person = $1 AND m.state = 'moved' ORDER BY m.ended_at DESC LIMIT 16;

-- name: party_member_moved :exec  community:int64 id:int64 at:int64
UPDATE party_member SET state = 'moved', ended_at = $3 WHERE community = $1 AND id = $2;

-- name: party_commitments_turn :exec  community:int64 member:int64 branch:int64
-- Thanks that come from now on count for the new branch.
UPDATE party_commitment SET branch = $3 WHERE community = $1 AND member = $2 AND state = 'open';

-- ---- commitments ----------------------------------------------------------------------------------------------------------

-- name: party_commitment_put :exec  community:int64 id:int64 member:int64 branch:int64 author:int64 body:text due:int64 at:int64 hidden:bool
INSERT INTO party_commitment (community, id, member, branch, author, body, due, state, made_at, kept_at, hidden, hidden_reason)
VALUES ($1, $2, $3, $4, $5, $6, $7, 'open', $8, 0, $9, '');

-- name: party_commitment_get :one  community:int64 id:int64
SELECT id, member, branch, author, body, due, state, made_at, kept_at, hidden, hidden_reason FROM party_commitment WHERE community = $1 AND id = $2;

-- name: party_commitments :many  community:int64 member:int64
-- At most a few of them are open; the newest 20.
SELECT c.id, c.body, c.due, c.state, c.made_at, c.kept_at, c.hidden, c.hidden_reason,
       CAST((SELECT COUNT(*) FROM party_thanks k WHERE k.community = $1 AND k.commitment = c.id) AS BIGINT) AS thanks
FROM party_commitment c WHERE c.community = $1 AND c.member = $2 AND c.state <> 'dropped' ORDER BY c.id DESC LIMIT 20;

-- name: party_commitment_open :one  community:int64 member:int64
SELECT CAST(COUNT(*) AS BIGINT) AS n FROM party_commitment WHERE community = $1 AND member = $2 AND state = 'open';

-- name: party_commitment_move :count  community:int64 id:int64 state:text kept_at:int64
UPDATE party_commitment SET state = $3, kept_at = $4 WHERE community = $1 AND id = $2 AND state = 'open';

-- name: party_commitment_erase :exec  community:int64 member:int64
-- Whoever leaves takes their words along (个人信息保护法 47).
UPDATE party_commitment SET state = 'dropped', body = '', hidden_reason = '' WHERE community = $1 AND member = $2;

-- name: party_commitment_drop :exec  community:int64 id:int64
UPDATE party_commitment SET body = '' WHERE community = $1 AND id = $2 AND state = 'dropped';

-- name: party_commitment_hide :count  community:int64 id:int64 hidden:bool reason:text
UPDATE party_commitment SET hidden = $3, hidden_reason = $4 WHERE community = $1 AND id = $2 AND hidden <> $3;

-- name: party_commitment_set_reason :exec  community:int64 id:int64 reason:text
UPDATE party_commitment SET hidden_reason = $3 WHERE community = $1 AND id = $2 AND hidden = 1;

-- name: party_thanks_put :count  community:int64 commitment:int64 person:int64 branch:int64 stars:int64 at:int64
INSERT INTO party_thanks (community, commitment, person, branch, stars, at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING;

-- name: party_thanked :many  community:int64 member:int64 person:int64
-- For which of a member's commitments somebody has thanked.
SELECT k.commitment FROM party_thanks k JOIN party_commitment c ON c.community = k.community AND c.id = k.commitment
WHERE k.community = $1 AND c.member = $2 AND k.person = $3;

-- name: party_thanks_by :many  person:int64
-- across communities: what somebody can see of themselves (个人信息保护法 45).
SELECT k.at, k.stars FROM party_thanks k WHERE k.person = $1 ORDER BY k.at DESC LIMIT 200;

-- ---- tasks -------------------------------------------------------------------------------------------------------------------

-- name: party_task_put :count  community:int64 id:int64 member:int64 branch:int64 person:int64 kind:text subject:int64 at:int64
INSERT INTO party_task (community, id, member, branch, person, kind, subject, state, taken_at, ended_at, thanked_by, thanked_at, stars)
VALUES ($1, $2, $3, $4, $5, $6, $7, 'taken', $8, 0, 0, 0, 0) ON CONFLICT DO NOTHING;

-- name: party_task_get :one  community:int64 id:int64
SELECT id, member, branch, person, kind, subject, state, taken_at, ended_at, thanked_by, thanked_at, stars FROM party_task WHERE community = $1 AND id = $2;

-- name: party_task_of :one  community:int64 kind:text subject:int64 person:int64
SELECT id, branch, state FROM party_task WHERE community = $1 AND kind = $2 AND subject = $3 AND person = $4 AND state IN ('taken', 'done');

-- name: party_task_move :count  community:int64 id:int64 state:text at:int64
UPDATE party_task SET state = $3, ended_at = $4 WHERE community = $1 AND id = $2 AND state = 'taken';

-- name: party_task_thank :count  community:int64 id:int64 by:int64 stars:int64 at:int64
-- Once.
UPDATE party_task SET thanked_by = $3, stars = $4, thanked_at = $5 WHERE community = $1 AND id = $2 AND state = 'done' AND thanked_by = 0;

-- name: party_tasks :many  community:int64 member:int64 before:int64 limit:int64
SELECT id, branch, kind, subject, state, taken_at, ended_at, thanked_by, stars FROM party_task
WHERE community = $1 AND member = $2 AND state <> 'dropped' AND id < $3 ORDER BY id DESC LIMIT $4;

-- name: party_tasks_open :many  community:int64 member:int64
SELECT id, branch, kind, subject FROM party_task WHERE community = $1 AND member = $2 AND state = 'taken' ORDER BY id;

-- name: party_helpers :many  community:int64 kind:text subject:int64
-- Who lends a hand, as neighbours may know it: of those alone who show what they are.
SELECT t.id, t.member, t.person, t.state, t.taken_at, t.ended_at, t.thanked_by, t.stars, m.person_from, p.shown_name
FROM party_task t JOIN party_member m ON m.community = t.community AND m.id = t.member AND m.state IN ('confirmed', 'moved') AND m.shown = 1
JOIN person p ON p.id = t.person AND p.party_badge = 1
WHERE t.community = $1 AND t.kind = $2 AND t.subject = $3 AND t.state IN ('taken', 'done') ORDER BY t.id LIMIT 50;

-- name: party_sums :one  community:int64 member:int64
SELECT CAST((SELECT COUNT(*) FROM party_task t WHERE t.community = $1 AND t.member = $2 AND t.state <> 'dropped') AS BIGINT) AS taken,
       CAST((SELECT COUNT(*) FROM party_task t WHERE t.community = $1 AND t.member = $2 AND t.state = 'done') AS BIGINT) AS done,
       CAST((SELECT COUNT(*) FROM party_task t WHERE t.community = $1 AND t.member = $2 AND t.thanked_by > 0) AS BIGINT) AS task_thanks,
       CAST((SELECT COUNT(*) FROM party_task t WHERE t.community = $1 AND t.member = $2 AND t.stars > 0) AS BIGINT) AS task_ratings,
       CAST((SELECT COALESCE(SUM(t.stars), 0) FROM party_task t WHERE t.community = $1 AND t.member = $2) AS BIGINT) AS task_stars,
       CAST((SELECT COUNT(*) FROM party_thanks k JOIN party_commitment c ON c.community = k.community AND c.id = k.commitment
             WHERE k.community = $1 AND c.member = $2) AS BIGINT) AS own_thanks,
       CAST((SELECT COUNT(*) FROM party_thanks k JOIN party_commitment c ON c.community = k.community AND c.id = k.commitment
             WHERE k.community = $1 AND c.member = $2 AND k.stars > 0) AS BIGINT) AS own_ratings,
       CAST((SELECT COALESCE(SUM(k.stars), 0) FROM party_thanks k JOIN party_commitment c ON c.community = k.community AND c.id = k.commitment
             WHERE k.community = $1 AND c.member = $2) AS BIGINT) AS own_stars;

-- ---- an estate goes to another community ------------------------------------------------------------------------------------------

-- name: party_movers :many  community:int64
-- Members who live nowhere in the community any more.
SELECT m.id, m.person, m.person_from, m.branch, m.state, m.asked_at, m.decided_at, m.decided_by, m.shown
FROM party_member m WHERE m.community = $1 AND m.state IN ('asked', 'confirmed')
  AND NOT EXISTS (SELECT 1 FROM residence h WHERE h.community = $1 AND h.person = m.person AND h.state = 'verified') ORDER BY m.id;

-- name: party_lives :one  community:int64 estate:int64 person:int64
SELECT CAST(COUNT(*) AS BIGINT) AS homes FROM residence WHERE community = $1 AND estate = $2 AND person = $3 AND state = 'verified';

-- name: party_member_arrive :exec  community:int64 id:int64 person:int64 person_from:text branch:int64 state:text asked_at:int64 decided_at:int64
-- decided_by:int64 shown:bool
INSERT INTO party_member (community, id, person, person_from, branch, state, reason, asked_at, decided_at, decided_by, ended_at, shown)
VALUES ($1, $2, $3, $4, $5, $6, '', $7, $8, $9, 0, $10);

-- name: party_commitment_arrive :exec  community:int64 from_community:int64 member:int64 branch:int64 as_member:int64
-- across communities: from the old one to the new one. What was thanked for stays where it was thanked for.
INSERT INTO party_commitment (community, id, member, branch, author, body, due, state, made_at, kept_at, hidden, hidden_reason)
SELECT $1, id, $5, $4, author, body, due, state, made_at, kept_at, hidden, hidden_reason FROM party_commitment
WHERE community = $2 AND member = $3 AND state = 'open';

-- name: party_commitments_open :many  community:int64 member:int64
SELECT id FROM party_commitment WHERE community = $1 AND member = $2 AND state = 'open' ORDER BY id;

-- name: party_commitment_gone :exec  community:int64 member:int64
DELETE FROM party_commitment WHERE community = $1 AND member = $2 AND state = 'open';

-- name: party_commitments_left :many  community:int64
SELECT id, member, author FROM party_commitment WHERE community = $1 AND state = 'kept' ORDER BY id;

-- name: party_commitment_thanks :many  community:int64 commitment:int64
-- As they count in the branches.
SELECT branch, CAST(COUNT(*) AS BIGINT) AS thanks, CAST(SUM(CASE WHEN stars > 0 THEN 1 ELSE 0 END) AS BIGINT) AS ratings, CAST(SUM(stars) AS BIGINT) AS stars
FROM party_thanks WHERE community = $1 AND commitment = $2 GROUP BY branch ORDER BY branch;

-- name: party_commitment_move_to :exec  community:int64 from_community:int64 id:int64 branch:int64
-- across communities: from the old one to the new one.
INSERT INTO party_commitment (community, id, member, branch, author, body, due, state, made_at, kept_at, hidden, hidden_reason)
SELECT $1, id, member, $4, author, body, due, state, made_at, kept_at, hidden, hidden_reason FROM party_commitment
WHERE community = $2 AND id = $3;

-- name: party_commitment_moved :exec  community:int64 id:int64
DELETE FROM party_commitment WHERE community = $1 AND id = $2;

-- name: party_thanks_move_to :exec  community:int64 from_community:int64 commitment:int64 branch:int64
-- across communities: from the old one to the new one.
INSERT INTO party_thanks (community, commitment, person, branch, stars, at)
SELECT $1, commitment, person, $4, stars, at FROM party_thanks WHERE community = $2 AND commitment = $3;

-- name: party_thanks_moved :exec  community:int64 commitment:int64
DELETE FROM party_thanks WHERE community = $1 AND commitment = $2;

-- name: party_member_gone :exec  community:int64 id:int64
DELETE FROM party_member WHERE community = $1 AND id = $2;

-- name: party_task_gone :exec  community:int64 id:int64
DELETE FROM party_task WHERE community = $1 AND id = $2;

-- name: party_tasks_left :many  community:int64
SELECT id, branch, person, kind, subject FROM party_task WHERE community = $1 AND state = 'taken' ORDER BY id;

-- name: party_branch_reopen :exec  community:int64 id:int64
UPDATE party_branch SET ended_at = 0 WHERE community = $1 AND id = $2;

-- name: party_branches_end :exec  community:int64 at:int64
UPDATE party_branch SET ended_at = $2, secretary = 0 WHERE community = $1 AND ended_at = 0;

-- name: party_branch_secretary :exec  community:int64 id:int64 secretary:int64
UPDATE party_branch SET secretary = $3 WHERE community = $1 AND id = $2;
