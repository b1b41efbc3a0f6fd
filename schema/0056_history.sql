-- Every text that somebody changed stays for who moderates the place, and for nobody else.

-- The texts of a report that were replaced by another, the oldest first. The present one is in the report.
CREATE TABLE report_version (
    community BIGINT NOT NULL,
    report BIGINT NOT NULL,
    version BIGINT NOT NULL,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    spot TEXT NOT NULL,
    replaced_by BIGINT NOT NULL,           -- person
    replaced_at BIGINT NOT NULL,
    PRIMARY KEY (community, report, version)
);

-- Of what was changed before, only the first text was kept.
INSERT INTO report_version (community, report, version, title, body, spot, replaced_by, replaced_at)
SELECT r.community, r.id, 1, r.original_title, r.original_body, '', r.author,
       COALESCE((SELECT MIN(s.at) FROM report_step s WHERE s.community = r.community AND s.report = r.id AND s.verb = 'redacted'), r.changed_at)
FROM report r WHERE r.original_title > '';

-- What a kind of boards has besides title and body, one text a line.
ALTER TABLE entry_version ADD COLUMN more TEXT NOT NULL DEFAULT '';

-- What was decided about a thing, whatever became of it.
CREATE INDEX moderation_case_thing ON moderation_case (community, thing_kind, thing);
