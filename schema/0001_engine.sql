-- Which steps of the schema a database has seen. One row for each numbered file; written by engine/db only.
CREATE TABLE schema_version (
    version BIGINT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,                    -- 0001_engine
    applied_at BIGINT NOT NULL,            -- UTC ms
    sha TEXT NOT NULL                      -- SHA-256 of the file as shipped, so that an edited one is noticed
);
