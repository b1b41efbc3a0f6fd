-- What the pipeline itself keeps: sessions, notes of a form's steps, answers kept for repeated submits, leases of scheduled work.
-- None of it belongs to a community: a session may visit many.

CREATE TABLE session (
    id         BIGINT NOT NULL PRIMARY KEY,
    token_hash BYTEA NOT NULL UNIQUE,           -- BLAKE2b-256 of the cookie; the token itself is nowhere
    person     BIGINT NOT NULL,                 -- 0: a guest in the middle of a form
    staff      SMALLINT NOT NULL DEFAULT 0,     -- 1: the shorter limits of people on duty
    created_at BIGINT NOT NULL,
    seen_at    BIGINT NOT NULL,                 -- refreshed at most each five minutes
    expires_at BIGINT NOT NULL,                 -- the absolute limit
    device     TEXT NOT NULL DEFAULT ''         -- "WeChat · iPhone": proper names only, from the user agent
);
CREATE INDEX session_by_person ON session (person, id);
CREATE INDEX session_by_expiry ON session (expires_at);

CREATE TABLE session_note (
    session    BIGINT NOT NULL,
    name       TEXT NOT NULL,
    value      TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (session, name)
);
CREATE INDEX session_note_by_expiry ON session_note (expires_at);

-- One row for each write that carried a key: the same key acts once and is answered alike ever after (a day at least).
CREATE TABLE kept_answer (
    id         BYTEA NOT NULL PRIMARY KEY,      -- BLAKE2b-128 of person or browser, route and key
    body_hash  BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    status     BIGINT NOT NULL DEFAULT 0,
    location   TEXT NOT NULL DEFAULT '',
    type       TEXT NOT NULL DEFAULT '',
    body       BYTEA NOT NULL DEFAULT '',
    flash      TEXT NOT NULL DEFAULT ''
);
CREATE INDEX kept_answer_by_time ON kept_answer (created_at);

-- Scheduled work: whoever moves lease_until runs it; the others find nothing to do.
CREATE TABLE job (
    name        TEXT NOT NULL PRIMARY KEY,
    next_at     BIGINT NOT NULL DEFAULT 0,
    lease_until BIGINT NOT NULL DEFAULT 0,
    holder      BIGINT NOT NULL DEFAULT 0,
    runs        BIGINT NOT NULL DEFAULT 0,
    failures    BIGINT NOT NULL DEFAULT 0,
    last_at     BIGINT NOT NULL DEFAULT 0,
    last_ms     BIGINT NOT NULL DEFAULT 0
);
