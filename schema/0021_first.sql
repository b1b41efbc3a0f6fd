-- The code that `lilong init` prints: who types it at /first becomes the first administrator. One is open at a time.

CREATE TABLE first_code (
    code_hash BYTEA NOT NULL PRIMARY KEY,  -- keyed hash: the code itself is on the console only
    expires_at BIGINT NOT NULL,
    used_at BIGINT NOT NULL,               -- 0: open
    person BIGINT NOT NULL                 -- who used it
);
