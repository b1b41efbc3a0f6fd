-- What was done: append-only, hash-chained per community. See civic/ledger/README.md.

CREATE TABLE ledger (
    community BIGINT NOT NULL,             -- or a place above
    seq BIGINT NOT NULL,                   -- 1, 2, 3 … in the community
    id BIGINT NOT NULL,
    at BIGINT NOT NULL,
    actor BIGINT NOT NULL,                 -- person; 0: by the clock
    organisation BIGINT NOT NULL,          -- 0: as a resident
    verb TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject BIGINT NOT NULL,
    state_before TEXT NOT NULL,
    state_after TEXT NOT NULL,
    amount BIGINT NOT NULL,
    detail TEXT NOT NULL,                  -- ids and words; never personal text
    text_hash BYTEA NOT NULL,
    hash BYTEA NOT NULL,
    PRIMARY KEY (community, seq)
);
CREATE INDEX ledger_subject ON ledger (community, subject, seq);

CREATE TABLE ledger_head (
    community BIGINT NOT NULL PRIMARY KEY,
    seq BIGINT NOT NULL,
    hash BYTEA NOT NULL
);

-- The heads at the end of each day, to be published: what is out cannot be rewritten.
CREATE TABLE ledger_day (
    community BIGINT NOT NULL,
    day BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    PRIMARY KEY (community, day)
);
CREATE INDEX ledger_day_day ON ledger_day (day, community);
