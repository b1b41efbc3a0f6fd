-- name: home_estate_search :many  words:text limit:int64
-- across communities: people know the name of their estate better than that of its committee. The words come with % and _ and \ escaped.
SELECT e.community, e.name, e.address, p.name AS community_name, s.name AS street_name
FROM estate e JOIN place p ON p.code = e.community JOIN place s ON s.code = p.parent
WHERE e.name LIKE '%' || $1 || '%' ESCAPE '\' AND e.valid_to = 0 ORDER BY e.community, e.id LIMIT $2;

-- name: home_people :many  community:int64 now:int64
-- Whom a resident may know by name: the secretary and the police officer of the community.
SELECT post.role, post.title, person.shown_name, organisation.name AS organisation_name, organisation.phone
FROM organisation JOIN post ON post.organisation = organisation.id JOIN person ON person.id = post.person
WHERE (organisation.place = $1 OR organisation.id IN (SELECT s.organisation FROM organisation_service s WHERE s.place = $1))
  AND organisation.valid_to = 0 AND post.role IN ('party_secretary', 'community_police') AND person.state = 'active'
  AND post.valid_from <= $2 AND (post.valid_to = 0 OR post.valid_to > $2)
ORDER BY post.role DESC, post.id LIMIT 6;
