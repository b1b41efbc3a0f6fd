-- What has to happen outside, and what people are told.
-- across communities: notification belongs to a person, who may live in one community and work for another.

CREATE TABLE outbox (
    id BIGINT NOT NULL PRIMARY KEY,        -- also the idempotency key that the other side gets
    kind TEXT NOT NULL,                    -- sms …
    payload BYTEA NOT NULL,                -- sealed: it has phones and codes in it
    created_at BIGINT NOT NULL,
    next_at BIGINT NOT NULL,               -- when it is tried next; while it is tried: when the try is given up
    expires_at BIGINT NOT NULL,            -- 0: never
    tries BIGINT NOT NULL,
    state BIGINT NOT NULL,                 -- 0 waiting, 1 dead; what was delivered is gone
    reason TEXT NOT NULL                   -- of the last failure; never with personal data in it
);
CREATE INDEX outbox_due ON outbox (state, kind, next_at);

CREATE TABLE notification (
    person BIGINT NOT NULL,
    id BIGINT NOT NULL,
    community BIGINT NOT NULL,
    text_key TEXT NOT NULL,                -- key of the catalogue
    args TEXT NOT NULL,                    -- JSON object of its arguments
    url TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject BIGINT NOT NULL,               -- 0: none, never bundled
    count BIGINT NOT NULL,                 -- how many of the same are bundled in this row
    created_at BIGINT NOT NULL,            -- of the newest of them
    read_at BIGINT NOT NULL,               -- 0: not yet
    PRIMARY KEY (person, id)
);
CREATE INDEX notification_unread ON notification (person, read_at, subject);
