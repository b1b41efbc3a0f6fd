-- A message that waits for the digest of the day is marked where it stands; one row in notify_away for each person says when the digest leaves and from which
-- message on it counts. (A row there for each message was as dear as the message itself, six times for each report.)
ALTER TABLE notification ADD COLUMN digest SMALLINT NOT NULL DEFAULT 0;
