-- What the pages that are read most go by.

CREATE INDEX activity_end ON activity (community, ends_at);

-- Lists ask for what is pinned and what is not by itself: without that in the key, looking for the few pinned ones read all that was ever published.
DROP INDEX entry_published;
CREATE INDEX entry_published ON entry (community, board, pinned, published_at, id) WHERE listed = 1;
