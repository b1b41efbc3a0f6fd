-- Another number whenever the categories change: every process sees by it that what it has in memory is old.
CREATE TABLE report_category_version (
    id BIGINT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL
);
INSERT INTO report_category_version (id, version) VALUES (1, 0);
