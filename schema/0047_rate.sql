-- What several processes on one database tell each other about the limits that answer 429 (engine/app/share.c). Not used on SQLite: there one process has it all.

CREATE TABLE rate_bucket (
    id      BIGINT NOT NULL PRIMARY KEY,        -- keyed hash of who and which kind of work
    full_at BIGINT NOT NULL                     -- µs: when nothing of it will be taken any more
);
CREATE INDEX rate_bucket_by_time ON rate_bucket (full_at);

CREATE TABLE rate_process (
    id      BIGINT NOT NULL PRIMARY KEY,        -- a number of that process's own
    seen_at BIGINT NOT NULL
);

CREATE TABLE rate_secret (
    id     BIGINT NOT NULL PRIMARY KEY,         -- 1
    secret BYTEA NOT NULL                       -- the key of the hashes: whoever was first has drawn it
);
