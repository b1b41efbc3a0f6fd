-- name: person_look_put :exec  community:int64 id:int64 person:int64 looked_by:int64 organisation:int64 reason:text at:int64
INSERT INTO person_look (community, id, person, looked_by, organisation, reason, at) VALUES ($1, $2, $3, $4, $5, $6, $7);
